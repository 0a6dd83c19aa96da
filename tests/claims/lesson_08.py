"""What must fail in lesson 08: see `tests/claims/__init__.py`."""

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {"045fc4e0": "True is the default of an argument that is listed"}
SABOTAGES: list[Sabotage] = [
    # the constants
    Sabotage(
        "1d5db5f0",
        "the penalty without its ½",
        replace=('"½ λ Σ w²", 0.5', '"½ λ Σ w²", 1.0'),
        claim=r"½ λ Σ w² gradient / λw: \[1\. 1\. 1\.\]  left: \[0\.995",
    ),
    Sabotage(
        "1d5db5f0",
        "a step without ε",
        replace=("w - lr * grad", "w - grad"),
        claim=r"\[2\. 2\. 2\.\]  left: \[0\.99 ",
    ),
    Sabotage(
        "f483f168",
        "a decay that forgets ε",
        helper="helpers.optim.decay_weights",
        replace=("theta *= 1 - lr * weight_decay", "theta *= 1 - weight_decay"),
        claim=r"\[ 1\.8   -0\.75   0\.475\] decay",
    ),
    Sabotage(
        "f483f168",
        "2λw for λw in the gradient",
        helper="helpers.optim.sgd_momentum_step",
        replace=("v += weight_decay * t", "v += 2 * weight_decay * t"),
        claim=r"\[ 1\.8   -0\.75   0\.475\] penalty",
    ),
    Sabotage(
        "f501c1f0",
        "a velocity that forgets",
        replace=("v = 0.99 * v + 0", "v = 0.98 * v + 0"),
        claim=r"counted :      69,345",
    ),
    # overfitting
    Sabotage(
        "6cfe6169",
        "λ chosen by the training loss",
        replace=('["validation"]', '["training"]'),
        claim=r"0\.05 in 20 of 20",
    ),
    Sabotage(
        "6cfe6169",
        "each model with hardly any decay",
        replace=("curves.min(axis=1)", "curves[:, 0]"),
        claim=r"each at its best λ, in 20 of 20",
    ),
    Sabotage(
        "492fe177",
        "the labels are right",
        at="b29f4682",
        replace=("labels[:30] =", "ignored ="),
        claim=r"0          0\.07   1\.00             1\.03   0\.73",
    ),
    Sabotage(
        "d11fc362",
        "the labels are right",
        at="b29f4682",
        replace=("labels[:30] =", "ignored ="),
        claim=r"taught 8 times, the true digit 24 times",
    ),
    # prior
    Sabotage(
        "9d2ba4cd",
        "λ forgets N",
        replace=("x.mean() / (1 + 25 / n)", "x.mean() / (1 + 25 / 50)"),
        claim=r"MAP 1\.990; λ = 25/N: 1\.990",
    ),
    Sabotage(
        "9d2ba4cd",
        "another belief",
        replace=("s, grid = 0.2,", "s, grid = 0.3,"),
        claim=r"MAP 1\.348; λ = 25/N: 1\.348",
    ),
    # geometry
    Sabotage(
        "9bdb55e9", "(h + λ)/h turned to h/(h + 2λ)", replace=("h / (h + lam) *", "h / (h + 2 * lam) *")
    ),
    Sabotage(
        "9bdb55e9",
        "steep and flat exchanged",
        replace=("h / (h + lam) *", "h[::-1] / (h[::-1] + lam) *"),
        claim=r"0\.0572 0\.0569 0\.0571",
    ),
    # biases
    Sabotage(
        "b9723eb9",
        "the bias always decays",
        helper="helpers.optim.SGD.step",
        replace=("self.decay_biases or not is_bias(name)", "self.decay_biases or name"),
        claim=r"1\.0  exempt          0\.045",
    ),
    Sabotage(
        "b9723eb9",
        "the bias never decays",
        helper="helpers.optim.SGD.step",
        replace=("self.decay_biases or not is_bias(name)", "not is_bias(name)"),
        claim=r"0\.1  decayed         0\.138                0\.230",
    ),
    # coupled and decoupled
    Sabotage(
        "b472c23c",
        "the decay stays coupled",
        replace=("decoupled=decoupled", "decoupled=False"),
        claim=r"0\.99 decoupled 0\.999",
    ),
    Sabotage(
        "b472c23c",
        "momentum everywhere",
        replace=("momentum=momentum,", "momentum=0.99,"),
        claim=r"0\.0 decoupled 0\.909",
    ),
    # libraries
    Sabotage(
        "6a87fc1f",
        "the optimiser gets the weight only",
        replace=("list(model.parameters()), lr", "[model.weight], lr"),
        claim=r"torch  SGD   \{'weight': 0\.95, 'bias': 0\.95\}",
    ),
    Sabotage(
        "6a87fc1f",
        "one group for both",
        replace=(
            '"params": [model.bias], "weight_decay": 0.0',
            '"params": [model.bias], "weight_decay": 0.1',
        ),
        claim=r"two groups \{'weight': 0\.95, 'bias': 1\.0\}",
    ),
    Sabotage(
        "5a2031a1",
        "wd_bn_bias=True",
        replace=("torch.nn.MSELoss(), optimizer)", "torch.nn.MSELoss(), optimizer, wd_bn_bias=True)"),
        claim=r"fastai's SGD .*'bias': 1\.0",
    ),
    Sabotage(
        "5a2031a1",
        "an optimiser that reads do_wd",
        replace=("wrapped = partial(OptimWrapper, opt=torch.optim.SGD, weight_decay=0.1)", "wrapped = own"),
        claim=r"OptimWrapper  *\{'weight': 0\.95, 'bias': 0\.95\}",
    ),
    Sabotage(
        "045fc4e0",
        "torch's defaults for fastai's",
        replace=("in (fast.SGD, fast.Adam)", "in (fast.SGD, fast.RAdam)"),
        claim=r"fastai Adam  \{'mom': 0\.9, 'sqr_mom': 0\.99, 'eps': 1e-05, 'wd': 0\.01",
    ),
    # two cures
    Sabotage(
        "4d200fce",
        "a penalty that does not fall",
        replace=("10.0**-digits * w", "0.1 * w"),
        claim=r"w =  24\.44",
    ),
    Sabotage("2a8b137d", "not trained to the end", replace=("epochs=300", "epochs=3")),
    Sabotage("2a8b137d", "decay in both runs", replace=("in (0, 0.01):", "in (0.01, 0.01):")),
    # Adam
    Sabotage("adam-check", "another δ", at="adam", replace=("delta=1e-8", "delta=1e-5")),
    Sabotage(
        "487245ae",
        "decoupled in both",
        replace=("lr, lam, decoupled)", "lr, lam, True)"),
        claim=r"coupled   \[0\.19 0\.98\]",
    ),
    Sabotage(
        "487245ae",
        "coupled in both",
        replace=("lr, lam, decoupled)", "lr, lam, False)"),
        claim=r"decoupled \[0\.82 0\.82\]",
    ),
    Sabotage(
        "paper-lambda",
        "torch's Adam without W",
        replace=("torch.optim.AdamW", "torch.optim.Adam"),
        claim=r"λ =   1\.0: 0\.3677",
    ),
    Sabotage(
        "adam-rests",
        "AdamW coupled, too",
        replace=("torch.optim.AdamW", "torch.optim.Adam"),
        claim=r"AdamW rests at \[1\. 1\.\]",
    ),
]
