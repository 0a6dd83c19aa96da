"""What every explorer shares: controls beside a live figure, and a sentence that says what is seen.

An explorer is four methods: `compute` (mathematics, no display), `draw` (the figure, once), `update` (the
artists that move) and `describe` (the sentence). This file does the rest. Matplotlib draws everything, in
two SVG layers: the static one once, and the live one, a few artists, at every move of a control.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import anywidget
import ipywidgets as widgets
import matplotlib as mpl
import traitlets
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from helpers.explorers.controls import Control, Slider
from helpers.figures.picture import saved_output
from helpers.figures.style import RC, live_fragment, new_figure, rounded, static_svg

HERE = Path(__file__).parent


class LiveFigure(anywidget.AnyWidget):
    """Two SVG layers, a sentence, and the pointer's position on a handle, in points from the top left."""

    _esm = HERE / "live_figure.js"
    _css = HERE / "live_figure.css"
    static_svg = traitlets.Unicode().tag(sync=True)
    live_svg = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    handles = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rounding = traitlets.List(traitlets.Unicode()).tag(sync=True)  # controls that show a rounded value
    pointer = traitlets.Dict().tag(sync=True, echo_update=False)


class Explorer(widgets.VBox):
    """Base of all explorers; keyword arguments set the controls' starting values.

    `only` names the controls to show, for a lesson that has not introduced the others yet; presets that
    need one of those are left out with them.

    A subclass gives
      `controls`  name -> Slider, Choice or Switch
      `presets`   name on the button -> the controls that it sets (the others go to their starting values)
      `size`      of the figure, in inches
      `alt`       what the figure is, for someone who cannot see it
      `handles`   id of a live artist that can be dragged -> `(view, x, y) -> {control: value}`, where x and y
                  are data coordinates of the axes that the artist is in
      `actions`   name on the button -> `view -> {control: value}`: what it sets, from what is seen now
    and the four methods below. `compute` and `describe` need no display: tests call them directly.
    """

    controls: ClassVar[Mapping[str, Control]] = {}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    handles: ClassVar[Mapping[str, Callable[[Any, float, float], Mapping[str, Any]]]] = {}
    actions: ClassVar[Mapping[str, Callable[[Any], Mapping[str, Any]]]] = {}
    size: ClassVar[tuple[float, float]] = (11, 4.5)
    alt: ClassVar[str] = ""

    @staticmethod
    def compute(c: SimpleNamespace) -> Any:
        """Return all that the figure shows, from the values `c` of the controls."""
        raise NotImplementedError

    def draw(self, fig: Figure) -> Mapping[str, Artist | list[Artist]]:
        """Draw the figure once and return the artists that move, by name (a list's are name-0, name-1, …)."""
        raise NotImplementedError

    def update(self, live: Mapping[str, Any], view: Any) -> None:
        """Move the `live` artists to show `view`."""
        raise NotImplementedError

    @staticmethod
    def describe(view: Any) -> str:
        """Return the sentence that says what is seen."""
        raise NotImplementedError

    def redraw_key(self, view: Any) -> Any:
        """Return a value whose change means that the static layer must be drawn again (axes that move)."""
        return None

    @classmethod
    def values(cls, **changes: Any) -> SimpleNamespace:
        """Return the starting values of all controls, with `changes`; for tests and for `compute` by hand."""
        cls._known(changes)
        start = {name: control.value for name, control in cls.controls.items()}
        return SimpleNamespace(
            **start | {name: cls.controls[name].checked(name, value) for name, value in changes.items()}
        )

    @classmethod
    def _known(cls, names: Iterable[str]) -> list[str]:
        for name in names:
            if name not in cls.controls:
                known = ", ".join(cls.controls)
                raise ValueError(f"{cls.__name__} has no control {name!r}; its controls are {known}")
        return list(names)

    def __init__(self, only: Sequence[str] | None = None, **start: Any):
        self._start = vars(self.values(**start))
        self.shown = list(self.controls) if only is None else self._known(only)
        self._lock = threading.RLock()  # callbacks may come from another thread than cells
        self._busy = False
        rounding = [c.label for c in self.controls.values() if isinstance(c, Slider) and c.base]
        self.figure = LiveFigure(alt=self.alt, title=f"Explorer {type(self).__name__}", rounding=rounding)
        self.widgets = {name: control.widget() for name, control in self.controls.items()}
        for name, widget in self.widgets.items():
            widget.value = self._start[name]
            widget.observe(self._moved, "value")
        with mpl.rc_context(RC):
            self.fig = new_figure(*self.size)
            self._live = dict(self.draw(self.fig))
        self._artists = list(_named(self._live))
        self._drawn_key = object()
        self._refresh()
        self.figure.handles = list(self.handles)
        self.figure.observe(self._dragged, "pointer")
        self.figure.on_msg(lambda figure, question, _: figure.send(question))  # a sign of life
        super().__init__([self._control_box(), self._preset_box(), self.figure])
        self.add_class("explorer")

    def set(self, **changes: Any) -> None:
        """Set several controls at once and draw once."""
        checked = vars(self.values(**changes))
        with self._lock:
            self._busy = True
            try:
                for name in changes:
                    self.widgets[name].value = checked[name]
            finally:
                self._busy = False
            self._refresh()

    def reset(self) -> None:
        """Put every control back where it started."""
        self.set(**self._start)

    def state(self) -> SimpleNamespace:
        """Return the present values of the controls."""
        # JupyterLab's sliders add up their steps in floating point and may send 1.0000000000001
        return SimpleNamespace(**{name: self._within(name, w.value) for name, w in self.widgets.items()})

    def shown_presets(self) -> dict[str, Mapping[str, Any]]:
        """Return the presets that need no hidden control."""
        return {label: values for label, values in self.presets.items() if set(values) <= set(self.shown)}

    def _control_box(self) -> widgets.Widget:
        box = widgets.Box([self.widgets[name] for name in self.shown])
        return box.add_class("controls")

    def shown_actions(self) -> dict[str, Callable[[Any], Mapping[str, Any]]]:
        """Return the actions that set no hidden control."""
        return {label: do for label, do in self.actions.items() if set(do(self._view)) <= set(self.shown)}

    def act(self, label: str) -> None:
        """Do what the action button `label` does; a control at its end stays there."""
        with self._lock:
            changes = self.actions[label](self._view)
            self.set(**{name: self._within(name, value) for name, value in changes.items()})

    def _preset_box(self) -> widgets.Widget:
        def button(label: str, press: Callable[[], None]) -> widgets.Button:
            made = widgets.Button(description=label)
            made.on_click(lambda _: self._guarded(press))
            return made

        def preset(label: str, values: Mapping[str, Any]) -> widgets.Button:
            return button(label, lambda: self.set(**self._start | values))

        acting = [button(label, lambda label=label: self.act(label)) for label in self.shown_actions()]
        presets = [preset(label, values) for label, values in self.shown_presets().items()]
        box = widgets.Box([*acting, *presets, button("Reset", self.reset)])
        return box.add_class("presets")

    def _moved(self, _change: Any) -> None:
        if not self._busy:
            self._guarded(self._refresh)

    def _dragged(self, change: Any) -> None:
        self._guarded(lambda: self._drag(**change["new"]))

    def _drag(self, handle: str, x: float, y: float) -> None:
        with self._lock:
            axes = next(artist for artist in self._artists if artist.get_gid() == handle).axes
            width, height = self.fig.bbox.size  # a captured pointer may be far outside, where 10^x overflows
            at = axes.transData.inverted().transform((min(max(x, 0), width), height - min(max(y, 0), height)))
            changes = self.handles[handle](self._view, *map(float, at))
            self.set(**{name: self._within(name, value) for name, value in changes.items()})

    def _within(self, name: str, value: Any) -> Any:
        """Return the value nearest to a dragged one that the control can hold: a drag stops at the end."""
        control = self.controls[name]
        return control.nearest(value) if isinstance(control, Slider) else value

    def _guarded(self, action: Callable[[], None]) -> None:
        """Run `action`; what goes wrong is said in the explorer, where the learner looks, and raised, too."""
        try:
            action()
        except Exception as error:
            self.figure.error = f"This explorer could not do that. {type(error).__name__}: {error}"
            raise

    def _refresh(self) -> None:
        with self._lock:
            view = self._view = self.compute(self.state())
            self.update(self._live, view)
            with self.figure.hold_sync():  # one message: layers and sentence never disagree
                if self.redraw_key(view) != self._drawn_key:
                    self._drawn_key = self.redraw_key(view)
                    self.figure.static_svg = self._static_layer()
                self.figure.live_svg = live_fragment(self.fig, self._artists)
                self.figure.sentence = self.describe(view)
                self.figure.error = ""

    def _static_layer(self) -> str:
        shown = [artist for artist in self._artists if artist.get_visible()]
        for artist in shown:
            artist.set_visible(False)
        svg = static_svg(self.fig)
        for artist in shown:
            artist.set_visible(True)
        return svg

    def saved_svg(self) -> str:
        """Return both layers as one SVG, as a notebook keeps it."""
        return rounded(self.figure.static_svg.replace("</svg>", f"{self.figure.live_svg}\n</svg>"))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # IPython's protocol
        data = super()._repr_mimebundle_(**kwargs) or {}
        _answer_beside_cells(self)
        return data | saved_output(self.saved_svg(), self.figure.sentence)


def _answer_beside_cells(widget: widgets.Widget) -> None:
    """Let the first move of every control be heard while a cell runs.

    JupyterLab sends it to a thread of its own, and ipykernel 7.4 sends it to where the widget was last spoken
    of instead: the cell that made it, so that it waited for all cells to end.
    """
    if widget.comm:
        vars(widget.comm).pop("_reply_subshell_id", None)
    for child in getattr(widget, "children", ()):
        _answer_beside_cells(child)


def _named(live: Mapping[str, Any]):
    """Yield all artists of `live`, each with the id by which tests and handles find it."""
    for name, item in live.items():
        artists = {name: item} if isinstance(item, Artist) else {f"{name}-{i}": a for i, a in enumerate(item)}
        for gid, artist in artists.items():
            artist.set_gid(gid)
            yield artist
