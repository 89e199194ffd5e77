"""A supply chain for a category: which items need what, where they are kept, how they come in, how long they may wait."""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from fulfillment import arguments as arg
from fulfillment import formulas
from fulfillment.freight.rating import parcel_zone
from fulfillment.planning import inventory
from fulfillment.procurement.purchase_cost import landed_cost

DAYS_A_YEAR = 365
#: Miles that stand for a parcel zone: the middle of its band, and 2000 for the open one.
ZONE_MILES = {2: 75, 3: 225, 4: 450, 5: 800, 6: 1200, 7: 1600, 8: 2000}
MAX_CENTERS = 12


@arg.takes(
    counts=arg.matrix(0, keyed=False),
    value_usd=arg.by_name(0),
    abc=arg.each(arg.amount(), 2),
    xyz=arg.each(arg.amount(), 2),
)
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
    if not value_usd.sum() > 0:
        raise ValueError("value_usd: 0 in all, expected more than 0")
    for name, limits in {"abc": abc, "xyz": xyz}.items():
        if not 0 < limits[0] < limits[1]:
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


@arg.takes(miles=arg.matrix(0), local=arg.by_name(0), directions=arg.count(1, 100_000))
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
    if not set(local.index) <= set(ZONE_MILES) or abs(local.sum() - 1) > 1e-9:
        raise ValueError(
            f"local: zones {list(local.index)} sum to {local.sum():g}, expected zones 2 to 8 that sum to 1"
        )
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


def _check_regions(parcel_usd: pd.DataFrame, regions: pd.Index) -> None:
    if not parcel_usd.columns.equals(regions):
        raise ValueError("parcel_usd: columns differ from the regions, expected the same in the same order")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockingTerms:
    """What keeping an item in one more center costs, and how its demand and supply vary."""

    units_per_order: float
    unit_cost_usd: float
    """Value of a unit in stock."""
    carrying_rate: float
    """A year's cost of holding stock, fraction of its value."""
    node_usd: float
    """USD a year for each center that keeps the item: freight in, appointments, a shelf."""
    daily_cv: float
    """Standard deviation of a region's daily demand over its mean."""
    correlation: float
    """Of the regions' days, 0 to 1."""
    lead_time_mean_days: float
    """From order to available stock, at every center."""
    lead_time_sd_days: float
    z: float
    """Safety factor."""

    def __post_init__(self) -> None:
        costs = ("unit_cost_usd", "carrying_rate", "node_usd", "daily_cv", "lead_time_mean_days", "lead_time_sd_days")
        arg.fields(
            self,
            units_per_order=arg.amount(arg.ABOVE_0),
            **dict.fromkeys(costs, arg.amount(0)),
            correlation=arg.share,
            z=arg.amount(-6, 6),
        )

    def safety_units(self, units_a_day: np.ndarray, server: np.ndarray) -> float:
        """Safety stock of all centers, where ``server`` says which one serves each region of ``units_a_day``."""
        served = pd.Series(units_a_day).groupby(server)
        mean, squares = served.sum(), served.agg(lambda regions: float((regions**2).sum()))
        sd = self.daily_cv * np.sqrt((1 - self.correlation) * squares + self.correlation * mean**2)
        units = formulas.SAFETY_STOCK(
            daily_demand_mean=mean.to_numpy(),
            daily_demand_sd=sd.to_numpy(),
            lead_time_mean_days=self.lead_time_mean_days,
            lead_time_sd_days=self.lead_time_sd_days,
            z=self.z,
        )
        return float(np.sum(units))


