"""Fulfillment KPIs on an orders table: what each divides by what, and which orders stand in its denominator.

An orders table has one row an order and the columns of ``data.TABLES["orders"]``; a function asks only for the columns
it names. Times share one clock; a week starts on Monday.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from fulfillment import validate
from fulfillment.calendar import END_OF_DAY, business_day_deadline, week_of
from fulfillment.kpis.base import READS, KpiValue, at_most, days, gate, hours, quantile, reads, share

#: Who is at fault for a cancellation that counts against the program (a buyer's change of mind does not).
PROGRAM_FAULTS = ("platform", "operator")
NEGATIVE_STARS = 2


# Rates


@dataclass(frozen=True)
class Rate:
    """A share of orders: those in the ``numerator`` among those in the ``denominator``.

    ``clock`` is the time that puts an order into a week; with ``due``, it also has to have come. Where the numerator is
    missing, it is not known whether the order is in it, and the order is in neither.
    """

    clock: str
    denominator: Callable[[pd.DataFrame], pd.Series]
    numerator: Callable[[pd.DataFrame], pd.Series]
    due: bool = False

    def standing(self, orders: pd.DataFrame, as_of: pd.Timestamp | str | None) -> pd.DataFrame:
        """The orders in the denominator."""
        stands = self.denominator(orders)
        return orders[stands & _due(orders, self.clock, as_of) if self.due else stands]


def _on_time(orders: pd.DataFrame) -> pd.Series:
    return orders["delivered_at"] <= orders["deliver_by"]


def _kept(orders: pd.DataFrame) -> pd.Series:
    return ~orders["cancel_fault"].isin(["buyer"])


def _perfect(orders: pd.DataFrame) -> pd.Series:
    return _on_time(orders) & orders["in_full"] & ~orders["damaged"] & orders["tracking_valid"]


RATES: dict[str, Rate] = {
    "late_dispatch_rate": Rate(
        "dispatched_at",
        lambda orders: orders["dispatched_at"].notna(),
        lambda orders: ~at_most(orders["dispatched_at"], orders["dispatch_due_at"]),
    ),
    "on_time_delivery_rate": Rate(
        "deliver_by",
        lambda orders: orders["cancelled_at"].isna(),
        _on_time,
        due=True,
    ),
    "valid_tracking_rate": Rate(
        "dispatched_at",
        lambda orders: orders["dispatched_at"].notna(),
        lambda orders: orders["tracking_valid"],
    ),
    "fault_cancellation_rate": Rate(
        "ordered_at",
        lambda orders: orders["ordered_at"].notna(),
        lambda orders: orders["cancel_fault"].isin(PROGRAM_FAULTS),
    ),
    "perfect_order_rate": Rate(
        "deliver_by",
        _kept,
        _perfect,
        due=True,
    ),
    "damage_rate": Rate(
        "delivered_at",
        lambda orders: orders["delivered_at"].notna(),
        lambda orders: orders["damaged"],
    ),
    "negative_review_rate": Rate(
        "delivered_at",
        lambda orders: orders["delivered_at"].notna(),
        lambda orders: (orders["review_stars"] <= NEGATIVE_STARS).fillna(False),
    ),
}
RECORDED = ("ordered_at", "dispatched_at", "delivered_at")


def last_day(orders: pd.DataFrame) -> pd.Timestamp:
    """End of the last day on which an order, dispatch or delivery is recorded: what was due by then is due.

    Parameters
    ----------
    orders : DataFrame; datetimes ``ordered_at``, ``dispatched_at``, ``delivered_at``. All three: without one of them
        the day would be another, and nobody would notice.

    Returns
    -------
    Timestamp, the last microsecond of that day; NaT where nothing is recorded.

    Raises
    ------
    ValueError if a column is missing, or a cell is no time.

    >>> last_day(pd.DataFrame({"ordered_at": ["2025-07-01"], "dispatched_at": None, "delivered_at": "2025-07-03 10:00"}))
    Timestamp('2025-07-03 23:59:59.999999')
    """
    recorded = gate({"orders": orders}, {"orders": RECORDED})["orders"]
    return pd.Timestamp(recorded.max().max()).floor("D") + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)


def _moment(orders: pd.DataFrame, as_of: pd.Timestamp | str | None) -> pd.Timestamp:
    return last_day(orders) if as_of is None else validate.moment("as_of", as_of)


def _due(orders: pd.DataFrame, deadline: str, as_of: pd.Timestamp | str | None) -> pd.Series:
    return orders[deadline] <= _moment(orders, as_of)


def _rate(name: str, orders: pd.DataFrame, as_of: pd.Timestamp | str | None = None) -> KpiValue:
    return share(RATES[name].numerator(RATES[name].standing(orders, as_of)), name)


@reads(orders=("dispatched_at", "dispatch_due_at"))
def late_dispatch_rate(orders: pd.DataFrame) -> KpiValue:
    """Share of dispatched orders whose first carrier scan came after the dispatch deadline.

    In the denominator: orders with a first scan. An overdue order that still waits is in neither figure until it
    leaves, so a growing backlog looks good until it clears.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``dispatched_at``, ``dispatch_due_at``.

    Source: fact ``us.ldr``. The platform's limit is set for sellers and leaves platform-fulfilled orders out; here it
    is a yardstick.

    >>> late_dispatch_rate(pd.DataFrame({
    ...     "dispatched_at": pd.to_datetime(["2025-07-02 17:00", "2025-07-08 17:00", None]),
    ...     "dispatch_due_at": pd.to_datetime(["2025-07-03 23:59", "2025-07-07 23:59", "2025-07-07 23:59"])}))
    0.5
    """
    return _rate("late_dispatch_rate", orders)


@reads(as_of=RECORDED, orders=("deliver_by", "delivered_at", "cancelled_at"))
def on_time_delivery_rate(orders: pd.DataFrame, as_of: pd.Timestamp | str | None = None) -> KpiValue:
    """Share of the orders due that were delivered by their deliver-by time.

    In the denominator: orders not canceled whose deliver-by time has come; one still on its way counts as late.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``deliver_by``, ``delivered_at``, ``cancelled_at``.
    as_of : moment up to which orders are due; by default ``last_day(orders)``, which reads three columns.

    Source: fact ``us.otdr``.

    >>> on_time_delivery_rate(pd.DataFrame({
    ...     "deliver_by": pd.to_datetime(["2025-07-10 23:59"] * 2),
    ...     "delivered_at": pd.to_datetime(["2025-07-10 12:00", None]), "cancelled_at": pd.to_datetime([None, None])}),
    ...     as_of="2025-07-11")
    0.5
    """
    return _rate("on_time_delivery_rate", orders, as_of)


@reads(orders=("dispatched_at", "tracking_valid"))
def valid_tracking_rate(orders: pd.DataFrame) -> KpiValue:
    """Share of dispatched orders whose tracking number the carrier recognizes.

    In the denominator: orders with a first scan (one parcel an order).

    Parameters
    ----------
    orders : DataFrame, one row per order; datetime ``dispatched_at``, boolean ``tracking_valid``.

    Source: fact ``us.vtr``.

    >>> valid_tracking_rate(pd.DataFrame({
    ...     "dispatched_at": pd.to_datetime(["2025-07-02"] * 2 + [None]), "tracking_valid": [True, False, None]}))
    0.5
    """
    return _rate("valid_tracking_rate", orders)


@reads(orders=("ordered_at", "cancel_fault"))
def fault_cancellation_rate(orders: pd.DataFrame) -> KpiValue:
    """Share of all orders that were canceled through the program's own fault: the platform's or an operator's.

    In the denominator: every order placed. A buyer's cancellation stays in it and is no fault.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetime ``ordered_at``, text ``cancel_fault`` (``platform``, ``operator``,
        ``buyer`` or missing).

    Source: fact ``us.sfcr``, with the program in the seller's place.

    >>> fault_cancellation_rate(pd.DataFrame({
    ...     "ordered_at": pd.to_datetime(["2025-07-01"] * 4), "cancel_fault": ["operator", "buyer", None, None]}))
    0.25
    """
    return _rate("fault_cancellation_rate", orders)


@reads(as_of=RECORDED, orders=("deliver_by", "delivered_at", "tracking_valid", "in_full", "damaged", "cancel_fault"))
def perfect_order_rate(orders: pd.DataFrame, as_of: pd.Timestamp | str | None = None) -> KpiValue:
    """Share of the orders due that arrived on time, in full, undamaged and with valid tracking.

    Counted order by order: the product of the four rates is another figure, unless failures are independent.
    In the denominator: orders whose deliver-by time has come, without those a buyer canceled. What the program canceled
    stays in as a failure.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``deliver_by``, ``delivered_at``; booleans ``in_full``,
        ``damaged``, ``tracking_valid``; text ``cancel_fault``.
    as_of : moment up to which orders are due; by default ``last_day(orders)``, which reads three columns.

    Source: SCOR RL.1.1, perfect order fulfillment.

    >>> perfect_order_rate(pd.DataFrame({
    ...     "deliver_by": pd.to_datetime(["2025-07-10 23:59"] * 2), "delivered_at": pd.to_datetime(["2025-07-10"] * 2),
    ...     "in_full": [True, False], "damaged": False, "tracking_valid": True, "cancel_fault": None}), as_of="2025-07-11")
    0.5
    """
    return _rate("perfect_order_rate", orders, as_of)


@reads(orders=("delivered_at", "damaged"))
def damage_rate(orders: pd.DataFrame) -> KpiValue:
    """Share of delivered orders that arrived with the product damaged (a dented carton alone is not damage).

    In the denominator: delivered orders.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetime ``delivered_at``, boolean ``damaged``.

    Source: SCOR RL.3.41, read as parcels with a damaged product / parcels delivered.

    >>> damage_rate(pd.DataFrame({
    ...     "delivered_at": pd.to_datetime(["2025-07-03"] * 4), "damaged": [True, False, False, False]}))
    0.25
    """
    return _rate("damage_rate", orders)


@reads(orders=("delivered_at", "review_stars"))
def negative_review_rate(orders: pd.DataFrame) -> KpiValue:
    """Share of delivered orders that drew a review of one or two stars.

    In the denominator: delivered orders, reviewed or not. Dividing by reviews gives another, much larger figure.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetime ``delivered_at``, integer ``review_stars`` (missing: no review).

    Source: fact ``us.nrr``.

    >>> negative_review_rate(pd.DataFrame({
    ...     "delivered_at": pd.to_datetime(["2025-07-03"] * 4), "review_stars": [1, 5, None, None]}))
    0.25
    """
    return _rate("negative_review_rate", orders)


@reads(as_of=RECORDED, orders=("dispatch_due_at", "dispatched_at", "cancelled_at"))
def on_time_shipment_rate(orders: pd.DataFrame, as_of: pd.Timestamp | str | None = None) -> KpiValue:
    """Share of the orders due to ship whose first carrier scan came by the dispatch deadline.

    Not one minus the late dispatch rate: in the denominator stand the orders not canceled whose deadline has come,
    dispatched or not, so an order that still waits counts as late from the day it is due.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``dispatch_due_at``, ``dispatched_at``, ``cancelled_at``.
    as_of : moment up to which orders are due; by default ``last_day(orders)``, which reads three columns.

    >>> on_time_shipment_rate(pd.DataFrame({
    ...     "dispatch_due_at": pd.to_datetime(["2025-07-03 23:59"] * 2), "cancelled_at": pd.to_datetime([None, None]),
    ...     "dispatched_at": pd.to_datetime(["2025-07-03 17:00", None])}), as_of="2025-07-04")
    0.5
    """
    due = orders[_due(orders, "dispatch_due_at", as_of) & orders["cancelled_at"].isna()]
    return share(due["dispatched_at"] <= due["dispatch_due_at"], "on_time_shipment_rate")


@reads(as_of=RECORDED, orders=("deliver_by", "delivered_at", "in_full", "cancel_fault"))
def on_time_in_full_rate(orders: pd.DataFrame, as_of: pd.Timestamp | str | None = None) -> KpiValue:
    """Share of the orders due that were delivered complete by their deliver-by time.

    Counted order by order, not as the product of two averages. In the denominator: orders whose deliver-by time has
    come, without those a buyer canceled. What the program canceled stays in as a failure.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``deliver_by``, ``delivered_at``, boolean ``in_full``, text
        ``cancel_fault``.
    as_of : moment up to which orders are due; by default ``last_day(orders)``, which reads three columns.

    Source: SCOR RL.2.1 and RL.2.2, both for the same order.

    >>> on_time_in_full_rate(pd.DataFrame({
    ...     "deliver_by": pd.to_datetime(["2025-07-10 23:59"] * 2), "delivered_at": pd.to_datetime(["2025-07-10"] * 2),
    ...     "in_full": [True, False], "cancel_fault": None}), as_of="2025-07-11")
    0.5
    """
    due = orders[_due(orders, "deliver_by", as_of) & _kept(orders)]
    return share(_on_time(due) & due["in_full"], "on_time_in_full_rate")


# Times


@reads(orders=("ordered_at", "dispatched_at"))
def click_to_ship_time(orders: pd.DataFrame, at: float = 0.5) -> KpiValue:
    """Hours from the order to the carrier's first scan; the median unless asked for another quantile.

    In the denominator: dispatched orders.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``ordered_at``, ``dispatched_at``.
    at : quantile, 0.5 for the median, 0.9 for the tail.

    Returns
    -------
    KpiValue, hours; ``n`` counts dispatched orders.

    >>> click_to_ship_time(pd.DataFrame({
    ...     "ordered_at": pd.to_datetime(["2025-07-01 08:00"] * 2),
    ...     "dispatched_at": pd.to_datetime(["2025-07-01 18:00", None])}))
    10.0
    """
    return quantile(hours(orders["dispatched_at"], orders["ordered_at"]), at, "click_to_ship_time")


@reads(orders=("ordered_at", "delivered_at"))
def order_cycle_time(orders: pd.DataFrame, at: float = 0.5) -> KpiValue:
    """Days from the order to its delivery; the median unless asked for another quantile.

    In the denominator: delivered orders. What is still on its way is missing from it.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``ordered_at``, ``delivered_at``.
    at : quantile, 0.5 for the median, 0.9 for the tail.

    Returns
    -------
    KpiValue, days (of 24 hours); ``n`` counts delivered orders.

    Source: SCOR RS.1.1, order fulfillment cycle time.

    >>> order_cycle_time(pd.DataFrame({
    ...     "ordered_at": pd.to_datetime(["2025-07-01 08:00"] * 2),
    ...     "delivered_at": pd.to_datetime(["2025-07-03 08:00", "2025-07-04 08:00"])}))
    2.5
    """
    return quantile(days(orders["delivered_at"], orders["ordered_at"]), at, "order_cycle_time")


@reads(orders=("ordered_at", "delivered_at"))
def delivery_time_p90(orders: pd.DataFrame) -> KpiValue:
    """Days from the order within which nine in ten delivered orders arrived.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``ordered_at``, ``delivered_at``.

    Returns
    -------
    KpiValue, days (of 24 hours); ``n`` counts delivered orders.

    >>> round(delivery_time_p90(pd.DataFrame({
    ...     "ordered_at": pd.to_datetime(["2025-07-01 08:00"] * 2),
    ...     "delivered_at": pd.to_datetime(["2025-07-03 08:00", "2025-07-04 08:00"])})), 2)
    2.9
    """
    return quantile(days(orders["delivered_at"], orders["ordered_at"]), 0.9, "delivery_time_p90")


@reads(as_of=RECORDED, orders=("ordered_at", "delivered_at", "cancelled_at"))
def delivered_within(
    orders: pd.DataFrame, days: int, business: bool = True, as_of: pd.Timestamp | str | None = None
) -> float:
    """Share of orders delivered by the end of the n-th day after the order's day.

    In the denominator: orders not canceled whose n-th day has come; one still on its way counts as not delivered.

    Parameters
    ----------
    orders : DataFrame, one row per order; datetimes ``ordered_at``, ``delivered_at``, ``cancelled_at``.
    days : days after the day of the order, at least 1.
    business : business days (no weekends or US federal holidays) rather than calendar days.
    as_of : moment up to which the n-th day has come; by default ``last_day(orders)``, which reads three columns.

    Returns
    -------
    float in [0, 1].

    Raises
    ------
    ValueError if ``days`` is below 1, a column is missing, or no order's n-th day has come.

    A Thursday order that arrives on Monday: within two business days, not within three calendar days.

    >>> one = pd.DataFrame({"ordered_at": pd.to_datetime(["2025-07-10 09:00"]), "cancelled_at": pd.to_datetime([None]),
    ...                     "delivered_at": pd.to_datetime(["2025-07-14 15:00"])})
    >>> delivered_within(one, 2, as_of="2025-07-15"), delivered_within(one, 3, business=False, as_of="2025-07-15")
    (1.0, 0.0)
    """
    if validate.number("days", days) < 1:
        raise ValueError(f"days: {days}, expected 1 or more")
    placed = orders[orders["ordered_at"].notna()]
    by_calendar = placed["ordered_at"].dt.normalize() + pd.Timedelta(days=days) + END_OF_DAY
    limit = business_day_deadline(placed["ordered_at"], days) if business else by_calendar
    standing = placed["cancelled_at"].isna() & (limit <= _moment(orders, as_of))
    if not standing.any():
        raise ValueError(f"orders: no order is {days} days old, expected at least one")
    return float((placed["delivered_at"] <= limit)[standing].mean())


# Scorecard


def weekly_scorecard(
    orders: pd.DataFrame, by: str | list[str] | None = None, as_of: pd.Timestamp | str | None = None
) -> pd.DataFrame:
    """The order KPIs week by week, each with the orders it stands on.

    Each KPI counts an order in the week of its own clock: late dispatch, tracking and click-to-ship time in the week
    of the first scan; on-time delivery and perfect orders in the week they were due; cancellation in the week of the
    order; damage, reviews and delivery time in the week of delivery. The first and last week of a table may be partial.

    Parameters
    ----------
    orders : DataFrame, one row per order, with the columns every rate names.
    by : column or columns that split each week, for example ``"center_id"``.
    as_of : moment up to which orders are due; by default ``last_day(orders)``, which reads three columns.

    Returns
    -------
    DataFrame sorted by ``week`` (Monday) and ``by``: ``orders`` placed; for each rate ``x_rate`` its value (missing
    where it stands on nothing), ``x_count`` the orders in its numerator and ``x_n`` those it stands on; ``click_to_ship``
    and ``delivery_time`` as ``_median_hours``, ``_p90_hours`` and ``_n``.

    Raises
    ------
    ValueError if ``orders`` has no rows or lacks a column.

    >>> from fulfillment.data import load
    >>> card = weekly_scorecard(load("orders"), by="center_id").set_index(["week", "center_id"])
    >>> card.loc[("2025-09-01", "FC1"), ["late_dispatch_count", "late_dispatch_n"]].astype(int).tolist()
    [4, 236]
    """
    split = [by] if isinstance(by, str) else list(by or [])
    columns = dict.fromkeys((*RECORDED, *(column for name in RATES for column in READS[name]["orders"])))
    validate.require("orders", orders, [*split, *columns])
    orders = gate({"orders": orders}, {"orders": columns})["orders"].join(
        orders[split].drop(columns=columns, errors="ignore")
    )
    as_of = _moment(orders, as_of)
    keys = ["week", *split]
    card = orders.assign(week=week_of(orders["ordered_at"])).groupby(keys).size().to_frame("orders")
    for name, rate in RATES.items():
        stem = name.removesuffix("rate")
        standing = rate.standing(orders, as_of)
        hits = rate.numerator(standing).astype("Float64")
        groups = standing.assign(week=week_of(standing[rate.clock]), hit=hits).groupby(keys)["hit"]
        sums = groups.agg(["mean", "sum", "count"]).astype(float)
        card = card.join(sums.set_axis([name, f"{stem}count", f"{stem}n"], axis=1), how="outer")
    for name, end in {"click_to_ship": "dispatched_at", "delivery_time": "delivered_at"}.items():
        taken = hours(orders[end], orders["ordered_at"])
        groups = orders.assign(week=week_of(orders[end]), hours=taken).groupby(keys)["hours"]
        card[f"{name}_median_hours"], card[f"{name}_p90_hours"] = groups.median(), groups.quantile(0.9)
        card[f"{name}_n"] = groups.count()
    counts = ["orders", *(column for column in card if str(column).endswith(("_count", "_n")))]
    return card.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64")).reset_index()
