"""What an order cost: every billed line traced to the order that caused it."""

from collections.abc import Mapping, Sequence

import pandas as pd

from fulfillment.validate import require


def cost_to_serve(orders: pd.DataFrame, by: str | Sequence[str], costs: Sequence[str]) -> pd.DataFrame:
    """Cost of the orders of each segment (zone, seller, SKU, center), the dearest segment in total first.

    Parameters
    ----------
    orders : DataFrame, a row per order: the columns of ``by`` and of ``costs``.
    by : column or columns that name the segment.
    costs : columns of cost, USD per order.

    Returns
    -------
    DataFrame, a row per segment: ``orders``, each column of ``costs`` in USD per order, ``cost_per_order_usd``,
    ``cost_usd``, ``share_of_orders``, ``share_of_cost``, ``index`` (cost per order over the average: 1.2 is 20 % more).

    Raises
    ------
    ValueError if a column or all rows are missing, or a cost or a segment is missing in a row.

    >>> orders = pd.DataFrame({"zone": [2, 2, 8], "pick_usd": [1.0, 1.0, 1.0], "parcel_usd": [5.0, 6.0, 12.0]})
    >>> zones = cost_to_serve(orders, "zone", ["pick_usd", "parcel_usd"])
    >>> zones[["cost_per_order_usd", "index"]].round(2).values.tolist()
    [[6.5, 0.75], [13.0, 1.5]]
    """
    keys, costs = [by] if isinstance(by, str) else list(by), list(costs)
    require("orders", orders, [*keys, *costs])
    for column in (*keys, *costs):
        if orders[column].isna().any():
            raise ValueError(f"orders: {column} is missing in {orders[column].isna().sum()} rows, expected none")
    groups = orders.groupby(by, observed=True)[costs]
    table = groups.mean()
    table.insert(0, "orders", groups.size())
    table["cost_per_order_usd"] = table[costs].sum(axis=1)
    table["cost_usd"] = table["cost_per_order_usd"] * table["orders"]
    table["share_of_orders"] = table["orders"] / table["orders"].sum()
    table["share_of_cost"] = table["cost_usd"] / table["cost_usd"].sum()
    table["index"] = table["share_of_cost"] / table["share_of_orders"]
    return table.sort_values("cost_usd", ascending=False, kind="stable")


#: Columns of `order_costs` that hold cost, USD per order.
TRACED_COSTS = ["parcel_usd", "handling_usd", "packaging_usd", "returns_usd"]


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
    names = ["orders", "shipments", "invoice_lines", "rate_cards", "centers", "packaging_items", "returns"]
    missing = [name for name in names if name not in tables]
    if missing:
        raise ValueError(f"tables: {missing[0]} is missing, expected {', '.join(names)}")
    operator = tables["centers"].set_index("center_id")["operator_id"]
    fee = (
        tables["rate_cards"].drop_duplicates(["supplier_id", "charge"]).set_index(["supplier_id", "charge"])["rate_usd"]
    )
    item = tables["packaging_items"].set_index("packaging_id")
    material = item.loc[item["kind"] == "material", "standard_price_usd"].sum()
    parcels = tables["shipments"]
    at = parcels["center_id"].map(operator)
    packed, more, label = (at.map(fee.xs(name, level=1)) for name in ("order handling", "additional pick", "packaging"))
    parcels = parcels.assign(
        parcel_usd=parcels["shipment_id"].map(tables["invoice_lines"].groupby("shipment_id")["billed_usd"].sum()),
        handling_usd=packed + label + more * (parcels["units"] - 1),
        packaging_usd=parcels["packaging_id"].map(item["standard_price_usd"]) + material,
        parcels=1,
    )
    sums = ["parcels", "billable_weight_lb", "parcel_usd", "handling_usd", "packaging_usd"]
    costs = parcels.groupby("order_id")[sums].sum(min_count=1)
    costs = costs[~parcels["parcel_usd"].isna().groupby(parcels["order_id"]).any()]
    back = tables["returns"]
    cost_of_return = back["label_usd"].fillna(0) + back["handling_usd"].fillna(0)
    costs["returns_usd"] = cost_of_return.groupby(back["order_id"]).sum().reindex(costs.index, fill_value=0.0)
    costs["cost_usd"] = costs[TRACED_COSTS].sum(axis=1)
    kept = tables["orders"][["order_id", "center_id", "seller_id", "zone", "value_usd", "dispatched_at"]]
    return kept.merge(costs.reset_index(), on="order_id")
