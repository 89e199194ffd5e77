"""Files as systems and people write them: which rows are kept, which set aside, and what the report says and keeps to itself."""

import csv
import datetime
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fulfillment.intake import casting, files, reader
from fulfillment.intake.mapping import Column, Source
from fulfillment.intake.reader import ImportResult

ORDERS = Source(
    "orders.csv",
    {
        "order_id": Column("Order"),
        "buyer": Column("Buyer", private=True),
        "vendor": Column("Vendor"),
        "ordered_at": Column("Sent", "time"),
        "deliver_by": Column("Due", "deadline"),
        "quantity": Column("Units", "whole"),
        "value_usd": Column("Value", "money"),
    },
    key=("order_id",),
)
HEADER = ["Order", "Buyer", "Vendor", "Sent", "Due", "Units", "Value", "E-mail"]
#: Stands in every cell of columns that nobody mapped, and of those that hold persons.
MARK = "zq7mark"
ROWS = [
    ["A1", f"{MARK}1", "Alder", "2025-07-01", "2025-07-09", "10", "100.50", f"{MARK}@one.example"],
    ["A2", f"{MARK}2", "Birch", "2025-07-02", "2025-07-09", "20", "200.00", f"{MARK}@two.example"],
    ["A3", f"{MARK}3", "Alder", "2025-07-03", "2025-07-11", "30", "300.25", f"{MARK}@three.example"],
]


def text(*rows: list[str], delimiter: str = ",", header: list[str] | None = HEADER) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([*([header] if header else []), *rows])
    return out.getvalue()


def changed(**cells: str) -> list[list[str]]:
    """The three rows and a fourth, with changes by header."""
    fourth = dict(
        zip(HEADER, ["A4", f"{MARK}4", "Birch", "2025-07-04", "2025-07-14", "40", "400.00", MARK], strict=True)
    )
    return [*ROWS, list((fourth | cells).values())]


def blank(**cells: str) -> list[str]:
    """A row with nothing but these cells, by header."""
    return [cells.get(header, "") for header in HEADER]


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SHEET: list[list[Any]] = [
    HEADER,
    ["A1", MARK, "Alder", datetime.datetime(2025, 7, 1, 8, 30), datetime.date(2025, 7, 9), 10, 539.577, MARK],
    [17850.0, MARK, "Birch", datetime.datetime(2025, 7, 2), "2025-07-09", 20, 200, None],
    ["A3", MARK, "Alder", datetime.datetime(2025, 7, 3), "2025-07-11", 30, "n/a", MARK],
    [None, None, None, None, None, 60, 739.577, None],
]
CHINESE = [[cells[0], MARK, "深圳市华强北仓库", *cells[3:]] for cells in ROWS]
POLISH = [[cells[0], MARK, "Łódź Żabka", *cells[3:]] for cells in ROWS]
BY_POSITION = {name: replace(column, header=at) for at, (name, column) in enumerate(ORDERS.columns.items(), 1)}
FORMULA = '="00123"'


@dataclass(frozen=True)
class Made:
    """A file: its content, the keys of the rows kept, the rows set aside by reason, words of the report, and values."""

    content: str | bytes
    kept: list[str]
    aside: dict[int, str] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    source: Source = ORDERS


