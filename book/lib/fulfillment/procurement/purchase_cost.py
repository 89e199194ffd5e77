"""What a purchase costs in all: should-cost, landed cost of a purchase and of each item, total cost of ownership."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas


@arg.takes(
    costs=arg.table(
        {"option": arg.names(), "element": arg.names(), "year": arg.amounts(0, 1000), "cost_usd": arg.amounts()}
    ),
    discount_rate=arg.amount(0),
)
def total_cost_of_ownership(costs: pd.DataFrame, discount_rate: float = 0) -> pd.DataFrame:
    """Present value of everything an option costs over the years, by element, the cheapest first.

    Parameters
    ----------
    costs : DataFrame, a row per option, element and year: ``option``, ``element``, ``year`` (0 is today), ``cost_usd``
        (negative for income, such as a rebate).
    discount_rate : cost of capital a year.

    Returns
    -------
    DataFrame, options by elements, with ``total``: USD of today.

    Raises
    ------
    ValueError if a column is missing, a number is missing, or a year or the rate is negative.

    >>> costs = pd.DataFrame({"option": ["A", "A", "B"], "element": ["setup", "fees", "fees"], "year": [0, 1, 1],
    ...                       "cost_usd": [100.0, 110.0, 230.0]})
    >>> total_cost_of_ownership(costs, discount_rate=0.10)["total"].round(2).to_dict()
    {'A': 200.0, 'B': 209.09}
    """
    today = costs.assign(today=costs["cost_usd"] / (1 + discount_rate) ** costs["year"])
    table = today.pivot_table(
        values="today", index="option", columns="element", aggfunc="sum", fill_value=0, sort=False
    )
    return table.assign(total=table.sum(axis=1)).sort_values("total", kind="stable")


@arg.takes(
    goods=arg.amount(0),
    freight=arg.amount(0),
    duty_rate=arg.amount(0),
    insurance=arg.amount(0),
    fees=arg.amount(0),
    duty_base=arg.text,
)
def landed_cost(
    goods: float, freight: float, duty_rate: float, insurance: float = 0, fees: float = 0, duty_base: str = "FOB"
) -> float:
    """What goods cost once they are here.

    Parameters
    ----------
    goods, freight, insurance, fees : USD; ``fees`` for brokerage, port and customs processing.
    duty_rate : fraction of the duty base.
    duty_base : ``"FOB"``, the goods value (US); ``"CIF"``, goods, freight and insurance (EU, UK).

    Returns
    -------
    float, USD.

    Raises
    ------
    ValueError if a number is negative or the base is unknown.

    >>> landed_cost(goods=4500, freight=500, duty_rate=0.25)
    6125.0
    """
    bases = {"FOB": formulas.LANDED_COST_FOB, "CIF": formulas.LANDED_COST_CIF}
    if duty_base not in bases:
        raise ValueError(f"duty_base: {duty_base!r}, expected 'FOB' or 'CIF'")
    return bases[duty_base](goods=goods, freight=freight, insurance=insurance, fees=fees, duty_rate=duty_rate)


@arg.takes(items=arg.a(pd.DataFrame), charges=arg.each(arg.amount(0), empty=True), basis=arg.text)
def allocate_landed_cost(items: pd.DataFrame, charges: Mapping[str, float], basis: str = "value") -> pd.DataFrame:
    """A shipment's charges shared over its items, and what a unit of each then costs.

    Parameters
    ----------
    items : DataFrame, a row per item, whose index names it: ``units``, ``unit_cost_usd``, and what the basis asks for:
        ``unit_weight_lb`` or ``unit_volume_ft3``.
    charges : USD by name, such as ``{"freight": 500, "duty": 300}``.
    basis : ``"value"``, ``"weight"``, ``"volume"`` or ``"units"``: what the charges are shared by. Freight follows
        weight or volume, duty and insurance follow value; share them in two calls where the two differ.

    Returns
    -------
    DataFrame, as the rows: ``goods``, a column a charge, ``landed`` (all USD), ``landed_unit_usd`` (USD a unit). Each
    charge's column sums to the charge.

    Raises
    ------
    ValueError if a column is missing, the basis is unknown, a number is negative or missing, an item has no units, or
    the items have none of what the charges are shared by.

    >>> items = pd.DataFrame({"units": [20, 20], "unit_cost_usd": [20.0, 5.0]}, index=["X", "Y"])
    >>> allocate_landed_cost(items, {"freight": 100.0})["landed_unit_usd"].to_dict()
    {'X': 24.0, 'Y': 6.0}
    """
    columns = {"value": "unit_cost_usd", "weight": "unit_weight_lb", "volume": "unit_volume_ft3", "units": "units"}
    if basis not in columns:
        raise ValueError(f"basis: {basis!r}, expected one of {', '.join(columns)}")
    read = {columns[basis]: arg.amounts(0), "unit_cost_usd": arg.amounts(0), "units": arg.amounts(1)}
    items = arg.table(read)("items", items)
    units, price = items["units"].to_numpy(float), items["unit_cost_usd"].to_numpy(float)
    each = np.ones(len(items)) if basis == "units" else items[columns[basis]].to_numpy(float)
    quantity = units * each
    if not quantity.sum() > 0:
        raise ValueError(f"{columns[basis]}: 0 in all items, expected something to share the charges by")
    table = pd.DataFrame({"goods": units * price}, items.index)
    for name, charge in charges.items():
        table[name] = charge * quantity / quantity.sum()
    table["landed"] = table.sum(axis=1)
    return table.assign(landed_unit_usd=table["landed"] / units)


@arg.takes(
    minutes_per_order=arg.amount(0),
    wage_usd=arg.amount(0),
    burden_rate=arg.amount(0),
    packaging_usd=arg.amount(0),
    space_usd=arg.amount(0),
    overhead_rate=arg.amount(0),
    margin_rate=arg.amount(0),
)
def should_cost(
    minutes_per_order: float,
    wage_usd: float,
    burden_rate: float,
    packaging_usd: float,
    space_usd: float,
    overhead_rate: float,
    margin_rate: float,
) -> pd.Series:
    """What an order should cost to buy, built up line by line.

    Parameters
    ----------
    minutes_per_order : labor, minutes.
    wage_usd : USD per hour.
    burden_rate : payroll burden, fraction of the wage.
    packaging_usd, space_usd : USD per order.
    overhead_rate : fraction of direct cost.
    margin_rate : the operator's margin, fraction of its price (not of cost).

    Returns
    -------
    Series, USD per order: ``labor``, ``packaging``, ``space``, ``overhead``, ``margin``, ``price`` (their sum).

    Raises
    ------
    ValueError if a number is negative or ``margin_rate`` is not below 1.

    >>> lines = should_cost(3, 20, 0.25, packaging_usd=0.55, space_usd=0.20, overhead_rate=0.15, margin_rate=0.08)
    >>> lines.round(2).to_dict()
    {'labor': 1.25, 'packaging': 0.55, 'space': 0.2, 'overhead': 0.3, 'margin': 0.2, 'price': 2.5}
    """
    work = {"minutes_per_order": minutes_per_order, "wage_usd": wage_usd, "burden_rate": burden_rate}
    rest = {
        "packaging_usd": packaging_usd,
        "space_usd": space_usd,
        "overhead_rate": overhead_rate,
        "margin_rate": margin_rate,
    }
    price = formulas.SHOULD_COST(**work, **rest)
    labor = formulas.LABOR_COST(**work)
    direct = labor + packaging_usd + space_usd
    parts = {"labor": labor, "packaging": packaging_usd, "space": space_usd, "overhead": direct * overhead_rate}
    return pd.Series({**parts, "margin": price * margin_rate, "price": price})
