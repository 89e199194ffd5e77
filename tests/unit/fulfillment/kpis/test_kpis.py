"""KPIs on tables small enough to count by hand, their errors, and the laws they obey."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment import calendar, kpis

TIMES = ["ordered_at", "dispatch_due_at", "dispatched_at", "deliver_by", "delivered_at", "cancelled_at"]
COLUMNS = [*TIMES, "tracking_valid", "in_full", "damaged", "cancel_fault", "review_stars"]
# Four orders of Tuesday 1 July 2025, due for dispatch on the 3rd and for delivery on Thursday the 10th (the 4th is a
# holiday): one perfect, one late and with two stars, one lost on its way, one canceled by its operator.
# One order of the 2nd is canceled by its buyer, one of Thursday the 10th is still on its way.
ROWS = """
07-01 10:00, 07-03 23:59, 07-01 18:00, 07-10 23:59, 07-03 10:00,            , 1, 1, 0,         , 5
07-01 10:00, 07-03 23:59, 07-07 18:00, 07-10 23:59, 07-11 10:00,            , 1, 1, 1,         , 2
07-01 10:00, 07-03 23:59, 07-02 10:00, 07-10 23:59,            ,            , 0,  ,  ,         ,
07-01 10:00, 07-03 23:59,            , 07-10 23:59,            , 07-02 10:00,  ,  ,  , operator,
07-02 10:00, 07-07 23:59,            , 07-11 23:59,            , 07-02 10:30,  ,  ,  , buyer   ,
07-10 10:00, 07-14 23:59, 07-10 18:00, 07-18 23:59,            ,            , 1,  ,  ,         ,
"""
RATES = [
    ("late_dispatch_rate", 1, 4),  # dispatched: rows 1, 2, 3, 6
    ("on_time_delivery_rate", 1, 3),  # due by 11 July and not canceled: rows 1, 2, 3
    ("valid_tracking_rate", 3, 4),
    ("fault_cancellation_rate", 1, 6),
    ("perfect_order_rate", 1, 4),  # the operator's cancellation fails, the buyer's is left out
    ("damage_rate", 1, 2),
    ("negative_review_rate", 1, 2),
]


@pytest.fixture
def orders() -> pd.DataFrame:
    rows = [[cell.strip() or None for cell in line.split(",")] for line in ROWS.strip().splitlines()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    flags = {flag: table[flag].map({"1": True, "0": False}).astype("boolean") for flag in COLUMNS[6:9]}
    times = {time: pd.to_datetime("2025-" + table[time]) for time in TIMES}
    return table.assign(**times, **flags, review_stars=table["review_stars"].astype("Int64"))


@pytest.mark.parametrize(("name", "hits", "standing"), RATES)
def test_a_rate_counts_what_it_says(orders, name, hits, standing):
    assert getattr(kpis, name)(orders) == hits / standing


@pytest.mark.parametrize("name", [name for name, _, _ in RATES])
@pytest.mark.parametrize("table", ["empty", "stands on nothing"])
def test_a_rate_of_nothing_is_refused(orders, name, table):
    orders = orders.iloc[:0] if table == "empty" else orders.assign(**dict.fromkeys(TIMES, pd.NaT))
    with pytest.raises(ValueError, match=f"{name}: no row in its denominator"):
        getattr(kpis, name)(orders)


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name in kpis.RATES for column in kpis.base.READS[name]["orders"]]
)
def test_a_missing_column_is_named(orders, name, column):
    with pytest.raises(ValueError, match=f"orders: no column {column}, expected"):
        getattr(kpis, name)(orders.drop(columns=column))


def test_each_rate_has_its_function_and_its_hand_count():
    assert list(kpis.RATES) == [name for name, _, _ in RATES]


def test_plain_booleans_and_text_serve_as_well(orders):
    plain = orders.astype({"tracking_valid": object, "cancel_fault": object, "review_stars": float})
    for name, hits, standing in RATES:
        assert getattr(kpis, name)(plain) == hits / standing


def test_what_is_due_depends_on_the_day(orders):
    assert kpis.on_time_delivery_rate(orders, pd.Timestamp("2025-07-18 23:59")) == 1 / 4
    assert kpis.perfect_order_rate(orders, pd.Timestamp("2025-07-18 23:59")) == 1 / 5
    with pytest.raises(ValueError, match="on_time_delivery_rate: no row"):
        kpis.on_time_delivery_rate(orders, pd.Timestamp("2025-07-10 23:58"))


def test_delivered_in_the_last_minute_is_on_time(orders):
    assert kpis.on_time_delivery_rate(orders.assign(delivered_at=orders["deliver_by"])) == 1


def test_dispatched_in_the_last_minute_is_not_late(orders):
    assert kpis.late_dispatch_rate(orders.assign(dispatched_at=orders["dispatch_due_at"])) == 0


def test_hours_run_from_the_order(orders):
    # dispatched after 8, 152, 24 and 8 hours; delivered after 2 and 10 days
    assert kpis.click_to_ship_time(orders) == 16
    assert kpis.click_to_ship_time(orders, 0.9) == pytest.approx(24 + 0.7 * 128)
    assert kpis.order_cycle_time(orders) == 6
    assert kpis.delivery_time_p90(orders) == pytest.approx(2 + 0.9 * 8)


@pytest.mark.parametrize(
    ("days", "business", "share"),
    [
        (1, True, 0),
        (2, True, 1 / 3),  # 3 July; the order of the 10th is not two business days old
        (7, True, 2 / 3),  # 11 July: 2, 3, 7, 8, 9, 10, 11
        (6, True, 1 / 3),
        (1, False, 0),  # all four
        (2, False, 1 / 3),
        (10, False, 2 / 3),
    ],
)
def test_delivered_within_counts_the_days(orders, days, business, share):
    assert kpis.delivered_within(orders, days, business) == share


def test_delivered_within_refuses_what_it_cannot_answer(orders):
    with pytest.raises(ValueError, match="days: 0, expected 1 or more"):
        kpis.delivered_within(orders, 0)
    with pytest.raises(ValueError, match="no order is 30 days old"):
        kpis.delivered_within(orders, 30)
    with pytest.raises(ValueError, match="orders: no column cancelled_at"):
        kpis.delivered_within(orders.drop(columns="cancelled_at"), 3)


@pytest.mark.parametrize(
    ("function", "above", "below"),
    [
        (kpis.orders_per_labor_hour, "processed_orders", "labor_hours"),
        (kpis.capacity_use, "received_orders", "committed_orders"),
    ],
)
def test_capacity_ratios_add_up_before_they_divide(function, above, below):
    table = pd.DataFrame({above: [10, 30], below: [5, 5]})
    assert function(table) == 4
    with pytest.raises(ValueError, match="its denominator adds up to 0, expected more than 0"):
        function(table.assign(**{below: 0}))
    with pytest.raises(ValueError, match=f"capacity: no column {above}"):
        function(table.drop(columns=above))


def test_a_scorecard_puts_each_order_into_the_week_of_each_clock(orders):
    card = kpis.weekly_scorecard(orders).set_index("week")
    assert card.index.strftime("%F").tolist() == ["2025-06-30", "2025-07-07"]
    assert card["orders"].tolist() == [5, 1]
    assert card["late_dispatch_n"].tolist() == [2, 2]
    assert card["late_dispatch_count"].tolist() == [0, 1]
    assert card["on_time_delivery_n"].tolist() == [0, 3]
    assert card["on_time_delivery_rate"].isna().tolist() == [True, False]
    assert card["fault_cancellation_rate"].tolist() == [1 / 5, 0]
    assert card["click_to_ship_median_hours"].tolist() == [16, 80]
    assert card["delivery_time_n"].tolist() == [1, 1]


@pytest.mark.parametrize("by", ["center_id", ["center_id", "carrier_id"]])
def test_a_scorecard_splits_by_columns(orders, by):
    orders = orders.assign(center_id=list("AABBAB"), carrier_id=list("XYXYXX"))
    card = kpis.weekly_scorecard(orders, by)
    keys = ["week", by] if isinstance(by, str) else ["week", *by]
    assert card.columns[: len(keys)].tolist() == keys
    assert not card.duplicated(keys).any()
    assert card["late_dispatch_n"].sum() == 4


def test_a_scorecard_of_nothing_is_refused(orders):
    with pytest.raises(ValueError, match="orders: no rows, expected at least one"):
        kpis.weekly_scorecard(orders.iloc[:0])
    with pytest.raises(ValueError, match="orders: no column center_id"):
        kpis.weekly_scorecard(orders, "center_id")


@given(
    st.lists(
        st.tuples(*[st.none() | st.integers(0, 60)] * 3, st.booleans(), st.sampled_from([None, "buyer", "operator"])),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None)
def test_weeks_of_a_scorecard_add_up_to_the_rate(rows):
    start = pd.Timestamp("2025-07-01 12:00")
    days = pd.DataFrame(
        [row[:3] for row in rows], columns=["dispatched_at", "delivered_at", "cancelled_at"], dtype=float
    )
    times = days.apply(lambda column: start + pd.to_timedelta(column, unit="D"))
    orders = times.assign(
        ordered_at=start,
        dispatch_due_at=start + pd.Timedelta(days=20),
        deliver_by=start + pd.Timedelta(days=30),
        **{flag: [row[3] for row in rows] for flag in ("tracking_valid", "in_full", "damaged")},
        cancel_fault=[row[4] for row in rows],
        review_stars=1,
    )
    card = kpis.weekly_scorecard(orders)
    for name, _, _ in RATES:
        stem = name.removesuffix("rate")
        hits, standing = card[f"{stem}count"].sum(), card[f"{stem}n"].sum()
        assert 0 <= hits <= standing <= len(rows)
        if standing:
            assert getattr(kpis, name)(orders) == pytest.approx(hits / standing)


@given(st.datetimes(pd.Timestamp("2012-01-01"), pd.Timestamp("2038-01-01")), st.integers(1, 30))
def test_a_deadline_is_that_many_business_days_away(ordered, days):
    deadline = calendar.business_day_deadline(pd.Series([pd.Timestamp(ordered)]), days)[0]
    assert (deadline.hour, deadline.minute) == (23, 59)
    first, last = np.datetime64(ordered.date()) + 1, np.datetime64(deadline.date()) + 1
    assert np.busday_count(first, last, busdaycal=calendar.BUSINESS_DAYS) == days


@pytest.mark.parametrize(
    ("ordered", "days", "due"),
    [
        ("2025-07-01 23:59", 2, "2025-07-03"),  # Tuesday
        ("2025-07-02 00:00", 2, "2025-07-07"),  # Wednesday before Independence Day, a Friday
        ("2025-07-05 12:00", 2, "2025-07-08"),  # Saturday: Monday is day 1
        ("2025-11-26 12:00", 2, "2025-12-01"),  # Thanksgiving is skipped
        ("2026-07-01 12:00", 2, "2026-07-06"),  # Independence Day on a Saturday is observed on Friday
        ("2025-07-01 12:00", 6, "2025-07-10"),
    ],
)
def test_a_deadline_skips_weekends_and_holidays(ordered, days, due):
    deadline = calendar.business_day_deadline(pd.Series(pd.to_datetime([ordered])), days)
    assert deadline.tolist() == [pd.Timestamp(due) + pd.Timedelta(hours=23, minutes=59)]


def test_a_deadline_before_the_order_is_refused():
    with pytest.raises(ValueError, match="days: 0, expected a whole number from 1 to 10,000"):
        calendar.business_day_deadline(pd.Series(pd.to_datetime(["2025-07-01"])), 0)
