"""One look for every figure: a Plotly template, a palette, and the exhibits that chapters share.

The palette is the light theme's. The site redraws each of these colors in its dark theme by name (``--c-rrggbb``
in its stylesheet), so a figure uses no color that is not listed here.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from fulfillment import arguments as arg
from fulfillment.validate import refuse

INK = "#1d2733"
QUIET = "#5f6b76"
GRID = "#d9dee3"
PAPER = "#ffffff"
TEAL = "#0b5f66"
RUST = "#b04a1b"
SAND = "#d9a86c"
MIST = "#a9c7c9"
PALETTE = (INK, QUIET, GRID, PAPER, TEAL, RUST, SAND, MIST)

_AXIS = {
    "gridcolor": GRID,
    "linecolor": QUIET,
    "zeroline": False,
    "ticks": "outside",
    "tickcolor": GRID,
    "automargin": True,
}
_TITLE = {"standoff": 8, "font": {"size": 13}}
_THIN = {"color": QUIET, "width": 1}
_DASHED = {"color": SAND, "width": 2, "dash": "dash"}

TEMPLATE = go.layout.Template(
    layout={
        "font": {
            "family": "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif",
            "size": 13,
            "color": INK,
        },
        "colorway": [TEAL, RUST, QUIET, SAND, MIST],
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 8, "r": 12, "t": 40, "b": 8},
        "xaxis": {**_AXIS, "showgrid": False, "title": _TITLE},
        "yaxis": {**_AXIS, "title": _TITLE},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left"},
        "hoverlabel": {"bgcolor": PAPER, "font": {"color": INK}},
        "title": {"x": 0, "xanchor": "left", "font": {"size": 15}},
    }
)
pio.templates["fulfillment"] = TEMPLATE
pio.templates.default = "fulfillment"
pio.renderers.default = "plotly_mimetype"  # a figure leaves a notebook as JSON and nothing else


def _color(name: str, value: Any) -> str:
    if not isinstance(value, str) or value not in PALETTE:
        refuse(name, value, f"a color of the palette: {', '.join(PALETTE)}")
    return str(value)


def _level(name: str, value: Any) -> tuple[str, float]:
    """A name and a number."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        refuse(name, value, "a name and a level")
    return arg.text(name, value[0]), arg.amount()(name, value[1])


def _point(name: str, value: Any) -> tuple[float, float, str]:
    """Two numbers and a name."""
    if not isinstance(value, tuple | list) or len(value) != 3:
        refuse(name, value, "x, y and a name")
    return arg.amount()(name, value[0]), arg.amount()(name, value[1]), arg.text(name, value[2])


@arg.takes(figure=arg.a(go.Figure), title=arg.text, alt=arg.text, x=arg.text, y=arg.text)
def exhibit(figure: go.Figure, title: str, alt: str, x: str, y: str) -> go.Figure:
    """Give a figure what every exhibit has: a title that states its finding, alt text, and labeled axes with units.

    Parameters
    ----------
    title : the finding, as a sentence.
    alt : what the figure shows, for a reader who cannot see it.
    x, y : axis labels with units.
    """
    figure.update_layout(title_text="<br>".join(textwrap.wrap(title, 84)), meta={"alt": alt})
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y, selector=0)
    return figure


