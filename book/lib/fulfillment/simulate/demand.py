"""Demand: the calendar, who sells what, and the orders as buyers place them."""

import numpy as np
import pandas as pd

from fulfillment.calendar import business_day_deadline
from fulfillment.data import fact, peak_demand
from fulfillment.simulate.program import CARRIERS, CENTER_IDS, CENTERS, DAYS, ORDERS, sample, stream

SOURCES = fact("mkt.us.creator_split_h1_2025")["value"]  # shares of sales value taken as shares of orders
WEEKDAYS = np.array([1.10, 1.02, 1.00, 0.98, 0.94, 0.92, 1.04])  # Monday first; invented
GROWTH = 1.30  # orders in the last week over the first, without events; invented
#: Share of an event's extra sales value that comes as extra orders; the rest as larger orders. invented
ORDERS_IN_EVENT_VALUE = 0.75
#: First day, last day, orders as a multiple of an ordinary day, name. invented unless read from a fact
SEASONS = [
    ("2025-07-08", "2025-07-11", 1.35, "July deals"),
    ("2025-11-17", "2025-11-23", 1.10, "Early holiday offers"),
    ("2025-11-24", "2025-11-26", 1.35, "Run-up to Cyber Week"),
    ("2025-12-02", "2025-12-07", 1 + peak_demand("peak.us.parcels_first_week_december_2025") / 100, "Early December"),
    ("2025-12-08", "2025-12-14", 1.25, "Second week of December"),
    ("2025-12-15", "2025-12-19", 1.10, "Last days to ship"),
    ("2025-12-20", "2025-12-31", 0.82, "Holidays"),
    ("2026-01-01", "2026-01-31", 0.92, "January"),
]
#: Cyber Week: the day's US online sales over the mean day of November and December.
CYBER_WEEK = {
    "2025-11-27": "peak.us.thanksgiving_2025",
    "2025-11-28": "peak.us.black_friday_2025",
    "2025-11-29": "peak.us.weekend_saturday_2025",
    "2025-11-30": "peak.us.weekend_sunday_2025",
    "2025-12-01": "peak.us.cyber_monday_2025",
}
TREND = GROWTH ** (np.arange(len(DAYS)) / len(DAYS))
LIVE_SPIKES = 10  # days on which one live stream takes off; invented
LIVE_SPIKE = 3.0  # live orders on such a day over an ordinary one; invented
#: Planted: a campaign of which procurement was not told. First day, last day, orders over an ordinary day's. invented
SURPRISE = ("2026-04-14", "2026-04-17", 1.45)
#: Planted: an unscheduled video sells one item in one center's region. First day, orders of the days from it. invented
VIRAL = ("2026-02-24", (14, 34, 24, 12, 6))
VIRAL_SKU, VIRAL_CENTER = "K0033", "FC2"
HOURS = np.array([3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 6, 5, 5, 5, 6, 7, 8, 9, 9, 7, 5])  # weight by hour; invented
UNITS = {1: 0.76, 2: 0.15, 3: 0.06, 4: 0.03}  # share of orders; invented
UNIT_VALUE_USD = (34.0, 0.6)  # median and log standard deviation; invented
ZONES = {2: 0.235, 3: 0.26, 4: 0.27, 5: 0.15, 6: 0.045, 7: 0.025, 8: 0.015}  # from the nearest center; invented

# Sellers and items

