"""Momentum and weight decay: the steps of PyTorch and fastai, and the conversions between the conventions."""

import itertools

import numpy as np
import pytest
import torch

from helpers.gradients import numerical_gradient
from helpers.optim import (
    CONVENTIONS,
    SGD,
    classical_momentum_step,
    convert_momentum,
    decay_weights,
    is_bias,
    l2_penalty,
    moving_average_step,
    nesterov_step,
    sgd_momentum_step,
)

STEPS = [sgd_momentum_step, nesterov_step, classical_momentum_step, moving_average_step]
H = np.array([0.3, 1.0, 4.0])  # curvatures of a bowl ½ Σ h θ²


def bowl(theta):
    return H.astype(theta.dtype) * theta


def walk(step, lr, momentum, weight_decay=0.0, n=100, velocity=None, theta=None):
    """All positions of a run down the bowl, and its last velocity."""
    theta = np.array([1.0, -2.0, 0.5]) if theta is None else theta.copy()
    velocity = np.zeros(3) if velocity is None else velocity.copy()
    path = []
    for _ in range(n):
        step(theta, velocity, bowl(theta), lr, momentum, weight_decay)
        path.append(theta.copy())
    return np.array(path), velocity


def walk_torch(lr, momentum, weight_decay, nesterov=False, n=100, dtype=torch.float64):
    theta = torch.tensor([1.0, -2.0, 0.5], dtype=dtype, requires_grad=True)
    optimizer = torch.optim.SGD(
        [theta], lr=lr, momentum=momentum, weight_decay=weight_decay, nesterov=nesterov
    )
    path = []
    for _ in range(n):
        theta.grad = torch.tensor(H, dtype=dtype) * theta.detach()
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


# Against PyTorch


@pytest.mark.parametrize(
    ("momentum", "weight_decay"), [*itertools.product([0.0, 0.5, 0.9, 0.99], [0.0, 1e-4, 0.1, 1.0])]
)
def test_a_hundred_steps_agree_with_torch(momentum, weight_decay):
    path, _ = walk(sgd_momentum_step, 0.05, momentum, weight_decay)
    np.testing.assert_allclose(path, walk_torch(0.05, momentum, weight_decay), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("momentum", "weight_decay"), [*itertools.product([0.5, 0.99], [0.0, 0.1])])
def test_a_hundred_nesterov_steps_agree_with_torch(momentum, weight_decay):
    path, _ = walk(nesterov_step, 0.05, momentum, weight_decay)
    expected = walk_torch(0.05, momentum, weight_decay, nesterov=True)
    np.testing.assert_allclose(path, expected, rtol=1e-11, atol=1e-14)


def test_float32_stays_float32_and_agrees_with_torch():
    theta, velocity = np.array([1.0, -2.0, 0.5], np.float32), np.zeros(3, np.float32)
    for _ in range(100):
        sgd_momentum_step(theta, velocity, bowl(theta), np.float64(0.05), 0.9, 1e-4)
    assert theta.dtype == velocity.dtype == np.float32
    expected = walk_torch(0.05, 0.9, 1e-4, dtype=torch.float32)[-1]
    np.testing.assert_allclose(theta, expected, rtol=1e-3, atol=1e-6)


def test_one_step_by_hand():
    theta, velocity = np.array([1.0]), np.array([2.0])
    assert sgd_momentum_step(theta, velocity, [3.0], lr=0.1, momentum=0.5, weight_decay=0.25) is None
    assert velocity[0] == 0.5 * 2 + 3 + 0.25 * 1
    assert theta[0] == 1 - 0.1 * velocity[0]


# The conventions


@pytest.mark.parametrize(("of", "to"), [*itertools.product(CONVENTIONS, CONVENTIONS)])
def test_a_converted_run_takes_the_same_path(of, to):
    lr, momentum = 0.05, 0.9
    first, velocity = walk(CONVENTIONS[of], lr, momentum, weight_decay=0.1, n=20)
    onward, _ = walk(CONVENTIONS[of], lr, momentum, 0.1, n=50, velocity=velocity, theta=first[-1])
    other_lr, other_velocity = convert_momentum(lr, velocity, momentum, of=of, to=to)
    other, _ = walk(CONVENTIONS[to], other_lr, momentum, 0.1, n=50, velocity=other_velocity, theta=first[-1])
    np.testing.assert_allclose(other, onward, rtol=1e-11, atol=1e-14)
    if of != to:
        unconverted, _ = walk(CONVENTIONS[to], lr, momentum, 0.1, n=50, velocity=velocity, theta=first[-1])
        assert np.abs(unconverted - onward).max() > 0.1


