"""Seven points that a line may or may not separate: the boundary, the loss, and weights that run away."""

from functools import cache
from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE
from helpers.figures.text import short

# Class 0 ends in a tip on the row of the point that can be moved: a line can separate the classes if and
# only if that point lies to the right of the tip.
ZEROS = np.array([[-0.9, 0.0], [-2.0, 1.2], [-1.7, -1.3]])
ONES = np.array([[0.8, 1.1], [1.9, 0.7], [1.6, -1.1]])  # and the one that moves, at (place, 0)
TIP = float(ZEROS[0, 0])

PLACE = Slider("place of the ringed point", 1.2, -2.0, 2.0, 0.1, form=".1f")
PLACES = np.round(np.linspace(PLACE.low, PLACE.high, 41), 1)
DECAYS = {"off": 0.0, "0.001": 0.001, "0.01": 0.01, "0.1": 0.1}
MOST = 4096  # steps
AT = np.unique(np.round(2 ** np.arange(0, 12.25, 0.25)).astype(int))  # the steps that are drawn
LR = 1.0


@cache
def paths() -> np.ndarray:
    """Return (w₀, w₁, b) after each of the steps `AT`, for every place and decay: (49, 41, 4, 3).

    The logits are (0, w·x + b). Plain descent from 0 on the mean loss plus (λ/2) ‖w‖²; all at once.
    """
    x, y, t = _points(PLACES)
    x, n = x[:, None, :], t.size
    decay = np.array(list(DECAYS.values()))
    u, v, b = (np.zeros((len(PLACES), len(decay))) for _ in range(3))
    kept, wanted = [], set(AT.tolist())
    for step in range(1, MOST + 1):
        d = u[..., None] * x + v[..., None] * y + b[..., None]
        error = (0.5 + 0.5 * np.tanh(d / 2) - t) / n  # g − y, in a form that does not overflow
        u, v, b = (
            u - LR * ((error * x).sum(axis=-1) + decay * u),
            v - LR * (error @ y + decay * v),
            b - LR * error.sum(axis=-1),
        )
        if step in wanted:
            kept.append(np.stack([u, v, b], axis=-1))
    return np.array(kept)


