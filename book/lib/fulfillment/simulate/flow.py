"""From the order to the door: cancellations, the queue at each center, parcels, carriers, reviews, capacity and labor."""

import numpy as np
import pandas as pd

from fulfillment.calendar import week_of
from fulfillment.freight.cartonization import SIDES, cartonize
from fulfillment.freight.rating import billable_weight
from fulfillment.simulate.buying import CARTONS, DIM_DIVISOR, DIM_RULE, PACKAGING_ITEMS
from fulfillment.simulate.demand import TREND
from fulfillment.simulate.program import (
    AS_OF,
    CARRIERS,
    CENTER_IDS,
    CENTERS,
    DAYS,
    OPERATOR_OF,
    OPERATORS,
    ORDERS,
    START,
    WORKING_DAYS,
    apply_events,
    at_minute,
    known_by_as_of,
    sample,
    stream,
    working_days_after,
)

PEAK_COMMITMENT = ("2025-11-17", "2025-12-21")  # weeks with the peak commitment; invented
PROCESSING_DAYS = 6  # Monday to Saturday, no federal holidays; invented
CUT_OFF_HOUR = 14  # orders before it can leave the same day; invented
SCAN_HOURS = (16, 21)  # the carrier's first scan; invented
RELIEF = ("FC3", "2025-12-13", "2025-12-24", 1.4)  # a temporary shift clears the backlog; invented
TEMPORARY_LABOR = 0.88  # productivity in weeks above the commitment; invented
LABOR_NOISE = 0.03  # log standard deviation; invented
FORECAST_NOISE = 0.04  # log standard deviation; invented
#: USD an hour of own staff, its overtime and agency staff; overtime's limit as a share of regular hours. invented
WAGES_USD, OVERTIME_LIMIT = (21.0, 31.5, 29.0), 0.10

#: Probability per order and delay in working days, from and to. invented
INCIDENTS = {
    "stock not found": (0.0105, 2, 5),
    "carrier missed pickup": (0.0080, 1, 3),
    "cut-off missed": (0.0070, 1, 3),
    "system outage": (0.0040, 1, 4),
}
CAPACITY = "capacity"
#: Delivery days (no Sundays, no federal holidays) by zone. Zones, queue, slow days and exceptions are tuned together to
#: the mean hours and the share within three days of fact fbt.us.speed_heavy_users, its days read as business days: in
#: clock hours the two figures would need a very long tail of slow parcels.
TRANSIT_DAYS = {2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 4, 8: 5}
SLOW_DAY = 0.06  # chance that transit takes one day more; invented
EXCEPTION_DAYS = (3, 10)  # extra delivery days of an exception, from and to; invented
DECEMBER = 1.5  # exceptions in December over other months; invented
LOST = 0.002  # parcels that never arrive; invented
LOST_AFTER_DAYS = 10  # without a scan; invented
FAILED_ATTEMPT = 0.028  # one less the 97.2% of first attempts that succeed in the United States, a published benchmark
DELIVERY_HOURS = (9, 20)  # invented
#: Zone of a parcel that leaves from another than the nearest center. invented
FAR_ZONES = {4: 0.22, 5: 0.36, 6: 0.22, 7: 0.12, 8: 0.08}
RESIDENTIAL = 0.88  # parcels to homes; invented

# Quality

INVALID_TRACKING = 0.012  # invented
#: Probability per order and minutes after it, from and to. invented
CANCELLATIONS = {"buyer": (0.018, 0, 60), "operator": (0.006, 240, 3600), "platform": (0.002, 60, 1440)}
CANCEL_REASONS = {"buyer": "changed mind", "operator": "cannot be packed", "platform": "payment or address"}
OUT_OF_STOCK = "out of stock"
OUT_OF_STOCK_MINUTES = (30, 480)  # until an order that no center can fill is canceled; invented
REVIEWED = 0.12  # invented
#: Shares of 1 to 5 stars, after a good and after a bad (late, short or damaged) delivery. invented
STARS = {True: [0.02, 0.03, 0.05, 0.16, 0.74], False: [0.34, 0.22, 0.18, 0.14, 0.12]}


# Before the queue


def cancellations(orders: pd.DataFrame) -> pd.DataFrame:
    """``cancelled_at``, ``cancel_fault``, ``cancel_reason``: when an order ends before the queue, through whom, why."""
    fault, minutes = apply_events(stream("cancellations"), CANCELLATIONS, len(orders))
    at = (orders["ordered_at"] + pd.to_timedelta(minutes, unit="min")).where(pd.notna(fault))
    fault = pd.Series(fault).where(at <= AS_OF)
    return pd.DataFrame(
        {"cancelled_at": known_by_as_of(at), "cancel_fault": fault, "cancel_reason": fault.map(CANCEL_REASONS)}
    )


