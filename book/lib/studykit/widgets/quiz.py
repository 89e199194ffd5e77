"""`quiz`: questions from the bank, with Check and feedback, in a notebook and on the page."""

from difflib import get_close_matches
from pathlib import Path

import traitlets

from studykit.bank import QUESTIONS, load, payload
from studykit.bank.numeric import Functions
from studykit.widgets.base import Widget


class Quiz(Widget):
    """Questions, made by `quiz`.

    Synced traits: ``items``, as `studykit.bank.payload` gives them; ``answers``, which the reader fills: item id ->
    ``rev``, ``answer``, ``verdict`` (``"right"``, ``"wrong"``, or ``"seen"`` where nothing is graded), ``tries`` and,
    for a numeric item, ``seed``. An empty ``answers`` clears the quiz.
    """

    kind = "quiz"
    items = traitlets.List().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def describe(self) -> str:
        stems = [item["variants"][0]["stem"] if "variants" in item else item["stem"] for item in self.items]
        return f"Quiz: {' | '.join(f'{i}. {stem}' for i, stem in enumerate(stems, 1))}"


def quiz(
    *ids: str,
    learn: str | None = None,
    bank: str | None = None,
    folder: Path = QUESTIONS,
    functions: Functions = None,
) -> Quiz:
    """Questions as one widget, chosen by exactly one of ``ids``, ``learn`` and ``bank``.

    Parameters
    ----------
    *ids : items in this order.
    learn : items that this page teaches (``performance-tracking``), or this section (``performance-tracking/pareto``).
    bank : items of this file (``performance-tracking``).
    folder : where the question files are.
    functions : name -> function that the items' expressions may call.

    Raises
    ------
    ValueError when not exactly one choice is made, an id is unknown or repeated, or nothing is chosen.

    >>> [item["type"] for item in quiz("perf-first-moves", "perf-rate-base").items]
    ['order', 'match']
    """
    if sum(map(bool, (ids, learn, bank))) != 1:
        raise ValueError(f"quiz: expected one of ids, learn and bank, got {ids=}, {learn=}, {bank=}")
    items = load(folder)
    for i, name in enumerate(ids):
        if name not in items:
            near = get_close_matches(name, items, n=1)
            raise ValueError(f"quiz: ids: no item {name!r} in {folder}{f'; did you mean {near[0]!r}?' if near else ''}")
        if name in ids[:i]:
            raise ValueError(f"quiz: ids: {name!r} stands twice, expected each item once")
    if ids:
        chosen = [items[name] for name in ids]
    elif bank:
        chosen = [item for item in items.values() if item["file"] == f"{bank}.yaml"]
    else:
        chosen = [item for item in items.values() if f"{item.get('learn')}/".startswith(f"{learn}/")]
    if not chosen:
        raise ValueError(
            f"quiz: expected items with {f'bank {bank!r}' if bank else f'learn {learn!r}'} in {folder}, found none"
        )
    return Quiz(items=[payload(item, functions) for item in chosen])
