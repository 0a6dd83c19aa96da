"""Two small classifiers with hand-written backward passes, and the loop that trains them (lesson 09).

Features x have the shape (N, D), targets are those of losses.py. A model holds its parameters in a dict of
named arrays, named and shaped as PyTorch would: a weight is (outputs, inputs), and a bias is called "…bias",
by which weight decay knows it. It computes in the type of its parameters. A run that diverges ends with the
sentence that its logits are not finite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from helpers import validate
from helpers.losses import cross_entropy_value_and_grad
from helpers.optim import SGD

LossAndGrad = Callable[[NDArray, ArrayLike], tuple[NDArray, NDArray]]


class LinearClassifier:
    """Softmax regression: logits f = W x + b, with one row of W for each class."""

    def __init__(self, n_features: int, n_classes: int, seed: int = 0, dtype: DTypeLike = np.float64):
        rng = np.random.default_rng(validate.count("seed", seed, at_least=0))
        weight, bias = _layer(rng, "n_features", n_features, "n_classes", n_classes, dtype)
        self.parameters = {"weight": weight, "bias": bias}

    @np.errstate(over="ignore", invalid="ignore")
    def logits(self, x: ArrayLike) -> NDArray:
        """Logits of all examples, (N, K) from (N, D); ValueError for another shape."""
        weight, bias = self.parameters.values()
        return validate.as_features(x, weight) @ weight.T + bias

    @np.errstate(over="ignore", invalid="ignore")
    def value_and_grads(
        self, x: ArrayLike, targets: ArrayLike, loss_and_grad: LossAndGrad = cross_entropy_value_and_grad
    ) -> tuple[NDArray, dict[str, NDArray]]:
        """Loss of a batch and its gradient for each parameter: ∂L/∂W = Σ_n ∂L/∂f_n x_nᵀ, ∂L/∂b = Σ_n ∂L/∂f_n.

        loss_and_grad: from logits and targets to a loss and ∂L/∂f. Raises its errors and those of logits.
        """
        weight, bias = self.parameters.values()
        x = validate.as_features(x, weight)
        loss, df = validate.function("loss_and_grad", loss_and_grad)(x @ weight.T + bias, targets)
        return loss, {"weight": df.T @ x, "bias": df.sum(axis=0)}


class MLP:
    """A network with one hidden layer: u = W₁ x + b₁, a = max(u, 0), logits f = W₂ a + b₂."""

    def __init__(
        self, n_features: int, n_hidden: int, n_classes: int, seed: int = 0, dtype: DTypeLike = np.float64
    ):
        rng = np.random.default_rng(validate.count("seed", seed, at_least=0))
        w1, b1 = _layer(rng, "n_features", n_features, "n_hidden", n_hidden, dtype)
        w2, b2 = _layer(rng, "n_hidden", n_hidden, "n_classes", n_classes, dtype)
        self.parameters = {"hidden.weight": w1, "hidden.bias": b1, "output.weight": w2, "output.bias": b2}

    @np.errstate(over="ignore", invalid="ignore")
    def logits(self, x: ArrayLike) -> NDArray:
        """Logits of all examples, (N, K) from (N, D); ValueError for another shape."""
        w1, b1, w2, b2 = self.parameters.values()
        a = np.maximum(validate.as_features(x, w1) @ w1.T + b1, 0)
        return a @ w2.T + b2

    @np.errstate(over="ignore", invalid="ignore")
    def value_and_grads(
        self, x: ArrayLike, targets: ArrayLike, loss_and_grad: LossAndGrad = cross_entropy_value_and_grad
    ) -> tuple[NDArray, dict[str, NDArray]]:
        """Loss of a batch and its gradient for each parameter: forward line by line, then backward.

        loss_and_grad: from logits and targets to a loss and ∂L/∂f. Raises its errors and those of logits.
        """
        w1, b1, w2, b2 = self.parameters.values()
        x = validate.as_features(x, w1)
        u = x @ w1.T + b1
        a = np.maximum(u, 0)
        loss, df = validate.function("loss_and_grad", loss_and_grad)(a @ w2.T + b2, targets)
        da = df @ w2
        du = da * (u > 0)  # a hidden unit that was cut off passes nothing back
        grads = {"hidden.weight": du.T @ x, "hidden.bias": du.sum(axis=0)}
        grads |= {"output.weight": df.T @ a, "output.bias": df.sum(axis=0)}
        return loss, grads


def accuracy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Fraction of the examples whose largest logit is that of the label (the first, if several tie).

    logits (N, K), labels (N,). Raises ValueError for NaN, labels outside 0…K−1, other shapes, no examples.
    """
    f, _ = validate.as_batch("logits", logits)
    validate.not_empty("logits", f)
    validate.no_nan("logits", f)
    return float((f.argmax(axis=1) == validate.as_labels("labels", labels, f.shape[1], n=len(f))).mean())


def epoch_batches(n_examples: int, batch_size: int, epoch: int, seed: int = 0) -> list[NDArray]:
    """Return the indices of the examples in each batch of one epoch: all of them, in random order.

    The last batch may be shorter. The same four numbers give the same batches, with which NumPy, PyTorch
    and fastai can be fed alike.
    Raises TypeError or ValueError for numbers that are not whole or too small.
    """
    n = validate.count("n_examples", n_examples)
    size = validate.count("batch_size", batch_size)
    entropy = [validate.count("seed", seed, at_least=0), validate.count("epoch", epoch, at_least=0)]
    order = np.random.default_rng(entropy).permutation(n)
    return np.split(order, range(size, n, size))


def train(
    model: LinearClassifier | MLP,
    optimizer: SGD,
    x: ArrayLike,
    targets: ArrayLike,
    epochs: int,
    batch_size: int,
    seed: int = 0,
) -> Iterator[tuple[int, float]]:
    """Train the model, one step for each batch; yields (epoch, loss of the batch before its step).

    A generator: nothing runs until the next step is asked for, and whoever stops asking stops the training.
    Raises ValueError if examples and targets differ in number, and the errors of the model and its loss.
    """
    x, targets = validate.as_examples(x, targets)
    validate.method("model", model, "value_and_grads")
    validate.method("optimizer", optimizer, "step")
    for epoch in range(validate.count("epochs", epochs, at_least=0)):
        for batch in epoch_batches(len(x), batch_size, epoch, seed):
            loss, grads = model.value_and_grads(x[batch], targets[batch])
            optimizer.step(grads)
            yield epoch, float(loss)


def _layer(rng, inputs_name, n_inputs, outputs_name, n_outputs, dtype):
    """Random weights between ±1/√inputs, as PyTorch draws them, and biases of zero."""
    n_in, n_out = validate.count(inputs_name, n_inputs), validate.count(outputs_name, n_outputs)
    dtype = validate.float_type("dtype", dtype)
    weight = rng.uniform(-1, 1, size=(n_out, n_in)) / np.sqrt(n_in)
    return weight.astype(dtype), np.zeros(n_out, dtype)
