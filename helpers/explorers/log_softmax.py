"""Log-softmax moves all logits by one constant, also where a float can no longer hold the probability."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import listed, power_of_e, short
from helpers.softmax import log_softmax, logsumexp, softmax

K = 3
LN10 = np.log(10)
TOP, BOTTOM = 7.5, -13.0  # of the axis of the logits; what is lower is drawn at its lower edge
EDGE = BOTTOM + 1.2
LEAST = -410.0  # of the axis of the powers of ten
SMALLEST = {"float32": 1.401298464324817e-45, "float64": 5e-324}
COLOURS = (BLUE, ORANGE, VERMILLION)


class LogSoftmax(Explorer):
    """Explore ln g = f − ln Σ e^f for three logits, and which of the probabilities a float can hold.

    Controls: the logits `f0`, `f1` (−6 to 6) and `f2` (−900 to 6).
    """

    controls = {
        "f0": Slider("logit f₀", 2.0, -6.0, 6.0, 0.1, form=".1f", colour=BLUE),
        "f1": Slider("logit f₁", 1.0, -6.0, 6.0, 0.1, form=".1f", colour=ORANGE),
        "f2": Slider("logit f₂", -2.0, -900.0, 6.0, 0.5, form=".1f", colour=VERMILLION),
    }
    presets = {
        "All equal": {"f0": 1.0, "f1": 1.0, "f2": 1.0},
        "f₂ = −120": {"f2": -120.0},
        "f₂ = −800": {"f2": -800.0},
    }
    handles = {f"grip-{i}": lambda view, x, y, i=i: {f"f{i}": y} for i in range(K)} | {
        "power": lambda view, x, y: {"f2": x * LN10 + view.constant}
    }
    size = (9.4, 3.5)
    alt = (
        "Left: three logits as rings, each with an arrow of the same length to its log-probability. Right: "
        "the three probabilities on an axis of powers of ten, with the places where float32 and float64 end; "
        "a ring is a probability that float64 can only hold as 0."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the logits, their log-softmax, the constant, and softmax in both float types."""
        f = np.array([c.f0, c.f1, c.f2])
        g = softmax(f)
        return SimpleNamespace(
            f=f, constant=float(logsumexp(f)), log_g=log_softmax(f), g=g,
            lost={"float32": g.astype(np.float32) == 0, "float64": g == 0},
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; rings, dots, arrows and numbers are live."""
        left, right = fig.subplots(1, 2, width_ratios=[1, 1.15])
        left.set(title="logits ○ and ln g ▼ (drag)", xlim=(-0.45, K - 0.1), ylim=(BOTTOM, TOP))
        left.set_xticks(range(K), [f"class {i}" for i in range(K)])
        left.set_yticks([-10, -5, 0, 5])
        left.axhline(0, color=GREY, lw=1)
        right.set(title="the probabilities g: powers of ten", ylim=(-0.75, 3.35), xlim=(LEAST, 12))
        right.set_yticks([2, 1, 0], [f"g{'₀₁₂'[i]}" for i in range(K)])
        right.set_xticks([-400, -300, -200, -100, 0], ["10⁻⁴⁰⁰", "10⁻³⁰⁰", "10⁻²⁰⁰", "10⁻¹⁰⁰", "1"])
        for name, y in (("float64", 3.0), ("float32", 3.0)):
            end = np.log10(SMALLEST[name])
            right.plot([end, end], [-0.75, 2.8], color=INK, lw=1.2, ls="--")
            right.text(end + (4 if name == "float64" else -4), y, f"{name} ends",
                       ha="left" if name == "float64" else "right", va="center", fontsize=11)  # fmt: skip
        right.fill_between([LEAST, np.log10(SMALLEST["float64"])], -0.75, 2.8, color=PALE, lw=0, zorder=0)
        x = np.arange(K)
        column = dict(width=0.9, bottom=BOTTOM, color=GREY, alpha=0.0, zorder=9)
        return {
            "level": left.plot([-0.45, K - 0.1], [0, 0], color=INK, lw=1.3, ls=":")[0],
            "arrow": [left.plot([i, i], [0, 0], color=c, lw=2.5)[0] for i, c in zip(x, COLOURS, strict=True)],
            "head": [left.plot([i], [0], "v", color=c, mec=INK, ms=8)[0]
                     for i, c in zip(x, COLOURS, strict=True)],
            "logit": [left.plot([i], [0], "o", mfc="white", mec=c, mew=2.5, ms=10)[0]
                      for i, c in zip(x, COLOURS, strict=True)],
            "logit-value": [left.text(i + 0.1, 0, "", fontsize=11, va="bottom") for i in x],
            "log-value": [left.text(i + 0.1, 0, "", fontsize=11, va="top") for i in x],
            "constant": left.text(K - 0.12, TOP, "", ha="right", va="top", fontsize=11),
            "grip": left.bar(x, np.full(K, TOP - BOTTOM), **column),
            "power": right.plot([0], [0], "o", color=GREY, ms=26, alpha=0.0, zorder=9)[0],
            "probability": [right.plot([0], [2 - i], "o", color=c, mec=INK, ms=10, clip_on=False)[0]
                            for i, c in zip(x, COLOURS, strict=True)],
            "stem": [right.plot([0, 0], [2 - i, 2 - i], color=c, lw=2)[0]
                     for i, c in zip(x, COLOURS, strict=True)],
            "probability-value": [right.text(0, 2 - i - 0.22, "", fontsize=11, va="top") for i in x],
        }  # fmt: skip

    def update(self, live, view):
        """Move rings, dots, arrows and numbers."""
        live["level"].set_ydata([min(view.constant, TOP)] * 2)
        live["constant"].set_text(f"⋯ ln Σ e^f = {short(view.constant, 4)}: moves to 0")
        for i in range(K):
            # a pair below the axis is drawn at its edge, with the distance that it has
            top = max(float(view.f[i]), EDGE + max(view.constant, 0.0))
            foot = top - view.constant
            live["logit"][i].set_ydata([top])
            live["head"][i].set_ydata([foot])
            live["arrow"][i].set_ydata([top, foot])
            upper, lower = (top, foot) if top >= foot else (foot, top)
            texts = short(float(view.f[i]), 4), short(float(view.log_g[i]), 4)
            first, second = texts if top >= foot else texts[::-1]
            gap = max(0.0, 1.0 - (upper - lower)) / 2
            live["logit-value"][i].set(y=upper - 0.35 + gap, text=first)
            live["log-value"][i].set(y=lower + 0.35 - gap, text=second)
            power = max(view.log_g[i] / LN10, LEAST)
            live["probability"][i].set_data([power], [2 - i])
            live["probability"][i].set_markerfacecolor("white" if view.lost["float64"][i] else COLOURS[i])
            live["stem"][i].set_xdata([power, 0])
            lost = [name for name in ("float64", "float32") if view.lost[name][i]]
            note = f" ({lost[0]}: 0)" if lost else ""
            near_left = power < -200
            live["probability-value"][i].set(
                x=power if near_left else min(power + 8, 10), ha="left" if near_left else "right",
                text=f"{power_of_e(float(view.log_g[i]))}{note}",
            )  # fmt: skip
        live["power"].set_data([max(view.log_g[2] / LN10, LEAST)], [0])

    @staticmethod
    def describe(view) -> str:
        """Say the constant, the log-probabilities, the probabilities, and which of them no float can hold."""
        said = (
            f"The logits ({listed(view.f, 4)}) all move by the same constant, ln Σ e^f = "
            f"{short(view.constant, 4)}, to the log-probabilities ({listed(view.log_g, 4)}). The "
            f"probabilities are ({', '.join(power_of_e(float(x)) for x in view.log_g)})."
        )
        for name in ("float64", "float32"):
            lost = [f"g{'₀₁₂'[i]}" for i in np.flatnonzero(view.lost[name])]
            if lost:
                both = " and float32" if name == "float64" else ""
                return (
                    f"{said} In {name}{both} {' and '.join(lost)} is exactly 0; the logarithm is still there."
                )
        return f"{said} Both float32 and float64 can hold all three."
