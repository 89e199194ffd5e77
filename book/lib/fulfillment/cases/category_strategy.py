"""A supply chain for a category: which items need what, where they are kept, how they come in, how long they may wait."""

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from fulfillment import formulas
from fulfillment.freight.rating import parcel_zone
from fulfillment.planning import inventory
from fulfillment.procurement.purchase_cost import landed_cost
from fulfillment.validate import numbers, positive, require

DAYS_A_YEAR = 365
#: Miles that stand for a parcel zone: the middle of its band, and 2000 for the open one.
ZONE_MILES = {2: 75, 3: 225, 4: 450, 5: 800, 6: 1200, 7: 1600, 8: 2000}
MOST_CENTERS = 12


def abc_xyz(
    counts: pd.DataFrame, value_usd: pd.Series, abc: Sequence[float] = (0.8, 0.95), xyz: Sequence[float] = (0.5, 1.0)
) -> pd.DataFrame:
    """Items by value (A, B, C) and by how much their demand varies (X, Y, Z), with what chance alone makes them vary.

    An item with one order a week varies by its own size as a coefficient of variation, with demand that never changes.
    ``xyz`` therefore classes the variation beyond chance; ``xyz_raw`` is the usual class.

    Parameters
    ----------
    counts : DataFrame, a row per period, a column per item, orders. Units would do where every order holds one; several
        units in an order are no independent events and look like varying demand.
    value_usd : sales or cost value of the items, indexed as the columns of ``counts``.
    abc : share of value up to which an item, counted from the most valuable, is A, and up to which it is B. The item
        that crosses a limit belongs to the class above it.
    xyz : coefficient of variation up to which an item is X, and up to which it is Y.

    Returns
    -------
    DataFrame, a row per item, most valuable first: ``value_usd``, ``cumulative_share``, ``abc``, ``mean`` (orders a
    period), ``cv``, ``chance_cv`` (of independent orders at that mean, Poisson), ``beyond_cv``, ``xyz_raw`` and
    ``xyz``. An item without sales has no ``cv`` and is Z.

    Raises
    ------
    ValueError if there are fewer than two periods, the items differ, a number is missing or negative, or the limits do
    not rise.

    Source: classes after Silver, Pyke and Thomas, 4th ed.; variance less mean is what a Poisson count cannot explain.

    >>> weeks = pd.DataFrame({"steady": [40, 40, 40, 40], "small": [1, 0, 2, 1], "wild": [0, 0, 60, 0]})
    >>> table = abc_xyz(weeks, pd.Series({"steady": 1600.0, "small": 40.0, "wild": 360.0}))
    >>> table[["abc", "xyz_raw", "xyz"]].values.tolist()
    [['A', 'X', 'X'], ['B', 'Z', 'Z'], ['C', 'Y', 'X']]
    """
    if len(counts) < 2:
        raise ValueError(f"counts: {len(counts)} periods, expected at least 2")
    if set(counts.columns) != set(value_usd.index) or value_usd.index.has_duplicates:
        raise ValueError("value_usd: items differ from the columns of counts, expected each of them once")
    for item in counts:
        numbers(f"counts of {item}", counts[item])
    if not numbers("value_usd", value_usd).sum() > 0:
        raise ValueError("value_usd: 0 in all, expected more than 0")
    for name, limits in {"abc": abc, "xyz": xyz}.items():
        if len(limits) != 2 or not 0 < limits[0] < limits[1]:
            raise ValueError(f"{name}: {tuple(limits)}, expected two limits above 0 that rise")
    table = value_usd.sort_values(ascending=False, kind="stable").rename("value_usd").to_frame()
    share = table["value_usd"] / table["value_usd"].sum()
    table["cumulative_share"] = share.cumsum()
    before = (table["cumulative_share"] - share).round(12)
    table["abc"] = np.select([before < abc[0], before < abc[1]], ["A", "B"], "C")
    mean, variance = counts.mean()[table.index], counts.var()[table.index]
    table["mean"] = mean
    sold = mean.where(mean > 0)
    table["cv"] = np.sqrt(variance) / sold
    table["chance_cv"] = 1 / np.sqrt(sold)
    table["beyond_cv"] = np.sqrt((variance - mean).clip(lower=0)) / sold
    for name, column in {"xyz_raw": "cv", "xyz": "beyond_cv"}.items():
        table[name] = np.select([table[column] <= xyz[0], table[column] <= xyz[1]], ["X", "Y"], "Z")
    return table


