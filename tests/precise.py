"""Fifty-digit references, and the kinds of input on which the accuracy of the mathematics is measured."""

import mpmath
import numpy as np

FLOATS = (np.float64, np.float32)


def kinds_of_logits(dtype):
    """Name -> logits (N, K) of this type; together they hold every way in which softmax is known to lose digits."""
    rng = np.random.default_rng(0)
    eps, tiny, huge = (float(x) for x in (np.finfo(dtype).eps, np.finfo(dtype).tiny, np.finfo(dtype).max))
    gap = 36 if dtype == np.float32 else 300  # e^-gap is still far from underflow
    edge = -np.log(float(np.finfo(dtype).smallest_subnormal)) - 1  # e^-edge is subnormal
    normal = rng.normal(size=(4, 6))
    masked = normal.copy()
    masked[rng.random(masked.shape) < 0.4] = -np.inf
    masked[:, 0] = normal[:, 0]
    ahead = normal + np.array([[gap, 0, 0, 0, 0, 0]])
    kinds = {
        "ordinary": normal,
        "two classes": rng.normal(size=(6, 2)) * 5,
        "one class": normal[:, :1],
        "confident": ahead,
        "confident, two classes": np.array([[0, -17.5], [0, -37], [0, -gap], [gap / 3, 0]]),
        "confident among 1000": np.concatenate([np.full((2, 1), 30.0), rng.normal(size=(2, 999))], axis=1),
        "at the edge of underflow": np.array([[0, -edge, -edge - 5], [0, -edge + 4, -edge]]),
        "exact ties": np.array([[1, 1, 1], [2, 2, -3], [0, 0, -gap]]),
        "near ties": 1 + eps * rng.integers(0, 9, size=(4, 5)),
        "wide spread": rng.normal(size=(4, 6)) * 100,
        "very wide spread": rng.normal(size=(4, 6)) * 1e4,
        "huge": np.array([[1, 1 - 2 * eps, 0.5], [-1, -1 + 2 * eps, -0.75]]) * huge / 4,
        "tiny": normal * tiny * 4,
        "offset": normal + 1000,
        "large offset": normal - 3e6,
        "masked": masked,
        "all but one masked": np.where(np.arange(4) == 2, 1.5, -np.inf)[None],
        "whole numbers": rng.integers(-30, 30, size=(4, 6)),
        "50,257 classes": rng.normal(size=(1, 50257)) * 3,
    }
    return {name: np.asarray(f).astype(dtype) for name, f in kinds.items()}


def exact_log_softmax(row):
    """Log-probabilities of one row, and the total, with every digit: ln of the plain sum, in enough digits to hold it."""
    finite = [float(f) for f in row if np.isfinite(f)]
    digits = 50 + int(min(max(finite) - min(finite), 800) / 2.3)
    with mpmath.workdps(digits):
        top = mpmath.mpf(max(finite))
        total = mpmath.fsum(mpmath.exp(mpmath.mpf(f) - top) for f in finite)
        return [mpmath.mpf(float(f)) - top - mpmath.log(total) for f in row], digits


def shift_rounding(row):
    """How far rounding f − max f moved each logit: the error that no formula starting with the shift can avoid."""
    top = row.max()
    with np.errstate(over="ignore"):
        shifted = row - top
    with mpmath.workdps(60):
        return [abs(float(mpmath.mpf(float(s)) - (mpmath.mpf(float(f)) - mpmath.mpf(float(top)))))
                if np.isfinite(s) else 0.0 for s, f in zip(shifted, row, strict=True)]  # fmt: skip


def ulps(got, exact, allowance=0.0):
    """Error of got in units in the last place of its own type at the exact value, after subtracting an allowance."""
    if mpmath.isinf(exact) or not np.isfinite(got):
        with np.errstate(over="ignore"):
            return 0.0 if got == np.array(float(exact)).astype(got.dtype) else np.inf
    with np.errstate(over="ignore"):
        rounded = np.array(float(exact)).astype(got.dtype)
    spacing = float(np.spacing(np.abs(np.minimum(np.abs(rounded), np.finfo(got.dtype).max))))
    with mpmath.workdps(60):
        error = abs(mpmath.mpf(float(got)) - exact)
        return float(max(error - allowance, 0) / mpmath.mpf(spacing))
