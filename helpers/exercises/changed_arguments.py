"""Recognise an answer that is right for other arguments: their square, a sorted copy, another, a number."""

import math
from collections.abc import Callable

import numpy as np

from helpers.exercises.evidence import TIGHT, Evidence, as_if, finite
from helpers.exercises.plain import same

Change = Callable[[np.ndarray], object]

NUMBERS: dict[str, Change] = {  # what a number, or every entry of an array, may be taken for
    "minus `{}`": lambda v: -v,
    "the square of `{}`": np.square,
    "the root of `{}`": np.sqrt,
    "1/`{}`": lambda v: 1 / v,
    "twice `{}`": lambda v: 2 * v,
    "half of `{}`": lambda v: v / 2,
    "`{}` + 1": lambda v: v + 1,
    "`{}` − 1": lambda v: v - 1,
    "1 − `{}`": lambda v: 1 - v,
    "|`{}`|, without its sign,": np.abs,
    "ln `{}`": np.log,
    "e to the power of `{}`": np.exp,
    "0.6931 · `{}` (powers of 2 in place of powers of e?)": lambda v: v * math.log(2),
    "2.3026 · `{}` (powers of 10 in place of powers of e?)": lambda v: v * math.log(10),
    "`{}` rounded to a whole number": np.rint,
    "`{}` without its decimals": np.trunc,
    "`{}` rounded down (`//`?)": np.floor,
}
ARRAYS: dict[str, Change] = {
    "`{}` sorted": np.sort,
    "`{}` sorted downwards": lambda v: np.sort(v)[..., ::-1],
    "`{}` in reverse order": lambda v: v[::-1],
    "`{}` shifted by one place": lambda v: np.roll(v, 1, axis=0),
    "`{}` shifted back by one place": lambda v: np.roll(v, -1, axis=0),
    "`{}` divided by its sum": lambda v: v / v.sum(),
    "`{}` divided by its largest entry": lambda v: v / v.max(),
    "`{}` less its mean": lambda v: v - v.mean(),
    "`{}` less its largest entry": lambda v: v - v.max(),
    "`{}` less its mean and divided by its scale": lambda v: (v - v.mean()) / v.std(),
    "the softmax of `{}`": lambda v: np.exp(v - v.max()) / np.exp(v - v.max()).sum(),
    "the sigmoid of `{}`": lambda v: 1 / (1 + np.exp(-v)),
    "the mean of `{}` everywhere": lambda v: np.full_like(v, v.mean()),
    "the largest entry of `{}` everywhere": lambda v: np.full_like(v, v.max()),
    "the first entry of `{}` everywhere": lambda v: np.full_like(v, v.flat[0]),
    "the last entry of `{}` everywhere": lambda v: np.full_like(v, v.flat[-1]),
}
SUMMARIES: dict[str, Change] = {  # what is made of an array and taken for a number that was handed in
    "the mean of `{}`": np.mean,
    "the scale of `{}`": np.std,
    "the variance of `{}`": np.var,
    "the sum of `{}`": np.sum,
    "the largest entry of `{}`": np.max,
    "the smallest entry of `{}`": np.min,
    "the first entry of `{}`": lambda v: v.flat[0],
    "the last entry of `{}`": lambda v: v.flat[-1],
    "the number of entries of `{}`": np.size,
}
POSITIONS: dict[str, Change] = {  # … and for a label
    "the place of the largest entry of `{}`": np.argmax,
    "the place of the smallest entry of `{}`": np.argmin,
    "the last place of `{}`": lambda v: len(v) - 1,
}
FIXED = (1, 2, 0, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 32, 50, 60, 64, 100, 128, 1000,
         0.5, 0.1, 0.2, 0.25, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 0.99, 0.01, 0.001, 1.5, math.e)  # fmt: skip


