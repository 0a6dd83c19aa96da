"""Recognise two known mistakes at once: each in its own result, or one with the sign turned as well.

Like the detectors of general.py, these answer with a name and a sentence, or with None.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from helpers.exercises.evidence import finite
from helpers.exercises.general import entries, part, pick
from helpers.exercises.plain import same
from helpers.exercises.trial import Mistake, Outcome, Trial, run


def two_mistakes(
    mistakes: Sequence[Mistake], ordinary: Sequence[Trial], floor: float
) -> tuple[str, str] | None:
    """Return what is said of two mistakes at once, or None; below `floor` a number counts as 0."""
    return _in_several(mistakes, ordinary) or _with_its_sign(mistakes, ordinary, floor)


def _in_several(mistakes: Sequence[Mistake], ordinary: Sequence[Trial]) -> tuple[str, str] | None:
    """Recognise two known mistakes, each in its own part of several results."""
    split = [entries(trial) for trial in ordinary]
    if not split[0] or any(keys != split[0] for keys in split):
        return None
    parts = {key: [part(trial, key) for trial in ordinary] for key in split[0]}
    wrong = {key for key, trials in parts.items() if not all(trial.right for trial in trials)}
    found: list[tuple[set, Mistake]] = []
    for mistake in mistakes:
        if "right" in mistake.advice:  # that would be said of the other part
            continue
        for form in (mistake.wrong, *mistake.also):
            made = [run(form, trial.given).value for trial in ordinary]
            mine = {key for key in wrong if _all_are(made, [trial.got for trial in parts[key]], key)}
            rest = all(_all_are(made, [trial.expected for trial in parts[key]], key)
                       for key in parts.keys() - mine)
            if mine and rest:
                found.append((mine, mistake))
    for (some, one), (others, other) in combinations(found, 2):
        if not some & others and some | others == wrong:
            return f"{one.name}, {other.name}", f"Two things at once. {one.advice} {other.advice}"
    return None


def _with_its_sign(
    mistakes: Sequence[Mistake], ordinary: Sequence[Trial], floor: float
) -> tuple[str, str] | None:
    """Recognise a known mistake whose results came with the sign turned."""
    if not all(finite(trial.got.value) for trial in ordinary):
        return None
    for mistake in mistakes:
        for form in (mistake.wrong, *mistake.also):
            made = [run(form, trial.given).value for trial in ordinary] if callable(form) else [None]
            if _told_by(made, ordinary) and all(
                    same(trial.got.value, -one, 1e-9, floor)
                    for trial, one in zip(ordinary, made, strict=True)):
                return mistake.name, ("Two things at once. Your results have the other sign; with it "
                                      f"turned they are what a common mistake gives. {mistake.advice}")
    return None


def _all_are(made: list, wanted: Sequence[Outcome], key: object) -> bool:
    """Tell whether a part of what was made is, case by case, what is wanted."""
    pairs = zip((pick(value, key) for value in made), wanted, strict=True)
    return all(value is not None and same(value, one.value, 1e-9, 1e-12) for value, one in pairs)


def _told_by(made: list, trials: Sequence[Trial]) -> bool:
    """Tell whether these are finite numbers, of which three at least are different and none is all of 0."""
    if not all(isinstance(one, np.ndarray) and np.isfinite(one).all() for one in made):
        return False
    fit = all(isinstance(trial.got.value, np.ndarray) and one.shape == trial.got.value.shape
              for one, trial in zip(made, trials, strict=True))
    return fit and len({number for one in made for number in np.round(np.ravel(one), 9)} - {0.0}) >= 3
