"""The exercises of lesson 01 with answers as learners write them, and the numbers in its predictions."""

import math

import numpy as np
import pytest
import scipy.stats

from helpers.exercises import lesson_01
from helpers.exercises.check import CORRECT, WRONG
from helpers.explorers.die_likelihood import ROLLS
from helpers.explorers.likelihood import READINGS

TOSSES = "tosses * np.log(p) + (1 - tosses) * np.log(1 - p)"
DENSITY = "d = np.exp(-((x - m) / s) ** 2 / 2) / (s * np.sqrt(2 * np.pi)); "
RIGHT = {
    "coin_nll": [
        f"return -({TOSSES}).sum()",
        "return -sum(math.log(p) if toss else math.log(1 - p) for toss in tosses)",
        "n = tosses.sum(); return -n * np.log(p) - (len(tosses) - n) * np.log(1 - p)",
    ],
    "fit_die": [
        "return np.array([np.mean(rolls == k) for k in range(K)])",
        "return [list(rolls).count(k) / len(rolls) for k in range(K)]",
        "return (rolls[:, None] == np.arange(K)).mean(axis=0)",
    ],
    "fit_gaussian": [
        "return np.mean(x), np.std(x)",
        "m = sum(x) / len(x); return [m, math.sqrt(sum((x - m) ** 2) / len(x))]",
        "return x.mean(), np.sqrt((x**2).mean() - x.mean() ** 2)",
    ],
    "gaussian_nll": [
        "return len(x) * np.log(s * np.sqrt(2 * np.pi)) + ((x - m) ** 2).sum() / (2 * s**2)",
        "return sum(((x - m) / s) ** 2 / 2 + math.log(s) + math.log(2 * math.pi) / 2)",
    ],
    "nll_of_examples": [
        "return -sum(np.log(g[n, labels[n]]) for n in range(len(labels)))",
        "y = np.eye(g.shape[1])[labels]; return -(y * np.log(g)).sum()",
        "return -np.log(np.take_along_axis(g, labels[:, None], 1)).sum()",
        "return -np.log(np.diagonal(g[:, labels])).sum()",
    ],
}
MISTAKEN = [
    ("coin_nll", "minus forgotten", f"return ({TOSSES}).sum()"),
    ("coin_nll", "mean for sum", "q = tosses.mean(); return -(q * np.log(p) + (1 - q) * np.log(1 - p))"),
    ("coin_nll", "logarithm of the product", "n = tosses.sum(); "
     "return -np.log(p**n * (1 - p) ** (len(tosses) - n))"),
    ("coin_nll", "heads and tails exchanged", "return -np.log(np.abs(tosses - p)).sum()"),
    ("coin_nll", "not added up", f"return -({TOSSES})"),
    ("coin_nll", "one of two signs", "return (-tosses * np.log(p) + (1 - tosses) * np.log(1 - p)).sum()"),
    ("fit_die", "faces that did not come left out", "return np.bincount(rolls) / np.bincount(rolls).sum()"),
    ("fit_die", "only the faces that came", "return np.array([np.mean(rolls == k) for k in set(rolls)])"),
    ("fit_die", "faces counted from 1", "return np.array([np.mean(rolls == k) for k in range(1, K + 1)])"),
    ("fit_gaussian", "divided by N − 1", "m = x.mean(); "
     "return m, np.sqrt(((x - m) ** 2).sum() / (len(x) - 1))"),
    ("fit_gaussian", "distances not averaged", "return x.mean(), np.sqrt((x - x.mean()) ** 2)"),
    ("gaussian_nll", "logarithm of the product", DENSITY + "return -np.log(d.prod())"),
    ("gaussian_nll", "logarithm of the product", DENSITY + "return -math.log(np.prod(d))"),
    ("gaussian_nll", "density that underflows", DENSITY + "return -np.log(d).sum()"),
    ("gaussian_nll", "minus forgotten", DENSITY + "return np.log(d).sum()"),
    ("gaussian_nll", "mean for sum", DENSITY + "return -np.log(d).mean()"),
    ("gaussian_nll", "sign of 2π", "d = np.exp(-((x - m) / s) ** 2 / 2) / s * np.sqrt(2 * np.pi); "
     "return -np.log(d).sum()"),
    ("gaussian_nll", "ln s and 2π only once",
     "return np.log(s) + np.log(2 * np.pi) / 2 + ((x - m) ** 2).sum() / (2 * s**2)"),
    ("coin_nll", "logarithm of the product", "product = 1\n    for toss in tosses:\n        "
     "product *= p if toss else 1 - p\n    return -math.log(product)"),
    ("nll_of_examples", "rows picked", "return -np.log(g[labels]).sum()"),
    ("nll_of_examples", "rows picked", "return -np.log(g[labels, np.arange(len(labels))]).sum()"),
    ("nll_of_examples", "columns picked for every row", "return -np.log(g[:, labels]).sum()"),
    ("nll_of_examples", "the largest probability",
     "return -np.log(g[np.arange(len(labels)), g.argmax(axis=1)]).sum()"),
    ("nll_of_examples", "logarithm of the product",
     "return -np.log(np.prod([row[k] for row, k in zip(g, labels)]))"),
]  # fmt: skip


