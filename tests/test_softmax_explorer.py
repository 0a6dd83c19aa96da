"""The softmax explorer against SciPy: what it computes, what its artists show, what its sentence says.

The generic tests compare an explorer with itself (page against process); this one knows the right answer.
"""

import re

import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from helpers.explorers import Softmax
from helpers.figures.style import BLUE, ORANGE, PALE

LOGITS = st.floats(-6, 6).map(lambda x: round(x, 1))
SETTINGS = {
    **{f"f{i}": LOGITS for i in range(5)},
    "T": st.integers(-16, 16).map(lambda k: 2 ** (k / 4)),
    "c": st.integers(-20, 20).map(lambda k: k / 2),
    "a": st.sampled_from("01234"),
    "b": st.sampled_from("01234"),
    "sigmoids": st.booleans(),
}
TURNED = {"f0": 0.3, "f1": -1.2, "f2": 2.5, "f3": 0.9, "f4": -3.0, "T": 2.0, "c": 4.0, "a": "3", "b": "2"}


def logits(values):
    return np.array([values[f"f{i}"] for i in range(5)])


@given(st.fixed_dictionaries(SETTINGS))
def test_it_computes_what_scipy_computes(values):
    view = Softmax.compute(Softmax.values(**values))
    f, T, a, b = logits(values), values["T"], int(values["a"]), int(values["b"])  # noqa: N806
    np.testing.assert_allclose(view.g, scipy.special.softmax(f / T), rtol=1e-9)
    np.testing.assert_allclose(view.odds, view.g / view.g[b], rtol=1e-9)
    np.testing.assert_allclose(view.pair, scipy.special.expit((f[a] - f[b]) / T), rtol=1e-12)
    np.testing.assert_allclose(view.pair, view.g[a] / (view.g[a] + view.g[b]), rtol=1e-9)
    np.testing.assert_allclose(view.entropy, scipy.stats.entropy(scipy.special.softmax(f / T)), atol=1e-9)
    assert (view.sigmoids is None) == (not values["sigmoids"])
    if values["sigmoids"]:
        wanted = scipy.special.expit(f + values["c"])  # 0 where ours is subnormal
        np.testing.assert_allclose(view.sigmoids, wanted, rtol=1e-9, atol=1e-300)


def test_the_artists_show_what_was_computed():
    live = Softmax(**TURNED, sigmoids=True)
    artists, f = live._live, logits(TURNED)
    g = scipy.special.softmax(f / 2)
    np.testing.assert_allclose([bar.get_height() for bar in artists["logit"]], f + 4)
    np.testing.assert_allclose([bar.get_height() for bar in artists["probability"]], g)
    np.testing.assert_allclose(artists["entropy"].get_width(), scipy.stats.entropy(g))
    np.testing.assert_allclose(artists["sigmoid"].get_ydata(), scipy.special.expit(f + 4))
    np.testing.assert_allclose(artists["point"].get_xydata(), [[-0.8, scipy.special.expit(-0.8)]])
    assert [text.get_text() for text in artists["logit-value"]] == ["4.3", "2.8", "6.5", "4.9", "1.0"]
    for name, values in (("probability-value", g), ("odds", g / g[2])):
        np.testing.assert_allclose([float(text.get_text()) for text in artists[name]], values, rtol=0.06)
    colours = [to_hex(bar.get_facecolor()) for bar in artists["probability"]]
    assert colours == [PALE, PALE, ORANGE, BLUE, PALE]
    assert colours == [to_hex(bar.get_facecolor()) for bar in artists["logit"]]


def test_the_sentence_says_the_numbers_that_were_computed():
    sentence = Softmax(**TURNED).figure.sentence
    g = scipy.special.softmax(logits(TURNED) / 2)
    assert sentence.startswith("Class 2 has the largest probability")
    said = [float(x) for x in re.search(r"g = \((.*?)\)", sentence)[1].split(", ")]
    np.testing.assert_allclose(said, g, rtol=6e-3)
    assert (
        "at T = 2.00" in sentence
        and "common shift c = 4.00 multiplies every e^f and their sum by 54.6" in sentence
    )
    assert "odds of class 3 against class 2 are exp(−0.800) = 0.449 to 1" in sentence
    assert "of these two alone class 3 has probability σ(−0.800) = 0.310" in sentence


