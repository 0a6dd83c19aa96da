"""A picture of a cat, the probability that a network gives to 'cat', and the loss that this costs."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import short

LOWEST = 0.001  # the least probability that can be set
REST = {"dog": 0.75, "toaster": 0.25}  # how the other classes share what is left
LOSSES = {"−ln g": lambda g: -np.log(g), "(1 − g)²": lambda g: (1 - g) ** 2}
GRID = np.linspace(0, 1, 201) ** 2 * (1 - LOWEST) + LOWEST  # dense where −ln g is steep
TOP = 7.3  # of the axis of the loss: −ln 0.001 = 6.9


class FirstLoss(Explorer):
    """Explore what a network pays when it gives the probability g to the right class.

    Controls: `g` (0.001 to 1), the `loss` ("−ln g" or "(1 − g)²"), and whether the `other` one is drawn, too.
    """

    controls = {
        "g": Slider("g, the probability of cat", 0.5, LOWEST, 1.0, 0.001, form=".3f"),
        "loss": Choice("loss", "−ln g", list(LOSSES)),
        "other": Switch("draw the other loss, too", False),
    }
    presets = {
        "Sure and right": {"g": 0.99},
        "One in ten": {"g": 0.1},
        "One in a hundred": {"g": 0.01},
        "One in a thousand": {"g": 0.001},
    }
    handles = {"grip": lambda view, x, y: {"g": y}, "point": lambda view, x, y: {"g": x}}
    size = (9, 3.3)
    alt = (
        "Left, the probabilities that a network gives to cat, dog and toaster, as bars; that of cat can be "
        "dragged. Right, the loss as a falling curve over the probability of cat, with a point on it."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the three probabilities and both losses at g."""
        p = np.array([c.g, *(share * (1 - c.g) for share in REST.values())])
        values = {name: 0.0 + float(loss(c.g)) for name, loss in LOSSES.items()}
        return SimpleNamespace(g=c.g, p=p, name=c.loss, value=values[c.loss], values=values, both=c.other)

    def draw(self, fig):
        """Draw the axes; bars, curves, point and words are live."""
        left, right = fig.subplots(1, 2, width_ratios=[1, 1.3])
        left.set(title="what the network says (drag cat)", xticks=range(3), xticklabels=["cat", *REST])
        left.set(ylim=(0, 1.15), yticks=[0, 0.5, 1], xlim=(-0.6, 2.6))
        right.set(title="what it pays: the loss (drag the point)", xlabel="g, the probability of cat")
        right.set(xlim=(-0.02, 1.02), ylim=(-0.3, TOP), yticks=range(8))
        return {
            "bar": left.bar(range(3), [1, 1, 1], width=0.7, color=BLUE, edgecolor=INK, alpha=0.6),
            "grip": left.bar([0], [1.15], width=0.95, color=GREY, alpha=0.0, zorder=9)[0],
            "share": [left.text(k, 0, "", ha="center", va="bottom") for k in range(3)],
            "other": right.plot(GRID, GRID, color=GREY, ls="--")[0],
            "curve": right.plot(GRID, GRID, color=VERMILLION)[0],
            "height": right.plot([0, 0], [0, 0], color=GREY, lw=1)[0],
            "point": right.plot([0], [0], "o", color=ORANGE, mec=INK, ms=13, zorder=5, clip_on=False)[0],
            "value": right.text(1, TOP * 0.93, "", ha="right", va="top", fontsize=15),
        }

    def update(self, live, view):
        """Move bars, curves, point and words."""
        for bar, share, p in zip(live["bar"], live["share"], view.p, strict=True):
            bar.set_height(p)
            share.set(y=p + 0.01, text=short(float(p)))
        (other,) = (name for name in LOSSES if name != view.name)
        live["curve"].set_ydata(LOSSES[view.name](GRID))
        live["other"].set(ydata=LOSSES[other](GRID), visible=view.both)
        live["height"].set_data([view.g, view.g], [0, view.value])
        live["point"].set_data([view.g], [view.value])
        words = f"loss {view.name} = {short(view.value)}"
        live["value"].set_text(words + (f"\n{other} = {short(view.values[other])}" if view.both else ""))

    @staticmethod
    def describe(view) -> str:
        """Say the probabilities and the loss."""
        cat, dog, toaster = (short(float(p)) for p in view.p)
        sentence = f"The network says cat {cat}, dog {dog}, toaster {toaster}. It is a cat: the loss "
        sentence += f"{view.name} is {short(view.value)}."
        if view.both:
            (other,) = (name for name in LOSSES if name != view.name)
            sentence += f" The other loss, {other}, is {short(view.values[other])}."
        return sentence
