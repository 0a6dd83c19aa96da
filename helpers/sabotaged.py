"""Five training programs, each with one bug that a lesson was about: the game at the end of lesson 09.

Every program takes pixels from 0 to 16 and labels of a training and of a validation part. After every epoch
it yields the loss that it prints, that of the epoch's first batch; the validation NLL that it reports; the
fraction of right answers in validation; and the mean probability that it gives to nines in training.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from helpers.digits import three_parts
from helpers.losses import cross_entropy_grad, cross_entropy_loss, cross_entropy_value_and_grad
from helpers.models import MLP, LinearClassifier, accuracy, epoch_batches
from helpers.optim import SGD
from helpers.softmax import softmax

Row = tuple[float, float, float, float]
EPOCHS = 15
HARD = 172  # a validation digit that even a healthy network takes for another


def healthy(x: NDArray, y: NDArray, x_valid: NDArray, y_valid: NDArray) -> Iterator[Row]:
    """Train as it should be."""
    x, x_valid = x / 16, x_valid / 16
    model = MLP(64, 64, 10)
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)
    for epoch in range(EPOCHS):
        for n, batch in enumerate(epoch_batches(len(x), 50, epoch)):
            loss, grads = model.value_and_grads(x[batch], y[batch])
            optimizer.step(grads)
            if n == 0:
                printed = loss
        f = model.logits(x_valid)
        nll = cross_entropy_loss(f, y_valid)
        yield printed, nll, accuracy(f, y_valid), softmax(model.logits(x))[:, -1].mean()


def program_a(x: NDArray, y: NDArray, x_valid: NDArray, y_valid: NDArray) -> Iterator[Row]:
    """Train with one bug."""
    x, x_valid = x / 16, x_valid / 16
    model = MLP(64, 64, 10)
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)

    def loss_and_grad(f, y):
        loss = cross_entropy_loss(f, y, reduction="sum")
        return loss, cross_entropy_grad(f, y, reduction="sum")

    for epoch in range(EPOCHS):
        for n, batch in enumerate(epoch_batches(len(x), 50, epoch)):
            loss, grads = model.value_and_grads(x[batch], y[batch], loss_and_grad)
            optimizer.step(grads)
            if n == 0:
                printed = loss
        f = model.logits(x_valid)
        nll = cross_entropy_loss(f, y_valid)
        yield printed, nll, accuracy(f, y_valid), softmax(model.logits(x))[:, -1].mean()


def program_b(x: NDArray, y: NDArray, x_valid: NDArray, y_valid: NDArray) -> Iterator[Row]:
    """Train with one bug."""
    x, x_valid = x / 16, x_valid / 16
    model = MLP(64, 64, 10)
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)
    for epoch in range(EPOCHS):
        for n, batch in enumerate(epoch_batches(len(x), 50, epoch)):
            loss, grads = model.value_and_grads(x[batch], y[batch])
            optimizer.step(grads)
            if n == 0:
                printed = loss
        f = model.logits(x_valid)
        parts = [(f[:133], y_valid[:133]), (f[133:266], y_valid[133:266])]
        parts += [(f[266:399], y_valid[266:399]), (f[399:], y_valid[399:])]
        nll = np.mean([cross_entropy_loss(*part) for part in parts])
        yield printed, nll, accuracy(f, y_valid), softmax(model.logits(x))[:, -1].mean()


def program_c(x: NDArray, y: NDArray, x_valid: NDArray, y_valid: NDArray) -> Iterator[Row]:
    """Train with one bug."""
    x, x_valid = x / 16, x_valid / 16
    model = MLP(64, 64, 10)
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)

    def loss_and_grad(f, y):
        g = softmax(f)
        loss, dg = cross_entropy_value_and_grad(g, y)
        return loss, g * (dg - (dg * g).sum(axis=1, keepdims=True))

    for epoch in range(EPOCHS):
        for n, batch in enumerate(epoch_batches(len(x), 50, epoch)):
            loss, grads = model.value_and_grads(x[batch], y[batch], loss_and_grad)
            optimizer.step(grads)
            if n == 0:
                printed = loss
        f = model.logits(x_valid)
        nll = cross_entropy_loss(f, y_valid)
        yield printed, nll, accuracy(f, y_valid), softmax(model.logits(x))[:, -1].mean()


def program_d(x: NDArray, y: NDArray, x_valid: NDArray, y_valid: NDArray) -> Iterator[Row]:
    """Train with one bug."""
    model = MLP(64, 64, 10)
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)
    for epoch in range(EPOCHS):
        for n, batch in enumerate(epoch_batches(len(x), 50, epoch)):
            loss, grads = model.value_and_grads(x[batch], y[batch])
            optimizer.step(grads)
            if n == 0:
                printed = loss
        f = model.logits(x_valid)
        nll = cross_entropy_loss(f, y_valid)
        yield printed, nll, accuracy(f, y_valid), softmax(model.logits(x))[:, -1].mean()


def program_e(x: NDArray, y: NDArray, x_valid: NDArray, y_valid: NDArray) -> Iterator[Row]:
    """Train with one bug, to tell nines from the other digits; softmax regression on centred pixels."""
    x, x_valid = x / 16, x_valid / 16
    x, x_valid = x - x.mean(axis=0), x_valid - x.mean(axis=0)
    y, y_valid = (y == 9).astype(int), (y_valid == 9).astype(int)
    model = LinearClassifier(64, 2)
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=0.1, decay_biases=True)
    for epoch in range(EPOCHS):
        for n, batch in enumerate(epoch_batches(len(x), 50, epoch)):
            loss, grads = model.value_and_grads(x[batch], y[batch])
            optimizer.step(grads)
            if n == 0:
                printed = loss
        f = model.logits(x_valid)
        nll = cross_entropy_loss(f, y_valid)
        yield printed, nll, accuracy(f, y_valid), softmax(model.logits(x))[:, -1].mean()


PROGRAMS: dict[str, Callable[..., Iterator[Row]]] = {
    "A": program_a, "B": program_b, "C": program_c, "D": program_d, "E": program_e,
}  # fmt: skip


def data() -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Return what a program takes; the last validation digit is a hard one."""
    (x, y), (x_valid, y_valid), _ = three_parts()
    order = [*(n for n in range(len(y_valid)) if n != HARD), HARD]
    return 16 * x, y, 16 * x_valid[order], y_valid[order]


@cache
def history(name: str) -> NDArray:
    """Return all rows of a program, or of "healthy", (epochs, 4)."""
    program = healthy if name == "healthy" else PROGRAMS[name]
    return np.array(list(program(*data())))


def listing(name: str) -> str:
    """Return the source of a program, its lines numbered from 1."""
    lines = inspect.getsource(PROGRAMS[name]).splitlines()
    return "\n".join(f"{number:2} {line}" for number, line in enumerate(lines, 1))
