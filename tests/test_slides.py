"""`jupyter nbconvert --to slides` of a lesson: a column for a section, one idea a slide, figures whole."""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbconvert import SlidesExporter
from traitlets.config import Config

from tests.lab import browser_page, browser_test
from tools.notebooks import all_lessons, parse

SOURCE = Path(__file__).parent.parent / "tools" / "jupyter"
INSTALLED = Path(sys.prefix) / "share" / "jupyter" / "nbconvert" / "templates" / "lesson_slides"
SETTINGS = json.loads((SOURCE / "jupyter_nbconvert_config.json").read_text(encoding="utf-8"))
ROOM = int(SETTINGS["SlidesExporter"]["reveal_height"])


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


def page_of(number):
    lesson = next(path for path in all_lessons() if path.name.startswith(number))
    html, _ = SlidesExporter(config=Config(SETTINGS)).from_filename(str(lesson))
    return html, parse(lesson.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def deck():
    html, lesson = page_of("03")
    made = Deck()
    made.feed(html.partition('<div class="slides">')[2].partition("<script")[0])
    return made, lesson


@pytest.mark.parametrize("name", ["conf.json", "index.html.j2"])
def test_the_template_is_installed(name):
    assert (INSTALLED / name).read_bytes() == (SOURCE / "slides" / name).read_bytes(), (
        "of an earlier version; python -m pip install --no-deps --no-build-isolation -e ."
    )


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
    calls = [cell.source for cell in lesson.cells if cell.source.endswith((".ask()", ".explain()"))]
    calls += [cell.source for cell in figures if "explorer-saved" in json.dumps(cell.outputs)]
    assert len(calls) > 15 and "print(" in shown, "code that shows something stays"
    for call in [*calls, "Run this cell to answer"]:
        assert re.sub(r"\W", "", call) not in re.sub(r"\W", "", shown)


def test_a_slide_holds_one_idea(deck):
    made, lesson = deck
    slides = [slide for column in made.columns for slide in column]
    assert len(slides) > 40
    cells = iter(cell for cell in lesson.cells if kind(cell) != "skip")
    run = [next(cells)]
    for cell in cells:
        run = [cell] if kind(cell) in ("slide", "subslide") else [*run, cell]
        codes = [one.cell_type == "code" for one in run if kind(one) != "fragment"]
        asks = any(one.source.endswith(".ask()") for one in run)
        assert codes == sorted(codes) or asks, f"{cell.id}: words after code are another idea"


@browser_test
def test_every_figure_of_two_lessons_is_whole_on_its_slide():
    """Without reveal.js, which comes from elsewhere: each slide laid out as wide as reveal.js makes it."""
    long = []
    for number in ("03", "07"):
        html, lesson = page_of(number)
        with browser_page(1280, 720) as page:
            page.route("**/*", lambda route: route.abort())
            page.set_content(re.sub(r"<script.*?</script>", "", html, flags=re.S), wait_until="load")
            page.add_style_tag(content=f".slides {{ width: {SETTINGS['SlidesExporter']['reveal_width']}px }}")
            slides = page.evaluate(
                """() => [...document.querySelectorAll("section > section")].map((slide) => ({
                     height: slide.scrollHeight, seen: slide.offsetHeight,
                     wide: slide.scrollWidth - slide.clientWidth,
                     figures: [...slide.querySelectorAll("img")].map(
                       (one) => one.naturalWidth * one.clientHeight),
                     code: [...slide.querySelectorAll("pre")].map((one) => one.scrollWidth - one.clientWidth),
                     still: [...slide.querySelectorAll(".still")].some((one) => one.offsetHeight) }))"""
            )
            shown = [slide for slide in slides if slide["figures"]]
            saved = [json.dumps(cell.get("outputs", "")) for cell in lesson.cells]
            assert len(shown) == sum("image/svg+xml" in outputs for outputs in saved)
            assert all(slide["height"] <= ROOM and min(slide["figures"]) > 0 for slide in shown), shown
            assert not any(slide["still"] for slide in slides)
            assert all(slide["seen"] <= ROOM for slide in slides), "the end of a long one is out of reach"
            long += [slide for slide in slides if slide["height"] > ROOM]
            assert all(max([slide["wide"], *slide["code"]]) <= 1 for slide in slides), "cut at the side"
    assert long, "or nothing was said of long ones"


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
