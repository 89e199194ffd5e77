"""Peak plans: the program's optimum equals brute force, queues equal orders counted one by one, chance repeats by seed."""

from collections import deque
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.planning import peak_capacity

NAMES = pd.Index(["A", "B"])


def small(
    orders: list[list[int]], same_day: float = 1.0, sunday: bool = False, wait_usd: float = 0.0
) -> peak_capacity.Season:
    """Two centers; A may send orders to B; due a day later; on a Sunday only reserved steps work."""
    days = pd.date_range("2026-11-27", periods=len(orders))
    capacity_block = pd.Series("week", days)
    working = pd.Series(True, days)
    if sunday:
        capacity_block.iloc[1], working.iloc[1] = "Sunday", False
    blocks = list(dict.fromkeys(capacity_block))
    return peak_capacity.Season(
        orders=pd.DataFrame(orders, days, NAMES, dtype=float),
        centers=pd.DataFrame(
            {
                "base_capacity": [4.0, 5.0],
                "capacity_step": [2.0, 3.0],
                "reserved_usd": [2.0, 2.2],
                "on_demand": [2.0, 1.0],
                "on_demand_usd": [3.5, 3.9],
                "transferable": [0.5, 0.0],
            },
            NAMES,
        ),
        max_steps=pd.DataFrame(1, blocks, NAMES),
        shift_premium=pd.Series([1.5 if name == "Sunday" else 1.0 for name in blocks], blocks),
        capacity_block=capacity_block,
        move_usd=pd.DataFrame([[0.0, 0.9], [0.9, 0.0]], NAMES, NAMES),
        servable=pd.DataFrame([[0.0, 0.4], [0.0, 0.0]], NAMES, NAMES),
        working=working,
        due=pd.Series(days + pd.Timedelta(days=1), days),
        same_day=same_day,
        wait_usd=wait_usd,
    )


class Line:
    """A season's figures as plain numbers, to count orders one by one."""

    def __init__(self, season: peak_capacity.Season) -> None:
        self.orders = season.orders.to_numpy().astype(int).tolist()
        self.base_capacity = np.outer(season.working, season.centers["base_capacity"]).tolist()
        self.capacity_block = [list(season.max_steps.index).index(name) for name in season.capacity_block]
        self.capacity_step = season.centers["capacity_step"].tolist()
        self.price = season.centers["on_demand_usd"].tolist()
        self.step_usd = season.step_usd().to_numpy().tolist()
        self.judged = season.judged.tolist()
        self.wait_usd = season.wait_usd

    def count(self, steps: list, called: list, moved: list) -> tuple[float, int, int]:
        """Cost, orders late, and orders overdue summed over deadlines: every order a thing of its own in a line."""
        cost = 0.9 * sum(moved)
        cost += sum(
            n * usd
            for row, prices in zip(steps, self.step_usd, strict=True)
            for n, usd in zip(row, prices, strict=True)
        )
        late = overdue = 0
        for center in range(2):
            line: deque[int] = deque()
            for day, placed in enumerate(self.orders):
                line.extend([day] * (placed[center] + moved[day] * (1 if center else -1)))
                regular = (
                    self.base_capacity[day][center]
                    + steps[self.capacity_block[day]][center] * self.capacity_step[center]
                )
                packed = 0
                while line and packed < regular + called[day][center]:
                    order = line.popleft()
                    packed += 1
                    late += day > order + 1 and self.judged[order]
                cost += max(0, packed - regular) * self.price[center] + self.wait_usd * len(line)
                overdue += sum(order + 1 <= day for order in line)
            late += sum(self.judged[order] for order in line)
        return cost, late, overdue


def every_plan(season: peak_capacity.Season) -> pd.DataFrame:
    """Every whole plan with its cost and lateness."""
    line, days = Line(season), len(season.orders)
    most = (season.orders["A"].to_numpy() * 0.4).astype(int)
    limits = np.outer(season.working, season.centers["on_demand"]).astype(int).ravel()
    rows = []
    for steps in product(range(2), repeat=season.max_steps.size):
        reserved = np.reshape(steps, season.max_steps.shape).tolist()
        for called in product(*(range(limit + 1) for limit in limits)):
            by_day = [called[2 * day : 2 * day + 2] for day in range(days)]
            for moved in product(*(range(limit + 1) for limit in most)):
                rows.append(line.count(reserved, by_day, moved))
    return pd.DataFrame(rows, columns=["usd", "late", "overdue"])


