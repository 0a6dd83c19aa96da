"""Number formats side by side: bfloat16, and errors in units in the last place (lesson 06)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate


@dataclass(frozen=True)
class Format:
    """A binary number format: `bits` significant bits, exponents from `low` (of normal numbers) to `high`."""

    name: str
    bits: int
    low: int
    high: int

    @property
    def eps(self) -> float:
        """Distance from 1 to the next larger number, 2^(1 − bits)."""
        return 2.0 ** (1 - self.bits)

    @property
    def digits(self) -> float:
        """Significant decimal digits that rounding leaves: −log₁₀ of half of eps."""
        return self.bits * math.log10(2)

    @property
    def exp_edges(self) -> tuple[float, float, float]:
        """Arguments at which exp becomes 0, becomes a normal number, and becomes ∞.

        The smallest number is 2^(low + 1 − bits), and what lies below half of it rounds to 0.
        """
        return ((self.low - self.bits) * math.log(2), self.low * math.log(2),
                math.log1p(-(2.0 ** -(self.bits + 1))) + (self.high + 1) * math.log(2))  # fmt: skip

    @property
    def lost_beside_one(self) -> float:
        """The lead from which 1 + e^−lead rounds to 1: e^−lead is half of eps."""
        return self.bits * math.log(2)

    def rounded(self, x: float) -> float:
        """Return the number of this format that is nearest to the float64 x; of two, the even one."""
        if x == 0 or not math.isfinite(x):
            return x
        if abs(x) >= 2.0**self.high * 2:  # before rounding: that of the largest float64 would overflow
            return math.copysign(math.inf, x)
        _, exponent = math.frexp(x)  # |x| lies in [2^(exponent − 1), 2^exponent)
        last = max(exponent, self.low + 1) - self.bits
        nearest = math.ldexp(round(math.ldexp(x, -last)), last)  # round() takes the even one
        return nearest if abs(nearest) < 2.0**self.high * 2 else math.copysign(math.inf, x)

    def ulp(self, x: float) -> float:
        """Distance from |x| to the next larger number of this format (of 2^high: to what would be next)."""
        _, exponent = math.frexp(x)
        return math.ldexp(1.0, (max(exponent, self.low + 1) if x else self.low + 1) - self.bits)


FORMATS = {
    "float16": Format("float16", 11, -14, 15),
    "bfloat16": Format("bfloat16", 8, -126, 127),
    "float32": Format("float32", 24, -126, 127),
    "float64": Format("float64", 53, -1022, 1023),
}


def to_bfloat16(x: ArrayLike) -> NDArray:
    """Round to the nearest bfloat16, a float32 whose last 16 bits are cut off; returned as float32.

    x: any shape; computed as float32. Half of the first bit lost is added before the cut, so that it rounds;
    of two equally near numbers the one with an even last bit is taken. NaN and ±inf stay what they are.
    Raises TypeError if x is not real numbers.
    """
    x, _ = validate.as_floats("x", x)
    with np.errstate(over="ignore"):
        x = np.array(x, np.float32)
    bits = x.view(np.uint32)
    half = np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    rounded = ((bits + half) & np.uint32(0xFFFF0000)).view(np.float32)
    return np.where(np.isfinite(x), rounded, x)[()]


def ulps(got, exact) -> float:
    """Error of one NumPy number in units in the last place that its type has at the exact value.

    got: a float16, float32 or float64 number; exact: a number with more digits, such as an mpmath.mpf.
    An infinite or NaN `got` gives inf.
    """
    number = type(exact)
    with np.errstate(over="ignore"):
        unit = np.spacing(np.abs(np.asarray(float(exact)).astype(np.asarray(got).dtype)))
    return float(abs(number(float(got)) - exact) / number(float(unit))) if np.isfinite(got) else math.inf


def in_ulps(got, exact) -> str:
    """Say the error of `ulps` in words for a table: "at most 4 ulp", or its power of ten."""
    error = ulps(got, exact)
    return "at most 4 ulp" if error <= 4 else f"about {error:.0e} ulp"
