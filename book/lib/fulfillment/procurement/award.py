"""Who gets which orders: an award split by a mixed-integer program, and what its limits cost.

A *lot* is what the request awards: the orders of a group of sellers whose stock lies in one place. An *option* is an
offer that can be taken or left: an operator, or one of its volume tiers (of an operator's tiers at most one is taken).
Shares are of a lot's orders; money is USD a year unless a name says per order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas
from fulfillment.optimization import Program

#: What a column of options is where it is not given.
OPTION_DEFAULTS = {
    "fixed_usd": 0.0,
    "capacity": np.inf,
    "min_orders": 0.0,
    "max_orders": np.inf,
    "minimum_usd": 0.0,
    "qualifying_share": 1.0,
}


# What an order costs once it has arrived as promised ------------------------------------------------------------------


@arg.takes(
    price_usd=arg.by_name(0),
    rates=arg.matrix(0),
    loss_usd=arg.each(arg.amount(0)),
    good_share=arg.by_name(arg.ABOVE_0, 1),
)
def cost_per_good_order(
    price_usd: pd.Series, rates: pd.DataFrame, loss_usd: Mapping[str, float], good_share: pd.Series
) -> pd.DataFrame:
    """Price and the cost of what goes wrong, per order and per order that arrived as promised.

    Parameters
    ----------
    price_usd : what the operator charges, USD per order, by operator.
    rates : DataFrame, operators by kind of failure: events per order (0.02 damaged orders per order).
    loss_usd : kind of failure -> what one event costs the payer, USD, less what comes back.
    good_share : of orders that arrived as promised, by operator; counted order by order where the data allow it.

    Returns
    -------
    DataFrame, a row per operator, the cheapest per good order first: ``price_usd``, a column of USD per order for each
    kind, ``per_order_usd`` (their sum), ``good_share``, ``per_good_order_usd``.

    Raises
    ------
    ValueError if operators or kinds do not match, a number is negative or missing, or a share is not in (0, 1].

    >>> price = pd.Series({"A": 5.00, "B": 4.00})
    >>> rates = pd.DataFrame({"damaged": [0.005, 0.030], "late": [0.02, 0.05]}, index=price.index)
    >>> table = cost_per_good_order(price, rates, {"damaged": 30, "late": 4}, good_share=pd.Series({"A": 0.97, "B": 0.92}))
    >>> table[["per_order_usd", "per_good_order_usd"]].round(2).values.tolist()
    [[5.23, 5.39], [5.1, 5.54]]
    """
    for name, index in (("rates", rates.index), ("good_share", good_share.index)):
        if not index.equals(price_usd.index):
            raise ValueError(f"{name}: operators {list(index)}, expected {list(price_usd.index)}")
    if set(rates) != set(loss_usd):
        raise ValueError(f"loss_usd: {sorted(loss_usd)}, expected one for each of {sorted(rates)}")
    share = good_share.to_numpy(float)
    table = pd.DataFrame({"price_usd": price_usd.to_numpy(float)}, price_usd.index)
    for kind in rates:
        table[f"{kind}_usd"] = rates[kind].to_numpy(float) * loss_usd[kind]
    table["per_order_usd"] = table.sum(axis=1)
    table["good_share"] = share
    table["per_good_order_usd"] = formulas.COST_PER_GOOD_ORDER(
        order_cost_usd=table["per_order_usd"], failure_rate=1 - share, failure_usd=0
    )
    return table.sort_values("per_good_order_usd", kind="stable")


# Volumes --------------------------------------------------------------------------------------------------------------


@arg.takes(orders=arg.a(pd.DataFrame), weights=arg.amounts(0), size=arg.count(1, 1e8))
def reweighted_sample(orders: pd.DataFrame, weights: pd.Series, size: int) -> pd.DataFrame:
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

    >>> reweighted_sample(pd.DataFrame({"zone": [2, 2, 8, 8]}), pd.Series([1, 1, 2, 2]), size=6)["zone"].tolist()
    [2, 2, 8, 8, 8, 8]
    """
    if not isinstance(weights, pd.Series) or not weights.index.equals(orders.index):
        raise ValueError("weights: index differs from orders, expected a weight for each order")
    total = np.cumsum(weights.to_numpy(float))
    if not total[-1] > 0:
        raise ValueError("weights: 0 in all, expected some above 0")
    steps = (np.arange(size) + 0.5) * total[-1] / size
    return orders.iloc[np.searchsorted(total, steps)].reset_index(drop=True)


