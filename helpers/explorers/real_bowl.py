"""Gradient descent on the true loss of a classifier of real digits, with two parameters left free."""

from functools import cache
from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.explorers.momentum import nearest_best, on_the_plane
from helpers.figures.momentum_plane import LEFT, RIGHT, draw_plane, power_ticks
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import short
from helpers.momentum import METHODS, best_parameters, regime, spectral_radius

PIXEL = 35  # row 4, column 3: the middle, where an eight crosses itself; of all pixels it tells 3 from 8 well
INPUTS = ("as it comes", "centred and scaled")
BATCHES = ("all 357", "64", "16", "4")
MOST_STEPS = 100
W, B = (-2.0, 9.0), (-6.5, 3.5)  # what the panel shows
LR = Slider("learning rate ε", 2.0, 0.125, 128.0, 1 / 16, form=".3g", base=2)
MU = Slider("momentum μ", 0.0, 0.0, 0.99, 0.01)


@cache
def problem(inputs: str) -> SimpleNamespace:
    """Return pixel x and target t (1 for an eight) of all threes and eights, and the best (w, b).

    The lowest loss is found by Newton's method; `h` are the eigenvalues of the curvature there.
    """
    from sklearn.datasets import load_digits  # only now: the import takes half a second

    pixels, labels = load_digits(return_X_y=True)
    chosen = np.isin(labels, (3, 8))
    x, t = pixels[chosen, PIXEL] / 16, (labels[chosen] == 8).astype(float)
    if inputs == "centred and scaled":
        x = (x - x.mean()) / x.std()
    features, best = np.column_stack([x, np.ones_like(x)]), np.zeros(2)
    for _ in range(30):
        g = eight(features @ best)
        curvature = (features.T * (g * (1 - g))) @ features / len(t)
        best = best - np.linalg.solve(curvature, features.T @ (g - t) / len(t))
    return SimpleNamespace(
        x=x, t=t, best=best, lowest=float(losses(best[None], x, t)[0]), h=np.linalg.eigvalsh(curvature)
    )


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


def descend(c: SimpleNamespace, data: SimpleNamespace) -> np.ndarray:
    """Positions (w, b) of all steps, in the method's own form; each batch is drawn with a fixed seed."""
    x, t, mu = data.x, data.t, c.momentum
    batch = 0 if c.batch == BATCHES[0] else int(c.batch)
    order = np.random.default_rng(5).integers(len(x), size=(c.steps, batch)) if batch else None
    w, b, vw, vb = c.w0, c.b0, 0.0, 0.0
    path = [(w, b)]
    for k in range(c.steps):
        if batch:
            x, t = data.x[order[k]], data.t[order[k]]
        error = eight(w * x + b) - t
        gw, gb = float(error @ x) / len(x), float(error.sum()) / len(x)
        new = 1 - mu if c.method == "moving average" else 1.0
        vw, vb = mu * vw + new * gw, mu * vb + new * gb
        if c.method == "Nesterov":
            w, b = w - c.lr * (gw + mu * vw), b - c.lr * (gb + mu * vb)
        else:
            w, b = w - c.lr * vw, b - c.lr * vb
        path.append((w, b))
    return np.array(path)


