"""What the explorers of lesson 05 compute, against independent ways to the same numbers."""

import math

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.explorers.saturation import LAYERS, MOST_STEPS, Saturation, slopes
from helpers.explorers.softmax_gradient import HIGHEST, LOWEST, SoftmaxGradient
from helpers.explorers.softmax_jacobian import SoftmaxJacobian

LOGIT = st.floats(-6, 6)
LEARNING_RATES = [2.0**k for k in range(-3, 4)]


def gradient_view(**changes):
    return SoftmaxGradient.compute(SoftmaxGradient.values(**changes))


@settings(deadline=None, max_examples=50)
@given(LOGIT, LOGIT, LOGIT, st.sampled_from("012"), st.sampled_from(LEARNING_RATES), st.integers(0, 20))
def test_the_steps_are_those_of_torch(f0, f1, f2, label, lr, steps):
    view = gradient_view(f0=f0, f1=f1, f2=f2, label=label, lr=lr, steps=steps)
    f = torch.tensor(view.start, requires_grad=True)
    optimiser, losses = torch.optim.SGD([f], lr=lr), []
    for _ in range(steps + 1):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(f, torch.tensor(int(label)))
        loss.backward()
        losses.append(loss.item())
        before = f.detach().numpy().copy()
        optimiser.step()
    np.testing.assert_allclose(view.losses, losses, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(view.f, before, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(view.grad, f.grad, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(view.after, f.detach(), rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=50)
@given(LOGIT, LOGIT, LOGIT, st.sampled_from("012"), st.sampled_from(LEARNING_RATES), st.integers(0, 20))
@example(f0=5.0, f1=6.0, f2=6.0, label="0", lr=8.0, steps=0)  # the farthest that one step leads
def test_pushes_are_bounded_and_steps_keep_the_sum_and_lower_the_loss(f0, f1, f2, label, lr, steps):
    view = gradient_view(f0=f0, f1=f1, f2=f2, label=label, lr=lr, steps=steps)
    np.testing.assert_allclose(view.grad, view.g - view.y, atol=1e-14)
    assert view.f.sum() == pytest.approx(view.start.sum(), abs=1e-9)
    assert np.abs(view.grad).max() <= 1 and np.linalg.norm(view.grad) <= math.sqrt(2)
    assert np.all(np.diff(view.losses) < 0)  # one example: any learning rate lowers its loss
    assert view.after.min() > LOWEST and view.after.max() < HIGHEST


@pytest.mark.parametrize("lr", [1.0, 8.0])
def test_bars_arrows_and_history_show_what_was_computed(lr):
    live = SoftmaxGradient(f0=-2.0, f1=3.0, f2=0.5, lr=lr, steps=2)
    f = torch.tensor([-2.0, 3.0, 0.5], dtype=torch.float64)
    for _ in range(2):
        f = f + lr * (torch.eye(3)[0] - f.softmax(0))
    push = (torch.eye(3)[0] - f.softmax(0)).numpy()
    artists = live._live
    np.testing.assert_allclose([bar.get_height() for bar in artists["logit"]], f, rtol=1e-9)
    np.testing.assert_allclose([bar.get_height() for bar in artists["probability"]], f.softmax(0), rtol=1e-9)
    arrows = [line.get_ydata() for line in artists["arrow"]]
    np.testing.assert_allclose([tip - foot for foot, tip in arrows], 4 * push, rtol=1e-9)
    assert [line.get_marker() for line in artists["arrow"]] == ["^" if p > 0 else "v" for p in push]
    np.testing.assert_allclose(artists["next"].get_ydata(), f.numpy() + lr * push, rtol=1e-9)
    steps, losses = artists["losses"].get_data()
    assert list(steps) == [0, 1, 2] and losses[-1] == pytest.approx(-f.log_softmax(0)[0].item())
    assert "After 2 steps with" in live.figure.sentence and "their sum as before" in live.figure.sentence


def test_what_a_lesson_has_not_introduced_is_not_shown():
    live = SoftmaxGradient(only=["steps", "label"])
    assert not live._live["next"].get_visible() and "◇" not in live.figure.static_svg
    assert "◇" in SoftmaxGradient().figure.static_svg
    alone = SoftmaxJacobian(only=["f0", "f1", "f2"])
    hidden = [artist for name in ("head", "sign", "bracket", "target") for artist in alone._live[name]]
    assert not any(artist.get_visible() for artist in hidden)
    assert "label" not in alone.figure.sentence and "−yⱼ/gⱼ" not in alone.saved_svg()
    assert "−yⱼ/gⱼ" in SoftmaxJacobian(label="2").saved_svg()


@settings(deadline=None, max_examples=50)
@given(LOGIT, LOGIT, LOGIT, st.sampled_from(["none", "0", "1", "2"]))
def test_jacobian_and_product_are_those_of_torch(f0, f1, f2, label):
    view = SoftmaxJacobian.compute(SoftmaxJacobian.values(f0=f0, f1=f1, f2=f2, label=label))
    f = torch.tensor(view.f, requires_grad=True)
    expected = torch.autograd.functional.jacobian(lambda x: x.softmax(0), f)
    np.testing.assert_allclose(view.jacobian, expected.T, rtol=1e-7, atol=1e-15)  # row i: f_i is raised
    if label == "none":
        assert view.label is None and not hasattr(view, "grad")
        return
    g = f.softmax(0)
    g.retain_grad()
    (-g[int(label)].log()).backward()
    np.testing.assert_allclose(view.through_g, g.grad, rtol=1e-9)
    np.testing.assert_allclose(view.grad, f.grad, rtol=1e-7, atol=1e-13)


def test_matrix_and_sentence_show_the_product():
    live = SoftmaxJacobian(f0=0.0, f1=1.9, f2=0.7, label="0")
    said = lambda name: [text.get_text() for text in live._live[name]]  # noqa: E731
    assert said("entry") == [
        "0.092",
        "−0.071",
        "−0.021",
        "−0.071",
        "0.21",
        "−0.14",
        "−0.021",
        "−0.14",
        "0.16",
    ]
    assert said("upstream") == ["−9.7", "0", "0"] and said("gradient") == ["−0.897", "0.689", "0.208"]
    assert live._live["target"][0].get_x() == -0.4
    assert "its row 0: 0.0925 · (−9.70) ≈ −0.897." in live.figure.sentence
    live.set(label="none")
    assert not live._live["gradient"][0].get_visible() and live.figure.sentence.endswith(
        "Each row sums to 0."
    )
    live.set(label="2")
    assert live._live["target"][0].get_x() == 1.6 and said("upstream")[:2] == ["0", "0"]


@pytest.mark.parametrize("layer", LAYERS)
@settings(deadline=None, max_examples=50)
@given(d=st.floats(-8, 8))
def test_the_slopes_are_the_derivatives_of_the_two_losses(layer, d):
    g, mse, ce = slopes(d, LAYERS[layer])
    for slope, squared in ((mse, True), (ce, False)):
        f, probability, loss = torch_unit(layer, d, squared)
        loss.backward()
        assert g == pytest.approx(probability.item(), rel=1e-9)
        assert slope == pytest.approx(f.grad.reshape(-1)[0].item(), rel=1e-7, abs=1e-12)


def torch_unit(layer, d, squared):
    """One unit written out in torch: its logits (the right one first), probability and loss."""
    if layer == "one sigmoid":
        f = torch.tensor([d], dtype=torch.float64, requires_grad=True)
        g = torch.sigmoid(f)
        return f, g[0], (g[0] - 1) ** 2 if squared else -torch.nn.functional.logsigmoid(f)[0]
    f = torch.tensor([d, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    g, y = torch.softmax(f, 0), torch.tensor([1.0, 0.0, 0.0])
    return f, g[0], ((g - y) ** 2).sum() if squared else -torch.log_softmax(f, 0)[0]


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("start", [-8.0, -2.5, 0.0, 8.0])
@pytest.mark.parametrize("lr", [0.125, 8.0])
def test_both_units_learn_as_their_logits_do_one_by_one(layer, start, lr):
    view = Saturation.compute(Saturation.values(layer=layer, d=start, lr=lr, steps=64.0))
    assert view.at[0] == 1 and view.at[-1] == 64
    for which, squared in enumerate((True, False)):
        f, _, _ = torch_unit(layer, start, squared)
        optimiser = torch.optim.SGD([f], lr=lr)
        reached = []
        for _ in range(65):
            optimiser.zero_grad()
            g = torch.sigmoid(f) if layer == "one sigmoid" else torch.softmax(f, 0)
            y = torch.zeros_like(g)
            y[0] = 1
            reached.append(g[0].item())
            (((g - y) ** 2).sum() if squared else -torch.log(g[0])).backward()
            optimiser.step()
        np.testing.assert_allclose(view.g[which], np.array(reached)[view.at], rtol=1e-6)
        over = [k for k, g in enumerate(reached) if g > 0.5 + 1e-12]
        assert view.half[which] == (over[0] if over else None)


def test_the_squared_error_has_a_plateau_and_leaves_it():
    preset = Saturation.presets["Badly wrong"]
    early = Saturation.compute(Saturation.values(**preset))
    assert early.g[0][-1] < 0.01 < 0.99 < early.g[1][-1]
    assert abs(early.at_start[0]) < 1e-3 < 0.99 < abs(early.at_start[1])
    late = Saturation.compute(Saturation.values(**preset | {"steps": float(MOST_STEPS)}))
    assert late.half == [1507, 9] and late.g[0][-1] > 0.95
    assert "Above ½: from step 1507 on with the squared error, from step 9 on" in Saturation.describe(late)
    assert "not yet with the squared error" in Saturation.describe(early)


def test_pressing_twice_as_long_goes_on_to_the_end_of_the_axis():
    live = Saturation(d=-8.0, steps=1.0)
    for k in range(1, 15):
        live.press("Twice as long")
        assert live.state().steps == min(2**k, MOST_STEPS)
    assert live._live["mse-end"].get_xdata()[0] == MOST_STEPS


def test_a_drag_sets_the_start_and_begins_the_history_anew():
    live = SoftmaxGradient(steps=5)
    axes = next(a for a in live._artists if a.get_gid() == "grip-1").axes
    x, y = axes.transData.transform((1, -3.0))
    live.drag("grip-1", x, live.fig.bbox.height - y)
    assert (live.state().f1, live.state().steps) == (-3.0, 0)
