"""Figures about likelihood: one table of probabilities that is read in two directions."""

import itertools

import matplotlib as mpl
import numpy as np

from helpers.figures.picture import Picture
from helpers.figures.style import INK, ORANGE, lesson_style, new_figure


@lesson_style()
def one_table_two_readings() -> Picture:
    """Draw the probability of each outcome of three tosses (columns) under each p of a coin (rows).

    A row is a distribution over outcomes, one column a likelihood. Both are framed, for p = 0.7 and 1, 0, 1.
    """
    outcomes = list(itertools.product([1, 0], repeat=3))
    p = np.linspace(0, 1, 11)
    heads = np.array(outcomes).sum(axis=1)
    table = p[:, None] ** heads * (1 - p[:, None]) ** (3 - heads)
    row, column = 7, outcomes.index((1, 0, 1))

    fig = new_figure(9.6, 5.4)
    ax = fig.add_subplot(xlabel="outcome of three tosses (1 is heads)", ylabel="p, the probability of heads")
    edges = [np.arange(n + 1) - 0.5 for n in (8, 11)]
    ax.pcolormesh(*edges, table, cmap="Blues", vmax=1.6, edgecolor="white", lw=1)
    for (y, x), value in np.ndenumerate(table):
        ax.text(x, y, f"{value:.3f}", ha="center", va="center", fontsize=11)
    ax.set_xticks(range(8), ["".join(map(str, outcome)) for outcome in outcomes])
    ax.set_yticks(range(11), [f"{value:.1f}" for value in p])
    ax.set(xlim=(-0.6, 9.7), ylim=(-0.6, 11.7))
    ax.spines[:].set_visible(False)
    frame = dict(fill=False, lw=3)
    ax.add_patch(mpl.patches.Rectangle((-0.5, row - 0.5), 8, 1, ec=INK, **frame))
    ax.add_patch(mpl.patches.Rectangle((column - 0.5, -0.5), 1, 11, ec=ORANGE, **frame))
    ax.text(7.6, row, "a row: one model,\nall data; sum 1", va="center")
    said = f"a column: one outcome, all models: a likelihood; sum {table[:, column].sum():.3f}"
    ax.text(column, 10.7, said, ha="center", va="bottom")
    return Picture(
        fig,
        "A table of probabilities: rows are values of p from 0 to 1, columns the eight outcomes of three "
        "tosses. The framed row, p = 0.7, sums to 1. The framed column, outcome 1, 0, 1, is a likelihood: it "
        "is 0 at p = 0, greatest near p = 2/3, 0 at p = 1, and its entries do not sum to 1.",
    )
