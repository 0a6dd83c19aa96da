"""Entropy, cross-entropy, divergence, log-likelihoods: accurate, right at the limits, as in SciPy."""

import itertools

import mpmath
import numpy as np
import precise
import pytest
import scipy.special
import scipy.stats
import torch

from helpers.probability import (
    bernoulli_log_likelihood,
    categorical_log_likelihood,
    cross_entropy,
    entropy,
    gaussian_log_density,
    gaussian_log_likelihood,
    kl_divergence,
)

every_float = pytest.mark.parametrize("dtype", precise.FLOATS)


def distributions(dtype):
    """Distributions of every shade: near uniform, with tiny and subnormal entries, one-hot, many outcomes."""
    rng = np.random.default_rng(0)
    smallest = np.finfo(dtype).smallest_subnormal
    rows = [
        rng.dirichlet(np.ones(5), size=20),
        rng.dirichlet(np.full(5, 0.01), size=20),
        np.eye(4),
        [[0.5, 0.5, 0], [1, 0, 0], [1, smallest * 3, 0]],
        [[1 - 2.0**-20, 2.0**-20], [2.0**-23, 1 - 2.0**-23]],
        rng.dirichlet(np.ones(5000), size=1),
    ]
    for group in rows:
        yield from np.asarray(group, dtype=np.float64).astype(dtype)


def exactly(terms):
    with mpmath.workdps(60):
        return mpmath.fsum(terms)


def exact_log(x):
    with mpmath.workdps(60):
        return mpmath.log(mpmath.mpf(float(x)))


@every_float
def test_entropy_keeps_its_digits(dtype):
    for p in distributions(dtype):
        exact = exactly(-mpmath.mpf(float(x)) * exact_log(x) for x in p if x > 0)
        assert precise.ulps(entropy(p), exact) <= 4


@every_float
def test_cross_entropy_keeps_its_digits(dtype):
    rows = list(distributions(dtype))
    for p, q in itertools.pairwise(rows):
        if p.shape == q.shape and (q[p > 0] > 0).all():
            exact = exactly(-mpmath.mpf(float(x)) * exact_log(y) for x, y in zip(p, q, strict=True) if x > 0)
            assert precise.ulps(cross_entropy(p, q), exact) <= 4


@every_float
def test_kl_divergence_is_as_good_as_its_sum_allows(dtype):
    rng = np.random.default_rng(1)
    rows = [p for p in distributions(dtype) if len(p) == 5]
    near = [(p * (1 + rng.normal(size=5) * 1e-3)).astype(dtype) for p in rows]
    near = [(q / q.sum()).astype(dtype) for q in near]
    for p, q in [*zip(rows, near, strict=True), *zip(rows, rows[7:], strict=False)]:
        both = [(x, y) for x, y in zip(p, q, strict=True) if x > 0 and y > 0]
        pairs = [(mpmath.mpf(float(x)), exact_log(x) - exact_log(y)) for x, y in both]
        if (q[p > 0] > 0).all():
            exact = exactly(x * r for x, r in pairs)
            size = exactly(abs(x * r) for x, r in pairs)
            error = abs(mpmath.mpf(float(kl_divergence(p, q))) - exact)
            assert error <= 4 * np.finfo(dtype).eps * size


@every_float
def test_kl_divergence_of_a_distribution_from_itself_is_exactly_zero(dtype):
    assert all(kl_divergence(p, p) == 0 for p in distributions(dtype))


def test_kl_divergence_survives_ratios_that_overflow():
    p, q = [0.5, 0.5], [1e-310, 1.0]
    exact = 0.5 * (np.log(0.5) - float(exact_log(1e-310))) + 0.5 * np.log(0.5)
    assert kl_divergence(p, q) == pytest.approx(exact, rel=1e-14)