@arg.takes(
    chart=arg.table({**dict.fromkeys(["rate", "center", "lower", "upper"], arg.amounts()), "outside": arg.flags()}),
    title=arg.text,
    alt=arg.text,
    measure=arg.text,
    yardstick=arg.amount(),
)
def control_chart(chart: pd.DataFrame, title: str, alt: str, measure: str, yardstick: float | None = None) -> go.Figure:
    """A p chart drawn: the share each week, center line, control limits; flagged points differ in shape and color.

    Parameters
    ----------
    chart : as `fulfillment.kpis.control_charts.p_chart` returns it, indexed by week start; shares are fractions. The points in
        ``outside`` are flagged as above the limit: pass those of the side that matters.
    measure : what the share is of, for the axis.
    yardstick : a level drawn beside the control limits, a fraction.
    """
    percent = (chart[["rate", "center", "lower", "upper"]] * 100).round(2)
    weeks = _days(chart.index)
    figure = go.Figure()
    for side in ("upper", "lower"):
        figure.add_scatter(
            x=weeks,
            y=percent[side].tolist(),
            mode="lines",
            line={"color": QUIET, "width": 1, "dash": "dot", "shape": "hvh"},
            name="control limits",
            legendgroup="limits",
            showlegend=side == "upper",
            hovertemplate="%{y:.2f}%<extra>" + side + " limit</extra>",
        )
    figure.add_scatter(x=weeks, y=percent["center"].tolist(), mode="lines", line=_THIN, name="center line")
    if yardstick is not None:
        level = [round(yardstick * 100, 2)] * len(weeks)
        figure.add_scatter(x=weeks, y=level, mode="lines", line=_DASHED, name="yardstick")
    figure.add_scatter(
        x=weeks,
        y=percent["rate"].tolist(),
        mode="lines+markers",
        line={"color": TEAL, "width": 2},
        marker={"size": 5},
        name="week",
        hovertemplate="%{y:.2f}%<extra>%{x}</extra>",
    )
    outside = percent[chart["outside"]]
    figure.add_scatter(
        x=_days(outside.index),
        y=outside["rate"].tolist(),
        mode="markers",
        marker={"color": RUST, "size": 11, "symbol": "diamond"},
        name="above the limit",
        hovertemplate="%{y:.2f}%<extra>%{x}</extra>",
    )
    figure.update_yaxes(rangemode="tozero")
    return exhibit(figure, title, alt, "week starting", measure)


@arg.takes(start=_level, steps=arg.amounts(), end=arg.text, title=arg.text, alt=arg.text, measure=arg.text)
def bridge_chart(start: tuple[str, float], steps: pd.Series, end: str, title: str, alt: str, measure: str) -> go.Figure:
    """A bridge: what something was, what each cause added or took away, and what it is.

    Parameters
    ----------
    start : name and level of the first bar.
    steps : change by cause (index), in the order in which they are taken; same unit as the level.
    end : name of the last bar, whose level is the start plus all steps.
    measure : axis label with its unit.
    """
    name, level = start
    tops = [level, *(level + steps.cumsum())]
    lowest, highest = min(tops), max(tops)
    left = 0 if lowest < highest / 2 else lowest - (highest - lowest) / 2  # a truncated axis lets small steps be seen
    figure = go.Figure()
    figure.add_bar(
        y=[name, *steps.index, end],
        x=[round(float(size), 4) for size in (level, *steps, tops[-1])],
        base=[round(float(base), 4) for base in (0, *tops[:-1], 0)],
        orientation="h",
        marker_color=[QUIET, *(RUST if step > 0 else TEAL for step in steps), QUIET],
        text=[f"{level:.2f}", *(f"{round(step, 2) + 0.0:+.2f}" for step in steps), f"{tops[-1]:.2f}"],
        textposition="outside",
        textfont_size=12,
        constraintext="none",
        cliponaxis=False,
        hovertemplate="%{text}<extra>%{y}</extra>",
        showlegend=False,
    )
    figure.update_xaxes(range=[left, highest + (highest - left) * 0.22], showgrid=True)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return exhibit(figure, title, alt, measure, "step")


@arg.takes(
    pareto=arg.table({"cause": arg.names(), "orders": arg.amounts(0), "cumulative_share": arg.amounts()}),
    title=arg.text,
    alt=arg.text,
)
def pareto_chart(pareto: pd.DataFrame, title: str, alt: str) -> go.Figure:
    """Bars by cause, largest first, and the share that they add up to.

    Parameters
    ----------
    pareto : as `fulfillment.kpis.control_charts.pareto` returns it.
    """
    causes = pareto["cause"].tolist()
    figure = go.Figure()
    figure.add_bar(x=causes, y=pareto["orders"].tolist(), name="orders", marker_color=TEAL)
    figure.add_scatter(
        x=causes,
        y=(pareto["cumulative_share"] * 100).round(1).tolist(),
        yaxis="y2",
        mode="lines+markers",
        line={"color": RUST},
        name="cumulative share",
        hovertemplate="%{y:.1f}%<extra></extra>",
    )
    right = {"overlaying": "y", "side": "right", "range": [0, 105], "dtick": 25, "showgrid": False, "automargin": True}
    figure.update_layout(yaxis2={**right, "title": {"text": "cumulative share, %", **_TITLE}})
    return exhibit(figure, title, alt, "cause recorded by the center", "late orders, count")


