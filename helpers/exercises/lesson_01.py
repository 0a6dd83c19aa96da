"""Exercises and predictions of lesson 01, maximum likelihood."""
# ruff: noqa: N803 (K is the lesson's symbol for the number of outcomes)

import math
from collections.abc import Sequence

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import Trial, everywhere, raises, sign_turned
from helpers.probability import (
    bernoulli_log_likelihood,
    gaussian_log_density,
    gaussian_log_likelihood,
)
from helpers.softmax import softmax

LN10 = math.log(10)
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def _coin(tosses: np.ndarray, p: float) -> np.ndarray:
    return np.where(tosses == 1, p, 1 - p)


def _only_long_ones_fail(trials: Sequence[Trial]) -> bool:
    """Recognise `math.log` of a product that is 0 for many observations only: an error, not −∞."""
    return all(one.right for one in trials if not one.extreme) and raises("ValueError")(trials)


coin_nll = Exercise(
    name="coin_nll",
    reference=lambda tosses, p: -float(bernoulli_log_likelihood(tosses, p)),
    cases=[
        (np.array([1]), 0.8),
        (np.array([0]), 0.8),
        (np.array([1, 1, 0]), 0.8),
        (np.array([0, 1, 0, 0, 1]), 0.3),
        (np.array([1, 0, 1, 0, 1, 1, 0, 1, 1, 1]), 0.5),
        (np.array([0, 0, 1, 0]), 0.02),
    ],
    extreme=[(np.resize([1, 1, 0], 3000), 0.6)],
    shown="Each toss adds its own term, −ln p for heads and −ln(1 − p) for tails, and thousands of terms do "
          "no harm.",
    mistakes=[
        Mistake(
            "minus forgotten",
            lambda tosses, p: np.log(_coin(tosses, p)).sum(),
            "That is the log-likelihood, which is negative here. The N in NLL says: turn the sign, so that "
            "a better model has the smaller value.",
            when=sign_turned,
        ),
        Mistake(
            "mean for sum",
            lambda tosses, p: -np.log(_coin(tosses, p)).mean(),
            "That is NLL/N, the mean of the terms. It is often reported, but the NLL itself is their sum.",
        ),
        Mistake(
            "tails forgotten",
            lambda tosses, p: -(tosses * np.log(p)).sum(),
            "You count the heads only; tails cost nothing. Then p = 1 would be best for every sequence. A "
            "tail adds −ln(1 − p).",
            also=[lambda tosses, p: -np.log(p ** tosses.sum())],
        ),
        Mistake(
            "tails like heads",
            lambda tosses, p: -len(tosses) * np.log(p),
            "You give every toss the probability p. That is right for heads; a tail has 1 − p.",
        ),
        Mistake(
            "heads and tails exchanged",
            lambda tosses, p: -np.log(_coin(1 - tosses, p)).sum(),
            "You give heads the probability 1 − p and tails p. The other way round: 1 is heads, and p is "
            "the probability of heads.",
        ),
        Mistake(
            "logarithm of a sum",
            lambda tosses, p: -np.log(_coin(tosses, p).sum()),
            "You add the probabilities and take one logarithm. Independent tosses *multiply* their "
            "probabilities, and the logarithm of a product is the sum of the logarithms.",
            also=[lambda tosses, p: -np.log(_coin(tosses, p).mean())],
        ),
        Mistake(
            "logarithm of the product",
            lambda tosses, p: -np.log(_coin(tosses, p).prod()),
            "Right for a few tosses. But the product of 3000 probabilities is 0 in float64, and −ln 0 is "
            "infinite. Take the logarithm of every factor first, and add.",
            when=_only_long_ones_fail,
        ),
        Mistake(
            "logarithm forgotten",
            lambda tosses, p: _coin(tosses, p).prod(),
            "That is the likelihood itself, the product. The NLL is minus its logarithm, computed as a sum.",
            also=[lambda tosses, p: -_coin(tosses, p).prod(), lambda tosses, p: -_coin(tosses, p).sum()],
        ),
        Mistake(
            "not added up",
            lambda tosses, p: -np.log(_coin(tosses, p)),
            "You return one term for each toss. The NLL of all tosses is their sum, one number.",
            when=everywhere(lambda one: np.ndim(one.got.value) == 1),
        ),
        Mistake(
            "base 2",
            lambda tosses, p: -np.log2(_coin(tosses, p)).sum(),
            "You use the logarithm to base 2. Here, as almost everywhere, ln is the natural one, `np.log`.",
        ),
        Mistake(
            "base 10",
            lambda tosses, p: -np.log10(_coin(tosses, p)).sum(),
            "You use the logarithm to base 10. Here, as almost everywhere, ln is the natural one, `np.log`.",
        ),
        Mistake(
            "one of two signs",
            lambda tosses, p: -(tosses * np.log(p) - (1 - tosses) * np.log(1 - p)).sum(),
            "Heads and tails have different signs in your sum. Both add: −ln p for heads, −ln(1 − p) for "
            "tails.",
        ),
        Mistake(
            "logarithm of 0",
            lambda tosses, p: -np.log(tosses * p).sum(),
            "`tosses * p` is 0 for a tail, and its logarithm infinite. A tail has the probability 1 − p.",
        ),
        Mistake(
            "both terms for every toss",
            lambda tosses, p: -len(tosses) * (np.log(p) + np.log(1 - p)),
            "You add −ln p and −ln(1 − p) for every toss. A toss is either heads or tails and adds one of "
            "the two: choose with `np.where`, or multiply by `tosses` and `1 - tosses`.",
            also=[lambda tosses, p: -(np.log(p) + np.log(1 - p))],
        ),
        Mistake(
            "order forgotten",
            lambda tosses, p: -np.log(_coin(tosses, p)).sum()
            - math.log(math.comb(len(tosses), int(tosses.sum()))),
            "You count all the orders in which so many heads can come. Asked for is the sequence as it is, "
            "in its order. (The difference does not depend on p, so the best p is the same.)",
        ),
        Mistake(
            "logarithm of the mean",
            lambda tosses, p: -len(tosses) * np.log(_coin(tosses, p).mean()),
            "You take the logarithm of the mean probability, N times. Take the logarithm of each toss's own "
            "probability, and add.",
        ),
        Mistake(
            "no logarithm for the tails",
            lambda tosses, p: -(tosses * np.log(p) + (1 - tosses) * (1 - p)).sum(),
            "A tail enters with 1 − p itself. Each toss adds the *logarithm* of its probability, a tail "
            "ln(1 − p).",
            also=[lambda tosses, p: -(tosses * np.log(p)).sum() + ((1 - tosses) * (1 - p)).sum()],
        ),
        Mistake(
            "brackets of the logarithm",
            lambda tosses, p: -(tosses * np.log(p) + (1 - tosses) * (1 - np.log(p))).sum(),
            "You write 1 − ln p for a tail. The tail has the probability 1 − p, so its term is ln(1 − p): "
            "the subtraction comes first, inside the logarithm.",
            also=[lambda tosses, p: -(tosses * np.log(p) + (1 - tosses) * -np.log(p)).sum()],
        ),
        Mistake(
            "weighted with p",
            lambda tosses, p: -(tosses * p * np.log(p) + (1 - tosses) * (1 - p) * np.log(1 - p)).sum(),
            "You weigh the logarithms with p and 1 − p, as in an average. The tosses have happened: each one "
            "that came counts once.",
            also=[
                lambda tosses, p: -len(tosses) * (p * np.log(p) + (1 - p) * np.log(1 - p)),
                lambda tosses, p: -(p * np.log(p) + (1 - p) * np.log(1 - p)),
                lambda tosses, p: -(_coin(tosses, p) * np.log(_coin(tosses, p))).sum(),
            ],
        ),
        Mistake(
            "terms cut to whole numbers",
            lambda tosses, p: np.trunc(-np.log(_coin(tosses, p))).sum(),
            "Each term is cut to a whole number: an array of whole numbers (`np.zeros_like(tosses)`) holds "
            "no decimals. Give it `dtype=float`.",
        ),
        Mistake(
            "heads counted wrongly",
            lambda tosses, p: -np.log(p) - (len(tosses) - 1) * np.log(1 - p),
            "You count one head whatever came: `len(np.nonzero(tosses))` is 1, the number of axes. "
            "`tosses.sum()` or `np.count_nonzero(tosses)` counts the heads.",
        ),
        Mistake(
            "log1p for ln(1 − p)",
            lambda tosses, p: -(tosses * np.log(p) + (1 - tosses) * np.log1p(p)).sum(),
            "`np.log1p(p)` is ln(1 + p). For ln(1 − p) it is `np.log1p(-p)`, or `np.log(1 - p)`.",
        ),
        Mistake(
            "squared error",
            lambda tosses, p: ((tosses - p) ** 2).sum(),
            "That is a squared error. The NLL adds up minus the *logarithms* of the probabilities.",
            also=[lambda tosses, p: ((tosses - p) ** 2).mean(), lambda tosses, p: np.abs(tosses - p).sum()],
        ),
        Mistake(
            "the best p for the p handed in",
            lambda tosses, p: -np.log(_coin(tosses, tosses.mean())).sum(),
            "You compute with the fraction of heads. p is handed in: the NLL is asked for this p, good or "
            "bad.",
            also=[lambda tosses, p: -(tosses * np.log(tosses.mean())  # NaN where all are alike
                                      + (1 - tosses) * np.log(1 - tosses.mean())).sum()],
        ),
    ],
    hints=[
        "`np.where(tosses == 1, p, 1 - p)` gives the probability of each toss.",
        "Take the logarithm of each of these probabilities, add, and turn the sign.",
    ],
    solution="""
def coin_nll(tosses, p):
    return -np.log(np.where(tosses == 1, p, 1 - p)).sum()
""",
)


