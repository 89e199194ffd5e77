"""Givens: numbers that no table holds and that more than one chapter reckons with."""

from functools import cache
from typing import Any

import pandas as pd
import yaml

from fulfillment.data.tables import DATA

FIELDS = ["value", "unit", "range", "why", "source"]


@cache
def givens() -> dict[str, dict[str, Any]]:
    """All givens of ``data/assumptions.yaml`` by name.

    Returns
    -------
    dict, name -> ``value``, ``unit``, ``range`` (low and high of what is plausible, or the rules to choose from),
    ``why``, ``source``. Read once; treat it as read-only.

    Raises
    ------
    ValueError naming the given and the field where one is missing, or whose value lies outside its range.

    >>> givens()["payroll_burden"]["range"]
    [0.2, 0.4]
    """
    found: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "assumptions.yaml").read_text(encoding="utf-8"))
    for name, held in found.items():
        if list(held) != FIELDS:
            raise ValueError(f"{name}: fields {', '.join(held)}, expected {', '.join(FIELDS)}, in this order")
        value, plausible = held["value"], held["range"]
        inside = value in plausible if isinstance(value, str) else plausible[0] <= value <= plausible[1]
        if not inside:
            raise ValueError(f"{name}: value {value!r} lies outside its range {plausible}")
    return found


def given(name: str) -> Any:
    """The value of one given, a number or the name of a rule.

    Parameters
    ----------
    name : for example ``"payroll_burden"``.

    Returns
    -------
    float, int or str, in the unit of ``data/assumptions.yaml``.

    Raises
    ------
    ValueError if there is no such given.

    >>> given("payroll_burden")
    0.25
    """
    if name not in givens():
        raise ValueError(f"name: {name!r} is not a given, expected one of {', '.join(givens())}")
    return givens()[name]["value"]


def given_table() -> pd.DataFrame:
    """All givens, a row each, in the order of the file.

    Returns
    -------
    DataFrame with columns ``name``, ``value``, ``unit``, ``range`` (text), ``why`` and ``source``.

    >>> given_table().loc[0, ["name", "value", "range"]].tolist()
    ['cad_usd', 0.73, '0.68 to 0.76']
    """
    rows = [{"name": name, **held} for name, held in givens().items()]
    for row in rows:
        joiner = " or " if isinstance(row["value"], str) else " to "
        row["range"] = joiner.join(str(end) for end in row["range"])
    return pd.DataFrame(rows)
