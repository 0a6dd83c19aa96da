"""Every notebook in notebooks/ is fit to be shipped; its outputs are compared by nbval in the same run."""

from copy import deepcopy
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tools.lint_notebooks import LESSON_RULES, RULES, Rule, split_imports
from tools.notebooks import LESSONS, differences, execute, normalise, parse, serialise

NOTEBOOKS = sorted(LESSONS.glob("*.ipynb"))
WITH_RULE = [
    pytest.param(rule, path, id=f"{path.stem}-{rule.__name__}")
    for path in NOTEBOOKS
    for rule in [*RULES, *([] if path.stem.startswith("00") else LESSON_RULES)]
]
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return parse(path.read_bytes().decode("utf-8"))


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


@every_notebook
def test_every_section_runs_by_itself_after_the_imports(path):
    imports, sections = split_imports(read(path))
    assert imports and sections
    cells = []
    for title, own in sections:
        clean = NotebookNode(cell_type="code", source="%reset -f", metadata=NotebookNode())
        for cell in deepcopy([clean, *imports, *own]):
            cell.metadata.section = title
            cells.append(cell)
    notebook = NotebookNode(nbformat=4, nbformat_minor=4, metadata=NotebookNode(), cells=cells)
    try:
        execute(notebook, path.parent)
    except CellExecutionError as error:
        failed = next(c for c in cells if any(output.output_type == "error" for output in c.outputs))
        pytest.fail(
            f"section {failed.metadata.section!r} does not run by itself after the imports: "
            f"{error.ename}: {error.evalue} in\n{failed.source}"
        )
