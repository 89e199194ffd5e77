"""A file as rows of texts in DuckDB, whatever it is: CSV in any encoding, packed, or a sheet of a workbook.

Where each line is a row and each row has the header's cells, DuckDB reads the file by itself, a year of orders in
seconds. Any other file goes through Python's csv module or openpyxl, row by row. Both leave the same table.
"""

import csv
import datetime
import difflib
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, cast

import duckdb
import openpyxl
import pandas as pd

from fulfillment.intake import encodings, parsers
from fulfillment.intake.encodings import Encoding, Scan
from fulfillment.intake.mapping import DELIMITERS, Source
from fulfillment.intake.parsers import KEPT

_SIGNATURES = {b"PK\x03\x04": "a zip file", b"\xd0\xcf\x11\xe0": "an old Excel file", b"%PDF": "a PDF file"}
#: Rows in which a header is looked for.
DEEPEST = 1_000
_BATCH = 20_000
_BUFFER = 1 << 22
_SAMPLE = 1 << 20
Records = Callable[[], Iterator[list[str]]]
Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE


@dataclass(frozen=True)
class Note:
    """What is odd about a file or its header: mapped column (or ""), found, expected, action, row and examples."""

    column: str
    found: str
    expected: str
    action: str = KEPT
    row: int | None = None
    examples: tuple[str, ...] = ()


