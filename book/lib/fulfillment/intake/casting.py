"""Columns of texts read as numbers, times, flags or text, by DuckDB; what is odd about a cell is kept as a tag.

Each column is read in two passes. The first lists its forms with their counts: that is all it takes to know what the
column proves (day first, a decimal comma) and what it leaves open. The second reads every cell by the place that its
form gives to each part, so a million cells of one form are one statement.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pandas as pd

from fulfillment.intake import parsers
from fulfillment.intake.mapping import Column, Source
from fulfillment.intake.parsers import KEPT, MISSING, OTHER_MARK, NumberForm, TimeForm

#: The action of a tag that is nothing to report.
UNTOLD = ""
STEPS = 6
_ORDER_BITS = {order: 1 << place for place, order in enumerate(parsers.ORDERS)}
_ZONES_OF = {"America": {"CST": -360}, "Asia": {"CST": 480, "IST": 330}, "Europe": {"IST": 60, "BST": 60}}


@dataclass(frozen=True)
class Tag:
    """What was found in a cell, what was expected, and what was done."""

    found: str
    expected: str
    action: str = MISSING


#: A time without time of day, which a deadline lasts to the end of; no finding.
DAY_ONLY = ("a day without time of day", "", UNTOLD)


@dataclass
class Cast:
    """How a column is read: SQL for its ``value`` and its ``tags`` (bits by the order of ``known``) over the columns of
    its ``joins``, from a relation that has the texts as ``b<k>`` (trimmed) and ``m<k>`` (as they stand)."""

    ours: str
    column: Column
    ragged: bool = True
    nulls: tuple[str, ...] = ()
    value: str = "NULL"
    bits: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    #: Expressions by the step at which they can be had: a step sees the columns of those before it.
    steps: list[list[str]] = field(default_factory=lambda: [[] for _ in range(STEPS)])
    known: list[Tag] = field(default_factory=list)
    #: Minutes ahead of UTC that the column's times state.
    offsets: set[int] = field(default_factory=set)

    def bit(self, *tag: str) -> int:
        """The bit of a tag; the last one stands for all beyond 30."""
        made = Tag(*tag)
        if made not in self.known:
            if len(self.known) == 30:
                return 1 << 29
            self.known.append(made)
        return 1 << self.known.index(made)

    def bits_of(self, told: Mapping[tuple[str, str, str], object]) -> int:
        """The bits of the tags that hold."""
        bits = 0
        for tag, holds in told.items():
            bits |= self.bit(*tag) if holds else 0
        return bits

    def tag(self, condition: str, *tag: str) -> None:
        """Tag the cells for which the condition holds."""
        self.bits.append(f"CASE WHEN {condition} THEN {self.bit(*tag)} ELSE 0 END")

    def trimmed(self, k: int) -> str:
        """SQL for the text of column k without spaces around it."""
        return f"bare(m{k})" if self.ragged else f"m{k}"

    def is_null(self, k: int) -> str:
        """SQL for whether the trimmed text of column k stands for no value."""
        if self.nulls == ("",):
            return f"b{k} = ''"
        return f"lower(b{k}) IN ({', '.join(map(_text, self.nulls))})" if self.nulls else "FALSE"

    def texts(self, k: int, relation: str) -> str:
        """The rows with a value in column k, as ``row`` and ``b<k>``."""
        return f"(SELECT * FROM (SELECT row, {self.trimmed(k)} AS b{k} FROM {relation}) WHERE NOT ({self.is_null(k)}))"

    @property
    def tags(self) -> str:
        """SQL for the tags of a cell."""
        small = "UTINYINT" if len(self.known) <= 8 else "USMALLINT" if len(self.known) <= 16 else "UINTEGER"
        return f"({' | '.join(f'coalesce({bit}, 0)' for bit in self.bits) or '0'})::{small}"


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Define what the statements share. Comparisons come first: a trim or a translation of every cell would cost more
    than the reading."""
    spaces = _text(parsers.SPACES)
    nines, zeros = "'9999999999'", "'000000000'"
    connection.execute(f"""
        CREATE OR REPLACE MACRO untrimmed(m) AS
            m < '!' OR strlen(m) <> length(m) OR m[-1] <= ' ';
        CREATE OR REPLACE MACRO bare(m) AS CASE
            WHEN contains(m, '="') THEN trim(regexp_replace(trim(m, {spaces}), '^="(.*)"$', '\\1'), {spaces})
            WHEN untrimmed(m) THEN trim(m, {spaces}) ELSE m END;
        CREATE OR REPLACE MACRO number_form(b) AS CASE
            WHEN try_cast(b AS BIGINT)::VARCHAR = b AND b >= '0' THEN '9'
            WHEN try_cast(b AS DECIMAL(18, 2))::VARCHAR = b AND b >= '0' THEN '9.99'
            WHEN try_cast(b AS DECIMAL(18, 1))::VARCHAR = b AND b >= '0' THEN '9.9'
            WHEN CASE WHEN b >= '0' AND b < ':' THEN b < '1' ELSE regexp_matches(b, '^[^0-9]*0') END
            THEN translate(b, '123456789', {zeros}) ELSE translate(b, '0123456789', {nines}) END;
        CREATE OR REPLACE MACRO time_form(b) AS CASE
            WHEN strlen(b) = 19 AND try_cast(b AS TIMESTAMP)::VARCHAR = b THEN '0000-00-00 00:00:00'
            WHEN strlen(b) = 10 AND try_cast(b AS DATE)::VARCHAR = b THEN '0000-00-00'
            ELSE translate(b, '123456789', {zeros}) END;
    """)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def plan(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[int, str]], source: Source
) -> list[Cast]:
    """How each column is to be read.

    Parameters
    ----------
    connection : holds ``relation``, prepared by `prepare`.
    relation : a table or query in brackets, a row each, its texts as ``m<k>``.
    columns : k and our name of each column.
    source : what the mapping says of them.

    Returns
    -------
    list of `Cast`, in the order of ``columns``.
    """
    seen: dict[int, list[tuple[str, int]]] = {}
    for k, ours in columns:
        if _FORM.get(source.columns[ours].kind):
            seen[k] = _forms(connection, source.columns[ours].kind, f"m{k}", f"(SELECT m{k} FROM {relation})")
    simple = {k for k, found in seen.items() if {form for form, _ in found} <= _SIMPLE}
    survey = _survey(connection, relation, [(k, ours) for k, ours in columns if k not in simple], source)
    casts = [survey[k] if k in survey else Cast(ours, source.columns[ours], ragged=False) for k, ours in columns]
    forms: dict[int, list[tuple[str, int]]] = {}
    for (k, _), cast in zip(columns, casts, strict=True):
        if k in seen and cast.ragged:
            forms[k] = _forms(connection, cast.column.kind, f"b{k}", cast.texts(k, relation))
        elif k in seen:  # a spelling of "no value" has no digit, so that its form is itself
            forms[k] = [(form, n) for form, n in seen[k] if form.lower() not in cast.nulls]
    numbers = {
        k: {form: (parsers.number_form(form), n) for form, n in forms[k]}
        for (k, _), cast in zip(columns, casts, strict=True)
        if cast.column.kind in ("number", "whole", "money")
    }
    proven = {form.mark for found in numbers.values() for form, _ in found.values() if form and form.mark}
    for (k, _), cast in zip(columns, casts, strict=True):
        if k in numbers:
            _number(connection, k, cast, numbers[k], source, proven)
        elif k in forms:
            _time(connection, relation, k, cast, dict(forms[k]), source)
        elif cast.column.kind == "flag":
            _flag(connection, relation, k, cast)
        else:
            _words(connection, relation, k, cast, source)
    return casts