def zone_shares(miles: pd.DataFrame, local: pd.Series, directions: int = 24) -> dict[tuple[str, str], pd.Series]:
    """In which zones a center's parcels to another center's region fall.

    Buyers live around their own center at the distances that the center's measured zones say, in every direction
    alike. Measuring from town to town instead would put them all on the other center's roof.

    Parameters
    ----------
    miles : DataFrame, centers by centers, distance.
    local : share of parcels by zone (index 2 to 8) where the nearest center ships; sums to 1.
    directions : how many directions stand for all.

    Returns
    -------
    dict: (center, region) -> Series, share by zone. A center's own region keeps ``local``.

    Raises
    ------
    ValueError if the table is not square by name, a zone is unknown, or the shares do not sum to 1.

    Two centers 600 miles apart with buyers next to them:

    >>> miles = pd.DataFrame([[0.0, 600.0], [600.0, 0.0]], ["A", "B"], ["A", "B"])
    >>> shares = zone_shares(miles, pd.Series({2: 1.0}))
    >>> shares["A", "A"].to_dict(), shares["A", "B"].round(2).to_dict()
    ({2: 1.0}, {4: 0.46, 5: 0.54})
    """
    if not miles.index.equals(miles.columns):
        raise ValueError("miles: rows and columns differ, expected the same centers in the same order")
    if not set(local.index) <= set(ZONE_MILES) or abs(numbers("local", local).sum() - 1) > 1e-9:
        raise ValueError(
            f"local: zones {list(local.index)} sum to {local.sum():g}, expected zones 2 to 8 that sum to 1"
        )
    positive(directions=directions)
    angle = np.linspace(0, 2 * np.pi, directions, endpoint=False)
    radius = local.index.map(ZONE_MILES).to_numpy(float)
    weight = np.repeat(local.to_numpy(float) / directions, directions)
    shares = {}
    for center in miles.index:
        for region in miles.columns:
            if center == region:
                shares[center, region] = local.astype(float)
                continue
            far = float(miles.loc[center, region])
            squares = far**2 + radius[:, None] ** 2 - 2 * far * radius[:, None] * np.cos(angle)
            zones = parcel_zone(np.sqrt(np.maximum(squares, 0)).ravel())
            shares[center, region] = pd.Series(weight).groupby(zones).sum()
    return shares


def _matching(parcel_usd: pd.DataFrame, regions: pd.Index) -> None:
    if not parcel_usd.columns.equals(regions):
        raise ValueError("parcel_usd: columns differ from the regions, expected the same in the same order")
    for region in parcel_usd:
        numbers(f"parcel_usd of {region}", parcel_usd[region])


