"""What learners read is spelled right, and in one way: British, as the lessons have it."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import codespell_lib
import pytest

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NOT_PROSE = r'```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|https?://\S+|"[^"]{,200}"'
MODULES = sorted((ROOT / "helpers").rglob("*.py"))


def strings(source: str) -> list[str]:
    """The texts in a piece of Python: docstrings, advice, labels."""
    nodes = ast.walk(ast.parse(source))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def prose(path: Path) -> str:
    """What is read in a file, without code, formulas, targets of links and quoted titles."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        parts = ["\n\n".join([source] if kind == "markdown" else strings(source)) for kind, source in sources]
        text = "\n\n".join(parts)
    elif path.suffix == ".py":
        text = "\n\n".join(strings(text))
    return re.sub(NOT_PROSE, " ", text, flags=re.S)


def misspelled(text: str) -> str:
    # "to and fro", a colour of the palette, and NumPy's letters for integer types
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words-list=fro,vermillion,bui", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True).stdout


def american() -> set[str]:
    """American spellings of words that have a British one, from codespell's own list."""
    data = Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = [line.strip().split("->") for line in data.read_text(encoding="utf-8").splitlines()]
    return {us.strip(" ,") for _, us in pairs} - {gb for gb, _ in pairs} - FINE_IN_BRITISH


# Right in British English, too: a computer's program, the noun practice; and LICENSE is a file.
FINE_IN_BRITISH = {"program", "programs", "practice", "license"}


def test_a_slip_is_found():
    assert "probability" in misspelled("the probabilty of the class")
    assert {"behavior", "color", "normalize"} <= american()


@pytest.mark.parametrize("path", [*LESSONS, *PAGES], ids=lambda path: path.stem)
def test_no_word_is_misspelled(path):
    assert misspelled(prose(path)) == ""


def test_no_word_of_the_helpers_is_misspelled():
    assert misspelled("\n".join(map(prose, MODULES))) == ""


@pytest.mark.parametrize("path", [*LESSONS, *PAGES], ids=lambda path: path.stem)
def test_spelling_is_british(path):
    words = set(re.findall(r"[a-z]+", prose(path).lower()))
    assert sorted(words & american()) == []
