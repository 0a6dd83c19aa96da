"""Checks of arguments: each answers bad input with one sentence (argument, what was expected, what came)."""

from __future__ import annotations

import numpy as np


def as_floats(name: str, x) -> tuple[np.ndarray, np.dtype]:
    """Return x as an array to compute with, and the float type in which to hand the result back.

    Integers and booleans become float64. float32, float64 and long double are computed as they are,
    float16 as float32, because sums in float16 lose their digits after a few terms.

    Raises TypeError if x is not an array of real numbers.
    """
    try:
        array = np.asarray(x)
    except Exception:
        raise TypeError(f"{name} must be an array of real numbers, got {_kind(x)} that is none.") from None
    if array.dtype.kind in "bui":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must be an array of real numbers, got {_kind(x)} of type {array.dtype}.")
    return (array.astype(np.float32) if array.dtype == np.float16 else array), array.dtype


def as_logits(name: str, f, axis: int = -1) -> tuple[np.ndarray, np.dtype]:
    """Like as_floats, and `axis` must be an axis of f along which there is at least one class."""
    f, own_type = as_floats(name, f)
    if not isinstance(axis, (int, np.integer)) or isinstance(axis, bool):
        raise TypeError(f"axis must be one integer, got {axis!r}.")
    if not -f.ndim <= axis < f.ndim:
        raise ValueError(f"axis must be an axis of {name}, whose shape is {f.shape}, got {axis}.")
    if f.shape[axis] == 0:
        raise ValueError(f"{name} must have at least one class along axis {axis}, got the shape {f.shape}.")
    return f, own_type


def no_nan(name: str, x: np.ndarray) -> None:
    """Raise ValueError if x holds a NaN."""
    if np.isnan(x).any():
        raise ValueError(f"{name} must not contain NaN, got NaN{_where(np.isnan(x))}.")


def finite_maximum(name: str, largest: np.ndarray) -> None:
    """Raise ValueError unless every largest logit is finite: no NaN, no +inf, not every class masked by -inf.

    Looking at the maxima suffices, and costs nothing beside computing them: a NaN or a +inf is the
    maximum of its own row, and a row whose maximum is -inf has no class left.
    """
    finite = np.isfinite(largest)
    if finite.all():
        return
    bad = largest[~finite].flat[0]
    reason = "a row of only -inf (every class is masked)" if bad == -np.inf else str(bad)
    row = np.argwhere(~finite)[0].tolist()
    where = f" in row {row}" if largest.size > 1 else ""
    raise ValueError(f"{name} must be finite, or -inf for some but not all classes, got {reason}{where}.")


def _kind(x) -> str:
    article = "an" if type(x).__name__[0] in "aeiouAEIOU" else "a"
    return f"{article} {type(x).__name__}"


def _where(bad: np.ndarray) -> str:
    return f" at index {np.argwhere(bad)[0].tolist()}" if bad.ndim else ""
