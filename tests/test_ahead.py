"""Pictures that are sent before a control moves: they are those of the move, and making them changes nothing.

What a browser does with them is in `test_browser.py`.
"""

import pytest

from helpers import explorers
from helpers.explorers import notebook
from helpers.explorers.controls import Slider

FORESEEABLE = [name for name in explorers.__all__ if explorers.core(name).foreseeable]


def everything(live):
    """All that is seen of an explorer, all that it would save, and where its controls are."""
    seen = dict(live.figure.live), live.figure.static_svg, live.figure.sentence, live.figure.error
    return *seen, dict(live._layer.parts), live.saved_svg(), vars(live.state()).copy()


def steps(live):
    """Of each slider the name and the values one step and two steps from where it is."""
    for name, control in live.controls.items():
        if isinstance(control, Slider):
            place, last = control.place(getattr(live.state(), name)), control.place(control.high)
            yield name, [control.at(k) for k in (place - 1, place + 1, place + 2) if 0 <= k <= last]


@pytest.mark.parametrize("name", FORESEEABLE)
def test_what_is_foreseen_is_what_the_move_shows_and_all_is_left_as_it_was(name):
    live, moved = explorers.core(name)(), explorers.core(name)()
    for preset in ({}, *list(live.presets.values())[:2]):
        for control, values in steps(live):
            live.set(**live._start | preset)
            before = everything(live)
            foreseen = live.foresee([{control: value} for value in values])
            assert everything(live) == before, f"{control} foreseen has left something behind"
            for value, found in zip(values, foreseen, strict=True):
                moved.set(**moved._start | preset)
                moved.move(control, value)
                if found:
                    parts, sentence = found
                    assert before[0] | parts == moved.figure.live, f"{control} at {value}"
                    assert sentence == moved.figure.sentence
            assert any(foreseen), f"nothing of {control} is foreseen"


def test_other_axes_and_errors_are_not_foreseen():
    live = explorers.core("Momentum")()
    assert live.foresee([{"method": "Nesterov"}, {"lr": "much"}, {"momentum": 0.5}])[:2] == [None, None]
    assert live.figure.error == ""


@pytest.mark.parametrize(
    ("slider", "before", "now", "likely"),
    [
        (Slider("x", 0.0, -1.0, 1.0, 0.1), 0.1, 0.2, [0.3, 0.1, 0.4, 0.5, 0.6]),
        (Slider("x", 0.0, -1.0, 1.0, 0.1), 0.4, 0.2, [0.1, 0.3, 0.0, -0.1, -0.2]),
        (Slider("n", 1, 0, 9, 1), 7, 8, [9, 7]),
        (Slider("n", 1, 0, 9, 1), 1, 0, [1]),
        (Slider("T", 1.0, 0.01, 100.0, 1, base=10), 1.0, 10.0, [100.0, 1.0]),
        (Slider("x", 0.0, -1.0, 1.0, 0.1), -0.9, 0.5, []),  # a jump
        (Slider("x", 0.0, -1.0, 1.0, 0.1), 0.5, 0.5, []),
    ],
)
def test_a_slider_looks_ahead_the_way_it_goes_and_a_step_back(slider, before, now, likely):
    assert slider.ahead(before, now) == pytest.approx(likely)


@pytest.fixture
def heard(monkeypatch):
    """The messages of figures, without what a page answers."""
    monkeypatch.setattr(notebook, "QUICK", float("inf"))
    messages = []
    monkeypatch.setattr(notebook.LiveFigure, "send", lambda figure, message: messages.append(message))
    return messages


def test_each_picture_is_sent_once_before_its_step_and_is_that_of_the_step(heard):
    live = explorers.Softmax()
    control, pages = live.controls["f0"], {}  # where the controls are -> the picture, as a page keeps it
    start = control.place(live.state().f0)
    for k in range(1, 12):
        live.widgets["f0"].value = control.at(start + k)
        at = tuple(live.figure.at)
        if k > 1:
            assert pages[at] == live.figure.live | {"sentence": live.figure.sentence}, f"step {k}"
        for message in heard:
            assert message["from"] == list(at)
            for there, parts in message["ahead"]:
                assert tuple(there) not in pages, "sent twice"
                sentence = parts.pop("sentence")
                changed = {name.removeprefix("live-"): svg for name, svg in parts.items()}
                pages[tuple(there)] = live.figure.live | changed | {"sentence": sentence}
        heard.clear()


def test_nothing_is_sent_after_a_jump_a_choice_a_preset_or_a_drag(heard):
    live = explorers.Momentum()
    live.widgets["lr"].value = live.controls["lr"].high
    live.widgets["method"].value = live.controls["method"].options[1]
    live.press(next(iter(live.shown_presets())))
    live.figure.pointer = {"handle": "start", "x": 100, "y": 100}
    assert heard == []


def test_nothing_is_sent_of_what_is_slow_or_hangs_on_what_was_done_before(heard, monkeypatch):
    live = explorers.TrainingRun()
    live.widgets["momentum"].value = 0.89
    monkeypatch.setattr(notebook, "QUICK", 0.0)
    live = explorers.Softmax()
    live.widgets["f0"].value += 0.1
    assert heard == []


def test_pictures_sent_ahead_are_no_part_of_what_a_notebook_saves(heard, monkeypatch):
    live, other = explorers.Softmax(), explorers.Softmax()
    monkeypatch.setattr(other, "foreseeable", False)
    for one in (live, other):
        one.widgets["f0"].value += 0.1
    assert len(heard) == 1
    states = [
        {n: it for n, it in one.figure.get_state().items() if n not in ("layout", "controls")}
        for one in (live, other)
    ]
    assert states[0] == states[1]
    assert live._repr_mimebundle_()["image/svg+xml"] == other._repr_mimebundle_()["image/svg+xml"]
