"""Explorers in a notebook: ipywidgets for the controls, an anywidget for the figure, threads.

`helpers.explorers` gives every explorer in this form; one of your own gets it with `in_notebook`:

    @in_notebook
    class Mine(Explorer): ...
"""

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from helpers.explorers.controls import Choice, Control, Slider
from helpers.explorers.live_figure import Card, Explorer

HERE = Path(__file__).parent
MODULES = "live_figure.js", "ahead.js", "notebook.js"  # the first is also that of the web pages
QUICK = 0.03  # seconds of processor time that a move may take for its next ones to be drawn ahead
WIDE = {"description_width": "initial"}  # a label is never cut off


class LiveFigure(anywidget.AnyWidget):
    """The card of an explorer, and the pointer's position on a handle, in points from the top left."""

    # an anywidget is one module
    _esm = "\n".join((HERE / name).read_text(encoding="utf-8") for name in MODULES)
    _css = HERE / "notebook.css"
    static_svg = traitlets.Unicode().tag(sync=True)
    parts = traitlets.List(traitlets.Unicode()).tag(sync=True)  # ids, each with a trait of its own: `live-ID`
    sentence = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    handles = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rounding = traitlets.List(traitlets.Unicode()).tag(sync=True)  # controls that show a rounded value
    controls = traitlets.List(traitlets.Unicode()).tag(sync=True)  # ids of their models
    at = traitlets.List().tag(sync=True)  # where the controls are in this picture
    pointer = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(self, parts: Iterable[str], **traits: Any):
        # a trait for every part of the live layer: ipywidgets sends those that have changed
        self.add_traits(**{f"live-{name}": traitlets.Unicode().tag(sync=True) for name in parts})
        super().__init__(parts=list(parts), **traits)

    @property
    def live(self) -> dict[str, str]:
        """Of the live layer each part, by its id."""
        return {name: getattr(self, f"live-{name}") for name in self.parts}

    @live.setter
    def live(self, parts: Mapping[str, str]) -> None:
        for name, svg in parts.items():
            setattr(self, f"live-{name}", svg)

    live_svg = Card.live_svg


def control_widget(control: Control, value: Any) -> widgets.Widget:
    """Return the widget for `control`, at `value`."""
    common = {"value": value, "description": control.label, "style": WIDE}
    if isinstance(control, Choice):
        return widgets.Dropdown(options=list(control.options), **common)
    if not isinstance(control, Slider):
        return widgets.Checkbox(indent=False, **common)
    low, high, kind = control.low, control.high, widgets.FloatSlider
    common |= {"step": control.step, "readout_format": control.form}
    if control.colour:
        common["style"] = WIDE | {"handle_color": control.colour}
    if control.base:
        low, high = (round(math.log(end, control.base), 9) for end in (low, high))
        kind, common["base"] = widgets.FloatLogSlider, control.base
    elif isinstance(control.value, int) and isinstance(control.step, int):
        kind, common["readout_format"] = widgets.IntSlider, "d"
    return kind(min=low, max=high, **common)


