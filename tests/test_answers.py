"""Answers as learners write them: each wrong one gets the advice it needs, each right one is accepted."""

import importlib
import math

import numpy as np
import pytest

from helpers.exercises import results
from helpers.exercises.check import CORRECT, WRONG
from helpers.softmax import log_softmax


@pytest.fixture(autouse=True)
def no_results(monkeypatch):
    monkeypatch.setattr(results, "_memory", [])


def verdict_on(lesson, name, source):
    """Judge an answer; a body of a function, or the source of a value after `name = `."""
    exercise = getattr(importlib.import_module(f"helpers.exercises.lesson_{lesson}"), name)
    space = {"np": np, "math": math, "log_softmax": log_softmax}
    if callable(exercise.reference):
        body = source.strip().replace("\n", "\n    ")
        source = f"def {name}({', '.join(exercise._arguments)}):\n    {body}"
    exec(source, space)
    return exercise.judge(space[name])


SHIFTED = "e = np.exp(f - f.max()); g = e / e.sum(); "
REST = "i = f.argmax(); r = np.exp(np.delete(f, i) - f[i]).sum(); "
TARGET = "m = np.isfinite(f); y = np.where(m, a / m.sum(), 0); l = np.where(m, log_softmax(f), 0); "
SQUARED = "e = np.exp(f - f.max()); g = e / e.sum(); r = g - np.eye(len(f))[label]; "
LOGITS = "f = W @ x; e = np.exp(f - f.max()); g = e / e.sum(); "
DECAYED = (
    "return {{name: grads[name] + weight_decay * parameters[name] if {} else grads[name] for name in grads}}"
)
STEP = """
f = x @ w.T + b
e = np.exp(f - f.max(axis=1, keepdims=True))
g = e / e.sum(axis=1, keepdims=True)
df = (g - np.eye(len(b))[y]) / len(x)
vw = momentum * vw + df.T @ x + weight_decay * w
vb = momentum * vb + df.sum(axis=0)
return w - lr * vw, b - lr * vb, vw, vb"""
ADDED = "c = np.zeros((n_classes, n_classes), int); np.add.at(c, (labels, predicted), 1); "
COUNTED = """
c = np.zeros((n_classes, n_classes))
for i, j in zip({}):
    c[{}] += 1
return c
"""
NAMED = {
    ("01", "coin_nll"): [
        ("part_only", "s = 0\nfor t in tosses:\n    s -= np.log(p if t else 1 - p)\n    return s"),
        ("part_only", "s = 0\nfor t in tosses:\n    s = -np.log(p if t else 1 - p)\nreturn s"),
        ("size_in_the_code", "n = tosses.sum(); return -n * np.log(p) - (10 - n) * np.log(1 - p)"),
        ("terms cut to whole numbers", """
out = np.zeros_like(tosses)
for i, t in enumerate(tosses):
    out[i] = -np.log(p if t else 1 - p)
return out.sum()"""),
    ],
    ("01", "fit_die"): [
        ("zeros lifted", "c = np.bincount(rolls, minlength=K) + 0.0; c[c == 0] = 0.5; return c / c.sum()"),
        ("sorted by frequency", "c = np.bincount(rolls, minlength=K); return sorted(c / len(rolls))[::-1]"),
        ("part_only", "return np.bincount(rolls[1:], minlength=K) / len(rolls)"),
    ],
    ("01", "fit_gaussian"): [
        ("simple_relation", "return x.mean(), -x.std()"),
        ("squares forgotten", "return x.mean(), np.sqrt((x - x.mean()).mean())"),
        ("another kind of result", "return x.std()"),
    ],
    ("01", "gaussian_nll"): [
        ("squares lose their digits",
         "return len(x) * np.log(s * np.sqrt(2 * np.pi))"
         " + ((x**2).sum() - 2 * m * x.sum() + len(x) * m**2) / (2 * s**2)"),
        ("few_digits",
         "return (((x - m) / s) ** 2 / 2 + np.log(s) + np.log(2 * 3.14) / 2).sum()"),
        ("a small number added",
         "d = np.exp(-(((x - m) / s) ** 2) / 2) / s / np.sqrt(2 * np.pi); "
         "return -np.log(np.clip(d, 1e-15, None)).sum()"),
    ],
    ("01", "nll_of_examples"): [
        ("a small number added", "return -np.log(g[np.arange(len(g)), labels] + 1e-12).sum()"),
        ("a small number added", "return -np.log(np.clip(g[np.arange(len(g)), labels], 1e-9, 1)).sum()"),
        ("size_in_the_code", "return -np.log(g[np.arange(4), labels]).sum()"),
    ],
    ("02", "kl"): [
        ("stopped at a zero", """
s = 0
for a, b in zip(p, q):
    if a == 0:
        break
    s += a * np.log(a / b)
return s"""),
        ("infinity hidden", "return np.nan_to_num(np.where(p > 0, p * np.log(p / q), 0)).sum()"),
        ("part_only", "return sum(a * np.log(a / b) for a, b in list(zip(p, q))[:-1] if a)"),
    ],
    ("03", "two_classes"): [
        ("e^d over 1 + e^d", "d = (f0 - f1) / T; return np.exp(d) / (1 + np.exp(d))"),
        ("logits clipped", "return 1 / (1 + np.exp(-np.clip((f0 - f1) / T, -10, 10)))"),
    ],
    ("03", "nll"): [
        ("all the largest left out",
         "m = f.max(); return m + np.log1p(np.exp(f[f < m] - m).sum()) - f[label]"),
        ("an infinity replaced", SHIFTED + "return -np.log(g[label]) if g[label] else 1000.0"),
    ],
    ("06", "log_sum_exp"): [
        ("maximum added inside", "m = f.max(); return np.log(np.exp(f - m).sum() + m)"),
        ("begun with 0", "s = 0.0\nfor v in f:\n    s = np.logaddexp(s, v)\nreturn s"),
        ("masked logits as 0", "return np.logaddexp.reduce(np.nan_to_num(f, neginf=0.0))"),
        ("one missing", "m = f.max(); return m + np.log(np.exp(np.delete(f, f.argmax()) - m).sum())"),
        ("another base", "m = f.max(); return m + np.log2(np.exp(f - m).sum())"),
        ("logits clipped", "return np.log(np.exp(np.clip(f, -700, 700)).sum())"),
        *[("a small number added", f"m = f.max(); return m + np.log(np.exp(f - m).sum() + {eps})")
          for eps in (1e-6, 1e-9, 1e-12)],
    ],
    ("06", "accurate_loss"): [
        ("all that equal the label's left out",
         "rest = f[f != f[label]] - f[label]; return np.logaddexp(0, np.logaddexp.reduce(rest))"),
        ("all maxima left out",
         "c = f.max(); e = np.exp(f - c); return np.log1p(e[f < c].sum()) + c - f[label]"),
        ("winner in the sum, and the largest logit added and taken away",
         "m = f.max(); return m + np.log(np.exp(f - m).sum()) - f[label]"),
        ("winner in the sum, and the largest logit added and taken away",
         REST + "return np.log(1 + r) + f[i] - f[label]"),
        ("largest logit added and taken away", REST + "return f[i] + np.log1p(r) - f[label]"),
        ("winner in the sum",
         "m = f.max(); return np.log1p(np.exp(f - m).sum() - 1) - (f[label] - m)"),
        ("the others as a difference",
         "e = np.exp(f - f.max()); return -np.log1p(-(e.sum() - e[label]) / e.sum())"),
        ("the two largest only", "return np.logaddexp(0, np.delete(f, label).max() - f[label])"),
        ("label not picked", "m = f.max(); return m + np.log(np.exp(f - m).sum()) - f"),
    ],
    ("06", "accurate_gradient"): [
        ("expm1 of a difference", "t = np.logaddexp.reduce(f); g = np.exp(f - t)\n"
         "g[label] = np.expm1(f[label] - t); return g"),
        ("shifted by the label's logit", "e = np.exp(f - f[label]); g = e / e.sum(); g[label] = 0\n"
         "g[label] = -g.sum(); return g"),
        ("not normalised", "e = np.exp(f - f.max()); e[label] = 0; e[label] = -e.sum(); return e"),
        ("divided by the sum of the others",
         "e = np.exp(f - f.max()); e[label] = 0; g = e / e.sum(); g[label] = -g.sum(); return g"),
        ("formula as it stands",
         "e = np.exp(f); g = e / e.sum(); g[label] = 0; g[label] = -g.sum(); return g"),
        ("1 subtracted", SHIFTED + "g[label] = np.expm1(np.log(g[label])); return g"),
        ("derivative by the probabilities", SHIFTED + "y = 0 * g; y[label] = -1 / g[label]; return y"),
        ("the winner for the label", SHIFTED + "i = f.argmax(); g[i] = 0; g[i] = -g.sum(); return g"),
        ("no return", SHIFTED + "g[label] = 0; g[label] = -g.sum()"),
        ("unknown to NumPy", SHIFTED + "g[label] = -np.delet(g, label).sum(); return g"),
    ],
    ("06", "smoothed_loss"): [
        ("divided by the number of masked", "m = f == -np.inf; y = np.full(len(f), a / m.sum()); y[m] = 0\n"
         "y[label] += 1 - a; return -(y[~m] * log_softmax(f)[~m]).sum()"),
        ("0 times −∞", TARGET + "y[label] += 1 - a; return -(y * log_softmax(f)).sum()"),
        ("label without its share", TARGET + "y[label] = 1 - a; return -(y * l).sum()"),
        ("a for 1 − a", TARGET + "y[label] += a; return -(y * l).sum()"),
        ("a and 1 − a exchanged",
         TARGET + "y = np.where(m, (1 - a) / m.sum(), 0); y[label] += a; return -(y * l).sum()"),
        ("logits for logarithms", TARGET + "y[label] += 1 - a; return -(y * np.where(m, f, 0)).sum()"),
        ("masked logits set to 0",
         TARGET + "y[label] += 1 - a; return -(y * log_softmax(np.where(m, f, 0))).sum()"),
        ("masked classes cut out, label not", """
f = f[np.isfinite(f)]
y = np.full(len(f), a / len(f))
y[min(label, len(f) - 1)] += 1 - a
return -(y * log_softmax(f)).sum()"""),
        ("nan_to_num", """
y = np.full(len(f), a / len(f))
y[label] += 1 - a
return -(y * np.nan_to_num(log_softmax(f))).sum()"""),
    ],
    ("04", "nll_of_batch"): [
        ("label one too low", "return -log_probs[np.arange(len(labels)), labels - 1].mean()"),
        ("an example left out", """
s = 0
for i in range(len(labels) - 1):
    s -= log_probs[i, labels[i]]
return s / len(labels)"""),
        ("returned inside the loop", """
s = 0
for i in range(len(labels)):
    s -= log_probs[i, labels[i]]
    return s / len(labels)"""),
    ],
    ("04", "weighted_mean"): [
        ("losses looked up by the label", "return np.average(losses[labels], weights=w[labels])"),
        ("divided by the weights", "return (losses / w[labels]).sum() / w[labels].sum()"),
        ("weights scaled to mean 1", "return (w[labels] * losses / w.sum() * len(w)).mean()"),
        ("each weight once", "return (w[labels] * losses).sum() / sum(w[k] for k in set(labels.tolist()))"),
    ],
    ("04", "accumulated"): [
        ("mean so far not scaled down", """
mean, seen = np.zeros(grads.shape[1]), 0
for g, c in zip(grads, counts):
    seen += c
    mean += g * c / seen
return mean"""),
        ("one piece only", "return grads[-1]"),
        ("divided by the largest count", "return counts @ grads / counts.max()"),
    ],
    ("04", "loss_floor"): [
        ("a softmax too many", """
s = lambda v: np.exp(v) / np.exp(v).sum()
return -np.log(s(s(np.eye(n_classes)[0]))[0])"""),
        ("another number for e", "return -np.log((np.e - 1) / (np.e + n_classes - 1))"),
        ("1/K for the others",
         "return -np.log(np.e / (np.e + (n_classes - 1) * np.exp(1 / n_classes)))"),
    ],
    ("04", "smoothed_targets"): [
        ("columns of all labels", """
y = [[alpha / n_classes] * n_classes] * len(labels)
for i, label in enumerate(labels):
    y[i][label] = 1 - alpha + alpha / n_classes
return np.array(y)"""),
        ("classes of the batch",
         "K = labels.max() + 1; return (1 - alpha) * np.eye(K)[labels] + alpha / K"),
        ("columns of all labels", """
y = np.full((len(labels), n_classes), alpha / n_classes)
y[:, labels] += 1 - alpha
return y"""),
        ("label one too low", "return (1 - alpha) * np.eye(n_classes)[labels - 1] + alpha / n_classes"),
        ("nothing for the others", """
y = np.zeros((len(labels), n_classes))
y[np.arange(len(labels)), labels] = 1 - alpha + alpha / n_classes
return y"""),
    ],
    ("04", "multi_label_loss"): [
        ("maximum forgotten", "return (np.log1p(np.exp(-np.abs(logits))) - y * logits).mean()"),
        ("y times logit added", "return (np.logaddexp(0, logits) + y * logits).mean()"),
        ("nan_to_num", """
s = 1 / (1 + np.exp(-logits))
return np.nan_to_num(-(y * np.log(s) + (1 - y) * np.log(1 - s))).mean()"""),
    ],
    ("05", "batch_gradient"): [
        ("N for K in the target", "return (g - np.eye(len(g))[labels]) / len(g)"),
    ],
    ("05", "temperature_gradient"): [
        ("rounded down", "e = np.exp(f // T); g = e / e.sum(); g[label] -= 1; return g / T"),
        ("a fixed place for the label", "e = np.exp(f / T); g = e / e.sum(); g[-1] -= 1; return g / T"),
    ],
    ("05", "squared_error_gradient"): [
        ("y left out of g − y", SQUARED + "return (np.diag(g) - np.outer(g, g)) @ (2 * g)"),
        ("g left out of g − y", SQUARED + "return (np.diag(g) - np.outer(g, g)) @ (2 * (r - g))"),
        ("factor g forgotten", SQUARED + "return 2 * (r - (g * r).sum())"),
        ("diagonal forgotten", SQUARED + "return -2 * np.outer(g, g) @ r"),
        ("square taken twice", SQUARED + "return (np.diag(g) - np.outer(g, g)) @ r ** 2"),
        ("g on one term only", SQUARED + "return 2 * g * r - (g * r).sum()"),
    ],
    ("05", "weight_gradient"): [
        ("gradient of the probability", LOGITS + "d = -g[label] * g; d[label] += g[label]; "
         "return np.outer(d, x)"),
        ("logits without the input", LOGITS.replace("W @ x", "W.sum(axis=1)")
         + "g[label] -= 1; return np.outer(g, x)"),
        ("times W", LOGITS + "g[label] -= 1; return np.outer(g, x) * W"),
        ("not made a matrix", LOGITS + "g[label] -= 1; return np.kron(g, x)"),
        ("derivative of the sigmoid", LOGITS + "return np.outer(g * (1 - g), x)"),
        ("label's entry in every row", LOGITS + "return np.outer(np.full(len(g), g[label] - 1), x)"),
    ],
    ("08", "coupled_step"): [
        ("decay of the new weight",
         "v = momentum * v + grad; w = w - lr * v; return w, v + weight_decay * w"),
        ("one decay for all weights",
         "v = momentum * v + grad + weight_decay * w.sum(); return w - lr * v, v"),
        ("decay of the absolute value",
         "v = momentum * v + grad + weight_decay * np.sign(w); return w - lr * v, v"),
    ],
    ("08", "add_decay"): [
        ("bias as any part of the name", DECAYED.format("'bias' not in name.split('.')")),
        ("bias at the end of the name", DECAYED.format("not name.endswith('bias')")),
        ("biases pushed away",
         "return {k: grads[k] + (-1 if k.split('.')[-1] == 'bias' else 1) * weight_decay * parameters[k]"
         " for k in grads}"),
        ("names written into the code", "return {'hidden.weight': grads['hidden.weight']}"),
        ("a name without a dot", DECAYED.format("not name.endswith('.bias')")),
        ("told by the number of axes", DECAYED.format("grads[name].ndim > 1")),
        ("parameters for gradients",
         "return {name: parameters[name] - weight_decay * parameters[name] for name in grads}"),
    ],
    ("08", "decay_for_half_life"): [
        ("whole division", "return (1 - 0.5 ** (1 // steps)) / lr"),
        ("half of the square", "return (1 - np.sqrt(0.5) ** (1 / steps)) / lr"),
        ("another logarithm", "return np.log10(2) / (lr * steps)"),
        ("ε in the exponent", "return 1 - 0.5 ** (1 / (lr * steps))"),
    ],
    ("08", "decay_for_prior"): [
        ("both at once", "return 1 / s ** 2, 1 / (n * s ** 2)"),
        ("half of it in one", "return 1 / n / s**2 if reduction == 'mean' else 1 / (2 * s**2)"),
    ],
    ("08", "for_the_sum"): [
        ("the root of n", "return lr / np.sqrt(n), weight_decay * np.sqrt(n)"),
        ("ε the wrong way, λ kept", "return lr * n, weight_decay"),
        ("λ with ε in it", "return lr / n, lr * weight_decay * n"),
        ("the product", "return lr / n * weight_decay * n"),
        ("whole division", "return lr // n, weight_decay * n"),
    ],
    ("08", "same_rest"): [
        ("a pair", "return weight_decay / (1 - momentum), momentum"),
        ("added", "return weight_decay + momentum"),
        ("factor twice", "return weight_decay / (1 - momentum) ** 2"),
        ("the first terms only", "return weight_decay * sum(momentum**k for k in range(100))"),
        ("few_digits", "return round(weight_decay / (1 - momentum), 3)"),
    ],
    ("09", "repaired_step"): [
        ("divided by N twice", STEP.replace("df.sum(axis=0)", "df.mean(axis=0)")),
        ("divided by N and K", STEP.replace("len(x)", "g.size")),
        ("a batch of fixed size", STEP.replace("len(x)", "32")),
        ("softmax over the batch", STEP.replace("axis=1", "axis=0")),
        ("classes of the batch", STEP.replace("np.eye(len(b))", "np.eye(y.max() + 1)")),
        ("decay divided by N", STEP.replace("weight_decay * w", "weight_decay * w / len(x)")),
        ("divided by N twice, no decay at all",
         STEP.replace(" + weight_decay * w", "").replace("df.sum(axis=0)", "df.mean(axis=0)")),
        ("decay beside the velocity", STEP.replace(" + weight_decay * w", "").replace(
            "w - lr * vw", "w - lr * vw - lr * weight_decay * w")),
        ("moving average", STEP.replace("+ df.T @ x + weight_decay * w",
                                        "+ (1 - momentum) * (df.T @ x + weight_decay * w)").replace(
            "+ df.sum(axis=0)", "+ (1 - momentum) * df.sum(axis=0)")),
        ("velocity not kept", STEP.replace("momentum * vb + ", "")),
        ("gradient transposed", STEP.replace("df.T @ x", "x.T @ df")),
        ("w not transposed", STEP.replace("w.T", "w")),
        ("ε in the velocities", STEP.replace("df.T @ x", "lr * df.T @ x").replace(
            "+ weight", "+ lr * weight").replace("df.sum(", "lr * df.sum(").replace("- lr * v", "- v")),
        ("classes written as a number", STEP.replace("len(b)", "10")),
        ("bias summed over all", STEP.replace("df.sum(axis=0)", "df.sum()")),
        ("old parameters returned", STEP.replace("return w - lr * vw, b - lr * vb", "return w, b")),
        ("all labels in every row", STEP.replace(
            "df = (g - np.eye(len(b))[y]) / len(x)", "df = g\ndf[:, y] -= 1\ndf = df / len(x)")),
    ],
    ("09", "expected_first_loss"): [
        ("the error rate", "return 1 - 1 / n_classes"),
        ("softmax twice", "return math.log(math.e + n_classes - 1) - 1"),
        ("a squared error", "return (1 - 1 / n_classes) ** 2"),
        ("whole division", "return -np.log(1 // n_classes)"),
        ("exponential for logarithm", "return np.exp(n_classes)"),
        ("one yes-no question for each class",
         "return -np.log(1 / n_classes) - (n_classes - 1) * np.log(1 - 1 / n_classes)"),
    ],
    ("09", "confusion_counts"): [
        ("rows divided by their sums", ADDED + "return c / np.maximum(c.sum(1, keepdims=True), 1)"),
        ("rows divided by their sums", ADDED + "return c / c.sum(1, keepdims=True)"),
        ("columns divided by their sums", ADDED + "return c / np.maximum(c.sum(0), 1)"),
        ("fractions", ADDED + "return 100 * c / len(labels)"),
        ("bins between the extremes", "return np.histogram2d(labels, predicted, n_classes)[0]"),
        ("each label with each prediction", """
c = np.zeros((n_classes, n_classes))
for i in labels:
    for j in predicted:
        c[i, j] += 1
return c"""),
        ("a loop over the classes", """
c = np.zeros((n_classes, n_classes))
for k in range(n_classes):
    c[labels[k], predicted[k]] += 1
return c"""),
        ("a shape without its brackets", "return np.zeros(n_classes, n_classes)"),
        ("pairs without zip", "return [i for i, j in (labels, predicted)]"),
        ("only what is right", ADDED + "return np.diag(np.diag(c))"),
        ("both ways", ADDED + "return c + c.T"),
        ("too few bits", ADDED + "return c.astype(np.int8)"),
        ("too few bits", ADDED + "return c.astype(np.uint8)"),
        ("accuracy", "return (labels == predicted).mean()"),
        ("not made a table", "return np.bincount(n_classes * labels + predicted, minlength=n_classes ** 2)"),
        ("examples for classes", "return np.equal.outer(labels, predicted).astype(int)"),
        ("a class too far", COUNTED.format("labels, predicted", "i - 1, j - 1")),
        ("an example left out", COUNTED.format("labels[:-1], predicted[:-1]", "i, j")),
        ("each pair counted once", COUNTED.format("labels, predicted", "i, j").replace("+=", "=")),
        ("returned inside the loop",
         COUNTED.format("labels, predicted", "i, j").replace("return", "    return")),
        ("one row many times", """
c = [[0] * n_classes] * n_classes
for i, j in zip(labels, predicted):
    c[i][j] += 1
return c"""),
    ],
    ("07", "momentum_step"): [
        ("no memory", "return theta - lr * grad, velocity"),
        ("μ on the gradient", "v = velocity + momentum * grad; return theta - lr * v, v"),
        ("ε on the gradient only",
         "return theta - lr * grad - momentum * velocity, momentum * velocity + grad"),
        ("effective step",
         "v = momentum * velocity + grad; return theta - lr / (1 - momentum) * v, v"),
        ("εv for the velocity", "v = lr * (momentum * velocity + grad); return theta - v, v"),
        ("whole numbers", "v = (momentum * velocity + grad).astype(int); return theta - lr * v, v"),
        ("gradient subtracted from the velocity",
         "v = momentum * velocity - grad; return theta - lr * v, v"),
    ],
    ("07", "half_life"): [
        ("the weight after half a step", "return momentum ** 0.5"),
        ("a logarithm of the product", "return np.log(0.5 * momentum)"),
        ("1 − μ in place of μ", "return np.log(0.5) / np.log(1 - momentum)"),
        ("few digits of ln 2", "return -0.693 / np.log(momentum)"),
        ("the logarithms forgotten", "return 0.5 / momentum"),
        ("one step less or more", "return np.log(0.5) / np.log(momentum) - 1"),
        ("a whole number", """
n, w = 0, 1
while w > 0.5:
    w *= momentum
    n += 1
return n"""),
    ],
    ("07", "largest_lr"): [
        ("the first or the last curvature", "return 2 * (1 + momentum) / h[0]"),
        ("the first or the last curvature", "return 2 * (1 + momentum) / h[-1]"),
        ("the sum of the curvatures", "return 2 * (1 + momentum) / (h.max() + h.min())"),
        ("where rotation begins", "return (1 - np.sqrt(momentum)) ** 2 / h.max()"),
        ("μ counted once", "return (2 + momentum) / h.max()"),
        ("the index of the largest", "return (2 + 2 * momentum) / h.argmax()"),
        ("a mean of the limits", "return np.mean((2 + 2 * momentum) / h)"),
    ],
    ("07", "to_pytorch"): [
        ("velocity forgotten", "return lr * (1 - momentum), 0 * velocity"),
        ("from the classical form", "return lr, -velocity / lr"),
        ("a bracket missing", "return lr * 1 - momentum, velocity / 1 - momentum"),
        ("the signs of both turned", "return lr * (momentum - 1), velocity / (momentum - 1)"),
        ("one number for the velocity", "return lr * (1 - momentum), velocity[0] / (1 - momentum)"),
        ("ε in the velocity", "return lr * (1 - momentum), velocity / lr"),
        ("a step ahead", "return lr * (1 - momentum), momentum * velocity / (1 - momentum)"),
        ("1 + μ in place of 1 − μ", "return lr * (1 + momentum), velocity / (1 + momentum)"),
    ],
    ("07", "choice"): [
        ("swapped", "choice = (0.44, 0.055)"),
        ("neither squared", "choice = (2 / (50**0.5 + 2**0.5), 2 / 3)"),
    ],
}  # fmt: skip
SAID = {
    ("09", "found"): [
        ("Found: B, C, D, E. Not line 5 of program A: ε, μ and λ", "found = dict(A=5, B=15, C=8, D=3, E=7)"),
        ("Not line 3 of program E: the pixels are scaled", "found = dict(A=8, B=13, C=9, D=2, E=3)"),
        ("Not line 10 of program C: given dg", "found = dict(A=9, B=14, C=10, D=3, E=7)"),
        ("program D has the lines 1 to 13", "found = dict(A=8, B=15, C=8, D=30, E=7)"),
        ("program A has the lines 1 to 19", "found = dict(A=8.5, B=15, C=8, D=3, E=7)"),
        ("'E' missing", "found = dict(zip('ABCD', (8, 15, 8, 3)))"),
        ("'F' too many", "found = dict(zip('ABCDEF', (8, 15, 8, 3, 7, 1)))"),
        ("such as `{'A': 1", "found = [8, 15, 8, 3, 7]"),
        ("numbers of the lines", "found = dict(A='8', B=15, C=8, D=3, E=7)"),
        ("all one less", "found = dict(A=7, B=14, C=7, D=2, E=6)"),
    ],
    ("09", "tuned"): [
        ("`weight_decay` is missing", "tuned = {'lr': 0.1, 'momentum': 0.9}"),
        ("`eps`, `mu` are none of them", "tuned = dict(lr=1, momentum=0, weight_decay=0, eps=0.1, mu=0.9)"),
        ("such as `dict(lr=…", "tuned = (0.1, 0.9, 0.001)"),
        ("`momentum` = 1 cannot be: 0 ≤ μ < 1", "tuned = dict(lr=0.1, momentum=1, weight_decay=0.0)"),
        ("`lr` is a text", "tuned = dict(lr='0.1', momentum=0.9, weight_decay=0.0)"),
        ("`weight_decay` must be a single number", "tuned = dict(lr=0.1, momentum=0.9, weight_decay=None)"),
        ("`lr` = nan cannot be", "tuned = dict(lr=float('nan'), momentum=0.9, weight_decay=0.0)"),
    ],
    ("07", "choice"): [
        ("leave the quotation marks out", "choice = ('0.05', '0.4')"),
        ("dictionary", "choice = {'lr': 0.05, 'momentum': 0.4}"),
        ("These are 3", "choice = (0.05, 0.4, 0)"),
        ("single thing", "choice = 0.05"),
        ("must be positive, or nothing moves downhill", "choice = (-0.05, 0.4)"),
        ("NaN", "choice = (float('nan'), 0.4)"),
        ("nothing of the velocity is ever lost", "choice = (0.05, 1)"),
        ("turn the old velocity round", "choice = (0.03, -0.4)"),
        ("does not converge", "choice = (2.1 * 1.4 / 50, 0.4)"),
        ("this ε is the limit itself", "choice = (2 * 1.4 / 50, 0.4)"),
        ("a smaller μ is faster", "choice = (0.05, 0.99)"),
        ("with a larger ε", "choice = (0.001, 0.9)"),
    ],
}
RIGHT = {
    ("09", "repaired_step"): [STEP, STEP.replace("df.T @ x", "np.einsum('nk,nd->kd', df, x)")],
    ("09", "expected_first_loss"): ["return -math.log(1 / n_classes)"],
    ("09", "confusion_counts"): [
        "return np.eye(n_classes)[labels].T @ np.eye(n_classes)[predicted]",
        "return [[int(((labels == i) & (predicted == j)).sum()) for j in range(n_classes)]\n"
        "        for i in range(n_classes)]",
    ],
    ("07", "momentum_step"): [
        "v = [momentum * a + g for a, g in zip(velocity, grad)]\n"
        "return [t - lr * a for t, a in zip(theta, v)], v",
    ],
    ("07", "half_life"): ["return math.log(0.5, momentum)", "return -1 / math.log2(momentum)"],
    ("07", "largest_lr"): ["return min(2 * (1 + momentum) / x for x in h)"],
    ("07", "to_pytorch"): ["e = lr - lr * momentum; return [e, [lr / e * v for v in velocity]]"],
    ("07", "choice"): [
        "choice = np.array([1 / 18, 0.45])",
        "from fractions import Fraction\nchoice = [Fraction(1, 18), Fraction(4, 9)]",
    ],
    ("06", "log_sum_exp"): [
        "m = max(f); return m + math.log(sum(math.exp(x - m) for x in f))",
        "return np.logaddexp.reduce(f)",
    ],
    ("06", "accurate_loss"): [
        "return np.logaddexp(0, np.logaddexp.reduce(np.delete(f, label) - f[label]))",
        "i = f.argmax(); return math.log1p(sum(math.exp(x - f[i]) for j, x in enumerate(f) if j != i)) "
        "+ (f[i] - f[label])",
    ],
    ("06", "accurate_gradient"): [
        "g = np.exp(f - np.logaddexp.reduce(f)); g[label] = -np.delete(g, label).sum(); return list(g)",
    ],
    ("06", "smoothed_loss"): [
        "l = log_softmax(f); return -(1 - a) * l[label] - a * l[np.isfinite(f)].mean()",
    ],
}


