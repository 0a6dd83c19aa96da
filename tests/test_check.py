"""What `check` says, whatever it is handed: right, untouched, a known mistake or a counter-example."""

import math
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import softmax
from helpers.exercises import lesson_03, results
from helpers.exercises.check import (
    CORRECT,
    STAND_IN,
    UNTOUCHED,
    WRONG,
    Exercise,
    Mistake,
    Property,
)
from helpers.exercises.plain import Unreadable, freeze, same, tell_apart, words
from helpers.exercises.saved_output import inline
from helpers.exercises.trial import (
    ENDLESS,
    Outcome,
    Trial,
    everywhere,
    raises,
    sign_turned,
    single_numbers_only,
)


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


def centred(f, axis):
    return f - f.mean(axis=axis, keepdims=True)


ROWS = Exercise(
    name="centred_rows",
    reference=lambda f: centred(f, 1),
    cases=[(np.array([[0.0, 2.0]]),), (np.arange(6.0).reshape(2, 3),), (np.array([[1.0, 0.0], [5.0, 7.0]]),)],
    shown="Each row has mean 0.",
    mistakes=[
        Mistake("columns", lambda f: centred(f, 0), "Those are the columns."),
        Mistake("columns again", lambda f: centred(f, 0), "Never said: the first one registered speaks."),
        Mistake("keepdims", lambda f: f - f.mean(axis=1), "Keep the axis.", when=raises("broadcast")),
        Mistake("sign", lambda f: -centred(f, 1), "The sign.", when=sign_turned),
        Mistake("overflow", lambda f: f * np.inf, "Too large."),
    ],
    hints=["Subtract."],
    solution="def centred_rows(f):\n    return f - f.mean(axis=1, keepdims=True)",
)
VALUE = Exercise(
    name="rate", reference=0.25, shown="A quarter.", hints=["Halve twice."], solution="rate = 1 / 4",
    mistakes=[Mistake("half", 0.5, "Once more.")],
)  # fmt: skip
ANY_STEP = Exercise(
    name="step", reference=1.0, shown="It converges.", hints=["Between 0 and 2."], solution="step = 1.5",
    mistakes=[Mistake("too long", 2.0, "It neither grows nor shrinks.")],
    properties=[Property(lambda step: step > 0, "Uphill."), Property(lambda step: step < 2, "It diverges.")],
)  # fmt: skip


class Nasty:
    """Every way to look at it fails."""

    def __eq__(self, other=None):
        raise RuntimeError("no")

    __repr__ = __str__ = __bool__ = __len__ = __float__ = __iter__ = __hash__ = __eq__
    __class__ = property(__eq__)

    def __array__(self, *args, **kwargs):
        raise SystemExit("no array")

    def __getattr__(self, name):
        raise RuntimeError("no attribute")


class NastyError(Exception):
    def __str__(self):
        raise RuntimeError("no message")


def fail(error):
    raise error


def endless(f):
    return endless(f)


def warn(f):
    warnings.warn("x", stacklevel=2)


def in_place(f):
    f -= f.mean(axis=1, keepdims=True)
    return f


def test_a_right_answer_is_handed_back():
    def mine(f):
        return f - f.sum(axis=1, keepdims=True) / f.shape[1]

    assert ROWS.check(mine) is mine
    assert ROWS.judge(mine).status == CORRECT
    assert ROWS.judge(mine).text == "Each row has mean 0."
    assert ROWS.judge(lambda f: [list(row) for row in centred(f, 1)]).status == CORRECT


def test_rounding_differences_are_no_mistake():
    assert ROWS.judge(lambda f: centred(f, 1) * (1 + 1e-12) + 1e-13).status == CORRECT
    assert ROWS.judge(lambda f: centred(f, 1) * (1 + 1e-6)).status == WRONG


@pytest.mark.parametrize(
    "answer",
    [..., lambda f: ..., lambda f: [...], lambda f: f - ..., lambda f: (...).mean(), lambda f: np.log(...)],
    ids=["value", "returned", "in a tuple", "in a sum", "attribute", "in a function of NumPy"],
)
def test_the_dots_of_a_stub_are_not_an_attempt(answer):
    assert ROWS.judge(answer).status == UNTOUCHED
    assert ROWS.check(answer) is ROWS.reference


