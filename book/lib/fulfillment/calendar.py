"""Days as contracts count them: weeks, business days, delivery days, deadlines, cut-offs.

Times are read by `validate.time_column`: text as ISO has it, a zone dropped and its clock kept, so that 13:30 in Los
Angeles is before a cut-off at 14. What is missing stays missing.
"""

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from fulfillment import arguments as arg
from fulfillment.validate import time_columns

#: Monday to Friday without the US federal holidays (observed dates), as the platform's clocks count.
BUSINESS_DAYS = np.busdaycalendar(
    holidays=USFederalHolidayCalendar().holidays("2010-01-01", "2039-12-31").values.astype("datetime64[D]")
)


END_OF_DAY = pd.Timedelta(hours=23, minutes=59)


@arg.takes(times=arg.times(gaps=True))
def week_of(times: pd.Series) -> pd.Series:
    """Monday of each time's week.

    Parameters
    ----------
    times : Series of datetimes; missing values stay missing.

    Returns
    -------
    Series of datetimes at midnight.

    >>> week_of(pd.Series(pd.to_datetime(["2025-11-30 23:59", "2025-12-01 00:00"]))).dt.strftime("%F").tolist()
    ['2025-11-24', '2025-12-01']
    """
    monday: pd.Series = times.dt.normalize() - pd.to_timedelta(times.dt.day_of_week, unit="D")
    return monday


@arg.takes(ordered_at=arg.times(gaps=True), days=arg.count(1, 10_000))
def business_day_deadline(ordered_at: pd.Series, days: int) -> pd.Series:
    """The last minute (11:59 pm) of the n-th business day after the order's day.

    An order of any minute of a day counts as that day's; one of a weekend or holiday counts from the next business
    day, which is its day 1.

    Parameters
    ----------
    ordered_at : Series of datetimes.
    days : business days, a whole number of at least 1.

    Returns
    -------
    Series of datetimes.

    Raises
    ------
    ValueError if ``days`` is below 1.

    Source: facts ``us.dispatch_sla``, ``us.deliver_by_sla``.

    Two business days from a Tuesday evening before Thanksgiving 2025, and from the Saturday after it:

    >>> ordered = pd.Series(pd.to_datetime(["2025-11-25 23:30", "2025-11-29 08:00"]))
    >>> business_day_deadline(ordered, 2).astype(str).tolist()
    ['2025-11-28 23:59:00', '2025-12-02 23:59:00']
    """
    last = np.busday_offset(_days(ordered_at), days, "backward", busdaycal=BUSINESS_DAYS)
    return pd.Series(last.astype("datetime64[us]"), ordered_at.index) + END_OF_DAY


def _days(times: pd.Series) -> np.ndarray:
    return np.asarray(times.to_numpy().astype("datetime64[D]"))


#: Monday to Saturday without US federal holidays: the days on which centers work and carriers deliver.
DELIVERY_DAYS = np.busdaycalendar("1111110", BUSINESS_DAYS.holidays)


@arg.takes(ordered_at=arg.times(gaps=True), cut_off_hour=arg.amount(0, 24))
def planned_dispatch(ordered_at: pd.Series, cut_off_hour: float) -> pd.Series:
    """The day on which an order should leave: its own if placed before the cut-off of a working day, else the next.

    Parameters
    ----------
    ordered_at : Series of datetimes.
    cut_off_hour : hour of the day, 0 to 24.

    Returns
    -------
    Series of days. Centers work Monday to Saturday, without US federal holidays.

    Raises
    ------
    ValueError if the hour is not between 0 and 24.

    Friday before and after the cut-off, and Sunday:

    >>> times = pd.Series(pd.to_datetime(["2025-07-11 13:59", "2025-07-12 14:00", "2025-07-13 09:00"]))
    >>> planned_dispatch(times, 14).dt.day_name().tolist()
    ['Friday', 'Monday', 'Monday']
    """
    counted = _days(ordered_at + pd.Timedelta(hours=24 - cut_off_hour))
    day = np.busday_offset(counted, 0, "forward", busdaycal=DELIVERY_DAYS)
    return pd.Series(day.astype("datetime64[ns]"), ordered_at.index)


@arg.takes(start=arg.a(pd.Series), end=arg.a(pd.Series))
def delivery_days_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Delivery days (Monday to Saturday, no federal holidays) from one day to another; missing where one is.

    Parameters
    ----------
    start, end : Series of datetimes, same index, on one clock; their hours do not count.

    Returns
    -------
    Series of numbers.

    Saturday to Monday is one:

    >>> saturday, monday = pd.Series(pd.to_datetime(["2025-07-12 18:00"])), pd.Series(pd.to_datetime(["2025-07-14 09:00"]))
    >>> delivery_days_between(saturday, monday).tolist()
    [1.0]
    """
    if not start.index.equals(end.index):
        raise ValueError("end: index differs from start, expected the same rows")
    first, last = time_columns({"start": start, "end": end}).values()
    known = first.notna() & last.notna()
    days = pd.Series(np.nan, start.index)
    days[known] = np.busday_count(_days(first[known]), _days(last[known]), busdaycal=DELIVERY_DAYS).astype(float)
    return days


@arg.takes(days=arg.when, first=arg.when, last=arg.when)
def in_force(
    days: pd.Series | pd.Timestamp, first: pd.Series | pd.Timestamp, last: pd.Series | pd.Timestamp
) -> pd.Series:
    """Whether terms hold on a day: from their first to their last day, both included.

    Parameters
    ----------
    days : at midnight; on a missing one nothing holds.
    first, last : of the terms. Without a first day they never hold, without a last one until further notice.

    Returns
    -------
    Series of bool; of these three, at least one is a Series.

    >>> ends = pd.Series(pd.to_datetime(["2025-12-31", None]))
    >>> in_force(pd.Timestamp("2026-01-01"), pd.Timestamp("2025-01-01"), ends).tolist()
    [False, True]
    """
    return (days >= first) & ~(days > last)
