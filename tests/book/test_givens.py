"""What several pages take as given is read from ``data/assumptions.yaml``, never typed again."""

import pytest

from fulfillment.data.givens import givens
from tests.book.givens import RULES, breaches, in_code, in_prose
from tests.book.pages import notebooks
from tests.conftest import BOOK

HELD = givens()


@pytest.mark.parametrize("path", notebooks(BOOK), ids=lambda path: path.stem)
def test_no_literal_repeats_a_given(path):
    assert breaches(path, HELD) == []


def test_every_given_that_is_a_number_has_its_rule():
    assert [name for name, held in HELD.items() if not isinstance(held["value"], str) and name not in RULES] == []
    assert RULES.keys() <= HELD.keys()


PLANTED = {
    "cad_usd": [
        'rates = {"USD": 1, "CAD": 0.73}',
        'rates = {"USD": 1, "CAD": 0.72}',
        "quantity, CAD = sheet, 0.73",
        "def evaluated(cad=0.73): ...",
        "bids.assign(price=0).normalize(cad_usd=0.7)",
    ],
    "payroll_burden": [
        "LABOR_COST(wage_usd=20, burden_rate=0.25)",
        "wage = 20 * 1.25\nburden = 1.25",
        'sheet["burden"] = 0.25',
        "def pay(wage, *, burden=0.25): ...",
    ],
    "late_order_usd": [
        "def alternative(first, late_usd=5): ...",
        'losses = {"wrong": 40, "late": 5.0}',
        "late_cost = late_orders * 5",
        'orders.loc[orders["late"], "late_usd"] = 5',
    ],
    "capital_rate": [
        "PAYMENT_TERMS_VALUE(spend, capital_rate=0.08, extra_days=15)",
        "tied = stock * 0.08 / 12",
        'costs = {"cash": 0.08}',
        "annual_cost_of_money: float = 0.08",
    ],
    "november_growth": ["growth = 0.33", "forecast(november_growth=1.33)"],
    "volume_growth": ["volume_growth = 0.21", 'plan["growth"] = 1.21 * base'],
    "pallet_move_usd": ["move_usd = pallets * 32", "cost_per_pallet = 32"],
    "audit_won": ["audit_won = 0.75", "recover(claims_kept=0.75)"],
    "second_home_usd": ["second_home_usd = 0.30", 'prices = {"second_home": 0.3}'],
    "trailer_trip_usd": ["trip_usd = 3_600", "skip(trailer_usd=3600.0)"],
    "trailer_sort_usd": ["sort_usd = 0.30", "skip(sorting_cost=0.3)"],
}


@pytest.mark.parametrize(("given", "source"), [(name, one) for name, listed in PLANTED.items() for one in listed])
def test_a_planted_repetition_is_found(given, source):
    assert given in {found.partition(":")[0] for found in in_code(source, HELD)}


@pytest.mark.parametrize(
    "source",
    [
        "route(duty=0.25, carrying_rate=0.25, burden_rate=0.3)",
        'late = orders["days_late"] > 5\nlate_days = 5\nlate_share = 0.05',
        "late_usd = given('late_order_usd')",
        "explore(cost, late_usd=(3, 9, 1), growth={'none': 0.0, 'as now': share})",
        "figure.update_layout(height=320, margin={'t': 32})\nmargin_rate = 0.08",
        "low = clip(lower=0.25).quantile(0.25)",
        "growth = recent / monthly.head(21).mean() - 1",
        "capital_rate = given('capital_rate') * 12",
        "share = 0.08 * parcels\nrecheck = 0.08",
        "moves_usd = 32\nusd = 0.73 * price",
        "cad = prices[0.73]",
        "a_month = 0.09 * stock / 12",
    ],
)
def test_an_innocent_number_is_left_alone(source):
    assert in_code(source, HELD) == []


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("cad_usd", "One Canadian dollar is `0.72` US dollars on the day bids were due."),
        ("payroll_burden", "Both are priced at labor cost with `25`% payroll burden."),
        ("late_order_usd", "A late order costs `5` USD in contacts and vouchers."),
        ("late_order_usd", "An order late at the door costs 5 USD."),
        ("capital_rate", "Sellers' capital costs `8`% a year."),
        ("volume_growth", "Volume grows by `21`% a year."),
        ("november_growth", "Suppose growth of `33`% to next November."),
        ("pallet_move_usd", "Moving costs `32` USD per pallet."),
        ("audit_won", "An audit before payment keeps `75`% of them."),
        ("second_home_usd", "A second home costs `0.30` USD per unit."),
        ("trailer_trip_usd", "A trailer takes them for `3,600` USD a trip."),
        ("trailer_sort_usd", "Sorting there takes another `0.30` USD."),
    ],
)
def test_a_given_typed_in_prose_is_found(given, text):
    assert given in {found.partition(":")[0] for found in in_prose(text, HELD)}


@pytest.mark.parametrize(
    "text",
    [
        "A late order costs {value}`late_usd` USD; capital costs {value}`capital` a year.",
        "A late order costs `9` USD. Stock costs `25`% of its value a year.",
        "Overhead is `12`% of direct cost, a fair margin `8`% of the price.",
        "Money costs Velloway `14`% a year. `8`% of receipts go back.",
        "Five of `32` orders were late.",
    ],
)
def test_an_innocent_number_in_prose_is_left_alone(text):
    assert in_prose(text, HELD) == []
