"""Recognise a wrong answer by one small change of its own text that makes every case right.

The counterpart of changed.py, which changes the solution: here the answer itself is changed, place by place,
and the first change that makes it right is said. So it is true, whatever the learner had in mind.
"""

import ast
import inspect
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType

import numpy as np

from helpers.exercises.changed import instead, names_of, parents_of, put, shortened
from helpers.exercises.from_scratch import used_names
from helpers.exercises.loops import loaded

SECONDS = 1.5  # of computing, for all changes of one answer
TOO_MUCH = {  # what stands second, what stands first
    ast.Add: ("the summand `{}` at the end is too much", "the summand `{}` at the beginning is too much"),
    ast.Sub: ("the `{}` is not to be subtracted", "nothing is to be subtracted from `{}`"),
    ast.Mult: ("the factor `{}` at the end is too much", "the factor `{}` at the beginning is too much"),
    ast.Div: ("nothing is to be divided by `{}`", "the `{}` is not to be divided"),
    ast.Pow: ("the power `{}` is too much", "the base `{}` is too much"),
}  # fmt: skip
REPEATED = (ast.For, ast.While, ast.FunctionDef)
TICK = "_another_round"
REPAIRED = "one change makes it right"
Edit = tuple[ast.AST, str, object]  # the new value of a node's field
Change = tuple[list[Edit], Callable[[], str]]  # and what is said of it
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Pow: "**",
         ast.MatMult: "@", ast.Mod: "%"}  # fmt: skip
STILL = {ast.Add: "`{}` is still to be added to it", ast.Sub: "`{}` is still to be subtracted from it",
         ast.Mult: "it is still to be multiplied by `{}`", ast.Div: "it is still to be divided by `{}`",
         ast.Pow: "its power `{}` belongs there"}  # fmt: skip


def repaired(answer: object, right: Callable[[object], int], size: int = 0) -> str:
    """Say which one change of a function's text makes it right; "" if none of those tried does.

    right: of a changed function, 2 if every case is right, 1 if every ordinary one is, 0 if not.
    size: how many numbers are handed in, in all cases, a count as itself: loops may have as many rounds.
    """
    function = answer.func if isinstance(answer, partial) else answer
    source = _Source.of(function) if isinstance(function, FunctionType) else None
    started, half = time.process_time(), ""
    if source is None or not source.measured(right, size):
        return ""
    for edits, say in _changes(source):
        if time.process_time() - started > SECONDS:
            break
        changed = source.made(edits)
        how = right(changed) if changed else 0
        if how == 2:
            return f"One change makes every case right. {say()}"
        parent, field, _ = edits[0]
        if how == 1 and not half and field != "test" and not isinstance(parent, ast.Compare):
            # (to leave a branch out, which makes a formula fit for large numbers, is no repair)
            half = f"One change makes every case but the extreme ones right. {say()}"
    return half


def varied(case: tuple) -> Iterator[tuple]:
    """Yield a case with other numbers and one in reverse order: a change may be right by chance."""

    def other(value: object) -> object:
        if not isinstance(value, (float, np.ndarray)) or np.asarray(value).dtype.kind != "f":
            return value
        places = np.arange(np.size(value)).reshape(np.shape(value))
        new = value * (0.95 + 0.04 * np.cos(places))  # a probability stays one
        total = np.sum(value, axis=-1, keepdims=True) if np.ndim(value) else 0
        if np.size(value) > 1 and np.all(np.abs(total - 1) < 1e-12):  # probabilities stay some
            new = new / new.sum(axis=-1, keepdims=True)
        return new if np.ndim(value) else float(new)

    yield tuple(map(other, case))
    if any(np.size(value) > 1 for value in case if isinstance(value, np.ndarray)):
        yield tuple(np.flip(value) if isinstance(value, np.ndarray) else value for value in case)


