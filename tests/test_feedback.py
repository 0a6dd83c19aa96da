"""What is said of any wrong answer, whatever the exercise, and what an answer cannot do to the lesson."""

import math
import re
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from helpers.exercises import results
from helpers.exercises.check import CORRECT, WRONG, Exercise, Mistake
from helpers.exercises.time_limit import Expired, limited
from helpers.softmax import softmax


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


def exercise(reference, cases, solution="", **more):
    return Exercise("task", reference, "Right.", [], ["One."], solution, cases=cases, **more)


rng = np.random.default_rng(0)
MEAN_LOSS = exercise(  # mean over the rows of a table of losses, divided by s
    lambda losses, s: losses.sum(axis=1).mean() / s,
    [(rng.uniform(1, 2, (n, k)), s) for n, k, s in ((1, 2, 2.0), (4, 3, 0.5), (5, 2, 3.0))],
)
ROWS = exercise(
    lambda f: f - f.max(axis=1, keepdims=True),
    [(rng.normal(size=shape),) for shape in ((2, 3), (4, 4), (1, 3))],
)
PICK = exercise(
    lambda p, label: float(-np.log(p[label])),
    [(rng.dirichlet(np.ones(k)), label) for k, label in ((3, 1), (4, 2), (4, 0), (5, 3))],
)
PAIR = exercise(
    lambda x, y: (x.mean() - y.mean(), x.sum() + y.sum()),
    [(rng.normal(size=n), rng.normal(size=n)) for n in (2, 3, 5)],
    "def task(x, y):\n    w = 1\n    b = 2\n    return w, b",
)
SUM = exercise(
    lambda a, t: a.sum() / t,
    [(rng.uniform(1, 2, n), t) for n, t in ((1, 0.5), (3, 2.0), (4, 1.5), (5, 3.0))],
)
ORDER = exercise(lambda a: np.cumsum(a), [(rng.normal(size=n),) for n in (3, 4, 5)])
SQUARES = exercise(lambda x: x**2 + 0.5, [(v,) for v in (0.3, 1.7, -2.2)])


