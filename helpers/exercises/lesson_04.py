"""Exercises and predictions of lesson 04, NLL and cross-entropy for classifiers."""

from collections.abc import Sequence

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import Trial, raises
from helpers.losses import binary_cross_entropy_loss, nll_loss, one_hot
from helpers.softmax import log_sigmoid, log_softmax, sigmoid, softmax


def _of_labels(log_probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return log_probs[np.arange(len(labels)), labels]


def _log_probs(*rows: list[float]) -> np.ndarray:
    return np.log(np.array(rows))


def _picked(log_probs, labels) -> np.ndarray:
    return log_probs[np.arange(len(labels)), labels]


nll_of_batch = Exercise(
    name="nll_of_batch",
    reference=lambda log_probs, labels: nll_loss(log_probs, labels),
    cases=[
        (_log_probs([0.5, 0.5]), np.array([0])),
        (_log_probs([0.3, 0.7], [0.2, 0.8]), np.array([0, 1])),
        (_log_probs([0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4]), np.array([0, 2, 1])),
        (_log_probs([0.6, 0.4], [0.9, 0.1], [0.2, 0.8], [0.35, 0.65]), np.array([1, 1, 1, 0])),
        (_log_probs([3e-9, 1 - 3e-9], [0.25, 0.75]), np.array([0, 1])),
    ],
    shown="One entry of each row, the label's, with its sign turned, and the mean over the N examples.",
    mistakes=[
        Mistake(
            "every row with every label",
            lambda log_probs, labels: -log_probs[:, labels].mean(),
            "`log_probs[:, labels]` takes the columns of all labels from every row: an (N, N) array, of "
            "which only the diagonal is wanted. Pair row n with label n: `log_probs[np.arange(N), labels]`.",
            also=[lambda log_probs, labels: -log_probs[:, labels]],
        ),
        Mistake(
            "sum for mean",
            lambda log_probs, labels: -_of_labels(log_probs, labels).sum(),
            "You return the sum over the batch. The mean is asked for: a loss that does not grow with the "
            "number of examples.",
        ),
        Mistake(
            "minus forgotten",
            lambda log_probs, labels: _of_labels(log_probs, labels).mean(),
            "Logarithms of probabilities are never above 0, so yours is never above 0. A loss is the "
            "*negative* log-likelihood: turn the sign.",
        ),
        Mistake(
            "a second logarithm",
            lambda log_probs, labels: -np.log(_of_labels(log_probs, labels)).mean(),
            "You take a logarithm, but `log_probs` are logarithms already. The logarithm of a negative "
            "number is NaN.",
            also=[lambda log_probs, labels: -_of_labels(np.log(-log_probs), labels).mean()],
        ),
        Mistake(
            "the best class",
            lambda log_probs, labels: -log_probs.max(axis=1).mean(),
            "You take the most probable class of each row. The loss asks for the class that was *right*, "
            "whatever the model prefers: index with `labels`.",
        ),
        Mistake(
            "mean over all entries",
            lambda log_probs, labels: -_of_labels(log_probs, labels).sum() / log_probs.size,
            "You divide by all N·K entries, as the mean of `-y * log_probs` over a one-hot array does. The "
            "mean is over the N examples: sum over the classes first.",
        ),
        Mistake(
            "rows and columns swapped",
            lambda log_probs, labels: -log_probs[labels, np.arange(len(labels))].mean(),
            "Rows are examples, columns are classes, and you index the rows with the labels. The labels "
            "belong in the second place: `log_probs[np.arange(N), labels]`.",
        ),
        Mistake(
            "whole rows",
            lambda log_probs, labels: -log_probs[labels].mean(),
            "`log_probs[labels]` takes whole rows, and takes the labels for row numbers. From *every* row "
            "you need one entry: give NumPy two index arrays, rows and columns.",
            also=[
                lambda log_probs, labels: -log_probs[labels].sum(axis=1).mean(),
                lambda log_probs, labels: -log_probs[labels].mean(axis=1),
                lambda log_probs, labels: -log_probs[labels],
            ],
        ),
        Mistake(
            "probability for log-probability",
            lambda log_probs, labels: -np.exp(_of_labels(log_probs, labels)).mean(),
            "You undo the logarithm and average −g_ℓ. The loss is −ln g_ℓ, and `log_probs` has the "
            "logarithms already.",
        ),
        Mistake(
            "not averaged",
            lambda log_probs, labels: -_of_labels(log_probs, labels),
            "You return one loss for each example. One number is asked for: their mean.",
        ),
        Mistake(
            "logarithm of the mean",
            lambda log_probs, labels: -np.log(np.exp(_of_labels(log_probs, labels)).mean()),
            "You average the probabilities and take the logarithm afterwards. The likelihood is a *product* "
            "over the examples: average the logarithms, or one impossible example would hardly count.",
        ),
        Mistake(
            "one minus the probability",
            lambda log_probs, labels: (1 - np.exp(_of_labels(log_probs, labels))).mean(),
            "You average 1 − g_ℓ. That never exceeds 1, however wrong the model is; −ln g_ℓ has no ceiling.",
        ),
        Mistake(
            "all classes",
            lambda log_probs, labels: -log_probs.sum(axis=1).mean(),
            "You use the logarithms of all classes. Only the class of the label counts in each row.",
            also=[lambda log_probs, labels: -log_probs.mean(), lambda log_probs, labels: -log_probs.sum()],
        ),
        Mistake(
            "label one too low",
            lambda log_probs, labels: -_picked(log_probs, labels - 1).mean(),
            "You take the entry *before* the label's: the classes begin with 0, so the label is "
            "the index as it is.",
        ),
        Mistake(
            "softmax once more",
            lambda log_probs, labels: -_picked(log_softmax(np.exp(log_probs)), labels).mean(),
            "You apply softmax once more. `log_probs` are logarithms of probabilities already: "
            "pick and average.",
        ),
        Mistake(
            "an example left out",
            lambda log_probs, labels: -_picked(log_probs, labels)[:-1].sum() / len(labels),
            "One example is left out: does the loop end one too early?",
            also=[
                lambda log_probs, labels: -_picked(log_probs, labels)[1:].sum() / len(labels),
            ],
        ),
        Mistake(
            "returned inside the loop",
            lambda log_probs, labels: -_picked(log_probs, labels)[0] / len(labels),
            "Only the first example is counted: `return` stands inside the loop. Move it to the "
            "left.",
            also=[
                lambda log_probs, labels: -_picked(log_probs, labels)[0],
            ],
        ),
        Mistake(
            "divided by K",
            lambda log_probs, labels: -_picked(log_probs, labels).sum() / log_probs.shape[1],
            "You divide by K, the number of classes. The mean is over the N examples: `len(labels)`.",
        ),
        Mistake(
            "label numbers as weights",
            lambda log_probs, labels: -(log_probs * labels[:, None]).sum() / len(labels),
            "You multiply by the label as if it were a quantity. It is the name of a class: it says "
            "which entry of the row counts.",
            also=[
                lambda log_probs, labels: -(log_probs * labels[:, None]).sum(),
                lambda log_probs, labels: -(log_probs * labels[:, None]).mean(),
            ],
        ),
        Mistake(
            "the other classes",
            lambda log_probs, labels: -np.log(1 - np.exp(_picked(log_probs, labels))).mean(),
            "That is the mean of −ln(1 − g_ℓ), of what the *other* classes have. The loss is −ln g_ℓ, "
            "and `log_probs` holds ln g.",
        ),
        Mistake(
            "entropy",
            lambda log_probs, labels: -(np.exp(log_probs) * log_probs).sum(axis=1).mean(),
            "−Σ g ln g is the entropy of the model's answer. The label plays no part in it; the loss "
            "takes its entry of each row alone.",
        ),
        Mistake(
            "mean over the classes of the label's",
            lambda log_probs, labels: np.mean([-log_probs[labels == k, k].mean() for k in np.unique(labels)]),
            "You average within each class first, so a class with many examples counts no more than "
            "one with few. Every example has the share 1/N.",
        ),
    ],
    hints=[
        "From row n take the entry in column `labels[n]`. NumPy does it for all rows at once when it is "
        "given two index arrays of length N: one for the rows, one for the columns.",
        "`picked = log_probs[np.arange(len(labels)), labels]` has the shape (N,). What is left is a sign "
        "and a mean.",
    ],
    solution="""
def nll_of_batch(log_probs, labels):
    picked = log_probs[np.arange(len(labels)), labels]
    return -picked.mean()
""",
)


def _smoothed(labels: np.ndarray, n_classes: int, alpha: float) -> np.ndarray:
    return (1 - alpha) * one_hot(labels, n_classes) + alpha / n_classes


def _smooth(labels, n_classes, alpha) -> np.ndarray:
    return (1 - alpha) * np.eye(n_classes)[labels] + alpha / n_classes


def _columns_smoothed(labels, n_classes, alpha) -> np.ndarray:
    y = np.full((len(labels), n_classes), alpha / n_classes)
    y[:, labels] += 1 - alpha
    return y


smoothed_targets = Exercise(
    name="smoothed_targets",
    reference=lambda labels, n_classes, alpha: _smoothed(labels, n_classes, alpha),
    cases=[
        (np.array([1]), 2, 0.2),
        (np.array([0, 2]), 4, 0.1),
        (np.array([2, 0, 1]), 3, 0.3),
        (np.array([0, 1, 2, 3, 4]), 5, 0.0),
        (np.array([1, 1, 0]), 4, 0.4),
        (np.array([5, 1]), 7, 0.123456),
    ],
    shown="Each row is a distribution: 1 − α + α/K for the label, α/K for every other class.",
    mistakes=[
        Mistake(
            "shared among the others",
            lambda labels, n_classes, alpha: np.where(
                one_hot(labels, n_classes) == 1, 1 - alpha, alpha / (n_classes - 1)
            ),
            "You give α to the other K − 1 classes. That is a distribution, too, but not the convention of "
            "PyTorch: there α is spread over all K classes, the label included, which ends with 1 − α + α/K.",
        ),
        Mistake(
            "not shrunk first",
            lambda labels, n_classes, alpha: one_hot(labels, n_classes) + alpha / n_classes,
            "Your rows sum to 1 + α. Shrink the one-hot row to 1 − α before you add α/K to every class.",
        ),
        Mistake(
            "normalised afterwards",
            lambda labels, n_classes, alpha: (one_hot(labels, n_classes) + alpha) / (1 + n_classes * alpha),
            "You add to every class and divide by the sum of the row. That is a distribution, but α is no "
            "longer the share that is spread. Shrink to 1 − α first, then add α/K: no division is needed.",
            also=[lambda labels, k, alpha: (one_hot(labels, k) + alpha / k) / (1 + alpha)],
        ),
        Mistake(
            "whole rows overwritten",
            lambda labels, n_classes, alpha: np.full((len(labels), n_classes), alpha)[labels + len(labels)],
            "`y[labels]` means whole *rows*, and takes the labels for row numbers. One entry of every row "
            "is `y[np.arange(N), labels]`.",
            when=raises("out of bounds for axis 0"),
        ),
        Mistake(
            "K − 1 shares for K classes",
            lambda labels, k, alpha: (1 - alpha) * one_hot(labels, k) + alpha / (k - 1),
            "You spread α over all K classes but divide it by K − 1, so the rows sum to more than 1. Each "
            "of the K classes gets α/K.",
        ),
        Mistake(
            "α and 1 − α swapped",
            lambda labels, n_classes, alpha: _smoothed(labels, n_classes, 1 - alpha),
            "At α = 0 your target is uniform. It is the other way round: α is the share that is spread, 1 − "
            "α the share that stays on the label.",
        ),
        Mistake(
            "not divided by K",
            lambda labels, n_classes, alpha: (1 - alpha) * one_hot(labels, n_classes) + alpha,
            "You add the whole α to every class, so the rows sum to more than 1. α is shared among the K "
            "classes: add α/K to each.",
        ),
        Mistake(
            "everyone else gets α",
            lambda labels, n_classes, alpha: np.where(one_hot(labels, n_classes) == 1, 1 - alpha, alpha),
            "You give α to each of the other classes: with more than two classes the rows sum to more than "
            "1. α is shared by all K classes: add α/K to each.",
        ),
        Mistake(
            "the label left out",
            lambda labels, n_classes, alpha: np.where(
                one_hot(labels, n_classes) == 1, 1 - alpha, alpha / n_classes
            ),
            "Your label keeps 1 − α, and its own share α/K is missing: the rows sum to 1 − α/K. The α is "
            "spread over *all* K classes.",
        ),
        Mistake(
            "only shrunk",
            lambda labels, n_classes, alpha: (1 - alpha) * one_hot(labels, n_classes),
            "You shrink the one-hot rows, but the α that is taken away goes nowhere: the rows sum to 1 − α. "
            "Add α/K to every class.",
        ),
        Mistake(
            "taken from every class",
            lambda labels, n_classes, alpha: one_hot(labels, n_classes) - alpha + alpha / n_classes,
            "You subtract α from *every* class, and the others become negative. Shrink the row instead: "
            "multiply it by 1 − α, then a 0 stays 0.",
        ),
        Mistake(
            "divided by N",
            lambda labels, n_classes, alpha: (1 - alpha) * one_hot(labels, n_classes) + alpha / len(labels),
            "You divide α by the number of examples. It is shared among the classes: divide by `n_classes`.",
        ),
        Mistake(
            "spread by softmax",
            lambda labels, n_classes, alpha: softmax(one_hot(labels, n_classes), axis=1),
            "You take the softmax of the one-hot rows; α plays no part. Smoothing is a mixture: (1 − α) "
            "times one-hot plus α times uniform.",
        ),
        Mistake(
            "not smoothed",
            lambda labels, n_classes, alpha: one_hot(labels, n_classes),
            "These are the plain one-hot rows; α plays no part yet.",
        ),
        Mistake(
            "classes of the batch",
            lambda labels, n_classes, alpha: _smooth(labels, labels.max() + 1, alpha),
            "You count the classes by the labels of the batch. A class that does not occur "
            "in it is a class, too: `n_classes`.",
            also=[
                lambda labels, k, alpha: (1 - alpha) * np.eye(k)[labels] + alpha / len(set(labels.tolist())),
                lambda labels, k, alpha: (1 - alpha) * np.eye(k)[labels] + alpha / (labels.max() + 1),
            ],
        ),
        Mistake(
            "columns of all labels",
            lambda labels, n_classes, alpha: _columns_smoothed(labels, n_classes, alpha),
            "The 1 − α of each label stands in *every* row: `y[:, labels]` writes into whole columns, and "
            "`[row] * N` is one and the same row N times. One entry in each row of its own: "
            "`y[np.arange(len(labels)), labels]`.",
        ),
        Mistake(
            "one row only",
            lambda labels, n_classes, alpha: _smooth(labels, n_classes, alpha)[0],
            "That is a single row. Asked for is one row for each label, each with the 1 − α of its own.",
            also=[
                lambda labels, n_classes, alpha: alpha / n_classes
                + (1 - alpha) * np.bincount(labels, minlength=n_classes),
            ],
        ),
        Mistake(
            "the labels' entries only",
            lambda labels, n_classes, alpha: _picked(_smooth(labels, n_classes, alpha), labels),
            "You return the entries at the labels only. Asked for are all K entries of each row.",
        ),
        Mistake(
            "nothing for the others",
            lambda labels, n_classes, alpha: _smooth(labels, n_classes, alpha) * np.eye(n_classes)[labels],
            "The label's entry is right; the other classes get nothing. Each of them gets α/K.",
        ),
        Mistake(
            "label one too low",
            lambda labels, n_classes, alpha: _smooth(labels - 1, n_classes, alpha),
            "The class before the label gets the most: classes begin with 0, so the label is the "
            "index as it is.",
        ),
        Mistake(
            "share of two classes",
            lambda labels, n_classes, alpha: (1 - alpha) * np.eye(n_classes)[labels] + alpha / 2,
            "α is shared by two, whatever K is. Each of the K classes gets α/K.",
        ),
        Mistake(
            "softmax afterwards",
            lambda labels, k, alpha: softmax(_smooth(labels, k, alpha), axis=1),
            "You take the softmax of the right rows. They sum to 1 already: return them as they are.",
        ),
        Mistake(
            "share subtracted",
            lambda labels, k, alpha: (1 - alpha) * np.eye(k)[labels] - alpha / k,
            "You subtract α/K, and the other classes become negative. Every class *gets* α/K.",
        ),
        Mistake(
            "1 − α for α",
            lambda labels, k, alpha: (1 - alpha) * np.eye(k)[labels] + (1 - alpha) / k,
            "You spread 1 − α, which the label has already. What is spread is the α that was taken "
            "from it.",
        ),
        Mistake(
            "divided by N, too",
            lambda labels, k, alpha: (1 - alpha) * np.eye(k)[labels] + alpha / (k * len(labels)),
            "You divide α by N as well. Each row is a distribution of its own: α/K for every class of "
            "every row.",
        ),
        Mistake(
            "label's share missing, then normalised",
            lambda labels, k, alpha: np.where(np.eye(k)[labels] == 1, 1 - alpha, alpha / k) / (1 - alpha / k),
            "The label lacks its own share α/K, and dividing by the sum of the row changes all "
            "entries. With 1 − α + α/K at the label the row sums to 1 by itself.",
        ),
        Mistake(
            "logarithm taken",
            lambda labels, k, alpha: np.log(_smooth(labels, k, alpha)),
            "Those are logarithms of the targets. Targets are probabilities; the logarithm is taken "
            "of the *model's* answer.",
        ),
        Mistake(
            "label gets 1",
            lambda labels, k, alpha: np.where(np.eye(k)[labels] == 1, 1.0, alpha / k),
            "The label keeps 1, and the others get α/K: the rows sum to more than 1. The label gets 1 "
            "− α + α/K.",
        ),
        Mistake(
            "α/K everywhere",
            lambda labels, k, alpha: np.full((len(labels), k), alpha / k),
            "Every class has its share α/K; the label gets 1 − α more.",
        ),
        Mistake(
            "rows carried on",
            lambda labels, k, alpha: alpha / k + (1 - alpha) * np.cumsum(np.eye(k)[labels], axis=0),
            "Each row still has what the row before it got: begin every row anew, inside the loop.",
        ),
        Mistake(
            "every label in every row",
            lambda labels, k, alpha: alpha / k
            + (1 - alpha) * np.tile(np.bincount(labels, minlength=k), (len(labels), 1)),
            "Every row has got the 1 − α of *all* labels: a whole column was written to (`y[:, label]`), or "
            "all rows are one and the same array. One entry in each row: `y[n, labels[n]]`.",
        ),
        Mistake(
            "1 + α",
            lambda labels, k, alpha: (1 + alpha) * np.eye(k)[labels] + alpha / k,
            "The label keeps 1 + α. α is taken away from it, 1 − α, and spread over all.",
        ),
        Mistake(
            "1 − α/K for the label",
            lambda labels, k, alpha: np.where(np.eye(k)[labels] == 1, 1 - alpha / k, alpha / k),
            "You take one share from the label. The K − 1 others get one each, so it keeps 1 − (K − "
            "1)α/K = 1 − α + α/K.",
        ),
    ],
    hints=[
        "The smoothed target is a mixture of two distributions: one-hot with the share 1 − α, uniform with "
        "the share α. What is the uniform distribution over K classes?",
        "`np.eye(n_classes)[labels]` gives the one-hot rows. Multiply, then add the same number to every "
        "entry.",
    ],
    solution="""
def smoothed_targets(labels, n_classes, alpha):
    y = np.eye(n_classes)[labels]
    return (1 - alpha) * y + alpha / n_classes
""",
)

weighted_mean = Exercise(
    name="weighted_mean",
    reference=lambda losses, labels, w: (w[labels] * losses).sum() / w[labels].sum(),
    cases=[
        (np.array([2.0, 1.0]), np.array([0, 1]), np.array([1.0, 3.0])),
        (np.array([1.0, 2.0, 3.0]), np.array([0, 0, 1]), np.array([1.0, 4.0])),
        (np.array([0.5, 2.0, 1.0, 4.0]), np.array([2, 0, 1, 1]), np.array([0.5, 2.0, 3.0])),
        (np.array([1.0, 3.0]), np.array([1, 1]), np.array([1.0, 5.0])),
        (np.array([12.3456, 0.0123, 7.891]), np.array([2, 1, 0]), np.array([7.4321, 0.0357, 12.5])),
    ],
    shown="A mean in which an example of class k counts w_k times: multiplying all weights by one number "
          "changes nothing.",
    mistakes=[
        Mistake(
            "divided by N",
            lambda losses, labels, w: (w[labels] * losses).mean(),
            "You divide by the number of examples. PyTorch does that for *probability* targets. For labels "
            "it divides by the weights that took part: `w[labels].sum()`.",
        ),
        Mistake(
            "divided by the weights of the classes",
            lambda losses, labels, w: (w[labels] * losses).sum() / w.sum(),
            "You divide by the sum over the K classes. Each *example* brings the weight of its label: "
            "divide by the sum over the batch, `w[labels].sum()`.",
        ),
        Mistake(
            "divided by K",
            lambda losses, labels, w: (w[labels] * losses).sum() / len(w),
            "You divide by the number of classes. Divide by the sum of the weights that took part, "
            "`w[labels].sum()`.",
        ),
        Mistake(
            "labels for weights",
            lambda losses, labels, w: (labels * losses).sum() / labels.sum(),
            "You use the labels themselves as weights, so class 0 does not count at all. The weight of "
            "class k is `w[k]`: look it up with `w[labels]`.",
        ),
        Mistake(
            "no weights",
            lambda losses, labels, w: losses.mean(),
            "That is the plain mean: the weights play no part yet. (If you multiplied by them and divided "
            "by them again for each example, they cancelled.)",
        ),
        Mistake(
            "divided by N as well",
            lambda losses, labels, w: (w[labels] * losses).sum() / w[labels].sum() / len(losses),
            "You divide by the sum of the weights and then by N as well. The first is enough: it counts the "
            "examples, each with its weight.",
        ),
        Mistake(
            "weights for labels not looked up",
            lambda losses, labels, w: (w * losses).sum() / w[labels].sum(),
            "You multiply `losses`, one for each example, by `w`, one for each class. The shapes fit only "
            "by accident. Look up the weight of each example's label first: `w[labels]`.",
            when=raises("broadcast", "aligned", "mismatch"),
        ),
        Mistake(
            "the sum",
            lambda losses, labels, w: (w[labels] * losses).sum(),
            "That is the weighted sum. For the mean divide by the sum of the weights that took part.",
        ),
        Mistake(
            "divided instead of multiplied",
            lambda losses, labels, w: (losses / w[labels]).sum() / (1 / w[labels]).sum(),
            "You divide by the weights: a class with a large weight then counts little. Multiply by it.",
        ),
        Mistake(
            "mean of the classes' means",
            lambda losses, labels, w: sum(
                w[k] * losses[labels == k].mean() for k in np.unique(labels)
            ) / w[np.unique(labels)].sum(),
            "You average within each class first, so a class with many examples counts no more than one "
            "with few. Here every example counts, with the weight of its class.",
        ),
        Mistake(
            "not reduced",
            lambda losses, labels, w: w[labels] * losses,
            "These are the weighted losses, one for each example. Add them and divide by the sum of the "
            "weights that took part.",
        ),
        Mistake(
            "divided by the weights",
            lambda losses, labels, w: (losses / w[labels]).sum() / w[labels].sum(),
            "You divide each loss by its weight. A larger weight is to make it count *more*: "
            "multiply.",
            also=[
                lambda losses, labels, w: (losses / w[labels]).mean(),
            ],
        ),
        Mistake(
            "weights squared",
            lambda losses, labels, w: (w[labels] ** 2 * losses).sum() / (w[labels] ** 2).sum(),
            "Each weight counts twice, squared: multiply each loss with it once.",
        ),
        Mistake(
            "weights scaled to mean 1",
            lambda losses, labels, w: (w[labels] * losses).mean() * len(w) / w.sum(),
            "You scale the weights to the mean 1 over the *classes* and divide by N. PyTorch "
            "divides by the sum of the weights of the examples in this batch, `w[labels].sum()`.",
        ),
        Mistake(
            "mean of each class",
            lambda losses, labels, w: sum(
                w[k] * losses[labels == k].mean() for k in set(labels.tolist())) / w.sum(),
            "You take the mean of each class first, so a class with many examples counts no more "
            "than one with few. Sum over the examples, each with the weight of its class.",
        ),
        Mistake(
            "each weight once",
            lambda losses, labels, w: (w[labels] * losses).sum() / sum(w[k] for k in set(labels.tolist())),
            "You divide by the weights of the classes that occur, each once. Every *example* "
            "brings its weight: `w[labels].sum()`.",
        ),
        Mistake(
            "weights scaled to sum 1, then N",
            lambda losses, labels, w: (w[labels] * losses).mean() / w.sum(),
            "You scale the weights of the *classes* to the sum 1 and then divide by N. Divide by the "
            "sum over the examples, `w[labels].sum()`, and by nothing else.",
        ),
        Mistake(
            "product of two means",
            lambda losses, labels, w: w[labels].mean() * losses.mean(),
            "The mean of a product is not the product of the means: multiply each loss with its own "
            "weight before you add.",
        ),
        Mistake(
            "losses added too early",
            lambda losses, labels, w: w[labels] * losses.sum() / w[labels].sum(),
            "You add the losses before they are multiplied by their weights. Brackets: `(w[labels] * "
            "losses).sum()`.",
        ),
        Mistake(
            "logarithm of the losses",
            lambda losses, labels, w: -(w[labels] * np.log(losses)).sum() / w[labels].sum(),
            "`losses` are losses already, −ln g_ℓ: no logarithm is to be taken.",
            also=[
                lambda losses, labels, w: (w[labels] * np.log(losses)).sum() / w[labels].sum(),
            ],
        ),
        Mistake(
            "divided by the largest weight",
            lambda losses, labels, w: (w[labels] * losses).sum() / w.max() / len(losses),
            "You scale by the largest weight. Divide by the sum of the weights that took part, "
            "`w[labels].sum()`.",
            also=[
                lambda losses, labels, w: (w[labels] * losses).sum() / w.max(),
            ],
        ),
        Mistake(
            "divided by the losses",
            lambda losses, labels, w: (w[labels] * losses).sum() / losses.sum(),
            "You divide by the sum of the losses: that gives a mean of the *weights*. Divide by the "
            "sum of the weights.",
        ),
        Mistake(
            "numerator and denominator",
            lambda losses, labels, w: np.array([(w[labels] * losses).sum(), w[labels].sum()]),
            "These are the two sums. What is asked for is the one divided by the other.",
        ),
        Mistake(
            "the weights not in the numerator",
            lambda losses, labels, w: losses.sum() / w[labels].sum(),
            "The weights stand below only. In a weighted mean they stand above as well: Σ weight · "
            "loss over Σ weight.",
        ),
        Mistake(
            "losses looked up by the label",
            lambda losses, labels, w: (w[labels] * losses[labels]).sum() / w[labels].sum(),
            "You look the losses up by the label, too. `losses` has one entry for each *example*, in the "
            "order of `labels`: only the weights, one for each class, are looked up.",
        ),
        Mistake(
            "weights cut to whole numbers",
            lambda losses, labels, w: (w[labels].astype(int) * losses).sum() / w[labels].astype(int).sum(),
            "The decimals of the weights are cut off: `int` or an integer array takes none.",
            also=[
                lambda losses, labels, w: (w[labels].astype(int) * losses).sum() / w[labels].sum(),
            ],
        ),
    ],
    hints=[
        "`w[labels]` has one weight for each example: that of its label.",
        "In a weighted mean the weights stand above *and* below: Σ weight · loss over Σ weight.",
    ],
    solution="""
def weighted_mean(losses, labels, w):
    weights = w[labels]
    return (weights * losses).sum() / weights.sum()
""",
)  # fmt: skip

def _sure(n_classes, logit) -> float:
    return -np.log(softmax(softmax(logit * np.eye(n_classes)[0]))[0])


loss_floor = Exercise(
    name="loss_floor",
    reference=lambda n_classes: np.log1p((n_classes - 1) / np.e),
    cases=[(2,), (3,), (10,), (1000,)],
    shown="A second softmax cannot give the label more than e/(e + K − 1): with 1000 classes the loss stays "
          "above 5.9.",
    mistakes=[
        Mistake(
            "no floor",
            lambda n_classes: 0.0,
            "That is the floor with *one* softmax, whose logits may be as far apart as they like. The "
            "second one takes probabilities for logits, and those lie at most 1 apart.",
        ),
        Mistake(
            "uniform",
            lambda n_classes: np.log(n_classes),
            "ln K is the loss of a uniform answer. The best that can happen to the second softmax is "
            "better: a 1 for the label and 0 for the others.",
        ),
        Mistake(
            "the ceiling",
            lambda n_classes: np.log(np.e + n_classes - 1),
            "That is the *largest* loss: another class has the 1, and the label one of the zeros. For the "
            "smallest one the label has the 1.",
        ),
        Mistake(
            "K below",
            lambda n_classes: np.log(n_classes) - 1,
            "You divide e by K. The denominator of the second softmax is e for the label and e⁰ = 1 for "
            "each of the K − 1 others: e + K − 1.",
        ),
        Mistake(
            "e rounded",
            lambda n_classes: np.log1p((n_classes - 1) / 2.718),
            "The formula is right, but your e has too few digits: use `np.e`.",
            also=[lambda n_classes, e=e: np.log1p((n_classes - 1) / e) for e in (2.7, 2.72, 2.7183, 2.71828)],
        ),
        Mistake(
            "one class too many",
            lambda n_classes: np.log(1 + n_classes / np.e),
            "You count K classes with e⁰ = 1 beside the label. There are K − 1 of them: the label has e¹.",
        ),
        Mistake(
            "the label counted out",
            lambda n_classes: np.log(n_classes - 1) - 1 if n_classes > 1 else 0.0,
            "Your denominator holds the other classes only: that is minus the logarithm of the *odds*, e/(K "
            "− 1). The probability has e + K − 1 below.",
        ),
        Mistake(
            "the probability",
            lambda n_classes: np.e / (np.e + n_classes - 1),
            "That is the largest probability the label can get. The loss is minus its logarithm.",
        ),
        Mistake(
            "one minus the probability",
            lambda n_classes: 1 - np.e / (np.e + n_classes - 1),
            "That is 1 minus the largest probability of the label. The loss is minus its *logarithm*.",
        ),
        Mistake(
            "sign turned",
            lambda n_classes: -np.log1p((n_classes - 1) / np.e),
            "The logarithm of a probability is negative; the loss is minus that.",
        ),
        Mistake(
            "base 2",
            lambda n_classes: np.log2(1 + (n_classes - 1) / np.e),
            "That is in bits. The loss uses the natural logarithm, `np.log`.",
        ),
        Mistake(
            "softmax once",
            lambda n_classes: np.log(1 + (n_classes - 1) * np.e),
            "You give the label the logit 0 and every other class the logit 1. The smallest loss has them "
            "the other way round; and no softmax gives a 1 to several classes.",
        ),
        Mistake(
            "another number for e",
            lambda n_classes: np.log(2 + n_classes - 1) - np.log(2),
            "The best that the first softmax can give the right class is 1, and the second one "
            "takes e¹ = 2.718… of it, not another number.",
            also=[
                lambda n_classes: np.log(np.e + n_classes - 1) - np.log(np.e - 1),
                lambda n_classes: np.log(np.e + n_classes - 2) - np.log(np.e - 1),
                lambda n_classes: np.log(3 + n_classes - 1) - np.log(3),
            ],
        ),
        Mistake(
            "1/K for the others",
            lambda n_classes: np.log(np.e + (n_classes - 1) * np.exp(1 / n_classes)) - 1,
            "At the floor the first softmax gives the right class 1 and *every other class 0*, "
            "not 1/K: the second takes e⁰ = 1 of each.",
        ),
        Mistake(
            "logarithm divided by e",
            lambda n_classes: np.log(n_classes) / np.e,
            "The e belongs inside the logarithm: −ln of a quotient is a difference of logarithms.",
            also=[
                lambda n_classes: 1 - np.log(n_classes),
            ],
        ),
        Mistake(
            "brackets round K − 1",
            lambda n_classes: np.log(1 + n_classes - 1 / np.e),
            "`n_classes - 1 / np.e` divides the 1 only. Brackets: `(n_classes - 1) / np.e`.",
            also=[
                lambda n_classes: np.log(1 + n_classes - 1) - 1 / np.e,
            ],
        ),
        Mistake(
            "a softmax too many",
            lambda n_classes: _sure(n_classes, 1.0),
            "You take softmax twice of (1, 0, …, 0). At the floor that is what comes *out* of the first "
            "softmax already: only the second one is still to be taken.",
        ),
        Mistake(
            "not sure enough",
            lambda n_classes: _sure(n_classes, 2.0),
            "The model is sure, but not completely: with a finite logit the first softmax gives the label a "
            "little less than 1. The floor is the limit, where it gives 1 to the label and 0 to the others.",
            also=[
                lambda n_classes: _sure(n_classes, 3.0),
                lambda n_classes: _sure(n_classes, 5.0),
                lambda n_classes: _sure(n_classes, 10.0),
                lambda n_classes: _sure(n_classes, 20.0),
            ],
        ),
        Mistake(
            "e to the power of K − 1",
            lambda n_classes: np.log(1 + np.exp(-(n_classes - 1.0))),
            "K − 1 is no exponent: K − 1 classes have e⁰ = 1 each, beside the label's e¹.",
            also=[
                lambda n_classes: np.log(1 + np.exp(n_classes - 1.0) / np.e),
            ],
        ),
        Mistake(
            "turned over",
            lambda n_classes: np.log(1 + np.e / (n_classes - 1)),
            "The fraction is turned over: the others, K − 1, stand above, the label's e below.",
        ),
        Mistake(
            "times K − 1",
            lambda n_classes: (n_classes - 1) * np.log(1 + 1 / np.e),
            "You multiply the loss by K − 1. The rivals add up *inside* the logarithm: 1 + (K − 1)/e.",
        ),
        Mistake(
            "one class too few",
            lambda n_classes: np.log(1 + (n_classes - 2) / np.e),
            "You count K − 2 classes with e⁰ = 1 beside the label. There are K − 1 of them.",
        ),
    ],
    hints=[
        "The second softmax receives probabilities in place of logits. Which probabilities are best for the "
        "label?",
        "Take (1, 0, …, 0) as logits, with the label in the first place. Its softmax gives the label e / (e "
        "+ K − 1).",
        "The loss is minus the logarithm of that.",
    ],
    solution="""
def loss_floor(n_classes):
    return np.log((np.e + n_classes - 1) / np.e)
""",
)  # fmt: skip


def _yes_and_no(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    return -(y * log_sigmoid(logits) + (1 - y) * log_sigmoid(-logits))


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.log(1 + np.exp(x))


def _nearly_or_capped(trials: Sequence[Trial]) -> bool:
    """Recognise −ln(σ + 10⁻⁷) and the like: almost right for ordinary logits, much too small for far ones."""
    got = [(float(t.got.value), float(t.expected.value), t.extreme) for t in trials]
    near = all(abs(a - b) < 1e-3 * b for a, b, extreme in got if not extreme)
    return near and all(0 <= a < b / 2 for a, b, extreme in got if extreme and b > 0)


def _after_sigmoid(logits: np.ndarray, y: np.ndarray) -> float:
    s = 1 / (1 + np.exp(-logits))
    return -(y * np.log(s) + (1 - y) * np.log(1 - s)).mean()


def _of_sigmoids(logits, y) -> np.ndarray:
    s = 1 / (1 + np.exp(-logits))
    return -(y * np.log(s) + (1 - y) * np.log(1 - s))


multi_label_loss = Exercise(
    name="multi_label_loss",
    reference=lambda logits, y: binary_cross_entropy_loss(logits, y),
    cases=[
        (np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])),
        (np.array([[2.0, -1.2, 0.7]]), np.array([[1.0, 1.0, 0.0]])),
        (np.array([[0.0, 3.0], [-2.0, 1.2], [0.9, -1.1]]), np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 1.0]])),
        (np.array([[0.4, -0.8, 1.5], [-1.7, 0.6, -0.3]]), np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])),
        (np.array([[-12.3456, 1.2345, 0.5678]]), np.array([[0.0, 0.0, 1.0]])),
    ],
    extreme=[
        (np.array([[800.0, -800.0]]), np.array([[1.0, 1.0]])),
        (np.array([[-800.0, 800.0]]), np.array([[1.0, 0.0]])),
    ],
    shown="Every output is a yes/no question of its own, and the mean is over all N·K of them.",
    mistakes=[
        Mistake(
            "softmax for each sigmoid",
            lambda logits, y: -(y * np.log(softmax(logits)) + (1 - y) * np.log(1 - softmax(logits))).mean(),
            "You ask a yes/no question of each class, as you should, but of softmax's probabilities, which "
            "compete for one 1. Each question has a sigmoid of its own: σ(f) = 1/(1 + e^(−f)).",
            also=[lambda logits, y: -(y * np.log(softmax(logits)) + (1 - y) * np.log(1 - softmax(logits)))
                  .sum(axis=1).mean()],
        ),
        Mistake(
            "softmax",
            lambda logits, y: -(y * log_softmax(logits, axis=1)).sum(axis=1).mean(),
            "You use softmax: its classes compete for one 1, so two tags that are both right can never both "
            "be likely. Here every logit has a sigmoid of its own.",
            also=[lambda logits, y: -(y * log_softmax(logits, axis=1)).mean()],
        ),
        Mistake(
            "only the yes",
            lambda logits, y: -(y * log_sigmoid(logits)).mean(),
            "Only the tags that are there count in your loss, so a model that always says yes is perfect. "
            "Where y = 0 the right answer is no, with the probability 1 − σ(f) = σ(−f).",
        ),
        Mistake(
            "yes expected everywhere",
            lambda logits, y: np.logaddexp(0, -logits).mean(),
            "y plays no part: you charge every logit as if the answer were yes. Where y = 0 the loss is −ln "
            "σ(−f).",
        ),
        Mistake(
            "no taken for 0",
            lambda logits, y: np.logaddexp(0, -logits * y).mean(),
            "You multiply the logit by y, so every no costs ln 2, whatever the model says. For a no the "
            "*sign* of the logit turns: −1, not 0.",
        ),
        Mistake(
            "not averaged",
            lambda logits, y: _yes_and_no(logits, y),
            "You return one loss for each entry. One number is asked for: their mean.",
        ),
        Mistake(
            "summed over the tags",
            lambda logits, y: _yes_and_no(logits, y).sum(axis=1).mean(),
            "You add up the tags of each example and average over the examples: K times too much for this "
            "task. The mean is over all N·K entries, as in `BCEWithLogitsLoss`.",
        ),
        Mistake(
            "summed over the examples",
            lambda logits, y: _yes_and_no(logits, y).mean(axis=1).sum(),
            "You average over the tags but add up the examples: N times too much. The mean is over all N·K "
            "entries.",
        ),
        Mistake(
            "summed over everything",
            lambda logits, y: _yes_and_no(logits, y).sum(),
            "You return the sum over all entries. The mean is asked for.",
        ),
        Mistake(
            "minus forgotten",
            lambda logits, y: -_yes_and_no(logits, y).mean(),
            "The sign is turned: logarithms of probabilities are never above 0, a loss is minus that.",
        ),
        Mistake(
            "yes and no swapped",
            lambda logits, y: _yes_and_no(-logits, y).mean(),
            "Your loss is small where the answer is wrong: yes and no are swapped. ln σ(f) belongs to y = "
            "1, ln σ(−f) to y = 0.",
        ),
        Mistake(
            "squared error",
            lambda logits, y: ((sigmoid(logits) - y) ** 2).mean(),
            "That is the mean squared error of the probabilities. Asked for is the cross-entropy, −ln of "
            "the probability of the right answer.",
        ),
        Mistake(
            "sigmoid twice",
            lambda logits, y: _yes_and_no(sigmoid(logits), y).mean(),
            "You apply the sigmoid twice: once by hand, and once more in the logarithm. It is the bug of "
            "section 5 again.",
        ),
        Mistake(
            "a limit",
            lambda logits, y: -np.log(np.maximum(sigmoid(logits * (2 * y - 1)), 1e-7)).mean(),
            "A small number in the logarithm, a clipped probability or a clipped logit hides the infinity "
            "but puts a ceiling on the loss: a mistake with a lead of 800 must cost 800. Take the logarithm "
            "by hand: `np.logaddexp(0, -f)` is −ln σ(f) without overflow.",
            when=_nearly_or_capped,
        ),
        Mistake(
            "overflow",
            _after_sigmoid,
            "Right for ordinary logits. But e^800 is too large for a float, and a sigmoid at ±800 is "
            "rounded to 0 or 1, whose logarithm is infinite (times 0: NaN). Take the logarithm by hand: −ln "
            "σ(f) = ln(1 + e^(−f)), and `np.logaddexp(0, -f)` is that without overflow.",
            also=[
                lambda logits, y: -(y * np.log(sigmoid(logits)) + (1 - y) * np.log(sigmoid(-logits))).mean(),
                lambda logits, y: -np.log(np.where(y == 1, sigmoid(logits), 1 - sigmoid(logits))).mean(),
                lambda logits, y: -np.log(np.where(y == 1, sigmoid(logits), sigmoid(-logits))).mean(),
                lambda logits, y: (y * _softplus(-logits) + (1 - y) * _softplus(logits)).mean(),
                lambda logits, y: _softplus(-logits * (2 * y - 1)).mean(),
                lambda logits, y: np.where(y == 1, _softplus(-logits), _softplus(logits)).mean(),
                lambda logits, y: (_softplus(logits) - y * logits).mean(),
                lambda logits, y: (_softplus(-logits) + (1 - y) * logits).mean(),
            ],
        ),
        Mistake(
            "mean over the labels that hold",
            lambda logits, y: (y * np.logaddexp(0, -logits)).sum() / y.sum(),
            "Only the questions with the answer yes are counted. A class that does *not* hold is "
            "a question, too: −ln(1 − σ). The mean is over all N · K.",
        ),
        Mistake(
            "logits for probabilities",
            lambda logits, y: -(y * np.log(logits) + (1 - y) * np.log(1 - logits)).mean(),
            "You take the logarithm of the logits as if they were probabilities. They go through "
            "the sigmoid first.",
        ),
        Mistake(
            "maximum forgotten",
            lambda logits, y: (np.log1p(np.exp(-np.abs(logits))) - y * logits).mean(),
            "ln(1 + e^f) is max(f, 0) + ln(1 + e^(−|f|)): the first term is missing.",
        ),
        Mistake(
            "y times logit added",
            lambda logits, y: (np.logaddexp(0, logits) + y * logits).mean(),
            "The sign of y · f is turned: the loss is ln(1 + e^f) − y f.",
        ),
        Mistake(
            "divided by N twice",
            lambda logits, y: (np.logaddexp(0, logits) - y * logits).mean() / len(y),
            "`mean()` divides by N · K already; you divide by N once more.",
        ),
        Mistake(
            "accuracy",
            lambda logits, y: ((logits > 0) == y).mean(),
            "That is how often the larger half is right. Asked for is the loss, a mean of −ln σ "
            "and −ln(1 − σ).",
            also=[
                lambda logits, y: ((logits > 0) != y).mean(),
            ],
        ),
        Mistake(
            "nan_to_num",
            lambda logits, y: np.nan_to_num(_of_sigmoids(logits, y)).mean(),
            "`np.nan_to_num` turns ∞ into the largest float, and NaN into 0: the symptom is "
            "hidden, the number is wrong. Write the loss with the logits: ln(1 + e^f) − y f.",
            also=[
                lambda logits, y: np.nan_to_num(_of_sigmoids(logits, y).mean()),
            ],
        ),
        Mistake(
            "only the no",
            lambda logits, y: ((1 - y) * np.logaddexp(0, logits)).mean(),
            "Only the tags that are *not* there count in your loss. Where y = 1 the loss is −ln σ(f).",
            also=[
                lambda logits, y: -(1 - y) * log_sigmoid(-logits),
            ],
        ),
        Mistake(
            "no logarithm",
            lambda logits, y: -(y * sigmoid(logits) + (1 - y) * sigmoid(-logits)).mean(),
            "You average the probabilities of the right answers. The loss is minus the mean of their "
            "*logarithms*.",
            also=[
                lambda logits, y: (y * sigmoid(logits) + (1 - y) * sigmoid(-logits)).mean(),
            ],
        ),
        Mistake(
            "absolute value forgotten",
            lambda logits, y: (np.maximum(logits, 0) - y * logits + np.log1p(np.exp(-logits))).mean(),
            "ln(1 + e^f) = max(f, 0) + ln(1 + e^(−|f|)): in the exponent the absolute value is "
            "missing.",
        ),
        Mistake(
            "logarithm's term forgotten",
            lambda logits, y: (np.maximum(logits, 0) - y * logits).mean(),
            "ln(1 + e^f) is max(f, 0) *plus* ln(1 + e^(−|f|)), which is missing: near f = 0 it is ln "
            "2.",
        ),
        Mistake(
            "yes and no averaged apart",
            lambda logits, y: ((y * np.logaddexp(0, -logits)).sum() / y.sum() + ((1 - y)
                * np.logaddexp(0, logits)).sum() / (1 - y).sum()) / 2,
            "You average over the yes and over the no apart. There is one mean, over all N·K answers.",
            also=[
                lambda logits, y: (y * np.logaddexp(0, -logits)).sum() / y.sum() + ((1 - y)
                    * np.logaddexp(0, logits)).sum() / (1 - y).sum(),
            ],
        ),
        Mistake(
            "one sign wrong",
            lambda logits, y: (y * np.logaddexp(0, -logits) - (1 - y) * np.logaddexp(0, logits)).mean(),
            "Yes and no enter with different signs. Both are losses, minus a logarithm: neither may "
            "lower the sum.",
            also=[
                lambda logits, y: (-y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits)).mean(),
            ],
        ),
        Mistake(
            "1 − ln for ln(1 − …)",
            lambda logits, y: (y * np.logaddexp(0, -logits) - (1 - y) * (1
                + np.logaddexp(0, -logits))).mean(),
            "The loss of a no is −ln(1 − σ(f)); 1 − ln σ(f) is something else: the 1 − belongs inside "
            "the logarithm.",
            also=[
                lambda logits, y: (y * np.logaddexp(0, -logits) + (1 - y) * (1
                    + np.logaddexp(0, -logits))).mean(),
            ],
        ),
        Mistake(
            "y · f forgotten",
            lambda logits, y: np.logaddexp(0, logits).mean(),
            "That is ln(1 + e^f), the loss if the answer is no. If it is yes, f is taken away: ln(1 + "
            "e^f) − y f.",
        ),
        Mistake(
            "e^f for the sigmoid",
            lambda logits, y: -(y * np.log(np.exp(logits)) + (1 - y) * np.log(1 - np.exp(logits))).mean(),
            "Your probability is e^f, which may be above 1. The sigmoid divides: 1/(1 + e^(−f)).",
        ),
        Mistake(
            "one label in each row",
            lambda logits, y: -_picked(log_softmax(logits, axis=1), y.argmax(axis=1)).mean(),
            "You take one label from each row, and softmax: that is the loss where one and only one "
            "class is right. Here every entry is a question of its own, with a sigmoid.",
        ),
        Mistake(
            "clipped logits as probabilities",
            lambda logits, y: -(y * np.log(np.clip(logits, 1e-7, 1 - 1e-7)) + (1 - y) * np.log(1
                - np.clip(logits, 1e-7, 1 - 1e-7))).mean(),
            "You clip the logits to (0, 1) as if they were probabilities. They go through the sigmoid "
            "first, and then nothing needs to be clipped.",
        ),
    ],
    hints=[
        "For one logit f the answer yes has the probability σ(f), no has σ(−f). The loss is −ln of the one "
        "that y says.",
        "−ln σ(f) = ln(1 + e^(−f)): `np.logaddexp(0, -f)`. For no, turn the sign of f.",
        "`y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits)` is one loss for each entry.",
    ],
    solution="""
def multi_label_loss(logits, y):
    yes, no = np.logaddexp(0, -logits), np.logaddexp(0, logits)
    return (y * yes + (1 - y) * no).mean()
""",
)

