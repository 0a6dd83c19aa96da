"""Exercises and predictions of lesson 02, KL divergence and cross-entropy."""

import math
from collections.abc import Sequence

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import Trial, anywhere, sign_turned

LN2 = float(np.log(2))


def _expected_infinite(low: float, high: float):
    """Recognise an answer that is finite, between low and high, where it should be infinite."""

    def test(trial: Trial) -> bool:
        right, got = trial.expected.value, trial.got.value
        return bool(np.isinf(right)) and np.ndim(got) == 0 and low < abs(got) < high

    return anywhere(test)


def _is_nan(trial: Trial) -> bool:
    return np.ndim(trial.got.value) == 0 and bool(np.isnan(trial.got.value))


def _allowed(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return (p > 0) & (q > 0)


def _first_zero(p: np.ndarray) -> int:
    return int((p > 0).argmin()) if (p == 0).any() else len(p)


def _until_zero(p: np.ndarray, q: np.ndarray) -> float:
    n = _first_zero(p)
    return float((p[:n] * np.log(p[:n] / q[:n])).sum())


def _log(p: np.ndarray) -> np.ndarray:
    """Return ln p, and 0 for what never happens."""
    return np.log(np.where(p > 0, p, 1))


kl = Exercise(
    name="kl",
    reference=lambda p, q: float((p * (_log(p) - np.log(q)))[p > 0].sum()),
    cases=[
        (np.array([0.5, 0.5]), np.array([0.75, 0.25])),
        (np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5])),
        (np.array([0.5, 0.3, 0.19, 0.01]), np.array([0.3, 0.4, 0.2, 0.1])),
        (np.array([0.1, 0.2, 0.7]), np.array([0.1, 0.2, 0.7])),
    ],
    extreme=[
        (np.array([1.0, 0.0]), np.array([0.5, 0.5])),
        (np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0])),
        (np.array([0.5, 0.5]), np.array([1.0, 0.0])),
        (np.array([0.0, 0.6, 0.0, 0.4]), np.array([0.1, 0.2, 0.3, 0.4])),
    ],
    shown="Zeros in p cost nothing, a zero in q under something that happens costs infinitely much.",
    mistakes=[
        Mistake(
            "p and q swapped",
            lambda p, q: (q * np.log(q / p)).sum(),
            "That is KL(q‖p). In KL(p‖q) outcomes come from p, so the average is taken with the weights p.",
        ),
        Mistake(
            "cross-entropy",
            lambda p, q: -(p * np.log(q)).sum(),
            "That is the cross-entropy H(p, q): it is not 0 for q = p. Subtract the entropy H(p), the "
            "surprise that nobody can avoid.",
        ),
        Mistake(
            "entropy of q subtracted",
            lambda p, q: -(p * np.log(q)).sum() + (q * np.log(q)).sum(),
            "You subtract H(q) from H(p, q). The unavoidable surprise is that of the truth: H(p).",
        ),
        Mistake(
            "difference of entropies",
            lambda p, q: (p * np.log(p)).sum() - (q * np.log(q)).sum(),
            "You take the difference of two entropies. It can be 0 for quite different p and q (reorder one "
            "of them). Both logarithms are averaged with the same weights p.",
            also=[lambda p, q: (q * np.log(q)).sum() - (p * np.log(p)).sum()],
        ),
        Mistake(
            "sign turned",
            lambda p, q: -(p * np.log(p / q)).sum(),
            "The sign is turned: a KL divergence is never negative. It is ln p − ln q = ln(p/q) that is "
            "averaged.",
            when=sign_turned,
        ),
        Mistake(
            "averaged over the outcomes",
            lambda p, q: (p * np.log(p / q)).mean(),
            "You take the mean over the outcomes, which divides by their number K. The weights p make it an "
            "average already: add up. (`F.kl_div` of PyTorch does the same with reduction=\"mean\".)",
        ),
        Mistake(
            "not weighted",
            lambda p, q: np.log(p / q).sum(),
            "The terms ln(p/q) are added up without weights. An outcome counts as often as it happens: "
            "multiply each term by p.",
            also=[lambda p, q: np.log(p / q).mean()],
        ),
        Mistake(
            "the terms",
            lambda p, q: p * np.log(p / q),
            "These are the terms, one for each outcome. The divergence is their sum: one number.",
        ),
        Mistake(
            "base 2",
            lambda p, q: (p * np.log2(p / q)).sum(),
            "That is the divergence in bits: you use the logarithm to base 2. Here it is the natural one, "
            "`np.log`.",
        ),
        Mistake(
            "absolute values",
            lambda p, q: (p * np.abs(np.log(p / q))).sum(),
            "You take absolute values of the terms. Terms with q > p are negative, and they have to be: the "
            "sum is still never negative.",
        ),
        Mistake(
            "symmetric",
            lambda p, q: ((p - q) * np.log(p / q)).sum(),
            "That is KL(p‖q) + KL(q‖p), Jeffreys' symmetric divergence, or half of it. Asked for is the "
            "first term alone.",
            also=[lambda p, q: ((p - q) * np.log(p / q)).sum() / 2],
        ),
        Mistake(
            "squared error",
            lambda p, q: ((p - q) ** 2).mean(),
            "That is a squared error of the probabilities. The divergence compares their logarithms.",
            also=[lambda p, q: ((p - q) ** 2).sum()],
        ),
        Mistake(
            "0 · ln 0",
            lambda p, q: (p * np.log(p / q)).sum(),
            "Right as long as nothing is 0. But NumPy makes NaN of 0 · ln 0, and here it has to be 0: an "
            "outcome that never happens costs nothing. Add up only the terms with p > 0.",
            when=anywhere(_is_nan),
        ),
        Mistake(
            "a small number added",
            lambda p, q: (p * np.log((p + 1e-12) / (q + 1e-12))).sum(),
            "A small number added to q turns ∞ into some ten or twenty nats, and how many depends on the "
            "small number alone. If q calls impossible what happens, the divergence is infinite; only zeros "
            "of p need care.",
            when=_expected_infinite(2, 1e3),
        ),
        Mistake(
            "each cut by its own zeros",
            lambda p, q: (p[p > 0] * np.log(p[p > 0] / q[q > 0])).sum(),
            "You cut p by its own zeros and q by its own, so that their entries no longer belong to the same "
            "outcomes, and may differ in number. Cut both by one mask, `p > 0`; a zero that is left in q "
            "makes the divergence infinite, as it should.",
        ),
        Mistake(
            "zeros of q left out",
            lambda p, q: (p[_allowed(p, q)] * np.log(p[_allowed(p, q)] / q[_allowed(p, q)])).sum(),
            "You leave out the outcomes with q = 0. There the divergence is infinite: q calls impossible "
            "what happens. Leave out only those with p = 0.",
            when=_expected_infinite(-1, 2),
        ),
        Mistake(
            "stopped at a zero",
            _until_zero,
            "The sum ends at the first zero of p: `break` (or `return`) leaves the loop. `continue` goes on "
            "with the next outcome.",
        ),
        Mistake(
            "infinite at any zero",
            lambda p, q: np.inf if (q == 0).any() else (p * (_log(p) - np.log(q))).sum(),
            "You answer ∞ as soon as there is a zero. It is infinite only where q is 0 and p is not; where "
            "p is 0 the outcome costs nothing.",
            also=[
                lambda p, q: np.inf if (p == 0).any() else (p * np.log(p / q)).sum(),
                lambda p, q: np.inf if (p == 0).any() or (q == 0).any() else (p * np.log(p / q)).sum(),
            ],
        ),
        Mistake(
            "weighted with q",
            lambda p, q: (q * np.log(p / q)).sum(),
            "You average ln(p/q) with the weights q. Outcomes come from p: the weights are p.",
        ),
        Mistake(
            "entropy added",
            lambda p, q: -(p * np.log(q)).sum() - (p * np.log(p)).sum(),
            "You add the entropy to the cross-entropy. The divergence is what is left when H(p) is "
            "*subtracted*: H(p, q) − H(p), and −H(p) is +Σ p ln p.",
        ),
        Mistake(
            "logarithm forgotten",
            lambda p, q: (p * p / q).sum(),
            "You average the ratio p/q itself. It is its logarithm that is averaged.",
            also=[lambda p, q: (p / q).sum(), lambda p, q: (p * (p - q)).sum(),
                  lambda p, q: (p * p / q).sum() - 1],
        ),
        Mistake(
            "logarithm of the sum",
            lambda p, q: np.log((p * p / q).sum()),
            "You take one logarithm, of the average ratio. Average the logarithms: ln inside the sum.",
            also=[lambda p, q: np.log((p / q).sum()), lambda p, q: -np.log((p * q / p).sum())],
        ),
        Mistake(
            "brackets forgotten",
            lambda p, q: (p * np.log(p) - np.log(q)).sum(),
            "The weight p stands at one of the two logarithms only: put ln p − ln q in brackets.",
            also=[lambda p, q: (np.log(p) - p * np.log(q)).sum()],
        ),
        Mistake(
            "logarithms divided",
            lambda p, q: (p * np.log(p) / np.log(q)).sum(),
            "You divide two logarithms. The logarithm of the ratio p/q is their *difference*, ln p − ln q.",
            also=[lambda p, q: (np.log(p) / np.log(q)).sum()],
        ),
        Mistake(
            "logarithm of the difference",
            lambda p, q: (p * np.log(np.abs(p - q))).sum(),
            "You take the logarithm of a difference. It is the difference of two logarithms, ln p − ln q.",
            also=[lambda p, q: (p * np.log(p - q)).sum()],
        ),
        Mistake(
            "half of the distance",
            lambda p, q: np.abs(p - q).sum() / 2,
            "That is a distance between the probabilities (the total variation). The divergence compares "
            "their logarithms.",
            also=[lambda p, q: np.abs(p - q).sum(), lambda p, q: np.abs(p - q).max(),
                  lambda p, q: np.sqrt(((p - q) ** 2).sum())],
        ),
        Mistake(
            "Jensen–Shannon",
            lambda p, q: ((p * np.log(p / ((p + q) / 2))).sum() + (q * np.log(q / ((p + q) / 2))).sum()) / 2,
            "That is the Jensen–Shannon divergence, with the mean of p and q in between. Asked for is "
            "KL(p‖q).",
            also=[lambda p, q: (p * np.log(p / ((p + q) / 2))).sum()],
        ),
        Mistake(
            "q without its logarithm",
            lambda p, q: (p * (np.log(p) - q)).sum(),
            "q enters without its logarithm: ln p − q. (`F.kl_div` of PyTorch expects ln q as its first "
            "argument.)",
            also=[lambda p, q: (p * (p - np.log(q))).sum(), lambda p, q: (q * (np.log(q) - p)).sum()],
        ),
        Mistake(
            "sorted",
            lambda p, q: (np.sort(p) * np.log(np.sort(p) / np.sort(q))).sum(),
            "You sort p and q, each for itself. Entry x of both belongs to the same outcome: leave the "
            "order.",
        ),
    ],
    hints=[
        "Average $\\ln p(x) - \\ln q(x)$ with the weights $p(x)$, and add up over the outcomes.",
        "NumPy computes $0 \\cdot \\ln 0$ as NaN. Which outcomes may be left out, because they never happen?",
        "`happens = p > 0` picks them; then `p[happens]` and `q[happens]` are all that is needed. A zero "
        "that is left in q makes the sum infinite, as it should.",
    ],
    solution="""
def kl(p, q):
    happens = p > 0
    p, q = p[happens], q[happens]
    return (p * (np.log(p) - np.log(q))).sum()
""",
)


