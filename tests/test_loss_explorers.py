"""The explorers of log-softmax and of the two losses, against fifty digits, floats as they are, and SciPy."""

import re

import mpmath
import numpy as np
import pytest
import scipy.special
from matplotlib.colors import to_hex

from helpers.explorers import LogSoftmax, TwoLosses
from helpers.explorers.log_softmax import BOTTOM, TOP
from helpers.figures.style import VERMILLION

LOGITS = [
    (2.0, 1.0, -1.0), (2.0, 1.0, -120.0), (2.0, 1.0, -800.0), (-6.0, -6.0, -900.0), (6.0, 6.0, 6.0),
    (-6.0, -6.0, -6.0), (-6.0, 6.0, -104.5), (0.3, -5.9, -743.0), (6.0, -6.0, -14.5),
]  # fmt: skip


def number(text):
    """Read 2.349, −0.574 or −6.14·10⁻⁶."""
    plain = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    return float(re.sub(r"·10(?=-|\d)", "e", plain))


def named(f):
    return {f"f{i}": x for i, x in enumerate(f)}


def exact(f):
    """Constant, log-probabilities and probabilities, in fifty digits."""
    with mpmath.workdps(50):
        constant = mpmath.log(sum(mpmath.exp(mpmath.mpf(x)) for x in f))
        return constant, [x - constant for x in f], [mpmath.exp(x - constant) for x in f]


@pytest.mark.parametrize("f", LOGITS)
def test_the_shift_and_the_logarithms_are_those_of_fifty_digits(f):
    view = LogSoftmax.compute(LogSoftmax.values(**named(f)))
    constant, log_g, g = exact(f)
    assert view.constant == pytest.approx(float(constant), rel=1e-14)
    np.testing.assert_allclose(view.log_g, [float(x) for x in log_g], rtol=1e-14)
    np.testing.assert_allclose(view.g, [float(x) for x in g], rtol=1e-12, atol=1e-320)
    for name, smallest in (("float32", mpmath.mpf(2) ** -149), ("float64", mpmath.mpf(2) ** -1074)):
        assert view.lost[name].tolist() == [
            bool(x < smallest / 2) for x in g
        ]  # nearer to 0 than to the smallest


@pytest.mark.parametrize("f", LOGITS)
def test_all_arrows_have_the_length_of_the_shift(f):
    live = LogSoftmax(**named(f))
    constant, log_g, _ = exact(f)
    for i in range(3):
        top, foot = live._live["arrow"][i].get_ydata()
        assert top - foot == pytest.approx(float(constant))
        assert (live._live["logit"][i].get_ydata()[0], live._live["head"][i].get_ydata()[0]) == (top, foot)
        assert min(top, foot) > BOTTOM and max(top, foot) < TOP
        if min(f[i], float(log_g[i])) > -10:
            assert (top, foot) == (pytest.approx(f[i]), pytest.approx(float(log_g[i])))
        first, second = live._live["logit-value"][i], live._live["log-value"][i]
        assert first.get_position()[1] > second.get_position()[1]
        said = [number(text.get_text()) for text in (first, second)]
        np.testing.assert_allclose(sorted(said), sorted([f[i], float(log_g[i])]), rtol=6e-4, atol=5e-4)
    assert live._live["level"].get_ydata()[0] == pytest.approx(float(constant))


@pytest.mark.parametrize("f", LOGITS)
def test_the_probabilities_stand_at_their_powers_of_ten_and_are_hollow_where_float64_has_0(f):
    live = LogSoftmax(**named(f))
    for i, g in enumerate(exact(f)[2]):
        (x,), (y,) = live._live["probability"][i].get_data()
        assert x == pytest.approx(float(mpmath.log10(g))) and y == 2 - i
        hollow = to_hex(live._live["probability"][i].get_markerfacecolor()) == "#ffffff"
        assert hollow == (float(g) == 0)
        text = live._live["probability-value"][i].get_text()
        assert ("float64: 0" in text, "float32: 0" in text) == (hollow, np.float32(g) == 0 and not hollow)


def test_the_sentence_says_the_constant_and_what_is_lost():
    start = LogSoftmax()
    assert "ln Σ e^f = 2.327" in start.figure.sentence and "hold all three" in start.figure.sentence
    start.set(f2=-120.0)
    assert "In float32 g₂ is exactly 0" in start.figure.sentence and "7.59·10⁻⁵⁴" in start.figure.sentence
    start.set(f2=-800.0)
    assert "In float64 and float32 g₂ is exactly 0" in start.figure.sentence
    _, log_g, g = exact((2, 1, -800))
    assert f"−{-float(log_g[2]):.1f}" in start.figure.sentence
    mantissa = mpmath.nstr(g[2], 3, min_fixed=0, max_fixed=0)
    assert mantissa == "3.63e-349" and "3.63·10⁻³⁴⁹" in start.figure.sentence


