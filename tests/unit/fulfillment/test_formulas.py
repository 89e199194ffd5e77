"""Closed forms: documented, bounded, the same from numbers, arrays and SymPy."""

import math

import mpmath
import pandas as pd
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment import formulas
from fulfillment.formulas import FORMULAS, SYMBOLS, Formula

PRINTABLE = (
    sympy.Add,
    sympy.Mul,
    sympy.Pow,
    sympy.exp,
    sympy.log,
    sympy.Min,
    sympy.Max,
    sympy.ceiling,
    sympy.floor,
    sympy.Abs,
)
EVERY = pytest.mark.parametrize("formula", FORMULAS.values(), ids=lambda formula: formula.name)


def typed(name: str) -> st.SearchStrategy[str]:
    """A value in the symbol's range, with two decimals, as a reader would type it."""
    symbol = SYMBOLS[name]
    low = -1000 if symbol.lower is None else symbol.lower
    high = low + 1000 if symbol.upper is None else symbol.upper
    return st.integers(round(100 * low), round(100 * high)).map(lambda cents: str(cents / 100))


@EVERY
def test_a_formula_is_documented(formula):
    names = {symbol.name for symbol in formula.symbols}
    assert {symbol.name for symbol in formula.expression.free_symbols} == names
    for symbol in formula.symbols:
        assert symbol == SYMBOLS[symbol.name]
        assert symbol.label
        assert symbol.sign
        assert symbol.upper is None or symbol.lower < symbol.upper
        assert symbol.unit != "%" or symbol.lower == 0, "a share is a fraction from 0"
    assert formula.title
    assert formula.unit
    assert formula.source
    assert getattr(formulas, formula.name.upper()) is formula


@EVERY
def test_a_formula_is_made_of_what_every_printer_knows(formula):
    odd = [
        part for part in sympy.preorder_traversal(formula.expression) if part.args and not isinstance(part, PRINTABLE)
    ]
    assert odd == []


@EVERY
def test_numbers_arrays_and_thirty_digits_agree(formula):
    names = [symbol.name for symbol in formula.symbols]
    exact = sympy.lambdify(names, formula.expression, "mpmath")
    seen = []

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(st.tuples(*map(typed, names)))
    def agree(texts):
        values = dict(zip(names, map(float, texts), strict=True))
        try:
            result = formula(**values)
        except ValueError as error:
            if "no finite result" not in str(error):
                raise
            return
        with mpmath.workdps(30):
            assert result == pytest.approx(float(exact(*map(mpmath.mpf, texts))), rel=1e-9, abs=1e-9)
        assert formula(**{name: [value, value] for name, value in values.items()}).tolist() == [result, result]
        seen.append(result)

    agree()
    assert len(set(seen)) > 10


def test_a_formula_broadcasts_and_reads_series():
    quantities = formulas.EOQ(fixed_cost=8, holding_cost=pd.Series([0.225, 0.9]), demand_rate=1300)
    assert quantities == pytest.approx([304.0468, 152.0234], rel=1e-6)
    assert isinstance(formulas.EOQ(fixed_cost=8, holding_cost=0.225, demand_rate=1300), float)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"fixed_cost": 8}, "eoq: got fixed_cost, expected fixed_cost, holding_cost, demand_rate"),
        ({"fixed_cost": 8, "holding_cost": 1, "demand_rate": 1, "z": 1}, "expected fixed_cost, holding_cost, demand"),
        ({"fixed_cost": -8, "holding_cost": 1, "demand_rate": 1}, "fixed_cost = -8.0, expected 0 to inf"),
        ({"fixed_cost": math.nan, "holding_cost": 1, "demand_rate": 1}, "fixed_cost = nan, expected 0 to inf"),
        ({"fixed_cost": "8 USD", "holding_cost": 1, "demand_rate": 1}, "fixed_cost = '8 USD', expected a number"),
        ({"fixed_cost": 8, "holding_cost": 0, "demand_rate": 1}, "holding_cost = 0, demand_rate = 1 give no finite"),
        ({"fixed_cost": 8, "holding_cost": [1, -2], "demand_rate": 1}, "holding_cost = -2.0, expected"),
    ],
)
def test_bad_input_is_refused_by_name(values, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        formulas.EOQ(**values)


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        (formulas.BREAK_EVEN, {"fixed_usd": 1000, "price_usd": 4, "variable_usd": 5}),
        (formulas.BACKLOG_DAYS, {"backlog_orders": 500, "daily_capacity": 1000, "daily_orders": 1000}),
        (formulas.MAKE_OR_BUY, {"make_fixed": 1000, "make_variable": 12, "buy_price": 10}),
        (
            formulas.EPQ,
            {"fixed_cost": 8, "holding_cost": 1, "demand_rate": 2000, "production_rate": 1300},
        ),
    ],
)
def test_where_there_is_no_answer_none_is_given(formula, values):
    with pytest.raises(ValueError, match="no finite result"):
        formula(**values)


