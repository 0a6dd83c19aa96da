"""Tells a screen reader what an exercise's check says.

JupyterLab does not announce the outputs of cells, and a live region inside an output comes into the page
together with its text, which not every screen reader takes for news. So the region is put into the page
beforehand, by a widget that no cell shows; nothing of it is saved.
"""

from pathlib import Path

import anywidget
import traitlets


class Spoken(anywidget.AnyWidget):
    """A region of the page that is read out when `text` is set; the page empties `text` once it was said."""

    _esm = Path(__file__).parent / "spoken.js"
    text = traitlets.Unicode().tag(sync=True)


_spoken: Spoken | None = None


def say(text: str) -> None:
    """Have `text` read out, after what is being read; of several said at once the last is heard."""
    global _spoken
    if _spoken is None:
        _spoken = Spoken()
    _spoken.text = text.replace("`", "")