def test_an_ellipsis_in_an_index_is_an_attempt():
    assert ROWS.judge(lambda f: f[..., ..., 0]).status == WRONG


def test_a_known_mistake_gets_its_own_advice():
    verdict = ROWS.judge(lambda f: f - f.mean(0))
    assert (verdict.status, verdict.mistake, verdict.text) == (WRONG, "columns", "Those are the columns.")
    assert ROWS.judge(lambda f: f.mean(axis=1) - f).mistake == "keepdims"
    assert ROWS.judge(lambda f: f.mean(axis=1, keepdims=True) - f).mistake == "sign"
    assert ROWS.judge(lambda f: f / 0.0).mistake == "overflow", "NaN and ∞ are compared, too"


def test_a_mistake_must_show_in_every_case():
    assert ROWS.judge(lambda f: centred(f, 0 if f.shape == (1, 2) else 1)).mistake != "columns"


FIRST, ARRAY = "For `f = [[0, 2]]` your function", "an array of shape"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda f: f**3, f"{FIRST} gives `[[0, 8]]`; expected is `[[-1, 1]]`."),
        (
            lambda f: centred(f, 1) if len(f) == 1 else f,
            "For `f = [[0, 1, 2], [3, 4, 5]]` your function gives `[[0, 1, 2], [3, 4, 5]]`; "
            "expected is `[[-1, 0, 1], [-1, 0, 1]]`.",
        ),
        (lambda f: None, f"{FIRST} returns `None`: did you forget `return`?"),
        (lambda f: f[0], f"{FIRST} returns {ARRAY} (2,); expected is {ARRAY} (1, 2)."),
        (lambda f: 3, f"{FIRST} returns a single number; expected is {ARRAY} (1, 2)."),
        (lambda f: "ab", f"{FIRST} returns a text; expected is {ARRAY} (1, 2)."),
        (
            lambda f: (f for f in f),
            f"{FIRST} returns a generator, which is not a number or an array; expected is {ARRAY} (1, 2).",
        ),
        (
            lambda f: f * np.nan,
            f"{FIRST} gives `[[NaN, NaN]]`; expected is `[[-1, 1]]`. "
            "NaN is what 0/0, ∞ − ∞, 0 · ∞ and the logarithm of a negative number give.",
        ),
        (
            lambda f: centred(f, 1) + 1e-4 * f**2,
            f"{FIRST} gives `[[-1, 1.0004]]`; expected is `[[-1, 1]]`.",
        ),
        (lambda f: 1 / 0, f"{FIRST} raises ZeroDivisionError: division by zero"),
        (lambda f: missing, f"{FIRST} raises NameError: name 'missing' is not defined"),  # noqa: F821
        (
            lambda: 1,
            f"{FIRST} raises TypeError: <lambda>() takes 0 positional arguments but 1 was given",
        ),
        (endless, f"{FIRST} raises {ENDLESS}"),
        (
            in_place,
            "The results are right, but your function changes its argument `f`, which the caller may still "
            "need. Compute a new array instead: `+=`, `*=`, `[…] = …` and `.sort()` write into the one that "
            "is there, also when it has another name by then.",
        ),
        (
            np.ones((2, 2)),
            f"`centred_rows` must be a function of `f`, but it is {ARRAY} (2, 2). "
            "Hand over the function itself, without calling it.",
        ),
    ],
)
def test_the_smallest_counter_example_in_words(answer, text):
    verdict = ROWS.judge(answer)
    assert verdict.status == WRONG
    assert verdict.text.startswith(text)  # what Python's errors mean follows


