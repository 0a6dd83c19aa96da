"""The gradient of cross-entropy with respect to three logits: arrows, the Jacobian, and steps along it."""

from types import SimpleNamespace

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION
from helpers.figures.text import listed, short
from helpers.gradients import softmax_jacobian
from helpers.losses import cross_entropy_value_and_grad, one_hot
from helpers.softmax import softmax

K = 3
MOST_STEPS = 20
LOWEST, HIGHEST = -12.5, 12.5  # of the logits' axis: no step from within the sliders leads beyond
X = np.arange(K)


def shade(slope: float) -> tuple[float, float, float]:
    """Blue for a positive entry of the Jacobian, vermillion for a negative, white at 0; none is beyond ¼."""
    color = np.array(to_rgb(BLUE if slope > 0 else VERMILLION))
    return tuple(1 - 1.6 * min(abs(slope), 0.25) * (1 - color))


class SoftmaxGradient(Explorer):
    """Explore L = −ln g_ℓ with g = softmax(f), its Jacobian, and its gradient ∂L/∂f = g − y for three logits.

    Controls: `f0`, `f1`, `f2` (−6 to 6), the logits before the first step; the `label` ("0" to "2"); the
    learning rate `lr` (1/8 to 8); `steps` (0 to 20), how many gradient steps f ← f − ε (g − y) were taken.
    """

    controls = {
        **{
            f"f{i}": Slider(f"logit f{'₀₁₂'[i]} at start", start, -6.0, 6.0, 0.1)
            for i, start in enumerate([1.0, 2.0, 0.0])
        },
        "label": Choice("label ℓ", "0", [str(i) for i in range(K)]),
        "lr": Slider("learning rate ε", 1.0, 1 / 8, 8.0, 1.0, form=".3g", base=2),
        "steps": Slider("steps taken", 0, 0, MOST_STEPS, 1),
    }
    presets = {
        "Undecided": {"f0": 0.0, "f1": 0.0, "f2": 0.0},
        "Confident and right": {"f0": 6.0, "f1": 0.0, "f2": -1.0},
        "Confident and wrong": {"f0": -6.0, "f1": 6.0, "f2": 0.0},
        "Two rivals": {"f0": 0.0, "f1": 3.0, "f2": 3.0},
        "After 12 steps": {"steps": 12},
    }
    actions = {"One step": lambda view: {"steps": view.steps + 1}}
    size = (11, 6.2)
    alt = (
        "Four panels: three logits as bars, each with an arrow for minus the gradient; probabilities beside "
        "the one-hot label; the loss step by step; and the Jacobian of softmax times the gradient with "
        "respect to g, as a matrix product."
    )
    handles = {f"grip-{i}": lambda view, x, y, i=i: {f"f{i}": y, "steps": 0} for i in range(K)}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the losses of all steps and, after the last, logits, probabilities, Jacobian, gradients."""
        f, label = np.array([[c.f0, c.f1, c.f2]]), int(c.label)
        losses = []
        for _ in range(c.steps):
            loss, grad = cross_entropy_value_and_grad(f, [label])
            losses.append(float(loss))
            f = f - c.lr * grad
        loss, grad = cross_entropy_value_and_grad(f, [label])
        g, y = softmax(f[0]), one_hot(label, K)
        return SimpleNamespace(
            start=np.array([c.f0, c.f1, c.f2]), f=f[0], label=label, lr=c.lr, steps=c.steps, g=g, y=y,
            jacobian=softmax_jacobian(f[0]), through_g=-y / g, grad=grad[0], losses=[*losses, float(loss)],
            after=f[0] - c.lr * grad[0],
        )  # fmt: skip

    def draw(self, fig):
        """Draw axes, brackets and names; bars, arrows, entries and the history are live."""
        with_steps = "steps" in self.shown
        after = ", ◇ after one step" if "lr" in self.shown else ""
        grid = fig.add_gridspec(2, 3, height_ratios=[1.55, 1], width_ratios=[1.1, 1.1, 1])
        logits, probabilities, history = (fig.add_subplot(grid[0, i]) for i in range(3))
        product = fig.add_subplot(grid[1, :])
        logits.set(
            title=f"logits f (drag the bars){after}\narrow: y − g, drawn 3 × as long", xlabel="class",
            xticks=X, xlim=(-0.6, K - 0.4), ylim=(LOWEST, HIGHEST), yticks=[-10, -5, 0, 5, 10],
        )  # fmt: skip
        logits.axhline(0, color=GREY, lw=1)
        probabilities.set(
            title="probabilities g (filled)\nand one-hot label y (outline)", xlabel="class", xticks=X,
            xlim=(-0.6, K - 0.4), ylim=(0, 1.18), yticks=[0, 0.25, 0.5, 0.75, 1],
        )  # fmt: skip
        when = "after each step" if with_steps else "now"
        history.set(
            title=f"loss −ln g at the label\n{when}", xlabel="gradient steps taken", ylim=(-0.4, 13),
            xlim=(-0.8, MOST_STEPS + 0.8), xticks=[0, 5, 10, 15, 20],
        )  # fmt: skip
        product.set(xlim=(0, 11), ylim=(-0.35, 4.1), xticks=[], yticks=[])
        product.spines[:].set_visible(False)
        heads = (2.5, "Jacobian of softmax  ∂gⱼ/∂fᵢ"), (6.05, "∂L/∂gⱼ = −yⱼ/gⱼ"), (9.25, "∂L/∂fᵢ = gᵢ − yᵢ")
        for x, head in heads:
            product.text(x, 3.7, head, ha="center", fontsize=12)
        for x, sign in ((4.65, "·"), (7.65, "=")):
            product.text(x, 1.25, sign, ha="center", va="center", fontsize=18)
        for left, right in ((0.75, 4.25), (5.1, 7.0), (8.3, 10.2)):
            for x, inward in ((left, 0.1), (right, -0.1)):
                product.plot([x + inward, x, x, x + inward], [-0.2, -0.2, 2.85, 2.85], color=INK, lw=1.3)
        rows, columns = [2.3 - i for i in X], [1.35, 2.5, 3.65]
        for i in X:
            product.text(0.6, rows[i], f"f{'₀₁₂'[i]}", ha="right", va="center", color=GREY)
            product.text(columns[i], 3.05, f"g{'₀₁₂'[i]}", ha="center", color=GREY)

        entry = dict(ha="center", va="center", fontsize=11)
        corners = np.array([[-0.54, -0.45], [0.54, -0.45], [0.54, 0.45], [-0.54, 0.45]])
        squares = [corners + np.array([columns[j], rows[i]]) for i in X for j in X]
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
            "cells": product.add_collection(PolyCollection(squares, linewidth=0)),
            "entry": [product.text(columns[j], rows[i], "", **entry) for i in X for j in X],
            "upstream": [product.text(6.05, rows[i], "", **entry) for i in X],
            "gradient": [product.text(9.25, rows[i], "", **entry) for i in X],
        }

    def update(self, live, view):
        """Move bars and arrows, and write the entries of the product."""
        for i in X:
            color = BLUE if i == view.label else PALE
            live["logit"][i].set_height(view.f[i])
            live["logit"][i].set_facecolor(color)
            live["probability"][i].set_height(view.g[i])
            live["probability"][i].set_facecolor(color)
            tip = view.f[i] - view.grad[i] * 3  # a gradient of 1 is three units long, to be seen
            live["arrow"][i].set(ydata=[view.f[i], tip], marker="^" if view.grad[i] < 0 else "v")
            live["value"][i].set(y=view.g[i] + 0.015, text=short(view.g[i], 2))
            live["upstream"][i].set_text("0" if i != view.label else short(view.through_g[i]))
            live["gradient"][i].set_text(short(view.grad[i]))
        live["next"].set(ydata=np.clip(view.after, LOWEST, HIGHEST), visible="lr" in self.shown)
        live["target"][0].set_x(view.label - 0.38)
        for (i, j), slope in np.ndenumerate(view.jacobian):
            live["entry"][K * i + j].set_text(short(slope))
        live["cells"].set_facecolor([shade(slope) for slope in view.jacobian.flat])
        live["losses"].set_data(range(view.steps + 1), view.losses)
        live["now"].set_data([view.steps], [view.losses[-1]])

    @staticmethod
    def describe(view) -> str:
        """Say probabilities, gradient, the product for the label's row, and what the steps did."""
        i = view.label
        sentence = (
            f"Label {i}, probabilities g = ({listed(view.g)}), loss {short(view.losses[-1])}. "
            f"Gradient g − y = ({listed(view.grad)}), sum 0, length {short(np.linalg.norm(view.grad))}. "
            f"Row {i} of the product: {short(view.jacobian[i, i])} · ({short(view.through_g[i])}) ≈ "
            f"{short(view.grad[i])}."
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
