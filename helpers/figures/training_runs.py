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


@lesson_style()
def mystery(name: str, rows: np.ndarray, healthy: np.ndarray, share: float) -> Picture:
    """Draw the curves of a training program beside those of a healthy one; rows as in `helpers.sabotaged`.

    share: the share of nines in training.
    """
    fig = new_figure(9, 2.9)
    loss, hits, nines = fig.subplots(1, 3)
    epochs = np.arange(1, len(rows) + 1)
    for run, dashed, solid, width in ((healthy, GREY, GREY, 1.4), (rows, VERMILLION, BLUE, 2)):
        loss.plot(epochs, run[:, 0], color=dashed, lw=width, ls="--")
        loss.plot(epochs, run[:, 1], color=solid, lw=width)
        hits.plot(epochs, run[:, 2], color=solid, lw=width)
        nines.plot(epochs, run[:, 3], color=solid, lw=width)
    loss.set(yscale="log", ylim=(0.01, 1000), xlabel="epoch", title="- - printed, ── reported")
    loss.axhline(np.log(10), color=INK, lw=1, ls=":")
    hits.set(ylim=(0, 1.02), xlabel="epoch", title="fraction right")
    nines.set(ylim=(0, 0.3), xlabel="epoch", title="mean probability of a nine")
    nines.axhline(share, color=INK, lw=1, ls=":")
    first, last = rows[0], rows[-1]
    return Picture(
        fig,
        f"Run {name}: the loss printed begins at {first[0]:.3g} and ends at {last[0]:.2g}; the validation "
        f"NLL reported ends at {last[1]:.2g} (a healthy run's at {healthy[-1][1]:.2g}), with {last[2]:.0%} "
        f"right (healthy: {healthy[-1][2]:.0%}); the mean probability of a nine in training ends at "
        f"{last[3]:.2f}, their share is {share:.2f}.",
    )
