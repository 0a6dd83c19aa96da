"""Every notebook in notebooks/ is fit to be shipped; its outputs are compared by nbval in the same run."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tools import lint_notebooks
from tools.lint_notebooks import Rule, split_imports
from tools.notebooks import LESSONS, differences, normalise, parse, serialise

NOTEBOOKS = sorted(LESSONS.glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    return parse(path.read_bytes().decode("utf-8"))


WITH_RULE = [
    pytest.param(rule, path, id=f"{path.stem}-{rule.__name__}")
    for path in NOTEBOOKS
    for rule in lint_notebooks.rules(read(path))
]
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_lessons():
    assert NOTEBOOKS


@every_notebook
def test_is_saved_in_normal_form(path):
    saved = path.read_bytes().decode("utf-8")
    found = differences(saved, serialise(normalise(parse(saved))))
    assert not found, f"run: python3 run.py notebooks {path.stem}\n" + "\n".join(found)


@pytest.mark.parametrize(("rule", "path"), WITH_RULE)
def test_rule(rule: Rule, path: Path):
    faults = list(rule(read(path)))
    assert not faults, f"{rule.__doc__}\n" + "\n".join(faults)


def test_the_core_of_the_course_takes_five_hours_at_most():
    lessons = {path.stem[:2] for path in NOTEBOOKS if not lint_notebooks.is_appendix(read(path))}
    assert set(lint_notebooks.BUDGETS) == lessons
    assert sum(lint_notebooks.BUDGETS.values()) <= 300


@every_notebook
def test_every_section_runs_by_itself_after_the_imports(path, tmp_path):
    """Every name that a section uses comes from the imports or from the section itself.

    Read, not run: running them took three minutes and a half, and found no more.
    """
    imports, parts = split_imports(read(path))
    assert imports and parts
    for number, (_, own) in enumerate(parts):
        cells = [new_code_cell(cell.source) for cell in [*imports, *own]]
        nbformat.write(new_notebook(cells=cells), tmp_path / f"{number}.ipynb")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=F821", "--output-format=json"]
    found = subprocess.run([*command, tmp_path], capture_output=True, text=True, check=False)
    faults = json.loads(found.stdout)
    unknown = [f"{parts[int(Path(fault['filename']).stem)][0]}: {fault['message']}" for fault in faults]
    assert not unknown, f"not by itself after the imports: {unknown}"
