"""The README says what is true: links lead somewhere, picture and table of lessons are complete."""

import re
from pathlib import Path

from helpers import explorers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_picture_is_what_the_explorer_draws():
    drawn = explorers.Softmax(only=["f0", "f1", "f2", "f3", "f4", "T", "a", "b"]).saved_svg()
    assert (ROOT / "docs/softmax.svg").read_text(encoding="utf-8") == drawn + "\n"


def test_the_table_lists_every_lesson():
    lessons = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert re.findall(r"\(notebooks/(.*?)\)", README) == lessons


def test_the_commands_are_verbs_of_run():
    import run

    assert set(re.findall(r"python3 run\.py (\w+)", README)) <= set(run.VERBS)


def test_the_number_of_figures_that_move():
    assert re.findall(r"(\d+) figures move", README) == [str(len(explorers.__all__))]
