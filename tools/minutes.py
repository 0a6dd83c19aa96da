"""Write the minutes that the lessons state into the table of the README: `python -m tools.minutes`."""

import re
from pathlib import Path

from helpers.figures.lessons import Lesson, lessons

README = Path(__file__).resolve().parent.parent / "README.md"
ROW = re.compile(r"^(\| (\d\d) \|.*\|)[^|]*\|$", flags=re.M)


def cell(lesson: Lesson) -> str:
    """Return what stands in the last column: "27 + 12" for core and second reading; – for an appendix."""
    if lesson.appendix:
        return " – |"
    return f" {lesson.core}{f' + {lesson.second}' if lesson.second else ''} |"


def with_minutes(text: str) -> str:
    """Return the text of the README with the minutes that the notebooks state."""
    known = lessons()
    return ROW.sub(lambda row: row[1] + cell(known[row[2]]), text)


if __name__ == "__main__":
    README.write_text(with_minutes(README.read_text(encoding="utf-8")), encoding="utf-8")
