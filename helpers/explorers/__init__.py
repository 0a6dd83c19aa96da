"""The live figures: one file per explorer, all on `live_figure.py`.

Each works alone, in any notebook:

    from helpers.explorers import Softmax
    Softmax(T=2)

The class in an explorer's file knows of no widgets; what is imported from here is the widget of it.
"""

import importlib

_FILES = {
    "CoinLikelihood": "coin_likelihood",
    "DieLikelihood": "die_likelihood",
    "Likelihood": "likelihood",
    "LabelledExamples": "labelled_examples",
    "ManyFactors": "many_factors",
    "Sigmoid": "sigmoid",
    "FirstLoss": "first_loss",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "TwoLosses": "two_losses",
    "CrossEntropy": "cross_entropy",
    "ForwardReverse": "forward_reverse",
    "OneProblem": "one_problem",
    "Bettor": "bettor",
    "ClassifierLoss": "classifier_loss",
    "Separable": "separable",
    "WhichNumber": "which_number",
    "SoftmaxJacobian": "softmax_jacobian",
    "SoftmaxGradient": "softmax_gradient",
    "Saturation": "saturation",
    "Stability": "stability",
    "LearningRate": "learning_rate",
    "Momentum": "momentum",
    "Roots": "roots",
    "RealBowl": "real_bowl",
    "Ridge": "ridge",
    "WeightDecay": "weight_decay",
    "RateFinder": "rate_finder",
    "TrainingRun": "training_run",
}
__all__ = list(_FILES)


def core(name: str) -> type:
    """Return the explorer `name` as its file has it: without widgets, for wherever Python runs."""
    return getattr(importlib.import_module(f"helpers.explorers.{_FILES[name]}"), name)


def __getattr__(name: str):
    """Import the file of an explorer when it is first asked for: no lesson pays for another's libraries."""
    if name not in _FILES:
        raise AttributeError(f"there is no explorer {name!r}; there are {', '.join(__all__)}")
    from helpers.explorers.notebook import in_notebook  # only now: a web page has no ipywidgets

    return in_notebook(core(name))
