"""Typed numbers in Python: the shared table, and answers graded as the page grades them."""

import json

import pytest

from fulfillment.formulas import FORMULAS
from studykit import bank
from tests.conftest import ROOT
from tests.typed_numbers import grade, parse, read, same_unit

ROWS = json.loads((ROOT / "tests" / "unit" / "numbers.json").read_text(encoding="utf-8"))
NUMERIC = [item for item in bank.load().values() if item["type"] == "numeric"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["typed"])
def test_a_number_is_read_as_the_table_says(row):
    if row.get("error"):
        with pytest.raises(ValueError, match="does not read as one number"):
            parse(row["typed"])
    else:
        typed = parse(row["typed"])
        assert typed.value == pytest.approx(row["value"], rel=1e-12)
        assert typed.unit == row["unit"]
        assert typed.percent == (row["unit"] == "%")


@pytest.mark.parametrize(
    ("typed", "wanted", "same"),
    [
        ("$", "USD", True),
        ("$", "USD per order", True),
        ("USD", "USD per order", True),
        ("order", "orders per hour", True),
        ("orders per hour", "orders per hour", True),
        ("hour", "orders per hour", False),
        ("h", "hours", False),
        ("%", "%", True),
        ("in", "in³ per lb", False),
    ],
)
def test_units(typed, wanted, same):
    assert same_unit(typed, wanted) == same


@pytest.mark.parametrize("text", ["51", "51k", "51 K", "$51,000", "$51k", "51,000 USD", "51 thousand USD"])
def test_thousands_may_be_typed_in_their_usual_ways(text):
    task = {"unit": "thousand USD", "units": {"thousand usd": 1, "usd": 0.001, "$": 0.001}}
    assert read(task, text) == pytest.approx(51)


@pytest.mark.parametrize("item", NUMERIC, ids=lambda item: item["id"])
def test_the_printed_key_is_graded_right_however_it_is_typed(item):
    """As it is printed, with its unit, and with a dollar sign where the unit is in dollars; each named slip is wrong."""
    task = bank.payload(item, FORMULAS)
    for version, variant in enumerate(task["variants"]):
        text = variant["answer"]["text"]
        forms = [text, f"{text} {task['unit']}", f"= {text}"]
        forms += [f"${text.removeprefix('-')}"] * (task["unit"].startswith("USD") and not text.startswith("-"))
        for form in forms:
            assert grade(task, form, version), form
        for slip in variant["slips"]:
            assert not grade(task, f"{slip['value']:.12g}", version)
