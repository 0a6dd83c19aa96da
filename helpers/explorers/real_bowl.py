"""Gradient descent on the true loss of a classifier of real digits, with two parameters left free."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from helpers.digits import load_digits
from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.explorers.momentum import (
    AT_BEST,
    RACES,
    SIGNS,
    STYLES,
    chosen_of,
    leave_the_best,
    name_in,
    nearest_best,
    runners,
)
from helpers.figures.momentum_plane import power_ticks
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE
from helpers.figures.text import short
from helpers.momentum import METHODS, regime, spectral_radius

PIXEL = 35  # row 4, column 3: the middle, where an eight crosses itself; of all pixels it tells 3 from 8 well
INPUTS = ("as it comes", "centred and scaled")
BATCHES = ("all 357", "64", "16", "4")
MOST_STEPS = 100
W, B = (-2.0, 9.0), (-6.5, 3.5)  # what the panel shows
CURVE = np.linspace(0, 1, 41)  # where the curve of the probability is drawn, from the least x to the greatest
LR = Slider("learning rate ε", 2.0, 0.125, 128.0, 1 / 16, form=".3g", base=2)
MU = Slider("momentum μ", 0.0, 0.0, 0.99, 0.01)


@cache
def problem(inputs: str) -> SimpleNamespace:
    """Return pixel x and target t (1 for an eight) of all threes and eights, and the best (w, b).

    The lowest loss is found by Newton's method; `h` are the eigenvalues of the curvature there.
    """
    pixels, labels = load_digits()
    chosen = np.isin(labels, (3, 8))
    x, t = pixels[chosen, PIXEL] / 16, (labels[chosen] == 8).astype(float)
    if inputs == "centred and scaled":
        x = (x - x.mean()) / x.std()
    features, best = np.column_stack([x, np.ones_like(x)]), np.zeros(2)
    for _ in range(30):
        g = eight(features @ best)
        curvature = (features.T * (g * (1 - g))) @ features / len(t)
        best = best - np.linalg.solve(curvature, features.T @ (g - t) / len(t))
    values = np.unique(x)
    alike = x == values[:, None]  # the examples with the same pixel
    return SimpleNamespace(
        x=x, t=t, best=best, lowest=float(losses(best[None], x, t)[0]), h=np.linalg.eigvalsh(curvature),
        values=values, share=(alike @ t) / alike.sum(axis=1), count=alike.sum(axis=1),
    )  # fmt: skip


@cache
def grid(inputs: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return w, b and the loss above the lowest on a grid, for the contours."""
    data = problem(inputs)
    w, b = np.linspace(*W, 50), np.linspace(*B, 50)
    points = np.stack(np.meshgrid(w, b), axis=-1).reshape(-1, 2)
    return w, b, losses(points, data.x, data.t).reshape(50, 50) - data.lowest


def eight(d: np.ndarray) -> np.ndarray:
    """Return σ(d), the probability of an eight, without overflow: ½ (1 + tanh(d/2))."""
    return (1 + np.tanh(d / 2)) / 2


