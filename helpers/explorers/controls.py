"""The controls of an explorer: a visible label, a starting value, a range.

They only declare: each front makes its own widgets of them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

REACH = 5  # steps that a held key may take while one is answered


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high` in steps of `step`; with `base` it moves by factors: base^step at a time.

    The value beside the slider can be typed over. Whatever is asked for, the slider takes its nearest step.
    """

    label: str
    value: float
    low: float
    high: float
    step: float
    form: str = ".2f"
    base: float | None = None
    colour: str = ""  # of what it moves, where that has one of its own

    def checked(self, name: str, value: Any) -> float:
        """Return `value` if this control can hold it, or raise a ValueError that says what it can."""
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high:
            raise ValueError(f"{name} must be a number from {self.low:g} to {self.high:g}, got {value!r}")
        return self.nearest(value)

    def nearest(self, value: float) -> float:
        """Return the value nearest to `value` that the slider can hold."""
        return self.at(self.place(min(max(value, self.low), self.high)))

    def place(self, value: float) -> int:
        """Return how many steps `value` lies above the low end."""
        if self.base:
            return round((math.log(value, self.base) - math.log(self.low, self.base)) / self.step)
        return round((value - self.low) / self.step)

    def at(self, place: int) -> float:
        """Return the value `place` steps above the low end."""
        if self.base:
            start = math.log(self.low, self.base)
            return min(self.base ** round(start + place * self.step, 9), self.high)
        return type(self.value)(min(round(self.low + place * self.step, 12), self.high))

    def ahead(self, before: float, now: float) -> list[float]:
        """Return where keys may take it next, likeliest first, when it has moved from `before` to `now`.

        Nothing after a jump: who drags the handle or types a number goes anywhere next.
        """
        place = self.place(now)
        moved = place - self.place(before)
        if not 1 <= abs(moved) <= REACH:
            return []
        way = moved // abs(moved)
        places = [place + way, place - way, *(place + way * k for k in range(2, REACH))]
        return [self.at(k) for k in places if 0 <= k <= self.place(self.high)]


@dataclass(frozen=True)
class Choice:
    """One of a few named options, as a drop-down list."""

    label: str
    value: str
    options: Sequence[str]

    def checked(self, name: str, value: Any) -> str:
        """Return `value` if it is an option, or raise a ValueError that lists the options."""
        if str(value) not in self.options:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, self.options))}, got {value!r}")
        return str(value)


@dataclass(frozen=True)
class Switch:
    """Yes or no."""

    label: str
    value: bool = False

    def checked(self, name: str, value: Any) -> bool:
        """Return `value` if it is True or False, or raise a ValueError."""
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be True or False, got {value!r}")
        return value


Control = Slider | Choice | Switch
