"""What the lessons say of themselves: title, minutes and second readings, read from the notebooks."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "notebooks"
SECOND_READING = " · second reading"  # ends the heading of a section that a first reader may skip
TIME = r"\*\*Time\*\* core (\d+) minutes(?:; second reading (\d+))?(?:; exercises (\d+))?\."
APPENDIX = "Appendix"  # begins the title of a notebook to look things up in


@dataclass(frozen=True)
class Lesson:
    """A notebook as a reader meets it; minutes as its box states them."""

    number: str
    file: str
    title: str
    core: int
    second: int
    exercises: int

    @property
    def appendix(self) -> bool:
        """Tell whether it is no lesson but an appendix."""
        return self.title.startswith(APPENDIX)


def lessons(folder: Path | None = None) -> dict[str, Lesson]:
    """Return all notebooks by their numbers, "00" first; without the course around, those of this folder."""
    folder = folder or (FOLDER if FOLDER.is_dir() else Path.cwd())
    return {path.name[:2]: _read(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}


def _read(path: Path) -> Lesson:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    title = re.match(r"# \d\d · (.+)", texts[0])[1].strip()
    found = next((found for text in texts if (found := re.search(TIME, text))), None)
    minutes = [int(n or 0) for n in found.groups()] if found else [0, 0, 0]
    return Lesson(path.name[:2], path.name, title, *minutes)
