"""Lesson 04: the worked example to its digits, the explorer against PyTorch, its exercises, its figures."""

import itertools
from pathlib import Path

import mpmath
import nbformat
import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (as the calls that the explorer shows have it)
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.exercises import lesson_04
from helpers.explorers import ClassifierLoss
from helpers.explorers.classifier_loss import ACTIVATIONS, ENDS, LABELS, TARGETS, VOTES, reach
from helpers.figures import training_runs
from helpers.losses import cross_entropy_loss, one_hot
from helpers.softmax import log_softmax, softmax

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "04_nll_and_cross_entropy.ipynb"


def view(**changes):
    return ClassifierLoss.compute(ClassifierLoss.values(**changes))


# The worked example: what its source prints, digit for digit

PRINTED = {
    "activations": "-1.6453 1.8893 1.9800 1.7681 2.8183 4.6643 -0.3635 -0.0614 0.4064 -0.4668 -3.3801 3.2484",
    "softmax": "0.0283 0.9717 0.5528 0.4472 0.1363 0.8637 0.4250 0.5750 0.7054 0.2946 0.0013 0.9987",
    "of the label": "0.0283 0.4472 0.1363 0.5750 0.2946 0.0013",
    "log-softmax": "-3.5634 -0.028753 -0.59281 -0.80469 -1.9925 -0.14659 -0.85559 -0.55344 -0.34895 -1.2222 "
    "-6.6298 -0.0013213",
    "losses": "3.5634 0.8047 1.9925 0.5534 1.2222 6.6298",
    "mean": "2.4610",
}


def test_the_worked_example_gives_every_printed_digit():
    f, n = ACTIVATIONS, np.arange(6)
    got = {
        "activations": (f, ".4f"),
        "softmax": (softmax(f), ".4f"),
        "of the label": (softmax(f)[n, LABELS], ".4f"),
        "log-softmax": (log_softmax(f), ".5g"),
        "losses": (cross_entropy_loss(f, LABELS, "none"), ".4f"),
        "mean": (cross_entropy_loss(f, LABELS), ".4f"),
    }
    for what, printed in PRINTED.items():
        numbers, form = got[what]
        assert " ".join(format(x, form) for x in np.ravel(numbers)) == printed, what


def test_the_lesson_and_its_explorer_have_the_same_example_and_the_lesson_shows_its_digits():
    cells = [cell for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code"]
    space = {"np": np}
    exec(next(cell.source for cell in cells if cell.source.startswith("f = np.array")), space)
    assert np.array_equal(space["f"], ACTIVATIONS) and np.array_equal(space["labels"], LABELS)
    said = "\n".join(output.get("text", "") for cell in cells for output in cell.outputs).split()
    said = {word.strip("[],") for word in said}
    for what, printed in PRINTED.items():
        for number in printed.split():
            short = number.rstrip("0") if what != "mean" else number  # NumPy drops zeros at the end
            assert {number, short} & said, f"{what}: {number} is not in any output of the lesson"


def test_the_explorer_starts_with_the_worked_example():
    start = view()
    assert [f"{x:.4f}" for x in start.losses] == PRINTED["losses"].split()
    assert f"{start.value:.4f}" == PRINTED["mean"]
    assert "= 2.4610, as F.cross_entropy(f, labels) gives." in ClassifierLoss.describe(start)


# The explorer says what PyTorch would give: the call it shows is executed


def executed(seen):
    """The number, or numbers, that the call in the explorer gives when PyTorch runs it."""
    sure = torch.tensor(VOTES)[:, None]
    hot = F.one_hot(torch.tensor(seen.labels), 2).double()
    space = {
        "F": F, "f": torch.tensor(seen.f), "labels": torch.tensor(seen.labels), "one_hot": hot,
        "votes": sure * hot + (1 - sure) * (1 - hot), "w": torch.tensor(seen.weights),
    }  # fmt: skip
    return eval(seen.call, space).numpy()


SETTINGS = list(itertools.product(TARGETS, [0.0, 0.2], [1.0, 4.0], ["mean", "sum", "none"], [False, True]))


@pytest.mark.parametrize(("target", "smoothing", "weight", "reduction", "twice"), SETTINGS)
def test_the_call_shown_gives_the_number_shown(target, smoothing, weight, reduction, twice):
    for moved in ({}, {"add1": 3.0}, {"example": "2", "add0": -6.0, "flip": True}):
        seen = view(
            target=target, smoothing=smoothing, weight=weight, reduction=reduction, twice=twice, **moved
        )
        np.testing.assert_allclose(executed(seen), seen.value, rtol=1e-12)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "example": st.sampled_from(ClassifierLoss.controls["example"].options),
            "add0": st.floats(-6, 6), "add1": st.floats(-6, 6), "flip": st.booleans(),
            "target": st.sampled_from(list(TARGETS)), "smoothing": st.floats(0, 0.5),
            "weight": st.floats(0.25, 4), "reduction": st.sampled_from(["mean", "sum", "none"]),
            "twice": st.booleans(),
        }
    )
)  # fmt: skip
def test_every_setting_of_the_controls_agrees_with_pytorch(values):
    seen = view(**values)
    np.testing.assert_allclose(executed(seen), seen.value, rtol=1e-11)
    assert seen.terms.min() >= 0
    np.testing.assert_allclose(seen.y.sum(axis=1), 1)
    np.testing.assert_allclose(seen.g.sum(axis=1), 1)
    assert ClassifierLoss.describe(seen).endswith(f"as {seen.call} gives.")
    assert seen.losses.max() <= ENDS[-1]


