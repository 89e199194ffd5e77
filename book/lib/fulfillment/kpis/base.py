"""What every KPI shares: a value that remembers the rows it stands on, and refusals that name what is missing."""

import pandas as pd

LINE = ["po_id", "line_number"]


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

    def __getnewargs__(self) -> tuple[float, int]:
        return float(self), self.n


def is_true(flags: pd.Series) -> pd.Series:
    """The flags as plain booleans; missing counts as not true.

    >>> is_true(pd.Series([True, False, None])).tolist()
    [True, False, False]
    """
    return flags.astype("boolean").fillna(False).astype(bool)


def share(hits: pd.Series, name: str) -> KpiValue:
    """The share of rows that hit.

    Parameters
    ----------
    hits : boolean Series, one row of the denominator each.
    name : the KPI, for the message.

    Returns
    -------
    KpiValue in [0, 1].

    Raises
    ------
    ValueError if there is no row.

    >>> share(pd.Series([True, False]), "tender_acceptance")
    0.5
    """
    if hits.empty:
        raise ValueError(f"{name}: no row in its denominator, expected at least one")
    return KpiValue(hits.astype(bool).mean(), len(hits))


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
    return KpiValue(above / below, n)


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
    if not 0 <= at <= 1:
        raise ValueError(f"quantile: {at}, expected 0 to 1")
    there = values.dropna()
    if there.empty:
        raise ValueError(f"{name}: no row has both times, expected at least one")
    return KpiValue(there.quantile(at), len(there))


def hours(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """Hours from the earlier time to the later.

    >>> hours(pd.Series([pd.Timestamp("2025-07-02")]), pd.Series([pd.Timestamp("2025-07-01 12:00")])).tolist()
    [12.0]
    """
    return (later - earlier) / pd.Timedelta(hours=1)


def days(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """Days from the earlier time to the later.

    >>> days(pd.Series([pd.Timestamp("2025-07-03")]), pd.Series([pd.Timestamp("2025-07-01 12:00")])).tolist()
    [1.5]
    """
    return (later - earlier) / pd.Timedelta(days=1)


def lookup(keys: pd.Series, table: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The column of the row that each key identifies; missing where there is none.

    >>> lookup(pd.Series(["B"]), pd.DataFrame({"id": ["A", "B"], "cost_usd": [1.0, 2.0]}), "id", "cost_usd").tolist()
    [2.0]
    """
    return table.set_index(key)[column].reindex(keys).set_axis(keys.index)
