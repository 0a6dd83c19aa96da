"""What a user has set up changes nothing of the lessons: settings of Matplotlib, IPython, Python, the shell.

Every test runs with the settings of tests/unwanted.matplotlibrc (conftest.py): whatever figure a test or a
lesson looks at is proof that they do not reach it. Here is what that cannot show.
"""

import os
import re
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest
from matplotlib import pyplot as plt
from nbformat.v4 import new_code_cell, new_notebook

from helpers.explorers import Softmax
from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.precision import units_in_the_last_place
from helpers.figures.style import STYLE, SettingsByContext, lesson_style, new_figure, static_svg
from tools.notebooks import COLAB, LOOPBACK, UNWANTED, fix_environment

ROOT = Path(__file__).parent.parent


# --- Matplotlib -------------------------------------------------------------------------------------


def test_the_tests_run_with_settings_that_nobody_wants():
    assert mpl.rcParams["text.usetex"] and mpl.rcParams["axes.facecolor"] == "black"
    assert mpl.rcParams["svg.fonttype"] == "path" and mpl.rcParams["lines.linewidth"] == 7


def test_a_style_set_while_an_explorer_lives_changes_neither_it_nor_the_next_one():
    moved = Softmax()
    moved.set(f0=2.0)
    still, live = moved.figure.static_svg, moved.figure.live_svg
    with mpl.rc_context():
        explorer, picture = Softmax(), units_in_the_last_place()
        plt.style.use("ggplot")
        mpl.rcParams.update({"axes.formatter.limits": (-9, 9), "mathtext.default": "bf", "font.size": 3})
        explorer.set(f0=2.0)
        another = Softmax(f0=2.0)
        for one in (explorer, another):
            assert (one.figure.static_svg, one.figure.live_svg) == (still, live)
        assert mpl.rcParams["font.size"] == 3, "the learner's own settings stay"
        drawn = picture._repr_mimebundle_()
    assert drawn == units_in_the_last_place()._repr_mimebundle_()


class Anew(Explorer):
    """An explorer that makes an artist at every move, and draws its axes anew."""

    controls = {"x": Slider("x", 1.0, 0.0, 2.0, 0.5)}

    @staticmethod
    def compute(c):
        return c

    def draw(self, fig):
        self.axes = fig.add_subplot()
        return {"point": self.axes.plot([0], [0], "o")[0]}

    def update(self, live, view):
        self.axes.clear()
        self.axes.add_line(live["point"])
        self.axes.text(0.5, 0.5, "made at a move")
        self.axes.set(xlim=(0, 1 + view.x))

    def redraw_key(self, view):
        return view.x

    @staticmethod
    def describe(view):
        return f"x is {view.x}."


def test_what_is_made_at_a_move_looks_as_the_rest_and_the_axes_stay_where_they_are():
    moved = Anew()
    before = moved.axes.get_position().bounds
    moved.set(x=2.0)
    moved.set(x=1.5)
    assert "white" not in moved.saved_svg() and "made at a move</text>" in moved.saved_svg()
    assert moved.axes.get_position().bounds == before


def test_what_a_thread_draws_and_what_a_cell_sets_meanwhile_do_not_meet():
    explorer, wanted, seen, stop = Softmax(), Softmax(f0=1.0).figure.live_svg, set(), threading.Event()

    def draw():
        while not stop.is_set():
            explorer.set(f0=0.0)
            explorer.set(f0=1.0)
            seen.add(explorer.figure.live_svg)

    thread = threading.Thread(target=draw)
    with mpl.rc_context():
        thread.start()
        try:
            for i in range(300):
                mpl.rcParams["lines.linewidth"] = i
                with mpl.rc_context({"lines.linewidth": -1.0}):
                    assert mpl.rcParams["lines.linewidth"] == -1
                assert mpl.rcParams["lines.linewidth"] == i
        finally:
            stop.set()
            thread.join()
    assert seen == {wanted}


