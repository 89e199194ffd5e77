"""What pages, questions and exports print by name: dated facts, and values that notebooks have recorded."""

import json
import re
from collections.abc import Mapping
from datetime import date as Date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

VALUE = "application/vnd.studykit.value.v1+json"
HELD = "values.json"  # beside notebooks that a reader runs: what they had recorded, whatever their outputs say now


def find_root() -> Path:
    """The folder that holds ``data`` and ``book``: the checkout's, else the nearest one above the working directory.

    The package as installed from a wheel has no checkout around it: its notebooks stand beside their ``data``.
    """
    checkout, here = Path(__file__).parents[3], Path.cwd()
    places = (checkout, here, *here.parents)
    return next((place for place in places if (place / "data" / "questions").is_dir()), checkout)


ROOT = find_root()

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@cache
def load_facts(folder: Path) -> dict[str, dict[str, Any]]:
    """All facts below ``folder`` by id, from every YAML file there that is a list (one of another form is no facts file).

    Raises
    ------
    ValueError naming file and id where a fact lacks a field or an id is used twice.
    """
    facts: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for fact in content if isinstance(content, list) else ():
            missing = {"id", "statement", "show", "date", "source_title", "source_url", "confidence"} - fact.keys()
            if missing:
                raise ValueError(f"{path.name}: fact {fact.get('id')!r} lacks {', '.join(sorted(missing))}")
            if fact["id"] in facts:
                raise ValueError(f"{path.name}: fact id {fact['id']!r} is used twice")
            facts[fact["id"]] = fact | {"date": str(fact["date"])}
    return facts


def format_date(date: str) -> str:
    """``2026-01-26`` as ``January 26, 2026``, ``2026-01`` as ``January 2026``; anything else as it stands.

    >>> format_date("2026-01-26"), format_date("2025-Q4")
    ('January 26, 2026', '2025-Q4')
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        day = Date.fromisoformat(date)
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    if match := re.fullmatch(r"(\d{4})-(\d\d)", date):
        return f"{MONTHS[int(match[2]) - 1]} {match[1]}"
    return date


def date_phrase(fact: dict[str, Any]) -> str:
    """``as of 2025-Q4`` or ``in force from January 26, 2026``, with the last day where the fact has one.

    >>> date_phrase({"date": "2026-04-26", "date_type": "effective", "until": "2027-01-17"})
    'in force from April 26, 2026, until January 17, 2027'
    """
    start = ("in force from " if fact.get("date_type") == "effective" else "as of ") + format_date(fact["date"])
    return start + (f", until {format_date(fact['until'])}" if "until" in fact else "")


def caveats(fact: dict[str, Any]) -> str:
    """What to know before trusting the fact, to stand behind its date; empty for an undisputed official page.

    >>> caveats({"confidence": "trade press", "conflict": "One page says 3."})
    ', trade press, sources differ'
    >>> caveats({"confidence": "official page, excerpt"})
    ''
    """
    kind = "" if fact["confidence"].startswith("official page") else f", {fact['confidence']}"
    return kind + (", sources differ" if fact.get("conflict") else "")


def fact_parts(fact: dict[str, Any]) -> tuple[str, str, str]:
    """What a sentence prints of a fact: its figure, the date that links to its source, and what stands behind.

    >>> fact_parts({"show": "4%", "date": "2026-01", "confidence": "trade press"})
    ('4% (', 'as of January 2026', ', trade press)')
    """
    return f"{fact['show']} (", date_phrase(fact), f"{caveats(fact)})"


def value_name(stem: str, text: str) -> str:
    """The full name of the value that ``{value}`text``` asks for on the page whose file has this stem.

    >>> value_name("negotiation", "saved"), value_name("negotiation", "peak-season/late")
    ('negotiation/saved', 'peak-season/late')
    """
    return text if "/" in text else f"{stem}/{text}"


def load_values(folder: Path) -> dict[str, dict[str, Any]]:
    """Every value that a notebook below ``folder`` records, as ``notebook-stem/name``; where they are held, those.

    Raises
    ------
    ValueError naming notebook and value where a name is recorded twice.
    """
    values: dict[str, dict[str, Any]] = {}
    if (folder / HELD).is_file():
        values = json.loads((folder / HELD).read_text(encoding="utf-8"))
        return values
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                for entry in output.get("data", {}).get(VALUE, []):
                    name = f"{path.stem}/{entry['name']}"
                    if name in values:
                        raise ValueError(f"{path.name}: value {entry['name']!r} is recorded twice")
                    values[name] = entry | {"path": str(path)}
    return values


@lru_cache(maxsize=64)
def _values_as_of(version: tuple[Path, int]) -> dict[str, dict[str, Any]]:
    """The values below a folder; the time, in nanoseconds, tells a later state of it apart."""
    return load_values(version[0])


def page_values(slug: str, root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """What the notebook of the page ``slug`` (``responsibilities/cost-management``) has recorded, by name.

    Parameters
    ----------
    slug : the page below ``book``, without an ending.
    root : the folder that holds ``book``.

    Raises
    ------
    ValueError where there is no such notebook, or it has recorded nothing.

    >>> page_values("responsibilities/no-such")
    Traceback (most recent call last):
    ValueError: no notebook book/responsibilities/no-such.ipynb
    """
    path = root / "book" / f"{slug}.ipynb"
    if not path.is_file():
        raise ValueError(f"no notebook book/{slug}.ipynb")
    values = _values_as_of((root / "book", path.stat().st_mtime_ns))
    found = {name.partition("/")[2]: entry for name, entry in values.items() if name.startswith(f"{path.stem}/")}
    if not found:
        raise ValueError(f"the stored outputs of book/{slug}.ipynb hold no recorded value; run it and save it")
    return found


_ROLE = re.compile(r"\{(fact|value)\}`([^`]+)`")


@cache
def _cached_values(folder: Path) -> dict[str, dict[str, Any]]:
    return load_values(folder)


def resolve_roles(content: Any, root: Path = ROOT) -> Any:
    """``content`` with each ``{fact}`id``` and ``{value}`notebook/name``` in its texts as a page prints it, without links.

    Parameters
    ----------
    content : a text, or lists and mappings that hold texts.
    root : the folder that holds ``data/facts`` and ``book``.

    Raises
    ------
    ValueError naming the fact or value that does not exist.

    >>> resolve_roles(["On time: {fact}`us.otdr`."])
    ['On time: at least 80% of orders due (in force from May 5, 2025).']
    """
    match content:
        case str():
            return _ROLE.sub(lambda role: _resolve_role(role[1], role[2], root), content)
        case Mapping():
            return {name: resolve_roles(part, root) for name, part in content.items()}
        case list():
            return [resolve_roles(part, root) for part in content]
    return content


def _resolve_role(role: str, name: str, root: Path) -> str:
    found = load_facts(root / "data" / "facts") if role == "fact" else _cached_values(root / "book")
    if name not in found:
        raise ValueError(f"no {role} {name!r}")
    entry = found[name]
    return "".join(fact_parts(entry)) if role == "fact" else entry["text"]
