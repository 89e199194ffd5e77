"""KPIs of what comes back and of what buyers say: returns, refunds, contacts."""

import pandas as pd

from fulfillment.kpis.base import (
    KpiValue,
    among,
    days,
    lookup,
    quantile,
    ratio,
    ratio_of_sums,
    reads,
    share,
    total,
)
from fulfillment.kpis.orders import RECORDED, last_day

RETURN_DAYS = 30
SATISFIED = 4


@reads(orders=("order_id", *RECORDED), order_lines=("order_id", "shipped_units"), returns=("order_id", "units"))
def return_rate(orders: pd.DataFrame, order_lines: pd.DataFrame, returns: pd.DataFrame) -> KpiValue:
    """Share of the units delivered at least 30 days ago that buyers have sent back.

    Returned and sold units are of the same orders. Younger orders are in neither, as their returns are still to come.

    Parameters
    ----------
    orders : DataFrame, one row per order; ``order_id``, datetimes ``ordered_at``, ``dispatched_at``, ``delivered_at``.
    order_lines : DataFrame, one row per line; ``order_id``, ``shipped_units``.
    returns : DataFrame, one row per return; ``order_id``, ``units``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines.

    >>> orders = pd.DataFrame({"order_id": ["A", "B"], "ordered_at": pd.to_datetime(["2025-07-01", "2025-08-30"]),
    ...     "dispatched_at": pd.to_datetime(["2025-07-02", None]), "delivered_at": pd.to_datetime(["2025-07-05", None])})
    >>> lines = pd.DataFrame({"order_id": ["A", "A", "B"], "shipped_units": [3, 1, 0]})
    >>> return_rate(orders, lines, pd.DataFrame({"order_id": ["A"], "units": [1]}))
    0.25
    """
    old = orders.loc[orders["delivered_at"] <= last_day(orders) - pd.Timedelta(days=RETURN_DAYS), "order_id"]
    gaps = [
        order_lines.loc[order_lines["shipped_units"].isna(), "order_id"],
        returns.loc[returns["units"].isna(), "order_id"],
    ]
    told = old[~among(old, pd.concat(gaps))]
    sold = order_lines.loc[among(order_lines["order_id"], told), "shipped_units"]
    back = returns.loc[among(returns["order_id"], told), "units"]
    return ratio(back.sum(), sold.sum(), len(sold), "return_rate")


@reads(
    returns=("sku_id", "units", "label_usd", "handling_usd", "recovered_usd", "disposition"),
    skus=("sku_id", "unit_cost_usd"),
)
def cost_per_return(returns: pd.DataFrame, skus: pd.DataFrame) -> KpiValue:
    """Label, handling and the goods' loss of value, at cost, for each return, in USD.

    In the denominator: returns of which it is decided what becomes of the goods.

    Parameters
    ----------
    returns : DataFrame, one row per return; ``sku_id``, ``units``, ``label_usd``, ``handling_usd``, ``recovered_usd``,
        ``disposition`` (missing: not received).
    skus : DataFrame, one row per item; ``sku_id``, ``unit_cost_usd``.

    Returns
    -------
    KpiValue, USD per return; ``n`` counts returns decided.

    >>> cost_per_return(
    ...     pd.DataFrame({"sku_id": ["K1"], "units": [1], "label_usd": [6.0], "handling_usd": [3.0],
    ...                   "recovered_usd": [4.0], "disposition": ["liquidated"]}),
    ...     pd.DataFrame({"sku_id": ["K1"], "unit_cost_usd": [10.0]}))
    15.0
    """
    done = returns[returns["disposition"].notna()]
    goods = done["units"] * lookup(done["sku_id"], skus, "sku_id", "unit_cost_usd")
    cost = (done["label_usd"] + done["handling_usd"] + goods - done["recovered_usd"]).dropna()
    return ratio(cost.sum(), len(cost), len(cost), "cost_per_return")


@reads(returns=("requested_at", "refunded_at"))
def refund_time(returns: pd.DataFrame, at: float = 0.5) -> KpiValue:
    """Days from the buyer's request to the refund; the median unless asked for another quantile.

    In the denominator: returns refunded. One still open is missing from it.

    Parameters
    ----------
    returns : DataFrame, one row per return; datetimes ``requested_at``, ``refunded_at``.
    at : quantile, 0.5 for the median, 0.9 for the tail.

    Returns
    -------
    KpiValue, days; ``n`` counts returns refunded.

    >>> refund_time(pd.DataFrame({"requested_at": pd.to_datetime(["2025-07-01 08:00"] * 2),
    ...                           "refunded_at": pd.to_datetime(["2025-07-08 20:00", None])}))
    7.5
    """
    return quantile(days(returns["refunded_at"], returns["requested_at"]), at, "refund_time")


@reads(returns=("sku_id", "units", "recovered_usd", "disposition"), skus=("sku_id", "unit_cost_usd"))
def recovery_rate(returns: pd.DataFrame, skus: pd.DataFrame) -> KpiValue:
    """Net proceeds of returned goods as a share of what they had cost.

    In the denominator: returns of which it is decided what becomes of the goods.

    Parameters
    ----------
    returns : DataFrame, one row per return; ``sku_id``, ``units``, ``recovered_usd``, ``disposition`` (missing: not
        received).
    skus : DataFrame, one row per item; ``sku_id``, ``unit_cost_usd``.

    Returns
    -------
    KpiValue; ``n`` counts returns decided.

    >>> recovery_rate(pd.DataFrame({"sku_id": ["K1", "K1"], "units": 1, "recovered_usd": [10.0, 2.0],
    ...                             "disposition": ["restocked", "liquidated"]}),
    ...               pd.DataFrame({"sku_id": ["K1"], "unit_cost_usd": [10.0]}))
    0.6
    """
    done = returns[returns["disposition"].notna()]
    cost = done["units"] * lookup(done["sku_id"], skus, "sku_id", "unit_cost_usd")
    return ratio_of_sums(done["recovered_usd"], cost, "recovery_rate")


@reads(contacts=("csat",))
def csat(contacts: pd.DataFrame) -> KpiValue:
    """Share of the answers to the survey after a contact that gave 4 or 5 of 5 points.

    In the denominator: contacts with an answer.

    Parameters
    ----------
    contacts : DataFrame, one row per contact; ``csat`` (1 to 5; missing: no answer).

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts answers.

    >>> csat(pd.DataFrame({"csat": [5, 4, 2, 1, None]}))
    0.5
    """
    return share(contacts["csat"] >= SATISFIED, "csat")


@reads(contacts=("topic",), orders=("dispatched_at",))
def wismo_per_100_orders(contacts: pd.DataFrame, orders: pd.DataFrame) -> KpiValue:
    """Contacts that ask "where is my order" for each hundred orders dispatched.

    Parameters
    ----------
    contacts : DataFrame, one row per contact; ``topic``.
    orders : DataFrame, one row per order of the same period; ``dispatched_at``.

    Returns
    -------
    KpiValue, contacts per 100 orders; ``n`` counts orders dispatched.

    >>> wismo_per_100_orders(pd.DataFrame({"topic": ["wismo", "return"]}),
    ...                      pd.DataFrame({"dispatched_at": pd.to_datetime(["2025-07-01"] * 40 + [None])}))
    2.5
    """
    asked = total((contacts["topic"] == "wismo").rename("topic"), "wismo_per_100_orders: contacts")
    sent = int(orders["dispatched_at"].notna().sum())
    return ratio(100 * asked, sent, sent, "wismo_per_100_orders")
