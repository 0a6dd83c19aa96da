"""What an explorer shows, as plain data: the same functions run here and in WebAssembly, with equal results.

Nothing but NumPy, Matplotlib and helpers is imported: a browser has no more.
"""

import contextlib
import itertools
import json
import math
import sys
import traceback
from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.collections import Collection
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from helpers import explorers
from helpers.explorers.controls import Choice, Slider
from helpers.explorers.live_figure import Explorer
from helpers.figures.style import LiveRenderer


def ends(control) -> list:
    """Return both ends of a control: of a list all other options, of a switch the other position."""
    if isinstance(control, Slider):
        return [type(control.value)(control.low), type(control.value)(control.high)]
    if isinstance(control, Choice):
        return [option for option in control.options if option != control.value]
    return [not control.value]


def states(explorer: type[Explorer]) -> Iterator[dict]:
    """Yield the start, every preset, and every control at its ends."""
    yield {}
    yield from explorer.presets.values()
    for name, control in explorer.controls.items():
        yield from ({name: value} for value in ends(control))


@contextlib.contextmanager
def texts_noted() -> Iterator[dict[bool, list[tuple[str, Bbox]]]]:
    """Note every line of text in the static layer (False) and the live one (True), with its box in points."""
    found, renderers = {False: [], True: []}, {}
    draw_text = RendererSVG.draw_text

    def note(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        draw_text(self, gc, x, y, s, prop, angle, ismath, mtext)
        layer = isinstance(self, LiveRenderer)
        if renderers.get(layer) is not self:  # the layer is drawn anew
            renderers[layer], found[layer] = self, []
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        corners = np.array([[0, descent], [width, descent], [0, descent - height], [width, descent - height]])
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        corners = corners @ np.array([[cos, -sin], [sin, cos]]) + (x, y)  # y runs down
        found[layer].append((s, Bbox([corners.min(axis=0), corners.max(axis=0)])))

    RendererSVG.draw_text = note
    try:
        yield found
    finally:
        RendererSVG.draw_text = draw_text


def clashes(boxes: list[tuple[str, Bbox]], figure: Bbox) -> list[str]:
    """Say which texts overlap another one, stand too near it on its line, or leave the figure."""
    said = []
    for (a, first), (b, second) in itertools.combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        if min(across, down) >= 1.5:
            said.append(f"{a!r} and {b!r} overlap")
        elif across >= -2 and down > 0.6 * min(first.height, second.height):
            said.append(f"{a!r} and {b!r} are read as one")
    for text, box in boxes:
        if box.x0 <= -1 or box.y0 <= -1 or box.x1 >= figure.x1 + 1 or box.y1 >= figure.y1 + 1:
            said.append(f"{text!r} leaves the figure")
    return said


def numbers(artist: Artist) -> list | str | None:
    """Return where an artist is, in the coordinates it was given, or what it says."""
    if not artist.get_visible():
        return None
    if isinstance(artist, Text):
        return [artist.get_text(), *map(float, artist.get_position())]
    if isinstance(artist, Line2D):
        return np.asarray(artist.get_xydata(), dtype=float).tolist()
    if isinstance(artist, Rectangle):
        return [artist.get_x(), artist.get_y(), artist.get_width(), artist.get_height()]
    if isinstance(artist, Polygon):
        return artist.get_xy().tolist()
    if isinstance(artist, Collection):
        return [[path.vertices.tolist() for path in artist.get_paths()], artist.get_facecolor().tolist()]
    if isinstance(artist, FancyArrowPatch):
        return artist.get_path().vertices.tolist()
    if isinstance(artist, Patch):
        return artist.get_path().vertices.tolist()
    return type(artist).__name__


def seen(name: str) -> list:
    """Return what an explorer shows in all its states: sentence, error, artists, and texts that clash."""
    explorer, rows = explorers.core(name), []
    with texts_noted() as found:
        live = explorer()
        for values in states(explorer):
            live.set(**live._start | values)
            live._layer.svg()  # all texts: a move draws only those that change
            clash = clashes(found[False] + found[True], live.fig.bbox)
            artists = {artist.get_gid(): numbers(artist) for artist in live._artists}
            rows.append([values, live.figure.sentence, live.figure.error, artists, clash])
    return rows


if __name__ == "__main__":  # all of them, or those named
    for name in sys.argv[1:] or explorers.__all__:
        try:
            rows = seen(name)
        except Exception:
            rows = traceback.format_exc()
        print(json.dumps([name, rows], default=float), flush=True)
