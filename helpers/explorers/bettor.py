"""Two who bet on the weather, one knowing p and one believing q: their wealth over two hundred days."""

from functools import cache
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from helpers.explorers.controls import Choice, Slider
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
from helpers.figures.style import BLUE, GREY, VERMILLION
from helpers.figures.text import short
from helpers.probability import kl_divergence

TRUTH = (50, 30, 19, 1)
DAYS = 200
EQUAL, FAIR = "4 for 1 on everything", "fair: 1/p for 1"
HEIGHTS = np.array([4, 16, 64, 256, 1024])  # the axis of the wealth ends at one of these


@cache
def luck(seed: int) -> NDArray:
    """Return one number from 0 to 1 for each day; it says which outcome happens, whatever p is."""
    return np.random.default_rng(seed).random(DAYS)


def log_wealth(outcomes: NDArray, stakes: NDArray, bookmaker: NDArray) -> NDArray:
    """Return ln(wealth) from day 0 to the last: every day it gains ln(q(x)/r(x)), x being what happened.

    Fractions q of all that is owned are staked on the outcomes, and the odds are 1/r for 1.
    """
    with np.errstate(divide="ignore"):  # nothing staked on what happened: ln 0 = -inf, for ever
        steps = np.log(stakes[outcomes]) - np.log(bookmaker[outcomes])
    return np.concatenate([[0.0], np.cumsum(steps)])


