"""What the explorers of two distributions p and q over four outcomes share: controls, bars, a swap."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE
from helpers.figures.text import short

OUTCOMES = ("sun", "cloud", "rain", "snow")
K = len(OUTCOMES)

STEP = 0.1  # of a weight; after a drag and in the presets the weights are percentages


def weights(name: str, start: Sequence[float]) -> dict[str, Slider]:
    """Return one slider for the weight of each outcome in the distribution `name`, in its colour."""
    colour = BLUE if name == "p" else ORANGE
    return {
        f"{name}{i}": Slider(f"{name}: {outcome}", float(value), 0.0, 100.0, STEP, form=".1f", colour=colour)
        for i, (outcome, value) in enumerate(zip(OUTCOMES, start, strict=True))
    }


def preset(**distributions: Sequence[float]) -> dict[str, float]:
    """Return the weights that set whole distributions, as in q=(25, 25, 25, 25)."""
    return {f"{name}{i}": float(v) for name, values in distributions.items() for i, v in enumerate(values)}


def distribution(c: SimpleNamespace, name: str) -> NDArray:
    """Return the weights of `name` divided by their sum; all zero count as equal."""
    w = np.round([getattr(c, f"{name}{i}") for i in range(K)], 6)  # a browser may send 13.499999999999998
    return w / w.sum() if w.any() else np.full(K, 1 / K)


def dragged(p: NDArray, i: int, y: float) -> NDArray:
    """Return weights in %: y for outcome i, and for the others the rest, shared as before.

    An outcome that was possible stays possible, unless i takes everything.
    """
    y = min(max(y, 0.0), 1.0)
    others = np.delete(p, i)
    share = others / others.sum() if others.any() else np.full(K - 1, 1 / (K - 1))
    rest = 100 * (1 - y) * share
    if y < 1:
        rest = np.where((share > 0) & (rest < STEP), STEP, rest)
    return np.insert(rest, i, 100 * y)


def _handle(name: str, i: int):
    return lambda view, x, y: preset(**{name: dragged(getattr(view, name), i, y)})


def _weights(c: SimpleNamespace) -> NDArray:
    return np.array([getattr(c, f"{name}{i}") for name in "pq" for i in range(K)])


def _swapped(view: SimpleNamespace) -> dict[str, float]:
    return {f"{a}{i}": getattr(view.c, f"{b}{i}") for a, b in ("pq", "qp") for i in range(K)}


class TwoDistributions(Explorer):
    """Base of the explorers of p and q; a view has the arrays `p` and `q`, and the controls as `c`."""

    handles = {f"grip-{name}-{i}": _handle(name, i) for name in "pq" for i in range(K)}
    actions = {"Swap p and q": _swapped}
    _dragged_to: tuple = "", np.zeros(2 * K)

    def _drag(self, handle: str, x: float, y: float) -> None:
        """Let every move of a drag go out from where the drag began, so that its way plays no part."""
        with self._lock:
            last_handle, last = self._dragged_to
            if last_handle != handle or not np.allclose(last, _weights(self._view.c), rtol=0, atol=1e-6):
                self._dragged_from = self._view
            self._view = self._dragged_from
            super()._drag(handle, x, y)
            self._dragged_to = handle, _weights(self._view.c)


def draw_bars(ax: Axes, drag: str = "them") -> Mapping[str, list[Artist]]:
    """Draw the axes of the bars and return the bars, their labels and the grips by which they are dragged."""
    x = np.arange(K)
    ax.set(title=f"p (blue, left) and q (orange, right): drag {drag}", ylabel="probability in %")
    ax.set(xlim=(-0.5, K - 0.5), ylim=(0, 1.1))
    ax.set_xticks(x, OUTCOMES)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    column = dict(width=0.45, bottom=0, color=GREY, alpha=0.0, zorder=9)
    live = {}
    for name, at, color in (("p", x - 0.21, BLUE), ("q", x + 0.21, ORANGE)):
        live[f"bar-{name}"] = list(ax.bar(at, 0.5, width=0.38, color=color, edgecolor=INK))
        live[f"percent-{name}"] = [ax.text(a, 0, "", ha="center", fontsize=11) for a in at]
        live[f"grip-{name}"] = list(ax.bar(at, np.full(K, 1.1), **column))
    return live


def update_bars(live: Mapping[str, list[Artist]], view: SimpleNamespace) -> None:
    """Move the bars to the p and q of the view."""
    for name in "pq":
        for bar, label, value in zip(
            live[f"bar-{name}"], live[f"percent-{name}"], getattr(view, name), strict=True
        ):
            bar.set_height(value)
            label.set(y=value + 0.02, text=percent(value))


def percent(value: float) -> str:
    """Write a probability as a percentage with two digits."""
    return "100" if value > 0.995 else short(100 * float(value), 2)


def percentages(p: NDArray) -> str:
    """Write a distribution as "(50, 30, 19, 1) %"."""
    return f"({', '.join(f'{100 * float(x):.3g}' for x in p)}) %"


def settled(x: float) -> float:
    """Round away what differs between machines, so that p = q gives 0 however it was typed."""
    return round(float(x), 12)
