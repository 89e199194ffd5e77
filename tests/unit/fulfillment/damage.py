"""One argument of a good call damaged in one way at a time, and what a function may make of it.

``SAME``: plainly meant, so the answer is the undamaged one. ``REFUSED``: a ValueError that names the field. ``LEFT``: the
row leaves, so the answer is the one without it. ``SOUND``: no value that is none, where there was one before. A
ValueError that names the field is always allowed.
"""

import copy
import dataclasses
import datetime as dt
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

SAME, REFUSED, LEFT, SOUND = "same", "refused", "left", "sound"
NO_NUMBER, SLASHED = "far", "7/10/2025"


@dataclass(frozen=True)
class Damage:
    """A damaged value: its kind, the names by which a message may call it, and what may come of it."""

    kind: str
    fields: tuple[str, ...]
    value: Any
    may: str
    without: Any = None  # the value that lacks the row


def is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def of_argument(name: str, value: Any, optional: bool) -> Iterator[Damage]:
    """Every damage of an argument."""
    if isinstance(value, pd.DataFrame):
        yield from _of_table(name, value)
    elif isinstance(value, pd.Series):
        yield from _of_series(name, value)
    elif isinstance(value, np.ndarray | pd.Index):
        yield from _of_array(name, value)
    elif isinstance(value, Mapping) and value:
        yield from _of_parts(name, value, list(value))
    elif isinstance(value, list | tuple) and value:
        yield from _of_parts(name, value, range(len(value)))
        if isinstance(value, list):
            yield Damage("empty", (name,), [], SOUND)
    elif value is not None:
        yield from _of_scalar((name,), value)
    if value is not None and not optional and not is_number(value):
        yield Damage("wrong type", (name,), None, REFUSED)
    if not isinstance(value, str | Real | dt.date | None):
        yield Damage("wrong type", (name,), NO_NUMBER, REFUSED)


def _of_scalar(fields: tuple[str, ...], value: Any) -> Iterator[Damage]:
    if isinstance(value, bool | np.bool_):
        yield Damage("text", fields, "yes" if value else "no", SAME)
        yield from (Damage("text", fields, wrong, REFUSED) for wrong in ("X", 2))
        yield from (Damage("missing", fields, gap, REFUSED) for gap in (None, np.nan, pd.NA))
    elif is_number(value):
        yield Damage("text", fields, str(value), SAME)
        yield Damage("text", fields, Decimal(str(value)), SAME)
        yield Damage("text", fields, NO_NUMBER, REFUSED)
        yield Damage("text", fields, pd.Timestamp("2025-07-10"), REFUSED)
        yield from (Damage("missing", fields, gap, REFUSED) for gap in (np.nan, pd.NA, pd.NaT))
        yield from (Damage("extreme", fields, most, SOUND) for most in (0, -1, np.inf, -np.inf, 1e300))
    elif isinstance(value, dt.date):
        yield Damage("zone", fields, pd.Timestamp(value).tz_localize("America/Los_Angeles"), SAME)
        yield Damage("text", fields, str(value), SAME)
        yield Damage("text", fields, SLASHED, REFUSED)
        yield Damage("missing", fields, pd.NaT, REFUSED)
    elif isinstance(value, str):
        yield from (Damage("missing", fields, gap, REFUSED) for gap in (np.nan, pd.NA))
        yield Damage("unknown", fields, "nobody", SOUND)


def _of_parts(name: str, value: Any, places: Any) -> Iterator[Damage]:
    """Each kind on the last number, text or time that lies in a list or mapping, and on every table."""
    *others, place = places
    inner = value[place]
    if others and isinstance(inner, pd.DataFrame) and isinstance(value, Mapping):
        for part in _of_parts(name, {one: value[one] for one in others}, others):
            yield dataclasses.replace(part, value={**value, **part.value})
    fields = (name, str(place))
    if isinstance(inner, pd.DataFrame | pd.Series):
        parts = of_argument(str(place), inner, True)
    elif isinstance(inner, Mapping) and inner:
        parts = _of_parts(str(place), inner, list(inner))
    elif isinstance(inner, list | tuple) and inner:
        parts = _of_parts(name, inner, range(len(inner)))
    else:
        parts = _of_scalar(fields, inner)
    for part in parts:
        if isinstance(value, Mapping):
            yield dataclasses.replace(part, fields=(*fields, *part.fields), value={**value, place: part.value})
        else:
            yield dataclasses.replace(part, fields=(*fields, *part.fields), value=_put(value, place, part.value))


