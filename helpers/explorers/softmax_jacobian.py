"""How three logits move three probabilities: the Jacobian of softmax, and its product with ∂L/∂g."""

from types import SimpleNamespace

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION
from helpers.figures.text import listed, short
from helpers.gradients import softmax_jacobian
from helpers.losses import one_hot
from helpers.softmax import softmax

K = 3
X = np.arange(K)
SUBSCRIPT = "₀₁₂"
EDGE = 6.0  # of the logits
NO_LABEL = "none"


def shade(slope: float) -> tuple[float, float, float]:
    """Blue for a positive entry of the Jacobian, vermillion for a negative, white at 0; none is beyond ¼."""
    color = np.array(to_rgb(BLUE if slope > 0 else VERMILLION))
    return tuple(1 - 1.6 * min(abs(slope), 0.25) * (1 - color))


class SoftmaxJacobian(Explorer):
    """Explore ∂g_j/∂f_i for g = softmax(f) with three logits; with a label, how −y/g becomes g − y.

    Controls: `f0`, `f1`, `f2` (−6 to 6), the logits; the `label` ("none", "0" to "2"): without one there is
    no loss, and the Jacobian is shown alone.
    """

    controls = {
        **{
            f"f{i}": Slider(f"logit f{SUBSCRIPT[i]}", start, -EDGE, EDGE, 0.1)
            for i, start in enumerate([1.0, 2.0, 0.0])
        },
        "label": Choice("label ℓ", NO_LABEL, [NO_LABEL, *map(str, X)]),
    }
    presets = {
        "Undecided": {"f0": 0.0, "f1": 0.0, "f2": 0.0},
        "Two rivals": {"f0": -3.0, "f1": 3.0, "f2": 3.0},
        "Almost certain": {"f0": 0.0, "f1": 6.0, "f2": 0.0},
    }
    size = (9, 3.2)
    alt = (
        "Three panels: three logits as bars; their probabilities; and the Jacobian of softmax, a matrix "
        "whose row i says how fast each probability changes when logit i is raised. With a label, the matrix "
        "is multiplied by the gradient with respect to the probabilities."
    )
    handles = {f"grip-{i}": lambda view, x, y, i=i: {f"f{i}": y} for i in range(K)}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return probabilities and Jacobian; with a label the two gradients, and its one-hot vector."""
        f = np.array([c.f0, c.f1, c.f2])
        g, jacobian = softmax(f), softmax_jacobian(f)
        if c.label == NO_LABEL:
            return SimpleNamespace(f=f, label=None, g=g, jacobian=jacobian)
        y = one_hot(int(c.label), K)
        through_g = -y / g + 0.0
        return SimpleNamespace(
            f=f, label=int(c.label), g=g, jacobian=jacobian, y=y, through_g=through_g,
            grad=jacobian @ through_g,
        )  # fmt: skip

    def draw(self, fig):
        """Draw axes, brackets and names; bars and entries are live."""
        logits, probabilities, product = fig.subplots(1, 3, width_ratios=[0.8, 1.0, 3.25])
        logits.set(
            title="logits f\n(drag a bar)", xlabel="class", xticks=X, xlim=(-0.6, K - 0.4),
            ylim=(-EDGE - 0.5, EDGE + 0.5), yticks=[-6, -3, 0, 3, 6],
        )  # fmt: skip
        logits.axhline(0, color=GREY, lw=1)
        probabilities.set(
            title="probabilities g\n", xlabel="class", xticks=X, xlim=(-0.7, K - 0.3), ylim=(0, 1.18),
            yticks=[0, 0.5, 1],
        )  # fmt: skip
        product.set(xlim=(0, 11), ylim=(-0.4, 4.4), xticks=[], yticks=[])
        product.spines[:].set_visible(False)
        product.text(3.55, 4.0, "Jacobian  ∂gⱼ/∂fᵢ", ha="center", va="center", fontsize=12)
        rows, columns = [2.3 - i for i in X], [1.95, 3.55, 5.15]
        for i in X:
            product.text(1.0, rows[i], f"f{SUBSCRIPT[i]} up:", ha="right", va="center", color=GREY)
            product.text(columns[i], 3.15, f"g{SUBSCRIPT[i]}", ha="center", va="center", color=GREY)
        ends = (1.08, 0.1), (6.02, -0.1), (6.7, 0.1), (8.3, -0.1), (9.05, 0.1), (10.65, -0.1)
        heads = (7.5, "−yⱼ/gⱼ"), (9.85, "gᵢ − yᵢ")
        brackets = [product.plot(*bracket(*end), color=INK, lw=1.3)[0] for end in ends]
        entry = dict(ha="center", va="center", fontsize=11)
        big, head = entry | {"fontsize": 16}, entry | {"fontsize": 12}
        corners = np.array([[-0.75, -0.45], [0.75, -0.45], [0.75, 0.45], [-0.75, 0.45]])
        squares = [corners + np.array([columns[j], rows[i]]) for i in X for j in X]
        return {
            "logit": logits.bar(X, X, width=0.6, edgecolor=INK),
            "grip": logits.bar(X, np.full(K, 2 * EDGE), 0.98, -EDGE, color=GREY, alpha=0.0, zorder=9),
            "probability": probabilities.bar(X, X, width=0.6, edgecolor=INK),
            "target": probabilities.bar([0], [1], width=0.8, fill=False, edgecolor=INK, lw=1.8, ls="--"),
            "value": [probabilities.text(i, 0, "", ha="center", va="bottom", fontsize=10) for i in X],
            "cells": product.add_collection(PolyCollection(squares, linewidth=0)),
            "entry": [product.text(columns[j], rows[i], "", **entry) for i in X for j in X],
            "sum": [product.text(6.3, rows[i], "sum 0", va="center", color=GREY) for i in X],
            "sign": [product.text(x, 1.3, sign, **big) for x, sign in ((6.36, "·"), (8.68, "="))],
            "head": [product.text(x, 4.0, words, **head) for x, words in heads],
            "upstream": [product.text(7.5, rows[i], "", **entry) for i in X],
            "gradient": [product.text(9.85, rows[i], "", **entry) for i in X],
            "bracket": brackets[2:],
        }

    def update(self, live, view):
        """Move the bars, write the entries, and show the product if there is a label."""
        labelled = view.label is not None
        for i in X:
            live["logit"][i].set_height(view.f[i])
            live["probability"][i].set_height(view.g[i])
            live["value"][i].set(y=view.g[i] + 0.015, text=hundredths(view.g[i]))
            for bars in ("logit", "probability"):
                live[bars][i].set_facecolor(BLUE if i == view.label else PALE)
            live["upstream"][i].set_text(short(view.through_g[i], 2) if labelled else "")
            live["gradient"][i].set_text(short(view.grad[i]) if labelled else "")
            live["sum"][i].set_visible(not labelled)
        for (i, j), slope in np.ndenumerate(view.jacobian):
            live["entry"][K * i + j].set_text(short(slope, 2 if abs(slope) >= 1e-3 else 1))
        live["cells"].set_facecolor([shade(slope) for slope in view.jacobian.flat])
        live["target"][0].set(x=(view.label or 0) - 0.4, visible=labelled)
        for name in ("sign", "head", "bracket", "upstream", "gradient"):
            for artist in live[name]:
                artist.set_visible(labelled)

    @staticmethod
    def describe(view) -> str:
        """Say probabilities and slopes, and for a label the product's row of the label."""
        rows = ", ".join(f"f{SUBSCRIPT[i]} at the rate ({listed(view.jacobian[i])})" for i in X)
        sentence = (
            f"Logits ({listed(view.f)}), probabilities g = ({listed(view.g)}). Raising a logit moves g: "
            f"{rows}. Each row sums to 0."
        )
        if view.label is None:
            return sentence
        i = view.label
        return (
            f"{sentence} With the label {i} the gradient in g is ({listed(view.through_g)}), and the product "
            f"is g − y = ({listed(view.grad)}); its row {i}: {short(view.jacobian[i, i])} · "
            f"({short(view.through_g[i])}) ≈ {short(view.grad[i])}."
        )


def hundredths(p: float) -> str:
    """Write a probability with two decimals, for a narrow bar."""
    return f"{p:.2f}" if p >= 0.005 else "<0.01"


def bracket(x: float, inward: float) -> tuple[list[float], list[float]]:
    """Return the corners of a tall bracket at x that opens to the right for `inward` above 0."""
    return [x + inward, x, x, x + inward], [-0.25, -0.25, 2.85, 2.85]
