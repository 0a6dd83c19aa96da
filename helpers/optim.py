"""Gradient descent with momentum and weight decay, in the conventions in use (lessons 07 and 08).

Parameters θ, velocity v, gradient g, learning rate ε (`lr`), momentum μ, weight decay λ. The steps change
the arrays `theta` and `velocity` in place, in their own float type. Velocities start at zero. The values are
not looked at: a run that diverges ends in inf and NaN without a warning, as it does in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate

# One step, in four conventions


@np.errstate(over="ignore", invalid="ignore")
def sgd_momentum_step(
    theta: NDArray,
    velocity: NDArray,
    grad: ArrayLike,
    lr: float,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> None:
    """Momentum as PyTorch's SGD has it: v ← μv + g + λθ; θ ← θ − εv.

    theta, velocity: float arrays of one shape and type; grad: the same shape. The decay is the gradient of
    ½ λ Σ θ². Raises TypeError for arrays that cannot be changed in place, ValueError for shapes that differ,
    and for lr, momentum or weight_decay that are negative or not finite.
    """
    lr, momentum, weight_decay = _checked(lr, momentum, weight_decay)
    for t, v, g in _blocks(theta, velocity, grad):
        v *= momentum
        v += g
        if weight_decay:
            v += weight_decay * t
        t -= lr * v


@np.errstate(over="ignore", invalid="ignore")
def nesterov_step(
    theta: NDArray,
    velocity: NDArray,
    grad: ArrayLike,
    lr: float,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> None:
    """Nesterov's momentum as PyTorch has it: v ← μv + (g + λθ); θ ← θ − ε ((g + λθ) + μv).

    Arguments and errors as for sgd_momentum_step.
    """
    lr, momentum, weight_decay = _checked(lr, momentum, weight_decay)
    for t, v, g in _blocks(theta, velocity, grad):
        g = g + weight_decay * t
        v *= momentum
        v += g
        t -= lr * (g + momentum * v)


@np.errstate(over="ignore", invalid="ignore")
def classical_momentum_step(
    theta: NDArray,
    velocity: NDArray,
    grad: ArrayLike,
    lr: float,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> None:
    """Momentum as in the classical papers, with ε inside the velocity: v ← μv − ε (g + λθ); θ ← θ + v.

    The same path as PyTorch's while ε is constant. When ε changes, the velocity still holds the old ε.
    Arguments and errors as for sgd_momentum_step.
    """
    lr, momentum, weight_decay = _checked(lr, momentum, weight_decay)
    for t, v, g in _blocks(theta, velocity, grad):
        v *= momentum
        v -= lr * (g + weight_decay * t)
        t += v


@np.errstate(over="ignore", invalid="ignore")
def moving_average_step(
    theta: NDArray,
    velocity: NDArray,
    grad: ArrayLike,
    lr: float,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> None:
    """Momentum with the velocity as a moving average: v ← μv + (1 − μ)(g + λθ); θ ← θ − εv.

    The same path as PyTorch's if its ε is 1/(1 − μ) times as large. Arguments and errors as for
    sgd_momentum_step, and momentum must be below 1.
    """
    lr, momentum, weight_decay = _checked(lr, momentum, weight_decay, below=1)
    for t, v, g in _blocks(theta, velocity, grad):
        v *= momentum
        v += (1 - momentum) * (g + weight_decay * t)
        t -= lr * v


CONVENTIONS: dict[str, Callable[..., None]] = {
    "pytorch": sgd_momentum_step,
    "classical": classical_momentum_step,
    "moving average": moving_average_step,
}
"""The three ways to write the same method, by name; Nesterov's is another method."""


def convert_momentum(
    lr: float, velocity: ArrayLike, momentum: float, of: str = "pytorch", to: str = "pytorch"
) -> tuple[float, NDArray]:
    """Learning rate and velocity with which convention `to` continues the path that convention `of` is on.

    From PyTorch's ε and v: classical −εv, at the same ε; moving average (1 − μ) v, at the rate ε/(1 − μ).
    When ε changes on the way, PyTorch's v stays and the classical one has to be converted anew.
    Raises ValueError for an unknown convention, an lr of 0 or a momentum outside 0 ≤ μ < 1.
    """
    validate.one_of("of", of, tuple(CONVENTIONS))
    validate.one_of("to", to, tuple(CONVENTIONS))
    lr = validate.number("lr", lr, above=0)
    momentum = validate.number("momentum", momentum, at_least=0, below=1)
    v, own_type = validate.as_floats("velocity", velocity)
    if of == "classical":
        v = -v / lr
    if of == "moving average":
        lr, v = lr * (1 - momentum), v / (1 - momentum)
    if to == "classical":
        v = -lr * v
    if to == "moving average":
        lr, v = lr / (1 - momentum), v * (1 - momentum)
    return lr, v.astype(own_type, copy=False)


