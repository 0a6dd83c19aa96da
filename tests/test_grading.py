"""The exercises as tests of an autograder: the lines of CONTRIBUTING.md, in a notebook and in nbgrader.

nbgrader is no part of the environment: the folder that LESSONS_CLASS_TOOLS names has it, for example after
`pip install --target FOLDER --no-deps nbgrader alembic sqlalchemy rapidfuzz Mako`.
"""

import csv
import os
import re
import subprocess
import sys
import types
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook, writes

from tools.notebooks import METADATA, execute, fix_environment

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TEXT = TEXT.partition("## The exercises in an autograder")[2].partition("\n## ")[0]
ANSWER, TEST, PYTEST = re.findall(r"^```python\n(.*?)\n```$", TEXT, flags=re.S | re.M)
RIGHT = "import numpy as np\n\n" + ANSWER
WRONG = RIGHT.replace("axis=1", "axis=0")
ADVICE = "Your columns sum to 1, but each row is one example"
NBGRADER = os.environ.get("LESSONS_CLASS_TOOLS", "")


def cells(answer):
    return [new_code_cell(answer, id="answer"), new_code_cell(TEST, id="test")]


def test_the_line_for_a_notebook_passes_a_right_answer_and_says_the_mistake_of_a_wrong_one():
    assert RIGHT != WRONG
    notebook = new_notebook(cells=[*cells(RIGHT), new_code_cell(WRONG, id="wrong"), new_code_cell(TEST)])
    with pytest.raises(CellExecutionError) as failed:
        execute(notebook, ROOT / "notebooks")
    assert "AssertionError" in str(failed.value) and ADVICE in str(failed.value)
    assert notebook.cells[1].execution_count == 2, "the right answer passed"
    assert not notebook.cells[1].outputs


def test_what_check_hands_on_is_no_answer():
    space = {}
    exec(f"{WRONG}\nfrom helpers.exercises import lesson_03 as ex\n", space)
    space["softmax_rows"] = space["ex"].softmax_rows.check(space["softmax_rows"])
    with pytest.raises(AssertionError, match="It took the place of your answer"):
        exec(TEST, space)


def test_the_line_for_pytest(monkeypatch):
    monkeypatch.setitem(sys.modules, "submission", types.SimpleNamespace())
    for answer, raises in [(RIGHT, nullcontext()), (WRONG, pytest.raises(AssertionError, match=ADVICE))]:
        exec(answer, vars(sys.modules["submission"]))
        space = {}
        exec(PYTEST, space)
        with raises:
            space["test_softmax_rows"]()


def graded(cell, **about):
    cell.metadata["nbgrader"] = {
        "schema_version": 3, "grade_id": cell.id, "grade": False, "solution": False, "locked": False,
        "task": False, **about,
    }  # fmt: skip
    return cell


@pytest.mark.skipif(not NBGRADER and find_spec("nbgrader") is None,
                    reason="no nbgrader: see above, LESSONS_CLASS_TOOLS=FOLDER")
def test_nbgrader_hands_out_and_grades(tmp_path):
    answer, test = cells(RIGHT)
    graded(answer, solution=True)
    graded(test, grade=True, locked=True, points=2)
    source = tmp_path / "source" / "week3" / "softmax.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(writes(new_notebook(cells=[answer, test], metadata=METADATA)))
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
    fix_environment()

    def nbgrader(*arguments):
        path = os.pathsep.join([os.path.join(NBGRADER, "bin"), os.environ["PATH"]])
        env = {**os.environ, "PYTHONPATH": NBGRADER, "PATH": path} if NBGRADER else dict(os.environ)
        done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=tmp_path, env=env,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    nbgrader("generate_assignment", "week3")
    release = (tmp_path / "release" / "week3" / "softmax.ipynb").read_text()
    assert "np.exp" not in release and "NotImplementedError" in release and "judge" in release
    for who, own in {"ann": RIGHT, "bob": WRONG}.items():
        handed_in = tmp_path / "submitted" / who / "week3" / "softmax.ipynb"
        handed_in.parent.mkdir(parents=True)
        mine = graded(new_code_cell(own, id="answer"), solution=True)
        handed_in.write_text(writes(new_notebook(cells=[mine, test], metadata=METADATA)))
    nbgrader("autograde", "week3", "--create")
    nbgrader("export")
    with (tmp_path / "grades.csv").open(newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"ann": 2.0, "bob": 0.0}
    nbgrader("generate_feedback", "week3")
    feedback = (tmp_path / "feedback" / "bob" / "week3" / "softmax.html").read_text(encoding="utf-8")
    assert ADVICE in re.sub(r"<[^>]+>", "", feedback)
