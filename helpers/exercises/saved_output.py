"""What exercises and predictions leave in a notebook: a line of text and a little HTML, always the same."""

import html
import re
import sys

GREEN, ORANGE, GREY = "#2e8b57", "#c2620a", "#767676"  # a border only; seen on white and on black alike


def inline(text: str) -> str:
    """Return `text` as HTML: `code`, *stressed* words, e^x and e^(f_i − 1) raised, f_i lowered."""
    parts = html.escape(text).split("`")
    parts[::2] = map(_typeset, parts[::2])
    parts[1::2] = [f"<code>{code}</code>" for code in parts[1::2]]
    return "".join(parts)


def _typeset(text: str) -> str:
    text = re.sub(r"\^(?:\(((?:[^()]|\([^()]*\))+)\)|(\w+))", r"<sup>\1\2</sup>", text)
    text = re.sub(r"(?<![\w*])\*(\w(?:[^*]*[\w.])?)\*(?![\w*])", r"<em>\1</em>", text)
    return re.sub(r"\b([a-zA-Z])_([a-zℓ])\b", r"\1<sub>\2</sub>", text)


def card(inside: str, colour: str = GREY) -> str:
    """Return HTML `inside` a box with a coloured edge; text keeps the colour of the page, light or dark."""
    style = f"border-left: 5px solid {colour}; padding: 2px 12px; max-width: 46em; overflow-wrap: anywhere"
    return f'<div style="{style}">{inside}</div>'


def show(plain: str, rich: str) -> None:
    """Display a text in the notebook and have it read out, or print it where there is no IPython."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from helpers.exercises.spoken import say  # a widget, which a web page has not

        ipython.display.display({"text/plain": plain, "text/html": rich}, raw=True)
        say(plain)
    else:
        encoding = sys.stdout.encoding or "utf-8"  # a console may know few letters: a "−" is then a "?"
        print(plain.encode(encoding, "replace").decode(encoding))
