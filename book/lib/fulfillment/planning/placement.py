"""Where items lie: those drawn into fewer centers, and which center could send an order in one parcel."""

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.calendar import week_of

#: First and last Monday of the weeks before the move of January 2026, and of those at the end of the program's year.
BEFORE, NOW = ("2025-08-04", "2025-12-22"), ("2026-06-01", "2026-06-22")

_PLACED: dict[str, arg.Gate] = {"week": arg.times(), "center_id": arg.names(), "sku_id": arg.names()}
STOCKED = _PLACED | dict.fromkeys(["closing_units", "shipped_units"], arg.amounts(0))
FREE = _PLACED | {"available_units": arg.amounts()}
FILLED: dict[str, arg.Gate] = {
    **dict.fromkeys(["order_id", "shipment_id", "sku_id", "center_id"], arg.names()),
    "zone": arg.amounts(),
    "shipped_units": arg.amounts(0),
}


@arg.takes(inventory_weekly=arg.table(STOCKED), before=arg.each(arg.moment, 2), now=arg.each(arg.moment, 2))
def narrowed_items(
    inventory_weekly: pd.DataFrame, before: tuple[str, str] = BEFORE, now: tuple[str, str] = NOW
) -> pd.DataFrame:
    """Items that lie in fewer centers than before, and what stock it would take to go back.

    A period's weeks are taken together: an item counts in as many centers as it lay in at most. So the last unit of old
    stock that happens to be sold in one week decides nothing.

    Stock of ``before`` is raised by the growth in units shipped of the whole program between the two periods, and held
    against that of ``now``. Where an item needed no more than it needs now, nothing is added.

    Parameters
    ----------
    inventory_weekly : a row per week, center and item: ``week``, ``center_id``, ``sku_id``, ``closing_units``,
        ``shipped_units``.
    before, now : first and last Monday of each period.

    Returns
    -------
    DataFrame, indexed by item: ``stocked_in_before``, ``stocked_in_now`` (centers with stock, the most in any week),
    ``units_before`` (mean on hand, at today's volume), ``units_now``, ``extra_units``, ``weekly_units`` (shipped a week
    now).

    Raises
    ------
    ValueError if a column is missing or a period holds no week.

    An item in two centers, twelve units each, and later in one with sixteen; the program ships as much as before:

    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2025-12-01", "2025-12-01", "2026-06-01"]),
    ...     "center_id": ["FC1", "FC2", "FC1"], "sku_id": "K", "closing_units": [12, 12, 16], "shipped_units": [4, 4, 8]})
    >>> narrowed_items(weeks, ("2025-12-01",) * 2, ("2026-06-01",) * 2).iloc[0].tolist()
    [2.0, 1.0, 24.0, 16.0, 8.0, 8.0]
    """
    old, new = (inventory_weekly[inventory_weekly["week"].between(*span)] for span in (before, now))
    for name, rows, span in (("before", old, before), ("now", new, now)):
        if rows.empty:
            raise ValueError(f"{name}: no week from {span[0]:%F} to {span[1]:%F}, expected at least one")
    growth = weekly_mean(new, "shipped_units").sum() / weekly_mean(old, "shipped_units").sum()
    table = pd.DataFrame({"stocked_in_before": _stocked_in(old), "stocked_in_now": _stocked_in(new)}).dropna()
    table = table[table["stocked_in_now"] < table["stocked_in_before"]]
    table["units_before"] = growth * weekly_mean(old, "closing_units").reindex(table.index)
    table["units_now"] = weekly_mean(new, "closing_units").reindex(table.index)
    table["extra_units"] = (table["units_before"] - table["units_now"]).clip(lower=0)
    table["weekly_units"] = weekly_mean(new, "shipped_units").reindex(table.index)
    return table


@arg.takes(weeks=arg.a(pd.DataFrame), column=arg.text)
def weekly_mean(weeks: pd.DataFrame, column: str) -> pd.Series:
    """Mean of a column over the weeks, by item.

    Parameters
    ----------
    weeks : a row per week, center and item: ``week``, ``sku_id`` and the column.
    column : of units.

    Returns
    -------
    Series, indexed by item, units.

    >>> weeks = pd.DataFrame({"week": [1, 2, 2], "sku_id": "K", "closing_units": [4, 3, 5]})
    >>> weekly_mean(weeks, "closing_units").to_dict()
    {'K': 6.0}
    """
    weeks = arg.table({"week": arg.names(), "sku_id": arg.names(), column: arg.amounts()})("weeks", weeks)
    return weeks.groupby("sku_id")[column].sum() / weeks["week"].nunique()