class _Source:
    """The text of a function, and of those of its cell that it uses, as one tree."""

    def __init__(self, function: FunctionType, text: str) -> None:
        self.function, self.text, self.tree = function, text, ast.parse(text)
        self.name = getattr(self.tree.body[-1], "name", "")
        self.rounds, self.most = 0, 10**6
        for block in [node for node in ast.walk(self.tree) if isinstance(node, REPEATED)]:
            block.body.insert(0, ast.parse(f"{TICK}()").body[0])
        ast.fix_missing_locations(self.tree)

    @classmethod
    def of(cls, function: FunctionType) -> "_Source | None":
        """Return the text of a function, or None where it cannot be had or is no whole definition."""
        beside = [used for _, used in used_names(function) if isinstance(used, FunctionType)
                  and used.__code__.co_filename == function.__code__.co_filename and used is not function]
        try:
            texts = [textwrap.dedent(inspect.getsource(one)) for one in dict.fromkeys([*beside, function])]
            found = cls(function, "\n".join(texts))
        except (OSError, TypeError, SyntaxError, ValueError):
            return None
        return found if found.name and not function.__closure__ else None

    def measured(self, right: Callable[[object], int], size: int) -> bool:
        """Count the rounds of the loops as they are: a changed condition may never become false.

        size: how many numbers are handed in, in all cases.
        """
        same = self.made([])
        if same is None or right(same):  # what is right now depends on more than the text
            return False
        self.most = 3 * self.rounds + 1000 + size  # the rounds are those up to the first case that is wrong
        return True

    def made(self, edits: Sequence[Edit]) -> Callable | None:
        """Return the function with these edits, or None if they make no program."""
        before = [getattr(node, field) for node, field, _ in edits]
        space = {**self.function.__globals__, TICK: self._another_round}
        self.rounds = 0
        try:
            for node, field, new in edits:
                setattr(node, field, new)
                for one in new if isinstance(new, list) else [new]:
                    if isinstance(one, ast.AST):
                        ast.fix_missing_locations(one)
            exec(compile(self.tree, "<changed answer>", "exec"), space)
        except Exception:
            return None
        finally:
            for (node, field, _), old in reversed([*zip(edits, before, strict=True)]):
                setattr(node, field, old)
        return space.get(self.name)

    def _another_round(self) -> None:
        """Count, and stop what does not end or squares a whole number again and again."""
        self.rounds += 1
        numbers = sys._getframe(1).f_locals.values()
        if self.rounds > self.most or any(type(one) is int and one.bit_length() > 4000 for one in numbers):
            raise RuntimeError("This does not end.")

    def piece(self, node: ast.AST) -> str:
        """Return what the learner wrote for this node, on one line."""
        found = ast.get_source_segment(self.text, node) if hasattr(node, "end_lineno") else None
        return shortened(" ".join((found or ast.unparse(node)).split()))

    def line(self, statement: ast.stmt) -> str:
        """Return a line, of a loop or an `if` its head."""
        if not hasattr(statement, "body"):
            return self.piece(statement)
        return self.text.splitlines()[statement.lineno - 1].strip()


def _changes(source: _Source) -> Iterator[Change]:
    """Yield one change after the other, the likely first: an expression, a line, something missing."""
    parents, names = parents_of(source.tree), names_of(source.tree)
    through = [node for node in ast.walk(source.tree) if isinstance(node, (ast.For, ast.comprehension))]
    rounds = {one.id for node in through for one in ast.walk(node.target) if isinstance(one, ast.Name)}
    places = [(node, *parents[id(node)]) for node in ast.walk(source.tree)
              if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store)
              and TICK not in ast.unparse(node)]
    for forms in (instead, _nearly):
        for node, parent, field in places:
            for new in forms(node, parent, names):
                idle = isinstance(parent, ast.Compare) and _leaves_its_loop(node, new, rounds)
                if not idle and not _into_itself(node, new, parents):
                    yield [(parent, field, put(new, node, parent, field))], partial(
                        _said, source, node, new, parents)
    yield from _lines(source, names)
    for node, parent, field in places:
        if not isinstance(parent, (ast.Call, ast.Attribute)) or field != "func":
            for new in _missing(node, parent, names):
                if not _into_itself(node, new, parents):
                    yield [(parent, field, put(new, node, parent, field))], partial(
                        _said, source, node, new, parents)


def _into_itself(node: ast.expr, new: ast.expr, parents: dict) -> bool:
    """Tell whether a list would be put into itself: NumPy goes from entry to entry of it without end."""
    line = node
    while not isinstance(line, ast.stmt):
        line = parents[id(line)][0]
    call = line.value if isinstance(line, ast.Expr) and isinstance(line.value, ast.Call) else None
    owner = call.func if call else getattr(line, "targets", [None])[0]
    if not isinstance(owner, (ast.Attribute, ast.Subscript)):
        return False
    while isinstance(owner, (ast.Attribute, ast.Subscript)):
        owner = owner.value
    before = set().union(*map(loaded, call.args)) if call else loaded(line.value)
    return isinstance(owner, ast.Name) and owner.id in loaded(new) - before


