"""Mistakes that can be made in any exercise, recognised by how the results differ from the right ones.

Each detector looks at all ordinary cases at once and answers with a sentence, or with "" if it does not see
its mistake. The registries' own mistakes come first; these say more than a counter-example can.
"""

import ast
import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from helpers.exercises import near_misses
from helpers.exercises.changed_arguments import fixed_value, other_argument, other_form
from helpers.exercises.cut_data import part_only, size_in_the_code
from helpers.exercises.evidence import TIGHT, Call, Evidence, as_if, finite
from helpers.exercises.plain import Plain, same, words
from helpers.exercises.trial import Outcome, Trial

PART = "one of several results"


def explain(evidence: Evidence, solution: str = "",
            detectors: Sequence[Callable[[Evidence], str]] = ()) -> tuple[str, str] | None:
    """Return the name of a general mistake and what to say of it, or None."""
    for prefix, shown in _parts(evidence, solution):
        for detector in detectors or DETECTORS:
            said = ""
            with contextlib.suppress(Exception):  # values that a detector did not think of: the next one
                said = detector(shown)
            if said:
                return detector.__name__, prefix + said
        if prefix:
            return PART, prefix.rstrip(": ") + "."
    return None


# --- several results --------------------------------------------------------------------------------


def _parts(evidence: Evidence, solution: str) -> Iterator[tuple[str, Evidence]]:
    """Yield the evidence whole or, where some of several results are right, that of the first wrong one."""
    split = [entries(trial) for trial in evidence.trials]
    if not split or any(not keys or keys != split[0] for keys in split):
        yield "", evidence
        return
    keys = split[0]
    wrong = [key for key in keys if not all(_right(part(trial, key)) for trial in evidence.trials)]
    wrong = wrong or [key for key in keys if not all(  # right to about seven digits
        _right(part(trial, key, TIGHT, evidence.floor)) for trial in evidence.trials)]
    if not wrong or len(wrong) == len(keys):
        yield "", evidence
        return
    names = names_of_results(solution, keys)
    others = "the other is right" if len(keys) == 2 else f"{len(keys) - len(wrong)} of {len(keys)} are right"
    wrongs = " and ".join(names[key] for key in wrong)
    start = f"Of the {'two' if len(keys) == 2 else len(keys)} results {wrongs} "
    start += f"{'differs' if len(wrong) == 1 else 'differ'}, {others}: "

    def only(call: Call) -> Call:
        def outcome(given: tuple) -> Outcome:
            made = call(given)
            return replace(made, value=pick(made.value, wrong[0]))

        return outcome

    trials = [part(trial, wrong[0]) for trial in evidence.trials]
    yield start, replace(evidence, trials=trials, mine=only(evidence.mine), ours=only(evidence.ours))


def entries(trial: Trial) -> list:
    """Return the keys of several results, [] for one; two arrays of one shape were frozen as one."""
    got, right = trial.got.value, trial.expected.value
    if isinstance(right, dict):
        return list(right) if isinstance(got, dict) and got.keys() == right.keys() else []
    if isinstance(right, tuple):
        return list(range(len(right))) if isinstance(got, tuple) and len(got) == len(right) else []
    several = trial.expected.several
    if several and isinstance(got, np.ndarray) and got.shape[:1] == (several,):
        return list(range(several))
    return []


def pick(value: Plain, key: object) -> Plain:
    """Return one of several results, or None if it is not there."""
    try:
        picked = value[key]
    except (TypeError, KeyError, IndexError):
        return None
    return np.asarray(picked) if isinstance(picked, np.generic) else picked


def part(trial: Trial, key: object, rtol: float = 1e-6, atol: float = 1e-9) -> Trial:
    """Return a trial as if only one of its several results had been asked for."""
    got = replace(trial.got, value=pick(trial.got.value, key))
    expected = replace(trial.expected, value=pick(trial.expected.value, key), several=0)
    return replace(trial, got=got, expected=expected, right=same(got.value, expected.value, rtol, atol))


