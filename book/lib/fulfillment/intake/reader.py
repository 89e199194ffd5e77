"""A reader's own files: read through a mapping, with everything that is not as expected reported.

`read` gives the tables and a `Report`. A row is never dropped silently: it is kept, or set aside with the reason. A cell
that cannot be read is missing, and what may be read in two ways is asked about, not guessed.

Columns that `fulfillment.intake.delivery_kpis` and `fulfillment.kpis` know: ``order_id``, ``line_id``, ``shipment_id``,
``ordered_at``, ``dispatch_due_at``, ``dispatched_at``, ``deliver_by``, ``delivered_at``, ``cancelled_at``, ``vendor``,
``quantity``, ``value_usd``, ``freight_usd``. A column whose name ends in a currency's code holds that currency.
"""

import fnmatch
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from fulfillment.intake import casting, files, reporting, screening
from fulfillment.intake.casting import DAY_ONLY, Cast, Tag
from fulfillment.intake.files import Opened
from fulfillment.intake.mapping import Column, Mapping, Source
from fulfillment.intake.parsers import KEPT
from fulfillment.intake.reporting import REJECTED, Problem, Report
from fulfillment.intake.screening import Reason

__all__ = ["REJECTED", "Column", "ImportResult", "Mapping", "Problem", "Report", "Source", "read"]

#: Rows from which on a bar shows how far the reading is.
LARGE = 200_000
_MEMORY = "320MB"
_STEPS = ("found", "read", "checked", "reported")
_PANDAS = {"number": "float64", "money": "float64", "whole": "Int64", "flag": "boolean", "text": "str"}
_PANDAS |= {"time": "datetime64[us]", "deadline": "datetime64[us]"}


class Tables(Dictionary[str, pd.DataFrame]):
    """Tables by name, each made a DataFrame when it is first asked for."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, mapping: Mapping, names: Sequence[str]) -> None:
        self._connection, self._mapping, self._names = connection, mapping, names
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._frame(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _frame(self, name: str) -> pd.DataFrame:
        """A table, a column at a time, so that no column stands in memory twice."""
        source, table = self._mapping[name], _quoted(name)
        there = [
            column for (column,) in self._connection.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()
        ]
        series = {column: self._series(table, column) for column in there}
        for ours, column in source.columns.items():
            if ours in series:
                series[ours] = series[ours].astype(_PANDAS[column.kind], copy=False)
        return _indexed(pd.DataFrame(series, copy=False), source)

    def _series(self, table: str, column: str) -> pd.Series:
        """A column; of texts that come again and again, each is held once."""
        quoted = _quoted(column)
        kind, several = self._connection.execute(
            f"SELECT typeof(any_value({quoted})), approx_count_distinct({quoted}) < count({quoted}) / 4 FROM {table}"
        ).fetchone() or ("", False)
        if kind == "VARCHAR" and several:
            words = f"SELECT list(DISTINCT {quoted} ORDER BY {quoted}) FROM {table}"
            (found,) = self._connection.execute(words).fetchone() or ([],)
            codes = self._connection.execute(
                f"SELECT list_position($words, {quoted}) AS code FROM {table}", {"words": found}
            )
            texts = pd.array([*found, None], dtype="str")
            return pd.Series(texts.take(codes.df()["code"].fillna(len(found) + 1).to_numpy("int64") - 1))
        return self._connection.execute(f"SELECT {quoted} FROM {table}").df()[column]


@dataclass(frozen=True)
class ImportResult:
    """``tables`` by name, each indexed by the row in its file (and the file, where there are several); the ``report``;
    ``rejected``: the rows that are in no table, by table, each with ``why`` and the texts of its mapped columns; the
    DuckDB ``connection`` that holds the tables under their names, for SQL."""

    tables: Dictionary[str, pd.DataFrame]
    report: Report
    rejected: dict[str, pd.DataFrame]
    connection: duckdb.DuckDBPyConnection


def read(mapping: Mapping, where: Path | str | Iterable[Path | str]) -> ImportResult:
    """Read the files of a mapping.

    Parameters
    ----------
    mapping : name of each table -> `Source`.
    where : the folder with the files; or one file, where the mapping has one table; or several files, each of which
        belongs to the table whose ``file`` it fits. A name may end in ``.gz``.

    Returns
    -------
    ImportResult.

    Raises
    ------
    ValueError naming file, column or row, and what was expected, where a file is no table at all (empty, another kind
    of file, a mapped column missing or there twice, a quote never closed). FileNotFoundError where there is no file.

    >>> import tempfile
    >>> mine = {"orders": Source("mine.csv", {"order_id": Column("No."), "value_usd": Column("Value", "money")})}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "mine.csv").write_text("No.,Value\\nA1,$20\\nA2,free\\n")
    ...     result = read(mine, folder)
    >>> result.tables["orders"]["value_usd"].tolist()
    [20.0, nan]
    >>> print(result.report)
    mine.csv: 2 rows read, 2 kept, 0 set aside
    mine.csv, Value, row 2: a currency sign ('$20'); expected digits only; kept
    mine.csv, Value, row 3: text ('free'); expected a number in USD; read as missing
    """
    paths = _paths(mapping, where)
    problems = [
        Problem(source.file, "", "no such file", f"a file for the table {name!r}", "table left out")
        for name, source in mapping.items()
        if not paths[name]
    ]
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{_MEMORY}'")  # what is beyond it goes to disk for the time of reading
    connection.execute("SET temp_directory = $folder", {"folder": tempfile.gettempdir()})
    casting.prepare(connection)
    rejected, counts = {}, {}
    for name in [name for name in mapping if paths[name]]:
        aside: list[pd.DataFrame] = []
        parts: list[str] = []
        for path in paths[name]:
            kept, gone, noticed = _read_file(connection, name, path, mapping[name], parts)
            problems += noticed
            aside.append(gone)
            counts[path.name] = {"table": name, "read": kept + len(gone), "kept": kept, "rejected": len(gone)}
        rejected[name] = _indexed(pd.concat(aside, ignore_index=True), mapping[name])
    names = list(rejected)
    problems += _orphans(connection, mapping, names, paths)
    return ImportResult(Tables(connection, mapping, names), Report(problems, counts), rejected, connection)


def _paths(mapping: Mapping, where: Path | str | Iterable[Path | str]) -> dict[str, list[Path]]:
    """The files of each table."""
    listed = ", ".join(source.file for source in mapping.values())
    if not isinstance(where, Path | str):
        given = [Path(path) for path in where]
        for path in given:
            if not path.is_file():
                raise FileNotFoundError(f"{path}: no such file, expected one of {listed}")
    elif not Path(where).exists():
        raise FileNotFoundError(f"{where}: no such file or folder, expected one that holds {listed}")
    elif Path(where).is_dir():
        given = sorted(path for path in Path(where).iterdir() if path.is_file())
    elif len(mapping) > 1:
        raise ValueError(f"{Path(where).name}: one file, expected the folder that holds {listed}")
    else:
        return {name: [Path(where)] for name in mapping}
    folder = isinstance(where, Path | str)
    paths = {name: [path for path in given if _fits(path, source.file)] for name, source in mapping.items()}
    if not folder and len(mapping) == 1:
        paths = dict.fromkeys(mapping, given)
    taken = {path for found in paths.values() for path in found}
    if not folder and (left := [path for path in given if path not in taken]):
        raise ValueError(f"{left[0].name}: a file of no table, expected {listed}")
    if not taken:
        raise FileNotFoundError(f"{where}: none of the mapped files, expected {listed}")
    return paths


def _fits(path: Path, pattern: str) -> bool:
    return fnmatch.fnmatchcase(path.name, pattern) if any(mark in pattern for mark in "*?[") else path.name == pattern


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _indexed(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The table by its rows' numbers, and by file where there may be several."""
    several = any(mark in source.file for mark in "*?[") or table["file"].nunique() > 1
    return table.set_index(["file", "row"]) if several else table.drop(columns="file").set_index("row")


