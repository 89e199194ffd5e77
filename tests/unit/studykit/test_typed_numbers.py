"""Typed numbers in Python: the shared table, and answers graded as the page grades them."""

import json

import pytest

from fulfillment.formulas import FORMULAS
from studykit import bank
from tests.conftest import ROOT
from tests.typed_numbers import AskBack, grade, meanings, parse, read, same_unit
from tests.unit.studykit.test_bank import item as sample
from tests.unit.studykit.test_bank import write

TABLE = json.loads((ROOT / "tests" / "unit" / "numbers.json").read_text(encoding="utf-8"))
NUMERIC = [item for item in bank.load().values() if item["type"] == "numeric"]


@pytest.mark.parametrize("row", TABLE["numbers"], ids=lambda row: row["typed"])
def test_a_number_is_read_as_the_table_says(row):
    if row.get("error"):
        with pytest.raises(ValueError, match="does not read as one number"):
            parse(row["typed"])
    elif "ask" in row:
        with pytest.raises(AskBack) as asked:
            parse(row["typed"])
        assert asked.value.asks == row["ask"]
        assert len({parse(text).value for text in row["ask"]}) == len(row["ask"]), "each can be typed"
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
        ("orders/day", "orders a day", True),
        ("¢", "cents per order", True),
    ],
)
def test_units(typed, wanted, same):
    assert same_unit(typed, wanted) == same


@pytest.mark.parametrize("row", TABLE["answers"], ids=lambda row: f"{row['typed']} for {row['wanted']}")
def test_an_answer_is_graded_or_asked_back_as_the_table_says(row):
    task = {"unit": row["wanted"], "units": TABLE["units"][row["wanted"]]}
    if "value" in row:
        assert read(task, row["typed"]) == pytest.approx(row["value"], rel=1e-12)
    else:
        with pytest.raises(AskBack if "ask" in row else ValueError) as refused:
            read(task, row["typed"])
        assert getattr(refused.value, "asks", None) == row.get("ask")
    assert len({read(task, text) for text in row.get("ask", [])}) == len(row.get("ask", [])), "each can be typed"


@pytest.mark.parametrize("wanted", TABLE["units"])
def test_the_bank_takes_the_units_of_the_table(tmp_path, wanted):
    key = {"value": "total", "unit": wanted, "tolerance": {"abs": 0.1}, "show": ".1f"}
    if wanted == "hours":
        key["units"] = {"days": 24}
    loaded = bank.load(write(tmp_path, sample("numeric", answer=key)))["some-numeric"]
    assert bank.payload(loaded)["units"] == TABLE["units"][wanted]


@pytest.mark.parametrize("item", NUMERIC, ids=lambda item: item["id"])
def test_the_printed_key_is_graded_right_however_it_is_typed(item):
    """As it is printed, with its unit, and with a dollar sign where the unit is in dollars; each named slip is wrong."""
    task = bank.payload(item, FORMULAS)
    for version, variant in enumerate(task["variants"]):
        text = variant["answer"]["text"]
        forms = [text, f"{text} {task['unit']}", f"= {text}"]
        forms += [f"${text.removeprefix('-')}"] * (task["unit"].startswith("USD") and not text.startswith("-"))
        for form in forms:
            assert any(grade(task, meant, version) for meant in meanings(task, form)), form
        for slip in variant["slips"]:
            assert not grade(task, f"{slip['value']:.12g} {task['unit']}", version)