class InNotebook:
    """What makes a widget of an explorer; `in_notebook` puts it between the explorer and `widgets.VBox`."""

    def __init__(self, *arguments: Any, **options: Any):
        self.widgets: dict[str, widgets.Widget] = {}
        self._ahead: deque[tuple] = deque(maxlen=24)  # states that the page has pictures of
        self._busy, self._working, self._worker = False, threading.Lock(), None
        super().__init__(*arguments, **options)
        self.widgets = {name: control_widget(c, self._start[name]) for name, c in self.controls.items()}
        for name, widget in self.widgets.items():
            widget.observe(lambda change, name=name: self._moved(name, change["new"]), "value")
        self.figure.observe(lambda change: self.drag(**change["new"]), "pointer")
        self.figure.on_msg(lambda figure, question, _: figure.send(question))  # a sign of life
        self.figure.handles = list(self.handles)
        self.figure.controls, self.figure.at = [one.model_id for one in self.widgets.values()], self._at()
        widgets.VBox.__init__(self, [*self._rows(), self.figure])
        self.add_class("explorer")

    def _new_lock(self) -> threading.RLock:
        return threading.RLock()  # callbacks may come from another thread than cells

    def _new_card(self) -> LiveFigure:
        rounding = [c.label for c in self.controls.values() if isinstance(c, Slider) and c.base]
        title = f"Explorer {type(self).__name__}"
        names = dict(alt=self.alt, title=title, rounding=rounding)
        return LiveFigure(self._layer.parts, **names)

    def _rows(self) -> list[widgets.Box]:
        def rows(folded: bool) -> list[widgets.Box]:
            controls = [self.widgets[name] for name in self.shown if (name in self.folded) is folded]
            buttons = [self._button(label) for label in self.buttons if (label in self.folded) is folded]
            return [_box(controls, "controls"), _box(buttons, "presets")]

        front = rows(False)
        if not self.folded:
            return front
        front[1].children += (widgets.Button(description="More controls").add_class("unfold"),)
        return [*front, _box(rows(True), "more")]

    def _button(self, label: str) -> widgets.Button:
        made = widgets.Button(description=label, button_style="primary" if label == self.main_button else "")
        made.on_click(lambda _: self.press(label))
        return made

    def _moved(self, name: str, value: Any) -> None:
        with self._lock:  # another thread may be setting several
            if self._busy:
                return
            before, began = self._values[name], time.process_time()
            self.move(name, value)
            if self.foreseeable and time.process_time() - began < QUICK:
                self._send_ahead(name, before)

    def _send_ahead(self, name: str, before: Any) -> None:
        """Send what the next steps of a slider would show, three at the most, for `ahead.js` to show."""
        control = self.controls[name]
        if not isinstance(control, Slider) or not (likely := control.ahead(before, self._values[name])):
            return
        states = [self._values | {name: value} for value in likely]
        states = [state for state in states if tuple(state.values()) not in self._ahead][:3]
        sent = []
        for state, foreseen in zip(states, self.foresee(states), strict=True):
            if foreseen:
                live, sentence = foreseen
                parts = {f"live-{part}": svg for part, svg in live.items()}
                sent.append((self._at(**{name: state[name]}), parts | {"sentence": sentence}))
        if sent:
            self.figure.send({"ahead": sent, "from": self._at()})
        self._ahead.extend(tuple(state.values()) for state in (self._values, *states))

    def _at(self, **others: float) -> list[float]:
        """Return where the controls are, as the page has it: a choice by its number; `others` elsewhere."""
        now = {n: w.index if isinstance(w, widgets.Dropdown) else w.value for n, w in self.widgets.items()}
        return list((now | others).values())

    def _put(self, values: Mapping[str, Any]) -> None:
        super()._put(values)
        self._busy = True
        try:
            for name, value in values.items():
                self.widgets[name].value = value
        finally:
            self._busy = False

    def _publish(self, live: Mapping[str, str], **parts: str) -> None:
        with self.figure.hold_sync():  # one message: layers and sentence never disagree
            super()._publish(live, **parts)
            self.figure.at = self._at()

    def _in_pieces(self, pieces: Iterator[float]) -> threading.Thread | asyncio.Future:
        self._worker = threading.Thread(target=self._work, args=(pieces,), daemon=True)
        try:
            self._worker.start()
        except RuntimeError:  # no threads in WebAssembly
            self._worker = asyncio.ensure_future(self._work_between(pieces))
        return self._worker

    def _next(self, pieces: Iterator[float]) -> float | None:
        with self._working:  # a worker before this one may still be in its last piece
            return next(pieces, None)

    def _work(self, pieces: Iterator[float]) -> None:
        while (rest := self._next(pieces)) is not None:
            time.sleep(rest)  # even none lets a callback in

    async def _work_between(self, pieces: Iterator[float]) -> None:
        while (rest := self._next(pieces)) is not None:
            await asyncio.sleep(rest)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # IPython's protocol
        widget = widgets.VBox._repr_mimebundle_(self, **kwargs) or {}
        _answer_beside_cells(self)
        return widget | super()._repr_mimebundle_()


def _box(row: list[widgets.Widget], name: str) -> widgets.Box:
    return widgets.Box(row).add_class(name)


@cache
def in_notebook(explorer: type[Explorer]) -> type:
    """Return the widget of `explorer`: a class with the same name and words that a notebook can show."""
    about = {name: getattr(explorer, name) for name in ("__doc__", "__module__", "__qualname__")}
    return type(explorer.__name__, (InNotebook, explorer, widgets.VBox), about)


def _answer_beside_cells(widget: widgets.Widget) -> None:
    """Let the first move of every control be heard while a cell runs.

    JupyterLab sends it to a thread of its own, and ipykernel 7.4 sends it to where the widget was last spoken
    of instead: the cell that made it, so that it waited for all cells to end.
    """
    if widget.comm:
        vars(widget.comm).pop("_reply_subshell_id", None)
    for child in getattr(widget, "children", ()):
        _answer_beside_cells(child)
