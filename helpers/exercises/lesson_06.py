"""Exercises and predictions of lesson 06, numerical stability."""

from collections.abc import Sequence

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import Trial, everywhere, gave_numbers, raises
from helpers.losses import cross_entropy_grad
from helpers.softmax import log_softmax, logsumexp, naive_softmax, softmax

ROWS = "`f` is one vector here, without rows: no `axis=1`."
ROWS_MISSED = raises("axis 1 is out of bounds", "axis must be an axis", "too many indices")


def _shifted_by(c) -> object:
    return lambda f: np.log(np.exp(f - c(f)).sum()) + c(f)


def _without_winner(f) -> float:
    return np.exp(np.delete(f, f.argmax()) - f.max()).sum()


def _of_clipped(bound: float) -> object:
    return lambda f: np.log(np.exp(np.clip(f, -bound, bound)).sum())


def _sum_plus(eps: float) -> object:
    return lambda f: f.max() + np.log(np.exp(f - f.max()).sum() + eps)


log_sum_exp = Exercise(
    name="log_sum_exp",
    double=True,
    reference=lambda f: float(logsumexp(f)),
    cases=[
        (np.array([0.0, 1.0]),),
        (np.array([1.0, 2.0, 3.5]),),
        (np.array([-1.0, 0.5, 2.0, -3.0]),),
        (np.array([2.0, 2.0, -1.0]),),
        (np.array([1.23456, -0.98765, -12.3]),),
    ],
    extreme=[
        (np.array([1000.0, 1001.0, 999.0]),),
        (np.array([-1000.0, -1001.0]),),
        (np.array([0.0, 1000.0]),),
        (np.array([1500.0, 0.0]),),
        (np.array([2.0, -np.inf, 1.0]),),
        (np.array([-0.693, -0.693]),),  # almost 0: a small number that was added shows
    ],
    atol=0.0,
    shown="The largest exponent is 0, so nothing overflows, and the sum is never below 1, so the logarithm "
          "is safe, too.",
    mistakes=[
        Mistake("rows where there are none", lambda f: logsumexp(f, axis=1), ROWS, when=ROWS_MISSED),
        Mistake(
            "formula as it stands",
            lambda f: np.log(np.exp(f).sum()),
            "Right on paper, and for logits of ordinary size. But e^1000 overflows to ∞ and e^(−1000) "
            "underflows to 0. Subtract the largest logit first (`f.max()`; `f.argmax()` is its place), "
            "and add it to the result.",
        ),
        Mistake(
            "maximum not added",
            lambda f: np.log(np.exp(f - f.max()).sum()),
            "You subtract c = max f and do not give it back: ln Σ e^(f_j − c) is smaller than ln Σ e^(f_j) "
            "by exactly c. Add it at the end.",
        ),
        Mistake(
            "maximum taken away twice",
            lambda f: np.log(np.exp(f - f.max()).sum()) - f.max(),
            "The sign of the last c is turned: e^(−c) was pulled out of the sum, so c has to be *added*.",
        ),
        Mistake(
            "multiplied by the maximum",
            lambda f: np.log(np.exp(f - f.max()).sum()) * f.max(),
            "You multiply by c. The factor e^c of the sum becomes a *summand* c when the logarithm is taken.",
        ),
        Mistake(
            "smallest subtracted",
            _shifted_by(np.min),
            "You subtract the smallest logit. Then no exponent is negative, and the largest can overflow as "
            "before. The *largest* has to become 0.",
        ),
        Mistake(
            "mean subtracted",
            _shifted_by(np.mean),
            "You subtract the mean. The largest logit can still be far above it: with (1500, 0) there is "
            "e^750. Only the maximum makes every exponent 0 or less.",
            also=[_shifted_by(np.median)],
        ),
        Mistake(
            "largest absolute value",
            _shifted_by(lambda f: np.abs(f).max()),
            "You subtract the largest *absolute* value. If all logits are near −1000 every exponent becomes "
            "−2000, and the sum 0. Take `f.max()`.",
        ),
        Mistake(
            "first logit subtracted",
            _shifted_by(lambda f: f[0]),
            "You subtract the first logit, but another one may be far larger. Take `f.max()`.",
        ),
        Mistake(
            "the maximum alone",
            lambda f: f.max(),
            "That is the hard maximum. ln Σ e^(f_j) lies above it, by up to ln K: the logarithm of the sum "
            "of e^(f_j − c) is missing.",
        ),
        Mistake(
            "logarithm forgotten",
            lambda f: np.exp(f).sum(),
            "That is the sum of the exponentials; the logarithm is missing.",
            also=[lambda f: np.exp(f - f.max()).sum(), lambda f: np.exp(f - f.max()).sum() + f.max()],
        ),
        Mistake(
            "sum outside the logarithm",
            lambda f: np.log(np.exp(f)).sum(),
            "You take the logarithm of each exponential and then sum: that is Σ f_j. Sum first, then the "
            "logarithm.",
        ),
        Mistake(
            "mean for sum",
            lambda f: np.log(np.exp(f - f.max()).mean()) + f.max(),
            "You take the mean of the exponentials: that is smaller by ln K. Take the sum.",
        ),
        Mistake(
            "log1p of the whole sum",
            lambda f: np.log1p(np.exp(f - f.max()).sum()) + f.max(),
            "`np.log1p(x)` is ln(1 + x), and your sum holds the 1 of the largest logit already: it is "
            "counted twice. Use `np.log`, or leave the largest term out.",
        ),
        Mistake(
            "begun with 0",
            lambda f: np.log1p(np.exp(f).sum()),
            "A 1 = e⁰ too many is in your sum, like a class more with the logit 0. Does a running "
            "`np.logaddexp` begin with 0? Nothing is in the sum yet where it is −∞, or the first logit. (And "
            "`np.log1p` adds a 1.)",
        ),
        Mistake(
            "maximum added inside",
            lambda f: np.log(np.exp(f - f.max()).sum() + f.max()),
            "You add c *inside* the logarithm. e^c is a factor of the sum, so c is a summand outside: look "
            "at the brackets.",
        ),
        Mistake(
            "masked logits as 0",
            lambda f: logsumexp(np.where(np.isinf(f), 0, f)),
            "A masked class gets the logit 0, and so e⁰ = 1 in the sum. Leave −∞ as it is: e^(−∞) = 0.",
        ),
        Mistake(
            "all maxima left out",
            lambda f: f.max() + np.log1p(np.exp((f - f.max())[f < f.max()]).sum()),
            "You leave out *every* entry that equals the maximum, and put back a single 1. If two logits tie "
            "for the maximum, both count: leave out one place, `f.argmax()`.",
        ),
        Mistake(
            "one missing",
            lambda f: np.log(_without_winner(f)) + f.max(),
            "You leave the largest logit out of the sum, and its e⁰ = 1 is not put back: use `np.log1p`, or "
            "leave nothing out.",
        ),
        Mistake(
            "another base",
            lambda f: np.log2(np.exp(f - f.max()).sum()) + f.max(),
            "The logarithm has another base than e, the base of the exponentials: take `np.log`.",
            also=[
                lambda f: np.log10(np.exp(f - f.max()).sum()) + f.max(),
                lambda f: np.log2(np.exp(f).sum()),
                lambda f: np.log10(np.exp(f).sum()),
            ],
        ),
        Mistake(
            "logits clipped",
            _of_clipped(700),
            "Clipping the logits keeps the exponentials finite, but they are then those of other logits. "
            "Subtract the maximum instead: that changes nothing once it is added again.",
            also=[_of_clipped(bound) for bound in (20, 30, 50, 80, 88, 100, 200, 300, 500, 600, 705, 709)],
        ),
        Mistake(
            "a small number added",
            _sum_plus(1e-9),
            "Nothing needs to be added inside the logarithm: the largest term is e⁰ = 1, so the sum is never "
            "near 0. The small number only spoils the last digits.",
            also=[_sum_plus(10.0**-k) for k in range(3, 13)],
        ),
        Mistake(
            "log-softmax",
            lambda f: f - logsumexp(f),
            "You return one number for each class, as log-softmax does. Asked for is the one number ln "
            "Σ e^(f_j).",
            when=everywhere(lambda trial: np.shape(trial.got.value) == np.shape(trial.given[0])),
        ),
        Mistake(
            "maximum added twice",
            lambda f: logsumexp(f) + f.max(),
            "Your result is larger by c = max f: c is added at the end once, and only if it was "
            "subtracted in "
            "the exponents.",
        ),
        Mistake(
            "exponentials forgotten",
            lambda f: np.log(f.sum()),
            "You take the logarithm of the logits' sum. What is summed are their exponentials, "
            "e^(f_j).",
            also=[
                lambda f: f.max() + np.log((f - f.max()).sum()),
                lambda f: np.log(f).sum(),
                lambda f: np.log((f - f.max()).sum()),
            ],
        ),
        Mistake(
            "divided by the maximum",
            lambda f: f.max() + np.log(np.exp(f / f.max()).sum()),
            "You divide the logits by c. A factor e^c is pulled out of the sum by *subtracting* c in "
            "the exponents.",
            also=[
                lambda f: np.log(np.exp(f / f.max()).sum()),
                lambda f: f.max() * np.log(np.exp(f / f.max()).sum()),
            ],
        ),
        Mistake(
            "maximum taken from the exponentials",
            lambda f: f.max() + np.log((np.exp(f) - f.max()).sum()),
            "c is subtracted in the *exponents*, before e is raised to them: e^(f_j − c), `np.exp(f - "
            "c)`.",
            also=[
                lambda f: f.max() + np.log(np.exp(f).sum() - f.max()),
                lambda f: f.max() + np.log(np.exp(f).sum() - np.exp(f.max())),
            ],
        ),
        Mistake(
            "shifted the wrong way",
            lambda f: f.max() + np.log(np.exp(f + f.max()).sum()),
            "The sign in the exponent is turned: it is f_j − c, so that the largest exponent is 0 and "
            "the others are negative.",
            also=[
                lambda f: f.max() + np.log(np.exp(f.max() - f).sum()),
            ],
        ),
        Mistake(
            "negative logits left out",
            lambda f: logsumexp(f[f > 0]),
            "You leave negative logits out of the sum. Only a masked one, −∞, adds nothing, and "
            "e^(−∞) = 0 sees to that by itself.",
            also=[
                lambda f: logsumexp(f[f >= 0]),
            ],
        ),
        Mistake(
            "maximum or 0",
            _shifted_by(lambda f: max(f.max(), 0.0)),
            "Your c is never below 0. If all logits are near −1000 every exponential becomes 0: take "
            "`f.max()`, whatever its sign.",
        ),
        Mistake(
            "small number, no shift",
            lambda f: np.log(np.exp(f).sum() + 1e-12),
            "A small number inside the logarithm hides the 0 of an underflow and does nothing against "
            "overflow. Subtract the maximum in the exponents.",
            also=[
                lambda f: np.log(np.exp(f).sum() + 1e-6),
                lambda f: np.log(np.exp(f).sum() + 1e-7),
                lambda f: np.log(np.exp(f).sum() + 1e-8),
                lambda f: np.log(np.exp(f).sum() + 1e-9),
                lambda f: np.log(np.exp(f).sum() + 1e-10),
                lambda f: np.log(np.exp(f).sum() + 1e-15),
                lambda f: np.log(np.exp(f).sum() + 1e-16),
            ],
        ),
        Mistake(
            "logits multiplied",
            lambda f: f.max() + np.log(np.exp(f - f.max()).prod()),
            "You multiply the exponentials. They are added: `.sum()`.",
        ),
        Mistake(
            "fixed number subtracted",
            _shifted_by(lambda f: 1000.0),
            "You subtract a fixed number. It helps for logits near it; elsewhere the exponentials "
            "overflow or become 0 as before. Subtract `f.max()`.",
            also=[
                _shifted_by(lambda f: 500.0),
                _shifted_by(lambda f: 700.0),
                _shifted_by(lambda f: 709.0),
            ],
        ),
    ],
    hints=[
        "Pull a factor out of the sum: Σ e^(f_j) = e^c · Σ e^(f_j − c), for every c.",
        "Take the logarithm of the right side: c + ln Σ e^(f_j − c). Which c makes all exponents 0 or less, "
        "and one of them 0?",
    ],
    solution="""
def log_sum_exp(f):
    c = f.max()
    return c + np.log(np.exp(f - c).sum())
""",
)


