"""`check`: an exercise's answer in a notebook, judged as a quiz does; on the page the cell is a field that takes it."""

import math
import re
from collections.abc import Mapping
from numbers import Real
from pathlib import Path
from types import EllipsisType
from typing import Any

from studykit.bank import QUESTIONS, find, is_exercise, payload
from studykit.bank.numeric import Functions
from studykit.published import ROOT
from studykit.widgets.base import MIME
from studykit.widgets.quiz import Quiz


class Checked:
    """What `check` says, for a notebook as text, and for the page as a quiz of this one item."""

    def __init__(self, id: str, text: str) -> None:
        self._id, self._text = id, text

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        state = {"answers": {}, "ids": [self._id]}
        return {"text/plain": self._text, MIME: {"kind": Quiz.kind, "state": state}}


def check(
    id: str,
    answer: float | EllipsisType,
    *,
    folder: Path = QUESTIONS,
    functions: Functions = None,
    root: Path = ROOT,
) -> Checked:
    """Say whether ``answer`` is right, which slip it is, or how far off and to which side.

    Parameters
    ----------
    id : an exercise of the bank: a numeric item with ``recorded``.
    answer : a number in the item's unit; ``...`` while there is none.
    folder : where the question files are.
    functions : name -> function that the item's expressions may call.
    root : the folder that holds ``book``, whose notebooks recorded the key.

    Raises
    ------
    ValueError for an unknown id, an item that is no exercise, and an answer that is not a finite number.

    >>> check("cost-accrual", ...)
    Exercise cost-accrual: no answer yet. Put your number in place of ... and run the cell.
    """
    try:
        item = find(id, folder)
    except ValueError as error:
        raise ValueError(f"check: id: {error}") from None
    if not is_exercise(item):
        what = "draws its numbers anew" if item["type"] == "numeric" else f"is of type {item['type']!r}"
        raise ValueError(f"check: id: {id!r} {what}, expected a numeric item with `recorded`")
    if answer is ...:
        return Checked(id, f"Exercise {id}: no answer yet. Put your number in place of ... and run the cell.")
    number = _number(answer, item["answer"]["unit"])
    task = payload(item, functions, root)
    return Checked(id, _plain("\n".join(verdict(task | task["variants"][0], number))))


def _number(answer: Any, unit: str) -> float:
    """The answer as a plain number."""
    if not isinstance(answer, Real) or isinstance(answer, bool):
        shown = repr(answer) if isinstance(answer, str | bool | None) else f"a {type(answer).__name__}"
        raise ValueError(f"check: answer: {shown}, expected a number in {unit}")
    if not math.isfinite(answer):
        raise ValueError(f"check: answer: {answer}, expected a finite number in {unit}")
    return float(answer)


def verdict(task: Mapping[str, Any], number: float) -> list[str]:
    """The lines that answer ``number``: a task is one version of a numeric item, as `studykit.bank.payload` gives it."""
    unit, key = task["unit"], task["answer"]

    def meets(value: float, target: Mapping[str, float]) -> bool:
        return abs(value - target["value"]) <= target["tolerance"]

    if meets(number, key):
        return [f"Right: {_amount(key['text'], unit)}.", task["explain"]]
    for slip in task["slips"]:
        if meets(number, slip):
            return [f"Not right. {slip['feedback']}"]
    factors = {*task["units"].values(), *([100] if unit == "%" else [])} - {1}
    if any(meets(number * factor, key) for factor in factors):
        return [f"Not right as it is: the amount is right in another unit, and the answer is wanted in {unit}."]
    return [f"Not right: {_distance(number - key['value'], task)}.", *task["hints"]]


def _distance(gap: float, task: Mapping[str, Any]) -> str:
    """How far off and to which side, with the unit: at least so many digits that it is not nothing."""
    key, digits = task["answer"]["value"], task["digits"]
    digits = max(digits, -math.floor(math.log10(abs(gap))))
    size = _amount(f"{abs(gap):,.{digits}f}", task["unit"].replace("%", "percentage points"))
    share = f" ({abs(gap / key):.0%} of the answer)" if key and 0.005 <= abs(gap / key) < 10 else ""
    return f"{size} too {'high' if gap > 0 else 'low'}{share}"


def _amount(text: str, unit: str) -> str:
    return text + (unit if unit == "%" else f" {unit}")


def _plain(text: str) -> str:
    """The bank's text without its marks for bold and code."""
    return re.sub(r"\*\*([^*]+)\*\*|`([^`]+)`", lambda mark: mark[1] or mark[2], text)
