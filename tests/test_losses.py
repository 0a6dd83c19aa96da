"""Losses and their gradients: accurate, as PyTorch has them, and right at the limits."""

import mpmath
import numpy as np
import precise
import pytest
import sklearn.metrics
import torch
from torch.nn import functional

from helpers.gradients import numerical_gradient
from helpers.losses import (
    binary_cross_entropy_loss,
    clipped_cross_entropy_loss,
    cross_entropy_grad,
    cross_entropy_loss,
    cross_entropy_value_and_grad,
    naive_cross_entropy_grad,
    naive_cross_entropy_loss,
    nll_loss,
    one_hot,
    sigmoid_mse_value_and_grad,
)
from helpers.softmax import log_softmax, softmax

every_kind = pytest.mark.parametrize("kind", precise.KINDS)
every_float = pytest.mark.parametrize("dtype", precise.FLOATS)
every_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


def some_labels(f):
    """Labels that are right, wrong, and in between."""
    return f.argmax(axis=1), f.argmin(axis=1), np.random.default_rng(0).integers(f.shape[1], size=len(f))


# Digits


@every_float
@every_kind
def test_the_loss_keeps_its_digits(kind, dtype):
    f = precise.logits(kind, dtype)
    for labels in some_labels(f):
        for losses in (
            cross_entropy_loss(f, labels, "none"),
            cross_entropy_value_and_grad(f, labels, "none")[0],
        ):
            for n, row in enumerate(precise.exact_rows(kind, dtype)):
                allowance = row.shift[labels[n]] + row.drift
                assert precise.ulps(losses[n], -row.log_g[labels[n]], allowance) <= 4


@every_float
@every_kind
@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_the_gradient_keeps_its_digits(kind, dtype, reduction):
    f = precise.logits(kind, dtype)
    divisor = len(f) if reduction == "mean" else 1
    for labels in some_labels(f):
        grad = cross_entropy_grad(f, labels, reduction)
        for n, row in enumerate(precise.exact_rows(kind, dtype)):
            allowance = (row.shift + row.drift) * np.array(row.g, float)
            for k in precise.some_columns(f.shape[1]):
                exact, allowed = row.g[k], allowance[k]
                if k == labels[n]:
                    others = [*range(k), *range(k + 1, len(row.g))]
                    exact, allowed = -mpmath.fsum(row.g[j] for j in others), allowance[others].sum()
                assert precise.ulps(grad[n, k], exact / divisor, allowed / divisor) <= 4


@pytest.mark.parametrize(("dtype", "gap"), [(np.float64, 36.8), (np.float32, 16.7)])
def test_where_pytorch_calls_a_confident_right_answer_perfect(dtype, gap):
    f = np.array([[gap, 0]], dtype)
    t = torch.tensor(f, requires_grad=True)
    loss = functional.cross_entropy(t, torch.tensor([0]))
    loss.backward()
    assert loss == 0
    assert t.grad[0, 0] == 0
    assert naive_cross_entropy_grad(f, [0])[0, 0] == 0
    ours, grad = cross_entropy_value_and_grad(f, [0])
    assert ours == pytest.approx(np.exp(-gap), rel=1e-6)
    assert grad[0, 0] == pytest.approx(-np.exp(-gap), rel=1e-6)


@pytest.mark.parametrize(("dtype", "wrong"), [(np.float64, 36.04), (np.float32, 15.94)])
def test_scikit_learn_clips(dtype, wrong):
    g = softmax(np.array([[500, 0], [0, 0]], dtype))
    assert sklearn.metrics.log_loss([1, 0], g, labels=[0, 1], normalize=False) - np.log(2) == pytest.approx(
        wrong, abs=0.01
    )
    assert cross_entropy_loss(np.array([[500, 0]], dtype), [1]) == 500
    assert clipped_cross_entropy_loss(np.array([[500, 0]], dtype), [1]) == pytest.approx(wrong, abs=0.01)


# Meaning


