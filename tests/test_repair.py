"""A wrong answer that one change of its own text makes right is told where, and nothing that is not so."""

import ast
import linecache
import re

import numpy as np
import pytest

from helpers.exercises import results
from helpers.exercises.check import CORRECT, WRONG, Exercise
from helpers.exercises.repair import _changes, _Source, varied
from helpers.exercises.trial import ENDLESS

rng = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


def exercise(reference, cases, **more):
    return Exercise("task", reference, "Right.", [], ["One."], "def task(): ...", cases=cases, **more)


def rows(f):
    return (f * np.exp(-f)).sum(axis=1) / f.shape[1]


ROWS = exercise(rows, [(rng.uniform(1, 2, shape),) for shape in ((2, 3), (4, 2), (5, 3))])
PICKED = exercise(
    lambda p, labels: -sum(np.log(g) / (1 + g) for g in p[np.arange(len(p)), labels]),
    [(rng.dirichlet(np.ones(k), n), rng.integers(0, k, n)) for n, k in ((2, 3), (3, 2), (5, 4))],
)
WALK = exercise(
    lambda w, v, lr: w - lr * (0.9 * v + np.sin(w)),
    [(float(w), float(v), lr) for (w, v), lr in zip(rng.normal(size=(3, 2)), (0.1, 0.5, 0.2), strict=True)],
)
MASKED = exercise(  # with the label in another place there would be no such case
    lambda f, label: f[label] - f[np.isfinite(f)].mean(),
    [(np.array(f), 0) for f in ([1.0, 2.0, 0.5], [1.0, 0.25, -np.inf], [0.5, -1.5, 4.0, -np.inf])],
)
TOSSES = exercise(
    lambda tosses, p: -float(np.log(np.where(tosses == 1, p, 1 - p)).sum()),
    [(np.array(tosses), p) for tosses, p in (([0], 0.8), ([1, 0], 0.99), ([0, 1, 1], 0.3))],
)
COUNTED = exercise(lambda n: sum(1 / (k + n) for k in range(n)), [(2,), (10,), (3000,)])
LOG = exercise(lambda x, n: n * np.log(2 * x), [(1.3, 2), (4.2, 3), (0.3, 7)])
FAR = exercise(
    lambda f: float(np.logaddexp.reduce(f)),
    [(np.array([0.0, 1.0]),), (np.array([0.3, -0.2, 2.0]),)],
    extreme=[(np.array([1000.0, 0.0]),), (np.array([-1000.0, -1001.0, -2003.0]),)],
)


def answer_of(source: str):
    """Return the function of a cell, whose text can be had as that of a notebook can."""
    name, space = f"<cell {hash(source)}>", {"np": np}
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)
    return space["task"]


def status_of(task, source):
    try:
        return task.judge(answer_of(source)).status
    except SyntaxError:
        return ""


def said_of(task, answer):
    found = task._repair(answer, task._trials(answer))
    return found[1] if found else ""


SUM = """def task(p, labels):
    s = 0
    for {}:
        g = {}
    {}s -= np.log(g) / (1 + g)
    return s"""
ROW = "def task(f):\n    e = {}\n    return {} / f.shape[1]"
MOVED = "def task(w, v, lr):\n    {}\n    return {}"
GRID = """def task(f):
    out, (n, k) = np.zeros(len(f)), f.shape
    for i in range(n):
        row, place = f[i] * np.exp(-f[i]), f[i]
        for j in range(k):
            {} / k
    return out"""
TAILS = """def task(tosses, p):
    tails = ~tosses
    return -(tosses * np.log(p) + tails * np.log(1 - p)).sum()"""
COIN = """def task(tosses, p):
    s = 0.0
    for t in tosses:
        s -= np.log(p)
        if t == 0:
            s -= np.log(1 - p)
    return s"""
