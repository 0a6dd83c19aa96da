"""Fifty-digit references, and the kinds of input on which the accuracy of the mathematics is measured."""

import functools
from typing import NamedTuple

import mpmath
import numpy as np

FLOATS = (np.float64, np.float32)
KINDS = (
    "ordinary", "two classes", "one class", "confident", "confident, two classes", "confident among 1000",
    "edge of underflow", "exact ties", "near ties", "wide spread", "very wide spread", "huge", "tiny",
    "offset", "large offset", "masked", "all but one masked", "whole numbers", "50,257 classes",
)  # fmt: skip


@functools.cache
def logits(kind, dtype):
    """Logits (N, K) of this kind and type; together they hold every known way of losing digits."""
    rng = np.random.default_rng(KINDS.index(kind))
    info = np.finfo(dtype)
    eps, tiny, huge = float(info.eps), float(info.tiny), float(info.max)
    gap = 36 if dtype == np.float32 else 300  # e^-gap vanishes beside 1, and is far from underflow
    edge = 102 if dtype == np.float32 else 744  # e^-edge is subnormal
    normal = rng.normal(size=(4, 6))
    many, ahead = rng.normal(size=(6, 1000)), 14 if dtype == np.float32 else 34  # e^-ahead is near eps
    f = {
        "ordinary": lambda: normal,
        "two classes": lambda: rng.normal(size=(6, 2)) * 5,
        "one class": lambda: normal[:, :1],
        "confident": lambda: normal + np.array([gap, 0, 0, 0, 0, 0]),
        "confident, two classes": lambda: [[0, -17.5], [0, -37], [0, -gap], [gap / 3, 0]],
        "confident among 1000": lambda: many + ahead * np.eye(1000)[::20][:6],
        "edge of underflow": lambda: [[0, -edge, -edge - 5], [0, -edge + 4, -edge]],
        "exact ties": lambda: [[1, 1, 1], [2, 2, -3], [0, 0, -gap]],
        "near ties": lambda: 1 + eps * rng.integers(0, 9, size=(4, 5)),
        "wide spread": lambda: normal * 100,
        "very wide spread": lambda: normal * 1e4,
        "huge": lambda: np.array([[1, 1 - 2 * eps, 0.5], [-1, -1 + 2 * eps, -0.75]]) * huge / 4,
        "tiny": lambda: normal * tiny * 4,
        "offset": lambda: normal + 1000,
        "large offset": lambda: normal - 3e6,
        "masked": lambda: np.where((rng.random(normal.shape) < 0.4) & (np.arange(6) > 0), -np.inf, normal),
        "all but one masked": lambda: [[-np.inf, -np.inf, 1.5, -np.inf]],
        "whole numbers": lambda: rng.integers(-30, 30, size=(4, 6)),
        "50,257 classes": lambda: rng.normal(size=(1, 50257)) * 3,
    }[kind]()
    return np.asarray(f).astype(dtype)


class Row(NamedTuple):
    log_g: list  # log-probabilities, exactly
    g: list  # probabilities, exactly
    total: mpmath.mpf  # logsumexp, exactly
    shift: np.ndarray  # how far rounding f − max f moves each logit
    drift: float  # and how far that moves the logarithm of the sum


@functools.cache
def exact_rows(kind, dtype):
    return [exact_row(f) for f in logits(kind, dtype)]


def exact_row(f):
    """Softmax of a row by the plain formula, with digits enough for the smallest term beside the largest."""
    finite = [float(x) for x in f if np.isfinite(x)]
    digits = 50 + int(min(max(finite) - min(finite), 800) / 2.3)
    with mpmath.workdps(digits):
        top = mpmath.mpf(max(finite))
        moved = [mpmath.mpf(float(x)) - top for x in f]
        terms = [mpmath.exp(m) for m in moved]
        total = mpmath.fsum(terms)
        log_total = mpmath.log(total)
        rounded = (f - f.max()).tolist()
        shift = [float(abs(r - m)) if np.isfinite(r) else 0.0 for r, m in zip(rounded, moved, strict=True)]
        g = [t / total for t in terms]
        drift = float(sum(float(p) * s for p, s in zip(g, shift, strict=True)))
        return Row([m - log_total for m in moved], g, top + log_total, np.array(shift), drift)


def some_columns(n_classes):
    """All classes, or of very many the first and the last hundred."""
    return range(n_classes) if n_classes < 1000 else [*range(100), *range(n_classes - 100, n_classes)]


def ulps(got, exact, allowance=0.0):
    """Error of `got`, less an allowance, in units in the last place that its type has at the exact value."""
    with np.errstate(over="ignore"):
        nearest = np.array(float(exact)).astype(got.dtype)
    if not np.isfinite(nearest) or not np.isfinite(got):
        return 0.0 if got == nearest else np.inf
    error = abs(mpmath.mpf(float(got)) - exact) - allowance
    return float(max(error, 0) / mpmath.mpf(float(np.spacing(np.abs(nearest)))))
