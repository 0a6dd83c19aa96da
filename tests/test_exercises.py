"""Every exercise of every lesson: its solution is right, and each wrong answer gets its own advice.

The notebooks are held to the form that helpers/exercises/check.py describes: `faults` names what is not so.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import exercises, softmax
from helpers.exercises import results
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
MISTAKES = [(exercise, mistake) for exercise in EXERCISES for mistake in exercise.mistakes]


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "RESULTS", {})


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


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=[f"{e.name}-{m.name}" for e, m in MISTAKES])
def test_a_wrong_answer_gets_its_own_advice(exercise, mistake, capfd):
    assert exercise.judge(mistake.wrong).mistake == mistake.name
    assert exercise.check(mistake.wrong) is exercise.reference
    assert dict(results.RESULTS) == {exercise.name: f"{WRONG}: {mistake.name}"}
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
    if results.RESULTS.get(exercise.name) != UNTOUCHED:
        yield f"{exercise.name}: the stub is {results.RESULTS.get(exercise.name)}"
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
    if results.RESULTS[exercise.name] != CORRECT:
        yield f"{exercise.name}: the printed solution is {results.RESULTS[exercise.name]}"


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
    registry = REGISTRIES[0]
    imports = f"import numpy as np\nfrom helpers.exercises import {registry.__name__[-9:]} as ex"
    cells = [new_markdown_cell("## Set-up"), new_code_cell(imports), new_markdown_cell("## Predictions")]
    for name in entries(registry, Prediction):
        cells += [
            new_code_cell(f"ex.{name}.ask()"),
            new_code_cell("2 + 2"),
            new_code_cell(f"ex.{name}.explain()"),
        ]
    for name, exercise in entries(registry, Exercise).items():
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
         "softmax_rows: the printed solution is not yet: summed along the wrong axis"),
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
    assert np.array_equal(lesson["softmax_rows"](f), softmax.softmax(f, axis=1))
    assert np.array_equal(lesson["with_temperature"](f[0], 3.0), softmax.softmax(f[0] / 3))
    assert lesson["nll"](f[1], 4) == -softmax.log_softmax(f[1])[4]
    more = f[2].copy()
    more[3] += lesson["logit_for_odds"](f[2], 3, 7.0)
    before, after = softmax.softmax(f[2]), softmax.softmax(more)
    others = np.arange(6) != 3
    np.testing.assert_allclose((after[3] / after)[others], 7 * (before[3] / before)[others], rtol=1e-12)
