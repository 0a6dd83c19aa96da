"""Figures about a classifier's answers: whether they are calibrated, and what a loss says of them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, VERMILLION, lesson_style, new_figure

BINS = np.linspace(0, 1, 11)
ENOUGH = 30  # examples in a group; fewer say little


@lesson_style()
def reliability(models: Mapping[str, tuple[NDArray, NDArray]]) -> Picture:
    """Draw how often a decision was right against how sure the model was, in ten groups of equal width.

    models: name -> (confidence, hit): the largest probability of each example, shape (N,), and whether that
    class was right, shape (N,). A calibrated model lies on the diagonal.
    """
    fig = new_figure(5.6, 4.4)
    ax = fig.add_subplot(xlabel="confidence: mean largest probability", ylabel="fraction of right decisions")
    ax.plot([0, 1], [0, 1], color=GREY, lw=1, ls="--")
    ax.text(
        0.03, 0.06, "calibrated", color=GREY, rotation=45, rotation_mode="anchor", transform_rotates_text=True
    )
    said = []
    for (name, (confidence, hit)), color, marker in zip(
        models.items(), (BLUE, VERMILLION), "os", strict=False
    ):
        group = np.clip(np.digitize(confidence, BINS) - 1, 0, 9)
        filled = [k for k in range(10) if (group == k).sum() >= ENOUGH]
        sure = [confidence[group == k].mean() for k in filled]
        right = [hit[group == k].mean() for k in filled]
        look = dict(marker=marker, color=color, ms=8, zorder=4 - len(said))  # the first above the others
        ax.plot(sure, right, label=name, clip_on=False, **look)
        said.append(f"{name}: where it is {sure[-1]:.0%} sure it is right in {right[-1]:.0%} of the cases")
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.legend(loc="upper left")
    return Picture(fig, "Reliability diagram. " + "; ".join(said) + ".")


@lesson_style()
def losses_of_the_right_class() -> Picture:
    """Draw −ln g and, for two classes, the squared error ‖g − y‖² against the right class's probability g."""
    g = np.geomspace(1e-6, 1, 400)
    fig = new_figure(8.6, 3.8)
    left, right = fig.subplots(1, 2)
    for ax in (left, right):
        ax.plot(g, -np.log(g), color=BLUE)
        ax.plot(g, 2 * (1 - g) ** 2, color=VERMILLION, ls="--")
        ax.set(xlabel="probability g of the right class", ylabel="loss", ylim=(-0.3, 14.5))
    left.set(title="linear axis", xlim=(0, 1))
    right.set(title="logarithmic axis", xscale="log", xlim=(1e-6, 1))
    left.text(0.13, 3.2, "−ln g", color=BLUE)
    right.text(3e-5, 11.2, "−ln g", color=BLUE)
    right.text(3e-6, 2.5, "squared error: at most 2", color=VERMILLION)
    left.text(0.3, 1.5, "squared error", color=VERMILLION)
    return Picture(
        fig,
        "The loss −ln g against g, with a linear and a logarithmic axis: it grows without end as g falls to "
        "0, to 13.8 at one in a million, while the squared error levels off at 2.",
    )
