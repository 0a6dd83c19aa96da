"""Run the sections of a lesson without a kernel, as they are and sabotaged, and compare what they print.

The imports and the cells before the one that a sabotage changes are run once; from there each sabotage goes
its own way in a forked process, so none sees what another did. Modules are loaded before that: most of the
time would go into loading them in every fork anew.
"""

import ast
import importlib
import inspect
import io
import json
import linecache
import os
import re
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from IPython.lib.pretty import pretty
from nbformat import NotebookNode

from tests.claims import Sabotage
from tools.lint_notebooks import split_imports

# `keepdims=True` in a printed source is no verdict. A bracket of several is one.
BRACKET = r"\[[^\[\]]*\b(?:True|False)\b[^\[\]]*\]"
WORD = r"(?<![\w=.'\"`])(?:True|False)\b(?!['\"`])|(?<=:) *(?:yes|no)\b(?![-\w])"
VERDICT = re.compile(f"{BRACKET}|{WORD}")
SUPERLATIVE = r"(?<!at )\b(?:greatest|least|largest|smallest|highest|lowest|best)\b(?! difference)"
COMPARISON = re.compile(rf"{SUPERLATIVE}.*\d")
# A change of these alone turns a comparison round instead of making it fail.
TURNS = re.compile(r"\bnot\b|[=!<>]=?|~|\bTrue\b|\bFalse\b|\bis\b|\b(any|all)\b|\s")


@dataclass
class Report:
    """What a lesson's sabotages showed: its faults, and counts."""

    faults: list[str] = field(default_factory=list)
    verdicts: int = 0  # recognised in the outputs
    cells: int = 0  # that hold one, or have a sabotage
    tried: list[tuple[Sabotage, str, float]] = field(default_factory=list)  # its output, seconds of CPU time


# --- reading a notebook -----------------------------------------------------------------------------


def lesson_sections(notebook: NotebookNode) -> tuple[list[NotebookNode], list[list[NotebookNode]]]:
    """Return the imports cells and the code cells of each section, without the cell for Colab."""
    imports, parts = split_imports(notebook)
    parts = [imports, *(own for _, own in parts)]
    ours = [[cell for cell in part if cell.get("id") != "colab"] for part in parts]
    return ours[0], ours[1:]


def said(cell: NotebookNode) -> str:
    """Return what a cell printed and the text of its value; figures and predictions say nothing here."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "stream" and output.name == "stdout":
            texts.append(output.text.rstrip("\n"))
        elif output.output_type == "execute_result" and set(data) == {"text/plain"}:
            texts.append(data["text/plain"])
    return "\n".join(texts)


def verdicts(text: str) -> list[str]:
    """Return the verdicts in an output, in their order; of a comparison without True or False, its line."""
    found = []
    for line in text.splitlines():
        words = [word.strip() for word in VERDICT.findall(line)]
        found += words or ([line] if COMPARISON.search(line) else [])
    return found


def shows_a_figure(cell: NotebookNode) -> bool:
    """Tell whether the value of the last line is a figure, an explorer or a prediction."""
    return any(len(output.get("data", {})) > 1 for output in cell.outputs)


# --- running ----------------------------------------------------------------------------------------


def load(cells: Sequence[NotebookNode]) -> None:
    """Load the modules that cells import, at whatever depth, without giving anybody a name for them."""
    for node in [node for cell in cells for node in ast.walk(ast.parse(cell.source))]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module in [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]:
                importlib.import_module(module)


def run(cell: NotebookNode, space: dict[str, Any], source: str | None = None) -> str:
    """Run a cell in `space` and return what it says; a last line that shows a figure is left out."""
    source = cell.source if source is None else source
    name = f"<cell {cell.id}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with redirect_stdout(printed):
        exec(compile(tree, name, "exec"), space)
        if last is not None and not shows_a_figure(cell):
            value = eval(compile(ast.Expression(last.value), name, "eval"), space)
    texts = [printed.getvalue().rstrip("\n")] + ([] if value is None else [pretty(value)])
    return "\n".join(text for text in texts if text)


def in_a_fork(work: Callable[[], str]) -> tuple[str, str]:
    """Return what `work` returns in a copy of this process, and the error that ended it, or ""."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            answer = (work(), "")
        except BaseException as error:  # the copy must not go on with the work of the original
            answer = ("", f"{type(error).__name__}: {error}")
        with os.fdopen(write, "w", encoding="utf-8") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return tuple(json.loads(answer)) if answer else ("", "the process ended")


def resolve(dotted: str) -> tuple[Any, str, Any]:
    """Return what holds the thing of this dotted name, its name there, and the thing."""
    parts = dotted.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            holder = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:-1]:
            holder = getattr(holder, part)
        return holder, parts[-1], getattr(holder, parts[-1])
    raise ValueError(f"nothing is called {dotted!r}")


def put_in_place(dotted: str, new: Any, space: dict[str, Any]) -> None:
    """Put `new` in place of what has this name, there and wherever it was imported."""
    holder, name, old = resolve(dotted)
    setattr(holder, name, new)
    ours = [vars(module) for key, module in list(sys.modules.items()) if key.split(".")[0] == "helpers"]
    for names in [space, *ours]:
        for key in [key for key, value in names.items() if value is old]:
            names[key] = new


def changed(source: str, replace: tuple[str, str], where: str) -> str:
    """Return `source` with one piece replaced, which must stand there once and be more than a comparison."""
    old, new = replace
    if source.count(old) != 1:
        raise ValueError(f"{old!r} stands {source.count(old)} times in {where}, and once is expected")
    if TURNS.sub("", old) == TURNS.sub("", new):
        raise ValueError(f"{old!r} → {new!r} turns a comparison round: change what is compared")
    return source.replace(old, new)


