"""What a user has set up changes nothing of the lessons: settings of Matplotlib, IPython, Python, the shell.

Every test runs with the settings of tests/unwanted.matplotlibrc (conftest.py): whatever figure a test or a
lesson looks at is proof that they do not reach it. Here is what that cannot show.
"""

import re
import threading
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from helpers.explorers import Softmax
from helpers.figures.precision import units_in_the_last_place
from helpers.figures.style import STYLE, SettingsByContext, lesson_style, new_figure, static_svg

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
