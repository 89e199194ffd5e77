"""A reader's files: every kind of damage is an error or a report that says where, and no row is lost silently."""

import csv
import gzip
import io
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fulfillment.intake import delivery_kpis, reader
from fulfillment.intake.mapping import DELIMITERS
from fulfillment.intake.parsers import KEPT, MISSING
from fulfillment.intake.public_files import OLIST, SCMS
from fulfillment.intake.reader import REJECTED, Column, ImportResult, Source
from tests.conftest import ROOT

FORMS = ROOT / "data" / "own"
ORDERS = Source(
    "orders.csv",
    {
        "order_id": Column("Order"),
        "vendor": Column("Vendor"),
        "ordered_at": Column("Sent", "time"),
        "deliver_by": Column("Due", "deadline"),
        "delivered_at": Column("Come", "time"),
        "quantity": Column("Units", "whole"),
        "value_usd": Column("Value", "money"),
        "rush": Column("Rush", "flag", optional=True, may_be_empty=True),
    },
    key=("order_id",),
    sequences=(("ordered_at", "delivered_at"),),
)
FOURTH = "A4,Birch,2025-07-04,2025-07-14,2025-07-10,40,400.00,no"
HEADER = "Order,Vendor,Sent,Due,Come,Units,Value,Rush"
GOOD = """\
A1,Alder,2025-07-01,2025-07-09,2025-07-08,10,100.50,yes
A2,Birch,2025-07-02,2025-07-09,2025-07-10,20,200.00,no
A3,Alder,2025-07-03,2025-07-11,2025-07-11,30,300.00,
"""
CLEAN = f"{HEADER}\n{GOOD}"


def row(**changes: str) -> str:
    """The clean table and a fourth row, in row 5, with changes by header."""
    cells = dict(zip(HEADER.split(","), FOURTH.split(","), strict=True))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow((cells | changes).values())
    return CLEAN + out.getvalue()


