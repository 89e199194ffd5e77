"""Exhibits shared by chapters say what they show and draw what they were given."""

import math

import pandas as pd

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
