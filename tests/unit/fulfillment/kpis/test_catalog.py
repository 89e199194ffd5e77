"""The KPI catalog: every KPI sound, and its pandas function and its SQL equal on the program and on odd tables."""

import inspect

import numpy as np
import pandas as pd
import pytest
import sqlglot
import yaml

from fulfillment import data, kpis
from fulfillment.data.schemas import SCHEMAS
from fulfillment.kpis import catalog
from fulfillment.kpis.catalog import DIRECTIONS, GROUPS, kpi, run, sql
from tests.unit.fulfillment.kpis.made_up import made_up

KPIS = catalog.catalog()
COMPUTED = [id for id, kpi in KPIS.items() if kpi.computed]
COLUMNS = {f"{table}_{column}" for table, schema in SCHEMAS.items() for column in schema.columns}


@pytest.fixture(scope="module")
def program() -> dict[str, pd.DataFrame]:
    return {table: data.load(table) for table in sorted({table for id in COMPUTED for table in KPIS[id].tables})}


def outcome(id: str, tables: dict[str, pd.DataFrame], engine: str) -> tuple[float, int] | str:
    """Value and n, or that the KPI was refused."""
    try:
        value = run(id, tables, engine)
    except ValueError as error:
        return (
            f"refused: {str(error).split(':')[0]}" if "denominator" in str(error) or "no " in str(error) else str(error)
        )
    return float(value), value.n


def test_there_are_enough_of_them():
    assert len(KPIS) >= 58
    assert len(COMPUTED) >= 45
    assert {kpi.group for kpi in KPIS.values()} == set(GROUPS)
    assert {kpi.direction for kpi in KPIS.values()} == set(DIRECTIONS)


@pytest.mark.parametrize("id", COMPUTED)
def test_sql_and_pandas_agree_on_the_program(program, id):
    value, counted = run(id, program), run(id, program, "duckdb")
    assert counted == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert counted.n == value.n > 0


@pytest.mark.parametrize("seed", range(12))
def test_sql_and_pandas_agree_on_odd_tables(seed):
    tables = made_up(seed, rows=(1, 3, 40)[seed % 3])
    told = {id: outcome(id, tables, "pandas") for id in COMPUTED}
    counted = {id: outcome(id, tables, "duckdb") for id in COMPUTED}
    for id in COMPUTED:
        if isinstance(told[id], str) or isinstance(counted[id], str):
            assert isinstance(told[id], str) == isinstance(counted[id], str), f"{id}: {told[id]} {counted[id]}"
        else:
            assert counted[id] == pytest.approx(told[id], rel=1e-9, abs=1e-9), id


@pytest.mark.parametrize("id", COMPUTED)
def test_without_rows_a_kpi_is_refused(id):
    empty = {name: table.iloc[:0] for name, table in made_up(0).items()}
    for engine in catalog.ENGINES:
        with pytest.raises(ValueError, match=r"expected at least (one|two)|expected more than 0"):
            run(id, empty, engine)


@pytest.mark.parametrize("id", COMPUTED)
def test_a_kpi_names_the_column_it_lacks(id):
    tables = made_up(0)
    function = KPIS[id].function
    with pytest.raises(ValueError, match="no column"):
        function(**{name: tables[name][[]] for name in KPIS[id].tables})


@pytest.mark.parametrize("id", COMPUTED)
def test_the_three_codes_read_the_tables_they_name(id):
    parameters = inspect.signature(KPIS[id].function).parameters.values()
    assert tuple(p.name for p in parameters if p.default is p.empty) == KPIS[id].tables
    assert KPIS[id].function is getattr(kpis, id)
    (statement,) = sqlglot.parse(KPIS[id].sql, read="duckdb")
    defined = {cte.alias for cte in statement.find_all(sqlglot.exp.CTE)}
    assert {table.name for table in statement.find_all(sqlglot.exp.Table)} - defined == set(KPIS[id].tables)
    named = set(catalog.ranges(KPIS[id].spreadsheet))
    assert named <= COLUMNS
    assert {name for name in KPIS[id].tables if any(f"{name}_" in used for used in named)} == set(KPIS[id].tables)