def _counts(rolls: np.ndarray, K: int) -> np.ndarray:
    return np.bincount(rolls, minlength=K)


def _zeros_lifted(trials: Sequence[Trial]) -> bool:
    """Recognise faces that did not come with more than 0, the others being in proportion or nearly so."""
    wrong = [one for one in trials if not one.right]
    sums = [(one.got.value, one.expected.value) for one in wrong]
    return bool(wrong) and all(
        np.shape(got) == np.shape(right) and (right == 0).any() and (got > 0).all() and (got < 1).all()
        and np.ptp(got[right == 0]) < 1e-12 and np.ptp(got[right > 0] / right[right > 0]) < 1e-9
        for got, right in sums
    )


def _always_as_long(trials: Sequence[Trial]) -> bool:
    shapes = {np.shape(one.got.value) for one in trials if not one.got.error}
    return len(shapes) == 1 and shapes != {()} and any(one.right for one in trials)


fit_die = Exercise(
    name="fit_die",
    reference=lambda rolls, K: _counts(rolls, K) / len(rolls),
    cases=[
        (np.array([0, 1, 1]), 2),
        (np.array([2, 0, 2, 2]), 3),
        (np.array([1, 0, 1, 0, 0]), 4),
        (np.array([3, 3, 1, 5, 0, 2, 5, 5, 4, 5]), 6),
    ],
    shown="The most probable p is the fraction of rolls that showed each face, 0 for a face that did not "
    "come.",
    mistakes=[
        Mistake(
            "counts not divided",
            _counts,
            "These are the counts. Probabilities sum to 1: divide by the number of rolls.",
        ),
        Mistake(
            "faces that did not come left out",
            lambda rolls, K: np.bincount(rolls) / len(rolls),
            "The length is wrong where the last faces did not come: `np.bincount` stops at the largest face "
            "it saw. There are K faces; `minlength=K` counts them all.",
        ),
        Mistake(
            "only the faces that came",
            lambda rolls, K: np.unique(rolls, return_counts=True)[1] / len(rolls),
            "Only the faces that came have a place in your result, so the entries no longer belong to the "
            "faces 0 … K − 1. A face that did not come has a place, too, with probability 0: "
            "`np.bincount(rolls, minlength=K)`.",
        ),
        Mistake(
            "moved to the front",
            lambda rolls, K: np.resize([*np.unique(rolls, return_counts=True)[1], *[0] * K], K) / len(rolls),
            "The fractions of the faces that came stand at the front, one after the other. Entry k belongs "
            "to face k: a face that did not come leaves its 0 in its own place.",
        ),
        Mistake(
            "divided by the number of faces",
            lambda rolls, K: _counts(rolls, K) / K,
            "You divide by the number of faces K. The counts sum to the number of rolls: divide by that.",
            also=[lambda rolls, K: np.bincount(rolls) / K],
        ),
        Mistake(
            "divided by the largest",
            lambda rolls, K: _counts(rolls, K) / _counts(rolls, K).max(),
            "You divide by the largest count, so the most frequent face gets 1 and the sum is above 1. "
            "Divide by the number of rolls.",
        ),
        Mistake(
            "one added to every count",
            lambda rolls, K: (_counts(rolls, K) + 1) / (len(rolls) + K),
            "You add 1 to every count. That keeps p from being 0 and is often wise (“Laplace smoothing”), "
            "but it is not the p under which these rolls are most probable.",
        ),
        Mistake(
            "all equal",
            lambda rolls, K: np.full(K, 1 / K),
            "That is the fair die, whatever the rolls say. The most probable p follows the rolls.",
        ),
        Mistake(
            "softmax of the counts",
            lambda rolls, K: softmax(_counts(rolls, K).astype(float)),
            "You put the counts into an exponential. The best p is in proportion to the counts themselves.",
        ),
        Mistake(
            "faces counted from 1",
            lambda rolls, K: np.bincount(rolls, minlength=K + 1)[1:] / len(rolls),
            "Your first entry belongs to face 1. The faces are 0 … K − 1, so it should belong to face 0.",
        ),
        Mistake(
            "all on the most frequent",
            lambda rolls, K: (np.arange(K) == _counts(rolls, K).argmax()).astype(float),
            "You give the most frequent face everything. Then every other face that came has probability 0, "
            "and so has the whole sequence of rolls.",
        ),
        Mistake(
            "bins over the range of the rolls",
            lambda rolls, K: np.histogram(rolls, bins=K)[0] / len(rolls),
            "`np.histogram(…, bins=K)` spreads its K bins from the smallest roll to the largest, which need "
            "not be 0 and K − 1. `np.bincount(rolls, minlength=K)` counts face by face.",
        ),
        Mistake(
            "the most frequent face",
            lambda rolls, K: _counts(rolls, K).argmax(),
            "That is the number of the most frequent face. Asked for are K probabilities, one for each face.",
        ),
        Mistake(
            "a mean of the faces",
            lambda rolls, K: rolls.mean(),
            "That is the mean face, one number. Asked for are K probabilities, one for each face.",
        ),
        Mistake(
            "each face counted once",
            lambda rolls, K: np.minimum(_counts(rolls, K), 1) / len(rolls),
            "Every face that came is counted once, however often it came. (`p[rolls] += 1` adds only once "
            "for equal indices, and `p[r] = 1` in a loop overwrites.) `np.bincount` counts all.",
            also=[
                lambda rolls, K: np.minimum(_counts(rolls, K), 1),
                lambda rolls, K: np.minimum(_counts(rolls, K), 1) / np.minimum(_counts(rolls, K), 1).sum(),
            ],
        ),
        Mistake(
            "zeros lifted",
            lambda rolls, K: np.maximum(_counts(rolls, K) / len(rolls), 1e-3),
            "You give the faces that did not come something above 0. That is often wise, but the p under "
            "which these rolls are most probable gives such a face exactly 0.",
            when=_zeros_lifted,
        ),
        Mistake(
            "sorted by frequency",
            lambda rolls, K: np.sort(_counts(rolls, K))[::-1] / len(rolls),
            "The fractions are right but sorted. Entry k belongs to face k, whatever its frequency. "
            "(`value_counts` of pandas sorts; so does `most_common`.)",
            also=[
                lambda rolls, K: np.sort(_counts(rolls, K)) / len(rolls),
                lambda rolls, K: np.sort(np.unique(rolls, return_counts=True)[1])[::-1] / len(rolls),
                lambda rolls, K: [(rolls == k).mean() for k in dict.fromkeys(rolls.tolist())],
            ],
        ),
        Mistake(
            "a fixed number of faces",
            lambda rolls, K: np.bincount(rolls, minlength=6) / len(rolls),
            "The number of faces is written into your code. It is handed in as K: `minlength=K`, `range(K)`.",
            when=_always_as_long,
        ),
        Mistake(
            "the rolls themselves",
            lambda rolls, K: rolls / rolls.sum(),
            "You divide the rolls themselves: one number for each roll. Count first how often each face "
            "came: K counts, divided by the number of rolls.",
            also=[lambda rolls, K: rolls / len(rolls), lambda rolls, K: rolls / K],
        ),
        Mistake(
            "only the largest",
            lambda rolls, K: _counts(rolls, K).max() / len(rolls),
            "That is the fraction of the most frequent face alone. Asked for are K probabilities, one for "
            "each face.",
        ),
        Mistake(
            "the sum of the values",
            lambda rolls, K: np.arange(K) * _counts(rolls, K) / rolls.sum(),
            "You add up the values on the faces. A roll counts once for its face, whatever is written on it.",
        ),
        Mistake(
            "returned inside the loop",
            lambda rolls, K: np.where(np.arange(K) == 0, _counts(rolls, K), 0) / len(rolls),
            "Only face 0 has its fraction: does `return` stand inside the loop (indented too far)?",
            also=[
                lambda rolls, K: np.where(np.arange(K) == rolls[0], 1, 0) / len(rolls),
                lambda rolls, K: np.where(np.arange(K) == rolls[0], 1.0, 0),
            ],
        ),
        Mistake(
            "last face left out",
            lambda rolls, K: (_counts(rolls, K) / len(rolls))[:-1],
            "The last face, K − 1, has no place in your result: `range(K - 1)` ends at K − 2. `range(K)` "
            "has K numbers, 0 … K − 1.",
        ),
        Mistake(
            "an average for each roll",
            lambda rolls, K: np.full(len(rolls), 1 / K),
            "You have one number for each roll where one for each face is asked for: the mean runs along the "
            "wrong axis. Average over the rolls.",
        ),
        Mistake(
            "logarithm for probability",
            lambda rolls, K: np.log(_counts(rolls, K) / len(rolls)),
            "These are logarithms. Asked for are the probabilities themselves.",
            also=[lambda rolls, K: -np.log(_counts(rolls, K) / len(rolls))],
        ),
        Mistake(
            "numerator and denominator exchanged",
            lambda rolls, K: len(rolls) / _counts(rolls, K),
            "You divide the number of rolls by the counts. It is the other way round: counts divided by N.",
        ),
        Mistake(
            "a dictionary",
            lambda rolls, K: {k: (rolls == k).mean() for k in sorted(set(rolls.tolist()))},
            "You return a dictionary. Asked for is an array of K numbers in the order of the faces, 0 for a "
            "face that did not come.",
            when=lambda trials: all(isinstance(one.got.value, dict) for one in trials if not one.extreme),
        ),
    ],
    hints=[
        "Section 2: the best $p_k$ is $n_k/N$, the fraction of rolls that showed face $k$.",
        "`np.bincount(rolls, minlength=K)` counts all K faces, those that did not come too.",
    ],
    solution="""
def fit_die(rolls, K):
    return np.bincount(rolls, minlength=K) / len(rolls)
""",
)


