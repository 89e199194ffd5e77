"""The bank for other programs: an Anki deck and a GIFT file for Moodle. The same bank writes the same bytes."""

import csv
import hashlib
import importlib
import itertools
import os
import re
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import genanki

from studykit.bank import QUESTIONS, Item, is_exercise, payload
from studykit.bank.expressions import blank
from studykit.bank.numeric import Functions

NAME = "questions"
DECK = "Interview guide"
EPOCH = 1_767_225_600  # 2026-01-01, for what was never dated
TIMES = QUESTIONS.with_name("card_times.csv")
_MARK = re.compile(r"\*\*([^*]+)\*\*|`([^`]+)`")
_CARD_CSS = ".card { font: 18px/1.5 system-ui, sans-serif; max-width: 40em; margin: auto; text-align: left; } .key { color: #0b5f66; }"


def load_functions(address: str = "") -> Functions:
    """The functions at ``module:attribute``, which is a mapping name -> function; none for an empty address.

    >>> load_functions() is None
    True
    """
    if not address:
        return None
    module, _, attribute = address.partition(":")
    functions: Mapping[str, Callable[..., Any]] = getattr(importlib.import_module(module), attribute)
    return functions


def write(folder: Path, items: Mapping[str, Item], functions: Functions = None, times: Path = TIMES) -> list[Path]:
    """Write ``questions.apkg`` and ``questions.gift`` to ``folder``, without exercises; returns their paths.

    ``times`` says when each card changed, as `note_times` writes it.
    """
    items = {name: item for name, item in items.items() if not is_exercise(item)}
    folder.mkdir(parents=True, exist_ok=True)
    deck, gift_file = folder / f"{NAME}.apkg", folder / f"{NAME}.gift"
    changed = {name: when for name, (_, when) in card_times(items, functions, times).items()}
    deck.write_bytes(anki(items, functions, changed))
    gift_file.write_text(gift(items, functions), encoding="utf-8")
    return [deck, gift_file]


# Anki -----------------------------------------------------------------------------------------------------------------


def _number(name: str) -> int:
    """An id that Anki takes, always the same for ``name``."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) + (1 << 30)


def _html(text: str) -> str:
    return _MARK.sub(lambda m: f"<b>{m[1]}</b>" if m[1] else f"<code>{m[2]}</code>", escape(text, quote=False))


def _list(tag: str, texts: list[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{text}</li>' for text in texts)}</{tag}>"


def card_sides(item: Item, functions: Functions = None) -> tuple[str, str]:
    """Front and back of an item's card, as HTML; a numeric item comes with its first variant.

    >>> from studykit.bank import load
    >>> card_sides(load()["perf-rate-base"])[0].startswith("You buy the fulfillment")
    True
    """
    task = payload(item, functions)
    if "variants" in task:
        task |= task["variants"][0]
    stem, explain = _html(task["stem"]), f"<p>{_html(task['explain'])}</p>"
    match item["type"]:
        case "mcq" | "multi":
            texts = [_html(choice["text"]) for choice in task["choices"]]
            why = [
                f"{'<b class=key>✓</b>' if choice.get('correct') else '✗'} {text}<br><i>{_html(choice['feedback'])}</i>"
                for choice, text in zip(task["choices"], texts, strict=True)
            ]
            return stem + _list("ol", texts), _list("ol", why) + explain
        case "numeric":
            unit = task["unit"] if task["unit"] == "%" else f" {task['unit']}"
            steps = _list("ol", [_html(step) for step in task["steps"]])
            return stem, f"<p class=key><b>{task['answer']['text']}{_html(unit)}</b></p>{steps}{explain}"
        case "order":
            rows = {row["id"]: _html(row["text"]) for row in task["rows"]}
            return stem + _list("ul", list(rows.values())), _list("ol", [rows[id] for id in task["solution"]]) + explain
        case "match":
            lefts = [_html(pair["left"]) for pair in task["pairs"]]
            pairs = [f"{_html(pair['left'])} → <b>{_html(pair['right'])}</b>" for pair in task["pairs"]]
            return stem + _list("ul", lefts) + _list("ol", [_html(right) for right in task["rights"]]), _list(
                "ul", pairs
            ) + explain
        case "cloze":
            filled = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda m: f"**{task['blanks'][m[1]]['accept'][0]}**", task["text"])
            return f"{stem}<p>{_html(blank(task['text']))}</p>", f"<p>{_html(filled)}</p>{explain}"
        case "open":
            good = _list("ol", [_html(step["beat"]) for step in task["plan"]])
            good += f"<p>{_html(task['model']['text'])}</p>" if "model" in task else ""
            best = [f"<b>{_html(row['name'])}</b>: {_html(row['anchors']['5'])}" for row in task["rubric"]]
            probes = [_html(probe["ask"]) for probe in task["probes"]]
            return stem, f"{good}{_list('ul', best)}{explain}<p>Then:</p>{_list('ul', probes)}"
        case _:
            return _html(task["front"]), f"<p class=key><b>{_html(task['back'])}</b></p>{explain}"


def card_times(
    items: Mapping[str, Item], functions: Functions = None, path: Path = TIMES
) -> dict[str, tuple[str, int]]:
    """For each item a digest of its card, and when that card came to be what it is, in seconds since 1970.

    A card that ``path`` does not hold as it is now counts as changed at this moment.
    """
    known: dict[str, tuple[str, int]] = {}
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                known[row["id"]] = row["digest"], int(datetime.fromisoformat(row["changed"]).timestamp())
    now = int(time.time())
    found = {}
    for name, item in items.items():
        digest = hashlib.sha256("\n".join([*card_sides(item, functions), *_tags(item)]).encode()).hexdigest()[:12]
        kept, changed = known.get(name, ("", 0))
        found[name] = digest, changed if kept == digest else now
    return found


def note_times(items: Mapping[str, Item], functions: Functions = None, path: Path = TIMES) -> None:
    """Write down in ``path`` when each card changed; one that did not keeps its line."""
    items = {name: item for name, item in items.items() if not is_exercise(item)}
    rows = [
        [name, digest, datetime.fromtimestamp(changed, UTC).isoformat()]
        for name, (digest, changed) in sorted(card_times(items, functions, path).items())
    ]
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([["id", "digest", "changed"], *rows])


def _tags(item: Item) -> list[str]:
    return [item["type"], item["stage"], *item.get("responsibility", [])]


def anki(items: Mapping[str, Item], functions: Functions = None, times: Mapping[str, int] | None = None) -> bytes:
    """The bank as an ``.apkg`` file: a note for each item, its guid made of the item's id alone.

    Parameters
    ----------
    items, functions : as `studykit.bank.load` and `load_functions` give them.
    times : when each card was last changed, in seconds since 1970. Anki updates a note that is newer than its own, and
        keeps the history of its card.
    """
    model = genanki.Model(
        _number("studykit question"),
        "Study guide question",
        fields=[{"name": "Front"}, {"name": "Back"}, {"name": "Id"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
        css=_CARD_CSS,
    )
    deck = genanki.Deck(_number("studykit deck"), DECK, "Questions of the unofficial interview guide.")
    changed = {name: (times or {}).get(name, EPOCH) for name in items}
    guids = {name: genanki.guid_for("studykit", name) for name in items}
    for name, item in items.items():
        fields = [*card_sides(item, functions), name]
        deck.add_note(genanki.Note(model=model, fields=fields, guid=guids[name], tags=_tags(item)))
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "collection.anki2")
        connection = sqlite3.connect(database)
        newest = max(changed.values(), default=EPOCH)
        genanki.Package(deck).write_to_db(connection.cursor(), newest, itertools.count(EPOCH * 1000))
        rows = [(changed[name], guids[name]) for name in items]
        connection.executemany("UPDATE notes SET mod = ? WHERE guid = ?", rows)
        connection.commit()
        connection.close()
        return _zipped({"collection.anki2": database.read_bytes(), "media": b"{}"})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive that holds no date."""
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, content)
        target.seek(0, os.SEEK_SET)
        return target.read()


