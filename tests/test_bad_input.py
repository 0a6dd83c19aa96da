"""Whatever is thrown at a public function, it answers rightly or with one sentence naming the argument."""

import inspect
import re
import warnings
from functools import partial

import mpmath
import numpy as np
import precise
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import gradients, losses, models, optim, probability, softmax

MODULES = [softmax, probability, losses, gradients, optim, models]
quietly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

# What is thrown

EXTREMES = [0.0, -0.0, 1.0, -1.0, 0.5, 40.0, 750.0, -750.0, 1e-310, 1e-8, 6e4, 1e38, 1e308, -1e308]
NO_NUMBERS = [np.nan, np.inf, -np.inf]
JUNK = [
    None, "text", b"bytes", object(), {}, {"weight": 1.0}, {1: 2}, 1j, [[1], [1, 2]], [1, "a"], [None],
    [10**400], np.array(["a"]), np.array([1, None], object), np.datetime64("2020-01-01"),
    np.array([(1, 2.0)], "i,f"), [], [[]], np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((0,)), print, True,
    10**400, -1, 2.5, np.nan, np.inf, "mean",
]  # fmt: skip
junk = st.sampled_from(JUNK)
types = st.sampled_from([np.float16, np.float32, np.float64])
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def cast(values, dtype):
    with np.errstate(all="ignore"):
        return np.asarray(values, np.float64).astype(dtype)


@st.composite
def any_array(draw):
    """Numbers of any kind in any shape, with every extreme among them."""
    values = st.sampled_from(EXTREMES + NO_NUMBERS) | st.floats(-100, 100)
    array = draw(hnp.arrays(np.float64, shapes, elements=values))
    dtype = draw(st.sampled_from([np.float16, np.float32, np.float64, np.int8, np.uint8, np.int64, bool]))
    with np.errstate(all="ignore"):
        array = array.astype(dtype)
    return array.tolist() if draw(st.booleans()) else array


anything = any_array() | junk


@st.composite
def good_logits(draw, dims=None, axis=-1):
    """Logits with extremes and masks, at least one class of each row finite."""
    shape = draw(hnp.array_shapes(min_dims=dims or 1, max_dims=dims or 3, min_side=1, max_side=4))
    values = st.sampled_from([*EXTREMES, -np.inf]) | st.floats(-100, 100)
    f = draw(hnp.arrays(np.float64, shape, elements=values))
    np.moveaxis(f, axis, -1)[..., 0] = draw(st.floats(-10, 10))
    dtype = draw(types)
    f = cast(f, dtype)
    f[np.isposinf(f)] = np.finfo(dtype).max
    return f


@st.composite
def good_numbers(draw, values, dims=(0, 3)):
    shape = draw(hnp.array_shapes(min_dims=dims[0], max_dims=dims[1], min_side=1, max_side=3))
    return cast(draw(hnp.arrays(np.float64, shape, elements=values)), draw(types))


@st.composite
def good_probabilities(draw, shape=None):
    shape = shape or draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4))
    values = st.sampled_from([0.0, 1e-300, 1e-9, 1.0]) | st.floats(0, 1)
    p = draw(hnp.arrays(np.float64, shape, elements=values))
    p[..., 0] += p.sum(axis=-1) == 0
    return cast(p / p.sum(axis=-1, keepdims=True), draw(types))


@st.composite
def good_targets(draw, f):
    """Labels, or probabilities, for these logits."""
    labels = draw(
        hnp.arrays(
            draw(st.sampled_from([np.int64, np.uint8])), len(f), elements=st.integers(0, f.shape[1] - 1)
        )
    )
    return draw(st.just(labels) | good_probabilities(f.shape))


@st.composite
def logits_and_targets(draw):
    f = draw(good_logits(dims=2))
    return {"logits": f, "targets": draw(good_targets(f))}


@st.composite
def log_probs_and_targets(draw):
    f = draw(good_logits(dims=2))
    return {"log_probs": softmax.log_softmax(f), "targets": draw(good_targets(f))}


