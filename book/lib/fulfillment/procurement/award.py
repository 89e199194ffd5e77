"""Who gets which orders: an award split by a mixed-integer program, and what its limits cost.

A *lot* is what the request awards: the orders of a group of sellers whose stock lies in one place. An *option* is an
offer that can be taken or left: an operator, or one of its volume tiers (of an operator's tiers at most one is taken).
Shares are of a lot's orders; money is USD a year unless a name says per order.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fulfillment import formulas
from fulfillment.optimization import Program
from fulfillment.validate import numbers, positive, require

#: What a column of options is where it is not given.
OPTION_DEFAULTS = {
    "fixed_usd": 0.0,
    "capacity": np.inf,
    "least_orders": 0.0,
    "most_orders": np.inf,
    "minimum_usd": 0.0,
    "counted": 1.0,
}


# What an order costs once it has arrived as promised ------------------------------------------------------------------


def good_order_cost(
    price_usd: pd.Series, rates: pd.DataFrame, loss_usd: Mapping[str, float], good: pd.Series
) -> pd.DataFrame:
    """Price and the cost of what goes wrong, per order and per order that arrived as promised.

    Parameters
    ----------
    price_usd : what the operator charges, USD per order, by operator.
    rates : DataFrame, operators by kind of failure: events per order (0.02 damaged orders per order).
    loss_usd : kind of failure -> what one event costs the payer, USD, less what comes back.
    good : share of orders that arrived as promised, by operator; counted order by order where the data allow it.

    Returns
    -------
    DataFrame, a row per operator, the cheapest per good order first: ``price_usd``, a column of USD per order for each
    kind, ``per_order_usd`` (their sum), ``good`` (share), ``per_good_order_usd``.

    Raises
    ------
    ValueError if operators or kinds do not match, a number is negative or missing, or a share is not in (0, 1].

    >>> price = pd.Series({"A": 5.00, "B": 4.00})
    >>> rates = pd.DataFrame({"damaged": [0.005, 0.030], "late": [0.02, 0.05]}, index=price.index)
    >>> table = good_order_cost(price, rates, {"damaged": 30, "late": 4}, good=pd.Series({"A": 0.97, "B": 0.92}))
    >>> table[["per_order_usd", "per_good_order_usd"]].round(2).values.tolist()
    [[5.23, 5.39], [5.1, 5.54]]
    """
    for name, index in (("rates", rates.index), ("good", good.index)):
        if not index.equals(price_usd.index):
            raise ValueError(f"{name}: operators {list(index)}, expected {list(price_usd.index)}")
    if set(rates) != set(loss_usd):
        raise ValueError(f"loss_usd: {sorted(loss_usd)}, expected one for each of {sorted(rates)}")
    share = numbers("good", good)
    if not ((share > 0) & (share <= 1)).all():
        raise ValueError(f"good: {share.min():g} to {share.max():g}, expected shares above 0 and up to 1")
    table = pd.DataFrame({"price_usd": numbers("price_usd", price_usd)}, price_usd.index)
    for kind in rates:
        table[f"{kind}_usd"] = numbers(f"rates of {kind}", rates[kind]) * numbers(kind, [loss_usd[kind]])[0]
    table["per_order_usd"] = table.sum(axis=1)
    table["good"] = share
    table["per_good_order_usd"] = formulas.COST_PER_GOOD_ORDER(
        order_cost_usd=table["per_order_usd"], failure_rate=1 - share, failure_usd=0
    )
    return table.sort_values("per_good_order_usd", kind="stable")


# Volumes --------------------------------------------------------------------------------------------------------------


def remix(orders: pd.DataFrame, weights: pd.Series, size: int) -> pd.DataFrame:
    """A sample of the orders in which some kinds are more frequent: the same one every time.

    Every order is met in its own sequence, at equal steps of the cumulative weight; so a sample of equal weights holds
    each part of a sorted table in proportion.

    Parameters
    ----------
    orders : DataFrame, sorted by what must stay in proportion (day, weight, zone).
    weights : how often an order of this kind comes, over how often it came; at least 0; the same index.
    size : orders in the sample.

    Returns
    -------
    DataFrame of ``size`` rows of ``orders``, some of them repeated, index from 0.

    Raises
    ------
    ValueError if the indexes differ, a weight is negative or missing, all are 0, or ``size`` is not above 0.

    >>> remix(pd.DataFrame({"zone": [2, 2, 8, 8]}), pd.Series([1, 1, 2, 2]), size=6)["zone"].tolist()
    [2, 2, 8, 8, 8, 8]
    """
    positive(size=size)
    if not weights.index.equals(orders.index):
        raise ValueError("weights: index differs from orders, expected a weight for each order")
    total = np.cumsum(numbers("weights", weights))
    positive(weights=total[-1])
    steps = (np.arange(int(size)) + 0.5) * total[-1] / int(size)
    return orders.iloc[np.searchsorted(total, steps)].reset_index(drop=True)


# The split ------------------------------------------------------------------------------------------------------------


def check_offers(
    unit_cost: pd.DataFrame, lots: pd.DataFrame, options: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Options and lots with their defaults, checked against the costs."""
    require("lots", lots, ["orders"])
    require("options", options, ["operator"])
    if not (unit_cost.index.equals(options.index) and unit_cost.columns.equals(lots.index)):
        raise ValueError("unit_cost: expected a row per option and a column per lot, in the order of both tables")
    if (unit_cost.to_numpy(float) < 0).any():
        raise ValueError(f"unit_cost: {np.nanmin(unit_cost.to_numpy(float)):g}, expected costs of at least 0")
    full = options.assign(**{name: value for name, value in OPTION_DEFAULTS.items() if name not in options})
    for name in OPTION_DEFAULTS:
        numbers(f"options {name}", full[name].replace(np.inf, 0))
    asked = lots.assign(load=lots["load"] if "load" in lots else lots["orders"])
    for name in ("orders", "load"):
        positive(**{f"lots {name} of {lot}": value for lot, value in asked[name].items()})
    return full, asked