def test_a_value_is_judged_without_giving_it_away():
    assert VALUE.judge(2**-2).status == CORRECT
    assert VALUE.judge(np.array(0.25)).status == CORRECT
    assert VALUE.judge(0.5).text == "Once more."
    assert VALUE.judge(0.3).text == "Your answer `0.3` is too large."
    assert VALUE.judge(1j).text == "Your answer `0+1j` is not right."
    assert VALUE.judge(np.nan).text.startswith("Your answer `NaN` is not right. NaN is what")
    assert VALUE.judge([1, 2]).text == "Your answer is an array of shape (2,); expected is a single number."
    assert VALUE.judge(None).text == "Your answer is `None`: did you forget `return`?"
    assert VALUE.judge(lambda: 0.25).text.startswith("A value is asked for, but this is a function")
    assert VALUE.judge(...).status == UNTOUCHED


def test_several_answers_can_be_right():
    assert ANY_STEP.judge(0.1).status == ANY_STEP.judge(1.9).status == CORRECT
    assert ANY_STEP.check(0.1) == 0.1
    assert ANY_STEP.judge(-1.0).text == "Uphill."
    assert ANY_STEP.judge(2).text == "It neither grows nor shrinks."
    assert ANY_STEP.judge(3).text == "It diverges."
    assert ANY_STEP.judge("1").status == WRONG


def test_a_property_of_a_function_is_tried_after_the_cases():
    calls = []
    rule = Property(lambda answer: answer(np.ones((1, 2))).shape == (1, 2), "The shape.")
    exercise = Exercise("id", lambda f: f, "Same.", [], [], "", cases=[(np.zeros(2),)], properties=[rule])
    assert exercise.judge(lambda f: calls.append(f) or f).status == CORRECT
    assert [f.ndim for f in calls[:2]] == [1, 2]
    assert exercise.judge(lambda f: f if f.ndim == 1 else f[0]).text == "The shape."
    assert exercise.judge(lambda f: f + 1).text.startswith("For `f = [0, 0]`")


def test_a_wrong_answer_is_replaced_by_the_reference():
    assert ROWS.check(lambda f: f) is ROWS.reference
    assert VALUE.check(7) == 0.25


def test_the_stand_in_is_not_praised_when_only_the_check_runs_again():
    answer = ROWS.check(lambda f: f)
    assert ROWS.judge(answer).status == STAND_IN
    assert ROWS.check(answer) is ROWS.reference
    assert results.history() == {"centred_rows": [WRONG]}
    assert VALUE.judge(VALUE.check(7)).status == STAND_IN


def test_attempts_are_recorded_in_one_place():
    ROWS.check(lambda f: f - f.mean(0))
    VALUE.check(...)
    assert results.history() == {"centred_rows": [WRONG]}
    ROWS.check(lambda f: centred(f, 1))
    assert results.history() == {"centred_rows": [WRONG, CORRECT]}


NASTY = [
    Nasty(), [Nasty()], {"a": Nasty()}, Nasty, type, object(), {}, {1: {2: 3}}, set(), "", b"x", 10**400,
    [[1], [2, 3]], [None], (i for i in "ab"), np.array(["a"]), np.array([object()]), np.array([]),
    np.array([[...]]), np.datetime64("NaT"), 1j, False, np.ma.masked, sys, print, np.exp,
    np.random.default_rng, NotImplemented, range(3), memoryview(b"ab"),
]  # fmt: skip
NASTY.append([])
NASTY[-1].append(NASTY[-1])


@pytest.mark.parametrize("exercise", [ROWS, VALUE, ANY_STEP], ids=lambda exercise: exercise.name)
@pytest.mark.parametrize("number", range(len(NASTY)))
def test_never_raises_whatever_the_answer_is_or_returns(exercise, number, capfd):
    answer = NASTY[number]
    for attempt in (answer, lambda *args: answer, lambda *args: [answer], lambda *args: fail(NastyError())):
        assert exercise.check(attempt) is exercise.reference
    said = capfd.readouterr()
    assert said.err == ""
    assert not re.search(r"0x[0-9a-f]", said.out)


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, MemoryError, StopIteration, NastyError])
def test_any_error_of_the_answer_is_an_outcome(error):
    assert f"raises {error.__name__}" in ROWS.judge(lambda f: fail(error)).text


