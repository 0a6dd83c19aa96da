"""The (ε, μ) plane of a momentum method: how fast the error shrinks along one direction, and in which way."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import NullLocator

from helpers.figures.style import GREY, INK
from helpers.figures.text import raised
from helpers.momentum import spectral_radius, stability_limit

LEFT, RIGHT = 2e-3, {"momentum": 20.0, "Nesterov": 20.0, "moving average": 80.0}
STEPS_PER_DIGIT = [1, 3, 10, 30, 100, 300]  # borders of the shades: steps for one decimal digit
SHADES = ["#f3d9c9", "#f5f9fe", "#e3eef9", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c"]


def draw_plane(ax: Axes, method: str) -> None:
    """Draw the plane of `method` into `ax`, with shades, borders of the regimes and their names."""
    ax.set(xscale="log", xlim=(LEFT, RIGHT[method]), ylim=(-0.03, 1.03), xlabel="ε h", ylabel="momentum μ")
    mu = np.linspace(0, 0.999, 50)
    eh = np.geomspace(LEFT, RIGHT[method], 80)
    digits_per_step = -np.log10(np.maximum(spectral_radius(eh[None, :], mu[:, None], method), 1e-9))
    levels = [-99, 0, *(1 / steps for steps in reversed(STEPS_PER_DIGIT)), 99]
    ax.contourf(eh, mu, digits_per_step, levels, colors=SHADES)
    fine = np.linspace(0, 0.999, 200)
    line = dict(color=INK, lw=1.2)
    ax.plot(stability_limit(fine, method), fine, **line | {"lw": 2})
    for border in complex_borders(fine, method):
        ax.plot(border, fine, **line, ls="--")
    power_ticks(ax.xaxis, -2, 1)
    card = dict(facecolor="white", alpha=0.75, edgecolor="none", pad=1.5)
    flat = np.log10(RIGHT[method] / LEFT)
    for text, across, up in NAMES[method]:
        ax.text(LEFT * 10 ** (across * flat), up, text, ha="center", va="center", fontsize=10.5,
                bbox=card)  # fmt: skip
    across, up, to = FLIPPING[method]
    ax.annotate("flipping", (to[0], to[1]), (LEFT * 10 ** (across * flat), up), ha="center", fontsize=10.5,
                arrowprops=dict(arrowstyle="-", color=GREY, lw=1), bbox=card)  # fmt: skip


def power_ticks(axis: Axis, low: int, high: int, every: int = 1) -> None:
    """Mark powers of ten on a logarithmic axis as plain text: Matplotlib's own take twice as long to draw."""
    powers = range(low, high + 1, every)
    names = [f"10{raised(p)}" if p not in (0, 1) else f"{10**p}" for p in powers]
    axis.set_ticks([10.0**p for p in powers], names)
    axis.set_minor_locator(NullLocator())


def complex_borders(mu, method: str) -> list:
    """Return the two values of εh between which the eigenvalues are complex, for every μ."""
    if method == "Nesterov":
        return [((1 - mu) / (1 + mu)) ** 2, np.ones_like(mu)]
    scale = 1 / (1 - mu) if method == "moving average" else 1.0
    return [(1 - np.sqrt(mu)) ** 2 * scale, (1 + np.sqrt(mu)) ** 2 * scale]


NAMES = {
    "momentum": [("monotone", 0.3, 0.3), ("rotating", 0.62, 0.6), ("divergent", 0.89, 0.32)],
    "Nesterov": [("monotone", 0.27, 0.3), ("rotating", 0.52, 0.6), ("divergent", 0.87, 0.9)],
    "moving average": [("monotone", 0.25, 0.35), ("rotating", 0.62, 0.6), ("divergent", 0.88, 0.3)],
}
FLIPPING = {
    "momentum": (0.9, 0.16, (1.6, 0.05)),
    "Nesterov": (0.87, 0.16, (1.3, 0.12)),
    "moving average": (0.86, 0.07, (1.8, 0.06)),
}
