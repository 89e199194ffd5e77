"""The synthetic fulfillment program: ``python -m fulfillment.simulate`` writes ``data/network``, always the same bytes.

A marketplace buys fulfillment for a US program from operators of centers and from carriers. Orders meet a center's
daily capacity first come, first served; lateness follows from the queue and from rare incidents, it is not painted on.
One modeled order stands for ``ORDERS_PER_MODELED_ORDER`` national ones; commitments and labor hours are scaled alike.

Every company here is invented. A parameter names the fact that anchors it, or is marked ``invented``. Times are Pacific
time on a clock without daylight-saving jumps.
"""

import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fulfillment.data import NETWORK, TABLES, fact, path, peak_demand, typed
from fulfillment.kpis import BUSINESS_DAYS, END_OF_DAY, business_day_deadline, week_of

SEED = 256  # with it, the noise of the year shows the planted findings of data/README.md
ORDERS = 60_000  # expected orders of the year; invented scale
ORDERS_PER_MODELED_ORDER = 300  # about 49,000 orders a day nationally; invented
START, END = pd.Timestamp("2025-07-01"), pd.Timestamp("2026-06-30")
AS_OF = END + END_OF_DAY  # the tables are what was known at this minute
DAYS = pd.date_range(START, END)

# Demand

SOURCES = fact("mkt.us.creator_split_h1_2025")["value"]  # shares of sales value taken as shares of orders
WEEKDAYS = np.array([1.10, 1.02, 1.00, 0.98, 0.94, 0.92, 1.04])  # Monday first; invented
GROWTH = 1.30  # orders in the last week over the first, without events; invented
#: Share of an event's extra sales value that comes as extra orders; the rest as larger orders. invented
ORDERS_IN_EVENT_VALUE = 0.75
#: First day, last day, orders as a multiple of an ordinary day. invented unless read from a fact
SEASONS = [
    ("2025-07-08", "2025-07-11", 1.35),  # mid-July event; invented
    ("2025-11-17", "2025-11-23", 1.10),  # early holiday offers; invented
    ("2025-11-24", "2025-11-26", 1.35),  # invented
    ("2025-12-02", "2025-12-07", 1 + peak_demand("peak.us.parcels_first_week_december_2025") / 100),
    ("2025-12-08", "2025-12-14", 1.25),  # invented
    ("2025-12-15", "2025-12-19", 1.10),  # invented
    ("2025-12-20", "2025-12-31", 0.82),  # invented
    ("2026-01-01", "2026-01-31", 0.92),  # invented
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
HOURS = np.array([3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 6, 5, 5, 5, 6, 7, 8, 9, 9, 7, 5])  # weight by hour; invented
SELLERS = 150  # invented
UNITS = {1: 0.76, 2: 0.15, 3: 0.06, 4: 0.03}  # share of orders; invented
UNIT_VALUE_USD = (18.0, 0.6)  # median and log standard deviation; invented
ZONES = {2: 0.23, 3: 0.25, 4: 0.26, 5: 0.16, 6: 0.05, 7: 0.03, 8: 0.02}  # share of orders; invented

# Partners

OPERATORS = [
    ("OP0", "The platform itself", "platform"),
    ("OP1", "Quenbridge Fulfillment", "3PL"),
    ("OP2", "Ostrelle Logistics", "3PL"),
    ("OP3", "Marrowfield 3PL", "3PL"),
]


@dataclass(frozen=True)
class Center:
    """A fulfillment center, its share of the program's orders and what it was bought for. All invented."""

    center_id: str
    name: str
    operator_id: str
    city: str
    state: str
    time_zone: str
    opened: str
    share: float
    peak_headroom: float  # commitment in the peak weeks over an ordinary week's orders
    flex: float  # the most it processes, as a multiple of its commitment
    orders_per_hour: float  # about the median of 10 that WERC is quoted with in 2025


CENTERS = [
    Center(*row)
    for row in [
        ("FC1", "Inland Empire", "OP0", "Riverside", "CA", "America/Los_Angeles", "2023-03-06", 0.24, 1.55, 1.30, 11.5),
        ("FC2", "Lehigh Valley", "OP0", "Allentown", "PA", "America/New_York", "2023-09-11", 0.21, 1.55, 1.30, 11.0),
        ("FC3", "North Dallas", "OP1", "Denton", "TX", "America/Chicago", "2024-02-05", 0.19, 1.20, 1.15, 10.5),
        ("FC4", "West Atlanta", "OP2", "Douglasville", "GA", "America/New_York", "2024-05-13", 0.16, 1.55, 1.30, 10.0),
        ("FC5", "Columbus South", "OP2", "Groveport", "OH", "America/New_York", "2024-08-19", 0.13, 1.55, 1.35, 10.0),
        ("FC6", "Salt Lake", "OP3", "West Valley City", "UT", "America/Denver", "2025-04-14", 0.07, 1.55, 1.50, 9.0),
    ]
]
HEADROOM = 1.20  # commitment in other weeks over an ordinary week's orders; invented
PEAK_COMMITMENT = ("2025-11-17", "2025-12-21")  # weeks with the peak commitment; invented
PROCESSING_DAYS = 6  # Monday to Saturday, no federal holidays; invented
CUT_OFF_HOUR = 14  # orders before it can leave the same day; invented
SCAN_HOURS = (16, 21)  # the carrier's first scan; invented
RELIEF = ("FC3", "2025-12-13", "2025-12-24", 1.4)  # a temporary shift clears the backlog; invented
TEMPORARY_LABOR = 0.88  # productivity in weeks above the commitment; invented
LABOR_NOISE = 0.03  # log standard deviation; invented

#: Probability per order and delay in working days, from and to. invented
INCIDENTS = {
    "stock not found": (0.0105, 2, 5),
    "carrier missed pickup": (0.0080, 1, 3),
    "cut-off missed": (0.0070, 1, 3),
    "system outage": (0.0040, 1, 4),
}
CAPACITY = "capacity"


@dataclass(frozen=True)
class Carrier:
    """A carrier, its share of parcels and its chance of a delivery exception. All invented."""

    carrier_id: str
    name: str
    network: str
    share: float
    exception: float


CARRIERS = [
    Carrier("CR1", "Tarnwick Parcel", "national", 0.30, 0.030),
    Carrier("CR2", "Velloway Express", "national", 0.25, 0.040),
    Carrier("CR3", "Corriemoor Ground", "national", 0.20, 0.130),
    Carrier("CR4", "Pellgrove Post", "national", 0.15, 0.045),
    Carrier("CR5", "Harrowick Regional", "regional", 0.10, 0.035),
]
#: Delivery days (no Sundays, no federal holidays) by zone. Zones, queue, slow days and exceptions are tuned together to
#: the mean hours and the share within three days of fact fbt.us.speed_heavy_users, its days read as business days: in
#: clock hours the two figures would need a very long tail of slow parcels.
TRANSIT_DAYS = {2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 4, 8: 5}
SLOW_DAY = 0.10  # chance that transit takes one day more; invented
EXCEPTION_DAYS = (3, 10)  # extra delivery days of an exception, from and to; invented
DECEMBER = 1.5  # exceptions in December over other months; invented
LOST = 0.002  # parcels that never arrive; invented
DELIVERY_HOURS = (9, 20)  # invented

# Quality

INVALID_TRACKING = 0.012  # invented
SHORT = 0.006  # delivered, not in full; invented
DAMAGED = 0.005  # as in a published test: the product damaged in 16 of 3,234 parcels (2013)
#: Probability per order and minutes after it, from and to. invented
CANCELLATIONS = {"buyer": (0.018, 0, 60), "operator": (0.006, 240, 3600), "platform": (0.002, 60, 1440)}
REVIEWED = 0.12  # invented
#: Shares of 1 to 5 stars, after a good and after a bad (late, short or damaged) delivery. invented
STARS = {True: [0.02, 0.03, 0.05, 0.16, 0.74], False: [0.34, 0.22, 0.18, 0.14, 0.12]}

WORKING_DAYS = np.busdaycalendar("1111110", BUSINESS_DAYS.holidays)


def demand(rng: np.random.Generator) -> pd.DataFrame:
    """Expected orders a day by source, and the day's value of an order over an ordinary day's.

    Returns
    -------
    DataFrame, one row a day: ``video``, ``live``, ``product_card`` (orders; ``ORDERS`` in all), ``value_factor``.
    """
    orders = pd.Series(TREND * WEEKDAYS[DAYS.day_of_week], DAYS)
    value_factor = pd.Series(1.0, DAYS)
    for first, last, factor in SEASONS:
        orders[first:last] *= factor
    mean_day = peak_demand("peak.us.season_2025") / 61
    for day, name in CYBER_WEEK.items():
        value = peak_demand(name) / mean_day
        more = 1 + ORDERS_IN_EVENT_VALUE * (value - 1)
        orders[day] *= more
        value_factor[day] = value / more
    table = pd.DataFrame({source: orders * share for source, share in SOURCES.items()})
    table.loc[rng.choice(DAYS, LIVE_SPIKES, replace=False), "live"] *= LIVE_SPIKE
    return (table * ORDERS / table.to_numpy().sum()).assign(value_factor=value_factor)


def draw(rng: np.random.Generator, shares: Mapping[Any, float], size: int) -> np.ndarray:
    """Keys of ``shares`` at random, in proportion to its values."""
    weights = np.array(list(shares.values()), dtype=float)
    return rng.choice(list(shares), size, p=weights / weights.sum())


def befall(
    rng: np.random.Generator, events: dict[str, tuple[float, int, int]], size: int
) -> tuple[np.ndarray, np.ndarray]:
    """At most one event per order, None for most, and how long it takes: a whole number between the event's bounds."""
    chances = {name: chance for name, (chance, _, _) in events.items()}
    event = draw(rng, {None: 1 - sum(chances.values()), **chances}, size)
    shortest, longest = np.array([events.get(name, (0, 0, 0))[1:] for name in event]).T
    return event, rng.integers(shortest, longest + 1)


def placed(rng: np.random.Generator) -> pd.DataFrame:
    """The orders as buyers place them, with the center and carrier they are routed to.

    Returns
    -------
    DataFrame, one row an order, in order of time.
    """
    calendar = demand(rng)
    counts = rng.poisson(calendar[list(SOURCES)])
    day = np.repeat(np.arange(len(DAYS)), counts.sum(axis=1))
    size = len(day)
    minute = 60 * draw(rng, dict(enumerate(HOURS)), size) + rng.integers(60, size=size)
    units = draw(rng, UNITS, size)
    median, spread = UNIT_VALUE_USD
    value = median * np.exp(rng.normal(0, spread, size)) * units * calendar["value_factor"].to_numpy()[day]
    orders = pd.DataFrame(
        {
            "ordered_at": DAYS[day] + pd.to_timedelta(minute, unit="min"),
            "center_id": draw(rng, {center.center_id: center.share for center in CENTERS}, size),
            "carrier_id": draw(rng, {carrier.carrier_id: carrier.share for carrier in CARRIERS}, size),
            "seller_id": draw(rng, {f"S{n:03}": 1 / (n + 5) for n in range(1, SELLERS + 1)}, size),
            "source": np.repeat(np.tile(list(SOURCES), len(DAYS)), counts.ravel()),
            "units": units,
            "lines": rng.integers(1, units + 1),
            "value_usd": value.round(2),
            "zone": draw(rng, ZONES, size),
        }
    ).sort_values("ordered_at", kind="stable", ignore_index=True)
    orders.insert(0, "order_id", [f"O{n:06}" for n in range(1, size + 1)])
    orders["dispatch_due_at"] = business_day_deadline(orders["ordered_at"], fact("us.dispatch_sla")["value"])
    orders["deliver_by"] = business_day_deadline(orders["ordered_at"], fact("us.deliver_by_sla")["value"])
    return orders


def cancelled(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    """``cancelled_at`` and ``cancel_fault``: when an order ends before it reaches the queue, and through whom."""
    fault, minutes = befall(rng, CANCELLATIONS, len(orders))
    at = (orders["ordered_at"] + pd.to_timedelta(minutes, unit="min")).where(pd.notna(fault))
    known = at <= AS_OF
    return pd.DataFrame({"cancelled_at": at.where(known), "cancel_fault": pd.Series(fault).where(known)})


def weekly_commitment() -> pd.DataFrame:
    """Orders a week that each center is committed to process: the quarter's ordinary demand times the headroom bought.

    Returns
    -------
    DataFrame, index each day, a column per center; whole orders a week.
    """
    forecast = pd.Series(TREND / TREND.mean() * ORDERS * 7 / len(DAYS), DAYS).groupby(DAYS.quarter).transform("mean")
    committed = pd.DataFrame({center.center_id: forecast * HEADROOM * center.share for center in CENTERS})
    first, last = PEAK_COMMITMENT
    for center in CENTERS:
        committed.loc[first:last, center.center_id] *= center.peak_headroom / HEADROOM
    return committed.round()


def daily_capacity() -> pd.DataFrame:
    """Orders a day that each center can process: none on Sundays and federal holidays.

    Returns
    -------
    DataFrame, index each day, a column per center; whole orders a day.
    """
    capacity = weekly_commitment() * [center.flex for center in CENTERS] / PROCESSING_DAYS
    center, first, last, factor = RELIEF
    capacity.loc[first:last, center] *= factor
    working = np.is_busday(DAYS.values.astype("datetime64[D]"), busdaycal=WORKING_DAYS)
    return capacity.mul(working, axis=0).round().astype(int)


def queue(released: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """The day on which each order is processed, first come, first served.

    Parameters
    ----------
    released : day number from which each order can be processed, ascending.
    capacity : orders that can be processed on each day, from day 0.

    Returns
    -------
    array of day numbers; ``len(capacity)`` for an order still waiting at the end.

    Two a day, three released on day 0 and one on day 1:

    >>> queue(np.array([0, 0, 0, 1]), np.array([2, 2, 2])).tolist()
    [0, 0, 1, 1]
    """
    arriving = np.bincount(released, minlength=len(capacity))
    waiting, processed = 0, []
    for today, most in enumerate(capacity):
        waiting += arriving[today]
        processed.append(min(waiting, most))
        waiting -= processed[-1]
    return np.searchsorted(np.cumsum(processed), np.arange(len(released)), side="right")


def dispatched(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    """``dispatched_at`` (first carrier scan) and ``late_cause`` of the orders, from the queue and from incidents."""
    day = (orders["ordered_at"] - START).dt.days + (orders["ordered_at"].dt.hour >= CUT_OFF_HOUR)
    waiting = orders["cancelled_at"].isna() & (day < len(DAYS))
    processed = np.full(len(orders), len(DAYS))
    for center_id, capacity in daily_capacity().items():
        mine = waiting & (orders["center_id"] == center_id)
        processed[mine] = queue(day[mine].to_numpy(), capacity.to_numpy())
    incident, delay = befall(rng, INCIDENTS, len(orders))
    date = np.datetime64(START.date()) + processed
    date = np.busday_offset(date, delay, roll="forward", busdaycal=WORKING_DAYS)
    scan = rng.integers(60 * SCAN_HOURS[0], 60 * SCAN_HOURS[1], len(orders))
    at = pd.Series(pd.to_datetime(date) + pd.to_timedelta(scan, unit="min"))
    at = at.where((processed < len(DAYS)) & (at <= AS_OF))
    cause = pd.Series(incident).fillna(CAPACITY).where(at > orders["dispatch_due_at"])
    return pd.DataFrame({"dispatched_at": at, "late_cause": cause})


def delivered(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    """``delivered_at`` and what arrived: ``tracking_valid``, ``in_full``, ``damaged``."""
    size = len(orders)
    sent = orders["dispatched_at"].notna()
    exception = orders["carrier_id"].map({carrier.carrier_id: carrier.exception for carrier in CARRIERS})
    exception = exception.where(orders["dispatched_at"].dt.month != 12, exception * DECEMBER)
    days = orders["zone"].map(TRANSIT_DAYS) + (rng.random(size) < SLOW_DAY)
    days += (rng.random(size) < exception) * rng.integers(EXCEPTION_DAYS[0], EXCEPTION_DAYS[1] + 1, size)
    start = orders["dispatched_at"].fillna(AS_OF).to_numpy().astype("datetime64[D]")
    date = np.busday_offset(start, days, roll="forward", busdaycal=WORKING_DAYS)
    minute = rng.integers(60 * DELIVERY_HOURS[0], 60 * DELIVERY_HOURS[1], size)
    at = pd.Series(pd.to_datetime(date) + pd.to_timedelta(minute, unit="min"))
    at = at.where(sent & (at <= AS_OF) & (rng.random(size) >= LOST))
    flags = {
        "tracking_valid": (1 - INVALID_TRACKING, sent),
        "in_full": (1 - SHORT, at.notna()),
        "damaged": (DAMAGED, at.notna()),
    }
    known = {
        name: pd.Series(rng.random(size) < chance).astype("boolean").where(seen)
        for name, (chance, seen) in flags.items()
    }
    return pd.DataFrame({"delivered_at": at, **known})


def reviewed(rng: np.random.Generator, orders: pd.DataFrame) -> pd.Series:
    """``review_stars`` of the delivered orders whose buyer wrote a review."""
    size = len(orders)
    good = (orders["delivered_at"] <= orders["deliver_by"]) & orders["in_full"].eq(True) & orders["damaged"].eq(False)
    stars = {kind: rng.choice(np.arange(1, 6), size, p=shares) for kind, shares in STARS.items()}
    wrote = orders["delivered_at"].notna() & (rng.random(size) < REVIEWED)
    return pd.Series(np.where(good, stars[True], stars[False])).astype("Int64").where(wrote)


def weekly_capacity(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    """What each center was committed to, received and processed in each week, and the hours it paid.

    Parameters
    ----------
    orders : the orders table; those canceled are no load.

    Returns
    -------
    DataFrame, one row per week and center. A week at either end of the year holds only its days of the year.
    """
    load = orders[orders["cancelled_at"].isna()]
    keys = ["week", "center_id"]
    committed = (weekly_commitment() / 7).groupby(week_of(pd.Series(DAYS, DAYS))).sum().round()
    table = committed.rename_axis(index=keys[0], columns=keys[1]).stack().to_frame("committed_orders")
    for column, time in {"received_orders": "ordered_at", "processed_orders": "dispatched_at"}.items():
        table[column] = load.assign(week=week_of(load[time])).groupby(keys).size()
    table = table.fillna(0)
    change = table["received_orders"] - table["processed_orders"]
    table["backlog_orders"] = change.groupby("center_id").cumsum()
    table = table.reset_index()
    hourly = table["center_id"].map({center.center_id: center.orders_per_hour for center in CENTERS})
    hourly = hourly.where(table["processed_orders"] <= table["committed_orders"], hourly * TEMPORARY_LABOR)
    noise = np.exp(rng.normal(0, LABOR_NOISE, len(table)))
    return table.assign(labor_hours=(table["processed_orders"] / hourly * noise).round(1))


def simulate() -> dict[str, pd.DataFrame]:
    """Every table of the program, the same for every call.

    Returns
    -------
    dict, table name -> DataFrame with the columns and types of ``data.TABLES``.
    """
    streams = np.random.default_rng(SEED).spawn(6)
    orders = placed(streams[0])
    for stream, step in zip(streams[1:4], (cancelled, dispatched, delivered), strict=True):
        orders = orders.join(step(stream, orders))
    orders["review_stars"] = reviewed(streams[4], orders)
    tables = {
        "operators": pd.DataFrame(OPERATORS, columns=list(TABLES["operators"])),
        "carriers": pd.DataFrame(CARRIERS),
        "centers": pd.DataFrame(CENTERS).assign(opened=lambda centers: pd.to_datetime(centers["opened"])),
        "capacity": weekly_capacity(streams[5], orders),
        "orders": orders,
    }
    return {name: typed(name, table) for name, table in tables.items()}


def write(tables: dict[str, pd.DataFrame], folder: Path = NETWORK) -> None:
    """Write the tables as CSV, the same bytes for the same tables.

    Parameters
    ----------
    tables : table name -> DataFrame.
    folder : where to; made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        times = "%Y-%m-%d %H:%M" if name == "orders" else "%Y-%m-%d"
        text = table.to_csv(index=False, lineterminator="\n", date_format=times).encode()
        if path(name).suffix == ".gz":
            packed = io.BytesIO()
            with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
                file.write(text)
            text = packed.getvalue()
        path(name, folder).write_bytes(text)


if __name__ == "__main__":
    write(simulate())