def test_an_interrupt_from_the_keyboard_leaves_one_sentence(capfd):
    assert ROWS.check(lambda f: fail(KeyboardInterrupt())) is ROWS.reference
    said = capfd.readouterr()
    assert said.out.startswith("centred_rows: interrupted. You stopped it") and said.out.count("\n") == 1
    assert said.err == ""
    assert results.history() == {}


ATOMS = st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary() | st.just(...)


@given(st.recursive(ATOMS, lambda part: st.lists(part) | st.dictionaries(st.text(), part) | st.tuples(part)))
def test_never_raises_on_generated_answers(answer):
    for exercise in (ROWS, VALUE, ANY_STEP):
        assert exercise.judge(answer) == exercise.judge(answer)
        assert exercise.judge(lambda *args: answer).status != CORRECT or exercise is not ROWS


def test_no_address_and_no_long_message_in_the_text():
    text = ROWS.judge(lambda f: fail(ValueError(f"{object()}\n" + "long " * 100))).text
    assert "0x…" in text
    assert len(text) < 320
    assert "\n" not in text


def test_warnings_of_the_answer_do_not_leak(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for noisy in (lambda f: np.log(f - 5), lambda f: np.exp(f * 1e5), warn):
            assert ROWS.judge(noisy).status == WRONG
            assert "Warning" not in ROWS.judge(noisy).text
    with np.errstate(all="raise"):
        assert "FloatingPointError" not in ROWS.judge(lambda f: f / 0).text
    assert capfd.readouterr().err == ""


def test_an_answer_cannot_spoil_the_cases():
    ROWS.judge(lambda f: f.fill(7))
    assert ROWS.judge(lambda f: centred(f, 1)).status == CORRECT


def test_an_array_that_is_used_again_is_not_mistaken():
    memory = np.zeros((2, 3))
    cases = [(np.ones((2, 3)),), (np.zeros((2, 3)),)]
    exercise = Exercise("double", lambda f: 2 * f, "", [], [], "", cases)
    assert exercise.judge(lambda f: np.multiply(f, 2, out=memory)).status == CORRECT


def test_in_a_notebook_the_text_is_displayed_as_text_and_html(monkeypatch):
    import IPython

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    ROWS.check(lambda f: f**3)
    (data,) = shown
    assert data["text/plain"].startswith("centred_rows: not yet. For `f = [[0, 2]]`")
    assert "<strong>Not yet.</strong>" in data["text/html"], "the status is a word, not only a colour"
    assert "<code>f = [[0, 2]]</code>" in data["text/html"]


def test_without_ipython_the_text_is_printed():
    code = "from helpers.exercises import lesson_03 as ex; ex.nll.check(...)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "nll: not attempted yet. Replace the `...` and run this cell again.\n"
    assert run.stderr == ""


def test_html_is_escaped_and_formulas_are_set():
    assert inline("a < b `x_y^2` <i>") == "a &lt; b <code>x_y^2</code> &lt;i&gt;"
    assert inline("e^(−(f₀ − f₁)) and e^f_i, g_ℓ") == (
        "e<sup>−(f₀ − f₁)</sup> and e<sup>f<sub>i</sub></sup>, g<sub>ℓ</sub>"
    )


def test_hints_and_solution_are_folded_markdown():
    assert ROWS.details() == (
        "<details><summary>Hint 1 of "
        "1</summary>\n\nSubtract.\n\n</details>\n\n<details><summary>Solution</summary>\n\n```python\ndef "
        "centred_rows(f):\n    return f - f.mean(axis=1, keepdims=True)\n```\n\n</details>"
    )


def test_words_are_short_and_the_same_on_every_machine():
    assert words(freeze([[1 / 3, -1e-17], [1e6, np.inf]]), tiny=1e-12) == "[[0.3333, 0], [1e+06, inf]]"
    assert words(freeze(np.arange(100.0))) == "an array of shape (100,) that starts with 0, 1, 2, …"
    assert words(freeze((1, "a", None, [1, [2]]))) == "(1, 'a', None, (1, [2]))"
    assert words(freeze({"w": np.ones(2)})) == "{w: [1, 1]}"
    assert freeze(set()) == Unreadable("a set, which is not a number or an array")


def test_a_difference_deep_in_a_large_array_is_found():
    a, b = np.arange(100.0).reshape(10, 10), np.arange(100.0).reshape(10, 10)
    b[7, 3] = 1
    assert tell_apart(a, b, 1e-9, 1e-12) == ("73", "1", " at index [7, 3]")


def test_named_arrays_and_several_results_are_compared_entry_by_entry():
    a = freeze({"w": np.ones(2), "b": (0.0, np.zeros((2, 2)))})
    assert same(a, freeze({"b": (0.0, np.zeros((2, 2))), "w": np.ones(2)}))
    assert not same(a, freeze({"w": np.ones(2), "b": (0.0, np.eye(2))}))
    assert not same(a, freeze({"w": np.ones(2)}))


# --- ordinary and extreme cases -----------------------------------------------------------------------


def loss(f, k):
    z = f - f.max()
    return np.log(np.exp(z).sum()) - z[k]


def naive_loss(f, k):
    return np.log(np.exp(f).sum()) - f[k]


LOSS = Exercise(
    name="loss",
    reference=lambda f, k: loss(f, k),
    cases=[(np.array([1.0, 0.0, 3.0]), 0), (np.array([1.0, 0.0]), 0)],
    extreme=[(np.array([1000.0, 0.0]), 1), (np.array([-1001.0, -1000.0]), 0)],
    shown="At any size.", hints=[], solution="",
    mistakes=[
        Mistake("no label", lambda f, k: loss(f, k) + f[k], "Subtract it.",
                also=[lambda f, k: np.log(np.exp(f - f.max()).sum())]),
        Mistake("sign", lambda f, k: -loss(f, k), "Minus.", when=sign_turned),
        Mistake("half", lambda f, k: loss(f, k) / 2, "Twice.", when=everywhere(
            lambda trial: np.isclose(2 * trial.got.value, trial.expected.value))),
        Mistake("overflow", naive_loss, "Shift.", when=raises("OverflowError")),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (naive_loss, "overflow"),
        (lambda f, k: math.log(sum(map(math.exp, f))) - f[k], "overflow"),
        (lambda f, k: np.log(np.exp(f).sum()), "no label"),
        (lambda f, k: np.log(np.exp(f).sum()) - f.max(), "no label"),
        (lambda f, k: loss(f, k) + f[k], "no label"),
        (lambda f, k: -naive_loss(f, k), "sign"),
        (lambda f, k: f[k] - math.log(sum(map(math.exp, f))), "sign"),
        (lambda f, k: naive_loss(f, k) / 2, "half"),
        (lambda f, k: math.log(sum(map(math.exp, f))) / 3, "argument not used"),
        (lambda f, k: naive_loss(f, k) + 2, None),
        (lambda f, k: loss(f, k) if f.size == 3 else -loss(f, k), "size_in_the_code"),
        (lambda f, k: loss(f, k) if f.max() < 9 else -loss(f, k), "number written in"),
    ],
)
def test_a_wrong_formula_is_told_before_its_overflow(answer, mistake):
    verdict = LOSS.judge(answer)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake)