def _right(trial: Trial) -> bool:
    return trial.right


def names_of_results(solution: str, keys: Sequence) -> dict:
    """Name the results as the solution does (`return w, b`, `return w - step, b`), else by their place."""
    places = ["the first", "the second", "the third", "the fourth"]
    names = {key: f"`{key}`" if isinstance(key, str) else places[min(key, 3)] for key in keys}
    try:
        returns = [node.value for node in ast.walk(ast.parse(solution)) if isinstance(node, ast.Return)]
    except SyntaxError:
        return names
    for value in returns:
        found = [_leading_name(entry) for entry in value.elts] if isinstance(value, ast.Tuple) else []
        if len(found) == len(keys) == len(set(found)) and all(found):
            names = {key: f"`{name}`" for key, name in zip(keys, found, strict=True)}
    return names


def _leading_name(node: ast.AST) -> str:
    """Return the name a result goes by: `w` of `w`, and of `w - lr * v`, which is the new w."""
    while isinstance(node, ast.BinOp):
        node = node.left
    return node.id if isinstance(node, ast.Name) else ""


# --- the kind of the result -------------------------------------------------------------------------


def shape_differs(e: Evidence) -> str:
    """Recognise an axis or a sum too many or missing, and columns taken for rows."""
    pairs = [(one.got.value, one.expected.value) for one in e.trials]
    if not all(finite(got) and finite(right) for got, right in pairs):
        return ""
    pairs = [(got, right) for got, right in pairs if got.shape != right.shape]
    if not pairs:
        return ""
    got, right = pairs[0]

    def all_are(form: Callable) -> bool:
        return all(_same_after(form, got, right, e.floor) for got, right in pairs)

    if all_are(lambda got, right: (np.squeeze(got), np.squeeze(right))):
        return (f"The numbers are right, but the result has shape {got.shape} in place of {right.shape}: "
                f"{'an axis of length 1 is too many' if got.ndim > right.ndim else 'an axis is missing'}. "
                "(`keepdims=True` keeps it, an index or `squeeze` takes it away.)")
    if any(one.expected.several for one in e.trials):
        return ""
    if all_are(lambda got, right: (np.ravel(got), np.ravel(right))):
        return f"The numbers are right, but their shape is {got.shape} in place of {right.shape}: `reshape`."
    for word, place in (("first", 0), ("last", -1)):
        if right.ndim == got.ndim + 1 and all_are(lambda got, right, place=place: (got, right[place])):
            return f"You return the {word} row only; there is one for each of the {len(right)} rows."
    if got.ndim == right.ndim > 0 and got.shape != right.shape:
        if all_are(lambda got, right: (got[tuple(map(slice, right.shape))], right)):
            return f"Something is appended to the right numbers: the shape is {got.shape}, not {right.shape}."
        if all_are(lambda got, right: (got, right[tuple(map(slice, got.shape))])):
            return f"The last entries are missing: your shape is {got.shape}, not {right.shape}."
    if got.ndim == 2 and all_are(lambda got, right: (got.T, right)):
        return "The result is transposed: rows and columns are exchanged."
    for name, take in {"sum": np.sum, "mean": np.mean}.items():
        if all_are(lambda got, right, take=take: (take(got), right)) and right.ndim == 0:
            return f"You return the single terms; their {name} is asked for."
        if got.ndim == 0 and all_are(lambda got, right, take=take: (got, take(right))):
            return f"You return the {name} of what is asked for: leave the single entries as they are."
        for axis in range(right.ndim if right.ndim > got.ndim else got.ndim):
            few = all_are(lambda got, right, take=take, axis=axis: (take(got, axis=axis), right))
            if few and got.ndim > right.ndim:
                return f"The {name} along axis {axis} is still missing."
            many = right.ndim > got.ndim
            if many and all_are(lambda got, right, take=take, axis=axis: (got, take(right, axis=axis))):
                return f"You took the {name} along axis {axis}, which is not asked for."
    if got.ndim == 0 and all_are(lambda got, right: (got, right.flat[0])):
        return "You return only the first of the numbers that are asked for."
    if got.ndim == right.ndim and got.ndim and all(_columns_for_rows(one) for one in e.trials):
        return ("There is one number for each *column* where one for each row is asked for, or the other way "
                "round: the axis of the sum, mean or maximum is the other one.")
    return ""


