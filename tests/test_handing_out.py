"""nbgitpuller, by which hubs hand out a course, brings a teacher's changes and keeps what students wrote.

The folder that LESSONS_CLASS_TOOLS names has it: `pip install --target FOLDER --no-deps nbgitpuller`.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from tools.notebooks import LESSONS, parse, serialise

TOOLS = os.environ.get("LESSONS_CLASS_TOOLS", "")
NAME = "03_sigmoid_and_softmax.ipynb"
ANSWER = "def softmax_rows(f):\n    e = np.exp(f)\n    return e / e.sum(axis=1, keepdims=True)\n"


def git(folder, *arguments):
    who = ["-c", "user.name=teacher", "-c", "user.email=teacher@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def edit(path: Path, change) -> None:
    notebook = parse(path.read_text(encoding="utf-8"))
    change({cell.id: cell for cell in notebook.cells}, notebook)
    path.write_text(serialise(notebook), encoding="utf-8")


@pytest.mark.skipif(not TOOLS and find_spec("nbgitpuller") is None,
                    reason="no nbgitpuller: see above, LESSONS_CLASS_TOOLS=FOLDER")
def test_an_update_keeps_the_students_work(tmp_path):
    course, own = tmp_path / "course", tmp_path / "home" / "lessons"
    course.mkdir()
    own.parent.mkdir()
    git(course, "init", "-q", "-b", "main")
    shutil.copy(LESSONS / NAME, course)
    git(course, "add", ".")
    git(course, "commit", "-qm", "first")
    env = {**os.environ, "HOME": str(own.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    env |= {"PYTHONPATH": TOOLS} if TOOLS else {}

    def pull():
        command = [sys.executable, "-m", "nbgitpuller.pull", str(course), "main", str(own)]
        done = subprocess.run(command, cwd=own.parent, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    pull()
    cells = parse((own / NAME).read_text(encoding="utf-8")).cells
    exercise = next(cell for cell in cells if "def softmax_rows" in cell.source)
    stub = "def softmax_rows(f):\n    return ...\n"

    def answer(cells, _):
        cells[exercise.id].source = cells[exercise.id].source.replace(stub, ANSWER)
        cells[exercise.id].outputs = [nbformat.v4.new_output("stream", text="mine\n")]

    def improve(cells, notebook):
        cells["box-03"].source += " Improved."
        cells[exercise.id].source = f"# the very same lines\n{cells[exercise.id].source}"
        notebook.cells[-1].source += "\n- one more book"

    edit(own / NAME, answer)
    edit(course / NAME, improve)
    (own / "notes.txt").write_text("mine")
    (course / "notes.txt").write_text("the teacher's")
    git(course, "add", ".")
    git(course, "commit", "-qm", "second")
    pull()
    got = {cell["id"]: "".join(cell["source"]) for cell in json.loads((own / NAME).read_text())["cells"]}
    assert ANSWER in got[exercise.id], "the student's answer stays"
    assert got["box-03"].endswith("Improved.") and "one more book" in list(got.values())[-1]
    assert (own / "notes.txt").read_text() == "the teacher's"
    assert [file.read_text() for file in own.glob("notes_*")] == ["mine"], "kept under another name"