# Weight decay, and a model's named parameters


def is_bias(name: str) -> bool:
    """Say whether a named parameter is a bias, which is not decayed: "bias", or "hidden.bias" and the like.

    Raises TypeError for a name that is not a string.
    """
    return validate.text("name", name).split(".")[-1] == "bias"


@np.errstate(over="ignore")
def l2_penalty(parameters: Mapping[str, ArrayLike], weight_decay: float) -> float:
    """Penalty whose gradient is the decay λw: ½ λ Σ w², summed over all named parameters but the biases.

    Raises ValueError for a weight_decay that is negative or not finite.
    """
    weight_decay = validate.number("weight_decay", weight_decay, at_least=0)
    parameters = validate.named_floats("parameters", parameters)
    squares = (np.square(w, dtype=np.float64) for name, w in parameters.items() if not is_bias(name))
    return 0.5 * weight_decay * sum(float(square.sum()) for square in squares)


@np.errstate(over="ignore", invalid="ignore")
def decay_weights(theta: NDArray, lr: float, weight_decay: float) -> None:
    """Decoupled weight decay, in place: θ ← (1 − ελ) θ, a constant fraction that no velocity remembers.

    Raises TypeError for an array that cannot be changed in place, ValueError for bad lr or weight_decay.
    """
    lr, _, weight_decay = _checked(lr, 0.0, weight_decay)
    theta = validate.in_place("theta", theta)
    theta *= 1 - lr * weight_decay


class SGD:
    """Gradient descent with momentum over named parameters, θ in a dict of arrays, changed in place.

    Biases are not decayed, unless `decay_biases`. The decay is part of the gradient, so of the velocity too,
    as in PyTorch; with `decoupled` it acts on the weights alone, as in fastai's SGD. `step_rule` is one of
    the steps above.
    Raises TypeError for parameters that cannot be changed in place, ValueError for bad numbers.
    """

    def __init__(
        self,
        parameters: Mapping[str, NDArray],
        lr: float,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        *,
        decay_biases: bool = False,
        decoupled: bool = False,
        step_rule: Callable[..., None] = sgd_momentum_step,
    ):
        self.parameters = validate.trainable("parameters", parameters)
        self.velocity = {name: np.zeros_like(theta) for name, theta in self.parameters.items()}
        self.lr, self.momentum, self.weight_decay = _checked(lr, momentum, weight_decay)
        self.decay_biases = validate.flag("decay_biases", decay_biases)
        self.decoupled = validate.flag("decoupled", decoupled)
        self.step_rule = validate.function("step_rule", step_rule)

    def step(self, grads: Mapping[str, ArrayLike]) -> None:
        """Take one step with a gradient for every parameter; ValueError if names or shapes differ."""
        validate.gradients_for(self.parameters, grads)
        for name, theta in self.parameters.items():
            decays = self.decay_biases or not is_bias(name)
            weight_decay = self.weight_decay if decays else 0.0
            if self.decoupled:
                decay_weights(theta, self.lr, weight_decay)
                weight_decay = 0.0
            self.step_rule(theta, self.velocity[name], grads[name], self.lr, self.momentum, weight_decay)


def _checked(lr, momentum, weight_decay, below=None):
    """Return the three as Python floats, in which float32 arrays stay float32."""
    return (
        validate.number("lr", lr, at_least=0),
        validate.number("momentum", momentum, at_least=0, below=below),
        validate.number("weight_decay", weight_decay, at_least=0),
    )


def _blocks(theta, velocity, grad) -> Iterator[tuple[NDArray, NDArray, NDArray]]:
    """Cut the arrays into flat pieces that stay in the processor's cache while a step goes over them."""
    theta = validate.in_place("theta", theta)
    velocity = validate.in_place("velocity", velocity, like=theta)
    grad, _ = validate.as_floats("grad", grad)
    validate.same_shape("grad", grad, theta.shape)
    access = [["readwrite"], ["readwrite"], ["readonly"]]
    flags = ["external_loop", "buffered", "zerosize_ok"]
    with np.nditer([theta, velocity, grad], flags, access, buffersize=1 << 16) as pieces:
        yield from pieces