def test_inside_the_style_a_context_of_matplotlibs_own_ends_as_it_began():
    before = dict(mpl.rcParams.copy())
    with lesson_style():
        assert mpl.rcParams["font.size"] == STYLE["font.size"] == 12
        with mpl.rc_context({"font.size": 4}):
            assert mpl.rcParams["font.size"] == 12
        assert dict(mpl.rcParams.copy()) == before
        with pytest.raises(KeyError):
            mpl.rcParams["no.such.setting"]
    assert dict(mpl.rcParams.copy()) == before and isinstance(mpl.rcParams, SettingsByContext)


def test_a_figure_of_ones_own_looks_as_one_has_set_it():
    with mpl.rc_context({"text.usetex": False, "lines.linewidth": 4.5}):
        new_figure(1, 1)
        line = plt.figure().add_subplot().plot([0, 1])[0]
        plt.close()
    assert line.get_linewidth() == 4.5


def test_only_the_style_touches_matplotlibs_settings():
    for path in (ROOT / "helpers").rglob("*.py"):
        touches = re.findall(r"rcParams|rc_context|pyplot", path.read_text(encoding="utf-8"))
        assert not touches or path.name == "style.py", f"{path.name}: use lesson_style, not {touches[0]}"


def test_a_thread_that_never_entered_the_style_draws_as_the_others():
    made = []
    thread = threading.Thread(target=lambda: made.append(static_svg(Softmax().fig)))
    thread.start()
    thread.join()
    assert made == [static_svg(Softmax().fig)]


# --- IPython, Python, the shell -----------------------------------------------------------------------


HOSTILE = """
import os
import sys

import numpy as np
from matplotlib import rcParams
from helpers.figures.style import GREY

print(np.array([1.0, 0.25]), rcParams["font.size"], GREY, sys.flags.optimize, np.float64(2))
np.float64(2)
"""


def test_kernels_of_the_tools_know_nothing_of_the_users_profile_and_variables(tmp_path):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    legacy = (
        "import numpy\nnumpy.set_printoptions(floatmode='fixed', sign=' ', legacy='1.25')\nprint('mine')\n"
    )
    (startup / "00.py").write_text(legacy, encoding="utf-8")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "helpers.py").write_text("raise RuntimeError('not this one')", encoding="utf-8")
    cells = [new_code_cell(COLAB, id="colab"), new_code_cell(HOSTILE)]
    nbformat.write(new_notebook(cells=cells), tmp_path / "small.ipynb")
    users = {
        "IPYTHONDIR": str(tmp_path / "ipython"), "MATPLOTLIBRC": os.environ["MATPLOTLIBRC"],
        "PYTHONPATH": str(tmp_path / "path"), "PYTHONOPTIMIZE": "2", "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9", "no_proxy": "example.org", "NO_PROXY": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "tools.notebooks", str(tmp_path / "small.ipynb")]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | users, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    start, said = nbformat.read(tmp_path / "small.ipynb", 4).cells
    assert start.outputs == []
    assert [output.get("text") or output.data["text/plain"] for output in said.outputs] == [
        "[1.   0.25] 10.0 #6b6b6b 0 2.0\n", "np.float64(2.0)",
    ]  # fmt: skip


def test_the_tests_themselves_run_without_them():
    assert not set(UNWANTED) & set(os.environ)
    assert os.listdir(os.environ["IPYTHONDIR"]) in ([], ["profile_default"])
    assert LOOPBACK in os.environ["no_proxy"] and LOOPBACK in os.environ["NO_PROXY"]


def test_the_loopback_is_reached_past_a_proxy(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "example.org")
    assert not urllib.request.proxy_bypass("127.0.0.1")
    fix_environment()
    for host in ("127.0.0.1", "localhost", "example.org"):
        assert urllib.request.proxy_bypass(host)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_check_in_a_console_that_knows_few_letters_is_said_with_what_it_has(encoding):
    code = (
        "from helpers.exercises.lesson_03 import nll; print(callable(nll.check(lambda f, label: f[label])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode(encoding)
    assert "nll" in said and said.endswith("True\n")
