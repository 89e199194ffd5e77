"""Dated facts from ``data/facts/*.yaml``: ``{fact}`id``` in running text, ``:::{fact} id`` as a callout, ``:::{facts}``
for several as a table."""

import re
from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

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
def read(folder: Path) -> dict[str, dict[str, Any]]:
    """All facts below ``folder`` by id, from every YAML file there that is a list (one of another form is no facts file).

    Raises
    ------
    ValueError naming file and id where a fact lacks a field or an id is used twice.
    """
    facts: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for fact in content if isinstance(content, list) else ():
            missing = {"id", "statement", "show", "date", "source_title", "source_url", "confidence"} - fact.keys()
            if missing:
                raise ValueError(f"{path.name}: fact {fact.get('id')!r} lacks {', '.join(sorted(missing))}")
            if fact["id"] in facts:
                raise ValueError(f"{path.name}: fact id {fact['id']!r} is used twice")
            facts[fact["id"]] = fact | {"date": str(fact["date"])}
    return facts


def spell(date: str) -> str:
    """``2026-01-26`` as ``January 26, 2026``, ``2026-01`` as ``January 2026``; anything else as it stands.

    >>> spell("2026-01-26"), spell("2025-Q4")
    ('January 26, 2026', '2025-Q4')
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        day = Date.fromisoformat(date)
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    if match := re.fullmatch(r"(\d{4})-(\d\d)", date):
        return f"{MONTHS[int(match[2]) - 1]} {match[1]}"
    return date


def when(fact: dict[str, Any]) -> str:
    """``as of 2025-Q4`` or ``in force from January 26, 2026``."""
    return ("in force from " if fact.get("date_type") == "effective" else "as of ") + spell(fact["date"])


def caveats(fact: dict[str, Any]) -> str:
    """What to know before trusting the fact, to stand behind its date; empty for an undisputed official page.

    >>> caveats({"confidence": "trade press", "conflict": "One page says 3."})
    ', trade press, sources differ'
    >>> caveats({"confidence": "official page, excerpt"})
    ''
    """
    kind = "" if fact["confidence"].startswith("official page") else f", {fact['confidence']}"
    return kind + (", sources differ" if fact.get("conflict") else "")


def find(holder: SphinxRole | Directive, fact_id: str) -> dict[str, Any]:
    """The fact, with the page marked as depending on the fact files."""
    folder = Path(holder.env.app.srcdir.parent, holder.config.studykit_facts)
    for path in folder.glob("*.yaml"):
        holder.env.note_dependency(str(path))
    facts = read(folder)
    if fact_id not in facts:
        raise ValueError(f"no fact {fact_id!r} in {holder.config.studykit_facts}")
    return facts[fact_id]


def link(fact: dict[str, Any], text: str) -> nodes.reference:
    return nodes.reference("", text, refuri=fact["source_url"], classes=["fact-source"])


class FactRole(SphinxRole):
    """``no official posting (as of November 2026, own search)``, the date linked to the source."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            fact = find(self, self.text)
        except ValueError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        return [nodes.Text(f"{fact['show']} ("), link(fact, when(fact)), nodes.Text(f"{caveats(fact)})")], []


class FactDirective(SphinxDirective):
    """A callout a fact: statement, date, source, confidence, and where sources disagree."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        callout = nodes.admonition("", nodes.title("", "Fact"), classes=["fact"])
        for fact_id in self.arguments[0].split():
            try:
                fact = find(self, fact_id)
            except ValueError as error:
                return [self.state.document.reporter.error(str(error), line=self.lineno)]
            callout += nodes.paragraph("", fact["statement"])
            if fact.get("conflict"):
                callout += nodes.paragraph("", "", nodes.strong("", "Sources differ: "), nodes.Text(fact["conflict"]))
            source = nodes.paragraph("", f"{when(fact)[0].upper()}{when(fact)[1:]}. Source: ", classes=["fact-note"])
            source += [link(fact, fact["source_title"]), nodes.Text(f" ({fact['confidence']}).")]
            callout += source
        callout += self.parse_content_to_nodes() if self.content else []
        return [callout]


class FactsDirective(SphinxDirective):
    """Several facts as a table, given as the body, an id a line: ``measures`` by name, limit, window and effect,
    without a column that none of them fills;
    ``timeline`` by date, the oldest first; ``statements`` (the default) as they are stated, each with its source."""

    optional_arguments = 1
    has_content = True
    COLUMNS = {
        "measures": ("Measure", "Limit", "Window", "Consequence"),
        "timeline": ("When", "What changed"),
        "statements": ("Fact", "As of, source"),
    }

    def run(self) -> list[nodes.Node]:
        kind = self.arguments[0] if self.arguments else "statements"
        if kind not in self.COLUMNS:
            return [self.state.document.reporter.error(f"facts: {kind!r}, expected one of {', '.join(self.COLUMNS)}")]
        try:
            chosen = [find(self, line.strip()) for line in self.content if line.strip()]
        except ValueError as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        if kind == "timeline":
            chosen.sort(key=lambda fact: fact["date"])
        header, rows = self.COLUMNS[kind], [getattr(self, kind)(fact) for fact in chosen]
        told = [column for column in range(len(header)) if any(row[column] for row in rows)]
        return [self.table([header[column] for column in told], [[row[column] for column in told] for row in rows])]

    def measures(self, fact: dict[str, Any]) -> list[list[nodes.Node]]:
        limit = [nodes.Text(f"{fact['show']} ("), link(fact, when(fact)), nodes.Text(f"{caveats(fact)})")]
        others = ([nodes.Text(fact[field])] if field in fact else [] for field in ("window", "effect"))
        return [[nodes.Text(fact.get("name", fact["id"]))], limit, *others]

    def timeline(self, fact: dict[str, Any]) -> list[list[nodes.Node]]:
        return [[link(fact, spell(fact["date"]))], [nodes.Text(fact["statement"] + self.doubt(fact))]]

    def statements(self, fact: dict[str, Any]) -> list[list[nodes.Node]]:
        source = [nodes.Text(f"{spell(fact['date'])}, "), link(fact, fact["source_title"])]
        return [[nodes.Text(fact["statement"] + self.doubt(fact))], [*source, nodes.Text(f" ({fact['confidence']})")]]

    def doubt(self, fact: dict[str, Any]) -> str:
        return f" Sources differ: {fact['conflict']}" if fact.get("conflict") else ""

    def table(self, header: list[str], rows: list[list[list[nodes.Node]]]) -> nodes.table:
        def row(cells: list[list[nodes.Node]]) -> nodes.row:
            return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))

        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in header), cols=len(header))
        group += nodes.thead("", row([[nodes.Text(title)] for title in header]))
        group += nodes.tbody("", *map(row, rows))
        return nodes.table("", group, classes=["sk-facts"])


def setup(app: Sphinx) -> None:
    app.add_directive("facts", FactsDirective)
    app.add_config_value("studykit_facts", "data/facts", "env")
    app.add_role("fact", FactRole())
    app.add_directive("fact", FactDirective)
    app.connect("builder-inited", lambda app: read.cache_clear())
