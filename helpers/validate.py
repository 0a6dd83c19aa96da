"""Checks of arguments: each answers bad input with one sentence (argument, what was expected, what came).

TypeError for the wrong kind of thing, ValueError for the right kind with a value that makes no sense.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

# Arrays of numbers


def as_floats(name: str, x) -> tuple[np.ndarray, np.dtype]:
    """Return x as an array to compute with, and the float type in which to hand the result back.

    Integers and booleans become float64. float32, float64 and long double are computed as they are,
    float16 as float32, because in float16 every term below e^-17 would vanish.
    """
    array = _as_array(name, x, "an array of real numbers")
    if array.dtype.kind in "bui":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must be an array of real numbers, got {_kind(x)} of type {array.dtype}.")
    return (array.astype(np.float32) if array.dtype == np.float16 else array), array.dtype


def no_nan(name: str, x: np.ndarray) -> None:
    """Refuse NaN."""
    if np.isnan(x).any():
        raise ValueError(f"{name} must not contain NaN, got NaN{_where(np.isnan(x))}.")


def as_finite(name: str, x) -> tuple[np.ndarray, np.dtype]:
    """Like as_floats, and every number must be finite."""
    x, own_type = as_floats(name, x)
    every(name, x, np.isfinite(x), "finite")
    return x, own_type


def every(name: str, x: np.ndarray, good: np.ndarray, expected: str) -> None:
    """Refuse x unless `good` holds everywhere; name the first entry for which it does not."""
    if not good.all():
        raise ValueError(f"{name} must be {expected}, got {x[~good].flat[0]}{_where(~good)}.")


def not_empty(name: str, x: np.ndarray) -> None:
    """Refuse an array without entries."""
    if x.size == 0:
        raise ValueError(f"{name} must have at least one entry, got the shape {x.shape}.")


def value_of(fn, x: np.ndarray) -> np.ndarray:
    """Return fn(x), which must be finite numbers."""
    return as_finite("the value of fn near x", function("fn", fn)(x))[0]


def in_place(name: str, x, like: np.ndarray | None = None) -> np.ndarray:
    """Return x if it is a float array that can be changed in place, with the shape and type of `like`."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or not x.flags.writeable:
        what = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else _kind(x)
        what = "a read-only array" if isinstance(x, np.ndarray) and not x.flags.writeable else what
        raise TypeError(f"{name} must be a NumPy array of floats, to be changed in place, got {what}.")
    if like is not None and (x.shape, x.dtype) != (like.shape, like.dtype):
        expected = f"{like.dtype} of shape {like.shape}"
        raise ValueError(f"{name} must be {expected}, like its parameter, got {x.dtype} of shape {x.shape}.")
    return x


def same_shape(name: str, x: np.ndarray, shape: tuple[int, ...]) -> None:
    """Refuse x if it has another shape."""
    if x.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, got {x.shape}.")


def broadcastable(names: str, *arrays: np.ndarray) -> None:
    """Refuse arrays whose shapes do not broadcast together."""
    try:
        np.broadcast_shapes(*(a.shape for a in arrays))
    except ValueError:
        shapes = " and ".join(str(a.shape) for a in arrays)
        raise ValueError(f"{names} must have shapes that fit together, got {shapes}.") from None


def named(name: str, x) -> dict[str, np.ndarray]:
    """Return x as a dict; it must map names, which are strings, to arrays."""
    if not isinstance(x, Mapping):
        raise TypeError(f"{name} must map names to arrays, got {_kind(x)}.")
    for key in x:
        text(f"each name in {name}", key)
    return dict(x)


def named_floats(name: str, x) -> dict[str, np.ndarray]:
    """Return x as a dict from names to arrays to compute with."""
    return {key: as_floats(f"{name}[{key!r}]", value)[0] for key, value in named(name, x).items()}


def trainable(name: str, x) -> dict[str, np.ndarray]:
    """Return x as a dict from names to arrays that can be changed in place."""
    return {key: in_place(f"{name}[{key!r}]", value) for key, value in named(name, x).items()}


def gradients_for(parameters: dict[str, np.ndarray], grads) -> None:
    """Refuse gradients unless there is one for every named parameter and no other, of its shape."""
    grads = named_floats("grads", grads)
    if set(grads) != set(parameters):
        expected, got = ", ".join(sorted(parameters)), ", ".join(sorted(grads))
        raise ValueError(f"grads must have exactly the names {expected}, got {got or 'none'}.")
    for name, theta in parameters.items():
        same_shape(f"grads[{name!r}]", grads[name], theta.shape)


# Logits, probabilities, targets


def as_logits(name: str, f, axis: int = -1) -> tuple[np.ndarray, np.dtype]:
    """Like as_floats, and `axis` must be an axis of f along which there is at least one class."""
    f, own_type = as_floats(name, f)
    if not isinstance(axis, (int, np.integer)) or isinstance(axis, bool):
        raise TypeError(f"axis must be one integer, got {_shown(axis)}.")
    if f.ndim == 0:
        raise ValueError(f"{name} must have an axis along which the classes lie, got one number.")
    if not -f.ndim <= axis < f.ndim:
        raise ValueError(f"axis must be an axis of {name}, whose shape is {f.shape}, got {axis}.")
    if f.shape[axis] == 0:
        raise ValueError(f"{name} must have at least one class along axis {axis}, got the shape {f.shape}.")
    return f, own_type