@pytest.mark.parametrize(
    ("orders", "sunday", "wait_usd"),
    [
        ([[9, 6], [7, 4], [2, 3]], False, 0.0),
        ([[10, 5], [5, 8], [3, 2]], True, 0.0),
        ([[6, 9], [9, 7], [4, 1]], False, 0.1),
    ],
)
def test_the_cheapest_plan_is_that_of_brute_force_at_every_bound(orders, sunday, wait_usd):
    season = small(orders, sunday=sunday, wait_usd=wait_usd)
    tried = every_plan(season)
    judged = season.orders[season.judged].to_numpy().sum()
    for allowed in (0, 1, 3, 6, 12):
        best = tried.loc[tried["overdue"] <= allowed, "usd"].min()
        if np.isnan(best):
            with pytest.raises(ValueError, match="no plan keeps"):
                peak_capacity.plan_season(season, allowed / judged, whole=True)
            continue
        plan = peak_capacity.plan_season(season, allowed / judged, whole=True)
        assert plan.total_usd == pytest.approx(best, abs=1e-6)
        assert plan.late_share * judged <= allowed + 1e-6
        assert peak_capacity.plan_season(season, allowed / judged).total_usd <= best + 1e-6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=3, max_size=6),
    st.lists(st.integers(0, 1), min_size=2, max_size=2),
    st.booleans(),
)
def test_a_plan_runs_like_orders_counted_one_by_one(orders, steps, sunday):
    season = small([list(day) for day in orders], sunday=sunday, wait_usd=0.25)
    reserved = pd.DataFrame([steps] * len(season.max_steps), season.max_steps.index, NAMES)
    nothing = peak_capacity.baseline_plan(season)
    called = nothing.on_demand + np.outer(season.working, [1.0, 1.0])
    moved_orders = (season.orders["A"].to_numpy() * 0.4).astype(int)
    share = np.divide(moved_orders, season.orders["A"], out=np.zeros(len(orders)), where=season.orders["A"] > 0)
    moved = pd.DataFrame({("A", "B"): share}, season.orders.index)
    plan = peak_capacity.evaluate_plan(season, reserved, called, moved)
    count = Line(season).count(reserved.to_numpy().tolist(), called.to_numpy().tolist(), moved_orders.tolist())
    cost, late, _ = count
    assert plan.total_usd == pytest.approx(cost, abs=1e-5)
    assert plan.late.sum() == pytest.approx(late, abs=1e-5)


def test_a_plan_says_what_carrying_it_out_shows():
    season = small([[11, 6], [9, 7], [3, 3], [4, 2]], same_day=0.4)
    plan = peak_capacity.plan_season(season, 0.05)
    ran = peak_capacity.simulate_plan(season, plan)
    assert ran.late_share == pytest.approx(plan.late_share)
    assert ran.cost_usd == pytest.approx(plan.total_usd)
    assert peak_capacity.stress_test(season, plan, season.orders.to_numpy()[None]).iloc[0]["cost_usd"] == pytest.approx(
        plan.total_usd
    )


def test_an_order_that_stays_overdue_is_late_once():
    """Of the first ten, eight leave by the second day; of the next ten, two by the third."""
    days = pd.date_range("2026-11-27", periods=5)
    season = replace(
        peak_capacity.one_center(pd.Series([10.0, 10.0, 0.0, 0.0, 0.0], days), base_capacity=4.0),
        due=pd.Series(days + pd.Timedelta(days=1), days).clip(upper=days[-1]),
    )
    plan = peak_capacity.baseline_plan(season)
    assert plan.late["A"] == pytest.approx(10.0)
    ran = peak_capacity.simulate_plan(season, plan)
    assert ran.waiting["A"].tolist() == [6.0, 12.0, 8.0, 4.0, 0.0]


def test_orders_before_the_cut_off_alone_can_leave_on_their_day():
    days = pd.date_range("2026-11-27", periods=3)
    season = replace(peak_capacity.one_center(pd.Series([10.0, 0.0, 0.0], days), base_capacity=8.0), same_day=0.5)
    assert peak_capacity.baseline_plan(season).late["A"] == pytest.approx(5.0)


def test_a_missed_pickup_hurts_only_what_was_packed_on_its_last_day():
    days = pd.date_range("2026-11-27", periods=4)
    season = replace(
        peak_capacity.one_center(pd.Series([10.0, 10.0, 10.0, 0.0], days), base_capacity=10.0),
        due=pd.Series([days[1], days[1], days[2], days[3]], days),
    )
    plan = peak_capacity.baseline_plan(season)

    def late(day):
        lost = pd.DataFrame(0.3, [days[day]], ["A"])
        return peak_capacity.simulate_plan(season, plan, missed=lost).late["A"]

    assert [late(day) for day in range(4)] == pytest.approx([0.0, 3.0, 3.0, 0.0])


