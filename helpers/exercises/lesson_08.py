"""Exercises and predictions of lesson 08, L2 regularisation and weight decay."""

import numpy as np

from helpers.exercises.check import Exercise, Mistake
from helpers.exercises.predict import Prediction
from helpers.exercises.trial import everywhere, raises


def _step(decay_in_velocity=0.0, decay_beside=0.0):
    """Return a step with decays that may depend on (w, lr, weight_decay): in the velocity, and beside it."""

    def step(w, v, grad, lr, momentum, weight_decay):
        inside = decay_in_velocity(w, lr, weight_decay) if decay_in_velocity else 0.0
        beside = decay_beside(w, lr, weight_decay) if decay_beside else 0.0
        v = momentum * v + grad + inside
        return w - lr * v - beside, v

    return step


def _old_velocity(w, v, grad, lr, momentum, weight_decay):
    return w - lr * v, momentum * v + grad + weight_decay * w


def _other_rule(velocity, move):
    """Return a step with another velocity(v, g, ε, μ) and another move(v, g, ε, μ); g has the decay in it."""

    def step(w, v, grad, lr, momentum, weight_decay):
        g = grad + weight_decay * w
        v = velocity(v, g, lr, momentum)
        return w + move(v, g, lr, momentum), v

    return step


def _decay_after(w, v, grad, lr, momentum, weight_decay):
    v = momentum * v + grad
    return (1 - lr * weight_decay) * (w - lr * v), v


def _decay_of_the_new(w, v, grad, lr, momentum, weight_decay):
    v = momentum * v + grad
    w = w - lr * v
    v = v + weight_decay * w
    return w - lr * weight_decay * w, v


def _decay_of_the_new_beside(w, v, grad, lr, momentum, weight_decay):
    new = w - lr * (momentum * v + grad)
    return new, momentum * v + grad + weight_decay * new


def _sum(v, g, lr, momentum):
    return momentum * v + g


def _absolute(w, v, grad, lr, momentum, weight_decay):
    v = momentum * v + grad + weight_decay * np.sign(w)
    return w - lr * v, v


