"""Dated facts from ``data/facts/*.yaml``: ``{fact}`id``` in running text, ``:::{fact} id`` as a callout."""

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


def setup(app: Sphinx) -> None:
    app.add_config_value("studykit_facts", "data/facts", "env")
    app.add_role("fact", FactRole())
    app.add_directive("fact", FactDirective)
    app.connect("builder-inited", lambda app: read.cache_clear())