class Bettor(TwoDistributions):
    """Explore what believing q costs someone who bets, when the weather follows p.

    Controls: the weights `p0` … `p3` and `q0` … `q3` (0 to 100), the bookmaker's `odds` ("4 for 1 on
    everything" or "fair: 1/p for 1"), `seed` (1 to 20: other days from the same p).
    """

    controls = {
        **weights("p", TRUTH),
        **weights("q", (45, 30, 22, 3)),
        "odds": Choice("the bookmaker pays", EQUAL, (EQUAL, FAIR)),
        "seed": Slider("luck (seed)", 6, 1, 20, 1),
    }
    presets = {
        "Knows p": preset(q=TRUTH),
        "Calls snow impossible": preset(q=(50, 30, 20, 0)),
        "Nearly impossible": preset(q=(50, 30, 19.9, 0.1)),
        "Uniform q": preset(q=(25, 25, 25, 25)),
        "Fair odds": {"odds": FAIR},
        "No snow this time": {**preset(q=(50, 30, 20, 0)), "seed": 2},
    }
    size = (11, 4.6)
    alt = (
        "Left: bars of the distributions p and q over four kinds of weather. Right: the logarithm of the "
        "wealth of two bettors over 200 days, one staking in proportion to p, the other in proportion to q."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return p, q, both growth rates, both log-wealths day by day, and the day of ruin, if any."""
        p, q = distribution(c, "p"), distribution(c, "q")
        bookmaker = p if c.odds == FAIR else np.full(K, 1 / K)
        outcomes = np.searchsorted(p.cumsum() / p.sum(), luck(c.seed), side="right")
        wealth_p, wealth_q = (log_wealth(outcomes, stakes, bookmaker) for stakes in (p, q))
        lost = np.flatnonzero(np.isneginf(wealth_q))
        kl, best = settled(kl_divergence(p, q)), settled(kl_divergence(p, bookmaker))
        return SimpleNamespace(
            c=c, p=p, q=q, fair=c.odds == FAIR, seed=c.seed, kl=kl, mse=settled(((p - q) ** 2).mean()),
            growth_p=best, growth_q=settled(best - kl), wealth_p=wealth_p, wealth_q=wealth_q,
            ruin=int(lost[0]) if lost.size else None, outcomes=outcomes,
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, lines and numbers are live."""
        grid = fig.add_gridspec(2, 2, height_ratios=[1.5, 5], width_ratios=[1, 1.1], wspace=0.14)
        key, self.wealth = fig.add_subplot(grid[0, 1]), fig.add_subplot(grid[1, 1])
        self.wealth.set(xlabel="day", title="ln(wealth), 0 at the start", xlim=(0, DAYS))
        self.wealth.axhline(0, color=GREY, lw=1)
        key.set(xlim=(0, 1), ylim=(0, 3), xticks=[], yticks=[])
        key.spines[:].set_visible(False)
        known, believed = dict(color=BLUE, lw=2), dict(color=VERMILLION, lw=2.5, ls=(0, (4, 1)))
        key.plot([0, 0.07], [1.5, 1.5], **known)
        key.plot([0, 0.07], [0.5, 0.5], **believed)
        expected = dict(lw=1, ls=":")
        return draw_bars(fig.add_subplot(grid[:, 0])) | {
            "expected-p": self.wealth.plot([0, DAYS], [0, 0], color=BLUE, **expected)[0],
            "expected-q": self.wealth.plot([0, DAYS], [0, 0], color=VERMILLION, **expected)[0],
            "wealth-p": self.wealth.plot([], [], **known)[0],
            "wealth-q": self.wealth.plot([], [], **believed)[0],
            "ruin": self.wealth.plot([], [], "X", color=VERMILLION, ms=11, clip_on=False)[0],
            "key-p": key.text(0.09, 1.5, "", va="center", fontsize=11.5),
            "key-q": key.text(0.09, 0.5, "", va="center", fontsize=11.5),
            "errors": key.text(0, 2.5, "", va="center", fontsize=11.5),
        }

    def redraw_key(self, view):
        """Return the height of the wealth's axis: the smallest that holds both finite lines."""
        ends = np.concatenate([view.wealth_p, view.wealth_q[: view.ruin]])
        return int(HEIGHTS[min(np.searchsorted(HEIGHTS, np.abs(ends).max()), len(HEIGHTS) - 1)])

    def update(self, live, view):
        """Move bars, lines and numbers."""
        update_bars(live, view)
        height = self.redraw_key(view)
        self.wealth.set_ylim(-height, height)
        days = np.arange(DAYS + 1)
        alive = days[: view.ruin]
        live["wealth-p"].set_data(days, view.wealth_p)
        fall = [] if view.ruin is None else [view.ruin]
        live["wealth-q"].set_data([*alive, *fall], [*view.wealth_q[alive], *(-height for _ in fall)])
        live["ruin"].set_data(fall, [-height for _ in fall])
        live["expected-p"].set_ydata([0, DAYS * view.growth_p])
        live["expected-q"].set_visible(np.isfinite(view.growth_q))
        live["expected-q"].set_ydata([0, DAYS * view.growth_q if np.isfinite(view.growth_q) else 0])
        live["errors"].set_text(f"KL(p‖q) = {short(view.kl)}, mean squared error {short(view.mse)}")
        for name, growth in (("p", view.growth_p), ("q", view.growth_q)):
            live[f"key-{name}"].set_text(f"stakes {name}: expected growth {short(growth)} a day")

    @staticmethod
    def describe(view) -> str:
        """Say how far q is from p, what both expect to gain, and what these days have made of it."""
        pays = "At fair odds, 1/p for 1," if view.fair else "At 4 for 1 on everything"
        said = (
            f"p = {percentages(view.p)}, q = {percentages(view.q)}: KL(p‖q) = {short(view.kl)}, mean squared "
            f"error {short(view.mse)}. {pays} the log-wealth of one who stakes p is expected to grow by "
            f"{short(view.growth_p)} a day, of one who stakes q by {short(view.growth_q)}. "
            f"In the days of seed {view.seed} the first comes to e^{short(view.wealth_p[-1])}"
        )
        if view.ruin is None:
            return f"{said}, the second to e^{short(view.wealth_q[-1])} times the start."
        lost = f"the second has lost everything on day {view.ruin}"
        return f"{said} times the start; {lost}: {OUTCOMES[view.outcomes[view.ruin - 1]]}, and q staked 0."
