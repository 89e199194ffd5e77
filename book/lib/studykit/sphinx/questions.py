"""Interview questions on a page: ``:::{question} id`` prints an open item of the bank as a section of its own."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from studykit import bank
from studykit.published import caveats, date_phrase
from studykit.sphinx.facts import find_fact, source_link

KINDS = {
    "behavioral": "Past behavior",
    "situational": "A situation",
    "case": "A case",
    "screening": "Screening",
    "technical": "Technical",
    "reverse": "Your question to them",
}

load = cache(bank.load)


def format_seconds(count: int) -> str:
    """A span as it is said.

    >>> format_seconds(45), format_seconds(60), format_seconds(150)
    ('45 seconds', '1 minute', '2½ minutes')
    """
    if count < 60 or count % 30:
        return f"{count} seconds"
    minutes, half = divmod(count, 60)
    return f"{minutes}{'½' if half else ''} minute{'s' if count > 60 else ''}"


class Question(SphinxDirective):
    """An open item: what it listens for, plan, strong and weak answer, probes, rubric and what to read.

    The item's texts are read as Markdown, so roles such as ``{fact}`` and ``{value}`` work in them. The section's
    anchor is the item's id. Options and body: none.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.app.srcdir.parent, self.config.studykit_questions)
        for path in folder.glob("*.yaml"):
            self.env.note_dependency(str(path))
        name = self.arguments[0]
        item = load(folder).get(name)
        if item is None or item["type"] != "open":
            return [
                self.state.document.reporter.error(f"no open question {name!r} in {self.config.studykit_questions}")
            ]
        section = nodes.section("", nodes.title("", item["about"]), ids=[name], names=[name], classes=["sk-interview"])
        self.state.document.note_explicit_target(section, section)
        section += nodes.block_quote("", *self.prose(f"“{item['stem']}”"), classes=["sk-asked"])
        section += nodes.paragraph("", self.kind(item), classes=["sk-kind"])
        if "listens_for" in item:
            section += self.label("What the interviewer listens for")
            section += self.listed(item["listens_for"])
        section += self.label(f"Plan, {format_seconds(sum(beat['seconds'] for beat in item['plan']))}")
        section += self.listed(
            [f"{beat['beat']} ({format_seconds(beat['seconds'])})" for beat in item["plan"]], nodes.enumerated_list
        )
        if "model" in item:
            section += self.answers(item["model"], item["weak"])
        section += self.label("Probes, and what a good reply contains")
        section += self.terms((probe["ask"], self.prose(probe["listens_for"])) for probe in item["probes"])
        section += self.label("Rubric")
        section += self.terms(((row["name"], [self.anchors(row["anchors"])]) for row in item["rubric"]), "sk-rubric")
        section += nodes.paragraph("", *self.prose(item["explain"])[0].children)
        section += self.links(item)
        return [section]

    def prose(self, text: str) -> list[nodes.Node]:
        return self.parse_text_to_nodes(text)

    def label(self, text: str) -> nodes.paragraph:
        return nodes.paragraph("", "", nodes.strong("", text), classes=["sk-part"])

    def listed(self, texts: list[str], kind: type[nodes.Element] = nodes.bullet_list) -> nodes.Element:
        return kind("", *(nodes.list_item("", *self.prose(text)) for text in texts))

    def terms(self, rows: Iterable[tuple[str, list[nodes.Node]]], *classes: str) -> nodes.definition_list:
        listed = nodes.definition_list("", classes=[*classes])
        for term, body in rows:
            shown = nodes.term("", "", *self.prose(term)[0].children)
            listed += nodes.definition_list_item("", shown, nodes.definition("", *body))
        return listed

    def anchors(self, anchors: dict[str, str]) -> nodes.bullet_list:
        return self.listed(
            [f"**{score}** {text}" for score, text in sorted(anchors.items(), key=lambda row: int(row[0]))]
        )

    def answers(self, model: dict[str, Any], weak: dict[str, Any]) -> list[nodes.Node]:
        """The strong answer, its skeleton, then the weak answer and why it loses."""
        found = []
        if model.get("invented"):
            found.append(self.callout("Strong answer, with an invented story", "invented", self.prose(model["text"])))
        else:
            found.append(self.callout("Strong answer", "strong", self.prose(model["text"])))
        if "skeleton" in model:
            found.append(self.callout("The same answer with your own story", "room", self.prose(model["skeleton"])))
        loses = [*self.prose(weak["text"]), nodes.paragraph("", "It loses because:"), self.listed(weak["why"])]
        return [*found, self.callout("Weak answer", "weak", loses)]

    def callout(self, title: str, kind: str, body: list[nodes.Node]) -> nodes.admonition:
        return nodes.admonition("", nodes.title("", title), *body, classes=[kind])

    def kind(self, item: bank.Item) -> str:
        origin = "asked according to the article this guide started from" if item.get("reported") else "likely"
        return f"{KINDS[item['kind']]}; {origin}."

    def links(self, item: bank.Item) -> list[nodes.Node]:
        """Where to read on, each link with its section's title; then the facts that its texts use and do not print."""
        found = []
        if "read" in item:
            links = ", ".join(f"{{ref}}`{target.partition('/')[2]}`" for target in item["read"])
            found.append(
                nodes.paragraph("", "", *self.prose(f"Read for it: {links}.")[0].children, classes=["sk-read"])
            )
        names = [source["ref"].partition(":")[2] for source in item["sources"] if source["ref"].startswith("fact:")]
        for fact in (find_fact(self, name) for name in names if f"{{fact}}`{name}`" not in str(item)):
            line = nodes.paragraph("", f"Behind it: {fact['statement'].rstrip('.')} (")
            line += [source_link(fact, date_phrase(fact)), nodes.Text(f"{caveats(fact)}).")]
            found.append(line)
        return found


def setup(app: Sphinx) -> None:
    app.add_directive("question", Question)
    app.connect("builder-inited", lambda app: load.cache_clear())