def test_a_logit_is_dragged_up_and_down_and_the_third_also_along_the_powers():
    live = LogSoftmax()
    for handle, axes, at, name, value in (
        ("grip-0", 0, (0, -3.5), "f0", -3.5), ("grip-2", 0, (2, 4.0), "f2", 4.0),
        ("power", 1, (-200, 0), "f2", -200 * np.log(10)),
    ):  # fmt: skip
        constant = live._view.constant if handle == "power" else 0
        x, y = live.fig.axes[axes].transData.transform(at)
        live.figure.pointer = {"handle": handle, "x": x, "y": live.fig.bbox.height - y}
        assert getattr(live.state(), name) == pytest.approx(value + constant, abs=0.5)


# --- the two losses -----------------------------------------------------------------------------------

ANSWERS = [(0.1, 4, 0.0), (1e-6, 2, 0.0), (1e-6, 10, 1.0), (1.0, 3, 0.5), (0.5011872336, 10, 0.35)]


def by_hand(g, classes, rival):
    """The answer, entry by entry: class 1 has the part `rival` of the rest before the others share."""
    rest = 1 - g
    shared = rest * (1 - rival) / (classes - 1)
    return [g, shared + rest * rival, *[shared] * (classes - 2)]


@pytest.mark.parametrize(("g", "classes", "rival"), ANSWERS)
def test_the_losses_are_those_of_the_answer(g, classes, rival):
    view = TwoLosses.compute(TwoLosses.values(g=g, classes=classes, rival=rival))
    g = view.g  # on a step of the slider
    p = by_hand(g, classes, rival)
    np.testing.assert_allclose(view.p, p, rtol=1e-12, atol=1e-15)
    assert view.p.sum() == pytest.approx(1)
    one_hot = np.eye(classes)[0]
    assert view.squared == pytest.approx(((np.array(p) - one_hot) ** 2).sum(), abs=1e-12)
    assert view.nll == pytest.approx(scipy.special.rel_entr(one_hot, p).sum(), abs=1e-12)  # H of one-hot is 0
    x = np.geomspace(1e-6, 1, 241)
    curve = [((np.array(by_hand(a, classes, rival)) - one_hot) ** 2).sum() for a in x]
    np.testing.assert_allclose(view.curve, curve, rtol=1e-9, atol=1e-15)
    assert view.most == pytest.approx(((np.array(by_hand(0, classes, rival)) - one_hot) ** 2).sum())


def test_the_squared_error_never_passes_2_and_is_largest_when_one_rival_has_all():
    for classes in range(2, 11):
        worst = [
            TwoLosses.compute(TwoLosses.values(g=1e-6, classes=classes, rival=r)).squared for r in (0, 0.5, 1)
        ]
        assert sorted(worst) == worst and worst[-1] == pytest.approx(2, abs=1e-5) and worst[-1] < 2
        assert worst[0] == pytest.approx(1 + 1 / (classes - 1), abs=1e-5)


@pytest.mark.parametrize(("g", "classes", "rival"), ANSWERS)
def test_bars_points_and_curve_show_what_was_computed(g, classes, rival):
    live = TwoLosses(g=g, classes=classes, rival=rival)
    view = live._view
    shown = [bar for bar in live._live["answer"] if bar.get_visible()]
    assert len(shown) == classes
    np.testing.assert_allclose([bar.get_height() for bar in shown], view.p)
    for name, loss in (("nll", view.nll), ("squared", view.squared)):
        (x,), (y,) = live._live[name].get_data()
        assert (x, y) == (view.g, loss)
    np.testing.assert_allclose(live._live["curve"].get_ydata(), view.curve)
    assert to_hex(live._live["curve"].get_color()) == VERMILLION
    top = live.fig.axes[1].get_ylim()[1]
    assert view.nll < top and view.curve.max() < top
    said = re.search(r"−ln g = ([\d.]+), .* squared error is ([\d.·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+), ", live.figure.sentence)
    assert float(said[1]) == pytest.approx(view.nll, rel=6e-3, abs=1e-9)
    assert re.search(rf"\b{classes} classes", live.figure.sentence)


def test_dragging_a_point_or_the_right_bar_sets_g():
    live = TwoLosses()
    x, y = live.fig.axes[1].transData.transform((1e-3, 3.0))
    for handle in ("nll", "squared"):
        live.set(g=0.1)
        live.figure.pointer = {"handle": handle, "x": x, "y": live.fig.bbox.height - y}
        assert live.state().g == pytest.approx(1e-3)
    x, y = live.fig.axes[0].transData.transform((0, 0.5))
    live.figure.pointer = {"handle": "grip", "x": x, "y": live.fig.bbox.height - y}
    assert live.state().g == pytest.approx(0.5, rel=0.02)
