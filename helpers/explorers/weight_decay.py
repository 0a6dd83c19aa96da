"""An over-fitted classifier of one feature: its curve and weights at one λ, its losses at every λ."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np
from numpy.polynomial.chebyshev import chebvander

from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILLION
from helpers.figures.text import short
from helpers.softmax import log_sigmoid, sigmoid

LEFT, RIGHT = -0.15, 0.2  # class 1 lies between them
TRAINING, VALIDATION = (30, 9), (400, 1000)  # how many examples, and the seed they are drawn with
MOST = 15  # the largest model
PER_DECADE, LOWEST = 10, -6
LAMBDAS = 10.0 ** (np.arange(LOWEST * PER_DECADE, PER_DECADE + 1) / PER_DECADE)
MOMENTUM = 0.9  # of the decoupled decay; ten to one is a whole number of steps on the grid
DECAYS = ("coupled", "decoupled, μ = 0.9")
LAM = Slider("weight decay λ", 0.01, 1e-5, 10.0, 1 / PER_DECADE, form=".2g", base=10)
GRID = np.linspace(-1, 1, 161)
HIGHEST = 1.5  # of the panel of losses
MARGIN = 1.6  # left and right of it: no marker is cut off at the ends of λ


@lru_cache(maxsize=32)
def examples(n: int, seed: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Return features and labels of n examples; the share `noise` of the labels is turned, half a one up."""
    rng = np.random.default_rng(seed)
    x, order = np.sort(rng.uniform(-1, 1, n)), rng.permutation(n)
    labels = (x > LEFT) & (x < RIGHT)
    labels[order[: int(noise * n + 0.5)]] ^= True
    return x, labels.astype(int)


@lru_cache(maxsize=256)
def weight_path(size: int, noise: float, decays_bias: bool, seed: int = TRAINING[1]) -> np.ndarray:
    """Return the minimum of the mean NLL + ½ λ Σ w² for every λ of LAMBDAS, (λs, 1 + size); Newton's method.

    The bias comes first. The next smaller λ starts from the solution of the last.
    """
    x, labels = examples(TRAINING[0], seed, noise)
    features = chebvander(x, size)
    decayed = np.r_[float(decays_bias), np.ones(size)]
    theta, path = np.zeros(size + 1), []
    for lam in LAMBDAS[::-1]:
        for _ in range(50):
            g = sigmoid(features @ theta)
            grad = features.T @ (g - labels) / len(x) + lam * decayed * theta
            if np.abs(grad).max() < 1e-11:
                break
            hessian = (features.T * (g * (1 - g))) @ features / len(x) + np.diag(lam * decayed)
            theta = theta - np.linalg.solve(hessian, grad)
        path.append(theta)
    return np.array(path[::-1])


@lru_cache(maxsize=256)
def losses(size: int, noise: float, decays_bias: bool, seed: int = TRAINING[1]) -> dict[str, np.ndarray]:
    """Return the mean NLL on the training and on the validation examples for every λ of LAMBDAS."""
    path, found = weight_path(size, noise, decays_bias, seed), {}
    for name, which in (("training", (TRAINING[0], seed)), ("validation", VALIDATION)):
        x, labels = examples(*which, noise)
        evidence = path @ chebvander(x, size).T
        found[name] = -log_sigmoid(np.where(labels == 1, evidence, -evidence)).mean(axis=1)
    return found


