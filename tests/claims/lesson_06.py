"""What must fail in lesson 06: see `tests/claims/__init__.py`."""

from dataclasses import replace

import numpy as np

from helpers.precision import FORMATS
from tests.claims import Sabotage


def _safe(f):
    e = np.exp(np.asarray(f) - np.max(f))
    return e / e.sum()


def _with_log1p(f):
    z = f - f.max(axis=-1, keepdims=True)
    e = np.exp(z)
    np.put_along_axis(e, f.argmax(axis=-1, keepdims=True), 0, -1)
    return z - np.log1p(e.sum(axis=-1, keepdims=True))


def _late(f, targets):
    e = np.exp(f - f.max(axis=-1, keepdims=True))
    g = e / e.sum(axis=-1, keepdims=True)
    g[:, 0] -= 1
    return g


def _shifted(f):
    z = f - f.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def _with_winner(f):
    z = f - f.max(axis=-1, keepdims=True)
    return z - np.log1p(np.exp(z).sum(axis=-1, keepdims=True))


def _one_bit_more():
    return {name: replace(form, bits=form.bits + 1) for name, form in FORMATS.items()}


NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none
NAN = r"\[nan nan nan\]"
SABOTAGES: list[Sabotage] = [
    # 1: what a float can hold
    Sabotage("006d6686", "the ulp of 2", replace=("np.spacing(1.0)", "np.spacing(2.0)")),
    Sabotage(
        "006d6686", "ticks equally far apart", replace=("np.spacing(x)", "np.spacing(1.0)"), claim=r"2\^-43"
    ),
    Sabotage("bb47fec6", "a number that is not small beside an ulp", replace=("1e-17", "1e-15")),
    Sabotage(
        "3e486248",
        "a third to six digits",
        replace=("1 / 3, third)", "0.333333, third)"),
        claim="at most 4 ulp",
    ),
    Sabotage("3e486248", "not a millionth off", replace=("+ 1e-6", "+ 0"), claim=r"about 2e\+10 ulp"),
    # 2: too large, too small
    Sabotage("f5a9f6e8", "an argument below the edge", replace=("np.exp(1000)", "np.exp(700)"), claim="inf"),
    Sabotage(
        "dad9806e",
        "logits below the edge",
        replace=("[1000.0, 1001.0, 999.0]", "[100.0, 101.0, 99.0]"),
        claim=NAN,
    ),
    Sabotage(
        "dad9806e", "a softmax that is not naive", patch={"helpers.softmax.naive_softmax": _safe}, claim=NAN
    ),
    Sabotage("dad9806e", "the edge of float32", replace=("np.float64", "np.float32"), claim=r"709\.8"),
    Sabotage(
        "261cae08",
        "logits above the edge",
        replace=("[-1000.0, -1001.0, -999.0]", "[-10.0, -11.0, -9.0]"),
        claim=NAN,
    ),
    Sabotage(
        "261cae08",
        "an argument that is not too small",
        replace=("np.exp(-1000.0)", "np.exp(-100.0)"),
        claim=r"exp\(−1000\) = 0\.0",
    ),
    Sabotage(
        "261cae08",
        "the format float32",
        replace=("limits = np.finfo(np.float64)", "limits = np.finfo(np.float32)"),
    ),
    # 3: the shift
    Sabotage("d518265c", "a factor for a shift", replace=("naive_softmax(f - c)", "naive_softmax(f * c)")),
    Sabotage("d518265c", "a shift of one logit", replace=("(f - c)", "(f - c * np.eye(3)[0])")),
    Sabotage(
        "01cdd40d",
        "no shift",
        replace=("np.exp(large - large.max())", "np.exp(np.minimum(large, 700))"),
        claim=r"0\.2447 0\.6652 0\.09",
    ),
    Sabotage(
        "52cbe7c3",
        "the logarithm forgotten",
        replace=("- np.log(np.exp(f - c).sum())", "- np.exp(f - c).sum()"),
    ),
    Sabotage(
        "52cbe7c3",
        "log₁₀ without the shift",
        replace=("f - np.log(np.exp(f).sum())", "f - np.log10(np.exp(f).sum())"),
    ),
    Sabotage("52cbe7c3", "no shift", replace=("c = f.max()", "c = 0.0"), claim=r"\[0\.2447 0\.6652 0\.09"),
    Sabotage("d0b69d08", "c not put back", replace=("c + np.log", "np.log"), claim="at most 4 ulp"),
    Sabotage("d0b69d08", "no shift", replace=("c = large.max()", "c = 0"), claim="at most 4 ulp"),
    # 4: very wrong, very right
    Sabotage(
        "cc010132",
        "the logarithm taken in time",
        replace=("-naive_log_softmax(f)[0]", "-log_softmax(f)[0]"),
        claim=r"last inf, log-softmax 110[\s\S]*last inf, log-softmax 760",
    ),
    Sabotage("cc010132", "only just wrong", replace=("[0, behind]", "[0, behind / 100]"), claim="inf"),
    Sabotage(
        "92cbe2e6",
        "clipped far below",
        replace=("min=1e-7", "min=1e-20"),
        claim=r"loss 16\.12, \|gradient\| \[0\. 0\.\]",
    ),
    Sabotage(
        "92cbe2e6",
        "a right answer",
        replace=("[[0.0, 20.0]]", "[[20.0, 0.0]]"),
        claim=r"loss 20, \|gradient\| \[1\. 1\.\]",
    ),
    Sabotage("5093b8ca", "half the edge", replace=("finfo(dtype).eps / 2)", "finfo(dtype).eps / 2) / 2")),
    Sabotage("5093b8ca", "twice the edge", replace=("finfo(dtype).eps / 2)", "finfo(dtype).eps / 2) * 2")),
    Sabotage(
        "5093b8ca", "the loss with log1p", patch={"helpers.softmax.naive_shifted_log_softmax": _with_log1p}
    ),
    # 5: the cure
    Sabotage(
        "3e632bd5",
        "log for log1p",
        patch={"helpers.softmax.log_softmax": _shifted},
        claim=r"8e\+12 ulp +at most 4 ulp",
    ),
    Sabotage(
        "3e632bd5",
        "the winner left in the sum",
        patch={"helpers.softmax.log_softmax": _with_winner},
        claim=r"3\.1e-01   at most 4 ulp +at most 4 ulp",
    ),
    Sabotage(
        "3e632bd5",
        "the library with log1p",
        patch={"helpers.softmax.naive_shifted_log_softmax": _with_log1p},
        claim=r"about 2e\+08 ulp",
    ),
    Sabotage(
        "06a76e18",
        "an answer that is less sure",
        replace=("[[40.0, 0.0, -1.0]]", "[[4.0, 0.0, -1.0]]"),
        claim=r"g − y   \[0\.000e\+00",
    ),
    Sabotage(
        "06a76e18",
        "helpers as it stands",
        patch={"helpers.losses.cross_entropy_grad": _late},
        claim=r"helpers \[-5\.811e-18",
    ),
    Sabotage(
        "06a76e18",
        "one of the others left out",
        replace=("-g[0, 1:].sum()", "-g[0, 1:2].sum()"),
        claim="at most 4 ulp",
    ),
    # 6: libraries
    Sabotage("6a1f0c02", "another exact answer", replace=("mpmath.exp(-20)", "mpmath.exp(-21)")),
    Sabotage(
        "6a1f0c02",
        "float64",
        replace=("[[20.0, 0.0]], requires", "[[20.0, 0.0]], dtype=torch.double, requires"),
    ),
    Sabotage(
        "6a1f0c02",
        "nothing is lost at a small lead",
        replace=("small = mpmath.exp(-20)", "small = mpmath.exp(-2)"),
    ),
    Sabotage("6a1f0c04", "another exact answer", replace=("mpmath.exp(-20)", "mpmath.exp(-21)")),
    Sabotage(
        "6a1f0c04", "the lead itself handed over", replace=("logsumexp(f) - f[0]", "logsumexp(f - f[0])")
    ),
    Sabotage(
        "6a1f0c04",
        "log-expit for log-softmax",
        replace=("-scipy.special.log_softmax(f)[0]", "-scipy.special.log_expit(f[0])"),
    ),
    Sabotage("6a1f0c06", "the label left among the others", replace=("others[label] = -torch.inf", "pass")),
    Sabotage(
        "6a1f0c06",
        "the largest of the others for their log-sum-exp",
        replace=("torch.logsumexp(others, 0)", "others.max()"),
    ),
    Sabotage(
        "6a1f0c06",
        "the logarithm of a sigmoid",
        replace=("return -logsigmoid(", "return -(lambda lead: lead.sigmoid().log())("),
    ),
    Sabotage(
        "cf147a4e",
        "answers in the middle",
        replace=("(40.0, -500.0)", "(4.0, -5.0)"),
        claim=r"2\.22e-16[\s\S]*36\.04",
    ),
    # 7: masks
    Sabotage(
        "430877f4",
        "a class that is not masked",
        replace=("-np.inf", "-1.0"),
        claim=r"0\.7311 0\.2689 0\.[ \]]",
    ),
    Sabotage(
        "bf1063e3",
        "one class left",
        replace=("[-torch.inf, -torch.inf]", "[-torch.inf, 0.0]"),
        claim=r"\[nan nan\]",
    ),
    Sabotage(
        "671db917",
        "one class left",
        replace=("[-np.inf, -np.inf]", "[-np.inf, 0.0]"),
        claim="every class masked",
    ),
    Sabotage("b92940cc", "no mask", replace=("-np.inf", "-1.0"), claim="PyTorch: nan"),
    Sabotage(
        "b92940cc",
        "0 · ln 0 as it stands",
        helper="helpers.losses._losses_of_probabilities",
        replace=("np.where(y > 0, log_probs, 0)", "log_probs"),
        claim=r"helpers: 0\.3133",
    ),
    Sabotage(
        "b92940cc",
        "no smoothing",
        replace=("label_smoothing=0.1", "label_smoothing=0.0"),
        claim="smoothed: inf",
    ),
    # 8: formats
    Sabotage("ba54312e", "a bit more", patch={"helpers.precision.FORMATS": _one_bit_more()}, claim=r"5\.55"),
    Sabotage("678df152", "all a little inside", replace=("1.03 * edges", "0.98 * edges")),
    Sabotage("678df152", "all a little outside", replace=("0.97 * edges", "1.02 * edges")),
    Sabotage("6a1f0c10", "a lead of 5", replace=("[[6.0, 0.0]]", "[[5.0, 0.0]]")),
    Sabotage("6a1f0c10", "a lead that float32 loses, too", replace=("[[6.0], [0.0]]", "[[20.0], [0.0]]")),
    Sabotage("6a1f0c10", "a lead of 200", replace=("[[6.0, 0.0]]", "[[200.0, 0.0]]")),
    Sabotage(
        "c483db52",
        "float32 for bfloat16",
        patch={"helpers.precision.to_bfloat16": np.float32},
        claim=r"0\.693",
    ),
    Sabotage("e1f946c2", "a smaller lead", replace=("[[9.0, 0.0]]", "[[5.0, 0.0]]")),
    # 9: does it matter?
    Sabotage("6a1f0c11", "a step of a larger loss", replace=("np.exp(-20)", "np.exp(-10)")),
    Sabotage(
        "6a1f0c11", "a lead that is not dead", replace=("[[40.0, 0.0]]", "[[4.0, 0.0]]"), claim=r"true: 0\.5"
    ),
    Sabotage("6a1f0c15", "float64", replace=("[20.0, 0.0]", "[20.0, 0.0], dtype=torch.double")),
    Sabotage("6a1f0c15", "plain steps", replace=("torch.optim.Adam(", "torch.optim.SGD(")),
    Sabotage(
        "cab7f4ee",
        "leads that the library can tell apart",
        replace=("(18, 24)", "(6, 8)"),
        claim=r"(library 0\.0,[\s\S]*){2}",
    ),
    Sabotage(
        "cab7f4ee",
        "ours as the library's",
        patch={"helpers.losses.cross_entropy_loss": lambda f, y: np.float32(0)},
        claim="ours 1.5e-08, exact 1.5e-08",
    ),
]
