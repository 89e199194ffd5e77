"""Dated facts from ``data/facts/*.yaml``: ``{fact}`id``` in running text, ``:::{fact} id`` as a callout, ``:::{facts}``
for several as a table, ``:::{postings}`` for what job postings ask, ``:::{sources}`` for all that they and the tables
beside them rest on."""

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from studykit.postings import ASKED, count, postings, shown
from studykit.published import caveats, date_phrase, fact_parts, format_date, load_facts
from studykit.sources import Source, collection_month, first_day, group_sources


def find_fact(holder: SphinxRole | Directive, fact_id: str) -> dict[str, Any]:
    """The fact, with the page marked as depending on the fact files."""
    folder = Path(holder.env.app.srcdir.parent, holder.config.studykit_facts)
    for path in folder.glob("*.yaml"):
        holder.env.note_dependency(str(path))
    facts = load_facts(folder)
    if fact_id not in facts:
        raise ValueError(f"no fact {fact_id!r} in {holder.config.studykit_facts}")
    return facts[fact_id]


def source_link(fact: dict[str, Any], text: str) -> nodes.reference:
    return nodes.reference("", text, refuri=fact["source_url"], classes=["fact-source"])


class FactRole(SphinxRole):
    """``no official posting (as of November 2026, own search)``, the date linked to the source."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            fact = find_fact(self, self.text)
        except ValueError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        shown, dated, behind = fact_parts(fact)
        return [nodes.Text(shown), source_link(fact, dated), nodes.Text(behind)], []


def table(header: list[str], rows: list[list[list[nodes.Node]]]) -> nodes.table:
    """A table of the site's facts: titles of the columns, then rows of cells, each a list of inline nodes."""

    def row(cells: list[list[nodes.Node]]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in header), cols=len(header))
    group += nodes.thead("", row([[nodes.Text(title)] for title in header]))
    group += nodes.tbody("", *map(row, rows))
    return nodes.table("", group, classes=["sk-facts"])


class FactDirective(SphinxDirective):
    """A callout a fact: statement, date, source, confidence, and where sources disagree."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        callout = nodes.admonition("", nodes.title("", "Fact"), classes=["fact"])
        for fact_id in self.arguments[0].split():
            try:
                fact = find_fact(self, fact_id)
            except ValueError as error:
                return [self.state.document.reporter.error(str(error), line=self.lineno)]
            callout += nodes.paragraph("", fact["statement"])
            if fact.get("conflict"):
                callout += nodes.paragraph("", "", nodes.strong("", "Sources differ: "), nodes.Text(fact["conflict"]))
            source = nodes.paragraph(
                "", f"{date_phrase(fact)[0].upper()}{date_phrase(fact)[1:]}. Source: ", classes=["fact-note"]
            )
            source += [source_link(fact, fact["source_title"]), nodes.Text(f" ({fact['confidence']}).")]
            callout += source
        callout += self.parse_content_to_nodes() if self.content else []
        return [callout]


class FactsDirective(SphinxDirective):
    """Several facts as a table, given as the body, an id a line: ``measures`` by name (with the market, where several
    share the table), limit, window and effect, without a column that none of them fills;
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
            chosen = [find_fact(self, line.strip()) for line in self.content if line.strip()]
        except ValueError as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        if kind == "timeline":
            chosen.sort(key=lambda fact: fact["date"])
        self.markets = {fact["market"] for fact in chosen}
        header, rows = self.COLUMNS[kind], [getattr(self, kind)(fact) for fact in chosen]
        filled = [column for column in range(len(header)) if any(row[column] for row in rows)]
        return [table([header[column] for column in filled], [[row[column] for column in filled] for row in rows])]

    def measures(self, fact: dict[str, Any]) -> list[list[nodes.Node]]:
        kind = caveats({"confidence": fact["confidence"]})
        limit = [
            nodes.Text(f"{fact['show']} ("),
            source_link(fact, date_phrase(fact)),
            nodes.Text(f"{kind}){'.' if fact.get('conflict') else ''}{self.conflict_note(fact)}"),
        ]
        others = ([nodes.Text(fact[field])] if field in fact else [] for field in ("window", "effect"))
        market = f" ({fact['market']})" if len(self.markets) > 1 else ""
        return [[nodes.Text(fact.get("name", fact["id"]) + market)], limit, *others]

    def timeline(self, fact: dict[str, Any]) -> list[list[nodes.Node]]:
        kind = caveats({"confidence": fact["confidence"]})
        return [
            [source_link(fact, format_date(fact["date"])), nodes.Text(kind)],
            [nodes.Text(fact["statement"] + self.conflict_note(fact))],
        ]

    def statements(self, fact: dict[str, Any]) -> list[list[nodes.Node]]:
        end = f" to {format_date(fact['until'])}" if "until" in fact else ""
        source = [nodes.Text(f"{format_date(fact['date'])}{end}, "), source_link(fact, fact["source_title"])]
        return [
            [nodes.Text(fact["statement"] + self.conflict_note(fact))],
            [*source, nodes.Text(f" ({fact['confidence']})")],
        ]

    def conflict_note(self, fact: dict[str, Any]) -> str:
        return f" Sources differ: {fact['conflict']}" if fact.get("conflict") else ""


