"""Offers scored: weights, scales, and how far a weight must move to change the winner.

A matrix has a row per option (bid, operator, supplier) and a column per criterion; ``directions`` says of each
criterion whether more (``"max"``) or less (``"min"``) is better.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.tradeoffs import cheapest
from fulfillment.validate import number

#: Saaty's consistency index of random comparisons, by number of items.
RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


def _given(name: str, value: Any) -> Any:
    return (arg.each(arg.amount(0)) if isinstance(value, Mapping) else arg.amounts(0))(name, value)


def _weights(matrix: pd.DataFrame, weights: Sequence[float] | Mapping[str, float]) -> pd.Series:
    if isinstance(weights, Mapping):
        if set(weights) != set(matrix):
            raise ValueError(f"weights: {sorted(weights)}, expected one for each of {sorted(matrix)}")
        weights = [weights[column] for column in matrix]
    given = np.asarray(weights, float)
    if len(given) != matrix.shape[1] or not given.any():
        raise ValueError(f"weights: {list(given)}, expected {matrix.shape[1]} numbers, not all zero")
    return pd.Series(given / given.sum(), matrix.columns)


def _better(matrix: pd.DataFrame, directions: Sequence[str] | Mapping[str, str]) -> pd.Series:
    """True for each criterion of which more is better."""
    if isinstance(directions, Mapping) and set(directions) != set(matrix):
        raise ValueError(f"directions: {sorted(directions)}, expected one for each of {sorted(matrix)}")
    ways = [directions[column] for column in matrix] if isinstance(directions, Mapping) else list(directions)
    if any(not isinstance(way, str) for way in ways) or len(ways) != matrix.shape[1] or set(ways) - {"max", "min"}:
        raise ValueError(f"directions: {ways}, expected 'max' or 'min' for each of {matrix.shape[1]} criteria")
    return pd.Series([way == "max" for way in ways], matrix.columns)


def _normalized(
    matrix: pd.DataFrame, directions: Sequence[str] | Mapping[str, str], normalization: str
) -> pd.DataFrame:
    """The matrix free of units, more being better in every column."""
    up = _better(matrix, directions)
    values = matrix.astype(float)
    if normalization == "points":
        for column in matrix:
            arg.amounts(0, 100)(f"matrix {column}", matrix[column])
            if not up[column]:
                raise ValueError(f"directions {column}: 'min', expected 'max': more points are better")
        return values
    if normalization == "share":
        if (values <= 0).any(axis=None):
            raise ValueError("matrix: a value is not above 0, expected only such (or normalization='range')")
        values.loc[:, ~up] = 1 / values.loc[:, ~up]
        return values / values.sum()
    if normalization != "range":
        raise ValueError(f"normalization: {normalization!r}, expected 'share', 'range' or 'points'")
    values.loc[:, ~up] *= -1
    span = values.max() - values.min()
    return (values - values.min()) / span.where(span > 0, 1.0)


@arg.takes(
    matrix=arg.matrix(), weights=_given, directions=arg.a(list, tuple, Mapping, pd.Series), normalization=arg.text
)
def weighted_score(
    matrix: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float],
    directions: Sequence[str] | Mapping[str, str],
    normalization: str = "share",
) -> pd.Series:
    """Weighted score of each option; a criterion's unit does not matter.

    Parameters
    ----------
    matrix : DataFrame, options by criteria.
    weights : of the criteria, in any scale.
    directions : ``"max"`` or ``"min"``, per criterion.
    normalization : ``"share"``: each value over its column's sum, the inverse first where less is better (values above
        0); ``"range"``: 0 for the worst option, 1 for the best (adding a poor option then changes the scores);
        ``"points"``: the values are points already, 0 to 100, as an RFP's scoring sheet gives them.

    Returns
    -------
    Series of scores, as the rows; with ``"share"`` they sum to 1, with ``"points"`` each is of 100.

    Raises
    ------
    ValueError if weights or directions do not fit, or a value is missing.

    Source: simple additive weighting; Kracka, Brauers and Zavadskas 2010 for inverse normalization.

    >>> bids = pd.DataFrame({"cost": [4.0, 5.0], "on_time": [0.96, 0.99]}, index=["A", "B"])
    >>> weighted_score(bids, [0.6, 0.4], ["min", "max"]).round(3).to_dict()
    {'A': 0.53, 'B': 0.47}
    """
    given = _weights(matrix, weights)
    return (_normalized(matrix, directions, normalization) @ given).rename("score")


@arg.takes(
    matrix=arg.matrix(), weights=_given, directions=arg.a(list, tuple, Mapping, pd.Series), normalization=arg.text
)
def flip_weights(
    matrix: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float],
    directions: Sequence[str] | Mapping[str, str],
    normalization: str = "share",
) -> pd.DataFrame:
    """How far each weight can move before another option wins, the other weights keeping their proportions.

    Parameters
    ----------
    matrix, weights, directions, normalization : as `weighted_score`.

    Returns
    -------
    DataFrame, a row per criterion: ``weight`` (now, of 1), ``flips_below`` and ``flips_above`` (the weights at which
    the winner changes; missing where it never does), ``winner_below`` and ``winner_above`` (who wins beyond). An option
    that only touches the winner does not count.

    Raises
    ------
    ValueError as `weighted_score`, or if there are fewer than two options or a criterion has all the weight.

    >>> bids = pd.DataFrame({"cost": [4.0, 5.0], "on_time": [0.90, 0.99]}, index=["A", "B"])
    >>> flips = flip_weights(bids, [0.6, 0.4], ["min", "max"])
    >>> print(flips.loc["cost", "flips_below"], flips.loc["cost", "winner_below"])
    0.3 B
    """
    given = _weights(matrix, weights)
    if len(matrix) < 2 or (given == 1).any():
        raise ValueError("matrix: expected at least two options and weight on at least two criteria")
    scaled = _normalized(matrix, directions, normalization)
    winner = (scaled @ given).idxmax()
    rows = []
    for criterion, weight in given.items():
        stretches = cheapest(-_ends(scaled, given, criterion))
        own = stretches[stretches["option"] == winner]
        low, high = (weight, weight) if own.empty else own[["above", "to"]].iloc[0]
        below, above = stretches[stretches["to"] <= low], stretches[stretches["above"] >= high]
        rows.append(
            {
                "weight": weight,
                "flips_below": np.nan if below.empty else round(low, 12),
                "winner_below": None if below.empty else below["option"].iloc[-1],
                "flips_above": np.nan if above.empty else round(high, 12),
                "winner_above": None if above.empty else above["option"].iloc[0],
            }
        )
    return pd.DataFrame(rows, index=given.index.rename("criterion"))


def _ends(scaled: pd.DataFrame, given: pd.Series, criterion: str) -> pd.DataFrame:
    """Each option's score where a criterion has no weight (row 0) and all of it (row 1); straight in between."""
    rest = given.drop(criterion)
    return pd.DataFrame([scaled[rest.index] @ rest / rest.sum(), scaled[criterion]], index=[0.0, 1.0])


