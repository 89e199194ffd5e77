"""Who gets which orders: an award split by a mixed-integer program, what its limits cost, and how it stands up to chance.

A *lot* is what the request awards: the orders of a group of sellers whose stock lies in one place. An *option* is an
offer that can be taken or left: an operator, or one of its volume tiers (of an operator's tiers at most one is taken).
Shares are of a lot's orders; money is USD a year unless a name says per order.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from fulfillment import formulas
from fulfillment.formulas import numbers, positive, require
from fulfillment.optimization import Program
from fulfillment.procurement.bids import weighted_score

#: What a column of options is where it is not given.
OPTION_DEFAULTS = {
    "fixed_usd": 0.0,
    "capacity": np.inf,
    "least_orders": 0.0,
    "most_orders": np.inf,
    "minimum_usd": 0.0,
    "counted": 1.0,
}


# What an order costs once it has arrived as promised ------------------------------------------------------------------


def good_order_cost(
    price_usd: pd.Series, rates: pd.DataFrame, loss_usd: Mapping[str, float], good: pd.Series
) -> pd.DataFrame:
    """Price and the cost of what goes wrong, per order and per order that arrived as promised.

    Parameters
    ----------
    price_usd : what the operator charges, USD per order, by operator.
    rates : DataFrame, operators by kind of failure: events per order (0.02 damaged orders per order).
    loss_usd : kind of failure -> what one event costs the payer, USD, less what comes back.
    good : share of orders that arrived as promised, by operator; counted order by order where the data allow it.

    Returns
    -------
    DataFrame, a row per operator, the cheapest per good order first: ``price_usd``, a column of USD per order for each
    kind, ``per_order_usd`` (their sum), ``good`` (share), ``per_good_order_usd``.

    Raises
    ------
    ValueError if operators or kinds do not match, a number is negative or missing, or a share is not in (0, 1].

    >>> price = pd.Series({"A": 5.00, "B": 4.00})
    >>> rates = pd.DataFrame({"damaged": [0.005, 0.030], "late": [0.02, 0.05]}, index=price.index)
    >>> table = good_order_cost(price, rates, {"damaged": 30, "late": 4}, good=pd.Series({"A": 0.97, "B": 0.92}))
    >>> table[["per_order_usd", "per_good_order_usd"]].round(2).values.tolist()
    [[5.23, 5.39], [5.1, 5.54]]
    """
    for name, index in (("rates", rates.index), ("good", good.index)):
        if not index.equals(price_usd.index):
            raise ValueError(f"{name}: operators {list(index)}, expected {list(price_usd.index)}")
    if set(rates) != set(loss_usd):
        raise ValueError(f"loss_usd: {sorted(loss_usd)}, expected one for each of {sorted(rates)}")
    share = numbers("good", good)
    if not ((share > 0) & (share <= 1)).all():
        raise ValueError(f"good: {share.min():g} to {share.max():g}, expected shares above 0 and up to 1")
    table = pd.DataFrame({"price_usd": numbers("price_usd", price_usd)}, price_usd.index)
    for kind in rates:
        table[f"{kind}_usd"] = numbers(f"rates of {kind}", rates[kind]) * numbers(kind, [loss_usd[kind]])[0]
    table["per_order_usd"] = table.sum(axis=1)
    table["good"] = share
    table["per_good_order_usd"] = formulas.COST_PER_GOOD_ORDER(
        order_cost_usd=table["per_order_usd"], failure_rate=1 - share, failure_usd=0
    )
    return table.sort_values("per_good_order_usd", kind="stable")


# Scores as one weight moves -------------------------------------------------------------------------------------------


def score_lines(
    matrix: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float],
    directions: Sequence[str] | Mapping[str, str],
    criterion: str,
    normalization: str = "share",
    at: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Each option's weighted score while one weight runs from 0 to 1 and the others keep their proportions.

    Where two lines cross the order changes; the winner's crossings are those of `bids.flip_weights`.

    Parameters
    ----------
    matrix, weights, directions, normalization : as `bids.weighted_score`.
    criterion : the one whose weight moves.
    at : weights to draw it at, of 1; 0, 0.01 ... 1 by default.

    Returns
    -------
    DataFrame, a row per weight (index ``weight``), a column per option.

    Raises
    ------
    ValueError as `bids.weighted_score`, or if the criterion is unknown or has all the weight.

    >>> bids = pd.DataFrame({"cost": [4.0, 5.0], "on_time": [0.90, 0.99]}, index=["A", "B"])
    >>> score_lines(bids, [0.6, 0.4], ["min", "max"], "cost", at=[0, 0.3, 1]).round(4).values.tolist()
    [[0.4762, 0.5238], [0.5, 0.5], [0.5556, 0.4444]]
    """
    given = pd.Series(dict(weights) if isinstance(weights, Mapping) else list(weights), dtype=float)
    given.index = given.index if isinstance(weights, Mapping) else matrix.columns[: len(given)]
    if criterion not in matrix or criterion not in given.index:
        raise ValueError(f"criterion: {criterion!r}, expected one of {', '.join(matrix)}")
    rest = given.drop(criterion)
    if not rest.any():
        raise ValueError(f"weights: all on {criterion!r}, expected some on another criterion")
    points = numbers("at", np.linspace(0, 1, 101) if at is None else at)
    rows = [
        weighted_score(
            matrix,
            (rest / rest.sum() * (1 - point)).reindex(matrix.columns).fillna(point).to_dict(),
            directions,
            normalization,
        )
        for point in points
    ]
    return pd.DataFrame(rows, index=pd.Index(points, name="weight"))


