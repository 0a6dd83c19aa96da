"""What must fail in lesson 05: see `tests/claims/__init__.py`."""

import numpy as np

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
LINEAR = {"helpers.softmax.softmax": lambda f, axis=-1: (1 + np.asarray(f)) / 7}
TWO_TO_THE = {"helper": "helpers.softmax.softmax", "replace": ("np.exp(f - c)", "np.exp2(f - c)")}
SABOTAGES: list[Sabotage] = [
    # 1: the Jacobian, line by line
    Sabotage(
        "5bdd98b6",
        "the square of the denominator forgotten",
        replace=("/ S**2", "/ S"),
        claim=r"(\[0.1848 0.2227 0.0819\]\s*){3}",
    ),
    Sabotage(
        "5bdd98b6",
        "1 for the numerator forgotten",
        replace=("print(g * (1 - g))", "print(g - g * (1 - g))"),
        claim=r"(\[0.1848 0.2227 0.0819\]\s*){3}",
    ),
    Sabotage(
        "3a17de02", "the sign turned", replace=("-g[1] * g[0]", "g[1] * g[0]"), claim=r"(-0.1628\s*){2}"
    ),
    Sabotage("2bd67293", "plus off the diagonal", replace=("- np.outer(g, g)", "+ np.outer(g, g)")),
    Sabotage("2bd67293", "2ˣ for eˣ", **TWO_TO_THE),
    Sabotage(
        "2bd67293",
        "helpers with the sign turned",
        helper="helpers.gradients.softmax_jacobian",
        replace=("-g[..., :, None]", "g[..., :, None]"),
    ),
    Sabotage(
        "589e3760",
        "one weight for each class",
        replace=("(softmax, f)", "(lambda f: softmax(f) * [1, 2, 3], f)"),
    ),
    Sabotage("589e3760", "each sigmoid for itself", replace=("(softmax, f)", "(sigmoid, f)")),
    # 2: the long road
    Sabotage(
        "af5d8279",
        "the other classes left out",
        replace=("sum(y[j] / g[j] * g[j] * g[i] for j in rest)", "0"),
        claim=r"\[0.6652 0.6652 0.6652",
    ),
    Sabotage(
        "af5d8279",
        "only the diagonal",
        replace=("for j in range(3))", "for j in [i])"),
        claim=r"\[0.6652 0.6652 0.6652",
    ),
    Sabotage("eb0dccdf", "only the diagonal", replace=("softmax_jacobian(f) @", "g * (1 - g) *")),
    Sabotage(
        "eb0dccdf",
        "a row of J without its g",
        helper="helpers.gradients.softmax_jacobian",
        replace=("-jacobian.sum(axis=-1)", "g"),
    ),
    Sabotage("61dd8dfc", "the target taken as one-hot", replace=("g - soft,", "g - y,")),
    Sabotage("61dd8dfc", "a target that does not sum to 1", replace=("0.15, 0.05", "0.25, 0.05")),
    # 3: the direct road
    Sabotage(
        "5f6f3292", "a loss of log₁₀", replace=("np.log(", "np.log10("), claim=r"1.4076 is the loss 1.4076"
    ),
    Sabotage(
        "56f12305",
        "softmax of the double",
        at="75ed8eea",
        replace=("= softmax(f), one", "= softmax(2 * f), one"),
    ),
    Sabotage(
        "40f5cca1",
        "a label that is not behind",
        replace=("[0.0, 800.0, 700.0]", "[0.0, 8.0, 7.0]"),
        claim=r"nan nan nan",
    ),
    Sabotage("5504e96d", "the mean forgotten", replace=(" / len(batch)", "")),
    Sabotage(
        "5504e96d",
        "helpers with 2ˣ",
        helper="helpers.losses.cross_entropy_value_and_grad",
        replace=("np.exp(e, out=e)", "np.exp2(e, out=e)"),
    ),
    # 4: steps and bounds
    Sabotage("b4bfc287", "a step up", replace=("f - lr", "f + lr")),
    Sabotage("8665962e", "softmax over the batch", replace=("softmax(random)", "softmax(random, axis=0)")),
    Sabotage("8665962e", "logits minus target", replace=("softmax(random)", "random")),
    Sabotage(
        "8665962e", "log-probabilities minus target", replace=("softmax(random)", "log_softmax(random)")
    ),
    Sabotage(
        "ddb45080", "steps so long that the float gives up", replace=("1.0 * (softmax", "1000.0 * (softmax")
    ),
    # 5: saturation
    Sabotage(
        "eee6a9ad", "the slope of the sigmoid halved", replace=('unit * (1 - unit), "m', '(1 - unit), "m')
    ),
    Sabotage(
        "234535d2",
        "no Jacobian: nothing saturates",
        replace=("2 * softmax_jacobian(f) @", "2 *"),
        claim=r"over ½ after 3\d\d\d steps",
    ),
    Sabotage(
        "234535d2",
        "a start that is not badly wrong",
        replace=("-6.0, 6.0, 0.0", "-1.0, 1.0, 0.0"),
        claim=r"over ½ after 3\d\d\d steps",
    ),
    Sabotage(
        "451ffec5",
        "a sigmoid on the way",
        replace=("0.5 * ((out - wanted)", "0.5 * ((sigmoid(out) - wanted)"),
    ),
    # 6: linear in g, weights
    Sabotage("eebe2d95", "a softmax that is linear in f", patch=LINEAR),
    Sabotage(
        "eebe2d95",
        "halfway the wrong way",
        replace=("(softmax(a) + softmax(b)) / 2", "(softmax(a) - softmax(b)) / 2"),
    ),
    Sabotage(
        "e71239c6", "the input forgotten", replace=("np.outer(error, x)", "np.outer(error, x**0)")
    ),
    Sabotage("e71239c6", "inputs that are not scaled", replace=("scale * x", "x"), claim=r"672\.15"),
    # 7: the Hessian
    Sabotage(
        "849b7d9c",
        "the Hessian of another softmax",
        replace=("lambda f: softmax(f) - y", "lambda f: softmax(2 * f) - y"),
    ),
    Sabotage("849b7d9c", "equal weights", replace=("aweights=g, ", "")),
    Sabotage("849b7d9c", "2ˣ for eˣ", **TWO_TO_THE),
    Sabotage(
        "23f4d3e5",
        "a positive sign off the diagonal",
        helper="helpers.gradients.softmax_jacobian",
        replace=("-g[..., :, None]", "g[..., :, None]"),
    ),
    Sabotage("23f4d3e5", "a bound of a tenth", replace=("(change <= 0.5", "(change <= 0.1")),
    # 8: what is not promised
    Sabotage(
        "ad02fbaa", "no sigmoid inside", replace=("[sigmoid(a), 0.0]", "[a, 0.0]"), claim=r"at a: -0.0002"
    ),
    Sabotage("391870d4", "one layer", replace=("w * w", "w"), claim=r"-2.0: loss 0.0181"),
    Sabotage("c9a236c0", "right labels only", replace=("0, 0, 0, 0, 1", "0, 0, 0, 0, 0"), claim=r"1\.4135"),
    # 9: checking
    Sabotage("42ab980d", "float32", replace=("dtype=np.float64", "dtype=np.float32")),
    Sabotage("c0cb1fc1", "float64 in both lines", replace=("np.float32", "np.float64")),
    Sabotage(
        "c0cb1fc1", "a forward difference", at="42ab980d", replace=("for s in (1, -1)", "for s in (2, 0)")
    ),
    Sabotage("5a1f0b04", "an error that is large beside the largest, too", replace=("9e-7", "9e-6")),
    Sabotage("5a1f0b04", "no error", replace=("9e-7", "1e-8")),
    Sabotage("75b6758a", "the right formula", replace=("sigmoid(f) - one_hot", "softmax(f) - one_hot")),
    Sabotage("75b6758a", "not at the point where it hides", replace=("np.zeros(2)", "np.ones(2)")),
    Sabotage("e27cae8a", "away from the kink", replace=("[1e-7]", "[1e-2]"), claim=r"0\.02"),
    Sabotage("3b45e201", "the sign of the loss", at="6c9ddd34", replace=("d_log = -1.0", "d_log = 1.0")),
    Sabotage("3b45e201", "e inside S forgotten", at="6c9ddd34", replace=("d_g / S + d_sum", "d_g / S")),
    Sabotage(
        "3b45e201", "the S of one quotient only", at="6c9ddd34", replace=("(d_g * e).sum()", "(d_g * e)[1]")
    ),
    Sabotage("cfaf7ea8", "another label", replace=("torch.tensor(label)", "torch.tensor(1)")),
    Sabotage(
        "59f5af98",
        "plus off the diagonal",
        replace=("else -G[j] * G[i]", "else G[j] * G[i]"),
        claim=r"\[\[0, 0, 0\], \[0, 0, 0\], \[0, 0, 0\]\]",
    ),
    Sabotage(
        "7f43c3c3",
        "the target at class 1",
        replace=("sp.Matrix([1, 0, 0])", "sp.Matrix([0, 1, 0])"),
        claim=r"(\[0, 0, 0\]\s*){2}",
    ),
    Sabotage(
        "7f43c3c3",
        "the label's term forgotten on the direct road",
        replace=("-fs[0] + sp.log", "sp.log"),
        claim=r"(\[0, 0, 0\]\s*){2}",
    ),
    # exercises: a function with a known mistake is found out by measuring, too
    Sabotage(
        "6ef9d081", "1/T forgotten", replace=("temperature_gradient(f, label, 2.5)", "softmax(f / 2.5) - y")
    ),
    Sabotage(
        "78f6ff36", "that of cross-entropy", replace=("squared_error_gradient(f, label)", "softmax(f) - y")
    ),
    Sabotage(
        "2e1e5860",
        "the input doubled",
        replace=("weight_gradient(W, x, label)", "weight_gradient(W, 2 * x, label)"),
    ),
]
