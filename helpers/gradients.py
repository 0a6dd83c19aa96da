"""The Jacobian of softmax, finite differences, and the line that compares two results (lesson 05)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate
from helpers.softmax import softmax


def softmax_jacobian(f: ArrayLike) -> NDArray:
    """Jacobian of softmax: J_ij = ∂g_i/∂f_j = −g_i g_j for i ≠ j, and g_i (1 − g_i) for i = j.

    f: shape (…, K); the result has the shape (…, K, K). Probabilities always sum to 1, so rows and columns
    sum to 0; the diagonal is computed as minus the sum of the others, because 1 − g_i would lose its digits.
    Raises the errors of softmax.
    """
    f, own_type = validate.as_logits("f (the logits)", f)
    g = softmax(f)
    jacobian = -g[..., :, None] * g[..., None, :]
    i = np.arange(g.shape[-1])
    jacobian[..., i, i] = 0
    jacobian[..., i, i] = -jacobian.sum(axis=-1)
    return jacobian.astype(own_type, copy=False)


def numerical_gradient(fn: Callable[[NDArray], ArrayLike], x: ArrayLike) -> NDArray:
    """Gradient by centred differences: ∂fn/∂x_i ≈ (fn(x + h e_i) − fn(x − h e_i)) / 2h, in float64.

    The step h = ∛eps · max(1, |x_i|) balances the error of the formula, of order h², with the rounding, of
    order eps/h; about ten digits remain, except at a kink of fn. fn takes an array like x. If it returns a
    number, the result has the shape of x; if an array, its shape followed by that of x (a Jacobian).
    Raises TypeError if fn is not a function to numbers, ValueError if x is empty or if x or fn is not finite.
    """
    x = validate.as_finite("x", x)[0].astype(np.float64)
    validate.not_empty("x", x)
    slopes = []
    for i in np.ndindex(x.shape):
        h = np.cbrt(np.finfo(np.float64).eps) * max(1, abs(x[i]))
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        rise = validate.value_of(fn, above) - validate.value_of(fn, below)
        slopes.append(rise / (above[i] - below[i]))  # not 2h: x + h and x − h have been rounded
    return np.stack(slopes, axis=-1).reshape(slopes[0].shape + x.shape)


def compare(
    exact: ArrayLike, approximate: ArrayLike, name: str = "", tolerance: float = 1e-6, digits: bool = False
) -> str:
    """Say in one line whether two arrays agree: "name: same to 1e-06: yes".

    They agree if no entries differ by more than `tolerance` times the largest entry: an approximation cannot
    resolve entries far below that. If they do not, the line adds the largest difference, absolute and
    relative to the largest entry, and its place. With `digits` it always does, and says whether they are
    exactly equal; but digits at the level of rounding differ between computers.
    Raises ValueError for shapes that differ.
    """
    a, b = validate.as_floats("exact", exact)[0], validate.as_floats("approximate", approximate)[0]
    validate.same_shape("approximate", b, a.shape)
    tolerance = validate.number("tolerance", tolerance, at_least=0)
    name, digits = validate.text("name", name), validate.flag("digits", digits)
    absolute, relative, place = _largest_difference(a, b)
    verdict = f"same to {tolerance:g}: {'yes' if relative <= tolerance else 'no'}"
    if digits:
        equal, close = ("yes" if x else "no" for x in (absolute == 0, relative <= tolerance))
        verdict = f"exact: {equal}, approximate: {close}, " + verdict
    if digits or relative > tolerance:
        verdict += f" (largest difference {absolute:.2g}, relative {relative:.2g}{place})"
    return f"{name}: {verdict}" if name else verdict


@np.errstate(invalid="ignore", over="ignore")
def _largest_difference(a, b):
    """Largest |a − b|, the same relative to the largest entry, and where it is; NaN differs infinitely."""
    if a.size == 0:
        return 0.0, 0.0, ""
    difference = np.where(a == b, 0, np.abs(a - b))
    difference = np.where(np.isnan(difference), np.inf, difference)
    entries = np.abs(np.stack([a, b]))
    largest = entries[np.isfinite(entries)].max(initial=0)
    i = np.unravel_index(difference.argmax(), a.shape)
    place = f", at index {[int(k) for k in i]}" if a.ndim else ""
    absolute = float(difference[i])
    return absolute, absolute / float(largest) if largest else absolute, place