# Volumes --------------------------------------------------------------------------------------------------------------


def crossings(costs: pd.DataFrame) -> pd.DataFrame:
    """Volumes at which two offers cost the same, where cost bends with volume: tiers, minimums, fixed amounts.

    For straight lines there is a closed form: `fulfillment.freight.rating.crossovers`. Here each pair's difference is followed
    from volume to volume and taken as straight in between.

    Parameters
    ----------
    costs : DataFrame, a row per volume (index, ascending), a column per offer: cost in all or per order, in one unit.

    Returns
    -------
    DataFrame, a row per pair of offers and crossing, and one for each pair that does not cross: ``first``, ``second``,
    ``below``, ``above`` (who is cheaper on each side; the same without a crossing), ``volume`` (missing without one).

    Raises
    ------
    ValueError if there are fewer than two volumes or offers, volumes do not rise, or a cost is missing.

    >>> costs = pd.DataFrame({"A": [5.0, 5.0, 5.0], "B": [7.0, 4.0, 3.0]}, index=[100, 200, 300])
    >>> crossings(costs)[["below", "above", "volume"]].round(1).values.tolist()
    [['A', 'B', 166.7]]
    """
    if min(costs.shape) < 2 or not costs.index.is_monotonic_increasing or costs.index.has_duplicates:
        raise ValueError(f"costs: {costs.shape}, expected two or more offers at two or more rising volumes")
    if costs.isna().any(axis=None):
        raise ValueError("costs: a value is missing, expected the cost of every offer at every volume")
    volumes = costs.index.to_numpy(float)
    rows = []
    for first, second in combinations(costs.columns, 2):
        gap = (costs[first] - costs[second]).to_numpy(float)
        turns = np.flatnonzero((gap[:-1] < 0) & (gap[1:] >= 0) | (gap[:-1] > 0) & (gap[1:] <= 0))
        for at in turns:
            volume = volumes[at] + (volumes[at + 1] - volumes[at]) * gap[at] / (gap[at] - gap[at + 1])
            below, above = (first, second) if gap[at] < 0 else (second, first)
            rows.append((first, second, below, above, volume))
        if not turns.size:
            cheaper = first if gap.sum() <= 0 else second
            rows.append((first, second, cheaper, cheaper, np.nan))
    return pd.DataFrame(rows, columns=["first", "second", "below", "above", "volume"])


def remix(orders: pd.DataFrame, weights: pd.Series, size: int) -> pd.DataFrame:
    """A sample of the orders in which some kinds are more frequent: the same one every time.

    Every order is met in its own sequence, at equal steps of the cumulative weight; so a sample of equal weights holds
    each part of a sorted table in proportion.

    Parameters
    ----------
    orders : DataFrame, sorted by what must stay in proportion (day, weight, zone).
    weights : how often an order of this kind comes, over how often it came; at least 0; the same index.
    size : orders in the sample.

    Returns
    -------
    DataFrame of ``size`` rows of ``orders``, some of them repeated, index from 0.

    Raises
    ------
    ValueError if the indexes differ, a weight is negative or missing, all are 0, or ``size`` is not above 0.

    >>> remix(pd.DataFrame({"zone": [2, 2, 8, 8]}), pd.Series([1, 1, 2, 2]), size=6)["zone"].tolist()
    [2, 2, 8, 8, 8, 8]
    """
    positive(size=size)
    if not weights.index.equals(orders.index):
        raise ValueError("weights: index differs from orders, expected a weight for each order")
    total = np.cumsum(numbers("weights", weights))
    positive(weights=total[-1])
    steps = (np.arange(int(size)) + 0.5) * total[-1] / int(size)
    return orders.iloc[np.searchsorted(total, steps)].reset_index(drop=True)