def _same_after(form: Callable, got: np.ndarray, right: np.ndarray, floor: float) -> bool:
    try:
        return same(*map(np.asarray, form(got, right)), TIGHT, floor)
    except (ValueError, IndexError):
        return False


def _columns_for_rows(trial: Trial) -> bool:
    shapes = [np.shape(value) for value in trial.given if np.ndim(value) == 2]
    got, right = trial.got.value.shape, trial.expected.value.shape
    return any({got[:1], right[:1]} == {shape[:1], shape[1:]} for shape in shapes)


def whole_numbers(e: Evidence) -> str:
    """Recognise decimals cut off by `//`, `int` or an integer array."""
    for cut in (np.trunc, np.floor, np.rint):
        if e.fits(lambda right, _, cut=cut: cut(right)):
            return ("Your results are whole numbers: `//`, `int`, `round` or an integer array cuts the "
                    "decimals off, or a loop counts in whole steps. (`np.zeros_like` of an integer array is "
                    "one, too: give it `dtype=float`.)")
    return ""


def few_digits(e: Evidence) -> str:
    """Recognise results right to seven digits, through float32, and rounded ones."""
    pairs = e.arrays
    if not pairs:
        return ""
    for places in range(1, 7):
        if e.fits(lambda right, _, places=places: np.round(right, places)):
            return f"Your results are rounded to {places} decimals. Return them as they are."
    if all(same(got, right, 2e-5, 1e-6) for got, right in pairs):
        return ("Right to about seven digits only: is something of it computed in float32, PyTorch's "
                "default, did a small number such as 1e-8 get in, or is it searched for step by step?")
    wrong = sum(not same(got, right, TIGHT, e.floor) for got, right in pairs)
    if wrong >= 2 and len(pairs) >= 3 and all(same(got, right, 1e-2, e.floor) for got, right in pairs):
        return ("Nearly right, to two digits or so: is a constant rounded (3.14, 2.718), a small number "
                "added or a value limited (1e-3), or something searched in steps, drawn at random or "
                "approximated?")
    return ""


# --- a simple relation to the right result ----------------------------------------------------------

RELATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "minus what is asked for: the sign is turned": lambda x: -x,
    "the logarithm of what is asked for": np.log,
    "minus the logarithm of what is asked for": lambda x: -np.log(x),
    "ln(e^x − 1) in place of x: inside the logarithm a 1 is missing": lambda x: np.log(np.expm1(x)),
    "ln(e^x + 1) in place of x: inside the logarithm a 1 is too many": lambda x: np.log(np.exp(x) + 1),
    "e^x − 1 in place of x: the logarithm, ln(1 + …), is missing": np.expm1,
    "minus e to the power of minus what is asked for: ln is missing": lambda x: -np.exp(-x),
    "e to the power of what is asked for: a logarithm is missing": np.exp,
    "e to the power of minus what is asked for: −ln is missing": lambda x: np.exp(-x),
    "1 minus what is asked for": lambda x: 1 - x,
    "1 divided by what is asked for: numerator and denominator are exchanged": lambda x: 1 / x,
    "minus 1 divided by what is asked for": lambda x: -1 / x,
    "the square of what is asked for": np.square,
    "the square root of what is asked for": np.sqrt,
    "the absolute value of what is asked for": np.abs,
    "twice what is asked for": lambda x: 2 * x,
    "half of what is asked for": lambda x: x / 2,
    "minus twice what is asked for": lambda x: -2 * x,
    "minus half of what is asked for": lambda x: -x / 2,
    "log₂ where the natural logarithm is asked for (1.4427 times as large)": lambda x: x / math.log(2),
    "log₁₀ where the natural logarithm is asked for (0.4343 times as large)": lambda x: x / math.log(10),
    "0.6931 = ln 2 times as large as what is asked for: the natural logarithm in place of log₂":
        lambda x: x * math.log(2),
    "2.3026 = ln 10 times as large as what is asked for": lambda x: x * math.log(10),
    "1 more than what is asked for": lambda x: x + 1,
    "1 less than what is asked for": lambda x: x - 1,
}