def _others(f, label, c=None) -> np.ndarray:
    return np.exp(np.delete(f, label) - (f[label] if c is None else c))


def _plus_eps(eps: float) -> object:
    return lambda f, label: -np.log(softmax(f)[label] + eps)


def _clipped(eps: float) -> object:
    return lambda f, label: -np.log(np.clip(softmax(f)[label], eps, 1 - eps))


def _by_difference(f, label) -> float:
    e = np.exp(f - f.max())
    return -np.log1p(-(e.sum() - e[label]) / e.sum())


def _log_of_shifted_sum(f, label) -> float:
    z = f - f.max()
    return np.log(np.exp(z).sum()) - z[label]


accurate_loss = Exercise(
    name="accurate_loss",
    double=True,
    reference=lambda f, label: float(-log_softmax(f)[label]),
    cases=[
        (np.array([1.0, 0.0]), 0),
        (np.array([1.0, 2.5, 0.3]), 0),
        (np.array([0.5, -1.0, 2.1, 0.4]), 3),
        (np.array([1.0, 1.0, 0.0]), 0),
        (np.array([0.5, 2.0, 0.5]), 2),  # a tie with the label's logit that is none for the maximum
        (np.array([1.23456, -0.98765, -12.3]), 1),
    ],
    extreme=[
        (np.array([20.0, 0.0, -1.0]), 0),
        (np.array([0.0, 40.0]), 1),
        (np.array([0.0, 800.0, 3.0]), 0),
        (np.array([0.0, 40.0]), 0),
        (np.array([1000.0, -np.inf, 960.0]), 0),
        (np.array([1.0, -np.inf, 0.5]), 2),
        (np.array([0.03, -25.0]), 0),  # tells the digits that log loses from those lost beside a large logit
    ],
    atol=0.0,
    shown="All digits at both ends: 4·10⁻¹⁸ for a sure right answer, 800 for a sure wrong one.",
    mistakes=[
        Mistake(
            "formula as it stands",
            lambda f, label: -np.log(naive_softmax(f)[label]),
            "Right for small logits only: e^800 overflows. Start from `z = f - f.max()`.",
            also=[
                lambda f, label: np.log(np.exp(f).sum()) - f[label],
                lambda f, label: -np.log(np.exp(f[label]) / np.exp(f).sum()),
            ],
        ),
        Mistake(
            "logarithm after softmax",
            lambda f, label: -np.log(softmax(f)[label]),
            "The logarithm comes too late: a probability of e^(−800) is 0 in float64, and 1 − 4·10⁻¹⁸ is 1. "
            "Take ln Σ e^(z_j) − z_ℓ, and leave the largest term out of the sum.",
        ),
        Mistake(
            "all maxima left out",
            lambda f, label: np.log1p(np.exp((f - f.max())[f < f.max()]).sum()) - (f[label] - f.max()),
            "You leave out *every* entry that equals the maximum, and put back a single 1. If two logits tie "
            "for the maximum, the other one counts: leave out one place, `f.argmax()`.",
        ),
        Mistake(
            "all that equal the label's left out",
            lambda f, label: np.logaddexp(0, logsumexp(np.append(f[f != f[label]], -1e300) - f[label])),
            "You leave out *every* logit that equals the label's, and put back a single 1. Another class "
            "with the same logit counts: leave out one place, `label`.",
        ),
        Mistake(
            "largest logit added and taken away",
            lambda f, label: np.log1p(_without_winner(f)) + f.max() - f[label],
            "The sum without the winner and `np.log1p` are right. Then `+ f.max() − f[label]` rounds the "
            "small number to the digits of a large one and takes that away again. Subtract z_ℓ = f_ℓ − "
            "max f, which is exactly 0 for the winner.",
            also=[
                lambda f, label: np.log1p(_without_winner(f)) - f[label] + f.max(),
                lambda f, label: logsumexp(f) - f[label],
            ],
        ),
        Mistake(
            "winner in the sum, and the largest logit added and taken away",
            lambda f, label: np.log(np.exp(f - f.max()).sum()) + f.max() - f[label],
            "The wrong answers are right now. For a sure right answer the digits are lost twice: 1 + e^(−40) "
            "is rounded to 1 before the logarithm is taken (its 1 comes in by `np.log1p` only), and "
            "`+ f.max() − f[label]` rounds what is left to the digits of a large number (subtract z_ℓ = f_ℓ "
            "− max f, exactly 0 for the winner).",
            also=[
                lambda f, label: np.log(1 + _without_winner(f)) + f.max() - f[label],
                lambda f, label: np.log(np.exp(f - f.max()).sum()) - f[label] + f.max(),
            ],
        ),
        Mistake(
            "the others as a difference",
            _by_difference,
            "The probability of the other classes, taken as a difference (the whole sum less the label's "
            "term, or 1 − g_ℓ), has lost its digits when the label's is near 1. Sum the others themselves.",
        ),
        Mistake(
            "the two largest only",
            lambda f, label: np.logaddexp(0, np.delete(f, label).max() - f[label]),
            "Only the strongest rival of the label is counted; all the other classes belong to the sum, too.",
        ),
        Mistake(
            "label not picked",
            lambda f, label: logsumexp(f) - f,
            "That is one number for each class. Asked for is the one of the label: `[label]`.",
            also=[lambda f, label: -np.log(softmax(f))],
            when=everywhere(lambda trial: np.shape(trial.got.value) == np.shape(trial.given[0])),
        ),
        Mistake(
            "log for log1p, winner left out",
            lambda f, label: np.log(1 + _without_winner(f)) - (f[label] - f.max()),
            "You left the winner out of the sum, as you should, and then add its 1 by hand: `1 + x` rounds "
            "to 1 before the logarithm sees it. `np.log1p(x)` computes ln(1 + x) without forming 1 + x.",
        ),
        Mistake(
            "winner in the sum",
            _log_of_shifted_sum,
            "The wrong answers are right now. But when the right class leads by 40, the sum 1 + e^(−40) is "
            "rounded to 1, and the loss is 0. Leave the largest term, e⁰ = 1, out of the sum and put it back "
            "with `np.log1p`.",
        ),
        Mistake(
            "log for log1p",
            lambda f, label: np.log(1 + _others(f, label)).sum() if len(f) == 2
            else np.log(1 + _others(f, label).sum()),
            "You left out the label's term, and then add the 1 by hand: `1 + x` rounds to 1 before the "
            "logarithm sees it. `np.log1p(x)` computes ln(1 + x) without forming 1 + x.",
        ),
        Mistake(
            "overflows for a wrong answer",
            lambda f, label: np.log1p(_others(f, label).sum()),
            "All digits for a right answer! But if the label lags by 800, e^(f_j − f_ℓ) = e^800 overflows. "
            "Measure from the largest logit instead: leave out *its* term, and subtract z_ℓ at the end.",
        ),
        Mistake(
            "label left out, measured from the winner",
            lambda f, label: np.log1p(_others(f, label, f.max()).sum()) - (f[label] - f.max()),
            "You leave out the label's term but put back 1, which is the term of the *largest* logit. They "
            "are the same only if the label has the largest logit. Leave out `f.argmax()`.",
            also=[lambda f, label: np.log1p(_others(f, label, f.max()).sum())],
        ),
        Mistake(
            "one counted twice",
            lambda f, label: np.log1p(np.exp(f - f[label]).sum()),
            "`np.log1p` adds 1, and your sum has that 1 in it already. Leave the term e⁰ out of the sum.",
            also=[lambda f, label: np.log1p(np.exp(f - f.max()).sum()) - (f[label] - f.max())],
        ),
        Mistake(
            "one missing",
            lambda f, label: np.log(_others(f, label).sum()),
            "You left the label's own term out, and did not put it back. Its e⁰ = 1 belongs to the sum: "
            "`np.log1p`.",
            also=[
                lambda f, label: f.max() - f[label] + np.log(_without_winner(f)),
                lambda f, label: np.log(_without_winner(f)) - (f[label] - f.max()),
            ],
        ),
        Mistake(
            "label's logit forgotten",
            lambda f, label: logsumexp(f - f.max()),
            "That is the loss of the class with the largest logit. For the label, z_ℓ = f_ℓ − max f has to "
            "be subtracted.",
        ),
        Mistake(
            "sign turned",
            lambda f, label: log_softmax(f)[label],
            "That is ln g_ℓ, which is negative. The loss is minus that.",
        ),
        Mistake(
            "a small number added",
            _plus_eps(1e-12),
            "A small number inside the logarithm hides the ∞ and gives a wrong answer: the loss can no "
            "longer grow beyond −ln of it, and a right answer can even have a negative loss. Nothing needs "
            "to be added if the logarithm is taken in the formula.",
            also=[_plus_eps(10.0**-k) for k in (5, 6, 7, 8, 9, 10, 15, 16)],
        ),
        Mistake(
            "clipped",
            _clipped(1e-12),
            "Clipping hides the ∞ and gives a wrong answer at both ends: every loss beyond −ln of the bound "
            "becomes the same number, with gradient 0.",
            also=[_clipped(10.0**-k) for k in (5, 6, 7, 8, 9, 10, 15, 16)],
        ),
        Mistake(
            "first logit for the largest",
            lambda f, label: np.log1p(np.exp(f[1:] - f[0]).sum()) + f[0] - f[label],
            "You measure from f[0], as if it were the largest logit. Take the winner, `f.argmax()`.",
            also=[
                lambda f, label: np.log1p(np.exp(f[1:] - f[0]).sum()) - (f[label] - f[0]),
            ],
        ),
        Mistake(
            "clipped from below",
            lambda f, label: -np.log(max(softmax(f)[label], 1e-7)),
            "A lower bound for the probability hides the ∞: every loss beyond −ln of it becomes the "
            "same number, with gradient 0. And a probability near 1 has lost its digits. Take the "
            "logarithm on paper.",
            also=[
                lambda f, label: -np.log(max(softmax(f)[label], 1e-5)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-6)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-8)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-9)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-10)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-12)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-15)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-16)),
                lambda f, label: -np.log(max(softmax(f)[label], 1e-300)),
            ],
        ),
        Mistake(
            "logits clipped",
            lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -700, 700)).sum()),
            "Clipping keeps the exponentials finite, but then the loss of a very wrong answer stops "
            "growing. Measure from the largest logit instead.",
            also=[
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -30, 30)).sum()),
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -50, 50)).sum()),
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -80, 80)).sum()),
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -88, 88)).sum()),
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -100, 100)).sum()),
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -500, 500)).sum()),
                lambda f, label: np.log1p(np.exp(np.clip(np.delete(f, label) - f[label], -709, 709)).sum()),
            ],
        ),
        Mistake(
            "0 for a right answer",
            lambda f, label: 0.0 if f.argmax() == label else logsumexp(f) - f[label],
            "You return 0 as soon as the label has the largest logit. The loss is small then, not 0: "
            "the others have a probability, too.",
        ),
        Mistake(
            "only the lead",
            lambda f, label: f.max() - f[label],
            "That is how far the label is behind. The loss is larger, by ln(1 + Σ of the other e^(f_j "
            "− c)).",
        ),
        Mistake(
            "only the strongest rival's exponential",
            lambda f, label: np.exp(np.delete(f, label).max() - f[label]),
            "e^(−lead) is nearly the loss of a right answer with one rival. It is ln(1 + Σ e^(f_j − "
            "f_ℓ)), over all rivals.",
        ),
        Mistake(
            "place for logit",
            lambda f, label: f.argmax() - f[label] + np.log1p(np.exp(np.delete(f, f.argmax())
                - f.argmax()).sum()),
            "`f.argmax()` is the *place* of the winner; its logit is `f.max()`.",
        ),
        Mistake(
            "only the logits before the winner",
            lambda f, label: f.max() - f[label] + np.log1p(np.exp(f[:f.argmax()] - f.max()).sum()),
            "You sum over the logits on one side of the winner only. All but the winner count: "
            "`np.delete(f, f.argmax())`.",
            also=[
                lambda f, label: f.max() - f[label] + np.log1p(np.exp(f[f.argmax() + 1:] - f.max()).sum()),
            ],
        ),
        Mistake(
            "exponents turned",
            lambda f, label: f.max() - f[label] + np.log1p(np.exp(f.max() - np.delete(f, f.argmax())).sum()),
            "The exponents have the wrong sign: e^(f_j − c), with c the larger one, so that they are "
            "0 or less.",
            also=[
                lambda f, label: np.log1p(np.exp(f[label] - np.delete(f, label)).sum()),
            ],
        ),
        Mistake(
            "expm1 for log1p",
            lambda f, label: f.max() - f[label] + np.expm1(_without_winner(f)),
            "`np.expm1(x)` is e^x − 1. Asked for is ln(1 + x): `np.log1p(x)`.",
        ),
        Mistake(
            "series cut off",
            lambda f, label: f.max() - f[label] + _without_winner(f) - _without_winner(f) ** 2 / 2,
            "x, or x − x²/2, is ln(1 + x) for small x only. `np.log1p` has all digits for every x.",
            also=[
                lambda f, label: f.max() - f[label] + _without_winner(f),
            ],
        ),
        Mistake(
            "NaN from 0 · (−∞)",
            lambda f, label: -(_one_hot(label, len(f)) * log_softmax(f)).sum(),
            "A one-hot row times log-softmax is right until a class is masked: 0 · (−∞) is NaN in "
            "floating point. Take the entry itself, `[label]`.",
        ),
        Mistake(
            "masked logits as 0",
            lambda f, label: float(-log_softmax(np.where(np.isinf(f), 0, f))[label]),
            "A masked class gets the logit 0, and so e⁰ = 1 in the sum. Leave −∞ as it is: e^(−∞) = "
            "0.",
        ),
        Mistake(
            "others as 1 minus",
            lambda f, label: -np.log1p(-np.delete(softmax(f), label).sum()),
            "−ln(1 − the others) keeps the digits of a right answer. If the label is far behind, the "
            "others sum to 1 and the logarithm is that of 0. Measure from the largest logit: its term "
            "is left out, and z_ℓ is subtracted.",
            also=[
                lambda f, label: -np.log1p(softmax(f)[label] - 1),
            ],
        ),
    ],
    hints=[
        "With z = f − max f the loss is ln Σ e^(z_j) − z_ℓ. Which term of the sum is 1, and swallows the "
        "others?",
        "Set that term to 0 in `e = np.exp(z)`: `e[f.argmax()] = 0`. The sum of the rest may be as small as "
        "it likes.",
        "`np.log1p(e.sum())` puts the 1 back without adding it; then subtract `z[label]`.",
    ],
    solution="""
def accurate_loss(f, label):
    z = f - f.max()
    e = np.exp(z)
    e[f.argmax()] = 0
    return np.log1p(e.sum()) - z[label]
""",
)