def other_form(e: Evidence) -> str:
    """Recognise an argument that is squared, sorted, normalised, … before it is used."""
    for place, name in enumerate(e.names if len(e.trials) >= 2 else ()):
        for said, change in _forms(e, place).items():
            if as_if(e, _with(place, lambda given, change=change, place=place: change(given[place]))):
                return f"Your result is what comes of {said.format(name)} in place of `{name}`."
    return ""


def other_argument(e: Evidence) -> str:
    """Recognise an argument in whose place stands another one, or something made of it."""
    for place, name in enumerate(e.names if len(e.trials) >= 2 else ()):
        for other, its_name in enumerate(e.names):
            if other == place:
                continue
            for said, change in _made_of(e, place, other).items():
                if as_if(e, _with(place, lambda given, change=change, other=other: change(given[other]))):
                    return f"Your result is what comes of {said.format(its_name)} in place of `{name}`."
    return ""


def fixed_value(e: Evidence, place: int) -> str:
    """Return the number that stands in the place of an argument, as words after "right", or ""."""
    values = [trial.given[place] for trial in e.trials if place < len(trial.given)]
    whole = all(_kind(value) == "iu" for value in values)
    seen = {float(v) for value in values for v in np.ravel(value)[:3]} if _plain(values) else set()
    for number in [*FIXED, *sorted(seen - set(FIXED))]:
        if whole and number != int(number):
            continue
        fixed = int(number) if whole else float(number)
        if _gives(e, _with(place, lambda given, fixed=fixed: _like(given[place], fixed))):
            every = "every entry of " if np.ndim(values[0]) else ""
            return f"It would be right if {every}`{e.names[place]}` were {fixed:.4g}."
    return ""


def _forms(e: Evidence, place: int) -> dict[str, Change]:
    values = [trial.given[place] for trial in e.trials if place < len(trial.given)]
    if not _plain(values):
        return {}
    kinds = {_kind(value) for value in values}
    forms = NUMBERS if kinds == {"f"} else {}
    if all(np.ndim(value) == 1 for value in values):
        forms = forms | (ARRAYS if kinds == {"f"} else dict(list(ARRAYS.items())[:5]))
    return forms


def _made_of(e: Evidence, place: int, other: int) -> dict[str, Change]:
    pairs = [(one.given[place], one.given[other]) for one in e.trials if len(one.given) == len(e.names)]
    if not pairs or not _plain([value for pair in pairs for value in pair]):
        return {}
    if all(_kind(a) == _kind(b) and np.shape(a) == np.shape(b) for a, b in pairs):
        return {"`{}`": lambda v: v}
    if all(np.ndim(a) == 0 and np.ndim(b) == 1 for a, b in pairs):
        kinds = {_kind(a) for a, _ in pairs}
        return SUMMARIES if kinds == {"f"} else POSITIONS if kinds == {"iu"} else {}
    return {}


def _with(place: int, value: Callable[[tuple], object]) -> Callable[[tuple], tuple]:
    def changed(given: tuple) -> tuple:
        given = tuple(np.float64(one) if type(one) is float else one for one in given)
        with np.errstate(all="ignore"):
            return (*given[:place], value(given), *given[place + 1:])

    return changed


def _gives(e: Evidence, change: Callable[[tuple], tuple]) -> bool:
    """Tell whether the answer gives everywhere what the reference gives for changed arguments."""
    told = 0
    for trial in e.trials:
        if len(trial.given) != len(e.names):
            return False
        ours = e.ours(change(trial.given))
        if ours.error or not finite(ours.value) or not same(trial.got.value, ours.value, TIGHT, e.floor):
            return False
        told += not same(trial.expected.value, ours.value, TIGHT, e.floor)
    return told >= 1 and len(e.trials) >= 3


def _like(value: object, number: float) -> object:
    return np.full_like(value, number) if isinstance(value, np.ndarray) else number


def _plain(values: list) -> bool:
    return bool(values) and all(_kind(value) in ("f", "iu") for value in values)


def _kind(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number, np.ndarray)):
        return ""
    kind = np.asarray(value).dtype.kind
    return "iu" if kind in "iu" else kind
