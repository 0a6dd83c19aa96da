"""What every lesson must be, as rules: each takes a notebook and yields a sentence for every fault.

The rules hold for the saved file; nothing is executed here. `RULES` are those of every notebook,
`LESSON_RULES` those of lessons (not of the first notebook, which is a map).
"""

import ast
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from statistics import median

from nbformat import NotebookNode
from nbval.plugin import find_comment_markers, find_metadata_tags

from tools.notebooks import COLAB

Rule = Callable[[NotebookNode], Iterator[str]]

MEDIAN_LINES, MOST_LINES = 6, 20  # of a code cell
WORDS_PER_LINE = (8, 25)  # words of prose for a line of code
EXERCISES, PREDICTIONS = 3, 3  # at least
# The headings of a lesson, or bold words that begin a line, in this order.
ANATOMY = {
    "what you will be able to do": r"what you will be able to do",
    "what you need": r"what you( will)? need",
    "the question": r"question",
    "the summary": r"summary",
    "the exercises": r"exercises",
    "where to read on": r"where to read on",
}
MINUTES = r"\d+\s*(–|-|to)?\s*\d*\s*minutes"
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


def landmarks(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return all headings and, as level 7, the bold words that begin a line of Markdown."""
    found = []
    for cell in notebook.cells:
        found += headings(cell)
        if cell.cell_type == "markdown":
            found += [(7, words) for words in re.findall(r"^\*\*(.+?)\*\*", cell.source, flags=re.M)]
    return found


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


def anatomy(notebook: NotebookNode) -> Iterator[str]:
    """Every part of a lesson is there, in its order."""
    titles = landmarks(notebook)
    if [level for level, _ in titles].count(1) != 1 or titles[0][0] != 1:
        yield "the lesson begins with its one # heading, its title."
    at = {}
    for part, pattern in ANATOMY.items():
        places = [n for n, (_, title) in enumerate(titles) if re.search(pattern, title, re.I)]
        if not places:
            yield f"no heading for {part}."
        else:
            at[part] = places[0]
    if list(at.values()) != sorted(at.values()):
        yield f"the headings stand in the order: {', '.join(sorted(at, key=at.get))}."
    elif len(at) == len(ANATOMY):
        between = titles[at["the question"] + 1 : at["the summary"]]
        if not any(level == 2 and not re.match(r"set-?up", title, re.I) for level, title in between):
            yield "no section stands between the question and the summary."
    first = "\n".join(cell.source for cell in notebook.cells[:6] if cell.cell_type == "markdown")
    if not re.search(MINUTES, first):
        yield "the beginning does not say how many minutes the lesson takes."


def enough_to_do(notebook: NotebookNode) -> Iterator[str]:
    """Exercises that are checked, and predictions that are explained after the look."""
    exercises, asked = set(calls(notebook, "check")), calls(notebook, "ask")
    if len(exercises) < EXERCISES:
        yield f"{len(exercises)} exercises are checked; at least {EXERCISES} are expected."
    if len(set(asked)) < PREDICTIONS:
        yield f"{len(set(asked))} predictions are asked; at least {PREDICTIONS} are expected."
    for name in sorted(set(asked) ^ set(calls(notebook, "explain"))):
        yield f"the prediction {name} is asked and not explained, or explained and not asked."


LESSON_RULES: list[Rule] = [short_cells, prose_for_code, anatomy, enough_to_do]
