"""From dock to carrier scan as a network of queues: Little's law on stamps, Jackson's formula, and a simulation that
agrees with it where both hold and goes on where only it can: shifts, batch pickups, a dock with limited room."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import simpy
from scipy import stats

from fulfillment import arguments as arg
from fulfillment import validate
from fulfillment.operations.queues import mmc

Routing = Mapping[tuple[str, str], float]
ROUTES = arg.each(arg.share, empty=True)
STATIONS: dict[str, arg.Gate] = {
    "arrivals": arg.amounts(0),
    "service_rate": arg.amounts(arg.ABOVE_0),
    "servers": arg.counts(1),
}

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


# Formula --------------------------------------------------------------------------------------------------------------


@arg.takes(arrivals=arg.each(arg.amount(0)), routing=ROUTES)
def visit_rates(arrivals: Mapping[str, float], routing: Routing) -> pd.Series:
    """Rate at which each station is visited, loops of rework included: the traffic equations solved.

    Parameters
    ----------
    arrivals : rate from outside into each station (all stations, 0 where none), per hour.
    routing : share of what leaves a station that goes on to another, ``{("pack", "pick"): 0.04}``; the rest leaves.

    Returns
    -------
    Series by station, visits per hour.

    Raises
    ------
    ValueError if a rate is negative, a station is unknown, the shares of one are outside 0 to 1, or work never leaves.

    Source: Jackson 1957, Networks of Waiting Lines, Operations Research 5(4).

    One in twenty-five packed orders fails its check and is picked again:

    >>> visit_rates({"pick": 96, "pack": 0}, {("pick", "pack"): 1, ("pack", "pick"): 0.04}).round(6).to_dict()
    {'pick': 100.0, 'pack': 100.0}
    """
    names = list(arrivals)
    matrix = _matrix(names, routing)
    outside = np.array([arrivals[name] for name in names], float)
    if np.abs(np.linalg.eigvals(matrix)).max() >= 1 - 1e-12:
        raise ValueError(f"routing: {dict(routing)} sends work around for ever, expected a way out of every loop")
    return pd.Series(np.linalg.solve(np.eye(len(names)) - matrix.T, outside), names)


def _matrix(names: list[str], routing: Routing) -> np.ndarray:
    matrix = np.zeros((len(names), len(names)))
    for (origin, target), share in routing.items():
        for name in (origin, target):
            if name not in names:
                raise ValueError(f"routing: no station {name}, expected one of {', '.join(map(str, names))}")
        matrix[names.index(origin), names.index(target)] = share
    for name, total in zip(names, matrix.sum(axis=1), strict=True):
        if total > 1 + 1e-12:
            raise ValueError(f"routing: shares from {name} sum to {total:g}, expected at most 1")
    return matrix


@arg.takes(stations=arg.table(STATIONS, {"room": arg.amounts(0, gaps=True)}, keyed=True), routing=ROUTES)
def station_capacity(stations: pd.DataFrame, routing: Routing) -> pd.DataFrame:
    """What each station could pass in finished orders, rework taken off, and which is the bottleneck.

    Parameters
    ----------
    stations : DataFrame by station: ``arrivals`` (per hour, from outside), ``service_rate`` (of one server, per hour),
        ``servers``.
    routing : see `visit_rates`.

    Returns
    -------
    DataFrame by station: ``visits`` (of one that enters the network), ``capacity`` (entries per hour into the
    network, in the same mix, at which the station is fully busy; infinite if never visited), ``utilization``, ``bottleneck``
    (the least ``capacity``).

    Raises
    ------
    ValueError as `visit_rates`, if a column is missing, or a rate or number of servers is not above 0.

    >>> stations = pd.DataFrame({"arrivals": [90, 0], "service_rate": [30, 33], "servers": [4, 3]}, index=["pick", "pack"])
    >>> station_capacity(stations, {("pick", "pack"): 1, ("pack", "pick"): 0.04}).round(2).values.tolist()
    [[1.04, 115.2, 0.78, False], [1.04, 95.04, 0.95, True]]
    """
    rates = _rates(stations, routing)
    entering = stations["arrivals"].sum()
    room = stations["service_rate"] * stations["servers"]
    with np.errstate(divide="ignore"):
        table = pd.DataFrame(
            {"visits": rates / entering, "capacity": room * entering / rates, "utilization": rates / room}
        )
    return table.assign(bottleneck=table["capacity"] == table["capacity"].min())


def _rates(stations: pd.DataFrame, routing: Routing) -> pd.Series:
    if not stations["arrivals"].sum() > 0:
        raise ValueError("arrivals: 0 in all, expected some above 0")
    return visit_rates(stations["arrivals"].to_dict(), routing)


@arg.takes(stations=arg.table(STATIONS, {"room": arg.amounts(0, gaps=True)}, keyed=True), routing=ROUTES)
def jackson(stations: pd.DataFrame, routing: Routing) -> pd.DataFrame:
    """An open network of M/M/c stations in its steady state: each behaves as if it stood alone at its own traffic.

    Parameters
    ----------
    stations, routing : as `station_capacity`; every station is visited and can keep up.

    Returns
    -------
    DataFrame by station: ``rate`` (visits per hour), ``visits`` (of one that enters), ``utilization``, ``Lq``, ``L``
    (mean waiting, and there), ``Wq``, ``W`` (hours of one visit). The mean time through the network is
    ``(visits * W).sum()``, which is Little's law for the whole.

    Raises
    ------
    ValueError as `station_capacity`, and as `queues.mmc` for a station whose queue would grow without end.

    Source: Jackson 1957, Networks of Waiting Lines, Operations Research 5(4).

    >>> stations = pd.DataFrame({"arrivals": [6, 0], "service_rate": [8, 10], "servers": [1, 1]}, index=["pick", "pack"])
    >>> network = jackson(stations, {("pick", "pack"): 1})
    >>> network[["utilization", "L", "W"]].round(3).values.tolist()
    [[0.75, 3.0, 0.5], [0.6, 1.5, 0.25]]
    >>> print((network["visits"] * network["W"]).sum().round(3))
    0.75
    """
    rates = _rates(stations, routing)
    entering = stations["arrivals"].sum()
    rows = {}
    for station, row in stations.iterrows():
        queue = mmc(rates[station], row["service_rate"], row["servers"])
        rows[station] = {"rate": rates[station], "visits": rates[station] / entering} | {
            name: queue[name] for name in ("utilization", "Lq", "L", "Wq", "W")
        }
    return pd.DataFrame.from_dict(rows, orient="index")


# Simulation -----------------------------------------------------------------------------------------------------------


class _Clock:
    """Working time: moments of a calendar of open hours, and back."""

    def __init__(self, open_hours: np.ndarray | None) -> None:
        self.always = open_hours is None
        if self.always:
            return
        hours = np.asarray(open_hours, float)
        if hours.ndim != 2 or hours.shape[1] != 2 or not len(hours):
            raise ValueError(f"open_hours: {open_hours!r}, expected rows of opening and closing hour")
        if (hours[:, 0] >= hours[:, 1]).any() or (hours[1:, 0] < hours[:-1, 1]).any():
            raise ValueError("open_hours: an interval ends before it begins or the next begins, expected them in order")
        self.opens, self.closes = hours[:, 0], hours[:, 1]
        self.worked = np.concatenate([[0.0], np.cumsum(self.closes - self.opens)])

    def start(self, now: float) -> float:
        """The first moment from ``now`` on at which work goes on; infinite after the last."""
        if self.always:
            return now
        turn = int(np.searchsorted(self.closes, now, side="right"))
        return max(now, self.opens[turn]) if turn < len(self.opens) else math.inf

    def finish(self, start: float, hours: float) -> float:
        """When ``hours`` of work begun at ``start`` are done; infinite if the calendar ends before."""
        if self.always:
            return start + hours
        turn = int(np.searchsorted(self.closes, start, side="right"))
        if turn == len(self.opens):
            return math.inf
        done = self.worked[turn] + max(0.0, start - self.opens[turn]) + hours
        turn = max(turn, int(np.searchsorted(self.worked, done - 1e-9, side="left")) - 1)
        return self.opens[turn] + done - self.worked[turn] if turn < len(self.opens) else math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """When jobs enter a network, when its stations work, and when what is finished leaves. Hours on one clock."""

    releases: Sequence[float] | None = None
    """When the jobs enter, ascending, one for each, at the first station that has ``arrivals``: last season's orders, or
    trucks by appointment. At random at the ``arrivals`` by default."""
    open_hours: np.ndarray | None = None
    """Rows of opening and closing hour, in order: outside them nobody works, and work begun goes on when the next
    interval opens. Always open by default."""
    pickups: Mapping[str, tuple[Sequence[float], float]] | None = None
    """Station -> hours of its pickups and the most that one takes: what is finished waits for the next pickup."""


ALWAYS_OPEN = Schedule()


@arg.takes(
    stations=arg.table(STATIONS, {"room": arg.amounts(0, gaps=True)}, keyed=True),
    routing=ROUTES,
    jobs=arg.count(1, 1e7),
    seed=arg.count(),
    schedule=arg.a(Schedule),
    exact=arg.flag,
)
def simulate_network(
    stations: pd.DataFrame,
    routing: Routing,
    jobs: int,
    seed: int,
    schedule: Schedule = ALWAYS_OPEN,
    exact: bool = False,
) -> pd.DataFrame:
    """The network of `jackson` simulated with simpy, first come, first served, and what its formula cannot hold.

    Parameters
    ----------
    stations : as `station_capacity`; a column ``room`` limits how many may be at a station, in service included (missing: no
        limit): who finds it full is turned away and leaves the network.
    routing : see `visit_rates`.
    jobs : how many to follow from their arrival.
    seed : of the random numbers.
    schedule : when jobs enter, when stations work, when what is finished leaves; see `Schedule`.
    exact : every service takes exactly its mean; otherwise it is exponential.

    Returns
    -------
    DataFrame, a row per visit in order of job and time: ``job``, ``station``, ``arrived``, ``started``, ``finished``,
    ``left`` (picked up, or equal to ``finished``), hours. Missing: what never happened (turned away, or the calendar or
    the pickups ended before). The same seed gives the same rows.

    Raises
    ------
    ValueError as `station_capacity`, for wrong hours, for releases of another number than ``jobs``, or for a pickup of
    less than one.

    >>> stations = pd.DataFrame({"arrivals": [1, 0], "service_rate": [2, 4], "servers": [1, 1]}, index=["pick", "pack"])
    >>> schedule = Schedule(releases=[0, 0], pickups={"pack": ([1, 2], 5)})
    >>> run = simulate_network(stations, {("pick", "pack"): 1}, jobs=2, seed=1, schedule=schedule, exact=True)
    >>> run.drop(columns="job").values.tolist()
    [['pick', 0.0, 0.0, 0.5, 0.5], ['pack', 0.5, 0.5, 0.75, 1.0], ['pick', 0.0, 0.5, 1.0, 1.0], ['pack', 1.0, 1.0, 1.25, 2.0]]
    """
    _rates(stations, routing)
    floor = _Floor(stations, routing, np.random.default_rng(seed), schedule, exact)
    entries, times = _entries(stations, jobs, floor.rng, schedule.releases)

    def arrive() -> Iterator[simpy.Event]:
        for job in range(jobs):
            yield floor.world.timeout(times[job] - floor.world.now)
            floor.world.process(floor.visit(job, entries[job]))

    floor.world.process(arrive())
    floor.world.run()
    table = pd.DataFrame(floor.rows, columns=["job", "station", "arrived", "started", "finished", "left"])
    return table.sort_values(["job", "arrived"], kind="stable", ignore_index=True)


class _Floor:
    """The stations of a network in simpy: their servers, clock, pickups, and a row per visit in ``rows``."""

    def __init__(
        self, stations: pd.DataFrame, routing: Routing, rng: np.random.Generator, schedule: Schedule, exact: bool
    ) -> None:
        self.names, self.rng, self.exact, self.rows = list(stations.index), rng, exact, []
        self.world, self.clock = simpy.Environment(), _Clock(schedule.open_hours)
        self.onward = [np.cumsum(row) for row in _matrix(self.names, routing)]
        self.desks = [simpy.Resource(self.world, int(servers)) for servers in stations["servers"]]
        self.means = (1 / stations["service_rate"]).tolist()
        self.rooms = stations["room"].fillna(np.inf).tolist() if "room" in stations else [math.inf] * len(self.names)
        pickups = schedule.pickups or {}
        self.docks = {self.names.index(name): _Pickups(name, *terms) for name, terms in pickups.items()}

    def visit(self, job: int, at: int) -> Iterator[simpy.Event]:
        """A job from station to station until it leaves."""
        while at < len(self.names):
            desk, row = self.desks[at], [job, self.names[at], self.world.now, math.nan, math.nan, math.nan]
            self.rows.append(row)
            if desk.count + len(desk.queue) >= self.rooms[at]:
                return
            with desk.request() as turn:
                yield turn
                yield from self._serve(row, at)
            leaves = self.docks[at].next(self.world.now) if at in self.docks else self.world.now
            if leaves == math.inf:
                return
            row[5] = leaves
            if leaves > self.world.now:
                yield self.world.timeout(leaves - self.world.now)
            at = int(np.searchsorted(self.onward[at], self.rng.random(), side="right"))

    def _serve(self, row: list, at: int) -> Iterator[simpy.Event]:
        begun = self.clock.start(self.world.now)
        done = self.clock.finish(begun, self.means[at] if self.exact else self.rng.exponential(self.means[at]))
        row[3] = begun if begun < math.inf else math.nan
        if done == math.inf:
            yield self.world.event()  # the calendar has ended: it stands here for ever
        yield self.world.timeout(done - self.world.now)
        row[4] = self.world.now


def _entries(
    stations: pd.DataFrame, jobs: int, rng: np.random.Generator, releases: Sequence[float] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Position of the station at which each job enters, and its hour."""
    share = (stations["arrivals"] / stations["arrivals"].sum()).to_numpy()
    if releases is None:
        times = np.cumsum(rng.exponential(1 / stations["arrivals"].sum(), jobs))
        return rng.choice(len(stations), jobs, p=share), times
    times = arg.array(0)("releases", releases)
    if len(times) != jobs or (np.diff(times) < 0).any():
        raise ValueError(f"releases: {len(times)} hours, expected {jobs} in ascending order")
    return np.full(jobs, int(np.argmax(share > 0))), times


