"""The lessons in JupyterLite: which cells stand as text there, and a whole lesson run in the browser."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.hosted import hosted
from tests.lab import browser_page, browser_test, cell, show_cell
from tests.test_site import folder  # noqa: F401  (a fixture)
from tools.in_browser import WHY, cells_that_need_more, for_the_browser
from tools.notebooks import LESSONS, parse

every_lesson = pytest.mark.parametrize(
    "path", sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")), ids=lambda path: path.stem
)


def notebook(*sources):
    cells = [new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)]
    return new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["import numpy as np", "np.ones(3)"], []),
        (["import torch", "x = torch.ones(3)", "y = x + 1\nprint(y)", "print(1)"], ["c0", "c1", "c2"]),
        (["from torch.nn import functional as F", "F.relu", "F = 3", "print(F)"], ["c0", "c1"]),
        (["def loss(f):\n    import torch\n    return torch.sum(f)", "loss(3)"], ["c0", "c1"]),
        (["from helpers.bridge import loss", "loss(2)"], ["c0", "c1"]),
        (["from helpers import bridge", "bridge.loss(2)"], ["c0", "c1"]),
        (["from fastai.basics import *", "Learner"], ["c0", "c1"]),
        (["import torch\nfor x in torch.ones(3): pass", "print(x)"], ["c0", "c1"]),
    ],
)
def test_a_cell_needs_more_if_it_uses_what_comes_from_what_is_missing(sources, found):
    assert list(cells_that_need_more(notebook(*sources))) == found


def test_such_a_cell_stands_as_text_with_what_it_printed():
    lesson = notebook("import torch\nprint('<3>')")
    lesson.cells[0].outputs = [new_output("stream", name="stdout", text="<3>\n")]
    (text,) = for_the_browser(lesson).cells
    assert text.cell_type == "markdown"
    assert text.source == f"```python\nimport torch\nprint('<3>')\n```\n\n{WHY}\n\n<pre>&lt;3&gt;\n</pre>"
    assert lesson.cells[0].cell_type == "code", "the lesson itself stays as it is"


@every_lesson
def test_what_is_run_there_imports_nothing_that_is_missing(path):
    """Every name that a cell of the browser's edition uses is made by a cell that runs there, too."""
    edition = for_the_browser(parse(path.read_text(encoding="utf-8")))
    code = "\n".join(one.source for one in edition.cells if one.cell_type == "code")
    for name in ("torch", "fastai", "helpers.bridge"):
        assert f"import {name}" not in code and f"from {name}" not in code
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=F821", "--output-format=json"]
    found = subprocess.run([*ruff, "-"], input=code, capture_output=True, text=True, check=False)
    assert [fault["message"] for fault in json.loads(found.stdout)] == []


@pytest.fixture(scope="module")
def served(folder):  # noqa: F811
    """The address of the pages, and the list of what was sent."""
    if not (folder / "lite" / "index.html").exists():
        assert not os.environ.get("LESSONS_PYODIDE"), "Pyodide is there, the lessons as notebooks are not"
        pytest.skip("no Pyodide on this machine (set LESSONS_PYODIDE)")

    with hosted(folder) as served:
        yield served


IDLE = "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
ANSWERS = """code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
             .requestExecute({ code }).done.then(reply => reply.content.status)"""
# an error ends Run All
RAN = """() => { const cells = window.jupyterapp.shell.currentWidget.content.widgets
                 .map(one => one.model).filter(one => one.type === 'code');
             return cells.every(one => one.executionCount)
                 || cells.some(one => one.outputs.toJSON().some(part => part.output_type === 'error')); }"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
             .filter(one => one.model.type === 'code')
             .flatMap(one => one.model.outputs.toJSON()).filter(one => one.output_type === 'error')
             .map(one => one.ename + ': ' + one.evalue)"""


@browser_test
def test_a_whole_lesson_runs_in_the_browser_and_its_figure_moves(served):
    (address, sent), asked = served, []
    with browser_page(1366, 900) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/03_sigmoid_and_softmax.html")
        link = page.locator("p.lite")
        said = int(re.search(r"\((\d+) MB, once\)", link.text_content())[1])
        page.wait_for_timeout(1000)
        del sent[:]
        link.get_by_role("link").click()
        page.wait_for_function(IDLE, timeout=240_000)
        assert page.evaluate(ANSWERS, "import helpers.explorers") == "ok"
        assert sum(size for _, size in sent) / 1e6 == pytest.approx(said, abs=0.6), "as the link says"
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(RAN, timeout=240_000)
        assert page.evaluate(ERRORS) == []
        index = page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(
                       one => /^Softmax\\(/m.test(one.model.sharedModel.source))"""
        )
        show_cell(page, index)
        explorer = cell(page, index).locator(".explorer")
        sentence = explorer.locator(".sentence")
        before = sentence.text_content()
        explorer.locator(".noUi-handle").nth(1).focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "([at, before]) => at.textContent !== before", arg=[sentence.element_handle(), before]
        )
    elsewhere = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert elsewhere == [], "no other server is asked"


if os.environ.get("LESSONS_LITE_ALL"):  # slow: ten minutes

    @browser_test
    @pytest.mark.parametrize("path", sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")), ids=lambda path: path.stem)
    def test_every_lesson_runs_there_without_an_error(served, path):
        address, _ = served
        with browser_page() as page:
            page.goto(f"{address}/lite/notebooks/index.html?path={path.name}")
            page.wait_for_function(IDLE, timeout=240_000)
            page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
            page.wait_for_function(RAN, timeout=400_000)
            assert page.evaluate(ERRORS) == []


@browser_test
def test_a_cell_that_needs_pytorch_is_shown_and_not_run(served):
    address, _ = served
    with browser_page() as page:
        lesson = page.request.get(f"{address}/lite/files/04_nll_and_cross_entropy.ipynb").json()
    texts = [one["source"] for one in lesson["cells"] if one["cell_type"] == "markdown"]
    assert sum(WHY in "".join(text) for text in texts) >= 5
    nbformat.validate(lesson)
