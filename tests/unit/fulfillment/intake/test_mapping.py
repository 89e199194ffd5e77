"""Mappings: proposed from headers, saved, read back, refused where they cannot be; and the report from the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from fulfillment.__main__ import main
from fulfillment.data.tables import NETWORK, TABLES
from fulfillment.intake import kpi_report, mapping, proposal, reader
from fulfillment.intake.mapping import Column, Source
from fulfillment.intake.public_files import OLIST, SCMS
from fulfillment.kpis.catalog import catalog, run
from tests.conftest import ROOT

OWN = ROOT / "data" / "own"
EVERYTHING = {
    "orders": Source(
        "orders_*.csv",
        {
            "order_id": Column(1),
            "value": Column("Value: net, #1", "money", currency="EUR", sign="reversed", minimum=-5.5, maximum=10),
            "due": Column("yes", "deadline", date_order="ymd", optional=True, may_be_empty=True),
            "buyer": Column("Käufer", private=True, nulls=("", "n/a", "~")),
            "rush": Column("Rush", "flag", blank_is_no=True),
        },
        key=("order_id",),
        sequences=(("due", "due"),),
        refers={"order_id": "lines"},
        encoding="cp1250",
        delimiter="\t",
        header_row=4,
        sheet="July",
        decimal=",",
        thousands="",
        date_order="dmy",
        zone="Europe/Berlin",
    ),
    "lines": Source("lines.csv", {"order_id": Column("Order")}, header_row=1),
}


@pytest.mark.parametrize("given", [EVERYTHING, SCMS, OLIST])
def test_a_saved_mapping_is_read_back(tmp_path, given):
    (tmp_path / "mine.yaml").write_text(mapping.dump(given), encoding="utf-8")
    assert mapping.load(tmp_path / "mine.yaml") == given


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mine.yaml: no table, expected table names"),
        ("orders: [", "mine.yaml: .*, expected YAML"),
        ("orders: mine.csv", "mine.yaml, orders: 'mine.csv', expected fields such as file and columns"),
        ("orders: {columns: {a: A}}", "mine.yaml, orders: no file, expected file, columns"),
        ("orders: {file: a.csv, columns: {}}", "mine.yaml, orders: columns {}, expected our names"),
        ("orders: {file: a.csv, columns: {a: A}, day_first: true}", "mine.yaml, orders: unknown 'day_first', expected one of file"),
        ("orders: {file: a.csv, columns: {a: {kind: time}}}", "mine.yaml, orders, a: no header, expected header"),
        ("orders: {file: a.csv, columns: {a: {header: A, kind: date}}}", "kind: 'date' for 'A', expected one of 'text'"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_read_says_where(tmp_path, text, message):
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(ValueError, match=message):
        mapping.load(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"zone": "Mars/Base"}, "zone: 'Mars/Base' for mine.csv, expected one such as 'America/Los_Angeles'"),
        ({"encoding": "utf-9"}, "encoding: 'utf-9' for mine.csv, expected one such as 'utf-8'"),
        ({"date_order": "ydm"}, "date_order: 'ydm' for 'mine.csv', expected one of 'dmy', 'mdy', 'ymd'"),
        ({"decimal": ".", "thousands": "."}, "thousands: '.' for mine.csv, expected another mark than decimal"),
        ({"header_row": 0}, "header_row: 0 for mine.csv, expected every column mapped by its position"),
        ({"columns": {"a": Column(1)}}, "header_row: None for mine.csv, .* expected its row, or 0 for none"),
    ],
)
def test_a_source_that_cannot_be_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Source(**{"file": "mine.csv", "columns": {"a": Column("A")}} | settings)


def test_a_mapping_is_proposed_from_the_headers_and_asks_what_they_do_not_say(tmp_path):
    path = tmp_path / "july.csv"
    path.write_text(
        "Export,,,,\n,,,,\nOrder ID,Created Time,Delivered Time,Order Amount,Buyer\n"
        "1,3/4/2025 08:00,3/5/2025 09:00,$5,Kim\n2,3/5/2025 08:00,3/6/2025 09:00,(1),Lee\n"
    )
    written = proposal.written([path])
    (tmp_path / "mine.yaml").write_text(written)
    proposed = mapping.load(tmp_path / "mine.yaml")
    source = proposed["orders"]
    kinds = {ours: (column.header, column.kind) for ours, column in source.columns.items()}
    assert kinds == {
        "order_id": ("Order ID", "text"),
        "ordered_at": ("Created Time", "time"),
        "delivered_at": ("Delivered Time", "time"),
        "value_usd": ("Order Amount", "money"),
    }
    assert (source.header_row, source.key) == (3, ("order_id",))
    questions = [line for line in written.splitlines() if line.startswith("# To settle")]
    assert len(questions) == 3
    assert all("in the mapping" in line for line in questions)
    assert "Kim" not in written


@pytest.mark.parametrize("table", ["orders", "shipments", "invoices", "returns", "tenders"])
def test_a_table_of_our_own_names_maps_itself(table):
    (path,) = NETWORK.glob(f"{table}.csv*")
    header, row = proposal.headers(path)
    assert row == 1
    (found,) = proposal.propose([path]).items()
    assert found[0] == table
    assert set(found[1].columns) == set(TABLES[table]) == set(header)


def test_unknown_headers_are_refused(tmp_path):
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"odd\.csv: no header that is known, expected columns such as Order ID"):
        proposal.propose([tmp_path / "odd.csv"])


def test_the_report_runs_every_kpi_that_the_columns_allow_and_names_what_the_others_lack():
    result = reader.read(proposal.propose([NETWORK / "orders.csv.gz"]), NETWORK / "orders.csv.gz")
    lines = {line.name: line for line in kpi_report.catalog_lines(result)}
    computed = {kpi.id: kpi for kpi in catalog().values() if kpi.computed}
    assert len(lines) == len(computed)
    for kpi in computed.values():
        line = lines[kpi.name]
        if kpi.tables == ("orders",):
            value = run(kpi.id, engine="duckdb")
            assert (line.value, line.n) == (kpi.spell(value), value.n)
        else:
            assert any(f"the table {table} (" in " ".join(line.lacks) for table in kpi.tables if table != "orders")


def test_a_kpi_reads_the_columns_that_it_declares():
    for kpi in catalog().values():
        if kpi.computed:
            assert {name.split(".")[0] for name in kpi_report.columns(kpi.id)} <= set(kpi.tables)
            assert all(name.split(".")[1] in TABLES[name.split(".")[0]] for name in kpi_report.columns(kpi.id))
    assert "orders.cancelled_at" in kpi_report.columns("on_time_delivery_rate")


LINES = """\
lines:
  file: deliveries.csv
  key: [line_id]
  columns:
    line_id: PO line
    vendor: Supplier
    deliver_by: {header: Promised, kind: deadline}
    delivered_at: {header: Received, kind: time}
    value_usd: {header: Goods value (USD), kind: money}
"""


def test_the_command_line_writes_problems_and_kpis(tmp_path, capsys):
    (tmp_path / "mine.yaml").write_text(LINES)
    assert main(["report", str(tmp_path / "mine.yaml"), str(OWN / "deliveries.csv")]) == 0
    said = capsys.readouterr().out
    assert "deliveries.csv: 65 rows read, 59 kept, 6 set aside" in said
    assert "lines, on-time delivery: 60.00% on 55 rows (left out: no delivered_at: 4)" in said
    assert "lines, freight share: lacks lines.freight_usd" in said
    assert "Tender acceptance: lacks the table tenders (accepted)" in said
    assert main(["map", str(OWN / "deliveries.csv")]) == 0
    assert "line_id: PO line" in capsys.readouterr().out
    assert main(["report", str(tmp_path / "mine.yaml"), str(tmp_path / "none.csv")]) == 1
    assert "none.csv: no such file" in capsys.readouterr().err


def test_the_module_runs_as_a_command(tmp_path):
    (tmp_path / "mine.yaml").write_text(LINES)
    command = [sys.executable, "-m", "fulfillment", "report", tmp_path / "mine.yaml", OWN / "deliveries.csv"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=Path(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Rows\n  deliveries.csv: 65 rows read")