def _one_hot(label: int, k: int) -> np.ndarray:
    return np.eye(k)[label]


def _with_label(f, label, entry) -> np.ndarray:
    g = softmax(f)
    g[label] = entry(np.delete(g, label), g)
    return g


def _balanced(g, label) -> np.ndarray:
    """Put minus the sum of the others at the label."""
    g = g.copy()
    g[label] = -np.delete(g, label).sum()
    return g


def _sum_of_others_without_shift(f, label) -> np.ndarray:
    return _balanced(np.exp(f) / np.exp(f).sum(), label)


def _measured(f, label, h=1e-5) -> np.ndarray:
    steps = h * np.eye(len(f))
    return np.array([(log_softmax(f - s)[label] - log_softmax(f + s)[label]) / (2 * h) for s in steps])


def _zero_when_sure(trials: Sequence[Trial]) -> bool:
    """Recognise a difference of losses: nearly right, and 0 in every entry where the loss is tiny."""
    if not all(gave_numbers(one) and np.shape(one.got.value) == np.shape(one.given[0]) for one in trials):
        return False
    near = all(np.allclose(one.got.value, one.expected.value, rtol=0, atol=1e-4)
               for one in trials if not one.extreme)
    return near and any(one.extreme and not one.got.value.any() for one in trials)