def losses(theta: np.ndarray, x: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy for every row (w, b): ln(1 + e^d) − td with d = wx + b."""
    d = np.outer(theta[:, 0], x) + theta[:, 1:]
    return (np.maximum(d, 0) + np.log1p(np.exp(-np.abs(d))) - t * d).mean(axis=1)


def descend(c: SimpleNamespace, data: SimpleNamespace, lr: float, mu: float, method: str) -> np.ndarray:
    """Positions (w, b) of all steps, in the method's own form; each batch is drawn with a fixed seed."""
    x, t = data.x, data.t
    batch = 0 if c.batch == BATCHES[0] else int(c.batch)
    order = np.random.default_rng(5).integers(len(x), size=(c.steps, batch)) if batch else None
    w, b, vw, vb = c.w0, c.b0, 0.0, 0.0
    path = [(w, b)]
    for k in range(c.steps):
        if batch:
            x, t = data.x[order[k]], data.t[order[k]]
        error = eight(w * x + b) - t
        gw, gb = float(error @ x) / len(x), float(error.sum()) / len(x)
        new = 1 - mu if method == "moving average" else 1.0
        vw, vb = mu * vw + new * gw, mu * vb + new * gb
        if method == "Nesterov":
            w, b = w - lr * (gw + mu * vw), b - lr * (gb + mu * vb)
        else:
            w, b = w - lr * vw, b - lr * vb
        path.append((w, b))
    return np.array(path)


class RealBowl(Explorer):
    """Explore descent on a real loss: a 3 or an 8, from one pixel of scikit-learn's digits.

    The logits are (0, wx + b), with x the pixel in the middle; w and b are free. Controls: learning rate
    `lr` (1/8 to 128), `momentum` (0 to 0.99), the start `w0` (−2 to 9) and `b0` (−6.5 to 3.5), `steps` (1 to
    100), `batch` ("all 357", "64", "16", "4" examples for each gradient), `method` ("momentum", "Nesterov",
    "moving average"), `race` against plain descent and the others ("off", "same ε and μ", "each at its best",
    as far as the curvature at the lowest point says), `pixel` ("as it comes", from 0 to 1, or "centred and
    scaled").
    """

    controls = {
        "lr": LR,
        "momentum": MU,
        "w0": Slider("start, weight w", -1.0, *W, 0.1),
        "b0": Slider("start, bias b", 2.0, *B, 0.1),
        "steps": Slider("steps", 60, 1, MOST_STEPS, 1),
        "batch": Choice("batch size", BATCHES[0], BATCHES),
        "method": Choice("method", "momentum", METHODS),
        "race": Choice("race", "off", RACES),
        "pixel": Choice("pixel", INPUTS[0], INPUTS),
    }
    front = ("lr", "momentum", "pixel")
    presets = {
        "Zigzag": {"lr": 8.0},
        "With momentum": {"lr": 8.0, "momentum": 0.7},
        "Centred and scaled": {"pixel": INPUTS[1], "lr": 8.0},
        "Small batches": {"lr": 8.0, "momentum": 0.7, "batch": "4"},
        "Small batches, smaller ε": {"lr": 1.0, "momentum": 0.7, "batch": "4"},
        "Race": {"race": AT_BEST},
    }
    actions = {
        "Best parameters": lambda view: nearest_best(view.h, view.method, LR, MU) | leave_the_best(view)
    }
    handles = {"start": lambda view, x, y: {"w0": x, "b0": y}}
    size = (9, 3.3)
    alt = (
        "Three panels: contours of the true loss over weight and bias with the trajectory; the loss above "
        "the lowest, on a logarithmic axis; and the share of eights at each value of the pixel, with the "
        "curve that the last weight and bias give."
    )

    def shown_presets(self) -> dict[str, Mapping[str, Any]]:
        """Return the presets that change no hidden control."""
        return {
            label: values
            for label, values in self.presets.items()
            if all(name in self.shown or value == self._start[name] for name, value in values.items())
        }

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the trajectories, their losses over all examples above the lowest, and the regimes there."""
        data, chosen = problem(c.pixel), chosen_of(c)
        runs = runners(c, data.h)
        paths = {name: descend(c, data, *run) for name, run in runs.items()}
        gaps = {name: losses(path, data.x, data.t) - data.lowest for name, path in paths.items()}
        (lr, mu, method), (w, b) = runs[chosen], paths[chosen][-1]
        return SimpleNamespace(
            **vars(c), runs=runs, chosen=chosen, paths=paths, gaps=gaps, data=data,
            curve=eight(w * (data.x.min() + CURVE * np.ptp(data.x)) + b),
            best=data.best, h=data.h, lowest=data.lowest,
            radii={name: float(spectral_radius(e * data.h, m, f).max()) for name, (e, m, f) in runs.items()},
            regimes=[regime(lr * h, mu, method) for h in data.h],
        )  # fmt: skip

    def redraw_key(self, view):
        """Draw the contours and the shares anew when the data change."""
        return view.pixel

    def draw(self, fig):
        """Draw the axes; contours and shares come with the first update."""
        self.bowl, loss, self.data = map(fig.add_subplot, fig.add_gridspec(1, 3, width_ratios=[1.2, 0.9, 1]))
        self.bowl.set(xlim=W, ylim=B, xlabel="weight w", ylabel="bias b")
        self.bowl.set_title("drag the start ▲" if "w0" in self.shown else "from the start ▲")
        self.bowl.set_aspect("equal")  # so a step is perpendicular to the contour
        loss.set(yscale="log", xlim=(0, MOST_STEPS), ylim=(1e-8, 1e1), xlabel="step")
        loss.set_title("loss above the lowest")
        power_ticks(loss.yaxis, -8, 1, 2)
        self.data.set(ylim=(-0.05, 1.05), xlabel="pixel x", title="share of eights ○, g —")
        self.drawn_for = None
        return {
            "path": self.bowl.plot([0], [0], color=BLUE, lw=1.6)[0],
            "lowest": self.bowl.plot([0], [0], "+", color=INK, ms=12, mew=2)[0],
            "end": self.bowl.plot([0], [0], "s", color=ORANGE, mec=INK, ms=8)[0],
            "start": self.bowl.plot([0], [0], "^", color="white", mec=INK, ms=13, mew=1.6, clip_on=False)[0],
            "loss": loss.plot([1], [1], color=BLUE, lw=1.6)[0],
            "rival": [self.bowl.plot([0], [0], lw=1.6, alpha=0.4)[0] for _ in range(2)],
            "rival-loss": [loss.plot([1], [1], lw=1.6)[0] for _ in range(2)],
            "key": [
                loss.text(0.98, up, "", transform=loss.transAxes, ha="right", va="top", fontsize=10)
                for up in (0.99, 0.92, 0.85)
            ],
            "curve": self.data.plot([0], [0], color=BLUE, lw=1.8)[0],
        }

    def _draw_static(self, live, view) -> None:
        moving = list(live.values())
        for ax in (self.bowl, self.data):
            for artist in [*ax.collections, *ax.lines]:
                if artist not in moving:
                    artist.remove()
        w, b, gap = grid(view.pixel)
        levels = [0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.4, 2.2, 3.2]
        self.bowl.contour(w, b, gap, levels, colors=[GREY], linewidths=0.8, alpha=0.6, zorder=0)
        data = view.data
        ends = data.values[[0, -1]]
        self.data.set_xlim(*(ends + np.array([-0.05, 0.05]) * np.ptp(ends)))
        self.data.scatter(data.values, data.share, 6 + 2 * data.count, facecolors=PALE, edgecolors=INK)
        self.drawn_for = self.redraw_key(view)

    def update(self, live, view):
        """Move trajectory, loss and the curve of the probability."""
        if self.drawn_for != self.redraw_key(view):
            self._draw_static(live, view)
        path = view.paths[view.chosen].clip(-99, 99)
        live["path"].set_data(*path.T)
        live["lowest"].set_data(*view.best[:, None])
        (w, b) = path[-1]
        live["end"].set(data=path[-1:].T, visible=bool(W[0] <= w <= W[1] and B[0] <= b <= B[1]))
        live["start"].set_data([view.w0], [view.b0])
        live["loss"].set_data(np.arange(len(path)), view.gaps[view.chosen].clip(1e-10, 1e3))
        self._show_race(live, view)
        live["curve"].set_data(view.data.x.min() + CURVE * np.ptp(view.data.x), view.curve)

    @staticmethod
    def _show_race(live, view) -> None:
        racing = len(view.runs) > 1
        for name in ("path", "loss"):
            live[name].set(**STYLES[view.chosen])
        rivals = [name for name in view.runs if name != view.chosen]
        for artists in (live["rival"], live["rival-loss"]):
            for artist in artists:
                artist.set_visible(racing)
        for name, path, loss in zip(rivals, live["rival"], live["rival-loss"], strict=racing):
            path.set(data=view.paths[name].clip(-99, 99).T, **STYLES[name])
            gaps = view.gaps[name].clip(1e-10, 1e3)
            loss.set(data=(np.arange(len(gaps)), gaps), **STYLES[name])
        for name, text in zip(STYLES, live["key"], strict=True):
            text.set(visible=racing, color=STYLES[name]["color"])
            if racing:
                text.set_text(f"{SIGNS[name]} {view.runs[name][2] if name == 'momentum' else name}")

    @staticmethod
    def describe(view) -> str:
        """Say the condition number, the regimes at the lowest point, and where the runs ended."""
        batch = "" if view.batch == BATCHES[0] else f", each gradient from {view.batch} examples"
        low, (lr, momentum, _) = 1e-6, view.runs[view.chosen]
        name, rate = name_in(view, view.chosen), view.radii[view.chosen]
        if rate > 1:
            where = "it cannot settle at the lowest point, where ρ is above 1"
        else:
            quiet = ", without the noise of the batches," if batch else ""
            where = f"near the lowest point{quiet} each step multiplies the error by ρ = {short(rate)}"
        sentence = (
            f"Three or eight from one pixel, {view.pixel}: curvatures {short(view.h[0])} and "
            f"{short(view.h[1])}, κ = {short(view.h[1] / view.h[0])}. {name[0].upper() + name[1:]} with "
            f"ε = {short(lr)} and μ = {short(momentum)}{batch}: {view.regimes[0]} along the "
            f"flat direction, {view.regimes[1]} along the steep one; {where}. "
        )
        count = f"{view.steps} step{'s' if view.steps != 1 else ''}"
        sentence += f"From (w, b) = ({short(view.w0)}, {short(view.b0)}), after {count}, "
        if len(view.runs) > 1:
            each = "with the same ε and μ" if view.race != AT_BEST else "each with its best ε and μ"
            ends = [(name_in(view, name), gaps[-1]) for name, gaps in view.gaps.items()]
            above = ", ".join(
                f"{name} {short(gap) if gap > low else f'less than {short(low, 1)}'}" for name, gap in ends
            )
            return f"{sentence}{each}, above the lowest loss, {short(view.lowest)}: {above}."
        if rate > 1:
            return f"{sentence}it is still on the move."
        gap = view.gaps[view.chosen][-1]
        end = f"{short(gap)} above" if gap > low else f"within {short(low, 1)} of"
        return f"{sentence}the loss is {end} the lowest, {short(view.lowest)}."