def node_plans(
    units_a_day: pd.Series,
    parcel_usd: pd.DataFrame,
    *,
    units_per_order: float,
    unit_cost_usd: float,
    carrying_rate: float,
    node_usd: float,
    daily_cv: float,
    correlation: float,
    lead_time_mean_days: float,
    lead_time_sd_days: float,
    z: float,
) -> pd.DataFrame:
    """What every choice of centers for one item costs a year: parcels, safety stock, and keeping it in one more place.

    Each region is served by the cheapest center that keeps the item. Safety stock covers demand and lead time; regions
    pool what varies independently, not what they share and not the lead time. Stock between two receipts is left out:
    at a given number of days of cover it is the same for all.

    Parameters
    ----------
    units_a_day : demand by region, units.
    parcel_usd : DataFrame, centers by regions, USD an order.
    units_per_order : units of an order.
    unit_cost_usd : value of a unit in stock.
    carrying_rate : a year's cost of holding stock, fraction of its value.
    node_usd : USD a year for each center that keeps the item (freight in, appointments, a shelf).
    daily_cv : standard deviation of a region's day over its mean.
    correlation : of the regions' days, 0 to 1.
    lead_time_mean_days, lead_time_sd_days : days from order to available stock, at every center.
    z : safety factor.

    Returns
    -------
    DataFrame, a row per set of centers, cheapest first: ``centers`` (names, joined), ``count``, ``parcels_usd``,
    ``carrying_usd``, ``nodes_usd``, ``total_usd`` (USD a year) and ``safety_units``.

    Raises
    ------
    ValueError if the tables do not match, a number is negative, the correlation is not within 0 and 1, or there are
    more than 12 centers.

    Source: Eppen 1979 for pooling; safety stock as `fulfillment.formulas.SAFETY_STOCK`.

    >>> near = pd.DataFrame([[5.0, 7.0], [7.0, 5.0]], ["E", "W"], ["east", "west"])
    >>> plans = node_plans(pd.Series({"east": 10.0, "west": 10.0}), near, units_per_order=1, unit_cost_usd=20,
    ...                    carrying_rate=0.25, node_usd=500, daily_cv=0.5, correlation=0.0, lead_time_mean_days=9,
    ...                    lead_time_sd_days=0, z=2)
    >>> plans[["centers", "parcels_usd", "safety_units", "total_usd"]].round(1).values.tolist()[:2]
    [['E, W', 36500.0, 60.0, 37800.0], ['E', 43800.0, 42.4, 44512.1]]
    """
    demand = numbers("units_a_day", units_a_day)
    _matching(parcel_usd, units_a_day.index)
    positive(units_per_order=units_per_order)
    given = {"unit_cost_usd": unit_cost_usd, "carrying_rate": carrying_rate, "node_usd": node_usd, "daily_cv": daily_cv}
    for name, value in given.items():
        numbers(name, [value])
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation: {correlation}, expected 0 to 1")
    if not 1 <= len(parcel_usd) <= MOST_CENTERS:
        raise ValueError(f"parcel_usd: {len(parcel_usd)} centers, expected 1 to {MOST_CENTERS}, as every set is tried")
    rows = []
    for count in range(1, len(parcel_usd) + 1):
        for centers in combinations(parcel_usd.index, count):
            prices = parcel_usd.loc[list(centers)]
            server = prices.idxmin().to_numpy()
            served = pd.Series(demand).groupby(server)
            mean = served.sum()
            alone = served.agg(lambda of: float((of**2).sum()))
            sd = daily_cv * np.sqrt((1 - correlation) * alone + correlation * mean**2)
            safety = float(
                np.sum(
                    formulas.SAFETY_STOCK(
                        daily_demand_mean=mean.to_numpy(),
                        daily_demand_sd=sd.to_numpy(),
                        lead_time_mean_days=lead_time_mean_days,
                        lead_time_sd_days=lead_time_sd_days,
                        z=z,
                    )
                )
            )
            parcels = float(prices.min() @ demand) / units_per_order * DAYS_A_YEAR
            carrying = formulas.CARRYING_COST(inventory_usd=safety * unit_cost_usd, carrying_rate=carrying_rate)
            rows.append((", ".join(centers), count, parcels, carrying, node_usd * count, safety))
    columns = ["centers", "count", "parcels_usd", "carrying_usd", "nodes_usd", "safety_units"]
    plans = pd.DataFrame(rows, columns=columns)
    plans["total_usd"] = plans[["parcels_usd", "carrying_usd", "nodes_usd"]].sum(axis=1)
    return plans.sort_values("total_usd", kind="stable", ignore_index=True)