#: The macro that gives the form of a text, by the kind of its column.
_FORM = dict.fromkeys(("number", "whole", "money"), "number_form") | dict.fromkeys(("time", "deadline"), "time_form")
#: Forms of texts that DuckDB writes as it reads them: nothing around them, and nothing odd about them.
_SIMPLE = {"9", "9.9", "9.99", "0000-00-00", "0000-00-00 00:00:00"}


def _forms(connection: duckdb.DuckDBPyConnection, kind: str, text: str, texts: str) -> list[tuple[str, int]]:
    """The forms of texts with their counts, the commonest first."""
    query = f"SELECT {_FORM[kind]}({text}) AS form, count(*) AS n FROM {texts} GROUP BY 1 ORDER BY n DESC, form"
    return connection.execute(query).fetchall()


def statement(relation: str, casts: Sequence[Cast], columns: Sequence[tuple[int, str]]) -> str:
    """The statement that reads every row: ``row``, and each column's ``v<k>`` and ``t<k>``."""
    ks = [k for k, _ in columns]
    trimmed = ", ".join(f"m{k}, {cast.trimmed(k)} AS b{k}" for k, cast in zip(ks, casts, strict=True))
    query = f"SELECT row, {trimmed} FROM {relation}"
    blank = ", ".join(f"{cast.is_null(k)} AS null{k}" for k, cast in zip(ks, casts, strict=True))
    query = f"SELECT *, {blank} FROM ({query})"
    joins = " ".join(join for cast in casts for join in cast.joins)
    for step in range(STEPS):
        if parts := [part for cast in casts for part in cast.steps[step]]:
            query = f"SELECT cell.*, {', '.join(parts)} FROM ({query}) AS cell {joins if step == 0 else ''}"
    return f"SELECT row, {', '.join(_outer(k, cast) for k, cast in zip(ks, casts, strict=True))} FROM ({query})"


def _outer(k: int, cast: Cast) -> str:
    return f"{cast.value} AS v{k}, {cast.tags} AS t{k}"


