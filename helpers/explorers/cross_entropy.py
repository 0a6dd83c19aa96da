"""Two distributions over four outcomes: entropy and divergence add up to the cross-entropy, both ways."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Switch
from helpers.explorers.two_distributions import (
    OUTCOMES,
    K,
    TwoDistributions,
    distribution,
    draw_bars,
    percentages,
    preset,
    settled,
    update_bars,
    weights,
)
from helpers.figures.style import BLUE, INK, ORANGE, VERMILLION
from helpers.figures.text import short
from helpers.probability import cross_entropy, entropy, kl_divergence

TRUTH = (50, 30, 19, 1)
END = 4.0  # nats; longer bars end in an arrow
ROWS = [2.9, 2.2, 0.7, 0.0]
NAMES = ["H(p) + KL(p‖q)", "H(p, q)", "H(q) + KL(q‖p)", "H(q, p)"]


class CrossEntropy(TwoDistributions):
    """Explore H(p), KL(p‖q), H(p, q), and the same with p and q exchanged.

    Controls: `p0` … `p3` and `q0` … `q3`, the weights of sun, cloud, rain and snow (0 to 100; they are
    divided by their sum); `both` (whether the other order is shown, too).
    """

    controls = {
        **weights("p", TRUTH),
        **weights("q", (30, 40, 20, 10)),
        "both": Switch("both orders", True),
    }
    front = ("q3", "p3", "both")
    presets = {
        "Equal": preset(q=TRUTH),
        "Uniform q": preset(q=(25, 25, 25, 25)),
        "A zero in q": preset(q=(50, 30, 20, 0)),
        "A zero in p": preset(p=(50, 30, 20, 0), q=TRUTH),
    }
    size = (9.6, 3.4)
    alt = (
        "Left: bars of the distributions p and q over four kinds of weather. Right: entropy and divergence "
        "as stacked lengths above the cross-entropy, in one order or in both."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return p and q, and for both orders entropy, divergence and cross-entropy."""
        p, q = distribution(c, "p"), distribution(c, "q")
        return SimpleNamespace(
            c=c, p=p, q=q, orders=2 if c.both else 1,
            h=(float(entropy(p)), float(entropy(q))),
            kl=(settled(kl_divergence(p, q)), settled(kl_divergence(q, p))),
            ce=(float(cross_entropy(p, q)), float(cross_entropy(q, p))),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, lengths and their numbers are live."""
        bars, self.lengths = fig.subplots(1, 2, width_ratios=[1, 1.1])
        rows, lengths = ROWS, self.lengths
        lengths.set(title="they add up (in nats)", xlim=(0, END + 0.35), ylim=(-0.45, 4.0))
        lengths.set_yticks(rows, NAMES)
        lengths.tick_params(axis="y", length=0)
        bar = dict(height=0.55, edgecolor=INK)
        return draw_bars(bars, "them" if "p0" in self.shown else "q") | {
            "entropy": [lengths.barh(rows[i], 0, color=c, **bar)[0] for i, c in ((0, BLUE), (2, ORANGE))],
            "kl": [lengths.barh(rows[i], 0, color=VERMILLION, hatch="//", **bar)[0] for i in (0, 2)],
            "ce": [lengths.barh(rows[i], 0, color="white", **bar)[0] for i in (1, 3)],
            "beyond": lengths.plot([], [], ">", color=VERMILLION, mec=INK, ms=13, clip_on=False)[0],
            "sum": [lengths.text(0, rows[i] + 0.4, "", fontsize=11.5) for i in (0, 2)],
        }

    def redraw_key(self, view):
        """Return how many orders are named beside the bars."""
        return view.orders

    def update(self, live, view):
        """Move bars, lengths and numbers."""
        update_bars(live, view)
        self.lengths.set_yticks(ROWS, NAMES[: 2 * view.orders] + [""] * (4 - 2 * view.orders))
        self.lengths.set_ylim(-0.45 if view.orders == 2 else 1.5, 4.0)
        for name in ("entropy", "kl", "ce", "sum"):
            live[name][1].set_visible(view.orders == 2)
        beyond = []
        for i, (h, kl, ce) in enumerate(zip(view.h, view.kl, view.ce, strict=True)):
            live["entropy"][i].set_width(h)
            live["kl"][i].set(x=h, width=min(ce, END + 0.2) - h)
            live["ce"][i].set_width(min(ce, END + 0.2))
            live["sum"][i].set_text(f"{short(h)} + {short(kl)} = {short(ce)}")
            beyond += [2.9 - 2.2 * i, 2.2 - 2.2 * i] if ce > END + 0.2 and i < view.orders else []
        live["beyond"].set_data(np.full(len(beyond), END + 0.25), beyond)

    @staticmethod
    def describe(view) -> str:
        """Say what p and q are, that the lengths add up both ways, and which outcome makes one infinite."""
        said = f"p = {percentages(view.p)}, q = {percentages(view.q)}."
        if view.kl == (0, 0):
            zero = "both divergences are" if view.orders == 2 else "the divergence is"
            return f"{said} They are equal: {zero} 0, and H(p, q) = H(p) = {short(view.h[0])}."
        for i, (a, b) in enumerate(("pq", "qp")[: view.orders]):
            h, kl, ce = short(view.h[i]), short(view.kl[i]), short(view.ce[i])
            said += f" H({a}) + KL({a}‖{b}) = {h} + {kl} = {ce} = H({a}, {b})"
            of_a, of_b = getattr(view, a), getattr(view, b)
            missing = [OUTCOMES[k] for k in range(K) if of_a[k] > 0 and of_b[k] == 0]
            why = f": infinite, because {a} allows {' and '.join(missing)} and {b} does not"
            said += f"{why if missing else ''}."
        return said
