"""Exercises and predictions of lesson 05, softmax gradients."""
# ruff: noqa: N803 (T is the lesson's symbol for the temperature, W for the weights)

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import raises
from helpers.softmax import log_softmax, softmax


def _one_hot(labels, k: int) -> np.ndarray:
    return np.eye(k)[labels]


def _batch(g, labels) -> np.ndarray:
    return g - _one_hot(labels, g.shape[1])


def _wrong_cells(g, labels) -> np.ndarray:
    d = g.copy()
    d[:, labels] -= 1
    return d


def _wrong_rows(g, labels) -> np.ndarray:
    d = g.copy()
    d[labels] -= 1
    return d


def _label_entries(g, labels) -> np.ndarray:
    return g[np.arange(len(g)), labels]


batch_gradient = Exercise(
    name="batch_gradient",
    reference=lambda g, labels: _batch(g, labels) / len(g),
    cases=[
        (np.array([[0.5, 0.5]]), np.array([0])),
        (np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]), np.array([2, 0])),
        (np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8]]), np.array([1, 0, 0])),
        (np.array([[0.1234, 0.0005, 0.2761, 0.6], [0.3333, 0.1667, 0.4876, 0.0124]]), np.array([1, 3])),
    ],
    shown="Prediction minus target, divided by the number of examples: every row still sums to 0.",
    mistakes=[
        Mistake(
            "sum for mean",
            _batch,
            "That is the gradient of the *summed* loss. The mean divides the loss by N, so its gradient is "
            "divided by N, too: `len(g)`.",
        ),
        Mistake(
            "divided by the classes",
            lambda g, labels: _batch(g, labels) / g.shape[1],
            "You divide by K, the number of classes. The mean is over the N examples: `len(g)`.",
        ),
        Mistake(
            "divided by the entries",
            lambda g, labels: _batch(g, labels) / g.size,
            "You divide by N·K, the number of entries. There is one loss for each example, not one for "
            "each entry: divide by N.",
        ),
        Mistake(
            "sign turned",
            lambda g, labels: -_batch(g, labels) / len(g),
            "The sign is turned: y − g is the direction of a step *against* the gradient. The gradient "
            "itself is g − y, below 0 at the label, because raising that logit lowers the loss.",
            also=[lambda g, labels: -_batch(g, labels)],
        ),
        Mistake(
            "whole columns",
            lambda g, labels: _wrong_cells(g, labels) / len(g),
            "`d[:, labels]` takes whole columns: it subtracts 1 in every row for each class that is some "
            "example's label. You want one entry in each row: `d[np.arange(len(g)), labels]`.",
            also=[_wrong_cells],
        ),
        Mistake(
            "whole rows",
            lambda g, labels: _wrong_rows(g, labels) / len(g),
            "One index in the brackets takes whole *rows*, here those whose number is some example's label. "
            "You want one entry in each row: `d[np.arange(len(g)), labels]`.",
            also=[_wrong_rows, lambda g, labels: (g[labels] - 1) / len(g), lambda g, labels: g[labels] - 1],
        ),
        Mistake(
            "only the label's entry",
            lambda g, labels: _batch(g, labels) * _one_hot(labels, g.shape[1]) / len(g),
            "You give only the label's entry of each row. The other logits matter, too: they stand in the "
            "sum that normalises g, and their entries are g_i − 0 = g_i.",
            also=[
                lambda g, labels: _batch(g, labels) * _one_hot(labels, g.shape[1]),
                lambda g, labels: (_label_entries(g, labels) - 1) / len(g),
                lambda g, labels: _label_entries(g, labels) - 1,
            ],
        ),
        Mistake(
            "stopped at the probabilities",
            lambda g, labels: -_one_hot(labels, g.shape[1]) / g / len(g),
            "That is −y/g, the gradient with respect to the *probabilities*. Go on to the logits, through "
            "the Jacobian of softmax; or take the direct road.",
            also=[lambda g, labels: -_one_hot(labels, g.shape[1]) / g],
        ),
        Mistake(
            "averaged over the examples",
            lambda g, labels: _batch(g, labels).mean(axis=0),
            "You average the rows, and one row of K numbers is left. Each example has logits of its own: the "
            "gradient has the shape of `g`, (N, K), and only the factor 1/N comes from the mean.",
            also=[lambda g, labels: _batch(g, labels).sum(axis=0)],
        ),
        Mistake(
            "averaged away",
            lambda g, labels: _batch(g, labels).mean(),
            "Your result is 0. That is what the mean of the entries of g − y gives: every row of it sums to "
            "0. Only the losses are averaged; the gradient keeps the shape of `g`, (N, K), and is divided by "
            "N.",
            also=[
                lambda g, labels: _batch(g, labels).mean(axis=1),
                lambda g, labels: _batch(g, labels).mean(axis=1, keepdims=True),
            ],
        ),
        Mistake(
            "only one part divided",
            lambda g, labels: g - _one_hot(labels, g.shape[1]) / len(g),
            "You divide one of g and y by N, but not the other. Brackets: the whole difference g − y is "
            "divided.",
            also=[lambda g, labels: g / len(g) - _one_hot(labels, g.shape[1])],
        ),
        Mistake(
            "softmax once more",
            lambda g, labels: _batch(softmax(g), labels) / len(g),
            "You take the softmax of `g`. These are probabilities already: subtract the target from them.",
            also=[lambda g, labels: _batch(softmax(g), labels)],
        ),
        Mistake(
            "one-hot rows too short",
            lambda g, labels: (g - np.eye(labels.max() + 1)[labels]) / len(g),
            "Your one-hot rows are as long as the largest label in the batch needs. A class that no example "
            "of the batch has is a class all the same: K is `g.shape[1]`.",
            also=[lambda g, labels: g - np.eye(labels.max() + 1)[labels]],
        ),
        Mistake(
            "1 from every class",
            lambda g, labels: (g - 1) / len(g),
            "You subtract 1 from every entry. The target y is 1 at the label only, and 0 elsewhere.",
            also=[lambda g, labels: g - 1],
        ),
        Mistake(
            "label as a number",
            lambda g, labels: (g - labels[:, None]) / len(g),
            "You subtract the label itself, as if class 2 were twice as much as class 1. A label is a name: "
            "subtract its one-hot row, 1 at the label and 0 elsewhere.",
            when=raises("shapes (2,3) (2,)", "shapes (2,) (2,3)"),  # as g − labels does
            also=[lambda g, labels: g - labels[:, None]],
        ),
        Mistake(
            "target forgotten",
            lambda g, labels: g / len(g),
            "You return the probabilities. The target is missing: subtract 1 at the label.",
            also=[lambda g, labels: g],
        ),
        Mistake(
            "the loss itself",
            lambda g, labels: -np.log(_label_entries(g, labels)).mean(),
            "That is the loss. Its gradient with respect to the logits has one entry for each logit, shape "
            "(N, K).",
            also=[
                lambda g, labels: -np.log(_label_entries(g, labels)),
                lambda g, labels: -np.log(_label_entries(g, labels)).sum(),
            ],
        ),
        Mistake(
            "N for K in the target",
            lambda g, labels: (g - np.eye(len(g))[labels]) / len(g),
            "The one-hot rows have N entries, the number of examples. They need one for each "
            "class: K = `g.shape[1]`.",
        ),
        Mistake(
            "Jacobian's diagonal left in",
            lambda g, labels: _batch(g, labels) * g * (1 - g) / len(g),
            "The factor g (1 − g) belongs to the *squared* error of sigmoids. With cross-entropy it "
            "cancels: g − y is the whole gradient at the logits.",
            also=[
                lambda g, labels: _batch(g, labels) * g * (1 - g),
            ],
        ),
        Mistake(
            "derivative of softmax alone",
            lambda g, labels: g * (1 - g) / len(g),
            "g (1 − g) is how fast a probability moves with its own logit; the loss and its label are "
            "missing. Together they give g − y.",
            also=[
                lambda g, labels: g * (1 - g),
            ],
        ),
        Mistake(
            "squares",
            lambda g, labels: _batch(g, labels) ** 2 / len(g),
            "You square g − y. The gradient of cross-entropy is the difference itself, with its sign.",
            also=[
                lambda g, labels: _batch(g, labels) ** 2,
            ],
        ),
        Mistake(
            "divided by N − 1",
            lambda g, labels: _batch(g, labels) / (len(g) - 1.0 if len(g) > 1 else 0.0),
            "You divide by N − 1. That belongs to the variance of a sample; the mean loss is divided "
            "by N.",
        ),
        Mistake(
            "mean of the rows taken away",
            lambda g, labels: (_batch(g, labels) - _batch(g, labels).mean(axis=0)) / len(g),
            "You take the mean over the examples away. Each example has logits and a gradient of its "
            "own: g − y, divided by N.",
        ),
        Mistake(
            "others only",
            lambda g, labels: g * (1 - _one_hot(labels, g.shape[1])) / len(g),
            "The label's entry is 0 in each row. It is g_ℓ − 1, the only negative one.",
            also=[
                lambda g, labels: g * (1 - _one_hot(labels, g.shape[1])),
            ],
        ),
        Mistake(
            "plus for minus",
            lambda g, labels: (g + _one_hot(labels, g.shape[1])) / len(g),
            "You add the target. It is prediction *minus* target.",
            also=[
                lambda g, labels: g + _one_hot(labels, g.shape[1]),
            ],
        ),
    ],
    hints=[
        "For one example the gradient is g − y. Where in row n is y different from 0?",
        "`g[np.arange(len(g)), labels]` is the label's entry of every row. Copy g, subtract 1 there, and do "
        "not forget the mean.",
    ],
    solution="""
def batch_gradient(g, labels):
    d = g.copy()
    d[np.arange(len(g)), labels] -= 1
    return d / len(g)
""",
    from_scratch=False,
)