def _survey(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[int, str]], source: Source
) -> dict[int, Cast]:
    """Which columns have cells to trim, and which spellings of "no value": what no cell has need not be looked for."""
    spelled = {
        k: f"strlen({{0}}) <= {max((len(text.encode()) for text in source.columns[ours].nulls), default=0)}"
        f" AND lower({{0}}) IN ({', '.join(map(_text, source.columns[ours].nulls)) or 'NULL'})"
        for k, ours in columns
    }
    parts = [
        f"coalesce(bool_or(untrimmed(m{k}) OR m{k} >= '=' AND m{k} < '>'), FALSE), bool_or({spelled[k].format(f'm{k}')})"
        for k, _ in columns
    ]
    if not parts:
        return {}
    found = connection.execute(f"SELECT {', '.join(parts)} FROM {relation}").fetchone() or ()
    casts: dict[int, Cast] = {}
    for (k, ours), ragged, empty in zip(columns, found[0::2], found[1::2], strict=True):
        nulls: tuple[str, ...] = ()
        if ragged or empty:
            text = f"bare(m{k})" if ragged else f"m{k}"
            there = f"SELECT DISTINCT lower({text}) FROM {relation} WHERE {spelled[k].format(text)} ORDER BY 1"
            nulls = tuple(spelling for (spelling,) in connection.execute(there).fetchall())
        cast = Cast(ours, source.columns[ours], ragged, nulls)
        casts[k] = cast
        if cast.ragged:
            moved = f"NOT null{k} AND m{k} <> b{k}"
            formula = f"contains(m{k}, '=\"')"
            cast.tag(f"{moved} AND NOT {formula}", "spaces around the value", "none", KEPT)
            cast.tag(f"{moved} AND {formula}", "a formula around the value", "the value alone", KEPT)
        if nulls and not cast.column.may_be_empty and not cast.column.blank_is_no:
            cast.tag(f"null{k}", "no value", "a value in every row")
    return casts


def _register(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[Any, ...]], types: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({types})")
    if rows:
        table = pd.DataFrame(rows, dtype=object)
        connection.register("_rows", table)
        connection.execute(f"INSERT INTO {name} SELECT * FROM _rows")
        connection.unregister("_rows")


# Numbers --------------------------------------------------------------------------------------------------------------


_Row = tuple[Any, ...]


@dataclass(frozen=True)
class _Marks:
    """What says which mark is which: the mapping's ``decimal`` and ``thousands``, the marks that this column proves
    (``here``) and those that the file's number columns do (``proven``)."""

    decimal: str | None
    thousands: str | None
    here: set[str]
    proven: set[str]

    @property
    def usual(self) -> str:
        """The decimal mark that is no finding."""
        return self.decimal or (next(iter(self.proven)) if len(self.proven) == 1 else ".")

    def either(self, separator: str, whole: bool) -> str | None:
        """The decimal mark of a number whose one separator stands before three digits; None where nothing says."""
        if self.decimal and self.thousands is not None:
            return self.decimal
        if self.decimal:
            return self.decimal if OTHER_MARK[self.decimal] not in self.here else None
        if self.thousands is not None:  # none, a space or an apostrophe: this one is no thousands separator
            return separator
        if whole:
            return OTHER_MARK[separator]
        marks = self.here or self.proven
        return next(iter(marks)) if len(marks) == 1 else None


def _number(
    connection: duckdb.DuckDBPyConnection,
    k: int,
    cast: Cast,
    forms: dict[str, tuple[NumberForm | None, int]],
    source: Source,
    proven: set[str],
) -> None:
    """A number is read by the mark that it proves; where one separator stands before three digits, by the mapping, else
    by the column, else by the file's other columns. Where none of them says, it is missing."""
    currency = source.currency(cast.ours)
    unit = f"a {'whole ' if cast.column.kind == 'whole' else ''}number{f' in {currency}' if currency else ''}"
    found = [form for form, _ in forms.values() if form]
    marks = _Marks(*source.marks, {form.mark for form in found if form.mark}, proven)
    signs = [form.currency for form in found if form.currency]
    mine = {sign for sign in signs if currency in parsers.SIGNS.get(sign, {sign})} if currency else set(signs[:1])
    rows = [_number_row(text, form, cast, marks, mine, unit) for text, (form, _) in forms.items()]
    if all(_is_plain(*row) for row in rows):
        cast.steps[0].append(
            f"CASE WHEN NOT null{k} THEN try_cast(b{k} AS DOUBLE) END AS x{k}, NOT null{k} AS ok{k}, 0 AS f{k}"
        )
        _limits(cast, k, unit)
        return
    types = "form VARCHAR, ok BOOLEAN, start INT, length INT, dropped VARCHAR, mark VARCHAR, sign INT, tags UINTEGER"
    _register(connection, f"form{k}", rows, types)
    cast.joins.append(f"LEFT JOIN form{k} ON form{k}.form = number_form(b{k})")
    body = f"translate(substr(b{k}, form{k}.start, form{k}.length), form{k}.dropped, '')"
    cast.steps[0] += [
        f"CASE WHEN form{k}.ok AND NOT null{k} THEN"
        f" form{k}.sign * try_cast(replace({body}, form{k}.mark, '.') AS DOUBLE) END AS x{k}",
        f"coalesce(form{k}.ok AND NOT null{k}, FALSE) AS ok{k}",
        f"CASE WHEN null{k} THEN 0 ELSE form{k}.tags END AS f{k}",
    ]
    _limits(cast, k, unit)


