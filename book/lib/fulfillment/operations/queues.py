"""Queues, staffing and backlogs: what a center can take, and how long it takes to recover."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas, validate

# What the stamps say --------------------------------------------------------------------------------------------------


def _stamps(name: str, values: Any) -> Any:
    """Hours or times; missing while something is still there."""
    arg.a(pd.Series)(name, values)
    hours = pd.api.types.is_numeric_dtype(values.dtype) or validate.is_numbers(values)
    return (arg.amounts(gaps=True, empty=True) if hours else arg.times(gaps=True))(name, values)


@arg.takes(entered=_stamps, left=_stamps)
def littles_law(entered: pd.Series, left: pd.Series, start: Any, end: Any) -> dict[str, float]:
    """Little's law on a stage's stamps between two moments, with what crosses the borders, so that it holds exactly.

    ``L`` is counted (the area between arrivals and departures, over the length); ``rate`` and ``W`` are of those that
    entered between the moments, each with its whole time. Over a short window the two differ by the borders:
    ``L = rate * W + carried_in - carried_out``.

    Parameters
    ----------
    entered, left : Series of datetimes or of hours, same index; ``left`` is missing while something is still there.
    start, end : moments of the same kind. What is still there at ``end`` and never left leaves ``W`` unknown.

    Returns
    -------
    dict: ``L`` (mean number there), ``rate`` (entered, per hour), ``W`` (mean hours of a stay), ``carried_in`` (part of
    ``L`` that was there at the start), ``carried_out`` (part of ``rate * W`` that lies after the end).

    Raises
    ------
    ValueError if a stay ends before it begins, the window is empty, or nothing entered in it.

    Source: Little 2011, Little's Law as Viewed on Its 50th Anniversary, Operations Research 59(3): finite windows.

    Three stays of two hours, one begun before the window and one that ends after it:

    >>> stage = littles_law(pd.Series([-1.0, 1.0, 9.0]), pd.Series([1.0, 3.0, 11.0]), start=0, end=10)
    >>> {name: round(value, 2) for name, value in stage.items()}
    {'L': 0.4, 'rate': 0.2, 'W': 2.0, 'carried_in': 0.1, 'carried_out': 0.1}
    """
    if not entered.index.equals(left.index):
        raise ValueError("left: index differs from entered, expected the same rows")
    timed = pd.api.types.is_datetime64_any_dtype(entered)
    read = arg.moment if timed else arg.amount()
    start, end = read("start", start), read("end", end)
    if entered.isna().any():
        raise ValueError(f"entered: nothing in row {entered.index[entered.isna()][0]}, expected when each stay began")
    if timed:
        hour = pd.Timedelta(hours=1)
        left = arg.times(gaps=True)("left", left)
        begun, done = (entered - start) / hour, (left - start) / hour
        length = (end - start) / hour
    else:
        begun, done, length = entered.astype(float) - start, left.astype(float) - start, float(end - start)
    if not length > 0:
        raise ValueError(f"end: {end}, expected later than start {start}")
    if (done < begun).any():
        raise ValueError(f"left: {(done < begun).sum()} before they entered, expected each stay to end after it begins")
    inside = (begun >= 0) & (begun < length)
    if not inside.any():
        raise ValueError(f"entered: none between {start} and {end}, expected at least one")
    there = done.fillna(np.inf).clip(0, length) - begun.clip(0, length)
    before = (begun < 0) & (done.fillna(np.inf) > 0)
    stage = {
        "L": _area(begun, done, length) / length,
        "rate": inside.sum() / length,
        "W": (done - begun)[inside].mean(skipna=False),
        "carried_in": there[before].sum() / length,
        "carried_out": (done - length)[inside].clip(lower=0).sum(skipna=False) / length,
    }
    return {name: float(value) for name, value in stage.items()}


def _area(begun: pd.Series, done: pd.Series, length: float) -> float:
    """Number there, integrated from 0 to ``length``: counted at every arrival and departure, not summed by stay."""
    moments = np.concatenate([begun.to_numpy(), done.dropna().to_numpy()])
    steps = np.concatenate([np.ones(len(begun)), -np.ones(done.notna().sum())])
    order = np.argsort(moments, kind="stable")
    edges = np.concatenate([moments[order].clip(0, length), [length]])
    return float(np.cumsum(steps[order]) @ np.diff(edges))


# Queues ---------------------------------------------------------------------------------------------------------------


def _load(arrival_rate: float, service_rate: float, servers: int) -> float:
    """Offered load in servers; refuses a queue that would grow without end."""
    if formulas.UTILIZATION(arrival_rate=arrival_rate, service_rate=service_rate, servers=servers) >= 1:
        least = math.floor(arrival_rate / service_rate) + 1
        raise ValueError(f"servers: {servers}, expected at least {least}: arrivals outrun service and the queue grows")
    return arrival_rate / service_rate


@arg.takes(arrival_rate=arg.amount(arg.ABOVE_0), service_rate=arg.amount(arg.ABOVE_0), servers=arg.count(1, 1e5))
def erlang_c(arrival_rate: float, service_rate: float, servers: int) -> float:
    """Probability that an arrival has to wait, with random arrivals, exponential service and one line.

    Parameters
    ----------
    arrival_rate, service_rate : arrivals, and services of one server, per unit of time.
    servers : whole number, more than ``arrival_rate / service_rate``.

    Returns
    -------
    float in (0, 1).

    Raises
    ------
    ValueError if a rate is not above 0 or the servers do not suffice.

    Source: Gross et al., Fundamentals of Queueing Theory, ch. 2; Erlang B by recursion, which does not overflow.

    >>> round(erlang_c(arrival_rate=10, service_rate=12, servers=2), 3)
    0.245
    """
    load = _load(arrival_rate, service_rate, servers)
    blocked = 1.0
    for server in range(1, int(servers) + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


@arg.takes(arrival_rate=arg.amount(arg.ABOVE_0), service_rate=arg.amount(arg.ABOVE_0), servers=arg.count(1, 1e5))
def mmc(arrival_rate: float, service_rate: float, servers: int) -> dict[str, float]:
    """The M/M/c queue: random arrivals, exponential service, ``servers`` in parallel, one line.

    Parameters
    ----------
    arrival_rate, service_rate, servers : as `erlang_c`.

    Returns
    -------
    dict: ``utilization``, ``P0`` (nobody there), ``Pw`` (an arrival waits), ``Lq`` and ``L`` (mean number waiting, and
    in the system), ``Wq`` and ``W`` (mean time waiting, and in the system, in the rates' unit of time).

    Raises
    ------
    ValueError as `erlang_c`.

    Source: Gross et al., Fundamentals of Queueing Theory, ch. 2.

    >>> {name: round(value, 3) for name, value in mmc(arrival_rate=2, service_rate=3, servers=2).items()}
    {'utilization': 0.333, 'P0': 0.5, 'Pw': 0.167, 'Lq': 0.083, 'L': 0.75, 'Wq': 0.042, 'W': 0.375}
    """
    load = _load(arrival_rate, service_rate, servers)
    wait = erlang_c(arrival_rate, service_rate, servers)
    utilization = load / servers
    # Where nobody ever waits the servers are as many as there are arrivals; else P0 from Pw = P0 * load^c / (c! (1 - utilization)), in logarithms: no overflow with many servers
    known = wait * (1 - utilization)
    empty = (
        math.exp(math.log(known) + math.lgamma(servers + 1) - servers * math.log(load)) if known else math.exp(-load)
    )
    waiting_time = wait / (servers * service_rate - arrival_rate)
    time = waiting_time + 1 / service_rate
    return {
        "utilization": utilization,
        "P0": empty,
        "Pw": wait,
        "Lq": formulas.LITTLES_LAW(arrival_rate_per_hour=arrival_rate, time_in_system_hours=waiting_time),
        "L": formulas.LITTLES_LAW(arrival_rate_per_hour=arrival_rate, time_in_system_hours=time),
        "Wq": waiting_time,
        "W": time,
    }


@arg.takes(
    arrival_rate=arg.amount(arg.ABOVE_0),
    service_rate=arg.amount(arg.ABOVE_0),
    servers=arg.count(1, 1e5),
    wait=arg.amount(0),
)
def served_within(arrival_rate: float, service_rate: float, servers: int, wait: float) -> float:
    """Share of arrivals that wait at most ``wait`` before service starts.

    Parameters
    ----------
    arrival_rate, service_rate, servers : as `erlang_c`.
    wait : time, in the rates' unit, at least 0.

    Returns
    -------
    float in (0, 1).

    Raises
    ------
    ValueError as `erlang_c`, or if ``wait`` is negative.

    Source: Gross et al., Fundamentals of Queueing Theory, ch. 2.

    >>> round(served_within(arrival_rate=10, service_rate=12, servers=2, wait=0.1), 3)
    0.94
    """
    spare = servers * service_rate - arrival_rate
    return 1 - erlang_c(arrival_rate, service_rate, servers) * math.exp(-spare * wait)


@arg.takes(
    arrival_rate=arg.amount(arg.ABOVE_0),
    service_rate=arg.amount(arg.ABOVE_0),
    wait=arg.amount(0),
    service_level=arg.amount(),
)
def servers_needed(arrival_rate: float, service_rate: float, wait: float, service_level: float) -> int:
    """Fewest servers (dock doors, packing stations, agents) so that enough arrivals start within a time.

    Parameters
    ----------
    arrival_rate, service_rate : as `erlang_c`.
    wait : time, in the rates' unit, at least 0.
    service_level : share of arrivals that must wait no longer, 0 to below 1.

    Returns
    -------
    int.

    Raises
    ------
    ValueError as `served_within`, or if ``service_level`` is outside its range.

    Twelve trucks an hour, half an hour at a door, 90 % to start within 10 minutes:

    >>> servers_needed(arrival_rate=12, service_rate=2, wait=10 / 60, service_level=0.90)
    9
    """
    if not 0 <= service_level < 1:
        raise ValueError(f"service_level: {service_level}, expected 0 to below 1")
    servers = math.floor(arrival_rate / service_rate) + 1
    while served_within(arrival_rate, service_rate, servers, wait) < service_level:
        servers += 1
    return servers


# Staffing and backlogs ------------------------------------------------------------------------------------------------


@arg.takes(
    orders=arg.amount(0),
    orders_per_hour=arg.amount(0),
    shift_hours=arg.amount(0),
    utilization=arg.amount(),
    shrinkage=arg.amount(),
)
def staff_needed(
    orders: float, orders_per_hour: float, shift_hours: float, utilization: float = 1, shrinkage: float = 0
) -> int:
    """People to roster for a shift's orders, in whole people.

    Parameters
    ----------
    orders : orders in the shift.
    orders_per_hour : orders per labor hour while working.
    shift_hours : paid hours of a shift.
    utilization : planned share of the time worked that is busy.
    shrinkage : share of paid time not worked (breaks, absence, training).

    Returns
    -------
    int.

    Raises
    ------
    ValueError if a value is outside its range or no time is left to work.

    >>> staff_needed(orders=5100, orders_per_hour=8, shift_hours=7.5, utilization=0.8, shrinkage=0.15)
    125
    """
    needed = formulas.STAFF_NEEDED(
        orders=orders,
        orders_per_hour=orders_per_hour,
        shift_hours=shift_hours,
        utilization=utilization,
        shrinkage=shrinkage,
    )
    return math.ceil(round(needed, 6))  # 125.00000000000001 is 125


@dataclass(frozen=True, slots=True)
class LaborRates:
    """What an hour of each kind costs, USD, and what it does."""

    orders_per_hour: float
    """The same for all kinds of hours."""
    regular_usd: float
    overtime_usd: float
    agency_usd: float
    overtime_hours: float
    """The most overtime that can be worked."""

    def __post_init__(self) -> None:
        paid = ("orders_per_hour", "regular_usd", "overtime_usd", "agency_usd")
        arg.fields(self, **dict.fromkeys(paid, arg.amount(arg.ABOVE_0)), overtime_hours=arg.amount(0))


@dataclass(frozen=True, slots=True)
class SurgeLabor:
    """Hours and cost of the labor for orders above plan."""

    rostered_hours: float
    overtime_hours: float
    agency_hours: float
    idle_hours: float
    """Rostered and not needed."""
    cost_usd: float
    premium_usd: float
    """Cost above that of the hours needed at regular pay."""


@arg.takes(extra_orders=arg.amount(0), rates=arg.a(LaborRates), rostered_orders=arg.amount(0))
def surge_labor(extra_orders: float, rates: LaborRates, rostered_orders: float = 0) -> SurgeLabor:
    """Labor for orders above plan: hours rostered beforehand, then overtime up to its limit, then agency staff.

    Rostered hours are paid used or not; overtime and agency hours only as needed.

    Parameters
    ----------
    extra_orders : orders above the plan that come.
    rates : of labor.
    rostered_orders : orders above the plan for which regular hours were rostered.

    Raises
    ------
    ValueError if a rate is not above 0 or a number is missing or negative.

    Told nothing, 100 extra orders cost 69 USD more than rostered; rostered for 120, the idle hours cost 42:

    >>> rates = LaborRates(orders_per_hour=10, regular_usd=21, overtime_usd=31.5, agency_usd=27.0, overtime_hours=2)
    >>> [surge_labor(100, rates, rostered_orders=orders).premium_usd for orders in (0, 100, 120)]
    [69.0, 0.0, 42.0]
    """
    needed, rostered = extra_orders / rates.orders_per_hour, rostered_orders / rates.orders_per_hour
    short = max(0.0, needed - rostered)
    overtime = min(short, rates.overtime_hours)
    cost = rates.regular_usd * rostered + rates.overtime_usd * overtime + rates.agency_usd * (short - overtime)
    return SurgeLabor(
        rostered_hours=rostered,
        overtime_hours=overtime,
        agency_hours=short - overtime,
        idle_hours=max(0.0, rostered - needed),
        cost_usd=cost,
        premium_usd=cost - rates.regular_usd * needed,
    )


@arg.takes(arrivals=arg.amounts(0), capacity=arg.amounts(0), opening=arg.amount(0))
def backlog(
    arrivals: Sequence[float] | pd.Series, capacity: Sequence[float] | pd.Series, opening: float = 0
) -> pd.DataFrame:
    """Orders left over at the end of each period, when what cannot be processed waits.

    Parameters
    ----------
    arrivals, capacity : orders per period, same length.
    opening : orders waiting at the start.

    Returns
    -------
    DataFrame with the index of ``arrivals``: ``arrivals``, ``processed``, ``backlog`` (orders at the end of the
    period), ``unused`` (capacity not needed), ``wait_periods`` (backlog over the period's capacity: the age of the
    queue; infinite where there is none).

    Raises
    ------
    ValueError if lengths differ or a number is missing or negative.

    A surprise campaign of one day against a center with 10 % spare:

    >>> backlog([1000, 1800, 1000, 1000], [1100] * 4)["backlog"].tolist()
    [0.0, 700.0, 600.0, 500.0]
    """
    came, could = np.asarray(arrivals, float), np.asarray(capacity, float)
    if len(came) != len(could):
        raise ValueError(f"capacity: {len(could)} periods, expected {len(came)} as in arrivals")
    waiting = float(opening)
    done, left = [], []
    for new, limit in zip(came, could, strict=True):
        done.append(min(waiting + new, limit))
        waiting += new - done[-1]
        left.append(waiting)
    table = pd.Series(arrivals, dtype=float).to_frame("arrivals").assign(processed=done, backlog=left)
    table["unused"] = could - table["processed"]
    with np.errstate(divide="ignore", invalid="ignore"):
        table["wait_periods"] = np.where(table["backlog"] > 0, table["backlog"] / could, 0.0)
    return table


@arg.takes(
    orders=arg.table(
        {
            "ordered_at": arg.times(),
            "dispatch_due_at": arg.times(gaps=True),
            "dispatched_at": arg.times(gaps=True),
            "cancelled_at": arg.times(gaps=True),
        }
    ),
    moments=arg.times(),
)
def open_orders(orders: pd.DataFrame, moments: Sequence[pd.Timestamp] | pd.DatetimeIndex) -> pd.DataFrame:
    """The queue as it stood: orders placed and neither dispatched nor canceled, and those past their deadline.

    Parameters
    ----------
    orders : DataFrame, one row per order: ``ordered_at``, ``dispatch_due_at``, ``dispatched_at``, ``cancelled_at``.
    moments : when to look, for example each evening at 11:59 pm.

    Returns
    -------
    DataFrame indexed by moment: ``open`` (orders) and ``overdue`` (of these, whose deadline has passed).

    Raises
    ------
    ValueError if a column is missing or there is no moment.

    >>> day = pd.to_datetime(["2025-11-24 09:00", "2025-11-24 10:00", "2025-11-25 09:00"])
    >>> orders = pd.DataFrame({"ordered_at": day, "dispatch_due_at": day.normalize() + pd.Timedelta("2d"),
    ...                        "dispatched_at": pd.to_datetime(["2025-11-24 18:00", None, None]), "cancelled_at": pd.NaT})
    >>> open_orders(orders, pd.to_datetime(["2025-11-24 23:59", "2025-11-26 23:59"])).values.tolist()
    [[1, 0], [2, 1]]
    """
    looked = pd.DatetimeIndex(moments)
    if looked.empty:
        raise ValueError("moments: none, expected at least one")
    left = orders[["dispatched_at", "cancelled_at"]].min(axis=1)
    due = np.maximum(orders["dispatch_due_at"].to_numpy(), orders["ordered_at"].to_numpy())

    def until(times: pd.Series | np.ndarray) -> np.ndarray:
        return np.searchsorted(np.sort(pd.Series(times).dropna().to_numpy()), looked.to_numpy(), side="right")

    passed_and_left = pd.Series(np.maximum(due, left.to_numpy()), orders.index).where(left.notna())
    return pd.DataFrame(
        {"open": until(orders["ordered_at"]) - until(left), "overdue": until(due) - until(passed_and_left)}, looked
    )
