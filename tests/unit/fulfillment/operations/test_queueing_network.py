"""The network of queues: stamps, formula and simulation agree where they must, and the simulation goes on alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.operations import queueing_network, queues
from fulfillment.operations.queueing_network import Schedule

LOOP = {("pick", "pack"): 1.0, ("pack", "pick"): 0.1, ("pack", "load"): 0.9}


def floor(arrivals=18.0, pick=(12.0, 3), pack=(30.0, 1), load=(40.0, 1)):
    rates = {"pick": pick, "pack": pack, "load": load}
    table = pd.DataFrame.from_dict(rates, orient="index", columns=["service_rate", "servers"])
    return table.assign(arrivals=[arrivals, 0.0, 0.0])


def one(rate, servers, arrivals, room=None):
    table = pd.DataFrame({"arrivals": [arrivals], "service_rate": [rate], "servers": [servers]}, index=["pack"])
    return table if room is None else table.assign(room=room)


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
    stage = queueing_network.littles_law(entered, left, 0, length)
    by_stay = (left.clip(0, length) - entered.clip(0, length)).sum() / length  # the other way to add the same area
    assert stage["L"] == pytest.approx(by_stay, abs=1e-9)
    assert stage["L"] == pytest.approx(
        stage["rate"] * stage["W"] + stage["carried_in"] - stage["carried_out"], abs=1e-9
    )


def test_littles_law_counts_what_has_not_left_and_reads_dates():
    day = pd.Timestamp("2025-12-01")
    entered = pd.Series([day, day + pd.Timedelta(hours=6)])
    left = pd.Series([day + pd.Timedelta(hours=12), pd.NaT])
    stage = queueing_network.littles_law(entered, left, day, day + pd.Timedelta(days=1))
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
        queueing_network.littles_law(pd.Series(entered), pd.Series(left), 0, end)


def test_littles_law_refuses_other_rows():
    with pytest.raises(ValueError, match="left: index differs"):
        queueing_network.littles_law(pd.Series([1.0]), pd.Series([2.0], index=[5]), 0, 10)


# Formula


@given(st.floats(0.5, 50), st.floats(0, 0.9), st.floats(0, 0.9))
def test_traffic_is_the_sum_over_all_rounds(arrivals, again, on):
    routing = {("a", "b"): on, ("b", "a"): again}
    rates = queueing_network.visit_rates({"a": arrivals, "b": 1.0}, routing)
    flow, total = np.array([arrivals, 1.0]), np.zeros(2)
    for _ in range(400):  # follow the work round by round
        total += flow
        flow = np.array([flow[1] * again, flow[0] * on])
    assert rates.to_numpy() == pytest.approx(total, rel=1e-6)


def test_one_station_is_the_mmc_queue_and_a_loop_scales_it():
    alone = queueing_network.jackson(one(12, 3, 18), {})
    queue = queues.mmc(18, 12, 3)
    assert alone.loc["pack", ["utilization", "Lq", "L", "Wq", "W"]].to_dict() == pytest.approx(
        {name: queue[name] for name in ("utilization", "Lq", "L", "Wq", "W")}
    )
    network = queueing_network.jackson(floor(), LOOP)
    assert network["visits"].to_dict() == pytest.approx({"pick": 1 / 0.9, "pack": 1 / 0.9, "load": 1.0})
    assert network.loc["pack", "Wq"] == pytest.approx(queues.mmc(20, 30, 1)["Wq"])
    assert network["L"].sum() / 18 == pytest.approx((network["visits"] * network["W"]).sum())


def test_a_published_network_of_two_queues_with_feedback():
    """A closed form: M/M/1 with feedback p is M/M/1 with arrivals over (1 - p): mean time 1 / (mu (1 - p) - lambda)."""
    table = queueing_network.jackson(one(10, 1, 4), {("pack", "pack"): 0.25})
    assert (table["visits"] * table["W"]).sum() == pytest.approx(1 / (10 * 0.75 - 4))


def test_station_capacity_finds_the_bottleneck_at_which_jackson_breaks():
    table = queueing_network.station_capacity(floor(), LOOP)
    assert table["bottleneck"].to_dict() == {"pick": False, "pack": True, "load": False}
    assert table.loc["pack", "capacity"] == pytest.approx(27)
    queueing_network.jackson(floor(arrivals=26.9), LOOP)
    with pytest.raises(ValueError, match="queue grows"):
        queueing_network.jackson(floor(arrivals=27.1), LOOP)


@pytest.mark.parametrize(
    ("routing", "said"),
    [
        ({("pick", "ship"): 1}, "no station ship"),
        ({("pick", "pack"): 1.2}, "routing of pick, pack: 1.2, expected a number from 0 to 1"),
        ({("pick", "pack"): 0.7, ("pick", "load"): 0.7}, "shares from pick sum to 1.4"),
        ({("pick", "pack"): 1, ("pack", "pick"): 1}, "a way out of every loop"),
    ],
)
def test_routing_is_checked(routing, said):
    with pytest.raises(ValueError, match=said):
        queueing_network.station_capacity(floor(), routing)


def test_stations_are_checked():
    with pytest.raises(ValueError, match="stations: no column servers"):
        queueing_network.station_capacity(floor().drop(columns="servers"), LOOP)
    with pytest.raises(ValueError, match=r"stations: servers: 0.* in row pack, expected a whole number of at least 1"):
        queueing_network.station_capacity(floor(pack=(30.0, 0)), LOOP)
    with pytest.raises(ValueError, match="arrivals: 0"):
        queueing_network.station_capacity(floor(arrivals=0.0), LOOP)
    with pytest.raises(ValueError, match=r"arrivals of pick: -1.0, expected"):
        queueing_network.visit_rates({"pick": -1.0}, {})


# Simulation against formula


def test_the_simulated_queue_covers_mmc_in_about_nineteen_runs_of_twenty():
    truth = queues.mmc(18, 12, 2)["W"]
    covered = 0
    for seed in range(20):
        run = queueing_network.simulate_network(one(12, 2, 18), {}, jobs=8000, seed=seed)
        _, lower, upper = queueing_network.batch_means(run["left"] - run["arrived"])
        covered += lower <= truth <= upper
    assert covered >= 16


def test_the_simulated_network_covers_jackson_in_about_nineteen_runs_of_twenty():
    network = queueing_network.jackson(floor(), LOOP)
    truth = (network["visits"] * network["W"]).sum()
    covered = 0
    for seed in range(20):
        jobs = queueing_network.simulate_network(floor(), LOOP, jobs=5000, seed=seed).groupby("job")
        _, lower, upper = queueing_network.batch_means(jobs["left"].max() - jobs["arrived"].min())
        covered += lower <= truth <= upper
    assert covered >= 16


def test_a_full_dock_turns_away_what_the_loss_formula_says():
    """M/M/1/K: share lost is (1 - rho) rho^K / (1 - rho^(K + 1))."""
    rho, room = 0.8, 4
    run = queueing_network.simulate_network(one(10, 1, 8, room), {}, jobs=40_000, seed=3)
    lost = (1 - rho) * rho**room / (1 - rho ** (room + 1))
    assert run["started"].isna().mean() == pytest.approx(lost, abs=0.01)


def test_a_run_repeats_by_seed():
    run = queueing_network.simulate_network(floor(), LOOP, jobs=300, seed=7)
    pd.testing.assert_frame_equal(run, queueing_network.simulate_network(floor(), LOOP, jobs=300, seed=7))
    assert not run.equals(queueing_network.simulate_network(floor(), LOOP, jobs=300, seed=8))


# What only the simulation holds


def test_a_shift_is_the_daily_queue_of_the_capacity_module():
    """One server with exact service and an open calendar processes what `queues.backlog` says, day by day."""
    rng = np.random.default_rng(5)
    days, shift = 12, 8.0
    came = rng.integers(0, 80, days)
    releases = np.repeat(24.0 * np.arange(days), came)
    calendar = np.array([[24.0 * day, 24.0 * day + shift] for day in range(days + 30)])
    run = queueing_network.simulate_network(
        one(5, 1, 1), {}, len(releases), 1, Schedule(releases, calendar), exact=True
    )
    done = (run["finished"] // 24).value_counts().reindex(range(days), fill_value=0)
    assert done.tolist() == queues.backlog(came, [shift * 5] * days)["processed"].tolist()
    assert (run["finished"] % 24 <= shift + 1e-6).all()


def test_work_begun_before_closing_goes_on_at_opening_and_stands_after_the_last():
    calendar = np.array([[0.0, 3.0], [10.0, 12.0]])
    run = queueing_network.simulate_network(one(0.5, 1, 1), {}, 3, 1, Schedule([0.0, 0.0, 11.0], calendar), exact=True)
    assert run["started"].tolist()[:2] == [0.0, 2.0]
    assert run["finished"].tolist()[:2] == [2.0, 11.0]
    assert run["started"].tolist()[2] == 11.0
    assert np.isnan(run["finished"][2])


def test_a_pickup_takes_what_is_ready_up_to_its_room():
    pickups = {"pack": ([1.0, 2.0, 3.0, 9.0], 2)}
    run = queueing_network.simulate_network(
        one(60, 5, 1), {}, 6, 1, Schedule([0.0] * 5 + [4.0], pickups=pickups), exact=True
    )
    assert run["left"].tolist() == [1.0, 1.0, 2.0, 2.0, 3.0, 9.0]
    late = queueing_network.simulate_network(one(60, 1, 1), {}, 1, 1, Schedule([9.5], pickups=pickups), exact=True)
    assert np.isnan(late["left"][0])


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30), st.integers(1, 4))
def test_pickups_match_a_plain_count(ready, most):
    hours = np.arange(0.0, 80.0, 2.0)
    ready = sorted(ready)
    truck = queueing_network._Pickups("pack", hours, most)
    got = [truck.next(now) for now in ready]
    room = dict.fromkeys(hours, most)
    expected = []
    for now in ready:
        hour = next(hour for hour in hours if hour >= now and room[hour])
        room[hour] -= 1
        expected.append(hour)
    assert got == expected


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"open_hours": np.array([1.0, 2.0])}, "open_hours"),
        ({"open_hours": np.array([[2.0, 1.0]])}, "open_hours"),
        ({"releases": [1.0]}, "releases: 1 hours, expected 2"),
        ({"releases": [2.0, 1.0]}, "releases: 2 hours"),
        ({"pickups": {"pack": ([2.0, 1.0], 1)}}, "pickups of pack"),
        ({"pickups": {"pack": ([1.0], 0)}}, "pickups of pack"),
    ],
)
def test_what_only_the_simulation_takes_is_checked(terms, said):
    with pytest.raises(ValueError, match=said):
        queueing_network.simulate_network(one(5, 1, 1), {}, 2, 1, Schedule(**terms))


def test_no_jobs_are_refused():
    with pytest.raises(ValueError, match="jobs: 0"):
        queueing_network.simulate_network(one(5, 1, 1), {}, 0, 1)


# Interval


def test_batch_means_cover_the_mean_of_independent_numbers_as_promised():
    rng = np.random.default_rng(11)
    inside = [
        lower <= 5 <= upper
        for _, lower, upper in (queueing_network.batch_means(rng.exponential(5, 1000), warm_up=0) for _ in range(400))
    ]
    assert 0.92 <= np.mean(inside) <= 0.98


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"warm_up": 1.0}, "warm_up: 1.0"),
        ({"confidence": 0.0}, "confidence: 0.0"),
        ({"batches": 1}, "batches: 1"),
        ({"batches": 11}, "batches: 11"),
    ],
)
def test_batch_means_refuse(terms, said):
    with pytest.raises(ValueError, match=said):
        queueing_network.batch_means([1.0] * 10, **({"warm_up": 0.0, "batches": 2} | terms))