@st.composite
def logits_and_labels(draw, name="targets"):
    f = draw(good_logits(dims=2))
    return {"logits": f, name: draw(hnp.arrays(np.int64, len(f), elements=st.integers(0, f.shape[1] - 1)))}


@st.composite
def logits_and_fractions(draw):
    f = draw(good_logits())
    return {"logits": f, "targets": draw(hnp.arrays(np.float64, f.shape, elements=st.floats(0, 1)))}


@st.composite
def two_distributions(draw):
    p = draw(good_probabilities())
    return {"p": p, "q": draw(good_probabilities(p.shape))}


@st.composite
def step_arguments(draw, largest_momentum=2.0):
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    dtype, numbers = draw(types), st.floats(-10, 10)
    theta, velocity, grad = (
        cast(draw(hnp.arrays(np.float64, shape, elements=numbers)), dtype) for _ in range(3)
    )
    rates = {"lr": draw(st.floats(0, 2)), "momentum": draw(st.floats(0, largest_momentum))}
    return {
        "theta": theta,
        "velocity": velocity,
        "grad": grad,
        **rates,
        "weight_decay": draw(st.floats(0, 2)),
    }


# What is right


def like(got, exact, dtype, spread=0.0):
    """Compare a number of this type with the exact one, up to rounding of arguments `spread` apart."""
    assert not np.isnan(got)
    with np.errstate(over="ignore"):
        nearest = float(np.array(float(exact)).astype(dtype))
    if np.isinf(nearest) or np.isinf(got):
        assert float(got) == nearest or abs(float(exact)) > 0.99 * float(np.finfo(dtype).max)
        return
    info = np.finfo(dtype)
    allowed = 16 * float(info.eps) * abs(nearest) * (1 + min(spread, 800)) + 2 * float(
        info.smallest_subnormal
    )
    assert abs(float(got) - nearest) <= allowed, (got, nearest)


def own_type(*arrays):
    floats = [np.asarray(a).dtype if np.asarray(a).dtype.kind == "f" else np.dtype(float) for a in arrays]
    return np.result_type(*floats)


def rows(f, axis=-1):
    f = np.asarray(f, own_type(f))
    f = f.astype(np.float32) if f.dtype == np.float16 else f
    return np.moveaxis(f, axis, -1).reshape(-1, f.shape[axis])


def spread_of(row):
    finite = row[np.isfinite(row)].astype(np.longdouble)
    return float(finite.max() - finite.min())


def right_softmax(result, f, axis=-1, logarithm=False):
    assert result.shape == np.shape(f)
    assert result.dtype == own_type(f)
    for got, row in zip(rows(result, axis), rows(f, axis), strict=True):
        exact = precise.exact_row(row)
        for value, log_g, g in zip(got, exact.log_g, exact.g, strict=True):
            like(value, log_g if logarithm else g, result.dtype, spread_of(row))


def right_logsumexp(result, f, axis=-1, keepdims=False):
    assert result.shape == np.asarray(f).max(axis=axis, keepdims=bool(keepdims), initial=0).shape
    for got, row in zip(np.ravel(result), rows(f, axis), strict=True):
        if np.isfinite(row.max()):
            exact = precise.exact_row(row).total
            size = max(1, abs(float(exact)), np.abs(row[np.isfinite(row)]).max())
            assert abs(mpmath.mpf(float(got)) - exact) <= 16 * float(np.finfo(result.dtype).eps) * float(size)
        else:
            assert got == row.max()


def exact_sigmoid(x, logarithm=False):
    with mpmath.workdps(400):
        if abs(x) > 800:
            return mpmath.mpf(min(float(x), 0) if logarithm else float(x > 0))
        s = 1 / (1 + mpmath.exp(-mpmath.mpf(float(x))))
        return mpmath.log(s) if logarithm else s


def right_sigmoid(result, x, logarithm=False):
    assert result.shape == np.shape(x)
    for got, value in zip(np.ravel(result), np.ravel(np.asarray(x, own_type(x))), strict=True):
        like(got, exact_sigmoid(value, logarithm), result.dtype)


