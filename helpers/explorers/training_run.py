"""Train a small network on real digits while you watch: a run can be started, stopped and compared."""

import time
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.digits import load_digits
from helpers.explorers.controls import Choice, Slider, Switch
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import BLUE, GREY, INK, VERMILLION
from helpers.figures.text import short
from helpers.losses import cross_entropy_value_and_grad
from helpers.models import MLP, accuracy, epoch_batches
from helpers.optim import SGD, is_bias
from helpers.softmax import softmax

EPOCHS = 40
PACE = 0.04  # seconds for an epoch at the least: slow enough to be watched and stopped
LN_K = np.log(10)
FLOOR = np.log(np.e + 9) - 1  # of the training loss with softmax twice: 1.461
LOSSES = ("cross-entropy", "softmax twice")
KEPT = 3  # runs shown for comparison
LOW, HIGH = 1e-3, 1e2  # what the axis of the loss shows


@cache
def digits() -> SimpleNamespace:
    """Return 300 digits to train on and 400 for validation, pixels from 0 to 1."""
    x, y = load_digits()
    order = np.random.default_rng(0).permutation(len(x))
    train, valid = order[:300], order[1000:1400]
    return SimpleNamespace(x=x[train] / 16, y=y[train], valid_x=x[valid] / 16, valid_y=y[valid])


def noisy(labels: NDArray, noise: float) -> NDArray:
    """Return the labels, with the fraction `noise` of them replaced by one of the nine wrong ones."""
    rng = np.random.default_rng(1)
    order, shift = rng.permutation(len(labels)), rng.integers(1, 10, size=len(labels))
    chosen = order[: round(noise * len(labels))]
    changed = labels.copy()
    changed[chosen] = (labels[chosen] + shift[chosen]) % 10
    return changed


def softmax_twice(logits: ArrayLike, targets: ArrayLike) -> tuple[NDArray, NDArray]:
    """Loss of the bug of lesson 04, cross-entropy of probabilities taken for logits, and its gradient."""
    g = softmax(logits)
    loss, dg = cross_entropy_value_and_grad(g, targets)
    return loss, g * (dg - (dg * g).sum(axis=1, keepdims=True))


