"""The practice room on the site: ``{quiz}``, ``{practice}``, ``{progress}``, ``{today}``, ``{cards}``, ``{stories}``, ``{kit}``, ``{coverage}``, ``{exports}``.

What the bank does not know (names of stages and responsibilities, functions that items call) comes from the settings.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from studykit import bank
from studykit.bank.exports import load_functions, write
from studykit.bank.exports.anki_deck import TIMES
from studykit.bank.expressions import blank
from studykit.sphinx.outputs import WidgetNode, write_json

NAMES = {
    "mcq": "One choice",
    "multi": "Several choices",
    "numeric": "Number",
    "order": "Order",
    "match": "Match",
    "cloze": "Blanks",
    "open": "Open",
    "card": "Card",
}
BANK_FOLDER = "_bank"
EXPORT_FOLDER = "_downloads"
EXPORTS = {
    ".apkg": "Anki deck",
    ".gift": "GIFT file",
    ".xml": "Moodle XML",
    ".zip": "QTI 2.1 package for other learning systems",
}
OPENERS = 6


class exports_node(nodes.General, nodes.Element):
    """Links to the bank's exports, which are written when the page is."""


def folder(app: Sphinx) -> Path:
    return Path(app.srcdir.parent, app.config.studykit_questions)


def payload(app: Sphinx, item: bank.Item) -> bank.Item:
    """What a widget of this site needs of an item."""
    return bank.payload(item, load_functions(app.config.studykit_functions), Path(app.srcdir.parent))


def titles(app: Sphinx) -> dict[str, dict[str, str]]:
    """Names of stages, responsibilities and kinds, in the order of the settings."""
    config = app.config
    return {"stages": config.studykit_stages, "responsibilities": config.studykit_responsibilities, "kinds": NAMES}


def index(app: Sphinx) -> list[dict[str, Any]]:
    """Every item without its question: what a page filters and counts by."""
    fields = ("id", "rev", "replaces", "type", "stage", "responsibility", "level", "learn")
    return [
        {field: item[field] for field in fields if field in item}
        | {"bank": item["file"].removesuffix(".yaml")}
        | ({"exercise": True} if bank.is_exercise(item) else {})
        for item in bank.load(folder(app)).values()
    ]


def note_bank(env: BuildEnvironment) -> None:
    """Have the page that is being read change with the bank."""
    for path in folder(env.app).glob("*.yaml"):
        env.note_dependency(str(path))
    for item in filter(bank.is_exercise, bank.load(folder(env.app)).values()):
        env.note_dependency(str(Path(env.srcdir, f"{item['recorded']}.ipynb")))


class BankDirective(SphinxDirective):
    """A directive whose page changes with the bank."""

    def widget(self, kind: str, state: dict[str, Any], fallback: str) -> list[nodes.Node]:
        note_bank(self.env)
        return [WidgetNode(kind=kind, state=state, fallback=fallback)]


