"""A reader's own files: read through a column mapping, with everything that is not as expected reported.

A mapping is a dict: name of a table -> `Source`, which says what the file is called and, for each column of ours, the
header it has there and what it holds. `SCMS` and `OLIST` are ready. `read` gives the tables and a `Report`. A row is
never dropped silently: it is kept, or set aside with the reason.

Columns that `fulfillment.deliveries` and `fulfillment.kpis` know: ``order_id``, ``line_id``, ``shipment_id``,
``ordered_at``, ``dispatch_due_at``, ``dispatched_at``, ``deliver_by``, ``delivered_at``, ``cancelled_at``, ``vendor``,
``quantity``, ``value_usd``, ``freight_usd``. A column whose name ends in a currency's code holds that currency.
"""

import csv
import difflib
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from fulfillment.intake import parsers
from fulfillment.intake.parsers import KEPT, Finding

KINDS = ("text", "number", "whole", "time", "deadline", "flag")
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
REJECTED = "set aside"
_TOTAL = re.compile(r"(grand|sub|overall)?[\s-]*(totals?|sums?|average|mean)(\s*([:=(]|\d{4}).*)?", re.IGNORECASE)
_SIGNATURES = {b"PK\x03\x04": "an Excel or zip file", b"\xd0\xcf\x11\xe0": "an old Excel file", b"%PDF": "a PDF file"}


# Mapping --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """One column of a reader's file.

    ``header`` as the file has it (case and spaces do not matter); ``kind``: ``"text"``, ``"number"``, ``"whole"`` (a
    whole number), ``"time"``, ``"deadline"`` (a time; a day without time of day lasts until its end) or ``"flag"``
    (yes or no). ``optional``: the file may lack the column. ``may_be_empty``: an empty cell is nothing to report.
    ``minimum`` and ``maximum`` bound a number; ``nulls`` are the spellings of "no value", in lower case.
    """

    header: str
    kind: str = "text"
    optional: bool = False
    may_be_empty: bool = False
    minimum: float | None = 0
    maximum: float = 1e12
    nulls: tuple[str, ...] = parsers.NULLS

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: {self.kind!r} for {self.header!r}, expected one of {', '.join(KINDS)}")
        if not (self.minimum is None or self.minimum <= self.maximum) or not self.maximum < float("inf"):
            raise ValueError(
                f"maximum: {self.maximum} for {self.header!r}, expected a finite number of at least minimum"
            )


@dataclass(frozen=True)
class Source:
    """One file of a reader.

    ``file``: its name; ``columns``: our name -> `Column`; ``key``: our names of what identifies a row; ``sequences``:
    pairs of times of which the first comes first; ``refers``: our name of a column -> the table it points to, which has
    it as its key; ``day_first``: True where dates have the day before the month, None where you do not know;
    ``decimal``: the decimal mark, ``"."`` or ``","``.
    """

    file: str
    columns: Mapping[str, Column]
    key: Sequence[str] = ()
    sequences: Sequence[tuple[str, str]] = ()
    refers: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: str = "."

    def __post_init__(self) -> None:
        named = {
            "key": self.key,
            "sequences": [name for pair in self.sequences for name in pair],
            "refers": self.refers,
        }
        for name, columns in named.items():
            if unknown := [column for column in columns if column not in self.columns]:
                raise ValueError(f"{name}: {unknown[0]!r} for {self.file}, expected one of {', '.join(self.columns)}")
        if self.decimal not in parsers.OTHER_MARK:
            raise ValueError(f"decimal: {self.decimal!r} for {self.file}, expected '.' or ','")


# Report ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is not as expected in one column of a file (``column`` is empty where it concerns whole rows or the file).

    ``rows`` counts the rows, ``first_rows`` numbers the first three as a spreadsheet does, ``examples`` are the
    commonest forms with their counts, ``action`` says what was done.
    """

    file: str
    column: str
    found: str
    expected: str
    action: str
    rows: int = 0
    first_rows: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}{f', {self.column}' if self.column else ''}"
        first = ", ".join(map(str, self.first_rows))
        rows = f", row {first}" if self.rows == 1 else f", {self.rows:,} rows (first {first})" if self.rows else ""
        examples = f" ({'; '.join(self.examples)})" if self.examples else ""
        return f"{where}{rows}: {self.found}{examples}; expected {self.expected}; {self.action}"