@pytest.mark.parametrize(
    ("task", "answer", "said"),
    [
        (MEAN_LOSS, lambda losses, s: losses.sum() / s, "the number of rows of `losses`"),
        (MEAN_LOSS, lambda losses, s: losses.mean() / s, "divided by the number of columns of `losses`"),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1).mean(), "multiplied by `s`|`s` times as large"),
        (MEAN_LOSS, lambda losses, s: np.median(losses.sum(axis=1)) / s, "the median of what comes for"),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1) / s, "the single terms; their mean"),
        (MEAN_LOSS, lambda losses, s: -losses.sum(axis=1).mean() / s, "minus what is asked for"),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1).mean() // s, "whole numbers"),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1).mean() / s * 1.3, "1.3 times what is asked for"),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1).mean() / s + 0.25, "0.25 more than what is asked"),
        (MEAN_LOSS, lambda losses, s: round(losses.sum(axis=1).mean() / s, 3), "rounded to 3 decimals"),
        (
            replace(MEAN_LOSS, double=True),
            lambda losses, s: float(np.float32(losses.sum(axis=1).mean() / s)),
            "seven digits",
        ),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1)[:-1].mean() / s if len(losses) > 1 else np.nan,
         "without the last entry"),
        (MEAN_LOSS, lambda losses, s: losses.sum(axis=1)[0] / s, "that of the first entry of `losses` alone"),
        (MEAN_LOSS, lambda losses, s: np.median(losses.sum(axis=1)) / s, "the median of what comes for each"),
        (MEAN_LOSS, lambda losses, s: losses.sum() / 6 / s, "is 6 written into the code"),
        (MEAN_LOSS, lambda losses, s: np.exp(losses).sum(axis=1).mean() / s, "e to the power of `losses`"),
        (MEAN_LOSS, lambda losses, s: (losses.sum(axis=1).mean() / s, s), "You return 2 results; the first"),
        (ROWS, lambda f: f, "You return `f` itself"),
        (ROWS, lambda f: (f - f.max(axis=1, keepdims=True)).ravel(), "their shape is"),
        (ROWS, lambda f: (f - f.max(axis=1, keepdims=True))[0], "first row only"),
        (PICK, lambda p, label: -np.log(p[0]), "class 0 in place of `label`"),
        (PICK, lambda p, label: -np.log(p.max()), "argmax"),
        (PICK, lambda p, label: 1 / p[label] - 1, "the logarithm, ln"),
        (MEAN_LOSS, lambda losses, s: 7.0, "the same number in every case"),
        (ROWS, lambda f: (f - f.max(axis=1, keepdims=True))[:, ::1].T, "transposed"),
        (ROWS, lambda f: (f - f.max(axis=1, keepdims=True))[..., None], "an axis of length 1 is too many"),
        (PICK, lambda p, label: p[label], "e to the power of minus what is asked for"),
        (PICK, lambda p, label: -np.log2(p[label]), "log₂"),
        (PICK, lambda p, label: -np.log(p[label - 1]), "`label − 1`"),
        (PAIR, lambda x, y: (x.mean() - y.mean(), x.sum() - y.sum()), "results `b` differs, the other is"),
        (PAIR, lambda x, y: (y.mean() - x.mean(), x.sum() + y.sum()), "`w` differs.*minus what is asked for"),
        (SQUARES, lambda x: 2 * (x**2 + 0.5), "twice what is asked for"),
        (SUM, lambda a, t: a.sum() / np.exp(t), "e to the power of `t` in place of `t`"),
        (SUM, lambda a, t: (a / a.max()).sum(), "the largest entry of `a` in place of `t`"),
        (SUM, lambda a, t: (a / 4).sum(), "does not change with `t`.*if `t` were 4"),
        (SUM, lambda a, t: a[0] / t, "that of the first entry of `a` alone"),
        (SUM, lambda a, t: a[-1] / t, "that of the last entry of `a` alone"),
        (SUM, lambda a, t: a[:-1].sum() / t, "without the last entry of `a`"),
        (SUM, lambda a, t: a[1:].sum() / t, "without the first entry of `a`"),
        (SUM, lambda a, t: a.mean() * 7 / t, "right when `a` has 7 entries and for no other number"),
        (SUM, lambda a, t: a.sum() / t * (1 + 1e-3 * np.sin(a[0])), "Nearly right"),
        (ORDER, lambda a: np.cumsum(np.sort(a)), "`a` sorted in place of `a`"),
        (ORDER, lambda a: 0 * a, "Every entry of your result is 0"),
        (ORDER, lambda a: np.cumsum(a) * (np.arange(len(a)) != 1), "some entries are 0 that should not be"),
        (SUM, lambda a, t: a.sum() / (t - t + 4), "does not change with `t`, though your function uses it"),
        (SUM, lambda a, t: a.sum() / t + np.random.default_rng().normal(), "gives another result"),
    ],
)
def test_what_can_go_wrong_anywhere_is_named(task, answer, said):
    verdict = task.judge(answer)
    assert verdict.status == WRONG
    assert re.search(said, verdict.text), verdict.text
    assert verdict.mistake


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda x: None, "no return"),
        (lambda x: "text", "a text"),
        (lambda x: np.nan * x, None),
        (lambda x: missing * x, "unknown name"),  # noqa: F821
        (lambda x: 3j * x, None),
    ],
)
def test_no_relation_is_seen_in_what_is_no_number(answer, mistake):
    assert SQUARES.judge(answer).mistake == mistake


ERRORS = {
    "NameError.*Did you mean `values`": lambda values: np.log(value),  # noqa: F821
    "Did you mean `np.zeros`": lambda values: np.zeross(3),
    "Did you mean `np.log`": lambda values: np.ln(values),
    "`math` has no `ln`. Did you mean `math.log`": lambda values: math.ln(values[0]),
    "NumPy has no `sigmoid`: write it out": lambda values: np.sigmoid(values),
    "NumPy's function meant, `np.log`": lambda values: ln(values),  # noqa: F821
    "`np.average": lambda values: np.mean(values, weights=values),
    "`exp` works on each entry by itself, so it takes no `axis`": lambda values: np.exp(values, axis=0),
    "Python's own `max` knows no `axis`": lambda values: max(values, axis=0),
    "no argument `axes` there. Did you mean `axis`": lambda values: np.sum(values, axes=0),
    "`log` is no method": lambda values: values.log(),
    "NumPy says `axis`": lambda values: np.sum(values, dim=0),
    "not the power": lambda values: values ^ 2,
    "np.where": lambda values: 1.0 if values > 0 else 0.0,
    "for an array use `np.log`": lambda values: math.log(values),
    "`np.log\\(0\\)` is −∞": lambda values: math.log(0 * values[0]),
    "position is asked for that is not there": lambda values: values[100],
    "shapes that do not fit": lambda values: values + np.ones(7),
    "square ones for an entry": lambda values: values(0),
    "written into the code that this case": lambda values: values.reshape(17, 2),
    "method without its brackets": lambda values: values - values.max,
    "forget `return`": lambda values: None,
    "one place for each row is a column": lambda values: np.take_along_axis(
        np.ones((2, 2)), np.array([0, 1]), axis=1),
    "only `return` hands it over": lambda values: print(values),
}


