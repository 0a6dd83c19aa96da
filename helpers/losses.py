"""Losses of a classifier and their gradients with respect to the logits (lessons 04, 05 and 06).

logits and log_probs have shape (N, K): N examples, K classes. `targets` are labels 0…K−1 of shape (N,), or
probabilities of shape (N, K), one-hot rows among them. `reduction` is, as in PyTorch, "mean" over the
examples, "sum", or "none" for one loss per example. An empty batch (N = 0) sums to 0 and has no mean.
Results have the float type of the logits. Masked classes (-inf) and logits without a softmax: see softmax.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate
from helpers.softmax import log_sigmoid, log_softmax, sigmoid, softmax


def one_hot(labels: ArrayLike, n_classes: int) -> NDArray:
    """Labels as probabilities: y_k = 1 if k is the label, else 0; shape (…) becomes (…, K), float64.

    Raises TypeError or ValueError unless the labels are whole numbers 0…K−1.
    """
    k = validate.count("n_classes", n_classes)
    return np.eye(k)[validate.as_labels("labels", labels, k)]


@np.errstate(over="ignore")
def nll_loss(log_probs: ArrayLike, targets: ArrayLike, reduction: str = "mean") -> NDArray:
    """Negative log-likelihood: −ln g_ℓ for a label ℓ, −Σ_k y_k ln g_k for target probabilities y.

    It takes no logarithm itself: log_probs, shape (N, K), are what log_softmax returns.
    Raises ValueError for NaN or log_probs above 0, for targets that do not fit, for an unknown reduction.
    """
    log_probs, own_type = validate.as_log_probs("log_probs", log_probs)
    y = validate.as_targets(targets, *log_probs.shape)
    if y.ndim == 2:
        return _reduce(_losses_of_probabilities(log_probs, y), reduction).astype(own_type, copy=False)
    losses = 0 - log_probs[np.arange(len(y)), y]  # 0 − …, or a loss of nothing would print as −0.0
    return _reduce(losses, reduction).astype(own_type, copy=False)


@np.errstate(over="ignore")
def cross_entropy_loss(logits: ArrayLike, targets: ArrayLike, reduction: str = "mean") -> NDArray:
    """Cross-entropy of the targets and softmax(logits): the nll_loss of log_softmax(logits).

    Raises ValueError for logits that are not (N, K) or have no softmax, and the errors of nll_loss.
    """
    f, own_type = validate.as_batch("logits", logits)
    return nll_loss(log_softmax(f), targets, reduction).astype(own_type, copy=False)


def cross_entropy_grad(logits: ArrayLike, targets: ArrayLike, reduction: str = "mean") -> NDArray:
    """Gradient of cross_entropy_loss with respect to the logits: g − y, divided by N for the mean.

    The shape is (N, K); with reduction "none", row n is the gradient of the loss of example n.
    Raises the errors of cross_entropy_loss.
    """
    return cross_entropy_value_and_grad(logits, targets, reduction)[1]


@np.errstate(over="ignore")
def cross_entropy_value_and_grad(
    logits: ArrayLike, targets: ArrayLike, reduction: str = "mean"
) -> tuple[NDArray, NDArray]:
    """Loss −ln g_ℓ = ln Σ_j e^{f_j − c} − (f_ℓ − c) with c = max f, and its gradient g − y, in one pass.

    So that no digit is lost, the terms of the label ℓ and of the winner w, f_w = c, stay out of the sum, in
    which they would swallow the small ones; and at the label the gradient is g_ℓ − 1 = −Σ_{j≠ℓ} g_j.
    Returns the reduced loss and a gradient of shape (N, K). Raises the errors of cross_entropy_loss.
    """
    f, own_type = validate.as_batch("logits", logits)
    label = validate.as_targets(targets, *f.shape)
    if label.ndim == 2:
        return _value_and_grad_of_probabilities(f, label, reduction, own_type)
    n, winner = np.arange(len(f)), f.argmax(axis=1)
    c = f[n, winner]
    validate.finite_maximum("logits", c)
    e = f - c[:, None]
    shifted = e[n, label]  # f_ℓ − c
    np.exp(e, out=e)
    e[n, winner] = e[n, label] = 0
    others = e.sum(axis=1) + (winner != label)  # Σ_{j≠ℓ} e^{f_j − c}; the winner's term is e⁰ = 1
    losses = np.log1p(others + np.expm1(shifted)) - shifted
    scale = 1 / (others + np.exp(shifted)) / _divisor(losses, reduction)
    e *= scale[:, None]
    e[n, winner] = scale
    e[n, label] = -others * scale
    return _reduce(losses, reduction).astype(own_type, copy=False), e.astype(own_type, copy=False)


def _losses_of_probabilities(log_probs, y):
    """−Σ_k y_k ln g_k for each example, with 0 · ln 0 = 0."""
    return 0 - (y * np.where(y > 0, log_probs, 0)).sum(axis=1)


def _value_and_grad_of_probabilities(f, y, reduction, own_type):
    """Loss −Σ_k y_k ln g_k and its gradient g − y, for targets that are probabilities y of shape (N, K)."""
    losses = _losses_of_probabilities(log_softmax(f), y)
    grad = (softmax(f) - y) / _divisor(losses, reduction)
    return _reduce(losses, reduction).astype(own_type, copy=False), grad.astype(own_type, copy=False)


def _divisor(losses, reduction):
    """Return what the reduction divides by: the number of losses for the mean, else 1."""
    validate.one_of("reduction", reduction, ("mean", "sum", "none"))
    if reduction == "mean" and losses.size == 0:
        raise ValueError("reduction must be 'sum' or 'none' for an empty batch, got 'mean' of no examples.")
    return losses.size if reduction == "mean" else 1


def _reduce(losses, reduction):
    """Return the losses, their sum or their mean; divided first, so that huge ones do not overflow."""
    divisor = _divisor(losses, reduction)
    return losses if reduction == "none" else (losses / divisor).sum()


@np.errstate(over="ignore")
def binary_cross_entropy_loss(logits: ArrayLike, targets: ArrayLike, reduction: str = "mean") -> NDArray:
    """Cross-entropy of independent yes/no outputs: −y ln σ(f) − (1 − y) ln σ(−f), one loss per logit.

    For classes that do not exclude each other (PyTorch: BCEWithLogitsLoss). logits: any shape;
    targets: probabilities of yes, the same shape; the mean is over all entries.
    Raises ValueError for NaN, targets outside 0…1 or of another shape, an unknown reduction.
    """
    f, own_type = validate.as_floats("logits", logits)
    y, _ = validate.as_fractions("targets", targets)
    validate.same_shape("targets", y, f.shape)
    validate.no_nan("logits", f)
    log_yes, log_no = np.where(y > 0, log_sigmoid(f), 0), np.where(y < 1, log_sigmoid(-f), 0)  # 0 · ln 0 = 0
    losses = 0 - (y * log_yes + (1 - y) * log_no)
    return _reduce(losses, reduction).astype(own_type, copy=False)


def sigmoid_mse_value_and_grad(logits: ArrayLike, targets: ArrayLike) -> tuple[NDArray, NDArray]:
    """Squared error after a sigmoid: mean over examples of Σ_k (s_k − y_k)², s = σ(f), and its gradient.

    The gradient 2 (s − y) s (1 − s) / N vanishes wherever a sigmoid saturates, on confident mistakes too:
    that is why classifiers are not trained with it.
    logits (N, K), targets and errors as for cross_entropy_loss.
    """
    f, own_type = validate.as_batch("logits", logits)
    y = validate.as_targets(targets, *f.shape)
    validate.not_empty("logits", f)
    y = one_hot(y, f.shape[1]) if y.ndim == 1 else y
    s = sigmoid(f)
    losses = ((s - y) ** 2).sum(axis=1)
    grad = 2 * (s - y) * s * sigmoid(-f) / len(f)
    return losses.mean().astype(own_type), grad.astype(own_type, copy=False)


# What not to do: the lessons break these on purpose. Labels only, and the mean over the examples.


@np.errstate(divide="ignore")
def naive_cross_entropy_loss(logits: ArrayLike, targets: ArrayLike) -> NDArray:
    """−ln softmax(f)_ℓ, the logarithm taken too late: inf for a label 746 behind (float64), 104 (float32)."""
    f, own_type = validate.as_batch("logits", logits)
    validate.not_empty("logits", f)
    label = validate.as_labels("targets", targets, f.shape[1], n=len(f))
    g = softmax(f.astype(own_type))
    return -np.log(g[np.arange(len(f)), label]).mean()


def clipped_cross_entropy_loss(logits: ArrayLike, targets: ArrayLike) -> NDArray:
    """−ln g_ℓ with g = softmax(f) clipped to [eps, 1 − eps]: never infinite, and wrong at both ends."""
    f, own_type = validate.as_batch("logits", logits)
    validate.not_empty("logits", f)
    label = validate.as_labels("targets", targets, f.shape[1], n=len(f))
    eps = np.finfo(own_type).eps
    g = np.clip(softmax(f.astype(own_type)), eps, 1 - eps)
    return -np.log(g[np.arange(len(f)), label]).mean()


def naive_cross_entropy_grad(logits: ArrayLike, targets: ArrayLike) -> NDArray:
    """(g − y) / N as it stands: for a confident right answer g_ℓ − 1 rounds to 0, the gradient is gone."""
    f, own_type = validate.as_batch("logits", logits)
    validate.not_empty("logits", f)
    label = validate.as_labels("targets", targets, f.shape[1], n=len(f))
    y = one_hot(label, f.shape[1]).astype(own_type)
    return (softmax(f.astype(own_type)) - y) / len(f)
