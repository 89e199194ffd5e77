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
        monkeypatch.setattr(data, "FACTS", tmp_path)
        data.facts.cache_clear()

    yield write
    data.facts.cache_clear()


@pytest.mark.parametrize("name", data.TABLES)
def test_a_table_has_its_columns_and_types(name):
    assert data.load(name).dtypes.astype(str).to_dict() == data.TABLES[name]


def test_an_unknown_table_is_refused():
    with pytest.raises(ValueError, match="'shipments' is not a table, expected one of operators, carriers"):
        data.load("shipments")


def test_a_missing_file_says_how_to_make_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"orders\.csv\.gz is missing; `make data`"):
        data.load("orders", tmp_path)


def test_a_missing_column_is_named(tmp_path):
    (tmp_path / "operators.csv").write_text("operator_id,kind\nOP1,3PL\n")
    with pytest.raises(ValueError, match="operators: no column name; expected operator_id, name, kind"):
        data.load("operators", tmp_path)


def test_a_folder_of_ones_own_is_read(tmp_path):
    (tmp_path / "centers.csv").write_text("center_id,name,operator_id,city,state,time_zone,opened\n1,,2,,,,\n")
    centers = data.load("centers", tmp_path)
    assert centers.loc[0, ["center_id", "operator_id"]].tolist() == ["1", "2"]
    assert centers.loc[0, ["name", "opened"]].isna().all()


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
