"""A progress bar for a loop in a cell, which leaves the same line in the notebook on every run."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import ipywidgets as widgets
from IPython.display import display

from helpers import validate

Step = TypeVar("Step")


class Bar(widgets.IntProgress):
    """A bar that is saved as a line of text."""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # IPython's protocol
        data = super()._repr_mimebundle_(**kwargs) or {}
        bar = f'<progress max="{self.max}" value="{self.max}"></progress>'  # as it is when all is done
        return data | {
            "text/plain": f"{self.description}: a progress bar over {self.max} steps",
            "text/html": f"<label>{self.description}: {self.max} steps {bar}</label>",
        }


def with_progress(steps: Iterable[Step], total: int, name: str = "Training") -> Iterator[Step]:
    """Yield what `steps` yields, and show beside it how many of the `total` steps are done.

    The bar moves a hundred times at the most: a message to the page for each step costs more than the step.
    Raises TypeError or ValueError for a total that is no whole number of at least 1.
    """
    bar = Bar(0, 0, validate.count("total", total), description=name)
    bar.style.description_width = "initial"
    display(bar)
    for done, step in enumerate(steps, 1):
        if done % max(1, total // 100) == 0 or done == total:
            bar.value = min(done, total)
        yield step
