"""Forecasts of orders and units, how good they are, and what an event does to demand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.regression.linear_model import RegressionResultsWrapper
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from fulfillment import arguments as arg

# Smoothing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forecast:
    """A smoothed series: ``fitted`` (each period as forecast one period before), ``forecast`` (the periods after its
    end), ``level`` (after each observation) and the ``weights`` used (``alpha``, ``beta``, ``gamma``)."""

    fitted: pd.Series
    forecast: pd.Series
    level: pd.Series
    weights: dict[str, float]


@arg.takes(
    series=arg.amounts(),
    horizon=arg.count(1, 10_000),
    alpha=arg.share,
    trend=arg.flag,
    beta=arg.share,
    season_length=arg.count(2),
    gamma=arg.share,
)
def smoothing(
    series: Sequence[float] | pd.Series,
    horizon: int = 1,
    alpha: float | None = None,
    trend: bool = False,
    beta: float | None = None,
    season_length: int | None = None,
    gamma: float | None = None,
) -> Forecast:
    """Exponential smoothing: simple, with a trend (Holt), or with a trend and additive seasons (Holt and Winters).

    Parameters
    ----------
    series : observations in order of time. Simple smoothing starts at the first one. With a trend or seasons the start
        (level, trend and seasons before the first observation) is fitted by least squares with the weights, also where
        those are given: a textbook that starts Holt's level at the first observation and its trend at the first
        difference gets other figures from a short series.
    horizon : periods to forecast, at least 1.
    alpha, beta, gamma : weights of the newest level, trend and season, 0 to 1; fitted by least squares where not given.
    trend : True for Holt's method.
    season_length : periods in a season (7 for days of a week); needs two full seasons.

    Returns
    -------
    Forecast.

    Raises
    ------
    ValueError if the series is too short or not finite, a weight is outside 0 to 1, or belongs to a part not asked for.

    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, on exponential smoothing; statsmodels.

    >>> smoothing([99, 88, 50, 58, 62, 60, 55, 62, 71, 65], alpha=0.3).forecast.round(2).tolist()
    [65.43]
    """
    values = pd.Series(series, dtype=float)
    least = 2 * season_length if season_length else 3 if trend else 2
    if len(values) < least:
        raise ValueError(f"series: {len(values)} observations, expected at least {least}")
    asked = {"alpha": True, "beta": trend, "gamma": season_length is not None}
    weights = {"alpha": alpha, "beta": beta, "gamma": gamma}
    for name, weight in weights.items():
        if weight is not None and not asked[name]:
            part = {"alpha": "", "beta": " with trend=True", "gamma": " with a season_length"}[name]
            raise ValueError(f"{name}: {weight}, expected 0 to 1{part}")
    simple = not trend and not season_length
    start = {"initialization_method": "known", "initial_level": values.iloc[0]} if simple else {}
    model = ExponentialSmoothing(
        values.to_numpy(),
        trend="add" if trend else None,
        seasonal="add" if season_length else None,
        seasonal_periods=season_length,
        **start,
    )
    given = {"smoothing_level": alpha, "smoothing_trend": beta, "smoothing_seasonal": gamma}
    with np.errstate(divide="ignore", invalid="ignore"):  # statsmodels' information criteria of an exact fit
        fit = model.fit(**given, optimized=not (simple and alpha is not None))
        ahead = fit.forecast(horizon)
    used = {"alpha": "smoothing_level", "beta": "smoothing_trend", "gamma": "smoothing_seasonal"}
    return Forecast(
        fitted=pd.Series(fit.fittedvalues, values.index, name="fitted"),
        forecast=pd.Series(ahead, name="forecast"),
        level=pd.Series(fit.level, values.index, name="level"),
        weights={name: float(fit.params[key]) for name, key in used.items() if asked[name]},
    )


@arg.takes(actual=arg.amounts(0), forecast=arg.amounts())
def accuracy(actual: Sequence[float] | pd.Series, forecast: Sequence[float] | pd.Series) -> dict[str, float]:
    """How far forecasts were off.

    Parameters
    ----------
    actual, forecast : the same periods in the same order, one unit.

    Returns
    -------
    dict: ``bias`` (mean of actual less forecast: negative means too much was forecast), ``mad``, ``mse``, ``rmse``,
    ``mape`` (fraction; not a number where an actual is zero), ``wape`` (sum of absolute errors over sum of actuals) and
    ``tracking_signal`` (sum of errors over ``mad``).

    Raises
    ------
    ValueError if the lengths differ, a value is missing, or all actuals are zero.

    >>> {name: round(value, 2) for name, value in accuracy([100, 200, 50], [110, 180, 60]).items()}
    {'bias': 0.0, 'mad': 13.33, 'mse': 200.0, 'rmse': 14.14, 'mape': 0.13, 'wape': 0.11, 'tracking_signal': 0.0}
    """
    actuals, forecasts = np.asarray(actual, float), np.asarray(forecast, float)
    if len(actuals) != len(forecasts):
        raise ValueError(f"forecast: {len(forecasts)} periods, expected {len(actuals)} as in actual")
    if not actuals.any():
        raise ValueError("actual: all zero, expected some demand")
    error = actuals - forecasts
    mad = np.abs(error).mean()
    measures = {
        "bias": error.mean(),
        "mad": mad,
        "mse": (error**2).mean(),
        "rmse": np.sqrt((error**2).mean()),
        "mape": np.abs(error / actuals).mean() if actuals.all() else np.nan,
        "wape": np.abs(error).sum() / actuals.sum(),
        "tracking_signal": error.sum() / mad if mad else 0.0,
    }
    return {name: float(measure) for name, measure in measures.items()}


# Events ---------------------------------------------------------------------------------------------------------------


def _design(days: pd.DatetimeIndex, start: pd.Timestamp, labels: pd.Series, events: Iterable[str]) -> pd.DataFrame:
    """Constant, growth in years, weekdays against Monday, and a column per event."""
    columns = {"constant": np.ones(len(days)), "growth": (days - start).days / 365}
    columns |= {f"weekday_{day}": (days.dayofweek == day).astype(float) for day in range(1, 7)}
    columns |= {event: (labels == event).to_numpy(float) for event in events}
    return pd.DataFrame(columns, index=days)


def _fit(orders: pd.Series, events: Mapping[str, Sequence]) -> tuple[RegressionResultsWrapper, list[str]]:
    if not isinstance(orders.index, pd.DatetimeIndex) or orders.index.has_duplicates:
        raise ValueError("orders: expected one row a day, indexed by date")
    labels = pd.Series("", orders.index)
    for event, days in events.items():
        wanted = pd.DatetimeIndex(days)
        missing = wanted.difference(orders.index)
        if not len(wanted) or len(missing):
            raise ValueError(f"events: {event} has days {[f'{day:%F}' for day in missing]}, expected days of orders")
        if (labels[wanted] != "").any():
            raise ValueError(f"events: {event} shares a day with {labels[wanted].max()}, expected one event a day")
        labels[wanted] = event
    if (labels == "").sum() < 28:
        raise ValueError(f"orders: {(labels == '').sum()} days without an event, expected at least 28")
    design = _design(orders.index, orders.index.min(), labels, events)
    return sm.OLS(np.log(orders.astype(float)), design).fit(), list(events)


@arg.takes(orders=arg.by_name(arg.ABOVE_0), events=arg.each(arg.times(), empty=True), confidence=arg.amount())
def event_uplift(orders: pd.Series, events: Mapping[str, Sequence], confidence: float = 0.95) -> pd.DataFrame:
    """What each event did to daily orders, against the weekday and the growth around it.

    Regression of the logarithm of orders on weekday, growth and a term per event. Where demand wanders for weeks on end
    the intervals are too narrow: they take the days' deviations as independent.

    Parameters
    ----------
    orders : Series of daily orders, each above 0, indexed by date; at least 28 days without an event.
    events : name of each event and its days.
    confidence : of the intervals, above 0 and below 1.

    Returns
    -------
    DataFrame, a row per event: ``uplift`` (1.5 is 150 % more orders than without it), ``lower``, ``upper``, ``days``.

    Raises
    ------
    ValueError if ``orders`` is not as described, an event has a day outside it, or two events share a day.

    >>> days = pd.date_range("2025-10-01", periods=61)
    >>> orders = pd.Series([1000.0 + 10 * (day % 3) for day in range(61)], days)
    >>> orders["2025-11-28"] *= 3
    >>> event_uplift(orders, {"Black Friday": ["2025-11-28"]}).round(2).values.tolist()
    [[2.0, 1.94, 2.06, 1.0]]
    """
    _inside("confidence", confidence)
    fit, names = _fit(orders, events)
    interval = np.exp(fit.conf_int(1 - confidence).loc[names]) - 1
    table = pd.DataFrame({"uplift": np.exp(fit.params[names]) - 1, "lower": interval[0], "upper": interval[1]})
    return table.assign(days=[len(events[name]) for name in names])


@arg.takes(
    orders=arg.by_name(arg.ABOVE_0),
    events=arg.each(arg.times(), empty=True),
    planned=arg.a(pd.Series, Mapping),
    confidence=arg.amount(),
)
def event_forecast(
    orders: pd.Series,
    events: Mapping[str, Sequence],
    planned: pd.Series | Mapping[object, str],
    confidence: float = 0.80,
) -> pd.DataFrame:
    """Daily orders on coming days, with events like those seen before.

    Parameters
    ----------
    orders, events : the history, as in `event_uplift`.
    planned : the coming days, each with the name of a past event that it will be like, or ``""``.
    confidence : of the intervals: the share of days expected inside.

    Returns
    -------
    DataFrame, a row per day: ``orders`` (the middle of the forecast: as likely above as below), ``lower``, ``upper``.

    Raises
    ------
    ValueError as `event_uplift`, or if a planned event is not among ``events``.

    >>> days = pd.date_range("2025-10-01", periods=61)
    >>> orders = pd.Series([1000.0 + 10 * (day % 3) for day in range(61)], days)
    >>> orders["2025-11-28"] *= 3
    >>> seen = {"Black Friday": ["2025-11-28"]}
    >>> event_forecast(orders, seen, {"2025-12-12": "Black Friday", "2025-12-13": ""}).round(-1).values.tolist()
    [[3030.0, 2980.0, 3080.0], [1010.0, 1000.0, 1020.0]]
    """
    _inside("confidence", confidence)
    fit, names = _fit(orders, events)
    if any(not isinstance(event, str) for event in pd.Series(planned, dtype=object)):
        raise ValueError(f"planned: {list(dict(planned).values())}, expected the name of an event or '' for each day")
    labels = pd.Series(dict(planned), dtype=str)
    labels.index = arg.times()("planned", list(labels.index))
    unknown = sorted(set(labels) - {"", *names})
    if unknown or labels.empty:
        raise ValueError(f"planned: {unknown or 'no day'}, expected days with one of {names} or ''")
    design = _design(labels.index, orders.index.min(), labels, names)
    frame = fit.get_prediction(design).summary_frame(alpha=1 - confidence)
    table = np.exp(frame[["mean", "obs_ci_lower", "obs_ci_upper"]])
    return table.set_axis(["orders", "lower", "upper"], axis=1).set_index(labels.index)


@arg.takes(orders=arg.by_name(arg.ABOVE_0), events=arg.each(arg.times(), empty=True), days=arg.count(1, 10_000))
def placebo_uplift(orders: pd.Series, events: Mapping[str, Sequence], days: int = 1) -> pd.Series:
    """What an event of some days "does" when there is none: the yardstick for `event_uplift` that takes no day as
    independent of the next.

    Each run of consecutive days without an event is measured as if it had been one. An uplift well outside these is more
    than the usual wander of demand. (Robust standard errors do not help an event of one day: its own term fits that day
    exactly, and leaves no deviation to estimate from.)

    Parameters
    ----------
    orders, events : as in `event_uplift`.
    days : length of the run, at least 1.

    Returns
    -------
    Series, indexed by the first day of each run: its uplift, a fraction.

    Raises
    ------
    ValueError as `event_uplift`, or if no run of that many days is free of events.

    >>> days = pd.date_range("2025-10-01", periods=61)
    >>> orders = pd.Series([1000.0 + 10 * (day % 3) for day in range(61)], days)
    >>> f'{placebo_uplift(orders, {"Black Friday": ["2025-11-28"]}, days=2).abs().max():.3f}'
    '0.006'
    """
    fit, _ = _fit(orders, events)
    busy = pd.DatetimeIndex([day for event in events.values() for day in pd.DatetimeIndex(event)])
    free = fit.resid.where(~orders.index.isin(busy)).asfreq("D")
    runs = np.exp(free.rolling(days).mean()) - 1
    runs.index = runs.index - pd.Timedelta(days=days - 1)
    if runs.notna().sum() == 0:
        raise ValueError(f"days: {days}, expected runs that occur without an event")
    return runs.dropna().rename("uplift")


@arg.takes(placed=arg.times(gaps=True), expected=arg.by_name(arg.ABOVE_0), ordinary=arg.times())
def intraday_pace(placed: pd.Series, expected: pd.Series, ordinary: Sequence) -> pd.DataFrame:
    """Orders so far over those expected by then, hour by hour: 1.3 at noon is 30 % ahead of the day.

    Parameters
    ----------
    placed : time of each order.
    expected : orders expected of each day, above 0, indexed by date.
    ordinary : days of ``expected`` whose orders give the usual spread over the hours.

    Returns
    -------
    DataFrame, a row per day of ``expected``, columns 1 to 24: the hour by which orders are counted (12 is noon).
    Missing for an hour by which no order is usual.

    Raises
    ------
    ValueError if ``expected`` is not above 0, or no order falls on an ordinary day.

    Two orders a day are usual, one before noon; the second day has three by then:

    >>> times = pd.Series(pd.to_datetime(["2026-05-04 09:00", "2026-05-04 15:00"] + ["2026-05-05 10:00"] * 3))
    >>> days = pd.Series([2, 2], pd.to_datetime(["2026-05-04", "2026-05-05"]))
    >>> intraday_pace(times, days, ["2026-05-04"])[12].tolist()
    [1.0, 3.0]
    """
    if not isinstance(expected.index, pd.DatetimeIndex):
        raise ValueError("expected: no dates, expected one row a day, indexed by date")
    usual = pd.DatetimeIndex(ordinary)
    missing = usual.difference(expected.index)
    if len(missing):
        raise ValueError(f"ordinary: {[f'{day:%F}' for day in missing]}, expected days of expected")
    hours = pd.crosstab(placed.dt.normalize(), placed.dt.hour + 1)
    so_far = hours.reindex(index=expected.index, columns=range(1, 25), fill_value=0).cumsum(axis=1)
    if not so_far.loc[usual, 24].sum():
        raise ValueError("ordinary: no order on these days, expected at least one")
    profile = so_far.loc[usual].sum() / so_far.loc[usual, 24].sum()
    due = pd.DataFrame(np.outer(expected, profile), expected.index, so_far.columns)
    return so_far / due.where(due > 0)


def _inside(name: str, share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"{name}: {share}, expected above 0 and below 1")


# Surges ---------------------------------------------------------------------------------------------------------------