class RealBowl(Explorer):
    """Explore descent on a real loss: a 3 or an 8, from one pixel of scikit-learn's digits.

    The logits are (0, wx + b), with x the pixel in the middle; w and b are free. Controls: learning rate
    `lr` (1/8 to 128), `momentum` (0 to 0.99), the start `w0` (−2 to 9) and `b0` (−6.5 to 3.5), `steps` (1 to
    100), `batch` ("all 357", "64", "16", "4" examples for each gradient), `method` ("momentum", "Nesterov",
    "moving average"), `pixel` ("as it comes", from 0 to 1, or "centred and scaled").
    """

    controls = {
        "lr": LR,
        "momentum": MU,
        "w0": Slider("start, weight w", -1.0, *W, 0.1),
        "b0": Slider("start, bias b", 2.0, *B, 0.1),
        "steps": Slider("steps", 60, 1, MOST_STEPS, 1),
        "batch": Choice("batch size", BATCHES[0], BATCHES),
        "method": Choice("method", "momentum", METHODS),
        "pixel": Choice("pixel", INPUTS[0], INPUTS),
    }
    presets = {
        "Zigzag": {"lr": 8.0},
        "With momentum": {"lr": 8.0, "momentum": 0.7},
        "Too much momentum": {"lr": 8.0, "momentum": 0.95, "steps": 100},
        "Small batches": {"lr": 8.0, "momentum": 0.7, "batch": "4"},
        "Centred and scaled": {"pixel": INPUTS[1], "lr": 8.0},
    }
    actions = {"Best parameters": lambda view: nearest_best(view.h, view.method, LR, MU)}
    handles = {
        "start": lambda view, x, y: {"w0": x, "b0": y},
        "pad": lambda view, x, y: on_the_plane(x / view.h[1], y),
    }
    size = (11, 4.6)
    alt = (
        "Three panels: contours of the true loss over weight and bias with the trajectory; the loss above "
        "the lowest, on a logarithmic axis; and the plane of learning rate times curvature and momentum."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the trajectory, its losses over all examples above the lowest, and the regimes there."""
        data = problem(c.pixel)
        path = descend(c, data)
        return SimpleNamespace(
            **vars(c), path=path, gaps=losses(path, data.x, data.t) - data.lowest, best=data.best, h=data.h,
            lowest=data.lowest, regimes=[regime(c.lr * h, c.momentum, c.method) for h in data.h],
            radius=float(spectral_radius(c.lr * data.h, c.momentum, c.method).max()),
            best_parameters=best_parameters(*data.h, c.method),
        )  # fmt: skip

    def redraw_key(self, view):
        """Draw contours and plane anew when the data or the method changes."""
        return view.pixel, view.method

    def draw(self, fig):
        """Draw the axes; contours and plane come with the first update."""
        self.bowl, loss, self.plane = (fig.add_subplot(1, 3, i) for i in (1, 2, 3))
        self.bowl.set(xlim=W, ylim=B, xlabel="weight w", ylabel="bias b", title="drag the start ▲")
        self.bowl.set_aspect("equal")  # so a step is perpendicular to the contour
        loss.set(yscale="log", xlim=(0, MOST_STEPS), ylim=(1e-8, 1e1), xlabel="step")
        loss.set_title("loss above the lowest")
        power_ticks(loss.yaxis, -8, 1, 1)
        self.drawn_for = None
        front = dict(mec=INK, zorder=10, clip_on=False)
        return {
            "path": self.bowl.plot([0], [0], color=BLUE, lw=1.6)[0],
            "lowest": self.bowl.plot([0], [0], "+", color=INK, ms=12, mew=2)[0],
            "end": self.bowl.plot([0], [0], "s", color=ORANGE, mec=INK, ms=8)[0],
            "start": self.bowl.plot([0], [0], "^", color="white", mec=INK, ms=13, mew=1.6)[0],
            "loss": loss.plot([1], [1], color=BLUE, lw=1.6)[0],
            "reach": self.plane.plot([0.1, 1], [0, 0], color=INK, lw=2, zorder=10)[0],
            "best": self.plane.plot([1], [0], "*", color="white", ms=15, **front)[0],
            "flat-dot": self.plane.plot([1], [0], "o", color=ORANGE, ms=10, **front)[0],
            "steep-dot": self.plane.plot([1], [0], "D", color=VERMILLION, ms=11, **front)[0],
            "pad": self.plane.fill([0, 0, 1, 1], [0, 1, 1, 0], color="white", alpha=0.0, zorder=19)[0],
        }

    def _draw_static(self, live, view) -> None:
        moving = list(live.values())
        for ax in (self.bowl, self.plane):
            for artist in [*ax.collections, *ax.texts, *ax.lines]:
                if artist not in moving:
                    artist.remove()
        w, b, gap = grid(view.pixel)
        levels = [0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.4, 2.2, 3.2]
        self.bowl.contour(w, b, gap, levels, colors=[GREY], linewidths=0.8, alpha=0.6, zorder=0)
        draw_plane(self.plane, view.method)
        self.plane.set_title("click: ◆ steep, ● flat, ☆ best", loc="left", size=12.5)
        right = RIGHT[view.method]
        live["pad"].set_xy([(LEFT, 0), (LEFT, 1), (right, 1), (right, 0)])
        self.drawn_for = self.redraw_key(view)

    def update(self, live, view):
        """Move trajectory, loss and the dots on the plane."""
        if self.drawn_for != self.redraw_key(view):
            self._draw_static(live, view)
        path = view.path.clip(-99, 99)
        live["path"].set_data(*path.T)
        live["lowest"].set_data(*view.best[:, None])
        (w, b) = path[-1]
        live["end"].set(data=path[-1:].T, visible=bool(W[0] <= w <= W[1] and B[0] <= b <= B[1]))
        live["start"].set_data([view.w0], [view.b0])
        live["loss"].set_data(np.arange(len(path)), view.gaps.clip(1e-10, 1e3))
        spots = (view.lr * view.h).clip(LEFT, RIGHT[view.method])
        live["reach"].set_data(spots, [view.momentum] * 2)
        live["flat-dot"].set_data([spots[0]], [view.momentum])
        live["steep-dot"].set_data([spots[1]], [view.momentum])
        live["best"].set_data([view.best_parameters[0] * view.h[1]], [view.best_parameters[1]])

    @staticmethod
    def describe(view) -> str:
        """Say the condition number, the regimes at the lowest point, and where the run ended."""
        batch = "" if view.batch == BATCHES[0] else f", each gradient from {view.batch} examples"
        low, gap = 1e-6, view.gaps[-1]
        end = f"{short(gap)} above" if gap > low else f"within {short(low, 1)} of"
        if view.radius > 1:
            where = "it cannot settle at the lowest point, where ρ is above 1"
            end = ""
        else:
            where = f"near the lowest point each step multiplies the error by ρ = {short(view.radius)}"
        count = f"{view.steps} step{'s' if view.steps != 1 else ''}"
        start = f"(w, b) = ({short(view.w0)}, {short(view.b0)})"
        plain = view.method == "momentum" and not view.momentum
        name = "Plain descent" if plain else view.method.capitalize()
        sentence = (
            f"Three or eight from one pixel, {view.pixel}: curvatures {short(view.h[0])} and "
            f"{short(view.h[1])}, κ = {short(view.h[1] / view.h[0])}. {name} with "
            f"ε = {short(view.lr)} and μ = {short(view.momentum)}{batch}: {view.regimes[0]} along the "
            f"flat direction, {view.regimes[1]} along the steep one; {where}. "
        )
        if not end:
            return f"{sentence}From {start}, after {count}, it is still on the move."
        return f"{sentence}From {start}, after {count}, the loss is {end} the lowest, {short(view.lowest)}."
