"""Calculators and explores on the page against Python: the same values everywhere, bounds in words, settings in the address."""

import random
import re

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import sympy
from playwright.sync_api import expect

from fulfillment.formulas import FORMULAS
from fulfillment.kpis.catalog import kpi
from studykit.widgets import calculator, explore
from studykit.widgets.base import MIME
from studykit.widgets.calculator import expression_tree
from tests.patience import PATIENCE
from tests.site.bench import again, bench
from tests.site.watch import violations

POINTS = 1000


def state(widget) -> dict:
    return widget._repr_mimebundle_()[0][MIME]["state"]


def draw(formula, count: int) -> tuple[list[dict], list[float]]:
    """Random inputs inside the formula's ranges at which it has a finite value, with that value."""
    rng = np.random.default_rng(sum(map(ord, formula.name)))
    values, results = [], []
    while len(values) < count:
        point = {}
        for symbol in formula.symbols:
            low = -1000.0 if symbol.lower is None else symbol.lower
            high = low + 10 ** rng.uniform(0, 4) if symbol.upper is None else symbol.upper
            point[symbol.name] = float(np.round(rng.uniform(low, high), 4))
        try:
            result = formula(**point)
        except ValueError:
            continue
        values.append(point)
        results.append(result)
    return values, results


@pytest.fixture(scope="module")
def blank(browser, workshop):
    context = browser.new_context()
    page = bench(context, workshop).page
    yield page
    context.close()


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=lambda formula: formula.name)
def test_browser_and_python_agree_at_a_thousand_points(blank, formula):
    values, results = draw(formula, POINTS)
    plain = formula.expression.xreplace({s: sympy.Symbol(s.name) for s in formula.expression.free_symbols})
    found = blank.evaluate(
        """async ([tree, code, names, values]) => {
            const { evaluate } = await import(new URL("_static/studykit/calculator.mjs", location.href));
            const printed = new Function(...names, `return ${code};`);
            return values.map((point) => [evaluate(tree, point), printed(...names.map((name) => point[name]))]);
        }""",
        [expression_tree(plain), sympy.jscode(plain), [symbol.name for symbol in formula.symbols], values],
    )
    for position in (0, 1):
        assert [pair[position] for pair in found] == pytest.approx(results, rel=1e-9, abs=1e-12)


# A calculator pressed

START = {"days_inventory": 40, "days_receivable": 10, "days_payable": 30}


@pytest.fixture
def calculators(context, workshop):
    widgets = [
        calculator(FORMULAS["cash_to_cash"], digits=1, benchmarks=kpi("cash_to_cash_time").benchmarks, **START),
        calculator(FORMULAS["break_even"], digits=0, fixed_usd=9000, variable_usd=3, price_usd=4.5),
    ]
    watched = bench(context, workshop, *(("calculator", state(widget)) for widget in widgets))
    yield watched.page
    assert not watched.problems, "\n".join(watched.problems)


def test_a_published_level_is_named_beside_the_result(calculators):
    box = calculators.locator(".sk-calculator").first
    expect(box.locator("output")).to_have_text("Result: 20.0 days")
    low, high = (box.locator(".sk-levels li", has_text=text) for text in ("at most 33.2", "at least 74"))
    expect(low).to_contain_text("Your result is inside.")
    expect(high).to_contain_text("Your result is lower.")
    box.get_by_label("Days inventory").fill("95")
    expect(low).to_contain_text("Your result is higher.")
    expect(high).to_contain_text("Your result is inside.")
    box.get_by_label("Days inventory").fill("minus")
    expect(box.locator("p[role=status]")).to_contain_text("Days inventory outstanding:")


def test_inputs_without_a_result_are_said(calculators):
    box = calculators.locator(".sk-calculator").last
    box.get_by_label("Price").fill("$2.50 per order")
    expect(box.locator("p[role=status]")).to_have_text("These inputs give no finite result.")
    expect(box.locator("output")).to_have_text("")


