"""What must fail in lesson 09: see `tests/claims/__init__.py`."""

from tests.claims import Sabotage

NO_VERDICTS: dict[str, str] = {}
SABOTAGES: list[Sabotage] = [
    Sabotage(
        "070ab4e6",
        "the loss is summed",
        replace=("y_train)), 2)", 'y_train, reduction="sum")), 2)'),
        claim=r"first loss 2\.33",
    ),
    Sabotage(
        "070ab4e6",
        "the pixels are scaled after all",
        replace=("first_loss(16 * x_train)", "first_loss(x_train)"),
        claim=r"from 0 to 16 7\.25",
    ),
    Sabotage(
        "070ab4e6",
        "the weights are small after all",
        replace=("first_loss(x_train, 30)", "first_loss(x_train)"),
        claim=r"as large 13\.18",
    ),
    Sabotage(
        "e2ce3b14",
        "the network does not train",
        replace=("0.1, 0.9, 1e-4", "1e-5, 0.0, 1e-4"),
        claim=r"MLP                validation NLL 0\.08",
    ),
    Sabotage(
        "turned-labels",
        "a network that has seen nothing",
        at="0713036f",
        replace=('f = models["MLP"].logits(x_test)', "f = MLP(64, 64, 10, seed=0).logits(x_test)"),
        claim=r"costly ones 10 have",
    ),
    Sabotage(
        "6755054c",
        "a model four times as sure",
        replace=("softmax(models[name].logits(unseen))", "softmax(4 * models[name].logits(unseen))"),
        claim=r"softmax regression 0\.914 sure",
    ),
    Sabotage(
        "cb330bc4",
        "biases decay in PyTorch",
        replace=("bridge.parameter_groups(module, 1e-4)", "module.parameters()"),
        claim=r"ε = 0\.1, after   1 steps: same to 1e-10: True",
    ),
    Sabotage(
        "cb330bc4",
        "another momentum",
        replace=("lr=lr, momentum=0.9", "lr=lr, momentum=0.8"),
        claim=r"ε = 0\.1, after 600 steps: same to 1e-10: True",
    ),
    Sabotage(
        "cb330bc4",
        "the sum for the mean in PyTorch",
        replace=("yt[batch]).backward()", 'yt[batch], reduction="sum").backward()'),
    ),
    Sabotage(
        "cb330bc4",
        "the large rate is small",
        replace=("side_by_side(1.0,", "side_by_side(0.01,"),
        claim=r"ε = 1\.0, after 600 steps: same to 1e-10: False",
    ),
    Sabotage("5b2e2221", "another momentum", replace=("mom=0.9", "mom=0.85")),
    Sabotage(
        "b87cdaa9",
        "no decay, nothing to decouple",
        replace=(
            "epochs=5)\n    ours = with_fastai(partial(bridge.our_sgd, mom=0.9), epochs=5)",
            "epochs=5, wd=0.0)\n    ours = with_fastai(partial(bridge.our_sgd, mom=0.9), epochs=5, wd=0.0)",
        ),
    ),
    Sabotage(
        "default-adam",
        "our step for Adam",
        replace=("with_fastai(Adam, lr=None, wd=None)", "with_fastai(partial(bridge.our_sgd, mom=0.9))"),
        claim=r"'sqr_mom': 0\.99, 'lr': 0\.001, 'mom': 0\.9, 'eps': 1e-05",
    ),
    Sabotage(
        "get-preds",
        "logits for probabilities",
        replace=("softmax(mine.logits(x_valid))", "mine.logits(x_valid)"),
    ),
    Sabotage(
        "vision",
        "other objects",
        replace=(
            '{"torch": torch, "nn": torch.nn, "F": torch.nn.functional}',
            '{"torch": torch.nn, "nn": torch.nn.functional, "F": torch}',
        ),
    ),
    Sabotage(
        "6a6de56b",
        "a finder that does not put back",
        replace=(
            "before = bridge.arrays(learn.model)",
            "before = bridge.arrays(bridge.torch_model(MLP(64, 64, 10, seed=1)))",
        ),
    ),
    Sabotage("6a6de56b", "without momentum", replace=("mom=0.9", "mom=0.0"), claim=r"valley: 0\.0282"),
    Sabotage(
        "8362720d",
        "a tenth of each rate",
        replace=("(10, rate)", "(10, rate / 10)"),
        claim=r"0\.03 validation NLL 0\.21 0\.22 0\.20|0\.1 validation NLL 0\.10 0\.11 0\.11"
        r"|0\.3 validation NLL 0\.09 0\.12 0\.09",
    ),
    Sabotage(
        "50c7dbf2",
        "as short as before",
        replace=("in (20, 60)", "in (20, 21)"),
        claim=r"60 epochs: NLL 0\.76",
    ),
    Sabotage(
        "five-starts",
        "strong decay",
        replace=("SGD(model.parameters, lr, 0.9)", "SGD(model.parameters, lr, 0.9, 0.01)"),
    ),
    Sabotage(
        "backward-differences",
        "the sum for the mean",
        replace=(
            "loss = cross_entropy_loss(small.logits(x_train[:20]), y_train[:20])",
            'loss = cross_entropy_loss(small.logits(x_train[:20]), y_train[:20], reduction="sum")',
        ),
    ),
    Sabotage(
        "backward-differences",
        "the gradients of other digits",
        replace=(
            "small.value_and_grads(x_train[:20], y_train[:20])",
            "small.value_and_grads(x_train[20:40], y_train[20:40])",
        ),
    ),
    Sabotage(
        "own-loss-source",
        "a term that the way back does not know",
        replace=(
            "gradcheck(bridge.our_cross_entropy, (",
            "gradcheck(lambda f, y: bridge.our_cross_entropy(f, y) + (f.detach() ** 2).sum(), (",
        ),
    ),
    Sabotage(
        "5b2e2221",
        "biases decay in fastai",
        at="9a3a49d4",
        replace=("metrics=[bridge.NLL()])", "metrics=[bridge.NLL()], wd_bn_bias=True)"),
    ),
    Sabotage("b87cdaa9", "decoupled in both", replace=("decouple_wd=decoupled)", "decouple_wd=True)")),
]
