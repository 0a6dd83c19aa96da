"""What the text of a wrong answer shows where its results show nothing: said beside a counter-example.

Each finding says only what stands there, so it is true even if the mistake is another one.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import partial
from types import FunctionType

import numpy as np

from helpers.exercises.from_scratch import used_names
from helpers.exercises.loops import halved, loaded, loops, lost, sum_so_far


def hint(answer: object, names: Sequence[str], solution: str) -> tuple[str, str] | None:
    """Return a name and a sentence for what is conspicuous in the text of a function, or None."""
    function = answer.func if isinstance(answer, partial) else answer
    tree = _tree(function) if isinstance(function, FunctionType) else None
    if tree is None:
        return None
    known = _tree_of(solution)
    for name, find in FINDINGS.items():
        said = find(tree, function, names, known)
        if said:
            return name, said
    return None


def slip(answer: object) -> tuple[str, str] | None:
    """Return a name and a sentence for what nobody means as it stands in the text of a function, or None."""
    function = answer.func if isinstance(answer, partial) else answer
    tree = _tree(function) if isinstance(function, FunctionType) else None
    found = ((name, find(tree)) for name, find in SLIPS.items()) if tree else ()
    return next(((name, said) for name, said in found if said), None)


def without_except(answer: object) -> FunctionType | None:
    """Return a function as it is without its `try`: errors come out; None if it has none, or no text."""
    tree = _tree(answer) if isinstance(answer, FunctionType) and not answer.__closure__ else None
    if not isinstance(tree, ast.FunctionDef) or not any(isinstance(one, ast.Try) for one in ast.walk(tree)):
        return None
    tree.decorator_list = []
    module = ast.fix_missing_locations(ast.Module([_WithoutTry().visit(tree)], []))
    space = dict(answer.__globals__)
    exec(compile(module, "<without try>", "exec"), space)
    return space[tree.name]


class _WithoutTry(ast.NodeTransformer):
    def visit_Try(self, node: ast.Try) -> list[ast.stmt]:
        """Leave what is tried, and what follows it."""
        self.generic_visit(node)
        return [*node.body, *node.orelse, *node.finalbody]


def _tree(function: FunctionType) -> ast.AST | None:
    """Return the syntax tree of a function, or None if its text cannot be had."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, IndentationError):
        return None
    return _tree_of(text)


def _tree_of(text: str) -> ast.AST | None:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
    if functions and isinstance(functions[0], ast.Lambda) and len(functions) > 1:
        return None  # which of them it is cannot be told
    return functions[0] if functions else None


def _return_in_loop(tree: ast.AST, *_: object) -> str:
    for loop in loops(tree):
        goes_on = any(isinstance(one, ast.Continue) for one in ast.walk(loop))
        if not goes_on and any(isinstance(line, ast.Return) for line in loop.body):
            return ("`return` stands inside the loop, which therefore ends in its first round: move it to "
                    "the left.")
        made = {_stored(node) for node in ast.walk(loop)}
        for node in ast.walk(loop):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and node.value.id in made:
                return (f"`return {node.value.id}` stands inside the loop: where it is reached, the rounds "
                        "that are left are not done.")
    return ""


def _stored(node: ast.AST) -> str:
    """Return the variable that a line adds to, or an entry of which it sets; "" for other lines."""
    target = node.target if isinstance(node, ast.AugAssign) else None
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id not in loaded(node):
            return ""
    while isinstance(target, ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _overwritten(tree: ast.AST, *_: object) -> str:
    """Find a variable that every round of a loop sets anew, and that is used only after the loop."""
    for block in ast.walk(tree):
        body = getattr(block, "body", None)
        for place, loop in enumerate(body if isinstance(body, list) else []):
            if not isinstance(loop, (ast.For, ast.While)):
                continue
            after = set().union(*map(loaded, body[place + 1:]))
            inside = [(line, loaded(line)) for line in loop.body]
            for line, read in inside:
                target = line.targets[0] if isinstance(line, ast.Assign) else None
                if not isinstance(target, ast.Name) or target.id in read or target.id not in after:
                    continue
                if not any(target.id in other for one, other in inside if one is not line):
                    return (f"Each round of the loop sets `{target.id}` anew, so that only the last round "
                            "counts after it. To add up, write `+=`; to collect, `append`.")
    return ""


def _written(tree: ast.AST) -> set[str]:
    """Return the names of what the function writes into: `seen[…] = …`, `seen.append(…)`."""
    stored = [node.value for node in ast.walk(tree)
              if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]
    grown = [node.func.value for node in ast.walk(tree) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "update", "add")]
    return {one.id for one in [*stored, *grown] if isinstance(one, ast.Name)}


