"""Readings of a thermometer and a Gaussian model of them: likelihood, NLL, and its surface over (m, s)."""

import math
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import power_of_e, short
from helpers.probability import gaussian_log_density

READINGS = np.random.default_rng(6).normal(2, 1.5, size=512).round(2)
DATA = {
    "16 as they came": READINGS[:16],
    "one alone": READINGS[:1],
    "16 all the same": np.repeat(READINGS[0], 16),
    "two different": READINGS[:2],
}
MEANS, SCALES = (-3.0, 7.0), (0.01, 8.0)
STEP = 0.01  # of both sliders
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
LN2 = math.log(2)
PEAK = 1 / math.sqrt(2 * math.pi)  # height of the density, times s
EXCESS = (4.0, 2.0, 1.0, 0.5, 0.1)  # levels of the surface: NLL per reading, above its least …
LEVELS = (3.0, 2.0, 1.0, 0.0, -1.0)  # … or as it is, where it has no least
TINTS = ("#eaf2f8", "#cfe1ef", "#a9c9e2", "#7fadd2", "#5590c0")
PIXEL = 0.025  # of the axis of x


def outline(excess: float) -> tuple[NDArray, NDArray]:
    """Return a level line of the surface in its own units, (m − m̂)/ŝ and ln(s/ŝ), as a closed curve.

    With t = ln(s/ŝ) and u = (m − m̂)/ŝ the NLL per reading exceeds its least by t + (1 + u²)e^{−2t}/2 − ½, so
    all data have the same level lines: u = ±√(e^{2t}(2·excess + 1 − 2t) − 1).
    """
    ends = []
    for low, high in ((-1 - excess, 0.0), (0.0, 1 + excess)):  # bisection for u = 0 on either side
        sign = 1 if low < 0 else -1
        for _ in range(60):
            middle = (low + high) / 2
            above = middle + math.exp(-2 * middle) / 2 - 0.5 > excess
            low, high = (middle, high) if above == (sign > 0) else (low, middle)
        ends.append(low)
    t = ends[0] + (ends[1] - ends[0]) * (1 - np.cos(np.linspace(0, np.pi, 27))) / 2  # dense at the tips
    u = np.sqrt(np.maximum(np.exp(2 * t) * (2 * excess + 1 - 2 * t) - 1, 0))
    return np.concatenate([u, -u[::-1]]), np.concatenate([t, t[::-1]])


OUTLINES = [outline(excess) for excess in EXCESS]


def surface(mean: float, scale: float) -> list[NDArray]:
    """Return level lines as arrays of (m, log₂ s), the outermost first; mean and scale of the readings."""
    if scale > 0:
        return [np.column_stack([mean + scale * u, np.log2(scale) + t / LN2]) for u, t in OUTLINES]
    lines = []
    for level in LEVELS:  # one point: NLL per reading = ln s + ½u² + ½ ln 2π, u = (m − mean)/s, and no least
        bottom, tip = math.log(SCALES[0] / 2), level - HALF_LOG_2PI
        log_s = tip - (tip - bottom) * np.linspace(1, 0, 27) ** 2  # dense at the tip
        side = np.exp(log_s) * np.sqrt(np.maximum(2 * (level - HALF_LOG_2PI - log_s), 0))
        m = np.concatenate([mean + side, mean - side[::-1]])
        lines.append(np.column_stack([m, np.concatenate([log_s, log_s[::-1]]) / LN2]))
    return lines


