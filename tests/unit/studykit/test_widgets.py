"""Widgets from Python's side: what they hand to the page, what they refuse, and that every form of a formula agrees."""

import contextlib
import gzip
import json
import math
import random

import pandas as pd
import plotly.graph_objects as go
import pytest
import sympy

from fulfillment.formulas import FORMULAS, P_CHART_UPPER
from fulfillment.kpis.catalog import kpi
from studykit.build.modules import bundle
from studykit.widgets import calculator, explore, negotiate, table
from studykit.widgets.base import MIME
from studykit.widgets.calculator import expression_tree, level_bounds, spreadsheet_formula
from studykit.widgets.show import format_value


def page(widget):
    data, _ = widget._repr_mimebundle_()
    return data[MIME]["state"]


def points(formula, count=20):
    """Random inputs inside the formula's ranges at which it has a finite value, with that value."""
    rng = random.Random(formula.name)
    found = []
    while len(found) < count:
        values = {}
        for symbol in formula.symbols:
            low = symbol.lower if symbol.lower is not None else -10
            values[symbol.name] = round(rng.uniform(low, symbol.upper if symbol.upper is not None else low + 50), 3)
        with contextlib.suppress(ValueError):
            found.append((values, float(formula(**values))))
    return found


def walk(node, values):
    """The browser's evaluation, in Python."""
    operations = {
        "add": lambda *parts: sum(parts),
        "mul": lambda *parts: math.prod(parts),
        "pow": lambda base, exponent: base**exponent,
        "min": min, "max": max, "exp": math.exp, "log": math.log, "ceil": math.ceil, "floor": math.floor, "abs": abs,
    }  # fmt: skip
    if isinstance(node, int | float):
        return node
    if isinstance(node, str):
        return values[node]
    operation, *parts = node
    return operations[operation](*(walk(part, values) for part in parts))


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=lambda formula: formula.name)
def test_every_formula_is_one_in_python_browser_and_spreadsheet(formula):
    plain = formula.expression.xreplace({s: sympy.Symbol(s.name) for s in formula.expression.free_symbols})
    branches, text = expression_tree(plain), spreadsheet_formula(plain).removeprefix("=").replace("^", "**")
    cells = {"SQRT": math.sqrt, "EXP": math.exp, "LN": math.log, "MIN": min, "MAX": max, "INT": math.floor, "ABS": abs}
    for values, expected in points(formula):
        assert walk(branches, values) == pytest.approx(expected, rel=1e-9)
        assert eval(text, {"__builtins__": {}}, cells | values) == pytest.approx(expected, rel=1e-9)


def test_calculator_hands_over_a_tree_and_no_text_to_evaluate():
    state = page(calculator(P_CHART_UPPER, digits=1, p=0.02, n=75, k=3))
    assert state["answer"] == pytest.approx(0.02 + 3 * math.sqrt(0.02 * 0.98 / 75))
    assert walk(state["tree"], state["values"]) == pytest.approx(state["answer"])
    assert state["mathml"].startswith("<math")


def test_calculator_refuses_a_start_without_a_result():
    with pytest.raises(ValueError, match=r"price_usd = 4.* give no finite result, expected start values that do"):
        calculator(FORMULAS["break_even"], fixed_usd=1000, variable_usd=5, price_usd=4)


@pytest.mark.parametrize(
    ("show", "unit", "limits"),
    [
        ("65%", "%", (0.65, 0.65)),
        ("20–30%", "%", (0.2, 0.3)),
        ("98–99+%", "%", (0.98, None)),
        ("at most 33.2 days", "days", (None, 33.2)),
        ("at least 74 days", "days", (74, None)),
        ("under 3.5 hours", "hours", (None, 3.5)),
        ("over 3×", "USD of margin a year per USD of inventory", (3, None)),
        ("$3–10", "USD per order", (3, 10)),
        ("$9.09", "USD per order", (9.09, 9.09)),
        ("24 hours", "days", None),
        ("20% of average order value", "USD per order", None),
        ("21% of order value", "%", None),
        ("about 1 in 180 parcels", "%", None),
        ("at most 2 d 26 %, 3–4 d 48 %", "days", None),
        ("99.7% damage-free", "%", None),
    ],
)
def test_a_published_level_is_read_only_in_the_formulas_unit(show, unit, limits):
    assert level_bounds(show, unit) == limits


def test_calculator_hands_over_published_levels_where_there_are_any():
    start = {"days_inventory": 40, "days_receivable": 10, "days_payable": 30}
    assert "levels" not in page(calculator(FORMULAS["cash_to_cash"], **start))
    levels = page(calculator(FORMULAS["cash_to_cash"], benchmarks=kpi("cash_to_cash_time").benchmarks, **start))[
        "levels"
    ]
    assert {(level["show"], level["low"], level["high"]) for level in levels} == {
        ("at most 33.2 days", None, 33.2),
        ("at least 74 days", 74, None),
    }
    assert all(level["url"].startswith("https://") for level in levels)


@pytest.mark.parametrize(
    ("start", "named"),
    [({"p": 0.02, "n": 75}, "'k'"), ({"p": 2, "n": 75, "k": 3}, "p = 2"), ({"p": 0.02, "n": 0, "k": 3}, "n = 0")],
)
def test_calculator_refuses_a_bad_start(start, named):
    with pytest.raises(ValueError, match=named):
        calculator(P_CHART_UPPER, **start)


