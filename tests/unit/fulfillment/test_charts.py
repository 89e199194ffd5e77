"""Exhibits shared by chapters say what they show and draw what they were given."""

import math

import pandas as pd
import pytest

from fulfillment import charts

ESTIMATES = pd.DataFrame(
    {"value": [0.5, 0.2], "lower": [0.4, 0.1], "upper": [0.65, 0.3], "planned": [math.nan, 0.25]},
    index=["Sale", "Stream"],
)


def test_an_interval_chart_draws_the_first_row_on_top_and_a_plan_only_where_there_was_one():
    figure = charts.interval_chart(
        ESTIMATES, "A title that states it", "Two events with intervals", "uplift, %", "event"
    )
    measured, planned = figure.data
    assert list(measured.x) == [50, 20]
    assert (list(measured.error_x.array), list(measured.error_x.arrayminus)) == ([15, 10], [10, 10])
    assert (list(planned.x), list(planned.y)) == ([25], ["Stream"])
    assert list(figure.layout.yaxis.categoryarray) == ["Stream", "Sale"]
    assert figure.layout.xaxis.title.text == "uplift, %"
    assert figure.layout.meta["alt"] == "Two events with intervals"


def test_a_line_chart_ends_a_line_where_values_end_and_marks_its_point():
    days = pd.date_range("2026-05-04", periods=3)
    frame = pd.DataFrame({"queue": [1.0, 2.0, math.nan], "limit": [2.0] * 3}, days)
    figure = charts.line_chart(frame, "A title", "Two lines", "day", "orders", marked=(1, 2, "full"))
    queue, limit, point = figure.data
    assert list(queue.x) == ["2026-05-04", "2026-05-05"]
    assert (queue.line.color, limit.line.color) == (charts.TEAL, charts.RUST)
    assert (list(point.x), list(point.y), point.name) == ([1], [2], "full")
    assert (figure.layout.yaxis.rangemode, figure.layout.yaxis.type) == (None, None)


@pytest.mark.parametrize(("scale", "axis"), [("zero", ("tozero", None)), ("log", (None, "log"))])
def test_a_line_chart_keeps_to_its_scale_and_its_looks(scale, axis):
    frame = pd.DataFrame({name: [1.0, 2.0] for name in "abc"})
    figure = charts.line_chart(frame, "A title", "Lines", "x", "y", looks=charts.AGAINST, scale=scale, steps=True)
    assert (figure.layout.yaxis.rangemode, figure.layout.yaxis.type) == axis
    assert [(trace.line.color, trace.line.dash, trace.line.shape) for trace in figure.data] == [
        (charts.TEAL, "solid", "hv"),
        (charts.RUST, "solid", "hv"),
        (charts.QUIET, "dash", "hv"),
    ]


def test_a_line_chart_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match="scale: 'linear', expected one of free, zero, log"):
        charts.line_chart(pd.DataFrame({"a": [1]}), "A title", "A line", "x", "y", scale="linear")
    with pytest.raises(ValueError, match="frame: 7 columns, expected up to 6"):
        charts.line_chart(pd.DataFrame([range(7)]), "A title", "Lines", "x", "y")
