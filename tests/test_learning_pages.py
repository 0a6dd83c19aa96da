"""A lesson on its web page alone: predict, solve with advice, stop a loop, keep and carry what was done."""

import importlib
import json
import re
import sys

import pytest

from helpers.exercises import page as exercise_page
from tests.lab import browser_test
from tests.test_browser import LESSONS
from tests.test_live_pages import START, address, offline  # noqa: F401  (a fixture)
from tests.test_site import folder  # noqa: F401  (a fixture)
from tests.test_wasm import packs  # noqa: F401  (a fixture)
from tools.notebooks import parse

LESSON, PHONE = "03_sigmoid_and_softmax", {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
ROWS = (
    "def softmax_rows(f):\n    e = np.exp(f - f.max({axis}keepdims=True))\n"
    "    return e / e.sum({axis}keepdims=True)"
)
TASK = {
    "lesson": "x", "name": "nll", "check": "nll = ex.nll.check(nll)",
    "imports": "import numpy as np\nimport not_there\nfrom helpers.exercises import lesson_03 as ex",
}  # fmt: skip


# --- Python's part --------------------------------------------------------------------------------------


def test_the_card_of_the_notebook_comes_back_with_what_was_printed():
    got = exercise_page.check(TASK | {"answer": "def nll(f, label):\n    print('here')\n    return f[label]"})
    assert got["html"].startswith("<div") and "Not yet." in got["html"]
    assert got["printed"] == "here\n"
    assert got["result"] == "not yet"
    right = "def nll(f, label):\n    z = f - f.max()\n    return np.log(np.exp(z).sum()) - z[label]"
    assert exercise_page.check(TASK | {"answer": right})["result"] == "correct"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("def nll(f)\n    return 1", "This is not yet Python: expected ':' in line 1: def nll(f)."),
        ("nll = missing", "NameError: name 'missing' is not defined in line 1: nll = missing."),
        ("import sys\nsys.exit(3)", "SystemExit: 3 in line 2: sys.exit(3)."),
    ],
)
def test_what_goes_wrong_before_the_check_is_one_sentence_with_its_line(answer, said):
    assert exercise_page.check(TASK | {"answer": answer})["text"].replace("`", "") == said


def test_pages_need_no_widgets(monkeypatch):
    for name in ("anywidget", "ipywidgets", "traitlets", "IPython"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith("helpers.exercises")]:
        monkeypatch.delitem(sys.modules, name)
    for number in range(1, 10):
        importlib.import_module(f"helpers.exercises.lesson_{number:02}")
    importlib.import_module("helpers.exercises.page")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_prediction_and_exercise_of_a_lesson_is_live_on_its_page(folder, lesson):  # noqa: F811
    page = (folder / f"{lesson.stem}.html").read_text(encoding="utf-8")
    cells = parse(lesson.read_text(encoding="utf-8")).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    for call, kind in (("ask", "prediction"), ("explain", "explanation"), ("check", "exercise")):
        asked = re.findall(rf"^(?:\w+ = )?ex\.\w+\.{call}\(", code, re.M)
        assert page.count(f'<div class="{kind}"') == len(asked), kind


# --- the page -------------------------------------------------------------------------------------------


@pytest.fixture
def first(address):  # noqa: F811
    """The exercise softmax_rows, opened, on a phone."""
    with offline(address, **PHONE) as page:
        page.goto(f"{address}{LESSON}.html")
        yield page, page.locator("div.exercise").first
        assert page.problems == []


def answer(exercise, text):
    exercise.locator(".cm-content").fill(text)
    exercise.get_by_role("button", name="Check").click()
    exercise.get_by_role("button", name="Check").and_(exercise.locator(":enabled")).wait_for(timeout=START)
    return exercise.locator(".said").text_content()


@browser_test
def test_a_prediction_is_made_explained_kept_and_taken_back(first):
    page, _ = first
    asked, told = page.locator("div.prediction").first, page.locator("div.explanation").first
    assert "Commit to a prediction first" in told.text_content()
    asked.get_by_role("button", name="Commit").click()
    assert asked.get_by_role("status").text_content() == "Choose an option first."
    asked.get_by_role("radio").first.check()
    asked.get_by_role("button", name="Commit").click()
    assert "You predicted A, and A is not right." in told.text_content()
    assert told.locator("li").count() == asked.get_by_role("radio").count()
    page.reload()
    assert asked.get_by_role("radio").first.is_checked()
    assert "(your prediction)" in told.text_content()
    asked.get_by_role("button", name="Take it back").click()
    assert "Commit to a prediction first" in told.text_content()


@browser_test
def test_an_exercise_is_solved_with_advice_a_loop_is_stopped_and_all_is_kept(first, tmp_path):
    page, exercise = first
    exercise.get_by_role("button", name="Write your answer here").click()
    said = answer(exercise, ROWS.format(axis=""))
    assert "Not yet." in said and "axis=1" in said
    exercise.locator(".cm-content").fill("def softmax_rows(f):\n    while True:\n        print('on and on')")
    exercise.get_by_role("button", name="Check").click()
    exercise.get_by_role("button", name="Stop").click(timeout=20_000)
    exercise.locator(".said").get_by_text("Stopped. Nothing was judged.").wait_for(timeout=START)
    assert "Correct." in answer(exercise, ROWS.format(axis="axis=1, "))
    page.reload()
    exercise.get_by_role("button", name="Go on with your answer").click()
    assert "axis=1" in exercise.locator(".cm-content").text_content(), "what was written is kept"
    page.goto(page.url.replace(LESSON, "00_start_here"))
    here = page.locator("div.progress-here")
    assert here.get_by_role("row", name="03").locator("td").first.text_content().startswith("1 of")
    with page.expect_download() as download:
        here.get_by_role("button", name="Save it to a file").click()
    saved = tmp_path / "progress.jsonl"
    download.value.save_as(saved)
    results = [json.loads(line) for line in saved.read_text().splitlines()]
    assert {"name": "softmax_rows", "result": "correct"} in results
    page.on("dialog", lambda dialog: dialog.accept())
    here.get_by_role("button", name="Forget it").click()
    assert here.get_by_role("row", name="03").locator("td").first.text_content().startswith("0 of")
    saved.write_text(saved.read_text() + "damaged\n")
    here.locator("input[type=file]").set_input_files(saved)
    here.get_by_text("results were taken in").wait_for()
    assert here.get_by_role("row", name="03").locator("td").first.text_content().startswith("1 of")


@browser_test
def test_axe_finds_nothing_serious_in_predictions_exercises_and_progress(first):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, exercise = first
    exercise.get_by_role("button", name="Write your answer here").click()
    exercise.locator(".cm-content").wait_for()
    for context in ("div.prediction", "div.exercise"):
        found = axe.run(page, context=context).response
        assert found["passes"], "axe looked at nothing"
        assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []
