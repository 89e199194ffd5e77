"""The KPI workbook: the committed file holds the sample, every formula, and the value that pandas gives on it."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from fulfillment import data
from fulfillment.kpis import workbook
from fulfillment.kpis.catalog import kpi, run
from tests.conftest import ROOT

FILE = ROOT / "book" / "reference" / "kpis.xlsx"
IDS = [kpi.id for kpi in workbook.COMPUTED]


@pytest.fixture(scope="module")
def sample() -> dict[str, pd.DataFrame]:
    return workbook.sample({name: data.load(name) for name in workbook.TABLES})


@pytest.fixture(scope="module")
def stored() -> openpyxl.Workbook:
    return openpyxl.load_workbook(FILE, data_only=True)


@pytest.fixture(scope="module")
def live() -> openpyxl.Workbook:
    return openpyxl.load_workbook(FILE)


def parts(file: Path) -> dict[str, bytes]:
    """What a workbook holds, part by part: compression may differ from machine to machine."""
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_committed_workbook_is_the_one_that_is_written(sample, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        workbook.write(tmp_path / name, sample)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert parts(tmp_path / "one.xlsx") == parts(FILE), "`make workbook` writes it again"


@pytest.mark.parametrize(("position", "id"), enumerate(IDS), ids=IDS)
def test_a_formula_carries_the_value_of_pandas(sample, stored, live, position, id):
    row = workbook.FIRST + position + 1
    assert stored["KPIs"].cell(row, 2).value == kpi(id).name
    assert stored["KPIs"].cell(row, 3).value == pytest.approx(run(id, sample), rel=1e-9, abs=1e-9)
    formula = live["KPIs"].cell(row, 3).value.text
    assert formula.replace("_xlfn.", "") == kpi(id).spreadsheet
    assert live["KPIs"].cell(row, 4).value == kpi(id).unit


def test_every_name_covers_its_whole_column(sample, stored):
    for name, defined in stored.defined_names.items():
        ((sheet, cells),) = defined.destinations
        column = name.removeprefix(f"{sheet}_")
        header = stored[sheet][cells.split(":")[0].replace("$2", "$1")].value
        assert header == column
        assert cells.split("$")[-1] == str(len(sample[sheet]) + 1)
    assert {name for id in IDS for name in workbook.ranges(kpi(id).spreadsheet)} <= set(stored.defined_names)


@pytest.mark.parametrize("name", workbook.TABLES)
def test_a_sheet_holds_the_sample(sample, stored, name):
    header, *rows = stored[name].iter_rows(values_only=True)
    expected = sample[name][list(header)]
    assert len(rows) == len(expected) <= 300
    for column, values in zip(header, zip(*rows, strict=True), strict=True):
        for value, meant in zip(values, expected[column], strict=True):
            if pd.isna(meant):
                assert value is None
            elif isinstance(value, dt.datetime):
                assert pd.Timestamp(value).round("s") == meant
            else:
                assert value == meant


def test_the_sample_shows_what_kpis_are_about(sample):
    for id in IDS:
        assert run(id, sample).n > 0
    assert 0 < run("late_dispatch_rate", sample) < 1
    assert 0 < run("invoice_accuracy", sample) < 1
    assert 0 < run("inventory_record_accuracy", sample) < 1
    assert 0 < run("loss_rate", sample) < 0.2
