"""What every public function asks of its input: numbers, columns, rows."""

from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd


def positive(**values: float) -> None:
    """Refuse what is not a number above 0.

    Parameters
    ----------
    **values : numbers by the name their caller knows them by.

    Raises
    ------
    ValueError naming the first value that is not.

    >>> positive(servers=2, arrival_rate=0)
    Traceback (most recent call last):
    ValueError: arrival_rate: 0, expected a number above 0
    """
    _scalars(values, lambda value: 0 < value < np.inf, "a number above 0")


def nonnegative(**values: float) -> None:
    """Refuse what is not a number of at least 0.

    Parameters
    ----------
    **values : numbers by the name their caller knows them by.

    Raises
    ------
    ValueError naming the first value that is not.

    >>> nonnegative(lead_time="4")
    Traceback (most recent call last):
    ValueError: lead_time: '4', expected a number of at least 0
    """
    _scalars(values, lambda value: 0 <= value < np.inf, "a number of at least 0")


def _scalars(values: Mapping[str, Any], fits: Callable[[float], bool], expected: str) -> None:
    for name, value in values.items():
        number = isinstance(value, Real)  # text that looks like one is none
        if not (number and fits(value)):
            raise ValueError(f"{name}: {value if number else repr(value)}, expected {expected}")


def numbers(name: str, values: Any, least: float = 0) -> np.ndarray:
    """The values as an array of floats.

    Parameters
    ----------
    name : what the caller knows them by.
    values : list, array or Series of numbers.
    least : the least of them allowed.

    Returns
    -------
    array of one dimension.

    Raises
    ------
    ValueError if there are none, one is missing or not finite, or one is below ``least``.

    >>> numbers("demand", [90, -1])
    Traceback (most recent call last):
    ValueError: demand: -1.0, expected a finite number of at least 0
    """
    try:
        array = np.asarray(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {values!r}, expected numbers") from None
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name}: {values!r}, expected a list of numbers")
    wrong = array[~(np.isfinite(array) & (array >= least))]
    if wrong.size:
        raise ValueError(f"{name}: {wrong[0]}, expected a finite number of at least {least:g}")
    return array


def require(name: str, table: pd.DataFrame, columns: Iterable[str], rows: bool = True) -> None:
    """Refuse a table without a column or, where rows are needed, without rows.

    Parameters
    ----------
    name : what the caller knows the table by.
    table : DataFrame.
    columns : those it must have.
    rows : whether it must have rows.

    Raises
    ------
    ValueError naming what is missing.

    >>> require("bids", pd.DataFrame({"bidder": ["A"]}), ["bidder", "price"])
    Traceback (most recent call last):
    ValueError: bids: no column price, expected bidder, price
    """
    wanted = list(dict.fromkeys(columns))
    missing = [column for column in wanted if column not in table]
    if missing:
        raise ValueError(f"{name}: no column {', '.join(missing)}, expected {', '.join(wanted)}")
    if rows and table.empty:
        raise ValueError(f"{name}: no rows, expected at least one")
