"""What each argument of a public function must be, declared beside it.

A gate takes a name and a value and gives back what is plainly meant, or raises a ValueError that names field, value and
what was expected (see `fulfillment.validate`). A value that is already what it should be comes back as it is. `takes`
puts the gates before a function, `fields` before a dataclass.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import wraps
from inspect import Parameter, signature
from numbers import Real
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from fulfillment import validate

P = ParamSpec("P")
R = TypeVar("R")
Gate = Callable[[str, Any], Any]

#: The least number above 0, for gates that ask for one
ABOVE_0 = float(np.finfo(float).tiny)
#: A quantity beyond it is a slip, and its products would leave the range of floats
MOST = 1e15


def takes(**gates: Gate) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Hand a function each argument through its gate. None passes where it is the default.

    >>> @takes(orders=amount(0), hours=amount(ABOVE_0))
    ... def pace(orders, hours=8):
    ...     return orders / hours
    >>> pace("16")
    2.0
    >>> pace(float("nan"))
    Traceback (most recent call last):
    ValueError: orders: nan, expected a finite number of at least 0
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        names = signature(function)

        @wraps(function)
        def gated(*args: P.args, **kwargs: P.kwargs) -> R:
            given = names.bind(*args, **kwargs)
            _through(gates, given.arguments, names.parameters)
            return function(*given.args, **given.kwargs)

        return gated

    return decorate


def maybe(gate: Gate) -> Gate:
    """None, or what passes the gate."""
    return lambda name, value: None if value is None else gate(name, value)


def _through(gates: Mapping[str, Gate], values: dict[str, Any], parameters: Mapping[str, Parameter]) -> None:
    for name, gate in gates.items():
        if name in values and not (values[name] is None and parameters[name].default is None):
            values[name] = gate(name, values[name])


def fields(made: object, **gates: Gate) -> None:
    """Put each field of a dataclass through its gate: the first line of its ``__post_init__``."""
    for name, gate in gates.items():
        value = getattr(made, name)
        checked = gate(name, value)
        if checked is not value:
            object.__setattr__(made, name, checked)


def _ends(least: float, most: float) -> tuple[float, float]:
    """The range as a message says it: one that is open has no end."""
    return -np.inf if least <= -MOST else least, np.inf if most >= MOST else most


def _sane(name: str, value: float) -> None:
    if abs(value) > MOST:
        validate.refuse(name, value, "a number of at most a quadrillion (1e15) in size")


# One value ------------------------------------------------------------------------------------------------------------


def amount(least: float = -MOST, most: float = MOST) -> Gate:
    """One number, both ends in the range; text that is one is converted."""

    def gate(name: str, value: Any) -> Any:
        found = validate.number(name, value, *_ends(least, most))
        _sane(name, found)
        return value if isinstance(value, Real) and not isinstance(value, Decimal) else found

    return gate


def count(least: float = 0, most: float = MOST) -> Gate:
    """One whole number."""

    def gate(name: str, value: Any) -> int:
        expected = validate.limits(*_ends(least, most), "whole number")
        found = validate.number(name, value)
        if not least <= found <= most or found % 1:
            validate.refuse(name, value, expected)
        return int(found)

    return gate


def share(name: str, value: Any) -> Any:
    """A number from 0 to 1."""
    return amount(0, 1)(name, value)


def flag(name: str, value: Any) -> bool:
    """Yes or no."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    found = validate.flag_column(name, pd.Series([value], dtype="object")).iloc[0]
    if found is pd.NA:
        validate.refuse(name, value, "yes or no (True or False)")
    return bool(found)


#: A time on its local clock
moment = validate.moment


def text(name: str, value: Any) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value:
        validate.refuse(name, value, "text")
    return value


