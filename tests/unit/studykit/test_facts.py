"""Every published figure in data/facts carries its source, its date and how far to trust it."""

import datetime as dt
import re
from collections import Counter
from urllib.parse import urlparse

import pandas as pd
import pytest
import yaml

from studykit.published import caveats, date_phrase
from studykit.sources import last_day
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "facts"
COLLECTED = "2026-11"
REQUIRED = [
    "id",
    "statement",
    "show",
    "market",
    "date",
    "date_type",
    "source_title",
    "source_url",
    "confidence",
]
OPTIONAL = [
    "name",
    "value",
    "unit",
    "formula",
    "window",
    "scope",
    "effect",
    "second_source",
    "conflict",
    "until",
]
CONFIDENCE = {
    "official page",
    "official page, excerpt",
    "third-party copy of official page",
    "job board copy of official posting",
    "trade press",
    "analyst estimate",
    "vendor blog",
    "low trust",
    "abstract read",
    "secondary source",
    "repost of press",
    "professional firm",
    "own search",
}

FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "kpis.yaml")
FACTS = [fact for path in FILES for fact in yaml.safe_load(path.read_text())]


def parse_date(text: str) -> dt.date:
    """First day of a year, quarter (``2025-Q4``), half year (``2025-H1``), month, or the day itself.

    >>> parse_date("2025-Q4")
    datetime.date(2025, 10, 1)
    """
    period = re.fullmatch(r"(\d{4})-([QH])([1-4])", text)
    if period and not (period[2] == "H" and period[3] > "2"):
        months = {"Q": 3, "H": 6}[period[2]]
        return dt.date(int(period[1]), months * (int(period[3]) - 1) + 1, 1)
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        raise ValueError(f"{text!r}, expected YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn or YYYY-Hn")
    year, month, day = (int(part) for part in (text + "-01-01")[:10].split("-"))
    return dt.date(year, month, day)


def numbers(value: object) -> list[float]:
    """The figures of a value: itself, or those of a mapping."""
    return list(value.values()) if isinstance(value, dict) else [] if value is None else [value]


def problems(fact: dict) -> list[str]:
    """What keeps a fact from being printed, each with the field's name; an empty list for a sound fact."""
    found = [f"{field}: missing or empty" for field in REQUIRED if not str(fact.get(field) or "").strip()]
    found += [f"{field}: not a field of a fact" for field in fact.keys() - {*REQUIRED, *OPTIONAL}]
    found += [
        f"{field}: {text!r} is not text"
        for field, text in fact.items()
        if field != "value" and not isinstance(text, str)
    ]
    if found:
        return found
    try:
        if parse_date(fact["date"]) > parse_date(COLLECTED):
            found.append(f"date: {fact['date']} is later than the collection, {COLLECTED}")
    except ValueError as error:
        found.append(f"date: {error}")
    try:
        if "until" in fact and last_day(fact["until"]) < parse_date(fact["date"]):
            found.append(f"until: {fact['until']} is before the fact's date, {fact['date']}")
    except ValueError as error:
        found.append(f"until: {error}")
    address = urlparse(fact["source_url"])
    if address.scheme not in {"http", "https"} or "." not in address.netloc:
        found.append(f"source_url: {fact['source_url']!r} is not an http(s) address")
    if fact["confidence"] not in CONFIDENCE:
        found.append(f"confidence: {fact['confidence']!r} is not one of {sorted(CONFIDENCE)}")
    if fact["date_type"] not in {"as_of", "effective"}:
        found.append(f"date_type: {fact['date_type']!r} is neither as_of nor effective")
    if ("value" in fact) != ("unit" in fact):
        found.append("value, unit: one stands without the other")
    said = {float(number.replace(",", "")) for number in re.findall(r"(?:\d[\d,]*)?\.?\d+", fact["statement"])}
    for number in numbers(fact.get("value")):
        if not isinstance(number, int | float) or isinstance(number, bool):
            found.append(f"value: {number!r} is not a number")
        elif not {float(number), round(number * 100, 6)} & said:
            found.append(f"value: {number} does not stand in the statement")
    return found


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.get("id")))
def test_fact_is_sound(fact):
    assert problems(fact) == []


