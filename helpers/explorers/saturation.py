"""Two copies of one unit learn side by side, one with the squared error, one with cross-entropy."""

import math
from types import SimpleNamespace

import numpy as np
from matplotlib.ticker import NullLocator

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION
from helpers.figures.text import short
from helpers.softmax import sigmoid

MOST_STEPS = 8192
EDGE = 10.0
LAYERS = {"one sigmoid": 1, "softmax of 3 classes": 2}  # how many rivals the right class has
D = np.linspace(-EDGE, EDGE, 161)
DRAWN = np.unique(np.geomspace(1, MOST_STEPS, 160).round().astype(int))  # steps at which a history has points


def slopes(d, rivals: int):
    """Probability g of the right class, and ∂L/∂f at its logit for the squared error and for cross-entropy.

    d: lead of the right logit over each of its equal rivals. One rival stands for a sigmoid, whose rival
    has the fixed logit 0 and whose squared error is (1 − g)²; two for a softmax of three classes with
    Σ_k (g_k − y_k)² = (1 + 1/2)(1 − g)².
    """
    both = 1 if rivals == 1 else 1 + 1 / rivals
    g, rest = sigmoid(d - math.log(rivals)), sigmoid(math.log(rivals) - d)
    return g, -2 * both * g * rest**2, -rest


def learn(d: float, rivals: int, lr: float, steps: int, which: int) -> list[float]:
    """Leads d before and after each of `steps` gradient steps; `which`: 1 squared error, 2 cross-entropy.

    The rivals' logits go down by what the right one goes up, shared equally: a sigmoid has none that moves.
    """
    both = 1 if rivals == 1 else 1 + 1 / rivals
    path, shift = [d], math.log(rivals)
    for _ in range(steps):
        rest = 1 / (1 + math.exp(d - shift))
        slope = rest if which == 2 else 2 * both * (1 - rest) * rest * rest
        d += lr * both * slope
        path.append(d)
    return path


