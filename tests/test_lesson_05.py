"""Lesson 05: the figure of finite differences, the exercises' references, the numbers of the predictions."""

import mpmath
import numpy as np
import pytest
import torch

from helpers.exercises import lesson_05 as ex
from helpers.explorers.saturation import learn, slopes
from helpers.figures.gradients import (
    PLANE,
    STEPS,
    difference_errors,
    drawn_classes,
    finite_difference_errors,
    loss_in_float64,
    one_standard_deviation,
)
from helpers.gradients import softmax_jacobian
from helpers.softmax import log_softmax, softmax

F, LABEL = [1.0, 2.0, 0.0], 0
BATCH, TEMPERATURE = ex.batch_gradient, ex.temperature_gradient
SQUARED, WEIGHT = ex.squared_error_gradient, ex.weight_gradient


def test_the_loss_of_the_figure_is_the_float_nearest_to_the_exact_one():
    for f in (F, [1.0 + 2.0**-30, 2.0, 0.0], [-3.5, 0.25, 7.0]):
        with mpmath.workdps(60):
            exact = mpmath.log(mpmath.fsum(mpmath.exp(x) for x in f)) - f[LABEL]
            assert loss_in_float64(f, LABEL) == float(exact)
        assert loss_in_float64(f, LABEL) == pytest.approx(-log_softmax(f)[LABEL], rel=1e-14)


def test_the_errors_of_the_figure_follow_the_formula_for_large_and_rounding_for_small_steps():
    forward, centred = difference_errors(F, LABEL, 0)
    g = softmax(F)[0]
    for h, one, two in zip(STEPS, forward, centred, strict=True):
        if 1e-5 < h < 1e-2:
            assert one == pytest.approx(h * g * (1 - g) / 2, rel=0.02)
        if 1e-3 < h < 1e-2:
            assert two == pytest.approx(h**2 * g * (1 - g) * (1 - 2 * g) / 6, rel=0.02)
        if h < 1e-9:
            assert max(one, two) <= 1.1 * np.finfo(float).eps * 2 / h
    assert STEPS[int(np.argmin(forward))] < 1e-6 < STEPS[int(np.argmin(centred))] < 1e-3


def test_the_figure_says_where_the_best_steps_are():
    assert "best near h = 6·10⁻⁸" in finite_difference_errors(F, LABEL).alt
    assert "the centred one near h = 2·10⁻⁵" in finite_difference_errors(F, LABEL).alt


