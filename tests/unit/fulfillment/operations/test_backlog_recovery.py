"""Working off a queue against brute force, the simulator's own queue, and the dates of the program."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from fulfillment.calendar import DELIVERY_DAYS
from fulfillment.data import load
from fulfillment.operations.backlog_recovery import (
    SEQUENCING_RULES,
    latest_ship_day,
    release_queue,
    schedule_backlog,
    working_day,
)
from fulfillment.simulate.flow import queue as first_come


def instance(seed: int) -> tuple[pd.DataFrame, list[int]]:
    """A small queue and a capacity that gets through all of it."""
    rng = np.random.default_rng(seed)
    size = rng.integers(3, 12)
    ready = rng.integers(0, 5, size)
    table = pd.DataFrame({"ready": ready, "due": ready + rng.integers(0, 4, size)})
    return table, [int(n) for n in rng.integers(0, 3, 8)] + [3] * 5


def least(queue: pd.DataFrame, capacity: list[int], cost) -> float:
    """The least cost over every assignment of orders to places in the days' plans."""
    slots = [day for day, most in enumerate(capacity) for _ in range(most)]
    table = np.array([[cost(row.due, day) if day >= row.ready else 1e6 for day in slots] for row in queue.itertuples()])
    rows, columns = linear_sum_assignment(table)
    return table[rows, columns].sum()


@pytest.mark.parametrize("seed", range(60))
def test_fewest_late_is_the_least_that_any_assignment_allows(seed: int) -> None:
    queue, capacity = instance(seed)
    late = (schedule_backlog(queue, capacity, "fewest late")["day"] > queue["due"]).sum()
    assert late == least(queue, capacity, lambda due, day: float(day > due))
    assert late <= min(
        (schedule_backlog(queue, capacity, rule)["day"] > queue["due"]).sum() for rule in SEQUENCING_RULES
    )


@pytest.mark.parametrize("seed", range(60))
def test_earliest_due_has_the_least_longest_delay(seed: int) -> None:
    queue, capacity = instance(seed)
    longest = (schedule_backlog(queue, capacity, "earliest due")["day"] - queue["due"]).max()
    # a smaller bound on every order's delay cannot be met by any assignment
    assert least(queue, capacity, lambda due, day: float(day > due + longest)) == 0
    assert least(queue, capacity, lambda due, day: float(day > due + longest - 1)) > 0


@pytest.mark.parametrize("seed", range(20))
def test_first_come_is_the_simulators_queue(seed: int) -> None:
    queue, capacity = instance(seed)
    queue = queue.sort_values("ready", kind="stable")
    assert (
        schedule_backlog(queue, capacity)["day"].tolist()
        == first_come(queue["ready"].to_numpy(), np.array(capacity)).tolist()
    )


WAITING = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=30).map(
    lambda rows: pd.DataFrame(rows, columns=["ready", "due"])
)


@given(WAITING, st.lists(st.integers(0, 6), min_size=1, max_size=10))
def test_a_rule_says_which_orders_leave_and_never_how_many(queue: pd.DataFrame, capacity: list[int]) -> None:
    days = {rule: schedule_backlog(queue, capacity, rule)["day"] for rule in SEQUENCING_RULES}
    gone = {rule: [int((day == today).sum()) for today in range(len(capacity))] for rule, day in days.items()}
    assert len({tuple(counts) for counts in gone.values()}) == 1
    for rule, day in days.items():
        assert (day >= queue["ready"])[day.notna()].all()
        assert all(count <= most for count, most in zip(gone[rule], capacity, strict=True))
    for today, count in enumerate(gone["first come"]):  # a place stays free only where nobody waits
        waits = (queue["ready"] <= today) & ~(days["first come"] <= today).fillna(False)
        assert count == capacity[today] or not waits.any()


@given(WAITING, st.lists(st.integers(0, 6), min_size=1, max_size=10), st.integers(0, 9))
def test_another_place_makes_no_more_orders_late(queue: pd.DataFrame, capacity: list[int], at: int) -> None:
    more = [most + (day == at % len(capacity)) for day, most in enumerate(capacity)]

    def late(places: list[int]) -> int:
        day = schedule_backlog(queue, places, "fewest late")["day"]
        return int((day.isna() | (day > queue["due"])).sum())

    assert late(capacity) - 1 <= late(more) <= late(capacity)


@pytest.mark.parametrize("rule", SEQUENCING_RULES)
def test_a_takeover_keeps_to_its_limits(rule: str) -> None:
    queue, capacity = instance(3)
    queue = queue.assign(transferable=[n % 2 == 0 for n in range(len(queue))])
    takeover = [1, 0, 2] + [0] * 10
    done = schedule_backlog(queue, capacity, rule, takeover)
    stayed = done[~done["moved"]]
    assert stayed["day"].value_counts().reindex(range(13), fill_value=0).le(capacity).all()
    taken = done.loc[done["moved"], "day"].value_counts().reindex(range(13), fill_value=0)
    assert taken.le(takeover).all()
    assert (done["day"] >= queue["ready"]).all()
    assert (done["day"] == queue["ready"])[done["moved"]].all()
    assert queue.loc[done["moved"], "transferable"].all()


