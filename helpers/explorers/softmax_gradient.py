"""Minus the gradient of cross-entropy as a push on each of three logits, and steps along it."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION
from helpers.figures.text import listed, short
from helpers.losses import cross_entropy_value_and_grad, one_hot
from helpers.softmax import softmax

K = 3
MOST_STEPS = 20
LOWEST, HIGHEST = -12.5, 12.5  # of the logits' axis: no step from within the sliders leads beyond
X = np.arange(K)


class SoftmaxGradient(Explorer):
    """Explore gradient steps f ← f − ε (g − y) on L = −ln g_ℓ with g = softmax(f), for three logits.

    Controls: `f0`, `f1`, `f2` (−6 to 6), the logits before the first step; the `label` ("0" to "2"); the
    learning rate `lr` (1/8 to 8); `steps` (0 to 20), how many were taken.
    """

    controls = {
        **{
            f"f{i}": Slider(f"logit f{'₀₁₂'[i]} at start", start, -6.0, 6.0, 0.1)
            for i, start in enumerate([1.0, 2.0, 0.0])
        },
        "lr": Slider("learning rate ε", 1.0, 1 / 8, 8.0, 1.0, form=".3g", base=2),
        "steps": Slider("steps taken", 0, 0, MOST_STEPS, 1),
        "label": Choice("label ℓ", "0", [str(i) for i in range(K)]),
    }
    front = ("lr", "steps", "label")
    presets = {
        "Undecided": {"f0": 0.0, "f1": 0.0, "f2": 0.0},
        "Confident and right": {"f0": 6.0, "f1": 0.0, "f2": -1.0},
        "Confident and wrong": {"f0": -6.0, "f1": 6.0, "f2": 0.0},
        "After 12 steps": {"steps": 12},
    }
    actions = {"One step": lambda view: {"steps": view.steps + 1}}
    size = (9, 3.3)
    alt = (
        "Three panels: three logits as bars, each with an arrow for minus the gradient; probabilities beside "
        "the one-hot label; and the loss step by step."
    )
    handles = {f"grip-{i}": lambda view, x, y, i=i: {f"f{i}": y, "steps": 0} for i in range(K)}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the losses of all steps and, after the last, logits, probabilities and gradient."""
        f, label = np.array([[c.f0, c.f1, c.f2]]), int(c.label)
        losses = []
        for _ in range(c.steps):
            loss, grad = cross_entropy_value_and_grad(f, [label])
            losses.append(float(loss))
            f = f - c.lr * grad
        loss, grad = cross_entropy_value_and_grad(f, [label])
        return SimpleNamespace(
            start=np.array([c.f0, c.f1, c.f2]), f=f[0], label=label, lr=c.lr, steps=c.steps,
            g=softmax(f[0]), y=one_hot(label, K), grad=grad[0], losses=[*losses, float(loss)],
            after=f[0] - c.lr * grad[0],
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, arrows and the history are live."""
        logits, probabilities, history = fig.subplots(1, 3, width_ratios=[1.3, 1.1, 1])
        after = "   ◇ after one step" if "lr" in self.shown else ""
        drag = " (drag a bar)" if "f0" in self.shown else ""
        logits.set(
            title=f"logits f{drag}\narrows: y − g, × 4{after}", xlabel="class",
            xticks=X, xlim=(-0.6, K - 0.4), ylim=(LOWEST, HIGHEST), yticks=[-10, -5, 0, 5, 10],
        )  # fmt: skip
        logits.axhline(0, color=GREY, lw=1)
        probabilities.set(
            title="probabilities g (filled),\nlabel y (outline)", xlabel="class", xticks=X,
            xlim=(-0.6, K - 0.4), ylim=(0, 1.18), yticks=[0, 0.25, 0.5, 0.75, 1],
        )  # fmt: skip
        history.set(
            title="loss\n−ln g at the label", xlabel="steps taken", ylim=(-0.4, 13),
            xlim=(-0.8, MOST_STEPS + 0.8), xticks=[0, 5, 10, 15, 20], yticks=[0, 5, 10],
        )  # fmt: skip
        arrow = dict(color=VERMILLION, lw=3.5, ms=9)
        column = dict(width=0.98, bottom=LOWEST, color=GREY, alpha=0.0, zorder=9)
        return {
            "logit": logits.bar(X, X, width=0.6, edgecolor=INK),
            "arrow": [logits.plot([i, i], [0, 1], markevery=[1], **arrow)[0] for i in X],
            "next": logits.plot(X + 0.38, X, "D", mfc="white", mec=INK, ms=7, mew=1.4)[0],
            "grip": logits.bar(X, np.full(K, HIGHEST - LOWEST), **column),
            "probability": probabilities.bar(X, X, width=0.6, edgecolor=INK),
            "target": probabilities.bar([0], [1], width=0.76, fill=False, edgecolor=INK, lw=1.8, ls="--"),
            "value": [probabilities.text(i, 0, "", ha="center", va="bottom", fontsize=11) for i in X],
            "losses": history.plot([0], [0], color=BLUE)[0],
            "now": history.plot([0], [0], "o", color=BLUE, mec=INK, ms=8)[0],
        }

    def update(self, live, view):
        """Move bars and arrows, and draw the losses so far."""
        for i in X:
            color = BLUE if i == view.label else PALE
            live["logit"][i].set_height(view.f[i])
            live["logit"][i].set_facecolor(color)
            live["probability"][i].set_height(view.g[i])
            live["probability"][i].set_facecolor(color)
            tip = view.f[i] - view.grad[i] * 4  # a gradient of 1 is four units long, to be seen
            live["arrow"][i].set(ydata=[view.f[i], tip], marker="^" if view.grad[i] < 0 else "v")
            live["value"][i].set(y=view.g[i] + 0.015, text=short(view.g[i], 2))
        live["next"].set(ydata=np.clip(view.after, LOWEST, HIGHEST), visible="lr" in self.shown)
        live["target"][0].set_x(view.label - 0.38)
        live["losses"].set_data(range(view.steps + 1), view.losses)
        live["now"].set_data([view.steps], [view.losses[-1]])

    @staticmethod
    def describe(view) -> str:
        """Say probabilities, pushes, loss, and what the steps did."""
        sentence = (
            f"Label {view.label}, probabilities g = ({listed(view.g)}), loss {short(view.losses[-1])}. The "
            f"logits are pushed by y − g = ({listed(-view.grad)}), sum 0, length "
            f"{short(np.linalg.norm(view.grad))}."
        )
        count = f"{view.steps} step{'s' if view.steps != 1 else ''}"
        if view.steps:
            return (
                f"After {count} with ε = {short(view.lr)} the logits ({listed(view.start)}) have become "
                f"({listed(view.f)}), their sum as before; the loss fell from {short(view.losses[0])}. "
                f"{sentence}"
            )
        if view.lr == SoftmaxGradient.controls["lr"].value:  # a lesson may not have introduced it yet
            return sentence
        return (
            f"{sentence} One step with ε = {short(view.lr)} would move the logits ({listed(view.f)}) "
            f"to ({listed(view.after)})."
        )
