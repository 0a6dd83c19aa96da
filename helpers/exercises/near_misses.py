"""Recognise answers near the right one: another label, the largest row for the mean, an argument as it came.

Like the detectors of general.py, these answer with a sentence, or with "".
"""

from collections.abc import Callable

import numpy as np

from helpers.exercises.evidence import TIGHT, Evidence, finite
from helpers.exercises.plain import Plain, same
from helpers.exercises.trial import Trial

Change = Callable[[np.ndarray], np.ndarray]


def _softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# --- another label, and clipped or unmasked numbers -------------------------------------------------

LABELS: dict[str, Change] = {
    "class 0 in place of `{}`": np.zeros_like,
    "class 1 in place of `{}`": np.ones_like,
    "the last class in place of `{}`": lambda x: np.full_like(x, -1),
    "the other class, 1 − `{}`": lambda x: 1 - x,
}


def other_label(e: Evidence) -> str:
    """Recognise a fixed class, the other one or the likeliest one in the place of the label."""
    for place, name in enumerate(e.names):
        whole = all(np.asarray(one.given[place]).dtype.kind in "iu" for one in e.trials if _has(one, place))
        if not whole or "label" not in name:
            continue
        for said, change in LABELS.items():
            if _right_after(e, place, change, 2, gaps=True):
                return f"Your result is the one for {said.format(name)}. Take `{name}` as it is."
        if _fits(e, lambda trial, place=place: _with_likeliest(trial, place), 2):
            return (f"Your result is the one for the likeliest class, whatever `{name}` says: is there an "
                    "`argmax` where the label belongs?")
    return ""


def _has(trial: Trial, place: int) -> bool:
    return place < len(trial.given) and isinstance(trial.given[place], (int, float, np.ndarray, np.number))


def _changed(trial: Trial, place: int, change: Change) -> tuple | None:
    if not _has(trial, place) or isinstance(trial.given[place], bool):
        return None
    old = np.asarray(trial.given[place])
    try:
        with np.errstate(all="ignore"):
            new = np.asarray(change(old))
    except (ValueError, IndexError, TypeError, np.exceptions.AxisError):
        return None
    if new.shape != old.shape or np.isnan(new).any():
        return None
    value = new.item() if new.ndim == 0 else new
    return (*trial.given[:place], value, *trial.given[place + 1:])


def _right_after(e: Evidence, place: int, change: Change, least: int, gaps: bool = False) -> bool:
    """Tell whether every answer is the right one to the changed case; `least` of them must differ by it.

    gaps: a changed case that does not exist, such as a label beyond the last class, tells nothing.
    """
    return _fits(e, lambda trial: _changed(trial, place, change), least, gaps)


def _with_likeliest(trial: Trial, place: int) -> tuple | None:
    label = trial.given[place]
    for other in trial.given:
        if isinstance(other, np.ndarray) and other.dtype.kind == "f" and np.ndim(other) == np.ndim(label) + 1:
            best = other.argmax(axis=-1)
            best = int(best) if np.ndim(label) == 0 else best
            return (*trial.given[:place], best, *trial.given[place + 1:])
    return None


def _fits(e: Evidence, change: Callable[[Trial], tuple | None], least: int, gaps: bool = False) -> bool:
    told = 0
    for trial in e.trials:
        given = change(trial)
        outcome = e.ours(given) if given is not None else None
        if gaps and outcome and outcome.error:
            continue
        if outcome is None or outcome.error or not isinstance(outcome.value, np.ndarray):
            return False
        if not same(trial.got.value, outcome.value, TIGHT, e.floor):
            return False
        told += not same(trial.expected.value, outcome.value, TIGHT, e.floor)
    return told >= least


EXTREME_CHANGES: dict[str, Change] = {
    "`{}` with 0 in place of −∞": lambda x: np.where(np.isneginf(x), 0, x),
    **{f"`{{}}` cut to between −{bound} and {bound}": lambda x, bound=bound: np.clip(x, -bound, bound)
       for bound in (20, 30, 50, 60, 80, 88, 100, 200, 300, 500, 600, 700, 709, 745)},
    "`{}` with −1e9 in place of −∞": lambda x: np.where(np.isneginf(x), -1e9, x),
}


def changed_extreme(e: Evidence) -> str:
    """Recognise what is right for ordinary numbers, and elsewhere for clipped ones or without the mask."""
    for place, name in enumerate(e.names):
        for said, change in EXTREME_CHANGES.items():
            if _right_after(e, place, change, 1):
                return (f"Right for numbers of ordinary size. Elsewhere your result is the one for "
                        f"{said.format(name)}: that is another question.")
    return ""


# --- some of the rows -------------------------------------------------------------------------------


def _row(trial: Trial, i: int) -> tuple:
    """Return the case with one of its rows, i.e. of the entries along the first axis of its arrays."""
    n = _count(trial)
    return tuple(np.asarray(value)[[i]] if np.ndim(value) and len(value) == n else value
                 for value in trial.given)


def _count(trial: Trial) -> int:
    return next((len(value) for value in trial.given if np.ndim(value)), 0)


TOGETHER: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "the largest": lambda rows: rows.max(axis=0),
    "the smallest": lambda rows: rows.min(axis=0),
    "the median": lambda rows: np.median(rows, axis=0),
    "the sum": lambda rows: rows.sum(axis=0),
    "the product": lambda rows: rows.prod(axis=0),
    "the mean": lambda rows: rows.mean(axis=0),
    "the sum, divided by N − 1,": lambda rows: rows.sum(axis=0) / (len(rows) - 1),
    "the root of the mean square": lambda rows: np.sqrt((rows**2).mean(axis=0)),
    "the mean of the squares": lambda rows: (rows**2).mean(axis=0),
    "the sum of the squares": lambda rows: (rows**2).sum(axis=0),
    "the mean of the absolute values": lambda rows: np.abs(rows).mean(axis=0),
    "the standard deviation": lambda rows: rows.std(axis=0),
}