coupled_step = Exercise(
    name="coupled_step",
    reference=lambda w, v, grad, lr, momentum, weight_decay: _step(lambda w, lr, lam: lam * w)(
        w, v, grad, lr, momentum, weight_decay
    ),
    cases=[
        (np.array([2.0]), np.array([1.0]), np.array([0.5]), 0.1, 0.9, 0.25),
        (np.array([1.0, -2.0]), np.array([0.3, 0.2]), np.array([0.5, -0.1]), 0.5, 0.5, 0.2),
        (np.array([3.0]), np.array([0.0]), np.array([-1.0]), 0.2, 0.0, 0.1),
        (np.array([-1.2345, 7.6543]), np.array([0.4321, -3.21]), np.array([2.3457, 0.1234]),
         0.0123, 0.87, 0.0345),
    ],
    shown="The decay is a part of the gradient, so the velocity remembers it, as in PyTorch.",
    mistakes=[
        Mistake(
            "decay forgotten",
            _step(),
            "There is no decay in it. Add λw to the gradient before it enters the velocity.",
        ),
        Mistake(
            "decoupled",
            _step(decay_beside=lambda w, lr, lam: lr * lam * w),
            "Your decay acts on the weight beside the velocity: that is *decoupled* decay. Here λw belongs "
            "to the gradient, so it goes into v.",
            also=[_decay_after],
        ),
        Mistake(
            "decoupled, without ε",
            _step(decay_beside=lambda w, lr, lam: lam * w),
            "Your decay takes λw from the weight beside the velocity, and without ε. Here λw belongs to the "
            "gradient, so it goes into v.",
        ),
        Mistake(
            "classical form",
            _other_rule(lambda v, g, lr, momentum: momentum * v - lr * g, lambda v, g, lr, momentum: v),
            "That is the classical form, with ε inside the velocity. Asked for is the step of lesson 07, "
            "PyTorch's: v ← μv + g, then w ← w − εv, where g now has λw in it.",
            also=[
                _other_rule(lambda v, g, lr, momentum: momentum * v + lr * g, lambda v, g, lr, momentum: -v)
            ],
        ),
        Mistake(
            "moving average",
            _other_rule(
                lambda v, g, lr, momentum: momentum * v + (1 - momentum) * g,
                lambda v, g, lr, momentum: -lr * v,
            ),
            "You give the new gradient the weight 1 − μ: that is the moving average. In PyTorch's form its "
            "weight is 1.",
        ),
        Mistake(
            "Nesterov's",
            _other_rule(_sum, lambda v, g, lr, momentum: -lr * (g + momentum * v)),
            "That is Nesterov's step, with g + μv for v. Asked for is the plain momentum step, w ← w − εv.",
        ),
        Mistake(
            "momentum on everything",
            _other_rule(lambda v, g, lr, momentum: momentum * (v + g), lambda v, g, lr, momentum: -lr * v),
            "μ multiplies the old velocity only, not the gradient and not the decay: μv + ∇L + λw.",
            also=[lambda w, v, grad, lr, momentum, weight_decay: (
                w - lr * (momentum * (v + grad) + weight_decay * w),
                momentum * (v + grad) + weight_decay * w)],
        ),
        Mistake(
            "μ on the decay",
            lambda w, v, grad, lr, momentum, weight_decay: _step(lambda w, lr, lam: momentum * lam * w)(
                w, v, grad, lr, momentum, weight_decay
            ),
            "μ multiplies the old velocity only. The decay is a part of the new gradient: μv + ∇L + λw.",
        ),
        Mistake(
            "μ forgotten",
            _other_rule(lambda v, g, lr, momentum: v + g, lambda v, g, lr, momentum: -lr * v),
            "The old velocity is kept whole: μ is missing. v ← μv + ∇L + λw.",
        ),
        Mistake(
            "no memory",
            lambda w, v, grad, lr, momentum, weight_decay: (
                w - lr * (grad + weight_decay * w),
                grad + weight_decay * w,
            ),
            "The old velocity has no effect: that is a plain step. Keep μ times of it.",
        ),
        Mistake(
            "velocity left alone",
            lambda w, v, grad, lr, momentum, weight_decay: (w - lr * (grad + weight_decay * w), v),
            "The step goes along the gradient, and v comes back as it was. Renew v first, then move w by the "
            "new v.",
        ),
        Mistake(
            "old velocity returned",
            lambda w, v, grad, lr, momentum, weight_decay: (
                w - lr * (momentum * v + grad + weight_decay * w),
                v,
            ),
            "The weight is right, but you return the *old* velocity. The next step needs the new one.",
        ),
        Mistake(
            "ε forgotten in the step",
            _other_rule(_sum, lambda v, g, lr, momentum: -v),
            "Your v is right, but the weight moves by the whole of it: ε is missing in w ← w − εv.",
        ),
        Mistake(
            "uphill",
            _other_rule(_sum, lambda v, g, lr, momentum: lr * v),
            "The sign of the step is turned: w moves *against* the velocity, w ← w − εv.",
        ),
        Mistake(
            "λ without w",
            _step(lambda w, lr, lam: lam),
            "You add λ alone. The gradient of ½λw² is λw: a large weight is pulled harder.",
        ),
        Mistake(
            "twice λ",
            _step(lambda w, lr, lam: 2 * lam * w),
            "You add 2λw, the gradient of λw². The penalty of this lesson is ½λw²; its gradient is λw.",
        ),
        Mistake(
            "half of λ",
            _step(lambda w, lr, lam: 0.5 * lam * w),
            "You add ½λw. The ½ belongs to the penalty ½λw²; differentiating cancels it.",
        ),
        Mistake(
            "multiplied by ε twice",
            _step(lambda w, lr, lam: lr * lam * w),
            "ε stands in your velocity, and once more in the step. Put λw into v; the step multiplies by ε.",
        ),
        Mistake(
            "sign turned",
            _step(lambda w, lr, lam: -lam * w),
            "The sign is turned: this makes weights grow. The gradient of ½λw² is +λw, and the step "
            "subtracts.",
        ),
        Mistake(
            "penalty for its gradient",
            _step(lambda w, lr, lam: 0.5 * lam * w**2),
            "You add the penalty itself. A step needs its *gradient*, λw.",
            also=[
                _step(lambda w, lr, lam: 0.5 * lam * np.sum(w**2)),
                _step(lambda w, lr, lam: lam * w**2),
                _step(lambda w, lr, lam: lam * np.sum(w**2)),
            ],
        ),
        Mistake(
            "both decays",
            _step(lambda w, lr, lam: lam * w, lambda w, lr, lam: lr * lam * w),
            "The decay is there twice, in the velocity and beside it. Keep the one in the velocity.",
        ),
        Mistake(
            "velocity updated after the step",
            _old_velocity,
            "The weight moves with the *old* velocity. Update v first, then use it.",
        ),
        Mistake(
            "velocity decayed",
            lambda w, v, grad, lr, momentum, weight_decay: (
                w - lr * (momentum * v + grad + weight_decay * v),
                momentum * v + grad + weight_decay * v,
            ),
            "You decay the velocity. It is the weight that is pulled to 0: add λw, not λv.",
        ),
        Mistake(
            "only the weight returned",
            lambda w, v, grad, lr, momentum, weight_decay: w - lr * (momentum * v + grad + weight_decay * w),
            "Only the weight is returned. The next step needs the velocity, too: `return w, v`.",
        ),
        Mistake(
            "returned in the wrong order",
            lambda w, v, grad, lr, momentum, weight_decay: _step(lambda w, lr, lam: lam * w)(
                w, v, grad, lr, momentum, weight_decay
            )[::-1],
            "You return v and w; the task asks for w first, then v.",
        ),
        Mistake(
            "three values",
            lambda w, v, grad, lr, momentum, weight_decay: (
                *_step(lambda w, lr, lam: lam * w)(w, v, grad, lr, momentum, weight_decay),
                grad,
            ),
            "You return three values. Asked for are two, the new w and the new v: `return w, v`.",
            when=everywhere(lambda trial: np.shape(trial.got.value)[:1] == (3,)),
        ),
        Mistake(
            "decay of the absolute value",
            _absolute,
            "λ times the *sign* of w is the gradient of λΣ|w|. That of ½λΣw² is λw.",
        ),
        Mistake(
            "decay of the new weight",
            _decay_of_the_new,
            "You take the decay from the weight *after* the step. λw belongs to the gradient, at the place "
            "where the step begins.",
            also=[_decay_of_the_new_beside],
        ),
        Mistake(
            "one decay for all weights",
            _step(lambda w, lr, lam: lam * np.mean(w)),
            "You decay by the mean or the sum of the weights. Each weight is pulled in proportion to itself: "
            "λw.",
            also=[_step(lambda w, lr, lam: lam * np.sum(w)), _step(lambda w, lr, lam: lam * np.abs(w))],
        ),
        Mistake(
            "decay divided by the number of weights",
            _step(lambda w, lr, lam: lam * w / len(w)),
            "The penalty is a *sum*, ½λΣw²; its derivative by one weight is λw, whatever their number.",
        ),
        Mistake(
            "the gradient left out",
            lambda w, v, grad, lr, momentum, weight_decay: _step(lambda w, lr, lam: lam * w)(
                w, v, 0 * grad, lr, momentum, weight_decay
            ),
            "The decay stands in the place of the gradient. Both go into the velocity: μv + ∇L + λw.",
        ),
        Mistake(
            "the change returned",
            lambda w, v, grad, lr, momentum, weight_decay: (
                -lr * (momentum * v + grad + weight_decay * w),
                momentum * v + grad + weight_decay * w,
            ),
            "You return by how much w changes. Asked for is the new w itself: w − εv.",
        ),
        Mistake(
            "decay that grows the weight",
            _step(decay_beside=lambda w, lr, lam: -lr * lam * w),
            "The sign of the decay is turned, and it stands beside the velocity. λw is added to the "
            "gradient, and so goes into v.",
        ),
    ],
    hints=[
        "Write the step of lesson 07 first. Which of its terms is the gradient of the loss?",
        "The penalised loss has the gradient ∇L + λw. Put that where ∇L stood: v ← μv + (∇L + λw).",
    ],
    solution="""
def coupled_step(w, v, grad, lr, momentum, weight_decay):
    v = momentum * v + grad + weight_decay * w
    return w - lr * v, v
""",
)


def _new_weights(formula):
    """Return an answer that gives biases their gradient, and weights formula(w, g, λ)."""
    return lambda parameters, grads, weight_decay: {
        name: grads[name] if _last(name) == "bias" else formula(w, grads[name], weight_decay)
        for name, w in parameters.items()
    }


def _decayed(exempt, factor=1.0):
    return lambda parameters, grads, weight_decay: {
        name: grads[name] + (0.0 if exempt(name) else factor * weight_decay * w)
        for name, w in parameters.items()
    }


def _last(name: str) -> str:
    return name.split(".")[-1]


_NETWORK = {
    "hidden.weight": np.array([[1.0, -2.0]]),
    "hidden.bias": np.array([0.5]),
    "bias_net.weight": np.array([[3.0], [-1.0]]),
    "bias_net.bias": np.array([1.0, 2.0]),
    "block.norm.scale": np.array([1.5]),
    "block.norm.bias": np.array([-2.0]),
    "norm.gain_bias": np.array([4.0]),
    "bias.scale": np.array([2.5]),
}