# The split ------------------------------------------------------------------------------------------------------------


def _offers(unit_cost: pd.DataFrame, lots: pd.DataFrame, options: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Options and lots with their defaults, checked against the costs."""
    require("lots", lots, ["orders"])
    require("options", options, ["operator"])
    if not (unit_cost.index.equals(options.index) and unit_cost.columns.equals(lots.index)):
        raise ValueError("unit_cost: expected a row per option and a column per lot, in the order of both tables")
    if (unit_cost.to_numpy(float) < 0).any():
        raise ValueError(f"unit_cost: {np.nanmin(unit_cost.to_numpy(float)):g}, expected costs of at least 0")
    full = options.assign(**{name: value for name, value in OPTION_DEFAULTS.items() if name not in options})
    for name in OPTION_DEFAULTS:
        numbers(f"options {name}", full[name].replace(np.inf, 0))
    asked = lots.assign(load=lots["load"] if "load" in lots else lots["orders"])
    for name in ("orders", "load"):
        positive(**{f"lots {name} of {lot}": value for lot, value in asked[name].items()})
    return full, asked


def split_award(
    unit_cost: pd.DataFrame,
    lots: pd.DataFrame,
    options: pd.DataFrame,
    max_share: float = 1.0,
    service_floor: float | None = None,
    whole_lots: bool = False,
) -> dict[str, object]:
    """The cheapest split of the lots among the offers that keeps every rule.

    Parameters
    ----------
    unit_cost : DataFrame, options by lots, USD per order; missing where a lot is not offered.
    lots : DataFrame, a row per lot: ``orders`` (a year) and, where capacity is counted in something else, ``load``
        (orders of a peak day, for instance).
    options : DataFrame, a row per option: ``operator`` and, where they hold, ``fixed_usd`` (once it is awarded
        anything), ``capacity`` (in the unit of ``load``), ``least_orders`` and ``most_orders`` (of its award: volume
        tiers and commitments), ``minimum_usd`` (what is paid at least, and ``counted``: the share of its fees that counts
        toward it; transport often does not) and ``service`` (expected share of good orders).
    max_share : the most of all orders that one operator may get; below 1 there are at least two.
    service_floor : the least expected share of good orders of the whole award.
    whole_lots : whether a lot goes to one operator as a whole.

    Returns
    -------
    dict: ``total_cost`` (USD a year), ``shares`` (DataFrame, options by lots), ``orders`` (Series by operator, of those
    awarded), ``service`` (expected share of good orders; missing without the column).

    Raises
    ------
    ValueError if the tables do not match, a number is negative or out of range, or no split keeps every rule.

    Source: mixed-integer program of supplier selection with capacities and fixed costs, solved by HiGHS to optimality.

    Alone, A would serve both lots for 1,000. With at most 60% for one operator, B gets what A may not take:

    >>> unit_cost = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [100, 100]}, index=["beauty", "home"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "fixed_usd": [0.0, 50.0]}, index=["A", "B"])
    >>> split_award(unit_cost, lots, options)["total_cost"]
    1000.0
    >>> plan = split_award(unit_cost, lots, options, max_share=0.6)
    >>> plan["total_cost"], plan["orders"].to_dict()
    (1090.0, {'A': 120.0, 'B': 80.0})
    """
    full, asked = _offers(unit_cost, lots, options)
    if not 0 < max_share <= 1:
        raise ValueError(f"max_share: {max_share}, expected above 0 and up to 1")
    orders, load = asked["orders"].to_numpy(float), asked["load"].to_numpy(float)
    prices, total = unit_cost.to_numpy(float), orders.sum()
    fees = np.nan_to_num(prices) * orders  # USD of a whole lot with an option
    offer = {name: full[name].to_numpy(float) for name in OPTION_DEFAULTS}

    program = Program()
    share = program.variables(*prices.shape, most=~np.isnan(prices), whole=whole_lots)
    taken = program.variables(len(full), most=1, whole=True)
    shortfall = program.variables(len(full))  # USD that an option's fees lack to its minimum
    awarded = (share * orders).sum(axis=1)
    program.keep(share.sum(axis=0) == 1)
    program.keep((share * load).sum(axis=1) <= np.minimum(offer["capacity"], load.sum()) * taken)
    program.keep(awarded <= np.minimum(offer["most_orders"], total) * taken)
    program.keep(awarded >= offer["least_orders"] * taken)
    program.keep((share * fees).sum(axis=1) * offer["counted"] + shortfall >= offer["minimum_usd"] * taken)
    for own in full.groupby("operator", sort=False).indices.values():
        program.keep(taken[own].sum() <= 1, awarded[own].sum() <= max_share * total)
    if service_floor is not None:
        require("options", full, ["service"])
        level = numbers("options service", full["service"])
        program.keep((awarded * level).sum() / total >= service_floor)

    least = program.minimize_cost((share * fees).sum() + (taken * offer["fixed_usd"]).sum() + shortfall.sum())
    if least is None:
        raise ValueError("options: no split keeps every rule, expected more capacity or looser rules")
    shares = pd.DataFrame(program.values(share).round(9) + 0.0, unit_cost.index, unit_cost.columns)
    got = (shares @ asked["orders"]).groupby(full["operator"], sort=False).sum()
    return {
        "total_cost": round(least, 6),
        "shares": shares,
        "orders": got[got > 1e-6].round(6),
        "service": float((shares @ asked["orders"]) @ full["service"] / total) if "service" in full else np.nan,
    }


def capacity_value(
    unit_cost: pd.DataFrame, lots: pd.DataFrame, options: pd.DataFrame, step: float = 1.0, **rules: object
) -> pd.DataFrame:
    """What more capacity at each operator would save, found by solving again.

    A mixed-integer program has no shadow price that can be trusted: the next unit may be worth nothing and the next
    thousand much, because an award to somebody else falls away. So the step is part of the answer.

    Parameters
    ----------
    unit_cost, lots, options : as `split_award`.
    step : capacity added to one operator at a time, in the unit of ``load``.
    **rules : as `split_award`.

    Returns
    -------
    DataFrame, a row per operator: ``total_cost`` (USD a year with the step), ``saving_usd`` (a year, of the step),
    ``value_usd`` (a year, of one unit of it).

    Raises
    ------
    ValueError as `split_award`, or if ``step`` is not above 0.

    >>> unit_cost = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
    >>> lots = pd.DataFrame({"orders": [100, 100]}, index=["beauty", "home"])
    >>> options = pd.DataFrame({"operator": ["A", "B"], "capacity": [150.0, 200.0]}, index=["A", "B"])
    >>> capacity_value(unit_cost, lots, options)["value_usd"].to_dict()
    {'A': 0.5, 'B': 0.0}
    """
    positive(step=step)
    full, _ = _offers(unit_cost, lots, options)
    now = split_award(unit_cost, lots, options, **rules)["total_cost"]
    rows = {}
    for operator in full["operator"].unique():
        more = full.assign(capacity=full["capacity"] + step * (full["operator"] == operator))
        rows[operator] = split_award(unit_cost, lots, more, **rules)["total_cost"]
    table = pd.DataFrame({"total_cost": pd.Series(rows)}).rename_axis("operator")
    table["saving_usd"] = (now - table["total_cost"]).round(6) + 0.0
    return table.assign(value_usd=table["saving_usd"] / step)


# Chance ---------------------------------------------------------------------------------------------------------------


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
    growth : the mean year's orders over the plan's, less 1.

    Returns
    -------
    DataFrame, a row per draw: ``volume`` (orders over the plan's), ``peak`` (ratio).

    Raises
    ------
    ValueError if there is no draw, a spread is negative, or the peak ratios are not in order.

    >>> demand_scenarios(3, volume_cv=0.1, peak=(1.6, 2.2, 3.0), seed=7).round(3).values.tolist() == demand_scenarios(
    ...     3, volume_cv=0.1, peak=(1.6, 2.2, 3.0), seed=7).round(3).values.tolist()
    True
    """
    positive(draws=draws, volume=1 + growth)
    spread = numbers("volume_cv", [volume_cv])[0]
    low, mode, high = numbers("peak", peak, 1)
    if not low <= mode <= high:
        raise ValueError(f"peak: {tuple(peak)}, expected least, likeliest and greatest in this order")
    generator = np.random.default_rng(seed)
    sigma = np.sqrt(np.log1p(spread**2))
    volume = (1 + growth) * np.exp(generator.normal(-(sigma**2) / 2, sigma, int(draws)))
    ratio = generator.triangular(low, mode, high, int(draws)) if high > low else np.full(int(draws), low)
    return pd.DataFrame({"volume": volume, "peak": ratio}).rename_axis("draw")


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
    days = numbers("profile", profile)
    numbers("peak", [peak], 1)
    if days.max() <= 1:
        raise ValueError(f"profile: highest day {days.max():g}, expected one above 1")
    return np.where(days > 1, 1 + (days - 1) * (peak - 1) / (days.max() - 1), days)