def log(x):
    return mpmath.log(mpmath.mpf(float(x))) if x > 0 else mpmath.mpf("-inf")


def right_sum(term, result, p, q=None, axis=-1):
    """Check −Σ p ln p, −Σ p ln q or Σ p ln(p/q)."""
    q = p if q is None else q
    shape = np.broadcast_shapes(np.shape(p), np.shape(q))
    assert result.dtype == own_type(p, q)
    pairs = zip(rows(np.broadcast_to(p, shape), axis), rows(np.broadcast_to(q, shape), axis), strict=True)
    for got, (p_row, q_row) in zip(np.ravel(result), pairs, strict=True):
        terms = [mpmath.mpf(float(a)) * term(a, b) for a, b in zip(p_row, q_row, strict=True) if a > 0]
        exact, size = mpmath.fsum(terms), mpmath.fsum(map(abs, terms))
        eps = float(np.finfo(result.dtype).eps)
        assert (
            got == exact
            or abs(mpmath.mpf(float(got)) - exact) <= 16 * eps * size + 2 * np.finfo(result.dtype).tiny
        )


def exact_losses(f, targets):
    """Exact loss of each example, and its gradient."""
    out = []
    for row, target in zip(rows(f), np.asarray(targets), strict=True):
        exact = precise.exact_row(row)
        y = np.eye(len(row))[target] if np.ndim(target) == 0 else target
        loss = -mpmath.fsum(mpmath.mpf(float(t)) * x for t, x in zip(y, exact.log_g, strict=True) if t > 0)
        out.append(
            (loss, [g - mpmath.mpf(float(t)) for t, g in zip(y, exact.g, strict=True)], spread_of(row))
        )
    return out


def right_loss(result, logits, targets, reduction="mean", with_grad=False, only_grad=False):
    exact = exact_losses(logits, targets)
    divisor = len(exact) if reduction == "mean" else 1
    loss, grad = result if with_grad else (None, result) if only_grad else (result, None)
    dtype, spread = own_type(logits), max((s for *_, s in exact), default=0)
    if loss is not None:
        assert loss.dtype == dtype
        if (
            max((e for e, *_ in exact), default=0)
            > np.finfo(np.float32 if dtype == np.float16 else dtype).max
        ):
            assert np.isinf(loss).any()  # a loss that no float can hold
            return
        expected = (
            [e for e, *_ in exact] if reduction == "none" else [mpmath.fsum(e for e, *_ in exact) / divisor]
        )
        for got, value in zip(np.ravel(loss), expected, strict=True):
            like(got, value, dtype, spread)
    if grad is not None:
        assert grad.dtype == dtype
        expected = np.array([[float(g) for g in row] for _, row, _ in exact]).reshape(grad.shape) / divisor
        np.testing.assert_allclose(
            grad, expected, atol=float(64 * np.finfo(dtype).eps) * (1 + min(spread, 800))
        )


def right_nll(result, log_probs, targets, reduction="mean"):
    y = np.asarray(targets)
    y = np.eye(np.shape(log_probs)[1])[y] if y.ndim == 1 else y
    with np.errstate(over="ignore"):
        values = -(y * np.where(y > 0, np.asarray(log_probs, float), 0)).sum(axis=1)
        values = values if reduction == "none" else [values.sum() / (len(y) if reduction == "mean" else 1)]
    for got, exact in zip(np.ravel(result), values, strict=True):
        like(got, exact, own_type(log_probs), spread=4)


def right_binary(result, logits, targets, reduction="mean"):
    values = []
    for f, y in zip(np.ravel(np.asarray(logits, own_type(logits))), np.ravel(targets), strict=True):
        yes = exact_sigmoid(f, True) * float(y) if y > 0 else mpmath.mpf(0)
        no = exact_sigmoid(-f, True) * (1 - mpmath.mpf(float(y))) if y < 1 else mpmath.mpf(0)
        values.append(-yes - no)
    values = (
        values if reduction == "none" else [mpmath.fsum(values) / (len(values) if reduction == "mean" else 1)]
    )
    for got, exact in zip(np.ravel(result), values, strict=True):
        like(got, exact, own_type(logits), spread=4)


