"""A good call of every public function: the first one of its docstring's example."""

import contextlib
import copy
import dataclasses
import doctest
import importlib
import inspect
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from fulfillment import charts
from fulfillment.costing import cost_to_serve, order_repricing
from fulfillment.data import load
from fulfillment.freight import quotes, rate_cards
from fulfillment.planning.placement import narrowed_items

#: A function and its arguments by name
Call = tuple[Callable[..., Any], dict[str, Any]]

LIB = Path(__file__).parents[3] / "book" / "lib"
#: Rooms whose input is tried elsewhere, or that take none of a reader's.
ELSEWHERE = ("arguments", "kpis", "intake", "simulate", "data", "__main__", "validate")


def modules() -> list[ModuleType]:
    paths = sorted((LIB / "fulfillment").rglob("*.py"))
    names = [".".join(path.relative_to(LIB).with_suffix("").parts) for path in paths if path.stem != "__init__"]
    return [importlib.import_module(name) for name in names if name.split(".")[1] not in ELSEWHERE]


def public(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """A module's functions, and its classes that check what they are made of."""
    own = {name: part for name, part in vars(module).items() if not name.startswith("_")}
    own = {name: part for name, part in own.items() if getattr(part, "__module__", None) == module.__name__}
    return {
        name: part
        for name, part in own.items()
        if inspect.isfunction(part) or (inspect.isclass(part) and "__post_init__" in vars(part))
    }


def title(module: ModuleType, name: str) -> str:
    return f"{module.__name__.removeprefix('fulfillment.')}.{name}"


def examples(module: ModuleType) -> dict[str, Call]:
    """Function -> what it is and the arguments of the first call in its module's examples that it answers."""
    found: dict[str, Call] = {}

    def recorder(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def record(*args: Any, **kwargs: Any) -> Any:
            given = inspect.signature(function).bind(*args, **kwargs)
            given.apply_defaults()
            parameters = inspect.signature(function).parameters.items()
            named = {one for one, parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD}
            kept = copy.deepcopy({one: value for one, value in given.arguments.items() if one in named})
            answer = function(*args, **kwargs)
            found.setdefault(title(module, name), (function, kept))
            return answer

        return record

    own = {name: recorder(name, part) for name, part in public(module).items() if inspect.isfunction(part)}
    for test in doctest.DocTestFinder().find(module, globs=vars(module) | own):
        if "load(" not in test.docstring:
            for example in test.examples:
                if example.exc_msg is None:
                    with contextlib.redirect_stdout(io.StringIO()):
                        exec(compile(example.source, test.name, "single"), test.globs)
    return found


def _fields(made: Any) -> Call:
    """The call that makes an instance."""
    return type(made), {field.name: getattr(made, field.name) for field in dataclasses.fields(made) if field.init}


def made(calls: Mapping[str, Call]) -> dict[str, Call]:
    """Class -> how the first of its instances is made that a call is given."""
    found: dict[str, Call] = {}
    for _, arguments in calls.values():
        for value in arguments.values():
            if dataclasses.is_dataclass(value) and hasattr(value, "__post_init__"):
                found.setdefault(
                    f"{type(value).__module__.removeprefix('fulfillment.')}.{type(value).__name__}", _fields(value)
                )
    return found


# Functions without an example, or whose example takes all of the program's tables ----------------------------------------


def _day(*days: str) -> pd.DatetimeIndex:
    return pd.to_datetime(list(days))


def _charts() -> dict[str, Call]:
    words = {"title": "A title", "alt": "A picture"}
    axes = words | {"x": "x", "y": "y"}
    weeks = _day("2025-12-01", "2025-12-08")
    chart = pd.DataFrame(
        {"rate": [0.1, 0.2], "center": 0.1, "lower": 0.0, "upper": 0.15, "outside": [False, True]}, weeks
    )
    estimates = pd.DataFrame({"value": [0.1], "lower": [0.05], "upper": [0.2], "planned": [0.1]}, ["a"])
    lines = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 2.5]}, [0, 1])
    queue = pd.DataFrame({"open": [3, 4], "overdue": [1, 2]}, weeks)
    causes = pd.DataFrame({"cause": ["a", "b"], "orders": [3, 1], "cumulative_share": [0.75, 1.0]})
    return {
        "charts.exhibit": (charts.exhibit, {"figure": go.Figure(), **axes}),
        "charts.control_chart": (
            charts.control_chart,
            {"chart": chart, **words, "measure": "share", "yardstick": 0.04},
        ),
        "charts.bridge_chart": (
            charts.bridge_chart,
            {
                "start": ("May", 7.0),
                "steps": pd.Series({"mix": 0.6, "rate": -0.2}),
                "end": "June",
                **words,
                "measure": "USD",
            },
        ),
        "charts.pareto_chart": (charts.pareto_chart, {"pareto": causes, **words}),
        "charts.interval_chart": (charts.interval_chart, {"estimates": estimates, **axes}),
        "charts.stacked_bars": (charts.stacked_bars, {"frame": lines, **axes, "beside": True}),
        "charts.line_chart": (charts.line_chart, {"frame": lines, **axes, "marked": (1, 2, "full"), "steps": True}),
        "charts.queue_chart": (charts.queue_chart, {"days": queue, **words, "limit": 5}),
        "charts.highlight_lines": (
            charts.highlight_lines,
            {"table": lines, **axes, "colors": {"a": charts.TEAL}, "others": "others"},
        ),
    }


