"""One Gaussian q for a p with two humps: KL(p‖q) wants to cover both, KL(q‖p) wants to sit on one."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short
from helpers.probability import gaussian_log_density

X = np.linspace(-48, 48, 961)  # sums over this grid stand for integrals; eight scales beyond every hump
DX = X[1] - X[0]
SHOWN = slice(400, 561)  # of the grid: −8 to 8
MEANS = np.linspace(-6, 6, 61)
TOP = 6.0  # nats; the axis of the divergences ends here


def two_humps(x, gap: float, left: float):
    """Logarithm of the density p: Gaussians of scale 1 at ∓gap/2, the left one with weight `left`."""
    right = 1 - left
    log_left, log_right = gaussian_log_density(x, -gap / 2, 1.0), gaussian_log_density(x, gap / 2, 1.0)
    return np.logaddexp(np.log(left) + log_left, np.log(right) + log_right)


def divergences(log_p, mean, scale):
    """KL(p‖q) and KL(q‖p) for Gaussians q with each of the means, as sums over the grid X."""
    log_q = gaussian_log_density(X, np.asarray(mean)[..., None], scale)
    difference = log_p - log_q
    return (np.exp(log_p) * difference).sum(-1) * DX, -(np.exp(log_q) * difference).sum(-1) * DX


class ForwardReverse(Explorer):
    """Explore both divergences between a p with two humps and one Gaussian q.

    Controls: mean `m` (−6 to 6) and scale `s` (0.5 to 5) of q; `gap` between the humps of p (0 to 8); `left`,
    the weight of p's left hump (0.1 to 0.9).
    """

    controls = {
        "m": Slider("mean m of q", 1.5, -6.0, 6.0, 0.1, form=".1f", colour=ORANGE),
        "s": Slider("scale s of q", 1.5, 0.5, 5.0, 0.05, colour=ORANGE),
        "gap": Slider("distance of the humps of p", 6.0, 0.0, 8.0, 0.5, form=".1f"),
        "left": Slider("weight of the left hump", 0.5, 0.1, 0.9, 0.05),
    }
    presets = {
        "Smallest KL(p‖q)": {"m": 0.0, "s": 3.15},
        "Smallest KL(q‖p), right": {"m": 3.0, "s": 1.0},
        "Smallest KL(q‖p), left": {"m": -3.0, "s": 1.0},
        "p has one hump": {"m": 0.0, "s": 1.0, "gap": 0.0},
    }
    size = (9.6, 3.6)
    alt = (
        "Left: the density p with two humps and the density of one Gaussian q. Right: KL(p‖q) and KL(q‖p) "
        "against the mean of q at its present scale, with a point on each curve."
    )
    handles = {"peak": lambda view, x, y: {"m": x, "s": 1 / (np.sqrt(2 * np.pi) * max(y, 1e-3))}}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return both densities, both divergences, and both as functions of the mean."""
        log_p = two_humps(X, c.gap, c.left)
        forward, reverse = (round(float(kl), 12) for kl in divergences(log_p, c.m, c.s))
        forwards, reverses = divergences(log_p, MEANS, c.s)
        rises = np.diff(log_p) > 0
        inner = (reverses[1:-1] < reverses[:-2]) & (reverses[1:-1] < reverses[2:])
        return SimpleNamespace(
            m=c.m, s=c.s, gap=c.gap, left=c.left, humps=int((rises[:-1] & ~rises[1:]).sum()),
            p=np.exp(log_p[SHOWN]), q=np.exp(gaussian_log_density(X[SHOWN], c.m, c.s)),
            forward=forward, reverse=reverse, forwards=forwards, reverses=reverses,
            best_forward=float(MEANS[forwards.argmin()]), best_reverse=MEANS[1:-1][inner],
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; densities, curves and points are live."""
        left, right = fig.subplots(1, 2)
        left.set(title="p (grey) and q (orange): drag the peak of q", xlabel="x", ylabel="density")
        x = X[SHOWN]
        left.set(xlim=(x[0], x[-1]), ylim=(0, 0.85))
        right.set(title="divergence against the mean of q", xlabel="mean m of q", ylabel="nats")
        right.set(xlim=(MEANS[0], MEANS[-1]), ylim=(0, TOP * 1.3), yticks=range(0, int(TOP) + 1))
        for y, color, style in ((1.22, VERMILLION, "-"), (1.1, BLUE, "--")):
            right.plot([-5.8, -4.9], [TOP * y, TOP * y], color=color, ls=style)
        return {
            "p": left.fill(x, 0 * x, color=PALE, lw=0)[0],
            "p-line": left.plot(x, 0 * x, color=GREY)[0],
            "q": left.plot(x, 0 * x, color=ORANGE, lw=2.5)[0],
            "peak": left.plot([0], [0], "o", color=ORANGE, mec=INK, ms=12)[0],
            "forwards": right.plot(MEANS, 0 * MEANS, color=VERMILLION)[0],
            "reverses": right.plot(MEANS, 0 * MEANS, color=BLUE, ls="--")[0],
            "forward": right.plot([0], [0], "o", color=VERMILLION, mec=INK, ms=10, clip_on=False)[0],
            "reverse": right.plot([0], [0], "s", color=BLUE, mec=INK, ms=9, clip_on=False)[0],
            "forward-value": right.text(-4.7, TOP * 1.22, "", va="center", fontsize=11.5),
            "reverse-value": right.text(-4.7, TOP * 1.1, "", va="center", fontsize=11.5),
        }

    def update(self, live, view):
        """Move densities, curves and points."""
        x = X[SHOWN]
        live["p"].set_xy([(x[0], 0), *zip(x, view.p, strict=True), (x[-1], 0)])
        live["p-line"].set_ydata(view.p)
        live["q"].set_ydata(view.q)
        live["peak"].set_data([view.m], [1 / (np.sqrt(2 * np.pi) * view.s)])
        for name, curve, value in (
            ("forward", view.forwards, view.forward), ("reverse", view.reverses, view.reverse),
        ):  # fmt: skip
            live[f"{name}s"].set_ydata(np.where(curve <= TOP, curve, np.nan))
            live[name].set_data([view.m], [min(value, TOP)])
            order = "p‖q" if name == "forward" else "q‖p"
            above = " (above the axis)" if value > TOP else ""
            live[f"{name}-value"].set_text(f"KL({order}) = {short(value)}{above}")

    @staticmethod
    def describe(view) -> str:
        """Say both divergences, and where each is smallest at the present scale."""
        centres = f"Gaussians at −{view.gap / 2:g} and {view.gap / 2:g}, the left one with weight"
        made = f"{centres} {short(view.left, 2)}" if view.gap else "a Gaussian at 0"
        dips = " and ".join(short(m, 2) for m in view.best_reverse) or "an end of the axis"
        humps = "two humps" if view.humps == 2 else "one hump"
        return (
            f"p has {humps}: {made}; q has mean {short(view.m, 2)} and scale "
            f"{short(view.s)}. KL(p‖q) = {short(view.forward)}, KL(q‖p) = {short(view.reverse)}. At this "
            f"scale KL(p‖q) is smallest at m = {short(view.best_forward, 2)}, KL(q‖p) dips at m = {dips}."
        )
