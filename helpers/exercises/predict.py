"""Commit before you look: a multiple-choice question before an explorer, and its explanation after it.

In the notebook, each as the only line of its cell: `ex.shift.ask()`, the explorer, `ex.shift.explain()`.
The explanation stays closed until the learner has committed to an option. It does not matter which cell
runs first; running one again keeps the choice, and so does a new kernel, until the learner takes it back.
"""

import html
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from helpers.exercises.results import history, record
from helpers.exercises.saved_output import card, inline

if TYPE_CHECKING:
    from helpers.exercises.prediction_view import PredictionView

LETTERS = "ABCDEFGH"


class Prediction:
    """A question to commit to before looking.

    name: the registry's name for it, unique in the course.
    options: each option and, for after the commitment, why it is right or wrong.
    answer: the option that is right.
    """

    def __init__(self, name: str, question: str, options: Mapping[str, str], answer: str) -> None:
        if answer not in options:
            raise ValueError(f"answer must be one of the options of {name}, got {answer!r}.")
        self.name, self.question, self.options, self.answer = name, question, dict(options), answer
        self.choice: str | None = None
        self._recalled: bool | None = None  # whether the choice is an earlier run's; None: not looked yet
        self._question_view: PredictionView | None = None
        self._explanation_view: PredictionView | None = None

    def __repr__(self) -> str:
        return f"Prediction({self.name!r})"

    def ask(self) -> "PredictionView":
        """Return the question as a widget; there is one, however often the cell runs."""
        self._recall()
        if self._question_view is None:
            title, lettered = f"Predict: {self.question}", self._lettered()
            asked = f"<p><strong>{inline(title)}</strong></p>{_list(map(inline, lettered))}"
            self._question_view = _view(
                {"text/plain": "\n".join([title, *lettered]),
                 "text/html": card(f"{asked}<p>Run this cell to answer.</p>")},
                part="ask", title=inline(title), options=[inline(option) for option in lettered],
                committed=self._index(), message=self._message(),
            )
            self._question_view.observe(self._on_commit, "committed")
        return self._question_view

    def explain(self) -> "PredictionView":
        """Return the explanation as a widget that opens when the learner has committed to an option."""
        self._recall()
        if self._explanation_view is None:
            title = f"Explanation: {self.question}"
            folded = f"<details><summary>{inline(title)}</summary>{self._reasons()}</details>"
            self._explanation_view = _view(
                {"text/plain": f"{title}\nIt opens here once you have committed to a prediction above.",
                 "text/html": card(folded)},
                part="explain", title=inline(title),
            )
            self._open_or_close()
        return self._explanation_view

    def commit(self, option: str | None) -> None:
        """Keep the learner's choice; None takes it back and closes the explanation."""
        if option is not None and option not in self.options:
            raise ValueError(f"option must be one of {list(self.options)}, got {option!r}.")
        self.choice, self._recalled = option, False
        if self._question_view is not None:
            self._question_view.committed = self._index()
            self._question_view.message = self._message()
        self._open_or_close()
        trouble = record(self.name, option)
        if trouble and self._question_view is not None:
            self._question_view.message += f" {trouble}"

    def _recall(self) -> None:
        """Take up the choice of an earlier run, if there is one."""
        if self._recalled is None:
            earlier = history().get(self.name, [None])[-1]
            self._recalled = earlier in self.options
            self.choice = earlier if self._recalled else None

    def _on_commit(self, change) -> None:
        try:
            self.commit(None if change.new is None else list(self.options)[change.new])
            self._question_view.error = ""
        except Exception as error:  # said where the learner looks; raised again for the log
            self._question_view.error = f"This went wrong: {html.escape(f'{type(error).__name__}: {error}')}"
            raise

    def _index(self) -> int | None:
        return None if self.choice is None else list(self.options).index(self.choice)

    def _lettered(self) -> list[str]:
        return [f"{letter}. {option}" for letter, option in zip(LETTERS, self.options, strict=False)]

    def _message(self) -> str:
        if self.choice is None:
            return ""
        letter = LETTERS[self._index()]
        if self._recalled:
            return f"In an earlier run you predicted {letter}; the explanation after the explorer is open."
        return f"Noted: you predict {letter}. Now move the explorer; the explanation after it has opened."

    def _open_or_close(self) -> None:
        view = self._explanation_view
        if view is None:
            return
        if self.choice is None:
            view.body, view.message = "", "Commit to a prediction first; the explanation then opens here."
            return
        letter, verdict = LETTERS[self._index()], "right" if self.choice == self.answer else "not right"
        view.message = f"You predicted {letter}, and {letter} is {verdict}."
        view.body = self._reasons(self.choice)

    def _reasons(self, choice: str | None = None) -> str:
        rows = []
        for lettered, (option, why) in zip(self._lettered(), self.options.items(), strict=True):
            verdict = "✓ Right" if option == self.answer else "✗ Wrong"
            yours = " (your prediction)" if option == choice else ""
            rows.append(f"<strong>{inline(lettered)}</strong>{yours}<br>{verdict}: {inline(why)}")
        return _list(rows)


def _list(rows: Iterable[str]) -> str:
    """Return rows of HTML as a list without marks; they begin with letters, which `<ol>` loses in places."""
    return f'<ul style="list-style: none; padding-left: 0">{"".join(f"<li>{row}</li>" for row in rows)}</ul>'


def _view(saved: dict[str, str], **traits) -> "PredictionView":
    """Return the widget; a page, which has none, reads the registry without it."""
    from helpers.exercises.prediction_view import PredictionView

    return PredictionView(saved, **traits)
