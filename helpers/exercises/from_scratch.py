"""Whether a learner's function leaves the work to the course's own `helpers`."""

import dis
import sys
from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType, ModuleType


def borrowed(answer: object) -> str | None:
    """Return the first name by which a function uses something of `helpers`, or None.

    Functions that the learner wrote beside it, and that it uses, are looked into as well. What `check` put in
    the place of a wrong answer to an earlier exercise is the learner's to use: it lives in
    `helpers.exercises`, where the references of all exercises are defined.
    """
    answer = _unwrapped(answer)
    todo, seen = [(getattr(answer, "__name__", "a function"), answer)], []
    while todo:
        name, thing = todo.pop(0)
        if _of_helpers(thing):
            return name
        own = isinstance(thing, FunctionType) and thing.__globals__ is answer.__globals__
        if own and thing not in seen:
            seen.append(thing)
            todo += [(name, _unwrapped(used)) for name, used in used_names(thing)]
    return None


def uses_single(answer: object) -> bool:
    """Tell whether a function asks for float32 by name (NumPy), or by `.float()` of a tensor."""
    function = _unwrapped(answer)
    codes = _codes(function.__code__) if isinstance(function, FunctionType) else ()
    names = {name for one in codes for name in (*one.co_names, *one.co_consts) if isinstance(name, str)}
    return bool(names & {"float32", "single"}) or {"torch", "float"} <= names


def constants(answer: object) -> set[float]:
    """Return the numbers that stand in the text of a function."""
    function = _unwrapped(answer)
    codes = _codes(function.__code__) if isinstance(function, FunctionType) else ()
    return {one for code in codes for one in code.co_consts if type(one) in (int, float)}


def read_arguments(answer: object) -> set[int]:
    """Return the places of the arguments that a function looks at."""
    function = _unwrapped(answer)
    if not isinstance(function, FunctionType):
        return set()
    read: set[str] = set()
    for step in dis.get_instructions(function.__code__):
        if step.opname.startswith("LOAD"):
            read.update(step.argval if isinstance(step.argval, tuple) else [str(step.argval)])
    own = function.__code__.co_varnames[: function.__code__.co_argcount]
    return {place for place, name in enumerate(own) if name in read}


def _unwrapped(thing: object) -> object:
    return _unwrapped(thing.func) if isinstance(thing, partial) else thing


def used_names(function: FunctionType) -> Iterator[tuple[str, object]]:
    """Yield the names that a function looks up outside itself, and what they stand for at present."""
    for code in _codes(function.__code__):
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval in function.__globals__:
                yield step.argval, function.__globals__[step.argval]
            elif step.opname == "IMPORT_NAME":
                yield step.argval, sys.modules.get(step.argval)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not bound yet
            continue
    for default in [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]:
        yield getattr(default, "__name__", "a default"), default


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function and of what is defined inside it: functions, lambdas, comprehensions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _of_helpers(thing: object) -> bool:
    if not callable(thing) and not isinstance(thing, ModuleType):
        return False
    home = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", None)
    path = home.split(".") if isinstance(home, str) else []
    return path[:1] == ["helpers"] and path[:2] != ["helpers", "exercises"]