@pytest.mark.filterwarnings("error")
def test_zero_times_the_logarithm_of_zero_is_zero():
    assert entropy([1.0, 0, 0]) == 0
    assert str(entropy([1.0, 0])) == "0.0"
    assert cross_entropy([1.0, 0], [1.0, 0]) == 0
    assert kl_divergence([1.0, 0], [0.5, 0.5]) == pytest.approx(np.log(2), rel=1e-15)
    assert cross_entropy([0.5, 0.5, 0], [0.5, 0.5, 0]) == pytest.approx(np.log(2), rel=1e-15)
    for divergence in (cross_entropy, kl_divergence):
        assert divergence([0.5, 0.5], [1.0, 0]) == np.inf


def test_agree_with_scipy_and_torch():
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(6), size=30), rng.dirichlet(np.ones(6), size=30)
    np.testing.assert_allclose(entropy(p), scipy.stats.entropy(p, axis=1), rtol=1e-13)
    np.testing.assert_allclose(kl_divergence(p, q), scipy.stats.entropy(p, q, axis=1), rtol=1e-12)
    np.testing.assert_allclose(kl_divergence(p, q), scipy.special.rel_entr(p, q).sum(1), rtol=1e-12)
    in_torch = torch.distributions.Categorical(probs=torch.tensor(p)).entropy()
    np.testing.assert_allclose(entropy(p), in_torch, rtol=1e-12)
    in_torch = torch.nn.functional.kl_div(torch.tensor(q).log(), torch.tensor(p), reduction="none").sum(1)
    np.testing.assert_allclose(kl_divergence(p, q), in_torch, rtol=1e-11)


def test_cross_entropy_is_entropy_plus_divergence_and_not_symmetric():
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.05, 0.05, 0.9])
    assert cross_entropy(p, q) == pytest.approx(entropy(p) + kl_divergence(p, q), rel=1e-15)
    assert abs(cross_entropy(p, q) - cross_entropy(q, p)) > 0.1
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(np.log(8), rel=1e-15)


def test_any_axis_and_any_leading_shape():
    rng = np.random.default_rng(3)
    p, q = rng.dirichlet(np.ones(4), size=(2, 3)), rng.dirichlet(np.ones(4), size=(2, 3))
    for axis in (0, 1, 2, -1):
        a, b = np.moveaxis(p, -1, axis), np.moveaxis(q, -1, axis)
        np.testing.assert_allclose(entropy(a, axis), entropy(p))
        np.testing.assert_allclose(cross_entropy(a, b, axis), cross_entropy(p, q))
        np.testing.assert_allclose(kl_divergence(a, b, axis), kl_divergence(p, q))
    np.testing.assert_allclose(kl_divergence(p, q[0, 0]), kl_divergence(p, np.broadcast_to(q[0, 0], p.shape)))
    assert entropy(np.zeros((0, 4))).shape == (0,)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_float_type_comes_back(dtype):
    p = np.array([0.25, 0.75], dtype)
    for value in (entropy(p), cross_entropy(p, p), kl_divergence(p, p[::-1]), gaussian_log_density(p, p, p),
                  gaussian_log_likelihood(p, p, p), bernoulli_log_likelihood([1, 0], p),
                  categorical_log_likelihood([0, 1], p)):  # fmt: skip
        assert value.dtype == dtype
    assert entropy([1, 0]).dtype == np.float64
    assert cross_entropy(p, np.array([0.5, 0.5], np.float64)).dtype == np.float64


@pytest.mark.parametrize(
    ("p", "sentence"),
    [
        ([0.5, 0.6], "the sum of p must be 1 along axis -1, got 1.1"),
        ([1.5, -0.5], "p must be probabilities between 0 and 1, got 1.5 at index [0]"),
        ([0.5, np.nan], "p must be probabilities between 0 and 1, got nan at index [1]"),
        ([[0.5, 0.5], [0.5, 0.4]], "got 0.9 at index [1]"),
    ],
)
def test_what_is_no_distribution_is_refused(p, sentence):
    for function in (entropy, lambda p: cross_entropy(p, p), lambda p: kl_divergence(p, p)):
        with pytest.raises(ValueError) as caught:
            function(p)
        assert sentence in str(caught.value)


def test_distributions_over_different_outcomes_are_refused():
    with pytest.raises(ValueError, match="q must have as many outcomes as p, 2, got 3"):
        cross_entropy([0.5, 0.5], [0.2, 0.3, 0.5])
    with pytest.raises(ValueError, match="p and q must have shapes that fit together"):
        kl_divergence(np.full((2, 2), 0.5), np.full((3, 2), 0.5))


