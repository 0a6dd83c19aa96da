"""A lesson in Jupyter Notebook 7 and in Voilà: explorers move, predictions count, figures are saved.

Neither is part of the environment: the folder that LESSONS_CLASS_TOOLS names has them, for example after
`pip install --target FOLDER --no-deps notebook voila`.
"""

import os
import shutil
from pathlib import Path

import pytest

from helpers.saving import WIDGETS
from tests.lab import browser_page, serve_lab
from tools.notebooks import LESSONS

TOOLS = os.environ.get("LESSONS_CLASS_TOOLS", "")
NAME = "03_sigmoid_and_softmax.ipynb"
# not marked as browser tests, which must run where a browser is required: it is the tools that may be missing
pytestmark = pytest.mark.skipif(
    not TOOLS or not (Path(TOOLS) / "voila").is_dir(),
    reason="no Notebook and Voilà: see above, LESSONS_CLASS_TOOLS=FOLDER",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "notebooks"
    folder.mkdir()
    shutil.copy(LESSONS / NAME, folder)
    return folder


@pytest.fixture(scope="module")
def address(folder, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([TOOLS, str(LESSONS.parent)]))
        patch.setenv("JUPYTER_PATH", os.path.join(TOOLS, "share", "jupyter"))
        patch.setenv("JUPYTER_CONFIG_PATH", os.path.join(TOOLS, "etc", "jupyter"))
        with serve_lab(folder, tmp_path_factory.mktemp("home")) as found:
            yield found


def moves(page):
    explorer = page.locator(".explorer").first
    said = explorer.locator(".sentence").first
    said.wait_for(timeout=120_000)
    before = said.text_content()
    explorer.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([said, before]) => said.textContent !== before", arg=[said.element_handle(), before]
    )


def predicts(page):
    asked = page.locator(".prediction").filter(has=page.get_by_role("button", name="Commit")).first
    asked.get_by_role("radio").first.check()
    asked.get_by_role("button", name="Commit").click()
    page.get_by_text("Noted: you predict A").first.wait_for(timeout=30_000)
    page.get_by_text("You predicted A").first.wait_for(state="attached", timeout=30_000)


def test_notebook_7(address, folder):
    with browser_page(1366, 768) as page:
        page.goto(address.format(f"notebooks/{NAME}"))
        prose = page.locator(".jp-MarkdownOutput p").first
        prose.wait_for(timeout=120_000)
        assert 600 <= prose.bounding_box()["width"] <= 760, "a line of about 80 letters, as in JupyterLab"
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        moves(page)
        predicts(page)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(3000)
        saved = (folder / NAME).read_text(encoding="utf-8")
        assert saved.count("explorer-saved") >= 5 and not any(kind in saved for kind in WIDGETS)
        # the console tells of settings whose schema Notebook misses, installed beside the environment
        broken = [said for said in page.problems if said.startswith("page error") and "schema" not in said]
        assert broken == []


def test_voila(address):
    with browser_page(1366, 768) as page:
        page.goto(address.format(f"voila/render/{NAME}"), timeout=180_000)
        moves(page)
        predicts(page)
        page.get_by_text("Voilà shows no code").first.wait_for()
        assert page.locator(".explorer").count() == 6
