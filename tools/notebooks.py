"""Execute the lessons and save them in normal form; with --check only compare.

  python3 run.py notebooks            all lessons
  python3 run.py notebooks 03 05      those whose names start so (or given as paths)
  python3 run.py notebooks --check    write nothing; fail if a byte would change, and say in which cell

The normal form holds nothing that depends on the machine or the moment: a second execution gives the
same bytes, so a difference in version control is a difference in the lesson.
"""

import argparse
import atexit
import difflib
import json
import os
import re
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from helpers.saving import LANGUAGE, WIDGETS

LESSONS = Path(__file__).resolve().parent.parent / "notebooks"
CELL_TIMEOUT = 120  # seconds
LESSON = re.compile(r"\d\d_\w+\.ipynb")  # no copies ("03_sigmoid_and_softmax-Copy1.ipynb"), no notes
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": LANGUAGE,
}
# One thread: sums come out in the same order whatever the machine has. One hash seed: so do sets.
# And no progress: what the user of this machine has done as a learner is neither shown nor touched.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "LESSONS_PROGRESS": "off",
    "MATPLOTLIBRC": os.devnull,
}
# What reaches from the user's own Python into a kernel: other modules, other options, no docstrings.
UNWANTED = ("PYTHONPATH", "PYTHONSAFEPATH", "PYTHONSTARTUP", "PYTHONOPTIMIZE", "PYTHONWARNINGS")
LOOPBACK = "localhost,127.0.0.1,::1"  # no proxy leads there

