"""What exercises and predictions leave in a notebook: a line of text and a little HTML, always the same."""

import html
import re
import sys

GREEN, ORANGE, GREY = "#2e8b57", "#c2620a", "#767676"  # a border only; seen on white and on black alike


def inline(text: str) -> str:
    """Return `text` as HTML, with `backticks` as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def card(inside: str, colour: str = GREY) -> str:
    """Return HTML `inside` a box with a coloured edge; text keeps the colour of the page, light or dark."""
    style = f"border-left: 5px solid {colour}; padding: 2px 12px; max-width: 46em; overflow-wrap: anywhere"
    return f'<div style="{style}">{inside}</div>'


def show(plain: str, rich: str) -> None:
    """Display a text in the notebook, or print it where there is no IPython."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display({"text/plain": plain, "text/html": rich}, raw=True)
    else:
        print(plain)
