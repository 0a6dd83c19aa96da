"""What holds for every explorer, tried without a browser: controls, presets, sentences, the saved figure."""

import copy
import functools
import importlib
import inspect
import itertools
import math
import re
import subprocess
import sys
import threading
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ipywidgets import Button

from helpers import explorers
from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.explorers.notebook import in_notebook
from helpers.figures.style import LiveLayer
from tests.seen import clashes, texts_noted

EXPLORERS = [getattr(explorers, name) for name in explorers.__all__]
every_explorer = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda e: e.__name__)


@functools.cache
def made(explorer):
    """Make an explorer once for all tests: laying out a figure anew for each was half of their time."""
    return explorer()


def fresh(explorer):
    """Return an explorer as it starts, whatever was done with it before."""
    live = made(explorer)
    live.reset()
    return live


def neighbours(control):
    """Values one step from the starting value of a control, and its extremes."""
    if isinstance(control, Choice):
        return [option for option in control.options if option != control.value]
    if isinstance(control, Switch):
        return [not control.value]
    if control.base:
        steps = [control.value * control.base**control.step, control.value / control.base**control.step]
    else:
        steps = [control.value + control.step, control.value - control.step]
    inside = [step for step in steps if control.low <= step <= control.high]
    return [type(control.value)(value) for value in (*inside, control.low, control.high)]


def on_grid(control, value):
    return not isinstance(control, Slider) or math.isclose(control.nearest(value), value, abs_tol=1e-12)


@every_explorer
def test_starting_values_and_presets_are_values_that_the_sliders_can_hold(explorer):
    for values in ({}, *explorer.presets.values()):
        for name, value in vars(explorer.values(**values)).items():
            assert on_grid(explorer.controls[name], value), (
                f"{name} = {value} lies between two steps of its slider"
            )


@every_explorer
def test_a_control_that_does_not_exist_or_a_value_out_of_range_gets_one_sentence(explorer):
    with pytest.raises(ValueError, match=f"{explorer.__name__} has no control 'kapa'; its controls are "):
        explorer(kapa=1)
    name, control = next((n, c) for n, c in explorer.controls.items() if isinstance(c, Slider))
    with pytest.raises(ValueError, match=f"{name} must be a number from .* to .*, got "):
        explorer(**{name: control.high + 1})


@every_explorer
def test_every_control_changes_the_sentence_and_the_figure(explorer):
    live = fresh(explorer)
    start = live.figure.sentence, live.figure.live_svg, live.figure.static_svg
    for name, control in explorer.controls.items():
        live.widgets[name].value = neighbours(control)[0]  # as a learner moves it
        assert live.figure.sentence != start[0], f"{name} leaves the sentence as it was"
        assert (live.figure.live_svg, live.figure.static_svg) != start[1:], (
            f"{name} leaves the figure as it was"
        )
        live.widgets[name].value = control.value
        assert live.figure.sentence == start[0]


@every_explorer
def test_every_preset_has_its_own_sentence(explorer):
    sentences = [
        explorer.describe(explorer.compute(explorer.values(**p))) for p in ({}, *explorer.presets.values())
    ]
    assert len(set(sentences)) == len(sentences)


@every_explorer
def test_the_sentence_is_words_and_numbers_whatever_the_controls_say(explorer):
    for values in settings(explorer):
        sentence = explorer.describe(explorer.compute(explorer.values(**values)))
        assert sentence.endswith(".") and "nan" not in sentence.lower().split(), (values, sentence)


def settings(explorer, random=12):
    """The start, every preset, every control at its extremes, and a few settings at random."""
    yield {}
    yield from explorer.presets.values()
    for name, control in explorer.controls.items():
        yield from ({name: value} for value in neighbours(control))
    rng = np.random.default_rng(0)
    choices = {name: [control.value, *neighbours(control)] for name, control in explorer.controls.items()}
    for _ in range(random):
        yield {name: values[rng.integers(len(values))] for name, values in choices.items()}


@pytest.fixture
def written():
    """Every line of text in the static layer (False) and in the live one (True), with its box in points."""
    with texts_noted() as found:
        yield found


