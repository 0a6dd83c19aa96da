"""Recognise a wrong answer as a right one with one small change: a term left out, a sign, an axis.

Every expression of the solution is changed in turn, the changed solution is run on the cases, and the first
change that gives in every case what the answer gave is said. So mistakes are named that nobody wrote down.
"""

import ast
from collections.abc import Iterator, Sequence

import numpy as np

from helpers.exercises.plain import Plain, same
from helpers.exercises.trial import Outcome, Trial, run

TIGHT = 1e-9
FUNCTIONS = {
    "sum": ("mean", "max"), "mean": ("sum",), "max": ("min", "sum", "mean"), "min": ("max",),
    "argmax": ("argmin",), "argmin": ("argmax",), "log": ("log2", "log10", "log1p"), "log1p": ("log",),
    "exp": ("expm1",), "expm1": ("exp",), "sqrt": ("square",), "std": ("var",), "var": ("std",),
    "any": ("all",), "all": ("any",), "maximum": ("minimum",), "minimum": ("maximum",),
    "zeros": ("ones",), "ones": ("zeros",), "zeros_like": ("ones_like",), "ones_like": ("zeros_like",),
}  # fmt: skip
OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add, ast.Div), ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.Sub), ast.Pow: (ast.Mult, ast.Div), ast.MatMult: (ast.Mult,),
}  # fmt: skip
NOT_COMMUTING = (ast.Sub, ast.Div, ast.Pow, ast.MatMult)
TELLING = ("ValueError", "IndexError")  # errors whose message says enough to recognise a change by it
Edit = tuple[ast.AST, str, object]  # the new value of a node's field


def as_if_changed(
    solutions: Sequence[str], name: str, trials: Sequence[Trial], floor: float = 1e-12
) -> str:
    """Say which small change of a right answer gives what was given in every trial; "" if none does."""
    if not _can_tell(trials):
        return ""
    trials = sorted(trials, key=lambda trial: trial.right)
    for tree in map(ast.parse, solutions):
        if any(isinstance(node, ast.While) for node in ast.walk(tree)):  # changed, it might not end
            continue
        for edits, said in _changes(tree):
            answer = _made(tree, name, edits)
            if answer and all(_alike(run(answer, trial.given), trial.got, floor) for trial in trials):
                error = trials[0].got.error
                start = f"It raises {error}. That" if error else "Your results are what"
                return f"{start}{' is what' if error else ''} comes of a right answer {said}."
    return ""


def _can_tell(trials: Sequence[Trial]) -> bool:
    """Tell whether there is enough to compare: errors with their messages, or three different numbers."""
    wrong = [trial.got for trial in trials if not trial.right]
    if all(got.error for got in wrong):
        return bool(wrong) and all(got.error_name in TELLING for got in wrong)
    numbers = np.concatenate([np.ravel(_numbers(trial.got.value)) for trial in trials])
    some = np.concatenate([np.ravel(_numbers(got.value)) for got in wrong])
    return len(set(np.round(numbers, 12))) >= 3 and some.size > 0 and bool(np.isfinite(some).any())