def _stocked_in(weeks: pd.DataFrame) -> pd.Series:
    """Centers with stock of an item, the most in any week."""
    held = weeks[weeks["closing_units"] > 0].groupby(["sku_id", "week"])["center_id"].nunique()
    return held.groupby("sku_id").max()


@arg.takes(
    lines=arg.table(FILLED),
    orders=arg.table({"order_id": arg.names(), "ordered_at": arg.times()}, key=["order_id"]),
    inventory_weekly=arg.table(FREE, key=["week", "center_id", "sku_id"], rows=False),
)
def single_center_fill(lines: pd.DataFrame, orders: pd.DataFrame, inventory_weekly: pd.DataFrame) -> pd.DataFrame:
    """For each split order the center, among those that filled it, that held all of it.

    What lies at a center is the least of its available units at the end of the week before the order and of its week.
    Orders are taken in turn, and a unit is promised once. The nearest center is asked first.

    Parameters
    ----------
    lines : a row per line: ``order_id``, ``shipment_id``, ``sku_id``, ``shipped_units``; ``center_id`` and ``zone`` of
        its parcel.
    orders : ``order_id``, ``ordered_at``.
    inventory_weekly : ``week`` (its Monday), ``center_id``, ``sku_id``, ``available_units``.

    Returns
    -------
    DataFrame, indexed by split order: ``center_id`` and ``zone``, missing if no center held all.

    Raises
    ------
    ValueError if a column is missing.

    >>> lines = pd.DataFrame({"order_id": "A", "shipment_id": ["P1", "P2"], "sku_id": ["slow", "fast"],
    ...     "center_id": ["FC1", "FC2"], "zone": [6, 3], "shipped_units": 1})
    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2026-05-04", "2026-05-11"]), "center_id": "FC1",
    ...     "sku_id": "fast", "available_units": [1, 7]})
    >>> orders = pd.DataFrame({"order_id": ["A"], "ordered_at": pd.to_datetime(["2026-05-12"])})
    >>> single_center_fill(lines, orders, weeks)["center_id"].to_dict()
    {'A': 'FC1'}
    """
    split = lines[lines.groupby("order_id")["shipment_id"].transform("nunique") > 1]
    when = split["order_id"].map(orders.set_index("order_id")["ordered_at"])
    split = split.assign(when=when, week=week_of(when)).sort_values(["when", "order_id"], kind="stable")
    free = _free_units(inventory_weekly[inventory_weekly["sku_id"].isin(split["sku_id"])])
    found = {order_id: _reserve(own, free) for order_id, own in split.groupby("order_id", sort=False)}
    return pd.DataFrame.from_dict(found, orient="index", columns=["center_id", "zone"]).rename_axis("order_id")


def _free_units(inventory_weekly: pd.DataFrame) -> dict[tuple[pd.Timestamp, str, str], float]:
    """The least of what was available at the end of a week and of the week before, by week, center and item."""
    keys = ["week", "center_id", "sku_id"]
    later = inventory_weekly.assign(week=inventory_weekly["week"] + pd.Timedelta(days=7))
    ends = (weeks.set_index(keys)["available_units"] for weeks in (inventory_weekly, later))
    least: pd.Series = pd.concat(ends, axis=1, join="inner").min(axis=1)
    return dict(least.items())


def _reserve(own: pd.DataFrame, free: dict[tuple[pd.Timestamp, str, str], float]) -> tuple[str | None, float]:
    """The nearest center that can fill all lines of an order, and its zone; what it adds is no longer free."""
    options = own.drop_duplicates("center_id").sort_values(["zone", "center_id"], kind="stable")
    for center_id, zone in zip(options["center_id"], options["zone"], strict=True):
        needs = own[own["center_id"] != center_id].groupby("sku_id")["shipped_units"].sum()
        units = {(own["week"].iloc[0], center_id, sku_id): count for sku_id, count in needs.items()}
        if all(free.get(key, 0) >= count for key, count in units.items()):
            free.update({key: free[key] - count for key, count in units.items()})
            return center_id, zone
    return None, np.nan