def _second_is_nothing(trials: Sequence[Trial]) -> bool:
    """Recognise a second number that is 0 or NaN everywhere, the first being right."""
    return all(
        np.shape(one.got.value) == (2,) and np.isclose(one.got.value[0], one.expected.value[0])
        and abs(np.nan_to_num(one.got.value[1])) < 1e-6 for one in trials
    )


fit_gaussian = Exercise(
    name="fit_gaussian",
    reference=lambda x: (x.mean(), np.sqrt(((x - x.mean()) ** 2).mean())),
    cases=[
        (np.array([1.0, 5.0]),),
        (np.array([0.0, 1.0, 5.0]),),
        (np.array([-2.0, 0.5, 1.0, 1.5, 9.0]),),
        (np.array([3.58, 4.66, -1.83, 1.79, 3.52, 4.03]),),
    ],
    shown="The best m is the mean, the best s the root of the mean squared distance from it, with 1/N.",
    mistakes=[
        Mistake(
            "divided by N − 1",
            lambda x: (x.mean(), x.std(ddof=1)),
            "You divide by N − 1. That makes s² right on average over many samples, which is another aim. "
            "The likelihood is greatest with N.",
        ),
        Mistake(
            "variance for scale",
            lambda x: (x.mean(), x.var()),
            "Your second number is s², the variance. The scale s is its square root.",
        ),
        Mistake(
            "variance with N − 1",
            lambda x: (x.mean(), x.var(ddof=1)),
            "Your second number is a variance with N − 1. The scale is a square root, and maximum "
            "likelihood divides by N.",
        ),
        Mistake(
            "the other way round",
            lambda x: (x.std(), x.mean()),
            "You return (s, m); asked for is (m, s).",
        ),
        Mistake(
            "median for mean",
            lambda x: (np.median(x), x.std()),
            "Your m is the median. The squares in the Gaussian's exponent make the *mean* the best m. (The "
            "median is best for another model, with |x − m| in the exponent.)",
            also=[
                lambda x: (np.median(x), np.sqrt(((x - np.median(x)) ** 2).mean())),
                lambda x: (np.median(x), np.abs(x - np.median(x)).mean()),
            ],
        ),
        Mistake(
            "mean absolute distance",
            lambda x: (x.mean(), np.abs(x - x.mean()).mean()),
            "Your s is the mean of the distances |x − m|. The derivation leads to the mean of their "
            "*squares*, and then the root.",
        ),
        Mistake(
            "not centred",
            lambda x: (x.mean(), np.sqrt((x**2).mean())),
            "Your s is the root of the mean of x². The distances are taken from m: subtract the mean before "
            "you square.",
        ),
        Mistake(
            "squares summed, not averaged",
            lambda x: (x.mean(), np.sqrt(((x - x.mean()) ** 2).sum())),
            "You take the root of the *sum* of the squares, which grows with every reading. s² is their "
            "mean.",
        ),
        Mistake(
            "scale of the mean",
            lambda x: (x.mean(), x.std() / np.sqrt(len(x))),
            "You divide by √N once more: that is how uncertain the mean is, not how wide the readings lie.",
            also=[lambda x: (x.mean(), x.std(ddof=1) / np.sqrt(len(x)))],
        ),
        Mistake(
            "the outermost readings",
            lambda x: (x.mean(), (x.max() - x.min()) / 2),
            "Your s looks at the outermost readings only. Every reading has a say: the root of the mean "
            "squared distance.",
            also=[lambda x: (x.mean(), x.max() - x.min()), lambda x: (x.mean(), np.abs(x - x.mean()).max())],
        ),
        Mistake(
            "sum of the squares",
            lambda x: (x.mean(), ((x - x.mean()) ** 2).sum()),
            "Your second number is the sum of the squared distances. Divide it by N, then take the root.",
        ),
        Mistake(
            "distances not averaged",
            lambda x: (x.mean(), (x - x.mean()) ** 2),
            "Your second entry has one number for each reading. The scale is one number: the root of the "
            "*mean* of the squares.",
            also=[lambda x: (x.mean(), np.abs(x - x.mean()))],
        ),
        Mistake(
            "only the mean",
            lambda x: x.mean(),
            "You return m alone. Return both: `return m, s`.",
        ),
        Mistake(
            "distances averaged with their signs",
            lambda x: (x.mean(), (x - x.mean()).mean()),
            "The signed distances from the mean always average to 0. Square them before you average.",
            also=[lambda x: (x.mean(), np.sqrt(((x - x.mean()).mean()) ** 2))],
        ),
        Mistake(
            "sum for difference",
            lambda x: (x.mean(), np.sqrt((x**2).mean() + x.mean() ** 2)),
            "s² = mean of x² *minus* m². You add m².",
        ),
        Mistake(
            "mean not squared",
            lambda x: (x.mean(), np.sqrt((x**2).mean() - x.mean())),
            "s² = mean of x² minus the *square* of the mean. You subtract the mean itself.",
            also=[lambda x: (x.mean(), np.sqrt((x - x.mean() ** 2).mean())),
                  lambda x: (x.mean(), np.sqrt(((x**2) - x.mean()).mean()))],
        ),
        Mistake(
            "squares forgotten",
            lambda x: (x.mean(), np.sqrt((x - x.mean()).mean())),
            "You average the distances with their signs, which gives 0 (and by rounding perhaps the root of "
            "a negative number). Square them before you average.",
            when=_second_is_nothing,
        ),
        Mistake(
            "the range",
            lambda x: (x.mean(), (x.max() - x.min()) / 4),
            "Your s comes from the outermost readings or from quantiles: a rule of thumb. The best s is the "
            "root of the mean squared distance from m.",
            also=[
                lambda x: (x.mean(), (x.max() - x.min()) / 6),
                lambda x: (x.mean(), np.quantile(x, 0.75) - np.quantile(x, 0.25)),
                lambda x: (x.mean(), (np.quantile(x, 0.75) - np.quantile(x, 0.25)) / 1.349),
                lambda x: (x.mean(), np.median(np.abs(x - np.median(x)))),
                lambda x: (x.mean(), 1.4826 * np.median(np.abs(x - np.median(x)))),
            ],
        ),
        Mistake(
            "the precision",
            lambda x: (x.mean(), 1 / x.var()),
            "Your second number is 1/s². The scale is s itself, the root of the mean squared distance.",
        ),
        Mistake(
            "** 1 / 2",
            lambda x: (x.mean(), x.var() / 2),
            "`v ** 1 / 2` is half of v: Python takes the power first. Write `v ** 0.5`, `v ** (1 / 2)` or "
            "`np.sqrt(v)`.",
            also=[lambda x: (x.mean(), x.var(ddof=1) / 2)],
        ),
        Mistake(
            "another root",
            lambda x: (x.mean(), np.cbrt(x.var())),
            "You take another root than the square root.",
            also=[lambda x: (x.mean(), x.var() ** 0.25)],
        ),
        Mistake(
            "only the last reading",
            lambda x: (x.mean(), np.sqrt((x[-1] - x.mean()) ** 2 / len(x))),
            "Your s knows the last reading only: in a loop `=` keeps the last term, `+=` adds them up.",
            also=[lambda x: (x.mean(), np.abs(x[-1] - x.mean())),
                  lambda x: (x.mean(), np.abs(x[0] - x.mean())),
                  lambda x: (x.mean(), np.sqrt((x[0] - x.mean()) ** 2 / len(x)))],
        ),
        Mistake(
            "mean of whole numbers",
            lambda x: (np.trunc(x.mean()), np.sqrt(((x - np.trunc(x.mean())) ** 2).mean())),
            "Your m is cut to a whole number (`//` or `int`), and s counts from it. Divide with `/`.",
            also=[lambda x: (x.sum() // len(x), np.sqrt(((x - x.sum() // len(x)) ** 2).mean()))],
        ),
        Mistake(
            "another middle",
            lambda x: (x[0], np.sqrt(((x - x[0]) ** 2).mean())),
            "Your m is not the mean of the readings but one of them, or the middle between the outermost. "
            "Setting the derivative in m to 0 leads to the mean.",
            also=[
                lambda x: ((x.max() + x.min()) / 2, np.sqrt(((x - (x.max() + x.min()) / 2) ** 2).mean())),
                lambda x: ((x.max() + x.min()) / 2, x.std()),
                lambda x: (np.sort(x)[len(x) // 2], np.sqrt(((x - np.sort(x)[len(x) // 2]) ** 2).mean())),
                lambda x: (x[len(x) // 2], np.sqrt(((x - x[len(x) // 2]) ** 2).mean())),
            ],
        ),
        Mistake(
            "sums for means",
            lambda x: (x.sum(), np.sqrt(((x - x.sum()) ** 2).sum())),
            "Your m is the sum of the readings. Divide by their number N: the mean.",
            also=[lambda x: (x.sum(), x.std()), lambda x: (x.sum(), np.sqrt(((x - x.sum()) ** 2).mean()))],
        ),
        Mistake(
            "a text",
            lambda x: f"m = {x.mean()}, s = {x.std()}",
            "You return a text. Return the two numbers: `return m, s`.",
            when=lambda trials: all(isinstance(one.got.value, str) for one in trials),
        ),
    ],
    hints=[
        "Return two numbers, `(m, s)`. The best m is the mean of the readings.",
        "Square the distances `x - m`, take their mean (so divide by N), and then the square root.",
    ],
    solution="""
def fit_gaussian(x):
    m = x.mean()
    return m, np.sqrt(((x - m) ** 2).mean())
""",
)


def _squares(x: np.ndarray, m: float, s: float) -> np.ndarray:
    return ((x - m) / s) ** 2


def _loses_digits(trials: Sequence[Trial]) -> bool:
    """Recognise the first extreme case, finite and wrong, as the only one."""
    wrong = [one for one in trials if not one.right]
    return len(wrong) == 1 and wrong[0].given[1] == 1000 and bool(np.isfinite(wrong[0].got.value))


def _cost_limited(trials: Sequence[Trial]) -> bool:
    """Recognise a cost of the reading forty scales away that is finite and too small, with the rest right."""
    far = [one for one in trials if 62 in one.given[0]]
    near = all(np.shape(one.got.value) == () and np.isclose(one.got.value, one.expected.value, rtol=1e-3)
               for one in trials if not one.extreme)
    return near and all(15 < one.got.value < one.expected.value - 10 for one in far)


gaussian_nll = Exercise(
    name="gaussian_nll",
    reference=lambda x, m, s: -float(gaussian_log_likelihood(x, m, s)),
    cases=[
        (np.array([0.0]), 0.0, 2.0),
        (np.array([3.0]), 1.0, 0.5),
        (np.array([1.0, 4.0]), 2.0, 3.0),
        (np.array([3.58, 4.66, -1.83, 1.79]), 2.0, 1.5),
        (np.array([0.01, 0.02, 0.03]), 0.02, 0.01),
        (np.array([7.0, -1.5, 2.0, 0.5, 3.0]), -1.0, 2.5),
    ],
    extreme=[
        (np.array([1000.0, 1000.001]), 1000.0, 2.0**-10),  # (x − m)², not x² − 2mx + m²
        (np.array([2.5, 62.0]), 2.0, 1.5),  # 40 s away: the density is 0 in floating point
        (np.array([0.5]), 0.02, 0.01),
        (np.resize([0.0, 1.0, 5.0], 3000), 2.0, 1.5),
        (np.resize([0.01, 0.02, 0.03], 600), 0.02, 0.01),
    ],
    shown="N ln s + Σ (x − m)²/(2s²) + N/2 · ln 2π: it may be negative, and it neither underflows nor "
    "overflows.",
    mistakes=[
        Mistake(
            "minus forgotten",
            gaussian_log_likelihood,
            "The sign is turned: you return the log-likelihood. The NLL is minus that.",
            when=sign_turned,
        ),
        Mistake(
            "2π forgotten",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s)).sum(),
            "The term ½ ln 2π is missing, once for each reading. It does not move the minimum, but it "
            "belongs to the density.",
        ),
        Mistake(
            "2π only once",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s)).sum() + HALF_LOG_2PI,
            "You add ½ ln 2π once; every reading has its own. Is it outside your `sum`?",
        ),
        Mistake(
            "ln s only once",
            lambda x, m, s: (_squares(x, m, s) / 2 + HALF_LOG_2PI).sum() + np.log(s),
            "You add ln s once; every reading has its own. Is it outside your `sum`?",
        ),
        Mistake(
            "ln s and 2π only once",
            lambda x, m, s: _squares(x, m, s).sum() / 2 + np.log(s) + HALF_LOG_2PI,
            "You add ln s and ½ ln 2π once; every reading has its own. Multiply them by N, or put them "
            "inside the sum.",
        ),
        Mistake(
            "ln s forgotten",
            lambda x, m, s: (_squares(x, m, s) / 2 + HALF_LOG_2PI).sum(),
            "The term ln s is missing. Without it a wider bell would always be better: ln s is the price of "
            "width.",
        ),
        Mistake(
            "only the squares",
            lambda x, m, s: _squares(x, m, s).sum() / 2,
            "These are the squares alone. ln s and ½ ln 2π, from the factor in front of the exponential, "
            "are missing, once for each reading.",
        ),
        Mistake(
            "s not squared",
            lambda x, m, s: ((x - m) ** 2 / (2 * s) + np.log(s) + HALF_LOG_2PI).sum(),
            "You divide the squares by s; the exponent has ((x − m)/s)², so divide by s².",
        ),
        Mistake(
            "multiplied by s²",
            lambda x, m, s: ((x - m) ** 2 / 2 * s**2 + np.log(s) + HALF_LOG_2PI).sum(),
            "Your squares are multiplied by s². Python works from left to right: `a / 2 * s**2` is "
            "(a/2)·s². Put brackets round `2 * s**2`.",
        ),
        Mistake(
            "distances not squared",
            lambda x, m, s: (np.abs(x - m) / (2 * s**2) + np.log(s) + HALF_LOG_2PI).sum(),
            "The distances x − m are not squared. The exponent has ((x − m)/s)².",
            also=[
                lambda x, m, s: ((x - m) / (2 * s**2) + np.log(s) + HALF_LOG_2PI).sum(),
                lambda x, m, s: (np.abs(x - m) / s / 2 + np.log(s) + HALF_LOG_2PI).sum(),
                lambda x, m, s: ((x - m) / s / 2 + np.log(s) + HALF_LOG_2PI).sum(),
            ],
        ),
        Mistake(
            "squared after the sum",
            lambda x, m, s: (x - m).sum() ** 2 / (2 * s**2) + len(x) * (np.log(s) + HALF_LOG_2PI),
            "You add the distances and square the sum, so distances to the left and to the right cancel. "
            "Square each, then add.",
        ),
        Mistake(
            "sign of the squares",
            lambda x, m, s: (-_squares(x, m, s) / 2 + np.log(s) + HALF_LOG_2PI).sum(),
            "The squares have the wrong sign. The exponent of the density is negative, and minus its "
            "logarithm is +½((x − m)/s)²: a reading farther from m costs more.",
        ),
        Mistake(
            "half of ln s",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) / 2 + HALF_LOG_2PI).sum(),
            "You add ½ ln s. The density has 1/s in front, not 1/√s: a whole ln s (or ½ ln s²).",
        ),
        Mistake(
            "base 10",
            lambda x, m, s: (_squares(x, m, s) / 2 + (np.log(s) + HALF_LOG_2PI) / LN10).sum(),
            "You use the logarithm to base 10. Here ln is the natural one, `np.log`.",
            also=[lambda x, m, s: -gaussian_log_likelihood(x, m, s) / LN10],
        ),
        Mistake(
            "half forgotten",
            lambda x, m, s: (_squares(x, m, s) + np.log(s) + HALF_LOG_2PI).sum(),
            "The squares count twice as much as they should: is the ½ before them missing, or are they added "
            "twice?",
        ),
        Mistake(
            "ln s² without the half",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s**2) + HALF_LOG_2PI).sum(),
            "You add ln s², which is 2 ln s. The density has 1/s in front: one ln s (or ½ ln s²).",
        ),
        Mistake(
            "sign of ln s",
            lambda x, m, s: (_squares(x, m, s) / 2 - np.log(s) + HALF_LOG_2PI).sum(),
            "ln s has the wrong sign. The density has 1/s in front; its logarithm is −ln s, and minus that "
            "is +ln s.",
        ),
        Mistake(
            "sign of 2π",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) - HALF_LOG_2PI).sum(),
            "½ ln 2π has the wrong sign. If you took the logarithm of a density: `/ s * np.sqrt(2 * np.pi)` "
            "divides by s and then *multiplies* by the root. Put s·√2π in brackets.",
        ),
        Mistake(
            "2π without the half",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) + 2 * HALF_LOG_2PI).sum(),
            "You add ln 2π. The density has the *root* of 2π, so it is ½ ln 2π.",
        ),
        Mistake(
            "mean for sum",
            lambda x, m, s: -gaussian_log_density(x, m, s).mean(),
            "That is NLL/N, the mean of the terms. The NLL is their sum.",
        ),
        Mistake(
            "logarithm of the product",
            lambda x, m, s: -np.log(np.exp(gaussian_log_density(x, m, s)).prod()),
            "Right for a few readings. But the product of many densities leaves the range of float64: it "
            "becomes 0, or, where they are above 1, infinite. Take the logarithms first, and add.",
            when=_only_long_ones_fail,
        ),
        Mistake(
            "density that underflows",
            lambda x, m, s: -np.log(np.exp(gaussian_log_density(x, m, s))).sum(),
            "Right, unless a reading is far out: forty scales from the middle the density is 0 in float64, "
            "and −ln 0 is infinite. Take the logarithm of the formula by hand: the exponential goes.",
        ),
        Mistake(
            "a small number added",
            lambda x, m, s: -np.log(np.exp(gaussian_log_density(x, m, s)) + 1e-12).sum(),
            "A small number added to the density, or a limit below it, is a ceiling on what a reading far "
            "out can cost. Take the logarithm of the formula by hand: the exponential goes.",
            also=[lambda x, m, s: -np.log(np.maximum(np.exp(gaussian_log_density(x, m, s)), 1e-12)).sum()],
            when=_cost_limited,
        ),
        Mistake(
            "logarithm of each density",
            lambda x, m, s: -np.log(np.exp(gaussian_log_density(x, m, s)).sum()),
            "You add the densities and take one logarithm. Independent readings *multiply* their densities, "
            "so their logarithms are added.",
        ),
        Mistake(
            "logarithm forgotten",
            lambda x, m, s: np.exp(gaussian_log_density(x, m, s)).prod(),
            "That is the likelihood, the product of the densities. The NLL is minus its logarithm, computed "
            "as a sum.",
        ),
        Mistake(
            "not added up",
            lambda x, m, s: -gaussian_log_density(x, m, s),
            "You return one term for each reading. The NLL of all of them is the sum, one number.",
            when=everywhere(lambda one: np.ndim(one.got.value) == 1),
        ),
        Mistake(
            "squares lose their digits",
            lambda x, m, s: len(x) * (np.log(s) + HALF_LOG_2PI)
            + ((x**2).sum() - 2 * m * x.sum() + len(x) * m**2) / (2 * s**2),
            "Right on paper. But x² − 2mx + m² is a small difference of large numbers where the bell is "
            "narrow and far from 0, and loses its digits. Square the difference: `(x - m) ** 2`.",
            when=_loses_digits,
        ),
        Mistake(
            "π for 2π",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) + math.log(math.pi) / 2).sum(),
            "You have ln π where ln 2π belongs: the density has 1/√(2π).",
        ),
        Mistake(
            "s taken for the variance",
            lambda x, m, s: ((x - m) ** 2 / (2 * s) + np.log(s) / 2 + HALF_LOG_2PI).sum(),
            "You treat s as the variance. It is the scale, the root of it: s² stands below the squares, and "
            "ln s is added whole.",
            also=[lambda x, m, s: -gaussian_log_likelihood(x, m, s**2)],
        ),
        Mistake(
            "root of 2π without the logarithm",
            lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) + math.sqrt(2 * math.pi)).sum(),
            "The factor √(2π) stands in your sum without its logarithm. Minus the logarithm of 1/(s√(2π)) is "
            "ln s + ½ ln 2π.",
            also=[
                lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) + math.pi).sum(),
                lambda x, m, s: (_squares(x, m, s) / 2 + np.log(s) + 2 * math.pi).sum(),
                lambda x, m, s: (_squares(x, m, s) / 2 + s * math.sqrt(2 * math.pi)).sum(),
                lambda x, m, s: (_squares(x, m, s) / 2 + s + HALF_LOG_2PI).sum(),
            ],
        ),
        Mistake(
            "squares not divided by s²",
            lambda x, m, s: ((x - m) ** 2 / 2 + np.log(s) + HALF_LOG_2PI).sum(),
            "The squares are not divided by s². The distance counts in units of s: ((x − m)/s)².",
            also=[lambda x, m, s: ((x - m) ** 2 + np.log(s) + HALF_LOG_2PI).sum()],
        ),
        Mistake(
            "densities added",
            lambda x, m, s: np.exp(gaussian_log_density(x, m, s)).sum(),
            "You add up the densities themselves. The NLL adds up minus their logarithms.",
            also=[lambda x, m, s: -np.exp(gaussian_log_density(x, m, s)).sum()],
        ),
        Mistake(
            "only the last reading",
            lambda x, m, s: -gaussian_log_density(x, m, s)[-1],
            "Only the last reading counts: in a loop `=` keeps the last term, `+=` adds them up.",
        ),
        Mistake(
            "half of N cut",
            lambda x, m, s: _squares(x, m, s).sum() / 2 + len(x) * np.log(s) + len(x) // 2 * 2 * HALF_LOG_2PI,
            "`N // 2` rounds half of N down. Divide with `/`.",
        ),
        Mistake(
            "N − 1",
            lambda x, m, s: _squares(x, m, s).sum() / 2 + (len(x) - 1) * (np.log(s) + HALF_LOG_2PI),
            "You count N − 1 readings in front of ln s or ln 2π. Every reading has its own: N.",
            also=[
                lambda x, m, s: _squares(x, m, s).sum() / 2 + len(x) * (np.log(s) + HALF_LOG_2PI) - np.log(s),
                lambda x, m, s: -gaussian_log_likelihood(x, m, s) - HALF_LOG_2PI,
            ],
        ),
        Mistake(
            "densities limited to 1",
            lambda x, m, s: -np.log(np.minimum(np.exp(gaussian_log_density(x, m, s)), 1)).sum(),
            "You keep the density from exceeding 1. It is no probability and may: a narrow bell is higher "
            "than 1, and the NLL is then negative.",
            also=[lambda x, m, s: np.maximum(-gaussian_log_density(x, m, s), 0).sum()],
        ),
        Mistake(
            "probability beyond the reading",
            lambda x, m, s: -np.log([math.erfc((m - one) / s / math.sqrt(2)) / 2 for one in x]).sum(),
            "You take the probability of lying below the reading (or above), not the density at it: `pdf`, "
            "not `cdf` or `sf`.",
            also=[lambda x, m, s: -np.log([math.erfc((one - m) / s / math.sqrt(2)) / 2 for one in x]).sum()],
        ),
        Mistake(
            "width of a reading",
            lambda x, m, s: -gaussian_log_likelihood(x, m, s) - len(x) * math.log(0.01),
            "You count the width 0.01 of a reading, too. The likelihood of a continuous model is the "
            "product of the densities; the widths are left out.",
        ),
        Mistake(
            "the best m and s for those handed in",
            lambda x, m, s: -gaussian_log_likelihood(x, x.mean(), x.std()),
            "You compute with the readings' own mean or scale. m and s are handed in: the NLL is asked for "
            "these, good or bad.",
            also=[lambda x, m, s: -gaussian_log_likelihood(x, m, x.std()),
                  lambda x, m, s: -gaussian_log_likelihood(x, x.mean(), s)],
        ),
    ],
    hints=[
        "The density of one reading is $\\frac{1}{s\\sqrt{2\\pi}}\\, e^{-((x-m)/s)^2/2}$. What is minus its "
        "logarithm? (Three terms.)",
        "It is $\\frac{1}{2}\\left(\\frac{x-m}{s}\\right)^2 + \\ln s + \\frac{1}{2}\\ln 2\\pi$. Add it up "
        "over all readings: all three terms, N times.",
    ],
    solution="""
def gaussian_nll(x, m, s):
    terms = ((x - m) / s) ** 2 / 2 + np.log(s) + np.log(2 * np.pi) / 2
    return terms.sum()
""",
)


