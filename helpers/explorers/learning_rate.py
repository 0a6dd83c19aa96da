"""Gradient descent on a curve of one variable: what the learning rate does, on four kinds of curve."""

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.momentum_plane import power_ticks
from helpers.figures.style import BLUE, GREY, INK, PALE, VERMILLION
from helpers.figures.text import short

EDGE, TOP = 3.0, 6.0  # what the panel of the curve shows
LOST = 1e3  # farther out the run counts as diverging: its digits mean nothing
MOST_STEPS = 60
FLOOR = 1e-8  # of the loss above the lowest, as far as it is shown
WALL = 25.0  # how sharply the cliff begins

Pair = tuple[float, float]


def parabola(x: float) -> Pair:
    """½x² and its slope: curvature 1 everywhere."""
    return x * x / 2, x


def corner(x: float) -> Pair:
    """|x| and its slope: no curvature but in the corner, where it is infinite."""
    return abs(x), float(x > 0) - float(x < 0)


def two_wells(x: float) -> Pair:
    """Two valleys, the left one deeper, and its slope."""
    return (x * x - 1) ** 2 / 4 + 0.15 * x + 0.16, x * (x * x - 1) + 0.15


def cliff(x: float) -> Pair:
    """Down to the right, gently, to a wall of slope 10; and its slope."""
    z = WALL * (x - 1)
    wall = math.log1p(math.exp(-abs(z))) + max(z, 0.0)  # softplus without overflow
    steep = 1 / (1 + math.exp(-z)) if z > -700 else 0.0
    return 0.1 * (x - 2) ** 2 + 10 / WALL * wall, 0.2 * (x - 2) + 10 * steep


CURVES: dict[str, Callable[[float], Pair]] = {
    "parabola": parabola,
    "corner |x|": corner,
    "two wells": two_wells,
    "cliff": cliff,
}


def descend(curve: Callable[[float], Pair], start: float, lr: float, momentum: float, h: float, steps: int):
    """Positions of descent with momentum on h times the curve; a run that is lost ends there."""
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = momentum * v + h * curve(x)[1]
        x -= lr * v
        path.append(x)
        if abs(x) > LOST:
            break
    return np.array(path)


def bottom(curve: Callable[[float], Pair]) -> tuple[float, float]:
    """Return the lowest point of a curve and its height, by bisection of the slope."""
    grid = np.linspace(-EDGE, EDGE, 601)
    at = grid[np.argmin([curve(x)[0] for x in grid])]
    low, high = at - 0.01, at + 0.01
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if curve(middle)[1] < 0 else (low, middle)
    return high, curve(high)[0]


BOTTOMS = {name: bottom(curve) for name, curve in CURVES.items()}


def behaviour(path: np.ndarray, curve: Callable[[float], Pair]) -> str:
    """Say what the last steps of a run do: judged from the run itself, so it holds for every curve."""
    if abs(path[-1]) > LOST:
        return "diverges"
    moves = np.diff(path[-9:])
    if len(moves) < 4:
        return "has only begun"
    turns = np.sign(moves[1:]) * np.sign(moves[:-1]) < 0
    if np.abs(moves).max() < 1e-3:
        return "has settled" if abs(curve(path[-1])[1]) < 0.02 else "creeps"
    if not turns.all():
        return "swings to and fro" if turns.any() else "is on its way"
    ratios = np.abs(moves[1:] / moves[:-1])
    if (np.abs(ratios - 1) < 1e-4).all():
        return "jumps to and fro, for ever"
    return "jumps to and fro" + (
        ", more and more widely" if (ratios > 1).all() else ", less and less" if (ratios < 1).all() else ""
    )


def case(factor: float) -> str:
    """Name what a factor per step does, in the words of the lesson's table."""
    if factor == 0:
        return "the bottom in one step"
    if abs(factor) == 1:
        return "flipping, for ever"
    return "monotone" if factor > 0 else "flipping" if factor > -1 else "divergent"


