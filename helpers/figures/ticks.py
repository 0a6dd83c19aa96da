"""Ticks that move: for an axis whose ends follow what it shows, so that the rest of the axes can stay."""

from collections.abc import Mapping

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import TICKDOWN, TICKLEFT, Line2D
from matplotlib.transforms import ScaledTranslation

from helpers.figures.style import GREY, INK

LENGTH, AWAY = 3.5, 7  # of a mark, and from the axis to the labels, in points, as Matplotlib's own


def live_ticks(ax: Axes, side: str, most: int) -> list[Artist]:
    """Take the ticks of the axis `side` ("x" or "y") away; return the marks and `most` labels instead."""
    ax.set(**{f"{side}ticks": []})
    if side == "x":
        at, shift, place, mark = ax.get_xaxis_transform(), (0, -AWAY), ("center", "top"), TICKDOWN
    else:
        at, shift, place, mark = ax.get_yaxis_transform(), (-AWAY, 0), ("right", "center_baseline"), TICKLEFT
    away = at + ScaledTranslation(*(points / 72 for points in shift), ax.figure.dpi_scale_trans)
    style = dict(color=GREY, ls="none", marker=mark, ms=LENGTH, mew=0.8)
    marks = Line2D([], [], **style, transform=at, clip_on=False)
    labels = [ax.text(0, 0, "", ha=place[0], va=place[1], color=INK, transform=away) for _ in range(most)]
    return [ax.add_artist(marks), *labels]


def put_ticks(ticks: list[Artist], side: str, places: Mapping[float, str]) -> None:
    """Put ticks at `places`, each with its label; labels that are left over are hidden."""
    marks, *labels = ticks
    marks.set_data(*((list(places), [0] * len(places)) if side == "x" else ([0] * len(places), list(places))))
    for label, (place, words) in zip(labels, [*places.items(), *[(0, "")] * len(labels)], strict=False):
        label.set(text=words, visible=bool(words), **{side: place})
