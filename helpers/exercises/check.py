"""Checks of the learner's answers that name the mistake made.

How an exercise stands in a notebook (tests/test_exercises.py holds every lesson to it):

1. The section "Set-up" has the imports, `from helpers.exercises import lesson_03 as ex` among them.
2. A Markdown cell sets the task.
3. One code cell holds the stub and, as its last line, the check, so that running it always judges what is
   written there now. A stub returns `...`, or is `...` where a value is asked for:

       def softmax_rows(f):
           return ...

       softmax_rows = ex.softmax_rows.check(softmax_rows)

   It is saved as executed: "not attempted yet". The name then stands for the lesson's own solution, so
   that later cells can use it in any case.
4. The very next cell is Markdown, word for word what `print(ex.softmax_rows.details())` writes: the hints
   and the solution, folded.

A prediction stands round an explorer: a code cell with nothing but `ex.shift.ask()`, the explorer, and a
code cell with nothing but `ex.shift.explain()`; see predict.py.
"""

import contextlib
import dis
import inspect
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import FunctionType

import numpy as np

from helpers.exercises.changed import as_if_changed
from helpers.exercises.evidence import TIGHT, Evidence, finite
from helpers.exercises.from_scratch import borrowed, uses_single
from helpers.exercises.general import ERRORS, EXTREME, PART, entries, explain, names_of_results, part, pick
from helpers.exercises.limits import at_the_limit
from helpers.exercises.plain import Plain, freeze, holds_ellipsis, same, shape, tell_apart, words
from helpers.exercises.python_errors import meaning
from helpers.exercises.reading import hint, slip, without_except
from helpers.exercises.repair import REPAIRED, repaired, varied
from helpers.exercises.results import record
from helpers.exercises.saved_output import GREEN, GREY, ORANGE, card, inline, show
from helpers.exercises.time_limit import WAITING, Expired, TimeIsUp, limited
from helpers.exercises.trial import ENDLESS, Mistake, Outcome, Trial, decisive, run
from helpers.exercises.two_mistakes import two_mistakes

CORRECT, WRONG, UNTOUCHED, STAND_IN = "correct", "not yet", "not attempted yet", "the lesson's own solution"
INTERRUPTED = "interrupted"
MOST_SHOWN = 6  # arguments whose values a counter-example shows; of more, the shapes
NO_CODE = "Voilà shows no code: open the lesson in JupyterLab (`python3 run.py lab`) or on its web page."
SINGLE = {"rtol": 2e-5, "atol": 1e-6}  # what float32 can hold after a few operations
CHANGED = "a right answer with one change"
KEPT = "kept between calls"
VAGUE = {
    "unused_argument", "constant", "one_size_only", "all_but_one_place", PART, "other_form", "other_argument",
    "label_place", "rows_put_together", "some_never_written", "first_row_only_right", "nothing_but_zeros",
    "whole_numbers",
}  # fmt: skip
SURE = {  # said beside what is vague
    "return in the loop", "overwritten in the loop", "loop starts at 1", "sum so far",
    "halved in every round",
}  # fmt: skip
DETAILS = {"another function", "small number"}  # said beside a number that was limited or rounded
UNSURE = {"number written in"}  # findings that give way to what an error means
NO_SLIP = {"EOFError", "SystemExit"}  # errors that no change of a place mends
_BUSY: set[str] = set()  # the exercises whose answers are being tried at the moment
COLOURS = {CORRECT: GREEN, WRONG: ORANGE}


@dataclass(frozen=True)
class Property:
    """Something that must hold for the learner's answer (`holds(answer)` is true), and what to say if not.

    The advice is a text, or a function that makes one from the answer.
    """

    holds: Callable[[object], bool]
    advice: str | Callable[[object], str]


