"""The classifiers: backward passes as autograd has them, and training that PyTorch repeats exactly."""

import inspect
import itertools
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch.nn import functional

from helpers.gradients import compare, numerical_gradient
from helpers.losses import cross_entropy_loss, sigmoid_mse_value_and_grad
from helpers.models import MLP, LinearClassifier, accuracy, epoch_batches, train
from helpers.optim import SGD

MODELS = {"linear": lambda **kw: LinearClassifier(4, 3, **kw), "mlp": lambda **kw: MLP(4, 6, 3, **kw)}
every_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS.keys())


def blobs(n=90, seed=0):
    """Three overlapping clouds of points in four dimensions."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    return rng.normal(size=(n, 4)) + 2 * np.eye(4)[labels], labels


def with_random_biases(model):
    """A wrong gradient must not hide behind a bias of zero."""
    rng = np.random.default_rng(1)
    for p in model.parameters.values():
        p += 0.3 * rng.normal(size=p.shape)
    return model


def torch_logits(parameters, x):
    p = list(parameters.values())
    for weight, bias in zip(p[:-2:2], p[1:-2:2], strict=True):
        x = torch.relu(functional.linear(x, weight, bias))
    return functional.linear(x, p[-2], p[-1])


# The backward pass


@every_model
def test_logits_and_gradients_agree_with_autograd(make):
    model, (x, labels) = with_random_biases(make()), blobs()
    theirs = {name: torch.tensor(p, requires_grad=True) for name, p in model.parameters.items()}
    f = torch_logits(theirs, torch.tensor(x))
    loss = functional.cross_entropy(f, torch.tensor(labels))
    loss.backward()
    ours, grads = model.value_and_grads(x, labels)
    np.testing.assert_allclose(model.logits(x), f.detach(), rtol=1e-12, atol=1e-14)
    assert ours == pytest.approx(loss.item(), rel=1e-13)
    assert list(grads) == list(model.parameters)
    for name, p in theirs.items():
        np.testing.assert_allclose(grads[name], p.grad, rtol=1e-10, atol=1e-14)


@every_model
@pytest.mark.parametrize("soft", [False, True])
def test_gradients_agree_with_finite_differences(make, soft):
    model, (x, labels) = with_random_biases(make()), blobs(12)
    targets = np.random.default_rng(2).dirichlet(np.ones(3), size=12) if soft else labels
    _, grads = model.value_and_grads(x, targets)
    for name, p in model.parameters.items():

        def loss(value, name=name):
            moved = make()
            moved.parameters = {**model.parameters, name: value}
            return cross_entropy_loss(moved.logits(x), targets)

        assert compare(grads[name], numerical_gradient(loss, p), name).endswith("yes")


def test_another_loss_can_be_trained():
    model, (x, labels) = MODELS["linear"](), blobs()
    loss, grads = model.value_and_grads(x, labels, sigmoid_mse_value_and_grad)
    assert loss == pytest.approx(sigmoid_mse_value_and_grad(model.logits(x), labels)[0], rel=1e-14)
    w = model.parameters["weight"]

    def value(w):
        return sigmoid_mse_value_and_grad(x @ w.T + model.parameters["bias"], labels)[0]

    np.testing.assert_allclose(grads["weight"], numerical_gradient(value, w), atol=1e-9)


# Starting values


@every_model
def test_parameters_are_seeded_and_named_as_in_pytorch(make):
    a, b, c = make(seed=3), make(seed=3), make(seed=4)
    for name, p in a.parameters.items():
        np.testing.assert_array_equal(p, b.parameters[name])
        if name.endswith("weight"):
            assert not np.array_equal(p, c.parameters[name])
            assert 0.5 < np.abs(p).max() * np.sqrt(p.shape[1]) <= 1
        else:
            assert name.split(".")[-1] == "bias"
            assert not p.any()
    shapes = [p.shape for p in a.parameters.values()]
    assert shapes == [(3, 4), (3,)] or shapes == [(6, 4), (6,), (3, 6), (3,)]


@every_model
def test_a_model_computes_in_the_type_of_its_parameters(make):
    model, (x, labels) = make(dtype=np.float32), blobs()
    loss, grads = model.value_and_grads(x, labels)
    assert model.logits(x).dtype == loss.dtype == np.float32
    assert all(g.dtype == np.float32 for g in grads.values())


# Training


@pytest.mark.parametrize(("n", "size", "epoch"), [(10, 3, 0), (10, 5, 2), (10, 10, 1), (3, 10, 0), (1, 1, 0)])
def test_an_epoch_visits_every_example_once(n, size, epoch):
    batches = epoch_batches(n, size, epoch, seed=1)
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert all(len(batch) == size for batch in batches[:-1])
    assert 1 <= len(batches[-1]) <= size


def test_batches_depend_on_the_seed_and_the_epoch_and_on_nothing_else():
    def order(*args):
        return np.concatenate(epoch_batches(*args)).tolist()

    assert order(20, 4, 0, 1) == order(20, 4, 0, 1) == order(20, 5, 0, 1)
    assert order(20, 4, 0, 1) != order(20, 4, 1, 1)
    assert order(20, 4, 0, 1) != order(20, 4, 0, 2)
    assert order(6, 4, 1, 0) == [1, 4, 3, 0, 2, 5]  # the outputs saved in the lessons rest on it


@every_model
def test_training_in_pytorch_gives_the_same_numbers(make):
    model, (x, labels) = make(), blobs()
    theirs = {name: torch.tensor(p, requires_grad=True) for name, p in model.parameters.items()}
    weights = [p for name, p in theirs.items() if name.endswith("weight")]
    biases = [p for name, p in theirs.items() if name.endswith("bias")]
    groups = [{"params": weights}, {"params": biases, "weight_decay": 0.0}]
    reference = torch.optim.SGD(groups, lr=0.1, momentum=0.9, weight_decay=1e-3)
    losses = []
    for epoch in range(5):
        for batch in epoch_batches(len(x), 16, epoch, seed=7):
            reference.zero_grad()
            loss = functional.cross_entropy(
                torch_logits(theirs, torch.tensor(x[batch])), torch.tensor(labels[batch])
            )
            loss.backward()
            reference.step()
            losses.append(loss.item())
    optimizer = SGD(model.parameters, lr=0.1, momentum=0.9, weight_decay=1e-3)
    steps = list(train(model, optimizer, x, labels, epochs=5, batch_size=16, seed=7))
    assert [epoch for epoch, _ in steps] == [e for e in range(5) for _ in range(6)]
    np.testing.assert_allclose([loss for _, loss in steps], losses, rtol=1e-10)
    for name, p in theirs.items():
        np.testing.assert_allclose(model.parameters[name], p.detach(), rtol=1e-9, atol=1e-12)


@every_model
def test_training_learns_and_can_be_stopped(make):
    model, (x, labels) = make(), blobs()
    loop = train(model, SGD(model.parameters, lr=0.1, momentum=0.9), x, labels, epochs=1000, batch_size=30)
    assert inspect.isgenerator(loop)
    start = {name: p.copy() for name, p in model.parameters.items()}
    first = next(loop)
    assert first == (0, pytest.approx(float(cross_entropy_loss(*first_batch(make(), x, labels)))))
    assert any(not np.array_equal(start[name], p) for name, p in model.parameters.items())
    *_, (epoch, loss) = itertools.islice(loop, 299)
    assert epoch == 99
    assert loss < first[1] / 2
    assert accuracy(model.logits(x), labels) > 0.85
    loop.close()


def first_batch(model, x, labels):
    batch = epoch_batches(len(x), 30, 0)[0]
    return model.logits(x[batch]), labels[batch]


@pytest.mark.filterwarnings("error")
def test_a_diverging_run_says_so():
    model, (x, labels) = MODELS["mlp"](), blobs()
    with pytest.raises(ValueError, match="logits must be finite"):
        list(train(model, SGD(model.parameters, lr=1e200), x, labels, epochs=5, batch_size=30))


def test_accuracy():
    f = [[2.0, 1, 0], [0, 2, 1], [0, 1, 2], [1, 1, 0]]
    assert accuracy(f, [0, 1, 2, 0]) == 1
    assert accuracy(f, [0, 1, 0, 1]) == 0.5


def started(model, optimizer=None, x=((1.0,),), targets=(0,)):
    optimizer = SGD(model.parameters if model else {}, 0.1) if optimizer is None else optimizer
    return next(train(model, optimizer, x, targets, epochs=1, batch_size=1))


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: LinearClassifier(1, 3).logits([[np.inf]]),
            ValueError,
            "x must be finite, got inf at index [0, 0].",
        ),
        (
            lambda: LinearClassifier(0, 3),
            ValueError,
            "n_features must be a whole number of at least 1, got 0.",
        ),
        (lambda: LinearClassifier(4, 2.5), TypeError, "n_classes must be a whole number, got 2.5."),
        (lambda: MLP(4, 0, 3), ValueError, "n_hidden must be a whole number of at least 1, got 0."),
        (lambda: MLP(4, 5, 3, seed=-1), ValueError, "seed must be a whole number of at least 0, got -1."),
        (lambda: MLP(4, 5, 3, dtype=int), TypeError, "dtype must be a float type such as float32"),
        (
            lambda: MLP(4, 5, 3).logits([[1, 2]]),
            ValueError,
            "x must have the shape (N, 4), N examples, got (1, 2).",
        ),
        (
            lambda: LinearClassifier(2, 3).logits([1, 2]),
            ValueError,
            "x must have the shape (N, 2), N examples",
        ),
        (
            lambda: LinearClassifier(1, 2).value_and_grads([[1]], [2]),
            ValueError,
            "targets must be whole numbers 0…1",
        ),
        (
            lambda: epoch_batches(0, 1, 0),
            ValueError,
            "n_examples must be a whole number of at least 1, got 0.",
        ),
        (
            lambda: epoch_batches(1, 0, 0),
            ValueError,
            "batch_size must be a whole number of at least 1, got 0.",
        ),
        (lambda: epoch_batches(1, 1, -1), ValueError, "epoch must be a whole number of at least 0, got -1."),
        (
            lambda: accuracy([[1, 2]], [2]),
            ValueError,
            "labels must be whole numbers 0…1, got 2 at index [0].",
        ),
        (lambda: accuracy(np.zeros((0, 2)), []), ValueError, "logits must have at least one entry"),
        (
            lambda: started(LinearClassifier(1, 2), targets=[0, 1]),
            ValueError,
            "x and targets must have one row",
        ),
        (lambda: started(None), TypeError, "model must have a method value_and_grads, got None."),
        (
            lambda: started(LinearClassifier(1, 2), optimizer=0.1),
            TypeError,
            "optimizer must have a method step",
        ),
    ],
)
def test_bad_arguments_are_named(call, error, sentence):
    with pytest.raises(error) as caught:
        call()
    assert sentence in str(caught.value)


def test_the_mathematics_needs_numpy_and_nothing_heavy():
    code = (
        "import sys, helpers; from helpers import softmax, probability, losses, gradients, optim, models; "
        "print({'matplotlib', 'ipywidgets', 'torch', 'fastai', 'scipy'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