def split_award(
    unit_cost: pd.DataFrame,
    lots: pd.DataFrame,
    options: pd.DataFrame,
    max_share: float = 1.0,
    service_floor: float | None = None,
    whole_lots: bool = False,
) -> dict[str, object]:
    """The cheapest split of the lots among the offers that keeps every rule.

    Parameters
    ----------
    unit_cost : DataFrame, options by lots, USD per order; missing where a lot is not offered.
    lots : DataFrame, a row per lot: ``orders`` (a year) and, where capacity is counted in something else, ``load``
        (orders of a peak day, for instance).
    options : DataFrame, a row per option: ``operator`` and, where they hold, ``fixed_usd`` (once it is awarded
        anything), ``capacity`` (in the unit of ``load``), ``least_orders`` and ``most_orders`` (of its award: volume
        tiers and commitments), ``minimum_usd`` (what is paid at least, and ``counted``: the share of its fees that counts
        toward it; transport often does not) and ``service`` (expected share of good orders).
    max_share : the most of all orders that one operator may get; below 1 there are at least two.
    service_floor : the least expected share of good orders of the whole award.
    whole_lots : whether a lot goes to one operator as a whole.

    Returns
    -------
    dict: ``total_cost`` (USD a year), ``shares`` (DataFrame, options by lots), ``orders`` (Series by operator, of those
    awarded), ``service`` (expected share of good orders; missing without the column).

    Raises
    ------
    ValueError if the tables do not match, a number is negative or out of range, or no split keeps every rule.

    Source: mixed-integer program of supplier selection with capacities and fixed costs, solved by HiGHS to optimality.

    Alone, A would serve both lots for 1,000. With at most 60% for one operator, B gets what A may not take:

    >>> unit_cost = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [100, 100]}, index=["beauty", "home"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "fixed_usd": [0.0, 50.0]}, index=["A", "B"])
    >>> split_award(unit_cost, lots, options)["total_cost"]
    1000.0
    >>> plan = split_award(unit_cost, lots, options, max_share=0.6)
    >>> plan["total_cost"], plan["orders"].to_dict()
    (1090.0, {'A': 120.0, 'B': 80.0})
    """
    full, asked = check_offers(unit_cost, lots, options)
    if not 0 < max_share <= 1:
        raise ValueError(f"max_share: {max_share}, expected above 0 and up to 1")
    orders, load = asked["orders"].to_numpy(float), asked["load"].to_numpy(float)
    prices, total = unit_cost.to_numpy(float), orders.sum()
    fees = np.nan_to_num(prices) * orders  # USD of a whole lot with an option
    offer = {name: full[name].to_numpy(float) for name in OPTION_DEFAULTS}

    program = Program()
    share = program.variables(*prices.shape, most=~np.isnan(prices), whole=whole_lots)
    taken = program.variables(len(full), most=1, whole=True)
    shortfall = program.variables(len(full))  # USD that an option's fees lack to its minimum
    awarded = (share * orders).sum(axis=1)
    program.keep(share.sum(axis=0) == 1)
    program.keep((share * load).sum(axis=1) <= np.minimum(offer["capacity"], load.sum()) * taken)
    program.keep(awarded <= np.minimum(offer["most_orders"], total) * taken)
    program.keep(awarded >= offer["least_orders"] * taken)
    program.keep((share * fees).sum(axis=1) * offer["counted"] + shortfall >= offer["minimum_usd"] * taken)
    for own in full.groupby("operator", sort=False).indices.values():
        program.keep(taken[own].sum() <= 1, awarded[own].sum() <= max_share * total)
    if service_floor is not None:
        require("options", full, ["service"])
        level = numbers("options service", full["service"])
        program.keep((awarded * level).sum() / total >= service_floor)

    least = program.minimize_cost((share * fees).sum() + (taken * offer["fixed_usd"]).sum() + shortfall.sum())
    if least is None:
        raise ValueError("options: no split keeps every rule, expected more capacity or looser rules")
    shares = pd.DataFrame(program.values(share).round(9) + 0.0, unit_cost.index, unit_cost.columns)
    got = (shares @ asked["orders"]).groupby(full["operator"], sort=False).sum()
    return {
        "total_cost": round(least, 6),
        "shares": shares,
        "orders": got[got > 1e-6].round(6),
        "service": float((shares @ asked["orders"]) @ full["service"] / total) if "service" in full else np.nan,
    }


