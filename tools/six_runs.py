"""Trains the six runs of lesson 04 and writes helpers/six_runs.npz: `python tools/six_runs.py`."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.digits import load_digits
from helpers.losses import cross_entropy_loss, one_hot
from helpers.models import MLP, accuracy, train
from helpers.optim import SGD
from helpers.six_runs import EPOCHS, FILE, SEEDS, TEMPERATURES, TRAINING
from helpers.softmax import softmax


def halves(seed):
    """Return the upper halves of all digits and the labels, in the order of the seed, training data first."""
    pixels, labels = load_digits()
    order = np.random.default_rng(seed).permutation(len(labels))
    return pixels[order, :32] / 16, labels[order]


def validation_logits(seed):
    """Train one network; yield its logits on the validation data after each of the `EPOCHS`."""
    x, labels = halves(seed)
    model = MLP(32, 64, 10, seed=seed)
    yield model.logits(x[TRAINING:])
    optimizer, in_epoch = SGD(model.parameters, lr=0.2), TRAINING // 25
    steps = train(model, optimizer, x[:TRAINING], labels[:TRAINING], int(EPOCHS[-1]), 25, seed)
    for taken, _ in enumerate(steps, 1):
        if taken % in_epoch == 0 and taken // in_epoch in EPOCHS:
            yield model.logits(x[TRAINING:])


def measured(seed):
    """Return NLL, Brier score and confidence, each (epochs, temperatures), and the accuracy, (epochs,)."""
    labels = halves(seed)[1][TRAINING:]
    y, found = one_hot(labels, 10), {"nll": [], "brier": [], "confidence": [], "accuracy": []}
    for f in validation_logits(seed):
        g = [softmax(f / T) for T in TEMPERATURES]
        found["nll"].append([cross_entropy_loss(f / T, labels) for T in TEMPERATURES])
        found["brier"].append([((one - y) ** 2).sum(axis=1).mean() for one in g])
        found["confidence"].append([one.max(axis=1).mean() for one in g])
        found["accuracy"].append(accuracy(f, labels))
    return {name: np.array(values) for name, values in found.items()}


if __name__ == "__main__":
    runs = [measured(seed) for seed in SEEDS]
    np.savez_compressed(FILE, **{name: np.array([run[name] for run in runs], np.float32) for name in runs[0]})
