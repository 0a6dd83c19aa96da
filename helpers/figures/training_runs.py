"""Figures of training runs: a softmax too many."""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, VERMILLION, lesson_style, new_figure


@lesson_style()
def once_and_twice(runs: Mapping[str, Sequence[tuple[float, float]]], floor: float) -> Picture:
    """Draw loss and accuracy of two training runs, and the `floor` below which the second loss cannot fall.

    runs: name -> (loss, accuracy) at each step; the one with softmax once first.
    """
    fig = new_figure(8.6, 3.8)
    losses, accuracies = fig.subplots(1, 2)
    said = []
    for (name, steps), color, style in zip(runs.items(), (BLUE, VERMILLION), ("-", "--"), strict=True):
        loss, accuracy = np.transpose(steps)
        losses.plot(loss, color=color, ls=style)
        accuracies.plot(accuracy, color=color, ls=style, label=name)
        said.append(f"{name}: the loss falls from {loss[0]:.2f} to {loss[-1]:.2f}, {accuracy[-1]:.0%} right")
    losses.axhline(floor, color=GREY, lw=1, ls=":")
    losses.text(len(loss), floor - 0.04, f"floor {floor:.2f}", color=INK, ha="right", va="top")
    losses.set(title="loss that is printed", xlabel="step", ylabel="loss", ylim=(0, 2.5), xlim=(0, len(loss)))
    accuracies.set(title="fraction right", xlabel="step", ylim=(0, 1), xlim=(0, len(loss)))
    accuracies.legend(loc="lower right")
    return Picture(fig, "Two training runs on the same data. " + "; ".join(said) + ".")
