"""Cells of one column, read as the reader reads them."""

from typing import Any

import duckdb

from fulfillment.intake import casting
from fulfillment.intake.casting import UNTOLD, Tag
from fulfillment.intake.mapping import Column, Source

CONNECTION = duckdb.connect()
casting.prepare(CONNECTION)
OF_THE_FILE = ("decimal", "thousands", "zone", "date_order")


def read(kind: str, *texts: str, name: str = "column", **settings: Any) -> tuple[list[Any], dict[str, list[int]]]:
    """Values of the texts, which stand in rows 2, 3, ..., and the rows of each finding."""
    values, tags = tagged(kind, *texts, name=name, **settings)
    return values, {tag.found: rows for tag, rows in tags.items()}


def tagged(kind: str, *texts: str, name: str = "column", **settings: Any) -> tuple[list[Any], dict[Tag, list[int]]]:
    """Values of the texts, and the rows of each tag."""
    of_file = {setting: settings.pop(setting) for setting in OF_THE_FILE if setting in settings}
    source = Source("mine.csv", {name: Column("X", kind, **settings)}, **of_file)
    CONNECTION.execute("CREATE OR REPLACE TABLE given (row BIGINT, m0 VARCHAR)")
    CONNECTION.execute("INSERT INTO given SELECT unnest(range(2, len($t) + 2)), unnest($t)", {"t": list(texts)})
    casts = casting.plan(CONNECTION, "given", [(0, name)], source)
    query = f"SELECT * FROM ({casting.statement('given', casts, [(0, name)])}) ORDER BY row"
    rows = CONNECTION.execute(query).fetchall()
    found: dict[Tag, list[int]] = {}
    for row, _, bits in rows:
        for place, tag in enumerate(casts[0].known):
            if bits >> place & 1 and tag.action != UNTOLD:
                found.setdefault(tag, []).append(row)
    return [value for _, value, _ in rows], found
