"""The question bank: files read and checked, items handed over as plain JSON. Knows no notebook and no site."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache, reduce
from hashlib import sha256
from itertools import pairwise
from operator import getitem
from pathlib import Path
from typing import Any

import yaml
from jsonschema_rs import Draft202012Validator, ValidationError

from studykit.bank.expressions import slots
from studykit.bank.numeric import Functions, variants
from studykit.published import ROOT, resolve_roles

QUESTIONS = ROOT / "data" / "questions"

_FORM = json.loads(Path(__file__).with_name("item.schema.json").read_text(encoding="utf-8"))
_SCHEMA = Draft202012Validator(_FORM)

STAGES = ("hr", "technical", "case", "behavioral", "final")
RESPONSIBILITIES = ("procurement", "fulfillment", "collaboration", "cost", "tracking")
KINDS = ("mcq", "multi", "numeric", "order", "match", "cloze", "open", "card")

_PLAIN = {
    "cloze": ("text", "blanks"),
    "open": ("kind", "about", "time", "listens_for", "rubric", "plan", "model", "weak", "probes", "read"),
    "card": ("front", "back"),
}

Item = dict[str, Any]


def load(folder: Path = QUESTIONS) -> dict[str, Item]:
    """All items of the bank by id, in the order of the files; each also knows its ``file``.

    Raises
    ------
    ValueError naming file, item and field, one line for each thing that is wrong.
    """
    items: dict[str, Item] = {}
    for path in sorted(Path(folder).glob("*.yaml")):
        for item in _read(path, path.read_text(encoding="utf-8")):
            if item["id"] in items:
                raise _item_error(item, "id", f"used in {items[item['id']]['file']} too; ids are unique over the bank")
            items[item["id"]] = item
    if not items:
        raise ValueError(f"{folder}: expected question files (*.yaml), found none")
    for old, new in retired(items).items():
        if old in items:
            raise _item_error(items[new], "replaces", f"{old!r} is still an item; expected ids that are gone")
    return items


def retired(items: Mapping[str, Item]) -> dict[str, str]:
    """Ids that are gone, each with the id of the item that took its place.

    Raises
    ------
    ValueError where two items replace the same one.

    >>> retired(load())["3pl-good-order"]
    'proc-good-order-cost'
    """
    places: dict[str, str] = {}
    for name, item in items.items():
        for old in item.get("replaces", []):
            if old in places:
                raise _item_error(
                    item, "replaces", f"{old!r} is replaced by {places[old]!r} too; expected one place for it"
                )
            places[old] = name
    return places


def find(name: str, folder: Path = QUESTIONS) -> Item:
    """The item with this id.

    Raises
    ------
    ValueError where there is none, with the nearest id or the one that took its place.
    """
    items = load(folder)
    return _find(name, items, retired(items), folder)


def _find(name: str, items: Mapping[str, Item], gone: Mapping[str, str], folder: Path) -> Item:
    if name in gone:
        raise ValueError(f"{name!r} was merged into {gone[name]!r}; name that one")
    if name not in items:
        near = get_close_matches(name, items, n=1)
        raise ValueError(f"no item {name!r} in {folder}{f'; did you mean {near[0]!r}?' if near else ''}")
    return items[name]


def is_exercise(item: Item) -> bool:
    """Whether an item is asked beside the cell that answers it: its key is what the notebook of a page recorded.

    Nobody answers it without the tables, so no set, deck or exam mixes it in; it is asked where it is named.
    """
    return "recorded" in item


def choose(
    *ids: str,
    learn: str | None = None,
    bank: str | None = None,
    also: Iterable[str] = (),
    folder: Path = QUESTIONS,
) -> list[Item]:
    """Items chosen by exactly one of ``ids``, ``learn`` and ``bank``, and after them those of ``also``.

    Parameters
    ----------
    *ids : items in this order.
    learn : items that this page teaches (``performance-tracking``), or this section (``performance-tracking/pareto``);
        exercises only where ``ids`` or ``also`` name them.
    bank : items of this file (``performance-tracking``), in the same way.
    also : ids of older items to mix in at the end.
    folder : where the question files are.

    Raises
    ------
    ValueError when not exactly one choice is made, an id is unknown or repeated, or nothing is chosen.

    >>> [item["type"] for item in choose("perf-first-moves", "perf-rate-base")]
    ['order', 'match']
    """
    if sum(map(bool, (ids, learn, bank))) != 1:
        raise ValueError(f"quiz: expected one of ids, learn and bank, got {ids=}, {learn=}, {bank=}")
    items = load(folder)
    named = [*ids, *also]
    gone = retired(items)
    for i, name in enumerate(named):
        try:
            _find(name, items, gone, folder)
        except ValueError as error:
            raise ValueError(f"quiz: ids: {error}") from None
        if name in named[:i]:
            raise ValueError(f"quiz: ids: {name!r} stands twice, expected each item once")
    mixed = {name: item for name, item in items.items() if not is_exercise(item)}
    if ids:
        chosen = list(ids)
    elif bank:
        chosen = [name for name, item in mixed.items() if item["file"] == f"{bank}.yaml"]
    else:
        chosen = [name for name, item in mixed.items() if f"{item.get('learn')}/".startswith(f"{learn}/")]
    if not chosen:
        raise ValueError(
            f"quiz: expected items with {f'bank {bank!r}' if bank else f'learn {learn!r}'} in {folder}, found none"
        )
    return [items[name] for name in [*chosen, *(name for name in also if name not in chosen)]]


def payload(item: Item, functions: Functions = None, root: Path = ROOT) -> Item:
    """What a widget needs of ``item``, as plain JSON: numeric variants frozen, choices in the order of print and exports.

    On the screen choices come in another order at each showing, unless the item has ``keep_order``.

    Parameters
    ----------
    item : one of `load`.
    functions : name -> function that the item's expressions may call.
    root : the folder that holds ``book``, whose notebooks recorded what an exercise names.

    Raises
    ------
    ValueError naming file, item and field when a numeric item does not compute or its slips stand too close.
    """
    match item["type"]:
        case "mcq" | "multi":
            parts = _choices(item)
        case "numeric":
            parts = _numeric(item, functions, root)
        case "order":
            parts = _sequence(item)
        case "match":
            parts = _pairs(item)
        case kind:
            parts = _select(item, *_PLAIN[kind])
    texts = () if "variants" in parts else ("stem", "explain", "hints")  # a variant has its own
    found: Item = resolve_roles(_select(item, "id", "rev", "replaces", "type", *texts, "learn") | parts, root)
    return found


def stems(payloads: Iterable[Item]) -> str:
    """All questions in one plain line, without their answers."""
    texts = (item["variants"][0]["stem"] if "variants" in item else item["stem"] for item in payloads)
    return f"Quiz: {' | '.join(f'{i}. {text}' for i, text in enumerate(texts, 1))}"


def coverage(items: Iterable[Item]) -> dict[tuple[str, str], dict[str, int]]:
    """How many items there are by ``(stage, responsibility)``, counted by kind; "" where an item has no responsibility.

    An item with two responsibilities counts in both, so that cells add up to more than the bank.
    """
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for item in items:
        for responsibility in item.get("responsibility") or [""]:
            kinds = cells.setdefault((item["stage"], responsibility), {})
            kinds[item["type"]] = kinds.get(item["type"], 0) + 1
    return cells


def _select(source: Item, *fields: str) -> Item:
    return {field: source[field] for field in fields if field in source}


@lru_cache(maxsize=256)
def _read(path: Path, text: str) -> list[Item]:
    """The items of one file with this text, checked. Each text is read once: treat items as read-only."""
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader)  # five times as fast as the one in Python
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: not YAML: {error}") from error
    errors = list(_SCHEMA.iter_errors(content))
    # fields of a kind count as unknown as soon as one of them is wrong: say what is wrong
    telling = [error for error in errors if error.kind.name != "unevaluatedProperties"]
    if errors:
        raise ValueError("\n".join(_error_sentence(path, content, error) for error in telling or errors))
    if content["bank"] != path.stem:
        raise ValueError(f"{path.name}: bank: {content['bank']!r}, expected {path.stem!r} as the file is named")
    items = [item | {"file": path.name} for item in content["items"]]
    for item in items:
        _check(item)
    return items


def _error_sentence(path: Path, content: Any, error: ValidationError) -> str:
    """``file: item 'id': field: what is wrong``."""
    match error.instance_path:
        case ["items", int(index), *field]:
            item = content["items"][index]
            name = item.get("id", index + 1) if isinstance(item, dict) else index + 1
            where = [f"item {name!r}", ".".join(map(str, field))]
        case field:
            where = [".".join(map(str, field))]
    if error.kind.name in ("contains", "maxContains", "oneOf"):
        what = reduce(getitem, error.schema_path[:-1], _FORM)["$comment"]
    else:
        what = "not expected here" if error.kind.name == "falseSchema" else error.message
    return ": ".join(part for part in [path.name, *where, what] if part)


def _item_error(item: Item, field: str, problem: str) -> ValueError:
    return ValueError(f"{item['file']}: item {item['id']!r}: {field}: {problem}")


def _check(item: Item) -> None:
    """What a schema cannot say: ids within an item are unique, and what is named exists."""
    if item.get("replaces") and item["rev"] == 1:
        raise _item_error(item, "rev", "expected at least 2, so that answers to what it replaces are asked again")
    for field in ("choices", "sequence", "rubric"):
        ids = [part["id"] for part in item.get(field, [])]
        if twice := {name for name in ids if ids.count(name) > 1}:
            raise _item_error(item, field, f"id {', '.join(sorted(twice))} is used twice")
    earlier: set[str] = set()
    for i, row in enumerate(item.get("sequence", [])):
        if late := set(row.get("after", [])) - earlier:
            raise _item_error(
                item, f"sequence.{i}.after", f"{', '.join(sorted(late))} is not listed before {row['id']!r}"
            )
        earlier.add(row["id"])
    if item["type"] == "match":
        rights = _rights(item)
        if len(set(rights)) < len(rights):
            raise _item_error(item, "pairs", "two right sides are the same")
    if item["type"] == "cloze" and sorted(slots(item["text"])) != sorted(item["blanks"]):
        raise _item_error(
            item, "blanks", f"expected one for each of {slots(item['text'])} in the text, got {[*item['blanks']]}"
        )


def _shuffled(item: Item, names: Iterable[str]) -> list[str]:
    """``names`` in an order that looks random and is always the same."""
    return sorted(names, key=lambda name: sha256(f"{item['id']}/{name}".encode()).hexdigest())


def _choices(item: Item) -> Item:
    choices = {choice["id"]: choice for choice in item["choices"]}
    names = choices if item.get("keep_order") else _shuffled(item, choices)
    shown = [_select(choices[name], "id", "text", "correct", "feedback", "missed") for name in names]
    return {"choices": shown} | _select(item, "keep_order")


def _numeric(item: Item, functions: Functions, root: Path) -> Item:
    try:
        frozen = variants(item, functions, root)
    except ValueError as error:
        raise ValueError(f"{item['file']}: item {item['id']!r}: {error}") from error
    answer = item["answer"]
    return {
        "unit": answer["unit"],
        "units": _typed_units(answer["unit"], answer.get("units", {})),
        "digits": int(answer["show"].strip(",.f")),
        "variants": frozen,
    }


def _typed_units(wanted: str, others: Mapping[str, float]) -> dict[str, float]:
    """Units that may be typed, in small letters, and how many of the wanted one they are worth.

    >>> _typed_units("thousand USD a year", {})
    {'thousand usd a year': 1, 'usd a year': 0.001, 'usd': 0.001, '$': 0.001}
    >>> _typed_units("hours", {"days": 24})
    {'hours': 1, 'days': 24, 'hour': 1, 'day': 24}
    """
    units: dict[str, float] = {wanted: 1}
    count, _, counted = wanted.partition(" ")
    if worth := {"thousand": 0.001, "million": 0.000001}.get(count):
        units |= {counted: worth, counted.split()[0]: worth}
    units |= others
    units |= {name.removesuffix("s"): factor for name, factor in units.items()}
    if "USD" in units:
        units["$"] = units["USD"]
    return {name.lower(): factor for name, factor in units.items()}


def _sequence(item: Item) -> Item:
    """Rows as first shown, which is never a right order, each with the rows that must come before it."""
    listed = item["sequence"]
    if not any(row.get("after") for row in listed):
        listed = [row | {"after": [before["id"]]} if before else row for before, row in pairwise([None, *listed])]
    rows: dict[str, Item] = {row["id"]: {"after": []} | _select(row, "id", "text", "after", "why") for row in listed}
    names = _shuffled(item, rows)
    if all(names.index(before) < names.index(name) for name in names for before in rows[name]["after"]):
        names.reverse()
    return {"rows": [rows[name] for name in names], "solution": list(rows)}


def _rights(item: Item) -> list[str]:
    return [*(pair["right"] for pair in item["pairs"]), *item.get("extra_right", [])]


def _pairs(item: Item) -> Item:
    pairs = [_select(pair, "left", "right", "feedback") for pair in item["pairs"]]
    return {"pairs": pairs, "rights": _shuffled(item, _rights(item))}
