"""One look for every figure: a Plotly template, a palette, and the exhibits that chapters share.

The palette is the light theme's. The site redraws each of these colors in its dark theme by name (``--c-rrggbb``
in its stylesheet), so a figure uses no color that is not listed here.
"""

import textwrap

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

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


def control_chart(chart: pd.DataFrame, title: str, alt: str, measure: str, yardstick: float | None = None) -> go.Figure:
    """A p chart drawn: the share each week, center line, control limits; flagged points differ in shape and color.

    Parameters
    ----------
    chart : as `fulfillment.control.p_chart` returns it, indexed by week start; shares are fractions. The points in
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


def load_chart(weeks: pd.DataFrame, title: str, alt: str) -> go.Figure:
    """Orders received, what the contract commits the operator to, and the backlog left, week by week.

    Parameters
    ----------
    weeks : indexed by week start; columns ``received_orders``, ``committed_orders``, ``backlog_orders``.
    """
    days = pd.DatetimeIndex(weeks.index).strftime("%b %d").tolist()
    figure = go.Figure()
    figure.add_bar(x=days, y=weeks["received_orders"].tolist(), name="received", marker_color=MIST)
    figure.add_bar(x=days, y=weeks["backlog_orders"].tolist(), name="backlog at week's end", marker_color=RUST)
    figure.add_scatter(
        x=days,
        y=weeks["committed_orders"].tolist(),
        mode="lines",
        line={"color": INK, "width": 2, "shape": "hvh"},
        name="committed",
    )
    figure.update_xaxes(type="category")
    return exhibit(figure, title, alt, "week starting", "modeled orders a week, count")


def pareto_chart(pareto: pd.DataFrame, title: str, alt: str) -> go.Figure:
    """Bars by cause, largest first, and the share that they add up to.

    Parameters
    ----------
    pareto : as `fulfillment.control.pareto` returns it.
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


def curve_chart(
    curves: pd.DataFrame, title: str, alt: str, x: str, y: str, marked: tuple[float, float, str] | None = None
) -> go.Figure:
    """A line per column over the index, each in its own color and dash, and one point that matters.

    Parameters
    ----------
    curves : index as the x axis, up to six columns; a missing value ends a line.
    marked : x, y and name of the point.
    """
    looks = [(TEAL, "solid"), (RUST, "solid"), (SAND, "solid"), (QUIET, "dash"), (INK, "dot"), (MIST, "solid")]
    figure = go.Figure()
    for (name, values), (color, dash) in zip(curves.items(), looks, strict=False):
        line = {"color": color, "dash": dash, "width": 2}
        known = values.dropna()
        figure.add_scatter(x=known.index.tolist(), y=known.round(4).tolist(), mode="lines", line=line, name=str(name))
    if marked:
        at, height, name = marked
        marker = {"color": INK, "size": 10, "symbol": "diamond"}
        figure.add_scatter(x=[round(at, 4)], y=[round(height, 4)], mode="markers", marker=marker, name=name)
    return exhibit(figure, title, alt, x, y)


def _days(index: pd.Index) -> list[str]:
    return pd.DatetimeIndex(index).strftime("%Y-%m-%d").tolist()