class _Pickups:
    """A carrier's pickups at a station: each takes what has been finished, up to its room, in order of finishing."""

    def __init__(self, station: str, hours: Sequence[float], most: float) -> None:
        self.hours = arg.array()(f"pickups of {station}", hours)
        if (np.diff(self.hours) <= 0).any() or not most >= 1:
            raise ValueError(f"pickups of {station}: expected ascending hours and room for at least one, got {most}")
        self.most, self.turn, self.loaded = most, 0, 0

    def next(self, now: float) -> float:
        """When what is finished now leaves; infinite after the last pickup."""
        turn = int(np.searchsorted(self.hours, now, side="left"))
        if turn > self.turn or self.loaded >= self.most:
            self.turn, self.loaded = max(turn, self.turn + (self.loaded >= self.most)), 0
        self.loaded += 1
        return self.hours[self.turn] if self.turn < len(self.hours) else math.inf


@arg.takes(values=arg.amounts(), warm_up=arg.amount(), batches=arg.count(), confidence=arg.amount())
def batch_means(
    values: Sequence[float] | pd.Series, warm_up: float = 0.2, batches: int = 10, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Mean of a long run with its confidence interval, although neighbors in a queue resemble one another.

    The run's beginning is left out, the rest cut into batches in order of time; the batches' means are nearly
    independent, and Student's t gives the interval.

    Parameters
    ----------
    values : in order of time, for example hours of each job.
    warm_up : share left out at the beginning, 0 to below 1.
    batches : at least 2; few and long rather than many and short, or the interval promises too much.
    confidence : of the interval, above 0 to below 1.

    Returns
    -------
    mean, lower and upper end.

    Raises
    ------
    ValueError if a share or number is outside its range, or there are fewer values left than batches.

    Source: Law, Simulation Modeling and Analysis, ch. 9.

    >>> [round(value, 2) for value in batch_means([9, 9, 1, 3, 2, 4, 3, 5, 2, 4], warm_up=0.2, batches=4)]
    [3.0, 1.7, 4.3]
    """
    for name, share, least in (("warm_up", warm_up, -1), ("confidence", confidence, 0)):
        if not least < share < 1 or share < 0:
            raise ValueError(f"{name}: {share}, expected 0 to below 1")
    array = np.asarray(values, float)
    kept = array[math.floor(len(array) * warm_up) :]
    if batches < 2 or len(kept) < batches:
        raise ValueError(
            f"batches: {batches} for {len(kept)} values, expected at least 2 and at most one for each value"
        )
    means = np.array([part.mean() for part in np.array_split(kept, batches)])
    half = stats.t.ppf((1 + confidence) / 2, batches - 1) * means.std(ddof=1) / math.sqrt(batches)
    return float(kept.mean()), float(kept.mean() - half), float(kept.mean() + half)