def _is_plain(form: str, ok: bool, _start: int, _length: int, _dropped: str, mark: str, sign: int, tags: int) -> bool:
    """Whether DuckDB reads a form by itself, with nothing to report."""
    return ok and not tags and (sign, mark) == (1, ".") and re.fullmatch(r"[09]*[.]?[09]*", form) is not None


def _number_row(text: str, form: NumberForm | None, cast: Cast, marks: _Marks, mine: set[str], unit: str) -> _Row:
    """How a form of number is read: its body, what is dropped from it, its decimal mark, its sign, its tags."""

    def refused(*tag: str) -> _Row:
        return (text, False, 0, 0, "", "", 1, cast.bit(*tag))

    if form is None:
        return refused("text", unit)
    if form.currency and form.currency not in mine:
        return refused("the sign of another currency", unit)
    mark = marks.either(form.separator, cast.column.kind == "whole") if form.mark is None else form.mark
    if mark is None:
        return refused("a separator that may be the decimal mark", "decimal '.' or ',' in the mapping")
    lone = form.mark is None and mark == form.separator
    grouped = form.grouped or (form.mark is None and not lone)
    if grouped and marks.thousands == "":
        return refused("thousands separators", "none, as the mapping says")
    told = {
        (f"one {mark!r} before three digits, as decimal mark", f"decimal {mark!r} in the mapping", KEPT): lone,
        ("a currency sign", "digits only", KEPT): form.currency,
        (f"decimal mark {form.mark!r}", f"decimal mark {marks.usual!r}", KEPT): form.mark and form.mark != marks.usual,
        ("thousands separators", "digits only", KEPT): grouped,
        ("a negative number", "sign 'either', 'positive' or 'reversed' in the mapping", "kept as negative"): (
            form.negative and cast.column.sign is None and cast.column.minimum is None
        ),
    }
    tags = cast.bits_of(told)
    dropped = "'’ \u00a0\u2007\u202f\u3000\t" + OTHER_MARK.get(mark, ".,")
    # a body that ends the form ends the text: plain numbers of any length have one form
    length = parsers.LONGEST if form.start + form.length > len(text) else form.length
    sign = -1 if form.negative != (cast.column.sign == "reversed") else 1
    return (text, True, form.start, length, dropped, mark or ".", sign, tags)


def _limits(cast: Cast, k: int, unit: str) -> None:
    """The value where it is within its bounds, with the tags of its form."""
    column = cast.column
    whole = column.kind == "whole"
    minimum = 0 if column.sign == "positive" and column.minimum is None else column.minimum
    below = "FALSE" if minimum is None else f"x{k} < {minimum!r}"
    beyond = f"(ok{k} AND NOT coalesce(abs(x{k}) <= {column.maximum!r}, FALSE))"
    fraction = f"(NOT {beyond} AND x{k} <> trunc(x{k}))" if whole else "FALSE"
    within = f"NOT ({below}) AND NOT {beyond} AND NOT {fraction}"
    cast.value = f"CASE WHEN {within} THEN x{k}{'::BIGINT' if whole else ''} END"
    cast.bits.append(f"CASE WHEN {within} OR NOT ok{k} THEN f{k} ELSE 0 END")
    if minimum is not None:
        cast.tag(below, f"a number below {minimum:,.15g}", f"{unit} of at least {minimum:,.15g}")
    cast.tag(beyond, f"a number beyond {column.maximum:,.15g}", f"{unit} of at most {column.maximum:,.15g}")
    if whole:
        cast.tag(f"NOT ({below}) AND {fraction}", "a fraction", unit)


# Times ----------------------------------------------------------------------------------------------------------------