def label(name: str, value: Any) -> Any:
    """A name: text, a number or a tuple of them, and not missing."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)) or not isinstance(value, Collection | Real):
        validate.refuse(name, value, "a name")
    return value


def labels(name: str, value: Any) -> list[Any]:
    """One name or more."""
    if isinstance(value, str) or not isinstance(value, Iterable) or not (found := list(value)):
        validate.refuse(name, value, "a list of one name or more")
    return [label(name, one) for one in found]


def a(*kinds: type) -> Gate:
    """An instance of one of these classes."""

    def gate(name: str, value: Any) -> Any:
        if not isinstance(value, kinds):
            validate.refuse(name, value, f"a {kinds[0].__name__}")
        return value

    return gate


def function(name: str, value: Any) -> Any:
    """Something to call."""
    if not callable(value):
        validate.refuse(name, value, "a function")
    return value


# Many values ----------------------------------------------------------------------------------------------------------


def amounts(
    least: float = -MOST, most: float = MOST, *, gaps: bool = False, whole: bool = False, empty: bool = False
) -> Gate:
    """Numbers in a list, an array or a Series, which keeps its index.

    Parameters
    ----------
    least, most : the range, both ends in it.
    gaps : whether some may be missing; they come back as NaN.
    whole : whether they must be whole.
    empty : whether there may be none.
    """

    def gate(name: str, values: Any) -> Any:
        if isinstance(values, str | Mapping | set) or np.ndim(values) != 1 or not (empty or len(values)):
            validate.refuse(name, values, "a list of numbers")
        column = values if isinstance(values, pd.Series) else _column(values)
        if _plain(column):
            cells = column.to_numpy()
            known = cells[~np.isnan(cells)]
            inside = ((known >= least) & (known <= most)).all() and (gaps or len(known) == len(cells))
            if inside and not (whole and (known % 1).any()):
                return values
        low, high = _ends(least, most)
        found = validate.count_column(name, column, low) if whole else validate.number_column(name, column, low, high)
        if not gaps and found.isna().any():
            row = found.index[int(np.argmax(found.isna().to_numpy(bool)))] if isinstance(values, pd.Series) else None
            validate.refuse(name, np.nan, validate.limits(low, high), row)
        if len(found.dropna()):
            _sane(name, float(found.abs().max()))
        converted = found.astype("int64" if whole and not gaps else "float64")
        return converted if isinstance(values, pd.Series) else converted.tolist()

    return gate


def _column(values: Any) -> pd.Series:
    """Values of no index, numbers as numbers."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        return pd.Series(values)
    cells = list(values)
    numeric = all(isinstance(cell, int | float | np.number) and not isinstance(cell, bool) for cell in cells)
    return pd.Series(cells, dtype=None if numeric and cells else "object")


def _plain(column: pd.Series) -> bool:
    return isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf"


def _complete(name: str, column: pd.Series, expected: str) -> None:
    missing = column.isna().to_numpy(bool)
    if missing.any():
        row = column.index[int(np.argmax(missing))]
        raise ValueError(f"{name}: nothing in row {validate.row_name(row)}, expected {expected} in each")


def array(least: float = -MOST, most: float = MOST) -> Gate:
    """Numbers of any shape, as an array of floats."""
    inner = amounts(least, most)

    def gate(name: str, values: Any) -> np.ndarray:
        cells = values if isinstance(values, np.ndarray) else np.array(values, dtype="object")
        return np.asarray(inner(name, cells.ravel()), float).reshape(cells.shape)

    return gate


def any_amounts(least: float = -MOST, most: float = MOST, *, gaps: bool = False) -> Gate:
    """One number, or many as `amounts`; with ``gaps`` one that is missing is NaN."""

    def gate(name: str, value: Any) -> Any:
        if np.ndim(value):
            return amounts(least, most, gaps=gaps)(name, value)
        missing = gaps and isinstance(value, float) and np.isnan(value)
        return value if missing else amount(least, most)(name, value)

    return gate


def counts(least: float = 0, *, gaps: bool = False) -> Gate:
    """Whole numbers, as `amounts`."""
    return amounts(least, gaps=gaps, whole=True)


def times(*, gaps: bool = False) -> Gate:
    """Times on their local clock: a Series keeps its index, a list becomes one of times."""

    def gate(name: str, values: Any) -> Any:
        if isinstance(values, str) or np.ndim(values) != 1:
            validate.refuse(name, values, "times")
        column = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype="object")
        if not (isinstance(column.dtype, np.dtype) and column.dtype.kind == "M"):
            column = validate.time_column(name, column)
        if not gaps:
            _complete(name, column, "a time")
        return column if isinstance(values, pd.Series) else pd.DatetimeIndex(column)

    return gate


def when(name: str, values: Any) -> Any:
    """One time, or many as `times`; what is missing stays so."""
    if np.ndim(values):
        return times(gaps=True)(name, values)
    return values if values is pd.NaT else moment(name, values)


def flags(*, gaps: bool = False) -> Gate:
    """A Series of yes and no: plain booleans, or pandas' nullable ones where some may be missing."""

    def gate(name: str, values: Any) -> Any:
        if isinstance(values, str) or np.ndim(values) != 1:
            validate.refuse(name, values, "yes or no in each row")
        column = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype="object")
        if column.dtype == np.dtype(bool):
            return column
        found = validate.flag_column(name, column)
        if gaps:
            return found
        _complete(name, found, "yes or no")
        return found.astype(bool)

    return gate


