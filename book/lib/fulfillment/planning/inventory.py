"""How much stock, or reserved capacity, to hold and when to order more.

Costs, demand and lead times share one period (a year, a month, a day) unless a name carries its unit. Closed forms stand
in ``formulas``.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import optimize, stats

from fulfillment import arguments as arg
from fulfillment import formulas

AGES_DAYS = (30, 60, 90, 180, 365)
MOST_VARIED = 0.5  # standard deviation over mean: above it a normal curve has more than 2 % of demand below zero


# Known demand ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OrderQuantity:
    """Units to order at a time, and what ordering and holding them cost (USD per period)."""

    order_quantity: float
    cost_per_period: float


@arg.takes(
    fixed_cost=arg.amount(arg.ABOVE_0), holding_cost=arg.amount(arg.ABOVE_0), demand_rate=arg.amount(arg.ABOVE_0)
)
def eoq(fixed_cost: float, holding_cost: float, demand_rate: float) -> OrderQuantity:
    """Economic order quantity: where ordering and holding cost the same.

    Parameters
    ----------
    fixed_cost : USD per order.
    holding_cost : USD per unit and period.
    demand_rate : units per period.

    Returns
    -------
    OrderQuantity.

    Raises
    ------
    ValueError if a value is not a number above 0.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Ex. 3.1.

    >>> plan = eoq(fixed_cost=8, holding_cost=0.225, demand_rate=1300)
    >>> round(plan.order_quantity, 2), round(plan.cost_per_period, 2)
    (304.05, 68.41)
    """
    inputs = {"fixed_cost": fixed_cost, "holding_cost": holding_cost, "demand_rate": demand_rate}
    quantity = formulas.EOQ(**inputs)
    return OrderQuantity(quantity, formulas.CYCLE_COST(order_quantity=quantity, **inputs))


@arg.takes(
    fixed_cost=arg.amount(arg.ABOVE_0),
    holding_rate=arg.amount(arg.ABOVE_0),
    demand_rate=arg.amount(arg.ABOVE_0),
    breakpoints=arg.amounts(0),
    unit_costs=arg.amounts(0),
    incremental=arg.flag,
)
def quantity_discount(
    fixed_cost: float,
    holding_rate: float,
    demand_rate: float,
    breakpoints: Sequence[float],
    unit_costs: Sequence[float],
    incremental: bool = False,
) -> pd.DataFrame:
    """Order quantities worth considering under a supplier's price breaks, the cheapest first.

    Parameters
    ----------
    fixed_cost : USD per order.
    holding_rate : holding cost of a year as a fraction of unit cost.
    demand_rate : units per year.
    breakpoints : least quantity of each price band, ascending from 0.
    unit_costs : USD per unit in each band, descending.
    incremental : False: the band's price holds for all units. True: only for the units inside the band.

    Returns
    -------
    DataFrame, a row for each band that has a quantity worth considering: ``price_band`` (0 is the dearest price),
    ``order_quantity`` (units), ``total_cost`` (USD per year, purchases included).

    Raises
    ------
    ValueError if a value is not above 0, or the bands are not as described.

    Source: Snyder and Shen, 2nd ed., Ex. 3.6 (all units) and 3.7 (incremental).

    The same price list, read in two ways:

    >>> prices = {"breakpoints": [0, 400, 800], "unit_costs": [0.75, 0.72, 0.68]}
    >>> quantity_discount(8, 0.3, 1300, **prices).iloc[0].round(1).tolist()
    [2.0, 800.0, 978.6]
    >>> quantity_discount(8, 0.3, 1300, **prices, incremental=True).iloc[0].round(1).tolist()
    [0.0, 304.0, 1043.4]
    """
    starts, prices = np.asarray(breakpoints, float), np.asarray(unit_costs, float)
    if len(starts) != len(prices):
        raise ValueError(f"unit_costs: {len(prices)} prices, expected one for each of {len(starts)} breakpoints")
    if starts[0] != 0 or (np.diff(starts) <= 0).any():
        raise ValueError(f"breakpoints: {list(breakpoints)}, expected ascending quantities from 0")
    if prices[-1] <= 0 or (np.diff(prices) >= 0).any():
        raise ValueError(f"unit_costs: {list(unit_costs)}, expected descending prices above 0")
    # What the units below a band cost beyond the band's own price: a fixed cost of every order (incremental only).
    premium = np.cumsum(np.r_[0, -np.diff(prices) * starts[1:]]) if incremental else np.zeros(len(starts))
    rows = []
    for band, (price, extra, start, end) in enumerate(zip(prices, premium, starts, [*starts[1:], np.inf], strict=True)):
        costs = {"fixed_cost": fixed_cost + extra, "holding_cost": holding_rate * price, "demand_rate": demand_rate}
        quantity = max(formulas.EOQ(**costs), start)
        if quantity < end:
            cycle = formulas.CYCLE_COST(order_quantity=quantity, **costs)
            rows.append((band, quantity, price * demand_rate + cycle + holding_rate * extra / 2))
    table = pd.DataFrame(rows, columns=["price_band", "order_quantity", "total_cost"])
    return table.sort_values("total_cost", ignore_index=True, kind="stable")


@dataclass(frozen=True)
class PurchasePlan:
    """Units to order in each period, and what the plan costs in all (USD)."""

    orders: list[float]
    cost: float


@arg.takes(
    demand=arg.amounts(0), fixed_cost=arg.amount(0), holding_cost=arg.amount(0), purchase_cost=arg.any_amounts(0)
)
def lot_sizes(
    demand: Sequence[float],
    fixed_cost: float,
    holding_cost: float,
    purchase_cost: float | Sequence[float] = 0,
) -> PurchasePlan:
    """Cheapest purchase orders for demand and prices that change from period to period (Wagner and Whitin).

    Parameters
    ----------
    demand : units due in each period.
    fixed_cost : USD per order.
    holding_cost : USD per unit carried from one period to the next.
    purchase_cost : USD per unit, one price or one for each period.

    Returns
    -------
    PurchasePlan.

    Raises
    ------
    ValueError if ``demand`` is empty, a value is negative or no number, or prices do not match the periods.

    Source: Wagner and Whitin 1958, Management Science 5(1); Snyder and Shen, 2nd ed., Ex. 3.9.

    Buying ahead of a price increase from 1 to 4 USD:

    >>> lot_sizes([400, 500, 500, 1100, 900], fixed_cost=100, holding_cost=0.1, purchase_cost=[3, 1, 4, 6, 6])
    PurchasePlan(orders=[400.0, 3000.0, 0.0, 0.0, 0.0], cost=4940.0)
    """
    units = np.asarray(demand, float)
    periods = len(units)
    prices = np.asarray([purchase_cost] * periods if np.ndim(purchase_cost) == 0 else purchase_cost, float)
    if len(prices) != periods:
        raise ValueError(f"purchase_cost: {len(prices)} prices, expected 1 or {periods}")
    best, then = np.zeros(periods + 1), np.zeros(periods, int)  # cost from period t on; the next period with an order
    for t in reversed(range(periods)):
        if units[t] == 0:
            best[t], then[t] = best[t + 1], t + 1
        ordered = np.cumsum(units[t:])
        held = np.cumsum(units[t:] * np.arange(periods - t))
        options = fixed_cost + prices[t] * ordered + holding_cost * held + best[t + 1 :]
        if units[t] > 0 or options.min() < best[t]:
            best[t], then[t] = options.min(), t + 1 + np.argmin(options)
    orders, t = np.zeros(periods), 0
    while t < periods:
        orders[t] = units[t : then[t]].sum()
        t = then[t]
    return PurchasePlan(orders.tolist(), float(best[0]))


# Uncertain demand -----------------------------------------------------------------------------------------------------


@arg.takes(level=arg.amount(), mean=arg.amount(), sd=arg.amount(arg.ABOVE_0))
def normal_loss(level: float, mean: float, sd: float) -> float:
    """Units short on average at a stock level, for normal demand (the normal loss function).

    Parameters
    ----------
    level, mean, sd : units; ``sd`` above 0.

    Returns
    -------
    float, units.

    Raises
    ------
    ValueError if ``sd`` is not a number above 0.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., app. C.

    At the mean, four tenths of a standard deviation:

    >>> round(normal_loss(level=50, mean=50, sd=8), 2)
    3.19
    """
    z = (level - mean) / sd
    return float(sd * (stats.norm.pdf(z) - z * stats.norm.sf(z)))


@dataclass(frozen=True)
class StockLevel:
    """A stock level judged: the level itself (``order_up_to``, units), the share of periods without a stock-out, units
    short and left over on average, and what both cost (USD per period)."""

    order_up_to: float
    service_level: float
    expected_short: float
    expected_over: float
    expected_cost: float


def _against_normal(level: float, mean: float, sd: float) -> tuple[float, float, float]:
    """Service level, units short and units over; demand below zero counts as none."""
    short = normal_loss(level, mean, sd)
    return float(stats.norm.cdf(level, mean, sd)), short, level - normal_loss(0, mean, sd) + short


@arg.takes(
    holding_cost=arg.amount(arg.ABOVE_0),
    stockout_cost=arg.amount(arg.ABOVE_0),
    demand_mean=arg.amount(arg.ABOVE_0),
    demand_sd=arg.amount(arg.ABOVE_0),
    lead_time=arg.amount(0),
    review_period=arg.amount(arg.ABOVE_0),
    level=arg.amount(0),
)
def newsvendor(
    holding_cost: float,
    stockout_cost: float,
    demand_mean: float,
    demand_sd: float,
    lead_time: float = 0,
    review_period: float = 1,
    level: float | None = None,
) -> StockLevel:
    """Stock level that balances a unit over against a unit short, for normal demand.

    What a normal curve has below zero counts as no demand. Where that is more than a few percent (a standard deviation
    above half the mean) the curve does not describe the demand, and a warning says so.

    Parameters
    ----------
    holding_cost, stockout_cost : USD per unit left over, and per unit short, at the end of a period.
    demand_mean, demand_sd : units per period.
    lead_time, review_period : periods. Stock must last both: the usual slip is to leave the review period out.
    level : units to evaluate, at least 0; the best level by default.

    Returns
    -------
    StockLevel.

    Raises
    ------
    ValueError if a value is not a number above 0, or ``lead_time`` or ``level`` is negative.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Ex. 4.3 and 4.4.

    >>> best = newsvendor(0.18, 0.70, demand_mean=50, demand_sd=8)
    >>> round(best.order_up_to, 2), round(best.service_level, 2), round(best.expected_cost, 2)
    (56.6, 0.8, 2.0)
    """
    costs = {"holding_cost": holding_cost, "stockout_cost": stockout_cost}
    spread = {
        "demand_mean": demand_mean,
        "demand_sd": demand_sd,
        "lead_time": lead_time,
        "review_period": review_period,
    }
    mean = formulas.ORDER_UP_TO(**spread, z=0)
    sd = formulas.ORDER_UP_TO(**spread, z=1) - mean
    if sd > MOST_VARIED * mean:
        warnings.warn(
            f"demand_sd: {demand_sd:g}, expected at most half of the mean over lead time and review: "
            f"a normal curve has {stats.norm.cdf(0, mean, sd):.1%} below zero; list demands in newsvendor_discrete",
            stacklevel=3,
        )
    if level is None:
        level = max(0.0, mean + float(stats.norm.ppf(formulas.CRITICAL_RATIO(**costs))) * sd)
    service, short, over = _against_normal(level, mean, sd)
    return StockLevel(level, service, short, over, holding_cost * over + stockout_cost * short)


@dataclass(frozen=True)
class SeasonPurchase:
    """Units bought once, for a season (``order_up_to``), judged as a `StockLevel`, with the profit expected (USD)."""

    order_up_to: float
    service_level: float
    expected_short: float
    expected_over: float
    expected_profit: float


@arg.takes(
    revenue=arg.amount(arg.ABOVE_0),
    purchase_cost=arg.amount(arg.ABOVE_0),
    salvage_value=arg.amount(),
    demand_mean=arg.amount(arg.ABOVE_0),
    demand_sd=arg.amount(arg.ABOVE_0),
    level=arg.amount(0),
)
def newsvendor_profit(
    revenue: float,
    purchase_cost: float,
    salvage_value: float,
    demand_mean: float,
    demand_sd: float,
    level: float | None = None,
) -> SeasonPurchase:
    """What to buy once, for a season, from prices and normal demand.

    Parameters
    ----------
    revenue, purchase_cost, salvage_value : USD per unit sold, bought, and left over.
    demand_mean, demand_sd : units in the season.
    level : units to evaluate; the best quantity by default.

    Returns
    -------
    SeasonPurchase. Buying nothing brings 0.

    Raises
    ------
    ValueError unless ``salvage_value`` < ``purchase_cost`` < ``revenue``; else as `newsvendor`.

    Source: Snyder and Shen, 2nd ed., Ex. 4.2.

    >>> round(newsvendor_profit(1, 0.3, 0.12, demand_mean=50, demand_sd=8).expected_profit, 2)
    33.0
    """
    if not salvage_value < purchase_cost < revenue:
        raise ValueError(
            f"purchase_cost: {purchase_cost}, expected between salvage_value ({salvage_value}) and revenue ({revenue})"
        )
    margin = revenue - purchase_cost
    plan = newsvendor(purchase_cost - salvage_value, margin, demand_mean, demand_sd, level=level)
    sold = plan.order_up_to - plan.expected_over
    profit = margin * sold - (purchase_cost - salvage_value) * plan.expected_over
    return SeasonPurchase(plan.order_up_to, plan.service_level, plan.expected_short, plan.expected_over, profit)


@arg.takes(
    holding_cost=arg.amount(arg.ABOVE_0),
    stockout_cost=arg.amount(arg.ABOVE_0),
    demand=arg.amounts(0),
    probabilities=arg.amounts(0),
    level=arg.amount(),
)
def newsvendor_discrete(
    holding_cost: float,
    stockout_cost: float,
    demand: Sequence[float],
    probabilities: Sequence[float] | None = None,
    level: float | None = None,
) -> StockLevel:
    """Stock level that balances a unit over against a unit short, for listed demands (or past days as they were).

    Parameters
    ----------
    holding_cost, stockout_cost : USD per unit left over, and per unit short.
    demand : units, possible values.
    probabilities : of each value, summing to 1; all the same by default.
    level : units to evaluate; the best level by default.

    Returns
    -------
    StockLevel.

    Raises
    ------
    ValueError if a cost is not above 0, a demand is negative, or the probabilities do not fit.

    >>> newsvendor_discrete(10, 30, demand=[100, 200, 300], probabilities=[0.3, 0.4, 0.3]).order_up_to
    300.0
    """
    values = np.asarray(demand, float)
    shares = np.full(len(values), 1 / len(values)) if probabilities is None else np.asarray(probabilities, float)
    if len(shares) != len(values) or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"probabilities: {list(shares)}, expected {len(values)} numbers that sum to 1")
    order = np.argsort(values, kind="stable")
    values, shares = values[order], shares[order]
    ratio = formulas.CRITICAL_RATIO(holding_cost=holding_cost, stockout_cost=stockout_cost)
    if level is None:
        level = float(values[np.argmax(np.cumsum(shares) >= ratio - 1e-12)])
    short = float(shares @ np.maximum(values - level, 0))
    over = float(shares @ np.maximum(level - values, 0))
    service = float(shares[values <= level].sum())
    return StockLevel(level, service, short, over, holding_cost * over + stockout_cost * short)


@dataclass(frozen=True)
class Reservation:
    """Capacity reserved (orders per period), the share of periods in which it suffices, orders bought on demand and
    slots left idle on average, and the cost of all (USD per period)."""

    reserved: float
    service_level: float
    expected_on_demand: float
    expected_idle: float
    expected_cost: float


@arg.takes(
    reserved_cost=arg.amount(0),
    on_demand_cost=arg.amount(arg.ABOVE_0),
    demand_mean=arg.amount(arg.ABOVE_0),
    demand_sd=arg.amount(arg.ABOVE_0),
    use_cost=arg.amount(0),
    level=arg.amount(0),
)
def reserved_capacity(
    reserved_cost: float,
    on_demand_cost: float,
    demand_mean: float,
    demand_sd: float,
    use_cost: float = 0,
    level: float | None = None,
) -> Reservation:
    """How much capacity to reserve when the rest is bought on demand: the newsvendor in a capacity contract.

    A reserved slot is paid for used or not; on-demand capacity costs more and is paid for only when used.

    Parameters
    ----------
    reserved_cost, on_demand_cost : USD per order of capacity.
    demand_mean, demand_sd : orders per period, taken as normal.
    use_cost : USD per order that uses reserved capacity, on top of the reservation.
    level : orders of reserved capacity to evaluate; the best level by default.

    Returns
    -------
    Reservation.

    Raises
    ------
    ValueError if a cost is negative or demand is not above 0.

    Source: newsvendor with a shortage cost of ``on_demand_cost - use_cost - reserved_cost`` and an excess cost of
    ``reserved_cost``.

    A reserved slot for 2 USD against 5 USD on demand: cover 60 % of the days.

    >>> plan = reserved_capacity(reserved_cost=2, on_demand_cost=5, demand_mean=10_000, demand_sd=2_000)
    >>> round(plan.reserved), round(plan.service_level, 2)
    (10507, 0.6)
    """
    ratio = formulas.RESERVED_CAPACITY_RATIO(
        reserved_cost=reserved_cost, on_demand_cost=on_demand_cost, use_cost=use_cost
    )
    if ratio == 1:
        raise ValueError(f"reserved_cost: {reserved_cost}, expected above 0: free capacity has no best amount")
    if level is None:
        level = max(0.0, float(stats.norm.ppf(ratio, demand_mean, demand_sd)))
    service, on_demand, idle = _against_normal(level, demand_mean, demand_sd)
    cost = reserved_cost * level + use_cost * (level - idle) + on_demand_cost * on_demand
    return Reservation(level, service, on_demand, idle, cost)


# Reorder points and pooling -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReorderPoint:
    """Stock at which to order (units), the safety stock in it (units), and its safety factor ``z``."""

    reorder_point: float
    safety_stock: float
    z: float


@arg.takes(
    daily_demand_mean=arg.amount(0),
    daily_demand_sd=arg.amount(0),
    lead_time_mean_days=arg.amount(0),
    lead_time_sd_days=arg.amount(0),
    service_level=arg.amount(arg.ABOVE_0),
)
def reorder_point(
    daily_demand_mean: float,
    daily_demand_sd: float,
    lead_time_mean_days: float,
    lead_time_sd_days: float,
    service_level: float,
) -> ReorderPoint:
    """Safety stock and reorder point when demand and lead time both vary.

    Parameters
    ----------
    daily_demand_mean, daily_demand_sd : units per day.
    lead_time_mean_days, lead_time_sd_days : days.
    service_level : share of order cycles without a stock-out, above 0 and below 1 (not the share of units filled).

    Returns
    -------
    ReorderPoint.

    Raises
    ------
    ValueError if ``service_level`` is not inside 0 and 1, or another value is negative or no number.

    Source: Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed.

    >>> plan = reorder_point(30, 3, 7, 4, service_level=0.90)
    >>> round(plan.reorder_point, 2), round(plan.safety_stock, 2), round(plan.z, 2)
    (364.12, 154.12, 1.28)
    """
    spread = {
        "daily_demand_mean": daily_demand_mean,
        "daily_demand_sd": daily_demand_sd,
        "lead_time_mean_days": lead_time_mean_days,
        "lead_time_sd_days": lead_time_sd_days,
    }
    if service_level >= 1:
        raise ValueError(f"service_level: {service_level}, expected above 0 and below 1")
    z = float(stats.norm.ppf(service_level))
    return ReorderPoint(formulas.REORDER_POINT(**spread, z=z), formulas.SAFETY_STOCK(**spread, z=z), z)


@dataclass(frozen=True)
class RQPolicy:
    """Order ``order_quantity`` (Q, units) whenever stock falls to ``reorder_point`` (r, units); ``cost_per_period`` is
    USD per year, missing where the method does not give it."""

    reorder_point: float
    order_quantity: float
    cost_per_period: float | None = None


@arg.takes(
    holding_cost=arg.amount(arg.ABOVE_0),
    stockout_cost=arg.amount(arg.ABOVE_0),
    fixed_cost=arg.amount(arg.ABOVE_0),
    demand_mean=arg.amount(arg.ABOVE_0),
    demand_sd=arg.amount(arg.ABOVE_0),
    lead_time_years=arg.amount(arg.ABOVE_0),
    method=arg.text,
)
def rq_policy(
    holding_cost: float,
    stockout_cost: float,
    fixed_cost: float,
    demand_mean: float,
    demand_sd: float,
    lead_time_years: float,
    method: str = "expected_inventory_level",
) -> RQPolicy:
    """Reorder point r and order quantity Q together, for normal demand.

    Parameters
    ----------
    holding_cost : USD per unit and year.
    stockout_cost : USD per unit backordered (``"expected_inventory_level"``), or per unit backordered and year
        (``"eoq_backorders"``).
    fixed_cost : USD per order.
    demand_mean, demand_sd : units per year.
    lead_time_years : years.
    method : ``"expected_inventory_level"``, an approximation solved for both by turns; ``"eoq_backorders"``, the
        quantity with planned backorders, then the reorder point that is best for it.

    Returns
    -------
    RQPolicy.

    Raises
    ------
    ValueError if a value is not a number above 0, the method is unknown, or a stock-out is too cheap for a reorder point.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Ex. 5.2 and 5.4.

    >>> policy = rq_policy(0.225, 7.5, 8, 1300, 150, 1 / 12)
    >>> round(policy.reorder_point, 1), round(policy.order_quantity, 1), round(policy.cost_per_period, 1)
    (214.0, 318.6, 95.5)
    """
    inputs = {"holding_cost": holding_cost, "stockout_cost": stockout_cost, "fixed_cost": fixed_cost}
    mean, sd = demand_mean * lead_time_years, demand_sd * np.sqrt(lead_time_years)
    if method == "eoq_backorders":
        quantity = formulas.EOQ_BACKORDERS(**inputs, demand_rate=demand_mean)

        def excess(r: float) -> float:
            """Cost rate at r over that at r + Q: zero at the best r."""
            low, high = (normal_loss(level, mean, sd) * (holding_cost + stockout_cost) for level in (r, r + quantity))
            return low - high - holding_cost * quantity

        return RQPolicy(float(optimize.brentq(excess, mean - quantity - 10 * sd, mean + 10 * sd, xtol=1e-9)), quantity)
    if method != "expected_inventory_level":
        raise ValueError(f"method: {method!r}, expected 'expected_inventory_level' or 'eoq_backorders'")
    flow = {"holding_cost": holding_cost, "demand_rate": demand_mean}
    previous, quantity = 0.0, formulas.EOQ(fixed_cost=fixed_cost, **flow)
    while abs(quantity - previous) > 1e-10 * quantity:
        risk = holding_cost * quantity / (stockout_cost * demand_mean)
        if risk >= 1:
            raise ValueError(
                f"stockout_cost: {stockout_cost}, expected more: a stock-out costs less than holding for it"
            )
        r = float(stats.norm.isf(risk, mean, sd))
        per_order = fixed_cost + stockout_cost * normal_loss(r, mean, sd)
        previous, quantity = quantity, formulas.EOQ(fixed_cost=per_order, **flow)
    cycle = formulas.CYCLE_COST(fixed_cost=per_order, order_quantity=quantity, **flow)
    return RQPolicy(r, quantity, cycle + holding_cost * (r - mean))


@arg.takes(
    demand=arg.matrix(0, keyed=False),
    lead_time=arg.amount(arg.ABOVE_0),
    z=arg.amount(0),
    order_cost=arg.amount(arg.ABOVE_0),
    holding_cost=arg.amount(arg.ABOVE_0),
)
def risk_pooling(
    demand: pd.DataFrame, lead_time: float, z: float, order_cost: float, holding_cost: float
) -> pd.DataFrame:
    """Average inventory of several sites, apart and as one.

    Parameters
    ----------
    demand : DataFrame, a column per site, a row per period, units.
    lead_time : periods.
    z : safety factor.
    order_cost : USD per order.
    holding_cost : USD per unit and period.

    Returns
    -------
    DataFrame, a row per site, then ``apart`` (their sum) and ``pooled``: ``demand_mean`` and ``demand_sd`` (units per
    period), ``safety_stock``, ``reorder_point``, ``order_quantity`` and ``average_inventory`` (units), and
    ``of_apart``, the average inventory as a fraction of what the sites hold apart. The saving is 1 less that: its base
    is the stock there was, not the stock that is left.

    Raises
    ------
    ValueError if there are fewer than two sites or two periods, demand is missing or negative, or a site bears the name
    of a result.

    Source: Simchi-Levi, Kaminsky and Simchi-Levi, Designing and Managing the Supply Chain, ACME case. Slides
    that quote a saving of 36 % divide by the pooled stock; of the stock held apart it is 26 %.

    >>> weeks = pd.DataFrame({"MA": [33, 45, 37, 38, 55, 30, 18, 58], "NJ": [46, 35, 41, 40, 26, 48, 18, 55]})
    >>> stock = risk_pooling(weeks, lead_time=1, z=1.88, order_cost=60, holding_cost=0.27)
    >>> stock["average_inventory"].round().tolist(), f"{1 - stock.loc['pooled', 'of_apart']:.0%}"
    ([91.0, 88.0, 179.0, 132.0], '26%')
    """
    if demand.shape[1] < 2 or len(demand) < 2:
        raise ValueError(f"demand: {demand.shape[1]} sites and {len(demand)} periods, expected at least 2 of each")
    taken = [site for site in demand if site in ("apart", "pooled")]
    if taken:
        raise ValueError(f"demand: a site is named {taken[0]!r} as a row of the result is, expected another name")
    together = demand.assign(pooled=demand.sum(axis=1))
    table = pd.DataFrame({"demand_mean": together.mean(), "demand_sd": together.std()})
    table["safety_stock"] = z * table["demand_sd"] * np.sqrt(lead_time)
    table["reorder_point"] = table["demand_mean"] * lead_time + table["safety_stock"]
    table["order_quantity"] = formulas.EOQ(
        fixed_cost=order_cost, holding_cost=holding_cost, demand_rate=table["demand_mean"]
    )
    table["average_inventory"] = formulas.AVERAGE_INVENTORY(
        order_quantity=table["order_quantity"], safety_stock_units=table["safety_stock"]
    )
    apart = table.drop("pooled").sum()
    table.loc["apart"] = apart.where(apart.index != "demand_sd")  # standard deviations do not add
    table["of_apart"] = table["average_inventory"] / apart["average_inventory"]
    return table.loc[[*demand.columns, "apart", "pooled"]]


@arg.takes(
    receipts=arg.table(
        {"sku_id": arg.names(), "received_on": arg.times(), "units": arg.amounts(0), "unit_cost_usd": arg.amounts(0)}
    ),
    on_hand=arg.each(arg.amount(0)),
    as_of=arg.moment,
    ages_days=arg.counts(),
)
def aged_stock(
    receipts: pd.DataFrame,
    on_hand: Mapping[str, float] | pd.Series,
    as_of: pd.Timestamp | str,
    ages_days: Sequence[int] = AGES_DAYS,
) -> pd.DataFrame:
    """Stock on hand by age, first in first out: what is left came with the latest receipts.

    Parameters
    ----------
    receipts : DataFrame, a row per receipt: ``sku_id``, ``received_on`` (datetime), ``units``, ``unit_cost_usd``.
    on_hand : units on hand by ``sku_id``.
    as_of : the day of the count.
    ages_days : ascending limits of the age bands, days.

    Returns
    -------
    DataFrame, a row per band (``0-30``, … ``366+`` days): ``units``, ``value_usd``, ``share`` (of value).

    Raises
    ------
    ValueError if a column, an item or a day is missing, a receipt is dated after ``as_of``, a number is negative, or more
    units are on hand than were received.

    >>> receipts = pd.DataFrame({"sku_id": "A", "received_on": pd.to_datetime(["2026-01-05", "2026-06-20"]),
    ...                          "units": [100, 40], "unit_cost_usd": [2.0, 2.5]})
    >>> aged_stock(receipts, {"A": 60}, "2026-06-30", ages_days=[30, 90]).round(3)
           units  value_usd  share
    0-30    40.0      100.0  0.714
    31-90    0.0        0.0  0.000
    91+     20.0       40.0  0.286
    """
    if (receipts["received_on"] > as_of).any():
        raise ValueError(f"received_on: {receipts['received_on'].max():%F}, expected no day after as_of ({as_of:%F})")
    if list(ages_days) != sorted(set(ages_days)) or not len(ages_days):
        raise ValueError(f"ages_days: {list(ages_days)}, expected days that rise")
    counted = pd.Series(on_hand, dtype=float)
    received = receipts.groupby("sku_id")["units"].sum().reindex(counted.index, fill_value=0)
    if (counted > received).any():
        sku = (counted - received).idxmax()
        raise ValueError(f"on_hand: {counted[sku]:g} units of {sku}, expected at most the {received[sku]:g} received")
    latest = receipts.sort_values("received_on", ascending=False, kind="stable", ignore_index=True)
    newer = latest.groupby("sku_id")["units"].cumsum() - latest["units"]
    left = (latest["sku_id"].map(counted).fillna(0) - newer).clip(0, latest["units"])
    limits = [-1, *ages_days]
    names = [f"{low + 1}-{high}" for low, high in pairwise(limits)] + [f"{limits[-1] + 1}+"]
    bands = pd.cut((as_of - latest["received_on"]).dt.days, [*limits, np.inf], labels=names)
    stock = pd.DataFrame({"units": left, "value_usd": left * latest["unit_cost_usd"]})
    table = stock.groupby(bands.array, observed=False).sum()
    return table.assign(share=(table["value_usd"] / table["value_usd"].sum()).fillna(0.0))
