"""Exercises on a web page: run what the learner wrote, and return the card that a notebook would show."""

import ast
import contextlib
import linecache
import os
import sys
import traceback
from collections.abc import Mapping
from typing import Any

from helpers.exercises import check as checks
from helpers.exercises import results
from helpers.exercises.plain import error_words
from helpers.exercises.saved_output import ORANGE, card, inline
from helpers.exercises.trial import Page

FILE = "your answer"
_spaces: dict[str, dict[str, Any]] = {}  # the names that the imports of a lesson made


def check(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Run an answer and its check; return the card, what was printed, and the result to remember.

    `lesson` names the lesson, whose `imports` run once; `before` are cells it builds on, `answer`
    is what the learner wrote, `check` the line that judges it, of the exercise `name`.
    """
    lesson, shown, page = payload["lesson"], [], Page()
    os.environ["LESSONS_PROGRESS"] = "off"  # the page keeps what was solved
    results._memory.clear()
    results._said.clear()
    kept, checks.show = checks.show, lambda plain, rich: shown.append((plain, rich))
    try:
        with contextlib.redirect_stdout(page), contextlib.redirect_stderr(page):
            if lesson not in _spaces:
                _spaces[lesson] = imported(payload["imports"])
            space = dict(_spaces[lesson])
            for source in payload.get("before", []):
                with contextlib.suppress(ImportError, NameError):  # it shows what a page has not: mpmath
                    exec(source, space)
            run(payload["answer"], space)
            exec(payload["check"], space)
    except _Failed as failed:
        shown.append((str(failed), card(f"<p><strong>{inline(str(failed))}</strong></p>", ORANGE)))
    finally:
        checks.show = kept
    plain, rich = shown[-1]
    latest = [entry for entry in results.entries() if entry.name == payload["name"]][-1:]
    result, mistake = (latest[0].result, latest[0].mistake) if latest else (None, None)
    return {"html": rich, "text": plain, "printed": page.text, "result": result, "mistake": mistake}


def imported(source: str) -> dict[str, Any]:
    """Run the imports of a lesson, without what is not there in a browser; return the names."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for line in ast.parse(source).body:
        with contextlib.suppress(ImportError, NameError):
            exec(compile(ast.Module([line], []), "imports", "exec"), space)
    return space


class _Failed(Exception):  # noqa: N818  (a sentence for the learner)
    pass


def run(source: str, space: dict[str, Any]) -> None:
    """Run the learner's code; what goes wrong is one sentence with the line."""
    lines = source.splitlines(keepends=True)
    linecache.cache[FILE] = (len(source), None, lines, FILE)
    try:
        exec(compile(source, FILE, "exec"), space)
    except SyntaxError as error:
        at = f" in line {error.lineno}: `{(error.text or '').strip()}`" if error.lineno else ""
        raise _Failed(f"This is not yet Python: {error.msg}{at}.") from None
    except BaseException as error:
        trace = [frame for frame in traceback.extract_tb(sys.exc_info()[2]) if frame.filename == FILE]
        at = f" in line {trace[-1].lineno}: `{trace[-1].line}`" if trace else ""
        raise _Failed(f"{error_words(error)}{at}.") from None