accurate_gradient = Exercise(
    name="accurate_gradient",
    double=True,
    reference=lambda f, label: cross_entropy_grad(f[None], [label])[0],
    cases=[
        (np.array([1.0, 0.0]), 0),
        (np.array([1.0, 2.0, 0.0]), 0),
        (np.array([0.5, -1.0, 2.0, 0.0, 0.3]), 3),
        (np.array([1.23456, -0.98765, -12.3]), 1),
    ],
    extreme=[
        (np.array([40.0, 0.0, -1.0]), 0),
        (np.array([1000.0, 1030.0]), 1),
        (np.array([-1000.0, -1001.0, -1000.5]), 1),
        (np.array([0.5, -np.inf, 1.0]), 2),
        (np.array([0.0, 800.0, 3.0]), 0),
    ],
    atol=0.0,
    shown="The entry at the label is minus the sum of the others, so the row sums to 0 however small it is.",
    mistakes=[
        Mistake("rows where there are none", lambda f, label: softmax(f, axis=1), ROWS, when=ROWS_MISSED),
        Mistake(
            "formula as it stands",
            lambda f, label: naive_softmax(f) - _one_hot(label, len(f)),
            "Right for small logits only: e^1000 overflows. Take the exponentials of `f - f.max()`.",
            also=[_sum_of_others_without_shift],
        ),
        Mistake(
            "1 subtracted",
            lambda f, label: softmax(f) - _one_hot(label, len(f)),
            "Right for logits of ordinary size. When the label leads by 40, g_ℓ is rounded to 1, and g_ℓ − "
            "1 is 0: the digits are gone before you subtract, and `np.expm1` of ln g_ℓ does not bring them "
            "back. Probabilities sum to 1, so g_ℓ − 1 is minus the sum of the others.",
        ),
        Mistake(
            "expm1 of a difference",
            lambda f, label: _with_label(f, label, lambda others, g: np.expm1(f[label] - logsumexp(f))),
            "`np.expm1` comes too late: ln g_ℓ = f_ℓ − ln Σ e^(f_j) is a difference of nearly equal numbers, "
            "and its digits are gone. Probabilities sum to 1, so g_ℓ − 1 is minus the sum of the others.",
        ),
        Mistake(
            "shifted by the label's logit",
            lambda f, label: _balanced(naive_softmax(f - f[label]), label),
            "You measure from the label's logit. If another one lies 800 above it, e^800 overflows, and ∞/∞ "
            "is NaN. The largest exponent has to be 0: subtract `f.max()`.",
            also=[lambda f, label: naive_softmax(f - f[label]) - _one_hot(label, len(f))],
        ),
        Mistake(
            "minus the sum of all",
            lambda f, label: _with_label(f, label, lambda others, g: -g.sum()),
            "You sum over all classes, and that is 1. Leave the label out of the sum.",
        ),
        Mistake(
            "plus the sum of the others",
            lambda f, label: _with_label(f, label, lambda others, g: others.sum()),
            "The entry at the label is g_ℓ − 1, and that is negative: *minus* the sum of the others.",
        ),
        Mistake(
            "sign turned",
            lambda f, label: _one_hot(label, len(f)) - softmax(f),
            "The sign is turned: the gradient is g − y, negative at the label (lesson 05).",
        ),
        Mistake(
            "target forgotten",
            lambda f, label: softmax(f),
            "These are the probabilities; the target has not been subtracted.",
        ),
        Mistake(
            "label's entry left out",
            lambda f, label: _with_label(f, label, lambda others, g: 0.0),
            "The entry at the label is 0. It has to be minus the sum of the others.",
        ),
        Mistake(
            "only the label's entry",
            lambda f, label: _one_hot(label, len(f)) * (softmax(f)[label] - 1),
            "Only the label's entry is filled. The entries of the other classes are g_i − 0 = g_i.",
            when=everywhere(lambda trial: np.ndim(trial.got.value) == 0),
        ),
        Mistake(
            "not normalised",
            lambda f, label: np.exp(f - f.max()) - _one_hot(label, len(f)),
            "You did not divide by the sum: e^(f_i − c) are not yet probabilities.",
            also=[lambda f, label: _balanced(np.exp(f - f.max()), label),
                  lambda f, label: _balanced(np.exp(f), label)],
        ),
        Mistake(
            "divided by the sum of the others",
            lambda f, label: _balanced(np.exp(f - f.max()) / np.delete(np.exp(f - f.max()), label).sum(),
                                       label),
            "The label's entry was set to 0 before you divided by the sum, so the sum lacks its term. Divide "
            "first, by the sum over all classes.",
        ),
        Mistake(
            "derivative by the probabilities",
            lambda f, label: -_one_hot(label, len(f)) / softmax(f)[label],
            "−1/g_ℓ is the derivative by the *probability* of the label. Asked for is the one by the logits: "
            "g − y, after the chain rule (lesson 05).",
        ),
        Mistake(
            "the winner for the label",
            lambda f, label: _balanced(softmax(f), f.argmax()),
            "You treat the class with the largest logit as if it were the right one. Take `label`.",
        ),
        Mistake(
            "label's entry missing",
            lambda f, label: np.delete(softmax(f), label),
            "These are the entries of the other classes. The label's is missing between them: minus "
            "their sum.",
        ),
        Mistake(
            "log-probabilities",
            lambda f, label: _balanced(log_softmax(f), label),
            "You took log-probabilities. The entries of the other classes are the probabilities "
            "themselves.",
            also=[
                lambda f, label: log_softmax(f) - _one_hot(label, len(f)),
            ],
        ),
        Mistake(
            "label subtracted from itself",
            lambda f, label: _with_label(f, label, lambda others, g: g[label] - others.sum()),
            "The label's own g_ℓ is still in its entry: set it to 0 before you subtract the others.",
        ),
        Mistake(
            "a row of the Jacobian",
            lambda f, label: -softmax(f)[label] * softmax(f),
            "That is how g_ℓ moves with the logits, a row of the Jacobian of softmax. The loss is −ln "
            "g_ℓ: the factor −1/g_ℓ cancels g_ℓ.",
            also=[
                lambda f, label: softmax(f)[label] * (_one_hot(label, len(f)) - softmax(f)),
            ],
        ),
        Mistake(
            "mean or maximum of the others",
            lambda f, label: _with_label(f, label, lambda others, g: -others.mean()),
            "The label's entry is minus the *sum* of all the others.",
            also=[
                lambda f, label: _with_label(f, label, lambda others, g: -others.max()),
                lambda f, label: _with_label(f, label, lambda others, g: -g[1
                    - label] if label < 2 else -g[0]),
            ],
        ),
        Mistake(
            "slope of softmax",
            lambda f, label: softmax(f) * (1 - softmax(f)),
            "g (1 − g) is how a probability moves with its own logit. The gradient of −ln g_ℓ is g − "
            "y.",
        ),
        Mistake(
            "the last of the others left out",
            lambda f, label: _with_label(f, label, lambda others, g: -(g[:-1].sum() - g[label]
                * (label < len(g) - 1))),
            "One of the other classes is left out of the sum: does a loop end one too early?",
        ),
        Mistake(
            "measured",
            lambda f, label: _measured(f, label),
            "A difference quotient measures the slope to some ten digits beside the loss, and here "
            "the slope is far smaller than that. Write the formula.",
            when=_zero_when_sure,
        ),
    ],
    hints=[
        "Which difference of two nearly equal numbers is in g − y, when the label's probability is almost 1?",
        "g_ℓ − 1 = −Σ_{j≠ℓ} g_j. Set the label's entry to 0, sum, and write minus the sum there.",
    ],
    solution="""
def accurate_gradient(f, label):
    e = np.exp(f - f.max())
    g = e / e.sum()
    g[label] = 0
    g[label] = -g.sum()
    return g
""",
)


