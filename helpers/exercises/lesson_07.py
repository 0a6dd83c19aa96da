"""Exercises and predictions of lesson 07, gradient descent and momentum."""

import numpy as np

from helpers.exercises.check import Exercise, Mistake, Property
from helpers.exercises.plain import freeze
from helpers.exercises.predict import Prediction
from helpers.figures.text import short
from helpers.momentum import best_parameters, spectral_radius


def _step(theta, velocity, grad, lr, momentum):
    v = momentum * velocity + grad
    return theta - lr * v, v


def _late(theta, velocity, grad, lr, momentum):
    return theta - lr * velocity, momentum * velocity + grad


def _classical(theta, velocity, grad, lr, momentum):
    v = momentum * velocity - lr * grad
    return theta + v, v


def _classical_minus(theta, velocity, grad, lr, momentum):
    v = momentum * velocity + lr * grad
    return theta - v, v


def _average(theta, velocity, grad, lr, momentum):
    v = momentum * velocity + (1 - momentum) * grad
    return theta - lr * v, v


def _uphill(theta, velocity, grad, lr, momentum):
    theta, v = _step(theta, velocity, grad, -lr, momentum)
    return theta, v


def _nesterov(theta, velocity, grad, lr, momentum):
    v = momentum * velocity + grad
    return theta - lr * (grad + momentum * v), v


def _both_momentum(theta, velocity, grad, lr, momentum):
    v = momentum * (velocity + grad)
    return theta - lr * v, v


