"""Queues, staffing and backlogs: formula and sum agree."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fulfillment.data import load
from fulfillment.operations import queues

QUEUE = {"load": st.floats(0.05, 0.98), "service_rate": st.floats(0.1, 100), "servers": st.integers(1, 40)}


@given(**QUEUE)
def test_mmc_obeys_littles_law_and_the_textbook_sum(load, service_rate, servers):
    arrival_rate = load * servers * service_rate
    queue = queues.mmc(arrival_rate, service_rate, servers)
    assert queue["L"] == pytest.approx(arrival_rate * queue["W"])
    assert queue["L"] - queue["Lq"] == pytest.approx(arrival_rate / service_rate)
    offered = load * servers
    last = offered**servers / math.factorial(servers) / (1 - load)
    total = sum(offered**k / math.factorial(k) for k in range(servers)) + last
    assert queue["P0"] == pytest.approx(1 / total, rel=1e-9)
    assert queue["Pw"] == pytest.approx(last / total, rel=1e-9)


@given(**QUEUE, wait=st.floats(0, 5), service_level=st.floats(0, 0.999))
def test_the_fewest_servers_are_enough_and_one_less_is_not(load, service_rate, servers, wait, service_level):
    arrival_rate = load * servers * service_rate
    needed = queues.servers_needed(arrival_rate, service_rate, wait, service_level)
    assert queues.served_within(arrival_rate, service_rate, needed, wait) >= service_level
    if needed - 1 > arrival_rate / service_rate:
        assert queues.served_within(arrival_rate, service_rate, needed - 1, wait) < service_level


def test_hundreds_of_servers_do_not_overflow():
    queue = queues.mmc(arrival_rate=600, service_rate=1, servers=680)
    assert math.log(queue["P0"]) == pytest.approx(-600, abs=0.01)
    assert 0 < queue["Pw"] < 0.01


@given(
    orders=st.integers(1, 20_000),
    orders_per_hour=st.integers(5, 40),
    shift_hours=st.sampled_from([7, 7.5, 8, 10]),
    utilization=st.integers(50, 100),
    shrinkage=st.integers(0, 40),
)
@example(orders=5100, orders_per_hour=8, shift_hours=7.5, utilization=80, shrinkage=15)  # 125.00000000000001 in floats
def test_staff_is_the_exact_ceiling(orders, orders_per_hour, shift_hours, utilization, shrinkage):
    people = queues.staff_needed(orders, orders_per_hour, shift_hours, utilization / 100, shrinkage / 100)
    work, one = orders * 2 * 100 * 100, orders_per_hour * int(2 * shift_hours) * utilization * (100 - shrinkage)
    assert people == -(-work // one)


@given(
    periods=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=20),
    opening=st.integers(0, 500),
)
def test_no_order_is_lost_in_a_backlog(periods, opening):
    arrivals, limits = zip(*periods, strict=True)
    table = queues.backlog(arrivals, limits, opening)
    assert opening + sum(arrivals) == table["processed"].sum() + table["backlog"].iloc[-1]
    assert (table["processed"] <= limits).all()
    assert ((table["unused"] == 0) | (table["backlog"] == 0)).all()
    assert (table["backlog"] >= 0).all()


def test_a_backlog_clears_when_the_closed_form_says():
    table = queues.backlog(pd.Series([1000] * 10, pd.date_range("2025-12-01", periods=10)), [1100] * 10, opening=600)
    assert (table["backlog"] > 0).sum() == 5
    assert table["backlog"].iloc[5] == 0
    assert table.index[0] == pd.Timestamp("2025-12-01")
    assert table["wait_periods"].iloc[0] == pytest.approx(500 / 1100)
    assert queues.backlog([10], [0])["wait_periods"].tolist() == [math.inf]


@given(extra=st.integers(0, 500), rostered=st.integers(0, 500), limit=st.integers(0, 30))
def test_surge_hours_cover_the_extra_orders(extra, rostered, limit):
    labor = queues.surge_labor(extra, queues.LaborRates(10, 21, 31.5, 29, limit), rostered)
    worked = labor.rostered_hours - labor.idle_hours + labor.overtime_hours + labor.agency_hours
    assert worked == pytest.approx(extra / 10)
    assert labor.overtime_hours <= limit
    assert labor.premium_usd >= -1e-9
    assert (labor.idle_hours > 0) == (rostered > extra)


def test_a_surge_rostered_exactly_costs_regular_pay_alone():
    labor = queues.surge_labor(210, queues.LaborRates(10.5, 21, 31.5, 29, 11), rostered_orders=210)
    assert (labor.cost_usd, labor.premium_usd) == pytest.approx((20 * 21, 0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: queues.mmc(10, 5, 2), "servers: 2, expected at least 3: arrivals outrun service"),
        (lambda: queues.mmc(10, 5, 2.5), "servers: 2.5, expected a whole number"),
        (lambda: queues.erlang_c(0, 5, 2), "arrival_rate: 0, expected a finite number above 0"),
        (lambda: queues.served_within(1, 5, 2, wait=-1), "wait: -1, expected a finite number of at least 0"),
        (lambda: queues.servers_needed(1, 5, 0, service_level=1), "service_level: 1, expected 0 to below 1"),
        (lambda: queues.staff_needed(100, 8, 7.5, utilization=0), "no finite result"),
        (lambda: queues.staff_needed(100, 8, 7.5, shrinkage=1.2), "shrinkage = 1.2, expected 0 to 1"),
        (
            lambda: queues.surge_labor(-1, queues.LaborRates(10, 21, 31.5, 29, 2)),
            "extra_orders: -1, expected a finite number of at least 0",
        ),
        (
            lambda: queues.surge_labor(10, queues.LaborRates(0, 21, 31.5, 29, 2)),
            "orders_per_hour: 0, expected a finite number above 0",
        ),
        (
            lambda: queues.surge_labor(10, queues.LaborRates(10, 21, 31.5, 29, 2), float("nan")),
            "rostered_orders: nan, expected",
        ),
        (lambda: queues.backlog([1, 2], [1]), "capacity: 1 periods, expected 2"),
        (lambda: queues.backlog([1, -2], [1, 1]), "arrivals: -2 in row 1, expected a finite number of at least 0"),
        (lambda: queues.backlog([1], [1], opening=-5), "opening: -5, expected a finite number of at least 0"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_open_orders_match_the_backlog_of_every_center_and_week():
    orders, weeks = load("orders"), load("capacity").set_index(["center_id", "week"])["backlog_orders"]
    kept = orders[orders["cancelled_at"].isna()]  # the table leaves out orders that were canceled later
    for center, placed in kept.groupby("center_id"):
        stated = weeks[center].iloc[:-1]
        ends = pd.DatetimeIndex(stated.index) + pd.Timedelta("6D 23:59:00")
        assert queues.open_orders(placed, ends)["open"].tolist() == stated.tolist()


def test_open_orders_are_counted_one_by_one():
    orders = load("orders").iloc[:3000]
    moments = pd.to_datetime(["2025-07-03 12:00", "2025-07-07 23:59", "2025-07-12 08:30"])
    table = queues.open_orders(orders, moments)
    for moment in moments:
        left = orders[["dispatched_at", "cancelled_at"]].min(axis=1)
        waiting = orders[(orders["ordered_at"] <= moment) & ~(left <= moment)]
        late = (waiting["dispatch_due_at"] <= moment).sum()
        assert table.loc[moment].tolist() == [len(waiting), late]
    assert (table["overdue"] <= table["open"]).all()


def test_open_orders_need_a_moment_and_their_columns():
    orders = load("orders").head()
    with pytest.raises(ValueError, match="moments: none"):
        queues.open_orders(orders, [])
    with pytest.raises(ValueError, match="dispatch_due_at"):
        queues.open_orders(orders.drop(columns="dispatch_due_at"), pd.to_datetime(["2025-07-01"]))


# Little's law


@given(
    st.lists(st.tuples(st.floats(-50, 150), st.floats(0, 60)), min_size=1, max_size=40),
    st.floats(1, 100),
)
def test_littles_law_holds_on_any_window_with_its_borders(stays, length):
    entered = pd.Series([begin for begin, _ in stays])
    left = entered + pd.Series([stay for _, stay in stays])
    if not ((entered >= 0) & (entered < length)).any():
        return
    stage = queues.littles_law(entered, left, 0, length)
    by_stay = (left.clip(0, length) - entered.clip(0, length)).sum() / length  # the other way to add the same area
    assert stage["L"] == pytest.approx(by_stay, abs=1e-9)
    assert stage["L"] == pytest.approx(
        stage["rate"] * stage["W"] + stage["carried_in"] - stage["carried_out"], abs=1e-9
    )


def test_littles_law_counts_what_has_not_left_and_reads_dates():
    day = pd.Timestamp("2025-12-01")
    entered = pd.Series([day, day + pd.Timedelta(hours=6)])
    left = pd.Series([day + pd.Timedelta(hours=12), pd.NaT])
    stage = queues.littles_law(entered, left, day, day + pd.Timedelta(days=1))
    assert stage["L"] == pytest.approx((12 + 18) / 24)
    assert np.isnan(stage["W"])


@pytest.mark.parametrize(
    ("entered", "left", "end", "said"),
    [
        ([1.0], [0.5], 10, "left: 1 before they entered"),
        ([1.0], [2.0], 0, "end: 0, expected later"),
        ([11.0], [12.0], 10, "entered: none between 0 and 10"),
    ],
)
def test_littles_law_refuses(entered, left, end, said):
    with pytest.raises(ValueError, match=said):
        queues.littles_law(pd.Series(entered), pd.Series(left), 0, end)


def test_littles_law_refuses_other_rows():
    with pytest.raises(ValueError, match="left: index differs"):
        queues.littles_law(pd.Series([1.0]), pd.Series([2.0], index=[5]), 0, 10)