@dataclass(frozen=True)
class Report:
    """All problems, and for each table its ``file`` and how many rows were ``read``, ``kept`` and set ``rejected``."""

    problems: list[Problem]
    counts: dict[str, dict[str, Any]]

    def __str__(self) -> str:
        rows = [
            f"{count['file']}: {count['read']:,} rows read, {count['kept']:,} kept, {count['rejected']:,} set aside"
            for count in self.counts.values()
        ]
        return "\n".join([*rows, *map(str, self.problems)])

    def table(self) -> pd.DataFrame:
        """A row a problem, with the columns of `Problem`."""
        table = pd.DataFrame([vars(problem) for problem in self.problems], columns=list(Problem.__annotations__))
        texts = {
            column: table[column].map(lambda items: "; ".join(map(str, items))) for column in ("first_rows", "examples")
        }
        return table.assign(**texts)


@dataclass(frozen=True)
class ImportResult:
    """``tables`` by name, each indexed by the row in its file; the ``report``; ``rejected``: the rows that are in no
    table, by table, each with ``why`` and its ``cells``."""

    tables: dict[str, pd.DataFrame]
    report: Report
    rejected: dict[str, pd.DataFrame]


def _problems(file: str, column: str, findings: Iterable[Finding]) -> Iterator[Problem]:
    """Findings of a column as problems; one without cells is none."""
    for finding in findings:
        shapes: dict[str, str] = {}  # texts that differ in digits only are one form
        counts: Counter[str] = Counter()
        for text, count in finding.cells.value_counts(sort=False).items():
            shape = re.sub(r"\d+", "0", text)
            shapes.setdefault(shape, text[:60] if text.strip() else "(empty)")
            counts[shape] += count
        examples = (
            f"{shapes[shape]!r}{f' × {count:,}' if count > 1 else ''}" for shape, count in counts.most_common(4)
        )
        if rows := finding.cells.index.tolist():
            done = (finding.found, finding.expected, finding.action)
            yield Problem(file, column, *done, len(rows), tuple(rows[:3]), tuple(examples))


# Reading --------------------------------------------------------------------------------------------------------------


def read(mapping: Mapping[str, Source], where: Path | str) -> ImportResult:
    """Read the files of a mapping.

    Parameters
    ----------
    mapping : name of each table -> `Source`; `SCMS`, `OLIST` or your own.
    where : the folder with the files; or one file, where the mapping has one table. A name may end in ``.gz``.

    Returns
    -------
    ImportResult.

    Raises
    ------
    ValueError naming file, column or row, and what was expected, where a file is no table at all (empty, another kind
    of file, a mapped column missing or there twice, a quote never closed). FileNotFoundError where there is no file.

    >>> import tempfile
    >>> mine = {"orders": Source("mine.csv", {"order_id": Column("No."), "value_usd": Column("Value", "number")})}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "mine.csv").write_text("No.,Value\\nA1,$20\\nA2,free\\n")
    ...     reading = read(mine, folder)
    >>> reading.tables["orders"]["value_usd"].tolist()
    [20.0, nan]
    >>> print(reading.report)
    mine.csv: 2 rows read, 2 kept, 0 set aside
    mine.csv, Value, row 2: a currency sign ('$20'); expected digits only; kept
    mine.csv, Value, row 3: text ('free'); expected a number in USD; read as missing
    """
    where = Path(where)
    paths = {name: where / source.file if where.is_dir() else where for name, source in mapping.items()}
    if not where.exists():
        raise FileNotFoundError(f"{where}: no such file or folder, expected one that holds {_listed(mapping)}")
    if not where.is_dir() and len(mapping) > 1:
        raise ValueError(f"{where.name}: one file, expected the folder that holds {_listed(mapping)}")
    found = {name: path for name, path in paths.items() if path.is_file()}
    if not found:
        raise FileNotFoundError(f"{where}: none of the mapped files, expected {_listed(mapping)}")
    problems = [
        Problem(source.file, "", "no such file", f"a file for the table {name!r}", "table left out")
        for name, source in mapping.items()
        if name not in found
    ]
    tables, rejected, counts = {}, {}, {}
    for name, path in found.items():
        tables[name], rejected[name], noticed = _read_file(path, mapping[name])
        problems += noticed
        kept, left = len(tables[name]), len(rejected[name])
        counts[name] = {"file": path.name, "read": kept + left, "kept": kept, "rejected": left}
    problems += _orphans(mapping, tables, paths)
    return ImportResult(tables, Report(problems, counts), rejected)