momentum_step = Exercise(
    name="momentum_step",
    reference=lambda theta, velocity, grad, lr, momentum: _step(theta, velocity, grad, lr, momentum),
    cases=[
        (np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([1.0, 0.5]), 0.1, 0.8),
        (np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.0, 0.0]), np.array([1.0, 0.5, -2.0]), 0.5, 0.9),
        (np.array([0.0]), np.array([2.0]), np.array([0.0]), 0.25, 0.5),
        (np.array([-12.3456, 0.0123]), np.array([7.6543, -0.4321]), np.array([0.1234, 12.5678]),
         0.01234, 0.98765),
    ],
    shown="First the velocity, then the step with the *new* velocity; the learning rate multiplies the step "
          "only, as in PyTorch.",
    mistakes=[
        Mistake("velocity updated after the step", _late,
                "The step uses the *old* velocity. In the formula v is renewed first, and θ moves by ε times "
                "the new one; with v = 0 at the start your first step would not move at all."),
        Mistake("ε inside the velocity", _classical,
                "That is the classical form, with ε inside the velocity: the same path while ε is constant, "
                "but another v. Asked for is PyTorch's: v ← μv + ∇L, then θ ← θ − εv.",
                also=[_classical_minus]),
        Mistake("ε twice",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * (momentum * velocity + lr * grad), momentum * velocity + lr * grad),
                "ε is in the velocity *and* in the step, so the gradient counts with ε². In PyTorch's form "
                "ε is in the step only."),
        Mistake("the pair swapped",
                lambda theta, velocity, grad, lr, momentum: _step(theta, velocity, grad, lr, momentum)[::-1],
                "Both are right, but in the other order: first the new θ, then the new velocity."),
        Mistake("the old velocity returned",
                lambda theta, velocity, grad, lr, momentum: (
                    _step(theta, velocity, grad, lr, momentum)[0], velocity),
                "θ is right, but the velocity you return is the old one. The next step needs the new one."),
        Mistake("a step with the gradient",
                lambda theta, velocity, grad, lr, momentum: (theta - lr * grad, momentum * velocity + grad),
                "The velocity is right, but θ moves with the gradient. It moves with the new velocity: "
                "θ ← θ − εv."),
        Mistake("downhill velocity",
                lambda theta, velocity, grad, lr, momentum: (
                    theta + lr * (momentum * velocity - grad), momentum * velocity - grad),
                "Your velocity points down the slope: the gradient is *added* to it, and the step "
                "subtracts it."),
        Mistake("1 − μ on the velocity",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * ((1 - momentum) * velocity + grad), (1 - momentum) * velocity + grad),
                "You keep 1 − μ of the old velocity. μ is what is kept; 1 − μ is what friction takes."),
        Mistake("without friction",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * (velocity + grad), velocity + grad),
                "The old velocity counts in full. Only μ times of it is kept: μv + ∇L."),
        Mistake("moving average", _average,
                "You give the new gradient the weight 1 − μ: that is the moving average. In PyTorch's form "
                "its weight is 1, so v is a sum."),
        Mistake("uphill", _uphill,
                "The sign of the step is turned: θ moves *against* the velocity, θ ← θ − εv, for v points "
                "up the slope."),
        Mistake("Nesterov's", _nesterov,
                "That is Nesterov's step, with ∇L + μv for v. Asked for is the plain momentum step, "
                "θ ← θ − εv."),
        Mistake("momentum on the gradient, too", _both_momentum,
                "μ multiplies the old velocity only, not the new gradient: μv + ∇L, not μ(v + ∇L)."),
        Mistake("velocity forgotten",
                lambda theta, velocity, grad, lr, momentum: _step(theta, velocity, grad, lr, momentum)[0],
                "You return θ alone. The velocity has to be remembered, too: return the pair "
                "`theta, velocity`."),
        Mistake("θ forgotten",
                lambda theta, velocity, grad, lr, momentum: _step(theta, velocity, grad, lr, momentum)[1],
                "You return the velocity alone. Return the pair `theta, velocity`, both new."),
        Mistake("no memory",
                lambda theta, velocity, grad, lr, momentum: (theta - lr * grad, grad),
                "That is plain gradient descent: the old velocity has no effect. Keep μ times of it.",
                also=[lambda theta, velocity, grad, lr, momentum: (theta - lr * grad, velocity),
                      lambda theta, velocity, grad, lr, momentum: (
                          theta - lr * momentum * grad, momentum * grad)]),
        Mistake("μ on the gradient",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * (velocity + momentum * grad), velocity + momentum * grad),
                "μ multiplies the new gradient, and the old velocity is kept in full. It is the other way "
                "round: μv + ∇L."),
        Mistake("gradient subtracted from the velocity",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * (momentum * velocity - grad), momentum * velocity - grad),
                "You subtract the gradient from the velocity, *and* the velocity from θ: two signs, so the "
                "gradient drives θ uphill. In PyTorch's form v ← μv + ∇L."),
        Mistake("ε on the gradient only",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * grad - momentum * velocity, momentum * velocity + grad),
                "The velocity is right, but in the step ε multiplies the gradient only. It multiplies the "
                "whole new velocity: θ ← θ − εv."),
        Mistake("μ and 1 − μ exchanged",
                lambda theta, velocity, grad, lr, momentum: _average(theta, velocity, grad, lr, 1 - momentum),
                "You keep 1 − μ of the velocity and give the gradient the weight μ. μ is what is kept, and "
                "in PyTorch's form the gradient has the weight 1."),
        Mistake("effective step",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr / (1 - momentum) * (momentum * velocity + grad), momentum * velocity + grad),
                "The velocity is right. But the 1/(1 − μ) of the effective step comes by itself, as "
                "gradients add up in v; a single step is εv.",
                also=[lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * (1 - momentum) * (momentum * velocity + grad), momentum * velocity + grad)]),
        Mistake("updated twice",
                lambda theta, velocity, grad, lr, momentum: _step(
                    theta, momentum * velocity + grad, grad, lr, momentum),
                "The velocity is updated twice. One step is one update: v ← μv + ∇L."),
        Mistake("εv for the velocity",
                lambda theta, velocity, grad, lr, momentum: (
                    _step(theta, velocity, grad, lr, momentum)[0], lr * (momentum * velocity + grad)),
                "θ is right, but you return εv, the step, where v is asked for: ε is not kept in it.",
                also=[lambda theta, velocity, grad, lr, momentum: (
                    _step(theta, velocity, grad, lr, momentum)[0], -lr * (momentum * velocity + grad))]),
        Mistake("the change for the new θ",
                lambda theta, velocity, grad, lr, momentum: (
                    -lr * (momentum * velocity + grad), momentum * velocity + grad),
                "You return by how much θ changes. Asked for is the new θ itself: θ − εv.",
                also=[lambda theta, velocity, grad, lr, momentum: (
                    lr * (momentum * velocity + grad), momentum * velocity + grad)]),
        Mistake("the old θ returned",
                lambda theta, velocity, grad, lr, momentum: (theta, momentum * velocity + grad),
                "The velocity is right, but the θ you return is the old one."),
        Mistake("one number for all entries",
                lambda theta, velocity, grad, lr, momentum: _step(
                    theta, velocity, grad.mean(), lr, momentum),
                "You sum or average over the entries. Each entry of θ has its own gradient and its own "
                "velocity.",
                also=[lambda theta, velocity, grad, lr, momentum: _step(
                          theta, velocity, grad.sum(), lr, momentum),
                      lambda theta, velocity, grad, lr, momentum: _step(
                          theta, velocity, np.linalg.norm(grad), lr, momentum)]),
        Mistake("whole numbers",
                lambda theta, velocity, grad, lr, momentum: (
                    theta - lr * np.trunc(momentum * velocity + grad), np.trunc(momentum * velocity + grad)),
                "The decimals of the velocity are cut off: is it put into an array of integers?",
                also=[lambda theta, velocity, grad, lr, momentum: (
                          np.trunc(theta - lr * (momentum * velocity + grad)),
                          np.trunc(momentum * velocity + grad))]),
    ],
    hints=[
        "Two lines and a `return`. Which one comes first?",
        "`v = momentum * velocity + grad`. What is the second line, with `v` and `lr`?",
    ],
    solution="""
def momentum_step(theta, velocity, grad, lr, momentum):
    v = momentum * velocity + grad
    return theta - lr * v, v
""",
)  # fmt: skip