def test_the_terms_are_those_of_fifty_digit_arithmetic():
    seen = view(add0=-6.0, add1=6.0, smoothing=0.1, weight=0.25)
    with mpmath.workdps(50):
        a, b = (mpmath.mpf(x) for x in seen.f[5])
        lead = b - a
        exact = [mpmath.log(1 + mpmath.exp(lead)), mpmath.log(1 + mpmath.exp(-lead))]
        exact = [float(mpmath.mpf(y) * w * x) for x, y, w in zip(exact, seen.y[5], (1, 0.25), strict=True)]
    np.testing.assert_allclose(seen.terms[5], exact, rtol=1e-14)


def test_an_example_given_the_other_label_swaps_its_target_in_every_form():
    for target in TARGETS:
        before, after = view(target=target, example="1"), view(target=target, example="1", flip=True)
        assert after.labels[1] == 1 - before.labels[1]
        np.testing.assert_allclose(after.targets[1], before.targets[1][::-1])
        others = np.arange(6) != 1
        assert np.array_equal(after.targets[others], before.targets[others])


@pytest.mark.parametrize("n_classes", [2, 3, 10, 1000])
def test_softmax_twice_stays_within_its_reach_and_comes_to_both_ends(n_classes):
    lowest, highest = reach(n_classes)
    rng = np.random.default_rng(n_classes)
    labels = rng.integers(n_classes, size=200)
    f = torch.tensor(rng.normal(scale=rng.choice([0.1, 3, 300], size=(200, 1)), size=(200, n_classes)))
    losses = F.cross_entropy(f.softmax(dim=1), torch.tensor(labels), reduction="none").numpy()
    assert losses.min() >= lowest - 1e-12 and losses.max() <= highest + 1e-12
    sure = torch.tensor(1000 * one_hot([0, 1], n_classes)).softmax(dim=1)
    ends = F.cross_entropy(sure, torch.tensor([0, 0]), reduction="none").numpy()
    np.testing.assert_allclose(ends, [lowest, highest], rtol=1e-12)
    assert highest - lowest == pytest.approx(1)


def test_the_reach_is_shown_only_where_it_holds():
    live = ClassifierLoss(twice=True)
    assert live._live["reach"].get_visible() and "No loss can be below 0.3133" in live.figure.sentence
    for change in ({"smoothing": 0.2}, {"weight": 4.0}, {"target": "votes of five annotators"}):
        other = ClassifierLoss(twice=True, **change)
        assert not other._live["reach"].get_visible() and "No loss can" not in other.figure.sentence


# What moves in the figure


def test_a_drag_puts_the_activation_there_and_the_example_changed_before_goes_back():
    live = ClassifierLoss(example="5", add0=1.0, add1=2.0, flip=True)
    start = ACTIVATIONS.copy()
    live.set(**ClassifierLoss.handles["grip-5"](live._view, 3.0, 0.0))  # example 2, class 1
    seen = live._view
    assert (seen.row, seen.flip) == (2, False)
    assert seen.f[2, 1] == pytest.approx(3.0, abs=0.051)
    start[2, 1] = seen.f[2, 1]
    np.testing.assert_array_equal(seen.f, start)
    live.set(flip=True)
    live.set(**ClassifierLoss.handles["grip-4"](live._view, 0.0, 0.0))  # the same example, class 0
    assert live._view.flip and live._view.f[2, 1] == seen.f[2, 1]
    assert live._view.f[2, 0] == pytest.approx(0.0, abs=0.051)


