"""What is known of a wrong answer, for those who look for its mistake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FunctionType

import numpy as np

from helpers.exercises.from_scratch import constants, read_arguments
from helpers.exercises.plain import Plain, same
from helpers.exercises.trial import Outcome, Trial

TIGHT = 1e-9  # how well an explanation must fit, relative to the size of the numbers
Call = Callable[[tuple], Outcome]


@dataclass(frozen=True)
class Evidence:
    """What is known of an answer: its ordinary trials, and how to try it and the reference on more."""

    trials: Sequence[Trial]
    names: Sequence[str]
    mine: Call
    ours: Call
    floor: float = 1e-12  # below this a number counts as 0
    answer: object = None

    @property
    def arrays(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The pairs (got, expected), if every trial gave finite numbers in the shape expected; else none."""
        found = [(one.got.value, one.expected.value) for one in self.trials]
        fit = all(finite(got) and finite(right) and got.shape == right.shape for got, right in found)
        return found if fit else []

    def writes(self, number: float) -> bool:
        """Tell whether a number stands in the text of the answer; of what is no function nothing is known."""
        return number in constants(self.answer)

    def reads(self, place: int) -> bool:
        """Tell whether the answer is known to use the argument at this place."""
        return place in read_arguments(self.answer)

    def leaves_out(self, place: int) -> bool:
        """Tell whether the answer is known not to use the argument at this place."""
        return isinstance(self.answer, FunctionType) and not self.reads(place)

    def fits(self, form: Callable[[np.ndarray, Trial], np.ndarray]) -> bool:
        """Tell whether every result is `form(expected, trial)`; two numbers at least must show it."""
        pairs, told = self.arrays, set()
        for (got, right), trial in zip(pairs, self.trials, strict=len(pairs) > 0):
            with np.errstate(all="ignore"):
                wanted = np.asarray(form(right, trial))
            if not same(got, wanted, TIGHT, self.floor):
                return False
            if not same(wanted, right, TIGHT, self.floor):
                told |= set(np.round(right, 12).flat)
        return len(told) >= 2


def as_if(e: Evidence, change: Callable[[tuple], tuple | None]) -> bool:
    """Tell whether the answer gives everywhere what the reference gives for changed arguments."""
    told = 0
    for trial in e.trials:
        given = change(trial.given) if len(trial.given) == len(e.names) else None
        outcome = e.ours(given) if given is not None else Outcome(error="no such case")
        if given is None:
            return False
        if outcome.error or not finite(outcome.value):  # no such label: this case tells nothing
            continue
        if not same(trial.got.value, outcome.value, TIGHT, e.floor):
            return False
        told += not same(trial.expected.value, outcome.value, TIGHT, e.floor)
    return told >= min(2, len(e.trials))


def finite(value: Plain) -> bool:
    """Tell whether this is an array of numbers, none of them NaN or infinite."""
    return isinstance(value, np.ndarray) and bool(np.isfinite(value).all())
