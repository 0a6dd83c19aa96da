"""The tools for notebooks: a dirty notebook becomes clean, a changed output is found, every rule can fail."""

import subprocess
import sys
from copy import deepcopy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import lint_notebooks, notebooks
from tools.lint_notebooks import APPENDIX_RULES, LESSON_RULES, OPENING_RULES, RULES

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


# --- normal form and execution ----------------------------------------------------------------------


def dirty() -> nbformat.NotebookNode:
    """Return everything that the normal form removes in one notebook, as an editor may leave it."""
    slider = new_code_cell("import ipywidgets\nipywidgets.IntSlider()", execution_count=7)
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "IntSlider(value=0)"}
    slider.outputs = [new_output("execute_result", view, execution_count=7, metadata={"isolated": True})]
    slider.metadata.update(collapsed=True, execution={"iopub.busy": "2020-01-01"}, tags=["b", "a"])
    pieces = new_code_cell("print('one', flush=True)\nprint('two')  \n\n", execution_count=12)
    pieces.outputs = [new_output("stream", name="stdout", text=text) for text in ("one\n", "two\n")]
    rich = new_code_cell("display({'text/plain': 'text'}, raw=True, metadata={'isolated': True})")
    changing = new_code_cell("import os\nprint(os.environ['OMP_NUM_THREADS'], *set('abcdefgh'))")
    cells = [new_markdown_cell("# Title\n"), slider, pieces, rich, changing]
    notebook = new_notebook(cells=cells)
    notebook.nbformat_minor = 4  # a notebook of the time before cells had ids
    for cell in cells:
        del cell["id"]
    notebook.metadata.update(widgets={"state": {}}, language_info={"name": "python", "version": "3.99"})
    return notebook


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> bytes:
    """What the tool makes of the dirty notebook."""
    path = tmp_path_factory.mktemp("notebooks") / "dirty.ipynb"
    path.write_text(nbformat.v4.writes(dirty(), indent=4), encoding="utf-8")
    assert notebooks.main([str(path)]) == 0
    return path.read_bytes()


def test_a_dirty_notebook_becomes_clean(clean):
    for unwanted in (b"widget", b"collapsed", b"2020-01-01", b"3.99", b"\r", b"iopub", b'"isolated"'):
        assert unwanted not in clean.replace(b"ipywidgets", b"")
    notebook = nbformat.reads(clean.decode(), as_version=4)
    assert [cell.id for cell in notebook.cells] == ["cell-1", "cell-2", "cell-3", "cell-4", "cell-5"]
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, 3, 4]
    assert notebook.cells[1].metadata == {"tags": ["a", "b"]}
    assert [output.text for output in notebook.cells[2].outputs] == ["one\ntwo\n"]
    assert notebook.cells[4].outputs[0].text.startswith("1 ")
    assert clean.endswith(b"}\n")


def test_check_passes_what_another_execution_makes(clean, tmp_path):
    path = tmp_path / "clean.ipynb"
    path.write_bytes(clean)
    assert notebooks.main(["--check", str(path)]) == 0


def test_check_finds_the_cell_that_changed_and_writes_nothing(clean, tmp_path, capsys):
    path = tmp_path / "changed.ipynb"
    changed = clean.replace(b'"two\\n"', b'"too\\n"')
    path.write_bytes(changed)
    assert notebooks.main(["--check", str(path)]) == 1
    said = capsys.readouterr().out
    assert all(part in said for part in ("changed.ipynb", "cell 2 (cell-3)", "too", "two"))
    assert path.read_bytes() == changed


@pytest.mark.parametrize(("old", "new"), [("\n", "\r\n"), ("\n}\n", "\n}"), (" ", ""), ("ipython3", "x")])
def test_bytes_are_compared(clean, old, new):
    text = clean.decode()
    assert notebooks.differences(text, text) == []
    assert notebooks.differences(text.replace(old, new), text)