@pytest.mark.parametrize("id", KPIS)
def test_a_kpi_says_what_a_reader_needs(id):
    told = KPIS[id]
    assert told.question.endswith("?")
    assert "÷" in told.formula or "−" in told.formula or "weighted" in told.formula or "Sum" in told.formula
    assert 2 <= len(told.mistakes) <= 4
    assert all(text.endswith(".") and text.count("  ") == 0 for text in told.mistakes)
    assert told.computed == bool(told.sql and told.spreadsheet and told.pandas and told.counts)
    assert told.computed or told.note
    format(0.5, told.format.removeprefix("$"))
    for benchmark in told.benchmarks:
        assert benchmark.source_url.startswith(("https://", "http://"))
        assert 2000 <= benchmark.year <= 2026
        assert benchmark.show
    levels = {benchmark.confidence for benchmark in told.benchmarks}
    assert levels <= {"high", "medium", "low"} | {fact["confidence"] for fact in data.facts().values()}


def test_measures_survive_a_copy():
    import copy
    import pickle

    value = run("average_zone", made_up(0))
    for twin in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert (twin, twin.n) == (value, value.n)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kpi("late_dispatch"), "'late_dispatch' is not a KPI of the catalog"),
        (lambda: sql("loss_rate", "snowflake"), "dialect: 'snowflake', expected one that is tested: duckdb, spark"),
        (lambda: sql("carrying_cost_rate"), "carrying_cost_rate: described, not computed"),
        (lambda: run("loss_rate", {}), "loss_rate: no table shipments; expected shipments"),
        (lambda: run("loss_rate", made_up(0), "polars"), "engine: 'polars', expected one of pandas, duckdb"),
    ],
)
def test_what_cannot_be_answered_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


GOOD = {
    "id": "x", "name": "X", "group": "returns", "question": "Why?", "formula": "a ÷ b", "unit": "%", "format": ".1%",
    "direction": "lower", "mistakes": ["One."],
    "benchmarks": [{"level": "l", "show": "1%", "source_url": "https://example.org", "year": 2025, "confidence": "low"}],
}  # fmt: skip


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Reads a catalog of the test's own."""

    def write(*entries: dict):
        file = tmp_path / "kpis.yaml"
        file.write_text(yaml.safe_dump({"kpis": list(entries)}), encoding="utf-8")
        monkeypatch.setattr(catalog, "FILE", file)
        catalog.catalog.cache_clear()

    yield write
    catalog.catalog.cache_clear()


def test_a_catalog_of_ones_own_is_read(written):
    written(GOOD)
    (only,) = catalog.catalog().values()
    assert only.benchmarks[0].rule_of_thumb
    assert not only.computed


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{k: v for k, v in GOOD.items() if k != "unit"}], "x: missing unit; expected"),
        ([GOOD | {"color": "red"}], "x: unknown color; expected"),
        ([GOOD | {"benchmarks": [{"level": "l", "show": "1%"}]}], "x, benchmark: missing confidence, source_url, year"),
        ([GOOD | {"benchmarks": [{"level": "l", "fact": "us.otd"}]}], "'us.otd' is not a fact"),
        ([GOOD | {"group": "speed"}], "x: group 'speed', expected one of procurement"),
        ([GOOD | {"direction": "up"}], "x: direction 'up', expected one of higher"),
        ([GOOD, GOOD], "x: used twice"),
    ],
)
def test_a_malformed_catalog_is_refused(written, entries, message):
    written(*entries)
    with pytest.raises(ValueError, match=message):
        catalog.catalog()


@pytest.mark.parametrize("id", COMPUTED)
def test_the_shown_function_is_python(id):
    shown = catalog.source(id)
    compile(shown, id, "exec")
    assert '"""' not in shown
    assert id in shown


def test_a_quantile_stays_exact_in_spark():
    assert "PERCENTILE(DATEDIFF(MICROSECOND, ordered_at, delivered_at), 0.9)" in sql("delivery_time_p90", "spark")
    assert not any("APPROX" in sql(id, "spark") for id in COMPUTED)


def test_odd_tables_are_odd():
    tables = made_up(2)
    for name, table in tables.items():
        assert not table.duplicated(SCHEMAS[name].metadata["key"]).any()
        nullable = [column for column, field in SCHEMAS[name].columns.items() if field.nullable]
        assert table[nullable].isna().any().sum() >= len(nullable) - 1
    assert np.isin(tables["shipments"]["order_id"], tables["orders"]["order_id"]).all()


def test_the_catalog_is_no_list_of_facts():
    from studykit.published import load_facts

    assert not KPIS.keys() & data.facts().keys()
    assert load_facts(data.FACTS).keys() == data.facts().keys()
