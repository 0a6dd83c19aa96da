"""The one drawing style of the lessons: palette, fonts, an empty figure, and its text as SVG.

A figure is drawn by Matplotlib without pyplot, and `lesson_style` keeps it and the learner's own settings
apart. Figures are 72 dots to the inch: a Matplotlib pixel is then an SVG unit.
"""

import contextlib
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, ClassVar

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG, _short_float_fmt
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

# Okabe & Ito's palette for every kind of colour vision; the order keeps neighbours apart in grey, too.
BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#a6558a",
    "#56b4e9",
)
INK, GREY, PALE = "#222222", "#6b6b6b", "#d9d9d9"

RC = {
    "figure.dpi": 72,
    "figure.facecolor": "white",
    "font.size": 12,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": mpl.cycler(color=[BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY]),
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "svg.fonttype": "none",  # letters stay letters: small, sharp, and found by a screen reader
    "svg.hashsalt": "lessons",  # the same figure gives the same ids, byte for byte
}


STYLE = mpl.rcParamsDefault.copy()  # as Matplotlib is shipped, whatever the learner's matplotlibrc says
STYLE.update(RC)
_drawing = ContextVar("drawing", default=False)  # of each thread its own


class SettingsByContext(mpl.RcParams):
    """Matplotlib's settings: `STYLE` for who draws a figure of the lessons, to everybody else the learner's.

    Matplotlib reads some settings when an artist is made and some when it is drawn, and widgets draw in
    another thread while the learner's cell runs. `rc_context` would change the settings under that cell's
    feet, and at its end take back what the cell had set in the meantime.
    """

    def __getitem__(self, key: str) -> Any:
        """Return a setting."""
        if self is mpl.rcParams and _drawing.get():  # not where Matplotlib works with a copy
            return STYLE[key]
        return super().__getitem__(key)


mpl.rcParams.__class__ = SettingsByContext  # every module of Matplotlib holds this one object


