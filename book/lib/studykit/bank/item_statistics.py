"""How the bank's items did with readers: difficulty, discrimination and wrong choices that nobody takes.

Only a reader's first answer to an item as it now is counts: later ones know the feedback. A reader is whoever's files
share a browser, so that a file saved again, or on a second device, makes no second reader.

Sources
-------
Difficulty as the share of right answers, and the point-biserial correlation of an item: L. Crocker and J. Algina,
Introduction to Classical and Modern Test Theory (1986), chapter 14. Against the score on all other items, for an item
correlates with a score that holds it: S. Henrysson, Correction of item-total correlations in item analysis,
Psychometrika 28 (1963), 211-218. Wrong choices that nobody takes: T. M. Haladyna and S. M. Downing, How many options is
enough for a multiple-choice test item?, Educational and Psychological Measurement 53 (1993), 999-1010.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import StatisticsError, correlation, mean
from typing import Any

from studykit.bank import Item, is_exercise

Entry = Mapping[str, Any]
"""An answer as a saved file holds it: ``id``, ``item``, ``rev``, ``time``, ``answer``, ``verdict``, perhaps ``seed``."""


@dataclass(frozen=True)
class Statistics:
    """What readers made of an item.

    ``readers`` answered it and ``right`` of them rightly. ``discrimination`` is the point-biserial correlation between a
    right answer and the reader's share of right answers on all other items, over ``compared`` readers who answered
    others; None where all were right, all wrong, or all scored alike elsewhere. ``taken`` counts the answers that hold
    each wrong choice, by its id.
    """

    readers: int
    right: int
    discrimination: float | None
    compared: int
    taken: dict[str, int]

    @property
    def difficulty(self) -> float:
        """The share of right answers: high for an easy item."""
        return self.right / self.readers


def by_reader(files: Iterable[Iterable[Entry]]) -> list[list[Entry]]:
    """Entries of each reader in the order of time, each once.

    >>> one, two, both = {"id": "aaa-1", "time": 1}, {"id": "bbb-1", "time": 2}, {"id": "ccc-1", "time": 3}
    >>> [len(entries) for entries in by_reader([[one], [one, two], [both]])]
    [2, 1]
    """
    readers: list[dict[str, Entry]] = []
    for file in files:
        held = {entry["id"]: entry for entry in file}
        browsers = {name.partition("-")[0] for name in held}
        same = [known for known in readers if browsers & {name.partition("-")[0] for name in known}]
        for known in same:
            held = known | held
        readers = [known for known in readers if not any(known is one for one in same)] + [held]
    return [sorted(held.values(), key=lambda entry: (entry["time"], entry["id"])) for held in readers if held]


def first_answers(items: Mapping[str, Item], entries: Iterable[Entry]) -> dict[str, Entry]:
    """The first graded answer of one reader to each item as it now is, by item."""
    found: dict[str, Entry] = {}
    for entry in entries:
        item = items.get(entry["item"])
        if item and entry["verdict"] != "seen" and _is_current(item, entry):
            found.setdefault(entry["item"], entry)
    return found


def _is_current(item: Item, entry: Entry) -> bool:
    drawn = item["type"] == "numeric" and not is_exercise(item)
    return bool(entry["rev"] == item["rev"] and (not drawn or entry.get("seed") in item["seeds"]))


def statistics(items: Mapping[str, Item], readers: Iterable[Iterable[Entry]]) -> dict[str, Statistics]:
    """What `by_reader` found, by item, in the order of ``items``; without those that nobody has answered."""
    answered = [first_answers(items, entries) for entries in readers]
    scores = [{name: float(entry["verdict"] == "right") for name, entry in first.items()} for first in answered]
    found = {}
    for name, item in items.items():
        held = [(first[name], score) for first, score in zip(answered, scores, strict=True) if name in first]
        if held:
            others = [
                (score[name], mean(value for other, value in score.items() if other != name))
                for _, score in held
                if len(score) > 1
            ]
            right = sum(score[name] for _, score in held)
            taken = _taken(item, [entry for entry, _ in held])
            found[name] = Statistics(len(held), int(right), _correlation(others), len(others), taken)
    return found


def _correlation(pairs: list[tuple[float, float]]) -> float | None:
    try:
        return correlation(*zip(*pairs, strict=True)) if len(pairs) > 1 else None
    except StatisticsError:  # one of them does not vary
        return None


def _taken(item: Item, entries: list[Entry]) -> dict[str, int]:
    counts = Counter(name for entry in entries for name in _ids(entry["answer"]))
    return {choice["id"]: counts[choice["id"]] for choice in item.get("choices", []) if not choice.get("correct")}


def _ids(answer: str | list[str]) -> list[str]:
    return [answer] if isinstance(answer, str) else answer


def table(items: Mapping[str, Item], readers: list[list[Entry]]) -> str:
    """The statistics as plain text, an item a line, with what they were counted from."""
    found = statistics(items, readers)
    width = max(map(len, found), default=4)
    lines = [f"{'item':{width}}  readers  right  difficulty  discrimination (of)  wrong choices taken; by nobody"]
    for name, one in found.items():
        told = "-" if one.discrimination is None else f"{one.discrimination:+.2f}"
        taken = ", ".join(f"{choice} {count}" for choice, count in one.taken.items() if count)
        nobody = ", ".join(choice for choice, count in one.taken.items() if not count)
        choices = "; ".join(filter(None, [taken, nobody and f"nobody: {nobody}"]))
        row = f"{name:{width}}  {one.readers:7}  {one.right:5}  {one.difficulty:10.0%}  {told:>14} ({one.compared})"
        lines.append(f"{row:{width + 49}}  {choices}".rstrip())
    used = sum(one.readers for one in found.values())
    total = sum(map(len, readers))
    return "\n".join(
        [
            *lines,
            "",
            f"Readers: {len(readers)}. Items: {len(found)} of {len(items)}. Entries that count: {used} of {total}, the first "
            "answer of each reader to an item as it now is.",
            "Difficulty is the share of right answers. Discrimination is the point-biserial correlation with the share "
            "of right answers on all other items, over the readers in brackets who answered others. Below some thirty "
            "readers, chance alone moves both far.",
        ]
    )
