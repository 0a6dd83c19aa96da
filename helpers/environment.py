"""The first words of every lesson: is what it needs there? On Google Colab, what is missing is fetched.

`start` is called by the first cell of every lesson, `check_environment` by lesson 00.
"""

import os
import re
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "requirements.txt"
SUPPORTED = ((3, 11), (3, 13))
NEEDED = ("numpy", "matplotlib", "ipywidgets", "anywidget")  # by every lesson
COLAB_LACKS = ("anywidget", "fastai", "fastcore")  # of the rest it has its own versions
DRIVE = Path("/content/drive/MyDrive")  # where Colab shows the learner's own files, once they are mounted


def start() -> None:
    """Make ready what the lessons need; raise ImportError, in one sentence, where that is not possible."""
    if "google.colab" in sys.modules:
        start_on_colab()
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise _sentence(
            f"The Python of this kernel ({sys.executable}) lacks {', '.join(missing)}: choose the kernel in "
            "the course's folder .venv, or type in the course's folder: python3 run.py lab"
        )


def start_on_colab(drive: Path = DRIVE) -> None:
    """Install what Colab lacks, in the versions of the course, and keep progress where Drive is mounted."""
    from google.colab import output

    wanted = pinned()
    lacks = [f"{name}=={wanted[name]}" for name in COLAB_LACKS if installed(name) != wanted[name]]
    if lacks:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", *lacks], check=True)
    output.enable_custom_widget_manager()
    if drive.is_dir():
        own = drive / "why-cross-entropy"
        own.mkdir(exist_ok=True)
        os.environ["LESSONS_PROGRESS"] = str(own / "progress.jsonl")
        remote = ["git", "-C", str(PINS.parent), "config", "remote.origin.url"]
        (own / "address.txt").write_text(subprocess.check_output(remote, text=True).strip())
        print(f"Your progress is kept in {own}.")
    else:
        print("To keep your progress: mount Drive (the folder on the left), then run this cell again.")


def check_environment(pins: Path = PINS) -> None:
    """Print one line if Python and every pinned package are as expected, else a line for each that is not.

    pins: a requirements file with lines `name==version`. Google Colab brings its own versions of most.
    """
    if sys.platform == "emscripten":
        print("All lessons run here, in your browser; what needs PyTorch is shown as it was run elsewhere.")
        return
    if "google.colab" in sys.modules:
        names = COLAB_LACKS
        print("This is Google Colab, whose own Python and packages are used; a last digit may differ.")
    else:
        names = pinned(pins)
    wrong = []
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        version = ".".join(map(str, sys.version_info[:2]))
        wrong.append(
            f"Python is {version}, and 3.11, 3.12 or 3.13 is expected. Install one, then: python3 run.py lab"
        )
    for name, expected in pinned(pins).items():
        found = installed(name)
        if name in names and found != expected:
            state = f"has version {found}" if found else "is missing"
            wrong.append(
                f'{name} {state}, and {expected} is expected. In a cell: %pip install "{name}=={expected}"'
            )
    for line in wrong:
        print(line)
    if not wrong:
        print(f"Everything is as it should be: Python, and {len(names)} packages.")


def pinned(pins: Path = PINS) -> dict[str, str]:
    """Return the versions that a requirements file demands, by name."""
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", pins.read_text(encoding="utf-8"), flags=re.M))


def installed(name: str) -> str | None:
    """Return the version of a package, None if it is missing; "2.13.0+cpu" is 2.13.0, built for the CPU."""
    try:
        return metadata.version(name).partition("+")[0]
    except metadata.PackageNotFoundError:
        return None


def _sentence(said: str) -> ImportError:
    error = ImportError(said)
    error._render_traceback_ = lambda: [said]  # IPython's protocol: the sentence alone, no traceback
    return error
