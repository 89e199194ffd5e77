"""Interview questions on a page: ``:::{question} id`` prints an open item of the bank as a section of its own, and
``:::{questions}`` lists links to all of them or to those of a stage."""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

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


class folded(nodes.General, nodes.Element):
    """What a reader opens: ``title`` is always there, the children once it is pressed, and in print."""


def format_seconds(count: int) -> str:
    """A span as it is said.

    >>> format_seconds(45), format_seconds(60), format_seconds(150)
    ('45 seconds', '1 minute', '2½ minutes')
    """
    if count < 60 or count % 30:
        return f"{count} seconds"
    minutes, half = divmod(count, 60)
    return f"{minutes}{'½' if half else ''} minute{'s' if count > 60 else ''}"


class own_version(nodes.General, nodes.Element):
    """Room for the reader's own version of the answer to ``question``, which is to take ``seconds``."""


class OpenItems(SphinxDirective):
    """A directive whose page changes with the bank's open items."""

    def open_items(self) -> dict[str, bank.Item]:
        folder = Path(self.env.app.srcdir.parent, self.config.studykit_questions)
        for path in folder.glob("*.yaml"):
            self.env.note_dependency(str(path))
        return {name: item for name, item in load(folder).items() if item["type"] == "open"}

    def prose(self, text: str) -> list[nodes.Node]:
        return self.parse_text_to_nodes(text)

    def listed(self, texts: Iterable[str], kind: type[nodes.Element] = nodes.bullet_list) -> nodes.Element:
        return kind("", *(nodes.list_item("", *self.prose(text)) for text in texts))


class Questions(OpenItems):
    """Links to open items, those answered in full first: of the stage that is named, or of all, stage by stage.

    A question that stands on no page is a link without a target, hence a warning of the build.
    """

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        stages = self.config.studykit_stages
        if self.arguments and self.arguments[0] not in stages:
            message = f"questions: no stage {self.arguments[0]!r}, expected one of {', '.join(stages)}"
            return [self.state.document.reporter.error(message, line=self.lineno)]
        found = sorted(self.open_items().values(), key=lambda item: ("model" not in item, not item.get("reported")))
        if self.arguments:
            return self.links([item for item in found if item["stage"] == self.arguments[0]])
        return [self.stage(name, [item for item in found if item["stage"] == key]) for key, name in stages.items()]

    def links(self, items: list[bank.Item]) -> list[nodes.Node]:
        """Titles as links: a list of those with a model answer, and one of the rest."""
        parts: list[nodes.Node] = []
        for label, full in (("With a model answer", True), ("With a plan", False)):
            if names := [item["id"] for item in items if ("model" in item) is full]:
                parts.append(nodes.paragraph("", "", nodes.strong("", label), classes=["sk-part"]))
                parts.append(self.listed(f"{{ref}}`{name}`" for name in names))
                parts[-1]["classes"] += ["sk-questions"]
        return parts

    def stage(self, title: str, items: list[bank.Item]) -> nodes.section:
        """A section of the stage's questions: link, wording, kind and how far each is answered."""
        section = nodes.section("", nodes.title("", title), ids=[nodes.make_id(f"questions {title}")])
        section += self.listed(
            f"{{ref}}`{item['id']}`: “{item['stem'].strip()}” {KINDS[item['kind']]}, "
            f"{'model answer' if 'model' in item else 'plan'}."
            for item in items
        )
        return section