def _allowed_mean(f, values) -> float:
    return np.where(np.isfinite(f), values, 0).sum() / np.isfinite(f).sum()


def _smoothed(f, label, a) -> float:
    log_g = log_softmax(f)
    return -(1 - a) * log_g[label] - a * _allowed_mean(f, log_g)


def _unmended(f, label, a) -> float:
    y = np.full(len(f), a / len(f))
    y[label] += 1 - a
    return -(y * log_softmax(f)).sum()


def _far_below(low: float) -> object:
    return lambda f, label, a: _unmended(np.where(np.isfinite(f), f, low), label, a)


def _with_target(entry, *, logits=False) -> object:
    """Return the mended loss with another target: entry(share of a class, label's 1 - a) at the label."""

    def loss(f, label, a) -> float:
        allowed = np.isfinite(f)
        y = np.where(allowed, a / allowed.sum(), 0)
        y[label] = entry(y[label], a)
        return -(y * np.where(allowed, f if logits else log_softmax(f), 0)).sum()

    return loss


def _with_nan(f, label, a) -> float:
    y = np.where(np.isfinite(f), a / np.isfinite(f).sum(), 0)
    y[label] += 1 - a
    return -(y * log_softmax(f)).sum()


def _masked_as_zero(f, label, a) -> float:
    allowed = np.isfinite(f)
    return _with_target(lambda share, a: share + 1 - a)(np.where(allowed, f, -np.inf), label, a) + (
        logsumexp(np.where(allowed, f, 0)) - logsumexp(f))


