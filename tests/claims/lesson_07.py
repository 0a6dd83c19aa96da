"""What must fail in lesson 07: see `tests/claims/__init__.py`."""

from helpers import optim
from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none

STEP = "helpers.optim.sgd_momentum_step"
AVERAGE = {"helper": STEP, "replace": ("v += g", "v += (1 - momentum) * g")}
NO_LOOK_AHEAD = {
    "helper": "helpers.optim.nesterov_step",
    "replace": ("t -= lr * (g + momentum * v)", "t -= lr * v"),
}
WRONG_TRACE = {
    "helper": "helpers.momentum.iteration_matrix",
    "replace": ("1 - (1 + ahead) * eh", "1 + mu - (1 + ahead) * eh"),
}

SABOTAGES: list[Sabotage] = [
    # 1 One parabola
    Sabotage("5b67744b", "half of the slope", ("x -= eps * h * x", "x -= eps * h * x / 2")),
    Sabotage("62484fe9", "the slope of a parabola", ("0.4 * np.sign(x)", "0.4 * x")),
    # 2 A long valley
    Sabotage("13874077", "the diagonal in place of the matrix",
             ("1.5 * A @ theta", "1.5 * np.diag(A) * theta")),
    Sabotage("13874077", "the curvatures swapped", ("1.5 * h) ** 10", "1.5 * h[::-1]) ** 10")),
    Sabotage("2fc0b112", "a rate that is too slow", ("(kappa - 1) / (kappa", "kappa / (kappa")),
    Sabotage("2fc0b112", "a rate that none reaches", ("/ (kappa + 1)", "/ (kappa + 3)")),
    # 3 Momentum
    Sabotage("27841c67", "an average for a sum", **AVERAGE),
    Sabotage("27841c67", "a velocity that forgets nothing", ("v *= momentum", "v *= 1"), helper=STEP),
    Sabotage("27841c67", "decay of the wrong sign", ("v += weight_decay", "v -= weight_decay"), helper=STEP),
    Sabotage("31fedb74", "an average for a sum", claim=r"0\.8: .* 1\.8e-10", **AVERAGE),
    Sabotage("31fedb74", "no memory", ("v *= momentum", "v *= 0"), helper=STEP, claim=r"0\.97: .* 1\.7e-02"),
    Sabotage("899a551b", "an average for a sum", **AVERAGE),
    Sabotage("899a551b", "the oldest gradient counts most", ("np.arange(29, -1, -1)", "np.arange(30)")),
    Sabotage("899a551b", "weights that begin with μ", ("np.arange(1000)", "np.arange(1, 1001)")),
    Sabotage("e088048c", "an average for a sum", claim=r"1000: moved by 0\.1000", **AVERAGE),
    # 4 Where momentum diverges
    Sabotage("5f9d28ab", "one step less", ("matrix_power(M, 25)", "matrix_power(M, 24)")),
    Sabotage("5f9d28ab", "a wrong trace", **WRONG_TRACE),
    Sabotage("c6e7e161", "a wrong trace", claim=r"flipping  eigenvalues \[-0\.276 -0\.724\]", **WRONG_TRACE),
    Sabotage("f0ff6694", "a limit that is a little too low", ("2 + 2 * mu)", "2 + 1.95 * mu)")),
    Sabotage("f0ff6694", "a wrong trace", **WRONG_TRACE),
    # 5 The best ε and μ
    Sabotage("12296e61", "μ not squared", ("1.0]), mu)", "1.0]), rho)")),
    Sabotage("12296e61", "the ε of plain descent", patch={
        "helpers.momentum.best_parameters": lambda low, high: (2 / (low + high), 0.67, 0.82)
    }),
    # 6 Noise
    Sabotage("1359244b", "noise of another size", ("0.3 * noise", "0.33 * noise")),
    Sabotage("1359244b", "the velocity as an average", ("v = mu * v + h", "v = mu * v + (1 - mu) * h")),
    Sabotage("b7a10007", "ε left as it was", ("(1.0, 0.9)", "(10.0, 0.9)"), claim=r"across h = 1 0\.949"),
    Sabotage("s7-fit", "noise that does not vanish", (
        "* a[i]\n", "* a[i] + 1e-3 * rng.standard_normal(40)\n"
    )),
    Sabotage("s7-fit", "fewer equations than unknowns", ("(80, 0.02), (80, 0.01)", "(8, 0.02), (8, 0.01)")),
    # 7 The conventions
    Sabotage("fda060f6", "the classical ε a tenth too small", ("v -= lr", "v -= 0.9 * lr"),
             helper="helpers.optim.classical_momentum_step"),
    Sabotage("fda060f6", "the average's ε not converted", ("[0.1 / (1 - 0.9)]", "[0.1]")),
    Sabotage("fda060f6", "no look ahead", **NO_LOOK_AHEAD),
    Sabotage("cafabecf", "ε outside the velocity", claim=r"classical: .* \[0\.0681 0\.0621\]",
             patch={"helpers.optim.classical_momentum_step": optim.sgd_momentum_step}),
    Sabotage("cafabecf", "the average's ε not converted", ("rates / (1 - 0.9)", "rates"),
             claim=r"averaged : last long step 0\.0748, the next two \[0\.0077"),
    Sabotage("eee28421", "an average for a sum", **AVERAGE),
    Sabotage("eee28421", "no look ahead", **NO_LOOK_AHEAD),
    # 8 A real loss
    Sabotage("s7-rates", "scaled only, not centred", ("2.82", "53.4")),
    Sabotage("5ab950b1", "half of the difference", ("2e-4", "4e-4"), claim=r"2\.9, 7\.8, 1\.3, 0\.74",
             helper="helpers.momentum.largest_curvature"),
    Sabotage("5ab950b1", "an average for a sum", claim=r"μ = 0\.9: loss 0\.086", **AVERAGE),
]  # fmt: skip