@every_reduction
@pytest.mark.parametrize("soft", [False, True])
@every_float
def test_values_and_gradients_agree_with_torch(reduction, soft, dtype):
    rng = np.random.default_rng(1)
    f = (rng.normal(size=(20, 5)) * 4).astype(dtype)
    targets = rng.dirichlet(np.ones(5), size=20).astype(dtype) if soft else rng.integers(5, size=20)
    t = torch.tensor(f, requires_grad=True)
    expected = functional.cross_entropy(t, torch.tensor(targets), reduction=reduction)
    expected.sum().backward()
    rtol, atol = (1e-12, 1e-14) if dtype == np.float64 else (1e-5, 1e-7)
    loss, grad = cross_entropy_value_and_grad(f, targets, reduction)
    assert loss.dtype == grad.dtype == dtype
    np.testing.assert_allclose(loss, expected.detach(), rtol=rtol)
    np.testing.assert_allclose(cross_entropy_loss(f, targets, reduction), expected.detach(), rtol=rtol)
    np.testing.assert_allclose(nll_loss(log_softmax(f), targets, reduction), expected.detach(), rtol=rtol)
    np.testing.assert_allclose(grad, t.grad, rtol=rtol, atol=atol)
    np.testing.assert_array_equal(cross_entropy_grad(f, targets, reduction), grad)


@every_reduction
def test_binary_cross_entropy_agrees_with_torch(reduction):
    rng = np.random.default_rng(2)
    f, y = rng.normal(size=(4, 3)) * 10, rng.random(size=(4, 3)).round(1)
    expected = functional.binary_cross_entropy_with_logits(
        torch.tensor(f), torch.tensor(y), reduction=reduction
    )
    np.testing.assert_allclose(binary_cross_entropy_loss(f, y, reduction), expected, rtol=1e-13)


def test_binary_cross_entropy_is_two_class_cross_entropy():
    f = np.linspace(-50, 50, 21)
    two = cross_entropy_loss(np.stack([np.zeros(21), f], axis=1), np.ones(21, int), "none")
    np.testing.assert_allclose(binary_cross_entropy_loss(f, np.ones(21), "none"), two, rtol=1e-14)


def test_gradients_agree_with_finite_differences():
    rng = np.random.default_rng(3)
    f, labels = rng.normal(size=(6, 4)), rng.integers(4, size=6)
    soft = rng.dirichlet(np.ones(4), size=6)
    for targets in (labels, soft):
        numeric = numerical_gradient(lambda f, y=targets: cross_entropy_loss(f, y), f)
        np.testing.assert_allclose(cross_entropy_grad(f, targets), numeric, atol=1e-9)
        numeric = numerical_gradient(lambda f, y=targets: sigmoid_mse_value_and_grad(f, y)[0], f)
        np.testing.assert_allclose(sigmoid_mse_value_and_grad(f, targets)[1], numeric, atol=1e-9)
    np.testing.assert_allclose(naive_cross_entropy_grad(f, labels), cross_entropy_grad(f, labels), atol=1e-15)


def test_a_row_of_the_gradient_sums_to_zero_and_is_bounded():
    rng = np.random.default_rng(4)
    grad = cross_entropy_grad(rng.normal(size=(50, 6)) * 30, rng.integers(6, size=50), "none")
    np.testing.assert_allclose(grad.sum(axis=1), 0, atol=1e-15)
    assert np.abs(grad).max() <= 1
    assert np.linalg.norm(grad, axis=1).max() <= np.sqrt(2) * (1 + 1e-15)


def test_squared_error_after_a_sigmoid_stops_learning_from_confident_mistakes():
    wrong = np.array([[40.0, -40]])
    assert np.abs(sigmoid_mse_value_and_grad(wrong, [1])[1]).max() < 1e-15
    assert np.abs(cross_entropy_grad(wrong, [1])).max() == 1
    t = torch.tensor([[0.3, -0.7]], dtype=torch.float64, requires_grad=True)
    expected = ((torch.sigmoid(t) - torch.tensor([[0.0, 1.0]])) ** 2).sum()
    expected.backward()
    loss, grad = sigmoid_mse_value_and_grad([[0.3, -0.7]], [1])
    assert loss == pytest.approx(expected.item(), rel=1e-14)
    np.testing.assert_allclose(grad, t.grad, rtol=1e-14)


def test_the_worked_example_to_the_digits_of_its_source():
    f = [[-1.6453, 1.8893], [1.98, 1.76812], [2.81831, 4.66427], [-0.36353, -0.06138], [0.40643, -0.46684],
         [-3.3801, 3.2484]]  # fmt: skip
    targets = [0, 1, 0, 1, 1, 0]
    losses = cross_entropy_loss(f, targets, "none")
    np.testing.assert_allclose(losses, [3.5634, 0.8047, 1.9925, 0.5534, 1.2222, 6.6298], atol=5e-5)
    assert cross_entropy_loss(f, targets) == pytest.approx(2.4610, abs=5e-5)
    right = softmax(f)[np.arange(6), targets]
    np.testing.assert_allclose(right, [0.0283, 0.4472, 0.1363, 0.5750, 0.2946, 0.0013], atol=5e-5)


