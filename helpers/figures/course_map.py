"""The map of the course: which lesson needs which, how long each takes, and how far the learner is."""

import html
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers.figures.lessons import Lesson, lessons
from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, lesson_style, new_figure

# number: (column, row, the lessons that it builds on)
PLACES = {
    "01": (0, 0, []),
    "02": (1, 0, ["01"]),
    "03": (1, 1, ["01", "02"]),
    "04": (2, 0, ["02", "03"]),
    "05": (3, 0, ["04"]),
    "06": (2, 1, ["04", "05"]),
    "07": (3, 1, ["05"]),
    "08": (3, 2, ["07"]),
    "09": (2, 2, ["06", "08"]),
}
WIDTH, HEIGHT, PAD = 0.8, 0.74, 0.02
NOTHING, SOME, ALL = "white", "#eef4f9", "#cfe2f3"  # fills; the counts and the bar say it in grey, too
LINE = 22  # letters of a title in a box


@dataclass(frozen=True)
class Done:
    """Of one lesson: how many exercises were solved and predictions made, and how many there are."""

    solved: int
    exercises: int
    predicted: int
    predictions: int

    @property
    def share(self) -> float:
        """Return how much of the lesson is done, from 0 to 1."""
        return (self.solved + self.predicted) / (self.exercises + self.predictions)

    @property
    def solved_text(self) -> str:
        """Write the exercises as on the map."""
        return f"{self.solved} of {self.exercises} exercises"

    @property
    def predicted_text(self) -> str:
        """Write the predictions as on the map."""
        return f"{self.predicted} of {self.predictions} predictions"


class Map(Picture):
    """A picture with links: in its HTML a click on a box opens the lesson."""

    def __init__(self, fig: Figure, alt: str, links: Mapping[str, tuple[str, mpl.transforms.Bbox]]):
        super().__init__(fig, alt)
        self.links = links  # what a link says -> the file, and its box in pixels of the figure

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:  # IPython's protocol
        data = super()._repr_mimebundle_(include, exclude)
        anchors = "".join(self._anchor(says, *link) for says, link in self.links.items())
        style = "position: relative; display: inline-block"
        return data | {"text/html": f'<div style="{style}">{data["text/html"]}{anchors}</div>'}

    def _anchor(self, says: str, file: str, box: mpl.transforms.Bbox) -> str:
        width, height = self.fig.bbox.size
        left, top = box.x0 / width, 1 - box.y1 / height
        sides = zip(
            ("left", "top", "width", "height"),
            (left, top, box.width / width, box.height / height),
            strict=True,
        )
        style = "; ".join(["position: absolute", *(f"{side}: {share:.1%}" for side, share in sides)])
        return f'<a href="{file}" title="{html.escape(says)}" style="{style}"></a>'


@lesson_style()
def course_map(so_far: Mapping[str, Done]) -> Map:
    """Draw the lessons as boxes, with an arrow from each to those that build on it.

    so_far: by the lesson's number, what was done of it; its box says and shows it.
    """
    known = lessons()
    places = {n: place for n, place in PLACES.items() if n in known and n in so_far}  # a lesson may be alone
    fig = new_figure(9, 5.6)  # narrow: its letters stay legible in a narrow window, too
    ax = fig.add_subplot(xlim=(-0.46, 3.46), ylim=(2.42, -0.42), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    boxes = {}
    for number, (x, y, needs) in places.items():
        corner, fill = (x - WIDTH / 2, y - HEIGHT / 2), _fill(so_far[number])
        style = dict(boxstyle=f"round,pad={PAD}", fc=fill, ec=BLUE, mutation_aspect=2)
        boxes[number] = ax.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, **style))
        title = textwrap.fill(known[number].title, LINE)
        for text, below in ((f"{number} · {_minutes(known[number])}", -0.27), (title, -0.08)):
            ax.text(x, y + below, text, ha="center", va="center", fontsize=11, color=INK)
        _draw_done(ax, x, y, so_far[number])
        for other in filter(places.get, needs):
            x0, y0, _ = PLACES[other]
            ax.annotate(
                "",
                xy=_edge(x, y, x0, y0),
                xytext=_edge(x0, y0, x, y),
                arrowprops={"arrowstyle": "->", "color": GREY},
            )
    fig.draw_without_rendering()  # only now it is known where the boxes are
    links = {f"{n} · {known[n].title}": (known[n].file, box.get_window_extent()) for n, box in boxes.items()}
    said = [f"{n} builds on {' and '.join(needs)}" for n, (_, _, needs) in places.items() if needs]
    which = "Map of the nine lessons" if len(places) == len(PLACES) else "Map of the lessons that are here"
    return Map(fig, f"{which}. {'; '.join(said)}.{_said(so_far)}", links)


def _minutes(lesson: Lesson) -> str:
    """Write the minutes of the core, and of what can wait for a second reading."""
    return f"{lesson.core}{f' + {lesson.second}' if lesson.second else ''} min"


def _edge(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Return where the way from the box at (x, y) to another box leaves it."""
    if x == to_x:
        return x, y + (HEIGHT / 2 + 0.06) * (1 if to_y > y else -1)
    return x + (WIDTH / 2 + 0.03) * (1 if to_x > x else -1), y


def _fill(done: Done) -> str:
    """Return the colour of a lesson's box."""
    return {0: NOTHING, 1: ALL}.get(done.share, SOME)


def _draw_done(ax: Axes, x: float, y: float, done: Done) -> None:
    """Write the counts of a lesson into its box, and draw them together as a bar."""
    for text, below in ((done.solved_text, 0.12), (done.predicted_text, 0.21)):
        ax.text(x, y + below, text, ha="center", va="center", fontsize=10, color=INK)
    left, width, top = x - WIDTH / 2 + 0.05, WIDTH - 0.1, y + 0.28
    ax.add_patch(Rectangle((left, top), width * done.share, 0.05, fc=BLUE))
    ax.add_patch(Rectangle((left, top), width, 0.05, fc="none", ec=GREY))


def _said(so_far: Mapping[str, Done]) -> str:
    """Say in a sentence what was done of which lesson."""
    begun = [
        f"{number}, {done.solved_text} and {done.predicted_text}"
        for number, done in so_far.items()
        if done.solved or done.predicted
    ]
    if not begun:
        return " No exercise is solved and no prediction made so far."
    return f" Done so far: {'; '.join(begun)}{'; nothing in the others' if len(begun) < len(so_far) else ''}."
