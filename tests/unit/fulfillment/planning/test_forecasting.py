"""Forecasts and events: what was planted is found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import formulas
from fulfillment.planning import forecasting


def daily(seed: int = 0, days: int = 365, noise: float = 0.05) -> pd.Series:
    """Orders that grow 20 % a year, with a weekly pattern and independent noise."""
    dates = pd.date_range("2025-01-01", periods=days)
    weekday = np.array([1.1, 1.02, 1.0, 0.98, 0.94, 0.92, 1.04])[dates.dayofweek]
    noise = np.random.default_rng(seed).normal(0, noise, days)
    return pd.Series(1000 * weekday * 1.2 ** (np.arange(days) / 365) * np.exp(noise), dates)


EVENTS = {"Prime-like": ["2025-07-08", "2025-07-09"], "Cyber": ["2025-11-28", "2025-12-01"]}


def with_events(orders: pd.Series) -> pd.Series:
    orders = orders.copy()
    orders[pd.to_datetime(EVENTS["Prime-like"])] *= 1.4
    orders[pd.to_datetime(EVENTS["Cyber"])] *= 2.5
    return orders


@given(
    series=st.lists(st.floats(1, 1000), min_size=3, max_size=20),
    alpha=st.floats(0.05, 0.95),
)
def test_simple_smoothing_follows_its_formula(series, alpha):
    smoothed = forecasting.smoothing(series, horizon=2, alpha=alpha)
    level = series[0]
    for before, observation, after in zip(smoothed.fitted, series, smoothed.level, strict=True):
        assert before == pytest.approx(level)
        level = formulas.SMOOTHED_LEVEL(alpha=alpha, observation=observation, level=level)
        assert after == pytest.approx(level)
    assert smoothed.forecast.tolist() == pytest.approx([level, level])


def test_a_trend_and_a_season_are_carried_on():
    line = forecasting.smoothing(pd.Series(np.arange(10.0, 50.0, 2)), horizon=3, trend=True)
    assert line.forecast.tolist() == pytest.approx([50, 52, 54], rel=1e-3)
    week = np.tile([100.0, 90, 80, 85, 95, 120, 130], 6)
    season = forecasting.smoothing(week, horizon=7, season_length=7)
    assert season.forecast.tolist() == pytest.approx(week[:7], rel=1e-3)
    assert set(season.weights) == {"alpha", "gamma"}


def test_a_fitted_weight_is_at_least_as_good_as_any_other():
    orders = daily(noise=0.2)
    fitted = forecasting.smoothing(orders)
    errors = {
        w: forecasting.accuracy(orders, forecasting.smoothing(orders, alpha=w).fitted)["mse"]
        for w in (0.05, 0.2, 0.5, 0.9)
    }
    assert forecasting.accuracy(orders, fitted.fitted)["mse"] <= min(errors.values()) * (1 + 1e-4)
    assert fitted.fitted.index.equals(orders.index)


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), min_size=1, max_size=30))
def test_error_measures_keep_their_order(pairs):
    actual, forecast = zip(*pairs, strict=True)
    measures = forecasting.accuracy(actual, forecast)
    assert abs(measures["bias"]) <= measures["mad"] + 1e-9
    assert measures["mad"] <= measures["rmse"] + 1e-9
    assert measures["wape"] == pytest.approx(measures["mad"] * len(pairs) / sum(actual))
    turned = forecasting.accuracy([100 * value for value in actual], [100 * value for value in forecast])
    assert turned["mape"] == pytest.approx(measures["mape"])
    assert forecasting.accuracy(actual, actual)["mad"] == 0


def test_bias_is_negative_where_too_much_was_forecast_and_mape_has_no_value_at_zero():
    measures = forecasting.accuracy([0, 100], [20, 110])
    assert measures["bias"] == -15
    assert measures["wape"] == 0.30
    assert np.isnan(measures["mape"])


TIMES = pd.Series([daily().index[0] + pd.Timedelta(hours=9)])


def test_planted_uplifts_are_found_within_their_intervals():
    found = forecasting.event_uplift(with_events(daily()), EVENTS)
    for event, planted in (("Prime-like", 0.4), ("Cyber", 1.5)):
        assert found.loc[event, "lower"] < planted < found.loc[event, "upper"]
        assert found.loc[event, "uplift"] == pytest.approx(planted, abs=0.15)
    assert found["days"].tolist() == [2, 2]


def test_intervals_hold_the_truth_as_often_as_they_say():
    inside, hits = [], []
    for seed in range(100):
        orders = with_events(daily(seed, days=400))
        found = forecasting.event_uplift(orders[:365], EVENTS, confidence=0.9)
        inside.append(found.loc["Cyber", "lower"] < 1.5 < found.loc["Cyber", "upper"])
        planned = pd.Series("", orders.index[365:395])
        band = forecasting.event_forecast(orders[:365], EVENTS, planned, confidence=0.8)
        hits.append(orders[365:395].between(band["lower"], band["upper"]).mean())
    assert np.mean(inside) == pytest.approx(0.90, abs=0.05)
    assert np.mean(hits) == pytest.approx(0.80, abs=0.03)


def test_a_planned_event_is_forecast_like_the_one_seen():
    orders = with_events(daily())
    band = forecasting.event_forecast(orders, EVENTS, {"2026-01-09": "Cyber", "2026-01-16": ""})
    assert band["orders"].iloc[0] / band["orders"].iloc[1] == pytest.approx(2.5, rel=0.1)
    assert (band["lower"] < band["orders"]).all()
    assert (band["orders"] < band["upper"]).all()
    assert band.index.tolist() == [pd.Timestamp("2026-01-09"), pd.Timestamp("2026-01-16")]


def test_placebo_runs_vary_as_the_intervals_say_where_days_are_independent():
    orders = with_events(daily(days=400))
    runs = forecasting.placebo_uplift(orders, EVENTS, days=2)
    found = forecasting.event_uplift(orders, EVENTS).loc["Cyber"]
    half = np.log1p(found["upper"]) - np.log1p(found["uplift"])
    assert np.log1p(runs).quantile(0.975) == pytest.approx(half, rel=0.25)
    assert runs.abs().max() < found["uplift"]


def test_placebo_runs_widen_where_days_follow_each_other():
    rng, days = np.random.default_rng(7), pd.date_range("2025-07-01", periods=400)
    wander = pd.Series(rng.normal(0, 0.02, 400)).cumsum().rolling(7, min_periods=1).mean()
    orders = pd.Series(1000 * np.exp(wander - wander.mean()).to_numpy(), days)
    event = {"Sale": days[200:204]}
    found = forecasting.event_uplift(orders, event).loc["Sale"]
    half = np.log1p(found["upper"]) - np.log1p(found["uplift"])
    assert np.log1p(forecasting.placebo_uplift(orders, event, days=4)).quantile(0.975) > 1.3 * half


def test_placebo_runs_hold_no_event_day():
    orders = with_events(daily())
    runs = forecasting.placebo_uplift(orders, EVENTS, days=3)
    busy = pd.DatetimeIndex([day for days in EVENTS.values() for day in days])
    covered = [day + pd.Timedelta(days=n) for day in runs.index for n in range(3)]
    assert not set(covered) & set(busy)


def test_pace_at_midnight_is_the_day_over_its_expectation():
    days = pd.date_range("2026-05-04", periods=3)
    placed = pd.Series([day + pd.Timedelta(hours=hour) for day in days for hour in (0, 9, 9, 23)])
    ratio = forecasting.intraday_pace(placed, pd.Series([4.0, 4.0, 8.0], days), days[:2])
    assert ratio.columns.tolist() == list(range(1, 25))
    assert ratio[24].tolist() == [1.0, 1.0, 0.5]
    assert ratio.loc[days[0], 1] == 1.0
    late = forecasting.intraday_pace(placed[placed.dt.hour > 8], pd.Series(3.0, days), days)
    assert late[8].isna().all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: forecasting.smoothing([1]), "series: 1 observations, expected at least 2"),
        (lambda: forecasting.smoothing([1, None, 3]), "series: nan, expected a finite number"),
        (lambda: forecasting.smoothing([1, 2, 3], alpha=1.2), "alpha: 1.2, expected a number from 0 to 1"),
        (lambda: forecasting.smoothing([1, 2, 3], beta=0.2), "beta: 0.2, expected 0 to 1 with trend=True"),
        (lambda: forecasting.smoothing([1, 2, 3], gamma=0.2), "gamma: 0.2, expected 0 to 1 with a season_length"),
        (lambda: forecasting.smoothing([1] * 13, season_length=7), "series: 13 observations, expected at least 14"),
        (lambda: forecasting.smoothing([1, 2, 3], horizon=0), "horizon: 0, expected a whole number from 1 to 10,000"),
        (lambda: forecasting.accuracy([1, 2], [1]), "forecast: 1 periods, expected 2"),
        (lambda: forecasting.accuracy([0, 0], [1, 2]), "actual: all zero"),
        (
            lambda: forecasting.event_uplift(daily(), {"X": ["2030-01-01"]}),
            r"events: X has days \['2030-01-01'\], expected",
        ),
        (
            lambda: forecasting.event_uplift(daily(), {"X": ["2025-07-01"], "Y": ["2025-07-01"]}),
            "Y shares a day with X",
        ),
        (
            lambda: forecasting.event_uplift(daily(days=20), {}),
            "orders: 20 days without an event, expected at least 28",
        ),
        (
            lambda: forecasting.event_uplift(daily() * 0, {}),
            "orders: 0.0 in row 2025-01-01, expected a finite number above 0",
        ),
        (lambda: forecasting.event_uplift(daily().reset_index(drop=True), {}), "orders: expected one row a day"),
        (
            lambda: forecasting.event_uplift(daily(), EVENTS, confidence=95),
            "confidence: 95, expected above 0 and below 1",
        ),
        (
            lambda: forecasting.event_forecast(daily(), EVENTS, {"2026-01-09": "Easter"}),
            "planned: .'Easter'., expected days",
        ),
        (lambda: forecasting.event_forecast(daily(), EVENTS, {}), "planned: no day"),
        (lambda: forecasting.placebo_uplift(daily(), EVENTS, days=0), "days: 0, expected a whole number"),
        (lambda: forecasting.placebo_uplift(daily(), EVENTS, days=5000), "days: 5000, expected runs that occur"),
        (
            lambda: forecasting.intraday_pace(TIMES, daily() * 0, daily().index),
            "expected: 0.0 in row 2025-01-01, expected a finite number above 0",
        ),
        (
            lambda: forecasting.intraday_pace(TIMES, daily(), ["2031-01-01"]),
            r"ordinary: \['2031-01-01'\], expected days of expected",
        ),
        (lambda: forecasting.intraday_pace(TIMES, daily(), daily().index[1:2]), "ordinary: no order on these days"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