def as_batch(name: str, f) -> tuple[np.ndarray, np.dtype]:
    """Like as_floats, and the shape must be (N, K) with K ≥ 1; rows come back side by side in memory."""
    f, own_type = as_floats(name, f)
    if f.ndim != 2 or f.shape[1] == 0:
        raise ValueError(f"{name} must have the shape (N, K), N examples and K classes, got {f.shape}.")
    return np.ascontiguousarray(f), own_type


def as_features(x, weight: np.ndarray) -> np.ndarray:
    """Return finite features x of shape (N, D) in the type of a weight of shape (outputs, D)."""
    x, _ = as_finite("x", x)
    if x.ndim != 2 or x.shape[1] != weight.shape[1]:
        raise ValueError(f"x must have the shape (N, {weight.shape[1]}), N examples, got {x.shape}.")
    return x.astype(weight.dtype, copy=False)


def as_examples(x, targets) -> tuple[np.ndarray, np.ndarray]:
    """Return features and targets as arrays with one row for each example."""
    x, targets = _as_array("x", x, "an array of real numbers"), _as_array("targets", targets, "labels")
    if not x.ndim or not targets.ndim or len(x) != len(targets) or len(x) == 0:
        raise ValueError(f"x and targets must have one row per example, got {x.shape} and {targets.shape}.")
    return x, targets


def finite_maximum(name: str, largest: np.ndarray) -> None:
    """Refuse logits unless each row's largest is finite: no NaN, no +inf, not every class masked by -inf.

    Looking at the maxima suffices, and costs nothing beside computing them: a NaN or a +inf is the
    maximum of its own row, and a row whose maximum is -inf has no class left.
    """
    finite = np.isfinite(largest)
    if finite.all():
        return
    bad = largest[~finite].flat[0]
    reason = "only -inf (every class masked)" if bad == -np.inf else str(bad)
    where = f" in row {np.argwhere(~finite)[0].tolist()}" if largest.size > 1 else ""
    raise ValueError(f"{name} must be finite, or -inf for some but not all classes, got {reason}{where}.")


def as_probabilities(name: str, p, axis: int = -1) -> tuple[np.ndarray, np.dtype]:
    """Like as_logits, and p must be probabilities that sum to 1 along `axis`, within √eps of their type."""
    p, own_type = as_logits(name, p, axis)
    every(name, p, (p >= 0) & (p <= 1 + _slack(own_type)), "probabilities between 0 and 1")
    total = p.sum(axis=axis, dtype=np.result_type(p, np.float64))
    every(f"the sum of {name}", total, np.abs(total - 1) <= _slack(own_type), f"1 along axis {axis}")
    return p, own_type


def as_two_distributions(p, q, axis: int) -> tuple[np.ndarray, np.ndarray, np.dtype]:
    """Return p and q as probabilities over the same outcomes, and the type of a result made from both."""
    (p, p_type), (q, q_type) = as_probabilities("p", p, axis), as_probabilities("q", q, axis)
    if p.shape[axis] != q.shape[axis]:
        raise ValueError(f"q must have as many outcomes as p, {p.shape[axis]}, got {q.shape[axis]}.")
    broadcastable("p and q", p, q)
    p, q = _in_one_type(p, q)
    return p, q, np.result_type(p_type, q_type)


def as_gaussian(x, mean, scale) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.dtype]:
    """Return finite observations, means and positive scales, and the type of a result made from them."""
    named = (as_finite(name, value) for name, value in (("x", x), ("mean", mean), ("scale", scale)))
    (x, x_type), (mean, mean_type), (scale, scale_type) = named
    every("scale", scale, scale > 0, "positive")
    x, mean, scale = _in_one_type(x, mean, scale)
    return x, mean, scale, np.result_type(x_type, mean_type, scale_type)


def as_log_probs(name: str, log_p) -> tuple[np.ndarray, np.dtype]:
    """Like as_batch, and log_p must be logarithms of probabilities: neither NaN nor above 0."""
    log_p, own_type = as_batch(name, log_p)
    every(name, log_p, log_p <= _slack(own_type), "logarithms of probabilities, never above 0")
    return log_p, own_type


def as_targets(targets, n: int, k: int) -> np.ndarray:
    """Return targets as labels 0…K−1 of shape (N,), or as probabilities of shape (N, K)."""
    y = _as_array("targets", targets, "labels or probabilities")
    if y.shape == (n, k):
        return as_probabilities("targets", y)[0]
    if y.shape != (n,):
        expected = f"{n} labels of shape ({n},) or probabilities of shape ({n}, {k})"
        raise ValueError(f"targets must be {expected}, got the shape {y.shape}.")
    return as_labels("targets", y, k)


