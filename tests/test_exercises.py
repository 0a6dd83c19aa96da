"""Every exercise of every lesson: its solution is right, and each wrong answer gets its own advice.

The notebooks are held to the form that helpers/exercises/check.py describes: `faults` names what is not so.
"""

import ast
import importlib
import inspect
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import helpers
from helpers import exercises, softmax
from helpers.exercises import from_scratch, lesson_03, results
from helpers.exercises.check import CORRECT, UNTOUCHED, WRONG, Exercise
from helpers.exercises.predict import Prediction
from tools.lint_notebooks import split_imports

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
REGISTRIES = [
    importlib.import_module(f"helpers.exercises.{path.stem}")
    for path in sorted(Path(exercises.__file__).parent.glob("lesson_*.py"))
]
SOLUTION = re.compile(r"<details><summary>Solution.*?```python\n(.*?)```.*?</details>", re.DOTALL)


def entries(registry: ModuleType, kind: type) -> dict:
    return {name: entry for name, entry in vars(registry).items() if isinstance(entry, kind)}


EXERCISES = [exercise for registry in REGISTRIES for exercise in entries(registry, Exercise).values()]
PREDICTIONS = [prediction for registry in REGISTRIES for prediction in entries(registry, Prediction).values()]
MISTAKES = [
    pytest.param(exercise, mistake, wrong, id=f"{exercise.name}-{mistake.name}-{number}")
    for exercise in EXERCISES
    for mistake in exercise.mistakes
    for number, wrong in enumerate([mistake.wrong, *mistake.also])
]


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


# --- the registries ---------------------------------------------------------------------------------


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.__name__.rpartition(".")[2])
def test_a_lesson_has_enough_exercises_under_their_own_names(registry):
    assert len(entries(registry, Exercise)) >= 3
    for name, entry in (entries(registry, Exercise) | entries(registry, Prediction)).items():
        assert entry.name == name


