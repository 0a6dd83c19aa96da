"""The explorers of lesson 08 against SciPy, scikit-learn and the optimiser itself."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from numpy.polynomial import Chebyshev
from scipy.optimize import linprog, minimize
from sklearn.linear_model import LogisticRegression

from helpers.explorers import Ridge, WeightDecay
from helpers.explorers.weight_decay import DECAYS, LAMBDAS, examples, losses
from helpers.figures.style import BLUE, ORANGE, VERMILLION
from helpers.optim import SGD

DECOUPLED = DECAYS[1]


def polynomials(x, size):
    """The features without the constant, one by one from Chebyshev's own class."""
    return np.stack([Chebyshev.basis(k)(x) for k in range(1, size + 1)], axis=1)


def of(cls, **changes):
    return cls.compute(cls.values(**changes))


def drag(live, handle, x, y):
    artist = next(a for a in live._artists if a.get_gid() == handle)
    px, py = artist.axes.transData.transform((x, y))
    live.figure.pointer = {"handle": handle, "x": px, "y": live.fig.bbox.height - py}


# --- the bowl and the circle


@given(
    st.integers(-20, 20).map(lambda k: 10 ** (k / 10)), st.floats(-3, 3), st.floats(-3, 3),
    st.integers(1, 50), st.integers(0, 90),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_the_solution_is_the_least_of_loss_and_penalty(lam, x, y, kappa, rotation):
    view = of(Ridge, lam=lam, x=x, y=y, kappa=kappa, rotation=rotation)
    turn = np.deg2rad(rotation)
    flat, steep = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    optimum = np.array([view.x, view.y])  # on the sliders' grid

    def loss(theta):
        return 0.5 * ((flat @ (theta - optimum)) ** 2 / kappa + (steep @ (theta - optimum)) ** 2)

    found = minimize(lambda t: loss(t) + 0.5 * view.lam * t @ t, np.zeros(2), tol=1e-12)
    np.testing.assert_allclose(view.solution, found.x, atol=1e-5)
    np.testing.assert_allclose(view.loss, loss(view.solution), atol=1e-12)
    assert view.radius == pytest.approx(np.linalg.norm(view.solution))
    at = np.argmin(np.abs(np.logspace(-2, 2, 81) - view.lam))
    if np.isclose(np.logspace(-2, 2, 81)[at], view.lam):
        np.testing.assert_allclose(view.path[at], view.solution, atol=1e-12)


def test_the_bowls_artists_show_contour_circle_and_path_through_the_solution():
    live = Ridge(lam=0.1, x=1.0, y=-2.0, kappa=20, rotation=40)
    artists, view = live._live, live._view
    np.testing.assert_allclose(artists["solution"].get_xydata(), [view.solution])
    np.testing.assert_allclose(artists["optimum"].get_xydata(), [[1.0, -2.0]])
    np.testing.assert_allclose(np.linalg.norm(artists["circle"].get_xydata(), axis=1), view.radius)
    turn = np.deg2rad(40)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    offsets = (artists["touching"].get_xydata() - (1.0, -2.0)) @ axes.T
    np.testing.assert_allclose(0.5 * offsets**2 @ [1 / 20, 1.0], view.loss, atol=1e-12)
    path = artists["path"].get_xydata()
    np.testing.assert_allclose(path[[0, -1]], [[1.0, -2.0], [0, 0]])
    assert np.isclose(path, view.solution).all(axis=1).any()
    for name, curvature in (("flat-point", 1 / 20), ("steep-point", 1.0)):
        np.testing.assert_allclose(artists[name].get_xydata(), [[0.1, curvature / (curvature + 0.1)]])
    lam, left = artists["flat"].get_data()
    np.testing.assert_allclose(left, (1 / 20) / (1 / 20 + lam))
    for end, direction in zip(artists["axes"].get_xydata()[[1, 4]], axes, strict=True):
        np.testing.assert_allclose(np.cross([*(end - (1.0, -2.0)), 0], [*direction, 0]), 0, atol=1e-12)
    rings = artists["contours"].get_xydata()
    offsets = (rings[~np.isnan(rings).any(axis=1)] - (1.0, -2.0)) @ axes.T
    heights = 0.5 * offsets**2 @ [1 / 20, 1.0]
    assert np.unique(heights.round(9)).size == 6


def test_a_drag_takes_the_solution_along_its_path_and_the_optimum_anywhere():
    live = Ridge()
    for lam in (0.01, 0.5011872336272722, 100.0):
        drag(live, "solution", *of(Ridge, lam=lam).solution)
        assert live.state().lam == pytest.approx(lam)
        assert (live.state().x, live.state().y) == (1.0, 2.5)
    drag(live, "optimum", -1.5, 2.0)
    assert (live.state().x, live.state().y) == (-1.5, 2.0)


def test_the_bowls_sentence_says_what_is_left():
    sentence = Ridge(lam=1.0, x=2.0, y=0.0, kappa=4, rotation=0).figure.sentence
    assert "least at (2.00, 0)" in sentence and "minimum is at (0.400, 0)" in sentence
    assert "radius 0.400" in sentence
    sentence = sentence.replace("\u00a0", " ")
    assert "steep axis (h = 1) 50 % is left" in sentence and "at 0° to the θ₀ axis) 20 %" in sentence
    assert "every direction 50" in Ridge(lam=1.0, kappa=1).figure.sentence


def test_the_bowls_sentence_says_0_where_rounding_leaves_something_else():
    assert "minimum is at (0, 0.909)" in Ridge(lam=0.1, x=0.0, y=1.0, kappa=1, rotation=20).figure.sentence
    assert "minimum is at (0.909, 0)" in Ridge(lam=0.1, x=1.0, y=0.0, kappa=1, rotation=20).figure.sentence


def test_the_road_to_the_origin_bends_where_the_prediction_asks_for_it():
    for changes in ({}, Ridge.presets["Long valley"]):
        view = of(Ridge, **changes)
        off_chord = view.path @ [-view.y, view.x] / np.hypot(view.x, view.y)
        assert np.abs(off_chord).max() > 0.5


def test_the_bowls_presets_are_what_their_names_say():
    views = {name: of(Ridge, **changes) for name, changes in Ridge.presets.items()}
    assert views["Little"].left.min() > 0.9
    assert views["λ = 1, the steep curvature"].left[1] == 0.5
    assert views["Almost nothing left"].left.max() < 0.01
    round_bowl = views["Round bowl"]
    assert round_bowl.left[0] == pytest.approx(round_bowl.left[1], rel=1e-14)
    np.testing.assert_allclose(np.cross([*round_bowl.solution, 0], [1.0, 2.5, 0]), 0, atol=1e-12)
    assert views["Long valley"].left[0] < 0.2 < 0.9 < views["Long valley"].left[1]


# --- the over-fitted classifier


@pytest.mark.parametrize("lam", [0.001, 0.01, 0.1, 1.0])
@pytest.mark.parametrize(("noise", "size"), [(0.0, 3), (0.1, 12), (0.3, 15)])
def test_the_weights_are_those_of_scikit_learn(lam, noise, size):
    view = of(WeightDecay, lam=lam, noise=noise, size=size)
    x, labels = examples(30, 9, view.noise)
    theirs = LogisticRegression(C=1 / (30 * lam), tol=1e-10, max_iter=10_000)
    theirs.fit(polynomials(x, size), labels)
    np.testing.assert_allclose(view.theta, [*theirs.intercept_, *theirs.coef_[0]], atol=1e-4)
    g = theirs.predict_proba(polynomials(x, size))[np.arange(30), labels]
    assert view.here["training"] == pytest.approx(-np.log(g).mean(), abs=1e-5)
    x, labels = examples(400, 1000, view.noise)
    g = theirs.predict_proba(polynomials(x, size))[np.arange(400), labels]
    assert view.here["validation"] == pytest.approx(-np.log(g).mean(), abs=1e-4)


def test_a_decayed_bias_is_penalised_like_a_weight():
    view = of(WeightDecay, lam=1.0, decay_bias=True)
    features = np.column_stack([np.ones(30), polynomials(view.x, 12)])
    theirs = LogisticRegression(C=1 / 30, fit_intercept=False, tol=1e-10, max_iter=10_000)
    theirs.fit(features, view.labels)
    np.testing.assert_allclose(view.theta, theirs.coef_[0], atol=1e-4)


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("decay_bias", [False, True])
def test_training_with_momentum_comes_to_rest_at_the_weights_shown(decay, decay_bias):
    view = of(WeightDecay, lam=1.0, decay=decay, decay_bias=decay_bias, size=3)
    features = polynomials(view.x, 3)
    theta = {"weight": np.zeros(3), "bias": np.zeros(1)}
    optimizer = SGD(theta, 0.1, 0.9, 1.0, decay_biases=decay_bias, decoupled=decay == DECOUPLED)
    for _ in range(5000):
        wrong = 1 / (1 + np.exp(-features @ theta["weight"] - theta["bias"])) - view.labels
        optimizer.step({"weight": features.T @ wrong / 30, "bias": wrong.mean(keepdims=True)})
    np.testing.assert_allclose(view.theta, [*theta["bias"], *theta["weight"]], atol=1e-8)


def test_every_point_of_the_curves_is_what_its_lambda_gives():
    for decay in DECAYS:
        view = of(WeightDecay, decay=decay)
        assert view.lambdas[0] == pytest.approx(1e-5) and view.lambdas[-1] == pytest.approx(10)
        for at in (0, 17, 50, 60):
            here = of(WeightDecay, decay=decay, lam=float(view.lambdas[at].clip(1e-5, 10))).here
            assert {name: loss[at] for name, loss in view.nll.items()} == pytest.approx(here)
        best = of(WeightDecay, decay=decay, lam=view.best_lam)
        assert view.best_nll == pytest.approx(best.here["validation"])
        assert view.best_nll == view.nll["validation"].min()


def test_training_never_gains_from_more_decay():
    for size in range(1, 16):
        for noise in (0.0, 0.15, 0.3):
            assert (np.diff(of(WeightDecay, size=size, noise=noise).nll["training"]) >= -1e-9).all()


def test_every_step_of_the_noise_turns_more_labels_and_as_many_as_it_says():
    for n, seed, wanted in ((30, 9, [0, 2, 3, 5, 6, 8, 9]), (400, 1000, [0, 20, 40, 60, 80, 100, 120])):
        x, clean = examples(n, seed, 0.0)
        assert np.array_equal(clean, (x > -0.15) & (x < 0.2))
        turned = [examples(n, seed, k / 20)[1] != clean for k in range(7)]
        assert [one.sum() for one in turned] == wanted
        for fewer, more in itertools.pairwise(turned):
            assert more[fewer].all()  # a label once turned stays so
    assert [of(WeightDecay, noise=k / 20).turned for k in range(7)] == [0, 2, 3, 5, 6, 8, 9]


def separable(x, labels, size):
    """Whether a linear program finds weights and a bias with a margin of 1 on every example."""
    features = (
        np.column_stack([np.ones(len(x)), polynomials(x, size)]) * np.where(labels == 1, 1, -1)[:, None]
    )
    free = [(None, None)] * (size + 1)
    return linprog(np.zeros(size + 1), -features, -np.ones(len(x)), bounds=free).status == 0


def test_a_parabola_separates_the_examples_without_noise_only_and_only_there_the_weights_run_away():
    for noise in (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3):
        assert separable(*examples(30, 9, noise), 2) == (noise == 0)
        largest = [np.abs(of(WeightDecay, noise=noise, size=2, lam=10.0**k).theta).max() for k in (-4, -5)]
        assert (largest[1] > 2 * largest[0]) == (noise == 0)
        assert (largest[1] < 1.03 * largest[0]) == (noise > 0)


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("lam", [1e-5, 0.01, 10.0])
def test_an_exempt_bias_makes_the_mean_probability_over_the_training_examples_the_share(decay, lam):
    for noise in (0.0, 0.1, 0.3):
        view = of(WeightDecay, lam=lam, noise=noise, decay=decay)
        assert view.mean == pytest.approx(view.share, abs=1e-9)
    decayed = of(WeightDecay, lam=10.0, decay=decay, decay_bias=True)
    assert decayed.mean > decayed.share + 0.1


def test_a_decayed_bias_hurts_at_every_lambda_in_the_state_where_the_lesson_shows_it():
    exempt, decayed = of(WeightDecay), of(WeightDecay, decay_bias=True)
    assert (decayed.nll["validation"] > exempt.nll["validation"] + 0.01).all()
    assert decayed.best_nll > exempt.best_nll + 0.02
    assert decayed.nll["validation"][-1] > exempt.nll["validation"][-1] + 0.1


def test_more_noise_asks_for_more_decay_and_a_large_model_beats_a_small_one_whatever_the_sample():
    best = [of(WeightDecay, noise=k / 20).best_lam for k in range(7)]
    assert (np.diff(best) > 0).all() and best[6] > 12 * best[1]

    def at_best(size, noise, seed):
        curve = losses(size, noise, False, seed)["validation"]
        return LAMBDAS[curve.argmin()], curve.min()

    for seed in range(20):
        assert at_best(12, 0.3, seed)[0] > at_best(12, 0.05, seed)[0]
        assert at_best(12, 0.1, seed)[1] < at_best(4, 0.1, seed)[1]


def test_the_explorers_sample_is_one_of_those_that_a_seed_draws():
    view, curves = of(WeightDecay), losses(12, 0.1, False, 9)
    for name, curve in view.nll.items():
        np.testing.assert_array_equal(curve, curves[name][-len(curve) :])
    assert not np.allclose(losses(12, 0.1, False, 8)["training"], curves["training"])


def test_the_artists_show_what_was_computed():
    live = WeightDecay(lam=0.1, decay_bias=True, noise=0.2, size=5)
    artists, view = live._live, live._view
    grid = np.linspace(-1, 1, 161)
    logits = view.theta[0] + polynomials(grid, 5) @ view.theta[1:]
    np.testing.assert_allclose(artists["curve"].get_ydata(), 1 / (1 + np.exp(-logits)))
    truth = np.where((grid > -0.15) & (grid < 0.2), 0.8, 0.2)
    np.testing.assert_allclose(artists["truth"].get_ydata(), truth)
    np.testing.assert_allclose(artists["share"].get_ydata(), view.labels.mean())
    for label, height, colour in ((1, 1, VERMILLION), (0, 0, BLUE)):
        sticks = artists[f"examples-{label}"]
        x, y = sticks.get_data()
        np.testing.assert_allclose(x[::3], view.x[view.labels == label])
        assert (np.abs(y[~np.isnan(y)] - height) < 0.2).all() and to_hex(sticks.get_color()) == colour
    np.testing.assert_allclose(artists["bias"].get_ydata(), [0, view.theta[0]])
    np.testing.assert_allclose(artists["weights"].get_ydata()[1::3], view.theta[1:])
    np.testing.assert_allclose(artists["weights"].get_xdata()[1::3], [1, 2, 3, 4, 5])
    for name, colour in (("training", BLUE), ("validation", VERMILLION)):
        np.testing.assert_allclose(artists[name].get_ydata(), view.nll[name])
        assert to_hex(artists[name].get_color()) == colour
        np.testing.assert_allclose(artists[f"{name}-point"].get_xydata(), [[0.1, view.here[name]]])
    usual = of(WeightDecay, noise=0.2, size=5).nll["validation"]
    np.testing.assert_allclose(artists["usual"].get_xydata(), np.column_stack([view.lambdas, usual]))
    assert np.abs(usual - view.nll["validation"]).max() > 0.05
    np.testing.assert_allclose(artists["best"].get_xydata(), [[view.best_lam, view.best_nll]])
    np.testing.assert_allclose(artists["chosen"].get_xdata(), 0.1)
    assert to_hex(artists["bias"].get_color()) == ORANGE


def test_a_loss_beyond_the_panel_is_an_arrow_at_its_edge():
    live = WeightDecay(lam=1e-5)
    point, panel = live._live["validation-point"], live._live["validation-point"].axes
    assert live._view.here["validation"] > 1.5
    assert point.get_marker() == "^" and 1.4 < point.get_ydata()[0] < 1.5 == panel.get_ylim()[1]
    assert live._live["training-point"].get_marker() == "s"
    live.set(lam=0.01)
    assert point.get_marker() == "o" and point.get_ydata()[0] == live._view.here["validation"]
    assert panel.get_xlim()[0] < 1e-5 and panel.get_xlim()[1] > 10  # no marker is cut in half at the ends


def test_a_drag_sets_lambda_and_the_button_takes_it_to_the_best():
    live = WeightDecay()
    drag(live, "pad", 0.1, 0.3)
    assert live.state().lam == pytest.approx(0.1)
    live.act("Best λ for validation")
    losses = {k: of(WeightDecay, lam=10 ** (k / 10)).here["validation"] for k in range(-50, 11)}
    assert live.state().lam == pytest.approx(10 ** (min(losses, key=losses.get) / 10))


def test_the_sentence_says_the_numbers_that_were_computed():
    live = WeightDecay(lam=0.1, decay=DECOUPLED, decay_bias=True, noise=0.2, size=5)
    view, sentence = live._view, live.figure.sentence.replace("−", "-")
    assert sentence.startswith(
        "5 weights, 6 of 30 labels turned, λ = 0.100, decoupled, with momentum 0.9, bias decayed, too: mean"
    )
    number = r"(-?[\d.]+\d)"
    said = re.search(
        rf"NLL {number} in training, {number} in validation, where the best shown is {number} at λ = "
        rf"{number}\. Largest weight {number}, bias {number}\. .* class 1 is {number}, its share {number}\.",
        sentence,
    ).groups()  # fmt: skip
    expected = [
        view.here["training"], view.here["validation"], view.best_nll, view.best_lam,
        np.abs(view.theta[1:]).max(), view.theta[0], view.mean, view.labels.mean(),
    ]  # fmt: skip
    np.testing.assert_allclose([float(x) for x in said], expected, rtol=6e-3)
    assert "coupled" not in WeightDecay().figure.sentence and "too" not in WeightDecay().figure.sentence


def test_the_presets_and_predictions_are_what_they_say():
    views = {name: of(WeightDecay, **changes) for name, changes in WeightDecay.presets.items()}
    start = of(WeightDecay)
    hardly = views["Hardly any decay"].here
    assert hardly["validation"] > 3 and hardly["training"] < 0.2
    far, bias_too = views["Far too much"], views["Far too much, bias too"]
    assert np.abs(far.theta[1:]).max() < 0.05 and far.curve.mean() == pytest.approx(far.share, abs=0.01)
    assert bias_too.curve.mean() == pytest.approx(0.5, abs=0.02)
    assert views["Decoupled"].best_lam == pytest.approx(10 * start.best_lam)
    assert views["Decoupled"].best_nll == pytest.approx(start.best_nll)
    assert views["Too small a model"].best_nll > start.best_nll + 0.1
    sizes = [np.linalg.norm(of(WeightDecay, noise=0.0, size=2, lam=10.0**k).theta) for k in range(-2, -6, -1)]
    growth = np.array(sizes[1:]) / sizes[:-1]
    assert (growth > 2).all() and (growth < 3).all()


def test_lines_are_drawn_as_the_titles_say():
    live = Ridge(kappa=20)
    left = live._live["flat"].axes
    steep = next(line for line in left.lines if line.get_gid() is None and len(line.get_xdata()) > 2)
    lam, kept = steep.get_data()
    np.testing.assert_allclose(kept, 1 / (1 + lam))
    assert left.get_title(loc="left") + left.get_title() == (
        "what is left along: ── steep axis, - - flat axis"
    )
    assert (steep.get_linestyle(), live._live["flat"].get_linestyle()) == ("-", "--")
    assert live._live["circle"].axes.get_aspect() == 1  # a circle is seen as one

    live = WeightDecay()
    loss = live._live["validation"].axes
    assert loss.get_title(loc="left") + loss.get_title() == "NLL: ── validation, - - training"
    lines = [live._live[name].get_linestyle() for name in ("validation", "training")]
    assert lines == ["-", "--"]
    assert live._live["training-point"].get_visible() and live._live["validation-point"].get_visible()
    level = next(line for line in loss.lines if line.get_gid() is None)
    np.testing.assert_allclose(level.get_ydata(), np.log(2))
    (said,) = loss.texts
    assert said.get_text() == "ln 2: always ½" and 0 < said.get_position()[1] - np.log(2) < 0.05
    bars = live._live["weights"].axes  # lesson 08: beyond ±1 the axis is logarithmic
    assert (bars.get_yscale(), bars.get_ylim()) == ("symlog", (-300, 300))
    assert bars.yaxis.get_transform().linthresh == 1
    labels = [label.get_text().replace("−", "-") for label in bars.get_yticklabels()]
    assert [float(label) for label in labels] == list(bars.get_yticks())
    assert [label.get_text() for label in bars.get_xticklabels()] == ["b", *map(str, bars.get_xticks()[1:])]
    left, right = loss.get_xlim()
    corners = [[left, 0], [left, 1.5], [right, 1.5], [right, 0]]
    np.testing.assert_allclose(live._live["pad"].get_xy()[:4], corners)
