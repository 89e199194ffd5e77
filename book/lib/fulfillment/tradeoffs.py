"""Options compared: where two of them cost the same, which is cheapest where, and which no other beats."""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from fulfillment import arguments as arg


@arg.takes(costs=arg.matrix(keyed=False))
def break_even_points(costs: pd.DataFrame) -> pd.DataFrame:
    """Where two options cost the same and change places: volumes, weights, chances.

    Each pair's difference is followed from row to row and taken as straight in between: exact for straight lines, and
    for costs that bend at the rows (tiers, minimums, fixed amounts). Options that only touch do not cross. Where they
    cost the same over a stretch and then change places, they cross at its start.

    Parameters
    ----------
    costs : DataFrame, a row per point (index, ascending), a column per option; one unit.

    Returns
    -------
    DataFrame, a row per pair of options and crossing, and one for each pair that does not cross: ``first``, ``second``,
    ``below``, ``above`` (who is cheaper on each side; the same without a crossing), ``at`` (missing without one).

    Raises
    ------
    ValueError if there are fewer than two points or options, points do not rise, or a cost is missing.

    >>> costs = pd.DataFrame({"A": [5.0, 5.0, 5.0], "B": [7.0, 4.0, 3.0]}, index=[100, 200, 300])
    >>> break_even_points(costs)[["below", "above", "at"]].round(1).values.tolist()
    [['A', 'B', 166.7]]
    """
    if min(costs.shape) < 2 or not costs.index.is_monotonic_increasing or costs.index.has_duplicates:
        raise ValueError(f"costs: {costs.shape}, expected two or more options at two or more rising points")
    if costs.isna().any(axis=None):
        raise ValueError("costs: a value is missing, expected the cost of every option at every point")
    points, touch, rows = costs.index.to_numpy(float), _touch(costs), []
    for first, second in combinations(costs.columns, 2):
        gap = (costs[first] - costs[second]).to_numpy(float)
        gap = np.where(np.abs(gap) > touch, gap, 0)
        apart = np.flatnonzero(gap)
        turns = [last for last, after in pairwise(apart) if gap[last] * gap[after] < 0]
        for last in turns:
            share = gap[last] / (gap[last] - gap[last + 1])
            below, above = (first, second) if gap[last] < 0 else (second, first)
            rows.append((first, second, below, above, points[last] + share * (points[last + 1] - points[last])))
        if not turns:
            cheaper = first if gap.sum() <= 0 else second
            rows.append((first, second, cheaper, cheaper, np.nan))
    return pd.DataFrame(rows, columns=["first", "second", "below", "above", "at"])


def _touch(costs: pd.DataFrame) -> float:
    """The difference up to which two costs are the same: rounding of the largest."""
    return 1e-12 * float(costs.abs().max(axis=None))


@arg.takes(costs=arg.matrix(keyed=False))
def cheapest(costs: pd.DataFrame) -> pd.DataFrame:
    """The cheapest option on each stretch of points.

    Parameters
    ----------
    costs : as `break_even_points`; one option alone is the cheapest everywhere.

    Returns
    -------
    DataFrame, a row per stretch: ``above`` and ``to`` (its ends), ``option`` (of two that cost the same the first).

    Raises
    ------
    ValueError as `break_even_points`.

    >>> cheapest(pd.DataFrame({"Athens": [30.0, 330.0], "Lisbon": [110.0, 210.0]}, index=[0, 4])).values.tolist()
    [[0.0, 1.6, 'Athens'], [1.6, 4.0, 'Lisbon']]
    """
    points, touch = costs.index.to_numpy(float), _touch(costs)
    crossed = break_even_points(costs)["at"].dropna() if costs.shape[1] > 1 else []
    edges, margin = np.unique([*points, *crossed]), 1e-12 * (points[-1] - points[0])
    apart = (np.diff(edges[:-1]) > margin) & (points[-1] - edges[1:-1] > margin)
    ends = [points[0], *edges[1:-1][apart], points[-1]]
    rows: list[tuple[float, float, object]] = []
    for above, to in pairwise(ends):
        middle = np.array([np.interp((above + to) / 2, points, costs[option].to_numpy(float)) for option in costs])
        option = costs.columns[int(np.argmax(middle <= middle.min() + touch))]
        if rows and rows[-1][2] == option:
            above = rows.pop()[0]
        rows.append((float(above), float(to), option))
    return pd.DataFrame(rows, columns=["above", "to", "option"])


@arg.takes(first=arg.amounts(), second=arg.amounts())
def pareto_efficient(first: Sequence[float] | pd.Series, second: Sequence[float] | pd.Series) -> np.ndarray:
    """Which options no other beats: none is at most as high in both measures and lower in one.

    Options that are alike in both stand or fall together. To keep one of them, drop duplicates.

    Parameters
    ----------
    first, second : two measures, lower is better, same length; negate one of which more is better.

    Returns
    -------
    array of booleans.

    Raises
    ------
    ValueError if lengths differ, there is no option, or a number is missing.

    Source: Pareto efficiency, as in Steuer 1986, Multiple Criteria Optimization.

    >>> pareto_efficient([0.0, 0.1, 0.2, 0.2, 0.2], [9.0, 5.0, 6.0, 4.0, 4.0]).tolist()
    [True, True, False, True, True]
    """
    left, right = np.asarray(first, float), np.asarray(second, float)
    if len(left) != len(right):
        raise ValueError(f"second: {len(right)} options, expected {len(left)} as in first")
    least = pd.Series(right).groupby(left).min()  # in ascending order of the first measure
    stays = least[least < least.cummin().shift(fill_value=np.inf)]
    return np.asarray(right == pd.Series(left).map(stays).to_numpy())
