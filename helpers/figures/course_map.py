"""The map of the course: which lesson needs which, and how far the learner is."""

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers.exercises.progress import Done
from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, RC, new_figure

# number: (title, minutes of reading, column, row, the lessons that it builds on)
LESSONS = {
    "01": ("Maximum\nlikelihood", 35, 0, 0, []),
    "02": ("KL divergence and\ncross-entropy", 40, 1, 0, ["01"]),
    "03": ("Sigmoid and\nsoftmax", 30, 1, 1, ["01", "02"]),
    "04": ("NLL and cross-entropy\nfor classifiers", 45, 2, 0, ["02", "03"]),
    "05": ("Softmax\ngradients", 40, 3, 0, ["04"]),
    "06": ("Numerical\nstability", 30, 2, 1, ["04", "05"]),
    "07": ("Gradient descent\nand momentum", 95, 3, 1, ["05"]),
    "08": ("L2 and\nweight decay", 60, 3, 2, ["07"]),
    "09": ("Train a real\nclassifier", 45, 2, 2, ["06", "08"]),
}
WIDTH, HEIGHT = 0.8, 0.74
NOTHING, SOME, ALL = "white", "#eef4f9", "#cfe2f3"  # fills; the counts and the bar say it in grey, too


@mpl.rc_context(RC)
def course_map(so_far: Mapping[str, Done]) -> Picture:
    """Draw the lessons as boxes, with an arrow from each to those that build on it.

    so_far: by the lesson's number, what was done of it; its box says and shows it.
    """
    fig = new_figure(9, 5.6)  # narrow: its letters stay legible in a narrow window, too
    ax = fig.add_subplot(xlim=(-0.46, 3.46), ylim=(2.42, -0.42), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for number, (title, minutes, x, y, needs) in LESSONS.items():
        corner, fill = (x - WIDTH / 2, y - HEIGHT / 2), _fill(so_far[number])
        ax.add_patch(
            FancyBboxPatch(corner, WIDTH, HEIGHT, "round,pad=0.02", fc=fill, ec=BLUE, mutation_aspect=2)
        )
        ax.text(x, y - 0.27, f"{number} · {minutes} min", ha="center", va="center", fontsize=11, color=INK)
        ax.text(x, y - 0.08, title, ha="center", va="center", fontsize=11, color=INK)
        _draw_done(ax, x, y, so_far[number])
        for other in needs:
            _, _, x0, y0, _ = LESSONS[other]
            ax.annotate(
                "",
                xy=_edge(x, y, x0, y0),
                xytext=_edge(x0, y0, x, y),
                arrowprops={"arrowstyle": "->", "color": GREY},
            )
    said = [f"{n} builds on {' and '.join(needs)}" for n, (_, _, _, _, needs) in LESSONS.items() if needs]
    return Picture(fig, f"Map of the nine lessons. {'; '.join(said)}.{_said(so_far)}")


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
