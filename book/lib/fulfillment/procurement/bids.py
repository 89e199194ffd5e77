"""Bids made comparable: one currency, one unit and one quantity a line, blanks by a stated rule, and what knocks out."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fulfillment import arguments as arg
from fulfillment.validate import number_column, require


@arg.takes(
    bids=arg.table(
        {
            "bidder": arg.names(),
            "item": arg.names(),
            "price": arg.amounts(0, gaps=True),
            "currency": arg.names(),
            "unit": arg.names(),
        }
    ),
    usd_per=arg.each(arg.amount(arg.ABOVE_0)),
    orders_per=arg.each(arg.amount(arg.ABOVE_0)),
    missing=arg.a(str, Mapping, pd.Series),
)
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
    own = not isinstance(missing, str)
    if not own and missing not in ("highest", "median"):
        raise ValueError(f"missing: {missing!r}, expected 'highest', 'median' or an estimate for each item")
    twice = bids[bids.duplicated(["bidder", "item"])]
    if len(twice):
        raise ValueError(f"bids: {twice.iloc[0]['bidder']} prices {twice.iloc[0]['item']} twice, expected once")
    priced = [_priced(bid, usd_per, orders_per) for bid in bids.dropna(subset="price").itertuples()]
    log = [entry for _, entries in priced for entry in entries]
    table = pd.DataFrame(index=bids["bidder"].unique(), columns=bids["item"].unique(), dtype=float)
    for (bidder, item, price), _ in priced:
        table.loc[bidder, item] = price
    if table.isna().all().any():
        raise ValueError(f"price: nobody bid for {table.columns[table.isna().all()][0]}, expected at least one bid")
    gaps = table.isna().stack().loc[lambda gap: gap].index
    if own:
        for _, item in gaps:
            arg.amount(0)(f"missing: estimate of {item}", missing.get(item))
        fill, rule = pd.Series(dict(missing), dtype=float), "own estimate"
    else:
        fill, rule = (table.max() if missing == "highest" else table.median()), f"{missing} of the other bids"
    for bidder, item in gaps:
        log.append((bidder, item, f"left out: {rule}", "", f"{fill[item]:g} USD per order", fill[item]))
    table = table.fillna(fill)
    columns = ["bidder", "item", "adjustment", "from", "to", "usd_per_order"]
    return table.assign(total=table.sum(axis=1)), pd.DataFrame(log, columns=columns)


def _priced(bid: Any, usd_per: Mapping[str, float], orders_per: Mapping[str, float]) -> tuple[tuple, list[tuple]]:
    """Bidder, item and USD per order of a bid, and what was adjusted to get there."""
    for field, value, rates in (("currency", bid.currency, usd_per), ("unit", bid.unit, orders_per)):
        if not rates.get(value, 0) > 0:
            raise ValueError(f"{field}: {value!r} of {bid.bidder} for {bid.item}, expected one of {', '.join(rates)}")
    price = float(bid.price)
    in_usd = price * usd_per[bid.currency]
    per_order = in_usd / orders_per[bid.unit]
    log = []
    if usd_per[bid.currency] != 1:
        effect = (in_usd - price) / orders_per[bid.unit]
        log.append((bid.bidder, bid.item, "currency", f"{price:g} {bid.currency}", f"{in_usd:g} USD", effect))
    if orders_per[bid.unit] != 1:
        before, after = f"{in_usd:g} USD {bid.unit}", f"{per_order:g} USD per order"
        log.append((bid.bidder, bid.item, "unit", before, after, per_order - in_usd))
    return (bid.bidder, bid.item, per_order), log


@arg.takes(
    options=arg.a(pd.DataFrame), minimum=arg.each(arg.amount(), empty=True), maximum=arg.each(arg.amount(), empty=True)
)
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
            values = number_column(criterion, options[criterion])
            failed = options.loc[~passes(values, limit).fillna(False).astype(bool), criterion]
            failures += [(option, criterion, value, limit) for option, value in failed.items()]
    return pd.DataFrame(failures, columns=["option", "criterion", "value", "limit"])