@arg.takes(units_a_day=arg.by_name(0), parcel_usd=arg.matrix(0), terms=arg.a(StockingTerms))
def node_plans(units_a_day: pd.Series, parcel_usd: pd.DataFrame, terms: StockingTerms) -> pd.DataFrame:
    """What every choice of centers for one item costs a year: parcels, safety stock, and keeping it in one more place.

    Each region is served by the cheapest center that keeps the item. Safety stock covers demand and lead time; regions
    pool what varies independently, not what they share and not the lead time. Stock between two receipts is left out:
    at a given number of days of cover it is the same for all.

    Parameters
    ----------
    units_a_day : demand by region, units.
    parcel_usd : DataFrame, centers by regions, USD an order.
    terms : of the item.

    Returns
    -------
    DataFrame, a row per set of centers, cheapest first: ``centers`` (names, joined), ``count``, ``parcels_usd``,
    ``carrying_usd``, ``nodes_usd``, ``total_usd`` (USD a year) and ``safety_units``.

    Raises
    ------
    ValueError if the tables do not match, a number is negative, or there are more than 12 centers.

    Source: Eppen 1979 for pooling; safety stock as `fulfillment.formulas.SAFETY_STOCK`.

    >>> near = pd.DataFrame([[5.0, 7.0], [7.0, 5.0]], ["E", "W"], ["east", "west"])
    >>> terms = StockingTerms(units_per_order=1, unit_cost_usd=20, carrying_rate=0.25, node_usd=500, daily_cv=0.5,
    ...                       correlation=0.0, lead_time_mean_days=9, lead_time_sd_days=0, z=2)
    >>> plans = node_plans(pd.Series({"east": 10.0, "west": 10.0}), near, terms)
    >>> plans[["centers", "parcels_usd", "safety_units", "total_usd"]].round(1).values.tolist()[:2]
    [['E, W', 36500.0, 60.0, 37800.0], ['E', 43800.0, 42.4, 44512.1]]
    """
    demand = units_a_day.to_numpy(float)
    _check_regions(parcel_usd, units_a_day.index)
    if not 1 <= len(parcel_usd) <= MAX_CENTERS:
        raise ValueError(f"parcel_usd: {len(parcel_usd)} centers, expected 1 to {MAX_CENTERS}, as every set is tried")
    rows = []
    for count in range(1, len(parcel_usd) + 1):
        for centers in combinations(parcel_usd.index, count):
            prices = parcel_usd.loc[list(centers)]
            safety = terms.safety_units(demand, prices.idxmin().to_numpy())
            parcels = float(prices.min() @ demand) / terms.units_per_order * DAYS_A_YEAR
            carrying = formulas.CARRYING_COST(
                inventory_usd=safety * terms.unit_cost_usd, carrying_rate=terms.carrying_rate
            )
            rows.append((", ".join(centers), count, parcels, carrying, terms.node_usd * count, safety))
    columns = ["centers", "count", "parcels_usd", "carrying_usd", "nodes_usd", "safety_units"]
    plans = pd.DataFrame(rows, columns=columns)
    plans["total_usd"] = plans[["parcels_usd", "carrying_usd", "nodes_usd"]].sum(axis=1)
    return plans.sort_values("total_usd", kind="stable", ignore_index=True)


@dataclass(frozen=True, slots=True)
class SplitCost:
    """What parcels cost where some orders leave in two."""

    first_usd: float
    """Transport of first parcels."""
    second_usd: float
    """Transport and fees of second parcels."""
    split_orders: float
    """Orders in two parcels."""

    @property
    def total_usd(self) -> float:
        """Both together."""
        return self.first_usd + self.second_usd


