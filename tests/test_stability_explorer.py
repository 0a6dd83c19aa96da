"""The stability explorer against mpmath, NumPy and PyTorch: losses, errors, edges, artists, sentence."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.explorers import Stability, stability
from helpers.losses import cross_entropy_loss
from helpers.precision import FORMATS, to_bfloat16
from helpers.softmax import naive_shifted_log_softmax, naive_softmax, softmax

SETTINGS = {
    "gap": st.integers(-24, 80).map(lambda k: k / 2),
    "scale": st.integers(0, 6).map(lambda k: 2.0**k),
    "offset": (st.sampled_from([0, 7, 100, -100, 1000, -1000]) | st.integers(-1000, 1000)).map(float),
    "precision": st.sampled_from(list(FORMATS)),
}
every_setting = given(st.fixed_dictionaries(SETTINGS))
NUMPY = {"float16": np.float16, "float32": np.float32, "float64": np.float64}
NAMES = list(stability.FORMS)


def compute(**values):
    return Stability.compute(Stability.values(**values))


def exact_loss(f):
    with mpmath.workdps(1500):
        return mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(x) - mpmath.mpf(f[0])) for x in f))


@every_setting
@settings(max_examples=60, deadline=None)
def test_the_logits_are_stored_and_the_exact_loss_is_that_of_mpmath(values):
    view = compute(**values)
    expected = [values["offset"] + values["scale"] * x for x in (values["gap"], 0.0, -1.0)]
    assert view.wanted == expected
    stored = torch.tensor(expected, dtype=getattr(torch, values["precision"]))
    assert view.f == stored.tolist()
    assert view.z == (stored - stored.max()).tolist()
    exact = exact_loss(view.f)
    with mpmath.workdps(60):
        assert abs(mpmath.mpf(str(view.exact)) / exact - 1) < mpmath.mpf(10) ** -45


@every_setting
@settings(deadline=None)
def test_the_four_formulas_are_those_of_numpy_in_the_formats_it_has(values):
    name = values["precision"] = "float32" if values["precision"] == "bfloat16" else values["precision"]
    view, own = compute(**values), NUMPY[name]
    f = np.array(view.f, own)
    with np.errstate(all="ignore"):
        e = np.exp(f - f.max())
        g = e / ((e[0] + e[1]) + e[2])
        expected = [-np.log(naive_softmax(f)[0]), -np.log(g[0]), -naive_shifted_log_softmax(f)[0],
                    cross_entropy_loss(f[None], [0])]  # fmt: skip
    unit = FORMATS[name].eps
    for result, want in zip(view.results.values(), expected, strict=True):
        # NumPy's exp and log, and the order of its sum, may move the last place of a number up to 1 or 768
        slack = 8 * unit * max(1, abs(want)) if math.isfinite(want) else 0
        if name == "float16" and result is view.results["log1p"]:
            slack += 8 * unit * abs(want)  # ours computes float16 in float32
        edge = name != "float64" and 85 < max(map(abs, view.f + view.z)) < 105  # NumPy may flush the last ulp
        assert math.isclose(result.value, want, rel_tol=0, abs_tol=slack) or edge or (
            result.value == float(want) or (math.isnan(result.value) and np.isnan(want))
        ), (result, want)


@given(st.integers(-24, 80), st.sampled_from([0.0, 5.0, -90.0, 100.0]))
@settings(deadline=None)
def test_bfloat16_is_computed_as_torch_rounds_it(half_gaps, offset):
    view = compute(gap=half_gaps / 2, offset=offset, precision="bfloat16")
    f = torch.tensor(view.f, dtype=torch.bfloat16)
    e = (f - f.max()).exp()
    total = (e[0] + e[1]) + e[2]
    expected = float(total.log() - (f - f.max())[0])
    assert math.isclose(view.results["log-softmax"].value, expected, rel_tol=0.02, abs_tol=0)
    assert float(to_bfloat16(view.results["log1p"].value)) == view.results["log1p"].value


@every_setting
@settings(max_examples=60, deadline=None)
def test_errors_and_digits_are_those_of_exact_arithmetic(values):
    view = compute(**values)
    exact, form = exact_loss(view.f), view.form
    for name, result in view.results.items():
        if not math.isfinite(result.value):
            assert (result.ulps, result.digits, result.whole) == (math.inf, 0.0, "none")
            continue
        with mpmath.workdps(1500):
            error = abs(mpmath.mpf(result.value) - exact)
            off = float(error / mpmath.mpf(form.ulp(float(exact))))
            digits = float(-mpmath.log10(error / exact)) if error else 99.0
        assert math.isclose(result.ulps, off, rel_tol=1e-9, abs_tol=1e-9)
        if off <= 4:
            assert result.whole == "all" and result.digits == form.digits
        else:
            assert result.digits == min(max(math.floor(digits), 0), math.floor(form.digits))
            assert result.whole == (f"{result.digits:.0f}" if result.digits else "none")
        if name == "log1p":  # the last formula never loses its digits, whatever the logits and the format
            assert result.whole == "all"


@pytest.mark.parametrize(("name", "below", "above"), [("float32", 16.5, 17.0), ("float64", 36.5, 37.5)])
def test_the_loss_of_a_sure_right_answer_vanishes_where_the_lesson_says(name, below, above):
    assert stability.losses([below, 0.0, -400.0], FORMATS[name])["log-softmax"] > 0
    assert stability.losses([above, 0.0, -400.0], FORMATS[name])["log-softmax"] == 0
    assert stability.losses([above, 0.0, -400.0], FORMATS[name])["log1p"] > 0


def test_the_presets_are_what_their_names_say():
    view = {name: compute(**p) for name, p in Stability.presets.items()}
    got = {name: [r.whole for r in v.results.values()] for name, v in view.items()}
    value = {name: [r.value for r in v.results.values()] for name, v in view.items()}
    for name in ("Overflow", "All underflow"):
        assert math.isnan(value[name][0]) and got[name] == ["none", "all", "all", "all"]
    assert max(np.exp(np.array(view["All underflow"].f))) == 0
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.array(view["Overflow"].f, np.float32))).all()
    assert value["Log of zero"][:2] == [math.inf] * 2 and got["Log of zero"][2:] == ["all", "all"]
    assert softmax(np.array(view["Log of zero"].f))[0] == 0
    for name in ("Right and sure", "Right and sure, float64", "Half precision", "bfloat16"):
        assert value[name][:3] == [0.0] * 3 and got[name] == ["none", "none", "none", "all"], name
    formats = [view[name].form.name for name in ("Right and sure, float64", "Half precision", "bfloat16")]
    assert formats == ["float64", "float16", "bfloat16"]
    assert view["Offset eats digits"].f != view["Offset eats digits"].wanted


def test_a_slider_that_is_off_by_a_rounding_changes_nothing():
    """Sliders in a browser count steps in floats, and 1e-13 more would be the very thing that is shown."""
    moved = Stability.values(gap=7.5, scale=8.0, offset=3)
    moved.gap, moved.scale = 7.5 + 1e-13, 8.0 - 1e-14
    assert vars(Stability.compute(moved)) == vars(compute(gap=7.5, scale=8.0, offset=3))


def test_the_artists_show_what_was_computed():
    live = Stability(gap=12.0, scale=1.0, offset=3.0, precision="float32")
    artists, view = live._live, live._view
    for name, points in (("given", [15, 3, 2]), ("moved", [0, -12, -13])):
        xs = [float(artists[f"{name}-{which}"].get_xdata()[0]) for which in ("label", "rival", "least")]
        assert xs == points
    low, width = artists["range"].get_x(), artists["range"].get_width()
    assert math.isclose(low, -103.97, abs_tol=0.01) and math.isclose(low + width, 88.72, abs_tol=0.01)
    digits = [bar.get_width() for bar in artists["bar"]]
    assert digits == [r.digits for r in view.results.values()]
    assert digits[3] == FORMATS["float32"].digits and 0 < digits[2] < 4
    assert [t.get_text() for t in artists["digits"]][3] == "all"
    assert [float(t.get_text().split("·")[0]) for t in artists["value"]][3] == 8.4
    assert [t.get_text() for t in artists["ulps"]][3] == "≤ 4"
    assert "8.40·10⁻⁶" in artists["exact"].get_text()
    live.set(**vars(Stability.values(gap=-12.0, scale=64.0, precision="float64")))
    for name, expected in (("value", ["∞", "∞", "768", "768"]), ("ulps", ["—", "—", "≤ 4", "≤ 4"]),
                           ("digits", ["none", "none", "all", "all"])):  # fmt: skip
        written = sorted(artists[name], key=lambda text: -text.get_position()[1])  # from the top
        assert [text.get_text() for text in written] == expected
    rows = []
    for precision in FORMATS:
        live.set(precision=precision)
        rows.append((float(min(artists["row"].get_ydata())), float(max(artists["row"].get_ydata()))))
        assert artists["most"].get_xdata()[0] == FORMATS[precision].digits
        assert artists["most-name"].get_text().startswith(f"{precision}: ")
    assert rows == [(2.55, 3.45), (1.55, 2.45), (0.55, 1.45), (-0.45, 0.45)]


def test_the_sentence_says_the_numbers_that_were_computed():
    sentence = Stability(gap=2.5, offset=1000.0, precision="bfloat16").figure.sentence
    assert "are (1002.5, 1000, 999), stored as (1004, 1000, 1000); class 0 is right" in sentence
    assert "exact loss is 0.0360" in sentence and "naive not a number (no digit right)" in sentence
    sentence = Stability(gap=8.0).figure.sentence
    assert "In float32 the logits are (8, 0, −1); class 0 is right" in sentence and "stored" not in sentence
    assert "log1p 4.59·10⁻⁴ (all digits right)" in sentence
    far = Stability(gap=40.0, scale=64.0, precision="float64").figure.sentence
    assert "the exact loss is 1.61·10⁻¹¹¹²" in far and "log1p 0 (all digits right)" in far


@pytest.mark.parametrize(("handle", "x", "expected"), [
    ("given-label", 23.9, {"gap": 12.0}), ("given-label", -500.0, {"gap": -12.0}),
    ("given-rival", 40.0, {"offset": 40.0}),
])  # fmt: skip
def test_a_drag_sets_the_control_of_the_point_under_the_pointer(handle, x, expected):
    start = {"scale": 2.0, "offset": 0}
    live = Stability(**start)
    at, y = live._live[handle].axes.transData.transform((x, 5))
    live.figure.pointer = {"handle": handle, "x": at, "y": live.fig.bbox.height - y}
    assert vars(live.state()) == vars(Stability.values(**start | expected))