@pytest.mark.parametrize("g", [[1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0], [0.9, 0.08, 0.02], [0.2, 0.3, 0.5]])
def test_the_ellipse_of_the_drawn_classes_has_the_spread_of_many_draws(g):
    curve, h = one_standard_deviation(g)
    rng = np.random.default_rng(0)
    draws = np.eye(3)[rng.choice(3, p=g, size=200_000)] @ PLANE.T
    np.testing.assert_allclose(curve[:, :-1].mean(axis=1), draws.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(h, np.linalg.eigvalsh(np.cov(draws.T)), atol=0.005)
    radii = np.linalg.norm(curve - (PLANE @ g)[:, None], axis=0)
    assert radii.max() == pytest.approx(np.sqrt(h[1]), rel=1e-3)
    assert radii.min() == pytest.approx(np.sqrt(h[0]), rel=1e-2, abs=0.03)
    sides = [np.linalg.norm(PLANE[:, i] - PLANE[:, j]) for i, j in ((0, 1), (1, 2), (0, 2))]
    np.testing.assert_allclose(sides, np.sqrt(2))  # as far apart as the one-hot vectors


def test_the_figure_of_the_drawn_classes_says_its_eigenvalues():
    said = drawn_classes([[0.5, 0.5, 0], [0.9, 0.08, 0.02]]).alt
    assert "0.50 and 0 for g = (0.50, 0.50, 0)" in said and "0.16 and 0.028 for g = (0.90, 0.080" in said


def grad_of(fn, x):
    x = torch.tensor(np.asarray(x), requires_grad=True)
    fn(x).backward()
    return x.grad.numpy()


@pytest.mark.parametrize("seed", range(5))
def test_the_references_are_what_autograd_gives(seed):
    rng = np.random.default_rng(seed)
    f, labels, t = rng.normal(size=(4, 3)), rng.integers(3, size=4), 0.3 + 3 * rng.random()
    one, label, target = f[0], int(labels[0]), torch.eye(3, dtype=torch.float64)[int(labels[0])]
    cross_entropy = torch.nn.functional.cross_entropy
    pairs = [
        (BATCH.reference(softmax(f), labels), lambda x: cross_entropy(x, torch.tensor(labels)), f),
        (TEMPERATURE.reference(one, label, t), lambda x: -torch.log_softmax(x / t, 0)[label], one),
        (SQUARED.reference(one, label),
         lambda x: ((torch.softmax(x, 0) - target) ** 2).sum(), one),
    ]  # fmt: skip
    weights, x = rng.normal(size=(3, 2)), rng.normal(size=2)
    pairs.append((
        WEIGHT.reference(weights, x, label),
        lambda w: -torch.log_softmax(w @ torch.tensor(x), 0)[label], weights,
    ))  # fmt: skip
    for reference, fn, at in pairs:
        np.testing.assert_allclose(reference, grad_of(fn, at), rtol=1e-10, atol=1e-13)


def test_the_numbers_of_the_predictions():
    slope = softmax_jacobian(F)[1]
    assert f"−{-slope[0]:.2f} for class 0 and −{-slope[2]:.2f} for class 2" in said(ex.rival_slope)
    g, y = np.array([0.1, 0.7, 0.2]), np.array([1, 0, 0])
    assert ex.which_push.answer == ", ".join(f"{x:+.1f}" for x in y - g).replace("-", "−")
    pushes = np.array([[0.9, -0.7, -0.2], [1, 0, 0], [1, -1, 0], [1, -0.5, -0.5]])
    falls = (
        pushes @ (y - g) / np.linalg.norm(pushes, axis=1)
    )  # how fast the loss falls for a step of length 1
    assert falls.argmax() == 0 and falls[0] > 1.01 * falls[1:].max()
    p, squared, cross = slopes(-8.0, 1)
    text = said(ex.who_learns)
    assert f"{p:.4f}" in ex.who_learns.question and f"{-squared:.5f}" in text and f"−{-cross:.1f} and" in text
    assert f"about −{-learn(-8.0, 1, 1.0, 256, 1)[-1]:.1f}." in text
    waiting, learnt = np.array(learn(-8.0, 1, 1.0, 2000, 1)), np.array(learn(-8.0, 1, 1.0, 256, 2))
    assert "after 1500 steps: a plateau" in text and round((waiting > 0).argmax(), -2) == 1500
    assert learnt[-1] > 4 and (waiting > 0).argmax() > 100 * (learnt > 0).argmax()  # not "somewhat" later


def said(prediction):
    return " ".join(prediction.options.values())


def answer(exercise, body):
    space = {"np": np, "softmax": softmax}
    exec(f"def answer({', '.join(exercise._arguments)}):\n    {body}", space)
    return space["answer"]


@pytest.mark.parametrize(
    ("exercise", "body", "mistake"),
    [
        (BATCH, "d = g.copy(); d[np.arange(len(g)), labels] -= 1; return d / d.size",
         "divided by the entries"),
        (BATCH, "y = np.eye(g.shape[1])[labels]; return (y - g) / len(g)", "sign turned"),
        (BATCH, "d = g.copy(); d[:, labels] -= 1; return d / len(g)", "whole columns"),
        (BATCH, "return (g - labels) / len(g)", "label as a number"),
        (BATCH, "y = np.eye(g.shape[1])[labels]; return y * (g - 1) / len(g)",
         "only the label's entry"),
        (TEMPERATURE, "g = softmax(f / T); g[label] -= 1; return g", "inner derivative forgotten"),
        (TEMPERATURE, "g = softmax(f / T) / T; g[label] -= 1; return g", "only g divided"),
        (SQUARED, "g = softmax(f); r = g - np.eye(len(f))[label]; return 2 * r * g * (1 - g)",
         "diagonal only"),
        (SQUARED, "g = softmax(f); r = g - np.eye(len(f))[label]; return 2 * g * (r + g @ r)",
         "plus off the diagonal"),
        (WEIGHT, "d = softmax(W @ x); d[label] -= 1; return x[:, None] * d", "transposed"),
        (WEIGHT, "d = softmax(W @ x); d[label] -= 1; return W.T @ d", "gradient of the input"),
        (BATCH, "y = np.zeros_like(g); y[labels] = 1; return (g - y) / len(g)", "whole rows"),
        (BATCH, "return (g - np.eye(labels.max() + 1)[labels]) / len(g)", "one-hot rows too short"),
        (BATCH, "return (g - np.eye(g.shape[1])[labels]).mean()", "averaged away"),
        (BATCH, "g[np.arange(len(g)), labels] -= 1 / len(g); return g", "only one part divided"),
        (TEMPERATURE, "return (softmax(f / T)[label] - 1) / T", "only the label's entry"),
        (SQUARED, "g = softmax(f); r = g - np.eye(len(f))[label]; return 2 * (np.diag(g) - g * g.T) @ r",
         "a row for the matrix g gᵀ"),
        (WEIGHT, "d = softmax(W @ x); d[label] -= 1; return d @ x", "one product for all"),
        (BATCH, "g[np.arange(len(g)), labels] -= 1", "no return"),  # nothing else is wrong
        (TEMPERATURE, "softmax(f / T)", "no return"),
        (SQUARED, "softmax(f)", "no return"),
        (WEIGHT, "softmax(W @ x)", "no return"),
        (WEIGHT, "raise ValueError('what')", None),
    ],
)  # fmt: skip
def test_an_answer_as_a_learner_writes_it_gets_the_advice_it_needs(exercise, body, mistake):
    assert exercise.judge(answer(exercise, body)).mistake == mistake


@pytest.mark.parametrize(
    ("exercise", "body"),
    [
        (BATCH, "return (g - np.eye(g.shape[1])[labels]) / g.shape[0]"),
        (TEMPERATURE, "y = np.arange(len(f)) == label; return (softmax(f / T) - y) / T"),
        (SQUARED,
         "g = softmax(f); r = g - (np.arange(len(f)) == label); return 2 * g * (r - g @ r)"),
        (WEIGHT, "d = softmax(W @ x) - np.eye(len(W))[label]; return d[:, None] * x"),
    ],
)  # fmt: skip
def test_other_right_answers_are_right(exercise, body):
    assert exercise.judge(answer(exercise, body)).status == "correct"
