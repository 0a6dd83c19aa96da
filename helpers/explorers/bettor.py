"""Two who bet on the weather, one sure that it cannot snow: their wealth, a product with a factor a day."""

from functools import cache
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from helpers.explorers.controls import Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.explorers.two_distributions import OUTCOMES, K, percentages, settled
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE
from helpers.figures.text import short
from helpers.probability import cross_entropy, kl_divergence

TRUTH = np.array([0.50, 0.30, 0.19, 0.01])
CAUTIOUS = np.array([0.45, 0.30, 0.22, 0.03])
PAYS = 4  # for 1, on whatever happens
LENGTH = 200  # days
WEALTH, RATIO = (-12, 100), (-11, 12)  # ends of the axes
SNOW = 3


@cache
def weather(seed: int) -> NDArray:
    """Return the outcomes of all days; the seed is the luck."""
    return np.searchsorted(TRUTH.cumsum(), np.random.default_rng(seed).random(LENGTH), side="right")


def bold(snow: float) -> NDArray:
    """Return the stakes of the bold one, who puts `snow` per cent on snow and takes them from rain."""
    return np.array([0.50, 0.30, 0.20, 0.0]) + np.array([0, 0, -1, 1]) * snow / 100


def log_wealth(outcomes: NDArray, stakes: NDArray) -> NDArray:
    """Return ln(wealth) from day 0 to the last: every day wealth is multiplied by 4 q(x), x what happened."""
    with np.errstate(divide="ignore"):  # nothing staked on what happened: ln 0 = -inf, for ever
        steps = np.log(PAYS * stakes[outcomes])
    return np.concatenate([[0.0], np.cumsum(steps)])


