"""What a reader is told about a file: each problem with its rows, what was expected and what was done.

A report is made to be sent. It quotes cells of mapped columns only; where a column holds persons, it names the rows' keys.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from fulfillment.intake import parsers
from fulfillment.intake.casting import UNTOLD, Cast
from fulfillment.intake.encodings import LEGACY
from fulfillment.intake.files import Opened
from fulfillment.intake.mapping import Source
from fulfillment.intake.parsers import KEPT
from fulfillment.intake.screening import Reason

REJECTED = "set aside"


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

    @property
    def asks(self) -> bool:
        """Whether the mapping could say what the file does not."""
        return "in the mapping" in self.expected


@dataclass(frozen=True)
class Report:
    """All problems, and for each file its ``table`` and how many rows were ``read``, ``kept`` and ``rejected``."""

    problems: list[Problem]
    counts: dict[str, dict[str, Any]]

    def __str__(self) -> str:
        rows = [
            f"{file}: {count['read']:,} rows read, {count['kept']:,} kept, {count['rejected']:,} set aside"
            for file, count in self.counts.items()
        ]
        return "\n".join([*rows, *map(str, self.problems)])

    @property
    def questions(self) -> list[Problem]:
        """The problems that a word in the mapping settles."""
        return [problem for problem in self.problems if problem.asks]

    def table(self) -> pd.DataFrame:
        """A row a problem, with the columns of `Problem`."""
        table = pd.DataFrame([vars(problem) for problem in self.problems], columns=list(Problem.__annotations__))
        texts = {
            column: table[column].map(lambda items: "; ".join(map(str, items))) for column in ("first_rows", "examples")
        }
        return table.assign(**texts)


def file_problems(connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source) -> Iterator[Problem]:
    """Problems of the file and its header."""
    for note in opened.notes:
        first = (note.row,) if note.row else ()
        yield Problem(
            opened.file, note.column, note.found, note.expected, note.action, len(first), first, note.examples
        )
    yield from _letters(connection, opened, source)


def _letters(connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source) -> Iterator[Problem]:
    """Letters that another encoding than UTF-8 was read for: how they read, and how they would in its rivals."""
    encoding = opened.encoding
    if not encoding or encoding.stated or encoding.name.startswith("utf"):
        return
    texts = [k for k, ours in opened.columns if source.columns[ours].kind == "text"]
    told = [k for k, ours in opened.columns if k in texts and not source.columns[ours].private]
    odd = " OR ".join(f"strlen(m{k}) <> length(m{k})" for k in texts) or "FALSE"
    first = "".join(f" WHEN strlen(m{k}) <> length(m{k}) THEN m{k}" for k in told)
    shown = f"CASE {first} END" if first else "NULL"
    found = connection.execute(f"""
        SELECT count(*), list(row ORDER BY row)[1:3], list(DISTINCT text)[1:4] FROM (
            SELECT row, {shown} AS text FROM numbered WHERE {odd}
        )
    """).fetchone()
    rows, first_rows, words = found or (0, None, None)
    examples = tuple(repr(word[:60]) for word in sorted(words or ()))
    what, expected, action = f"{encoding.title} text", "UTF-8", f"read as {encoding.title}"
    if encoding.rivals:
        word = next(iter(sorted(words or ())), "")
        others = [
            f"{LEGACY[name]}{f' ({word.encode(encoding.name).decode(name)[:60]!r})' if word else ''}"
            for name in encoding.rivals
        ]
        what += f", or {' or '.join(others)}"
        expected = f"encoding {' or '.join(map(repr, (encoding.name, *encoding.rivals)))} in the mapping, or UTF-8"
    yield Problem(opened.file, "", what, expected, action, rows, tuple(first_rows or ()), examples)


def cell_problems(
    connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source, casts: Sequence[Cast], kept: str
) -> Iterator[Problem]:
    """What was found in the cells of the rows ``kept``: a query that has ``row`` and ``t<k>``."""
    counted = ", ".join(
        f"count(*) FILTER (t{k} & {1 << bit} <> 0)"
        for (k, _), cast in zip(opened.columns, casts, strict=True)
        for bit in range(len(cast.known))
    )
    if not counted:
        return
    counts = iter(connection.execute(f"SELECT {counted} FROM {kept}").fetchone() or ())
    for (k, ours), cast in zip(opened.columns, casts, strict=True):
        for bit, tag in enumerate(cast.known):
            rows = next(counts)
            if rows and tag.action != UNTOLD:
                first, examples = _examples(connection, source, opened, k, ours, f"{kept} WHERE t{k} & {1 << bit} <> 0")
                yield Problem(opened.file, cast.column.name, tag.found, tag.expected, tag.action, rows, first, examples)


def _examples(
    connection: duckdb.DuckDBPyConnection, source: Source, opened: Opened, k: int, ours: str, rows: str
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The first three rows and the commonest forms of a column's cells; texts that differ in digits only are one form."""
    found = connection.execute(f"SELECT row FROM {rows} ORDER BY row LIMIT 3").fetchall()
    first = tuple(row for (row,) in found)
    if source.columns[ours].private:
        return first, keys_of(connection, source, opened, first)
    forms = connection.execute(f"""
        SELECT first(m{k} ORDER BY row), count(*) AS n
        FROM numbered SEMI JOIN (SELECT row FROM {rows}) USING (row)
        GROUP BY regexp_replace(m{k}, '[0-9]+', '0', 'g') ORDER BY n DESC, min(row) LIMIT 4
    """).fetchall()
    return first, tuple(f"{_quoted(text)!r}{f' × {count:,}' if count > 1 else ''}" for text, count in forms)


