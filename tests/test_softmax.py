"""Sigmoid and softmax: accurate to the last digits, right at the limits, alike for any axis and type."""

import mpmath
import numpy as np
import precise
import pytest
import scipy.special
import torch

from helpers.softmax import (
    log_sigmoid,
    log_softmax,
    logsumexp,
    naive_log_softmax,
    naive_shifted_log_softmax,
    naive_sigmoid,
    naive_softmax,
    sigmoid,
    softmax,
)
from helpers.sums import sum_along

every_kind = pytest.mark.parametrize("kind", precise.KINDS)
every_float = pytest.mark.parametrize("dtype", precise.FLOATS)


# Digits


def worst_log_softmax(function, kind, dtype):
    """Largest error of a log-softmax in ulp, beyond the rounding of f − max f."""
    f = precise.logits(kind, dtype)
    with np.errstate(all="ignore"):
        got = function(f)
    return max(
        precise.ulps(got[n, k], row.log_g[k], row.shift[k] + row.drift)
        for n, row in enumerate(precise.exact_rows(kind, dtype))
        for k in precise.some_columns(f.shape[1])
    )


@every_float
@every_kind
def test_log_softmax_keeps_its_digits(kind, dtype):
    assert worst_log_softmax(log_softmax, kind, dtype) <= 4


@every_float
@every_kind
def test_softmax_keeps_its_digits(kind, dtype):
    f = precise.logits(kind, dtype)
    g = softmax(f)
    for n, row in enumerate(precise.exact_rows(kind, dtype)):
        for k in precise.some_columns(f.shape[1]):
            allowance = (row.shift[k] + row.drift) * float(row.g[k])
            assert precise.ulps(g[n, k], row.g[k], allowance) <= 8  # adding many small terms to 1 costs a few


@every_float
@every_kind
def test_logsumexp_is_as_good_as_its_largest_logit(kind, dtype):
    f = precise.logits(kind, dtype)
    got = logsumexp(f)
    for n, row in enumerate(precise.exact_rows(kind, dtype)):
        largest = np.abs(f[n][np.isfinite(f[n])]).max()
        error = abs(float(mpmath.mpf(float(got[n])) - row.total))
        assert error <= 2 * np.finfo(dtype).eps * max(1, abs(float(row.total)), largest)


@every_float
def test_sigmoid_and_log_sigmoid_keep_their_digits(dtype):
    rng = np.random.default_rng(1)
    size = np.geomspace(np.finfo(dtype).tiny, 800, 150)
    x = np.concatenate([size, -size, rng.normal(size=150) * 10, [0, 1e30, -1e30]]).astype(dtype)
    s, log_s = sigmoid(x), log_sigmoid(x)
    with mpmath.workdps(420):  # enough to hold e^-800 beside 1
        for i, value in enumerate(x):
            v = float(value)
            exact = 1 / (1 + mpmath.exp(-mpmath.mpf(v))) if abs(v) < 1e3 else mpmath.mpf(float(v > 0))
            assert precise.ulps(s[i], exact) <= 4
            assert precise.ulps(log_s[i], mpmath.log(exact) if abs(v) < 1e3 else mpmath.mpf(min(v, 0))) <= 4


@pytest.mark.parametrize(("dtype", "gap"), [(np.float64, 36.8), (np.float32, 16.7)])
def test_where_the_libraries_lose_every_digit(dtype, gap):
    f = np.array([0, -gap], dtype)
    assert scipy.special.log_softmax(f)[0] == 0
    assert torch.log_softmax(torch.tensor(f), -1)[0] == 0
    assert naive_shifted_log_softmax(f)[0] == 0
    assert log_softmax(f)[0] == pytest.approx(-np.exp(-gap), rel=1e-6)


def test_scipys_logsumexp_is_the_accurate_exception():
    assert scipy.special.logsumexp([0.0, -40.0]) == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert logsumexp([0.0, -40.0]) == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert torch.logsumexp(torch.tensor([0.0, -40.0], dtype=torch.float64), 0) == 0


@every_float
@pytest.mark.parametrize("axis", [0, 1])
def test_sums_are_accurate_along_every_axis(dtype, axis):
    row = precise.logits("50,257 classes", dtype)[0]
    exact = precise.exact_rows("50,257 classes", dtype)[0]
    f = np.stack([row, row, row], axis=1 - axis)
    got = log_softmax(f, axis=axis).take(0, axis=axis)
    assert all(precise.ulps(value, exact.log_g[0], exact.shift[0] + exact.drift) <= 4 for value in got)
    assert abs(logsumexp(f, axis=axis) - float(exact.total)).max() <= 4 * np.spacing(dtype(exact.total))


