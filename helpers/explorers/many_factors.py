"""A product of many equal factors: where it leaves the range of floats, and its NLL, which does not."""

import math
from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import power_of_e, short

FACTORS = {
    "1/2: a fair coin": 1 / 2,
    "1/6: a fair die": 1 / 6,
    "0.99: nearly sure": 0.99,
    "160: a narrow density": 160.0,
}
MOST = 1200  # factors
EDGES = {"float32": (-45.2, 38.5), "float64": (-323.6, 308.3)}  # log₁₀ of what is neither 0 nor infinite
SPAN, LOWEST, HIGHEST = 480.0, -1300.0, 2300.0  # of the axes of log₁₀ and of the NLL


class ManyFactors(Explorer):
    """Explore the product of N equal factors in two float types, and the sum of their logarithms.

    Controls: the number `N` of factors (1 to 1200) and the `factor` ("1/2: a fair coin", "1/6: a fair die",
    "0.99: nearly sure", "160: a narrow density").
    """

    controls = {
        "N": Slider("number N of factors", 16, 1, MOST, 1),
        "factor": Choice("every factor is", "1/2: a fair coin", list(FACTORS)),
    }
    presets = {
        "Just above 0 in float32": {"N": 149},
        "Just above 0 in float64": {"N": 1074},
        "1200 probabilities of 0.99": {"N": MOST, "factor": "0.99: nearly sure"},
    }
    handles = {"point": lambda view, x, y: {"N": round(x)}, "nll-point": lambda view, x, y: {"N": round(x)}}
    size = (9, 3.3)
    alt = (
        "Two panels over the number N of factors: the power of ten of their product, a straight line that "
        "leaves the bands of float32 and float64; and the NLL, a straight line. Both points can be dragged."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the product as two float types have it, factor by factor, and the NLL."""
        factor = FACTORS[c.factor]
        with np.errstate(over="ignore", under="ignore"):
            products = {kind: float(np.cumprod(np.full(c.N, factor, kind))[-1]) for kind in EDGES}
        return SimpleNamespace(
            N=c.N, name=c.factor.partition(":")[0], products=products, nll=-c.N * math.log(factor)
        )

    def draw(self, fig):
        """Draw the axes and the bands of the float types; lines, points and words are live."""
        left, right = fig.subplots(1, 2)
        left.set(title="log₁₀ of the product (drag the point)", ylim=(-SPAN, SPAN))
        left.set_yticks([-324, -45, 38, 308])
        right.set(title="NLL, the sum of the −ln", ylim=(LOWEST, HIGHEST), yticks=[-1000, 0, 1000, 2000])
        for ax in (left, right):
            ax.set(xlim=(0, MOST * 1.02), xticks=[0, 300, 600, 900, 1200], xlabel="number N of factors")
        left.axhspan(*EDGES["float64"], color=PALE, lw=0)
        left.axhspan(*EDGES["float32"], color="#b5b5b5", lw=0)
        words = ((390, "∞ in float64"), (170, "pale: float64"), (-4, "dark: float32"), (-400, "0 in float64"))
        for y, text in words:
            left.text(MOST, y, text, ha="right", va="center", fontsize=11)
        right.axhline(0, color=GREY, lw=1)
        point = dict(marker="o", color=ORANGE, mec=INK, ms=13, ls="none", zorder=5, clip_on=False)
        card = dict(fc="white", ec="none", pad=1, alpha=0.8)
        return {
            "line": left.plot([0, 1], [0, 0], color=BLUE)[0],
            "nll-line": right.plot([0, 1], [0, 0], color=VERMILLION)[0],
            "point": left.plot([0], [0], **point)[0],
            "nll-point": right.plot([0], [0], **point)[0],
            "product": left.text(20, -SPAN * 0.97, "", va="bottom", fontsize=11, bbox=card),
            "nll": right.text(20, HIGHEST * 0.97, "", va="top"),
        }

    def update(self, live, view):
        """Move lines, points and words; beyond an axis the point stays on its edge."""
        log10, nll = -view.nll / math.log(10), view.nll
        live["line"].set_data([0, MOST], [0, log10 / view.N * MOST])
        live["nll-line"].set_data([0, MOST], [0, nll / view.N * MOST])
        live["point"].set_data([view.N], [min(max(log10, -SPAN), SPAN)])
        live["nll-point"].set_data([view.N], [min(max(nll, LOWEST), HIGHEST)])
        made = "\n".join(f"{kind}: {short(value)}" for kind, value in view.products.items())
        live["product"].set_text(made)
        live["nll"].set_text(f"NLL = {short(nll, 4)}")

    @staticmethod
    def describe(view) -> str:
        """Say the product, what the float types make of it, and the NLL."""
        factors = "factors" if view.N > 1 else "factor"
        sentence = f"The product of {view.N} {factors} {view.name} is {power_of_e(-view.nll)}. "
        for size, what in ((0, "0: it underflows"), (math.inf, "infinite: it overflows")):
            kinds = [kind for kind, product in view.products.items() if product == size]
            if kinds:
                sentence += f"In {' and in '.join(kinds)} that is {what}. "
        return sentence + f"The NLL is {short(view.nll, 4)}, an ordinary number."