def test_the_conversion_formulas():
    assert convert_momentum(0.1, [2.0], 0.9, to="classical") == (0.1, pytest.approx([-0.2]))
    assert convert_momentum(0.1, [2.0], 0.9, to="moving average") == (
        pytest.approx(1.0),
        pytest.approx([0.2]),
    )
    assert convert_momentum(0.1, np.float32([2.0]), 0.9, to="classical")[1].dtype == np.float32


def test_changing_the_learning_rate_parts_the_classical_form_from_pytorchs():
    paths = {}
    for name in ("pytorch", "classical"):
        path, velocity = walk(CONVENTIONS[name], 0.05, 0.9, n=10)
        paths[name], _ = walk(CONVENTIONS[name], 0.005, 0.9, n=10, velocity=velocity, theta=path[-1])
    assert np.abs(paths["pytorch"] - paths["classical"]).max() > 0.1
    path, velocity = walk(classical_momentum_step, 0.05, 0.9, n=10)
    _, as_pytorch = convert_momentum(0.05, velocity, 0.9, of="classical")
    _, rescaled = convert_momentum(0.005, as_pytorch, 0.9, to="classical")
    np.testing.assert_allclose(rescaled, velocity * 0.1)
    again, _ = walk(classical_momentum_step, 0.005, 0.9, n=10, velocity=rescaled, theta=path[-1])
    np.testing.assert_allclose(again, paths["pytorch"], rtol=1e-12)


@pytest.mark.parametrize(
    ("step", "limit"),
    [
        (sgd_momentum_step, 2 + 2 * 0.5),
        (classical_momentum_step, 2 + 2 * 0.5),
        (nesterov_step, 2 * (1 + 0.5) / (1 + 2 * 0.5)),
        (moving_average_step, 2 * (1 + 0.5) / (1 - 0.5)),
    ],
)
def test_each_method_diverges_where_its_theory_says(step, limit):
    sizes = []
    for lr in (0.98 * limit, 1.02 * limit):  # curvature 1
        theta, velocity = np.array([1.0]), np.array([0.0])
        for _ in range(2000):
            step(theta, velocity, theta.copy(), lr, 0.5)
        sizes.append(abs(theta[0]))
    assert sizes[0] < 1e-3
    assert sizes[1] > 1e3


# In place, whatever the layout


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_every_layout_is_changed_in_place_and_alike(step, weight_decay):
    rng = np.random.default_rng(0)
    n = 70000  # more than one block
    start, start_v, grad = rng.normal(size=(3, 2, n))
    plain, plain_v = start.copy(), start_v.copy()
    step(plain, plain_v, grad, 0.1, 0.9, weight_decay)
    assert not np.array_equal(plain, start)
    fortran, fortran_v = np.asfortranarray(start), np.asfortranarray(start_v)
    wide, wide_v = np.zeros((2, 2 * n)), np.zeros((2, 2 * n))
    strided, strided_v = wide[:, ::2], wide_v[:, ::2]
    strided[:], strided_v[:] = start, start_v
    for theta, velocity in ((fortran, fortran_v), (strided, strided_v), (start.T.copy().T, start_v.copy())):
        step(theta, velocity, grad, 0.1, 0.9, weight_decay)
        np.testing.assert_array_equal(theta, plain)
        np.testing.assert_array_equal(velocity, plain_v)
    assert (wide[:, 1::2] == 0).all()
    assert (wide[:, ::2] == plain).all()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 3, 4)])
def test_any_shape_even_none_at_all(step, shape):
    theta, velocity = np.ones(shape), np.zeros(shape)
    step(theta, velocity, np.ones(shape), 0.5, 0.0)
    np.testing.assert_array_equal(theta, np.full(shape, 0.5))


def test_the_gradient_is_left_alone():
    theta, velocity, grad = np.ones(3), np.zeros(3), np.ones(3)
    for step in STEPS:
        step(theta, velocity, grad, 0.5, 0.9, 0.1)
    np.testing.assert_array_equal(grad, 1)


def test_a_gradient_of_another_type_is_converted():
    theta, velocity = np.ones(2, np.float32), np.zeros(2, np.float32)
    sgd_momentum_step(theta, velocity, [1, 2], 0.5)
    sgd_momentum_step(theta, velocity, np.array([1.0, 2.0]), 0.5)
    np.testing.assert_array_equal(theta, [0, -1])
    assert theta.dtype == np.float32


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_diverging_run_goes_to_infinity_without_complaint():
    for step in STEPS:
        theta, velocity = np.ones(3), np.zeros(3)
        for _ in range(100):
            step(theta, velocity, np.clip(theta, -1e300, 1e300), 1e10, 0.9)
        assert not np.isfinite(theta).any()


# Named parameters and weight decay


def parameters():
    rng = np.random.default_rng(1)
    return {"hidden.weight": rng.normal(size=(3, 2)), "hidden.bias": rng.normal(size=3)}


