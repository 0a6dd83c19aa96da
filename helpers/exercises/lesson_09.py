"""Lesson 09: the exercises and predictions on training a real classifier."""

from functools import cache
from itertools import combinations

import numpy as np

from helpers.digits import load_digits
from helpers.exercises.check import Exercise, Mistake, Property
from helpers.exercises.plain import freeze
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import raises
from helpers.losses import cross_entropy_loss
from helpers.models import MLP, train
from helpers.optim import SGD
from helpers.sabotaged import listing
from helpers.softmax import softmax

NAMES = ("lr", "momentum", "weight_decay")
STARTS, TARGET = 10, 0.28  # of the exercise `tuned`: the mean of so many runs is to be so low
MOST_MOMENTUM = 0.5


def _step(w, b, vw, vb, x, y, lr, momentum, weight_decay, *,
          twice=False, summed="", again="", late="", decayed="w", share=1.0, average="", kept="wb",
          divisor=None, axis=1, classes=None, turned=False, up=False, decoupled=False):  # fmt: skip
    """One step of softmax regression, with or without each of the planted bugs, in "w", "b" or both.

    Further mistakes: `again` divides by N once more, `share` scales the decay, `average` makes the velocity
    a moving average, `kept` keeps it, `axis` is that of softmax, `classes` the size of the one-hot target.
    """
    g = softmax(x @ w.T + b, axis=axis)
    g = softmax(g, axis=axis) if twice else g
    df = (g - np.eye(classes or len(b))[y]) * (-1 if turned else 1)
    n = divisor or len(x)
    size = {half: (1 if half in summed else n) * (n if half in again else 1) for half in "wb"}
    pull = weight_decay * share * w * ("w" in decayed)
    grad_w = df.T @ x / size["w"] + (0 if decoupled else pull)
    grad_b = df.sum(axis=0) / size["b"] + weight_decay * share * b * ("b" in decayed)
    grad_w, grad_b = grad_w * (1 - momentum * ("w" in average)), grad_b * (1 - momentum * ("b" in average))
    new_w, new_b = momentum * vw * ("w" in kept) + grad_w, momentum * vb * ("b" in kept) + grad_b
    used_w, used_b = vw if "w" in late else new_w, vb if "b" in late else new_b
    lr = -lr if up else lr
    return w - lr * (used_w + (pull if decoupled else 0)), b - lr * used_b, new_w, new_b


def _planted(**bugs):
    return lambda *case: _step(*case, **bugs)


BUGS = {  # each planted bug: how `_step` makes it, and what is said of it
    "softmax twice": (
        {"twice": True},
        "softmax is applied twice (lesson 04), so the probabilities are squeezed together and g − y is "
        "never small",
    ),
    "sum for mean": (
        {"summed": "wb"},
        "the gradient is summed over the batch (lesson 04), so the step grows with it: divide g − y by N",
    ),
    "old velocity": (
        {"late": "wb"},
        "the parameters move with the *old* velocity (lesson 07): update it first, then step with it",
    ),
    "decay on the bias": (
        {"decayed": "wb"},
        "the bias decays (lesson 08): weight_decay · b has no place in its velocity",
    ),
}


def _left(names):
    """Return the mistake of leaving just these of the planted bugs."""
    planted, said = {}, []
    for name in names:
        planted |= BUGS[name][0]
        said.append(BUGS[name][1])
    start = "This is the broken step as it came, all four bugs. " if len(names) == len(BUGS) else ""
    return Mistake(", ".join(names), _planted(**planted), f"{start}Left: {'; '.join(said)}.")


def _returns(*places):
    """Return a right step that hands back its four results in another order, or only some of them."""
    return lambda *case: tuple(_step(*case)[place] for place in places)


SETTINGS = [(0.2, 0.9, 0.01), (0.5, 0.4, 0.1), (0.1, 0.8, 0.02), (0.3, 0.6, 0.05), (0.25, 0.5, 0.3)]


def _case(seed, n, d, k):
    rng = np.random.default_rng(seed)
    shapes = ((k, d), (k,), (k, d), (k,), (n, d))
    w, b, vw, vb, x = (rng.normal(size=shape).round(1) for shape in shapes)
    return w, b, vw, vb, x, rng.integers(k, size=n), *SETTINGS[seed]