half_life = Exercise(
    name="half_life",
    reference=lambda momentum: np.log(0.5) / np.log(momentum),
    cases=[(0.5,), (0.9,), (0.99,), (0.12345,)],
    shown="After ln ½ / ln μ steps the weight has halved: 6.6 steps at μ = 0.9, 69 at μ = 0.99.",
    mistakes=[
        Mistake("the sum of the weights", lambda momentum: 1 / (1 - momentum),
                "1/(1 − μ) is the *sum* of all weights. Asked for is the k at which one weight, μᵏ, is ½."),
        Mistake("upside down", lambda momentum: np.log(momentum) / np.log(0.5),
                "Your fraction is upside down. From k ln μ = ln ½ follows k = ln ½ / ln μ."),
        Mistake("sign lost", lambda momentum: np.log(2) / np.log(momentum),
                "A negative number of steps: ln 2 stands where ln ½ = −ln 2 belongs."),
        Mistake("as if on a straight line", lambda momentum: 0.5 / (1 - momentum),
                "You let the weight fall by 1 − μ at every step. It is *multiplied* by μ: μᵏ = ½."),
        Mistake("1/e in place of a half", lambda momentum: -1 / np.log(momentum),
                "After that many steps the weight is 1/e, not ½."),
        Mistake("for μ near 1", lambda momentum: np.log(2) / (1 - momentum),
                "Nearly, and the nearer μ is to 1, the better: you took ln μ ≈ −(1 − μ). Divide by ln μ "
                "itself.",
                also=[lambda momentum, c=c: c / (1 - momentum) for c in (0.7, 0.69, 0.693, 0.6931)]),
        Mistake("few digits of ln 2", lambda momentum: -0.693 / np.log(momentum),
                "Nearly: ln 2 is 0.693147… Write `np.log(2)`, with all its digits.",
                also=[lambda momentum, c=c: -c / np.log(momentum) for c in (0.7, 0.69, 0.6931)]),
        Mistake("1 − μ in place of μ", lambda momentum: np.log(0.5) / np.log(1 - momentum),
                "1 − μ is what friction takes at a step. What is left of a gradient after k steps is μᵏ: "
                "divide by ln μ."),
        Mistake("the logarithms forgotten", lambda momentum: 0.5 / momentum,
                "From μᵏ = ½ the exponent k is got by a logarithm, on both sides: k ln μ = ln ½.",
                also=[lambda momentum: 1 / (2 * momentum), lambda momentum: np.log(0.5) / momentum,
                      lambda momentum: np.log(2) / momentum, lambda momentum: -np.log(2) / momentum]),
        Mistake("a power for a logarithm", lambda momentum: 0.5 ** (1 / momentum),
                "The unknown is the exponent: μᵏ = ½. It is got by logarithms, not by a root or a power "
                "of ½.",
                also=[lambda momentum: 0.5**momentum, lambda momentum: momentum**2,
                      lambda momentum: momentum ** (1 / 2) / 2]),
        Mistake("a whole number", lambda momentum: np.ceil(np.log(0.5) / np.log(momentum)),
                "You give a whole number of steps. Asked for is the k with μᵏ = ½, which need not be whole.",
                also=[lambda momentum: np.floor(np.log(0.5) / np.log(momentum)),
                      lambda momentum: np.round(np.log(0.5) / np.log(momentum))]),
        Mistake("a logarithm of the quotient", lambda momentum: np.log(0.5 / momentum),
                "ln(½/μ) is ln ½ *minus* ln μ. From k ln μ = ln ½ follows a *quotient* of two logarithms."),
        Mistake("half of the momentum", lambda momentum: momentum / 2,
                "The weight after k steps is μᵏ. For which k is it ½?"),
        Mistake("the weight after half a step", lambda momentum: momentum**0.5,
                "You put ½ into the exponent: that is the weight after half a step. Asked for is the "
                "exponent k at which the weight itself, μᵏ, is ½."),
        Mistake("a logarithm of the product", lambda momentum: np.log(0.5 * momentum),
                "ln(½μ) is ln ½ *plus* ln μ. From k ln μ = ln ½ follows a *quotient* of two logarithms.",
                also=[lambda momentum: -np.log(0.5 * momentum)]),
        Mistake("one step less or more", lambda momentum: np.log(0.5) / np.log(momentum) - 1,
                "Off by one step: a gradient that is 0 steps old has the weight 1 = μ⁰, so after k steps it "
                "is μᵏ.",
                also=[lambda momentum: np.log(0.5) / np.log(momentum) + 1]),
    ],
    hints=[
        "A gradient that is k steps old has the weight μᵏ in the velocity. Solve μᵏ = ½ for k.",
        "Take logarithms on both sides: k ln μ = ln ½.",
    ],
    solution="""
def half_life(momentum):
    return np.log(0.5) / np.log(momentum)
""",
    also_right=["def half_life(momentum):\n    return np.log(2) / -np.log(momentum)"],
)  # fmt: skip


