"""What must fail in lesson 02: see `tests/claims/__init__.py`."""

import numpy as np

from helpers.probability import cross_entropy, entropy, kl_divergence
from tests.claims import Sabotage

KL = "helpers.probability.kl_divergence"
BITS = dict(helper="helpers.probability.entropy", replace=("np.log(np.where", "np.log2(np.where"))
SWAPPED = {KL: lambda p, q, axis=-1: kl_divergence(q, p, axis)}
H_OF_Q = {KL: lambda p, q, axis=-1: cross_entropy(p, q, axis) - entropy(q, axis)}
SOFTENED = {
    KL: lambda p, q, axis=-1: (np.asarray(p) * np.log((np.asarray(p) + 1e-12) / (np.asarray(q) + 1e-12))).sum(
        axis
    )
}

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
SABOTAGES: list[Sabotage] = [
    # 1 surprise and entropy
    Sabotage(
        "e27145be",
        "another falling function for the logarithm",
        replace=("-np.log(sun) - np.log(snow)", "2 - np.sqrt(sun) - np.sqrt(snow)"),
        claim=r"−ln p +one by one 5\.298, together 5\.298",
    ),
    Sabotage("53be8310", "entropy in bits", **BITS, claim=r"H\(p\) +: 1\.07"),
    Sabotage(
        "53be8310",
        "surprise of equally frequent days",
        replace=("size=100_000, p=p", "size=100_000"),
        claim=r"average over days: 1\.07",
    ),
    Sabotage(
        "c444621e",
        "0 ln 0 left to NumPy",
        helper="helpers.probability.entropy",
        replace=("np.where(p > 0, p, 1)", "p"),
        claim=r"0·ln 0 = 0: 0\.0",
    ),
    Sabotage("c444621e", "entropy in bits", **BITS, claim=r"uniform +: 1\.3863"),
    # 2 cross-entropy
    Sabotage("88034930", "days that follow q", replace=("p=p", "p=q"), claim=r"believer in q: 1\.20"),
    Sabotage(
        "88034930",
        "p and q swapped",
        replace=("cross_entropy(p, q)", "cross_entropy(q, p)"),
        claim=r": 1\.206",
    ),
    Sabotage("f84d8e59", "p and q swapped", patch=SWAPPED, claim=r"their sum  1\.2057"),
    Sabotage("f84d8e59", "the entropy of q subtracted", patch=H_OF_Q, claim=r"their sum  1\.2057"),
    Sabotage("25c0ffee", "the entropy of q subtracted", patch=H_OF_Q),
    Sabotage(
        "25c0ffee",
        "a belief that differs by a thousandth",
        replace=("kl_divergence(some_p, some_p)", "kl_divergence(some_p, near)"),
    ),
    Sabotage("25c0ffee", "entropy in bits", **BITS),
    # 3 the order
    Sabotage("65791b6f", "a small number added to both", patch=SOFTENED, claim=r"KL\(p‖bold\) inf"),
    Sabotage(
        "65791b6f",
        "a symmetric measure",
        patch={KL: lambda p, q, axis=-1: kl_divergence(p, q, axis) + kl_divergence(q, p, axis)},
        claim=r"0\.1363 KL\(q‖p\)    0\.2023",
    ),
    # 4 the NLL is a cross-entropy
    Sabotage(
        "ec8a5e8b",
        "one day left out",
        replace=("q_model[days]", "q_model[days[1:]]"),
        claim=r"day by day 1\.3906",
    ),
    Sabotage(
        "ec8a5e8b",
        "p and q swapped",
        replace=("cross_entropy(p_obs, q_model)", "cross_entropy(q_model, p_obs)"),
        claim=r"H\(p_obs, q\) +1\.3906",
    ),
    Sabotage(
        "ec8a5e8b",
        "grouped with the model's weights",
        replace=("p_obs * -np.log", "q_model * -np.log"),
        claim=r"grouped +1\.3906",
    ),
    Sabotage("ec8a5e8b", "the divergence the other way round", patch=SWAPPED, claim=r"\+ KL +1\.3906"),
    Sabotage(
        "c493f0da",
        "half of the days",
        replace=("categorical_log_likelihood(days,", "categorical_log_likelihood(days[:50],"),
    ),
    Sabotage(
        "c493f0da",
        "p and q swapped",
        replace=("cross_entropy(p_obs, q_of_a)", "cross_entropy(q_of_a, p_obs)"),
    ),
    Sabotage(
        "c493f0da",
        "p and q swapped",
        replace=("kl_divergence(p_obs, q_of_a)", "kl_divergence(q_of_a, p_obs)"),
    ),
    Sabotage(
        "c493f0da",
        "two outcomes of the model exchanged",
        at="270c29b4",
        replace=("(1 - a) * b, a * (1 - b)", "a * (1 - b), (1 - a) * b"),
    ),
    Sabotage("1d9a866e", "divided by one day less", replace=("nll / 100", "nll / 99")),
    Sabotage(
        "1d9a866e",
        "the divergence the other way round",
        replace=("kl_divergence(p_obs, model(t))", "kl_divergence(model(t), p_obs)"),
    ),
    Sabotage(
        "49aa0002",
        "the sample against itself",
        replace=("kl_divergence(nature, sample)", "kl_divergence(sample, sample)"),
        claim=r"KL\(nature‖q\) = 0\.01134",
    ),
    Sabotage("3e6bf253", "the mean again", replace=("fit(few, 0.1, np.sum)", "fit(few, 0.1, np.mean)")),
    Sabotage(
        "3e6bf253",
        "divided by N twice",
        replace=("0.1 / 50,", "0.1 / 50**2,"),
        claim=r"sum, ε = 0\.1/N : few 2\.0\d\d, many 2\.005",
    ),
    # 5 what a wrong belief costs
    Sabotage(
        "d4f64fe7",
        "a little on snow",
        replace=("0.20, 0.00]", "0.199, 0.001]"),
        claim=r"gains -inf a day; ln 4 − NLL/N -inf, expected -inf",
    ),
    Sabotage(
        "d4f64fe7",
        "a bookmaker who pays 3 for 1",
        replace=("np.log(4 * stakes", "np.log(3 * stakes"),
        claim=r"gains 0\.30\d a day; ln 4 − NLL/N 0\.30\d, expected 0\.30",
    ),
    Sabotage(
        "d4f64fe7",
        "p and q swapped",
        replace=("cross_entropy(p, stakes)", "cross_entropy(stakes, p)"),
        claim=r"gains 0\.30\d a day; ln 4 − NLL/N 0\.30\d, expected 0\.30",
    ),
    Sabotage(
        "fe040a36",
        "the cost of a dish not squared",
        replace=("((chosen - 1000 * told) ** 2)", "abs(chosen - 1000 * told)"),
        claim=r"cost  12688, by the formula  12200 more",
    ),
    Sabotage(
        "fe040a36",
        "the mean for the sum",
        replace=("((told - guests) ** 2).sum()", "((told - guests) ** 2).mean()"),
        claim=r"cost  12688, by the formula  12200 more",
    ),
    Sabotage("fe040a36", "a small number added to both", patch=SOFTENED, claim=r"KL inf"),
    Sabotage(
        "530c8ba1",
        "p and q swapped",
        replace=('"KL ": kl_divergence(p, mix)', '"KL ": kl_divergence(mix, p)'),
    ),
    Sabotage(
        "530c8ba1",
        "a poor forecast that is right on sun and cloud",
        replace=("np.array([0.20, 0.20, 0.50, 0.10])", "np.array([0.50, 0.30, 0.10, 0.10])"),
    ),
    # 6 one Gaussian for two humps
    Sabotage(
        "e0c3a59c",
        "averaged over q",
        at="e0c3a59b",
        replace=("(np.exp(log_p) * difference)", "(np.exp(log_q) * difference)"),
    ),
    Sabotage(
        "e0c3a59c",
        "averaged over p",
        at="e0c3a59b",
        replace=("-(np.exp(log_q) * difference)", "-(np.exp(log_p) * difference)"),
    ),
    # 7 densities
    Sabotage(
        "59a7c720",
        "the density without the width",
        replace=(" + np.log(width)", ""),
        claim=r"KL\(p_obs‖q\) 4\.521",
    ),
    Sabotage(
        "59a7c720",
        "all bins count alike",
        replace=("p_obs * (0 - centres)", "(0 - centres) / len(centres)"),
        claim=r"bins of   0\.1: .* slope in m -0\.11",
    ),
    Sabotage(
        "7d2d95d9",
        "the entropy of q",
        replace=("h, kl = -(np.exp(log_p) * log_p)", "h, kl = -(np.exp(log_q) * log_q)"),
        claim=r"together -0\.53",
    ),
    # 8 libraries
    Sabotage("b37a841e", "entropy in bits", **BITS),
    Sabotage("b37a841e", "p and q swapped", replace=("stats.entropy(p, q)", "stats.entropy(q, p)")),
    Sabotage(
        "b8b9daf1",
        "the mean over all entries",
        replace=('F.kl_div(beliefs.log(), truths, reduction="batchmean")', "F.kl_div(beliefs.log(), truths)"),
        claim=r"mended +: 0\.1214",
    ),
    Sabotage(
        "bbfff406", "twice the default", replace=("4 * F.kl_div", "2 * F.kl_div"), claim=r"times 4 +: 0\.1214"
    ),
    Sabotage(
        "bbfff406",
        "batchmean of a batch of one",
        replace=(
            'F.kl_div(one_q.log(), one_p, reduction="batchmean")',
            'F.kl_div(one_q.log()[None], one_p[None], reduction="batchmean")',
        ),
        claim=r"batchmean : 0\.0341",
    ),
    Sabotage(
        "62c25c70",
        "where the belief is positive",
        replace=("dry > 0", "belief >= 0"),
        claim=r"mended      : 0\.2245",
    ),
]
