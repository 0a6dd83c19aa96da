"""What the learner did is kept between runs, whatever happens to the file; tests leave the user's alone."""

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.exercises import lesson_03, progress, results
from helpers.exercises.predict import Prediction

OFF = os.environ.get("LESSONS_PROGRESS")


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A scratch file for results, in a folder that is not there yet; this process remembers nothing."""
    monkeypatch.setattr(results, "_memory", [])
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / "data" / "progress.jsonl"))
    return tmp_path / "data" / "progress.jsonl"


def test_this_run_leaves_the_users_own_progress_alone():
    assert OFF == "off" and results.file() is None
    assert subprocess.check_output(
        [sys.executable, "-c", "from helpers.exercises import results; print(results.file())"], text=True
    ) == "None\n"  # fmt: skip


# --- the file ---------------------------------------------------------------------------------------


def test_a_result_is_one_line_and_the_same_again_is_none(kept):
    for result in ("not yet", "not yet", "correct"):
        assert results.record("nll", result) == ""
    results.record("shift", "More for ε ≥ 1")
    results.record("shift", None)
    results.record("other", None)
    entries = [json.loads(line) for line in kept.read_text(encoding="ascii").splitlines()]
    assert entries[0] == {"name": "nll", "result": "not yet"}
    assert len(entries) == 4
    assert results.history() == {"nll": ["not yet", "correct"], "shift": ["More for ε ≥ 1", None]}
    if os.name != "nt":
        assert kept.stat().st_mode & 0o077 == 0, "others can read it"


WRITER = """
import os, sys, time
from helpers.exercises import results

name, like = sys.argv[1:]
write = os.write


def slow(handle, lines):
    if like == "Windows":
        os.lseek(handle, 0, os.SEEK_END)
    time.sleep(0.002)
    return write(handle, lines)


os.write = slow
if like == "Windows" and sys.platform != "win32":
    import fcntl, types

    def locking(handle, kind, size):
        at = os.lseek(handle, 0, os.SEEK_CUR)
        fcntl.lockf(handle, kind, size, at)

    sys.modules["msvcrt"] = types.SimpleNamespace(
        locking=locking, LK_NBLCK=fcntl.LOCK_EX | fcntl.LOCK_NB, LK_UNLCK=fcntl.LOCK_UN
    )
    sys.platform, os.O_APPEND = "win32", 0

print("ready", flush=True)
sys.stdin.readline()
for number in range(100):
    assert results.record(f"{name}-{number % 10}", f"{number} " + "x" * 200) == ""
