"""Tables and facts load with their types, and a wrong name or file is refused by name."""

import pandas as pd
import pytest

from fulfillment import data


@pytest.fixture
def facts_in(tmp_path, monkeypatch):
    """Reads facts from a folder of the test's own."""

    def write(**files: str):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(data.reference, "FACTS", tmp_path)
        data.facts.cache_clear()

    yield write
    data.facts.cache_clear()


@pytest.mark.parametrize("name", data.TABLES)
def test_a_table_has_its_columns_and_types(name):
    assert data.load(name).dtypes.astype(str).to_dict() == data.TABLES[name]


def test_an_unknown_table_is_refused():
    with pytest.raises(ValueError, match="'parcels' is not a table, expected one of operators, carriers"):
        data.load("parcels")


def test_a_missing_file_says_how_to_make_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"orders\.csv\.gz is missing; `make data`"):
        data.load("orders", tmp_path)


def test_a_missing_column_is_named(tmp_path):
    (tmp_path / "operators.csv").write_text("operator_id,kind\nOP1,3PL\n")
    with pytest.raises(ValueError, match="operators: no column name, expected operator_id, name, kind"):
        data.load("operators", tmp_path)


def test_a_folder_of_ones_own_is_read(tmp_path):
    head = "week,center_id,planned_hours,regular_hours,overtime_hours,temporary_hours,cost_usd\n"
    (tmp_path / "labor.csv").write_text(head + "2026-01-05,1,10,9,1,0,220.5\n")
    labor = data.load("labor", tmp_path)
    assert labor.loc[0, ["week", "center_id", "planned_hours"]].tolist() == [pd.Timestamp("2026-01-05"), "1", 10.0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("OP1,Quenbridge,4PL", r"operators: kind '4PL' in row 0, expected isin\(\('platform', '3PL'\)\)"),
        ("OP1,Quenbridge,3PL\nOP1,Ostrelle,3PL", "operators: operator_id 'OP1' in row 0, expected each key once"),
        ("OP1,Quenbridge,3PL\nOP2,,3PL", "operators: name nan in row 1, expected a value"),
    ],
)
def test_a_file_that_breaks_its_schema_is_refused(tmp_path, rows, message):
    (tmp_path / "operators.csv").write_text(f"operator_id,name,kind\n{rows}\n")
    with pytest.raises(ValueError, match=message):
        data.load("operators", tmp_path)


def test_a_number_out_of_range_is_refused(tmp_path):
    head = "week,center_id,planned_hours,regular_hours,overtime_hours,temporary_hours,cost_usd\n"
    (tmp_path / "labor.csv").write_text(head + "2026-01-05,FC1,10,9,-1,0,220.5\n")
    with pytest.raises(ValueError, match=r"labor: overtime_hours .*-1\.0.* in row 0, expected greater_than_or_equal"):
        data.load("labor", tmp_path)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("2026-01-05,FC1,ten,9,0,0,220.5", "labor: planned_hours: 'ten' in row 0, expected a finite number"),
        ("1/5/2026,FC1,10,9,0,0,220.5", "labor: week: '1/5/2026' in row 0, expected a time such as 2025-07-10 13:30"),
    ],
)
def test_a_cell_that_is_not_what_its_column_holds_is_named(tmp_path, cells, message):
    head = "week,center_id,planned_hours,regular_hours,overtime_hours,temporary_hours,cost_usd\n"
    (tmp_path / "labor.csv").write_text(head + cells + "\n")
    with pytest.raises(ValueError, match=message):
        data.load("labor", tmp_path)


def test_what_is_plainly_meant_is_read(tmp_path):
    head = "tender_id,center_id,carrier_id,tendered_at,pickup_on,parcels,accepted,responded_at\n"
    (tmp_path / "tenders.csv").write_text(head + "T1,FC1,CR1,2026-01-05 08:00,2026-01-05,8.0,yes,2026-01-05 09:00\n")
    tenders = data.typed("tenders", pd.read_csv(tmp_path / "tenders.csv", dtype="str"))
    assert tenders.loc[0, ["parcels", "accepted"]].tolist() == [8, True]
    with pytest.raises(ValueError, match="tenders: parcels: nothing in row 0, expected a whole number"):
        data.typed("tenders", tenders.assign(parcels=None))


def test_facts_of_all_files_are_found(facts_in):
    facts_in(one="- {id: a, value: 1}", two="- {id: b, value: 2}\n- {id: c, value: 3}")
    assert {name: fact["value"] for name, fact in data.facts().items()} == {"a": 1, "b": 2, "c": 3}
    assert data.fact("b") == {"id": "b", "value": 2}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"one": "- {id: a}", "two": "- {id: a}"}, r"two\.yaml: id 'a' is used twice"),
        ({"one": "- {value: 1}"}, r"one\.yaml: .* is not a fact"),
        ({"one": "- a"}, r"one\.yaml: 'a' is not a fact"),
        ({"one": "a: {id: a}"}, r"one\.yaml: 'a' is not a fact"),
    ],
)
def test_malformed_facts_are_refused(facts_in, files, message):
    facts_in(**files)
    with pytest.raises(ValueError, match=message):
        data.facts()


def test_an_unknown_fact_is_refused():
    with pytest.raises(ValueError, match=r"id: 'us\.otd' is not a fact"):
        data.fact("us.otd")


def test_an_unknown_peak_is_refused():
    with pytest.raises(ValueError, match=r"'peak\.us' is not a row of peak_demand\.csv"):
        data.peak_demand("peak.us")


def test_every_peak_row_has_its_source():
    rows = pd.read_csv(data.FACTS / "peak_demand.csv", index_col="id")
    assert rows.index.is_unique
    assert rows[["event", "region", "year", "metric", "value", "unit", "source", "confidence"]].notna().all(axis=None)
    assert rows["source_url"].str.startswith("https://").all()
