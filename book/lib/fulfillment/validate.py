"""What input must be, said once: numbers, counts, rates, times, flags, keys; columns, rows.

Each gate hands back what is plainly meant ("8" is 8, "2025-07-10" a day, 1 a yes, 17850.0 the key 17850) or raises a
ValueError that names the field, the value, its row and what was expected. A cell without a value stays missing: None,
NaN, NaT, pd.NA and an empty text alike. The columns that come back are pandas' nullable ones, so that what is compared
with a missing value is missing and not False.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from numbers import Real
from typing import Any, NoReturn

import numpy as np
import pandas as pd

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_LOCAL_TIME = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
_TIME = re.compile(_LOCAL_TIME + r"(Z|[+-]\d\d:?\d\d)?")
_FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
A_TIME = "a time such as 2025-07-10 13:30"
YEARS = (1678, 2261)  # those that every resolution of a time can hold


def refuse(name: str, value: Any, expected: str, row: Any = None) -> NoReturn:
    """Raise the ValueError that says what was expected.

    >>> refuse("beside", "X", "yes or no")
    Traceback (most recent call last):
    ValueError: beside: 'X', expected yes or no
    """
    shown = repr(value.item() if isinstance(value, np.generic) else value)
    shown = str(value) if isinstance(value, pd.Timestamp) else shown
    where = "" if row is None else f" in row {row_name(row)}"
    raise ValueError(f"{name}: {shown if len(shown) <= 80 else f'{shown[:77]}...'}{where}, expected {expected}")


def row_name(row: Any) -> str:
    """A row as a message calls it: a day without its midnight.

    >>> row_name(pd.Timestamp("2025-07-10")), row_name(pd.Timestamp("2025-07-10 13:30")), row_name(4)
    ('2025-07-10', '2025-07-10 13:30:00', '4')
    """
    return f"{row:%F}" if isinstance(row, pd.Timestamp) and row == row.normalize() else str(row)


def limits(least: float, most: float, kind: str = "number") -> str:
    """The range in words.

    >>> limits(-np.inf, np.inf), limits(0, np.inf), limits(np.finfo(float).tiny, np.inf), limits(0, 1)
    ('a finite number', 'a finite number of at least 0', 'a finite number above 0', 'a number from 0 to 1')
    >>> limits(np.finfo(float).tiny, 1), limits(1, 1e7, "whole number")
    ('a number above 0 and at most 1', 'a whole number from 1 to 10,000,000')
    """
    if np.isfinite(most):
        if 0 < least < 1e-300:
            return f"a {kind} above 0 and at most {most:,.15g}"
        from_to = f"a {kind} from {least:,.15g} to {most:,.15g}"
        return from_to if np.isfinite(least) else f"a {kind} of at most {most:,.15g}"
    kind = f"finite {kind}" if kind == "number" else kind
    if not np.isfinite(least):
        return f"a {kind}"
    return f"a {kind} above 0" if 0 < least < 1e-300 else f"a {kind} of at least {least:,.15g}"


# One value


def number(name: str, value: Any, least: float = -np.inf, most: float = np.inf) -> float:
    """One number, as a float.

    Parameters
    ----------
    name : what the caller knows it by.
    value : a number, or text that is one.
    least, most : the range allowed, both ends in it.

    Raises
    ------
    ValueError if it is missing, no number, not finite or out of range.

    >>> number("at", "0.9", 0, 1)
    0.9
    >>> number("at", 90, 0, 1)
    Traceback (most recent call last):
    ValueError: at: 90, expected a number from 0 to 1
    """
    found = _as_number(value)
    if found is None or not np.isfinite(found) or not least <= found <= most:
        refuse(name, value, limits(least, most))
    return found


def moment(name: str, value: Any) -> pd.Timestamp:
    """One time, on its local clock.

    Parameters
    ----------
    name : what the caller knows it by.
    value : Timestamp, datetime, date or ISO text; a zone is dropped, its clock kept.

    Raises
    ------
    ValueError if it is missing or no time.

    >>> moment("as_of", "2025-07-10 23:59")
    Timestamp('2025-07-10 23:59:00')
    >>> moment("as_of", "7/10/2025")
    Traceback (most recent call last):
    ValueError: as_of: '7/10/2025', expected a time such as 2025-07-10 13:30
    """
    time = _as_time(value)
    if time is None:
        refuse(name, value, A_TIME)
    return pd.Timestamp(time.replace(tzinfo=None))


# Columns


def number_column(name: str, column: pd.Series, least: float = -np.inf, most: float = np.inf) -> pd.Series:
    """A column of numbers.

    Parameters
    ----------
    name : what the caller knows it by.
    column : numbers of any type, or text that is one ("1,234" is not: it may be two numbers).
    least, most : the range allowed, both ends in it.

    Returns
    -------
    Series, ``Float64``, with the column's index.

    Raises
    ------
    ValueError naming the first cell that is no number, not finite or out of range.

    >>> number_column("zone", pd.Series(["8", None, 2.5])).tolist()
    [8.0, <NA>, 2.5]
    >>> number_column("zone", pd.Series(["8", "far"]))
    Traceback (most recent call last):
    ValueError: zone: 'far' in row 1, expected a finite number
    """
    return _numbers(name, column, least, most, "number")


def count_column(name: str, column: pd.Series, least: float = 0) -> pd.Series:
    """A column of whole numbers of at least ``least``, as ``number_column`` gives it.

    >>> count_column("units", pd.Series([2, 1.5]))
    Traceback (most recent call last):
    ValueError: units: 1.5 in row 1, expected a whole number of at least 0
    """
    found = _numbers(name, column, least, np.inf, "whole number")
    _refuse_first(name, column, (found % 1 != 0).fillna(False), limits(least, np.inf, "whole number"))
    return found


def _as_number(value: Any) -> float | None:
    """A cell as a float; None where it is none."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Decimal) and value.is_snan():
        return None
    if isinstance(value, Real | Decimal):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else None


