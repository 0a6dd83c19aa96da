"""A quadratic bowl: trajectory, loss, the (ε, μ) plane, and the iterates along both eigen-directions."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.momentum_plane import LEFT, RIGHT, draw_plane, power_ticks
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short
from helpers.momentum import METHODS, best_parameters, iterate, iteration_matrix, regime, spectral_radius

MOST_STEPS = 200
WIDE, HIGH = 3.0, 2.1  # half of the bowl's panel
FLOOR, CEILING = 1e-8, 1e2  # of the loss
LEVELS = np.array([0.12, 0.35, 0.7, 1.1, 1.5, 1.9, 2.3])  # where contours cross the steep axis
ANGLES = np.linspace(0, 2 * np.pi, 73)
NOISE = np.random.default_rng(7).standard_normal((MOST_STEPS, 2))
RUNNERS = ("plain", "momentum", "Nesterov")
STYLES = {
    "plain": dict(color=GREY, ls="--"),
    "momentum": dict(color=BLUE, ls="-"),
    "Nesterov": dict(color=VERMILLION, ls="-."),
}
RACES = ("off", "same ε and μ", "each at its best")
LR = Slider("learning rate ε", 1.0, 0.01, 40.0, 0.02, form=".3g", base=10)
MU = Slider("momentum μ", 0.0, 0.0, 0.99, 0.01)


def nearest_best(h: np.ndarray, method: str, rates: Slider = LR, momenta: Slider = MU) -> dict[str, float]:
    """Return the best ε and μ for the curvatures h (flat, steep) among those that the sliders can hold."""
    lr, momentum, _ = best_parameters(*h, method)
    near = [rates.nearest(lr * rates.base ** (rates.step * k)) for k in (-1, 0, 1)]
    choices = np.array([(a, momenta.nearest(momentum + momenta.step * k)) for a in near for k in (-1, 0, 1)])
    worst = spectral_radius(choices[:, :1] * h, choices[:, 1:], method).max(axis=1)
    return dict(zip(("lr", "momentum"), map(float, choices[np.argmin(worst)]), strict=True))


def on_the_plane(lr: float, momentum: float) -> dict[str, float]:
    """Return ε and μ under the pointer; nothing far outside, where the logarithmic axis overflows."""
    return {"lr": lr, "momentum": momentum} if np.isfinite([lr, momentum]).all() else {}


def runners(c: SimpleNamespace) -> dict[str, tuple[float, float, str]]:
    """Return name -> ε, μ, method of the runs shown; the chosen one is "momentum" or "Nesterov"."""
    chosen = "Nesterov" if c.method == "Nesterov" else "momentum"
    if c.race == "off":
        return {chosen: (c.lr, c.momentum, c.method)}
    averaged = "moving average" if c.method == "moving average" else "momentum"
    if c.race == "same ε and μ":
        return {
            "plain": (c.lr, 0.0, "momentum"),
            "momentum": (c.lr, c.momentum, averaged),
            "Nesterov": (c.lr, c.momentum, "Nesterov"),
        }
    h = 1 / c.kappa
    best = {name: best_parameters(h, 1.0, name)[:2] for name in (averaged, "Nesterov")}
    return {
        "plain": (2 / (1 + h), 0.0, "momentum"),
        "momentum": (*best[averaged], averaged),
        "Nesterov": (*best["Nesterov"], "Nesterov"),
    }


def noise_kicks(lr: float, momentum: float, method: str) -> np.ndarray:
    """Return what a unit of noise in the gradient adds to the state (u, x)."""
    if method == "moving average":
        lr *= 1 - momentum
    return np.array([lr, -lr * (1 + momentum if method == "Nesterov" else 1)])


def shown_path(run: np.ndarray) -> np.ndarray:
    """Cut a run off where it is far outside the panel: what diverges has no digits worth showing."""
    lost = np.flatnonzero(~(np.abs(run).max(axis=1) < 50))
    return run[: lost[0] + 1].clip(-50, 50) if lost.size else run


class Momentum(Explorer):
    """Explore v ← μv + g, θ ← θ − εv on the bowl ½ (h₁a² + h₂b²), with h₂ = 1 (steep) and h₁ = 1/κ (flat).

    Controls: learning rate `lr` (0.01 to 40), `momentum` (0 to 0.99), condition number `kappa` (1 to 200),
    `rotation` of the bowl in degrees (0 to 90), the start `x0` (−2.8 to 2.8) and `y0` (−2 to 2), `noise`:
    standard deviation of each entry of the gradient's noise (0 to 1), `steps` (1 to 200), `method`
    ("momentum" as in PyTorch, "Nesterov", "moving average"), `race` against plain descent and the others
    ("off", "same ε and μ", "each at its best").
    """

    controls = {
        "lr": LR,
        "momentum": MU,
        "kappa": Slider("condition number κ", 20, 1, 200, 1),
        "rotation": Slider("rotation in degrees", 20, 0, 90, 1),
        "x0": Slider("start, x", -2.4, -2.8, 2.8, 0.05),
        "y0": Slider("start, y", 0.5, -2.0, 2.0, 0.05),
        "noise": Slider("noise σ", 0.0, 0.0, 1.0, 0.05),
        "steps": Slider("steps", 60, 1, MOST_STEPS, 1),
        "method": Choice("method", "momentum", METHODS),
        "race": Choice("race", "off", RACES),
    }
    presets = {
        "Too small a step": {"lr": 0.1},
        "Zigzag": {"lr": 10**0.26},
        "Ball with friction": {"lr": 10**-0.5, "momentum": 0.8},
        "Little friction": {"lr": 10**-0.5, "momentum": 0.97, "steps": 150},
        "Past the edge": {"lr": 10**0.5, "momentum": 0.5},
        "Long valley (κ = 200)": {"kappa": 200, "lr": 10**0.26, "steps": 200},
        "Noise": {"lr": 10**-0.5, "noise": 0.3, "steps": 200},
        "Race": {"race": "each at its best", "lr": 10**0.42, "momentum": 0.4},
    }
    actions = {"Best parameters": lambda view: nearest_best(view.h, view.method)}
    handles = {
        "start": lambda view, x, y: {"x0": x, "y0": y},
        "pad": lambda view, x, y: on_the_plane(x, y),
    }
    size = (11, 7.6)
    alt = (
        "Five panels: contours of a bowl with the trajectory; the plane of learning rate times curvature and "
        "momentum, shaded by rate, with a dot for each of the two directions; the loss on a logarithmic "
        "axis; and the iterates along the flat and along the steep direction."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the runs in eigen-coordinates and in the plane, their losses, regimes and rates."""
        h = np.array([1 / c.kappa, 1.0])
        turn = np.deg2rad(c.rotation)
        axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])  # rows: flat, steep
        start = axes @ [c.x0, c.y0]
        runs = runners(c)
        steps = np.array([iteration_matrix(lr * h, mu, method) for lr, mu, method in runs.values()])
        kicks = None
        if c.noise:
            push = np.array([noise_kicks(*run) for run in runs.values()])
            kicks = c.noise * NOISE[: c.steps, None, :, None] * push[:, None, :]
        found = iterate(steps, np.tile(start, (len(runs), 1)), c.steps, kicks)
        runs_shown = {name: shown_path(found[:, i]) for i, name in enumerate(runs)}
        with np.errstate(over="ignore", invalid="ignore"):
            losses = {name: (run**2 @ h) / 2 for name, run in runs_shown.items()}
        radii = spectral_radius(c.lr * h, c.momentum, c.method)
        return SimpleNamespace(
            **vars(c), h=h, axes=axes, runs=runs, eigen=runs_shown, losses=losses, radii=radii,
            paths={name: run @ axes for name, run in runs_shown.items()},
            chosen="Nesterov" if c.method == "Nesterov" else "momentum",
            regimes=[regime(c.lr * h_i, c.momentum, c.method) for h_i in h],
            best=best_parameters(h[0], 1.0, c.method),
        )  # fmt: skip

    def redraw_key(self, view):
        """Draw the plane anew when the method changes: it belongs to the method."""
        return view.method

    def draw(self, fig):
        """Draw the axes; contours are ellipses, cheap enough to be live."""
        grid = fig.add_gridspec(2, 6, height_ratios=[1.5, 1])
        bowl, self.plane = fig.add_subplot(grid[0, :3]), fig.add_subplot(grid[0, 3:])
        loss, flat, steep = (fig.add_subplot(grid[1, 2 * i : 2 * i + 2]) for i in range(3))
        bowl.set(xlim=(-WIDE, WIDE), ylim=(-HIGH, HIGH), xlabel="θ₀", ylabel="θ₁", title="drag the start ▲")
        bowl.set_aspect("equal")
        loss.set(yscale="log", xlim=(0, MOST_STEPS), ylim=(FLOOR, CEILING), xlabel="step", title="loss")
        power_ticks(loss.yaxis, -8, 2, 2)
        for ax, name in ((flat, "flat direction, h = 1/κ"), (steep, "steep direction, h = 1")):
            ax.set(xlim=(-1, 61), ylim=(-3.2, 3.2), xlabel="step (the first 60)", title=name)
            ax.axhline(0, color=GREY, lw=1)
        self.drawn_for = None
        lines = {}
        for name, style in STYLES.items():
            lines[f"path-{name}"] = bowl.plot([0], [0], lw=1.6, **style)[0]
            lines[f"loss-{name}"] = loss.plot([1], [1], lw=1.6, **style)[0]
        stem = dict(color=INK, lw=1.2)
        return {
            "contours": bowl.plot([0], [0], color=PALE, lw=1.2, zorder=0)[0],
            "valley": bowl.plot([0], [0], color=PALE, lw=1.2, ls="--", zorder=0)[0],
            **lines,
            "end": bowl.plot([0], [0], "s", color=ORANGE, mec=INK, ms=8)[0],
            "start": bowl.plot([0], [0], "^", color="white", mec=INK, ms=13, mew=1.6)[0],
            "flat-stems": flat.plot([0], [0], **stem)[0],
            "steep-stems": steep.plot([0], [0], **stem)[0],
            "key": [
                loss.text(0.98, 0.95 - 0.11 * i, "", transform=loss.transAxes, ha="right", va="top",
                          fontsize=10, color=STYLES[name]["color"])
                for i, name in enumerate(RUNNERS)
            ],
            "pad": self.plane.fill([0, 0, 1, 1], [0, 1, 1, 0], color="white", alpha=0.0, zorder=19)[0],
            "reach": self.plane.plot([0.1, 1], [0, 0], color=INK, lw=2, zorder=10)[0],
            "best": self.plane.plot([1], [0], "*", color="white", mec=INK, ms=15, zorder=10)[0],
            "flat-dot": self.plane.plot([1], [0], "o", color=ORANGE, mec=INK, ms=10, zorder=11)[0],
            "steep-dot": self.plane.plot([1], [0], "D", color=VERMILLION, mec=INK, ms=11, zorder=12)[0],
        }  # fmt: skip

    def _draw_plane(self, live, method: str) -> None:
        for artist in [*self.plane.collections, *self.plane.texts, *self.plane.lines]:
            if artist not in [live[name] for name in ("reach", "best", "flat-dot", "steep-dot")]:
                artist.remove()
        draw_plane(self.plane, method)
        self.plane.set_title("click: ◆ steep, ● flat direction, ☆ best for ◆", loc="left", size=12.5)
        right = RIGHT[method]
        live["pad"].set_xy([(LEFT, 0), (LEFT, 1), (right, 1), (right, 0)])
        self.drawn_for = method

    def update(self, live, view):
        """Move contours, trajectories, losses, stems and the dots on the plane."""
        if self.drawn_for != view.method:
            self._draw_plane(live, view.method)
        circle = np.array([np.cos(ANGLES) * np.sqrt(view.kappa), np.sin(ANGLES)])
        gap = np.full((2, 1), np.nan)
        rings = np.hstack([part for level in LEVELS for part in (level * circle, gap)])
        live["contours"].set_data(*(view.axes.T @ rings).clip(-9, 9))
        live["valley"].set_data(*(view.axes.T @ np.array([[-9, 9], [0, 0]])))
        for i, name in enumerate(RUNNERS):
            there = name in view.runs
            live[f"path-{name}"].set_visible(there)
            live[f"loss-{name}"].set_visible(there)
            live["key"][i].set_visible(there and len(view.runs) > 1)
            if there:
                live[f"path-{name}"].set_data(*view.paths[name].T)
                loss = view.losses[name].clip(FLOOR / 100, CEILING * 100)
                live[f"loss-{name}"].set_data(np.arange(len(loss)), loss)
                sign = {"plain": "- -", "momentum": "—", "Nesterov": "- ·"}[name]
                live["key"][i].set_text(f"{sign} {view.runs[name][2] if name == 'momentum' else name}")
        path, eigen = view.paths[view.chosen], view.eigen[view.chosen]
        inside = abs(path[-1][0]) <= WIDE and abs(path[-1][1]) <= HIGH
        live["end"].set(data=path[-1:].T, visible=bool(inside))
        live["start"].set_data([view.x0], [view.y0])
        for i, name in enumerate(("flat", "steep")):
            stems = eigen[:61, i].clip(-9, 9)
            zero, k = np.zeros_like(stems), np.arange(len(stems))
            live[f"{name}-stems"].set_data(
                np.column_stack([k, k, k]).ravel(),
                np.column_stack([zero, stems, np.full_like(stems, np.nan)]).ravel(),
            )
        spots = np.maximum(view.lr * view.h, LEFT * 1.02)
        live["reach"].set_data(spots, [view.momentum] * 2)
        live["flat-dot"].set_data([spots[0]], [view.momentum])
        live["steep-dot"].set_data([min(spots[1], RIGHT[view.method])], [view.momentum])
        live["best"].set_data([view.best[0]], [view.best[1]])

    @staticmethod
    def describe(view) -> str:
        """Say regimes, rate and best rate, where the run ended and who won."""
        flat, steep = view.regimes
        noise = f", noise σ = {short(view.noise)}" if view.noise else ""
        sentence = (
            f"{view.method.capitalize()} on a bowl with κ = {view.kappa}, rotated by {view.rotation}°, with "
            f"ε = {short(view.lr)} and μ = {short(view.momentum)}{noise}: {flat} along the flat direction "
            f"(εh = {short(view.lr * view.h[0])}), {steep} along the steep one (εh = {short(view.lr)}). "
        )
        rate = view.radii.max()
        if rate <= 1:
            sentence += f"In the end the error shrinks by ρ = {short(rate)} per step; "
        else:
            sentence += "The run diverges; "
        sentence += (
            f"the best is {short(view.best[2])}, at ε = {short(view.best[0])} and μ = {short(view.best[1])}. "
        )
        ends = {name: loss[-1] for name, loss in view.losses.items()}
        start = f"({short(view.x0)}, {short(view.y0)})"
        count = f"{view.steps} step{'s' if view.steps != 1 else ''}"
        words = [
            f"{view.runs[name][2] if name == 'momentum' else name} "
            f"{'is lost' if len(view.losses[name]) <= view.steps or end > CEILING else loss_words(end)}"
            for name, end in ends.items()
        ]
        return f"{sentence}From {start}, after {count}: {', '.join(words)}."


def loss_words(loss: float) -> str:
    """Put a loss in words; beyond the panel only that it is below."""
    return f"has the loss {short(loss)}" if loss >= FLOOR else f"has a loss below {short(FLOOR, 1)}"