class Bettor(Explorer):
    """Explore what two bettors win, who stake all they own every day, divided as they believe.

    Controls: `day` (0 to 200), up to which the bets have been settled; `snow` (0 to 4), the per cent that
    the bold one stakes on snow; `seed` (1 to 20): other days of the same weather; `expected` (show what the
    logarithm of wealth is expected to gain).
    """

    controls = {
        "day": Slider("day", 60, 0, LENGTH, 1),
        "snow": Slider("bold: % on snow", 0.0, 0.0, 4.0, 0.1, form=".1f"),
        "seed": Slider("luck", 6, 1, 20, 1),
        "expected": Switch("show what is expected"),
    }
    presets = {
        "Day 200": {"day": LENGTH},
        "0.1 % on snow": {"day": LENGTH, "snow": 0.1},
        "No snow this time": {"day": LENGTH, "seed": 2},
    }
    actions = {"Next day": lambda view: {"day": min(view.day + 1, LENGTH)}}
    handles = {
        "grip-snow": lambda view, x, y: {"snow": 100 * y},
        **dict.fromkeys(("now", "grip-day"), lambda view, x, y: {"day": x}),
    }
    size = (9.4, 3.3)
    alt = (
        "Left: what the bold and the cautious bettor stake on four kinds of weather, as bars, beside the "
        "true probabilities. Right: the logarithm of their wealth day by day, and below it the logarithm of "
        "the bold wealth divided by the cautious."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return stakes, the day's outcome and factors, both log-wealths so far, ruin, and the rates."""
        stakes, outcomes = (bold(c.snow), CAUTIOUS), weather(c.seed)[: c.day]
        wealth = tuple(log_wealth(outcomes, q) for q in stakes)
        ruined = np.flatnonzero(np.isneginf(wealth[0]))
        today = int(outcomes[-1]) if c.day else None
        return SimpleNamespace(
            day=c.day, seed=c.seed, expected=c.expected, stakes=stakes, outcomes=outcomes, wealth=wealth,
            today=today, factors=None if today is None else tuple(PAYS * float(q[today]) for q in stakes),
            ruin=int(ruined[0]) if ruined.size else None, difference=wealth[0] - wealth[1],
            kl=tuple(settled(kl_divergence(TRUTH, q)) for q in stakes),
            mse=tuple(settled(((TRUTH - q) ** 2).mean()) for q in stakes),
            growth=tuple(settled(np.log(PAYS) - cross_entropy(TRUTH, q)) for q in (*stakes, TRUTH)),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, lines and numbers are live."""
        grid = fig.add_gridspec(2, 2, width_ratios=[1, 1.25], height_ratios=[1.7, 1])
        stakes = fig.add_subplot(grid[:, 0])
        wealth, ratio = fig.add_subplot(grid[0, 1]), fig.add_subplot(grid[1, 1])
        x = np.arange(K)
        stakes.set(title="stakes in %: bold (left), cautious", xlim=(-0.5, K - 0.5), ylim=(0, 0.72))
        stakes.set_xticks(x, OUTCOMES)
        stakes.set_yticks([0, 0.2, 0.4, 0.6], ["0", "20", "40", "60"])
        wealth.set(title="ln(wealth)", xlim=(0, LENGTH), ylim=WEALTH, yticks=[0, 40, 80], xticklabels=[])
        ratio.set(title="ln(bold / cautious)", xlabel="day", xlim=(0, LENGTH), ylim=RATIO, yticks=[-5, 0, 5])
        for ax in (wealth, ratio):
            ax.axhline(0, color=GREY, lw=1)
        for at, value in zip(x, TRUTH, strict=True):
            stakes.plot([at - 0.42, at + 0.42], [value, value], color=INK, lw=1.5, ls=":", zorder=5)
        stakes.text(3.45, 0.67, "⋯ truth p", ha="right", fontsize=11)
        grip = dict(bottom=0, color=GREY, alpha=0.0, zorder=9)
        return {
            "today": stakes.bar([0], [0.72], width=0.98, color=PALE, alpha=0.6, zorder=0)[0],
            "bold": list(stakes.bar(x - 0.2, np.zeros(K), width=0.36, color=ORANGE, edgecolor=INK)),
            "cautious": list(stakes.bar(x + 0.2, CAUTIOUS, width=0.36, color=BLUE, edgecolor=INK)),
            "grip-snow": stakes.bar([SNOW - 0.2], [0.72], width=0.4, **grip)[0],
            "factor": [stakes.text(-0.45, y, "", fontsize=11) for y in (0.67, 0.62)],
            "wealth-bold": wealth.plot([], [], color=ORANGE, lw=5, alpha=0.65)[0],
            "wealth-cautious": wealth.plot([], [], color=BLUE, lw=1.8)[0],
            "expected-bold": wealth.plot([], [], color=ORANGE, lw=1.5, ls=":")[0],
            "expected-cautious": wealth.plot([], [], color=BLUE, lw=1.5, ls=":")[0],
            "ruin": [ax.plot([], [], "X", color=ORANGE, mec=INK, ms=11)[0] for ax in (wealth, ratio)],
            "ratio": ratio.plot([], [], color=INK, lw=1.8)[0],
            "line": [ax.plot([0, 0], end, color=GREY, lw=1)[0] for ax, end in
                     ((wealth, WEALTH), (ratio, RATIO))],
            "now": ratio.plot([0], [0], "o", color=INK, ms=9, clip_on=False)[0],
            "grip-day": wealth.plot([0], [44], "o", color=GREY, ms=40, alpha=0.0)[0],
            "key": [wealth.text(3, y, "", fontsize=11) for y in (88, 75)],
        }  # fmt: skip

    def update(self, live, view):
        """Move bars, lines and numbers."""
        live["today"].set_visible(view.today is not None)
        live["today"].set_x((view.today or 0) - 0.49)
        for bar, value in zip(live["bold"], view.stakes[0], strict=True):
            bar.set_height(value)
        for i, name in enumerate(("bold", "cautious")):
            times = "" if view.today is None else f"{name} × {short(view.factors[i])}"
            live["factor"][i].set_text(f"{OUTCOMES[view.today]}: {times}" if times else "")
            live[f"wealth-{name}"].set_data(range(view.day + 1), view.wealth[i])
            live[f"expected-{name}"].set_visible(view.expected and np.isfinite(view.growth[i]))
            live[f"expected-{name}"].set_data([0, LENGTH], [0, LENGTH * max(view.growth[i], -1)])
            mark = "▬" if i == 0 else "—"
            live["key"][i].set_text(f"{mark} {name}: {_e_to(view.wealth[i][-1])}")
        alive = slice(view.ruin)
        for mark, y, line, values in zip(
            live["ruin"], (WEALTH[0], RATIO[0]), (live["wealth-bold"], live["ratio"]),
            (view.wealth[0], view.difference), strict=True,
        ):  # fmt: skip
            fall = [] if view.ruin is None else [view.ruin]
            line.set_data([*range(view.day + 1)[alive], *fall], [*values[alive], *(y for _ in fall)])
            mark.set_data(fall, [y * 0.8 for _ in fall])
        for line in live["line"]:
            line.set_xdata([view.day, view.day])
        live["now"].set_data([view.day], [max(view.difference[-1], RATIO[0])])
        live["grip-day"].set_xdata([view.day])

    @staticmethod
    def describe(view) -> str:
        """Say what the day multiplied, what both have, who is ahead or ruined, and what is expected."""
        stakes = [percentages(q) for q in view.stakes]
        said = f"The bold one stakes {stakes[0]}, the cautious one {stakes[1]}; luck {view.seed}. "
        if view.today is None:
            said += "No day has passed yet; move the day."
        else:
            times = [f"4 · {q[view.today]:.3g} = {short(f)}"
                     for q, f in zip(view.stakes, view.factors, strict=True)]  # fmt: skip
            said += (
                f"Day {view.day}, {OUTCOMES[view.today]}: wealth is multiplied by {times[0]} and {times[1]}."
            )
            said += f" {_standing(view)}"
        if view.expected:
            growth, kl, mse = ([short(v) for v in values] for values in (view.growth, view.kl, view.mse))
            said += (
                f" A day is expected to add ln 4 − H(p, q) to ln(wealth): {growth[0]} and {growth[1]}, and "
                f"{growth[2]} for one who stakes p. KL(p‖q) is {kl[0]} and {kl[1]}, the mean squared error "
                f"{mse[0]} and {mse[1]}."
            )
        return said


def _e_to(log: float) -> str:
    return "0" if np.isneginf(log) else f"e^{short(round(float(log), 9))}"


def _standing(view) -> str:
    has = f"{_e_to(view.wealth[1][-1])} times the start"
    if view.ruin is not None:
        return f"The bold one lost everything on day {view.ruin}, when it snowed; the cautious one has {has}."
    difference = float(view.difference[-1])
    who = "The bold one" if difference > 0 else "The cautious one"
    ahead = f"{who} has {short(float(np.exp(abs(difference))))} times as much as the other"
    if abs(difference) < 1e-12:
        ahead = "Both have the same"
    return f"By now the bold one has {_e_to(view.wealth[0][-1])}, the cautious one {has}. {ahead}."