def test_ids_are_unique():
    assert [name for name, count in Counter(fact["id"] for fact in FACTS).items() if count > 1] == []


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_fact_without_source_or_date_is_refused(field, blank):
    assert problems({**FACTS[0], field: blank}) != []
    assert f"{field}: missing or empty" in problems({k: v for k, v in FACTS[0].items() if k != field})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("date", "soon"),
        ("date", "2026-13"),
        ("date", "2025-Q5"),
        ("date", "2025-H3"),
        ("date", "2062"),
        ("date", 2026),
        ("date_type", "recent"),
        ("source_url", "Seller Center"),
        ("source_url", "ftp://example.com/fees"),
        ("confidence", "certain"),
        ("conflict", ["two", "sources"]),
        ("until", "1999"),
        ("until", "next year"),
        ("units", "days"),
    ],
)
def test_a_malformed_field_is_refused_by_name(field, wrong):
    assert any(field in problem for problem in problems({**FACTS[0], field: wrong}))


@pytest.mark.parametrize("wrong", [0.05, "4 %", True, {"limit": 0.05}])
def test_a_value_that_its_statement_does_not_carry_is_refused(wrong):
    fact = next(fact for fact in FACTS if fact["id"] == "us.ldr")
    assert any(problem.startswith("value") for problem in problems({**fact, "value": wrong}))


@pytest.mark.parametrize(
    ("text", "first_day"),
    [
        ("2025", (2025, 1, 1)),
        ("2025-H2", (2025, 7, 1)),
        ("2025-Q4", (2025, 10, 1)),
        ("2026-02", (2026, 2, 1)),
        ("2026-02-18", (2026, 2, 18)),
    ],
)
def test_dates_are_read_as_precisely_as_they_are_written(text, first_day):
    assert parse_date(text) == dt.date(*first_day)


@pytest.mark.parametrize(
    ("confidence", "conflict", "printed"),
    [
        ("official page", None, ""),
        ("official page, excerpt", None, ""),
        ("official page", "One page says 3.", ", sources differ"),
        ("third-party copy of official page", None, ", third-party copy of official page"),
        ("trade press", "One page says 3.", ", trade press, sources differ"),
    ],
)
def test_what_stands_behind_the_date(confidence, conflict, printed):
    assert caveats({"confidence": confidence} | ({"conflict": conflict} if conflict else {})) == printed


def test_an_end_stands_behind_the_date():
    assert (
        date_phrase({"date": "2025-10-26", "until": "2026-01-17"}) == "as of October 26, 2025, until January 17, 2026"
    )


def test_every_confidence_is_explained_at_the_top_of_the_file():
    top = " ".join((FOLDER / "facts.yaml").read_text().split("\n- id:")[0].replace("#", " ").split())
    assert [confidence for confidence in CONFIDENCE if f"{confidence} " not in top] == []


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("fbt.us.rate_single_low_2026", {None: (0.25, "1")}),
        ("fbt.us.rate_4plus_low_2026", {None: (0.25, "4+")}),
        ("fbt.us.rate_4plus_odd", {"lighter": (8, "4+"), "heavier": (9, "4+")}),
        (
            "fbt.us.rate_steps_2026",
            {f"{word}_{lb}_lb": (lb, units) for word, units in (("single", "1"), ("four", "4+")) for lb in (1, 5, 16)},
        ),
    ],
)
def test_a_fee_of_the_card_is_a_row_of_its_table(name, rows):
    fact = next(fact for fact in FACTS if fact["id"] == name)
    card = pd.read_csv(FOLDER / "fbt_rate_card.csv", dtype={"units_per_order": str})
    card = card[
        (card["market"] == "US") & (card["fee_type"] == "fulfillment") & (card["effective_from"] == fact["date"])
    ]
    fees = card.set_index(["tier_to", "units_per_order"])["amount"]
    value = fact["value"]
    assert {key: fees[row] for key, row in rows.items()} == (value if isinstance(value, dict) else {None: value})


def test_the_fee_as_a_share_of_the_basket_follows_from_fee_and_basket():
    said = {fact["id"]: fact.get("value") for fact in FACTS}
    share, basket = said["fbt.us.fee_share_of_basket"], said["mkt.us.basket_2024"]["order"]
    lowest, pound = said["fbt.us.rate_single_low_2026"], said["fbt.us.rate_steps_2026"]["single_1_lb"]
    assert share == {
        "lowest_of_35": round(lowest / basket, 3),
        "pound_of_35": round(pound / basket, 3),
        "lowest_of_25": round(lowest / 25, 3),
        "pound_of_25": round(pound / 25, 3),
    }
