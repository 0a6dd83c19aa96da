"""Train a classifier and measure it after every epoch, for its curves (lesson 09)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from helpers.losses import cross_entropy_loss
from helpers.models import MLP, LinearClassifier, accuracy, train
from helpers.optim import SGD

Part = tuple[NDArray, NDArray]


def measure(model: LinearClassifier | MLP, train_part: Part, valid_part: Part) -> dict[str, float]:
    """Return NLL and accuracy of the model on two parts of the data, each (features, labels)."""
    row = {}
    for name, (x, y) in (("train", train_part), ("valid", valid_part)):
        f = model.logits(x)
        row |= {f"{name} NLL": float(cross_entropy_loss(f, y)), f"{name} accuracy": accuracy(f, y)}
    return row


def fit(
    model: LinearClassifier | MLP,
    optimizer: SGD,
    train_part: Part,
    valid_part: Part,
    epochs: int = 30,
    batch_size: int = 50,
    seed: int = 0,
    watch: Callable[[Iterable, int], Iterable] = lambda steps, total: steps,
) -> dict[str, list[float]]:
    """Train the model; return what `measure` says before the first step and after every epoch, by name.

    watch: shows how far it is, given the steps and their number, as figures.progress.with_progress does.
    """
    per_epoch = int(np.ceil(len(train_part[0]) / batch_size))
    rows = [measure(model, train_part, valid_part)]
    steps = train(model, optimizer, *train_part, epochs, batch_size, seed)
    for n, _ in enumerate(watch(steps, epochs * per_epoch), 1):
        if n % per_epoch == 0:
            rows.append(measure(model, train_part, valid_part))
    return {name: [row[name] for row in rows] for name in rows[0]}