def test_all_four_forms_are_printed(calculators):
    box = calculators.locator(".sk-calculator").last
    box.locator("summary").press("Enter")
    shown = box.locator("dl")
    for form in ("Python", "JavaScript", "Spreadsheet", "LaTeX"):
        expect(shown.locator("dt", has_text=form)).to_be_visible()
    expect(shown).to_contain_text("fixed_usd/Math.max(0, price_usd - variable_usd)")
    expect(shown).to_contain_text("=fixed_usd/MAX(0,price_usd-variable_usd)")


def test_what_is_typed_can_be_sent_as_an_address(calculators, workshop):
    box = calculators.locator(".sk-calculator").last
    box.get_by_label("Fixed cost").fill("12,000")
    calculators.wait_for_url(re.compile(r"bench\.html\?part-2\.fixed_usd=12%2C000#part-2$"))
    again(calculators, workshop, "?part-2.fixed_usd=12%2C000&part-2.price_usd=%3Cb%3E&other=1#part-2")
    expect(box.locator("p[role=status]")).to_contain_text("does not read as one number")
    box.get_by_label("Price").fill("5")
    expect(box.locator("output")).to_have_text("Result: 6,000 orders per period")
    box.get_by_role("button", name="Reset").press("Enter")
    expect(box.locator("output")).to_have_text("Result: 6,000 orders per period")
    calculators.wait_for_url(re.compile(r"bench\.html\?other=1#part-2$"))


# An explore pressed


def number(a: int, b: str, c: bool) -> float:
    return round(a * {"low": 0.37, "high": 1.91}[b] + 1000 * c, 2)


def table(weeks: int, share: float) -> pd.DataFrame:
    frame = pd.DataFrame({"week": range(1, weeks + 1)})
    frame["orders"] = [f"{1000 * share * week:,.1f}" for week in frame["week"]]
    frame.attrs["caption"] = f"{weeks} weeks at {share}"
    return frame


def figure(points: int, power: int) -> go.Figure:
    return go.Figure(
        go.Bar(x=list(range(points)), y=[n**power for n in range(points)]), {"title": {"text": f"{points}^{power}"}}
    )


CASES = {
    "number": (number, {"a": (1, 30), "b": ["low", "high"], "c": False}, {"spec": ",.2f", "unit": "USD"}),
    "table": (table, {"weeks": (2, 9), "share": {"small": 0.25, "large": 0.75}}, {}),
    "figure": (figure, {"points": (2, 12, 2), "power": [1, 2]}, {}),
}
DRIVE = """async ([box, states, wanted, patience]) => {
    const controls = [...box.querySelectorAll("input, select")];
    const seen = [];
    const frame = () => new Promise(requestAnimationFrame);
    const shown = () => {
        const canvas = box.querySelector(".sk-canvas");
        return canvas ? [...canvas.data[0].y] : box.querySelector(".sk-number, .sk-table tbody").innerText;
    };
    controls[0].dispatchEvent(new Event(controls[0].type === "range" ? "input" : "change"));
    while (!box.querySelector(".sk-status").textContent) await frame(); // the results have loaded
    for (const [turn, state] of states.entries()) {
        state.forEach((option, i) => {
            const control = controls[i];
            if (control.type === "checkbox") control.checked = option === 1;
            else if (control.type === "range") control.value = option;
            else control.selectedIndex = option;
            control.dispatchEvent(new Event(control.type === "range" ? "input" : "change"));
        });
        const end = performance.now() + patience;
        const right = () => JSON.stringify(shown()) === JSON.stringify(wanted[turn]);
        do await frame();
        while (!right() && performance.now() < end);
        seen.push(shown());
        if (!right()) break;
    }
    return seen;
}"""


def options(control) -> list:
    if isinstance(control, bool):
        return [False, True]
    if isinstance(control, tuple):
        low, high, step = (*control, 1)[:3]
        return list(range(low, high + 1, step))
    return list(control.values()) if isinstance(control, dict) else control