def test_names_are_unique_in_the_course():
    names = [entry.name for entry in [*EXERCISES, *PREDICTIONS]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_solution_is_right(exercise):
    space = {"np": np}
    exec(exercise.solution, space)
    verdict = exercise.judge(space[exercise.name])
    assert (verdict.status, verdict.text) == (CORRECT, exercise.shown)
    if callable(exercise.reference):  # the arguments in a counter-example are called as in the stub
        assert exercise._arguments == list(inspect.signature(space[exercise.name]).parameters)


@pytest.mark.parametrize(("exercise", "mistake", "wrong"), MISTAKES)
def test_a_wrong_answer_gets_its_own_advice(exercise, mistake, wrong, capfd):
    assert exercise.judge(wrong).mistake == mistake.name
    assert exercise.check(wrong) is exercise.reference
    assert results.history() == {exercise.name: [WRONG]}
    said = capfd.readouterr()
    assert said.out == f"{exercise.name}: not yet. {mistake.advice}\n"
    assert said.err == ""


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_an_exercise_is_complete(exercise):
    assert len(exercise.mistakes) >= 3
    assert len({mistake.name for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert len({mistake.advice for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert 2 <= len(exercise.hints) <= 3
    for text in [exercise.shown, *exercise.hints, *(mistake.advice for mistake in exercise.mistakes)]:
        assert re.search(r"[.?)]$", text), f"not a whole sentence: {text}"
        assert text.count("`") % 2 == 0, f"a backtick without its twin: {text}"


@pytest.mark.parametrize("prediction", PREDICTIONS, ids=lambda prediction: prediction.name)
def test_a_prediction_explains_every_option(prediction):
    assert 3 <= len(prediction.options) <= 5
    assert len(set(prediction.options.values())) == len(prediction.options)
    for text in [*prediction.options.values()]:
        assert re.search(r"[.?)]$", text), f"not a whole sentence: {text}"


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.__name__.rpartition(".")[2])
def test_the_right_option_stands_in_varied_places(registry):
    places = [list(entry.options).index(entry.answer) for entry in entries(registry, Prediction).values()]
    assert max(map(places.count, places)) <= max(1, len(places) // 2)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_a_reference_can_stand_in_without_counting_as_help(exercise):
    """A reference that is itself a function of the mathematics would be refused in the next exercise."""
    earlier = exercise.reference
    assert from_scratch.borrowed(lambda: earlier) is None


# --- the notebooks ----------------------------------------------------------------------------------


def faults(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Say where a notebook's exercises and predictions are not in the form described in check.py."""
    space = {}
    for cell in split_imports(notebook)[0]:
        exec(cell.source, space)
    registries = [value for value in space.values() if isinstance(value, ModuleType) and value in REGISTRIES]
    found = []
    for at, cell in enumerate(notebook.cells):
        for call in _calls(cell):
            entry = eval(ast.unparse(call.func.value), space)
            found.append((entry, call.func.attr, at))
            if call.func.attr == "check":
                yield from _faults_of_exercise(entry, notebook.cells, at, space)
            elif cell.source.strip() != ast.unparse(call):
                yield f"{entry.name}: the cell holds more than the call of {call.func.attr}"
    for registry in registries:
        for exercise in entries(registry, Exercise).values():
            if [entry for entry, _, _ in found].count(exercise) != 1:
                yield f"{exercise.name}: not checked in exactly one place"
        for prediction in entries(registry, Prediction).values():
            places = {method: at for entry, method, at in found if entry is prediction}
            count = sum(entry is prediction for entry, _, _ in found)
            if count != 2 or set(places) != {"ask", "explain"} or places["ask"] + 1 >= places["explain"]:
                yield f"{prediction.name}: not asked once, then something to move, and then explained once"


def _calls(cell) -> list[ast.Call]:
    if cell.cell_type != "code":
        return []
    return [
        node for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("check", "ask", "explain")
    ]  # fmt: skip


def _faults_of_exercise(exercise: Exercise, cells: list, at: int, space: dict) -> Iterator[str]:
    stub = cells[at].source
    last_line = stub.rstrip().rpartition("\n")[2]
    if not re.fullmatch(rf"(\w+) = \w+\.{exercise.name}\.check\(\1\)", last_line):
        yield f"{exercise.name}: the last line of the cell is {last_line!r}"
        return
    own = dict(space)
    exec(stub, own)
    if exercise.name in results.history():
        yield f"{exercise.name}: the stub is {results.history()[exercise.name][-1]}"
    if not any(UNTOUCHED in output.get("data", {}).get("text/plain", "") for output in cells[at].outputs):
        yield f"{exercise.name}: the saved output does not say {UNTOUCHED!r}"
    folded = cells[at + 1].source if at + 1 < len(cells) and cells[at + 1].cell_type == "markdown" else ""
    if folded.strip() != exercise.details():
        yield f"{exercise.name}: the next cell is not what {exercise.name}.details() gives"
    solution = SOLUTION.search(folded)
    if not solution:
        yield f"{exercise.name}: no solution in the next cell"
        return
    exec(solution[1], own)
    exec(last_line, own)
    status = results.history().get(exercise.name, [UNTOUCHED])[-1]
    if status != CORRECT:
        yield f"{exercise.name}: the printed solution is {status}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_exercises_in_the_notebook(path):
    found = list(faults(nbformat.read(path, 4)))
    assert not found, "\n".join(found)


def test_every_registry_is_used_by_its_lesson():
    for registry in REGISTRIES:
        number = registry.__name__[-2:]
        (path,) = [path for path in NOTEBOOKS if path.stem.startswith(number)]
        assert f"from helpers.exercises import lesson_{number} as ex" in path.read_text(encoding="utf-8")


def small_notebook() -> nbformat.NotebookNode:
    """A notebook with the exercises and predictions of lesson 03 and nothing else."""
    imports = "import numpy as np\nfrom helpers.exercises import lesson_03 as ex"
    cells = [new_markdown_cell("## Set-up"), new_code_cell(imports), new_markdown_cell("## Predictions")]
    for name in entries(lesson_03, Prediction):
        cells += [
            new_code_cell(f"ex.{name}.ask()"),
            new_code_cell("2 + 2"),
            new_code_cell(f"ex.{name}.explain()"),
        ]
    for name, exercise in entries(lesson_03, Exercise).items():
        first_line = exercise.solution.strip().partition("\n")[0]
        stub = f"{first_line}\n    return ...\n\n{name} = ex.{name}.check({name})"
        said = new_output(
            "display_data", {"text/plain": f"{name}: {UNTOUCHED}. There is still a `...` in it."}
        )
        cells += [new_code_cell(stub, outputs=[said]), new_markdown_cell(exercise.details())]
    return new_notebook(cells=cells)


def test_a_notebook_in_the_right_form_has_no_faults():
    assert list(faults(small_notebook())) == []


STUB = "def softmax_rows(f):\n    return ..."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ex.shift.explain()", "ex.shift.ask()", "shift: not asked once, then something to move"),
        ("ex.shift.ask()", "'gone'", "shift: not asked once, then something to move"),
        ("2 + 2", None, "not asked once, then something to move"),
        ("ex.shift.ask()", "view = ex.shift.ask()", "shift: the cell holds more than the call of ask"),
        (STUB, "def softmax_rows(f):\n    return f", "softmax_rows: the stub is not yet"),
        (STUB, "def softmax_rows(f):\n    e = np.exp(f)\n    return e / e.sum(axis=1, keepdims=True)",
         "softmax_rows: the stub is correct"),
        ("softmax_rows = ex.", "answer = ex.", "softmax_rows: the last line of the cell is"),
        ("nll = ex.nll.check(nll)", "'gone'", "nll: not checked in exactly one place"),
        ("axis=1, keepdims=True)\n```", "axis=0)\n```",
         "softmax_rows: the printed solution is not yet"),
        ("axis=1, keepdims=True)\n```", "axis=1, keepdims=1)\n```",
         "softmax_rows: the next cell is not what softmax_rows.details() gives"),
        ("<summary>Solution</summary>", "<summary>Answer</summary>", "softmax_rows: no solution in the "
                                                                     "next cell"),
        ("There is still", None, "softmax_rows: the saved output does not say 'not attempted yet'"),
    ],
)  # fmt: skip
def test_a_fault_in_a_notebook_is_named(old, new, fault):
    notebook = small_notebook()
    if old == "There is still":
        for cell in notebook.cells:
            cell.pop("outputs", None)
            cell.outputs = []
    elif new is None:
        notebook.cells = [cell for cell in notebook.cells if cell.source != old]
    else:
        changed = [cell for cell in notebook.cells if old in cell.source]
        assert changed
        for cell in changed:
            cell.source = cell.source.replace(old, new)
    assert any(one.startswith(fault) or one.endswith(fault) or fault in one for one in faults(notebook))


# --- lesson 03 --------------------------------------------------------------------------------------


def test_the_lessons_own_softmax_is_the_reference():
    """The printed solutions are written anew; here they meet what the rest of the course uses."""
    lesson = {exercise.name: exercise.reference for exercise in EXERCISES}
    f = np.random.default_rng(0).normal(scale=4, size=(50, 6))
    np.testing.assert_allclose(lesson["softmax_rows"](f), softmax.softmax(f, axis=1), rtol=1e-14)
    np.testing.assert_allclose(lesson["with_temperature"](f[0], 3.0), softmax.softmax(f[0] / 3), rtol=1e-14)
    assert lesson["nll"](f[1], 4) == pytest.approx(-softmax.log_softmax(f[1])[4], rel=1e-14)
    more = f[2].copy()
    more[3] += lesson["logit_for_odds"](f[2], 3, 7.0)
    before, after = softmax.softmax(f[2]), softmax.softmax(more)
    others = np.arange(6) != 3
    np.testing.assert_allclose((after[3] / after)[others], 7 * (before[3] / before)[others], rtol=1e-12)


def answer_of(exercise: Exercise, source: str, **more: object) -> object:
    """Run an answer as a learner may write it, with the names of the lesson's set-up."""
    space = {"np": np, "math": math, "helpers": helpers, "ex": lesson_03, "sigmoid": softmax.sigmoid,
             "softmax": softmax.softmax, "log_softmax": softmax.log_softmax}
    exec(lesson_03.softmax_rows.solution, space)
    space |= more
    if not source.lstrip().startswith("def "):
        source = f"def {exercise.name}({', '.join(exercise._arguments)}): {source}"
    exec(source, space)
    return space[exercise.name]


SHIFTED = "z = f - f.max(); "
NAIVE = "g = np.exp(f) / np.exp(f).sum(); "
FREE_FORM = {
    "softmax_rows": [
        ("returned inside the loop", """
def softmax_rows(f):
    rows = []
    for row in f:
        rows.append(np.exp(row) / np.exp(row).sum())
        return np.array(rows)"""),
        ("returned inside the loop", """
def softmax_rows(f):
    g = np.zeros_like(f)
    for i in range(len(f)):
        g[i] = np.exp(f[i]) / np.exp(f[i]).sum()
        return g"""),
        ("returned inside the loop", """
def softmax_rows(f):
    for row in f:
        e = np.exp(row)
        return e / e.sum()"""),
        ("sign turned", "e = np.exp(-f); return e / e.sum(axis=1, keepdims=True)"),
        ("sigmoids normalised", "s = 1 / (1 + np.exp(-f)); return s / s.sum(1)[:, None]"),
        ("keepdims forgotten", "e = np.exp(f); return e / e.sum(1)"),
    ],
    "two_classes": [
        ("single numbers only", "return 1 / (1 + math.exp(-(f0 - f1) / T))"),
        ("single numbers only", "e = np.exp([f0 / T, f1 / T]); return e[0] / e.sum()"),
        ("single numbers only", "e = np.exp([(f0 - f1) / T, 0]); return e[0] / e.sum()"),
        ("single numbers only", """
def two_classes(f0, f1, T):
    d = (f0 - f1) / T
    if d > 0:
        return 1 / (1 + np.exp(-d))
    return np.exp(d) / (1 + np.exp(d))"""),
        ("both classes", "d = (f0 - f1) / T; return [d, -d]"),
        ("both classes", "d = (f0 - f1) / T; return [d / 2, -d / 2]"),
        ("both classes", "g = 1 / (1 + np.exp(-(f0 - f1) / T)); return g, 1 - g"),
        ("brackets forgotten", "d = (f0 - f1) / T; return np.exp(d) / 1 + np.exp(d)"),
        ("brackets forgotten", "return 1 / 1 + np.exp((f1 - f0) / T)"),
        ("the sigmoid inverted", "d = (f0 - f1) / T; return np.log(d / (1 - d))"),
        ("minus for plus", "return 1 / (1 - np.exp(-(f0 - f1) / T))"),
        ("sign turned", "return 1 / (1 + np.exp((f0 - f1) / T))"),
        ("T forgotten", "return 1 / (1 + np.exp(f1 - f0))"),
        ("multiplied by T", "return 1 / (1 + np.exp(-(f0 - f1) * T))"),
        ("probability divided by T", "return 1 / (1 + np.exp(-(f0 - f1))) / T"),
        ("exponential divided by T", "return 1 / (1 + np.exp(-(f0 - f1)) / T)"),
        ("T at one logit only", "return 1 / (1 + np.exp(f1 - f0 / T))"),
        ("T at one logit only", "return 1 / (1 + np.exp(-(f0 - f1 / T)))"),
        ("minus at one logit only", "return 1 / (1 + np.exp(-f0 - f1 / T))"),
        ("minus at one logit only", "return 1 / (1 + np.exp((-f0 - f1) / T))"),
        ("only class 0", "return 1 / (1 + np.exp(-f0 / T))"),
        ("difference of the exponentials", "d = (np.exp(f0) - np.exp(f1)) / T; return 1 / (1 + np.exp(-d))"),
        ("odds for probability", "return np.exp(f0 / T) / np.exp(f1 / T)"),
        ("rounded down", "return 1 / (1 + np.exp(-((f0 - f1) // T)))"),
        ("two exponentials", "return np.exp(f0 / T) / (np.exp(f0 / T) + np.exp(f1 / T))"),
        ("two exponentials", "return 1 / (1 + np.exp(f1 / T) / np.exp(f0 / T))"),
    ],
    "with_temperature": [
        ("rows where there are none", "return softmax_rows(f / T)"),
        ("rows where there are none", "e = np.exp(f / T); return e / e.sum(axis=1, keepdims=True)"),
        ("rows where there are none", "e = np.exp(f / T); return e[0, :] / e[0, :].sum()"),
        ("sigmoid of each", "return 1 / (1 + np.exp(-f / T))"),
        ("divided by T once more", "e = np.exp(f / T); return e / (e.sum() * T)"),
        ("sign turned", "e = np.exp(-f / T); return e / e.sum()"),
        ("rounded down", "e = np.exp(f // T); return e / e.sum()"),
        ("logits returned", "return f / T"),
        ("divided after softmax", "e = np.exp(f); return e / (e.sum() * T)"),
        ("denominator without T", "return np.exp(f) / np.exp(f / T).sum()"),
    ],
    "logit_for_odds": [
        ("logit multiplied", "return f[i] * factor"),
        ("all the logits returned", "f[i] += np.log(factor); return f"),
        ("all the logits returned", "z = f.copy(); z[i] = z[i] * factor; return z"),
        ("logarithm times the logit", "return np.log(factor) * f[i]"),
        ("logit subtracted", "return np.log(factor) - f[i]"),
        ("factor taken for a probability", "return np.log(factor / (1 - factor))"),
        ("the new logit", "return np.log(factor * np.exp(f[i]))"),
    ],
    "nll": [
        ("label inside the logarithm", SHIFTED + "return np.log(np.exp(z).sum() - z[label])"),
        ("label inside the logarithm", "return np.log(np.exp(f).sum() - f[label])"),
        ("one of two signs", SHIFTED + "return np.log(np.exp(z).sum()) + z[label]"),
        ("one of two signs", SHIFTED + "return -np.log(np.exp(z).sum()) - z[label]"),
        ("one of two signs", "return -np.log(np.exp(f).sum()) - f[label]"),
        ("minus forgotten", SHIFTED + "return z[label] - np.log(np.exp(z).sum())"),
        ("minus forgotten", "return f[label] - np.log(np.exp(f).sum())"),
        ("minus forgotten", "return np.log(np.exp(f) / np.exp(f).sum())[label]"),
        ("logits clipped", "z = np.clip(f, -50, 50); return np.log(np.exp(z).sum()) - z[label]"),
        ("logits clipped", "z = np.clip(f, -700, 700); return np.log(np.exp(z).sum()) - z[label]"),
        ("label's logit subtracted", "z = f - f[label]; return np.log(np.exp(z).sum())"),
        ("position for value", "z = f - f.argmax(); return np.log(np.exp(z).sum()) - z[label]"),
        ("smallest or mean subtracted", "z = f - f.min(); return np.log(np.exp(z).sum()) - z[label]"),
        ("one-hot times infinity", NAIVE + "return -(np.eye(len(f))[label] * np.log(g)).sum()"),
        ("one-hot times infinity", SHIFTED + "g = np.exp(z) / np.exp(z).sum(); "
                                             "return -np.eye(len(f))[label] @ np.log(g)"),
        ("logarithm of the logit", "return -np.log(f[label])"),
        ("logit for log-probability", SHIFTED + "return -z[label]"),
        ("logarithm before the sum", SHIFTED + "return np.log(np.exp(z)).sum() - z[label]"),
        ("logarithm before the sum", "return sum(np.log(np.exp(f))) - f[label]"),
        ("shift made good once too often", SHIFTED + "return f.max() + np.log(np.exp(z).sum()) - z[label]"),
        ("shifted in one place only", SHIFTED + "return np.log(np.exp(z).sum()) - f[label]"),
        ("mean for sum", SHIFTED + "return np.log(np.exp(z).mean()) - z[label]"),
        ("squared error", NAIVE + "return np.mean((g - np.eye(len(f))[label]) ** 2)"),
        ("logarithm divided", SHIFTED + "return -np.log(np.exp(z[label])) / np.exp(z).sum()"),
        ("rows where there are none", "return -np.log(softmax_rows(f)[label])"),
        ("rows where there are none", "return -np.log(softmax(f, axis=1)[label])"),
        ("base 2", NAIVE + "return -np.log2(g[label])"),
        ("one minus the probability", NAIVE + "return 1 - g[label]"),
        ("all classes", NAIVE + "return -np.log(g).sum()"),
        ("label not picked", NAIVE + "return -np.log(g)"),
        ("the largest probability", NAIVE + "return -np.log(g.max())"),
        ("overflow in softmax", NAIVE + "return -np.log(g[label])"),
        ("overflow in softmax", "return -np.log(softmax_rows(f[None])[0, label])"),
        ("overflow in the sum", "return np.log(np.exp(f).sum()) - f[label]"),
        ("overflow in the sum", "return math.log(sum(math.exp(x) for x in f)) - f[label]"),
        ("logarithm after softmax", SHIFTED + "return -np.log(np.exp(z) / np.exp(z).sum())[label]"),
        ("logarithm after softmax", "return -np.log(softmax(f)[label])"),
        *[("a small number added", f"return -np.log(softmax(f)[label] + {small})") for small in
          (1e-6, 1e-8, 1e-10, 1e-12, 1e-15, 1e-300, "np.finfo(float).eps", "np.finfo(np.float32).tiny")],
        ("a small number added", "return -np.log(np.clip(softmax(f), 1e-7, 1 - 1e-7)[label])"),
        ("a small number added", NAIVE + "return -np.log(max(g[label], 1e-12))"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "mistake", "source"),
    [(name, mistake, source) for name, answers in FREE_FORM.items() for mistake, source in answers],
)
def test_an_answer_as_a_learner_writes_it_gets_the_advice_it_needs(name, mistake, source):
    exercise = getattr(lesson_03, name)
    verdict = exercise.judge(answer_of(exercise, source))
    assert verdict.mistake == mistake, verdict.text


@pytest.mark.parametrize(
    ("name", "source", "borrowed"),
    [
        ("softmax_rows", "return softmax(f, axis=1)", "softmax"),
        ("two_classes", "return sigmoid((f0 - f1) / T)", "sigmoid"),
        ("two_classes", "d = (f0 - f1) / T; return softmax(np.array([d, 0 * d]), axis=0)[0]", "softmax"),
        ("with_temperature", "return softmax(f / T)", "softmax"),
        ("nll", "return -log_softmax(f)[label]", "log_softmax"),
        ("nll", "return helpers.softmax.logsumexp(f) - f[label]", "helpers"),
        ("nll", "from helpers.softmax import logsumexp; return logsumexp(f) - f[label]", "helpers.softmax"),
    ],
)
def test_a_right_answer_that_calls_the_helpers_is_asked_to_do_it_itself(name, source, borrowed):
    exercise = getattr(lesson_03, name)
    verdict = exercise.judge(answer_of(exercise, source))
    assert (verdict.status, verdict.mistake) == (WRONG, "made with helpers")
    assert f"your function uses `{borrowed}` from `helpers`" in verdict.text


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("softmax_rows", "return np.array([np.exp(row) / sum(np.exp(row)) for row in f])"),
        ("softmax_rows", "return (np.exp(f).T / np.exp(f).sum(1)).T"),
        ("two_classes", "return (1 + np.tanh((f0 - f1) / (2 * T))) / 2"),
        ("with_temperature", "g = np.exp(f) ** (1 / T); return g / np.sum(g)"),
        ("with_temperature", "return softmax_rows(f[None] / T)[0]"),
        ("with_temperature", "return softmax_rows((f / T).reshape(1, -1)).ravel()"),
        ("logit_for_odds", "return math.log(factor)"),
        ("nll", "return np.logaddexp.reduce(f) - f[label]"),
        ("nll", "c = max(f); return c + math.log(sum(math.exp(x - c) for x in f)) - f[label]"),
    ],
)
@pytest.mark.parametrize("earlier", ["the learner's own", "the stand-in"])
def test_other_right_answers_are_right_whoever_wrote_what_they_reuse(name, source, earlier):
    exercise, rows = getattr(lesson_03, name), lesson_03.softmax_rows
    more = {"softmax_rows": rows.check(lambda f: f)} if earlier == "the stand-in" else {}
    verdict = exercise.judge(answer_of(exercise, source, **more))
    assert verdict.status == CORRECT, verdict.text


def test_the_numbers_of_the_prediction_one_more():
    f = np.array([1.0, 2.0, 0.0, -1.0, 0.5])
    more = f + (np.arange(5) == 1)
    p, after = softmax.softmax(f)[1], softmax.softmax(more)[1]
    odds = p / (1 - p)
    prediction = lesson_03.one_more
    assert f"{p:.2f}" in prediction.question
    assert prediction.answer == f"{after:.2f}" == "0.78"
    wrong = [p + 1, p * 3 / 2, p * np.e / (1 + p * np.e)]
    assert set(prediction.options) == {prediction.answer, *(f"{value:.2f}" for value in wrong)}
    reason = prediction.options[prediction.answer]
    for number in (p, 1 - p):
        assert f"{number:.2f}" in reason
    for number in (odds, np.e * odds, 1 + np.e * odds):
        assert f"{number:.2f}" in reason