def every(header: str, *texts: str) -> str:
    """The clean table with these texts in one column, from row 2 on."""
    rows = list(csv.reader(io.StringIO(CLEAN)))
    for cells, text in zip(rows[1:], texts, strict=True):
        cells[rows[0].index(header)] = text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(content: str | bytes, folder: Path, source: Source = ORDERS) -> ImportResult:
    (folder / source.file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return reader.read({"orders": source}, folder)


# Files that are no table: an error names the file, the row or column, and what was expected ---------------------------

NO_TABLE = {
    "empty file": ("", "orders.csv: empty, expected a header and rows"),
    "nothing but spaces and line ends": (" \n\r\n ", "orders.csv: empty, expected a header and rows"),
    "header only": (HEADER, "orders.csv, row 2: nothing below the header, expected at least one row"),
    "no header": (GOOD, "orders.csv: none of the mapped headers in its first 3 rows, expected a header with the mapped columns Order, Vendor, .* header_row 0"),
    "a column missing": (CLEAN.replace(",Due", ",Other"), "orders.csv, row 1: no column 'Due'; expected all columns"),
    "a header misspelled": (CLEAN.replace("Vendor", "Vender"), r"row 1: no column 'Vendor' \(there is 'Vender'\); expected"),
    "a column twice, with other content": (
        CLEAN.replace("Rush", "Value"),
        "orders.csv, row 1: columns 7 and 8 are both 'Value' and differ, expected one of them, by its position: header 7",
    ),
    "an Excel file with the wrong extension": (b"PK\x03\x04\x14\x00", "orders.csv: a zip file, expected CSV or .xlsx"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1", "orders.csv: an old Excel file, expected CSV"),
    "a PDF file": (b"%PDF-1.7", "orders.csv: a PDF file, expected CSV"),
    "a web page": ("\n<html><body>Sign in</body></html>", "orders.csv, row 1: a web page, XML or JSON, expected CSV"),
    "JSON": ('{"orders": []}', "orders.csv, row 1: a web page, XML or JSON, expected CSV or .xlsx"),
    "zero bytes": (CLEAN.replace("Birch", "Bi\0ch"), r"orders.csv, row 3: a zero byte, expected text"),
    "a damaged gzip file": (gzip.compress(CLEAN.encode())[:40], "orders.csv: a damaged gzip file .*, expected a whole one"),
    "bytes of no known encoding": (CLEAN.encode().replace(b"Birch", b"Bi\x81ch"), "orders.csv, row 3: byte 0x81, expected UTF-8"),
    "UTF-8 by its mark, but not inside": (b"\xef\xbb\xbf" + CLEAN.encode().replace(b"Birch", b"Bi\xffch"), "row 3: byte 0xff"),
    "a quote never closed": (CLEAN.replace("Birch", '"Birch'), "orders.csv, row 3: .*, expected every quote to be closed"),
    "a quote inside a quoted cell": (CLEAN.replace("Birch", '"Birch "old" mill"'), "orders.csv, row 3: .*, and doubled"),
    "a cell without end": (CLEAN.replace("Birch", "B" * 140_000), "orders.csv, row 3: field larger than"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_TABLE)
def test_what_is_no_table_is_an_error_that_says_where(tmp_path, name):
    content, message = NO_TABLE[name]
    with pytest.raises(ValueError, match=message) as caught:
        read(content, tmp_path)
    assert "orders.csv" in str(caught.value)
    assert "expected" in str(caught.value)
    assert caught.traceback[-1].path.parent.name == "intake"


# Tables with damage: a report names file, column, rows and what was expected -----------------------------------------


@dataclass(frozen=True)
class Damage:
    """A file's content, and the report's entry on it: header, words found and expected, rows, what was done."""

    content: str | bytes
    column: str
    found: str
    expected: str
    rows: list[int]
    action: str = MISSING
    source: Source = ORDERS


UNTOLD = "day or month first: the column does not say"
DAMAGED = {
    # the file
    "Windows-1252": Damage(row(Vendor="Brüneck").encode("cp1252"), "", "Windows-1252 text", "UTF-8", [5], "read as Windows-1252"),
    "UTF-8 with a byte order mark": Damage(b"\xef\xbb\xbf" + CLEAN.encode(), "", "a byte order mark", "UTF-8", [], KEPT),
    "UTF-16": Damage(CLEAN.encode("utf-16"), "", "UTF-16 text", "UTF-8", [], KEPT),
    "semicolons": Damage(CLEAN.replace(",", ";"), "", "semicolons between cells", "commas", [], KEPT),
    "another extension, tabs": Damage(
        CLEAN.replace(",", "\t"), "", "extension '.txt'", "'.csv'", [], KEPT, replace(ORDERS, file="orders.txt")
    ),
    "titles above the header": Damage(f"Orders,July\n\n{CLEAN}", "", "a row above the header", "the header in the first", [1], REJECTED),
    "a header in other letters and spaces": Damage(
        CLEAN.replace("Vendor", "  vendor "), "Vendor", "header '  vendor '", "'Vendor'", [1], KEPT
    ),
    "a column twice, alike": Damage(
        "\n".join(f"{line},{line.split(',')[1]}" for line in CLEAN.splitlines()), "Vendor", "columns 2 and 9 with", "one", [1], "the first kept"
    ),
    "an optional column missing": Damage(
        "\n".join(line.rsplit(",", 1)[0] for line in CLEAN.splitlines()), "Rush", "no such column", "a column of the mapping", [], "column left out"
    ),
    "a column that is not mapped": Damage(
        "\n".join(f"{line},x" for line in CLEAN.splitlines()), "", "columns that the mapping does not name: 1", "only mapped", [], "not read"
    ),
    # rows
    "an id twice, alike": Damage(CLEAN + GOOD[: GOOD.index("\n") + 1], "", "the Order of an earlier row, with the same", "each Order once", [5], REJECTED),
    "an id twice, with other content": Damage(row(Order="A1"), "", "the Order of an earlier row, with other", "each Order once", [5], REJECTED),
    "no id": Damage(row(Order=" "), "", "no Order", "Order in every row", [5], REJECTED),
    "a total at the end": Damage(CLEAN + "Grand total,,,,,60,600.50,\n", "", "a total", "single rows", [5], REJECTED),
    "a short total with its count": Damage(CLEAN + "Total (3 rows)\n", "", "a total", "single rows", [5], REJECTED),
    "the header again": Damage(CLEAN + HEADER + "\n" + row()[len(CLEAN):], "", "the header again", "one header", [5], REJECTED),
    "empty rows": Damage(CLEAN.replace("\nA2", "\n\n,,,,,,,\nA2"), "", "an empty row", "none", [3, 4], REJECTED),
    "too few cells": Damage(CLEAN + "A4,Birch,2025-07-04\n", "", "more or fewer cells", "8 cells", [5], REJECTED),
    "thousands separators without quotes": Damage(row().replace("400.00", "4,400.00"), "", "more or fewer cells", "8 cells", [5], REJECTED),
    "a footer": Damage(CLEAN + "End of report\n", "", "more or fewer cells", "8 cells", [5], REJECTED),
    # numbers
    "text in a number column": Damage(row(Value="Freight Included"), "Value", "text", "a number in USD", [5]),
    "a reference in a number column": Damage(row(Value="See ASN-93 (ID#:1281)"), "Value", "text", "a number in USD", [5]),
    "a percentage in a money column": Damage(row(Value="4%"), "Value", "text", "a number in USD", [5]),
    "a spreadsheet's error": Damage(row(Value="#REF!"), "Value", "no value", "a value in every row", [5]),
    "a currency sign": Damage(row(Value="$400.00"), "Value", "a currency sign", "digits only", [5], KEPT),
    "another currency": Damage(row(Value="€400.00"), "Value", "the sign of another currency", "in USD", [5]),
    "thousands separators": Damage(row(Value="1,400.00"), "Value", "thousands separators", "digits only", [5], KEPT),
    "a decimal comma": Damage(row(Value="400,5"), "Value", "decimal mark ','", "decimal mark '.'", [5], KEPT),
    "a comma that may be either": Damage(
        every("Value", "100,5", "1,200", "30.5"), "Value", "a separator that may be the decimal mark", "decimal '.' or ','", [3]
    ),
    "a negative quantity": Damage(row(Units="-40"), "Units", "a negative number", "sign 'either'", [5], "kept as negative"),
    "a minus in brackets": Damage(row(Value="(400.00)"), "Value", "a negative number", "sign 'either'", [5], "kept as negative"),
    "a quantity with a fraction": Damage(row(Units="2.5"), "Units", "a fraction", "a whole number", [5]),
    "a value too large": Damage(row(Value="4e15"), "Value", "a number beyond 1,000,000,000,000", "of at most", [5]),
    "a value without bounds": Damage(row(Value="1e999"), "Value", "a number beyond", "of at most", [5]),
    "numbers and words mixed": Damage(every("Units", "10", "ten", "30"), "Units", "text", "a whole number", [3]),
    "a flag that is neither": Damage(row(Rush="maybe"), "Rush", "neither yes nor no", "yes or no", [5]),
    # dates
    "no date": Damage(row(Come=""), "Come", "no value", "a value in every row", [5]),
    "spellings of nothing": Damage(every("Come", "N/A", "null", "-"), "Come", "no value", "a value in every row", [2, 3, 4]),
    "text in a date column": Damage(row(Sent="Date Not Captured"), "Sent", "text", "a date", [5]),
    "reversed dates": Damage(row(Come="2025-07-03"), "Sent to Come", "reversed dates", "ordered_at on or before", [5], KEPT),
    "two forms of date": Damage(row(Come="10-Jul-25"), "Come", "another form of date: day, month's name", "one form: year first", [5], KEPT),
    "day and month in doubt": Damage(every("Come", "7/8/2025", "8/7/2025", "9/7/2025"), "Come", UNTOLD, "date_order", [2, 3, 4]),
    "both orders": Damage(
        every("Come", "7/28/2025", "29/7/2025", "7/7/2025"), "Come", "the day first in some cells", "one order", [2, 3], KEPT
    ),
    "both orders, and one in doubt": Damage(every("Come", "7/28/2025", "29/7/2025", "7/8/2025"), "Come", UNTOLD, "date_order", [4]),
    "an order against the mapping": Damage(
        row(Come="7/28/2025"), "Come", "a date in the other order", "date_order 'dmy'", [5], source=replace(ORDERS, date_order="dmy")
    ),
    "a day that is not": Damage(row(Come="2025-02-30"), "Come", "no such day or hour", "a date of the calendar", [5]),
    "a spreadsheet's serial date": Damage(row(Come="45848"), "Come", "a number, perhaps a spreadsheet's date", "a date", [5]),
    "a filler year": Damage(row(Come="9999-12-31"), "Come", "a year out of bounds", "1990 to 2099", [5]),
    "a year of two digits": Damage(row(Come="7/28/25"), "Come", "a year of two digits", "four digits", [5], KEPT),
    "a UTC offset": Damage(row(Come="2025-07-10T08:00:00+02:00"), "Come", "a UTC offset", "zone in the mapping", [5], "kept on the clock it was written on"),
    # text
    "spaces around": Damage(row(Vendor=" Birch\u00a0"), "Vendor", "spaces around the value", "none", [5], KEPT),
    "two spellings": Damage(row(Vendor="ALDER"), "Vendor", "a spelling that differs only in case", "one spelling", [5], KEPT),
    "a name for nothing": Damage(row(Vendor="(blank)"), "Vendor", "no value", "a value in every row", [5]),
    "letters damaged before": Damage(row(Vendor="BrÃ¼neck"), "Vendor", "letters damaged", "saved again as UTF-8", [5], KEPT),
    "an id cut short": Damage(row(Order="1.23457E+14"), "Order", "a long number cut short", "all digits", [5], KEPT),
    "a line break in a cell": Damage(row(Vendor="Birch\nMill"), "Vendor", "a line break in a cell", "one line", [5], KEPT),
}  # fmt: skip


def accounted(reading: ImportResult, rows: int) -> None:
    """Rows in are rows kept and rows set aside, each once, and every row set aside is in the report."""
    table, rejected, count = (
        reading.tables["orders"],
        reading.rejected["orders"],
        next(iter(reading.report.counts.values())),
    )
    numbers = sorted([*table.index, *rejected.index])
    assert len(numbers) == len(set(numbers)) == rows == count["read"] == count["kept"] + count["rejected"]
    reported = sum(problem.rows for problem in reading.report.problems if problem.action == REJECTED)
    assert reported == len(rejected) == count["rejected"]


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_reported_and_no_row_is_lost(tmp_path, name):
    damage = DAMAGED[name]
    reading = read(damage.content, tmp_path, damage.source)
    entries = [p for p in reading.report.problems if p.column == damage.column and p.found.startswith(damage.found)]
    assert len(entries) == 1, str(reading.report)
    entry = entries[0]
    assert (entry.file, entry.action) == (damage.source.file, damage.action)
    assert damage.expected in entry.expected
    assert list(entry.first_rows) == damage.rows[:3]
    assert entry.rows == len(damage.rows)
    assert str(entry) in str(reading.report)

    content = damage.content if isinstance(damage.content, str) else damage.content.decode(
        "cp1252" if b"\xfc" in damage.content else "utf-16" if damage.content[:1] == b"\xff" else "utf-8"
    )  # fmt: skip
    accounted(reading, len(list(csv.reader(io.StringIO(content)))) - 1)
    table = reading.tables["orders"]
    assert {"A1", "A2", "A3"} <= set(table["order_id"])
    if damage.action == MISSING:
        ours = next(ours for ours, column in damage.source.columns.items() if column.header == damage.column)
        assert table.loc[damage.rows, ours].isna().all()


def test_there_are_thirty_and_more_kinds_of_damage():
    assert len(NO_TABLE) + len(DAMAGED) >= 30


def test_a_clean_file_has_nothing_to_report(tmp_path):
    reading = read(CLEAN, tmp_path)
    assert reading.report.problems == []
    assert str(reading.report) == "orders.csv: 3 rows read, 3 kept, 0 set aside"
    assert reading.report.table().empty
    table = reading.tables["orders"]
    assert table.index.tolist() == [2, 3, 4]
    assert table.loc[2].tolist()[:2] == ["A1", "Alder"]
    assert table["deliver_by"].dt.strftime("%F %T").tolist()[0] == "2025-07-09 23:59:59"
    assert table["quantity"].tolist() == [10, 20, 30]
    assert table["rush"].tolist() == [True, False, pd.NA]
    assert table.dtypes.astype(str).tolist() == ["str", "str", *["datetime64[us]"] * 3, "Int64", "float64", "boolean"]


@pytest.mark.parametrize("come", ["2025-07-04 09:00", "2025-07-04 10:00", "2025-07-04"])
def test_times_of_one_day_are_not_reversed(tmp_path, come):
    reading = read(row(Sent="2025-07-04 10:00", Come=come), tmp_path)
    assert not [problem for problem in reading.report.problems if problem.found == "reversed dates"]


@pytest.mark.parametrize("above", [1, 19, 20, 400, 998])
def test_a_header_is_found_in_the_first_thousand_rows(tmp_path, above):
    reading = read("Orders of July\n" * above + CLEAN, tmp_path)
    assert reading.tables["orders"]["order_id"].tolist() == ["A1", "A2", "A3"]
    assert reading.tables["orders"].index.tolist() == [above + 2, above + 3, above + 4]
    accounted(reading, above + 3)


def test_a_header_further_down_is_none(tmp_path):
    with pytest.raises(ValueError, match=r"orders\.csv: none of the mapped headers in its first 1000 rows, expected"):
        read("Orders of July\n" * 1000 + CLEAN, tmp_path)
    reading = read("Orders of July\n" * 1000 + CLEAN, tmp_path, replace(ORDERS, header_row=1001))
    assert reading.tables["orders"].index.tolist() == [1002, 1003, 1004]


def test_a_packed_file_reads_alike(tmp_path):
    packed = read(gzip.compress(CLEAN.encode(), mtime=0), tmp_path, replace(ORDERS, file="orders.csv.gz"))
    pd.testing.assert_frame_equal(packed.tables["orders"], read(CLEAN, tmp_path).tables["orders"])


def test_rows_set_aside_keep_the_texts_of_their_mapped_columns(tmp_path):
    rejected = read(row(Order="A1"), tmp_path).rejected["orders"]
    assert rejected.loc[5].tolist()[1:4] == ["A1", "Birch", "2025-07-04"]
    rejected = read(CLEAN + "A4,Birch\n", tmp_path).rejected["orders"]
    assert rejected["vendor"].isna().all()  # which cell is which, nobody can tell
    assert rejected.index.tolist() == [5]


def test_the_first_of_two_rows_with_one_id_is_kept(tmp_path):
    assert read(row(Order="A1", Value="7"), tmp_path).tables["orders"].loc[2, "value_usd"] == 100.5


def test_a_file_whose_rows_are_all_set_aside_still_reads(tmp_path):
    reading = read(f"{HEADER}\n,,\nTotal,,\n", tmp_path)
    accounted(reading, 2)
    with pytest.raises(ValueError, match="on-time delivery: no row has deliver_by and delivered_at"):
        delivery_kpis.on_time_delivery(reading.tables["orders"])


def test_forms_that_differ_in_digits_are_one_example(tmp_path):
    content = every("Value", "See ASN-1 (ID#:22)", "See ASN-345 (ID#:6)", "free")
    (text,) = [problem for problem in read(content, tmp_path).report.problems if problem.column == "Value"]
    assert text.examples == ("'See ASN-1 (ID#:22)' × 2", "'free'")


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """Makes a new folder for each file."""
    return lambda: tmp_path_factory.mktemp("own")


SMALL = st.text(alphabet='A1,;"\n\r\t.-/$ é', max_size=12)
LINES = st.lists(st.one_of(SMALL, st.sampled_from([*GOOD.splitlines(), "Total", HEADER, ",,,,,,,"])), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_any_text_is_an_error_of_ours_or_accounted_for(tmp_path, lines, end, encoding):
    text = end.join([HEADER, *lines])
    (tmp_path / "orders.csv").write_bytes(text.encode(encoding))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        with pytest.raises(ValueError, match=r"^orders\.csv, row \d+: .*, expected every quote"):
            reader.read({"orders": ORDERS}, tmp_path)
        return
    if len(rows) == 1:
        with pytest.raises(ValueError, match=r"^orders\.csv, row 2: nothing below the header, expected"):
            reader.read({"orders": ORDERS}, tmp_path)
        return
    accounted(reader.read({"orders": ORDERS}, tmp_path), len(rows) - 1)


def marked(encoding: str) -> tuple[str, str]:
    """An encoding, and the mark that a file in it begins with."""
    return encoding, "\ufeff" if encoding.startswith("utf-16-") else ""


#: How a file may be written: encoding and mark, between cells, at the end of a line, decimal and thousands marks, dates.
WRITTEN = st.tuples(
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16-le", "utf-16-be"]).map(marked),
    st.sampled_from(list(DELIMITERS)),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([(".", ""), (".", ","), (",", ""), (",", "."), (",", " ")]),
    st.sampled_from([("%Y-%m-%d", None), ("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%d.%m.%Y", "dmy")]),
)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
#: Words as names have them (letters at random tell no encoding), and whatever a cell must quote.
WORDS = ["Café", "Müller", "Straße", "A", "b", ",", ";", "|", '"', "'", "'s"]
#: Vendor, days sent, due and come, units, value in cents, rush. The vendor is no spelling of "no value".
FILED = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
    *[DAYS.map(pd.Timestamp)] * 3,
    st.integers(0, 10**9),
    st.integers(0, 10**10),
    st.sampled_from([True, False, None]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(FILED, min_size=1, max_size=8), WRITTEN)
def test_what_was_written_is_read(folders, rows, written):
    (encoding, mark), delimiter, end, (decimal, thousands), (form, order) = written
    numbers = str.maketrans({",": thousands, ".": decimal})
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(HEADER.split(","))
    for n, (vendor, *days, units, cents, rush) in enumerate(rows):
        amounts = [f"{units:,}".translate(numbers), f"{cents / 100:,.2f}".translate(numbers)]
        flag = {True: "yes", False: "no", None: ""}[rush]
        writer.writerow([f"A{n}", vendor, *(day.strftime(form) for day in days), *amounts, flag])
    source = replace(ORDERS, date_order=order, decimal=decimal)
    reading = read((mark + text.getvalue()).encode(encoding), folders(), source)

    columns = [pd.Series(column) for column in zip(*rows, strict=True)]
    assert reading.rejected["orders"].empty
    table = reading.tables["orders"]
    assert table.index.tolist() == [n + 2 for n in range(len(rows))]
    assert table["order_id"].tolist() == [f"A{n}" for n in range(len(rows))]
    assert table["vendor"].tolist() == columns[0].tolist()
    assert table["ordered_at"].tolist() == columns[1].tolist()
    assert table["deliver_by"].tolist() == (columns[2] + pd.Timedelta(hours=23, minutes=59, seconds=59)).tolist()
    assert table["delivered_at"].tolist() == columns[3].tolist()
    assert table["quantity"].tolist() == columns[4].tolist()
    assert table["value_usd"].tolist() == (columns[5] / 100).tolist()
    assert table["rush"].astype(object).where(table["rush"].notna(), None).tolist() == list(columns[6])


# Mappings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Column("Value", "cash"), "kind: 'cash' for 'Value', expected one of 'text', 'number'"),
        (lambda: Column("Value", "number", minimum=5, maximum=1), "maximum: 1 for 'Value', expected a finite number"),
        (lambda: Column("Value", "number", maximum=float("inf")), "maximum: inf for 'Value', expected a finite number"),
        (lambda: replace(ORDERS, key=("id",)), "key: 'id' for orders.csv, expected one of order_id, vendor"),
        (lambda: replace(ORDERS, sequences=(("ordered_at", "x"),)), "sequences: 'x' for orders.csv, expected one of"),
        (lambda: replace(ORDERS, refers={"x": "lines"}), "refers: 'x' for orders.csv, expected one of"),
        (lambda: replace(ORDERS, decimal=";"), "decimal: ';' for 'orders.csv', expected one of '.', ','"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_place_without_the_files_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"nowhere: no such file or folder, expected one that holds orders\.csv"
    ):
        reader.read({"orders": ORDERS}, tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"none of the mapped files, expected orders\.csv"):
        reader.read({"orders": ORDERS}, tmp_path)
    (tmp_path / "one.csv").write_text(CLEAN)
    with pytest.raises(ValueError, match=r"one\.csv: one file, expected the folder that holds orders\.csv, olist"):
        reader.read({"orders": ORDERS, "lines": OLIST["lines"]}, tmp_path / "one.csv")


# Ready mappings -------------------------------------------------------------------------------------------------------


def test_the_scms_mapping_gives_what_was_counted_by_hand():
    reading = reader.read(SCMS, FORMS / "scms_form.csv")
    lines = reading.tables["lines"]
    assert delivery_kpis.on_time_delivery(lines).value == 6 / 8  # lines 2 and 4 are late
    lead = delivery_kpis.lead_time(lines)  # lines 1, 2, 3, 8: 53, 44, 58 and -11 days
    assert (lead.value, lead.n) == (48.5, 4)
    freight = delivery_kpis.freight_share(lines)  # lines 1, 3, 5, 8: 500 of 10,000 USD
    assert (freight.value, freight.n) == (0.05, 4)
    # 4,000, 3,000, 10,000 and 2,000 USD
    assert delivery_kpis.vendor_concentration(lines).value == pytest.approx(129 / 361 * 10_000)
    market = delivery_kpis.vendor_concentration(lines, without=["SCMS from RDC"])
    assert (market.value, market.n) == (pytest.approx(29 / 81 * 10_000), 5)
    problems = {(problem.column, problem.found): problem.rows for problem in reading.report.problems if problem.rows}
    assert problems == {
        ("", "Windows-1252 text"): 3,
        ("Shipment Mode", "no value"): 1,
        ("PQ First Sent to Client Date", "text"): 3,
        ("PO Sent to Vendor Date", "text"): 4,
        ("Weight (Kilograms)", "text"): 3,
        ("Freight Cost (USD)", "text"): 4,
        ("Line Item Insurance (USD)", "no value"): 1,
        ("PO Sent to Vendor Date to Delivered to Client Date", "reversed dates"): 1,
    }


def test_the_olist_mapping_gives_what_was_counted_by_hand():
    reading = reader.read(OLIST, FORMS / "olist")
    assert reading.tables.keys() == OLIST.keys()
    orders, lines = reading.tables["orders"], reading.tables["lines"]
    on_time = delivery_kpis.on_time_delivery(orders)  # o1 comes on the afternoon of its last day, o2 a day late
    assert (on_time.value, on_time.n) == (2 / 3, 3)
    assert delivery_kpis.lead_time(orders).value == pytest.approx(7 + 5 / 24)
    assert delivery_kpis.freight_share(lines, "freight_brl", "value_brl").value == pytest.approx(62 / 520)
    hhi = delivery_kpis.vendor_concentration(lines, value="value_brl")  # s1: 200, s2: 320
    assert hhi.value == pytest.approx((200**2 + 320**2) / 520**2 * 10_000)
    orphan = [problem for problem in reading.report.problems if problem.found == "refers to nothing"]
    assert [(p.file, p.column, p.first_rows) for p in orphan] == [("olist_order_items_dataset.csv", "order_id", (7,))]
    assert len(reading.tables["reviews"]) == 4  # one review of two orders


def test_a_table_whose_file_is_not_there_is_left_out_and_said(tmp_path):
    name = OLIST["orders"].file
    (tmp_path / name).write_bytes((FORMS / "olist" / name).read_bytes())
    reading = reader.read(OLIST, tmp_path)
    assert list(reading.tables) == ["orders"]
    absent = [problem.file for problem in reading.report.problems if problem.found == "no such file"]
    assert absent == [source.file for table, source in OLIST.items() if table != "orders"]
