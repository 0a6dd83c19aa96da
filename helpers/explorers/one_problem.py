"""A hundred days and a model of them: NLL/N, cross-entropy, and the divergence, lower by a constant."""

from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from helpers.explorers.controls import Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREEN, GREY, INK, ORANGE, SKY, VERMILLION
from helpers.figures.text import short
from helpers.probability import cross_entropy, entropy, kl_divergence

OUTCOMES = ("dry and calm", "dry and windy", "rainy and calm", "rainy and windy")
K, N = len(OUTCOMES), 100
DAYS = np.random.default_rng(1).choice(K, size=N, p=[0.5, 0.15, 0.1, 0.25])
COUNTS = np.array([(x == DAYS).sum() for x in range(K)])
P_OBS = COUNTS / N
H_OBS = float(entropy(P_OBS))
A = np.linspace(0.1, 0.9, 81)
HIGH, TOP = 4.8, 3.3  # of the two axes, in nats
SHORT = ("dry,\ncalm", "dry,\nwindy", "rainy,\ncalm", "rainy,\nwindy")


def model(a, b) -> NDArray:
    """Probabilities of the outcomes, if rain (a) and wind (b) are independent; a or b may be arrays."""
    a, b = np.broadcast_arrays(a, b)
    return np.stack([(1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b], axis=-1)


class OneProblem(Explorer):
    """Explore how far a model with the parameters θ = (a, b) is from a hundred observed days.

    Controls: `a` and `b` (0.1 to 0.9), the model's probabilities of rain and of wind; `grouped` (equal days
    stand side by side, or the days as they came).
    """

    controls = {
        "a": Slider("a: probability of rain", 0.6, 0.1, 0.9, 0.01),
        "b": Slider("b: probability of wind", 0.3, 0.1, 0.9, 0.01),
        "grouped": Switch("group equal days"),
    }
    presets = {
        "Best a and b": {"a": float(P_OBS[2:].sum().round(2)), "b": float(P_OBS[1::2].sum().round(2))},
        "Best a and b, grouped": {
            "a": float(P_OBS[2:].sum().round(2)), "b": float(P_OBS[1::2].sum().round(2)), "grouped": True,
        },
        "It never rains, nearly": {"a": 0.1},
    }  # fmt: skip
    handles = dict.fromkeys(("mean", "divergence", "grip"), lambda view, x, y: {"a": x})
    size = (9.4, 3.4)
    alt = (
        "Left: a hundred days as columns as high as the surprise of the day under the model, with the mean "
        "height, NLL/N, as a line. Right: NLL/N and KL(p_obs‖q) as curves over the parameter a, with an "
        "arrow of constant length between them, and the tangents."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return q, the surprise of each outcome, NLL, cross-entropy, divergence, and both curves over a."""
        q, along = model(c.a, c.b), model(A, c.b)
        surprise = -np.log(q)
        nll = float(surprise[DAYS].sum())
        return SimpleNamespace(
            a=c.a, b=c.b, grouped=c.grouped, q=q, surprise=surprise, nll=nll,
            days=np.sort(DAYS) if c.grouped else DAYS,
            ce=float(cross_entropy(P_OBS, q)), kl=float(kl_divergence(P_OBS, q)),
            means=-np.log(along)[:, DAYS].mean(axis=1), divergences=kl_divergence(P_OBS, along),
            slope=float((1 - P_OBS[2:].sum()) / (1 - c.a) - P_OBS[2:].sum() / c.a),
            left_over=float(kl_divergence(P_OBS, model(P_OBS[2:].sum(), P_OBS[1::2].sum()))),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; columns, curves, arrow and numbers are live."""
        left, right = fig.subplots(1, 2, width_ratios=[1.15, 1])
        left.set(title="surprise −ln q(x) of every day", xlabel="days", xlim=(0, N), ylim=(0, HIGH))
        right.set(title="θ moves (drag a point)", xlabel="a, the model's probability of rain", ylabel="nats")
        right.set(xlim=(A[0], A[-1]), ylim=(0, TOP))
        edges = np.arange(N + 1)
        colours = (SKY, BLUE, ORANGE, VERMILLION)
        tangent = dict(color=INK, lw=1.3)
        return {
            "columns": [left.stairs(np.zeros(N), edges, fill=True, color=c, alpha=0.75) for c in colours],
            "own": left.stairs(np.zeros(K), np.r_[0, COUNTS.cumsum()], color=INK, lw=1.3, ls=":"),
            "level": left.plot([0, N], [0, 0], color=INK, lw=2.2, ls="--")[0],
            "level-value": left.text(N, 0, "", ha="right", va="top", fontsize=11),
            "name": [
                left.text((COUNTS.cumsum() - COUNTS / 2)[x], HIGH * 0.99, SHORT[x], ha="center", va="top",
                          fontsize=10)
                for x in range(K)
            ],
            "means": right.plot(A, 0 * A, color=BLUE)[0],
            "divergences": right.plot(A, 0 * A, color=VERMILLION, ls="--")[0],
            "tangent": [right.plot([0, 0], [0, 0], **tangent)[0] for _ in range(2)],
            "arrow": right.plot([0, 0], [0, 0], color=GREEN, lw=2.5, marker="_", ms=9, mew=2.5)[0],
            "arrow-value": right.text(0, 0, "", fontsize=11, va="center", color=INK),
            "mean": right.plot([0], [0], "o", color=BLUE, mec=INK, ms=11)[0],
            "divergence": right.plot([0], [0], "s", color=VERMILLION, mec=INK, ms=10)[0],
            "grip": right.plot([0.5], [TOP / 2], "o", color=GREY, ms=30, alpha=0.0)[0],
            "key": [right.text(0.11, TOP * y, "", va="top", fontsize=11) for y in (0.99, 0.91)],
        }  # fmt: skip

    def update(self, live, view):
        """Move columns, curves, arrow and numbers."""
        for x, columns in enumerate(live["columns"]):
            columns.set_data(np.where(view.days == x, view.surprise[x], 0.0))
        live["own"].set_data(-np.log(P_OBS))
        live["own"].set_visible(view.grouped)
        for name in live["name"]:
            name.set_visible(view.grouped)
        mean = view.nll / N
        live["level"].set_ydata([mean, mean])
        name = "area / 100 = H(p_obs, q)" if view.grouped else "╌ mean height = NLL/N"
        height = 0.8 if view.grouped else 0.99
        live["level-value"].set(y=HIGH * height, text=f"{name} = {short(mean)}")
        live["means"].set_ydata(view.means)
        live["divergences"].set_ydata(view.divergences)
        live["mean"].set_data([view.a], [view.ce])
        live["divergence"].set_data([view.a], [view.kl])
        live["grip"].set_data([view.a], [view.kl + H_OBS / 2])
        live["arrow"].set_data([view.a, view.a], [view.kl, view.ce])
        beside, side = (view.a + 0.02, "left") if view.a < 0.6 else (view.a - 0.02, "right")
        live["arrow-value"].set(x=beside, y=view.kl + H_OBS / 2, ha=side, text=f"H(p_obs) = {short(H_OBS)}")
        step = np.array([-0.07, 0.07]) / np.hypot(1, view.slope / 3)
        for line, y in zip(live["tangent"], (view.ce, view.kl), strict=True):
            line.set_data(view.a + step, y + view.slope * step)
        live["key"][0].set_text(f"●  NLL/N = H(p_obs, q) = {short(view.ce)}")
        live["key"][1].set_text(f"■  KL(p_obs‖q) = {short(view.kl)}")

    @staticmethod
    def describe(view) -> str:
        """Say the NLL, how grouping gives the cross-entropy, the constant, the common slope, and the best."""
        counts = ", ".join(f"{n} {name}" for n, name in zip(COUNTS, OUTCOMES, strict=True))
        said = (
            f"{N} days: {counts}. The model with a = {view.a:.2f}, b = {view.b:.2f} has NLL = "
            f"{short(view.nll, 4)}, NLL/N = {short(view.nll / N, 4)}"
        )
        if view.grouped:
            terms = (f"{p:.2f} · {short(s)}" for p, s in zip(P_OBS, view.surprise, strict=True))
            said += f" = {' + '.join(terms)}"
        said += f" = H(p_obs, q) = H(p_obs) + KL(p_obs‖q) = {short(H_OBS, 4)} + {short(view.kl, 4)}."
        if abs(view.kl - view.left_over) < 1e-12:
            return f"{said} No a and b does better: all three are least here, and both curves are level."
        slope = short(round(view.slope, 9))
        return f"{said} Along a the curves of NLL/N and of KL have the same slope here, {slope}."
