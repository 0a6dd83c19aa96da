"""Try the sabotages of one lesson: `python -m tests.claims 03`; `--list` only lists its verdict cells."""

import importlib
import os
import sys

from tools.notebooks import LESSONS, choose, fix_environment, parse

fix_environment()


def main(number: str, listing: bool) -> int:
    """Print the report of a lesson; return 1 if it has faults."""
    from tests.claims.running import examine, lesson_sections, said, verdicts

    path = choose([number])[0]
    registry = importlib.import_module(f"tests.claims.lesson_{number}")
    sabotages, no_verdicts = registry.SABOTAGES, registry.NO_VERDICTS
    notebook = parse(path.read_text(encoding="utf-8"))
    if listing:
        for cell in (cell for cells in lesson_sections(notebook)[1] for cell in cells):
            found = verdicts(said(cell)) if cell.id not in no_verdicts else []
            tried = sum(one.cell == cell.id for one in sabotages)
            if found or tried:
                print(f"{cell.id:24} {tried} sabotages, verdicts: {' | '.join(found) or 'none recognised'}")
        return 0
    os.chdir(LESSONS)
    report = examine(notebook, sabotages, no_verdicts)
    for one, output, seconds in report.tried:
        print(f"{seconds:5.2f} s  {one.cell}: {one.why}")
        print(f"         {' / '.join(verdicts(output) or [output[:100]])}")
    counts = f"{report.verdicts} verdicts in {report.cells} cells, {len(report.tried)} sabotages tried"
    print(f"lesson {number}: {counts}")
    for fault in report.faults:
        print(f"FAULT {fault}")
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--list" in sys.argv))
