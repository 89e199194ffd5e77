"""Flows and sites: dual equals primal, small instances equal brute force."""

from itertools import product

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
    cost=costs(3, 4),
    demand=st.lists(st.integers(0, 100), min_size=4, max_size=4),
    spare=st.lists(st.integers(0, 50), min_size=3, max_size=3),
)
def test_the_dual_value_equals_the_primal(cost, demand, spare):
    supply = pd.Series([sum(demand) // 3 + 1 + more for more in spare], cost.index)
    wants = pd.Series(demand, cost.columns)
    plan = network_design.transportation(supply, wants, cost)
    assert plan.dual_value == pytest.approx(plan.total_cost_usd, abs=1e-6)
    assert (plan.flows * cost).to_numpy().sum() == pytest.approx(plan.total_cost_usd, abs=1e-6)
    assert plan.flows.sum().to_numpy() == pytest.approx(wants.to_numpy(), abs=1e-6)
    assert (plan.flows.sum(axis=1) <= supply + 1e-6).all()
    assert (plan.supply_value >= -1e-9).all()
    reduced = cost.add(plan.supply_value, axis=0).sub(plan.demand_value, axis=1)
    assert reduced.to_numpy().min() >= -1e-6, "a lane cheaper than its prices was left out"


def test_the_value_of_supply_is_what_one_more_unit_saves():
    supply, demand = pd.Series({"CA": 60, "PA": 80}), pd.Series({"West": 70, "East": 60})
    cost = pd.DataFrame([[3.0, 8.0], [9.0, 4.0]], supply.index, demand.index)
    plan = network_design.transportation(supply, demand, cost)
    more = network_design.transportation(supply + pd.Series({"CA": 1, "PA": 0}), demand, cost)
    assert plan.supply_value["CA"] == pytest.approx(plan.total_cost_usd - more.total_cost_usd) == 6
    one_more = network_design.transportation(supply, demand + pd.Series({"West": 0, "East": 1}), cost)
    assert plan.demand_value["East"] == pytest.approx(one_more.total_cost_usd - plan.total_cost_usd)


def test_a_lane_that_is_not_offered_carries_nothing():
    supply, demand = pd.Series({"CA": 60, "PA": 80}), pd.Series({"West": 70, "East": 60})
    cost = pd.DataFrame([[3.0, 1.0], [9.0, None]], supply.index, demand.index)
    plan = network_design.transportation(supply, demand, cost)
    assert plan.flows.loc["PA", "East"] == 0
    assert plan.total_cost_usd == 60 * 1 + 70 * 9
    assert plan.dual_value == pytest.approx(plan.total_cost_usd)


SUPPLY, DEMAND = pd.Series({"A": 5}), pd.Series({"x": 3, "y": 2})
COST = pd.DataFrame([[1.0, 2.0]], ["A"], ["x", "y"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: network_design.transportation(SUPPLY, DEMAND + 1, COST),
            "supply: 5 in all, expected at least the demand of 7",
        ),
        (lambda: network_design.transportation(SUPPLY, DEMAND[::-1], COST), "cost: rows and columns differ"),
        (lambda: network_design.transportation(SUPPLY * -1, DEMAND, COST), "supply: -5.0, expected"),
        (
            lambda: network_design.transportation(SUPPLY, DEMAND, COST - 2),
            "cost: .*least -1, expected costs of at least 0",
        ),
        (
            lambda: network_design.transportation(SUPPLY, DEMAND, COST.assign(x=np.nan)),
            "cost: the demand cannot be met",
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