@dataclass(frozen=True)
class Verdict:
    """What `check` says: status, text, the mistake it recognised, if any, and what the answer printed."""

    status: str
    text: str
    mistake: str | None = None
    printed: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Exercise:
    """One task, its right answer, and what is known of wrong ones.

    reference: a function of the registry itself (a lambda), or the value where a value is asked for.
    cases: argument tuples for a function, the simplest first: the first that fails is the counter-example.
    extreme: further ones, where a formula that is right on paper overflows or loses its digits. They count
        only once all `cases` are right: known mistakes are looked for in `cases` first.
    from_scratch: a right function that uses something of `helpers` is asked to do the work itself.
    shown: one sentence, what a right answer has shown.
    hints, solution: folded under the exercise; Markdown, and the source of a whole answer.
    A value with properties is right when all of them hold; `reference` is then one of several right answers.
    seconds: how long all cases together may compute.
    double: the digits of float64 are what the task is about; elsewhere results in float32 are right.
    also_right: other right answers, so that one small change of them is recognised, too: see changed.py.
    """

    name: str
    reference: object
    shown: str
    mistakes: Sequence[Mistake]
    hints: Sequence[str]
    solution: str
    cases: Sequence[tuple] = ((),)
    extreme: Sequence[tuple] = ()
    properties: Sequence[Property] = ()
    rtol: float = 1e-9
    atol: float = 1e-12
    from_scratch: bool = True
    seconds: float = 5.0
    double: bool = False
    also_right: Sequence[str] = ()

    def __repr__(self) -> str:
        return f"Exercise({self.name!r})"

    def check(self, answer: object) -> object:
        """Say how good the answer is; return it if it is right, otherwise the reference. Never raises."""
        try:
            verdict = self.judge(answer)
        except KeyboardInterrupt:
            verdict = Verdict(INTERRUPTED, "You stopped it before all cases were tried; run the cell again.")
        text = verdict.text
        if verdict.status == UNTOUCHED and os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
            text = NO_CODE
        if verdict.status in (CORRECT, WRONG):  # the others say nothing about the learner's answer
            text = f"{text} {self._record(verdict)}".rstrip()
        if verdict.printed:
            print(verdict.printed, end="" if verdict.printed.endswith("\n") else "\n")
        word, colour = verdict.status.capitalize(), COLOURS.get(verdict.status, GREY)
        rich = f"<p><code>{self.name}</code>: <strong>{word}.</strong> {inline(text)}</p>"
        show(f"{self.name}: {verdict.status}. {text}", card(rich, colour))
        return answer if verdict.status == CORRECT else self.reference

    def _record(self, verdict: Verdict) -> str:
        said = verdict.text if verdict.status == WRONG else ""  # a right answer stays one, whatever it is
        return record(self.name, verdict.status, verdict.mistake, said)

    def judge(self, answer: object) -> Verdict:
        """Return the verdict on an answer without displaying or recording it."""
        wants_function = callable(self.reference)
        if answer is ...:
            return Verdict(UNTOUCHED, "Replace the `...` and run this cell again.")
        if answer is self.reference and (wants_function or type(answer) is float):
            return Verdict(STAND_IN, "It took the place of your answer: run the cell that defines yours.")
        if wants_function and not callable(answer):
            return Verdict(WRONG, self._not_a_function(answer))
        if callable(answer) and not wants_function:
            return Verdict(WRONG, "A value is asked for, but this is a function: did you forget to call it?")
        if self.name in _BUSY:
            raise RuntimeError(f"`{self.name}` is checked inside itself: the check stands below it.")
        _BUSY.add(self.name)
        started = time.process_time()
        try:
            with limited(self.seconds):
                return self._judge(answer)
        except (Expired, TimeIsUp) as expired:  # interrupted once more on the way out
            where = f" It was then in {expired}." if str(expired) else ""
            waited = time.process_time() - started < self.seconds
            said = f"{self.seconds * (WAITING if waited else 1):g} seconds{'' if waited else ' of computing'}"
            return Verdict(WRONG, f"Stopped after {said}.{where} A loop there never ends (does its condition "
                                  "ever become false?), or it is very slow.", "too slow")
        finally:
            _BUSY.discard(self.name)

    def _judge(self, answer: object) -> Verdict:
        started = time.process_time()
        trials = self._trials(answer)
        soon = time.process_time() - started < 1
        if any(_ellipsis_left(trial.got) for trial in trials):
            return Verdict(UNTOUCHED, "There is still a `...` in it: replace it and run this cell again.")
        wrong = decisive(trials)
        broken = self._broken_property(answer) if self._several_right or not wrong else None
        printed = (wrong or trials)[0].got.printed
        if broken or (wrong and not self._several_right):
            verdict = self._slip(answer, wrong) or self._known_mistake(trials) or broken
            verdict = verdict or self._hidden_error(answer, wrong)
            verdict = verdict or self._general_mistake(answer, trials)
            return replace(verdict or self._counter_example(answer, wrong[0]), printed=printed)
        if callable(answer) and soon and not self._lasting(answer, trials):
            return Verdict(WRONG, "Right at first. Called again with the same arguments your function gives "
                                  "another result: something is kept from one call to the next. Make it anew "
                                  "inside the function.", KEPT, printed)
        changed = [name for name in self._arguments if any(name in trial.got.changed for trial in trials)]
        if changed:
            return Verdict(WRONG, _writes(changed, dict(zip(self._arguments, trials[0].given, strict=False))),
                           "argument changed", printed)
        name = run(lambda: borrowed(answer), ()).value if callable(answer) and self.from_scratch else None
        if name:
            return Verdict(WRONG, f"The results are right, but your function uses `{name}` from `helpers`, "
                                  "and this exercise is to write the formula yourself: NumPy is enough.",
                           "made with helpers", printed)
        return Verdict(CORRECT, self.shown, printed=printed)

    def details(self) -> str:
        """Return the folded hints and solution as Markdown, for the cell after the exercise."""
        folds = [(f"Hint {i} of {len(self.hints)}", hint) for i, hint in enumerate(self.hints, 1)]
        folds.append(("Solution", f"```python\n{self.solution.strip()}\n```"))
        return "\n\n".join(f"<details><summary>{a}</summary>\n\n{b}\n\n</details>" for a, b in folds)

    @property
    def _several_right(self) -> bool:
        return bool(self.properties) and not callable(self.reference)

    @property
    def _arguments(self) -> list[str]:
        return list(inspect.signature(self.reference).parameters) if callable(self.reference) else []

    def _trials(self, answer: object) -> list[Trial]:
        ordinary = len(self.cases)
        single = bool(run(lambda: uses_single(answer), ()).value)
        return [
            Trial(case, got, right, self._agree(got, right), extreme=number >= ordinary)
            for number, case in enumerate([*self.cases, *self.extreme])
            for got, right in [(self._on(answer, case, single), run(self.reference, case))]
        ]

    def _on(self, answer: object, case: tuple, single: bool) -> Outcome:
        """Try one case; numbers of an answer that computes in float32 on the way count as float32."""
        outcome = run(answer, case, self._arguments)
        return replace(outcome, single=outcome.single or single)

    def _lasting(self, answer: object, trials: list[Trial]) -> bool:
        """Tell whether a right function is right again, at once and after other cases."""
        return all(self._agree(replace(run(answer, one.given), single=one.got.single), one.expected)
                   for one in (trials[-1], trials[0]))

    def _agree(self, a: Outcome, b: Outcome) -> bool:
        rtol, atol = self.rtol, self.atol
        if a.single and not self.double:
            rtol, atol = max(rtol, SINGLE["rtol"]), max(atol, SINGLE["atol"])
        return a.error_name == b.error_name and same(a.value, b.value, rtol, atol)

    def _broken_property(self, answer: object) -> Verdict | None:
        for rule in self.properties:
            holds = run(lambda rule=rule: bool(rule.holds(answer)), ())
            if holds.error or not holds.value:
                return Verdict(WRONG, rule.advice(answer) if callable(rule.advice) else rule.advice)
        return None

    def _slip(self, answer: object, wrong: list[Trial]) -> Verdict | None:
        """Recognise what nobody means as it stands: it is the place, whatever the results look like."""
        plain = callable(self.reference) and wrong and not wrong[0].extreme and not wrong[0].got.error
        found = run(lambda: slip(answer), ()).value if plain else None
        return Verdict(WRONG, found[1], found[0]) if found else None

    def _known_mistake(self, trials: list[Trial]) -> Verdict | None:
        ordinary = [trial for trial in trials if not trial.extreme]
        looked_at = trials if all(trial.right for trial in ordinary) else ordinary
        for mistake in self.mistakes:
            seen = mistake.when and run(lambda when=mistake.when: bool(when(trials)), ()).value
            if seen or any(self._gives(form, looked_at) for form in (mistake.wrong, *mistake.also)):
                return Verdict(WRONG, mistake.advice, mistake.name)
        return None

    def _gives(self, form: object, trials: list[Trial]) -> bool:
        made = ((trial.got, run(form, trial.given)) for trial in trials)
        return all(self._agree(got, other) and got.error == other.error for got, other in made)

    def _hidden_error(self, answer: object, wrong: list[Trial]) -> Verdict | None:
        """Recognise an `except` that hid the error of a case that is wrong."""
        bare = None
        with contextlib.suppress(Exception):  # it cannot be told
            bare = without_except(answer)
        error = run(bare, wrong[0].given, self._arguments).error if bare and wrong else None
        if not error or wrong[0].got.error:
            return None
        known = [*self._arguments, *answer.__code__.co_varnames]
        said = (meaning(error, known) or ("", ""))[1]
        text = f"An `except` in your function hides an error in a case that is wrong: {error.rstrip('.')}."
        return Verdict(WRONG, f"{text} {said}".rstrip(), "error hidden")

    def _general_mistake(self, answer: object, trials: list[Trial]) -> Verdict | None:
        """Recognise what can go wrong in any exercise, from the results of all ordinary cases.

        If these are right, the extreme ones are looked at as well.
        """
        first = decisive(trials)
        if not callable(self.reference) or _several_differ(first[0]):
            return None
        if any(trial.got.error == ENDLESS for trial in first):  # that is the mistake, and each try takes long
            return None
        ordinary = [trial for trial in trials if not trial.extreme]
        fine = all(trial.right for trial in ordinary)
        looked_at, found = trials if fine else ordinary, None
        evidence = Evidence(looked_at, self._arguments, lambda given: run(answer, given),
                            lambda given: run(self.reference, given), self.atol, answer)
        # of errors the detectors that compare numbers can say nothing
        numbers = () if any(not trial.got.error for trial in looked_at if not trial.right) else ERRORS
        looks = [
            lambda: explain(evidence, self.solution, EXTREME if fine else numbers),
            lambda: self._repair(answer, trials),
            lambda: self._changed(looked_at),
            lambda: None if fine else two_mistakes(self.mistakes, ordinary, self.atol),
            lambda: _another_time(evidence),
        ]
        for look in looks:  # until one says more than a generality
            asks = found and found[1].endswith("?")
            found = run(look, ()).value or found
            if found and found[0] not in VAGUE and (asks or not found[1].endswith("?")):
                break
        if found and found[0] in VAGUE:  # what the text shows says more
            read = run(lambda: hint(answer, self._arguments, self.solution), ()).value
            if read and read[0] == "data of the notebook":
                found = read
            elif read and read[0] in SURE and found[0] != PART:  # there it comes with the numbers
                found = (found[0], f"{found[1]} {read[1]}")
        if found and found[0] == CHANGED and " so far " in found[1]:  # the numbers say what, the text where
            read = run(lambda: hint(answer, self._arguments, self.solution), ()).value
            found = read if read and read[0] == "sum so far" else found
        if found and found[0] == PART:  # which one is wrong, and nothing of how: then in numbers
            shown = self._counter_example(answer, decisive(trials)[0])
            return replace(shown, text=f"{found[1]} {shown.text}", mistake=shown.mistake or PART)
        return Verdict(WRONG, found[1], found[0]) if found else None

    def _repair(self, answer: object, trials: list[Trial]) -> tuple[str, str] | None:
        """Recognise a change of the answer's own text by which it becomes right."""
        first = decisive(trials)
        if any(trial.got.error_name in NO_SLIP for trial in first):
            return None
        fine = first[0].extreme
        order = sorted(trials, key=lambda trial: (trial.extreme and not fine, trial.right))
        others = [other for trial in trials for other in varied(trial.given)]

        def right(changed: object) -> int:
            for trial in order:
                if not self._agree(run(changed, trial.given), trial.expected):
                    return int(trial.extreme and not fine)
            wanted = ((other, run(self.reference, other)) for other in others)
            return 2 * all(self._agree(run(changed, other), one) for other, one in wanted
                           if not one.error and _finite_if_numbers(one.value))

        handed = [value for given in (*(trial.given for trial in trials), *others) for value in given]
        said = repaired(answer, right, sum(map(_rounds, handed)))
        return (REPAIRED, f"{'Right for numbers of ordinary size. ' * fine}{said}") if said else None

    def _changed(self, trials: list[Trial]) -> tuple[str, str] | None:
        """Recognise a right answer with one small change."""
        said = as_if_changed([self.solution, *self.also_right], self.name, trials, self.atol)
        return (CHANGED, said) if said else None

    def _one_of_several(self, trial: Trial) -> tuple[str, str, str]:
        """Tell the result apart from the right one; of several large ones only the first that differs."""
        mine, ours, where = trial.got.value, trial.expected.value, ""
        keys = entries(trial)
        if sum(np.size(pick(ours, key)) for key in keys) > MOST_SHOWN:
            key = next((key for key in keys if not part(trial, key, self.rtol, self.atol).right), keys[0])
            mine, ours = pick(mine, key), pick(ours, key)
            where = f" for {names_of_results(self.solution, keys)[key]}"
        mine, ours, place = tell_apart(mine, ours, self.rtol, self.atol)
        return mine, ours, f"{where}{place}"

    def _not_a_function(self, answer: object) -> str:
        arguments = " and ".join(f"`{name}`" for name in self._arguments)
        kind = shape(run(answer, ()).value)
        return (f"`{self.name}` must be a function of {arguments}, but it is {kind}. "
                "Hand over the function itself, without calling it.")

    def _counter_example(self, answer: object, trial: Trial) -> Verdict:
        """Show one case that is wrong and, if the text of the answer shows something, say so."""
        plain = self._counter_example_alone(answer, trial)
        rounded = plain.mistake == "limited or rounded"
        if not callable(self.reference) or (plain.mistake and not trial.got.error and not rounded):
            return plain
        found = run(lambda: hint(answer, self._arguments, self.solution), ()).value
        right = trial.expected.value
        if found and found[0] == "decimals cut off" and isinstance(right, np.ndarray) and _whole(right):
            return plain
        if not found or (plain.mistake and found[0] in UNSURE) or (rounded and found[0] not in DETAILS):
            return plain
        end = "" if plain.text.endswith((".", "?", ")")) else "."
        return replace(plain, text=f"{plain.text}{end} {found[1]}", mistake=plain.mistake or found[0])

    def _counter_example_alone(self, answer: object, trial: Trial) -> Verdict:
        got, right = trial.got, trial.expected.value
        start, returns, fails = "Your answer", "is", "cannot be read:"
        if callable(self.reference):
            given = list(zip(self._arguments, trial.given, strict=False))
            said = ", ".join(f"{name} = {words(freeze(value))}" for name, value in given)
            if len(given) > MOST_SHOWN:  # nobody reads so many numbers
                said = ", ".join(f"{name} {np.shape(value)}" for name, value in given if np.shape(value))
            start, returns, fails = f"For `{said}` your function", "returns", "raises"
            start = f"Right for numbers of ordinary size. {start}" if trial.extreme else start
        if got.error:
            own = answer.__code__.co_varnames if type(answer) is FunctionType else ()
            name, said = meaning(got.error, [*self._arguments, *own]) or (None, "")
            error = f"{got.error.rstrip('.')}. {said}" if said else got.error
            return Verdict(WRONG, f"{start} {fails} {error}", name)
        if got.value is None:
            printed = " (`print` shows a number; only `return` hands it over.)" if got.printed else ""
            return Verdict(WRONG, f"{start} {returns} `None`: {_why_none(answer)}{printed}", "no return")
        if said := _several_differ(trial):
            return Verdict(WRONG, f"{start} {returns} {said}", "another kind of result")
        if isinstance(got.value, str):
            return Verdict(WRONG, f"{start} {returns} a text; expected is {shape(right)}. Return the "
                                  "result itself, not words for it.", "a text")
        if shape(got.value) != shape(right):
            return Verdict(WRONG, f"{start} {returns} {shape(got.value)}; expected is {shape(right)}.")
        if callable(self.reference):
            mine, ours, where = self._one_of_several(trial)
            text = f"{start} gives `{mine}`{where}; expected is `{ours}`."
        else:  # the value is the answer: it is not given away
            text = f"{start} `{words(got.value, tiny=self.atol)}` is {_too(got.value, right)}."
        name, said = at_the_limit(got.value, right) if trial.extreme else (None, "")
        if _has_nan(got.value) and not _has_nan(right):
            said = "NaN is what 0/0, ∞ − ∞, 0 · ∞ and the logarithm of a negative number give."
        return Verdict(WRONG, f"{text} {said}".rstrip(), name)