def judged(name, source):
    exercise, space = getattr(lesson_01, name), {"np": np, "math": math}
    exec(f"def {name}({', '.join(exercise._arguments)}):\n    {source}", space)
    return exercise.judge(space[name])


@pytest.mark.parametrize(("name", "source"), [(name, one) for name, all_ in RIGHT.items() for one in all_])
def test_other_right_answers_are_right(name, source):
    verdict = judged(name, source)
    assert verdict.status == CORRECT, verdict.text


@pytest.mark.parametrize(("name", "mistake", "source"), MISTAKEN)
def test_an_answer_as_a_learner_writes_it_gets_the_advice_it_needs(name, mistake, source):
    verdict = judged(name, source)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake), verdict.text


def test_the_references_are_scipys():
    x, rng = READINGS[:40], np.random.default_rng(1)
    tosses, labels, g = rng.integers(2, size=30), rng.integers(4, size=30), rng.dirichlet(np.ones(4), size=30)
    bernoulli = scipy.stats.bernoulli.logpmf(tosses, 0.3).sum()
    assert lesson_01.coin_nll.reference(tosses, 0.3) == pytest.approx(-bernoulli)
    gaussian = scipy.stats.norm(1, 0.2).logpdf(x).sum()
    assert lesson_01.gaussian_nll.reference(x, 1.0, 0.2) == pytest.approx(-gaussian)
    assert lesson_01.fit_gaussian.reference(x) == pytest.approx(scipy.stats.norm.fit(x))
    each = [scipy.stats.multinomial.logpmf(np.eye(4)[k], 1, row) for k, row in zip(labels, g, strict=True)]
    assert lesson_01.nll_of_examples.reference(g, labels) == pytest.approx(-sum(each))


def test_the_numbers_in_the_predictions_are_those_of_the_data():
    def says(prediction, number):
        return number in f"{prediction.question} {prediction.options}"

    assert 0.7**7 * 0.3**3 > 2 * 0.5**10  # “more than twice as probable”
    assert says(lesson_01.die_one_zero, f"face 3, which came {np.bincount(ROLLS)[3]} times in 60")
    x = READINGS[:16]
    greatest = np.abs(x - x.mean()).max()
    assert says(lesson_01.gaussian_best_scale, f"that is {greatest:.1f} here, more than twice too wide")
    assert greatest > 2 * x.std()
    power = f"{10 ** (1200 * math.log10(0.5) % 1):.0f}·10^({math.floor(1200 * math.log10(0.5))})"
    assert says(lesson_01.product_of_coins, f"about {power}".replace("-", "−"))
    assert 0.5**1074 > 0 and 0.5**1075 == 0
    bold, modest = 0.99**9 * 0.01, 0.6**10
    assert says(lesson_01.paid_for, f"0.99⁹ · 0.01 = {bold:.5f}")
    assert says(lesson_01.paid_for, f"0.6¹⁰ = {modest:.5f}")
    assert says(lesson_01.paid_for, f"it gives the right class {(9 * 0.99 + 0.01) / 10:.2f}")
    assert bold / modest == pytest.approx(1.5, abs=0.02)  # “half as large again”
    assert says(lesson_01.one_reading, f"a single reading, {READINGS[0]}")
    assert says(lesson_01.one_reading, f"a density of {scipy.stats.norm.pdf(0, scale=1.5):.2f}")
