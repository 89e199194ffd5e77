"""Warehouse KPIs: receiving, picking, filling orders from stock, and the space and capacity in use."""

import pandas as pd

from fulfillment.kpis.base import KpiValue, among, hours, lookup, quantile, ratio_of_sums, reads, share


@reads(inbound_receipts=("arrived_at", "available_at"))
def dock_to_stock_time(inbound_receipts: pd.DataFrame, at: float = 0.5) -> KpiValue:
    """Hours from a truck's check-in to its stock being available to sell; the median unless asked otherwise.

    In the denominator: receipts that are available. What still stands on the dock is missing from it.

    Parameters
    ----------
    inbound_receipts : DataFrame, one row per receipt; datetimes ``arrived_at``, ``available_at``.
    at : quantile, 0.5 for the median, 0.9 for the tail.

    Returns
    -------
    KpiValue, hours; ``n`` counts receipts available.

    Source: SCOR RS.3.107.

    >>> dock_to_stock_time(pd.DataFrame({"arrived_at": pd.to_datetime(["2025-07-01 08:00"] * 3),
    ...                                  "available_at": pd.to_datetime(["2025-07-01 12:00", "2025-07-02 08:00", None])}))
    14.0
    """
    times = hours(inbound_receipts["available_at"], inbound_receipts["arrived_at"])
    return quantile(times, at, "dock_to_stock_time")


@reads(order_lines=("pick_error",))
def picking_accuracy(order_lines: pd.DataFrame) -> KpiValue:
    """Share of the order lines picked that were picked right.

    In the denominator: lines that have left.

    Parameters
    ----------
    order_lines : DataFrame, one row per line; boolean ``pick_error`` (missing: not left).

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines picked.

    Source: SCOR RL.3.33, at the line.

    >>> picking_accuracy(pd.DataFrame({"pick_error": [False, False, False, True, None]}))
    0.75
    """
    return share(~order_lines["pick_error"], "picking_accuracy")


@reads(order_lines=("order_id", "pick_error"))
def order_accuracy(order_lines: pd.DataFrame) -> KpiValue:
    """Share of the orders shipped in which every line was picked right.

    In the denominator: orders of which at least one line has left.

    Parameters
    ----------
    order_lines : DataFrame, one row per line; ``order_id``, boolean ``pick_error`` (missing: not left).

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts orders.

    Source: SCOR RL.3.33, at the order.

    >>> order_accuracy(pd.DataFrame({"order_id": ["A", "A", "B"], "pick_error": [False, True, False]}))
    0.5
    """
    picked = order_lines.dropna(subset=["order_id", "pick_error"])
    wrong = picked.groupby("order_id")["pick_error"].any()
    return share(~wrong, "order_accuracy")


