"""Heads and tails, and the likelihood of the probability p of heads: the product, its area, and the NLL."""

import math
from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import power_of_e, raised, short
from helpers.figures.ticks import live_ticks, put_ticks
from helpers.probability import bernoulli_log_likelihood

GRID = np.linspace(0, 1, 201)
STEP = 0.01  # of the slider of p
ABOVE = 10  # how far the axis of the NLL reaches above its least value


class CoinLikelihood(Explorer):
    """Explore the likelihood L(p) = p^heads · (1 − p)^tails of a coin.

    Controls: the probability `p` of heads (0 to 1), the numbers of `heads` and `tails` seen (0 to 20).
    """

    controls = {
        "p": Slider("probability p of heads", 0.5, 0.0, 1.0, STEP),
        "heads": Slider("heads seen", 7, 0, 20, 1),
        "tails": Slider("tails seen", 3, 0, 20, 1),
    }
    presets = {
        "Certain of heads (p = 1)": {"p": 1.0},
        "Twice the tosses": {"heads": 14, "tails": 6},
        "Heads only": {"heads": 10, "tails": 0},
        "No toss yet": {"heads": 0, "tails": 0},
    }
    actions = {"Go to the maximum": lambda view: view.hundredth}
    size = (9.6, 3.6)
    alt = (
        "Two panels over the probability p of heads: the likelihood, a curve with one peak, and its negative "
        "logarithm, a valley at the same p. A point on each can be dragged."
    )
    handles = {
        "point": lambda view, x, y: {"p": x},
        "nll-point": lambda view, x, y: {"p": x},
    }

    @staticmethod
    def best_hundredth(tosses, best: float) -> float:
        """Return the value of the slider with the greatest likelihood: one of the two beside the best p."""
        beside = np.array([math.floor(best / STEP), math.ceil(best / STEP)]) * STEP
        return float(beside[bernoulli_log_likelihood(tosses, beside.round(2)).argmax()].round(2))

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the log-likelihood at p and along the curve, the area under the curve, and the best p."""
        tosses = np.repeat([1, 0], [c.heads, c.tails])
        best = c.heads / tosses.size if tosses.size else None
        area = math.gamma(c.heads + 1) * math.gamma(c.tails + 1) / math.gamma(tosses.size + 2)
        return SimpleNamespace(
            p=c.p, heads=c.heads, tails=c.tails, log_likelihood=float(bernoulli_log_likelihood(tosses, c.p)),
            curve=bernoulli_log_likelihood(tosses, GRID), area=area, best={} if best is None else {"p": best},
            hundredth={} if best is None else {"p": CoinLikelihood.best_hundredth(tosses, best)},
            greatest=0.0 if best is None else float(bernoulli_log_likelihood(tosses, best)),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; curves, points and texts are live."""
        self.left, self.right = fig.subplots(1, 2)
        for ax in (self.left, self.right):
            ax.set(xlim=(-0.03, 1.03), xlabel="p, the probability of heads (drag the point)")
        self.left.set(title="likelihood L(p): the product", yticks=[0, 1], yticklabels=["0", "9.09·10⁻¹³"])
        self.right.set(title="NLL(p) = −ln L(p)")
        fig.draw_without_rendering()  # laid out with the widest labels of the likelihood, which change later
        fig.set_layout_engine(None)
        point = dict(marker="o", color=ORANGE, mec=INK, ms=13, ls="none", zorder=5)
        mark = dict(marker="x", color=INK, ms=9, mew=2, ls="none", zorder=4)
        return {
            "curve": self.left.plot(GRID, GRID, color=BLUE)[0],
            "nll-curve": self.right.plot(GRID, GRID, color=VERMILLION)[0],
            "height": self.left.plot([0, 0], [0, 1], color=GREY, lw=1, ls="--")[0],
            "nll-height": self.right.plot([0, 0], [0, 1], color=GREY, lw=1, ls="--")[0],
            "best": self.left.plot([0], [0], **mark)[0],
            "nll-best": self.right.plot([0], [0], **mark)[0],
            "point": self.left.plot([0], [0], **point)[0],
            "nll-point": self.right.plot([0], [0], **point)[0],
            "tick": live_ticks(self.left, "y", 3),  # other tosses have another axis
            "nll-tick": live_ticks(self.right, "y", 5),
            "product": self.left.text(0, 0.97, "", va="top", transform=self.left.get_xaxis_transform()),
            "nll": self.right.text(0, 0.97, "", va="top", transform=self.right.get_xaxis_transform()),
        }

    def update(self, live, view):
        """Set the axes for the tosses and move the points."""
        top, least = math.exp(view.greatest), -view.greatest
        self.left.set(ylim=(-0.03 * top, 1.4 * top))
        put_ticks(live["tick"], "y", {place: short(place) for place in (0, top / 2, top)})
        end = least + 1.4 * ABOVE
        self.right.set(ylim=(-0.5, end))
        put_ticks(live["nll-tick"], "y", {k: str(k) for k in range(0, math.ceil(end), 5 if end < 20 else 10)})
        live["curve"].set_ydata(np.exp(view.curve))
        live["nll-curve"].set_ydata(np.where(-view.curve <= least + ABOVE, -view.curve, np.nan))
        likelihood, nll = math.exp(view.log_likelihood), -view.log_likelihood
        shown = min(nll, least + ABOVE)
        for name, height in (("", likelihood), ("nll-", shown)):
            live[f"{name}point"].set_data([view.p], [height])
            live[f"{name}height"].set_data([view.p, view.p], [0, height])
        for name, height in (("best", top), ("nll-best", least)):
            live[name].set_visible(bool(view.best))
            live[name].set_data([view.best.get("p", 0)], [height])
        p, rest = f"{view.p:.2f}", f"{1 - view.p:.2f}"
        live["product"].set_text(
            f"{p}{raised(view.heads)} · {rest}{raised(view.tails)} = {power_of_e(view.log_likelihood)}\n"
            f"area under the curve: {short(view.area)}"
        )
        live["nll"].set_text(f"NLL = {short(nll, 4)}" + (", beyond the axis" if shown < nll else ""))

    @staticmethod
    def describe(view) -> str:
        """Say how probable the tosses are at p, and where they would be most probable."""
        seen = f"{counted(view.heads, 'head')} and {counted(view.tails, 'tail')} in one given order"
        nll = short(-view.log_likelihood, 4)
        sentence = (
            f"A coin with p = {view.p:.2f} gives {seen} with probability {power_of_e(view.log_likelihood)}: "
            f"that is the likelihood of p, and NLL = {nll}. "
        )
        if not view.best:
            return sentence + "Without a toss every p has the same likelihood, 1."
        best, least = view.best["p"], short(-view.greatest, 4)
        if abs(view.p - best) < 1e-9:
            greatest = "No other p makes them more probable"
        elif abs(view.p - view.hundredth["p"]) < 1e-9:
            greatest = f"No other hundredth does better; the very best is p = {fraction(view)}"
        else:
            top = f"{power_of_e(view.greatest)} (NLL = {least})"
            greatest = f"The likelihood is greatest, {top}, at p = {fraction(view)}"
        return f"{sentence}{greatest}. The area under its curve is {short(view.area)}."


def counted(number: int, side: str) -> str:
    """Write how often a side was seen: "1 head", "3 heads"."""
    return f"{number} {side}{'' if number == 1 else 's'}"


def fraction(view: SimpleNamespace) -> str:
    """Write the best p as the fraction of heads, and as a number."""
    return f"{view.heads}/{view.heads + view.tails} = {short(view.best['p'])}"
