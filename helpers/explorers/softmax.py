"""Five logits and their softmax: temperature, a common shift, odds, and two classes as a sigmoid."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE
from helpers.figures.text import listed, power_of_e, short, tiny
from helpers.probability import entropy
from helpers.softmax import sigmoid, softmax

K = 5
CLASSES = [str(i) for i in range(K)]
EDGE = 8  # where the axis of the sigmoid ends


class Softmax(Explorer):
    """Explore g = softmax((f + c) / T) for five logits f₀ … f₄.

    Controls: `f0` … `f4` (−6 to 6), temperature `T` (1/16 to 16), common shift `c` (−10 to 10), the two
    classes `a` ("none" or "0" to "4") and `b` that are compared, `sigmoids` (show σ of every logit alone).
    What belongs to a control that is not shown is left out of the figure.
    """

    controls = {
        **{
            f"f{i}": Slider(f"logit f{'₀₁₂₃₄'[i]}", start, -6.0, 6.0, 0.1)
            for i, start in enumerate([1.0, 2.0, 0.0, -1.0, 0.5])
        },
        "T": Slider("temperature T", 1.0, 1 / 16, 16.0, 1 / 16, form=".3g", base=2),
        "c": Slider("common shift c", 0.0, -10.0, 10.0, 0.5, form=".1f"),
        "a": Choice("compare class a (blue)", "0", ["none", *CLASSES]),
        "b": Choice("with class b (orange)", "1", CLASSES),
        "sigmoids": Switch("show σ of each logit on its own"),
    }
    front = ("T", "c", "sigmoids", "f0", "f1")
    presets = {
        "Uniform": {"f0": 0.0, "f1": 0.0, "f2": 0.0, "f3": 0.0, "f4": 0.0},
        "One dominates": {"f1": 6.0},
        "Exact tie": {"f0": 2.0, "f1": 2.0},
        "Hot (T = 8)": {"T": 8.0},
        "Cold (T = 1/8)": {"T": 0.125},
        "Shifted by 10": {"c": 10.0},
    }
    size = (9.6, 3.6)
    alt = (
        "Five logits as bars, the five probabilities that softmax makes of them and, where they are asked "
        "for, their odds, entropy, and the sigmoid curve with a point for the two compared classes."
    )
    handles = {f"grip-{i}": lambda view, x, y, i=i: {f"f{i}": y - view.c} for i in range(K)}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return logits, probabilities, odds against class b, entropy, and the pair (a, b) alone."""
        f = np.array([c.f0, c.f1, c.f2, c.f3, c.f4])
        a, b = None if c.a == "none" else int(c.a), int(c.b)
        shifted = f + c.c
        g = softmax(shifted / c.T)
        d = 0.0 if a is None else (f[a] - f[b]) / c.T
        return SimpleNamespace(
            f=f, c=c.c, T=c.T, a=a, b=b, shifted=shifted, g=g, d=d, pair=float(sigmoid(d)),
            powers=np.exp(shifted), total=float(np.exp(shifted).sum()),
            odds=np.exp((f - f[b]) / c.T), entropy=float(entropy(g)),
            sigmoids=sigmoid(shifted) if c.sigmoids else None,
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; the bars, labels and points are live. What was not asked for gets no axes."""
        pairs = "a" in self.shown or "sigmoids" in self.shown
        hot, moved = "T" in self.shown, "c" in self.shown
        rows, columns = (2 if pairs or hot or moved else 1), (3 if pairs else 2)
        grid = fig.add_gridspec(
            rows, columns, height_ratios=[5, 1.25][:rows], width_ratios=[1, 1.25, 0.95] if pairs else [1, 1]
        )
        logits, probabilities = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[0, 1])
        x, end = np.arange(K), 18 if moved else 7.4

        logits.set(title="logits (drag the bars)", xlabel="class", xticks=x)
        logits.set(
            xlim=(-0.6, K - 0.4), ylim=(-end, end), yticks=[-15, 0, 15] if moved else [-6, -3, 0, 3, 6]
        )
        logits.axhline(0, color=GREY, lw=1)
        inside = "f + c" if moved else "f"
        inside = f"({inside}) / T" if hot and moved else f"{inside} / T" if hot else inside
        probabilities.set(title=f"softmax({inside})", xlabel="class", xticks=x)
        probabilities.set(xlim=(-0.6, K - 0.4), ylim=(0, 1.2), yticks=[0, 0.5, 1])

        column = dict(width=0.98, bottom=-end, color=GREY, alpha=0.0, zorder=9)
        live = {
            "logit": logits.bar(x, x, width=0.7, edgecolor=INK),
            "logit-value": [logits.text(i, 0, "", ha="center", fontsize=11) for i in x],
            "grip": logits.bar(x, np.full(K, 2 * end), **column),
            "probability": probabilities.bar(x, x, width=0.7, edgecolor=INK),
            "sigmoid": probabilities.plot(x, x, "D", mfc="none", mec=INK, ms=9, mew=1.6)[0],
            "sum": probabilities.text(K - 0.45, 1.12, "", ha="right", fontsize=11),
        }
        if rows == 1:
            live["probability-value"] = [probabilities.text(i, 0, "", ha="center", fontsize=11) for i in x]
            return live
        below, table = fig.add_subplot(grid[1, 0]), fig.add_subplot(grid[1, 1])
        for ax in (table, below):
            ax.set(xlim=(-0.6, K - 0.4), ylim=(0, 1), xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
        table.text(-0.75, 0.62, "gᵢ", ha="right", fontsize=11)
        live["probability-value"] = [table.text(i, 0.62, "", ha="center", fontsize=10) for i in x]
        if hot:
            below.set(ylim=(-0.5, 0.5), xlim=(0, 1.85), xlabel="entropy of g in nats (at most ln 5)")
            below.set_xticks([0, 0.5, 1, np.log(K)], ["0", "0.5", "1", "1.61"])
            below.spines["bottom"].set(visible=True, bounds=(0, np.log(K)))
            below.axvline(np.log(K), color=INK, lw=1)
            live["entropy"] = below.barh([0], [0], height=0.8, color=GREY)[0]
        elif moved:
            below.text(-0.75, 0.62, "eᶠ⁺ᶜ", ha="right", fontsize=11)
            live["power"] = [below.text(i, 0.62, "", ha="center", fontsize=11) for i in x]
            live["total"] = below.text(K - 0.5, 0.02, "", ha="right", fontsize=11)
        if pairs:
            live |= self._draw_pair(fig.add_subplot(grid[:, 2]), table, hot=hot)
        return live

    def _draw_pair(self, pair, table, hot):
        """Draw the sigmoid for the two compared classes, and the row of their odds."""
        z = np.linspace(-EDGE, EDGE, 201)
        pair.plot(z, sigmoid(z), color=BLUE)
        pair.set(title="two classes alone", ylim=(-0.03, 1.38), xlim=(-EDGE - 0.4, EDGE + 0.4))
        pair.set(xlabel="d: difference over T" if hot else "d: difference of the logits", yticks=[0, 0.5, 1])
        pair.axhline(0.5, color=PALE, lw=1, zorder=0)
        pair.axvline(0, ymax=0.75, color=PALE, lw=1, zorder=0)
        return {
            "odds-name": table.text(-0.75, 0.1, "", ha="right", fontsize=11),
            "odds": [table.text(i, 0.1, "", ha="center", fontsize=10) for i in range(K)],
            "point": pair.plot([0], [0], "o", color=ORANGE, mec=INK, ms=10)[0],
            "drop": pair.plot([0, 0], [0, 0], color=GREY, lw=1, ls="--")[0],
            "pair": pair.text(-EDGE, 1.36, "", va="top", fontsize=11),
        }

    def update(self, live, view):
        """Move bars, labels and the point."""
        gap = 0.6 if "c" in self.shown else 0.25
        for i in range(K):
            color = BLUE if i == view.a else ORANGE if i == view.b and "pair" in live else PALE
            live["logit"][i].set_facecolor(color)
            live["probability"][i].set_facecolor(color)
            live["logit"][i].set_height(view.shifted[i])
            live["probability"][i].set_height(view.g[i])
            up = view.shifted[i] >= 0
            live["logit-value"][i].set(
                y=view.shifted[i] + (gap if up else -gap),
                va="bottom" if up else "top",
                text=f"{view.shifted[i]:.1f}".replace("-", "−"),
            )
            live["probability-value"][i].set_text(tiny(view.g[i]))
            if live["probability-value"][i].axes is live["probability"][i].axes:
                live["probability-value"][i].set_y(view.g[i] + 0.03)
        live["sigmoid"].set_visible(view.sigmoids is not None)
        live["sum"].set_visible(view.sigmoids is not None)
        if view.sigmoids is not None:
            live["sigmoid"].set_ydata(view.sigmoids)
            live["sum"].set_text(f"◇ sum of sigmoids {short(view.sigmoids.sum())}")
        if "entropy" in live:
            live["entropy"].set_width(view.entropy)
        if "power" in live:
            for text, power in zip(live["power"], view.powers, strict=True):
                text.set_text(tiny(power))
            live["total"].set_text(f"sum {short(view.total)}")
        if "pair" in live:
            self._update_pair(live, view)

    @staticmethod
    def _update_pair(live, view):
        """Move the point on the sigmoid, and the odds."""
        live["odds-name"].set_text(f"gᵢ/g{'₀₁₂₃₄'[view.b]}")
        for text, odds in zip(live["odds"], view.odds, strict=True):
            text.set_text(tiny(odds))
        at = float(np.clip(view.d, -EDGE, EDGE))
        live["point"].set_data([at], [view.pair])
        live["drop"].set_data([at, at], [0, view.pair])
        beyond = "" if at == view.d else ", beyond the axis"
        live["pair"].set_text(
            "choose two different classes"
            if view.a is None or view.a == view.b
            else f"d = {short(view.d)}{beyond}\nσ(d) = {short(view.pair)}: class {view.a}\n"
            f"rather than class {view.b}"
        )

    @staticmethod
    def describe(view) -> str:
        """Say which class wins, what the probabilities, the odds and the entropy are."""
        best = [str(i) for i in np.flatnonzero(np.isclose(view.g, view.g.max(), rtol=1e-12, atol=0))]
        first = f"Class {best[0]} has the largest probability"
        if len(best) > 1:
            first = f"Classes {', '.join(best[:-1])} and {best[-1]} tie for the largest probability"
        d, pair, a, b = short(view.d), short(view.pair), view.a, view.b
        hot = "" if view.T == 1 else f", at T = {short(view.T)}"
        if a is None:
            compared = ""
        elif a == b:
            compared = f" To compare with class {b}, choose another class than {a}."
        else:
            compared = (
                f" The odds of class {a} against class {b} are exp({d}) = {short(view.odds[a])} to 1; of "
                f"these two alone class {a} has probability σ({d}) = {pair}."
            )
        uncertain = f"entropy {short(view.entropy)} of at most 1.61 nats"
        sentence = f"{first}: g = ({listed(view.g)}), {uncertain}{hot}.{compared}"
        if view.c != 0:
            sentence += (
                f" The common shift c = {short(view.c)} multiplies every e^f and their sum by "
                f"{power_of_e(view.c)}, and changes none of this."
            )
        if view.sigmoids is not None:
            total = short(view.sigmoids.sum(), 4)
            sentence += f" The sigmoids of the single logits, {listed(view.sigmoids)}, sum to {total}, not 1."
        return sentence
