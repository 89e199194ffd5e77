"""Figures in prose come from code, the value registry or a fact's id. The grammar is `pages.EXEMPT`."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.book.pages import markdown, sources, typed_figures
from tests.conftest import BOOK


@pytest.mark.parametrize("path", sources(BOOK), ids=lambda path: path.stem)
def test_no_figure_is_typed(path):
    assert list(typed_figures(markdown(path))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Late dispatch was 3.1% last week.",
        "It costs $4.28 a parcel.",
        "Wait 10 days.",
        "Between 8 and 9 of them",
        "Version 2026.5 of 40 orders",
        "In May 3.5 of them",
    ],
)
def test_a_typed_figure_is_found(text):
    assert list(typed_figures(text))


@pytest.mark.parametrize(
    "text",
    [
        "Late dispatch was {value}`late_share` in the week of November 24, 2025, and May 5.",
        "Late dispatch may be {fact}`us.ldr`.",
        "A 3PL reports P90 in 2025-Q4 and on 2026-01-26.",
        "The limit is $p + 3\\sigma$ in `x[:5]`.",
        "1. First\n2. Second",
        "See [the rule](https://example.org/a?id=123).",
        ":::{admonition} Invented example\n:class: invented\nShe cut it from 9 % to 4 %.\n:::\n",
        "```python\nx = 12\n```\n",
    ],
)
def test_what_the_grammar_allows(text):
    assert list(typed_figures(text)) == []


LONGEST = 120  # words in a paragraph


@pytest.mark.parametrize("folder", ["start", "stages", "responsibilities", "cases", "practice", "reference"])
def test_no_paragraph_is_too_long(site, folder):
    found = []
    for path in sorted((site / folder).glob("*.html")):
        article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
        counts = {paragraph.get_text()[:60]: len(paragraph.get_text().split()) for paragraph in article("p")}
        found += [f"{path.stem}: {count} words: {start}" for start, count in counts.items() if count > LONGEST]
    assert found == []


TYPED_MINUTES = re.compile(r"\b(?:minutes?|hours?)\b[^.\n]{0,20}\bto (?:read|practice)\b")


@pytest.mark.parametrize("path", sources(BOOK), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_page_types_the_minutes_that_the_build_counts(path):
    found = TYPED_MINUTES.search(markdown(path).split("\n## ")[0])
    assert found is None, found[0]


def test_typed_minutes_are_found():
    assert TYPED_MINUTES.search("and **say** it. About twenty-five minutes to read, two hours to practice.")
    assert TYPED_MINUTES.search("Half an hour to practice: cover an answer.")
    assert not TYPED_MINUTES.search("Forty-five to sixty minutes with one or two people. To practice, cover an answer.")
