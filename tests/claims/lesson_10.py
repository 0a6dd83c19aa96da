"""What must fail in the appendix on momentum: see `tests/claims/__init__.py`."""

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none

BEST = "helpers.momentum.best_parameters"
CONVERT = "helpers.optim.convert_momentum"

SABOTAGES: list[Sabotage] = [
    # 1 The borders of the regimes
    Sabotage("f0ff6694", "μ for its root in the lower border", ("> (1 - np.sqrt(mu))", "> (1 - mu)")),
    Sabotage("f0ff6694", "μ for its root in the size", ("np.sqrt(mu[rotating])", "mu[rotating]")),
    Sabotage("ff3a4daa", "the square forgotten", ("(1 - np.sqrt(eh)) ** 2", "1 - np.sqrt(eh)"),
             helper="helpers.momentum.critical_momentum"),
    # 2 Why no choice is better
    Sabotage("231da97b", "a bound that is a little too high",
             ("/ (np.sqrt(kappa) + 1)", "/ (np.sqrt(kappa) + 0.8)")),
    Sabotage("231da97b", "a wrong root", ("root = t**2 - 4 * d", "root = t**2 - 5 * d"),
             helper="helpers.momentum.spectral_radius"),
    Sabotage("231da97b", "the ε of plain descent", helper=BEST, replace=(
        "(2 / (np.sqrt(h_max) + np.sqrt(h_min))) ** 2", "2 / (h_max + h_min)"
    )),
    Sabotage("b7a10005", "a flat mark that does not share ε",
             ("np.array([1 / 100, 1.0])", "np.array([1 / 100, 0.99])"),
             claim=r"steep 0\.943; 3\.42 times"),
    Sabotage("70b43023", "the wrong sign", ("solves = k * (-rho)", "solves = k * rho")),
    Sabotage("70b43023", "r for 1 − r", ("(1 + (1 + rho) * k)", "(1 + rho * k)")),
    # 3 The floor of noise
    Sabotage("m3-floor", "1 + μ forgotten", ("eps * (1 + mu) /", "eps /")),
    Sabotage("m3-floor", "noise in u only", ("[e, -e]", "[e, 0]")),
    Sabotage("74ef0214", "ε left as it was", ("(0.01, 0.9)", "(0.1, 0.9)"), claim=r"h = 0\.01 0\.99899"),
    # 4 Nesterov's method
    Sabotage("b7a10009", "the gradient where θ is", ("ahead = theta - 0.1 * 0.9 * v", "ahead = theta")),
    Sabotage("b7a10009", "no look ahead", ("t -= lr * (g + momentum * v)", "t -= lr * v"),
             helper="helpers.optim.nesterov_step"),
    Sabotage("b7a10011", "a bound that is too high",
             ("np.sqrt(3 * kappa + 1)).all()", "np.sqrt(4 * kappa + 1)).all()")),
    Sabotage("b7a10011", "2κ for 3κ",
             ("np.sqrt(3 * h_max / h_min + 1)", "np.sqrt(2 * h_max / h_min + 1)"), helper=BEST),
    Sabotage("b7a10011", "a rate that none reaches",
             ("(root - 1) / (root + 1)", "(root - 1) / (root + 2)"), helper=BEST),
    Sabotage("b7a10013", "one parabola", ("25 * x if x < 1 else x + 24 if x < 2 else 25 * x - 24", "25 * x")),
    Sabotage("b7a10013", "far fewer steps", ("range(300)", "range(3)")),
    # 5 The conventions, converted
    Sabotage("45e73063", "limits a little too high", ("return 2 * (1 + mu)", "return 2.01 * (1 + mu)"),
             helper="helpers.momentum.stability_limit"),
    Sabotage("m5-convert", "the sign of the classical velocity",
             ("v = -v / lr", "v = v / lr"), helper=CONVERT),
    Sabotage("m5-convert", "the average's velocity kept", ("v / (1 - momentum)", "v"), helper=CONVERT),
    Sabotage("244c5533", "an average that begins with the gradient", ("np.zeros(2)", "h * start")),
    # 6 The curvature of a real loss
    Sabotage("d6f39bdb", "a place beside the lowest", ("5.713", "5.75")),
    Sabotage("m6-inputs", "scaled by the largest value",
             ("x / x.std(),", "x / x.max(),"), claim=r"κ = 53\.4"),
    Sabotage("c41d7e02", "half of the difference",
             ("2e-4", "4e-4"), helper="helpers.momentum.largest_curvature"),
    Sabotage("c41d7e02", "the bias forgotten", ("np.ones(len(pixels))", "np.zeros(len(pixels))")),
]  # fmt: skip