def test_an_argument_that_is_not_used_is_named_where_the_result_never_changes():
    verdict = SUM.judge(lambda a, t: 3.0 + 0 * a.sum())
    assert "`t` is not used" in verdict.text
    assert "`a`" not in verdict.text


@pytest.mark.parametrize(("said", "answer"), ERRORS.items())
def test_what_python_says_is_put_into_words(said, answer):
    verdict = exercise(lambda values: values * 1.0, [(rng.normal(size=n),) for n in (3, 4)]).judge(answer)
    assert re.search(said, verdict.text), verdict.text
    assert verdict.mistake


def test_numpy_stays_as_it_is_whatever_an_answer_puts_into_it(monkeypatch):
    def patches(x):
        monkeypatch.setattr(np, "square", lambda value: value - value)
        monkeypatch.setattr(np, "allclose", lambda *_, **__: True)
        return x - x

    of_numpy = np.square
    task = exercise(lambda x: np.square(x), [(1.5,), (2.5,)])
    assert task.judge(patches).status == WRONG
    assert np.square is of_numpy


LIMITS = exercise(lambda x: -np.log(x), [(0.5,), (0.1,), (0.7,)])


@pytest.mark.parametrize(
    ("x", "answer", "mistake"),
    [
        (0.0, lambda x: -np.log(x + 1e-300), "infinity hidden"),
        (0.0, lambda x: -np.log(x) if x else -np.inf, "infinite with the wrong sign"),
        (1e-300, lambda x: -np.log(x**2) / 2, "infinite on the way"),
        (1e-300, lambda x: -np.log(np.maximum(x, 1e-200)), "limited or rounded"),
        (1e-300, lambda x: -np.log(x) * (x**2 / x**2), "not a number"),
        (0.9, lambda x: -np.log(x) + (x == 0.9), "number written in"),  # neither limited nor rounded
    ],
)
def test_what_fails_at_the_limit_is_told_how(x, answer, mistake):
    assert replace(LIMITS, extreme=[(x,)]).judge(answer).mistake == mistake


def test_what_cost_the_digits_is_read_in_the_text():
    def task(x):
        return float(-np.log(1 - np.longdouble(x)))

    rest = exercise(lambda x: -np.log1p(-x), [(0.5,), (0.1,), (0.7,)], extreme=[(1e-20,)], atol=0.0)
    assert "`longdouble` has some digits more" in rest.judge(task).text


def test_other_numbers_at_the_limit_are_said_before_a_change_that_happens_to_help():
    def task(f):
        f = np.nan_to_num(f, neginf=0.0)  # without neginf the mask would be −1.8e308, and right
        return np.logaddexp.reduce(f)

    masked = [(np.array([1.0, -np.inf]),)]
    cases = [(np.array(f),) for f in ([0.5, 1.0], [1.0, 2.0, 0.0])]
    verdict = exercise(lambda f: np.logaddexp.reduce(f), cases, extreme=masked).judge(task)
    assert "0 in place of −∞" in verdict.text


def test_results_in_float32_are_right_where_the_digits_are_not_the_task():
    single = lambda x: np.float32(x**2 + 0.5)  # noqa: E731
    assert SQUARES.judge(single).status == CORRECT
    assert "seven digits" in replace(SQUARES, double=True).judge(single).text


def test_a_tensor_that_wants_its_gradient_is_read():
    torch = pytest.importorskip("torch")
    weight = torch.ones((), dtype=torch.float64, requires_grad=True)
    assert SQUARES.judge(lambda x: weight * (x**2 + 0.5)).status == CORRECT
    pair = exercise(lambda x: [x, 2 * x], [(1.0,), (2.5,)])
    assert pair.judge(lambda x: [weight * x, weight * 2 * x]).status == CORRECT


def test_a_masked_array_is_not_silently_unmasked():
    masked = exercise(lambda x: x + 0.0, [(np.ones(3),)])
    assert "masked array" in masked.judge(lambda x: np.ma.masked_array(x, [0, 1, 0])).text


LOOPS = {
    "busy": "while True:\n    pass",
    "asleep": "import time\nwhile True:\n    time.sleep(60)",
    "deaf": "while True:\n    try:\n        x = 1\n    except:\n        pass",
    "talking": "while True:\n    print('again and again')",
}