# GIFT -----------------------------------------------------------------------------------------------------------------


def _gift(text: str) -> str:
    r"""Text in GIFT, in one line, its signs escaped.

    >>> _gift("a = {b}: ~1 # **x**")
    'a \\= \\{b\\}\\: \\~1 \\# **x**'
    """
    return re.sub(r"([\\~=#{}:])", r"\\\1", " ".join(text.split()))


def _share(count: int) -> str:
    return f"{100 / count:.5f}".rstrip("0").rstrip(".")


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
            shares = {True: _share(good), False: f"-{_share(bad)}" if bad else "0"}
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
            rows = {row["id"]: row["text"] for row in task["rows"]}
            return "\n".join(f"\t={_gift(rows[id])} -> {place}" for place, id in enumerate(task["solution"], 1))
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


def _gift_explain(task: Item) -> str:
    """What is said whatever was answered; an essay's holds the answer."""
    if task["type"] == "card":
        return f"{task['back']} {task['explain']}"
    if task["type"] == "open":
        good = "; ".join(step["beat"] for step in task["plan"])
        return f"{good} {task['explain']}"
    if task["type"] == "cloze":
        return f"{', '.join(blank_['accept'][0] for blank_ in task['blanks'].values())}. {task['explain']}"
    return str(task["explain"])


def gift(items: Mapping[str, Item], functions: Functions = None) -> str:
    """The bank in GIFT: a category for each stage; a numeric item has its own, with all variants to draw one from.

    An order becomes a matching of step and place; a cloze with several blanks, an open question and a card become
    essays whose feedback holds the answer.
    """
    parts = []
    for stage in dict.fromkeys(item["stage"] for item in items.values()):
        held = [item for item in items.values() if item["stage"] == stage]
        plain = [item for item in held if item["type"] != "numeric"]
        for category, group in [(stage, plain), *((f"{stage}/{i['id']}", [i]) for i in held if i["type"] == "numeric")]:
            if group:
                parts.append(f"$CATEGORY: {DECK}/{category}")
            for item in group:
                task = payload(item, functions)
                for variant in task.get("variants", [{}]):
                    parts.append(_gift_item(task | variant))
    return "\n\n".join(parts) + "\n"


def _gift_item(task: Item) -> str:
    essay = task["type"] in ("open", "card") or (task["type"] == "cloze" and len(task["blanks"]) > 1)
    name = f"{task['id']}/{task['seed']}" if "seed" in task else task["id"]
    answers = "" if essay else f"{_gift_answers(task)}\n"
    opening = answers if answers.startswith("#") else f"\n{answers}"
    return f"::{name}::[markdown]{_gift(_gift_stem(task))} {{{opening}\t####{_gift(_gift_explain(task))}\n}}"