IDS = ["A1", "A2", "A3"]
SUM, TOTAL, AGAIN = "a total by its numbers: each is the sum of other rows", "a total", "the header again"
BROKEN, DESCRIBES = "more or fewer cells than the header", "a description of the columns"
MADE = {
    # totals
    "a total in another wording": Made(text(*ROWS, blank(Order="Alles zusammen", Units="60", Value="600.75")), IDS, {5: SUM}),
    "a total in another language": Made(text(*ROWS, blank(Order="Summe", Value="600.75")), IDS, {5: TOTAL}),
    "a total in Chinese": Made(text(*ROWS, blank(Order="合计", Units="60")), IDS, {5: TOTAL}),
    "a total without a word": Made(text(*ROWS, blank(Units="60", Value="600.75")), IDS, {5: SUM}),
    "sub-totals and a total": Made(
        text(*ROWS[:2], blank(Vendor="1st half", Units="30", Value="300.50"), ROWS[2],
             blank(Vendor="2nd half", Units="30", Value="300.25"), blank(Vendor="year", Units="60", Value="600.75")),
        IDS, {4: SUM, 6: SUM, 7: SUM},
    ),
    "a total above its rows": Made(text(blank(Vendor="all", Units="60", Value="600.75"), *ROWS), IDS, {2: SUM}),
    "a last row that is a sum but for its id": Made(text(*changed(Order="Z", Units="60", Value="600.75")), IDS, {5: SUM}),
    "a row like the others, near a sum": Made(text(*changed(Units="60", Value="600.00")), [*IDS, "A4"]),
    "a row without an id that is no sum": Made(text(*ROWS, blank(Vendor="Birch", Units="61")), IDS, {5: "no Order"}),
    # headers and descriptions
    "a description below the header": Made(
        text(["the order's number", "who", "the seller", "when it was placed", "the last day", "how many", "in dollars", MARK], *ROWS),
        IDS, {2: DESCRIBES},
    ),
    "a description and a line of units": Made(
        text(["id", "", "", "date", "date", "pieces", "USD", ""], ["text", "", "", "day", "day", "number", "number", ""], *ROWS),
        IDS, {2: DESCRIBES, 3: DESCRIBES},
    ),
    "the header again, with a byte order mark": Made(
        text(*ROWS[:2]) + "\ufeff" + text(ROWS[2]), IDS, {4: AGAIN}
    ),
    "the header again in other letters": Made(text(*ROWS[:2], [cell.upper() for cell in HEADER], ROWS[2]), IDS, {4: AGAIN}),
    "a header below row 20": Made(
        f"{MARK}\n" * 30 + text(*ROWS), IDS, dict.fromkeys(range(1, 31), "a row above the header")
    ),
    "a header that the mapping numbers": Made(
        text(HEADER, *ROWS), IDS, {1: "a row above the header"}, source=replace(ORDERS, header_row=2)
    ),
    "no header": Made(text(*ROWS, header=None), IDS, source=replace(ORDERS, columns=BY_POSITION, header_row=0)),
    "a header twice, taken by position": Made(
        text(*ROWS, header=["Order", "Buyer", "Vendor", "Date", "Date", "Units", "Value", "E-mail"]), IDS,
        values={("A1", "deliver_by"): datetime.datetime(2025, 7, 9, 23, 59, 59)},
        source=replace(ORDERS, columns=ORDERS.columns | {"ordered_at": Column(4, "time"), "deliver_by": Column(5, "deadline")}),
    ),
    # rows
    "trailing empty cells left off": Made(
        text(*ROWS[:2], ["A3", MARK, "Alder", "2025-07-03", "2025-07-11", "30"], ["End of report"]), IDS, {5: BROKEN},
        values={("A3", "value_usd"): None},
    ),
    "a row cut in two": Made(
        text(*ROWS, blank(Order="A4", Value="1")) + f"A5,{MARK},Birch\n{MARK},2025-07-04\n", [*IDS, "A4"], {6: BROKEN, 7: BROKEN}
    ),
    "a thousands separator without quotes": Made(text(*ROWS) + f"A4,{MARK},Birch,,,1,1,920.00,{MARK},x\n", IDS, {5: BROKEN}),
    # encodings
    "GB18030": Made(text(*CHINESE).encode("gb18030"), IDS, says=["GB18030 text"], values={("A1", "vendor"): "深圳市华强北仓库"}),
    "Windows-1250": Made(
        text(*POLISH).encode("cp1250"), IDS, says=["Windows-1250 text"], values={("A1", "vendor"): "Łódź Żabka"}
    ),
    "Windows-1250 or 1252": Made(
        text(*changed(Vendor="Děčín")).encode("cp1250"), [*IDS, "A4"], says=["encoding 'cp1252' or 'cp1250' in the mapping", "'Dìèín'", "'Děčín'"],
    ),
    "Windows-1250, as the mapping says": Made(
        text(*changed(Vendor="Děčín")).encode("cp1250"), [*IDS, "A4"], values={("A4", "vendor"): "Děčín"},
        source=replace(ORDERS, encoding="cp1250"),
    ),
    "Windows-1251": Made(text(*changed(Vendor="Москва, склад")).encode("cp1251"), [*IDS, "A4"], values={("A4", "vendor"): "Москва, склад"}),
    "UTF-16 without a mark": Made(text(*ROWS).encode("utf-16-le"), IDS, says=["UTF-16 text without a mark"]),
    "UTF-16 from a Mac without a mark": Made(text(*ROWS).encode("utf-16-be"), IDS, says=["UTF-16 text without a mark"]),
    "a packed file": Made(gzip.compress(text(*ROWS).encode()), IDS, source=replace(ORDERS, file="orders.csv.gz")),
    # forms
    "tabs with bare quotation marks": Made(
        text(*ROWS, delimiter="\t").replace("Birch", '5" pipe').replace("Alder", '"A" grade'), IDS,
        says=["bare quotation marks", "tabs between cells"], values={("A2", "vendor"): '5" pipe', ("A1", "vendor"): '"A" grade'},
        source=replace(ORDERS, file="orders.tsv"),
    ),
    "tabs with quoted cells": Made(
        text(*changed(Vendor="two\nlines"), delimiter="\t"), [*IDS, "A4"], values={("A4", "vendor"): "two\nlines"},
        source=replace(ORDERS, file="orders.tsv"),
    ),
    "ids as formulas": Made(text(*changed(Order=FORMULA)), [*IDS, "00123"], says=["a formula around the value"]),
    "ids as a program's numbers": Made(
        text(*([f"1785{n}.0", *cells[1:]] for n, cells in enumerate(ROWS))), ["17850", "17851", "17852"], says=["an identifier with .0"],
    ),
    "a weight that may be thousands": Made(
        text(*([*cells[:6], "539.577", MARK] for cells in ROWS), delimiter=";"), IDS,
        says=["a separator that may be the decimal mark", "decimal '.' or ',' in the mapping"], values={("A1", "value_usd"): None},
    ),
    "decimal commas, as the file proves": Made(
        text(*([*cells[:6], value, MARK] for cells, value in zip(ROWS, ["539.577", "12,50", "3,1"], strict=True)), delimiter=";"), IDS,
        values={("A1", "value_usd"): 539577.0, ("A2", "value_usd"): 12.5},
    ),
    "a year of two digits that may be a day": Made(
        text(*([*cells[:3], f"25-07-1{n}", *cells[4:]] for n, cells in enumerate(ROWS, 3))), IDS,
        says=["date_order 'dmy' or 'ymd' in the mapping"], values={("A1", "ordered_at"): None},
    ),
    "credits in brackets": Made(text(*changed(Value="($12.50)")), [*IDS, "A4"], says=["a negative number"], values={("A4", "value_usd"): -12.5}),
    "times with a clock's name": Made(
        text(*changed(Sent="Oct 1, 2025 12:03:04 AM PDT")), [*IDS, "A4"], values={("A4", "ordered_at"): datetime.datetime(2025, 10, 1, 0, 3, 4)}
    ),
    "several zones": Made(
        text(*changed(Sent="2025-10-01 08:00:00+00", Due="2025-10-09 08:00:00-07:00")), [*IDS, "A4"], says=["UTC offsets of several zones (-07:00; +00:00)"],
    ),
    # workbooks
    "a workbook of one sheet": Made(
        workbook({"July": SHEET}), ["A1", "17850", "A3"], {5: SUM}, values={("A1", "value_usd"): 539.577, ("A1", "quantity"): 10},
        source=replace(ORDERS, file="orders.xlsx"),
    ),
    "a workbook's named sheet": Made(
        workbook({"Notes": [[MARK]], "July": [[f"Exported {MARK}"], [], *SHEET[:-1]]}), ["A1", "17850", "A3"],
        {1: "a row above the header", 2: "an empty row"}, source=replace(ORDERS, file="orders.xlsx", sheet="July"),
    ),
}  # fmt: skip


