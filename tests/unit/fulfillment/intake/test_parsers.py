"""Texts as people write numbers and dates: what is read, what is reported, what is never guessed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.intake.parsers import KEPT, MISSING
from tests.unit.fulfillment.intake.cells import read, tagged


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("12.5", 12.5),
        (".5", 0.5),
        ("007", 7),
        ("1234.567", 1234.567),
        ("0,125", 0.125),
        ("12,5", 12.5),
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
        ("$12.50", 12.5),
        ("(12.50)", -12.5),
        ("($1,012.50)", -1012.5),
        ("12-", -12),
        ("-$12", -12),
        ("$-12", -12),
        ("−3", -3),
        ("1.5e3", 1500),
        ('="0012"', 12),
    ],
)
@pytest.mark.parametrize("name", ["value_usd", "value"])
def test_a_number_is_read(text, value, name):
    assert read("money", text, name=name)[0] == [value]


@pytest.mark.parametrize(
    "text",
    [
        *("see 12", "12 pcs", "12%", "1,23,456", "12,34,5", "1.2.3", "1,2345.6", "--3", "(-3)", "(3", "$3 USD", "3 4"),
        *("1" * 41, "€12", "CAD 12", "R$12", "12e999", "0,123,456"),
    ],
)
def test_what_is_no_number_is_missing_and_reported(text):
    values, tags = tagged("money", text, name="value_usd")
    assert values == [None]
    assert [tag.action for tag in tags] == [MISSING]


@pytest.mark.parametrize("text", ["539.577", "1,234", "1.234"])
def test_one_separator_before_three_digits_is_asked_about(text):
    values, tags = tagged("number", text, "7")
    assert values == [None, 7]
    (tag,) = tags
    assert tag.found == "a separator that may be the decimal mark"
    assert tag.expected == "decimal '.' or ',' in the mapping"


@pytest.mark.parametrize(
    ("texts", "settings", "value"),
    [
        (("539.577",), {"decimal": "."}, 539.577),
        (("539.577",), {"decimal": ","}, 539577),
        (("539.577",), {"thousands": "."}, 539577),
        (("539.577",), {"thousands": ""}, 539.577),
        (("539.577",), {"thousands": "'"}, 539.577),
        (("1,234",), {"decimal": "."}, 1234),
        (("1,234", "12.5"), {}, 1234),
        (("1,234", "1,234,567"), {}, 1234),
        (("539.577", "12,50"), {}, 539577),
        (("539.577", "0.250"), {}, 539.577),
    ],
)
def test_the_mapping_or_the_column_says_what_a_separator_is(texts, settings, value):
    assert read("number", *texts, **settings)[0][0] == value


def test_a_whole_number_has_no_decimal_mark():
    values, found = read("whole", "1,234", "5")
    assert values == [1234, 5]
    assert found == {"thousands separators": [2]}


def test_a_separator_read_as_the_decimal_mark_is_reported():
    values, found = read("number", "1,200", "100,5")
    assert values == [1.2, 100.5]
    assert found["one ',' before three digits, as decimal mark"] == [2]


def test_contrary_marks_in_the_column_stop_the_guess():
    values, found = read("number", "1,234", "12,5", "7.5")
    assert values == [None, 12.5, 7.5]
    assert found == {"a separator that may be the decimal mark": [2], "decimal mark ','": [3]}
    assert read("number", "1,234", "12,5", decimal=".")[0] == [None, 12.5]


def test_separators_that_the_mapping_excludes_are_missing():
    values, found = read("number", "1,234.5", "7", thousands="")
    assert values == [None, 7]
    assert found == {"thousands separators": [2]}


def test_a_minus_is_kept_and_asked_about_until_the_mapping_says_what_it_means():
    values, tags = tagged("money", "(400.00)", "-3", "5")
    assert values == [-400, -3, 5]
    assert [(tag.found, tag.action, rows) for tag, rows in tags.items()] == [
        ("a negative number", "kept as negative", [2, 3])
    ]
    assert next(iter(tags)).expected == "sign 'either', 'positive' or 'reversed' in the mapping"
    assert read("money", "(400.00)", "5", sign="either") == ([-400, 5], {})
    assert read("money", "(400.00)", "-5", sign="reversed") == ([400, 5], {})
    assert read("money", "-4", "5", sign="positive") == ([None, 5], {"a number below 0": [2]})


def test_numbers_keep_to_their_bounds():
    values, found = read("whole", "6", "0", "2.5", "5", minimum=1, maximum=5)
    assert values == [None, None, None, 5]
    assert found == {"a number below 1": [3], "a number beyond 5": [2], "a fraction": [4]}


def test_signs_of_several_currencies_are_told_apart():
    values, found = read("money", "$1", "$2", "€3", "4")
    assert values == [1, 2, None, 4]
    assert found == {"a currency sign": [2, 3], "the sign of another currency": [4]}
    assert read("money", "€3", currency="EUR")[0] == [3]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 1e9), st.integers(0, 4), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")])
)
def test_a_written_number_is_read_back(number, digits, marks):
    group, decimal = marks
    shown = f"{number:,.{digits}f}"
    text = shown.translate(str.maketrans({",": group, ".": decimal}))
    assert read("number", text, decimal=decimal)[0] == [float(shown.replace(",", ""))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025-07-31", "2025-07-31"),
        ("2025/7/31", "2025-07-31"),
        ("2025-07-31T14:05:09Z", "2025-07-31 14:05:09"),
        ("2025-07-31 14:05:09.125", "2025-07-31 14:05:09.125"),
        ("2025-07-31 14:05+02:00", "2025-07-31 14:05:00"),
        ("2025-10-01 08:00:00+00", "2025-10-01 08:00:00"),
        ("Oct 1, 2025 12:03:04 AM PDT", "2025-10-01 00:03:04"),
        ("7/31/2025", "2025-07-31"),
        ("31/7/2025", "2025-07-31"),
        ("31.07.2025", "2025-07-31"),
        ("7/7/2025", "2025-07-07"),
        ("7/31/2025, 2:05 pm", "2025-07-31 14:05:00"),
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
    assert read("time", text)[0] == [datetime.fromisoformat(value)]


@pytest.mark.parametrize(
    "text",
    [
        *("asap", "30-Feb-25", "13/13/2025", "2/30/2025", "2025-13-01", "31-Foo-25", "7/31/2025 13:05 pm", "25:00"),
        *("45869", "1/1/1900", "9999-12-31", "3/4/2025", "0000-00-00", "2025-07", "0001-01-01 00:00+05:00", "12345678"),
    ],
)
def test_what_is_no_time_is_missing_and_reported(text):
    values, tags = tagged("time", text)
    assert values == [None]
    assert [tag.action for tag in tags] == [MISSING]


def test_two_numbers_are_told_apart_by_the_column_or_the_mapping():
    assert read("time", "3/4/2025", "25/4/2025")[0][0] == datetime(2025, 4, 3)
    assert read("time", "3/4/2025", "4/25/2025")[0][0] == datetime(2025, 3, 4)
    assert read("time", "3/4/2025", date_order="dmy")[0] == [datetime(2025, 4, 3)]
    assert read("time", "3/4/2025", date_order="mdy")[0] == [datetime(2025, 3, 4)]


def test_a_year_of_two_digits_may_stand_first():
    values, tags = tagged("time", "25-07-13", "25-07-14")
    assert values == [None, None]
    assert any("date_order 'dmy' or 'ymd' in the mapping" in tag.expected for tag in tags)
    assert read("time", "25-07-13", date_order="ymd")[0] == [datetime(2025, 7, 13)]
    assert read("time", "25-07-13", date_order="dmy")[0] == [datetime(2013, 7, 25)]
    assert read("time", "07-08-09", "07-31-09", "12-13-14")[0] == [
        datetime(2009, 7, 8),
        datetime(2009, 7, 31),
        datetime(2014, 12, 13),
    ]


def test_both_orders_in_a_column_leave_the_doubtful_cells_missing():
    values, found = read("time", "3/4/2025", "25/4/2025", "4/26/2025", "5/5/2025")
    assert values == [None, datetime(2025, 4, 25), datetime(2025, 4, 26), datetime(2025, 5, 5)]
    assert found == {
        "day or month first: the column does not say": [2],
        "the day first in some cells, the month first in others": [3, 4],
    }


def test_a_date_against_the_mapping_is_not_turned_round():
    values, found = read("time", "25/4/2025", "4/3/2025", date_order="mdy")
    assert values == [None, datetime(2025, 4, 3)]
    assert found == {"a date in the other order": [2]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025-07-10T20:00:00-07:00", "2025-07-10 20:00:00"),
        ("2025-07-11T03:00:00Z", "2025-07-10 20:00:00"),
        ("Jul 10, 2025 11:00 PM EDT", "2025-07-10 20:00:00"),
        ("2025-07-10 22:00 CST", "2025-07-10 21:00:00"),
        ("2025-07-10 20:00", "2025-07-10 20:00:00"),
        ("2025-12-10 20:00:00-08:00", "2025-12-10 20:00:00"),
    ],
)
def test_an_offset_is_read_on_the_clock_of_the_zone(text, value):
    assert read("time", text, zone="America/Los_Angeles")[0] == [datetime.fromisoformat(value)]


def test_without_a_zone_a_time_stays_on_the_clock_it_was_written_on():
    values, tags = tagged("time", "2025-07-10T20:00:00-07:00")
    assert values == [datetime(2025, 7, 10, 20)]
    (tag,) = tags
    assert (tag.found, tag.action) == ("a UTC offset", "kept on the clock it was written on")
    assert "zone in the mapping" in tag.expected
    assert read("time", "2025-07-10 20:00 IST", zone="America/Denver")[1] == {
        "a clock's name that several zones have": [2]
    }


FORMS = ["%Y-%m-%d", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d", "%d %b %y"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2068, 12, 31)), st.sampled_from(FORMS)), min_size=1))
def test_a_written_date_is_read_back(days):
    values, tags = tagged("time", *(f"{day:{form}}" for day, form in days))
    assert [value.date() for value in values] == [day for day, _ in days]
    assert all(tag.action == KEPT for tag in tags)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dates(date(1990, 1, 1), date(2099, 12, 31)), min_size=1), st.booleans())
def test_a_date_in_numbers_is_read_right_or_not_at_all(days, day_first):
    texts = [f"{day:{'%d/%m/%Y' if day_first else '%m/%d/%Y'}}" for day in days]
    values, _ = read("time", *texts)
    assert all(value is None or value.date() == day for value, day in zip(values, days, strict=True))
    stated, _ = read("time", *texts, date_order="dmy" if day_first else "mdy")
    assert [value.date() for value in stated] == days


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31))
WRITTEN = ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%Y%m%d %H:%M:%S"]


@settings(max_examples=60, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=5), st.sampled_from(WRITTEN), st.integers(-720, 720))
def test_a_moment_is_the_same_however_it_is_written(moments, form, ahead):
    whole = [moment.replace(microsecond=0) for moment in moments]
    order = "dmy" if form.startswith("%d") else "mdy"
    assert read("time", *(f"{moment:{form}}" for moment in whole), date_order=order)[0] == whole
    offset = f"{'-' if ahead < 0 else '+'}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}"
    texts = [f"{moment + timedelta(minutes=ahead):{form}}{offset}" for moment in whole if moment.year < 2099]
    assert read("time", *texts, date_order=order, zone="UTC")[0] == whole[: len(texts)] or len(texts) < len(whole)


def test_values_that_are_not_there():
    values, found = read("text", "a", "", " N/A", "#REF!", " b ")
    assert values == ["a", None, None, None, "b"]
    assert found == {"spaces around the value": [6], "no value": [3, 4, 5]}
    assert read("text", "", "b", may_be_empty=True)[1] == {}
    assert read("text", "NA", "", nulls=("",))[0] == ["NA", None]


def test_flags():
    values, found = read("flag", "Y", "false", "2", "ja")
    assert values == [True, False, None, True]
    assert found == {"neither yes nor no": [4]}


def test_a_mark_that_says_yes_leaves_the_empty_cell_to_the_mapping():
    values, tags = tagged("flag", "X", "", "x")
    assert values == [True, None, True]
    assert [tag.expected for tag in tags] == ["blank_is_no in the mapping, if an empty cell says no"]
    assert read("flag", "X", "", "x", blank_is_no=True) == ([True, False, True], {})


def test_text_keeps_what_it_is_and_shows_its_damage():
    texts = ["Air", "Air", " ".join(["A", "B"]), "A  b", "1.23457E+14", "Ã¼ber", "two\nlines", "NaÃ¯ve"]
    values, found = read("text", *texts)
    assert values == texts
    assert found == {
        "letters damaged by a wrong encoding": [7, 9],
        "a long number cut short by a spreadsheet": [6],
        "a line break in a cell": [8],
        "a spelling that differs only in case or spaces": [5],
    }


def test_a_spelling_is_measured_by_the_commonest():
    assert read("text", "air", "Air", "AIR", "Air")[1] == {"a spelling that differs only in case or spaces": [2, 4]}


def test_identifiers_come_back_as_they_were():
    values, tags = tagged("text", "17850.0", "12", "13.00", name="order_id")
    assert values == ["17850", "12", "13"]
    assert [(tag.action, rows) for tag, rows in tags.items()] == [("read without it", [2, 4])]
    assert read("text", "17850.0", "A12", name="order_id")[0] == ["17850.0", "A12"]
    assert read("text", "17850.0", name="version")[0] == ["17850.0"]
    assert read("text", '="00123"', name="order_id") == (["00123"], {"a formula around the value": [2]})