def _right(g: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return g[np.arange(len(labels)), labels]


def _onehot(g: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.eye(g.shape[1])[labels]


def _limited(trials: Sequence[Trial]) -> bool:
    """Recognise a loss that is too small for a tiny g, with all ordinary cases right or nearly so."""
    near = all(np.shape(one.got.value) == () and np.isclose(one.got.value, one.expected.value, rtol=0.02)
               for one in trials if not one.extreme)
    return near and 1 < trials[-1].got.value < trials[-1].expected.value - 1


_RNG = np.random.default_rng(0)
_MANY = _RNG.dirichlet(np.ones(4), size=1000) * 0.9 + 0.025, _RNG.integers(4, size=1000)

nll_of_examples = Exercise(
    name="nll_of_examples",
    reference=lambda g, labels: -np.log(_right(g, labels)).sum(),
    cases=[
        (np.array([[0.7, 0.3]]), np.array([1])),
        (np.array([[0.7, 0.3], [0.2, 0.8]]), np.array([0, 1])),
        (np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.5, 0.2]]), np.array([1, 2, 0])),
        (np.array([[0.6, 0.4], [0.1, 0.9], [0.5, 0.5], [0.3, 0.7]]), np.array([1, 1, 0, 0])),
    ],
    extreme=[
        _MANY,
        (np.array([[1e-4, 1 - 1e-4], [0.5, 0.5]]), np.array([0, 1])),
        (np.array([[1e-30, 1.0], [0.5, 0.5]]), np.array([0, 1])),
    ],
    shown="One term for each example, −ln of the probability that its right class was given; nothing else "
    "counts.",
    mistakes=[
        Mistake(
            "only the mistaken ones",
            lambda g, labels: -(np.log(_right(g, labels)) * (g.argmax(axis=1) != labels)).sum(),
            "You count only the examples whose label is not the likeliest class. The others cost something, "
            "too, as long as their class did not get all the probability.",
        ),
        Mistake(
            "minus forgotten",
            lambda g, labels: np.log(_right(g, labels)).sum(),
            "That is the log-likelihood; the logarithm of a probability is negative. The NLL is minus that.",
            when=sign_turned,
        ),
        Mistake(
            "columns picked for every row",
            lambda g, labels: -np.log(g[:, labels]).sum(),
            "`g[:, labels]` picks all these columns in *every* row, N × N numbers. You want one number for "
            "each row: index with row numbers and labels together, `g[np.arange(len(labels)), labels]`.",
            also=[lambda g, labels: -np.log(g[:, labels])],
        ),
        Mistake(
            "rows picked",
            lambda g, labels: -np.log(g[labels]).sum(),
            "You use the labels as row numbers. A label is a column, and the rows are 0 … N − 1: "
            "`g[np.arange(len(labels)), labels]`.",
            also=[
                lambda g, labels: -np.log(g[labels, np.arange(len(labels))]).sum(),
                lambda g, labels: -np.log(g[labels, labels]).sum(),
                lambda g, labels: -np.log(g[labels]),
                lambda g, labels: -np.log(g.T[np.arange(len(labels)), labels]).sum(),
            ],
        ),
        Mistake(
            "all the classes",
            lambda g, labels: -np.log(g).sum(),
            "You add −ln g over all classes; the labels play no part. Only the class that is right counts.",
        ),
        Mistake(
            "the largest probability",
            lambda g, labels: -np.log(g.max(axis=1)).sum(),
            "You take the largest probability of each row, right or wrong. A confident mistake would cost "
            "nothing. Take the probability of the label.",
        ),
        Mistake(
            "mean for sum",
            lambda g, labels: -np.log(_right(g, labels)).mean(),
            "That is NLL/N, the mean over the examples. Here the sum is asked for.",
        ),
        Mistake(
            "logarithm of the product",
            lambda g, labels: -np.log(_right(g, labels).prod()),
            "Right for a few examples. But the product of 1000 probabilities is 0 in float64, and −ln 0 is "
            "infinite. Take the logarithm of each, and add.",
            when=_only_long_ones_fail,
        ),
        Mistake(
            "logarithm of a sum",
            lambda g, labels: -np.log(_right(g, labels).sum()),
            "You add the probabilities and take one logarithm. The likelihood is their *product*, so the "
            "logarithms are added.",
            also=[lambda g, labels: -np.log(_right(g, labels).mean())],
        ),
        Mistake(
            "logarithm forgotten",
            lambda g, labels: _right(g, labels).prod(),
            "That is the likelihood itself, the product. The NLL is minus its logarithm, computed as a sum.",
            also=[lambda g, labels: -_right(g, labels).sum(), lambda g, labels: -_right(g, labels).prod()],
        ),
        Mistake(
            "one minus the probability",
            lambda g, labels: (1 - _right(g, labels)).sum(),
            "You add up 1 − g. That never exceeds 1 for an example, even one that was called impossible; "
            "−ln g grows without end.",
        ),
        Mistake(
            "not added up",
            lambda g, labels: -np.log(_right(g, labels)),
            "You return one term for each example. Add them up.",
            when=everywhere(lambda one: np.ndim(one.got.value) == 1),
        ),
        Mistake(
            "base 2 or 10",
            lambda g, labels: -np.log2(_right(g, labels)).sum(),
            "That is a logarithm to another base. Here ln is the natural one, `np.log`.",
            also=[lambda g, labels: -np.log10(_right(g, labels)).sum()],
        ),
        Mistake(
            "first row only",
            lambda g, labels: -np.log(g[0, labels]).sum(),
            "You look up all the labels in the first row. Every example has a row of its own: "
            "`g[np.arange(len(labels)), labels]`.",
        ),
        Mistake(
            "squared error",
            lambda g, labels: ((g - np.eye(g.shape[1])[labels]) ** 2).sum(),
            "That is the squared error. The NLL is minus the logarithm of the probability of the right "
            "class.",
        ),
        Mistake(
            "logarithm of the one-hot rows",
            lambda g, labels: -(g * np.log(np.eye(g.shape[1])[labels])).sum(),
            "You take the logarithm of the zeros and ones that stand for the labels. The logarithm belongs "
            "to the probabilities g.",
        ),
        Mistake(
            "logarithm of the wrong classes",
            lambda g, labels: -np.log(1 - _right(g, labels)).sum(),
            "You take the logarithm of 1 − g, the probability of being wrong. The likelihood is made of the "
            "probabilities g of the right classes.",
        ),
        Mistake(
            "a small number added",
            lambda g, labels: -np.log(np.maximum(_right(g, labels), 1e-3)).sum(),
            "A small number added to g, or a limit below it, changes the loss where the right class was "
            "called improbable, just where it matters.",
            also=[lambda g, labels: -np.log(_right(g, labels) + 1e-3).sum()],
            when=_limited,
        ),
        Mistake(
            "yes-no questions",
            lambda g, labels: -(_onehot(g, labels) * np.log(g)
                                + (1 - _onehot(g, labels)) * np.log(1 - g)).sum(),
            "You add ln(1 − g) of the other classes, as for a yes/no question about each. The classes "
            "exclude each other: only −ln g of the right one counts.",
            also=[lambda g, labels: -((1 - _onehot(g, labels)) * np.log(1 - g)).sum()],
        ),
        Mistake(
            "softmax of probabilities",
            lambda g, labels: -np.log(_right(softmax(g, axis=1), labels)).sum(),
            "You apply a softmax to g, which already holds probabilities. (`F.cross_entropy` of PyTorch "
            "does so: it expects logits.) Take the logarithm of g itself.",
            also=[lambda g, labels: -np.log(_right(softmax(g, axis=1), labels)).mean()],
        ),
        Mistake(
            "mistakes counted",
            lambda g, labels: (g.argmax(axis=1) != labels).sum(),
            "You count the wrong decisions. The NLL looks at the probability of the right class, not at "
            "which is largest.",
            also=[lambda g, labels: (g.argmax(axis=1) != labels).mean(),
                  lambda g, labels: (g.argmax(axis=1) == labels).mean(),
                  lambda g, labels: (g.argmax(axis=1) == labels).sum()],
        ),
        Mistake(
            "rows rescaled",
            lambda g, labels: -np.log(_right(g / g.max(axis=1, keepdims=True), labels)).sum(),
            "You divide the rows by their largest entry. They are probabilities already: take them as they "
            "are.",
        ),
        Mistake(
            "weighted by the label",
            lambda g, labels: -(labels * np.log(_right(g, labels))).sum(),
            "You multiply by the labels. A label is the number of a class, no weight: it says which column "
            "counts.",
            also=[lambda g, labels: -(labels[:, None] * np.log(g)).sum()],
        ),
        Mistake(
            "weighted with the probability",
            lambda g, labels: -(_right(g, labels) * np.log(_right(g, labels))).sum(),
            "You multiply each logarithm by its probability, as in an entropy. The label is given, so its "
            "−ln g counts whole.",
            also=[lambda g, labels: -(_right(g, labels) * np.log(_right(g, labels))).mean()],
        ),
        Mistake(
            "perplexity",
            lambda g, labels: np.exp(-np.log(_right(g, labels)).mean()),
            "That is e to the power of the mean NLL, the perplexity. Asked for is the NLL, the sum of −ln g.",
        ),
        Mistake(
            "labels for a mask",
            lambda g, labels: -np.log(g[labels == 1]).sum(),
            "You use the labels as a mask or a condition on the rows. They are column numbers: "
            "`g[np.arange(len(labels)), labels]`.",
            also=[lambda g, labels: -np.log(g[labels > 0]).sum(),
                  lambda g, labels: -np.log(g[labels == 0]).sum()],
        ),
        Mistake(
            "the diagonal",
            lambda g, labels: -np.log(np.diag(g)).sum(),
            "You take the diagonal of g: column n in row n. The column is the label, `labels[n]`.",
        ),
        Mistake(
            "entropy",
            lambda g, labels: -(g * np.log(g)).sum(),
            "That is the entropy of the rows: the labels play no part. Only −ln g of the right class counts.",
        ),
    ],
    hints=[
        "`g[np.arange(len(labels)), labels]` picks from row n the entry in column `labels[n]`.",
        "Take the logarithm of each of these, add, and turn the sign.",
    ],
    solution="""
def nll_of_examples(g, labels):
    right = g[np.arange(len(labels)), labels]
    return -np.log(right).sum()
""",
)


