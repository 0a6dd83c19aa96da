"""What must fail in lesson 03: see `tests/claims/__init__.py`."""

import numpy as np

from helpers.softmax import sigmoid, softmax
from tests.claims import Sabotage

SOFTMAX, LOG_SOFTMAX = "helpers.softmax.softmax", "helpers.softmax.log_softmax"
TWO_TO_THE = dict(helper=SOFTMAX, replace=("np.exp(f - c)", "np.exp2(f - c)"))
ONE_SUM = dict(helper=SOFTMAX, replace=("sum_along(e, axis, keepdims=True)", "e.sum()"))
NO_SHIFT = dict(helper=SOFTMAX, replace=("np.exp(f - c)", "np.exp(f)"))
TURNED = {SOFTMAX: lambda f, axis=-1: softmax(-np.asarray(f), axis)}
DIVIDED = {SOFTMAX: lambda f, axis=-1: f / np.sum(f, axis, keepdims=True)}
SIGMOIDS = {SOFTMAX: lambda f, axis=-1: sigmoid(f)}
SQUARES = {SOFTMAX: lambda f, axis=-1: np.square(f) / np.square(f).sum(axis, keepdims=True)}
CENTRED = {LOG_SOFTMAX: lambda f, axis=-1: f - np.mean(f, axis, keepdims=True)}
AFTERWARDS = {LOG_SOFTMAX: lambda f, axis=-1: np.log(softmax(f, axis) + 1e-300)}
LOPSIDED = {"helpers.softmax.sigmoid": lambda x: 1 - np.exp(-np.exp(x))}  # from 0 to 1, too
TANH = {"helpers.softmax.sigmoid": lambda x: (1 + np.tanh(x)) / 2}  # as symmetric as the sigmoid
FLOORED = {SOFTMAX: lambda f, axis=-1: np.maximum(softmax(f, axis), 1e-300)}

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
SABOTAGES: list[Sabotage] = [
    # 1 two classes
    Sabotage(
        "b1e50001", "the prior forgotten", replace=("prior * clue_a", "clue_a"), claim=r"by Bayes 0\.9445"
    ),
    Sabotage(
        "b1e50001",
        "clues that are not independent",
        replace=("clue_a * clue_b", "np.minimum(clue_a, clue_b)"),
        claim=r"by Bayes 0\.9445",
    ),
    Sabotage(
        "b1e50001",
        "a clue the other way round",
        replace=("clue_b[0] / clue_b[1]", "clue_b[1] / clue_b[0]"),
        claim=r"added 0\.9445",
    ),
    Sabotage(
        "b1e50003",
        "one at least shows 1, for: they differ",
        replace=("coins[:, 0] != coins[:, 1]", "coins.any(axis=1)"),
        claim=r"first shows 1 +0\.5",
    ),
    Sabotage(
        "b1e50003",
        "both show 1, for: they differ",
        replace=("coins[:, 0] != coins[:, 1]", "coins.all(axis=1)"),
        claim=r"both show 1 +0\.0",
    ),
    Sabotage("d1fcd08f", "another way from the line to 0…1", patch=LOPSIDED),
    Sabotage(
        "d1fcd08f",
        "the hyperbolic tangent",
        patch=TANH,
        claim=r"odds +\[0\.1353 0\.3679 1\. +2\.7183 7\.3891\]",
    ),
    # 2 more classes
    Sabotage(
        "a2d1c482",
        "numbers that share one sum",
        patch={"helpers.softmax.sigmoid": softmax},
        claim=r"sum 3\.0033",
    ),
    Sabotage("d8caa2d0", "2ˣ for eˣ", **TWO_TO_THE),
    Sabotage("d8caa2d0", "the sign turned", patch=TURNED),
    Sabotage("992ec54a", "no exponential", patch=DIVIDED),
    Sabotage("992ec54a", "one sum for all rows", **ONE_SUM),
    Sabotage("4f8c5494", "2ˣ for eˣ", **TWO_TO_THE),
    Sabotage("4f8c5494", "each logit alone", patch=SIGMOIDS),
    # 3 one more
    Sabotage(
        "fd26201b", "2ˣ for eˣ", **TWO_TO_THE, claim=r"each, × +: \[2\.7183 1\. +2\.7183 2\.7183 2\.7183\]"
    ),
    Sabotage("fd26201b", "2ˣ for eˣ", **TWO_TO_THE, claim=r"against all, × +: 2\.7183"),
    Sabotage(
        "fd26201b",
        "sigmoids that do not share",
        patch=SIGMOIDS,
        claim=r"×: \[0\.5083 0\.5083 0\.5083 0\.5083\]",
    ),
    Sabotage("fd26201b", "2ˣ for eˣ", **TWO_TO_THE, claim=r"ln\(g/g₀\) +: \[ 0\.   1\.  -1\.  -2\.  -0\.5\]"),
    # 4 the logarithm
    Sabotage("03129c7b", "the sign turned", patch=TURNED),
    Sabotage(
        "03129c7b", "the mean subtracted", patch=CENTRED, claim=r"\[2\.5744 2\.5744 2\.5744 2\.5744 2\.5744\]"
    ),
    Sabotage("03772e3e", "a small number put in place of 0", patch=FLOORED),
    Sabotage(
        "03772e3e", "the logarithm taken afterwards", patch=AFTERWARDS, claim=r"log-probability +: -800\.0"
    ),
    # 5 a common shift
    Sabotage("9cc63a8e", "ln(1 + e^f)", replace=("np.exp,", "lambda x: np.log1p(np.exp(x)),")),
    Sabotage("9cc63a8e", "2^f, which is shifted as well as e^f", replace=("np.square", "np.exp2")),
    Sabotage("5b1f0001", "each logit alone", patch=SIGMOIDS),
    Sabotage("5b1f0001", "each logit alone", patch=SIGMOIDS, claim=r"change something: 4"),
    Sabotage("24ecb359", "the largest logit not subtracted", **NO_SHIFT),
    Sabotage("24ecb359", "squares", patch=SQUARES),
    Sabotage(
        "24ecb359",
        "the naive one mended",
        patch={"helpers.softmax.naive_softmax": softmax},
        claim=r"nan nan nan nan nan",
    ),
    # 6 temperature
    Sabotage("03de2515", "the sign turned", patch=TURNED, claim=r"T =  0\.125 \[0\.0003 0\.9997"),
    Sabotage(
        "03de2515",
        "squares, which T leaves as they are",
        patch=SQUARES,
        claim=r"T =   1000 \[0\.2001 0\.2003",
    ),
    Sabotage(
        "03de2515",
        "entropy in bits",
        helper="helpers.probability.entropy",
        replace=("np.log(np.where", "np.log2(np.where"),
        claim=r"entropy 1\.6094",
    ),
    # 7 the loss
    Sabotage(
        "9ac8b502", "one-hot at another class", replace=("-(np.eye(5)[labels]", "-(np.eye(5)[::-1][labels]")
    ),
    Sabotage(
        "9ac8b502", "smoothed labels", replace=("-(np.eye(5)[labels]", "-(0.9 * np.eye(5)[labels] + 0.02")
    ),
    Sabotage(
        "f43bcdbe",
        "shared with the right class, too",
        replace=("/ (K - 1)", "/ K"),
        claim=r"K = 10, .*\[1\.089  1\.1111\]",
    ),
    Sabotage(
        "f43bcdbe",
        "the mean over two classes",
        replace=("2 * (1 - g_label)", "(1 - g_label)"),
        claim=r"one class +: \[1\.9602 2\. +\]",
    ),
    Sabotage("f43bcdbe", "base 2", replace=("-np.log(", "-np.log2("), claim=r"\[ 4\.6052 13\.8155\]"),
    # 8 calibration
    Sabotage(
        "16f67edd",
        "a nature that shouts, too",
        replace=("in softmax(nature)]", "in softmax(3 * nature)]"),
        claim=r"right decisions +: 0\.47",
    ),
    Sabotage(
        "16f67edd", "no shouting", replace=("softmax(3 * nature)", "softmax(nature)"), claim=r"loud +: 0\.75"
    ),
]
