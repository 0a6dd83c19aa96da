"""Make what lets the figures of the web pages move: Pyodide's core and two packs of Python, in one folder.

    python docs/live/build.py FOLDER

Pyodide comes from the folder that LESSONS_PYODIDE names, else from the official distribution on the net; each
file is held against its sha256 in SHA256SUMS. Where neither has it, the folder stays empty, and the pages are
what they are without: figures that stand still.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DISTRIBUTION = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")  # what a page fetches as it is
TIMEOUT = 60  # seconds without a byte


class Missing(Exception):  # noqa: N818  (no error: the pages can do without)
    """A file of Pyodide cannot be had; the message says why."""


def pins() -> tuple[str, dict[str, str]]:
    """Return Pyodide's version and the sha256 of every file needed."""
    text = (HERE / "SHA256SUMS").read_text(encoding="utf-8")
    version = re.search(r"Pyodide (\S+):", text)[1]
    return version, {name: digest for digest, name in re.findall(r"^(\w{64})  (\S+)$", text, re.M)}


def fetch(into: Path) -> Path:
    """Return a folder with every file, each checked; without LESSONS_PYODIDE it is `into`, from the net."""
    version, digests = pins()
    folder = Path(os.environ.get("LESSONS_PYODIDE") or into)
    for name, digest in digests.items():
        fetch_one(folder, name, digest, version)
    return folder


def fetch_one(folder: Path, name: str, digest: str, version: str) -> None:
    """See to it that one file is in `folder`, and whole; without LESSONS_PYODIDE it comes from the net."""
    named, file = os.environ.get("LESSONS_PYODIDE"), folder / name
    if not named and not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = file.with_name(name + ".part")
        address = DISTRIBUTION.format(version=version, name=name)
        try:
            with urllib.request.urlopen(address, timeout=TIMEOUT) as source, part.open("wb") as target:
                shutil.copyfileobj(source, target)
        except OSError as error:
            raise Missing(f"{address} cannot be fetched ({error})") from error
        part.replace(file)
    if not file.is_file():
        raise Missing(f"{file} is not there")
    if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        if not named:
            file.unlink()
        raise Missing(f"{file.name} has another sha256 than is pinned")


def node() -> str:
    """Return a Node.js: the one that comes with Playwright, else one on this machine."""
    try:
        from playwright._impl._driver import compute_driver_executable

        return str(compute_driver_executable()[0])
    except ImportError:
        found = shutil.which("node")
        if not found:
            raise Missing("packing needs Node.js, alone or in the Python package playwright") from None
        return found


def state() -> dict[str, str]:
    """Return for each pack a hash of all that it is made of."""
    common = [HERE / name for name in ("pack.mjs", "SHA256SUMS")]
    course = sorted(file for file in (ROOT / "helpers").rglob("*") if file.suffix in (".py", ".npz"))
    return {"python": hashed(common), "course": hashed(common + course)}


def hashed(files: list[Path]) -> str:
    """Return one hash of the names and contents of files."""
    one = hashlib.sha256()
    for file in files:
        one.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return one.hexdigest()


def build(folder: Path) -> str:
    """Fill `folder`, or leave it empty; return a sentence that says which, and why."""
    manifest = folder / "manifest.json"
    now, before = state(), {}
    if manifest.is_file():
        before = json.loads(manifest.read_text(encoding="utf-8"))["state"]
    old = [name for name in now if before.get(name) != now[name]]
    if not old:
        return said(manifest)
    manifest.unlink(missing_ok=True)
    try:
        source = fetch(folder.parent / "pyodide")
        folder.mkdir(parents=True, exist_ok=True)
        wheels = [name for name in pins()[1] if name.endswith(".whl")]
        command = [node(), HERE / "pack.mjs", source, ROOT, folder, ",".join(old), *wheels]
        packed = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, encoding="utf-8", check=False
        )
        if packed.returncode:
            raise Missing(f"packing failed: {packed.stderr.strip()[-2000:]}")
    except Missing as missing:
        shutil.rmtree(folder, ignore_errors=True)
        return f"The figures of these pages stand still: {missing}."
    for name in CORE:
        shutil.copyfile(source / name, folder / name)
    files = sorted(folder.iterdir())
    raw = {file.name: file.stat().st_size for file in files}
    # as a server sends them: a pack is compressed, the others it compresses on the way
    sent = {file.name: raw[file.name] if file.suffix == ".pack" else squeezed(file) for file in files}
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    about = {"state": now, "lock": {"info": lock["info"], "packages": {}}, "raw": raw, "sent": sent}
    manifest.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return said(manifest)


def squeezed(file: Path) -> int:
    """Return the size of a file compressed by gzip."""
    return len(gzip.compress(file.read_bytes(), mtime=0))


def said(manifest: Path) -> str:
    """Say what a page will fetch."""
    return f"The figures of these pages move: {megabytes(manifest):.1f} MB, fetched when a reader wants it."


def megabytes(manifest: Path) -> float:
    """Return how much a page fetches, in millions of bytes."""
    return sum(json.loads(manifest.read_text(encoding="utf-8"))["sent"].values()) / 1e6


if __name__ == "__main__":
    print(build(Path(sys.argv[1])), flush=True)
