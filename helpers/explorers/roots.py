"""The two eigenvalues of a step with momentum, in the complex plane, and the steps that they make."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short
from helpers.momentum import iterate, iteration_matrix, regime, spectral_radius

STEPS = 40  # shown
WIDE, HIGH = 1.65, 1.25  # half of the panel of the complex plane
CIRCLE = np.exp(1j * np.linspace(0, 2 * np.pi, 121))
EDGE = "flipping, for ever"


def eigenvalues(eh: float, momentum: float) -> tuple[complex, complex]:
    """Return both solutions of r² − (1 + μ − εh) r + μ = 0; of real ones the larger in size comes first."""
    half = (1 + momentum - eh) / 2
    under = half**2 - momentum
    if under < -1e-12:
        root = np.sqrt(-under)
        return complex(half, root), complex(half, -root)
    root = np.sqrt(max(under, 0.0))
    first = half + root if half >= 0 else half - root
    return complex(first), complex(2 * half - first)


def under_the_pointer(x: float, y: float) -> dict[str, float]:
    """Return εh and μ of which x ± iy are the eigenvalues: μ = |r|² and εh = |1 − r|²."""
    return {"eh": (1 - x) ** 2 + y**2, "momentum": x**2 + y**2}


class Roots(Explorer):
    """Explore the eigenvalues of the step (u, x) ← (μu + εhx, −μu + (1 − εh)x).

    Controls: `eh`, learning rate times curvature (0.02 to 4), and `momentum` (0 to 0.95).
    """

    controls = {
        "eh": Slider("εh", 1.0, 0.02, 4.0, 0.02),
        "momentum": Slider("momentum μ", 0.8, 0.0, 0.95, 0.01),
    }
    presets = {
        "Monotone": {"eh": 0.1, "momentum": 0.4},
        "Rotating": {"eh": 0.5, "momentum": 0.9},
        "Flipping": {"eh": 2.2, "momentum": 0.2},
        "Divergent": {"eh": 2.5, "momentum": 0.2},
    }
    handles = {"root": lambda view, x, y: under_the_pointer(x, y)}
    size = (9, 3.3)
    alt = (
        "Two panels: the complex plane with the circles of radius 1 and √μ, both eigenvalues, and the powers "
        "of the first; and the position x, step by step."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return both eigenvalues, the powers of the first, and the position from x = 1, at rest."""
        roots = eigenvalues(c.eh, c.momentum)
        name, rate = regime(c.eh, c.momentum), float(spectral_radius(c.eh, c.momentum))
        if name == "flipping" and abs(rate - 1) < 1e-9:
            name = EDGE
        powers = roots[0] ** np.arange(STEPS + 1)
        x = iterate(iteration_matrix(c.eh, c.momentum), 1.0, STEPS)
        return SimpleNamespace(**vars(c), roots=roots, regime=name, rate=rate, powers=powers, x=x)

    def draw(self, fig):
        """Draw the complex plane and the axes of the steps."""
        plane, steps = map(fig.add_subplot, fig.add_gridspec(1, 2, width_ratios=[1.1, 1]))
        plane.set(xlim=(-WIDE, WIDE), ylim=(-HIGH, HIGH), xlabel="real part", ylabel="imaginary part")
        plane.set_aspect("equal")
        plane.set_title("the eigenvalues (drag ●), the powers of ●")
        plane.axhline(0, color=PALE, lw=1, zorder=0)
        plane.plot(CIRCLE.real, CIRCLE.imag, color=GREY, lw=1.5)
        plane.text(0.78, 0.86, "size 1", color=GREY, fontsize=10.5)
        steps.set(xlim=(-1, STEPS + 1), ylim=(-2.1, 2.1), xlabel="step k", title="x, step by step, and ± ρᵏ")
        steps.axhline(0, color=GREY, lw=1)
        return {
            "circle": plane.plot([0], [0], color=BLUE, lw=1.2, ls="--")[0],
            "powers": plane.plot([0], [0], color=ORANGE, lw=1.4)[0],
            "other": plane.plot([0], [0], "D", color=VERMILLION, mec=INK, ms=9, clip_on=False)[0],
            "root": plane.plot([0], [0], "o", color=ORANGE, mec=INK, ms=12, clip_on=False)[0],
            "envelope": steps.plot([0], [0], color=BLUE, lw=1.2, ls="--")[0],
            "stems": steps.plot([0], [0], color=INK, lw=1.4)[0],
        }

    def update(self, live, view):
        """Move the eigenvalues, the circle √μ that complex ones lie on, the powers and the stems."""
        on = np.sqrt(view.momentum) * CIRCLE
        live["circle"].set_data(on.real, on.imag)
        live["powers"].set_data(view.powers.real.clip(-9, 9), view.powers.imag.clip(-9, 9))
        for name, r in zip(("root", "other"), view.roots, strict=True):
            inside = abs(r.real) <= WIDE
            live[name].set(data=([np.clip(r.real, -WIDE, WIDE)], [r.imag]), alpha=1.0 if inside else 0.4)
        k, stems = np.arange(STEPS + 1), view.x.clip(-9, 9)
        zero, gap = np.zeros(STEPS + 1), np.full(STEPS + 1, np.nan)
        live["stems"].set_data(np.repeat(k, 3), np.column_stack([zero, stems, gap]).ravel())
        size = np.minimum(view.rate**k, 9)
        live["envelope"].set_data([*k, np.nan, *k], [*size, np.nan, *-size])

    @staticmethod
    def describe(view) -> str:
        """Say both eigenvalues, their size, and what x does."""
        first, second = view.roots
        setting = f"εh = {short(view.eh)}, μ = {short(view.momentum)}"
        if first.imag:
            turn = np.degrees(np.angle(first))
            return (
                f"{setting}: the eigenvalues {short(first.real)} ± {short(first.imag)} i, of size √μ = "
                f"{short(view.rate)}: rotating. Each step turns by {short(turn)}° and multiplies the size by "
                f"{short(view.rate)}."
            )
        end = {
            "divergent": f"the error grows {short(view.rate)}-fold with every step, changing sides",
            EDGE: "x jumps from side to side, and in the end neither grows nor shrinks",
        }.get(view.regime, f"in the end each step multiplies the error by {short(first.real)}")
        return (
            f"{setting}: the eigenvalues {short(first.real)} and {short(second.real)}: {view.regime}; {end}."
        )
