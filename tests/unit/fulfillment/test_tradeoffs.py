"""Options compared: crossings by the algebra, the cheapest against a fine grid, the front against brute force."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import tradeoffs

TABLES = st.integers(2, 5).flatmap(
    lambda rows: st.lists(st.lists(st.integers(0, 9), min_size=rows, max_size=rows), min_size=2, max_size=4).map(
        lambda columns: pd.DataFrame(
            dict(zip("ABCD", columns, strict=False)), index=range(0, 10 * rows, 10), dtype=float
        )
    )
)


@given(TABLES)
def test_a_crossing_is_where_two_change_places(costs):
    found = tradeoffs.break_even_points(costs)
    for (first, second), rows in found.groupby(["first", "second"], sort=False):
        gap = costs[first] - costs[second]
        signs = np.sign(gap[gap != 0])
        assert len(rows.dropna()) == (signs.diff().fillna(0) != 0).sum()
        for row in rows.dropna().itertuples():
            assert np.interp(row.at, costs.index, gap) == pytest.approx(0, abs=1e-9)
            assert {row.below, row.above} == {first, second}
    assert set(zip(found["first"], found["second"], strict=True)) == set(combinations(costs, 2))


def test_a_minimum_that_bites_twice_crosses_twice():
    table = pd.DataFrame({"A": [9.0, 5.0, 5.0], "B": [8.0, 6.0, 4.0], "C": [9.0, 9.0, 9.0]}, index=[1, 2, 3])
    found = tradeoffs.break_even_points(table)
    both = found[(found["first"] == "A") & (found["second"] == "B")]
    assert both["at"].tolist() == [1.5, 2.5]
    assert both[["below", "above"]].to_numpy().tolist() == [["B", "A"], ["A", "B"]]
    assert found[found["second"] == "C"]["below"].tolist() == ["A", "B"]


@pytest.mark.parametrize("touching", [[2.0, 1.0, 2.0], [1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [1.0, 1.0, 1.0]])
def test_lines_that_only_touch_do_not_cross(touching):
    level = pd.DataFrame({"flat": [1.0] * 3, "other": touching}, index=[0, 1, 2])
    assert tradeoffs.break_even_points(level)["at"].isna().all()
    assert tradeoffs.cheapest(level)["option"].tolist() == ["flat"]


def test_rounding_is_no_crossing():
    table = pd.DataFrame({"A": [0.3, 0.6, 0.9], "B": [0.1 * 3, 0.2 * 3, 0.3 * 3]}, index=[1, 2, 3])
    assert (table["A"] != table["B"]).any()
    assert tradeoffs.break_even_points(table)["at"].isna().all()


def test_options_that_go_together_for_a_while_cross_at_its_start():
    table = pd.DataFrame({"A": [1.0, 2.0, 2.0, 4.0], "B": [2.0, 2.0, 2.0, 3.0]}, index=[0, 1, 2, 3])
    assert tradeoffs.break_even_points(table)[["below", "above", "at"]].to_numpy().tolist() == [["A", "B", 1.0]]


@given(TABLES)
def test_the_cheapest_is_the_cheapest_on_a_fine_grid(costs):
    stretches = tradeoffs.cheapest(costs)
    assert (stretches["above"].iloc[1:].to_numpy() == stretches["to"].iloc[:-1].to_numpy()).all()
    assert [stretches["above"].iloc[0], stretches["to"].iloc[-1]] == [costs.index[0], costs.index[-1]]
    assert (stretches["option"] != stretches["option"].shift()).all()
    for at in np.linspace(costs.index[0], costs.index[-1], 97):
        level = pd.Series({option: np.interp(at, costs.index, costs[option]) for option in costs})
        row = stretches[(stretches["above"] <= at) & (at <= stretches["to"])].iloc[0]
        assert level[row["option"]] == pytest.approx(level.min(), abs=1e-9)


def test_one_option_alone_is_the_cheapest_everywhere():
    assert tradeoffs.cheapest(pd.DataFrame({"only": [1.0, 2.0]}, index=[0, 1])).values.tolist() == [[0.0, 1.0, "only"]]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12))
def test_what_stays_is_what_no_other_beats_and_twins_stay_together(points):
    kept = tradeoffs.pareto_efficient(*zip(*points, strict=True))
    for point, stays in zip(points, kept, strict=True):
        assert stays == (not any(a <= point[0] and b <= point[1] and (a, b) != point for a, b in points))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tradeoffs.break_even_points(pd.DataFrame({"A": [1, 2]})), "costs: .*expected two or more options"),
        (lambda: tradeoffs.break_even_points(pd.DataFrame({"A": [1, 2], "B": 3}, [2, 1])), "rising points"),
        (
            lambda: tradeoffs.break_even_points(pd.DataFrame({"A": [1, None], "B": 3})),
            "costs: A: nan in row 1, expected a finite number",
        ),
        (lambda: tradeoffs.pareto_efficient([1, 2], [1]), "second: 1 options, expected 2 as in first"),
        (lambda: tradeoffs.pareto_efficient([1, None], [1, 2]), "first: nan, expected a finite number"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