def _time(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    k: int,
    cast: Cast,
    forms: dict[str, int],
    source: Source,
) -> None:
    """A date of three numbers is read in the order that the mapping says, else in the one that the column proves; where
    the column leaves several orders and they differ, it is missing."""
    found = {text: parsers.time_form(text) for text in forms}
    names: dict[str, int] = {}
    for text, form in found.items():
        if form:
            names[form.name] = names.get(form.name, 0) + forms[text]
    usual = max(names, key=names.__getitem__) if names else ""
    stated = cast.column.date_order or source.date_order
    rows = [_time_row(text, form, cast, source, usual) for text, form in found.items()]
    f = f"form{k}"
    if found.keys() <= set(_PLAIN):
        tags: dict[str, int] = {row[0]: row[-1] for row in rows}
        by_form = f"CASE WHEN strlen(b{k}) = 10 THEN {tags.get(_PLAIN[0], 0)} ELSE {tags.get(_PLAIN[1], 0)} END"
        cast.steps[0].append(
            f"CASE WHEN NOT null{k} THEN try_cast(b{k} AS TIMESTAMP) END AS x{k}, NOT null{k} AS ok{k}, {by_form} AS f{k}"
        )
        _bounds(cast, k, f"x{k}")
        cast.tag(f"ok{k} AND x{k} IS NULL", "no such day or hour", "a date of the calendar")
        return
    if formats := _one_way(connection, cast.texts(k, relation), k, found, rows, stated):
        listed = ", ".join(map(_text, formats))
        cast.steps[0].append(
            f"CASE WHEN NOT null{k} THEN try_strptime(b{k}, [{listed}]) END AS x{k}, NOT null{k} AS ok{k}, {rows[0][-1]} AS f{k}"
        )
        _bounds(cast, k, f"x{k}")
        return
    _register(connection, f, rows, _TIME_TYPES)
    cast.joins.append(f"LEFT JOIN {f} ON {f}.form = time_form(b{k})")
    cast.steps[0] += [f"coalesce({f}.ok AND NOT null{k}, FALSE) AS ok{k}", f"{f}.tags AS f{k}"]
    if any(form and form.zone for form in found.values()):
        stated_offsets = connection.execute(
            f"SELECT DISTINCT {_ahead(k)} FROM {cast.texts(k, relation)} JOIN {f} ON {f}.form = time_form(b{k})"
        ).fetchall()
        cast.offsets = {ahead for (ahead,) in stated_offsets if ahead is not None}
    mask, contrary = _proof(connection, cast.texts(k, relation), k, stated)
    _steps(cast, k, mask)
    moved = f"timezone({_text(source.zone or 'UTC')}, timezone('UTC', x{k} - to_minutes(ahead{k})))"
    _bounds(cast, k, f"CASE WHEN ahead{k} IS NULL THEN x{k} ELSE {moved} END" if source.zone else f"x{k}")
    if contrary:
        mixed = ("the day first in some cells, the month first in others", "one order in the whole column", KEPT)
        cast.tag(f"triple{k} AND left{k} IN (1, 2, 4) AND x{k} IS NOT NULL", *mixed)
    cast.tag(
        f"ok{k} AND x{k} IS NULL AND (order{k} <> 0 OR can{k} = 0)", "no such day or hour", "a date of the calendar"
    )
    if stated:
        against = ("a date in the other order", f"date_order {stated!r}, as the mapping says")
        cast.tag(f"ok{k} AND can{k} <> 0 AND left{k} = 0", *against)
    for bits in (3, 5, 6, 7):
        orders = " or ".join(repr(order) for order, bit in _ORDER_BITS.items() if bits & bit)
        what = "day or month first" if bits == 3 else "day, month or year first"
        doubt = (f"{what}: the column does not say", f"date_order {orders} in the mapping, or dates as 2025-07-31")
        cast.tag(f"ok{k} AND order{k} = 0 AND left{k} = {bits}", *doubt)


def _one_way(
    connection: duckdb.DuckDBPyConnection,
    texts: str,
    k: int,
    found: Mapping[str, TimeForm | None],
    rows: Sequence[_Row],
    stated: str | None,
) -> list[str]:
    """The formats by which DuckDB reads a column that is written in one way, in one order, without fault; none where
    it is not: then each cell is taken apart."""
    forms = [(text, form) for text, form in found.items() if form and not form.zone and not form.short_year]
    if len(forms) < len(found) or not forms or len({row[-1] for row in rows}) > 1:
        return []
    orders = ([stated] if stated else ["dmy", "mdy"]) if any(form.orders for _, form in forms) else [""]
    ways = []
    for order in orders:
        formats = sorted({_format(text, form, order) for text, form in forms})
        read = f"count(try_strptime(b{k}, [{', '.join(map(_text, formats))}]))"
        counts = connection.execute(f"SELECT {read}, count(*) FROM {texts}").fetchone() if all(formats) else (0, 1)
        if counts and counts[0] == counts[1]:
            ways.append(formats)
    return ways[0] if len(ways) == 1 else []


