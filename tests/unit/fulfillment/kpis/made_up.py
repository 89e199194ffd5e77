"""Small tables of the program's form with every oddity its schemas allow: missing values, ties, empty groups."""

import numpy as np
import pandas as pd

from fulfillment.data.schemas import SCHEMAS, TIME

START = np.datetime64("2026-01-01", "m")
MINUTES = 90 * 24 * 60


def _values(name: str, column: str, rows: int, rng: np.random.Generator) -> pd.Series:
    """A column of any values that its type, choices and range allow."""
    field = SCHEMAS[name].columns[column]
    kind = str(field.dtype)
    bounds = {check.name: check.statistics for check in field.checks}
    low = bounds.get("greater_than_or_equal_to", {}).get("min_value", 0)
    high = bounds.get("less_than_or_equal_to", {}).get("max_value", low + 6)
    if "isin" in bounds:
        values = rng.choice(list(bounds["isin"]["allowed_values"]), rows)
    elif kind.startswith("datetime"):
        values = START + rng.integers(0, MINUTES, rows).astype("timedelta64[m]")
        values = values.astype("datetime64[D]") if field.metadata.get("date") else values
    elif kind.startswith("bool"):
        values = rng.random(rows) < 0.5
    elif kind.lower().startswith("int"):
        values = rng.integers(low, high + 1, rows)
    elif kind.startswith("float"):
        values = rng.uniform(low, high, rows).round(2)
    else:
        values = rng.choice(["a", "b", "c"], rows)
    series = pd.Series(values).astype(TIME if kind.startswith("datetime") else kind)
    return series.where(rng.random(rows) > 0.25) if field.nullable else series


def made_up(seed: int, rows: int = 40) -> dict[str, pd.DataFrame]:
    """Every table of ``SCHEMAS`` with up to ``rows`` rows; keys identify a row, and every pointer leads somewhere.

    >>> sorted(made_up(1)["tenders"]["accepted"].unique().tolist())
    [False, True]
    """
    rng = np.random.default_rng(seed)
    tables: dict[str, pd.DataFrame] = {}

    def make(name: str) -> None:
        if name in tables:
            return
        schema, columns = SCHEMAS[name], {}
        for column, field in schema.columns.items():
            to = field.metadata.get("to")
            if to and to != name:
                table, _, key = to.partition(".")
                make(table)
                ids = tables[table][key or SCHEMAS[table].metadata["key"][0]].to_numpy()
                chosen = pd.Series(rng.choice(ids, rows), dtype="str")
                columns[column] = chosen.where(rng.random(rows) > 0.25) if field.nullable else chosen
            elif schema.metadata["key"] == [column]:
                columns[column] = pd.Series([f"{name}{n:03}" for n in range(rows)], dtype="str")
            else:
                columns[column] = _values(name, column, rows, rng)
        if "seller_id" in columns and rows:
            columns["seller_id"] = columns["seller_id"].where(rng.random(rows) > 0.3, "S001")
        tables[name] = pd.DataFrame(columns).drop_duplicates(schema.metadata["key"], ignore_index=True)

    for name in SCHEMAS:
        make(name)
    return tables
