"""Which rows of a file are rows of the table: titles, totals, descriptions, repeated headers and broken rows are not.

A total is known by its numbers, each the sum of the rows above it, and not by its words alone: words are in any language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from fulfillment.intake import files, parsers
from fulfillment.intake.casting import Cast
from fulfillment.intake.files import Opened
from fulfillment.intake.mapping import Source

#: A row lacks what its like has where this share of rows has it.
_USUAL = 0.9
_NUMBERS = ("number", "whole", "money")


@dataclass(frozen=True)
class Reason:
    """Why a row is no row of the table, and what was expected."""

    why: str
    expected: str


EMPTY = Reason("an empty row", "none")
ABOVE = Reason("a row above the header", "the header in the first row")
AGAIN = Reason("the header again", "one header")
TOTAL = Reason("a total", "single rows only")
SUM = Reason("a total by its numbers: each is the sum of other rows", "single rows only")
DESCRIBES = Reason("a description of the columns", "rows of the table below the header")


def relation(connection: duckdb.DuckDBPyConnection, opened: Opened) -> str:
    """The rows whose cells stand below the headers: all but empty ones, repeated headers, and those with more or fewer
    cells. Fewer are no fault where the file leaves off the empty cells at the end of every row."""
    ends = connection.execute(
        f"SELECT count(*) FILTER (NOT last AND width = {opened.width}), count(*) FILTER (width < {opened.width})"
        " FROM numbered WHERE NOT empty AND NOT again AND NOT total"
    ).fetchone()
    written, short = ends or (1, 0)
    fits = f"width >= {opened.width}" if written or not short else "TRUE"
    return f"(SELECT * FROM numbered WHERE NOT empty AND NOT again AND NOT extra AND {fits})"


def reject(
    connection: duckdb.DuckDBPyConnection, opened: Opened, source: Source, casts: Sequence[Cast], earlier: str | None
) -> dict[int, Reason]:
    """Row -> why it is none of the table's.

    Parameters
    ----------
    connection : holds ``numbered`` and ``typed``.
    opened, source, casts : the file, its mapping, and how its columns were read.
    earlier : the table with the rows of files that were read before, if there is one.
    """
    reasons = {row: EMPTY if empty else ABOVE for row, empty in opened.above}
    number = {ours: k for k, ours in opened.columns}
    keys = [number[name] for name in source.key if name in number]
    named = " and ".join(source.columns[name].name for name in source.key if name in number)
    for flag, reason in (("empty", EMPTY), ("again", AGAIN)):
        reasons |= {row: reason for (row,) in connection.execute(f"SELECT row FROM numbered WHERE {flag}").fetchall()}
    reasons |= _total_words(connection, keys)
    broken = Reason("more or fewer cells than the header", f"{opened.width} cells")
    if files.count(connection, "SELECT count(*) FROM typed") < opened.rows:
        rest = connection.execute("SELECT row FROM (SELECT row FROM numbered) ANTI JOIN typed USING (row)").fetchall()
        reasons |= {row: broken for (row,) in rest if row not in reasons}
    reasons |= {row: broken for row in _half_rows(connection, opened, casts) if row not in reasons}
    reasons |= {row: DESCRIBES for row in _descriptions(connection, opened, casts, reasons) if row not in reasons}
    reasons |= dict.fromkeys(_sums(connection, opened, casts, keys, reasons), SUM)
    if keys:
        lacking = " OR ".join(f"v{k} IS NULL" for k in keys)
        keyless = Reason(f"no {named}", f"{named} in every row")
        for (row,) in connection.execute(f"SELECT row FROM typed WHERE {lacking}").fetchall():
            reasons.setdefault(row, keyless)
        reasons |= _repeated(connection, source, opened, keys, named, reasons, earlier)
    return reasons


def _total_words(connection: duckdb.DuckDBPyConnection, keys: list[int]) -> dict[int, Reason]:
    keyless = " OR ".join(f"v{k} IS NULL" for k in keys)
    condition = f"typed.row IS NULL OR {keyless} OR regexp_full_match(v{keys[0]}::VARCHAR, ?)" if keys else "TRUE"
    query = f"SELECT numbered.row FROM numbered LEFT JOIN typed USING (row) WHERE total AND ({condition})"
    return {row: TOTAL for (row,) in connection.execute(query, [parsers.TOTAL] if keys else []).fetchall()}


def _half_rows(connection: duckdb.DuckDBPyConnection, opened: Opened, casts: Sequence[Cast]) -> list[int]:
    """Short rows that are more than their empty cells short: none of their cells reads as a number, a time or a flag,
    or one reads as nothing that its column holds."""
    typed = [k for (k, _), cast in zip(opened.columns, casts, strict=True) if cast.column.kind != "text"]
    if not typed or not files.count(connection, f"SELECT count(*) FROM numbered WHERE width < {opened.width}"):
        return []
    unread = " OR ".join(f"(v{k} IS NULL AND bare(m{k}) <> '')" for k in typed)
    nothing = " AND ".join(f"v{k} IS NULL" for k in typed)
    found = connection.execute(
        f"SELECT row FROM typed JOIN numbered USING (row) WHERE width < {opened.width} AND (({unread}) OR ({nothing}))"
    )
    return [row for (row,) in found.fetchall()]


def _descriptions(
    connection: duckdb.DuckDBPyConnection, opened: Opened, casts: Sequence[Cast], reasons: dict[int, Reason]
) -> list[int]:
    """Rows right below the header that say in words what each column holds."""
    typed = [k for (k, _), cast in zip(opened.columns, casts, strict=True) if cast.column.kind != "text"]
    if not typed:
        return []
    values = ", ".join(f"v{k}, bare(m{k})" for k in typed)
    first = [row for (row,) in connection.execute("SELECT row FROM typed ORDER BY row LIMIT 3").fetchall()]
    listed = f"row IN ({', '.join(map(str, first)) or 'NULL'})"
    rows = connection.execute(
        f"SELECT row, {values} FROM (SELECT * FROM typed WHERE {listed}) JOIN (SELECT * FROM numbered WHERE {listed})"
        " USING (row) ORDER BY row"
    ).fetchall()
    found = []
    for row, *cells in rows:
        if row in reasons:
            continue
        pairs = list(zip(cells[0::2], cells[1::2], strict=True))
        words = sum(value is None and bool(re.search(r"[^\W\d_]{2}", text)) for value, text in pairs)
        if words < 2 or any(value is not None for value, _ in pairs):
            break
        found.append(row)
    read = " OR ".join(f"v{k} IS NOT NULL" for k in typed)
    others = connection.execute(f"SELECT count(*) FROM typed WHERE {read}").fetchone()
    return found if others and others[0] else []


def _sums(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    casts: Sequence[Cast],
    keys: list[int],
    reasons: dict[int, Reason],
) -> list[int]:
    """Rows whose numbers are the sums of the rows above them, back to the last such row or to the first row.

    Only a row that is unlike the others can be one: it lacks its key, or half of what nine in ten have (dates, names);
    or it is the last row.
    """
    kinds = {k: cast.column.kind for (k, _), cast in zip(opened.columns, casts, strict=True)}
    numbers = [k for k, kind in kinds.items() if kind in _NUMBERS]
    others = [k for k, kind in kinds.items() if kind not in _NUMBERS]
    if not numbers:
        return []
    kept = f"(SELECT * FROM typed{' WHERE row NOT IN (SELECT unnest($rows::BIGINT[]))' if reasons else ''})"
    given: dict[str, Any] = {"rows": sorted(reasons)} if reasons else {}
    shares = ", ".join(f"count(v{k}) / count(*)" for k in others) or "NULL"
    *held, last = connection.execute(f"SELECT {shares}, max(row) FROM {kept}", given).fetchone() or (None,)
    if last is None:
        return []
    usual = [k for k, share in zip(others, held, strict=False) if share >= _USUAL]
    lacking = " + ".join(f"(v{k} IS NULL)::INT" for k in usual)
    conditions = [f"v{k} IS NULL" for k in keys] + ([f"{lacking} >= {max(1, len(usual) // 2)}"] if usual else [])
    some = " OR ".join(f"v{k} IS NOT NULL" for k in numbers)
    unlike = f"(({' OR '.join(conditions) or 'FALSE'}) AND ({some}))"
    values = ", ".join(f"v{k}::DOUBLE" for k in numbers)
    found = connection.execute(
        f"SELECT row, {unlike}, {values} FROM {kept} WHERE {unlike} OR row = {last} ORDER BY row", given
    ).fetchall()
    sums = ", ".join(f"coalesce(sum(v{k}::DOUBLE), 0)" for k in numbers)
    if [row for row, *_ in found] == [last]:  # nothing but the last row: no need to sort the others
        whole = connection.execute(f"SELECT 0, count(*), {sums} FROM {kept} WHERE row < {last}", given)
        return _walk(_numbers(found), _sums_of(whole.fetchall()))
    between = connection.execute(
        f"""SELECT coalesce(mark.row, 0), count(*), {sums}
            FROM {kept} AS line ASOF LEFT JOIN (SELECT unnest($marks::BIGINT[]) AS row) AS mark ON line.row > mark.row
            WHERE line.row NOT IN (SELECT unnest($marks::BIGINT[])) GROUP BY 1""",
        given | {"marks": [row for row, *_ in found]},
    ).fetchall()
    return _walk(_numbers(found), _sums_of(between))


def _numbers(rows: list[tuple[Any, ...]]) -> list[tuple[int, bool, np.ndarray]]:
    return [(row, bool(alone), np.array(cells, dtype=float)) for row, alone, *cells in rows]


def _sums_of(rows: list[tuple[Any, ...]]) -> dict[int, tuple[int, np.ndarray]]:
    return {start: (n, np.array(cells, dtype=float)) for start, n, *cells in rows}


def _walk(
    candidates: Sequence[tuple[int, bool, np.ndarray]], between: Mapping[int, tuple[int, np.ndarray]]
) -> list[int]:
    """The totals among candidates: each a row, whether it is unlike the others, and its numbers; ``between``: row ->
    how many rows follow it up to the next candidate, and their sums (0: those before the first candidate).

    Two lines, their total, a line, its total, the total of all:

    >>> lines = {0: (2, np.array([3.0])), 3: (1, np.array([5.0]))}
    >>> _walk([(3, True, np.array([3.0])), (5, True, np.array([5.0])), (6, True, np.array([8.0]))], lines)
    [3, 5, 6]
    """
    if not candidates:
        return []
    nothing = (0, np.zeros(len(candidates[0][2])))
    n, part = between.get(0, nothing)
    counted, closed = 0, nothing[1]
    found: list[int] = []
    for row, unlike, values in candidates:
        if _adds_up(values, part, n, unlike) or _adds_up(values, closed + part, counted + n, unlike):
            found.append(row)
            counted, closed, n, part = counted + n, closed + part, *nothing
        else:
            n, part = n + 1, part + np.nan_to_num(values)
        after, sums = between.get(row, nothing)
        n, part = n + after, part + sums
    row, unlike, values = candidates[0]
    if 0 not in between and unlike and row not in found:  # a total above its rows
        rest = closed + part - np.nan_to_num(values)
        return [row, *found] if _adds_up(values, rest, counted + n - 1, True) else found
    return found


def _adds_up(row: np.ndarray, sums: np.ndarray, n: int, unlike: bool) -> bool:
    """Whether every number of a row is the sum. A row like the others needs more than a chance: three rows above it,
    and two sums, or one with cents or of a thousand and more."""
    there = ~np.isnan(row)
    if not there.any() or n < (1 if unlike else 3) or not (np.abs(sums[there]) > 0).any():
        return False
    if not (np.abs(row - sums)[there] <= np.maximum(0.011, 1e-9 * np.abs(sums[there]))).all():
        return False
    return unlike or there.sum() > 1 or bool((row[there] % 1 > 0).any() or (np.abs(row[there]) >= 1000).any())


def _repeated(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    opened: Opened,
    keys: list[int],
    named: str,
    reasons: dict[int, Reason],
    earlier: str | None,
) -> dict[int, Reason]:
    """Rows with the key of an earlier row of this file, or of one that was read before."""
    given = {"rows": sorted(reasons)}
    key = ", ".join(f"v{k}" for k in keys)
    whole = " AND ".join(f"v{k} IS NOT NULL" for k in keys)
    texts = ", ".join(f"bare(m{k})" for k, _ in opened.columns)
    query = f"""
        WITH rest AS (SELECT row, {key} FROM typed WHERE {whole} AND row NOT IN (SELECT unnest($rows::BIGINT[]))),
            hashes AS (SELECT hash({key}) AS h FROM rest GROUP BY h HAVING count(*) > 1),
            twice AS (SELECT * FROM rest WHERE hash({key}) IN (SELECT h FROM hashes)),
            told AS (SELECT row, hash({texts}) AS content FROM numbered WHERE row IN (SELECT row FROM twice))
        SELECT row, first(content) OVER same <> content FROM twice JOIN told USING (row)
        WINDOW same AS (PARTITION BY {key} ORDER BY row) QUALIFY row_number() OVER same > 1
    """
    once = f"each {named} once"
    found = {
        row: Reason(f"the {named} of an earlier row, with {'other' if other else 'the same'} content", once)
        for row, other in connection.execute(query, given).fetchall()
    }
    if earlier:
        names = [source.key[at] for at in range(len(keys))]
        matches = " AND ".join(f"typed.v{k} = before.{_name(ours)}" for k, ours in zip(keys, names, strict=True))
        query = f"SELECT row FROM typed SEMI JOIN {earlier} AS before ON {matches}"
        before = Reason(f"the {named} of a row in an earlier file", once)
        found |= {row: before for (row,) in connection.execute(query).fetchall() if row not in reasons}
    return found


def _name(ours: str) -> str:
    return '"' + ours.replace('"', '""') + '"'
