"""Keys of the questions on cost equal what the library computes."""

import re

import pytest

from fulfillment import formulas
from fulfillment.costing import cost_drivers
from studykit import bank

ITEMS = bank.load()


def figures(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def variants(name: str) -> list[dict]:
    return bank.payload(ITEMS[name])["variants"]


@pytest.mark.parametrize("one", variants("cost-billed-weight"), ids=lambda one: str(one["answer"]["value"]))
def test_the_billable_weight_is_that_of_the_formula(one):
    length, width, height, pounds, *_, divisor = figures(one["stem"])
    key = formulas.BILLABLE_WEIGHT(
        length_in=length, width_in=width, height_in=height, actual_weight_lb=pounds, divisor=divisor
    )
    assert one["answer"]["value"] == key


@pytest.mark.parametrize("one", variants("cost-bridge-average"), ids=lambda one: f"{one['answer']['value']:.2f}")
def test_the_part_of_splits_is_the_average_over_both_orders(one):
    few, many, cheap, dear = figures(one["stem"])

    def cost(changed):
        return (many if "splits" in changed else few) * (dear if "price" in changed else cheap)

    table = cost_drivers.shapley_attribution(cost, ["splits", "price"])
    assert one["answer"]["value"] == pytest.approx(table.loc["splits", "average"])


def test_the_share_to_reserve_is_that_of_the_formula():
    reserved, premium = figures(ITEMS["cost-reserve-level"]["stem"])[:2]
    share = formulas.RESERVED_CAPACITY_RATIO(reserved_cost=reserved, on_demand_cost=premium, use_cost=0)
    assert share == pytest.approx(0.70)