def _other_data(tree: ast.AST, function: FunctionType, *_: object) -> str:
    """Find numbers of the notebook that are used in place of the arguments, and what is kept in it."""
    kept = set().union(_written(tree), *(one.names for one in ast.walk(tree) if isinstance(one, ast.Global)))
    own = function.__code__.co_varnames
    for name, value in used_names(function):
        data = isinstance(value, (np.ndarray, int, float)) or hasattr(value, "detach")
        of_notebook = function.__globals__.get(name) is value
        if of_notebook and name not in own and name in kept:
            return (f"Your function keeps `{name}` from one call to the next, so its results depend on the "
                    "calls before. Make it anew inside the function.")
        constant = name.isupper() or isinstance(value, bool)
        if name not in own and data and of_notebook and not constant:
            return (f"Your function uses `{name}` of the notebook, which is none of its arguments: that is "
                    "the same in every call.")
    return ""


def _argument_left_out(tree: ast.AST, _: object, names: Sequence[str], known: ast.AST | None) -> str:
    own = [argument.arg for argument in tree.args.args]
    if len(own) != len(names) or tree.args.vararg or tree.args.kwarg:
        return ""
    body = tree.body if isinstance(tree.body, list) else [tree.body]
    read = set().union(*map(loaded, body))
    needed = loaded(known) if known else names  # the solution may do without an argument
    for name, asked in zip(own, names, strict=True):
        if name not in read and asked in needed:
            return f"The argument `{name}` is not used in your function."
    before: set[str] = set()
    for line in body:
        target = line.targets[0] if isinstance(line, ast.Assign) else None
        before |= loaded(line)
        if isinstance(target, ast.Name) and target.id in own and target.id not in before:
            return (f"Your function overwrites its argument `{target.id}`: what was handed in plays no part "
                    "then.")
    return ""


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _starts_at_1(tree: ast.AST, _: object, __: object, known: ast.AST | None) -> str:
    for name, call in _calls(tree):
        if name.endswith("range") and len(call.args) > 1 and ast.unparse(call.args[0]) == "1":
            return f"`{ast.unparse(call)}` starts at 1; the first entry of an array has the number 0."
    return ""


def _one_too_early(tree: ast.AST, _: object, __: object, known: ast.AST | None) -> str:
    for name, call in _calls(tree):
        last = call.args[-1] if call.args else None
        short = isinstance(last, ast.BinOp) and isinstance(last.op, ast.Sub)
        if name.endswith("range") and short and ast.unparse(last.right) == "1":
            return (f"`{ast.unparse(call)}` ends one too early, if all are meant: `range(n)` stops before n "
                    "by itself.")
    return ""


WORDS = {  # a function that stands in the answer and not in the solution, and what it does
    "default_rng": "Your function draws numbers at random: their mean is right to two or three digits only.",
    "median": "The median is the middle one of the values, not their mean.",
    "log2": "`log2` is the logarithm to the base 2; the lesson's ln is `np.log`.",
    "log10": "`log10` is the logarithm to the base 10; the lesson's ln is `np.log`.",
    "round": "You round on the way: the digits are gone for what follows.",
    "nan_to_num": "`nan_to_num` hides NaN and ∞ behind other numbers; mend what makes them.",
    "nansum": "`nansum` leaves NaN out; mend what makes it.",
    "nanmean": "`nanmean` leaves NaN out; mend what makes it.",
    "clip": "`clip` computes with other numbers than those handed in.",
    "prod": "`prod` multiplies the values.",
    "cumsum": "`cumsum` gives the running sums.",
    "linspace": "What is searched for on the values of `linspace` is only as exact as they are dense.",
    "float16": "`float16` has three digits.",
    "longdouble": "`longdouble` has some digits more, on some machines none: where digits cancel it only "
                  "loses them a little later.",
    "float128": "`float128` has some digits more than a float64: where digits cancel it only loses them a "
                "little later.",
    "unique": "`unique` takes each value once, however often it occurs.",
}


def _word(tree: ast.AST, _: object, __: object, known: ast.AST | None) -> str:
    def words(node: ast.AST | None) -> set[str]:
        found = ast.walk(node) if node else ()
        return {getattr(one, "id", getattr(one, "attr", "")) for one in found}

    for word in sorted(words(tree) - words(known)):
        if word in WORDS:
            return WORDS[word]
    return ""


def _makes_whole(tree: ast.AST) -> bool:
    """Tell whether `int` is used on what is computed, not on a position, a count or a label."""
    for name, call in _calls(tree):
        whole = any(ast.unparse(one) in ("int", "np.int64") for one in
                    [*call.args, *(keyword.value for keyword in call.keywords)])
        last = name.rpartition(".")[2]
        if last in ("zeros", "full", "empty", "ones", "zeros_like", "full_like") and whole:
            return True
        inside = call.args[0] if name == "int" and call.args else None
        if last == "astype" and whole:
            inside = call.func.value
        count = r"\b(len|shape|size|arg\w+)\b"
        if isinstance(inside, ast.BinOp) and not re.search(count, ast.unparse(inside)):
            return True
    return False


def _cut_off(tree: ast.AST, _: object, __: object, known: ast.AST | None) -> str:
    if known is not None and re.search(r"//|\bint\b", ast.unparse(known)):
        return ""
    places = _places(tree)
    used = set().union(*map(loaded, places)) if places else set()
    whole = {id(node) for place in places for node in ast.walk(place)}  # positions and sizes are whole anyway
    for line in ast.walk(tree):
        if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", None) in used:
            whole |= {id(node) for node in ast.walk(line)}
    for node in ast.walk(tree):
        divides = isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.FloorDiv)
        if divides and id(node) not in whole:
            return "`//` rounds down to a whole number; `/` divides."
    return "`int` cuts off the decimals, of a number as of an array." if _makes_whole(tree) else ""