def is_numbers(column: pd.Series) -> bool:
    """Whether each cell that holds something is a number, or text that is one.

    >>> is_numbers(pd.Series(["8", None])), is_numbers(pd.Series(["2025-07-10"]))
    (True, False)
    """
    return all(_is_missing(cell) or _as_number(cell) is not None for cell in column.astype("object"))


def _numbers(name: str, column: pd.Series, least: float, most: float, kind: str) -> pd.Series:
    expected = limits(least, most, kind)
    if pd.api.types.is_any_real_numeric_dtype(column.dtype):
        found = column.astype("Float64")
    else:
        found = pd.Series(_each(name, column, _as_number, expected), column.index, dtype="Float64")
    outside = ((found < least) | (found > most) | (found.abs() == np.inf)).fillna(False)
    _refuse_first(name, column, outside, expected)
    return found


def _refuse_first(name: str, column: pd.Series, wrong: pd.Series, expected: str) -> None:
    if wrong.any():
        at = int(np.argmax(wrong.to_numpy(bool)))
        refuse(name, column.iloc[at], expected, column.index[at])


def _each(name: str, column: pd.Series, read: Callable[[Any], Any], expected: str) -> list[Any]:
    """What ``read`` makes of each cell that holds something, and None for the others; refused where it makes nothing."""
    told: list[Any] = []
    for row, cell in zip(column.index, column.astype("object"), strict=True):
        if _is_missing(cell):
            told.append(None)
        elif (value := read(cell)) is None:
            refuse(name, cell, expected, row)
        else:
            told.append(value)
    return told


def _is_missing(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, Decimal):
        return cell.is_nan()  # pandas raises on one that signals
    return pd.api.types.is_scalar(cell) and bool(pd.isna(cell))


