"""A category's chain: classes against chance, sets of centers by hand and by MILP, routes line by line, lots by simulation."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fulfillment import formulas
from fulfillment.cases import category_strategy
from fulfillment.planning import inventory
from fulfillment.procurement import purchase_cost

CENTERS = list("ABCD")


# Classes --------------------------------------------------------------------------------------------------------------


def test_independent_orders_leave_nothing_beyond_chance():
    rng = np.random.default_rng(7)
    weeks = pd.DataFrame({f"k{n}": rng.poisson(mean, 4000) for n, mean in enumerate([0.5, 2, 8, 40])})
    table = category_strategy.abc_xyz(weeks, weeks.sum().astype(float))
    assert table["cv"].to_numpy() == pytest.approx(table["chance_cv"].to_numpy(), rel=0.05)
    assert (table["beyond_cv"] < 0.35).all()
    assert table.loc["k0", "xyz_raw"] == "Z"
    assert (table["xyz"] == "X").all()


def test_what_chance_cannot_explain_is_the_demand_s_own_variation():
    rng = np.random.default_rng(8)
    level = np.where(np.arange(4000) % 10 == 0, 40, 5)  # a calendar: every tenth period is high
    table = category_strategy.abc_xyz(pd.DataFrame({"k": rng.poisson(level)}), pd.Series({"k": 1.0}))
    assert table.loc["k", "beyond_cv"] == pytest.approx(level.std() / level.mean(), rel=0.03)


def test_the_item_that_crosses_a_limit_belongs_above_it():
    weeks = pd.DataFrame(1, range(2), list("abcde"))
    table = category_strategy.abc_xyz(weeks, pd.Series({"a": 50.0, "b": 30.0, "c": 10.0, "d": 6.0, "e": 4.0}))
    assert table["abc"].tolist() == ["A", "A", "B", "B", "C"]
    assert table["cumulative_share"].iloc[-1] == pytest.approx(1)


def test_an_item_without_sales_is_z():
    table = category_strategy.abc_xyz(pd.DataFrame({"a": [1, 1], "b": [0, 0]}), pd.Series({"a": 1.0, "b": 0.0}))
    assert np.isnan(table.loc["b", "cv"])
    assert table.loc["b", ["abc", "xyz_raw", "xyz"]].tolist() == ["C", "Z", "Z"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": pd.DataFrame({"a": [1]})}, "counts: 1 periods"),
        ({"counts": pd.DataFrame({"a": [1, -1]})}, "counts of a"),
        ({"value_usd": pd.Series({"b": 1.0})}, "value_usd: items differ"),
        ({"value_usd": pd.Series({"a": 0.0})}, "value_usd: 0 in all"),
        ({"abc": (0.9, 0.8)}, "abc"),
        ({"xyz": (0.0, 1.0)}, "xyz"),
    ],
)
def test_classes_refuse(change, message):
    given = {"counts": pd.DataFrame({"a": [1, 2]}), "value_usd": pd.Series({"a": 1.0})} | change
    with pytest.raises(ValueError, match=message):
        category_strategy.abc_xyz(**given)


# Zones ----------------------------------------------------------------------------------------------------------------


def square(miles: float) -> pd.DataFrame:
    return pd.DataFrame([[0, miles], [miles, 0]], ["A", "B"], ["A", "B"], dtype=float)


def test_zones_of_another_region_equal_a_simulation():
    local = pd.Series({2: 0.3, 4: 0.5, 6: 0.2})
    shares = category_strategy.zone_shares(square(900), local, directions=720)
    rng = np.random.default_rng(9)
    radius = rng.choice([75, 450, 1200], 200_000, p=[0.3, 0.5, 0.2])
    angle = rng.uniform(0, 2 * np.pi, len(radius))
    miles = np.hypot(900 - radius * np.cos(angle), radius * np.sin(angle))
    upper = [150, 300, 600, 1000, 1400, 1800]  # where zones 2 to 7 end
    seen = pd.Series(2 + np.searchsorted(upper, miles)).value_counts(normalize=True)
    assert shares["A", "A"].equals(local)
    for zone, share in shares["B", "A"].items():
        assert share == pytest.approx(seen.get(zone, 0), abs=0.005)


def test_a_region_next_door_keeps_nearly_its_own_zones():
    shares = category_strategy.zone_shares(square(1), pd.Series({3: 0.5, 5: 0.5}))
    assert shares["A", "B"].to_dict() == pytest.approx({3: 0.5, 5: 0.5})


@pytest.mark.parametrize(
    ("miles", "local", "message"),
    [
        (square(9).rename(columns={"B": "C"}), pd.Series({2: 1.0}), "miles"),
        (square(9), pd.Series({2: 0.5}), "local"),
        (square(9), pd.Series({9: 1.0}), "local"),
    ],
)
def test_zones_refuse(miles, local, message):
    with pytest.raises(ValueError, match=message):
        category_strategy.zone_shares(miles, local)


# Sets of centers ------------------------------------------------------------------------------------------------------


def like_sites(n: int, **changed):
    names = CENTERS[:n]
    prices = pd.DataFrame(7.0, names, names) - 2 * np.eye(n)
    given = {
        "units_per_order": 1.25,
        "unit_cost_usd": 20,
        "carrying_rate": 0.25,
        "node_usd": 0.0,
        "daily_cv": 0.6,
        "correlation": 0.0,
        "lead_time_mean_days": 9,
        "lead_time_sd_days": 0,
        "z": 1.645,
    }
    terms = category_strategy.StockingTerms(**(given | changed))
    return category_strategy.node_plans(pd.Series(10.0, names), prices, terms)


@pytest.mark.parametrize("correlation", [0.0, 0.4, 1.0])
def test_pooling_like_sites_saves_what_the_square_root_law_says(correlation):
    plans = like_sites(4, correlation=correlation).set_index("count")["safety_units"]
    saving = formulas.POOLING_SAVING(sites=4, correlation=correlation)
    assert 1 - plans[1].iloc[0] / plans[4] == pytest.approx(saving)


def test_the_spread_of_the_lead_time_does_not_pool():
    plans = like_sites(4, daily_cv=0.0, lead_time_sd_days=3).set_index("count")["safety_units"]
    assert plans[1].iloc[0] == pytest.approx(plans[4]) == pytest.approx(1.645 * 40 * 3)


def test_every_set_is_tried_and_costed_by_hand():
    plans = like_sites(3, node_usd=500)
    assert len(plans) == 2**3 - 1
    two = plans[plans["centers"] == "A, C"].iloc[0]
    assert two["parcels_usd"] == pytest.approx((10 * 5 + 10 * 7 + 10 * 5) * 365 / 1.25)
    served = [20, 10]  # B goes to the first of two equally near
    sd = [0.6 * np.sqrt(10**2 + 10**2), 0.6 * 10]
    safety = sum(1.645 * np.sqrt(9 * s**2) for s in sd)
    assert sum(served) == 30
    assert two["safety_units"] == pytest.approx(safety)
    assert two["total_usd"] == pytest.approx(two["parcels_usd"] + safety * 20 * 0.25 + 2 * 500)
    assert plans["total_usd"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"correlation": 1.2}, "correlation: 1.2"),
        ({"units_per_order": 0}, "units_per_order"),
        ({"node_usd": -1}, "node_usd"),
        ({"daily_cv": np.nan}, "daily_cv"),
    ],
)
def test_sets_refuse(change, message):
    with pytest.raises(ValueError, match=message):
        like_sites(2, **change)


def test_sets_refuse_other_regions_and_too_many_centers():
    given = dict.fromkeys(["unit_cost_usd", "carrying_rate", "node_usd", "daily_cv", "correlation", "z"], 0)
    given |= {"units_per_order": 1, "lead_time_mean_days": 1, "lead_time_sd_days": 0}
    terms = category_strategy.StockingTerms(**given)
    with pytest.raises(ValueError, match="parcel_usd: columns differ"):
        category_strategy.node_plans(pd.Series({"x": 1.0}), pd.DataFrame({"y": {"A": 1.0}}), terms)
    with pytest.raises(ValueError, match="parcel_usd: 13 centers"):
        category_strategy.node_plans(pd.Series({"x": 1.0}), pd.DataFrame({"x": dict.fromkeys(range(13), 1.0)}), terms)


# Splits ---------------------------------------------------------------------------------------------------------------


def test_split_costs_equal_an_order_by_order_count():
    rng = np.random.default_rng(3)
    prices = pd.DataFrame(rng.uniform(5, 9, (4, 4)), CENTERS, CENTERS)
    orders = pd.DataFrame(rng.integers(1, 9, (4, 3)), CENTERS, ["fast", "slow", "mixed"])
    for fast, slow in [("ABCD", "B"), ("AC", "BD"), ("AB", "AB"), ("A", "ABCD")]:
        total, splits = 0.0, 0
        for region in CENTERS:
            nearest = min(fast, key=lambda center, r=region: prices.loc[center, r])
            second = min(slow, key=lambda center, r=region: prices.loc[center, r])
            total += orders.loc[region, "fast"] * prices.loc[nearest, region]
            total += orders.loc[region, "slow"] * prices.loc[second, region]
            for _ in range(orders.loc[region, "mixed"]):
                total += prices.loc[nearest, region]
                if nearest not in slow:
                    total, splits = total + prices.loc[second, region] + 2.5, splits + 1
        found = category_strategy.split_cost(orders, prices, list(fast), list(slow), 2.5)
        assert found.total_usd == pytest.approx(total)
        assert found.split_orders == splits


def test_one_set_for_both_never_splits():
    orders = pd.DataFrame({"fast": [1.0] * 4, "slow": 1.0, "mixed": 1.0}, CENTERS)
    prices = pd.DataFrame(6.0, CENTERS, CENTERS)
    for centers in combinations(CENTERS, 2):
        assert category_strategy.split_cost(orders, prices, centers, centers, 3).split_orders == 0


def test_splits_refuse():
    orders = pd.DataFrame({"fast": [1.0], "slow": [1.0], "mixed": [1.0]}, ["A"])
    prices = pd.DataFrame({"A": {"A": 5.0}})
    with pytest.raises(ValueError, match="fast"):
        category_strategy.split_cost(orders, prices, [], ["A"], 1)
    with pytest.raises(ValueError, match="slow"):
        category_strategy.split_cost(orders, prices, ["A"], ["Z"], 1)
    with pytest.raises(ValueError, match="mixed"):
        category_strategy.split_cost(orders.drop(columns="mixed"), prices, ["A"], ["A"], 1)


# Routes ---------------------------------------------------------------------------------------------------------------

SEA = {
    "goods_usd": 14,
    "freight_usd": 0.5,
    "duty_rate": 0.2,
    "fees_usd": 0.2,
    "transit_days": 40,
    "lead_time_mean_days": 60,
    "lead_time_sd_days": 12,
    "cover_days": 50,
    "daily_cv": 0.7,
    "z": 1.5,
    "margin_usd": 15,
    "carrying_rate": 0.25,
    "obsolescence_rate": 0.3,
    "markdown": 0.6,
}


def route_cost(**changed) -> pd.Series:
    return category_strategy.route_cost(category_strategy.SupplyRoute(**(SEA | changed)))


def test_a_route_is_the_year_of_an_item_over_its_units():
    """The same bill for a year of 30 units a day, in units and dollars instead of days of demand."""
    a_day = 30
    found = route_cost()
    landed = purchase_cost.landed_cost(goods=14, freight=0.5, duty_rate=0.2, fees=0.2)
    safety = inventory.reorder_point(a_day, 0.7 * a_day, 60, 12, service_level=stats.norm.cdf(1.5)).safety_stock
    stock = a_day * 50 / 2 + safety
    way = a_day * 40
    short = inventory.normal_loss(1e6 + safety, 1e6, safety / 1.5) * 365 / 50
    year = {
        "in transit": 14 * way * 0.25,
        "stock": landed * stock * 0.25,
        "stockout": 15 * short,
        "obsolescence": 0.3 * 0.6 * landed * (stock + way),
    }
    for part, usd in year.items():
        assert found[part] == pytest.approx(usd / (365 * a_day), rel=1e-6), part
    assert found[["goods", "freight", "duty", "fees"]].sum() == pytest.approx(landed)
    assert found["total"] == pytest.approx(found.drop("total").sum())


def test_a_route_is_linear_in_the_duty():
    free, half, full = (route_cost(duty_rate=duty)["total"] for duty in (0, 0.5, 1))
    assert half == pytest.approx((free + full) / 2)


@pytest.mark.parametrize(
    "name", ["cover_days", "margin_usd", "carrying_rate", "obsolescence_rate", "markdown", "transit_days"]
)
def test_routes_refuse(name):
    with pytest.raises(ValueError, match=name):
        route_cost(**{name: -1})


# Lots with a date -----------------------------------------------------------------------------------------------------


def test_with_a_long_window_the_lot_is_the_economic_order_quantity():
    plan = category_strategy.expiring_lot(category_strategy.DatedItem(400, 10, 0.05, 8, 4, window_days=2000))
    assert plan.lot == pytest.approx(inventory.eoq(400, 0.05 * 365, 8 * 365).order_quantity, rel=1e-3)
    assert plan.expired == pytest.approx(0, abs=1e-6)


def test_a_lot_sells_and_expires_as_in_a_simulation():
    plan = category_strategy.expiring_lot(category_strategy.DatedItem(400, 10, 0.01, 8, 4, window_days=60), lot=500)
    demand = np.random.default_rng(11).normal(8 * 60, 4 * 60**0.5, 200_000)
    sold = np.clip(demand, 0, 500)
    assert plan.sold == pytest.approx(sold.mean(), rel=2e-3)
    assert plan.expired == pytest.approx((500 - sold).mean(), rel=0.02)
    assert plan.expired_share == pytest.approx(plan.expired / 500)


@pytest.mark.parametrize("window", [20, 60, 120])
def test_no_lot_on_a_fine_grid_is_cheaper(window):
    item = category_strategy.DatedItem(400, 10, 0.02, daily_mean=8, daily_sd=5, window_days=window, disposal_cost_usd=2)
    best = category_strategy.expiring_lot(item)
    grid = [category_strategy.expiring_lot(item, lot=size) for size in range(10, 1500, 5)]
    assert best.usd_per_sold_unit <= min(plan.usd_per_sold_unit for plan in grid) + 1e-6


DATED = ["order_cost_usd", "unit_cost_usd", "holding_cost_usd", "daily_mean", "daily_sd", "window_days"]


@pytest.mark.parametrize("name", DATED)
def test_dated_items_refuse(name):
    given = dict.fromkeys(DATED, 1.0)
    with pytest.raises(ValueError, match=name):
        category_strategy.DatedItem(**(given | {name: 0}))
    with pytest.raises(ValueError, match="disposal_cost_usd"):
        category_strategy.DatedItem(**given, disposal_cost_usd=-1)


def test_a_lot_of_nothing_is_refused():
    with pytest.raises(ValueError, match="lot"):
        category_strategy.expiring_lot(category_strategy.DatedItem(1, 1, 1, 1, 1, 1), lot=0)
