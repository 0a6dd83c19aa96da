"""What the learner has done so far, kept between runs: the one place where results are recorded and read.

They are kept in one small file, `progress.jsonl`, in the user's own data folder, because the folder of the
course may be read-only and shared by a class, and is replaced by the next version. Each line is one result,

    {"name": "softmax_rows", "result": "not yet", "mistake": "summed along the wrong axis"}
    {"name": "softmax_rows", "result": "correct"}

the latest last: of an exercise the verdict and the name of the mistake, if it was recognised, never the
answer itself; of a prediction the option, and `null` where it was taken back. Lines are only ever added,
each in one step, so two notebooks may write at once; a line that cannot be read is passed over and left.

The environment variable LESSONS_PROGRESS names another file; with `off` nothing outlives the kernel.
"""

import contextlib
import errno
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """One result; `mistake` is the name of the one that a check recognised."""

    name: str
    result: str | None
    mistake: str | None = None


_said: dict[str, str] = {}  # what the latest check of each exercise said in this kernel
_memory: list[bytes] = []  # lines that are not in the file, because there is none or it cannot be written
_lock = threading.Lock()  # callbacks of widgets run beside cells


def file() -> Path | None:
    """Return where results are kept between runs, None if nowhere; whoever deletes the file forgets them."""
    named = os.environ.get("LESSONS_PROGRESS")
    if named is None and sys.platform == "emscripten":  # JupyterLite's drive, which
        return Path("progress.txt").absolute()  # the browser keeps; a .jsonl stops its kernel for good
    try:
        if named is None:
            return _data_folder() / "why-cross-entropy" / "progress.jsonl"
        return None if named.strip().lower() in ("", "off") else Path(named).expanduser()
    except RuntimeError:  # no home folder
        return None


def history() -> dict[str, list[str | None]]:
    """Return all results of each exercise and prediction tried, by name (unique in the course)."""
    found = {}
    for entry in entries():
        found.setdefault(entry.name, []).append(entry.result)
    return found


def entries() -> list[Entry]:
    """Return all results in their order, with the mistakes that were recognised."""
    return read(b"\n".join([_content(file()), *_memory]))[0]


def read(content: bytes) -> tuple[list[Entry], int]:
    """Return the results in the content of a file, and how many of its lines could not be read."""
    found, damaged = [], 0
    for line in content.splitlines():
        entry = None
        with contextlib.suppress(ValueError, RecursionError):
            entry = json.loads(line)
        name, result = (entry.get("name"), entry.get("result", 0)) if isinstance(entry, dict) else (0, 0)
        if isinstance(name, str) and isinstance(result, str | None):
            mistake = entry.get("mistake")
            found.append(Entry(name, result, mistake if isinstance(mistake, str) else None))
        else:
            damaged += bool(line.strip())
    return found, damaged


def record(name: str, result: str | None, mistake: str | None = None, said: str = "") -> str:
    """Keep a result unless it is the latest already; return what the learner must be told, "" as a rule.

    The same verdict counts as another try where the check said something else this time: another answer was
    wrong in another way. The same cell run again, also in a new kernel, is no try.
    Where the file cannot be written the result is kept in memory, and the learner is told the first time.
    """
    with _lock:
        latest = [entry for entry in entries() if entry.name == name][-1:] or [Entry(name, None)]
        before, _said[name] = _said.get(name, said), said
        if latest[0] == Entry(name, result, mistake) and before == said:
            return ""
        where, first = file(), not _memory
        entry = {"name": name, "result": result} | ({"mistake": mistake} if mistake else {})
        _memory.append(json.dumps(entry).encode() + b"\n")
        if where is None:
            return ""
        try:
            _append(where, b"".join(_memory))
        except OSError as error:
            said = f"(This will be forgotten when the kernel stops: {where}: {error.strerror}.)"
            return said if first else ""
        _memory.clear()
        return ""


def _content(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else b""
    except OSError:
        return b""


def _append(path: Path, lines: bytes) -> None:
    """Add `lines` to the end of the file at once, where need be after ending a line that was cut off."""
    if _content(path)[-1:] not in (b"", b"\n"):
        lines = b"\n" + lines
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    end = os.open(path, flags, 0o600)
    try:
        with _alone(end):
            if os.write(end, lines) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(end)


@contextlib.contextmanager
def _alone(handle: int) -> Iterator[None]:
    """Keep other processes from writing to the file meanwhile: O_APPEND does not do so on Windows."""
    if sys.platform != "win32":
        yield
        return
    import msvcrt

    def lock(kind: int) -> None:
        os.lseek(handle, 2**30, os.SEEK_SET)  # a byte that is never written: others cannot read locked ones
        msvcrt.locking(handle, kind, 1)

    for tries_left in reversed(range(500)):
        try:
            lock(msvcrt.LK_NBLCK)  # LK_LOCK would sleep for a whole second
            break
        except OSError:
            if not tries_left:
                raise
            time.sleep(0.01)
    try:
        yield
    finally:
        lock(msvcrt.LK_UNLCK)


def _data_folder() -> Path:
    """Return the folder in which this system's programs keep a user's data."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    named = Path(os.environ.get("XDG_DATA_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".local" / "share"
