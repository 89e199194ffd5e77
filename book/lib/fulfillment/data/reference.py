"""Published figures: facts by id, and the tables of rates and rules."""

from functools import cache
from typing import Any

import pandas as pd
import yaml

from fulfillment.data.tables import CATALOG, FACTS

#: Tables of published figures and their columns of dates.
PUBLISHED = {
    "dim_rules": ["effective_from", "effective_to"],
    "gri_history": ["effective_date"],
    "peak_surcharges": ["start", "end"],
    "surcharges_base": [],
    "zones": [],
    "market_sizes": [],
}


def load_reference_table(name: str) -> pd.DataFrame:
    """A table of published figures, each row with source, date and confidence.

    Parameters
    ----------
    name : ``"dim_rules"``, ``"gri_history"``, ``"peak_surcharges"``, ``"surcharges_base"``, ``"zones"`` or
        ``"market_sizes"``.

    Returns
    -------
    DataFrame; units stand in the columns' names, or in ``unit``.

    Raises
    ------
    ValueError if there is no such table.

    >>> load_reference_table("zones")[["zone", "miles_from", "miles_to"]].head(2).values.tolist()
    [[2.0, 0.0, 150.0], [3.0, 151.0, 300.0]]
    """
    if name not in PUBLISHED:
        raise ValueError(f"name: {name!r} is not a table of published figures, expected one of {', '.join(PUBLISHED)}")
    return pd.read_csv(FACTS / f"{name}.csv", parse_dates=PUBLISHED[name])


@cache
def facts() -> dict[str, dict[str, Any]]:
    """All published facts of ``data/facts/*.yaml`` by id (the KPI catalog there is none of them).

    Returns
    -------
    dict, id -> the fact: ``value``, ``unit``, ``show``, ``date``, ``source_title``, ``source_url`` and more. Read once;
    treat it as read-only.

    Raises
    ------
    ValueError naming the file where one holds something else than a list of facts, or uses an id twice.

    >>> facts()["us.otdr"]["value"]
    0.8
    """
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(path for path in FACTS.glob("*.yaml") if path.name != CATALOG):
        for item in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if not isinstance(item, dict) or "id" not in item:
                raise ValueError(f"{file.name}: {item!r} is not a fact, expected a list of mappings with an id")
            if item["id"] in found:
                raise ValueError(f"{file.name}: id {item['id']!r} is used twice, expected once")
            found[item["id"]] = item
    return found


def fact(id: str) -> dict[str, Any]:
    """One published fact.

    Parameters
    ----------
    id : for example ``"us.ldr"``.

    Returns
    -------
    dict, see ``facts``.

    Raises
    ------
    ValueError if there is no such id.

    >>> fact("us.ldr")["value"], fact("us.ldr")["unit"]
    (0.04, 'fraction')
    """
    if id not in facts():
        raise ValueError(f"id: {id!r} is not a fact of data/facts, expected one such as 'us.ldr'")
    return facts()[id]


def peak_demand(id: str) -> float:
    """The value of a row of ``data/facts/peak_demand.csv``, in the row's own unit.

    Parameters
    ----------
    id : for example ``"peak.us.black_friday_2025"`` (US online sales of the day, USD billion).

    Returns
    -------
    float.

    Raises
    ------
    ValueError if there is no such id.

    >>> peak_demand("peak.us.black_friday_2025")
    11.8
    """
    rows = pd.read_csv(FACTS / "peak_demand.csv", index_col="id")["value"]
    if id not in rows.index:
        raise ValueError(f"id: {id!r} is not a row of peak_demand.csv, expected one of {', '.join(rows.index)}")
    return float(rows[id])
