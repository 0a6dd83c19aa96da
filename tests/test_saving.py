"""What any Jupyter of this environment saves of a lesson: figures, and no trace of who looked at it."""

import copy
import json
import re
import runpy
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.util.matching import get_matching_files

from helpers import saving
from tests.lab import serve_lab
from tools.notebooks import LESSONS, all_lessons, strays

VIEW, STATE = saving.WIDGETS
CONFIG = Path(sys.prefix) / "etc" / "jupyter"
ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "tools" / "jupyter"


def notebook(*outputs: dict, lesson: bool = True) -> nbformat.NotebookNode:
    """A notebook as a page sends it after its cells have run, with these data in its outputs."""
    cells = [new_code_cell("x", outputs=[new_output("display_data", data)]) for data in outputs]
    cells.append(new_code_cell("print(1)", outputs=[new_output("stream", text="1\n")]))
    cells.append(new_markdown_cell("text"))
    cells.append(new_code_cell("start()", id="colab" if lesson else "other"))
    made = new_notebook(cells=cells)
    made.metadata.widgets = {STATE: {"state": {"1": {}}}}
    made.metadata.language_info = saving.LANGUAGE | {"version": "3.99.1", "nbconvert_exporter": "python"}
    return made


def figure() -> dict:
    return {"text/html": "<img>", "text/plain": "words", VIEW: {"model_id": "1"}}


def bar() -> dict:
    return {"text/plain": "Training: a progress bar over 9 steps", VIEW: {"model_id": "2"}}


def data(cleaned: nbformat.NotebookNode) -> list[dict]:
    return [
        cell.outputs[0].data for cell in cleaned.cells if cell.get("outputs") and "data" in cell.outputs[0]
    ]


def test_of_a_lesson_no_widget_is_saved_and_all_else_is():
    only = {VIEW: {"model_id": "3"}}
    cleaned = notebook(figure(), bar(), only)
    before = copy.deepcopy(cleaned)
    saving.before_saving({"type": "notebook", "content": cleaned}, path="lesson.ipynb", contents_manager=None)
    assert data(cleaned) == [
        {"text/html": "<img>", "text/plain": "words"},
        {"text/plain": "Training: a progress bar over 9 steps"},
        only,
    ]
    assert "widgets" not in cleaned.metadata and cleaned.metadata.language_info == saving.LANGUAGE
    for cell, old in zip(cleaned.cells, before.cells, strict=True):
        assert {**cell, "outputs": 0} == {**old, "outputs": 0}
    assert cleaned.cells[3] == before.cells[3]


def test_in_a_notebook_of_ones_own_only_what_leaves_a_figure_goes():
    cleaned = notebook(figure(), bar(), lesson=False)
    before = copy.deepcopy(cleaned)
    saving.before_saving({"type": "notebook", "content": cleaned})
    assert data(cleaned) == [{"text/html": "<img>", "text/plain": "words"}, bar()]
    assert cleaned.metadata == before.metadata


@pytest.mark.parametrize("model", [{"type": "file", "content": "x"}, {"type": "directory"}])
def test_what_is_no_notebook_stays_as_it_is(model):
    before = copy.deepcopy(model)
    saving.before_saving(model, path="")
    assert model == before


def test_a_notebook_in_another_language_keeps_what_its_kernel_says():
    cleaned = notebook()
    cleaned.metadata.language_info = {"name": "julia", "version": "1.11"}
    saving.clean(cleaned)
    assert cleaned.metadata.language_info == {"name": "julia", "version": "1.11"}


