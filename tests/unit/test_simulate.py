"""The synthetic program repeats byte for byte, is consistent in itself, and holds what was planted in it."""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import control, data, kpis, simulate

PEAK_ORDERS = slice("2025-11-24", "2025-12-12")  # orders placed
PEAK_WEEKS = pd.date_range("2025-11-24", "2025-12-15", freq="7D")
FULL_WEEKS = pd.date_range("2025-07-07", "2026-06-22", freq="7D")
OTHERS = ["FC1", "FC2", "FC4", "FC5", "FC6"]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return simulate.simulate()


@pytest.fixture(scope="module")
def orders(tables) -> pd.DataFrame:
    return tables["orders"]


@pytest.fixture(scope="module")
def peak(orders) -> pd.DataFrame:
    return orders.set_index("ordered_at", drop=False).loc[PEAK_ORDERS]


@pytest.fixture(scope="module")
def late_weeks(orders) -> pd.DataFrame:
    """Every full week of every center on its own p chart, its center line taken outside the peak."""
    card = kpis.weekly_scorecard(orders, by="center_id")
    card = card[card["week"].isin(FULL_WEEKS)].set_index(["center_id", "week"]).sort_index()
    card["peak"] = card.index.get_level_values("week").isin(PEAK_WEEKS)
    charts = [
        control.p_chart(own["late_dispatch_count"], own["late_dispatch_n"], baseline=~own["peak"])
        for _, own in card.groupby("center_id")
    ]
    return card[["late_dispatch_rate", "late_dispatch_n", "peak"]].join(pd.concat(charts))


# Repeats


def test_a_second_run_writes_the_same_bytes(tables, tmp_path):
    for run, result in {"one": tables, "two": simulate.simulate()}.items():
        simulate.write(result, tmp_path / run)
    files = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert files == sorted(file.name for file in (tmp_path / "two").iterdir())
    assert [(tmp_path / "one" / name).read_bytes() for name in files] == [
        (tmp_path / "two" / name).read_bytes() for name in files
    ]


@pytest.mark.parametrize("name", data.TABLES)
def test_the_committed_files_are_what_a_run_writes(tables, tmp_path, name):
    simulate.write({name: tables[name]}, tmp_path)
    made, kept = data.path(name, tmp_path).read_bytes(), data.path(name).read_bytes()
    if name == "orders":  # another zlib may pack the same text otherwise
        made, kept = gzip.decompress(made), gzip.decompress(kept)
    assert made == kept


@pytest.mark.parametrize("name", data.TABLES)
def test_what_was_written_is_read_back(tables, name):
    pd.testing.assert_frame_equal(data.load(name), tables[name])


def test_the_files_stay_small():
    assert sum(data.path(name).stat().st_size for name in data.TABLES) < 2_500_000


# Consistent


def test_keys_identify_rows(tables):
    for name, key in {
        "operators": ["operator_id"],
        "carriers": ["carrier_id"],
        "centers": ["center_id"],
        "capacity": ["week", "center_id"],
        "orders": ["order_id"],
    }.items():
        assert not tables[name].duplicated(key).any()
        assert tables[name][key].notna().all(axis=None)


def test_foreign_keys_hold(tables):
    for name, key, other in [
        ("orders", "center_id", "centers"),
        ("orders", "carrier_id", "carriers"),
        ("capacity", "center_id", "centers"),
        ("centers", "operator_id", "operators"),
    ]:
        assert set(tables[name][key]) == set(tables[other][key])


def test_time_runs_forward(orders):
    assert orders["ordered_at"].is_monotonic_increasing
    for earlier, later in [
        ("ordered_at", "dispatched_at"),
        ("dispatched_at", "delivered_at"),
        ("ordered_at", "cancelled_at"),
        ("ordered_at", "dispatch_due_at"),
        ("dispatch_due_at", "deliver_by"),
    ]:
        both = orders.dropna(subset=[earlier, later])
        assert len(both)
        assert (both[earlier] <= both[later]).all()