coin_best = Prediction(
    name="coin_best",
    question="Ten tosses gave 7 heads and 3 tails. Which p makes exactly these ten tosses most probable?",
    options={
        "p = 0.5: a coin is fair until it is proved otherwise.":
            "that coins are usually fair is knowledge from elsewhere. The likelihood asks the ten tosses "
            "only, and p = 0.7 makes them more than twice as probable as p = 0.5.",
        "p = 0.7, the fraction of heads.":
            "a larger p makes the seven heads more probable and the three tails less; at 0.7 the gain and "
            "the loss balance.",
        "p = 1: the larger p, the more probable the heads.":
            "the heads, yes. But then tails are impossible, and three tails came: the product has three "
            "factors 0.",
        "No p: the tosses have happened, so their probability is 1.":
            "we do not ask whether they happened, but how much probability the model had for them, and that "
            "depends on p.",
    },
    answer="p = 0.7, the fraction of heads.",
)  # fmt: skip

die_one_zero = Prediction(
    name="die_one_zero",
    question="You give every face of the die the fraction of rolls in which it came. But face 3, which came "
             "5 times in 60, gets probability 0, and the others share what it had. What is the likelihood?",
    options={
        "A little smaller than before: 55 of the 60 factors are as good as ever.":
            "a product is not a sum of merits. The 55 good factors are multiplied by five zeros.",
        "5/60 smaller, in proportion to the rolls that went wrong.":
            "that is how a share of mistakes counts. Probabilities of independent rolls multiply.",
        "Larger: the other five faces share the probability that face 3 has lost.":
            "they do get more, and the 55 other factors grow. But five factors are 0.",
        "Exactly 0.":
            "one factor 0 makes the whole product 0, whatever the others are. The NLL is infinite.",
    },
    answer="Exactly 0.",
)  # fmt: skip

