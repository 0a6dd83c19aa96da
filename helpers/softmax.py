"""Sigmoid and softmax, and their logarithms: the last layer of a classifier (lessons 03 and 06).

Logits f may have any shape; the K classes lie along `axis`. Common to all functions here:

- float16, float32 and float64 come back in their own type, integers as float64;
- a logit of -inf masks its class: probability 0, log-probability -inf;
- NaN is refused. Softmax and log-softmax also refuse +inf and a row in which every class is masked,
  because no distribution belongs to them; for logsumexp and the sigmoid the limits exist and are returned;
- an empty batch, shape (0, K), gives an empty result; no classes at all, shape (N, 0), is refused.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate
from helpers.sums import sum_along


def sigmoid(x: ArrayLike) -> NDArray:
    """Probability of one of two classes: σ(x) = eˣ / (1 + eˣ) = 1 / (1 + e⁻ˣ).

    x: any shape; the result has the same. ±inf give 1 and 0.
    Raises TypeError if x is not real numbers, ValueError on NaN.
    """
    x, own_type = validate.as_floats("x", x)
    validate.no_nan("x", x)
    e = np.exp(-np.abs(x))  # never above 1, so it cannot overflow
    return (np.where(x >= 0, 1, e) / (1 + e)).astype(own_type, copy=False)


def log_sigmoid(x: ArrayLike) -> NDArray:
    """Logarithm of the sigmoid: ln σ(x) = −ln(1 + e⁻ˣ) = min(x, 0) − ln(1 + e^−|x|).

    x: any shape; the result has the same. Raises TypeError if x is not real numbers, ValueError on NaN.
    """
    x, own_type = validate.as_floats("x", x)
    validate.no_nan("x", x)
    return (np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))).astype(own_type, copy=False)


@np.errstate(over="ignore")  # the difference of two huge logits may overflow to -inf: e^-inf = 0 is right
def softmax(f: ArrayLike, axis: int = -1) -> NDArray:
    """Probabilities from logits: g_i = e^{f_i} / Σ_j e^{f_j} = e^{f_i − c} / Σ_j e^{f_j − c} with c = max f.

    f: any shape, classes along `axis`; the result has the same shape and sums to 1 along `axis`.
    Raises TypeError if f is not real numbers; ValueError on NaN, +inf, a row of only -inf, a bad axis.
    """
    f, own_type = validate.as_logits("f", f, axis)
    c = f.max(axis=axis, keepdims=True)
    validate.finite_maximum("f (the logits)", c)
    e = np.exp(f - c)
    return (e / sum_along(e, axis, keepdims=True)).astype(own_type, copy=False)


@np.errstate(over="ignore")
def log_softmax(f: ArrayLike, axis: int = -1) -> NDArray:
    """Log-probabilities from logits: ln g_i = f_i − ln Σ_j e^{f_j} = (f_i − c) − ln(1 + Σ_{j≠w} e^{f_j − c}).

    Here c = f_w = max f is the logit of the winner w. Its own term in the sum is e⁰ = 1: left out and
    put back by log1p, it does not swallow the small terms, so that even ln g_w ≈ −10⁻³⁰ has all its digits.

    f: any shape, classes along `axis`; the result has the same shape.
    Raises TypeError if f is not real numbers; ValueError on NaN, +inf, a row of only -inf, a bad axis.
    """
    f, own_type = validate.as_logits("f", f, axis)
    winner = f.argmax(axis=axis, keepdims=True)
    c = np.take_along_axis(f, winner, axis)
    validate.finite_maximum("f (the logits)", c)
    log_g = f - c
    e = np.exp(log_g)
    np.put_along_axis(e, winner, 0, axis)
    log_g -= np.log1p(sum_along(e, axis, keepdims=True))
    return log_g.astype(own_type, copy=False)


@np.errstate(over="ignore")
def logsumexp(f: ArrayLike, axis: int = -1, keepdims: bool = False) -> NDArray:
    """Logarithm of a sum of exponentials: ln Σ_j e^{f_j} = c + ln(1 + Σ_{j≠w} e^{f_j − c}), c = f_w = max f.

    f: any shape; `axis` is summed away, or kept with length 1 if `keepdims`.
    A row of only -inf gives ln 0 = -inf, a +inf gives +inf.
    Raises TypeError if f is not real numbers; ValueError on NaN or a bad axis.
    """
    f, own_type = validate.as_logits("f", f, axis)
    validate.no_nan("f", f)
    validate.flag("keepdims", keepdims)
    winner = f.argmax(axis=axis, keepdims=True)
    c = np.take_along_axis(f, winner, axis)
    e = np.exp(f - np.where(np.isfinite(c), c, 0))
    np.put_along_axis(e, winner, 0, axis)
    result = c + np.log1p(sum_along(e, axis, keepdims=True))
    return (result if keepdims else result.squeeze(axis)[()]).astype(own_type, copy=False)


# What not to do: the lessons break these on purpose. They compute in the caller's own type, without warnings.


@np.errstate(all="ignore")
def naive_sigmoid(x: ArrayLike) -> NDArray:
    """eˣ / (1 + eˣ) as it stands: NaN as soon as eˣ overflows, from x = 710 in float64, 89 in float32."""
    x, own_type = validate.as_floats("x", x)
    e = np.exp(x.astype(own_type))
    return e / (1 + e)


@np.errstate(all="ignore")
def naive_softmax(f: ArrayLike, axis: int = -1) -> NDArray:
    """e^{f_i} / Σ_j e^{f_j} without the shift: NaN if a logit overflows, or if all of them underflow."""
    f, own_type = validate.as_logits("f", f, axis)
    e = np.exp(f.astype(own_type))
    return e / e.sum(axis=axis, keepdims=True)


@np.errstate(all="ignore")
def naive_log_softmax(f: ArrayLike, axis: int = -1) -> NDArray:
    """Logarithm taken after softmax: -inf for a class that is about 745 behind in float64, 104 in float32."""
    return np.log(softmax(f, axis))


@np.errstate(all="ignore")
def naive_shifted_log_softmax(f: ArrayLike, axis: int = -1) -> NDArray:
    """(f_i − c) − ln Σ_j e^{f_j − c}, as libraries do: 0 for a winner 37 ahead in float64, 17 in float32."""
    f, own_type = validate.as_logits("f", f, axis)
    shifted = f.astype(own_type) - f.max(axis=axis, keepdims=True).astype(own_type)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