def test_a_counter_example_comes_from_the_ordinary_cases_first():
    assert LOSS.judge(lambda f, k: naive_loss(f, k) + 2).text.startswith("For `f = [1, 0, 3], k = 0` your")
    assert LOSS.judge(lambda f, k: loss(np.clip(f, -9, 9), k)).text.startswith(
        "Right for numbers of ordinary size. For `f = [1000, 0], k = 1` your function gives `9`; "
        "expected is `1000`."
    )
    assert LOSS.judge(loss).status == CORRECT


def trials(got, expected, extreme=()):
    pairs = zip(got, expected, strict=True)
    return [
        Trial((), Outcome(freeze(a)), Outcome(freeze(b)), a == b, extreme=number in extreme)
        for number, (a, b) in enumerate(pairs)
    ]


def test_minus_the_right_answer_means_in_every_finite_ordinary_case():
    assert sign_turned(trials([-1.0, 0.0, np.nan], [1.0, 0.0, 2.0]))
    assert sign_turned(trials([-1.0, 5.0], [1.0, 2.0], extreme=[1]))
    assert not sign_turned(trials([-1.0, 2.0], [1.0, 2.0]))
    assert not sign_turned(trials([-1.0, 3.0], [1.0, 2.0]))
    assert not sign_turned(trials([1.0, -2.0], [1.0, 2.0], extreme=[1]))
    assert not sign_turned(trials([np.inf, 0.0], [1.0, 0.0]))
    assert not sign_turned(trials([1.0], [1.0]))