def capacity_value(
    unit_cost: pd.DataFrame, lots: pd.DataFrame, options: pd.DataFrame, step: float = 1.0, **rules: object
) -> pd.DataFrame:
    """What more capacity at each operator would save, found by solving again.

    A mixed-integer program has no shadow price that can be trusted: the next unit may be worth nothing and the next
    thousand much, because an award to somebody else falls away. So the step is part of the answer.

    Parameters
    ----------
    unit_cost, lots, options : as `split_award`.
    step : capacity added to one operator at a time, in the unit of ``load``.
    **rules : as `split_award`.

    Returns
    -------
    DataFrame, a row per operator: ``total_cost`` (USD a year with the step), ``saving_usd`` (a year, of the step),
    ``value_usd`` (a year, of one unit of it).

    Raises
    ------
    ValueError as `split_award`, or if ``step`` is not above 0.

    >>> unit_cost = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [100, 100]}, index=["beauty", "home"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "capacity": [150.0, 200.0]}, index=["A", "B"])
    >>> capacity_value(unit_cost, lots, options)["value_usd"].to_dict()
    {'A': 0.5, 'B': 0.0}
    """
    positive(step=step)
    full, _ = check_offers(unit_cost, lots, options)
    now = split_award(unit_cost, lots, options, **rules)["total_cost"]
    rows = {}
    for operator in full["operator"].unique():
        more = full.assign(capacity=full["capacity"] + step * (full["operator"] == operator))
        rows[operator] = split_award(unit_cost, lots, more, **rules)["total_cost"]
    table = pd.DataFrame({"total_cost": pd.Series(rows)}).rename_axis("operator")
    table["saving_usd"] = (now - table["total_cost"]).round(6) + 0.0
    return table.assign(value_usd=table["saving_usd"] / step)
