"""The explorers of lesson 01 against SciPy and 40-digit arithmetic, and against the lesson's own data."""

import math
from fractions import Fraction
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

from helpers.explorers import CoinLikelihood, DieLikelihood, LabelledExamples, Likelihood, ManyFactors
from helpers.explorers.die_likelihood import ROLLS, dragged
from helpers.explorers.likelihood import DATA, EXCESS, LEVELS, READINGS
from helpers.explorers.many_factors import FACTORS
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
    assert "gives 20 heads and 1 tail in one given order" in sentence
    assert "with probability 0: that is the likelihood of p, and NLL = ∞" in sentence


@given(tosses, tosses)
@example(6, 12)
@example(3, 5)
def test_the_button_goes_to_the_best_hundredth_and_the_sentence_agrees(heads, tails):
    if heads + tails == 0:
        return
    seen = [view(CoinLikelihood, heads=heads, tails=tails, p=percent / 100) for percent in range(101)]
    to = CoinLikelihood.actions["Go to the maximum"](seen[7])["p"]
    assert to == pytest.approx(heads / (heads + tails), abs=0.01)
    best = round(100 * to)
    assert best == np.argmax([one.log_likelihood for one in seen])
    assert ["No other" in CoinLikelihood.describe(one) for one in seen] == [n == best for n in range(101)]


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
    "s": st.integers(1, 800).map(lambda n: n / 100),
    "readings": st.sampled_from(list(DATA)),
})  # fmt: skip


