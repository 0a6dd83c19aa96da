"""The results of a class: what is recorded of a try, and the table and page made of many learners' files."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.exercises import lesson_03, results
from helpers.exercises.check import CORRECT, WRONG
from helpers.exercises.page import check as check_on_page
from helpers.exercises.results import Entry
from helpers.softmax import softmax
from tools import results as collected

WRONG_AXIS = "summed along the wrong axis"
SHIFT = list(lesson_03.shift.options)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "_memory", [])
    monkeypatch.setattr(results, "_said", {})
    monkeypatch.setenv("LESSONS_PROGRESS", str(tmp_path / "own" / "progress.jsonl"))
    return tmp_path / "own" / "progress.jsonl"


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


# --- what is recorded -------------------------------------------------------------------------------


def test_the_name_of_the_mistake_is_recorded_and_nothing_of_the_answer(kept):
    lesson_03.softmax_rows.check(lambda f: softmax(f, axis=0))
    lesson_03.softmax_rows.check(lambda f: softmax(f, axis=1) + 0.1)
    lesson_03.softmax_rows.check(lesson_03.softmax)
    assert lines(kept)[0] == {"name": "softmax_rows", "result": WRONG, "mistake": WRONG_AXIS}
    assert all(set(line) <= {"name", "result", "mistake"} for line in lines(kept))


def test_another_verdict_is_another_try_and_the_same_again_is_none(kept):
    def answer(wrong):
        return lambda f: softmax(f, axis=1) + wrong * (f > 0)

    for wrong in (0.1, 0.1, 0.2, 0.2, 0.1):  # the counter-example shows another number
        lesson_03.softmax_rows.check(answer(wrong))
    assert results.history() == {"softmax_rows": [WRONG] * 3}
    results._said.clear()  # as in a new kernel
    lesson_03.softmax_rows.check(answer(0.1))
    assert len(lines(kept)) == 3


def test_a_mistake_of_another_type_in_the_file_is_no_mistake():
    found, damaged = results.read(b'{"name": "a", "result": "not yet", "mistake": 3}\n\nnothing\n')
    assert (found, damaged) == ([Entry("a", WRONG, None)], 1)


def test_a_page_is_told_the_mistake():
    task = {
        "lesson": "class", "name": "softmax_rows",
        "check": "softmax_rows = ex.softmax_rows.check(softmax_rows)",
        "imports": "import numpy as np\nfrom helpers.exercises import lesson_03 as ex",
        "answer": "def softmax_rows(f):\n    e = np.exp(f)\n    return e / e.sum(axis=0)",
    }  # fmt: skip
    got = check_on_page(task)
    assert (got["result"], got["mistake"]) == (WRONG, WRONG_AXIS)
    right = task["answer"].replace("axis=0", "axis=1, keepdims=True")
    assert check_on_page(task | {"answer": right})["mistake"] is None


# --- the class --------------------------------------------------------------------------------------

CLASS = {
    "a": [
        {"name": "softmax_rows", "result": WRONG, "mistake": WRONG_AXIS},
        {"name": "softmax_rows", "result": WRONG},
        {"name": "softmax_rows", "result": CORRECT},
        {"name": "softmax_rows", "result": WRONG},  # a later experiment
        {"name": "shift", "result": lesson_03.shift.answer},
    ],
    "b": [
        {"name": "softmax_rows", "result": WRONG, "mistake": WRONG_AXIS},
        {"name": "shift", "result": next(o for o in SHIFT if o != lesson_03.shift.answer)},
        {"name": "shift", "result": None},
        {"name": "shift", "result": lesson_03.shift.answer},
    ],
    "=c<b>": [
        {"name": "softmax_rows", "result": WRONG, "mistake": "<script>alert(1)</script>"},
        {"name": "old", "result": "x"},
    ],
}


@pytest.fixture
def homes(tmp_path):
    for name, entries in CLASS.items():
        file = tmp_path / "home" / name / "data" / "progress.jsonl"
        file.parent.mkdir(parents=True)
        file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return tmp_path / "home"


def test_files_of_a_class_become_a_table_and_a_page(homes, tmp_path, capsys):
    (homes / "a" / "data" / "progress.jsonl").open("ab").write(b'{"name": "nll", "res\n\x00\xff\n')
    (homes / "empty").mkdir()
    files = [str(homes / "*" / "data" / "progress.jsonl"), str(homes / "gone.jsonl"), str(homes / "empty")]
    assert collected.main([*files, "--into", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "2 of 7 lines cannot be read; passed over" in said
    assert "gone.jsonl: No such file" in said and "empty: " in said and "this course has no old" in said
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * len(collected.known())
    got = {
        (row["learner"].split("/")[0], row["name"]): (row["state"], row["tries"], row["mistakes"])
        for row in rows if row["state"]
    }  # fmt: skip
    wrong = CLASS["b"][1]["result"]
    assert got == {
        ("a", "softmax_rows"): ("solved", "3", f"{WRONG_AXIS} (1)"),
        ("a", "shift"): ("right", "1", ""),
        ("b", "softmax_rows"): ("not yet", "1", f"{WRONG_AXIS} (1)"),
        ("b", "shift"): ("wrong", "2", f"{wrong} (1)"),
        ("'=c<b>", "softmax_rows"): ("not yet", "1", "<script>alert(1)</script> (1)"),
    }
    page = (tmp_path / "out" / "results.html").read_text(encoding="utf-8")
    assert "<script" not in page and "=c&lt;b&gt;" in page
    assert "http" not in page and "src=" not in page, "it fetches nothing"


def test_the_commonest_mistake_is_the_one_that_most_learners_made():
    entries = {
        "a": [Entry("softmax_rows", WRONG, "rare")] * 5,
        "b": [Entry("softmax_rows", WRONG, "common")],
        "c": [Entry("softmax_rows", WRONG, "common"), Entry("softmax_rows", CORRECT)],
    }
    one = next(task for task in collected.summary(collected.table(entries)) if task.name == "softmax_rows")
    assert (one.mistake, one.made_by, one.tried, one.done, one.tries) == ("common", 2, 3, 1, 2)


def test_learners_are_called_by_what_tells_their_files_apart(tmp_path):
    def called(*names):
        return list(collected.learners([tmp_path / name for name in names]).values())

    assert called("ann/data/progress.jsonl", "bob/data/progress.jsonl") == ["ann", "bob"]
    assert called("ann.jsonl", "bob (2).jsonl") == ["ann", "bob (2)"]
    assert called("1/ann/p.jsonl", "2/ann/p.jsonl", "2/bob/p.jsonl") == ["1/ann", "2/ann", "2/bob"]
    assert called("ann.jsonl") == ["ann"]
    assert called("ann/p.jsonl", "p.jsonl") == ["ann", "p"]


def test_without_a_readable_file_nothing_is_written(tmp_path, capsys):
    assert collected.main([str(tmp_path / "none.jsonl"), "--into", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


# --- the same on the web pages ----------------------------------------------------------------------

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_the_pages_record_the_same_lines():
    script = (Path(__file__).parents[1] / "docs" / "static" / "learn.js").read_text(encoding="utf-8")
    part = script.partition("// --- what was done")[2].partition("// --- predictions")[0]
    part = part.partition("\n")[2]
    tries = [("not yet", "axis", "x")] * 2 + [("not yet", "axis", "y"), ("not yet", None, "z")]
    tries += [("correct", None, ""), ("correct", None, "")]
    calls = "".join(f"record('e', {', '.join(map(json.dumps, one))});" for one in tries)
    stubs = "const STORE = 'x', localStorage = undefined, dispatchEvent = () => {}; class Event {};"
    shown = "console.log(lines()); console.log(JSON.stringify(history()));"
    said = subprocess.check_output([NODE, "-e", f"{stubs}{part}{calls}{shown}"], text=True).split("\n")
    for result, mistake, words in tries:
        results.record("e", result, mistake, words)
    own = [entry._asdict() for entry in results.entries()]
    assert [{"mistake": None} | json.loads(line) for line in said[:4]] == own
    assert json.loads(said[5]) == results.history() == {"e": ["not yet"] * 3 + ["correct"]}