@every_explorer
def test_no_text_overlaps_another_or_leaves_the_figure(explorer, written):
    live = fresh(explorer)
    live._static_layer()  # to be noted
    for values in settings(explorer):
        written[True] = []
        live.set(**vars(explorer.values(**values)))
        live._layer.svg()  # all texts: a move draws only those that change
        boxes = written[False] + written[True]
        assert boxes
        assert not clashes(boxes, live.fig.bbox), values


@every_explorer
def test_the_saved_output_is_the_whole_figure_and_its_sentence_and_always_the_same(explorer):
    live = fresh(explorer)
    first, second = live._repr_mimebundle_(), explorer()._repr_mimebundle_()
    view = "application/vnd.jupyter.widget-view+json"
    assert view in first
    first.pop(view), second.pop(view)
    assert first == second
    assert first["text/plain"] == explorer.describe(explorer.compute(explorer.values()))
    ids = {element.get("id") for element in ElementTree.fromstring(first["image/svg+xml"]).iter()}
    missing = [a.get_gid() for a in live._artists if a.get_visible() and a.get_gid() not in ids]
    assert not missing
    assert "Date" not in first["image/svg+xml"] and "0x" not in first["text/html"]


@every_explorer
def test_the_handles_are_artists_of_the_figure_and_move_their_controls(explorer):
    live = fresh(explorer)
    for handle in explorer.handles:
        artist = next(a for a in live._artists if a.get_gid() == handle)
        before = copy.copy(vars(live.state()))
        x0, y0, width, height = artist.axes.bbox.bounds
        for across, up in ((0.3, 0.3), (0.71, 0.77)):
            live.figure.pointer = {
                "handle": handle, "x": x0 + across * width, "y": live.fig.bbox.height - (y0 + up * height),
            }  # fmt: skip
        assert vars(live.state()) != before, f"dragging {handle} changes no control"
        for name, value in vars(live.state()).items():
            assert on_grid(explorer.controls[name], value)
        with warnings.catch_warnings(action="error"):  # far outside: the controls stop at their ends
            for x, y in itertools.product((-1e6, 1e6), repeat=2):
                live.figure.pointer = {"handle": handle, "x": x, "y": y}
                assert live.figure.error == ""


def buttons_of(live):
    """The buttons of a notebook's explorer by their words, those under "More controls", too."""
    rows = [row for box in live.children[:-1] for row in (box, *getattr(box, "children", ()))]
    return {b.description: b for row in rows for b in getattr(row, "children", ()) if isinstance(b, Button)}


@every_explorer
def test_reset_and_every_preset_button_set_all_the_controls(explorer):
    live = fresh(explorer)
    buttons = buttons_of(live)
    for label, values in explorer.presets.items():
        buttons[label].click()
        assert live.state() == explorer.values(**values), label
        buttons["Reset"].click()
        assert live.state() == explorer.values()


@every_explorer
def test_every_action_button_does_what_it_says_from_where_it_is_and_stops_at_the_end(explorer):
    for label, action in explorer.actions.items():
        live = fresh(explorer)
        buttons = buttons_of(live)
        start = live.figure.sentence
        for press in range(2):  # one that goes on goes on, one that goes to a place stays, a swap goes back
            aim = {name: live._within(name, value) for name, value in action(live._view).items()}
            expected = vars(live.state()) | aim
            buttons[label].click()
            assert vars(live.state()) == expected
            assert press or live.figure.sentence != start, f"{label} leaves the sentence as it was"
        live.set(**{name: explorer.controls[name].high for name in action(live._view)})
        buttons[label].click()
        assert live.figure.error == ""


@in_notebook
class Broken(Explorer):
    """An explorer that cannot compute above 1."""

    controls = {"x": Slider("x", 0.0, 0.0, 2.0, 0.5)}
    handles = {"dot": lambda view, x, y: {"x": x}}

    @staticmethod
    def compute(c):
        if c.x > 1:
            raise ArithmeticError("x is above 1")
        return SimpleNamespace(x=c.x)

    def draw(self, fig):
        return {"dot": fig.add_subplot(xlim=(0, 2)).plot([0], [0], "o")[0]}

    def update(self, live, view):
        live["dot"].set_data([view.x], [0.5])

    @staticmethod
    def describe(view):
        return f"x is {view.x:g}."