def _freight() -> dict[str, Call]:
    offers = load("bid_rates").query("bidder == 'Ostrelle Logistics'").reset_index(drop=True)
    card = rate_cards.build_rate_card(offers, "Ostrelle Logistics")
    orders = pd.DataFrame(
        {
            "order_id": ["A", "B"],
            "shipped_on": _day("2025-12-01", "2026-01-05"),
            "units": [2, 1],
            "zone": [4, 5],
            "length_in": 10.3,
            "width_in": 8.3,
            "height_in": 4.3,
            "weight_lb": [2.2, 1.1],
            "residential": [True, False],
        }
    )
    return {
        "freight.rate_cards.build_rate_card": (
            rate_cards.build_rate_card,
            {"rows": offers, "bidder": "X", "dim_carrier": "UPS", "dim_divisor": 166},
        ),
        "freight.rate_cards.load_rate_cards": (rate_cards.load_rate_cards, {"rfp_id": "RFP-2026-02"}),
        "freight.quotes.quote": (
            quotes.quote,
            {"orders": orders, "card": card, "monthly_orders": 237_500.0, "missing_rate": "raise"},
        ),
        "freight.quotes.rating_inputs": (
            quotes.rating_inputs,
            {"orders": orders, "card": card, "dim_rule_date": _day("2026-02-01")[0]},
        ),
        "freight.quotes.quote_year": (
            quotes.quote_year,
            {"orders": orders, "card": card, "scale": 300, "accounts": 5, "stock": quotes.REQUESTED_STOCK},
        ),
        "freight.quotes.program_orders": (quotes.program_orders, {"center_id": "FC4"}),
        "freight.quotes.compare_parcel": (
            quotes.compare_parcel,
            {
                "cards": {"Ostrelle Logistics": card},
                "zone": 3,
                "weight_lb": 1.5,
                "residential": True,
                "peak": False,
                "units": 1,
                "sides_in": (10.3, 8.3, 4.3),
                "monthly_orders": 237_500,
            },
        ),
        "freight.quotes.quote_month": (
            quotes.quote_month,
            {
                "card": card,
                "on": _day("2026-02-01")[0],
                "pallets_in": 2850,
                "pallets_by_age": {30: 12_500, 120: 500},
                "new_accounts": 0,
                "qualifying_fees_usd": 500_000,
            },
        ),
    }


FIRST, LAST = "2026-05-01", "2026-05-31"


def tables(size: int = 40) -> dict[str, pd.DataFrame]:
    """The program's tables, cut down to a few orders of May 2026 and what belongs to them."""
    whole = {name: load(name) for name in order_repricing.REQUIRED_TABLES}
    may = whole["orders"]["dispatched_at"].between(FIRST, LAST) & (whole["orders"]["carrier_id"].notna())
    wanted = whole["orders"][may]
    ids = wanted.groupby("carrier_id").head(size // 5)["order_id"]
    cut = dict(whole)
    for name in ("orders", "order_lines", "shipments", "returns"):
        cut[name] = whole[name][whole[name]["order_id"].isin(ids)]
    bills = whole["invoice_lines"]
    own = bills["shipment_id"].isin(cut["shipments"]["shipment_id"]) | bills["charge"].isin(["storage", "receiving"])
    cut["invoice_lines"] = bills[own]
    for name in ("skus", "inventory_weekly"):
        cut[name] = whole[name][whole[name]["sku_id"].isin(cut["order_lines"]["sku_id"])]
    return {name: table[list(order_repricing.READ[name])].reset_index(drop=True) for name, table in cut.items()}


def _cases() -> dict[str, Call]:
    cut = tables()
    build = {"tables": cut, "first": pd.Timestamp(FIRST), "last": pd.Timestamp(LAST)}
    build |= {"narrowed": narrowed_items(load("inventory_weekly")), "capped_home_usd": 1.2}
    some, all_ = (
        {name: cut[name][list(columns)] for name, columns in read.items()}
        for read in (cost_to_serve.PARCEL_TABLES, cost_to_serve.ORDER_TABLES)
    )
    return {
        "costing.order_repricing.build_repricing": (order_repricing.build_repricing, build),
        "costing.cost_to_serve.parcel_costs": (cost_to_serve.parcel_costs, {"tables": some}),
        "costing.cost_to_serve.order_costs": (cost_to_serve.order_costs, {"tables": all_}),
    }


def all_calls() -> dict[str, Call]:
    """Every public function's good call."""
    found = {name: call for module in modules() for name, call in examples(module).items()}
    found |= _charts() | _freight() | _cases()
    return made(found) | found
