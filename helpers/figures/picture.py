"""A finished figure with the sentence that says what it shows."""

import html
from urllib.parse import quote

from matplotlib.figure import Figure

from helpers.figures.style import rounded, static_svg


def saved_output(svg: str, sentence: str) -> dict[str, str]:
    """Return what a notebook keeps of a figure: sharp everywhere, and readable without seeing it.

    The `<img>` is for places that do not trust an inline SVG or would show it without its sentence.
    """
    source = quote(" ".join(svg.split()), safe=" /:=;,'()+-*!@$?&{}[]|^~")
    return {
        "text/plain": sentence,
        "text/html": f'<img alt="{html.escape(sentence)}" src="data:image/svg+xml,{source}">',
        "image/svg+xml": svg,
    }


class Picture:
    """A Matplotlib figure `fig` that a notebook shows and saves as SVG, with its text alternative `alt`."""

    def __init__(self, fig: Figure, alt: str):
        self.fig, self.alt = fig, alt

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:  # IPython's protocol
        return saved_output(rounded(static_svg(self.fig)), self.alt)