def test_explore_holds_every_state():
    widget = explore(lambda a, b, c: f"{a}-{b}-{c}", title="t", a=(1, 3), b={"low": 10, "high": 20}, c=True)
    state = page(widget)
    assert [len(control["options"]) for control in state["controls"]] == [3, 2, 2]
    assert len(state["grid"]) == 12
    assert state["grid"]["2,1,0"]["text"] == "3-20-False"
    assert state["result"]["text"] == "1-10-True"


def test_explore_takes_pairs_and_prints_numbers_with_their_unit():
    widget = explore(lambda a: a / 3, title="t", a=[("low", 1), ("high", 5000)], spec=",.1f", unit="days")
    assert [control["options"] for control in page(widget)["controls"]] == [["low", "high"]]
    assert [state["text"] for state in page(widget)["grid"].values()] == ["0.3\xa0days", "1,666.7\xa0days"]
    assert page(explore(lambda a: a, title="t", a=[0.0312, 1], spec=".1%"))["result"]["text"] == "3.1%"


def test_explore_answers_a_kernel():
    widget = explore(lambda a: a * 2, title="t", a=[1, 5])
    widget.values = {"a": 1}
    assert widget.result == {"type": "number", "text": "10"}


def test_explore_shows_a_table_and_a_figure():
    frame = pd.DataFrame({"center": ["A"], "orders": ["1,200"]})
    assert page(explore(lambda a: frame, title="t", a=[1, 2]))["result"]["numeric"] == [False, True]
    state = page(explore(lambda a: go.Figure(go.Bar(x=[a], y=[1])), title="t", a=[1, 2]))
    assert state["figure"]["data"][0]["type"] == "bar"
    assert "result" not in state


def test_explore_repeats_itself():
    def make():
        return json.dumps(explore(lambda a: a / 3, title="t", a=(0, 1, 0.1))._repr_mimebundle_()[0][MIME])

    assert make() == make()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"a": 5}, "a: expected a bool"),
        ({"a": (3, 1)}, r"a: expected \(low, high, step\)"),
        ({"a": [1]}, "a: expected a bool"),
        ({"a": (0, 600)}, "601 states, at most 500 of at most 60,000 bytes"),
    ],
)
def test_explore_refuses(options, named):
    with pytest.raises(ValueError, match=named):
        page(explore(lambda a: a, title="t", **options))


def test_explore_says_how_heavy_it_is():
    def heavy(a):
        return "".join(random.Random(a).choices("abcdefghijklmnop", k=500))

    with pytest.raises(ValueError, match=r"states weigh [\d,]+ bytes compressed, at most 60,000"):
        page(explore(heavy, title="t", a=(0, 450)))


def test_explore_names_a_result_it_cannot_show():
    with pytest.raises(ValueError, match="got set"):
        explore(lambda a: {a}, title="t", a=[1, 2])


def test_a_widget_names_no_address_in_memory():
    data, _ = explore(lambda a: a, title="t", a=[1, 2])._repr_mimebundle_()
    assert data["text/plain"] == "t (controls: a)"


@pytest.mark.parametrize("kind", ["explore", "calculator", "quiz"])
def test_a_module_stands_alone_in_a_notebook(kind):
    source = bundle(kind)
    assert 'from "./' not in source
    assert source.count("export default") == 1


def test_table_refuses_a_column_that_is_not_there():
    with pytest.raises(KeyError, match="no column late"):
        table(pd.DataFrame({"rate": [1]}), "c", {"late": ("Late, %", ".1%")})


def test_table_escapes_and_aligns():
    html = table(pd.DataFrame({"a": ["<b>"], "x": [0.123]}), "c", {"a": ("A", ""), "x": ("X, %", ".1%")})._repr_html_()
    assert "&lt;b&gt;" in html
    assert '<td class="n">12.3</td>' in html


@pytest.mark.parametrize(
    ("value", "spec", "text"), [(0.0312, ".1%", "3.1%"), (1250, ",.0f", "1,250"), (-4.283, "$.2f", "$-4.28")]
)
def test_spell(value, spec, text):
    assert format_value(value, spec) == text


DEAL = {
    "issues": [
        {"name": "rate", "options": [{"text": "5.9%", "you": 0, "them": 0}, {"text": "2.9%", "you": 7, "them": -7}]}
    ],
    "your_batna": 3,
    "their_batna": -5,
    "aspiration": [[80, 100], [35, 65]],
    "reserve": [-15, 15],
}


def test_a_negotiation_hands_over_its_game_and_repeats():
    first, second = (negotiate(DEAL, title="Renew", party="Carrier", unit="USD", seed=4) for _ in range(2))
    assert page(first) == page(second)
    assert page(first)["game"] == DEAL
    assert (page(first)["seed"], page(first)["events"], page(first)["outcome"]) == (4, [], {})
    assert first.describe() == "Renew (a game of 3 rounds on rate)"


@pytest.mark.parametrize(
    ("game", "words"),
    [
        ({name: part for name, part in DEAL.items() if name != "reserve"}, "negotiate 'Renew': game has no reserve"),
        (DEAL | {"issues": [{"name": "rate", "options": [{"text": "a", "you": 0.5, "them": 0}]}]}, "rate has .*whole"),
    ],
)
def test_a_negotiation_refuses_a_game_that_it_cannot_play(game, words):
    with pytest.raises(ValueError, match=words):
        negotiate(game, title="Renew", party="Carrier", unit="USD")


def test_the_negotiation_stays_small():
    assert len(gzip.compress(bundle("negotiate").encode())) <= 6_000