def test_the_first_loss_of_an_undecided_classifier_is_ln_k():
    assert cross_entropy_loss(np.zeros((3, 10)), [1, 2, 3]) == pytest.approx(np.log(10), rel=1e-15)


def test_one_hot():
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot([[0, 1]], 2).shape == (1, 2, 2)
    f = np.random.default_rng(5).normal(size=(2, 3))
    assert cross_entropy_loss(f, one_hot([2, 0], 3)) == pytest.approx(
        cross_entropy_loss(f, [2, 0]), rel=1e-15
    )


# Types, shapes and limits


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("targets", [[0, 1], [[0.5, 0.5], [0, 1]]])
def test_a_float_type_comes_back(dtype, targets):
    f = np.array([[1, 2], [3, 5]], dtype)
    loss, grad = cross_entropy_value_and_grad(f, targets)
    exact, exact_grad = cross_entropy_value_and_grad(f.astype(float), targets)
    assert loss.dtype == grad.dtype == cross_entropy_loss(f, targets).dtype == dtype
    assert (
        cross_entropy_grad(f, targets, "none").dtype
        == binary_cross_entropy_loss(f, [[0, 1]] * 2).dtype
        == dtype
    )
    np.testing.assert_allclose(loss, exact, rtol=2 * np.finfo(dtype).eps)
    np.testing.assert_allclose(grad, exact_grad, rtol=2 * np.finfo(dtype).eps, atol=np.finfo(dtype).eps)
    assert cross_entropy_loss([[1, 2], [3, 5]], targets).dtype == np.float64


@pytest.mark.filterwarnings("error")
def test_float16_is_not_computed_in_float16():
    f = np.array([[0, 65504], [0, 0]], np.float16)
    for targets in ([0, 0], [[1, 0], [1, 0]]):
        assert cross_entropy_loss(f, targets) == cross_entropy_value_and_grad(f, targets)[0] == 32752
    loose = np.array(
        [[0.128, 0.2908, 0.2908, 0.2908]], np.float16
    )  # its sum is 1 to float16's precision only
    expected = cross_entropy_loss(np.zeros((1, 4), np.float16), loose)
    assert cross_entropy_value_and_grad(np.zeros((1, 4), np.float16), loose)[0] == expected


def test_memory_order_changes_nothing():
    f, labels = np.random.default_rng(6).normal(size=(7, 5)), np.arange(7) % 5
    a, b = (cross_entropy_value_and_grad(order, labels) for order in (f, np.asfortranarray(f)))
    assert a[0] == pytest.approx(b[0], rel=1e-14)
    np.testing.assert_allclose(a[1], b[1], rtol=1e-14)


def test_the_arguments_are_left_alone():
    f, y = np.random.default_rng(7).normal(size=(3, 4)), np.array([0, 1, 2])
    before = f.copy()
    cross_entropy_value_and_grad(f, y)
    np.testing.assert_array_equal(f, before)


@pytest.mark.filterwarnings("error")
def test_masked_classes():
    f = np.array([[1.0, -np.inf, 2.0], [0.0, 0.0, -np.inf]])
    loss, grad = cross_entropy_value_and_grad(f, [0, 1], "none")
    small = cross_entropy_loss([[1.0, 2.0]], [0])
    np.testing.assert_allclose(loss, [small, cross_entropy_loss([[0.0, 0.0]], [1])], rtol=1e-15)
    assert grad[0, 1] == grad[1, 2] == 0
    assert cross_entropy_loss(f, [1, 1], "none")[0] == np.inf
    np.testing.assert_allclose(cross_entropy_grad(f, [1, 1], "none")[0], softmax(f)[0] - [0, 1, 0])
    soft = [[0.5, 0, 0.5], [1, 0, 0]]
    expected = 0.5 * (small + cross_entropy_loss([[1.0, 2.0]], [1]))
    np.testing.assert_allclose(cross_entropy_loss(f, soft, "none"), [expected, np.log(2)], rtol=1e-14)
    with pytest.raises(ValueError, match="every class masked"):
        cross_entropy_value_and_grad([[-np.inf, -np.inf]], [0])


@pytest.mark.filterwarnings("error")
def test_the_mean_of_huge_losses_does_not_overflow():
    f = [[1e308, 0.0]] * 3
    assert cross_entropy_loss(f, [1, 1, 1]) == pytest.approx(1e308, rel=1e-15)
    assert cross_entropy_value_and_grad(f, [1, 1, 1])[0] == pytest.approx(1e308, rel=1e-15)
    assert cross_entropy_loss(f, [1, 1, 1], "sum") == np.inf