def flag_column(name: str, column: pd.Series) -> pd.Series:
    """A column of yes and no.

    Parameters
    ----------
    name : what the caller knows it by.
    column : booleans, 0 and 1, or text: true and false, yes and no, y and n, 1 and 0, in any case.

    Returns
    -------
    Series, ``boolean``: a missing flag is neither.

    Raises
    ------
    ValueError naming the first cell that is neither.

    >>> flag_column("lost", pd.Series(["Yes", None, 0])).tolist()
    [True, <NA>, False]
    >>> flag_column("lost", pd.Series([True, "X"]))
    Traceback (most recent call last):
    ValueError: lost: 'X' in row 1, expected yes or no (True or False)
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    return pd.Series(_each(name, column, _as_flag, "yes or no (True or False)"), column.index, dtype="boolean")


def _as_flag(value: Any) -> bool | None:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, Real) and value in (0, 1):
        return bool(value)
    return _FLAGS.get(value.strip().lower()) if isinstance(value, str) else None


def key_column(name: str, column: pd.Series, one_of: Iterable[str] = (), blank: bool = True) -> pd.Series:
    """A column of ids or of categories, as text.

    Parameters
    ----------
    name : what the caller knows it by.
    column : text or whole numbers; 17850.0, as a gap among whole numbers makes them, is 17850.
    one_of : the values allowed; any by default.
    blank : whether a cell may hold none of them.

    Returns
    -------
    Series, ``string``: compared with a missing id, nothing is known.

    Raises
    ------
    ValueError naming the first cell that is no key, or none of ``one_of``.

    >>> key_column("sku_id", pd.Series([17850.0, None])).tolist()
    ['17850', <NA>]
    >>> key_column("cancel_fault", pd.Series(["Buyer"]), ("buyer", "operator"))
    Traceback (most recent call last):
    ValueError: cancel_fault: 'Buyer' in row 0, expected buyer or operator, or nothing
    """
    told = pd.Series(_each(name, column, _as_key, "text or a whole number"), column.index, dtype="string")
    if allowed := list(one_of):
        expected = f"{', '.join(allowed[:-1])} or {allowed[-1]}{', or nothing' if blank else ''}"
        _refuse_first(name, column, ~told.isin(allowed) & (told.notna() | (not blank)), expected)
    return told


def _as_key(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    whole = isinstance(value, Real) and not isinstance(value, bool | np.bool_) and float(value).is_integer()
    return str(int(value)) if whole else None


def unique(name: str, table: pd.DataFrame, key: Iterable[str]) -> None:
    """Refuse a table in which two rows have the same key; rows that lack a part of it have none.

    >>> unique("skus", pd.DataFrame({"sku_id": ["K1", None, None, "K1"]}), ["sku_id"])
    Traceback (most recent call last):
    ValueError: skus: sku_id 'K1' in row 3, expected each key once
    """
    columns = list(key)
    known = table[columns].dropna()
    again = known[known.duplicated()]
    if len(again):
        shown = ", ".join(f"{column} {again[column].iloc[0]!r}" for column in columns)
        raise ValueError(f"{name}: {shown} in row {again.index[0]}, expected each key once")


# Times


def time_column(name: str, column: pd.Series) -> pd.Series:
    """A column of times, on their local clock.

    Parameters
    ----------
    name : what the caller knows it by.
    column : datetimes, dates or ISO text; without a zone, or all with the same one.

    Returns
    -------
    Series, ``datetime64[us]`` without a zone: 20:00 in Los Angeles stays 20:00.

    Raises
    ------
    ValueError naming the first cell that is no time or has another zone: "7/10/2025" may be of July or of October.

    >>> time_column("due", pd.Series(["2025-07-10", None, "2025-07-10T20:00:00-07:00"])).astype(str).tolist()
    ['2025-07-10 00:00:00', nan, '2025-07-10 20:00:00']
    >>> time_column("due", pd.Series(["7/10/2025"]))
    Traceback (most recent call last):
    ValueError: due: '7/10/2025' in row 0, expected a time such as 2025-07-10 13:30
    """
    return _clock(name, column)[0]


def time_columns(columns: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """Columns of times that are compared with one another: as ``time_column`` gives them, all on one clock.

    Parameters
    ----------
    columns : name -> column.

    Raises
    ------
    ValueError as ``time_column``; also naming two columns whose zones differ.

    >>> one, other = (pd.Series(pd.to_datetime(["2025-07-10"])).dt.tz_localize(zone) for zone in ("UTC", "Asia/Tokyo"))
    >>> time_columns({"sent": one, "came": other})
    Traceback (most recent call last):
    ValueError: came: times of zone Asia/Tokyo beside sent of UTC, expected one zone
    """
    found: dict[str, pd.Series] = {}
    zones: dict[str, str] = {}
    for name, column in columns.items():
        found[name], zone = _clock(name, column)
        if zone is not None:
            zones[zone] = zones.get(zone, name)
    if len(zones) > 1:
        (one, first), (other, second) = list(zones.items())[:2]
        raise ValueError(f"{second}: times of zone {other} beside {first} of {one}, expected one zone")
    return found


def _clock(name: str, column: pd.Series) -> tuple[pd.Series, str | None]:
    """The times on their local clock, and the one zone that any of them has."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_localize(None).astype("datetime64[us]"), str(column.dt.tz)
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column.astype("datetime64[us]"), None
    if isinstance(column.dtype, pd.StringDtype) and column.dropna().str.fullmatch(_LOCAL_TIME).all():
        times = pd.to_datetime(column, format="ISO8601", errors="coerce").astype("datetime64[us]")
        if (times.isna() == column.isna()).all() and times.dropna().dt.year.between(*YEARS).all():
            return times, None
    told = _each(name, column, _as_time, A_TIME)
    zone: str | None = None
    for row, value in zip(column.index, told, strict=True):
        own = str(value.tzinfo) if value is not None and value.tzinfo is not None else zone
        if zone is not None and own != zone:
            refuse(name, str(value), f"one zone, as {zone} before", row)
        zone = own
    clock = [None if value is None else value.replace(tzinfo=None) for value in told]
    return pd.Series(clock, column.index, dtype="datetime64[us]"), zone


def _as_time(value: Any) -> dt.datetime | None:
    if isinstance(value, str) and _TIME.fullmatch(value.strip()):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    elif isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    known = isinstance(value, dt.datetime) and value is not pd.NaT
    return value if known and YEARS[0] <= value.year <= YEARS[1] else None


# Tables


def require(name: str, table: pd.DataFrame, columns: Iterable[str], rows: bool = True) -> None:
    """Refuse a table without a column or, where rows are needed, without rows.

    Parameters
    ----------
    name : what the caller knows the table by.
    table : DataFrame.
    columns : those it must have, each once.
    rows : whether it must have rows.

    Raises
    ------
    ValueError naming what is missing.

    >>> require("bids", pd.DataFrame({"bidder": ["A"]}), ["bidder", "price"])
    Traceback (most recent call last):
    ValueError: bids: no column price, expected bidder, price
    """
    if not isinstance(table, pd.DataFrame):
        refuse(name, table, "a table (DataFrame)")
    wanted = list(dict.fromkeys(columns))
    missing = [column for column in wanted if column not in table]
    if missing:
        raise ValueError(f"{name}: no column {', '.join(missing)}, expected {', '.join(wanted)}")
    twice = [column for column in wanted if isinstance(table[column], pd.DataFrame)]
    if twice:
        raise ValueError(f"{name}: column {', '.join(twice)} stands there more than once, expected once")
    if rows and table.empty:
        raise ValueError(f"{name}: no rows, expected at least one")
