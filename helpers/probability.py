"""Entropy, cross-entropy, Kullback–Leibler divergence, and the models of lessons 01 and 02.

p and q are probabilities along `axis`: none negative, their sum 1 (within the square root of the precision
of their type). Everywhere 0 · ln 0 = 0. Logarithms are natural, so the unit is the nat. Results have the
float type of the arguments; integers count as float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate
from helpers.sums import sum_along


def entropy(p: ArrayLike, axis: int = -1) -> NDArray:
    """Entropy: H(p) = −Σ_x p(x) ln p(x), the mean surprise of outcomes drawn from p.

    p: any shape, outcomes along `axis`, which is summed away.
    Raises ValueError if p is not a distribution along `axis`.
    """
    p, own_type = validate.as_probabilities("p", p, axis)
    log_p = np.log(np.where(p > 0, p, 1))
    return (0 - sum_along(p * log_p, axis)).astype(own_type, copy=False)


@np.errstate(divide="ignore")  # ln 0 = -inf is what the formula means
def cross_entropy(p: ArrayLike, q: ArrayLike, axis: int = -1) -> NDArray:
    """Cross-entropy: H(p, q) = −Σ_x p(x) ln q(x), the mean surprise if q is believed and p is true.

    p, q: shapes that broadcast, the same number of outcomes along `axis`. Infinite if something that happens,
    p(x) > 0, is called impossible, q(x) = 0. Raises ValueError if p or q is not a distribution along `axis`.
    """
    p, q, own_type = validate.as_two_distributions(p, q, axis)
    log_q = np.log(np.where(p > 0, q, 1))
    return (0 - sum_along(p * log_q, axis)).astype(own_type, copy=False)


@np.errstate(divide="ignore", over="ignore")
def kl_divergence(p: ArrayLike, q: ArrayLike, axis: int = -1) -> NDArray:
    """Kullback–Leibler divergence: D(p‖q) = Σ_x p(x) ln(p(x)/q(x)) = H(p, q) − H(p), and exactly 0 if p = q.

    p, q: as for cross_entropy; the same infinities and errors.
    """
    p, q, own_type = validate.as_two_distributions(p, q, axis)
    p1, q1 = np.where(p > 0, p, 1), np.where(p > 0, q, 1)
    log_ratio = np.log(p1 / q1)
    log_ratio = np.where(log_ratio < np.inf, log_ratio, np.log(p1) - np.log(q1))  # p/q may overflow …
    near = np.abs(p1 - q1) < q1 / 2  # … or be near 1: there p − q is exact, and log1p keeps its digits
    log_ratio = np.where(near, np.log1p((p1 - q1) / q1), log_ratio)
    return sum_along(p * log_ratio, axis).astype(own_type, copy=False)


# Log-likelihoods: functions of the parameters. The observations are independent, so their logarithms add up;
# the result has the shape of the parameters, so a whole grid of them is one call. No observations give 0.


@np.errstate(over="ignore")  # a density too small for any float has the logarithm -inf
def gaussian_log_density(x: ArrayLike, mean: ArrayLike, scale: ArrayLike) -> NDArray:
    """Logarithm of the Gaussian density: −½ ((x − m)/s)² − ln s − ½ ln 2π, for mean m and scale s.

    x, mean, scale: shapes that broadcast. A density may exceed 1, so its logarithm may be positive.
    Raises ValueError for numbers that are not finite and for a scale of 0 or less.
    """
    x, mean, scale, own_type = validate.as_gaussian(x, mean, scale)
    validate.broadcastable("x, mean and scale", x, mean, scale)
    log_density = -0.5 * ((x - mean) / scale) ** 2 - np.log(scale) - 0.5 * np.log(2 * np.pi)
    return log_density.astype(own_type, copy=False)


def gaussian_log_likelihood(x: ArrayLike, mean: ArrayLike, scale: ArrayLike) -> NDArray:
    """Log-likelihood of a mean and a scale: Σ_n ln p(x_n), p the Gaussian density.

    x: the observations, any shape; mean, scale: shapes that broadcast, which is the shape of the result.
    Raises the errors of gaussian_log_density.
    """
    x, mean, scale, own_type = validate.as_gaussian(x, mean, scale)
    validate.broadcastable("mean and scale", mean, scale)
    log_density = gaussian_log_density(x.ravel(), mean[..., None], scale[..., None])
    return log_density.sum(axis=-1).astype(own_type, copy=False)


@np.errstate(divide="ignore")
def bernoulli_log_likelihood(x: ArrayLike, p: ArrayLike) -> NDArray:
    """Log-likelihood of the probability p of a 1: Σ_n ln p(x_n) = n₁ ln p + n₀ ln(1 − p), n₁ ones, n₀ zeros.

    x: the observations, 0 or 1, any shape; p: any shape, which is the shape of the result.
    Raises ValueError for an x that is neither 0 nor 1 and for p outside 0…1.
    """
    p, own_type = validate.as_fractions("p", p)
    x = validate.as_labels("x", x, 2)
    ones, zeros = x.sum(), (1 - x).sum()
    log_p, log_rest = np.log(np.where(ones > 0, p, 1)), np.log1p(-np.where(zeros > 0, p, 0))
    return (ones * log_p + zeros * log_rest).astype(own_type, copy=False)


@np.errstate(divide="ignore")
def categorical_log_likelihood(labels: ArrayLike, p: ArrayLike) -> NDArray:
    """Log-likelihood of the probabilities p of K outcomes: Σ_n ln p_{ℓ_n} = Σ_k n_k ln p_k, n_k counts of k.

    labels: the observations 0…K−1, any shape; p: shape (…, K), and the result has the shape (…).
    Raises ValueError for labels outside 0…K−1 and if p is not a distribution along its last axis.
    """
    p, own_type = validate.as_probabilities("p", p)
    counts = np.bincount(validate.as_labels("labels", labels, p.shape[-1]).ravel(), minlength=p.shape[-1])
    log_p = np.log(np.where(counts > 0, p, 1))
    return (counts * log_p).sum(axis=-1).astype(own_type, copy=False)