@arg.takes(items=arg.labels, comparisons=arg.a(list, tuple))
def ahp_weights(items: Sequence[str], comparisons: Sequence[tuple[str, str, float]]) -> tuple[pd.Series, float]:
    """Weights from pairwise comparisons, and how consistent those are (analytic hierarchy process).

    Parameters
    ----------
    items : criteria to weigh, at most 10.
    comparisons : (a, b, ratio) for every pair: ``a`` matters ``ratio`` times as much as ``b``.

    Returns
    -------
    Series of weights that sum to 1, and the consistency ratio (above 0.1: compare again).

    Raises
    ------
    ValueError if a pair is missing or stands twice, an item is unknown, or a ratio is not above 0.

    Source: Saaty 2008, International Journal of Services Sciences 1(1).

    >>> weights, ratio = ahp_weights(["cost", "service", "risk"],
    ...                              [("cost", "service", 2), ("cost", "risk", 4), ("service", "risk", 2)])
    >>> weights.round(3).to_dict(), f"{ratio:.2f}"
    ({'cost': 0.571, 'service': 0.286, 'risk': 0.143}, '0.00')
    """
    if len(set(items)) != len(items) or not 2 <= len(items) <= max(RANDOM_INDEX):
        raise ValueError(f"items: {items}, expected 2 to {max(RANDOM_INDEX)} different ones")
    matrix = pd.DataFrame(np.eye(len(items)), items, items)
    for comparison in comparisons:
        if not isinstance(comparison, Sequence) or len(comparison) != 3:
            raise ValueError(f"comparisons: {comparison!r}, expected two items and a ratio")
        a, b, given = comparison
        if a not in items or b not in items or a == b or matrix.loc[a, b]:
            raise ValueError(f"comparisons: {a!r} with {b!r}, expected each pair of items once")
        ratio = number(f"comparisons: ratio of {a} to {b}", given, arg.ABOVE_0, 1000)
        matrix.loc[a, b], matrix.loc[b, a] = ratio, 1 / ratio
    gaps = matrix.stack().loc[lambda ratio: ratio == 0]
    if len(gaps):
        raise ValueError(f"comparisons: none of {gaps.index[0][0]} with {gaps.index[0][1]}, expected every pair")
    values, vectors = np.linalg.eig(matrix)
    largest = np.argmax(values.real)
    weights = np.abs(vectors[:, largest].real)
    index = (values[largest].real - len(items)) / max(1, len(items) - 1)
    ratio = index / RANDOM_INDEX[len(items)] if len(items) > 2 else 0.0
    return pd.Series(weights / weights.sum(), items), float(max(0.0, ratio))


@arg.takes(matrix=arg.matrix(), weights=_given, directions=arg.a(list, tuple, Mapping, pd.Series))
def topsis(
    matrix: pd.DataFrame,
    weights: Sequence[float] | Mapping[str, float],
    directions: Sequence[str] | Mapping[str, str],
) -> pd.Series:
    """Closeness of each option to the best value of every criterion, away from the worst: a second opinion on a score.

    Parameters
    ----------
    matrix, weights, directions : as `weighted_score`; values may be zero or negative.

    Returns
    -------
    Series in [0, 1], as the rows.

    Raises
    ------
    ValueError as `weighted_score`, or if the options do not differ.

    Source: Tzeng and Huang, Multiple Attribute Decision Making (vector normalization).

    >>> matrix = pd.DataFrame([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])
    >>> topsis(matrix, [0.3, 0.4, 0.3], ["max", "max", "max"]).round(4).tolist()
    [0.5037, 0.6581, 0.7482, 0.334]
    """
    given, up = _weights(matrix, weights), _better(matrix, directions)
    length = np.sqrt((matrix.astype(float) ** 2).sum())
    scaled = matrix / length.where(length > 0, 1.0) * given
    best, worst = scaled.max().where(up, scaled.min()), scaled.min().where(up, scaled.max())
    to_best, to_worst = (np.sqrt(((scaled - ideal) ** 2).sum(axis=1)) for ideal in (best, worst))
    if not (to_best + to_worst).all():
        raise ValueError("matrix: the options do not differ, expected some difference")
    return (to_worst / (to_best + to_worst)).rename("closeness")
