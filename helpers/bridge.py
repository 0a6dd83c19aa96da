"""Where the course's own mathematics meets PyTorch and fastai (lesson 09); the only helper that imports them.

Everything runs on the processor in float64: there the three runs can be compared digit by digit, whatever
build of PyTorch is installed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from fastai.basics import AvgSmoothLoss, DataLoader, DataLoaders, Learner, Metric, Optimizer, Recorder
from fastai.callback.progress import CSVLogger  # noqa: F401  (makes learn.no_bar and learn.no_logging known)
from numpy.typing import ArrayLike, NDArray
from torch import nn

from helpers import validate
from helpers.losses import cross_entropy_loss, cross_entropy_value_and_grad
from helpers.models import MLP, LinearClassifier, epoch_batches
from helpers.optim import is_bias, sgd_momentum_step


def torch_model(model: LinearClassifier | MLP) -> nn.Module:
    """Return a PyTorch module that begins with copies of the model's parameters, under the same names.

    Raises TypeError for anything but the two models.
    """
    if not isinstance(model, LinearClassifier | MLP):
        raise TypeError(f"model must be a LinearClassifier or an MLP, got {type(model).__name__}")
    tensors = {name: torch.tensor(theta) for name, theta in model.parameters.items()}
    dtype = next(iter(tensors.values())).dtype

    def layer(weight: torch.Tensor) -> nn.Linear:
        return nn.Linear(weight.shape[1], weight.shape[0], dtype=dtype)

    if isinstance(model, LinearClassifier):
        module = layer(tensors["weight"])
    else:
        hidden, output = layer(tensors["hidden.weight"]), layer(tensors["output.weight"])
        module = nn.Sequential(OrderedDict(hidden=hidden, relu=nn.ReLU(), output=output))
    module.load_state_dict(tensors)
    return module


def parameter_groups(module: nn.Module, weight_decay: float) -> list[dict]:
    """Return the parameters in two groups for a torch optimiser: weights that decay, biases that do not.

    Raises ValueError for a weight_decay that is negative or not finite.
    """
    weight_decay = validate.number("weight_decay", weight_decay, at_least=0)
    named = list(module.named_parameters())
    return [
        {"params": [p for name, p in named if not is_bias(name)], "weight_decay": weight_decay},
        {"params": [p for name, p in named if is_bias(name)], "weight_decay": 0.0},
    ]


def arrays(module: nn.Module) -> dict[str, NDArray]:
    """Return copies of the module's parameters as NumPy arrays, by name."""
    return {name: p.detach().cpu().numpy().copy() for name, p in module.named_parameters()}


def largest_difference(mine: Mapping[str, ArrayLike], other: Mapping[str, ArrayLike]) -> float:
    """Largest |a − b| over all parameters of two runs, relative to the largest |a| of that parameter.

    Raises ValueError if the names or shapes differ.
    """
    if set(mine) != set(other):
        raise ValueError(f"other must have the parameters {sorted(mine)}, got {sorted(other)}")
    worst = 0.0
    for name, theta in mine.items():
        a, b = np.asarray(theta), np.asarray(other[name])
        validate.same_shape(f"other[{name!r}]", b, a.shape)
        worst = max(worst, float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-300)))
    return worst