largest_lr = Exercise(
    name="largest_lr",
    reference=lambda h, momentum: (2 + 2 * momentum) / np.max(h),
    cases=[
        (np.array([0.5, 4.0]), 0.5),
        (np.array([2.0, 2.0]), 0.0),
        (np.array([10.0, 0.1, 3.0]), 0.9),
        (np.array([0.0312, 0.4567, 0.2345]), 0.12345),  # all below 1
    ],
    shown="εh < 2 + 2μ must hold for *every* curvature, so the largest one decides.",
    mistakes=[
        Mistake("the edge at 1", lambda h, momentum: 1 / np.max(h),
                "εh = 1 is where plain descent begins to jump across; without momentum it diverges "
                "from 2 on."),
        Mistake("without momentum", lambda h, momentum: 2 / np.max(h),
                "That is the limit without momentum. In PyTorch's form momentum moves it to εh = 2 + 2μ."),
        Mistake("the smallest curvature", lambda h, momentum: (2 + 2 * momentum) / np.min(h),
                "You divide by the smallest curvature. The steepest direction is the first to diverge."),
        Mistake("the mean curvature", lambda h, momentum: (2 + 2 * momentum) / np.mean(h),
                "The mean curvature decides nothing: every direction has to be stable on its own."),
        Mistake("effective step", lambda h, momentum: 2 * (1 - momentum) / np.max(h),
                "You demand that the effective step ε/(1 − μ) be below 2/h. That holds for a gradient that "
                "stays the same; across a valley it changes sign at every step, and the velocity "
                "cancels it."),
        Mistake("Nesterov's limit", lambda h, momentum: 2 * (1 + momentum) / (1 + 2 * momentum) / np.max(h),
                "That is the limit of Nesterov's method."),
        Mistake("moving average's limit", lambda h, momentum: 2 * (1 + momentum) / (1 - momentum) / np.max(h),
                "That is the limit of the moving average, whose ε is 1/(1 − μ) times as large."),
        Mistake("one for each direction", lambda h, momentum: (2 + 2 * momentum) / h,
                "You give a limit for each curvature. All directions share one ε: which limit comes first?"),
        Mistake("brackets", lambda h, momentum: 2 + 2 * momentum / np.max(h),
                "Brackets are missing: `2 + 2 * momentum / …` divides the second term only.",
                also=[lambda h, momentum: 2 + 2 * momentum / h]),
        Mistake("half the limit", lambda h, momentum: (1 + momentum) / np.max(h),
                "The limit is εh = 2 + 2μ, twice what you have: without momentum it is 2, not 1."),
        Mistake("divided by 1 − μ", lambda h, momentum: 2 / (1 - momentum) / np.max(h),
                "You divide by 1 − μ. That is the sum of the weights μᵏ; at the limit the gradients "
                "alternate, and the sum of 1, −μ, μ², … is 1/(1 + μ)."),
        Mistake("the best, not the largest",
                lambda h, momentum: (2 / (np.sqrt(np.max(h)) + np.sqrt(np.min(h)))) ** 2,
                "That is the *best* ε, of section 5. Asked for is where it begins to diverge."),
        Mistake("the first or the last curvature", lambda h, momentum: (2 + 2 * momentum) / h[0],
                "You take the curvature at one fixed place of `h`. The largest may stand anywhere: "
                "`np.max(h)`.",
                also=[lambda h, momentum: (2 + 2 * momentum) / h[-1]]),
        Mistake("the sum of the curvatures", lambda h, momentum: (2 + 2 * momentum) / np.sum(h),
                "You divide by a sum of curvatures. Each direction goes its own way; the steepest alone "
                "decides.",
                also=[lambda h, momentum: (2 + 2 * momentum) / (np.max(h) + np.min(h)),
                      lambda h, momentum: (2 + 2 * momentum) / np.linalg.norm(h)]),
        Mistake("where rotation begins", lambda h, momentum: (1 - np.sqrt(momentum)) ** 2 / np.max(h),
                "εh = (1 − √μ)² is where the rotation begins; that is far below the limit, where an "
                "eigenvalue is −1."),
        Mistake("μ counted once", lambda h, momentum: (2 + momentum) / np.max(h),
                "The limit is εh = 2 + 2μ = 2(1 + μ): the 2 multiplies μ, too."),
        Mistake("the index of the largest", lambda h, momentum: (2 + 2 * momentum) / np.argmax(h),
                "`argmax` gives the place of the largest curvature. Its value is `np.max(h)`."),
        Mistake("a mean of the limits", lambda h, momentum: np.mean((2 + 2 * momentum) / h),
                "You average the limits of the directions. All share one ε, and it has to suit every one: "
                "the lowest limit decides.",
                also=[lambda h, momentum: np.median((2 + 2 * momentum) / h),
                      lambda h, momentum: np.sum((2 + 2 * momentum) / h)]),
        Mistake("best without momentum", lambda h, momentum: 2 / (np.max(h) + np.min(h)),
                "2/(h_min + h_max) is the *best* ε without momentum. Asked for is the limit, with it."),
        Mistake("κ in place of h", lambda h, momentum: (2 + 2 * momentum) * np.min(h) / np.max(h),
                "You divide by κ. The limit belongs to the steepest direction alone: divide by its h."),
        Mistake("where flipping begins", lambda h, momentum: (1 + np.sqrt(momentum)) ** 2 / np.max(h),
                "εh = (1 + √μ)² is where the rotation ends and the sign flips; that is still stable. The "
                "limit is where an eigenvalue is −1."),
    ],
    hints=[
        "With one curvature h the limit is εh = 2 + 2μ. Which of several curvatures reaches it first?",
        "The largest curvature: `np.max(h)`.",
    ],
    solution="""
def largest_lr(h, momentum):
    return (2 + 2 * momentum) / np.max(h)
""",
    also_right=["def largest_lr(h, momentum):\n    return np.min(2 * (1 + momentum) / h)"],
)  # fmt: skip


