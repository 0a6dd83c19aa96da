"""The digits' own file: scikit-learn's, number for number, and fresh arrays at every call."""

import subprocess
import sys

import numpy as np
import sklearn.datasets

from helpers.digits import FILE, load_digits


def test_digits_are_those_of_scikit_learn():
    for ours, theirs in zip(load_digits(), sklearn.datasets.load_digits(return_X_y=True), strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)


def test_whoever_writes_into_them_spoils_nothing():
    pixels, labels = load_digits()
    pixels[:] = labels[:] = -1
    assert all((array >= 0).all() for array in load_digits())


def test_file_is_small():
    assert FILE.stat().st_size < 50_000


def test_explorers_of_digits_import_no_scikit_learn():
    code = (
        "import sys; from helpers.explorers import RealBowl, TrainingRun; "
        "RealBowl.compute(RealBowl.values()); TrainingRun.compute(TrainingRun.values()); "
        "assert not {'sklearn', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