add_decay = Exercise(
    name="add_decay",
    reference=lambda parameters, grads, weight_decay: _decayed(lambda name: _last(name) == "bias")(
        parameters, grads, weight_decay
    ),
    cases=[
        ({"weight": np.array([2.0, -1.0]), "bias": np.array([3.0])},
         {"weight": np.array([0.1, 0.2]), "bias": np.array([0.5])}, 0.1),
        (_NETWORK, {name: np.full_like(w, 0.25) for name, w in _NETWORK.items()}, 0.2),
    ],
    shown="Weights are pulled to 0, biases are left alone, whatever the layer is called.",
    mistakes=[
        Mistake(
            "biases decayed, too",
            _decayed(lambda name: False),
            "All parameters are decayed. The biases must keep their gradient as it is.",
        ),
        Mistake(
            "only the biases",
            _decayed(lambda name: _last(name) != "bias"),
            "The condition is turned round: you decay the biases, and leave the weights alone.",
        ),
        Mistake(
            "bias of one layer only",
            _decayed(lambda name: name == "bias"),
            'You exempt only a parameter called exactly "bias". In a network the names are "hidden.bias" and '
            "the like: look at the part after the last dot.",
        ),
        Mistake(
            "bias anywhere in the name",
            _decayed(lambda name: "bias" in name),
            'You exempt names that only contain the word, such as "bias_net.weight" or "norm.gain_bias". '
            'A bias is what is called "bias" after the last dot.',
        ),
        Mistake(
            "bias at the end of the name",
            _decayed(lambda name: name.endswith("bias")),
            'You exempt names that only end with the word, such as "norm.gain_bias". A bias is what is '
            'called "bias", and nothing else, after the last dot.',
        ),
        Mistake(
            "bias as any part of the name",
            _decayed(lambda name: "bias" in name.split(".")),
            'You exempt names of which any part is "bias", such as "bias.scale". Only the part after the '
            "last dot counts.",
        ),
        Mistake(
            "bias at the beginning of the name",
            _decayed(lambda name: name.startswith("bias")),
            'You look for "bias" at the beginning of the name. It is the part after the last dot that '
            'counts: "hidden.bias" is a bias, "bias.scale" is none.',
            also=[_decayed(lambda name: name.split(".")[0] == "bias")],
        ),
        Mistake(
            "only what is called weight",
            _decayed(lambda name: _last(name) != "weight"),
            'You decay only what is called "weight". The task exempts only the biases: "block.norm.scale" is '
            "decayed, too.",
            also=[_decayed(lambda name: "weight" not in name)],
        ),
        Mistake(
            "the second part of the name",
            _decayed(lambda name: "bias" in (name, *name.split(".")[1:2])),
            'You look at the second part of the name. A name may have one part or three ("block.norm.bias"): '
            'take the last, `name.split(".")[-1]`.',
            also=[_decayed(lambda name: "bias" in name.split(".")[1:2])],
        ),
        Mistake(
            "only the first",
            lambda parameters, grads, weight_decay: {
                name: grads[name] + weight_decay * w * (name == next(iter(parameters)))
                for name, w in parameters.items()
            },
            "Only the first parameter is decayed. Does a `return` inside the loop end it, or is something "
            "(`weight_decay = 0`, say) set at the first bias and not set back for the next weight?",
        ),
        Mistake(
            "twice λ",
            _decayed(lambda name: _last(name) == "bias", 2.0),
            "You add 2λw, the gradient of λΣw². With ½λΣw² it is λw.",
        ),
        Mistake(
            "sign turned",
            _decayed(lambda name: _last(name) == "bias", -1.0),
            "You subtract λw. The gradient of the penalty is +λw; the *step* subtracts it.",
        ),
        Mistake(
            "nothing decayed",
            _decayed(lambda name: True),
            "Nothing is decayed: the gradients come back as they were.",
        ),
        Mistake(
            "biases left out",
            lambda parameters, grads, weight_decay: {
                name: grads[name] + weight_decay * w
                for name, w in parameters.items() if _last(name) != "bias"
            },
            "The biases are missing in what you return. They are not decayed, but they are still trained: "
            "pass their gradient on.",
        ),
        Mistake(
            "gradient left out",
            lambda parameters, grads, weight_decay: {
                name: np.zeros_like(w) if _last(name) == "bias" else weight_decay * w
                for name, w in parameters.items()
            },
            "That is the decay alone. Add it to the gradient of the loss.",
            also=[
                lambda parameters, grads, weight_decay: {
                    name: grads[name] if _last(name) == "bias" else weight_decay * w
                    for name, w in parameters.items()
                }
            ],
        ),
        Mistake(
            "half of λ",
            _decayed(lambda name: _last(name) == "bias", 0.5),
            "You add ½λw. The ½ belongs to the penalty ½λw²; differentiating cancels it.",
        ),
        Mistake(
            "penalty for its gradient",
            _new_weights(lambda w, g, lam: g + 0.5 * lam * w**2),
            "You add the penalty itself. Its *gradient* is λw.",
            also=[
                _new_weights(lambda w, g, lam: g + 0.5 * lam * (w**2).sum()),
                _new_weights(lambda w, g, lam: g + lam * w**2),
            ],
        ),
        Mistake(
            "λ forgotten",
            _new_weights(lambda w, g, lam: g + w),
            "You add w itself. The gradient of ½λw² is λw.",
        ),
        Mistake(
            "biases without a gradient",
            lambda parameters, grads, weight_decay: {
                name: np.zeros_like(w) if _last(name) == "bias" else grads[name] + weight_decay * w
                for name, w in parameters.items()
            },
            "Biases get the gradient 0, so they would never be trained. Only the decay is left out for them: "
            "pass their gradient on.",
        ),
        Mistake(
            "parameters for gradients",
            _new_weights(lambda w, g, lam: (1 - lam) * w),
            "You return new parameters. Asked for are gradients, g + λw; the step comes later.",
            also=[
                _new_weights(lambda w, g, lam: w - (g + lam * w)),
                lambda parameters, grads, weight_decay: {
                    name: (1 - weight_decay) * w for name, w in parameters.items()
                },
                lambda parameters, grads, weight_decay: {
                    name: w if _last(name) == "bias" else (1 + weight_decay) * w
                    for name, w in parameters.items()
                },
                lambda parameters, grads, weight_decay: {
                    name: w if _last(name) == "bias" else (1 - weight_decay) * w
                    for name, w in parameters.items()
                },
            ],
        ),
        Mistake(
            "gradient decayed",
            _new_weights(lambda w, g, lam: g + lam * g),
            "You add λ times the *gradient*. The penalty pulls on the weight: g + λw.",
            also=[_new_weights(lambda w, g, lam: (1 - lam) * g)],
        ),
        Mistake(
            "return inside the loop",
            lambda parameters, grads, weight_decay: {
                name: grads[name] + weight_decay * parameters[name] for name in list(parameters)[:1]
            },
            "Only the first name is in the dictionary: your `return` stands inside the loop. It belongs "
            "after it, one indentation to the left.",
            when=everywhere(lambda trial: isinstance(trial.got.value, dict)
                            and list(trial.got.value) == list(trial.given[0])[:1]),
        ),
        Mistake(
            "names cut off",
            lambda parameters, grads, weight_decay: {
                _last(name): grads[name] if _last(name) == "bias" else grads[name] + weight_decay * w
                for name, w in parameters.items()
            },
            "The names have lost their first parts. Keep the whole name as the key; only the test for a bias "
            "looks at the last part.",
        ),
        Mistake(
            "a list",
            lambda parameters, grads, weight_decay: list(
                _decayed(lambda name: _last(name) == "bias")(parameters, grads, weight_decay).values()
            ),
            "You return the gradients in a row. Asked for is a dictionary with the same names.",
            when=everywhere(lambda trial: isinstance(trial.got.value, tuple)),
        ),
        Mistake(
            "second part of the name",
            lambda parameters, grads, weight_decay: {
                name: grads[name] if name.split(".")[1] == "bias" else grads[name] + weight_decay * w
                for name, w in parameters.items()
            },
            "Not every name has a second part: a plain `\"bias\"` has one only. The *last* part is "
            '`name.split(".")[-1]`.',
            when=raises("IndexError: list index out of range"),
        ),
        Mistake(
            "a name without a dot",
            lambda parameters, grads, weight_decay: {
                name: grads[name] + (0 if name.endswith(".bias") else weight_decay * parameters[name])
                for name in grads
            },
            "A parameter may be called just `bias`, without a dot: that is its last part, too. "
            "`name.split('.')[-1]` finds it.",
        ),
        Mistake(
            "told by the number of axes",
            lambda parameters, grads, weight_decay: {
                name: grads[name] + weight_decay * parameters[name] if grads[name].ndim > 1 else grads[name]
                for name in grads
            },
            "You tell the biases by their shape. A weight may be a vector, too: the *name* "
            "decides.",
        ),
        Mistake(
            "λ without w",
            _new_weights(lambda w, g, lam: g + lam),
            "You add λ alone. The gradient of ½λw² is λw: a large weight is pulled harder.",
        ),
        Mistake(
            "biases pushed away",
            lambda parameters, grads, weight_decay: {
                name: grads[name] + (-1 if _last(name) == "bias" else 1) * weight_decay * w
                for name, w in parameters.items()
            },
            "You subtract the decay from the gradient of a bias. Biases are left alone: their gradient is "
            "passed on as it is.",
        ),
        Mistake(
            "is for ==",
            _decayed(lambda name: name != "bias"),
            "`is` and `is not` ask whether two texts are the very same object. Compare them with `==` and "
            "`!=`; and it is what is called bias that keeps its gradient.",
        ),
        Mistake(
            "names written into the code",
            lambda parameters, grads, weight_decay: {
                "hidden.weight": grads["hidden.weight"], "hidden.bias": grads["hidden.bias"],
            },
            "Names of parameters are written into the code. Any names may be handed in: go through "
            "`parameters.items()`.",
            when=raises("KeyError: 'hidden", "KeyError: 'weight", "KeyError: 'output"),
        ),
        Mistake(
            "only one key and value",
            lambda parameters, grads, weight_decay: {name: w for name, w in parameters},
            "A loop over a dictionary gives its names alone. `for name, w in parameters.items()` gives both.",
            when=raises("values to unpack"),
        ),
    ],
    hints=[
        "Go through `parameters.items()` and build a new dictionary.",
        '`name.split(".")[-1]` is the part after the last dot. When is it "bias"?',
    ],
    solution="""
def add_decay(parameters, grads, weight_decay):
    new = {}
    for name, w in parameters.items():
        is_bias = name.split(".")[-1] == "bias"
        new[name] = grads[name] if is_bias else grads[name] + weight_decay * w
    return new
""",
)  # fmt: skip

