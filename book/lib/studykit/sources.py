"""What the pages rest on: every source of the facts, the tables and the catalog beside them, and how old each fact is.

``python -m studykit.sources`` prints the facts by age and confidence, the oldest first, those that have ended apart.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from studykit.published import ROOT, load_facts

OLD_MONTHS = 18  # months after which a fact is never printed without its date
TABLE_DATES = ("source_date", "year", "effective_from")


@dataclass
class Source:
    """One source: its address (or name), its title, and all that it supports."""

    address: str
    title: str
    kinds: Counter[str] = field(default_factory=Counter)
    confidence: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    supports: Counter[str] = field(default_factory=Counter)

    @property
    def linked(self) -> bool:
        return self.address.startswith("http")


def first_day(date: str) -> Date:
    """First day of a year, quarter (``2025-Q4``), half year (``2025-H1``), month, or the day itself.

    Raises
    ------
    ValueError where ``date`` has none of these forms.

    >>> first_day("2025-Q4"), first_day("2026-02")
    (datetime.date(2025, 10, 1), datetime.date(2026, 2, 1))
    """
    if period := re.fullmatch(r"(\d{4})-(?:Q([1-4])|H([12]))", date):
        month = 3 * int(period[2]) - 2 if period[2] else 6 * int(period[3]) - 5
        return Date(int(period[1]), month, 1)
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", date):
        raise ValueError(f"date: {date!r}, expected YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn or YYYY-Hn")
    return Date.fromisoformat((date + "-01-01")[:10])


def last_day(date: str) -> Date:
    """Last day of a year, quarter, half year, month, or the day itself; ``date`` as in `first_day`.

    >>> last_day("2026-H1"), last_day("2026-02"), last_day("2026-02-18")
    (datetime.date(2026, 6, 30), datetime.date(2026, 2, 28), datetime.date(2026, 2, 18))
    """
    first = first_day(date)
    months = {4: 12, 10: 0}.get(len(date), {"Q": 3, "H": 6}.get(date[-2:-1], 1))
    if not months:
        return first
    year, month = divmod(12 * first.year + first.month - 1 + months, 12)
    return Date(year, month + 1, 1) - timedelta(days=1)


def ended(fact: dict[str, Any], today: Date) -> bool:
    """Whether the fact has an end of its own, ``until``, that lies before ``today``.

    >>> ended({"until": "2026-07-24"}, Date(2026, 7, 24)), ended({"until": "2026-07-24"}, Date(2026, 7, 25))
    (False, True)
    """
    return "until" in fact and last_day(fact["until"]) < today


def collection_month(folder: Path) -> str:
    """The month up to which the facts in ``folder`` were collected, as the first line of ``facts.yaml`` says.

    Raises
    ------
    ValueError where the line does not say it.
    """
    line = (folder / "facts.yaml").read_text(encoding="utf-8").split("\n", 1)[0]
    if not (found := re.search(r"Collected up to (\d{4}-\d\d)\b", line)):
        raise ValueError(f"facts.yaml: first line {line!r}, expected 'Collected up to YYYY-MM'")
    return found[1]


def age_in_months(date: str, month: str) -> int:
    """Whole months from ``date`` to ``month``; a year, half year or quarter counts from its beginning.

    >>> age_in_months("2025-05-21", "2026-11"), age_in_months("2025", "2026-11")
    (18, 22)
    """
    then, now = first_day(date), first_day(month)
    return 12 * (now.year - then.year) + now.month - then.month


def fact_files(folder: Path) -> dict[str, str]:
    """The file of every fact, by the fact's id."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        found |= {fact["id"]: path.name for fact in content} if isinstance(content, list) else {}
    return found


def facts_by_age(folder: Path) -> list[dict[str, Any]]:
    """All facts in ``folder``, the oldest first, within a day by confidence; each with its ``file`` and its ``age`` in months."""
    month, names = collection_month(folder), fact_files(folder)
    facts = [
        fact | {"file": names[name], "age": age_in_months(fact["date"], month)}
        for name, fact in load_facts(folder).items()
    ]
    return sorted(facts, key=lambda fact: (first_day(fact["date"]), fact["confidence"], fact["id"]))


