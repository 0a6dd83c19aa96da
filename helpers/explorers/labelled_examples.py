"""Ten labelled examples: the probability given to the right class of each, their product, and the NLL."""

import math
from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import power_of_e, raised, short

N = 10
MODEST = 0.6  # the rival: this probability for every example
TOP = 5.0  # of the axis of the terms: a little more than −ln 0.01
HEAD = 1.45  # height of both axes, times what they show: room for two lines of words


class LabelledExamples(Explorer):
    """Explore the likelihood of a classifier from the probability g that it gives to the right classes.

    Controls: the probability `g` of one example and that of each of the `others` (0 to 1), and the number
    of the one `example` (1 to 10).
    """

    controls = {
        "g": Slider("g of one example", 0.5, 0.0, 1.0, 0.01),
        "others": Slider("g of each of the others", 0.7, 0.0, 1.0, 0.01),
        "example": Slider("the one example is number", 10, 1, N, 1),
    }
    presets = {
        "Modest": {"g": MODEST, "others": MODEST},
        "Bold": {"g": 0.0, "others": 0.99},
        "Bold, but never 0": {"g": 0.01, "others": 0.99},
    }
    handles = {
        **{f"grip-{k}": lambda view, x, y, k=k: {"example": k + 1, "g": y} for k in range(N)},
        "level": lambda view, x, y: {"others": y},
    }
    size = (9, 3.3)
    alt = (
        "Two panels over ten examples: the probability that the classifier gives to the right class, as bars "
        "that can be dragged, with a line at their geometric mean; and the terms of the NLL, −ln g, with a "
        "line at their mean."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the ten probabilities, their logarithms with the sign turned, the sum, and what it means."""
        g = np.full(N, float(c.others))
        g[c.example - 1] = c.g
        with np.errstate(divide="ignore"):
            terms = 0 - np.log(g)
        nll = float(terms.sum())
        return SimpleNamespace(
            g=g, example=c.example, own=c.g, others=c.others, terms=terms, nll=nll,
            each=math.exp(-nll / N), modest=-N * math.log(MODEST),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes and the modest rival; bars, lines and words are live."""
        left, right = fig.subplots(1, 2)
        x = np.arange(1, N + 1)
        left.set(title="g of the right class (drag a bar, or ◆)", yticks=[0, 0.25, 0.5, 0.75, 1])
        left.set(ylim=(0, HEAD))
        right.set(title="its term of the NLL, −ln g", ylim=(0, HEAD * TOP), yticks=range(6))
        for ax, modest in ((left, MODEST), (right, -math.log(MODEST))):
            ax.set(xticks=x, xlim=(0.4, N + 1.1), xlabel="example")
            ax.axhline(modest, color=GREY, lw=1, ls=":")
        line = dict(color=ORANGE, lw=2.5, ls="--", zorder=5)
        return {
            "bar": left.bar(x, x, width=0.7, color=BLUE, edgecolor=INK, alpha=0.6),
            "grip": left.bar(x, np.full(N, HEAD), width=0.98, color=GREY, alpha=0.0, zorder=8),
            "level": left.plot([0.5], [0], "D", color=ORANGE, mec=INK, ms=11, zorder=9, clip_on=False)[0],
            "mean": left.plot([0.4, N + 1.1], [0, 0], **line)[0],
            "product": left.text(0.6, HEAD - 0.02, "", va="top", fontsize=11),
            "term": right.bar(x, x, width=0.7, color=VERMILLION, edgecolor=INK, alpha=0.6),
            "mean-term": right.plot([0.4, N + 1.1], [0, 0], **line)[0],
            "infinite": right.text(0, TOP, "∞", ha="center", va="bottom", fontsize=14),
            "sum": right.text(0.6, (HEAD - 0.02) * TOP, "", va="top", fontsize=11),
        }

    def update(self, live, view):
        """Move bars, lines and words."""
        for bar, term, g, height in zip(live["bar"], live["term"], view.g, view.terms, strict=True):
            bar.set_height(g)
            term.set_height(min(height, TOP))
        live["level"].set_data([0.5], [view.others])
        live["mean"].set_ydata([view.each, view.each])
        mean = min(view.nll / N, TOP)
        live["mean-term"].set_ydata([mean, mean])
        infinite = np.flatnonzero(np.isinf(view.terms)) + 1
        live["infinite"].set(visible=infinite.size > 0, x=infinite.mean() if infinite.size else 0)
        product = f"{view.others:.2f}{raised(N - 1)} · {view.own:.2f} = {power_of_e(-view.nll)}"
        live["product"].set_text(f"product {product}\n– – as good as {short(view.each)} for all, ··· 0.6")
        least = f"NLL = {short(view.nll, 4)} (all 0.6: {short(view.modest, 4)})"
        live["sum"].set_text(f"sum: {least}\n– – mean {short(view.nll / N)}")

    @staticmethod
    def describe(view) -> str:
        """Say the product, the sum, what probability in each example would be as good, and who wins."""
        sentence = (
            f"Example {view.example} has g = {view.own:.2f}, each of the other nine {view.others:.2f}. "
            f"The product is {power_of_e(-view.nll)}, NLL = {short(view.nll, 4)}"
        )
        if math.isinf(view.nll):
            return f"{sentence}: one factor 0 is enough, and nothing that the others do can pay for it."
        if abs(view.nll - view.modest) < 1e-9:
            rival = "the modest classifier with 0.60 for every example"
        else:
            better = "better" if view.nll < view.modest else "worse"
            rival = f"{better} than the modest classifier with 0.60 (NLL = {short(view.modest, 4)})"
        return f"{sentence}, as good as {short(view.each)} for every example: {rival}."