@pytest.mark.parametrize("source", LOOPS.values(), ids=LOOPS)
def test_a_loop_without_an_end_is_stopped(source, capfd):
    body = source.replace("\n", "\n    ")
    space = {}
    exec(f"def task(x):\n    {body}", space)
    quick = replace(SQUARES, seconds=0.3)
    assert "never ends" in quick.judge(space["task"]).text
    assert quick.judge(lambda x: x**2 + 0.5).status == CORRECT, "the limit has gone with the loop"
    assert quick.check(space["task"]) is quick.reference
    assert len(capfd.readouterr().out) < 1500


def test_the_seconds_that_are_said_are_those_that_passed():
    said = replace(SQUARES, seconds=0.3).judge(lambda x: time.sleep(60)).text
    assert said.startswith("Stopped after 1.2 seconds.")


def test_what_asks_the_learner_is_told_that_nobody_answers(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt="": "7")  # as a notebook would ask
    verdict = SQUARES.judge(lambda x: float(input("x? ")))
    assert "nobody to ask" in verdict.text
    assert input() == "7", "asking is as before"


def test_the_line_where_it_was_stopped_is_said(tmp_path):
    file = tmp_path / "answer.py"
    file.write_text("def task(x):\n    while x > 0 or x <= 0:\n        x = x * 1.0\n")
    space = {}
    exec(compile(file.read_text(), str(file), "exec"), space)
    assert "(line" in replace(SQUARES, seconds=0.3).judge(space["task"]).text


def test_it_is_a_line_of_the_learner_that_is_said_and_none_of_ours(tmp_path):
    file = tmp_path / "answer.py"
    file.write_text("def task(x):\n    while True:\n        softmax(np.array([x, 1.0]))\n")
    space = {"np": np, "softmax": softmax}
    exec(compile(file.read_text(), str(file), "exec"), space)
    assert re.search(r"in `[^`]*` \(line [23]\)", replace(SQUARES, seconds=0.5).judge(space["task"]).text)


def test_an_endless_recursion_through_slow_steps_is_one():
    def task(f):
        return f * task(softmax(f))

    assert ROWS.judge(task).mistake == "endless recursion"


def test_the_import_of_a_large_library_does_not_count(tmp_path, monkeypatch):
    busy = "import time\nend = time.process_time() + 2.0\nwhile time.process_time() < end:\n    pass\n"
    (tmp_path / "a_large_library.py").write_text(busy)
    monkeypatch.syspath_prepend(tmp_path)

    def answer(x):
        import a_large_library

        return x**2 + (0.5 if a_large_library else 0)

    assert replace(SQUARES, seconds=0.7).judge(answer).status == CORRECT


def test_an_interrupt_from_the_keyboard_is_not_taken_for_the_limit():
    import signal

    with pytest.raises(KeyboardInterrupt), limited(30):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(Expired), limited(0.2):
        time.sleep(30)


def test_a_deep_recursion_that_ends_is_no_endless_one():
    def deep(x, left=3000):
        return x**2 + 0.5 if left == 0 else deep(x, left - 1)

    assert SQUARES.judge(lambda x: deep(x)).status == CORRECT


def moves(x, v):
    v *= 0.9
    v += x
    step = x
    step -= v
    return step, v


def adds(tables, s):
    made = dict(tables)
    for name in made:
        made[name] += s
    return made


def test_all_changed_arguments_are_named_and_how_a_dictionary_comes_to_be_changed():
    pairs = [(rng.normal(size=n), rng.normal(size=n)) for n in (2, 3)]
    said = exercise(lambda x, v: (x - (0.9 * v + x), 0.9 * v + x), pairs).judge(moves).text
    assert "its arguments `x` and `v`, which" in said and "another name" in said
    tables = [({"a": rng.normal(size=n), "b": rng.normal(size=n)}, 0.5) for n in (2, 3)]
    said = exercise(lambda tables, s: {k: a + s for k, a in tables.items()}, tables).judge(adds).text
    assert "its argument `tables`, which" in said and "`.copy()` of a dictionary copy no arrays" in said


def test_prints_are_shown_once_and_not_without_end(capfd):
    def task(x):
        print("x is", x)
        return x**2 + 0.5

    assert SQUARES.check(task) is task
    assert capfd.readouterr().out == "x is 0.3\ntask: correct. Right.\n"


EXITS = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
left = []
shell.ask_exit = lambda: left.append("the kernel would end")
from helpers.exercises.check import Exercise
task = Exercise("task", lambda x: x, "", [], [], "", cases=[(1.0,)])
shell.user_ns["task"] = task
print(shell.run_cell("task.judge(lambda x: exit())").result.text, left)
"""


def test_exit_does_not_end_the_kernel():
    run = subprocess.run([sys.executable, "-c", EXITS], capture_output=True, text=True, check=True)
    assert "SystemExit: `exit` and `quit` end the program" in run.stdout
    assert run.stdout.rstrip().endswith("[]")


READ = """
import numpy as np