@contextlib.contextmanager
def lesson_style() -> Iterator[None]:
    """Make what is built and drawn inside look as in the lessons; for a `with` or as a decorator."""
    token = _drawing.set(True)
    try:
        yield
    finally:
        _drawing.reset(token)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` by `height` inches that lays itself out without overlaps."""
    with lesson_style():
        return Figure(figsize=(width, height), dpi=72, layout="constrained")


def static_svg(fig: Figure) -> str:
    """Draw the visible part of `fig` and return it as an `<svg>` element without date or metadata.

    The figure is laid out at the first drawing and then keeps its layout; `savefig` would do both twice.
    """
    with lesson_style():
        Canvas(fig)  # first: the fonts are measured by its renderer
        _lay_out(fig)
        renderer = Renderer(*fig.bbox.size)
        fig.draw(renderer)
        renderer.finalize()
    text = renderer.buffer.getvalue()
    text = text[text.index("<svg") :]
    return re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.S)


def _lay_out(fig: Figure) -> None:
    """Lay `fig` out, once, at round places: the solver's last digits differ from one time to the next."""
    engine = fig.get_layout_engine()
    if engine is not None:  # some explorers have laid themselves out
        engine.execute(fig)
        fig.set_layout_engine(None)
    for ax in fig.axes:
        ax.set_position(np.round(ax.get_position(original=True).bounds, 6))


class Renderer(RendererSVG):
    """Matplotlib's own SVG renderer, which remembers the sizes of texts from one drawing to the next."""

    sizes: ClassVar[dict[tuple, tuple[float, float, float]]] = {}

    def __init__(self, width: float, height: float):
        self.buffer = io.StringIO()
        super().__init__(width, height, self.buffer)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool
    ) -> tuple[float, float, float]:
        """Return the size of the text `s`; measuring it again was half of the time of a move."""
        key = (s, hash(prop), ismath)
        if key not in self.sizes:
            if len(self.sizes) > 20_000:
                self.sizes.clear()
            self.sizes[key] = super().get_text_width_height_descent(s, prop, ismath)
        return self.sizes[key]


class Canvas(FigureCanvasSVG):
    """Where a figure is laid out, twice over and with every text: by the renderer that remembers."""

    def get_renderer(self) -> Renderer:
        """Return a renderer, as Matplotlib asks for it."""
        return Renderer(*self.figure.bbox.size)


class LiveRenderer(Renderer):
    """Draws the artists that move, one at a time."""

    def alone(self, artist: Artist) -> tuple[str, dict]:
        """Draw `artist`; return its SVG, which stands for itself, and the clip paths that it refers to."""
        self._clipd, self._markers = {}, {}
        begin = self.buffer.tell()
        artist.draw(self)
        self.buffer.seek(begin)
        return self.buffer.read().strip(), self._clipd

    def place(self, artist: Artist) -> str:
        """Return what the SVG of `artist` says of its place, if it is a patch, a line or one marker."""
        flip = Affine2D().scale(1, -1).translate(0, self.height)
        if not (isinstance(artist, Line2D | Patch) and artist.get_visible()):
            return ""
        path = artist.get_transform().transform_path(artist.get_path())
        if isinstance(artist, Line2D) and artist.get_marker() != "None":
            at = flip.transform(path.vertices)
            if artist.get_linestyle() != "None" or len(at) != 1 or not (at >= 0).all():
                return ""  # Matplotlib leaves out a marker that is nowhere or off the figure
            x, y = map(_short_float_fmt, at[0])
            return f'x="{x}" y="{y}"'
        clip = isinstance(artist, Line2D) or artist.get_facecolor()[3] == 0  # as Matplotlib does
        simplify = clip and path.should_simplify
        return f'd="{self._convert_path(path, flip, clip=clip, simplify=simplify)}"'

    def clips(self, clips: dict) -> str:
        """Return the SVG of the clip paths."""
        self._clipd, begin = clips, self.buffer.tell()
        self._write_clips()
        self.buffer.seek(begin)
        return self.buffer.read().strip()


class LiveLayer:
    """The artists of a figure that move, from the back to the front, each drawn apart.

    This is what makes a figure live: two milliseconds instead of the hundred of a whole figure, and only what
    has changed is drawn again and travels. `parts` holds what is seen, id of the artist -> SVG, and first,
    under "clips", the clip paths that artists refer to.
    """

    def __init__(self, fig: Figure, artists: Iterable[Artist]):
        self.fig = fig
        self.artists = {a.get_gid(): a for a in sorted(artists, key=lambda artist: artist.get_zorder())}
        self.parts = dict.fromkeys(("clips", *self.artists), "")
        self._clips: dict[str, dict] = {}
        self._texts: dict[str, tuple] = {}  # how each text was when it was drawn
        self._looks: dict[str, tuple] = {}  # of lines and patches: how each was, and where
        self._numbers: dict = {}  # of clip paths that are no rectangle: the same at every move

    def draw(self) -> dict[str, str]:
        """Draw the artists that have changed, as Matplotlib knows (`stale`); return the parts that differ."""
        renderer, now = LiveRenderer(*self.fig.bbox.size), {}
        renderer._clip_path_ids = self._numbers
        with lesson_style():
            for name, artist in self.artists.items():
                if artist.stale and not self._same(name, artist):
                    now[name] = self._moved(name, artist, renderer)
            clips = {key: clip for each in self._clips.values() for key, clip in each.items()}
            now["clips"] = renderer.clips(clips)
        changed = {name: svg for name, svg in now.items() if svg != self.parts[name]}
        self.parts |= changed
        return changed

    def _moved(self, name: str, artist: Artist, renderer: LiveRenderer) -> str:
        """Return the SVG of `artist`: where only the place is another, the last one with the new place.

        To let Matplotlib write lines and markers anew at every move was half of the time of a move.
        """
        place = renderer.place(artist)
        look = (len(place.split("\n")), *_look(artist)) if place else ()
        before, at = self._looks.get(name, ((), ""))
        if place and look == before:
            svg = self.parts[name].replace(at, place)
            artist.stale = False
        else:
            svg, self._clips[name] = renderer.alone(artist)
        self._looks[name] = (look, place) if svg.count(place) == 1 else ((), "")
        return svg

    def _same(self, name: str, artist: Artist) -> bool:
        """Return whether a text stays: texts are stale whenever they are set, and cost most of a move."""
        if not isinstance(artist, Text):
            return False
        look = artist.get_text(), artist.get_color(), artist.get_fontsize(), artist.get_alpha()
        place = artist.get_transform().transform(artist.get_unitless_position())
        stands = artist.get_ha(), artist.get_va(), artist.get_rotation(), artist.get_visible()
        before, self._texts[name] = self._texts.get(name), (look, *place, stands)
        return before == self._texts[name]

    def svg(self) -> str:
        """Draw all artists and return the inside of an `<svg>` element of the size of the figure."""
        renderer = LiveRenderer(*self.fig.bbox.size)
        with lesson_style():
            for artist in self.artists.values():
                artist.draw(renderer)
            renderer.finalize()  # writes the clip paths that the artists refer to
        text = renderer.buffer.getvalue()
        end_of_head = text.index("</defs>") + len("</defs>")  # prolog, date, default style: the card has them
        return text[end_of_head : text.rindex("</svg>")].strip()


def _look(artist: Line2D | Patch) -> tuple:
    """Return all that a move may change of a line or a patch but its place."""
    if isinstance(artist, Patch):
        colours = tuple(artist.get_facecolor()), tuple(artist.get_edgecolor()), artist.get_hatch()
    else:
        colours = artist.get_color(), artist.get_markerfacecolor(), artist.get_markeredgecolor()
        colours += artist.get_marker(), artist.get_markersize(), artist.get_markeredgewidth()
    return *colours, artist.get_linewidth(), artist.get_linestyle(), artist.get_alpha(), artist.get_clip_on()


def rounded(svg: str) -> str:
    """Round every coordinate of `svg` to a hundredth of a point: smaller, and the same on every machine.

    Coordinates stand inside tags; the numbers between them are text that is read. Two more things hang on
    the last bit of a coordinate: the id of a clip path, which is a hash of it, and whether a contour that
    comes back to where it began is marked as closed.
    """
    svg = re.sub(r"<[^<>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _hundredths, tag[0]), svg)
    svg = re.sub(r"(M (\S+ \S+) \n(?:L \S+ \S+ \n)*L \2 \n)(?!z)", r"\1z\n", svg)
    clips = dict(re.findall(r'<clipPath id="(p[0-9a-f]{10})">(.*?)</clipPath>', svg, flags=re.S))
    ids = {old: "p" + hashlib.sha256(clip.encode()).hexdigest()[:10] for old, clip in clips.items()}
    return re.sub(r"\bp[0-9a-f]{10}\b", lambda old: ids.get(old[0], old[0]), svg)


def _hundredths(number: re.Match) -> str:
    return f"{float(number[0]):.2f}".replace("-0.00", "0.00")