class LearningRate(Explorer):
    """Explore v ← μv + L′(x), x ← x − εv on a curve L of one variable.

    Controls: `curve` ("parabola", "corner |x|", "two wells", "cliff"), learning rate `lr` (1/128 to 8), `h`,
    by which the curve is multiplied (1/4 to 4; the parabola's curvature), `start` (−2.8 to 2.8), `steps`
    (0 to 60), `momentum` (0 to 0.95).
    """

    controls = {
        "lr": Slider("learning rate ε", 0.125, 2**-7, 8.0, 1 / 8, form=".3g", base=2),  # holds ½, 1, 2, 4
        "h": Slider("steepness h", 1.0, 0.25, 4.0, 0.25),
        "start": Slider("start x₀", -2.5, -2.8, 2.8, 0.05),
        "steps": Slider("steps", 20, 0, MOST_STEPS, 1),
        "momentum": Slider("momentum μ", 0.0, 0.0, 0.95, 0.05),
        "curve": Choice("curve", "parabola", list(CURVES)),
    }
    front = ("lr", "start", "curve")
    presets = {
        "Creeps": {"curve": "parabola", "lr": 2**-6},
        "One step": {"curve": "parabola", "lr": 1.0},
        "Oscillates": {"curve": "parabola", "lr": 2 ** (7 / 8)},
        "Diverges": {"curve": "parabola", "lr": 2 ** (9 / 8)},
        "A corner": {"curve": "corner |x|", "lr": 2**-1.25},
        "Two wells": {"curve": "two wells", "start": 2.0, "lr": 0.125},
        "Over the hill": {"curve": "two wells", "start": 2.0, "lr": 2**-1.25},
        "Off the cliff": {"curve": "cliff", "lr": 1.0, "steps": 40},
        "Rolls over the hill": {"curve": "two wells", "start": 2.0, "momentum": 0.8},
    }
    handles = {"start": lambda view, x, y: {"start": x}}
    size = (9, 3.3)
    alt = (
        "Three panels: a curve with the points that gradient descent visits, joined by lines; the position "
        "step by step; and the height above the lowest point of the curve, on a logarithmic axis."
    )

    def shown_presets(self) -> dict[str, Mapping[str, Any]]:
        """Return the presets that change no hidden control; where curves are shown, none of the parabola."""
        every = set(self.shown) == set(self.controls)
        return {
            label: values
            for label, values in self.presets.items()
            if every
            or (
                all(name in self.shown or value == self._start[name] for name, value in values.items())
                and not ("curve" in self.shown and values["curve"] == "parabola")
            )
        }

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the path, its heights above the curve's lowest point, and how it behaves in the end."""
        curve = CURVES[c.curve]
        path = descend(curve, c.start, c.lr, c.momentum, c.h, c.steps)
        heights = c.h * np.array([curve(x)[0] for x in path])
        at, low = BOTTOMS[c.curve]
        return SimpleNamespace(
            **vars(c), path=path, heights=heights, gaps=heights - c.h * low, bottom=at,
            behaviour=behaviour(path, curve),
        )  # fmt: skip

    def draw(self, fig):
        """Draw axes; the curve, the path and the histories are live."""
        curve, position, loss = map(fig.add_subplot, fig.add_gridspec(1, 3, width_ratios=[1.3, 1, 1]))
        curve.set(xlim=(-EDGE, EDGE), ylim=(-0.5, TOP), xlabel="parameter x", ylabel="loss L(x)")
        curve.set_title("drag the start ▲")
        position.set(xlim=(-1, MOST_STEPS + 1), ylim=(-EDGE, EDGE), xlabel="step", title="x, step by step")
        position.axhline(0, color=PALE, lw=1, zorder=0)
        loss.set(xlim=(-1, MOST_STEPS + 1), yscale="log", ylim=(FLOOR, 1e2), xlabel="step")
        loss.set_title("loss above the lowest")
        power_ticks(loss.yaxis, -8, 2, 2)
        return {
            "curve": curve.plot([0], [0], color=GREY, lw=1.5)[0],
            "visited": curve.plot([0], [0], color=BLUE, lw=1.2)[0],
            "points": curve.plot([0], [0], "o", color=BLUE, ms=4)[0],
            "last": curve.plot([0], [0], "s", color=VERMILLION, mec=INK, ms=9)[0],
            "start": curve.plot([0], [0], "^", color="white", mec=INK, ms=13, mew=1.6)[0],
            "bottom": position.axhline(0, color=GREY, lw=1, ls="--"),
            "position": position.plot([0], [0], color=BLUE, lw=1.5)[0],
            "gap": loss.plot([0], [0], color=BLUE, lw=1.5)[0],
        }

    def update(self, live, view):
        """Move curve, path and histories; what is outside the panels is cut off."""
        x = np.linspace(-EDGE, EDGE, 151)
        curve = CURVES[view.curve]
        live["curve"].set_data(x, [view.h * curve(at)[0] for at in x])
        steps, heights = np.arange(len(view.path)), np.minimum(view.heights, 1e3)
        path = np.clip(view.path, -50, 50)
        live["visited"].set_data(path, heights)
        live["points"].set_data(path[1:], heights[1:])
        inside = np.abs(path[-1]) <= EDGE and heights[-1] <= TOP
        live["last"].set(data=([path[-1]], [heights[-1]]), visible=bool(inside))
        live["start"].set_data([view.start], [min(heights[0], TOP - 0.25)])
        live["bottom"].set_ydata([view.bottom, view.bottom])
        live["position"].set_data(steps, path)
        live["gap"].set_data(steps, np.clip(view.gaps, 1e-12, 1e6))

    @staticmethod
    def describe(view) -> str:
        """Say where the run ended and, for the parabola, what εh says about it."""
        what = f"{view.curve.capitalize()}, steepness h = {short(view.h)}, ε = {short(view.lr)}"
        if view.momentum:
            what += f", μ = {short(view.momentum)}"
        after = f"after {view.steps} step{'s' if view.steps != 1 else ''} "
        if abs(view.path[-1]) > EDGE or view.behaviour == "diverges":
            after += "x is lost" if view.behaviour == "diverges" else "x is outside the panel"
        elif view.behaviour.startswith("swings") and not view.momentum:
            after += "x has not come to rest"  # chaotic: its digits differ between machines
        else:
            height = short(view.gaps[-1]) if view.gaps[-1] >= FLOOR else f"less than {short(FLOOR, 1)}"
            after += f"x = {short(view.path[-1])}, and the loss is {height} above its lowest"
        sentence = f"{what}: from x₀ = {short(view.start)} the run {view.behaviour}; {after}."
        if view.curve == "parabola" and not view.momentum:
            factor = 1 - view.lr * view.h
            sentence += f" Every step multiplies x by 1 − εh = {short(factor)}: {case(factor)}."
        return sentence
