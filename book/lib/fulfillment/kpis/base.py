"""What every KPI shares: input as its table's schema has it, three-valued yes and no, a value that remembers its rows.

What is not known leaves numerator and denominator. A flag that is missing is neither yes nor no, an id that is missing
matches nothing, and a comparison with a missing value is missing, as in SQL. The blanks to which the schema gives a
meaning ("missing if not delivered") are no gaps. Where a KPI divides totals of different tables, it cannot leave a row
out of both; it is refused and names the row.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

import numpy as np
import pandas as pd

from fulfillment import validate
from fulfillment.data.schemas import SCHEMAS, TIME

LINE = ["po_id", "line_number"]
#: Categories of which a KPI tells each from the others: a value that is none of them is refused.
CLOSED = {"cancel_fault", "status"}
#: KPI -> table -> the columns that it reads
READS: dict[str, dict[str, tuple[str, ...]]] = {}

P = ParamSpec("P")
R = TypeVar("R")


class KpiValue(float):
    """A KPI's value, a float in every respect, with ``n``: the rows in its denominator.

    >>> rate = KpiValue(0.25, 8)
    >>> rate, rate.n, rate * 2
    (0.25, 8, 0.5)
    """

    n: int

    def __new__(cls, value: float, n: int) -> "KpiValue":
        """Both are what they say."""
        measured = super().__new__(cls, value)
        measured.n = int(n)
        return measured

    def __reduce__(self) -> tuple[type["KpiValue"], tuple[float, int]]:
        return KpiValue, (float(self), self.n)


# Input


def gate(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, Iterable[str]]) -> dict[str, pd.DataFrame]:
    """The columns of each table as its schema types them: what is plainly meant is converted, the rest refused.

    Parameters
    ----------
    tables : by the names of ``SCHEMAS``.
    columns : table -> the columns wanted.

    Returns
    -------
    dict, table -> DataFrame of those columns in pandas' nullable types, times on one local clock.

    Raises
    ------
    ValueError naming table, column, value and row where a column is missing, a cell is not what the column holds, a key
    that is wanted stands in two rows, or times are of two zones.

    >>> gate({"shipments": pd.DataFrame({"zone": ["8", None]})}, {"shipments": ["zone"]})["shipments"]["zone"].tolist()
    [8.0, <NA>]
    """
    times: dict[str, pd.Series] = {}
    typed: dict[str, dict[str, pd.Series]] = {}
    for name, wanted in columns.items():
        validate.require(name, tables[name], wanted, rows=False)
        table = tables[name] if tables[name].index.is_unique else tables[name].reset_index(drop=True)
        typed[name] = {column: _typed(name, column, table[column]) for column in dict.fromkeys(wanted)}
        times |= {f"{name}: {column}": table[column] for column in typed[name] if _type(name, column) == TIME}
    for place, column in validate.time_columns(times).items():
        name, _, label = place.partition(": ")
        date = SCHEMAS[name].columns[label].metadata.get("date")
        typed[name][label] = column.dt.normalize() if date else column
    return {name: _keyed(name, pd.DataFrame(parts)) for name, parts in typed.items()}


def _type(name: str, column: str) -> str:
    return str(SCHEMAS[name].columns[column].metadata["type"])


def _typed(name: str, column: str, cells: pd.Series) -> pd.Series:
    field, place = SCHEMAS[name].columns[column], f"{name}: {column}"
    kind, bounds = field.metadata["type"], {check.name: check.statistics for check in field.checks}
    if kind == "boolean":
        return validate.flag_column(place, cells)
    if kind == "str":
        known = bounds["isin"]["allowed_values"] if column in CLOSED else ()
        return validate.key_column(place, cells, known)
    if kind == TIME:
        return cells
    negative = field.metadata["unit"] == "USD" or "greater_than_or_equal_to" not in bounds
    if kind == "float64" or negative:
        return validate.number_column(place, cells, -np.inf if negative else 0)
    return validate.count_column(place, cells)


def _keyed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table, if a key that is made of ids alone and was read whole stands once."""
    key = SCHEMAS[name].metadata["key"]
    if all(column in table and _type(name, column) != TIME for column in key):
        validate.unique(name, table, key)
    return table


