"""Deals: the zone, the frontier and the bargaining solution against brute force."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import negotiation

DEALS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=25).map(
    lambda rows: pd.DataFrame(rows, columns=["buyer", "seller"])
)
TERMS = {
    "rate": {"list": (0, 0), "less 3 %": (300, -300), "less 6 %": (600, -650)},
    "commitment": {"none": (0, 0), "80 % of volume": (-120, 260)},
    "payment": {"net 30": (0, 0), "net 60": (90, -40)},
}


@given(DEALS)
def test_the_frontier_is_what_no_other_deal_dominates(deals):
    rows = deals.to_numpy().tolist()
    by_hand = [
        not any(b >= buyer and s >= seller and (b > buyer or s > seller) for b, s in rows) for buyer, seller in rows
    ]
    assert negotiation.efficient(deals).tolist() == by_hand


@given(deals=DEALS, buyer=st.integers(-50, 0), seller=st.integers(-50, 0))
def test_the_bargaining_solution_is_efficient_and_leaves_nobody_worse_off(deals, buyer, seller):
    possible = deals[(deals["buyer"] >= buyer) & (deals["seller"] >= seller)]
    if possible.empty:
        with pytest.raises(ValueError, match=f"packages: none is worth {buyer} to the buyer"):
            negotiation.nash_package(deals, buyer, seller)
        return
    best = negotiation.nash_package(deals, buyer, seller)
    gains = (possible["buyer"] - buyer) * (possible["seller"] - seller)
    assert (best["buyer"] - buyer) * (best["seller"] - seller) == gains.max()
    assert best["buyer"] >= buyer
    assert best["seller"] >= seller
    if gains.max() > 0:
        assert negotiation.efficient(deals)[best.name]


def test_the_bargaining_package_is_the_one_worked_by_hand():
    deals = negotiation.packages(TERMS)
    assert len(deals) == 3 * 2 * 2
    assert deals.columns.tolist() == ["rate", "commitment", "payment", "buyer", "seller"]
    best = negotiation.nash_package(deals, buyer_walkaway=0, seller_walkaway=-150)
    assert best[["rate", "commitment", "payment"]].tolist() == ["less 3 %", "80 % of volume", "net 30"]
    assert (best["buyer"], best["seller"]) == (180, -40)  # gains 180 x 110; with net 60 270 x 70


@given(buyer=st.integers(0, 1000), seller=st.integers(0, 1000))
def test_a_zone_exists_where_the_buyer_can_pay_what_the_seller_needs(buyer, seller):
    zone = negotiation.zopa(buyer, seller)
    assert zone["exists"] is (buyer >= seller)
    assert zone["zopa"] == ((seller, buyer) if buyer >= seller else None)
    assert zone["width"] == buyer - seller


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: negotiation.zopa(-1, 5), "buyer_reservation = -1.0, expected 0"),
        (lambda: negotiation.packages({}), "issues: none, expected at least one"),
        (lambda: negotiation.packages({"fuel": {}}), "issues: fuel has .*expected options with two worths"),
        (lambda: negotiation.packages({"fuel": {"cap": (1,)}}), "issues: fuel has .*expected options with two worths"),
        (lambda: negotiation.packages({"buyer": {"a": (1, 2)}}), "issues: 'buyer' is the name of a result"),
        (lambda: negotiation.efficient(pd.DataFrame({"buyer": [1]})), "packages: no worth to the seller"),
        (
            lambda: negotiation.efficient(pd.DataFrame({"buyer": [1], "seller": [None]})),
            "packages: no worth to the seller",
        ),
        (lambda: negotiation.nash_package(pd.DataFrame(columns=["buyer", "seller"]), 0, 0), "packages: no worth"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