def _running_sum_of_shares(grads, counts) -> np.ndarray:
    return (counts / counts.cumsum()) @ grads


def _running(grads) -> np.ndarray:
    mean = grads[0]
    for g in grads[1:]:
        mean = (mean + g) / 2
    return mean


accumulated = Exercise(
    name="accumulated",
    reference=lambda grads, counts: counts @ grads / counts.sum(),
    cases=[
        (np.array([[1.0], [3.0]]), np.array([1, 3])),
        (np.array([[4.0, 0.0], [1.0, 2.0]]), np.array([2, 9])),
        (np.array([[1.0, -1.0, 0.5], [2.0, 0.0, -3.0]]), np.array([5, 1])),
        (np.array([[0.3, -1.2], [2.0, 0.7], [-0.4, 0.1]]), np.array([8, 1, 4])),
        (np.array([[12.3456, -0.0123, 0.5], [-7.891, 3.4567, 0.1]]), np.array([3, 4])),
    ],
    shown="Every label that counts has the same share, 1/Σn, however the batch was cut into pieces.",
    mistakes=[
        Mistake(
            "mean of the means",
            lambda grads, counts: grads.mean(axis=0),
            "You give every *piece* the same share. That is the bug of 2024: a word in a short piece counts "
            "more than one in a long piece. A piece of n labels must count n times.",
        ),
        Mistake(
            "sum of the means",
            lambda grads, counts: grads.sum(axis=0),
            "You add up the gradients of the means as they are, as `backward()` does if nothing is divided. "
            "Turn each into the gradient of a *sum* first: times its number of labels.",
        ),
        Mistake(
            "gradient of the sum",
            lambda grads, counts: counts @ grads,
            "That is the gradient of the summed loss. The mean is asked for: divide by the number of all "
            "labels that count.",
        ),
        Mistake(
            "divided by the number of pieces",
            lambda grads, counts: counts @ grads / len(counts),
            "The sums are right, but you divide by the number of pieces. The mean is over labels: divide by "
            "`counts.sum()`.",
        ),
        Mistake(
            "not weighted",
            lambda grads, counts: grads.sum(axis=0) / counts.sum(),
            "You divide by the number of all labels, but each row is a mean already. Times its count it is a "
            "sum again; then the division is right.",
        ),
        Mistake(
            "divided by the counts",
            lambda grads, counts: (grads / counts[:, None]).sum(axis=0),
            "You divide each gradient by its count. It is a mean, so that was done once already: *multiply* "
            "by the count to get back to the sum.",
            also=[
                lambda grads, counts: (grads / counts[:, None]).mean(axis=0),
                lambda grads, counts: (1 / counts) @ grads / (1 / counts).sum(),
            ],
        ),
        Mistake(
            "weighted twice",
            lambda grads, counts: (counts / counts.sum()) @ grads / len(counts),
            "The shares n/Σn sum to 1 already, so their sum is the mean. You divide by the number of pieces "
            "once more (or call `mean` where `sum` is meant).",
        ),
        Mistake(
            "one number for all parameters",
            lambda grads, counts: (counts @ grads / counts.sum()).sum(),
            "You add up over the parameters, too. The gradient has one entry for each of them: sum over the "
            "pieces only, `axis=0`.",
            also=[
                lambda grads, counts: (counts @ grads / counts.sum()).mean(),
                lambda grads, counts: (counts[:, None] * grads).mean() / counts.sum(),
            ],
        ),
        Mistake(
            "counts along the wrong axis",
            lambda grads, counts: (counts * grads).sum(axis=0) / counts.sum(),
            "`counts * grads` lays the counts along the *parameters*, and fits only if there happen to be as "
            "many. They belong to the rows: `counts[:, None] * grads`.",
            when=raises("could not be broadcast"),
        ),
        Mistake(
            "the wrong axis",
            lambda grads, counts: grads.mean(axis=1),
            "You average over the parameters (axis 1), piece by piece. Rows are pieces: sum over axis 0.",
            also=[lambda grads, counts: (counts[:, None] * grads).sum(axis=1) / counts.sum()],
        ),
        Mistake(
            "divided by the largest count",
            lambda grads, counts: counts @ grads / counts.max(),
            "You divide by the largest count. The weights have to add up to 1: divide by "
            "`counts.sum()`.",
        ),
        Mistake(
            "one piece only",
            lambda grads, counts: grads[-1],
            "That is the gradient of one piece only. All pieces belong to it, each with its "
            "count.",
            also=[
                lambda grads, counts: grads[0],
            ],
        ),
        Mistake(
            "halved again and again",
            lambda grads, counts: _running(grads),
            "The mean of the mean so far and the next piece: the last piece counts half, the "
            "first ones hardly. Weight each piece with its count.",
        ),
        Mistake(
            "mean so far not scaled down",
            _running_sum_of_shares,
            "Each piece is added with its share n/(labels so far), but what was there before keeps its full "
            "weight. In a running mean it shrinks first, by 1 − n/(labels so far); or add n · gradient and "
            "divide once, at the end.",
        ),
        Mistake(
            "decimals cut off",
            lambda grads, counts: (counts[:, None] * grads / counts.sum()).astype(int).sum(axis=0),
            "The decimals are cut off: an integer array or `int` takes none. Begin with zeros "
            "that are floats.",
        ),
        Mistake(
            "a piece left out",
            lambda grads, counts: counts[:-1] @ grads[:-1] / counts.sum(),
            "One piece is left out of the sum above, though it counts below: does a loop or a slice "
            "end one too early?",
            also=[
                lambda grads, counts: counts[1:] @ grads[1:] / counts.sum(),
            ],
        ),
        Mistake(
            "returned inside the loop",
            lambda grads, counts: counts[0] * grads[0] / counts.sum(),
            "Only the first piece is counted: does `return` stand inside the loop? Move it to the "
            "left.",
            also=[
                lambda grads, counts: counts[0] * grads[0],
            ],
        ),
        Mistake(
            "overwritten in the loop",
            lambda grads, counts: counts[-1] * grads[-1] / counts.sum(),
            "Only the last piece is counted: each round of the loop overwrites the sum. Write `+=`.",
            also=[
                lambda grads, counts: counts[-1] * grads[-1],
            ],
        ),
        Mistake(
            "divided by D",
            lambda grads, counts: counts @ grads / grads.shape[1],
            "You divide by the number of parameters. The mean is over labels: divide by "
            "`counts.sum()`.",
        ),
        Mistake(
            "the largest piece",
            lambda grads, counts: grads[counts.argmax()],
            "That is the gradient of the largest piece only. All pieces belong to it, each with its "
            "count.",
        ),
        Mistake(
            "divided by the gradients",
            lambda grads, counts: counts @ grads / grads.sum(),
            "You divide by the sum of the gradients. A mean over labels is divided by the number of "
            "labels, `counts.sum()`.",
        ),
        Mistake(
            "length of the gradient",
            lambda grads, counts: np.linalg.norm(counts @ grads / counts.sum()),
            "You return the length of the gradient. Asked for is the gradient, one number for each "
            "parameter.",
        ),
        Mistake(
            "only the last is divided",
            lambda grads, counts: counts[:-1] @ grads[:-1] + counts[-1] * grads[-1] / counts.sum(),
            "Only the last summand is divided. Brackets: the whole sum is divided by `counts.sum()`.",
        ),
        Mistake(
            "the first two pieces",
            lambda grads, counts: counts[:2] @ grads[:2] / counts[:2].sum(),
            "Only the first two pieces are counted; there may be more. Sum over all of them.",
            also=[
                lambda grads, counts: counts[:2] @ grads[:2] / counts.sum(),
            ],
        ),
        Mistake(
            "another power of the counts",
            lambda grads, counts: np.sqrt(counts) @ grads / np.sqrt(counts).sum(),
            "The weights are a root or a square of the counts. A mean over n labels, times n, is "
            "their sum: the count itself.",
            also=[
                lambda grads, counts: counts**2 @ grads / (counts**2).sum(),
            ],
        ),
    ],
    hints=[
        "A mean over n labels is a sum divided by n. Which number turns it back into the sum?",
        "`counts[:, None] * grads` has the gradient of each piece's *summed* loss in its row. Add the rows.",
        "The whole batch has `counts.sum()` labels that count.",
    ],
    solution="""
def accumulated(grads, counts):
    sums = counts[:, None] * grads
    return sums.sum(axis=0) / counts.sum()
""",
)

