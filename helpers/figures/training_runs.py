"""Figures of training runs: a softmax too many, and measures that disagree."""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREEN, GREY, INK, ORANGE, VERMILLION, lesson_style, new_figure


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
def measures_over_epochs(history: Sequence[Mapping[str, float]]) -> Picture:
    """Draw NLL and Brier score, and accuracy beside mean confidence, at every epoch, on validation data.

    history: the measures "NLL", "Brier", "accuracy" and "confidence" of each epoch.
    """
    curves = {name: np.array([measures[name] for measures in history]) for name in history[0]}
    best = int(curves["NLL"].argmin())
    fig = new_figure(8.6, 3.8)
    losses, fractions = fig.subplots(1, 2)
    losses.plot(curves["NLL"], color=BLUE)
    losses.plot(curves["Brier"], color=GREEN, ls="--")
    fractions.plot(curves["confidence"], color=ORANGE, ls="--")
    fractions.plot(curves["accuracy"], color=INK)
    for ax in (losses, fractions):
        ax.axvline(best, color=GREY, lw=1, ls=":")
        ax.set(xlabel="epoch", xlim=(0, len(history)))
    losses.set(title="losses (low is good)", ylim=(0, 1))
    fractions.set(title="fractions", ylim=(0.6, 1))
    end = len(history) - 5
    losses.text(end, curves["NLL"][-1] + 0.05, "NLL", color=BLUE, ha="right")
    losses.text(end, curves["Brier"][-1] + 0.04, "Brier score", color=GREEN, ha="right")
    losses.text(best + 3, 0.95, f"best NLL: epoch {best}", color=INK, va="top")
    fractions.text(end, curves["confidence"][-1] + 0.012, "mean confidence", color=INK, ha="right")
    fractions.text(end, curves["accuracy"][-1] - 0.012, "accuracy", color=INK, ha="right", va="top")
    drawn = ("NLL", "Brier", "accuracy", "confidence")
    said = [f"{name} from {curves[name][best]:.2f} to {curves[name][-1]:.2f}" for name in drawn]
    return Picture(
        fig,
        f"Measures on validation data over {len(history)} epochs. From epoch {best}, where the NLL is "
        f"lowest, to the last: {', '.join(said)}.",
    )
