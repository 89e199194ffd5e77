"""`quiz`: questions from the bank, with Check and feedback, in a notebook and on the page."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import traitlets

from studykit.bank import QUESTIONS, choose, payload
from studykit.bank.numeric import Functions
from studykit.widgets.base import Widget


class Quiz(Widget):
    """Questions, made by `quiz`.

    Synced traits: ``items``, as `studykit.bank.payload` gives them; ``answers``, which the reader fills: item id ->
    ``rev``, ``answer``, ``verdict`` (``"right"``, ``"wrong"``, or ``"seen"`` where nothing is graded), ``tries`` and
    where it is known ``seconds``, ``certainty`` (1 to 3), ``scores`` (of an open item's rubric) and ``seed`` (of a
    numeric one). An empty ``answers`` clears the quiz.
    """

    kind = "quiz"
    items: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def page_state(self) -> dict[str, Any]:
        """Ids and answers: the build knows the questions, so that a changed one changes no notebook."""
        return {"answers": self.answers, "ids": [item["id"] for item in self.items]}

    def describe(self) -> str:
        return f"Quiz: {', '.join(item['id'] for item in self.items)}"


def quiz(
    *ids: str,
    learn: str | None = None,
    bank: str | None = None,
    also: Iterable[str] = (),
    folder: Path = QUESTIONS,
    functions: Functions = None,
) -> Quiz:
    """Questions as one widget, chosen by exactly one of ``ids``, ``learn`` and ``bank``.

    Parameters
    ----------
    *ids, learn, bank, also, folder : as `studykit.bank.choose` takes them.
    functions : name -> function that the items' expressions may call.

    Raises
    ------
    ValueError when not exactly one choice is made, an id is unknown or repeated, or nothing is chosen.

    >>> [item["type"] for item in quiz("perf-first-moves", "perf-rate-base").items]
    ['order', 'match']
    """
    chosen = choose(*ids, learn=learn, bank=bank, also=also, folder=folder)
    return Quiz(items=[payload(item, functions) for item in chosen])