def overflow(day: np.ndarray, capacity: np.ndarray | float, next_day: bool = False) -> np.ndarray:
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
    >>> overflow(day, 100.0).tolist(), overflow(day, 100.0, next_day=True).tolist()
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


def simulate_awards(
    awards: Mapping[str, pd.DataFrame],
    unit_cost: pd.DataFrame,
    lots: pd.DataFrame,
    options: pd.DataFrame,
    scenarios: pd.DataFrame,
    profile: Sequence[float] | pd.Series,
    overflow_usd: float,
    next_day: bool = False,
) -> pd.DataFrame:
    """What each award would cost in each of the years that may come.

    Each day an operator does what it committed to; the orders above that cost ``overflow_usd`` more (spot capacity,
    overtime, late deliveries). Nothing moves between operators: a simple year, the same for every award.

    Parameters
    ----------
    awards : name -> shares as `split_award` returns them.
    unit_cost, lots, options : as `split_award`; ``capacity`` in orders a day.
    scenarios : as `demand_scenarios`.
    profile : orders of each day of a year over an ordinary day's, as `peak_days`.
    overflow_usd : USD more for an order above a day's capacity.
    next_day : whether an order may still leave on the day after its own, as in `overflow`.

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
    >>> simulate_awards(awards, unit_cost, lots, options, years, [1, 1, 2], overflow_usd=10)["only A"].tolist()
    [2100.0, 3900.0]
    """
    full, asked = _offers(unit_cost, lots, options)
    require("scenarios", scenarios, ["volume", "peak"])
    extra = numbers("overflow_usd", [overflow_usd])[0]
    orders, prices = asked["orders"].to_numpy(float), unit_cost.to_numpy(float)
    stretched = np.array([peak_days(profile, ratio) for ratio in scenarios["peak"]])
    stretched /= stretched.sum(axis=1, keepdims=True)  # share of the year's orders on each day
    volume = scenarios["volume"].to_numpy(float)
    table = {}
    for name, shares in awards.items():
        part = shares.reindex(index=unit_cost.index, columns=unit_cost.columns).to_numpy(float)
        if not np.allclose(part.sum(axis=0), 1, atol=1e-6):
            raise ValueError(f"awards: {name!r} gives out {part.sum(axis=0).round(3).tolist()}, expected 1 of each lot")
        if (np.isnan(prices) & (part > 0)).any():
            raise ValueError(f"awards: {name!r} gives a lot to an option that does not offer it, expected a price")
        fees = np.outer(volume, (np.nan_to_num(prices) * part) @ orders)
        awarded = part @ orders
        taken = awarded > 0
        lack = np.clip(full["minimum_usd"].to_numpy(float) * taken - fees * full["counted"].to_numpy(float), 0, None)
        day = volume[:, None, None] * stretched[:, :, None] * awarded
        over = overflow(day, full["capacity"].to_numpy(float), next_day)
        table[name] = (fees + lack + over * extra).sum(axis=1) + full["fixed_usd"].to_numpy(float)[taken].sum()
    return pd.DataFrame(table, index=scenarios.index)


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
    if costs.empty or costs.isna().any(axis=None):
        raise ValueError(f"costs: {costs.shape}, expected some and none missing")
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