def _read_file(
    connection: duckdb.DuckDBPyConnection, name: str, path: Path, source: Source, parts: list[str]
) -> tuple[int, pd.DataFrame, list[Problem]]:
    """Add a file's rows to its table: how many were kept, those set aside, and what was noticed."""
    opened = files.load(connection, path, source)
    progress = _Progress(path.name, opened.rows)
    casts = _cast(connection, opened, source)
    progress.step("read")
    earlier = _quoted(name) if parts else None
    reasons = screening.reject(connection, opened, source, casts, earlier)
    gone = _rejected(connection, opened, reasons)
    progress.step("checked")
    if reasons:
        connection.execute("DELETE FROM typed WHERE row IN (SELECT unnest($rows::BIGINT[]))", {"rows": sorted(reasons)})
    problems = [
        *reporting.file_problems(connection, opened, source),
        *_several_zones(opened, source, casts),
        *reporting.cell_problems(connection, opened, source, casts, "typed"),
        *reporting.sequence_problems(connection, opened, source, "typed"),
        *reporting.row_problems(connection, opened, source, reasons),
    ]
    connection.execute("DROP VIEW numbered; DROP TABLE raw")
    kept = _keep(connection, name, opened, casts, parts)
    progress.step("reported")
    return kept, gone, problems


def _cast(connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source) -> list[Cast]:
    """Read the cells of all rows that stand below the headers into ``typed``."""
    rows = screening.relation(connection, opened)
    casts = casting.plan(connection, rows, opened.columns, source)
    joined = any(cast.joins for cast in casts)
    if joined:  # on several threads a join does not keep the order
        connection.execute("SET threads = 1")
    connection.execute(f"CREATE OR REPLACE TABLE typed AS {casting.statement(rows, casts, opened.columns)}")
    connection.execute("RESET threads")
    back = "SELECT count(*) FROM (SELECT row - lag(row) OVER () AS step FROM typed) WHERE step < 0"
    if joined and files.count(connection, back):
        connection.execute("CREATE OR REPLACE TABLE typed AS SELECT * FROM typed ORDER BY row")
    return casts


