"""The bridge to PyTorch and fastai, and the explorer that trains, against autograd and in use."""

import threading

import numpy as np
import pytest
import torch
from torch.nn import functional

from helpers import bridge
from helpers.explorers import TrainingRun, training_run
from helpers.models import MLP, LinearClassifier, epoch_batches, train
from helpers.optim import SGD

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(60, 5)), rng.integers(3, size=60)
SETTINGS = dict(lr=0.1, momentum=0.9, weight_decay=0.01)


@pytest.mark.parametrize("make", [lambda: LinearClassifier(5, 3), lambda: MLP(5, 8, 3)])
def test_numpy_pytorch_and_fastai_take_the_same_steps(make, tmp_path):
    mine, module, third = make(), bridge.torch_model(make()), bridge.torch_model(make())
    optimizer = torch.optim.SGD(
        bridge.parameter_groups(module, SETTINGS["weight_decay"]), lr=SETTINGS["lr"], momentum=0.9
    )
    steps = train(mine, SGD(mine.parameters, **SETTINGS), X, Y, epochs=5, batch_size=16)
    for epoch in range(5):
        for batch in epoch_batches(60, 16, epoch):
            optimizer.zero_grad()
            functional.cross_entropy(module(torch.tensor(X[batch])), torch.tensor(Y[batch])).backward()
            optimizer.step()
            next(steps)
            assert bridge.largest_difference(mine.parameters, bridge.arrays(module)) < 1e-12
    loaders = bridge.data_loaders((X, Y), (X, Y), 16, 0, tmp_path)
    learn = bridge.learner(
        loaders, third, wd=SETTINGS["weight_decay"], metrics=[bridge.NLL()],
        opt_func=lambda params, lr, **_: bridge.our_sgd(params, lr, mom=0.9),
    )  # fmt: skip
    with learn.no_bar(), learn.no_logging():
        learn.fit(5, SETTINGS["lr"], wd=SETTINGS["weight_decay"])
    assert bridge.largest_difference(mine.parameters, bridge.arrays(third)) < 1e-12
    nll = functional.cross_entropy(module(torch.tensor(X)), torch.tensor(Y)).item()
    assert learn.recorder.values[-1][-1] == pytest.approx(nll, rel=1e-12)


def test_our_cross_entropy_has_the_gradient_that_autograd_expects_also_behind_something_else():
    logits = torch.randn(7, 5, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 1, 2, 3, 4, 0, 1])
    assert torch.autograd.gradcheck(lambda f: 3 * bridge.our_cross_entropy(f, labels), logits)


def test_the_bridge_refuses_what_it_cannot_translate():
    with pytest.raises(TypeError, match="model must be a LinearClassifier or an MLP, got dict"):
        bridge.torch_model({})
    with pytest.raises(ValueError, match="other must have the parameters"):
        bridge.largest_difference({"weight": [1.0]}, {"bias": [1.0]})


def test_the_explorers_gradient_of_softmax_twice_is_autograds():
    f = torch.tensor(rng.normal(size=(6, 10)), requires_grad=True)
    labels = rng.integers(10, size=6)
    functional.cross_entropy(torch.softmax(f, 1), torch.tensor(labels)).backward()
    loss, grad = training_run.softmax_twice(f.detach().numpy(), labels)
    np.testing.assert_allclose(grad, f.grad.numpy(), atol=1e-14)
    assert training_run.LOSSES[1] == "softmax twice" and loss > 1.461


def test_the_explorers_run_is_that_of_pytorch():
    c = TrainingRun.values(weight_decay="0.01", batch="100", hidden=8.0)
    view, data = TrainingRun.compute(c), training_run.digits()
    module = bridge.torch_model(MLP(64, 8, 10, seed=0))
    optimizer = torch.optim.SGD(bridge.parameter_groups(module, 0.01), lr=0.1, momentum=0.9)
    x, y = torch.tensor(data.x), torch.tensor(data.y)
    for epoch in range(training_run.EPOCHS):
        for batch in epoch_batches(300, 100, epoch):
            optimizer.zero_grad()
            functional.cross_entropy(module(x[batch]), y[batch]).backward()
            optimizer.step()
    logits = module(torch.tensor(data.valid_x))
    valid = functional.cross_entropy(logits, torch.tensor(data.valid_y)).item()
    hits = (logits.argmax(1).numpy() == data.valid_y).mean()
    np.testing.assert_allclose(view.rows[-1, 1:3], [valid, hits], rtol=1e-9)
    assert len(view.rows) == training_run.EPOCHS + 1


