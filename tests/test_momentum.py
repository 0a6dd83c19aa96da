"""Momentum on quadratic bowls, and the explorers of lesson 07, against independent ways to them."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special
from sklearn.datasets import load_digits

from helpers import optim
from helpers.exercises.lesson_07 import BEST_LR, BEST_MOMENTUM, choice, steps_times_best
from helpers.explorers import LearningRate, Momentum, RealBowl, Roots, learning_rate, real_bowl
from helpers.explorers.learning_rate import CURVES
from helpers.explorers.momentum import AT_BEST, LR, MU, NOISE, RACES, STYLES, nearest_best
from helpers.explorers.real_bowl import INPUTS, problem
from helpers.explorers.roots import EDGE
from helpers.figures.momentum_plane import complex_borders
from helpers.momentum import (
    METHODS,
    best_parameters,
    critical_momentum,
    iterate,
    iteration_matrix,
    largest_curvature,
    regime,
    settled_variance,
    spectral_radius,
    stability_limit,
)  # fmt: skip

STEPS = {
    "momentum": optim.sgd_momentum_step,
    "Nesterov": optim.nesterov_step,
    "moving average": optim.moving_average_step,
}
every_method = pytest.mark.parametrize("method", METHODS)
a_momentum = st.floats(0, 0.99)


def eigenvalues(eh, mu, method):
    return np.linalg.eigvals(iteration_matrix(eh, mu, method))


def eigenvalues_of_steps(eh, mu, method):
    """Eigenvalues of one step as the optimiser itself takes it, from where it leads the two unit states."""
    columns = []
    for v, x in ((1.0, 0.0), (0.0, 1.0)):
        v, x = np.array([v]), np.array([x])
        STEPS[method](x, v, eh * x, 1.0, mu)
        columns.append([v[0], x[0]])
    return np.linalg.eigvals(np.array(columns).T)


def regime_of(r):
    largest = r[np.abs(r).argmax()]
    if np.abs(largest) > 1:
        return "divergent"
    return "rotating" if largest.imag else "monotone" if largest.real > 0 else "flipping"


# --- the mathematics --------------------------------------------------------------------------------


@every_method
@settings(deadline=None)
@given(mu=a_momentum, lr=st.floats(0.01, 2), h=st.floats(0.01, 2), x0=st.floats(-3, 3))
def test_the_matrix_takes_the_steps_of_the_optimisers(method, mu, lr, h, x0):
    x, v = np.array([x0]), np.zeros(1)
    path = iterate(iteration_matrix(lr * h, mu, method), x0, 8)
    for k in range(8):
        assert path[k] == pytest.approx(x[0], rel=1e-9, abs=1e-9)
        STEPS[method](x, v, h * x, lr, mu)


@every_method
@settings(deadline=None)
@given(mu=a_momentum, eh=st.floats(0, 10))
def test_the_radius_is_the_largest_eigenvalue(method, mu, eh):
    assert spectral_radius(eh, mu, method) == pytest.approx(
        np.abs(eigenvalues(eh, mu, method)).max(), abs=1e-6
    )


@every_method
def test_the_limit_is_where_an_eigenvalue_is_minus_one(method):
    for mu in np.linspace(0, 0.99, 34):
        limit = float(stability_limit(mu, method))
        assert eigenvalues(limit, mu, method).real.min() == pytest.approx(-1)
        assert spectral_radius(0.999 * limit, mu, method) < 1 < spectral_radius(1.001 * limit, mu, method)


def test_the_limits_are_those_of_the_literature():
    assert stability_limit(0.5) == 3
    assert stability_limit(0.5, "Nesterov") == 1.5
    assert stability_limit(0.5, "moving average") == 6


@every_method
def test_regimes_are_told_by_the_eigenvalues(method):
    rng = np.random.default_rng(0)
    seen = set()
    for mu, eh in zip(rng.uniform(0, 0.99, 4000), rng.uniform(0, 5, 4000), strict=True):
        r = eigenvalues(eh, mu, method)
        largest = r[np.abs(r).argmax()]
        if abs(np.abs(largest) - 1) < 1e-9 or 0 < np.abs(r.imag).max() < 1e-5:
            continue  # on a border
        expected = (
            "divergent" if np.abs(largest) > 1 else "rotating" if largest.imag else
            "monotone" if largest.real > 0 else "flipping"
        )  # fmt: skip
        assert regime(eh, mu, method) == expected, (eh, mu)
        seen.add(expected)
    assert seen == {"divergent", "rotating", "monotone", "flipping"}


@every_method
def test_the_drawn_borders_enclose_the_complex_eigenvalues(method):
    for mu in (0.1, 0.5, 0.9):
        low, high = (float(b) for b in complex_borders(np.array(mu), method))
        for border, inward in ((low, 1.001), (high, 0.999)):
            assert np.abs(eigenvalues(border * inward, mu, method).imag).max() > 0
            assert np.abs(eigenvalues(border / inward, mu, method).imag).max() == 0


@pytest.mark.parametrize("eh", [0.01, 0.1, 0.5, 0.9])
def test_critical_damping_is_the_best_momentum_for_one_curvature(eh):
    found = optimize.minimize_scalar(lambda mu: float(spectral_radius(eh, mu)), bounds=(0, 0.999),
                                     method="bounded", options={"xatol": 1e-9})  # fmt: skip
    assert critical_momentum(eh) == pytest.approx(found.x, abs=1e-4)
    double = eigenvalues(eh, critical_momentum(eh), "momentum")
    assert np.abs(double) == pytest.approx(1 - np.sqrt(eh), abs=1e-6)


@every_method
@pytest.mark.parametrize("kappa", [1.5, 20.0, 400.0])
def test_no_choice_is_better_than_the_best_parameters(method, kappa):
    h = np.geomspace(3 / kappa, 3, 30)
    lr, mu, rate = best_parameters(h[0], h[-1], method)
    assert spectral_radius(lr * h, mu, method).max() == pytest.approx(rate, abs=1e-6)
    rng = np.random.default_rng(1)
    near = rng.uniform(0.7, 1.3, (3000, 2)) * (lr, mu)
    everywhere = np.column_stack([rng.uniform(0, 2.5 * lr, 3000), rng.uniform(0, 0.99, 3000)])
    for rates in (near[near[:, 1] < 1], everywhere):
        worst = spectral_radius(rates[:, :1] * h[[0, -1]], rates[:, 1:], method).max(axis=1)
        assert worst.min() > rate - 1e-9


def test_the_rate_of_the_best_momentum_is_that_of_the_square_root_of_kappa():
    assert best_parameters(1, 100)[2] == pytest.approx(9 / 11)
    assert best_parameters(1, 100)[:2] == pytest.approx((4 / 121, 81 / 121))


def test_noise_settles_at_the_closed_form_and_where_runs_of_the_optimiser_do():
    for eh, mu in ((0.1, 0.0), (0.1, 0.9), (1.5, 0.5)):
        solved = settled_variance(iteration_matrix(eh, mu), [eh, -eh])  # h = 1, so ε = εh
        assert solved == pytest.approx(eh * (1 + mu) / ((1 - mu) * (2 + 2 * mu - eh)))
    rng = np.random.default_rng(2)
    for step, method, push in (
        (optim.nesterov_step, "Nesterov", [0.2, -0.2 * 1.8]),
        (optim.moving_average_step, "moving average", [0.04, -0.04]),
    ):
        x, v = np.zeros(20_000), np.zeros(20_000)
        for _ in range(120):
            step(x, v, x + rng.standard_normal(20_000), 0.2, 0.8)
        assert settled_variance(iteration_matrix(0.2, 0.8, method), push) == pytest.approx(x.var(), rel=0.05)


def test_the_largest_curvature_is_that_of_the_hessian():
    rng = np.random.default_rng(3)
    half = rng.standard_normal((6, 6))
    hessian = half @ half.T + 20 * np.outer(half[0], half[0])

    def gradient(theta):
        return (hessian @ theta.ravel()).reshape(theta.shape)

    found = largest_curvature(gradient, rng.standard_normal((2, 3)), repeats=60)
    assert found == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-6)
    assert largest_curvature(lambda theta: -2.0 * theta, np.zeros(1)) == pytest.approx(2.0)
    assert largest_curvature(lambda theta: np.zeros(2), np.zeros(2)) == 0
    assert largest_curvature(np.sin, np.array([0.5])) == pytest.approx(np.cos(0.5), rel=1e-6)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: largest_curvature(np.sin, [np.nan]), "theta must be finite, got nan"),
        (lambda: largest_curvature(lambda x: x * np.inf, np.ones(2)), "the gradient must be finite"),
        (lambda: largest_curvature(np.sin, [1.0], 0), "repeats must be"),
        (lambda: iteration_matrix(0.1, 1.0), "momentum must be of at least 0 and below 1, got 1.0"),
        (lambda: spectral_radius(-0.1, 0.5), "eh must be of at least 0, got -0.1"),
        (lambda: spectral_radius(np.nan, 0.5), "eh must be finite, got nan"),
        (lambda: regime(0.1, 0.5, "Adam"), "method must be one of 'momentum', 'Nesterov', 'moving average'"),
        (lambda: critical_momentum(5.0), "eh must be from 0 to 4, got 5.0"),
        (lambda: best_parameters(2, 1), "h_max must be one finite number of at least 2.0, got 1"),
        (lambda: best_parameters(0, 1), "h_min must be one finite number above 0, got 0"),
        (lambda: iterate(np.eye(2), np.ones(3), 4), "matrices must have the shape"),
        (lambda: settled_variance(np.eye(2), [1, -1]), "the matrix's spectral radius must be below 1, got 1"),
        (lambda: settled_variance(np.zeros((2, 2)), [1]), r"kick must have the shape \(2,\), got \(1,\)"),
        (lambda: stability_limit([0.1, -0.1]), "momentum must be of at least 0 and below 1, got -0.1"),
    ],
)
def test_bad_arguments_are_named(call, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}"):
        call()


# --- the bowl ---------------------------------------------------------------------------------------


def bowl_view(**changes):
    return Momentum.compute(Momentum.values(**changes))


def torch_path(view, steps, noise=None):
    """The run of `view` in the plane with torch.optim.SGD; noise (steps, 2) in eigen-coordinates."""
    lr, mu, method = view.runs[view.chosen]
    if method == "moving average":
        lr *= 1 - mu
    turn = np.deg2rad(view.rotation)
    flat = torch.tensor([np.cos(turn), np.sin(turn)])
    steep = torch.tensor([-np.sin(turn), np.cos(turn)])
    theta = torch.tensor([view.x0, view.y0], dtype=torch.float64, requires_grad=True)
    sgd, path = torch.optim.SGD([theta], lr=lr, momentum=mu, nesterov=method == "Nesterov" and mu > 0), []
    for k in range(steps + 1):
        path.append(theta.detach().numpy().copy())
        sgd.zero_grad()
        ((theta @ flat) ** 2 / view.kappa / 2 + (theta @ steep) ** 2 / 2).backward()
        if noise is not None and k < steps:
            theta.grad += noise[k, 0] * flat + noise[k, 1] * steep
        sgd.step()
    return np.array(path)


@every_method
@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize(("lr", "momentum", "rotation"), [(0.31, 0.0, 0), (1.1, 0.6, 35), (0.5, 0.9, 90)])
def test_the_trajectory_is_that_of_torch(method, noise, lr, momentum, rotation):
    view = bowl_view(method=method, lr=lr, momentum=momentum, rotation=rotation, noise=noise, kappa=30,
                     x0=-1.5, y0=1.2, steps=80)  # fmt: skip
    expected = torch_path(view, 80, noise * NOISE)
    np.testing.assert_allclose(view.paths[view.chosen], expected, rtol=1e-7, atol=1e-9)
    turn = np.deg2rad(rotation)
    flat, steep = expected @ [np.cos(turn), np.sin(turn)], expected @ [-np.sin(turn), np.cos(turn)]
    np.testing.assert_allclose(view.losses[view.chosen], flat**2 / 60 + steep**2 / 2, rtol=1e-6, atol=1e-12)


def test_the_race_is_run_by_all_three_from_the_same_start_each_as_said():
    same = bowl_view(race="same ε and μ", lr=0.5, momentum=0.6)
    assert list(same.runs) == ["plain", "momentum", "Nesterov"]
    for name, (lr, mu, method) in same.runs.items():
        assert (lr, mu) == pytest.approx((LR.nearest(0.5), 0.0 if name == "plain" else 0.6))
        assert method == ("Nesterov" if name == "Nesterov" else "momentum")
        np.testing.assert_allclose(same.paths[name][0], (same.x0, same.y0))
    best = bowl_view(race="each at its best", kappa=50, steps=60)
    assert best.runs["plain"][:2] == pytest.approx((2 / (1 + 1 / 50), 0.0))
    assert best.losses["momentum"][-1] < best.losses["Nesterov"][-1] < best.losses["plain"][-1]


@every_method
@pytest.mark.parametrize("kappa", [1, 20, 100, 200])
def test_best_parameters_are_the_best_that_the_sliders_hold(method, kappa):
    h = np.array([1 / kappa, 1.0])
    found = nearest_best(h, method)
    assert LR.nearest(found["lr"]) == found["lr"] and MU.nearest(found["momentum"]) == found["momentum"]
    rate = spectral_radius(found["lr"] * h, found["momentum"], method).max()
    best = best_parameters(*h, method)[2]
    assert rate < best + 0.03 + 0.25 * (kappa == 1)  # kappa 1: the best is 0, reached at a point


def test_in_the_race_of_the_best_marks_stems_and_sentence_are_those_of_the_best():
    live = Momentum(kappa=100, lr=0.25, momentum=0.5, race="each at its best", steps=200)
    rates = {"plain descent": 99 / 101, "momentum": 9 / 11, "Nesterov": 1 - 2 / np.sqrt(301)}
    for name, rate in rates.items():
        assert f"{name} ρ = {rate:.3f} (" in live.figure.sentence
    assert [float(artist(live, "steep-dot").get_data()[i][0]) for i in (0, 1)] == pytest.approx(
        [400 / 121, (9 / 11) ** 2]
    )
    path = torch_path(live._view, 200)  # runs[chosen] holds the best
    losses = [0.5 * (p @ live._view.axes.T) ** 2 @ live._view.h for p in path]
    below = max(k for k, loss in enumerate(losses) if loss >= 1e-8) + 1
    assert f"momentum has a loss below 1·10⁻⁸ (from step {below} on)" in live.figure.sentence
    by_steps = Momentum(kappa=100, race="each at its best", steps=200, only=["kappa", "race"])
    stems = np.abs(artist(by_steps, "steep-stems").get_ydata()[1::3])
    assert 3.2 < stems.max() < artist(by_steps, "steep-stems").axes.get_ylim()[1]  # the growth is seen whole
    before = live.figure.sentence
    live.set(lr=2.0, momentum=0.9)
    assert live.figure.sentence == before  # ε and μ do not count here …
    drag(live, "pad", 0.5, 0.75)
    assert live.state().race == "off" and "Race" not in live.figure.sentence  # … until one chooses them


@pytest.mark.parametrize(
    ("only", "handles", "panels"),
    [
        (["lr", "kappa"], [], "Four panels"), (["momentum", "x0", "y0"], ["start"], "Four panels"),
        (["lr", "momentum", "kappa"], ["pad"], "Three panels"),
        (["lr", "momentum", "noise"], [], "Two panels"),
        (None, ["start", "pad"], "Three panels"),
    ],
)  # fmt: skip
def test_panels_and_handles_are_those_of_the_controls_shown(only, handles, panels):
    live = Momentum(only=only)
    assert live.figure.handles == handles and live.figure.alt.startswith(panels)
    assert len(live.fig.axes) == {"Four": 4, "Three": 3, "Two": 2}[panels.split()[0]]
    gids = {a.get_gid() for a in live._artists}
    assert ("pad" in gids) == ("plane" in live.figure.alt) == (len(live.fig.axes) == 3)
    assert ("steep-stems" in gids) == (len(live.fig.axes) == 4)
    assert only is None or len(live.shown_presets()) <= 4
    bowl = live.fig.axes[0]
    assert ("drag" in bowl.get_title(loc="left")) == ("start" in handles)
    live.set(lr=0.5, kappa=7)
    assert live.figure.error == ""


def test_presets_of_a_lesson_change_nothing_hidden():
    names = {
        ("lr", "kappa"): ["Too small a step", "Zigzag", "Long valley (κ = 200)"],
        ("lr", "momentum", "kappa"): ["Zigzag", "Ball with friction", "Past the edge"],
    }
    for only, wanted in names.items():
        assert list(Momentum(only=list(only)).shown_presets()) == wanted
    after = Momentum(lr=0.25, momentum=0.8, steps=100, only=["momentum", "x0", "y0"])
    assert list(after.shown_presets()) == ["No momentum", "Ball with friction", "Little friction"]
    noisy = Momentum(kappa=2, lr=0.125, noise=0.3, steps=200, only=["lr", "momentum", "noise"])
    assert list(noisy.shown_presets()) == ["Noise, μ = 0.9", "Noise, same ε/(1 − μ)"]
    floors = [Momentum.compute(Momentum.values(**v)).floor for v in noisy.shown_presets().values()]
    assert floors[0] == pytest.approx(10 * noisy._view.floor, rel=0.1)
    assert floors[1] == pytest.approx(noisy._view.floor, rel=0.1)  # the same effective step, nearly
    named = Momentum(momentum=0.8)  # a preset's name holds whatever the cell starts with
    next(b for b in named.children[1].children if b.description == "Zigzag").click()
    assert named._view.regimes == ["monotone", "flipping"] and named.state().momentum == 0


def test_the_sentence_compares_with_the_best_of_its_kind():
    plain = Momentum.describe(bowl_view(lr=1.0))
    assert plain.startswith("Plain descent on a bowl with κ = 20")
    times = np.log(19 / 21) / np.log(0.95)
    assert f"{-1 / np.log10(0.95):.1f} steps for a digit, {times:.2f} times as many as with the be" in plain
    assert "with the best ε without momentum" in plain
    view = bowl_view(lr=1.0, momentum=0.5, kappa=100)
    rate = max(np.abs(eigenvalues(h, 0.5, "momentum")).max() for h in (1.0, 0.01))
    times = np.log(9 / 11) / np.log(rate)
    assert f"{times:.2f} times as many as with the best ε and μ" in Momentum.describe(view)
    best = nearest_best(np.array([0.01, 1.0]), "momentum")
    times = re.search(r"([\d.]+) times as many", Momentum.describe(bowl_view(kappa=100, **best)))
    assert 1 <= float(times[1]) < 1.2
    for quiet in (bowl_view(noise=0.3), bowl_view(lr=4.0), bowl_view(kappa=1), bowl_view(lr=2.0)):
        assert "times as many" not in Momentum.describe(quiet)


@every_method
def test_the_sentence_says_the_floor_of_noise(method):
    view = bowl_view(method=method, kappa=2, lr=0.125, momentum=0.5, noise=0.3, steps=200)
    rng, total, n = np.random.default_rng(4), 0.0, 4000
    for h in view.h:
        x, v = np.zeros(n), np.zeros(n)
        for _ in range(200):
            STEPS[method](x, v, h * x + 0.3 * rng.standard_normal(n), 0.125, 0.5)
        total += h * (x**2).mean() / 2
    assert view.floor == pytest.approx(total, rel=0.06)
    half = view.losses[view.chosen][100:].mean()
    assert f"last half is {half:.2g}; in the long run it is {view.floor:.2g}." in Momentum.describe(view)
    assert bowl_view(noise=0.3, lr=8.0).floor is None  # divergent: there is none


def test_presets_are_what_their_names_say():
    views = {name: bowl_view(**values) for name, values in Momentum.presets.items()}
    assert views["Zigzag"].regimes == ["monotone", "flipping"]
    assert views["Ball with friction"].regimes == ["rotating", "rotating"]
    assert views["Little friction"].radii["momentum"] > 0.98
    assert views["Past the edge"].regimes[1] == "divergent"
    assert "The run diverges" in Momentum.describe(views["Past the edge"])
    assert views["Too small a step"].radii["momentum"] > 0.99
    assert len(views["Race"].runs) == 3


def test_a_diverging_run_shows_no_digits():
    view = bowl_view(lr=LR.nearest(20.0), momentum=0.9, steps=200)
    assert Momentum.describe(view).endswith("After 200 steps from (−2.40, 0.500): momentum is lost.")
    assert np.isfinite(view.paths["momentum"]).all() and np.abs(view.eigen["momentum"]).max() <= 50


def artist(live, name):
    return next(a for a in live._artists if a.get_gid() == name)


def drag(live, name, x, y):
    px, py = artist(live, name).axes.transData.transform((x, y))
    live.figure.pointer = {"handle": name, "x": px, "y": live.fig.bbox.height - py}


def test_the_artists_show_what_was_computed():
    live = Momentum(lr=0.5, momentum=0.6, race="same ε and μ", steps=40)
    view = live._view
    for name in ("plain", "momentum", "Nesterov"):
        np.testing.assert_allclose(np.column_stack(artist(live, f"path-{name}").get_data()), view.paths[name])
        np.testing.assert_allclose(artist(live, f"loss-{name}").get_ydata(), view.losses[name].clip(1e-10))
    by_steps = Momentum(lr=0.5, momentum=0.6, race="same ε and μ", steps=40, only=["momentum", "steps"])
    for i, name in enumerate(("flat", "steep")):
        x, y = artist(by_steps, f"{name}-stems").get_data()
        np.testing.assert_allclose(y[1::3], view.eigen["momentum"][:, i])
        assert (y[0::3] == 0).all() and np.array_equal(x[1::3], np.arange(41))
        dot = [float(one[0]) for one in artist(live, f"{name}-dot").get_data()]
        assert dot == pytest.approx([view.lr * view.h[i], 0.6])
    x, y = (np.array(part) for part in artist(live, "contours").get_data())
    turn = np.deg2rad(view.rotation)
    flat, steep = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    inside = np.maximum(np.abs(x), np.abs(y)) < 8.9
    height = np.sqrt(flat**2 / view.kappa + steep**2)[inside]
    assert len(np.unique(height.round(6))) == 7  # seven ellipses, the loss is the same all along each
    live.set(race="off", method="Nesterov")
    assert artist(live, "path-Nesterov").get_visible() and not artist(live, "path-plain").get_visible()


def test_drags_move_start_and_plane():
    live = Momentum()
    drag(live, "start", 1.5, -1.0)
    assert (live.state().x0, live.state().y0) == (1.5, -1.0)
    drag(live, "pad", 0.5, 0.75)
    assert (live.state().lr, live.state().momentum) == (LR.nearest(0.5), 0.75)
    live.set(method="moving average")
    drag(live, "pad", 20.0, 0.5)
    assert live.state().lr == LR.nearest(20.0)
    assert Momentum(kappa=50).state().kappa == 50


# --- one curve --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CURVES)
@settings(deadline=None)
@given(x=st.floats(-3, 3).filter(lambda x: abs(x) > 1e-3))
def test_the_slopes_are_those_of_the_curves(name, x):
    curve, step = CURVES[name], 1e-5
    measured = (curve(x + step)[0] - curve(x - step)[0]) / (2 * step)
    assert curve(x)[1] == pytest.approx(measured, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_the_descent_is_that_of_torch(name, momentum):
    path = learning_rate.descend(CURVES[name], 1.9, 0.05, momentum, 2.0, 25)
    x = torch.tensor([1.9], dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([x], lr=0.05, momentum=momentum)
    for position in path:
        assert position == pytest.approx(x.item(), rel=1e-9, abs=1e-9)
        x.grad = torch.tensor([2.0 * CURVES[name](x.item())[1]], dtype=torch.float64)
        sgd.step()


@pytest.mark.parametrize("name", CURVES)
def test_the_lowest_points_are_the_lowest(name):
    at, low = learning_rate.BOTTOMS[name]
    grid = np.linspace(-3, 3, 20_001)
    heights = [CURVES[name](x)[0] for x in grid]
    assert min(heights) >= low - 1e-12
    assert at == pytest.approx(grid[np.argmin(heights)], abs=1e-3)


def one_curve(**changes):
    return LearningRate.compute(LearningRate.values(**changes))


@pytest.mark.parametrize(
    ("changes", "behaviour"),
    [
        ({"lr": 2**-6}, "is on its way"), ({"lr": 1.0}, "has settled"),
        ({"lr": 2 ** (7 / 8)}, "jumps to and fro, less and less"),
        ({"lr": 1.0, "h": 2.0}, "jumps to and fro, for ever"),
        ({"lr": 2 ** (9 / 8)}, "jumps to and fro, more and more widely"),
        ({"lr": 8.0}, "diverges"), ({"steps": 2}, "has only begun"),
        ({"curve": "corner |x|", "lr": 2**-1.25, "steps": 40}, "jumps to and fro, for ever"),
        ({"lr": 0.5, "momentum": 0.9, "steps": 60}, "swings to and fro"),
    ],
)  # fmt: skip
def test_a_run_is_described_as_it_behaves(changes, behaviour):
    assert one_curve(**changes).behaviour == behaviour


@pytest.mark.parametrize("h", [0.5, 1.0, 2.0, 4.0])
def test_the_slider_holds_the_edge_for_every_round_steepness(h):
    edge = one_curve(lr=2 / h, h=h, start=-1.5)
    assert edge.lr == 2 / h and edge.behaviour == "jumps to and fro, for ever"
    assert np.array_equal(np.abs(edge.path), np.full(21, 1.5))
    assert LearningRate.describe(edge).endswith("1 − εh = −1.00: flipping, for ever.")
    for step, word in ((-1, "flipping"), (1, "divergent")):
        beside = one_curve(lr=edge.lr * 2 ** (step / 8), h=h)
        assert LearningRate.describe(beside).endswith(f": {word}."), beside.lr
    assert LearningRate.describe(one_curve(lr=1 / h, h=h)).endswith("= 0: the bottom in one step.")
    assert LearningRate.describe(one_curve(lr=0.5 / h, h=h)).endswith("= 0.500: monotone.")


def test_the_sliders_of_the_bowl_hold_the_edge_and_a_flipping_place():
    assert LR.nearest(3.0) == pytest.approx(3.0, rel=0.02)
    assert bowl_view(lr=2.0).regimes[1] == "flipping" and bowl_view(lr=2.0).radii["momentum"] == 1.0
    found = {bowl_view(lr=2 ** (k / 16), momentum=0.2).regimes[1] for k in range(-80, 40)}
    assert found == {"monotone", "rotating", "flipping", "divergent"}


def test_the_height_said_is_the_height_drawn():
    view = one_curve(curve="two wells", start=2.0, steps=20)
    low = min(CURVES["two wells"](x)[0] for x in np.linspace(-2, 2, 40_001))
    height = CURVES["two wells"](view.path[-1])[0] - low
    assert f"the loss is {height:.3f} above its lowest" in LearningRate.describe(view)
    assert "less than 1·10⁻⁸ above" in LearningRate.describe(one_curve(lr=1.0))


def test_presets_of_the_curves_are_what_their_names_say():
    views = {name: one_curve(**values) for name, values in LearningRate.presets.items()}
    assert views["One step"].path[1] == pytest.approx(0)
    assert np.all(np.diff(np.abs(views["Diverges"].path)) > 0)
    assert views["Two wells"].path[-1] > 0 > views["Over the hill"].path[-1]
    assert views["Rolls over the hill"].path[-1] < 0
    assert np.abs(np.diff(views["Off the cliff"].path)).max() > 1.5
    assert "outside the panel" in LearningRate.describe(views["Diverges"])


def test_presets_of_the_curves_change_nothing_hidden():
    names = {
        (("lr", "h", "start"), ()): ["Creeps", "One step", "Oscillates", "Diverges"],
        (("lr", "start", "curve"), (("curve", "corner |x|"),)): [
            "A corner", "Two wells", "Over the hill", "Off the cliff"
        ],
        (("lr", "start", "momentum"), (("curve", "two wells"), ("start", 2.0))): [
            "Two wells", "Over the hill", "Rolls over the hill"
        ],
    }  # fmt: skip
    for (only, start), wanted in names.items():
        live = LearningRate(only=list(only), steps=40, **dict(start))
        assert [*live.shown_presets()] == wanted
    assert set(LearningRate().shown_presets()) == set(LearningRate.presets)


def test_the_curve_is_dragged_and_drawn():
    live = LearningRate(curve="cliff", h=2.0)
    drag(live, "start", -1.2, 3.0)
    assert live.state().start == -1.2
    x, y = artist(live, "curve").get_data()
    np.testing.assert_allclose(y, [2 * CURVES["cliff"](one)[0] for one in x])
    np.testing.assert_allclose(artist(live, "position").get_ydata(), live._view.path)
    np.testing.assert_allclose(artist(live, "visited").get_data()[1], live._view.heights)
    low = 2 * learning_rate.BOTTOMS["cliff"][1]
    np.testing.assert_allclose(artist(live, "gap").get_ydata(), live._view.heights - low)


# --- the real loss ----------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", INPUTS)
def test_the_lowest_point_and_its_curvature_are_right(inputs):
    data = problem(inputs)

    def loss(theta):
        d = theta[0] * data.x + theta[1]
        return (np.logaddexp(0, d) - data.t * d).mean()

    found = optimize.minimize(loss, np.zeros(2), tol=1e-12)
    np.testing.assert_allclose(data.best, found.x, atol=1e-3)
    assert data.lowest == pytest.approx(found.fun, abs=1e-9)
    theta = torch.tensor(data.best)
    x, labels = torch.tensor(data.x), torch.tensor(data.t).long()

    def torch_loss(theta):
        d = theta[0] * x + theta[1]
        return torch.nn.functional.cross_entropy(torch.stack([torch.zeros_like(d), d], dim=1), labels)

    assert torch_loss(theta).item() == pytest.approx(data.lowest, rel=1e-9)
    hessian = torch.autograd.functional.hessian(torch_loss, theta).numpy()
    np.testing.assert_allclose(data.h, np.linalg.eigvalsh(hessian), rtol=1e-6)
    assert len(x) == 357


@every_method
@pytest.mark.parametrize("batch", ["all 357", "16"])
def test_the_real_descent_is_that_of_the_optimisers(method, batch):
    view = RealBowl.compute(RealBowl.values(method=method, batch=batch, lr=4.0, momentum=0.7, steps=30))
    data = problem(INPUTS[0])
    theta, v = np.array([-1.0, 2.0]), np.zeros(2)
    order = np.random.default_rng(5).integers(357, size=(30, 16))
    for k, position in enumerate(view.paths[view.chosen][:-1]):
        np.testing.assert_allclose(position, theta, rtol=1e-9)
        here = slice(None) if batch == "all 357" else order[k]
        error = special.expit(theta[0] * data.x[here] + theta[1]) - data.t[here]
        STEPS[method](theta, v, np.array([(error * data.x[here]).mean(), error.mean()]), view.lr, 0.7)
    d = np.outer(view.paths[view.chosen][:, 0], data.x) + view.paths[view.chosen][:, 1:]
    exact = (np.logaddexp(0, d) - data.t * d).mean(axis=1)
    np.testing.assert_allclose(view.gaps[view.chosen], exact - data.lowest, atol=1e-12)


def test_the_contours_lie_where_the_loss_is():
    w, b, gap = real_bowl.grid(INPUTS[0])
    data = problem(INPUTS[0])
    d = w[7] * data.x + b[31]
    assert gap[31, 7] == pytest.approx((np.logaddexp(0, d) - data.t * d).mean() - data.lowest)
    assert gap.min() >= 0


def test_centring_and_scaling_brings_the_condition_number_down():
    before, after = (problem(inputs).h for inputs in INPUTS)
    assert before[1] / before[0] > 30 and after[1] / after[0] < 3


def test_the_real_bowl_is_dragged_and_drawn():
    live = RealBowl()
    drag(live, "start", 4.0, -1.5)
    assert (live.state().w0, live.state().b0) == (4.0, -1.5)
    np.testing.assert_allclose(np.column_stack(artist(live, "path").get_data()), live._view.paths["momentum"])
    np.testing.assert_allclose(artist(live, "loss").get_ydata(), live._view.gaps["momentum"])
    assert RealBowl(only=["lr", "pixel"]).figure.handles == []  # no control shows what a drag would set


@pytest.mark.parametrize("inputs", INPUTS)
def test_the_third_panel_shows_shares_and_the_last_curve(inputs):
    live = RealBowl(pixel=inputs, lr=4.0, steps=17)
    data, (w, b) = problem(inputs), live._view.paths["momentum"][-1]
    x, y = artist(live, "curve").get_data()
    np.testing.assert_allclose(y, special.expit(w * x + b), atol=1e-12)
    assert (x[0], x[-1]) == pytest.approx((data.x.min(), data.x.max()))
    (dots,) = live.data.collections
    at, share = np.array(dots.get_offsets()).T
    pixels, labels = load_digits(return_X_y=True)
    eights, threes = (pixels[labels == digit, 35] for digit in (8, 3))
    values = np.unique(pixels[np.isin(labels, (3, 8)), 35])
    for one, place, count in zip(share, values, data.count, strict=True):
        of = (eights == place).sum(), (threes == place).sum()
        assert one == pytest.approx(of[0] / sum(of)) and count == sum(of)
    np.testing.assert_allclose(np.diff(at) / np.ptp(at), np.diff(values) / np.ptp(values))


def test_presets_of_the_real_bowl_are_what_their_names_say():
    assert list(RealBowl(only=["lr", "momentum", "pixel"]).shown_presets()) == [
        "Zigzag", "With momentum", "Centred and scaled"
    ]  # fmt: skip
    gaps = {n: RealBowl.compute(RealBowl.values(**v)).gaps["momentum"] for n, v in RealBowl.presets.items()}
    assert gaps["With momentum"][-1] < gaps["Zigzag"][-1]
    assert gaps["Small batches, smaller ε"][-30:].mean() < gaps["Small batches"][-30:].mean() / 3


@pytest.mark.parametrize("method", METHODS)
def test_the_runs_of_a_real_race_are_those_of_each_alone(method):
    for race in RACES[1:]:
        live = RealBowl(race=race, method=method, lr=4.0, momentum=0.7)
        view = live._view
        assert list(view.runs) == ["plain", "momentum", "Nesterov"]
        for name, (lr, mu, form) in view.runs.items():
            if race == AT_BEST:
                wanted = (2 / view.h.sum(), 0) if name == "plain" else best_parameters(*view.h, form)[:2]
                assert (lr, mu) == pytest.approx(wanted)
            else:
                assert (lr, mu) == (4.0, 0.0 if name == "plain" else 0.7)
                alone = RealBowl.compute(RealBowl.values(method=form, lr=lr, momentum=mu))
                np.testing.assert_array_equal(view.paths[name], alone.paths[alone.chosen])
                np.testing.assert_array_equal(view.gaps[name], alone.gaps[alone.chosen])
        for drawn, wanted in (
            (("path", "rival-0", "rival-1"), {name: path.clip(-99, 99) for name, path in view.paths.items()}),
            (("loss", "rival-loss-0", "rival-loss-1"), {n: [*enumerate(g)] for n, g in view.gaps.items()}),
        ):
            lines = [artist(live, which) for which in drawn]
            seen = {(line.get_color(), line.get_linestyle()): line.get_xydata() for line in lines}
            for name, style in STYLES.items():
                np.testing.assert_allclose(seen[style["color"], style["ls"]], wanted[name], atol=1e-10)
        keys = {artist(live, f"key-{i}").get_color(): artist(live, f"key-{i}").get_text() for i in range(3)}
        assert keys == {
            STYLES["plain"]["color"]: "- - plain", STYLES["Nesterov"]["color"]: "- · Nesterov",
            STYLES["momentum"]["color"]: f"— {view.runs['momentum'][2]}",
        }  # fmt: skip
        said = RealBowl.describe(view)
        assert all(word in said for word in ("plain descent", view.runs["momentum"][2], "Nesterov"))
        live.act("Best parameters")
        assert live.state().race == ("off" if race == AT_BEST else race)
    assert not artist(RealBowl(), "rival-0").get_visible()


def test_a_run_that_cannot_settle_says_so_without_digits():
    view = RealBowl.compute(RealBowl.values(lr=100.0, momentum=0.9))
    assert "cannot settle" in RealBowl.describe(view) and "above the lowest" not in RealBowl.describe(view)


# --- each method on its own plane ---------------------------------------------------------------------


@every_method
@pytest.mark.parametrize("explorer", [Momentum, RealBowl])
def test_regimes_rate_and_best_are_those_of_the_chosen_method(explorer, method):
    h = explorer.compute(explorer.values()).h
    seen = set()
    for eh, mu in ((0.3, 0.2), (1.2, 0.9), (1.6, 0.7), (2.1, 0.05), (5.0, 0.6), (30.0, 0.5)):
        view = explorer.compute(explorer.values(method=method, lr=min(eh / h[1], 64.0), momentum=mu))
        r = [eigenvalues_of_steps(view.lr * one, mu, method) for one in h]
        rate = view.radii[view.chosen]
        assert rate == pytest.approx(np.abs(r).max(), rel=1e-6)
        assert view.regimes == [regime_of(one) for one in r]
        said = explorer.describe(view)
        words = re.search(r"(\w+) along the flat direction.*, (\w+) along the steep one", said)
        assert list(words.groups()) == view.regimes
        seen.add(tuple(view.regimes))
    assert len(seen) > 2  # flat and steep differ somewhere
    lr, mu, rate = best_parameters(*h, method)
    at_best = max(np.abs(eigenvalues_of_steps(lr * one, mu, method)).max() for one in h)
    assert at_best == pytest.approx(rate, abs=1e-5)
    for a, b in np.random.default_rng(0).uniform(0.8, 1.2, (200, 2)):
        near = [np.abs(eigenvalues_of_steps(lr * a * one, min(mu * b, 0.99), method)).max() for one in h]
        assert max(near) > rate - 1e-9
    live = explorer(method=method)
    live.act("Best parameters")
    pressed = live.state()
    reached = max(np.abs(eigenvalues_of_steps(pressed.lr * one, pressed.momentum, method)).max() for one in h)
    assert reached < rate + 0.03


@pytest.mark.parametrize("explorer", [Momentum, RealBowl])
def test_the_start_is_seen_whole_at_the_ends_of_its_sliders(explorer):
    assert not artist(explorer(), "start").get_clip_on()  # the sliders reach the edges of the panel


@pytest.mark.parametrize("inputs", INPUTS)
def test_the_drawn_contours_are_those_of_the_pixel_as_chosen(inputs):
    live = RealBowl()
    live.set(pixel=inputs)
    data = problem(inputs)
    drawn = next(c for c in live.bowl.collections if hasattr(c, "levels"))
    for level, path in list(zip(drawn.levels, drawn.get_paths(), strict=True))[3:8]:
        d = np.outer(path.vertices[:, 0], data.x) + path.vertices[:, 1:]
        gap = (np.logaddexp(0, d) - data.t * d).mean(axis=1) - data.lowest
        assert np.median(np.abs(gap / level - 1)) < 0.1


# --- the exercise that is told how far it is off ----------------------------------------------------


def test_a_choice_is_told_how_far_from_the_best_it_is():
    assert steps_times_best((BEST_LR, BEST_MOMENTUM)) == pytest.approx(1, abs=1e-6)
    said = {
        (0.03, 0.2): "5.1 times as many steps as the best; the flat direction",
        (-1.0, 0.5): "must be positive",
        (0.2, 0.1): "with μ = 0.100 the limit is ε = (2 + 2μ)/50 = 0.0440", (0.056, 0.44): "a hair outside",
    }  # fmt: skip
    for pair, words in said.items():
        assert words in choice.judge(pair).text, pair
    r = np.linalg.eigvals(iteration_matrix(0.04 * np.array([2.0, 50.0]), 0.7))
    times = np.log(2 / 3) / np.log(np.abs(r).max())  # how far off, from NumPy's eigenvalues
    assert f"{times:.1f} times as many" in choice.judge((0.04, 0.7)).text
    for pair in ((0.0555, 0.45), (0.0556, 0.444), (1 / 18, 4 / 9), (0.055, 0.45)):  # rounded is right
        assert choice.judge(pair).status == "correct", pair
    assert choice.judge((0.0385, 0.0)).mistake == "best without momentum"
    assert choice.judge(0.05).text.endswith("Give a pair of numbers, (ε, μ).")


# --- the two eigenvalues ------------------------------------------------------------------------------


def roots_view(**changes):
    return Roots.compute(Roots.values(**changes))


@settings(deadline=None)
@given(eh=st.integers(1, 200).map(lambda k: 0.02 * k), mu=st.integers(0, 95).map(lambda k: 0.01 * k))
def test_the_eigenvalues_shown_are_those_of_the_step(eh, mu):
    view = roots_view(eh=eh, momentum=mu)
    wanted = np.sort_complex(eigenvalues_of_steps(view.eh, view.momentum, "momentum"))
    np.testing.assert_allclose(np.sort_complex(np.array(view.roots)), wanted, atol=1e-6)
    assert abs(view.roots[0]) == pytest.approx(np.abs(wanted).max(), abs=1e-6)
    said = Roots.describe(view)
    if abs(wanted[0].imag) > 1e-6:
        turn = np.degrees(np.angle(view.roots[0]))
        assert "rotating" in said and " ± " in said and float(re.search(r"by ([\d.]+)°", said)[1]) == (
            pytest.approx(turn, rel=0.006)
        )
    elif np.abs(wanted).max() > 1 + 1e-6:
        grows = float(re.search(r"grows ([\d.]+)-fold", said)[1])
        assert grows == pytest.approx(np.abs(wanted).max(), rel=0.006) and ": divergent;" in said


def test_the_run_and_the_powers_are_those_of_the_optimiser():
    view = roots_view(eh=0.6, momentum=0.72)
    x, v = np.ones(1), np.zeros(1)
    for k in range(41):
        assert view.x[k] == pytest.approx(x[0], abs=1e-12)
        assert view.powers[k] == pytest.approx(view.roots[0] ** k)
        optim.sgd_momentum_step(x, v, 0.6 * x, 1.0, 0.72)
    k = np.arange(41)
    size, angle = np.sqrt(0.72), np.angle(view.roots[0])
    swing = np.cos(k * angle) + 1j * np.sin(k * angle)
    np.testing.assert_allclose(view.powers, size**k * swing, atol=1e-12)


def test_the_edge_and_the_presets_are_what_they_are_called():
    edge = roots_view(eh=3.0, momentum=0.5)
    assert edge.regime == EDGE and f"eigenvalues −1.00 and −0.500: {EDGE}" in Roots.describe(edge)
    assert np.abs(edge.x[-1]) == pytest.approx(np.abs(edge.x[-2]))
    for preset, values in Roots.presets.items():
        view = roots_view(**values)
        r = np.linalg.eigvals(iteration_matrix(values["eh"], values["momentum"]))
        assert view.regime == preset.lower() == regime_of(r)
        assert f" {preset.lower()}" in Roots.describe(view)
    for name, control in Roots.controls.items():
        for end in (control.low, control.high):
            assert np.isfinite(roots_view(**{name: end}).x).all()


def test_a_dragged_root_is_where_the_pointer_is():
    live = Roots(eh=1.0, momentum=0.5)
    drag(live, "root", 0.3, 0.6)
    (x,), (y,) = artist(live, "root").get_data()
    assert (x, y) == pytest.approx((0.3, 0.6), abs=0.02)
    assert live.state().eh == pytest.approx(0.7**2 + 0.36, abs=0.01)
    drag(live, "root", 0.3, 5.0)  # beyond the circle the controls stop
    assert live.state().momentum == 0.95
    stems = artist(live, "stems")
    np.testing.assert_allclose(stems.get_ydata()[1::3], live._view.x.clip(-9, 9))
    live.set(eh=0.4, momentum=0.1)
    (x,), (y,) = artist(live, "other").get_data()
    assert complex(x, y) == pytest.approx(live._view.roots[1])
    size, rate = np.array(artist(live, "envelope").get_ydata()[:41]), live._view.rate
    np.testing.assert_allclose(size, rate ** np.arange(41))
    circle = np.hypot(*artist(live, "circle").get_data())
    np.testing.assert_allclose(circle, np.sqrt(0.1))
