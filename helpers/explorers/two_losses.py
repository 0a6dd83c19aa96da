"""Two losses of one answer: minus the logarithm of the right class's probability, and the squared error."""

from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION
from helpers.figures.text import short

MOST = 10  # classes
AXIS = np.geomspace(1e-6, 1, 241)
TOP = 15.0


def answer(g: float, classes: int, rival: float) -> NDArray:
    """Probabilities: g for the right class 0; of the rest the part `rival` more to class 1, else evenly."""
    others = np.full(classes - 1, (1 - rival) / (classes - 1))
    others[0] += rival
    return np.concatenate([[g], (1 - g) * others])


def squared_error(g, classes: int, rival: float):
    """Σ (g_i − y_i)² of that answer: (1 − g)² times one plus the sum of squares of how the rest is shared."""
    return (1 - g) ** 2 * (1 + (answer(0.0, classes, rival)[1:] ** 2).sum())


class TwoLosses(Explorer):
    """Explore −ln g and the squared error Σ (g_i − y_i)² of one answer; class 0 is the right one.

    Controls: `g`, the probability of the right class (10⁻⁶ to 1), `classes` (2 to 10), and `rival` (0 to 1):
    how much of the rest one wrong class has to itself.
    """

    controls = {
        "g": Slider("g of the right class", 0.1, 1e-6, 1.0, 0.05, form=".2g", base=10),
        "classes": Slider("number of classes K", 4, 2, MOST, 1),
        "rival": Slider("the rest to one rival", 0.0, 0.0, 1.0, 0.05),
    }
    presets = {
        "Right": {"g": 1.0},
        "One in a hundred": {"g": 0.01},
        "One in a million": {"g": 1e-6},
        "Sure of the wrong class": {"g": 1e-6, "rival": 1.0},
    }
    handles = {
        **dict.fromkeys(("nll", "squared"), lambda view, x, y: {"g": x}),
        "grip": lambda view, x, y: {"g": max(y, 1e-6)},
    }
    size = (9.4, 3.4)
    alt = (
        "Left: the probabilities that the answer gives to the classes, as bars; class 0 is right. Right: "
        "minus the logarithm of the right probability, and the squared error, as curves over it."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the answer and both losses, and the squared error's curve."""
        p = answer(c.g, c.classes, c.rival)
        return SimpleNamespace(
            g=c.g, classes=c.classes, rival=c.rival, p=p,
            nll=abs(float(np.log(c.g))), squared=float(squared_error(c.g, c.classes, c.rival)),
            curve=squared_error(AXIS, c.classes, c.rival),
            most=float(squared_error(0.0, c.classes, c.rival)),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, points and numbers are live."""
        left, right = fig.subplots(1, 2, width_ratios=[1, 1.2])
        left.set(title="the answer; class 0 is right (drag it)", xlim=(-0.6, MOST - 0.4), ylim=(0, 1.16))
        left.set(xlabel="class", xticks=range(MOST), yticks=[0, 0.5, 1])
        right.set(title="two losses of it (drag a point)", xlabel="g, the probability of the right class")
        right.set(xscale="log", xlim=(AXIS[0], 1.0), ylim=(0, TOP), yticks=[0, 2, 5, 10])
        right.axhline(2, color=GREY, lw=1, ls=":")
        right.plot(AXIS, -np.log(AXIS), color=BLUE)
        colours = [BLUE, *[PALE] * (MOST - 1)]
        return {
            "answer": list(left.bar(range(MOST), np.zeros(MOST), width=0.75, color=colours, edgecolor=INK)),
            "grip": left.bar([0], [1.16], width=0.98, color=GREY, alpha=0.0, zorder=9)[0],
            "right-value": left.text(-0.4, 0, "", va="bottom", fontsize=11),
            "curve": right.plot(AXIS, 0 * AXIS, color=VERMILLION, ls="--")[0],
            "drop": right.plot([0.1, 0.1], [0, 1], color=GREY, lw=1)[0],
            "nll": right.plot([0.1], [0], "o", color=BLUE, mec=INK, ms=11, clip_on=False)[0],
            "squared": right.plot([0.1], [0], "s", color=VERMILLION, mec=INK, ms=10, clip_on=False)[0],
            "key": [right.text(0.9, TOP * y, "", ha="right", va="top", fontsize=11) for y in (0.99, 0.89)],
        }

    def update(self, live, view):
        """Move bars, points and numbers."""
        for i, bar in enumerate(live["answer"]):
            bar.set_height(view.p[i] if i < view.classes else 0)
            bar.set_visible(i < view.classes)
        live["right-value"].set(y=view.g + 0.02, text=f"g = {short(view.g, 2)}")
        live["curve"].set_ydata(view.curve)
        live["nll"].set_data([view.g], [view.nll])
        live["squared"].set_data([view.g], [view.squared])
        live["drop"].set_data([view.g, view.g], [0, view.nll])
        live["key"][0].set_text(f"●  −ln g = {short(view.nll)}")
        live["key"][1].set_text(f"■  squared error = {short(view.squared)}")

    @staticmethod
    def describe(view) -> str:
        """Say both losses, and how far each could go with the rest shared like this."""
        rest = {0: "is shared evenly", 1: "is all with one wrong class"}.get(
            view.rival, f"is shared evenly but for {short(100 * view.rival, 3)} %, which one wrong class has"
        )
        rest = rest if view.classes > 2 else "is with the one wrong class"
        given = f"The right one of {view.classes} classes has g = {short(view.g, 2)}; the rest {rest}"
        return (
            f"{given}. −ln g = {short(view.nll)}, and it has no upper limit; the squared error is "
            f"{short(view.squared)}, and as g goes to 0 it stops at {short(view.most)}."
        )