@given(settings)
def test_densities_and_nll_are_scipys(controls):
    seen = view(Likelihood, **controls)
    model = scipy.stats.norm(controls["m"], controls["s"])
    np.testing.assert_allclose(seen.terms, -model.logpdf(seen.x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(seen.density, model.pdf(seen.x), rtol=1e-7, atol=1e-300)
    assert seen.nll == pytest.approx(-model.logpdf(seen.x).sum(), rel=1e-10, abs=1e-8)


@given(settings)
def test_the_least_nll_is_where_the_sum_of_squares_says_and_no_setting_has_less(controls):
    seen = view(Likelihood, **controls)
    if controls["readings"] in ("one alone", "16 all the same"):
        assert seen.least == -math.inf
        assert (seen.scale, seen.best) == (0, {})
        assert "There is no least NLL" in Likelihood.describe(seen)
        return
    mean, scale = scipy.stats.norm.fit(seen.x)
    assert (seen.best["m"], seen.best["s"]) == pytest.approx((mean, scale), rel=1e-9)
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


@pytest.mark.parametrize("readings", ["16 as they came", "two different"])
def test_the_button_goes_to_the_maximum_and_sentence_and_figure_agree(readings):
    live = Likelihood(readings=readings, m=-3.0, s=8.0)
    live.act("Go to the maximum")
    mean, scale = scipy.stats.norm.fit(DATA[readings])
    assert (live.state().m, live.state().s) == (round(mean, 2), round(scale, 2))
    assert f"{live._view.nll:.4g}" == f"{live._view.least:.4g}"
    assert live.figure.sentence.endswith("That is the least NLL, to the hundredths of the sliders.")
    for step in ({"m": live.state().m + 0.01}, {"s": live.state().s - 0.01}):
        beside = view(Likelihood, **vars(live.state()) | step)
        assert beside.nll > live._view.nll - 1e-12
        assert "The least NLL is" in Likelihood.describe(beside)


def test_without_a_maximum_the_button_does_nothing():
    live = Likelihood(readings="16 all the same", m=1.0, s=0.5)
    live.act("Go to the maximum")
    assert (live.state().m, live.state().s) == (1.0, 0.5)
    assert "no reading differs from the others" in live.figure.sentence


def test_bell_shoulder_and_point_are_dragged_to_where_they_are_let_go():
    live = Likelihood()
    for handle, to, expected in (
        ("bell", (2.5, 0.2), {"m": 2.5}),
        ("shoulder", (4.5, 0.1), {"s": 2.0}),
        ("shoulder", (0.5, 0.1), {"s": 2.0}),  # the other side of the mean
        ("point", (-1.0, -2.0), {"m": -1.0, "s": 0.25}),
    ):
        axes = next(a for a in live._artists if a.get_gid() == handle).axes
        x, y = axes.transData.transform(to)
        live.figure.pointer = {"handle": handle, "x": float(x), "y": float(live.fig.bbox.height - y)}
        assert vars(live.state()).items() >= expected.items()


def test_the_readings_are_what_they_are_called():
    assert np.unique(DATA["16 all the same"]).size == 1 and DATA["16 all the same"].size == 16
    assert DATA["one alone"].tolist() == READINGS[:1].tolist()
    assert np.unique(DATA["two different"]).size == 2
    np.testing.assert_array_equal(DATA["16 as they came"], READINGS[:16])


# --- many factors -----------------------------------------------------------------------------------


@given(st.integers(1, 1200), st.sampled_from(list(FACTORS)))
@example(149, "1/2: a fair coin")
@example(150, "1/2: a fair coin")
@example(1074, "1/2: a fair coin")
@example(1075, "1/2: a fair coin")
def test_the_product_is_what_the_float_type_makes_of_it_and_the_nll_is_exact(n, factor):
    seen = view(ManyFactors, N=n, factor=factor)
    with mpmath.workdps(40):
        exact = mpmath.mpf(FACTORS[factor]) ** n
        assert seen.nll == pytest.approx(float(-mpmath.log(exact)), rel=1e-12)
        for kind, product in seen.products.items():
            info = np.finfo(kind)
            if info.tiny * 2 < exact < info.max / 2:
                assert product == pytest.approx(float(exact), rel=n * float(info.eps))
            elif exact > mpmath.mpf(float(info.max)) * 2:
                assert product == math.inf
            elif exact < mpmath.mpf(float(info.smallest_subnormal)) / 2:
                assert product == 0
    text = ManyFactors.describe(seen)
    for size, what in ((0, "0: it underflows"), (math.inf, "infinite: it overflows")):
        kinds = [kind for kind, product in seen.products.items() if product == size]
        assert (f"In {' and in '.join(kinds)} that is {what}." in text) == bool(kinds)


def test_the_numbers_of_the_lesson_are_those_of_the_explorer():
    def zero(n, kind):
        return view(ManyFactors, N=n).products[kind] == 0

    assert [zero(n, "float32") for n in (149, 150)] == [False, True]
    assert [zero(n, "float64") for n in (1074, 1075)] == [False, True]


@pytest.mark.parametrize("handle", ["point", "nll-point"])
def test_the_points_lie_on_their_lines_and_are_dragged_along_n(handle):
    live = ManyFactors(N=300)
    line = live._live[{"point": "line", "nll-point": "nll-line"}[handle]].get_xydata()
    (x, y), (end, height) = live._live[handle].get_xydata()[0], line[1]
    assert (x, y) == pytest.approx((300, height / end * 300))
    at = live._live[handle].axes.transData.transform((720.2, 0))
    live.figure.pointer = {"handle": handle, "x": float(at[0]), "y": float(live.fig.bbox.height - at[1])}
    assert live.state().N == 720


# --- labelled examples ------------------------------------------------------------------------------

hundredths = st.integers(0, 100).map(lambda n: n / 100)


@given(hundredths, hundredths, st.integers(1, 10))
@example(0.0, 0.99, 10)
@example(0.01, 0.99, 4)
@example(1.0, 1.0, 1)
def test_product_sum_and_geometric_mean_of_the_ten_examples(g, others, example):
    live = view(LabelledExamples, g=g, others=others, example=example)
    expected = [others] * 10
    expected[example - 1] = g
    np.testing.assert_array_equal(live.g, expected)
    product = math.prod(map(Fraction, expected))
    assert math.exp(-live.nll) == pytest.approx(float(product), rel=1e-12)
    with np.errstate(divide="ignore"):
        assert live.each == pytest.approx(scipy.stats.gmean(expected), rel=1e-12, abs=1e-300)
    text = LabelledExamples.describe(live)
    assert ("one factor 0 is enough" in text) == (product == 0)
    if product and product != Fraction(0.6) ** 10:
        assert ("better than" in text) == (product > Fraction(0.6) ** 10)


def test_one_small_probability_can_be_paid_for_and_one_zero_cannot():
    assert "0.00914, NLL = 4.696" in said(LabelledExamples, g=0.01, others=0.99)
    assert "better than the modest classifier" in said(LabelledExamples, g=0.01, others=0.99)
    assert "The product is 0, NLL = ∞" in said(LabelledExamples, g=0.0, others=1.0)


def test_every_bar_and_the_level_of_the_others_can_be_dragged_and_bars_show_what_compute_gives():
    live = LabelledExamples()
    for handle, to, expected in (
        ("grip-2", (3.0, 0.25), {"g": 0.25, "example": 3, "others": 0.7}),
        ("grip-9", (10.0, -0.3), {"g": 0.0, "example": 10, "others": 0.7}),
        ("level", (0.5, 0.9), {"g": 0.0, "example": 10, "others": 0.9}),
    ):
        axes = next(a for a in live._artists if a.get_gid() == handle).axes
        x, y = axes.transData.transform(to)
        live.figure.pointer = {"handle": handle, "x": float(x), "y": float(live.fig.bbox.height - y)}
        assert vars(live.state()) == expected
        np.testing.assert_allclose([bar.get_height() for bar in live._live["bar"]], live._view.g)
    live.set(g=0.5)
    np.testing.assert_allclose([bar.get_height() for bar in live._live["term"]], -np.log(live._view.g))
    assert not live._live["infinite"].get_visible()
    np.testing.assert_allclose(live._live["mean-term"].get_ydata(), live._view.nll / 10)


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