def _numbers(value: Plain) -> np.ndarray:
    if isinstance(value, (tuple, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return np.concatenate([np.ravel(_numbers(part)) for part in parts] or [np.zeros(0)])
    return value if isinstance(value, np.ndarray) and value.dtype.kind == "f" else np.zeros(0)


def _alike(mine: Outcome, got: Outcome, floor: float) -> bool:
    return mine.error == got.error and same(mine.value, got.value, TIGHT, floor)


def _made(tree: ast.Module, name: str, edits: Sequence[Edit]) -> object:
    space: dict = {"np": np}
    before = [getattr(node, field) for node, field, _ in edits]
    try:
        for node, field, new in edits:
            setattr(node, field, new)
            for one in new if isinstance(new, list) else [new]:
                if isinstance(one, ast.AST):
                    ast.fix_missing_locations(one)  # of the whole tree it would take half the time
        exec(compile(tree, "<solution>", "exec"), space)
    except Exception:  # this change makes no program
        return None
    finally:
        for (node, field, _), old in reversed([*zip(edits, before, strict=True)]):
            setattr(node, field, old)
    return space.get(name)


def _changes(tree: ast.Module) -> Iterator[tuple[list[Edit], str]]:
    """Yield one change after the other, and how to say it: of one place, then of all alike."""
    parents, names = parents_of(tree), names_of(tree)
    made = {line.targets[0].id: line.value for line in ast.walk(tree)
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store):
            parent, field = parents[id(node)]
            for new in instead(node, parent, names):
                if field == "test" and isinstance(new, ast.Name):  # nobody asks whether an array is true
                    continue
                value = put(new, node, parent, field)
                yield [(parent, field, value)], _said(node, new, parent, field, value)
            new, what = _so_far(node, made)
            if new:
                yield ([(parent, field, put(new, node, parent, field))],
                       f"with the {what} so far in place of `{shortened(ast.unparse(node))}`, as in a loop "
                       "that uses it before its last round")
        for field in ("body", "orelse"):
            lines = getattr(node, field, None)
            for line in lines if isinstance(lines, list) and len(lines) > 1 else []:
                if not isinstance(line, ast.Return):
                    rest = [one for one in lines if one is not line]
                    yield [(node, field, rest)], f"without its line `{shortened(ast.unparse(line))}`"
    yield from _changes_of_all(tree, parents, names)


SO_FAR = {
    "sum": "np.cumsum({0}, axis={1})", "max": "np.maximum.accumulate({0}, axis={1})",
    "min": "np.minimum.accumulate({0}, axis={1})", "mean": "np.cumsum({0}) / np.arange(1, np.size({0}) + 1)",
}  # fmt: skip


def _so_far(node: ast.expr, made: dict[str, ast.expr]) -> tuple[ast.expr | None, str]:
    """Return what a loop has of a sum, mean or maximum in each round, and what it is called.

    made: what the variables of the solution stand for; a name is looked up in it.
    """
    call = made.get(node.id) if isinstance(node, ast.Name) else node
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.args:
        return None, ""
    axis = next((ast.unparse(one.value) for one in call.keywords if one.arg == "axis"), "-1")
    form = SO_FAR.get(call.func.attr, "")
    if not form or (call.func.attr == "mean" and call.keywords):
        return None, ""
    what = {"max": "largest", "min": "smallest"}.get(call.func.attr, call.func.attr)
    return ast.parse(form.format(ast.unparse(call.func.value), axis), mode="eval").body, what


def _changes_of_all(tree: ast.Module, parents: dict, names: Sequence[str]) -> Iterator:
    """Yield the changes that stand wherever the same name or expression stands."""
    alike: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        name = isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)
        if name or isinstance(node, (ast.BinOp, ast.Call)):
            alike.setdefault(ast.unparse(node), []).append(node)
    for text, nodes in sorted(alike.items(), key=lambda one: -len(one[0])):  # the longest say most
        places = [parents[id(node)] for node in nodes]
        if len({(id(parent), field) for parent, field in places}) < len(places):  # twice in one list
            continue
        first = nodes[0]
        forms = [ast.Constant(1), ast.Constant(0), ast.BinOp(ast.Constant(1), ast.Sub(), first),
                 ast.UnaryOp(ast.USub(), first), ast.BinOp(first, ast.Pow(), ast.Constant(2))]
        if len(nodes) > 1:
            forms += instead(first, ast.Module(), names)
        for new in forms:
            everywhere = " everywhere" if len(nodes) > 1 else ""
            yield ([(*place, put(new, node, *place)) for node, place in zip(nodes, places, strict=True)],
                   f"with `{shortened(ast.unparse(new))}` in place of `{shortened(text)}`{everywhere}")


def parents_of(tree: ast.AST) -> dict[int, tuple[ast.AST, str]]:
    """Return by its `id` where each node of a tree stands: in which field of which other."""
    return {id(child): (parent, field) for parent in ast.walk(tree)
            for field, value in ast.iter_fields(parent)
            for child in (value if isinstance(value, list) else [value])}


def put(new: ast.expr, node: ast.expr, parent: ast.AST, field: str) -> object:
    """Return what the field is to be if `new` stands where `node` stood; other nodes may share the field."""
    kept = getattr(parent, field)
    return [new if one is node else one for one in kept] if isinstance(kept, list) else new


def _said(node: ast.expr, new: ast.expr, parent: ast.AST, field: str, value: object) -> str:
    """Say what stands in place of what; for a single name or number with what is round it."""
    before, after = ast.unparse(node), ast.unparse(new)
    if isinstance(parent, ast.expr) and (isinstance(node, (ast.Name, ast.Constant)) or len(before) < 4):
        before, kept = ast.unparse(parent), getattr(parent, field)
        setattr(parent, field, value)
        after = ast.unparse(parent)
        setattr(parent, field, kept)
    return f"with `{shortened(after)}` in place of `{shortened(before)}`"


def shortened(text: str) -> str:
    """Return the first line of a text, at most 80 characters of it."""
    line = text.splitlines()[0]
    return line if len(line) <= 80 else f"{line[:80]}…"


def names_of(tree: ast.AST) -> list[str]:
    """Return the names of the arguments and of what the solution computes on its way."""
    arguments = [one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)]
    made = [one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
    return list(dict.fromkeys([*arguments, *made]))


def instead(node: ast.expr, parent: ast.AST, names: Sequence[str]) -> Iterator[ast.expr]:
    """Yield what learners write in place of an expression, the likely first."""
    if isinstance(node, ast.BinOp):
        yield from _instead_of_two(node)
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Add, ast.Sub)):
        yield from (ast.BinOp(ast.Constant(2), ast.Mult(), node), ast.BinOp(node, ast.Div(), ast.Constant(2)),
                    ast.BinOp(node, ast.Pow(), ast.Constant(2)))
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.Call):
        yield from _instead_of_call(node)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    if isinstance(node, ast.Subscript):
        yield node.value
        if isinstance(node.slice, (ast.Name, ast.Call)):
            for by in (1, -1):
                moved = ast.BinOp(node.slice, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))
                yield ast.Subscript(node.value, moved, node.ctx)
            for place in (0, -1):
                yield ast.Subscript(node.value, ast.Constant(place), node.ctx)
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse, ast.IfExp(node.test, node.orelse, node.body))
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        other = ast.NotEq() if isinstance(node.ops[0], ast.Eq) else ast.Eq()
        yield ast.Compare(node.left, [other, *node.ops[1:]], node.comparators)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        near = (node.value + 1, node.value - 1) if float(node.value).is_integer() else ()
        yield from (ast.Constant(value) for value in (*near, 1) if value != 0)
    if isinstance(node, ast.Name) and node.id in names:
        yield from (ast.Name(name, ast.Load()) for name in names if name != node.id)
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        yield ast.Tuple(node.elts[::-1], node.ctx)


