"""What Python's own error messages mean where learners usually meet them."""

import builtins
import difflib
import inspect
import math
import re
from collections.abc import Callable, Iterable

import numpy as np


def meaning(error: str, known: Iterable[str] = ()) -> tuple[str, str] | None:
    """Return the name of a mistake and a sentence on an error ("NameError: …"), or None.

    `known` are the names that the function has: its arguments and its own variables.
    """
    for name, pattern, said in MEANINGS:
        found = re.search(pattern, error)
        if found:
            return name, said(found, list(known)) if callable(said) else said
    return None


def _did_you_mean(found: re.Match, known: list[str]) -> str:
    name = found.group(1)
    if name in MODULES:
        return f"`{name}` is not imported: `import {MODULES[name]}` above it, or use NumPy."
    unknown = f"`{name}` is neither an argument nor made before that line"
    numpys = OTHER_NAMES.get(name, name)
    if numpys in NUMPYS and not difflib.get_close_matches(name, known, 1, 0.75):
        return f"{unknown}: is NumPy's function meant, `np.{numpys}`?"
    near = difflib.get_close_matches(name, [*known, *dir(builtins), "np", "math"], 1, 0.6)
    meant = f" Did you mean `{near[0]}`?" if near and near[0] != name else ""
    return f"{unknown}: a slip of the pen?{meant}"


MODULES = {
    "math": "math", "torch": "torch", "pd": "pandas as pd", "pandas": "pandas", "scipy": "scipy",
    "random": "random", "F": "torch.nn.functional as F", "itertools": "itertools", "functools": "functools",
    "numpy": "numpy",
}  # fmt: skip


# `dir` also names what is only imported when asked for, and a browser has not: numpy.f2py
NUMPYS = {name for name, it in vars(np).items() if callable(it) and not isinstance(it, type)}
OTHER_NAMES = {  # what learners call it, and what NumPy does
    "ln": "log", "lg": "log10", "avg": "mean", "product": "prod", "root": "sqrt",
    "sqr": "square", "stdev": "std", "variance": "var", "arg_max": "argmax", "arg_min": "argmin",
    "logsumexp": "logaddexp.reduce", "norm": "linalg.norm", "pow": "power",
}  # fmt: skip
IN_NO_NUMPY = {"sigmoid", "softmax", "log_softmax", "expit", "relu", "one_hot", "onehot", "erf"}


def _attribute(found: re.Match, known: list[str]) -> str:
    del known
    module, name = found.groups()
    short, has = ("np", NUMPYS) if module == "numpy" else ("math", set(dir(math)))
    if name in IN_NO_NUMPY and module == "numpy":
        return f"NumPy has no `{name}`: write it out."
    meant = OTHER_NAMES.get(name, "")
    if module == "math" and meant not in has:
        meant, short = ("", short) if name not in NUMPYS else (name, "np")
    near = [meant] if meant else difflib.get_close_matches(name, has, 1, 0.75)
    said = f" Did you mean `{short}.{near[0]}`?" if near else ""
    return f"{'NumPy' if module == 'numpy' else '`math`'} has no `{name}`.{said}"


def _keyword(found: re.Match, known: list[str]) -> str:
    del known
    word, function = found["word"], re.sub(r"^_|_dispatcher$", "", found["function"] or "")
    numpys = getattr(np, function, None)
    if word == "weights" and function in ("mean", "sum"):
        return f"`{function}` knows no weights; `np.average(…, weights=…)` does."
    if isinstance(numpys, np.ufunc):
        return (f"`{function}` works on each entry by itself, so it takes no `{word}`. That belongs to what "
                "goes along an axis: `sum`, `mean`, `max`.")
    if function in ("sum", "max", "min") and word in ("axis", "keepdims"):
        return f"Python's own `{function}` knows no `{word}`; `np.{function}` does."
    try:
        near = difflib.get_close_matches(word, inspect.signature(numpys).parameters, 1, 0.6)
    except (TypeError, ValueError):
        near = []
    said = f"Did you mean `{near[0]}`?" if near else "Look up how it is called."
    return f"There is no argument `{word}` there. {said}"


def _method(found: re.Match, known: list[str]) -> str:
    del known
    kind, name = found.groups()
    if hasattr(np, name):
        return f"`{name}` is no method of this {kind}: write it as a function, `np.{name}(…)`."
    return f"A {kind} has no `{name}`. What does the line before it make?"


