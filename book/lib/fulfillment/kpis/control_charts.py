"""Control charts that tell signal from noise in weekly shares, how good an alarm is, and the Pareto table of causes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import binom

from fulfillment.validate import flag_column, number, number_column

RUN = 8  # points in a row on one side of the center line
MOVING_RANGE = 1.128  # d2: mean range of two values from a normal distribution, in standard deviations


def p_chart(
    counts: Sequence[int] | pd.Series,
    sizes: Sequence[int] | pd.Series,
    sigmas: float = 3,
    baseline: Sequence[bool] | pd.Series | None = None,
) -> pd.DataFrame:
    r"""Shewhart chart of a share, with limits that widen where few orders stand behind a point.

    Center line and limits of point i:

    $$\bar p = \frac{\sum x_i}{\sum n_i}, \qquad \bar p \pm k \sqrt{\frac{\bar p (1 - \bar p)}{n_i}}$$

    Parameters
    ----------
    counts : orders that count in each period (x), for example dispatched late.
    sizes : orders they are counted among (n), at least 1.
    sigmas : width of the limits (k), in standard deviations.
    baseline : which points the center line is estimated from; all by default. Leave out periods whose cause you know.

    Returns
    -------
    DataFrame, a row per point with the index of ``counts``: ``rate``, ``center``, ``lower`` and ``upper`` (kept within
    0 and 1), ``outside`` (beyond a limit), ``run_of_eight`` (the eighth or later point in a row on one side of center).

    Raises
    ------
    ValueError if lengths differ, a size is below 1, a count is negative or above its size, ``sigmas`` is not positive,
    or ``baseline`` selects no point.

    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2 (proportions) and 6.3.2 (runs), for samples of one
    size. Unequal sizes: Pyzdek and Keller, The Handbook for Quality Management, 2nd ed., chapter 9.

    Two weeks with the same 6 % late, of 500 and of 50 orders, after two ordinary weeks: only the first is a signal.

    >>> chart = p_chart([10, 9, 30, 3], [500, 500, 500, 50], baseline=[True, True, False, False])
    >>> chart[["rate", "upper", "outside"]].round(3).values.tolist()
    [[0.02, 0.037, False], [0.018, 0.037, False], [0.06, 0.037, True], [0.06, 0.077, False]]
    """
    return _chart(counts, sizes, sigmas, baseline, laney=False)


def laney_chart(
    counts: Sequence[int] | pd.Series,
    sizes: Sequence[int] | pd.Series,
    sigmas: float = 3,
    baseline: Sequence[bool] | pd.Series | None = None,
) -> pd.DataFrame:
    r"""Laney's p' chart: a p chart whose limits also allow for the usual variation from one period to the next.

    With many thousands of orders a period, the binomial limits of ``p_chart`` are so narrow that ordinary periods fall
    outside. Here they are multiplied by $\sigma_z$, the mean moving range of the standardized points over 1.128:

    $$z_i = \frac{p_i - \bar p}{\sqrt{\bar p (1 - \bar p) / n_i}}, \qquad
    \sigma_z = \frac{\overline{|z_i - z_{i-1}|}}{1.128}$$

    Parameters
    ----------
    counts, sizes, sigmas, baseline : as in ``p_chart``; ``baseline`` also selects the points behind ``sigma_z``.

    Returns
    -------
    DataFrame as ``p_chart``, with ``sigma_z``: near 1, the p chart was right; above 1, it flagged too much.

    Raises
    ------
    ValueError as ``p_chart``; also if ``baseline`` selects fewer than two points, or their share is 0 or 1.

    Source: Laney, Improved Control Charts for Attributes, Quality Engineering 14 (2002), 531-537.

    >>> weeks = [5300, 4700, 5200, 4800], [100_000] * 4
    >>> p_chart(*weeks)["outside"].tolist(), laney_chart(*weeks)["outside"].tolist()
    ([True, True, False, False], [False, False, False, False])
    """
    return _chart(counts, sizes, sigmas, baseline, laney=True)


def _chart(
    counts: Sequence[int] | pd.Series,
    sizes: Sequence[int] | pd.Series,
    sigmas: float,
    baseline: Sequence[bool] | pd.Series | None,
    laney: bool,
) -> pd.DataFrame:
    x, n = _floats("counts", counts), _floats("sizes", sizes)
    used = np.ones(len(x), dtype=bool) if baseline is None else _flags("baseline", baseline)
    if not len(x) == len(n) == len(used):
        raise ValueError(f"lengths: counts {len(x)}, sizes {len(n)}, baseline {len(used)}, expected all the same")
    if not (n >= 1).all():
        raise ValueError(f"sizes: {n[~(n >= 1)][0]:g}, expected at least 1")
    if not ((x >= 0) & (x <= n)).all():
        raise ValueError(f"counts: {x[~((x >= 0) & (x <= n))][0]:g}, expected between 0 and its size")
    sigmas = number("sigmas", sigmas, np.finfo(float).tiny)
    if used.sum() < 1 + laney:
        raise ValueError(f"baseline: {used.sum()} points, expected at least {1 + laney}")
    rate, center = x / n, x[used].sum() / n[used].sum()
    deviation = np.sqrt(center * (1 - center) / n)
    chart = pd.DataFrame({"rate": rate, "center": center}, counts.index if isinstance(counts, pd.Series) else None)
    if laney:
        if not 0 < center < 1:
            raise ValueError(f"counts: a share of {center:g} over the baseline, expected between 0 and 1")
        sigma_z = np.abs(np.diff(((rate - center) / deviation)[used])).mean() / MOVING_RANGE
        deviation, chart["sigma_z"] = deviation * sigma_z, sigma_z
    chart["lower"] = np.clip(center - sigmas * deviation, 0, None)
    chart["upper"] = np.clip(center + sigmas * deviation, None, 1)
    chart["outside"] = (chart["rate"] < chart["lower"]) | (chart["rate"] > chart["upper"])
    chart["run_of_eight"] = _in_run(np.sign(rate - center))
    return chart


def _floats(name: str, values: Sequence[int] | pd.Series) -> np.ndarray:
    return np.asarray(number_column(name, pd.Series(values)).to_numpy(float, na_value=np.nan))


def _flags(name: str, values: Sequence[bool] | pd.Series) -> np.ndarray:
    flags = flag_column(name, pd.Series(values))
    if flags.isna().any():
        raise ValueError(f"{name}: a missing value, expected True or False")
    return np.asarray(flags.to_numpy(bool))


def _in_run(sides: np.ndarray) -> list[bool]:
    flags, run, last = [], 0, 0
    for side in sides:
        run, last = (run + 1 if side == last else 1), side
        flags.append(side != 0 and run >= RUN)
    return flags


def false_alarm_rate(size: int, share: float, sigmas: float = 3) -> float:
    """Exact chance that a point of a p chart lies above its upper limit although nothing has changed.

    Parameters
    ----------
    size : orders behind the point, at least 1.
    share : the center line, a fraction.
    sigmas : width of the limits, in standard deviations.

    Returns
    -------
    float in [0, 1], from the binomial distribution: the textbook's 0.13% holds for many late orders a point.

    Raises
    ------
    ValueError if ``size`` is no whole number of at least 1, ``share`` outside 0 to 1, or ``sigmas`` not positive.

    Source: binomial distribution; NIST/SEMATECH e-Handbook, 6.3.3.2, on why small samples need care.

    >>> round(false_alarm_rate(80, 0.02), 4), round(false_alarm_rate(8000, 0.02), 4)
    (0.0054, 0.0019)
    """
    if number("size", size, 1) % 1:
        raise ValueError(f"size: {size}, expected a whole number of at least 1")
    chance = number("share", share, 0, 1)
    sigmas = number("sigmas", sigmas, np.finfo(float).tiny)
    upper = chance + sigmas * np.sqrt(chance * (1 - chance) / size)
    return float(binom.sf(np.floor(upper * size), size, chance))


def pareto(causes: Sequence[str | None] | pd.Series) -> pd.DataFrame:
    """Causes by the orders they stand for, most first.

    Parameters
    ----------
    causes : one cause per order; missing ones are left out.

    Returns
    -------
    DataFrame: ``cause``, ``orders``, ``share`` and ``cumulative_share`` of the orders that have a cause; causes with
    the same count in alphabetical order. No rows where no order has a cause.

    Source: Juran, Quality Control Handbook (1951), the vital few.

    >>> pareto(["capacity", "stock not found", "capacity", None]).values.tolist()
    [['capacity', 2, 0.6666666666666666, 0.6666666666666666], ['stock not found', 1, 0.3333333333333333, 1.0]]
    """
    orders = (
        pd.Series(causes, dtype="object")
        .value_counts()
        .sort_index(kind="stable")
        .sort_values(ascending=False, kind="stable")
    )
    table = orders.rename_axis("cause").reset_index(name="orders")
    return table.assign(
        share=table["orders"] / table["orders"].sum(), cumulative_share=table["orders"].cumsum() / table["orders"].sum()
    )
