"""What several exports need: marks as HTML, archives without a date, all right orders of an order, categories."""

import os
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from html import escape

from studykit.bank import Item, payload
from studykit.bank.numeric import Functions

DECK = "Interview guide"
MARK = re.compile(r"\*\*([^*]+)\*\*|`([^`]+)`")


def html(text: str) -> str:
    """Text with its marks as HTML.

    >>> html("a < b, **bold** and `code`")
    'a &lt; b, <b>bold</b> and <code>code</code>'
    """
    return MARK.sub(lambda m: f"<b>{m[1]}</b>" if m[1] else f"<code>{m[2]}</code>", escape(text, quote=False))


def listed(tag: str, texts: list[str]) -> str:
    """A list of HTML texts."""
    return f"<{tag}>{''.join(f'<li>{text}</li>' for text in texts)}</{tag}>"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive that holds no date."""
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, content)
        target.seek(0, os.SEEK_SET)
        return target.read()


def orders(task: Item) -> list[list[str]]:
    """Every right order of a task of this kind, the solution first.

    >>> orders({"rows": [{"id": "b", "after": ["a"]}, {"id": "c", "after": ["a"]}], "solution": ["a", "b", "c"]})
    [['a', 'b', 'c'], ['a', 'c', 'b']]
    """
    after = {row["id"]: row["after"] for row in task["rows"]}
    found = []

    def extend(order: list[str]) -> None:
        if len(order) == len(task["solution"]):
            found.append(order)
        for name in task["solution"]:
            if name not in order and set(after.get(name, [])) <= set(order):
                extend([*order, name])

    extend([])
    return found


def share(count: int) -> str:
    """The percentage of one of ``count`` equal parts, with five decimals at most.

    >>> share(2), share(3)
    ('50', '33.33333')
    """
    return f"{100 / count:.5f}".rstrip("0").rstrip(".")


def answer_text(task: Item) -> str:
    """What is said whatever was answered; where nothing grades the answer, it begins with a good one."""
    if task["type"] == "card":
        return f"{task['back']} {task['explain']}"
    if task["type"] == "open":
        return f"{'; '.join(step['beat'] for step in task['plan'])} {task['explain']}"
    if task["type"] == "cloze":
        return f"{', '.join(blank['accept'][0] for blank in task['blanks'].values())}. {task['explain']}"
    if task["type"] == "order" and len(orders(task)) > 1:
        return f"Other orders may be right as well, as long as each step comes after what it needs. {task['explain']}"
    return str(task["explain"])


def by_category(items: Mapping[str, Item], functions: Functions = None) -> Iterator[tuple[str, list[Item]]]:
    """Categories of a question bank with what they hold: one for each stage, and one for each numeric item's variants."""
    for stage in dict.fromkeys(item["stage"] for item in items.values()):
        held = [item for item in items.values() if item["stage"] == stage]
        if plain := [payload(item, functions) for item in held if item["type"] != "numeric"]:
            yield stage, plain
        for item in held:
            if item["type"] == "numeric":
                task = payload(item, functions)
                yield f"{stage}/{item['id']}", [task | variant for variant in task.get("variants", [{}])]