def _writes(names: Sequence[str], given: dict) -> str:
    """Say which arguments a right function has changed, and what changes them."""
    listed = ", ".join(f"`{name}`" for name in names[:-1])
    listed = f"{listed} and `{names[-1]}`" if listed else f"`{names[-1]}`"
    listed = f"argument{'s' * (len(names) > 1)} {listed}"
    text = f"The results are right, but your function changes its {listed}, which the caller may still need. "
    if any(isinstance(given.get(name), dict) for name in names):
        return (f"{text}Make a new dictionary with new arrays in it: `dict(…)` and `.copy()` of a dictionary "
                "copy no arrays, and `+=` writes into the one that is there.")
    return (f"{text}Compute a new array instead: `+=`, `*=`, `[…] = …` and `.sort()` write into the one that "
            "is there, also when it has another name by then.")


def _rounds(value: object) -> int:
    """Return how many rounds a loop over a value, or up to it, may have."""
    return min(value, 10**4) if type(value) is int and value > 0 else np.size(value)


def _another_time(e: Evidence) -> tuple[str, str] | None:
    """Recognise an answer that gives something else when it is called again."""
    for trial in e.trials:
        again = e.mine(trial.given)
        if finite(trial.got.value) and not same(again.value, trial.got.value, TIGHT, e.floor):
            return "another result each time", (
                "Called again with the same arguments your function gives another result: is something drawn "
                "at random, or kept from one call to the next?")
    return None