class OurCrossEntropy(torch.autograd.Function):
    """The mean cross-entropy of helpers.losses, as an operation that autograd can use; on the processor.

    forward: L = mean_n(−f_{n,ℓ_n} + ln Σ_j e^{f_{n,j}}); backward: grad_output · (g − y)/N.
    """

    @staticmethod
    def forward(ctx, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the loss, and keep (g − y)/N for the way back."""
        loss, grad = cross_entropy_value_and_grad(logits.detach().numpy(), targets.numpy())
        ctx.save_for_backward(torch.as_tensor(grad))
        return torch.as_tensor(loss, dtype=logits.dtype)

    @staticmethod
    def backward(ctx, grad_output: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return the gradient for the logits; labels have none."""
        (grad,) = ctx.saved_tensors
        return grad_output * grad, None


def our_cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of logits (N, K) and labels (N,), computed by helpers.losses."""
    return OurCrossEntropy.apply(logits, targets)


# fastai asks a loss how to read its model: get_preds gives probabilities, with_decoded=True classes, too
our_cross_entropy.activation = lambda logits: torch.softmax(logits, dim=-1)
our_cross_entropy.decodes = lambda logits: logits.argmax(dim=-1)


def momentum_step(
    p: torch.Tensor,
    lr: float,
    mom: float = 0.0,
    wd: float = 0.0,
    do_wd: bool = True,
    velocity: NDArray | None = None,
    **others: object,
) -> dict[str, NDArray]:
    """Take our momentum step on one parameter, as fastai's step callbacks are called; returns its new state.

    p: the parameter with its gradient. do_wd is False where the Learner exempts a parameter from decay.
    """
    theta, grad = p.data.numpy(), p.grad.data.numpy()  # views: the step changes the tensor itself
    velocity = np.zeros_like(theta) if velocity is None else velocity
    sgd_momentum_step(theta, velocity, grad, lr, mom, wd if do_wd else 0.0)
    return {"velocity": velocity}


def our_sgd(params: object, lr: float, mom: float = 0.0, wd: float = 0.0) -> Optimizer:
    """Return our momentum step as a fastai Optimizer: the decay is part of the gradient, as in PyTorch."""
    return Optimizer(params, [momentum_step], lr=lr, mom=mom, wd=wd)


class SeededBatches(DataLoader):
    """A fastai DataLoader whose batches are those of helpers.models.epoch_batches, epoch after epoch.

    With `train` False it gives all examples as one batch, in their order. `get_preds` and `show_results` of
    a Learner ask for such a `new` one; whatever they pass, every example comes once, and where it stood.
    """

    def __init__(self, x: ArrayLike, labels: ArrayLike, batch_size: int, seed: int = 0, train: bool = True):
        self.x, self.y = torch.tensor(np.asarray(x)), torch.tensor(np.asarray(labels))
        self.seed, self.train, self.epoch = seed, train, 0
        pairs = list(zip(self.x, self.y, strict=True))
        super().__init__(pairs, bs=batch_size if train else len(pairs), num_workers=0, device="cpu")

    def create_batches(self, samps: object) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield the batches of the next epoch."""
        if not self.train:
            yield self.x, self.y
            return
        for batch in epoch_batches(len(self.x), self.bs, self.epoch, self.seed):
            yield self.x[batch], self.y[batch]
        self.epoch += 1

    def new(self, dataset: object = None, cls: type | None = None, **options: object) -> SeededBatches:
        """Return the same examples as one batch, in their order; fastai passes shuffle, drop_last and bs."""
        return (cls or type(self))(self.x, self.y, self.bs, self.seed, train=False)

    def show_results(self, b: tuple, out: torch.Tensor, max_n: int = 9, **options: object) -> None:
        """Show the first digits of the batch with their labels and the classes `out` that were given."""
        from IPython.display import display

        from helpers.figures.digits import answers

        display(answers(b[0][:max_n].numpy(), b[1][:max_n].numpy(), out[:max_n].numpy()))


def data_loaders(
    train: tuple[NDArray, NDArray],
    valid: tuple[NDArray, NDArray],
    batch_size: int,
    seed: int,
    path: str | Path,
) -> DataLoaders:
    """Return fastai DataLoaders of (features, labels) for training, in seeded batches, and validation.

    path: a folder in which fastai may keep what it has to save on the way; a temporary one will do.
    """
    loaders = SeededBatches(*train, batch_size, seed), SeededBatches(*valid, batch_size, seed, train=False)
    return DataLoaders(*loaders, path=Path(path), device="cpu")


class SmoothLoss64(AvgSmoothLoss):
    """The recorder's moving average of the loss, in float64: fastai's own starts in float32 and refuses."""

    def reset(self) -> None:
        """Start at zero."""
        self.count, self.val = 0, torch.tensor(0.0, dtype=torch.float64)


class NLL(Metric):
    """Mean NLL over a whole validation set, by helpers.losses: unlike the loss, it stays what it is."""

    def reset(self) -> None:
        """Forget the batches seen so far."""
        self.total, self.count = 0.0, 0

    def accumulate(self, learn: Learner) -> None:
        """Add one batch."""
        logits, targets = learn.pred.detach().numpy(), learn.yb[0].numpy()
        self.total += float(cross_entropy_loss(logits, targets, reduction="sum"))
        self.count += len(targets)

    @property
    def value(self) -> float:
        """The mean so far."""
        return self.total / self.count

    @property
    def name(self) -> str:
        """What fastai heads the column with."""
        return "NLL"


def learner(dls: DataLoaders, module: nn.Module, **options: object) -> Learner:
    """Return a fastai Learner that trains in float64; options are those of Learner.

    Our loss and our optimiser are the defaults.
    """
    learn = Learner(dls, module, **{"loss_func": our_cross_entropy, "opt_func": our_sgd} | options)
    learn.cbs.filter(lambda callback: isinstance(callback, Recorder))[0].smooth_loss = SmoothLoss64()
    return learn