#: How many sellers, items of each, and centers that keep them. invented
TIERS = {"large": (15, 8, 6), "mid": (45, 4, 3), "small": (90, 2, 1)}
#: Median length, width, height (in), weight (lb). invented
CATEGORIES = {
    "beauty": (5.5, 2.6, 1.8, 0.6),
    "home": (9.0, 6.5, 3.6, 2.6),
    "apparel": (10.0, 7.5, 1.0, 1.0),
    "health": (4.5, 2.8, 2.6, 0.9),
    "electronics": (6.0, 4.0, 2.0, 1.3),
    "toys": (8.0, 6.0, 2.8, 1.7),
}
COST_SHARE = (0.45, 0.65)  # a unit's cost over its price; invented
FIRST = [
    "Alder",
    "Birch",
    "Cedar",
    "Dune",
    "Ember",
    "Fjord",
    "Gable",
    "Harbor",
    "Iris",
    "Juniper",
    "Kestrel",
    "Linden",
    "Maple",
    "Nova",
    "Opal",
]
SECOND = ["Attic", "Bazaar", "Crate", "Depot", "Emporium", "Forge", "Garden", "House", "Isle", "Junction"]
THINGS = {
    "beauty": ("serum", "lip balm", "hair oil", "face mask", "brush set"),
    "home": ("storage bin", "lamp", "cushion", "kettle", "organizer"),
    "apparel": ("hoodie", "leggings", "socks", "cap", "shirt"),
    "health": ("vitamins", "massage ball", "tea", "patches", "bottle"),
    "electronics": ("earbuds", "power bank", "light strip", "charger", "speaker"),
    "toys": ("puzzle", "plush", "blocks", "card game", "slime kit"),
}
REGULATED = ("power bank", "earbuds", "speaker", "hair oil")  # lithium batteries and flammable liquids


def sellers() -> pd.DataFrame:
    """Sellers by expected sales, with ``weight`` (relative orders) and ``centers`` (ids that keep their items)."""
    rng = stream("sellers")
    shares = np.array([center.share for center in CENTERS])
    rows = []
    for tier, (size, _, places) in TIERS.items():
        for _ in range(size):
            n = len(rows) + 1
            kept = sorted(rng.choice(CENTER_IDS, places, replace=False, p=shares / shares.sum()))
            category = rng.choice(list(CATEGORIES))
            joined = DAYS[0] - pd.Timedelta(days=int(rng.integers(30, 800)))
            name = f"{FIRST[(n - 1) % len(FIRST)]} {SECOND[(n - 1) // len(FIRST)]}"
            rows.append((f"S{n:03}", name, category, tier, joined, 1 / (n + 5), kept))
    columns = ["seller_id", "name", "category", "tier", "joined_on", "weight", "centers"]
    return pd.DataFrame(rows, columns=columns)


def skus(sellers: pd.DataFrame) -> pd.DataFrame:
    """Items of each seller, best seller first, with ``rank`` (from 1) and ``popularity`` (share of the seller)."""
    rng = stream("skus")
    items = sellers.loc[sellers.index.repeat(sellers["tier"].map({tier: row[1] for tier, row in TIERS.items()}))]
    items = items[["seller_id", "category"]].reset_index(drop=True)
    items["rank"] = items.groupby("seller_id").cumcount() + 1
    items["popularity"] = 1 / items["rank"]
    items["popularity"] /= items.groupby("seller_id")["popularity"].transform("sum")
    items.insert(0, "sku_id", [f"K{n:04}" for n in range(1, len(items) + 1)])
    typical = np.array([CATEGORIES[category] for category in items["category"]])
    sides = typical[:, :3] * np.exp(rng.normal(0, 0.2, (len(items), 3)))
    sides = np.sort(sides, axis=1)[:, ::-1].clip(0.5, 18)
    items[["length_in", "width_in", "height_in"]] = sides.round(1)
    items["weight_lb"] = (typical[:, 3] * np.exp(rng.normal(0, 0.4, len(items)))).clip(0.05, 20).round(2)
    median, spread = UNIT_VALUE_USD
    items["price_usd"] = (median * np.exp(rng.normal(0, spread, len(items)))).clip(8, 240).round(2)
    items["unit_cost_usd"] = (items["price_usd"] * rng.uniform(*COST_SHARE, len(items))).round(2)
    turn = items["rank"] + items["seller_id"].str[1:].astype(int)
    things = [THINGS[category][n % 5] for category, n in zip(items["category"], turn, strict=True)]
    items["hazmat"] = np.isin(things, REGULATED)
    items["name"] = [
        f"{thing} {number}" for thing, number in zip(things, rng.integers(100, 999, len(items)), strict=True)
    ]
    return items