def _format(text: str, form: TimeForm, order: str) -> str:
    """A form in the letters of ``strptime``; empty where it has none.

    >>> form = parsers.time_form("0/00/0000 00:00 PM")
    >>> _format("0/00/0000 00:00 PM", form, "mdy")
    '%m/%d/%Y %I:%M %p'
    """
    letters = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%I" if form.half else "%H", "minute": "%M"}
    letters |= {"second": "%S", "half": "%p", "name": "%b"}
    letters |= dict(zip(("one", "two", "three"), (f"%{'Y' if part == 'y' else part}" for part in order), strict=False))
    written = text
    for part, (start, length) in sorted(form.spans.items(), key=lambda item: -item[1][0]):
        cell = text[start - 1 : start - 1 + length]
        odd = {"second": length > 2, "name": length > 3, "half": cell.upper() not in ("AM", "PM"), "three": length < 4}
        if odd.get(part, False) or (order == "ymd" and form.orders):
            return ""
        if part in letters:
            written = written[: start - 1] + letters[part] + written[start - 1 + length :]
    return written


def _time_row(text: str, form: TimeForm | None, cast: Cast, source: Source, usual: str) -> _Row:
    """How a form of time is read: the places of its parts, its half of the day, its offset, its tags."""
    if form is None:
        what = "a number, perhaps a spreadsheet's date" if parsers.SERIAL.fullmatch(text) else "text"
        return (text, False, *_NO_TIME, cast.bit(what, "a date"))
    offset, zone = form.offset, source.zone
    if form.zone:
        offset = _ZONES_OF.get((zone or "").split("/")[0], {}).get(form.zone, offset)
        if zone and form.zone in parsers.AMBIGUOUS_ZONES and offset is None:
            named = ("a clock's name that several zones have", "an offset such as -06:00")
            return (text, False, *_NO_TIME, cast.bit(*named))
    unsaid = ("zone in the mapping, or times of one zone, without offset", "kept on the clock it was written on")
    expected, done = (f"times of {zone}", f"read on the clock of {zone}") if zone else unsaid
    told = {
        (f"another form of date: {form.name}", f"one form: {usual}", KEPT): form.name != usual,
        ("a year of two digits", "four digits, or it may be the day", KEPT): form.orders and form.short_year,
        ("a UTC offset", expected, done): form.zone,
        DAY_ONLY: "hour" not in form.spans,
    }
    tags = cast.bits_of(told)
    return (text, True, *_layout(form), form.half, offset, tags)


def _bounds(cast: Cast, k: int, value: str) -> None:
    """The value where its year is one of business, with the tags of its form."""
    lowest, highest = parsers.YEARS
    inside = f"(x{k} >= TIMESTAMP '{lowest}-01-01' AND x{k} < TIMESTAMP '{highest + 1}-01-01')"
    cast.value = f"CASE WHEN {inside} THEN {value} END"
    cast.bits.append(f"CASE WHEN NOT null{k} AND ({inside} OR NOT ok{k}) THEN f{k} ELSE 0 END")
    cast.tag(f"NOT ({inside})", "a year out of bounds", f"a year from {lowest} to {highest}")


#: Forms that DuckDB reads by itself.
_PLAIN = ("0000-00-00", "0000-00-00 00:00:00")
_PLACES = ("one", "two", "three", "hour", "minute", "second", "offset_at")
_TIME_TYPES = (
    "form VARCHAR, ok BOOLEAN, "
    + ", ".join(f"{place} INT, {place}_n INT" for place in _PLACES)
    + ", month INT, orders INT, triple BOOLEAN, half VARCHAR, ahead INT, tags UINTEGER"
)
_NO_TIME = [0] * (2 * len(_PLACES) + 2) + [False, "", None]


def _layout(form: TimeForm) -> list[object]:
    """Where each part of a form is; year, month and day stand as one, two, three where the form itself says so."""
    spans = dict(form.spans)
    if not form.orders:
        spans |= {"one": spans["year"], "two": spans.get("month", (0, 0)), "three": spans["day"]}
    if not form.zone.startswith(("+", "-")):
        spans.pop("offset", None)
    orders = sum(_ORDER_BITS[order] for order in form.orders or ("ymd",))
    spans["offset_at"] = spans.get("offset", (0, 0))
    places = [number for place in _PLACES for number in spans.get(place, (0, 0))]
    return [*places, form.month, orders, bool(form.orders)]


def _int(k: int, place: str) -> str:
    return f"try_cast(substr(b{k}, form{k}.{place}, form{k}.{place}_n) AS INT)"


def _possible(one: str, two: str, three: str, orders: str) -> str:
    """Bits of the orders in which three numbers may be a date."""
    return (
        f"(CASE WHEN {one} BETWEEN 1 AND 31 AND {two} BETWEEN 1 AND 12 THEN 1 ELSE 0 END"
        f" | CASE WHEN {one} BETWEEN 1 AND 12 AND {two} BETWEEN 1 AND 31 THEN 2 ELSE 0 END"
        f" | CASE WHEN {two} BETWEEN 1 AND 12 AND {three} BETWEEN 1 AND 31 THEN 4 ELSE 0 END) & {orders}"
    )


