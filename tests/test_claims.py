"""Every verdict of every lesson can fail, and the machinery that shows it finds every way not to show it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.claims import Sabotage
from tests.claims.running import examine, verdicts
from tools.notebooks import LESSONS, fix_environment

ROOT = Path(__file__).parent.parent
NUMBERS = sorted(path.name[:2] for path in LESSONS.glob("*.ipynb"))
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the sections are run in forked processes")


def test_every_verdict_of_every_lesson_can_fail():
    """In a process of its own, which can fork (it has one thread) and has the environment of kernels."""
    fix_environment()
    command = [sys.executable, "-m", "tests.claims"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    faults = [line for line in done.stdout.splitlines() if line.startswith("FAULT")]
    assert not faults and done.returncode == 0, "\n".join([*faults, done.stderr[-3000:]])
    assert re.findall(r"^lesson (\d\d):", done.stdout, re.M) == NUMBERS


# --- the machinery, on a lesson of two sections -----------------------------------------------------


def code(name, source, printed="", value=""):
    cell = new_code_cell(source, id=name)
    if printed:
        cell.outputs.append(new_output("stream", name="stdout", text=printed + "\n"))
    if value:
        cell.outputs.append(new_output("execute_result", {"text/plain": value}, execution_count=1))
    return cell


def toy():
    imports = code("imports", "import math\n\nscale = 2")
    imports.metadata["tags"] = ["imports"]
    figure = code("figure", "wide = scale * 2\nundefined_name.figure()")
    figure.outputs = [new_output("execute_result", {"image/svg+xml": "<svg/>", "text/plain": "True."})]
    cells = [
        code("colab", "this is never run"),
        imports,
        new_markdown_cell("## 1 A section"),
        code("data", "numbers = [1, 2, 3]\n\ndef double(x):\n    return 2 * x"),
        figure,
        code(
            "claim",
            "print('sums to 6:', sum(numbers) == 6)\nprint('wide:', wide == 4)",
            "sums to 6: True\nwide: True",
        ),
        code("value", "max(numbers) * scale", value="6"),
        new_markdown_cell("## 2 Another"),
        code("where", "best = max([1, 2], key=lambda x: -x)\nprint('greatest at', best)", "greatest at 1"),
    ]
    return new_notebook(cells=cells)


GOOD = [
    Sabotage("claim", "a number more", at="data", replace=("3]", "4]")),
    Sabotage("claim", "another scale", at="imports", replace=("scale = 2", "scale = 3")),
    Sabotage("where", "sign turned", replace=(": -x", ": x")),
    Sabotage("value", "least for greatest", replace=("max", "min"), claim="^6$"),
]


def faults(change=GOOD, no_verdicts=None, **more):
    return examine(toy(), change, no_verdicts or {}, **more).faults


def test_what_can_fail_has_no_fault():
    report = examine(toy(), GOOD, {})
    assert report.faults == []
    assert (report.verdicts, report.cells, len(report.tried)) == (3, 3, 4)


def without(n):
    return [one for place, one in enumerate(GOOD) if place != n]


@pytest.mark.parametrize(
    ("sabotages", "fault"),
    [
        (without(0), "claim: no sabotage flips the verdict 'True'"),
        (without(1), "claim: no sabotage flips the verdict 'True'"),
        (without(2), "where: no sabotage flips the verdict 'greatest at 1'"),
        ([*GOOD, Sabotage("nowhere", "unknown", replace=("a", "b"))], "nowhere: no code cell"),
        ([*GOOD, Sabotage("claim", "x", at="data", replace=("1, 2", "2, 1"))], "the verdict stands (x)"),
        ([*GOOD, Sabotage("claim", "x", replace=("== 6", "!= 6"))], "turns a comparison round"),
        ([*GOOD, Sabotage("claim", "x", at="data", replace=("5]", "4]"))], "stands 0 times in cell data"),
        ([*GOOD, Sabotage("claim", "x", at="data", replace=("x", "y"))], "stands 2 times in cell data"),
        ([*GOOD, Sabotage("claim", "x", at="where", replace=("1", "2"))], "where is no cell of its section"),
        ([*GOOD, Sabotage("claim", "x", at="data", replace=("3]", "'3']"))], "TypeError"),
        ([*GOOD, Sabotage("claim", "x", replace=("'wide:'", "True, True, 'wide:'"))], "4 verdicts"),
        ([*GOOD, Sabotage("value", "x", replace=("scale", "2 * scale"), claim="7")], "is not in the saved"),
        ([*GOOD, Sabotage("value", "x", replace=("* scale", "* 20"), claim="6")], "'6' still stands"),
        ([*GOOD, Sabotage("value", "x", replace=("* scale", "* 2"))], "value: the verdict stands"),
    ],
)  # fmt: skip
def test_what_cannot_fail_is_a_fault(sabotages, fault):
    found = faults(sabotages)
    assert len(found) == 1 and fault in found[0], found


def test_cells_can_be_exempt_but_not_for_nothing():
    assert faults(without(2), {"where": "says so for the test"}) == []
    assert "does not look like one" in faults(GOOD, {"data": "prints nothing"})[0]


def test_what_is_saved_must_be_what_runs():
    notebook = toy()
    notebook.cells[5].outputs[0].text = "sums to 6: True\nwide:  True\n"
    found = examine(notebook, GOOD, {}).faults
    assert len(found) == 1 and "unsabotaged it says" in found[0]


def test_a_helper_is_changed_wherever_it_was_imported_and_only_there():
    from helpers import softmax

    before = softmax.softmax
    source = "from helpers.softmax import softmax\n\nprint(round(float(softmax([0, 1])[1]), 3))"
    own = code("own", source, "0.731")
    notebook = new_notebook(cells=[code("imports", "import math"), new_markdown_cell("## 1 A"), own])
    by_text = Sabotage("own", "2ˣ for eˣ", helper="helpers.softmax.softmax", replace=("np.exp(", "np.exp2("))
    by_hand = Sabotage("own", "no softmax", patch={"helpers.softmax.softmax": lambda f: [0, 9]})
    report = examine(notebook, [by_text, by_hand], {})
    assert report.faults == []
    assert [output for _, output, _ in report.tried] == ["0.667", "9.0"]
    assert softmax.softmax is before


def test_what_is_a_verdict():
    assert verdicts("same: True, sums are 1: False") == ["True", "False"]
    said = "a: same to 1e-06: yes\nb: no (largest difference 0.1)\nthere is no maximum"
    assert verdicts(said) == ["yes", "no"]
    assert verdicts("[ True False]\n(True, 2)") == ["[ True False]", "True"]
    assert verdicts("f(x, keepdims=True)  'True'") == []
    assert verdicts("L is greatest at p = 0.70\nat least 3\nthe best of all") == ["L is greatest at p = 0.70"]