def simple_relation(e: Evidence) -> str:
    """Recognise minus, one minus, one over, twice, the logarithm, … of what is asked for."""
    for said, relation in RELATIONS.items():
        if e.fits(lambda right, _, relation=relation: relation(right)):
            return f"In every case your result is {said}."
    return ""


def order_of_entries(e: Evidence) -> str:
    """Recognise what is transposed, reversed, or shifted by one place."""
    if not e.arrays or not all(right.ndim for _, right in e.arrays):
        return ""
    if e.fits(lambda right, _: right.T if right.ndim == 2 and right.shape[0] == right.shape[1] else right):
        return "The result is transposed: rows and columns are exchanged."
    if e.fits(lambda right, _: right[::-1]):
        return "The numbers are right, but stand in reverse order."
    for by in (1, -1):
        if e.fits(lambda right, _, by=by: np.roll(right, by, axis=0)):
            return "The numbers are right, but each stands one place too far: is an index off by one?"
    return ""


def all_but_one_place(e: Evidence) -> str:
    """Recognise what is right except in the first or the last entry."""
    pairs = [(got, right) for got, right in e.arrays if got.ndim and len(got) > 1]
    wrong = [(got, right) for got, right in pairs if not same(got, right, TIGHT, e.floor)]
    for place, rest in {"last": slice(None, -1), "first": slice(1, None)}.items():
        if len(wrong) >= 2 and all(same(got[rest], right[rest], TIGHT, e.floor) for got, right in wrong):
            return f"All is right except the {place} entry: does a loop or a slice leave it out?"
    return ""


def by_a_size(e: Evidence) -> str:
    """Recognise a factor or summand that is a number of rows or entries, or one that was handed in."""
    for what, size in _sizes(e):
        count = not what.startswith("`")
        forms = {
            f"{what} times as large as asked for: {'divide by it (a mean), once' if count else 'a factor'}":
                lambda right, n: right * n,
            f"divided by {what} once too often{' (a mean for a sum?)' * count}": lambda right, n: right / n,
            f"larger by the logarithm of {what}": lambda right, n: right + np.log(n),
            f"smaller by the logarithm of {what}": lambda right, n: right - np.log(n),
            f"multiplied by the square of {what}": lambda right, n: right * n**2,
            f"divided by the square of {what}": lambda right, n: right / n**2,
            f"n/(n − 1) times what is asked for, n being {what}: is something divided by n − 1 that is to be "
            "divided by n?": lambda right, n: right * n / (n - 1),
            f"(n − 1)/n times what is asked for, n being {what}: is one of them left out, or something "
            "divided by n that is to be divided by n − 1?": lambda right, n: right * (n - 1) / n,
            f"multiplied by the root of {what}": lambda right, n: right * np.sqrt(n),
            f"divided by the root of {what}": lambda right, n: right / np.sqrt(n),
            f"larger by {what}": lambda right, n: right + n,
            f"smaller by {what}": lambda right, n: right - n,
            f"multiplied by 1 − {what}": lambda right, n: right * (1 - n),
            f"divided by 1 − {what}": lambda right, n: right / (1 - n),
        }
        for said, form in forms.items():
            with np.errstate(all="ignore"):
                if e.fits(lambda right, trial, form=form, size=size: form(right, size(trial))):
                    return f"In every case your result is {said}{'' if said.endswith('?') else '.'}"
    return ""


