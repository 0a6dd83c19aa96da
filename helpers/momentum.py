"""What gradient descent with momentum does along one eigen-direction of a quadratic bowl (lesson 07).

Along an eigenvector of the curvature, with eigenvalue h, the loss is ½hx² and the gradient hx. A step is then
linear in the state (u, x), where u = εv is the velocity times the learning rate: a 2×2 matrix, which
depends on ε and h through their product εh only. Its eigenvalues decide everything. Source: Goh, "Why
Momentum Really Works", Distill (2017), here for each convention; the three are those of optim.py.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers import validate

METHODS = ("momentum", "Nesterov", "moving average")
"""PyTorch's momentum, PyTorch's Nesterov, and momentum with the velocity as a moving average."""


def iteration_matrix(eh: ArrayLike, momentum: ArrayLike, method: str = "momentum") -> NDArray:
    """Matrix of one step, (u, x) ← M (u, x): for "momentum" it is [[μ, εh], [−μ, 1 − εh]].

    eh (ε times h) and momentum: any shapes that broadcast; result: (…, 2, 2). With Nesterov's gradient
    looked up ahead the second row is [−μ², 1 − (1 + μ) εh]; the moving average has (1 − μ) εh for εh.
    Raises TypeError or ValueError for arguments that are no numbers, not finite or negative, for momentum
    not below 1, and for an unknown method.
    """
    eh, mu = _checked(eh, momentum, method)
    if method == "moving average":
        eh = (1 - mu) * eh
    ahead = mu if method == "Nesterov" else 0.0
    rows = [[mu, eh], [-mu + ahead * (1 - mu), 1 - (1 + ahead) * eh]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def spectral_radius(eh: ArrayLike, momentum: ArrayLike, method: str = "momentum") -> NDArray:
    """Largest |eigenvalue| of the iteration matrix: in the end each step multiplies the error by it.

    With trace t and determinant d the eigenvalues are ½ (t ± √(t² − 4d)); where the root is imaginary, both
    have the size √d. Arguments and errors as for iteration_matrix.
    """
    t, d = _trace_and_determinant(eh, momentum, method)
    root = t**2 - 4 * d
    real = (np.abs(t) + np.sqrt(np.maximum(root, 0))) / 2
    return np.where(root < 0, np.sqrt(np.maximum(d, 0)), real)


def regime(eh: float, momentum: float, method: str = "momentum") -> str:
    """Name what the iterates do: "monotone", "rotating" (complex eigenvalues), "flipping" or "divergent".

    "flipping": the larger eigenvalue is negative, so the error changes sign at every step. "divergent": it
    is beyond 1. Arguments and errors as for iteration_matrix, but single numbers.
    """
    eh, mu = validate.number("eh", eh, at_least=0), validate.number("momentum", momentum, at_least=0, below=1)
    t, d = _trace_and_determinant(eh, mu, method)
    if eh > stability_limit(mu, method):
        return "divergent"
    if t**2 - 4 * d < -1e-12:
        return "rotating"
    return "flipping" if t < 0 else "monotone"


def stability_limit(momentum: ArrayLike, method: str = "momentum") -> NDArray:
    """Value of εh from which the iterates do not converge.

    2 + 2μ for momentum, 2 (1 + μ)/(1 + 2μ) for Nesterov's, 2 (1 + μ)/(1 − μ) for the moving average: there
    one eigenvalue is −1. Errors as for iteration_matrix.
    """
    _, mu = _checked(0.0, momentum, method)
    return 2 * (1 + mu) / {"momentum": 1.0, "Nesterov": 1 + 2 * mu, "moving average": 1 - mu}[method]


def critical_momentum(eh: ArrayLike) -> NDArray:
    """Momentum at which PyTorch's form is critically damped, μ = (1 − √(εh))², for εh between 0 and 4.

    Both eigenvalues are then 1 − √(εh); with more momentum the iterates rotate. Raises ValueError outside.
    """
    eh, _ = validate.as_finite("eh", eh)
    validate.every("eh", eh, (eh >= 0) & (eh <= 4), "from 0 to 4")
    return (1 - np.sqrt(eh)) ** 2


def best_parameters(h_min: float, h_max: float, method: str = "momentum") -> tuple[float, float, float]:
    """Learning rate, momentum and spectral radius that are best for curvatures from h_min to h_max.

    With κ = h_max/h_min, for momentum (Polyak 1964): ε = (2/(√h_max + √h_min))², μ = ρ², at the rate
    ρ = (√κ − 1)/(√κ + 1). For Nesterov's (Lessard, Recht and Packard 2016): ε = 4/(3 h_max + h_min),
    μ = (√(3κ + 1) − 2)/(√(3κ + 1) + 2), ρ = 1 − 2/√(3κ + 1). Raises ValueError unless 0 < h_min ≤ h_max.
    """
    validate.one_of("method", method, METHODS)
    h_min = validate.number("h_min", h_min, above=0)
    h_max = validate.number("h_max", h_max, at_least=h_min)
    if method == "Nesterov":
        root = np.sqrt(3 * h_max / h_min + 1)
        return 4 / (3 * h_max + h_min), float((root - 2) / (root + 2)), float(1 - 2 / root)
    root = np.sqrt(h_max / h_min)
    rate = float((root - 1) / (root + 1))
    lr = float((2 / (np.sqrt(h_max) + np.sqrt(h_min))) ** 2)
    return (lr / (1 - rate**2) if method == "moving average" else lr), rate**2, rate


@np.errstate(over="ignore", invalid="ignore")
def iterate(
    matrices: ArrayLike, start: ArrayLike, steps: int, kicks: ArrayLike | None = None
) -> NDArray:
    """Positions x₀ … x_steps of many independent directions, from rest: shape (steps + 1, …).

    matrices: (…, 2, 2) of iteration_matrix; start: (…), the positions at the beginning. kicks:
    (steps, …, 2), added to the state (u, x) after each step: noise. Raises ValueError for shapes that
    do not fit and steps below 0.
    """
    m, _ = validate.as_floats("matrices", matrices)
    x, _ = validate.as_floats("start", start)
    validate.same_shape("matrices", m, (*x.shape, 2, 2))
    steps = validate.count("steps", steps, at_least=0)
    if kicks is not None:
        kicks, _ = validate.as_floats("kicks", kicks)
        validate.same_shape("kicks", kicks, (steps, *x.shape, 2))
    state = np.stack([np.zeros_like(x), x], axis=-1)[..., None]
    path = [x]
    for k in range(steps):
        state = m @ state
        if kicks is not None:
            state = state + kicks[k][..., None]
        path.append(state[..., 1, 0])
    return np.array(path)


def settled_variance(matrix: ArrayLike, kick: ArrayLike) -> float:
    """Variance of x where noise and contraction balance: C = M C Mᵀ + q qᵀ, of which it is the last entry.

    matrix: (2, 2) of iteration_matrix; kick: (2,), the vector q by which noise of variance 1 moves the state
    (u, x) at each step. Raises ValueError for other shapes and for a matrix that does not contract.
    """
    m, _ = validate.as_finite("matrix", matrix)
    q, _ = validate.as_finite("kick", kick)
    validate.same_shape("matrix", m, (2, 2))
    validate.same_shape("kick", q, (2,))
    radius = np.abs(np.linalg.eigvals(m)).max()
    validate.every("the matrix's spectral radius", np.array(radius), radius < 1, "below 1")
    return float(np.linalg.solve(np.eye(4) - np.kron(m, m), np.outer(q, q).ravel())[3])  # vec of M C Mᵀ


def largest_curvature(
    gradient: Callable[[NDArray], ArrayLike], theta: ArrayLike, repeats: int = 20
) -> float:
    """Largest eigenvalue, in size, of the Hessian at theta, from gradients alone.

    Along a short vector u the gradient changes by the Hessian times u (here from −u to u, of length 1e-4).
    Repeated with the result, the part along the largest curvature outgrows the others. `gradient` takes an
    array like theta and returns its gradient. Raises TypeError or ValueError for a theta or a gradient that
    is not finite.
    """
    theta, _ = validate.as_finite("theta", theta)
    repeats = validate.count("repeats", repeats, at_least=1)
    gradient = validate.function("gradient", gradient)
    u = np.random.default_rng(0).standard_normal(theta.shape)
    for _ in range(repeats):
        u = 1e-4 * u / max(np.linalg.norm(u), 1e-300)
        change, _ = validate.as_finite("the gradient", gradient(theta + u))
        u = (change - gradient(theta - u)) / 2e-4
    return float(np.linalg.norm(u))


def _trace_and_determinant(eh, momentum, method) -> tuple[NDArray, NDArray]:
    eh, mu = _checked(eh, momentum, method)
    if method == "Nesterov":
        return (1 + mu) * (1 - eh), mu * (1 - eh)
    return 1 + mu - (eh * (1 - mu) if method == "moving average" else eh), mu


def _checked(eh, momentum, method) -> tuple[NDArray, NDArray]:
    validate.one_of("method", method, METHODS)
    eh, _ = validate.as_finite("eh", eh)
    mu, _ = validate.as_finite("momentum", momentum)
    validate.every("eh", eh, eh >= 0, "of at least 0")
    validate.every("momentum", mu, (mu >= 0) & (mu < 1), "of at least 0 and below 1")
    validate.broadcastable("eh and momentum", eh, mu)
    return tuple(np.broadcast_arrays(eh, mu))