gaussian_best_scale = Prediction(
    name="gaussian_best_scale",
    question="The bell stands on the mean of the 16 readings: m = 2.45. Which scale s makes the NLL least?",
    options={
        "A very large s: then all the readings lie well inside the bell.":
            "the area under the bell is always 1: a bell twice as wide is half as high. Far too wide, every "
            "reading pays.",
        "A very small s: then the peak is highest.":
            "the peak is, but the readings beside it fall off the bell, and −ln p grows with the square of "
            "their distance in units of s.",
        "s = the root of the mean squared distance of the readings from m.":
            "here a little wider and a little narrower both cost. You will derive it below.",
        "s = the greatest distance of a reading from m, so that the bell just holds them all.":
            "that is 4.3 here, more than twice too wide. The outermost reading is one of 16 terms.",
    },
    answer="s = the root of the mean squared distance of the readings from m.",
)  # fmt: skip

product_of_coins = Prediction(
    name="product_of_coins",
    question="You multiply 1200 factors of 1/2, the probability of 1200 tosses of a fair coin, in float64. "
             "What comes out?",
    options={
        "Exactly 0.":
            "about 6·10^(−362) is far below the smallest positive float64, 5·10^(−324), so it is rounded "
            "to 0.",
        "A very small number, not 0: no factor is 0.":
            "that is true of real numbers. Floating-point numbers end: below about 5·10^(−324) there is "
            "only 0.",
        "A small number with a large error: every multiplication is rounded.":
            "a product with 1/2 is not even rounded, as long as it can be written. But there comes a "
            "last one that can.",
        "An error, because the number is too small.":
            "no error and no warning: underflow is silent. That is what makes it dangerous.",
    },
    answer="Exactly 0.",
)  # fmt: skip

