"""One sum, added up so that its rounding errors do not grow with the number of terms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sum_along(terms: NDArray, axis: int = -1, keepdims: bool = False) -> NDArray:
    """Sum of the terms along `axis`, as `terms.sum(axis)` gives, but accurate along every axis.

    NumPy adds in pairs, with an error that hardly grows, only along an axis whose terms lie side by side in
    memory; along any other it adds one after the other: 50,257 float32 probabilities are then off by 60 ulp.
    """
    side_by_side = np.ascontiguousarray(np.moveaxis(terms, axis, -1))
    total = side_by_side.sum(axis=-1)
    return np.expand_dims(total, axis) if keepdims else total
