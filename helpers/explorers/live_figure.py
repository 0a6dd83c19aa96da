"""What every explorer shares: controls beside a live figure, and a sentence that says what is seen.

An explorer is four methods: `compute` (mathematics, no display), `draw` (the figure, once), `update` (the
artists that move) and `describe` (the sentence). This file does the rest. Matplotlib draws everything, in
two SVG layers: the static one once, and the live one, a few artists, at every move of a control.

Nothing here knows of widgets, browsers or threads: it runs wherever Python does. Two thin fronts put it
before the learner: `notebook.py` with ipywidgets, and the web pages, where it runs in the browser itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from helpers.explorers.controls import Control, Slider
from helpers.figures.picture import saved_explorer
from helpers.figures.style import LiveLayer, lesson_style, new_figure, rounded, static_svg

Foreseen = tuple[dict[str, str], str]  # parts of the live layer by their ids, and the sentence
CONTROLS, PRESETS = 3, 4  # that stand in front of "More controls"


@dataclass
class Card:
    """What is seen of an explorer: two SVG layers, a sentence, and what went wrong, if anything did."""

    static_svg: str = ""
    live: dict[str, str] = field(default_factory=dict)  # of the live layer each part, by its id
    sentence: str = ""
    error: str = ""

    @property
    def live_svg(self) -> str:
        """The live layer as a whole."""
        return "\n".join(self.live.values())


class Explorer:
    """Base of all explorers; keyword arguments set the controls' starting values.

    `only` names the controls to show, for a lesson that has not introduced the others yet; presets that
    need one of those are left out with them, and so are the handles that move them.

    A subclass gives
      `controls`  name -> Slider, Choice or Switch
      `front`     names of controls, the most needed first: of many controls three stand in front, and the
                  rest and the presets after the fourth under "More controls"; those not named come last
      `presets`   name on the button -> the controls that it sets (the others go to their starting values)
      `size`      of the figure, in inches
      `alt`       what the figure is, for someone who cannot see it
      `handles`   id of a live artist that can be dragged -> `(view, x, y) -> {control: value}`, where x and y
                  are data coordinates of the axes that the artist is in; what it moves comes first
      `actions`   name on the button -> `view -> {control: value}`: what it sets, from what is seen now
      `main_button`  the name of the button that a learner needs most, if there is one
      `foreseeable`  False where the picture also hangs on what was done before, or a move takes long
    and the four methods below. `compute` and `describe` need no display: tests call them directly.
    """

    controls: ClassVar[Mapping[str, Control]] = {}
    front: ClassVar[Sequence[str]] = ()
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    handles: ClassVar[Mapping[str, Callable[[Any, float, float], Mapping[str, Any]]]] = {}
    actions: ClassVar[Mapping[str, Callable[[Any], Mapping[str, Any]]]] = {}
    main_button: ClassVar[str] = ""
    foreseeable: ClassVar[bool] = True
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
        self._values = dict(self._start)
        self.shown = list(self.controls) if only is None else self._known(only)
        self._lock = self._new_lock()
        with lesson_style():
            self.fig = new_figure(*self.size)
            self._live = dict(self.draw(self.fig))
        self._artists = list(_named(self._live))
        self._layer = LiveLayer(self.fig, self._artists)
        self.figure = self._new_card()
        self._drawn_key = object()
        self._refresh()
        self.buttons: dict[str, Callable[[], Any]] = {  # label -> what it does, in the order of the row
            **{label: partial(self.act, label) for label in self.shown_actions()},
            **{label: partial(self.set, **self._start | to) for label, to in self.shown_presets().items()},
            "Reset": self.reset,
        }
        self.handles = self.shown_handles()
        needed = dict.fromkeys(name for name in (*self.front, *self.shown) if name in self.shown)
        self.folded = {*_folded(needed, CONTROLS), *_folded(self.shown_presets(), PRESETS)}

    # --- for whoever writes Python: what goes wrong is raised ---

    def set(self, **changes: Any) -> None:
        """Set several controls at once and draw once."""
        checked = vars(self.values(**changes))
        with self._lock:
            self._put({name: checked[name] for name in changes})
            self._refresh()

    def reset(self) -> None:
        """Put every control back where it started."""
        self.set(**self._start)

    def act(self, label: str) -> None:
        """Do what the action button `label` does; a control at its end stays there."""
        with self._lock:
            changes = self.actions[label](self._view)
            self.set(**{name: self._within(name, value) for name, value in changes.items()})

    def state(self) -> SimpleNamespace:
        """Return the present values of the controls."""
        return SimpleNamespace(**self._values)

    def shown_presets(self) -> dict[str, Mapping[str, Any]]:
        """Return the presets that need no hidden control."""
        return {label: values for label, values in self.presets.items() if set(values) <= set(self.shown)}

    def shown_actions(self) -> dict[str, Callable[[Any], Mapping[str, Any]]]:
        """Return the actions that set no hidden control."""
        return {label: do for label, do in self.actions.items() if set(do(self._view)) <= set(self.shown)}

    def shown_handles(self) -> dict[str, Callable[[Any, float, float], Mapping[str, Any]]]:
        """Return the handles that move no hidden control; what else a drag sets it only puts right."""
        return {name: move for name, move in self.handles.items() if self._moved_by(name, move) in self.shown}

    def saved_svg(self) -> str:
        """Return both layers as one SVG, as a notebook keeps it."""
        with self._lock:
            return rounded(self.figure.static_svg.replace("</svg>", f"{self._layer.svg()}\n</svg>"))

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> dict[str, Any]:  # IPython's protocol
        return saved_explorer(self.saved_svg(), self.figure.sentence, self.alt)

    # --- for a front: what the learner does; what goes wrong is said in the explorer, and raised, too ---

    def move(self, name: str, value: Any) -> None:
        """Move one control, as far as it goes."""

        def move() -> None:
            with self._lock:
                # JupyterLab's sliders add up their steps in floating point and may send 1.0000000000001
                self._values[name] = self._within(name, value)
                self._refresh()

        self._guarded(move)

    def foresee(self, states: Iterable[Mapping[str, Any]]) -> list[Foreseen | None]:
        """Return what each of `states` of the controls would show, and leave everything as it is.

        That is the live parts that differ from what is shown now, and the sentence; None where the static
        layer would be another, or an error said.
        """
        with self._lock, lesson_style():
            shown = dict(self._layer.parts)
            found = [self._foreseen(SimpleNamespace(**self._values | state), shown) for state in states]
            self.update(self._live, self._view)
            self._layer.draw()
        return found

    def drag(self, handle: str, x: float, y: float) -> None:
        """Drag a handle to a place in the figure, in points from its top left."""
        self._guarded(lambda: self._drag(handle, x, y))

    def press(self, label: str) -> None:
        """Press a button."""
        self._guarded(self.buttons[label])

    def go_on(self) -> float | None:
        """Do the next piece of what `_in_pieces` was given; return the seconds to rest, None at the end."""
        return next(self._pieces, None)

    # --- what a front does in its own way ---

    _pieces: Iterator[float] = iter(())

    def _new_lock(self) -> AbstractContextManager:
        """Return what keeps two moves from mixing, where there is more than one thread."""
        return nullcontext()

    def _new_card(self) -> Any:
        """Return what `_refresh` writes into."""
        return Card(live=dict.fromkeys(self._layer.parts, ""))

    def _put(self, values: Mapping[str, Any]) -> None:
        """Give controls new values."""
        self._values |= values

    def _publish(self, live: Mapping[str, str], **parts: str) -> None:
        """Show new parts of the live layer and of the card, all at once."""
        self.figure.live = self.figure.live | live
        for name, part in parts.items():
            setattr(self.figure, name, part)

    def _in_pieces(self, pieces: Iterator[float]) -> Any:
        """Do something long beside everything else; each piece yields the seconds to rest after it."""
        self._pieces = pieces

    # --- inside ---

    def _moved_by(self, handle: str, move: Callable[[Any, float, float], Mapping[str, Any]]) -> str | None:
        """Return the name of the control that a handle moves first, None if it moves none."""
        axes = next(artist for artist in self._artists if artist.get_gid() == handle).axes
        (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
        return next(iter(move(self._view, (x0 + x1) / 2, (y0 + y1) / 2)), None)

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

    def _guarded(self, action: Callable[[], Any]) -> None:
        """Run `action`; what goes wrong is said in the explorer, where the learner looks, and raised, too."""
        try:
            action()
        except Exception as error:
            self.figure.error = f"This explorer could not do that. {type(error).__name__}: {error}"
            raise

    def _refresh(self) -> None:
        with self._lock, lesson_style():
            view = self._view = self.compute(self.state())
            self.update(self._live, view)
            parts = {}
            if self.redraw_key(view) != self._drawn_key:
                self._drawn_key = self.redraw_key(view)
                parts["static_svg"] = self._static_layer()
            self._publish(self._layer.draw(), **parts, sentence=self.describe(view), error="")

    def _foreseen(self, state: SimpleNamespace, shown: Mapping[str, str]) -> Foreseen | None:
        try:
            view = self.compute(state)
            if self.redraw_key(view) != self._drawn_key:
                return None
            self.update(self._live, view)
            self._layer.draw()
            return {n: svg for n, svg in self._layer.parts.items() if svg != shown[n]}, self.describe(view)
        except Exception:  # said when the learner comes there
            return None

    def _static_layer(self) -> str:
        shown = [artist for artist in self._artists if artist.get_visible()]
        for artist in shown:
            artist.set_visible(False)
        svg = static_svg(self.fig)
        for artist in shown:
            artist.set_visible(True)
        return svg


def _folded(names: Iterable[str], front: int) -> list[str]:
    """Return the names after the first `front`; a single one stays in front, for a fold takes room, too."""
    rest = list(names)[front:]
    return rest if len(rest) > 1 else []


def _named(live: Mapping[str, Any]):
    """Yield all artists of `live`, each with the id by which tests and handles find it."""
    for name, item in live.items():
        artists = {name: item} if isinstance(item, Artist) else {f"{name}-{i}": a for i, a in enumerate(item)}
        for gid, artist in artists.items():
            artist.set_gid(gid)
            yield artist
