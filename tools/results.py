"""Read the progress of a class from its files; write one table and one page, `build/results`.

  python3 run.py results FILE...

A FILE is a learner's progress.jsonl: from the homes of a hub, from uploads, or saved on the web pages
("Save it to a file"). A learner is called by what the file's path has and the others' have not.
What cannot be read is said and passed over. Nothing is sent anywhere.
"""

import argparse
import csv
import glob
import html
import importlib
import os
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from helpers.exercises import check
from helpers.exercises.check import CORRECT, Exercise
from helpers.exercises.predict import Prediction
from helpers.exercises.results import Entry, read

OUT = Path(__file__).resolve().parent.parent / "build" / "results"
COLUMNS = ("learner", "lesson", "kind", "name", "state", "tries", "mistakes")
LONGEST = 120  # characters of a text from a learner's file that are shown


class Row(NamedTuple):
    """What one learner made of one exercise or prediction.

    state: solved, not yet, right, wrong, or "" for not tried. tries: of an exercise, until it was solved.
    mistakes: the names of those that were recognised; of a prediction, the wrong options that were chosen.
    """

    learner: str
    lesson: str
    kind: str
    name: str
    state: str
    tries: int
    mistakes: Counter[str]


def main(arguments: list[str]) -> int:
    """Do what the command line says; return 1 if no file could be read."""
    parser = argparse.ArgumentParser("run.py results", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE", help="a progress.jsonl; may hold * and **")
    parser.add_argument("--into", type=Path, default=OUT, help="folder for results.csv and results.html")
    options = parser.parse_args(arguments)
    learners, said = gather(options.files)
    for line in said:
        print(line)
    if not learners:
        print("No file with results could be read, so nothing was written.")
        return 1
    rows = table(learners)
    options.into.mkdir(parents=True, exist_ok=True)
    with (options.into / "results.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *(as_cells(row) for row in rows)])
    (options.into / "results.html").write_text(page(rows, said), encoding="utf-8")
    print(f"{len(learners)} learners: {options.into / 'results.csv'} and results.html beside it")
    return 0


# --- reading ----------------------------------------------------------------------------------------


def gather(names: Iterable[str]) -> tuple[dict[str, list[Entry]], list[str]]:
    """Return the results of each learner, and sentences about what could not be read."""
    paths, found, said = [], {}, []
    for name in names:  # a shell on Windows leaves the * to the program
        pattern = "*" in name and not os.path.exists(name)
        paths += sorted(glob.glob(name, recursive=True)) if pattern else [name]
    paths = list(dict.fromkeys(Path(path).absolute() for path in paths))
    called = learners(paths)
    for path in paths:
        try:
            entries, damaged = read(path.read_bytes())
        except OSError as error:
            said.append(f"{path}: {error.strerror or error}; passed over.")
            continue
        if damaged or not entries:
            what = f"{damaged} of {damaged + len(entries)} lines cannot be read" if damaged else "no results"
            said.append(f"{path}: {what}; passed over.")
        unknown = {entry.name for entry in entries} - set(known())
        if unknown:
            names = ", ".join(sorted(name[:LONGEST] for name in unknown)[:5])
            said.append(f"{path}: this course has no {names}; passed over.")
        if entries:
            found[called[path]] = entries
    return found, said


def learners(paths: list[Path]) -> dict[Path, str]:
    """Name each path by the parts that are not common to all, from the left and from the right."""
    parts = [path.with_suffix("").parts for path in paths]
    left = len(common(parts)) if len(parts) > 1 else len(parts[0]) - 1 if parts else 0
    rests = [part[left:] for part in parts]
    right = len(common([rest[::-1] for rest in rests])) if len(parts) > 1 else 0
    return {
        path: "/".join(rest[: len(rest) - right]) or path.stem
        for path, rest in zip(paths, rests, strict=True)
    }


def common(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what all begin with."""
    return tuple(same[0] for same in takewhile(lambda same: len(set(same)) == 1, zip(*parts, strict=False)))


def known() -> dict[str, tuple[str, Exercise | Prediction]]:
    """Return lesson and definition of every exercise and prediction, by name, in the course's order."""
    found = {}
    for file in sorted(Path(check.__file__).parent.glob("lesson_*.py")):
        for entry in vars(importlib.import_module(f"helpers.exercises.{file.stem}")).values():
            if isinstance(entry, Exercise | Prediction):
                found[entry.name] = (file.stem[-2:], entry)
    return found


# --- counting ---------------------------------------------------------------------------------------


def table(learners: dict[str, list[Entry]]) -> list[Row]:
    """Return a row for every learner and everything there is to do, tried or not."""
    return [
        judge(learner, lesson, task, [entry for entry in entries if entry.name == name])
        for learner, entries in sorted(learners.items())
        for name, (lesson, task) in known().items()
    ]


def judge(learner: str, lesson: str, task: Exercise | Prediction, entries: list[Entry]) -> Row:
    """Say what a learner made of one task; what counts of a prediction is the first commitment."""
    results = [entry.result for entry in entries if entry.result is not None]
    if isinstance(task, Prediction):
        chosen = [result for result in results if result in task.options]
        state = "" if not chosen else "right" if chosen[0] == task.answer else "wrong"
        wrong = Counter(option for option in chosen if option != task.answer)
        return Row(learner, lesson, "prediction", task.name, state, len(chosen), wrong)
    tries = results.index(CORRECT) + 1 if CORRECT in results else len(results)
    state = "solved" if CORRECT in results else "not yet" if results else ""
    mistakes = Counter(entry.mistake[:LONGEST] for entry in entries if entry.mistake)
    return Row(learner, lesson, "exercise", task.name, state, tries, mistakes)


def as_cells(row: Row) -> list[str]:
    """Return a row for the CSV; a spreadsheet shall not take a learner's text for a formula."""
    mistakes = "; ".join(f"{name} ({times})" for name, times in row.mistakes.most_common())
    cells = [*map(str, row[:-1]), mistakes]
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells]


class Task(NamedTuple):
    """What a class made of one exercise or prediction; a mistake comes with how many learners made it."""

    lesson: str
    kind: str
    name: str
    tried: int
    done: int
    tries: float | None
    mistake: str
    made_by: int


def summary(rows: list[Row]) -> list[Task]:
    """Return a line for every exercise and prediction."""
    found = []
    for name, (lesson, _) in known().items():
        tried = [row for row in rows if row.name == name and row.state]
        kind = next(row.kind for row in rows if row.name == name)
        made = Counter(mistake for row in tried for mistake in row.mistakes)
        most = sorted(made.items(), key=lambda item: (-item[1], item[0]))[:1] or [("", 0)]
        done = sum(row.state in ("solved", "right") for row in tried)
        tries = median(row.tries for row in tried) if tried else None
        found.append(Task(lesson, kind, name, len(tried), done, tries, *most[0]))
    return found


# --- the page ---------------------------------------------------------------------------------------

STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0 2rem; } div { overflow-x: auto; }
th, td { border-bottom: 1px solid #bbb; padding: .25rem .75rem; text-align: left; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
:root { color-scheme: light dark; }"""


def page(rows: list[Row], said: list[str]) -> str:
    """Return the page; it fetches nothing."""
    everyone = sorted({row.learner for row in rows})
    tasks = summary(rows)
    parts = [f"<p>{len(everyone)} learners. Everything is in <code>results.csv</code>, beside this page.</p>"]
    if said:
        parts.append(f"<p>Not read:</p><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in said)}</ul>")
    parts.append("<h2>Exercises</h2><p>Tries: until it was solved, the median of those who tried.</p>")
    head = ("lesson", "exercise", "tried by", "solved by", "tries", "the mistake most made", "made by")
    parts.append(grid(head, [
        (t.lesson, t.name, t.tried, t.done, f"{t.tries:g}" if t.tried else "", t.mistake, t.made_by or "")
        for t in tasks if t.kind == "exercise"
    ]))  # fmt: skip
    parts.append("<h2>Predictions</h2><p>What counts as right is the first commitment.</p>")
    head = ("lesson", "prediction", "the question", "by", "right first", "what most chose wrongly", "by")
    parts.append(grid(head, [
        (t.lesson, t.name, known()[t.name][1].question, t.tried, t.done, t.mistake, t.made_by or "")
        for t in tasks if t.kind == "prediction"
    ]))  # fmt: skip
    parts.append("<h2>Learners</h2><p>Exercises solved + predictions made, of each lesson.</p>")
    lessons = sorted({task.lesson for task in tasks})
    counts = Counter(
        (row.learner, row.lesson, row.kind) for row in rows if row.state and row.state != "not yet"
    )
    parts.append(grid(("learner", *lessons), [
        (one, *(f"{counts[one, n, 'exercise']} + {counts[one, n, 'prediction']}" for n in lessons))
        for one in everyone
    ]))  # fmt: skip
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Results of the class</title><style>{STYLE}</style>\n"
        f"<h1>Results of the class</h1>\n{body}</html>\n"
    )


def grid(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a table; numbers stand at the right."""

    def cell(value: object) -> str:
        number = ' class="n"' if isinstance(value, int) else ""
        return f"<td{number}>{html.escape(str(value))}</td>"

    top = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in head)
    lines = "".join(f"<tr>{''.join(map(cell, row))}</tr>\n" for row in rows)
    return f"<div><table><thead><tr>{top}</tr></thead><tbody>\n{lines}</tbody></table></div>"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
