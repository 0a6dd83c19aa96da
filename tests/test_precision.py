"""Number formats against NumPy and PyTorch, which have them in hardware or in C."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.precision import FORMATS, in_ulps, to_bfloat16, ulps

NUMPY = {"float16": np.float16, "float32": np.float32, "float64": np.float64}
each_format = pytest.mark.parametrize("name", FORMATS)
HARD = [0.0, 1.0, 1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-11, 1 + 2**-24, 65504.0, 65519.99, 65520.0, 3.4e38,
        3.3961775292304e38, 1e39, 6e-8, 2.9e-8, 2.98e-8, 4e-41, 1e-45, 1e-320, -1.1, -1e39]  # fmt: skip


ANY = st.floats(allow_nan=False) | st.floats(-300, 300) | st.sampled_from(HARD)


@given(st.sampled_from(list(NUMPY)), ANY)
@example("float16", 1.7976931348623157e308)
@example("float64", -1.7976931348623157e308)
def test_rounding_is_that_of_torch(name, x):
    assert FORMATS[name].rounded(x) == float(torch.tensor(x, dtype=torch.float64).to(getattr(torch, name)))


@given(st.floats(width=32, allow_nan=False) | st.sampled_from(HARD))
def test_bfloat16_is_that_of_torch_and_of_the_format(x):
    with np.errstate(over="ignore"):
        x = float(np.float32(x))
    expected = float(torch.tensor(x, dtype=torch.float32).to(torch.bfloat16))
    assert float(to_bfloat16(x)) == expected == FORMATS["bfloat16"].rounded(x)


def test_bfloat16_keeps_shape_and_what_is_no_number():
    x = np.array([[np.nan, np.inf, -np.inf]], np.float32)
    np.testing.assert_array_equal(to_bfloat16(x), x)
    assert to_bfloat16(x).dtype == np.float32 and to_bfloat16(1.0).shape == ()
    with pytest.raises(TypeError, match="x must be an array of real numbers"):
        to_bfloat16("text")


@each_format
def test_eps_and_the_edges_of_exp_are_where_they_are_said_to_be(name):
    form, info = FORMATS[name], torch.finfo(getattr(torch, name))
    assert form.eps == info.eps
    zero, normal, infinite = form.exp_edges
    for edge, inside, outside in ((zero, 1e-9, -1e-9), (infinite, -1e-9, 1e-9)):
        nearest = [form.rounded(float(mpmath.exp(edge + step))) for step in (inside, outside)]
        assert [0 < e < math.inf for e in nearest] == [True, False]
    assert math.isclose(normal, math.log(info.tiny), rel_tol=1e-12)
    gap = form.lost_beside_one
    assert form.rounded(1 + math.exp(-gap + 1e-6)) > 1 == form.rounded(1 + math.exp(-gap - 1e-6))


@given(st.sampled_from(list(NUMPY)), st.floats(-60000, 60000))
def test_the_unit_in_the_last_place_is_numpys_spacing(name, x):
    x = float(NUMPY[name](x))
    assert FORMATS[name].ulp(x) == float(np.spacing(NUMPY[name](abs(x))))


def test_errors_in_ulps():
    third = mpmath.mpf(1) / 3
    assert 0 < ulps(np.float32(1 / 3), third) <= 0.5
    assert math.isclose(ulps(np.nextafter(np.float32(1), np.float32(2)), mpmath.mpf(1)), 1.0)
    assert ulps(np.float64(0), mpmath.mpf(2) ** -60) == 2**52
    assert ulps(np.float64(np.nan), third) == ulps(np.float64(np.inf), third) == math.inf


def test_errors_in_words():
    third = mpmath.mpf(1) / 3
    assert in_ulps(1 / 3, third) == in_ulps(np.nextafter(1 / 3, 1), third) == "at most 4 ulp"
    assert in_ulps(1 / 3 + 1e-6, third) == "about 2e+10 ulp"
    assert in_ulps(math.inf, third) == "about inf ulp"