def _changed_target(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    df = softmax(x @ w.T + b)
    df[:, y] -= 1
    return _with_gradient(df / len(x), w, b, vw, vb, x, lr, momentum, weight_decay)


def _one_softmax_for_all(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    e = np.exp(x @ w.T + b)
    df = (e / e.sum() - np.eye(len(b))[y]) / len(x)
    return _with_gradient(df, w, b, vw, vb, x, lr, momentum, weight_decay)


def _with_gradient(df, w, b, vw, vb, x, lr, momentum, weight_decay):
    vw, vb = momentum * vw + df.T @ x + weight_decay * w, momentum * vb + df.sum(axis=0)
    return w - lr * vw, b - lr * vb, vw, vb


def _learning_rate_inside(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    new_w, new_b, vw, vb = _step(w, b, vw / lr, vb / lr, x, y, lr, momentum, weight_decay)
    return new_w, new_b, lr * vw, lr * vb


def _learning_rate_twice(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    _, _, new_w, new_b = _step(w, b, 0 * vw, 0 * vb, x, y, lr, momentum, weight_decay)
    vw, vb = momentum * vw + lr * new_w, momentum * vb + lr * new_b
    return w - lr * vw, b - lr * vb, vw, vb


def _bias_over_all(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    new_w, _, vw, _ = _step(w, b, vw, vb, x, y, lr, momentum, weight_decay)
    return new_w, b - lr * momentum * vb, vw, momentum * vb


def _transposed(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    return momentum * vw + x.T @ (softmax(x @ w.T + b) - np.eye(len(b))[y]) / len(x)


repaired_step = Exercise(
    name="repaired_step",
    reference=lambda w, b, vw, vb, x, y, lr, momentum, weight_decay: _step(
        w, b, vw, vb, x, y, lr, momentum, weight_decay
    ),
    cases=[
        _case(0, 2, 2, 3), _case(1, 5, 3, 4), _case(2, 8, 4, 3),
        (*(case := _case(3, 4, 2, 5))[:5], case[5] % 3, *case[6:]),  # the last classes are not in the batch
        _case(4, 1, 2, 3),
    ],
    shown="All four bugs are gone: one softmax, the mean over the batch, the new velocity, no decay on "
             "biases.",
    mistakes=[
        *(_left(names) for count in range(1, len(BUGS) + 1) for names in combinations(BUGS, count)),
        Mistake("mean in one half", _planted(summed="w"),
                "The mean is taken in one of the two velocities only, and the other still gets a sum. Divide "
                "g − y by N once, before both.",
                also=[_planted(summed="b")]),
        Mistake("divided by K", lambda *case: _step(*case, divisor=len(case[1])),
                "You divide by the number of classes. The mean is over the N examples of the batch: "
                "`len(x)`."),
        Mistake("divided by N twice", _planted(again="wb"),
                "The gradient is divided by N twice: once is the mean. (`df.mean(axis=0)` divides, too.)",
                also=[_planted(again="b"), _planted(again="w")]),
        Mistake("divided by N and K", lambda *case: _step(*case, divisor=len(case[4]) * len(case[1])),
                "You divide by the number of *entries* of g − y, N · K. The mean is over the N examples: "
                "`len(x)`."),
        Mistake("a batch of fixed size", _planted(divisor=32),
                "The size of the batch is written as a number; it changes from batch to batch: `len(x)`.",
                also=[_planted(divisor=size) for size in (2, 8, 10, 16, 25, 50, 60, 64, 100, 128, 256)]),
        Mistake("softmax over the batch", _planted(axis=0),
                "Softmax runs down the columns, over the examples. Each *row* is one example: `axis=1`."),
        Mistake("classes of the batch", lambda *case: _step(*case, classes=max(case[5]) + 1),
                "The one-hot target has as many columns as the labels of *this batch* reach. A class that is "
                "not among them has its column, too: K is `len(b)`."),
        Mistake("decay beside the velocity", _planted(decoupled=True),
                "The decay is decoupled here: it goes past the velocity, as in AdamW (lesson 08). In this "
                "step it is part of the gradient, and so of `vw`."),
        Mistake("decay divided by N", lambda *case: _step(*case, share=1 / len(case[4])),
                "The decay is divided by N, too. Only the sum over the examples becomes a mean: "
                "weight_decay · w is added to it as it is."),
        Mistake("ε in the decay", lambda *case: _step(*case, share=case[6]),
                "ε multiplies the decay in the velocity, and once more in the step: weight_decay · w is "
                "added to the mean gradient as it is."),
        Mistake("decay of another size", _planted(share=2.0),
                "The decay has a factor too many: weight_decay · w is added to the mean gradient as it is, "
                "not doubled, not halved, not multiplied by N.",
                also=[_planted(share=0.5), lambda *case: _step(*case, share=len(case[4]))]),
        Mistake("moving average", _planted(average="wb"),
                "You give the gradient the weight 1 − μ: that is a moving average. Here, as in PyTorch, its "
                "weight is 1 (lesson 07)."),
        Mistake("velocity not kept", _planted(kept="w"),
                "One of the velocities does not keep μ times its old value: `momentum * vw`, `momentum * "
                "vb`.",
                also=[_planted(kept="b"), _planted(kept="")]),
        Mistake("gradient transposed", _transposed,
                "`x.T @ df` has the shape (D, K); w has (K, D), so it is `df.T @ x`.",
                when=raises("shapes (3,2) (2,3)", "shapes (2,3) (3,2)")),
        Mistake("w not transposed", lambda w, b, vw, vb, x, y, *more: x @ w,
                "x has the shape (N, D) and w (K, D): the logits are `x @ w.T + b`.",
                when=raises("matmul: Input operand")),
        Mistake("old velocity in one half", _planted(late="w"),
                "One of w and b still moves with its old velocity. Both steps stand after both new "
                "velocities.",
                also=[_planted(late="b")]),
        Mistake("decay exchanged", _planted(decayed="b"),
                "The weights have lost their decay, and the bias has kept it. It is the other way round: "
                "weight_decay · w stays, weight_decay · b goes."),
        Mistake("no decay at all", _planted(decayed=""),
                "The decay is gone from the weights, too. Only the bias is exempt: weight_decay · w stays."),
        Mistake("gradient turned", _planted(turned=True),
                "The gradient is g − y; yours is y − g, and the step climbs."),
        Mistake("uphill", _planted(up=True),
                "You add ε v: that climbs the loss. Subtract it."),
        Mistake("velocities first", _returns(2, 3, 0, 1),
                "The numbers are right, in another order: return w, b and then their velocities.",
                also=[_returns(0, 2, 1, 3), _returns(1, 0, 3, 2)]),
        Mistake("divided by D", lambda *case: _step(*case, divisor=case[4].shape[1]),
                "You divide by the number of pixels, the columns of x. The mean is over the N examples: "
                "`len(x)`."),
        Mistake("classes written as a number", _planted(classes=10),
                "The number of classes is written into the code. Here K is the length of b: "
                "`np.eye(len(b))`.",
                also=[_planted(classes=k) for k in (2, 3, 4, 5, 9)]),
        Mistake("old velocity kept whole", lambda *case: _step(*case[:7], 1.0, case[8]),
                "μ is missing: the velocities keep their whole old value. `momentum * vw`, `momentum * vb`."),
        Mistake("all labels in every row", _changed_target,
                "`df[:, y] -= 1` subtracts 1 in *every* row, in the columns of all labels. Each row has one "
                "label: `df[np.arange(len(y)), y] -= 1`."),
        Mistake("one softmax for the whole batch", _one_softmax_for_all,
                "The exponentials are divided by the sum over the whole batch. Each row is one example, with "
                "probabilities that sum to 1: `axis=1, keepdims=True`."),
        Mistake("ε in the velocities", _learning_rate_inside,
                "ε stands in the velocity: that is the classical form. Here, as in PyTorch, it multiplies "
                "the step only (lesson 07).",
                also=[_learning_rate_twice]),
        Mistake("bias summed over all", _bias_over_all,
                "`df.sum()` over everything is 0, since g − y sums to 0 in each row. Each class has its own "
                "bias: `df.sum(axis=0)`."),
        Mistake("old parameters returned", lambda *case: (*case[:2], *_step(*case)[2:]),
                "The velocities are right, but the w and b you return are the old ones.",
                also=[lambda *case: (case[0], *_step(*case)[1:]),
                      lambda *case: (_step(*case)[0], case[1], *_step(*case)[2:])]),
        Mistake("old velocities returned", lambda *case: (*_step(*case)[:2], *case[2:4]),
                "w and b are right, but the velocities you return are the old ones. The next step needs the "
                "new ones.",
                also=[lambda *case: (*_step(*case)[:2], case[2], _step(*case)[3]),
                      lambda *case: (*_step(*case)[:3], case[3])]),
        Mistake("velocities forgotten", _returns(0, 1),
                "Only two results: the next step needs the new velocities, too. Return "
                "`w, b, vw, vb`.",
                when=lambda trials: type(trials[0].got.value) is tuple and len(trials[0].got.value) == 2),
    ],
    hints=[
        "Go through the lines with one question each: what comes in, what should come out? The line of "
        "`df` has two bugs, one line stands in the wrong place, and one velocity has a term too many.",
        "Softmax is applied once. g − y is divided by N. The velocity is updated before it is used. The "
        "bias has no decay.",
    ],
    solution="""
def repaired_step(w, b, vw, vb, x, y, lr, momentum, weight_decay):
    f = x @ w.T + b
    e = np.exp(f - f.max(axis=1, keepdims=True))
    g = e / e.sum(axis=1, keepdims=True)
    df = (g - np.eye(len(b))[y]) / len(x)
    vw = momentum * vw + df.T @ x + weight_decay * w
    vb = momentum * vb + df.sum(axis=0)
    return w - lr * vw, b - lr * vb, vw, vb
""",
)  # fmt: skip

expected_first_loss = Exercise(
    name="expected_first_loss",
    reference=lambda n_classes: np.log(n_classes),
    cases=[(2,), (10,), (1000,)],
    shown="Equal probabilities 1/K cost −ln(1/K) = ln K, for every label.",
    mistakes=[
        Mistake("base 2", lambda n_classes: np.log2(n_classes), "Those are bits. Our losses are in nats: "
                 "the natural logarithm."),
        Mistake("base 10", lambda n_classes: np.log10(n_classes), "That is the logarithm to base 10. Take "
                 "the natural one."),
        Mistake("sign turned", lambda n_classes: -np.log(n_classes),
                "The loss is −ln of 1/K, and ln(1/K) is negative: the two signs cancel."),
        Mistake("the probability", lambda n_classes: 1 / n_classes,
                "1/K is the probability of the right class. The loss is minus its logarithm."),
        Mistake("averaged over the classes", lambda n_classes: np.log(n_classes) / n_classes,
                "You have ln K divided by K: that is one of the K terms of −Σ p ln p, or a mean over the "
                "classes. Add up all K terms; or count the right class alone, with weight 1."),
        Mistake("summed over the classes", lambda n_classes: n_classes * np.log(n_classes),
                "You sum −ln(1/K) over all classes. Only the right class counts, with weight 1."),
        Mistake("exponential for logarithm", lambda n_classes: np.exp(n_classes),
                "e^K is enormous. The loss is minus the *logarithm* of the probability 1/K.",
                also=[lambda n_classes: np.exp(-n_classes), lambda n_classes: np.exp(1 / n_classes)]),
        Mistake("the error rate", lambda n_classes: 1 - 1 / n_classes,
                "1 − 1/K is how often a guess is wrong. The cross-entropy is −ln of the probability of the "
                "right class."),
        Mistake("one yes-no question for each class",
                lambda n_classes: np.log(n_classes) - (n_classes - 1) * np.log(1 - 1 / n_classes),
                "You add −ln(1 − 1/K) for every wrong class: that is K yes-no questions (lesson 04). The "
                "cross-entropy of softmax asks one question, and only the right class counts.",
                also=[lambda n_classes: (np.log(n_classes) - (n_classes - 1) * np.log(1 - 1 / n_classes))
                      / n_classes]),
        Mistake("a squared error", lambda n_classes: (1 - 1 / n_classes) ** 2,
                "That is a squared error. The cross-entropy is −ln of the probability of the right class.",
                also=[lambda n_classes: (1 - 1 / n_classes) ** 2 / n_classes,
                      lambda n_classes: (n_classes - 1) / n_classes**2]),
        Mistake("softmax twice",
                lambda n_classes: -np.log(np.e / (np.e + n_classes - 1)),
                "That is the *lowest* loss of a softmax taken twice, for the best model. Asked for is the "
                "loss where all K probabilities are 1/K."),
        Mistake("2 to the loss", lambda n_classes: n_classes * np.log(2),
                "ln 2 times K would be K yes-no questions answered with ½. Here is one question with K "
                "answers of probability 1/K.",
                also=[lambda n_classes: np.log(2) * np.log(n_classes), lambda n_classes: n_classes / np.e]),
        Mistake("a model with random weights",
                lambda n_classes: 1.002 * np.log(n_classes),
                "Near, but you let a model with random weights guess. Equal probabilities are 1/K each, and "
                "their loss needs no simulation.",
                when=lambda trials: not all(one.right for one in trials)
                and all(abs(one.got.value / one.expected.value - 1) < 0.05 for one in trials)),
        Mistake("whole division", lambda n_classes: -np.log(1 // n_classes),
                "`1 // K` is 0: `//` cuts the decimals off. Divide with `/`."),
        Mistake("the wrong classes only", lambda n_classes: np.log(n_classes - 1),
                "There are K equal probabilities, the right class among them: 1/K each, not 1/(K − 1).",
                also=[lambda n_classes: np.log(n_classes + 1)]),
    ],
    hints=["A model that knows nothing gives every class the same probability. Which?",
           "What does −ln g_ℓ say of that probability?"],
    solution="def expected_first_loss(n_classes):\n    return np.log(n_classes)",
    also_right=["def expected_first_loss(n_classes):\n    return -np.log(1 / n_classes)",
                "def expected_first_loss(n_classes):\n    p = np.ones(n_classes) / n_classes\n"
                "    return -(p * np.log(p)).sum()"],
)  # fmt: skip


def _confusion(labels, predicted, n_classes):
    counts = np.zeros((n_classes, n_classes))
    np.add.at(counts, (labels, predicted), 1)
    return counts


def _counted_once(labels, predicted, n_classes):
    counts = np.zeros((n_classes, n_classes))
    counts[labels, predicted] += 1
    return counts


confusion_counts = Exercise(
    name="confusion_counts",
    reference=lambda labels, predicted, n_classes: _confusion(labels, predicted, n_classes),
    extreme=[(np.repeat([0, 1], [300, 2]), np.repeat([0, 1], [299, 3]), 2)],  # more than 8 bits hold
    cases=[
        (np.array([0, 0, 0, 1, 2, 2]), np.array([0, 0, 1, 1, 2, 0]), 3),
        (np.array([3, 3, 3, 1, 0, 1, 3]), np.array([1, 1, 3, 1, 2, 2, 3]), 4),
        (np.array([0, 1, 1]), np.array([1, 1, 0]), 3),  # class 2 does not occur
    ],
    shown="Row: what it was. Column: what was said. The diagonal holds what was right.",
    mistakes=[
        Mistake("each pair counted once", _counted_once,
                "A pair that occurs several times must be counted each time. `= 1` only marks it, and "
                "`counts[labels, predicted] += 1` with arrays adds 1 *once* to it: add 1 for one pair after "
                "the other, or use `np.add.at`."),
        Mistake("rows and columns swapped",
                lambda labels, predicted, n_classes: _confusion(predicted, labels, n_classes),
                "The rows are to be the labels, the columns the predictions; yours are the other way round."),
        Mistake("fractions",
                lambda labels, predicted, n_classes: _confusion(labels, predicted, n_classes) / len(labels),
                "Counts are asked for; do not divide by N.",
                also=[lambda labels, predicted, n_classes:
                      100 * _confusion(labels, predicted, n_classes) / len(labels)]),
        Mistake("rows divided by their sums",
                lambda *case: _confusion(*case) / np.maximum(_confusion(*case).sum(1, keepdims=True), 1),
                "You divide each row by its sum: those are shares. Counts are asked for.",
                also=[lambda *case: _confusion(*case) / _confusion(*case).sum(1, keepdims=True)]),
        Mistake("columns divided by their sums",
                lambda *case: _confusion(*case) / np.maximum(_confusion(*case).sum(0), 1),
                "You divide by the sums of the columns (`axis=0`): those are shares. Counts are asked for.",
                also=[lambda *case: _confusion(*case) / _confusion(*case).sum(0),
                      lambda *case: _confusion(*case) / _confusion(*case).sum(1),
                      lambda *case: _confusion(*case) / np.maximum(_confusion(*case).sum(1), 1)]),
        Mistake("a loop over the classes",
                lambda labels, predicted, n: _confusion(labels[:n], predicted[:n], n),
                "The loop runs over K examples only, as many as there are classes. It is the examples that "
                "are counted: `range(len(labels))`.",
                also=[lambda labels, predicted, n: _confusion(labels[range(n)], predicted[range(n)], n)]),
        Mistake("each label with each prediction",
                lambda labels, predicted, n: np.outer(
                    np.bincount(labels, minlength=n), np.bincount(predicted, minlength=n)),
                "Two loops, one inside the other, pair every label with every prediction. One example has "
                "one of each: `zip(labels, predicted)`."),
        Mistake("labels alone",
                lambda labels, predicted, n: np.repeat(np.bincount(labels, minlength=n)[:, None], n, axis=1),
                "A whole row is raised for each label. What was said counts, too: `counts[i, j] += 1`.",
                also=[lambda labels, predicted, n: np.bincount(labels, minlength=n),
                      lambda labels, predicted, n: np.bincount(predicted, minlength=n)]),
        Mistake("bins between the extremes",
                lambda labels, predicted, n: np.histogram2d(labels, predicted, bins=n)[0],
                "`histogram2d` with a number of bins cuts the range that *occurs* into so many. Give it the "
                "edges: `np.arange(n_classes + 1) - 0.5`."),
        Mistake("only the pairs that occur",
                lambda labels, predicted, n: np.unique(
                    np.stack([labels, predicted]), axis=1, return_counts=True)[1],
                "You count the pairs that occur, one after the other. Asked for is a table of shape (K, K), "
                "with 0 for a pair that does not occur.",
                when=lambda trials: all(
                    isinstance(one.got.value, dict)
                    or one.got.value.shape == (len({*zip(*map(tuple, one.given[:2]), strict=True)}),)
                    for one in trials if not one.extreme)),
        Mistake("only what is right", lambda *case: _confusion(*case) * np.eye(case[2]),
                "Only the diagonal is counted. What was wrong is counted, too: label i, prediction j.",
                also=[lambda *case: np.diag(_confusion(*case))]),
        Mistake("a class too far", lambda *case: np.roll(_confusion(*case), (-1, -1), (0, 1)),
                "Each count stands one row and one column too far: the classes begin with 0, so nothing is "
                "added to or taken from a label."),
        Mistake("an example left out",
                lambda labels, predicted, n: _confusion(labels[:-1], predicted[:-1], n),
                "One example is missing: does the loop, or a slice, leave out the last or the first?",
                also=[lambda labels, predicted, n: _confusion(labels[1:], predicted[1:], n)]),
        Mistake("returned inside the loop",
                lambda labels, predicted, n: _confusion(labels[:1], predicted[:1], n),
                "Only the first pair is counted: `return` stands inside the loop. Move it to the left."),
        Mistake("both ways",
                lambda *case: _confusion(*case) + (_confusion(*case) * (1 - np.eye(case[2]))).T,
                "You count each error at [i, j] and at [j, i]. That an i was taken for a j says nothing of a "
                "j taken for an i.",
                also=[lambda *case: _confusion(*case) + _confusion(*case).T]),
        Mistake("one row many times",
                lambda labels, predicted, n: np.tile(np.bincount(predicted, minlength=n), (n, 1)),
                "All rows are the same list: `[[0] * K] * K` holds K times *one* row. Make each anew, or use "
                "`np.zeros((K, K))`."),
        Mistake("accuracy", lambda labels, predicted, n: (labels == predicted).mean(),
                "That is one number about all classes. Asked for is the table of how often an i was taken "
                "for a j.",
                also=[lambda labels, predicted, n: (labels == predicted).sum(),
                      lambda labels, predicted, n: (labels != predicted).mean()]),
        Mistake("not made a table",
                lambda labels, predicted, n: np.bincount(labels * n + predicted, minlength=n**2),
                "The counts are right, in one long row: `.reshape(n_classes, n_classes)`."),
        Mistake("examples for classes",
                lambda labels, predicted, n: np.equal.outer(labels, predicted) * 1.0,
                "Your table has a row and a column for each *example*. It has one for each class.",
                also=[lambda labels, predicted, n: np.eye(n)[labels] * np.eye(n)[predicted],
                      lambda labels, predicted, n: 1.0 * (np.eye(n)[labels] == np.eye(n)[predicted])]),
        Mistake("too few bits",
                lambda *case: _confusion(*case).astype(int).astype(np.int8),
                "Right for small counts. An array of 8 bits begins again at 0 (or at −128) when a count gets "
                "too large: leave out the `dtype`, or take `int`.",
                also=[lambda *case: _confusion(*case).astype(int).astype(np.uint8)]),
        Mistake("only what is wrong",
                lambda *case: _confusion(*case) * (1 - np.eye(case[2])),
                "The diagonal is missing: what was right is counted, too."),
        Mistake("only classes that occur",
                lambda labels, predicted, n_classes: _confusion(
                    labels, predicted, max(*labels, *predicted) + 1
                ),
                "Right while every class occurs. One that does not has its row and its column, too: the "
                "shape is (K, K), whatever the labels.",
                also=[lambda labels, predicted, n_classes: _confusion(labels, predicted, n_classes)[
                          np.ix_(np.unique(labels), np.unique(predicted))],
                      lambda labels, predicted, n_classes: _confusion(labels, predicted, n_classes)[
                          np.ix_(*[np.union1d(labels, predicted)] * 2)]]),
        Mistake("as many numbers as occur",
                lambda labels, predicted, n_classes: np.bincount(
                    labels * n_classes + predicted).reshape(n_classes, n_classes),
                "`np.bincount` ends with the largest number that occurs, so that the last pairs may be "
                "missing: then no table of K × K comes of it. `minlength=n_classes**2` gives each a place."),
        Mistake("pairs without zip",
                lambda labels, predicted, n_classes: [i for i, j in (labels, predicted)],
                "`for i, j in labels, predicted` takes the two arrays one after the other. Pairs come from "
                "`zip(labels, predicted)`.",
                when=raises("values to unpack")),
        Mistake("a shape without its brackets",
                lambda labels, predicted, n_classes: np.zeros(n_classes, n_classes),
                "`np.zeros` takes the shape as *one* argument, a pair: `np.zeros((n_classes, n_classes))`.",
                when=raises("as a data type")),
    ],
    hints=["Begin with `np.zeros((n_classes, n_classes))` and go through the pairs of label and "
           "prediction.",
           "For each pair add 1 at `counts[label, prediction]`."],
    solution="""
def confusion_counts(labels, predicted, n_classes):
    counts = np.zeros((n_classes, n_classes))
    for label, prediction in zip(labels, predicted):
        counts[label, prediction] += 1
    return counts
""",
)  # fmt: skip


def reached(settings) -> float:
    """Return the mean validation NLL of ten runs, ten epochs on 300 digits; infinity if one diverges.

    Each has its own start and batches: in a single run luck is worth some hundredths, in their mean less
    than one.
    """
    return float(np.mean([_reached(*(float(settings[name]) for name in NAMES), s) for s in range(STARTS)]))


@cache
def _reached(lr, momentum, weight_decay, seed):
    x, y = load_digits()
    order = np.random.default_rng(0).permutation(len(x))
    fit, valid, model = order[:300], order[1000:1400], MLP(64, 32, 10, seed=seed)
    optimizer = SGD(model.parameters, lr, momentum, weight_decay)
    try:
        for _ in train(model, optimizer, x[fit] / 16, y[fit], 10, 25, seed):
            pass
        return float(cross_entropy_loss(model.logits(x[valid] / 16), y[valid]))
    except ValueError:
        return np.inf


def _no_settings(answer) -> str:
    """Say what is missing in, or wrong about, a dictionary of settings."""
    wanted = "A dictionary with the keys `lr`, `momentum` and `weight_decay` is asked for"
    if not isinstance(answer, dict):
        return f"{wanted}, such as `dict(lr=…, momentum=…, weight_decay=…)`."
    said = {"is missing": [name for name in NAMES if name not in answer],
            "is none of them": [str(name) for name in answer if name not in NAMES]}
    parts = [f"{', '.join(f'`{name}`' for name in names)} {verb if len(names) == 1 else f'are{verb[2:]}'}"
             for verb, names in said.items() if names]
    return f"{wanted}: {'; '.join(parts)}."


def _no_run(settings) -> str:
    """Say which of the three no run can be made with."""
    said = []
    for name, bounds in zip(NAMES, ("ε > 0", "0 ≤ μ < 1", "λ ≥ 0"), strict=True):
        value = freeze(settings[name])
        if isinstance(value, str):
            said.append(f"`{name}` is a text: leave the quotation marks out")
        elif not (isinstance(value, np.ndarray) and value.ndim == 0):
            said.append(f"`{name}` must be a single number")
        elif not _in_range({other: 0.5 for other in NAMES} | {name: value}):
            said.append(f"`{name}` = {float(value):g} cannot be: {bounds}")
    return f"No run can be made with it: {'; '.join(said)}."


def _in_range(settings) -> bool:
    """Tell whether these are single numbers that a run can be made with: ε > 0, 0 ≤ μ < 1, λ ≥ 0."""
    values = [freeze(settings[name]) for name in NAMES]
    if not all(isinstance(value, np.ndarray) and value.ndim == 0 for value in values):
        return False
    lr, momentum, weight_decay = map(float, values)
    return 0 < lr < np.inf and 0 <= momentum < 1 and 0 <= weight_decay < np.inf


def _given(trials):
    settings = trials[0].got.value
    if not _in_range(settings):
        raise ValueError("no run can be made with these settings")
    return {name: float(value) for name, value in settings.items()}


def _effective(trials):
    c = _given(trials)
    return c["lr"] / (1 - c["momentum"])


tuned = Exercise(
    name="tuned",
    reference={"lr": 0.5, "momentum": 0.5, "weight_decay": 1e-4},
    properties=[
        Property(lambda c: isinstance(c, dict) and set(c) == set(NAMES), _no_settings),
        Property(_in_range, _no_run),
        Property(lambda c: float(c["momentum"]) <= MOST_MOMENTUM,
                 f"The momentum may be {MOST_MOMENTUM} at most."),
        Property(lambda c: reached(c) <= TARGET,
                 f"After ten epochs the validation NLL is still above {TARGET}, in the mean of ten runs. "
                 "What counts first is the effective step ε/(1 − μ): the explorer's is 1."),
    ],
    shown=f"The validation NLL is at most {TARGET} after ten epochs, in the mean of ten runs. (It was "
          "tuned on the validation data: an honest number would have to come from the test data.)",
    mistakes=[
        Mistake("decay too strong", {"lr": 0.5, "momentum": 0.5, "weight_decay": 0.1},
                "With so much decay the weights are kept small, and the loss far above what the network can "
                "reach. Take λ = 10⁻³ or less.",
                when=lambda trials: _given(trials)["weight_decay"] >= 0.02),
        Mistake("too small", {"lr": 0.05, "momentum": 0.5, "weight_decay": 0.0},
                "The effective step ε/(1 − μ) is below 0.45: ten epochs end before the loss has fallen. "
                "Raise ε.",
                when=lambda trials: _effective(trials) < 0.45),
        Mistake("too large", {"lr": 1.0, "momentum": 0.5, "weight_decay": 0.0},
                "The effective step ε/(1 − μ) is above 1.55: in some of the ten runs the loss jumps about. "
                "Lower ε.",
                when=lambda trials: _effective(trials) > 1.55),
    ],
    hints=["What counts most is the effective step ε/(1 − μ) (lesson 07). What is it at the explorer's "
           "starting values, ε = 0.1 and μ = 0.9?",
           "It is 1 there. With μ = 0.5 that takes ε = 0.5. Keep λ at most 10⁻³."],
    solution='tuned = {"lr": 0.5, "momentum": 0.5, "weight_decay": 1e-4}',
)  # fmt: skip

four_times = Prediction(
    name="four_times",
    question="With ε = 0.1 and μ = 0.9 a small network learns 300 digits in a few epochs. You make ε four "
             "times as "
             "large and leave μ. What do you expect?",
    options={
        "The same curve, four times as fast.":
            "so it would be as long as the steps are small. They are not: ε/(1 − μ) is 4 now.",
        "The loss is NaN after a few steps.":
            "that is what a quadratic bowl beyond its limit leads to. Here the loss grows at most "
            "linearly in the logits, its gradient with respect to them, (g − y)/N, stays bounded, and the "
            "run is thrown about.",
        "The loss falls, but then jumps up and down, far above where the run with ε = 0.1 ends.":
            "the steps overshoot, and momentum carries them on. With ε = 0.1 the training loss ended below "
            "0.01, now it is thrown about between some tenths and more than 1. The bowl of a classifier "
            "flattens outwards, so the run does not fly off. But the damage stays: a step too long can "
            "push a hidden unit so far that it gives 0 for every training digit, and then no gradient "
            "reaches it any more.",
        "Slower at first, but in the end a lower loss.":
            "it ends far higher. At the end of this run 27 of the 32 hidden units give 0 for every training "
            "digit, and the few that are left cannot tell ten digits apart.",
    },
    answer="The loss falls, but then jumps up and down, far above where the run with ε = 0.1 ends.",
)  # fmt: skip

best_rate = Prediction(
    name="best_rate",
    question="The sweep's smoothed loss is lowest at ε = 1.2, and the finder's rule, valley, picks 0.028. "
             "With which rate do ten epochs of training end at the lowest validation NLL?",
    options={
        "With what valley picks, 0.028.":
            "it is safe, and slow: ten epochs end at an NLL of about 0.2, and are still falling.",
        "Where the smoothed loss is lowest, 1.2.":
            "there training fails: in the sweep this rate had a single step, after smaller ones. And the "
            "smoothed loss lags behind: the batches had turned up before.",
        "Between the two, several times what valley picks.":
            "around 0.1 ten epochs end near 0.1, half of what valley's rate reaches. The rule picks the "
            "middle of the longest descent, where the fall has hardly begun: a rate to start trying from.",
        "Left of both, where the curve is still flat.":
            "too slow: ten epochs end at 1.8 with ε = 0.003, at 2.2 with 0.001. (The sweep takes one step "
            "with each rate: where it is flat, many steps may still learn.)",
    },
    answer="Between the two, several times what valley picks.",
)  # fmt: skip

calibrated = Prediction(
    name="calibrated",
    question="Softmax regression is right for 96.5 % of the digits that it has not seen. How sure is it of "
             "its answers, on average? (How sure: the largest of its ten probabilities.)",
    options={
        "About 96 %: the NLL rewards honest probabilities.":
            "it pulls that way: after 300 epochs it is 95 % sure. But after 30 the weights are still "
            "growing, and with them the logits.",
        "About 91 %: it is more often right than it claims.":
            "too timid. Its weights start near 0, where every class gets 1/10, and have not yet grown to the "
            "size that their directions deserve.",
        "About 99 %: classifiers are too sure.":
            "large networks trained for long often are; Guo and others (2017) made it known. This model is "
            "small, and its training short.",
        "About 55 %, as the model of lesson 08.":
            "that one was held down by λ = 0.01, with 150 digits of which 30 had wrong labels. Here λ is a "
            "hundredth of that.",
    },
    answer="About 91 %: it is more often right than it claims.",
)  # fmt: skip

wrong_labels = Prediction(
    name="wrong_labels",
    question="30 % of the *training* labels are wrong; the validation labels are right. A network with "
             "128 hidden "
             "units trains for 40 epochs. What does the validation NLL do?",
    options={
        "It follows the training loss down, more slowly.":
            "for the first dozen epochs. Then what the network learns are the wrong labels, one by one.",
        "It stays at ln 10: with so many wrong labels nothing can be learnt.":
            "70 % of the labels agree with each other, the wrong ones are scattered over nine classes.",
        "It jumps up and down from the first step on.":
            "it is rougher than with clean labels, but falls well below 1 first.",
        "It falls, and rises again while the training loss goes on falling.":
            "over-fitting: what all examples share is learnt first, what only single examples say, "
            "the wrong labels, later. Stopping at the lowest point, weight decay or a smaller rate helps; "
            "fewer hidden units do not.",
    },
    answer="It falls, and rises again while the training loss goes on falling.",
)  # fmt: skip

decayed_biases = Prediction(
    name="decayed_biases",
    question="A run with right labels and λ = 0.01, once with the biases exempt and once with them decayed, "
             "too. What differs at the end?",
    options={
        "The accuracy: with decayed biases it collapses.":
            "on these digits it is the same to about a point. Classes are equally frequent and pixels are "
            "never negative, so that weights can stand in for a bias: little hangs on it.",
        "The biases are less than half as long; accuracy and NLL hardly differ.":
            "the decay does to biases what it does to weights, and gains nothing by it: a bias shifts, it "
            "does "
            "not make the network any steeper.",
        "Nothing: the gradient of a bias is too small for decay to matter.":
            "the decay of a bias is λb, whatever its gradient.",
        "The training loss: decayed biases lower it.":
            "here they raise it, from 0.200 to 0.212. A step makes loss and penalty together small, and the "
            "penalty pulls elsewhere.",
    },
    answer="The biases are less than half as long; accuracy and NLL hardly differ.",
)  # fmt: skip


# --- the game: which program has which bug?

SUM = "The loss is summed over the batch."
MEANS = "A mean of the means of unequal batches."
TWICE = "Softmax is applied twice."
PIXELS = "The pixels are not scaled."
BIASES = "The biases decay, too."

run_a = Prediction(
    name="run_a",
    question="Which bug has the program of run A?",
    options={
        SUM:
            "the first number printed is 115 = 50 · ln 10: fifty examples that know nothing, "
            "added up. The steps are fifty times too long as well, so hardly anything is learnt.",
        MEANS:
            "that falsifies a report, not the training; here nothing is learnt.",
        TWICE:
            "then the printed loss would begin at ln 10 = 2.30 and lie above 1.461 and not far "
            "above 2.30 for ever.",
        PIXELS:
            "that makes the first loss somewhat too large, not fifty times.",
        BIASES:
            "that would hardly be seen at all, and surely not in the first loss, before any step.",
    },
    answer=SUM,
)  # fmt: skip

run_b = Prediction(
    name="run_b",
    question="Which bug has the program of run B?",
    options={
        SUM:
            "then the first number printed would be 115, not 2.30.",
        MEANS:
            "all is as in the healthy run, the printed loss and every answer; only the validation"
            " NLL that is reported is many times too high. It is the mean of four means, over "
            "133, 133, 133 and 1 example: that one, a hard digit, weighs as much as 133 others.",
        TWICE:
            "then the printed loss could not fall below 1.461.",
        PIXELS:
            "then the first loss would be too large and the training would suffer.",
        BIASES:
            "then the mean probability of a nine would leave its share; and no bias makes the NLL"
            " many times higher at the same accuracy.",
    },
    answer=MEANS,
)  # fmt: skip

run_c = Prediction(
    name="run_c",
    question="Which bug has the program of run C?",
    options={
        SUM:
            "then the first number printed would be 115, not 2.30.",
        MEANS:
            "that falsifies a report, but the accuracy and the printed loss are behind, too.",
        TWICE:
            "the printed loss begins at ln 10, waits, falls and stops near 1.6: it cannot fall "
            "below ln(e + 9) − 1 = 1.461, which is what a one-hot vector gets when it is taken "
            "for logits. The answers are only a tenth worse, so it does not look like a bug; and "
            "a class can be given up, here the nines.",
        PIXELS:
            "then the first loss would be far from ln 10.",
        BIASES:
            "the nines have lost their probability, but a decayed bias pulls to equal shares, not"
            " to 0.",
    },
    answer=TWICE,
)  # fmt: skip

run_d = Prediction(
    name="run_d",
    question="Which bug has the program of run D?",
    options={
        SUM:
            "then the first number printed would be 115.",
        MEANS:
            "that falsifies a report, not the training; here nothing is learnt.",
        TWICE:
            "then the first loss would be almost exactly ln 10 = 2.30: probabilities taken for "
            "logits lie between 0 and 1.",
        PIXELS:
            "the first loss, before any step, is 3.15 and not ln 10 = 2.30: the logits are too "
            "large already. Inputs 16 times as large make gradients 16 times as long and the "
            "curvature 256 times as large, so the steps kill the hidden units.",
        BIASES:
            "that cannot be seen in the first loss, before any step.",
    },
    answer=PIXELS,
)  # fmt: skip

run_e = Prediction(
    name="run_e",
    question="Which bug has the program of run E?",
    options={
        SUM:
            "then the first number printed would be 50 · ln 2 = 35.",
        MEANS:
            "that falsifies a report only. Here the printed loss stays between 0.19 and 0.27, too, and the "
            "answers are hardly better than “no nine” for every digit, which is right for 90 %.",
        TWICE:
            "then the printed loss could not fall below ln(e + 1) − 1 = 0.313: it does.",
        PIXELS:
            "the first loss is ln 2 = 0.69, as it should be for two classes.",
        BIASES:
            "nothing looks broken: this program says only whether a digit is a nine, begins at ln"
            " 2, and its loss falls. But the mean probability of a nine in training is almost "
            "twice their share; an exempt bias would make them equal (lesson 08).",
    },
    answer=BIASES,
)  # fmt: skip


def _line(name: str, part: str) -> int:
    """Return the number of the line of a program that has `part` in it."""
    (number,) = (n for n, line in enumerate(listing(name).splitlines(), 1) if part in line)
    return number


WRONG_LINES = {
    "A": {_line("A", 'loss = cross_entropy_loss(f, y, reduction="sum")'), _line("A", "return loss, ")},
    "B": {_line("B", "parts = "), _line("B", "parts += "), _line("B", "nll = ")},
    "C": {_line("C", "cross_entropy_value_and_grad(g, y)"), _line("C", "        g = softmax(f)")},
    "D": {2, _line("D", "model = MLP")},
    "E": {_line("E", "decay_biases=True")},
}
"""Lines that may be named as wrong; in D a line is missing, between two that may be named."""

ASK = {
    "A": "Where are loss and gradient of a batch made?",
    "B": "Training is sound: how does it report?",
    "C": "What does the cross-entropy get, logits or probabilities?",
    "D": "It lacks a line that all others have: name the line that stands where it should be.",
    "E": "Who decays?",
}
SOUND = [  # a piece of a line, and why that line is as it should be
    ("def program", "that is the name of the program."),
    ('"""', "that is a description; it computes nothing."),
    ("x, x_valid = x / 16", "the pixels are scaled, as they should be."),
    ("x - x.mean", "the pixels are centred, both with the mean of the training data: that is allowed."),
    ("(y == 9)", "the labels say nine or not, as the program is meant to."),
    ("model = MLP", "the model is that of the healthy run."),
    ("model = Linear", "two classes, nine or not: that is the model meant."),
    ("optimizer = SGD", "ε, μ and λ are those of the healthy run."),
    ("def loss_and_grad", "that is the beginning of a function. Look inside it."),
    ("return loss, g *", "given dg, the gradient by the probabilities, that line takes it through softmax "
                         "rightly."),
    ("for epoch", "the loop over the epochs is sound."),
    ("for n, batch", "the batches are made as in the healthy run."),
    ("value_and_grads", "that line only calls the loss; it is sound in all five programs."),
    ("optimizer.step", "the step is taken after the gradient, as it should be."),
    ("if n == 0", "that prints the loss of the first batch, as it should."),
    ("printed = loss", "that prints the loss as it was computed."),
    ("f = model.logits", "the logits of the validation data are right."),
    ("nll = ", "the validation NLL is computed rightly: from logits, over all validation data."),
    ("yield", "that hands on what was measured; softmax there makes probabilities for the report only."),
]


def _choice(found: dict, name: str) -> int:
    """Return the number of the line named for a program; 0 if it is no whole number."""
    value = freeze(found[name])
    single = isinstance(value, np.ndarray) and value.shape == () and float(value).is_integer()
    return int(value) if single else 0


def _keys(found: object) -> str:
    """Say what is wrong with the form of the answer."""
    asked = 'A dictionary is asked for, with the keys "A" to "E" and a line number for each'
    if not isinstance(found, dict):
        return f"{asked}, such as `{{'A': 1, 'B': 1, …}}`."
    missing = [repr(name) for name in "ABCDE" if name not in found]
    others = [repr(name) for name in found if name not in set("ABCDE")]
    said = [f"{', '.join(names)} {verb}" for names, verb in ((missing, "missing"), (others, "too many"))
            if names]
    return f"{asked}: {'; '.join(said)}."


def _no_line(found: dict) -> str:
    """Say for which program no line of it is named."""
    said = [f"program {name} has the lines 1 to {len(listing(name).splitlines())}" for name in "ABCDE"
            if not 1 <= _choice(found, name) <= len(listing(name).splitlines())]
    return f"Give one whole number for each, as the listings show them: {'; '.join(said)}."


def _not_there(found: dict) -> str:
    """Say which programs are right, and of the first that is not why the line named is sound."""
    right = [name for name in "ABCDE" if _choice(found, name) in WRONG_LINES[name]]
    wrong = next(name for name in "ABCDE" if name not in right)
    number = _choice(found, wrong)
    line = listing(wrong).splitlines()[number - 1]
    sound = next((said for piece, said in SOUND if piece in line), "that line is as it should be.")
    start = f"Found: {', '.join(right)}. " if right else ""
    return f"{start}Not line {number} of program {wrong}: {sound} {ASK[wrong]}"


def _one_less(trials):
    value = trials[0].got.value
    return all(int(value[name]) + 1 in lines for name, lines in WRONG_LINES.items())


found = Exercise(
    name="found",
    reference={"A": 8, "B": 15, "C": 9, "D": 3, "E": 7},
    properties=[
        Property(lambda found: isinstance(found, dict) and set(found) == set("ABCDE"), _keys),
        Property(lambda found: all(1 <= _choice(found, name) <= len(listing(name).splitlines())
                                   for name in "ABCDE"), _no_line),
        Property(lambda found: all(_choice(found, name) in lines for name, lines in WRONG_LINES.items()),
                 _not_there),
    ],
    shown="All five are found: each of them runs without an error, and its curves tell.",
    mistakes=[
        Mistake("names for numbers", {"A": "loss", "B": "nll", "C": "softmax", "D": "pixels", "E": "bias"},
                "Give the numbers of the lines, as they stand at the left of the listings.",
                when=lambda trials: isinstance(trials[0].got.value, dict)
                and any(isinstance(value, str) for value in trials[0].got.value.values())),
        Mistake("several lines for one program", {"A": (8, 9), "B": (13, 14, 15), "C": 8, "D": 3, "E": 7},
                "One line for each program is enough: give a single number for each.",
                when=lambda trials: any(isinstance(value, tuple) or np.ndim(value) > 0
                                        for value in trials[0].got.value.values())),
        Mistake("counted from 0", {"A": 7, "B": 14, "C": 8, "D": 2, "E": 6},
                "The lines are numbered from 1, as the listings show; yours are all one less.",
                when=_one_less),
    ],
    hints=["Compare a listing with that of a program whose curves are sound in the same place: B trains as "
           "it should.",
           "A: `reduction`. B: the last of the parts has one example. C: what is passed to the "
           "cross-entropy? D: what do all others do with x first? E: the last argument of the optimiser."],
    solution='found = {"A": 8, "B": 15, "C": 9, "D": 3, "E": 7}',
)  # fmt: skip
