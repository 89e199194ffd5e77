"""Items drawn into fewer centers, and orders that one center could have sent whole, on hand-made stock."""

import pandas as pd
import pytest

from fulfillment.data import load
from fulfillment.planning import placement


@pytest.fixture(scope="module")
def stock():
    return load("inventory_weekly")


def test_the_items_are_the_same_whichever_weeks_of_autumn_they_are_held_against(stock):
    narrowed = placement.narrowed_items(stock)
    assert set(narrowed.index) == set(placement.narrowed_items(stock, before=("2025-12-01", "2025-12-22")).index)
    assert (narrowed["extra_units"] >= 0).all()


def test_the_last_unit_of_one_week_decides_nothing(stock):
    """By the last week of June alone three more items would count: their last unit in a third center was sold in it."""
    one_week = placement.narrowed_items(stock, now=("2026-06-22", "2026-06-22"))
    narrowed = placement.narrowed_items(stock)
    assert set(narrowed.index) < set(one_week.index)
    late = one_week.loc[one_week.index.difference(narrowed.index)]
    assert len(late) == 3
    assert (late["stocked_in_now"] == 2).all()


def test_periods_without_a_week_are_refused(stock):
    with pytest.raises(ValueError, match="before: no week from 2020-01-06 to 2020-01-06, expected at least one"):
        placement.narrowed_items(stock, before=("2020-01-06",) * 2)


def test_no_unit_is_promised_twice():
    """Two orders want the last unit of the same item at the hub; the earlier one gets it."""
    lines = pd.DataFrame(
        {
            "order_id": ["A", "A", "B", "B"],
            "shipment_id": ["P1", "P2", "P3", "P4"],
            "sku_id": ["slow", "fast"] * 2,
            "center_id": ["FC1", "FC2"] * 2,
            "zone": [6, 3, 5, 2],
            "shipped_units": 1,
        }
    )
    weeks = pd.DataFrame(
        {
            "week": pd.to_datetime(["2026-05-04", "2026-05-11"]),
            "center_id": "FC1",
            "sku_id": "fast",
            "available_units": [1, 7],
        }
    )
    orders = pd.DataFrame({"order_id": ["A", "B"], "ordered_at": pd.to_datetime(["2026-05-13", "2026-05-12"])})
    found = placement.single_center_fill(lines, orders, weeks)
    assert found.loc["B"].tolist() == ["FC1", 5]
    assert pd.isna(found.loc["A", "center_id"])
