"""A mapping: which columns of which files a reader's tables stand in, and what the files themselves do not say.

A mapping is a dict: name of a table -> `Source`. `dump` makes YAML of it, `load` reads that back next month.
"""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from fulfillment.intake import parsers

KINDS = ("text", "number", "whole", "money", "time", "deadline", "flag")
SIGNS = ("either", "positive", "reversed")
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
#: A column whose name ends so holds an identifier.
IDS = ("_id", "_number", "_no")


@dataclass(frozen=True)
class Column:
    """One column of a reader's file.

    ``header`` as the file has it (case and spaces do not matter), or the column's position, counted from 1; ``kind``:
    ``"text"``, ``"number"``, ``"whole"`` (a whole number), ``"money"``, ``"time"``, ``"deadline"`` (a time; a day
    without time of day lasts until its end) or ``"flag"`` (yes or no).

    ``optional``: the file may lack the column. ``may_be_empty``: an empty cell is nothing to report. ``private``: the
    column holds persons, and the report never quotes it. ``minimum`` and ``maximum`` bound a number; ``sign`` says what
    a minus means: ``"either"`` sign is expected, ``"positive"`` only, or the file writes what is positive with a minus
    (``"reversed"``). ``currency``: the code of the money in it; a name that ends in one (``value_usd``) says so too.
    ``date_order``: as in `Source`, for this column alone. ``blank_is_no``: an empty flag means no. ``nulls``: the
    spellings of "no value", in lower case.
    """

    header: str | int
    kind: str = "text"
    optional: bool = False
    may_be_empty: bool = False
    private: bool = False
    minimum: float | None = None
    maximum: float = 1e12
    sign: str | None = None
    currency: str | None = None
    date_order: str | None = None
    blank_is_no: bool = False
    nulls: tuple[str, ...] = parsers.NULLS

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, self.header, KINDS)
        _one_of("sign", self.sign, self.header, (None, *SIGNS))
        _one_of("date_order", self.date_order, self.header, (None, *parsers.ORDERS))
        if isinstance(self.header, int) and self.header < 1:
            raise ValueError(f"header: {self.header}, expected a column's name, or its position from 1")
        if not (self.minimum is None or self.minimum <= self.maximum) or not self.maximum < float("inf"):
            raise ValueError(
                f"maximum: {self.maximum} for {self.header!r}, expected a finite number of at least minimum"
            )

    @property
    def name(self) -> str:
        """The column as a report calls it."""
        return self.header if isinstance(self.header, str) else f"column {self.header}"


@dataclass(frozen=True)
class Source:
    """One file of a reader, or several of one form.

    ``file``: its name, or a pattern for several (``orders_*.csv``); ``columns``: our name -> `Column`; ``key``: our
    names of what identifies a row; ``sequences``: pairs of times of which the first comes first; ``refers``: our name of
    a column -> the table it points to, which has it as its key.

    What a file does not say by itself, None where you do not know: ``encoding`` (Python's name of it), ``delimiter``,
    ``header_row`` (0 where there is none), ``sheet`` of a workbook, ``decimal`` and ``thousands`` marks (``thousands``
    is ``""`` where there are none), ``date_order`` (``"mdy"``, ``"dmy"`` or ``"ymd"``), and ``zone``, on whose clock
    (``"America/Los_Angeles"``) times with a UTC offset are read.
    """

    file: str
    columns: Dictionary[str, Column]
    key: Sequence[str] = ()
    sequences: Sequence[tuple[str, str]] = ()
    refers: Dictionary[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        named = {
            "key": self.key,
            "sequences": [name for pair in self.sequences for name in pair],
            "refers": list(self.refers),
        }
        for name, columns in named.items():
            if unknown := [column for column in columns if column not in self.columns]:
                raise ValueError(f"{name}: {unknown[0]!r} for {self.file}, expected one of {', '.join(self.columns)}")
        _one_of("decimal", self.decimal, self.file, (None, *parsers.OTHER_MARK))
        _one_of("thousands", self.thousands, self.file, (None, "", ".", ",", " ", "'"))
        _one_of("delimiter", self.delimiter, self.file, (None, *DELIMITERS))
        _one_of("date_order", self.date_order, self.file, (None, *parsers.ORDERS))
        if self.decimal and self.decimal == self.thousands:
            raise ValueError(f"thousands: {self.thousands!r} for {self.file}, expected another mark than decimal")
        if self.encoding is not None:
            try:
                "".encode(self.encoding)
            except LookupError:
                raise ValueError(f"encoding: {self.encoding!r} for {self.file}, expected one such as 'utf-8'") from None
        if self.zone is not None:
            try:
                ZoneInfo(self.zone)
            except (ZoneInfoNotFoundError, ValueError):
                raise ValueError(
                    f"zone: {self.zone!r} for {self.file}, expected one such as 'America/Los_Angeles'"
                ) from None
        positions = [column.header for column in self.columns.values() if isinstance(column.header, int)]
        if self.header_row is None and len(positions) == len(self.columns):
            raise ValueError(
                f"header_row: None for {self.file}, whose columns are mapped by position; expected its row, or 0 for none"
            )
        if self.header_row == 0 and len(positions) < len(self.columns):
            raise ValueError(f"header_row: 0 for {self.file}, expected every column mapped by its position")

    @cached_property
    def marks(self) -> tuple[str | None, str | None]:
        """Decimal and thousands mark, each None where neither it nor the other one says."""
        decimal = self.decimal or parsers.OTHER_MARK.get(self.thousands or "")
        return decimal, self.thousands

    def currency(self, name: str) -> str | None:
        """Code of the currency of our column, from its `Column` or its name; None where neither says."""
        ending = name.rsplit("_", 1)[-1].upper()
        return self.columns[name].currency or (ending if ending in parsers.CURRENCIES else None)

    def identifies(self, name: str) -> bool:
        """Whether our column holds identifiers."""
        return name in self.key or name in self.refers or name.endswith(IDS)


Mapping = Dictionary[str, Source]


def _one_of(name: str, value: object, owner: str | int, choices: Sequence[object]) -> None:
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices if choice is not None)
        raise ValueError(f"{name}: {value!r} for {owner!r}, expected one of {listed}")