# Meaning


def test_agrees_with_torch_and_scipy_on_ordinary_logits():
    f = np.random.default_rng(2).normal(size=(3, 4, 5)) * 3
    t = torch.tensor(f)
    for axis in (0, 1, 2, -1, -3):
        np.testing.assert_allclose(softmax(f, axis), torch.softmax(t, axis), rtol=1e-13)
        np.testing.assert_allclose(log_softmax(f, axis), torch.log_softmax(t, axis), rtol=1e-13)
        np.testing.assert_allclose(logsumexp(f, axis), torch.logsumexp(t, axis), rtol=1e-13)
        np.testing.assert_allclose(softmax(f, axis), scipy.special.softmax(f, axis), rtol=1e-13)
    np.testing.assert_allclose(sigmoid(f), scipy.special.expit(f), rtol=1e-14)
    np.testing.assert_allclose(log_sigmoid(f), torch.nn.functional.logsigmoid(t), rtol=1e-14)


def test_probabilities_sum_to_one_and_are_not_changed_by_a_shift():
    f = np.random.default_rng(3).normal(size=(50, 7)) * 10
    assert (softmax(f) >= 0).all()
    np.testing.assert_allclose(softmax(f).sum(axis=-1), 1, rtol=1e-15)
    np.testing.assert_allclose(softmax(f + 1000), softmax(f), rtol=1e-11)


def test_with_two_classes_softmax_is_the_sigmoid_of_the_difference():
    f = np.random.default_rng(4).normal(size=(50, 2)) * 20
    d = f[:, 0] - f[:, 1]
    np.testing.assert_allclose(softmax(f), np.stack([sigmoid(d), sigmoid(-d)], axis=1), rtol=1e-14)
    np.testing.assert_allclose(log_softmax(f)[:, 0], log_sigmoid(d), rtol=1e-14)


def test_differences_of_logits_are_log_odds():
    f = np.array([1.0, -2.0, 0.5])
    log_g = log_softmax(f)
    assert log_g[0] - log_g[1] == pytest.approx(3)
    assert log_softmax(f).argmax() == f.argmax()
    np.testing.assert_allclose(log_g, f - logsumexp(f), rtol=1e-14)


# Shapes and types


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_any_axis_is_the_last_axis_moved(function):
    f = np.random.default_rng(5).normal(size=(2, 3, 4, 5))
    for axis in range(-4, 4):
        moved = np.moveaxis(function(np.moveaxis(f, axis, -1)), -1, axis)
        np.testing.assert_allclose(function(f, axis=axis), moved, rtol=1e-14)


def test_logsumexp_takes_the_axis_away_or_keeps_it():
    f = np.random.default_rng(6).normal(size=(2, 3, 4))
    assert logsumexp(f).shape == (2, 3)
    assert logsumexp(f, axis=0).shape == (3, 4)
    assert logsumexp(f, axis=1, keepdims=True).shape == (2, 1, 4)
    assert np.isscalar(logsumexp([1.0, 2.0]))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp, sigmoid, log_sigmoid])
def test_a_float_type_comes_back(function, dtype):
    f = np.random.default_rng(7).normal(size=(3, 4)).astype(dtype)
    assert function(f).dtype == dtype
    expected = function(f.astype(np.float64))
    np.testing.assert_allclose(function(f), expected, rtol=float(4 * np.finfo(dtype).eps) + 1e-15)


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp, sigmoid, log_sigmoid])
@pytest.mark.parametrize("whole", [[1, 2], np.array([-1, 2], np.int8), np.array([200, 2], np.uint8), [True]])
def test_whole_numbers_are_computed_as_float64(function, whole):
    assert function(whole).dtype == np.float64
    np.testing.assert_array_equal(function(whole), function(np.array(whole, np.float64)))


def test_float16_is_not_computed_in_float16():
    f = np.zeros(60000, np.float16)
    assert logsumexp(f) == np.float16(np.log(60000))
    np.testing.assert_array_equal(softmax(f), np.float16(1 / 60000))
    f[1:] = -20  # e^-20 is 0 in float16, and 59,999 of them are 0.00012
    assert logsumexp(f) == -log_softmax(f)[0] == np.float16(np.log1p(59999 * np.exp(-20)))


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp, sigmoid, log_sigmoid])
def test_the_argument_is_left_alone(function):
    f = np.array([[1.0, 2.0], [3.0, -np.inf]])
    before = f.copy()
    function(f)
    np.testing.assert_array_equal(f, before)