def _put(values: list | tuple, place: int, value: Any) -> list | tuple:
    changed = [value if at == place else old for at, old in enumerate(values)]
    return tuple(changed) if isinstance(values, tuple) else changed


def _of_array(name: str, values: np.ndarray | pd.Index) -> Iterator[Damage]:
    if values.dtype.kind in "if" and values.size:
        for gap in (np.nan, np.inf):
            wrong = np.array(values, float)
            wrong.flat[-1] = gap
            yield Damage("missing" if np.isnan(gap) else "extreme", (name,), wrong, SOUND if gap == np.inf else REFUSED)
        yield Damage("text", (name,), np.full(values.shape, NO_NUMBER), REFUSED)
        yield Damage("text", (name,), np.asarray(values).astype(str), SAME)


def _of_series(name: str, values: pd.Series) -> Iterator[Damage]:
    if values.empty:
        return
    yield Damage("empty", (name,), values.iloc[:0], SOUND)
    for kind, cells, may in _of_cells(values):
        yield Damage(kind, (name, *map(str, values.index[-1:])), cells, may, values.iloc[:-1] if may == LEFT else None)
    if not isinstance(values.index, pd.RangeIndex):
        yield Damage("twice", (name,), pd.concat([values, values.iloc[-1:]]), SOUND)


def _of_table(name: str, table: pd.DataFrame) -> Iterator[Damage]:
    yield Damage("empty", (name,), table.iloc[:0], SOUND)
    if len(table) > 1:
        yield Damage("one row", (name,), table.iloc[:1], SOUND)
        yield Damage("twice", (name,), pd.concat([table, table.iloc[-1:]]), SOUND)
    for at, column in enumerate(table):
        fields = (name,) if isinstance(column, int) else (str(column),)
        yield Damage("no column", (name, *fields), table.drop(columns=column), SOUND)
        if not isinstance(column, tuple) and not table.empty:
            for kind, cells, may in _of_cells(table[column]):
                parts = {label: cells if label == column else table[label] for label in table}
                whole = pd.DataFrame(parts, table.index)
                yield Damage(
                    kind, (*fields, *map(str, table.index[-1:])), whole, may, table.iloc[:-1] if may == LEFT else None
                )
        if at >= 11:
            break


def _of_cells(cells: pd.Series) -> Iterator[tuple[str, pd.Series, str]]:
    """Each kind on the last cell, or on the type of all."""

    def with_last(value: Any, dtype: Any = "object") -> pd.Series:
        return pd.Series([*cells.astype("object").iloc[:-1], value], cells.index, name=cells.name).astype(dtype)

    last = cells.iloc[-1]
    if not pd.api.types.is_scalar(last) or pd.isna(last):
        return
    if isinstance(last, bool | np.bool_):
        yield "nullable", cells.astype("boolean"), SAME
        yield "missing", with_last(None, "boolean"), LEFT
        yield "missing", with_last(np.nan), LEFT
        yield "text", cells.map({True: "yes", False: "no"}), SAME
        yield "text", with_last("X"), REFUSED
    elif is_number(last):
        yield "nullable", cells.astype("Float64"), SAME
        yield "missing", with_last(np.nan, float), LEFT
        yield "missing", with_last(pd.NA, "Float64"), LEFT
        yield "text", cells.map(lambda cell: cell if pd.isna(cell) else str(cell)).astype("object"), SAME
        yield "text", with_last(NO_NUMBER), REFUSED
        yield "extreme", with_last(np.inf, float), SOUND
        yield "extreme", with_last(-7.5, float), SOUND
    elif isinstance(last, dt.date):
        yield "text", cells.map(lambda cell: None if pd.isna(cell) else str(cell)).astype("object"), SAME
        yield "text", with_last(SLASHED), REFUSED
        yield "missing", with_last(pd.NaT, "datetime64[us]"), LEFT
        yield "zone", cells.dt.tz_localize("America/Los_Angeles"), SAME
    elif isinstance(last, str):
        yield "nullable", cells.astype("string"), SAME
        yield "missing", with_last(None), LEFT
        yield "missing", with_last(pd.NA, "string"), LEFT
        yield "unknown", with_last("nobody"), SOUND