Said = str | Callable[[re.Match, list[str]], str]
MEANINGS: list[tuple[str, str, Said]] = [
    ("endless recursion", r"RecursionError", "There must be a case in which it does not call itself."),
    ("unknown name", r"NameError: name '(\w+)' is not defined", _did_you_mean),
    ("used before it is made", r"UnboundLocalError: .*'(\w+)'",
     lambda found, known: f"`{found.group(1)}` is used before it has a value: give it one before the loop or "
                          "the `if`, on a line that is always reached."),
    ("brackets forgotten", r"'(builtin_function_or_)?method'",
     "Is there a method without its brackets, such as `f.max` for `f.max()`?"),
    ("a function without brackets", r"'(numpy\.ufunc|function)'",
     "A function stands there where its result is meant: call it, with brackets."),
    ("unknown to NumPy", r"AttributeError: module '(numpy|math)' has no attribute '(\w+)'", _attribute),
    ("unknown method", r"AttributeError: '([\w.]+)' object has no attribute '(\w+)'", _method),
    ("words of PyTorch", r"unexpected keyword argument '(dim|keepdim)'",
     "`dim` and `keepdim` are PyTorch's words; NumPy says `axis` and `keepdims`."),
    ("unknown keyword", r"(?:(?P<function>\w+)\(\) )?got an unexpected keyword argument '(?P<word>\w+)'",
     _keyword),
    ("unknown keyword", r"'(?P<word>\w+)' is an invalid keyword argument for (?P<function>\w+)", _keyword),
    ("no such axis", r"AxisError: axis (-?\d+) is out of bounds for array of dimension (\d)",
     lambda found, known: "That axis is not there: axes are counted from 0, and −1 is the last."),
    ("xor for power", r"bitwise_xor|unsupported operand type\(s\) for \^",
     "In Python `^` is not the power: write `**`."),
    ("if with an array", r"truth value of an array",
     "`if`, `and`, `or` and `max(a, b)` need one truth value, and an array has one in each entry: use "
     "`np.where`, `&`, `|`, `np.maximum`."),
    ("one number at a time", r"only (length-1|0-dimensional|size-1) arrays can be converted",
     "`math.log`, `math.exp`, `float` and `int` take a single number; for an array use `np.log`, `np.exp`."),
    ("math raises", r"ValueError: (math domain error|expected a positive input)",
     "`math.log(0)` raises an error, as does the root of a negative number. `np.log(0)` is −∞, which is what "
     "the formula means."),
    ("math raises", r"OverflowError: (math range error|.*too large)",
     "`math.exp`, `**` and `math.factorial` raise an error where the result is too large for a float. Write "
     "the formula so that nothing becomes so large."),
    ("divided by 0", r"ZeroDivisionError",
     "Something is divided by 0: which number of this case is it? (A count that starts at 0, or an integer "
     "division that gave 0?)"),
    ("shapes that do not fit", r"operands could not be broadcast together|matmul: .*mismatch|not aligned",
     "The two arrays have shapes that do not fit: is an axis transposed or summed away (`keepdims=True` "
     "keeps it), is a size written into the code, or were the arrays cut by different masks?"),
    ("a size written in the code", r"cannot reshape array",
     "A size is written into the code that this case does not have: take it from the array, `f.shape`."),
    ("position that is not there", r"IndexError: .*(out of bounds|out of range)",
     "A position is asked for that is not there. Is a size written into `range(…)` or `np.arange(…)`, is it "
     "counted from 1, or is something used as a position (rows for columns) that is none?"),
    ("a number is no array", r"object of type '[\w.]*(float|int)\w*' has no len|invalid index to scalar|"
     r"'[\w.]*(float|int)\w*' object is not (iterable|subscriptable)|too many indices",
     "A single number is treated as an array there: it has no length and no entries. (Is it handed in as one "
     "number, or has a sum taken the axis away?)"),
    ("a decimal number as position",
     r"only integers, slices|indices must be integers|cannot be interpreted as an integer",
     "A position or a size must be a whole number, and here it is a decimal one: does `/` make it where `//` "
     "or an index is meant?"),
    ("called like a function", r"'(\w+\.)?\w+' object is not callable",
     "Something that is no function is followed by round brackets: square ones for an entry, or is a `*` "
     "missing? (Or has a variable the name of a function?)"),
    ("arguments missing", r"missing \d+ required positional|takes \d+ positional arguments? but",
     "A function is called with too few or too many arguments. The task says which ones yours must take."),
    ("nothing returned by a helper", r"'NoneType'",
     "`None` is in the calculation: a function without `return`, or a method that changes an array in place "
     "(such as `sort`), gives it."),
    ("no such type of number",
     r"not implemented for '\w+'|expected (scalar type|m1 and m2)|Cannot cast ufunc",
     "The types of numbers do not fit: make floats of whole numbers first (`.double()`, `astype(float)`)."),
    ("an array for a tensor", r"must be Tensor, not",
     "The arguments are NumPy arrays; a function of PyTorch wants `torch.tensor(…)` of them."),
    ("a shape without its brackets", r"Cannot interpret '.*' as a data type",
     "`np.zeros` and the like take the shape as *one* argument, in brackets of its own: `np.zeros((N, K))`."),
    ("weights of another shape", r"Axis must be specified when shapes of a and weights differ",
     "`np.average` wants one weight for each number or, with `axis=0`, one for each row."),
    ("places of another dimension", r"`indices` and `arr` must have the same number of dimensions",
     "`np.take_along_axis` wants the places in an array with as many axes as the other one: one place for "
     "each row is a column, `labels[:, None]`."),
    ("changed while it is gone through", r"(dictionary|Set) changed size during iteration",
     "A dictionary must not gain or lose entries while a loop goes over it: make a new one."),
    ("no such label", r"labels must be whole numbers",
     "A label is handed on that does not exist: the first class is 0, and `label` is the index as it is."),
    ("module missing", r"ModuleNotFoundError|ImportError",
     "This library is not installed here. NumPy is enough for the task."),
]  # fmt: skip