def test_the_tables_end_with_what_was_known(orders):
    times = orders[["ordered_at", "dispatched_at", "delivered_at", "cancelled_at"]]
    assert (times.max() <= simulate.AS_OF).all()
    assert orders["ordered_at"].min() >= simulate.START


def test_nothing_leaves_or_arrives_on_a_sunday_or_holiday(orders):
    for time in ("dispatched_at", "delivered_at"):
        days = orders[time].dropna().to_numpy().astype("datetime64[D]")
        assert np.is_busday(days, busdaycal=simulate.WORKING_DAYS).all()


def test_deadlines_are_the_platforms(orders):
    for column, fact in {"dispatch_due_at": "us.dispatch_sla", "deliver_by": "us.deliver_by_sla"}.items():
        due = kpis.business_day_deadline(orders["ordered_at"], data.fact(fact)["value"])
        assert (orders[column] == due).all()


def test_values_are_missing_where_they_cannot_be_known(orders):
    sent, arrived, ended = (orders[time].notna() for time in ("dispatched_at", "delivered_at", "cancelled_at"))
    late = orders["dispatched_at"] > orders["dispatch_due_at"]
    assert not (sent & ended).any()
    assert not (arrived & ~sent).any()
    assert orders["cancel_fault"].notna().equals(ended)
    assert orders["late_cause"].notna().equals(late)
    assert orders["tracking_valid"].notna().equals(sent)
    assert orders["in_full"].notna().equals(arrived)
    assert orders["damaged"].notna().equals(arrived)
    assert not (orders["review_stars"].notna() & ~arrived).any()


def test_values_are_plausible(orders):
    assert orders["units"].between(1, 4).all()
    assert orders["lines"].between(1, orders["units"]).all()
    assert orders["zone"].between(2, 8).all()
    assert (orders["value_usd"] > 0).all()
    assert orders["review_stars"].dropna().between(1, 5).all()
    assert set(orders["late_cause"].dropna()) == {*simulate.INCIDENTS, simulate.CAPACITY}
    assert set(orders["cancel_fault"].dropna()) == set(simulate.CANCELLATIONS)


def test_capacity_reconciles_with_orders(tables, orders):
    capacity = tables["capacity"].groupby("center_id")
    kept = orders[orders["cancelled_at"].isna()].groupby("center_id")
    assert (capacity["received_orders"].sum() == kept.size()).all()
    assert (capacity["processed_orders"].sum() == kept["dispatched_at"].count()).all()
    waiting = kept["dispatched_at"].apply(lambda times: times.isna().sum())
    assert (capacity["backlog_orders"].last() == waiting).all()
    assert (tables["capacity"]["backlog_orders"] >= 0).all()


def test_the_scale_is_the_stated_one(orders):
    assert len(orders) == pytest.approx(simulate.ORDERS, rel=0.01)
    assert 40_000 < len(orders) / 365 * simulate.ORDERS_PER_MODELED_ORDER < 60_000


@given(st.lists(st.integers(0, 19), max_size=80), st.lists(st.integers(0, 6), min_size=20, max_size=20))
def test_a_queue_serves_in_turn_and_within_capacity(released, capacity):
    released = np.sort(np.array(released, dtype=int))
    day = simulate.queue(released, np.array(capacity))
    served = np.bincount(day, minlength=21)[:20]
    assert (day >= released).all()
    assert (np.diff(day) >= 0).all()
    assert (served <= capacity).all()
    for today in np.flatnonzero(served < capacity):  # capacity is left over only where nobody waits
        assert not ((released <= today) & (day > today)).any()


# Anchored


def test_speed_is_the_published_one(orders):
    published = data.fact("fbt.us.speed_heavy_users")["value"]
    assert kpis.delivery_time(orders)["mean_hours"] == pytest.approx(published["mean_hours"], abs=1)
    assert kpis.delivered_within(orders, 3) == pytest.approx(published["within_3_days"], abs=0.01)


def test_sales_come_from_the_published_sources(orders):
    share = orders.groupby("source")["value_usd"].sum() / orders["value_usd"].sum()
    assert share.to_dict() == pytest.approx(data.fact("mkt.us.creator_split_h1_2025")["value"], abs=0.015)