def _instead_of_two(node: ast.BinOp) -> Iterator[ast.expr]:
    yield node.left
    yield node.right
    for operator in OPERATORS.get(type(node.op), ()):
        yield ast.BinOp(node.left, operator(), node.right)
    if isinstance(node.op, ast.Sub):
        yield ast.UnaryOp(ast.USub(), node.right)
    if isinstance(node.op, NOT_COMMUTING):
        yield ast.BinOp(node.right, node.op, node.left)
    left, right = (ast.unparse(side) for side in (node.left, node.right))
    sign = ast.unparse(ast.BinOp(ast.Name("a", ast.Load()), node.op, ast.Name("b", ast.Load())))[1:-1]
    without = ast.parse(f"{left}{sign}{right}", mode="eval").body  # a bracket forgotten
    if ast.dump(without) != ast.dump(node):
        yield without


def _instead_of_call(node: ast.Call) -> Iterator[ast.expr]:
    named = isinstance(node.func, ast.Attribute)
    for other in FUNCTIONS.get(node.func.attr, ()) if named else ():
        yield ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)
    for keyword in node.keywords:
        rest = [one for one in node.keywords if one is not keyword]
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            turned = ast.keyword("axis", ast.Constant(1 - keyword.value.value))
            yield ast.Call(node.func, node.args, [turned, *rest])
        yield ast.Call(node.func, node.args, rest)
    if len(node.args) == 2:
        yield ast.Call(node.func, node.args[::-1], node.keywords)
    if len(node.args) == 1:
        yield node.args[0]
    if named and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "np"):
        yield node.func.value
