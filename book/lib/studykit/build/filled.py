"""Notebooks as they read on their page, for whoever opens one in JupyterLab, VS Code or Colab.

A notebook of the book asks for values and facts by name, and its callouts and references are MyST, which only the site
and one extension of JupyterLab understand. A filled copy is plain Markdown: values and facts as text, callouts as
block quotes under a bold title, references as links. Code and outputs stay as they are; what the page folds is folded.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath, relpath
from textwrap import indent
from typing import Any
from urllib.parse import quote

from studykit.build.canonical import canonical
from studykit.published import VALUE, date_phrase, fact_parts, load_facts, load_values, value_name

Notebook = dict[str, Any]

#: Callouts that have their title from their name.
NAMED = {"attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning"}
#: Lines without a text of their own: a place's name, a comment, a break, attributes.
SILENT = re.compile(r" *(\([^()\s]+\)=|%.*|\+\+\+.*|\{[.#][^{}]*\})\s*")
FENCE = re.compile(r"(?P<indent> *)(?P<fence>:{3,}|~{3,}|`{3,}(?=[^`]*$))(?P<info>.*)")
DIRECTIVE = re.compile(r"\{(?P<name>[\w:+-]+)\}\s*(?P<argument>.*)")
HEADING = re.compile(r"(?:^\((?P<place>[^()\s]+)\)=\s*\n+)?^#+ +(?P<text>.+?) *$", re.MULTILINE)
QUESTION = re.compile(r"^:{3,}\{question\} *(\S+)", re.MULTILINE)
#: What has a meaning within a line; whatever comes first in a text is taken whole.
TOKEN = re.compile(
    r"""(?P<kept>\\. | \$\$.+?\$\$ | \$(?:[^$\n]|\n(?!\n))+\$)
    | \{(?P<role>[\w:+-]+)\}(?P<ticks>`+)(?P<asked>.+?)(?<!`)(?P=ticks)(?!`)
    | (?P<code>(?P<quote>`+)(?!`).+?(?<!`)(?P=quote)(?!`))
    | \[(?P<text>(?:[^\[\]\\`]|\\.|`[^`]*`)*)\](?:\((?P<to>[^()\s]*)(?P<title>\s+"[^"]*")?\)(?:\{[.#][^{}]*\})?|\{[.#][^{}]*\})
    """,
    re.DOTALL | re.VERBOSE,
)


def escape(text: str) -> str:
    r"""A text that Markdown shows as it stands: no sign in it begins math, emphasis, code, a link or a cell.

    >>> print(escape("$4 to $5, a*b"))
    \$4 to \$5, a\*b
    """
    return re.sub(r"([\\`*_$<|~\[\]])", r"\\\1", text)


def slug(heading: str) -> str:
    """The anchor that the site gives a heading.

    >>> slug("What the numbers *decide*")
    'what-the-numbers-decide'
    """
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@dataclass(frozen=True)
class Place:
    """Where a reference leads: a page, and the text of the heading there."""

    page: str
    heading: str


