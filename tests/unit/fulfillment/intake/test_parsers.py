"""Texts as people write numbers and dates: what is read, what is reported, what is never guessed."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.intake import parsers


def column(*texts: str) -> pd.Series:
    """Texts of rows 2, 3, ... ."""
    return pd.Series(texts, index=range(2, len(texts) + 2), dtype="str")


def found(findings: list[parsers.Finding]) -> dict[str, list[int]]:
    return {finding.found: finding.cells.index.tolist() for finding in findings}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("12.5", 12.5),
        (".5", 0.5),
        ("1234.567", 1234.567),
        ("1.234", 1.234),
        ("0,125", 0.125),
        ("12,5", 12.5),
        ("1,234", 1234),
        ("1,234,567", 1_234_567),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1.234.567", 1_234_567),
        ("1 234,50", 1234.5),
        ("1\u00a0234 567", 1_234_567),
        ("1'234.50", 1234.5),
        ("$12", 12),
        ("US$ 12", 12),
        ("12 USD", 12),
        ("(12.50)", -12.5),
        ("12-", -12),
        ("-$12", -12),
        ("$-12", -12),
        ("−3", -3),
        ("1.5e3", 1500),
    ],
)
def test_a_number_is_read(text, value):
    values, _ = parsers.numbers(column(text), currency="USD", minimum=None)
    assert values.tolist() == [value]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "see 12",
            "12 pcs",
            "12%",
            "1,23,456",
            "12,34,5",
            "1.2.3",
            "1,2345.6",
            "--3",
            "(-3)",
            "(3",
            "$3 USD",
            "3 4",
            ".",
        ),
        *("1" * 41, "€12", "CAD 12", "R$12", "12e999"),
    ],
)
def test_what_is_no_number_is_missing_and_reported(text):
    values, findings = parsers.numbers(column(text), currency="USD")
    assert values.isna().all()
    assert [finding.action for finding in findings] == [parsers.MISSING]


def test_one_separator_is_read_by_the_files_decimal_mark():
    assert parsers.numbers(column("1,234", "1.234"))[0].tolist() == [1234, 1.234]
    assert parsers.numbers(column("1,234", "1.234"), decimal=",")[0].tolist() == [1.234, 1234]


def test_a_contrary_mark_in_the_column_stops_the_guess():
    values, findings = parsers.numbers(column("1,234", "12,5", "7"))
    assert values.isna().tolist() == [True, False, False]
    assert found(findings) == {"a separator that may be the decimal mark": [2], "decimal mark ','": [3]}


def test_numbers_keep_to_their_bounds():
    values, findings = parsers.numbers(column("6", "0", "2.5", "5"), whole=True, minimum=1, maximum=5)
    assert values.tolist()[3] == 5
    assert values.dtype == "Int64"
    assert found(findings) == {"a number beyond 5": [2], "a number below 1": [3], "a fraction": [4]}


@settings(max_examples=300, deadline=None)
@given(
    st.floats(0, 1e9), st.integers(0, 4), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")])
)
def test_a_written_number_is_read_back(number, digits, marks):
    group, decimal = marks
    shown = f"{number:,.{digits}f}"
    text = shown.translate(str.maketrans({",": group, ".": decimal}))
    assert parsers.numbers(column(text), decimal=decimal)[0].tolist() == [float(shown.replace(",", ""))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025-07-31", "2025-07-31"),
        ("2025/7/31", "2025-07-31"),
        ("2025-07-31T14:05:09Z", "2025-07-31 14:05:09"),
        ("2025-07-31 14:05:09.125", "2025-07-31 14:05:09"),
        ("2025-07-31 14:05+02:00", "2025-07-31 12:05:00"),
        ("2025-07-31 14:05 -0330", "2025-07-31 17:35:00"),
        ("7/31/2025", "2025-07-31"),
        ("31/7/2025", "2025-07-31"),
        ("31.07.2025", "2025-07-31"),
        ("7/7/2025", "2025-07-07"),
        ("7/31/25 2:05 pm", "2025-07-31 14:05:00"),
        ("7/31/2025 12:05 AM", "2025-07-31 00:05:00"),
        ("31-Jul-25", "2025-07-31"),
        ("31 July 2025", "2025-07-31"),
        ("2-Sept-98", "1998-09-02"),
        ("Jul 31, 2025", "2025-07-31"),
        ("July 31 2025 09:00", "2025-07-31 09:00:00"),
        ("20250731", "2025-07-31"),
    ],
)
def test_a_time_is_read(text, value):
    assert parsers.times(column(text))[0].tolist() == [pd.Timestamp(value)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "asap",
            "30-Feb-25",
            "13/13/2025",
            "2/30/2025",
            "2025-13-01",
            "31-Foo-25",
            "7/31/2025 13:05 pm",
            "2025-07-31 25:00",
        ),
        *("45869", "1/1/1900", "9999-12-31", "3/4/2025", "0000-00-00", "2025-07", "0001-01-01 00:00+05:00"),
    ],
)
def test_what_is_no_time_is_missing_and_reported(text):
    values, findings = parsers.times(column(text))
    assert values.isna().all()
    assert values.dtype == "datetime64[us]"
    assert [finding.action for finding in findings] == [parsers.MISSING]


def test_two_numbers_are_told_apart_by_the_column_or_the_mapping():
    assert parsers.times(column("3/4/2025", "25/4/2025"))[0].tolist()[0] == pd.Timestamp("2025-04-03")
    assert parsers.times(column("3/4/2025", "4/25/2025"))[0].tolist()[0] == pd.Timestamp("2025-03-04")
    assert parsers.times(column("3/4/2025"), day_first=True)[0].tolist() == [pd.Timestamp("2025-04-03")]
    assert parsers.times(column("3/4/2025"), day_first=False)[0].tolist() == [pd.Timestamp("2025-03-04")]


def test_both_orders_in_a_column_leave_the_doubtful_cells_missing():
    values, findings = parsers.times(column("3/4/2025", "25/4/2025", "4/26/2025", "5/5/2025"))
    assert values.dropna().dt.strftime("%F").tolist() == ["2025-04-25", "2025-04-26", "2025-05-05"]
    assert found(findings) == {
        "day or month first: the column does not say": [2],
        "the day first in some cells, the month first in others": [3, 4],
    }


def test_a_date_against_the_mapping_is_not_turned_round():
    values, findings = parsers.times(column("25/4/2025", "4/3/2025"), day_first=False)
    assert values.isna().tolist() == [True, False]
    assert found(findings) == {"a date in the other order": [2]}


@pytest.mark.parametrize(
    ("texts", "ends"),
    [
        (("2025-07-03", "2025-07-04"), ["2025-07-03 23:59:59", "2025-07-04 23:59:59"]),
        (("2025-07-03 00:00:00", "2025-07-04 00:00:00"), ["2025-07-03 23:59:59", "2025-07-04 23:59:59"]),
        (("2025-07-03 12:00", "2025-07-04"), ["2025-07-03 12:00:00", "2025-07-04 23:59:59"]),
        (("2025-07-03 12:00", "2025-07-04 00:00"), ["2025-07-03 12:00:00", "2025-07-04 00:00:00"]),
    ],
)
def test_a_deadline_without_time_of_day_lasts_until_the_days_end(texts, ends):
    assert parsers.times(column(*texts), deadline=True)[0].astype(str).tolist() == ends


FORMS = ["%Y-%m-%d", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d", "%d %b %y"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2068, 12, 31)), st.sampled_from(FORMS)), min_size=1))
def test_a_written_date_is_read_back(days):
    values, findings = parsers.times(column(*(f"{day:{form}}" for day, form in days)))
    assert values.dt.date.tolist() == [day for day, _ in days]
    assert all(finding.action == parsers.KEPT for finding in findings)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.dates(date(1990, 1, 1), date(2099, 12, 31)), min_size=1), st.booleans())
def test_a_date_in_numbers_is_read_right_or_not_at_all(days, day_first):
    texts = [f"{day:{'%d/%m/%Y' if day_first else '%m/%d/%Y'}}" for day in days]
    values, _ = parsers.times(column(*texts))
    assert all(pd.isna(value) or value.date() == day for value, day in zip(values, days, strict=True))
    stated, _ = parsers.times(column(*texts), day_first=day_first)
    assert stated.dt.date.tolist() == days


def test_values_that_are_not_there():
    left, findings = parsers.strip_nulls(column("a", "", " N/A", "#REF!", " b "))
    assert left.tolist() == ["a", "b"]
    assert found(findings) == {"spaces around the value": [6], "no value": [3, 4, 5]}
    assert found(parsers.strip_nulls(column("", "b"), may_be_empty=True)[1]) == {}
    assert parsers.strip_nulls(column("NA", ""), nulls=("",))[0].tolist() == ["NA"]


def test_flags():
    values, findings = parsers.flags(column("Y", "false", "2"))
    assert values.tolist() == [True, False, pd.NA]
    assert found(findings) == {"neither yes nor no": [4]}


def test_text_keeps_what_it_is_and_shows_its_damage():
    texts = ["Air", "Air", " ".join(["A", "B"]), "A  b", "1.23457E+14", "Ã¼ber", "two\nlines", "NaÃ¯ve"]
    values, findings = parsers.texts(column(*texts))
    assert values.tolist() == texts
    assert found(findings) == {
        "a spelling that differs only in case or spaces": [5],
        "a long number cut short by a spreadsheet": [6],
        "letters damaged by a wrong encoding": [7, 9],
        "a line break in a cell": [8],
    }


@pytest.mark.parametrize("read", [parsers.numbers, parsers.times, parsers.flags, parsers.texts])
def test_a_column_without_any_value(read):
    values, findings = read(column())
    assert values.empty
    assert findings == []
