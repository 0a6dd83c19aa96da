"""The figure of lesson 02: the losses that differ by a constant, and the one that is N times as steep."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, VERMILLION, lesson_style, new_figure
from helpers.figures.text import short
from helpers.probability import categorical_log_likelihood, cross_entropy, entropy, kl_divergence

AT = 0.75  # where the tangents touch
GRID = np.linspace(0.03, 0.97, 377)


@lesson_style()
def one_problem(outcomes: ArrayLike, model: Callable[[float], NDArray], name: str = "a") -> Picture:
    """Draw mean and summed NLL, cross-entropy and divergence against the one parameter of a model.

    outcomes: the observations, 0…K−1, shape (N,).
    model: from the parameter, between 0 and 1, to K probabilities.
    """
    n = np.size(outcomes)
    q = np.stack([model(a) for a in GRID])
    p = np.bincount(outcomes, minlength=q.shape[1]) / n
    nll, ce, kl = -categorical_log_likelihood(outcomes, q), cross_entropy(p, q), kl_divergence(p, q)
    best = GRID[kl.argmin()]
    fig = new_figure(9.4, 4)
    left, right = fig.subplots(1, 2)
    left.plot(GRID, nll / n, color=BLUE, lw=5, alpha=0.35)
    left.plot(GRID, ce, color=BLUE)
    left.plot(GRID, kl, color=VERMILLION, ls="--")
    right.plot(GRID, nll, color=BLUE)
    h, top = float(entropy(p)), float(ce.max())
    for ax, values in ((left, ce), (left, kl), (right, nll)):
        _tangent(ax, values)
    left.annotate("", (best, ce.min()), (best, kl.min()), arrowprops={"arrowstyle": "<->", "color": INK})
    left.text(best + 0.02, kl.min() + h / 2, f"H(p_obs) = {short(h)}", va="center")
    left.text(0.1, 0.84 * top, "NLL/N (wide) = H(p_obs, q) (thin)", color=BLUE)
    left.text(0.99, 0.03 * top, "KL(p_obs‖q)", color=VERMILLION, ha="right")
    left.set(title="mean: they differ by a constant", ylim=(0, top * 1.05))
    right.set(title=f"sum: {n} times as steep", ylim=(0, n * top * 1.05))
    for ax in (left, right):
        ax.set(xlabel=f"parameter {name}", ylabel="nats", xlim=(0, 1))
        ax.axvline(best, color=GREY, lw=1, ls=":")
    return Picture(
        fig,
        f"Left: NLL/N and the cross-entropy H(p_obs, q) are one curve over the parameter {name}, and "
        f"KL(p_obs‖q) is the same curve lower by H(p_obs) = {short(h)}; all are smallest at {name} = "
        f"{short(best, 2)}. Right: the summed NLL has its minimum there, too, and is {n} times as steep.",
    )


def _tangent(ax, values):
    """Draw a short piece of the tangent at AT."""
    slope, y = np.interp(AT, GRID, np.gradient(values, GRID)), np.interp(AT, GRID, values)
    x = np.array([AT - 0.13, AT + 0.13])
    ax.plot(x, y + slope * (x - AT), color=INK, lw=1.2)
    ax.plot([AT], [y], "o", color=INK, ms=5)
