"""Flows and sites: dual equals primal, small instances equal brute force."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.operations import network_design


def costs(rows: int, columns: int) -> st.SearchStrategy[pd.DataFrame]:
    cells = st.lists(st.integers(0, 99), min_size=rows * columns, max_size=rows * columns)
    return cells.map(lambda values: pd.DataFrame(np.reshape(values, (rows, columns))).add_prefix("to ").astype(float))


@given(
    fixed=st.lists(st.integers(0, 150), min_size=4, max_size=4),
    service=costs(5, 4),
    max_open=st.none() | st.integers(1, 4),
)
def test_the_sites_chosen_equal_brute_force(fixed, service, max_open):
    fixed_cost = pd.Series(fixed, service.columns)
    plan = network_design.facility_location(fixed_cost, service, max_open=max_open)
    subsets = [list(sites) for size in range(1, (max_open or 4) + 1) for sites in combinations(service.columns, size)]
    best = min(fixed_cost[sites].sum() + service[sites].min(axis=1).sum() for sites in subsets)
    assert plan.total_cost_usd == pytest.approx(best, abs=1e-6)
    assert fixed_cost[plan.open_sites].sum() + (plan.served * service).to_numpy().sum() == pytest.approx(best, abs=1e-6)
    assert plan.served.sum(axis=1).to_numpy() == pytest.approx(np.ones(5))


def test_capacity_opens_a_second_site():
    fixed, demand = pd.Series({"East": 10, "West": 500}), pd.Series({"NY": 60, "CA": 50})
    service = pd.DataFrame({"East": [60.0, 100.0], "West": [120.0, 50.0]}, demand.index)
    assert network_design.facility_location(fixed, service).open_sites == ["East"]
    room = pd.Series({"East": 80, "West": 80})
    plan = network_design.facility_location(fixed, service, demand, room)
    assert plan.open_sites == ["East", "West"]
    load = plan.served.mul(demand, axis=0).sum()
    assert (load <= room + 1e-6).all()
    assert plan.total_cost_usd == pytest.approx(510 + 60 + 50)


SUPPLY, DEMAND = pd.Series({"A": 5}), pd.Series({"x": 3, "y": 2})
COST = pd.DataFrame([[1.0, 2.0]], ["A"], ["x", "y"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: network_design.facility_location(SUPPLY, COST), "service_cost: columns differ from fixed_cost"),
        (
            lambda: network_design.facility_location(DEMAND, COST * np.nan),
            "service_cost: not all customers can be served",
        ),
        (lambda: network_design.facility_location(DEMAND, COST, max_open=0), "max_open: 0, expected at least 1"),
        (lambda: network_design.facility_location(DEMAND, COST, capacity=DEMAND), "capacity: expected by site"),
        (
            lambda: network_design.facility_location(DEMAND, COST, pd.Series({"A": 9}), DEMAND),
            "service_cost: not all customers can be served",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_distances_are_symmetric_and_zero_at_home():
    towns = pd.DataFrame({"latitude": [33.95, 40.60, -33.9], "longitude": [-117.40, -75.47, 151.2]}, ["CA", "PA", "AU"])
    miles = network_design.miles_between(towns)
    assert miles.to_numpy() == pytest.approx(miles.to_numpy().T)
    assert np.diag(miles) == pytest.approx(0)
    assert miles.loc["CA", "PA"] == pytest.approx(2328, abs=5)


def test_the_poles_are_half_the_globe_apart():
    poles = pd.DataFrame({"latitude": [90, -90], "longitude": [0, 0]})
    assert network_design.miles_between(poles).iloc[0, 1] == pytest.approx(np.pi * network_design.EARTH_MILES)


@pytest.mark.parametrize("place", [{"latitude": 91, "longitude": 0}, {"latitude": 0, "longitude": -181}])
def test_a_place_off_the_globe_is_refused(place):
    with pytest.raises(ValueError, match="degrees"):
        network_design.miles_between(pd.DataFrame([place]))


def most_moved(lines: pd.DataFrame, stock: pd.Series, room: pd.Series) -> int:
    """By trying every assignment."""
    orders = lines.groupby("order_id")
    best = 0
    for plan in product([None, *room.index], repeat=orders.ngroups):
        shelf, left, fits = stock.copy(), room.copy(), True
        for center, (_, items) in zip(plan, orders, strict=True):
            if center is None:
                continue
            left[center] -= 1
            for row in items.itertuples():
                shelf[center, row.sku_id] = shelf.get((center, row.sku_id), 0) - row.units
            fits = fits and left[center] >= 0
        if fits and (shelf >= 0).all():
            best = max(best, sum(center is not None for center in plan))
    return best


@given(st.data())
def test_no_other_plan_moves_more(data):
    small = st.integers(0, 2)
    items = data.draw(
        st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyz"), st.integers(1, 2)), min_size=1, max_size=6)
    )
    lines = pd.DataFrame(items, columns=["order_id", "sku_id", "units"])
    stock = pd.Series({(center, sku): data.draw(small) for center in ("E", "W") for sku in "xyz"})
    room = pd.Series({center: data.draw(small) for center in ("E", "W")})
    plan = network_design.transferable_orders(lines, stock, room)
    assert plan["to_center"].notna().sum() == most_moved(lines, stock, room)
    assert (plan["to_center"].value_counts().reindex(room.index).fillna(0) <= room).all()
    assert plan.loc[plan["to_center"].notna(), "stocked"].all()


def test_an_order_moves_whole_or_not_at_all():
    lines = pd.DataFrame({"order_id": "A", "sku_id": ["x", "y"], "units": 1})
    apart = pd.Series({("E", "x"): 1, ("W", "y"): 1})
    assert not network_design.transferable_orders(lines, apart, pd.Series({"E": 1, "W": 1}))["stocked"].any()


@pytest.mark.parametrize(("room", "stock"), [(-1, 1), (1, -1)])
def test_negative_room_or_stock_is_refused(room, stock):
    lines = pd.DataFrame({"order_id": ["A"], "sku_id": ["x"], "units": [1]})
    with pytest.raises(ValueError, match="at least 0"):
        network_design.transferable_orders(lines, pd.Series({("E", "x"): stock}), pd.Series({"E": room}))
