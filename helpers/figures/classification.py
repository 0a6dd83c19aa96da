"""A figure about a classifier's answers: whether they are calibrated."""

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