louder = Prediction(
    name="louder",
    question="Example 5 is wrong: its right class got the probability 0.0013, so its loss, −ln 0.0013, is "
             "6.63. You add 3 to the logit of the *wrong* class. What does the loss do?",
    options={
        "It stays nearly as it was: the probability is next to 0 already.":
            "the probability goes from 0.0013 to 0.00007, which looks like nothing. But the loss is its "
            "logarithm, and 0.00007 is twenty times less than 0.0013.",
        "It grows by about 3.":
            "−ln g_ℓ is nearly the difference of the two logits once that is large. In this region the loss "
            "is a straight line with slope 1.",
        "It becomes e³ ≈ 20 times as large.":
            "the *odds* against the right class become e³ times as large. The loss is a logarithm: what "
            "multiplies the odds is added to the loss.",
        "It grows a little and stays below 7.":
            "nothing holds it there. The squared error would level off (lesson 03); −ln g_ℓ has no ceiling.",
    },
    answer="It grows by about 3.",
)  # fmt: skip

smoothed_limit = Prediction(
    name="smoothed_limit",
    question="Two classes; the targets are smoothed with α = 0.2. You raise the logit of the right class of "
             "one example, further and further. What does the loss of that example do?",
    options={
        "It falls towards 0, only more slowly.":
            "that is what a one-hot target does. Here the other class has the target 0.1, and −0.1 ln g "
            "grows without end as the model gives it less and less.",
        "It falls towards a fixed number above 0 and stays near it.":
            "there is such a number, the entropy of the target, 0.325; but the loss reaches it at g = 0.9 "
            "and does not stay.",
        "It falls, and then it rises again without end.":
            "the loss is H(y, g), smallest at g = y = (0.9, 0.1). Whoever is surer than the target pays for "
            "the other class.",
        "It does not change: smoothing makes the target constant.":
            "the target is constant in any case. The probabilities g change, and with them the loss.",
    },
    answer="It falls, and then it rises again without end.",
)  # fmt: skip