class Question(OpenItems):
    """An open item: strong answer at once; folded, the reader's own version; folded, what it listens for, plan, weak
    answer, probes and rubric; then what to read. An item without a model answer shows its plan at once.

    The item's texts are read as Markdown, so roles such as ``{fact}`` and ``{value}`` work in them. The section's
    anchor is the item's id. Options and body: none.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        item = self.open_items().get(name)
        if item is None:
            return [
                self.state.document.reporter.error(f"no open question {name!r} in {self.config.studykit_questions}")
            ]
        section = nodes.section("", nodes.title("", item["about"]), ids=[name], names=[name], classes=["sk-interview"])
        self.state.document.note_explicit_target(section, section)
        section += nodes.block_quote("", *self.prose(f"“{item['stem']}”"), classes=["sk-asked"])
        section += nodes.paragraph("", self.kind(item), classes=["sk-kind"])
        advice = nodes.paragraph("", *self.prose(item["explain"])[0].children)
        if "model" in item:
            section += self.answers(item)
            more = folded(title="What they listen for, plan, weak answer, probes and rubric")
            more += [advice, self.label("What the interviewer listens for"), self.listed(item["listens_for"])]
            more += [*self.plan(item), self.weak(item["weak"])]
        else:
            section += self.plan(item)
            more = folded(title="Probes and rubric")
            more += advice
        more += self.label("Probes, and what a good reply contains")
        more += self.terms((probe["ask"], self.prose(probe["listens_for"])) for probe in item["probes"])
        more += self.label("Rubric")
        more += self.terms(((row["name"], [self.anchors(row["anchors"])]) for row in item["rubric"]), "sk-rubric")
        section += more
        section += self.links(item)
        return [section]

    def plan(self, item: bank.Item) -> list[nodes.Node]:
        beats = [f"{beat['beat']} ({format_seconds(beat['seconds'])})" for beat in item["plan"]]
        total = format_seconds(sum(beat["seconds"] for beat in item["plan"]))
        return [self.label(f"Plan, {total}"), self.listed(beats, nodes.enumerated_list)]

    def label(self, text: str) -> nodes.paragraph:
        return nodes.paragraph("", "", nodes.strong("", text), classes=["sk-part"])

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

    def answers(self, item: bank.Item) -> list[nodes.Node]:
        """The strong answer; folded, its skeleton for the reader's own story and room to write it."""
        model = item["model"]
        title, kind = (
            ("Strong answer, with an invented story", "invented")
            if model.get("invented")
            else ("Strong answer", "strong")
        )
        found = [self.callout(title, kind, self.prose(model["text"]))]
        if "skeleton" in model:
            own = folded(title="The same answer with your own story")
            own += self.prose(model["skeleton"])
            own += own_version(question=item["id"], seconds=item["time"]["speak"])
            found.append(own)
        return found

    def weak(self, weak: dict[str, Any]) -> nodes.admonition:
        loses = [*self.prose(weak["text"]), nodes.paragraph("", "It loses because:"), self.listed(weak["why"])]
        return self.callout("Weak answer", "weak", loses)

    def callout(self, title: str, kind: str, body: list[nodes.Node]) -> nodes.admonition:
        return nodes.admonition("", nodes.title("", title), *body, classes=[kind])

    def kind(self, item: bank.Item) -> str:
        return f"{KINDS[item['kind']]}. {'Worded as in the prep article.' if item.get('reported') else 'A likely question.'}"

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


def visit_folded(self: HTML5Translator, node: folded) -> None:
    self.body.append(f'<details class="sk-fold"><summary>{escape(node["title"])}</summary>\n')


def depart_folded(self: HTML5Translator, node: folded) -> None:
    self.body.append("</details>\n")


def visit_own_version(self: HTML5Translator, node: own_version) -> None:
    bank_page = self.builder.get_relative_uri(self.builder.current_docname, self.builder.config.studykit_stories)
    data = {"question": node["question"], "seconds": node["seconds"], "stories": bank_page}
    attributes = " ".join(f'data-{name}="{value}"' for name, value in data.items())
    self.body.append(f'<div class="sk-own" {attributes}></div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_config_value("studykit_stories", "practice/stories", "env")
    app.add_node(folded, html=(visit_folded, depart_folded))
    app.add_node(own_version, html=(visit_own_version, None))
    app.add_directive("question", Question)
    app.add_directive("questions", Questions)
    app.connect("builder-inited", lambda app: load.cache_clear())
