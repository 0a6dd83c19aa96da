"""Six real training runs, measured: what lesson 04 needs of them, from a file of 44 kB beside this one.

A network with one hidden layer of 64 sees the upper half of each digit (see digits.py) and is trained on 500
of them, in batches of 25 with the learning rate 0.2, for 300 epochs; the 1297 others are the validation data.
The seed of a run draws which images are which, the initial weights and the batches. `tools/six_runs.py`
trains them and writes the file; a test trains one again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

FILE = Path(__file__).with_name("six_runs.npz")
SEEDS = range(6)
TRAINING = 500  # images, the first of their order
EPOCHS = np.arange(0, 301, 4)
TEMPERATURES = 2 ** np.linspace(0, 2, 9)  # 1 to 4


@cache
def six_runs() -> SimpleNamespace:
    """Return the measures on the validation data of every run, after each of the `EPOCHS`.

    nll, brier, confidence: (6, epochs, temperatures), with the logits divided by each of the `TEMPERATURES`;
    accuracy: (6, epochs), as no temperature changes it.
    """
    with np.load(FILE) as stored:
        return SimpleNamespace(**{name: stored[name].astype(float) for name in stored.files})