@arg.takes(
    estimates=arg.table(
        {**dict.fromkeys(["value", "lower", "upper"], arg.amounts()), "planned": arg.amounts(gaps=True)}, keyed=True
    ),
    title=arg.text,
    alt=arg.text,
    x=arg.text,
    y=arg.text,
)
def interval_chart(estimates: pd.DataFrame, title: str, alt: str, x: str, y: str) -> go.Figure:
    """Estimates with their intervals, one a row from the top, and the plan beside each where there was one.

    Parameters
    ----------
    estimates : indexed by label, all different; columns ``value``, ``lower``, ``upper`` and ``planned`` (may be
        missing), fractions.
    x, y : axis labels; ``x`` is in percent.
    """
    percent = (estimates[["value", "lower", "upper", "planned"]] * 100).round(1)
    labels = percent.index.tolist()
    figure = go.Figure()
    figure.add_scatter(
        x=percent["value"].tolist(),
        y=labels,
        mode="markers",
        marker={"color": TEAL, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (percent["upper"] - percent["value"]).round(1).tolist(),
            "arrayminus": (percent["value"] - percent["lower"]).round(1).tolist(),
            "color": TEAL,
            "thickness": 1.5,
            "width": 4,
        },
        name="measured, with interval",
        hovertemplate="%{x}%<extra>%{y}</extra>",
    )
    planned = percent["planned"].dropna()
    figure.add_scatter(
        x=planned.tolist(),
        y=planned.index.tolist(),
        mode="markers",
        marker={"color": RUST, "size": 10, "symbol": "diamond-open", "line": {"width": 2}},
        name="planned",
        hovertemplate="%{x}%<extra>%{y}, planned</extra>",
    )
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=labels[::-1])
    return exhibit(figure, title, alt, x, y)


def _days(index: pd.Index) -> list[str]:
    return pd.DatetimeIndex(index).strftime("%Y-%m-%d").tolist()


@arg.takes(
    frame=arg.matrix(keyed=False),
    title=arg.text,
    alt=arg.text,
    x=arg.text,
    y=arg.text,
    colors=arg.each(_color, empty=True),
    beside=arg.flag,
)
def stacked_bars(
    frame: pd.DataFrame, title: str, alt: str, x: str, y: str, colors: Sequence[str] = (), beside: bool = False
) -> go.Figure:
    """Bars for each row, a color for each column, one on another or beside one another.

    Parameters
    ----------
    frame : index the names under the bars, a column per part; numbers as they should be read.
    colors : of `PALETTE`, one a column; by default teal, rust, gray, sand, mist.
    beside : side by side rather than stacked.
    """
    names = [str(name) for name in frame.index]
    figure = go.Figure()
    for number, column in enumerate(frame):
        color = colors[number] if colors else (TEAL, RUST, QUIET, SAND, MIST)[number % 5]
        figure.add_bar(x=names, y=frame[column].round(3).tolist(), name=str(column), marker_color=color)
    figure.update_layout(barmode="group" if beside else "stack")
    figure.update_xaxes(type="category")
    return exhibit(figure, title, alt, x, y)


#: Looks of lines, in order: of equals, and of two (or one) that the others are held against.
EQUALS = ((TEAL, "solid"), (RUST, "solid"), (SAND, "solid"), (QUIET, "dash"), (INK, "dot"), (MIST, "solid"))
AGAINST = ((TEAL, "solid"), (RUST, "solid"), (QUIET, "dash"), (SAND, "dot"), (MIST, "dashdot"), (INK, "dot"))