class QuizDirective(BankDirective):
    """``{quiz} id another-id``, or ``{quiz}`` with ``:learn:`` or ``:bank:``; ``:also:`` mixes older items in."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {"learn": directives.unchanged, "bank": directives.unchanged, "also": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        ids = self.arguments[0].split() if self.arguments else []
        also = self.options.get("also", "").split()
        try:
            chosen = bank.choose(
                *ids,
                learn=self.options.get("learn"),
                bank=self.options.get("bank"),
                also=also,
                folder=folder(self.env.app),
            )
            items = [payload(self.env.app, item) for item in chosen]
        except ValueError as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        return self.widget("quiz", {"answers": {}, "items": items}, bank.stems(items))


class PracticeDirective(BankDirective):
    """The whole bank with filters, sets and an exam; its questions load when they are asked."""

    def run(self) -> list[nodes.Node]:
        fallback = "The questions need a script: allow scripts for this page to answer them."
        return self.widget("practice", {"index": index(self.env.app)} | titles(self.env.app), fallback)


class ProgressDirective(BankDirective):
    """What the reader has answered so far, from the log kept in their browser."""

    def run(self) -> list[nodes.Node]:
        items = bank.load(folder(self.env.app))
        stems = {name: payload(self.env.app, item).get("stem", item["stem"]) for name, item in items.items()}
        rows = [row | {"stem": _shorten(str(stems[row["id"]]))} for row in index(self.env.app)]
        fallback = "Your progress is kept by a script: allow scripts for this page to see it."
        return self.widget("progress", {"index": rows} | titles(self.env.app), fallback)


class StoriesDirective(BankDirective):
    """The reader's stories, and which of the reported questions each answers."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        questions = [
            {"id": item["id"], "name": item["about"], "stage": item["stage"], "seconds": item["time"]["speak"]}
            for item in bank.load(folder(app)).values()
            if item.get("reported")
        ]
        stages = list(app.config.studykit_stages)
        questions.sort(key=lambda question: stages.index(question["stage"]))
        fallback = "Stories are kept by a script: allow scripts for this page to write them here."
        state = {"questions": questions, "values": app.config.studykit_values}
        return self.widget("stories", state | titles(app), fallback)


class TodayDirective(BankDirective):
    """The reader's date and minutes, what to do today and why, and how ready each stage is."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        rows = index(app)
        for row, item in zip(rows, bank.load(folder(app)).values(), strict=True):
            if item["type"] == "open":
                row |= {"about": item["about"], "reported": bool(item.get("reported"))}
        fallback = "Today's list is made by a script: allow scripts for this page to see it."
        return self.widget("today", {"index": rows} | titles(app), fallback)


class CardsDirective(BankDirective):
    """Every closed question as a card, scheduled for the day of the interview; questions load when they are asked."""

    def run(self) -> list[nodes.Node]:
        fallback = "The cards need a script: allow scripts for this page to review them."
        return self.widget("deck", {"index": index(self.env.app)} | titles(self.env.app), fallback)


class KitDirective(SphinxDirective):
    """A sheet of the kit, filled from the reader's stories: ``day-of``, ``stories`` or ``rounds``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        sheet = directives.choice(self.arguments[0], ("day-of", "stories", "rounds"))
        fallback = "The sheet is kept by a script: allow scripts for this page to fill it in."
        return [WidgetNode(kind="kit", state={"sheet": sheet}, fallback=fallback)]


def _shorten(text: str, limit: int = 90) -> str:
    """The start of a stem, cut between words; a value that changes with the version prints as dots."""
    plain = " ".join(blank(text).replace("**", "").replace("`", "").split())
    return plain if len(plain) <= limit else plain[:limit].rsplit(" ", 1)[0] + " …"


class CoverageDirective(BankDirective):
    """How many questions there are: stages by responsibilities, and stages by kinds."""

    def run(self) -> list[nodes.Node]:
        note_bank(self.env)
        app = self.env.app
        items = [item for item in bank.load(folder(app)).values() if not bank.is_exercise(item)]
        stages = app.config.studykit_stages
        cells = bank.coverage(items)

        def counts(fits: Callable[[bank.Item, str], bool], rows: dict[str, str]) -> dict[str, list[int]]:
            return {
                name: [sum(fits(item, row) and item["stage"] == stage for item in items) for stage in stages]
                + [sum(fits(item, row) for item in items)]
                for row, name in rows.items()
            }

        named_rows = dict(app.config.studykit_responsibilities)
        if any(responsibility == "" for _, responsibility in cells):
            named_rows[""] = "No single one"
        by_responsibility = counts(lambda item, row: row in (item.get("responsibility") or [""]), named_rows)
        by_kind = counts(lambda item, row: item["type"] == row, NAMES)
        by_kind["All"] = [sum(row[i] for row in by_kind.values()) for i in range(len(stages) + 1)]
        head = [*stages.values(), "All stages"]
        both = "Questions by responsibility and stage; one that belongs to two responsibilities counts in both"
        return [
            _table(both, ["Responsibility", *head], by_responsibility),
            _table("Questions by kind and stage", ["Kind", *head], by_kind),
        ]