def reads(as_of: tuple[str, ...] = (), **columns: tuple[str, ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Hand a KPI those columns of each table, gated, and note them in ``READS``.

    Parameters
    ----------
    as_of : columns of ``orders`` that it reads as well where no ``as_of`` is given.
    **columns : parameter, a table -> its columns.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = signature(function)
        READS[function.__name__] = {n: (*c, *as_of) if n == "orders" else c for n, c in columns.items()}

        @wraps(function)
        def gated(*args: P.args, **kwargs: P.kwargs) -> R:
            given = parameters.bind(*args, **kwargs)
            dated = as_of and given.arguments.get("as_of") is None
            wanted = READS[function.__name__] if dated else columns
            given.arguments.update(gate(given.arguments, wanted))
            return function(*given.args, **given.kwargs)

        return gated

    return decorate


# Yes, no, not known


def is_true(flags: pd.Series) -> pd.Series:
    """Where the flags are yes, as plain booleans to choose rows by.

    >>> is_true(pd.Series([True, False, None], dtype="boolean")).tolist()
    [True, False, False]
    """
    return flags.fillna(False).astype(bool)


def at_most(first: pd.Series, second: pd.Series) -> pd.Series:
    """Whether each first time is at or before the second; missing where either is.

    >>> day, none = pd.Timestamp("2025-07-01"), pd.NaT
    >>> at_most(pd.Series([day, none]), pd.Series([day, day])).tolist()
    [True, <NA>]
    """
    return (first <= second).astype("boolean").mask(first.isna() | second.isna())


def among(keys: pd.Series, ids: pd.Series) -> pd.Series:
    """Whether each key is one of the ids; a missing one matches nothing, not even another missing one.

    >>> among(pd.Series(["A", None, "C"]), pd.Series(["A", None])).tolist()
    [True, False, False]
    """
    return keys.isin(ids.dropna())


def lookup(keys: pd.Series, table: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The column of the row that each key identifies; missing where there is none.

    >>> lookup(pd.Series(["B", None]), pd.DataFrame({"id": ["A", "B"], "usd": [1.0, 2.0]}), "id", "usd").tolist()
    [2.0, nan]
    """
    known = table[table[key].notna()]
    return known.set_index(key)[column].reindex(keys).set_axis(keys.index)


def is_internal(contract_ids: pd.Series, contracts: pd.DataFrame) -> pd.Series:
    """Whether a contract is the platform's with itself: not where there is none, missing where its kind is.

    >>> contracts = pd.DataFrame({"contract_id": ["K1", "K2", "K3"], "kind": ["parcel", "internal", None]})
    >>> is_internal(pd.Series(["K1", "K2", "K3", None]), contracts.astype("string")).tolist()
    [False, True, <NA>, False]
    """
    kind = lookup(contract_ids, contracts, "contract_id", "kind")
    return (kind == "internal").mask(~among(contract_ids, contracts["contract_id"]), False)


def hours(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """Hours from the earlier time to the later.

    >>> hours(pd.Series([pd.Timestamp("2025-07-02")]), pd.Series([pd.Timestamp("2025-07-01 12:00")])).tolist()
    [12.0]
    """
    return (later - earlier).dt.total_seconds() / 3600


def days(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """Days from the earlier time to the later.

    >>> days(pd.Series([pd.Timestamp("2025-07-03")]), pd.Series([pd.Timestamp("2025-07-01 12:00")])).tolist()
    [1.5]
    """
    return (later - earlier).dt.total_seconds() / 86400


# Values


def share(hits: pd.Series, name: str) -> KpiValue:
    """The share of rows that hit, among those of which it is known.

    Parameters
    ----------
    hits : ``boolean`` Series, one row of the denominator each.
    name : the KPI, for the message.

    Returns
    -------
    KpiValue in [0, 1].

    Raises
    ------
    ValueError if of no row it is known.

    >>> rate = share(pd.Series([True, False, None], dtype="boolean"), "tender_acceptance")
    >>> rate, rate.n
    (0.5, 2)
    """
    known = hits.dropna()
    if known.empty:
        raise ValueError(f"{name}: no row in its denominator, expected at least one")
    return KpiValue(float(known.mean()), len(known))


def ratio(above: float, below: float, n: int, name: str) -> KpiValue:
    """``above`` over ``below``.

    Parameters
    ----------
    above, below : sums over the same rows, or of two tables.
    n : rows in the denominator.
    name : the KPI, for the message.

    Returns
    -------
    KpiValue.

    Raises
    ------
    ValueError unless ``below`` is more than 0.

    >>> ratio(3, 0, 4, "unit_fill_rate")
    Traceback (most recent call last):
    ValueError: unit_fill_rate: its denominator adds up to 0, expected more than 0
    """
    if not below > 0:
        raise ValueError(f"{name}: its denominator adds up to {below:g}, expected more than 0")
    return KpiValue(float(above / below), n)


def ratio_of_sums(above: pd.Series, below: pd.Series, name: str) -> KpiValue:
    """The sum of ``above`` over that of ``below``, over the rows of which both are known.

    Parameters
    ----------
    above, below : Series of numbers with the same index.
    name : the KPI, for the message.

    Returns
    -------
    KpiValue; ``n`` counts those rows.

    Raises
    ------
    ValueError unless the sum of ``below`` is more than 0.

    >>> value = ratio_of_sums(pd.Series([3, 4]), pd.Series([6, None]), "unit_fill_rate")
    >>> value, value.n
    (0.5, 1)
    """
    known = above.notna() & below.notna()
    return ratio(above[known].sum(), below[known].sum(), int(known.sum()), name)


def total(values: pd.Series, name: str) -> float:
    """The sum of values that stand in one part of a ratio alone, so that none can be left out of both.

    Parameters
    ----------
    values : Series of numbers, named as its column.
    name : KPI and table, for the message.

    Raises
    ------
    ValueError naming the first row whose value is missing.

    >>> total(pd.Series([8.0, None], name="billed_usd"), "cost_per_order: invoice_lines")
    Traceback (most recent call last):
    ValueError: cost_per_order: invoice_lines: billed_usd of row 1 is not known, expected a value: no row can be left out here
    """
    return float(complete(values, name).sum())


def complete(values: pd.Series, name: str) -> pd.Series:
    """The values, if none is missing: see ``total``."""
    gaps = values.index[values.isna()]
    if len(gaps):
        expected = "expected a value: no row can be left out here"
        raise ValueError(f"{name}: {values.name} of row {gaps[0]} is not known, {expected}")
    return values


def quantile(values: pd.Series, at: float, name: str) -> KpiValue:
    """A quantile of the values that are there, interpolated linearly between its neighbors.

    Parameters
    ----------
    values : Series of numbers; missing ones are left out.
    at : 0.5 for the median, 0.9 for the level that nine in ten stay below.
    name : the KPI, for the message.

    Returns
    -------
    KpiValue.

    Raises
    ------
    ValueError if ``at`` is outside 0 to 1 or no value is there.

    >>> quantile(pd.Series([1.0, None, 4.0]), 0.5, "dock_to_stock_time")
    2.5
    """
    level = validate.number("quantile", at, 0, 1)
    there = values.dropna()
    if there.empty:
        raise ValueError(f"{name}: no row has both times, expected at least one")
    return KpiValue(float(there.quantile(level)), len(there))
