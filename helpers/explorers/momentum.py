"""A quadratic bowl: trajectory, loss, the (ε, μ) plane, and the iterates along both eigen-directions."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.artist import Artist

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.momentum_plane import LEFT, RIGHT, draw_plane, power_ticks
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short
from helpers.momentum import (
    METHODS,
    best_parameters,
    iterate,
    iteration_matrix,
    regime,
    settled_variance,
    spectral_radius,
)

MOST_STEPS = 200
BOWL, LOSS = "contours of a bowl with the trajectory", "the loss on a logarithmic axis"
ALT = {
    "plane": f"Three panels: {BOWL}; {LOSS}; and the plane of learning rate times curvature and momentum, "
    "shaded by rate, with a mark for each of the two directions.",
    "steps": f"Four panels: {BOWL}; {LOSS}; and the steps along the flat and along the steep direction.",
    "noise": f"Two panels: {BOWL}; and {LOSS}.",
}
WIDE, HIGH = 3.0, 2.1  # half of the bowl's panel
FLOOR, CEILING = 1e-8, 1e2  # of the loss
LEVELS = np.array([0.12, 0.35, 0.7, 1.1, 1.5, 1.9, 2.3])  # where contours cross the steep axis
ANGLES = np.linspace(0, 2 * np.pi, 73)
NOISE = np.random.default_rng(7).standard_normal((MOST_STEPS, 2))
RUNNERS = ("plain", "momentum", "Nesterov")
KEY = {"plain": (0.45, 0.98), "momentum": (0.98, 0.86), "Nesterov": (0.98, 0.98)}  # where it stands
SIGNS = {"plain": "- -", "momentum": "—", "Nesterov": "- ·"}  # of the lines, in the key
STYLES = {
    "plain": dict(color=GREY, ls="--"),
    "momentum": dict(color=BLUE, ls="-"),
    "Nesterov": dict(color=VERMILLION, ls="-."),
}
RACES = ("off", "same ε and μ", "each at its best")
AT_BEST = RACES[2]
TURN = 20  # degrees, of the bowl as the lessons show it
LR = Slider("learning rate ε", 1.0, 2**-7, 64.0, 1 / 16, form=".3g", base=2)  # holds ½, 1, 2, 4
MU = Slider("momentum μ", 0.0, 0.0, 0.99, 0.01)


def nearest_best(h: np.ndarray, method: str, rates: Slider = LR, momenta: Slider = MU) -> dict[str, float]:
    """Return the best ε and μ for the curvatures h (flat, steep) among those that the sliders can hold."""
    lr, momentum, _ = best_parameters(*h, method)
    around = range(-2, 3)
    near = [rates.nearest(lr * rates.base ** (rates.step * k)) for k in around]
    choices = np.array([(a, momenta.nearest(momentum + momenta.step * k)) for a in near for k in around])
    worst = spectral_radius(choices[:, :1] * h, choices[:, 1:], method).max(axis=1)
    return dict(zip(("lr", "momentum"), map(float, choices[np.argmin(worst)]), strict=True))


def on_the_plane(lr: float, momentum: float) -> dict[str, float]:
    """Return ε and μ under the pointer; nothing far outside, where the logarithmic axis overflows."""
    return {"lr": lr, "momentum": momentum} if np.isfinite([lr, momentum]).all() else {}


def leave_the_best(view: SimpleNamespace) -> dict[str, str]:
    """Return what makes ε and μ count again: in the race of the best choices they do not."""
    return {"race": "off"} if view.race == AT_BEST else {}


def chosen_of(c: SimpleNamespace) -> str:
    """Return the name among the runners of the method that is chosen."""
    return "Nesterov" if c.method == "Nesterov" else "momentum"


def runners(c: SimpleNamespace, h: np.ndarray) -> dict[str, tuple[float, float, str]]:
    """Return name -> ε, μ, method of the runs shown, on the curvatures h (flat, steep)."""
    if c.race == "off":
        return {chosen_of(c): (c.lr, c.momentum, c.method)}
    averaged = "moving average" if c.method == "moving average" else "momentum"
    if c.race == "same ε and μ":
        return {
            "plain": (c.lr, 0.0, "momentum"),
            "momentum": (c.lr, c.momentum, averaged),
            "Nesterov": (c.lr, c.momentum, "Nesterov"),
        }
    best = {name: best_parameters(*h, name)[:2] for name in (averaged, "Nesterov")}
    return {
        "plain": (2 / (h[0] + h[1]), 0.0, "momentum"),
        "momentum": (*best[averaged], averaged),
        "Nesterov": (*best["Nesterov"], "Nesterov"),
    }


def noise_kicks(lr: float, momentum: float, method: str) -> np.ndarray:
    """Return what a unit of noise in the gradient adds to the state (u, x)."""
    if method == "moving average":
        lr *= 1 - momentum
    return np.array([lr, -lr * (1 + momentum if method == "Nesterov" else 1)])


def settled_loss(h: np.ndarray, lr: float, momentum: float, method: str, noise: float) -> float:
    """Return the mean loss that a run with noise settles at: ½ Σ h Var(x)."""
    kick = noise * noise_kicks(lr, momentum, method)
    return sum(h_i * settled_variance(iteration_matrix(lr * h_i, momentum, method), kick) for h_i in h) / 2


def shown_path(run: np.ndarray) -> np.ndarray:
    """Cut a run off where it is far outside the panel: what diverges has no digits worth showing."""
    lost = np.flatnonzero(~(np.abs(run).max(axis=1) < 50))
    return run[: lost[0] + 1].clip(-50, 50) if lost.size else run


class Momentum(Explorer):
    """Explore v ← μv + ∇L, θ ← θ − εv on the bowl ½ (h₁a² + h₂b²), with h₂ = 1 (steep) and h₁ = 1/κ (flat).

    Controls: learning rate `lr` (1/128 to 64), `momentum` (0 to 0.99), condition number `kappa` (1 to 200),
    `rotation` of the bowl in degrees (0 to 90), the start `x0` (−2.8 to 2.8) and `y0` (−2 to 2), `noise`:
    standard deviation of each entry of the gradient's noise (0 to 1), `steps` (1 to 200), `method`
    ("momentum" as in PyTorch, "Nesterov", "moving average"), `race` against plain descent and the others
    ("off", "same ε and μ", "each at its best": there `lr` and `momentum` do not count).

    Beside bowl and loss stands the plane of (ε, μ) where both are among the controls shown, else the steps
    along each direction; and nothing where noise is the subject (`noise` among the controls of `only`).
    """

    controls = {
        "lr": LR,
        "momentum": MU,
        "kappa": Slider("condition number κ", 20, 1, 200, 1),
        "rotation": Slider("rotation in degrees", TURN, 0, 90, 1),
        "x0": Slider("start, x", -2.4, -2.8, 2.8, 0.05),
        "y0": Slider("start, y", 0.5, -2.0, 2.0, 0.05),
        "noise": Slider("noise s", 0.0, 0.0, 1.0, 0.05),
        "steps": Slider("steps", 60, 1, MOST_STEPS, 1),
        "method": Choice("method", "momentum", METHODS),
        "race": Choice("race", "off", RACES),
    }
    presets = {
        "Too small a step": {"lr": 0.125, "momentum": 0.0},
        "Zigzag": {"lr": 2 ** (7 / 8), "momentum": 0.0, "kappa": 20},
        "No momentum": {"lr": 0.25, "momentum": 0.0, "kappa": 20},
        "Ball with friction": {"lr": 0.25, "momentum": 0.8, "kappa": 20},
        "Little friction": {"lr": 0.25, "momentum": 0.97, "kappa": 20},
        "Past the edge": {"lr": 2 ** (13 / 8), "momentum": 0.5},
        "Long valley (κ = 200)": {"kappa": 200, "lr": 2 ** (7 / 8), "momentum": 0.0},
        "Noise": {"lr": 0.125, "noise": 0.3, "kappa": 2, "steps": 200},
        "Noise, μ = 0.9": {"lr": 0.125, "momentum": 0.9, "noise": 0.3, "kappa": 2, "steps": 200},
        "Noise, same ε/(1 − μ)": {
            "lr": 2**-6.3125, "momentum": 0.9, "noise": 0.3, "kappa": 2, "steps": 200
        },
        "Race": {"race": AT_BEST, "steps": 200},
    }  # fmt: skip
    actions = {"Best parameters": lambda view: nearest_best(view.h, view.method) | leave_the_best(view)}
    handles = {
        "start": lambda view, x, y: {"x0": x, "y0": y},
        "pad": lambda view, x, y: on_the_plane(x, y) | leave_the_best(view),
    }
    size = (9, 3.3)
    alt = ALT["plane"]

    def __init__(self, only: Sequence[str] | None = None, **start: Any):
        shown = self.controls if only is None else only
        self.layout_of_panels = (
            "noise" if only is not None and "noise" in shown
            else "plane" if {"lr", "momentum"} <= set(shown) else "steps"
        )  # fmt: skip
        movable = {"start": {"x0", "y0"}, "pad": {"lr", "momentum"}}  # a drag sets what a control shows
        self.handles = {
            name: drag
            for name, drag in type(self).handles.items()
            if movable[name] <= set(shown) and (name != "pad" or self.has_plane)
        }
        self.alt = ALT[self.layout_of_panels]
        super().__init__(only, **start)

    @property
    def has_plane(self) -> bool:
        """Whether the plane of ε and μ is shown: where one of the two is no control it has nothing to set."""
        return self.layout_of_panels == "plane"

    def shown_presets(self) -> dict[str, Mapping[str, Any]]:
        """Return the presets that change no hidden control, and only those that the panels are about."""
        if set(self.shown) == set(self.controls):
            return dict(self.presets)
        left_out = {
            "plane": ("Too small a step", "No momentum", "Little friction", "Long valley (κ = 200)"),
            "noise": [label for label in self.presets if not label.startswith("Noise,")],
            "steps": () if "momentum" in self.shown else ("No momentum",),
        }[self.layout_of_panels]
        return {
            label: values
            for label, values in self.presets.items()
            if label not in left_out
            and all(name in self.shown or value == self._start[name] for name, value in values.items())
        }

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the runs in eigen-coordinates and in the plane, their losses, regimes and rates."""
        h = np.array([1 / c.kappa, 1.0])
        turn = np.deg2rad(c.rotation)
        axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])  # rows: flat, steep
        start = axes @ [c.x0, c.y0]
        runs = runners(c, h)
        steps = np.array([iteration_matrix(lr * h, mu, method) for lr, mu, method in runs.values()])
        kicks = None
        if c.noise:
            push = np.array([noise_kicks(*run) for run in runs.values()])
            kicks = c.noise * NOISE[: c.steps, None, :, None] * push[:, None, :]
        found = iterate(steps, np.tile(start, (len(runs), 1)), c.steps, kicks)
        runs_shown = {name: shown_path(found[:, i]) for i, name in enumerate(runs)}
        with np.errstate(over="ignore", invalid="ignore"):
            losses = {name: (run**2 @ h) / 2 for name, run in runs_shown.items()}
        chosen = chosen_of(c)
        lr, mu, method = runs[chosen]
        radii = {name: float(spectral_radius(lr * h, mu, m).max()) for name, (lr, mu, m) in runs.items()}
        return SimpleNamespace(
            **vars(c), h=h, axes=axes, runs=runs, eigen=runs_shown, losses=losses, radii=radii, chosen=chosen,
            paths={name: run @ axes for name, run in runs_shown.items()},
            spots=(lr * h, mu), regimes=[regime(lr * h_i, mu, method) for h_i in h],
            best=best_parameters(h[0], 1.0, c.method),
            floor=settled_loss(h, *runs[chosen], c.noise) if c.noise and radii[chosen] < 1 else None,
        )  # fmt: skip

    def redraw_key(self, view):
        """Draw the plane anew when the method changes: it belongs to the method."""
        return view.method

    def draw(self, fig):
        """Draw the axes; contours are ellipses, cheap enough to be live."""
        self.flat = self.steep = self.plane = None
        if self.has_plane:
            grid = fig.add_gridspec(1, 3, width_ratios=[1.15, 0.9, 1.15])
            bowl, loss, self.plane = map(fig.add_subplot, grid)
        elif self.layout_of_panels == "noise":
            bowl, loss = map(fig.add_subplot, fig.add_gridspec(1, 2, width_ratios=[1, 1.4]))
        else:
            grid = fig.add_gridspec(2, 3, width_ratios=[1.2, 0.9, 1])
            places = grid[:, 0], grid[:, 1], grid[0, 2], grid[1, 2]
            bowl, loss, self.flat, self.steep = map(fig.add_subplot, places)
            for ax, name, most in ((self.flat, "flat direction", 3.2), (self.steep, "steep one", 5)):
                ax.set(xlim=(-1, 61), ylim=(-most, most), title=f"along the {name}")
                ax.axhline(0, color=GREY, lw=1)
            self.flat.set_xticks([0, 20, 40, 60], [])
            self.steep.set(xticks=[0, 20, 40, 60], xlabel="step (the first 60)")
        bowl.set(xlim=(-WIDE, WIDE), ylim=(-HIGH, HIGH), xlabel="θ₀", ylabel="θ₁")
        bowl.set_title("drag the start ▲" if "start" in self.handles else "from the start ▲")
        bowl.set_aspect("equal")
        loss.set(yscale="log", xlim=(0, MOST_STEPS), ylim=(FLOOR, CEILING), xlabel="step", title="loss")
        power_ticks(loss.yaxis, -8, 2, 2)
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
            "start": bowl.plot([0], [0], "^", color="white", mec=INK, ms=13, mew=1.6, clip_on=False)[0],
            "key": [
                loss.text(across, up, "", transform=loss.transAxes, ha="right", va="top", fontsize=9.5,
                          color=STYLES[name]["color"])
                for name, (across, up) in KEY.items()
            ],
            **(self._on_the_plane(self.plane) if self.has_plane else {}),
            **({f"{name}-stems": ax.plot([0], [0], **stem)[0]
                for name, ax in (("flat", self.flat), ("steep", self.steep)) if ax}),
        }  # fmt: skip

    @staticmethod
    def _on_the_plane(plane) -> dict[str, Artist]:
        mark = dict(mec=INK, clip_on=False)
        return {
            "pad": plane.fill([0, 0, 1, 1], [0, 1, 1, 0], color="white", alpha=0.0, zorder=19)[0],
            "reach": plane.plot([0.1, 1], [0, 0], color=INK, lw=2, zorder=10)[0],
            "flat-dot": plane.plot([1], [0], "o", color=ORANGE, ms=10, zorder=11, **mark)[0],
            "steep-dot": plane.plot([1], [0], "D", color=VERMILLION, ms=11, zorder=12, **mark)[0],
        }  # fmt: skip

    def _draw_plane(self, live, method: str) -> None:
        for artist in [*self.plane.collections, *self.plane.texts, *self.plane.lines]:
            if artist not in [live[name] for name in ("reach", "flat-dot", "steep-dot")]:
                artist.remove()
        draw_plane(self.plane, method)
        self.plane.set_title("click: ◆ steep, ● flat direction")
        right = RIGHT[method]
        live["pad"].set_xy([(LEFT, 0), (LEFT, 1), (right, 1), (right, 0)])
        self.drawn_for = method

    def update(self, live, view):
        """Move contours, trajectories, losses, stems and the dots on the plane."""
        if self.has_plane and self.drawn_for != view.method:
            self._draw_plane(live, view.method)
        circle = np.array([np.cos(ANGLES) * np.sqrt(view.kappa), np.sin(ANGLES)])
        gap = np.full((2, 1), np.nan)
        rings = np.hstack([part for level in LEVELS for part in (level * circle, gap)])
        live["contours"].set_data(*(view.axes.T @ rings).clip(-9, 9))
        live["valley"].set_data(*(view.axes.T @ np.array([[-9, 9], [0, 0]])))
        for i, name in enumerate(RUNNERS):
            there = name in view.runs
            live[f"path-{name}"].set(visible=there, alpha=1.0 if name == view.chosen else 0.35)
            live[f"loss-{name}"].set_visible(there)
            live["key"][i].set_visible(there and len(view.runs) > 1)
            if there:
                live[f"path-{name}"].set_data(*view.paths[name].T)
                loss = view.losses[name].clip(FLOOR / 100, CEILING * 100)
                live[f"loss-{name}"].set_data(np.arange(len(loss)), loss)
                live["key"][i].set_text(f"{SIGNS[name]} {view.runs[name][2] if name == 'momentum' else name}")
        path, eigen = view.paths[view.chosen], view.eigen[view.chosen]
        inside = abs(path[-1][0]) <= WIDE and abs(path[-1][1]) <= HIGH
        live["end"].set(data=path[-1:].T, visible=bool(inside))
        live["start"].set_data([view.x0], [view.y0])
        for i, name in enumerate(("flat", "steep")) if self.flat else ():
            stems = eigen[:61, i].clip(-9, 9)
            zero, k = np.zeros_like(stems), np.arange(len(stems))
            live[f"{name}-stems"].set_data(
                np.column_stack([k, k, k]).ravel(),
                np.column_stack([zero, stems, np.full_like(stems, np.nan)]).ravel(),
            )
        if not self.has_plane:
            return
        spots, momentum = view.spots
        spots = np.clip(spots, LEFT, RIGHT[view.method])
        live["reach"].set_data(spots, [momentum] * 2)
        live["flat-dot"].set_data([spots[0]], [momentum])
        live["steep-dot"].set_data([spots[1]], [momentum])

    @staticmethod
    def describe(view) -> str:
        """Say regimes and rates, and where the runs ended; in a race also who was how fast."""
        noise = f", noise s = {short(view.noise)}" if view.noise else ""
        turned = f", rotated by {view.rotation}°" if view.rotation != TURN else ""
        bowl = f"on a bowl with κ = {view.kappa}{turned}{noise}"
        start = f"({short(view.x0)}, {short(view.y0)})"
        count = f"{view.steps} step{'s' if view.steps != 1 else ''}"
        if view.race == AT_BEST:
            rates = [f"{name_in(view, name)} {rate_words(view, name)}" for name in view.runs]
            sentence = f"Race {bowl}, each method at its best ε and μ: {'; '.join(rates)}. "
        else:
            sentence = f"{regime_words(view, bowl)} "
        ends = ", ".join(f"{name_in(view, name)} {end_words(view, name)}" for name in view.runs)
        sentence += f"After {count} from {start}: {ends}."
        if view.floor is not None:
            half = view.losses[view.chosen][view.steps // 2 :].mean()
            of = f" of {name_in(view, view.chosen)}" if len(view.runs) > 1 else ""
            sentence += (
                f" The mean loss{of} in the last half is {short(half, 2)}; in the long run it is "
                f"{short(view.floor, 2)}."
            )
        return sentence


def name_in(view: SimpleNamespace, name: str) -> str:
    """Return the name of a runner: what is kept as "momentum" may be plain, or a moving average."""
    _, momentum, method = view.runs[name]
    plain = view.race == "off" and method == "momentum" and not momentum
    return "plain descent" if name == "plain" or plain else method


def rate_words(view: SimpleNamespace, name: str) -> str:
    """Put a runner's own choice in words, with the rate it has."""
    lr, momentum, _ = view.runs[name]
    return f"ρ = {short(view.radii[name])} (ε = {short(lr)}, μ = {short(momentum)})"


def regime_words(view: SimpleNamespace, bowl: str) -> str:
    """Say what the chosen run does along both directions, and how much slower than the best it is."""
    flat, steep = view.regimes
    name, rate = name_in(view, view.chosen), view.radii[view.chosen]
    plain = name == "plain descent"
    setting = f"ε = {short(view.lr)}" + ("" if plain else f" and μ = {short(view.momentum)}")
    words = (
        f"{name[0].upper() + name[1:]} {bowl}, with {setting}: {flat} along the flat direction "
        f"(εh = {short(view.lr * view.h[0])}), {steep} along the steep one (εh = {short(view.lr)}). "
    )
    if rate > 1:
        return words + "The run diverges."
    end = "Without the noise each step" if view.noise else "In the end each step"
    words += f"{end} multiplies the error by ρ = {short(rate)}"
    best = (view.kappa - 1) / (view.kappa + 1) if plain else view.best[2]
    if rate < 1 and best > 0 and not view.noise:
        times = np.log(best) / np.log(rate)
        of = "the best ε without momentum" if plain else "the best ε and μ"
        words += f": {short(-1 / np.log10(rate))} steps for a digit, "
        words += f"{short(max(times, 1.0))} times as many as with {of}"
    return words + "."


def end_words(view: SimpleNamespace, name: str) -> str:
    """Say where a run ended; if it is below the panel, from which step on."""
    loss = view.losses[name]
    if len(loss) <= view.steps or loss[-1] > CEILING:
        return "is lost" if view.radii[name] > 1 else "is outside the panel"
    above = np.flatnonzero(loss >= FLOOR)
    if loss[-1] >= FLOOR:
        return f"has the loss {short(loss[-1])}"
    return f"has a loss below {short(FLOOR, 1)} (from step {above[-1] + 1 if above.size else 0} on)"