def _proof(connection: duckdb.DuckDBPyConnection, texts: str, k: int, stated: str | None) -> tuple[int, bool]:
    """Bits of the orders that the column leaves, and whether its cells contradict each other."""
    if stated:
        return _ORDER_BITS[stated], False
    proof = connection.execute(f"""
        SELECT bit_and(p) FROM (
            SELECT {_possible(_int(k, "one"), _int(k, "two"), _int(k, "three"), f"form{k}.orders")} AS p
            FROM {texts} JOIN form{k} ON form{k}.form = time_form(b{k})
            WHERE form{k}.triple
        ) WHERE p <> 0
    """).fetchone()
    mask = proof[0] if proof else None
    return (mask or 7), mask == 0


def _steps(cast: Cast, k: int, mask: int) -> None:
    """The three numbers; the orders that they can stand in; the one that is taken; the moment and its offset."""
    f, left, order = f"form{k}", f"left{k}", f"order{k}"
    one, two, three = f"one{k}", f"two{k}", f"three{k}"
    cast.steps[0] += [
        f"{_int(k, 'one')} AS {one}",
        f"CASE WHEN {f}.month > 0 THEN {f}.month ELSE {_int(k, 'two')} END AS {two}",
        f"{_int(k, 'three')} AS {three}",
        *(f"{f}.{name} AS {name}{k}" for name in ("orders", "triple", "one_n", "three_n")),
        f"{_clock(k)} AS clock{k}",
        f"{_ahead(k)} AS ahead{k}",
    ]
    cast.steps[1].append(f"{_possible(one, two, three, f'orders{k}')} AS can{k}")
    cast.steps[2].append(f"CASE WHEN triple{k} THEN can{k} & {mask} ELSE can{k} END AS {left}")
    cast.steps[3] += [
        f"CASE WHEN {left} IN (1, 2, 4) THEN {left} WHEN {left} = 3 AND {one} = {two} THEN 1"
        f" WHEN {left} = 5 AND {one} = {three} THEN 1"
        f" WHEN {left} IN (6, 7) AND {one} = {two} AND {two} = {three} THEN 1 ELSE 0 END AS {order}"
    ]
    year, digits = (
        f"CASE {order} WHEN 4 THEN {one} ELSE {three} END",
        f"CASE {order} WHEN 4 THEN one_n{k} ELSE three_n{k} END",
    )
    cast.steps[4].append(f"{year} + CASE WHEN {digits} > 2 THEN 0 WHEN {year} < 70 THEN 2000 ELSE 1900 END AS year{k}")
    cast.steps[4].append(f"CASE {order} WHEN 2 THEN {one} ELSE {two} END AS month{k}")
    cast.steps[4].append(f"CASE {order} WHEN 1 THEN {one} WHEN 2 THEN {two} ELSE {three} END AS day{k}")
    day = f"lpad(year{k}::VARCHAR, 4, '0') || '-' || month{k} || '-' || day{k}"
    cast.steps[5].append(f"CASE WHEN ok{k} AND {order} <> 0 THEN try_cast({day} || clock{k} AS TIMESTAMP) END AS x{k}")


def _clock(k: int) -> str:
    """SQL for the time of day as text, `` 14:05:09.125``."""
    f, hour = f"form{k}", _int(k, "hour")
    half = f"{hour} % 12 + CASE {f}.half WHEN 'p' THEN 12 ELSE 0 END"
    counted = f"CASE WHEN {f}.half = '' THEN {hour} WHEN {hour} BETWEEN 1 AND 12 THEN {half} ELSE 99 END"
    second = f"replace(substr(b{k}, {f}.second, least({f}.second_n, 9)), ',', '.')"
    return (
        f"CASE WHEN {f}.hour_n = 0 THEN '' ELSE ' ' || ({counted}) || ':' || substr(b{k}, {f}.minute, {f}.minute_n)"
        f" || ':' || CASE WHEN {f}.second_n = 0 THEN '00' ELSE {second} END END"
    )


def _ahead(k: int) -> str:
    """SQL for the minutes that a time's clock is ahead of UTC; missing where it has no offset."""
    f = f"form{k}"
    minutes = f"try_cast(substr(b{k}, {f}.offset_at + {f}.offset_at_n - 2, 2) AS INT)"
    written = (
        f"(60 * try_cast(substr(b{k}, {f}.offset_at + 1, 2) AS INT) + CASE WHEN {f}.offset_at_n > 3 THEN {minutes} ELSE 0 END)"
        f" * CASE WHEN substr(b{k}, {f}.offset_at, 1) = '-' THEN -1 ELSE 1 END"
    )
    return f"CASE WHEN {f}.offset_at_n > 0 THEN {written} ELSE {f}.ahead END"