# The split ------------------------------------------------------------------------------------------------------------


def _limit(name: str, values: pd.Series) -> Any:
    """Numbers of which some may be infinite: no limit."""
    read = arg.amounts(0)(name, values.replace(np.inf, 0))
    return (
        values
        if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf"
        else read.mask(values == np.inf, np.inf)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """What a request awards and what was offered for it, checked; columns left out of options hold `OPTION_DEFAULTS`.

    ValueError if the tables do not match, a column is missing, or a number is negative.
    """

    unit_cost: pd.DataFrame
    """Options by lots, USD per order; missing where a lot is not offered."""
    lots: pd.DataFrame
    """A row per lot: ``orders`` (a year) and, where capacity is counted in something else, ``load`` (orders of a peak
    day, for instance)."""
    options: pd.DataFrame
    """A row per option: ``operator`` and, where they hold, ``fixed_usd`` (once it is awarded anything), ``capacity`` (in
    the unit of ``load``), ``min_orders`` and ``max_orders`` (of its award: volume tiers and commitments), ``minimum_usd``
    (what is paid at least), ``qualifying_share`` (of its fees, what counts toward that minimum; transport often does not)
    and ``service`` (expected share of good orders)."""

    def __post_init__(self) -> None:
        above, finite = arg.amounts(arg.ABOVE_0), dict.fromkeys(OPTION_DEFAULTS, arg.amounts(0))
        limits = dict.fromkeys(["capacity", "max_orders"], _limit)
        arg.fields(
            self,
            unit_cost=arg.matrix(0, gaps=True),
            lots=arg.table({"orders": above}, {"load": above}, keyed=True),
            options=arg.table(
                {"operator": arg.names()}, finite | limits | {"service": arg.amounts(0, 1, gaps=True)}, keyed=True
            ),
        )
        unit_cost, lots, options = self.unit_cost, self.lots, self.options
        if not (unit_cost.index.equals(options.index) and unit_cost.columns.equals(lots.index)):
            raise ValueError("unit_cost: expected a row per option and a column per lot, in the order of both tables")
        options = options.assign(**{name: value for name, value in OPTION_DEFAULTS.items() if name not in options})
        lots = lots.assign(load=lots["load"] if "load" in lots else lots["orders"])
        object.__setattr__(self, "lots", lots)
        object.__setattr__(self, "options", options)

    def fees(self) -> np.ndarray:
        """USD of a whole lot with an option: options by lots, 0 where it is not offered."""
        return np.nan_to_num(self.unit_cost.to_numpy(float)) * self.lots["orders"].to_numpy(float)


@dataclass(frozen=True, slots=True, eq=False)
class Award:
    """Who gets which share of each lot, and what that costs."""

    total_cost_usd: float
    """A year."""
    shares: pd.DataFrame
    """Options by lots, of a lot's orders."""
    orders: pd.Series
    """A year, by operator, of those awarded."""
    service: float
    """Expected share of good orders; missing where options do not state it."""


@arg.takes(offers=arg.a(Offers), max_share=arg.amount(), min_service=arg.share, whole_lots=arg.flag)
def split_award(
    offers: Offers, max_share: float = 1.0, min_service: float | None = None, whole_lots: bool = False
) -> Award:
    """The cheapest split of the lots among the offers that keeps every rule.

    Parameters
    ----------
    offers : lots, options and their costs.
    max_share : the most of all orders that one operator may get; below 1 there are at least two.
    min_service : the least expected share of good orders of the whole award.
    whole_lots : whether a lot goes to one operator as a whole.

    Raises
    ------
    ValueError if a share is out of range, ``service`` is asked for and missing, or no split keeps every rule.

    Source: mixed-integer program of supplier selection with capacities and fixed costs, solved by HiGHS to optimality.

    Alone, A would serve both lots for 1,000. With at most 60% for one operator, B gets what A may not take:

    >>> unit_cost = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [100, 100]}, index=["beauty", "home"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "fixed_usd": [0.0, 50.0]}, index=["A", "B"])
    >>> offers = Offers(unit_cost, lots, options)
    >>> split_award(offers).total_cost_usd
    1000.0
    >>> award = split_award(offers, max_share=0.6)
    >>> award.total_cost_usd, award.orders.to_dict()
    (1090.0, {'A': 120.0, 'B': 80.0})
    """
    if not 0 < max_share <= 1:
        raise ValueError(f"max_share: {max_share}, expected above 0 and up to 1")
    orders, load = (offers.lots[name].to_numpy(float) for name in ("orders", "load"))
    fees, total = offers.fees(), orders.sum()
    option = {name: offers.options[name].to_numpy(float) for name in OPTION_DEFAULTS}

    program = Program()
    share = program.variables(*fees.shape, most=~np.isnan(offers.unit_cost.to_numpy(float)), whole=whole_lots)
    taken = program.variables(len(fees), most=1, whole=True)
    shortfall = program.variables(len(fees))  # USD that an option's fees lack to its minimum
    awarded = (share * orders).sum(axis=1)
    program.keep(share.sum(axis=0) == 1)
    program.keep((share * load).sum(axis=1) <= np.minimum(option["capacity"], load.sum()) * taken)
    program.keep(awarded <= np.minimum(option["max_orders"], total) * taken)
    program.keep(awarded >= option["min_orders"] * taken)
    program.keep((share * fees).sum(axis=1) * option["qualifying_share"] + shortfall >= option["minimum_usd"] * taken)
    for own in offers.options.groupby("operator", sort=False).indices.values():
        program.keep(taken[own].sum() <= 1, awarded[own].sum() <= max_share * total)
    if min_service is not None:
        service = arg.table({"service": arg.amounts(0, 1)})("options", offers.options)["service"].to_numpy(float)
        program.keep((awarded * service).sum() / total >= min_service)

    cost = program.minimize_cost((share * fees).sum() + (taken * option["fixed_usd"]).sum() + shortfall.sum())
    if cost is None:
        raise ValueError("options: no split keeps every rule, expected more capacity or looser rules")
    return _award(offers, round(cost, 6), program.values(share).round(9) + 0.0)


def _award(offers: Offers, total_cost_usd: float, shares: np.ndarray) -> Award:
    table = pd.DataFrame(shares, offers.unit_cost.index, offers.unit_cost.columns)
    awarded = table @ offers.lots["orders"]
    orders = awarded.groupby(offers.options["operator"], sort=False).sum()
    service = np.nan
    if "service" in offers.options:
        service = float(awarded @ offers.options["service"] / offers.lots["orders"].to_numpy(float).sum())
    return Award(total_cost_usd, table, orders[orders > 1e-6].round(6), service)


@arg.takes(offers=arg.a(Offers), step=arg.amount(arg.ABOVE_0))
def capacity_value(offers: Offers, step: float = 1.0, **rules: object) -> pd.DataFrame:
    """What more capacity at each operator would save, found by solving again.

    A mixed-integer program has no shadow price that can be trusted: the next unit may be worth nothing and the next
    thousand much, because an award to somebody else falls away. So the step is part of the answer.

    Parameters
    ----------
    offers : as `split_award`.
    step : capacity added to one operator at a time, in the unit of ``load``.
    **rules : as `split_award`.

    Returns
    -------
    DataFrame, a row per operator: ``total_cost_usd`` (a year, with the step), ``saving_usd`` (a year, of the step),
    ``value_usd`` (a year, of one unit of it).

    Raises
    ------
    ValueError as `split_award`, or if ``step`` is not above 0.

    >>> unit_cost = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [100, 100]}, index=["beauty", "home"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "capacity": [150.0, 200.0]}, index=["A", "B"])
    >>> capacity_value(Offers(unit_cost, lots, options))["value_usd"].to_dict()
    {'A': 0.5, 'B': 0.0}
    """
    now = split_award(offers, **rules).total_cost_usd
    costs = {}
    for operator in offers.options["operator"].unique():
        added = step * (offers.options["operator"] == operator)
        more = offers.options.assign(capacity=offers.options["capacity"] + added)
        costs[operator] = split_award(replace(offers, options=more), **rules).total_cost_usd
    table = pd.DataFrame({"total_cost_usd": pd.Series(costs)}).rename_axis("operator")
    table["saving_usd"] = (now - table["total_cost_usd"]).round(6) + 0.0
    return table.assign(value_usd=table["saving_usd"] / step)