to_pytorch = Exercise(
    name="to_pytorch",
    reference=lambda lr, velocity, momentum: (lr * (1 - momentum), velocity / (1 - momentum)),
    cases=[
        (1.0, np.array([1.0]), 0.75),
        (0.5, np.array([1.0, -2.0]), 0.9),
        (0.1, np.array([3.0, 0.0, 1.0]), 0.2),
        (0.01234, np.array([-7.65432, 12.3456]), 0.87654),
    ],
    shown="The sum is 1/(1 − μ) times the average, so PyTorch's ε must be 1 − μ times as large.",
    mistakes=[
        Mistake("the other way round",
                lambda lr, velocity, momentum: (lr / (1 - momentum), velocity * (1 - momentum)),
                "That converts from PyTorch's form to the moving average. The sum is larger than "
                "the average, so going to PyTorch v grows and ε shrinks."),
        Mistake("velocity kept", lambda lr, velocity, momentum: (lr * (1 - momentum), velocity),
                "ε is right, but the velocity is still an average. PyTorch's is a sum: 1/(1 − μ) times as "
                "large."),
        Mistake("ε kept", lambda lr, velocity, momentum: (lr, velocity / (1 - momentum)),
                "v is right, but with this larger v the same ε makes steps 1/(1 − μ) times too long."),
        Mistake("nothing changed", lambda lr, velocity, momentum: (lr, velocity),
                "The two forms do not share ε and v: one gives a new gradient the weight 1, the "
                "other 1 − μ."),
        Mistake("both multiplied",
                lambda lr, velocity, momentum: (lr * (1 - momentum), velocity * (1 - momentum)),
                "The product εv is the step, which must stay the same: what ε loses, v must gain."),
        Mistake("the pair swapped",
                lambda lr, velocity, momentum: (velocity / (1 - momentum), lr * (1 - momentum)),
                "Both are right, but in the other order: first ε, then v."),
        Mistake("both divided",
                lambda lr, velocity, momentum: (lr / (1 - momentum), velocity / (1 - momentum)),
                "v is right. But the product εv is the step, which must stay the same: what v gains, ε "
                "must lose."),
        Mistake("ε the wrong way, velocity kept",
                lambda lr, velocity, momentum: (lr / (1 - momentum), velocity),
                "The velocity must be converted, too, and PyTorch's ε is the *smaller* one: its v is a sum."),
        Mistake("velocity the wrong way, ε kept",
                lambda lr, velocity, momentum: (lr, velocity * (1 - momentum)),
                "PyTorch's v, a sum, is *larger* than the average; and ε must change so that εv does not."),
        Mistake("sign turned",
                lambda lr, velocity, momentum: (lr * (1 - momentum), -velocity / (1 - momentum)),
                "The sizes are right. Only the classical velocity has the other sign; here both point "
                "uphill."),
        Mistake("μ in place of 1 − μ", lambda lr, velocity, momentum: (lr * momentum, velocity / momentum),
                "The weights of the average sum to 1, those of the sum to 1/(1 − μ): the factor is 1 − μ, "
                "not μ."),
        Mistake("1 + μ in place of 1 − μ",
                lambda lr, velocity, momentum: (lr * (1 + momentum), velocity / (1 + momentum)),
                "The weights μᵏ of the sum add up to 1/(1 − μ): the factor is 1 − μ, not 1 + μ.",
                also=[lambda lr, velocity, momentum: (lr / (1 + momentum), velocity * (1 + momentum))]),
        Mistake("velocity forgotten",
                lambda lr, velocity, momentum: (lr * (1 - momentum), 0 * velocity),
                "ε is right. But the run is to go on *without a jolt*: with v = 0 it would start from rest. "
                "Convert the velocity, too."),
        Mistake("ε in the velocity",
                lambda lr, velocity, momentum: (lr * (1 - momentum), velocity / lr),
                "ε is right. But ε is in neither of the two velocities; they differ by a factor made of μ "
                "alone.",
                also=[lambda lr, velocity, momentum: (lr * (1 - momentum), lr * velocity),
                      lambda lr, velocity, momentum: (
                          lr * (1 - momentum), velocity / (lr * (1 - momentum)))]),
        Mistake("a step ahead",
                lambda lr, velocity, momentum: (
                    lr * (1 - momentum), momentum * velocity / (1 - momentum)),
                "ε is right, and v is μ times what it should be: the next step multiplies it by μ itself. "
                "Convert the velocity as it is."),
        Mistake("to the classical form", lambda lr, velocity, momentum: (lr, -lr * velocity),
                "−εv is the velocity of the classical form. Asked for is PyTorch's, without ε in it.",
                also=[lambda lr, velocity, momentum: (lr, lr * velocity)]),
        Mistake("from the classical form", lambda lr, velocity, momentum: (lr, -velocity / lr),
                "That is how one comes from the *classical* form, whose velocity has −ε in it. The moving "
                "average's has 1 − μ in it.",
                also=[lambda lr, velocity, momentum: (lr, velocity / lr)]),
        Mistake("a bracket missing",
                lambda lr, velocity, momentum: (lr * 1 - momentum, velocity / 1 - momentum),
                "Brackets are missing: `lr * 1 - momentum` subtracts μ at the end. `(1 - momentum)` is the "
                "factor.",
                also=[lambda lr, velocity, momentum: (lr * 1 - momentum, velocity / (1 - momentum)),
                      lambda lr, velocity, momentum: (lr * (1 - momentum), velocity / 1 - momentum)]),
        Mistake("the factor twice",
                lambda lr, velocity, momentum: (lr * (1 - momentum) ** 2, velocity / (1 - momentum) ** 2),
                "The right directions, but too far: one is (1 − μ) times the other, without a square or a "
                "root.",
                also=[lambda lr, velocity, momentum: (
                          lr * np.sqrt(1 - momentum), velocity / np.sqrt(1 - momentum)),
                      lambda lr, velocity, momentum: (
                          lr * (1 - momentum) ** 2, velocity / (1 - momentum)),
                      lambda lr, velocity, momentum: (
                          lr * (1 - momentum), velocity / (1 - momentum) ** 2)]),
        Mistake("the signs of both turned",
                lambda lr, velocity, momentum: (lr * (momentum - 1), velocity / (momentum - 1)),
                "A negative ε climbs. The factor is 1 − μ, not μ − 1."),
        Mistake("μ written as a number",
                lambda lr, velocity, momentum: (lr * 0.1, velocity / 0.1),
                "μ is written into the code as a number. It is handed in: `momentum`.",
                also=[lambda lr, velocity, momentum, m=m: (lr * (1 - m), velocity / (1 - m))
                      for m in (0.9, 0.99, 0.5)]),
        Mistake("divided by μ",
                lambda lr, velocity, momentum: (lr * (1 - momentum), velocity / momentum),
                "ε is right. v is not divided by μ: the weights of the sum add up to 1/(1 − μ), those of the "
                "average to 1."),
        Mistake("one number for the velocity",
                lambda lr, velocity, momentum: lr,
                "The velocity is an array, and each entry is converted: do not take its length, its sum or "
                "its first entry.",
                when=lambda trials: all(one.got.several == 2 and np.shape(one.got.value) == (2,)
                                        and one.got.value[1] != 0 for one in trials)),
    ],
    hints=[
        "Write both velocities as sums: Σ μᵏ ∇L, and (1 − μ) Σ μᵏ ∇L. How many times as large is the first?",
        "The step εv must be the same in both forms, so ε is multiplied by the inverse of that number.",
    ],
    solution="""
def to_pytorch(lr, velocity, momentum):
    return lr * (1 - momentum), velocity / (1 - momentum)
""",
)  # fmt: skip

