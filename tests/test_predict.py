"""Predictions: what is saved, what opens when, and, in a real JupyterLab, that the keyboard is enough."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.exercises import predict, results
from helpers.exercises.predict import Prediction
from tests.lab import browser_page, browser_test, cell, open_notebook, run_all, serve_lab

VIEW = "application/vnd.jupyter.widget-view+json"
OPTIONS = {"Up <b>": "it falls.", "Down": "so it does: x < e^2.", "Nothing": "it moves."}


@pytest.fixture
def drop(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])
    return Prediction("drop", "Where does `x` go?", OPTIONS, answer="Down")


def test_the_saved_question_is_the_same_on_every_run_and_after_every_choice(drop):
    def saved():
        data, metadata = drop.ask()._repr_mimebundle_()
        assert metadata == {}
        assert set(data.pop(VIEW)) == {"model_id", "version_major", "version_minor"}
        return data

    first = saved()
    assert first["text/plain"] == "Predict: Where does `x` go?\nA. Up <b>\nB. Down\nC. Nothing"
    assert "<code>x</code>" in first["text/html"]
    assert "<li>A. Up &lt;b&gt;</li>" in first["text/html"]
    drop.ask().committed = 1
    assert saved() == first
    again = Prediction("drop", "Where does `x` go?", OPTIONS, answer="Down").ask()
    assert again._repr_mimebundle_()[0].items() >= first.items()
    assert again.model_id not in json.dumps(first)


def test_the_saved_explanation_is_folded_and_its_text_gives_nothing_away(drop):
    data, _ = drop.explain()._repr_mimebundle_()
    assert data["text/plain"] == (
        "Explanation: Where does `x` go?\nIt opens here once you have committed to a prediction above."
    )
    assert "<details><summary>Explanation: Where does <code>x</code> go?</summary>" in data["text/html"]
    assert "✓ Right: so it does: x &lt; e<sup>2</sup>." in data["text/html"]
    drop.commit("Up <b>")
    assert drop.explain()._repr_mimebundle_()[0] == data, "the choice is not saved"


@pytest.mark.parametrize("first", ["ask", "explain", "commit"])
def test_the_explanation_opens_with_the_commitment_whichever_cell_ran_first(drop, first):
    if first == "commit":
        drop.commit("Up <b>")
    getattr(drop, "explain" if first == "explain" else "ask")()
    question, explanation = drop.ask(), drop.explain()
    if first != "commit":
        assert explanation.body == ""
        assert explanation.message == "Commit to a prediction first; the explanation then opens here."
        question.committed = 0
    assert question.committed == 0
    assert question.message.startswith("Noted: you predict A.")
    assert explanation.message == "You predicted A, and A is not right."
    assert "<strong>A. Up &lt;b&gt;</strong> (your prediction)<br>✗ Wrong: it falls." in explanation.body
    assert "<strong>B. Down</strong><br>✓ Right: so it does" in explanation.body
    assert drop.ask() is question, "running the cell again keeps the choice"


def test_taking_back_closes_the_explanation(drop):
    drop.ask().committed = 1
    assert drop.explain().message == "You predicted B, and B is right."
    drop.ask().committed = None
    assert (drop.choice, drop.ask().message, drop.explain().body) == (None, "", "")


def test_every_commitment_is_recorded(drop):
    drop.ask()
    assert results.history() == {}
    drop.ask().committed = 2
    assert results.history() == {"drop": ["Nothing"]}
    drop.ask().committed = None
    drop.ask().committed = 1
    assert results.history() == {"drop": ["Nothing", None, "Down"]}


def test_an_error_in_a_callback_is_said_in_the_widget_and_raised(drop, monkeypatch):
    def full(name, result):
        raise OSError("no space <left>")

    monkeypatch.setattr(predict, "record", full)
    with pytest.raises(OSError, match="no space"):
        drop.ask().committed = 1
    assert drop.ask().error == "This went wrong: OSError: no space &lt;left&gt;"
    assert drop.explain().body, "the explanation opens all the same"
    monkeypatch.undo()
    drop.ask().committed = 0
    assert drop.ask().error == ""


def test_bad_input_is_named(drop):
    with pytest.raises(ValueError, match="answer must be one of the options of drop, got 'Sideways'"):
        Prediction("drop", "?", OPTIONS, answer="Sideways")
    with pytest.raises(ValueError, match=r"option must be one of .*, got 'Sideways'"):
        drop.commit("Sideways")
    with pytest.raises(IndexError):
        drop.ask().committed = 3
    assert "IndexError" in drop.ask().error


# --- in the browser ---------------------------------------------------------------------------------

CELLS = [
    "from helpers.exercises.predict import Prediction\n"
    f"drop = Prediction('drop', 'Where does `x` go?', {OPTIONS!r}, answer='Down')",
    "drop.explain()", "drop.ask()", "drop.ask()",
]  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder, home = tmp_path_factory.mktemp("prediction"), tmp_path_factory.mktemp("home")
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "prediction.ipynb")
    with serve_lab(folder, home) as address, browser_page() as page:
        open_notebook(page, address, "prediction.ipynb")
        run_all(page)
        yield page


@browser_test
def test_choosing_and_committing_by_keyboard_alone(page):
    explanation, question, twin = (cell(page, at).locator(".prediction") for at in (1, 2, 3))
    said, body = explanation.get_by_role("status"), explanation.locator(".body")
    assert said.text_content() == "Commit to a prediction first; the explanation then opens here."
    group = question.get_by_role("group", name="Predict: Where does x go?")
    group.get_by_role("radio").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert question.get_by_role("status").text_content() == "Choose an option first."
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert question.get_by_role("radio", name="C. Nothing").is_checked(), "JupyterLab took the arrow keys"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    body.get_by_text("✓ Right: so it does: x < e2.").wait_for(timeout=10_000)
    assert said.text_content() == "You predicted B, and B is right."
    assert question.get_by_role("status").evaluate("said => said === document.activeElement")
    assert question.get_by_role("status").text_content().startswith("Noted: you predict B.")
    assert twin.get_by_role("radio", name="B. Down").is_checked(), "both views show the choice"
    assert twin.get_by_role("radio", name="B. Down").is_disabled()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # take it back
    said.get_by_text("Commit to a prediction first").wait_for(timeout=10_000)
    assert body.text_content() == ""
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    said.get_by_text("You predicted A, and A is not right.").wait_for(timeout=10_000)


@browser_test
def test_a_prediction_is_accessible(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, context=".prediction").response
    assert found["passes"], "axe looked at nothing"
    assert [(fault["id"], fault["impact"]) for fault in found["violations"]] == []
    for target in page.locator(".prediction :is(label, button):visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24


@browser_test
def test_nothing_was_logged_as_an_error(page):
    assert page.problems == []


@browser_test
def test_a_choice_that_the_kernel_does_not_note_is_not_taken_for_noted(page):
    question = cell(page, 2).locator(".prediction")
    question.get_by_role("button", name="Take it back").click()
    question.get_by_role("button", name="Commit").wait_for()
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'",
        timeout=60_000,
    )
    question.get_by_role("radio", name="C. Nothing").check()
    question.get_by_role("button", name="Commit").click()
    question.get_by_role("alert").filter(has_text="This was not noted").wait_for(timeout=10_000)
    assert question.get_by_role("radio", name="C. Nothing").is_enabled(), "one can choose again"
    assert question.get_by_role("button", name="Commit").is_visible()
    assert question.get_by_role("status").text_content() == ""