def rows_put_together(e: Evidence) -> str:
    """Recognise the largest, the median, the sum, … of what comes for each row by itself."""
    return _put_together(e, _single_rows, "row") or _put_together(e, _single_entries, "entry")


def _single_rows(trial: Trial) -> list[tuple]:
    return [_row(trial, i) for i in range(_count(trial))]


def _single_entries(trial: Trial) -> list[tuple]:
    shapes = {np.shape(value) for value in trial.given}
    if len(shapes) > 1 or len(min(shapes)) != 2:
        return []
    n, k = shapes.pop()
    return [tuple(value[i:i + 1, j:j + 1] for value in trial.given) for i in range(n) for j in range(k)]


def _put_together(e: Evidence, parts: Callable[[Trial], list[tuple]], what: str) -> str:
    single = []
    for trial in e.trials:
        cases = parts(trial)
        ours = [e.ours(given) for given in cases]
        if not cases or any(one.error or not finite(one.value) for one in ours):
            return ""
        if len({one.value.shape for one in ours} | {trial.expected.value.shape}) > 1:
            return ""
        single.append(np.array([one.value for one in ours]))
    for said, form in TOGETHER.items():
        told = 0
        with np.errstate(all="ignore"):
            made = [np.asarray(form(rows)) for rows in single]
        if all(same(trial.got.value, one, TIGHT, e.floor) for trial, one in zip(e.trials, made, strict=True)):
            told = sum(not same(trial.expected.value, one, TIGHT, e.floor) and len(rows) > 1
                       for trial, one, rows in zip(e.trials, made, single, strict=True))
        if told >= 2:
            return f"Your result is {said} of what comes for each {what} by itself."
    return ""


# --- what is handed back ----------------------------------------------------------------------------

TAKEN: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "`{}` itself, unchanged": lambda x: x,
    "the sum of `{}`": np.sum,
    "the mean of `{}`": np.mean,
    "the largest entry of `{}`": np.max,
    "the smallest entry of `{}`": np.min,
    "the number of entries of `{}`": lambda x: np.float64(np.size(x)),
    "the place of the largest entry of `{}`": lambda x: np.float64(np.argmax(x)),
    "the exponentials of `{}`": np.exp,
    "the logarithm of `{}`": np.log,
    "the softmax of `{}`": _softmax,
    "the squares of `{}`": np.square,
}


def argument_returned(e: Evidence) -> str:
    """Recognise an argument that is returned as it came, or its sum, mean or maximum."""
    for place, name in enumerate(e.names):
        values = [np.asarray(one.given[place], float) if _has(one, place) else None for one in e.trials]
        if any(value is None or value.size == 0 for value in values):
            continue
        for said, take in TAKEN.items():
            if any(value.ndim == 0 for value in values) and ("itself" not in said):
                continue
            with np.errstate(all="ignore"):
                made = [np.asarray(take(value), float) for value in values]
            if len({str(one) for one in made}) > 1 and all(
                    same(one.got.value, wanted, TIGHT, e.floor)
                    for one, wanted in zip(e.trials, made, strict=True)):
                return f"You return {said.format(name)}. That is not yet what is asked for."
    return ""


def too_many_results(e: Evidence) -> str:
    """Recognise a pair, or more, of which one is right and the only one that is asked for."""
    def entries(value: Plain) -> list:
        if isinstance(value, tuple):
            return list(value)
        return list(value) if isinstance(value, np.ndarray) and value.ndim else []

    if any(trial.got.several < 2 or isinstance(trial.expected.value, (tuple, dict)) for trial in e.trials):
        return ""
    for place, word in enumerate(("first", "second", "third")):
        found = [entries(trial.got.value) for trial in e.trials]
        if all(len(some) > place and same(np.asarray(some[place], float) if np.ndim(some[place]) == 0
                                          else some[place], trial.expected.value, 1e-6, e.floor)
               for some, trial in zip(found, e.trials, strict=True)):
            return f"You return {len(found[0])} results; the {word} is right, and is all that is asked for."
    return ""


# --- the place of the label ------------------------------------------------------------------------


def label_place(e: Evidence) -> str:
    """Recognise what is right everywhere but at the label, or there only."""
    places = [place for place, name in enumerate(e.names) if "label" in name]
    pairs = e.arrays
    if not places or not pairs:
        return ""
    at, off = [], []
    for (got, right), trial in zip(pairs, e.trials, strict=True):
        label, mask = trial.given[places[0]], np.zeros(right.shape, bool)
        try:
            if np.ndim(label) == 0:
                mask[int(label)] = True
            else:
                mask[np.arange(len(label)), label] = True
        except (IndexError, ValueError, TypeError):
            return ""
        wrong = ~np.isclose(got, right, rtol=TIGHT, atol=e.floor)
        if right.ndim == 0 or mask.all():
            return ""
        at.append((wrong & mask).any())
        off.append((wrong & ~mask).any())
        if np.ndim(label) and wrong.any(axis=tuple(range(1, wrong.ndim))).sum() == 1 < len(label):
            return ""  # one row only: that is no matter of the label
    if sum(at) >= 2 and not any(off):
        return ("All is right except at the label: look again at what should stand there, and at how your "
                "function comes to it.")
    if sum(off) >= 2 and not any(at):
        return "Only what stands at the label is right; what the other classes get is not."
    return ""