def read(made: Made, folder: Path) -> ImportResult:
    content = made.content if isinstance(made.content, bytes) else made.content.encode()
    (folder / made.source.file).write_bytes(content)
    return reader.read({"orders": made.source}, folder)


@pytest.mark.parametrize("name", MADE)
def test_rows_are_kept_set_aside_and_reported(tmp_path, name):
    made = MADE[name]
    result = read(made, tmp_path)
    table, rejected, report = result.tables["orders"], result.rejected["orders"], str(result.report)
    assert table["order_id"].tolist() == made.kept, report
    assert rejected["why"].to_dict() == made.aside
    (count,) = result.report.counts.values()
    assert count["read"] == count["kept"] + count["rejected"] == len(made.kept) + len(made.aside)
    for words in [*made.says, *made.aside.values()]:
        assert words in report
    by_id = table.set_index("order_id")
    for (order, column), value in made.values.items():
        found = by_id.loc[order, column]
        assert found == value if value is not None else found is None or found != found


@pytest.mark.parametrize("name", MADE)
def test_no_cell_of_an_unmapped_column_or_of_a_person_is_quoted(tmp_path, name):
    result = read(MADE[name], tmp_path)
    assert MARK not in str(result.report)
    assert MARK not in result.report.table().to_csv()


def test_there_are_thirty_and_more_files():
    assert len(MADE) >= 30


