"""The first cell of every lesson: it finds the course wherever the lesson lies, or says what is missing.

Colab is imitated: its module, an empty machine with Drive mounted or not, a stand-in for pip, and a clone of
this repository in place of the one on GitHub.
"""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from helpers import environment
from tools.notebooks import COLAB, FOLDED, LESSONS, normalise, parse

ROOT = Path(__file__).parent.parent
ADDRESS = "https://github.com/owner/course"
IMITATION = """
import builtins, subprocess, sys, types
colab = types.ModuleType("google.colab")
colab.output = types.SimpleNamespace(enable_custom_widget_manager=lambda: print("widgets enabled"))
sys.modules.update({"google": types.ModuleType("google"), "google.colab": colab})
builtins.input = lambda question: print(question) or "https://github.com/owner/course"
really, sys.path[:] = subprocess.run, [p for p in sys.path if p != "HERE"]
sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in repr(finder)]
def run(command, **more):
    if "pip" in command:
        return print("pip", *command[4:])
    return really(command, **more)
subprocess.run = run
"""
AFTER = """
from helpers import environment
import helpers.explorers
from helpers.exercises import results
print(results.file())
print(helpers.__file__)
"""


def python(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run `code` in a Python that knows the packages of this environment, but not the course in it."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def github(tmp_path_factory) -> dict[str, str]:
    """What git must know to find this repository, as it is, in place of the one on GitHub."""
    folder = tmp_path_factory.mktemp("github")
    subprocess.run(["git", "clone", "-q", "--bare", ROOT, folder / "owner" / "course"], check=True)
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{folder}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }


def on_colab(folder: Path, drive: Path, github: dict[str, str], cell: str = COLAB) -> list[str]:
    """Run the cell there, with environment.py as it stands here; return the lines that it printed."""
    newest = (ROOT / "helpers" / "environment.py").read_text(encoding="utf-8")
    newest = newest.replace("/content/drive/MyDrive", str(drive))
    patch = f"open('course/helpers/environment.py', 'w', encoding='utf-8').write({newest!r})\n"
    cell = cell.replace("/content/drive/MyDrive", str(drive)).replace("try:\n", f"{patch}try:\n", 1)
    assert cell.count(str(drive)) >= 2
    done = python(IMITATION.replace("HERE", str(ROOT)) + cell + AFTER, folder, **github)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_cell_is_folded_in_every_lesson():
    for path in LESSONS.glob("0*.ipynb"):
        cell = next(c for c in parse(path.read_text(encoding="utf-8")).cells if c.id == "colab")
        assert cell.metadata == FOLDED and cell.source == COLAB
        cell.metadata.clear()
        assert "cellView" not in cell.metadata
    lesson = parse(path.read_text(encoding="utf-8"))
    next(c for c in lesson.cells if c.id == "colab").update(metadata={"collapsed": True}, source="")
    cell = next(c for c in normalise(lesson).cells if c.id == "colab")
    assert cell.metadata == FOLDED and cell.source == COLAB


def test_in_the_folder_of_the_course_it_says_and_leaves_nothing_and_needs_no_installation(tmp_path):
    for folder in ("notebooks", "helpers/explorers"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "helpers" / "__init__.py").touch()
    (tmp_path / "helpers" / "environment.py").write_bytes((ROOT / "helpers/environment.py").read_bytes())
    (tmp_path / "notebooks" / "helpers.py").write_text("raise RuntimeError('a module of the learner')")
    before = sorted(tmp_path.rglob("*"))
    code = f"import sys; sys.dont_write_bytecode = True\n{COLAB}\nimport helpers; print(helpers.__file__)"
    done = python(code, tmp_path / "notebooks")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(tmp_path / "helpers" / "__init__.py")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("shadow", [False, True])
