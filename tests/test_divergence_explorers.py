"""What the explorers of lesson 02 compute, against SciPy, quadrature and betting done day by day."""

import math
import re

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.explorers import Bettor, CrossEntropy, ForwardReverse
from helpers.explorers.bettor import DAYS, FAIR
from helpers.explorers.two_distributions import OUTCOMES, dragged, preset
from helpers.figures.divergence import one_problem

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
    assert view.mse == pytest.approx(np.mean((p - q) ** 2), abs=1e-11)


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


@pytest.mark.parametrize("explorer", [CrossEntropy, Bettor])
def test_dragging_on_the_screen_keeps_the_sum_and_moves_one_distribution(explorer):
    live = explorer()
    before = live._view
    axes = live._live["grip-q"][3].axes
    x, y = axes.transData.transform((3.2, 0.4))
    live.figure.pointer = {"handle": "grip-q-3", "x": x, "y": live.fig.bbox.height - y}
    assert live._view.q[3] == pytest.approx(0.4, abs=0.002)
    assert live._view.q.sum() == pytest.approx(1)
    np.testing.assert_allclose(live._view.q[:2] / live._view.q[1], before.q[:2] / before.q[1], rtol=0.01)
    np.testing.assert_array_equal(live._view.p, before.p)


@pytest.mark.parametrize("explorer", [CrossEntropy, Bettor])
def test_swap_exchanges_p_and_q_and_twice_is_nothing(explorer):
    live = explorer(p0=10.0)
    before, state = live._view, live.state()
    buttons = {button.description: button for box in live.children for button in getattr(box, "children", [])}
    buttons["Swap p and q"].click()
    np.testing.assert_array_equal(live._view.p, before.q)
    np.testing.assert_array_equal(live._view.q, before.p)
    buttons["Swap p and q"].click()
    assert live.state() == state


def test_the_bars_show_p_and_q():
    live = CrossEntropy()
    for name in "pq":
        heights = [bar.get_height() for bar in live._live[f"bar-{name}"]]
        np.testing.assert_allclose(heights, getattr(live._view, name))
        said = [float(label.get_text()) for label in live._live[f"percent-{name}"]]
        np.testing.assert_allclose(said, 100 * getattr(live._view, name), rtol=0.05)


# --- the bet ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(FOUR, FOUR, st.sampled_from(Bettor.controls["odds"].options), st.integers(1, 20))
def test_wealth_is_what_betting_day_by_day_makes_of_it(a, b, odds, seed):
    view = view_of(Bettor, **preset(p=a, q=b), odds=odds, seed=seed)
    p, q = normal(a), normal(b)
    assert np.all(p[view.outcomes] > 0)  # what is impossible does not happen
    paid = [1 / x if x else math.nan for x in p] if odds == FAIR else [4.0] * 4
    for stakes, log_wealth in ((p, view.wealth_p), (q, view.wealth_q)):
        total = 0.0
        for day, x in enumerate(view.outcomes, 1):
            factor = stakes[x] * paid[x]
            total = total + math.log(factor) if factor > 0 else -math.inf
            assert log_wealth[day] == pytest.approx(total, abs=1e-9)
    if view.ruin is None:
        assert np.isfinite(view.wealth_q).all()
    else:
        assert np.isfinite(view.wealth_q[: view.ruin]).all() and np.isneginf(view.wealth_q[view.ruin :]).all()


@given(FOUR, FOUR, st.sampled_from(Bettor.controls["odds"].options))
def test_the_expected_growth_is_the_mean_logarithm_of_a_days_factor(a, b, odds):
    view, p, q = view_of(Bettor, **preset(p=a, q=b), odds=odds), normal(a), normal(b)
    happens = p > 0
    paid = 1 / p[happens] if odds == FAIR else 4.0
    for stakes, growth in ((p, view.growth_p), (q, view.growth_q)):
        with np.errstate(divide="ignore"):
            expected = (p[happens] * np.log(stakes[happens] * paid)).sum()
        assert growth == pytest.approx(expected, abs=1e-9)


def test_the_days_follow_p_and_the_wealth_its_expected_growth():
    views = [view_of(Bettor, seed=seed) for seed in range(1, 21)]
    outcomes = np.concatenate([view.outcomes for view in views])
    np.testing.assert_allclose(np.bincount(outcomes) / outcomes.size, views[0].p, atol=0.015)
    mean = np.mean([view.wealth_q[-1] for view in views]) / DAYS
    assert mean == pytest.approx(views[0].growth_q, abs=0.03)


def test_the_story_of_the_lesson():
    """At the start both are rich; who calls snow impossible is ruined by the first snow; without it ahead."""
    start = view_of(Bettor)
    assert start.ruin is None and start.wealth_q[-1] > 50
    bold = view_of(Bettor, **Bettor.presets["Calls snow impossible"])
    assert bold.ruin == 82 and OUTCOMES[bold.outcomes[81]] == "snow" and bold.mse < start.mse / 18
    assert "lost everything on day 82: snow" in Bettor.describe(bold)
    lucky = view_of(Bettor, **Bettor.presets["No snow this time"])
    assert lucky.ruin is None and lucky.wealth_q[-1] > lucky.wealth_p[-1] and lucky.growth_q == -math.inf


@settings(deadline=None, max_examples=12)
@given(FOUR, FOUR, st.sampled_from(Bettor.controls["odds"].options))
def test_the_axis_holds_both_lines(a, b, odds):
    live = Bettor(**preset(p=a, q=b), odds=odds)
    low, high = live.wealth.get_ylim()
    finite = np.concatenate([live._view.wealth_p, live._view.wealth_q])
    finite = finite[np.isfinite(finite)]
    assume(np.abs(finite).max() <= 1024)
    assert low <= finite.min() and finite.max() <= high
    assert high <= 4 * max(np.abs(finite).max(), 1) + 1e-9  # and no line is lost in too high an axis


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


# --- the figure that stands still ----------------------------------------------------------------------


def test_the_figure_shows_curves_that_differ_by_the_entropy_and_by_the_factor_n():
    outcomes = [0] * 5 + [1] * 3 + [2] * 2
    picture = one_problem(outcomes, lambda a: np.array([(1 - a) ** 2, 2 * a * (1 - a), a**2]))
    left, right = picture.fig.axes
    mean, ce, kl = (line.get_ydata() for line in left.lines[:3])
    np.testing.assert_allclose(mean, ce, rtol=1e-12)
    np.testing.assert_allclose(ce - kl, scipy.stats.entropy([5, 3, 2]), rtol=1e-9)
    np.testing.assert_allclose(right.lines[0].get_ydata(), 10 * mean, rtol=1e-12)
    best = left.lines[0].get_xdata()[kl.argmin()]
    assert best == pytest.approx((3 + 2 * 2) / 20, abs=0.002) and "a = 0.35" in picture.alt