def names(*one_of: str, gaps: bool = False) -> Gate:
    """A Series of ids or categories, as they are."""

    def gate(name: str, values: Any) -> Any:
        if isinstance(values, str) or np.ndim(values) != 1:
            validate.refuse(name, values, "a name in each row")
        column = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype="object")
        if not gaps:
            _complete(name, column, "a name")
        if one_of:
            validate.key_column(name, column, one_of, gaps)
        return column.astype("object") if isinstance(column.dtype, pd.StringDtype) else values

    return gate


def each(gate: Gate, length: int | None = None, *, empty: bool = False) -> Gate:
    """A mapping, a Series or a list whose every value passes a gate."""

    def all_of(name: str, values: Any) -> Any:
        if not isinstance(values, Mapping | pd.Series | list | tuple) or not (empty or len(values)):
            validate.refuse(name, values, "one value or more, each with its name")
        if length is not None and len(values) != length:
            validate.refuse(name, values, f"{length} values")
        if isinstance(values, list | tuple):
            return type(values)(gate(name, value) for value in values)
        place = f"{name}," if " of " in name else f"{name} of"
        found = {key: gate(f"{place} {_said(key)}", value) for key, value in values.items()}
        if isinstance(values, pd.Series):
            return pd.Series(found) if values.index.is_unique else values
        return found

    return all_of


def _said(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def by_name(least: float = -MOST, most: float = MOST) -> Gate:
    """A Series of numbers in which each name of the index stands once."""
    inner = amounts(least, most)

    def gate(name: str, values: Any) -> Any:
        if not isinstance(values, pd.Series):
            validate.refuse(name, values, "a Series of numbers by name")
        _once(name, values.index)
        return inner(name, values)

    return gate


def _once(name: str, index: pd.Index) -> None:
    if index.has_duplicates:
        raise ValueError(f"{name}: {index[index.duplicated()][0]!r} appears twice, expected each name once")
    if not isinstance(index, pd.MultiIndex) and index.hasnans:
        raise ValueError(f"{name}: a name is missing, expected one for each row")


# Tables ---------------------------------------------------------------------------------------------------------------


def table(
    columns: Mapping[str, Gate],
    maybe: Mapping[str, Gate] | None = None,
    *,
    key: Collection[str] = (),
    keyed: bool = False,
    rows: bool = True,
) -> Gate:
    """A table with these columns, each put through its gate; the others stay as they are.

    Parameters
    ----------
    columns : column -> gate.
    maybe : the same for columns that may be absent.
    key : columns of which each combination stands once.
    keyed : whether the index names the rows, so that each name stands once.
    rows : whether there must be rows.
    """

    def gate(name: str, value: Any) -> Any:
        validate.require(name, value, columns, rows)
        if value.empty:
            return value
        wanted = {**columns, **{column: one for column, one in (maybe or {}).items() if column in value}}
        if keyed:
            _once(name, value.index)
        clocks = [column for column in wanted if isinstance(value[column].dtype, pd.DatetimeTZDtype)]
        validate.time_columns({f"{name}: {column}": value[column] for column in clocks})
        read = {column: one(f"{name}: {column}", value[column]) for column, one in wanted.items()}
        changed = {column: cells for column, cells in read.items() if cells is not value[column]}
        found = value.assign(**changed) if changed else value
        if key:
            validate.unique(name, found, key)
        return found

    return gate


def matrix(least: float = -MOST, most: float = MOST, *, gaps: bool = False, keyed: bool = True) -> Gate:
    """A table of numbers alone, in which each column (and, where ``keyed``, each row) is named once."""
    inner = amounts(least, most, gaps=gaps)

    def gate(name: str, value: Any) -> Any:
        if not isinstance(value, pd.DataFrame) or not value.size:
            validate.refuse(name, value, "a table of numbers")
        _once(f"{name}: columns", value.columns)
        if keyed:
            _once(name, value.index)
        read = {column: inner(f"{name}: {column}", value[column]) for column in value}
        same = all(cells is value[column] for column, cells in read.items())
        return value if same else pd.concat(read, axis=1).set_axis(value.columns, axis=1)

    return gate


def program(names_: Mapping[str, Mapping[str, Gate]]) -> Gate:
    """Tables by name, each put through the gates of its columns; see `table`."""

    def gate(name: str, value: Any) -> Any:
        if not isinstance(value, Mapping):
            validate.refuse(name, value, "tables by name")
        missing = [one for one in names_ if one not in value]
        if missing:
            raise ValueError(f"{name}: {missing[0]} is missing, expected {', '.join(names_)}")
        return {**value, **{one: table(columns, rows=False)(one, value[one]) for one, columns in names_.items()}}

    return gate