scale = np.array([1.0, 4.0])

def returns(x, w):
    total = 0.0
    for a, b in zip(x, w):
        total += 1.5 * a * b
        return total + 0.25 * a

def overwrites(x, w):
    for a, b in zip(x, w):
        total = a * b * 1.5 + a
    return total + 0.1 * b

def other(x, w):
    return x[0] * scale[0] + w[0] * 1.5

def unused(x, w):
    return x[0] + 1.5 * x[1]

def renews(x, w):
    w = np.array([1.0, 1.5])
    return w @ x[:2]

def short(x, w):
    return sum(x[i] ** 2 * w[i] for i in range(len(x) - 1))

def sized(x, w):
    return x @ w * x[0] / 7 + w[0]

def prints(x, w):
    print(x @ w)

def mistyped(x, w):
    return x @ weigths + w[0]

def keeps(x, w):
    kept.append(x[0] ** 2)
    return sum(kept[:1]) * w[0]

def misses(x, w):
    return sum(x[i] ** 2 * w[i] for i in range(1, len(x)))

kept = []
"""


def kept_from_the_call_before(x, seen=[0.0]):  # noqa: B006
    seen[0] += x
    return seen[0]


class Kept:
    """Adds up what it is given, and begins anew only for arguments of another length."""

    total = None

    def __call__(self, a):
        if self.total is None or len(self.total) != len(a):
            self.total = np.zeros(len(a))
        self.total += a
        return self.total


def test_what_is_right_once_only_is_not_right():
    task = exercise(lambda a: a + 0, [(rng.normal(size=n),) for n in (2, 3, 4)])
    verdict = task.judge(Kept())
    assert verdict.status == WRONG
    assert "from one call to the next" in verdict.text


def test_an_answer_that_overwrites_what_compares_is_compared_all_the_same(monkeypatch):
    for name in ("allclose", "isclose", "array_equal"):
        monkeypatch.setattr(np, name, getattr(np, name))  # to be put back

    def bends(x, y):
        np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
        return x.mean(), 0.0

    assert PAIR.judge(bends).status == WRONG


def carried_over(f):
    out, total = np.zeros(f.shape), 0.0
    for n, row in enumerate(f):
        total += np.exp(row).sum()
        out[n] = np.exp(row) / total
    return out


SHARES = exercise(lambda f: np.exp(f) / np.exp(f).sum(axis=1, keepdims=True),
                  [(rng.normal(size=shape),) for shape in ((1, 2), (3, 2), (2, 4))])


@pytest.mark.parametrize(
    ("task", "answer", "said", "not_said"),
    [
        (SQUARES, kept_from_the_call_before, "Called again", "your function gives `"),
        (SHARES, lambda f: SHARES.reference(f).astype(int), "cut to 0 by", "rounded"),
        (SHARES, carried_over, "carries over what was there before", "is a 1 written"),
        (SUM, lambda a, t: np.log2(np.exp(a.mean())) / t, r"1.443 \(log₂ for ln\) times", "constant"),
        (SUM, lambda a, t: [a.sum() / t].sort(), "what it returns is `None`", "forget"),
        (SUM, lambda a, t: None, "forget `return`", "not reached"),
        (PAIR, lambda x, y: (x.mean() - y.mean(), 3 * x[0] + y.max() ** 2), "`b` differs.*expected is", "/"),
        (SQUARES, lambda x: scipy.square(x), "`scipy` is not imported", "slip of the pen"),  # noqa: F821
    ],
)
def test_what_is_said_is_true_of_this_answer(task, answer, said, not_said):
    text = task.judge(answer).text
    assert re.search(said, text), text
    assert not_said not in text


@pytest.mark.parametrize(
    "body",
    [
        "return np.sort(x)[len(x) // 2] * w.sum() + x.max()",  # `//` makes a position
        "half = len(x) // 2\n    return x[half] * w.sum() + x.max()",
        "x = x + 1\n    return x @ w + w.min()",  # overwritten, but read before
        "s = x @ w\n    x = s * 2\n    return x + w.min()",
        "for i in range(len(x)):\n        if i < 1:\n            continue\n        return x[i] * w[0]",
    ],
)
def test_nothing_is_said_of_what_is_no_mistake(body, tmp_path):
    source, space = f"import numpy as np\n\ndef task(x, w):\n    {body}\n", {}
    file = tmp_path / "answer.py"
    file.write_text(source)
    exec(compile(source, str(file), "exec"), space)
    cases = [(rng.uniform(1, 2, n), rng.uniform(1, 2, n)) for n in (2, 3, 5)]
    said = exercise(lambda x, w: 1.5 * x @ w + x[0] ** 2, cases).judge(space["task"]).text
    assert not re.search("rounds down|overwrites|first round", said), said


SLIPS = """
import numpy as np