def split_cost(
    orders: pd.DataFrame, parcel_usd: pd.DataFrame, fast: Collection[str], slow: Collection[str], second_usd: float
) -> dict[str, float]:
    """What parcels cost when fast and slow items are kept in different centers.

    An order of one kind leaves from the cheapest center that keeps it. An order of both leaves from the cheapest center
    of its fast items; if that does not keep the slow ones, they follow in a second parcel.

    Parameters
    ----------
    orders : DataFrame, regions by ``fast``, ``slow``, ``mixed``: orders with fast items only, slow only, both.
    parcel_usd : DataFrame, centers by regions, USD a parcel.
    fast, slow : centers that keep the fast, and the slow items.
    second_usd : what a second parcel costs beside its transport: order fee, carton.

    Returns
    -------
    dict: ``first_usd`` (transport of first parcels), ``second_usd`` (transport and fees of second ones), ``total_usd``,
    ``splits`` (orders in two parcels).

    Raises
    ------
    ValueError if a column is missing, the regions do not match, or a center is unknown or none is given.

    >>> orders = pd.DataFrame({"fast": [80, 80], "slow": [10, 10], "mixed": [10, 10]}, ["east", "west"])
    >>> near = pd.DataFrame([[5.0, 7.0], [7.0, 5.0]], ["E", "W"], ["east", "west"])
    >>> split_cost(orders, near, fast=["E", "W"], slow=["E"], second_usd=3)
    {'first_usd': 1020.0, 'second_usd': 100.0, 'total_usd': 1120.0, 'splits': 10.0}
    """
    require("orders", orders, ["fast", "slow", "mixed"])
    _matching(parcel_usd, orders.index)
    for name, centers in {"fast": fast, "slow": slow}.items():
        if not centers or not set(centers) <= set(parcel_usd.index):
            raise ValueError(f"{name}: {sorted(centers)}, expected at least one of {list(parcel_usd.index)}")
        numbers(name, orders[name])
    numbers("mixed", orders["mixed"])
    near, far = parcel_usd.loc[list(fast)], parcel_usd.loc[list(slow)]
    first = near.min() @ (orders["fast"] + orders["mixed"]) + far.min() @ orders["slow"]
    apart = orders["mixed"].where(~near.idxmin().isin(slow), 0)
    second = (far.min() + second_usd) @ apart
    return {
        "first_usd": float(first),
        "second_usd": float(second),
        "total_usd": float(first + second),
        "splits": float(apart.sum()),
    }


def route_cost(
    goods_usd: float,
    freight_usd: float,
    duty_rate: float,
    *,
    fees_usd: float = 0,
    transit_days: float = 0,
    lead_time_mean_days: float,
    lead_time_sd_days: float,
    cover_days: float,
    daily_cv: float,
    z: float,
    margin_usd: float,
    carrying_rate: float,
    fade_rate: float = 0,
    markdown: float = 0,
) -> pd.Series:
    """What a unit costs by one route of supply once waiting, doubt and fashion are paid for.

    Parameters
    ----------
    goods_usd, freight_usd, fees_usd : USD a unit; duty is on the goods, as in the US.
    duty_rate : all duties together, fraction of the goods.
    transit_days : days that paid goods travel.
    lead_time_mean_days, lead_time_sd_days : from order to available stock.
    cover_days : days of demand that an order brings.
    daily_cv : standard deviation of a day's demand over its mean, days independent.
    z : safety factor.
    margin_usd : lost with each unit that is asked for and not there.
    carrying_rate : a year's cost of holding stock, fraction of its value.
    fade_rate : chance within a year that demand for the item ends.
    markdown : share of the landed cost lost on what is then in stock or under way.

    Returns
    -------
    Series, USD a unit sold: ``goods``, ``freight``, ``duty``, ``fees``, ``under way``, ``stock`` (cycle and safety),
    ``short``, ``fade`` and ``total``. No element depends on how many units are sold.

    Raises
    ------
    ValueError if a number is negative or ``cover_days`` is not above 0.

    Source: landed cost, safety stock and normal loss as in `fulfillment.formulas` and Silver, Pyke and Thomas, 4th ed.

    >>> sea = route_cost(10, 0.5, 0.2, transit_days=40, lead_time_mean_days=60, lead_time_sd_days=10, cover_days=60,
    ...                  daily_cv=0.5, z=2, margin_usd=10, carrying_rate=0.25)
    >>> sea[["duty", "under way", "stock", "total"]].round(2).to_dict()
    {'duty': 2.0, 'under way': 0.27, 'stock': 0.44, 'total': 13.23}
    """
    positive(cover_days=cover_days)
    rest = {
        "transit_days": transit_days,
        "margin_usd": margin_usd,
        "carrying_rate": carrying_rate,
        "fade_rate": fade_rate,
        "markdown": markdown,
    }
    for name, value in rest.items():
        numbers(name, [value])
    landed = landed_cost(goods=goods_usd, freight=freight_usd, duty_rate=duty_rate, fees=fees_usd)
    times = {"lead_time_mean_days": lead_time_mean_days, "lead_time_sd_days": lead_time_sd_days}
    days = formulas.SAFETY_STOCK(daily_demand_mean=1, daily_demand_sd=daily_cv, z=1, **times)  # of demand
    stock_days = formulas.AVERAGE_INVENTORY(order_quantity=cover_days, safety_stock_units=z * days)
    a_day = carrying_rate / DAYS_A_YEAR
    short_days = days * (stats.norm.pdf(z) - z * stats.norm.sf(z))
    parts = {
        "goods": goods_usd,
        "freight": freight_usd,
        "duty": goods_usd * duty_rate,
        "fees": fees_usd,
        "under way": goods_usd * a_day * transit_days,
        "stock": landed * a_day * stock_days,
        "short": margin_usd * short_days / cover_days,
        "fade": fade_rate * markdown * landed * (stock_days + transit_days) / DAYS_A_YEAR,
    }
    return pd.Series({**parts, "total": sum(parts.values())}, dtype=float)