def as_labels(name: str, labels, k: int, n: int | None = None) -> np.ndarray:
    """Return labels as integers, each one of 0…K−1; exactly N of them if n is given."""
    y = _as_array(name, labels, "whole numbers")
    if n is not None:
        same_shape(name, y, (n,))
    if y.dtype.kind not in "iu" and y.size:
        raise TypeError(f"{name} must be whole numbers 0…{k - 1}, got {_kind(labels)} of type {y.dtype}.")
    every(name, y, (y >= 0) & (y < k), f"whole numbers 0…{k - 1}")
    return y.astype(np.intp)


def as_fractions(name: str, p) -> tuple[np.ndarray, np.dtype]:
    """Like as_floats, and every number must lie between 0 and 1."""
    p, own_type = as_floats(name, p)
    every(name, p, (p >= 0) & (p <= 1), "between 0 and 1")
    return p, own_type


# Single values

LARGEST_COUNT = 2**31 - 1  # more could not be held in memory anyway


def number(
    name: str, x, above: float | None = None, at_least: float | None = None, below: float | None = None
) -> float:
    """Return x as a Python float; it must be one finite real number within the bounds."""
    try:
        value = math.nan if isinstance(x, (str, bytes)) else float(x)
    except Exception:  # whatever the object has against being a number
        value = math.nan
    bounds = [
        (above, "above", above is None or value > above),
        (at_least, "of at least", at_least is None or value >= at_least),
        (below, "below", below is None or value < below),
    ]
    if not math.isfinite(value) or not all(holds for _, _, holds in bounds):
        words = " and".join(f" {word} {bound}" for bound, word, _ in bounds if bound is not None)
        error = ValueError if isinstance(x, (int, float, np.number)) else TypeError
        raise error(f"{name} must be one finite number{words}, got {_shown(x)}.")
    return value


def count(name: str, x, at_least: int = 1) -> int:
    """Return x as a Python int; it must be a whole number within the bound."""
    if not isinstance(x, (int, np.integer)) or isinstance(x, bool):
        raise TypeError(f"{name} must be a whole number, got {_shown(x)}.")
    if x < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}, got {x}.")
    if x > LARGEST_COUNT:
        raise ValueError(f"{name} must be a whole number of at most {LARGEST_COUNT}, got one of more digits.")
    return int(x)


def float_type(name: str, x) -> np.dtype:
    """Return x as a NumPy float type."""
    try:
        dtype = np.dtype(x)
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind != "f":
        raise TypeError(f"{name} must be a float type such as float32, got {_shown(x)}.")
    return dtype


def function(name: str, x):
    """Return x if it can be called."""
    if not callable(x):
        raise TypeError(f"{name} must be a function, got {_shown(x)}.")
    return x


def method(name: str, x, wanted: str) -> None:
    """Refuse x unless it has a method of this name."""
    if not callable(getattr(x, wanted, None)):
        raise TypeError(f"{name} must have a method {wanted}, got {_shown(x)}.")


def flag(name: str, x) -> bool:
    """Return x if it is True or False."""
    if not isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {_shown(x)}.")
    return bool(x)


def text(name: str, x) -> str:
    """Return x if it is a string."""
    if not isinstance(x, str):
        raise TypeError(f"{name} must be a string, got {_shown(x)}.")
    return x


def one_of(name: str, x, options: tuple[str, ...]) -> None:
    """Refuse x unless it is one of the words."""
    if not isinstance(x, str) or x not in options:
        words = ", ".join(map(repr, options))
        raise ValueError(f"{name} must be one of {words}, got {_shown(x)}.")


def _as_array(name: str, x, expected: str) -> np.ndarray:
    if isinstance(x, np.ma.MaskedArray):  # asarray would take what is masked for numbers like the others
        raise TypeError(f"{name} must be {expected}, got a masked array: fill it first, with .filled(...).")
    try:
        return np.asarray(x)
    except Exception:  # whatever NumPy, or the object that converts itself, has against it
        raise TypeError(f"{name} must be {expected}, got {_kind(x)} that is no array of numbers.") from None


def _in_one_type(*arrays: np.ndarray) -> list[np.ndarray]:
    """Convert the arrays to the widest type among them, in which to compute."""
    return [a.astype(np.result_type(*arrays), copy=False) for a in arrays]


# Words for what came


def _slack(own_type: np.dtype) -> float:
    return float(np.sqrt(np.finfo(own_type).eps))


def _kind(x) -> str:
    if isinstance(x, np.ndarray):
        return "an array"
    article = "an" if type(x).__name__[0] in "aeiouAEIOU" else "a"
    return f"{article} {type(x).__name__}"


def _shown(x) -> str:
    return repr(x) if isinstance(x, (int, float, complex, str, bytes, np.number, type(None))) else _kind(x)


def _where(bad: np.ndarray) -> str:
    return f" at index {np.argwhere(bad)[0].tolist()}" if bad.ndim else ""