def right_mse(result, logits, targets):
    f, y = np.asarray(logits, own_type(logits)), np.asarray(targets)
    y = np.eye(f.shape[1])[y] if y.ndim == 1 else y
    s = np.array([[float(exact_sigmoid(x)) for x in row] for row in f]).reshape(f.shape)
    tolerance = float(32 * np.finfo(f.dtype).eps)
    np.testing.assert_allclose(result[0], ((s - y) ** 2).sum() / len(f), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(result[1], 2 * (s - y) * s * (1 - s) / len(f), rtol=0, atol=tolerance)


def right_step(result, before, **after):
    """Check one step against its formula, in float64."""
    assert result is None
    t, v, g = (np.asarray(before[name], np.float64) for name in ("theta", "velocity", "grad"))
    lr, momentum, decay = (float(before.get(name, 0)) for name in ("lr", "momentum", "weight_decay"))
    with np.errstate(all="ignore"):
        v, t = before["formula"](t, v, g + decay * t, lr, momentum)
        scale = 1 + max(np.abs(a).max(initial=0) for a in (t, v, g)) * (1 + lr) * (1 + momentum) * (1 + decay)
    tolerance = 64 * float(np.finfo(after["theta"].dtype).eps) * scale
    if np.isfinite(scale) and scale < np.finfo(after["theta"].dtype).max / 1e3:
        np.testing.assert_allclose(after["theta"], t, rtol=0, atol=tolerance)
        np.testing.assert_allclose(after["velocity"], v, rtol=0, atol=tolerance)


def pytorch(t, v, g, lr, momentum):
    v = momentum * v + g
    return v, t - lr * v


def nesterov(t, v, g, lr, momentum):
    v = momentum * v + g
    return v, t - lr * (g + momentum * v)


def classical(t, v, g, lr, momentum):
    v = momentum * v - lr * g
    return v, t + v


def moving_average(t, v, g, lr, momentum):
    v = momentum * v + (1 - momentum) * g
    return v, t - lr * v


def right_gaussian(result, x, mean, scale, summed=False):
    x, mean, scale = (np.asarray(a, np.longdouble) for a in (x, mean, scale))
    if summed:
        x, mean, scale = x.ravel(), mean[..., None], scale[..., None]
    with np.errstate(all="ignore"):
        terms = [-((x - mean) ** 2) / (2 * scale**2), -np.log(scale), np.full((), -np.log(2 * np.pi) / 2)]
        size, exact = sum(map(np.abs, terms)), sum(terms)
        size, exact = (size.sum(-1), exact.sum(-1)) if summed else (size, exact)
        info = np.finfo(result.dtype)
        # the rounding of x − m is squared; float16 arguments are exact in float32
        allowed = 64 * float(info.eps) * size + np.where(size > info.max / 4, np.inf, 0)
    assert result.shape == exact.shape
    assert not np.isnan(result).any()
    with np.errstate(invalid="ignore"):
        assert ((np.abs(result - exact) <= allowed) | (result == exact)).all()


def right_bernoulli(result, x, p):
    x = np.ravel(x)
    assert result.shape == np.shape(p)
    for got, value in zip(np.ravel(result), np.ravel(np.asarray(p, own_type(p))), strict=True):
        exact = mpmath.fsum(log(value) if one else mpmath.log1p(-mpmath.mpf(float(value))) for one in x)
        like(got, exact, result.dtype, spread=4)


def right_categorical(result, labels, p):
    for got, row in zip(np.ravel(result), rows(p), strict=True):
        like(got, mpmath.fsum(log(row[k]) for k in np.ravel(labels)), result.dtype, spread=4)


def right_jacobian(result, f):
    g = np.array([[float(x) for x in precise.exact_row(row).g] for row in rows(f)]).reshape(np.shape(f))
    exact = g[..., :, None] * (np.eye(g.shape[-1]) - g[..., None, :])
    spread = max(map(spread_of, rows(f)), default=0)
    np.testing.assert_allclose(
        result, exact, rtol=0, atol=float(64 * np.finfo(own_type(f)).eps) * (1 + min(spread, 800))
    )


def right_numerical_gradient(result, fn, x):
    assert result.dtype == np.float64
    if fn is np.sum and np.abs(np.asarray(x, float)).max() < 1e4:
        np.testing.assert_allclose(result, np.ones(np.shape(x)), rtol=1e-4 * (1 + np.size(x)))


def right_comparison(result, exact, approximate, name="", tolerance=1e-6, digits=False):
    assert isinstance(result, str)
    a, b = np.asarray(exact, np.longdouble), np.asarray(approximate, np.longdouble)
    assert (f"same to {tolerance:g}: yes" in result) or (f"same to {tolerance:g}: no" in result)
    if np.array_equal(a, b):
        assert ": yes" in result
    if np.isnan(a).any() or np.isnan(b).any() or (np.isfinite(a) != np.isfinite(b)).any():
        assert ": no" in result


def right_conversion(result, lr, velocity, momentum, of="pytorch", to="pytorch"):
    if 1e-6 < float(lr) < 1e6 and momentum < 0.999:
        with np.errstate(all="ignore"):
            back_lr, back = optim.convert_momentum(*result, momentum, of=to, to=of)
        assert back_lr == pytest.approx(float(lr))
        small = np.abs(np.asarray(velocity, float)) < 1e3
        tolerance = float(16 * np.finfo(own_type(velocity)).eps)
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(
                back[small],
                np.asarray(velocity, float)[small],
                rtol=tolerance,
                atol=max(tolerance, 1e-6),
            )


def right_batches(result, n_examples, batch_size, epoch, seed=0):
    assert sorted(np.concatenate(result).tolist()) == list(range(n_examples))
    assert max(map(len, result)) <= batch_size


def right_shape(shape, result, **_):
    assert shape == np.shape(result)


# Every public function: its sensible arguments, what else it takes, and what is right

axes = st.sampled_from([-1, 0])
reductions = st.sampled_from(["mean", "sum", "none"])
rates = st.floats(0, 2)
names = st.sampled_from(["weight", "bias", "hidden.bias", ""])
counts = st.integers(1, 6)
observations = good_numbers(st.floats(-100, 100))


def options(**strategies):
    return st.fixed_dictionaries({}, optional=strategies)


def together(*strategies):
    """Arguments from several strategies in one dict."""
    return st.tuples(*strategies).map(lambda parts: {k: v for part in parts for k, v in part.items()})


def given_as(**strategies):
    return st.fixed_dictionaries(strategies)


@st.composite
def logits_and_axis(draw):
    axis = draw(axes)
    return {"f": draw(good_logits(axis=axis)), "axis": axis}


@st.composite
def labels_and_probabilities(draw):
    p = draw(good_probabilities())
    return {"labels": draw(hnp.arrays(np.int64, 3, elements=st.integers(0, p.shape[-1] - 1))), "p": p}


@st.composite
def features_and_targets(draw):
    x = draw(hnp.arrays(np.float64, (draw(counts), 2), elements=st.floats(-5, 5)))
    return {"x": x, "targets": draw(hnp.arrays(np.int64, len(x), elements=st.integers(0, 2)))}


def step_rule(rule, formula, largest_momentum=2.0):
    return step_arguments(largest_momentum), partial(right_step, formula=formula)


def run_linear(x, targets):
    return models.LinearClassifier(2, 3).value_and_grads(x, targets)


def run_mlp(x, targets):
    return models.MLP(2, 4, 3).value_and_grads(x, targets)


def run_training(x, targets, epochs=1, batch_size=2, seed=0):
    model = models.LinearClassifier(2, 3)
    return list(models.train(model, optim.SGD(model.parameters, 0.1), x, targets, epochs, batch_size, seed))


def run_sgd(parameters, grads, lr=0.1, momentum=0.0, weight_decay=0.0):
    optim.SGD(parameters, lr, momentum, weight_decay).step(grads)


def finite(result, **_):
    loss, grads = result
    assert np.isfinite(loss)
    assert all(np.isfinite(g).all() for g in grads.values())


FUNCTIONS = {
    softmax.sigmoid: (given_as(x=good_numbers(st.sampled_from(EXTREMES))), right_sigmoid),
    softmax.log_sigmoid: (
        given_as(x=good_numbers(st.sampled_from(EXTREMES))),
        partial(right_sigmoid, logarithm=True),
    ),
    softmax.softmax: (logits_and_axis(), right_softmax),
    softmax.log_softmax: (logits_and_axis(), partial(right_softmax, logarithm=True)),
    softmax.logsumexp: (together(logits_and_axis(), options(keepdims=st.booleans())), right_logsumexp),
    softmax.naive_sigmoid: (given_as(x=observations), None),
    softmax.naive_softmax: (logits_and_axis(), None),
    softmax.naive_log_softmax: (logits_and_axis(), None),
    softmax.naive_shifted_log_softmax: (logits_and_axis(), None),
    probability.entropy: (given_as(p=good_probabilities()), partial(right_sum, lambda p, q: -log(p))),
    probability.cross_entropy: (two_distributions(), partial(right_sum, lambda p, q: -log(q))),
    probability.kl_divergence: (two_distributions(), partial(right_sum, lambda p, q: log(p) - log(q))),
    probability.gaussian_log_density: (
        given_as(x=observations, mean=st.floats(-5, 5), scale=st.floats(1e-2, 1e2)),
        right_gaussian,
    ),
    probability.gaussian_log_likelihood: (
        given_as(x=observations, mean=st.floats(-5, 5), scale=st.floats(1e-2, 1e2)),
        partial(right_gaussian, summed=True),
    ),
    probability.bernoulli_log_likelihood: (
        given_as(x=hnp.arrays(np.int64, shapes, elements=st.integers(0, 1)), p=good_numbers(st.floats(0, 1))),
        right_bernoulli,
    ),
    probability.categorical_log_likelihood: (labels_and_probabilities(), right_categorical),
    losses.one_hot: (given_as(labels=st.lists(st.integers(0, 2)), n_classes=st.integers(3, 5)), None),
    losses.nll_loss: (together(log_probs_and_targets(), options(reduction=reductions)), right_nll),
    losses.cross_entropy_loss: (together(logits_and_targets(), options(reduction=reductions)), right_loss),
    losses.cross_entropy_grad: (
        together(logits_and_targets(), options(reduction=reductions)),
        partial(right_loss, only_grad=True),
    ),
    losses.cross_entropy_value_and_grad: (
        together(logits_and_targets(), options(reduction=reductions)),
        partial(right_loss, with_grad=True),
    ),
    losses.binary_cross_entropy_loss: (
        together(logits_and_fractions(), options(reduction=reductions)),
        right_binary,
    ),
    losses.sigmoid_mse_value_and_grad: (logits_and_targets(), right_mse),
    losses.naive_cross_entropy_loss: (logits_and_labels(), None),
    losses.clipped_cross_entropy_loss: (logits_and_labels(), None),
    losses.naive_cross_entropy_grad: (logits_and_labels(), None),
    gradients.softmax_jacobian: (given_as(f=good_logits()), right_jacobian),
    gradients.numerical_gradient: (
        given_as(fn=st.sampled_from([np.sum, np.tanh]), x=good_numbers(st.floats(-10, 10))),
        right_numerical_gradient,
    ),
    gradients.compare: (
        together(
            given_as(exact=hnp.arrays(np.float64, 3), approximate=hnp.arrays(np.float64, 3)),
            options(name=names, tolerance=st.floats(0, 1), digits=st.booleans()),
        ),
        right_comparison,
    ),
    optim.sgd_momentum_step: (step_arguments(), pytorch),
    optim.nesterov_step: (step_arguments(), nesterov),
    optim.classical_momentum_step: (step_arguments(), classical),
    optim.moving_average_step: (step_arguments(largest_momentum=0.99), moving_average),
    optim.convert_momentum: (
        together(
            given_as(lr=st.floats(1e-3, 10), velocity=observations, momentum=st.floats(0, 0.99)),
            options(of=st.sampled_from([*optim.CONVENTIONS]), to=st.sampled_from([*optim.CONVENTIONS])),
        ),
        right_conversion,
    ),
    optim.is_bias: (given_as(name=names), None),
    optim.l2_penalty: (given_as(parameters=st.dictionaries(names, observations), weight_decay=rates), None),
    optim.decay_weights: (given_as(theta=good_numbers(st.floats(-9, 9)), lr=rates, weight_decay=rates), None),
    run_sgd: (
        together(
            given_as(parameters=st.builds(dict, w=st.builds(np.ones, st.just(2)))),
            given_as(grads=st.builds(dict, w=st.just([1.0, 2.0]))),
            options(lr=rates, momentum=rates, weight_decay=rates),
        ),
        None,
    ),
    models.LinearClassifier: (
        together(given_as(n_features=counts, n_classes=counts), options(seed=counts, dtype=types)),
        None,
    ),
    models.MLP: (
        together(
            given_as(n_features=counts, n_hidden=counts, n_classes=counts), options(seed=counts, dtype=types)
        ),
        None,
    ),
    run_linear: (features_and_targets(), finite),
    run_mlp: (features_and_targets(), finite),
    run_training: (
        together(features_and_targets(), options(epochs=counts, batch_size=counts, seed=counts)),
        None,
    ),
    models.accuracy: (logits_and_labels("labels"), None),
    models.epoch_batches: (
        together(given_as(n_examples=counts, batch_size=counts, epoch=counts), options(seed=counts)),
        right_batches,
    ),
}
STAND_FOR = {run_sgd: optim.SGD, run_training: models.train}
by_name = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)