def test_ticks_show_where_the_activations_were_and_a_band_which_example_is_changed():
    live = ClassifierLoss(example="4")
    assert not live._live["given"].get_visible()
    live.set(add0=1.0)
    assert live._live["given"].get_visible()
    np.testing.assert_array_equal(live._live["given"].get_xdata(), ACTIVATIONS[4])
    assert {band.get_y() for band in live._live["band"]} == {3.5}


def bar_ends(line):
    left, right, gap = line.get_xdata().reshape(-1, 3).T
    assert np.isnan(gap).all()
    return left, right


def test_the_bars_are_what_was_computed():
    live = ClassifierLoss(smoothing=0.2, twice=True, weight=2.0, add0=1.0)
    seen, artists = live._view, live._live
    for name, whole in (("g", seen.g), ("y", seen.y), ("term", seen.terms)):
        (left0, right0), (left1, right1) = (bar_ends(artists[f"{name}{k}"]) for k in range(2))
        np.testing.assert_array_equal(left0, 0)
        np.testing.assert_allclose(right0 - left0, whole[:, 0], atol=1e-15)
        np.testing.assert_array_equal(left1, right0)
        np.testing.assert_allclose(right1 - left1, whole[:, 1], atol=1e-12)
    dots, ends = artists["label"].get_ydata(), [bar_ends(artists[f"f{k}"])[1] for k in range(2)]
    rows = [artists[f"f{k}"].get_ydata().reshape(-1, 3)[:, 0] for k in range(2)]
    np.testing.assert_array_equal(dots, [rows[label][n] for n, label in enumerate(seen.labels)])
    np.testing.assert_array_equal(np.stack(ends, axis=1), seen.f)
    assert artists["mean"].get_xdata()[0] == seen.value
    np.testing.assert_array_equal(artists["once"].get_xdata(), softmax(seen.f)[:, 0])
    assert live._live["mean"].axes.get_xlim() == (0, 2)
    assert [text.get_text() for text in artists["loss"]] == [f"{loss:.4f}" for loss in seen.losses]


# The exercises are what PyTorch does


def test_the_references_of_the_exercises_are_what_pytorch_does():
    rng = np.random.default_rng(0)
    f, labels, w = rng.normal(size=(7, 4)), rng.integers(4, size=7), rng.uniform(0.5, 3, size=4)
    tensors = torch.tensor(f), torch.tensor(labels)
    losses = cross_entropy_loss(f, labels, "none")
    reference = {name: getattr(lesson_04, name).reference for name in (
        "nll_of_batch", "smoothed_targets", "weighted_mean", "loss_floor", "multi_label_loss"
    )}  # fmt: skip
    assert reference["nll_of_batch"](log_softmax(f), labels) == pytest.approx(
        F.cross_entropy(*tensors).item(), rel=1e-12
    )
    smooth = reference["smoothed_targets"](labels, 4, 0.3)
    assert cross_entropy_loss(f, smooth) == pytest.approx(
        F.cross_entropy(*tensors, label_smoothing=0.3).item(), rel=1e-12
    )
    assert reference["weighted_mean"](losses, labels, w) == pytest.approx(
        F.cross_entropy(*tensors, weight=torch.tensor(w)).item(), rel=1e-12
    )
    assert [reference["loss_floor"](k) for k in (2, 10)] == pytest.approx([reach(2)[0], reach(10)[0]])
    y = rng.integers(2, size=(7, 4)).astype(float)
    assert reference["multi_label_loss"](f, y) == pytest.approx(
        F.binary_cross_entropy_with_logits(tensors[0], torch.tensor(y)).item(), rel=1e-12
    )


# The figures that stand still


def test_the_figure_of_two_runs_shows_the_runs_it_is_given():
    runs = {"good": [(2.3, 0.1), (1.0, 0.5), (0.2, 0.97)], "bad": [(2.31, 0.1), (2.0, 0.3), (1.7, 0.75)]}
    picture = training_runs.once_and_twice(runs, floor=1.46)
    losses, accuracies = picture.fig.axes
    for ax, part in ((losses, 0), (accuracies, 1)):
        for line, steps in zip(ax.lines, runs.values(), strict=False):
            np.testing.assert_array_equal(line.get_ydata(), [step[part] for step in steps])
    assert losses.lines[2].get_ydata()[0] == 1.46
    assert "good: the loss falls from 2.30 to 0.20, 97% right" in picture.alt
    assert "bad: the loss falls from 2.31 to 1.70, 75% right" in picture.alt