def _cut_to_the_last(f, label, a) -> float:
    kept = f[np.isfinite(f)]
    return _smoothed(kept, min(label, len(kept) - 1), a)


def _others_only(f, label, a) -> float:
    log_g, allowed = log_softmax(f), np.isfinite(f)
    y = np.where(allowed, a / (allowed.sum() - 1), 0)
    y[label] = 1 - a
    return -(y * np.where(allowed, log_g, 0)).sum()


def _with_weights(shares, *, normalise=False, rest=False) -> object:
    """Return the mended loss with other shares of a: shares(allowed, a, k); the label gets 1 - a more."""

    def loss(f, label, a) -> float:
        allowed = np.isfinite(f)
        y = shares(allowed, a, len(f))
        y[label] = 1 - (y.sum() - y[label]) if rest else y[label] + 1 - a
        y = y / y.sum() if normalise else y
        return -(y * np.where(allowed, log_softmax(f), 0)).sum()

    return loss


def _masked_by(mask) -> object:
    def loss(f, label, a) -> float:
        y = np.where(mask(f), a / max(mask(f).sum(), 1), 0)
        y[label] += 1 - a
        return -(y[mask(f)] * log_softmax(f)[mask(f)]).sum()

    return loss


def _inverse_mask(f, label, a) -> float:
    masked = ~np.isfinite(f)
    y = np.where(masked, a / max(masked.sum(), 1), 0)
    y[label] += 1 - a
    return -(y[masked] * log_softmax(f)[masked]).sum()


def _until_masked(f, label, a) -> float:
    allowed = np.isfinite(f)
    y = np.where(allowed, a / allowed.sum(), 0)
    y[label] += 1 - a
    end = len(f) if allowed.all() else allowed.argmin()
    return -(y[:end] * log_softmax(f)[:end]).sum()


def _clipped_target(eps) -> object:
    def loss(f, label, a) -> float:
        y = np.full(len(f), a / len(f))
        y[label] += 1 - a
        return -(y * np.log(np.clip(softmax(f), eps, 1))).sum()

    return loss


def _far_below_mended(low) -> object:
    def loss(f, label, a) -> float:
        allowed = np.isfinite(f)
        y = np.where(allowed, a / allowed.sum(), 0)
        y[label] += 1 - a
        return -(y * log_softmax(np.where(allowed, f, low))).sum()

    return loss


