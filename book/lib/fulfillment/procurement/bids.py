"""From spend to award: where the money goes, bids made comparable, options scored, costs built up.

A matrix has a row per option (bid, operator, supplier) and a column per criterion; ``directions`` says of each
criterion whether more (``"max"``) or less (``"min"``) is better.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fulfillment import formulas
from fulfillment.formulas import numbers, require

#: Saaty's consistency index of random comparisons, by number of items.
RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


# Spend ----------------------------------------------------------------------------------------------------------------


def spend_cube(spend: pd.DataFrame, by: str | Sequence[str], supplier: str = "supplier") -> pd.DataFrame:
    """Spend by any of its dimensions (category, supplier, center, month), the greatest first.

    Parameters
    ----------
    spend : DataFrame, a row per payment or purchase line: the columns of ``by``, the supplier's column, ``spend_usd``.
    by : column or columns to add up by.
    supplier : the column that names the supplier.

    Returns
    -------
    DataFrame, a row per group: ``spend_usd``, ``share``, ``cumulative_share``, ``suppliers`` (how many), ``lines``.

    Raises
    ------
    ValueError if a column is missing, spend or a group is missing in a row, or all spend is not more than 0.

    >>> spend = pd.DataFrame({"category": ["parcel", "labor", "parcel"], "supplier": ["C1", "A", "C2"],
    ...                       "spend_usd": [60.0, 30.0, 10.0]})
    >>> spend_cube(spend, "category")[["share", "suppliers"]].values.tolist()
    [[0.7, 2.0], [0.3, 1.0]]
    """
    keys = [by] if isinstance(by, str) else list(by)
    require("spend", spend, [*keys, supplier, "spend_usd"])
    for column in dict.fromkeys([*keys, supplier]):
        if spend[column].isna().any():
            raise ValueError(f"spend: {column} is missing in {spend[column].isna().sum()} rows, expected none")
    numbers("spend_usd", spend["spend_usd"], -np.inf)  # credits are negative
    groups = spend.groupby(by, observed=True)
    table = groups["spend_usd"].sum().to_frame().sort_values("spend_usd", ascending=False, kind="stable")
    total = table["spend_usd"].sum()
    if total <= 0:
        raise ValueError(f"spend_usd: {total} in all, expected more than 0")
    table["share"] = table["spend_usd"] / total
    table["cumulative_share"] = table["share"].cumsum()
    return table.assign(suppliers=groups[supplier].nunique(), lines=groups.size())


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
    values = numbers("spend", spend)
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
    require("items", items, ["x_supply", "y_profit"])
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


# Bids -----------------------------------------------------------------------------------------------------------------


def normalize_bids(
    bids: pd.DataFrame,
    usd_per: Mapping[str, float],
    orders_per: Mapping[str, float],
    missing: str | Mapping[str, float] | pd.Series = "highest",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bids in one currency and one unit, with every adjustment on record.

    Parameters
    ----------
    bids : DataFrame, a row per bidder and item of the scope: ``bidder``, ``item``, ``price`` (a number; missing where
        the bidder left the item out), ``currency``, ``unit``.
    usd_per : USD for one unit of each currency.
    orders_per : orders that one ``unit`` of the price stands for (``{"per order": 1, "per 100 orders": 100}``).
    missing : what an item left out is priced at: the ``"highest"`` or the ``"median"`` of the other bids, so that
        nobody wins by leaving something out; or the buyer's own estimate, item -> USD per order.

    Returns
    -------
    two DataFrames: bidders by items with the total, USD per order; and the log: ``bidder``, ``item``, ``adjustment``,
    ``from``, ``to``, ``usd_per_order`` (the effect; the whole price where an item was left out).

    Raises
    ------
    ValueError if a column is missing, a bidder prices an item twice, a price is negative or no number, a currency or a
    unit has no rate, nobody priced an item, or an estimate is missing, negative or no number.

    >>> bids = pd.DataFrame({"bidder": ["A", "A", "B"], "item": ["pick", "pack", "pick"], "price": [2.0, 1.0, 150.0],
    ...                      "currency": ["USD", "USD", "CAD"], "unit": ["per order", "per order", "per 100 orders"]})
    >>> table, log = normalize_bids(bids, {"USD": 1, "CAD": 0.75}, {"per order": 1, "per 100 orders": 100})
    >>> table.to_dict("index")
    {'A': {'pick': 2.0, 'pack': 1.0, 'total': 3.0}, 'B': {'pick': 1.125, 'pack': 1.0, 'total': 2.125}}
    >>> log["adjustment"].tolist()
    ['currency', 'unit', 'left out: highest of the other bids']
    """
    require("bids", bids, ["bidder", "item", "price", "currency", "unit"])
    own = not isinstance(missing, str)
    if not own and missing not in ("highest", "median"):
        raise ValueError(f"missing: {missing!r}, expected 'highest', 'median' or an estimate for each item")
    twice = bids[bids.duplicated(["bidder", "item"])]
    if len(twice):
        raise ValueError(f"bids: {twice.iloc[0]['bidder']} prices {twice.iloc[0]['item']} twice, expected once")
    prices, log = {}, []
    for bid in bids.dropna(subset="price").itertuples():
        for field, value, rates in (("currency", bid.currency, usd_per), ("unit", bid.unit, orders_per)):
            if not rates.get(value, 0) > 0:
                raise ValueError(
                    f"{field}: {value!r} of {bid.bidder} for {bid.item}, expected one of {', '.join(rates)}"
                )
        price = float(numbers(f"price of {bid.bidder} for {bid.item}", [bid.price])[0])
        in_usd = price * usd_per[bid.currency]
        per_order = in_usd / orders_per[bid.unit]
        prices[bid.bidder, bid.item] = per_order
        if usd_per[bid.currency] != 1:
            effect = (in_usd - price) / orders_per[bid.unit]
            log.append((bid.bidder, bid.item, "currency", f"{price:g} {bid.currency}", f"{in_usd:g} USD", effect))
        if orders_per[bid.unit] != 1:
            log.append(
                (
                    bid.bidder,
                    bid.item,
                    "unit",
                    f"{in_usd:g} USD {bid.unit}",
                    f"{per_order:g} USD per order",
                    per_order - in_usd,
                )
            )
    table = pd.DataFrame(index=bids["bidder"].unique(), columns=bids["item"].unique(), dtype=float)
    for (bidder, item), price in prices.items():
        table.loc[bidder, item] = price
    if table.isna().all().any():
        raise ValueError(f"price: nobody bid for {table.columns[table.isna().all()][0]}, expected at least one bid")
    gaps = table.isna().stack().loc[lambda gap: gap].index
    if own:
        for _, item in gaps:
            numbers(f"missing: estimate of {item}", [missing.get(item, np.nan)])
        fill, rule = pd.Series(dict(missing), dtype=float), "own estimate"
    else:
        fill, rule = (table.max() if missing == "highest" else table.median()), f"{missing} of the other bids"
    for bidder, item in gaps:
        log.append((bidder, item, f"left out: {rule}", "", f"{fill[item]:g} USD per order", fill[item]))
    table = table.fillna(fill)
    columns = ["bidder", "item", "adjustment", "from", "to", "usd_per_order"]
    return table.assign(total=table.sum(axis=1)), pd.DataFrame(log, columns=columns)


