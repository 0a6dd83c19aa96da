"""Exercises and predictions of lesson 03, sigmoid and softmax."""
# ruff: noqa: N803 (T is the lesson's symbol for the temperature)

from collections.abc import Callable, Sequence

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import Recognise, Trial, everywhere, raises, sign_turned, single_numbers_only
from helpers.softmax import log_softmax, sigmoid, softmax

NO_ROWS = (
    "`f` is one vector here, without rows: no `axis=1`. (A function for rows, such as `softmax_rows`, takes "
    "a batch of one row, `f[None]`, and gives one back: its row 0 is what you want.)"
)
ROWS_MISSED = raises("axis 1 is out of bounds", "axis must be an axis", "too many indices")


def _largest_taken_off(x: np.ndarray) -> np.ndarray:
    return x - x.max(axis=1, keepdims=True)


def _row_sums(a: np.ndarray) -> np.ndarray:
    return a.sum(axis=1, keepdims=True)


def _first_row_only(trial: Trial) -> bool:
    """Tell whether the first row is right and the others are missing, 0, or as they were."""
    got, right, (f,) = trial.got.value, trial.expected.value, trial.given
    if np.shape(got) in (right[0].shape, right[:1].shape):
        return np.allclose(got, right[0])
    untouched = [np.zeros_like(f), np.ones_like(f), f]
    return np.allclose(got[0], right[0]) and any(np.array_equal(got[1:], rest[1:]) for rest in untouched)


softmax_rows = Exercise(
    name="softmax_rows",
    reference=lambda f: softmax(f, axis=1),
    cases=[
        (np.array([[0.0, 1.0]]),),
        (np.array([[0.0, 0.0], [0.0, 1.0]]),),
        (np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]]),),
        (np.array([[1.0, 2.0, -1.0], [0.0, 0.5, 3.0], [-2.0, 0.0, 1.0]]),),
    ],
    shown="Each row is a distribution of its own: every entry positive, every row with sum 1.",
    mistakes=[
        Mistake(
            "returned inside the loop",
            lambda f: softmax(f[0]),
            "Only the first row comes out. If you wrote a loop: it returns after the first row. Collect the "
            "rows, and put `return` after the loop, not inside it. (Without a loop: NumPy divides all rows "
            "at once.)",
            when=everywhere(_first_row_only),
            also=[lambda f: softmax(f[:1])],
        ),
        Mistake(
            "summed over the whole array",
            lambda f: np.exp(f) / np.exp(f).sum(),
            "You divide by the sum over the whole array: all entries together sum to 1, but each row "
            "should. Sum along the classes only: `axis=1`.",
        ),
        Mistake(
            "summed along the wrong axis",
            lambda f: np.exp(f) / np.exp(f).sum(axis=0),
            "Your columns sum to 1, but each row is one example and its K classes lie along the row. "
            "`axis=0` runs down the columns; `axis=1` runs along a row.",
        ),
        Mistake(
            "keepdims forgotten",
            lambda f: np.exp(f) / np.exp(f).sum(axis=1),
            "The row sums have shape (N,), and NumPy lines them up with the columns of an (N, K) array. "
            "`keepdims=True` keeps the shape (N, 1), so that each row is divided by its own sum. (With N "
            "= K it would have run without an error and given wrong numbers.)",
            when=raises("broadcast"),
        ),
        Mistake(
            "divided by the largest",
            lambda f: np.exp(f - f.max(axis=1, keepdims=True)),
            "The largest entry of each row is 1, so the row sums to more than 1. Subtracting the maximum "
            "from f, or dividing by the largest e^f, is not enough: divide by the sum of the row.",
        ),
        Mistake(
            "mean for sum",
            lambda f: softmax(f, axis=1) * f.shape[1],
            "You divide by the mean of the row: then it sums to K, not to 1. Divide by its sum.",
        ),
        Mistake(
            "no exponential",
            lambda f: f / _row_sums(f),
            "You normalise f itself. Logits may be negative and their sum may be 0, so that gives "
            "negative “probabilities” or a division by 0. Take `np.exp(f)` first: that is always positive.",
        ),
        Mistake(
            "not normalised",
            np.exp,
            "These are e^f: positive, but the rows do not sum to 1. Divide each row by its sum.",
        ),
        Mistake(
            "exponential of the sum",
            lambda f: np.exp(f) / np.exp(_row_sums(f)),
            "Below the line you take the exponential of the sum of the logits. It is the other way round: "
            "first e^f of each class, then their sum.",
        ),
        Mistake(
            "sigmoid of each entry",
            sigmoid,
            "That is the sigmoid of each logit by itself; the rows do not sum to 1. In softmax the "
            "classes compete: the denominator is the sum of e^f over all classes of the row.",
        ),
        Mistake(
            "sigmoids normalised",
            lambda f: sigmoid(f) / _row_sums(sigmoid(f)),
            "You normalise sigmoids. The rows do sum to 1, but the sigmoid has already squeezed the logits "
            "together: g_i/g_j is no longer e^(f_i − f_j). Normalise e^f itself.",
        ),
        Mistake(
            "sign turned",
            lambda f: softmax(-f, axis=1),
            "The exponent has its sign turned: with e^(−f) the smallest logit gets the largest probability. "
            "Take `np.exp(f)`. (The minus belongs to the sigmoid, 1 / (1 + e^(−d)), where it stands below "
            "the line.)",
        ),
        Mistake(
            "logarithm of the result",
            lambda f: log_softmax(f, axis=1),
            "These are the logarithms of the probabilities (log-softmax). This exercise asks for the "
            "probabilities.",
        ),
        Mistake(
            "all on the largest",
            lambda f: (f == f.max(axis=1, keepdims=True)).astype(float),
            "You give the largest logit everything. Softmax gives every class a share, in proportion to e^f.",
            also=[lambda f: np.eye(f.shape[1])[f.argmax(axis=1)]],
        ),
        Mistake(
            "shift after the exponential",
            lambda f: _largest_taken_off(np.exp(f)) / _row_sums(_largest_taken_off(np.exp(f))),
            "You subtract the largest e^f from the others. What cancels in softmax is a number subtracted "
            "from the logits, before the exponential. (Here none is needed.)",
        ),
        Mistake(
            "2 for e",
            lambda f: 2.0**f / _row_sums(2.0**f),
            "You raise 2 to the power f, not e: `np.exp(f)`.",
            also=[lambda f: 10.0**f / _row_sums(10.0**f)],
        ),
        Mistake(
            "normalised before the exponential",
            lambda f: np.exp(f / _row_sums(f)),
            "You divide the logits by their sum, and then take the exponential. The other way round: first "
            "e^f, then divide by the sum of the row.",
        ),
        Mistake(
            "another way to make positive",
            lambda f: f**2 / _row_sums(f**2),
            "You make the entries positive in another way than by e^f. Only with the exponential is the "
            "difference of two logits the log-odds of their classes.",
            also=[lambda f: np.abs(f) / _row_sums(np.abs(f)),
                  lambda f: np.log1p(np.exp(f)) / _row_sums(np.log1p(np.exp(f))),
                  lambda f: (f - f.min(axis=1, keepdims=True)) / _row_sums(f - f.min(axis=1, keepdims=True)),
                  lambda f: np.maximum(f, 0) / _row_sums(np.maximum(f, 0))],
        ),
        Mistake(
            "length for sum",
            lambda f: np.exp(f) / np.sqrt(_row_sums(np.exp(f) ** 2)),
            "You divide by the length of the row (the root of the sum of squares), so that the *squares* "
            "sum to 1. Divide by the sum.",
            also=[lambda f: np.exp(f) ** 2 / _row_sums(np.exp(f) ** 2)],
        ),
        Mistake(
            "shift above the line only",
            lambda f: np.exp(f - f.max(axis=1, keepdims=True)) / _row_sums(np.exp(f)),
            "You subtract the largest logit above or below the line only. It cancels only if it is "
            "subtracted in both places. (Here it is not needed.)",
            also=[lambda f: np.exp(f) / _row_sums(np.exp(f - f.max(axis=1, keepdims=True)))],
        ),
        Mistake(
            "another shift in every column",
            lambda f: softmax(f - f.max(axis=0), axis=1),
            "You subtract the largest entry of each *column*. Only what is the same for the whole row "
            "cancels: `f.max(axis=1, keepdims=True)`.",
            also=[lambda f: softmax(f - f.mean(axis=0), axis=1)],
        ),
        Mistake(
            "1 in the denominator",
            lambda f: np.exp(f) / (1 + _row_sums(np.exp(f))),
            "There is a 1 too many in the denominator, as in the sigmoid. Softmax divides by the sum of all "
            "e^f.",
        ),
        Mistake(
            "denominator incomplete",
            lambda f: np.exp(f) / (_row_sums(np.exp(f)) - np.exp(f)),
            "The sum below the line leaves a class out. It has to run over all the classes, the own one too.",
            also=[lambda f: np.exp(f) / _row_sums(np.exp(f[:, :-1])),
                  lambda f: np.exp(f) / _row_sums(np.exp(f[:, 1:]))],
        ),
        Mistake(
            "decisions",
            lambda f: f.argmax(axis=1),
            "You return the number of the largest class in each row. Asked for are the K probabilities.",
        ),
        Mistake(
            "largest probability only",
            lambda f: softmax(f, axis=1).max(axis=1),
            "You return the largest probability of each row only. Asked for are all K.",
        ),
        Mistake(
            "sorted",
            lambda f: np.sort(softmax(f, axis=1), axis=1),
            "The probabilities are right, but sorted in each row. Entry k belongs to class k.",
            also=[lambda f: np.sort(softmax(f, axis=1), axis=1)[:, ::-1]],
        ),
        Mistake(
            "at another temperature",
            lambda f: softmax(f / 2, axis=1),
            "The logits are divided by a number, or multiplied: that is softmax at another temperature.",
            also=[lambda f: softmax(f / f.shape[1], axis=1), lambda f: softmax(f / 0.7, axis=1)],
        ),
        Mistake(
            "only the last row",
            lambda f: softmax(f[-1]),
            "Only the last row comes out: in the loop each row overwrites the one before. Collect them.",
        ),
        Mistake(
            "softmax twice",
            lambda f: softmax(softmax(f, axis=1), axis=1),
            "You apply softmax twice: the second one takes probabilities for logits.",
        ),
    ],
    hints=[
        "Two steps: make every entry positive with `np.exp`, then divide each row by its sum.",
        "`e.sum(axis=1)` has shape (N,); to divide the rows of an (N, K) array you need (N, 1). Which "
        "argument of `sum` keeps the axis?",
    ],
    solution="""
def softmax_rows(f):
    e = np.exp(f)
    return e / e.sum(axis=1, keepdims=True)
""",
)

