"""What came of trying a learner's answer on the cases, and how a known mistake shows in it."""

import copy
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.exercises.plain import Plain, error_words, freeze, same


@dataclass(frozen=True)
class Outcome:
    """What came of one case: a frozen value or an error, and the names of the arguments that were changed."""

    value: Plain = None
    error: str | None = None
    changed: tuple[str, ...] = ()

    @property
    def error_name(self) -> str | None:
        """The class of the error, without its message."""
        return self.error and self.error.partition(":")[0]


@dataclass(frozen=True)
class Trial:
    """One case: its arguments, what came and what should have come, and whether the two agree."""

    given: tuple
    got: Outcome
    expected: Outcome
    right: bool
    extreme: bool = False


Recognise = Callable[[Sequence[Trial]], bool]


def run(answer: object, case: tuple, names: Sequence[str] = ()) -> Outcome:
    """Call a function with copies of the arguments, or read a value; whatever happens is an outcome.

    Only an interrupt from the keyboard passes: that is how the learner stops an endless loop.
    """
    given = copy.deepcopy(case)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = freeze(answer(*given) if callable(answer) else answer)
            changed = [name for name, before, after in zip(names, case, given, strict=False)
                       if not same(freeze(before), freeze(after))]
    except KeyboardInterrupt:
        raise
    except RecursionError:
        return Outcome(error="RecursionError: it calls itself without end.")
    except BaseException as error:  # SystemExit, too: the learner's code must not end the kernel's cell
        return Outcome(error=error_words(error))
    return Outcome(value, changed=tuple(changed))


def decisive(trials: Sequence[Trial]) -> list[Trial]:
    """Return the wrong trials that tell what is wrong: the ordinary ones or, if all are right, the extreme.

    A formula that is wrong everywhere usually overflows, too; to speak of that first would be no help.
    """
    wrong = [trial for trial in trials if not trial.right]
    return [trial for trial in wrong if not trial.extreme] or wrong


def anywhere(test: Callable[[Trial], bool]) -> Recognise:
    """Recognise an answer by one wrong case of which `test` is true."""
    return lambda trials: any(map(test, decisive(trials)))


def everywhere(test: Callable[[Trial], bool]) -> Recognise:
    """Recognise an answer of which `test` is true in every ordinary case."""
    return lambda trials: all(test(trial) for trial in trials if not trial.extreme)


def raises(*texts: str) -> Recognise:
    """Recognise an answer that fails with an error whose name or message contains one of the texts."""
    return anywhere(lambda trial: any(text in (trial.got.error or "") for text in texts))


def sign_turned(trials: Sequence[Trial]) -> bool:
    """Recognise an answer that is minus the right one in every ordinary case in which it is finite."""
    finite = [one for one in trials if not one.extreme and _finite(one.got) and _finite(one.expected)]
    return any(not one.right for one in finite) and all(
        same(one.got.value, np.array(-one.expected.value), rtol=1e-9, atol=1e-12) for one in finite
    )


def single_numbers_only(trials: Sequence[Trial]) -> bool:
    """Recognise an answer that is right wherever a single number is expected, and wrong for an array."""
    ordinary = [trial for trial in trials if not trial.extreme]
    numbers = [trial.right for trial in ordinary if np.ndim(trial.expected.value) == 0]
    return bool(numbers) and all(numbers) and not all(trial.right for trial in ordinary)


def _finite(outcome: Outcome) -> bool:
    return isinstance(outcome.value, np.ndarray) and bool(np.isfinite(outcome.value).all())