class WeightDecay(Explorer):
    """Explore a two-class model σ(b + Σ w_k T_k(x)) trained to the end on 30 examples with weight decay λ.

    T_k are the Chebyshev polynomials. Controls: `lam` (10⁻⁵ to 10, for the mean loss), `decay_bias`, `decay`
    ("coupled", as a penalty in the loss, or "decoupled, μ = 0.9": where gradient descent with that momentum
    and the decay beside it comes to rest), `noise` (share of turned labels, 0 to 0.3), `size` (number of
    weights, 1 to 15). The faint curve is the validation loss with coupled decay and an exempt bias.
    """

    controls = {
        "lam": LAM,
        "decay_bias": Switch("decay the bias, too"),
        "decay": Choice("decay", DECAYS[0], DECAYS),
        "noise": Slider("noise: share of turned labels", 0.1, 0.0, 0.3, 0.05),
        "size": Slider("model size: weights", 12, 1, MOST, 1),
    }
    presets = {
        "Hardly any decay": {"lam": 1e-5},
        "Far too much": {"lam": 10.0},
        "Far too much, bias too": {"lam": 10.0, "decay_bias": True},
        "Decoupled": {"decay": DECAYS[1]},
        "Too small a model": {"size": 1},
    }
    actions = {"Best λ for validation": lambda view: {"lam": view.best_lam}}
    handles = {"pad": lambda view, x, y: {"lam": x}}
    size = (9, 3.3)
    alt = (
        "Three panels: training and validation loss against λ, with a point at the chosen λ; the probability "
        "of class 1 against the feature with the training examples; the bias and the weights as bars."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return curve, weights and losses. Decoupled decay λ rests where coupled decay (1 − μ) λ does."""
        coupled = c.decay == DECAYS[0]
        shift = 0 if coupled else round(PER_DECADE * np.log10(1 - MOMENTUM))
        first = round(PER_DECADE * np.log10(LAM.low)) - PER_DECADE * LOWEST
        shown = np.arange(first, LAMBDAS.size)
        here = round(PER_DECADE * np.log10(c.lam / LAM.low))
        path = weight_path(c.size, c.noise, c.decay_bias)
        nll = {name: loss[shown + shift] for name, loss in losses(c.size, c.noise, c.decay_bias).items()}
        usual = losses(c.size, c.noise, False)["validation"][shown]
        theta = path[shown[here] + shift]
        x, labels = examples(*TRAINING, c.noise)
        best = int(np.argmin(nll["validation"]))
        return SimpleNamespace(
            **vars(c), coupled=coupled, theta=theta, lambdas=LAMBDAS[shown], nll=nll, usual=usual,
            x=x, labels=labels, turned=int((labels != ((x > LEFT) & (x < RIGHT))).sum()),
            curve=sigmoid(chebvander(GRID, c.size) @ theta), share=float(labels.mean()),
            mean=float(sigmoid(chebvander(x, c.size) @ theta).mean()),
            here={name: float(loss[here]) for name, loss in nll.items()},
            best_lam=float(LAMBDAS[shown][best]), best_nll=float(nll["validation"][best]),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes and the sea of labels; curves, bars and points are live."""
        loss, curve, bars = fig.subplots(1, 3, width_ratios=[1.15, 1.15, 1])
        loss.set(xscale="log", xlabel="weight decay λ (click or drag)")
        curve.set(xlim=(-1, 1), ylim=(-0.18, 1.18), xlabel="feature x", yticks=[0, 0.5, 1])
        curve.set_title("probability of class 1")
        curve.axhline(0.5, color=PALE, lw=1, zorder=0)
        bars.set(xlim=(-0.7, MOST + 0.7), ylim=(-300, 300), xticks=range(0, MOST + 1, 3))
        bars.set(title="bias b and weights", xlabel="k")
        bars.set_yscale("symlog", linthresh=1)
        bars.set_yticks([-100, -10, -1, 0, 1, 10, 100], ["−100", "−10", "−1", "0", "1", "10", "100"])
        bars.set_xticklabels(["b", *map(str, range(3, MOST + 1, 3))])
        bars.axhline(0, color=GREY, lw=1)
        ends = LAM.low / MARGIN, LAM.high * MARGIN
        loss.set(xlim=ends, ylim=(0, HIGHEST), yticks=[0, 0.5, 1, 1.5])
        loss.set_title("NLL: ── validation, - - training")
        loss.axhline(np.log(2), color=PALE, lw=1, zorder=0)
        loss.text(ends[1] / 1.1, np.log(2) + 0.02, "ln 2: always ½", color=GREY, fontsize=10, ha="right")
        corners = np.repeat(ends, 2), [0, HIGHEST, HIGHEST, 0]
        return {
            "truth": curve.plot(GRID, GRID, color=GREY, lw=1.2)[0],
            "share": curve.plot([-1, 1], [0, 0], color=GREY, lw=1.4, ls=":")[0],
            "examples-1": curve.plot([0], [0], color=VERMILLION, lw=1.6)[0],
            "examples-0": curve.plot([0], [0], color=BLUE, lw=1.6)[0],
            "curve": curve.plot(GRID, GRID, color=INK, lw=2)[0],
            "bias": bars.plot([0, 0], [0, 0], color=ORANGE, lw=7, solid_capstyle="butt")[0],
            "weights": bars.plot([0], [0], color=BLUE, lw=7, solid_capstyle="butt")[0],
            "usual": loss.plot([1], [1], color=VERMILLION, lw=4, alpha=0.3)[0],
            "training": loss.plot([1], [1], color=BLUE, ls="--")[0],
            "validation": loss.plot([1], [1], color=VERMILLION)[0],
            "chosen": loss.plot([1, 1], [0, HIGHEST], color=INK, lw=1)[0],
            "best": loss.plot([1], [1], "*", color="white", mec=INK, ms=15)[0],
            "training-point": loss.plot([1], [1], "s", color=BLUE, mec=INK, ms=8)[0],
            "validation-point": loss.plot([1], [1], "o", color=ORANGE, mec=INK, ms=11)[0],
            "pad": loss.fill(*corners, alpha=0, zorder=9)[0],
        }  # fmt: skip

    def update(self, live, view):
        """Move everything but the axes."""
        inside = (GRID > LEFT) & (GRID < RIGHT)
        live["truth"].set_ydata(np.where(inside, 1 - view.noise, view.noise))
        live["share"].set_ydata([view.share, view.share])
        live["curve"].set_ydata(view.curve)
        for name, bottom in ((1, 1.05), (0, -0.15)):
            live[f"examples-{name}"].set_data(*sticks(view.x[view.labels == name], bottom, bottom + 0.1))
        live["bias"].set_ydata([0, view.theta[0]])
        live["weights"].set_data(*sticks(np.arange(1, view.size + 1), 0, view.theta[1:]))
        for name, loss in view.nll.items():
            live[name].set_data(view.lambdas, loss)
        live["usual"].set_data(view.lambdas, view.usual)
        for name, marker in (("training", "s"), ("validation", "o")):
            here, top = view.here[name], 0.98 * HIGHEST
            live[f"{name}-point"].set_data([view.lam], [min(here, top)])
            live[f"{name}-point"].set_marker(marker if here < top else "^")  # an arrow: it lies above
        live["chosen"].set_xdata([view.lam, view.lam])
        live["best"].set_data([view.best_lam], [view.best_nll])

    @staticmethod
    def describe(view) -> str:
        """Say the losses, the best λ, how large the weights are, and what the bias does."""
        how = "" if view.coupled else ", decoupled, with momentum 0.9"
        bias = ", bias decayed, too" if view.decay_bias else ""
        count = f"{view.size} weight{'s' if view.size > 1 else ''}"
        return (
            f"{count}, {view.turned} of {len(view.x)} labels turned, λ = {short(view.lam)}{how}{bias}: mean "
            f"NLL {short(view.here['training'])} in training, {short(view.here['validation'])} in "
            f"validation, where the best shown is {short(view.best_nll)} at λ = {short(view.best_lam)}. "
            f"Largest weight {short(np.abs(view.theta[1:]).max())}, bias {short(view.theta[0])}. Over the "
            f"training examples the mean probability of class 1 is {short(view.mean)}, its share "
            f"{short(view.share)}."
        )


def sticks(x, bottom, top) -> tuple[np.ndarray, np.ndarray]:
    """Return one line that draws a vertical stick at every x, with gaps between them."""
    bottom, top, gap = np.broadcast_to(bottom, len(x)), np.broadcast_to(top, len(x)), np.full(len(x), np.nan)
    return np.column_stack([x, x, x]).ravel(), np.column_stack([bottom, top, gap]).ravel()