CASES = [
    (TOSSES, TAILS, "`1 - tosses` belongs where `~tosses` stands"),
    (LOG, "def task(x, n):\n    return n * np.log(2) * x", "`n * np.log(2 * x)` belongs where"),
    (TOSSES, COIN, "`s -= np.log(p)` belongs into an `else`"),
    (ROWS, GRID.format("out[:] += row[j]"), "`i` belongs where `:` stands"),
    (ROWS, GRID.format("out[i] += place[i]"), "`row[j]` belongs where `place[i]` stands"),
    (ROWS, ROW.format("f * np.exp(-f)", "e.sum(axis=0)"), "axis"),
    (ROWS, ROW.format("np.exp(f)", "(f * e).sum(axis=1)"), "`*` is not the right"),
    (ROWS, ROW.format("f * np.exp(-f)", "np.exp(e).sum(axis=1)"), "step too many"),
    (ROWS, "def task(f):\n    out = np.zeros(len(f))\n    for i in range(len(f)):\n        for x in f[i]:\n"
           "            out[i] = x * np.exp(-x) / len(f[i])\n    return out", "overwrites what was there"),
    (PICKED, SUM.format("row, y in zip(p, labels)", "row.max()", "    "),
     "`row[y]` belongs where `row.max()` stands"),
    (PICKED, SUM.format("i in range(len(labels) - 1)", "p[i, labels[i]]", "    "),
     "in `len(labels) - 1` the `1` is not to be subtracted"),
    (PICKED, SUM.format("i in range(len(labels))", "p[i, labels[i]]", ""), "belongs into the loop"),
    (PICKED, SUM.format("i in range(1, len(labels))", "p[i, labels[i]]", "    "),
     "`range(len(labels))` belongs where `range(1, len(labels))` stands"),
    (PICKED, "def task(p, labels):\n    s = i = 0\n    while i < len(p):\n        g = p[i, labels[i]]\n"
             "        s -= np.log(g) / (1 + g)\n        i += 2\n    return s",
     "`1` belongs where `2` stands"),
    (COUNTED, "def task(n):\n    s = 0.0\n    for k in range(1, n):\n        s += 1 / (k + n)\n    return s",
     "`range(n)` belongs where `range(1, n)` stands"),
    (WALK, MOVED.format("v = 0.9 * v + np.sin(w)", "w - lr * v + 1"), "the summand `1` at the end"),
    (WALK, MOVED.format("w = w - lr * v\n    v = 0.9 * v + np.sin(w)", "w"), "the order counts"),
    (WALK, MOVED.format("v = v + np.cos(w)", "w - lr * v"), ""),  # two at once
    (WALK, MOVED.format("v = 0.9 * v + np.sin(v)", "w - lr * v"), "`w` belongs where `v` stands"),
    (WALK, MOVED.format("v = 0.9 * v + np.sin(w)", "lr * v - w"), "the other way round"),
    (WALK, MOVED.format("vel = 0.9 * v + np.sin(w)", "w - lr * vell"),
     "`vel` belongs where `vell`"),
    (ROWS, ROW.format("-f * f * np.exp(-f)", "-e.sum(axis=1)"), "the factor `f` at the end is too much"),
    (FAR, "def task(f):\n    return np.logaddexp.reduce(f) / len(f)", "nothing is to be divided by `len(f)`"),
    (FAR, "def task(f):\n    return np.max(f) + np.log(np.exp((f - f.max()).sum()))",
     "the order is wrong: first `np.exp`, then `sum`"),
    (ROWS, "def task(f):\n    e = f\n    for i in range(len(f)):\n        e[i] = np.exp(-f[i])\n"
           "    return (f * e).sum(axis=1) / f.shape[1]", "`e` and `f` are one array under two names"),
    (ROWS, "def task(f):\n    e = np.full(len(f), 0)\n    for i in range(len(f)):\n"
           "        e[i] = (f[i] * np.exp(-f[i])).mean()\n    return e", "has no room for decimals"),
    (MASKED, "def task(f, label):\n    m = f == -np.inf\n    return f[label] - f[~m].sum() / m.sum()",
     "`~m` belongs there"),
    (FAR, "def task(f):\n    return np.log(np.exp(f).sum())", ""),  # two places
    (FAR, "def task(f):\n    m = f.min()\n    return m + np.log(np.exp(f - m).sum())",
     "`f.max()` belongs where"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "source", "said"), CASES)
def test_the_place_is_said(task, source, said):
    answer = answer_of(source)
    assert task.judge(answer).status == WRONG
    found = said_of(task, answer)
    assert bool(found) == bool(said)
    assert any(one in found for one in said.split("|")), found


@pytest.mark.parametrize(("task", "source", "said"), [case for case in CASES if "belongs where" in case[2]])
def test_what_is_said_to_be_right_is_right(task, source, said):
    text = said_of(task, answer_of(source))
    new, old = re.search("`([^`]+)` belongs where `([^`]+)` stands", text).groups()
    assert source.count(old) >= 1
    repaired = [source[: at.start()] + new + source[at.end():] for at in re.finditer(re.escape(old), source)]
    assert CORRECT in {status_of(task, one) for one in repaired}


