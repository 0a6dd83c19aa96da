"""The softmax Jacobian, finite differences, and the comparison line."""

import mpmath
import numpy as np
import precise
import pytest
import torch

from helpers.gradients import compare, numerical_gradient, softmax_jacobian
from helpers.losses import cross_entropy_grad, cross_entropy_loss, one_hot
from helpers.softmax import softmax


def test_jacobian_agrees_with_autograd_and_finite_differences():
    f = np.random.default_rng(0).normal(size=5) * 2
    exact = torch.autograd.functional.jacobian(lambda t: torch.softmax(t, 0), torch.tensor(f))
    np.testing.assert_allclose(softmax_jacobian(f), exact, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(softmax_jacobian(f), numerical_gradient(softmax, f), atol=1e-10)


def test_jacobian_is_the_formula_of_the_lesson():
    f = np.array([0.2, -1.0, 0.7])
    g = softmax(f)
    np.testing.assert_allclose(softmax_jacobian(f), np.diag(g) - np.outer(g, g), rtol=1e-14)
    np.testing.assert_allclose(softmax_jacobian(f).sum(axis=0), 0, atol=1e-16)
    np.testing.assert_allclose(softmax_jacobian(f).sum(axis=1), 0, atol=1e-16)


@pytest.mark.parametrize("dtype", precise.FLOATS)
def test_jacobian_keeps_the_digits_of_a_confident_answer(dtype):
    f = precise.logits("confident", dtype)
    jacobian = softmax_jacobian(f)
    for n, row in enumerate(precise.exact_rows("confident", dtype)):
        others = mpmath.fsum(row.g[1:])
        assert jacobian[n, 0, 0] == pytest.approx(
            float(row.g[0] * others), rel=1e-4 if dtype == np.float32 else 1e-12
        )
        assert jacobian[n, 0, 0] > 0


def test_chain_rule_through_the_jacobian_gives_g_minus_y():
    f, label = np.array([[0.3, -1.2, 2.0]]), [1]
    g, y = softmax(f), one_hot(label, 3)
    through_g = softmax_jacobian(f)[0] @ (-y / g)[0]
    np.testing.assert_allclose(through_g, cross_entropy_grad(f, label)[0], rtol=1e-14)
    np.testing.assert_allclose(through_g, (g - y)[0], rtol=1e-14)


def test_jacobian_takes_any_leading_shape_and_type():
    f = np.random.default_rng(1).normal(size=(2, 3, 4))
    assert softmax_jacobian(f).shape == (2, 3, 4, 4)
    np.testing.assert_allclose(softmax_jacobian(f)[1, 2], softmax_jacobian(f[1, 2]), rtol=1e-15)
    for dtype in (np.float16, np.float32):
        assert softmax_jacobian(f.astype(dtype)).dtype == dtype
    assert softmax_jacobian([1, 2]).dtype == np.float64
    assert softmax_jacobian(np.zeros((0, 3))).shape == (0, 3, 3)
    assert softmax_jacobian([0.0, -np.inf])[1, 1] == 0


# Finite differences


def test_numerical_gradient_of_functions_with_known_gradients():
    x = np.array([[0.5, -2.0], [3.0, 1.5]])
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2, rtol=1e-8)
    np.testing.assert_allclose(numerical_gradient(np.exp, 1.0), np.e, rtol=1e-9)
    np.testing.assert_allclose(numerical_gradient(lambda x: x.sum(), x), 1, rtol=1e-9)
    a = np.arange(6.0).reshape(2, 3)
    jacobian = numerical_gradient(lambda x: a @ x, np.ones(3))
    np.testing.assert_allclose(jacobian, a, atol=1e-9)
    assert numerical_gradient(softmax, np.zeros((2, 3))).shape == (2, 3, 2, 3)


