"""Figures about gradients: how far finite differences are from the derivative."""

from decimal import Decimal, localcontext

import matplotlib as mpl
import numpy as np
from numpy.typing import ArrayLike

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, RC, VERMILLION, new_figure
from helpers.figures.text import short

DIGITS = 50
STEPS = [2.0**-k for k in range(1, 48)]


def loss_in_float64(f: list[float], label: int) -> float:
    """Return −ln softmax(f)_ℓ computed with 50 digits and rounded to float64, the same on every machine."""
    with localcontext() as context:
        context.prec = DIGITS
        exact = [Decimal(x) for x in f]
        return float(sum(x.exp() for x in exact).ln() - exact[label])


def difference_errors(f: list[float], label: int, i: int) -> tuple[list[float], list[float]]:
    """Return the errors of the forward and of the centred difference of the loss in f_i, for every step."""
    with localcontext() as context:
        context.prec = DIGITS
        e = [Decimal(x).exp() for x in f]
        slope = e[i] / sum(e) - (i == label)

    def moved(h: float) -> float:
        return loss_in_float64([x + h if j == i else x for j, x in enumerate(f)], label)

    forward = [(moved(h) - moved(0.0)) / h for h in STEPS]
    centred = [(moved(h) - moved(-h)) / (2 * h) for h in STEPS]
    return tuple([float(abs(Decimal(x) - slope)) for x in found] for found in (forward, centred))


@mpl.rc_context(RC)
def finite_difference_errors(f: ArrayLike, label: int, i: int = 0) -> Picture:
    """Draw the error of both differences of −ln g_ℓ in the logit f_i against the step h.

    f: shape (K,). The lines are the two sources of error: the formula's own, ½h|L″| and h²|L‴|/6, and
    rounding, eps·L/h.
    """
    f = [float(x) for x in f]
    forward, centred = difference_errors(f, label, i)
    e = np.exp(f)
    g = e[i] / e.sum()
    h = np.array([STEPS[0], STEPS[-1]])
    rounding = np.finfo(np.float64).eps * loss_in_float64(f, label) / h
    fig = new_figure(8.6, 4.6)
    ax = fig.add_subplot(xscale="log", yscale="log", xlabel="step h", ylabel="error of the slope")
    faint = dict(color=GREY, lw=1, ls="--")
    ax.plot(h, h * g * (1 - g) / 2, **faint)
    ax.plot(h, h**2 * abs(g * (1 - g) * (1 - 2 * g)) / 6, **faint)
    ax.plot(h, rounding, color=INK, lw=1, ls=":")
    ax.plot(STEPS, forward, "o", color=VERMILLION, ms=5, label="forward: (L(f + h) − L(f)) / h")
    ax.plot(STEPS, centred, "s", color=BLUE, ms=5, label="centred: (L(f + h) − L(f − h)) / 2h")
    ax.set(xlim=(3e-15, 1), ylim=(1e-15, 1e1))
    ax.text(1.2e-5, 2.5e-4, "formula: ∝ h", ha="right", color=GREY)
    ax.text(1.5e-2, 1e-9, "formula: ∝ h²", color=GREY)
    ax.text(2e-11, 1.5e-4, "rounding: ∝ 1/h")
    ax.legend(loc="upper center")
    best = [STEPS[int(np.argmin(np.maximum(a, 1e-15)))] for a in (forward, centred)]
    ends = [short(min(x for x in a if x > 0), 1) for a in (forward, centred)]
    return Picture(
        fig,
        "Error of the slope against the step h, both axes logarithmic: two V-shaped clouds. The forward "
        f"difference is best near h = {short(best[0], 1)}, with an error of {ends[0]}; the centred one near "
        f"h = {short(best[1], 1)}, with {ends[1]}. To the right the error grows with h, or with h²; to the "
        "left it grows with 1/h.",
    )
