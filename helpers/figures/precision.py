"""Figures about number formats: where their numbers lie, and what an ulp is."""

import numpy as np

from helpers.figures.picture import Picture
from helpers.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION, lesson_style, new_figure
from helpers.precision import Format

TOY = Format("toy", 3, -2, 2)  # three significant bits: the numbers can be drawn one by one


@lesson_style()
def units_in_the_last_place() -> Picture:
    """Draw all numbers from ½ to 7 of a format with three significant bits, and two numbers being rounded."""
    fig = new_figure(8.6, 2.6)
    ax = fig.add_subplot(xlim=(0.2, 7.5), ylim=(-1.4, 1.3), yticks=[])
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0.5, *range(1, 8)], ["½", *"1234567"])
    ax.set_xlabel("all numbers with three significant bits, from ½ to 7")
    numbers = np.unique([TOY.rounded(x) for x in np.linspace(0.5, 7, 2000)])
    ax.plot([0.5, 7], [0, 0], color=GREY, lw=1)
    ax.vlines(numbers, -0.25, 0.25, color=INK, lw=1.6)
    for low, words in ((1.0, "1 ulp = ¼"), (2.0, "1 ulp = ½"), (4.0, "1 ulp = 1")):
        ax.plot([low, low + TOY.ulp(low)], [0.5, 0.5], color=BLUE, lw=6, solid_capstyle="butt")
        ax.text(low, 0.8, words, color=BLUE)
    for x, color, words, at in ((5.3, VERMILLION, "5.3 → 5, error 0.3 ulp", 4.4),
                                (1.1, ORANGE, "1 + 0.1 → 1: lost", 0.75)):  # fmt: skip
        ax.plot([x], [0], "o", color=color, mec=INK, ms=9, zorder=5)
        ax.annotate("", (TOY.rounded(x), -0.35), (x, -0.12), arrowprops=dict(arrowstyle="->", color=INK))
        ax.text(at, -1.0, words, color=INK)
    return Picture(
        fig,
        f"Number line with the {len(numbers)} numbers from ½ to 7 that have three significant bits. Their "
        "distance, one ulp, is ¼ from 1 to 2, ½ from 2 to 4, and 1 from 4 on. 5.3 is rounded to 5, an error "
        "of 0.3 ulp; 1 + 0.1 is rounded to 1, and nothing of the 0.1 is left.",
    )
