"""An award lived through: years that may come, orders above capacity, regret."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.procurement.award import Offers


@arg.takes(
    draws=arg.count(1, 1e7),
    volume_cv=arg.amount(0, 10),
    peak=arg.each(arg.amount(1), 3),
    seed=arg.count(),
    growth=arg.amount(-0.99),
)
def demand_scenarios(
    draws: int, volume_cv: float, peak: tuple[float, float, float], seed: int, growth: float = 0.0
) -> pd.DataFrame:
    """Years that may come: how many orders, and how high the highest day.

    Parameters
    ----------
    draws : how many.
    volume_cv : standard deviation of the year's orders over their mean (lognormal).
    peak : least, likeliest and greatest ratio of the highest day to an ordinary day (triangular), each at least 1.
    seed : of the generator; the same seed gives the same years.
    growth : the mean year's orders over the plan's, less 1; at least -0.99.

    Returns
    -------
    DataFrame, a row per draw: ``volume`` (orders over the plan's), ``peak`` (ratio).

    Raises
    ------
    ValueError if there is no draw, a spread is negative, or the peak ratios are not in order.

    Without a spread every year is the plan, grown:

    >>> demand_scenarios(2, volume_cv=0, peak=(2.2, 2.2, 2.2), seed=7, growth=0.5).values.tolist()
    [[1.5, 2.2], [1.5, 2.2]]
    """
    low, mode, high = peak
    if not low <= mode <= high:
        raise ValueError(f"peak: {tuple(peak)}, expected least, likeliest and greatest in this order")
    generator = np.random.default_rng(seed)
    sigma = np.sqrt(np.log1p(volume_cv**2))
    volume = (1 + growth) * np.exp(generator.normal(-(sigma**2) / 2, sigma, int(draws)))
    ratio = generator.triangular(low, mode, high, int(draws)) if high > low else np.full(int(draws), low)
    return pd.DataFrame({"volume": volume, "peak": ratio}).rename_axis("draw")


@arg.takes(profile=arg.amounts(0), peak=arg.amount(1))
def peak_days(profile: Sequence[float] | pd.Series, peak: float) -> np.ndarray:
    """A year's days, each over an ordinary day, stretched so that the highest reaches ``peak``.

    Days above 1 are stretched in proportion, the others stay.

    Parameters
    ----------
    profile : orders of each day over an ordinary day's; the highest above 1.
    peak : ratio of the highest day, at least 1.

    Returns
    -------
    array of ratios, as ``profile``.

    Raises
    ------
    ValueError if a ratio is negative, none is above 1, or ``peak`` is below 1.

    >>> peak_days([0.9, 1.0, 1.5, 2.0], peak=3).tolist()
    [0.9, 1.0, 2.0, 3.0]
    """
    days = np.asarray(profile, float)
    if days.max() <= 1:
        raise ValueError(f"profile: highest day {days.max():g}, expected one above 1")
    return np.where(days > 1, 1 + (days - 1) * (peak - 1) / (days.max() - 1), days)


@arg.takes(day=arg.array(0), capacity=arg.array(0), next_day=arg.flag)
def unserved_orders(day: np.ndarray, capacity: np.ndarray | float, next_day: bool = False) -> np.ndarray:
    """Orders that do not leave in time, where a day has a capacity and the oldest order leaves first.

    Parameters
    ----------
    day : array, orders of each day, the days on the last axis but one (draws by days by operators, or days by operators).
    capacity : orders a day, by operator.
    next_day : whether an order may leave on the day after its own; what would wait longer is done elsewhere, at once.

    Returns
    -------
    array of orders in the year, without the axis of days.

    Raises
    ------
    ValueError if there are fewer than two axes.

    >>> day = np.array([[90.0], [160.0], [110.0], [230.0]])
    >>> unserved_orders(day, 100.0).tolist(), unserved_orders(day, 100.0, next_day=True).tolist()
    ([200.0], [100.0])
    """
    if np.ndim(day) < 2:
        raise ValueError(f"day: {np.ndim(day)} axis, expected days by operators or draws by days by operators")
    if not next_day:
        return np.clip(day - capacity, 0, None).sum(axis=-2)
    over = queue = np.zeros_like(day[..., 0, :])
    for today in np.moveaxis(day, -2, 0):
        left = queue + today - capacity
        queue = np.clip(left, 0, capacity)
        over = over + np.clip(left - capacity, 0, None)
    return over


@arg.takes(
    awards=arg.each(arg.matrix(0, 1)),
    offers=arg.a(Offers),
    scenarios=arg.table({"volume": arg.amounts(0), "peak": arg.amounts(1)}),
    profile=arg.amounts(0),
    unserved_usd=arg.amount(0),
    next_day=arg.flag,
)
def simulate_awards(
    awards: Mapping[str, pd.DataFrame],
    offers: Offers,
    scenarios: pd.DataFrame,
    profile: Sequence[float] | pd.Series,
    unserved_usd: float,
    next_day: bool = False,
) -> pd.DataFrame:
    """What each award would cost in each of the years that may come.

    Each day an operator does what it committed to; the orders above that cost ``unserved_usd`` more (spot capacity,
    overtime, late deliveries). Nothing moves between operators: a simple year, the same for every award.

    Parameters
    ----------
    awards : name -> shares as `split_award` returns them.
    offers : as `split_award`; ``capacity`` in orders a day.
    scenarios : as `demand_scenarios`.
    profile : orders of each day of a year over an ordinary day's, as `peak_days`.
    unserved_usd : USD more for an order above a day's capacity.
    next_day : whether an order may still leave on the day after its own, as in `unserved_orders`.

    Returns
    -------
    DataFrame, draws by awards, USD a year.

    Raises
    ------
    ValueError if the tables do not match, a lot is not shared out in full, or to an option that does not offer it.

    >>> unit_cost = pd.DataFrame({"all": [4.0, 5.0]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [400.0]}, index=["all"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "capacity": [150.0, 500.0]}, index=["A", "B"])
    >>> awards = {"only A": pd.DataFrame({"all": [1.0, 0.0]}, unit_cost.index)}
    >>> years = pd.DataFrame({"volume": [1.0, 1.5], "peak": [2.0, 2.0]})
    >>> offers = Offers(unit_cost, lots, options)
    >>> simulate_awards(awards, offers, years, [1, 1, 2], unserved_usd=10)["only A"].tolist()
    [2100.0, 3900.0]
    """
    orders, options = offers.lots["orders"].to_numpy(float), offers.options
    offered, fees_usd = offers.unit_cost.notna().to_numpy(), offers.fees()
    stretched = np.array([peak_days(profile, ratio) for ratio in scenarios["peak"]])
    stretched /= stretched.sum(axis=1, keepdims=True)  # share of the year's orders on each day
    volume = scenarios["volume"].to_numpy(float)
    table = {}
    for name, shares in awards.items():
        part = shares.reindex(index=offers.unit_cost.index, columns=offers.unit_cost.columns).to_numpy(float)
        if not np.allclose(part.sum(axis=0), 1, atol=1e-6):
            raise ValueError(f"awards: {name!r} gives out {part.sum(axis=0).round(3).tolist()}, expected 1 of each lot")
        if (~offered & (part > 0)).any():
            raise ValueError(f"awards: {name!r} gives a lot to an option that does not offer it, expected a price")
        awarded = part @ orders
        taken = awarded > 0
        fees = np.outer(volume, (part * fees_usd).sum(axis=1))
        minimum, qualifying = options["minimum_usd"].to_numpy(float), options["qualifying_share"].to_numpy(float)
        shortfall = np.clip(minimum * taken - fees * qualifying, 0, None)
        day = volume[:, None, None] * stretched[:, :, None] * awarded
        unserved = unserved_orders(day, options["capacity"].to_numpy(float), next_day)
        fixed = options["fixed_usd"].to_numpy(float)[taken].sum()
        table[name] = (fees + shortfall + unserved * unserved_usd).sum(axis=1) + fixed
    return pd.DataFrame(table, index=scenarios.index)


@arg.takes(costs=arg.matrix(keyed=False))
def regret(costs: pd.DataFrame) -> pd.DataFrame:
    """How each award does over the years that may come, and how much one would wish to have chosen another.

    Parameters
    ----------
    costs : DataFrame, draws by awards, USD, as `simulate_awards`.

    Returns
    -------
    DataFrame, a row per award, the least mean regret first, USD: ``mean_usd``, ``p05_usd``, ``p95_usd``, ``best``
    (share of draws in which no other award is cheaper by a cent), ``mean_regret_usd``, ``p95_regret_usd``, ``max_regret_usd``;
    regret is the cost less that of the cheapest of these awards in the same draw.

    Raises
    ------
    ValueError if there are no costs or one is missing.

    >>> costs = pd.DataFrame({"cheap": [90.0, 90.0, 150.0], "safe": [100.0, 100.0, 100.0]})
    >>> regret(costs)[["mean_usd", "best", "mean_regret_usd", "max_regret_usd"]].round(2).values.tolist()
    [[100.0, 0.33, 6.67, 10.0], [110.0, 0.67, 16.67, 50.0]]
    """
    least = costs.min(axis=1)
    wish = costs.sub(least, axis=0)
    table = pd.DataFrame(
        {
            "mean_usd": costs.mean(),
            "p05_usd": costs.quantile(0.05),
            "p95_usd": costs.quantile(0.95),
            "best": wish.le(0.005).mean(),
            "mean_regret_usd": wish.mean(),
            "p95_regret_usd": wish.quantile(0.95),
            "max_regret_usd": wish.max(),
        }
    )
    return table.sort_values("mean_regret_usd", kind="stable").rename_axis("award")
