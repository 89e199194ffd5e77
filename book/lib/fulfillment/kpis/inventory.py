"""Inventory KPIs: turns, cover, stock-outs, accuracy, age and cash."""

import pandas as pd

from fulfillment import validate
from fulfillment.kpis.base import KpiValue, days, is_internal, lookup, ratio, ratio_of_sums, reads, share, total

YEAR = 365
STOCK = ("sku_id", "shipped_units", "closing_units", "days_listed")


COST = ("sku_id", "unit_cost_usd")


def _cost(table: pd.DataFrame, skus: pd.DataFrame) -> pd.Series:
    return lookup(table["sku_id"], skus, "sku_id", "unit_cost_usd")


def _shipped_and_stood(stock: pd.DataFrame, skus: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The cost of what was shipped, and stock at cost times the days it stood."""
    cost = _cost(stock, skus)
    return stock["shipped_units"] * cost, stock["closing_units"] * stock["days_listed"] * cost


@reads(inventory_weekly=STOCK, skus=COST)
def inventory_turns(inventory_weekly: pd.DataFrame, skus: pd.DataFrame) -> KpiValue:
    """Cost of what was shipped in a year over the average stock at cost.

    The average weighs each week's closing stock by its days, so partial weeks at both ends count as such.

    Parameters
    ----------
    inventory_weekly : DataFrame, one row per week, center and item; ``sku_id``, ``shipped_units``, ``closing_units``,
        ``days_listed`` (days of the week in the period).
    skus : DataFrame, one row per item; ``sku_id``, ``unit_cost_usd``.

    Returns
    -------
    KpiValue, times a year; ``n`` counts rows of stock.

    Ten units a day out of seventy on hand:

    >>> week = pd.DataFrame({"sku_id": ["K1"], "shipped_units": [70], "closing_units": [70], "days_listed": [7]})
    >>> inventory_turns(week, pd.DataFrame({"sku_id": ["K1"], "unit_cost_usd": [5.0]})).__round__(2)
    52.14
    """
    shipped, stood = _shipped_and_stood(inventory_weekly, skus)
    return ratio_of_sums(YEAR * shipped, stood, "inventory_turns")


@reads(inventory_weekly=STOCK, skus=COST)
def days_of_inventory(inventory_weekly: pd.DataFrame, skus: pd.DataFrame) -> KpiValue:
    """Days that the average stock at cost would last at the cost of what was shipped a day.

    Parameters
    ----------
    inventory_weekly, skus : as in ``inventory_turns``.

    Returns
    -------
    KpiValue, days; ``n`` counts rows of stock.

    >>> week = pd.DataFrame({"sku_id": ["K1"], "shipped_units": [70], "closing_units": [70], "days_listed": [7]})
    >>> days_of_inventory(week, pd.DataFrame({"sku_id": ["K1"], "unit_cost_usd": [5.0]}))
    7.0
    """
    shipped, stood = _shipped_and_stood(inventory_weekly, skus)
    return ratio_of_sums(stood, shipped, "days_of_inventory")


@reads(inventory_weekly=("stockout_days", "days_listed"))
def stockout_rate(inventory_weekly: pd.DataFrame) -> KpiValue:
    """Share of the days on which an item was listed at a center that ended with nothing available.

    Parameters
    ----------
    inventory_weekly : DataFrame, one row per week, center and item; ``stockout_days``, ``days_listed``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts rows of stock.

    >>> stockout_rate(pd.DataFrame({"stockout_days": [0, 7], "days_listed": [7, 7]}))
    0.5
    """
    return ratio_of_sums(inventory_weekly["stockout_days"], inventory_weekly["days_listed"], "stockout_rate")


@reads(
    order_lines=("sku_id", "shipped_units", "unit_price_usd"),
    inventory_weekly=("sku_id", "closing_units", "days_listed"),
    skus=COST,
)
def gmroi(order_lines: pd.DataFrame, inventory_weekly: pd.DataFrame, skus: pd.DataFrame) -> KpiValue:
    """Gross margin of a year on each dollar of average stock at cost.

    Parameters
    ----------
    order_lines : DataFrame, one row per line of the same period; ``sku_id``, ``shipped_units``, ``unit_price_usd``.
    inventory_weekly, skus : as in ``inventory_turns``.

    Returns
    -------
    KpiValue, USD of margin a year per USD of stock; ``n`` counts rows of stock.

    >>> lines = pd.DataFrame({"sku_id": ["K1"], "shipped_units": [7], "unit_price_usd": [15.0]})
    >>> week = pd.DataFrame({"sku_id": ["K1"], "shipped_units": [7], "closing_units": [365], "days_listed": [7]})
    >>> gmroi(lines, week, pd.DataFrame({"sku_id": ["K1"], "unit_cost_usd": [5.0]}))
    2.0
    """
    margin = order_lines["shipped_units"] * (order_lines["unit_price_usd"] - _cost(order_lines, skus))
    stood = inventory_weekly["closing_units"] * inventory_weekly["days_listed"] * _cost(inventory_weekly, skus)
    earned = total(margin.rename("margin"), "gmroi: order_lines")
    stock = total(stood.rename("stock at cost"), "gmroi: inventory_weekly")
    return ratio(YEAR * earned, stock, len(stood), "gmroi")


@reads(cycle_counts=("system_units", "counted_units"))
def inventory_record_accuracy(cycle_counts: pd.DataFrame, tolerance_units: int = 0) -> KpiValue:
    """Share of the counts that found what the record said.

    Parameters
    ----------
    cycle_counts : DataFrame, one row per count; ``system_units``, ``counted_units``.
    tolerance_units : a difference up to this is a match; none by default.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts counts.

    >>> inventory_record_accuracy(pd.DataFrame({"system_units": [10, 10], "counted_units": [10, 9]}))
    0.5
    """
    difference = (cycle_counts["system_units"] - cycle_counts["counted_units"]).abs()
    return share(difference <= validate.number("tolerance_units", tolerance_units, 0), "inventory_record_accuracy")


@reads(inventory_weekly=("week", "sku_id", "closing_units", "aged_units"), skus=COST)
def aged_stock_share(inventory_weekly: pd.DataFrame, skus: pd.DataFrame) -> KpiValue:
    """Share of the latest stock, at cost, that has been on hand for more than 90 days, first in, first out.

    Parameters
    ----------
    inventory_weekly : DataFrame, one row per week, center and item; date ``week``, ``sku_id``, ``closing_units``,
        ``aged_units``.
    skus : DataFrame, one row per item; ``sku_id``, ``unit_cost_usd``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts rows of the latest week.

    >>> stock = pd.DataFrame({"week": pd.to_datetime(["2026-06-22", "2026-06-29"]), "sku_id": "K1",
    ...                       "closing_units": [10, 8], "aged_units": [10, 2]})
    >>> aged_stock_share(stock, pd.DataFrame({"sku_id": ["K1"], "unit_cost_usd": [5.0]}))
    0.25
    """
    last = inventory_weekly[inventory_weekly["week"] == inventory_weekly["week"].max()]
    cost = _cost(last, skus)
    return ratio_of_sums(last["aged_units"] * cost, last["closing_units"] * cost, "aged_stock_share")


def _weighted_days(end: pd.Series, start: pd.Series, usd: pd.Series) -> KpiValue:
    taken = days(end, start).astype("Float64")
    return ratio_of_sums(taken * usd, usd, "cash_to_cash_time")


@reads(
    invoices=("contract_id", "issued_on", "paid_on", "amount_usd"),
    contracts=("contract_id", "kind"),
    seller_statements=("issued_on", "settled_on", "fees_usd"),
)
def cash_to_cash_time(
    invoices: pd.DataFrame, contracts: pd.DataFrame, seller_statements: pd.DataFrame, inventory_days: float = 0
) -> KpiValue:
    """Days inventory plus days to collect from sellers less days taken to pay suppliers, each weighted by its money.

    The stock in the program is the sellers', so the platform's inventory is 0 days unless given. What is still open is
    in neither part.

    Parameters
    ----------
    invoices : DataFrame, one row per invoice; ``contract_id``, dates ``issued_on``, ``paid_on``, ``amount_usd``.
    contracts : DataFrame, one row per contract; ``contract_id``, ``kind`` (``internal`` ones are no payables).
    seller_statements : DataFrame, one row per statement; dates ``issued_on``, ``settled_on``, ``fees_usd``.
    inventory_days : days of stock that the platform itself owns.

    Returns
    -------
    KpiValue, days, negative where suppliers finance the program; ``n`` counts settled statements and paid invoices.

    >>> bill = pd.DataFrame({"contract_id": ["K1"], "issued_on": pd.to_datetime(["2025-08-01"]),
    ...                      "paid_on": pd.to_datetime(["2025-08-31"]), "amount_usd": [100.0]})
    >>> fees = pd.DataFrame({"issued_on": pd.to_datetime(["2025-08-01"]), "fees_usd": [100.0],
    ...                      "settled_on": pd.to_datetime(["2025-08-11"])})
    >>> cash_to_cash_time(bill, pd.DataFrame({"contract_id": ["K1"], "kind": ["parcel"]}), fees)
    -20.0
    """
    paid = invoices[~is_internal(invoices["contract_id"], contracts)]
    collecting = _weighted_days(
        seller_statements["settled_on"], seller_statements["issued_on"], seller_statements["fees_usd"]
    )
    paying = _weighted_days(paid["paid_on"], paid["issued_on"], paid["amount_usd"])
    held = validate.number("inventory_days", inventory_days)
    return KpiValue(held + collecting - paying, collecting.n + paying.n)
