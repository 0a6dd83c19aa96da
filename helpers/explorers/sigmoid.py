"""The smallest explorer: one point on the sigmoid curve, to practise on."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE
from helpers.figures.text import short
from helpers.softmax import sigmoid


class Sigmoid(Explorer):
    """Explore σ(x).

    Controls: `x` (−8 to 8), `curve` ("sigmoid" or "hyperbolic tangent"), `guide` (dashed lines or not).
    """

    controls = {
        "x": Slider("x", 1.0, -8.0, 8.0, 0.1),
        "curve": Choice("curve", "sigmoid", ["sigmoid", "hyperbolic tangent"]),
        "guide": Switch("show dashed lines", True),
    }
    presets = {"In the middle": {"x": 0.0}, "Far right": {"x": 6.0}}
    handles = {"point": lambda view, x, y: {"x": x}}
    size = (7, 3.6)
    alt = "An S-shaped curve with a point on it that can be dragged."

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the curve and the value at x."""
        function = sigmoid if c.curve == "sigmoid" else np.tanh
        return SimpleNamespace(x=c.x, y=float(function(c.x)), function=function, name=c.curve, guide=c.guide)

    def draw(self, fig):
        """Draw the axes; curve, point and dashed lines are live."""
        ax = fig.add_subplot(
            xlabel="x (drag the orange point)", ylabel="value", xlim=(-8.4, 8.4), ylim=(-1.1, 1.1)
        )
        ax.axhline(0, color=GREY, lw=1)
        return {
            "curve": ax.plot([], [], color=BLUE)[0],
            "guide": ax.plot([], [], color=GREY, lw=1, ls="--")[0],
            "point": ax.plot([0], [0], "o", color=ORANGE, mec=INK, ms=13)[0],
        }

    def update(self, live, view):
        """Move the point and the lines."""
        x = np.linspace(-8, 8, 161)
        live["curve"].set_data(x, view.function(x))
        live["guide"].set_data([view.x, view.x, -8.4], [-1.1, view.y, view.y])
        live["guide"].set_visible(view.guide)
        live["point"].set_data([view.x], [view.y])

    @staticmethod
    def describe(view) -> str:
        """Say where the point is."""
        lines = "" if view.guide else " The dashed lines are hidden."
        return f"At x = {short(view.x)} the {view.name} is {short(view.y)}.{lines}"