def calendar() -> pd.DataFrame:
    """Expected orders a day by source, the day's value of an order over an ordinary day's, and what was planned.

    Returns
    -------
    DataFrame, one row a day: ``video``, ``live``, ``product_card`` (orders; ``ORDERS`` in all), ``value_factor``,
    ``planned`` (orders, without live streams that take off and without the surprise), ``spike`` (a live stream takes
    off).
    """
    orders = pd.Series(TREND * WEEKDAYS[DAYS.day_of_week], DAYS)
    value_factor = pd.Series(1.0, DAYS)
    for first, last, factor, _ in SEASONS:
        orders[first:last] *= factor
    mean_day = peak_demand("peak.us.season_2025") / 61
    for day, name in CYBER_WEEK.items():
        value = peak_demand(name) / mean_day
        more = 1 + ORDERS_IN_EVENT_VALUE * (value - 1)
        orders[day] *= more
        value_factor[day] = value / more
    actual = orders.copy()
    first, last, factor = SURPRISE
    actual[first:last] *= factor
    table = pd.DataFrame({source: actual * share for source, share in SOURCES.items()})
    spikes = stream("live streams").choice(DAYS.drop(pd.date_range(first, last)), LIVE_SPIKES, replace=False)
    table.loc[spikes, "live"] *= LIVE_SPIKE
    scale = ORDERS / table.to_numpy().sum()
    return (table * scale).assign(value_factor=value_factor, planned=orders * scale, spike=DAYS.isin(spikes))


def campaigns(calendar: pd.DataFrame) -> pd.DataFrame:
    """The marketing calendar: every season, live stream and campaign, and when procurement heard of it."""
    rows = [(first, last, name, "season", "category management", factor, 75) for first, last, factor, name in SEASONS]
    rows[0] = (*rows[0][:3], "platform event", "marketing", rows[0][5], 60)
    rows.append((min(CYBER_WEEK), max(CYBER_WEEK), "Cyber Week", "platform event", "marketing", 1.9, 90))
    for day in calendar.index[calendar["spike"]]:
        rows.append((day, day, "Live stream of a leading creator", "live stream", "creators", 1.3, 4))
    first, last, _ = SURPRISE
    rows.append((first, last, "Spring favorites", "seller campaign", "creators", None, None))
    table = pd.DataFrame(rows, columns=["starts_on", "ends_on", "name", "kind", "owner", "planned_uplift", "days"])
    table[["starts_on", "ends_on"]] = table[["starts_on", "ends_on"]].apply(pd.to_datetime)
    table["told_procurement_on"] = table["starts_on"] - pd.to_timedelta(table["days"], unit="D")
    table = table.sort_values("starts_on", kind="stable", ignore_index=True)
    table["planned_uplift"] = table["planned_uplift"].astype(float).round(2)
    return table.assign(campaign_id=[f"M{n:02}" for n in range(1, len(table) + 1)])


def seller_shares(sellers: pd.DataFrame) -> pd.DataFrame:
    """Share of each seller in the orders nearest to each center: sellers that keep their items there, by weight."""
    kept = pd.DataFrame({center: sellers["centers"].map(lambda kept, c=center: c in kept) for center in CENTER_IDS})
    weights = kept.mul(sellers["weight"], axis=0).set_axis(sellers["seller_id"])
    return weights / weights.sum()