def _fractions(counts: np.ndarray) -> np.ndarray:
    return counts / counts.sum()


def _divided_each_time(counts: np.ndarray, q: np.ndarray) -> float:
    total = 0.0
    for term in -counts * np.log(q):
        total = (total + term) / counts.sum()
    return total


def _without_order(counts: np.ndarray, q: np.ndarray) -> float:
    orders = math.lgamma(counts.sum() + 1) - sum(math.lgamma(n + 1) for n in counts)
    return (-(counts * np.log(q)).sum() - orders) / counts.sum()


nll_of_counts = Exercise(
    name="nll_of_counts",
    reference=lambda counts, q: -float((_fractions(counts) * np.log(q))[counts > 0].sum()),
    cases=[
        (np.array([3, 1]), np.array([0.5, 0.5])),
        (np.array([3, 1]), np.array([0.8, 0.2])),
        (np.array([1, 1, 4]), np.array([0.5, 0.25, 0.25])),
        (np.array([58, 18, 10, 34]), np.array([0.4, 0.3, 0.1, 0.2])),
    ],
    extreme=[
        (np.array([3, 0]), np.array([1.0, 0.0])),
        (np.array([3, 0, 2]), np.array([0.5, 0.0, 0.5])),
        (np.array([3, 1]), np.array([1.0, 0.0])),
        (np.array([3000, 1000]), np.array([0.5, 0.5])),
    ],
    shown="The mean NLL of the observations is the cross-entropy H(p_obs, q): their order plays no part.",
    mistakes=[
        Mistake(
            "summed",
            lambda counts, q: -(counts * np.log(q)).sum(),
            "That is the summed NLL, which grows with the number of observations. Divide by N = "
            "`counts.sum()`.",
        ),
        Mistake(
            "divided by the number of outcomes",
            lambda counts, q: -(counts * np.log(q)).mean(),
            "You divide by K, the number of outcomes (`mean` does so, too). There are N = `counts.sum()` "
            "observations.",
        ),
        Mistake(
            "divided twice",
            lambda counts, q: -(_fractions(counts) * np.log(q)).mean(),
            "The weights n(x)/N make it an average already; `mean` divides by K as well. Use `sum`.",
        ),
        Mistake(
            "not weighted",
            lambda counts, q: -np.log(q).mean(),
            "Every outcome counts once in your average, however often it was observed. The term −ln q(x) "
            "belongs in it n(x) times.",
            also=[lambda counts, q: -np.log(q).sum()],
        ),
        Mistake(
            "averaged with q",
            lambda counts, q: -(q * np.log(q)).sum(),
            "You average with the model's probabilities: that is the entropy of q, and the observations "
            "play no part. Average with the observed fractions n(x)/N.",
        ),
        Mistake(
            "p and q swapped",
            lambda counts, q: -(q * np.log(_fractions(counts))).sum(),
            "That is H(q, p_obs). The logarithm is taken of the model's probabilities, and the observations "
            "are the weights.",
        ),
        Mistake(
            "entropy of the observations",
            lambda counts, q: -(_fractions(counts) * np.log(_fractions(counts))).sum(),
            "That is H(p_obs), the entropy of the observations: q plays no part. Take the logarithm of q.",
        ),
        Mistake(
            "divergence",
            lambda counts, q: (_fractions(counts) * np.log(_fractions(counts) / q)).sum(),
            "That is KL(p_obs‖q): the mean NLL less the entropy of the observations. Here nothing is "
            "subtracted.",
        ),
        Mistake(
            "minus forgotten",
            lambda counts, q: (_fractions(counts) * np.log(q)).sum(),
            "The sign is turned: logarithms of probabilities are negative, and the NLL is minus their mean.",
            when=sign_turned,
        ),
        Mistake(
            "logarithm of the mean",
            lambda counts, q: -np.log((_fractions(counts) * q).sum()),
            "You take the logarithm of the average probability. It is the logarithms that are averaged.",
        ),
        Mistake(
            "the terms",
            lambda counts, q: -_fractions(counts) * np.log(q),
            "These are the terms, one for each outcome. The mean NLL is their sum: one number.",
        ),
        Mistake(
            "base 2",
            lambda counts, q: -(_fractions(counts) * np.log2(q)).sum(),
            "That is in bits: you use the logarithm to base 2. Here it is the natural one, `np.log`.",
        ),
        Mistake(
            "0 · ln 0",
            lambda counts, q: -(_fractions(counts) * np.log(q)).sum(),
            "Right as long as q has no zero. But NumPy makes NaN of 0 · ln 0: an outcome that q calls "
            "impossible and that never came costs nothing. Add up only the outcomes that were observed.",
            when=anywhere(_is_nan),
        ),
        Mistake(
            "a small number added",
            lambda counts, q: -(_fractions(counts) * np.log(q + 1e-12)).sum(),
            "A small number added to q hides the infinity: if q calls impossible what was observed, the NLL "
            "is infinite. Only outcomes with n(x) = 0 need care.",
            when=_expected_infinite(1, 1e3),
        ),
        Mistake(
            "zeros of q left out",
            lambda counts, q: -(_fractions(counts) * np.log(np.where(q > 0, q, 1))).sum(),
            "You leave out the outcomes with q = 0. If one of them was observed the NLL is infinite. Leave "
            "out only those that were not observed.",
            when=_expected_infinite(-1, 1),
        ),
        Mistake(
            "logarithm of the product",
            lambda counts, q: -np.log(np.prod(q ** counts)) / counts.sum(),
            "Right for few observations. The product of thousands of probabilities is 0 in float64, and −ln "
            "0 is infinite. Take the logarithms first, and add.",
        ),
        Mistake(
            "infinite at any zero",
            lambda counts, q: np.inf if (q == 0).any() else -(_fractions(counts) * np.log(q)).sum(),
            "You answer ∞ as soon as q has a zero. It is infinite only if such an outcome was observed.",
        ),
        Mistake(
            "fractions of whole numbers",
            lambda counts, q: -((counts // counts.sum()) * np.log(q)).sum(),
            "The fractions n(x)/N are cut to 0: by `//`, or by an array of whole numbers "
            "(`np.zeros_like(counts)`). Divide with `/`, into an array of floats.",
        ),
        Mistake(
            "only the last outcome",
            lambda counts, q: -counts[-1] * np.log(q[-1]) / counts.sum(),
            "Only the last outcome counts: in a loop `=` keeps the last term, `+=` adds them up.",
        ),
        Mistake(
            "divided inside the loop",
            _divided_each_time,
            "You divide by N in every round of the loop, so that the first terms are divided several times. "
            "Divide once, after the loop.",
        ),
        Mistake(
            "another number for N",
            lambda counts, q: -(counts * np.log(q)).sum() / (counts.sum() - 1),
            "You divide by something else than the number of observations. N is the sum of the counts: "
            "`counts.sum()`.",
            also=[lambda counts, q: -(counts * np.log(q)).sum() / counts.max(),
                  lambda counts, q: -(counts * np.log(q)).sum() / 100,
                  lambda counts, q: -(counts * np.log(q)).sum() / counts.sum() ** 2],
        ),
        Mistake(
            "fractions inside the logarithm",
            lambda counts, q: -np.log(q * _fractions(counts)).sum(),
            "The fractions stand inside the logarithm. They are the weights of the average: n(x)/N · (−ln "
            "q(x)).",
            also=[lambda counts, q: -(_fractions(counts) * np.log(q * _fractions(counts))).sum(),
                  lambda counts, q: -np.log(q * counts).sum() / counts.sum()],
        ),
        Mistake(
            "squared error",
            lambda counts, q: ((_fractions(counts) - q) ** 2).mean(),
            "That is a squared error of the frequencies. The NLL averages −ln q(x) over the observations.",
            also=[lambda counts, q: ((_fractions(counts) - q) ** 2).sum()],
        ),
        Mistake(
            "each outcome once",
            lambda counts, q: -np.log(q[counts > 0]).sum() / counts.sum(),
            "Every outcome counts once in your sum. It was observed n(x) times: multiply its term by "
            "`counts[x]`.",
        ),
        Mistake(
            "order forgotten",
            _without_order,
            "You count the orders in which these outcomes can come (the multinomial coefficient). The NLL "
            "of the observations, in their order, has only −ln q(x).",
        ),
        Mistake(
            "1 − q",
            lambda counts, q: -(_fractions(counts) * np.log(1 - q)).sum(),
            "You take the logarithm of 1 − q, or add it, as for a yes/no question. The outcomes exclude "
            "each other: only −ln q(x) counts.",
            also=[lambda counts, q: -(_fractions(counts) * np.log(q)
                                      + (1 - _fractions(counts)) * np.log(1 - q)).sum()],
        ),
    ],
    hints=[
        "Among the N observations the outcome x comes n(x) times, and each time it costs $-\\ln q(x)$.",
        "So the sum is $\\sum_x n(x) (-\\ln q(x))$; divide by $N = \\sum_x n(x)$.",
        "Leave out what was not observed, since $0 \\cdot \\ln 0$ would be NaN: `seen = counts > 0`.",
    ],
    solution="""
def nll_of_counts(counts, q):
    seen = counts > 0
    return -(counts[seen] * np.log(q[seen])).sum() / counts.sum()
""",
)


def _growth(p: np.ndarray, q: np.ndarray, odds: np.ndarray) -> float:
    happens = p > 0
    with np.errstate(divide="ignore"):
        return float((p[happens] * np.log(q[happens] * odds[happens])).sum())


growth_rate = Exercise(
    name="growth_rate",
    reference=_growth,
    cases=[
        (np.array([0.5, 0.5]), np.array([0.75, 0.25]), np.array([2.0, 2.0])),
        (np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.5, 0.25]), np.array([2.0, 3.0, 8.0])),
        (np.array([0.5, 0.3, 0.19, 0.01]), np.array([0.5, 0.2, 0.25, 0.05]), np.array([1.8, 4.0, 5.0, 90.0])),
        (np.array([0.2, 0.7, 0.1]), np.array([0.3, 0.3, 0.4]), np.array([5.0, 1.5, 4.0])),
    ],
    extreme=[
        (np.array([0.5, 0.5, 0.0]), np.array([0.5, 0.5, 0.0]), np.array([2.0, 2.0, 9.0])),
        (np.array([0.9, 0.1]), np.array([1.0, 0.0]), np.array([2.0, 9.0])),
        (np.array([0.0, 0.6, 0.4]), np.array([0.2, 0.5, 0.3]), np.array([2.0, 2.0, 3.0])),
    ],
    shown="Wealth multiplies, so its logarithm adds: the mean logarithm of a day's factor says where it "
    "goes.",
    mistakes=[
        Mistake(
            "logarithm of the mean factor",
            lambda p, q, odds: np.log((p * q * odds).sum()),
            "You take the logarithm of the mean factor. Over many days the factors multiply, so it is their "
            "logarithms that must be averaged: the one day on which q·odds is 0 ruins all, whatever the "
            "mean says.",
        ),
        Mistake(
            "mean factor",
            lambda p, q, odds: (p * q * odds).sum(),
            "That is the expected factor of one day. Factors multiply from day to day; what adds up, and "
            "can be averaged, is their logarithm.",
            also=[lambda p, q, odds: (p * q * odds).sum() - 1],
        ),
        Mistake(
            "averaged with q",
            lambda p, q, odds: (q * np.log(q * odds)).sum(),
            "You average with the weights q: that is the growth the bettor believes in. The weather follows "
            "p.",
        ),
        Mistake(
            "not weighted",
            lambda p, q, odds: np.log(q * odds).sum(),
            "Every outcome counts once in your sum. Outcomes happen with probability p: multiply each term "
            "by it.",
            also=[lambda p, q, odds: np.log(q * odds).mean()],
        ),
        Mistake(
            "averaged over the outcomes",
            lambda p, q, odds: (p * np.log(q * odds)).mean(),
            "The weights p make it an average already; `mean` divides by the number of outcomes as well. "
            "Use `sum`.",
        ),
        Mistake(
            "odds forgotten",
            lambda p, q, odds: (p * np.log(q)).sum(),
            "That is −H(p, q): what the stakes cost, without what the bookmaker pays. When x happens, the "
            "stake q(x) comes back `odds[x]` times.",
        ),
        Mistake(
            "divided by the odds",
            lambda p, q, odds: (p * np.log(q / odds)).sum(),
            "You divide by the odds. They say how many times the stake on what happened is paid back: "
            "multiply.",
        ),
        Mistake(
            "stakes p",
            lambda p, q, odds: (p * np.log(p * odds)).sum(),
            "That is the growth of a bettor who knows p. This one stakes q(x) on x.",
        ),
        Mistake(
            "nothing of the rest lost",
            lambda p, q, odds: (p * np.log(1 + q * (odds - 1))).sum(),
            "You let the bettor keep what was staked on the outcomes that did not happen. All wealth is "
            "staked, so after x there is only the stake on x, times its odds.",
            also=[lambda p, q, odds: (p * np.log(1 + q * odds)).sum()],
        ),
        Mistake(
            "odds less one",
            lambda p, q, odds: (p * np.log(q * (odds - 1))).sum(),
            "Odds here are “for 1”: what is paid includes the stake. So the factor is q(x) times `odds[x]`, "
            "and nothing is subtracted.",
        ),
        Mistake(
            "sign turned",
            lambda p, q, odds: -(p * np.log(q * odds)).sum(),
            "The sign is turned: where q(x) times the odds is above 1, wealth grows and its logarithm is "
            "positive.",
            when=sign_turned,
        ),
        Mistake(
            "base 2",
            lambda p, q, odds: (p * np.log2(q * odds)).sum(),
            "That counts doublings: you use the logarithm to base 2. Here it is the natural one, `np.log`.",
        ),
        Mistake(
            "the terms",
            lambda p, q, odds: p * np.log(q * odds),
            "These are the terms, one for each outcome. The growth rate is their sum: one number.",
        ),
        Mistake(
            "0 · ln 0",
            lambda p, q, odds: (p * np.log(q * odds)).sum(),
            "Right as long as nothing is 0. But NumPy makes NaN of 0 · ln 0: what never happens does not "
            "matter. Add up only the outcomes with p > 0.",
            when=anywhere(_is_nan),
        ),
        Mistake(
            "ruin left out",
            lambda p, q, odds: (p[_allowed(p, q)] * np.log((q * odds)[_allowed(p, q)])).sum(),
            "You leave out (or soften) the outcomes on which nothing is staked. If one of them can happen, "
            "the growth rate is −∞: one day everything is lost. Leave out only those with p = 0.",
            when=_expected_infinite(-1, 1e3),
        ),
        Mistake(
            "stopped at a zero",
            lambda p, q, odds: _growth(p[: _first_zero(p)], q[: _first_zero(p)], odds[: _first_zero(p)]),
            "The sum ends at the first zero of p: `break` (or `return`) leaves the loop. `continue` goes on "
            "with the next outcome.",
        ),
        Mistake(
            "stakes forgotten",
            lambda p, q, odds: (p * np.log(odds)).sum(),
            "The stakes q are missing. On x only the fraction q(x) of the wealth is staked: the factor is "
            "q(x) · odds(x).",
        ),
        Mistake(
            "odds outside the logarithm",
            lambda p, q, odds: (p * odds * np.log(q)).sum(),
            "The odds stand outside the logarithm. Wealth is multiplied by q(x) · odds(x), so both are "
            "inside.",
            also=[lambda p, q, odds: (p * q * np.log(odds)).sum(),
                  lambda p, q, odds: (p * q * np.log(q * odds)).sum()],
        ),
        Mistake(
            "odds added",
            lambda p, q, odds: (p * np.log(q + odds)).sum(),
            "You add the odds to the stake. The stake comes back `odds[x]` times: multiply.",
            also=[lambda p, q, odds: (p * (np.log(q) + odds)).sum()],
        ),
        Mistake(
            "fixed odds",
            lambda p, q, odds: (p * np.log(4 * q)).sum(),
            "The odds are those of the lesson, 4 for everything, or one number for all. They are handed in, "
            "one for each outcome: `odds[x]`.",
            also=[
                lambda p, q, odds: (p * np.log(q)).sum() + np.log(odds.mean()),
                lambda p, q, odds: (p * np.log(q)).sum() + np.log(odds[0]),
                lambda p, q, odds: (p * np.log(q)).sum() + np.log(odds.max()),
                lambda p, q, odds: (p * np.log(q)).sum() + np.log(len(p)),
                lambda p, q, odds: (p * np.log(q)).sum() + np.log(odds).sum(),
                lambda p, q, odds: (p * np.log(q)).sum() + np.log(odds).mean(),
            ],
        ),
        Mistake(
            "only the loss",
            lambda p, q, odds: -(p * np.log(p / q)).sum(),
            "That is −KL(p‖q): what the wrong belief costs. The growth also has what one who knows p would "
            "gain from these odds.",
            also=[lambda p, q, odds: (p * np.log(p / q)).sum()],
        ),
        Mistake(
            "p inside the logarithm",
            lambda p, q, odds: np.log(p * q * odds).sum(),
            "p stands inside the logarithm. It is the weight of the average, outside: p(x) · ln(q(x) · "
            "odds(x)).",
            also=[lambda p, q, odds: (p * np.log(p * q * odds)).sum()],
        ),
        Mistake(
            "days without x",
            lambda p, q, odds: (p * np.log(q * odds)).sum() + ((1 - p) * np.log(1 - q)).sum(),
            "You add what happens when x does *not* come, as if each outcome were a bet of its own. Every "
            "day has exactly one outcome, and its factor is q(x) · odds(x).",
        ),
        Mistake(
            "the most probable outcome only",
            lambda p, q, odds: np.log((q * odds)[p.argmax()]),
            "You look at the most probable outcome only. The others come, too: average over all of them.",
        ),
    ],
    hints=[
        "If x happens, wealth is multiplied by q(x) · odds(x). What happens to its logarithm?",
        "The logarithm grows by $\\ln(q(x) \\cdot \\text{odds}(x))$. Average that with the probabilities p.",
        "Leave out what never happens, since NumPy makes NaN of $0 \\cdot \\ln 0$: `happens = p > 0`.",
    ],
    solution="""
def growth_rate(p, q, odds):
    happens = p > 0
    factor = q[happens] * odds[happens]
    return (p[happens] * np.log(factor)).sum()
""",
)


