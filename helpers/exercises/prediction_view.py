"""The widget that shows a prediction in a notebook."""

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class PredictionView(anywidget.AnyWidget):
    """What is seen of a prediction: the question with its options, or the explanation."""

    _esm = HERE / "predict.js"
    _css = HERE / "predict.css"
    part = traitlets.Unicode().tag(sync=True)  # "ask" or "explain"
    title = traitlets.Unicode().tag(sync=True)  # the rest is HTML made from escaped text
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    committed = traitlets.Int(None, allow_none=True).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    body = traitlets.Unicode().tag(sync=True)

    def __init__(self, saved: dict[str, str], **traits) -> None:
        self._saved = saved
        super().__init__(**traits)

    def _repr_mimebundle_(self, **kwargs):
        """Show the widget where it is live; where it is not, the same text on every run."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | self._saved, metadata