@dataclass
class Opened:
    """A file whose rows stand in the view ``numbered``: ``row`` as a spreadsheet numbers it, ``m<k>`` the text of mapped
    column k, and what is seen in the whole row; ``above``: rows before the header and whether they are empty."""

    file: str
    columns: list[tuple[int, str]]
    width: int
    encoding: Encoding | None
    above: list[tuple[int, bool]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    header_row: int = 0
    rows: int = 0


@dataclass(frozen=True)
class _Found:
    """A file that can be read: its first rows, all of them, what is odd about it; ``scan`` where DuckDB may read it."""

    sample: list[list[str]]
    records: Records
    notes: list[Note]
    encoding: Encoding | None = None
    delimiter: str = ","
    scan: Scan | None = None


def plain(header: str) -> str:
    """A header as it is compared: without a byte order mark, case or double spaces.

    >>> plain("\\ufeff Order  ID ")
    'order id'
    """
    return " ".join(header.replace("\ufeff", "").lower().split())


def load(connection: duckdb.DuckDBPyConnection, path: Path, source: Source) -> Opened:
    """Read a file into the view ``numbered``.

    Raises
    ------
    ValueError naming file, row or column, and what was expected, where it is no table: empty, another kind of file,
    a mapped column missing or there twice, a quote never closed.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    if start == b"PK\x03\x04" and _is_workbook(path):
        records, notes = _sheet(path, source)
        sample = [*islice(records(), DEEPEST)]
        if not any(any(cell.strip() for cell in row) for row in sample):
            raise ValueError(f"{path.name}: empty, expected a header and rows")
        return _arrange(connection, path, source, _Found(sample, records, notes))
    for signature, kind in _SIGNATURES.items():
        if start.startswith(signature):
            raise ValueError(f"{path.name}: {kind}, expected CSV or .xlsx; save the sheet as one of them")
    return _text_file(connection, path, source)


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _text_file(connection: duckdb.DuckDBPyConnection, path: Path, source: Source) -> Opened:
    file = path.name
    try:
        with _open(path) as stream:
            scan = encodings.scan(stream)
        data = None
        if scan.bad_byte or source.encoding:
            with _open(path) as stream:
                data = stream.read()
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{file}: a damaged gzip file ({error}), expected a whole one") from None
    if not scan.start.strip():
        raise ValueError(f"{file}: empty, expected a header and rows")
    encoding = encodings.find(file, scan, data, source.encoding)
    del data
    sample = scan.start[:_SAMPLE].decode(encoding.name, "ignore").removeprefix("\ufeff")
    if sample.lstrip()[:1] in ("<", "{"):
        raise ValueError(f"{file}, row 1: a web page, XML or JSON, expected CSV or .xlsx")
    delimiter, quoting = _dialect(sample, source)
    notes = [*_name_notes(file), *_encoding_notes(encoding)]
    if quoting == csv.QUOTE_NONE:
        notes.append(Note("", "bare quotation marks", "none, or doubled ones inside a quoted cell"))
    if delimiter != ",":
        notes.append(Note("", f"{DELIMITERS[delimiter]} between cells", "commas"))

    def records() -> Iterator[list[str]]:
        with _open(path) as stream:
            text = io.TextIOWrapper(stream, encoding.name, newline="")
            yield from _rows(file, text, delimiter, quoting)

    top = _peek(sample, delimiter, quoting)
    if (source.header_row or 0) >= len(top):
        top = [*islice(records(), source.header_row)]
    simple = (
        encoding.name in ("utf-8", "utf-8-sig") and scan.simple_ends and quoting != csv.QUOTE_NONE and not scan.zeros
    )
    return _arrange(
        connection, path, source, _Found(top, records, notes, encoding, delimiter, scan if simple else None)
    )


def _peek(sample: str, delimiter: str, quoting: Quoting = csv.QUOTE_MINIMAL) -> list[list[str]]:
    """The first rows, in which a header may be; up to the first that is none."""
    rows = []
    with suppress(csv.Error):
        for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quoting=quoting), DEEPEST):
            rows.append(row)
    return rows


def _rows(file: str, text: io.TextIOWrapper, delimiter: str, quoting: Quoting) -> Iterator[list[str]]:
    row = 0
    try:
        reader = csv.reader(text, delimiter=delimiter, quoting=quoting, strict=True)
        for row, record in enumerate(reader, 1):
            if row == 1 and record:
                record[0] = record[0].removeprefix("\ufeff")
            yield record
    except csv.Error as error:
        raise ValueError(
            f"{file}, row {row + 1}: {error}, expected every quote to be closed, and doubled in a cell"
        ) from None
    except UnicodeError as error:
        raise ValueError(f"{file}, row {row + 1}: {error}, expected its encoding in the mapping") from None


def _name_notes(file: str) -> Iterator[Note]:
    name = file.lower().removesuffix(".gz")
    if not name.endswith(".csv"):
        yield Note("", f"extension {Path(name).suffix!r}", "'.csv'")


def _encoding_notes(encoding: Encoding) -> Iterator[Note]:
    if encoding.name == "utf-8-sig" and encoding.marked:
        yield Note("", "a byte order mark", "UTF-8 without one")
    elif encoding.name.startswith("utf-16") and not encoding.stated:
        mark = "" if encoding.marked else " without a mark"
        yield Note("", f"UTF-16 text{mark}", "UTF-8")


# Which cells are which ------------------------------------------------------------------------------------------------


def _dialect(sample: str, source: Source) -> tuple[str, Quoting]:
    """Delimiter and quoting: where most of the mapped columns are found; a tab file keeps bare quotation marks."""
    wanted = {plain(column.header) for column in source.columns.values() if isinstance(column.header, str)}
    widest = max((column.header for column in source.columns.values() if isinstance(column.header, int)), default=0)

    def matches(delimiter: str) -> tuple[int, int]:
        rows = _peek(sample[:200_000], delimiter)
        widths = Counter(len(row) for row in rows)
        return (
            max((len(wanted & {plain(cell) for cell in row}) for row in rows), default=0),
            sum(count for width, count in widths.items() if width >= max(widest, 2)),
        )

    if not (wanted or widest):  # a proposal: the delimiter by which most rows have the same number of cells
        best = max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))
    else:
        best = max(DELIMITERS, key=matches)
    delimiter = source.delimiter or best
    if delimiter != "\t" or '"' not in sample:
        return delimiter, csv.QUOTE_MINIMAL
    ways: tuple[Quoting, ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)
    return delimiter, min(ways, key=lambda quoting: _ragged(sample, quoting))


def _evenness(sample: str, delimiter: str) -> int:
    widths = Counter(len(row) for row in _peek(sample[:200_000], delimiter) if len(row) > 1)
    return max((width * count for width, count in widths.items()), default=0)


def _ragged(sample: str, quoting: Quoting) -> int:
    """Rows of a tab file that have another number of cells than most, where quotes are read so."""
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind("\n") + 1]
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(whole, newline=""), delimiter="\t", quoting=quoting, strict=True)
            if row
        ]
    except csv.Error:
        return len(whole)
    widths = Counter(map(len, rows))
    lines = sum(1 for line in whole.splitlines() if line.strip())
    return len(rows) - max(widths.values(), default=0) + (lines - len(rows) if quoting != csv.QUOTE_NONE else 0)


def _header(file: str, sample: list[list[str]], source: Source) -> int:
    """Position of the header, -1 where there is none: where most of the mapped headers are found."""
    if source.header_row is not None:
        if source.header_row > len(sample):
            raise ValueError(f"{file}: {len(sample)} rows, expected a header in row {source.header_row}")
        return source.header_row - 1
    wanted = {plain(column.header) for column in source.columns.values() if isinstance(column.header, str)}
    matches = [len(wanted & {plain(cell) for cell in row}) for row in sample]
    best = max(range(len(matches)), key=matches.__getitem__)
    if not matches[best]:
        columns = ", ".join(column.name for column in source.columns.values())
        raise ValueError(
            f"{file}: none of the mapped headers in its first {len(sample)} rows, expected a header with the mapped "
            f"columns {columns}; where the file has no header, map columns by position, with header_row 0"
        )
    return best


def _places(
    file: str, top: int, header: list[str], width: int, source: Source
) -> tuple[dict[str, list[int]], list[Note]]:
    """Our name of each column -> its positions in the file; and what is odd about the header."""
    places: dict[str, list[int]] = {}
    missing, notes = [], []
    for name, column in source.columns.items():
        if isinstance(column.header, int):
            found = [column.header - 1] if column.header <= width else []
        else:
            found = [place for place, cell in enumerate(header) if plain(cell) == plain(column.header)]
        if not found and column.optional:
            notes.append(Note(column.name, "no such column", "a column of the mapping", "column left out"))
        elif not found:
            near = difflib.get_close_matches(str(column.header), header, 1)
            missing.append(f"{column.header!r}{f' (there is {near[0]!r})' if near else ''}")
        else:
            places[name] = found
            if isinstance(column.header, str) and header[found[0]] != column.header:
                notes.append(Note(column.name, f"header {header[found[0]]!r}", repr(column.header), KEPT, top + 1))
        if len(found) > 1:
            numbers = " and ".join(str(place + 1) for place in found)
            notes.append(
                Note(column.name, f"columns {numbers} with this header, alike", "one", "the first kept", top + 1)
            )
    if missing:
        where = f"{file}, row {top + 1}" if header else file
        raise ValueError(f"{where}: no column {', '.join(missing)}; expected all columns of the mapping")
    used = {place for found in places.values() for place in found}
    if unmapped := tuple(cell for place, cell in enumerate(header) if place not in used and cell.strip()):
        found_ = f"columns that the mapping does not name: {len(unmapped)}"
        notes.append(Note("", found_, "only mapped columns", "not read", examples=unmapped))
    return places, notes


# Into DuckDB ----------------------------------------------------------------------------------------------------------


def _arrange(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    source: Source,
    found: _Found,
) -> Opened:
    """Find the header and the mapped columns, and fill ``raw``."""
    sample = found.sample
    if not sample:
        raise ValueError(f"{path.name}, row 1: no row can be read, expected a header and rows")
    top = _header(path.name, sample, source)
    header = sample[top] if top >= 0 else []
    width = len(header) or Counter(map(len, sample)).most_common(1)[0][0]
    places, odd = _places(path.name, top, header, width, source)
    opened = Opened(
        path.name,
        list(enumerate(places)),
        width,
        found.encoding,
        notes=[*found.notes, *odd],
        header=header,
        header_row=top + 1,
    )
    opened.above = [
        (row, not any(cell.strip() for cell in cells)) for row, cells in enumerate(sample[: max(top, 0)], 1)
    ]
    if not (found.scan and _by_duckdb(connection, path, found, top, header, width, places)):
        _by_rows(connection, found.records, top, header, width, places)
    opened.rows = count(connection, "SELECT count(*) FROM raw")
    if not opened.rows:
        raise ValueError(f"{path.name}, row {top + 2}: nothing below the header, expected at least one row")
    for name, twice in places.items():
        if len(twice) > 1 and count(connection, f"SELECT count(*) FROM raw WHERE differ_{list(places).index(name)}"):
            header_ = source.columns[name].header
            raise ValueError(
                f"{path.name}, row {top + 1}: columns {' and '.join(str(place + 1) for place in twice)} are both "
                f"{header_!r} and differ, expected one of them, by its position: header {twice[0] + 1}"
            )
    return opened


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The number that a query gives."""
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _seen(header: list[str], width: int, places: dict[str, list[int]], given: str, row: str = "") -> str:
    """The statement that makes ``raw`` of rows with the texts ``c0``, ``c1``...: what is seen in a whole row, and the
    mapped texts alone."""
    cells = [f"c{place}" for place in range(width)]
    solid = [f"({cell} >= '!' AND {cell} < chr(127))" for cell in cells]  # begins with a letter: no need to trim it
    blank = " AND ".join(f"bare({cell}) = ''" for cell in cells)
    first = f" WHEN {solid[0]} THEN {cells[0]}" + "".join(f" WHEN bare({cell}) <> '' THEN {cell}" for cell in cells)
    named = [(place, plain(cell)) for place, cell in enumerate(header) if plain(cell)]
    named.sort(key=lambda pair: pair[0] not in {place for found in places.values() for place in found})
    alike = [
        f"trim(regexp_replace(lower(replace(c{place}, chr(65279), '')), '\\s+', ' ', 'g')) = {_text(text)}"
        for place, text in named
    ]
    again = "FALSE"
    if named:
        place, text = named[0]
        again = (
            f"CASE WHEN contains(lower(c{place}), {_text(text.split()[0])}) THEN {' AND '.join(alike)} ELSE FALSE END"
        )
    texts = "".join(f", c{found[0]} AS m{k}" for k, found in enumerate(places.values()))
    differ = "".join(
        f", {' OR '.join(f'c{found[0]} <> c{other}' for other in found[1:])} AS differ_{k}"
        for k, found in enumerate(places.values())
        if len(found) > 1
    )
    return f"""
        SELECT {row} width, extra, CASE WHEN {solid[-1]} THEN TRUE ELSE bare({cells[-1]}) <> '' END AS last, empty, {again} AS again,
            CASE WHEN empty OR first >= '0' AND first < ':' THEN FALSE
                ELSE regexp_full_match(bare(first), {_text(parsers.TOTAL)}) END AS total{texts}{differ}
        FROM (SELECT *, CASE WHEN {solid[0]} THEN FALSE ELSE {blank} END AS empty, CASE {first} ELSE '' END AS first FROM {given})
    """


def _by_duckdb(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    found: _Found,
    top: int,
    header: list[str],
    width: int,
    places: dict[str, list[int]],
) -> bool:
    """Let DuckDB read the file; False where a line of it is no row of the header's cells."""
    scan = found.scan
    if scan is None:
        return False
    beginning = scan.start.split(b"\n", top + 2)[: top + 1]
    if width < 2 or any(line.count(b'"') % 2 for line in beginning):
        return False
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    options = (
        "auto_detect = false, header = false, quote = '\"', escape = '\"', strict_mode = true, null_padding = false"
    )
    reading = (
        f"read_csv({_text(path.as_posix())}, delim = {_text(found.delimiter)}, columns = {{{types}}}, skip = {top + 1},"
        f" max_line_size = {csv.field_size_limit()}, buffer_size = {_BUFFER}, {options}, compression = 'auto_detect')"
    )
    cells = ", ".join(f"coalesce(c{place}, '') AS c{place}" for place in range(width))
    given = f"(SELECT {cells}, {width}::SMALLINT AS width, FALSE AS extra FROM {reading})"
    try:
        connection.execute(f"CREATE OR REPLACE TABLE raw AS {_seen(header, width, places, given)}")
    except duckdb.Error:
        return False
    if count(connection, "SELECT count(*) FROM raw") != scan.lines - top - 1:
        return False  # an empty line, or a line end inside a cell
    connection.execute(f"CREATE OR REPLACE VIEW numbered AS SELECT rowid + {top + 2} AS row, * FROM raw")
    return True


def _by_rows(
    connection: duckdb.DuckDBPyConnection,
    records: Records,
    top: int,
    header: list[str],
    width: int,
    places: dict[str, list[int]],
) -> None:
    """Read the file row by row, in batches."""
    names = [f"c{place}" for place in range(width)]
    rows = islice(records(), top + 1, None)
    number, made = top + 2, False
    connection.execute("CREATE OR REPLACE TABLE raw (row BIGINT)")
    while batch := [*islice(rows, _BATCH)]:
        lengths = [len(row) for row in batch]
        extra = [any(cell.strip() for cell in row[width:]) for row in batch]
        table = pd.DataFrame([row[:width] + [""] * (width - len(row)) for row in batch], columns=names, dtype=object)
        table = table.assign(width=lengths, extra=extra, number=range(number, number + len(batch)))
        connection.register("batch", table)
        into = "INSERT INTO raw" if made else "CREATE OR REPLACE TABLE raw AS"
        given = "(SELECT * REPLACE (width::SMALLINT AS width) FROM batch)"
        connection.execute(f"{into} {_seen(header, width, places, given, 'number::BIGINT AS row,')}")
        connection.unregister("batch")
        number, made = number + len(batch), True
    connection.execute("CREATE OR REPLACE VIEW numbered AS SELECT * FROM raw")


# Workbooks ------------------------------------------------------------------------------------------------------------


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _sheet(path: Path, source: Source) -> tuple[Records, list[Note]]:
    """The rows of a workbook's sheet as texts: the named one, or the only one."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    names = [sheet.title for sheet in book.worksheets]
    if source.sheet is not None and source.sheet not in names:
        raise ValueError(f"{path.name}: no sheet {source.sheet!r}, expected one of {', '.join(names)}")
    if source.sheet is None and len(names) > 1:
        raise ValueError(f"{path.name}: sheets {', '.join(names)}, expected sheet in the mapping to name one of them")
    sheet = book[source.sheet or names[0]]
    sheet.reset_dimensions()

    def records() -> Iterator[list[str]]:
        for cells in sheet.iter_rows(values_only=True):
            row = [_cell(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            yield row

    widest = max((len(row) for row in records()), default=0)
    return (lambda: (row + [""] * (widest - len(row)) for row in records())), []


def _cell(value: Any) -> str:
    """A cell's value as a text that says no more and no less.

    A number that could be read as thousands is written with a further zero, because a workbook's number is not in doubt.

    >>> _cell(17850.0), _cell(539.577), _cell(datetime.datetime(2025, 7, 1, 8, 30)), _cell(True)
    ('17850', '539.5770', '2025-07-01 08:30:00', 'true')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            text = repr(value)
            return text + "0" if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text) else text
        case datetime.datetime():
            return value.isoformat(" ") if value.time() != datetime.time() else value.date().isoformat()
        case _:
            return str(value)