class Saturation(Explorer):
    """Explore how long a unit with squared error needs to learn from a confident mistake.

    Controls: `layer` ("one sigmoid" or "softmax of 3 classes"), the lead `d` of the right logit at the
    start (−8 to 8), the learning rate `lr` (1/8 to 8), `steps` (1, 2, 4, … 8192).
    """

    controls = {
        "d": Slider("lead d at start", -5.0, -8.0, 8.0, 0.1),
        "lr": Slider("learning rate ε", 1.0, 1 / 8, 8.0, 1.0, form=".3g", base=2),
        "steps": Slider("steps taken", 32.0, 1.0, float(MOST_STEPS), 1.0, form=".0f", base=2),
        "layer": Choice("last layer", "one sigmoid", list(LAYERS)),
    }
    presets = {
        "Undecided": {"d": 0.0},
        "Wrong": {"d": -3.0},
        "Badly wrong": {"d": -8.0, "steps": 256.0},
        "Right": {"d": 4.0},
    }
    actions = {"Twice as long": lambda view: {"steps": 2.0 * view.steps}}
    size = (9, 3.3)
    alt = (
        "Two panels: the gradient of the squared error and of cross-entropy against the lead of the right "
        "logit, and the probability of the right class over the steps, on a logarithmic axis, of two units "
        "that learn side by side."
    )
    handles = {"start": lambda view, x, y: {"d": x}}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the leads, probabilities and slopes of both units, at the start and after the steps."""
        rivals, steps = LAYERS[c.layer], round(c.steps)
        paths = [np.array(learn(c.d, rivals, c.lr, steps, which)) for which in (1, 2)]
        now = [float(path[-1]) for path in paths]
        at = np.append(DRAWN[steps > DRAWN], steps)
        sure = [path > math.log(rivals) for path in paths]  # g > ½
        return SimpleNamespace(
            layer=c.layer, rivals=rivals, d=c.d, lr=c.lr, steps=steps, now=now, at=at,
            g_start=float(slopes(c.d, rivals)[0]), at_start=[float(s) for s in slopes(c.d, rivals)[1:]],
            g=[slopes(path[at], rivals)[0] for path in paths],
            half=[int(over.argmax()) if over.any() else None for over in sure],
            slope=[float(slopes(d, rivals)[which]) for which, d in enumerate(now, 1)],
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; curves, points and histories are live."""
        left, right = fig.subplots(1, 2)
        left.set(
            title="gradient ∂L/∂f at the right logit", xlabel="d: lead of the right logit",
            xlim=(-EDGE - 0.5, EDGE + 0.5), ylim=(-1.12, 0.3), yticks=[-1, -0.5, 0],
        )  # fmt: skip
        left.axhline(0, color=PALE, lw=1, zorder=0)
        left.text(-9.9, -0.9, "cross-entropy:\n−(1 − g)", color=BLUE, va="bottom")
        left.text(2.6, -0.5, "squared error\n(dashed)", color=VERMILLION, va="top")
        left.text(EDGE, 0.24, "▼ start (drag it)", ha="right", va="center", color=GREY)
        right.set(
            title="probability g of the right class", xlabel="gradient steps taken (each tick doubles)",
            xscale="log", xlim=(0.9, 1.15 * MOST_STEPS), ylim=(-0.04, 1.5), yticks=[0, 0.5, 1],
        )  # fmt: skip
        ticks = [2**k for k in range(0, 14)]
        right.set_xticks(ticks, [str(t) if k % 3 == 0 else "" for k, t in enumerate(ticks)])
        right.xaxis.set_minor_locator(NullLocator())
        mse, ce = dict(color=VERMILLION, ls="--"), dict(color=BLUE)
        dot = dict(mec=INK, ms=9, ls="")
        return {
            "mse-curve": left.plot(D, D, **mse)[0],
            "ce-curve": left.plot(D, D, **ce)[0],
            "start": left.plot([0], [0], "v", color=GREY, mec=INK, ms=15)[0],
            "mse-now": left.plot([0], [0], marker="s", color=VERMILLION, **dot)[0],
            "ce-now": left.plot([0], [0], marker="o", color=BLUE, **dot)[0],
            "mse-history": right.plot([1], [0], **mse)[0],
            "ce-history": right.plot([1], [0], **ce)[0],
            "mse-end": right.plot([1], [0], marker="s", color=VERMILLION, **dot)[0],
            "ce-end": right.plot([1], [0], marker="o", color=BLUE, **dot)[0],
            "ce-text": right.text(1, 1.46, "", va="top", color=BLUE),
            "mse-text": right.text(1, 1.27, "", va="top", color=VERMILLION),
        }

    def update(self, live, view):
        """Move curves, points and histories."""
        _, mse, ce = slopes(D, view.rivals)
        live["mse-curve"].set_ydata(mse)
        live["ce-curve"].set_ydata(ce)
        live["start"].set_data([view.d], [0.1])
        for name, d, slope, g in zip(("mse", "ce"), view.now, view.slope, view.g, strict=True):
            live[f"{name}-now"].set_data([min(d, EDGE)], [slope])
            live[f"{name}-history"].set_data(view.at, g)
            live[f"{name}-end"].set_data([view.steps], [g[-1]])
        live["ce-text"].set_text(f"● cross-entropy: g = {short(view.g[1][-1])}")
        live["mse-text"].set_text(f"■ squared error: g = {short(view.g[0][-1])}")

    @staticmethod
    def describe(view) -> str:
        """Say the gradients at the start, where both units are now, and when each passed one half."""
        mse, ce = view.at_start
        count = f"{view.steps} step{'s' if view.steps != 1 else ''}"
        when = ""
        if view.g_start < 0.5:
            said = ["not yet" if k is None else f"from step {k} on" for k in view.half]
            when = f" Above ½: {said[0]} with the squared error, {said[1]} with cross-entropy."
        return (
            f"With {view.layer} and a lead of {short(view.d)} the right class starts at g = "
            f"{short(view.g_start)}. There the gradient is {short(mse)} for the squared error, {short(ce)} "
            f"for cross-entropy. After {count} with ε = {short(view.lr)}, g is {short(view.g[0][-1])} with "
            f"the squared error and {short(view.g[1][-1])} with cross-entropy.{when}"
        )