class PostingsDirective(SphinxDirective):
    """What job postings ask for: how many name it, of how many whose text could show it. Argument: the table's file."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.app.srcdir.parent, self.config.studykit_facts, self.arguments[0])
        self.env.note_dependency(str(path))
        groups = postings(path)
        header = [
            "Named",
            *(f"{group}: {len(rows)} read, {len(shown(rows))} with requirements" for group, rows in groups.items()),
        ]
        rows = [
            [[nodes.Text(label)], *([nodes.Text(self.said(*count(own, column, required)))] for own in groups.values())]
            for label, column, required in ASKED
        ]
        return [table(header, rows)]

    def said(self, named: int, able: int) -> str:
        return f"{named} of {able}" if named else "not seen"


class SourcesDirective(SphinxDirective):
    """Every source, by kind and linked once: how far to trust it, its dates, what it supports."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.app.srcdir.parent, self.config.studykit_facts)
        kinds = Path(self.env.app.srcdir.parent, self.config.studykit_source_kinds)
        for path in [kinds, *folder.glob("*.yaml"), *folder.glob("*.csv")]:
            self.env.note_dependency(str(path))
        groups = group_sources(folder, yaml.safe_load(kinds.read_text(encoding="utf-8")))
        total = sum(map(len, groups.values()))
        summary = f"{total} sources, collected up to {format_date(collection_month(folder))}."
        return [nodes.paragraph("", summary), *(self.group(title, sources) for title, sources in groups.items())]

    def group(self, title: str, sources: list[Source]) -> nodes.section:
        section = nodes.section("", nodes.title("", f"{title} ({len(sources)})"))
        section["ids"] = [nodes.make_id(f"sources {title}")]
        listed = nodes.bullet_list("", *(nodes.list_item("", self.source_line(source)) for source in sources))
        section += listed
        return section

    def source_line(self, source: Source) -> nodes.paragraph:
        line = nodes.paragraph()
        line += nodes.reference("", source.title, refuri=source.address) if source.linked else nodes.Text(source.title)
        dated = [date for date in source.dates if date[:1].isdigit()]
        finer = [date for date in dated if not any(other != date and other.startswith(date) for other in dated)]
        dates = sorted(finer, key=first_day)
        spelled = list(dict.fromkeys(format_date(date) for date in dates))
        period = " to ".join([spelled[0], spelled[-1]][: len(spelled)]) if spelled else "undated"
        supports = "; ".join(
            f"{name} ({count} rows)" if count > 1 and name.startswith("table ") else name
            for name, count in source.supports.items()
        )
        line += nodes.Text(f" ({period}; {', '.join(source.confidence)}): {supports}.")
        return line


def setup(app: Sphinx) -> None:
    app.add_directive("facts", FactsDirective)
    app.add_directive("postings", PostingsDirective)
    app.add_directive("sources", SourcesDirective)
    app.add_config_value("studykit_source_kinds", "data/source_kinds.yaml", "env")
    app.add_config_value("studykit_facts", "data/facts", "env")
    app.add_role("fact", FactRole())
    app.add_directive("fact", FactDirective)
    app.connect("builder-inited", lambda app: load_facts.cache_clear())
