"""Try the sabotages: `python -m tests.claims 03 04`, of all lessons without a number; `--list` only lists.

Each lesson has a process of its own, forked from one that has loaded what several of them use.
"""

import importlib
import os
import sys

from tools.notebooks import LESSONS, choose, fix_environment, parse

fix_environment()

# The first is loaded by torch when an optimiser is made, and takes longer than most sections.
SHARED = ("torch._dynamo", "sklearn.metrics", "scipy.stats", "matplotlib.pyplot")


def listed(number: str) -> list[str]:
    """Return a line for each verdict cell of a lesson."""
    from tests.claims.running import lesson_sections, said, verdicts

    notebook, registry = parts(number)
    lines = []
    for cell in (cell for cells in lesson_sections(notebook)[1] for cell in cells):
        found = verdicts(said(cell)) if cell.id not in registry.NO_VERDICTS else []
        tried = sum(one.cell == cell.id for one in registry.SABOTAGES)
        if found or tried:
            words = " | ".join(found) or "none recognised"
            lines.append(f"{cell.id:24} {tried} sabotages, verdicts: {words}")
    return lines


def examined(number: str) -> list[str]:
    """Return the report of a lesson as lines; those of faults begin with FAULT."""
    from tests.claims.running import examine, verdicts

    notebook, registry = parts(number)
    os.chdir(LESSONS)
    report = examine(notebook, registry.SABOTAGES, registry.NO_VERDICTS)
    lines = []
    for one, output, seconds in report.tried:
        lines.append(f"{seconds:5.2f} s  {one.cell}: {one.why}")
        lines.append(f"         {' / '.join(verdicts(output) or [output[:100]])}")
    counts = f"{report.verdicts} verdicts in {report.cells} cells, {len(report.tried)} sabotages tried"
    return [*lines, f"lesson {number}: {counts}", *(f"FAULT {number} {fault}" for fault in report.faults)]


def parts(number: str):
    """Return the notebook of a lesson, and the module with its sabotages."""
    notebook = parse(choose([number])[0].read_text(encoding="utf-8"))
    return notebook, importlib.import_module(f"tests.claims.lesson_{number}")


def main(arguments: list[str]) -> int:
    """Print the reports of lessons, or their verdict cells; return 1 if there are faults."""
    from tests.claims.running import in_a_fork

    numbers = [one for one in arguments if one != "--list"] or [path.name[:2] for path in choose([])]
    work = listed if "--list" in arguments else examined
    for module in SHARED if len(numbers) > 1 else ():
        importlib.import_module(module)
    faults = 0
    for number in numbers:
        said, error = in_a_fork(lambda: "\n".join(work(number)))  # noqa: B023
        said = f"FAULT {number} {error}" if error else said
        print(said, flush=True)
        faults += said.count("FAULT ")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
