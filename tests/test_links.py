"""Every link inside the project leads somewhere, and every lesson leads on to the next."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [*LESSONS, *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def markdown(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)


def links(path: Path) -> list[tuple[str, str]]:
    """File and anchor of every link that stays in the project."""
    found = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)", markdown(path))
    return [(file or path.name, anchor) for file, anchor in found]


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as JupyterLab (spaces become -) and as GitHub makes them."""
    titles = re.findall(r"^#+\s+(.+?)\s*$", markdown(path), flags=re.M)
    github = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    return github | {title.replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_link_is_dead(path):
    dead = []
    for file, anchor in links(path):
        target = (path.parent / file).resolve()
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(f"{file}#{anchor}".rstrip("#"))
    assert dead == []


def test_every_lesson_leads_to_the_next_and_back_to_what_it_needs():
    on_the_way = [path for path in LESSONS if not re.match(r"# \d\d · Appendix", markdown(path))]
    for here, following in pairwise(on_the_way):
        assert (following.name, "") in links(here)[-1:], f"{here.stem} does not end with a link to the next"
    for number, lesson in enumerate(LESSONS[2:], 2):
        back = {int(file[:2]) for file, _ in links(lesson) if file.endswith(".ipynb")}
        assert back & set(range(1, number)), f"{lesson.stem} has no link back"
