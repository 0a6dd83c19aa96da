"""The handwritten digits that the lessons train on, from a file of 45 kB beside this one.

They are the 1797 digits of 8 × 8 pixels that scikit-learn's `load_digits` gives: the test part of "Optical
Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository,
https://doi.org/10.24432/C50P49, CC BY 4.0. An explorer that needs nothing else of scikit-learn reads them
here: the library takes half a second to import, and in a browser 26 MB to fetch.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("digits.npz")


def load_digits() -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Return the pixels, (1797, 64) with values from 0 (paper) to 16 (ink), and the labels, (1797,)."""
    pixels, labels = _stored()
    return pixels.astype(float), labels.astype(int)


Part = tuple[NDArray[np.float64], NDArray[np.int_]]


def three_parts(seed: int = 0) -> tuple[Part, Part, Part]:
    """Return 1000 digits to train on, 400 for validation and 397 for the test, each as (pixels, labels).

    They are shuffled once, by the seed; pixels run from 0 to 1.
    """
    pixels, labels = load_digits()
    order = np.random.default_rng(seed).permutation(len(labels))
    parts = np.split(order, [1000, 1400])
    train, valid, test = ((pixels[part] / 16, labels[part]) for part in parts)
    return train, valid, test


@cache
def _stored() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    with np.load(FILE) as stored:
        return stored["pixels"], stored["labels"]
