"""What an order cost: every billed line traced to the order that caused it."""

from collections.abc import Mapping

import pandas as pd

from fulfillment import arguments as arg
from fulfillment import validate

HANDLED: dict[str, arg.Gate] = {"center_id": arg.names(), "units": arg.amounts(1)}
FEES: dict[str, arg.Gate] = {"supplier_id": arg.names(), "charge": arg.names(), "rate_usd": arg.amounts()}
OPERATED: dict[str, arg.Gate] = {"center_id": arg.names(), "operator_id": arg.names()}
FILLING: dict[str, arg.Gate] = {"kind": arg.names(), "standard_price_usd": arg.amounts(0)}
RETURNED: dict[str, arg.Gate] = dict.fromkeys(["label_usd", "handling_usd"], arg.amounts(0, gaps=True))
PARCEL_TABLES: dict[str, dict[str, arg.Gate]] = {
    "shipments": HANDLED | {"shipment_id": arg.names(), "packaging_id": arg.names()},
    "invoice_lines": {"shipment_id": arg.names(gaps=True), "billed_usd": arg.amounts()},
    "rate_cards": FEES,
    "centers": OPERATED,
    "packaging_items": FILLING | {"packaging_id": arg.names()},
}
_ORDERED: dict[str, arg.Gate] = dict.fromkeys(["center_id", "seller_id"], arg.names(gaps=True))
ORDER_TABLES: dict[str, dict[str, arg.Gate]] = PARCEL_TABLES | {
    "shipments": PARCEL_TABLES["shipments"]
    | {"order_id": arg.names(), "billable_weight_lb": arg.amounts(0, gaps=True)},
    "orders": _ORDERED
    | {
        "order_id": arg.names(),
        "zone": arg.amounts(gaps=True),
        "value_usd": arg.amounts(gaps=True),
        "dispatched_at": arg.times(gaps=True),
    },
    "returns": RETURNED | {"order_id": arg.names(gaps=True)},
}


@arg.takes(
    parcels=arg.table(HANDLED, rows=False), rate_cards=arg.table(FEES), centers=arg.table(OPERATED, key=["center_id"])
)
def handling_costs(parcels: pd.DataFrame, rate_cards: pd.DataFrame, centers: pd.DataFrame) -> pd.Series:
    """What the operator of each parcel's center takes by contract: order fee, packing, and each pick after the first.

    Parameters
    ----------
    parcels : DataFrame, a row per parcel: ``center_id``, ``units``.
    rate_cards : DataFrame: ``supplier_id``, ``charge``, ``rate_usd``; the first rate of each charge holds.
    centers : DataFrame: ``center_id``, ``operator_id``.

    Returns
    -------
    Series, USD, indexed as ``parcels``.

    Raises
    ------
    ValueError if a column is missing.

    >>> rates = pd.DataFrame({"supplier_id": "OP1", "charge": ["order handling", "packaging", "additional pick"],
    ...                       "rate_usd": [1.5, 0.5, 0.25]})
    >>> centers = pd.DataFrame({"center_id": ["FC1"], "operator_id": ["OP1"]})
    >>> handling_costs(pd.DataFrame({"center_id": "FC1", "units": [1, 3]}), rates, centers).tolist()
    [2.0, 2.5]
    """
    fee = rate_cards.drop_duplicates(["supplier_id", "charge"]).set_index(["supplier_id", "charge"])["rate_usd"]
    at = parcels["center_id"].map(centers.set_index("center_id")["operator_id"])
    order, label, pick = (
        at.map(fee[fee.index.get_level_values(1) == name].droplevel(1))
        for name in ("order handling", "packaging", "additional pick")
    )
    handled: pd.Series = order + label + pick * (parcels["units"] - 1)
    if handled.isna().any():
        lost = parcels.loc[handled.isna(), "center_id"].iloc[0]
        raise ValueError(
            f"parcels: no fees of center_id {lost!r}, expected an operator with order, packing and pick fee"
        )
    return handled


@arg.takes(packaging_items=arg.table(FILLING))
def filling_cost(packaging_items: pd.DataFrame) -> float:
    """Filling and tape of a parcel at standard prices, USD: the items of kind ``"material"``.

    >>> filling_cost(pd.DataFrame({"kind": ["carton", "material", "material"], "standard_price_usd": [0.8, 0.06, 0.05]}))
    0.11
    """
    return float(packaging_items.loc[packaging_items["kind"] == "material", "standard_price_usd"].sum())