def test_what_holds_everywhere_need_not_hold_in_the_extreme_cases():
    small = everywhere(lambda trial: trial.got.value < 3)
    assert small(trials([1.0, 2.0, 9.0], [1.0, 1.0, 1.0], extreme=[2]))
    assert not small(trials([1.0, 9.0, 2.0], [1.0, 1.0, 1.0], extreme=[2]))


SQUARES = Exercise(
    name="square", reference=lambda x: x**2, cases=[(3.0,), (-2.0,), (np.array([1.0, 2.0]),)],
    shown="Squares.", hints=[], solution="",
    mistakes=[Mistake("one number", lambda x: float(x) ** 2, "Arrays, too.", when=single_numbers_only)],
)  # fmt: skip


def test_an_answer_for_single_numbers_only():
    assert SQUARES.judge(lambda x: math.pow(x, 2)).mistake == "one number"
    assert SQUARES.judge(lambda x: x * x if x > 0 else -x * -x).mistake == "one number"
    assert SQUARES.judge(lambda x: np.sum(x**2)).mistake == "one number"
    assert SQUARES.judge(lambda x: x * abs(x)).mistake is None
    assert SQUARES.judge(lambda x: math.pow(x, 3)).mistake == "number written in"
    assert SQUARES.judge(lambda x: x**2).status == CORRECT


def test_a_method_without_its_brackets_is_pointed_out():
    text = ROWS.judge(lambda f: f - f.max).text
    assert text.endswith("Is there a method without its brackets, such as `f.max` for `f.max()`?")
    assert "brackets" not in ROWS.judge(lambda f: fail(TypeError("no method"))).text


# --- done from scratch --------------------------------------------------------------------------------

PLAIN = Exercise("half", lambda x: x / 2, "Half.", [], [], "", cases=[(3.0,)])
BORROWERS = {
    "by its name": "def half(x): return x / 2 + 0 * sigmoid(x)",
    "in a lambda": "half = lambda x: x / 2 + 0 * sigmoid(x)",
    "in a comprehension": "def half(x): return x / 2 + sum(0 * sigmoid(x) for _ in [1])",
    "in a function inside":
        "def half(x):\n    def part(x): return 0 * sigmoid(x)\n    return x / 2 + part(x)",
    "in a function beside it": "def part(x): return 0 * sigmoid(x)\ndef half(x): return x / 2 + part(x)",
    "in a function that calls back":
        "def part(x): return 0 * sigmoid(x) if x else half(x)\ndef half(x): return x / 2 + part(x)",
    "under another name": "mine = sigmoid\ndef half(x): return x / 2 + 0 * mine(x)",
    "as a default": "def half(x, mine=sigmoid): return x / 2 + 0 * mine(x)",
    "bound by partial": "part = partial(sigmoid)\ndef half(x): return x / 2 + 0 * part(x)",
    "as a partial": "half = partial(lambda y, x: x / 2 + 0 * sigmoid(x), 1)",
    "from its module": "def half(x): return x / 2 + 0 * tools.sigmoid(x)",
    "imported inside":
        "def half(x):\n    from helpers.softmax import sigmoid\n    return x / 2 + 0 * sigmoid(x)",
    "beside a name that is not bound yet":
        "def make(mine):\n    def half(x): return x / 2 + 0 * mine(x) if x else later\n    return half\n"
        "    later = 1\nhalf = make(sigmoid)",
    "from a closure": "def make(mine):\n    return lambda x: x / 2 + 0 * mine(x)\nhalf = make(sigmoid)",
}  # fmt: skip
HONEST = {
    "arithmetic": "def half(x): return x / 2",
    "a stand-in": "def half(x): return x / 2 + 0 * earlier([x, x], 0)",
    "another's attribute of that name": "def half(x): return x / 2 + 0 * other.sigmoid",
    "an own function of that name": "def sigmoid(x): return x\ndef half(x): return sigmoid(x) / 2",
    "a local of that name": "def half(x):\n    sigmoid = x\n    return sigmoid / 2",
    "a class": "class half:\n    def __new__(cls, x): return x / 2",
    "not bound yet": "def make():\n    def half(x): return x / 2 if x else later\n    return half\n    "
                     "later = 1\nhalf = make()",
}  # fmt: skip


