"""A filled copy is plain Markdown: what the page prints, where the page's references lead, nothing of MyST."""

import json

import pytest
import yaml

from studykit.build.filled import Book, escape
from studykit.published import VALUE

SITE = "https://example.org/guide/"
FACT = {
    "id": "us.rate",
    "statement": "At most $4 of 100.",
    "show": "at most 4%",
    "date": "2026-01-26",
    "source_title": "Rules [new]",
    "source_url": "https://example.org/rules_(us)",
    "confidence": "trade press",
}
DATED = "[as of January 26, 2026](https://example.org/rules_%28us%29)"
OTHER = "# Other *page*\n\n(far-place)=\n## Costs, and `code`\n\n:::{question} asked-often\n:::\n\nText.\n"
MARKDOWN = "# A page\n\n(start-here)=\n## Start here\n"


def notebook(*cells: str | dict) -> str:
    made = [
        cell if isinstance(cell, dict) else {"cell_type": "markdown", "metadata": {}, "source": cell} for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def code(source: str = "1", *tags: str, outputs: tuple = ()) -> dict:
    return {"cell_type": "code", "metadata": {"tags": [*tags]}, "source": source, "outputs": [*outputs]}


def recorded(name: str, text: str) -> dict:
    return {"output_type": "display_data", "data": {VALUE: [{"name": name, "text": text}], "text/plain": "x"}}


@pytest.fixture
def root(tmp_path):
    """A small guide: `cases/one` is the notebook under test, `cases/two` another one, two Markdown pages."""
    facts = tmp_path / "data" / "facts"
    facts.mkdir(parents=True)
    more = FACT | {"id": "us.two", "conflict": "One page says 3 | 5.", "confidence": "official page"}
    (facts / "facts.yaml").write_text(yaml.safe_dump([FACT, more]))
    for name, text in {
        "index.md": MARKDOWN,
        "start/role.md": OTHER.replace("far-place", "role-place").replace("asked-often", "asked-first"),
        "cases/two.ipynb": notebook(OTHER, code(outputs=(recorded("late", "3.1%"),))),
        "cases/sheet.xlsx": "cells",
    }.items():
        (tmp_path / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / name).write_text(text)
    return tmp_path


def write(root, *cells) -> None:
    (root / "book" / "cases" / "one.ipynb").write_text(notebook(*cells))


def filled(root, source: str, site: str = "") -> str:
    """What becomes of one cell's text; before it stands a cell with a title, a named place and two recorded values."""
    values = (recorded("saved", "$4.28"), recorded("who", "a*b|c"))
    write(root, "# One\n\n(near-place)=\n## Near, here", code(outputs=values), source)
    cells = Book(root, site).fill("cases/one")["cells"]
    return "".join(cells[2]["source"]) if len(cells) > 2 else ""


PLAIN = [
    # values and facts
    ("It saved {value}`saved` a year.", r"It saved \$4.28 a year."),
    ("{value}`two/late` and **{value}`who`**", r"3.1% and **a\*b\|c**"),
    ("Late is {fact}`us.rate`.", f"Late is at most 4% ({DATED}, trade press)."),
    ("Late is {fact}`us.two`.", f"Late is at most 4% ({DATED}, sources differ)."),
    ("| a | {value}`who` |\n|---|---|", "| a | a\\*b\\|c |\n|---|---|"),
    # what stays as it is
    ("$x_{ol} < 4$ and\n\n$$\n\\sum_{o} {c}`x` [a](b)\n$$", "$x_{ol} < 4$ and\n\n$$\n\\sum_{o} {c}`x` [a](b)\n$$"),
    ("`{value}`, ``a ` b`` and \\$5, \\[x\\]", "`{value}`, ``a ` b`` and \\$5, \\[x\\]"),
    ("```python\n# {value}`saved`\n(x)=\n:::\n```\nText", "```python\n# {value}`saved`\n(x)=\n:::\n```\nText"),
    ("~~~\n```\n~~~", "~~~\n```\n~~~"),
    ("[out](https://example.org/a) [mail](mailto:a@b.c)", "[out](https://example.org/a) [mail](mailto:a@b.c)"),
    ("[x] and <b>bold</b> 4 < 5", "[x] and <b>bold</b> 4 < 5"),
    # what the page does not show
    ("(some-name)=\n### Heading", "### Heading"),
    ("% a comment\nText\n+++\nMore", "Text\nMore"),
    ("{.lead}\nText with [a span]{.x}", "Text with a span"),
    ("{math}`x^2`", "$x^2$"),
    # callouts
    (":::{admonition} Given: {value}`saved`\n:class: givens\nText.\n:::", "> **Given: \\$4.28**\n>\n> Text."),
    (
        "Before.\n\n:::{admonition} Trap\n:class: trap\n:name: x\n\nOne.\n\n- two {value}`saved`\n- three\n:::\n\nAfter.",
        "Before.\n\n> **Trap**\n>\n> One.\n>\n> - two \\$4.28\n> - three\n\nAfter.",
    ),
    ("::::{admonition} Out\n:::{tip} In\nText.\n:::\n::::", "> **Out**\n>\n> > **Tip**\n> >\n> > In\n> > Text."),
    ("```{note}\nText.\n```", "> **Note**\n>\n> Text."),
    ("- a\n\n  :::{warning}\n  Text.\n  :::\n- b", "- a\n\n  > **Warning**\n  >\n  > Text.\n- b"),
    (":::{admonition} Code\n```python\n:::x\n```\n:::", "> **Code**\n>\n> ```python\n> :::x\n> ```"),
    (":::{container} plain\nText.\n:::", "Text."),
    (":::{math}\nx^2\n:::", "$$\nx^2\n$$"),
    (
        ":::{fact} us.two\n:::",
        "> **Fact**\n>\n> At most \\$4 of 100.\n>\n> **Sources differ:** One page says 3 \\| 5.\n>\n"
        "> As of January 26, 2026. Source: [Rules \\[new\\]](https://example.org/rules_%28us%29) (official page).",
    ),
]


@pytest.mark.parametrize("site", ["", SITE])
@pytest.mark.parametrize(("source", "expected"), PLAIN)
def test_a_text_becomes_plain_markdown(root, source, expected, site):
    assert filled(root, source, site) == expected


LINKS = [
    # MyST; where the site has no address; where it has one
    ("[below](#near-place)", "[below](#Near%2C-here)", f"[below]({SITE}cases/one.html#near-place)"),
    ("[below](#near-here)", "[below](#Near%2C-here)", f"[below]({SITE}cases/one.html#near-here)"),
    ("{ref}`near-place`", "[Near, here](#Near%2C-here)", f"[Near, here]({SITE}cases/one.html#near-place)"),
    ("[](#near-place)", "[Near, here](#Near%2C-here)", f"[Near, here]({SITE}cases/one.html#near-place)"),
    ("[costs](#far-place)", "[costs](two.ipynb#Costs%2C-and-code)", f"[costs]({SITE}cases/two.html#far-place)"),
    ("[costs](far-place)", "[costs](two.ipynb#Costs%2C-and-code)", f"[costs]({SITE}cases/two.html#far-place)"),
    (
        "{ref}`the costs <far-place>`",
        "[the costs](two.ipynb#Costs%2C-and-code)",
        f"[the costs]({SITE}cases/two.html#far-place)",
    ),
    (
        "[it](two.ipynb#far-place)",
        "[it](two.ipynb#Costs%2C-and-code)",
        f"[it]({SITE}cases/two.html#far-place)",
    ),
    ("[it](two.ipynb)", "[it](two.ipynb)", f"[it]({SITE}cases/two.html)"),
    ("[](two.ipynb)", "[Other *page*](two.ipynb)", f"[Other *page*]({SITE}cases/two.html)"),
    ('[it](two.ipynb "Why")', '[it](two.ipynb "Why")', f'[it]({SITE}cases/two.html "Why")'),
    ("[role](../start/role.md)", "[role](../start/role.html)", f"[role]({SITE}start/role.html)"),
    (
        "[{value}`saved` there](../start/role.md#x)",
        "[\\$4.28 there](../start/role.html#x)",
        f"[\\$4.28 there]({SITE}start/role.html#x)",
    ),
    ("[asked](#asked-first)", "[asked](../start/role.html#asked-first)", f"[asked]({SITE}start/role.html#asked-first)"),
    ("{doc}`../index`", "[A page](../index.html)", f"[A page]({SITE}index.html)"),
    ("{doc}`home </index>`", "[home](../index.html)", f"[home]({SITE}index.html)"),
    ("{download}`cells <sheet.xlsx>`", "[cells](sheet.xlsx)", f"[cells]({SITE}cases/one.html)"),
    ("[cells](sheet.xlsx)", "[cells](sheet.xlsx)", f"[cells]({SITE}cases/one.html)"),
]


@pytest.mark.parametrize(("source", "alone", "public"), LINKS)
def test_a_reference_leads_to_the_page_or_to_the_copy_beside(root, source, alone, public):
    assert filled(root, source) == alone
    assert filled(root, source, SITE) == public


WRONG = [
    ("{glossary}`x`", "role 'glossary' is unknown, expected one of value, fact"),
    ("{value}`gone`", "no recorded value 'one/gone'"),
    ("{fact}`gone`", "no fact 'gone'"),
    ("{ref}`gone`", "no place 'gone'"),
    ("{doc}`gone`", "no page 'gone'"),
    ("{download}`x <gone.xlsx>`", r"no file 'gone\.xlsx'"),
    ("[x](gone.md)", r"no page, file or place 'gone\.md'"),
    ("[x](#gone)", "no place 'gone'"),
    (":::{figure} x\n:::", "directive 'figure' has no plain form, expected admonition"),
    (":::{admonition} x\ntext", "directive 'admonition' is not closed, expected :::"),
    ("text\n:::", "':::' opens no directive"),
]


@pytest.mark.parametrize(("source", "said"), WRONG)
def test_what_is_unknown_names_page_and_cell(root, source, said):
    with pytest.raises(ValueError, match=rf"^cases/one\.ipynb, cell 3: {said}"):
        filled(root, source)


def test_a_cell_that_only_names_a_place_is_gone(root):
    assert filled(root, "(only)=") == ""


def test_code_stays_and_is_folded_as_on_the_page(root):
    shown, exercise = code("quiz('a')"), code("answer = ...\ncheck('a', answer)", "exercise")
    hidden = code("record(a=1)", "remove-input", outputs=(recorded("a", "1"),))
    solution = code("2", "hide-cell", outputs=({"output_type": "stream", "name": "stdout", "text": "2"},))
    write(root, shown, exercise, hidden, solution)
    cells = Book(root).fill("cases/one")["cells"]
    assert [cell["source"] for cell in cells] == [cell["source"] for cell in (shown, exercise, hidden, solution)]
    both = {"source_hidden": True, "outputs_hidden": True}
    assert [cell["metadata"].get("jupyter") for cell in cells] == [None, None, both, both]
    assert cells[2]["outputs"] == hidden["outputs"]


@pytest.mark.parametrize("text", ["$4 | $5", "a_b*c*", "<b>", "[x](y)", "`x`", "~~x~~", "back\\slash"])
def test_an_escaped_text_has_no_sign_left_that_means_something(text):
    plain = escape(text)
    assert plain.replace("\\", "") == text.replace("\\", "")
    assert all(plain[place - 1] == "\\" for place, sign in enumerate(plain) if sign in "$|_*<[]`~")


def test_values_that_are_held_are_taken_whatever_the_outputs_say(root):
    (root / "book" / "values.json").write_text('{"one/saved": {"name": "saved", "text": "kept"}}')
    assert filled(root, "{value}`saved`") == "kept"
