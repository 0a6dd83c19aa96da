"""Recognise an answer that looks at a part of its data only, or has their number written into the code."""

from collections.abc import Sequence

import numpy as np

from helpers.exercises.evidence import TIGHT, Evidence, finite
from helpers.exercises.plain import Plain, same
from helpers.exercises.trial import Trial

PARTS = {
    "that of the first entry alone: a `return` inside the loop (indented too far) ends it in its first "
    "round, and an index `[0]` takes no more either.": slice(0, 1),
    "that of the last entry alone: in a loop `=` keeps only the last term, `+=` adds them up.":
        slice(-1, None),
    "that without the last entry: does `range(…)` or a slice end one too early?": slice(0, -1),
    "that without the first entry: does `range(…)` or a slice start at 1?": slice(1, None),
}
SIZES = (3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 50, 60, 64, 100, 128, 1000)


def part_only(e: Evidence) -> str:
    """Recognise a sum (or mean) that leaves out all but the first or last, or just that one."""
    for names in _groups(e):
        for said, part in PARTS.items():
            if _fits(e, names, part):
                return f"Your result is {said.replace('entry', f'entry of `{names[0]}`', 1)}"
    return ""


def _groups(e: Evidence) -> list[list[str]]:
    """Return the groups of arguments that have the same number of entries or rows in every case."""
    groups: list[list[str]] = []
    for place, name in enumerate(e.names):
        sizes = _sizes(e, place)
        if None in sizes:
            continue
        for group in groups:
            if _sizes(e, list(e.names).index(group[0])) == sizes:
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


def _sizes(e: Evidence, place: int) -> list[int | None]:
    values = [trial.given[place] if place < len(trial.given) else None for trial in e.trials]
    return [len(v) if isinstance(v, np.ndarray) and v.ndim else None for v in values]


def _fits(e: Evidence, names: Sequence[str], part: slice) -> bool:
    places, told = [list(e.names).index(name) for name in names], 0
    factors: set[int] | None = None  # which ways of dividing are still possible
    for trial in e.trials:
        size = len(trial.given[places[0]])
        if size < 2:
            continue
        given = tuple(v[part] if i in places else v for i, v in enumerate(trial.given))
        ours = e.ours(given)
        if ours.error or not finite(ours.value) or not finite(trial.got.value):
            return False
        possible = {number for number, factor in enumerate(_factors(trial, given, places))
                    if _same(trial.got.value, ours.value * factor, e.floor)}
        factors = possible if factors is None else factors & possible
        if not factors:
            return False
        told += not same(trial.got.value, trial.expected.value, TIGHT, e.floor)
    return told >= 2


def _factors(trial: Trial, given: tuple, places: list[int]) -> list[float]:
    """Return by what a sum over a part may be divided in the answer, compared with that part's own."""
    factors = [1.0, len(given[places[0]]) / len(trial.given[places[0]])]
    for place in places:
        whole = trial.given[place]
        total = whole.sum() if whole.ndim == 1 else 0
        factors.append(float(given[place].sum() / total) if total else np.nan)
    return factors


def _same(got: Plain, wanted: np.ndarray, floor: float) -> bool:
    return same(np.asarray(np.squeeze(got)), np.asarray(np.squeeze(wanted)), TIGHT, floor)


def size_in_the_code(e: Evidence) -> str:
    """Recognise what is right for one number of entries, tried with the data cut or repeated to others."""
    for names in _groups(e):
        places = [list(e.names).index(name) for name in names]
        right, wrong = [], []
        for size in SIZES:
            verdicts = [_right_at(e, trial, places, size) for trial in e.trials]
            known = [one for one in verdicts if one is not None]
            if len(known) >= 2:
                (right if all(known) else wrong).append(size)
        if len(right) == 1 and len(wrong) >= 5 and e.writes(right[0]):
            return (f"It is right when `{names[0]}` has {right[0]} entries and for no other number: is "
                    f"{right[0]} written into the code where their number (`len({names[0]})`) is meant?")
    return ""


def _right_at(e: Evidence, trial: Trial, places: list[int], size: int) -> bool | None:
    def cut(value: np.ndarray) -> np.ndarray:
        new = np.take(value, np.arange(size) % len(value), axis=0)
        sums_to_1 = value.dtype.kind == "f" and value.ndim == 1 and abs(value.sum() - 1) < 1e-9
        return new / new.sum() if sums_to_1 and new.sum() else new

    given = tuple(cut(v) if i in places else v for i, v in enumerate(trial.given))
    ours = e.ours(given)
    if ours.error or not finite(ours.value):
        return None
    return same(e.mine(given).value, ours.value, 1e-6, 1e-9)
