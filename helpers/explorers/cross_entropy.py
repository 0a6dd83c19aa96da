"""Two distributions over four outcomes: entropy and divergence add up to the cross-entropy, both ways."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.two_distributions import (
    OUTCOMES,
    K,
    TwoDistributions,
    distribution,
    draw_bars,
    percentages,
    preset,
    settled,
    update_bars,
    weights,
)
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import short
from helpers.probability import cross_entropy, entropy, kl_divergence

TRUTH = (50, 30, 19, 1)
END = 4.0  # nats; longer bars end in an arrow


class CrossEntropy(TwoDistributions):
    """Explore H(p), KL(p‖q), H(p, q), the same with p and q exchanged, and the squared error between p and q.

    Controls: `p0` … `p3` and `q0` … `q3`, the weights of sun, cloud, rain and snow (0 to 100; they are
    divided by their sum).
    """

    controls = {**weights("p", TRUTH), **weights("q", (30, 40, 20, 10))}
    presets = {
        "Equal": preset(q=TRUTH),
        "Uniform q": preset(q=(25, 25, 25, 25)),
        "A zero in q": preset(q=(50, 30, 20, 0)),
        "A zero in p": preset(p=(50, 30, 20, 0), q=TRUTH),
        "Near miss": preset(q=(50, 30, 19.9, 0.1)),
    }
    size = (11, 4.6)
    alt = (
        "Left: bars of the distributions p and q over four kinds of weather. Right: entropy and divergence "
        "as stacked lengths above the cross-entropy, both ways round, and the mean squared error below."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return p and q, for both orders entropy, divergence and cross-entropy, and the squared error."""
        p, q = distribution(c, "p"), distribution(c, "q")
        return SimpleNamespace(
            c=c, p=p, q=q, mse=settled(((p - q) ** 2).mean()),
            h=(float(entropy(p)), float(entropy(q))),
            kl=(settled(kl_divergence(p, q)), settled(kl_divergence(q, p))),
            ce=(float(cross_entropy(p, q)), float(cross_entropy(q, p))),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, lengths and their numbers are live."""
        grid = fig.add_gridspec(2, 2, height_ratios=[5, 1], width_ratios=[1, 1.1])
        lengths, error = fig.add_subplot(grid[0, 1]), fig.add_subplot(grid[1, 1])
        rows = [2.9, 2.2, 0.7, 0.0]
        names = ["H(p) + KL(p‖q)", "H(p, q)", "H(q) + KL(q‖p)", "H(q, p)"]
        lengths.set(title="they add up (in nats)", xlim=(0, END + 0.35), ylim=(-0.45, 4.0))
        lengths.set_yticks(rows, names)
        lengths.tick_params(axis="y", length=0)
        error.set(title="mean squared error", xlim=(0, 0.6), ylim=(-0.5, 0.5), yticks=[])
        error.set_xticks([0, 0.1, 0.2, 0.3, 0.4, 0.5])
        bar = dict(height=0.55, edgecolor=INK)
        return draw_bars(fig.add_subplot(grid[:, 0])) | {
            "entropy": [lengths.barh(rows[i], 0, color=c, **bar)[0] for i, c in ((0, BLUE), (2, ORANGE))],
            "kl": [lengths.barh(rows[i], 0, color=VERMILLION, hatch="//", **bar)[0] for i in (0, 2)],
            "ce": [lengths.barh(rows[i], 0, color="white", **bar)[0] for i in (1, 3)],
            "beyond": lengths.plot([], [], ">", color=VERMILLION, mec=INK, ms=13, clip_on=False)[0],
            "sum": [lengths.text(0, rows[i] + 0.4, "", fontsize=11.5) for i in (0, 2)],
            "mse": error.barh(0, 0, height=0.7, color=GREY, edgecolor=INK)[0],
            "mse-value": error.text(0, 0, "", va="center", fontsize=11),
        }

    def update(self, live, view):
        """Move bars, lengths and numbers."""
        update_bars(live, view)
        beyond = []
        for i, (h, kl, ce) in enumerate(zip(view.h, view.kl, view.ce, strict=True)):
            live["entropy"][i].set_width(h)
            live["kl"][i].set(x=h, width=min(ce, END + 0.2) - h)
            live["ce"][i].set_width(min(ce, END + 0.2))
            live["sum"][i].set_text(f"{short(h)} + {short(kl)} = {short(ce)}")
            beyond += [2.9 - 2.2 * i, 2.2 - 2.2 * i] if ce > END + 0.2 else []
        live["beyond"].set_data(np.full(len(beyond), END + 0.25), beyond)
        live["mse"].set_width(view.mse)
        live["mse-value"].set(x=view.mse + 0.01, text=short(view.mse))

    @staticmethod
    def describe(view) -> str:
        """Say what p and q are, that the lengths add up both ways, and which outcome makes one infinite."""
        said = f"p = {percentages(view.p)}, q = {percentages(view.q)}."
        if view.kl == (0, 0):
            return f"{said} They are equal: both divergences are 0, and H(p, q) = H(p) = {short(view.h[0])}."
        for i, (a, b) in enumerate(("pq", "qp")):
            h, kl, ce = short(view.h[i]), short(view.kl[i]), short(view.ce[i])
            said += f" H({a}) + KL({a}‖{b}) = {h} + {kl} = {ce} = H({a}, {b})"
            of_a, of_b = getattr(view, a), getattr(view, b)
            missing = [OUTCOMES[k] for k in range(K) if of_a[k] > 0 and of_b[k] == 0]
            why = f": infinite, because {a} allows {' and '.join(missing)} and {b} does not"
            said += f"{why if missing else ''}."
        return f"{said} The mean squared error between p and q is {short(view.mse)}."