def source_mentions(folder: Path) -> Iterator[dict[str, Any]]:
    """Every mention of a source in ``folder``: address, title, confidence, dates and what it supports."""
    for fact in load_facts(folder).values():
        name = fact.get("name", fact["id"])
        mention = {"confidence": fact["confidence"], "date": fact["date"], "supports": name}
        yield mention | {"address": fact["source_url"], "title": fact["source_title"]}
        if second := fact.get("second_source"):
            address = second.split()[0].rstrip(",;") if second.startswith("http") else second
            yield mention | {"address": address, "title": "", "confidence": "second source"}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                date = next((row[column] for column in TABLE_DATES if row.get(column)), "")
                title = row.get("source_title") or ""
                if quoted := row.get("source"):
                    title = f"{quoted}, figures read at {urlsplit(row['source_url']).netloc.removeprefix('www.')}"
                mention = {"confidence": row["confidence"], "date": date, "supports": f"table {path.stem}"}
                yield mention | {"address": row["source_url"], "title": title}
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for entries in content.values() if isinstance(content, dict) else ():
            for entry in entries if isinstance(entries, list) else ():
                for mark in entry.get("benchmarks", ()):
                    if "source_url" in mark:
                        mention = {"confidence": mark["confidence"], "date": str(mark["year"])}
                        name = f"benchmark {entry['name']}"
                        yield mention | {
                            "address": mark["source_url"],
                            "title": mark.get("source_title", ""),
                            "supports": name,
                        }


def source_kind(confidence: str, address: str, kinds: list[dict[str, Any]]) -> str:
    """Title of the kind that a confidence names, else the one that has the address's host; empty where none does."""
    matches = [
        (len(start), group["title"])
        for group in kinds
        for start in group.get("confidence", ())
        if confidence.startswith(start)
    ]
    if matches:
        return str(max(matches)[1])
    host = "." + urlsplit(address).netloc
    return next((g["title"] for g in kinds if any(host.endswith("." + end) for end in g.get("hosts", ()))), "")


def group_sources(folder: Path, kinds: list[dict[str, Any]]) -> dict[str, list[Source]]:
    """Every source of ``folder`` once, by kind in the order of ``kinds`` and by title within a kind.

    Parameters
    ----------
    folder : the folder of facts, tables and catalog.
    kinds : mappings with ``title``, ``confidence`` (beginnings), ``hosts`` (ends); one has ``rest: true``.

    Raises
    ------
    ValueError where no kind takes the rest.
    """
    rest = next((group["title"] for group in kinds if group.get("rest")), None)
    if rest is None:
        raise ValueError("kinds: none has 'rest', expected one that takes what no other does")
    found: dict[str, Source] = {}
    hosts: dict[str, Counter[str]] = {}
    for mention in source_mentions(folder):
        address = mention["address"]
        title = mention["title"] or urlsplit(address).netloc.removeprefix("www.") or address
        source = found.setdefault(address, Source(address, title))
        source.title = mention["title"] or source.title
        source.supports[mention["supports"]] += 1
        for values, value in ((source.confidence, mention["confidence"]), (source.dates, mention["date"])):
            if value and value not in values:
                values.append(value)
        if sorted_as := source_kind(mention["confidence"], address, kinds):
            source.kinds[sorted_as] += 1
            hosts.setdefault(urlsplit(address).netloc, Counter())[sorted_as] += 1
    groups: dict[str, list[Source]] = {group["title"]: [] for group in kinds}
    for source in sorted(found.values(), key=lambda source: (source.title.casefold(), source.address)):
        votes = source.kinds or hosts.get(urlsplit(source.address).netloc) if source.linked else source.kinds
        groups[votes.most_common(1)[0][0] if votes else rest].append(source)
    return {title: sources for title, sources in groups.items() if sources}


def main(folder: Path = ROOT / "data" / "facts", today: Date | None = None) -> None:
    """Print the facts by age and confidence, then those past their end on ``today`` (by default, this day).

    A fact that ended after the collection was written as present, so it is named in a warning on standard error.
    """
    today, month = today or Date.today(), collection_month(folder)
    facts = facts_by_age(folder)
    past = [fact for fact in facts if ended(fact, today)]
    wide = [max(len(str(fact[name])) for fact in facts) for name in ("date", "confidence", "file")]

    def line(fact: dict[str, Any], start: str) -> None:
        columns = (fact[name].ljust(width) for name, width in zip(("date", "confidence", "file"), wide, strict=True))
        print(start, *columns, fact["id"], sep="  ")

    for fact in facts:
        if fact not in past:
            line(fact, f"{fact['age']:4d} months {'!' if fact['age'] > OLD_MONTHS else ' '} ")
    for fact in past:
        line(fact, f"ended {fact['until']:10} ")
    old = sum(fact["age"] > OLD_MONTHS for fact in facts)
    print(f"{len(facts)} facts, collected up to {month}; {old} older than {OLD_MONTHS} months (!), {len(past)} ended")
    for confidence, count in Counter(fact["confidence"] for fact in facts).most_common():
        print(f"{count:5d}  {confidence}")
    if since := [fact["id"] for fact in past if last_day(fact["until"]) > last_day(month)]:
        print(
            f"ended since the collection, so pages may still say them as present: {', '.join(since)}", file=sys.stderr
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "data" / "facts")
