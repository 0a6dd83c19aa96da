"""Lesson 00: the environment check names what is wrong, the explorer is right, the map is complete."""

import json
import re
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import scipy.special

from helpers import environment
from helpers.exercises.progress import Done, so_far
from helpers.explorers import Sigmoid
from helpers.figures import course_map

LESSONS = Path(__file__).parent.parent / "notebooks"
README = LESSONS.parent / "README.md"
NOTHING = {number: Done(0, 4, 0, 3) for number in course_map.LESSONS}


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
    assert numbers == set(course_map.LESSONS) == set(so_far())
    for number, (*_, needs) in course_map.LESSONS.items():
        assert all(other < number for other in needs)
    assert len({(x, y) for _, _, x, y, _ in course_map.LESSONS.values()}) == len(numbers)


def test_no_arrow_of_the_map_runs_through_a_box():
    ax = course_map.course_map(NOTHING).fig.axes[0]
    boxes = [p.get_bbox() for p in ax.patches if isinstance(p, course_map.FancyBboxPatch)]
    arrows = [(np.array(text.xyann), np.array(text.xy)) for text in ax.texts if not text.get_text()]
    assert len(arrows) == sum(len(needs) for *_, needs in course_map.LESSONS.values())
    for start, end in arrows:
        for way in np.linspace(0, 1, 50):
            assert not any(box.contains(*(start + way * (end - start))) for box in boxes)


def test_map_lessons_and_readme_say_the_same_minutes():
    in_map = {number: minutes for number, (_, minutes, *_) in course_map.LESSONS.items()}
    table = re.findall(r"^\| (\d\d) \|.*\| (\d+) \|$", README.read_text(encoding="utf-8"), flags=re.M)
    in_lessons = {}
    for path in LESSONS.glob("*.ipynb"):
        text = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        in_lessons[path.name[:2]] = int(re.search(r"\*\*Time:\*\* about (\d+) minutes", text)[1])
    assert {number: int(minutes) for number, minutes in table} == in_lessons
    assert in_map == {number: minutes for number, minutes in in_lessons.items() if number != "00"}


def test_lesson_00_and_readme_ask_the_same_questions():
    cells = json.loads((LESSONS / "00_start_here.ipynb").read_text(encoding="utf-8"))["cells"]
    here = "\n".join("".join(cell["source"]) for cell in cells)
    rows = r"^\| (0[1-9]) \|[^|]*\| ([^|]*\?) \|"
    asked = re.findall(rows, here, flags=re.M)
    assert len(asked) == len(course_map.LESSONS)
    assert asked == re.findall(rows, README.read_text(encoding="utf-8"), flags=re.M)


def texts(picture):
    """The texts of a map, box by box in the order of the lessons."""
    lines = [text.get_text() for text in picture.fig.axes[0].texts if text.get_text()]
    return [lines[at : at + 4] for at in range(0, len(lines), 4)]


def test_the_map_of_who_has_done_nothing():
    picture = course_map.course_map(NOTHING)
    assert picture.alt.endswith("06 and 08. No exercise is solved and no prediction made so far.")
    for number, box in zip(course_map.LESSONS, texts(picture), strict=True):
        assert box[0].startswith(number)
        assert box[2:] == ["0 of 4 exercises", "0 of 3 predictions"]
    assert course_map.course_map(NOTHING)._repr_mimebundle_() == picture._repr_mimebundle_()


def test_the_map_says_and_shows_what_was_done():
    picture = course_map.course_map(NOTHING | {"03": Done(2, 4, 3, 3), "07": Done(4, 4, 3, 3)})
    assert picture.alt.endswith(
        "09 builds on 06 and 08. Done so far: 03, 2 of 4 exercises and 3 of 3 predictions; "
        "07, 4 of 4 exercises and 3 of 3 predictions; nothing in the others."
    )
    assert texts(picture)[2][2:] == ["2 of 4 exercises", "3 of 3 predictions"]
    svg = picture._repr_mimebundle_()["image/svg+xml"]
    assert svg.count("3 of 3 predictions") == 2
    ax = picture.fig.axes[0]
    bars = [p for p in ax.patches if isinstance(p, course_map.Rectangle)]
    shares = [bar.get_width() / frame.get_width() for bar, frame in zip(bars[::2], bars[1::2], strict=True)]
    np.testing.assert_allclose(shares, [0, 0, 5 / 7, 0, 0, 0, 1, 0, 0])
    fills = [p.get_facecolor() for p in ax.patches if isinstance(p, course_map.FancyBboxPatch)]
    assert len({fills[0], fills[2], fills[6]}) == 3
    assert fills.count(fills[0]) == 7


def test_the_map_of_who_has_done_all():
    picture = course_map.course_map({number: Done(4, 4, 3, 3) for number in course_map.LESSONS})
    assert "09, 4 of 4 exercises and 3 of 3 predictions." in picture.alt
    assert "nothing" not in picture.alt


def test_no_text_on_the_map_leaves_its_box():
    fig = course_map.course_map({number: Done(10, 10, 10, 10) for number in course_map.LESSONS}).fig
    fig.draw_without_rendering()
    ax = fig.axes[0]
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, course_map.FancyBboxPatch)]
    for text in ax.texts:
        if text.get_text():
            inside = text.get_window_extent()
            assert any(box.x0 < inside.x0 and inside.x1 < box.x1 and box.y0 < inside.y0 < inside.y1 < box.y1
                       for box in boxes), text.get_text()  # fmt: skip