def test_every_public_function_is_tried():
    public = {
        thing
        for module in MODULES
        for name, thing in vars(module).items()
        if name[0] != "_" and (inspect.isroutine(thing) or inspect.isclass(thing))
        if thing.__module__ == module.__name__
    }
    assert public == {STAND_FOR.get(function, function) for function in FUNCTIONS} - {run_linear, run_mlp}


def answer(function, arguments):
    """Call with warnings as errors; check that a right answer comes back, and return it."""
    right = FUNCTIONS[function][1]
    before = {k: np.copy(v) if isinstance(v, np.ndarray) else v for k, v in arguments.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = function(**arguments)
    if right in (pytorch, nesterov, classical, moving_average):
        right_step(result, {**before, "formula": right}, **arguments)
    elif right:
        with mpmath.workdps(50):
            right(result, **arguments)
    return result


@by_name
@quietly
@given(data=st.data())
def test_sensible_arguments_are_answered_rightly(function, data):
    answer(function, data.draw(FUNCTIONS[function][0]))


@by_name
@quietly
@given(data=st.data())
def test_anything_else_is_answered_rightly_or_with_one_sentence(function, data):
    arguments = data.draw(FUNCTIONS[function][0])
    for name in data.draw(st.sets(st.sampled_from([*inspect.signature(function).parameters]), min_size=1)):
        arguments[name] = data.draw(anything)
    try:
        answer(function, arguments)
    except (TypeError, ValueError) as error:
        sentence = str(error)
        assert re.fullmatch(r"[^\n]+ must [^\n]+, got [^\n]+\.", sentence), sentence
        subject = re.split(r"\bmust\b", sentence)[0]
        assert any(
            re.search(rf"\b{name}\b", subject) for name in inspect.signature(function).parameters
        ) or re.match("each name in|the value of fn", subject), sentence


def test_a_masked_array_is_refused_and_not_silently_unmasked():
    f = np.ma.masked_array([1.0, 2.0, 3.0], [False, True, False])
    for function in (softmax.softmax, softmax.logsumexp, lambda f: losses.nll_loss(f[None], [0])):
        with pytest.raises(TypeError, match=r"got a masked array: fill it first, with \.filled"):
            function(f)
