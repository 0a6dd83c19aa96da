"""Figures of classifiers of handwritten digits: curves, weights, mistakes, the learning-rate finder."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, INK, VERMILLION, lesson_style, new_figure


@lesson_style()
def curves(history: Mapping[str, Sequence[float]]) -> Picture:
    """Draw NLL and accuracy on training and validation data after every epoch.

    history: "train NLL", "valid NLL", "train accuracy" and "valid accuracy", a number for each epoch.
    """
    fig = new_figure(8.6, 3.6)
    for ax, what in zip(fig.subplots(1, 2), ("NLL", "accuracy"), strict=True):
        ax.plot(history[f"train {what}"], color=VERMILLION, ls="--", label="training")
        ax.plot(history[f"valid {what}"], color=BLUE, label="validation")
        ax.set(title=what, xlabel="epoch", xlim=(0, len(history["train NLL"]) - 1))
    fig.axes[0].set(yscale="log", ylim=(1e-3, 4))
    fig.axes[0].legend(loc="lower left")
    fig.axes[1].set(ylim=(0, 1.02))
    end = {name: values[-1] for name, values in history.items()}
    return Picture(
        fig,
        f"Training curves: NLL ends at {end['train NLL']:.2f} on training and {end['valid NLL']:.2f} on "
        f"validation data, accuracy at {end['train accuracy']:.0%} and {end['valid accuracy']:.0%}.",
    )


@lesson_style()
def weights(weight: NDArray) -> Picture:
    """Draw the weights of softmax regression, one 8 × 8 picture for each class; weight: (10, 64)."""
    fig = new_figure(8.6, 3.9)
    top = np.abs(weight).max()
    for label, (ax, row) in enumerate(zip(fig.subplots(2, 5).flat, weight, strict=True)):
        ax.pcolormesh(row.reshape(8, 8), cmap="PuOr", vmin=-top, vmax=top)
        ax.set(title=f"{label}", aspect="equal", xticks=[], yticks=[])
        ax.invert_yaxis()
    return Picture(
        fig,
        "The weights of each class as a picture of 8 by 8 pixels: violet where ink speaks for the class, "
        "orange "
        "where it speaks against it.",
    )


@lesson_style()
def confusion(counts: NDArray) -> Picture:
    """Draw how often a digit (row) was taken for another (column); counts: (K, K)."""
    k = len(counts)
    fig = new_figure(5.0, 4.6)
    ax = fig.add_subplot(xlabel="what was said", ylabel="what it was", aspect="equal")
    ax.pcolormesh(np.log1p(counts), cmap="Greys", vmax=2 * np.log1p(counts.max()))
    for row, column in zip(*np.nonzero(counts), strict=True):
        ax.text(column + 0.5, row + 0.5, f"{counts[row, column]:.0f}", ha="center", va="center", color=INK)
    ax.set(xticks=np.arange(k) + 0.5, yticks=np.arange(k) + 0.5, xticklabels=range(k), yticklabels=range(k))
    ax.invert_yaxis()
    wrong = counts - np.diag(np.diag(counts))
    a, b = np.unravel_index(wrong.argmax(), wrong.shape)
    return Picture(
        fig,
        f"Confusion matrix: {np.trace(counts):.0f} of {counts.sum():.0f} are right; the most frequent "
        f"mistake is "
        f"to take {_a(a)} for {_a(b)}, {wrong.max():.0f} times.",
    )


@lesson_style()
def surprising(images: NDArray, labels: NDArray, g: NDArray, most: int = 5) -> Picture:
    """Draw the digits whose label got the smallest probability; images (N, 64), labels (N,), g (N, K)."""
    loss = -np.log(g[np.arange(len(labels)), labels])
    chosen = np.argsort(-loss)[:most]
    fig = new_figure(8.6, 2.4)
    for ax, n in zip(fig.subplots(1, most).flat, chosen, strict=True):
        ax.pcolormesh(images[n].reshape(8, 8), cmap="Greys")
        ax.set(title=f"{labels[n]}, taken for {g[n].argmax()}\nloss {loss[n]:.1f}")
        ax.set(aspect="equal", xticks=[], yticks=[])
        ax.invert_yaxis()
    said = ", ".join(f"{_a(labels[n])} taken for {g[n].argmax()}" for n in chosen)
    return Picture(fig, f"The {most} digits with the highest loss: {said}.")


@lesson_style()
def answers(images: NDArray, labels: NDArray, said: NDArray) -> Picture:
    """Draw digits in a row, each with its label and what a network said; images (N, 64), both others (N,)."""
    fig = new_figure(8.6, 1.7)
    for ax, image, label, answer in zip(fig.subplots(1, len(images)), images, labels, said, strict=True):
        ax.pcolormesh(image.reshape(8, 8), cmap="Greys")
        ax.set(title=f"{label}\n→ {answer}", aspect="equal", xticks=[], yticks=[])
        ax.invert_yaxis()
    pairs = ", ".join(f"{_a(label)} → {answer}" for label, answer in zip(labels, said, strict=True))
    return Picture(fig, f"Digits and what the network said: {pairs}.")


def _a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"