H_FLAT, H_STEEP = 2.0, 50.0
BEST_LR, BEST_MOMENTUM, BEST_RATE = best_parameters(H_FLAT, H_STEEP)


def steps_times_best(choice) -> float:
    """Return how many times as many steps a choice (ε, μ) takes as the best one; infinite if it diverges."""
    lr, momentum = map(float, choice)
    if not (lr > 0 and 0 <= momentum < 1):
        return np.inf
    rate = float(spectral_radius(np.array([H_FLAT, H_STEEP]) * lr, momentum).max())
    return np.log(BEST_RATE) / np.log(rate) if rate < 1 - 1e-9 else np.inf


def _no_pair(answer) -> str:
    """Say what is handed over in place of a pair of numbers."""
    if isinstance(answer, dict):
        what = "This is a dictionary. "
    elif np.ndim(answer) == 0:
        what = "This is a single thing, not two. "
    elif any(isinstance(one, str) for one in np.ravel(np.asarray(answer, dtype=object))):
        what = "There is a text in it: leave the quotation marks out. "
    elif len(answer) != 2:
        what = f"These are {len(answer)}. "
    else:
        what = ""
    return f"{what}Give a pair of numbers, (ε, μ)."


def _outside(choice) -> str:
    """Say which of the two numbers no run can be made with."""
    lr, momentum = map(float, choice)
    if np.isnan(lr + momentum):
        return "One of the two is NaN, which is no number to make a step with."
    if not 0 < lr < np.inf:
        return f"ε = {short(lr)} must be {'finite' if lr > 0 else 'positive, or nothing moves downhill'}."
    if momentum < 0:
        return f"μ = {short(momentum)} would turn the old velocity round at every step. Take 0 ≤ μ < 1."
    return (f"With μ = {short(momentum)} nothing of the velocity is ever lost, so the run does not come to "
            "rest. Take 0 ≤ μ < 1.")


def _beyond(choice) -> str:
    lr, momentum = map(float, choice)
    limit = (2 + 2 * momentum) / H_STEEP
    if np.isclose(lr, limit, rtol=1e-6):
        return (f"With μ = {short(momentum)} this ε is the limit itself, (2 + 2μ)/50: there the steep "
                "direction swings on for ever, and does not shrink. Stay below it.")
    return (f"This does not converge: with μ = {short(momentum)} the limit is ε = (2 + 2μ)/50 = "
            f"{short(limit)}.")


def _how_far(choice) -> str:
    """Say how many times as many steps a choice takes, and because of which direction."""
    lr, momentum = map(float, choice)
    flat, steep = spectral_radius(np.array([H_FLAT, H_STEEP]) * lr, momentum)
    if np.isclose(flat, steep):
        slower = "both directions rotate and shrink by √μ, so a smaller μ is faster"
    elif flat > steep:
        slower = "the flat direction is the slower one: with a larger ε it gets on"
    else:
        slower = "the steep direction is the slower one, flipping its sign: ε is too large for this μ"
    text = (
        f"It converges with ρ = {short(max(flat, steep))}: {short(steps_times_best(choice), 2)} times as "
        f"many steps as the best; {slower}."
    )
    if np.allclose((lr, momentum), (BEST_LR, BEST_MOMENTUM), rtol=0.03):
        text += (
            " You are a hair outside the rotating regime, where the rate changes fast: a smaller ε or a "
            "larger μ is safer, say μ = 0.45."
        )
    return text


def _about(lr: float, momentum: float, rtol: float):
    def seen(trials) -> bool:
        got = trials[0].got.value
        return np.shape(got) == (2,) and np.allclose(got, (lr, momentum), rtol, atol=1e-4)

    return seen


def _mistaken(name: str, lr: float, momentum: float, advice: str, rtol: float = 0.002) -> Mistake:
    return Mistake(name, (lr, momentum), advice, when=_about(lr, momentum, rtol))


def _pair(holds):
    """Return the property `holds` of the pair as two plain numbers, whatever numbers they came as."""
    return lambda answer: holds(*freeze(answer).tolist())


