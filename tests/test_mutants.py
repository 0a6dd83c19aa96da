"""Every small change of a solution is a wrong answer, and no check accepts it."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.exercises import results
from helpers.exercises.check import CORRECT
from tests.mutants import mutants
from tests.test_exercises import EXERCISES

# What is accepted because it is right, too, as (exercise, a piece of the changed line).
LARGE_LOGITS_NOT_ASKED_FOR = (
    "temperature_gradient", "squared_error_gradient", "weight_gradient", "repaired_step",
)  # fmt: skip
RIGHT_TOO = [
    ("fit_gaussian", "(m - x) ** 2"),
    ("gaussian_nll", "((m - x) / s) ** 2"),
    ("nearest_gaussian", "(m - x) ** 2"),
    ("multi_label_loss", "np.logaddexp(-logits, 0)"),
    ("multi_label_loss", "np.logaddexp(logits, 0)"),
    ("squared_error_gradient", "r @ (2 * (np.diag(g)"),  # the Jacobian is symmetric
    ("smoothed_loss", "a / allowed.sum(), 1)"),  # what stands at a masked class is not read
    ("smoothed_loss", "a / allowed.sum(), -1)"),
    ("choice", "np.sqrt(51)"),  # a hundredth of the way from the best
    *(("found", same) for same in ("'A': 9", "'B': 14", "'C': 8", "'D': 2")),  # one statement
    *((name, f"e = np.exp({rest}") for name in LARGE_LOGITS_NOT_ASKED_FOR for rest in ("f", "(f", "W @ x")),
]

WHOLE_NUMBERS = ["confusion_counts"]


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_no_small_change_of_the_solution_is_accepted(exercise):
    quick, tried, accepted = replace(exercise, seconds=2.0), 0, []
    for change, source in mutants(exercise.solution):
        space = {"np": np}
        try:
            exec(source, space)
        except Exception:  # this change cannot even be defined
            continue
        tried += 1
        if quick.judge(space[exercise.name]).status == CORRECT:
            accepted.append(change)
    known = [piece for name, piece in RIGHT_TOO if name == exercise.name]
    wrong = [change for change in accepted if not any(piece in change.partition("→")[2] for piece in known)]
    assert tried >= 4
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_results_of_the_cases_are_not_so_round_that_rounded_ones_pass(exercise):
    def rounded(value, digits=3):
        if isinstance(value, (tuple, list)):
            return tuple(map(rounded, value))
        return np.round(value, digits)

    if not callable(exercise.reference) or exercise.name in WHOLE_NUMBERS:
        return
    assert exercise.judge(lambda *case: rounded(exercise.reference(*case))).status != CORRECT
