"""Control charts against published and hand-worked examples, and the laws they obey."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fulfillment.kpis.control_charts import false_alarm_rate, laney_chart, p_chart, pareto

# Pyzdek and Keller, The Handbook for Quality Management, 2nd ed. (2013), table 9.6: bruised peaches in crates of 250,
# one crate a shipment, or two where the shipment is listed here.
PEACHES = [47, 42, 55, 51, 46, 61, 39, 44, 41, 51, 88, 101, 101, 40, 48, 47, 50, 48, 57, 45, 43, 105, 98, 100, 96]
TWO_CRATES = {11, 12, 13, 22, 23, 24, 25}
CRATES = [500 if shipment in TWO_CRATES else 250 for shipment in range(1, 26)]

SAMPLES = st.lists(
    st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=60
)


def test_p_chart_matches_the_published_example():
    chart = p_chart(PEACHES, CRATES)
    assert chart["center"].round(3).unique().tolist() == [0.193]
    limits = chart[["lower", "upper"]].round(3).values.tolist()
    assert limits[0] == [0.118, 0.268]  # one crate; the book prints the lower limit as 0.1118, its formula gives 0.118
    assert limits[10] == [0.140, 0.246]  # two crates
    assert not chart["outside"].any()


def test_laney_chart_matches_hand_arithmetic():
    # p = 75 / 600 = 0.125; s = sqrt(0.125 * 0.875 / n) = 0.033072 for 100, 0.016536 for 400
    # z = -2.26779, 1.51186, -0.75593; moving ranges 3.77964, 2.26779; sigma_z = 3.02372 / 1.128 = 2.68060
    chart = laney_chart([5, 60, 10], [100, 400, 100])
    assert chart["sigma_z"].unique() == pytest.approx([2.68060], abs=1e-5)
    assert chart["upper"].tolist() == pytest.approx([0.39096, 0.25798, 0.39096], abs=1e-5)
    assert chart["lower"].tolist() == [0, 0, 0]


def test_laney_chart_on_a_narrow_chart_gives_narrower_limits():
    # s = 0.03, z = +-1/3, moving ranges 2/3, sigma_z = 0.59102
    assert laney_chart([9, 11, 9, 11], [100] * 4)["upper"][0] == pytest.approx(0.1 + 3 * 0.59102 * 0.03, abs=1e-6)


def test_a_baseline_sets_the_center_and_every_point_is_judged():
    chart = p_chart([2, 2, 30], [100, 100, 100], baseline=[True, True, False])
    assert chart["center"].tolist() == [0.02] * 3
    assert chart["outside"].tolist() == [False, False, True]
    whole = laney_chart([2, 3, 2, 30], [100] * 4, baseline=[True, True, True, False])
    assert whole["sigma_z"][0] == pytest.approx(laney_chart([2, 3, 2], [100] * 3)["sigma_z"][0])


def test_a_point_below_the_lower_limit_is_outside():
    assert p_chart([300, 300, 200], [1000] * 3)["outside"].tolist() == [False, False, True]


def test_the_eighth_point_on_one_side_is_flagged():
    chart = p_chart([4] * 9 + [6] * 9, [100] * 18)
    assert np.flatnonzero(chart["run_of_eight"]).tolist() == [7, 8, 16, 17]


def test_points_on_the_center_line_make_no_run():
    assert not p_chart([5] * 20, [100] * 20)["run_of_eight"].any()
    assert not p_chart([4] * 7 + [5] + [4] * 7 + [19], [100] * 16, baseline=[False] * 7 + [True] + [False] * 8)[
        "run_of_eight"
    ].any()


def test_the_index_of_the_counts_is_kept():
    weeks = pd.to_datetime(["2025-07-07", "2025-07-14"])
    assert p_chart(pd.Series([1, 2], weeks), pd.Series([50, 60], weeks)).index.equals(weeks)


@pytest.mark.parametrize("chart", [p_chart, laney_chart])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"counts": [1, 2], "sizes": [10]}, "lengths: counts 2, sizes 1"),
        ({"counts": [1, 2], "sizes": [10, 10], "baseline": [True]}, "baseline 1"),
        ({"counts": [1, 0], "sizes": [10, 0]}, "sizes: 0, expected at least 1"),
        ({"counts": [1, 1], "sizes": [10, float("nan")]}, "sizes: nan"),
        ({"counts": [1, 11], "sizes": [10, 10]}, "counts: 11, expected between 0 and its size"),
        ({"counts": [-1, 1], "sizes": [10, 10]}, "counts: -1"),
        ({"counts": [1, 1], "sizes": [10, 10], "sigmas": 0}, "sigmas: 0"),
        ({"counts": [1, 1], "sizes": [10, 10], "baseline": [False, False]}, "baseline: 0 points"),
        ({"counts": [], "sizes": []}, "baseline: 0 points"),
    ],
)
def test_wrong_input_is_refused_by_name(chart, arguments, message):
    with pytest.raises(ValueError, match=message):
        chart(**arguments)


def test_laney_chart_needs_two_points_and_some_variation():
    with pytest.raises(ValueError, match="baseline: 1 points, expected at least 2"):
        laney_chart([1], [10])
    with pytest.raises(ValueError, match="a share of 0 over the baseline"):
        laney_chart([0, 0], [10, 10])


@given(SAMPLES, st.floats(0.5, 5))
def test_limits_contain_the_center_and_stay_shares(samples, sigmas):
    counts, sizes = zip(*samples, strict=True)
    chart = p_chart(counts, sizes, sigmas)
    assert chart["center"].between(chart["lower"], chart["upper"]).all()
    assert chart[["lower", "upper"]].stack().between(0, 1).all()


@given(SAMPLES)
def test_limits_widen_as_samples_shrink(samples):
    counts, sizes = zip(*samples, strict=True)
    chart = p_chart(counts, sizes).assign(size=sizes).sort_values("size")
    assert (chart["upper"].diff().dropna() <= 1e-12).all()
    assert (chart["lower"].diff().dropna() >= -1e-12).all()


@given(SAMPLES)
def test_laney_limits_are_sigma_z_times_as_wide(samples):
    counts, sizes = zip(*samples, strict=True)
    assume(0 < sum(counts) < sum(sizes))
    laney = laney_chart(counts, sizes)
    assume(laney["sigma_z"][0] > 0)
    plain = p_chart(counts, sizes, sigmas=3 * laney["sigma_z"][0])
    assert laney["upper"].tolist() == pytest.approx(plain["upper"].tolist())
    assert laney["lower"].tolist() == pytest.approx(plain["lower"].tolist())


def test_pareto_orders_causes_and_adds_them_up():
    table = pareto(pd.Series(["b", "a", None, "c", "c", "b", "c"]))
    assert table["cause"].tolist() == ["c", "b", "a"]
    assert table["orders"].tolist() == [3, 2, 1]
    assert table["cumulative_share"].tolist() == pytest.approx([1 / 2, 5 / 6, 1])


def test_pareto_of_nothing_has_no_rows():
    assert pareto(pd.Series([None, None], dtype="str")).empty
    assert list(pareto([]).columns) == ["cause", "orders", "share", "cumulative_share"]


@given(st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=1))
def test_pareto_shares_sum_to_one_and_fall(causes):
    table = pareto(causes)
    assert table["orders"].sum() == len(causes) - causes.count(None)
    assert table["share"].is_monotonic_decreasing
    if len(table):
        assert table["share"].sum() == pytest.approx(1)
        assert table["cumulative_share"].iloc[-1] == pytest.approx(1)


def test_a_false_alarm_is_counted_exactly():
    # 10 orders at 10 %: the limit is 0.1 + 3 * sqrt(0.009) = 0.3846, so 4 or more late orders lie above it
    share = 1 - sum(math.comb(10, k) * 0.1**k * 0.9 ** (10 - k) for k in range(4))
    assert false_alarm_rate(10, 0.1) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize("bad", [{"size": 0}, {"size": 80.5}, {"share": 1.2}, {"share": None}, {"sigmas": 0}])
def test_a_false_alarm_refuses(bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))}: .*, expected a"):
        false_alarm_rate(**({"size": 10, "share": 0.1} | bad))