def _places(tree: ast.AST) -> list[ast.AST]:
    """Return what serves as a position or a size: indices, and the arguments of `range` and its like."""
    found = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    for name, call in _calls(tree):
        if name.rpartition(".")[2] in ("range", "arange", "eye", "zeros", "ones", "bincount", "reshape"):
            found += [one for one in call.args if not (isinstance(one, ast.Name) and one.id == "int")]
    return found


def _numbers(node: ast.AST | None) -> set[float]:
    found = ast.walk(node) if node else ()
    return {one.value for one in found if isinstance(one, ast.Constant) and type(one.value) in (int, float)}


def _small_number(tree: ast.AST, _: object, __: object, known: ast.AST | None) -> str:
    small = sorted(one for one in _numbers(tree) - _numbers(known) if 0 < one < 0.01)
    if not small:
        return ""
    return (f"The small number `{small[0]!r}` stands in your function. Added, or as a limit or a width of "
            "steps, it changes the result or limits its digits.")


def _number(tree: ast.AST, _: object, __: object, known: ast.AST | None) -> str:
    """Find a number that does not stand in the solution: a size, a step, a value of the example."""
    new = _numbers(tree) - _numbers(known)
    sizes = sorted(one for one in new if 3 <= one <= 64 or (0.01 <= one < 1 and one != 0.5))
    if not sizes:
        return ""
    what = ast.unparse(ast.Constant(sizes[0]))
    arrays = "Sizes and values differ: take them from the arguments (`len(x)`, `x.shape[1]`)."
    sized = re.search(r"\blen\(|shape|\bsum\(|\bmax\(|\[", ast.unparse(known) if known else "")
    asked = f"The number `{what}` stands in your function. Is it right in every case?"
    return f"{asked} {arrays}" if sized and sizes[0] >= 3 else asked


def _always_true(tree: ast.AST) -> str:
    """Find `x == "a" or "b"`, or the same with a number where it decides."""
    tests = {id(one) for node in ast.walk(tree) if isinstance(getattr(node, "test", None), ast.expr)
             for one in ast.walk(node.test)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.BoolOp) or not any(isinstance(one, ast.Compare) for one in node.values):
            continue
        for one in node.values:
            alone = isinstance(one, ast.Constant) and not isinstance(one.value, bool) and bool(one.value)
            if alone and (isinstance(one.value, str) or id(node) in tests):
                alone, whole = ast.unparse(one), ast.unparse(node)
                said = f"In `{whole}` the `{alone}` stands for itself and counts as true"
                every = ", so that the whole is true in every case" * isinstance(node.op, ast.Or)
                return f"{said}{every}. Write the comparison twice: `… == {alone}`."
    return ""


IN_PLACE = ("at", "copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle", "seed")


def _without_effect(tree: ast.AST) -> str:
    """Find a line that computes something and does nothing with it."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            for line in block if isinstance(block, list) else []:
                value = line.value if isinstance(line, ast.Expr) else None
                last = line is block[-1] and not isinstance(node, (ast.For, ast.While))
                if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
                    return (f"The line `{ast.unparse(value)}` compares, and does nothing with the answer. "
                            "`=` gives a name a value.")
                if isinstance(value, (ast.BinOp, ast.UnaryOp)) or _pure(value) or (
                        last and isinstance(value, (ast.Name, ast.Subscript, ast.Tuple))):
                    return (f"The line `{ast.unparse(value)}` has no effect: is a name with `=`"
                            f"{', or `return`,' * last} missing before it?")
    return ""


def _pure(value: ast.expr | None) -> bool:
    """Tell whether this is a call of a function of NumPy that changes nothing."""
    called = ast.unparse(value.func).split(".") if isinstance(value, ast.Call) else [""]
    writes = called[-1] in IN_PLACE or called[-1].startswith("set") or any(
        one.arg == "out" for one in getattr(value, "keywords", ()))
    return len(called) > 1 and called[0] == "np" and hasattr(np, called[1]) and not writes


SLIPS = {
    "true in every case": _always_true, "a line without effect": _without_effect, "lost in the loop": lost,
}  # fmt: skip

FINDINGS = {
    **{name: lambda tree, *_, find=find: find(tree) for name, find in SLIPS.items()},
    "return in the loop": _return_in_loop,
    "overwritten in the loop": _overwritten,
    "sum so far": lambda tree, *_: sum_so_far(tree),
    "halved in every round": lambda tree, *_: halved(tree),
    "data of the notebook": _other_data,
    "argument not used": _argument_left_out,
    "loop one too short": _one_too_early,
    "loop starts at 1": _starts_at_1,
    "another function": _word,
    "decimals cut off": _cut_off,
    "small number": _small_number,
    "number written in": _number,
}