def _quoted(text: str) -> str:
    return parsers.EMAIL.sub("(an e-mail address)", text)[:60] if text.strip() else "(empty)"


def keys_of(
    connection: duckdb.DuckDBPyConnection, source: Source, opened: Opened, rows: Sequence[int]
) -> tuple[str, ...]:
    """The keys of rows, as a report names them."""
    keys = [k for k, ours in opened.columns if ours in source.key and not source.columns[ours].private]
    if not keys or not rows:
        return ()
    texts = " || ', ' || ".join(f"m{k}" for k in keys)
    where = f"row IN ({', '.join(map(str, rows))}) AND width >= {opened.width} AND NOT extra"
    found = connection.execute(f"SELECT {texts} FROM numbered WHERE {where} ORDER BY row").fetchall()
    return tuple(repr(_quoted(text)) for (text,) in found if text.strip(", "))


def row_problems(
    connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source, reasons: dict[int, Reason]
) -> Iterator[Problem]:
    """The rows set aside, by the reason why; what they hold is named by their keys alone."""
    for reason in dict.fromkeys(reasons[row] for row in sorted(reasons)):
        rows = sorted(row for row, why in reasons.items() if why == reason)
        first = tuple(rows[:3])
        examples = keys_of(connection, source, opened, first)
        yield Problem(opened.file, "", reason.why, reason.expected, REJECTED, len(rows), first, examples)


def sequence_problems(
    connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source, kept: str
) -> Iterator[Problem]:
    """Pairs of times of which the second comes on an earlier day than the first."""
    number = {ours: k for k, ours in opened.columns}
    for first, then in source.sequences:
        if first in number and then in number:
            a, b = f"v{number[first]}", f"v{number[then]}"
            early = f"{kept} WHERE {b}::DATE < {a}::DATE"
            rows = connection.execute(f"SELECT count(*), list(row ORDER BY row)[1:3] FROM {early}").fetchone()
            if rows and rows[0]:
                shown = connection.execute(
                    f"SELECT strftime({a}, '%Y-%m-%d') || ' to ' || strftime({b}, '%Y-%m-%d') FROM {early} ORDER BY row LIMIT 4"
                ).fetchall()
                column = f"{source.columns[first].name} to {source.columns[then].name}"
                expected = f"{first} on or before the day of {then}"
                examples = tuple(repr(text) for (text,) in shown)
                yield Problem(opened.file, column, "reversed dates", expected, KEPT, rows[0], tuple(rows[1]), examples)