def _said(made: Column | Source) -> dict[str, Any]:
    """The fields that are not at their defaults."""
    plain: dict[str, Any] = {}
    for part in fields(made):
        value = getattr(made, part.name)
        default = part.default_factory() if part.default_factory is not MISSING else part.default
        if value != default:
            plain[part.name] = [list(v) if isinstance(v, tuple) else v for v in value] if _many(value) else value
    return plain


def _many(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def dump(mapping: Mapping) -> str:
    """A mapping as YAML.

    >>> print(dump({"orders": Source("mine.csv", {"order_id": Column("No."), "value_usd": Column("Value", "money")})}))
    orders:
      file: mine.csv
      columns:
        order_id: No.
        value_usd: {header: Value, kind: money}
    <BLANKLINE>
    """
    lines = []
    for name, source in mapping.items():
        said = _said(source)
        columns = said.pop("columns")
        lines.append(f"{name}:")
        for key, value in said.items():
            lines.append(f"  {key}: {_flow(dict(value) if isinstance(value, Dictionary) else value)}")
        lines.append("  columns:")
        for ours, column in columns.items():
            parts = _said(column)
            lines.append(f"    {ours}: {_flow(parts if len(parts) > 1 else column.header)}")
    return "\n".join([*lines, ""])


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1000)
    return text.removesuffix("...\n").strip()


def load(path: Path | str) -> dict[str, Source]:
    """Read a mapping from YAML: that of `dump`, or your own.

    Returns
    -------
    dict: name of each table -> `Source`.

    Raises
    ------
    ValueError naming the table, the field and what was expected.

    >>> import tempfile
    >>> mapping = {"orders": Source("mine.csv", {"order_id": Column("No.")}, key=("order_id",), zone="UTC")}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kept = Path(folder, "mine.yaml").write_text(dump(mapping), encoding="utf-8")
    ...     load(Path(folder, "mine.yaml")) == mapping
    True
    """
    path = Path(path)
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: {' '.join(str(error).split())}, expected YAML") from None
    if not isinstance(given, dict) or not given:
        raise ValueError(f"{path.name}: no table, expected table names, each with file and columns")
    return {str(name): _source(f"{path.name}, {name}", source) for name, source in given.items()}


def _source(owner: str, given: object) -> Source:
    parts = _checked(owner, Source, given)
    if not isinstance(parts["columns"], dict) or not parts["columns"]:
        raise ValueError(f"{owner}: columns {parts['columns']!r}, expected our names, each with a header")
    columns = {
        str(ours): Column(
            **_checked(f"{owner}, {ours}", Column, column if isinstance(column, dict) else {"header": column})
        )
        for ours, column in parts["columns"].items()
    }
    return Source(**{**parts, "columns": columns})


def _checked(owner: str, kind: type[Column] | type[Source], given: object) -> dict[str, Any]:
    """The fields of a mapping's part, as it takes them."""
    if not isinstance(given, dict):
        raise ValueError(f"{owner}: {given!r}, expected fields such as file and columns")
    known = {part.name: part for part in fields(kind)}
    if unknown := [name for name in given if name not in known]:
        raise ValueError(f"{owner}: unknown {unknown[0]!r}, expected one of {', '.join(known)}")
    needed = [n for n, part in known.items() if part.default is MISSING and part.default_factory is MISSING]
    if lacking := [name for name in needed if name not in given]:
        raise ValueError(f"{owner}: no {lacking[0]}, expected {', '.join(needed)}")
    return {name: _tuples(value) for name, value in given.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