def test_a_tie_is_called_a_tie():
    tie = Softmax.describe(Softmax.compute(Softmax.values(**Softmax.presets["Exact tie"])))
    assert tie.startswith("Classes 0 and 1 tie for the largest probability")
    uniform = Softmax.describe(Softmax.compute(Softmax.values(**Softmax.presets["Uniform"])))
    assert uniform.startswith("Classes 0, 1, 2, 3 and 4 tie for the largest probability")
    near = Softmax.describe(Softmax.compute(Softmax.values(f0=2.0, f1=1.9)))
    assert near.startswith("Class 0 has")


def test_a_class_compared_with_itself_is_not_called_odds():
    sentence = Softmax(a="2", b="2").figure.sentence
    assert "choose another class than 2" in sentence and "odds" not in sentence


def test_the_presets_are_what_their_names_say():
    view = {
        name: Softmax.compute(Softmax.values(**p)) for name, p in [("start", {}), *Softmax.presets.items()]
    }
    np.testing.assert_allclose(view["Uniform"].g, 0.2)
    assert view["One dominates"].g.max() > 0.97
    assert view["Hot (T = 8)"].T == 8 and view["Hot (T = 8)"].entropy > view["start"].entropy + 0.3
    assert view["Cold (T = 1/8)"].T == 1 / 8 and view["Cold (T = 1/8)"].entropy < 0.02
    np.testing.assert_allclose(view["Shifted by 10"].shifted, view["start"].f + 10)
    np.testing.assert_allclose(view["Shifted by 10"].g, view["start"].g, rtol=1e-12)


@pytest.mark.parametrize("i", range(5))
def test_a_drag_sets_the_logit_under_the_pointer_to_its_height(i):
    live = Softmax()
    grip = live._live["grip"][i]
    x, y = grip.axes.transData.transform((i, -2.4))
    live.figure.pointer = {"handle": f"grip-{i}", "x": x, "y": live.fig.bbox.height - y}
    assert vars(live.state()) == vars(Softmax.values(**{f"f{i}": -2.4}))


LOGIT_NAMES = ["f0", "f1", "f2", "f3", "f4"]


def test_what_belongs_to_a_hidden_control_is_neither_drawn_nor_said():
    live = Softmax(a="none", only=LOGIT_NAMES)
    assert len(live.fig.axes) == 2 and not {"pair", "odds", "entropy", "power"} & set(live._live)
    for word in ("odds", "σ(", " T", "shift"):
        assert word not in live.figure.sentence and word not in live.figure.static_svg
    for i, text in enumerate(live._live["probability-value"]):
        assert text.get_position()[1] > live._live["probability"][i].get_height()
    hot = Softmax(a="none", only=[*LOGIT_NAMES, "T"])
    assert "entropy" in hot._live and "softmax(f / T)" in hot.figure.static_svg and "pair" not in hot._live
    pair = Softmax(a="0", b="1", sigmoids=True, only=[*LOGIT_NAMES, "sigmoids"])
    assert "pair" in pair._live and "entropy" not in pair._live and "/ T" not in pair.figure.static_svg


def test_under_a_shift_the_logits_move_and_the_probabilities_stay():
    live = Softmax(a="none", only=[*LOGIT_NAMES, "c"])
    assert "softmax(f + c)" in live.figure.static_svg
    static, start = live.figure.static_svg, live._view
    for c in (-10.0, 2.5, 10.0):
        live.set(c=c)
        assert live.figure.static_svg is static
        np.testing.assert_allclose([bar.get_height() for bar in live._live["logit"]], start.f + c)
        np.testing.assert_allclose(
            [bar.get_height() for bar in live._live["probability"]], start.g, rtol=1e-12
        )
        powers = [float(x) for x in np.exp(start.f + c)]
        np.testing.assert_allclose(live._view.powers, powers, rtol=1e-12)
        assert live._view.total == pytest.approx(sum(powers))
        low, high = live.fig.axes[0].get_ylim()
        assert low < min(start.f + c) and max(start.f + c) < high


def test_a_drag_of_a_shifted_bar_sets_the_logit_without_the_shift():
    live = Softmax(c=4.0, a="none", only=[*LOGIT_NAMES, "c"])
    x, y = live._live["grip"][2].axes.transData.transform((2, 6.5))
    live.figure.pointer = {"handle": "grip-2", "x": x, "y": live.fig.bbox.height - y}
    assert live.state().f2 == 2.5 and live.state().c == 4.0


def test_no_class_to_compare_says_no_odds():
    sentence = Softmax(a="none").figure.sentence
    assert "odds" not in sentence and sentence.endswith("of at most 1.61 nats.")
