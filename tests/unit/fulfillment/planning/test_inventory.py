"""Stock and capacity: the optimum is one, and grows and shrinks as it must."""

import warnings
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from fulfillment import formulas
from fulfillment.planning import inventory

AMOUNT = st.floats(0.01, 1e6)


@given(fixed_cost=AMOUNT, holding_cost=AMOUNT, demand_rate=AMOUNT, factor=st.floats(0.01, 100))
def test_eoq_is_the_minimum_of_its_cost_curve(fixed_cost, holding_cost, demand_rate, factor):
    inputs = {"fixed_cost": fixed_cost, "holding_cost": holding_cost, "demand_rate": demand_rate}
    best = inventory.eoq(**inputs)
    other = formulas.CYCLE_COST(order_quantity=best.order_quantity * factor, **inputs)
    assert other >= best.cost_per_period * (1 - 1e-12)
    assume(abs(factor - 1) > 0.01)
    assert other > best.cost_per_period


@given(
    daily_demand_mean=st.floats(1, 1000),
    daily_demand_sd=st.floats(0, 500),
    lead_time_mean_days=st.floats(0.5, 60),
    lead_time_sd_days=st.floats(0, 30),
    service_level=st.floats(0.55, 0.999),
    growth=st.floats(1.01, 3),
    grown=st.sampled_from(["daily_demand_sd", "lead_time_sd_days"]),
)
def test_safety_stock_grows_with_each_variance(growth, grown, **inputs):
    assume(inputs[grown] > 1e-3)
    more = {**inputs, grown: inputs[grown] * growth}
    assert inventory.reorder_point(**more).safety_stock >= inventory.reorder_point(**inputs).safety_stock
    inputs["daily_demand_sd" if grown == "lead_time_sd_days" else "lead_time_sd_days"] = 0
    more[next(name for name in ("daily_demand_sd", "lead_time_sd_days") if name != grown)] = 0
    alone = inventory.reorder_point(**inputs).safety_stock
    assert inventory.reorder_point(**more).safety_stock == pytest.approx(growth * alone)


def test_safety_stock_grows_with_the_service_level_and_is_none_at_one_half():
    levels = [inventory.reorder_point(30, 3, 7, 4, service).safety_stock for service in (0.5, 0.8, 0.95, 0.99)]
    assert levels[0] == pytest.approx(0, abs=1e-9)
    assert levels == sorted(levels)


@given(
    holding_cost=st.floats(0.1, 100),
    stockout_cost=st.floats(0.1, 100),
    mean=st.floats(50, 500),
    spread=st.floats(0.05, 0.5),
    shift=st.floats(-2, 2),
)
def test_no_level_costs_less_than_the_newsvendor_s(holding_cost, stockout_cost, mean, spread, shift):
    sd = mean * spread
    best = inventory.newsvendor(holding_cost, stockout_cost, mean, sd)
    level = max(0.0, best.order_up_to + shift * sd)
    other = inventory.newsvendor(holding_cost, stockout_cost, mean, sd, level=level)
    assert other.expected_cost >= best.expected_cost * (1 - 1e-9)
    critical = stockout_cost / (stockout_cost + holding_cost)
    none = float(stats.norm.cdf(-mean / sd))  # demand below zero, as the normal curve has it
    assert best.service_level == pytest.approx(max(critical, none))


def test_stock_that_costs_more_than_it_saves_is_none_and_never_less():
    with pytest.warns(UserWarning, match="below zero"):
        best = inventory.newsvendor(holding_cost=100, stockout_cost=0.1, demand_mean=50, demand_sd=40)
    assert best.order_up_to == 0  # 50 - 3.09 * 40 is below it
    assert best.expected_over == 0
    assert best.expected_short == pytest.approx(
        np.maximum(np.random.default_rng(1).normal(50, 40, 400_000), 0).mean(), rel=0.01
    )


@given(mean=st.floats(1, 500), spread=st.floats(0.05, 0.49), revenue=st.floats(3, 50))
def test_buying_nothing_for_a_season_brings_nothing(mean, spread, revenue):
    assert inventory.newsvendor_profit(revenue, 2, 1, mean, mean * spread, level=0).expected_profit == 0