def _tempered(f, label, T) -> np.ndarray:
    return softmax(f / T) - _one_hot(label, len(f))


def _g_minus_y(f, label) -> np.ndarray:
    return softmax(f) - np.eye(len(f))[label]


def _jacobian_of(f) -> np.ndarray:
    g = softmax(f)
    return np.diag(g) - np.outer(g, g)


temperature_gradient = Exercise(
    name="temperature_gradient",
    reference=lambda f, label, T: _tempered(f, label, T) / T,
    cases=[
        (np.array([0.0, 1.0]), 0, 2.0),
        (np.array([1.0, 2.0, 0.0]), 0, 0.5),
        (np.array([1.0, -1.0, 0.5, 2.0]), 3, 3.0),
        (np.array([-31.2345, -14.3214, -20.0]), 0, 12.3456),
    ],
    shown="The gradient of −ln softmax(f/T)_ℓ is (g − y)/T, with g taken at the temperature T.",
    mistakes=[
        Mistake(
            "inner derivative forgotten",
            _tempered,
            "That is the gradient with respect to f/T. By the chain rule each ∂(f_i/T)/∂f_i = 1/T is still "
            "missing.",
        ),
        Mistake(
            "multiplied by T",
            lambda f, label, T: _tempered(f, label, T) * T,
            "The inner derivative of f/T is 1/T, not T: divide.",
        ),
        Mistake(
            "T forgotten",
            lambda f, label, T: softmax(f) - _one_hot(label, len(f)),
            "T does not appear. The probabilities are softmax(f/T), and the chain rule brings a factor 1/T.",
        ),
        Mistake(
            "probabilities without T",
            lambda f, label, T: (softmax(f) - _one_hot(label, len(f))) / T,
            "The factor 1/T is right, but g is taken at T = 1. The loss is that of softmax(f/T).",
        ),
        Mistake(
            "sign turned",
            lambda f, label, T: -_tempered(f, label, T) / T,
            "The sign is turned. The entry at the label is negative: raising that logit lowers the loss.",
            also=[lambda f, label, T: -_tempered(f, label, T)],
        ),
        Mistake(
            "only g divided",
            lambda f, label, T: softmax(f / T) / T - _one_hot(label, len(f)),
            "You divide g by T but not y. The factor 1/T belongs to the whole: (g − y)/T, with g = "
            "softmax(f/T).",
            also=[lambda f, label, T: softmax(f) / T - _one_hot(label, len(f))],
        ),
        Mistake(
            "only y divided",
            lambda f, label, T: softmax(f / T) - _one_hot(label, len(f)) / T,
            "The term −f_ℓ/T gives y/T, right. But ln Σ e^(f_j/T) brings a factor 1/T, too: its derivative "
            "is g_i/T.",
        ),
        Mistake(
            "derivative in T",
            lambda f, label, T: -_tempered(f, label, T) * f / T**2,
            "You differentiate by T. Asked for is the gradient with respect to the logits f.",
            also=[lambda f, label, T: -_tempered(f, label, T) @ f / T**2],
        ),
        Mistake(
            "logits times T",
            lambda f, label, T: (softmax(f * T) - _one_hot(label, len(f))) * T,
            "You multiply the logits by T. They are divided by it: the loss is −ln softmax(f/T)_ℓ.",
            also=[
                lambda f, label, T: (softmax(f * T) - _one_hot(label, len(f))) / T,
                lambda f, label, T: softmax(f * T) - _one_hot(label, len(f)),
            ],
        ),
        Mistake(
            "1/T twice",
            lambda f, label, T: _tempered(f, label, T) / T**2,
            "You divide by T twice. The chain rule brings 1/T once; inside softmax(f/T) it stays where it "
            "is.",
        ),
        Mistake(
            "only the label's entry",
            lambda f, label, T: _tempered(f, label, T) * _one_hot(label, len(f)) / T,
            "You give only the label's entry. The other logits matter, too: they stand in the sum, and their "
            "entries are g_i/T.",
            also=[
                lambda f, label, T: _tempered(f, label, T)[label] / T,
                lambda f, label, T: _tempered(f, label, T)[label],
            ],
        ),
        Mistake(
            "1 from every class",
            lambda f, label, T: (softmax(f / T) - 1) / T,
            "You subtract 1 from every entry. The target y is 1 at the label only, and 0 elsewhere.",
            also=[lambda f, label, T: softmax(f / T) - 1],
        ),
        Mistake(
            "target forgotten",
            lambda f, label, T: softmax(f / T) / T,
            "That is the slope of the second term, ln Σ e^(f_j/T), alone. The first term, −f_ℓ/T, has one, "
            "too: −1/T at the label.",
            also=[lambda f, label, T: softmax(f / T)],
        ),
        Mistake(
            "stopped at the probabilities",
            lambda f, label, T: -_one_hot(label, len(f)) / softmax(f / T),
            "−y/g is the gradient with respect to the *probabilities*. Go on to the logits, or take the "
            "direct road.",
            also=[lambda f, label, T: -_one_hot(label, len(f)) / softmax(f / T) / T],
        ),
        Mistake(
            "the loss itself",
            lambda f, label, T: -log_softmax(f / T)[label],
            "That is the loss. Its gradient has one entry for each logit.",
        ),
        Mistake(
            "rounded down",
            lambda f, label, T: _g_minus_y(f // T, label) / T,
            "`//` rounds down. Divide the logits with `/`.",
        ),
        Mistake(
            "a fixed place for the label",
            lambda f, label, T: _g_minus_y(f / T, -1) / T,
            "The 1 is taken off at a fixed place. It belongs to the class `label`.",
            also=[
                lambda f, label, T: _g_minus_y(f / T, 0) / T,
            ],
        ),
        Mistake(
            "target inside softmax",
            lambda f, label, T: softmax((f - _one_hot(label, len(f))) / T) / T,
            "The target is subtracted from the *probabilities*, after softmax: brackets.",
            also=[
                lambda f, label, T: softmax((f - _one_hot(label, len(f))) / T),
                lambda f, label, T: softmax(f / T - _one_hot(label, len(f))) / T,
            ],
        ),
        Mistake(
            "not normalised",
            lambda f, label, T: (np.exp(f / T) - _one_hot(label, len(f))) / T,
            "Exponentials are not yet probabilities: divide by their sum.",
            also=[
                lambda f, label, T: (np.exp(f / T - f.max() / T) - _one_hot(label, len(f))) / T,
                lambda f, label, T: np.exp(f / T) - _one_hot(label, len(f)),
            ],
        ),
        Mistake(
            "logits for probabilities",
            lambda f, label, T: (f / T - _one_hot(label, len(f))) / T,
            "You subtract the target from logits. Prediction minus target takes the probabilities, "
            "softmax(f/T).",
            also=[
                lambda f, label, T: f / T - _one_hot(label, len(f)),
                lambda f, label, T: (f - _one_hot(label, len(f))) / T,
            ],
        ),
        Mistake(
            "log-probabilities",
            lambda f, label, T: (log_softmax(f / T) - _one_hot(label, len(f))) / T,
            "You take log-probabilities. In g − y stand the probabilities themselves.",
            also=[
                lambda f, label, T: log_softmax(f / T) / T,
            ],
        ),
        Mistake(
            "divided by K",
            lambda f, label, T: _tempered(f, label, T) / len(f),
            "You divide by the number of classes. There is one example, nothing to average; the inner "
            "derivative is 1/T.",
            also=[
                lambda f, label, T: _tempered(f, label, T) / T / len(f),
            ],
        ),
        Mistake(
            "label as a number",
            lambda f, label, T: (softmax(f / T) - label) / T,
            "You subtract the label itself from every entry. It is the name of a class: subtract 1 at "
            "that place only.",
            also=[
                lambda f, label, T: softmax(f / T) - label,
            ],
        ),
        Mistake(
            "power not normalised",
            lambda f, label, T: (softmax(f) ** (1 / T) - _one_hot(label, len(f))) / T,
            "softmax(f)^(1/T) is proportional to softmax(f/T), but no longer sums to 1: divide by its "
            "sum.",
            also=[
                lambda f, label, T: softmax(f) ** (1 / T) - _one_hot(label, len(f)),
            ],
        ),
        Mistake(
            "1 − 1/T for 1/T",
            lambda f, label, T: _tempered(f, label, T) * (1 - 1 / T),
            "The inner derivative of f/T is 1/T.",
        ),
        Mistake(
            "factors of the Jacobian",
            lambda f, label, T: softmax(f / T) * (1 - softmax(f / T)) / T,
            "Those are slopes of softmax alone. The loss −ln g_ℓ follows, and together they give g − "
            "y (then 1/T).",
            also=[
                lambda f, label, T: _jacobian_of(f / T) / T,
            ],
        ),
    ],
    hints=[
        "Take the direct road: L = −f_ℓ/T + ln Σ_j e^(f_j/T). Differentiate each term by f_i.",
        "The first term gives −y_i/T. In the second, the derivative of e^(f_i/T) is e^(f_i/T)/T.",
        "Both terms carry 1/T: what stands before it is g_i − y_i, with g = softmax(f/T).",
    ],
    solution="""
def temperature_gradient(f, label, T):
    e = np.exp((f - f.max()) / T)
    g = e / e.sum()
    g[label] -= 1
    return g / T
""",
    from_scratch=False,
)


def _rest(f, label) -> tuple[np.ndarray, np.ndarray]:
    g = softmax(f)
    return g, g - _one_hot(label, len(f))


def _as_sigmoids(f, label) -> np.ndarray:
    g = 1 / (1 + np.exp(-f))
    return 2 * (g - _one_hot(label, len(f))) * g * (1 - g)


def _jacobian(f) -> np.ndarray:
    return np.diag(softmax(f)) - np.outer(softmax(f), softmax(f))


def _through(f, label, sign: float = -1.0) -> np.ndarray:
    g, r = _rest(f, label)
    return (np.diag(g) + sign * np.outer(g, g)) @ r


squared_error_gradient = Exercise(
    name="squared_error_gradient",
    reference=lambda f, label: 2 * _through(f, label),
    cases=[
        (np.array([0.0, 0.5]), 0),
        (np.array([1.0, 2.0, 0.0]), 0),
        (np.array([1.0, -1.0, 0.5, 2.0]), 1),
        (np.array([-12.3456, -11.1234, -13.5]), 1),
    ],
    shown="2 J (g − y): the Jacobian stays in front, and where softmax saturates it takes the gradient to 0.",
    mistakes=[
        Mistake(
            "stopped at the probabilities",
            lambda f, label: 2 * _rest(f, label)[1],
            "That is 2 (g − y), the gradient with respect to the *probabilities*. The chain rule goes on to "
            "the logits: multiply by the Jacobian of softmax.",
        ),
        Mistake(
            "that of cross-entropy",
            lambda f, label: _rest(f, label)[1],
            "g − y is the gradient of cross-entropy. With the squared error the Jacobian does not cancel.",
        ),
        Mistake(
            "diagonal only",
            lambda f, label: 2 * _rest(f, label)[1] * softmax(f) * (1 - softmax(f)),
            "You use the diagonal g_i (1 − g_i) only, as for one sigmoid each. One logit moves *all* "
            "probabilities: the entries −g_i g_j belong to the sum.",
            also=[lambda f, label: _rest(f, label)[1] * softmax(f) * (1 - softmax(f))],
        ),
        Mistake(
            "factor 2 forgotten",
            _through,
            "The derivative of (g − y)² is 2 (g − y): a factor 2 is missing. (With a loss of ½ Σ (g − y)² "
            "it would cancel.)",
        ),
        Mistake(
            "sign turned",
            lambda f, label: -2 * _through(f, label),
            "The sign is turned. Raising the label's logit lowers the loss, so its entry is negative.",
            also=[lambda f, label: -_through(f, label)],
        ),
        Mistake(
            "plus off the diagonal",
            lambda f, label: 2 * _through(f, label, 1.0),
            "Check the sign of g gᵀ: the Jacobian is diag(g) − g gᵀ, because raising one logit *lowers* the "
            "other probabilities.",
        ),
        Mistake(
            "mean over the classes",
            lambda f, label: 2 * _through(f, label) / len(f),
            "You take the mean over the K classes. This loss is the sum of the K squares.",
        ),
        Mistake(
            "Jacobian without its second part",
            lambda f, label: 2 * _rest(f, label)[1] * softmax(f),
            "This is what diag(g) alone gives. The Jacobian is diag(g) − g gᵀ, and g gᵀ is a matrix, "
            "`np.outer(g, g)`. (`g @ g` is one number, and falls out because g − y sums to 0.)",
            also=[lambda f, label: _rest(f, label)[1] * softmax(f)],
        ),
        Mistake(
            "a row for the matrix g gᵀ",
            lambda f, label: 2 * (np.diag(softmax(f)) - softmax(f) ** 2) @ _rest(f, label)[1],
            "`g * g` (and `g * g.T`, for a vector `g.T` is `g`) is a row of squares, not the matrix g gᵀ of "
            "all products: that is `np.outer(g, g)`.",
        ),
        Mistake(
            "entry by entry",
            lambda f, label: 2 * _jacobian(f) * _rest(f, label)[1],
            "`*` multiplies entry by entry and leaves a matrix. The chain rule sums over all probabilities: "
            "that is the product of a matrix and a vector, `@`.",
            also=[lambda f, label: 2 * _jacobian(f) * _rest(f, label)[1][:, None]],
        ),
        Mistake(
            "only the label's square",
            lambda f, label: 2 * _rest(f, label)[1][label] * _jacobian(f)[label],
            "You differentiate the label's square only. The loss is the sum of all K squares: those of the "
            "other classes, g_k², have slopes, too.",
        ),
        Mistake(
            "sigmoids for softmax",
            _as_sigmoids,
            "You use a sigmoid for each logit. Here g = softmax(f): one logit moves all probabilities.",
        ),
        Mistake(
            "the loss itself",
            lambda f, label: (_rest(f, label)[1] ** 2).sum(),
            "That is the loss. Its gradient has one entry for each logit.",
        ),
        Mistake(
            "factor g forgotten",
            lambda f, label: 2 * (_g_minus_y(f, label) - softmax(f) @ _g_minus_y(f, label)),
            "The factor g_i in front of the bracket is missing: each column of the Jacobian has "
            "it.",
        ),
        Mistake(
            "diagonal forgotten",
            lambda f, label: -2 * np.outer(softmax(f), softmax(f)) @ _g_minus_y(f, label),
            "Only the products −g_k g_i are in your Jacobian. On the diagonal g_i is added: "
            "`np.diag(g) - np.outer(g, g)`.",
        ),
        Mistake(
            "square taken twice",
            lambda f, label: _jacobian_of(f) @ _g_minus_y(f, label) ** 2,
            "The derivative of (g − y)² is 2(g − y): the square is gone, a factor 2 has come.",
            also=[
                lambda f, label: 2 * _jacobian_of(f) @ _g_minus_y(f, label) ** 2,
                lambda f, label: 2 * _g_minus_y(f, label) ** 2,
            ],
        ),
        Mistake(
            "g on one term only",
            lambda f, label: 2 * softmax(f) * _g_minus_y(f, label) - softmax(f) @ _g_minus_y(f, label),
            "The second term has lost its factors: it is 2 g_i Σ_k (g_k − y_k) g_k. Put brackets "
            "round the difference.",
            also=[
                lambda f, label: 2 * (
                    softmax(f) * _g_minus_y(f, label) - softmax(f) @ _g_minus_y(f, label)),
            ],
        ),
        Mistake(
            "g left out of g − y",
            lambda f, label: -2 * _jacobian_of(f) @ np.eye(len(f))[label],
            "The outer derivative is 2(g − y); you took −2y.",
        ),
        Mistake(
            "y left out of g − y",
            lambda f, label: 2 * _jacobian_of(f) @ softmax(f),
            "The outer derivative is 2(g − y); you took 2g, as if the target were 0 for every class.",
        ),
        Mistake(
            "the squares",
            lambda f, label: _rest(f, label)[1] ** 2,
            "Those are the summands of the loss. Differentiate them: 2 (g_k − y_k) by g_k, and on "
            "through the Jacobian to the logits.",
        ),
        Mistake(
            "g for diag(g)",
            lambda f, label: 2 * (softmax(f) - np.outer(softmax(f), softmax(f))) @ _rest(f, label)[1],
            "`g - np.outer(g, g)` subtracts the matrix from g in every row. J has g on its "
            "*diagonal*: `np.diag(g)`.",
        ),
        Mistake(
            "Jacobian twice",
            lambda f, label: 2 * _jacobian(f) @ _jacobian(f) @ _rest(f, label)[1],
            "The Jacobian stands there twice. From the probabilities to the logits it is one step.",
            also=[
                lambda f, label: _jacobian(f) @ _jacobian(f) @ _rest(f, label)[1],
            ],
        ),
        Mistake(
            "only the rivals' squares",
            lambda f, label: 2 * _jacobian(f) @ (softmax(f) * (1 - _one_hot(label, len(f)))),
            "You differentiate the squares of the other classes only. The label's, (g_ℓ − 1)², "
            "belongs to the sum.",
        ),
        Mistake(
            "logits in the Jacobian",
            lambda f, label: 2 * (np.diag(f) - np.outer(f, f)) @ _rest(f, label)[1],
            "Your Jacobian is made of the logits. It is made of the probabilities: diag(g) − g gᵀ.",
        ),
        Mistake(
            "logits for probabilities",
            lambda f, label: 2 * _jacobian(f) @ (f - _one_hot(label, len(f))),
            "You subtract the target from the logits. The loss compares the probabilities g with y.",
        ),
        Mistake(
            "outer product with y",
            lambda f, label: 2 * (np.diag(softmax(f))
                - np.outer(softmax(f), _one_hot(label, len(f)))) @ _rest(f, label)[1],
            "The Jacobian of softmax knows nothing of the target: it is diag(g) − g gᵀ, with g twice.",
            also=[
                lambda f, label: 2 * (np.diag(softmax(f))
                    - np.outer(_one_hot(label, len(f)), softmax(f))) @ _rest(f, label)[1],
            ],
        ),
        Mistake(
            "one number",
            lambda f, label: 2 * (softmax(f)[label] - 1) * softmax(f)[label] * (1 - softmax(f)[label]),
            "That is one number, the slope of the label's square by the label's logit. Every logit "
            "has a slope, and all K squares count.",
        ),
        Mistake(
            "own probability left out",
            lambda f, label: -2 * softmax(f) * (softmax(f) @ _rest(f, label)[1] - softmax(f)
                * _rest(f, label)[1]),
            "The summand k = i is missing: in it stands the slope g_i (1 − g_i).",
        ),
        Mistake(
            "sign of the cross terms",
            lambda f, label: 2 * (np.diag(softmax(f)) + np.outer(softmax(f), softmax(f)) - 2
                * np.diag(softmax(f) ** 2)) @ _rest(f, label)[1],
            "The slope of g_k by another logit is −g_k g_i: raising one logit *lowers* the other "
            "probabilities.",
        ),
        Mistake(
            "last class left out",
            lambda f, label: 2 * _jacobian(f)[:, :-1] @ _rest(f, label)[1][:-1],
            "The last class is left out of the sum over the probabilities: does a loop or a slice end "
            "one too early?",
        ),
    ],
    hints=[
        "Take the long road. First ∂L/∂g_k = 2 (g_k − y_k).",
        "Then multiply by the Jacobian of softmax: J = diag(g) − g gᵀ, as `np.diag(g) - np.outer(g, g)`.",
    ],
    solution="""
def squared_error_gradient(f, label):
    e = np.exp(f - f.max())
    g = e / e.sum()
    r = g.copy()
    r[label] -= 1
    return 2 * (np.diag(g) - np.outer(g, g)) @ r
""",
    from_scratch=False,
)


def _at_logits(W, x, label) -> np.ndarray:
    return softmax(W @ x) - _one_hot(label, len(W))


weight_gradient = Exercise(
    name="weight_gradient",
    reference=lambda W, x, label: np.outer(_at_logits(W, x, label), x),
    cases=[
        (np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 2.0]), 0),
        (np.array([[0.5, -1.0, 0.0], [0.0, 0.5, 1.0]]), np.array([1.0, 2.0, -1.0]), 1),
        (np.array([[0.5, -1.0], [0.0, 0.5], [1.0, 0.0]]), np.array([3.0, -2.0]), 2),
        (np.array([[-1.2345, 0.6789], [1.2346, -0.4321], [0.1234, 2.3456]]), np.array([0.1235, 7.6543]), 1),
    ],
    shown="Row i is (g_i − y_i) x: the error at the logit times the input, so an input ten times as large "
    "brings a gradient ten times as large for the same error.",
    mistakes=[
        Mistake(
            "transposed",
            lambda W, x, label: np.outer(x, _at_logits(W, x, label)),
            "That is x (g − y)ᵀ. The gradient has the shape of `W`: one row for each class, one column for "
            "each input.",
        ),
        Mistake(
            "input forgotten",
            _at_logits,
            "That is the gradient with respect to the logits (and to a bias). A weight w_ij moves f_i by "
            "x_j: the input is still missing.",
        ),
        Mistake(
            "sign turned",
            lambda W, x, label: -np.outer(_at_logits(W, x, label), x),
            "The sign is turned: (g − y) xᵀ, not (y − g) xᵀ.",
        ),
        Mistake(
            "weights for input",
            lambda W, x, label: _at_logits(W, x, label)[:, None] * W,
            "You multiply by the weights. f_i = Σ_j w_ij x_j: the derivative of f_i by w_ij is the *input* "
            "x_j.",
        ),
        Mistake(
            "gradient of the input",
            lambda W, x, label: W.T @ _at_logits(W, x, label),
            "Wᵀ (g − y) is the gradient with respect to the *input* x: what would be passed on to an "
            "earlier layer. Asked for is the one with respect to W.",
        ),
        Mistake(
            "only the label's row",
            lambda W, x, label: np.outer(_at_logits(W, x, label) * _one_hot(label, len(W)), x),
            "You give only the label's row. The rows of the other classes have the error g_i − 0 = g_i.",
            also=[lambda W, x, label: _at_logits(W, x, label)[label] * x],
        ),
        Mistake(
            "one product for all",
            lambda W, x, label: _at_logits(W, x, label) * x,
            "`*` pairs the first entry with the first and the second with the second; `@` sums these "
            "products. You want *each* error times *each* input, K rows and D columns: `np.outer`.",
            also=[lambda W, x, label: _at_logits(W, x, label) @ x],
        ),
        Mistake(
            "divided",
            lambda W, x, label: np.outer(_at_logits(W, x, label), x) / len(W),
            "You divide by a number of classes or inputs. There is one example and one loss: nothing to "
            "average.",
            also=[
                lambda W, x, label: np.outer(_at_logits(W, x, label), x) / len(x),
                lambda W, x, label: np.outer(_at_logits(W, x, label), x) / W.size,
            ],
        ),
        Mistake(
            "Jacobian once too often",
            lambda W, x, label: np.outer(_jacobian(W @ x) @ _at_logits(W, x, label), x),
            "g − y is the gradient at the *logits* already; the Jacobian of softmax is in it. (With the "
            "squared error it would stay in front, with a factor 2.)",
            also=[lambda W, x, label: 2 * np.outer(_jacobian(W @ x) @ _at_logits(W, x, label), x)],
        ),
        Mistake(
            "softmax forgotten",
            lambda W, x, label: np.outer(W @ x - _one_hot(label, len(W)), x),
            "You subtract the target from the logits W x. Prediction minus target means g − y, g = softmax(W "
            "x).",
        ),
        Mistake(
            "1 from every class",
            lambda W, x, label: np.outer(softmax(W @ x) - 1, x),
            "You subtract 1 from every entry of g. The target y is 1 at the label only, and 0 elsewhere.",
        ),
        Mistake(
            "a step",
            lambda W, x, label: W - np.outer(_at_logits(W, x, label), x),
            "Those are new weights, after a step against the gradient. Asked for is the gradient alone.",
        ),
        Mistake(
            "the loss itself",
            lambda W, x, label: -log_softmax(W @ x)[label],
            "That is the loss. Its gradient has the shape of `W`: one entry for each weight.",
        ),
        Mistake(
            "target forgotten",
            lambda W, x, label: np.outer(softmax(W @ x), x),
            "You multiply g by x. The target is missing: the error at the logits is g − y.",
        ),
        Mistake(
            "stopped at the probabilities",
            lambda W, x, label: np.outer(-_one_hot(label, len(W)) / softmax(W @ x), x),
            "−y/g is the gradient with respect to the probabilities; you skip the softmax between them and "
            "the logits. At the logits it is g − y.",
        ),
        Mistake(
            "gradient of the probability",
            lambda W, x, label: np.outer(-softmax(W @ x)[label] * _at_logits(W, x, label), x),
            "That is how the *probability* g_ℓ moves with the weights (or −g_ℓ). The loss is −ln g_ℓ: the "
            "derivative of the logarithm, 1/g_ℓ, is missing.",
            also=[lambda W, x, label: np.outer(softmax(W @ x)[label] * _at_logits(W, x, label), x)],
        ),
        Mistake(
            "logits without the input",
            lambda W, x, label: np.outer(softmax(W.sum(axis=1)) - _one_hot(label, len(W)), x),
            "Your logits are the sums of the weights; the input plays no part in them. f_i = Σ_j w_ij x_j: "
            "each weight times its input.",
        ),
        Mistake(
            "g left out of g − y",
            lambda W, x, label: -np.outer(np.eye(len(W))[label], x),
            "Only the label's row is filled, with −x. The gradient by the logits is g − y: g is "
            "missing, in every row.",
        ),
        Mistake(
            "times W",
            lambda W, x, label: np.outer(_g_minus_y(W @ x, label), x) * W,
            "You multiply by W, too. f = W x, so the derivative of f_k by W_kd is x_d, without W.",
            also=[
                lambda W, x, label: np.outer(_g_minus_y(W @ x, label), x) + W,
            ],
        ),
        Mistake(
            "softmax of W",
            lambda W, x, label: (np.exp(W) / np.exp(W).sum() - np.eye(len(W))[label][:, None]) * x,
            "You take the softmax of W. The probabilities are those of the logits, `W @ x`.",
        ),
        Mistake(
            "not made a matrix",
            lambda W, x, label: np.outer(_g_minus_y(W @ x, label), x).ravel(),
            "The numbers are right, in one long row: `np.outer` gives them the shape (K, D) of W.",
        ),
        Mistake(
            "derivative of the sigmoid",
            lambda W, x, label: np.outer(softmax(W @ x) * (1 - softmax(W @ x)), x),
            "g(1 − g) is the derivative of g_i by its own logit. That of −ln g_ℓ is g − y.",
        ),
        Mistake(
            "label's entry in every row",
            lambda W, x, label: np.outer(np.full(len(W), softmax(W @ x)[label] - 1), x),
            "Every row gets g_ℓ − 1, which belongs to the label's row alone. The others have g_k.",
        ),
        Mistake(
            "softmax along the wrong thing",
            lambda W, x, label: (softmax(W) - _one_hot(label, len(W))[:, None]) * x,
            "You take the softmax of the weights. The probabilities are those of the logits, "
            "`softmax(W @ x)`.",
            also=[
                lambda W, x, label: (softmax(W, axis=0) - _one_hot(label, len(W))[:, None]) * x,
            ],
        ),
        Mistake(
            "outer product with the logits",
            lambda W, x, label: np.outer(_at_logits(W, x, label), W @ x),
            "You multiply by the logits. f_i = Σ_j w_ij x_j: its derivative by w_ij is the *input* "
            "x_j.",
        ),
        Mistake(
            "label as a number",
            lambda W, x, label: np.outer(softmax(W @ x) - label, x),
            "You subtract the label itself from every entry. It is the name of a class: subtract 1 at "
            "that place only.",
        ),
        Mistake(
            "inputs squared",
            lambda W, x, label: np.outer(_at_logits(W, x, label), x**2),
            "The input stands there twice. The derivative of w_ij x_j by w_ij is x_j, once.",
        ),
        Mistake(
            "divided by the inputs",
            lambda W, x, label: np.outer(_at_logits(W, x, label), 1 / x),
            "You divide by the inputs. The derivative of w_ij x_j by w_ij is x_j: multiply.",
        ),
        Mistake(
            "inputs normalised",
            lambda W, x, label: np.outer(_at_logits(W, x, label), x / np.linalg.norm(x)),
            "You make the input one of length 1. The gradient is proportional to x as it is: large "
            "inputs bring large gradients.",
        ),
        Mistake(
            "absolute inputs",
            lambda W, x, label: np.outer(_at_logits(W, x, label), np.abs(x)),
            "The sign of the input is lost. A negative input turns the slope.",
        ),
        Mistake(
            "sigmoids for softmax",
            lambda W, x, label: np.outer(1 / (1 + np.exp(-(W @ x))) - _one_hot(label, len(W)), x),
            "You use a sigmoid for each logit. Here g = softmax(W x): the classes compete.",
        ),
        Mistake(
            "logits not summed",
            lambda W, x, label: (softmax(W * x) - _one_hot(label, len(W))[:, None]) * x,
            "`W * x` has the single products; a logit is their sum over the inputs: `W @ x`.",
            also=[
                lambda W, x, label: (softmax(W * x, axis=0) - _one_hot(label, len(W))[:, None]) * x,
            ],
        ),
        Mistake(
            "only g times x",
            lambda W, x, label: np.outer(softmax(W @ x), x) - _one_hot(label, len(W))[:, None],
            "Only g is multiplied by x. Brackets: the whole difference g − y is.",
        ),
        Mistake(
            "an input left out",
            lambda W, x, label: np.outer(_at_logits(W, x, label), np.append(x[:-1], 0)),
            "One input is left out: its column is 0. Does a loop end one too early?",
            also=[
                lambda W, x, label: np.outer(_at_logits(W, x, label), np.append(0, x[1:])),
            ],
        ),
        Mistake(
            "one error for all",
            lambda W, x, label: np.tile(x, (len(W), 1)),
            "Every row is x. Row i is (g_i − y_i) x: its error at the logit is missing.",
        ),
    ],
    hints=[
        "f_i = Σ_j w_ij x_j. So ∂L/∂w_ij = (∂L/∂f_i)(∂f_i/∂w_ij): what are the two factors?",
        "They are g_i − y_i and x_j. All products of the entries of two vectors: `np.outer`.",
    ],
    solution="""
def weight_gradient(W, x, label):
    e = np.exp(W @ x - (W @ x).max())
    g = e / e.sum()
    g[label] -= 1
    return np.outer(g, x)
""",
    from_scratch=False,
)