@pytest.mark.parametrize(
    ("formula", "values", "by_hand"),
    [
        (formulas.P_CHART_UPPER, {"p": 0.04, "n": 600, "k": 3}, 0.04 + 3 * 0.008),
        (formulas.P_CHART_LOWER, {"p": 0.04, "n": 600, "k": 3}, 0.016),
        (formulas.P_CHART_LOWER, {"p": 0.01, "n": 100, "k": 3}, 0),
        (formulas.P_CHART_UPPER, {"p": 0.9, "n": 4, "k": 3}, 1),
        (formulas.CARRYING_COST, {"inventory_usd": 400_000, "carrying_rate": 0.22}, 88_000),
        (formulas.RESERVED_CAPACITY_RATIO, {"reserved_cost": 2, "use_cost": 1, "on_demand_cost": 6}, 0.6),
        (formulas.RESERVED_CAPACITY_RATIO, {"reserved_cost": 2, "use_cost": 1, "on_demand_cost": 2.5}, 0),
        (formulas.POOLING_SAVING, {"sites": 4, "correlation": 0}, 0.5),
        (formulas.POOLING_SAVING, {"sites": 4, "correlation": 1}, 0),
        (formulas.GMROI, {"retail": 100, "cost": 60, "turns_cogs": 6}, 4),  # not 0.4 * 6
        (
            formulas.COST_PER_GOOD_ORDER,
            {"order_cost_usd": 6, "failure_rate": 0.04, "failure_usd": 15},
            6.6 / 0.96,
        ),
        (
            formulas.BILLABLE_WEIGHT,
            {"length_in": 11.1, "width_in": 8.5, "height_in": 6.2, "divisor": 139, "actual_weight_lb": 2},
            6,
        ),
        (
            formulas.BILLABLE_WEIGHT,
            {"length_in": 11, "width_in": 8, "height_in": 6, "divisor": 139, "actual_weight_lb": 7.2},
            8,
        ),
        (formulas.LANDED_COST_CIF, {"goods": 900, "freight": 80, "insurance": 20, "fees": 50, "duty_rate": 0.1}, 1150),
        (formulas.LANDED_COST_FOB, {"goods": 900, "freight": 80, "insurance": 20, "fees": 50, "duty_rate": 0.1}, 1140),
        (
            formulas.CLAMPED_FEE,
            {"goods": 5000, "fee_rate": 0.003464, "fee_minimum_usd": 33.58, "fee_maximum_usd": 651.5},
            33.58,
        ),
        (
            formulas.CLAMPED_FEE,
            {"goods": 1e6, "fee_rate": 0.003464, "fee_minimum_usd": 33.58, "fee_maximum_usd": 651.5},
            651.5,
        ),
        (formulas.PAYMENT_TERMS_VALUE, {"annual_spend_usd": 7.3e6, "capital_rate": 0.08, "extra_days": 30}, 48_000),
        (formulas.EARLY_PAYMENT_RATE, {"discount_rate": 0.02, "days_early": 20}, 0.3724490),
        (
            formulas.SERVICE_CREDIT,
            {"fee_usd": 1e5, "target": 0.99, "actual": 0.97, "credit_per_point": 0.02, "credit_cap": 0.1},
            4000,
        ),
        (
            formulas.SERVICE_CREDIT,
            {"fee_usd": 1e5, "target": 0.99, "actual": 0.9, "credit_per_point": 0.02, "credit_cap": 0.1},
            10_000,
        ),
        (
            formulas.SERVICE_CREDIT,
            {"fee_usd": 1e5, "target": 0.99, "actual": 0.995, "credit_per_point": 0.02, "credit_cap": 0.1},
            0,
        ),
        (formulas.RATE_AFTER_INCREASES, {"rate_usd": 10, "annual_increase": 0.05, "years": 2}, 11.025),
        (formulas.CASH_TO_CASH, {"days_inventory": 60, "days_receivable": 10, "days_payable": 45}, 25),
        (formulas.UTILIZATION, {"arrival_rate": 18, "service_rate": 10, "servers": 2}, 0.9),
        (formulas.BACKLOG_DAYS, {"backlog_orders": 600, "daily_capacity": 1100, "daily_orders": 1000}, 6),
        (formulas.DAYS_OF_SUPPLY, {"on_hand_units": 900, "daily_demand_mean": 30}, 30),
        (formulas.LITTLES_LAW_TIME, {"average_in_system": 500, "arrival_rate_per_hour": 250}, 2),
        (formulas.SMOOTHED_LEVEL, {"alpha": 0.3, "observation": 110, "level": 100}, 103),
        (formulas.PROFIT_CRITICAL_RATIO, {"revenue": 10, "purchase_cost": 6, "salvage_value": 5}, 0.8),
        (formulas.COST_PER_ORDER, {"fixed_usd": 50_000, "period_orders": 20_000, "variable_usd": 4}, 6.5),
    ],
)
def test_a_value_worked_by_hand(formula, values, by_hand):
    assert formula(**values) == pytest.approx(by_hand, rel=1e-6)


def test_the_registry_holds_formulas_by_name():
    assert len(FORMULAS) == len({formula.title for formula in FORMULAS.values()}) >= 40
    assert all(isinstance(formula, Formula) and formula.name == name for name, formula in FORMULAS.items())


@EVERY
def test_latex_shows_signs_not_names(formula):
    assert not [symbol.name for symbol in formula.symbols if "_" in symbol.name and symbol.name in formula.latex]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("eoq_backorders_cost", r"\sqrt{\frac{2 D K h b}{h + b}}"),
        ("pooling_saving", r"1 - \sqrt{\frac{\max\left(0, \rho \left(m - 1\right) + 1\right)}{m}}"),
        ("gmroi", r"\frac{T \left(r - c\right)}{c}"),
        ("cash_to_cash", "DIO + DSO - DPO"),
        ("backlog_days", r"\frac{B}{\max\left(0, C - N\right)}"),
        ("smoothed_level", r"\alpha y_t + \ell_{t-1} \left(1 - \alpha\right)"),
    ],
)
def test_latex_reads_as_in_a_textbook(name, printed):
    assert FORMULAS[name].latex == printed


def test_latex_of_the_safety_stock():
    assert formulas.SAFETY_STOCK.latex == r"z \sqrt{{\bar d}^{2} \sigma_L^{2} + \sigma_d^{2} {\bar L}}"