def rewritten(dotted: str, replace: tuple[str, str]) -> Any:
    """Return the function of this name with its source changed."""
    _, name, function = resolve(dotted)
    source = changed(textwrap.dedent(inspect.getsource(function)), replace, dotted)
    space = dict(vars(inspect.getmodule(inspect.unwrap(function))))
    exec(compile("from __future__ import annotations\n" + source, f"<{dotted}>", "exec"), space)
    return space[name]


def sabotaged(
    one: Sabotage, imports: Sequence[NotebookNode], cells: Sequence[NotebookNode], space: dict[str, Any]
) -> str:
    """Run the rest of the section, `cells`, with the sabotage, and return the output of its last cell."""
    at, source, patches = one.at or one.cell, None, dict(one.patch)
    if one.helper:
        patches[one.helper] = rewritten(one.helper, one.replace)
    elif one.replace:
        source = changed(by_id([*imports, *cells], at).source, one.replace, f"cell {at}")
    for dotted, new in patches.items():
        put_in_place(dotted, new, space)
    if at in {cell.id for cell in imports}:
        cells = [*imports, *cells]
    for cell in cells:
        output = run(cell, space, source if cell.id == at else None)
    return output


def by_id(cells: Sequence[NotebookNode], name: str) -> NotebookNode:
    """Return the cell of this id."""
    return next(cell for cell in cells if cell.id == name)


# --- judging ----------------------------------------------------------------------------------------


def judge(one: Sabotage, before: str, after: str) -> tuple[set[int], str]:
    """Return which verdicts of the output flipped, and what is wrong with the sabotage, or ""."""
    if one.claim:
        if not re.search(one.claim, before):
            return set(), f"its claim {one.claim!r} is not in the saved output"
        if re.search(one.claim, after):
            return set(), f"its claim {one.claim!r} still stands"
    old, new = verdicts(before), verdicts(after)
    if len(old) != len(new):
        return set(), f"{len(new)} verdicts are printed in place of {len(old)}"
    flipped = {place for place, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]}
    stands = not flipped if old and not one.claim else before == after
    return flipped, "the verdict stands" if stands else ""


def examine(
    notebook: NotebookNode,
    sabotages: Sequence[Sabotage],
    no_verdicts: Mapping[str, str],
) -> Report:
    """Try all sabotages of a lesson.

    no_verdicts: ids of cells whose output looks like a verdict and is none, with the reason.
    """
    report, missing = Report(), {}
    imports, sections = lesson_sections(notebook)
    inside = {cell.id: cell for cells in sections for cell in cells}
    for one in sabotages:
        if one.cell not in inside:
            report.faults.append(f"{one.cell}: no code cell of a section has this id ({one.why})")
    for name in no_verdicts:
        if name not in inside or not verdicts(said(inside[name])):
            report.faults.append(f"{name}: said to be no verdict, and does not look like one")
    for name, cell in inside.items():
        found = verdicts(said(cell)) if name not in no_verdicts else []
        report.verdicts += len(found)
        if found:
            missing[name] = dict(enumerate(found))
    report.cells = len({*missing, *(one.cell for one in sabotages)})

    space = {"__name__": "__main__", "display": lambda *_, **__: None}
    for cell in imports if sabotages else []:
        run(cell, space)
    imported = dict(space)
    for cells in sections:
        mine = [one for one in sabotages if one.cell in {cell.id for cell in cells}]
        last = max((n for n, cell in enumerate(cells) for one in mine if one.cell == cell.id), default=-1)
        load(cells[: last + 1])
        _examine_section(imports, cells[: last + 1], mine, space, missing, report)
        space.clear()
        space.update(imported)
    for name, left in missing.items():
        report.faults += [f"{name}: no sabotage flips the verdict {word!r}" for word in left.values()]
    return report


def _examine_section(imports, cells, sabotages, space, missing, report) -> None:
    """Run a section cell by cell; before the first cell that a sabotage touches, try the sabotage."""
    places = {cell.id: place for place, cell in enumerate(cells)}
    setting_up = {cell.id for cell in imports}
    start = {}
    for one in sabotages:
        at = one.at or one.cell
        if at not in places and at not in setting_up:
            report.faults.append(f"{one.cell}: {at} is no cell of its section or of the imports ({one.why})")
            continue
        from_the_start = one.helper or one.patch or at in setting_up
        start.setdefault(0 if from_the_start else places[at], []).append(one)
    for place, cell in enumerate(cells):
        for one in start.get(place, []):
            rest = cells[place : places[one.cell] + 1]
            _try(one, lambda: sabotaged(one, imports, rest, space), said(rest[-1]), missing, report)  # noqa: B023
        output = run(cell, space)
        if any(one.cell == cell.id for one in sabotages) and output != said(cell):
            report.faults.append(f"{cell.id}: unsabotaged it says {output!r}, and saved is {said(cell)!r}")


def _try(one: Sabotage, work: Callable[[], str], saved: str, missing: dict, report: Report) -> None:
    """Try a sabotage, strike the verdicts it flips off those that are missing, note what is wrong."""
    before = os.times()
    output, error = in_a_fork(work)
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    flipped, wrong = (set(), error) if error else judge(one, saved, output)
    report.tried.append((one, output, seconds))
    for place in flipped:
        missing.get(one.cell, {}).pop(place, None)
    if wrong:
        report.faults.append(f"{one.cell}: {wrong} ({one.why}). It says: {output!r}")
