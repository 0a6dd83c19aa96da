"""run.py makes, completes and repairs the environment, and says in one sentence why it cannot."""

import ast
import errno
import json
import os
import subprocess
import sys
from collections import namedtuple
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output

import run

PYPROJECT = """
[build-system]
requires = ["setuptools"]
[project]
name = "example"
[tool.setuptools.data-files]
"share" = ["tools/*.js"]
[tool.pytest]
options = []
"""
# Stands for pip: notes how it was called, and fails with a message if there is one.
FAKE_PIP = """
import os, pathlib, sys
folder = pathlib.Path(__file__).parent
with open(folder / "calls.txt", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
message = folder / "message.txt"
if message.exists():
    sys.exit(message.read_text())
"""


class Project:
    """A folder with what run.py needs, and environments in which pip is a stand-in."""

    def __init__(self, root: Path) -> None:
        self.root, self.env, self.made = root, root / ".venv", 0
        for name, text in {
            "pyproject.toml": PYPROJECT,
            "requirements.txt": "one==1\nsetuptools==9.9\n-e .\n",
            "tests/requirements.txt": "-r ../requirements.txt\ntwo==2\n",
            "tools/extension.js": "1",
            "notebooks/00_first.ipynb": nbformat.writes(new_notebook()),
            "notebooks/01_second.ipynb": nbformat.writes(new_notebook()),
        }.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)

    def create(self, env: Path, python: str) -> dict:
        """Stand for run.create: as that, without the seconds it takes to copy pip."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(env)], check=True)
        self.pip.mkdir(parents=True)
        (self.pip / "__init__.py").touch()
        (self.pip / "__main__.py").write_text(FAKE_PIP)
        self.made += 1
        return run.probe(python)

    @property
    def pip(self) -> Path:
        library = "Lib" if os.name == "nt" else f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
        return self.env / library / "site-packages" / "pip"

    def calls(self) -> list[str]:
        """Return how pip was called since the last look."""
        noted = self.pip / "calls.txt"
        lines = noted.read_text().splitlines() if noted.exists() else []
        noted.unlink(missing_ok=True)
        return lines

    def stamp(self) -> dict:
        return run.read_json(self.env / "complete.json")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    project = Project(tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "create", project.create)
    return project


@pytest.fixture
def handed_over(monkeypatch) -> list[list[str]]:
    """Note what would be started instead of starting it."""
    commands = []
    monkeypatch.setattr(run, "hand_over", lambda command: commands.append(command) or 0)
    return commands


def one_sentence(capfd) -> str:
    """Return what was printed as an error, which must be one line and no traceback."""
    lines = [line for line in capfd.readouterr().err.splitlines() if line]
    assert len(lines) == 1 and lines[0].startswith("run.py: ") and lines[0].endswith((".", "?", "run.py lab"))
    return lines[0]


# --- the right Python, the right verb ---------------------------------------------------------------


def test_an_old_python_can_read_the_file():
    ast.parse(Path(run.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_an_unsupported_python_is_refused(version):
    with pytest.raises(run.Stop, match=rf"Python 3\.11 to 3\.13 is needed, and this is Python {version[0]}"):
        run.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 9)])
def test_a_supported_python_is_accepted(version):
    run.check_python(version)


def test_the_refusal_is_one_sentence(monkeypatch, capfd):
    monkeypatch.setattr(run, "NEWEST", (3, 10))
    assert run.main(["lab"]) == 1
    assert sys.executable in one_sentence(capfd)


def test_the_supported_pythons_are_those_of_the_package():
    project = (Path(run.__file__).parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={run.OLDEST[0]}.{run.OLDEST[1]}"' in project


def test_an_unknown_verb_is_answered_with_the_known_ones(capfd):
    assert run.main(["dance"]) == 1
    said = one_sentence(capfd)
    assert all(verb in said for verb in ["'dance'", *run.VERBS])


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_the_usage_names_every_verb(arguments, capfd):
    assert run.main(arguments) == 0
    said = capfd.readouterr().out
    assert all(f"run.py {verb} " in said for verb in run.VERBS)


# --- making, completing and repairing the environment -----------------------------------------------


def test_the_first_start_installs_and_the_second_does_not(project):
    python = run.ensure("lessons")
    first, requirements = project.calls()
    assert first.endswith(" setuptools==9.9"), "what builds the project comes from the pins"
    assert requirements.endswith(f"--no-build-isolation -r {project.root / 'requirements.txt'}")
    assert Path(python).exists()
    assert run.ensure("lessons") == python
    assert project.calls() == [] and project.made == 1


def test_the_tests_need_more_and_hold_what_the_lessons_need(project):
    run.ensure("lessons")
    project.calls()
    run.ensure("tests")
    assert str(project.root / "tests/requirements.txt") in project.calls()[1]
    run.ensure("lessons")
    assert project.calls() == [] and project.made == 1


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("requirements.txt", "one==1", "one==2"),
        ("tests/requirements.txt", "two==2", "two==3"),
        ("pyproject.toml", 'name = "example"', 'name = "other"'),
        ("tools/extension.js", "1", "2"),
        (".venv/complete.json", sys.version.split()[0], "3.11.99"),
    ],
)
def test_a_change_of_what_is_needed_is_noticed(project, file, old, new):
    run.ensure("tests")
    project.calls()
    path = project.root / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    run.ensure("tests")
    assert len(project.calls()) == 2 and project.made == 1
    assert project.stamp()["python"] == sys.version.split()[0]


def test_a_change_of_the_test_settings_installs_nothing(project):
    run.ensure("tests")
    project.calls()
    (project.root / "pyproject.toml").write_text(PYPROJECT.replace("options = []", "options = [1]"))
    run.ensure("tests")
    assert project.calls() == []


def test_an_interrupted_installation_is_completed(project, monkeypatch, capfd):
    def interrupted(python, *what):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "pip_install", interrupted)
        assert run.main(["setup"]) == 130
        one_sentence(capfd)
    assert project.stamp() == {}
    packages = project.pip.parent
    for name, files in {
        "whole-1.dist-info": ["METADATA", "INSTALLER"],
        "half-1.dist-info": ["METADATA"],
    }.items():
        (packages / name).mkdir()
        for file in files:
            (packages / name / file).touch()
    assert run.main(["setup"]) == 0
    assert (packages / "whole-1.dist-info").exists() and not (packages / "half-1.dist-info").exists()
    assert len(project.calls()) == 2 and project.made == 1 and project.stamp()


def test_a_failed_update_leaves_no_stamp(project, capfd):
    run.ensure("lessons")
    (project.root / "requirements.txt").write_text("one==3\nsetuptools==9.9\n")
    (project.pip / "message.txt").write_text("something unheard of")
    assert run.main(["setup"]) == 1
    said = capfd.readouterr().err.splitlines()
    assert said == [
        "something unheard of",
        "run.py: pip could not install the requirements; its message is above.",
    ]
    assert project.stamp() == {}
    (project.pip / "message.txt").unlink()
    assert run.main(["setup"]) == 0 and project.stamp()


@pytest.mark.parametrize("damage", ["python", "pip", "folder"])
def test_a_broken_environment_is_made_anew(project, damage):
    python = Path(run.ensure("lessons"))
    if damage == "python":
        python.unlink()
        python.write_text("broken")
    elif damage == "pip":
        (project.pip / "__init__.py").write_text("raise ImportError")
    else:
        python.rename(python.with_name("elsewhere"))
    run.ensure("lessons")
    assert project.made == 2 and run.probe(str(python))


def test_a_moved_environment_is_made_anew(project):
    run.ensure("lessons")
    run.write_json(project.env / "complete.json", {**project.stamp(), "root": "/elsewhere"})
    run.ensure("lessons")
    assert project.made == 2 and project.stamp()["root"] == str(project.root)


# --- what belongs to somebody else ------------------------------------------------------------------


def contents(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system knows no owner of a file")
@pytest.mark.parametrize("state", ["whole", "unreadable", "old", "moved", "half", "empty"])
def test_the_environment_of_another_user_is_used_or_left_alone(project, monkeypatch, capfd, state):
    python = Path(run.ensure("lessons"))
    if state == "unreadable":
        monkeypatch.setattr(run, "probe", lambda python: None)
    elif state == "old":
        (project.root / "requirements.txt").write_text("one==2\n")
    elif state == "moved":
        run.write_json(project.env / "complete.json", {**project.stamp(), "root": "/elsewhere"})
    elif state == "half":
        (project.env / "complete.json").unlink()
    elif state == "empty":
        run.shutil.rmtree(project.env)
        project.env.mkdir()
    project.calls()
    before = contents(project.env)
    monkeypatch.setattr(os, "getuid", lambda: project.env.stat().st_uid + 1)
    if state == "whole":
        assert run.ensure("lessons") == str(python)
    else:
        assert run.main(["setup"]) == 1
        said = one_sentence(capfd)
        assert f"{project.env} belongs to {project.env.owner()}" in said and "git clone" in said
    assert contents(project.env) == before and project.made == 1


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system knows no owner of a file")
def test_what_another_user_wrote_into_ones_own_environment_stays_too(project, monkeypatch, capfd):
    run.ensure("lessons")
    (project.env / "complete.json").unlink()
    own, lstat = os.getuid(), os.lstat
    stranger = project.env / "pyvenv.cfg"
    theirs = namedtuple("theirs", "st_uid")(own + 1)
    monkeypatch.setattr(os, "lstat", lambda path: theirs if Path(path) == stranger else lstat(path))
    assert run.main(["setup"]) == 1
    assert f"{stranger} belongs to" in one_sentence(capfd) and stranger.exists()


def test_in_a_folder_that_may_not_be_written_one_is_told_to_take_a_copy(project, monkeypatch, capfd):
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    assert run.main(["lab"]) == 1
    assert f"You may not write into {project.root}" in one_sentence(capfd)
    assert not project.env.exists()


def test_of_an_environment_elsewhere_only_the_link_is_deleted(project, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").touch()
    project.env.symlink_to(other)
    run.ensure("lessons")
    assert (other / "precious").exists() and not project.env.is_symlink() and project.made == 1


def test_an_environment_without_pip_as_uv_makes_it_is_completed(project):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project.env)], check=True)
    (project.env / "precious").touch()
    python = str(project.env / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    assert run.probe(python) is None
    assert run.add_pip(python)["version"] == sys.version.split()[0]
    assert (project.env / "precious").exists() and project.made == 0


def test_a_read_only_environment_that_is_complete_opens(project, handed_over, monkeypatch):
    run.ensure("lessons")

    def refuse(path, value):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(run, "write_json", refuse)
    assert run.main(["lab"]) == 0 and handed_over


# --- what a user has set up -------------------------------------------------------------------------


def test_variables_that_reach_into_the_environment_do_not(project, handed_over, monkeypatch):
    unwanted = {"PYTHONPATH", "PYTHONSAFEPATH", "PYTHONOPTIMIZE", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"}
    for name in unwanted:
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    assert run.main(["lab"]) == 0
    assert not unwanted & set(os.environ) and os.environ["PIP_USER"] == "0"


def test_a_pip_that_installs_for_the_user_is_told_not_to(tmp_path):
    config = tmp_path / "pip.conf"
    config.write_text("[install]\nuser = true\n")
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "no-such-package"]
    code = f"import run; run.VERBS['setup'] = lambda _: run.subprocess.call({pip}); run.main(['setup'])"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=run.ROOT, capture_output=True, text=True,
        env=os.environ | {"PIP_CONFIG_FILE": str(config)},
    ).stderr  # fmt: skip
    assert "No matching distribution" in said and "Can not perform a '--user' install" not in said


@pytest.mark.parametrize(
    "setting", [{"PYTHONOPTIMIZE": "2"}, {"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_the_usage_is_printed_whatever_is_set(setting):
    done = subprocess.run(
        [sys.executable, run.__file__, "--help"], env=os.environ | setting, capture_output=True, text=True
    )
    assert done.returncode == 0 and "run.py lab" in done.stdout and not done.stderr


# --- what cannot be helped --------------------------------------------------------------------------


def test_without_network_a_real_installation_ends_in_one_sentence(project):
    # A real environment and the real pip: its messages are what has to be understood.
    (project.root / "run.py").write_bytes(Path(run.__file__).read_bytes())
    offline = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    offline |= {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
    }
    for beginning in ("Making the environment", "The environment .venv is incomplete"):
        done = subprocess.run(
            [sys.executable, "run.py", "lab"], cwd=project.root, env=offline, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert done.stdout.startswith(beginning)
        assert done.stderr.startswith("run.py: The package index cannot be reached (NewConnectionError)")
        assert done.stderr.count("\n") == 1
    assert project.stamp() == {}


PIP_MESSAGES = {
    "full": "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "reached": "WARNING: Retrying (Retry(total=0)) after connection broken by 'ReadTimeoutError()'",
    "no one==1": "ERROR: No matching distribution found for one==1",
}


@pytest.mark.parametrize("expected", PIP_MESSAGES)
def test_the_reason_of_pip_becomes_one_sentence(project, expected, capfd):
    project.create(project.env, str(project.env / "bin/python"))
    (project.pip / "message.txt").write_text(f"WARNING: first\n{PIP_MESSAGES[expected]}\n")
    assert run.main(["setup"]) == 1
    assert expected in one_sentence(capfd)
    assert project.stamp() == {}


def test_a_disk_that_is_too_small_is_foreseen(tmp_path, monkeypatch, capfd):
    Project(tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    usage = namedtuple("usage", "total used free")(10**9, 10**9, 123_000_000)
    monkeypatch.setattr(run.shutil, "disk_usage", lambda path: usage)
    assert run.main(["setup"]) == 1
    assert "0.1 GB are free" in one_sentence(capfd)
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full"),
        (PermissionError(errno.EACCES, "Permission denied", "somewhere"), "somewhere: Permission denied."),
    ],
)
def test_errors_of_the_system_become_one_sentence(project, monkeypatch, capfd, error, expected):
    def refuse(path, value):
        raise error

    monkeypatch.setattr(run, "write_json", refuse)
    assert run.main(["setup"]) == 1
    assert expected in capfd.readouterr().err.splitlines()[-1]


# --- verbs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["test", "-k", "softmax"], ["-m", "pytest", "-k", "softmax"]),
        (["notebooks", "--check", "03"], ["-m", "tools.notebooks", "--check", "03"]),
        (["processors", "Nehalem"], ["-m", "tools.processors", "Nehalem"]),
    ],
)
def test_arguments_are_passed_on(project, handed_over, arguments, expected):
    assert run.main(arguments) == 0
    assert handed_over[0][1:] == expected


def test_lab_opens_the_first_lesson_wherever_it_is_started(project, handed_over, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    assert run.main(["lab", "--port", "9999", "--no-browser"]) == 0
    command = handed_over[0]
    assert command[1:3] == ["-m", "jupyterlab"] and command[-3:] == ["--port", "9999", "--no-browser"]
    assert f"--ServerApp.root_dir={project.root}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_first.ipynb" in command


def test_copies_and_a_users_own_notebooks_are_no_first_lesson(project, handed_over):
    for name in ("00_first-Copy1.ipynb", "00_a.md", "Untitled.ipynb", "000.ipynb"):
        (project.root / "notebooks" / name).touch()
    assert run.main(["lab"]) == 0
    assert "--LabApp.default_url=/lab/tree/notebooks/00_first.ipynb" in handed_over[0]


def test_lab_without_lessons_says_so(project, handed_over, capfd):
    for path in (project.root / "notebooks").iterdir():
        path.unlink()
    assert run.main(["lab"]) == 1
    assert "no lessons" in one_sentence(capfd) and not handed_over


def test_kernels_of_the_lab_use_one_thread_unless_told_otherwise(project, handed_over, monkeypatch):
    for told, expected in ((None, "1"), ("4", "4")):
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        if told:
            monkeypatch.setenv("OMP_NUM_THREADS", told)
        run.main(["lab"])
        assert os.environ["OMP_NUM_THREADS"] == expected


def test_what_python_compiles_is_kept_and_pip_leaves_it_to_the_imports(project, handed_over, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    run.main(["lab"])
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    calls = project.calls()
    assert calls and all("--no-compile" in call for call in calls)
    assert all(find_spec(name) for name in run.FIRST_IMPORTS.split(", ")), "a wrong name would not be seen"


@pytest.mark.parametrize("verb", ["lab", "setup"])
def test_jupyterlab_reads_that_the_news_are_off(project, handed_over, verb):
    settings = project.env / "etc" / "jupyter" / "labconfig" / "page_config.json"
    run.ensure("lessons")
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"disabledExtensions": {"another": True}}))
    run.main([verb])
    code = "from jupyterlab_server.config import get_page_config as c; print(c([])['disabledExtensions'])"
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(project.env / "etc" / "jupyter")}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert set(ast.literal_eval(said.stdout)) >= {"another", run.NEWS}


def test_the_lessons_are_signed_where_jupyterlab_looks(project, monkeypatch, tmp_path):
    figure = new_code_cell("figure", outputs=[new_output("display_data", {"image/svg+xml": "<svg/>"})])
    lesson = new_notebook(cells=[figure])
    (project.root / "notebooks" / "00_first.ipynb").write_text(nbformat.writes(lesson), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    run.sign(sys.executable, ["00_first.ipynb"])
    notary = NotebookNotary(data_dir=str(tmp_path / "data"))
    assert notary.check_signature(nbformat.read(project.root / "notebooks" / "00_first.ipynb", 4))
    figure.outputs[0].data["image/svg+xml"] = "<svg onload='other()'/>"
    assert not notary.check_signature(lesson)


def test_benchmarks_are_chosen_by_name(project, monkeypatch, capfd):
    (project.root / "benchmarks").mkdir()
    for name in ("first", "second", "_shared"):
        (project.root / "benchmarks" / f"{name}.py").touch()
    started = []
    monkeypatch.setattr(run, "ensure", lambda kind: "python")
    monkeypatch.setattr(run.subprocess, "call", lambda command, **more: started.append(command[2:]) or 0)
    assert run.main(["bench"]) == 0
    assert run.main(["bench", "second", "--quick"]) == 0
    assert started == [["benchmarks.first"], ["benchmarks.second"], ["benchmarks.second", "--quick"]]
    assert run.main(["bench", "third"]) == 1
    assert "first, second" in capfd.readouterr().err


@pytest.mark.parametrize("status", [0, 2])
def test_the_web_pages_are_made_anew_and_one_is_told_where(project, monkeypatch, capfd, status):
    pages, started = project.root / "build" / "site", []
    pages.mkdir(parents=True)
    monkeypatch.setattr(run, "ensure", lambda kind: "python")
    monkeypatch.setattr(run.subprocess, "call", lambda command, **more: started.append(command) or status)
    (project.root / "notebooks" / "01_notes.md").touch()
    assert run.main(["site"]) == status
    assert not pages.exists() and started[1][:3] == ["python", "-m", "sphinx"]
    said = capfd.readouterr().out
    assert said.startswith("In the folder notebooks, but no lessons, so left out: 01_notes.md\n")
    assert (str(pages / "index.html") in said) == (status == 0)
    assert run.main(["site", "somewhere"]) == 1
    assert "'site' takes nothing more" in one_sentence(capfd)


def test_the_exit_status_is_that_of_the_program_which_runs_in_the_project(tmp_path):
    code = "import os, sys; print(os.getcwd()); sys.exit(7)"
    start = f"import run; sys.exit(run.hand_over([sys.executable, '-c', {code!r}]))"
    root = str(run.ROOT)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {start}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (7, root, "")
