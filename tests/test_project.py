"""The project's own files: the requirements are pinned once, and the whole tree is clean for ruff."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = ("requirements.txt", "tests/requirements.txt")


def requirements(name: str) -> list[str]:
    lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return [line for line in lines if line]


@pytest.mark.parametrize("name", FILES)
def test_requirements_are_exact_pins(name):
    pins = [line for line in requirements(name) if not line.startswith("-")]
    assert pins and all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", pin) for pin in pins)


def test_nothing_is_required_twice_and_the_tests_start_from_the_lessons():
    lessons, tests = map(requirements, FILES)
    assert tests[0] == "-r ../requirements.txt"
    assert lessons[-1] == "-e ."  # who installs them has the course, too
    names = [pin.partition("==")[0] for pin in lessons + tests[1:]]
    assert sorted(names) == sorted(set(names))


def test_conda_and_binder_get_the_same_and_the_project_itself():
    listed = re.findall(r"^ +- (.+)", (ROOT / "environment.yml").read_text(), flags=re.M)
    assert "-r requirements.txt" in listed
    packages = [line for line in listed if not line.startswith("-")]
    assert [re.match(r"[\w-]+", package).group() for package in packages] == [
        "conda-forge",
        "python",
        "pip",
        "pip",
    ]


def test_what_runs_here_is_what_is_pinned():
    import importlib.metadata

    pins = dict(line.split("==") for name in FILES for line in requirements(name) if "==" in line)
    installed = {name: importlib.metadata.version(name).partition("+")[0] for name in pins}
    assert installed == pins


def test_ruff_finds_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format=concise", ROOT],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
