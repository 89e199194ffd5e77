"""A center that falls behind: which orders will be late, on which clock, in which order to work them off, and what
others can take over.

Days are working days counted from the first day of the incident, which is day 0: Monday to Saturday without US federal
holidays, the days on which centers work and carriers deliver.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.calendar import DELIVERY_DAYS, planned_dispatch
from fulfillment.validate import require

#: Sequences of work: what puts one order before another on a day. Ties keep the order of the table.
SEQUENCING_RULES: dict[str, Callable[[int, int, int], tuple[int, ...]]] = {
    "first come": lambda _today, ready, _due: (ready,),
    "earliest due": lambda _today, _ready, due: (due,),
    "fewest late": lambda today, _ready, due: (due < today, due),
}


@arg.takes(times=arg.times(), start=arg.moment)
def working_day(times: pd.Series, start: pd.Timestamp | str) -> pd.Series:
    """The working day of each time, counted from the day of ``start``, which is 0.

    Parameters
    ----------
    times : Series of datetimes, none missing. A Sunday or holiday counts as the working day that follows.
    start : the first day, a working day.

    Returns
    -------
    Series of int; negative before the start.

    Raises
    ------
    ValueError if ``start`` is not a working day or a time is missing.

    Monday, Saturday, Sunday and the Monday after, from a Monday on:

    >>> days = pd.Series(pd.to_datetime(["2026-03-09", "2026-03-14", "2026-03-15", "2026-03-16"]))
    >>> working_day(days, "2026-03-09").tolist()
    [0, 5, 6, 6]
    """
    first = np.datetime64(start.date())
    if not np.is_busday(first, busdaycal=DELIVERY_DAYS):
        raise ValueError(f"start: {first} is no working day, expected Monday to Saturday and no federal holiday")
    dates = times.to_numpy().astype("datetime64[D]")
    return pd.Series(np.busday_count(first, dates, busdaycal=DELIVERY_DAYS), times.index)


@arg.takes(deadline=arg.times(), transit_days=arg.any_amounts(0, 10_000), start=arg.moment)
def latest_ship_day(deadline: pd.Series, transit_days: pd.Series | int, start: pd.Timestamp | str) -> pd.Series:
    """The last working day on which a parcel can leave and still reach the door by its deadline.

    Parameters
    ----------
    deadline : Series of datetimes, none missing: the day that counts as in time.
    transit_days : delivery days from first scan to door, Series with the same index or one number.
    start : day 0, a working day.

    Returns
    -------
    Series of int, working days from ``start``; negative: it should have left before.

    Raises
    ------
    ValueError as `working_day`, or if transit days are missing or negative.

    A parcel of two days, due on Tuesday the 17th, leaves on Saturday the 14th at the latest:

    >>> latest_ship_day(pd.Series(pd.to_datetime(["2026-03-17 23:59"])), 2, "2026-03-09").tolist()
    [5]
    """
    days = pd.Series(transit_days, deadline.index) if np.isscalar(transit_days) else transit_days
    if not days.index.equals(deadline.index):
        raise ValueError("transit_days: index differs from deadline, expected a number for each")
    dates = deadline.to_numpy().astype("datetime64[D]")
    leave = np.busday_offset(dates, -days.to_numpy().astype(int), roll="backward", busdaycal=DELIVERY_DAYS)
    return working_day(pd.Series(leave.astype("datetime64[ns]"), deadline.index), start)


@arg.takes(
    orders=arg.table(
        {"ordered_at": arg.times(), "dispatched_at": arg.times(gaps=True), "cancelled_at": arg.times(gaps=True)}
    ),
    at=arg.moment,
    cut_off_hour=arg.amount(0, 24),
)
def release_queue(orders: pd.DataFrame, at: pd.Timestamp, cut_off_hour: float) -> pd.DataFrame:
    """The orders that an incident can reach: those open at a moment, and those placed after it.

    Parameters
    ----------
    orders : DataFrame, one row per order of the center: ``ordered_at``, ``dispatched_at``, ``cancelled_at``. Orders
        canceled at any time are left out.
    at : when the incident begins, before the day's first scan.
    cut_off_hour : hour of the day, 0 to 24: an order placed before it can leave on its own working day.

    Returns
    -------
    The rows by time of order with ``ready``: the working day, counted from ``at``, from which each can be packed.

    Raises
    ------
    ValueError if a column is missing, there are no rows, or ``at`` falls on no working day.

    One that has left, one open since Sunday, one of the day's afternoon:

    >>> orders = pd.DataFrame({"ordered_at": pd.to_datetime(["2026-03-06 09:00", "2026-03-08 12:00", "2026-03-09 15:00"]),
    ...     "dispatched_at": pd.to_datetime(["2026-03-07 17:00", None, None]), "cancelled_at": pd.NaT})
    >>> release_queue(orders, pd.Timestamp("2026-03-09 07:00"), 14)["ready"].tolist()
    [0, 1]
    """
    left = orders["dispatched_at"] <= at
    waiting = orders[orders["cancelled_at"].isna() & ~left].sort_values("ordered_at", kind="stable")
    ready = working_day(planned_dispatch(waiting["ordered_at"], cut_off_hour), at).clip(lower=0)
    return waiting.assign(ready=ready)


@arg.takes(
    queue=arg.table({"ready": arg.counts(), "due": arg.counts(-arg.MOST)}, {"transferable": arg.flags()}),
    capacity=arg.counts(),
    rule=arg.text,
    takeover=arg.counts(),
)
def schedule_backlog(
    queue: pd.DataFrame, capacity: Sequence[int], rule: str = "first come", takeover: Sequence[int] | None = None
) -> pd.DataFrame:
    """On which day each order leaves, when a center can process only so many a day and others may take new ones over.

    Every day the center takes as many waiting orders as it can in the sequence of ``rule``. What it cannot do of a
    day's new orders may be routed elsewhere and leaves there on the same day: those last in line, as far as they can
    move and others can take them. An order that has waited stays: it would have to be recalled first.

    Parameters
    ----------
    queue : DataFrame, one row per order: ``ready`` and ``due``, working days; with a takeover also ``transferable`` (bool).
    capacity : orders that the center can process on each day, from day 0.
    rule : ``"first come"``; ``"earliest due"``; or ``"fewest late"``: earliest due among those that can still be in
        time, the others only with what is left of the day.
    takeover : new orders that others can take on each day, as long as ``capacity``.

    Returns
    -------
    DataFrame with the index of ``queue``: ``day`` (Int64, missing if not reached within ``capacity``) and ``moved``.

    Raises
    ------
    ValueError if a column is missing, the rule is unknown, or a number is negative or not whole.

    Source: "earliest due" keeps the longest delay least (Jackson 1955); with a day's work alike for all orders
    "fewest late" leaves the fewest late: it is the largest matching of orders and places in the day's plan (Glover
    1967, Naval Research Logistics Quarterly 14(3); for unequal work see Moore 1968, Management Science 15(1)).

    Four orders, two of them due today, one place a day. First come makes three late, the last rule one, which it leaves
    for the end:

    >>> queue = pd.DataFrame({"ready": [0, 0, 0, 0], "due": [0, 0, 1, 2]})
    >>> for rule in SEQUENCING_RULES:
    ...     print(rule, schedule_backlog(queue, [1] * 4, rule)["day"].tolist())
    first come [0, 1, 2, 3]
    earliest due [0, 1, 2, 3]
    fewest late [0, 3, 1, 2]
    """
    require("queue", queue, ["ready", "due", *(["transferable"] if takeover is not None else [])])
    if rule not in SEQUENCING_RULES:
        raise ValueError(f"rule: {rule!r}, expected one of {', '.join(SEQUENCING_RULES)}")
    limits = [np.asarray(capacity, int), np.asarray([0] * len(capacity) if takeover is None else takeover, int)]
    if len(limits[1]) != len(capacity):
        raise ValueError(f"takeover: {limits[1].tolist()}, expected {len(capacity)} whole numbers")
    ready, due = queue["ready"].tolist(), queue["due"].tolist()
    can_move = queue["transferable"].tolist() if takeover is not None else [False] * len(queue)
    coming: dict[int, list[int]] = {}
    for order, first in enumerate(ready):
        coming.setdefault(first, []).append(order)
    waiting: list[int] = []
    day, moved = np.full(len(queue), -1), np.zeros(len(queue), bool)
    for today, (own, others) in enumerate(zip(*limits, strict=True)):
        new = set(coming.get(today, []))
        waiting = sorted(
            [*waiting, *new], key=lambda order: (*SEQUENCING_RULES[rule](today, ready[order], due[order]), order)
        )
        routed = min(others, max(0, len(waiting) - own))
        gone = [order for order in reversed(waiting) if order in new and can_move[order]][:routed]
        day[gone], moved[gone] = today, True
        waiting = [order for order in waiting if not moved[order]]
        day[waiting[:own]] = today
        waiting = waiting[own:]
    table = pd.DataFrame({"day": pd.array(day, "Int64"), "moved": moved}, queue.index)
    return table.assign(day=table["day"].mask(table["day"] < 0))
