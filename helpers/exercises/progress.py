"""How far the learner is, lesson by lesson: what `course_map` in lesson 00 shows."""

import importlib
from pathlib import Path

from helpers.exercises.check import CORRECT, Exercise
from helpers.exercises.predict import Prediction
from helpers.exercises.results import file, history
from helpers.figures.course_map import Done

__all__ = ["Done", "file", "so_far"]


def so_far() -> dict[str, Done]:
    """Return what was done of each lesson, by its number; an exercise once solved stays solved."""
    results, registries = history(), sorted(Path(__file__).parent.glob("lesson_*.py"))
    return {path.stem[-2:]: _done(path.stem, results) for path in registries}


def _done(registry: str, results: dict[str, list[str | None]]) -> Done:
    entries = vars(importlib.import_module(f"helpers.exercises.{registry}")).values()
    solved = [CORRECT in results.get(e.name, []) for e in entries if isinstance(e, Exercise)]
    predicted = [results.get(e.name, [None])[-1] in e.options for e in entries if isinstance(e, Prediction)]
    return Done(sum(solved), len(solved), sum(predicted), len(predicted))
