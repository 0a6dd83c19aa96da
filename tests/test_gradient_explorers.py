"""What the explorers of lesson 05 compute, against independent ways to the same numbers."""

import math

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.explorers import Saturation, SoftmaxGradient
from helpers.explorers.saturation import LAYERS, slopes
from helpers.explorers.softmax_gradient import HIGHEST, LOWEST

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
def test_the_product_that_is_shown_is_the_gradient_and_steps_keep_the_sum(f0, f1, f2, label, lr, steps):
    view = gradient_view(f0=f0, f1=f1, f2=f2, label=label, lr=lr, steps=steps)
    np.testing.assert_allclose(view.jacobian.T @ view.through_g, view.grad, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(view.grad, view.g - view.y, atol=1e-14)
    assert view.f.sum() == pytest.approx(view.start.sum(), abs=1e-9)
    assert np.abs(view.grad).max() <= 1 and np.linalg.norm(view.grad) <= math.sqrt(2)
    assert np.all(np.diff(view.losses) < 0)  # one example: any learning rate lowers its loss
    assert view.after.min() > LOWEST and view.after.max() < HIGHEST


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
    view = Saturation.compute(Saturation.values(layer=layer, d=start, lr=lr, steps=60))
    for which, squared in enumerate((True, False)):
        f, _, _ = torch_unit(layer, start, squared)
        optimiser = torch.optim.SGD([f], lr=lr)
        reached = []
        for _ in range(61):
            optimiser.zero_grad()
            g = torch.sigmoid(f) if layer == "one sigmoid" else torch.softmax(f, 0)
            y = torch.zeros_like(g)
            y[0] = 1
            reached.append(g[0].item())
            (((g - y) ** 2).sum() if squared else -torch.log(g[0])).backward()
            optimiser.step()
        np.testing.assert_allclose(view.g[which], reached, rtol=1e-6)


def test_the_badly_wrong_unit_stays_where_it_is_with_the_squared_error_only():
    view = Saturation.compute(Saturation.values(**Saturation.presets["Badly wrong"]))
    assert view.g[0][-1] < 0.01 < 0.99 < view.g[1][-1]
    assert abs(view.at_start[0]) < 1e-3 < 0.99 < abs(view.at_start[1])


def test_a_drag_sets_the_start_and_begins_the_history_anew():
    live = SoftmaxGradient(steps=5)
    axes = next(a for a in live._artists if a.get_gid() == "grip-1").axes
    x, y = axes.transData.transform((1, -3.0))
    live.figure.pointer = {"handle": "grip-1", "x": x, "y": live.fig.bbox.height - y}
    assert (live.state().f1, live.state().steps) == (-3.0, 0)