def _orphans(
    mapping: Mapping[str, Source], tables: Mapping[str, pd.DataFrame], paths: Mapping[str, Path]
) -> Iterator[Problem]:
    """Rows that refer to a row of another table that is not there."""
    for name, table in tables.items():
        for column, other in mapping[name].refers.items():
            if column in table and column in tables.get(other, ()):
                held = table[column].dropna()
                orphans = held[~held.isin(tables[other][column])]
                header = mapping[name].columns[column].header
                finding = Finding(orphans, "refers to nothing", f"a row with it in {paths[other].name}", KEPT)
                yield from _problems(paths[name].name, header, [finding])


def _listed(mapping: Mapping[str, Source]) -> str:
    return ", ".join(source.file for source in mapping.values())


def _plain(header: str) -> str:
    return " ".join(header.replace("\ufeff", "").lower().split())


def _read_file(path: Path, source: Source) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """The table, its rows set aside, and what was noticed."""
    file = path.name
    text, encoding = _text(path)
    delimiter, top = _layout(file, text, source)
    records = list(_records(file, text, delimiter))
    if len(records) == top + 1:
        raise ValueError(f"{file}, row {top + 2}: nothing below the header, expected at least one row")
    places, odd = _places(file, top, records, source)
    reasons = _reject(records, top, places, source)
    problems = [*_file_problems(file, encoding, delimiter, records), *odd]

    kept = [row for row in range(len(records)) if row != top and row not in reasons]
    table = pd.DataFrame(index=_numbered(kept))
    for name, place in places.items():
        raw = pd.Series([records[row][place] for row in kept], table.index, dtype="str")
        table[name], findings = _column(name, source.columns[name], raw, source)
        problems += _problems(file, source.columns[name].header, findings)
    for first, then in source.sequences:
        if first in table and then in table:
            early = table[table[then].dt.normalize() < table[first].dt.normalize()]
            texts = early[first].dt.strftime("%F") + " to " + early[then].dt.strftime("%F")
            column = f"{source.columns[first].header} to {source.columns[then].header}"
            finding = Finding(texts, "reversed dates", f"{first} on or before the day of {then}", KEPT)
            problems += _problems(file, column, [finding])

    rejected = pd.DataFrame(
        {"why": [why for why, _ in reasons.values()], "cells": [records[row] for row in reasons]}, _numbered(reasons)
    )
    for why, expected in dict.fromkeys(reasons.values()):
        beginnings = rejected.loc[rejected["why"] == why, "cells"].map(lambda row: delimiter.join(row[:4]))
        problems += _problems(file, "", [Finding(beginnings, why, expected, REJECTED)])
    return table, rejected, problems


def _numbered(rows: Iterable[int]) -> pd.Index:
    """Rows as a spreadsheet numbers them."""
    return pd.Index([row + 1 for row in rows], name="row", dtype="int64")


def _column(name: str, column: Column, raw: pd.Series, source: Source) -> parsers.Read:
    """A column's values by row, missing where there is none, and findings."""
    left, findings = parsers.strip_nulls(raw, column.nulls, column.may_be_empty)
    currency = name.rsplit("_", 1)[-1].upper()
    match column.kind:
        case "number" | "whole":
            values, more = parsers.numbers(
                left,
                source.decimal,
                currency if currency in parsers.CURRENCIES else None,
                column.kind == "whole",
                column.minimum,
                column.maximum,
            )
        case "time" | "deadline":
            values, more = parsers.times(left, source.day_first, column.kind == "deadline")
        case "flag":
            values, more = parsers.flags(left)
        case _:
            values, more = parsers.texts(left)
    return values.reindex(raw.index), findings + more