def test_numerical_gradient_computes_in_float64_and_leaves_x_alone():
    x = np.array([1, 2], np.float32)
    grad = numerical_gradient(lambda x: (x**2).sum(), x)
    assert grad.dtype == np.float64
    np.testing.assert_allclose(grad, [2, 4], rtol=1e-9)
    np.testing.assert_array_equal(x, [1, 2])
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**2).sum(), [1, 2]), [2, 4], rtol=1e-9)


def test_a_wrong_gradient_is_caught():
    f, label = np.random.default_rng(2).normal(size=(3, 4)), [0, 1, 2]
    numeric = numerical_gradient(lambda f: cross_entropy_loss(f, label), f)
    assert compare(cross_entropy_grad(f, label), numeric).endswith("yes")
    for wrong in (-cross_entropy_grad(f, label), cross_entropy_grad(f, label, "sum"), softmax(f) / 3):
        assert "same to 1e-06: no" in compare(wrong, numeric)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: numerical_gradient("f", [1.0]), TypeError, "fn must be a function, got 'f'."),
        (
            lambda: numerical_gradient(np.log, [-1.0]),
            ValueError,
            "the value of fn near x must be finite, got nan",
        ),
        (
            lambda: numerical_gradient(lambda x: "no", [1.0]),
            TypeError,
            "the value of fn near x must be an array",
        ),
        (lambda: numerical_gradient(np.sum, [np.nan]), ValueError, "x must be finite, got nan at index [0]."),
        (
            lambda: numerical_gradient(np.sum, []),
            ValueError,
            "x must have at least one entry, got the shape (0,).",
        ),
        (lambda: compare([1, 2], [1]), ValueError, "approximate must have the shape (2,), got (1,)."),
        (
            lambda: compare([1], [1], tolerance=-1),
            ValueError,
            "tolerance must be one finite number of at least 0",
        ),
        (lambda: softmax_jacobian([[np.nan]]), ValueError, "f (the logits) must be finite"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_bad_arguments_are_named(call, error, sentence):
    with pytest.raises(error) as caught:
        call()
    assert sentence in str(caught.value)


# The comparison line


def test_the_line_is_a_verdict_and_gives_numbers_where_there_is_something_to_see():
    a = np.array([[1.0, 2.0], [3.0, -4.0]])
    assert compare(a, a + 1e-9, "∂L/∂f") == "∂L/∂f: same to 1e-06: yes"
    assert compare(a, a) == "same to 1e-06: yes"
    assert compare(a, -a, "sign", tolerance=1e-3) == (
        "sign: same to 0.001: no (largest difference 8, relative 2, at index [1, 1])"
    )
    assert compare([1e6, 1.0], [1e6 + 0.1, 1.0]).endswith("yes")
    assert "no (largest difference 1e-09, relative 0.5" in compare([1e-9], [2e-9])
    assert compare(1.0, 1.5) == "same to 1e-06: no (largest difference 0.5, relative 0.33)"


def test_digits_on_request():
    a = np.array([1.0, 2.0])
    line = "exact: yes, approximate: yes, same to 1e-06: yes (largest difference 0, relative 0, at index [0])"
    assert compare(a, a, digits=True) == line
    line = compare(a, np.array([1.0, 2 + 2**-30]), digits=True)
    assert line.startswith(
        "exact: no, approximate: yes, same to 1e-06: yes (largest difference 9.3e-10, relative 4.7"
    )


@pytest.mark.filterwarnings("error")
def test_nan_and_infinity_in_the_line():
    assert "no (largest difference inf" in compare([1.0, 2.0], [1.0, np.nan])
    assert "no (largest difference inf" in compare([np.nan], [np.nan])
    assert "no (largest difference inf" in compare([1.0], [np.inf])
    assert compare([np.inf, 1.0], [np.inf, 1.0]) == "same to 1e-06: yes"
    assert compare([0.0], [0.0]) == compare([], []) == "same to 1e-06: yes"
    assert compare(np.float32([1e38]), np.float32([-1e38])).endswith("relative 2, at index [0])")