choice = Exercise(
    name="choice",
    reference=(BEST_LR, BEST_MOMENTUM),
    shown="At most a quarter more steps than the best. The best is ε = 4/(√50 + √2)² = 1/18 = 0.0556 and μ = "
          "(4/6)² = 4/9 = 0.444, with ρ = 2/3. When you round, round ε down and μ up: that stays in the "
          "rotating regime.",
    mistakes=[
        _mistaken("best without momentum", 2 / (H_FLAT + H_STEEP), 0.0,
                  "The best *without* momentum: ρ = 24/26 = 0.923, five times as many steps as the best."),
        _mistaken("μ not squared", BEST_LR, BEST_RATE,
                  "μ is the *square* of (√κ − 1)/(√κ + 1); you gave the rate itself. So ρ = √0.667 = 0.816, "
                  "twice as many steps as the best."),
        _mistaken("κ without its root", BEST_LR, (24 / 26) ** 2,
                  "You took κ where √κ belongs. So ρ = 0.923, five times as many steps as the best."),
        _mistaken("swapped", BEST_MOMENTUM, BEST_LR,
                  "You have swapped the two: the pair is (ε, μ). With ε = 0.444 the steep direction "
                  "diverges.", rtol=0.02),
        _mistaken("ε not squared", 2 / (np.sqrt(H_STEEP) + np.sqrt(H_FLAT)), BEST_MOMENTUM,
                  "ε is the *square* of 2/(√h_max + √h_min). Yours is beyond the limit (2 + "
                  "2μ)/h_max = 0.058.", rtol=0.02),
        _mistaken("neither squared", 2 / (np.sqrt(H_STEEP) + np.sqrt(H_FLAT)), BEST_RATE,
                  "Both are to be squared: ε = (2/(√h_max + √h_min))² and μ = ((√κ − 1)/(√κ + 1))². With "
                  "this ε the steep direction diverges.", rtol=0.02),
        _mistaken("κ of the explorer", (2 / (np.sqrt(H_STEEP) + np.sqrt(H_STEEP / 100))) ** 2, (9 / 11) ** 2,
                  "That is the best for κ = 100, as in the explorer. Here κ = 50/2 = 25."),
        _mistaken("curvatures for their roots", (2 / (H_STEEP + H_FLAT)) ** 2, BEST_MOMENTUM,
                  "In ε stand the *roots* of the curvatures: (2/(√50 + √2))², not (2/(50 + 2))². So small an "
                  "ε creeps."),
        _mistaken("Nesterov's best", *best_parameters(H_FLAT, H_STEEP, "Nesterov")[:2],
                  "The best for Nesterov's method. In PyTorch's plain momentum it takes 1.7 times as many "
                  "steps as the best."),
        _mistaken("moving average's ε", BEST_LR / (1 - BEST_MOMENTUM), BEST_MOMENTUM,
                  "μ is right, but this ε is the moving average's, 1/(1 − μ) times too large: it diverges.",
                  rtol=0.02),
        _mistaken("ε of plain descent", 2 / (H_FLAT + H_STEEP), BEST_MOMENTUM,
                  "μ is right, but this is the best ε *without* momentum. With it ε may be larger."),
        _mistaken("ε of plain descent, μ from its rate", 2 / (H_FLAT + H_STEEP), (24 / 26) ** 2,
                  "You took κ where √κ belongs in μ, and the ε of plain descent: ρ = 0.923, no better than "
                  "without momentum."),
        _mistaken("the usual numbers", 1e-3, 0.99,
                  "The usual numbers, but not for this bowl: ρ = √0.99 = 0.995, 81 times as many steps as "
                  "the best."),
    ],
    properties=[
        Property(lambda answer: np.shape(freeze(answer)) == (2,) and freeze(answer).dtype == float, _no_pair),
        Property(_pair(lambda lr, momentum: 0 < lr < np.inf and 0 <= momentum < 1), _outside),
        Property(lambda answer: np.isfinite(steps_times_best(answer)), _beyond),
        Property(lambda answer: steps_times_best(answer) <= 1.25, _how_far),
    ],
    hints=[
        "κ = 50/2 = 25, so √κ = 5. Section 5 has the best ε and μ for given curvatures.",
        "ε = (2/(√h_max + √h_min))² and μ = ((√κ − 1)/(√κ + 1))²: write them with `np.sqrt`.",
    ],
    solution="choice = (2 / (np.sqrt(50) + np.sqrt(2))) ** 2, (4 / 6) ** 2",
)  # fmt: skip


which_edge = Prediction(
    name="which_edge",
    question="A parabola ½x², whose slope is x, and steps x ← x − εx. You raise ε. Above which value does "
             "the run diverge?",
    options={
        "Above ε = 1: longer steps go past the bottom.":
            "they do go past it, but land nearer to it than they started, as long as ε is below 2. At "
            "ε = 1 the first step lands exactly on the bottom.",
        "Above ε = 2: there a step lands as far beyond the bottom as it started.":
            "each step multiplies x by 1 − ε. Between 1 and 2 the factor is negative but smaller than 1 in "
            "size: x changes sides and still shrinks. At 2 it is −1: x swings for ever between two places. "
            "Above, it grows.",
        "Never: near the bottom the slope, and with it the step, goes to 0.":
            "the step is ε times the slope. Being proportional to the distance, it is too long at *every* "
            "distance if it is too long at one.",
        "It depends on how far from the bottom it starts.":
            "on a parabola every distance behaves alike: the factor 1 − ε does not contain x. (On other "
            "curves the start does matter.)",
    },
    answer="Above ε = 2: there a step lands as far beyond the bottom as it started.",
)  # fmt: skip

more_momentum = Prediction(
    name="more_momentum",
    question="A bowl with κ = 20, ε = 0.25. In the end each step multiplies the error by 0.988 without "
             "momentum, and by 0.894 with μ = 0.8, which is faster. What does μ = 0.97 do?",
    options={
        "It is slower than μ = 0.8: too little friction.":
            "the ball swings to and fro across the bottom. The swing decays by √μ = 0.985 per step, about as "
            "slowly as without any momentum.",
        "It is faster still: the more momentum, the better.":
            "up to a point. Once the ball swings past the bottom, more momentum only means less friction.",
        "It diverges: the velocity adds up more than thirty gradients.":
            "they add up only where they all point the same way. In a swing they change sign, and cancel.",
        "Nothing changes: ε alone decides how fast it goes.":
            "from μ = 0 to 0.8 the rate improved a lot with the same ε.",
    },
    answer="It is slower than μ = 0.8: too little friction.",
)  # fmt: skip

