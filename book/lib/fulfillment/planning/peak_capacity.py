"""A peak season planned: what capacity to reserve, what to buy on the day, what to move, and how the plan holds.

Each center packs first come, first served. An order can be packed from the day of its release (its own day if it came
before the cut-off, else the next) and is late if it has not left by the end of its due day. Capacity comes in three
kinds: the base capacity, steps reserved for a whole block of days and paid for used or not, and on-demand capacity
paid for only as used. Orders may wait, or be packed at another center that holds their items.

`plan_season` finds the cheapest plan, `frontier` what each level of service costs, `simulate_plan` and `stress_test` run a plan
against days that come otherwise than planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.optimization import Program
from fulfillment.tradeoffs import pareto_efficient
from fulfillment.validate import refuse

#: Columns of `Season.centers`, in units of orders a working day, USD per order, and shares.
CENTER_COLUMNS = ["base_capacity", "capacity_step", "reserved_usd", "on_demand", "on_demand_usd", "transferable"]
#: Orders by which a queue must pass the trigger: a plan often leaves exactly what the next day can pack
CLEARLY = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """The days to be planned, what they bring, and what can be bought.

    Attributes
    ----------
    orders : DataFrame, days (index, consecutive dates) by centers: orders placed, each nearest to its center.
    centers : DataFrame, by center: ``base_capacity`` (orders a working day), ``capacity_step`` (orders a day of one reserved step),
        ``reserved_usd`` (per order of reserved capacity, used or not), ``on_demand`` (most orders a working day),
        ``on_demand_usd`` (per order, as used), ``transferable`` (largest share of a day's orders that may be packed elsewhere).
    max_steps : DataFrame, blocks by centers: most steps that can be reserved.
    shift_premium : Series, by block: what its steps cost over ``reserved_usd`` (1.5 on a Sunday: half as much again).
    capacity_block : Series by day: the block whose steps work on it; ``""`` for none. Steps may work when centers do not.
    move_usd : DataFrame, centers by centers: USD more for an order of the row's center packed at the column's.
    servable : DataFrame, centers by centers: share of the row's orders whose items all lie at the column's.
    working : Series by day: whether centers work at their base capacity, and carriers pick up.
    due : Series by day: the last day on which an order of that day leaves in time, a working day.
    same_day : share of a day's orders that comes before the cut-off.
    wait_usd : USD for an order that is ready and left overnight.

    Raises
    ------
    ValueError if the tables do not match, a number is missing or negative, a share is above 1, or an order is due before
    its day.
    """

    orders: pd.DataFrame
    centers: pd.DataFrame
    max_steps: pd.DataFrame
    shift_premium: pd.Series
    capacity_block: pd.Series
    move_usd: pd.DataFrame
    servable: pd.DataFrame
    working: pd.Series
    due: pd.Series
    same_day: float = 1.0
    wait_usd: float = 0.0

    def __post_init__(self) -> None:
        priced = dict.fromkeys(CENTER_COLUMNS, arg.amounts(0)) | {"transferable": arg.amounts(0, 1)}
        arg.fields(
            self,
            orders=arg.matrix(0),
            centers=arg.table(priced, keyed=True),
            max_steps=arg.matrix(0),
            shift_premium=arg.by_name(0),
            capacity_block=arg.names(),
            move_usd=arg.matrix(0),
            servable=arg.matrix(0, 1),
            working=arg.flags(),
            due=arg.times(),
            same_day=arg.share,
            wait_usd=arg.amount(0),
        )
        days, names = self.orders.index, self.orders.columns
        if not len(days) or not days.equals(pd.date_range(days[0], periods=len(days))):
            raise ValueError(f"orders: {len(days)} days, expected consecutive dates as the index")
        for name, found in {
            "centers": self.centers.index,
            "max_steps": self.max_steps.columns,
            "move_usd": self.move_usd.index,
            "move_usd columns": self.move_usd.columns,
            "servable": self.servable.index,
            "servable columns": self.servable.columns,
        }.items():
            if not found.equals(names):
                raise ValueError(f"{name}: {list(found)}, expected the centers of orders, {list(names)}")
        for name, series in (("capacity_block", self.capacity_block), ("working", self.working), ("due", self.due)):
            if not series.index.equals(days):
                raise ValueError(f"{name}: {len(series)} days, expected the {len(days)} days of orders")
        blocks = self.max_steps.index
        if not self.shift_premium.index.equals(blocks) or set(self.capacity_block) - {"", *blocks}:
            raise ValueError(
                f"capacity_block, shift_premium: {sorted(set(self.capacity_block))}, expected those of max_steps, {list(blocks)}"
            )
        if (self.due < days).any():
            raise ValueError(
                f"due: {self.due[self.due < days].iloc[0]:%F} lies before its day, expected the day or later"
            )

    @property
    def judged(self) -> pd.Series:
        """Whether a day's orders are due within the days planned; the others are packed but not judged."""
        return self.due <= self.orders.index[-1]

    def released(self, placed: np.ndarray) -> np.ndarray:
        """Orders ready to be packed by day, from orders placed; days on the last axis but one."""
        later = np.zeros_like(placed)
        later[..., 1:, :] = placed[..., :-1, :]
        return self.same_day * placed + (1 - self.same_day) * later

    def step_usd(self) -> pd.DataFrame:
        """USD of one reserved step, blocks by centers: its days, its orders a day, its price."""
        days = self.capacity_block.value_counts().reindex(self.max_steps.index).fillna(0)
        each = self.centers["capacity_step"] * self.centers["reserved_usd"]
        return pd.DataFrame(np.outer(days * self.shift_premium, each), self.max_steps.index, self.max_steps.columns)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What was decided: ``reserved`` (steps, blocks by centers), ``on_demand`` (orders, days by centers), ``moved``
    (share of a day's orders, days by pairs of centers (from, to)); and what it comes to on the orders as planned:
    ``cost_usd`` by kind, ``late`` (orders, by center) and ``late_share`` of the orders judged."""

    reserved: pd.DataFrame
    on_demand: pd.DataFrame
    moved: pd.DataFrame
    cost_usd: pd.Series
    late: pd.Series
    late_share: float

    @property
    def total_usd(self) -> float:
        """USD of the whole plan."""
        return float(self.cost_usd.sum())


# The days as they run -------------------------------------------------------------------------------------------------


def _route(season: Season, plan: Plan, placed: np.ndarray) -> np.ndarray:
    """Orders by the center that packs them: what is moved leaves one queue and joins another."""
    names = list(season.orders.columns)
    routed = placed.copy()
    for pair, share in plan.moved.items():
        leave, join = names.index(pair[0]), names.index(pair[1])
        moving = placed[..., leave] * share.to_numpy(float)
        routed[..., leave] -= moving
        routed[..., join] += moving
    return routed


def _regular(season: Season, plan: Plan) -> np.ndarray:
    """Orders a day that each center packs without on-demand capacity: days by centers."""
    steps = plan.reserved.reindex(season.capacity_block.to_numpy()).fillna(0).to_numpy(float)
    return np.outer(season.working, season.centers["base_capacity"]) + steps * season.centers["capacity_step"].to_numpy(
        float
    )


def _queues(
    released: np.ndarray,
    regular: np.ndarray,
    booked: np.ndarray,
    most: np.ndarray,
    working: np.ndarray,
    trigger_ratio: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Packed, on-demand used and waiting at close, by draw, day and center."""
    packed, used, waiting = (np.zeros_like(released) for _ in range(3))
    queue = np.zeros_like(released[:, 0])
    called = np.zeros(queue.shape, bool)
    for day in range(released.shape[1]):
        extra = np.where(called, most[day], booked[day])
        queue = queue + released[:, day]
        packed[:, day] = np.minimum(queue, regular[day] + extra)
        used[:, day] = np.clip(packed[:, day] - regular[day], 0, None)
        queue = queue - packed[:, day]
        waiting[:, day] = queue
        following = np.flatnonzero(working[day + 1 :])
        if len(following):  # tonight's queue against what is booked for the next working day
            then = day + 1 + following[0]
            called = queue - trigger_ratio * (regular[then] + booked[then]) > CLEARLY
    return packed, used, waiting


def _late(placed: np.ndarray, packed: np.ndarray, season: Season, missed: np.ndarray) -> np.ndarray:
    """Late orders by draw and center, of those judged, first come, first served.

    ``missed`` is the share of what was packed on a day and not picked up before the next working day.
    """
    days = season.orders.index
    dues = np.unique(season.due[season.judged])
    total = np.stack([placed[:, (season.due <= due).to_numpy()].sum(axis=1) for due in dues], axis=1)
    before = np.concatenate([np.zeros_like(total[:, :1]), total[:, :-1]], axis=1)
    done = np.cumsum(packed, axis=1)
    at = days.searchsorted(dues)
    in_time = np.clip(done[:, at] - before, 0, total - before)
    late = (total - before - in_time).sum(axis=1)
    if missed.any():
        working = np.flatnonzero(season.working)
        for day in np.flatnonzero(missed.any(axis=1)):
            next_day = working[working > day]
            leaves = next_day[0] if len(next_day) else len(days)
            start = done[:, day] - packed[:, day]
            for number, last in enumerate(at):
                if day <= last < leaves:  # packed in time and scanned too late
                    lower = np.maximum(start, before[:, number])
                    upper = np.minimum(done[:, day], total[:, number])
                    late += missed[day] * np.clip(upper - lower, 0, None)
    return late


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """A plan on many paths: orders by draw, day and center (``used`` on demand, ``waiting`` at close) or by draw and
    center (``late``, ``judged``), and USD by draw; ``reserved_usd`` is the same in all."""

    used: np.ndarray
    waiting: np.ndarray
    late: np.ndarray
    judged: np.ndarray
    reserved_usd: float
    on_demand_usd: np.ndarray
    moved_usd: np.ndarray
    waiting_usd: np.ndarray

    @property
    def cost_usd(self) -> np.ndarray:
        return self.reserved_usd + self.on_demand_usd + self.moved_usd + self.waiting_usd


def _run(
    season: Season, plan: Plan, placed: np.ndarray, missed: pd.DataFrame | None, trigger_ratio: float | None
) -> _Paths:
    """A plan on many paths at once; ``placed`` is draws by days by centers."""
    if placed.shape[1:] != season.orders.shape:
        raise ValueError(f"orders: {placed.shape[1:]} days and centers, expected {season.orders.shape}")
    lost = np.zeros(season.orders.shape)
    if missed is not None:
        lost = missed.reindex(index=season.orders.index, columns=season.orders.columns).fillna(0).to_numpy(float)
    routed = _route(season, plan, placed)
    working = season.working.to_numpy(bool)
    regular, booked = _regular(season, plan), plan.on_demand.to_numpy(float)
    most = season.centers["on_demand"].to_numpy(float) * working[:, None]
    packed, used, waiting = _queues(
        season.released(routed), regular, booked, most, working, np.inf if trigger_ratio is None else trigger_ratio
    )
    judged = season.judged.to_numpy()
    names = list(season.orders.columns)
    moving = sum(
        (placed[..., names.index(leave)] * share.to_numpy(float)).sum(axis=1) * season.move_usd.loc[leave, join]
        for (leave, join), share in plan.moved.items()
    )
    return _Paths(
        used=used,
        waiting=waiting,
        late=_late(routed, packed, season, lost),
        judged=routed[:, judged].sum(axis=1),
        reserved_usd=float((plan.reserved * season.step_usd()).to_numpy(float).sum()),
        on_demand_usd=(used * season.centers["on_demand_usd"].to_numpy(float)).sum(axis=(1, 2)),
        moved_usd=moving + np.zeros(len(placed)),
        waiting_usd=season.wait_usd * waiting.sum(axis=(1, 2)),
    )


@arg.takes(season=arg.a(Season))
def baseline_plan(season: Season) -> Plan:
    """The plan that buys nothing and moves nothing: the base capacity has to do.

    >>> days = pd.date_range("2026-11-27", periods=3)
    >>> season = one_center(pd.Series([100.0, 250.0, 50.0], days), base_capacity=120.0)
    >>> plan = baseline_plan(season)
    >>> plan.total_usd, float(plan.late["A"])
    (0.0, 180.0)
    """
    names, blocks = season.orders.columns, season.max_steps.index
    return evaluate_plan(
        season,
        reserved=pd.DataFrame(0, blocks, names),
        on_demand=pd.DataFrame(0.0, season.orders.index, names),
        moved=pd.DataFrame(index=season.orders.index, columns=pd.MultiIndex.from_tuples([], names=["from", "to"])),
    )


@arg.takes(season=arg.a(Season), reserved=arg.matrix(), on_demand=arg.matrix(), moved=arg.a(pd.DataFrame))
def evaluate_plan(season: Season, reserved: pd.DataFrame, on_demand: pd.DataFrame, moved: pd.DataFrame) -> Plan:
    """A plan from its decisions, with the cost and the late orders that follow on the orders as planned.

    Parameters
    ----------
    season : see `Season`.
    reserved, on_demand, moved : see `Plan`.

    Returns
    -------
    Plan.

    Raises
    ------
    ValueError if a decision is negative or above what is offered, or the tables do not match the season.

    >>> days = pd.date_range("2026-11-27", periods=3)
    >>> season = one_center(pd.Series([100.0, 250.0, 50.0], days), base_capacity=120.0)
    >>> nobody = baseline_plan(season)
    >>> evaluate_plan(season, nobody.reserved + 1, nobody.on_demand, nobody.moved).cost_usd.to_dict()
    {'reserved': 60.0, 'on demand': 0.0, 'moved': 0.0, 'waiting': 0.0}
    """
    days, names, blocks = season.orders.index, season.orders.columns, season.max_steps.index
    if not (reserved.index.equals(blocks) and reserved.columns.equals(names)):
        raise ValueError(f"reserved: {reserved.shape}, expected blocks by centers, {len(blocks)} by {len(names)}")
    if not (on_demand.index.equals(days) and on_demand.columns.equals(names) and moved.index.equals(days)):
        raise ValueError("on_demand, moved: expected the days of the season, and its centers as columns of on_demand")
    most = np.outer(season.working, season.centers["on_demand"])
    for name, table, limit in (
        ("reserved", reserved, season.max_steps.to_numpy(float)),
        ("on_demand", on_demand, most),
        ("moved", moved, np.array([season.servable.loc[pair] for pair in moved.columns])),
    ):
        values = table.to_numpy(float)
        if np.isnan(values).any():
            raise ValueError(f"{name}: a value is missing, expected one in each place")
        if (values < -1e-9).any() or (values > limit + 1e-6).any():
            raise ValueError(f"{name}: from {values.min():g} to {values.max():g}, expected 0 to what is offered")
    draft = Plan(reserved, on_demand, moved, pd.Series(dtype=float), pd.Series(dtype=float), np.nan)
    run = _run(season, draft, season.orders.to_numpy(float)[None], None, None)
    cost = {"reserved": run.reserved_usd, "on demand": run.on_demand_usd[0], "moved": run.moved_usd[0]}
    cost["waiting"] = run.waiting_usd[0]
    late = pd.Series(run.late[0].round(6) + 0.0, names)
    share = float(late.sum() / run.judged.sum()) if run.judged.sum() else 0.0
    return Plan(reserved, on_demand, moved, pd.Series(cost, dtype=float).round(6), late, share)


@arg.takes(orders=arg.by_name(0), base_capacity=arg.amount(0), capacity_step=arg.amount(0), reserved_usd=arg.amount(0))
def one_center(
    orders: pd.Series, base_capacity: float, capacity_step: float = 10.0, reserved_usd: float = 2.0
) -> Season:
    """A season of one center, one block and working days only, each order due on its own day: for a first look.

    Parameters
    ----------
    orders : Series by day.
    base_capacity, capacity_step : orders a day.
    reserved_usd : USD per order of reserved capacity.

    Returns
    -------
    Season with three steps on offer and a tenth of ``base_capacity`` on demand at twice the reserved price.

    >>> one_center(pd.Series([5.0], pd.date_range("2026-11-27", periods=1)), base_capacity=3.0).centers["capacity_step"].tolist()
    [10.0]
    """
    days, name = orders.index, ["A"]
    offer = [base_capacity, capacity_step, reserved_usd, base_capacity / 10, 2 * reserved_usd, 0.0]
    return Season(
        orders=orders.rename("A").to_frame(),
        centers=pd.DataFrame([offer], name, CENTER_COLUMNS),
        max_steps=pd.DataFrame(3, ["peak"], name),
        shift_premium=pd.Series(1.0, ["peak"]),
        capacity_block=pd.Series("peak", days),
        move_usd=pd.DataFrame(0.0, name, name),
        servable=pd.DataFrame(0.0, name, name),
        working=pd.Series(True, days),
        due=pd.Series(days, days),
    )


@arg.takes(
    lines=arg.table(
        {"order_id": arg.names(), "center_id": arg.names(), "sku_id": arg.names(), "units": arg.amounts(0)}
    ),
    stock=arg.amounts(0),
)
def servable_elsewhere(lines: pd.DataFrame, stock: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Which share of each center's orders another center could pack whole, from what lies there.

    An upper bound: each order is looked at alone, so a unit may be counted for several. `network_design.transferable_orders` promises none
    twice.

    Parameters
    ----------
    lines : DataFrame, a row per item of an order: ``order_id``, ``center_id``, ``sku_id``, ``units``.
    stock : units that can be promised, indexed by center and item.

    Returns
    -------
    DataFrame, centers by centers: share of the row's orders held by the column's, 0 on the diagonal; and a Series by
    center: the share held by any other.

    Raises
    ------
    ValueError if a column is missing, there are no rows, or a number is negative.

    Of two orders at A the other center holds one; B's order needs two units where A has one:

    >>> lines = pd.DataFrame({"order_id": [1, 2, 3], "center_id": ["A", "A", "B"], "sku_id": ["x", "y", "x"], "units": [1, 1, 2]})
    >>> servable, anywhere = servable_elsewhere(lines, pd.Series({("A", "x"): 1, ("B", "x"): 5}))
    >>> servable.loc["A", "B"], servable.loc["B", "A"], anywhere.tolist()
    (np.float64(0.5), np.float64(0.0), [0.5, 0.0])
    """
    if not isinstance(stock, pd.Series) or stock.index.nlevels != 2:
        raise ValueError("stock: no center and item, expected a Series that is indexed by both")
    need = lines.groupby(["order_id", "center_id", "sku_id"])["units"].sum().reset_index()
    names = sorted(set(need["center_id"]) | set(stock.index.get_level_values(0)))
    lies = stock.groupby(level=[0, 1]).sum().unstack(0, fill_value=0).reindex(columns=names, fill_value=0)
    enough = lies.reindex(need["sku_id"], fill_value=0).ge(need["units"].to_numpy(), axis=0)
    whole = enough.groupby([need["order_id"].to_numpy(), need["center_id"].to_numpy()]).all()
    own = whole.index.get_level_values(1)
    others = whole & ~pd.DataFrame(np.equal.outer(own.to_numpy(), np.array(names)), whole.index, names)
    return others.groupby(own).mean().reindex(names, fill_value=0.0), others.any(axis=1).groupby(own).mean().reindex(
        names, fill_value=0.0
    )


# The cheapest plan ----------------------------------------------------------------------------------------------------


@arg.takes(season=arg.a(Season), late_share=arg.share, whole=arg.flag)
def plan_season(season: Season, late_share: float, whole: bool = False) -> Plan:
    """The cheapest plan that keeps lateness within a bound: a mixed-integer program, solved to optimality.

    Chooses reserved steps (whole ones) by center and block, on-demand orders and moved orders by center and day. What
    waits follows from first come, first served. At each deadline the orders that are due and not packed are counted; their
    sum over all deadlines is bounded. An order that misses two deadlines counts twice, so the plan's own ``late_share``,
    which counts it once, is at most the bound; the two are equal where no order waits past a second deadline.

    Parameters
    ----------
    season : see `Season`.
    late_share : bound on the orders overdue at their deadlines, as a share of all orders judged, 0 to 1.
    whole : whether on-demand and moved orders are whole numbers too.

    Returns
    -------
    Plan.

    Raises
    ------
    ValueError if ``late_share`` is not a share, or no plan keeps it.

    Source: capacity planning with queues carried over, as a mixed-integer program for HiGHS.

    Ten orders too many on one day of three. Reserve a step for all three, call on-demand capacity, or be late:

    >>> days = pd.date_range("2026-11-27", periods=3)
    >>> season = one_center(pd.Series([100.0, 130.0, 50.0], days), base_capacity=120.0, capacity_step=12.0)
    >>> [(share, plan_season(season, share).total_usd) for share in (0.0, 0.02, 0.04)]
    [(0.0, 40.0), (0.02, 17.6), (0.04, 0.0)]
    """
    model = _PlanProgram(season, whole)
    model.keep_capacity()
    model.keep_service(late_share)
    model.keep_moves()
    if model.program.minimize_cost(model.cost()) is None:
        raise ValueError(f"late_share: no plan keeps {late_share:g}, expected more on offer or a looser bound")
    return model.plan()


class _PlanProgram:
    """The program of `plan_season`: its variables, its rules, its cost, and the plan that its values are.

    ``moved`` is in orders by pair of centers (``pairs``) and day, ``arrives`` what each center gets, ``ready`` what of it
    can be packed by day, ``wait`` what is left at its close, ``late`` what is overdue at each deadline.
    """

    def __init__(self, season: Season, whole: bool) -> None:
        self.season, self.program = season, Program()
        self.placed, working = season.orders.to_numpy(float), season.working.to_numpy(bool)
        self.pairs = [
            (i, j)
            for i, j in np.ndindex(season.servable.shape)
            if i != j and season.servable.iat[i, j] > 0 and season.centers["transferable"].iat[i] > 0
        ]
        self.dues = np.unique(season.due[season.judged])
        days, centers = self.placed.shape
        variables = self.program.variables
        self.steps = variables(*season.max_steps.shape, most=season.max_steps, whole=True)
        self.called = variables(days, centers, most=np.outer(working, season.centers["on_demand"]), whole=whole)
        self.moved = variables(len(self.pairs), days, whole=whole)
        self.wait = variables(days, centers)
        self.late = variables(len(self.dues), centers)
        self.arrives = self.placed.astype(object)
        for (leave, join), orders in zip(self.pairs, self.moved, strict=True):
            self.arrives[:, leave] = self.arrives[:, leave] - orders
            self.arrives[:, join] = self.arrives[:, join] + orders
        self.ready = season.released(self.arrives)

    def keep_capacity(self) -> None:
        """What is packed on a day fits into base capacity, reserved steps and what is called."""
        centers, blocks = self.season.centers, list(self.season.max_steps.index)
        packed = self.ready - self.wait
        packed[1:] += self.wait[:-1]
        for day, (name, working) in enumerate(zip(self.season.capacity_block, self.season.working, strict=True)):
            room = centers["base_capacity"].to_numpy(float) * bool(working) + self.called[day]
            if name:
                room = room + centers["capacity_step"].to_numpy(float) * self.steps[blocks.index(name)]
            self.program.keep(packed[day] >= 0, packed[day] <= room)

    def keep_service(self, late_share: float) -> None:
        """Overdue at a deadline is what waits, less what is ready and not due yet; all together is bounded."""
        season, days = self.season, self.season.orders.index
        for due, overdue in zip(self.dues, self.late, strict=True):
            last = days.searchsorted(due)
            not_due = self.ready[: last + 1].sum(axis=0) - self.arrives[(season.due <= due).to_numpy()].sum(axis=0)
            self.program.keep(overdue >= self.wait[last] - not_due)
        self.program.keep(self.late.sum() <= late_share * self.placed[season.judged.to_numpy()].sum())

    def keep_moves(self) -> None:
        """Moved from a center on a day: to each other by what it can serve, to all together by what may move."""
        for leave, transferable in enumerate(self.season.centers["transferable"]):
            leaving = [number for number, pair in enumerate(self.pairs) if pair[0] == leave]
            for number in leaving:
                servable = self.season.servable.iat[self.pairs[number]]
                self.program.keep(self.moved[number] <= servable * self.placed[:, leave])
            if leaving:
                self.program.keep(self.moved[leaving].sum(axis=0) <= transferable * self.placed[:, leave])

    def cost(self) -> object:
        """USD of all that is bought, moved and left waiting."""
        season = self.season
        cost = (season.step_usd().to_numpy(float) * self.steps).sum() + season.wait_usd * self.wait.sum()
        cost += (season.centers["on_demand_usd"].to_numpy(float) * self.called).sum()
        for pair, orders in zip(self.pairs, self.moved, strict=True):
            cost += season.move_usd.iat[pair] * orders.sum()
        return cost

    def plan(self) -> Plan:
        """The plan that the solved program holds."""
        days, names = self.season.orders.index, list(self.season.orders.columns)
        values, origin = self.program.values, self.placed[:, [i for i, _ in self.pairs]].T
        shares = np.divide(values(self.moved), origin, out=np.zeros(origin.shape), where=origin > 0).round(9) + 0.0
        used = [number for number in range(len(self.pairs)) if shares[number].max(initial=0) > 0]
        moves = [(names[self.pairs[number][0]], names[self.pairs[number][1]]) for number in used]
        return evaluate_plan(
            self.season,
            reserved=pd.DataFrame(values(self.steps).round().astype(int), self.season.max_steps.index, names),
            on_demand=pd.DataFrame(values(self.called).round(6) + 0.0, days, names),
            moved=pd.DataFrame(shares[used].T, days, pd.MultiIndex.from_tuples(moves, names=["from", "to"])),
        )


@arg.takes(season=arg.a(Season), late_shares=arg.amounts(0, 1))
def frontier(season: Season, late_shares: Sequence[float]) -> pd.DataFrame:
    """What each level of service costs: the cheapest plan for each bound on late orders, without dominated points.

    Parameters
    ----------
    season : see `Season`.
    late_shares : bounds on the share of late orders; one that no plan keeps is left out.

    Returns
    -------
    DataFrame, a row per plan, the dearest and most punctual first: ``late_share``, ``cost_usd``, ``usd_per_order``
    (what one late order fewer costs against the next row; missing in the last), ``plan``.

    Raises
    ------
    ValueError if there is no bound, one is not a share, or no plan keeps any.

    Source: epsilon-constraint method (Haimes, Lasdon and Wismer 1971).

    >>> days = pd.date_range("2026-11-27", periods=3)
    >>> season = one_center(pd.Series([100.0, 130.0, 50.0], days), base_capacity=120.0)
    >>> frontier(season, [0.0, 0.02, 0.04, 0.5])[["late_share", "cost_usd", "usd_per_order"]].round(3).values.tolist()
    [[0.0, 40.0, 4.0], [0.02, 17.6, 4.0], [0.036, 0.0, nan]]
    """
    plans = []
    for share in sorted(set(late_shares)):
        try:
            plans.append(plan_season(season, share))
        except ValueError as refusal:
            if "no plan keeps" not in str(refusal):
                raise
    if not plans:
        raise ValueError(f"late_shares: no plan keeps {max(late_shares):g}, expected a looser bound")
    points = pd.DataFrame(
        {
            "late_share": [plan.late_share for plan in plans],
            "cost_usd": [plan.total_usd for plan in plans],
            "plan": plans,
        }
    )
    measures = points["late_share"].round(9), points["cost_usd"].round(4)
    alike = pd.concat(measures, axis=1).duplicated()
    points = points[pareto_efficient(*measures) & ~alike].sort_values("late_share", ignore_index=True, kind="stable")
    fewer = -points["late_share"].diff(-1) * season.orders[season.judged].to_numpy().sum()
    return points.assign(usd_per_order=points["cost_usd"].diff(-1).mul(-1) / fewer * -1)[
        ["late_share", "cost_usd", "usd_per_order", "plan"]
    ]


# Days that come otherwise ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class PlanRun:
    """What a plan came to on one path of days."""

    late_share: float
    """Of the orders judged."""
    cost_usd: float
    late: pd.Series
    """Orders, by center."""
    late_share_by_center: pd.Series
    waiting: pd.DataFrame
    """Orders waiting at close, days by centers."""
    on_demand_used: pd.DataFrame
    """Orders packed on demand, days by centers."""


@arg.takes(
    season=arg.a(Season), plan=arg.a(Plan), orders=arg.matrix(0), missed=arg.matrix(0, 1), trigger_ratio=arg.amount(0)
)
def simulate_plan(
    season: Season,
    plan: Plan,
    orders: pd.DataFrame | None = None,
    missed: pd.DataFrame | None = None,
    trigger_ratio: float | None = None,
) -> PlanRun:
    """A plan on one path of days: who waits, what is used, what leaves late.

    Parameters
    ----------
    season, plan : see `Season` and `Plan`. Reserved steps, booked on-demand orders and shares moved stay as planned.
    orders : days by centers as they come; as planned by default.
    missed : days by centers, share of what is packed that no carrier picks up before the next working day.
    trigger_ratio : if the queue at close is more than this multiple of what is booked for the next working day, all on-demand
        capacity is called for that day; never by default.

    Raises
    ------
    ValueError if the tables do not match or a number is negative.

    A day's orders rise by half; called at once, on-demand capacity of 12 takes the edge off:

    >>> days = pd.date_range("2026-11-27", periods=3)
    >>> season = one_center(pd.Series([100.0, 120.0, 110.0], days), base_capacity=120.0)
    >>> plan, more = baseline_plan(season), season.orders.add([50.0, 0.0, 0.0], axis=0)
    >>> [float(simulate_plan(season, plan, more, trigger_ratio=limit).late["A"]) for limit in (None, 0.2)]
    [80.0, 56.0]
    """
    path = season.orders if orders is None else orders
    if not (path.index.equals(season.orders.index) and path.columns.equals(season.orders.columns)):
        raise ValueError(f"orders: {path.shape}, expected the days and centers of the season, {season.orders.shape}")
    run = _run(season, plan, path.to_numpy(float)[None], missed, trigger_ratio)
    days, names = path.index, path.columns
    late = pd.Series(run.late[0].round(6) + 0.0, names)
    judged = pd.Series(run.judged[0], names)
    return PlanRun(
        late_share=float(late.sum() / judged.sum()) if judged.sum() else 0.0,
        cost_usd=float(run.cost_usd[0]),
        late=late,
        late_share_by_center=(late / judged.where(judged > 0)).fillna(0.0),
        waiting=pd.DataFrame(run.waiting[0], days, names),
        on_demand_used=pd.DataFrame(run.used[0], days, names),
    )


def _paths(name: str, value: Any) -> np.ndarray:
    """Draws by days by centers."""
    if np.ndim(value) != 3 or not np.size(value):
        refuse(name, value, "draws by days by centers")
    paths: np.ndarray = arg.array(0)(name, value)
    return paths


@arg.takes(season=arg.a(Season), plan=arg.a(Plan), paths=_paths, missed=arg.matrix(0, 1), trigger_ratio=arg.amount(0))
def stress_test(
    season: Season,
    plan: Plan,
    paths: np.ndarray,
    missed: pd.DataFrame | None = None,
    trigger_ratio: float | None = None,
) -> pd.DataFrame:
    """A plan on many paths of days.

    Parameters
    ----------
    season, plan, missed, trigger_ratio : as `simulate_plan`.
    paths : array, draws by days by centers, as `demand_paths`.

    Returns
    -------
    DataFrame, a row per draw: ``orders``, ``late`` (orders), ``late_share`` (of those judged), ``worst_center`` (its late
    share), ``cost_usd``, ``most_waiting`` (orders at a close).

    Raises
    ------
    ValueError as `simulate_plan`.

    >>> days = pd.date_range("2026-11-27", periods=3)
    >>> season = one_center(pd.Series([100.0, 120.0, 110.0], days), base_capacity=120.0)
    >>> paths = season.orders.to_numpy()[None] * np.array([1.0, 1.5])[:, None, None]
    >>> stress_test(season, baseline_plan(season), paths)["late_share"].round(3).tolist()
    [0.0, 0.515]
    """
    run = _run(season, plan, paths, missed, trigger_ratio)
    judged = run.judged
    each = np.divide(run.late, judged, out=np.zeros_like(judged), where=judged > 0)
    return pd.DataFrame(
        {
            "orders": paths.sum(axis=(1, 2)),
            "late": run.late.sum(axis=1),
            "late_share": run.late.sum(axis=1) / judged.sum(axis=1),
            "worst_center": each.max(axis=1),
            "cost_usd": run.cost_usd,
            "most_waiting": run.waiting.sum(axis=2).max(axis=1),
        }
    ).rename_axis("draw")


@arg.takes(
    orders=arg.matrix(0),
    ordinary=arg.matrix(0),
    draws=arg.count(1, 1e6),
    spread=arg.each(arg.amount(0, 10)),
    seed=arg.count(),
)
def demand_paths(
    orders: pd.DataFrame, ordinary: pd.DataFrame, draws: int, spread: Mapping[str, float], seed: int
) -> np.ndarray:
    """Seasons that may come: the whole level, what events add, how it falls on centers and on days.

    Parameters
    ----------
    orders : days by centers as forecast.
    ordinary : the same days as forecast without events.
    draws : how many.
    spread : log standard deviations of ``season`` (one draw a season, all orders), ``event`` (one a season, the part
        above ordinary), ``center`` (one a center and season; the total stays) and ``day`` (one a day and center).
    seed : of the generator; the same seed gives the same seasons.

    Returns
    -------
    array, draws by days by centers, orders.

    Raises
    ------
    ValueError if the tables do not match, a number is negative, or a spread is missing.

    Where only the centers differ, each day's total stays:

    >>> days = pd.date_range("2026-11-27", periods=2)
    >>> plan = pd.DataFrame({"A": [300.0, 100.0], "B": [150.0, 50.0]}, days)
    >>> spread = {"season": 0.0, "event": 0.0, "center": 0.2, "day": 0.0}
    >>> paths = demand_paths(plan, plan.clip(upper=100), 2, spread, seed=3)
    >>> paths.shape, paths.sum(axis=2).round(6).tolist()
    ((2, 2, 2), [[450.0, 150.0], [450.0, 150.0]])
    """
    if not (ordinary.index.equals(orders.index) and ordinary.columns.equals(orders.columns)):
        raise ValueError(f"ordinary: {ordinary.shape}, expected the days and centers of orders, {orders.shape}")
    missing = [name for name in ("season", "event", "center", "day") if name not in spread]
    if missing:
        raise ValueError(f"spread: no {missing[0]}, expected season, event, center and day")
    usual = ordinary.to_numpy(float)
    more = orders.to_numpy(float) - usual
    rng = np.random.default_rng(seed)
    count, centers, sd = draws, orders.shape[1], spread
    season = np.exp(rng.normal(0, sd["season"], count))[:, None, None]
    event = np.exp(rng.normal(0, sd["event"], count))[:, None, None]
    center = np.exp(rng.normal(0, sd["center"], (count, 1, centers)))
    day = np.exp(rng.normal(0, sd["day"], (count, *orders.shape)))
    path = np.clip(season * (usual + event * more), 0, None)
    tilted = path * center
    total = tilted.sum(axis=2, keepdims=True)
    kept = np.divide(path.sum(axis=2, keepdims=True), total, out=np.ones_like(total), where=total > 0)
    return tilted * kept * day
