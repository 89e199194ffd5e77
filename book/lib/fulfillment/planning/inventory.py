"""How much stock, or reserved capacity, to hold and when to order more.

Costs, demand and lead times share one period (a year, a month, a day) unless a name carries its unit. Results that have
several parts come as a dictionary or a table; closed forms stand in ``formulas``.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import optimize, stats

from fulfillment import formulas
from fulfillment.validate import numbers, positive, require

AGES_DAYS = (30, 60, 90, 180, 365)


# Known demand ---------------------------------------------------------------------------------------------------------


def eoq(fixed_cost: float, holding_cost: float, demand_rate: float) -> dict[str, float]:
    """Economic order quantity and what ordering and holding cost at it.

    Parameters
    ----------
    fixed_cost : USD per order.
    holding_cost : USD per unit and period.
    demand_rate : units per period.

    Returns
    -------
    dict: ``order_quantity`` (units), ``cost_per_year`` (USD per period, a year where the period is one).

    Raises
    ------
    ValueError if a value is not above 0.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Ex. 3.1.

    >>> {name: round(value, 2) for name, value in eoq(fixed_cost=8, holding_cost=0.225, demand_rate=1300).items()}
    {'order_quantity': 304.05, 'cost_per_year': 68.41}
    """
    positive(fixed_cost=fixed_cost, holding_cost=holding_cost, demand_rate=demand_rate)
    inputs = {"fixed_cost": fixed_cost, "holding_cost": holding_cost, "demand_rate": demand_rate}
    quantity = formulas.EOQ(**inputs)
    return {"order_quantity": quantity, "cost_per_year": formulas.CYCLE_COST(order_quantity=quantity, **inputs)}


def eoq_with_backorders(
    fixed_cost: float, holding_cost: float, stockout_cost: float, demand_rate: float
) -> dict[str, float]:
    """Economic order quantity when buyers wait and waiting has a price.

    Parameters
    ----------
    fixed_cost : USD per order.
    holding_cost, stockout_cost : USD per unit held, and per unit backordered, for one period.
    demand_rate : units per period.

    Returns
    -------
    dict: ``order_quantity`` (units), ``backorder_fraction`` (of demand), ``cost_per_year`` (USD per period).

    Raises
    ------
    ValueError if a value is not above 0.

    Source: Snyder and Shen, 2nd ed., Ex. 3.8.

    >>> plan = eoq_with_backorders(fixed_cost=8, holding_cost=0.225, stockout_cost=5, demand_rate=1300)
    >>> {name: round(value, 3) for name, value in plan.items()}
    {'order_quantity': 310.813, 'backorder_fraction': 0.043, 'cost_per_year': 66.921}
    """
    costs = {"holding_cost": holding_cost, "stockout_cost": stockout_cost}
    flow = {"fixed_cost": fixed_cost, "demand_rate": demand_rate}
    positive(**costs, **flow)
    return {
        "order_quantity": formulas.EOQ_BACKORDERS(**costs, **flow),
        "backorder_fraction": formulas.BACKORDER_FRACTION(**costs),
        "cost_per_year": formulas.EOQ_BACKORDERS_COST(**costs, **flow),
    }


def economic_production_quantity(
    fixed_cost: float,
    holding_cost: float,
    demand_rate: float,
    production_rate: float,
    order_quantity: float | None = None,
) -> dict[str, float]:
    """Economic order quantity when the order arrives at a rate, not at once (a packaging supplier's daily trucks).

    Parameters
    ----------
    fixed_cost : USD per order.
    holding_cost : USD per unit and period.
    demand_rate, production_rate : units per period.
    order_quantity : units to evaluate; the best quantity by default.

    Returns
    -------
    dict: ``order_quantity`` (units), ``cost_per_year`` (USD per period).

    Raises
    ------
    ValueError if a value is not above 0 or ``production_rate`` does not exceed ``demand_rate``.

    Source: Snyder and Shen, 2nd ed., ch. 3.

    >>> round(economic_production_quantity(8, 0.225, demand_rate=1300, production_rate=2000)["order_quantity"], 1)
    513.9
    """
    inputs = {"fixed_cost": fixed_cost, "holding_cost": holding_cost, "demand_rate": demand_rate}
    positive(**inputs, production_rate=production_rate)
    if production_rate <= demand_rate:
        raise ValueError(f"production_rate: {production_rate}, expected more than demand_rate ({demand_rate})")
    quantity = formulas.EPQ(**inputs, production_rate=production_rate) if order_quantity is None else order_quantity
    inputs["holding_cost"] *= 1 - demand_rate / production_rate  # stock never stands at the full quantity
    return {"order_quantity": quantity, "cost_per_year": formulas.CYCLE_COST(order_quantity=quantity, **inputs)}


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
    positive(fixed_cost=fixed_cost, holding_rate=holding_rate, demand_rate=demand_rate)
    starts, prices = numbers("breakpoints", breakpoints), numbers("unit_costs", unit_costs)
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


def joint_replenishment(
    shared_fixed_cost: float,
    individual_fixed_costs: Sequence[float],
    holding_costs: Sequence[float],
    demand_rates: Sequence[float],
) -> dict[str, object]:
    """Order cycles for items that share a truck or a purchase order (Silver's heuristic).

    Parameters
    ----------
    shared_fixed_cost : USD per order, whatever is on it.
    individual_fixed_costs : USD for each item's line on an order.
    holding_costs : USD per unit and period, an entry per item.
    demand_rates : units per period, an entry per item.

    Returns
    -------
    dict: ``base_cycle`` (periods between orders), ``order_multiples`` (each item is on every n-th order),
    ``order_quantities`` (units), ``cost`` (USD per period).

    Raises
    ------
    ValueError if lists differ in length or a value is not above 0.

    Source: Silver 1976, Management Science 22(12); Snyder and Shen, 2nd ed., sec. 3.7.

    >>> plan = joint_replenishment(600, [120, 840, 300], [160, 20, 50], [1, 1, 1])
    >>> plan["order_multiples"], round(plan["cost"], 2)
    ([1, 3, 1], 837.85)
    """
    positive(shared_fixed_cost=shared_fixed_cost)
    lists = {
        "individual_fixed_costs": individual_fixed_costs,
        "holding_costs": holding_costs,
        "demand_rates": demand_rates,
    }
    line, holding, demand = (numbers(name, values, np.finfo(float).tiny) for name, values in lists.items())
    if not len(line) == len(holding) == len(demand):
        raise ValueError(f"demand_rates: {len(demand)} items, expected as many as fixed and holding costs")
    flow = holding * demand
    first = np.argmin(line / flow)
    relative = np.sqrt(line / flow * flow[first] / (shared_fixed_cost + line[first]))
    multiples = np.maximum(1, np.floor(relative + 0.5))
    fixed = shared_fixed_cost + (line / multiples).sum()
    cycle = formulas.EOQ(fixed_cost=fixed, holding_cost=(flow * multiples).sum(), demand_rate=1)
    return {
        "base_cycle": cycle,
        "order_multiples": multiples.astype(int).tolist(),
        "order_quantities": (multiples * demand * cycle).tolist(),
        "cost": float(fixed / cycle + (flow * multiples).sum() * cycle / 2),
    }


def lot_sizes(
    demand: Sequence[float],
    fixed_cost: float,
    holding_cost: float,
    purchase_cost: float | Sequence[float] = 0,
) -> dict[str, object]:
    """Cheapest purchase orders for demand and prices that change from period to period (Wagner and Whitin).

    Parameters
    ----------
    demand : units due in each period.
    fixed_cost : USD per order.
    holding_cost : USD per unit carried from one period to the next.
    purchase_cost : USD per unit, one price or one for each period.

    Returns
    -------
    dict: ``cost`` (USD), ``orders`` (units ordered in each period).

    Raises
    ------
    ValueError if ``demand`` is empty, a value is negative, or prices do not match the periods.

    Source: Wagner and Whitin 1958, Management Science 5(1); Snyder and Shen, 2nd ed., Ex. 3.9.

    Buying ahead of a price increase from 1 to 4 USD:

    >>> lot_sizes([400, 500, 500, 1100, 900], fixed_cost=100, holding_cost=0.1, purchase_cost=[3, 1, 4, 6, 6])
    {'cost': 4940.0, 'orders': [400.0, 3000.0, 0.0, 0.0, 0.0]}
    """
    units = numbers("demand", demand)
    periods = len(units)
    prices = numbers("purchase_cost", [purchase_cost] * periods if np.ndim(purchase_cost) == 0 else purchase_cost)
    if len(prices) != periods:
        raise ValueError(f"purchase_cost: {len(prices)} prices, expected 1 or {periods}")
    numbers("fixed_cost, holding_cost", [fixed_cost, holding_cost])
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
    return {"cost": float(best[0]), "orders": orders.tolist()}


# Uncertain demand -----------------------------------------------------------------------------------------------------


def _short(level: float, mean: float, sd: float) -> float:
    """Units short on average at a stock level, for normal demand (the normal loss function)."""
    z = (level - mean) / sd
    return float(sd * (stats.norm.pdf(z) - z * stats.norm.sf(z)))


def newsvendor(
    holding_cost: float,
    stockout_cost: float,
    demand_mean: float,
    demand_sd: float,
    lead_time: float = 0,
    review_period: float = 1,
    level: float | None = None,
) -> dict[str, float]:
    """Stock level that balances a unit over against a unit short, for normal demand.

    Parameters
    ----------
    holding_cost, stockout_cost : USD per unit left over, and per unit short, at the end of a period.
    demand_mean, demand_sd : units per period.
    lead_time, review_period : periods. Stock must last both: the usual slip is to leave the review period out.
    level : units to evaluate; the best level by default.

    Returns
    -------
    dict: ``order_up_to`` (units), ``service_level`` (share of periods without a stock-out), ``expected_short`` and
    ``expected_over`` (units), ``expected_cost`` (USD per period).

    Raises
    ------
    ValueError if a value is not above 0, or ``lead_time`` is negative.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Ex. 4.3 and 4.4.

    >>> {name: round(value, 2) for name, value in newsvendor(0.18, 0.70, demand_mean=50, demand_sd=8).items()}
    {'order_up_to': 56.6, 'service_level': 0.8, 'expected_short': 0.92, 'expected_over': 7.52, 'expected_cost': 2.0}
    """
    costs = {"holding_cost": holding_cost, "stockout_cost": stockout_cost}
    positive(**costs, demand_mean=demand_mean, demand_sd=demand_sd, review_period=review_period)
    times = {"lead_time": lead_time, "review_period": review_period}
    spread = {"demand_mean": demand_mean, "demand_sd": demand_sd, **times}
    mean = formulas.ORDER_UP_TO(**spread, z=0)
    sd = formulas.ORDER_UP_TO(**spread, z=1) - mean
    best = max(0.0, mean + float(stats.norm.ppf(formulas.CRITICAL_RATIO(**costs))) * sd)
    level = best if level is None else level
    short = _short(level, mean, sd)
    over = level - mean + short
    return {
        "order_up_to": level,
        "service_level": float(stats.norm.cdf(level, mean, sd)),
        "expected_short": short,
        "expected_over": over,
        "expected_cost": holding_cost * over + stockout_cost * short,
    }


def newsvendor_profit(
    revenue: float,
    purchase_cost: float,
    salvage_value: float,
    demand_mean: float,
    demand_sd: float,
    level: float | None = None,
) -> dict[str, float]:
    """What to buy once, for a season, from prices and normal demand.

    Parameters
    ----------
    revenue, purchase_cost, salvage_value : USD per unit sold, bought, and left over.
    demand_mean, demand_sd : units in the season.
    level : units to evaluate; the best quantity by default.

    Returns
    -------
    dict: as `newsvendor`, with ``expected_profit`` (USD) in the place of the cost.

    Raises
    ------
    ValueError unless ``salvage_value`` < ``purchase_cost`` < ``revenue``.

    Source: Snyder and Shen, 2nd ed., Ex. 4.2.

    >>> round(newsvendor_profit(1, 0.3, 0.12, demand_mean=50, demand_sd=8)["expected_profit"], 2)
    33.0
    """
    if not salvage_value < purchase_cost < revenue:
        raise ValueError(
            f"purchase_cost: {purchase_cost}, expected between salvage_value ({salvage_value}) and revenue ({revenue})"
        )
    margin = revenue - purchase_cost
    plan = newsvendor(purchase_cost - salvage_value, margin, demand_mean, demand_sd, level=level)
    return {**plan, "expected_profit": margin * demand_mean - plan.pop("expected_cost")}


def newsvendor_discrete(
    holding_cost: float,
    stockout_cost: float,
    demand: Sequence[float],
    probabilities: Sequence[float] | None = None,
    level: float | None = None,
) -> dict[str, float]:
    """Stock level that balances a unit over against a unit short, for listed demands (or past days as they were).

    Parameters
    ----------
    holding_cost, stockout_cost : USD per unit left over, and per unit short.
    demand : units, possible values.
    probabilities : of each value, summing to 1; all the same by default.
    level : units to evaluate; the best level by default.

    Returns
    -------
    dict: as `newsvendor`.

    Raises
    ------
    ValueError if a cost is not above 0, a demand is negative, or the probabilities do not fit.

    >>> newsvendor_discrete(10, 30, demand=[100, 200, 300], probabilities=[0.3, 0.4, 0.3])["order_up_to"]
    300.0
    """
    positive(holding_cost=holding_cost, stockout_cost=stockout_cost)
    values = numbers("demand", demand)
    shares = np.full(len(values), 1 / len(values)) if probabilities is None else numbers("probabilities", probabilities)
    if len(shares) != len(values) or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"probabilities: {list(shares)}, expected {len(values)} numbers that sum to 1")
    order = np.argsort(values, kind="stable")
    values, shares = values[order], shares[order]
    ratio = formulas.CRITICAL_RATIO(holding_cost=holding_cost, stockout_cost=stockout_cost)
    if level is None:
        level = float(values[np.argmax(np.cumsum(shares) >= ratio - 1e-12)])
    short = float(shares @ np.maximum(values - level, 0))
    over = float(shares @ np.maximum(level - values, 0))
    return {
        "order_up_to": level,
        "service_level": float(shares[values <= level].sum()),
        "expected_short": short,
        "expected_over": over,
        "expected_cost": holding_cost * over + stockout_cost * short,
    }


def reserved_capacity(
    reserved_cost: float,
    on_demand_cost: float,
    demand_mean: float,
    demand_sd: float,
    use_cost: float = 0,
    level: float | None = None,
) -> dict[str, float]:
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
    dict: ``reserved`` (orders per period), ``service_level`` (share of periods in which it suffices),
    ``expected_on_demand`` and ``expected_idle`` (orders per period), ``expected_cost`` (USD per period).

    Raises
    ------
    ValueError if a cost is negative or demand is not above 0.

    Source: newsvendor with a shortage cost of ``on_demand_cost - use_cost - reserved_cost`` and an excess cost of
    ``reserved_cost``.

    A reserved slot for 2 USD against 5 USD on demand: cover 60 % of the days.

    >>> plan = reserved_capacity(reserved_cost=2, on_demand_cost=5, demand_mean=10_000, demand_sd=2_000)
    >>> round(plan["reserved"]), round(plan["service_level"], 2)
    (10507, 0.6)
    """
    positive(on_demand_cost=on_demand_cost, demand_mean=demand_mean, demand_sd=demand_sd)
    ratio = formulas.RESERVED_CAPACITY_RATIO(
        reserved_cost=reserved_cost, on_demand_cost=on_demand_cost, use_cost=use_cost
    )
    if ratio == 1:
        raise ValueError(f"reserved_cost: {reserved_cost}, expected above 0: free capacity has no best amount")
    if level is None:
        level = max(0.0, float(stats.norm.ppf(ratio, demand_mean, demand_sd)))
    on_demand = _short(level, demand_mean, demand_sd)
    return {
        "reserved": level,
        "service_level": float(stats.norm.cdf(level, demand_mean, demand_sd)),
        "expected_on_demand": on_demand,
        "expected_idle": level - demand_mean + on_demand,
        "expected_cost": reserved_cost * level + use_cost * (demand_mean - on_demand) + on_demand_cost * on_demand,
    }


# Reorder points and pooling -------------------------------------------------------------------------------------------


def reorder_point(
    daily_demand_mean: float,
    daily_demand_sd: float,
    lead_time_mean_days: float,
    lead_time_sd_days: float,
    service_level: float,
) -> dict[str, float]:
    """Safety stock and reorder point when demand and lead time both vary.

    Parameters
    ----------
    daily_demand_mean, daily_demand_sd : units per day.
    lead_time_mean_days, lead_time_sd_days : days.
    service_level : share of order cycles without a stock-out, above 0 and below 1 (not the share of units filled).

    Returns
    -------
    dict: ``z`` (safety factor), ``safety_stock`` and ``reorder_point`` (units).

    Raises
    ------
    ValueError if ``service_level`` is not inside 0 and 1, or another value is negative.

    Source: Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed.

    >>> {name: round(value, 2) for name, value in reorder_point(30, 3, 7, 4, service_level=0.90).items()}
    {'z': 1.28, 'safety_stock': 154.12, 'reorder_point': 364.12}
    """
    if not 0 < service_level < 1:
        raise ValueError(f"service_level: {service_level}, expected above 0 and below 1")
    inputs = {
        "daily_demand_mean": daily_demand_mean,
        "daily_demand_sd": daily_demand_sd,
        "lead_time_mean_days": lead_time_mean_days,
        "lead_time_sd_days": lead_time_sd_days,
        "z": float(stats.norm.ppf(service_level)),
    }
    return {
        "z": inputs["z"],
        "safety_stock": formulas.SAFETY_STOCK(**inputs),
        "reorder_point": formulas.REORDER_POINT(**inputs),
    }


def reorder_policy(
    holding_cost: float,
    stockout_cost: float,
    fixed_cost: float,
    demand_mean: float,
    demand_sd: float,
    lead_time_years: float,
    method: str = "eil",
) -> dict[str, float]:
    """Reorder point r and order quantity Q together, for normal demand.

    Parameters
    ----------
    holding_cost : USD per unit and year.
    stockout_cost : USD per unit backordered (``"eil"``), or per unit backordered and year (``"eoqb"``).
    fixed_cost : USD per order.
    demand_mean, demand_sd : units per year.
    lead_time_years : years.
    method : ``"eil"``, the expected-inventory-level approximation, solved for both by turns; ``"eoqb"``, the quantity
        with planned backorders, then the reorder point that is best for it.

    Returns
    -------
    dict: ``r`` and ``Q`` (units); with ``"eil"`` also ``cost`` (USD per year).

    Raises
    ------
    ValueError if a value is not above 0, the method is unknown, or a stock-out is too cheap for a reorder point.

    Source: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Ex. 5.2 and 5.4.

    >>> {name: round(value, 1) for name, value in reorder_policy(0.225, 7.5, 8, 1300, 150, 1 / 12).items()}
    {'r': 214.0, 'Q': 318.6, 'cost': 95.5}
    """
    inputs = {"holding_cost": holding_cost, "stockout_cost": stockout_cost, "fixed_cost": fixed_cost}
    positive(**inputs, demand_mean=demand_mean, demand_sd=demand_sd, lead_time_years=lead_time_years)
    mean, sd = demand_mean * lead_time_years, demand_sd * np.sqrt(lead_time_years)
    if method == "eoqb":
        quantity = formulas.EOQ_BACKORDERS(**inputs, demand_rate=demand_mean)

        def excess(r: float) -> float:
            """Cost rate at r over that at r + Q: zero at the best r."""
            low, high = (_short(level, mean, sd) * (holding_cost + stockout_cost) for level in (r, r + quantity))
            return low - high - holding_cost * quantity

        r = optimize.brentq(excess, mean - quantity - 10 * sd, mean + 10 * sd, xtol=1e-9)
        return {"r": float(r), "Q": quantity}
    if method != "eil":
        raise ValueError(f"method: {method!r}, expected 'eil' or 'eoqb'")
    previous, quantity = 0.0, formulas.EOQ(fixed_cost=fixed_cost, holding_cost=holding_cost, demand_rate=demand_mean)
    while abs(quantity - previous) > 1e-10 * quantity:
        risk = holding_cost * quantity / (stockout_cost * demand_mean)
        if risk >= 1:
            raise ValueError(
                f"stockout_cost: {stockout_cost}, expected more: a stock-out costs less than holding for it"
            )
        r = float(stats.norm.isf(risk, mean, sd))
        short = _short(r, mean, sd)
        per_order = fixed_cost + stockout_cost * short
        previous = quantity
        quantity = formulas.EOQ(fixed_cost=per_order, holding_cost=holding_cost, demand_rate=demand_mean)
    cycle = formulas.CYCLE_COST(
        fixed_cost=per_order, holding_cost=holding_cost, demand_rate=demand_mean, order_quantity=quantity
    )
    return {"r": r, "Q": quantity, "cost": cycle + holding_cost * (r - mean)}


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
    ValueError if there are fewer than two sites or two periods, or demand is missing or negative.

    Source: Simchi-Levi, Kaminsky and Simchi-Levi, Designing and Managing the Supply Chain, ACME case. Slides
    that quote a saving of 36 % divide by the pooled stock; of the stock held apart it is 26 %.

    >>> weeks = pd.DataFrame({"MA": [33, 45, 37, 38, 55, 30, 18, 58], "NJ": [46, 35, 41, 40, 26, 48, 18, 55]})
    >>> stock = risk_pooling(weeks, lead_time=1, z=1.88, order_cost=60, holding_cost=0.27)
    >>> stock["average_inventory"].round().tolist(), f"{1 - stock.loc['pooled', 'of_apart']:.0%}"
    ([91.0, 88.0, 179.0, 132.0], '26%')
    """
    if demand.shape[1] < 2 or len(demand) < 2:
        raise ValueError(f"demand: {demand.shape[1]} sites and {len(demand)} periods, expected at least 2 of each")
    for site in demand:
        numbers(f"demand of {site}", demand[site])
    positive(lead_time=lead_time, order_cost=order_cost, holding_cost=holding_cost)
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
    ValueError if a column is missing, a receipt is dated after ``as_of``, a number is negative, or more units are on
    hand than were received.

    >>> receipts = pd.DataFrame({"sku_id": "A", "received_on": pd.to_datetime(["2026-01-05", "2026-06-20"]),
    ...                          "units": [100, 40], "unit_cost_usd": [2.0, 2.5]})
    >>> aged_stock(receipts, {"A": 60}, "2026-06-30", ages_days=[30, 90]).round(3)
           units  value_usd  share
    0-30    40.0      100.0  0.714
    31-90    0.0        0.0  0.000
    91+     20.0       40.0  0.286
    """
    require("receipts", receipts, ["sku_id", "received_on", "units", "unit_cost_usd"])
    as_of = pd.Timestamp(as_of)
    if (receipts["received_on"] > as_of).any():
        raise ValueError(f"received_on: {receipts['received_on'].max():%F}, expected no day after as_of ({as_of:%F})")
    for column in ("units", "unit_cost_usd"):
        numbers(column, receipts[column])
    counted = pd.Series(on_hand, dtype=float)
    numbers("on_hand", counted)
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


def promised(ledger: pd.DataFrame) -> pd.Series:
    """Units that orders took of each item at each center on each day, from the stock ledger.

    What could be sold the evening before, and what came since, less what can be sold now. Shipments lag behind it by the
    days that orders wait, so a run on an item shows here first.

    Parameters
    ----------
    ledger : DataFrame, a row per day, center and item, days in order: ``center_id``, ``sku_id``, ``received_units``,
        ``returned_units``, ``adjusted_units``, ``available_units``.

    Returns
    -------
    Series, units, index as ``ledger``; missing on the first day of a place.

    Raises
    ------
    ValueError if a column is missing or there are no rows.

    >>> days = pd.DataFrame({"center_id": "FC1", "sku_id": "K1", "received_units": [0, 10], "returned_units": 0,
    ...                      "adjusted_units": 0, "available_units": [5, 12]})
    >>> promised(days).tolist()
    [nan, 3.0]
    """
    came = ["received_units", "returned_units", "adjusted_units"]
    require("ledger", ledger, ["center_id", "sku_id", "available_units", *came])
    before = ledger.groupby(["center_id", "sku_id"], sort=False)["available_units"].shift()
    return before + ledger[came].sum(axis=1) - ledger["available_units"]