decay_for_half_life = Exercise(
    name="decay_for_half_life",
    reference=lambda steps, lr: (1 - 2 ** (-1 / steps)) / lr,
    cases=[(1, 0.5), (2, 0.1), (10, 0.25), (1000, 0.01)],
    shown="(1 − ελ)^steps = ½, solved for λ.",
    mistakes=[
        Mistake(
            "small-step approximation",
            lambda steps, lr: np.log(2) / (lr * steps),
            "ln 2/(ε · steps) is the approximation for ελ ≪ 1. The task asks for the exact λ: solve "
            "(1 − ελ)^steps = ½ without approximating.",
            also=[*(lambda steps, lr, c=c: c / (lr * steps) for c in (0.693, 0.6931, 0.69, 0.7)),
                  lambda steps, lr: (np.log(2) / steps - (np.log(2) / steps) ** 2 / 2) / lr],
        ),
        Mistake(
            "another logarithm",
            lambda steps, lr: np.log10(2) / (lr * steps),
            "That is the approximation ln 2/(ε · steps), and with the logarithm to base 10 at that. Solve "
            "(1 − ελ)^steps = ½ exactly, with a root of ½.",
            also=[lambda steps, lr: (1 - np.exp(np.log10(0.5) / steps)) / lr],
        ),
        Mistake(
            "ε in the exponent",
            lambda steps, lr: 1 - 0.5 ** (1 / (steps * lr)),
            "ε stands in the exponent. From (1 − ελ)^steps = ½ follows ελ = 1 − 2^(−1/steps); *then* divide "
            "by ε.",
            also=[lambda steps, lr: 1 - 0.5 ** (lr / steps), lambda steps, lr: (1 - 0.5 ** (lr / steps)) / lr,
                  lambda steps, lr: (1 - 0.5 ** (1 / (steps * lr))) / lr],
        ),
        Mistake(
            "ε forgotten",
            lambda steps, lr: 1 - 2 ** (-1 / steps),
            "That is ελ, the fraction lost in one step. Divide it by ε.",
            also=[lambda steps, lr: np.log(2) / steps],
        ),
        Mistake(
            "multiplied by ε",
            lambda steps, lr: (1 - 2 ** (-1 / steps)) * lr,
            "ελ = 1 − 2^(−1/steps), so λ is that *divided* by ε: a smaller step needs a greater λ.",
        ),
        Mistake(
            "shared out evenly",
            lambda steps, lr: 0.5 / (steps * lr),
            "You take the same *amount* away at every step. Decay takes the same *fraction* of what is left: "
            "the factors multiply, (1 − ελ)^steps.",
        ),
        Mistake(
            "factor kept for fraction lost",
            lambda steps, lr: 2 ** (-1 / steps) / lr,
            "2^(−1/steps) is the factor that is *kept* at a step, 1 − ελ. Take it from 1.",
        ),
        Mistake(
            "1/e for one half",
            lambda steps, lr: 1 / (steps * lr),
            "After 1/(ελ) steps about 1/e = 0.37 of the weight is left. The half-life is shorter.",
            also=[lambda steps, lr: (1 - np.exp(-1 / steps)) / lr],
        ),
        Mistake(
            "minus forgotten",
            lambda steps, lr: 2 ** (1 / steps) / lr,
            "A factor 2^(1/steps) doubles the weight. Halving needs 2^(−1/steps), and ελ is 1 minus that.",
            also=[
                lambda steps, lr: (1 - 2 ** (1 / steps)) / lr,
                lambda steps, lr: (2 ** (1 / steps) - 1) / lr,
            ],
        ),
        Mistake(
            "sign turned",
            lambda steps, lr: (2 ** (-1 / steps) - 1) / lr,
            "A negative λ would make the weight grow: from 1 − ελ = 2^(−1/steps) follows ελ = 1 − "
            "2^(−1/steps).",
            also=[lambda steps, lr: np.log(0.5) / (lr * steps)],
        ),
        Mistake(
            "power for root",
            lambda steps, lr: (1 - 0.5**steps) / lr,
            "You take ½ to the power `steps`. It is (1 − ελ) that is raised to `steps`: take the root of ½.",
        ),
        Mistake(
            "a bracket missing",
            lambda steps, lr: 1 - 2 ** (-1 / steps) / lr,
            "Only the second term is divided by ε. Set brackets: (1 − …)/ε.",
        ),
        Mistake(
            "a bracket missing in the exponent",
            lambda steps, lr: (1 - 2**-1 / steps) / lr,
            "`2**-1 / steps` is ½ divided by `steps`. The exponent needs brackets: `2 ** (-1 / steps)`.",
        ),
        Mistake(
            "steps ignored",
            lambda steps, lr: 0.5 / lr,
            "Your λ halves the weight in one step, whatever `steps` is.",
        ),
        Mistake(
            "half-life for λ",
            lambda steps, lr: np.log(2) / -np.log1p(-steps * lr),
            "That is the formula of the half-life, with `steps` where λ stood. Solve it for λ.",
            also=[lambda steps, lr: np.log(2) / -np.log(1 - steps * lr)],
        ),
        Mistake(
            "2λ from the other penalty",
            lambda steps, lr: (1 - 2 ** (-1 / steps)) / (2 * lr),
            "Half of what is needed: that would be right if the step took 2ελw. Here it takes ελw.",
        ),
        Mistake(
            "whole division",
            lambda steps, lr: (1 - 0.5 ** (1 // steps)) / lr,
            "`1 // steps` is 0 for more than one step: `//` cuts the decimals off. Divide with "
            "`/`.",
        ),
        Mistake(
            "half of the square",
            lambda steps, lr: (1 - 0.5 ** (0.5 / steps)) / lr,
            "You let w² halve (or √½ remain of w). The weight itself is to be halved: ½, not √½.",
        ),
        Mistake(
            "divided by 1 − lr",
            lambda steps, lr: (1 - 0.5 ** (1 / steps)) / (1 - lr),
            "You divide by 1 − ε. Each step multiplies the weight by 1 − ελ: divide by ε.",
        ),
    ],
    hints=[
        "After one step (1 − ελ) of the weight is left. After two? After `steps`?",
        "Set (1 − ελ)^steps = ½ and take the root: 1 − ελ = 2^(−1/steps).",
    ],
    solution="""
def decay_for_half_life(steps, lr):
    return (1 - 2 ** (-1 / steps)) / lr
""",
    also_right=["def decay_for_half_life(steps, lr):\n    return (1 - 0.5 ** (1 / steps)) / lr"],
)

decay_for_prior = Exercise(
    name="decay_for_prior",
    reference=lambda s, n, reduction: 1 / s**2 / (n if reduction == "mean" else 1),
    cases=[(0.5, 10, "mean"), (0.5, 10, "sum"), (3.0, 200, "mean"), (3.0, 200, "sum")],
    shown="Minus the logarithm of the prior is Σ w²/2s²; dividing the NLL by N divides it, too.",
    mistakes=[
        Mistake(
            "N forgotten",
            lambda s, n, reduction: 1 / s**2,
            "Right for the summed loss. For the mean everything is divided by N, the prior's term, too.",
        ),
        Mistake(
            "N in both",
            lambda s, n, reduction: 1 / (n * s**2),
            "Right for the mean. The *summed* loss is not divided by N, and neither is the prior's term.",
        ),
        Mistake(
            "mean and sum swapped",
            lambda s, n, reduction: 1 / s**2 / (1 if reduction == "mean" else n),
            "Mean and sum are swapped: it is for the mean that everything is divided by N.",
        ),
        Mistake(
            "half of it",
            lambda s, n, reduction: 0.5 / s**2 / (n if reduction == "mean" else 1),
            "Half of the right value: the ½ of Σ w²/2s² is already in the penalty ½λΣw². Compare the two.",
        ),
        Mistake(
            "half of it, and N forgotten",
            lambda s, n, reduction: 0.5 / s**2,
            "Two things: the ½ of Σ w²/2s² is already in the penalty ½λΣw², and for the mean everything is "
            "divided by N.",
            also=[lambda s, n, reduction: 0.5 / (n * s**2)],
        ),
        Mistake(
            "twice as much",
            lambda s, n, reduction: 2 / s**2 / (n if reduction == "mean" else 1),
            "Twice the right value. Σ w²/2s² and ½λΣw² have the same ½: it cancels.",
        ),
        Mistake(
            "half of it in one",
            lambda s, n, reduction: 1 / (n * s**2) if reduction == "mean" else 0.5 / s**2,
            "One of the two has a factor ½. The ½ of Σ w²/2s² is already in the penalty ½λΣw², for the mean "
            "as for the sum.",
            also=[lambda s, n, reduction: 0.5 / (n * s**2) if reduction == "mean" else 1 / s**2],
        ),
        Mistake(
            "minus the logarithm of the prior",
            lambda s, n, reduction: 0.5 * np.log(2 * np.pi * s**2) / (n if reduction == "mean" else 1),
            "That is the constant of −ln(prior), which no weight changes. λ is what multiplies ½Σw² in it.",
            also=[lambda s, n, reduction: 0.5 * np.log(2 * np.pi * s**2),
                  lambda s, n, reduction: 1 / (s * np.sqrt(2 * np.pi)) / (n if reduction == "mean" else 1),
                  lambda s, n, reduction: 1 / (s * np.sqrt(2 * np.pi))],
        ),
        Mistake(
            "upside down, s not squared",
            lambda s, n, reduction: s / (n if reduction == "mean" else 1),
            "Two things: a *wide* prior allows large weights, so λ falls as s grows; and the Gaussian has "
            "s². Compare ½λw² with w²/2s².",
        ),
        Mistake(
            "a bracket missing",
            lambda s, n, reduction: 1 / n * s**2 if reduction == "mean" else 1 / s**2,
            "`1 / n * s**2` multiplies by s². Set brackets: `1 / (n * s**2)`.",
            also=[lambda s, n, reduction: 1 / n / s * s if reduction == "mean" else 1 / s / s,
                  lambda s, n, reduction: 1 / n * s * s if reduction == "mean" else 1 / s**2,
                  lambda s, n, reduction: 1 / n / s * s if reduction == "mean" else 1 / s**2],
        ),
        Mistake(
            "N squared, too",
            lambda s, n, reduction: 1 / (n * s) ** 2 if reduction == "mean" else 1 / s**2,
            "Only s is squared: dividing the prior's term by N divides once.",
        ),
        Mistake(
            "root of N",
            lambda s, n, reduction: 1 / s**2 / (n**0.5 if reduction == "mean" else 1),
            "There is no root in it: the mean loss is the sum divided by N, and so is the prior's term.",
            also=[lambda s, n, reduction: 1 / (s * n**0.5) if reduction == "mean" else 1 / s**2],
        ),
        Mistake(
            "nothing for the other reduction",
            lambda s, n, reduction: 1 / (n * s**2) if reduction == "mean" else None,
            "One of the two reductions gets nothing back: `return` is missing in one branch.",
            when=lambda trials: not any(trial.got.error for trial in trials)
            and {trial.got.value is None for trial in trials} == {True, False},
        ),
        Mistake(
            "s not squared",
            lambda s, n, reduction: 1 / s / (n if reduction == "mean" else 1),
            "The Gaussian has (w/s)²/2 in its exponent: s is squared.",
        ),
        Mistake(
            "wide prior, strong decay",
            lambda s, n, reduction: s**2 / (n if reduction == "mean" else 1),
            "Upside down: with this a *wide* prior would pull hardest. A wide prior allows large weights, so "
            "λ is small.",
        ),
        Mistake(
            "multiplied by N",
            lambda s, n, reduction: 1 / s**2 * (n if reduction == "mean" else 1),
            "With N times the data the prior counts *less* in the mean: divide by N.",
        ),
        Mistake(
            "root for square",
            lambda s, n, reduction: (s**-0.5) / (n if reduction == "mean" else 1),
            "You take the root of s. The Gaussian has s² in its exponent: λ is proportional to "
            "1/s².",
        ),
        Mistake(
            "the logarithm of s",
            lambda s, n, reduction: (-np.log(s)) / (n if reduction == "mean" else 1),
            "ln s is the part of −ln p(w) that does not hold w. The penalty is the other part, "
            "w²/(2s²).",
        ),
        Mistake(
            "both at once",
            lambda s, n, reduction: (1 / s**2, 1 / (n * s**2)),
            "You return both. `reduction` says which one is asked for.",
            also=[
                lambda s, n, reduction: (1 / (n * s**2), 1 / s**2),
            ],
        ),
        Mistake(
            "n added",
            lambda s, n, reduction: 1 / (n + s**2) if reduction == "mean" else 1 / s**2,
            "You add n to s². The mean is the sum *divided* by n, and so is its penalty: 1/(n "
            "s²).",
        ),
    ],
    hints=[
        "−ln of the prior's density is w²/2s² for each weight, up to a constant. Compare with ½λw².",
        "The mean loss is the NLL divided by N. Divide the whole sum, NLL and prior, by N.",
    ],
    solution="""
def decay_for_prior(s, n, reduction):
    decay = 1 / s**2
    return decay / n if reduction == "mean" else decay
""",
)

same_rest = Exercise(
    name="same_rest",
    reference=lambda weight_decay, momentum: weight_decay / (1 - momentum),
    cases=[(0.1, 0.5), (0.01234, 0.9), (0.3, 0.0), (0.1, 0.99), (0.00123, 0.5)],
    shown="The velocity makes the gradient 1/(1 − μ) times as strong, so the decay beside it has to be, too.",
    mistakes=[
        Mistake(
            "multiplied instead",
            lambda weight_decay, momentum: weight_decay * (1 - momentum),
            "This is the other direction: the coupled λ that rests where a given *decoupled* one does. Solve "
            "λ = (1 − μ) λ′ for λ′.",
        ),
        Mistake(
            "the same λ",
            lambda weight_decay, momentum: weight_decay,
            "With the same λ they agree for μ = 0 only. Decoupled, v is not 0 at rest: v = μv + ∇L makes it "
            "larger than ∇L, and the decay beside it has to balance all of it.",
        ),
        Mistake(
            "divided by μ",
            lambda weight_decay, momentum: weight_decay / momentum if momentum else weight_decay,
            "The past gradients add up to 1 + μ + μ² + … = 1/(1 − μ), not 1/μ.",
            also=[lambda weight_decay, momentum: weight_decay / momentum],
        ),
        Mistake(
            "multiplied by μ",
            lambda weight_decay, momentum: weight_decay * momentum,
            "At μ = 0 the velocity is the gradient itself, and the two agree; your formula gives 0 there.",
        ),
        Mistake(
            "λ missing",
            lambda weight_decay, momentum: 1 / (1 - momentum),
            "That is the factor alone. Multiply λ by it.",
        ),
        Mistake(
            "a bracket missing",
            lambda weight_decay, momentum: weight_decay / 1 - momentum,
            "`weight_decay / 1 - momentum` subtracts μ at the end. Set brackets: `(1 - momentum)`.",
        ),
        Mistake(
            "the first terms only",
            lambda weight_decay, momentum: weight_decay * sum(momentum**k for k in range(10)),
            "You add up the first terms of 1 + μ + μ² + … only. At rest all of them are there: 1/(1 − μ).",
            also=[lambda weight_decay, momentum, n=n: weight_decay * sum(momentum**k for k in range(n))
                  for n in (3, 4, 5, 20, 30, 50, 100, 200, 500, 1000)],
        ),
        Mistake(
            "the limit of ε",
            lambda weight_decay, momentum: weight_decay * (2 + 2 * momentum),
            "2 + 2μ is where a run diverges. At rest v = ∇L/(1 − μ), and the decay has to balance that.",
            also=[lambda weight_decay, momentum: weight_decay / (2 + 2 * momentum),
                  lambda weight_decay, momentum: weight_decay * (1 + momentum) / (1 - momentum)],
        ),
        Mistake(
            "the inverse of μ",
            lambda weight_decay, momentum: weight_decay * (1 - 1 / momentum),
            "1 − 1/μ is negative: such a decay would make weights grow. The sum of all μᵏ is 1/(1 − μ).",
            also=[lambda weight_decay, momentum: weight_decay * (1 / momentum - 1),
                  lambda weight_decay, momentum: weight_decay * momentum / (1 + momentum)],
        ),
        Mistake(
            "sign turned",
            lambda weight_decay, momentum: weight_decay / (momentum - 1),
            "A negative decay would make weights grow: divide by 1 − μ.",
        ),
        Mistake(
            "one term too few",
            lambda weight_decay, momentum: weight_decay * momentum / (1 - momentum),
            "μ + μ² + … is μ/(1 − μ), but the newest gradient counts, too: 1 + μ + μ² + … = 1/(1 − μ).",
        ),
        Mistake(
            "μ squared",
            lambda weight_decay, momentum: weight_decay / (1 - momentum**2),
            "The weights in the velocity are 1, μ, μ², …: they add up to 1/(1 − μ), without a square.",
        ),
        Mistake(
            "arguments swapped",
            lambda weight_decay, momentum: momentum / (1 - weight_decay),
            "λ and μ are swapped: divide `weight_decay` by `1 - momentum`.",
        ),
        Mistake(
            "rounded",
            lambda weight_decay, momentum: round(weight_decay / (1 - momentum), 2),
            "Rounded. A λ may well be smaller than 0.01: return all digits.",
        ),
        Mistake(
            "one plus μ",
            lambda weight_decay, momentum: weight_decay / (1 + momentum),
            "1 + μ is only the beginning: all past gradients count, and 1 + μ + μ² + … = 1/(1 − μ).",
            also=[lambda weight_decay, momentum: weight_decay * (1 + momentum)],
        ),
        Mistake(
            "root",
            lambda weight_decay, momentum: weight_decay / (1 - momentum) ** 0.5,
            "There is no root in it: at rest v = ∇L/(1 − μ), and the decay has to balance that.",
        ),
        Mistake(
            "factor twice",
            lambda weight_decay, momentum: weight_decay / (1 - momentum) ** 2,
            "1/(1 − μ) is in it twice. At rest v = ∇L/(1 − μ), and the decay has to balance that: once.",
        ),
        Mistake(
            "a pair",
            lambda weight_decay, momentum: (weight_decay / (1 - momentum), momentum),
            "λ′ is right; it alone is asked for, not a pair.",
        ),
        Mistake(
            "added",
            lambda weight_decay, momentum: weight_decay + momentum,
            "λ and μ cannot be added. At rest the velocity is 1/(1 − μ) times the gradient: that "
            "is the factor.",
            also=[
                lambda weight_decay, momentum: weight_decay + 1 / (1 - momentum),
            ],
        ),
        Mistake(
            "a logarithm",
            lambda weight_decay, momentum: -weight_decay / np.log(momentum),
            "1/(−ln μ) is nearly 1/(1 − μ) when μ is near 1. Asked for is the sum of all μᵏ, 1/(1 "
            "− μ).",
            also=[
                lambda weight_decay, momentum: weight_decay / np.log(momentum),
            ],
        ),
    ],
    hints=[
        "At rest the velocity does not change: v = μv + ∇L. What is v?",
        "Decoupled, nothing moves when λ′w + v = 0; coupled, when λw + ∇L = 0. Put in v, and compare.",
    ],
    solution="""
def same_rest(weight_decay, momentum):
    return weight_decay / (1 - momentum)
""",
)

for_the_sum = Exercise(
    name="for_the_sum",
    reference=lambda lr, weight_decay, n: (lr / n, weight_decay * n),
    cases=[
        (0.5, 0.25, 10),
        (0.1, 0.01, 1),
        (0.001, 0.0001, 64),
    ],
    shown="The gradient of the sum is N times as long: the step must shrink, and the penalty grow, by N.",
    mistakes=[
        Mistake(
            "weight decay forgotten",
            lambda lr, weight_decay, n: (lr / n, weight_decay),
            "The learning rate is right. But beside a loss that is N times as large the same penalty weighs "
            "N times less: λ has to grow with N.",
        ),
        Mistake(
            "learning rate forgotten",
            lambda lr, weight_decay, n: (lr, weight_decay * n),
            "Loss and penalty are in balance, but the whole gradient is now N times as long, and so is the "
            "step. Divide the learning rate by N.",
        ),
        Mistake(
            "nothing changed",
            lambda lr, weight_decay, n: (lr, weight_decay),
            "The gradient of the sum is N times that of the mean: with the same settings each step is about "
            "N times too long, and the penalty hardly counts.",
        ),
        Mistake(
            "the other way round",
            lambda lr, weight_decay, n: (lr * n, weight_decay / n),
            "The other way round: that is how to come from the sum to the mean.",
        ),
        Mistake(
            "both divided",
            lambda lr, weight_decay, n: (lr / n, weight_decay / n),
            "The learning rate is right. λ goes the other way: the loss in front of it has become N times "
            "as large, and the penalty must keep up.",
        ),
        Mistake(
            "both multiplied",
            lambda lr, weight_decay, n: (lr * n, weight_decay * n),
            "λ is right. A gradient that is N times as long needs a learning rate N times as small.",
        ),
        Mistake(
            "order of the two",
            lambda lr, weight_decay, n: (weight_decay * n, lr / n),
            "The right numbers in the wrong order: return the learning rate first, then the weight decay.",
        ),
        Mistake(
            "only the learning rate",
            lambda lr, weight_decay, n: lr / n,
            "The learning rate is right. Return a pair: the weight decay has to change, too.",
        ),
        Mistake(
            "the root of n",
            lambda lr, weight_decay, n: (lr / np.sqrt(n), weight_decay * np.sqrt(n)),
            "The gradient of the sum is n times as large, not √n times.",
        ),
        Mistake(
            "ε the wrong way, λ kept",
            lambda lr, weight_decay, n: (lr * n, weight_decay),
            "The gradient of the sum is n times as large, so ε must be n times *smaller*; and ελ "
            "must stay the same.",
        ),
        Mistake(
            "λ the wrong way, ε kept",
            lambda lr, weight_decay, n: (lr, weight_decay / n),
            "With the same ε every step gets n times as long. ε must shrink, and ελ must stay the "
            "same, so λ grows.",
        ),
        Mistake(
            "only the weight decay",
            lambda lr, weight_decay, n: weight_decay * n,
            "The weight decay is right. Return a pair: the learning rate has to change, too.",
        ),
        Mistake(
            "the product",
            lambda lr, weight_decay, n: lr / n * (weight_decay * n),
            "You multiply the two. Asked for is a pair: the learning rate, and the weight decay.",
            also=[lambda lr, weight_decay, n: lr * weight_decay],
        ),
        Mistake(
            "λ with ε in it",
            lambda lr, weight_decay, n: (lr / n, lr * weight_decay * n),
            "The learning rate is right. ε is not in λ: ε′λ′ = ελ and ε′ = ε/N give λ′ = Nλ.",
            also=[lambda lr, weight_decay, n: (lr / n, lr * weight_decay),
                  lambda lr, weight_decay, n: (lr / n, weight_decay * n / lr)],
        ),
        Mistake(
            "N squared",
            lambda lr, weight_decay, n: (lr / n, weight_decay * n**2),
            "N is there once too often: ε′ = ε/N and λ′ = Nλ.",
            also=[lambda lr, weight_decay, n: (lr / n**2, weight_decay * n),
                  lambda lr, weight_decay, n: (lr / n**2, weight_decay * n**2)],
        ),
        Mistake(
            "no decay",
            lambda lr, weight_decay, n: (lr / n, 0 * weight_decay),
            "The learning rate is right. But every step is to stay the same, the decay in it, too.",
        ),
        Mistake(
            "whole division",
            lambda lr, weight_decay, n: (lr // n, weight_decay * n),
            "λ is right. `lr // n` cuts the decimals off, and leaves 0: divide with `/`.",
        ),
        Mistake(
            "sums for products",
            lambda lr, weight_decay, n: (lr - n, weight_decay + n),
            "The gradient of the sum is n *times* as large: divide and multiply by n.",
        ),
    ],
    hints=[
        "One step with the mean is θ − ε(∇L + λθ), L the mean loss. With the sum it is θ − ε′(N ∇L + λ′θ). "
        "Compare the factors of ∇L.",
        "From ∇L: ε′ N = ε. From θ: ε′ λ′ = ε λ.",
    ],
    solution="""
def for_the_sum(lr, weight_decay, n):
    return lr / n, weight_decay * n
""",
)

path_to_zero = Prediction(
    name="path_to_zero",
    question="The loss is a long, narrow valley. From its minimum, λ grows from 0 to ∞. Along which road "
             "does the penalised minimum go to the origin?",
    options={
        "Straight: all parameters shrink by the same factor.":
            "so it is for the *decay step* without a loss. With a loss each direction resists according to "
            "its curvature; only in a round bowl, or with one of its axes through 0, is the road straight.",
        "First along the steep direction, where a small move changes the loss most.":
            "the other way round: where the loss rises fast, giving way is expensive.",
        "First along the flat direction, the floor of the valley, then up its steep side.":
            "along the floor the loss hardly rises, so there the penalty wins first. The factor is h/(h + "
            "λ): one half where λ = h.",
        "Along the steepest descent of the penalty, until at some λ it reaches the origin exactly.":
            "h/(h + λ) is above 0 for every λ: what is left along an axis never becomes exactly 0. (A single "
            "weight may pass through 0 on the way, where the bowl is turned.)",
    },
    answer="First along the flat direction, the floor of the valley, then up its steep side.",
)  # fmt: skip

best_decay = Prediction(
    name="best_decay",
    question="A model with 12 weights and a bias learns from 30 examples, three of them with a wrong label. "
             "As the decay λ grows from almost 0, what happens to its mean NLL on these examples "
             "(training), and on 400 new ones (validation)?",
    options={
        "Training rises all the way; validation falls first and rises later.":
            "the pull towards 0 can only move the weights away from where the training loss is least. "
            "Validation gains while the noise is forgotten, and loses when the signal is.",
        "Both fall first and rise later; validation has its best λ further right.":
            "without decay training gets as low as the model allows: any λ > 0 gives up some of it.",
        "Training rises all the way; validation falls all the way, to a limit.":
            "with a huge λ the weights are almost 0 and the model says nearly the same everywhere: signal "
            "forgotten as well as noise.",
        "Training falls all the way; validation is least at λ = 0.":
            "the other way round: the less decay, the lower the training loss; and with hardly any the "
            "validation loss is several times that of a model that always says ½.",
    },
    answer="Training rises all the way; validation falls first and rises later.",
)  # fmt: skip

decayed_bias = Prediction(
    name="decayed_bias",
    question="A fifth of the training labels are of class 1. λ = 10, so the 12 weights are all but 0. What "
             "probability of class 1 does the model give, with the bias exempt, and with the bias decayed, "
             "too?",
    options={
        "½ in both cases: with weights of 0 there is nothing to go by.":
            "the exempt bias is still there, and it is free to learn how frequent class 1 is.",
        "A fifth if it is exempt, near ½ if it is decayed.":
            "the free bias fits the share of the class. Pulled to 0, it comes with the logit 0, which means "
            "½: not “no opinion”, but a wrong one.",
        "A fifth if it is exempt, near 0 if it is decayed.":
            "a logit of 0 is the probability ½, not 0.",
        "A fifth in both cases: the bias is one number among thirteen and hardly matters.":
            "it is one number, but the penalty acts on each number alone: ½λb² with λ = 10 outweighs the "
            "NLL.",
    },
    answer="A fifth if it is exempt, near ½ if it is decayed.",
)  # fmt: skip

decoupled_curve = Prediction(
    name="decoupled_curve",
    question="Training runs with momentum μ = 0.9. You switch from coupled to decoupled decay and keep λ. "
             "What happens to the curves of the losses over λ?",
    options={
        "Nothing: L2 regularisation and weight decay are the same.":
            "for plain gradient descent they are. Momentum makes the gradient up to ten times as strong, and "
            "the decoupled decay is not in it.",
        "They move to the left: the decoupled decay is ten times as strong.":
            "the other way round: the coupled decay goes through the velocity and is amplified with the "
            "gradient, the decoupled one is not.",
        "The best validation loss becomes better, at the same λ.":
            "the same λ is another model now. But the models along the curve are the same ones, each at "
            "another λ, and the best is as good as before.",
        "They move to the right: the same model now needs ten times the λ.":
            "at rest v = ∇L/(1 − μ) = 10 ∇L, and the decay beside it has to balance that.",
    },
    answer="They move to the right: the same model now needs ten times the λ.",
)  # fmt: skip

no_decay_left = Prediction(
    name="no_decay_left",
    question="A parabola for the logit, and no label is turned: the training examples can be separated. From "
             "0.1 on λ is made ten times smaller, again and again. What do the weights do?",
    options={
        "They approach the weights of the model without a penalty.":
            "there are none: without a penalty the training loss falls for ever, and no weights reach its "
            "limit 0.",
        "They stay as they are: all examples are right already.":
            "right is not certain. Larger logits still lower −ln g, and a small λ makes them cheap.",
        "They grow without end, but by far less than tenfold each time.":
            "there is always something to gain. But the loss falls exponentially with the scale of the "
            "logits, so ten times less λ buys only somewhat larger weights: four times as large at first, "
            "twice at λ = 10⁻⁵, and the factor falls on towards 1.",
        "They grow tenfold each time.":
            "that would be a loss that falls by as much for each further unit of scale, without end. This "
            "one falls exponentially, so little is gained by much larger weights.",
    },
    answer="They grow without end, but by far less than tenfold each time.",
)  # fmt: skip
