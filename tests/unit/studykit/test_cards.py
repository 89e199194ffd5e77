"""Cards and the formula sheet from Python's side: what they print, what they escape and what they refuse."""

import re
from types import SimpleNamespace

import pytest

from studykit.widgets import cards, formula_sheet

ITEM = {"id": "a", "title": "A & B", "lead": "Why <so>?", "facts": {"Unit": "days", "Code": ""}}


def test_text_stays_text_and_empty_facts_are_left_out():
    html = cards([ITEM], "time")._repr_html_()
    assert "A &amp; B" in html
    assert "Why &lt;so&gt;?" in html
    assert html.count("<dt>") == 1
    assert "<details" not in html


def test_codes_are_one_choice_of_radio_buttons():
    html = cards([ITEM | {"codes": {"SQL": "a < b", "sheet": "=A1"}}], "time")._repr_html_()
    assert re.findall(r'<input type="radio" name="([\w-]+)" id="([\w-]+)"( checked)?>', html) == [
        ("a-code", "a-0", " checked"),
        ("a-code", "a-1", ""),
    ]
    assert "<summary>SQL and sheet</summary>" in html
    assert "a &lt; b" in html


def test_a_level_says_where_it_comes_from_and_none_says_so_too():
    level = {
        "show": "4%",
        "level": "limit",
        "source_url": "https://www.example.org/x?a=1&b=2",
        "year": 2025,
        "trust": "low",
    }
    more = {"more": "More", "points": ["One."], "points_title": "Mistakes", "no_levels": "None found."}
    html = cards([ITEM | more | {"levels": [level | {"note": "Old.", "conflict": ""}]}], "time")._repr_html_()
    assert (
        '<li>Limit: <strong>4%</strong> (<a href="https://www.example.org/x?a=1&amp;b=2">example.org</a>, 2025, low; Old)</li>'
        in html
    )
    assert "None found." not in html
    assert "None found." in cards([ITEM | more], "time")._repr_html_()


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([{"id": "a", "title": "A"}], "cards 'time': 'a' lacks lead, facts"),
        ([ITEM, ITEM], "cards 'time': id a is used twice"),
    ],
)
def test_malformed_cards_are_refused(items, message):
    with pytest.raises(ValueError, match=message):
        cards(items, "time")


def test_a_sheet_prints_each_formula_with_its_signs():
    symbol = SimpleNamespace(sign="\\lambda", label="Arrivals", unit="orders per hour")
    formula = SimpleNamespace(
        title="Little's law", latex="\\lambda W", symbols=(symbol,), unit="orders", source="Little 1961"
    )
    shown = formula_sheet([formula])
    html = shown._repr_html_()
    assert html.count("<math") == 2
    assert "in orders; " in html
    assert "arrivals (orders per hour)" in html
    assert "Little 1961" in html
    assert repr(shown) == "Little's law: \\lambda W [orders]"


def test_an_empty_sheet_is_refused():
    with pytest.raises(ValueError, match="formula_sheet: no formulas"):
        formula_sheet([])