def test_a_lone_lesson_says_in_one_sentence_what_it_misses(tmp_path, shadow):
    if shadow:
        (tmp_path / "helpers.py").touch()
    isolated = "import sys; sys.meta_path[:] = [f for f in sys.meta_path if '__editable__' not in repr(f)]\n"
    isolated += f"sys.path[:] = [p for p in sys.path if p != {str(ROOT)!r}]\n"
    shown = "\n".join(
        [
            "from IPython.core.interactiveshell import InteractiveShell",
            "shell = InteractiveShell.instance(colors='nocolor', history_length=0)",
            f"assert not shell.run_cell({COLAB!r}).success",
        ]
    )
    done = python(isolated + shown, tmp_path, IPYTHONDIR=str(tmp_path / "ipython"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("This lesson is part of a course whose folder `helpers` is not found")
    assert done.stdout.strip().count("\n") == 0


def test_a_kernel_that_lacks_packages_says_which(monkeypatch):
    monkeypatch.setattr(environment, "NEEDED", ("numpy", "no_such_package"))
    with pytest.raises(ImportError, match=r"The Python of this kernel \(.*\) lacks no_such_package: choose"):
        environment.start()
    monkeypatch.setattr(environment, "NEEDED", ("numpy",))
    environment.start()


def test_a_copy_in_drive_asks_once_where_the_course_is_and_keeps_progress(tmp_path, github):
    content, drive = tmp_path / "content", tmp_path / "drive"
    content.mkdir()
    drive.mkdir()
    said = on_colab(content, drive, github)
    assert said[:3] == [
        "The address of the course on GitHub: ",
        "widgets enabled",
        f"Your progress is kept in {drive / 'why-cross-entropy'}.",
    ]
    assert Path(said[-1]).is_relative_to(content / "course")
    assert said[-2] == str(drive / "why-cross-entropy" / "progress.jsonl")
    assert said[1:] == on_colab(content, drive, github)  # the cell is run twice
    another = tmp_path / "another machine"
    another.mkdir()
    assert on_colab(another, drive, github)[0] == "widgets enabled"
    assert (drive / "why-cross-entropy" / "address.txt").read_text() == ADDRESS


def test_an_address_in_the_form_is_taken_and_without_drive_nothing_is_kept(tmp_path, github):
    cell = COLAB.replace('address = ""', f'address = "{ADDRESS}"')
    said = on_colab(tmp_path, tmp_path / "no drive", github, cell)
    assert said[:2] == [
        "widgets enabled",
        "To keep your progress: mount Drive (the folder on the left), then run this cell again.",
    ]
    assert not (tmp_path / "no drive").exists()


def test_what_colab_lacks_is_installed_in_the_versions_of_the_course(monkeypatch, tmp_path, capsys):
    pins = environment.pinned()
    assert set(environment.COLAB_LACKS) <= set(pins)
    commands = []
    colab = type(sys)("google.colab")
    colab.output = type("", (), {"enable_custom_widget_manager": staticmethod(lambda: None)})
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setattr(environment.subprocess, "run", lambda command, **_: commands.append(command[3:]))
    has = {"anywidget": pins["anywidget"], "fastai": "2.7.0"}
    monkeypatch.setattr(environment, "installed", has.get)
    environment.start_on_colab(tmp_path / "none")
    assert commands == [["install", "-q", f"fastai=={pins['fastai']}", f"fastcore=={pins['fastcore']}"]]


def test_the_environment_check_knows_that_colab_brings_its_own_versions(monkeypatch, capsys):
    versions = {name: "0.1" for name in environment.pinned()}
    monkeypatch.setitem(sys.modules, "google.colab", type(sys)("google.colab"))
    monkeypatch.setattr(environment, "installed", versions.get)
    environment.check_environment()
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1 + len(environment.COLAB_LACKS) and "Google Colab" in said[0]
    versions |= {name: environment.pinned()[name] for name in environment.COLAB_LACKS}
    environment.check_environment()
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2 and said[1].startswith("Everything is as it should be")


def test_versions_are_read_without_what_names_the_build(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "2.13.0+cpu")
    assert environment.installed("torch") == "2.13.0"