def _keep(
    connection: duckdb.DuckDBPyConnection, name: str, opened: Opened, casts: Sequence[Cast], parts: list[str]
) -> int:
    """Make ``typed`` a part of the table, which is a view on the parts of its files; how many rows it has."""
    number = files.count(connection, "SELECT count(*) FROM duckdb_tables()")
    values = ", ".join(
        f"{_at_days_end(connection, k, cast) if cast.column.kind == 'deadline' else f'v{k}'} AS {_quoted(ours)}"
        for (k, ours), cast in zip(opened.columns, casts, strict=True)
    )
    part = _quoted(f"part {number} of {name}")
    connection.execute(f"ALTER TABLE typed RENAME TO {part}")
    file = opened.file.replace("'", "''")
    parts.append(f"SELECT '{file}' AS file, row, {values} FROM {part}")
    connection.execute(f"CREATE OR REPLACE VIEW {_quoted(name)} AS {' UNION ALL BY NAME '.join(parts)}")
    return files.count(connection, f"SELECT count(*) FROM {part}")


def _at_days_end(connection: duckdb.DuckDBPyConnection, k: int, cast: Cast) -> str:
    """SQL for a deadline: a day lasts until its end; midnight is a day where every time of the column is."""
    midnight = f"v{k} = date_trunc('day', v{k})"
    days = connection.execute(
        f"SELECT coalesce(bool_and({midnight}), TRUE) FROM typed WHERE v{k} IS NOT NULL"
    ).fetchone()
    bit = 1 << cast.known.index(Tag(*DAY_ONLY)) if Tag(*DAY_ONLY) in cast.known else 0
    day = "TRUE" if days and days[0] else f"t{k} & {bit} <> 0"
    return f"CASE WHEN {day} THEN v{k} + INTERVAL '23:59:59' ELSE v{k} END"


def _rejected(connection: duckdb.DuckDBPyConnection, opened: Opened, reasons: dict[int, Reason]) -> pd.DataFrame:
    """The rows set aside: why, and the texts of their mapped columns where the cells stand below the headers."""
    why = pd.DataFrame(
        {"file": opened.file, "row": list(reasons), "why": [reason.why for reason in reasons.values()]}
    ).astype({"row": "int64", "why": "str"})
    texts = ", ".join(f"m{k} AS {_quoted(ours)}" for k, ours in opened.columns)
    rows = connection.execute(
        f"SELECT row, {texts} FROM numbered WHERE row IN (SELECT unnest($rows::BIGINT[])) AND width >= $width AND NOT extra",
        {"rows": sorted(reasons), "width": opened.width},
    ).df()
    return why.merge(rows, on="row", how="left").sort_values("row", kind="stable", ignore_index=True)


def _several_zones(opened: Opened, source: Source, casts: Sequence[Cast]) -> Iterator[Problem]:
    """Offsets of the file's times that no one clock has: more than summer and winter of one zone."""
    offsets = {ahead for cast in casts for ahead in cast.offsets}
    if source.zone is None and offsets and max(offsets) - min(offsets) > 60:
        shown = tuple(
            f"{'-' if ahead < 0 else '+'}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}" for ahead in sorted(offsets)
        )
        expected = "zone in the mapping; hours between them are wrong by the difference"
        yield Problem(opened.file, "", "UTC offsets of several zones", expected, KEPT, examples=shown)


def _orphans(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, names: Sequence[str], paths: Dictionary[str, list[Path]]
) -> Iterator[Problem]:
    """Rows that refer to a row of another table that is not there."""
    for name in names:
        for ours, other in mapping[name].refers.items():
            if other not in names or ours not in mapping[other].columns:
                continue
            mine, theirs = _quoted(name), _quoted(other)
            lost = f"{mine} WHERE {_quoted(ours)} IS NOT NULL AND {_quoted(ours)} NOT IN (SELECT {_quoted(ours)} FROM {theirs} WHERE {_quoted(ours)} IS NOT NULL)"
            for file, rows, first, shown in connection.execute(
                f"SELECT file, count(*), list(row ORDER BY row)[1:3], list(DISTINCT {_quoted(ours)}::VARCHAR)[1:4] FROM {lost} GROUP BY file ORDER BY file"
            ).fetchall():
                column = mapping[name].columns[ours]
                examples = () if column.private else tuple(map(repr, sorted(shown)))
                expected = f"a row with it in {', '.join(path.name for path in paths[other])}"
                yield Problem(file, column.name, "refers to nothing", expected, KEPT, rows, tuple(first), examples)


class _Progress:
    """A bar on the error stream for a large file."""

    def __init__(self, file: str, rows: int) -> None:
        self.file, self.rows = file, rows
        self.step("found")

    def step(self, name: str) -> None:
        """Say that a step is done."""
        if self.rows < LARGE:
            return
        done = _STEPS.index(name) + 1
        bar = "#" * (5 * done) + "." * (5 * (len(_STEPS) - done))
        end = "\n" if done == len(_STEPS) else ""
        print(f"\r{self.file}: {self.rows:,} rows [{bar}] {name:8}", end=end, file=sys.stderr, flush=True)