def _flag(connection: duckdb.DuckDBPyConnection, relation: str, k: int, cast: Cast) -> None:
    """Yes and no, in the usual spellings."""
    column = cast.column
    told = {
        text
        for (text,) in connection.execute(
            f"SELECT DISTINCT lower(b{k}) FROM {cast.texts(k, relation)} LIMIT {len(parsers.FLAGS) + 2}"
        ).fetchall()
    }
    spelled = {
        meant: ", ".join(_text(t) for t, yes in parsers.FLAGS.items() if yes == meant) for meant in (True, False)
    }
    meant = (
        f"CASE WHEN lower(b{k}) IN ({spelled[True]}) THEN TRUE WHEN lower(b{k}) IN ({spelled[False]}) THEN FALSE END"
    )
    cast.steps[0].append(f"CASE WHEN NOT null{k} THEN {meant} END AS x{k}")
    cast.value = f"CASE WHEN null{k} THEN FALSE ELSE x{k} END" if column.blank_is_no else f"x{k}"
    cast.tag(f"NOT null{k} AND x{k} IS NULL", "neither yes nor no", "yes or no, true or false, 1 or 0, or X")
    if told and told <= set(parsers.TICKS) and not column.blank_is_no and cast.nulls:
        cast.known = [tag for tag in cast.known if tag.found != "no value"]
        cast.bits = [bit for bit in cast.bits if f"WHEN null{k} THEN" not in bit]
        cast.tag(
            f"null{k}", "no value beside a mark that says yes", "blank_is_no in the mapping, if an empty cell says no"
        )


# Text -----------------------------------------------------------------------------------------------------------------


#: The patterns of damage, each with what a cell needs to be worth a look.
_GUARDS = [
    (parsers.DAMAGE[0][1], "strlen(b) <> length(b)"),
    (parsers.DAMAGE[1][1], "contains(b, '+')"),
    (parsers.DAMAGE[2][1], "contains(b, chr(10)) OR contains(b, chr(13))"),
]


def _of(seen: str, k: int) -> str:
    """SQL about ``b`` as SQL about column k."""
    return re.sub(r"\bb\b", f"b{k}", seen)


def _words(connection: duckdb.DuckDBPyConnection, relation: str, k: int, cast: Cast, source: Source) -> None:
    """Text as it stands, with what damage can be seen in it."""
    texts = f"(SELECT row, b{k} AS b FROM {cast.texts(k, relation)})"
    float_like = "CASE WHEN contains(b, '.0') THEN regexp_full_match(b, '[0-9]+[.]0+') ELSE FALSE END"
    damage = [
        f"CASE WHEN {guard} THEN regexp_matches(b, {_text(pattern)}) ELSE FALSE END" for pattern, guard in _GUARDS
    ]
    cased, floats, *damaged = (
        connection.execute(f"""
        SELECT bool_or(lower(b) <> b OR contains(b, ' ')), count(*) FILTER ({float_like}),
            {", ".join(f"bool_or({seen})" for seen in damage)} FROM {texts}
    """).fetchone()
        or ()
    )
    cast.value = f"CASE WHEN NOT null{k} THEN b{k} END"
    for (what, _, expected), seen, there in zip(parsers.DAMAGE, damage, damaged, strict=True):
        if there:
            cast.tag(f"NOT null{k} AND {_of(seen, k)}", what, expected, KEPT)
    if cased:
        variants = connection.execute(f"""
            SELECT unnest(list(b ORDER BY n DESC, first)[2:]) FROM (
                SELECT lower(CASE WHEN contains(b, ' ') THEN regexp_replace(b, '\\s+', ' ', 'g') ELSE b END) AS key, b, n, first
                FROM (SELECT b, count(*) AS n, min(row) AS first FROM {texts} GROUP BY b)
            ) GROUP BY key HAVING count(*) > 1
        """).fetchall()
        if variants:
            _register(connection, f"form{k}", variants, "form VARCHAR")
            cast.joins.append(f"LEFT JOIN form{k} ON form{k}.form = b{k}")
            cast.steps[0].append(f"form{k}.form IS NOT NULL AS variant{k}")
            spelled = ("a spelling that differs only in case or spaces", "one spelling", KEPT)
            cast.tag(f"NOT null{k} AND variant{k}", *spelled)
    if floats and source.identifies(cast.ours):
        others = connection.execute(
            f"SELECT count(*) FROM {texts} WHERE NOT regexp_full_match(b, '[0-9]+([.]0+)?')"
        ).fetchone()
        shown = _of(float_like, k)
        mixed = others is None or others[0] > 0
        if not mixed:
            cast.value = f"CASE WHEN null{k} THEN NULL WHEN {shown} THEN split_part(b{k}, '.', 1) ELSE b{k} END"
        found = "an identifier with .0, as a program writes a number"
        cast.tag(f"NOT null{k} AND {shown}", found, "digits only", KEPT if mixed else "read without it")
