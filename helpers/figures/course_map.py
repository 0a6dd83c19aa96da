"""The map of the course: which lesson needs which."""

import matplotlib as mpl
from matplotlib.patches import FancyBboxPatch

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, RC, new_figure

# number: (title, minutes of reading, column, row, the lessons that it builds on)
LESSONS = {
    "01": ("Maximum likelihood", 35, 0, 1, []),
    "02": ("KL divergence and\ncross-entropy", 30, 1, 1, ["01"]),
    "03": ("Sigmoid and\nsoftmax", 30, 1, 0, ["01", "02"]),
    "04": ("NLL and cross-entropy\nfor classifiers", 30, 2, 1, ["02", "03"]),
    "05": ("Softmax\ngradients", 30, 3, 1, ["04"]),
    "06": ("Numerical\nstability", 30, 3, 0, ["04"]),
    "07": ("Gradient descent\nand momentum", 60, 4, 1, ["05"]),
    "08": ("L2 and\nweight decay", 35, 5, 1, ["07"]),
    "09": ("Train a real\nclassifier", 45, 5, 0, ["06", "08"]),
}
WIDTH, HEIGHT = 0.8, 0.5


@mpl.rc_context(RC)
def course_map() -> Picture:
    """Draw the lessons as boxes, with an arrow from each to those that build on it."""
    fig = new_figure(12, 3.3)
    ax = fig.add_subplot(xlim=(-0.45, 5.45), ylim=(1.45, -0.45), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for number, (title, minutes, x, y, needs) in LESSONS.items():
        corner = (x - WIDTH / 2, y - HEIGHT / 2)
        ax.add_patch(
            FancyBboxPatch(corner, WIDTH, HEIGHT, "round,pad=0.02", fc="#eef4f9", ec=BLUE, mutation_aspect=2)
        )
        ax.text(x, y - 0.16, f"{number} · {minutes} min", ha="center", va="center", fontsize=10, color=GREY)
        ax.text(x, y + 0.06, title, ha="center", va="center", fontsize=10, color=INK)
        for other in needs:
            _, _, x0, y0, _ = LESSONS[other]
            ax.annotate(
                "",
                xy=_edge(x, y, x0, y0),
                xytext=_edge(x0, y0, x, y),
                arrowprops={"arrowstyle": "->", "color": GREY},
            )
    said = [f"{n} builds on {' and '.join(needs)}" for n, (_, _, _, _, needs) in LESSONS.items() if needs]
    return Picture(fig, "Map of the nine lessons. " + "; ".join(said) + ".")


def _edge(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Return where the way from the box at (x, y) to another box leaves it."""
    if x == to_x:
        return x, y + (HEIGHT / 2 + 0.06) * (1 if to_y > y else -1)
    return x + (WIDTH / 2 + 0.03) * (1 if to_x > x else -1), y