def test_an_empty_batch_sums_to_zero_and_has_no_mean():
    f, labels = np.zeros((0, 3)), []
    assert cross_entropy_loss(f, labels, "sum") == 0
    assert cross_entropy_loss(f, labels, "none").shape == (0,)
    assert cross_entropy_grad(f, labels, "sum").shape == (0, 3)
    for function in (cross_entropy_loss, cross_entropy_grad, cross_entropy_value_and_grad, nll_loss):
        with pytest.raises(ValueError, match="got 'mean' of no examples"):
            function(f, labels)


@pytest.mark.filterwarnings("error")
def test_a_perfect_answer_costs_zero_not_minus_zero():
    assert str(cross_entropy_loss([[800.0, 0]], [0])) == "0.0"
    assert str(cross_entropy_value_and_grad([[800.0, 0]], [0])[0]) == "0.0"
    assert str(nll_loss([[0.0, -np.inf]], [[1, 0]])) == "0.0"
    for targets in ([0], [[1, 0]]):
        assert str(nll_loss([[0.0, -np.inf]], targets, "none")[0]) == "0.0"
    assert binary_cross_entropy_loss([np.inf, -np.inf], [1, 0]) == 0
    assert binary_cross_entropy_loss([np.inf], [0]) == np.inf


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: cross_entropy_loss([1.0, 2], [0]), "logits must have the shape (N, K), N examples"),
        (lambda: cross_entropy_loss([[1.0, 2]], [2]), "targets must be whole numbers 0…1, got 2 at"),
        (lambda: cross_entropy_loss([[1.0, 2]], [-1]), "targets must be whole numbers 0…1, got -1"),
        (lambda: cross_entropy_loss([[1.0, 2]], [0, 1]), "targets must be 1 labels of shape (1,) or"),
        (lambda: cross_entropy_loss([[1.0, 2]], [[0]]), "got the shape (1, 1)"),
        (lambda: cross_entropy_loss([[1.0, 2]], [[0.5, 0.6]]), "the sum of targets must be 1 along axis -1"),
        (
            lambda: cross_entropy_loss([[1.0, 2]], [0], "avg"),
            "reduction must be one of 'mean', 'sum', 'none'",
        ),
        (lambda: cross_entropy_grad([[1.0, np.nan]], [0]), "logits must be finite, or -inf for some"),
        (lambda: nll_loss(softmax([[1.0, 2]]), [0]), "log_probs must be logarithms of probabilities"),
        (lambda: binary_cross_entropy_loss([1.0], [2.0]), "targets must be between 0 and 1, got 2.0"),
        (lambda: binary_cross_entropy_loss([1.0], [1, 0]), "targets must have the shape (1,), got (2,)"),
        (lambda: one_hot([3], 3), "labels must be whole numbers 0…2, got 3 at index [0]"),
        (lambda: naive_cross_entropy_loss([[1.0, 2]], [[1, 0]]), "targets must have the shape (1,)"),
    ],
)
def test_bad_arguments_are_named(call, sentence):
    with pytest.raises(ValueError) as caught:
        call()
    assert sentence in str(caught.value)


def test_labels_that_are_not_whole_numbers_are_refused():
    with pytest.raises(TypeError, match="targets must be whole numbers 0…1, got an array of type float64"):
        cross_entropy_loss([[1.0, 2]], [0.0])


# What not to do


def test_the_naive_versions_fail_where_they_say():
    f, labels = np.random.default_rng(8).normal(size=(5, 3)), [0, 1, 2, 0, 1]
    assert naive_cross_entropy_loss(f, labels) == pytest.approx(cross_entropy_loss(f, labels))
    assert clipped_cross_entropy_loss(f, labels) == pytest.approx(cross_entropy_loss(f, labels))
    assert np.isfinite(naive_cross_entropy_loss([[0.0, -744]], [1]))
    assert naive_cross_entropy_loss([[0.0, -746]], [1]) == np.inf
    assert naive_cross_entropy_loss(np.array([[0, -104]], np.float32), [1]) == np.inf
    assert clipped_cross_entropy_loss([[0.0, -746]], [1]) < 37
    assert clipped_cross_entropy_loss([[0.0, -746]], [0]) > 0
    assert naive_cross_entropy_grad(np.array([[17, 0]], np.float32), [0]).dtype == np.float32
