"""What every lesson must be, as rules: each takes a notebook and yields a sentence for every fault.

The rules hold for the saved file; nothing is executed here. `RULES` are those of every notebook,
`OPENING_RULES` those of its beginning, `LESSON_RULES` those of lessons (not of the first notebook, which
is a map).
"""

import ast
import html
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from statistics import median

from nbformat import NotebookNode
from nbval.plugin import find_comment_markers, find_metadata_tags

from helpers.figures.lessons import APPENDIX, SECOND_READING, TIME
from tools.notebooks import COLAB

Rule = Callable[[NotebookNode], Iterator[str]]

MEDIAN_LINES, MOST_LINES = 6, 20  # of a code cell
WORDS_PER_LINE = (8, 25)  # words of prose for a line of code
EXERCISES, PREDICTIONS = 3, 3  # at least
CLOSING = ["Summary", "Exercises", "Where to read on"]  # the last ## headings, in this order
# The items of the box after the opening, each at the beginning of a line of a block quote.
BOX = ["You will be able to", "You need", "Time"]
WORDS_PER_MINUTE = 50  # of prose; the code and the explorers between it are included
EXERCISE_MINUTES, NEAR = 5, 2  # for one exercise; how far stated minutes may be from the counted ones
IMPORT_LINES = 10  # at most, before the first thing to do
OPENING_SENTENCES = (2, 4)
# Minutes of the core of each lesson at most; together the five hours that the README promises.
BUDGETS = {
    "00": 8, "01": 30, "02": 32, "03": 27, "04": 36, "05": 30, "06": 25, "07": 52, "08": 32, "09": 28,
}  # fmt: skip
# nbval cannot compare these, or they keep it from seeing an output.
HIDES_OUTPUT = r"%%capture|interactive_output|clear_output|widgets\.Output|display_id|redirect_stdout"
FIGURE = "image/svg+xml"


# --- reading a notebook -----------------------------------------------------------------------------