def test_cyber_monday_is_the_largest_day_and_grows_more_in_value_than_in_orders(orders):
    days = orders.groupby(orders["ordered_at"].dt.normalize())["value_usd"].agg(["sum", "size"])
    growth = days.loc["2025-12-01"] / days.loc["2025-10-01":"2025-10-31"].mean()
    assert days["sum"].idxmax() == days["size"].idxmax() == pd.Timestamp("2025-12-01")
    assert growth["sum"] > growth["size"] > 2


# Planted: one center's commitment was exceeded in the peak


def test_only_one_center_received_far_more_than_committed(tables):
    capacity = tables["capacity"]
    weeks = capacity[capacity["week"].isin(PEAK_WEEKS[:2])]
    use = weeks.groupby("center_id")[weeks.columns].apply(kpis.capacity_use)
    assert use["FC3"] == pytest.approx(1.30, abs=0.03)
    assert (use[OTHERS] < 1).all()
    peak_raise = (
        capacity[capacity["week"] == "2025-12-01"].set_index("center_id")["committed_orders"]
        / capacity[capacity["week"] == "2025-11-10"].set_index("center_id")["committed_orders"]
    )
    assert peak_raise["FC3"] == 1
    assert (peak_raise[OTHERS] > 1.25).all()


def test_dispatch_is_late_there_and_not_elsewhere(peak):
    late = peak.groupby("center_id")[peak.columns].apply(kpis.late_dispatch_rate)
    assert late["FC3"] == pytest.approx(0.45, abs=0.02)
    assert (late[OTHERS] < data.fact("us.ldr")["value"]).all()


def test_the_cause_there_is_capacity_but_not_over_the_year(orders, peak):
    there = control.pareto(peak.loc[peak["center_id"] == "FC3", "late_cause"])
    assert there.loc[0, "cause"] == "capacity"
    assert there.loc[0, "share"] == pytest.approx(0.95, abs=0.02)
    assert control.pareto(orders["late_cause"]).loc[0, "cause"] == "stock not found"
    assert set(orders.loc[orders["late_cause"] == "capacity", "center_id"]) == {"FC3"}


def test_the_year_hides_the_peak(orders, peak):
    limit = data.fact("us.ldr")["value"]
    assert kpis.late_dispatch_rate(orders) == pytest.approx(0.025, abs=0.002)
    assert kpis.late_dispatch_rate(
        orders.drop(orders.index[orders["order_id"].isin(peak["order_id"])])
    ) == pytest.approx(0.019, abs=0.001)
    assert kpis.late_dispatch_rate(orders) < limit


# Planted: another center has the worst weeks by chance


def test_the_chart_flags_the_peak_and_nothing_else(late_weeks):
    flagged = late_weeks.index[late_weeks["outside"]].tolist()
    assert flagged == [("FC3", week) for week in pd.to_datetime(["2025-12-01", "2025-12-08"])]


def test_the_smallest_center_has_the_worst_ordinary_weeks(late_weeks):
    ordinary = late_weeks[~late_weeks["peak"]]
    worst = ordinary.nlargest(2, "late_dispatch_rate")
    assert worst.index.get_level_values("center_id").tolist() == ["FC6", "FC6"]
    assert (worst["late_dispatch_rate"] > data.fact("us.ldr")["value"]).all()
    assert (worst["late_dispatch_n"] < ordinary.loc["FC6", "late_dispatch_n"].median()).all()
    assert ordinary.groupby("center_id")["late_dispatch_n"].sum().idxmin() == "FC6"


# Planted: one carrier is worse


def test_one_carrier_is_worse_on_time(orders):
    on_time = orders.groupby("carrier_id")[orders.columns].apply(kpis.on_time_delivery_rate)
    assert on_time["CR3"] == pytest.approx(0.90, abs=0.01)
    assert on_time.drop("CR3").between(0.96, 0.98).all()
    assert on_time["CR3"] > data.fact("us.otdr")["value"]
