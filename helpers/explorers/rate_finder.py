"""The learning-rate finder to be held: a real sweep, and the training that each of its rates gives."""

from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from helpers.digits import three_parts
from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short
from helpers.losses import cross_entropy_loss
from helpers.models import MLP, accuracy, epoch_batches, train
from helpers.optim import SGD

LOW, HIGH, STEPS = 1e-4, 10.0, 200  # of the sweep; each of its rates is a step of the slider
BATCH, EPOCHS, HIDDEN = 50, 10, 64
SMOOTH = 0.98  # as fastai smooths: a moving average that makes up for its start at 0
MOMENTA = ("0", "0.9")
LN_K = float(np.log(10))
TOP = 3.0  # of both panels
LR = Slider("learning rate ε", 10**-2.5, LOW, HIGH, 0.025, form=".3g", base=10)


@cache
def sweep(momentum: str) -> SimpleNamespace:
    """Take a step with every rate from 10⁻⁴ to 10, one batch each; stop at four times the lowest loss.

    Returns the rates, the loss of each batch, its moving average, and the rate that `valley` picks from it.
    """
    (x, y), *_ = three_parts()
    model = MLP(64, HIDDEN, 10, seed=0)
    optimizer = SGD(model.parameters, LOW, float(momentum))
    batches = [b for epoch in range(STEPS * BATCH // len(x)) for b in epoch_batches(len(x), BATCH, epoch)]
    rates, raw, smooth, average = LOW * (HIGH / LOW) ** (np.arange(STEPS) / STEPS), [], [], 0.0
    for k, (optimizer.lr, batch) in enumerate(zip(rates, batches, strict=True), 1):
        loss, grads = model.value_and_grads(x[batch], y[batch])
        optimizer.step(grads)
        average = SMOOTH * average + (1 - SMOOTH) * float(loss)
        raw.append(float(loss))
        smooth.append(average / (1 - SMOOTH**k))
        if smooth[-1] > 4 * min(smooth):
            break
    n = len(smooth)
    first, last = STEPS // 10, -5  # what valley is given
    return SimpleNamespace(
        rates=rates[:n], raw=np.array(raw), smooth=np.array(smooth),
        valley=float(rates[first + valley(smooth[first:last])]),
        lowest=float(rates[int(np.argmin(smooth))]),
    )  # fmt: skip


def valley(losses: Sequence[float]) -> int:
    """Return the place that fastai's `valley` picks: the middle of the longest descent.

    That is the longest chain of losses, not necessarily side by side, of which each is below the one before.
    """
    length, end = [1] * len(losses), 0
    for i in range(1, len(losses)):
        for j in range(i):
            if losses[i] < losses[j]:
                length[i] = max(length[i], length[j] + 1)
        if length[i] > length[end]:
            end = i
    start = end - length[end]
    third = (end - start) / 3
    return start + int(third) + int(third / 2)


@cache
def run(lr: float, momentum: str) -> tuple[NDArray, float]:
    """Train ten epochs with this rate; return the validation NLL before and after each, and the accuracy.

    A run whose logits are no finite numbers any more ends there.
    """
    (x, y), (x_valid, y_valid), _ = three_parts()
    model = MLP(64, HIDDEN, 10, seed=0)
    rows, per_epoch = [float(cross_entropy_loss(model.logits(x_valid), y_valid))], len(x) // BATCH
    try:
        for n, _ in enumerate(
            train(model, SGD(model.parameters, lr, float(momentum)), x, y, EPOCHS, BATCH), 1
        ):
            if n % per_epoch == 0:
                f = model.logits(x_valid)
                rows.append(float(cross_entropy_loss(f, y_valid)))
        return np.array(rows), accuracy(f, y_valid)
    except ValueError:
        return np.array(rows), 0.0


class RateFinder(Explorer):
    """Explore the learning-rate finder on 1000 digits: its sweep, and ten epochs with a rate chosen on it.

    Controls: `lr` (10⁻⁴ to 10; every rate of the sweep), `momentum` ("0", "0.9"). The network has 64 hidden
    units, the batches 50 digits; start and batches are those of lesson 09.
    """

    controls = {"lr": LR, "momentum": Choice("momentum μ", "0.9", MOMENTA)}
    presets = {"Ten times less": {"lr": 10**-3.5}}
    actions = {
        "What valley picks": lambda view: {"lr": view.sweep.valley},
        "Where the loss is lowest": lambda view: {"lr": view.sweep.lowest},
    }
    handles = {"pad": lambda view, x, y: {"lr": x}}
    foreseeable = False  # a rate that is new takes a quarter of a second of training
    size = (9, 3.3)
    alt = (
        "Left: the loss of the learning-rate finder against the rate, batch by batch and smoothed, a line at "
        "the chosen rate and a triangle at the rate that valley picks. Right: the validation NLL over ten "
        "epochs with the chosen rate."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the sweep, and the training with the chosen rate."""
        swept = sweep(c.momentum)
        lr = float(f"{c.lr:.6g}")
        rows, right = run(lr, c.momentum)
        near = int(np.argmin(np.abs(np.log(swept.rates / c.lr))))
        return SimpleNamespace(
            **vars(c), sweep=swept, rows=rows, right=right,
            there=float(swept.smooth[near]) if swept.rates[-1] > 0.99 * c.lr else None,
            at_valley=float(swept.smooth[np.argmin(np.abs(np.log(swept.rates / swept.valley)))]),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; both curves are live, since the momentum changes them."""
        loss, run = fig.subplots(1, 2, width_ratios=[1.35, 1])
        loss.set(
            xscale="log",
            xlim=(LOW / 1.3, HIGH * 1.3),
            ylim=(0, TOP),
            xlabel="learning rate ε (click or drag)",
        )
        loss.set_title("finder: loss of each batch, and smoothed")
        run.set(xlim=(0, EPOCHS), ylim=(0, TOP), xlabel="epoch")
        run.set_title("validation NLL with this rate")
        for ax in (loss, run):
            ax.axhline(LN_K, color=GREY, lw=1, ls=":")
        run.text(EPOCHS, LN_K + 0.05, "ln 10", color=GREY, ha="right")
        corners = np.repeat([LOW / 1.3, HIGH * 1.3], 2), [0, TOP, TOP, 0]
        return {
            "raw": loss.plot([1], [1], color=PALE, lw=1.2)[0],
            "smooth": loss.plot([1], [1], color=BLUE)[0],
            "chosen": loss.plot([1, 1], [0, TOP], color=INK, lw=1)[0],
            "valley": loss.plot([1], [1], "^", color="white", mec=INK, ms=12)[0],
            "valley-name": loss.text(1, 1, "valley", color=INK, ha="right"),
            "here": loss.plot([1], [1], "o", color=ORANGE, mec=INK, ms=11)[0],
            "run": run.plot([0], [0], color=VERMILLION, marker="o", ms=4)[0],
            "pad": loss.fill(*corners, alpha=0, zorder=9)[0],
        }

    def update(self, live, view):
        """Move the curves and the marks."""
        swept = view.sweep
        live["raw"].set_data(swept.rates, np.minimum(swept.raw, TOP * 2))
        live["smooth"].set_data(swept.rates, swept.smooth)
        live["chosen"].set_xdata([view.lr, view.lr])
        live["valley"].set_data([swept.valley], [view.at_valley])
        live["valley-name"].set_position((swept.valley / 1.5, view.at_valley - 0.35))
        live["here"].set_data([view.lr], [TOP * 0.97 if view.there is None else min(view.there, TOP * 0.97)])
        live["run"].set_data(np.arange(len(view.rows)), np.minimum(view.rows, TOP * 2))

    @staticmethod
    def describe(view) -> str:
        """Say what the sweep says at this rate, what the training gives, and what valley picks."""
        swept, end = view.sweep, view.rows[-1]
        sweep_says = (
            "the sweep ended before this rate"
            if view.there is None
            else f"the smoothed loss of the sweep is {short(view.there)} there"
        )
        ended = (
            f"ten epochs with it end at a validation NLL of {short(end)}, {view.right:.0%} right"
            if len(view.rows) > EPOCHS
            else f"training breaks down after {len(view.rows) - 1} epochs: the logits are no numbers any more"
        )
        if end > LN_K:  # where a run diverges its numbers differ between machines
            ended = "ten epochs with it end" if len(view.rows) > EPOCHS else ended
        how = "no" if end > LN_K else "hardly"
        worse = f", {how} better than equal probabilities (ln 10 = 2.303)" if end > 0.97 * LN_K else ""
        return (
            f"ε = {short(view.lr)}, μ = {view.momentum}: {sweep_says}; {ended}{worse}. valley picks "
            f"{short(swept.valley)}; the smoothed loss is lowest at {short(swept.lowest)}."
        )
