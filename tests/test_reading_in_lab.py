"""A lesson opened in JupyterLab for the first time: calm to read, and Run All stays where the learner is."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.lab import BROWSER, browser_page, cell, open_notebook, serve_lab, show_cell

WORDS = "Prose that is longer than a line should be. " * 12
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}


def test_a_name_that_is_missing_before_the_imports_gets_a_sentence():
    cells = [new_code_cell(source) for source in ("Softmax()", "import helpers", "Softmax()", "1 / 0")]
    notebook = new_notebook(cells=cells, metadata=KERNEL)
    NotebookClient(notebook, allow_errors=True).execute()
    first, _, after, other = ([output.get("text") or output.ename for output in c.outputs] for c in cells)
    assert first[0] == "NameError"
    assert "Run the cells above this one first" in first[1]
    assert after == ["NameError"], "helpers is imported: the name is wrong for another reason"
    assert other == ["ZeroDivisionError"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder, home = tmp_path_factory.mktemp("lesson"), tmp_path_factory.mktemp("home")
    cells = [new_markdown_cell(f"# A lesson\n\n{WORDS}")]
    for number in range(15):
        cells += [new_markdown_cell(f"## {number} Part\n\n{WORDS}"), new_code_cell(f"{number} + 1")]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), folder / "lesson.ipynb")
    with serve_lab(folder, home) as address, browser_page(1366, 650) as page:
        open_notebook(page, address, "lesson.ipynb")
        yield page


class TestInJupyterLab:
    pytestmark = BROWSER

    def test_opening_it_does_not_change_it_and_a_changed_cell_does(self, page):
        changed = "window.jupyterapp.shell.currentWidget.context.model.dirty"
        version = "window.jupyterapp.shell.currentWidget.context.model.getMetadata('language_info')?.version"
        page.wait_for_function(version)  # the kernel has said what it is
        assert page.evaluate(changed) is False
        source = "window.jupyterapp.shell.currentWidget.content.widgets[2].model.sharedModel.source"
        page.evaluate(f"{source} += ' '")
        page.wait_for_function(changed)

    def test_the_headings_stand_beside_the_lesson_at_first(self, page):
        page.locator(".jp-TableOfContents").get_by_text("14 Part").first.wait_for(timeout=20_000)

    def test_prose_is_set_for_reading(self, page):
        show_cell(page, 0)
        paragraph = cell(page, 0).locator(".jp-MarkdownOutput p").first
        size, height = paragraph.evaluate(
            "p => { const { fontSize, lineHeight } = getComputedStyle(p);"
            " return [parseFloat(fontSize), parseFloat(lineHeight)]; }"
        )
        assert size == 16 and 1.5 <= height / size <= 1.7
        assert paragraph.bounding_box()["width"] <= 46 * size + 1

    def test_run_all_ends_where_the_learner_is(self, page):
        show_cell(page, 9)
        where = """() => [window.jupyterapp.shell.currentWidget.content.activeCellIndex,
                          document.querySelector('.jp-mod-active.jp-Cell').getBoundingClientRect().top]"""
        index, top = page.evaluate(where)
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(
            """() => window.jupyterapp.shell.currentWidget.content.widgets.every(
                     one => one.model.type !== 'code' || one.model.executionCount)"""
        )
        page.wait_for_timeout(500)  # what scrolls does so after the last cell
        after, top_after = page.evaluate(where)
        assert index == after == 9
        assert abs(top_after - top) < 20, "the same stands at the same place, though outputs above grew"

    def test_a_saved_figure_glares_less_on_a_dark_page(self, page):
        saved = page.evaluate_handle(
            """() => { const figure = document.createElement('div');
                 figure.className = 'explorer-saved';
                 document.body.append(figure); // among the cells JupyterLab would stumble over it
                 return figure; }"""
        )
        seen = "(one, light) => document.body.dataset.jpThemeLight === light && getComputedStyle(one).opacity"
        for theme, light, opacity in (("Dark", "false", "0.88"), ("Light", "true", "1")):
            change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
            page.evaluate(change, f"JupyterLab {theme}")
            for _ in range(100):
                if shown := saved.evaluate(seen, light):
                    break
                page.wait_for_timeout(100)
            assert shown == opacity, theme
        saved.evaluate("figure => figure.remove()")

    def test_nothing_was_logged_as_an_error(self, page):
        assert page.problems == []