def assign_centers(orders: pd.DataFrame, lines: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The orders after allocation: those that no center can fill are canceled, and each has its center and zone.

    Parameters
    ----------
    orders, lines : the lines with ``place``, see `stock.allocate`.
    places : see `stock.placement`.

    Returns
    -------
    ``orders`` with ``center_id`` of the first line filled, ``zone`` from there, and what it cancels.
    """
    rng = stream("settled")
    filled = lines[lines["place"] >= 0].drop_duplicates("order").set_index("order")
    center = filled["place"].map(places["center_id"]).reindex(orders.index)
    empty = center.isna() & orders["cancelled_at"].isna()
    minutes = rng.integers(*OUT_OF_STOCK_MINUTES, len(orders))
    at = known_by_as_of((orders["ordered_at"] + pd.to_timedelta(minutes, unit="min")).where(empty))
    moved = center.notna() & (center != orders["center_id"])
    zone = pd.Series(sample(rng, FAR_ZONES, len(orders))).where(moved, orders["zone"])
    return orders.assign(
        cancelled_at=orders["cancelled_at"].fillna(at),
        cancel_fault=orders["cancel_fault"].mask(at.notna(), "platform"),
        cancel_reason=orders["cancel_reason"].mask(at.notna(), OUT_OF_STOCK),
        center_id=center.fillna(orders["center_id"]),
        zone=zone,
        unfilled=empty,
    )


def weekly_commitment() -> pd.DataFrame:
    """Orders a week that each center is committed to process: the quarter's ordinary demand times the headroom bought.

    Returns
    -------
    DataFrame, index each day, a column per center; whole orders a week.
    """
    forecast = pd.Series(TREND / TREND.mean() * ORDERS * 7 / len(DAYS), DAYS).groupby(DAYS.quarter).transform("mean")
    committed = pd.DataFrame({center.center_id: forecast * center.headroom * center.share for center in CENTERS})
    first, last = PEAK_COMMITMENT
    for center in CENTERS:
        committed.loc[first:last, center.center_id] *= center.peak_headroom / center.headroom
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


def dispatch(orders: pd.DataFrame) -> pd.DataFrame:
    """``dispatched_at`` (first carrier scan) and ``late_cause``, from the queue and incidents; ``incident`` of each."""
    rng = stream("dispatch")
    day = (orders["ordered_at"] - START).dt.days + (orders["ordered_at"].dt.hour >= CUT_OFF_HOUR)
    waiting = orders["cancelled_at"].isna() & ~orders["unfilled"] & (day < len(DAYS))
    processed = np.full(len(orders), len(DAYS))
    for center_id, capacity in daily_capacity().items():
        mine = waiting & (orders["center_id"] == center_id)
        processed[mine] = queue(day[mine].to_numpy(), capacity.to_numpy())
    incident, delay = apply_events(rng, INCIDENTS, len(orders))
    date = np.datetime64(START.date()) + processed
    date = np.busday_offset(date, delay, roll="forward", busdaycal=WORKING_DAYS)
    at = at_minute(date, rng.integers(60 * SCAN_HOURS[0], 60 * SCAN_HOURS[1], len(orders)))
    at = known_by_as_of(at.where(processed < len(DAYS)))
    cause = pd.Series(incident).fillna(CAPACITY).where(at > orders["dispatch_due_at"])
    return pd.DataFrame({"dispatched_at": at, "late_cause": cause, "incident": incident})


# Parcels


def lanes() -> pd.DataFrame:
    """What the carriers publish: transit days from every center to every zone."""
    rows = [
        (center, c.carrier_id, zone, days)
        for center in CENTER_IDS
        for c in CARRIERS
        for zone, days in TRANSIT_DAYS.items()
    ]
    return pd.DataFrame(rows, columns=["center_id", "carrier_id", "zone", "transit_days"])


def deliver_parcels(rng: np.random.Generator, parcels: pd.DataFrame) -> pd.DataFrame:
    """``delivered_at`` from zone, slow days and exceptions, and whether there was an ``exception``.

    Parameters
    ----------
    parcels : ``carrier_id``, ``zone``, ``dispatched_at`` (may be missing), ``lost``.
    """
    size = len(parcels)
    chance = parcels["carrier_id"].map({carrier.carrier_id: carrier.exception for carrier in CARRIERS})
    chance = chance.where(parcels["dispatched_at"].dt.month != 12, chance * DECEMBER)
    exception = rng.random(size) < chance
    days = parcels["zone"].map(TRANSIT_DAYS) + (rng.random(size) < SLOW_DAY)
    days += exception * rng.integers(EXCEPTION_DAYS[0], EXCEPTION_DAYS[1] + 1, size)
    date = working_days_after(parcels["dispatched_at"].fillna(AS_OF), days.to_numpy())
    at = at_minute(date, rng.integers(60 * DELIVERY_HOURS[0], 60 * DELIVERY_HOURS[1], size))
    sent = (parcels["dispatched_at"].notna() & ~parcels["lost"]).to_numpy()
    return pd.DataFrame({"delivered_at": known_by_as_of(at.where(sent)), "exception": exception.to_numpy()})


def ship_parcels(orders: pd.DataFrame, lines: pd.DataFrame, places: pd.DataFrame, skus: pd.DataFrame) -> pd.DataFrame:
    """The parcels: one an order, and one more for each other center that fills a line of it.

    Parameters
    ----------
    orders : with ``dispatched_at``; the first parcel of an order carries its delivery.
    lines : with ``place``.

    Returns
    -------
    DataFrame, one row a parcel, in order of the orders; beside the columns of ``shipments``: ``order`` (position),
    ``exception``.
    """
    rng = stream("parcels")
    parcels = _contents(orders, lines, places, skus)
    order = orders.loc[parcels["order"]].reset_index(drop=True)
    size, first = len(parcels), ~parcels["order"].duplicated()
    parcels.insert(0, "shipment_id", [f"P{n:06}" for n in range(1, size + 1)])
    parcels[["order_id", "carrier_id", "lost"]] = order[["order_id", "carrier_id", "lost"]]
    parcels["lost"] &= first
    parcels["zone"] = order["zone"].where(first, sample(rng, FAR_ZONES, size))
    # other parcels of an order are scanned the same evening, not after its first
    evening = order["dispatched_at"].dt.normalize() + pd.Timedelta(hours=SCAN_HOURS[0])
    other = evening + (order["dispatched_at"] - evening) * rng.random(size)
    parcels["dispatched_at"] = order["dispatched_at"].where(first, other.dt.floor("min"))
    parcels = parcels.join(deliver_parcels(rng, parcels))
    parcels["label_at"] = parcels["dispatched_at"] - pd.to_timedelta(rng.integers(60, 300, size), unit="min")
    parcels = _packed(parcels)
    parcels["residential"] = parcels["order"].map(pd.Series(rng.random(len(orders)) < RESIDENTIAL))
    damage = {
        center: next(o.damage for o in OPERATORS if o.operator_id == OPERATOR_OF[center]) for center in CENTER_IDS
    }
    damaged = pd.Series(rng.random(size) < parcels["center_id"].map(damage)).astype("boolean")
    parcels["damaged"] = damaged.where(parcels["delivered_at"].notna())
    parcels["delivery_attempts"] = _delivery_attempts(rng, parcels)
    parcels["lost"] &= parcels["dispatched_at"] + pd.Timedelta(days=LOST_AFTER_DAYS) <= AS_OF
    return parcels


def _contents(orders: pd.DataFrame, lines: pd.DataFrame, places: pd.DataFrame, skus: pd.DataFrame) -> pd.DataFrame:
    """What goes into each parcel: units, and the sides and weight of its items stacked by height."""
    sent = lines[(lines["place"] >= 0) & lines["order"].map(orders["dispatched_at"]).notna()]
    sent = sent.assign(center_id=sent["place"].map(places["center_id"]))
    sent = sent.join(skus.set_index("sku_id")[[*SIDES, "weight_lb"]], on="sku_id")
    sent["height_in"] *= sent["units"]
    sent["weight_lb"] *= sent["units"]
    stack = {"units": "sum", "length_in": "max", "width_in": "max", "height_in": "sum", "weight_lb": "sum"}
    return sent.groupby(["order", "center_id"], sort=False).agg(stack).reset_index()


def _packed(parcels: pd.DataFrame) -> pd.DataFrame:
    """Parcels in their cartons: ``packaging_id``, outer sides, weight on the scale and billable."""
    parcels = parcels.join(cartonize(parcels, parcels["dispatched_at"], PACKAGING_ITEMS))
    outer = CARTONS.loc[parcels["packaging_id"]].reset_index(drop=True)
    parcels[SIDES] = outer[SIDES]
    parcels["weight_lb"] = (parcels["weight_lb"] + outer["weight_lb"]).round(2)
    weight = billable_weight(parcels.assign(shipped_on=parcels["dispatched_at"]), DIM_RULE, DIM_DIVISOR)
    return parcels.assign(billable_weight_lb=weight.astype(int))


def _delivery_attempts(rng: np.random.Generator, parcels: pd.DataFrame) -> pd.Series:
    """One, two where the first failed on the day before, none where a parcel has not arrived."""
    arrived = parcels["delivered_at"].notna()
    early = parcels["delivered_at"] - pd.Timedelta(days=1) > parcels["dispatched_at"]
    early &= parcels["delivered_at"].dt.day_of_week > 0  # the day before was one of deliveries
    failed = early & (rng.random(len(parcels)) < FAILED_ATTEMPT * arrived.sum() / early.sum())
    return (1 + failed.astype(int)).where(arrived, 0)


def order_deliveries(orders: pd.DataFrame, lines: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """What an order's parcels make of it: ``delivered_at`` (its last), ``tracking_valid``, ``in_full``, ``damaged``."""
    groups = parcels.groupby("order")
    at = groups["delivered_at"].agg("max").where(groups["delivered_at"].count() == groups.size()).reindex(orders.index)
    sent, arrived = orders["dispatched_at"].notna(), at.notna()
    full = (
        ~(lines["pick_error"].fillna(False) | (lines["shipped_units"] < lines["units"])).groupby(lines["order"]).any()
    )
    damaged = parcels["damaged"].fillna(False).groupby(parcels["order"]).any().reindex(orders.index, fill_value=False)
    valid = pd.Series(stream("tracking").random(len(orders)) >= INVALID_TRACKING)
    flags = {"tracking_valid": (valid, sent), "in_full": (full, arrived), "damaged": (damaged, arrived)}
    return pd.DataFrame(
        {"delivered_at": at, **{name: value.astype("boolean").where(seen) for name, (value, seen) in flags.items()}}
    )


def pick_lines(orders: pd.DataFrame, lines: pd.DataFrame, parcels: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The lines with what left: ``shipment_id``, ``shipped_units``, ``pick_error``, ``filled_units``, ``backordered``."""
    center = lines["place"].map(places["center_id"])
    keys = pd.MultiIndex.from_frame(parcels[["order", "center_id"]])
    shipment = pd.Series(parcels["shipment_id"].to_numpy(), keys)
    shipment = shipment.reindex(pd.MultiIndex.from_arrays([lines["order"], center])).set_axis(lines.index)
    error = {
        center: next(o.pick_error for o in OPERATORS if o.operator_id == OPERATOR_OF[center]) for center in CENTER_IDS
    }
    wrong = pd.Series(stream("picks").random(len(lines)) < center.map(error)).astype("boolean")
    held = lines["order"].map(orders["incident"].eq("stock not found") & orders["cancelled_at"].isna())
    held &= ~lines["order"].duplicated() & (lines["place"] >= 0)
    at_once = (center == lines["order"].map(orders["nearest"])) & ~held
    return lines.assign(
        shipment_id=shipment,
        shipped_units=lines["units"].where(shipment.notna(), 0),
        pick_error=wrong.where(shipment.notna()),
        filled_units=lines["units"].where(at_once, 0),
        backordered=held,
    )


def scan_events(parcels: pd.DataFrame) -> pd.DataFrame:
    """The carriers' scans of each parcel that happened by the end of the year, in order of time."""
    rng = stream("scans")
    share = rng.uniform(0.2, 0.7, len(parcels))
    end = parcels["delivered_at"].fillna(parcels["dispatched_at"] + pd.Timedelta(days=2))
    between = (parcels["dispatched_at"] + (end - parcels["dispatched_at"]) * share).dt.floor("min")
    late = parcels["delivery_attempts"] > 1
    events = {
        "picked up": parcels["dispatched_at"],
        "in transit": between.mask(parcels["lost"]),
        "exception": (between + pd.Timedelta(hours=1)).where(parcels["exception"] & parcels["delivered_at"].notna()),
        "delivery attempted": (parcels["delivered_at"] - pd.Timedelta(days=1)).where(late),
        "delivered": parcels["delivered_at"],
        "lost": (parcels["dispatched_at"] + pd.Timedelta(days=LOST_AFTER_DAYS)).where(parcels["lost"]),
    }
    table = pd.DataFrame(events).set_axis(parcels["shipment_id"]).stack().rename_axis(["shipment_id", "event"])
    table = known_by_as_of(table.rename("event_at")).dropna().reset_index()
    return table.sort_values(["shipment_id", "event_at"], kind="stable", ignore_index=True)


def tenders(parcels: pd.DataFrame) -> pd.DataFrame:
    """Each day's pickups offered to the carriers at each center, and their answers."""
    rng = stream("tenders")
    keys = ["pickup_on", "center_id", "carrier_id"]
    table = parcels.assign(pickup_on=parcels["dispatched_at"].dt.normalize()).groupby(keys).size()
    table = table.rename("parcels").reset_index()
    size = len(table)
    accepts = table["carrier_id"].map({carrier.carrier_id: carrier.accepts for carrier in CARRIERS})
    accepts = accepts.mask(table["pickup_on"].between(*map(pd.Timestamp, PEAK_COMMITMENT)), accepts - 0.08)
    offered = table["pickup_on"] + pd.to_timedelta(rng.integers(6 * 60, 9 * 60, size), unit="min")
    return table.assign(
        tender_id=[f"T{n:05}" for n in range(1, size + 1)],
        tendered_at=offered,
        responded_at=offered + pd.to_timedelta(rng.integers(3, 150, size), unit="min"),
        accepted=rng.random(size) < accepts,
    )


def review_stars(orders: pd.DataFrame) -> pd.Series:
    """``review_stars`` of the delivered orders whose buyer wrote a review."""
    rng, size = stream("reviews"), len(orders)
    good = (orders["delivered_at"] <= orders["deliver_by"]) & orders["in_full"].eq(True) & orders["damaged"].eq(False)
    stars = {kind: rng.choice(np.arange(1, 6), size, p=shares) for kind, shares in STARS.items()}
    wrote = orders["delivered_at"].notna() & (rng.random(size) < REVIEWED)
    return pd.Series(np.where(good, stars[True], stars[False])).astype("Int64").where(wrote)


# Weeks


def weekly_capacity(orders: pd.DataFrame, planned: pd.Series, occupied: pd.DataFrame) -> pd.DataFrame:
    """What each center was committed to, expected, received and processed in each week, its hours and its stock.

    Parameters
    ----------
    orders : the orders; those canceled are no load.
    planned : planned orders of each day.
    occupied : locations in use, days by centers.

    Returns
    -------
    DataFrame, one row per week and center. A week at either end of the year holds only its days of the year.
    """
    rng = stream("capacity")
    load = orders[orders["cancelled_at"].isna()]
    keys, weeks = ["week", "center_id"], week_of(pd.Series(DAYS, DAYS))
    committed = (weekly_commitment() / 7).groupby(weeks).sum().round()
    table = committed.rename_axis(index=keys[0], columns=keys[1]).stack().to_frame("committed_orders")
    expected = planned.groupby(weeks).sum()
    expected = pd.DataFrame({center.center_id: expected * center.share * len(load) / len(orders) for center in CENTERS})
    expected *= np.exp(rng.normal(0, FORECAST_NOISE, expected.shape))
    table["forecast_orders"] = expected.rename_axis(index=keys[0], columns=keys[1]).round().stack()
    for column, time in {"received_orders": "ordered_at", "processed_orders": "dispatched_at"}.items():
        table[column] = load.assign(week=week_of(load[time])).groupby(keys).size()
    table = table.fillna(0)
    change = table["received_orders"] - table["processed_orders"]
    table["backlog_orders"] = change.groupby("center_id").cumsum()
    used = occupied.groupby(weeks).last().rename_axis(index=keys[0], columns=keys[1])
    table["occupied_locations"] = used.stack()
    table = table.reset_index()
    hourly = table["center_id"].map({center.center_id: center.orders_per_hour for center in CENTERS})
    hourly = hourly.where(table["processed_orders"] <= table["committed_orders"], hourly * TEMPORARY_LABOR)
    noise = np.exp(rng.normal(0, LABOR_NOISE, len(table)))
    return table.assign(labor_hours=(table["processed_orders"] / hourly * noise).round(1))


def labor(capacity: pd.DataFrame) -> pd.DataFrame:
    """The hours by kind: own staff up to the plan, overtime up to its limit, agency staff for the rest."""
    rate = capacity["center_id"].map({center.center_id: center.orders_per_hour for center in CENTERS})
    planned = (capacity["forecast_orders"] / rate).round(1)
    regular = np.minimum(capacity["labor_hours"], planned)
    overtime = np.minimum(capacity["labor_hours"] - regular, planned * OVERTIME_LIMIT).round(1)
    hours = pd.DataFrame({"regular_hours": regular, "overtime_hours": overtime})
    hours["temporary_hours"] = (capacity["labor_hours"] - regular - overtime).round(1).clip(lower=0)
    return capacity[["week", "center_id"]].assign(
        planned_hours=planned, **hours, cost_usd=(hours @ np.array(WAGES_USD)).round(2)
    )