def knock_outs(
    options: pd.DataFrame, minimum: Mapping[str, float] | None = None, maximum: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Which options fail a requirement that no score can make good.

    Parameters
    ----------
    options : DataFrame, a row per option, a column per criterion.
    minimum, maximum : criterion -> its limit. A missing value fails: what was not answered was not shown.

    Returns
    -------
    DataFrame, a row per failure: ``option``, ``criterion``, ``value``, ``limit``. The rest is
    ``options.drop(failures["option"])``.

    Raises
    ------
    ValueError if a criterion is not a column or there is no limit.

    >>> options = pd.DataFrame({"capacity": [900, 1500], "on_time": [0.99, 0.95]}, index=["A", "B"])
    >>> knock_outs(options, minimum={"capacity": 1000, "on_time": 0.95}).values.tolist()
    [['A', 'capacity', 900, 1000]]
    """
    minimum, maximum = dict(minimum or {}), dict(maximum or {})
    if not minimum and not maximum:
        raise ValueError("minimum, maximum: no limit, expected at least one")
    require("options", options, [*minimum, *maximum])
    failures = []
    for limits, passes in ((minimum, pd.Series.ge), (maximum, pd.Series.le)):
        for criterion, limit in limits.items():
            failed = options.loc[~passes(options[criterion], limit), criterion]
            failures += [(option, criterion, value, limit) for option, value in failed.items()]
    return pd.DataFrame(failures, columns=["option", "criterion", "value", "limit"])


# Scores ---------------------------------------------------------------------------------------------------------------


def _weights(matrix: pd.DataFrame, weights: Sequence[float] | Mapping[str, float]) -> pd.Series:
    if isinstance(weights, Mapping):
        if set(weights) != set(matrix):
            raise ValueError(f"weights: {sorted(weights)}, expected one for each of {sorted(matrix)}")
        weights = [weights[column] for column in matrix]
    given = numbers("weights", weights)
    if len(given) != matrix.shape[1] or not given.any():
        raise ValueError(f"weights: {list(given)}, expected {matrix.shape[1]} numbers, not all zero")
    return pd.Series(given / given.sum(), matrix.columns)


def _better(matrix: pd.DataFrame, directions: Sequence[str] | Mapping[str, str]) -> pd.Series:
    """True for each criterion of which more is better."""
    ways = [directions[column] for column in matrix] if isinstance(directions, Mapping) else list(directions)
    if len(ways) != matrix.shape[1] or set(ways) - {"max", "min"}:
        raise ValueError(f"directions: {ways}, expected 'max' or 'min' for each of {matrix.shape[1]} criteria")
    for column in matrix:
        numbers(f"matrix {column}", matrix[column], -np.inf)
    return pd.Series([way == "max" for way in ways], matrix.columns)


def _normalized(
    matrix: pd.DataFrame, directions: Sequence[str] | Mapping[str, str], normalization: str
) -> pd.DataFrame:
    """The matrix free of units, more being better in every column."""
    up = _better(matrix, directions)
    values = matrix.astype(float)
    if normalization == "share":
        if (values <= 0).any(axis=None):
            raise ValueError("matrix: a value is not above 0, expected only such (or normalization='range')")
        values.loc[:, ~up] = 1 / values.loc[:, ~up]
        return values / values.sum()
    if normalization != "range":
        raise ValueError(f"normalization: {normalization!r}, expected 'share' or 'range'")
    values.loc[:, ~up] *= -1
    span = values.max() - values.min()
    return (values - values.min()) / span.where(span > 0, 1.0)


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
        0); ``"range"``: 0 for the worst option, 1 for the best (adding a poor option then changes the scores).

    Returns
    -------
    Series of scores, as the rows; with ``"share"`` they sum to 1.

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
    the winner changes; missing where it never does), ``winner_below`` and ``winner_above`` (who wins beyond).

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
        rest = (scaled.drop(columns=criterion) @ given.drop(criterion)) / (1 - weight)
        lead_own = scaled.loc[winner, criterion] - scaled[criterion].drop(winner)  # the winner's lead at weight 1
        lead_rest = rest[winner] - rest.drop(winner)  # and at weight 0
        slope = lead_own - lead_rest
        flips = (-lead_rest / slope.where(slope != 0)).round(12)
        below, above = (
            flips[(flips >= 0) & (flips <= weight) & (slope > 0)],
            flips[(flips <= 1) & (flips >= weight) & (slope < 0)],
        )
        rows.append(
            {
                "weight": weight,
                "flips_below": below.max(),
                "winner_below": None if below.empty else below.idxmax(),
                "flips_above": above.min(),
                "winner_above": None if above.empty else above.idxmin(),
            }
        )
    return pd.DataFrame(rows, index=given.index.rename("criterion"))


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
    items = list(items)
    if len(set(items)) != len(items) or not 2 <= len(items) <= max(RANDOM_INDEX):
        raise ValueError(f"items: {items}, expected 2 to {max(RANDOM_INDEX)} different ones")
    matrix = pd.DataFrame(np.eye(len(items)), items, items)
    for a, b, ratio in comparisons:
        if a not in items or b not in items or a == b or matrix.loc[a, b]:
            raise ValueError(f"comparisons: {a!r} with {b!r}, expected each pair of items once")
        formulas.positive(**{f"ratio of {a} to {b}": ratio})
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


# Cost of a purchase ---------------------------------------------------------------------------------------------------


def total_cost_of_ownership(costs: pd.DataFrame, discount_rate: float = 0) -> pd.DataFrame:
    """Present value of everything an option costs over the years, by element, the cheapest first.

    Parameters
    ----------
    costs : DataFrame, a row per option, element and year: ``option``, ``element``, ``year`` (0 is today), ``cost_usd``
        (negative for income, such as a rebate).
    discount_rate : cost of capital a year.

    Returns
    -------
    DataFrame, options by elements, with ``total``: USD of today.

    Raises
    ------
    ValueError if a column is missing, a number is missing, or a year or the rate is negative.

    >>> costs = pd.DataFrame({"option": ["A", "A", "B"], "element": ["setup", "fees", "fees"], "year": [0, 1, 1],
    ...                       "cost_usd": [100.0, 110.0, 230.0]})
    >>> total_cost_of_ownership(costs, discount_rate=0.10)["total"].round(2).to_dict()
    {'A': 200.0, 'B': 209.09}
    """
    require("costs", costs, ["option", "element", "year", "cost_usd"])
    years, amounts = numbers("year", costs["year"]), numbers("cost_usd", costs["cost_usd"], -np.inf)
    numbers("discount_rate", [discount_rate])
    today = costs.assign(today=amounts / (1 + discount_rate) ** years)
    table = today.pivot_table(
        values="today", index="option", columns="element", aggfunc="sum", fill_value=0, sort=False
    )
    return table.assign(total=table.sum(axis=1)).sort_values("total", kind="stable")


def landed_cost(
    goods: float, freight: float, duty_rate: float, insurance: float = 0, fees: float = 0, duty_base: str = "FOB"
) -> float:
    """What goods cost once they are here.

    Parameters
    ----------
    goods, freight, insurance, fees : USD; ``fees`` for brokerage, port and customs processing.
    duty_rate : fraction of the duty base.
    duty_base : ``"FOB"``, the goods value (US); ``"CIF"``, goods, freight and insurance (EU, UK).

    Returns
    -------
    float, USD.

    Raises
    ------
    ValueError if a number is negative or the base is unknown.

    >>> landed_cost(goods=4500, freight=500, duty_rate=0.25)
    6125.0
    """
    bases = {"FOB": formulas.LANDED_COST_FOB, "CIF": formulas.LANDED_COST_CIF}
    if duty_base not in bases:
        raise ValueError(f"duty_base: {duty_base!r}, expected 'FOB' or 'CIF'")
    return bases[duty_base](goods=goods, freight=freight, insurance=insurance, fees=fees, duty_rate=duty_rate)


def should_cost(
    minutes_per_order: float,
    wage_usd: float,
    burden_rate: float,
    packaging_usd: float,
    space_usd: float,
    overhead_rate: float,
    margin_rate: float,
) -> pd.Series:
    """What an order should cost to buy, built up line by line.

    Parameters
    ----------
    minutes_per_order : labor, minutes.
    wage_usd : USD per hour.
    burden_rate : payroll burden, fraction of the wage.
    packaging_usd, space_usd : USD per order.
    overhead_rate : fraction of direct cost.
    margin_rate : the operator's margin, fraction of its price (not of cost).

    Returns
    -------
    Series, USD per order: ``labor``, ``packaging``, ``space``, ``overhead``, ``margin``, ``price`` (their sum).

    Raises
    ------
    ValueError if a number is negative or ``margin_rate`` is not below 1.

    >>> lines = should_cost(3, 20, 0.25, packaging_usd=0.55, space_usd=0.20, overhead_rate=0.15, margin_rate=0.08)
    >>> lines.round(2).to_dict()
    {'labor': 1.25, 'packaging': 0.55, 'space': 0.2, 'overhead': 0.3, 'margin': 0.2, 'price': 2.5}
    """
    work = {"minutes_per_order": minutes_per_order, "wage_usd": wage_usd, "burden_rate": burden_rate}
    rest = {
        "packaging_usd": packaging_usd,
        "space_usd": space_usd,
        "overhead_rate": overhead_rate,
        "margin_rate": margin_rate,
    }
    price = formulas.SHOULD_COST(**work, **rest)
    labor = formulas.LABOR_COST(**work)
    direct = labor + packaging_usd + space_usd
    parts = {"labor": labor, "packaging": packaging_usd, "space": space_usd, "overhead": direct * overhead_rate}
    return pd.Series({**parts, "margin": price * margin_rate, "price": price})
