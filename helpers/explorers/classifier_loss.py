"""The loss of six examples with two classes, term by term; the sentence has PyTorch's call for the number."""

from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PALE
from helpers.figures.text import listed, short
from helpers.figures.ticks import live_ticks, put_ticks
from helpers.losses import one_hot
from helpers.softmax import log_softmax, softmax

# The worked example of the lesson: six rows of activations (logits), and the class that was right in each.
ACTIVATIONS = np.array(
    [[-1.6453, 1.8893], [1.98, 1.76812], [2.81831, 4.66427], [-0.36353, -0.06138], [0.40643, -0.46684],
     [-3.3801, 3.2484]]
)  # fmt: skip
LABELS = np.array([0, 1, 0, 1, 1, 0])
VOTES = np.array([5, 4, 5, 3, 3, 4]) / 5  # the fraction of five annotators who chose the label

N, K = ACTIVATIONS.shape
ROWS = [str(n) for n in range(N)]
FARTHEST = 6.0  # how much can be added to an activation
TARGETS = {"labels": "labels", "one-hot": "one_hot", "votes of five annotators": "votes"}
ENDS = (2, 8, 16, 32, 64, 128)  # where the axis of the losses may end


class ClassifierLoss(Explorer):
    """Explore the cross-entropy of six examples with two classes; one example at a time can be changed.

    Controls: `example` ("0" to "5"), what is added to its two activations (`add0`, `add1`, −6 to 6), `flip`
    (its label becomes the other class), the form of the targets (`target`), `smoothing` (label smoothing α,
    0 to 0.5), `weight` (of class 1; class 0 has 1), `reduction`, `twice` (softmax before the loss).
    """

    controls = {
        "example": Choice("change example", "5", ROWS),
        "add0": Slider("add to its f₀", 0.0, -FARTHEST, FARTHEST, 0.1, form=".1f", colour=BLUE),
        "add1": Slider("add to its f₁", 0.0, -FARTHEST, FARTHEST, 0.1, form=".1f", colour=ORANGE),
        "flip": Switch("give it the other label"),
        "target": Choice("targets", "labels", list(TARGETS)),
        "smoothing": Slider("label smoothing α", 0.0, 0.0, 0.5, 0.05),
        "weight": Slider("weight of class 1", 1.0, 0.25, 4.0, 0.5, form=".3g", base=2),
        "reduction": Choice("reduction", "mean", ["mean", "sum", "none"]),
        "twice": Switch("softmax before the loss"),
    }
    presets = {
        "Wrong and surer": {"example": "5", "add1": 3.0},
        "A wrong label?": {"example": "5", "flip": True},
        "Right and very sure": {"example": "3", "add1": FARTHEST},
        "Smoothed": {"smoothing": 0.2},
        "Weights, labels": {"weight": 4.0},
        "Weights, one-hot": {"weight": 4.0, "target": "one-hot"},
        "Softmax twice": {"twice": True},
    }
    size = (9, 3.3)
    alt = (
        "A table of six examples, one in each row: bars for its two activations, its probabilities above its "
        "target, and its loss, split into the terms of the two classes."
    )

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return activations, probabilities, targets, the terms −w_k y_k ln g_k, and their reduction."""
        row = int(c.example)
        f, labels = ACTIVATIONS.copy(), LABELS.copy()
        f[row] += c.add0, c.add1
        if c.flip:
            labels[row] = 1 - labels[row]
        sure = VOTES if TARGETS[c.target] == "votes" else np.ones(N)
        targets = sure[:, None] * one_hot(labels, K) + (1 - sure[:, None]) * one_hot(1 - labels, K)
        y = (1 - c.smoothing) * targets + c.smoothing / K
        once = softmax(f)
        log_g = log_softmax(once if c.twice else f)
        weights = np.array([1.0, c.weight])
        terms = weights * y * -log_g
        losses = terms.sum(axis=1)
        divisor = weights[labels].sum() if c.target == "labels" else float(N)
        divisor = divisor if c.reduction == "mean" else 1.0
        return SimpleNamespace(
            row=row, add=(c.add0, c.add1), flip=c.flip, f=f, labels=labels, targets=targets, y=y, once=once,
            g=np.exp(log_g), log_g=log_g, weights=weights, terms=terms, losses=losses, divisor=divisor,
            total=losses.sum(), value=losses if c.reduction == "none" else losses.sum() / divisor,
            smoothing=c.smoothing, reduction=c.reduction, twice=c.twice, form=c.target, call=_call(c),
        )  # fmt: skip

    def draw(self, fig):
        """Draw the axes of the table; everything in them is live."""
        grid = fig.add_gridspec(1, 5, width_ratios=[1.35, 1.15, 0.4, 1.35, 0.4])
        rows = dict(ylim=(N - 0.45, -0.55), yticks=range(N))
        activations, share, loss = (fig.add_subplot(grid[0, i], **rows) for i in (0, 1, 3))
        drag = " (drag)" if "example" in self.shown else ""
        activations.set(title=f"activations f{drag}", xlim=(-11, 11.4), ylabel="example")
        activations.axvline(0, color=GREY, lw=1)
        share.set(title="upper: g, lower: y", xlim=(0, 1), xticks=[0, 0.5, 1])
        loss.set(title="terms −y ln g")
        columns = [fig.add_subplot(grid[0, i], **rows, xlim=(0, 1)) for i in (2, 4)]
        for column, title in zip(columns, ("g of ℓ", "loss"), strict=True):
            column.set_title(title, loc="center")
            column.set_axis_off()
        for ax in (share, loss):
            ax.tick_params(labelleft=False)
        keys = [Rectangle((0, 0), 1, 1, color=color) for color in (BLUE, ORANGE)]
        keys += [Line2D([], [], color=INK, marker="o", ls="", ms=6), Line2D([], [], color=INK, ls="--")]
        fig.legend(keys, ["class 0", "class 1", "label ℓ", "mean"], loc="outside lower left", ncols=4)

        def bars(ax, color, width):
            return ax.plot([], [], color=color, lw=width, solid_capstyle="butt")[0]

        def band(ax):
            across = ax.get_yaxis_transform()
            return ax.add_patch(Rectangle((0, 0), 1, 1, transform=across, color=PALE, alpha=0.5, zorder=0))

        def numbers(ax):
            return [ax.text(0.5, r, "", ha="center", va="center", fontsize=11) for r in range(N)]

        whole = dict(left=-11, width=22.4, height=0.5, color=GREY, alpha=0, zorder=9)
        return {
            "band": [band(ax) for ax in (activations, share, columns[0], loss, columns[1])],
            "f0": bars(activations, BLUE, 8),
            "f1": bars(activations, ORANGE, 8),
            "given": activations.plot([], [], "|", color=INK, ms=10, mew=1.5)[0],
            "label": activations.plot([], [], "o", color=INK, ms=6)[0],
            "g0": bars(share, BLUE, 11),
            "g1": bars(share, ORANGE, 11),
            "once": share.plot([], [], "|", color=INK, ms=12, mew=2)[0],
            "y0": bars(share, BLUE, 5),
            "y1": bars(share, ORANGE, 5),
            "g": numbers(columns[0]),
            "term0": bars(loss, BLUE, 13),
            "term1": bars(loss, ORANGE, 13),
            "mean": loss.plot([], [], color=INK, lw=1.5, ls="--")[0],
            "reach": loss.plot([], [], color=INK, lw=1.5, ls=":")[0],
            "tick": live_ticks(loss, "x", 3),
            "loss": numbers(columns[1]),
            "value": fig.text(0.985, 0.07, "", ha="right", va="center", fontsize=12),
            "grip": [activations.barh(r + k / 2 - 0.25, **whole)[0] for r in range(N) for k in range(K)],
        }

    handles = {
        f"grip-{i}": lambda view, x, y, r=i // K, k=i % K: _dragged(view, x, r, k) for i in range(N * K)
    }

    def update(self, live, view):
        """Move the bars, the marks and the numbers."""
        rows = np.arange(N)
        for k, side in enumerate((-0.22, 0.22)):
            _bars(live[f"f{k}"], np.zeros(N), view.f[:, k], rows + side)
        live["given"].set_data(ACTIVATIONS[view.row], [view.row - 0.22, view.row + 0.22])
        live["given"].set_visible(any(view.add))
        live["label"].set_data(np.full(N, -10.4), rows + np.where(view.labels == 0, -0.22, 0.22))
        for name, split, y in (("g", view.g, rows - 0.12), ("y", view.y, rows + 0.25)):
            _bars(live[f"{name}0"], np.zeros(N), split[:, 0], y)
            _bars(live[f"{name}1"], split[:, 0], np.ones(N), y)
        live["once"].set_data(view.once[:, 0], rows - 0.12)
        live["once"].set_visible(view.twice)
        _bars(live["term0"], np.zeros(N), view.terms[:, 0], rows)
        _bars(live["term1"], view.terms[:, 0], view.losses, rows)
        end = next(end for end in ENDS if view.losses.max() <= end)
        live["mean"].axes.set_xlim(0, end)
        put_ticks(live["tick"], "x", {place: f"{place:g}" for place in (0, end / 2, end)})
        live["mean"].set_visible(view.reduction == "mean")
        if view.reduction == "mean":
            live["mean"].set_data([view.value] * 2, [-0.55, N - 0.45])
        live["reach"].set_visible(_bounded(view))
        lowest, highest = reach(K)
        live["reach"].set_data(
            [lowest, lowest, np.nan, highest, highest], [-0.55, N - 0.45, np.nan, -0.55, N - 0.45]
        )
        for r in range(N):
            live["g"][r].set_text(_four(view.g[r, view.labels[r]]))
            live["loss"][r].set_text(_four(view.losses[r]))
        live["value"].set_text(_briefly(view))
        for band in live["band"]:
            band.set_y(view.row - 0.5)

    @staticmethod
    def describe(view) -> str:
        """Say what the changed example contributes, and what all six together give."""
        r = view.row
        target = f"the target ({_plainly(view.targets[r])})" if _soft(view) else f"the label {view.labels[r]}"
        if view.smoothing:
            target += f", smoothed to ({_plainly(view.y[r])})"
        share = f", {short(100 * view.losses[r] / view.total, 2)} % of the sum"
        share = "" if view.reduction == "none" else share
        sentence = (
            f"Example {r} has the activations ({listed(view.f[r])}) and {target}. The loss sees "
            f"g = ({listed(view.g[r])}) and is {_four(view.losses[r])}{share}. "
        )
        if view.twice:
            sentence += f"It takes the probabilities ({listed(view.once[r])}), the ticks, for logits. "
        if _bounded(view):
            lowest, highest = map(_four, reach(K))
            sentence += f"No loss can be below {lowest} or above {highest} (dotted). "
        return f"{sentence}{_value(view)}, as {view.call} gives."


def reach(n_classes: int) -> tuple[float, float]:
    """Smallest and largest loss of an example after softmax twice: ln(1 + (K − 1)/e) and ln(e + K − 1).

    The second softmax meets numbers from 0 to 1. At best the label has the 1, at worst another class has it.
    """
    return float(np.log1p((n_classes - 1) / np.e)), float(np.log(np.e + n_classes - 1))


def _soft(view) -> bool:
    return TARGETS[view.form] == "votes"


def _bounded(view) -> bool:
    """Tell whether `reach` holds: softmax twice, every target one class, and both classes count the same."""
    return view.twice and not view.smoothing and view.weights[1] == 1 and not _soft(view)


def _call(c) -> str:
    """Write the call in PyTorch; f, labels, one_hot, votes and the class weights w are tensors."""
    arguments = ["f.softmax(dim=1)" if c.twice else "f", TARGETS[c.target]]
    arguments += ["weight=w"] if c.weight != 1 else []
    arguments += [f"label_smoothing={c.smoothing:.2g}"] if c.smoothing else []
    arguments += [f'reduction="{c.reduction}"'] if c.reduction != "mean" else []
    return f"F.cross_entropy({', '.join(arguments)})"


def _value(view) -> str:
    """Write what the reduction makes of the losses, and what it divides by."""
    weighted = view.weights[1] != 1
    weights = f" with weights w = ({_plainly(view.weights)})" if weighted else ""
    if view.reduction == "none":
        return f"The losses{weights} are {', '.join(map(_four, view.losses))}"
    if view.reduction == "sum":
        return f"The sum{weights} is {_four(view.value)}"
    over = "the sum of w over the labels" if view.form == "labels" else "N"
    by = f" ({over})" if weighted else ""
    return f"The mean{weights} is {_four(view.total)} / {view.divisor:g}{by} = {_four(view.value)}"


def _briefly(view) -> str:
    """Write the form of the targets, and what the reduction makes of the losses."""
    form = TARGETS[view.form].replace("_", "-")
    if view.reduction == "none":
        return f"{form}: six losses"
    if view.reduction == "sum":
        return f"{form}: sum {_four(view.value)}"
    return f"{form}: {_four(view.total)} / {view.divisor:g} = {_four(view.value)}"


def _four(x: float) -> str:
    """Write a number as the worked example does; what would be 0.0000 with its power of ten."""
    return f"{x:.4f}" if x >= 5e-4 else short(x, 2)


def _plainly(values) -> str:
    return ", ".join(f"{x:.3g}" for x in values)


def _bars(line, left, right, y) -> None:
    """Make one line of the horizontal bars from `left` to `right`, with gaps between them."""
    gap = np.full(N, np.nan)
    line.set_data(np.stack([left, right, gap], axis=1).ravel(), np.stack([y, y, gap], axis=1).ravel())


def _dragged(view, x: float, row: int, k: int) -> dict:
    """Return the controls that put activation k of `row` at x; an example changed before goes back."""
    same = row == view.row
    return {
        "example": str(row),
        f"add{k}": x - ACTIVATIONS[row, k],
        f"add{1 - k}": view.add[1 - k] if same else 0.0,
        "flip": view.flip and same,
    }
