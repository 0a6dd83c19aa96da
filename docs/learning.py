"""What a page needs to ask predictions, to judge exercises and to count both, as data in its HTML."""

import ast
import html
import importlib
import json
import re
from types import ModuleType

from helpers.exercises.check import Exercise
from helpers.exercises.predict import Prediction
from helpers.exercises.saved_output import inline
from tools.in_browser import cells_that_need_more
from tools.notebooks import parse


def registry(stem: str) -> ModuleType | None:
    """Return the exercises and predictions of the lesson `NN_name`, if it has any."""
    name = stem[3:] if stem.startswith("00") else f"lesson_{stem[:2]}"  # 00 is no lesson to be counted
    try:
        return importlib.import_module(f"helpers.exercises.{name}")
    except ModuleNotFoundError:
        return None


def entries(stem: str, kind: type) -> list[str]:
    """Return the names of a lesson's exercises or predictions."""
    known = registry(stem)
    return [name for name, entry in vars(known).items() if isinstance(entry, kind)] if known else []


def make_live(lesson: dict, stem: str) -> None:
    """Give the outputs of predictions and exercises what the page makes them live with."""
    known = registry(stem)
    if known is None:
        return
    left_out = set(cells_that_need_more(parse(json.dumps(lesson))))
    imports, before = [], []
    for cell in lesson["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            before = [] if re.search(r"^#{2,3} ", source, re.M) else before
            continue
        if "imports" in cell["metadata"].get("tags", []) and cell["id"] not in left_out:
            imports.append(source)
        entry, method = called(source, known)
        if isinstance(entry, Prediction):
            about = prediction(entry) if method == "ask" else {"name": entry.name}
            wrap(cell, "prediction" if method == "ask" else "explanation", about)
        elif isinstance(entry, Exercise):
            answer, _, check = source.rstrip().rpartition("\n")
            about = {
                "name": entry.name, "lesson": stem, "imports": "\n".join(imports), "before": before,
                "answer": answer.rstrip(), "check": check, "needs": cell["id"] in left_out,
            }  # fmt: skip
            wrap(cell, "exercise", about)
            before = []
        elif cell["id"] not in left_out:
            before = [*before, source]


def called(source: str, known: ModuleType) -> tuple[object, str]:
    """Return what a cell's last line asks, explains or checks, and which of them it does."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        return None, ""
    value = getattr(last, "value", None)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        entry = getattr(value.func.value, "attr", "")
        if value.func.attr in ("ask", "explain", "check"):
            return getattr(known, entry, None), value.func.attr
    return None, ""


def prediction(entry: Prediction) -> dict:
    """Return question, options and reasons as HTML, and the plain options, as they are remembered."""
    return {
        "name": entry.name, "question": inline(f"Predict: {entry.question}"),
        "options": [
            {"text": option, "html": inline(lettered), "why": inline(why), "right": option == entry.answer}
            for lettered, (option, why) in zip(entry._lettered(), entry.options.items(), strict=True)
        ],
    }  # fmt: skip


def wrap(cell: dict, kind: str, about: dict) -> None:
    """Put the saved output of a cell into an element that says what it is."""
    data = html.escape(json.dumps(about, ensure_ascii=False))
    for output in cell["outputs"]:
        if "text/html" in output.get("data", {}):
            saved = "".join(output["data"]["text/html"])
            output["data"]["text/html"] = f'<div class="{kind}" data-about="{data}">{saved}</div>'


def progress(lessons: list[str]) -> str:
    """Return the element in which the page counts what was done, with what there is to do."""
    names = {
        stem: {"exercises": entries(stem, Exercise), "predictions": entries(stem, Prediction)}
        for stem in lessons
    }
    data = html.escape(json.dumps({stem: one for stem, one in names.items() if one["exercises"]}))
    return f'<div class="progress-here" data-about="{data}"></div>'