edge_with_momentum = Prediction(
    name="edge_with_momentum",
    question="Without momentum the limit is εh = 2. Where is it with μ = 0.5, in PyTorch's form?",
    options={
        "At 1: the effective step ε/(1 − μ) is twice ε.":
            "at the edge x changes sides at every step, and so does the gradient. In such a sum old terms "
            "cancel new ones: the effective step is *shorter* there, ε/(1 + μ).",
        "At 2: the limit belongs to the curve, not to the method.":
            "the limit is where an eigenvalue of the step's matrix gets larger than 1 in size, and that "
            "matrix contains μ.",
        "At 3: momentum moves the limit up.":
            "it is 2 + 2μ. At the edge the gradient alternates, the velocity is ∇L/(1 + μ), and so "
            "the step may be 1 + μ times as long.",
        "There is none: the rotation takes the energy away.":
            "the rotation ends, at εh = 2.91 with this μ; beyond it x changes sides at every step, and soon "
            "it gets larger each time.",
    },
    answer="At 3: momentum moves the limit up.",
)  # fmt: skip

square_root = Prediction(
    name="square_root",
    question="A bowl with κ = 100. Plain descent with its best ε needs about 115 steps for one more decimal "
             "digit. How many does momentum need, with its best ε and μ?",
    options={
        "About 60: momentum saves half.":
            "it saves more: a factor of about √κ, here 10, so the more the longer the valley.",
        "About 1: the best μ makes up for the condition number.":
            "the flat direction would need a μ near 1 for that, and the rate is never below √μ.",
        "About 115: the best plain ε is already as good as any.":
            "plain descent has one number to fit to two curvatures; momentum has two.",
        "About 12: κ is replaced by its square root.":
            "the rate improves from (κ − 1)/(κ + 1) to (√κ − 1)/(√κ + 1): from 0.980 to 0.818. "
            "Steps for a digit go from about κ to about √κ, up to the same factor.",
    },
    answer="About 12: κ is replaced by its square root.",
)  # fmt: skip

noise_floor = Prediction(
    name="noise_floor",
    question="The gradients are noisy, ε = ⅛, and the run has reached its floor: the loss falls no more, it "
             "jitters. You set μ from 0 to 0.9 and leave ε. What does the floor do?",
    options={
        "It falls: the velocity averages the noise away.":
            "averaging does not help: noise that is averaged longer also *acts* longer. At the same ε/(1 − "
            "μ), small enough, the floor is nearly the same with any μ; here ε/(1 − μ) grows.",
        "It rises, about tenfold.":
            "the effective step is ε/(1 − μ) = 10 ε, and the floor is proportional to it. Momentum "
            "brings you down faster, and shakes you more when you are there.",
        "It stays: noise has mean 0, so its sum is 0.":
            "the mean of the sum is 0; its variance grows.",
        "It falls at first and rises later.":
            "each μ has one floor, and here it only grows with μ.",
    },
    answer="It rises, about tenfold.",
)  # fmt: skip

no_floor = Prediction(
    name="no_floor",
    question="Least squares, one equation at random for each step, and a constant ε. With 80 equations for "
             "40 unknowns the loss ends on a floor above its lowest. Now there are 20 equations. Where does "
             "it end?",
    options={
        "On a floor, too: the steps are as random as before.":
            "which equation comes next is as random as before, but at the solution *every* equation asks for "
            "the same: no step at all.",
        "On a lower floor: fewer equations, less noise.":
            "it gets below any floor. What counts is not how many equations there are, but that all can be "
            "solved at once.",
        "At the bottom: where all equations are solved, every gradient is 0.":
            "near the solution all the single gradients shrink together, and the noise with them. So the "
            "floor needs noise that does not vanish at the bottom.",
        "Nowhere: with more unknowns than equations it does not settle.":
            "there are many solutions, and the loss is 0 at each. The steps end at one of them, since "
            "nothing pushes along the directions in which they differ.",
    },
    answer="At the bottom: where all equations are solved, every gradient is 0.",
)  # fmt: skip

scaled_pixel = Prediction(
    name="scaled_pixel",
    question="The pixel x lies between 0 and 1, with mean 0.61; the logit is wx + b. Near its lowest "
             "point the loss is nearly a bowl, with κ = 35. Now x is replaced by (x − mean)/(standard "
             "deviation). What becomes of κ?",
    options={
        "Nothing: it is the same pixel, with the same information.":
            "the same logits can be reached, but with other w and b: the coordinates of the bowl change, and "
            "steps are taken in coordinates.",
        "It grows: the values are spread wider than before.":
            "that is what scaling *alone* does: κ = 53. Centring comes first, κ = 15: then the flat "
            "direction is nearly that of w, and a wider x makes just this one steeper.",
        "It falls to about 3.":
            "with x far from 0, raising w and raising b do nearly the same: a long valley where one "
            "makes up for the other. Centring uncouples them, scaling makes them about equally steep.",
        "It falls to exactly 1: the bowl becomes round.":
            "the curvature is also weighted with g (1 − g), differently for every example, so "
            "something is left.",
    },
    answer="It falls to about 3.",
)  # fmt: skip