def test_is_bias():
    assert is_bias("bias")
    assert is_bias("hidden.bias")
    assert not is_bias("hidden.weight")
    assert not is_bias("unbiased")
    assert not is_bias("bias.weight")


@pytest.mark.parametrize("decay_biases", [False, True])
def test_sgd_agrees_with_torchs_parameter_groups(decay_biases):
    ours = parameters()
    theirs = {name: torch.tensor(p, requires_grad=True) for name, p in ours.items()}
    bias_decay = 0.1 if decay_biases else 0.0
    groups = [
        {"params": [theirs["hidden.weight"]]},
        {"params": [theirs["hidden.bias"]], "weight_decay": bias_decay},
    ]
    reference = torch.optim.SGD(groups, lr=0.1, momentum=0.9, weight_decay=0.1)
    optimizer = SGD(ours, lr=0.1, momentum=0.9, weight_decay=0.1, decay_biases=decay_biases)
    rng = np.random.default_rng(2)
    for _ in range(100):
        grads = {name: rng.normal(size=p.shape) for name, p in ours.items()}
        optimizer.step(grads)
        for name, p in theirs.items():
            p.grad = torch.tensor(grads[name])
        reference.step()
    for name, p in theirs.items():
        np.testing.assert_allclose(ours[name], p.detach(), rtol=1e-11)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("decoupled", [False, True])
def test_sgd_agrees_with_fastai(decoupled):
    from fastai import optimizer as fastai

    ours = {"weight": np.array([1.0, -2.0]), "bias": np.array([0.5, 3.0])}
    theirs = [torch.nn.Parameter(torch.tensor(p.copy())) for p in ours.values()]
    reference = fastai.SGD(theirs, lr=0.05, mom=0.9, wd=0.1, decouple_wd=decoupled)
    optimizer = SGD(ours, 0.05, 0.9, 0.1, decay_biases=True, decoupled=decoupled)
    rng = np.random.default_rng(3)
    for _ in range(20):
        grads = {name: rng.normal(size=2) for name in ours}
        optimizer.step(grads)
        for p, grad in zip(theirs, grads.values(), strict=True):
            p.grad = torch.tensor(grad)
        reference.step()
    for p, theta in zip(theirs, ours.values(), strict=True):
        np.testing.assert_allclose(theta, p.detach(), rtol=1e-11)


def test_without_momentum_coupled_and_decoupled_decay_agree_and_with_it_they_part():
    for momentum, settles in ((0.0, (0.909, 0.909)), (0.99, (0.909, 0.999))):
        ends = []
        for decoupled in (False, True):
            w = {"weight": np.array([0.0])}  # loss ½ (w − 1)², λ = 0.1
            optimizer = SGD(w, lr=0.01, momentum=momentum, weight_decay=0.1, decoupled=decoupled)
            for _ in range(20000):
                optimizer.step({"weight": w["weight"] - 1})
            ends.append(float(w["weight"][0]))
        np.testing.assert_allclose(ends, settles, atol=1e-3)


def test_sgd_takes_another_step_rule_and_a_changing_learning_rate():
    w = {"weight": np.array([1.0])}
    optimizer = SGD(w, lr=0.1, momentum=0.5, step_rule=nesterov_step)
    optimizer.step({"weight": [1.0]})
    assert w["weight"][0] == pytest.approx(1 - 0.1 * 1.5)
    optimizer.lr = 0.0
    optimizer.step({"weight": [1.0]})
    assert w["weight"][0] == pytest.approx(1 - 0.1 * 1.5)


def test_the_penalty_has_the_decay_as_its_gradient():
    p = parameters()
    w = p["hidden.weight"]
    numeric = numerical_gradient(lambda w: l2_penalty({**p, "hidden.weight": w}, 0.3), w)
    np.testing.assert_allclose(numeric, 0.3 * w, atol=1e-9)
    np.testing.assert_allclose(
        numerical_gradient(lambda b: l2_penalty({**p, "hidden.bias": b}, 0.3), np.ones(3)), 0
    )
    assert l2_penalty({}, 0.1) == 0
    assert l2_penalty({"w": np.full(2, 1e30, np.float32)}, 0.1) == pytest.approx(1e59)


def test_decay_weights_shrinks_by_a_constant_fraction():
    w = np.array([1.0, -2.0], np.float32)
    decay_weights(w, lr=0.5, weight_decay=0.2)
    np.testing.assert_allclose(w, [0.9, -1.8], rtol=1e-6)


# Bad arguments


