"""The learning-rate finder as an explorer against fastai's own, and the training that it shows."""

import numpy as np
import pytest

from helpers.digits import three_parts
from helpers.exercises import lesson_09
from helpers.explorers import core
from helpers.explorers.rate_finder import MOMENTA, run, sweep, valley
from helpers.losses import cross_entropy_loss
from helpers.models import MLP, train
from helpers.optim import SGD

RateFinder = core("RateFinder")
FLAT = "Left of both, where the curve is still flat."


def of(**changes):
    return RateFinder.compute(RateFinder.values(**changes))


@pytest.mark.parametrize("momentum", MOMENTA)
def test_sweep_and_suggestion_are_those_of_fastai(momentum, tmp_path):
    from functools import partial

    from fastai.callback import schedule  # noqa: F401

    from helpers import bridge

    train_part, valid_part, _ = three_parts()
    loaders = bridge.data_loaders(train_part, valid_part, 50, seed=0, path=tmp_path)
    optimizer = partial(bridge.our_sgd, mom=float(momentum))
    learn = bridge.learner(loaders, bridge.torch_model(MLP(64, 64, 10)), opt_func=optimizer)
    with learn.no_bar(), learn.no_logging():
        picked = learn.lr_find(start_lr=1e-4, num_it=200, show_plot=False).valley
    ours = sweep(momentum)
    assert ours.valley == pytest.approx(picked)
    np.testing.assert_allclose(ours.rates, learn.recorder.lrs)
    calm = ours.rates < 0.1  # beyond, rounding grows
    theirs = np.array([float(loss) for loss in learn.recorder.losses])
    np.testing.assert_allclose(ours.smooth[calm], theirs[calm], rtol=1e-6)


def test_valley_is_the_middle_of_the_longest_descent():
    assert valley([3.0, 2.9, 2.8, 2.7, 2.6, 2.5, 2.4, 2.3, 2.2, 2.1, 5.0, 6.0, 5.5]) == 3
    flat = [3.0] * 30
    assert valley(flat + list(np.linspace(3, 1, 31)[1:])) == pytest.approx(43, abs=2)


@pytest.mark.parametrize(("lr", "momentum"), [(0.01, "0.9"), (0.1, "0")])
def test_the_training_shown_is_that_of_the_rate(lr, momentum):
    view = of(lr=lr, momentum=momentum)
    (x, y), (x_valid, y_valid), _ = three_parts()
    model = MLP(64, 64, 10, seed=0)
    for _ in train(model, SGD(model.parameters, view.lr, float(momentum)), x, y, 10, 50):
        pass
    end = cross_entropy_loss(model.logits(x_valid), y_valid)
    assert view.rows[-1] == pytest.approx(end, rel=1e-4) and len(view.rows) == 11


def test_both_buttons_reach_what_they_name():
    live = RateFinder()
    for momentum in MOMENTA:
        live.set(momentum=momentum)
        live.act("What valley picks")
        assert live.state().lr == pytest.approx(sweep(momentum).valley, rel=1e-6)
        live.act("Where the loss is lowest")
        assert live.state().lr == pytest.approx(sweep(momentum).lowest, rel=1e-6)


def test_the_prediction_says_what_is_so():
    """Three starts: valley's rate ends at twice the NLL of a rate of 0.1; the lowest point fails."""
    (x, y), (x_valid, y_valid), _ = three_parts()

    def end(lr, seed):
        model = MLP(64, 64, 10, seed=seed)
        for _ in train(model, SGD(model.parameters, lr, 0.9), x, y, 10, 50, seed):
            pass
        return cross_entropy_loss(model.logits(x_valid), y_valid)

    swept = sweep("0.9")
    at_valley, middle, lowest = ([end(lr, s) for s in range(3)] for lr in (swept.valley, 0.1, swept.lowest))
    assert np.mean(middle) < 0.65 * np.mean(at_valley) and min(lowest) > 1
    for lr, says in ((0.003, "1.8 with ε = 0.003"), (0.001, "2.2 with 0.001")):
        assert says.startswith(f"{end(lr, 0):.1f}") and says in lesson_09.best_rate.options[FLAT]


def test_artists_and_sentence_follow_the_view():
    live = RateFinder(lr=0.02)
    view, artists = live._view, live._live
    np.testing.assert_allclose(artists["smooth"].get_ydata(), view.sweep.smooth)
    np.testing.assert_allclose(artists["run"].get_ydata(), view.rows)
    assert artists["chosen"].get_xdata()[0] == view.lr == artists["here"].get_xdata()[0]
    sentence = live.figure.sentence
    assert sentence.startswith("ε = 0.0200, μ = 0.9") and "valley picks 0.0282" in sentence
    assert f"NLL of {view.rows[-1]:.3f}" in sentence and f"{view.right:.0%} right" in sentence
    live.set(lr=10.0)
    assert "ended before this rate" in live.figure.sentence and "no better than" in live.figure.sentence
    live.set(lr=1e-4)
    assert "hardly better than" in live.figure.sentence and live._view.rows[-1] < np.log(10)
    assert len(run(1e-4, "0.9")[0]) == 11
