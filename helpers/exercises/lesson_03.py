"""Exercises and predictions of lesson 03, sigmoid and softmax."""
# ruff: noqa: N803 (T is the lesson's symbol for the temperature)

import numpy as np

from helpers.exercises.check import Exercise, Mistake, raises, sign_turned
from helpers.exercises.predict import Prediction
from helpers.softmax import log_softmax, sigmoid, softmax

LN2 = float(np.log(2))


def _row_sums(a: np.ndarray) -> np.ndarray:
    return a.sum(axis=1, keepdims=True)


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
            "sigmoid of each entry",
            sigmoid,
            "That is the sigmoid of each logit by itself; the rows do not sum to 1. In softmax the "
            "classes compete: the denominator is the sum of e^f over all classes of the row.",
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

two_classes = Exercise(
    name="two_classes",
    reference=lambda d: sigmoid(d),
    cases=[(0.0,), (1.0,), (-2.0,), (np.array([-3.0, 0.0, 0.5, 3.0]),)],
    shown="With two classes only the difference of the logits counts, and softmax is the sigmoid of it.",
    mistakes=[
        Mistake(
            "sign turned",
            lambda d: 1 / (1 + np.exp(d)),
            "That is the probability of class 1: it falls as d = f₀ − f₁ grows. For class 0 the exponent "
            "is −d: dividing e^f₀ / (e^f₀ + e^f₁) by e^f₀ leaves e^(f₁ − f₀) = e^(−d) below.",
        ),
        Mistake(
            "numerator and denominator mixed",
            lambda d: np.exp(d) / (1 + np.exp(-d)),
            "You mix the two forms of the sigmoid. It is e^d / (1 + e^d), or, after dividing both by e^d, "
            "1 / (1 + e^(−d)): not one part of each.",
        ),
        Mistake(
            "brackets forgotten",
            lambda d: 1 / 1 + np.exp(-d),
            "Python divides before it adds: `1 / 1 + np.exp(-d)` is 1 + e^(−d). Put the denominator in "
            "brackets.",
        ),
        Mistake(
            "tanh",
            np.tanh,
            "That is tanh, which runs from −1 to 1. A probability runs from 0 to 1: σ(d) = (1 + "
            "tanh(d/2)) / 2.",
        ),
        Mistake(
            "difference halved",
            lambda d: sigmoid(d / 2),
            "Your curve is half as steep as it should be: you use d/2. Nothing is averaged here: the "
            "exponent is the whole difference d = f₀ − f₁.",
        ),
        Mistake(
            "difference doubled",
            lambda d: (1 + np.tanh(d)) / 2,
            "Your curve is twice as steep as it should be: that is σ(2d). With tanh it is (1 + tanh(d/2)) "
            "/ 2; and do not count the difference twice, as softmax of (d, −d) does.",
        ),
        Mistake(
            "odds for probability",
            np.exp,
            "e^d is the odds g₀/g₁, which grow without limit. The probability is odds / (1 + odds).",
        ),
        Mistake(
            "exponential forgotten",
            lambda d: d / (1 + d),
            "You turn d into odds / (1 + odds) as if d were the odds. d is their logarithm: the odds are "
            "e^d.",
        ),
        Mistake(
            "both classes",
            lambda d: np.array([sigmoid(d), sigmoid(-d)]),
            "You return the probabilities of both classes. Only class 0 is asked for: the other is 1 "
            "minus it.",
            when=lambda got, expected: np.size(got.value) == 2 * np.size(expected.value),
        ),
    ],
    hints=[
        "Write $g_0 = e^{f_0} / (e^{f_0} + e^{f_1})$ and divide numerator and denominator by $e^{f_0}$.",
        "What is left is $1 / (1 + e^{f_1 - f_0})$. Express $f_1 - f_0$ by $d$.",
    ],
    solution="""
def two_classes(d):
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
    shown="T divides every difference of logits: T > 1 levels the distribution, T < 1 sharpens it, the "
          "order stays.",
    mistakes=[
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
            "T has no effect on your result. If you divide the probabilities (or e^f) by T and normalise, "
            "or subtract T from every logit, it cancels. Divide the logits by T, before the exponential.",
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
            "T stands in the numerator only, so the result does not sum to 1. Use f/T in the denominator, "
            "too.",
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
        (np.array([0.0, 0.0]), 0, 2.0),
        (np.array([1.0, 2.0, 3.0]), 1, 10.0),
        (np.array([1.0, 2.0, 3.0]), 1, 0.5),
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
            "Multiplying by the factor adds factor − 1 times the odds to the odds; but what you change is "
            "the logit, their logarithm. (For factors near 1 the two nearly agree: ln(1 + x) ≈ x.)",
        ),
        Mistake(
            "shared among the classes",
            lambda f, i, factor: factor / len(f),
            "You share the factor among the K classes. Adding to f_i changes the odds against each other "
            "class by the same factor at once, so K plays no part; and a factor of the odds is a "
            "logarithm in the logit.",
        ),
        Mistake(
            "logarithm shared among the classes",
            lambda f, i, factor: np.log(factor) / len(f),
            "The logarithm is right, dividing it by K is not: adding to f_i changes the odds against each "
            "other class by the same factor at once.",
        ),
        Mistake(
            "exponential for logarithm",
            lambda f, i, factor: np.exp(factor),
            "You take the exponential of the factor; the other way round. The odds are the exponential of "
            "a difference of logits, so the step in the logit is the logarithm of the factor.",
        ),
        Mistake(
            "sign turned",
            lambda f, i, factor: -np.log(factor),
            "The sign is turned: this divides the odds by the factor. Greater odds for i need a greater f_i.",
        ),
        Mistake(
            "logit multiplied",
            lambda f, i, factor: f[i] * (factor - 1),
            "You multiply the logit by the factor. The odds are e^(f_i − f_j): to multiply them, add to f_i.",
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


nll = Exercise(
    name="nll",
    reference=lambda f, label: -log_softmax(f)[label],
    cases=[
        (np.array([0.0, 0.0]), 0),
        (np.array([1.0, 0.0]), 1),
        (np.array([1.0, 2.0, 0.0]), 0),
        (np.array([1.0, 2.0, 0.0]), 1),
        (np.array([0.0, 1000.0]), 0),
        (np.array([0.0, 1000.0]), 1),
        (np.array([-1001.0, -1000.0]), 0),
    ],
    shown="The loss is ln Σ e^f − f_ℓ; from logits, without a probability in between, it is right at any "
          "size of them.",
    mistakes=[
        Mistake(
            "minus forgotten",
            lambda f, label: log_softmax(f)[label],
            "The sign is turned: the logarithm of a probability is negative. The loss is minus that, so "
            "that it is 0 for a perfect prediction and grows as the prediction gets worse.",
            when=sign_turned,
        ),
        Mistake(
            "logarithm after softmax",
            lambda f, label: -np.log(softmax(f)[label]),
            "Right for moderate logits. But at a gap of 1000 the probability e^(−1000) is rounded to 0 "
            "and its logarithm is infinite, although the loss is simply 1000. Take the logarithm by hand "
            "first: ln g_ℓ = (f_ℓ − c) − ln Σ e^(f_j − c), with c the largest logit.",
        ),
        Mistake(
            "a small number added",
            lambda f, label: -np.log(softmax(f)[label] + 1e-12),
            "Adding a small number before the logarithm hides the infinity but puts a ceiling on the "
            "loss: here 1000 comes out as less than 200. Take the logarithm by hand instead: ln g_ℓ = "
            "(f_ℓ − c) − ln Σ e^(f_j − c), with c the largest logit.",
            when=lambda got, expected: expected.value == 1000 and 5 < got.value < 200,
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
            lambda f, label: np.log(np.exp(f).sum()) - f[label],
            "The formula ln Σ e^f − f_ℓ is right, but e^1000 is too large for a float, and e^(−1000) is "
            "rounded to 0. Subtract the largest logit from all of them first: the loss stays the same.",
        ),
        Mistake(
            "shifted in the sum only",
            lambda f, label: np.log(np.exp(f - f.max()).sum()) - f[label],
            "You subtract the largest logit c inside the sum, but f_ℓ stays as it was. The shift cancels "
            "only if it is made in both: ln Σ e^(f_j − c) − (f_ℓ − c).",
        ),
        Mistake(
            "base 2",
            lambda f, label: -log_softmax(f)[label] / LN2,
            "That is the loss in bits: you use the logarithm to base 2. Here it is the natural one, "
            "`np.log`.",
        ),
        Mistake(
            "base 10",
            lambda f, label: -log_softmax(f)[label] / np.log(10),
            "You use the logarithm to base 10. Here it is the natural one, `np.log`.",
        ),
        Mistake(
            "the largest probability",
            lambda f, label: -log_softmax(f).max(),
            "You take the largest probability, whichever class it belongs to; the label plays no part, "
            "and a confident wrong answer costs nothing. The loss looks at the probability of the true "
            "class: index `label`.",
        ),
        Mistake(
            "one minus the probability",
            lambda f, label: 1 - softmax(f)[label],
            "That is 1 − g_ℓ. It is never more than 1, however confidently wrong the model is. The loss "
            "is −ln g_ℓ, which has no upper limit.",
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
            "You add up −ln g over all classes. Only the class that is true counts: index `label`.",
        ),
        Mistake(
            "label not picked",
            lambda f, label: -log_softmax(f),
            "You return one number for each class. The loss of one example is one number, that of the "
            "true class: index `label`.",
            when=lambda got, expected: np.ndim(got.value) == 1,
        ),
        Mistake(
            "logit for log-probability",
            lambda f, label: -f[label],
            "That is −f_ℓ. A logit is a log-probability only up to a constant: ln Σ e^f is missing.",
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
    question="You add 1000 to every logit. What happens to the probabilities?",
    options={
        "Nothing: they stay exactly as they were.":
            "every e^f gets the same factor e^1000, above and below the fraction line, and it cancels. "
            "Only differences of logits count.",
        "They all become nearly equal: beside 1000 the old differences hardly matter.":
            "that would be so if softmax looked at ratios of logits. It looks at differences, and those "
            "have not changed.",
        "The largest takes almost everything, because e^1000 is gigantic.":
            "every e^f becomes gigantic in the same proportion, the small ones too, so no class gains on "
            "another.",
        "They become NaN, because e^1000 overflows.":
            "that happens to a program that computes e^1000, as you will see in lesson 06, but not to "
            "softmax itself. A good program subtracts the largest logit first, which the same "
            "cancellation allows.",
    },
    answer="Nothing: they stay exactly as they were.",
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
            "they sum to 1 at every T. That would be dividing e^f by T without normalising again.",
        "T → 0: all on the largest logit. T → ∞: all classes equal.":
            "the differences (f_i − f_j)/T grow without limit as T → 0 and vanish as T → ∞. (If two "
            "logits tie for the largest, they share equally, at any T.)",
    },
    answer="T → 0: all on the largest logit. T → ∞: all classes equal.",
)  # fmt: skip

one_more = Prediction(
    name="one_more",
    question="You raise one logit by 1 and leave the others. What is multiplied by e ≈ 2.718?",
    options={
        "The probability of that class.":
            "a probability of 0.5 cannot become 1.36. The numerator gets the factor e, but the "
            "denominator grows, too. Only for a very small probability is it nearly a factor e.",
        "The odds of that class against every other class.":
            "g_i/g_j = e^(f_i − f_j), and f_i − f_j has grown by 1, whichever j you look at.",
        "The odds of that class against the largest other one only.":
            "the difference f_i − f_j grows by 1 for every j, so the odds against each other class get "
            "the same factor.",
        "The odds between any two classes.":
            "between two of the other classes nothing changes: both lose the same share of their "
            "probability, so their ratio stays.",
    },
    answer="The odds of that class against every other class.",
)  # fmt: skip