@pytest.mark.parametrize("noise", [0.0, 0.15, 0.5])
def test_exactly_the_asked_for_fraction_of_labels_is_wrong(noise):
    labels = training_run.digits().y
    changed = training_run.noisy(labels, noise)
    assert (changed != labels).mean() == pytest.approx(noise)
    assert set(changed) <= set(range(10))


def test_presets_show_what_their_names_say():
    seen = {
        name: TrainingRun.describe(TrainingRun.compute(TrainingRun.values(**p)))
        for name, p in TrainingRun.presets.items()
    }
    words = {"Too small": "Nothing is learned", "Too large": "jumps", "Diverging": "diverges",
             "Over-fitting": "over-fits", "Softmax twice": "cannot fall below 1.461"}  # fmt: skip
    for name, said in words.items():
        assert said in seen[name], seen[name]
    biases = [
        TrainingRun.compute(TrainingRun.values(**TrainingRun.presets[name])).rows[-1, 3]
        for name in ("Decay on weights", "Decay on biases")
    ]
    assert biases[1] < 0.5 * biases[0]


class Gate:
    """Stands in for the clock of a run: lets batches through one by one, so that a test needs no times."""

    def __init__(self, monkeypatch):
        self.batches, self.go, real = 0, threading.Semaphore(0), training_run.Run._train

        def steps(run):
            for ended in real(run):
                assert self.go.acquire(timeout=30)
                self.batches += 1
                yield ended

        monkeypatch.setattr(training_run.Run, "_train", steps)


def test_stop_and_another_control_work_while_a_run_waits_in_its_middle(monkeypatch):
    live = TrainingRun()
    live.set(lr=0.05)
    gate = Gate(monkeypatch)
    assert live.figure.sentence.startswith("Not trained yet")
    worker = live.train()
    for _ in range(12 * 2 + 3):  # two epochs of twelve batches, and a bit
        gate.go.release()
    while gate.batches < 12 * 2 + 3:
        pass
    assert live.figure.sentence.startswith("2 of 40 epochs") and worker.is_alive()
    {button.description: button for button in live.children[1].children}["Stop"].click()
    live.widgets["momentum"].value = 0.5  # the worker stands in its batch: this callback did not wait for it
    assert live.figure.sentence.startswith("Not trained yet with ε = 0.0501, μ = 0.500")
    gate.go.release()
    worker.join(30)
    assert not worker.is_alive() and gate.batches <= 12 * 2 + 4  # at most the batch that was on
    assert live.figure.sentence.startswith("Not trained yet"), "the stopped run wrote over the new setting"
    live.set(momentum=0.9)
    assert live.figure.sentence.startswith("2 of 40 epochs"), "what was trained stays"


def test_a_run_that_was_stopped_goes_on_to_the_numbers_of_one_that_was_not(monkeypatch):
    monkeypatch.setattr(training_run, "PACE", 0.0)
    live = TrainingRun()
    live.set(lr=0.05)
    live.train().join(60)
    assert live.figure.sentence == TrainingRun.describe(TrainingRun.compute(live.state()))
    assert any("ε 0.100" in text.get_text() for text in live._live["row"][1:]), "the run before is not kept"


def test_a_preset_button_hands_its_run_to_the_worker():
    live, here = TrainingRun(), threading.current_thread()
    {button.description: button for button in live.children[1].children}["Over-fitting"].click()
    assert live._worker is not None and live._worker is not here
    live._worker.join(60)
    expected = TrainingRun.compute(TrainingRun.values(**TrainingRun.presets["Over-fitting"]))
    assert live.figure.sentence == TrainingRun.describe(expected)
    np.testing.assert_allclose(live._live["valid"].get_ydata(), expected.rows[:, 1])
    np.testing.assert_allclose(live._live["train"].get_ydata(), expected.rows[:, 0])
    np.testing.assert_allclose(live._live["hits"].get_ydata(), expected.rows[:, 2])


def test_an_error_in_the_worker_is_said_in_the_explorer(monkeypatch):
    live = TrainingRun()
    live.set(lr=0.05)
    monkeypatch.setattr(training_run.Run, "_measure", lambda run: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        live.train()
    monkeypatch.undo()
    monkeypatch.setattr(live, "_show", lambda key: 1 / 0)
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    live.train().join(30)
    assert "Training failed. ZeroDivisionError" in live.figure.error


def test_reset_forgets_the_runs_that_were_kept():
    live = TrainingRun()
    start = live.figure.sentence, live.figure.live_svg
    live.set(**live._start | live.presets[next(iter(live.presets))])
    live.set(**live._start)
    assert live._view.kept
    live.reset()
    assert not live._view.kept
    assert (live.figure.sentence, live.figure.live_svg) == start