def expiring_lot(
    order_usd: float,
    unit_usd: float,
    holding_usd: float,
    daily_mean: float,
    daily_sd: float,
    window_days: float,
    disposal_usd: float = 0,
    lot: float | None = None,
) -> dict[str, float]:
    """The lot that makes a sold unit cheapest, when what is not sold within a window is thrown away.

    Oldest stock leaves first. The window is what is left of the shelf life on arrival, less the life that a buyer is
    promised.

    Parameters
    ----------
    order_usd : USD of an order, whatever its size.
    unit_usd : landed cost of a unit.
    holding_usd : USD to hold a unit for a day.
    daily_mean, daily_sd : units a day, days independent.
    window_days : days in which the lot may be sold.
    disposal_usd : USD to get rid of a unit.
    lot : units to evaluate; the best whole lot by default.

    Returns
    -------
    dict: ``lot``, ``sold`` and ``expired`` (units, expected), ``expired_share`` (of the lot), ``usd_per_sold_unit``.

    Raises
    ------
    ValueError if a value is not above 0, or ``disposal_usd`` is negative.

    Source: newsvendor over the window, with the holding cost of the economic order quantity. With a long window the
    lot is that quantity.

    >>> plan = expiring_lot(400, 10, 0.01, daily_mean=8, daily_sd=4, window_days=60)
    >>> {name: round(value, 2) for name, value in plan.items()}
    {'lot': 432.0, 'sold': 431.19, 'expired': 0.81, 'expired_share': 0.0, 'usd_per_sold_unit': 11.22}
    >>> round(expiring_lot(400, 10, 0.01, 8, 4, window_days=60, lot=700)["expired_share"], 2)
    0.31
    """
    positive(order_usd=order_usd, unit_usd=unit_usd, holding_usd=holding_usd)
    positive(daily_mean=daily_mean, daily_sd=daily_sd, window_days=window_days)
    numbers("disposal_usd", [disposal_usd])
    mean, sd = daily_mean * window_days, daily_sd * window_days**0.5

    def plan(size: float) -> dict[str, float]:
        over = size - mean + inventory.normal_loss(size, mean, sd)
        sold = size - over
        held = (size + over) / 2 * sold / daily_mean
        cost = order_usd + unit_usd * size + disposal_usd * over + holding_usd * held
        parts = {"lot": size, "sold": sold, "expired": over, "expired_share": over / size}
        return {**parts, "usd_per_sold_unit": cost / sold}

    if lot is not None:
        positive(lot=lot)
        return plan(float(lot))
    most = mean + 6 * sd
    best = optimize.minimize_scalar(
        lambda size: plan(size)["usd_per_sold_unit"], bounds=(most * 1e-4, most), method="bounded"
    )
    whole = [size for size in (float(np.floor(best.x)), float(np.ceil(best.x))) if size]
    return min(map(plan, whole), key=lambda lot: lot["usd_per_sold_unit"])