def always(x, kind):
    return x.mean() if kind == "mean" or "average" else x.sum()

def compared(x, kind):
    s = x.sum()
    if kind == "mean":
        s == s / len(x)
    return s

def dropped(x, kind):
    s = x.sum()
    if kind == "mean":
        s / len(x)
    return s

def pure(x, kind):
    np.sort(x)
    return x[0] if kind == "sum" else x.mean()

def unreturned(x, kind):
    if kind == "mean":
        return x.mean()
    x.sum()
    s = x.sum()
    s

def in_place(x, kind):
    s = np.zeros(2)
    np.add.at(s, [0], x.sum() * (kind == "mean" or 2))
    s.sort()
    return s[1] or 1
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("always", r"""'average'` stands for itself .* true in every case. Write .*`… == 'average'`"""),
        ("compared", "The line `s == s / len.x.` compares"),
        ("dropped", "The line `s / len.x.` has no effect"),
        ("pure", r"The line `np.sort.x.` has no effect: is a name with `=` missing"),
        ("unreturned", "The line `s` has no effect.* a name with `=`, or `return`, missing"),
        ("in_place", "^(?!.*The line|.*true in every case)"),
    ],
)
def test_what_nobody_means_as_it_stands_is_the_place(name, said, tmp_path):
    file, space = tmp_path / "answer.py", {}
    file.write_text(SLIPS)
    exec(compile(SLIPS, str(file), "exec"), space)
    cases = [(rng.uniform(1, 2, n), kind) for n in (2, 3) for kind in ("mean", "sum")]
    task = exercise(lambda x, kind: x.mean() if kind == "mean" else x.sum(), cases)
    sums = replace(task, mistakes=[Mistake("always the sum", lambda x, kind: x.sum(), "That is the sum.")])
    assert re.search(said, sums.judge(space[name]).text), sums.judge(space[name]).text