# Log-likelihoods


def test_log_likelihoods_agree_with_scipy():
    rng = np.random.default_rng(4)
    x = rng.normal(size=40)
    expected = scipy.stats.norm.logpdf(x, 0.5, 2)
    np.testing.assert_allclose(gaussian_log_density(x, 0.5, 2), expected, rtol=1e-13)
    assert gaussian_log_likelihood(x, 0.5, 2) == pytest.approx(expected.sum(), rel=1e-13)
    coin = rng.integers(2, size=40)
    expected = scipy.stats.bernoulli.logpmf(coin, 0.3).sum()
    assert bernoulli_log_likelihood(coin, 0.3) == pytest.approx(expected, rel=1e-13)
    die, p = rng.integers(6, size=40), rng.dirichlet(np.ones(6))
    assert categorical_log_likelihood(die, p) == pytest.approx(np.log(p[die]).sum(), rel=1e-13)


def test_a_grid_of_parameters_is_one_call():
    x = np.array([[1.0, 2.0], [4.0, 0.0]])
    mean, scale = np.linspace(-1, 3, 5), np.linspace(0.5, 2, 4)[:, None]
    grid = gaussian_log_likelihood(x, mean, scale)
    assert grid.shape == (4, 5)
    assert grid[2, 3] == pytest.approx(gaussian_log_likelihood(x, mean[3], scale[2, 0]), rel=1e-14)
    assert bernoulli_log_likelihood([1, 0], np.full((3, 2), 0.5)).shape == (3, 2)
    assert categorical_log_likelihood([1, 0], np.full((3, 2), 0.5)).shape == (3,)


def test_maximum_likelihood_is_where_the_textbook_says():
    x = np.array([1.0, 2.0, 6.0])
    mean = np.linspace(0, 6, 601)
    assert mean[gaussian_log_likelihood(x, mean, 1.0).argmax()] == pytest.approx(x.mean())
    p = np.linspace(0, 1, 101)
    assert p[bernoulli_log_likelihood([1, 1, 0, 1], p).argmax()] == pytest.approx(0.75)


@pytest.mark.filterwarnings("error")
def test_limits_of_the_log_likelihoods():
    np.testing.assert_array_equal(bernoulli_log_likelihood([1, 1], [0, 1]), [-np.inf, 0])
    np.testing.assert_array_equal(bernoulli_log_likelihood([0, 0], [0, 1]), [0, -np.inf])
    np.testing.assert_array_equal(categorical_log_likelihood([0, 0], [[1, 0], [0, 1]]), [0, -np.inf])
    assert gaussian_log_likelihood([], 0.0, 1.0) == bernoulli_log_likelihood([], 0.5) == 0
    assert gaussian_log_density(1e300, 0.0, 1e-300) == -np.inf
    assert gaussian_log_likelihood([1.0], 1.0, 1e-100) > 200  # no maximum: the density grows as s shrinks


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gaussian_log_density([1.0], 0.0, 0.0), "scale must be positive, got 0.0"),
        (lambda: gaussian_log_likelihood([np.inf], 0.0, 1.0), "x must be finite, got inf at index [0]"),
        (lambda: gaussian_log_likelihood([1], [1, 2], [1, 2, 3]), "mean and scale must have shapes that fit"),
        (lambda: gaussian_log_density([1, 2], [1, 2, 3], 1), "x, mean and scale must have shapes that fit"),
        (lambda: bernoulli_log_likelihood([0, 2], 0.5), "x must be whole numbers 0…1, got 2 at index [1]"),
        (lambda: bernoulli_log_likelihood([0, 1], 1.5), "p must be between 0 and 1, got 1.5"),
        (lambda: categorical_log_likelihood([0, 2], [0.5, 0.5]), "labels must be whole numbers 0…1, got 2"),
    ],
)
def test_bad_arguments_of_the_log_likelihoods_are_named(call, sentence):
    with pytest.raises(ValueError) as caught:
        call()
    assert sentence in str(caught.value)
