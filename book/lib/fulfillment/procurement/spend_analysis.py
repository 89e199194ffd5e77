"""How concentrated spend is on suppliers, and where each item stands in Kraljic's matrix."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas


@arg.takes(spend=arg.amounts(0))
def concentration(spend: Sequence[float] | pd.Series) -> dict[str, float]:
    """How concentrated spend is on suppliers.

    Parameters
    ----------
    spend : per supplier, in any one unit (USD, or shares).

    Returns
    -------
    dict: ``hhi`` (Herfindahl-Hirschman index, 0 to 10,000 points), ``equal_suppliers`` (as many suppliers of the same
    size would give this index), ``top_1`` and ``top_3`` (share of the greatest, and of the three greatest).

    Raises
    ------
    ValueError if a number is negative or missing, or all are zero.

    Source: US Department of Justice, Herfindahl-Hirschman index.

    >>> {name: round(value, 2) for name, value in concentration([30, 30, 20, 20]).items()}
    {'hhi': 2600.0, 'equal_suppliers': 3.85, 'top_1': 0.3, 'top_3': 0.8}
    """
    values = np.asarray(spend, float)
    if not values.any():
        raise ValueError("spend: all zero, expected some")
    shares = np.sort(values / values.sum())[::-1]
    hhi = float((shares**2).sum() * 10_000)
    return {
        "hhi": hhi,
        "equal_suppliers": 10_000 / hhi,
        "top_1": float(shares[0]),
        "top_3": float(shares[:3].sum()),
    }


@arg.takes(
    items=arg.table({"x_supply": arg.amounts(), "y_profit": arg.amounts()}),
    x_range=arg.each(arg.amount(), 2),
    y_range=arg.each(arg.amount(), 2),
    rho_x=arg.amount(),
    rho_y=arg.amount(),
    swing_weights=arg.each(arg.share),
)
def kraljic(
    items: pd.DataFrame,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    rho_x: float,
    rho_y: float,
    swing_weights: Mapping[str, float],
) -> pd.DataFrame:
    """Each item's place in Kraljic's matrix, from its ratings.

    ``x_supply`` runs from the worst supply position to the best, so that a high value is low risk: the reverse of the
    usual drawing. For a scale of risk, give ``x_range`` from high to low and a negative ``rho_x``.

    Parameters
    ----------
    items : DataFrame, a row per item: ``x_supply`` and ``y_profit`` (ratings).
    x_range, y_range : worst and best rating of the scale.
    rho_x, rho_y : curvature of the value of a rating, per point, not 0.
    swing_weights : weights of ``"x"`` and ``"y"``, summing to 1.

    Returns
    -------
    DataFrame with the index of ``items``: ``x_score`` and ``y_score`` (0 to 1), ``quadrant``, ``mavf`` (weighted sum).

    Raises
    ------
    ValueError if a rating is outside its scale, the weights do not sum to 1, or a curvature is 0.

    Source: Kraljic 1983, Harvard Business Review 61(5); scores as in the R package KraljicMatrix.

    >>> items = pd.DataFrame({"x_supply": [3.01, 1.66], "y_profit": [4.84, 4.02]}, index=["D233", "N290"])
    >>> places = kraljic(items, (1, 5), (1, 10), 0.653, 0.7, {"x": 0.65, "y": 0.35})
    >>> places[["quadrant", "mavf"]].round(3).values.tolist()
    [['Leverage', 0.839], ['Strategic', 0.554]]
    """
    if set(swing_weights) != {"x", "y"} or abs(sum(swing_weights.values()) - 1) > 1e-9:
        raise ValueError(f"swing_weights: {dict(swing_weights)}, expected x and y that sum to 1")
    scores = pd.DataFrame(index=items.index)
    scales = {"x_supply": ("x_score", x_range, rho_x), "y_profit": ("y_score", y_range, rho_y)}
    for column, (score, (worst, best), rho) in scales.items():
        outside = items[column][~items[column].between(min(worst, best), max(worst, best))]
        if len(outside):
            raise ValueError(f"{column}: {outside.iloc[0]} of {outside.index[0]}, expected {worst} to {best}")
        scores[score] = formulas.VALUE_SCORE(value=items[column], lowest=worst, highest=best, rho=rho)
    safe, dear = scores["x_score"] > 0.5, scores["y_score"] >= 0.5
    names = ["Leverage", "Non-critical", "Strategic"]
    scores["quadrant"] = np.select([safe & dear, safe, dear], names, "Bottleneck")
    scores["mavf"] = swing_weights["x"] * scores["x_score"] + swing_weights["y"] * scores["y_score"]
    return scores