def printed_by_python(result: float | pd.DataFrame | go.Figure) -> str | list:
    """A result of the three functions as the page shows it: a text, a table's text, or a figure's heights."""
    if isinstance(result, pd.DataFrame):
        return "\n".join("\t".join(row) for row in result.astype(str).to_numpy().tolist())
    return list(result.data[0].y) if isinstance(result, go.Figure) else f"{result:,.2f}\xa0USD"


@pytest.mark.parametrize("name", CASES)
def test_the_page_shows_what_a_fresh_call_gives_at_random_states(context, workshop, name):
    function, controls, printed = CASES[name]
    held = state(explore(function, title="What if?", **controls, **printed))
    grid = held.pop("grid")
    if "figure" in held:
        held["result"] = {"type": "figure", "figure": held.pop("figure")}
    watched = bench(
        context, workshop, ("explore", held | {"grid": "_figures/grid.json"}), files={"_figures/grid.json": grid}
    )
    choices = {control: options(given) for control, given in controls.items()}
    rng = random.Random(name)
    states = [
        [rng.randrange(len(listed)) for listed in choices.values()] for _ in range(200 if name != "figure" else 40)
    ]
    wanted = [
        printed_by_python(
            function(**{name: listed[i] for i, (name, listed) in zip(chosen, choices.items(), strict=True)})
        )
        for chosen in states
    ]
    box = watched.page.locator(".sk-explorer").element_handle()
    assert watched.page.evaluate(DRIVE, [box, states, wanted, 1000 * PATIENCE]) == wanted
    assert not watched.problems, "\n".join(watched.problems)


def test_a_setting_is_sent_as_an_address_and_taken_back(context, workshop):
    function, controls, printed = CASES["number"]
    held = state(explore(function, title="What if?", **controls, **printed))
    grid = held.pop("grid")
    widget = ("explore", held | {"grid": "_figures/grid.json"})
    watched = bench(context, workshop, widget, files={"_figures/grid.json": grid})
    page = watched.page
    page.get_by_label("a:").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("b", exact=True).select_option("high")
    page.get_by_label("c", exact=True).check()
    page.wait_for_url(re.compile(r"bench\.html\?part-1\.a=2&part-1\.b=high&part-1\.c=yes#part-1$"))
    expect(page.locator(".sk-status")).to_have_text("1,003.82\xa0USD")
    again(page, workshop, "?part-1.a=2&part-1.b=high&part-1.c=yes&part-1.d=9#part-1")
    expect(page.locator(".sk-number")).to_have_text("1,003.82\xa0USD")
    assert page.get_by_label("c", exact=True).is_checked()
    page.get_by_role("button", name="Reset").press("Enter")
    expect(page.locator(".sk-number")).to_have_text("0.37\xa0USD")
    page.wait_for_url(re.compile(r"bench\.html(?!.*part-1\.)"))
    again(page, workshop, "?part-1.a=77&part-1.b=none")
    expect(page.locator(".sk-number")).to_have_text("0.37\xa0USD")
    assert not watched.problems, "\n".join(watched.problems)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_calculator_and_explore_are_accessible(browser, workshop, theme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=theme)
    held = state(explore(table, title="What if?", weeks=(2, 4), share=[0.5, 1]))
    grid = held.pop("grid")
    page = bench(
        context,
        workshop,
        ("explore", held | {"grid": "_figures/grid.json"}),
        (
            "calculator",
            state(calculator(FORMULAS["cash_to_cash"], benchmarks=kpi("cash_to_cash_time").benchmarks, **START)),
        ),
        files={"_figures/grid.json": grid},
    ).page
    page.get_by_label("weeks:").press("ArrowRight")
    page.get_by_label("Days payables").fill("")
    page.locator(".sk-calculator summary").click()
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