def test_a_takeover_by_hand() -> None:
    queue = pd.DataFrame(
        {"ready": [0, 0, 0, 0, 1], "due": [0, 1, 1, 2, 5], "transferable": [True, True, False, False, True]}
    )
    # three too many on day 0: others could take two, but of those that can move the center needs the first itself
    done = schedule_backlog(queue, [1, 1, 1, 1], "earliest due", takeover=[1, 0, 0, 0])
    assert done["day"].tolist() == [0, 0, 1, 2, 3]
    assert done["moved"].tolist() == [False, True, False, False, False]
    # a day later only the new order may go, as late as it is due: the others would have to be recalled
    done = schedule_backlog(queue, [1, 1, 1, 1], "earliest due", takeover=[0, 2, 0, 0])
    assert done["day"].tolist() == [0, 1, 2, 3, 1]
    assert done["moved"].tolist() == [False, False, False, False, True]
    # and none goes while the center can do them all
    assert not schedule_backlog(queue, [5, 5], "earliest due", takeover=[5, 5])["moved"].any()


def test_what_is_not_reached_is_missing() -> None:
    done = schedule_backlog(pd.DataFrame({"ready": [0, 0, 9], "due": [0, 0, 9]}), [1, 0])
    assert done["day"].isna().tolist() == [False, True, True]


def test_bad_input_is_refused() -> None:
    queue = pd.DataFrame({"ready": [0], "due": [1]})
    with pytest.raises(ValueError, match="rule: 'best', expected one of first come, earliest due, fewest late"):
        schedule_backlog(queue, [1], "best")
    with pytest.raises(ValueError, match=r"capacity: 1.5 in row 0, expected a whole number of at least 0"):
        schedule_backlog(queue, [1.5])
    with pytest.raises(ValueError, match="queue: no column transferable"):
        schedule_backlog(queue, [1], takeover=[1])
    with pytest.raises(ValueError, match=r"takeover: .* expected 1 whole numbers"):
        schedule_backlog(queue.assign(transferable=True), [1], takeover=[1, 1])
    with pytest.raises(ValueError, match="ready: -1"):
        schedule_backlog(queue.assign(ready=-1), [1])
    with pytest.raises(ValueError, match="is no working day"):
        working_day(pd.Series(pd.to_datetime(["2026-03-09"])), "2026-03-08")
    with pytest.raises(ValueError, match="times: nothing in row 0, expected a time in each"):
        working_day(pd.Series(pd.to_datetime([None])), "2026-03-09")
    with pytest.raises(ValueError, match="deadline: nothing in row 0, expected a time in each"):
        latest_ship_day(pd.Series(pd.to_datetime([None])), 1, "2026-03-09")
    with pytest.raises(ValueError, match="transit_days: -1"):
        latest_ship_day(pd.Series(pd.to_datetime(["2026-03-09"])), -1, "2026-03-09")


def test_holidays_are_no_working_days() -> None:
    days = pd.Series(pd.to_datetime(["2026-02-14", "2026-02-16", "2026-02-17"]))  # the 16th is Presidents' Day
    assert working_day(days, "2026-02-13").tolist() == [1, 2, 2]
    assert latest_ship_day(days.iloc[2:], 1, "2026-02-13").tolist() == [1]


def test_a_day_later_than_the_last_useful_one_misses_the_deadline() -> None:
    orders = load("orders")
    some = orders[orders["deliver_by"].between("2026-03-09", "2026-04-30")].sample(300, random_state=1)
    last = latest_ship_day(some["deliver_by"], 3, "2026-02-02").to_numpy()
    first = np.busday_offset("2026-02-02", last, busdaycal=DELIVERY_DAYS)
    due = some["deliver_by"].to_numpy().astype("datetime64[D]")
    assert (np.busday_offset(first, 3, busdaycal=DELIVERY_DAYS) <= due).all()
    assert (np.busday_offset(first, 4, busdaycal=DELIVERY_DAYS) > due).all()


def test_the_release_queue_is_the_programs_open_orders() -> None:
    orders = load("orders")
    mine = orders[orders["center_id"] == "FC4"]
    at = pd.Timestamp("2026-03-09 07:00")
    queue = release_queue(mine, at, 14)
    open_now = mine[(mine["ordered_at"] <= at) & ~(mine["dispatched_at"] <= at) & mine["cancelled_at"].isna()]
    assert set(open_now["order_id"]) == set(queue.loc[queue["ordered_at"] <= at, "order_id"])
    assert (queue.loc[queue["ordered_at"] <= at, "ready"] == 0).all()
    assert queue["ready"].is_monotonic_increasing