rival_slope = Prediction(
    name="rival_slope",
    question="The logits (1, 2, 0) have the probabilities (0.24, 0.67, 0.09). You raise f₁, the largest, a "
             "little. Which of the other two probabilities falls faster?",
    options={
        "Neither falls: f₁ stands only in the numerator of g₁.":
            "e^f₁ also stands in the sum below the fraction line, which is the same for all three. If g₁ "
            "rises, something must fall: they sum to 1.",
        "Class 2: the smallest loses first.":
            "it loses least, because it has least to lose. All the others lose the same *fraction* of what "
            "they have.",
        "Class 0: each falls in proportion to what it has.":
            "the slope is −g_i g₁: −0.16 for class 0 and −0.06 for class 2. Their odds g₀/g₂ = e^(f₀ − f₂) "
            "do not depend on f₁, so they must shrink by the same factor.",
        "Both fall equally: they share the loss in two halves.":
            "then the odds between them would change, and those depend on f₀ − f₂ only (lesson 03).",
    },
    answer="Class 0: each falls in proportion to what it has.",
)  # fmt: skip

which_push = Prediction(
    name="which_push",
    question="A model answers g = (0.1, 0.7, 0.2), and the right class is 0. The loss is −ln g₀. In which "
             "proportions should a small step change the three logits, so that the loss falls fastest?",
    options={
        "+0.9, −0.7, −0.2":
            "target minus prediction, (1, 0, 0) − (0.1, 0.7, 0.2). The right class is pushed up by what it "
            "lacks, each other one down by the probability that it has and should not have.",
        "Only f₀ up: (+1, 0, 0)":
            "lowering another logit raises g₀, too: all logits stand in the sum that normalises g. A step "
            "that leaves them where they are is not the fastest.",
        "Only the two that count: (+1, −1, 0)":
            "class 2 has a fifth of the probability. It should have none, so it is pushed down as well, "
            "though less than class 1.",
        "f₀ up, the others down by the same: (+1, −½, −½)":
            "raising one logit takes from each rival in proportion to what it has. So it pays more to lower "
            "class 1, which has 0.7, than class 2 with 0.2.",
    },
    answer="+0.9, −0.7, −0.2",
)  # fmt: skip