@pytest.mark.parametrize(
    ("lesson", "name", "mistake", "source"),
    [(*task, mistake, source) for task, answers in NAMED.items() for mistake, source in answers],
)
def test_a_wrong_answer_is_told_its_own_mistake(lesson, name, mistake, source):
    verdict = verdict_on(lesson, name, source)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake), verdict.text


@pytest.mark.parametrize(
    ("lesson", "name", "said", "source"),
    [(*task, said, source) for task, answers in SAID.items() for said, source in answers],
)
def test_a_value_that_cannot_be_is_told_why(lesson, name, said, source):
    verdict = verdict_on(lesson, name, source)
    assert verdict.status == WRONG
    assert said in verdict.text


@pytest.mark.parametrize(
    ("lesson", "name", "source"),
    [(*task, source) for task, answers in RIGHT.items() for source in answers],
)
def test_a_right_answer_is_right_in_any_style(lesson, name, source):
    verdict = verdict_on(lesson, name, source)
    assert verdict.status == CORRECT or verdict.mistake == "made with helpers", verdict.text


def test_a_number_from_a_tensor_that_wants_its_gradient_is_one():
    torch = pytest.importorskip("torch")
    choice = importlib.import_module("helpers.exercises.lesson_07").choice
    assert choice.judge([torch.tensor(0.0555, requires_grad=True), 0.45]).status == CORRECT


def test_an_error_of_the_same_kind_is_not_the_same_mistake():
    from helpers.exercises.lesson_09 import repaired_step

    verdict = repaired_step.judge(lambda w, b, vw, vb, x, y, *more: np.array([1.0, 2.0]).reshape(3, 1))
    assert verdict.mistake == "a size written in the code"
    assert "cannot reshape" in verdict.text


def test_exit_in_one_branch_is_no_forgotten_return():
    body = "if reduction == 'sum':\n    raise SystemExit\nreturn 1 / n / s**2"
    assert "SystemExit" in verdict_on("08", "decay_for_prior", body).text