def _points(place) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x (a row for each place), y and the class of the points; the last is the one that moves."""
    place = np.atleast_1d(place)
    fixed = np.concatenate([ZEROS, ONES])
    x = np.column_stack([np.tile(fixed[:, 0], (len(place), 1)), place])
    return x, np.append(fixed[:, 1], 0.0), np.array([0.0, 0, 0, 1, 1, 1, 1])


class Separable(Explorer):
    """Explore gradient descent on points that can or cannot be separated by a line.

    Controls: `place` of the ringed point of class 1 (−2 to 2; the tip of class 0 is at −0.9), `steps` (1 to
    4096, by doubling), `decay` of the weights, not of the bias ("off", "0.001", "0.01", "0.1").
    """

    controls = {
        "place": PLACE,
        "steps": Slider("steps", 16.0, 1.0, float(MOST), 1.0, form=".0f", base=2),
        "decay": Choice("weight decay λ", "off", list(DECAYS)),
    }
    presets = {
        "Many steps": {"steps": float(MOST)},
        "Barely separable": {"place": -0.7, "steps": float(MOST)},
        "One across": {"place": -1.6, "steps": float(MOST)},
        "Decay holds them": {"decay": "0.01", "steps": float(MOST)},
    }
    handles = {"mover": lambda view, x, y: {"place": x}}
    size = (9, 3.2)
    alt = (
        "Three panels: seven points of two classes with the line where both are equally probable; the loss "
        "over the steps; the length of the weights over the steps."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the run up to `steps`: weights, losses and lengths, and whether a line can separate."""
        row = int(np.argmin(abs(PLACES - c.place)))
        run, free = (paths()[:, row, k] for k in (list(DECAYS).index(c.decay), 0))
        x, y, t = _points(PLACES[row])
        sign = 2 * t - 1

        def leads(theta):
            return sign * (theta[:, :1] * x + theta[:, 1:2] * y + theta[:, 2:])

        def losses(theta):
            return np.logaddexp(0, -leads(theta)).mean(axis=1)

        upto = int(np.searchsorted(AT, round(c.steps), side="right"))
        at = upto - 1
        lengths = np.hypot(run[:, 0], run[:, 1])
        before = int(np.searchsorted(AT, AT[at] // 2)) if at else None
        return SimpleNamespace(
            place=float(PLACES[row]), steps=int(AT[at]), decay=c.decay, upto=upto, theta=run[at],
            losses=losses(run), lengths=lengths, loss=float(losses(run)[at]), length=float(lengths[at]),
            right=int((leads(run[at : at + 1]) > 0).sum()), separable=bool(PLACES[row] > TIP + 1e-9),
            added=None if before is None else float(lengths[at] - lengths[before]),
            free_losses=losses(free), free_lengths=np.hypot(free[:, 0], free[:, 1]),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes and the five points that the moving one never meets."""
        plane, loss, length = fig.subplots(1, 3, width_ratios=[1.25, 1, 1])
        plane.set(xlim=(-2.5, 2.5), ylim=(-1.7, 1.7), xticks=[-2, 0, 2], yticks=[-1, 0, 1])
        plane.set_title("drag the ringed point")
        plane.axhline(0, color=GREY, lw=0.6, zorder=0)
        plane.plot(*ZEROS[1:].T, "o", color=BLUE, ms=10)
        plane.plot(*ONES.T, "s", color=ORANGE, ms=9)
        loss.set(xscale="log", yscale="log", xlim=(1, MOST), ylim=(1e-4, 1), title="loss", xlabel="steps")
        length.set(xscale="log", xlim=(1, MOST), ylim=(0, 20), title="length of w", xlabel="steps")
        for ax in (loss, length):
            ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
            ax.minorticks_off()
        front = dict(clip_on=False, zorder=10)
        return {
            "sure": plane.plot([], [], color=GREY, lw=1.2, ls="--")[0],
            "boundary": plane.plot([], [], color=INK, lw=2)[0],
            "mover": plane.plot([], [], "s", color=ORANGE, mec=INK, mew=2.2, ms=13, **front)[0],
            "tip": plane.plot(*ZEROS[:1].T, "o", color=BLUE, ms=10, zorder=11)[0],  # seen where they meet
            "free-loss": loss.plot([], [], color=GREY, lw=1.2, ls=":")[0],
            "loss": loss.plot([], [], color=BLUE)[0],
            "loss-dot": loss.plot([], [], "o", color=INK, ms=7, **front)[0],
            "free-length": length.plot([], [], color=GREY, lw=1.2, ls=":")[0],
            "length": length.plot([], [], color=BLUE)[0],
            "length-dot": length.plot([], [], "o", color=INK, ms=7, **front)[0],
        }

    def update(self, live, view):
        """Move the point, the boundary with its dashed companions, and both curves."""
        live["mover"].set_data([view.place], [0])
        live["boundary"].set_data(*_line(view.theta, 0.0))
        ends = [_line(view.theta, level) for level in (-np.log(9), np.log(9))]
        gap = [[np.nan], [np.nan]]
        live["sure"].set_data(*np.concatenate([ends[0], gap, ends[1]], axis=1))
        for name, run, free in (
            ("loss", view.losses, view.free_losses),
            ("length", view.lengths, view.free_lengths),
        ):
            live[name].set_data(AT[: view.upto], run[: view.upto])
            live[f"{name}-dot"].set_data([view.steps], [run[view.upto - 1]])
            live[f"free-{name}"].set_data(AT, free)
            live[f"free-{name}"].set_visible(view.decay != "off")

    @staticmethod
    def describe(view) -> str:
        """Say whether a line can separate the points, and how loss and weights stand."""
        can = "a line can" if view.separable else "no line can"
        decay = "without decay" if view.decay == "off" else f"with λ = {view.decay}"
        count = f"{view.steps} step{'s' if view.steps > 1 else ''}"
        sentence = (
            f"With the ringed point at {short(view.place, 2)} {can} separate the classes. After {count} "
            f"{decay} {view.right} of 7 points are on their side, the loss is {short(view.loss)} and w has "
            f"the length {short(view.length)}"
        )
        if view.added is None:
            return sentence + "."
        grown = f"{view.added:.3f}" if abs(view.added) >= 5e-4 else "nothing"
        return f"{sentence}; the second half of the steps added {grown}.".replace("-", "−")


def _line(theta: np.ndarray, level: float) -> np.ndarray:
    """Return two far ends of the line on which w·x + b = level."""
    w, b = theta[:2], theta[2]
    foot = w * (level - b) / (w @ w)
    along = np.array([-w[1], w[0]]) / np.sqrt(w @ w) * 9
    return np.stack([foot - along, foot + along], axis=1)