@arg.takes(
    orders=arg.table(dict.fromkeys(["fast", "slow", "mixed"], arg.amounts(0)), keyed=True),
    parcel_usd=arg.matrix(0),
    fast=arg.labels,
    slow=arg.labels,
    second_usd=arg.amount(0),
)
def split_cost(
    orders: pd.DataFrame, parcel_usd: pd.DataFrame, fast: Collection[str], slow: Collection[str], second_usd: float
) -> SplitCost:
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
    SplitCost.

    Raises
    ------
    ValueError if a column is missing, the regions do not match, or a center is unknown or none is given.

    >>> orders = pd.DataFrame({"fast": [80, 80], "slow": [10, 10], "mixed": [10, 10]}, ["east", "west"])
    >>> near = pd.DataFrame([[5.0, 7.0], [7.0, 5.0]], ["E", "W"], ["east", "west"])
    >>> split_cost(orders, near, fast=["E", "W"], slow=["E"], second_usd=3)
    SplitCost(first_usd=1020.0, second_usd=100.0, split_orders=10.0)
    """
    _check_regions(parcel_usd, orders.index)
    for name, centers in {"fast": fast, "slow": slow}.items():
        if not centers or not set(centers) <= set(parcel_usd.index):
            raise ValueError(f"{name}: {sorted(centers)}, expected at least one of {list(parcel_usd.index)}")
    near, far = parcel_usd.loc[list(fast)], parcel_usd.loc[list(slow)]
    first = near.min() @ (orders["fast"] + orders["mixed"]) + far.min() @ orders["slow"]
    apart = orders["mixed"].where(~near.idxmin().isin(slow), 0)
    second = (far.min() + second_usd) @ apart
    return SplitCost(float(first), float(second), float(apart.sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRoute:
    """How an item is bought and brought in, and what waiting for it risks. USD are of a unit."""

    goods_usd: float
    freight_usd: float
    duty_rate: float
    """All duties together, fraction of the goods, as in the US."""
    fees_usd: float = 0
    transit_days: float = 0
    """Days that paid goods travel."""
    lead_time_mean_days: float
    """From order to available stock."""
    lead_time_sd_days: float
    cover_days: float
    """Days of demand that an order brings."""
    daily_cv: float
    """Standard deviation of a day's demand over its mean, days independent."""
    z: float
    """Safety factor."""
    margin_usd: float
    """Lost with each unit that is asked for and not there."""
    carrying_rate: float
    """A year's cost of holding stock, fraction of its value."""
    obsolescence_rate: float = 0
    """Chance within a year that demand for the item ends."""
    markdown: float = 0
    """Share of the landed cost lost on what is then in stock or in transit."""

    def __post_init__(self) -> None:
        gates = dict.fromkeys([one.name for one in dataclasses.fields(self)], arg.amount(0))
        arg.fields(self, **gates | {"cover_days": arg.amount(arg.ABOVE_0), "z": arg.amount(-6, 6)})


@arg.takes(route=arg.a(SupplyRoute))
def route_cost(route: SupplyRoute) -> pd.Series:
    """What a unit costs by one route of supply once waiting, doubt and fashion are paid for.

    Returns
    -------
    Series, USD a unit sold: ``goods``, ``freight``, ``duty``, ``fees``, ``in transit``, ``stock`` (cycle and safety),
    ``stockout``, ``obsolescence`` and ``total``. No element depends on how many units are sold.

    Source: landed cost, safety stock and normal loss as in `fulfillment.formulas` and Silver, Pyke and Thomas, 4th ed.

    >>> sea = SupplyRoute(goods_usd=10, freight_usd=0.5, duty_rate=0.2, transit_days=40, lead_time_mean_days=60,
    ...                   lead_time_sd_days=10, cover_days=60, daily_cv=0.5, z=2, margin_usd=10, carrying_rate=0.25)
    >>> route_cost(sea)[["duty", "in transit", "stock", "total"]].round(2).to_dict()
    {'duty': 2.0, 'in transit': 0.27, 'stock': 0.44, 'total': 13.23}
    """
    landed = landed_cost(
        goods=route.goods_usd, freight=route.freight_usd, duty_rate=route.duty_rate, fees=route.fees_usd
    )
    safety_days = formulas.SAFETY_STOCK(  # of demand, at a safety factor of 1
        daily_demand_mean=1,
        daily_demand_sd=route.daily_cv,
        lead_time_mean_days=route.lead_time_mean_days,
        lead_time_sd_days=route.lead_time_sd_days,
        z=1,
    )
    stock_days = formulas.AVERAGE_INVENTORY(order_quantity=route.cover_days, safety_stock_units=route.z * safety_days)
    daily_rate = route.carrying_rate / DAYS_A_YEAR
    short_days = safety_days * (stats.norm.pdf(route.z) - route.z * stats.norm.sf(route.z))
    at_risk = landed * (stock_days + route.transit_days) / DAYS_A_YEAR
    parts = {
        "goods": route.goods_usd,
        "freight": route.freight_usd,
        "duty": route.goods_usd * route.duty_rate,
        "fees": route.fees_usd,
        "in transit": route.goods_usd * daily_rate * route.transit_days,
        "stock": landed * daily_rate * stock_days,
        "stockout": route.margin_usd * short_days / route.cover_days,
        "obsolescence": route.obsolescence_rate * route.markdown * at_risk,
    }
    return pd.Series({**parts, "total": sum(parts.values())}, dtype=float)


