"""The bank in GIFT, the plain text that Moodle reads."""

import re
from collections.abc import Mapping

from studykit.bank import Item
from studykit.bank.exports.shared import DECK, answer_text, by_category, share
from studykit.bank.expressions import blank
from studykit.bank.numeric import Functions


def _gift(text: str) -> str:
    r"""Text in GIFT, in one line, its signs escaped.

    >>> _gift("a = {b}: ~1 # **x**")
    'a \\= \\{b\\}\\: \\~1 \\# **x**'
    """
    return re.sub(r"([\\~=#{}:])", r"\\\1", " ".join(text.split()))


def _gift_answers(task: Item) -> str:
    match task["type"]:
        case "mcq":
            return "\n".join(
                f"\t{'=' if c.get('correct') else '~'}{_gift(c['text'])} # {_gift(c['feedback'])}"
                for c in task["choices"]
            )
        case "multi":
            good = sum(bool(c.get("correct")) for c in task["choices"])
            bad = len(task["choices"]) - good
            shares = {True: share(good), False: f"-{share(bad)}" if bad else "0"}
            return "\n".join(
                f"\t~%{shares[bool(c.get('correct'))]}%{_gift(c['text'])} # {_gift(c['feedback'])}"
                for c in task["choices"]
            )
        case "numeric":
            key = task["answer"]
            lines = [f"\t={key['value']:.12g}:{key['tolerance']:.12g}"]
            lines += [
                f"\t=%0%{slip['value']:.12g}:{slip['tolerance']:.12g} # {_gift(slip['feedback'])}"
                for slip in task["slips"]
            ]
            return "#\n" + "\n".join(lines)
        case "match":
            lines = [f"\t={_gift(pair['left'])} -> {_gift(pair['right'])}" for pair in task["pairs"]]
            used = {pair["right"] for pair in task["pairs"]}
            return "\n".join([*lines, *(f"\t= -> {_gift(right)}" for right in task["rights"] if right not in used)])
        case "order":
            places = {name: place for place, name in enumerate(task["solution"], 1)}
            return "\n".join(f"\t={_gift(row['text'])} -> {places[row['id']]}" for row in task["rows"])
        case "cloze":
            (blank_,) = task["blanks"].values()
            return "\n".join(f"\t={_gift(text)}" for text in blank_["accept"])
        case _:
            return ""


def _gift_stem(task: Item) -> str:
    match task["type"]:
        case "cloze":
            return f"{task['stem']} {blank(task['text'])}"
        case "card":
            return str(task["front"])
        case "numeric":
            return f"{task['stem']} (in {task['unit']})"
        case "order":
            return f"{task['stem']} Choose the place of each."
    return str(task["stem"])


def gift(items: Mapping[str, Item], functions: Functions = None) -> str:
    """The bank in GIFT: a category for each stage; a numeric item has its own, with all variants to draw one from.

    An order becomes a matching of step and place; a cloze with several blanks, an open question and a card become
    essays whose feedback holds the answer.
    """
    parts = []
    for category, tasks in by_category(items, functions):
        parts += [f"$CATEGORY: {DECK}/{category}", *map(_gift_item, tasks)]
    return "\n\n".join(parts) + "\n"


def _gift_item(task: Item) -> str:
    essay = task["type"] in ("open", "card") or (task["type"] == "cloze" and len(task["blanks"]) > 1)
    name = f"{task['id']}/{task['seed']}" if "seed" in task else task["id"]
    answers = "" if essay else f"{_gift_answers(task)}\n"
    opening = answers if answers.startswith("#") else f"\n{answers}"
    return f"::{name}::[markdown]{_gift(_gift_stem(task))} {{{opening}\t####{_gift(answer_text(task))}\n}}"
