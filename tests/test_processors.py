"""The simulated processors: a setting that is not in force is found, and whoever differs is heard."""

import os
import re
import subprocess
import sys

import pytest

from helpers.figures.style import lesson_style, new_figure, rounded, static_svg
from tools import processors
from tools.processors import ASK, PROCESSORS, not_in_force, number_tests

NATIVE = {"NumPy": ["X86_V2", "X86_V3"], "OpenBLAS": ["Haswell"], "PyTorch": "AVX2", "exp": "a", "MKL": "b"}
NEHALEM = {"NumPy": ["X86_V2"], "OpenBLAS": ["Nehalem"], "PyTorch": "DEFAULT", "exp": "c", "MKL": "d"}


def test_settings_in_force_are_believed():
    assert not_in_force("Nehalem", NATIVE, NEHALEM) == []
    assert not_in_force("Haswell", NATIVE, NATIVE) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"NumPy": ["X86_V2", "X86_V3"]}, "NumPy uses X86_V3"),
        ({"OpenBLAS": ["Haswell", "Nehalem"]}, "OpenBLAS runs as on Haswell, Nehalem"),
        ({"PyTorch": "AVX2"}, "PyTorch has the capability AVX2"),
        ({"MKL": "b"}, "MKL multiplies as without"),
    ],
)
def test_each_setting_that_is_ignored_is_named(found, said):
    assert not_in_force("Nehalem", NATIVE, NEHALEM | found) == [said]


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of other systems has no such variable")
def test_an_exp_that_rounds_as_before_is_named():
    assert not_in_force("Nehalem", NATIVE, NEHALEM | {"exp": "a"}) == [
        "exp of the C library rounds as without"
    ]


def test_at_least_three_processors_and_the_oldest_first():
    assert len(PROCESSORS) >= 3 and next(iter(PROCESSORS)) == "Nehalem"


def test_the_tests_that_compare_numbers_are_chosen_and_no_browser_test():
    chosen = number_tests()
    assert {"tests/test_losses.py", "tests/test_training_lesson.py", "tests/test_exercises.py"} <= set(chosen)
    assert not {"tests/test_browser.py", "tests/test_run.py", "tests/test_project.py"} & set(chosen)


@pytest.fixture
def imitated(monkeypatch):
    """Nothing is executed; what would be is noted with the processor that it would be executed on."""
    started, answers = (
        [],
        {None: NATIVE, "Nehalem": NEHALEM, "Sandybridge": NEHALEM | {"OpenBLAS": ["Sandybridge"]}},
    )
    answers["Haswell"] = NATIVE

    def call(command, cwd, env):
        started.append((env["OPENBLAS_CORETYPE"], command[2]))
        return 0

    monkeypatch.setattr(processors, "ask", lambda settings: answers[settings.get("OPENBLAS_CORETYPE")])
    monkeypatch.setattr(processors.subprocess, "call", call)
    monkeypatch.setattr(processors.platform, "machine", lambda: "x86_64")
    return started, answers


def test_lessons_and_tests_are_run_on_each(imitated, capsys):
    assert processors.main([]) == 0
    parts = ("tools.notebooks", "pytest")
    assert imitated[0] == [(name, part) for name in PROCESSORS for part in parts]
    assert capsys.readouterr().out.splitlines()[-1] == "All is the same."


def test_one_processor_and_only_the_lessons(imitated):
    assert processors.main(["Nehalem", "--lessons"]) == 0
    assert imitated[0] == [("Nehalem", "tools.notebooks")]


def test_what_differs_or_is_not_in_force_fails(imitated, monkeypatch, capsys):
    imitated[1]["Nehalem"] = NEHALEM | {"PyTorch": "AVX2"}
    assert processors.main(["Nehalem", "--lessons"]) == 1
    assert "== Nehalem: PyTorch has the capability AVX2" in capsys.readouterr().out
    monkeypatch.setattr(processors.subprocess, "call", lambda *_, **__: 1)
    assert processors.main(["Sandybridge"]) == 1


def test_an_unknown_processor_and_another_machine_get_a_sentence(imitated, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        processors.main(["Pentium"])
    assert "there is no processor 'Pentium'" in capsys.readouterr().err
    monkeypatch.setattr(processors.platform, "machine", lambda: "arm64")
    with pytest.raises(SystemExit):
        processors.main([])
    assert "this is arm64" in capsys.readouterr().err


def test_the_question_is_answered_here():
    said = subprocess.check_output([sys.executable, "-c", ASK], env=os.environ, text=True)
    assert all(f'"{key}"' in said for key in NATIVE)


def test_what_is_saved_of_a_figure_does_not_hang_on_the_last_bit_of_its_layout():
    @lesson_style()
    def drawn(tiny):
        fig = new_figure(3, 3)
        fig.set_layout_engine(None)
        ax = fig.add_axes((0.1 + tiny, 0.1, 0.8, 0.8))
        ax.plot([0.5, 1, 0.3, 0.5 + tiny], [0.5, 1, 1, 0.5])
        ax.set(xlim=(0, 1), ylim=(0, 1))
        return static_svg(fig)

    first, second = drawn(0.0), drawn(2e-15)
    assert rounded(drawn(1e-3)) != rounded(first), "what is seen does count"
    assert rounded(first) == rounded(second)
    used, there = (
        set(re.findall(form, rounded(first))) for form in (r"url\(#(\w+)\)", r'<clipPath id="(\w+)"')
    )
    assert used == there != set()


def test_a_line_that_ends_where_it_began_is_closed_and_no_other():
    closed, still_closed, opened = (f'<path d="M 1.00 2.00 \nL 3.00 4.00 \nL {end}"/>' for end in
                                    ("1.00 2.00 \n", "1.00 2.00 \nz\n", "1.00 2.50 \n"))  # fmt: skip
    assert rounded(closed) == rounded(still_closed) == still_closed
    assert rounded(opened) == opened