@arg.takes(
    frame=arg.matrix(gaps=True, keyed=False),
    title=arg.text,
    alt=arg.text,
    x=arg.text,
    y=arg.text,
    marked=_point,
    looks=arg.a(list, tuple),
    scale=arg.text,
    steps=arg.flag,
)
def line_chart(  # noqa: PLR0913, what every chart takes and three looks of its own
    frame: pd.DataFrame,
    title: str,
    alt: str,
    x: str,
    y: str,
    marked: tuple[float, float, str] | None = None,
    *,
    looks: Sequence[tuple[str, str]] = EQUALS,
    scale: str = "free",
    steps: bool = False,
) -> go.Figure:
    """A line for each column over the index, told apart by color and by dash, and one point that matters.

    Parameters
    ----------
    frame : index numbers, names or days; up to six columns; a missing value ends a line.
    marked : x, y and name of the point.
    looks : color of the palette and dash of each line: `EQUALS` or `AGAINST`.
    scale : upward: ``"free"``, ``"zero"`` (starts at zero) or ``"log"``.
    steps : each value holds until the next.

    Raises
    ------
    ValueError if the scale is unknown or there are more columns than looks.
    """
    scales = {"free": {}, "zero": {"rangemode": "tozero"}, "log": {"type": "log"}}
    if scale not in scales:
        raise ValueError(f"scale: {scale!r}, expected one of {', '.join(scales)}")
    if frame.shape[1] > len(looks):
        raise ValueError(f"frame: {frame.shape[1]} columns, expected up to {len(looks)}")
    figure = go.Figure()
    for (name, values), (color, dash) in zip(frame.items(), looks, strict=False):
        line = {"color": color, "dash": dash, "width": 2} | ({"shape": "hv"} if steps else {})
        known = values.dropna()
        across = _days(known.index) if isinstance(known.index, pd.DatetimeIndex) else known.index.tolist()
        figure.add_scatter(x=across, y=known.round(4).tolist(), mode="lines", line=line, name=str(name))
    if marked:
        at, height, name = marked
        marker = {"color": INK, "size": 10, "symbol": "diamond"}
        figure.add_scatter(x=[round(at, 4)], y=[round(height, 4)], mode="markers", marker=marker, name=name)
    figure.update_yaxes(**scales[scale])
    return exhibit(figure, title, alt, x, y)


@arg.takes(
    days=arg.table({"open": arg.amounts(), "overdue": arg.amounts()}), title=arg.text, alt=arg.text, limit=arg.amount()
)
def queue_chart(days: pd.DataFrame, title: str, alt: str, limit: float) -> go.Figure:
    """Orders waiting evening by evening, those past their deadline among them, against a level that should ring.

    Parameters
    ----------
    days : indexed by day; columns ``open`` and ``overdue``, orders.
    limit : orders at which the alarm rings.
    """
    dates = _days(days.index)
    figure = go.Figure()
    waiting = (days["open"] - days["overdue"]).tolist()
    figure.add_bar(x=dates, y=days["overdue"].tolist(), name="past their deadline", marker_color=RUST)
    figure.add_bar(x=dates, y=waiting, name="waiting, still in time", marker_color=MIST)
    figure.add_scatter(x=dates, y=[limit] * len(dates), mode="lines", line=_DASHED, name="alarm level")
    figure.update_layout(barmode="stack")
    return exhibit(figure, title, alt, "evening", "modeled orders open, count")


@arg.takes(
    table=arg.matrix(gaps=True, keyed=False),
    title=arg.text,
    alt=arg.text,
    x=arg.text,
    y=arg.text,
    colors=arg.each(_color, empty=True),
    others=arg.text,
)
def highlight_lines(
    table: pd.DataFrame, title: str, alt: str, x: str, y: str, colors: Mapping[str, str], others: str
) -> go.Figure:
    """A line a column: those that the title speaks of in color with their names, the others quiet and under one name.

    Parameters
    ----------
    table : index is the horizontal axis (dates or categories); a column a line.
    colors : column -> color of the palette.
    others : what the legend calls the columns without a color.
    """
    dates = isinstance(table.index, pd.DatetimeIndex)
    places = _days(table.index) if dates else [str(place) for place in table.index]
    figure = go.Figure()
    quiet = [column for column in table if column not in colors]
    for column in [*quiet, *(column for column in table if column in colors)]:
        known = column in colors
        figure.add_scatter(
            x=places,
            y=table[column].round(2).tolist(),
            mode="lines+markers",
            line={"color": colors.get(column, QUIET), "width": 2.5 if known else 1},
            marker={"size": 6 if known else 3},
            name=column if known else others,
            legendgroup=column if known else "others",
            showlegend=known or column == quiet[0],
            hovertemplate="%{x}: %{y}<extra>" + str(column) + "</extra>",
        )
    if not dates:
        figure.update_xaxes(type="category")
    return exhibit(figure, title, alt, x, y)
