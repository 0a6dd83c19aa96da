"""Write the course for a class: without the solutions for students, whole for the teacher; `build/class`.

  python3 run.py class              hints stay folded under the exercises
  python3 run.py class --no-hints   neither hints nor solutions

What is hidden, and what is not: the lessons lose the folded solutions, and the registries of exercises are
packed so that whoever opens a file reads no solution. That is a curtain, no lock. The checks need the right
answers to judge, so they are in the student's copy: whoever unpacks a registry, or prints an exercise's
`solution`, has them; after a wrong answer `check` hands on the right one, so that later cells run; and the
course is public. Marks need an examination.
"""

import argparse
import base64
import re
import shutil
import sys
import textwrap
import zipfile
import zlib
from pathlib import Path

from tools.notebooks import all_lessons, normalise, parse, serialise

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "class"
NAME = "why-cross-entropy"
FOLD = re.compile(r"<details><summary>(Hint|Solution)\b.*?</details>\s*", re.S)
REGISTRY = re.compile(r"lesson_\d\d\.py")
KINDS = (".py", ".js", ".css", ".npz")  # of helpers
# what a student needs beside helpers and the lessons: to install, and to open JupyterLab as it should be
FILES = ("run.py", "requirements.txt", "environment.yml", "pyproject.toml", "LICENSE", "tools/__init__.py",
         "tools/build.py")  # fmt: skip
EVERYTHING = (".github", ".ci", "benchmarks", "docs", "helpers", "notebooks", "tests", "tools")
README = """\
# Why cross-entropy?

Unpack this folder, then type in it: `python3 run.py lab`. You need Python 3.11 to 3.13 and 2.5 GB of free
disk; the first start takes minutes, and the net.

This is the edition of a class: the solutions of the exercises are with your teacher. The check under each
exercise names your mistake. Your progress is kept on your machine in `progress.jsonl`
(`~/.local/share/why-cross-entropy`; macOS: `~/Library/Application Support/why-cross-entropy`; Windows:
`%APPDATA%\\why-cross-entropy`): what you solved and predicted and the names of mistakes, not what you wrote.
Nothing is sent.
"""
ALONE = """\
One lesson of the course "Why cross-entropy?", with all of the course that it needs, in the folder `course`.
Open the notebook in Jupyter, and leave `course` beside it. Where packages are missing:

    python3 -m pip install -r course/packages.txt
"""
PACKED = '''"""The exercises of a lesson, packed: the solutions are your teacher's to give."""

import base64
import zlib

exec(compile(zlib.decompress(base64.b85decode("""
{data}
""".replace("\\n", ""))), "<exercises>", "exec"))
'''


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser("run.py class", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--no-hints", action="store_true", help="leave the hints out, too")
    parser.add_argument("--into", type=Path, default=OUT, help="folder to write (what is in it is replaced)")
    options = parser.parse_args(arguments)
    write(options.into, hints=not options.no_hints)
    print(f"For the students: {options.into / 'student'}\nFor the teacher:  {options.into / 'teacher'}")
    print("The solutions are out of sight in the student's copy, not out of reach: see CONTRIBUTING.md.")
    return 0


def write(into: Path, hints: bool = True) -> None:
    """Write both editions: the course as an archive that pip installs, too, and each lesson alone."""
    for who, files in {"student": student(hints), "teacher": everything()}.items():
        shutil.rmtree(into / who, ignore_errors=True)
        (into / who / "lessons").mkdir(parents=True)
        archive(into / who / f"{NAME}.zip", {f"{NAME}/{path}": data for path, data in files.items()})
        for path in sorted(path for path in files if path.startswith("notebooks/")):
            name = Path(path).stem
            if re.match(r"\d\d_", name):
                archive(into / who / "lessons" / f"{name}.zip", alone(name, files))
    for path, data in student(hints).items():  # the folder that a hub hands out
        if path.startswith("notebooks/"):
            target = into / "student" / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
    (into / "teacher" / "solutions.md").write_text(solutions(), encoding="utf-8")


def student(hints: bool = True) -> dict[str, bytes]:
    """Return the files of the student's edition."""
    files = {name: (ROOT / name).read_bytes() for name in FILES if (ROOT / name).is_file()}
    files["README.md"] = README.encode()
    files |= below("tools/jupyter") | below("helpers", KINDS)
    for path in files:
        if REGISTRY.fullmatch(Path(path).name):
            files[path] = packed(files[path])
    for lesson in all_lessons():
        notebook = parse(lesson.read_text(encoding="utf-8"))
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = without_answers(cell.source, hints)
        notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
        files[f"notebooks/{lesson.name}"] = serialise(normalise(notebook)).encode()
    return files


def everything() -> dict[str, bytes]:
    """Return the files of the whole course."""
    files = {path.name: path.read_bytes() for path in sorted(ROOT.glob("[!.]*")) if path.is_file()}
    files |= {path.name: path.read_bytes() for path in sorted(ROOT.glob(".git[ai]*")) if path.is_file()}
    for folder in EVERYTHING:
        files |= below(folder)
    return files


def below(folder: str, kinds: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Return the files in a folder, without what Python and tools leave there."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and (not kinds or path.suffix in kinds) and path.suffix != ".pyc"
        and not any(part.startswith(".") and part != folder for part in path.relative_to(ROOT).parts)
    }  # fmt: skip


def without_answers(source: str, hints: bool) -> str:
    """Return Markdown without folded solutions; without `hints`, without these, too."""
    return FOLD.sub(lambda fold: fold[0] if hints and fold[1] == "Hint" else "", source).rstrip()


def packed(source: bytes) -> bytes:
    """Return a module that does what `source` does and shows none of it at a glance."""
    data = base64.b85encode(zlib.compress(source, 9)).decode()
    return PACKED.replace("{data}", "\n".join(textwrap.wrap(data, 100))).encode()


def alone(name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return one lesson with what it needs; its first cell finds the folder `course` beside it."""
    course = {f"course/{path}": data for path, data in files.items() if path.startswith("helpers/")}
    pins = files["requirements.txt"].decode()
    course["course/requirements.txt"] = pins.encode()  # the environment check of lesson 00 reads it
    packages = re.findall(r"^[\w-]+==\S+", pins, re.M)  # without `-e .`, the course itself
    course["course/packages.txt"] = "\n".join([*packages, ""]).encode()
    course["course/LICENSE"] = files["LICENSE"]
    inside = {f"{name}.ipynb": files[f"notebooks/{name}.ipynb"], "README.txt": ALONE.encode(), **course}
    return {f"{name}/{path}": data for path, data in inside.items()}


def archive(path: Path, files: dict[str, bytes]) -> None:
    """Write a zip file; the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            made.writestr(info, files[name], zipfile.ZIP_DEFLATED)


def solutions() -> str:
    """Return hints, solution and known mistakes of every exercise, as Markdown for the teacher."""
    from helpers.exercises.check import Exercise
    from tools.results import known

    parts = ["# Solutions, and the mistakes that the checks know"]
    for name, (lesson, task) in known().items():
        if isinstance(task, Exercise):
            mistakes = "\n".join(f"- *{mistake.name}*: {mistake.advice}" for mistake in task.mistakes)
            parts.append(f"## {lesson} · {name}\n\n```python\n{task.solution.strip()}\n```\n\n{mistakes}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
