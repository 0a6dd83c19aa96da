"""The explorers of lesson 01 against SciPy and 40-digit arithmetic, and against the lesson's own data."""

import math
from pathlib import Path

import mpmath
import nbformat
import numpy as np
import pytest
import scipy.optimize
import scipy.special
import scipy.stats
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.explorers import CoinLikelihood, DieLikelihood, Likelihood
from helpers.explorers.die_likelihood import ROLLS, dragged
from helpers.explorers.likelihood import DATA, EXCESS, LEVELS, READINGS, observations
from helpers.figures.text import power_of_e, raised
from tools.lint_notebooks import split_imports

LESSON = Path(__file__).parent.parent / "notebooks/01_maximum_likelihood.ipynb"


def view(explorer, **controls):
    return explorer.compute(explorer.values(**controls))


def said(explorer, **controls):
    return explorer.describe(view(explorer, **controls))


# --- the coin ---------------------------------------------------------------------------------------

tosses = st.integers(0, 20)


@given(tosses, tosses, st.integers(0, 100))
def test_the_coins_likelihood_is_the_binomial_one_without_its_coefficient(heads, tails, percent):
    seen, p = view(CoinLikelihood, heads=heads, tails=tails, p=percent / 100), percent / 100
    expected = scipy.stats.binom.pmf(heads, heads + tails, p) / scipy.special.comb(heads + tails, heads)
    assert math.exp(seen.log_likelihood) == pytest.approx(expected, rel=1e-11, abs=1e-300)
    assert seen.area == pytest.approx(scipy.special.beta(heads + 1, tails + 1), rel=1e-12)
    curve = np.exp(seen.curve)
    assert np.trapezoid(curve, dx=1 / 200) == pytest.approx(seen.area, rel=0.06)  # 20 heads: a steep end
    if heads + tails:
        assert math.exp(seen.greatest) >= curve.max() * (1 - 1e-12)
        assert seen.best["p"] == pytest.approx(heads / (heads + tails))


def test_without_a_toss_there_is_no_best_coin_and_the_button_does_nothing():
    live = CoinLikelihood(heads=0, tails=0, p=0.3)
    live.act("Go to the maximum")
    assert live.state().p == 0.3
    assert live.figure.error == ""
    assert "every p has the same likelihood, 1" in live.figure.sentence


def test_a_coin_that_cannot_show_tails_is_ruled_out_by_one():
    sentence = said(CoinLikelihood, p=1.0, heads=20, tails=1)
    assert "with probability 0: that is the likelihood of p, and NLL = ∞" in sentence


# --- the die ----------------------------------------------------------------------------------------

parts = st.lists(st.integers(0, 1000).map(lambda n: n / 10), min_size=6, max_size=6)


@given(parts, st.sampled_from(["all 60 rolls", "only the first 12"]))
def test_the_dies_likelihood_is_the_multinomial_one_without_its_coefficient(values, rolls):
    seen = view(DieLikelihood, rolls=rolls, **{f"part{k}": value for k, value in enumerate(values)})
    assert seen.p.sum() == pytest.approx(1, abs=1e-12)
    if sum(values):
        np.testing.assert_allclose(seen.p, np.array(values) / sum(values), rtol=1e-12)
    faces = ROLLS if rolls == "all 60 rolls" else ROLLS[:12]
    expected = 0 - sum(-np.inf if seen.p[face] == 0 else math.log(seen.p[face]) for face in faces)
    assert seen.nll == pytest.approx(expected, rel=1e-12)
    assert seen.terms.sum() == pytest.approx(expected, rel=1e-12)
    assert seen.least <= seen.nll + 1e-9
    assert seen.least == pytest.approx(len(faces) * scipy.stats.entropy(seen.counts), rel=1e-12)


def test_the_button_makes_each_probability_the_fraction_of_its_face():
    live = DieLikelihood(rolls="only the first 12")
    assert live._view.counts[3] == 0  # a face that did not come: its best probability is 0
    live.act("Go to the maximum")
    np.testing.assert_allclose(live._view.p, np.bincount(ROLLS[:12], minlength=6) / 12, atol=1e-15)
    assert live._view.nll == pytest.approx(live._view.least, rel=1e-14)
    assert "No other p does better" in live.figure.sentence