def test_the_last_days_missed_pickup_has_no_next_day():
    days = pd.date_range("2026-11-27", periods=1)
    season = peak_capacity.one_center(pd.Series([10.0], days), base_capacity=10.0)
    lost = pd.DataFrame(0.5, days, ["A"])
    assert peak_capacity.simulate_plan(season, peak_capacity.baseline_plan(season), missed=lost).late[
        "A"
    ] == pytest.approx(5.0)


def test_a_trigger_calls_for_the_next_working_day_and_pays_as_used():
    days = pd.date_range("2026-11-28", periods=3)  # Saturday, Sunday, Monday
    season = replace(
        peak_capacity.one_center(pd.Series([30.0, 0.0, 10.0], days), base_capacity=20.0),
        working=pd.Series([True, False, True], days),
        capacity_block=pd.Series("", days),
        due=pd.Series(days[2], days),
    )
    plan = peak_capacity.baseline_plan(season)
    asleep, awake = (
        peak_capacity.simulate_plan(season, plan),
        peak_capacity.simulate_plan(season, plan, season.orders + 5, trigger_ratio=0.5),
    )
    assert asleep.late["A"] == 0.0
    assert awake.on_demand_used["A"].tolist() == [0.0, 0.0, 2.0]  # 20 + 2 of 35 + 15 waiting and new
    assert awake.cost_usd == pytest.approx(2.0 * 4.0)


def test_the_frontier_has_no_dominated_point():
    season = small([[11, 9], [10, 7], [3, 5], [4, 2]], same_day=0.6)
    points = peak_capacity.frontier(season, [0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.9])
    assert len(points) > 3
    for (_, one), (_, other) in product(points.iterrows(), repeat=2):
        if one["cost_usd"] != other["cost_usd"] or one["late_share"] != other["late_share"]:
            assert not (one["cost_usd"] <= other["cost_usd"] and one["late_share"] <= other["late_share"])
    assert points["late_share"].is_monotonic_increasing
    fewer = points["late_share"].iloc[1] - points["late_share"].iloc[0]
    each = (points["cost_usd"].iloc[0] - points["cost_usd"].iloc[1]) / (
        fewer * season.orders[season.judged].to_numpy().sum()
    )
    assert points["usd_per_order"].iloc[0] == pytest.approx(each)
    assert np.isnan(points["usd_per_order"].iloc[-1])


def test_what_no_plan_keeps_is_left_out_or_refused():
    season = small([[40, 40], [1, 1], [1, 1]])
    with pytest.raises(ValueError, match="late_share: no plan keeps 0, expected more on offer"):
        peak_capacity.plan_season(season, 0.0)
    with pytest.raises(ValueError, match="late_shares: no plan keeps"):
        peak_capacity.frontier(season, [0.0])
    assert len(peak_capacity.frontier(season, [0.0, 1.0])) == 1


def test_seasons_repeat_by_seed_and_keep_their_parts():
    days = pd.date_range("2026-11-27", periods=3)
    plan = pd.DataFrame({"A": [300.0, 100.0, 90.0], "B": [150.0, 50.0, 45.0]}, days)
    usual = plan.clip(upper=[100.0, 50.0], axis=1)
    spread = {"season": 0.1, "event": 0.2, "center": 0.3, "day": 0.0}
    one, same, other = (peak_capacity.demand_paths(plan, usual, 500, spread, seed=seed) for seed in (3, 3, 4))
    assert (one == same).all()
    assert not (one == other).all()
    quiet = peak_capacity.demand_paths(plan, usual, 2, dict.fromkeys(spread, 0.0), seed=1)
    assert quiet == pytest.approx(np.stack([plan.to_numpy()] * 2))
    total = one.sum(axis=2)
    assert np.log(total[:, 1]).std() == pytest.approx(0.1, rel=0.1)  # no event, and centers share a total that stays
    assert np.log(total[:, 0]).std() > 0.15  # the event adds its own doubt
    assert np.median(total[:, 1]) == pytest.approx(150, rel=0.02)


def test_shares_servable_elsewhere_are_those_of_a_loop():
    rng = np.random.default_rng(5)
    lines = pd.DataFrame(
        {
            "order_id": rng.integers(0, 40, 90),
            "sku_id": rng.choice(list("uvwxyz"), 90),
            "units": rng.integers(1, 3, 90),
        }
    )
    lines["center_id"] = lines["order_id"].map(lambda order: "ABC"[order % 3])
    stock = pd.Series(
        rng.integers(0, 6, 18), pd.MultiIndex.from_product([list("ABC"), list("uvwxyz")], names=["center_id", "sku_id"])
    )
    servable, anywhere = peak_capacity.servable_elsewhere(lines, stock)
    for center in "ABC":
        own = lines[lines["center_id"] == center].groupby("order_id")
        packs = {
            other: [
                all(stock[(other, sku)] >= units for sku, units in order.groupby("sku_id")["units"].sum().items())
                for _, order in own
            ]
            for other in "ABC"
            if other != center
        }
        for other, whole in packs.items():
            assert servable.loc[center, other] == pytest.approx(np.mean(whole))
        assert anywhere[center] == pytest.approx(np.mean(np.any(list(packs.values()), axis=0)))
        assert servable.loc[center, center] == 0