class Run:
    """One training run: `steps` goes on with it batch by batch, `history` is what was measured so far.

    A row of the history: loss that is trained (training data), NLL and accuracy on validation data, and the
    length of all biases; before the first step and after every epoch.
    """

    def __init__(self, settings: SimpleNamespace):
        data, s = digits(), settings
        self.x, self.y = data.x, noisy(data.y, s.noise)
        self.loss = softmax_twice if s.loss == LOSSES[1] else cross_entropy_value_and_grad
        self.batch = len(self.x) if s.batch.startswith("all") else int(s.batch)
        self.model = MLP(64, round(s.hidden), 10, seed=0)
        self.optimizer = SGD(
            self.model.parameters, s.lr, s.momentum, float(s.weight_decay), decay_biases=s.decay_biases
        )
        self.history, self.broken = [], False
        self._measure()
        self.steps = self._train()

    @property
    def epochs(self) -> int:
        """How many epochs are behind it."""
        return len(self.history) - 1

    @property
    def done(self) -> bool:
        """Whether nothing is left to train."""
        return self.broken or self.epochs >= EPOCHS

    def _measure(self) -> None:
        data = digits()
        logits = self._logits(data.valid_x)
        with np.errstate(over="ignore"):  # a run that diverges: infinitely long is what is to be seen
            biases = sum(float((b**2).sum()) for name, b in self.model.parameters.items() if is_bias(name))
        row = (
            float(self.loss(self._logits(self.x), self.y)[0]),
            float(cross_entropy_value_and_grad(logits, data.valid_y)[0]),
            accuracy(logits, data.valid_y),
            biases**0.5,
        )
        self.history.append(row)

    def _logits(self, x: NDArray) -> NDArray:
        """Logits in small parts: products of larger ones wait for several threads, long on a busy machine."""
        return np.concatenate([self.model.logits(part) for part in np.array_split(x, len(x) // 25)])

    def _train(self) -> Iterator[bool]:
        """Yield after every batch: whether an epoch ended with it."""
        for epoch in range(EPOCHS):
            batches = epoch_batches(len(self.x), self.batch, epoch)
            for i, batch in enumerate(batches, 1):
                try:
                    _, grads = self.model.value_and_grads(self.x[batch], self.y[batch], self.loss)
                    self.optimizer.step(grads)
                    if i == len(batches):
                        self._measure()
                except ValueError:  # the logits are no numbers any more
                    self.broken = True
                    return
                yield i == len(batches)


def settings_of(c: SimpleNamespace) -> tuple:
    """Return the controls as a key: the same settings, the same run, whatever rounding a slider leaves."""
    return tuple((name, float(f"{v:.6g}") if isinstance(v, float) else v) for name, v in vars(c).items())


@cache
def whole_run(key: tuple) -> Run:
    """Return the run with these settings, trained to its end."""
    run = Run(SimpleNamespace(**dict(key)))
    for _ in run.steps:
        pass
    return run


def look(c: SimpleNamespace, run: Run | None, kept: Any = ()) -> SimpleNamespace:
    """Return what is seen of a run as far as it has been trained, beside the runs kept for comparison."""
    rows = np.array(run.history if run else np.empty((0, 4)))
    return SimpleNamespace(
        **vars(c), rows=rows, epochs=max(len(rows) - 1, 0), broken=bool(run and run.broken), kept=tuple(kept)
    )


class TrainingRun(Explorer):
    """Train a network with one hidden layer on 300 real digits, up to 40 epochs, and watch its curves.

    Controls: `lr` (0.001 to 10), `momentum` (0 to 0.99), `weight_decay` ("0" to "0.3"), `batch` ("10" to
    "all 300"), `hidden` units (2 to 128), `noise` (fraction of wrong training labels, 0 to 0.5), `loss`
    ("cross-entropy", "softmax twice"), `decay_biases`. A new setting waits for the button Train; what the
    explorer starts with, and the presets, need none. Train and Stop as methods: `train()`, `stop()`.
    A run is trained in pieces, batch by batch, so that it can be watched and stopped.
    """

    controls = {
        "lr": Slider("learning rate ε", 0.1, 0.001, 10.0, 0.1, form=".3g", base=10),
        "momentum": Slider("momentum μ", 0.9, 0.0, 0.99, 0.01),
        "weight_decay": Choice("weight decay λ", "0", ("0", "0.0001", "0.001", "0.01", "0.1", "0.3")),
        "batch": Choice("batch size", "25", ("10", "25", "50", "100", "all 300")),
        "hidden": Slider("hidden units", 32.0, 2.0, 128.0, 1, form=".0f", base=2),
        "noise": Slider("wrong training labels", 0.0, 0.0, 0.5, 0.05),
        "loss": Choice("loss", LOSSES[0], LOSSES),
        "decay_biases": Switch("decay biases, too"),
    }
    presets = {
        "Too small": {"lr": 0.001, "momentum": 0.0},
        "Too large": {"lr": 10**-0.4},
        "Diverging": {"lr": 10.0, "momentum": 0.98},
        "Over-fitting": {"noise": 0.3, "hidden": 128.0},
        "Decay on weights": {"weight_decay": "0.01"},
        "Decay on biases": {"weight_decay": "0.01", "decay_biases": True},
        "Softmax twice": {"loss": LOSSES[1]},
    }
    main_button = "Train"
    foreseeable = False  # the runs that were trained are kept in the picture
    size = (9, 3.3)
    alt = (
        "Two panels over the epochs: training loss and validation NLL, on a logarithmic axis, and accuracy "
        "on the validation data. Grey: validation NLL and accuracy of earlier runs, with "
        "their settings in the list below."
    )

    def __init__(self, **options: Any):
        self._runs: dict[tuple, Run] = {}
        self._order: list[tuple] = []  # settings that were looked at, the latest last
        self._pressed = False  # whether a learner moved something, who must not wait for a whole run
        self._run_on = SimpleNamespace(stopped=True)
        self._whole = {settings_of(self.values(**preset)) for preset in ({}, *self.presets.values())}
        if "only" not in options or len(options) > 1:
            start = {name: value for name, value in options.items() if name != "only"}
            self._whole.add(settings_of(self.values(**start)))
        self.compute = self._as_far_as_trained  # the class's own trains to the end
        super().__init__(**options)
        self.buttons = {"Train": self.train, "Stop": self.stop} | self.buttons

    @staticmethod
    def compute(c: SimpleNamespace) -> SimpleNamespace:
        """Return the whole run with these settings, as it is seen at its end."""
        return look(c, whole_run(settings_of(c)))

    def _as_far_as_trained(self, c: SimpleNamespace) -> SimpleNamespace:
        key = settings_of(c)
        if key in self._whole and key not in self._runs and not self._pressed:
            self._runs[key] = whole_run(key)
        if not self._order or self._order[-1] != key:
            self._order = [other for other in self._order if other != key and other in self._runs] + [key]
            for other in set(self._runs) - set(self._order[-20:]):
                del self._runs[other]
        kept = [(dict(other), self._runs[other].history) for other in self._order[:-1] if other in self._runs]
        return look(c, self._runs.get(key), kept[-KEPT:])

    def train(self) -> Any:
        """Go on with the run of the present settings, beside everything else; return what does it."""
        with self._lock:
            self.stop()
            key = settings_of(self.state())
            run = self._runs.get(key) or Run(SimpleNamespace(**dict(key)))
            self._runs[key], self._run_on = run, SimpleNamespace(stopped=False)
            return self._in_pieces(self._train_in_pieces(run, key, self._run_on))

    def stop(self) -> None:
        """Stop training after the batch that is on; what is trained stays."""
        self._run_on.stopped = True

    def reset(self) -> None:
        """Put every control back where it started, and forget the runs that were kept."""
        with self._lock:
            self.stop()
            start = settings_of(SimpleNamespace(**self._start))
            self._runs = {key: run for key, run in self._runs.items() if key == start and run.done}
            self._order = []
            super().reset()

    def _train_in_pieces(self, run: Run, key: tuple, on: SimpleNamespace) -> Iterator[float]:
        try:
            began = time.monotonic()
            for epoch_ended in [] if run.done or on.stopped else run.steps:
                if epoch_ended:
                    self._show(key)
                    yield max(PACE - (time.monotonic() - began), 0)
                    began = time.monotonic()
                else:
                    yield 0.0
                if on.stopped:
                    break
            self._show(key)
        except Exception as error:
            self.figure.error = f"Training failed. {type(error).__name__}: {error}"
            raise

    def _show(self, key: tuple) -> None:
        with self._lock:
            if settings_of(self.state()) == key:
                self._refresh()

    def _refresh(self) -> None:
        with self._lock:
            if self._order and settings_of(self.state()) != self._order[-1]:
                self.stop()  # another setting: the run that was on is kept as it is
            super()._refresh()

    def _guarded(self, action: Callable[[], Any]) -> None:
        with self._lock:
            self._pressed = True
            try:
                super()._guarded(action)
            finally:
                self._pressed = False

    def press(self, label: str) -> None:
        """Press a button; the run of a preset is trained in pieces, before the learner's eyes."""
        super().press(label)
        key = settings_of(self.state())
        if key in self._whole and key not in self._runs:
            self._guarded(self.train)

    def draw(self, fig):
        """Draw the axes, and empty lines and rows."""
        grid = fig.add_gridspec(2, 2, height_ratios=[2.5, 1])
        loss, hits = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[0, 1])
        loss.set(yscale="log", xlim=(0, EPOCHS), ylim=(LOW, HIGH))
        loss.set_title("training loss (- -), validation NLL (──)")
        loss.axhline(LN_K, color=GREY, lw=1, ls=":")
        loss.text(EPOCHS, LN_K * 1.15, "ln 10", ha="right", va="bottom")
        hits.set(xlim=(0, EPOCHS), ylim=(0, 1.02), title="fraction right, in validation; epochs →")
        rows = fig.add_subplot(grid[1, :])
        rows.set_axis_off()
        rows.set(xlim=(0, 1), ylim=(0, KEPT + 1))
        styles = [(0, (1, 1.2)), (0, (4, 1.5)), (0, (7, 1.5, 1, 1.5))]
        for i, style in enumerate(styles):
            rows.plot([0.0, 0.05], [KEPT - i - 0.5] * 2, color=GREY, lw=1.4, ls=style)
        rows.plot([0.0, 0.05], [KEPT + 0.5] * 2, color=BLUE)

        def lines(ax):
            return [ax.plot([], [], color=GREY, lw=1.4, ls=style)[0] for style in styles]

        return {
            "kept-nll": lines(loss),
            "kept-hits": lines(hits),
            "train": loss.plot([], [], color=VERMILLION, ls="--")[0],
            "valid": loss.plot([], [], color=BLUE)[0],
            "hits": hits.plot([], [], color=BLUE)[0],
            "row": [
                rows.text(0.06, KEPT - i + 0.5, "", va="center", color=INK, fontsize=9.5)
                for i in range(KEPT + 1)
            ],
        }

    def update(self, live, view):
        """Move the curves, and write what each stands for."""
        runs = [(vars(view), view.rows), *((s, np.array(h)) for s, h in reversed(view.kept))]
        for i, text in enumerate(live["row"]):
            text.set_text(_row(*runs[i]) if i < len(runs) else "(an earlier run will be kept here)")
        for i, (line, hits) in enumerate(zip(live["kept-nll"], live["kept-hits"], strict=True), 1):
            rows = runs[i][1] if i < len(runs) else np.empty((0, 4))
            _set(line, rows[:, 1]), hits.set_data(np.arange(len(rows)), rows[:, 2])
        _set(live["train"], view.rows[:, 0])
        _set(live["valid"], view.rows[:, 1])
        live["hits"].set_data(np.arange(len(view.rows)), view.rows[:, 2])

    @staticmethod
    def describe(view) -> str:
        """Say the settings, the numbers at the end, and what is wrong with the run, if anything is."""
        decay = f"weight decay {view.weight_decay}{', biases included' if view.decay_biases else ''}"
        return (
            f"{_count(view)} with ε = {short(view.lr)}, μ = {short(view.momentum)}, {decay}, batches of "
            f"{view.batch.removeprefix('all ')}, {round(view.hidden)} hidden units, {view.noise:.0%} wrong "
            f"labels, loss: {view.loss}. {_seen(view)}"
        )


def _set(line, values: NDArray) -> None:
    line.set_data(np.arange(len(values)), np.clip(values, LOW / 2, HIGH * 2))


def _row(s: dict, rows: NDArray) -> str:
    more = ", softmax twice" if s["loss"] == LOSSES[1] else ""
    more += ", biases too" if s["decay_biases"] else ""
    end = f"NLL {short(rows[-1][1])}, {rows[-1][2]:.0%} right" if len(rows) else "not trained"
    if len(rows) and _diverges(rows):
        end = "diverges"
    return (
        f"ε {short(s['lr'])}, μ {short(s['momentum'])}, λ {s['weight_decay']}, "
        f"batch {s['batch'].removeprefix('all ')}, "
        f"{round(s['hidden'])} hidden, {s['noise']:.0%} wrong{more}: {end}"
    )


def _diverges(rows: NDArray) -> bool:
    train, valid = rows[-1][:2]
    return valid > 1.5 * LN_K and train > LN_K


def _count(view: SimpleNamespace) -> str:
    if not len(view.rows):
        return "Not trained yet"
    return f"{view.epochs} of {EPOCHS} epochs"


def _seen(view: SimpleNamespace) -> str:
    """Say what is seen on the curves."""
    if not len(view.rows):
        return "Press Train."
    train, valid, hits, biases = view.rows[-1]
    if view.broken:
        return "It diverges: the logits are no finite numbers any more, and the run has ended."
    end = f"Training loss {short(train)}, validation NLL {short(valid)}, {hits:.0%} right"
    said = f"{end}, length of the biases {short(biases)}"
    if _diverges(view.rows):  # no numbers: they hang on the last digit of every step, and so on the machine
        return "It diverges: the NLL jumps about, far above ln 10 = 2.303, that of equal probabilities."
    if view.epochs < EPOCHS:
        return f"{said}."
    return f"{said}. {_verdict(view)}"


def _verdict(view: SimpleNamespace) -> str:
    """Say what the curves of a whole run show."""
    trained, (train, valid) = view.rows[:, 0], view.rows[-1, :2]
    lowest = int(view.rows[:, 1].argmin())
    best = view.rows[lowest, 1]
    at_best = f"the validation NLL was lowest, {short(best)}, after epoch {lowest}"
    if view.loss == LOSSES[1] and train < FLOOR + 0.3:
        return "With softmax applied twice the training loss cannot fall below 1.461."
    if valid > 0.97 * LN_K and train > 0.97 * LN_K:
        if best < 0.97 * LN_K:
            return f"What was learned is lost again: {at_best}."
        fell = np.diff(trained[-11:])
        slow = fell.max() < 0 and fell.sum() < -1e-3
        much = ", or hardly anything yet, though the loss falls slowly" if slow else ""
        return f"Nothing is learned{much}: ln 10 = 2.303 is the NLL of equal probabilities."
    if valid > 1.2 * best and train < 0.8 * trained[lowest]:
        return f"It over-fits: {at_best}."
    last = trained[-10:]
    rise = (last - np.minimum.accumulate(last)).max()
    if rise > max(0.1, 0.2 * last.min()):
        return "The loss jumps up and down: the steps are too large."
    before, now = last[:5].mean(), last[5:].mean()
    # a slow run falls by little at a time, but as fast as ever; what wavers as much has not fallen
    if before - now > max(min(0.05 * before, 0.08 * abs(trained[0] - now)), np.diff(last).std()):
        return "The training loss is still falling."
    return "The curves have levelled off."