def test_one_zero_is_named_and_a_zero_for_what_never_came_is_not():
    assert "likelihood 0, NLL = ∞: face 3 came, with probability 0." in said(DieLikelihood, part3=0.0)
    assert "faces 0 and 3 came" in said(DieLikelihood, part3=0.0, part0=0.0)
    assert "∞" not in said(DieLikelihood, part3=0.0, rolls="only the first 12")
    assert "All parts are 0 and count as equal" in said(DieLikelihood, **{f"part{k}": 0.0 for k in range(6)})


@given(parts, st.integers(0, 5), st.floats(0, 1.2))
def test_a_dragged_bar_gets_its_height_and_the_others_keep_their_proportions(values, face, y):
    controls = {f"part{k}": value for k, value in enumerate(values)}
    changed = dragged(view(DieLikelihood, **controls), face, y)
    assert changed.keys() == {f"part{face}"}  # so it does not matter by which way the pointer came
    others, part = sum(values) - values[face], changed[f"part{face}"]
    if y < 1 and others:
        assert part / (part + others) == pytest.approx(y, abs=1e-12)
    assert part >= -1e-9


# --- the Gaussian -----------------------------------------------------------------------------------

settings = st.fixed_dictionaries({
    "m": st.integers(-300, 700).map(lambda n: n / 100),
    "s": st.integers(-112, 48).map(lambda n: 2 ** (n / 16)),
    "N": st.integers(0, 9).map(lambda n: 2.0**n),
    "readings": st.sampled_from(DATA),
})  # fmt: skip


@given(settings)
def test_densities_and_nll_are_scipys_and_the_products_those_of_the_float_types(controls):
    seen = view(Likelihood, **controls)
    model = scipy.stats.norm(controls["m"], controls["s"])
    np.testing.assert_allclose(seen.terms, -model.logpdf(seen.x), rtol=1e-9, atol=1e-9)
    assert seen.nll == pytest.approx(-model.logpdf(seen.x).sum(), rel=1e-10, abs=1e-8)
    with np.errstate(all="ignore"):
        for kind, product in seen.products.items():
            one_by_one = np.ones((), kind)
            for density in model.pdf(seen.x).astype(kind):
                one_by_one = one_by_one * density
            usual = np.finfo(kind).tiny * 1e4 < one_by_one < np.inf
            expected = pytest.approx(float(one_by_one), rel=2e-2 if kind == "float32" else 1e-7)
            assert product == expected if usual else product in (0, math.inf) or product < 1e-33


@given(settings)
def test_the_least_nll_is_where_the_sum_of_squares_says_and_no_setting_has_less(controls):
    seen = view(Likelihood, **controls)
    if controls["N"] == 1 or controls["readings"] == "all the same":
        assert seen.least == -math.inf
        assert seen.scale == 0
        assert "There is no least NLL" in Likelihood.describe(seen)
        return
    mean, scale = scipy.stats.norm.fit(seen.x)
    assert (seen.mean, seen.scale) == pytest.approx((mean, scale), rel=1e-9)
    least = -scipy.stats.norm(mean, scale).logpdf(seen.x).sum()
    assert seen.least == pytest.approx(least, rel=1e-9, abs=1e-9)
    assert seen.nll >= seen.least - 1e-8


def test_a_search_that_knows_no_formula_ends_at_the_cross():
    seen = view(Likelihood)
    found = scipy.optimize.minimize(
        lambda theta: -scipy.stats.norm(theta[0], math.exp(theta[1])).logpdf(seen.x).sum(), [0.0, 0.0]
    )
    assert found.x[0] == pytest.approx(seen.mean, abs=1e-4)
    assert math.exp(found.x[1]) == pytest.approx(seen.scale, rel=1e-4)


@given(settings)
def test_every_level_line_has_the_level_it_is_drawn_for(controls):
    seen = view(Likelihood, **controls)
    for line, excess, level in zip(seen.surface, EXCESS, LEVELS, strict=True):
        m, s = line[:, 0], 2.0 ** line[:, 1]
        per_reading = -scipy.stats.norm(m[:, None], s[:, None]).logpdf(seen.x).mean(axis=1)
        expected = seen.least / seen.x.size + excess if seen.scale else level
        np.testing.assert_allclose(per_reading, expected, rtol=0, atol=1e-6)


