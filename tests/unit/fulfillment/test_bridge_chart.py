"""Exhibits that chapters share: what is drawn is what was given."""

import pandas as pd
import pytest

from fulfillment import charts


def test_each_bar_of_a_bridge_begins_where_the_last_one_ended():
    steps = pd.Series({"zones": 0.2, "cartons": -0.1, "rates": 0.3})
    figure = charts.bridge_chart(
        ("July", 5.0), steps, "May", "Rates lead a rise of 0.40", "A bridge " * 6, "USD per order"
    )
    bar = figure.data[0]
    ends = [base + size for base, size in zip(bar.base, bar.x, strict=True)]
    assert list(bar.y) == ["July", "zones", "cartons", "rates", "May"]
    assert list(bar.base) == pytest.approx([0, 5.0, 5.2, 5.1, 0])
    assert ends == pytest.approx([5.0, 5.2, 5.1, 5.4, 5.4])
    assert list(bar.text) == ["5.00", "+0.20", "-0.10", "+0.30", "5.40"]
    assert set(bar.marker.color) <= set(charts.PALETTE)
    assert figure.layout.xaxis.title.text == "USD per order"


def test_a_large_step_is_drawn_from_zero():
    figure = charts.bridge_chart(
        ("then", 1.0), pd.Series({"a": 4.0}), "now", "It grew five times", "A bridge " * 6, "USD"
    )
    assert figure.layout.xaxis.range[0] == 0
