"""In a real JupyterLab: a verdict is said, a new kernel remembers what was done, and the map shows it."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.exercises import lesson_03
from tests.lab import BROWSER, browser_page, cell, open_instead, open_notebook, run_all, serve_lab, show_cell

pytestmark = BROWSER
START = Path(__file__).parent.parent / "notebooks" / "00_start_here.ipynb"
LINKED = START.with_name("01_maximum_likelihood.ipynb")
MAP = next(at for at, one in enumerate(nbformat.read(START, 4).cells) if one.source.startswith("course_map("))
SOLVED = f"{lesson_03.nll.solution}\n\nnll = ex.nll.check(nll)"
CELLS = [
    "import numpy as np\nfrom helpers.exercises import lesson_03 as ex",
    "ex.shift.ask()",
    "ex.shift.explain()",
    SOLVED,
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("data") / "progress.jsonl"


@pytest.fixture(scope="module")
def address(tmp_path_factory, kept):
    folder, home = tmp_path_factory.mktemp("lessons"), tmp_path_factory.mktemp("home")
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "lesson.ipynb")
    for one in (START, LINKED):
        shutil.copy(one, folder)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LESSONS_PROGRESS", str(kept))
        with serve_lab(folder, home) as address:
            yield address


def run_cell(page, index):
    """Run one cell alone."""
    page.evaluate(
        """index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
             return window.jupyterapp.commands.execute('notebook:run-cell'); }""",
        index,
    )


def test_a_new_kernel_remembers_and_the_map_shows_it(address, kept):
    with browser_page() as page:
        open_notebook(page, address, "lesson.ipynb")
        run_all(page)
        spoken = page.locator("body > #lessons-spoken[role=status]")
        spoken.filter(has_text="nll: correct.").wait_for(state="attached", timeout=10_000)
        spoken.evaluate("region => { region.textContent = ''; }")
        run_cell(page, 3)  # the same words again are news again
        spoken.filter(has_text="nll: correct.").wait_for(state="attached", timeout=10_000)
        question, explanation = (cell(page, at).locator(".prediction") for at in (1, 2))
        question.get_by_role("radio").nth(2).check()
        question.get_by_role("button", name="Commit").click()
        explanation.get_by_text("You predicted C, and C is").wait_for(timeout=10_000)
        assert [json.loads(line)["name"] for line in kept.read_text().splitlines()] == ["nll", "shift"]

        page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        run_all(page)
        question.get_by_text("In an earlier run you predicted C").wait_for(timeout=10_000)
        assert spoken.count() == 1, "one for all kernels"
        assert question.get_by_role("radio").nth(2).is_checked()
        assert question.get_by_role("button", name="Commit").is_hidden()
        assert question.get_by_role("button", name="Take it back and try again").is_visible()
        assert explanation.get_by_text("You predicted C, and C is").is_visible()
        assert explanation.get_by_role("listitem").count() == len(lesson_03.shift.options)

        open_instead(page, START.name)
        run_all(page)
        show_cell(page, MAP)
        said = cell(page, MAP).locator(".jp-OutputArea img").get_attribute("alt")
        assert said.endswith(
            "Done so far: 03, 1 of 5 exercises and 1 of 6 predictions; nothing in the others."
        )
        cell(page, MAP).get_by_role("link", name="01 · ").click()
        page.get_by_role("tab", name=LINKED.name).wait_for(timeout=10_000)
        assert page.problems == []
