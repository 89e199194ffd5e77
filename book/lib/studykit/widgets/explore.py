"""`explore`: `ipywidgets.interact` that survives publishing."""

import gzip
import itertools
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import traitlets

from studykit.widgets.base import Widget
from studykit.widgets.show import format_value

MAX_STATES = 500
MAX_BYTES = 60_000


def _control_values(name: str, abbreviation: Any) -> tuple[str, list[Any]]:
    """Control type and its values for an ipywidgets abbreviation: tuple, list, dict or bool."""
    match abbreviation:
        case bool():
            return "checkbox", [False, True]
        case (low, high, *step) if isinstance(abbreviation, tuple) and len(abbreviation) in (2, 3):
            stride = step[0] if step else (1 if isinstance(low, int) and isinstance(high, int) else (high - low) / 10)
            if not (low < high and stride > 0):
                raise ValueError(f"{name}: expected (low, high, step) with low < high and step > 0, got {abbreviation}")
            count = int((high - low) / stride + 1e-9) + 1
            return "range", [round(low + i * stride, 10) for i in range(count)]
        case dict() | list() if len(abbreviation) > 1:
            return "select", [value for _, value in _labeled_options(abbreviation)]
    raise ValueError(f"{name}: expected a bool, (low, high[, step]), a list or a dict of choices, got {abbreviation!r}")


def _labeled_options(abbreviation: dict[Any, Any] | list[Any]) -> list[tuple[Any, Any]]:
    """Label and value of every option; a list may hold values, or pairs of both as ipywidgets takes them."""
    if isinstance(abbreviation, dict):
        return list(abbreviation.items())
    if all(isinstance(option, tuple) and len(option) == 2 for option in abbreviation):
        return abbreviation
    return [(option, option) for option in abbreviation]


def page_result(result: Any, spec: str = ",", unit: str = "") -> dict[str, Any]:
    """What a function returned, as JSON for the page: a figure, a table, a number or a line of text.

    Parameters
    ----------
    spec, unit : how a number is printed, as `studykit.widgets.show.format_value` takes them.
    """
    match result:
        case go.Figure():
            figure = json.loads(result.to_json())
            return {"type": "figure", "figure": {"data": figure["data"], "layout": figure["layout"]}}
        case pd.DataFrame():
            return {
                "type": "table",
                "columns": [str(column) for column in result.columns],
                "rows": [[str(cell) for cell in row] for row in result.itertuples(index=False)],
                "numeric": [bool(number) for number in result.map(_looks_numeric).all()],
                "caption": str(result.attrs.get("caption", "")),
            }
        case int() | float():
            return {"type": "number", "text": format_value(result, spec, unit)}
        case str():
            return {"type": "number", "text": result}
    raise ValueError(f"explore: expected a number, a text, a DataFrame or a Plotly figure, got {type(result).__name__}")


def _looks_numeric(cell: Any) -> bool:
    return (
        isinstance(cell, int | float)
        or str(cell).lstrip("$-−+").replace(",", "").split(" ")[0].replace(".", "").isdigit()
    )


class Explore(Widget):
    """Controls over ``function``; made by `explore`.

    Synced traits: ``title``; ``controls`` (name, label, type, option texts); ``values`` (chosen option by name);
    ``result`` (the present one, as `page_result` gives it).
    """

    kind = "explore"
    title = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)

    def __init__(
        self, function: Callable[..., Any], choices: dict[str, list[Any]], printed: tuple[str, str], **traits: Any
    ) -> None:
        self._function, self._choices, self._printed = function, choices, printed
        super().__init__(**traits)
        self.result = self._call(self.values)
        self.observe(self._update, "values")
        self.on_msg(self._answer)

    def _call(self, values: dict[str, int]) -> dict[str, Any]:
        chosen = {name: options[values[name]] for name, options in self._choices.items()}
        return page_result(self._function(**chosen), *self._printed)

    def _update(self, change: dict[str, Any]) -> None:
        self.result = self._call(change["new"])

    def _answer(self, widget: Any, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        if message.get("type") == "plotly":  # a notebook front end asks for the chart library once
            bundle = next(path for path in (files("studykit") / "vendor").iterdir() if path.name.startswith("plotly-"))
            self.send({"type": "plotly"}, buffers=[bundle.read_bytes()])

    def grid(self) -> dict[str, dict[str, Any]]:
        """Result of every combination of options, by the options' positions (``"0,2"``).

        Raises
        ------
        ValueError when there are more than `MAX_STATES` states, or more than `MAX_BYTES` once compressed.
        """
        states = list(itertools.product(*(range(len(options)) for options in self._choices.values())))
        if len(states) > MAX_STATES:
            raise ValueError(
                f"explore {self.title!r}: {len(states)} states, at most {MAX_STATES} of at most {MAX_BYTES:,} bytes "
                "together: use fewer options"
            )
        results = {
            ",".join(map(str, state)): self._call(dict(zip(self._choices, state, strict=True))) for state in states
        }
        size = len(gzip.compress(json.dumps(results).encode()))
        if size > MAX_BYTES:
            raise ValueError(
                f"explore {self.title!r}: {len(states)} states weigh {size:,} bytes compressed, at most {MAX_BYTES:,}: "
                "return less for each state or use fewer options"
            )
        return results

    def page_state(self) -> dict[str, Any]:
        state = super().page_state() | {"grid": self.grid()}
        if state["result"]["type"] == "figure":
            state["figure"] = state.pop("result")["figure"]
        return state

    def describe(self) -> str:
        return f"{self.title} (controls: {', '.join(control['label'] for control in self.controls)})"


def explore(
    function: Callable[..., Any],
    *,
    title: str,
    labels: dict[str, str] | None = None,
    spec: str = ",",
    unit: str = "",
    **controls: Any,
) -> Explore:
    """Let a reader move the arguments of ``function`` and see its result, with or without a kernel.

    Parameters
    ----------
    function : returns a number, a text, a DataFrame (cells as they should read) or a Plotly figure.
    title : the question that the reader answers by moving the controls.
    labels : name of an argument -> label with unit; the name itself where it has none.
    spec, unit : how a number is printed (``".1%"``, ``"$,.2f"``, and ``"days"``).
    **controls : an ipywidgets abbreviation for each argument: ``(low, high, step)``, a list of values or of (label,
        value) pairs, a dict label -> value, a bool.
        The first option is shown at the start; for a bool, its own value.

    Raises
    ------
    ValueError for an abbreviation or a result of another kind, and when the grid is too large.
    """
    labels = labels or {}
    choices, specs, values = {}, [], {}
    for name, abbreviation in controls.items():
        kind, choices[name] = _control_values(name, abbreviation)
        texts = [label for label, _ in _labeled_options(abbreviation)] if kind == "select" else choices[name]
        specs.append(
            {"name": name, "label": labels.get(name, name), "type": kind, "options": [str(text) for text in texts]}
        )
        values[name] = int(abbreviation) if kind == "checkbox" else 0
    return Explore(cache(function), choices, (spec, unit), title=title, controls=specs, values=values)