# What came of it ------------------------------------------------------------------------------------------------------


def leaves(answer: Any) -> list[Any]:
    """The numbers, texts and times of an answer, in order."""
    if isinstance(answer, go.Figure):
        answer = answer.to_plotly_json()
    if isinstance(answer, pd.DataFrame):
        parts = [answer.index, *map(str, answer.columns), *(answer.iloc[:, at] for at in range(answer.shape[1]))]
        return [leaf for part in parts for leaf in leaves(part)]
    if isinstance(answer, pd.Series):
        return [*leaves(answer.index), *(leaf for cell in answer.astype("object") for leaf in leaves(cell))]
    if isinstance(answer, pd.Index | np.ndarray | list | tuple):
        return [leaf for part in list(answer) for leaf in leaves(part)]
    if isinstance(answer, Mapping):
        return [leaf for key, part in answer.items() for leaf in (str(key), *leaves(part))]
    if isinstance(answer, set | frozenset):
        return sorted(map(str, answer))
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return [
            leaf for field in dataclasses.fields(answer) if field.repr for leaf in leaves(getattr(answer, field.name))
        ]
    if callable(answer) or inspect.isgenerator(answer):
        return []
    if isinstance(answer, bool | np.bool_):
        return [bool(answer)]
    if is_number(answer):
        return [float(answer)]
    return [None] if answer is None or answer is pd.NA or answer is pd.NaT else [str(answer)]


def gaps(found: list[Any]) -> int:
    return sum(leaf is None or (isinstance(leaf, float) and not np.isfinite(leaf)) for leaf in found)


def alike(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(_alike, one, other))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True))
    return one == other or str(one).removesuffix(".0") == str(other).removesuffix(".0")


def outcome(
    call: Callable[..., Any], good: Mapping[str, Any], argument: str, damage: Damage, base: list[Any], blank: bool
) -> str:
    """What is wrong with what a call makes of a damage; empty where nothing is.

    ``base`` holds the leaves of the undamaged answer; where ``blank``, a missing value has a meaning or stays missing.
    """
    try:
        answer = leaves(_called(call, good, argument, damage.value))
    except ValueError as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        if "/fulfillment/" not in frame.filename:
            return f"raw ValueError: {error}"
        if "expected" not in str(error):
            return f"says not what was expected: {error}"
        named = any(field in str(error) for field in (argument, *damage.fields))
        return "" if named or damage.may == SOUND else f"unnamed: {error}"
    except Exception as error:
        return f"raw {type(error).__name__}: {error}"
    if blank and damage.kind in ("missing", "extreme", "unknown", "empty", "one row", "twice", "no column"):
        return ""
    if damage.may == REFUSED:
        return "silent: not refused"
    if damage.may == SAME:
        return "" if alike(answer, base) else "silent: another answer"
    if damage.may == LEFT:
        try:
            without = leaves(_called(call, good, argument, damage.without))
        except ValueError:
            return "silent: not refused"
        return "" if alike(answer, without) else "silent: the row did not leave"
    return "" if gaps(answer) <= gaps(base) else "silent: no number"


def _called(call: Callable[..., Any], good: Mapping[str, Any], argument: str, value: Any) -> Any:
    return call(**{**copy.deepcopy(dict(good)), argument: copy.deepcopy(value)})