def test_persons_are_named_by_their_rows_keys(tmp_path):
    buyers = [["A1", "Kim Lee"], ["A2", "kim lee"], ["A3", ""], ["A4", "Kim Lee"]]
    made = Made(text(*([order, buyer, *ROWS[0][2:]] for order, buyer in buyers)), [])
    report = str(read(made, tmp_path).report)
    assert "Kim" not in report
    assert "kim" not in report
    assert "a spelling that differs only in case or spaces ('A2')" in report


def test_an_e_mail_address_in_a_mapped_column_is_not_quoted(tmp_path):
    report = str(read(Made(text(*changed(Value="ask kim@buyer.example")), []), tmp_path).report)
    assert "ask (an e-mail address)" in report


@pytest.mark.parametrize(
    "content",
    [
        text(*ROWS, header=None),
        f'{{"{MARK}": 1}}',
        f"<p>{MARK}</p>",
        text(*changed(Vendor='"x')) + f'A5,"{MARK}',
        text(*changed(Vendor="x" * 140_000)),
        text(*ROWS).encode() + f"A9,{MARK}\x00\n".encode(),
        text(*ROWS).encode() + f"A9,{MARK},\x81\n".encode("latin-1"),
    ],
)
def test_a_refusal_quotes_no_cell(tmp_path, content):
    with pytest.raises(ValueError, match="expected") as caught:
        read(Made(content, []), tmp_path)
    assert MARK not in str(caught.value)
    assert "Alder" not in str(caught.value)


def test_a_promised_day_is_met_until_its_end_on_the_local_clock(tmp_path):
    columns = {**ORDERS.columns, "ordered_at": Column("Sent", "time")}
    made = Made(text(*changed(Sent="2025-07-14T20:00:00-07:00")), [])
    for zone in (None, "America/Los_Angeles"):
        source = replace(ORDERS, columns=columns, zone=zone)
        table = read(replace(made, source=source), tmp_path).tables["orders"]
        assert table["ordered_at"].iloc[-1] <= table["deliver_by"].iloc[-1]


