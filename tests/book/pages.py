"""The book's sources as tests read them: prose by page, code cells by notebook."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def sources(book: Path) -> list[Path]:
    """Every page of the book: Markdown files and notebooks."""
    found = [*book.rglob("*.md"), *book.rglob("*.ipynb")]
    return sorted(path for path in found if "lib" not in path.parts and ".ipynb_checkpoints" not in path.parts)


def notebooks(book: Path) -> list[Path]:
    return [path for path in sources(book) if path.suffix == ".ipynb"]


def cells(path: Path) -> list[dict[str, Any]]:
    """A notebook's cells with their source as one text."""
    return [
        cell | {"source": "".join(cell["source"])} for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]


def markdown(path: Path) -> str:
    """A page's Markdown; of a notebook, that of its text cells."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell["source"] for cell in cells(path) if cell["cell_type"] == "markdown")


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

# What may hold a digit, in the order in which it is taken out
EXEMPT = [
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),  # front matter
    re.compile(r"^:::+\{(?:admonition)\}[^\n]*\n(?::[^\n]*\n)*:class:[^\n]*\b(?:invented|givens)\b.*?^:::+ *$", re.DOTALL | re.MULTILINE),
    re.compile(r"^(`{3,}|~{3,}).*?^\1 *$", re.DOTALL | re.MULTILINE),  # code
    re.compile(r"^:::+\{facts\}.*?^:::+ *$", re.DOTALL | re.MULTILINE),  # facts' ids
    re.compile(r"^:::+\{fact\}[^\n]*$", re.MULTILINE),  # a fact's id
    re.compile(r"^:[\w-]+:.*$", re.MULTILINE),  # a directive's option
    re.compile(r"^\([\w-]+\)=$", re.MULTILINE),  # an anchor
    re.compile(r"\$\$.*?\$\$|(?<!\\)\$[^$\n]+\$", re.DOTALL),  # math
    re.compile(r"\{[\w:-]+\}`[^`]*`"),  # a role
    re.compile(r"`[^`\n]*`"),  # code in a line
    re.compile(r"\]\([^)]*\)"),  # a link's target
    re.compile(r"https?://\S+"),
    re.compile(r"^\s*\d+\. ", re.MULTILINE),  # a list's marker
    re.compile(rf"\b(?:{MONTHS})(?: \d{{1,2}}(?![\d.,]*\d))?(?:,? 20\d\d\b)?"),  # January 26, 2026; November 24
    re.compile(r"\b20\d\d(?:-(?:\d\d(?:-\d\d)?|Q[1-4]|H[12]))?\b"),  # a year, a date, a quarter
    re.compile(r"\bAlways Day 1\b"),  # one of the company's values
    re.compile(r"\b(?=\w*[A-Za-z])(?=\w*\d)\w+\b"),  # an identifier: 3PL, P90, B2B
]  # fmt: skip


def typed_figures(text: str) -> Iterator[str]:
    """Figures that stand in prose as typed digits, each with the words around it."""
    for pattern in EXEMPT:
        text = pattern.sub(" ", text)
    for match in re.finditer(r"\d[\d.,]*", text):
        yield re.sub(r"\s+", " ", text[max(0, match.start() - 40) : match.end() + 30]).strip()