def _d(f0: np.ndarray, f1: np.ndarray, T: np.ndarray) -> np.ndarray:
    return (np.asarray(f0) - f1) / T


def _two_for_one(trial: Trial) -> bool:
    return np.ndim(trial.expected.value) > 0 or np.size(trial.got.value) == 2


def _e(f: np.ndarray, T: np.ndarray = 1.0) -> np.ndarray:
    return np.exp(np.asarray(f) / T)


two_classes = Exercise(
    name="two_classes",
    reference=lambda f0, f1, T: sigmoid(_d(f0, f1, T)),
    cases=[
        (3.0, 1.0, 1.0),
        (1.0, 3.0, 0.5),
        (-1.0, 2.0, 4.0),
        (1.0, 1.0, 2.0),
        (np.array([-3.0, 0.5, 3.0]), np.array([0.0, 2.0, -1.0]), np.array([2.0, 1.0, 10.0])),
    ],
    extreme=[
        (1001.0, 1000.0, 1.0),
        (-1001.0, -1000.0, 0.5),
        (20.0, 0.0, 1.0),
        (0.0, 20.0, 1.0),
        (0.0, 22.0, 1.0),  # 3e−10: small, but not 0
        (1000.0, 0.0, 1.0),
        (-1000.0, 1000.0, 2.0),
        (np.array([1000.0, -1000.0]), np.array([-1000.0, 999.0]), np.array([1.0, 0.5])),
    ],
    shown="T divides the difference of the logits, and softmax is the sigmoid of that: two numbers and a "
          "temperature come down to one log-odds.",
    mistakes=[
        Mistake(
            "single numbers only",
            lambda f0, f1, T: float(sigmoid((f0 - f1) / T)),
            "Right for single numbers; but f0, f1 and T may also be arrays, one entry for each example. Use "
            "`np.exp` (not `math.exp`), no `if`, and no sum over what lies in one array.",
            when=single_numbers_only,
        ),
        Mistake(
            "sign turned",
            lambda f0, f1, T: sigmoid(-_d(f0, f1, T)),
            "That is the probability of class 1: it falls as f₀ grows. For class 0 the exponent is −(f₀ − "
            "f₁)/T: dividing e^f₀ / (e^f₀ + e^f₁) by e^f₀ leaves e^(f₁ − f₀) below.",
        ),
        Mistake(
            "multiplied by T",
            lambda f0, f1, T: sigmoid((np.asarray(f0) - f1) * T),
            "Your probability runs to 0 or 1 as T grows: you multiply by T. A high temperature levels: "
            "divide the logits, and so their difference, by T.",
        ),
        Mistake(
            "T forgotten",
            lambda f0, f1, T: sigmoid(_d(f0, f1, 1)) + 0 * np.asarray(T),
            "T has no effect on your result: it is the probability at T = 1. At temperature T both logits "
            "are divided by T. What becomes of their difference?",
            also=[lambda f0, f1, T: sigmoid(_d(f0, f1, 1))],
        ),
        Mistake(
            "probability divided by T",
            lambda f0, f1, T: sigmoid(_d(f0, f1, 1)) / T,
            "You divide the probability by T: for T < 1 it can exceed 1, and the two classes no longer sum "
            "to 1. The temperature acts on the logits: inside the exponential.",
        ),
        Mistake(
            "probability to the power 1/T",
            lambda f0, f1, T: sigmoid(_d(f0, f1, 1)) ** (1 / np.asarray(T)),
            "You raise the probability to a power. g₀^(1/T) has the right proportion to g₁^(1/T), but the "
            "two no longer sum to 1. Divide the difference of the logits by T instead.",
            also=[lambda f0, f1, T: sigmoid(_d(f0, f1, 1)) ** T],
        ),
        Mistake(
            "exponential divided by T",
            lambda f0, f1, T: 1 / (1 + _e(f1 - np.asarray(f0)) / T),
            "T stands outside the exponential. It divides the exponent: e^(−(f₀ − f₁)/T).",
            also=[lambda f0, f1, T: 1 / (1 + _e(f1 - np.asarray(f0)) * T)],
        ),
        Mistake(
            "T above the line only",
            lambda f0, f1, T: _e(f0, T) / (_e(f0) + _e(f1)),
            "T stands above the line only. At temperature T every logit is divided by T, below the line too; "
            "what is left after dividing by e^(f₀/T) is one sigmoid.",
        ),
        Mistake(
            "T at one logit only",
            lambda f0, f1, T: sigmoid(f0 - np.asarray(f1) / T),
            "T divides only one of the two logits: Python divides before it subtracts. Put the difference in "
            "brackets: `(f0 - f1) / T`.",
            also=[
                lambda f0, f1, T: sigmoid(np.asarray(f0) / T - f1),
                lambda f0, f1, T: sigmoid(f1 - np.asarray(f0) / T),
                lambda f0, f1, T: sigmoid(np.asarray(f1) / T - f0),
            ],
        ),
        Mistake(
            "minus at one logit only",
            lambda f0, f1, T: sigmoid((np.asarray(f0) + f1) / T),
            "Your exponent holds the sum of the two logits: the minus of `-f0 - f1` reaches both. Write "
            "`-(f0 - f1)`, or `f1 - f0`.",
            also=[
                lambda f0, f1, T: sigmoid(f0 + np.asarray(f1) / T),
                lambda f0, f1, T: sigmoid(-(np.asarray(f0) + f1) / T),
            ],
        ),
        Mistake(
            "only class 0",
            lambda f0, f1, T: sigmoid(np.asarray(f0) / T) + 0 * np.asarray(f1),
            "You use f₀ alone, without its rival. If both logits are 3, each class has probability ½, but "
            "σ(3) is 0.95. Only the difference f₀ − f₁ counts.",
            also=[
                lambda f0, f1, T: sigmoid(np.asarray(f0) / T),
                lambda f0, f1, T: sigmoid(np.asarray(f0)),
                lambda f0, f1, T: sigmoid(-np.asarray(f0) / T),
            ],
        ),
        Mistake(
            "ratio of the logits",
            lambda f0, f1, T: f0 / (np.asarray(f0) + f1),
            "You divide logits by logits. They may be negative or 0, and T would cancel. Ratios belong to "
            "e^f, differences to f: the log-odds is (f₀ − f₁)/T.",
            also=[
                lambda f0, f1, T: f0 / (np.asarray(f0) + f1) / T,
                lambda f0, f1, T: f0 / T / ((np.asarray(f0) + f1) / T),
                lambda f0, f1, T: sigmoid(f0 / np.asarray(f1)),
                lambda f0, f1, T: sigmoid(f0 / np.asarray(f1) / T),
            ],
        ),
        Mistake(
            "ratio of two sigmoids",
            lambda f0, f1, T: sigmoid(_d(f0, 0, T)) / (sigmoid(_d(f0, 0, T)) + sigmoid(_d(f1, 0, T))),
            "That is a ratio of two sigmoids. Each of them has squeezed its logit before the two are "
            "compared. Take the difference first, and then one sigmoid.",
        ),
        Mistake(
            "difference of two sigmoids",
            lambda f0, f1, T: sigmoid(_d(f0, 0, T)) - sigmoid(_d(f1, 0, T)),
            "You subtract two sigmoids; that can be negative. Subtract the logits, and then take one "
            "sigmoid.",
        ),
        Mistake(
            "difference of the exponentials",
            lambda f0, f1, T: sigmoid(_e(f0, T) - _e(f1, T)),
            "You subtract the exponentials. The logits themselves are subtracted: (f₀ − f₁)/T, because "
            "e^f₀ / e^f₁ = e^(f₀ − f₁).",
            also=[
                lambda f0, f1, T: sigmoid((_e(f0) - _e(f1)) / T),
                lambda f0, f1, T: (_e(f0, T) - _e(f1, T)) / (_e(f0, T) + _e(f1, T)),
            ],
        ),
        Mistake(
            "numerator and denominator mixed",
            lambda f0, f1, T: np.exp(_d(f0, f1, T)) / (1 + np.exp(-_d(f0, f1, T))),
            "You mix the two forms of the sigmoid. It is e^d / (1 + e^d), or, after dividing both by e^d, "
            "1 / (1 + e^(−d)): not one part of each.",
        ),
        Mistake(
            "brackets forgotten",
            lambda f0, f1, T: 1 + np.exp(-_d(f0, f1, T)),
            "Python divides before it adds, so `1 / 1 + np.exp(-d)` is 1 + e^(−d), and `np.exp(d) / 1 + "
            "np.exp(d)` is 2 e^d. Put the denominator in brackets.",
            also=[lambda f0, f1, T: 2 * np.exp(_d(f0, f1, T))],
        ),
        Mistake(
            "minus for plus",
            lambda f0, f1, T: 1 / (1 - np.exp(-_d(f0, f1, T))),
            "The denominator is a sum, 1 + e^(−d): it is what is left of e^f₀ + e^f₁. With 1 − e^(−d) it is "
            "0 when the logits are equal, and negative when f₁ is the larger.",
        ),
        Mistake(
            "odds for probability",
            lambda f0, f1, T: np.exp(_d(f0, f1, T)),
            "That is the exponential of a log-odds: odds, which grow without limit. The probability of "
            "class 0 is odds / (1 + odds), with the odds e^((f₀ − f₁)/T).",
            also=[lambda f0, f1, T: np.exp(-_d(f0, f1, T))],
        ),
        Mistake(
            "log-odds for probability",
            _d,
            "(f₀ − f₁)/T is the log-odds: any real number. What turns it into a probability?",
        ),
        Mistake(
            "exponential forgotten",
            lambda f0, f1, T: _d(f0, f1, T) / (1 + _d(f0, f1, T)),
            "Your fraction has d = (f₀ − f₁)/T itself where the odds belong. d is their logarithm: the odds "
            "are e^d, and the probability is odds / (1 + odds).",
            also=[lambda f0, f1, T: 1 / (1 + _d(f0, f1, T)), lambda f0, f1, T: 1 / (1 - _d(f0, f1, T))],
        ),
        Mistake(
            "the sigmoid inverted",
            lambda f0, f1, T: np.log(_d(f0, f1, T) / (1 - _d(f0, f1, T))),
            "ln(p / (1 − p)) turns a probability into log-odds. You have log-odds, (f₀ − f₁)/T, and want the "
            "probability: the other way.",
        ),
        Mistake(
            "tanh",
            lambda f0, f1, T: np.tanh(_d(f0, f1, T)),
            "That is tanh, which runs from −1 to 1. A probability runs from 0 to 1: σ(d) = (1 + "
            "tanh(d/2)) / 2.",
        ),
        Mistake(
            "difference halved",
            lambda f0, f1, T: sigmoid(_d(f0, f1, T) / 2),
            "Your curve is half as steep as it should be: you use half the difference. Nothing is averaged "
            "here: the exponent is the whole (f₀ − f₁)/T.",
        ),
        Mistake(
            "difference doubled",
            lambda f0, f1, T: sigmoid(2 * _d(f0, f1, T)),
            "Your curve is twice as steep as it should be. The difference counts once: softmax of (d, −d) "
            "counts it twice, and with tanh it is (1 + tanh(d/2)) / 2.",
        ),
        Mistake(
            "rounded down",
            lambda f0, f1, T: sigmoid((np.asarray(f0) - f1) // T),
            "`//` rounds down to a whole number. Divide with `/`.",
        ),
        Mistake(
            "both classes",
            lambda f0, f1, T: np.array([sigmoid(_d(f0, f1, T)), sigmoid(-_d(f0, f1, T))]),
            "You return two numbers, one for each class. Only the probability of class 0 is asked for: the "
            "other is 1 minus it.",
            when=everywhere(_two_for_one),
        ),
        Mistake(
            "two exponentials",
            lambda f0, f1, T: _e(f0, T) / (_e(f0, T) + _e(f1, T)),
            "Right for moderate logits. But f₀ and f₁ each get an exponential of their own, and e^1000 is "
            "too large for a float, e^(−1000) rounded to 0. Subtract first: one sigmoid of (f₀ − f₁)/T has "
            "one exponential, of a small number.",
            also=[lambda f0, f1, T: 1 / (1 + _e(f1, T) / _e(f0, T)),
                  lambda f0, f1, T: _e(f0) ** (1 / T) / (_e(f0) ** (1 / T) + _e(f1) ** (1 / T))],
        ),
        Mistake(
            "e^d over 1 + e^d",
            lambda f0, f1, T: _e((f0 - np.asarray(f1)) / T) / (1 + _e((f0 - np.asarray(f1)) / T)),
            "Right for moderate logits. But where d is large, e^d is infinite, and ∞/∞ is NaN. Divide above "
            "and below by e^d: 1/(1 + e^(−d)) has no such quotient.",
        ),
        Mistake(
            "logits clipped",
            lambda f0, f1, T: sigmoid(np.clip(_d(f0, f1, T), -10, 10)),
            "You limit the logits or their difference. Then all that lies beyond is taken for equal, and the "
            "probability never comes nearer to 0 or 1.",
            also=[*[lambda f0, f1, T, c=c: sigmoid(np.clip(_d(f0, f1, T), -c, c)) for c in (5, 8, 12, 15)],
                  *[lambda f0, f1, T, c=c: sigmoid(_d(np.clip(f0, -c, c), np.clip(f1, -c, c), T))
                    for c in (15, 100, 500, 700)]],
        ),
        Mistake(
            "hard decision",
            lambda f0, f1, T: (_d(f0, f1, T) > 0).astype(float),
            "You answer 1 or 0, whichever logit is larger. The probability in between is asked for: σ(d).",
            also=[lambda f0, f1, T: (_d(f0, f1, T) >= 0).astype(float)],
        ),
        Mistake(
            "product of two sigmoids",
            lambda f0, f1, T: sigmoid(_d(f0, 0, T)) * sigmoid(-_d(f1, 0, T)),
            "You multiply two sigmoids, as for two yes/no questions. One of the two classes is right: one "
            "sigmoid, of the difference.",
            also=[lambda f0, f1, T: sigmoid(_d(f0, 0, T)) * (1 - sigmoid(_d(f1, 0, T)) * 0.5)],
        ),
        Mistake(
            "sign of the difference lost",
            lambda f0, f1, T: sigmoid(np.abs(_d(f0, f1, T))),
            "With this class 0 always has at least ½: the sign of d = f₀ − f₁ is lost, by `abs` or because a "
            "branch for d < 0 gives the other class.",
        ),
        Mistake(
            "2 for e",
            lambda f0, f1, T: 1 / (1 + 2.0 ** -_d(f0, f1, T)),
            "You raise 2 to a power, not e: `np.exp`.",
            also=[lambda f0, f1, T: 1 / (1 + 10.0 ** -_d(f0, f1, T))],
        ),
        Mistake(
            "another power of T",
            lambda f0, f1, T: sigmoid(_d(f0, f1, np.square(T))),
            "The difference is divided by another power of T. It is T itself that divides.",
            also=[lambda f0, f1, T: sigmoid(_d(f0, f1, np.sqrt(T))),
                  lambda f0, f1, T: sigmoid(_d(f0, f1, 1 + np.asarray(T)))],
        ),
        Mistake(
            "shift in one place only",
            lambda f0, f1, T: _e(f0 - np.maximum(f0, f1), T) / (_e(f0, T) + _e(f1, T)),
            "You subtract the larger logit above the line only. It cancels only if it is subtracted "
            "everywhere.",
        ),
        Mistake(
            "logarithm for probability",
            lambda f0, f1, T: -np.logaddexp(0, -_d(f0, f1, T)),
            "That is the logarithm of the probability, or minus it. Asked for is the probability.",
            also=[lambda f0, f1, T: np.logaddexp(0, -_d(f0, f1, T))],
        ),
    ],
    hints=[
        "The probability of class 0 is $e^{f_0/T} / (e^{f_0/T} + e^{f_1/T})$. Divide numerator and "
        "denominator by $e^{f_0/T}$.",
        "What is left is $1 / (1 + e^{f_1/T - f_0/T})$: the sigmoid of one number. Which one?",
    ],
    solution="""
def two_classes(f0, f1, T):
    d = (f0 - f1) / T
    return 1 / (1 + np.exp(-d))
""",
)

with_temperature = Exercise(
    name="with_temperature",
    reference=lambda f, T: softmax(np.asarray(f) / T),
    cases=[
        (np.array([0.0, 1.0]), 2.0),
        (np.array([1.0, 2.0, 3.0]), 0.5),
        (np.array([3.0, 0.0, -1.0]), 10.0),
        (np.array([0.0, 0.0, -2.0, 1.0]), 1.0),
    ],
    extreme=[(np.array([2.0, 0.0, -1.0]), 0.125)],  # down to e^(−24): small, but not limited
    shown="T divides every difference of logits: T > 1 levels the distribution, T < 1 sharpens it, the "
          "order stays.",
    mistakes=[
        Mistake("rows where there are none", lambda f, T: softmax(f / T, axis=1), NO_ROWS, when=ROWS_MISSED),
        Mistake(
            "multiplied by T",
            lambda f, T: softmax(f * T),
            "Your distribution gets sharper as T grows: you multiply the logits by T (raising the "
            "probabilities to the power T and normalising does the same). A high temperature levels: "
            "divide the logits by T.",
        ),
        Mistake(
            "divided after softmax",
            lambda f, T: softmax(f) / T,
            "You divide the probabilities by T; they no longer sum to 1. Divide the logits, before the "
            "exponential.",
        ),
        Mistake(
            "temperature without effect",
            lambda f, T: softmax(f),
            "T has no effect on your result. It cancels if the probabilities (or e^f) are divided by T and "
            "normalised, or if it changes only what is subtracted from every logit, as in `f - c / T` for "
            "`(f - c) / T`. Divide the logits by T, before the exponential.",
        ),
        Mistake(
            "power of the probabilities",
            lambda f, T: softmax(f) ** T,
            "You raise the probabilities to the power T. That sums to 1 only for T = 1, and the power "
            "goes the wrong way: g^(1/T), normalised again, would be right, and it is the same as softmax "
            "of f/T.",
        ),
        Mistake(
            "not normalised again",
            lambda f, T: softmax(f) ** (1 / T),
            "g^(1/T) has the right proportions, but it no longer sums to 1: normalise it again. Softmax "
            "of f/T does both at once.",
        ),
        Mistake(
            "not normalised",
            lambda f, T: np.exp(f / T),
            "These are e^(f/T): the right proportions, but they do not sum to 1. Divide by their sum.",
        ),
        Mistake(
            "softmax twice",
            lambda f, T: softmax(softmax(f) / T),
            "You apply softmax twice: the second one takes probabilities for logits, which lie at most 1 "
            "apart, so everything comes out nearly equal. Use it once, on f/T.",
        ),
        Mistake(
            "denominator without T",
            lambda f, T: np.exp(f / T) / np.exp(f).sum(),
            "T stands either above or below the line only, so the result does not sum to 1. Use f/T in "
            "numerator and denominator.",
            also=[lambda f, T: np.exp(f) / np.exp(f / T).sum()],
        ),
        Mistake(
            "divided by T once more",
            lambda f, T: softmax(f / T) / T,
            "The exponents are right, but you divide by T once more, outside the exponential: the result "
            "sums to 1/T. T belongs only into f/T.",
        ),
        Mistake(
            "sigmoid of each",
            lambda f, T: sigmoid(f / T),
            "That is the sigmoid of each f_i/T by itself, and they do not sum to 1. Softmax divides "
            "e^(f_i/T) by the sum over all classes.",
        ),
        Mistake(
            "sign turned",
            lambda f, T: softmax(-f / T),
            "The exponent has its sign turned: the largest logit gets the smallest probability. (In physics "
            "it is e^(−E/T), because a low energy is the probable one; here a high logit is.)",
        ),
        Mistake(
            "rounded down",
            lambda f, T: softmax(f // T),
            "`//` rounds f/T down to whole numbers. Divide with `/`.",
        ),
        Mistake(
            "divided by the largest",
            lambda f, T: np.exp((f - f.max()) / T),
            "The largest entry is 1, so they sum to more than 1. Divide by the sum of all e^(f_i/T).",
        ),
        Mistake(
            "no exponential",
            lambda f, T: (f / T) / (f / T).sum(),
            "You normalise the logits themselves: T cancels, and negative logits give negative "
            "“probabilities”. Take the exponential of f/T first.",
        ),
        Mistake(
            "logits returned",
            lambda f, T: f / T,
            "f/T are the logits at temperature T. Asked for are the probabilities: the softmax of that.",
        ),
        Mistake(
            "logarithm of the result",
            lambda f, T: log_softmax(f / T),
            "These are the logarithms of the probabilities. This exercise asks for the probabilities.",
        ),
        Mistake(
            "2 for e",
            lambda f, T: softmax(f / T * np.log(2)),
            "You raise 2 to a power, not e: `np.exp(f / T)`.",
            also=[lambda f, T: softmax(f / T * np.log(10))],
        ),
        Mistake(
            "another power of T",
            lambda f, T: softmax(f / T**2),
            "The logits are divided by another power of T, or by 1 + T. It is T itself that divides.",
            also=[lambda f, T: softmax(f / np.sqrt(T)), lambda f, T: softmax(f / (1 + T)),
                  lambda f, T: softmax(f / np.exp(T)), lambda f, T: softmax(f * np.exp(-T))],
        ),
        Mistake(
            "shift in one place only",
            lambda f, T: np.exp(f / T - (f / T).max()) / np.exp(f / T).sum(),
            "You subtract the largest logit above or below the line only, or before dividing in one place "
            "and after it in the other. It cancels only if both places have the same.",
            also=[
                lambda f, T: np.exp(f / T) / np.exp(f / T - (f / T).max()).sum(),
                lambda f, T: np.exp(f / T) / np.exp(f / T - f.max()).sum(),
                lambda f, T: np.exp(f / T - f.max()) / np.exp(f / T).sum(),
                lambda f, T: np.exp((f - f.max()) / T) / np.exp(f / T).sum(),
                lambda f, T: np.exp(f / T) / np.exp((f - f.max()) / T).sum() * 1.0,
                lambda f, T: np.exp((f - f.max()) / T) / np.exp(f - f.max()).sum(),
            ],
        ),
        Mistake(
            "denominator incomplete",
            lambda f, T: np.exp(f / T) / np.exp(f / T)[:-1].sum(),
            "The sum below the line leaves a class out. It has to run over all of them.",
            also=[lambda f, T: np.exp(f / T) / np.exp(f / T)[1:].sum(),
                  lambda f, T: np.exp(f / T) / (np.exp(f / T).sum() - np.exp(f / T))],
        ),
        Mistake(
            "divided by the sum of the logits",
            lambda f, T: np.exp(f / T) / f.sum(),
            "You divide by the sum of the logits. Divide by the sum of their exponentials e^(f_i/T).",
            also=[lambda f, T: np.exp(f / T) / (f / T).sum(), lambda f, T: np.exp(f / T) / len(f)],
        ),
        Mistake(
            "multiplied by T after softmax",
            lambda f, T: T * softmax(f),
            "You multiply the probabilities by T; they no longer sum to 1. T divides the logits, before the "
            "exponential.",
            also=[lambda f, T: T * softmax(f / T)],
        ),
        Mistake(
            "length for sum",
            lambda f, T: np.exp(f / T) / np.linalg.norm(np.exp(f / T)),
            "You divide by the length of the vector, so that the *squares* sum to 1. Divide by the sum.",
        ),
        Mistake(
            "mixed with the uniform",
            lambda f, T: softmax(f) / T + (1 - 1 / T) / len(f),
            "You mix the distribution with the uniform one. That levels it, too, but it is not the "
            "temperature: T divides the logits.",
        ),
        Mistake(
            "logits rescaled",
            lambda f, T: softmax((f - f.mean()) / f.std() / T),
            "You rescale the logits by themselves before T divides them. Their scale means something: take "
            "f as it is.",
            also=[lambda f, T: softmax(f / f.max() / T), lambda f, T: softmax(f / np.abs(f).max() / T),
                  lambda f, T: softmax(f / np.linalg.norm(f) / T)],
        ),
        Mistake(
            "sorted",
            lambda f, T: np.sort(softmax(f / T))[::-1],
            "The probabilities are right, but sorted. Entry k belongs to class k.",
            also=[lambda f, T: np.sort(softmax(f / T))],
        ),
        Mistake(
            "returned inside the loop",
            lambda f, T: softmax(f / T)[:1],
            "Only one probability comes out. Does `return` stand inside the loop, or is only one entry "
            "meant?",
            also=[lambda f, T: softmax(f / T)[0], lambda f, T: softmax(f / T)[-1]],
        ),
        Mistake(
            "largest probability only",
            lambda f, T: softmax(f / T).max(),
            "You return the largest probability only. Asked for are all K, one for each logit.",
        ),
        Mistake(
            "the largest class",
            lambda f, T: int(f.argmax()),
            "You return the number of the largest class. Asked for are the K probabilities.",
            also=[lambda f, T: np.eye(len(f))[f.argmax()]],
        ),
        Mistake(
            "the logits of the lesson",
            lambda f, T: softmax(np.array([1.0, 2.0, 0.0, -1.0, 0.5]) / T),
            "You use the logits of the lesson. f is handed in.",
        ),
    ],
    hints=[
        "The temperature changes the logits; what follows is the softmax you know.",
        "Take `e = np.exp(f / T)`, then divide `e` by its sum.",
    ],
    solution="""
def with_temperature(f, T):
    e = np.exp(f / T)
    return e / e.sum()
""",
)


def _multiply_probability(f: np.ndarray, i: int, factor: float) -> float:
    g = softmax(f)[i]
    return np.log(factor * (1 - g) / (1 - factor * g))


logit_for_odds = Exercise(
    name="logit_for_odds",
    reference=lambda f, i, factor: np.log(factor),
    cases=[
        (np.array([1.0, 2.0, 3.0]), 1, 10.0),
        (np.array([1.0, 2.0, 3.0]), 2, 0.5),
        (np.array([0.0, 0.0]), 0, 2.0),
        (np.array([0.0, 5.0, 1.0, -2.0]), 3, 1.0),
        (np.array([0.0, 5.0, 1.0, -2.0]), 0, 100.0),
    ],
    shown="Whatever the logits, the class and the number of classes: adding ln c to a logit multiplies "
          "its odds by c.",
    mistakes=[
        Mistake(
            "the factor itself",
            lambda f, i, factor: factor,
            "You add the factor itself: that multiplies the odds by e^factor. A logit counts in "
            "logarithms: what must be added is the number whose exponential is the factor.",
        ),
        Mistake(
            "the new logit",
            lambda f, i, factor: f[i] + np.log(factor),
            "That is the logit f_i afterwards. Asked for is only what must be added to it.",
        ),
        Mistake(
            "base 10",
            lambda f, i, factor: np.log10(factor),
            "The right idea, the wrong base: softmax uses e, so the natural logarithm `np.log` is needed, "
            "not `np.log10`.",
        ),
        Mistake(
            "base 2",
            lambda f, i, factor: np.log2(factor),
            "The right idea, the wrong base: softmax uses e, so the natural logarithm `np.log` is needed, "
            "not `np.log2`.",
        ),
        Mistake(
            "factor minus one",
            lambda f, i, factor: factor - 1,
            "factor − 1 is by how much the odds grow, relative to before. You change the logit, which is "
            "their logarithm. (For factors near 1 the two nearly agree: ln(1 + x) ≈ x.)",
        ),
        Mistake(
            "shared among the classes",
            lambda f, i, factor: factor / len(f),
            "You share the factor among the K classes. Adding to f_i changes the odds against each other "
            "class by the same factor at once, so K plays no part; and to multiply the odds by c, add ln c "
            "to the logit.",
        ),
        Mistake(
            "logarithm shared among the classes",
            lambda f, i, factor: np.log(factor) / len(f),
            "The logarithm is right, dividing it by K (or by K − 1) is not: adding to f_i changes the odds "
            "against each other class by the same factor at once.",
            also=[lambda f, i, factor: np.log(factor) / (len(f) - 1)],
        ),
        Mistake(
            "exponential for logarithm",
            lambda f, i, factor: np.exp(factor),
            "It is the other way round: the odds are the exponential of a difference of logits, so the step "
            "in the logit is the logarithm of the factor.",
        ),
        Mistake(
            "sign turned",
            lambda f, i, factor: -np.log(factor),
            "The sign is turned: this divides the odds by the factor. Greater odds for i need a greater f_i.",
        ),
        Mistake(
            "logit multiplied",
            lambda f, i, factor: f[i] * factor,
            "You multiply the logit by the factor. The odds are e^(f_i − f_j): to multiply them, add to f_i.",
            also=[lambda f, i, factor: f[i] * (factor - 1)],
        ),
        Mistake(
            "logarithm times the logit",
            lambda f, i, factor: np.log(factor) * f[i],
            "The logarithm is right, but it is not multiplied by the logit: the odds get the same factor "
            "wherever f_i stands. What is added is `np.log(factor)` by itself.",
            also=[lambda f, i, factor: np.log(factor) / f[i]],
        ),
        Mistake(
            "logit subtracted",
            lambda f, i, factor: np.log(factor) - f[i],
            "You subtract the logit that is there, as if ln c were where f_i has to end. ln c is already the "
            "step: to multiply the odds by c, add ln c, wherever f_i stands.",
        ),
        Mistake(
            "logit taken for odds",
            lambda f, i, factor: np.log(f[i] * factor),
            "You take the logarithm of the logit times the factor. f_i is a logarithm already. Adding ln c "
            "to it multiplies the odds by c.",
        ),
        Mistake(
            "factor taken for a probability",
            lambda f, i, factor: np.log(factor / (1 - factor)),
            "ln(p / (1 − p)) turns a probability into log-odds. The factor is no probability (it may be 10): "
            "it multiplies the odds, so its own logarithm is added to the log-odds.",
        ),
        Mistake(
            "all the logits returned",
            lambda f, i, factor: f + np.log(factor) * (np.arange(len(f)) == i),
            "You return a whole vector, one number for each class. Asked for is one number: what has to be "
            "added to f_i.",
            when=everywhere(lambda trial: np.shape(trial.got.value) == np.shape(trial.given[0])),
        ),
        Mistake(
            "where to end, not how far to go",
            lambda f, i, factor: np.log(factor * softmax(f)[i] / (1 - softmax(f)[i])),
            "That is the logarithm of the odds afterwards, and against all other classes together. Asked "
            "for is the step: what must be added to f_i to get from the odds as they are to `factor` "
            "times as much.",
        ),
        Mistake(
            "probability multiplied",
            _multiply_probability,
            "You multiply the probability g_i by the factor. That cannot always be done (it must stay "
            "below 1). Asked for are the odds g_i/g_j = e^(f_i − f_j), which can be multiplied by "
            "anything positive.",
            also=[lambda f, i, factor: factor * softmax(f)[i]],
        ),
        Mistake(
            "odds afterwards",
            lambda f, i, factor: factor * softmax(f)[i] / (1 - softmax(f)[i]),
            "Those are the odds afterwards. Asked for is what is added to the logit, and odds are "
            "multiplied where logits are added: take ln of the factor alone.",
            also=[lambda f, i, factor: softmax(f)[i] / (1 - softmax(f)[i]),
                  lambda f, i, factor: np.exp(f[i]) * factor,
                  lambda f, i, factor: np.exp(f[i]) * (factor - 1)],
        ),
        Mistake(
            "probability afterwards",
            lambda f, i, factor: np.log(factor * softmax(f)[i]),
            "You take the logarithm of a probability times the factor. What is there already plays no part: "
            "the step in f_i depends on the factor only.",
            also=[lambda f, i, factor: np.log(softmax(f)[i]),
                  lambda f, i, factor: np.log(factor) * (1 - softmax(f)[i]),
                  lambda f, i, factor: np.log(factor) * softmax(f)[i]],
        ),
        Mistake(
            "from another class's logit",
            lambda f, i, factor: np.log(factor) + f.max() - f[i],
            "The other logits play a part in your step. They stay where they are, and so do the odds among "
            "them: only the factor counts.",
            also=[
                lambda f, i, factor: np.log(factor) - f.mean(),
                lambda f, i, factor: np.log(factor) + f.mean() - f[i],
                lambda f, i, factor: np.log(factor) + f[i] - f[i - 1],
                lambda f, i, factor: np.log(factor) + f[i] - f.max(),
                lambda f, i, factor: np.log(factor) + f.max(),
                lambda f, i, factor: np.log(factor) - np.log(np.exp(f).sum()),
                lambda f, i, factor: np.log(factor) + np.log(np.exp(f).sum()),
                lambda f, i, factor: np.log(factor) + np.log(np.exp(np.delete(f, i)).sum()),
                lambda f, i, factor: np.log(factor) - np.log(np.exp(np.delete(f, i)).sum()),
                lambda f, i, factor: np.log(factor * np.exp(f).sum()) - f[i],
            ],
        ),
        Mistake(
            "once for every other class",
            lambda f, i, factor: (len(f) - 1) * np.log(factor),
            "You add ln c once for each other class. One step of f_i changes the odds against all of them "
            "at once.",
            also=[lambda f, i, factor: len(f) * np.log(factor)],
        ),
        Mistake(
            "factor not inverted",
            lambda f, i, factor: np.sqrt(factor),
            "Odds are exponentials of logits: a factor in the odds becomes a *logarithm* in the logit, no "
            "root and no quotient.",
            also=[lambda f, i, factor: factor / np.e,
                  lambda f, i, factor: factor**2,
                  lambda f, i, factor: 1 / factor,
                  lambda f, i, factor: factor * np.e],
        ),
        Mistake(
            "ln(1 + c)",
            lambda f, i, factor: np.log1p(factor),
            "You take the logarithm of factor + 1 or factor − 1. The odds become `factor` times as large: "
            "ln factor.",
            also=[lambda f, i, factor: np.log(factor - 1)],
        ),
        Mistake(
            "the factor taken for a share",
            lambda f, i, factor: np.log(factor / (1 + factor)),
            "You turn the factor into odds or a probability first. It is neither: the odds are multiplied by "
            "it, so its logarithm is all that is needed.",
        ),
        Mistake(
            "never downwards",
            lambda f, i, factor: np.abs(np.log(factor)),
            "You keep the step from being negative. A factor below 1 makes the odds smaller, so f_i must "
            "fall: ln c < 0.",
            also=[lambda f, i, factor: max(0.0, np.log(factor))],
        ),
        Mistake(
            "beginning of a series",
            lambda f, i, factor: factor - 1 - (factor - 1) ** 2 / 2,
            "That is the beginning of the series of the logarithm, good near 1 only. Take `np.log(factor)`.",
            also=[lambda f, i, factor: factor - 1 - (factor - 1) ** 2 / 2 + (factor - 1) ** 3 / 3,
                  lambda f, i, factor: 1 - 1 / factor],
        ),
        Mistake(
            "the others lowered",
            lambda f, i, factor: np.full(len(f) - 1, -np.log(factor)),
            "You lower all the others. Asked for is the one number that is added to f_i.",
        ),
        Mistake(
            "more than one number",
            lambda f, i, factor: (i, np.log(factor)),
            "You return more than one number. Asked for is the one that is added to f_i.",
            also=[lambda f, i, factor: (np.log(factor), f[i] + np.log(factor)),
                  lambda f, i, factor: [np.log(factor)]],
        ),
    ],
    hints=[
        "The odds of class $i$ against class $j$ are $g_i/g_j = e^{f_i - f_j}$. Add $\\delta$ to $f_i$: "
        "what happens to them?",
        "They become $e^\\delta$ times as large, against every $j$. Solve $e^\\delta$ = `factor`. Do you "
        "need `f` and `i` at all?",
    ],
    solution="""
def logit_for_odds(f, i, factor):
    return np.log(factor)
""",
)


def _naive(f: np.ndarray) -> np.ndarray:
    return np.exp(f) / np.exp(f).sum()


def _log_sum(f: np.ndarray) -> float:
    return np.log(np.exp(f).sum())


def _shifted(f: np.ndarray) -> np.ndarray:
    return f - f.max()


def _one_hot(f: np.ndarray, label: int) -> np.ndarray:
    return np.eye(len(f))[label]


def _capped(is_cap: Callable[[float], bool]) -> Recognise:
    """Recognise an answer that is right to 4 digits, but gives a certain smaller loss where 1000 is right."""

    def recognise(trials: Sequence[Trial]) -> bool:
        moderate = [(trial.got.value, trial.expected.value) for trial in trials if not trial.extreme]
        far = [float(trial.got.value) for trial in trials if trial.extreme and trial.expected.value == 1000]
        return all(np.allclose(*pair, rtol=1e-4) for pair in moderate) and all(map(is_cap, far))

    return recognise


def _is_log_of_a_small_number(loss: float) -> bool:
    """Tell whether a loss is −ln of a number people add: 1e-6, …, 1e-300, or the limits of a float type."""
    power = loss / np.log(10)
    limits = [size for kind in map(np.finfo, ("f4", "f8")) for size in (kind.eps, kind.tiny)]
    whole = 6 <= round(power) <= 300 and abs(power - round(power)) < 1e-6
    return whole or any(np.isclose(loss, -np.log(float(size))) for size in limits)


def _replaced(f: np.ndarray, label: int, number: float) -> float:
    loss = -np.log(softmax(f)[label])
    return loss if np.isfinite(loss) else number


nll = Exercise(
    name="nll",
    reference=lambda f, label: -log_softmax(f)[label],
    cases=[
        (np.array([1.0, 0.0]), 1),
        (np.array([1.0, 2.0, 0.0]), 0),
        (np.array([1.0, 2.0, 0.0]), 1),
        (np.array([0.5, -1.0, 2.5, 1.0]), 3),
        (np.array([2.0, 2.0, 0.0]), 0),
    ],
    extreme=[
        (np.array([0.0, 1000.0]), 0),
        (np.array([1500.0, 0.0]), 1),
        (np.array([0.0, 1000.0]), 1),
        (np.array([-1001.0, -1000.0]), 0),
        (np.array([0.0, 0.0, 0.0, 0.0, 1000.0]), 0),
        (np.array([1001.0, 1000.0]), 1),
        (np.array([0.0, 0.0, 0.0, 711.0]), 0),  # e^711 overflows, e^708 and e^(−711) do not
    ],
    shown="The loss is ln Σ e^f − f_ℓ; from logits, without a probability in between, it is right at any "
          "size of them.",
    mistakes=[
        Mistake(
            "an infinity replaced",
            lambda f, label: _replaced(f, label, 1000.0),
            "Where the logarithm of 0 came out you put a number in its place. The loss there is not that "
            "number: work with ln Σ e^f − f_ℓ, and nothing becomes infinite.",
            also=[lambda f, label, c=c: _replaced(f, label, c)
                  for c in (0.0, 100.0, 500.0, 700.0, 745.0, 1e6, 1e9)],
        ),
        # the formula is wrong
        Mistake("rows where there are none", lambda f, label: -log_softmax(f, axis=1)[label], NO_ROWS,
                when=ROWS_MISSED),
        Mistake(
            "minus forgotten",
            lambda f, label: log_softmax(f)[label],
            "The sign is turned: the logarithm of a probability is negative. The loss is minus that, so "
            "that it is 0 for a perfect prediction and grows as the prediction gets worse.",
            when=sign_turned,
        ),
        Mistake(
            "one of two signs",
            lambda f, label: _log_sum(f) + f[label],
            "One of the two signs is wrong: ln Σ e^f − f_ℓ. The larger the logit of the right class, the "
            "smaller the loss; the larger the others, the larger the loss.",
            also=[
                lambda f, label: _log_sum(_shifted(f)) + _shifted(f)[label],
                lambda f, label: -_log_sum(f) - f[label],
                lambda f, label: -_log_sum(_shifted(f)) - _shifted(f)[label],
            ],
        ),
        Mistake(
            "shifted in one place only",
            lambda f, label: _log_sum(_shifted(f)) - f[label],
            "You subtract the largest logit c inside the sum, but f_ℓ stays as it was. The shift cancels "
            "only if it is made in both: ln Σ e^(f_j − c) − (f_ℓ − c).",
        ),
        Mistake(
            "shift made good once too often",
            lambda f, label: _log_sum(f) - _shifted(f)[label],
            "Your result is too large by the largest logit c. With z = f − c it is ln Σ e^z − z_ℓ, or "
            "c + ln Σ e^z − f_ℓ: c is taken from both terms, or added back to the sum, but not both.",
        ),
        Mistake(
            "label inside the logarithm",
            lambda f, label: np.log(np.exp(f).sum() - f[label]),
            "You subtract the logit inside the logarithm. Close the bracket of `np.log` before: "
            "`np.log(np.exp(z).sum()) - z[label]`, with `z = f - f.max()`.",
            also=[lambda f, label: np.log(np.exp(_shifted(f)).sum() - _shifted(f)[label])],
        ),
        Mistake(
            "logarithm divided",
            lambda f, label: -f[label] / np.exp(f).sum(),
            "You take the logarithm of e^f_ℓ alone, and divide that by the sum. Mind the brackets: the "
            "division belongs inside the logarithm, −ln(e^f_ℓ / Σ e^f), or becomes a difference outside it.",
            also=[lambda f, label: -_shifted(f)[label] / np.exp(_shifted(f)).sum()],
        ),
        Mistake(
            "logarithm before the sum",
            lambda f, label: f.sum() - f[label],
            "You take the logarithm of each e^f and then the sum, which only undoes the exponential. First "
            "the sum, then the logarithm: `np.log(np.exp(z).sum())`, with `z = f - f.max()`.",
            also=[
                lambda f, label: _shifted(f).sum() - _shifted(f)[label],
                lambda f, label: f - f[label],
                lambda f, label: _shifted(f) - _shifted(f)[label],
            ],
        ),
        Mistake(
            "mean for sum",
            lambda f, label: np.log(np.exp(f).mean()) - f[label],
            "You take the mean of e^f over the classes; the formula has the sum. (Your result is too small "
            "by ln K.) A mean comes in later, over examples.",
        ),
        Mistake(
            "exponential forgotten",
            lambda f, label: np.log(f.sum()) - f[label],
            "Inside the logarithm stands the sum of the logits. It has to be the sum of their exponentials: "
            "ln Σ e^f.",
            also=[lambda f, label: -np.log(f[label] / f.sum())],
        ),
        Mistake(
            "logarithm of the logit",
            lambda f, label: -np.log(f[label]),
            "You take the logarithm of a logit, which may be negative or 0. The logarithm in −ln g_ℓ is that "
            "of a probability: softmax comes before it.",
            also=[lambda f, label: -np.log(_shifted(f)[label])],
        ),
        Mistake(
            "logit for log-probability",
            lambda f, label: -f[label],
            "That is minus the logit. A logit is a log-probability only up to a constant: ln Σ e^f, of the "
            "same logits, is missing.",
            also=[lambda f, label: -_shifted(f)[label]],
        ),
        Mistake(
            "normaliser alone",
            lambda f, label: _log_sum(f),
            "That is ln Σ e^f, the same for every label. The logit of the right class is still to be "
            "subtracted.",
        ),
        Mistake(
            "not normalised",
            lambda f, label: -np.exp(f)[label],
            "That is e^f_ℓ, without the sum and without the logarithm. Start from g_ℓ = e^f_ℓ / Σ e^f and "
            "take −ln of it.",
            also=[lambda f, label: np.exp(f)[label]],
        ),
        Mistake(
            "logarithm of the sum forgotten",
            lambda f, label: np.exp(f).sum() - f[label],
            "The sum of the exponentials stands there without its logarithm: ln Σ e^f − f_ℓ.",
            also=[lambda f, label: np.exp(_shifted(f)).sum() - _shifted(f)[label]],
        ),
        Mistake(
            "divided by the largest",
            lambda f, label: -log_softmax(f / f.max())[label],
            "You divide the logits by the largest one. That changes their differences, and so the "
            "probabilities (as a temperature does). Subtract it: `f - f.max()`.",
        ),
        Mistake(
            "label for its logit",
            lambda f, label: _log_sum(f) - label,
            "You subtract the label, which is only the number of the class. Its logit is `f[label]`.",
            also=[lambda f, label: _log_sum(_shifted(f)) - label],
        ),
        Mistake(
            "labels counted from 1",
            lambda f, label: -log_softmax(f)[label - 1],
            "You take the class before the right one. Labels run from 0 to K − 1, as indices do: `f[label]`.",
        ),
        Mistake(
            "squared error",
            lambda f, label: ((softmax(f) - _one_hot(f, label)) ** 2).sum(),
            "That is a squared error. It never passes a fixed limit, however wrong the model is. Asked for "
            "is the negative log-likelihood, −ln g_ℓ.",
            also=[
                lambda f, label: ((softmax(f) - _one_hot(f, label)) ** 2).sum() / 2,
                lambda f, label: ((softmax(f) - _one_hot(f, label)) ** 2).mean(),
                lambda f, label: (1 - softmax(f)[label]) ** 2,
            ],
        ),
        Mistake(
            "base 2",
            lambda f, label: -log_softmax(f)[label] / np.log(2),
            "That is the loss in bits: you use the logarithm to base 2. Here it is the natural one, "
            "`np.log`.",
        ),
        Mistake(
            "base 10",
            lambda f, label: -log_softmax(f)[label] / np.log(10),
            "You use the logarithm to base 10. Here it is the natural one, `np.log`.",
        ),
        Mistake(
            "log1p for log",
            lambda f, label: np.log1p(np.exp(_shifted(f)).sum()) - _shifted(f)[label],
            "There is a 1 too many in the logarithm. Does the sum start at 1, or is it `np.log1p(x)`, which "
            "is ln(1 + x)? The 1 = e^0 of the largest logit is already in a sum over *all* classes; it is "
            "missing only if the largest was left out.",
            also=[
                lambda f, label: np.log1p(np.exp(f).sum()) - f[label],
                lambda f, label: -np.log1p(softmax(f)[label]),
            ],
        ),
        Mistake(
            "the largest probability",
            lambda f, label: -log_softmax(f).max(),
            "You take the largest probability, whichever class it belongs to; the label plays no part, "
            "and a confident wrong answer costs nothing. The loss looks at the probability of the right "
            "class: index `label`. (ln Σ e^z alone, with z = f − c, comes to the same: − z_ℓ is missing.)",
        ),
        Mistake(
            "the probability itself",
            lambda f, label: softmax(f)[label],
            "That is the probability g_ℓ. The loss is −ln of it: small where the probability is large.",
        ),
        Mistake(
            "one minus the probability",
            lambda f, label: 1 - softmax(f)[label],
            "That is 1 − g_ℓ. It is never more than 1, however confidently wrong the model is. The loss "
            "is −ln g_ℓ, which has no upper limit.",
        ),
        Mistake(
            "of the other classes",
            lambda f, label: -np.log(1 - softmax(f)[label]),
            "That is −ln(1 − g_ℓ): small where the right class is improbable. The loss is −ln g_ℓ.",
        ),
        Mistake(
            "logarithm forgotten",
            lambda f, label: -softmax(f)[label],
            "That is −g_ℓ, without the logarithm. (PyTorch's `NLLLoss` gives the same when it is handed "
            "probabilities in place of log-probabilities.)",
        ),
        Mistake(
            "all classes",
            lambda f, label: -log_softmax(f).sum(),
            "You add up −ln g over all classes. Only the right class counts: index `label`.",
        ),
        Mistake(
            "averaged over the classes",
            lambda f, label: -log_softmax(f)[label] / len(f),
            "You average over the classes. The loss of one example is −ln g_ℓ by itself; a mean is taken "
            "over examples.",
            also=[lambda f, label: -log_softmax(f).mean()],
        ),
        Mistake(
            "entropy",
            lambda f, label: -(softmax(f) * log_softmax(f)).sum(),
            "That is the entropy of g: how undecided the model is, whichever class is right. The loss "
            "weights −ln g with the one-hot y, which leaves −ln g_ℓ.",
        ),
        Mistake(
            "label not picked",
            lambda f, label: -log_softmax(f),
            "You return one number for each class. The loss of one example is one number, that of the "
            "right class: index `label`.",
            when=everywhere(lambda trial: np.shape(trial.got.value) == np.shape(trial.given[0])),
        ),
        # the formula is right, floating-point numbers are in its way
        Mistake(
            "logarithm after softmax",
            lambda f, label: -np.log(softmax(f)[label]),
            "Right for moderate logits. But at a gap of 1000 the probability e^(−1000) is rounded to 0 "
            "and its logarithm is infinite, although the loss is simply 1000. Take the logarithm by hand "
            "first: ln g_ℓ = (f_ℓ − c) − ln Σ e^(f_j − c), with c the largest logit.",
        ),
        Mistake(
            "one-hot times infinity",
            lambda f, label: -(_one_hot(f, label) * np.log(softmax(f))).sum(),
            "Right for moderate logits. But at a gap of 1000 one logarithm is infinite, and 0 · ∞ is NaN: "
            "the class that should not count spoils the sum. Pick class `label` instead of multiplying by "
            "y, and take the logarithm by hand: ln g_ℓ = (f_ℓ − c) − ln Σ e^(f_j − c), with c the largest "
            "logit.",
            also=[
                lambda f, label: -(_one_hot(f, label) * np.log(_naive(f))).sum(),
                lambda f, label: -(_one_hot(f, label) * (f - _log_sum(f))).sum(),
            ],
        ),
        Mistake(
            "logits clipped",
            lambda f, label: -log_softmax(np.clip(f, -50, 50))[label],
            "Right for moderate logits. But limiting the logits also limits the loss, and far-off logits all "
            "become equal: for 0 and 1000 the loss should be 1000. Subtract the largest logit from all of "
            "them instead: that changes nothing, and nothing overflows.",
            when=_capped(lambda loss: 1 < loss < 1000 and abs(loss - round(loss)) < 1e-9),
        ),
        Mistake(
            "a small number added",
            lambda f, label: -np.log(softmax(f)[label] + 1e-12),
            "Adding a small number before the logarithm (or not letting the probability fall below one) "
            "hides the infinity but puts a ceiling on the loss: 1000 comes out as minus the logarithm of "
            "that number. Take the logarithm by hand instead: ln g_ℓ = (f_ℓ − c) − ln Σ e^(f_j − c), with c "
            "the largest logit.",
            when=_capped(_is_log_of_a_small_number),
        ),
        Mistake(
            "label's logit subtracted",
            lambda f, label: _log_sum(f - f[label]),
            "The formula is right. But you subtract the label's logit, which need not be the largest: then "
            "e^(+1000) overflows. Subtract `f.max()`. (Dividing by e^z_ℓ inside the logarithm is the same; "
            "take z_ℓ away outside it.)",
        ),
        Mistake(
            "position for value",
            lambda f, label: _log_sum(f - f.argmax()) - (f - f.argmax())[label],
            "`argmax` is the position, `max` the value. Any shift is right for moderate logits, but only "
            "subtracting the largest logit, `f.max()`, keeps all exponents at or below 0.",
        ),
        Mistake(
            "smallest or mean subtracted",
            lambda f, label: _log_sum(f - f.mean()) - (f - f.mean())[label],
            "The formula is right, but after your shift some logits are still far above 0, and their "
            "exponential overflows. Subtract the largest logit, `f.max()`: then none is above 0.",
            also=[lambda f, label: _log_sum(f - f.min()) - (f - f.min())[label],
                  lambda f, label: _log_sum(f - f[0]) - (f - f[0])[label]],
        ),
        Mistake(
            "overflow in softmax",
            lambda f, label: -np.log(_naive(f)[label]),
            "Right for moderate logits. But e^1000 is too large for a float and e^(−1000) is rounded to "
            "0, so softmax gives ∞/∞ or 0/0. Subtract the largest logit c from all of them (the "
            "probabilities stay the same), and take the logarithm by hand: ln g_ℓ = (f_ℓ − c) − ln Σ "
            "e^(f_j − c).",
        ),
        Mistake(
            "overflow in the sum",
            lambda f, label: _log_sum(f) - f[label],
            "The formula ln Σ e^f − f_ℓ is right, but e^1000 is too large for a float, and e^(−1000) is "
            "rounded to 0. Subtract the largest logit from all of them first: the loss stays the same.",
            when=raises("OverflowError"),
        ),
        Mistake(
            "all the largest left out",
            lambda f, label: f.max() + np.log1p(np.exp(f[f < f.max()] - f.max()).sum()) - f[label],
            "Right unless several logits are the largest: you leave all of them out, and the 1 in `log1p` "
            "stands for one only. Leave out one place: `np.delete(f, f.argmax())`.",
        ),
        Mistake(
            "1 forgotten",
            lambda f, label: f.max() + np.log(np.exp(np.delete(f, f.argmax()) - f.max()).sum()) - f[label],
            "The largest logit is left out of the sum, and its e⁰ = 1 is not added again: `np.log1p(rest)`.",
        ),
        Mistake(
            "label left out of the sum",
            lambda f, label: np.logaddexp.reduce(np.delete(f, label)) - f[label],
            "The sum runs over the other classes only: these are the log-odds against them. The denominator "
            "of softmax has all the classes, the label's too.",
            also=[lambda f, label: _log_sum(np.delete(f, label)) - f[label],
                  lambda f, label: np.log1p(np.exp(f[label] - np.delete(f, label)).sum()),
                  lambda f, label: f[label] - _log_sum(np.delete(f, label))],
        ),
        Mistake(
            "yes-no questions",
            lambda f, label: (np.logaddexp(0, f) - np.eye(len(f))[label] * f).sum(),
            "That is the loss of a sigmoid (a yes/no question) for each class. Here exactly one class is "
            "right: softmax, ln Σ e^f − f_ℓ.",
            also=[lambda f, label: np.logaddexp(0, -f[label]), lambda f, label: np.logaddexp(0, f[label]),
                  lambda f, label: (np.logaddexp(0, f) - np.eye(len(f))[label] * f).mean()],
        ),
        Mistake(
            "a class left out by the loop",
            lambda f, label: _log_sum(f[:-1]) - f[label],
            "The sum leaves out the last class or the first, or has one only: does `range(…)` end too "
            "early, or `return` stand inside the loop?",
            also=[lambda f, label: _log_sum(f[1:]) - f[label], lambda f, label: f[0] - f[label],
                  lambda f, label: f.max() + np.log(np.exp(f[0] - f.max())) - f[label] + 0.0,
                  lambda f, label: f[-1] - f[label]],
        ),
        Mistake(
            "shift inside the logarithm",
            lambda f, label: np.log(f.max() + np.exp(_shifted(f)).sum()) - f[label],
            "The shift c stands inside the logarithm. It is added outside: c + ln Σ e^(f − c) − f_ℓ.",
            also=[lambda f, label: f.max() + np.log((np.exp(f) - f.max()).sum()) - f[label],
                  lambda f, label: f.max() + np.log(np.exp(f) - f.max()).sum() - f[label]],
        ),
        Mistake(
            "shift by the largest size",
            lambda f, label: np.abs(f).max() + np.log(np.exp(f - np.abs(f).max()).sum()) - f[label],
            "You subtract the largest *absolute* logit. With negative logits everything is then far below "
            "0, and all exponentials are 0. Subtract `f.max()`.",
        ),
        Mistake(
            "softmax twice",
            lambda f, label: -log_softmax(softmax(f))[label],
            "You apply softmax twice. (`F.cross_entropy` of PyTorch does the first one itself: hand it the "
            "logits.)",
        ),
    ],
    hints=[
        "Start from $\\ln g_\\ell = f_\\ell - \\ln \\sum_j e^{f_j}$; the loss is minus that.",
        "$e^{1000}$ is too large for a float. Softmax does not change when the same number is subtracted "
        "from all logits: subtract `f.max()` first.",
        "With `z = f - f.max()` the loss is $\\ln \\sum_j e^{z_j} - z_\\ell$. Nothing overflows: the "
        "largest $z_j$ is 0.",
    ],
    solution="""
def nll(f, label):
    z = f - f.max()
    return np.log(np.exp(z).sum()) - z[label]
""",
)

two_class_link = Prediction(
    name="two_class_link",
    question="Two classes have the logits f₀ and f₁. What does the probability g₀ that softmax gives to "
             "class 0 depend on?",
    options={
        "Only on f₀: g₀ = σ(f₀).":
            "σ(f₀) ignores the rival. With f₀ = f₁ = 3 it says 0.95, yet two equal logits share equally, "
            "0.5 each. It would be right only if f₁ were fixed at 0.",
        "On the ratio of two sigmoids: g₀ = σ(f₀) / (σ(f₀) + σ(f₁)).":
            "that is positive and sums to 1, but it is not softmax: for f₀ = 5 and f₁ = 3 it gives 0.51, "
            "softmax gives 0.88. The sigmoids have squeezed the two logits together before they are "
            "compared.",
        "Only on the difference f₀ − f₁: g₀ = σ(f₀ − f₁).":
            "divide e^f₀ / (e^f₀ + e^f₁) by e^f₀: what remains is 1 / (1 + e^(−(f₀ − f₁))), the sigmoid "
            "of the difference.",
        "On the ratio of the logits: g₀ = f₀ / (f₀ + f₁).":
            "logits may be negative or 0, and then this is no probability. Ratios belong to e^f, "
            "differences to f.",
    },
    answer="Only on the difference f₀ − f₁: g₀ = σ(f₀ − f₁).",
)  # fmt: skip

shift = Prediction(
    name="shift",
    question="You add 1000 to every logit. What does the formula of softmax give, computed exactly?",
    options={
        "The same probabilities as before.":
            "every e^f gets the same factor e^1000, above and below the fraction line, and it cancels. "
            "Only differences of logits count.",
        "Probabilities that are all nearly equal: beside 1000 the old differences hardly matter.":
            "that would be so if softmax looked at ratios of logits. It looks at differences, and those "
            "have not changed.",
        "Almost everything to the largest, because e^1000 is gigantic.":
            "every e^f becomes gigantic in the same proportion, the small ones too, so no class gains on "
            "another.",
        "NaN, because e^1000 overflows.":
            "that happens to a program that computes e^1000, as you will see later in this section, "
            "but not to softmax itself. A good program subtracts the largest logit first, which the same "
            "cancellation allows.",
    },
    answer="The same probabilities as before.",
)  # fmt: skip

temperature_limits = Prediction(
    name="temperature_limits",
    question="Softmax of f/T: what does the distribution become as T → 0, and what as T → ∞? (One logit "
             "is the largest.)",
    options={
        "T → 0: all classes equal. T → ∞: all on the largest logit.":
            "the other way round. Dividing by a small T makes the differences of the logits large, and "
            "large differences decide.",
        "Nothing changes: dividing all logits by the same T cancels, as adding a number does.":
            "adding the same number leaves the differences as they were; dividing changes each of them, "
            "and they are what counts.",
        "T → 0: all probabilities go to 0. T → ∞: they grow without limit.":
            "they sum to 1 at every T. (Multiplying e^f by T without normalising would do this.)",
        "T → 0: all on the largest logit. T → ∞: all classes equal.":
            "the differences (f_i − f_j)/T grow without limit as T → 0 and vanish as T → ∞. (If two "
            "logits tie for the largest, they share equally, at any T.)",
    },
    answer="T → 0: all on the largest logit. T → ∞: all classes equal.",
)  # fmt: skip

one_more = Prediction(
    name="one_more",
    question="The logits [1, 2, 0, −1, 0.5] give class 1, whose logit is 2, the probability 0.56. You raise "
             "this logit by 1 and leave the others. What does the probability of class 1 become?",
    options={
        "1.56":
            "one more, like the logit? No probability is above 1.",
        "0.78":
            "what is multiplied, by e = 2.718, are the *odds*: 0.56 to 0.44, or 1.29, become 3.50 to 1, and "
            "3.50/4.50 = 0.78. The other four all fall in the same proportion. Sections 1 to 3 show why.",
        "0.84":
            "that is 1.5 times 0.56, because 3 is 1.5 times 2. Ratios of logits mean nothing: add 1000 to "
            "all of them, and this one is 1.001, while the probabilities stay. Differences count.",
        "0.60":
            "that is 1.53/2.53: e times 0.56, put into odds/(1 + odds). The factor e is right; but 0.56 is "
            "the probability, not the odds. Those are 0.56 to 0.44.",
    },
    answer="0.78",
)  # fmt: skip

log_shift = Prediction(
    name="log_shift",
    question="The logits are [1, 2, 0, −1, 0.5]. The logarithm of the probability of class 1 is ln 0.5630 = "
             "−0.574: less than its logit, 2, by 2.574. What is the logarithm of the probability of class 3, "
             "whose logit is −1?",
    options={
        "−3.574":
            "−1 − 2.574. Every class is divided by the same sum, so from every logit the same number is "
            "subtracted. (And e^−3.574 = 0.0280 is the probability of class 3.)",
        "1.574":
            "for a negative logit the shift does not turn round: the same 2.574 is subtracted from all. And "
            "a logarithm of a probability is never positive.",
        "0.287":
            "that is −1 times −0.574/2: in proportion to the logit. Logarithms turn the division by the sum "
            "into a subtraction, the same for all classes.",
        "Nobody can say without all five exponentials.":
            "their sum is needed once, for the constant. Class 1 has told it: 2.574 = ln Σ e^f.",
    },
    answer="−3.574",
)  # fmt: skip

one_in_a_million = Prediction(
    name="one_in_a_million",
    question="Two answers to a question with four classes. One gives the right class the probability 1/100, "
             "the other 1/1,000,000; the rest is shared evenly. What do −ln g of the right class, and the "
             "squared error Σ (gᵢ − yᵢ)², make of the difference?",
    options={
        "Both find the second far worse.":
            "the squared error goes from 1.307 to 1.333, a fiftieth. All it sees is that g is near 0 where 1 "
            "is right; how near makes hardly any difference to it.",
        "The squared error hardly sees it; −ln g is three times as large.":
            "10⁻⁶ is 0.01³, so its logarithm is three times that of 0.01: 13.8 and 4.61. The squared error "
            "goes from 1.307 to 1.333.",
        "Both hardly see it: both answers are wrong.":
            "that is true of the squared error. −ln g goes from 4.61 to 13.8: it counts the zeros behind the "
            "point.",
        "−ln g is ten thousand times as large.":
            "the probability is ten thousand times smaller. Its logarithm is only lower by ln 10,000 = 9.21: "
            "13.8 in place of 4.61.",
    },
    answer="The squared error hardly sees it; −ln g is three times as large.",
)  # fmt: skip
