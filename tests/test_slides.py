"""`jupyter nbconvert --to slides` of a lesson: a column for a section, each figure on its own."""

import json
import re
from html.parser import HTMLParser

import pytest
from nbconvert import SlidesExporter

from tools.notebooks import all_lessons, parse


def kind(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


class Deck(HTMLParser):
    """The text and the pictures of each slide, in columns."""

    def __init__(self):
        super().__init__()
        self.columns, self.depth, self.pictures = [], 0, []

    def handle_starttag(self, tag, attributes):
        if tag == "section":
            self.depth += 1
            if self.depth == 1:
                self.columns.append([])
            else:
                self.columns[-1].append("")
                self.pictures.append(0)
        elif tag == "img" and self.depth:
            self.pictures[-1] += 1

    def handle_endtag(self, tag):
        self.depth -= tag == "section"

    def handle_data(self, data):
        if self.depth > 1:
            self.columns[-1][-1] += data


@pytest.fixture(scope="module")
def deck():
    lesson = next(path for path in all_lessons() if path.name.startswith("03"))
    html, _ = SlidesExporter().from_filename(str(lesson))
    made = Deck()
    made.feed(html.partition('<div class="slides">')[2].partition("<script")[0])
    return made, parse(lesson.read_text(encoding="utf-8"))


def test_a_column_of_slides_is_a_section(deck):
    made, lesson = deck
    text = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")
    sections = re.findall(r"^##? (.+)$", text, flags=re.M)
    assert len(sections) > 10
    words = [re.sub(r"\W+", "", column[0]) for column in made.columns]
    assert len(words) == len(sections)
    for begins, section in zip(words, sections, strict=True):
        assert begins.startswith(re.sub(r"\W+", "", section)), section


def test_each_figure_has_a_slide_of_its_own_and_no_slide_gives_hints(deck):
    made, lesson = deck
    figures = [cell for cell in lesson.cells if "image/svg+xml" in json.dumps(cell.get("outputs", []))]
    assert max(made.pictures) == 1 and sum(made.pictures) == len(figures) > 5
    shown = "".join("".join(column) for column in made.columns)
    assert "Hint 1 of" not in shown and "Find the course; on Google Colab" not in shown
    assert "Not attempted yet" in shown, "the exercises are there"


@pytest.mark.parametrize("path", all_lessons(), ids=lambda path: path.name)
def test_every_lesson_is_marked(path):
    cells = parse(path.read_text(encoding="utf-8")).cells
    for cell, before in zip(cells, [None, *cells], strict=False):
        heading = re.match(r"(#+) ", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            assert kind(cell) == ("slide" if len(heading[1]) < 3 else "subslide")
        elif "image/svg+xml" in json.dumps(cell.get("outputs", [])):
            assert kind(cell) == "subslide"
        elif before and kind(cell) == "slide":
            raise AssertionError(f"{cell.id} begins a section without a heading")
