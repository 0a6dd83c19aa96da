"""What the text of a loop shows: a value that is lost, and a sum that is used before it is complete."""

import ast
import re
from collections.abc import Iterator, Sequence


def loops(tree: ast.AST) -> Iterator[ast.For | ast.While]:
    """Yield the loops of a function, one inside another also by itself."""
    return (node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.While)))


def loaded(node: ast.AST) -> set[str]:
    """Return the names whose values are used."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def lost(tree: ast.AST) -> str:
    """Find a loop that gives its own variable another value, of which nothing is made."""
    for loop in loops(tree):
        own = _names(loop.target) if isinstance(loop, ast.For) else set()
        inside = {id(node) for node in ast.walk(loop)}
        for line in ast.walk(loop):
            name = _set_by(line)
            if name in own and not any(
                    isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load)
                    and (id(one) not in inside or one.lineno > line.end_lineno) for one in ast.walk(tree)):
                return (f"`{ast.unparse(line)}` gives only the name `{name}` another value: what the loop "
                        "goes through stays as it was. Write the new value into its place (`e[i] = …`), or "
                        "collect the new values.")
    return ""


def sum_so_far(tree: ast.AST) -> str:
    """Find a sum that is used in the very loop that still adds to it."""
    for loop in loops(tree):
        inner = {id(node) for other in loops(loop) if other is not loop for node in ast.walk(other)}
        lines = [line for line in ast.walk(loop) if id(line) not in inner
                 and isinstance(line, (ast.Assign, ast.AugAssign, ast.Expr))]
        for grows in lines:
            name = _added_to(grows)
            if not name or not _begins_at_0(tree, loop, name) or name in _needed(grows, lines):
                continue
            used = next((line for line in lines if line is not grows and name in loaded(line.value)
                         and _kept(line, lines)), None)
            if used:
                return (f"`{name}` is used (in `{ast.unparse(used)}`) in the very loop that still adds to "
                        "it: there it is the sum so far, not the whole. Let the loop end first.")
    return ""


def halved(tree: ast.AST) -> str:
    """Find a mean that is made anew in every round from the mean so far and the next value."""
    for loop in loops(tree):
        for line in ast.walk(loop):
            name, value = _set_by(line), getattr(line, "value", None)
            half = isinstance(value, ast.BinOp) and (
                value.left if isinstance(value.op, ast.Div) and ast.unparse(value.right) == "2" else
                value.right if isinstance(value.op, ast.Mult) and ast.unparse(value.left) == "0.5" else None)
            if name and isinstance(half, ast.BinOp) and isinstance(half.op, ast.Add) and name in loaded(half):
                return (f"`{ast.unparse(line)}` halves all that came before in every round: the last value "
                        "counts half, the first ones hardly. Add up, and divide once, after the loop.")
    return ""


def _names(target: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def _set_by(line: ast.AST) -> str:
    """Return the variable to which a line gives a value; "" for other lines, and for entries of arrays."""
    target = line.targets[0] if isinstance(line, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _added_to(line: ast.stmt) -> str:
    """Return the variable to which a line adds what is computed, not what is counted: `s += v`."""
    if isinstance(line, ast.AugAssign):
        name, value = getattr(line.target, "id", ""), line.value
        adds = isinstance(line.op, ast.Add)
    else:
        name, value = _set_by(line), getattr(line, "value", None)
        adds = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add)
        sides = [value.left, value.right] if adds else []
        adds = name in [getattr(one, "id", None) for one in sides]
        value = next((one for one in sides if getattr(one, "id", None) != name), None)
    return name if adds and not isinstance(value, ast.Constant) else ""


def _begins_at_0(tree: ast.AST, loop: ast.AST, name: str) -> bool:
    """Tell whether a variable is set to 0 before the loop, and not in it."""
    inside = {id(node) for node in ast.walk(loop)}
    zeros = [line for line in ast.walk(tree) if isinstance(line, ast.Assign)
             and re.search(rf"\b{name}\b.* = .*(\b0\b|zeros)", ast.unparse(line))]
    return bool(zeros) and not any(id(line) in inside for line in zeros)


def _needed(grows: ast.stmt, lines: Sequence[ast.stmt]) -> set[str]:
    """Return the names from which the loop computes what is added, round by round."""
    own = _added_to(grows)
    needed: set[str] = set()
    more = loaded(grows.value) - ({own} if isinstance(grows, ast.Assign) else set())
    while more - needed:
        needed |= more
        more = set().union(*(loaded(line.value) for line in lines
                             if line is not grows and _set_names(line) & needed))
    return needed


def _set_names(line: ast.stmt) -> set[str]:
    targets = [line.target] if isinstance(line, ast.AugAssign) else getattr(line, "targets", [])
    return set().union(*map(_names, targets)) if targets else set()


def _kept(line: ast.stmt, lines: Sequence[ast.stmt]) -> bool:
    """Tell whether the loop adds up, collects or goes on using what a line makes."""
    name = _set_by(line)
    if name:
        return any(name in loaded(other) for other in lines if other is not line)
    return not isinstance(line, ast.Expr) or bool(re.search(r"\.(append|extend)\(", ast.unparse(line)))
