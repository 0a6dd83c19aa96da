"""What must fail in lesson 04: see `tests/claims/__init__.py`."""

import numpy as np

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}  # id of a cell whose output only looks like a verdict -> why it is none


def _base_2(f, axis=-1):
    return np.exp2(f) / np.exp2(f).sum(axis=axis, keepdims=True)


def _winner_at_zero(f, axis=-1):
    return f - np.max(f, axis=axis, keepdims=True)


def _of_the_other_class(logits, targets, reduction="mean"):
    losses = np.logaddexp(0, (2 * np.asarray(targets) - 1) * (logits[:, 1] - logits[:, 0]))
    return losses if reduction == "none" else losses.mean()


SABOTAGES: list[Sabotage] = [
    # 1 The likelihood splits
    Sabotage(
        "89c88d78",
        "the table of pairs is normalised as a whole, so that P depends on θ",
        at="nll-of-pairs",
        replace=(
            "P[:, None] * softmax(np.stack([theta * values, 0 * values], axis=1))",
            "softmax((np.log(P)[:, None] + np.stack([theta * values, 0 * values], axis=1)).ravel())"
            ".reshape(3, 2)",
        ),
    ),
    Sabotage(
        "89c88d78",
        "the pairs have another model than the labels",
        at="nll-of-pairs",
        replace=("[theta * values, 0 * values]", "[theta * values, 0 * values - 1]"),
    ),
    # 2 One number in two forms
    Sabotage(
        "f95efde8",
        "smoothed rows for one-hot ones",
        replace=("one_hot(labels, 2)", "(0.99 * one_hot(labels, 2) + 0.005)"),
    ),
    Sabotage("torch-matrices", "2ˣ for eˣ", patch={"helpers.softmax.softmax": _base_2}),
    Sabotage(
        "torch-matrices",
        "the logarithm of the sum forgotten",
        patch={"helpers.softmax.log_softmax": _winner_at_zero},
    ),
    Sabotage(
        "1c482b36",
        "the loss of the other class",
        patch={"helpers.losses.cross_entropy_loss": _of_the_other_class},
    ),
    Sabotage(
        "drawn-batch",
        "probabilities for log-probabilities",
        replace=("torch.log(torch.softmax(drawn, dim=1))", "torch.softmax(drawn, dim=1)"),
    ),
    Sabotage(
        "48be96ff",
        "only the label of the votes counts",
        claim=r"votes   2\.1949, ours 2\.1949",
        replace=("ours {cross_entropy_loss(f, y.numpy()):.4f}", "ours {cross_entropy_loss(f, labels):.4f}"),
    ),
    # 3 A mean over what?
    Sabotage(
        "5be00566", "labels divided by N", replace=("weighted.sum() / w[labels].sum()", "weighted.sum() / 6")
    ),
    Sabotage(
        "5be00566",
        "one-hot rows divided by the weights",
        replace=("weighted.sum() / 6", "weighted.sum() / w[labels].sum()"),
    ),
    Sabotage(
        "pieces",
        "pieces of equal size",
        replace=("tags[0, 2:] = -100", "tags[0, 9:] = -100"),
        claim=r"mean over 11 words 1\.4683, mean of the two means 1\.8237",
    ),
    Sabotage(
        "slopes",
        "pieces of equal size, and 18 words instead of 11",
        at="pieces",
        replace=("tags[0, 2:] = -100", "tags[0, 9:] = -100"),
    ),
    Sabotage("slopes", "the gradient of before is not forgotten", replace=("W.grad = None", "W.grad")),
    Sabotage(
        "perplexity",
        "sentences weighted alike",
        replace=("(counts * means).sum() / 11", "means.mean()"),
        claim=r"from the sentences 4\.34",
    ),
    # 4 Wrong without an error
    Sabotage(
        "e0b3aa8e",
        "another batch",
        replace=("torch.tensor(labels)", "torch.tensor(1 - labels)"),
        claim=r"-0\.2471",
    ),
    Sabotage(
        "silent-shapes",
        "the classes stay last",
        replace=("words.transpose(1, 2)", "words"),
        claim=r"classes on axis 1 0\.0049",
    ),
    Sabotage(
        "silent-shapes",
        "every label occurs in every sentence",
        claim=r"last 1\.0986",
        replace=("[[0, 0, 0], [1, 1, 1]]", "[[0, 1, 2], [2, 1, 0]]"),
    ),
    Sabotage(
        "silent-rest",
        "a sigmoid for the softmax over one class",
        replace=("F.cross_entropy(times * acts", "F.binary_cross_entropy_with_logits(times * acts"),
    ),
    # 5 Softmax twice
    Sabotage(
        "7cf9675f",
        "not sure enough",
        replace=("1000 * torch.eye", "torch.eye"),
        claim=r"from 0\.3133 to 1\.3133; floor 0\.3133",
    ),
    Sabotage(
        "7cf9675f",
        "softmax once in both lines",
        replace=('"twice": behind.softmax(dim=1)', '"twice": behind'),
        claim=r"twice \[1\.2448 1\.3096 1\.3131\]",
    ),
    Sabotage(
        "e488659c",
        "the second softmax left out",
        at="62cfe74e",
        claim=r"softmax twice .* right 86\.4%",
        replace=("(x @ weight.T).softmax(dim=1) if twice else x @ weight.T", "x @ weight.T"),
    ),
    Sabotage(
        "5d024e45",
        "logits that are probabilities",
        replace=("logits = torch.tensor(f)", "logits = torch.tensor(softmax(f))"),
    ),
    Sabotage("5d024e45", "a sigmoid for the softmax", replace=("logits.softmax(dim=1)", "logits.sigmoid()")),
    Sabotage("5d024e45", "one step is no training", at="62cfe74e", replace=("range(300)", "range(1)")),
    # 6 No best weights, or too many
    Sabotage(
        "884cc430", "the fifth point on its own side", replace=("np.append(x, 1.5)", "np.append(x, -1.5)")
    ),
    Sabotage(
        "884cc430",
        "an example on the wrong side from the start",
        claim="4e-218",
        replace=("np.array([0, 0, 1, 1])", "np.array([0, 1, 0, 1])"),
    ),
    Sabotage(
        "69dd7a9a",
        "another vector for every class",
        replace=("(W, W + u)", "(W, W + u * np.arange(K)[:, None])"),
    ),
    Sabotage(
        "69dd7a9a",
        "the common shift is seen",
        claim="change nothing: 4",
        replace=("(moved - moved.mean(axis=1, keepdims=True))", "moved"),
    ),
    # 7 Which number to watch
    Sabotage(
        "8eddb61c",
        "NLL without its second half",
        replace=(" - 0.01 * np.log(1 - g)", ""),
        claim=r"g = 0\.9999: NLL 0\.092",
    ),
    Sabotage(
        "0ecb035c",
        "a nudge large enough to change decisions",
        claim=r"\b0\.1: accuracy 0\.1667, NLL 2\.3133",
        replace=("(-0.1, 0.0, 0.1)", "(-0.1, 0.0, 0.8)"),
    ),
    Sabotage(
        "ef01689d", "the end before the rise", replace=("EPOCHS >= 260", "(EPOCHS >= 24) & (EPOCHS <= 40)")
    ),
    Sabotage("ef01689d", "a temperature too high", replace=(".index(2)", ".index(4)")),
    Sabotage(
        "choose-t",
        "no temperature is tried",
        replace=("last[:648] / T", "last[:648]"),
        claim=r"T = 2\.00  NLL 0\.464",
    ),
    # 8 Why log_softmax at once
    Sabotage(
        "c361ae3a",
        "in float64 it is not lost",
        claim=r"-50\. -80\. -inf",
        replace=("[0.0, 120.0]])", "[0.0, 120.0]], dtype=torch.float64)"),
    ),
    Sabotage(
        "cc5de2ec",
        "five times the work",
        replace=(
            "lambda: torch.log_softmax(many, dim=1)",
            "lambda: [torch.log_softmax(many, dim=1) for _ in range(5)]",
        ),
    ),
    # 9 Soft targets and label smoothing
    Sabotage(
        "be415498",
        "a model surer than the target",
        replace=("np.log(unsure)", "2 * np.log(unsure)"),
        claim=r"g = y  : \[0\.5004 0\.673 \]",
    ),
    Sabotage("3994bc5c", "a softer target", replace=("[0.9, 0.1]", "[0.8, 0.2]")),
    Sabotage(
        "57bd113e", "α shared among the other classes", replace=("0.2 / 2", "0.2"), claim=r"by hand 2\.2478"
    ),
    # 10 Several classes at once
    Sabotage(
        "8b7c2e98",
        "only the dog",
        replace=("[[1.0, 1.0, 0.0]]", "[[1.0, 0.0, 0.0]]"),
        claim=r"sigmoids      0\.0000",
    ),
    Sabotage(
        "fb5f0369",
        "the yes only",
        replace=(" - (1 - tags) * np.log(sigmoid(-scores))", ""),
        claim=r"mean over all answers 0\.7290",
    ),
    Sabotage(
        "8a92d82b",
        "the difference turned round",
        replace=("f[:, 1] - f[:, 0]", "f[:, 0] - f[:, 1]"),
        claim=r"one logit  2\.4610",
    ),
    # 11 Elsewhere: scikit-learn
    Sabotage(
        "89cec7b7",
        "a loss that clips as scikit-learn does",
        claim=r"true losses     \[ 10\.  50\. 500\.\]",
        patch={"helpers.losses.cross_entropy_loss": lambda f, *_, **__: np.minimum(f[:, 1], 36.04)},
    ),
    Sabotage(
        "90759924",
        "the mean probability for the accuracy",
        replace=("(model.predict(x) == above).mean()", "model.predict_proba(x)[:, 1].mean()"),
    ),
    Sabotage(
        "two-scores",
        "half of the observations",
        replace=("density.score_samples(x)", "density.score_samples(x[:100])"),
        claim=r"sum -408\.4373",
    ),
    # 12 What PyTorch refuses
    Sabotage(
        "cured",
        "labels still counted from 1, as far as they go",
        claim=r"2\.461, 2\.461, 2\.461, 2\.461, 2\.461",
        replace=("(target + 1) - 1", "(target + 1).clamp(max=1)"),
    ),
]