weights_or_not = Prediction(
    name="weights_or_not",
    question="Class 1 gets the weight 4, class 0 the weight 1. Does `F.cross_entropy(f, labels, weight=w)` "
             "give the same as `F.cross_entropy(f, one_hot, weight=w)`?",
    options={
        "Yes: a one-hot row says the same as its label.":
            "without weights it does, and with them the six losses are still the same. What differs is the "
            "number that their sum is divided by.",
        "No: the one-hot form ignores the weights.":
            "both forms multiply the losses by the weights; compare the bars.",
        "No: the one-hot form counts every example with the weights of both classes.":
            "in a one-hot row the other class has y = 0, so its term, weight included, is 0.",
        "No: the first divides by the sum of the six weights, the second by 6.":
            "the labels 0, 1, 0, 1, 1, 0 have the weights 1, 4, 1, 4, 4, 1, together 15. So the first mean "
            "is 22.51/15, the second 22.51/6.",
    },
    answer="No: the first divides by the sum of the six weights, the second by 6.",
)  # fmt: skip

perfect_twice = Prediction(
    name="perfect_twice",
    question="A softmax stands at the end of the model, and `F.cross_entropy` follows. An example has two "
             "classes, and the model is completely sure of the right one. How small is its loss?",
    options={
        "0.31, and it can never be smaller.":
            "the loss takes the probabilities (1, 0) for logits. Their softmax is (0.73, 0.27), and −ln "
            "0.73 = 0.31.",
        "0: a perfect answer costs nothing.":
            "it would, with one softmax. The second one squeezes (1, 0) to (0.73, 0.27).",
        "0.69: after the second softmax both classes are equal.":
            "that is ln 2, the loss of an undecided answer. The second softmax blurs the answer but does "
            "not wipe it out.",
        "There is none: PyTorch notices and raises an error.":
            "it cannot notice: probabilities are real numbers, and any real numbers may be logits.",
    },
    answer="0.31, and it can never be smaller.",
)  # fmt: skip