def _moments(x: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    mean = (p * x).sum()
    return mean, (p * (x - mean) ** 2).sum()


def _nearest(x: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    mean, variance = _moments(x, p)
    return mean, np.sqrt(variance)


def _median(x: np.ndarray, p: np.ndarray) -> float:
    return float(x[np.searchsorted(p.cumsum(), 0.5)])


def _scale_is_nothing(trials: Sequence[Trial]) -> bool:
    """Recognise a second number that is 0 or NaN everywhere, the first being right."""
    return all(
        np.shape(one.got.value) == (2,) and np.isclose(one.got.value[0], one.expected.value[0])
        and abs(np.nan_to_num(one.got.value[1])) < 1e-6 for one in trials
    )


nearest_gaussian = Exercise(
    name="nearest_gaussian",
    reference=_nearest,
    cases=[
        (np.array([0.0, 1.0]), np.array([0.25, 0.75])),
        (np.array([-3.0, 0.0, 3.0]), np.array([0.5, 0.1, 0.4])),
        (np.array([1.0, 2.0, 4.0, 8.0]), np.array([0.2, 0.4, 0.3, 0.1])),
        (np.array([-1.0, 0.5, 2.0, 5.0, 7.0]), np.array([0.1, 0.15, 0.3, 0.1, 0.35])),
    ],
    shown="KL(p‖q) asks of a Gaussian that it have the mean and the variance of p, wherever p has its humps.",
    mistakes=[
        Mistake(
            "variance for the scale",
            _moments,
            "The second number is the variance. The scale s is its square root.",
        ),
        Mistake(
            "points not weighted",
            lambda x, p: (x.mean(), x.std()),
            "You take mean and standard deviation of the points, as if all were equally probable. Weigh "
            "them with p.",
            also=[lambda x, p: (x.mean(), x.std(ddof=1))],
        ),
        Mistake(
            "only the mean weighted",
            lambda x, p: (_moments(x, p)[0], x.std()),
            "The mean is right, but your scale takes all points as equally probable. Weigh the squared "
            "distances from the mean with p.",
        ),
        Mistake(
            "the most probable point",
            lambda x, p: (x[p.argmax()], np.sqrt((p * (x - x[p.argmax()]) ** 2).sum())),
            "You put the mean on the most probable point. That is what KL(q‖p) leans to; KL(p‖q) averages "
            "over p and puts m at the mean of p.",
            also=[lambda x, p: (x[p.argmax()], _nearest(x, p)[1])],
        ),
        Mistake(
            "mean not subtracted",
            lambda x, p: (_moments(x, p)[0], np.sqrt((p * x**2).sum())),
            "Your scale is the root of the mean square of x. The distances count from the mean m, not from "
            "0: take (x − m)².",
        ),
        Mistake(
            "mean absolute distance",
            lambda x, p: (_moments(x, p)[0], (p * np.abs(x - _moments(x, p)[0])).sum()),
            "Your scale is the mean absolute distance from m. In the Gaussian's logarithm stands (x − m)²: "
            "the scale is the root of the mean square.",
        ),
        Mistake(
            "scale not weighted",
            lambda x, p: (_moments(x, p)[0], np.sqrt(((x - _moments(x, p)[0]) ** 2).mean())),
            "The mean is right, but in the scale every point counts alike. Weigh the squared distances with "
            "p.",
        ),
        Mistake(
            "order of the two",
            lambda x, p: _nearest(x, p)[::-1],
            "The right numbers in the wrong order: return the mean first, then the scale.",
        ),
        Mistake(
            "mean of the products",
            lambda x, p: ((p * x).mean(), np.sqrt((p * (x - (p * x).mean()) ** 2).mean())),
            "The weights p sum to 1, so the weighted mean is a sum, Σ p(x) x. `mean` divides by the number "
            "of points as well.",
        ),
        Mistake(
            "mean not weighted",
            lambda x, p: (x.mean(), np.sqrt((p * (x - x.mean()) ** 2).sum())),
            "Your mean takes all points as equally probable: weigh it, too, Σ p(x) x.",
            also=[lambda x, p: (x.mean(), _nearest(x, p)[1])],
        ),
        Mistake(
            "median for mean",
            lambda x, p: (_median(x, p), np.sqrt((p * (x - _median(x, p)) ** 2).sum())),
            "Your m is the median of the population. The squares in the Gaussian's logarithm lead to the "
            "*mean*.",
            also=[lambda x, p: (_median(x, p), _nearest(x, p)[1]), lambda x, p: (np.median(x), x.std())],
        ),
        Mistake(
            "N − 1",
            lambda x, p: (_nearest(x, p)[0], _nearest(x, p)[1] * np.sqrt(len(x) / (len(x) - 1))),
            "The mean is right, but the scale is made larger, as with N − 1 for a sample (`np.cov` and "
            "`std` of other libraries do it). p is the whole population: Σ p(x) (x − m)².",
            also=[lambda x, p: (_nearest(x, p)[0], _nearest(x, p)[1] / np.sqrt(1 - (p**2).sum()))],
        ),
        Mistake(
            "distances not squared",
            lambda x, p: (_nearest(x, p)[0], np.sqrt((p * (x - _nearest(x, p)[0])).sum())),
            "You average the distances with their signs, which gives 0 (or, by rounding, the root of a "
            "negative number). Square them first.",
            when=_scale_is_nothing,
        ),
        Mistake(
            "sum for difference",
            lambda x, p: (_nearest(x, p)[0], np.sqrt((p * x**2).sum() + _nearest(x, p)[0] ** 2)),
            "s² = mean of x² *minus* m², the square of the weighted mean.",
            also=[
                lambda x, p: (_nearest(x, p)[0], np.sqrt((p * x**2).sum() - _nearest(x, p)[0])),
                lambda x, p: (_nearest(x, p)[0], np.sqrt((p * x**2).sum() - x.mean() ** 2)),
            ],
        ),
        Mistake(
            "root of each term",
            lambda x, p: (_nearest(x, p)[0], np.sqrt(p * (x - _nearest(x, p)[0]) ** 2).sum()),
            "You take the root of each term and then add. Add up the weighted squares first, and take one "
            "root of the sum.",
        ),
        Mistake(
            "p squared, too",
            lambda x, p: (_nearest(x, p)[0], np.sqrt(((p * (x - _nearest(x, p)[0])) ** 2).sum())),
            "p stands inside the square. Square the distance alone, then weigh it: Σ p(x) (x − m)².",
            also=[lambda x, p: (_nearest(x, p)[0], np.sqrt(((p * x - _nearest(x, p)[0]) ** 2).sum()))],
        ),
        Mistake(
            "** 1 / 2",
            lambda x, p: (_nearest(x, p)[0], _nearest(x, p)[1] ** 2 / 2),
            "`v ** 1 / 2` is half of v: Python takes the power first. Write `v ** 0.5` or `np.sqrt(v)`.",
        ),
        Mistake(
            "another root",
            lambda x, p: (_nearest(x, p)[0], np.cbrt(_nearest(x, p)[1] ** 2)),
            "You take another root than the square root.",
        ),
        Mistake(
            "only the last point",
            lambda x, p: (_nearest(x, p)[0], np.sqrt(p[-1] * (x[-1] - _nearest(x, p)[0]) ** 2)),
            "Your scale knows the last point only: in a loop `=` keeps the last term, `+=` adds them up.",
        ),
        Mistake(
            "a Gaussian of the same entropy",
            lambda x, p: (_nearest(x, p)[0], np.exp(-(p * np.log(p)).sum()) / np.sqrt(2 * np.pi * np.e)),
            "You choose s by the entropy of p. The average of −ln q(x) is least at the standard deviation "
            "of p.",
        ),
        Mistake(
            "one hump",
            lambda x, p: (x[p.argmax()], 1.0),
            "You put the bell on one hump. That is what KL(q‖p) leans to; KL(p‖q) wants the mean and the "
            "standard deviation of all of p.",
        ),
        Mistake(
            "the numbers of the lesson",
            lambda x, p: (0.0, np.sqrt(10)),
            "That is the answer for the two humps of the lesson. x and p are handed in.",
        ),
        Mistake(
            "mean of whole numbers",
            lambda x, p: (np.trunc(_nearest(x, p)[0]),
                          np.sqrt((p * (x - np.trunc(_nearest(x, p)[0])) ** 2).sum())),
            "Your m is cut to a whole number (`int` or `//`).",
        ),
        Mistake(
            "weights squared",
            lambda x, p: ((p**2 * x).sum(), np.sqrt((p * (x - (p**2 * x).sum()) ** 2).sum())),
            "Your mean is weighted with p². Each value counts with p(x), once.",
        ),
        Mistake(
            "the curve, not its parameters",
            lambda x, p: np.exp(-0.5 * ((x - _nearest(x, p)[0]) / _nearest(x, p)[1]) ** 2)
            / (_nearest(x, p)[1] * np.sqrt(2 * np.pi)),
            "You return the densities of q at the points. Asked for are its two parameters, (m, s).",
        ),
        Mistake(
            "the loss, not its parameters",
            lambda x, p: 0.5 + np.log(_nearest(x, p)[1]),
            "You return the smallest value of the loss. Asked for is where it is: the pair (m, s).",
            also=[lambda x, p: 0.5 + np.log(_nearest(x, p)[1] * np.sqrt(2 * np.pi))],
        ),
    ],
    hints=[
        "Only the cross-entropy $-\\sum_x p(x) \\ln q(x)$ depends on m and s: the mean NLL of a Gaussian, "
        "with the observed fractions replaced by p. Lesson 01 has its minimum.",
        "It is at the mean and at the standard deviation of the observations; here each point x counts p(x).",
        "`m = (p * x).sum()`, and the variance is `(p * (x - m) ** 2).sum()`.",
    ],
    solution="""
def nearest_gaussian(x, p):
    m = (p * x).sum()
    s = np.sqrt((p * (x - m) ** 2).sum())
    return m, s
""",
)

can_a_lie_be_better = Prediction(
    name="can_a_lie_be_better",
    question="The weather follows p = (50, 30, 19, 1) %. Is there a belief q ≠ p that is less surprised, on "
    "average, than the belief q = p? It might put more on what happens most often, such as q = (97, 1, 1, "
    "1) %.",
    options={
        "Yes: such a q is hardly surprised on half of the days, and that outweighs the rest.": "on the "
        "sunny days it gains 0.66 nats each, but on the cloudy and rainy ones it pays 3.4 and 2.9 more. The "
        "mean is 2.3 nats, that of q = p is 1.07.",
        "No: on average the least surprised belief is q = p, whatever p is.": "H(p, q) = H(p) + KL(p‖q), "
        "and KL is never negative. It is 0 only for q = p. The derivation below shows why.",
        "It depends on p: yes, as soon as one outcome has more than 50 %.": "the proof below needs nothing "
        "of p. (In section 3 the explorer has sliders for p, too. At any p, every change of q away from it "
        "makes the white bar H(p, q) longer.)",
        "All beliefs are equally surprised on average: what one outcome gains another loses.": "the "
        "probabilities sum to 1, but their logarithms do not sum to anything fixed. Start from q = p: what "
        "is taken from one outcome costs more than the same amount gains elsewhere.",
    },
    answer="No: on average the least surprised belief is q = p, whatever p is.",
)

zero_in_q = Prediction(
    name="zero_in_q",
    question="p gives snow 1 %, q gives it 0 %, and they nearly agree on the rest. What are the two "
    "divergences?",
    options={
        "Both are infinite: the two disagree about whether it can snow.": "KL(q‖p) averages over the "
        "outcomes of q, and there it never snows: the term is 0 · ln(0/0.01) = 0. Only one of the two is "
        "infinite.",
        "Both are small, about 0.01: the disagreement concerns one day in a hundred.": "that is so for "
        "KL(q‖p). But in KL(p‖q) the one day in a hundred costs −ln 0 = ∞, and a hundredth of ∞ is ∞.",
        "KL(q‖p) is infinite: q is the one with the zero, and it stands in front.": "the zero in front is "
        "harmless: it is the weight of the term, and 0 · ln(0/0.01) = 0. A zero hurts inside the logarithm "
        "of what is believed.",
        "KL(p‖q) is infinite: snow happens, and q calls it impossible.": "in KL(p‖q) the outcomes come from "
        "p and the surprise from q. The term of snow is 0.01 · ln(0.01/0) = ∞. In KL(q‖p) it is 0.",
    },
    answer="KL(p‖q) is infinite: snow happens, and q calls it impossible.",
)

two_humps = Prediction(
    name="two_humps",
    question="p has two equal humps, at −3 and at 3, and q is one Gaussian whose mean and scale are free. "
    "Which q has the smallest KL(p‖q)?",
    options={
        "A wide one in the middle, that covers both humps, though p is nearly 0 there.": "the average is "
        "over x from p, and half of them lie in each hump. Wherever q is nearly 0 there the price is "
        "enormous, so q must cover both; that it also covers the empty middle costs little.",
        "A narrow one that fits one of the two humps.": "half of all x come from the other hump, where this "
        "q is nearly 0: KL(p‖q) is 8.3 nats. This is what KL(q‖p) likes.",
        "One as narrow as a hump, in the middle.": "it is nearly 0 in both humps, where all the x are: 3.8 "
        "nats. The mean is right, the scale is far too small.",
        "The widest of all: it is never surprised much.": "a Gaussian that is too wide gives every x too "
        "little density: −ln q grows by ln s. The best scale balances the two, at the standard deviation of "
        "p, 3.16.",
    },
    answer="A wide one in the middle, that covers both humps, though p is nearly 0 there.",
)

what_stays_between = Prediction(
    name="what_stays_between",
    question="A model with the parameters a and b is compared with 100 observed days. Its mean negative "
    "log-likelihood NLL/N and its divergence KL(p_obs‖q) from the observed fractions are drawn as two curves "
    "over a. You move a, and then b. What happens to the distance between the two curves?",
    options={
        "It grows where the model is bad, and is least at the best a.": "both curves grow where the model "
        "is bad, and by the same amount: their tangents are parallel everywhere. Nothing is left for the "
        "distance.",
        "It shrinks to 0 at the best a and b: there the NLL is a divergence.": "at the best a and b NLL/N "
        "is 1.35 and KL is 0.15. The model is as near as it can be, but the days still surprise it.",
        "It stays the same, whatever a and b are.": "the distance is H(p_obs), the surprise that even one "
        "who knows the fractions cannot avoid. It is made of the counts alone, 1.20 nats here, and no "
        "parameter is in it.",
        "It stays the same as a moves, but not as b moves.": "with another b both curves move up or down "
        "together. The distance between them is H(p_obs), and neither parameter is in it.",
    },
    answer="It stays the same, whatever a and b are.",
)

which_bettor = Prediction(
    name="which_bettor",
    question="The weather follows (50, 30, 19, 1) %: sun, cloud, rain, snow. Two people bet on it every day, "
    "all they have, divided as their forecasts say. The bold one: (50, 30, 20, 0) %. The cautious one: (45, "
    "30, 22, 3) %, whose mean squared error is 19 times as large. The bookmaker pays 4 for 1 on what "
    "happens: the stake on it comes back four times, the rest is lost. Who is richer after 200 days?",
    options={
        "The bold one, because that forecast is so much closer to the truth.": "closer by the squared "
        "error, and ahead by some 3.5 % a day as long as no snow falls. But no money is on snow, and on the "
        "first snowy day nothing is left.",
        "The bold one, nearly always: in 200 days an event of 1 % hardly plays a part.": "in 200 days snow "
        "fails to come only with probability 0.99²⁰⁰ = 13 %. Then the bold one is richer indeed: press “No "
        "snow this time”.",
        "The cautious one: on the first snowy day the bold one loses everything for good.": "the wealth of "
        "the bold one is multiplied by 4 · 0, and a product with a factor 0 stays 0. The cautious one pays a "
        "little on most days for being able to go on. (With probability 13 % no snow falls in 200 days, and "
        "the bold one is lucky.)",
        "They are about equal: both forecasts are good.": "without snow the bold one would be ahead, "
        "about a thousandfold in 200 days. The snowy day decides: it multiplies the cautious one's wealth by "
        "4 · 0.03, and the bold one's by 0.",
    },
    answer="The cautious one: on the first snowy day the bold one loses everything for good.",
)