def test_a_failing_cell_fails_the_tool_and_leaves_the_file(clean, tmp_path, capsys):
    path = tmp_path / "failing.ipynb"
    failing = clean.replace(b"print('two')", b"1 / 0")
    path.write_bytes(failing)
    assert notebooks.main([str(path)]) == 1
    said = capsys.readouterr().out
    assert "failing.ipynb" in said and "ZeroDivisionError" in said
    assert path.read_bytes() == failing


def test_an_unknown_name_gets_a_sentence():
    done = subprocess.run([sys.executable, notebooks.__file__, "99"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "no notebook is called '99'" in done.stderr and "Traceback" not in done.stderr


def test_names_are_beginnings_or_paths(tmp_path):
    for name in ("01_one.ipynb", "02_two.ipynb"):
        (tmp_path / name).touch()
    one, two = tmp_path / "01_one.ipynb", tmp_path / "02_two.ipynb"
    assert notebooks.choose([], tmp_path) == [one, two]
    assert notebooks.choose(["02", "01_one.ipynb"], tmp_path) == [two, one]
    assert notebooks.choose([str(two), "02"], tmp_path) == [two]


def test_ids_stay_valid_and_unique():
    notebook = new_notebook(cells=[new_markdown_cell("a"), new_markdown_cell("b"), new_markdown_cell("c")])
    for cell, name in zip(notebook.cells, ("x", "x", "not a valid id!"), strict=True):
        cell["id"] = name
    assert [cell.id for cell in notebooks.normalise(notebook).cells] == ["x", "x-b", "cell-3"]


# --- rules ------------------------------------------------------------------------------------------


BOX = """\
> - **You will be able to** count words
>   and lines.
> - **You need** nothing.
> - **Time** core 2 minutes; second reading 1; exercises 15."""


def lesson() -> nbformat.NotebookNode:
    """Return a lesson of the smallest size that keeps every rule."""
    words = "One two three four five six seven eight nine ten. " * 4
    figure = new_code_cell("picture", id="figure")
    sentence = 'A bar at "1" stands above two others.'
    image = f"<img alt='{sentence}' src='data:image/svg+xml,x'>"
    figure.outputs = [
        new_output("display_data", {"image/svg+xml": SVG, "text/plain": sentence, "text/html": image})
    ]
    text = new_code_cell("1 + 1", id="text")
    text.outputs = [new_output("execute_result", {"text/plain": "2"}, execution_count=3)]
    imports = new_code_cell("import numpy as np", id="imports", metadata={"tags": ["imports"]})
    cells = [
        new_markdown_cell("# 01 · Title\n\nPredict what comes. Then move it.", id="top"),
        new_code_cell(notebooks.COLAB, id="colab"),
        imports,
        new_code_cell("ex.a.ask()", id="ask"),
        new_markdown_cell("Drag the bar.", id="task"),
        figure,
        new_code_cell("ex.a.explain()", id="explain"),
        new_markdown_cell(BOX, id="box"),
        new_markdown_cell("## The question\n\n" + words, id="question"),
        new_markdown_cell("## 1 A section\n\n" + words, id="section"),
        text,
        new_markdown_cell("## 2 Another section · second reading\n\n" + words, id="aside"),
    ]
    for name in ("b", "c"):
        cells += [new_code_cell(f"ex.{name}.ask()"), new_code_cell(f"ex.{name}.explain()")]
    cells += [
        new_markdown_cell("## Summary", id="summary"),
        new_markdown_cell("## Exercises", id="exercises"),
    ]
    cells += [new_code_cell(f"{name} = ex.{name}.check({name})") for name in ("d", "e", "f")]
    cells += [new_markdown_cell(words + "\n\n<details>Solution.</details>", id="details")]
    cells += [new_markdown_cell("## Where to read on\n\n" + words, id="reading")]
    notebook = new_notebook(cells=cells)
    for number, (_, cell) in enumerate(lint_notebooks.code_cells(notebook), 1):
        cell.execution_count = number
    return notebook


def by_id(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def edit(name, **changes):
    return lambda notebook: by_id(notebook, name).update(changes)


def figure_data(**changes):
    def change(notebook):
        data = by_id(notebook, "figure").outputs[0].data
        data.update({mime.replace("_", "/"): content for mime, content in changes.items()})

    return change


def output(kind, *arguments, **more):
    return lambda notebook: by_id(notebook, "text").outputs.append(new_output(kind, *arguments, **more))


def swap(first, second):
    def change(notebook):
        a, b = (notebook.cells.index(by_id(notebook, name)) for name in (first, second))
        notebook.cells[a], notebook.cells[b] = notebook.cells[b], notebook.cells[a]

    return change


def remove(*names):
    def change(notebook):
        notebook.cells = [cell for cell in notebook.cells if cell.id not in names]

    return change


def forget_calls(method):
    def change(notebook):
        for _, cell in lint_notebooks.code_cells(notebook):
            cell.source = cell.source.replace(f".{method}(", ".other(")

    return change


def lengthen(notebook):
    for _, cell in lint_notebooks.code_cells(notebook):
        cell.source = "1\n" * 7


ANY_PNG = {"a.png": {"image/png": "iVBORw0KGgo="}}
PNG_IN_HTML = {"text/html": "<img alt='A.' src='data:image/png,x'>"}
WIDGET = {"application/vnd.jupyter.widget-view+json": {}}
BREAKAGES = [
    ("works_on_colab", remove("colab")),
    ("works_on_colab", swap("colab", "imports")),
    ("works_on_colab", edit("colab", source="import sys")),
    ("executed_in_order", edit("text", execution_count=None)),
    ("executed_in_order", edit("text", execution_count=9)),
    ("executed_in_order", edit("text", source=" ")),
    ("executed_in_order", output("error", ename="E", evalue="bad", traceback=[])),
    ("nothing_ignored", edit("text", source="# NBVAL_IGNORE_OUTPUT\n1 + 1")),
    ("nothing_ignored", edit("text", metadata={"tags": ["nbval-skip"]})),
    ("nothing_ignored", edit("text", metadata={"tags": ["raises-exception"]})),
    ("nothing_ignored", edit("text", source="%%capture\n1 + 1")),
    ("nothing_ignored", edit("text", source="1 + 1;")),
    ("says_the_same_everywhere", output("stream", name="stderr", text="/tmp/x.py:1: UserWarning")),
    ("says_the_same_everywhere", output("display_data", {"text/plain": "[<Line2D at 0x7f1b2c3d4e5f>]"})),
    ("no_pixels_and_no_widgets", lambda notebook: notebook.metadata.update(widgets={})),
    ("no_pixels_and_no_widgets", output("display_data", {"image/png": "iVBORw0KGgo="})),
    ("no_pixels_and_no_widgets", output("display_data", WIDGET)),
    ("no_pixels_and_no_widgets", output("display_data", PNG_IN_HTML)),
    ("no_pixels_and_no_widgets", edit("section", source="## A section\n![figure](figure.png)")),
    ("no_pixels_and_no_widgets", edit("section", attachments=ANY_PNG)),
    ("figures_speak", figure_data(text_plain="<Figure size 432x288 with 1 Axes>")),
    ("figures_speak", figure_data(text_html="<p>no image</p>")),
    ("figures_speak", figure_data(text_html="<img alt='' src='data:image/svg+xml,x'>")),
    ("figures_speak", figure_data(text_html="<img src='data:image/svg+xml,x'>")),
    ("figures_speak", output("display_data", {"text/html": "<img src='x'>"})),
    ("short_cells", edit("text", source="\n".join(f"x{n} = {n}" for n in range(21)))),
    ("short_cells", lengthen),
    ("prose_for_code", edit("section", source="## 1 A section\n\n" + "word " * 500)),
    ("prose_for_code", edit("text", source="1\n" * 40)),
    ("opening", edit("top", source="# Title\n\nPredict what comes. Then move it.")),
    ("opening", edit("top", source="# 01 · Title\n\nPredict what comes")),
    ("opening", edit("top", source="# 01 · Title\n\n" + "Predict. " * 5)),
    ("opening", edit("imports", metadata={})),
    ("opening", edit("imports", source="import numpy\n" * 11)),
    ("opening", remove("ask")),
    ("opening", remove("figure")),
    ("opening", remove("explain")),
    ("opening", remove("box")),
    ("opening", swap("ask", "figure")),
    ("opening", swap("explain", "box")),
    ("opening", swap("task", "text")),
    ("opening", edit("task", source="## The question")),
    ("opening", edit("box", source=BOX.replace("You need", "You want"))),
    ("opening", edit("box", source=BOX.replace(">   and", "and"))),
    ("opening", edit("box", source=BOX.replace("core 2 minutes", "2 minutes"))),
    ("honest_minutes", edit("box", source=BOX.replace("core 2", "core 5"))),
    ("honest_minutes", edit("aside", source="## 2 Another section · second reading\n\n" + "word " * 200)),
    ("honest_minutes", edit("box", source=BOX.replace("exercises 15", "exercises 20"))),
    ("honest_minutes", edit("top", source="# 77 · Title\n\nPredict what comes. Then move it.")),
    ("honest_minutes", edit("section", source="## 1 A section\n\n" + "word " * 1600)),
    ("anatomy", remove("summary")),
    ("anatomy", remove("reading")),
    ("anatomy", remove("section")),
    ("anatomy", remove("section", "aside")),
    ("anatomy", swap("summary", "exercises")),
    ("anatomy", swap("section", "aside")),
    ("anatomy", edit("section", source="# A section")),
    ("anatomy", edit("section", source="## A section")),
    ("anatomy", edit("aside", source="## 2 For a second reading: another section")),
    ("enough_to_do", forget_calls("check")),
    ("enough_to_do", forget_calls("ask")),
    ("enough_to_do", forget_calls("explain")),
]


ALL_RULES = {rule.__name__: rule for rule in [*RULES, *OPENING_RULES, *LESSON_RULES]}


@pytest.mark.parametrize("name", ALL_RULES)
def test_a_good_lesson_keeps_every_rule_and_every_rule_is_tried(name):
    assert list(ALL_RULES[name](lesson())) == []
    assert name in {name for name, _ in BREAKAGES}


@pytest.mark.parametrize(("name", "break_it"), BREAKAGES)
def test_a_broken_lesson_breaks_the_rule(name, break_it):
    notebook = deepcopy(lesson())
    break_it(notebook)
    assert list(ALL_RULES[name](notebook))


def titled(title):
    notebook = lesson()
    by_id(notebook, "top").source = title
    return notebook


def test_each_notebook_has_the_rules_of_its_kind():
    rules = lint_notebooks.rules
    assert rules(titled("# 04 · Losses")) == [*RULES, *OPENING_RULES, *LESSON_RULES]
    assert rules(titled("# 10 · Appendix: more")) == [*RULES, *APPENDIX_RULES]
    assert rules(titled("# 00 · Start here")) == [*RULES, *OPENING_RULES]


def test_minutes_are_words_of_the_core_of_the_second_reading_and_exercises():
    notebook = lesson()
    assert lint_notebooks.minutes(notebook) == {
        "core": pytest.approx(118 / 50), "second reading": pytest.approx(45 / 50), "exercises": 15,
    }  # fmt: skip
    assert lint_notebooks.stated_minutes(notebook) == {"core": 2, "second reading": 1, "exercises": 15}
    by_id(notebook, "box").source = BOX.replace("; second reading 1; exercises 15", "")
    assert lint_notebooks.stated_minutes(notebook) == {"core": 2, "second reading": 0, "exercises": 0}


def test_solutions_code_and_displayed_formulas_are_no_prose():
    code = "```python\nx = 1\n```"
    source = f"Two words.\n\n$$\na = b\n$$\n\n{code}\n<details>many more words</details> and $a + b$"
    assert lint_notebooks.prose_words(source) == 4


def test_sections_get_the_code_of_the_set_up():
    imports, sections = lint_notebooks.split_imports(lesson())
    assert [cell.source for cell in imports] == ["import numpy as np"]
    assert [title for title, _ in sections] == [
        "",
        "1 A section",
        "2 Another section · second reading",
        "Exercises",
    ]