def _sizes(e: Evidence) -> Iterator[tuple[str, Callable[[Trial], float]]]:
    for place, name in enumerate(e.names):
        values = [trial.given[place] for trial in e.trials if place < len(trial.given)]
        dims = {np.ndim(value) if _numeric(value) else None for value in values}
        if dims == {0}:
            yield f"`{name}`", lambda trial, place=place: float(trial.given[place])
        elif dims == {1}:
            yield f"the number of entries of `{name}`", lambda trial, place=place: len(trial.given[place])
        elif dims == {2}:
            for axis, word in enumerate(("rows", "columns", "entries")):
                yield (f"the number of {word} of `{name}`",
                       lambda trial, place=place, axis=axis: (*np.shape(trial.given[place]),
                                                              np.size(trial.given[place]))[axis])


def nothing_but_zeros(e: Evidence) -> str:
    """Recognise arrays of zeros: what was added up cancels, or nothing was ever written into them."""
    pairs = [(got, right) for got, right in e.arrays if right.ndim and np.abs(right).max(initial=0) > 1e-6]
    if len(pairs) < 2 or any(np.abs(got).max() > 1e-12 for got, _ in pairs):
        return ""
    small = all(np.abs(right).max() < 1 for _, right in pairs)
    cut = ", or are fractions cut to 0 by `//`, `int` or an array of whole numbers" if small else ""
    return ("Every entry of your result is 0: is something added up that cancels (such as the entries of "
            f"g − y){cut}, or is an array of zeros never filled?")


def some_never_written(e: Evidence) -> str:
    """Recognise arrays in which all is right but entries that are still 0."""
    pairs, missing, told = e.arrays, [], 0
    for got, right in pairs:
        wrong = ~np.isclose(got, right, rtol=TIGHT, atol=e.floor)
        if got.ndim == 0 or got[wrong].any():
            return ""
        missing += [[int(one) for one in where] for where in np.argwhere(wrong)][:1]
        told += np.count_nonzero(got)
    if len(missing) < 2 or told < 2:
        return ""
    return (f"What is not 0 in your result is right, but some entries are 0 that should not be, such as "
            f"{missing[0]} in the first case that is wrong: does your function write them?")


def factor_and_size(e: Evidence) -> str:
    """Recognise a constant factor together with a number of entries: log₂ and a mean, for example."""
    pairs = e.arrays
    if not pairs or any(right.dtype == complex for _, right in pairs):
        return ""
    for what, size in _sizes(e):
        if what.startswith("`"):
            continue
        ratios, sizes = [], []
        for (got, right), trial in zip(pairs, e.trials, strict=True):
            away = np.abs(right) > 1e-6
            ratios.append(np.ravel(got[away] / right[away]))
            sizes.append(np.full(ratios[-1].size, size(trial), float))
        ratio, number = np.concatenate(ratios), np.concatenate(sizes)
        if len(set(number)) < 3 or not np.all(np.abs(ratio) > 1e-9):
            continue
        for said, factor in (("divided by", ratio * number), ("multiplied by", ratio / number)):
            if np.allclose(factor, factor[0], rtol=1e-9, atol=0):
                known = {1 / math.log(2): " (log₂ for ln)", 1 / math.log(10): " (log₁₀ for ln)"}
                why = next((text for one, text in known.items() if math.isclose(one, factor[0])), "")
                return (f"Two things at once: in every case your result is {factor[0]:.4g}{why} times what "
                        f"is asked for, {said} {what}.")
    return ""


def first_row_only_right(e: Evidence) -> str:
    """Recognise what is right for the first row and wrong for all that follow."""
    told = 0
    for got, right in e.arrays:
        if right.ndim < 2:
            return ""
        fine = [same(mine, ours, 1e-6, 1e-9) for mine, ours in zip(got, right, strict=True)]
        if not fine[0] or any(fine[1:]):
            return ""
        told += len(fine) > 1
    if told < 2:
        return ""
    return ("The first row is right, those after it are not: does something of one row get into the next (a "
            "total that is not set to 0 again, something overwritten), or does an index take the first for "
            "all?")


