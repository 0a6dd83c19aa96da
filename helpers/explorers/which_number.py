"""Six real runs along which accuracy and NLL part, and what a temperature mends."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREEN, GREY, INK, ORANGE
from helpers.six_runs import EPOCHS, SEEDS, TEMPERATURES, six_runs

LAST = int(EPOCHS[-1])
STEP = int(EPOCHS[1])


class WhichNumber(Explorer):
    """Explore what four measures say along a real training run, on validation data.

    Controls: `epoch` (0 to 300, every fourth), `T`, by which the logits are divided (1 to 4), `run` ("0" to
    "5"): the seed.
    """

    controls = {
        "epoch": Slider("epoch", 100, 0, LAST, STEP),
        "T": Slider("temperature T", 1.0, 1.0, 4.0, 0.25, base=2),
        "run": Choice("run", "1", [str(seed) for seed in SEEDS]),
    }
    presets = {"The end": {"epoch": LAST}, "The end, T = 2": {"epoch": LAST, "T": 2.0}}
    actions = {"Lowest NLL": lambda view: {"epoch": view.best}}
    handles = {"epoch-dot": lambda view, x, y: {"epoch": x}}
    size = (9, 3.3)
    alt = (
        "Two panels over 300 epochs of training: NLL and Brier score, of which little is good; and accuracy "
        "beside mean confidence."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the measures of the run at this temperature, and where its NLL was lowest so far."""
        measures, run = six_runs(), int(c.run)
        t = int(np.argmin(abs(TEMPERATURES - c.T)))
        at = int(np.argmin(abs(EPOCHS - c.epoch)))
        curves = {name: getattr(measures, name)[run, :, t] for name in ("nll", "brier", "confidence")}
        curves["accuracy"] = measures.accuracy[run]
        best = int(curves["nll"][: at + 1].argmin())  # of what is seen so far
        return SimpleNamespace(
            run=run, T=float(TEMPERATURES[t]), at=at, epoch=int(EPOCHS[at]), best=int(EPOCHS[best]),
            curves=curves, now={name: float(curve[at]) for name, curve in curves.items()},
            then={name: float(curve[best]) for name, curve in curves.items()},
            others=[measures.nll[other, :, t] for other in SEEDS if other != run],
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes."""
        losses, fractions = fig.subplots(1, 2)
        losses.set(title="losses: low is good (drag the dot)", ylim=(0, 1.2))
        fractions.set(title="fractions", ylim=(0.4, 1))
        for ax in (losses, fractions):
            ax.set(xlabel="epoch", xlim=(0, LAST))
        front = dict(clip_on=False, zorder=10)
        faint = dict(color=GREY, lw=1, alpha=0.35)

        def curve(ax, color, style="-"):
            return ax.plot([], [], color=color, ls=style)[0]

        def name(ax, color, height, words):
            ax.text(0.99, height, words, color=color, transform=ax.transAxes, ha="right", va="top")

        name(losses, BLUE, 0.99, "— NLL (faint: of the other runs)")
        name(losses, GREEN, 0.9, "- - Brier score")
        name(fractions, ORANGE, 0.2, "- - mean confidence")
        name(fractions, INK, 0.1, "— accuracy")
        return {
            "other": [losses.plot([], [], **faint)[0] for _ in SEEDS[1:]],
            "now": [ax.plot([], [], color=GREY, lw=1)[0] for ax in (losses, fractions)],
            "best": [ax.plot([], [], color=GREY, lw=1, ls=":")[0] for ax in (losses, fractions)],
            "nll": curve(losses, BLUE),
            "brier": curve(losses, GREEN, "--"),
            "confidence": curve(fractions, ORANGE, "--"),
            "accuracy": curve(fractions, INK),
            "brier-dot": losses.plot([], [], "o", color=GREEN, ms=7, **front)[0],
            "confidence-dot": fractions.plot([], [], "o", color=ORANGE, ms=7, **front)[0],
            "accuracy-dot": fractions.plot([], [], "o", color=INK, ms=7, **front)[0],
            "epoch-dot": losses.plot([], [], "o", color=BLUE, mec=INK, mew=1.5, ms=12, **front)[0],
        }

    def update(self, live, view):
        """Draw the curves as far as the epoch, and move the dots and lines."""
        seen = view.at + 1
        for artist, nll in zip(live["other"], view.others, strict=True):
            artist.set_data(EPOCHS[:seen], nll[:seen])
        for name, curve in view.curves.items():
            live[name].set_data(EPOCHS[:seen], curve[:seen])
            live["epoch-dot" if name == "nll" else f"{name}-dot"].set_data([view.epoch], [view.now[name]])
        for name, epoch in (("now", view.epoch), ("best", view.best)):
            for line in live[name]:
                line.set_data([epoch, epoch], line.axes.get_ylim())

    @staticmethod
    def describe(view) -> str:
        """Say the four measures at this epoch, and how they compare with the lowest NLL so far."""
        now, then = view.now, view.then
        sentence = (
            f"Run {view.run} after {view.epoch} epochs, T = {view.T:.2f}: NLL {now['nll']:.3f}, Brier score "
            f"{now['brier']:.3f}, accuracy {100 * now['accuracy']:.1f} %, mean confidence "
            f"{100 * now['confidence']:.1f} %. "
        )
        if view.epoch == view.best:
            return f"{sentence}This is the lowest NLL so far at this T (dotted line)."
        points = 100 * (now["accuracy"] - then["accuracy"])
        higher = "higher" if points >= 0 else "lower"
        worse = 100 * (now["nll"] / then["nll"] - 1)
        return (
            f"{sentence}The lowest NLL so far at this T, at epoch {view.best} (dotted line), was "
            f"{then['nll']:.3f}; now it is {worse:.0f} % higher. The accuracy is {abs(points):.1f} points "
            f"{higher} now than there."
        )