def _wanted(orders: pd.DataFrame, order_lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of orders that the buyer did not cancel."""
    kept = orders.loc[~orders["cancel_fault"].isin(["buyer"]), "order_id"]
    return order_lines[among(order_lines["order_id"], kept)]


@reads(orders=("order_id", "cancel_fault"), order_lines=("order_id", "units", "filled_units"))
def line_fill_rate(orders: pd.DataFrame, order_lines: pd.DataFrame) -> KpiValue:
    """Share of the lines ordered that could be filled completely from stock at once.

    In the denominator: lines of orders that the buyer did not cancel. What the program canceled counts as not filled.

    Parameters
    ----------
    orders : DataFrame, one row per order; ``order_id``, ``cancel_fault``.
    order_lines : DataFrame, one row per line; ``order_id``, ``units``, ``filled_units``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines.

    Source: SCOR RL.2.1, at the line.

    >>> orders = pd.DataFrame({"order_id": ["A", "B"], "cancel_fault": [None, "buyer"]})
    >>> lines = pd.DataFrame({"order_id": ["A", "A", "B"], "units": [1, 4, 1], "filled_units": [1, 3, 0]})
    >>> line_fill_rate(orders, lines)
    0.5
    """
    lines = _wanted(orders, order_lines)
    return share(lines["filled_units"] >= lines["units"], "line_fill_rate")


@reads(orders=("order_id", "cancel_fault"), order_lines=("order_id", "units", "filled_units"))
def unit_fill_rate(orders: pd.DataFrame, order_lines: pd.DataFrame) -> KpiValue:
    """Share of the units ordered that could be filled from stock at once.

    In the denominator: units of orders that the buyer did not cancel. What the program canceled counts as not filled.

    Parameters
    ----------
    orders, order_lines : as in ``line_fill_rate``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines.

    >>> orders = pd.DataFrame({"order_id": ["A"], "cancel_fault": [None]})
    >>> unit_fill_rate(orders, pd.DataFrame({"order_id": ["A", "A"], "units": [1, 4], "filled_units": [1, 3]}))
    0.8
    """
    lines = _wanted(orders, order_lines)
    return ratio_of_sums(lines["filled_units"], lines["units"], "unit_fill_rate")


@reads(orders=("order_id", "cancel_fault"), order_lines=("order_id", "units", "filled_units"))
def order_fill_rate(orders: pd.DataFrame, order_lines: pd.DataFrame) -> KpiValue:
    """Share of the orders that could be filled completely from stock at once.

    In the denominator: orders that the buyer did not cancel. What the program canceled counts as not filled.

    Parameters
    ----------
    orders, order_lines : as in ``line_fill_rate``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts orders.

    Source: SCOR RL.2.1, at the order.

    >>> orders = pd.DataFrame({"order_id": ["A", "B"], "cancel_fault": None})
    >>> lines = pd.DataFrame({"order_id": ["A", "A", "B"], "units": [1, 4, 1], "filled_units": [1, 3, 1]})
    >>> order_fill_rate(orders, lines)
    0.5
    """
    units = _wanted(orders, order_lines).groupby("order_id")[["filled_units", "units"]].sum(skipna=False)
    return share(units["filled_units"] >= units["units"], "order_fill_rate")


@reads(order_lines=("backordered",))
def backorder_rate(order_lines: pd.DataFrame) -> KpiValue:
    """Share of the lines ordered that had to wait for stock.

    In the denominator: every line ordered, canceled later or not.

    Parameters
    ----------
    order_lines : DataFrame, one row per line; boolean ``backordered``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines.

    >>> backorder_rate(pd.DataFrame({"backordered": [True, False, False, False]}))
    0.25
    """
    return share(order_lines["backordered"], "backorder_rate")


@reads(capacity=("center_id", "occupied_locations"), centers=("center_id", "usable_locations"))
def warehouse_use(capacity: pd.DataFrame, centers: pd.DataFrame) -> KpiValue:
    """Storage locations in use as a share of the usable ones, over all weeks and centers together.

    Parameters
    ----------
    capacity : DataFrame, one row per week and center; ``center_id``, ``occupied_locations``.
    centers : DataFrame, one row per center; ``center_id``, ``usable_locations``.

    Returns
    -------
    KpiValue; ``n`` counts weeks of centers.

    >>> capacity = pd.DataFrame({"center_id": ["FC1", "FC1"], "occupied_locations": [80, 90]})
    >>> warehouse_use(capacity, pd.DataFrame({"center_id": ["FC1"], "usable_locations": [100]}))
    0.85
    """
    usable = lookup(capacity["center_id"], centers, "center_id", "usable_locations")
    return ratio_of_sums(capacity["occupied_locations"], usable, "warehouse_use")


@reads(capacity=("processed_orders", "labor_hours"))
def orders_per_labor_hour(capacity: pd.DataFrame) -> KpiValue:
    """Orders processed per paid labor hour, over all rows together (not the mean of weekly ratios).

    Parameters
    ----------
    capacity : DataFrame, one row per center and week; ``processed_orders``, ``labor_hours`` (all paid hours).

    Returns
    -------
    KpiValue, orders per hour; ``n`` counts rows.

    >>> orders_per_labor_hour(pd.DataFrame({"processed_orders": [100, 200], "labor_hours": [10.0, 15.0]}))
    12.0
    """
    return ratio_of_sums(capacity["processed_orders"], capacity["labor_hours"], "orders_per_labor_hour")


@reads(capacity=("received_orders", "committed_orders"))
def capacity_use(capacity: pd.DataFrame) -> KpiValue:
    """Orders received as a share of the orders a center is committed to process; above 1 the commitment is exceeded.

    Parameters
    ----------
    capacity : DataFrame, one row per center and week; ``received_orders``, ``committed_orders``.

    Returns
    -------
    KpiValue, at least 0; ``n`` counts rows.

    >>> capacity_use(pd.DataFrame({"received_orders": [90, 150], "committed_orders": [100, 100]}))
    1.2
    """
    return ratio_of_sums(capacity["received_orders"], capacity["committed_orders"], "capacity_use")
