"""The clock from click to door: parts add up, plans follow the calendar, transit is measured in delivery days."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import calendar, data
from fulfillment.operations import order_cycle

MINUTES = st.integers(0, 365 * 24 * 60 - 1).map(
    lambda minute: pd.Timestamp("2025-07-01") + pd.Timedelta(minutes=minute)
)


def parcel(**times: str) -> dict:
    return {"shipment_id": "P1", "order_id": "O1", "center_id": "FC1", "carrier_id": "CR1", "zone": 4} | {
        name: pd.Timestamp(time) for name, time in times.items()
    }


TIMES = {"label_at": "2025-07-01 15:00", "dispatched_at": "2025-07-01 18:00", "delivered_at": "2025-07-03 12:00"}
ORDERS = pd.DataFrame(
    {
        "order_id": ["O1"],
        "ordered_at": pd.Timestamp("2025-07-01 08:00"),
        "delivered_at": pd.Timestamp("2025-07-03 12:00"),
    }
)
SCANS = pd.DataFrame(
    {"shipment_id": ["P1"], "event": ["delivery attempted"], "event_at": [pd.Timestamp("2025-07-02 12:00")]}
)
LANES = pd.DataFrame({"center_id": ["FC1"], "carrier_id": ["CR1"], "zone": [4], "transit_days": [2]})


def test_a_failed_attempt_splits_the_last_part():
    hours = order_cycle.cycle_time_segments(ORDERS, pd.DataFrame([parcel(**TIMES)]), SCANS).loc["O1"]
    assert hours[["order_to_label", "label_to_scan", "scan_to_attempt", "attempt_to_delivery", "total"]].tolist() == [
        7,
        3,
        18,
        24,
        52,
    ]


def test_an_order_in_two_parcels_follows_the_last():
    late = parcel(**TIMES | {"label_at": "2025-07-01 16:00"}) | {
        "shipment_id": "P2",
        "delivered_at": pd.Timestamp("2025-07-04 12:00"),
    }
    orders = ORDERS.assign(delivered_at=late["delivered_at"])
    hours = order_cycle.cycle_time_segments(orders, pd.DataFrame([late, parcel(**TIMES)]), SCANS).loc["O1"]
    assert hours["total"] == 76
    assert hours["order_to_label"] == 8


def test_a_label_before_the_order_is_out_of_order():
    wrong = pd.DataFrame([parcel(**TIMES | {"label_at": "2025-07-01 07:00"})])
    assert not order_cycle.cycle_time_segments(ORDERS, wrong, SCANS)["in_order"].any()


def test_an_order_still_on_its_way_is_left_out():
    assert order_cycle.cycle_time_segments(
        ORDERS.assign(delivered_at=pd.NaT), pd.DataFrame([parcel(**TIMES)]), SCANS
    ).empty


def test_parts_add_up_on_the_program():
    hours = order_cycle.cycle_time_segments(data.load("orders"), data.load("shipments"), data.load("scan_events"))
    orders = data.load("orders").set_index("order_id")
    whole = (orders["delivered_at"] - orders["ordered_at"]).loc[hours.index] / pd.Timedelta(hours=1)
    assert hours["total"].to_numpy() == pytest.approx(whole.to_numpy())


@given(MINUTES, st.integers(0, 24))
def test_an_order_is_planned_for_a_working_day_and_an_earlier_cut_off_never_helps(ordered_at, hour):
    one = pd.Series([ordered_at])
    day = calendar.planned_dispatch(one, hour)[0]
    assert day.day_of_week != 6
    assert day >= ordered_at.normalize()
    assert (day == ordered_at.normalize()) <= (ordered_at.hour < hour)
    assert day <= calendar.planned_dispatch(one, max(0, hour - 1))[0]


def test_a_holiday_is_no_working_day():
    thanksgiving = pd.Series(pd.to_datetime(["2025-11-27 09:00"]))
    assert calendar.planned_dispatch(thanksgiving, 14)[0] == pd.Timestamp("2025-11-28")


def test_a_cut_off_is_an_hour_of_the_day():
    with pytest.raises(ValueError, match="cut_off_hour: 25, expected a number from 0 to 24"):
        calendar.planned_dispatch(ORDERS["ordered_at"], 25)


def test_days_between_miss_where_a_day_is_missing():
    start = pd.Series(pd.to_datetime(["2025-07-03", "2025-07-03", None]))
    end = pd.Series(pd.to_datetime(["2025-07-07", None, "2025-07-07"]))  # over Independence Day and a Sunday
    days = calendar.delivery_days_between(start, end)
    assert days.isna().tolist() == [False, True, True]
    assert days[0] == 2


def test_transit_is_measured_to_the_first_attempt():
    parcels = pd.DataFrame([parcel(**TIMES)])
    assert order_cycle.transit_delay_days(parcels, SCANS, LANES).tolist() == [-1]
    assert order_cycle.transit_delay_days(parcels, SCANS.assign(event="in transit"), LANES).tolist() == [0]
    assert (
        order_cycle.transit_delay_days(parcels.assign(delivered_at=pd.NaT), SCANS.assign(event="lost"), LANES)
        .isna()
        .all()
    )


def test_a_lane_without_a_plan_is_named():
    with pytest.raises(ValueError, match="no transit days for FC1 CR1 4"):
        order_cycle.transit_delay_days(pd.DataFrame([parcel(**TIMES)]), SCANS, LANES.assign(zone=5))


@pytest.mark.parametrize("function", [order_cycle.cycle_time_segments, order_cycle.transit_delay_days])
def test_a_missing_column_is_named(function):
    with pytest.raises(ValueError, match="no column"):
        function(ORDERS.drop(columns="order_id"), pd.DataFrame([parcel(**TIMES)]), SCANS)


def test_delivery_days_are_business_days_and_saturdays():
    days = pd.date_range("2025-07-01", "2026-06-30")
    dates = days.to_numpy().astype("datetime64[D]")
    extra = np.is_busday(dates, busdaycal=calendar.DELIVERY_DAYS) & ~np.is_busday(
        dates, busdaycal=calendar.BUSINESS_DAYS
    )
    assert set(days[extra].day_name()) == {"Saturday"}
