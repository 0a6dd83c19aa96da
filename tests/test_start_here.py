"""Lesson 00: the environment check names what is wrong, the explorer is right, the map is complete."""

import json
import math
import re
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import scipy.special

from helpers import environment
from helpers.exercises import start_here
from helpers.exercises.progress import so_far
from helpers.explorers import FirstLoss, Sigmoid
from helpers.figures import course_map
from helpers.figures.course_map import Done
from helpers.figures.lessons import lessons
from helpers.figures.text import short
from tools import minutes
from tools.minutes import with_minutes

LESSONS = Path(__file__).parent.parent / "notebooks"
README = LESSONS.parent / "README.md"
NOTHING = {number: Done(0, 4, 0, 3) for number in course_map.PLACES}


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


@pytest.mark.parametrize("g", [0.001, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("loss", ["−ln g", "(1 − g)²"])
def test_the_first_loss_is_what_its_name_says_in_figure_and_sentence(g, loss):
    live = FirstLoss(g=g, loss=loss, other=True)
    value = {"−ln g": -math.log(g), "(1 − g)²": (1 - g) ** 2}[loss]
    np.testing.assert_allclose(live._live["point"].get_xydata(), [[g, value]], atol=1e-12)
    x, y = live._live["curve"].get_xydata().T
    assert value == pytest.approx(np.interp(g, x, y), rel=0.01, abs=1e-3)
    heights = [bar.get_height() for bar in live._live["bar"]]
    assert heights == pytest.approx([g, 0.75 * (1 - g), 0.25 * (1 - g)])
    assert f"the loss {loss} is {short(value)}." in live.figure.sentence
    live.set(other=False)
    assert not live._live["other"].get_visible() and "other" not in live.figure.sentence


@pytest.mark.parametrize("handle", ["grip", "point"])
def test_bar_and_point_of_the_first_loss_set_the_probability(handle):
    live = FirstLoss()
    artist = live._live[handle]
    x, y = artist.axes.transData.transform((0.123, 0.123))
    live.figure.pointer = {"handle": handle, "x": x, "y": live.fig.bbox.height - y}
    assert live.state().g == 0.123


def test_the_numbers_of_the_prediction():
    prediction = start_here.ten_times_less
    said = f"{prediction.question} {prediction.options}"
    for number in (-math.log(0.1), -math.log(0.01), 0.9**2, 0.99**2):
        assert f"{number:.1f}" in said or f"{number:.2f}" in said
    assert prediction.answer.startswith(f"Twice as much, {-math.log(0.01):.1f}")
    assert all(why.endswith((".", ")")) for why in prediction.options.values())
    assert len(set(prediction.options.values())) == 4


def test_the_map_has_every_lesson_and_no_arrow_back():
    numbers = {number for number, lesson in lessons().items() if not lesson.appendix} - {"00"}
    assert numbers == set(course_map.PLACES) == set(so_far())
    for number, (*_, needs) in course_map.PLACES.items():
        assert all(other < number for other in needs)
    assert len({(x, y) for x, y, _ in course_map.PLACES.values()}) == len(numbers)


def test_no_arrow_of_the_map_runs_through_a_box():
    ax = course_map.course_map(NOTHING).fig.axes[0]
    boxes = [p.get_bbox() for p in ax.patches if isinstance(p, course_map.FancyBboxPatch)]
    arrows = [(np.array(text.xyann), np.array(text.xy)) for text in ax.texts if not text.get_text()]
    assert len(arrows) == sum(len(needs) for *_, needs in course_map.PLACES.values())
    for start, end in arrows:
        for way in np.linspace(0, 1, 50):
            assert not any(box.contains(*(start + way * (end - start))) for box in boxes)


def test_the_readme_says_the_minutes_of_the_lessons():
    text = README.read_text(encoding="utf-8")
    assert with_minutes(text) == text, "run: python -m tools.minutes"
    assert re.findall(r"^\| (\d\d) \|", text, flags=re.M) == list(lessons())


def test_a_lesson_says_its_title_and_its_minutes(tmp_path):
    box = "> - **You need** nothing.\n> - **Time** core 27 minutes; second reading 12; exercises 25."
    for name, said in {"03_a": box, "04_b": "> - **Time** core 8 minutes.", "10_c": "no time"}.items():
        title = f"# {name[:2]} · {'Appendix: more' if name == '10_c' else 'Title'}\n\nWords."
        cells = [{"cell_type": "markdown", "source": [text]} for text in (title, said)]
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    known = lessons(tmp_path)
    assert [(one.core, one.second, one.exercises) for one in known.values()] == [
        (27, 12, 25),
        (8, 0, 0),
        (0, 0, 0),
    ]
    assert [one.appendix for one in known.values()] == [False, False, True]
    assert (known["03"].title, known["03"].file) == ("Title", "03_a.ipynb")
    assert [minutes.cell(one) for one in known.values()] == [" 27 + 12 |", " 8 |", " – |"]


def test_every_box_of_the_map_is_a_link_to_its_lesson():
    made = course_map.course_map(NOTHING)
    shown = made._repr_mimebundle_()["text/html"]
    links = re.findall(r'<a href="(.*?)" title="(.*?)" style="(.*?)"></a>', shown)
    assert [file for file, _, _ in links] == [one.file for one in lessons().values() if one.number in NOTHING]
    boxes = [p for p in made.fig.axes[0].patches if isinstance(p, course_map.FancyBboxPatch)]
    for (_, says, style), box in zip(links, boxes, strict=True):
        assert says[:5] in [f"{number} · " for number in NOTHING]
        left, top, width, height = (float(share) / 100 for share in re.findall(r"([\d.]+)%", style))
        at, size = box.get_window_extent(), made.fig.bbox.size
        np.testing.assert_allclose([left * size[0], (1 - top) * size[1]], [at.x0, at.y1], atol=1)
        np.testing.assert_allclose([width * size[0], height * size[1]], [at.width, at.height], atol=1)


def test_lesson_00_and_readme_ask_the_same_questions():
    cells = json.loads((LESSONS / "00_start_here.ipynb").read_text(encoding="utf-8"))["cells"]
    here = "\n".join("".join(cell["source"]) for cell in cells)
    rows = r"^\| (0[1-9]) \|[^|]*\| ([^|]*\?) \|"
    asked = re.findall(rows, here, flags=re.M)
    assert len(asked) == len(course_map.PLACES)
    assert asked == re.findall(rows, README.read_text(encoding="utf-8"), flags=re.M)


def texts(picture):
    """The texts of a map, box by box in the order of the lessons."""
    lines = [text.get_text() for text in picture.fig.axes[0].texts if text.get_text()]
    return [lines[at : at + 4] for at in range(0, len(lines), 4)]


def test_the_map_of_who_has_done_nothing():
    picture = course_map.course_map(NOTHING)
    assert picture.alt.endswith("06 and 08. No exercise is solved and no prediction made so far.")
    for number, box in zip(course_map.PLACES, texts(picture), strict=True):
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
    picture = course_map.course_map({number: Done(4, 4, 3, 3) for number in course_map.PLACES})
    assert "09, 4 of 4 exercises and 3 of 3 predictions." in picture.alt
    assert "nothing" not in picture.alt


def test_no_text_on_the_map_leaves_its_box():
    fig = course_map.course_map({number: Done(10, 10, 10, 10) for number in course_map.PLACES}).fig
    fig.draw_without_rendering()
    ax = fig.axes[0]
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, course_map.FancyBboxPatch)]
    for text in ax.texts:
        if text.get_text():
            inside = text.get_window_extent()
            assert any(box.x0 < inside.x0 and inside.x1 < box.x1 and box.y0 < inside.y0 < inside.y1 < box.y1
                       for box in boxes), text.get_text()  # fmt: skip
