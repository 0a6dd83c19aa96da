"""What must fail in lesson 01: see `tests/claims/__init__.py`."""

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
DENSITY = "helpers.probability.gaussian_log_density"
CATEGORICAL = "helpers.probability.categorical_log_likelihood"
SMOOTHED = ("np.bincount(rolls, minlength=6) / 60", "(np.bincount(rolls, minlength=6) + 1) / 66")
PRODUCT = (
    "p**heads * (1 - p) ** (5000 - heads)",
    "np.exp((heads * np.log(p) + (5000 - heads) * np.log(1 - p)) / 5000)",
)

SABOTAGES = [
    # 1 A coin
    Sabotage("fcf9a505", "heads and tails exchanged", replace=("x == 1", "x == 0")),
    Sabotage("3e4231f6", "a tail too many", replace=("3 * np.log", "4 * np.log"), claim=r"0\.7: \+0\.0000"),
    Sabotage("64bb3750", "mean for sum", replace=(".sum() for", ".mean() for")),
    Sabotage("64bb3750", "a head too few", replace=("p**7", "p**6")),
    Sabotage("ratio-of-coins", "the ratio of another coin", replace=("0.3**tails", "0.31**tails")),
    Sabotage("ratio-of-coins", "p = 0.7 is not asked", replace=("(0.5, 0.7)", "(0.5, 0.69)")),
    Sabotage("ac4178b8", "another coin", replace=("0.6", "0.5")),
    # 2 A die
    Sabotage("bfefa89f", "not a power", replace=("p**counts", "p * counts"), claim=r"7\.38e-41, .* 7\.38"),
    Sabotage("e32756cc", "never quite 0", helper=CATEGORICAL, replace=("p, 1)", "np.maximum(p, 1e-9), 1)"),
             claim="NLL inf"),
    Sabotage("e32756cc", "never quite 0", replace=("1e-9, 0)", "1e-9, 1e-12)"), claim="likelihood 0 "),
    Sabotage("6c63bc32", "one added to every count", replace=SMOOTHED),
    Sabotage("8737ec97", "one added to every count", replace=("=6) / 12", "=6) / 18 + 1 / 18"),
             claim="NLL of all 60  : inf"),
    # 3 A Gaussian
    Sabotage("a5688806", "twice the width", replace=("* 0.1:", "* 0.2:")),
    Sabotage("a5688806", "no 2π", helper=DENSITY, replace=("2 * np.pi", "np.pi"), claim="0.0153\nd.*0.0153"),
    Sabotage("3d203b24", "divided by N − 1", replace=("** 2).mean())", "** 2).sum() / 15)")),
    Sabotage("3d203b24", "the median", replace=("readings.mean()", "np.median(readings)")),
    # 4 The product fails, the sum does not
    Sabotage("03e772c2", "no underflow", replace=PRODUCT, claim="not 0: 0"),
    Sabotage("d6d43b85", "few tosses", replace=("many == 1", "many[:50] == 1"), claim="-inf"),
    # 5 Labels
    Sabotage("7f02e8c1", "never quite 0", replace=("[0.0]", "[1e-9]"), claim=r"product 0\Z"),
    Sabotage("7f02e8c1", "a smaller price", replace=("[0.01]", "[0.001]"), claim="0.00605\n.* 0.00914"),
    Sabotage("72a787db", "mean for product", replace=("right.prod()", "right.mean()")),
    Sabotage("7a3cd8ed", "mean for product", replace=("np.full(N, g).prod()", "np.full(N, g).mean()"),
             claim="of the product 0,"),
    # 6 to 9, for a second reading
    Sabotage("9eb03089", "rows that do not sum to 1", replace=("0.3 **", "0.4 **"), claim=r"sequences: 1\.0"),
    Sabotage("9eb03089", "Bayes' constant", replace=("p**7 *", "1320 * p**7 *"), claim=r"p    : 0\.0007"),
    Sabotage("5ae04a44", "s² for 2s²", replace=("2 * 1.5**2", "1.5**2"), claim=r"(21\.1905[ \]]){5}"),
    Sabotage("1e9b4072", "width is free", helper=DENSITY, replace=("np.log(scale)", "0 * np.log(scale)")),
    Sabotage("3a1a172e", "another unit", replace=("/ 1000", "/ 100"), claim="from N = 140 on"),
    Sabotage("28d98b9a", "the scale in another unit", replace=("m / 1000, s / 1000", "m / 1000, s / 100")),
]  # fmt: skip