"""


@pytest.mark.parametrize("like", ["here", "Windows"])  # where appending is two steps: imitated
def test_processes_that_write_at_once_lose_nothing(kept, like):
    start = [sys.executable, "-c", WRITER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([*start, name, like], **pipes) for name in "ab"]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.close()
    for process in processes:
        assert process.wait(60) == 0
        process.stdout.close()
    found = results.history()
    for name in "ab":
        for last in range(10):
            assert [int(r.split()[0]) for r in found[f"{name}-{last}"]] == list(range(last, 100, 10))


def test_threads_that_write_at_once_lose_nothing(kept):
    def write(name):
        for number in range(100):
            results.record(name, str(number))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.history() == {name: [str(number) for number in range(100)] for name in "abc"}


DAMAGE = {
    "cut off": b'{"name": "nll", "res',
    "binary": b"\x00\xff\xfe\x80\r\n\x00",
    "byte order mark": b"\xef\xbb\xbf",
    "blank": b"\n\n\n",
    "deep": b"[" * 100_000,
    "long number": b"1" * 5000,
    "a list": b"[1, 2]",
    "null": b"null",
    "name of another type": b'{"name": 3, "result": "correct"}',
    "result of another type": b'{"name": "nll", "result": ["correct"]}',
    "no result": b'{"name": "nll"}',
    "newer": b'{"format": 2, "results": {"nll": "correct"}}',
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("end", [b"", b"\n"], ids=["without its end", "with its end"])
def test_what_cannot_be_read_is_passed_over_and_left(kept, damage, end):
    results.record("before", "correct")
    with kept.open("ab") as file:
        file.write(damage + end)
    assert results.record("after", "correct") == ""
    assert results.history() == {"before": ["correct"], "after": ["correct"]}
    assert damage in kept.read_bytes()


def test_more_in_a_line_than_this_version_knows_is_no_damage(kept):
    kept.parent.mkdir()
    kept.write_text('{"name": "nll", "result": "correct", "seconds": 3, "v": 2}\n')
    assert results.history() == {"nll": ["correct"]}


def test_who_deletes_the_file_is_forgotten(kept):
    results.record("nll", "correct")
    kept.unlink()
    assert results.history() == {}
    results.record("nll", "correct")
    assert results.history() == {"nll": ["correct"]}, "and it goes on"


@pytest.mark.parametrize("obstacle", ["folder in its place", "file for its folder", "full", "half written"])
def test_a_file_that_cannot_be_written_is_said_once_and_made_up_for(kept, obstacle, monkeypatch, capsys):
    def full(handle, lines):
        raise OSError(28, "No space left")

    whole = os.write
    if obstacle == "folder in its place":
        kept.mkdir(parents=True)
    elif obstacle == "file for its folder":
        kept.parent.write_text("")
    with monkeypatch.context() as disk:
        if obstacle == "full":
            disk.setattr(os, "write", full)
        elif obstacle == "half written":
            disk.setattr(os, "write", lambda handle, lines: whole(handle, lines[:9]))
        lesson_03.nll.check(lambda f, label: 2)
        said = capsys.readouterr().out
        assert "This will be forgotten when the kernel stops" in said and str(kept) in said
        lesson_03.nll.check(lambda f, label: 1)
        assert results.record("shift", "All") == ""
        assert "forgotten" not in capsys.readouterr().out
        assert results.history() == {"nll": ["not yet"], "shift": ["All"]}
    if kept.is_dir():
        kept.rmdir()
    elif kept.parent.is_file():
        kept.parent.unlink()
    assert results.record("last", "correct") == ""
    assert results._memory == []
    assert results.history() == {"nll": ["not yet"], "shift": ["All"], "last": ["correct"]}


def test_a_folder_without_the_right_to_write(kept, monkeypatch):
    def refuse(path, *_):  # a folder's mode would not stop root, nor Windows
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(results.os, "open", refuse)
    assert "Permission denied" in results.record("nll", "correct")
    assert results.history() == {"nll": ["correct"]}


@pytest.mark.parametrize("value", ["off", "OFF", " ", ""])
def test_off_keeps_nothing_beyond_the_kernel(value, kept, monkeypatch, tmp_path):
    monkeypatch.setenv("LESSONS_PROGRESS", value)
    monkeypatch.chdir(tmp_path)
    assert results.file() is None
    assert results.record("nll", "correct") == ""
    assert results.history() == {"nll": ["correct"]}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("system", "variables", "folder"),
    [
        ("linux", {"XDG_DATA_HOME": ""}, "home/.local/share"),
        ("linux", {"XDG_DATA_HOME": "relative"}, "home/.local/share"),
        ("linux", {"XDG_DATA_HOME": "{}/data"}, "data"),
        ("darwin", {"XDG_DATA_HOME": "{}/data"}, "home/Library/Application Support"),
        ("win32", {"APPDATA": "{}/roaming"}, "roaming"),
        ("win32", {"APPDATA": ""}, "home/AppData/Roaming"),
    ],
)
def test_it_lies_where_the_system_keeps_a_users_data(system, variables, folder, tmp_path, monkeypatch):
    monkeypatch.delenv("LESSONS_PROGRESS")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    assert results.file() == tmp_path / folder / "why-cross-entropy" / "progress.jsonl"


def test_a_user_without_a_home_learns_all_the_same(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("LESSONS_PROGRESS")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "home", homeless)
    assert results.file() is None


# --- what is made of it -----------------------------------------------------------------------------

OPTIONS = {"Up": "it falls.", "Down": "so it does.", "Nothing": "it moves."}


def drop() -> Prediction:
    """The prediction as a new kernel makes it."""
    return Prediction("drop", "Where does it go?", OPTIONS, answer="Down")


@pytest.mark.parametrize("first", ["ask", "explain"])
def test_a_new_kernel_remembers_a_prediction(kept, first):
    drop().ask().committed = 0
    again = drop()
    getattr(again, first)()
    assert again.ask().committed == 0
    assert again.ask().message.startswith("In an earlier run you predicted A; the explanation")
    assert again.explain().message == "You predicted A, and A is not right."
    assert again.explain().body
    saved = drop().ask()._saved
    again.ask().committed = None
    assert drop().ask().committed is None, "taken back is taken back"
    assert drop().ask()._saved == saved, "what the notebook saves does not tell the choice"
    again.ask().committed = 1
    assert again.ask().message.startswith("Noted: you predict B.")
    assert drop().ask().committed == 1


def test_an_option_that_is_no_longer_offered_is_asked_anew(kept):
    results.record("drop", "Sideways")
    assert drop().ask().committed is None
    assert drop().explain().body == ""


def test_a_prediction_says_when_it_cannot_be_kept(kept):
    kept.mkdir(parents=True)
    one = drop()
    one.ask().committed = 1
    assert "has opened. (This will be forgotten when the kernel stops" in one.ask().message
    assert one.explain().body


def test_so_far_counts_what_was_solved_once_and_predictions_that_stand(kept):
    assert progress.so_far()["03"] == progress.Done(0, 5, 0, 6)
    lesson_03.nll.check(...)
    assert not kept.exists(), "an untouched exercise is no attempt"
    results.record("nll", "not yet")
    results.record("softmax_rows", "correct")
    results.record("softmax_rows", "not yet")
    results.record("shift", next(iter(lesson_03.shift.options)))
    results.record("one_more", "0.78")
    results.record("one_more", None)
    results.record("no such exercise", "correct")
    assert progress.so_far()["03"] == progress.Done(1, 5, 1, 6)
    assert {number for number, done in progress.so_far().items() if done.share} == {"03"}
    assert progress.file() == kept