paid_for = Prediction(
    name="paid_for",
    question="Ten examples. The modest classifier gives the right class 0.6 every time. The bold one "
             "gives it 0.99 nine times, and once 0.01. Which of the two has the greater likelihood?",
    options={
        "The modest one: the bold one was almost certain of something false, and no good example makes up "
        "for that.":
            "that is so for a probability of 0. For 0.01 the others can pay: 0.99⁹ · 0.01 = 0.00914 is more "
            "than 0.6¹⁰ = 0.00605.",
        "The modest one: its smallest probability is the greater one.":
            "the smallest factor weighs most, but all ten count.",
        "The bold one: its product is half as large again.":
            "0.99⁹ · 0.01 = 0.00914, and 0.6¹⁰ = 0.00605. One small probability can be paid for; with 0 in "
            "its place the product would be 0.",
        "The bold one: on average it gives the right class 0.89, not 0.6.":
            "the bold one, yes, but not for this reason: with 0 in place of 0.01 the average is still 0.89, "
            "and the product is 0.",
    },
    answer="The bold one: its product is half as large again.",
)  # fmt: skip

one_reading = Prediction(
    name="one_reading",
    question="There is a single reading, 3.58, and the bell stands on it: m = 3.58. Which s makes this "
             "reading most probable?",
    options={
        "s = 1.5, with which the readings were drawn.":
            "a density of 0.27. A narrower bell is higher at its middle, where the reading is; the "
            "likelihood knows nothing of how the reading was made.",
        "s = 0: a model that is sure of 3.58.":
            "at s = 0 there is no density: the formula divides by 0. As s comes nearer to 0 the density "
            "grows beyond every limit.",
        "None: the smaller s, the greater the density, without end.":
            "the height at the middle is 1/(s√2π). There is always a better s, so there is no best one.",
        "s = 1: with one reading the width cannot be told, so it stays at the standard value.":
            "the width cannot be told, that much is true. But the likelihood does not then stay where it "
            "is: it keeps growing as s shrinks.",
    },
    answer="None: the smaller s, the greater the density, without end.",
)  # fmt: skip