smoothed_loss = Exercise(
    name="smoothed_loss",
    reference=_smoothed,
    cases=[
        (np.array([1.2, 2.0, -0.3]), 0, 0.3),
        (np.array([1.0, 2.0, -np.inf]), 0, 0.2),
        (np.array([-np.inf, 0.5, -1.0, 2.0, -np.inf]), 3, 0.1),
        (np.array([-np.inf, 1.0, 2.0, 0.5]), 1, 0.2),  # the label is an index without the masked, too
        (np.array([1.23456, -np.inf, -12.34567, 0.4321]), 2, 0.12345),
    ],
    extreme=[
        (np.array([1000.0, -np.inf, 0.0]), 0, 0.1),
        (np.array([-300.0, -np.inf, -301.0]), 0, 0.2),  # −100 for the mask would be the largest
    ],
    shown="A masked class gets no share of the target, and 0 · ln 0 counts as 0: the loss is finite.",
    mistakes=[
        Mistake(
            "as it was",
            _unmended,
            "The loss is still ∞ (or NaN): a masked class has ln g = −∞, and its share a/K of the target "
            "multiplies it. A class that cannot occur should get no share. (A mask that is to find it: "
            "`np.isnan(f)` does not, `np.isfinite(f)` does.)",
        ),
        Mistake(
            "shared among all, masked left out",
            lambda f, label, a: -((1 - a) * log_softmax(f)[label])
            - a / len(f) * np.where(np.isfinite(f), log_softmax(f), 0).sum(),
            "Finite; but you still divide by K, the number of *all* classes, so the target sums to less "
            "than 1. Divide the share a among the classes that are not masked.",
        ),
        Mistake(
            "a very low logit",
            _far_below(-1e9),
            "A very low logit in place of −∞ makes the loss finite, and enormous: the share a/K of the "
            "target multiplies it. Give the masked classes no share.",
            also=[_far_below(low) for low in (-1e2, -1e3, -1e4, -1e5, -1e6, -1e30)],
        ),
        Mistake(
            "nan_to_num",
            lambda f, label, a: np.nan_to_num(_unmended(f, label, a)),
            "`np.nan_to_num` turns ∞ into the largest float and NaN into 0: the symptom is hidden, the "
            "number is wrong. Mend the target instead.",
            also=[
                lambda f, label, a: np.nan_to_num(_unmended(f, label, a), posinf=0.0),
                lambda f, label, a: -((1 - a) * log_softmax(f)[label]
                                      + (a / len(f) * np.nan_to_num(log_softmax(f))).sum()),
            ],
        ),
        Mistake(
            "0 times −∞",
            _with_nan,
            "The target is right: a masked class has the share 0. But 0 · (−∞) is NaN in floating point, and "
            "one NaN spoils the sum. Sum over the classes that are not masked only.",
        ),
        Mistake(
            "label without its share",
            _with_target(lambda share, a: 1 - a),
            "The label gets 1 − a in place of its share, so the target sums to less than 1. It gets 1 − a "
            "*more*: `y[label] += 1 - a`.",
        ),
        Mistake(
            "a for 1 − a",
            _with_target(lambda share, a: share + a),
            "The label gets a more, so the target does not sum to 1: it gets 1 − a more.",
        ),
        Mistake(
            "a and 1 − a exchanged",
            lambda f, label, a: _smoothed(f, label, 1 - a),
            "a and 1 − a are exchanged: a is what all classes share, 1 − a is what the label gets more.",
        ),
        Mistake(
            "logits for logarithms",
            _with_target(lambda share, a: share + 1 - a, logits=True),
            "You multiply the target with the logits. The loss is −Σ y ln g: take `log_softmax(f)`.",
        ),
        Mistake(
            "masked logits set to 0",
            _masked_as_zero,
            "You put 0 (e⁰ = 1!) in place of −∞ before the softmax, so the masked classes take part of the "
            "probability. Take `log_softmax(f)` of the logits as they are, and leave the masked entries out "
            "of the sum afterwards.",
        ),
        Mistake(
            "smoothing forgotten",
            lambda f, label, a: -log_softmax(f)[label],
            "With a masked class that is the loss without smoothing. The share a still goes to the "
            "classes that "
            "are not masked.",
            also=[lambda f, label, a: _smoothed(f, label, a if np.isfinite(f).all() else 0)],
        ),
        Mistake(
            "label keeps everything",
            lambda f, label, a: -log_softmax(f)[label] - a * _allowed_mean(f, log_softmax(f)),
            "The label keeps a target of 1, and a is added to it: the target sums to 1 + a. Take 1 − a for "
            "the label.",
        ),
        Mistake(
            "shared among the others only",
            _others_only,
            "You share a among the *other* classes only. Here (as in PyTorch) the label gets its part of the "
            "share, too: 1 − a + a/m with m classes that are not masked.",
        ),
        Mistake(
            "masked classes cut out, label not",
            lambda f, label, a: _smoothed(f[np.isfinite(f)], label, a),
            "If you cut out the masked classes, the label's number changes: it may point at another class, "
            "or outside. Keep the array as it is and use a mask, `np.isfinite(f)`.",
            when=raises("out of bounds"),
            also=[_cut_to_the_last],
        ),
        Mistake(
            "sign turned",
            lambda f, label, a: -_smoothed(f, label, a),
            "The sign is turned: the loss is *minus* Σ y ln g.",
        ),
        Mistake(
            "renormalised",
            _with_weights(lambda allowed, a, k: np.where(allowed, a / k, 0), normalise=True),
            "You drop the masked shares and divide the target by its sum: then the label gets more "
            "than 1 − a + a/m. Divide a by the number of classes that are *not* masked.",
        ),
        Mistake(
            "the rest to the label",
            _with_weights(lambda allowed, a, k: np.where(allowed, a / k, 0), rest=True),
            "The shares of the masked classes went to the label alone. All m classes that are not "
            "masked share a equally: a/m each.",
        ),
        Mistake(
            "mean for sum",
            lambda f, label, a: _smoothed(f, label, a) / np.isfinite(f).sum(),
            "You take a mean over the classes. The cross-entropy −Σ y ln g is a *sum*: y has the "
            "weights already.",
            also=[
                lambda f, label, a: _smoothed(f, label, a) / len(f),
            ],
        ),
        Mistake(
            "the last class always masked",
            lambda f, label, a: _smoothed(f[:-1], label, a) if label < len(f) - 1 else 0.0,
            "You always cut off the last class. Which classes are masked differs: `np.isfinite(f)`.",
            also=[lambda f, label, a: _unmended(f[:-1], label, a)],
        ),
        Mistake(
            "number of classes written in",
            _with_weights(lambda allowed, a, k: np.where(allowed, a / (k - 1), 0)),
            "The number of classes that share a is not always the same: count those that are not "
            "masked, `np.isfinite(f).sum()`.",
            also=[
                _with_weights(lambda allowed, a, k: np.where(allowed, a / 2, 0)),
                _with_weights(lambda allowed, a, k: np.where(allowed, a / 3, 0)),
            ],
        ),
        Mistake(
            "logarithm forgotten",
            lambda f, label, a: -(1 - a) * softmax(f)[label] - a * _allowed_mean(f, softmax(f)),
            "You multiply the target with the probabilities. The loss is −Σ y ln g: the logarithm is "
            "missing.",
        ),
        Mistake(
            "share forgotten",
            lambda f, label, a: -(1 - a) * log_softmax(f)[label],
            "Only the label's 1 − a is there. The share a goes to the classes that are not masked.",
        ),
        Mistake(
            "label's 1 − a forgotten",
            lambda f, label, a: -a * _allowed_mean(f, log_softmax(f)),
            "Only the shares of a are there. The label gets 1 − a more.",
        ),
        Mistake(
            "divided by the number of masked",
            _with_weights(lambda allowed, a, k: np.where(allowed, a / (~allowed).sum(), 0)),
            "You divide a by the number of classes that *are* masked. It is shared among the others.",
        ),
        Mistake(
            "another mask",
            _masked_by(lambda f: f > 0),
            "Your mask leaves out ordinary logits, too: 0 or a negative number is a logit like any "
            "other. Only −∞ is masked: `np.isfinite(f)`.",
            also=[
                _masked_by(lambda f: f >= 0),
            ],
        ),
        Mistake(
            "mask turned over",
            lambda f, label, a: _inverse_mask(f, label, a),
            "The mask is turned over: it takes the classes that *are* masked.",
        ),
        Mistake(
            "the target",
            lambda f, label, a: a * np.isfinite(f) / np.isfinite(f).sum() + (1 - a) * np.eye(len(f))[label],
            "That is the target y. The loss follows: −Σ y ln g over the classes that are not masked.",
        ),
        Mistake(
            "a not divided",
            _with_weights(lambda allowed, a, k: np.where(allowed, a, 0)),
            "Every class gets the whole a. It is shared: a divided by the number of classes that are "
            "not masked.",
        ),
        Mistake(
            "masked logits set to 0, nothing else",
            lambda f, label, a: _unmended(np.where(np.isfinite(f), f, 0), label, a),
            "You put 0 in place of −∞: e⁰ = 1, so the masked classes take part of the probability and "
            "of the share. Leave f as it is, and give the masked classes no share.",
        ),
        Mistake(
            "ended at the first masked class",
            lambda f, label, a: _until_masked(f, label, a),
            "Your loop ends at the first masked class; those after it count, too. `continue` passes "
            "over one, `break` ends the loop.",
        ),
        Mistake(
            "log1p",
            lambda f, label, a: -(1 - a) * np.log1p(softmax(f)[label]) - a
                * _allowed_mean(f, np.log1p(softmax(f))),
            "`np.log1p(g)` is ln(1 + g). The loss has ln g: `log_softmax(f)`.",
        ),
        Mistake(
            "clipped probability",
            _clipped_target(1e-7),
            "Clipping gives the masked class a probability that it does not have, and the loss "
            "depends on the bound. Give the masked classes no share instead.",
            also=[
                _clipped_target(1e-5),
                _clipped_target(1e-6),
                _clipped_target(1e-8),
                _clipped_target(1e-9),
                _clipped_target(1e-10),
                _clipped_target(1e-12),
                _clipped_target(1e-15),
                _clipped_target(1e-16),
            ],
        ),
        Mistake(
            "low logit, share mended",
            _far_below_mended(-100.0),
            "The target is right; but a masked class is given a finite logit, and takes part of the "
            "probability. Leave −∞ as it is, and leave those classes out of the sum.",
            also=[
                _far_below_mended(-5.0),
                _far_below_mended(-10.0),
                _far_below_mended(-20.0),
                _far_below_mended(-50.0),
            ],
        ),
        Mistake(
            "label's part for every class",
            lambda f, label, a: -(a / np.isfinite(f).sum() + 1 - a)
                * np.where(np.isfinite(f), log_softmax(f), 0).sum(),
            "Every class gets the label's 1 − a. It belongs to the class `label` alone.",
        ),
    ],
    hints=[
        "Which classes may be answered? `allowed = np.isfinite(f)`. How many are there?",
        "Make the target with `y = np.where(allowed, a / allowed.sum(), 0)`, and add 1 − a at the label.",
        "0 · (−∞) is NaN in floating point: sum over `y[allowed]` and the logarithms of the allowed classes "
        "only.",
    ],
    solution="""
def smoothed_loss(f, label, a):
    allowed = np.isfinite(f)
    y = np.where(allowed, a / allowed.sum(), 0)
    y[label] += 1 - a
    z = f[allowed] - f.max()
    return -(y[allowed] * (z - np.log(np.exp(z).sum()))).sum()
""",
    from_scratch=False,
)