def always_the_same(e: Evidence) -> str:
    """Recognise a number that is the same whatever is handed in."""
    if not e.arrays or any(right.ndim for _, right in e.arrays):
        return ""
    got, right = ({words(pair[i], 9) for pair in e.arrays} for i in (0, 1))
    if len(got) == 1 and len(right) >= 3 and not _follows(e):
        zero = (" Is something subtracted from itself, averaged to 0, or cut to 0 by `//` or an integer "
                "array?" if got == {"0"} else "")
        unused = [f"`{name}`" for place, name in enumerate(e.names) if e.leaves_out(place)]
        if unused:
            zero = f" {' and '.join(unused)} {'is' if len(unused) == 1 else 'are'} not used."
        return f"You return the same number in every case, whatever is handed in.{zero}"
    return ""


def _follows(e: Evidence) -> bool:
    """Tell whether the answer changes when the arrays and fractions that are handed in do."""
    for trial in e.trials:
        given = tuple(1.37 * value + 0.1 if isinstance(value, float) or (
            isinstance(value, np.ndarray) and value.dtype.kind == "f") else value for value in trial.given)
        if not same(e.mine(given).value, trial.got.value, TIGHT, e.floor):
            return True
    return False


def constant(e: Evidence) -> str:
    """Recognise what is right up to a constant factor or summand."""
    pairs = e.arrays
    if sum(right.size for _, right in pairs) < 3:
        return ""
    got, right = (np.concatenate([np.ravel(pair[i]) for pair in pairs]) for i in (0, 1))
    if got.dtype == complex or right.dtype == complex:
        return ""
    away = np.abs(right) > 1e-6
    distinct = len(set(np.round(right, 9))) >= 2
    if distinct and away.any() and (np.abs(got[~away]) < 1e-6).all():
        ratio = got[away] / right[away]
        if abs(ratio[0]) > 1e-6 and np.allclose(ratio, ratio[0], rtol=1e-8, atol=0):
            return f"In every case your result is {ratio[0]:.4g} times what is asked for: a constant factor."
    difference = got - right
    if distinct and np.allclose(difference, difference[0], rtol=0, atol=1e-9):
        more = "more" if difference[0] > 0 else "less"
        return f"In every case your result is {abs(difference[0]):.4g} {more} than what is asked for."
    return ""


# --- the arguments ----------------------------------------------------------------------------------


def exchanged_arguments(e: Evidence) -> str:
    """Recognise two arguments that changed places."""
    for i in range(len(e.names)):
        for j in range(i):
            places = list(range(len(e.names)))
            places[i], places[j] = j, i
            if as_if(e, lambda given, places=places: tuple(given[k] for k in places)):
                return f"Your result is that for `{e.names[j]}` and `{e.names[i]}` exchanged."
    return ""


def off_by_one(e: Evidence) -> str:
    """Recognise a whole number, such as a label, that is taken one too high or too low."""
    for place, name in enumerate(e.names):
        for by in (1, -1):
            def moved(given: tuple, place: int = place, by: int = by) -> tuple | None:
                value = given[place]
                whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
                labels = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
                return (*given[:place], value + by, *given[place + 1:]) if whole or labels else None

            if as_if(e, moved):
                each = "it" if np.ndim(e.trials[0].given[place]) == 0 else "every entry"
                sign, way = ("+", "high") if by > 0 else ("−", "low")
                return f"Your result is that for `{name} {sign} 1`: {each} is taken one too {way}."
    return ""


def unused_argument(e: Evidence) -> str:
    """Recognise an argument on which the result does not depend, though it should."""
    if len(e.names) < 2 or not e.arrays:
        return ""
    for place, name in enumerate(e.names):
        told = 0
        for trial, other in ((a, b) for a in e.trials for b in e.trials if a is not b):
            if len(trial.given) != len(e.names) or len(other.given) != len(e.names):
                continue
            given = (*trial.given[:place], other.given[place], *trial.given[place + 1:])
            ours = e.ours(given)
            if ours.error or not finite(ours.value) or same(ours.value, trial.expected.value, 1e-6, 1e-9):
                continue
            if not same(e.mine(given).value, trial.got.value, TIGHT, e.floor):
                told = 0
                break
            told += 1
        if told and not _changes_with(e, place):
            if e.reads(place):
                return (f"Your result does not change with `{name}`, though your function uses it: does it "
                        "cancel, is it cut off, or does something else take its place?")
            return (f"Your result does not change with `{name}`: is a number written where `{name}` should "
                    f"stand, or is it left out? {fixed_value(e, place)}".rstrip())
    return ""


