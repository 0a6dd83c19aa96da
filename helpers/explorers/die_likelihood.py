"""A loaded die: set the model's six probabilities, and see what they make of the rolls."""

from types import SimpleNamespace

import numpy as np

from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION
from helpers.figures.text import listed, power_of_e, raised, short
from helpers.probability import categorical_log_likelihood

FACES = range(6)
ROLLS = np.random.default_rng(2).choice(range(6), p=[0.1, 0.1, 0.1, 0.1, 0.2, 0.4], size=60)
DATA = {"all 60 rolls": ROLLS, "only the first 12": ROLLS[:12]}
TOP = 60.0  # of the axis of the terms
MOST = 100.0  # parts for a face: a bar beside five that have the starting value can be dragged up to 0.8


def dragged(view: SimpleNamespace, face: int, y: float) -> dict[str, float]:
    """Return the parts that give `face` the probability y, beside the parts that the others have."""
    others = view.parts.sum() - view.parts[face]
    return {f"part{face}": y / (1 - y) * others if y < 1 else MOST}


class DieLikelihood(Explorer):
    """Explore the likelihood of the probabilities p₀ … p₅ of a die with the faces 0 … 5.

    Controls: `part0` … `part5` (0 to 100), of which p is made by dividing by their sum, so that it always
    sums to 1; and the data, `rolls` ("all 60 rolls" or "only the first 12").
    """

    controls = {
        **{f"part{k}": Slider(f"parts for face {k}", 5.0, 0.0, MOST, 0.1, form=".1f") for k in FACES},
        "rolls": Choice("rolls", "all 60 rolls", list(DATA)),
    }
    front = ("part3", "part5", "rolls")
    presets = {
        "The loaded die": {"part4": 10.0, "part5": 20.0},
        "Only 4 and 5": {"part0": 0.0, "part1": 0.0, "part2": 0.0, "part3": 0.0},
        "Best, but no face 3": {
            **{f"part{k}": float(n) for k, n in enumerate(np.bincount(ROLLS))}, "part3": 0.0,
        },
        "Nearly certain of 5": {"part5": 100.0, **{f"part{k}": 1.0 for k in range(5)}},
    }  # fmt: skip
    actions = {"Go to the maximum": lambda view: view.best}
    size = (9.4, 3.5)
    alt = (
        "Two panels over the six faces of a die: the model's probabilities as bars that can be dragged, with "
        "a mark at the fraction of rolls that showed the face; and what each face adds to the NLL."
    )
    handles = {f"grip-{k}": lambda view, x, y, k=k: dragged(view, k, y) for k in FACES}

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return p, the counts of the faces, each face's part of the NLL, the total, and the best."""
        rolls = DATA[c.rolls]
        parts = np.array([getattr(c, f"part{k}") for k in FACES])
        total = parts.sum()
        p = parts / total if total else np.full(6, 1 / 6)
        counts = np.bincount(rolls, minlength=6)
        with np.errstate(divide="ignore"):
            terms = np.where(counts > 0, -counts * np.log(np.where(counts > 0, p, 1)), 0)
        fractions = counts / counts.sum()
        return SimpleNamespace(
            parts=parts, p=p, counts=counts, fractions=fractions, terms=terms, data=c.rolls,
            nll=-float(categorical_log_likelihood(rolls, p)),
            least=-float(categorical_log_likelihood(rolls, fractions)),
            best={f"part{k}": float(n) for k, n in enumerate(counts)},
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes; bars, marks and labels are live."""
        left, right = fig.subplots(1, 2)
        x = np.arange(6)
        left.set(title="model p (drag the bars), ◆ fraction of the rolls", ylim=(0, 1.12))
        left.set(yticks=[0, 0.25, 0.5, 0.75, 1])
        right.set(title="what each face adds to the NLL: n · (−ln p)", ylim=(0, TOP * 1.25))
        for ax in (left, right):
            ax.set(xticks=x, xlim=(-0.6, 5.6), xlabel="face")
        return {
            "p": left.bar(x, x, width=0.7, color=BLUE, edgecolor=INK, alpha=0.6),
            "grip": left.bar(x, np.full(6, 1.12), width=0.98, color=GREY, alpha=0.0, zorder=9),
            "fraction": left.plot(x, x, "D", color=ORANGE, mec=INK, ms=8, zorder=5)[0],
            "product": left.text(-0.5, 1.09, "", va="top", fontsize=11),
            "term": right.bar(x, x, width=0.7, color=VERMILLION, edgecolor=INK, alpha=0.6),
            "term-value": [right.text(k, 0, "", ha="center", va="bottom", fontsize=11) for k in x],
            "nll": right.text(-0.5, TOP * 1.22, "", va="top"),
        }

    def update(self, live, view):
        """Move bars, marks and labels."""
        for k in FACES:
            live["p"][k].set_height(view.p[k])
            height = min(view.terms[k], TOP)
            live["term"][k].set_height(height)
            text = "∞" if view.terms[k] == np.inf else f"{view.terms[k]:.1f}"
            live["term-value"][k].set(y=height + 0.5, text=text)
        live["fraction"].set_ydata(view.fractions)
        factors = [f"{p:.2f}{raised(n)}" for p, n in zip(view.p, view.counts, strict=True)]
        live["product"].set_text(f"{' · '.join(factors)}\n= {power_of_e(-view.nll)}")
        live["nll"].set_text(f"NLL = {short(view.nll, 4)}; the least possible is {short(view.least, 4)}")

    @staticmethod
    def describe(view) -> str:
        """Say what p is, how probable it makes the rolls, and what ruins the product if something does."""
        n = view.counts.sum()
        seen = f"The faces 0 to 5 came {', '.join(map(str, view.counts[:-1]))} and {view.counts[-1]} times"
        equal = "All parts are 0 and count as equal. " if view.parts.sum() == 0 else ""
        sentence = f"{seen} in {n} rolls. {equal}The model p = ({listed(view.p, 2)}) has the likelihood "
        sentence += f"{power_of_e(-view.nll)}, NLL = {short(view.nll, 4)}"
        ruined = [str(k) for k in FACES if view.terms[k] == np.inf]
        if ruined:
            faces = f"faces {', '.join(ruined[:-1])} and {ruined[-1]}" if ruined[1:] else f"face {ruined[0]}"
            sentence += f": {faces} came, with probability 0"
        sentence += "."
        if view.nll - view.least < 1e-9:
            return sentence + " No other p does better: each p is the fraction of rolls that showed the face."
        return sentence + f" The best p gives NLL = {short(view.least, 4)}."