# The file -------------------------------------------------------------------------------------------------------------


def _text(path: Path) -> tuple[str, str]:
    """A file's text and the name of its encoding."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"{path.name}: a damaged gzip file ({error}), expected a whole one") from None
    if not data.strip():
        raise ValueError(f"{path.name}: empty, expected a header and rows")
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise ValueError(f"{path.name}: {kind}, expected CSV; save the sheet as CSV UTF-8")
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    marked = next((encoding for mark, encoding in marks.items() if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            row, byte = error.object.count(b"\n", 0, error.start) + 1, error.object[error.start]
        else:
            break
    else:
        raise ValueError(f"{path.name}, row {row}: byte 0x{byte:02x}, expected UTF-8 or Windows-1252 text")
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(f"{path.name}, row {row}: a zero byte, expected text (CSV)")
    if text.lstrip()[:1] in ("<", "{"):
        raise ValueError(f"{path.name}, row 1: {text.lstrip()[:20]!r}, expected CSV, not a web page, XML or JSON")
    return text, encoding


def _records(file: str, text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, record in enumerate(reader, 1):  # noqa: B007
            yield record
    except csv.Error as error:
        raise ValueError(
            f"{file}, row {row + 1}: {error}, expected every quote to be closed, and doubled in a cell"
        ) from None


def _layout(file: str, text: str, source: Source) -> tuple[str, int]:
    """Delimiter and position of the header: where most of the mapped headers are found."""
    wanted = {_plain(column.header) for column in source.columns.values()}
    matches = {
        (delimiter, top): len(wanted & {_plain(cell) for cell in record})
        for delimiter in DELIMITERS
        for top, record in enumerate(
            islice(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter), 20)
        )
    }
    best = max(matches, key=matches.__getitem__)
    if not matches[best]:
        first = next(line for line in text.splitlines() if line.strip())
        columns = ", ".join(column.header for column in source.columns.values())
        raise ValueError(f"{file}, row 1: {first[:80]!r}, expected a header with the mapped columns {columns}")
    return best


def _places(file: str, top: int, records: list[list[str]], source: Source) -> tuple[dict[str, int], list[Problem]]:
    """Our name of each column -> its position in the file; and what is odd about the header."""
    header = records[top]
    places, missing, problems = {}, [], []
    for name, column in source.columns.items():
        found = [place for place, cell in enumerate(header) if _plain(cell) == _plain(column.header)]
        if not found and column.optional:
            problems.append(
                Problem(file, column.header, "no such column", "a column of the mapping", "column left out")
            )
        elif not found:
            near = difflib.get_close_matches(column.header, header, 1)
            missing.append(f"{column.header!r}{f' (there is {near[0]!r})' if near else ''}")
        else:
            places[name] = found[0]
            if header[found[0]] != column.header:
                odd = Problem(
                    file, column.header, f"header {header[found[0]]!r}", repr(column.header), KEPT, 1, (top + 1,)
                )
                problems.append(odd)
        if len(found) > 1:
            differs = any(len({row[place] for place in found}) > 1 for row in records if len(row) > found[-1])
            numbers = " and ".join(str(place + 1) for place in found)
            if differs:
                raise ValueError(
                    f"{file}, row {top + 1}: columns {numbers} are both {column.header!r} and differ, expected one of them"
                )
            twice = f"columns {numbers} with this header, alike"
            problems.append(Problem(file, column.header, twice, "one", "the first kept", 1, (top + 1,)))
    if missing:
        raise ValueError(f"{file}, row {top + 1}: no column {', '.join(missing)}; expected all columns of the mapping")
    if unmapped := [cell for place, cell in enumerate(header) if place not in places.values() and cell.strip()]:
        found = f"columns that the mapping does not name: {len(unmapped)}"
        problems.append(Problem(file, "", found, "only mapped columns", "not read", examples=tuple(unmapped)))
    return places, problems


def _file_problems(file: str, encoding: str, delimiter: str, records: list[list[str]]) -> Iterator[Problem]:
    name = file.lower().removesuffix(".gz")
    if not name.endswith(".csv"):
        yield Problem(file, "", f"extension {Path(name).suffix!r}", "'.csv'", KEPT)
    if encoding == "utf-8-sig":
        yield Problem(file, "", "a byte order mark", "UTF-8 without one", KEPT)
    elif encoding == "utf-16":
        yield Problem(file, "", "UTF-16 text", "UTF-8", KEPT)
    elif encoding == "cp1252":
        odd = {row: cell for row, record in enumerate(records, 1) for cell in record if not cell.isascii()}
        yield from _problems(file, "", [Finding(pd.Series(odd), "Windows-1252 text", "UTF-8", KEPT)])
    if delimiter != ",":
        yield Problem(file, "", f"{DELIMITERS[delimiter]} between cells", "commas", KEPT)


def _reject(
    records: list[list[str]], top: int, places: Mapping[str, int], source: Source
) -> dict[int, tuple[str, str]]:
    """Position of each row that is not a row of the table -> what it is, and what was expected."""
    header, width = records[top], len(records[top])
    keys = [(places[name], source.columns[name]) for name in source.key]
    named = " and ".join(column.header for _, column in keys)
    seen: dict[tuple[str, ...], list[str]] = {}
    reasons: dict[int, tuple[str, str]] = {}
    for row, record in enumerate(records):
        cell = [text.strip() for text in record]
        first = next(filter(None, cell), "")
        key = tuple(cell[place] for place, _ in keys) if len(record) >= width else ()
        keyless = [not key or key[at].lower() in column.nulls for at, (_, column) in enumerate(keys)]
        if row == top:
            continue
        if not first:
            reasons[row] = ("an empty row", "none")
        elif row < top:
            reasons[row] = ("a row above the header", "the header in the first row")
        elif record == header:
            reasons[row] = ("the header again", "one header")
        elif _TOTAL.fullmatch(first) and (not keys or any(keyless) or _TOTAL.fullmatch(key[0])):
            reasons[row] = ("a total", "single rows only")
        elif len(record) < width or any(cell[width:]):
            reasons[row] = ("more or fewer cells than the header", f"{width} cells")
        elif any(keyless):
            reasons[row] = (f"no {named}", f"{named} in every row")
        elif keys and key in seen:
            alike = "with other content" if seen[key] != cell[:width] else "with the same content"
            reasons[row] = (f"the {named} of an earlier row, {alike}", f"each {named} once")
        else:
            seen.setdefault(key, cell[:width])
    return reasons


# Ready mappings -------------------------------------------------------------------------------------------------------

#: USAID's SCMS Delivery History: one row a delivered line of a purchase order (or of an order from its own stock).
SCMS: dict[str, Source] = {
    "lines": Source(
        "SCMS_Delivery_History_Dataset.csv",
        {
            "line_id": Column("ID"),
            "order_id": Column("PO / SO #"),
            "shipment_id": Column("ASN/DN #"),
            "country": Column("Country"),
            "fulfilled_via": Column("Fulfill Via"),
            "incoterm": Column("Vendor INCO Term"),
            "shipment_mode": Column("Shipment Mode"),
            "quoted_at": Column("PQ First Sent to Client Date", "time"),
            "ordered_at": Column("PO Sent to Vendor Date", "time"),
            "deliver_by": Column("Scheduled Delivery Date", "deadline"),
            "delivered_at": Column("Delivered to Client Date", "time"),
            "recorded_at": Column("Delivery Recorded Date", "time"),
            "product_group": Column("Product Group"),
            "vendor": Column("Vendor"),
            "manufacturer": Column("Manufacturing Site"),
            "item": Column("Item Description"),
            "quantity": Column("Line Item Quantity", "whole"),
            "value_usd": Column("Line Item Value", "number"),
            "pack_price_usd": Column("Pack Price", "number"),
            "weight_kg": Column("Weight (Kilograms)", "number"),
            "freight_usd": Column("Freight Cost (USD)", "number"),
            "insurance_usd": Column("Line Item Insurance (USD)", "number"),
        },
        key=("line_id",),
        sequences=(("ordered_at", "delivered_at"), ("delivered_at", "recorded_at")),
    )
}

_ORDER = {"order_id": Column("order_id")}
#: Olist's Brazilian e-commerce files, by their published names; values in Brazilian real.
OLIST: dict[str, Source] = {
    "orders": Source(
        "olist_orders_dataset.csv",
        {
            **_ORDER,
            "customer_id": Column("customer_id"),
            "status": Column("order_status"),
            "ordered_at": Column("order_purchase_timestamp", "time"),
            "approved_at": Column("order_approved_at", "time"),
            "dispatched_at": Column("order_delivered_carrier_date", "time"),
            "delivered_at": Column("order_delivered_customer_date", "time"),
            "deliver_by": Column("order_estimated_delivery_date", "deadline"),
        },
        key=("order_id",),
        sequences=(
            ("ordered_at", "approved_at"),
            ("ordered_at", "dispatched_at"),
            ("dispatched_at", "delivered_at"),
            ("ordered_at", "deliver_by"),
        ),
        refers={"customer_id": "customers"},
    ),
    "lines": Source(
        "olist_order_items_dataset.csv",
        {
            **_ORDER,
            "line_id": Column("order_item_id"),
            "product_id": Column("product_id"),
            "vendor": Column("seller_id"),
            "dispatch_due_at": Column("shipping_limit_date", "deadline"),
            "value_brl": Column("price", "number"),
            "freight_brl": Column("freight_value", "number"),
        },
        key=("order_id", "line_id"),
        refers={"order_id": "orders", "product_id": "products", "vendor": "sellers"},
    ),
    "products": Source(
        "olist_products_dataset.csv",
        {
            "product_id": Column("product_id"),
            "category": Column("product_category_name"),
            "weight_g": Column("product_weight_g", "number"),
            "length_cm": Column("product_length_cm", "number"),
            "height_cm": Column("product_height_cm", "number"),
            "width_cm": Column("product_width_cm", "number"),
        },
        key=("product_id",),
    ),
    "sellers": Source(
        "olist_sellers_dataset.csv",
        {
            "vendor": Column("seller_id"),
            "zip_prefix": Column("seller_zip_code_prefix"),
            "city": Column("seller_city"),
            "state": Column("seller_state"),
        },
        key=("vendor",),
    ),
    "customers": Source(
        "olist_customers_dataset.csv",
        {
            "customer_id": Column("customer_id"),
            "buyer_id": Column("customer_unique_id"),
            "zip_prefix": Column("customer_zip_code_prefix"),
            "city": Column("customer_city"),
            "state": Column("customer_state"),
        },
        key=("customer_id",),
    ),
    "payments": Source(
        "olist_order_payments_dataset.csv",
        {
            **_ORDER,
            "payment_id": Column("payment_sequential"),
            "method": Column("payment_type"),
            "installments": Column("payment_installments", "whole"),
            "paid_brl": Column("payment_value", "number"),
        },
        key=("order_id", "payment_id"),
        refers={"order_id": "orders"},
    ),
    "reviews": Source(
        "olist_order_reviews_dataset.csv",
        {
            "review_id": Column("review_id"),
            **_ORDER,
            "review_stars": Column("review_score", "whole", minimum=1, maximum=5),
            "title": Column("review_comment_title", may_be_empty=True),
            "message": Column("review_comment_message", may_be_empty=True),
            "created_at": Column("review_creation_date", "time"),
            "answered_at": Column("review_answer_timestamp", "time"),
        },
        key=("review_id", "order_id"),  # one review may stand for several orders
        sequences=(("created_at", "answered_at"),),
        refers={"order_id": "orders"},
    ),
}