# Limits


def test_a_masked_class_has_probability_zero_and_does_not_disturb_the_others():
    f = np.array([1.0, -np.inf, 2.0])
    np.testing.assert_allclose(softmax(f)[[0, 2]], softmax(f[[0, 2]]), rtol=1e-15)
    assert softmax(f)[1] == 0
    assert log_softmax(f)[1] == -np.inf
    assert logsumexp(f) == pytest.approx(logsumexp(f[[0, 2]]), rel=1e-15)


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize(
    ("row", "came"),
    [
        ([-np.inf] * 2, "only -inf (every class masked)"),
        ([1, np.inf], "got inf"),
        ([np.nan, -np.inf], "got nan"),
    ],
)
def test_a_row_without_a_distribution_is_refused_and_named(function, row, came):
    with pytest.raises(ValueError, match=r"^f \(the logits\) must be finite") as caught:
        function(np.array([[1, 2], row, [3, 4]]))
    assert came in str(caught.value)
    assert "in row [1, 0]" in str(caught.value)


def test_limits_of_logsumexp_and_sigmoid():
    assert logsumexp([-np.inf, -np.inf]) == -np.inf
    assert logsumexp([1.0, np.inf, np.inf]) == np.inf
    assert logsumexp([-np.inf, np.inf]) == np.inf
    assert sigmoid(np.inf) == 1
    assert sigmoid(-np.inf) == 0
    assert log_sigmoid(np.inf) == 0
    assert log_sigmoid(-np.inf) == -np.inf
    for function in (logsumexp, sigmoid, log_sigmoid):
        with pytest.raises(ValueError, match="must not contain NaN, got NaN at index \\[1\\]"):
            function([0.0, np.nan])


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
def test_an_empty_batch_gives_an_empty_result_and_no_classes_are_refused(function):
    assert len(function(np.zeros((0, 3)))) == 0
    with pytest.raises(ValueError, match="at least one class"):
        function(np.zeros((3, 0)))


@pytest.mark.filterwarnings("error")
def test_overflowing_differences_are_silent_and_right():
    f = np.array([1e308, -1e308])
    np.testing.assert_array_equal(softmax(f), [1, 0])
    np.testing.assert_array_equal(log_softmax(f), [0, -np.inf])
    assert logsumexp(f) == 1e308


# What not to do


@pytest.mark.filterwarnings("error")
def test_the_naive_versions_agree_where_nothing_goes_wrong_and_fail_where_they_say():
    f = np.random.default_rng(8).normal(size=(3, 4))
    np.testing.assert_allclose(naive_softmax(f), softmax(f))
    np.testing.assert_allclose(naive_sigmoid(f), sigmoid(f))
    for naive in (naive_log_softmax, naive_shifted_log_softmax):
        np.testing.assert_allclose(naive(f), log_softmax(f))
    assert np.isnan(naive_softmax([1000.0, 0])[0])
    assert np.isnan(naive_softmax([-1000.0, -1000])).all()
    assert np.isnan(naive_softmax(np.array([12, 0], np.float16))[0])
    assert not np.isnan(naive_sigmoid(709.0))
    assert np.isnan(naive_sigmoid(710.0))
    for dtype, first in ((np.float64, 746), (np.float32, 104)):
        assert naive_log_softmax(np.array([0, -first], dtype))[1] == -np.inf
        assert np.isfinite(naive_log_softmax(np.array([0, 2 - first], dtype))).all()
    for dtype, first in ((np.float64, 37), (np.float32, 17)):
        assert naive_shifted_log_softmax(np.array([first, 0], dtype))[0] == 0
        assert naive_shifted_log_softmax(np.array([first - 2, 0], dtype))[0] != 0
        assert naive_sigmoid(np.array([89], dtype)).dtype == dtype


def test_sum_along_sums():
    terms = np.random.default_rng(9).normal(size=(2, 3, 4))
    for axis in (0, 1, 2, -1):
        np.testing.assert_allclose(sum_along(terms, axis), terms.sum(axis), rtol=1e-12)
        assert sum_along(terms, axis, keepdims=True).shape == terms.sum(axis, keepdims=True).shape
