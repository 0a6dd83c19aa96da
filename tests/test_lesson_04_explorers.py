"""Separable and WhichNumber; oracles: a run step by step, a linear programme, a network trained again."""

import math

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import expit
from sklearn.metrics import brier_score_loss, log_loss

from helpers.explorers import separable, which_number
from helpers.explorers.separable import AT, DECAYS, ONES, PLACES, ZEROS, Separable
from helpers.explorers.which_number import WhichNumber
from helpers.six_runs import EPOCHS, SEEDS, TEMPERATURES, TRAINING, six_runs
from tools.six_runs import halves, validation_logits


def seen(explorer, **changes):
    return explorer.compute(explorer.values(**changes))


# --- Separable


def points(place):
    return [*map(tuple, ZEROS), *map(tuple, ONES), (place, 0.0)], [0, 0, 0, 1, 1, 1, 1]


def descend(place, decay, steps):
    """Plain descent with learning rate 1, one example after the other."""
    (xy, classes), u, v, b = points(place), 0.0, 0.0, 0.0
    for _ in range(steps):
        du, dv, db = decay * u, decay * v, 0.0
        for (x, y), t in zip(xy, classes, strict=True):
            error = (1 / (1 + math.exp(-(u * x + v * y + b))) - t) / 7
            du, dv, db = du + error * x, dv + error * y, db + error
        u, v, b = u - du, v - dv, b - db
    loss = 0.0
    for (x, y), t in zip(xy, classes, strict=True):
        loss += math.log1p(math.exp((1 - 2 * t) * (u * x + v * y + b))) / 7
    return u, v, b, loss


@pytest.mark.parametrize(
    ("place", "decay", "steps"),
    [(1.2, "off", 1), (1.2, "off", 512), (-0.7, "off", 256), (-1.6, "0.001", 128), (0.3, "0.1", 64)],
)
def test_a_run_is_plain_descent_step_by_step(place, decay, steps):
    view = seen(Separable, place=place, decay=decay, steps=float(steps))
    u, v, b, loss = descend(place, DECAYS[decay], view.steps)
    np.testing.assert_allclose(view.theta, [u, v, b], rtol=1e-9)
    assert view.loss == pytest.approx(loss, rel=1e-9)
    assert view.length == pytest.approx(math.hypot(u, v), rel=1e-9)


def test_a_line_can_separate_where_a_linear_programme_finds_one():
    for place in PLACES:
        xy, classes = points(float(place))
        sign = np.where(np.array(classes) == 1, 1.0, -1.0)
        rows = -sign[:, None] * np.column_stack([xy, np.ones(7)])
        found = linprog([0, 0, 0], A_ub=rows, b_ub=-np.ones(7), bounds=[(None, None)] * 3).status == 0
        assert seen(Separable, place=float(place)).separable == found, place


def test_the_weights_run_away_exactly_where_a_line_separates_and_decay_holds_them():
    for place in PLACES:
        view = seen(Separable, place=float(place), steps=4096.0)
        if view.separable:
            assert view.added > 0.5 and view.right == 7
            assert (np.diff(view.lengths) > 0).all() and (np.diff(view.losses) < 0).all()
        elif place < separable.TIP - 0.05:
            assert view.added < 0.01 and view.right < 7
        for decay in ("0.01", "0.1"):
            held = seen(Separable, place=float(place), decay=decay, steps=4096.0)
            assert abs(held.added) < 1e-3


def test_the_length_grows_like_a_logarithm_of_the_steps():
    view = seen(Separable, steps=4096.0)
    added = [seen(Separable, steps=float(2**k)).added for k in range(8, 13)]
    assert max(added) < 1.1 * min(added), "every doubling adds about the same"
    assert view.added == pytest.approx(added[-1])


def test_lines_and_dots_stand_where_the_view_says():
    live = Separable(place=-0.4, steps=64.0, decay="0.001")
    view, artists = live._view, live._live
    w, b = view.theta[:2], view.theta[2]
    for x, y in np.transpose(artists["boundary"].get_data()):
        assert expit(w @ (x, y) + b) == pytest.approx(0.5)
    dashed = [expit(w @ xy + b) for xy in np.transpose(artists["sure"].get_data()) if not np.isnan(xy).any()]
    np.testing.assert_allclose(dashed, [0.1, 0.1, 0.9, 0.9])
    assert artists["mover"].get_xdata()[0] == -0.4
    for name, value in (("loss", view.loss), ("length", view.length)):
        assert artists[f"{name}-dot"].get_xdata()[0] == 64
        assert artists[f"{name}-dot"].get_ydata()[0] == artists[name].get_ydata()[-1] == value
        assert artists[f"free-{name}"].get_visible()
        np.testing.assert_array_equal(artists[f"free-{name}"].get_xdata(), AT)
    live.set(decay="off")
    assert not artists["free-loss"].get_visible()