def test_the_sentence_tells_of_underflow_and_of_overflow_when_it_happens():
    assert "that is" not in said(Likelihood)
    narrow = dict(m=3.58, s=1 / 128, readings="all the same")
    assert "In float32 and in float64 that is infinite" in said(Likelihood, N=512.0, **narrow)
    assert "In float32 that is infinite" in said(Likelihood, N=64.0, **narrow)
    assert "In float32 that is 0" in said(Likelihood, N=64.0)
    assert "In float32 and in float64 that is 0" in said(Likelihood, N=512.0, m=2.0)


@given(settings)
@example({"m": 2.0, "s": 2 ** (44 / 16), "N": 256.0, "readings": DATA[0]})  # float64: 10⁻³¹⁷, small and not 0
def test_the_sentence_says_0_or_infinite_of_exactly_the_products_that_are(controls):
    seen = view(Likelihood, **controls)
    for what, size in (("0: it underflows", 0), ("infinite: it overflows", math.inf)):
        named = [kind for kind, product in seen.products.items() if product == size]
        text = f"In {' and in '.join(named)} that is {what}." if named else what
        assert (text in Likelihood.describe(seen)) == bool(named)


def test_the_button_goes_as_near_to_the_maximum_as_the_sliders_can():
    live = Likelihood(N=64.0, readings="as they came", m=-3.0, s=8.0)
    live.act("Go to the maximum")
    assert abs(live.state().m - live._view.mean) <= 0.005 + 1e-9
    assert abs(math.log2(live.state().s / live._view.scale)) <= 1 / 32 + 1e-9
    assert live._view.nll - live._view.least < 0.04
    live.set(readings="all the same")
    live.act("Go to the maximum")
    assert (live.state().m, live.state().s) == (READINGS[0], 1 / 128)


def test_bell_shoulder_and_point_are_dragged_to_where_they_are_let_go():
    live = Likelihood()
    for handle, to, expected in (
        ("bell", (2.5, 0.2), {"m": 2.5}),
        ("shoulder", (4.5, 0.1), {"s": live.controls["s"].nearest(2.0)}),
        ("shoulder", (0.5, 0.1), {"s": live.controls["s"].nearest(2.0)}),  # the other side of the mean
        ("point", (-1.0, -2.0), {"m": -1.0, "s": 0.25}),
    ):
        axes = next(a for a in live._artists if a.get_gid() == handle).axes
        x, y = axes.transData.transform(to)
        live.figure.pointer = {"handle": handle, "x": float(x), "y": float(live.fig.bbox.height - y)}
        assert vars(live.state()).items() >= expected.items()


def test_readings_that_are_all_the_same_but_one_differ_in_one():
    assert np.unique(observations("all the same", 8)).size == 1
    values, counts = np.unique(observations("all the same but one", 8), return_counts=True)
    assert values.size == 2 and sorted(counts) == [1, 7]
    np.testing.assert_array_equal(observations("as they came", 8), READINGS[:8])


# --- numbers, and the lesson ------------------------------------------------------------------------


@given(st.floats(-30_000, 30_000))
@example(math.log(9.9999) - 1000 * math.log(10))
def test_a_power_of_e_is_written_to_three_digits_whatever_its_size(exponent):
    text = power_of_e(exponent)
    mantissa, _, power = text.partition("·10")
    lowered = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    with mpmath.workdps(40):
        written = mpmath.mpf(mantissa) * mpmath.mpf(10) ** int(lowered or 0)
        exact = mpmath.exp(exponent)
        assert abs(written / exact - 1) < 0.0051
    assert not power or 1 <= float(mantissa) < 10
    assert raised(-324) == "⁻³²⁴"


def test_the_lesson_draws_the_same_data_as_the_explorers():
    space = {}
    for cell in split_imports(nbformat.read(LESSON, 4))[0]:
        exec(cell.source, space)
    heads = int(space["tosses"].sum())
    start = CoinLikelihood.values()
    assert (heads, len(space["tosses"]) - heads) == (start.heads, start.tails)
    np.testing.assert_array_equal(space["rolls"], ROLLS)
    np.testing.assert_array_equal(space["readings"], READINGS[:16])