near_minus_110 = Prediction(
    name="near_minus_110",
    question="In float32 the logits (100, 101, 99) overflow: e^100 becomes ∞, and ∞/∞ is no number. Now take "
             "logits near −110. What does the formula e^(f_i) / Σ e^(f_j), as it stands, give?",
    options={
        "The right probabilities: only large numbers do harm.":
            "e^(−110) is about 10⁻⁴⁸, and the smallest positive float32 is about 10⁻⁴⁵. What is smaller "
            "than half of that is rounded to 0.",
        "NaN for every class.":
            "every exponential is rounded to 0, so is their sum, and 0/0 is not a number. Too small is as "
            "bad as too large.",
        "Zero for every class.":
            "the numerators are 0, right. But the denominator, their sum, is 0 as well.",
        "⅓ for every class: the differences are lost.":
            "that would need equal numbers that are not 0. Here all of them are 0, and 0/0 has no value.",
    },
    answer="NaN for every class.",
)  # fmt: skip

log_comes_late = Prediction(
    name="log_comes_late",
    question="The maximum is subtracted, so nothing overflows. The right class is 120 behind, and the loss "
             "is taken as −ln of its probability, in float32. What comes out?",
    options={
        "120: subtracting the maximum has made it safe.":
            "it has made *softmax* safe. The right class has the probability e^(−120) ≈ 10⁻⁵², too small "
            "for a float32: it is rounded to 0, rightly. But then comes the logarithm.",
        "NaN, because 0/0.":
            "the sum holds e⁰ = 1 of the largest logit, so it is never 0: subtracting the maximum cures "
            "that.",
        "∞":
            "the probability is rounded to 0, and −ln 0 = ∞. The exact loss, 120, is a harmless number: the "
            "logarithm came too late.",
        "About 103: minus the logarithm of the smallest float32.":
            "the probability is rounded to the nearest number, and that is 0, not the smallest positive one.",
    },
    answer="∞",
)  # fmt: skip

sure_and_right = Prediction(
    name="sure_and_right",
    question="Now the right class leads by 20, in float32. The exact loss is about 3·10⁻⁹, and float32 goes "
             "down to 10⁻³⁸ with all its digits. What does log-softmax with the maximum subtracted, "
             "ln Σ e^(f_j − c) − (f_ℓ − c) with c = max f, give?",
    options={
        "The loss with all 7 digits: 3·10⁻⁹ is far above 10⁻³⁸.":
            "float32 can *hold* 3·10⁻⁹. But on the way there is a sum with the 1 of the largest logit, and "
            "beside 1 only steps of 10⁻⁷ exist.",
        "The loss, with two or three digits left.":
            "that happens at a lead of about 10. At 20 the small term is a twentieth of half a step at 1.",
        "∞, as before.":
            "the probability is close to 1, not to 0, and its logarithm is close to 0.",
        "Exactly 0.":
            "1 + 3·10⁻⁹ is rounded to 1, and ln 1 = 0. Every digit is lost, although nothing overflowed or "
            "underflowed.",
    },
    answer="Exactly 0.",
)  # fmt: skip

first_to_zero = Prediction(
    name="first_to_zero",
    question="The right class leads by more and more. In which format does the loss of log-softmax read 0 "
             "first?",
    options={
        "bfloat16":
            "it has 8 significant bits: beside 1 it knows only steps of 2⁻⁷. Beyond a lead of 5.55 the loss "
            "is 0, from a probability of 0.996 on.",
        "float16, because its range is the smallest.":
            "its range is the smallest: exp overflows from 11.1 on. But what counts beside 1 is the number "
            "of digits, and there it has 11 bits against the 8 of bfloat16.",
        "bfloat16 and float32 together: exp overflows at the same place in both.":
            "they have the same range, because both keep 8 bits for the exponent. But float32 has 24 "
            "significant bits, and loses the loss at 16.6 only.",
        "All at the same lead: after the shift nothing can overflow.":
            "nothing overflows, true. The loss is lost by rounding 1 + e^(−lead), and formats differ in how "
            "many digits they have there.",
    },
    answer="bfloat16",
)  # fmt: skip