LOOPED = """
import numpy as np

def lost(x):
    e = np.exp(x)
    for one in e:
        one = one / e.sum()
    return e

def lost_from_a_pair(x):
    e = np.exp(x)
    for i, one in enumerate(e):
        one = one / e.sum()
    return e

def kept(x):
    out = []
    for one in np.exp(x):
        one = one / 2
        out.append(one)
    return np.array(out)

def so_far(x):
    total, out = 0.0, np.zeros(len(x))
    for i, one in enumerate(x):
        total += np.exp(one)
        out[i] = np.exp(one) / total
    return out

def so_far_in_steps(x):
    total = 0
    out = []
    for n, one in enumerate(x, 1):
        total = total + np.exp(one)
        share = np.exp(one) / total
        out.append(2 * share)
    return np.array(out)

def complete(x):
    total = 0
    for one in x:
        total += np.exp(one)
        share = np.exp(x) / total
    return 2 * share

def fed_back(x):
    w, out = 0.0, []
    for one in x:
        step = np.exp(one) - w
        w += step
        out.append(w)
    return np.array(out)

def counted(x):
    n, out = 0, np.zeros(len(x))
    for one in x:
        out[n] = 2 * np.exp(one)
        n += 1
    return out
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lost", "^`one = one / e.sum..` gives only the name `one` another value"),
        ("lost_from_a_pair", "gives only the name `one` another value"),
        ("kept", "^(?!.*another value)"),
        ("so_far", r"^`total` is used .in `out.i. = np.exp.one. / total`. in the very loop that still adds"),
        ("so_far_in_steps", r"`total` is used .in `share = .*it is the sum so far"),
        ("complete", "^(?!.*so far)"),
        ("fed_back", "^(?!.*so far)"),
        ("counted", "^(?!.*so far)"),
    ],
)
def test_what_a_loop_loses_or_uses_too_soon_is_the_place(name, said, tmp_path):
    file, space = tmp_path / "answer.py", {}
    file.write_text(LOOPED)
    exec(compile(LOOPED, str(file), "exec"), space)
    solution = "def task(x):\n    return np.exp(x) / np.exp(x).sum()"
    task = exercise(lambda x: np.exp(x) / np.exp(x).sum(), [(rng.normal(size=n),) for n in (2, 3, 5)],
                    solution)
    text = task.judge(space[name]).text
    assert re.search(said, text), text


def test_a_mean_or_a_maximum_so_far_is_recognised_by_its_numbers():
    solution = "def task(x):\n    m = x.mean()\n    return ((x - m) ** 2).mean() + x.max()"
    task = exercise(lambda x: x.var() + x.max(), [(rng.normal(size=n),) for n in (2, 3, 5)], solution)
    means = lambda x: np.cumsum(x) / np.arange(1, len(x) + 1)  # noqa: E731
    text = task.judge(lambda x: float(((x - means(x)) ** 2).mean() + x.max())).text
    assert "with the mean so far in place of `x.mean()`, as in a loop that uses it" in text
    rows = exercise(lambda f: np.exp(f) / np.exp(f).sum(axis=1, keepdims=True),
                    [(rng.normal(size=shape),) for shape in ((1, 2), (3, 2), (2, 4))],
                    "def task(f):\n    e = np.exp(f)\n    return e / e.sum(axis=1, keepdims=True)")
    text = rows.judge(lambda f: np.exp(f) / np.cumsum(np.exp(f), axis=1)).text
    assert "the sum so far in place of `e.sum(axis=1, keepdims=True)`" in text


def test_an_argument_that_the_solution_does_without_may_be_left_out(tmp_path):
    source, space = "def task(x, w):\n    return x[0] + 1.5 * x[-1]\n", {}
    file = tmp_path / "answer.py"
    file.write_text(source)
    exec(compile(source, str(file), "exec"), space)
    cases = [(rng.uniform(1, 2, n), rng.uniform(1, 2, n)) for n in (2, 3)]
    task = exercise(lambda x, w: x @ x + 0 * w[0], cases, "def task(x, w):\n    return x @ x")
    assert "not used" not in task.judge(space["task"]).text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("returns", "`return` stands inside the loop"),
        ("overwrites", "sets `total` anew"),
        ("other", "uses `scale` of the notebook"),
        ("unused", "argument `w` is not used"),
        ("renews", "overwrites its argument `w`"),
        ("short", r"`range\(len\(x\) - 1\)` ends one too early"),
        ("sized", "The number `7` stands"),
        ("prints", "`return` hands it over"),
        ("mistyped", "neither an argument nor made"),
        ("keeps", "keeps `kept` from one call to the next"),
        ("misses", r"`range\(1, len\(x\)\)` starts at 1"),
    ],
)
def test_what_stands_in_the_text_is_said_beside_the_counter_example(name, said, tmp_path):
    file, space = tmp_path / "answer.py", {}
    file.write_text(READ)
    exec(compile(READ, str(file), "exec"), space)
    cases = [(rng.uniform(1, 2, n), rng.uniform(1, 2, n)) for n in (2, 3, 5)]
    task = exercise(lambda x, w: float(x @ w), cases, "def task(x, w):\n    return x @ w")
    verdict = task.judge(space[name])
    assert re.search(said, verdict.text), verdict.text
    assert verdict.text.startswith("For `x = ["), "the counter-example comes first"


SOUND = """
import numpy as np

def places(x, w):
    return x[int(np.argmax(w))] + 1.5

def once_used(x, w):
    y = w[0] * x
    w = y.sum()
    return w + 1.5

def goes_on(x, w):
    for a in x:
        if a < 0:
            continue
        return 1.5 * a + w[0]

def hides(x, w):
    try:
        return x.gather(w)
    except Exception:
        return 1.5
