"""The library gives the published answers of worked examples (known_answers.yaml), each within its own tolerance."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from fulfillment import formulas
from fulfillment.costing import break_even
from fulfillment.operations import network_design, queues
from fulfillment.planning import forecasting, inventory
from fulfillment.procurement import negotiation, purchase_cost, scoring, spend_analysis

FOLDER = Path(__file__).parent
CASES = yaml.safe_load((FOLDER / "known_answers.yaml").read_text(encoding="utf-8"))


def backorders(stockout_cost: float, **inputs: float) -> dict:
    costs = {"holding_cost": inputs["holding_cost"], "stockout_cost": stockout_cost}
    return {
        "order_quantity": formulas.EOQ_BACKORDERS(**inputs, stockout_cost=stockout_cost),
        "backorder_fraction": formulas.BACKORDER_FRACTION(**costs),
        "cost_per_period": formulas.EOQ_BACKORDERS_COST(**inputs, stockout_cost=stockout_cost),
    }


def production_quantity(given_quantity: float, holding_cost: float, **inputs: float) -> dict:
    held = holding_cost * (1 - inputs["demand_rate"] / inputs["production_rate"])  # stock never stands at the quantity
    flow = {"fixed_cost": inputs["fixed_cost"], "demand_rate": inputs["demand_rate"], "holding_cost": held}
    best = formulas.EPQ(**inputs, holding_cost=holding_cost)
    return {
        "order_quantity": best,
        "cost_per_period": formulas.CYCLE_COST(**flow, order_quantity=best),
        "cost_given_quantity": formulas.CYCLE_COST(**flow, order_quantity=given_quantity),
    }


def all_units(**inputs: Any) -> dict:
    return inventory.quantity_discount(**inputs).iloc[0].to_dict()


def incremental(**inputs: Any) -> dict:
    return inventory.quantity_discount(**inputs, incremental=True).iloc[0].to_dict()


def newsvendor(given_level: float, **inputs: float) -> dict:
    at_level = inventory.newsvendor(**inputs, level=given_level)
    return {**asdict(inventory.newsvendor(**inputs)), "cost_at_given_level": at_level.expected_cost}


def newsvendor_profit(given_level: float, **inputs: float) -> dict:
    at_level = inventory.newsvendor_profit(**inputs, level=given_level)
    return {**asdict(inventory.newsvendor_profit(**inputs)), "profit_at_given_level": at_level.expected_profit}


def reorder_policies(**inputs: float) -> dict:
    """Both approximations; the published cost belongs to one of them."""
    methods = ("expected_inventory_level", "eoq_backorders")
    return {method: asdict(inventory.rq_policy(**inputs, method=method)) for method in methods}


def risk_pooling(
    product: str,
    weekly_demand_MA: list,
    weekly_demand_NJ: list,
    lead_time_weeks: float,
    z: float,
    order_cost: float,
    holding_cost_per_unit_week: float,
) -> dict:
    weeks = pd.DataFrame({"MA": weekly_demand_MA, "NJ": weekly_demand_NJ})
    stock = inventory.risk_pooling(weeks, lead_time_weeks, z, order_cost, holding_cost_per_unit_week)
    names = {"MA": "avg_inventory_MA", "NJ": "avg_inventory_NJ", "pooled": "avg_inventory_central"}
    return stock["average_inventory"].rename(names).to_dict()


def ahp(items: list, comparisons: list, random_index: str) -> dict:
    weights, ratio = scoring.ahp_weights(items, comparisons)
    return {"weights": weights.to_dict(), "consistency_ratio": ratio}


def ranked(scores: pd.Series, name: str) -> dict:
    return {name: scores.tolist(), "ranks": scores.rank(ascending=False).astype(int).tolist()}


def topsis(matrix: list, weights: list, directions: list, normalization: str) -> dict:
    return ranked(scoring.topsis(pd.DataFrame(matrix), weights, directions), "closeness")


def weighted_sum(matrix: list, weights: list, directions: list, normalization: str) -> dict:
    return ranked(scoring.weighted_score(pd.DataFrame(matrix), weights, directions), "scores")


def kraljic(items: list, value_function: str, quadrant_rule: str, **inputs: Any) -> dict:
    return spend_analysis.kraljic(pd.DataFrame(items).set_index("id"), **inputs).to_dict("list")


def queue(arrival_rate: float, service_rate: float, servers: Any) -> dict:
    if isinstance(servers, list):
        return {"table": {str(count): queues.mmc(arrival_rate, service_rate, count) for count in servers}}
    result = queues.mmc(arrival_rate, service_rate, servers)
    return {**result, "W_minutes": 60 * result["W"], "Wq_minutes": 60 * result["Wq"]}


def little(**inputs: float) -> dict:
    return {"average_in_system": formulas.LITTLES_LAW(**inputs)}


def forecast_errors(series: list, alpha: float, initial: str) -> dict:
    smoothed = forecasting.smoothing(series, alpha=alpha)
    errors = forecasting.accuracy(series[1:], smoothed.fitted[1:])
    return {**errors, "mape_pct": 100 * errors["mape"], "forecast_period_11": smoothed.forecast[0]}


def smoothing(series: list, alpha: list, initial_level: str) -> dict:
    low, high = (forecasting.smoothing(series, alpha=weight) for weight in alpha)
    return {
        "forecast_alpha_0_2": low.forecast[0],
        "forecast_alpha_0_6": high.forecast[0],
        "levels_alpha_0_2": low.level.tolist(),
    }


def facility_location(data_file: str, note: str) -> dict:
    """OR-Library: sites and customers; capacity and fixed cost per site; demand and cost of each site per customer."""
    words = iter((FOLDER / data_file).read_text().split())
    sites, customers = int(next(words)), int(next(words))
    names = range(1, sites + 1)
    fixed = pd.Series({site: [float(next(words)), float(next(words))][1] for site in names})
    service = pd.DataFrame(
        [[float(next(words)) for _ in range(sites + 1)][1:] for _ in range(customers)], columns=names
    )
    plan = network_design.facility_location(fixed, service)
    return {"total_cost": plan.total_cost_usd, "open_sites": plan.open_sites}


def cost_volume(options: dict, volume: float) -> dict:
    totals = break_even.cost_volume(options, [volume]).iloc[0]
    return {"total_cost": totals.to_dict(), "best": totals.idxmin()}


def gmroi(sku_a: dict, sku_b: dict) -> dict:
    return {"gmroi_a": formulas.GMROI(**sku_a), "gmroi_b": formulas.GMROI(**sku_b)}


def landed_cost(A: dict, B: dict, duty_base: str) -> dict:
    totals = {name: purchase_cost.landed_cost(**offer, duty_base="FOB") for name, offer in (("A", A), ("B", B))}
    return {**totals, "cheaper": min(totals, key=totals.get)}


def zone_of_agreement(buyer_reservation: float, seller_reservation: float) -> dict:
    turned = negotiation.zopa(seller_reservation, buyer_reservation)
    zone = negotiation.zopa(buyer_reservation, seller_reservation)
    found = {"exists": zone.exists, "zopa": [zone.low, zone.high], "width": zone.width}
    return found | {"reversed_exists": turned.exists}


def dimensional_weight(**sides: float) -> dict:
    billed = formulas.BILLABLE_WEIGHT(**sides, actual_weight_lb=0)
    return {"dim_weight": formulas.DIMENSIONAL_WEIGHT(**sides), "billed_lb": billed}


SOLVERS: dict[str, Callable[..., dict]] = {
    "EOQ": lambda **inputs: asdict(inventory.eoq(**inputs)),
    "EOQ with backorders": backorders,
    "EPQ": production_quantity,
    "Quantity discount (all units)": all_units,
    "Quantity discount (incremental)": incremental,
    "Newsvendor (normal)": newsvendor,
    "Base-stock (normal, lead time)": newsvendor,
    "Newsvendor (profit form)": newsvendor_profit,
    "(r,Q) policy": reorder_policies,
    "Lot sizing (Wagner-Whitin)": lambda **inputs: asdict(inventory.lot_sizes(**inputs)),
    "Safety stock (demand & lead-time variability)": lambda **inputs: {"safety_stock": formulas.SAFETY_STOCK(**inputs)},
    "Risk pooling": risk_pooling,
    "AHP": ahp,
    "TOPSIS": topsis,
    "Weighted scoring": weighted_sum,
    "Kraljic classification": kraljic,
    "M/M/c queue": queue,
    "Little's law": little,
    "Forecast accuracy + SES": forecast_errors,
    "Simple exponential smoothing": smoothing,
    "Facility location (UFLP)": facility_location,
    "Break-even / locational cost-volume": cost_volume,
    "Make vs buy": lambda **inputs: {"break_even_units": formulas.MAKE_OR_BUY(**inputs)},
    "GMROI": gmroi,
    "Concentration (HHI)": lambda shares_pct: spend_analysis.concentration(shares_pct),
    "Perfect order index": lambda **shares: {"perfect_order_pct": 100 * formulas.PERFECT_ORDER_INDEX(**shares)},
    "Negotiation ZOPA": zone_of_agreement,
    "Landed cost": landed_cost,
    "Dimensional weight": dimensional_weight,
}


def differences(expected: Any, got: Any, tolerance: dict, where: str = "") -> list[str]:
    """Every published figure that the answer does not meet, by its place in the case."""
    if isinstance(expected, dict):
        return [line for key in expected for line in differences(expected[key], got[key], tolerance, f"{where}.{key}")]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{where}: {len(got)} values, published {len(expected)}"]
        pairs = enumerate(zip(expected, got, strict=True))
        return [line for i, (a, b) in pairs for line in differences(a, b, tolerance, f"{where}[{i}]")]
    if isinstance(expected, bool | str):
        return [] if expected == got else [f"{where}: {got!r}, published {expected!r}"]
    met = got == pytest.approx(expected, rel=tolerance["rel"], abs=tolerance["abs"])
    return [] if met else [f"{where}: {got}, published {expected}"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_answer(case):
    answer = SOLVERS[case["topic"]](**case["inputs"])
    if case["topic"] == "(r,Q) policy":
        answer = answer["expected_inventory_level" if "cost_per_period" in case["expected"] else "eoq_backorders"]
    assert differences(case["expected"], answer, case["tolerance"]) == [], case["source"]


def leaves(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 1 if parts is None else sum(map(leaves, parts))


def spoiled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: spoiled(part) for key, part in value.items()}
    if isinstance(value, list):
        return [spoiled(part) for part in value]
    if isinstance(value, bool):
        return not value
    return value + "?" if isinstance(value, str) else value * 1.1 + 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_wrong_figure_would_be_seen(case):
    found = differences(case["expected"], spoiled(case["expected"]), case["tolerance"])
    assert len(found) == leaves(case["expected"])


def test_every_published_case_is_there_once():
    assert len({case["id"] for case in CASES}) == len(CASES) == 37
    assert {case["topic"] for case in CASES} == set(SOLVERS)
    assert all(case["source"] for case in CASES)