def half_by(source):
    space = {"sigmoid": softmax.sigmoid, "tools": softmax, "partial": partial,
             "other": SimpleNamespace(sigmoid=1), "earlier": lesson_03.nll.check(lambda f, label: 0)}
    exec(source, space)
    return space["half"]


@pytest.mark.parametrize("source", BORROWERS.values(), ids=BORROWERS)
def test_a_right_answer_made_with_the_helpers_is_not_yet_one(source):
    verdict = PLAIN.judge(half_by(source))
    assert (verdict.status, verdict.mistake) == (WRONG, "made with helpers")
    assert re.fullmatch(
        r"The results are right, but your function uses `[\w.]+` from `helpers`, "
        r"and this exercise is to write the formula yourself: NumPy is enough.",
        verdict.text,
    )
    assert replace(PLAIN, from_scratch=False).judge(half_by(source)).status == CORRECT


@pytest.mark.parametrize("source", HONEST.values(), ids=HONEST)
def test_a_right_answer_made_without_them_is_right(source):
    assert PLAIN.judge(half_by(source)).status == CORRECT


def test_help_is_no_matter_while_the_answer_is_wrong():
    assert PLAIN.judge(lambda x: softmax.sigmoid(x)).text.startswith("For `x = 3` your function gives")
    direct = Exercise("s", lambda x: softmax.sigmoid(x), "", [], [], "", cases=[(1.0,)])
    assert "uses `sigmoid` from `helpers`" in direct.judge(softmax.sigmoid).text
    assert "uses `sigmoid` from `helpers`" in direct.judge(partial(softmax.sigmoid)).text
    assert Exercise("n", lambda x: np.exp(x), "", [], [], "", cases=[(1.0,)]).judge(np.exp).status == CORRECT


def test_stressed_words_are_typeset_and_products_are_not():
    text = "the *sum* of e^x, not `a * b`; 2 * 3 * 4; *two words*"
    assert inline(text) == (
        "the <em>sum</em> of e<sup>x</sup>, not <code>a * b</code>; 2 * 3 * 4; <em>two words</em>"
    )


def test_a_pair_is_asked_for_as_a_pair_though_equal_shapes_are_frozen_as_one_array():
    both = Exercise("both", lambda a: (a, 2 * a), "Both.", [], [], "", cases=[(np.array([1.0, 2.0]),)])
    assert both.judge(lambda a: a).text.endswith(
        "returns the first of the results alone, and that is right; but 2 results are asked for, with a "
        "comma between them: `return a, b`."
    )
    mixed = np.array([1.0, np.zeros(2)], dtype=object)
    assert freeze(mixed) == Unreadable("an array that holds different kinds of things")


def test_advice_may_be_made_from_the_answer():
    even = Property(lambda n: n % 2 == 0, lambda n: f"{n} leaves 1.")
    assert Exercise("n", 2, "Even.", [], [], "", properties=[even]).judge(7).text == "7 leaves 1."


def test_where_no_code_is_shown_an_exercise_says_where_it_is_solved(monkeypatch, capsys):
    from helpers.exercises import lesson_03 as ex

    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    ex.nll.check(...)
    assert "open the lesson in JupyterLab" in capsys.readouterr().out
    monkeypatch.delenv("SERVER_SOFTWARE")
    ex.nll.check(...)
    assert "Replace the" in capsys.readouterr().out
