"""A finished figure with the sentence that says what it shows."""

import html
from urllib.parse import quote

from matplotlib.figure import Figure

from helpers.figures.style import rounded, static_svg

STILL = "Standing still. To make it move, click the cell above and press Shift + Enter."


def saved_output(svg: str, sentence: str) -> dict[str, str]:
    """Return what a notebook keeps of a figure: sharp everywhere, and readable without seeing it.

    The `<img>` is for places that do not trust an inline SVG or would show it without its sentence.
    """
    return {"text/plain": sentence, "text/html": image(svg, sentence), "image/svg+xml": svg}


def saved_explorer(svg: str, sentence: str, alt: str) -> dict[str, str]:
    """Return what a notebook keeps of a live figure: it says that it stands still and how to wake it."""
    still = f'<p class="still"><em>{STILL}</em></p>'
    said = f'<p class="sentence">{html.escape(sentence)}</p>'
    style = "background: #fff; color: #222; border: 1px solid #d0d0d0; border-radius: 4px; padding: 2px 10px"
    frame = f'<div class="explorer-saved" style="{style}">\n{still}\n{image(svg, alt)}\n{said}\n</div>'
    return {"text/plain": sentence, "text/html": frame, "image/svg+xml": svg}


def image(svg: str, alt: str) -> str:
    """Return an `<img>` that holds `svg` itself."""
    source = quote(" ".join(svg.split()), safe=" /:=;,'()+-*!@$?&{}[]|^~")
    return f'<img alt="{html.escape(alt)}" src="data:image/svg+xml,{source}">'


class Picture:
    """A Matplotlib figure `fig` that a notebook shows and saves as SVG, with its text alternative `alt`."""

    def __init__(self, fig: Figure, alt: str):
        self.fig, self.alt = fig, alt

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:  # IPython's protocol
        return saved_output(rounded(static_svg(self.fig)), self.alt)