def test_files_of_a_pattern_are_one_table_and_an_order_counts_once(tmp_path):
    (tmp_path / "orders_07.csv").write_text(text(*ROWS))
    (tmp_path / "orders_08.csv").write_text(text(ROWS[2], *changed()[3:]).replace("2025-07-04", "7/4/2025"))
    result = reader.read({"orders": replace(ORDERS, file="orders_*.csv")}, tmp_path)
    table = result.tables["orders"]
    assert table.index.tolist() == [
        ("orders_07.csv", 2),
        ("orders_07.csv", 3),
        ("orders_07.csv", 4),
        ("orders_08.csv", 3),
    ]
    assert result.rejected["orders"]["why"].to_dict() == {("orders_08.csv", 2): "the Order of a row in an earlier file"}
    assert list(result.report.counts) == ["orders_07.csv", "orders_08.csv"]
    listed = reader.read({"orders": replace(ORDERS, file="orders_*.csv")}, sorted(tmp_path.iterdir()))
    assert str(listed.report) == str(result.report)


def test_a_file_of_no_table_is_named(tmp_path):
    for name in ("orders.csv", "lines.csv"):
        (tmp_path / name).write_text(text(*ROWS))
    two = {"orders": ORDERS, "again": replace(ORDERS, file="again.csv")}
    with pytest.raises(ValueError, match=r"lines\.csv: a file of no table, expected orders\.csv, again\.csv"):
        reader.read(two, [tmp_path / "orders.csv", tmp_path / "lines.csv"])
    with pytest.raises(FileNotFoundError, match=r"none\.csv: no such file, expected one of orders\.csv"):
        reader.read({"orders": ORDERS}, [tmp_path / "none.csv"])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (replace(ORDERS, sheet="August"), r"orders\.xlsx: no sheet 'August', expected one of Notes, July"),
        (ORDERS, r"orders\.xlsx: sheets Notes, July, expected sheet in the mapping to name one of them"),
    ],
)
def test_a_workbook_of_several_sheets_asks_which(tmp_path, source, message):
    made = Made(workbook({"Notes": [["x"]], "July": SHEET}), [], source=replace(source, file="orders.xlsx"))
    with pytest.raises(ValueError, match=message):
        read(made, tmp_path)


def test_a_large_file_shows_how_far_it_is(tmp_path, capsys, monkeypatch):
    read(Made(text(*ROWS), []), tmp_path)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(reader, "LARGE", 3)
    read(Made(text(*ROWS), []), tmp_path)
    assert "orders.csv: 3 rows [####################] reported" in capsys.readouterr().err


# DuckDB and Python read alike -----------------------------------------------------------------------------------------

CELL = st.text(alphabet='A1,;"\n\r\t.-/$ é\u00a0=', max_size=8)
GRID = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6)
THREE = Source("three.csv", {name: Column(name, optional=True) for name in "abc"}, header_row=1)


def raw(path: Path, by_rows: bool, monkeypatch: Callable[..., None]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        casting.prepare(connection)
        if by_rows:
            monkeypatch(files, "_by_duckdb", lambda *_: False)
        files.load(connection, path, THREE)
        return connection.execute(
            "SELECT row::BIGINT, width, extra, last, empty, again, total, m0, m1, m2 FROM numbered ORDER BY row"
        ).fetchall()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GRID, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_duckdb_reads_what_python_reads(tmp_path, grid, end, quoted):
    path = tmp_path / "three.csv"
    out = io.StringIO()
    rows = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    rows.writerows([["a", "b", "c"], *grid])
    path.write_bytes(out.getvalue().encode())
    with pytest.MonkeyPatch.context() as patch:
        one = raw(path, False, patch.setattr)
        other = raw(path, True, patch.setattr)
    assert one == other


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet='A1,"\n\r é', max_size=12), min_size=1, max_size=6))
def test_duckdb_reads_any_text_as_python_does(tmp_path, lines):
    path = tmp_path / "three.csv"
    path.write_bytes("\n".join(["a,b,c", *lines]).encode())
    found = []
    for by_rows in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            try:
                found.append(raw(path, by_rows, patch.setattr))
            except ValueError as error:
                found.append(str(error))
    assert found[0] == found[1]