def _table(caption: str, head: list[str], rows: dict[str, list[int]]) -> nodes.raw:

    def number(count: int) -> str:
        return f'<td class="n">{count or "–"}</td>'

    right = [""] + [' class="n"'] * (len(head) - 1)
    header = "".join(f'<th scope="col"{side}>{escape(text)}</th>' for text, side in zip(head, right, strict=True))
    body = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(map(number, counts)) + "</tr>"
        for name, counts in rows.items()
    )
    html = (
        f'<p class="sk-caption">{caption}</p>\n<div class="sk-table"><table aria-label="{caption}">'
        f"<thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return nodes.raw("", html, format="html")


class ExportsDirective(BankDirective):
    """Links to the bank as files for other programs."""

    def run(self) -> list[nodes.Node]:
        note_bank(self.env)
        self.env.note_dependency(str(folder(self.env.app).with_name(TIMES.name)))
        return [exports_node()]


def visit_exports(self: HTML5Translator, node: exports_node) -> None:
    app = self.builder.app
    items = bank.load(folder(app))
    root = "../" * self.builder.current_docname.count("/")
    links = []
    times = folder(app).with_name(TIMES.name)
    for path in write(Path(app.outdir, EXPORT_FOLDER), items, load_functions(app.config.studykit_functions), times):
        size = f"{max(1, round(path.stat().st_size / 1000))} KB"
        name = EXPORTS[path.suffix]
        links.append(f'<li><a href="{root}{EXPORT_FOLDER}/{path.name}" download>{name}</a> ({size})</li>')
    self.body.append(f"<ul>{''.join(links)}</ul>")
    raise nodes.SkipNode


def resolve_quizzes(app: Sphinx, doctree: nodes.document) -> None:
    """Give the quizzes of a notebook, which stores ids, their questions as the bank words them now."""
    quizzes = [node for node in doctree.findall(WidgetNode) if node["kind"] == "quiz" and "ids" in node["state"]]
    if quizzes:
        note_bank(app.env)
    for node in quizzes:
        chosen = bank.choose(*node["state"]["ids"], folder=folder(app))
        items = [payload(app, item) for item in chosen]
        node["state"] = {"answers": node["state"]["answers"], "items": items}
        node["fallback"] = bank.stems(items)


def remember_places(app: Sphinx, doctree: nodes.document) -> None:
    """Titles of the sections of a page by anchor: what "read more" under a question links to."""
    found = {}
    for section in doctree.findall(nodes.section):
        title = next(iter(section.findall(nodes.title)), None)
        for anchor in section["ids"]:
            found[anchor] = title.astext() if title else anchor
    places(app.env)[app.env.docname] = found


def places(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = vars(env).setdefault("studykit_places", {})
    return found


def forget_places(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    places(env).pop(docname, None)


def merge_places(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    places(env).update({name: found for name, found in places(other).items() if name in docnames})


def resolve(env: BuildEnvironment, learn: str, here: str) -> dict[str, str] | None:
    """Address and title of ``page/anchor`` as seen from the page ``here``; None where no page has it."""
    page, anchor = learn.split("/")
    for docname, anchors in places(env).items():
        if Path(docname).name == page and anchor in anchors:
            uri = "" if docname == here else env.app.builder.get_relative_uri(here, docname)
            return {"href": f"{uri}#{anchor}", "title": anchors[anchor]}
    return None


def room(app: Sphinx, here: str) -> dict[str, str]:
    """Addresses of the practice room's pages as seen from the page ``here``."""
    names = ("practice", "cards", "stories", "kit", "today")
    return {name: app.builder.get_relative_uri(here, app.config[f"studykit_{name}"]) for name in names}


def question_address(app: Sphinx, name: str, here: str) -> str | None:
    """Address of the section of an open question as seen from the page ``here``; None where no page prints it."""
    for docname, anchors in places(app.env).items():
        if name in anchors:
            return f"{app.builder.get_relative_uri(here, docname)}#{name}"
    return None


def add_site_context(app: Sphinx, translator: HTML5Translator, kind: str, state: dict[str, Any]) -> str:
    """Add what a widget of questions needs of the site: places to read, files to load, the practice page.

    The state of a practice or a deck grows with the bank: it moves to a file, so that it weighs on no first paint. Returns links that
    let a browser fetch that file and the practice's modules at once, for its page has no other purpose.
    """
    here = translator.builder.current_docname
    if kind in ("kit", "today", "deck"):
        state["pages"] = room(app, here)
    if kind in ("stories", "today"):
        for question in state["questions" if kind == "stories" else "index"]:
            if address := question_address(app, question["id"], here):
                question["href"] = address
    if kind not in ("quiz", "practice", "progress", "today", "deck"):
        return ""
    rows = state["items" if kind == "quiz" else "index"]
    found = {row["learn"]: resolve(app.env, row["learn"], here) for row in rows if "learn" in row}
    state["places"] = {learn: place for learn, place in found.items() if place}
    if app.config.studykit_practice in app.env.found_docs:
        state["practice"] = app.builder.get_relative_uri(here, app.config.studykit_practice)
    if kind not in ("practice", "deck"):
        return ""
    banks: dict[str, dict[str, Any]] = {}
    for item in bank.load(folder(app)).values():
        banks.setdefault(item["file"].removesuffix(".yaml"), {})[item["id"]] = payload(app, item)
    state["files"] = {name: write_json(translator, items, BANK_FOLDER) for name, items in banks.items()}
    if kind == "practice":
        state["openers"] = openers(banks)
    address = write_json(translator, state, BANK_FOLDER)
    state.clear()
    state["from"] = address
    root = "../" * here.count("/")
    modules = (
        f'<link rel="modulepreload" href="{root}_static/studykit/{name}">' for name in (f"{kind}.mjs", "log.mjs")
    )
    return f'<link rel="preload" as="fetch" href="{root}{address}" crossorigin>{"".join(modules)}'


def openers(banks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Questions that come with the page, so that a first one stands before any file loads: the smallest of one choice.

    At most one from a bank, and `OPENERS` in all.
    """
    smallest = [
        min((item for item in items.values() if item["type"] == "mcq"), key=lambda item: len(str(item)), default=None)
        for items in banks.values()
    ]
    found = sorted(filter(None, smallest), key=lambda item: len(str(item)))[:OPENERS]
    return {item["id"]: item for item in found}


def setup(app: Sphinx) -> None:
    app.add_config_value("studykit_questions", "data/questions", "env")
    app.add_config_value("studykit_functions", "", "env")
    app.add_config_value("studykit_stages", {name: name for name in bank.STAGES}, "env")
    app.add_config_value("studykit_responsibilities", {name: name for name in bank.RESPONSIBILITIES}, "env")
    app.add_config_value("studykit_values", {}, "env")
    app.add_config_value("studykit_kit", "practice/kit", "env")
    app.add_config_value("studykit_cards", "practice/cards", "env")
    app.add_config_value("studykit_today", "practice/today", "env")
    app.add_config_value("studykit_practice", "practice/quiz", "env")
    app.add_node(exports_node, html=(visit_exports, None))
    for name, directive in (
        ("quiz", QuizDirective),
        ("practice", PracticeDirective),
        ("progress", ProgressDirective),
        ("stories", StoriesDirective),
        ("kit", KitDirective),
        ("today", TodayDirective),
        ("cards", CardsDirective),
        ("coverage", CoverageDirective),
        ("exports", ExportsDirective),
    ):
        app.add_directive(name, directive)
    app.connect("studykit-widget", add_site_context)
    app.connect("doctree-read", resolve_quizzes)
    app.connect("doctree-read", remember_places)
    app.connect("env-purge-doc", forget_places)
    app.connect("env-merge-info", merge_places)