def _leaves_its_loop(node: ast.expr, new: ast.expr, rounds: set[str]) -> bool:
    """Tell whether a condition would no longer look at what its loop goes through: it never holds, then."""
    return isinstance(node, ast.Name) and node.id in rounds and not loaded(new) & rounds


# --- expressions ------------------------------------------------------------------------------------


def _code(text: str, **parts: ast.expr) -> ast.expr:
    """Return the expression `text` with `parts` for its names."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return parts.get(node.id, node)

    return Put().visit(ast.parse(text, mode="eval").body)


def _nearly(node: ast.expr, parent: ast.AST, names: Sequence[str]) -> Iterator[ast.expr]:
    """Yield what else is near an expression: other brackets, bounds, axes, a shift in the exponent."""
    if isinstance(parent, ast.Assign) and isinstance(node, ast.Name):  # one array under two names
        yield _code("e.copy()", e=node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):  # ~0 is −1
        yield _code("1 - e", e=node.operand)
    if isinstance(node, ast.BinOp):
        yield from _regrouped(node)
        if isinstance(node.op, ast.FloorDiv):
            yield ast.BinOp(node.left, ast.Div(), node.right)
    if isinstance(node, ast.Name) and node.id not in names:  # a slip of the pen
        yield from (ast.Name(name, ast.Load()) for name in names)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in (0, 1, -1, 0.5, 2 * node.value, node.value / 2, -node.value):
            yield ast.Constant(value)
        yield from (ast.Name(name, ast.Load()) for name in names)
        yield from (_code(f"np.{word}") for word in ("inf", "e"))
        yield from (_code("-np.inf"), ast.Constant(None))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq):
            if not isinstance(node.ops[0], other):
                yield ast.Compare(node.left, [other()], node.comparators)
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.Subscript):
        yield from _other_places(node, names)
    if isinstance(node, ast.Slice) and not (node.lower or node.upper or node.step):
        yield from (ast.Name(name, ast.Load()) for name in names)
    if isinstance(node, ast.Call):
        yield from _other_calls(node)


def _regrouped(node: ast.BinOp) -> Iterator[ast.expr]:
    left, right = node.left, node.right
    if isinstance(left, ast.BinOp):
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
    if isinstance(left, ast.BinOp) and isinstance(left.right, ast.Call) and len(left.right.args) == 1:
        inside = ast.BinOp(left.right.args[0], node.op, right)  # x·f(a·b) for x·f(a)·b
        yield ast.BinOp(left.left, left.op, ast.Call(left.right.func, [inside], left.right.keywords))
    if isinstance(left, ast.UnaryOp):
        yield ast.UnaryOp(left.op, ast.BinOp(left.operand, node.op, right))
    for side, other, turned in ((left, right, False), (right, left, True)):  # f(a) − b for f(a − b)
        if isinstance(side, ast.Call) and len(side.args) == 1:
            inside = (other, side.args[0]) if turned else (side.args[0], other)
            yield ast.Call(side.func, [ast.BinOp(inside[0], node.op, inside[1])], side.keywords)


def _other_places(node: ast.Subscript, names: Sequence[str]) -> Iterator[ast.expr]:
    index, load = node.slice, ast.Load()
    if isinstance(index, ast.Slice):
        for text in ("i[1:]", "i[:-1]", "i[::-1]", "i"):
            yield _code(text, i=node.value)
        return
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        first, second = index.elts
        yield ast.Subscript(node.value, ast.Tuple([second, first], load), load)
        for rows in (_code("np.arange(len(i))", i=second), _code("np.arange(len(i))", i=node.value)):
            yield ast.Subscript(node.value, ast.Tuple([rows, second], load), load)
        return
    if isinstance(index, ast.Constant) and isinstance(index.value, int):
        yield from (ast.Subscript(node.value, ast.Constant(index.value + by), load) for by in (-1, 1))
    else:
        for by in ("i + 1", "i - 1", "-1", "0", "1", "i.astype(int)"):
            yield ast.Subscript(node.value, _code(by, i=index), load)
    yield from (ast.Subscript(node.value, ast.Name(name, load), load) for name in names)
    for text in ("a[:, i]", "a[np.arange(len(i)), i]", "a[..., i]"):
        yield _code(text, a=node.value, i=index)
    for one in names:
        yield from (_code("a[i]", a=ast.Name(one, load), i=ast.Name(other, load)) for other in names)


def _other_calls(node: ast.Call) -> Iterator[ast.expr]:
    named = isinstance(node.func, ast.Attribute)
    name = node.func.attr if named else getattr(node.func, "id", "")
    keywords = {one.arg for one in node.keywords}
    rest = [one for one in node.keywords if one.arg not in ("axis", "dim")]
    kept = ast.keyword("keepdims", ast.Constant(True))
    if named and name in REDUCE:
        for axis in (-1, 0, 1, None):
            new = [*rest, ast.keyword("axis", ast.Constant(axis))] if axis is not None else rest
            yield ast.Call(node.func, node.args, new)
            if axis is not None and "keepdims" not in keywords:
                yield ast.Call(node.func, node.args, [*new, kept])
        if "keepdims" not in keywords and keywords:
            yield ast.Call(node.func, node.args, [*node.keywords, kept])
    if len(node.args) > 1:
        yield from node.args
        yield ast.Call(node.func, node.args[:-1], node.keywords)
    if name == "range" and len(node.args) == 1:
        for text in ("range(1, n)", "range(n + 1)", "range(n - 1)", "range(1, n + 1)"):
            yield _code(text, n=node.args[0])
    if name == "range" and len(node.args) == 2:
        for text in ("range(n)", "range(a - 1, n)", "range(a, n + 1)", "range(a, n - 1)"):
            yield _code(text, a=node.args[0], n=node.args[1])
    if name in FILLED and not {"dtype", "like"} & keywords:
        decimals = ast.keyword("dtype", ast.Name("float", ast.Load()))
        yield ast.Call(node.func, node.args, [*node.keywords, decimals])
    for word in ALIKE.get(name, ()):
        other = ast.Attribute(node.func.value, word, ast.Load()) if named else _code(word)
        yield ast.Call(other, node.args, node.keywords)
    yield from _turned(node)
    inside = node.args[0] if len(node.args) == 1 else None
    if isinstance(inside, ast.BinOp):  # f(a) − b for f(a − b)
        yield ast.BinOp(ast.Call(node.func, [inside.left], node.keywords), inside.op, inside.right)
        yield ast.BinOp(inside.left, inside.op, ast.Call(node.func, [inside.right], node.keywords))
    if name == "exp" and len(node.args) == 1:
        for least in ("e.max()", "e.max(axis=-1, keepdims=True)"):
            yield ast.Call(node.func, [_code(f"e - {least}", e=node.args[0])], node.keywords)


def _turned(node: ast.Call) -> Iterator[ast.expr]:
    """Yield two calls inside one another in the other order: the sum of the roots for the root of the sum."""
    inner = node.args[0] if len(node.args) == 1 else getattr(node.func, "value", None)
    if not isinstance(inner, ast.Call):
        return
    if not node.args and len(inner.args) == 1:  # g(x).h() for g(x.h())
        method = ast.Attribute(inner.args[0], node.func.attr, ast.Load())
        yield ast.Call(inner.func, [ast.Call(method, [], node.keywords)], inner.keywords)
    elif node.args and not inner.args and isinstance(inner.func, ast.Attribute):  # g(x.h()) for g(x).h()
        method = ast.Attribute(ast.Call(node.func, [inner.func.value], []), inner.func.attr, ast.Load())
        yield ast.Call(method, [], inner.keywords)
    elif node.args and len(inner.args) == 1:
        yield ast.Call(inner.func, [ast.Call(node.func, inner.args, node.keywords)], inner.keywords)


REDUCE = ("sum", "mean", "max", "min", "argmax", "argmin", "prod", "cumsum", "any", "all", "std", "var")
FILLED = ("full", "zeros", "ones", "empty", "full_like", "zeros_like", "ones_like", "empty_like", "array")
ALIKE = {
    "sum": ("prod", "cumsum"), "cumsum": ("sum",), "prod": ("sum",), "median": ("mean",), "log2": ("log",),
    "log10": ("log",), "max": ("argmax", "maximum"), "maximum": ("max",), "argmax": ("max",),
    "abs": ("square",), "square": ("abs", "sqrt"), "exp2": ("exp",), "round": ("float",), "int": ("float",),
    "dot": ("outer", "multiply"), "outer": ("dot", "multiply"), "multiply": ("dot",), "exp": ("log",),
    "log": ("exp",), "tanh": ("sinh",), "argsort": ("sort",), "sort": ("argsort",), "ceil": ("floor",),
    "floor": ("ceil",), "empty": ("zeros",), "empty_like": ("zeros_like",),
}  # fmt: skip


def _instead_of_method(node: ast.Call, names: Sequence[str]) -> Iterator[ast.expr]:
    """Yield what combines two variables, for a call that looks at one: `row[label]` for `row.max()`."""
    row = getattr(node.func, "value", None)
    if node.args or not isinstance(row, ast.Name) or row.id not in names:
        return
    for name in names:
        for text in ("a[b]", "a @ b", "a * b", "a[np.arange(len(a)), b]"):
            yield _code(text, a=row, b=ast.Name(name, ast.Load()))


def _missing(node: ast.expr, parent: ast.AST, names: Sequence[str]) -> Iterator[ast.expr]:
    """Yield what may still have to be done with an expression."""
    condition = isinstance(parent, (ast.If, ast.While, ast.IfExp)) and node is parent.test
    if condition or isinstance(node, (ast.Constant, ast.Tuple, ast.Slice, ast.Starred)):
        return
    if isinstance(parent, ast.Compare):  # other steps would only make it always true or never
        for name in names:
            yield from (_code(text, e=node, n=ast.Name(name, ast.Load())) for text in ("e[n]", "n[e]"))
        return
    if isinstance(parent, (ast.For, ast.comprehension)):
        yield from (_code(text, e=node) for text in ("range(e)", "range(len(e))"))
    if isinstance(parent, ast.Subscript) and node is parent.slice:
        yield _code("np.arange(len(e))", e=node)
    yield from (_code(text, e=node) for text in STEPS)
    if isinstance(node, ast.Name) and node.id in names:  # then the larger expression is the place
        return
    if isinstance(node, ast.Call):
        yield from _instead_of_method(node, names)
    for name in names:
        for text in STEPS_WITH:
            yield _code(text, e=node, n=ast.Name(name, ast.Load()))


STEPS = (
    "-e", "~e", "1 - e", "np.log(e)", "np.exp(e)", "np.sqrt(e)", "e ** 2", "abs(e)", "1 / e", "e / 2",
    "2 * e", "e + 1", "e - 1", "e.sum()", "e.mean()", "e.sum(axis=-1)", "e.sum(axis=0)", "e.mean(axis=0)",
    "e.max()", "e.T", "e[:, None]", "e[..., None]", "e[0]", "e[-1]", "e[1:]", "e[:-1]", "e.copy()",
    "np.array(e, float)", "e.astype(int)", "e.sum(axis=-1, keepdims=True)", "float(e)", "e()",
)  # fmt: skip
STEPS_WITH = (
    "e / n", "e * n", "e + n", "e - n", "n - e", "e / len(n)", "e * len(n)", "e / n.shape[-1]",
    "e / n.shape[0]", "e / n.size", "e / n.sum()", "e[n]", "n[e]",
)  # fmt: skip


# --- lines ------------------------------------------------------------------------------------------


def _lines(source: _Source, names: Sequence[str]) -> Iterator[Change]:
    """Yield the changes of whole lines: one too many, two in the other order, one in or out of a loop."""
    for node in ast.walk(source.tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield from _lines_of(source, node, field, block)
    for function in [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)]:
        yield from _lines_added(function, names)


def _lines_of(source: _Source, node: ast.AST, field: str, block: list[ast.stmt]) -> Iterator[Change]:
    for k, line in enumerate(block):
        said = f"`{source.piece(line)}`"
        if _is_tick(line) or isinstance(line, ast.FunctionDef):
            continue
        if len(block) > 1 and not isinstance(line, ast.Return):
            yield [(node, field, [*block[:k], *block[k + 1:]])], _just(f"{said} is a line too many.")
        if k + 1 < len(block):
            after = block[k + 1]
            turned = [*block[:k], after, line, *block[k + 2:]]
            words = f"{said} and `{source.piece(after)}` belong the other way round: the order counts."
            if not isinstance(after, ast.Return):
                yield [(node, field, turned)], _just(words)
        if isinstance(line, (ast.For, ast.While, ast.If)):
            yield from _across(source, node, field, block, k)
        if isinstance(line, ast.AugAssign):
            as_load = ast.Name(line.target.id, ast.Load()) if isinstance(line.target, ast.Name) else None
            if not isinstance(line.op, ast.Add) and as_load:
                yield ([(line, "op", ast.Add())], _just(f"{said} does not add."))
            for op in (ast.Sub, ast.Mult, ast.Div):
                if not isinstance(line.op, op):
                    yield ([(line, "op", op())], _just(f"{said}: another operation belongs there."))
            new = ast.Assign([line.target], line.value, lineno=0)
            yield ([(node, field, [*block[:k], new, *block[k + 1:]])],
                   _just(f"{said} carries over what was there before, where it is to begin anew."))
        if isinstance(line, ast.Assign) and len(line.targets) == 1:
            new = ast.AugAssign(line.targets[0], ast.Add(), line.value)
            yield ([(node, field, [*block[:k], new, *block[k + 1:]])],
                   _just(f"{said} overwrites what was there before, where it is to be added to."))


def _across(source: _Source, node: ast.AST, field: str, block: list[ast.stmt], k: int) -> Iterator[Change]:
    """Yield the changes that move a line into a loop or out of it."""
    loop = block[k]
    word = "`if`" if isinstance(loop, ast.If) else "loop"
    inner = [line for line in loop.body if not _is_tick(line)]
    if len(inner) > 1:
        last, first = inner[-1], inner[0]
        said = f"`{source.piece(last)}` belongs after the {word}, not into it: move it to the left."
        yield ([(loop, "body", [one for one in loop.body if one is not last]),
                (node, field, [*block[: k + 1], last, *block[k + 1:]])], _just(said))
        said = f"`{source.piece(first)}` belongs before the {word}, not into it."
        yield ([(loop, "body", [one for one in loop.body if one is not first]),
                (node, field, [*block[:k], first, *block[k:]])], _just(said))
    if k + 1 < len(block) and not isinstance(block[k + 1], ast.Return):
        after = block[k + 1]
        said = f"`{source.piece(after)}` belongs into the {word}: move it to the right."
        yield ([(loop, "body", [*loop.body, after]), (node, field, [*block[: k + 1], *block[k + 2:]])],
               _just(said))
    if isinstance(loop, ast.If) and not loop.orelse:
        for beside in [block[k - 1]] * bool(k) + block[k + 1 : k + 2]:
            if not _is_tick(beside) and not isinstance(beside, ast.Return):
                said = f"`{source.piece(beside)}` belongs into an `else` of the `if`: it is the other case."
                rest = [one for one in block if one is not beside]
                yield [(loop, "orelse", [beside]), (node, field, rest)], _just(said)
    if k and not _is_tick(block[k - 1]):
        before = block[k - 1]
        said = f"`{source.piece(before)}` belongs into the {word}, at its beginning."
        yield ([(loop, "body", [before, *loop.body]), (node, field, [*block[: k - 1], *block[k:]])],
               _just(said))


def _lines_added(function: ast.FunctionDef, names: Sequence[str]) -> Iterator[Change]:
    for name in (argument.arg for argument in function.args.args):
        for form, said in COPIES.items():
            line = ast.parse(f"{name} = {form.format(name)}").body[0]
            yield [(function, "body", [line, *function.body])], _just(said.format(name))
    if not isinstance(function.body[-1], ast.Return):
        for name in names:
            line = ast.parse(f"return {name}").body[0]
            yield ([(function, "body", [*function.body, line])],
                   _just(f"At its end `{name}` is not returned."))


COPIES = {
    "np.array({}, float)": "Your function writes into its argument `{0}`, or keeps whole numbers: begin "
                           "with a copy, `np.array({0}, float)`.",
    "np.asarray({})": "`{0}` may come as a list or a number: make an array of it first.",
}  # fmt: skip


def _just(words: str) -> Callable[[], str]:
    return lambda: words


def _is_tick(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and TICK in ast.unparse(line)


# --- what is said -----------------------------------------------------------------------------------


def _said(source: _Source, node: ast.expr, new: ast.expr, parents: dict) -> str:
    old, parent = source.piece(node), parents[id(node)][0]
    whole = parent if isinstance(parent, ast.expr) and not isinstance(parent, ast.Tuple) else node
    if isinstance(node, (ast.BinOp, ast.Call)):
        whole = node
    said = _what(source, node, new, parent)
    line = node
    while not isinstance(line, ast.stmt):
        line = parents[id(line)][0]
    around = source.line(line)
    place = source.piece(whole) if source.piece(whole) != old else ""
    if around and around not in (old, place):
        return f"In the line `{around}`: {said}."
    return f"In `{place}`: {said}." if place else f"{said[0].upper()}{said[1:]}."


def _what(source: _Source, node: ast.expr, new: ast.expr, parent: ast.AST) -> str:
    """Say what is wrong with `node`, in whose place `new` is right."""
    old, right = source.piece(node), shortened(ast.unparse(new))
    if isinstance(node, ast.BinOp) and isinstance(new, ast.BinOp):
        sides = ast.dump(node.left), ast.dump(node.right)
        if sides == (ast.dump(new.left), ast.dump(new.right)) and type(node.op) is not type(new.op):
            return f"`{SIGNS.get(type(node.op), '?')}` is not the right operation in `{old}`"
        if sides[::-1] == (ast.dump(new.left), ast.dump(new.right)) and type(node.op) is type(new.op):
            return f"the two sides of `{old}` belong the other way round"
    if any(one is node for one in ast.walk(new)):  # more is to be done with it
        if isinstance(new, ast.BinOp) and new.left is node and type(new.op) in STILL:
            return f"`{old}` is not all, {STILL[type(new.op)].format(shortened(ast.unparse(new.right)))}"
        if isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Invert):
            return f"the mask `{old}` is the wrong way round, `{right}` belongs there"
        if isinstance(new, ast.UnaryOp):
            return f"the sign of `{old}` is wrong"
        if isinstance(new, ast.Call) and ast.unparse(new.func).startswith("np.") and len(new.args) == 1:
            return f"`{old}` is not all, its `{new.func.attr}` belongs there"
        if isinstance(new, ast.Call) and ast.unparse(new.func).endswith(".copy") and isinstance(
                parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            return (f"`{parent.targets[0].id}` and `{old}` are one array under two names: what is written "
                    f"into one is written into the other. Take a copy, `{right}`")
    elif any(one is new for one in ast.walk(node)):  # something of it is too much
        if isinstance(node, ast.BinOp):
            first = new is node.right
            said = TOO_MUCH.get(type(node.op), ("the `{}` is too much",) * 2)[first]
            return f"in `{old}` {said.format(source.piece(node.left if first else node.right))}"
        if isinstance(node, ast.UnaryOp):
            return f"the `{old[0]}` of `{old}` is wrong"
        if isinstance(node, ast.Call):
            return f"`{ast.unparse(node.func).rpartition('.')[2]}` is one step too many in `{old}`"
    calls = isinstance(node, ast.Call) and isinstance(new, ast.Call)
    if calls and any(ast.dump(new) == ast.dump(one) for one in _turned(node)):
        then, first = (ast.unparse(one.func) if one.args else one.func.attr for one in (new, node))
        return f"in `{old}` the order is wrong: first `{first}`, then `{then}`"
    if calls and ast.dump(node.func) == ast.dump(new.func) and len(node.args) == len(new.args):
        before, now = ({one.arg: ast.unparse(one.value) for one in call.keywords} for call in (node, new))
        for word in before.keys() - now.keys() - {"axis"}:
            whole = before[word] in ("int", "np.int64")
            why = ": an array of whole numbers holds no decimals" if word == "dtype" and whole else ""
            return f"in `{old}` the `{word}={before[word]}` is too much{why}"
        if before.get("axis", now.get("axis")) != now.get("axis") and "axis" in now:
            return f"`{old}` goes along the wrong axis"
        if "axis" in now and "axis" not in before:
            return f"`{old}` goes over all of it, where it is to go along one axis"
        if "dtype" in now and "dtype" not in before:
            return f"`{old}` makes an array that has no room for decimals: `dtype=float`"
        if "keepdims" in now and "keepdims" not in before:
            return f"`{old}` drops the axis it goes along: keep it (`keepdims=True`)"
    return f"`{right}` belongs where `{old}` stands"