def test_the_sentence_says_what_happened():
    assert Separable.describe(seen(Separable, steps=4096.0)) == (
        "With the ringed point at 1.2 a line can separate the classes. After 4096 steps without decay 7 of 7 "
        "points are on their side, the loss is 2.53·10⁻⁴ and w has the length 7.59; the second half of the "
        "steps added 0.693."
    )
    across = Separable.describe(seen(Separable, place=-1.6, decay="0.01", steps=4096.0))
    assert "no line can separate" in across and across.endswith("the second half of the steps added nothing.")
    first = Separable.describe(seen(Separable, steps=1.0))
    assert "After 1 step without decay" in first and "second half" not in first


def test_only_a_point_beyond_every_such_line_ends_the_growth():
    on_the_line, beyond = (seen(Separable, place=place, steps=4096.0) for place in (-0.9, -1.0))
    assert not on_the_line.separable and not beyond.separable
    assert on_the_line.added > 0.5 and abs(beyond.added) < 0.01


def test_dragging_the_ringed_point_moves_it_along_its_row():
    assert Separable.handles["mover"](None, -1.24, 0.9) == {"place": -1.24}


# --- the six runs


def test_the_stored_measures_are_those_of_a_run_trained_again():
    seed, wanted = 3, {0, 100, 300}
    labels, stored = halves(seed)[1][TRAINING:], six_runs()
    for at, f in enumerate(validation_logits(seed)):
        if EPOCHS[at] not in wanted:
            continue
        assert stored.accuracy[seed, at] == pytest.approx((f.argmax(axis=1) == labels).mean(), abs=1e-6)
        for t in (0, 4, 8):
            g = np.exp(f / TEMPERATURES[t])
            g /= g.sum(axis=1, keepdims=True)
            assert stored.nll[seed, at, t] == pytest.approx(log_loss(labels, g), rel=1e-3)
            brier = brier_score_loss(labels, g, scale_by_half=False)
            assert stored.brier[seed, at, t] == pytest.approx(brier, rel=1e-3)
            assert stored.confidence[seed, at, t] == pytest.approx(g.max(axis=1).mean(), rel=1e-3)


def test_what_the_lesson_says_of_all_six_runs():
    runs, early, late = six_runs(), (EPOCHS >= 80) & (EPOCHS <= 120), EPOCHS >= 260
    worse = runs.nll[:, late, 0].mean(axis=1) / runs.nll[:, early, 0].mean(axis=1) - 1
    gained = runs.accuracy[:, late].mean(axis=1) - runs.accuracy[:, early].mean(axis=1)
    assert [f"{100 * x:.0f}" for x in (worse.min(), worse.max())] == ["8", "29"]
    assert [f"{100 * x:.1f}" for x in (gained.min(), gained.max())] == ["0.1", "1.6"]
    assert math.sqrt(0.85 * 0.15 / 1297) == pytest.approx(0.01, abs=2e-4)


@pytest.mark.parametrize(
    "changes", [{}, {"run": "3", "epoch": 300, "T": 2.0}, {"run": "0", "epoch": 0, "T": 4.0}]
)
def test_view_artists_and_sentence_are_what_is_stored(changes):
    live = WhichNumber(**changes)
    view, artists, stored = live._view, live._live, six_runs()
    run, at = int(changes.get("run", 1)), list(EPOCHS).index(changes.get("epoch", 100))
    t = list(TEMPERATURES).index(changes.get("T", 1.0))
    for name in ("nll", "brier", "confidence", "accuracy"):
        curve = stored.accuracy[run] if name == "accuracy" else getattr(stored, name)[run, :, t]
        np.testing.assert_array_equal(artists[name].get_xdata(), EPOCHS[: at + 1])
        np.testing.assert_array_equal(artists[name].get_ydata(), curve[: at + 1])
        dot = artists["epoch-dot" if name == "nll" else f"{name}-dot"]
        assert dot.get_data() == ([EPOCHS[at]], [curve[at]]) and view.now[name] == curve[at]
    best = stored.nll[run, : at + 1, t].argmin()
    assert view.best == EPOCHS[best] == artists["best"][0].get_xdata()[0]
    others = [artist.get_ydata() for artist in artists["other"]]
    np.testing.assert_array_equal(others, [stored.nll[seed, : at + 1, t] for seed in SEEDS if seed != run])
    sentence = live.figure.sentence
    assert sentence.startswith(
        f"Run {run} after {EPOCHS[at]} epochs, T = {TEMPERATURES[t]:.2f}: NLL {view.now['nll']:.3f}"
    )
    if best == at:
        assert sentence.endswith("This is the lowest NLL so far at this T (dotted line).")
        return
    assert f"was {stored.nll[run, best, t]:.3f}; now it is" in sentence
    points = 100 * (stored.accuracy[run, at] - stored.accuracy[run, best])
    assert f"{abs(points):.1f} points {'higher' if points >= 0 else 'lower'} now" in sentence


def test_the_button_goes_to_the_lowest_nll_and_a_temperature_leaves_the_accuracy():
    live = WhichNumber(epoch=300)
    before = live._view.now["accuracy"]
    live.set(T=2.0)
    assert live._view.now["accuracy"] == before and live._view.now["nll"] < 0.5
    live.act("Lowest NLL")
    assert live._view.epoch == live._view.best and "This is the lowest NLL so far" in live.figure.sentence
    assert which_number.STEP == 4 and WhichNumber.handles["epoch-dot"](None, 41.7, 0.3) == {"epoch": 41.7}
