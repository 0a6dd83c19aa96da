"""Lesson 00: the environment check names what is wrong, the explorer is right, the map is complete."""

from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import scipy.special

from helpers import environment
from helpers.explorers import Sigmoid
from helpers.figures import course_map

LESSONS = Path(__file__).parent.parent / "notebooks"


def test_the_right_environment_gets_one_line(capsys):
    environment.check_environment()
    said = capsys.readouterr().out
    assert said.startswith("Everything is as it should be") and said.count("\n") == 1


def test_what_is_wrong_is_named_with_the_line_that_mends_it(tmp_path, capsys, monkeypatch):
    pins = tmp_path / "requirements.txt"
    pins.write_text(f"numpy==0.0.1\nno-such-package==1.0\nmatplotlib=={metadata.version('matplotlib')}\n")
    monkeypatch.setattr(environment, "SUPPORTED", ((3, 2), (3, 3)))
    environment.check_environment(pins)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3
    assert "Python is" in said[0] and "python3 run.py lab" in said[0]
    assert f"numpy has version {np.__version__}, and 0.0.1 is expected" in said[1]
    assert '%pip install "numpy==0.0.1"' in said[1]
    assert "no-such-package is missing, and 1.0 is expected" in said[2]


def test_a_build_for_the_cpu_counts_as_the_version_that_it_is(tmp_path, capsys, monkeypatch):
    pins = tmp_path / "requirements.txt"
    pins.write_text("torch==2.13.0\n")
    monkeypatch.setattr(metadata, "version", lambda name: "2.13.0+cpu")
    environment.check_environment(pins)
    assert "Everything" in capsys.readouterr().out


@pytest.mark.parametrize("x", [-3.0, 0.0, 2.5])
def test_the_practice_explorer_shows_the_sigmoid(x):
    live = Sigmoid(x=x)
    np.testing.assert_allclose(live._live["point"].get_xydata(), [[x, scipy.special.expit(x)]])
    live.set(curve="hyperbolic tangent", guide=False)
    np.testing.assert_allclose(live._live["point"].get_xydata(), [[x, np.tanh(x)]])
    assert not live._live["guide"].get_visible()


def test_dragging_the_point_moves_it_along_the_axis():
    live = Sigmoid()
    point = live._live["point"]
    across, up = point.axes.transData.transform((-2.3, 0.4))
    live.figure.pointer = {"handle": "point", "x": across, "y": live.fig.bbox.height - up}
    assert live.state().x == -2.3


def test_the_map_has_every_lesson_and_no_arrow_back():
    numbers = {path.name[:2] for path in LESSONS.glob("*.ipynb")} - {"00"}
    assert numbers <= set(course_map.LESSONS)
    for number, (_, _, column, _, needs) in course_map.LESSONS.items():
        for other in needs:
            assert other < number and course_map.LESSONS[other][2] <= column
