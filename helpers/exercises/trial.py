"""What came of trying a learner's answer on the cases, and how a known mistake shows in it."""

import builtins
import contextlib
import copy
import io
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.exercises.plain import Plain, Unreadable, error_words, freeze, same, single_precision
from helpers.exercises.time_limit import TimeIsUp

DEEP = 4000  # calls inside one another: what a thread's stack holds in any case
ENDLESS = f"RecursionError: it calls itself more than {DEEP} times without coming to an end."


@dataclass(frozen=True)
class Outcome:
    """What came of one case: a frozen value or an error, and the names of the arguments that were changed."""

    value: Plain = None
    error: str | None = None
    changed: tuple[str, ...] = ()
    printed: str = ""  # the beginning of what it printed on the way
    several: int = 0  # how many results a tuple or list had
    single: bool = False  # whether the numbers came as float32 or shorter

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


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners really give, and the advice for it.

    An answer is recognised by giving what `wrong` (or one of `also`: the same mistake in another form) gives
    in every ordinary case, and in the extreme cases, too, if it is right in the ordinary ones; or by
    `when(trials)` being true; what there is for that stands below.
    """

    name: str
    wrong: object
    advice: str
    when: Recognise | None = None
    also: Sequence[object] = ()


def run(answer: object, case: tuple, names: Sequence[str] = ()) -> Outcome:
    """Call a function with copies of the arguments, or read a value; whatever happens is an outcome.

    Only what interrupts it passes: the keyboard, and the limit of time.
    """
    outcome = _run(answer, case, names)
    if outcome.error == ENDLESS and sys.platform != "emscripten" and sys.getrecursionlimit() < DEEP:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(DEEP)  # a recursion may be deep and still end
        try:
            outcome = _run(answer, case, names)
        finally:
            sys.setrecursionlimit(usual)
    return outcome


def _run(answer: object, case: tuple, names: Sequence[str]) -> Outcome:
    # numbers with the methods of arrays: the answer may be written for either
    given = tuple(np.float64(one) if type(one) is float else copy.deepcopy(one) for one in case)
    with _apart() as page:
        try:
            value = answer(*given) if callable(answer) else answer
            frozen = freeze(value)
            changed = [name for name, before, after in zip(names, case, given, strict=False)
                       if not same(freeze(before), freeze(after))]
        except (KeyboardInterrupt, TimeIsUp):
            raise
        except RecursionError:
            return Outcome(error=ENDLESS, printed=page.text)
        except SystemExit:
            error = "SystemExit: `exit` and `quit` end the program; `return` ends a function."
            return Outcome(error=error, printed=page.text)
        except BaseException as error:
            return Outcome(error=error_words(error), printed=page.text)
    several = len(value) if isinstance(value, (tuple, list)) else 0
    return Outcome(frozen, None, tuple(changed), page.text, several, single_precision(value))


class Page(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    ROOM = 400

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep `text` as long as there is room."""
        if len(self.text) <= self.ROOM:
            self.text += text
            if len(self.text) > self.ROOM:
                self.text = f"{self.text[: self.ROOM]} …\n"
        return len(text)


@contextlib.contextmanager
def _apart() -> Iterator[Page]:
    """Let nothing of what the learner's code does get out: prints, displays, questions, `exit()`."""
    page, ipython = Page(), sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    with contextlib.ExitStack() as stack:
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stdout(page))
        stack.enter_context(contextlib.redirect_stderr(page))
        stack.callback(_put_back, dict(vars(np)))
        set_limit = sys.setrecursionlimit
        sys.setrecursionlimit = lambda limit: set_limit(min(limit, DEEP))  # a stack has an end
        stack.callback(setattr, sys, "setrecursionlimit", set_limit)
        stack.callback(set_limit, sys.getrecursionlimit())
        stack.callback(setattr, builtins, "input", builtins.input)
        builtins.input = _nobody_asked
        if hasattr(ipython, "ask_exit"):
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False, display=True))
            leave, ipython.ask_exit = ipython.ask_exit, sys.exit  # it would end the kernel after the cell
            stack.callback(setattr, ipython, "ask_exit", leave)
        yield page


def _nobody_asked(*_: object) -> None:
    raise EOFError("`input` has nobody to ask here; all that is needed is in the arguments.")


def _put_back(before: dict) -> None:
    """Give NumPy back the functions that were replaced: the check computes with them."""
    now = vars(np)
    if any(now.get(name) is not value for name, value in before.items()):
        now.update(before)


def decisive(trials: Sequence[Trial]) -> list[Trial]:
    """Return the wrong trials that tell what is wrong: the ordinary ones or, if all are right, the extreme.

    A formula that is wrong everywhere usually overflows, too; to speak of that first would be no help.
    """
    wrong = [trial for trial in trials if not trial.right]
    return [trial for trial in wrong if not trial.extreme] or wrong


def anywhere(test: Callable[[Trial], bool]) -> Recognise:
    """Recognise an answer by one wrong case with a result of which `test` is true."""
    return lambda trials: any(gave_numbers(trial) and test(trial) for trial in decisive(trials))


def everywhere(test: Callable[[Trial], bool]) -> Recognise:
    """Recognise an answer with numbers in every ordinary case of which `test` is true."""
    return lambda trials: all(gave_numbers(one) and test(one) for one in trials if not one.extreme)


def gave_numbers(trial: Trial) -> bool:
    """Tell whether something came that can be right or wrong: no error, `None`, text, and not only NaN."""
    value = trial.got.value
    if trial.got.error or value is None or value is ... or isinstance(value, (str, Unreadable)):
        return False
    return not (isinstance(value, np.ndarray) and value.size and np.isnan(value).all())


def raises(*texts: str) -> Recognise:
    """Recognise an answer that fails with an error whose name or message contains one of the texts."""
    return lambda trials: any(text in (one.got.error or "") for one in decisive(trials) for text in texts)


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
