"""Says whether the environment is the one in which the lessons were made, and how to mend it if not."""

import re
import sys
from importlib import metadata
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "requirements.txt"
SUPPORTED = ((3, 11), (3, 13))


def check_environment(pins: Path = PINS) -> None:
    """Print one line if Python and every pinned package are as expected, else a line for each that is not.

    pins: a requirements file with lines `name==version`.
    """
    wrong = []
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        version = ".".join(map(str, sys.version_info[:2]))
        wrong.append(
            f"Python is {version}, and 3.11, 3.12 or 3.13 is expected. Install one, then: python3 run.py lab"
        )
    pinned = re.findall(r"^([\w-]+)==([\w.]+)", pins.read_text(encoding="utf-8"), flags=re.M)
    for name, expected in pinned:
        try:
            found = metadata.version(name).partition("+")[0]  # "2.13.0+cpu" is 2.13.0, built for the CPU
        except metadata.PackageNotFoundError:
            found = "missing"
        if found != expected:
            state = "is missing" if found == "missing" else f"has version {found}"
            wrong.append(
                f'{name} {state}, and {expected} is expected. In a cell: %pip install "{name}=={expected}"'
            )
    for line in wrong:
        print(line)
    if not wrong:
        print(f"Everything is as it should be: Python, and {len(pinned)} packages.")