big_step = Prediction(
    name="big_step",
    question="One example, and steps f ← f − ε (g − y) on its three logits. You make ε larger and larger. "
             "What can happen to its loss?",
    options={
        "It overshoots and rises as soon as ε is large enough.":
            "so it is with the parabola of a squared error. But here every step raises the label's logit and "
            "lowers all the others, however far it goes.",
        "It falls only if ε is below 2.":
            "2 would be the limit for a parabola of curvature 1. This loss has no bottom to jump across: "
            "along −(g − y) it falls for ever.",
        "It depends on whether the label has the largest logit at the start.":
            "that changes how fast the loss falls, not whether: the label's entry of the gradient is "
            "negative and all others positive in either case.",
        "It falls, whatever ε is.":
            "the step raises f_ℓ by ε (1 − g_ℓ) and lowers each other logit by ε g_i, so g_ℓ rises. (With "
            "shared weights and many examples a step too long does overshoot: lesson 07.)",
    },
    answer="It falls, whatever ε is.",
)  # fmt: skip

who_learns = Prediction(
    name="who_learns",
    question="Two sigmoid units start at the logit −8, where σ = 0.0003, but the target is 1. One has the "
             "squared error, one cross-entropy; ε = 1. Where are they after 256 steps?",
    options={
        "Both have learnt, the one with cross-entropy somewhat sooner.":
            "the squared error starts with a gradient of −0.00067, so in 256 steps its logit "
            "moves from −8 to about −7.8. It gets through in the end, after 1500 steps: a plateau, more than "
            "a hundred times as long. That is not “somewhat” later.",
        "The one with cross-entropy has learnt; the other is almost where it was.":
            "at the start the gradients are −1.0 and −0.00067. The sigmoid is flat there, and only "
            "cross-entropy cancels its slope.",
        "The one with the squared error has learnt: a parabola is steepest far from its bottom.":
            "it is, as a function of σ: slope −2. But the slope of the sigmoid, 0.0003, multiplies it on "
            "the way to the logit.",
        "Neither: at −8 the sigmoid is flat for both.":
            "it is flat for both, but −ln σ is steep there, slope −1/σ ≈ −3000. The product is about −1.",
    },
    answer="The one with cross-entropy has learnt; the other is almost where it was.",
)  # fmt: skip