def round_up(value: float) -> float:
    """Return the next round number: 0.1, 0.2, 0.5, 1, 2, 5, 10 and so on."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= value)


def stems(x: NDArray, bottom: NDArray | float, top: NDArray) -> tuple[NDArray, NDArray]:
    """Return one line that draws a stem at every x, from bottom to top, with gaps between them."""
    gap = np.full(x.size, np.nan)
    return np.repeat(x, 3), np.column_stack([np.broadcast_to(bottom, x.shape), top, gap]).ravel()


class Likelihood(Explorer):
    """Explore how probable a Gaussian with mean m and scale s makes the readings of a thermometer.

    Controls: the mean `m` (−3 to 7), the scale `s` (0.01 to 8), and the `readings` ("16 as they came", "one
    alone", "16 all the same", "two different").
    """

    controls = {
        "m": Slider("mean m", 0.0, *MEANS, STEP),
        "s": Slider("scale s", 1.0, *SCALES, STEP),
        "readings": Choice("readings", next(iter(DATA)), list(DATA)),
    }
    presets = {
        "Too wide": {"m": 2.0, "s": 6.0},
        "Too narrow": {"m": 2.0, "s": 0.4},
        "All the same, s tiny": {"m": float(READINGS[0]), "s": 0.01, "readings": "16 all the same"},
    }
    actions = {"Go to the maximum": lambda view: view.best}
    handles = {
        "bell": lambda view, x, y: {"m": x},
        "shoulder": lambda view, x, y: {"s": max(abs(x - view.m), SCALES[0])},
        "point": lambda view, x, y: {"m": x, "s": 2.0 ** min(max(y, -7), 3)},
    }
    size = (9, 4.2)
    alt = (
        "Above left the readings as a rug under the model's bell curve, with a line from each reading up to "
        "the curve; below it a stem for each reading, its negative log density. On the right the level lines "
        "of the NLL over mean and scale, with the current point."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return densities, their terms of the NLL, its surface, and where it is least if it is anywhere."""
        x = DATA[c.readings]
        mean, scale = float(x.mean()), float(x.std()) if np.ptp(x) else 0.0
        log_density = gaussian_log_density(x, c.m, c.s)
        best = {"m": mean, "s": scale} if scale else {}
        return SimpleNamespace(
            m=c.m, s=c.s, x=x, density=np.exp(log_density), terms=-log_density, best=best,
            nll=-float(log_density.sum()), mean=mean, scale=scale, surface=surface(mean, scale),
            reached=bool(best) and max(abs(c.m - mean), abs(c.s - scale)) <= STEP / 2 + 1e-9,
            least=x.size * (math.log(scale) + HALF_LOG_2PI + 0.5) if scale else -math.inf,
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; all else is live.

        Densities and terms are drawn as fractions of a round number, written at 1: no axis has to be redrawn.
        """
        grid = fig.add_gridspec(2, 2, height_ratios=[1.25, 1], width_ratios=[1.15, 1])
        bell, stem = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[1, 0])
        area = fig.add_subplot(grid[:, 1])
        for ax in (bell, stem):
            ax.set(xlim=MEANS, yticks=[0, 0.5, 1], yticklabels=["0", "", "2.0·10⁵"])
            ax.axhline(0, color=GREY, lw=1)
        bell.set(title="density (drag the bell or its shoulder ○)", xticklabels=[], ylim=(-0.1, 1.05))
        stem.set(title="terms −ln p(x)", xlabel="reading x in °C", ylim=(-0.42, 1.3))
        area.set(title="NLL / N over m and s (drag the point)", xlabel="m", ylabel="s, halved at every mark")
        area.set(xlim=MEANS, ylim=(-6.9, 3.15))
        area.set_yticks(range(-6, 4), [*(f"1/{2**k}" for k in range(6, 0, -1)), "1", "2", "4", "8"])
        above, card = dict(va="bottom", fontsize=10), dict(fc="white", ec="none", pad=1)
        fig.draw_without_rendering()  # laid out with the widest labels, whose places the live ones take
        fig.set_layout_engine(None)
        for ax in (bell, stem):
            ax.set_yticklabels(["0", "", ""])
        return {
            "level": [area.fill([0, 1, 1], [1, 1, 2], fc=tint, ec=BLUE, lw=0.8)[0] for tint in TINTS],
            "cross": area.plot([0, 0], [0, 0], color=GREY, lw=1, ls="--")[0],
            "best": area.plot([0], [1], "x", color=INK, ms=10, mew=2)[0],
            "point": area.plot([0], [1], "o", color=ORANGE, mec=INK, ms=14, zorder=5, clip_on=False)[0],
            "levels": area.text(MEANS[0] + 0.1, -6.8, "", zorder=4, bbox=card, **above),
            "bell": bell.fill([0, 1, 1], [0, 0, 1], fc=GREY, alpha=0.0, zorder=8)[0],
            "top": bell.text(-0.03, 1, "", ha="right", va="center", transform=bell.get_yaxis_transform()),
            "one": bell.plot(MEANS, [1, 1], color=GREY, lw=1, ls=":")[0],
            "height": bell.plot([0], [0], color=BLUE, lw=1)[0],
            "curve": bell.plot([0], [0], color=BLUE)[0],
            "rug": bell.plot([0], [0], color=INK, lw=1)[0],
            "shoulder": bell.plot([0], [0], "o", color=ORANGE, mec=INK, ms=13, zorder=9)[0],
            "stem": stem.plot([0], [0], color=VERMILLION, lw=1.5)[0],
            "longest": stem.text(-0.03, 1, "", ha="right", va="center", transform=stem.get_yaxis_transform()),
            "sum": stem.text(MEANS[1], 1.27, "", ha="right", va="top"),
        }

    def update(self, live, view):
        """Move everything."""
        top = max(0.5, round_up(PEAK / view.s))
        longest = max(10 if view.terms.min() < 0 else 5, round_up(max(view.terms.max(), 1)))
        live["top"].set_text(short(top, 1))
        live["longest"].set_text(short(longest, 1))
        z = np.linspace(-4, 4, 81)
        x = np.concatenate([[MEANS[0]], view.m + view.s * z, [MEANS[1]]])
        y = PEAK / view.s * np.exp(-0.5 * ((x - view.m) / view.s) ** 2)
        inside = (x >= MEANS[0]) & (x <= MEANS[1])
        live["curve"].set_data(x[inside], y[inside] / top)
        live["one"].set(visible=top > 1, ydata=[1 / top, 1 / top])
        seen = np.unique(np.round(view.x / PIXEL), return_index=True)[1]  # lines on one another are one line
        at = view.x[seen]
        live["height"].set_data(*stems(at, 0.0, view.density[seen] / top))
        live["rug"].set_data(*stems(at, -0.1, np.full(at.size, -0.02)))
        half = max(1.2 * view.s, 0.3)  # wide enough to be taken hold of
        left, right = view.m - half, view.m + half
        live["bell"].set_xy([(left, 0), (right, 0), (right, 1), (left, 1)])
        live["shoulder"].set_data([view.m + view.s], [PEAK / view.s * math.exp(-0.5) / top])
        live["stem"].set_data(*stems(at, 0.0, view.terms[seen] / longest))
        live["sum"].set_text(f"sum: NLL = {short(view.nll, 4)}")
        for patch, line in zip(live["level"], view.surface, strict=True):
            patch.set_xy(line)
        live["cross"].set_data([view.mean, view.mean], [-7, math.log2(view.scale) if view.scale else 3])
        live["best"].set_visible(view.scale > 0)
        live["best"].set_data([view.mean], [math.log2(view.scale or 1)])
        live["point"].set_data([view.m], [math.log2(view.s)])
        least = f"{listed_levels(EXCESS)} above the least"
        live["levels"].set_text(f"edges: {least if view.scale else f'NLL / N = {listed_levels(LEVELS)}'}")

    @staticmethod
    def describe(view) -> str:
        """Say how probable the readings are, and where the least NLL is."""
        n = view.x.size
        nll, each, likelihood = short(view.nll, 4), short(view.nll / n), power_of_e(-view.nll)
        start = f"With m = {short(view.m)} and s = {short(view.s)}"
        one = f"{start} the reading {short(view.x[0])} has density {likelihood} and NLL = {nll}. "
        all_n = f"{start} the product of the {n} densities is {likelihood}, NLL = {nll}, {each} a reading. "
        sentence = one if n == 1 else all_n
        if not view.scale:
            where = f"at m = {short(view.mean)} it falls without end as s goes to 0"
            why = "there is only one reading" if n == 1 else "no reading differs from the others"
            return sentence + f"There is no least NLL: {where}, because {why}."
        if view.reached:
            return sentence + "That is the least NLL, to the hundredths of the sliders."
        return sentence + (
            f"The least NLL is {short(view.least, 4)}, at m = {short(view.mean)} and s = {short(view.scale)}."
        )


def listed_levels(levels: tuple[float, ...]) -> str:
    """Write levels from the innermost outwards."""
    return ", ".join(f"{level:g}" for level in reversed(levels)).replace("-", "−")
