"""Figures about gradients: the covariance that is the Hessian, and how far finite differences are off."""

from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION, lesson_style, new_figure
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


@lesson_style()
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


PLANE = np.array([[1, -1, 0], [1, 1, -2]]) / np.sqrt([[2], [6]])  # unit vectors, at right angles to (1, 1, 1)


def one_standard_deviation(g: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return the ellipse of the spread round the mean, shape (2, 100), and the eigenvalues in the plane.

    g: three probabilities of one-hot vectors, whose covariance is diag(g) − g gᵀ; along (1, 1, 1) it is 0.
    """
    g = np.asarray(g, dtype=float)
    h, directions = np.linalg.eigh(PLANE @ (np.diag(g) - np.outer(g, g)) @ PLANE.T)
    h = np.where(h < 1e-12, 0, h)
    root = directions * np.sqrt(h) @ directions.T  # is unique, also where the directions are not
    angle = np.linspace(0, 2 * np.pi, 100)
    return root @ [np.cos(angle), np.sin(angle)] + (PLANE @ g)[:, None], h


@lesson_style()
def drawn_classes(several: list[list[float]]) -> Picture:
    """Draw the one-hot vectors of three classes with their probabilities, their mean, and their spread.

    several: probabilities of three classes, one list for each panel.
    """
    fig = new_figure(8.6, 2.9)
    corners = PLANE @ np.eye(3)
    said = []
    for ax, g in zip(fig.subplots(1, len(several), squeeze=False)[0], several, strict=True):
        curve, h = one_standard_deviation(g)
        mean, words = PLANE @ np.array(g), ", ".join(short(p, 2) for p in g)
        ax.set(aspect="equal", xlim=(-1.25, 1.25), ylim=(-1.05, 0.75), xticks=[], yticks=[])
        ax.set_title(f"g = ({words})\neigenvalues {short(h[1], 2)} and {short(h[0], 2)}")
        ax.spines[:].set_visible(False)
        ax.plot(*corners[:, [0, 1, 2, 0]], color=PALE, lw=1)
        ax.scatter(*corners, s=[700 * p for p in g], color=BLUE, zorder=3)
        ax.plot(*curve, color=VERMILLION)
        ax.plot(*mean, "+", color=INK, ms=10, mew=1.5, zorder=4)
        for k, (x, y) in enumerate(corners.T):
            ax.text(1.32 * x, 1.32 * y, str(k), ha="center", va="center", color=GREY)
        said.append(f"{short(h[1], 2)} and {short(h[0], 2)} for g = ({words})")
    return Picture(
        fig,
        "Triangles whose corners are the three one-hot vectors, each with a dot as large as its probability; "
        "a cross at their mean g; around it an ellipse whose half axes are standard deviations. Their "
        f"squares are the eigenvalues: {'; '.join(said)}.",
    )