SEASON = small([[9, 6], [7, 4], [2, 3]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"orders": SEASON.orders.iloc[[0, 2]]}, "orders: 2 days, expected consecutive dates"),
        ({"orders": SEASON.orders.mul(-1)}, "orders"),
        ({"centers": SEASON.centers.drop(columns="capacity_step")}, "capacity_step"),
        (
            {"centers": SEASON.centers.assign(transferable=1.2)},
            "centers: transferable: 1.2 in row A, expected a number from 0 to 1",
        ),
        ({"centers": SEASON.centers.iloc[::-1]}, "centers: .* expected the centers of orders"),
        (
            {"servable": SEASON.servable.rename(columns={"B": "C"})},
            "servable columns: .* expected the centers of orders",
        ),
        ({"move_usd": SEASON.move_usd - 1}, "move_usd"),
        ({"shift_premium": pd.Series(1.0, ["other"])}, "capacity_block, shift_premium: .* expected those of max_steps"),
        ({"working": SEASON.working.iloc[:2]}, "working: 2 days, expected the 3 days of orders"),
        ({"due": SEASON.due - pd.Timedelta(days=3)}, "due: .* expected the day or later"),
        ({"same_day": 1.5}, "same_day: 1.5, expected a number from 0 to 1"),
        ({"wait_usd": -1.0}, "wait_usd"),
    ],
)
def test_a_season_refuses_what_does_not_fit(change, message):
    with pytest.raises(ValueError, match=message):
        replace(SEASON, **change)


def test_plans_and_paths_that_do_not_fit_are_refused():
    plan = peak_capacity.baseline_plan(SEASON)
    with pytest.raises(ValueError, match=r"late_share: 1.1, expected a number from 0 to 1"):
        peak_capacity.plan_season(SEASON, 1.1)
    with pytest.raises(ValueError, match=r"late_shares: \[\], expected a list of numbers"):
        peak_capacity.frontier(SEASON, [])
    with pytest.raises(ValueError, match=r"reserved: from .* expected 0 to what is offered"):
        peak_capacity.evaluate_plan(SEASON, plan.reserved + 2, plan.on_demand, plan.moved)
    with pytest.raises(ValueError, match=r"reserved: .* expected blocks by centers"):
        peak_capacity.evaluate_plan(SEASON, plan.reserved[["A"]], plan.on_demand, plan.moved)
    with pytest.raises(ValueError, match="on_demand, moved: expected the days"):
        peak_capacity.evaluate_plan(SEASON, plan.reserved, plan.on_demand.iloc[:1], plan.moved)
    with pytest.raises(ValueError, match=r"orders: .* expected the days and centers of the season"):
        peak_capacity.simulate_plan(SEASON, plan, SEASON.orders.iloc[:2])
    with pytest.raises(ValueError, match=r"orders: .* days and centers, expected"):
        peak_capacity.stress_test(SEASON, plan, np.ones((2, 2, 2)))
    with pytest.raises(ValueError, match=r"missed: A: 2.0 in row 2026-11-27, expected a number from 0 to 1"):
        peak_capacity.simulate_plan(
            SEASON, plan, missed=pd.DataFrame(2.0, SEASON.orders.index, NAMES).where(SEASON.orders > 8, 0.0)
        )
    with pytest.raises(ValueError, match="spread: no day, expected"):
        peak_capacity.demand_paths(SEASON.orders, SEASON.orders, 2, {"season": 0, "event": 0, "center": 0}, 1)
    with pytest.raises(ValueError, match=r"ordinary: .* expected the days and centers"):
        peak_capacity.demand_paths(
            SEASON.orders, SEASON.orders.iloc[:2], 2, dict.fromkeys(["season", "event", "center", "day"], 0), 1
        )
    with pytest.raises(ValueError, match="draws: 0"):
        peak_capacity.demand_paths(
            SEASON.orders, SEASON.orders, 0, dict.fromkeys(["season", "event", "center", "day"], 0), 1
        )
    with pytest.raises(ValueError, match="units"):
        peak_capacity.servable_elsewhere(
            pd.DataFrame({"order_id": [1], "center_id": ["A"], "sku_id": ["x"]}), pd.Series(dtype=float)
        )
