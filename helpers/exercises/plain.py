"""What a learner's code gave, as plain data: copied, compared and put into words, whatever it was."""

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy import allclose  # as it is now: an answer may overwrite `np.allclose`


@dataclass(frozen=True)
class Unreadable:
    """Something that is neither numbers nor text; `what` names it in words."""

    what: str


Plain = np.ndarray | str | None | type(...) | tuple | dict | Unreadable


def freeze(value: object) -> Plain:
    """Return a copy of `value` that no later call can change: numbers as one array, anything else in kind.

    Tuples, lists and dictionaries that are not one array of numbers are frozen entry by entry.
    """
    if value is None or value is ...:
        return value
    if type(value) is str:
        return value
    if isinstance(value, dict):
        return {str(key): freeze(entry) for key, entry in value.items()}
    if isinstance(value, np.ma.MaskedArray):
        return Unreadable("a masked array; fill it first, with `.filled(...)`, or use an ordinary array")
    numbers = _numbers(value)
    if numbers is not None:
        return numbers
    if isinstance(value, (tuple, list)):
        return tuple(freeze(entry) for entry in value)
    if callable(value):
        return Unreadable("a function")
    if isinstance(value, np.ndarray):
        return Unreadable("an array that holds different kinds of things")
    kind = type(value).__name__
    hint = "; make it one with `.to_numpy(float)`" if hasattr(value, "to_numpy") else ""
    return Unreadable(
        f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}, which is not a number or an array{hint}"
    )


def single_precision(value: object) -> bool:
    """Tell whether the numbers in `value` came with the seven digits of float32, or fewer.

    Python's own numbers did if each is one that float32 can hold, as `.item()` and `.tolist()` hand them out.
    """
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)) and value:
        kinds = [single_precision(entry) for entry in value[:20]]
        return all(kinds) if all(isinstance(entry, float) for entry in value[:20]) else any(kinds)
    if type(value) is float:
        return float(np.float32(value)) == value and value != round(value, 3)
    return str(getattr(value, "dtype", "")).rpartition(".")[2] in ("float32", "float16", "bfloat16")


def _detached(value: object) -> object:
    """Return a tensor of PyTorch as one that NumPy can read, also inside a list; anything else as it is."""
    if isinstance(value, (tuple, list)) and any(hasattr(entry, "detach") for entry in value):
        return [_detached(entry) for entry in value]
    if not hasattr(value, "detach"):
        return value
    value = value.detach()
    return value.float() if str(value.dtype) == "torch.bfloat16" else value


def _numbers(value: object) -> np.ndarray | None:
    try:
        array = np.asarray(_detached(value))  # `astype` below copies
        if array.dtype.kind == "O":  # integers beyond 64 bits, fractions, …
            if any(entry is None for entry in array.flat):
                return None
            return array.astype(float)
    except Exception:  # ragged lists, objects that refuse: not an array of numbers
        return None
    if array.dtype.kind not in "biufc":
        return None
    return array.astype(complex if array.dtype.kind == "c" else float)


def same(a: Plain, b: Plain, rtol: float = 0, atol: float = 0) -> bool:
    """Tell whether two frozen values agree: same kind, same shape, numbers within tolerance, NaN as NaN."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and bool(allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key], rtol, atol) for key in a)
    return type(a) is type(b) and not isinstance(a, np.ndarray) and a == b


def holds_ellipsis(value: Plain) -> bool:
    """Tell whether a `...` of the stub is still somewhere in the value."""
    if isinstance(value, (tuple, dict)):
        return any(map(holds_ellipsis, value.values() if isinstance(value, dict) else value))
    return value is ...


def words(value: Plain, digits: int = 4, tiny: float = 0.0) -> str:
    """Return a frozen value in words: at most `digits` significant digits, whatever is below `tiny` as 0."""
    if isinstance(value, np.ndarray):
        if value.size <= 16:
            return _nested(value, digits, tiny)
        start = words(value.flat[:3], digits, tiny)[1:-1]
        return f"an array of shape {value.shape} that starts with {start}, …"
    if isinstance(value, tuple):
        return "(" + ", ".join(words(entry, digits, tiny) for entry in value) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {words(entry, digits, tiny)}" for key, entry in value.items()) + "}"
    if isinstance(value, Unreadable):
        return value.what
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")
    return "..." if value is ... else "None"


def _nested(array: np.ndarray, digits: int, tiny: float) -> str:
    if array.ndim:
        return "[" + ", ".join(_nested(entry, digits, tiny) for entry in array) + "]"
    number = array.item()
    if isinstance(number, float) and math.isnan(number):
        return "NaN"
    return f"{0.0 if abs(number) <= tiny else number:.{digits}g}"


def tell_apart(a: Plain, b: Plain, rtol: float, atol: float) -> tuple[str, str, str]:
    """Return two different values in words, with digits enough to see the difference, and where it is."""
    where = ""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.size > 16:
        index = tuple(np.argwhere(~np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True))[0].tolist())
        a, b, where = np.array(a[index]), np.array(b[index]), f" at index {list(index)}"
    for digits in (4, 6, 8, 10, 12):
        texts = words(a, digits, atol), words(b, digits, atol)
        if texts[0] != texts[1]:
            break
    return *texts, where


def shape(value: Plain) -> str:
    """Return in words what kind of thing a frozen value is, and its shape."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim else "a single number"
    if isinstance(value, (tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return "a text" if isinstance(value, str) else words(value)


def error_words(error: BaseException) -> str:
    """Return an exception's name and message in one line, without addresses, which differ from run to run."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    message = re.sub(r"0x[0-9a-fA-F]+", "0x…", message)
    message = message if len(message) <= 160 else message[:160] + "…"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
