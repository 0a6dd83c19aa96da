"""Claims that can fail: for every verdict that a lesson prints, a sabotage under which it prints another.

A cell of a lesson is a *verdict cell* if its saved output holds a verdict: True, False, yes or no, or a line
with "greatest", "least", "best" and a number. `lesson_NN.py` registers sabotages for these: small changes
that make the claim false. `tests/test_claims.py` runs the section with each and demands another verdict.

    python -m tests.claims             # try all lessons: faults, and the sabotages with what they changed
    python -m tests.claims 03          # lesson 03 alone
    python -m tests.claims 03 --list   # its verdict cells, and those that still lack a sabotage
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sabotage:
    """A small change under which the output of `cell` must be another one.

    cell: the id of the verdict cell.
    why: what is wrong then, in a few words: "2ˣ for eˣ", "a rival near the best".
    replace: (old, new), text that stands exactly once in the source of the cell `at` (`cell` itself if not
        given; it may be an imports cell or an earlier cell of the section), or of the function `helper`.
    helper: dotted name of a function whose source `replace` changes, "helpers.softmax.softmax".
    patch: dotted name -> what stands in its place, wherever the lesson or `helpers` has imported it.
    claim: a regular expression for the part of the saved output that must go. Needed only where the claim is
        no word that is recognised as a verdict; without it and without such words any change will do.

    Change what is computed, never the comparison or the words: `==` turned into `!=` proves nothing.
    """

    cell: str
    why: str
    replace: tuple[str, str] | None = None
    at: str | None = None
    helper: str | None = None
    patch: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    claim: str = ""