def place_orders(
    sellers: pd.DataFrame, skus: pd.DataFrame, calendar: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The orders as buyers place them, with the nearest center that keeps the seller's items, and their lines.

    Returns
    -------
    two DataFrames: orders in order of time, and their lines.
    """
    rng = stream("orders")
    counts = rng.poisson(calendar[list(SOURCES)])
    day = np.repeat(np.arange(len(DAYS)), counts.sum(axis=1))
    source = np.repeat(np.tile(list(SOURCES), len(DAYS)), counts.ravel())
    first, viral = VIRAL
    burst = np.repeat(np.arange(len(viral)), viral) + (pd.Timestamp(first) - DAYS[0]).days
    day, source = np.concatenate([day, burst]), np.concatenate([source, np.repeat("video", len(burst))])
    size = len(day)
    is_viral = np.arange(size) >= size - len(burst)
    center = sample(rng, {center.center_id: center.share for center in CENTERS}, size)
    center[is_viral] = VIRAL_CENTER
    minute = 60 * sample(rng, dict(enumerate(HOURS)), size) + rng.integers(60, size=size)
    orders = pd.DataFrame(
        {
            "ordered_at": DAYS[day] + pd.to_timedelta(minute, unit="min"),
            "center_id": center,
            "carrier_id": sample(rng, {carrier.carrier_id: carrier.share for carrier in CARRIERS}, size),
            "source": source,
            "units": np.where(is_viral, 1, sample(rng, UNITS, size)),
            "zone": sample(rng, ZONES, size),
            "value_factor": calendar["value_factor"].to_numpy()[day],
            "viral": is_viral,
        }
    )
    for center_id, shares in seller_shares(sellers).items():
        near = orders["center_id"] == center_id
        orders.loc[near, "seller_id"] = sample(rng, shares.to_dict(), near.sum())
    orders.loc[is_viral, "seller_id"] = skus.set_index("sku_id").loc[VIRAL_SKU, "seller_id"]
    orders = orders.sort_values("ordered_at", kind="stable", ignore_index=True)
    orders.insert(0, "order_id", [f"O{n:06}" for n in range(1, size + 1)])
    orders["dispatch_due_at"] = business_day_deadline(orders["ordered_at"], fact("us.dispatch_sla")["value"])
    orders["deliver_by"] = business_day_deadline(orders["ordered_at"], fact("us.deliver_by_sla")["value"])
    lines = order_lines(rng, orders, skus)
    orders["lines"] = lines.groupby("order").size()
    orders["value_usd"] = (lines["units"] * lines["unit_price_usd"]).groupby(lines["order"]).sum().round(2)
    return orders, lines


def order_lines(rng: np.random.Generator, orders: pd.DataFrame, skus: pd.DataFrame) -> pd.DataFrame:
    """The lines of the orders: different items of the order's seller, by popularity; the first takes spare units.

    Returns
    -------
    DataFrame, one row a line, in order of the orders: ``order`` (position in ``orders``), ``line_number``, ``sku_id``,
    ``units``, ``unit_price_usd``.
    """
    chance = skus.pivot(index="seller_id", columns="rank", values="popularity")
    names = skus.pivot(index="seller_id", columns="rank", values="sku_id").loc[orders["seller_id"]].to_numpy()
    keys = np.log(chance.loc[orders["seller_id"]].to_numpy()) + rng.gumbel(size=names.shape)
    keys[orders["viral"].to_numpy()[:, None] & (names == VIRAL_SKU)] = np.inf
    best = np.argsort(-np.nan_to_num(keys, nan=-np.inf), axis=1, kind="stable")
    units = orders["units"].to_numpy()
    wanted = np.minimum(rng.integers(1, units + 1), chance.notna().sum(axis=1).loc[orders["seller_id"]].to_numpy())
    order = np.repeat(np.arange(len(orders)), wanted)
    number = np.arange(len(order)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    lines = pd.DataFrame({"order": order, "line_number": number + 1, "sku_id": names[order, best[order, number]]})
    lines["units"] = np.where(number == 0, (units - wanted + 1)[order], 1)
    price = lines["sku_id"].map(skus.set_index("sku_id")["price_usd"]).to_numpy()
    paid = price * orders["value_factor"].to_numpy()[order] * np.exp(rng.normal(0, 0.05, len(order)))
    return lines.assign(unit_price_usd=paid.round(2))
