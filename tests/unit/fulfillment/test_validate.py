"""What comes in is read as it is plainly meant, or refused in words; nothing of pandas' or NumPy's own reaches a reader."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import arguments as arg
from fulfillment import calendar, validate

MISSING = [None, float("nan"), pd.NaT, pd.NA, "", "  "]
ANYTHING = st.one_of(
    st.sampled_from(MISSING),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=12),
    st.decimals(),
    st.complex_numbers(),
    st.binary(max_size=4),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.timedeltas(),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.integers(), st.integers(), max_size=2),
    st.from_regex(r"\d{1,4}-\d{1,2}-\d{1,2}( \d\d:\d\d)?", fullmatch=True),
)
COLUMNS = [
    validate.number_column, validate.count_column,
    validate.flag_column, validate.key_column, validate.time_column,
]  # fmt: skip


def is_blank(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    return cell.is_nan() if isinstance(cell, Decimal) else pd.isna(cell) is True


@pytest.mark.parametrize("gate", COLUMNS)
@given(cells=st.lists(ANYTHING, max_size=6), twice=st.booleans())
def test_any_cells_are_read_or_refused_by_name(gate, cells, twice):
    column = pd.Series(cells, index=[7] * len(cells) if twice else None, dtype="object")
    told, found = "", None
    try:
        found = gate("field", column)
    except ValueError as error:
        told = str(error)
    if found is None:
        assert told.startswith("field: ")
        assert ", expected " in told
    else:
        assert found.index.equals(column.index)
        assert found.isna().tolist() == [is_blank(cell) for cell in cells]


@pytest.mark.parametrize(
    ("gate", "cells", "read"),
    [
        (validate.number_column, ["8", " 2.5 ", Decimal("1.5"), np.float32(2), "1e3"], [8.0, 2.5, 1.5, 2.0, 1000.0]),
        (validate.number_column, pd.array([1, None], "Int64"), [1.0, pd.NA]),
        (validate.count_column, ["8", 2.0], [8.0, 2.0]),
        (validate.flag_column, ["Yes", "n", 1, 0.0, "TRUE", np.True_], [True, False, True, False, True, True]),
        (validate.flag_column, pd.Series([1.0, None]), [True, pd.NA]),
        (validate.key_column, [17850.0, 17850, "00123"], ["17850", "17850", "00123"]),
        (validate.key_column, pd.Categorical(["a", None]), ["a", pd.NA]),
        (
            validate.time_column,
            ["2025-07-10", dt.date(2025, 7, 10), np.datetime64("2025-07-10"), "2025-07-10T00:00:00-07:00"],
            [pd.Timestamp("2025-07-10")] * 4,
        ),
    ],
)
def test_what_is_plainly_meant_is_converted(gate, cells, read):
    assert str(gate("field", pd.Series(cells)).tolist()) == str(read)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: validate.number_column("zone", pd.Series(["2", "1,234"])),
            "zone: '1,234' in row 1, expected a finite",
        ),
        (lambda: validate.number_column("zone", pd.Series([True])), "zone: True in row 0, expected a finite number"),
        (
            lambda: validate.number_column("zone", pd.Series([1, np.inf])),
            "zone: inf in row 1, expected a finite number",
        ),
        (lambda: validate.flag_column("lost", pd.Series([2])), "lost: 2 in row 0, expected yes or no"),
        (lambda: validate.key_column("id", pd.Series([1.5])), "id: 1.5 in row 0, expected text or a whole number"),
        (lambda: validate.time_column("due", pd.Series([20250710])), "due: 20250710 in row 0, expected a time such as"),
        (
            lambda: validate.time_column("due", pd.Series(["2025-11-01T10:00-07:00", "2025-11-03T10:00-08:00"])),
            "due: '2025-11-03 10:00:00-08:00' in row 1, expected one zone, as UTC-07:00 before",
        ),
        (lambda: validate.key_column("id", pd.Series(["a", None]), "ab", False), "id: nan in row 1, expected a or b$"),
        (lambda: arg.amounts(arg.ABOVE_0)("rate", [1, 0]), "rate: 0 in row 1, expected a finite number above 0"),
        (lambda: arg.amounts()("rate", [np.inf]), "rate: inf in row 0, expected a finite number"),
        (lambda: arg.amounts()("rate", ["8", "eight"]), "rate: 'eight' in row 1, expected a finite number"),
        (lambda: arg.amounts()("rate", pd.array([1, None], "Int64")), "rate: nan, expected a finite number"),
        (lambda: arg.amounts()("rate", 8), "rate: 8, expected a list of numbers"),
        (lambda: arg.amount(0)("size", 1e16), "size: 1e[+]16, expected a number of at most a quadrillion [(]1e15[)]"),
        (lambda: arg.array(0)("days", [[1, 2], [3, -4]]), "days: -4 in row 3, expected a finite number of at least 0"),
        (lambda: validate.number("at", None, 0, 1), "at: None, expected a number from 0 to 1"),
        (lambda: validate.moment("as_of", pd.NaT), "as_of: NaT, expected a time such as"),
    ],
)
def test_what_is_not_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


# The clock of a zone --------------------------------------------------------------------------------------------------

LOCAL = pd.Series(pd.to_datetime(["2025-07-11 13:30", None]))
ZONED = LOCAL.dt.tz_localize("America/Los_Angeles")


@pytest.mark.parametrize(
    "count",
    [
        calendar.week_of,
        lambda times: calendar.planned_dispatch(times, 14),
        lambda times: calendar.business_day_deadline(times, 2),
        lambda times: calendar.delivery_days_between(times, times + pd.Timedelta(days=3)),
    ],
)
def test_a_zone_moves_no_day_and_what_is_missing_stays_missing(count):
    pd.testing.assert_series_equal(count(ZONED), count(LOCAL))
    assert count(LOCAL).isna().tolist() == [False, True]
    assert calendar.planned_dispatch(ZONED, 14)[0] == pd.Timestamp("2025-07-11")
