"""Every explorer gives in WebAssembly what it gives here: same sentences, same artists, no text over another.

Run by Node.js, in one start of Python, with the very packs that the web pages fetch.
"""

import html
import json
import math
import os
import re
import subprocess
from pathlib import Path

import pytest

from docs import learning
from docs.live import build
from helpers import explorers
from tests.seen import seen

ROOT = Path(__file__).parent.parent


def needed(what: str) -> None:
    """Skip, or fail where the live pages must be tested."""
    if os.environ.get("LESSONS_PYODIDE"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def packs() -> Path:
    """The folder that a site takes what moves its figures from."""
    folder = ROOT / "build" / "live"
    said = build.build(folder)
    return folder if (folder / "manifest.json").is_file() else needed(said)


@pytest.fixture(scope="module")
def there(packs) -> dict[str, list]:
    """What the explorers show in WebAssembly."""
    return dict(in_wasm(packs, "seen.py"))


def in_wasm(packs: Path, file: str, *arguments: str) -> list:
    """Run a file of tests in WebAssembly; return what it printed, JSON line by line."""
    command = [build.node(), ROOT / "tests/wasm.mjs", packs, build.fetch(ROOT / "build/pyodide")]
    command += [ROOT / "tests" / file, *arguments]
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert not done.stderr, f"WebAssembly warns: {done.stderr[-3000:]}"
    return list(map(json.loads, done.stdout.splitlines()))


def differences(ours, theirs, at="") -> list[str]:
    """Where two things that JSON can hold differ by more than rounding."""
    if isinstance(ours, dict):
        if ours.keys() != theirs.keys():
            return [f"{at}: {sorted(ours.keys() ^ theirs.keys())}"]
        return [found for key in ours for found in differences(ours[key], theirs[key], f"{at} {key}")]
    if isinstance(ours, list):
        if not isinstance(theirs, list) or len(ours) != len(theirs):
            return [f"{at}: {str(ours)[:80]} and {str(theirs)[:80]}"]
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [found for i, (a, b) in pairs for found in differences(a, b, f"{at}[{i}]")]
    if isinstance(ours, float) and isinstance(theirs, float | int):
        same = math.isclose(ours, theirs, rel_tol=1e-7, abs_tol=1e-9) or (
            math.isnan(ours) and math.isnan(theirs)
        )
    else:
        same = ours == theirs
    return [] if same else [f"{at}: {ours!r} and {theirs!r}"]


@pytest.mark.parametrize("name", explorers.__all__)
def test_an_explorer_shows_the_same_in_webassembly(there, name):
    ours = json.loads(json.dumps(seen(name), default=float))
    assert isinstance(there[name], list), there[name]
    assert len(ours) == len(there[name])
    for (state, sentence, error, artists, _), theirs in zip(ours, there[name], strict=True):
        assert theirs[0] == state
        assert theirs[1:3] == [sentence, error], state
        if name in ("TrainingRun", "RateFinder"):  # hundreds of steps make much of a last digit: words only
            artists = {gid: artist for gid, artist in artists.items() if gid.startswith("row")}
            theirs[3] = {gid: theirs[3][gid] for gid in artists}
        assert differences(artists, theirs[3])[:5] == [], state
        assert theirs[4] == [], f"{state}: in the browser's Matplotlib"


def exercises_of_the_pages() -> list[dict]:
    """What the pages hold about every exercise that can be solved there."""
    sources = []
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        learning.make_live(lesson, path.stem)
        outputs = [output for cell in lesson["cells"] for output in cell.get("outputs", [])]
        sources += ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    found = [re.match(r'<div class="exercise" data-about="([^"]*)"', source) for source in sources]
    tasks = [json.loads(html.unescape(one[1])) for one in found if one]
    return [task for task in tasks if not task["needs"]]


def test_every_solution_is_right_on_the_pages_too(packs):
    tasks = exercises_of_the_pages()
    assert len(tasks) > 20
    said = in_wasm(packs, "solutions.py", json.dumps(tasks))
    assert [name for name, *_ in said] == [task["name"] for task in tasks]
    assert [one for one in said if one[1] != "correct"] == []


def without(monkeypatch, folder, **more):
    """What is said where Pyodide cannot be had."""
    for name, value in more.items():
        monkeypatch.setattr(build, name, value)
    said = build.build(folder)
    assert not (folder / "manifest.json").exists()
    assert said.startswith("The figures of these pages stand still: ")
    return said


def test_without_pyodide_or_with_another_one_the_pages_stand_still_and_why_is_said(monkeypatch, tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    monkeypatch.setenv("LESSONS_PYODIDE", str(given))
    assert "is not there" in without(monkeypatch, tmp_path / "live")
    name = next(iter(build.pins()[1]))
    (given / name).write_bytes(b"something else")
    assert f"{name} has another sha256" in without(monkeypatch, tmp_path / "live")
    assert (given / name).exists(), "what is not ours is not removed"
    monkeypatch.delenv("LESSONS_PYODIDE")
    address = "http://127.0.0.1:9/{version}/{name}"  # nobody is there
    assert "cannot be fetched" in without(monkeypatch, tmp_path / "live", DISTRIBUTION=address)
    other = (tmp_path / "elsewhere").as_uri() + "/{name}"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / name).write_bytes(b"not the right one")
    assert f"{name} has another sha256" in without(monkeypatch, tmp_path / "live", DISTRIBUTION=other)
    assert not (tmp_path / "pyodide" / name).exists(), "a wrong file would stay wrong"