def _why_none(answer: object) -> str:
    """Ask for a forgotten `return`, or for one that is there and was not reached."""
    code = answer.__code__ if type(answer) is FunctionType else None
    steps = list(dis.get_instructions(code)) if code else []
    returned = [step.argval for step in steps if step.opname == "RETURN_CONST"]
    returned += [before.argval if before.opname == "LOAD_CONST" else before
                 for before, step in pairwise(steps) if step.opname == "RETURN_VALUE"]
    if any(value is not None for value in returned):
        return "its `return` was not reached (is no branch of the `if` taken?), or what it returns is `None`."
    return "did you forget `return`?"


def _ellipsis_left(outcome: Outcome) -> bool:
    """Tell whether a `...` of the stub was returned, or stumbled over, as in `e = ...; e / e.sum()`."""
    stumbled = outcome.error_name in ("TypeError", "AttributeError") and "ellipsis" in outcome.error
    return stumbled or holds_ellipsis(outcome.value)


PLACES = ("first", "second", "third", "fourth")


def _several_differ(trial: Trial) -> str:
    """Say how the kind of what came differs from the several results expected; "" if it does not."""
    mine, ours, n = trial.got.value, trial.expected.value, trial.expected.several
    if n < 2 or trial.got.error or mine is None:
        return ""
    asked = f"{n} results are asked for, with a comma between them: `return a, b{', …' * (n > 2)}`"
    if trial.got.several == n:
        for place, word in zip(range(n), PLACES, strict=False):
            kinds = [shape(np.asarray(one) if isinstance(one, np.generic) else one)
                     for one in (mine[place], ours[place])]
            if kinds[0] != kinds[1]:
                less = "array" in kinds[1] and "array" not in kinds[0]
                why = " (A sum or an index too many, or a `return` inside a loop?)" if less else ""
                return (f"{n} results, as asked for, but the {word} is {kinds[0]} where {kinds[1]} is asked "
                        f"for.{why}")
        return ""
    if trial.got.several > 0:
        return "" if shape(mine) == shape(ours) else f"{trial.got.several} results; {asked}."
    for place, word in zip(range(n), PLACES, strict=False):
        if same(mine, np.asarray(ours[place]), 1e-6, 1e-9):
            return f"the {word} of the results alone, and that is right; but {asked}."
    return "" if shape(mine) == shape(ours) else f"{shape(mine)}; {asked}."


def _too(got: Plain, right: Plain) -> str:
    numbers = isinstance(got, np.ndarray) and isinstance(right, np.ndarray)
    if numbers and got.shape == right.shape == () and got.dtype == right.dtype == float and got == got:
        return "too large" if got > right else "too small"
    return "not right"


def _finite_if_numbers(value: Plain) -> bool:
    """Tell whether a case exists: with a label that is masked, for example, the right loss is infinite."""
    return not isinstance(value, np.ndarray) or value.dtype.kind not in "fc" or bool(np.isfinite(value).all())


def _whole(right: np.ndarray) -> bool:
    """Tell whether there are no decimals that could be cut off."""
    return right.dtype.kind in "biuf" and bool((np.isfinite(right) & (right == np.round(right))).all())


def _has_nan(value: Plain) -> bool:
    return isinstance(value, np.ndarray) and bool(np.isnan(value).any())