def test_a_normal_curve_that_does_not_fit_says_so():
    with pytest.warns(UserWarning, match=r"demand_sd: 40, expected at most half of the mean .* 10.6% below zero"):
        inventory.newsvendor(1, 1, demand_mean=50, demand_sd=40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inventory.newsvendor(1, 1, demand_mean=50, demand_sd=25)
        inventory.newsvendor(
            1, 1, demand_mean=50, demand_sd=40, lead_time=3
        )  # over four periods the spread is 80 of 200


@given(
    demand=st.lists(st.integers(0, 50), min_size=1, max_size=12),
    holding_cost=st.floats(0.1, 100),
    stockout_cost=st.floats(0.1, 100),
)
def test_no_listed_level_costs_less_than_the_discrete_newsvendor_s(demand, holding_cost, stockout_cost):
    best = inventory.newsvendor_discrete(holding_cost, stockout_cost, demand)
    for level in range(51):
        other = inventory.newsvendor_discrete(holding_cost, stockout_cost, demand, level=level)
        assert other.expected_cost >= best.expected_cost - 1e-9


def test_the_normal_and_the_discrete_newsvendor_agree_on_many_draws():
    demand = np.random.default_rng(3).normal(1000, 100, 20_000)
    listed = inventory.newsvendor_discrete(1, 4, demand)
    normal = inventory.newsvendor(1, 4, 1000, 100)
    assert listed.order_up_to == pytest.approx(normal.order_up_to, rel=0.005)
    assert listed.expected_cost == pytest.approx(normal.expected_cost, rel=0.02)


@given(
    reserved_cost=st.floats(0.5, 5),
    use_cost=st.floats(0, 3),
    on_demand_cost=st.floats(0.5, 12),
    level=st.floats(0, 2000),
)
def test_no_reservation_costs_less_than_the_best(reserved_cost, use_cost, on_demand_cost, level):
    terms = {"reserved_cost": reserved_cost, "use_cost": use_cost, "on_demand_cost": on_demand_cost}
    best = inventory.reserved_capacity(**terms, demand_mean=1000, demand_sd=150)
    other = inventory.reserved_capacity(**terms, demand_mean=1000, demand_sd=150, level=level)
    assert other.expected_cost >= best.expected_cost * (1 - 1e-9)
    assert (best.reserved > 0) == (on_demand_cost > reserved_cost + use_cost)


def test_a_reservation_s_cost_is_what_many_days_would_pay():
    plan = inventory.reserved_capacity(2, 5, demand_mean=1000, demand_sd=200, use_cost=1)
    demand = np.random.default_rng(7).normal(1000, 200, 400_000)
    used, over = np.minimum(demand, plan.reserved), np.maximum(demand - plan.reserved, 0)
    assert (2 * plan.reserved + used + 5 * over).mean() == pytest.approx(plan.expected_cost, rel=1e-3)


@given(
    demand=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    fixed_cost=st.integers(0, 30),
    holding_cost=st.integers(0, 5),
    prices=st.lists(st.integers(0, 9), min_size=6, max_size=6),
)
def test_lot_sizes_are_the_cheapest_of_all_plans(demand, fixed_cost, holding_cost, prices):
    def cost(orders: list[float]) -> float:
        stock, total = 0, 0
        for units, order, price in zip(demand, orders, prices, strict=False):
            stock += order - units
            assert stock >= 0
            total += (fixed_cost if order else 0) + price * order + holding_cost * stock
        return total

    plans = []
    for pattern in product([False, True], repeat=len(demand)):
        orders, last = [0] * len(demand), None
        for period, units in enumerate(demand):
            last = period if pattern[period] else last
            if units and last is None:
                break
            if units:
                orders[last] += units
        else:
            plans.append(cost(orders))
    found = inventory.lot_sizes(demand, fixed_cost, holding_cost, prices[: len(demand)])
    assert found.cost == pytest.approx(min(plans))
    assert cost(found.orders) == pytest.approx(found.cost)


@given(
    fixed_cost=st.floats(1, 500),
    holding_rate=st.floats(0.05, 0.5),
    demand_rate=st.floats(100, 50_000),
    steps=st.lists(st.tuples(st.integers(50, 2000), st.floats(0.5, 0.99)), max_size=3),
    incremental=st.booleans(),
)
def test_no_quantity_beats_the_discount_s_choice(fixed_cost, holding_rate, demand_rate, steps, incremental):
    breakpoints = np.cumsum([0, *(gap for gap, _ in steps)]).tolist()
    unit_costs = (10 * np.cumprod([1, *(factor for _, factor in steps)])).tolist()
    best = inventory.quantity_discount(
        fixed_cost, holding_rate, demand_rate, breakpoints, unit_costs, incremental
    ).iloc[0]

    def yearly(quantity: float) -> float:
        band = sum(quantity >= start for start in breakpoints) - 1
        paid = quantity * unit_costs[band]
        if incremental:
            ends = [*breakpoints[1:], np.inf]
            paid = sum(max(0, min(quantity, e) - s) * c for s, e, c in zip(breakpoints, ends, unit_costs, strict=True))
        return (fixed_cost + paid) * demand_rate / quantity + holding_rate * paid / 2

    assert yearly(best["order_quantity"]) == pytest.approx(best["total_cost"], rel=1e-9)
    others = np.geomspace(1, 20 * (breakpoints[-1] + best["order_quantity"]), 200)
    assert min(map(yearly, others)) >= best["total_cost"] * (1 - 1e-9)


def test_the_reorder_policy_s_cost_is_least_where_it_says():
    inputs = {"holding_cost": 0.225, "stockout_cost": 7.5, "fixed_cost": 8, "demand_mean": 1300, "demand_sd": 150}
    policy = inventory.rq_policy(**inputs, lead_time_years=1 / 12)
    mean, sd = 1300 / 12, 150 / np.sqrt(12)

    def cost(r: float, quantity: float) -> float:
        short = inventory.newsvendor(1, 1, mean, sd, level=r).expected_short
        return 0.225 * (r - mean + quantity / 2) + (8 + 7.5 * short) * 1300 / quantity

    assert cost(policy.reorder_point, policy.order_quantity) == pytest.approx(policy.cost_per_period)
    for dr, dq in product([-5, 0, 5], [-10, 0, 10]):
        assert cost(policy.reorder_point + dr, policy.order_quantity + dq) >= policy.cost_per_period - 1e-9


@given(st.lists(st.tuples(*[st.integers(0, 100)] * 3), min_size=4, max_size=12))
def test_pooled_stock_is_never_more_than_stock_apart(weeks):
    demand = pd.DataFrame(weeks, columns=["MA", "NJ", "PA"])
    assume((demand.sum() > 0).all())
    stock = inventory.risk_pooling(demand, lead_time=2, z=1.645, order_cost=60, holding_cost=0.27)
    assert stock.loc["pooled", "of_apart"] <= 1 + 1e-12
    assert stock.loc["apart", "average_inventory"] == pytest.approx(stock["average_inventory"].iloc[:3].sum())


def test_pooling_saves_26_percent_of_the_acme_stock_not_36():
    weeks = pd.DataFrame({"MA": [33, 45, 37, 38, 55, 30, 18, 58], "NJ": [46, 35, 41, 40, 26, 48, 18, 55]})
    stock = inventory.risk_pooling(weeks, 1, 1.88, 60, 0.27)
    inventory_units = stock["average_inventory"]
    assert round(1 - stock.loc["pooled", "of_apart"], 2) == 0.26
    saved = inventory_units["apart"] - inventory_units["pooled"]
    assert round(saved / inventory_units["apart"], 2) == 0.26
    assert round(saved / inventory_units["pooled"], 2) == 0.36


def test_like_sites_save_as_the_closed_form_says():
    rng = np.random.default_rng(11)
    demand = pd.DataFrame(rng.normal(1000, 100, (4000, 4)), columns=list("ABCD"))
    stock = inventory.risk_pooling(demand, 1, 2, 60, 0.27)["safety_stock"]
    assert 1 - stock["pooled"] / stock["apart"] == pytest.approx(
        formulas.POOLING_SAVING(sites=4, correlation=0), abs=0.01
    )


def test_aged_stock_takes_the_latest_receipts_as_what_is_left():
    receipts = pd.DataFrame(
        {
            "sku_id": ["A", "A", "B", "A"],
            "received_on": pd.to_datetime(["2026-01-01", "2026-05-01", "2026-03-01", "2026-06-25"]),
            "units": [100, 50, 30, 20],
            "unit_cost_usd": [1.0, 2.0, 10.0, 3.0],
        }
    )
    table = inventory.aged_stock(receipts, {"A": 80, "B": 30}, "2026-06-30", ages_days=[30, 90])
    assert table["units"].tolist() == [20, 50, 40]
    assert table["value_usd"].tolist() == [60, 100, 310]
    assert table["share"].sum() == pytest.approx(1)
    assert inventory.aged_stock(receipts, {"A": 0}, "2026-06-30")["share"].tolist() == [0] * 6


RECEIPTS = pd.DataFrame(
    {"sku_id": ["A"], "received_on": pd.to_datetime(["2026-01-01"]), "units": [10], "unit_cost_usd": [1.0]}
)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: inventory.eoq(8, 0, 1300), "holding_cost: 0, expected a finite number above 0"),
        (lambda: inventory.eoq("many", 0.225, 1300), "fixed_cost: 'many', expected a finite number above 0"),
        (
            lambda: inventory.quantity_discount(8, 0.3, 10, [0, 5], [1]),
            "unit_costs: 1 prices, expected one for each of 2",
        ),
        (lambda: inventory.quantity_discount(8, 0.3, 10, [1, 5], [2, 1]), "breakpoints: .*ascending quantities from 0"),
        (lambda: inventory.quantity_discount(8, 0.3, 10, [0, 5], [1, 2]), "unit_costs: .*descending prices"),
        (lambda: inventory.lot_sizes([1], "many", 1), "fixed_cost: 'many', expected a finite number of at least 0"),
        (lambda: inventory.lot_sizes([], 1, 1), "demand: .*expected a list of numbers"),
        (lambda: inventory.lot_sizes([1, 2], 1, 1, [1]), "purchase_cost: 1 prices, expected 1 or 2"),
        (lambda: inventory.lot_sizes([1, None], 1, 1), "demand: nan, expected a finite number"),
        (lambda: inventory.newsvendor(1, 0, 10, 1), "stockout_cost: 0"),
        (
            lambda: inventory.newsvendor(1, 1, 10, 1, lead_time="many"),
            "lead_time: 'many', expected a finite number of at least 0",
        ),
        (lambda: inventory.newsvendor(1, 1, 10, 1, level=-1), "level: -1, expected a finite number of at least 0"),
        (lambda: inventory.newsvendor_profit("many", 2, 1, 10, 1), "revenue: 'many', expected a finite number above 0"),
        (lambda: inventory.newsvendor_profit(1, 2, 0, 10, 1), "purchase_cost: 2, expected between"),
        (lambda: inventory.newsvendor_discrete(1, 1, [1, 2], [0.5, 0.6]), "probabilities: .*sum to 1"),
        (lambda: inventory.reserved_capacity(0, 5, 10, 1), "reserved_cost: 0, expected above 0"),
        (
            lambda: inventory.reserved_capacity("many", 5, 10, 1),
            "reserved_cost: 'many', expected a finite number of at least 0",
        ),
        (lambda: inventory.reorder_point(30, 3, 7, 4, 1), "service_level: 1, expected above 0 and below 1"),
        (
            lambda: inventory.reorder_point("many", 3, 7, 4, 0.9),
            "daily_demand_mean: 'many', expected a finite number of at least",
        ),
        (
            lambda: inventory.rq_policy(1, 1, 1, 1, 1, 1, method="exact"),
            "method: 'exact', expected 'expected_inventory_level' or 'eoq_backorders'",
        ),
        (lambda: inventory.rq_policy(50, 0.01, 8, 1300, 150, 0.1), "stockout_cost: 0.01, expected more"),
        (lambda: inventory.risk_pooling(pd.DataFrame({"A": [1, 2]}), 1, 1, 1, 1), "1 sites and 2 periods"),
        (lambda: inventory.risk_pooling(pd.DataFrame({"A": [1], "pooled": [2]}, [0, 1]), 1, 1, 1, 1), "named 'pooled'"),
        (lambda: inventory.aged_stock(RECEIPTS.drop(columns="units"), {"A": 1}, "2026-06-30"), "no column units"),
        (
            lambda: inventory.aged_stock(RECEIPTS.assign(sku_id=None), {"A": 1}, "2026-06-30"),
            "receipts: sku_id: nothing in row 0, expected a name in each",
        ),
        (
            lambda: inventory.aged_stock(RECEIPTS, {"A": 11}, "2026-06-30"),
            "on_hand: 11 units of A, expected at most the 10",
        ),
        (
            lambda: inventory.aged_stock(RECEIPTS, {"A": 1}, "2025-06-30"),
            "received_on: 2026-01-01, expected no day after",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