def test_the_server_hears_of_it(tmp_path):
    class Server:
        contents_manager = FileContentsManager(root_dir=str(tmp_path))

    assert saving._jupyter_server_extension_points() == [{"module": saving.__name__}]
    saving._load_jupyter_server_extension(Server)
    Server.contents_manager.save(
        {"type": "notebook", "format": "json", "content": notebook(bar())}, "a.ipynb"
    )
    assert VIEW not in (tmp_path / "a.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["jupyter_server_config.d/why-cross-entropy.json", "jupyter_nbconvert_config.json"]
)
def test_installing_the_project_has_put_its_settings_into_the_environment(name):
    mended = "python -m pip install --no-deps --no-build-isolation -e ."
    assert (CONFIG / name).is_file(), f"not installed; {mended}"
    assert (CONFIG / name).read_bytes() == (SOURCE / Path(name).name).read_bytes(), (
        f"of an earlier version; {mended}"
    )


def test_every_server_of_this_environment_saves_so_and_opening_a_lesson_leaves_no_trace(tmp_path):
    """A plain JupyterLab, without any option of ours: what it saves is what was there."""
    path = LESSONS / "00_start_here.ipynb"
    saved = path.read_bytes()
    lesson = json.loads(saved)
    lesson["metadata"]["language_info"] |= {"version": "3.11.7", "codemirror_mode": {"name": "ipython"}}
    for cell in lesson["cells"]:
        cell["metadata"]["trusted"] = True  # as JupyterLab marks them while they are shown
        for output in cell.get("outputs", []):
            if "data" in output:
                output["data"][VIEW] = {"model_id": "1"}
    with serve_lab(tmp_path, tmp_path) as address:
        url = address.format("api/contents/00_start_here.ipynb")
        body = json.dumps({"type": "notebook", "format": "json", "content": lesson}).encode()
        with urllib.request.urlopen(urllib.request.Request(url, body, method="PUT")) as answer:
            assert answer.status == 201
    assert (tmp_path / "00_start_here.ipynb").read_bytes() == saved


def test_a_page_made_by_nbconvert_shows_the_figure_without_a_network(tmp_path):
    cells = [
        new_code_cell("start", id="colab"),
        new_code_cell("x", outputs=[new_output("display_data", figure())]),
    ]
    cells[1].outputs[0].data["text/html"] = '<img alt="words" src="data:image/svg+xml,x">'
    nbformat.write(
        new_notebook(cells=cells, metadata={"widgets": {STATE: {"state": {}}}}), tmp_path / "a.ipynb"
    )
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level=ERROR", "a.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<img alt="words"' in page and not re.search(rf'<script[^>]*type="{re.escape(VIEW)}"', page)


CONF = runpy.run_path(str(ROOT / "docs" / "conf.py"))


def test_the_web_page_of_a_lesson_executed_elsewhere_has_its_figures_and_no_widget():
    image = '<img src="data:image/svg+xml,%3Csvg width=%22480pt%22/%3E">'
    figures = figure() | {"text/html": image, "image/svg+xml": "<svg/>"}
    source = [json.dumps(notebook(figures, bar()))]
    CONF["prepare"](None, "03", source)
    page = json.loads(source[0])
    first, second = (cell["outputs"][0]["data"] for cell in page["cells"][:2])
    assert image in first["text/html"] and VIEW not in first and list(second) == ["text/plain"]
    assert "widgets" not in page["metadata"]


def test_the_web_pages_are_those_of_the_lessons_alone(tmp_path):
    lessons = ["00_start_here.ipynb", "03_sigmoid_and_softmax.ipynb"]
    others = ["03_notes.md", "03_sigmoid_and_softmax.md", "03_sigmoid_and_softmax.py", "Untitled.ipynb",
              "03_sigmoid_and_softmax-Copy1.ipynb", "03_sigmoid copy.ipynb", "3_x.ipynb"]  # fmt: skip
    for name in lessons + others:
        (tmp_path / name).touch()
    patterns = CONF["include_patterns"], CONF["exclude_patterns"]
    assert sorted(get_matching_files(tmp_path, *patterns)) == lessons
    assert [path.name for path in all_lessons(tmp_path)] == lessons
    assert strays(tmp_path) == sorted(name for name in others if name.endswith(".ipynb"))
