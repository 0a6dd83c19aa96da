"""A bowl and a penalty: where the contours meet the circle, and the path of the solution as λ grows."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short

LAM = Slider("weight decay λ", 0.1, 1e-2, 100.0, 0.1, form=".2g", base=10)
LAMBDAS = np.logspace(-2, 2, 81)
ANGLES = np.linspace(0, 2 * np.pi, 81)
EDGE = 3.5  # half of the plane
LEVELS = np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0])  # where contours cross the steep axis


def nearest_on_path(view: SimpleNamespace, x: float, y: float) -> dict[str, float]:
    """Return the λ whose solution lies nearest to (x, y)."""
    return {"lam": float(LAMBDAS[np.argmin(((view.path - (x, y)) ** 2).sum(axis=1))])}


class Ridge(Explorer):
    """Explore the minimum of ½ (h₁a² + h₂b²) + ½ λ |θ|², a and b measured from the optimum of the loss alone.

    Controls: `lam` (0.01 to 100), the `x` and `y` of the optimum (−3 to 3), condition number `kappa`
    (1 to 50; the curvatures are h₂ = 1 and h₁ = 1/κ), `rotation` of the bowl in degrees (0 to 90).
    """

    controls = {
        "lam": LAM,
        "x": Slider("optimum, θ₀", 1.0, -3.0, 3.0, 0.05),
        "y": Slider("optimum, θ₁", 2.5, -3.0, 3.0, 0.05),
        "kappa": Slider("condition number κ", 10, 1, 50, 1),
        "rotation": Slider("rotation in degrees", 20, 0, 90, 1),
    }
    front = ("lam", "kappa", "rotation")
    presets = {
        "Little": {"lam": 0.01},
        "λ = 1, the steep curvature": {"lam": 1.0},
        "Almost nothing left": {"lam": 100.0},
        "Round bowl": {"kappa": 1},
        "Long valley": {"kappa": 50, "rotation": 30},
    }
    handles = {"solution": nearest_on_path, "optimum": lambda view, x, y: {"x": x, "y": y}}
    size = (9, 3.3)
    alt = (
        "Left: contours of a bowl and its two axes, the circle round zero that one of the contours touches, "
        "and the path of the penalised minimum from the optimum to zero. Right: what is left along the flat "
        "and along the steep axis, against λ."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the path of the solution, the factors h/(h + λ), and the contour through the solution."""
        h = np.array([1 / c.kappa, 1.0])
        turn = np.deg2rad(c.rotation)
        axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])  # rows: flat, steep
        eigen = axes @ [c.x, c.y]
        left = h / (h + c.lam)
        loss = float(h @ ((left - 1) * eigen) ** 2) / 2
        solution = ((left * eigen) @ axes).round(12) + 0.0  # rounding must not leave 10⁻¹⁷, or −0, for a 0
        return SimpleNamespace(
            **vars(c), h=h, axes=axes, left=left, solution=solution, loss=loss,
            radius=float(np.hypot(*solution)), path=(h / (h + LAMBDAS[:, None]) * eigen) @ axes,
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; contours are ellipses, cheap enough to be live."""
        grid = fig.add_gridspec(1, 2, width_ratios=[1, 1.25])
        plane, left = fig.add_subplot(grid[0]), fig.add_subplot(grid[1])
        plane.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xlabel="θ₀", ylabel="θ₁", aspect="equal")
        plane.set_title("drag ◇ or the orange point" if "x" in self.shown else "drag the orange point")
        plane.axhline(0, color=PALE, lw=1, zorder=0)
        plane.axvline(0, color=PALE, lw=1, zorder=0)
        left.set(xscale="log", xlim=(LAM.low / 1.3, LAM.high * 1.3), ylim=(0, 1.05), xlabel="weight decay λ")
        left.set_title("what is left along: ── steep axis, - - flat axis")
        left.axhline(0.5, color=PALE, lw=1, zorder=0)
        left.plot(LAMBDAS, 1 / (1 + LAMBDAS), color=VERMILLION)
        return {
            "axes": plane.plot([0], [0], color=GREY, lw=1, ls=":")[0],
            "contours": plane.plot([0], [0], color=PALE, lw=1.2)[0],
            "touching": plane.plot([0], [0], color=BLUE, lw=1.8)[0],
            "circle": plane.plot([0], [0], color=VERMILLION, lw=1.8, ls="--")[0],
            "path": plane.plot([0], [0], color=INK, lw=1.5)[0],
            # on top, for at the least λ the solution lies on it
            "optimum": plane.plot([0], [0], "D", mfc="none", mec=INK, ms=14, mew=1.6, zorder=9)[0],
            "solution": plane.plot([0], [0], "o", color=ORANGE, mec=INK, ms=10)[0],
            "flat": left.plot(LAMBDAS, LAMBDAS, color=BLUE, ls="--")[0],
            "chosen": left.plot([1, 1], [0, 1.05], color=GREY, lw=1)[0],
            "flat-point": left.plot([1], [0], "s", color=BLUE, mec=INK, ms=9)[0],
            "steep-point": left.plot([1], [0], "D", color=VERMILLION, mec=INK, ms=9)[0],
        }

    def update(self, live, view):
        """Move contours, circle, path and points."""
        unit = np.array([np.cos(ANGLES) / np.sqrt(view.h[0]), np.sin(ANGLES)])
        centre = np.array([[view.x], [view.y]])
        gap = np.full((2, 1), np.nan)
        rings = np.hstack([part for level in LEVELS for part in (level * unit, gap)])
        ends = np.array([-9.0, 9.0, np.nan])  # beyond the plane's edge
        live["axes"].set_data(*(view.axes.T[:, :, None] * ends).reshape(2, -1) + centre)
        live["contours"].set_data(*(view.axes.T @ rings + centre).clip(-40, 40))
        live["touching"].set_data(*(np.sqrt(2 * view.loss) * view.axes.T @ unit + centre).clip(-40, 40))
        live["circle"].set_data(view.radius * np.cos(ANGLES), view.radius * np.sin(ANGLES))
        live["path"].set_data(*np.vstack([[view.x, view.y], view.path, [0, 0]]).T)
        live["optimum"].set_data([view.x], [view.y])
        live["solution"].set_data(*view.solution[:, None])
        live["flat"].set_ydata(view.h[0] / (view.h[0] + LAMBDAS))
        live["chosen"].set_xdata([view.lam, view.lam])
        for name, y in zip(("flat-point", "steep-point"), view.left, strict=True):
            live[name].set_data([view.lam], [y])

    @staticmethod
    def describe(view) -> str:
        """Say where the two minima are and what is left along each direction."""
        flat, steep = (f"{100 * x:.3g}\u00a0%" for x in view.left)
        kept = (
            f"Along every direction {steep} is left."
            if view.kappa == 1
            else f"Along the steep axis (h\u00a0=\u00a01) {steep} is left, along the flat one "
            f"(h\u00a0=\u00a0{short(view.h[0])}, at {view.rotation}° to the θ₀ axis) {flat}."
        )
        return (
            f"The loss alone is least at ({short(view.x)}, {short(view.y)}); with λ = {short(view.lam)} the "
            f"minimum is at ({short(view.solution[0])}, {short(view.solution[1])}), on a circle of radius "
            f"{short(view.radius)}. {kept}"
        )
