"""The bank as an Anki deck: a note for each item, dated by the last change of its text."""

import csv
import hashlib
import itertools
import re
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import genanki

from studykit.bank import QUESTIONS, Item, is_exercise, payload
from studykit.bank.exports.shared import DECK, html, listed, zipped
from studykit.bank.expressions import blank
from studykit.bank.numeric import Functions

EPOCH = 1_767_225_600  # 2026-01-01, for what was never dated
TIMES = QUESTIONS.with_name("card_times.csv")
_CARD_CSS = ".card { font: 18px/1.5 system-ui, sans-serif; max-width: 40em; margin: auto; text-align: left; } .key { color: #0b5f66; }"


def _number(name: str) -> int:
    """An id that Anki takes, always the same for ``name``."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) + (1 << 30)


def card_sides(item: Item, functions: Functions = None) -> tuple[str, str]:
    """Front and back of an item's card, as HTML; a numeric item comes with its first variant.

    >>> from studykit.bank import load
    >>> card_sides(load()["perf-rate-base"])[0].startswith("You buy the fulfillment")
    True
    """
    task = payload(item, functions)
    if "variants" in task:
        task |= task["variants"][0]
    stem, explain = html(task["stem"]), f"<p>{html(task['explain'])}</p>"
    match item["type"]:
        case "mcq" | "multi":
            texts = [html(choice["text"]) for choice in task["choices"]]
            why = [
                f"{'<b class=key>✓</b>' if choice.get('correct') else '✗'} {text}<br><i>{html(choice['feedback'])}</i>"
                for choice, text in zip(task["choices"], texts, strict=True)
            ]
            return stem + listed("ol", texts), listed("ol", why) + explain
        case "numeric":
            unit = task["unit"] if task["unit"] == "%" else f" {task['unit']}"
            steps = listed("ol", [html(step) for step in task["steps"]])
            return stem, f"<p class=key><b>{task['answer']['text']}{html(unit)}</b></p>{steps}{explain}"
        case "order":
            rows = {row["id"]: html(row["text"]) for row in task["rows"]}
            return stem + listed("ul", list(rows.values())), listed(
                "ol", [rows[id] for id in task["solution"]]
            ) + explain
        case "match":
            lefts = [html(pair["left"]) for pair in task["pairs"]]
            pairs = [f"{html(pair['left'])} → <b>{html(pair['right'])}</b>" for pair in task["pairs"]]
            return stem + listed("ul", lefts) + listed("ol", [html(right) for right in task["rights"]]), listed(
                "ul", pairs
            ) + explain
        case "cloze":
            filled = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda m: f"**{task['blanks'][m[1]]['accept'][0]}**", task["text"])
            return f"{stem}<p>{html(blank(task['text']))}</p>", f"<p>{html(filled)}</p>{explain}"
        case "open":
            good = listed("ol", [html(step["beat"]) for step in task["plan"]])
            good += f"<p>{html(task['model']['text'])}</p>" if "model" in task else ""
            best = [f"<b>{html(row['name'])}</b>: {html(row['anchors']['5'])}" for row in task["rubric"]]
            probes = [html(probe["ask"]) for probe in task["probes"]]
            return stem, f"{good}{listed('ul', best)}{explain}<p>Then:</p>{listed('ul', probes)}"
        case _:
            return html(task["front"]), f"<p class=key><b>{html(task['back'])}</b></p>{explain}"


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
        return zipped({"collection.anki2": database.read_bytes(), "media": b"{}"})
