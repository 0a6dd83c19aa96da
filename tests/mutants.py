"""Systematic small changes of a solution: each is a wrong program that a check must not accept."""

import ast
import copy
from collections.abc import Iterator

SWAPS = {
    "sum": ["mean", "max"], "mean": ["sum"], "max": ["min"], "min": ["max"],
    "argmax": ["argmin"], "argmin": ["argmax"],
    "log": ["log2", "log10", "log1p"], "log1p": ["log"], "exp": ["exp2", "expm1"], "expm1": ["exp"],
    "sqrt": ["square"], "square": ["abs"], "zeros_like": ["ones_like"], "ones_like": ["zeros_like"],
    "zeros": ["ones"], "ones": ["zeros"], "std": ["var"], "var": ["std"], "any": ["all"], "all": ["any"],
    "maximum": ["minimum"], "minimum": ["maximum"], "median": ["mean"], "logaddexp": ["hypot"],
}  # fmt: skip
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
             ast.FloorDiv: ast.Div, ast.MatMult: ast.Mult}  # fmt: skip
COMPARISONS = {ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.Lt],
               ast.GtE: [ast.Gt, ast.Lt], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot],
               ast.IsNot: [ast.Is], ast.In: [ast.NotIn], ast.NotIn: [ast.In]}  # fmt: skip


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield, for every small change of a program, what was changed, and the program as changed."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for number, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            mutant = copy.deepcopy(tree)
            place = list(ast.walk(mutant))[number]
            if not change(place, mutant):
                continue
            text = ast.unparse(ast.fix_missing_locations(mutant))
            if text not in seen:
                seen.add(text)
                yield _difference(ast.unparse(tree), text), text


def _difference(before: str, after: str) -> str:
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    lines = [(a, b) for a, b in pairs if a != b]
    if not lines:
        return f"without {before.splitlines()[-1]}"
    return f"{lines[0][0].strip()}  →  {lines[0][1].strip()}"


def _changes(node: ast.AST):
    """Yield functions that change this node in a copy of the tree; each says whether it could."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS:
            yield lambda n, t: _set(n, op=OPERATORS[type(n.op)]())
        yield lambda n, t: _replace(t, n, n.left)
        yield lambda n, t: _replace(t, n, n.right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.MatMult):
            yield lambda n, t: _set(n, left=n.right, right=n.left)
    if isinstance(node, ast.UnaryOp):
        yield lambda n, t: _replace(t, n, n.operand)
    if isinstance(node, ast.Compare):
        for new in COMPARISONS.get(type(node.ops[0]), []):
            yield lambda n, t, new=new: _set(n, ops=[new(), *n.ops[1:]])
    if isinstance(node, ast.BoolOp):
        yield lambda n, t: _set(n, op=ast.Or() if isinstance(n.op, ast.And) else ast.And())
        yield lambda n, t: _replace(t, n, n.values[0])
    if isinstance(node, ast.Constant):
        yield from _constants(node.value)
    if isinstance(node, ast.Call):
        yield from _calls(node)
    if isinstance(node, ast.Attribute):
        for new in SWAPS.get(node.attr, []):
            yield lambda n, t, new=new: _set(n, attr=new)
        if node.attr == "T":
            yield lambda n, t: _replace(t, n, n.value)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield lambda n, t: _replace(t, n, n.value)
        if isinstance(node.slice, ast.Name | ast.Call):
            for by in (1, -1):
                yield lambda n, t, by=by: _set(n, slice=ast.BinOp(n.slice, ast.Add(), ast.Constant(by)))
            yield lambda n, t: _set(n, slice=ast.Constant(0))
            yield lambda n, t: _set(n, slice=ast.UnaryOp(ast.USub(), ast.Constant(1)))
    if isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield lambda n, t: _set(n, op=OPERATORS[type(n.op)]())
    if isinstance(node, ast.FunctionDef | ast.For | ast.If | ast.While):
        for place, statement in enumerate(node.body):
            if len(node.body) > 1 and not isinstance(statement, ast.Return):
                yield lambda n, t, place=place: _set(n, body=n.body[:place] + n.body[place + 1:])
    if isinstance(node, ast.IfExp):
        yield lambda n, t: _replace(t, n, n.body)
        yield lambda n, t: _replace(t, n, n.orelse)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        yield lambda n, t: _set(n, elts=n.elts[::-1])


def _constants(value: object):
    if isinstance(value, bool):
        yield lambda n, t: _set(n, value=not value)
    elif isinstance(value, int | float):
        yield lambda n, t: _set(n, value=value + 1)
        yield lambda n, t: _set(n, value=value - 1)
        if value not in (0, 1):
            yield lambda n, t: _set(n, value=1)


def _calls(node: ast.Call):
    for place in range(len(node.keywords)):
        yield lambda n, t, place=place: _set(n, keywords=n.keywords[:place] + n.keywords[place + 1:])
    if len(node.args) == 2:
        yield lambda n, t: _set(n, args=n.args[::-1])
    if len(node.args) == 1:
        yield lambda n, t: _replace(t, n, n.args[0])
    if isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name):
        yield lambda n, t: _replace(t, n, n.func.value)


def _set(node: ast.AST, **fields: object) -> bool:
    for name, value in fields.items():
        setattr(node, name, value)
    return True


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> bool:
    """Put `new` where `old` stands in the tree."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return True
            if isinstance(value, list) and any(item is old for item in value):
                setattr(parent, field, [new if item is old else item for item in value])
                return True
    return False