def _changes_with(e: Evidence, place: int) -> bool:
    """Tell whether the answer changes if an argument does, in its order or (for decimals) in its numbers."""
    for trial in e.trials:
        value, others = trial.given[place], []
        if isinstance(value, np.ndarray) and value.ndim:
            others = [value[::-1], np.roll(value, 1, axis=0), np.roll(value, -1, axis=0)]
        if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            others.append(1.37 * value)
        for other in others:
            got = e.mine((*trial.given[:place], other, *trial.given[place + 1:]))
            if not got.error and not same(got.value, trial.got.value, TIGHT, e.floor):
                return True
    return False


def one_size_only(e: Evidence) -> str:
    """Recognise what is right for one number of rows or entries only: it is written into the code."""
    if not 0 < sum(trial.right for trial in e.trials) < len(e.trials):
        return ""
    for what, size in _sizes(e):
        if what.startswith("`") or ("entries" in what and any(np.ndim(one.given[0]) > 1 for one in e.trials)):
            continue
        right = {size(trial) for trial in e.trials if trial.right}
        wrong = {size(trial) for trial in e.trials if not trial.right}
        if len(right) == 1 and len(wrong) >= 2 and not right & wrong:
            n, others = right.pop(), ", ".join(map(str, sorted(wrong)))
            cut = {_right_when_cut(e, trial, what, n) for trial in e.trials if not trial.right}
            if False in cut or True not in cut:
                continue
            start = f"It is right when {what} is {n} and wrong for {others}"
            if n > 1 and e.writes(n):
                return f"{start}: is a {n} written where all of them are meant?"
            return (f"{start}: go through your function with {others.partition(',')[0]} of them. (A mean for "
                    "a sum, an index for a whole axis, or something that each round of a loop does again?)")
    return ""


def _right_when_cut(e: Evidence, trial: Trial, what: str, n: int) -> bool | None:
    """Tell whether the answer gets right what is left of a case when its rows (columns) are cut to n.

    None: it cannot be tried here (the case is smaller, or a label is gone).
    """
    axis = int("columns" in what)
    name = what.rpartition(" `")[2].rstrip("`")
    size = np.shape(trial.given[list(e.names).index(name)])[axis]
    if size < n:
        return None

    def cut(value: object) -> object:
        for place in (axis, 0):
            if np.ndim(value) > place and np.shape(value)[place] == size:
                return np.take(value, range(n), axis=place)
        return value

    given = tuple(map(cut, trial.given))
    ours = e.ours(given)
    if ours.error or not finite(ours.value):
        return None
    return same(e.mine(given).value, ours.value, 1e-6, 1e-9)


def _numeric(value: object) -> bool:
    return isinstance(value, (int, float, np.ndarray, np.number)) and not isinstance(value, bool)


DETECTORS: Sequence[Callable[[Evidence], str]] = (
    near_misses.too_many_results, always_the_same, nothing_but_zeros, shape_differs, simple_relation,
    exchanged_arguments, off_by_one, order_of_entries, by_a_size, part_only, whole_numbers,
    near_misses.argument_returned, near_misses.rows_put_together, near_misses.other_label, other_form,
    other_argument, few_digits, unused_argument, near_misses.label_place, first_row_only_right,
    all_but_one_place, some_never_written, constant, one_size_only, size_in_the_code, factor_and_size,
)  # fmt: skip
EXTREME: Sequence[Callable[[Evidence], str]] = (near_misses.changed_extreme,)
ERRORS: Sequence[Callable[[Evidence], str]] = (size_in_the_code,)