class Book:
    """What a notebook's text may refer to, and its notebooks filled.

    Parameters
    ----------
    root : the folder that holds ``book`` and ``data``.
    site : the public address of the site, with a slash at its end; empty where there is none.

    Raises
    ------
    ValueError where facts or values are not in order: see `studykit.published`.
    """

    def __init__(self, root: Path, site: str = "") -> None:
        self.folder, self.site = root / "book", site
        self.facts = load_facts(root / "data" / "facts")
        self.values = load_values(self.folder)
        self.pages = {name: self._markdown(name) for name in self._names()}
        firsts = {name: HEADING.search(text) for name, text in self.pages.items()}
        self.titles = {name: first["text"] if first else name for name, first in firsts.items()}

    def _names(self) -> list[str]:
        """Every page by its place below the book's folder, without the ending."""
        paths = [*self.folder.rglob("*.md"), *self.folder.rglob("*.ipynb")]
        inner = sorted(path.relative_to(self.folder) for path in paths)
        return [
            path.with_suffix("").as_posix()
            for path in inner
            if path.parts[0] != "lib" and ".ipynb_checkpoints" not in path.parts
        ]

    def _markdown(self, name: str) -> str:
        if not self.is_notebook(name):
            return (self.folder / f"{name}.md").read_text(encoding="utf-8")
        cells = self.notebook(name)["cells"]
        return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")

    def is_notebook(self, name: str) -> bool:
        """Whether a page is a notebook."""
        return (self.folder / f"{name}.ipynb").is_file()

    def notebook(self, name: str) -> Notebook:
        """A notebook as it is stored."""
        found: Notebook = json.loads((self.folder / f"{name}.ipynb").read_text(encoding="utf-8"))
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every place that has a name of its own, by that name."""
        found: dict[str, Place] = {}
        for page, text in self.pages.items():
            found |= {name: Place(page, "") for name in QUESTION.findall(text)}
            found |= {match["place"]: Place(page, match["text"]) for match in HEADING.finditer(text) if match["place"]}
        return found

    def heading(self, page: str, anchor: str) -> str:
        """The text of the heading that ``anchor`` names on ``page``; empty where none has it."""
        headings = list(HEADING.finditer(self.pages[page]))
        named = [match["text"] for match in headings if match["place"] == anchor]
        return next(iter(named + [match["text"] for match in headings if slug(match["text"]) == anchor]), "")

    def filled(self) -> dict[str, str]:
        """The text of every notebook's filled copy, by the name of its page.

        Raises
        ------
        ValueError naming page and cell where a role, a directive or what they ask for is unknown.
        """
        return {name: canonical(self.fill(name)) for name in self.pages if self.is_notebook(name)}

    def fill(self, name: str) -> Notebook:
        """One notebook filled; a cell without a text of its own is gone."""
        notebook, page = self.notebook(name), Page(self, name)
        for number, cell in enumerate(notebook["cells"], 1):
            if cell["cell_type"] == "code":
                fold(cell)
                continue
            try:
                text = page.blocks("".join(cell["source"]))
            except ValueError as error:
                raise ValueError(f"{name}.ipynb, cell {number}: {error}") from None
            cell["source"] = text.splitlines(keepends=True)
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["source"]]
        return notebook


def fold(cell: dict[str, Any]) -> None:
    """Fold in JupyterLab what the page folds or leaves out; code and outputs stay."""
    tags = set(cell["metadata"].get("tags", ()))
    outputs = cell.get("outputs", [])
    recorded = bool(outputs) and all(VALUE in output.get("data", {}) for output in outputs)
    hidden = {
        "source_hidden": bool(tags & {"remove-input", "hide-input", "remove-cell", "hide-cell"}),
        "outputs_hidden": recorded or bool(tags & {"remove-output", "hide-output", "remove-cell", "hide-cell"}),
    }
    if folded := {name: True for name, holds in hidden.items() if holds}:
        cell["metadata"]["jupyter"] = cell["metadata"].get("jupyter", {}) | folded


class Page:
    """The text of one notebook, turned from MyST into plain Markdown."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name
        self.roles: dict[str, Callable[[str], str]] = {
            "value": self.value,
            "fact": self.fact,
            "ref": self.reference,
            "doc": self.document,
            "download": self.download,
            "math": lambda text: f"${text}$",
        }

    # blocks

    def blocks(self, source: str) -> str:
        """Markdown for a cell's MyST: fenced code stays, directives are turned, everything else is read as prose."""
        lines, kept, prose = source.splitlines(), list[str](), list[str]()
        while lines:
            line = lines.pop(0)
            if fence := FENCE.fullmatch(line):
                kept += (
                    [self.inline("\n".join(prose)), self.fenced(fence, lines)] if prose else [self.fenced(fence, lines)]
                )
                prose = []
            elif not SILENT.fullmatch(line):
                prose.append(line)
        return "\n".join([*kept, self.inline("\n".join(prose))] if prose else kept).strip("\n")

    def fenced(self, fence: re.Match[str], lines: list[str]) -> str:
        """A fenced block, whose lines are taken from the front of ``lines``."""
        mark, info = fence["fence"], fence["info"].strip()
        directive = DIRECTIVE.fullmatch(info)
        if not directive and mark[0] == ":":
            raise ValueError(f"{mark + info!r} opens no directive, expected {mark}{{name}}")
        ends = (n for n, line in enumerate(lines) if set(line.strip()) == {mark[0]} and len(line.strip()) >= len(mark))
        end = next(ends, None)
        if directive and end is None:
            raise ValueError(f"directive {directive['name']!r} is not closed, expected {mark}")
        body = lines[:end]
        closing = lines[len(body) : len(body) + 1]
        del lines[: len(body) + 1]
        if not directive:
            return "\n".join([fence[0], *body, *closing])
        shift = len(fence["indent"])
        inner = [line[shift:] if not line[:shift].strip() else line for line in body]
        return indent(self.directive(directive["name"], directive["argument"], inner), fence["indent"], lambda _: True)

    def directive(self, name: str, argument: str, body: list[str]) -> str:
        """A directive as Markdown: callouts as block quotes."""
        while body and (not body[0].strip() or re.match(r":[\w-]+:", body[0])):
            body = body[1:]
        text = "\n".join(body)
        match name:
            case "admonition":
                return self.quote(argument, self.blocks(text))
            case _ if name in NAMED:
                return self.quote(name.capitalize(), self.blocks(f"{argument}\n{text}".strip()))
            case "fact":
                return self.quote(
                    "Fact", "\n\n".join([*map(self.callout, argument.split()), *filter(None, [self.blocks(text)])])
                )
            case "container":
                return self.blocks(text)
            case "math":
                return f"$$\n{argument + text}\n$$"
        raise ValueError(
            f"directive {name!r} has no plain form, expected admonition, container, fact, math or a callout's name"
        )

    def quote(self, title: str, text: str) -> str:
        """A block quote under a bold title."""
        return "\n".join(f"> {line}".rstrip() for line in [f"**{self.inline(title)}**", "", *text.splitlines()])

    def callout(self, name: str) -> str:
        """A fact in full: statement, date, source, and where sources disagree."""
        fact = self.known_fact(name)
        dated = date_phrase(fact)
        source = link(escape(fact["source_title"]), fact["source_url"])
        differ = [f"**Sources differ:** {escape(fact['conflict'])}"] if fact.get("conflict") else []
        note = f"{dated[0].upper()}{dated[1:]}. Source: {source} ({fact['confidence']})."
        return "\n\n".join([escape(fact["statement"]), *differ, note])

    # within a line

    def inline(self, text: str) -> str:
        """Markdown for prose: roles and references are turned, code and math stay."""
        return TOKEN.sub(self.token, text)

    def token(self, match: re.Match[str]) -> str:
        """What stands for one match of ``TOKEN``."""
        if match["role"]:
            if match["role"] not in self.roles:
                raise ValueError(f"role {match['role']!r} is unknown, expected one of {', '.join(self.roles)}")
            return self.roles[match["role"]](match["asked"])
        if match["text"] is None:
            return match[0]
        text = self.inline(match["text"])
        if match["to"] is None:
            return text
        address, title = self.target(match["to"])
        return f"[{text or title}]({address}{match['title'] or ''})"

    def value(self, text: str) -> str:
        """A recorded value as text."""
        name = value_name(Path(self.name).name, text)
        if name not in self.book.values:
            raise ValueError(f"no recorded value {name!r}")
        return escape(self.book.values[name]["text"])

    def known_fact(self, name: str) -> dict[str, Any]:
        """The fact of this id."""
        if name not in self.book.facts:
            raise ValueError(f"no fact {name!r}")
        return self.book.facts[name]

    def fact(self, name: str) -> str:
        """A fact as its page prints it, the date linked to the source."""
        fact = self.known_fact(name)
        shown, dated, behind = fact_parts(fact)
        return escape(shown) + link(escape(dated), fact["source_url"]) + escape(behind)

    def reference(self, text: str) -> str:
        """``{ref}`name``` or ``{ref}`text <name>```."""
        shown, name = titled(text)
        if name not in self.book.places:
            raise ValueError(f"no place {name!r}")
        place = self.book.places[name]
        return link(self.inline(shown or place.heading), self.address(place.page, name))

    def document(self, text: str) -> str:
        """``{doc}`page``` or ``{doc}`text <page>```, from this page or, with a slash, from the book's folder."""
        shown, name = titled(text)
        page = self.beside(name)
        if page not in self.book.pages:
            raise ValueError(f"no page {name!r}")
        return link(self.inline(shown or self.book.titles[page]), self.address(page))

    def download(self, text: str) -> str:
        """A file that the page offers: on the page where it has an address, else beside the notebook."""
        shown, name = titled(text)
        if not (self.book.folder / self.beside(name)).is_file():
            raise ValueError(f"no file {name!r}")
        return link(self.inline(shown) or f"`{Path(name).name}`", self.address(self.name) if self.book.site else name)

    # addresses

    def beside(self, name: str) -> str:
        """A name as it is written on this page, from the book's folder."""
        return name.lstrip("/") if name.startswith("/") else normpath(f"{dirname(self.name)}/{name}".lstrip("/"))

    def target(self, to: str) -> tuple[str, str]:
        """Where a Markdown link leads from a copy, and the title of what is there."""
        if re.match(r"[a-z][a-z0-9+.-]*:", to):
            return to, to
        path, _, anchor = to.partition("#")
        page = self.beside(re.sub(r"\.(md|ipynb)$", "", path)) if path else self.name
        if path in self.book.places and not anchor:
            page, anchor = self.book.places[path].page, path
        elif not path and anchor in self.book.places and not self.book.heading(page, anchor):
            page = self.book.places[anchor].page
        elif not path and not self.book.heading(page, anchor):
            raise ValueError(f"no place {anchor!r}")
        if page in self.book.pages:
            title = self.book.heading(page, anchor) if anchor else self.book.titles[page]
            return self.address(page, anchor), self.inline(title)
        if (self.book.folder / page).is_file():
            return (self.address(self.name) if self.book.site else to), Path(path).name
        raise ValueError(f"no page, file or place {to!r}")

    def address(self, page: str, anchor: str = "") -> str:
        """The address of a page from a copy: on the site, or, where that has none, of the copy beside this one.

        Headings have no other anchor in JupyterLab than their text.
        """
        mark = f"#{anchor}" if anchor else ""
        if self.book.site:
            return f"{self.book.site}{page}.html{mark}"
        if not self.book.is_notebook(page):
            return f"{relpath(page, dirname(self.name) or '.')}.html{mark}"
        heading = re.sub(r"[*`]", "", self.book.heading(page, anchor)) if anchor else ""
        mark = f"#{quote(heading.replace(' ', '-'))}" if heading and "{" not in heading else ""
        file = "" if page == self.name and mark else f"{relpath(page, dirname(self.name) or '.')}.ipynb"
        return file + mark


def link(text: str, address: str) -> str:
    """A Markdown link, with brackets in its address spelled so that they do not end it."""
    return f"[{text}]({address.replace('(', '%28').replace(')', '%29')})"


def titled(text: str) -> tuple[str, str]:
    """The two parts of a role's text: what is shown, if that is given, and what is meant.

    >>> titled("Calculator <eoq>"), titled("eoq")
    (('Calculator', 'eoq'), ('', 'eoq'))
    """
    found = re.fullmatch(r"(.*?)\s*<([^<>]+)>", text, re.DOTALL)
    return (found[1], found[2]) if found else ("", text)