def test_an_error_is_shown_in_words_and_goes_with_the_next_good_move():
    broken = Broken()
    with pytest.raises(ArithmeticError):
        broken.widgets["x"].value = 2.0
    assert "could not do that" in broken.figure.error and "x is above 1" in broken.figure.error
    broken.widgets["x"].value = 0.5
    assert broken.figure.error == ""
    assert broken.figure.sentence == "x is 0.5."


def test_two_threads_that_move_at_once_leave_figure_and_sentence_of_the_same_state():
    live = Broken()

    def shake(values):
        for value in values:
            live.set(x=value)

    threads = [
        threading.Thread(target=shake, args=([0.0, 1.0] * 25,)),
        threading.Thread(target=shake, args=([0.5] * 50,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert live.figure.sentence == f"x is {live.widgets['x'].value:g}."
    fresh = Broken(x=live.widgets["x"].value)
    assert live.figure.live_svg == fresh.figure.live_svg


@every_explorer
def test_a_slider_draws_no_axes_and_sends_what_has_changed(explorer):
    live = fresh(explorer)
    static, sent = live.figure.static_svg, []
    send, live.figure.send_state = live.figure.send_state, lambda key=None: sent.append({*key}) or send(key)
    for name, control in live.controls.items():
        if not isinstance(control, Slider):
            continue
        for value in (*neighbours(control), control.low, control.high, control.value):
            before = {key: getattr(live.figure, key) for key in live.figure.keys}
            sent.clear()
            live.widgets[name].value = value
            assert live.figure.static_svg is static, f"{name} draws the axes anew"
            changed = {key for key, old in before.items() if getattr(live.figure, key) != old}
            assert set().union(*sent) == changed, f"{name} sends more or less than what has changed"
            for artist in live._artists:
                artist.stale = True
            anew = LiveLayer(live.fig, live._artists)
            anew.draw()
            assert live.figure.live == anew.parts, f"{name} left something as it was"


def test_a_move_draws_only_what_moves():
    live = explorers.Softmax()
    live.set(f1=3.0)
    assert "class" not in live.figure.live_svg.split("pair")[0]  # the axis labels stay in the other layer
    before = live.figure.live
    live.set(sigmoids=True)
    assert {name for name, svg in live.figure.live.items() if svg != before[name]} == {"sigmoid", "sum"}


def test_only_some_controls_can_be_shown_with_the_presets_that_need_no_other():
    live = explorers.Softmax(only=["f0", "f1", "T"])
    assert [widget.description for widget in live.children[0].children] == [
        "logit f₀",
        "logit f₁",
        "temperature T",
    ]
    assert [button.description for button in live.children[1].children] == [
        "One dominates", "Exact tie", "Hot (T = 8)", "Cold (T = 1/8)", "Reset",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="Softmax has no control 'kapa'"):
        explorers.Softmax(only=["kapa"])


@every_explorer
def test_where_there_are_many_controls_three_stand_in_front_and_four_presets(explorer):
    live = explorers.core(explorer.__name__)()
    assert set(live.front) <= set(live.controls)
    for names, most in ((live.shown, 3), (list(live.shown_presets()), 4)):
        in_front = [name for name in names if name not in live.folded]
        assert in_front == names if len(names) <= most + 1 else len(in_front) == most
    assert not live.folded & {"Reset", *live.actions, *live.front[:3]}


def test_what_is_needed_most_stands_in_front_in_each_lesson():
    softmax, names = explorers.core("Softmax"), ["f0", "f1", "f2", "f3", "f4"]
    assert softmax(only=names).folded == {"f3", "f4"}
    assert softmax(only=[*names, "c"]).folded == {"f2", "f3", "f4"}
    assert softmax(only=names[:4]).folded == set()  # a single one is not folded away
    live = explorers.Softmax(only=[*names, "c"])
    front, presets, more, _ = live.children
    assert [w.description for w in front.children] == ["logit f₀", "logit f₁", "common shift c"]
    assert presets.children[-1].description == "More controls"
    assert [w.description for w in more.children[0].children] == ["logit f₂", "logit f₃", "logit f₄"]


def test_a_handle_of_a_control_that_is_not_there_cannot_be_dragged():
    assert set(explorers.core("Ridge")(only=["lam"]).handles) == {"solution"}
    given = explorers.CrossEntropy(only=["q0", "q1", "q2", "q3"])
    assert given.figure.handles == [f"grip-q-{i}" for i in range(4)]
    assert len(explorers.CrossEntropy().figure.handles) == 8  # under "More controls" is there


def test_a_value_that_a_slider_summed_up_with_an_error_is_put_back_on_its_step():
    live = explorers.Softmax()
    live.widgets["f0"].value = 1.3000000000000003
    assert live.state().f0 == 1.3 and live._view.f[0] == 1.3


# --- the explorer without widgets ---------------------------------------------------------------------------


def test_no_explorer_needs_widgets_or_threads():
    """What a web page runs: every explorer made, moved and drawn where there are no widgets at all."""
    code = """
import sys
unwanted = {"ipywidgets", "anywidget", "traitlets", "IPython", "torch", "fastai", "scipy"}
sys.modules |= dict.fromkeys(unwanted)  # an import of one of them fails
from helpers import explorers
for name in explorers.__all__:
    explorer = explorers.core(name)()
    explorer.press("Reset")
    print(name, len(explorer.figure.live_svg) > 100, explorer.figure.error == "")
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == [word for name in explorers.__all__ for word in (name, "True", "True")]
    imports = re.compile(r"^\s*(?:import|from) (?:threading|asyncio|concurrent|multiprocessing)\b", re.M)
    for name in ("live_figure", "controls", *{explorers.core(name).__module__ for name in explorers.__all__}):
        file = importlib.import_module(f"helpers.explorers.{name.rpartition('.')[2]}").__file__
        assert not imports.search(Path(file).read_text(encoding="utf-8")), file


@every_explorer
def test_the_widget_of_an_explorer_is_that_explorer(explorer):
    core = explorers.core(explorer.__name__)
    assert issubclass(explorer, core) and getattr(explorers, explorer.__name__) is explorer
    assert (explorer.__doc__, explorer.__module__) == (core.__doc__, core.__module__)
    assert inspect.getsource(explorer) == inspect.getsource(core)


def test_a_front_can_move_drag_and_press_an_explorer_without_widgets():
    core = explorers.core("Softmax")
    plain, live = core(T=2.0), fresh(explorers.Softmax)
    live.set(T=2.0)
    plain.move("f0", 3.3000000000000003)
    live.widgets["f0"].value = 3.3
    assert vars(plain.figure) == {name: getattr(live.figure, name) for name in vars(plain.figure)}
    plain.move("f0", 1e9)
    assert plain.state().f0 == 6
    x, y = plain._live["grip"][2].axes.transData.transform((2, -4))
    plain.drag("grip-2", x, plain.fig.bbox.height - y)
    assert plain.state().f2 == -4
    plain.press("Exact tie")
    assert plain.state() == core.values(f0=2.0, f1=2.0, T=2.0)
    plain.press("Reset")
    assert plain.state() == core.values(T=2.0)
    assert plain._repr_mimebundle_()["text/plain"] == core.describe(core.compute(core.values(T=2.0)))


@every_explorer
def test_axes_stand_at_round_places(explorer):
    """The last digits of the layout differ from one time to the next, and with them the ids of clip paths."""
    for ax in fresh(explorer).fig.axes:
        place = np.array(ax.get_position(original=True).bounds)
        np.testing.assert_allclose(place, place.round(6), rtol=0, atol=1e-12)


def test_a_slider_carries_the_colour_of_what_it_moves():
    from helpers.explorers import LogSoftmax
    from helpers.figures.style import BLUE, ORANGE

    explorer = LogSoftmax()
    handles = [explorer.widgets[name].style.handle_color for name in ("f0", "f1")]
    assert handles == [dot.get_markeredgecolor() for dot in explorer._live["logit"][:2]] == [BLUE, ORANGE]
