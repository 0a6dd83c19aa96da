"""The stability explorer against mpmath, NumPy and PyTorch: losses, gradients, edges, artists, sentence."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.exercises import lesson_06 as ex
from helpers.explorers import stability
from helpers.explorers.stability import GOOD, LOWEST, Stability
from helpers.losses import cross_entropy_grad, cross_entropy_loss
from helpers.precision import FORMATS, to_bfloat16
from helpers.softmax import naive_shifted_log_softmax, naive_softmax, softmax

LOGIT = st.integers(-480, 480).map(lambda k: k / 4) | st.sampled_from(
    [LOWEST, 0.0, 20.0, 100.25, -120.0, 120.0]
)
SETTINGS = {"f0": LOGIT, "f1": LOGIT, "f2": LOGIT, "label": st.sampled_from("012"),
            "precision": st.sampled_from(list(FORMATS))}  # fmt: skip
every_setting = given(st.fixed_dictionaries(SETTINGS))
NUMPY = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


def compute(**values):
    return Stability.compute(Stability.values(**values))


def exact(f, label):
    """Loss and gradient at the label with many digits, by another way: differences of huge precision."""
    with mpmath.workdps(400):
        e = [mpmath.exp(mpmath.mpf(x)) if x > -math.inf else mpmath.mpf(0) for x in f]
        g = e[label] / mpmath.fsum(e)
        return (-mpmath.log(g) if g else mpmath.inf), g - 1


@every_setting
@settings(max_examples=60, deadline=None)
def test_the_logits_are_stored_and_loss_and_gradient_are_those_of_mpmath(values):
    view = compute(**values)
    expected = [x if x > LOWEST else -math.inf for x in (values["f0"], values["f1"], values["f2"])]
    assert view.wanted == expected
    stored = torch.tensor(expected, dtype=torch.float64).to(getattr(torch, values["precision"]))
    assert view.f == stored.tolist()
    if max(view.f) == -math.inf:
        assert (view.loss, view.slope) == (None, None)
        assert all(r.whole == "none" for pair in view.results.values() for r in pair)
        return
    assert view.z == (stored - stored.max()).tolist()
    for got, right in zip((view.loss, view.slope), exact(view.f, view.label), strict=True):
        with mpmath.workdps(60):
            if mpmath.isinf(right) or right == 0:
                assert float(got) == right
            else:
                assert abs(mpmath.mpf(str(got)) / right - 1) < mpmath.mpf(10) ** -45


@every_setting
@settings(deadline=None)
def test_the_losses_are_those_of_numpy_in_the_formats_it_has(values):
    name = values["precision"] = "float32" if values["precision"] == "bfloat16" else values["precision"]
    view, own = compute(**values), NUMPY[name]
    assume(max(view.f) > -math.inf)
    f, label = np.array(view.f, own), view.label
    with np.errstate(all="ignore"):
        e = np.exp(f - f.max())
        g = e / ((e[0] + e[1]) + e[2])
        expected = [-np.log(naive_softmax(f)[label]), -np.log(g[label]), -naive_shifted_log_softmax(f)[label],
                    cross_entropy_loss(f[None], [label])]  # fmt: skip
    unit = FORMATS[name].eps
    losses = [loss for loss, _ in view.results.values()]
    for result, want in zip(losses, expected, strict=True):
        # NumPy's exp and log, and the order of its sum, may move the last place of a number up to 1 or 240
        slack = 8 * unit * max(1, abs(want)) if math.isfinite(want) else 0
        if name == "float16" and result is losses[3]:
            slack += 8 * unit * abs(want)  # ours computes float16 in float32
        finite = [abs(x) for x in view.f + view.z if math.isfinite(x)]
        edge = name != "float64" and any(low < x < high for x in finite for low, high in ((9, 18), (85, 105)))
        assert (
            math.isclose(result.value, want, rel_tol=0, abs_tol=slack)
            or edge
            or (result.value == float(want) or (math.isnan(result.value) and np.isnan(want)))
        ), (result, want)


@given(st.integers(-400, 400), st.integers(-40, 40), st.sampled_from(["float32", "float64"]))
@settings(deadline=None)
def test_the_gradients_are_those_of_torch_and_of_helpers(quarters, others, name):
    """The first two formulas: the logarithm of softmax, backwards; the third: cross_entropy."""
    view = compute(f0=quarters / 4, f1=others / 4, f2=0.0, precision=name, label="0")
    dtype, unit = getattr(torch, name), FORMATS[name].eps
    slopes = {form: pair[1].value for form, pair in view.results.items()}
    f = torch.tensor(view.f, dtype=dtype, requires_grad=True)
    (-torch.log(torch.softmax(f, 0)[0])).backward()
    if f.grad.isnan().any() or math.isnan(slopes["logarithm last"]):
        edge = 85 < abs(view.z[0]) < 105  # a subnormal probability: 1/g may overflow, torch may flush it
        assert edge or (f.grad[0].isnan() and math.isnan(slopes["logarithm last"]))
    else:
        assert math.isclose(slopes["logarithm last"], f.grad[0].item(), abs_tol=4 * unit) or view.z[0] < -85
    f = torch.tensor([view.f], dtype=dtype, requires_grad=True)
    torch.nn.functional.cross_entropy(f, torch.tensor([0])).backward()
    assert math.isclose(slopes["log-softmax"], f.grad[0, 0].item(), abs_tol=2 * unit)
    ours = cross_entropy_grad(np.array([view.f], NUMPY[name]), [0])[0, 0]
    assert math.isclose(slopes["log1p"], ours, rel_tol=16 * unit, abs_tol=1e-37)


@given(st.integers(-80, 160), st.sampled_from([0.0, 5.0, -90.0, 100.0]))
@settings(deadline=None)
def test_bfloat16_is_computed_as_torch_rounds_it(quarters, offset):
    view = compute(f0=min(offset + quarters / 4, 120), f1=offset, f2=offset - 1, precision="bfloat16")
    f = torch.tensor(view.f, dtype=torch.bfloat16)
    e = (f - f.max()).exp()
    total = (e[0] + e[1]) + e[2]
    expected = float(total.log() - (f - f.max())[0])
    assert math.isclose(view.results["log-softmax"][0].value, expected, rel_tol=0.02, abs_tol=0)
    for result in view.results["log1p"]:
        assert float(to_bfloat16(result.value)) == result.value


@every_setting
@settings(max_examples=80, deadline=None)
def test_errors_and_digits_are_those_of_exact_arithmetic(values):
    view = compute(**values)
    assume(max(view.f) > -math.inf)
    form, rights = view.form, exact(view.f, view.label)
    # what rounding f − max f costs in relative terms, and no formula can bring back
    finite = [z - (x - max(view.f)) for z, x in zip(view.z, view.f, strict=True) if x > -math.inf]
    inherited = sum(map(abs, finite)) / form.eps
    for name, pair in view.results.items():
        for result, right in zip(pair, rights, strict=True):
            if mpmath.isinf(right):
                assert result.whole == ("all" if result.value == math.inf else "none")
                continue
            if not math.isfinite(result.value):
                assert (result.ulps, result.whole) == (math.inf, "none")
                continue
            with mpmath.workdps(400):
                error = abs(mpmath.mpf(result.value) - right)
                off = float(error / mpmath.mpf(form.ulp(float(right))))
                digits = float(-mpmath.log10(error / abs(right))) if error and right else 0.0
            assert math.isclose(result.ulps, off, rel_tol=1e-9, abs_tol=1e-9)
            if off <= GOOD:
                assert result.whole == "all"
            else:
                left = min(max(math.floor(digits), 0), math.floor(form.digits))
                assert result.whole == (str(left) if left else "none")
            if name == "log1p":  # the last formula loses nothing but what the rounded shift has lost
                assert off <= 4 + 2.5 * inherited, (off, inherited)


def test_the_last_formula_keeps_loss_and_gradient_wherever_the_shift_is_exact():
    for precision in FORMATS:
        for lead in np.arange(-60, 60.5, 0.5):
            view = compute(f0=float(lead), f1=0.0, f2=-1.0, precision=precision)
            if all(z == x - max(view.f) for z, x in zip(view.z, view.f, strict=True)):
                assert [r.whole for r in view.results["log1p"]] == ["all", "all"], (precision, lead)


@pytest.mark.parametrize(("name", "below", "above"), [("float32", 16.5, 17.0), ("float64", 36.5, 37.5)])
def test_loss_and_gradient_of_a_very_right_answer_vanish_where_the_lesson_says(name, below, above):
    loss = {lead: compute(f0=lead, f1=0.0, f2=LOWEST, precision=name).results for lead in (below, above)}
    assert loss[below]["log-softmax"][0].value > 0 > loss[below]["log-softmax"][1].value
    assert [r.value for r in loss[above]["log-softmax"]] == [0, 0]
    assert loss[above]["log1p"][0].value > 0 > loss[above]["log1p"][1].value


def test_the_presets_are_what_their_names_say():
    view = {name: compute(**p) for name, p in Stability.presets.items()}
    whole = {name: [[r.whole for r in pair] for pair in v.results.values()] for name, v in view.items()}
    value = {name: [[r.value for r in pair] for pair in v.results.values()] for name, v in view.items()}
    assert np.isnan(value["Overflow"][0]).all() and whole["Overflow"][1:] == [["all"] * 2] * 3
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.array(view["Overflow"].f, np.float32))).all()
    late = value["Wrong by 120"]
    assert [loss for loss, _ in late] == [math.inf, math.inf, 120, 120]
    assert np.isnan([slope for _, slope in late[:2]]).all() and [slope for _, slope in late[2:]] == [-1, -1]
    assert softmax(np.array(view["Wrong by 120"].f, np.float32))[0] == 0
    assert value["Right by 20"][:3] == [[0, 0]] * 3 and whole["Right by 20"] == [["none"] * 2] * 3 + [
        ["all"] * 2
    ]
    assert view["Class 2 masked"].f == [2, 0, -math.inf] and whole["Class 2 masked"] == [["all"] * 2] * 4
    vanished = view["Lead of ¼ at 100"]
    assert vanished.form.name == "bfloat16" and vanished.f == [100, 100, 99] != vanished.wanted
    assert whole["Lead of ¼ at 100"][1:] == [["all"] * 2] * 3  # right for what is left of the logits


def test_masked_labels_and_rows_without_an_answer_are_said():
    view = compute(f0=LOWEST)
    assert view.loss.is_infinite() and view.slope == -1
    assert [[r.whole for r in pair] for pair in view.results.values()] == [["all", "none"]] * 2 + [
        ["all"] * 2
    ] * 2
    nothing = dict.fromkeys(("f0", "f1", "f2"), LOWEST)
    assert Stability.describe(compute(**nothing)).endswith("Every class is masked: there is no answer.")
    assert all(math.isnan(r.value) for pair in compute(**nothing).results.values() for r in pair)
    alone = compute(f1=LOWEST, f2=LOWEST)  # a single class left is certain
    assert (alone.loss, alone.slope) == (0, 0) and [r.value for r in alone.results["log1p"]] == [0, 0]


def test_a_slider_that_is_off_by_a_rounding_changes_nothing():
    """Sliders in a browser count steps in floats, and 1e-13 more would be the very thing that is shown."""
    moved = Stability.values(f0=7.5, f1=100.25)
    moved.f0, moved.f1, moved.f2 = 7.5 + 1e-13, 100.25 - 1e-13, -1 + 1e-14
    assert repr(vars(Stability.compute(moved))) == repr(vars(compute(f0=7.5, f1=100.25)))  # NaN is not NaN


def test_the_artists_show_what_was_computed():
    live = Stability(f0=12.0, f1=0.0, f2=LOWEST, label="1")
    artists = live._live
    assert [float(a.get_xdata()[0]) for a in artists["given"]] == [12, 0, stability.MASK]
    assert [float(a.get_xdata()[0]) for a in artists["shifted"]] == [0, -12, stability.MASK]
    assert [a.get_marker() for a in artists["given"]] == ["s", "D", "s"]
    assert list(artists["together"].get_xdata()) == [0, 12]
    low, width = artists["range"].get_x(), artists["range"].get_width()
    assert math.isclose(low, -103.97, abs_tol=0.01) and math.isclose(low + width, 88.72, abs_tol=0.01)
    assert math.isclose(artists["lost"].get_xdata()[0], -16.64, abs_tol=0.01)
    said = lambda name: [text.get_text() for text in artists[name]]  # noqa: E731
    assert said("right") == ["12.0", "−1.00"] and said("digits") == ["✓ all digits"] * 8
    live.set(f0=20.0, f2=-1.0, label="0")
    assert said("value")[4:] == ["0", "0", "2.82·10⁻⁹", "−2.82·10⁻⁹"]
    assert said("digits") == ["✗ no digit"] * 6 + ["✓ all digits"] * 2
    live.set(f0=10.0)
    assert said("digits")[4:6] == ["✗ 3 digits"] * 2
    for precision, zero, infinite in (("float16", -17.3, 11.1), ("float64", -745, 710)):
        live.set(precision=precision)
        assert f"0 below {zero:g}".replace("-", "−") in artists["below"].get_text()
        assert f"∞ above {infinite:g}" in artists["above"].get_text()


def test_formulas_that_are_not_introduced_are_not_shown():
    live = Stability(rows="naive", only=["f0", "f1", "f2"])
    assert list(live._view.results) == ["naive"] and "log1p" not in live.figure.sentence
    assert "log1p" not in live.saved_svg() and "hollow" not in live.figure.static_svg
    for name in ("lost", "beside"):
        assert not live._live[name].get_visible()
    live.set(rows="all")
    assert "log1p" in live.saved_svg() and "hollow z" in live.figure.static_svg


def test_the_sentence_says_the_numbers_that_were_computed():
    sentence = Stability(f0=100.25, f1=100.0, f2=99.0, precision="bfloat16").figure.sentence
    assert "are (100.25, 100, 99) (loss 0.725), stored as (100, 100, 99); class 0 is right" in sentence
    assert "Exact: loss 0.862, gradient at the label −0.578." in sentence
    assert "naive not a number and not a number (no digit right)" in sentence
    sentence = Stability(f0=8.0).figure.sentence
    assert "In float32 the logits are (8, 0, −1); class 0 is right" in sentence and "stored" not in sentence
    assert sentence.endswith("log-softmax 4.59·10⁻⁴ and −4.59·10⁻⁴ (4 digits, 3 digits right).")
    assert "with all digits by log1p; naive" in sentence
    assert "(2, 0, −∞)" in Stability(f2=LOWEST).figure.sentence


def drag(live, handle, x):
    at, y = live._live[handle].axes.transData.transform((x, 1)) if "given" not in handle else (
        live._live["given"][int(handle[-1])].axes.transData.transform((x, 1)))  # fmt: skip
    live.drag(handle, at, live.fig.bbox.height - y)
    return vars(live.state())


@pytest.mark.parametrize(("handle", "x", "expected"), [
    ("given-0", 23.9, {"f0": 24.0}), ("given-2", -500.0, {"f2": LOWEST}), ("given-1", 400.0, {"f1": 120.0}),
    ("together", 50.5, {"f0": 52.0, "f1": 50.0, "f2": 49.0}),
    ("together", -1000.0, {"f0": -117.0, "f1": -119.0, "f2": -120.0}),
    ("together", 1000.0, {"f0": 120.0, "f1": 118.0, "f2": 117.0}),
])  # fmt: skip
def test_a_drag_moves_one_logit_or_all_and_keeps_their_differences(handle, x, expected):
    live = Stability()
    assert drag(live, handle, x) == vars(Stability.values(**expected))


def test_masked_classes_stay_masked_when_all_are_moved():
    live = Stability(f2=LOWEST)
    assert drag(live, "together", 11.0) == vars(Stability.values(f0=12.0, f1=10.0, f2=LOWEST))
    live.set(f0=LOWEST, f1=LOWEST)
    assert drag(live, "together", 11.0) == vars(Stability.values(f0=LOWEST, f1=LOWEST, f2=LOWEST))


def test_the_numbers_of_the_predictions():
    said = {
        p: " ".join(p.options.values()) for p in (ex.near_minus_110, ex.log_comes_late, ex.sure_and_right)
    }
    with mpmath.workdps(30):
        power = lambda x: round(mpmath.log10(x))  # noqa: E731
        assert power(mpmath.exp(-110)) == -48 and "about 10⁻⁴⁸" in said[ex.near_minus_110]
        assert (
            power(np.finfo(np.float32).smallest_subnormal) == -45 and "about 10⁻⁴⁵" in said[ex.near_minus_110]
        )
        assert power(mpmath.exp(-120)) == -52 and "≈ 10⁻⁵²" in said[ex.log_comes_late]
        assert round(-math.log(float(np.finfo(np.float32).smallest_subnormal))) == 103
        loss = mpmath.log1p(mpmath.exp(-20) + mpmath.exp(-21))
        assert f"{float(loss):.0e}" == "3e-09" and "about 3·10⁻⁹" in ex.sure_and_right.question
        assert round(float(2**-24 / loss)) == 21 and "a twentieth of half a step" in said[ex.sure_and_right]
    with np.errstate(all="ignore"):
        assert np.isnan(naive_softmax(np.array([-110, -111, -109], np.float32))).all()
    at_ten = compute(f0=10.0).results["log-softmax"][0]
    assert at_ten.whole in ("2", "3")  # "two or three digits left"