def broken_step(**changes):
    arguments = {"theta": np.ones(2), "velocity": np.zeros(2), "grad": np.ones(2), "lr": 0.1} | changes
    return lambda: sgd_momentum_step(**arguments)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            broken_step(theta=[1.0, 2.0]),
            TypeError,
            "theta must be a NumPy array of floats, to be changed in place",
        ),
        (broken_step(theta=np.ones(2, int)), TypeError, "got an array of int64."),
        (
            broken_step(velocity=np.zeros(3)),
            ValueError,
            "velocity must be float64 of shape (2,), like its parameter",
        ),
        (broken_step(velocity=np.zeros(2, np.float32)), ValueError, "got float32 of shape (2,)."),
        (broken_step(grad=np.ones(3)), ValueError, "grad must have the shape (2,), got (3,)."),
        (broken_step(lr=-1), ValueError, "lr must be one finite number of at least 0, got -1."),
        (broken_step(lr=np.nan), ValueError, "lr must be one finite number of at least 0, got nan."),
        (broken_step(lr="fast"), TypeError, "lr must be one finite number of at least 0, got 'fast'."),
        (
            broken_step(momentum=None),
            TypeError,
            "momentum must be one finite number of at least 0, got None.",
        ),
        (broken_step(weight_decay=-0.1), ValueError, "weight_decay must be one finite number of at least 0"),
        (
            lambda: moving_average_step(np.ones(1), np.zeros(1), [1], 0.1, 1.0),
            ValueError,
            "at least 0 and below 1",
        ),
        (lambda: convert_momentum(0.1, [1.0], 0.9, to="torch"), ValueError, "to must be one of 'pytorch'"),
        (
            lambda: convert_momentum(0, [1.0], 0.9, to="classical"),
            ValueError,
            "lr must be one finite number above 0",
        ),
        (lambda: SGD({"w": [1.0]}, 0.1), TypeError, "parameters['w'] must be a NumPy array"),
        (lambda: SGD([1.0], 0.1), TypeError, "parameters must map names to arrays, got a list."),
        (
            lambda: SGD({"w": np.ones(1)}, 0.1).step({"v": [1]}),
            ValueError,
            "grads must have exactly the names w, got v.",
        ),
        (
            lambda: SGD({"w": np.ones(1)}, 0.1).step([1]),
            TypeError,
            "grads must map names to arrays, got a list.",
        ),
        (
            lambda: SGD({"w": np.ones(1)}, 0.1).step({"w": [1, 2]}),
            ValueError,
            "grads['w'] must have the shape",
        ),
    ],
)
def test_bad_arguments_are_named(call, error, sentence):
    with pytest.raises(error) as caught:
        call()
    assert sentence in str(caught.value)


def test_a_refused_step_changes_nothing():
    p = parameters()
    before = {name: theta.copy() for name, theta in p.items()}
    with pytest.raises(ValueError, match="hidden"):
        SGD(p, 0.1).step({"hidden.weight": np.ones((3, 2)), "hidden.bias": np.ones(4)})
    for name, theta in p.items():
        np.testing.assert_array_equal(theta, before[name])
    read_only = np.ones(2)
    read_only.flags.writeable = False
    with pytest.raises(TypeError, match="got a read-only array"):
        sgd_momentum_step(read_only, np.zeros(2), [1, 1], 0.1)


@pytest.mark.parametrize("name", ["gain_bias", "hidden.unbias", "bias.weight"])
def test_only_a_last_part_that_is_bias_makes_a_bias(name):
    assert not is_bias(name)
    assert is_bias("bias") and is_bias("hidden.bias")


def test_decoupled_decay_leaves_biases_alone_and_follows_a_new_learning_rate():
    theta = {"weight": np.ones(1), "bias": np.ones(1)}
    optimizer = SGD(theta, lr=0.1, momentum=0.9, weight_decay=0.5, decoupled=True)
    nothing = {name: np.zeros(1) for name in theta}
    optimizer.step(nothing)
    np.testing.assert_allclose([theta["weight"], theta["bias"]], [[0.95], [1.0]])
    optimizer.lr = 0.2
    optimizer.step(nothing)
    np.testing.assert_allclose([theta["weight"], theta["bias"]], [[0.95 * 0.9], [1.0]])


def test_decoupled_decay_beside_nesterovs_step_is_torchs_step_after_the_decay():
    theta = {"weight": np.array([2.0])}
    theirs = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    optimizer = SGD(theta, 0.1, 0.9, 0.5, decoupled=True, step_rule=nesterov_step)
    reference = torch.optim.SGD([theirs], lr=0.1, momentum=0.9, nesterov=True)
    for grad in (1.0, -2.0, 0.5):
        theirs.grad = torch.tensor([grad], dtype=torch.float64)
        with torch.no_grad():
            theirs *= 1 - 0.1 * 0.5
        reference.step()
        optimizer.step({"weight": np.array([grad])})
    np.testing.assert_allclose(theta["weight"], theirs.detach().numpy(), rtol=1e-12)