# The first code cell of every lesson, with the id "colab", folded. It comes before `helpers` is found, so it
# uses nothing of it; all that can wait is in helpers/environment.py, so that this text need never change.
ADDRESS = tomllib.loads((LESSONS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ADDRESS = ADDRESS.get("urls", {}).get("Repository", "")
COLAB = f"""\
# @title Find the course; on Google Colab, fetch it
address = "{ADDRESS}"  # @param {{type:"string"}}
import os
import sys

if "google.colab" in sys.modules and not os.path.isdir("course"):
    import pathlib
    import subprocess

    saved = pathlib.Path("/content/drive/MyDrive/why-cross-entropy/address.txt")
    if not address and saved.is_file():
        address = saved.read_text()
    address = address or input("The address of the course on GitHub: ")
    subprocess.run(["git", "clone", "-q", "--depth=1", address, "course"], check=True)
for folder in ("..", "course"):  # before any other module called `helpers`
    if os.path.isdir(f"{{folder}}/helpers/explorers"):
        sys.path.insert(0, os.path.abspath(folder))
try:
    from helpers.environment import start
except ImportError as error:
    said = "This lesson is part of a course whose folder `helpers` is not found (or another module is called "
    said += "so): put it into the course's folder `notebooks` and open it there with: python3 run.py lab"
    error._render_traceback_ = lambda: [said]
    raise
start()"""
FOLDED_HINT = re.compile(r"<details><summary>(Hint|Solution)\b")
FEW = 300  # letters that leave room on a slide for a prediction
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "slideshow": {"slide_type": "skip"}}


def fix_environment() -> None:
    """Make kernels started from now on reproducible: the one place for this tool and for the tests.

    They get an empty IPython profile, not the user's: a start-up file may print numbers in another way.
    """
    os.environ.update(ENVIRONMENT, IPYTHONDIR=empty_profile())
    for name in UNWANTED:
        os.environ.pop(name, None)
    for name in ("no_proxy", "NO_PROXY"):
        if LOOPBACK not in os.environ.get(name, ""):
            os.environ[name] = ",".join(filter(None, [os.environ.get(name), LOOPBACK]))


@cache
def empty_profile() -> str:
    """Make a folder for IPython that goes with this process."""
    folder = tempfile.TemporaryDirectory(prefix="ipython-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return folder.name


# --- the normal form --------------------------------------------------------------------------------


def parse(text: str) -> NotebookNode:
    """Read the text of a notebook file as it is, without the repairs that nbformat would make."""
    raw = json.loads(text)
    if raw.get("nbformat") != 4:
        raise ValueError(f"the notebook has format {raw.get('nbformat')}, and 4 is expected.")
    return nbformat.v4.to_notebook(raw)


def serialise(notebook: NotebookNode) -> str:
    """Return the text of a notebook file: sorted keys, indented by 1, a newline at the end."""
    return nbformat.v4.writes(notebook) + "\n"


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook in normal form; sources, execution counts and what outputs say stay as they are.

    Only the cell for Colab gets the text that it has in every lesson.
    """
    normal = NotebookNode(nbformat=4, nbformat_minor=5, metadata=nbformat.from_dict(METADATA), cells=[])
    used = set()
    for number, cell in enumerate(notebook.cells, 1):
        new = NotebookNode(cell_type=cell.cell_type, source=cell.source.rstrip(), metadata=NotebookNode())
        new.id = stable_id(cell.get("id", ""), number, used)
        if new.id == "colab":
            new.source = COLAB
            new.metadata.update(nbformat.from_dict(FOLDED))
        tags = sorted(set(cell.metadata.get("tags", [])))
        if tags:
            new.metadata.tags = tags
        if "attachments" in cell:
            new.attachments = cell.attachments
        if cell.cell_type == "code":
            new.execution_count = cell.execution_count
            new.outputs = normal_outputs(cell.outputs)
        normal.cells.append(new)
    for cell, kind in zip(normal.cells, slides(normal.cells), strict=True):
        if kind:
            cell.metadata.slideshow = NotebookNode(slide_type=kind)
    nbformat.validate(normal)
    return normal


def slides(cells: list[NotebookNode]) -> list[str]:
    """Return for each cell what begins with it in `jupyter nbconvert --to slides`, "" where nothing does.

    A section is a column of slides, each with one idea: words and the code that shows them, a prediction with
    the few words around it, a figure. An explanation appears on its figure's slide. Set-up, hints and
    solutions are left out.
    """
    found, before = [], ""  # before: what the last cell was
    for cell in cells:
        figure = any("image/svg+xml" in output.get("data", {}) for output in cell.get("outputs", []))
        asks = cell.cell_type == "code" and re.search(r"\.(ask|explain)\(\)$", cell.source)
        heading = cell.cell_type == "markdown" and re.match(r"#{1,6} ", cell.source)
        if cell.id == "colab" or "imports" in cell.metadata.get("tags", []) or FOLDED_HINT.match(cell.source):
            found.append("skip")
            continue
        if heading:
            found.append("slide" if len(heading[0]) < 4 else "subslide")
        elif asks and asks[1] == "explain":
            found.append("fragment")
        elif asks:
            found.append("" if before == "few words" else "subslide")
        elif cell.cell_type == "markdown":
            full = before == "ask" and len(cell.source) >= FEW
            found.append("subslide" if full or before in ("code", "figure") else "")
        else:
            found.append("subslide" if figure or before == "figure" else "")
        if cell.cell_type == "markdown":
            before = "few words" if len(cell.source) < FEW else "words"
        else:
            explains = asks and asks[1] == "explain"
            before = "figure" if figure or explains else "ask" if asks else "code"
    return found


def stable_id(wanted: str, number: int, used: set[str]) -> str:
    """Keep a valid cell id, and make one from the cell's place where there is none or it is taken."""
    name = wanted if re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", wanted) else f"cell-{number}"
    while name in used:
        name = f"{name[:60]}-b"
    used.add(name)
    return name


def normal_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Drop widget views and metadata, and join pieces of a stream that happened to arrive one by one."""
    normal = []
    for output in deepcopy(outputs):
        if output.output_type in ("display_data", "execute_result"):
            for mime in WIDGETS:
                output.data.pop(mime, None)
            if not output.data:
                continue
            output.metadata = NotebookNode()
        elif output.output_type == "stream" and normal and normal[-1].get("name") == output.name:
            normal[-1].text += output.text
            continue
        normal.append(output)
    return normal


# --- execution --------------------------------------------------------------------------------------


def execute(notebook: NotebookNode, folder: Path = LESSONS) -> None:
    """Run all cells in a new kernel working in `folder`; the outputs go into `notebook`."""
    fix_environment()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    notebook.metadata = nbformat.from_dict(METADATA)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()


def differences(saved: str, fresh: str) -> list[str]:
    """Say where two texts of a notebook differ: the cell, and the first lines that are not the same."""
    if saved == fresh:
        return []
    old, new = json.loads(saved), json.loads(fresh)
    found = []
    if {**old, "cells": 0} != {**new, "cells": 0}:
        found.append("the notebook's metadata")
    for number, (before, after) in enumerate(zip_longest(old["cells"], new["cells"])):
        if before != after:
            name = f"cell {number} ({(before or after).get('id', 'without id')})"
            lines = [json.dumps(cell, indent=0, ensure_ascii=False).splitlines() for cell in (before, after)]
            diff = list(difflib.unified_diff(*lines, "saved", "executed", lineterm="", n=0))[2:10]
            found.append("\n      ".join([name, *(line[:150] for line in diff)]))
    return found or ["spaces, line ends or the order of keys only"]


def process(path: Path, check: bool) -> tuple[bool, str]:
    """Execute one notebook and save or compare it; return whether all is well, and what to print."""
    started = time.perf_counter()
    saved = path.read_bytes().decode("utf-8")
    try:
        notebook = normalise(parse(saved))
        execute(notebook, path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, ValueError) as error:
        return False, f"{path.name}: failed\n" + re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    fresh = serialise(normalise(notebook))
    seconds = f"{time.perf_counter() - started:.1f} s"
    changes = differences(saved, fresh)
    if not changes:
        return True, f"{path.name}: unchanged ({seconds})"
    if check:
        return False, "\n  - ".join([f"{path.name}: differs from what is saved ({seconds})", *changes])
    new = path.with_name(path.name + ".new")
    new.write_bytes(fresh.encode("utf-8"))
    new.replace(path)
    return True, f"{path.name}: written ({seconds}), {len(changes)} differences"


def all_lessons(folder: Path = LESSONS) -> list[Path]:
    """Return the lessons in a folder, in their order; other notebooks there are none."""
    return sorted(path for path in folder.glob("*.ipynb") if LESSON.fullmatch(path.name))


def strays(folder: Path = LESSONS) -> list[str]:
    """Return the names of notebooks that lie among the lessons and are none: copies, or a user's own."""
    return sorted(path.name for path in folder.glob("*.ipynb") if not LESSON.fullmatch(path.name))


def choose(names: list[str], folder: Path = LESSONS) -> list[Path]:
    """Return the notebooks meant by paths or by beginnings of names, all of them for no names."""
    lessons = all_lessons(folder)
    chosen = []
    for name in names:
        found = [Path(name)] if Path(name).is_file() else []
        found = found or [lesson for lesson in lessons if lesson.name.startswith(name)]
        if not found:
            known = ", ".join(lesson.stem for lesson in lessons)
            raise ValueError(f"no notebook is called {name!r}; there are: {known or 'none'}.")
        chosen += found
    return list(dict.fromkeys(chosen)) if names else lessons


def main(arguments: list[str]) -> int:
    """Do what the command line says; return 1 if a notebook failed or differs."""
    parser = argparse.ArgumentParser("run.py notebooks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a byte would change")
    parser.add_argument("names", nargs="*", help="beginnings of names, or paths; default: all lessons")
    options = parser.parse_args(arguments)
    try:
        paths = choose(options.names)
    except ValueError as error:
        parser.error(str(error))
    if not paths:
        parser.error("the folder notebooks holds no notebook.")
    if not options.names and strays():
        print(f"No lessons, so passed over: {', '.join(strays())}", flush=True)
    well = True
    with ThreadPoolExecutor(max_workers=2) as pool:  # the work is done by the kernels, two processes
        for good, message in pool.map(lambda path: process(path, options.check), paths):
            print(message, flush=True)
            well = well and good
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