two_pieces = Prediction(
    name="two_pieces",
    question="Two sentences, one of 2 words and one of 9, are taken one after the other. Of each you compute "
             "the *mean* loss of its words, and then you average the two means. How much does a word of the "
             "short sentence count, beside a word of the long one?",
    options={
        "Just as much: a mean treats all alike.":
            "within one sentence it does. But the two means then count the same, though they stand for 2 and "
            "for 9 words.",
        "4.5 times as much.":
            "its share is ½ · ½ = 1/4, that of a word of the long sentence ½ · 1/9 = 1/18. In the mean over "
            "all words each has 1/11.",
        "Less: there are only two of them.":
            "that would hold for the *sentence* in the mean over all words. Here each sentence has the share "
            "½, and two words divide it among themselves.",
        "That depends on their losses.":
            "what a word adds depends on its loss. With which factor it is added does not.",
    },
    answer="4.5 times as much.",
)  # fmt: skip

runs_away = Prediction(
    name="runs_away",
    question="A straight line can separate the two classes below. You go downhill on the mean NLL, step "
             "after step. What does the length of the weights do?",
    options={
        "It settles at the best value.":
            "there is none: once every point is on its side, twice the weights, and twice the bias, give "
            "each of them a higher probability.",
        "It grows by the same amount with every step.":
            "the surer the model, the smaller the slope, so the steps shrink.",
        "It grows without end, more and more slowly.":
            "in the end each doubling of the number of steps adds about as much as the one before: it grows "
            "like a logarithm.",
        "It falls to 0 with the loss.":
            "weights of 0 would give every point the same answer. The loss falls *because* they grow.",
    },
    answer="It grows without end, more and more slowly.",
)  # fmt: skip

parted = Prediction(
    name="parted",
    question="At epoch 100 a network has 96 % of its training images right, at epoch 300 practically all. "
             "On new images its NLL rises in this time, by a fifth perhaps. What does its accuracy on new "
             "images do?",
    options={
        "It falls, by about as much.":
            "so one would think; look at the other runs, too. The NLL grows because the wrong answers become "
            "louder, and how loud they are does not change how many there are.",
        "It stays about where it was, or rises by a point or two.":
            "in all six runs. The NLL charges for how *sure* the wrong answers are; the accuracy only counts "
            "them.",
        "It rises by a fifth.":
            "accuracy and NLL ask different questions, and neither follows from the other.",
        "It falls to chance: the network has learnt its images by heart.":
            "it has, and still most of what it learnt holds for new images.",
    },
    answer="It stays about where it was, or rises by a point or two.",
)  # fmt: skip
