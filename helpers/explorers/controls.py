"""The controls of an explorer: a visible label, a starting value, a range, and the widget for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import ipywidgets as widgets

WIDE = {"description_width": "initial"}  # a label is never cut off


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

    def widget(self) -> widgets.Widget:
        """Return the slider, an integer one if value and step are integers."""
        common = {"description": self.label, "style": WIDE, "readout_format": self.form}
        if self.base:
            low, high = (round(math.log(end, self.base), 9) for end in (self.low, self.high))
            return widgets.FloatLogSlider(
                self.value, base=self.base, min=low, max=high, step=self.step, **common
            )
        if isinstance(self.value, int) and isinstance(self.step, int):
            common["readout_format"] = "d"
            return widgets.IntSlider(self.value, min=self.low, max=self.high, step=self.step, **common)
        return widgets.FloatSlider(self.value, min=self.low, max=self.high, step=self.step, **common)

    def checked(self, name: str, value: Any) -> float:
        """Return `value` if this control can hold it, or raise a ValueError that says what it can."""
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high:
            raise ValueError(f"{name} must be a number from {self.low:g} to {self.high:g}, got {value!r}")
        return self.nearest(value)

    def nearest(self, value: float) -> float:
        """Return the value nearest to `value` that the slider can hold."""
        value = min(max(value, self.low), self.high)
        if self.base:
            start = math.log(self.low, self.base)
            steps = round((math.log(value, self.base) - start) / self.step)
            return min(self.base ** round(start + steps * self.step, 9), self.high)
        steps = round((value - self.low) / self.step)
        return type(self.value)(min(round(self.low + steps * self.step, 12), self.high))


@dataclass(frozen=True)
class Choice:
    """One of a few named options, as a drop-down list."""

    label: str
    value: str
    options: Sequence[str]

    def widget(self) -> widgets.Widget:
        """Return the drop-down list."""
        return widgets.Dropdown(
            options=list(self.options), value=self.value, description=self.label, style=WIDE
        )

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

    def widget(self) -> widgets.Widget:
        """Return the check box."""
        return widgets.Checkbox(self.value, description=self.label, indent=False, style=WIDE)

    def checked(self, name: str, value: Any) -> bool:
        """Return `value` if it is True or False, or raise a ValueError."""
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be True or False, got {value!r}")
        return value


Control = Slider | Choice | Switch
