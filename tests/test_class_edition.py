"""The edition for a class: no solution in sight, checks that still name mistakes, archives that run alone."""

import json
import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest

from helpers.exercises.check import Exercise
from tools import class_edition
from tools.notebooks import all_lessons, execute, parse
from tools.results import known

EXERCISES = [task for _, task in known().values() if isinstance(task, Exercise)]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    into = tmp_path_factory.mktemp("class")
    class_edition.write(into)
    return into


def unpacked(path, into):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(into)
    return into


def lines_of(solution):
    """Return the lines of a solution by which it would be known: not its head, nothing short."""
    return [line.strip() for line in solution.splitlines()[1:] if len(line.strip()) > 18]


def test_no_solution_stands_in_the_students_files(made, tmp_path):
    course = unpacked(made / "student" / "why-cross-entropy.zip", tmp_path) / "why-cross-entropy"
    lessons = {file.name: file.read_text(encoding="utf-8") for file in (course / "notebooks").glob("*.ipynb")}
    registries = [file.read_text() for file in (course / "helpers" / "exercises").glob("lesson_*.py")]
    assert len(lessons) == len(all_lessons()) and len(registries) >= 9
    for text in [*lessons.values(), *registries]:
        assert "<summary>Solution" not in text
    assert any("<summary>Hint 1 of" in text for text in lessons.values())
    for task in EXERCISES:
        for registry in registries:
            assert not any(line in registry for line in lines_of(task.solution))
    assert not (course / "tests").exists() and not (course / "docs").exists()
    folder = made / "student" / "notebooks"
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == lessons


def test_hints_go_where_the_teacher_wants_it_and_the_rest_stays():
    derivation = "<details><summary>The derivation</summary>\n\nx\n\n</details>"
    cell = f"Try.\n\n{EXERCISES[0].details()}\n\n{derivation}"
    kept, bare = (class_edition.without_answers(cell, hints) for hints in (True, False))
    assert "Hint 1" in kept and "Solution" not in kept
    assert bare == f"Try.\n\n{derivation}"
    for data in class_edition.student(hints=False).values():
        assert b"<summary>Hint" not in data


PROBE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import helpers
from helpers.exercises import lesson_03 as ex
from helpers.exercises.check import Exercise
assert helpers.__file__.startswith(sys.argv[1]), helpers.__file__
found = {}
for name, task in vars(ex).items():
    if isinstance(task, Exercise):
        space = dict(vars(ex))
        exec(task.solution, space)
        status = task.judge(space[name]).status
        found[name] = [status, *(task.judge(one.wrong).mistake == one.name for one in task.mistakes)]
print(json.dumps(found))
"""


def test_the_packed_exercises_still_name_the_mistakes(made, tmp_path):
    course = unpacked(made / "student" / "why-cross-entropy.zip", tmp_path) / "why-cross-entropy"
    command = [sys.executable, "-P", "-c", PROBE, str(course)]
    found = json.loads(subprocess.check_output(command, cwd=tmp_path, text=True))
    assert set(found) >= {"softmax_rows", "nll"}
    assert all(status == "correct" and all(rest) for status, *rest in found.values()), found


def test_pip_installs_the_students_archive(made, tmp_path):
    options = ["--no-deps", "--no-build-isolation", "--no-compile", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", *options]
    command += ["--target", str(tmp_path / "site")]
    subprocess.run([*command, str(made / "student" / "why-cross-entropy.zip")], check=True)
    assert (tmp_path / "site" / "helpers" / "six_runs.npz").is_file()
    registry = (tmp_path / "site" / "helpers" / "exercises" / "lesson_03.py").read_text()
    assert "b85decode" in registry and "axis=1" not in registry


def test_one_lesson_runs_alone(made, tmp_path):
    lesson = unpacked(made / "student" / "lessons" / "03_sigmoid_and_softmax.zip", tmp_path)
    lesson /= "03_sigmoid_and_softmax"
    notebook = parse((lesson / "03_sigmoid_and_softmax.ipynb").read_text(encoding="utf-8"))
    notebook.cells.append(nbformat.v4.new_code_cell("import helpers; print(helpers.__file__)"))
    execute(notebook, lesson)
    said = notebook.cells[-1].outputs[0].text.strip()
    assert said == os.path.join(os.path.realpath(lesson), "course", "helpers", "__init__.py")
    assert sum("not attempted yet" in str(cell.get("outputs")) for cell in notebook.cells) == 5


def test_the_teacher_has_everything(made):
    with zipfile.ZipFile(made / "teacher" / "why-cross-entropy.zip") as archive:
        names = set(archive.namelist())
        whole = archive.read("why-cross-entropy/notebooks/03_sigmoid_and_softmax.ipynb").decode()
    tracked = {"run.py", "README.md", "CONTRIBUTING.md", "tests/lab.py", "docs/conf.py", "tools/results.py"}
    assert {f"why-cross-entropy/{name}" for name in tracked} <= names
    assert not any(re.search(r"\.venv|__pycache__|\.git/|build/s", name) for name in names)
    assert "<summary>Solution" in whole
    text = (made / "teacher" / "solutions.md").read_text(encoding="utf-8")
    assert all(task.solution.strip() in text for task in EXERCISES)