@dataclass(frozen=True, slots=True)
class DatedItem:
    """An item with a shelf life: what a lot of it costs, and how it sells while it may be sold."""

    order_cost_usd: float
    """USD of an order, whatever its size."""
    unit_cost_usd: float
    """Landed cost of a unit."""
    holding_cost_usd: float
    """USD to hold a unit for a day."""
    daily_mean: float
    """Units a day, days independent."""
    daily_sd: float
    window_days: float
    """Days in which a lot may be sold: shelf life left on arrival, less the life that a buyer is promised."""
    disposal_cost_usd: float = 0
    """USD to get rid of a unit."""

    def __post_init__(self) -> None:
        above = ("order_cost_usd", "unit_cost_usd", "holding_cost_usd", "daily_mean", "daily_sd", "window_days")
        arg.fields(self, **dict.fromkeys(above, arg.amount(arg.ABOVE_0)), disposal_cost_usd=arg.amount(0))


@dataclass(frozen=True, slots=True)
class ExpiringLot:
    """What becomes of a lot, on average, in units, and what a sold unit costs."""

    lot: float
    sold: float
    expired: float
    usd_per_sold_unit: float

    @property
    def expired_share(self) -> float:
        """Of the lot, the fraction that expires."""
        return self.expired / self.lot


@arg.takes(item=arg.a(DatedItem), lot=arg.amount(arg.ABOVE_0))
def expiring_lot(item: DatedItem, lot: float | None = None) -> ExpiringLot:
    """The lot that makes a sold unit cheapest, when what is not sold within a window is thrown away.

    Oldest stock leaves first.

    Parameters
    ----------
    item : its costs, demand and window.
    lot : units to evaluate; the best whole lot by default.

    Raises
    ------
    ValueError if ``lot`` is not above 0.

    Source: newsvendor over the window, with the holding cost of the economic order quantity. With a long window the
    lot is that quantity.

    >>> item = DatedItem(400, 10, 0.01, daily_mean=8, daily_sd=4, window_days=60)
    >>> best = expiring_lot(item)
    >>> best.lot, round(best.sold, 2), round(best.expired, 2), round(best.usd_per_sold_unit, 2)
    (432.0, 431.19, 0.81, 11.22)
    >>> round(expiring_lot(item, lot=700).expired_share, 2)
    0.31
    """
    if lot is not None:
        return _lot_result(item, float(lot))
    most = item.daily_mean * item.window_days + 6 * item.daily_sd * item.window_days**0.5
    best = optimize.minimize_scalar(
        lambda size: _lot_result(item, size).usd_per_sold_unit, bounds=(most * 1e-4, most), method="bounded"
    )
    whole = [size for size in (float(np.floor(best.x)), float(np.ceil(best.x))) if size]
    return min((_lot_result(item, size) for size in whole), key=lambda result: result.usd_per_sold_unit)


def _lot_result(item: DatedItem, size: float) -> ExpiringLot:
    mean, sd = item.daily_mean * item.window_days, item.daily_sd * item.window_days**0.5
    over = size - mean + inventory.normal_loss(size, mean, sd)
    sold = size - over
    held_days = (size + over) / 2 * sold / item.daily_mean
    cost = item.order_cost_usd + item.unit_cost_usd * size
    cost += item.disposal_cost_usd * over + item.holding_cost_usd * held_days
    return ExpiringLot(size, sold, over, cost / sold)
