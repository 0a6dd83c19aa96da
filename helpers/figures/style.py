"""The one drawing style of the lessons: palette, fonts, an empty figure, and its text as SVG.

A figure is drawn by Matplotlib without pyplot, and `lesson_style` keeps it and the learner's own settings
apart. Figures are 72 dots to the inch: a Matplotlib pixel is then an SVG unit.
"""

import contextlib
import hashlib
import io
import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, ClassVar

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

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
    buffer = io.StringIO()
    with lesson_style():
        canvas = FigureCanvasSVG(fig)  # first: the fonts are measured by its renderer
        _lay_out(fig)
        canvas.print_svg(buffer, metadata={"Date": None})
    text = buffer.getvalue()
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


class LiveRenderer(RendererSVG):
    """Matplotlib's own SVG renderer, which remembers the sizes of texts from one move to the next."""

    sizes: ClassVar[dict[tuple, tuple[float, float, float]]] = {}

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool
    ) -> tuple[float, float, float]:
        """Return the size of the text `s`; measuring it again at every move was half of the drawing time."""
        key = (s, hash(prop), ismath)
        if key not in self.sizes:
            if len(self.sizes) > 20_000:
                self.sizes.clear()
            self.sizes[key] = super().get_text_width_height_descent(s, prop, ismath)
        return self.sizes[key]


def live_fragment(fig: Figure, artists: list[Artist]) -> str:
    """Draw `artists` alone and return the inside of an `<svg>` element of the size of `fig`.

    This is what makes a figure live: two milliseconds instead of the hundred of a whole figure.
    """
    buffer = io.StringIO()
    renderer = LiveRenderer(*fig.bbox.size, buffer)
    with lesson_style():
        for artist in sorted(artists, key=lambda artist: artist.get_zorder()):
            artist.draw(renderer)
        renderer.finalize()  # writes the clip paths that the artists refer to
    text = buffer.getvalue()
    end_of_head = text.index("</defs>") + len("</defs>")  # prolog, date and default style: the card has them
    return text[end_of_head : text.rindex("</svg>")].strip()


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