def test_by_chance_nothing_is_right():
    """The shift by the last logit is right in all these cases, and wrong where the last one is small."""
    task = exercise(
        lambda f: np.exp(f - f.max()) / np.exp(f - f.max()).sum(),
        [(np.array([0.0, 1.0]),)],
        extreme=[(np.array([0.0, 800.0]),)],
    )
    source = "def task(f):\n    e = np.exp(f - f[0])\n    return e / e.sum()"
    assert "f[-1]" not in said_of(task, answer_of(source))


def test_a_condition_that_never_holds_is_no_repair():
    source = """def task(p, labels):
    s, n = 0, 10**6
    for i in range(len(labels)):
        for j in range(p.shape[1]):
            if i == j:
                s += p[i, j]
            if j == labels[i]:
                s -= np.log(p[i, j]) / (1 + p[i, j])
    return s"""
    assert "`if i == j: s += p[i, j]` is a line too many" in said_of(PICKED, answer_of(source))


def test_to_leave_a_branch_out_is_no_repair():
    source = """def task(f):
    m, total = f[0], 1.0
    for value in f[1:]:
        if value > m:
            m, total = value, total + 1.0
        else:
            total += np.exp(value - m)
    return m + np.log(total)"""
    assert not said_of(FAR, answer_of(source))


def test_a_varied_case_is_another_case_of_its_kind():
    p, label = np.array([0.2, 0.3, 0.5]), 1
    (other, same_label), (turned, _) = varied((p, label))
    np.testing.assert_allclose(other.sum(), 1)
    assert np.abs(other - p).max() > 1e-3
    assert same_label == label
    np.testing.assert_array_equal(turned, [0.5, 0.3, 0.2])


def test_a_loop_may_have_as_many_rounds_as_numbers_are_handed_in():
    """The extreme case has many more of them than those before it, in which the answer ends in an error."""
    source = "def task(f):\n    s = 0\n    for i in range(len(f) + 1):\n        s += f[i] ** 3\n    return s"
    task = exercise(lambda f: (f**3).sum(), [(np.array([1.0, 2.0]),)], extreme=[(rng.normal(size=5000),)])
    assert said_of(task, answer_of(source)).startswith("One change makes every case right.")


def test_an_array_of_whole_numbers_is_named():
    source = "def task(f):\n    e = np.zeros(len(f), dtype=int)\n    e[:] = f / 10\n    return e"
    task = exercise(lambda f: f / 10, [(np.array([1.0, 2.0]),), (np.array([1.5, 0.5, 4.0]),)])
    assert "holds no decimals" in task.judge(answer_of(source)).text


@pytest.mark.parametrize("loop", ["while n < 2000", "for _ in range(24)"])
def test_a_changed_loop_comes_to_an_end(loop):
    """One change squares a whole number again and again, one of the condition makes it go on for ever."""
    source = f"def task(f):\n    n = 3\n    {loop}:\n        n = n * 2 + 1\n    return f * n"
    task = exercise(lambda f: f * 2047.5, [(np.array([1.0, 2.0]),), (np.array([3.0, 0.5]),)])
    assert not said_of(task, answer_of(source))
    assert task.judge(answer_of(source)).mistake != "too slow"


def test_no_list_is_put_into_itself():
    """NumPy would look for entries inside of entries, and take all the memory there is."""
    kept = "out.append(x)\n        out[0] = x\n    return np.array(out)"
    source = _Source.of(answer_of(f"def task(f):\n    out = []\n    for x in f:\n        {kept}"))
    texts = set()
    for edits, _ in _changes(source):
        before = [getattr(node, field) for node, field, _ in edits]
        for node, field, new in edits:
            setattr(node, field, new)
        texts.add(ast.unparse(source.tree))
        for (node, field, _), old in zip(edits, before, strict=True):
            setattr(node, field, old)
    assert any("out.append(f)" in text for text in texts)
    assert not any("append(out)" in text or "out[0] = out" in text for text in texts)


def test_an_endless_recursion_is_said_soon():
    source = "import sys\ndef task(f):\n    sys.setrecursionlimit(10**9)\n    return f + task(f)"
    verdict = ROWS.judge(answer_of(source))
    assert ENDLESS.rstrip(".") in verdict.text
    assert verdict.mistake == "endless recursion"