def code_cells(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    """Return the code cells, each with the name by which nbval's report calls it."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(f"code cell {number} ({cell.get('id')})", cell) for number, cell in enumerate(cells)]


def outputs(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    """Return all outputs with the name of their cell."""
    return [(name, output) for name, cell in code_cells(notebook) for output in cell.outputs]


def lesson_cells(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    """Return the code cells without the one for Colab, which no lesson is about."""
    return [(name, cell) for name, cell in code_cells(notebook) if cell.get("id") != "colab"]


def lines(source: str) -> int:
    """Count the lines that are not blank."""
    return sum(bool(line.strip()) for line in source.splitlines())


def headings(cell: NotebookNode) -> list[tuple[int, str]]:
    """Return level and text of the headings in a Markdown cell, outside its code blocks."""
    if cell.cell_type != "markdown":
        return []
    text = re.sub(r"^```.*?^```", "", cell.source, flags=re.S | re.M)
    return [(len(marks), title.strip()) for marks, title in re.findall(r"^(#+)\s+(.+)$", text, flags=re.M)]


def prose_words(source: str) -> int:
    """Count the words that a reader of a Markdown cell reads in passing.

    Folded hints and solutions, code blocks, displayed formulas, HTML tags, link targets and table rules do
    not count; a formula inside a sentence counts as one word.
    """
    text = re.sub(r"<details.*?</details>|^```.*?^```|\$\$.*?\$\$|<[^>]+>", " ", source, flags=re.S | re.M)
    text = re.sub(r"\$[^$]+\$|`[^`]+`", " formula ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def calls(notebook: NotebookNode, method: str) -> list[str]:
    """Return what stands before `.method(` in the calls of all code cells, as in `ex.shift.ask()`."""
    found = []
    for _, cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == method:
                found.append(ast.unparse(called.value))
    return found


def sections(notebook: NotebookNode) -> list[tuple[str, list[NotebookNode]]]:
    """Return the parts that begin with a `##` heading, as title and code cells; the first has no title."""
    parts = [("", [])]
    for cell in notebook.cells:
        parts += [(title, []) for level, title in headings(cell) if level == 2]
        if cell.cell_type == "code":
            parts[-1][1].append(cell)
    return [(title, cells) for title, cells in parts if cells]


def split_imports(notebook: NotebookNode) -> tuple[list[NotebookNode], list[tuple[str, list[NotebookNode]]]]:
    """Return the cells that every section may count on, and the sections without them.

    Those are the cells tagged `imports`, else the code of the section "Set-up", else the first code cell.
    """
    parts = sections(notebook)
    tagged = [cell for _, cell in code_cells(notebook) if "imports" in cell.metadata.get("tags", [])]
    set_up = [cell for title, cells in parts if re.match(r"set-?up", title, re.I) for cell in cells]
    imports = tagged or set_up or [cell for _, cell in code_cells(notebook)][:1]
    rest = [(title, [cell for cell in cells if cell not in imports]) for title, cells in parts]
    return imports, [(title, cells) for title, cells in rest if cells]


class Images(HTMLParser):
    """Collects the `alt` texts of the images in a piece of HTML, None for an image without."""

    def __init__(self) -> None:
        super().__init__()
        self.alts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the alt text of an image."""
        if tag == "img":
            self.alts.append(dict(attrs).get("alt"))


def alt_texts(html: str) -> list[str | None]:
    """Return the alt texts of all images in `html`."""
    images = Images()
    images.feed(html)
    return images.alts


# --- rules of every notebook ------------------------------------------------------------------------


def executed_in_order(notebook: NotebookNode) -> Iterator[str]:
    """Every code cell was executed once, from top to bottom, without an error."""
    for number, (name, cell) in enumerate(code_cells(notebook), 1):
        if not cell.source.strip():
            yield f"{name} is empty."
        elif cell.execution_count != number:
            yield f"{name} has execution count {cell.execution_count}, and {number} is expected."
    for name, output in outputs(notebook):
        if output.output_type == "error":
            yield f"{name} ended with {output.ename}: {output.evalue}."


def nothing_ignored(notebook: NotebookNode) -> Iterator[str]:
    """No output escapes the regression run."""
    for name, cell in code_cells(notebook):
        marks = [*find_metadata_tags(cell.metadata), *find_comment_markers(cell.source)]
        if marks:
            yield f"{name} is marked for nbval: {dict(marks)}."
        hidden = re.search(HIDES_OUTPUT, cell.source)
        if hidden:
            yield f"{name} uses {hidden.group()}, which nbval cannot compare."
        if cell.source.rstrip().endswith(";"):
            yield f"{name} ends with a semicolon, which hides its value."


def says_the_same_everywhere(notebook: NotebookNode) -> Iterator[str]:
    """No output depends on the machine in a way that can be seen."""
    for name, output in outputs(notebook):
        if output.output_type == "stream" and output.name == "stderr":
            yield f"{name} writes to stderr (a warning, with a path?): {output.text.strip()[:80]!r}."
        said = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        address = re.search(r"<[^<>]* at 0x[0-9a-fA-F]+>?", said)
        if address:
            yield f"{name} shows an address in memory: {address.group()[:80]}."


def no_pixels_and_no_widgets(notebook: NotebookNode) -> Iterator[str]:
    """Every saved picture is one that the regression run can compare, and no widget is saved as such."""
    if "widgets" in notebook.metadata:
        yield "The notebook holds the state of widgets."
    for cell in notebook.cells:
        if cell.get("attachments") or re.search(r"data:image/(?!svg)|!\[.*?\]\(", cell.source):
            yield f"cell {cell.get('id')} holds a picture; figures are made by code."
    for name, output in outputs(notebook):
        for mime, content in output.get("data", {}).items():
            if "widget" in mime or (mime.startswith("image/") and mime != FIGURE):
                yield f"{name} holds {mime}; figures are saved as {FIGURE}."
            elif "data:image/" in content and "data:image/svg+xml" not in content:
                yield f"{name} holds a picture of pixels inside {mime}."


def figures_speak(notebook: NotebookNode) -> Iterator[str]:
    """Every figure comes with a sentence, as text and as the alt text of an image that shows untrusted."""
    for name, output in outputs(notebook):
        data = output.get("data", {})
        sentence = " ".join(data.get("text/plain", "").split())
        alts = alt_texts(data.get("text/html", ""))
        if FIGURE in data:
            if len(sentence.split()) < 4 or not sentence.endswith((".", "!", "?")):
                yield f"{name} has a figure whose text/plain is no sentence: {sentence[:80]!r}."
            if len(alts) != 1:
                yield f"{name} has a figure whose text/html holds {len(alts)} images, and 1 is expected."
            elif 'class="explorer-saved"' in data["text/html"]:
                if html.escape(sentence) not in " ".join(data["text/html"].split()):
                    yield f"{name} has an explorer whose text/html lacks its sentence: {sentence[:80]!r}."
            elif " ".join((alts[0] or "").split()) != sentence:
                yield f"{name} has a figure whose alt text is not its sentence: {(alts[0] or '')[:80]!r}."
        elif not all(alt and alt.strip() for alt in alts):
            yield f"{name} has an image without alt text."


def works_on_colab(notebook: NotebookNode) -> Iterator[str]:
    """Every notebook works on Google Colab: its first code cell sees to that."""
    first = next((cell for _, cell in code_cells(notebook)), None)
    if first is None or first.get("id") != "colab" or first.source != COLAB:
        yield 'the first code cell is not COLAB of tools/notebooks.py, with the id "colab".'


RULES: list[Rule] = [
    works_on_colab,
    executed_in_order,
    nothing_ignored,
    says_the_same_everywhere,
    no_pixels_and_no_widgets,
    figures_speak,
]


# --- rules of lessons -------------------------------------------------------------------------------


def short_cells(notebook: NotebookNode) -> Iterator[str]:
    """One idea for a code cell."""
    sizes = {name: lines(cell.source) for name, cell in lesson_cells(notebook)}
    yield from (f"{name} has {n} lines; {MOST_LINES} at most." for name, n in sizes.items() if n > MOST_LINES)
    if sizes and median(sizes.values()) > MEDIAN_LINES:
        yield f"half of the code cells have more than {median(sizes.values())} lines; {MEDIAN_LINES} at most."


def prose_for_code(notebook: NotebookNode) -> Iterator[str]:
    """Neither a wall of text nor code without words."""
    words = sum(prose_words(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    code = sum(lines(cell.source) for _, cell in lesson_cells(notebook))
    fewest, most = WORDS_PER_LINE
    if not fewest * code <= words <= most * code:
        yield f"{words} words of prose for {code} lines of code: {fewest} to {most} for a line are expected."


def enough_to_do(notebook: NotebookNode) -> Iterator[str]:
    """Exercises that are checked, and predictions that are explained after the look."""
    exercises, asked = set(calls(notebook, "check")), calls(notebook, "ask")
    if len(exercises) < EXERCISES:
        yield f"{len(exercises)} exercises are checked; at least {EXERCISES} are expected."
    if len(set(asked)) < PREDICTIONS:
        yield f"{len(set(asked))} predictions are asked; at least {PREDICTIONS} are expected."
    for name in sorted(set(asked) ^ set(calls(notebook, "explain"))):
        yield f"the prediction {name} is asked and not explained, or explained and not asked."


def opening(notebook: NotebookNode) -> Iterator[str]:
    """Something to do stands on the first screen, and the compact box comes after it."""
    first, cells = notebook.cells[0], notebook.cells[1:]
    title, _, words = first.source.partition("\n")
    if first.cell_type != "markdown" or not re.fullmatch(r"# \d\d · \S.*", title):
        yield f"the lesson begins with a Markdown cell `# NN · Title`, not with {title!r}."
    sentences = len(re.findall(r"[.?!][*_)”\"]*(?=\s|$)", words))
    fewest, most = OPENING_SENTENCES
    if not fewest <= sentences <= most:
        yield f"{sentences} sentences stand under the title; {fewest} to {most} are expected."
    box = next((n for n, cell in enumerate(cells) if cell.source.startswith("> ")), None)
    if box is None:
        yield "there is no box, a Markdown cell that begins with `> `."
        return
    before = [cell for cell in cells[:box] if cell.cell_type == "code" and cell.get("id") != "colab"]
    imports = [cell for cell in before if "imports" in cell.metadata.get("tags", [])]
    size = sum(lines(cell.source) for cell in imports)
    if not 0 < size <= IMPORT_LINES:
        yield f"{size} lines are tagged `imports` before the box; 1 to {IMPORT_LINES} are expected."
    kinds = "".join(_kind(cell) for cell in before if cell not in imports)
    if not re.fullmatch("AFE", kinds):
        yield f"between imports and box stand {kinds or 'no'} code cells; AFE: ask(), figure, explain()."
    if any(level for cell in cells[:box] for level, _ in headings(cell)):
        yield "a heading stands before the box."
    yield from _box_faults(cells[box].source)


def _kind(cell: NotebookNode) -> str:
    """Return A for a prediction that is asked, E for one explained, F for a figure, ? for anything else."""
    if re.search(r"\.(ask|explain)\(\)$", cell.source):
        return "A" if cell.source.endswith(".ask()") else "E"
    return "F" if any(FIGURE in output.get("data", {}) for output in cell.outputs) else "?"


def _box_faults(source: str) -> Iterator[str]:
    if not all(line.startswith(">") for line in source.splitlines()):
        yield "the box holds lines that do not begin with `>`."
    found = re.findall(r"^> - \*\*(.+?)\*\*", source, flags=re.M)
    if found != BOX:
        yield f"the items of the box begin with {found}, and {BOX} are expected, each after `> - **`."
    if not re.search(TIME, source):
        yield "the box says no time: `**Time** core NN minutes; second reading NN; exercises NN.`"


def anatomy(notebook: NotebookNode) -> Iterator[str]:
    """Numbered sections, and the closing parts in their order."""
    titles = [title for cell in notebook.cells for level, title in headings(cell) if level == 2]
    if sum(level == 1 for cell in notebook.cells for level, _ in headings(cell)) != 1:
        yield "a lesson has one # heading, its title."
    if titles[:1] == ["The question"]:
        del titles[0]
    if titles[-len(CLOSING) :] != CLOSING:
        yield f"the last ## headings are {titles[-len(CLOSING) :]}, and {CLOSING} are expected."
        return
    numbers = [re.match(r"\d+(?= \S)", title) for title in titles[: -len(CLOSING)]]
    counted = [number and int(number[0]) for number in numbers]
    if not counted or counted != list(range(1, len(counted) + 1)):
        yield f"the sections are numbered {counted}, and 1, 2, 3, … are expected (`## 1 Title`)."
    for title in titles:
        if re.search("second reading", title, re.I) and not title.endswith(SECOND_READING):
            yield f"{title!r} speaks of a second reading and does not end with {SECOND_READING!r}."


def minutes(notebook: NotebookNode) -> dict[str, float]:
    """Return how long a reader needs for the core, the second reading and the exercises.

    The exercises are counted, the rest is the number of words. "Where to read on" is for looking things up.
    """
    words, part = {"core": 0, "second reading": 0}, "core"
    for cell in notebook.cells:
        for level, title in headings(cell):
            if level <= 2:
                aside = title in CLOSING[1:]
                part = "aside" if aside else "second reading" if title.endswith(SECOND_READING) else "core"
        if cell.cell_type == "markdown" and part in words:
            words[part] += prose_words(cell.source)
    exercises = EXERCISE_MINUTES * len(set(calls(notebook, "check")))
    return {name: n / WORDS_PER_MINUTE for name, n in words.items()} | {"exercises": exercises}


def stated_minutes(notebook: NotebookNode) -> dict[str, int]:
    """Return what the box says of the same three, 0 for what it leaves out."""
    found = next((m for cell in notebook.cells if (m := re.search(TIME, cell.source))), None)
    names = ("core", "second reading", "exercises")
    return {name: int(n or 0) for name, n in zip(names, found.groups() if found else (0, 0, 0), strict=True)}


def honest_minutes(notebook: NotebookNode) -> Iterator[str]:
    """No more minutes than a reader needs and no fewer, and a core that keeps its budget."""
    counted, stated = minutes(notebook), stated_minutes(notebook)
    for name, needed in counted.items():
        if abs(stated[name] - needed) > (0 if name == "exercises" else NEAR):
            yield f"{name}: the box says {stated[name]} minutes, counted are {needed:.0f}."
    budget = BUDGETS.get(number(notebook), 0)
    if max(counted["core"], stated["core"]) > budget:
        yield f"the core takes {counted['core']:.1f} minutes, said {stated['core']}; the budget is {budget}."


OPENING_RULES: list[Rule] = [opening, honest_minutes]
LESSON_RULES: list[Rule] = [short_cells, prose_for_code, anatomy, enough_to_do]
APPENDIX_RULES: list[Rule] = [short_cells, prose_for_code]


def number(notebook: NotebookNode) -> str:
    """Return the number in the title, "03", or ""."""
    found = re.match(r"# (\d\d) · ", notebook.cells[0].source)
    return found[1] if found else ""


def is_appendix(notebook: NotebookNode) -> bool:
    """Tell whether the title is that of an appendix: to look things up in, and no lesson of the core."""
    return bool(re.match(rf"# \d\d · {APPENDIX}", notebook.cells[0].source))


def rules(notebook: NotebookNode) -> list[Rule]:
    """Return the rules that this notebook keeps; "00" is the map."""
    if is_appendix(notebook):
        return [*RULES, *APPENDIX_RULES]
    return [*RULES, *OPENING_RULES, *([] if number(notebook) == "00" else LESSON_RULES)]