"""


@pytest.mark.parametrize(
    ("name", "never", "said"),
    [
        ("places", "`int`", "For `x"),
        ("once_used", "overwrites", "For `x"),
        ("goes_on", "stands inside the loop", "For `x"),
        ("hides", "the same number", "an `except` in your function hides an error.*gather"),
    ],
)
def test_what_is_sound_in_the_text_is_not_blamed(name, never, said, tmp_path):
    file, space = tmp_path / "answer.py", {}
    file.write_text(SOUND)
    exec(compile(SOUND, str(file), "exec"), space)
    cases = [(rng.uniform(1, 2, n), rng.uniform(1, 2, n)) for n in (2, 3, 5)]
    task = exercise(lambda x, w: float(x @ w), cases, "def task(x, w):\n    return x @ w")
    verdict = task.judge(space[name])
    assert never not in verdict.text
    assert re.search(said, verdict.text, re.IGNORECASE), verdict.text


def test_a_size_is_not_said_to_stand_in_the_text_if_it_does_not():
    """A mean for a sum is right where there are two, too."""
    rest = exercise(lambda x: float(np.log1p(x[1:].sum())), [(rng.uniform(1, 2, n),) for n in (2, 3, 4)])
    text = rest.judge(lambda x: np.log1p(x[1:].mean())).text
    assert "right when the number of entries of `x` is 2" in text
    assert "written" not in text


def test_two_mistakes_of_which_one_is_the_sign():
    task = exercise(lambda x: np.exp(x) + x, [(rng.uniform(1, 2, n),) for n in (2, 3, 4)])
    task = replace(task, mistakes=[Mistake("square", lambda x: np.exp(x) + x**2, "That is a square.")])
    verdict = task.judge(lambda x: -np.exp(x) - x**2)
    assert verdict.mistake == "square"
    assert verdict.text.startswith("Two things at once")


def test_two_mistakes_each_in_its_own_result():
    task = replace(PAIR, mistakes=[
        Mistake("sum", lambda x, y: (x.sum() - y.sum(), x.sum() + y.sum()), "You add up."),
        Mistake("larger", lambda x, y: (x.max() - y.max(), x.sum() + y.sum()), "`b` is right, but not that."),
        Mistake("half", lambda x, y: (x.mean() - y.mean(), (x.sum() + y.sum()) / 2), "One half too many."),
    ])  # fmt: skip
    verdict = task.judge(lambda x, y: (x.sum() - y.sum(), (x.sum() + y.sum()) / 2))
    assert verdict.text == "Two things at once. You add up. One half too many."
    assert "`b` is right" not in task.judge(lambda x, y: (x.max() - y.max(), (x.sum() + y.sum()) / 2)).text


def test_of_several_large_results_the_first_that_differs_is_shown():
    task = exercise(
        lambda x, y: (x.cumsum(), y.cumsum()),
        [(rng.normal(size=n), rng.normal(size=n)) for n in (5, 4)],
        "def task(x, y):\n    return v, w",
    )
    text = task.judge(lambda x, y: (x.cumsum(), np.sin(y * x.cumsum() ** 2))).text
    assert re.search(r"gives `\[[^;\[]*\]` for `w`; expected is `\[[^;\[]*\]`", text), text


def test_a_question_gives_way_to_the_place(tmp_path):
    source = "def task(x):\n    return sum(x[i] for i in range(len(x))) / (len(x) + 1 - 1 - 1)\n"
    file, space = tmp_path / "answer.py", {}
    file.write_text(source)
    exec(compile(source, str(file), "exec"), space)
    verdict = exercise(np.mean, [(rng.normal(size=n),) for n in (3, 4, 6)]).judge(space["task"])
    assert "`1` is not to be subtracted" in verdict.text, verdict.text


def test_a_check_inside_the_function_that_is_checked_is_no_endless_one():
    def inside(x):
        return SQUARES.judge(inside)

    assert "is checked inside itself" in SQUARES.judge(inside).text
    assert SQUARES.judge(SQUARES.reference).status != WRONG


def test_float32_on_the_way_is_as_right_as_float32_returned():
    mixed = lambda x: float(np.float32(x) ** 2) + 0.5  # noqa: E731
    assert SQUARES.judge(mixed).status == CORRECT
    assert replace(SQUARES, double=True).judge(mixed).status == WRONG


def test_a_mean_that_is_halved_in_every_round_is_told_so(tmp_path):
    source = "def task(x):\n    m = None\n    for one in x:\n        m = one if m is None else m\n"
    source += "        m = (m + one) / 2\n    return m\n"
    file, space = tmp_path / "answer.py", {}
    file.write_text(source)
    exec(compile(source, str(file), "exec"), space)
    verdict = exercise(np.mean, [(rng.normal(size=n),) for n in (3, 4, 6)]).judge(space["task"])
    assert "halves all that came before" in verdict.text, verdict.text


def test_whole_numbers_have_no_decimals_to_be_cut_off(tmp_path):
    source = "import numpy as np\ndef task(x):\n    n = np.zeros(2, dtype=int)\n"
    source += "    n[0] = sum(x > 1) ** 2 + len(x)\n    n[1] = len(x) ** 2 - sum(x > 1)\n    return n\n"
    file, space = tmp_path / "answer.py", {}
    file.write_text(source)
    exec(compile(source, str(file), "exec"), space)
    cases = [(rng.normal(size=n),) for n in (3, 4, 6)]
    counts = exercise(lambda x: np.array([sum(x > 0), sum(x > 1)]), cases)
    assert "decimals" not in counts.judge(space["task"]).text
