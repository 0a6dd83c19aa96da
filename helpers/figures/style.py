"""The one drawing style of the lessons: palette, fonts, an empty figure, and its text as SVG.

A figure is drawn by Matplotlib without pyplot, so no global state is touched beyond the two settings
below. Figures are 72 dots to the inch: a Matplotlib pixel is then an SVG unit.
"""

import io
import re
from typing import ClassVar

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

# Read by Matplotlib while it draws, in whatever thread that happens: set once, never in a context.
mpl.rcParams["svg.fonttype"] = "none"  # letters stay letters: small, sharp, and found by a screen reader
mpl.rcParams["svg.hashsalt"] = "lessons"  # the same figure gives the same ids, byte for byte

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
}


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` by `height` inches that lays itself out without overlaps."""
    with mpl.rc_context(RC):
        return Figure(figsize=(width, height), dpi=72, layout="constrained")


def static_svg(fig: Figure) -> str:
    """Draw the visible part of `fig` and return it as an `<svg>` element without date or metadata.

    The figure is laid out at the first drawing and then keeps its layout; `savefig` would do both twice.
    """
    buffer = io.StringIO()
    with mpl.rc_context(RC):
        FigureCanvasSVG(fig).print_svg(buffer, metadata={"Date": None})
    fig.set_layout_engine(None)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    return re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.S)


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
    for artist in sorted(artists, key=lambda artist: artist.get_zorder()):
        artist.draw(renderer)
    renderer.finalize()  # writes the clip paths that the artists refer to
    text = buffer.getvalue()
    end_of_head = text.index("</defs>") + len("</defs>")  # prolog, date and default style: the card has them
    return text[end_of_head : text.rindex("</svg>")].strip()


def rounded(svg: str) -> str:
    """Round every coordinate of `svg` to a hundredth of a point: smaller, and the same on every machine.

    Coordinates stand inside tags; the numbers between them are text that is read.
    """
    return re.sub(r"<[^<>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _hundredths, tag[0]), svg)


def _hundredths(number: re.Match) -> str:
    return f"{float(number[0]):.2f}".replace("-0.00", "0.00")
