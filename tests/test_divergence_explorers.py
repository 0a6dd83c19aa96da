"""What the explorers of lesson 02 compute, against SciPy, quadrature and betting done day by day."""

import math
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from helpers.explorers import Bettor, CrossEntropy, ForwardReverse, OneProblem
from helpers.explorers.bettor import RATIO, WEALTH, weather
from helpers.explorers.one_problem import H_OBS
from helpers.explorers.two_distributions import OUTCOMES, dragged, preset

WEIGHT = st.integers(0, 1000).map(lambda k: k / 10)
FOUR = st.tuples(WEIGHT, WEIGHT, WEIGHT, WEIGHT).filter(any)
NUMBER = r"[\d.]+|inf"


def view_of(explorer, **changes):
    return explorer.compute(explorer.values(**changes))


def normal(weights):
    return np.array(weights) / sum(weights)


# --- p and q ----------------------------------------------------------------------------------------


@given(FOUR, FOUR)
def test_entropies_and_divergences_are_those_of_scipy_both_ways(a, b):
    view, p, q = view_of(CrossEntropy, **preset(p=a, q=b)), normal(a), normal(b)
    np.testing.assert_allclose(view.p, p, rtol=1e-12)
    np.testing.assert_allclose(view.q, q, rtol=1e-12)
    for i, (first, second) in enumerate(((p, q), (q, p))):
        np.testing.assert_allclose(view.h[i], scipy.stats.entropy(first), rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(
            view.kl[i], scipy.special.rel_entr(first, second).sum(), rtol=1e-9, atol=1e-11
        )
        np.testing.assert_allclose(view.ce[i], view.h[i] + view.kl[i], rtol=1e-9, atol=1e-11)


@given(FOUR, FOUR)
def test_the_sentence_says_which_outcome_makes_a_divergence_infinite(a, b):
    view = view_of(CrossEntropy, **preset(p=a, q=b))
    sentence = CrossEntropy.describe(view)
    if view.kl == (0, 0):
        assert "They are equal" in sentence
        return
    for i, (x, y, names) in enumerate(((a, b, "pq"), (b, a, "qp"))):
        missing = [name for name, one, other in zip(OUTCOMES, x, y, strict=True) if one > 0 and other == 0]
        why = f"infinite, because {names[0]} allows {' and '.join(missing)} and {names[1]} does not."
        assert (why in sentence) == bool(missing)
        assert math.isinf(view.kl[i]) == bool(missing)


def test_weights_that_are_all_zero_count_as_equal():
    view = view_of(CrossEntropy, **preset(q=(0, 0, 0, 0)))
    assert view.q.tolist() == [0.25] * 4


def width(bar):
    return bar.get_width()


@pytest.mark.parametrize("label", [None, *CrossEntropy.presets])
def test_the_lengths_add_up_on_the_screen(label):
    live = CrossEntropy(**(CrossEntropy.presets[label] if label else {}))
    for i in (0, 1):
        h, kl, ce = live._live["entropy"][i], live._live["kl"][i], live._live["ce"][i]
        assert width(h) == pytest.approx(live._view.h[i])
        assert kl.get_x() == pytest.approx(width(h))
        assert width(h) + width(kl) == pytest.approx(width(ce))
        numbers = re.findall(NUMBER, live._live["sum"][i].get_text().replace("∞", "inf"))
        said = [float(number) for number in numbers]
        np.testing.assert_allclose(said, [live._view.h[i], live._view.kl[i], live._view.ce[i]], rtol=6e-3)
    arrows = len(live._live["beyond"].get_xdata())
    assert arrows == 2 * sum(map(math.isinf, live._view.kl))


@given(FOUR, st.integers(0, 3), st.floats(-0.5, 1.5))
def test_a_dragged_bar_takes_its_height_and_the_others_share_the_rest_as_before(weights, i, y):
    p, others = normal(weights), np.arange(4) != i
    after = dragged(p, i, y)
    height = min(max(y, 0), 1)
    assert after[i] == pytest.approx(100 * height)
    assert np.all(after >= 0) and after.sum() == pytest.approx(100, abs=0.31)  # 0.1 at least for each
    if height < 1 and p[others].any():
        held = np.array([CrossEntropy.controls["p0"].nearest(weight) for weight in after])
        assert np.all((held > 0)[others] == (p > 0)[others])  # what was possible stays possible
        large = others & (after > 0.1) & (p > 0)
        np.testing.assert_allclose(after[large] * p[others].sum(), 100 * (1 - height) * p[large], atol=1e-9)


def test_the_way_of_a_drag_plays_no_part():
    direct, roundabout = CrossEntropy(), CrossEntropy()
    axes = direct._live["grip-p"][1].axes
    for live, way in ((direct, (0.63,)), (roundabout, (0.9, 0.07, 0.999, 0.02, 0.63))):
        for y in way:
            at = axes.transData.transform((1.0, y))
            live.figure.pointer = {"handle": "grip-p-1", "x": at[0], "y": live.fig.bbox.height - at[1]}
    assert direct.state() == roundabout.state()
    roundabout.set(p1=20.0)  # what happens in between counts
    roundabout.figure.pointer = {"handle": "grip-p-1", "x": at[0], "y": 0.0}
    roundabout.figure.pointer = {"handle": "grip-p-1", "x": at[0], "y": live.fig.bbox.height}
    assert roundabout._view.p[1] == 0
    np.testing.assert_allclose(roundabout._view.p[0] / roundabout._view.p[2], 50 / 19, rtol=0.02)


def test_dragging_on_the_screen_keeps_the_sum_and_moves_one_distribution():
    live = CrossEntropy()
    before = live._view
    axes = live._live["grip-q"][3].axes
    x, y = axes.transData.transform((3.2, 0.4))
    live.figure.pointer = {"handle": "grip-q-3", "x": x, "y": live.fig.bbox.height - y}
    assert live._view.q[3] == pytest.approx(0.4, abs=0.002)
    assert live._view.q.sum() == pytest.approx(1)
    np.testing.assert_allclose(live._view.q[:2] / live._view.q[1], before.q[:2] / before.q[1], rtol=0.01)
    np.testing.assert_array_equal(live._view.p, before.p)


def test_swap_exchanges_p_and_q_and_twice_is_nothing():
    live = CrossEntropy(p0=10.0)
    before, state = live._view, live.state()
    buttons = {button.description: button for button in live.children[1].children}
    buttons["Swap p and q"].click()
    np.testing.assert_array_equal(live._view.p, before.q)
    np.testing.assert_array_equal(live._view.q, before.p)
    buttons["Swap p and q"].click()
    assert live.state() == state


def test_one_order_alone_shows_and_says_nothing_of_the_other():
    live = CrossEntropy(both=False, q3=0.0)
    assert "KL(q‖p)" not in live.figure.sentence and "KL(p‖q) = 1.07 + ∞" in live.figure.sentence
    assert not any(live._live[name][1].get_visible() for name in ("entropy", "kl", "ce", "sum"))
    assert "KL(q‖p)" not in live.figure.static_svg and len(live._live["beyond"].get_xdata()) == 2
    live.set(both=True)
    assert all(live._live[name][1].get_visible() for name in ("entropy", "kl", "ce", "sum"))
    assert "KL(q‖p)" in live.figure.static_svg and "H(q) + KL(q‖p)" in live.figure.sentence


def test_the_bars_show_p_and_q():
    live = CrossEntropy()
    for name in "pq":
        heights = [bar.get_height() for bar in live._live[f"bar-{name}"]]
        np.testing.assert_allclose(heights, getattr(live._view, name))
        said = [float(label.get_text()) for label in live._live[f"percent-{name}"]]
        np.testing.assert_allclose(said, 100 * getattr(live._view, name), rtol=0.05)


# --- the bet ----------------------------------------------------------------------------------------


def rational_wealth(outcomes, stakes_in_permille):
    """The exact wealth after each day: a product of fractions."""
    wealth = [Fraction(1)]
    for x in outcomes:
        wealth.append(wealth[-1] * 4 * Fraction(stakes_in_permille[x], 1000))
    return wealth


BETS = [(60, 0.0, 6), (200, 0.0, 6), (200, 0.0, 2), (0, 3.3, 1), (200, 0.1, 6), (137, 4.0, 20), (1, 0.0, 11)]


@pytest.mark.parametrize(("day", "snow", "seed"), BETS)
def test_wealth_is_the_exact_product_of_a_factor_a_day(day, snow, seed):
    view = view_of(Bettor, day=day, snow=snow, seed=seed)
    tenths = round(10 * snow)
    stakes = [500, 300, 200 - tenths, tenths], [450, 300, 220, 30]
    assert len(view.outcomes) == day and set(view.outcomes.tolist()) <= {0, 1, 2, 3}
    for i in (0, 1):
        exact = rational_wealth(view.outcomes.tolist(), stakes[i])
        for log, wealth in zip(view.wealth[i], exact, strict=True):
            expected = (
                float(mpmath.log(mpmath.mpf(wealth.numerator) / wealth.denominator)) if wealth else -math.inf
            )
            assert log == pytest.approx(expected, abs=1e-9)
        if day:
            assert view.factors[i] == pytest.approx(4 * stakes[i][view.today] / 1000)
    ruined = [d for d, wealth in enumerate(rational_wealth(view.outcomes.tolist(), stakes[0])) if wealth == 0]
    assert view.ruin == (ruined[0] if ruined else None)


@pytest.mark.parametrize("snow", [0.0, 0.1, 1.0, 3.0, 4.0])
def test_the_expected_growth_is_the_mean_logarithm_of_a_days_factor(snow):
    view, p = view_of(Bettor, snow=snow), np.array([0.50, 0.30, 0.19, 0.01])
    bold = np.array([0.5, 0.3, 0.2 - snow / 100, snow / 100])
    for i, stakes in enumerate((bold, np.array([0.45, 0.30, 0.22, 0.03]), p)):
        with np.errstate(divide="ignore"):
            assert view.growth[i] == pytest.approx((p * np.log(4 * stakes)).sum(), abs=1e-9)
        if i < 2:
            assert view.kl[i] == pytest.approx(scipy.special.rel_entr(p, stakes).sum(), abs=1e-9)
            assert view.growth[2] - view.growth[i] == pytest.approx(view.kl[i], abs=1e-9)
            assert view.mse[i] == pytest.approx(np.mean((p - stakes) ** 2), abs=1e-11)


def test_the_days_follow_the_truth_and_do_not_change_with_what_is_moved():
    outcomes = np.concatenate([weather(seed) for seed in range(1, 21)])
    expected = np.array([0.50, 0.30, 0.19, 0.01]) * outcomes.size
    assert scipy.stats.chisquare(np.bincount(outcomes, minlength=4), expected).pvalue > 0.01
    whole = view_of(Bettor, day=200).outcomes
    for day, snow in ((0, 0.0), (60, 3.0), (199, 0.0)):
        np.testing.assert_array_equal(view_of(Bettor, day=day, snow=snow).outcomes, whole[:day])


def test_the_story_of_the_lesson():
    """Ahead on day 60, ruined on day 82, by snow; with 0.1 % on snow or without snow this time not ruined."""
    start = view_of(Bettor)
    assert start.ruin is None and start.difference[-1] > 1
    assert view_of(Bettor, day=81).ruin is None
    ruined = view_of(Bettor, day=82)
    assert ruined.ruin == 82 and OUTCOMES[ruined.today] == "snow"
    end = view_of(Bettor, **Bettor.presets["Day 200"])
    assert end.ruin == 82 and np.isneginf(end.wealth[0][82:]).all() and end.wealth[1][-1] > 50
    assert "lost everything on day 82, when it snowed" in Bettor.describe(end)
    little = view_of(Bettor, **Bettor.presets["0.1 % on snow"])
    assert little.ruin is None and np.isfinite(little.wealth[0]).all()
    lucky = view_of(Bettor, **Bettor.presets["No snow this time"])
    assert lucky.ruin is None and 3 not in lucky.outcomes and lucky.difference[-1] > 5
    assert end.mse[1] > 18 * end.mse[0]  # "19 times as large", in the question


@pytest.mark.parametrize(("day", "snow", "seed"), BETS)
def test_the_bet_is_seen_as_it_was_computed(day, snow, seed):
    live = Bettor(day=day, snow=snow, seed=seed, expected=True)
    view, shown = live._view, live._live
    np.testing.assert_allclose([bar.get_height() for bar in shown["bold"]], view.stakes[0])
    np.testing.assert_allclose([bar.get_height() for bar in shown["cautious"]], view.stakes[1])
    x, y = shown["wealth-bold"].get_data()
    alive = view.ruin if view.ruin is not None else day + 1
    np.testing.assert_allclose(y[:alive], view.wealth[0][:alive])
    assert list(x[:alive]) == list(range(alive)) and len(x) == alive + (view.ruin is not None)
    np.testing.assert_allclose(shown["wealth-cautious"].get_ydata(), view.wealth[1])
    np.testing.assert_allclose(shown["ratio"].get_ydata()[:alive], view.difference[:alive])
    assert [len(mark.get_xdata()) for mark in shown["ruin"]] == [int(view.ruin is not None)] * 2
    for i, name in enumerate(("bold", "cautious")):
        line = shown[f"expected-{name}"]
        assert line.get_visible() == bool(np.isfinite(view.growth[i]))
        if line.get_visible():
            assert line.get_ydata()[1] == pytest.approx(200 * view.growth[i])
    for ax, (low, high) in ((live.fig.axes[1], WEALTH), (live.fig.axes[2], RATIO)):
        assert ax.get_ylim() == (low, high)
    if day:
        said = re.search(
            r"multiplied by 4 · [\d.]+ = ([\d.]+) and 4 · [\d.]+ = ([\d.]+)\.", live.figure.sentence
        )
        np.testing.assert_allclose([float(said[1]), float(said[2])], view.factors, rtol=6e-3)


@pytest.mark.parametrize("snow", [0.0, 0.1, 4.0])
@pytest.mark.parametrize("seed", range(1, 21))
def test_no_line_of_the_bet_leaves_its_axis(seed, snow):
    view = view_of(Bettor, day=200, snow=snow, seed=seed)
    for (low, high), lines in ((WEALTH, view.wealth), (RATIO, [view.difference])):
        for line in lines:
            finite = line[np.isfinite(line)]
            assert low < finite.min() and finite.max() < high


def test_the_day_and_the_stake_on_snow_can_be_dragged():
    live = Bettor()
    x, y = live.fig.axes[1].transData.transform((117.2, 30))
    live.figure.pointer = {"handle": "grip-day", "x": x, "y": live.fig.bbox.height - y}
    assert live.state().day == 117
    x, y = live.fig.axes[0].transData.transform((2.8, 0.032))
    live.figure.pointer = {"handle": "grip-snow", "x": x, "y": live.fig.bbox.height - y}
    assert live.state().snow == 3.2


# --- NLL, cross-entropy and divergence over a parameter ---------------------------------------------------

COUNTED = np.array([47, 16, 7, 30])


def independent(a, b):
    return [mpmath.mpf(x) for x in ((1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b)]


@pytest.mark.parametrize(("a", "b"), [(0.6, 0.3), (0.1, 0.9), (0.37, 0.46), (0.9, 0.9), (0.5, 0.5)])
def test_the_three_names_have_the_values_of_exact_arithmetic(a, b):
    view = view_of(OneProblem, a=a, b=b)
    q = independent(mpmath.mpf(str(a)), mpmath.mpf(str(b)))
    nll = -sum(int(n) * mpmath.log(x) for n, x in zip(COUNTED, q, strict=True))
    h = -sum(mpmath.mpf(int(n)) / 100 * mpmath.log(mpmath.mpf(int(n)) / 100) for n in COUNTED)
    assert view.nll == pytest.approx(float(nll), rel=1e-12)
    assert view.ce == pytest.approx(float(nll / 100), rel=1e-12)
    assert view.kl == pytest.approx(float(nll / 100 - h), rel=1e-10)
    np.testing.assert_allclose(H_OBS, float(h), rtol=1e-12)
    slope = mpmath.diff(
        lambda t: (
            -sum(
                int(n) * mpmath.log(x)
                for n, x in zip(COUNTED, independent(t, mpmath.mpf(str(b))), strict=True)
            )
            / 100
        ),
        a,
    )
    assert view.slope == pytest.approx(float(slope), rel=1e-6, abs=1e-9)


def test_the_best_preset_is_the_minimum_and_can_be_reached():
    best = OneProblem.presets["Best a and b"]
    found = scipy.optimize.minimize(
        lambda v: -(COUNTED * np.log([float(x) for x in independent(*v)])).sum(),
        (0.5, 0.5),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-12},
        bounds=[(0.01, 0.99)] * 2,
    )
    np.testing.assert_allclose([best["a"], best["b"]], found.x, atol=1e-4)
    least = view_of(OneProblem, **best)
    assert "No a and b does better" in OneProblem.describe(least)
    for change in ({"a": best["a"] + 0.01}, {"b": best["b"] - 0.01}):
        beside = view_of(OneProblem, **best | change)
        assert beside.kl > least.kl and "No a and b" not in OneProblem.describe(beside)


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize(("a", "b"), [(0.6, 0.3), (0.1, 0.9), (0.9, 0.1), (0.37, 0.46)])
def test_the_columns_have_the_area_of_the_nll_in_either_order(a, b, grouped):
    live = OneProblem(a=a, b=b, grouped=grouped)
    columns = np.array([step.get_data().values for step in live._live["columns"]])
    assert columns.sum() == pytest.approx(live._view.nll)  # each is one day wide
    assert (columns > 0).sum(axis=1).tolist() == COUNTED.tolist()
    assert (columns > 0).sum(axis=0).tolist() == [1] * 100
    blocks = np.flatnonzero(np.diff(columns.argmax(axis=0)))
    assert (len(blocks) == 3) == grouped and columns.max() < live.fig.axes[0].get_ylim()[1]
    assert live._live["level"].get_ydata()[0] == pytest.approx(live._view.nll / 100)
    own = live._live["own"].get_data()
    assert (own.values * np.diff(own.edges)).sum() / 100 == pytest.approx(scipy.stats.entropy(COUNTED))


@pytest.mark.parametrize(("a", "b"), [(0.6, 0.3), (0.1, 0.9), (0.9, 0.9), (0.37, 0.46)])
def test_the_curves_are_a_constant_apart_and_the_tangents_parallel(a, b):
    live = OneProblem(a=a, b=b)
    high, low = live._live["means"].get_data(), live._live["divergences"].get_data()
    np.testing.assert_allclose(high[1] - low[1], scipy.stats.entropy(COUNTED), rtol=1e-9)
    assert high[1].max() < live.fig.axes[1].get_ylim()[1]
    for point, curve in (("mean", high), ("divergence", low)):
        (x,), (y,) = live._live[point].get_data()
        assert x == a and y == pytest.approx(np.interp(a, *curve), abs=1e-9)
    assert np.ptp(live._live["arrow"].get_ydata()) == pytest.approx(scipy.stats.entropy(COUNTED))
    for line, curve in zip(live._live["tangent"], (high, low), strict=True):
        (x0, x1), (y0, y1) = line.get_data()
        slope = (y1 - y0) / (x1 - x0)
        near = (np.interp(a + 0.01, *curve) - np.interp(a - 0.01, *curve)) / 0.02
        if 0.11 < a < 0.89:
            assert slope == pytest.approx(near, abs=0.02)
        assert slope == pytest.approx(live._view.slope)


def test_the_sentence_of_the_days_says_the_numbers():
    sentence = OneProblem(a=0.2, b=0.8, grouped=True).figure.sentence
    terms = re.search(r"NLL/N = ([\d.]+) = (.*?) = H\(p_obs, q\)", sentence)
    products = [np.prod([float(x) for x in term.split(" · ")]) for term in terms[2].split(" + ")]
    assert sum(products) == pytest.approx(float(terms[1]), abs=5e-3)
    h, kl = re.search(r"= ([\d.]+) \+ ([\d.]+)\. ", sentence).groups()
    assert float(h) + float(kl) == pytest.approx(float(terms[1]), abs=2e-3)


def test_dragging_a_point_moves_a():
    live = OneProblem()
    for handle, a in (("mean", 0.25), ("divergence", 0.71), ("grip", 0.44)):
        x, y = live.fig.axes[1].transData.transform((a, 1.0))
        live.figure.pointer = {"handle": handle, "x": x, "y": live.fig.bbox.height - y}
        assert live.state().a == a


# --- one Gaussian for two humps -----------------------------------------------------------------------


def log_density(gap, left):
    humps = scipy.stats.norm(-gap / 2, 1), scipy.stats.norm(gap / 2, 1)
    return lambda x: scipy.special.logsumexp([humps[0].logpdf(x), humps[1].logpdf(x)], b=[left, 1 - left])


@pytest.mark.parametrize(
    ("m", "s", "gap", "left"),
    [
        (1.5, 1.5, 6.0, 0.5),
        (-6.0, 0.5, 8.0, 0.1),
        (6.0, 0.5, 0.0, 0.9),
        (6.0, 5.0, 3.0, 0.7),
        (3.0, 1.0, 8.0, 0.9),
    ],
)
def test_both_divergences_agree_with_quadrature(m, s, gap, left):
    view = view_of(ForwardReverse, m=m, s=s, gap=gap, left=left)
    log_p, q = log_density(gap, left), scipy.stats.norm(m, s)

    def integral(f):
        return scipy.integrate.quad(f, -48, 48, points=[m, -gap / 2, gap / 2], limit=500, epsabs=1e-10)[0]

    forward = integral(lambda x: np.exp(log_p(x)) * (log_p(x) - q.logpdf(x)))
    reverse = integral(lambda x: q.pdf(x) * (q.logpdf(x) - log_p(x)))
    assert view.forward == pytest.approx(forward, rel=1e-7)
    assert view.reverse == pytest.approx(reverse, rel=1e-7)


def test_the_presets_are_the_minima():
    def values(v):
        c = ForwardReverse.values()
        c.m, c.s = v
        return ForwardReverse.compute(c)

    for name, which, start in (
        ("Smallest KL(p‖q)", "forward", (0.5, 2.5)),
        ("Smallest KL(q‖p), right", "reverse", (2.5, 1.5)),
        ("Smallest KL(q‖p), left", "reverse", (-2.5, 1.5)),
    ):
        found = scipy.optimize.minimize(lambda v, w=which: getattr(values(v), w), start, method="Nelder-Mead")
        best = ForwardReverse.presets[name]
        np.testing.assert_allclose(found.x, [best["m"], best["s"]], atol=0.03)
    mean, variance = 0.0, 3**2 + 1
    assert ForwardReverse.presets["Smallest KL(p‖q)"] == {
        "m": mean, "s": pytest.approx(math.sqrt(variance), abs=0.025),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gap", "left", "humps"), [(2.0, 0.5, 1), (2.5, 0.5, 2), (3.0, 0.1, 1), (3.5, 0.1, 2), (8.0, 0.9, 2)]
)
def test_the_sentence_counts_the_humps_that_are_seen(gap, left, humps):
    x, pdf = np.linspace(-6, 6, 2401), scipy.stats.norm.pdf
    slope = np.diff(left * pdf(x, -gap / 2) + (1 - left) * pdf(x, gap / 2))
    assert ((slope[:-1] > 0) & (slope[1:] <= 0)).sum() == humps
    sentence = ForwardReverse.describe(view_of(ForwardReverse, gap=gap, left=left))
    assert sentence.startswith("p has one hump:" if humps == 1 else "p has two humps:")


def test_with_one_hump_both_divergences_vanish_at_the_same_gaussian():
    view = view_of(ForwardReverse, **ForwardReverse.presets["p has one hump"])
    assert view.forward == view.reverse == 0


def test_the_points_lie_on_the_curves_and_the_peak_sets_mean_and_scale():
    live = ForwardReverse(m=3.0, s=2.0)
    for one, curve in (("forward", "forwards"), ("reverse", "reverses")):
        (x,), (y,) = live._live[one].get_data()
        assert y == pytest.approx(np.interp(x, *live._live[curve].get_data()), rel=1e-6)
    x, y = live._live["peak"].axes.transData.transform((-2.0, scipy.stats.norm(0, 1.25).pdf(0)))
    live.figure.pointer = {"handle": "peak", "x": x, "y": live.fig.bbox.height - y}
    assert (live._view.m, live._view.s) == (pytest.approx(-2.0), pytest.approx(1.25))
