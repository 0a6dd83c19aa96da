"""The five programs of the debugging game: each has the tell that its prediction names, and only that."""

import numpy as np
import pytest

from helpers import sabotaged
from helpers.exercises import lesson_09 as ex
from helpers.sabotaged import history

HEALTHY = history("healthy")


def test_a_healthy_run_is_healthy():
    assert HEALTHY[0, 0] == pytest.approx(np.log(10), abs=0.03)
    assert HEALTHY[-1, 1] < 0.15 and HEALTHY[-1, 2] > 0.95
    assert HEALTHY[-1, 3] == pytest.approx(0.097, abs=0.01)


def test_a_begins_at_fifty_times_ln_10_and_learns_nothing():
    assert history("A")[0, 0] == pytest.approx(50 * np.log(10), rel=0.01) and history("A")[-1, 2] < 0.3


def test_b_is_healthy_in_all_but_its_report():
    b = history("B")
    np.testing.assert_allclose(b[:, [0, 2, 3]], HEALTHY[:, [0, 2, 3]], rtol=1e-9)
    assert b[-1, 1] > 5 * HEALTHY[-1, 1]


def test_c_stays_above_its_floor():
    c = history("C")
    assert c[0, 0] == pytest.approx(np.log(10), abs=0.01) and c[:, 0].min() > np.log(np.e + 9) - 1
    assert c[-1, 0] < 1.7 and 0.8 < c[-1, 2] < 0.9 and c[-1, 3] < 0.02


def test_d_begins_too_high_and_kills_its_units():
    d = history("D")
    assert d[0, 0] == pytest.approx(3.15, abs=0.01) and d[-1, 2] < 0.15


def test_e_gives_nines_almost_twice_their_share():
    e = history("E")
    assert e[0, 0] == pytest.approx(np.log(2), abs=0.01) and (e[-10:, 3] > 0.16).all()
    assert e[:, 0].min() < np.log(np.e + 1) - 1


def test_every_solution_line_is_where_the_bug_is():
    lines = {name: sabotaged.listing(name).splitlines() for name in "ABCDE"}
    found = ex.found.reference
    assert '"sum"' in lines["A"][found["A"] - 1] and "np.mean" in lines["B"][found["B"] - 1]
    assert "(g, y)" in lines["C"][found["C"] - 1] and "MLP" in lines["D"][found["D"] - 1]
    assert "decay_biases" in lines["E"][found["E"] - 1]
