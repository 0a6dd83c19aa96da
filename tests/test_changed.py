"""A wrong answer that is a right one with one small change is told which, and nothing else is."""

import re

import numpy as np
import pytest

from helpers.exercises import results
from helpers.exercises.check import CHANGED, CORRECT, WRONG, Exercise
from tests.test_exercises import EXERCISES


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


def exercise(reference, cases, solution, **more):
    return Exercise("task", reference, "Right.", [], ["One."], solution, cases=cases, **more)


rng = np.random.default_rng(0)
STEP = exercise(
    lambda w, v, g, lr: (w - lr * (0.9 * v + g), 0.9 * v + g),
    [(*rng.normal(size=(3, n)), lr) for n, lr in ((1, 0.1), (2, 0.5), (3, 0.2))],
    "def task(w, v, g, lr):\n    v = 0.9 * v + g\n    return w - lr * v, v",
)
PER_ROW = exercise(
    lambda f: (f / f.sum(axis=1, keepdims=True)).max(axis=1),
    [(rng.uniform(1, 2, shape),) for shape in ((2, 3), (4, 2), (5, 3))],
    "def task(f):\n    p = f / f.sum(axis=1, keepdims=True)\n    return p.max(axis=1)",
)
ENTROPY = exercise(
    lambda k: np.log(k),
    [(2,), (5,), (9,)],
    "def task(k):\n    return np.log(k)",
    also_right=["def task(k):\n    p = np.ones(k) / k\n    return -(p * np.log(p)).sum()"],
)
TWICE = exercise(
    lambda v, mu: v / (1 - mu) + np.log(1 - mu),
    [(1.0, 0.5), (2.0, 0.9), (0.3, 0.2)],
    "def task(v, mu):\n    return v / (1 - mu) + np.log(1 - mu)",
)


@pytest.mark.parametrize(
    ("task", "answer", "said"),
    [
        (STEP, lambda w, v, g, lr: (w - lr * (0.9 * v + 2 * g), 0.9 * v + 2 * g), "2 * g"),
        (STEP, lambda w, v, g, lr: (w - lr * (0.9 * v - g), 0.9 * v - g), "`0.9 * v - g` in place of"),
        (STEP, lambda w, v, g, lr: (w - 0.9 * v - g, 0.9 * v + g), "`v` in place of `lr * v`"),
        (PER_ROW, lambda f: (f / f.sum(axis=1)).max(axis=1), "raises ValueError"),
        (PER_ROW, lambda f: (f / f.max(axis=1, keepdims=True)).max(axis=1) / 1.5, ""),
        (PER_ROW, lambda f: (f / f.sum(axis=0)).max(axis=1), "axis=0"),
        (ENTROPY, lambda k: k * np.log(k), ""),  # said more simply: K times as large
        (ENTROPY, lambda k: np.log(k) - (1 - 1 / k), ""),  # no single change
        (TWICE, lambda v, mu: v / (1 + mu) + np.log(1 + mu), "`1 + mu` in place of `1 - mu` everywhere"),
    ],
)  # fmt: skip
def test_the_change_is_said(task, answer, said):
    verdict = task.judge(answer)
    assert verdict.status == WRONG
    if said:
        assert re.search(said if ".*" in said else re.escape(said), verdict.text), verdict.text
    else:
        assert verdict.mistake != CHANGED


@pytest.mark.parametrize("nothing", [None, "text", float("nan"), 0.0, np.zeros(3)])
@pytest.mark.parametrize("task", [STEP, PER_ROW, ENTROPY, TWICE], ids=["step", "rows", "entropy", "twice"])
def test_what_tells_nothing_is_not_taken_for_a_change(task, nothing):
    assert task.judge(lambda *case: nothing).mistake != CHANGED


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda w, v, g, lr: 0.9 * v + g, "the second of the results alone"),
        (lambda w, v, g, lr: {"w": w, "v": v}, "2 results are asked for"),
        (lambda w, v, g, lr: "w", "2 results are asked for"),
        (lambda w, v, g, lr: (w, v, g), "3 results; 2 results are asked for"),
        (lambda w, v, g, lr: [w - lr * v, 0.0], "the second is a single number where an array of shape"),
        (lambda w, v, g, lr: (w[0], v[0]), "the first is a single number"),
    ],
)
def test_of_several_results_the_kind_is_said_first(answer, said):
    verdict = STEP.judge(answer)
    assert verdict.status == WRONG
    assert said in verdict.text, verdict.text


@pytest.mark.parametrize(
    ("one", "source"),
    [(one, source) for one in EXERCISES for source in one.also_right],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_is_called_right_too_is_right(one, source):
    space = {"np": np}
    exec(source, space)
    assert one.judge(space[one.name]).status == CORRECT
