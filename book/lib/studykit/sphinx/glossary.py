"""The glossary: ``:::{glossary-terms}`` prints it, and the first use of a term in a page's prose becomes a quiet link there."""

import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

REQUIRED = {"term", "text", "used", "zh", "es"}
OPTIONAL = {"also", "link", "formula"}
SKIPPED = (
    nodes.title,
    nodes.rubric,
    nodes.term,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.thead,
    nodes.caption,
    nodes.block_quote,
    nodes.raw,
)
SKIPPED_CLASSES = {"sk-notebook", "sk-kind", "fact-note"}

logger = logging.getLogger(__name__)


def anchor(term: str) -> str:
    """``Lead time`` as ``term-lead-time``; what stands in parentheses is left out."""
    plain = re.sub(r" *\(.*", "", term)
    return f"term-{nodes.make_id(f'x-{plain}')[2:]}"


def first_letter(term: str) -> str:
    """The letter that a term is found under; numbers stand together.

    >>> first_letter("lead time"), first_letter("3PL")
    ('L', 'Digits')
    """
    return term[0].upper() if term[0].isalpha() else "Digits"


def spellings(entry: dict[str, Any]) -> list[str]:
    """All spellings of a term."""
    return [re.sub(r" *\(.*", "", entry["term"]), *entry.get("also", ())]


@cache
def terms(path: Path) -> list[dict[str, Any]]:
    """The entries of a glossary file, in the order of the alphabet.

    Raises
    ------
    ValueError naming the term that lacks a field, has an unknown one, or shares a spelling with another.
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    owners: dict[str, str] = {}
    for entry in entries:
        if missing := REQUIRED - entry.keys():
            raise ValueError(f"{path.name}: term {entry.get('term')!r} lacks {', '.join(sorted(missing))}")
        if unknown := entry.keys() - REQUIRED - OPTIONAL:
            raise ValueError(f"{path.name}: term {entry['term']!r} has {', '.join(sorted(unknown))}, not a field")
        for form in {form.casefold() for form in spellings(entry)}:
            if owner := owners.get(form):
                raise ValueError(f"{path.name}: {form!r} belongs to {owner!r} and to {entry['term']!r}")
            owners[form] = entry["term"]
    return sorted(entries, key=lambda entry: entry["term"].casefold())


@cache
def matcher(path: Path) -> tuple[re.Pattern[str], dict[str, dict[str, Any]]]:
    """One pattern for all spellings, the longest first, and the entry behind each spelling.

    A term that is never linked is matched too, so that no shorter one is found within it.
    """
    found = {form.casefold(): entry for entry in terms(path) for form in spellings(entry)}
    spelled = (r"\s+".join(map(re.escape, form.split())) for form in sorted(found, key=len, reverse=True))
    pattern = "|".join(spelled) or "(?!)"  # no term, no match
    return re.compile(rf"(?<![\w-])({pattern})(?:s|es)?(?![\w-])", re.IGNORECASE), found


def glossary_path(app: Sphinx) -> Path:
    return Path(app.srcdir.parent, app.config.studykit_glossary)


def prose_texts(document: nodes.document) -> list[nodes.Text]:
    """The texts of a page's paragraphs, without headings, links, code, math, heads of tables and quotations."""

    def is_prose(text: nodes.Text) -> bool:
        within, node = False, text.parent
        while node is not None:
            if (
                isinstance(node, SKIPPED)
                or SKIPPED_CLASSES & set(node.get("classes", ()))
                or node.get("nb_element") == "cell_code"
            ):
                return False
            within |= isinstance(node, nodes.paragraph)
            node = node.parent
        return within

    return [text for text in document.findall(nodes.Text) if is_prose(text)]


def link_first_uses(document: nodes.document, path: Path, address: str) -> list[str]:
    """Make the first use of each term in ``document`` a link below ``address``; the terms linked, in order."""
    pattern, found = matcher(path)
    linked: list[str] = []
    for text in prose_texts(document):
        source, parts, done = str(text), [], 0
        for match in pattern.finditer(source):
            entry = found[re.sub(r"\s+", " ", match[1]).casefold()]
            if entry.get("link", True) and entry["term"] not in linked:
                linked.append(entry["term"])
                target = f"{address}#{anchor(entry['term'])}"
                link = nodes.reference("", match[0], refuri=target, internal=True, classes=["sk-term"])
                parts += [nodes.Text(source[done : match.start()]), link]
                done = match.end()
        if parts:
            text.parent.replace(text, [part for part in [*parts, nodes.Text(source[done:])] if part.astext()])
    return linked


class GlossaryDirective(SphinxDirective):
    """All terms under their letters: meaning, formula or unit, Chinese and Spanish, and where the book uses it."""

    def run(self) -> list[nodes.Node]:
        try:
            entries = terms(glossary_path(self.env.app))
        except ValueError as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        sections = []
        for name, group in groupby(entries, lambda entry: first_letter(entry["term"])):
            section = nodes.section("", nodes.title("", name), ids=[f"letter-{name.lower()}"])
            section += nodes.definition_list("", *map(self.definition, group), classes=["sk-glossary"])
            sections.append(section)
        return sections

    def definition(self, entry: dict[str, Any]) -> nodes.definition_list_item:
        term = nodes.term("", entry["term"], ids=[anchor(entry["term"])])
        meaning = nodes.paragraph("", entry["text"])
        note = nodes.paragraph("", classes=["fact-note"])
        if "formula" in entry:
            note += nodes.Text(f"{entry['formula']}. ")
        note += nodes.inline("", entry["zh"], classes=["language-zh-Hans"])
        note += nodes.Text(" · ")
        note += nodes.inline("", entry["es"], classes=["language-es"])
        note += nodes.Text(". Used in ")
        page, _, mark = entry["used"].partition("#")
        note += nodes.reference("", page, refuri=page, mark=mark, internal=True, classes=["sk-used"])
        note += nodes.Text(".")
        return nodes.definition_list_item("", term, nodes.definition("", meaning, note))


def note_dependency(app: Sphinx, document: nodes.document) -> None:
    """Every page is read again when the glossary changes."""
    app.env.note_dependency(str(glossary_path(app)))


def resolve(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Give the glossary's own links their page's title; elsewhere link what the glossary explains."""
    env: BuildEnvironment = app.env
    glossary = app.config.studykit_glossary_page
    if docname != glossary:
        if glossary in env.found_docs and app.builder.format == "html":
            link_first_uses(document, glossary_path(app), app.builder.get_relative_uri(docname, glossary))
        return
    for link in document.findall(lambda node: isinstance(node, nodes.reference) and "sk-used" in node["classes"]):
        page = link["refuri"]
        if page not in env.titles:
            logger.warning("glossary: no page %r", page, location=docname)
            continue
        mark = f"#{link['mark']}" if link["mark"] else ""
        link["refuri"] = app.builder.get_relative_uri(docname, page) + mark
        link[:] = [nodes.Text(env.titles[page].astext())]


def clear_caches(app: Sphinx) -> None:
    terms.cache_clear()
    matcher.cache_clear()


def setup(app: Sphinx) -> None:
    app.add_config_value("studykit_glossary", "data/glossary.yaml", "env")
    app.add_config_value("studykit_glossary_page", "reference/glossary", "env")
    app.add_directive("glossary-terms", GlossaryDirective)
    app.connect("builder-inited", clear_caches)
    app.connect("doctree-read", note_dependency)
    app.connect("doctree-resolved", resolve)