@arg.takes(returns=arg.table(RETURNED, rows=False))
def return_costs(returns: pd.DataFrame) -> pd.Series:
    """Label and care of each return, USD; what is not known yet counts as nothing.

    >>> return_costs(pd.DataFrame({"label_usd": [6.0, None], "handling_usd": [2.0, 1.5]})).tolist()
    [8.0, 1.5]
    """
    return returns["label_usd"].fillna(0) + returns["handling_usd"].fillna(0)


@arg.takes(tables=arg.program(PARCEL_TABLES))
def parcel_costs(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What each parcel cost: as billed, by its operator's contract, and packing at standard prices.

    Parameters
    ----------
    tables : of the program by name: ``shipments``, ``invoice_lines``, ``rate_cards``, ``centers``,
        ``packaging_items``; see the data dictionary.

    Returns
    -------
    ``shipments`` with ``parcel_usd`` (missing until billed), ``handling_usd`` (see `handling_costs`) and
    ``packaging_usd`` (carton and `filling_cost`).

    Raises
    ------
    ValueError if a column is missing.

    >>> from fulfillment.data import load
    >>> names = ["shipments", "invoice_lines", "rate_cards", "centers", "packaging_items"]
    >>> parcels = parcel_costs({name: load(name) for name in names})
    >>> parcels[["parcel_usd", "handling_usd", "packaging_usd"]].mean().round(2).tolist()
    [6.35, 2.74, 0.53]
    """
    parcels, items = tables["shipments"], tables["packaging_items"]
    validate.unique("packaging_items", items, ["packaging_id"])
    carton = parcels["packaging_id"].map(items.set_index("packaging_id")["standard_price_usd"])
    if carton.isna().any():
        lost = parcels.loc[carton.isna(), "packaging_id"].iloc[0]
        raise ValueError(f"packaging_items: no packaging_id {lost!r}, expected every carton of shipments")
    return parcels.assign(
        parcel_usd=parcels["shipment_id"].map(tables["invoice_lines"].groupby("shipment_id")["billed_usd"].sum()),
        handling_usd=handling_costs(parcels, tables["rate_cards"], tables["centers"]),
        packaging_usd=carton + filling_cost(items),
    )


#: Columns of `order_costs` that hold cost, USD per order.
TRACED_COSTS = ["parcel_usd", "handling_usd", "packaging_usd", "returns_usd"]


@arg.takes(tables=arg.program(ORDER_TABLES))
def order_costs(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What can be traced to each order that left and whose parcels are all billed.

    Parcels as billed; handling (the order fee of each parcel, additional picks, packing) at the contract's rates of the
    operator that packed it; carton, filling and tape at standard prices; label and care of each return known so far.
    Storage, receiving and a monthly minimum belong to no single order and are left out; so are refunds and what
    returned goods bring in.

    Parameters
    ----------
    tables : of the program by name: ``orders``, ``shipments``, ``invoice_lines``, ``rate_cards``, ``centers``,
        ``packaging_items``, ``returns``; see the data dictionary.

    Returns
    -------
    DataFrame, a row per order: ``order_id``, ``center_id``, ``seller_id``, ``zone``, ``value_usd``, ``dispatched_at``,
    ``parcels``, ``billable_weight_lb`` (of all its parcels), `TRACED_COSTS` in USD and ``cost_usd``, their sum.

    Raises
    ------
    ValueError if a table is missing.

    >>> from fulfillment.data import load
    >>> names = ["orders", "shipments", "invoice_lines", "rate_cards", "centers", "packaging_items", "returns"]
    >>> order_costs({name: load(name) for name in names})[["parcels", "cost_usd"]].mean().round(2).to_dict()
    {'parcels': 1.02, 'cost_usd': 10.83}
    """
    validate.unique("orders", tables["orders"], ["order_id"])
    parcels = parcel_costs(tables).assign(parcels=1)
    sums = ["parcels", "billable_weight_lb", "parcel_usd", "handling_usd", "packaging_usd"]
    costs = parcels.groupby("order_id")[sums].sum(min_count=1)
    costs = costs[~parcels["parcel_usd"].isna().groupby(parcels["order_id"]).any()]
    back = tables["returns"]
    costs["returns_usd"] = return_costs(back).groupby(back["order_id"]).sum().reindex(costs.index, fill_value=0.0)
    costs["cost_usd"] = costs[TRACED_COSTS].sum(axis=1)
    kept = tables["orders"][["order_id", "center_id", "seller_id", "zone", "value_usd", "dispatched_at"]]
    return kept.merge(costs.reset_index(), on="order_id")
