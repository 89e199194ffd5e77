"""After the parcel: returns, contacts, claims and what sellers are billed."""

import numpy as np
import pandas as pd

from fulfillment.simulate.program import AS_OF, END, known_by_as_of, sample, stream
from fulfillment.simulate.stock import Flow

#: Reasons of a return of an undamaged, right and punctual item. invented
REASONS = {"changed mind": 0.62, "not as described": 0.38}
RETURN_LABEL_USD = (5.6, 0.2)  # median and log standard deviation; invented
RETURN_HANDLING_USD = (3.0, 5.5)  # within the 3 to 10 USD of data/facts/3pl_fees.csv
LIQUIDATED = (0.12, 0.45)  # proceeds over price; invented
DESTROYED = 0.30  # of what is not restocked; invented
WISMO = {"late": 0.22, "on time": 0.004}  # buyers who ask where their order is; published: about 1.1 to 1.2% of orders
WRONG_CONTACT = 0.55  # buyers of a damaged or wrong item who write; invented
OTHER_CONTACT = 0.045  # other questions; published: 6.7 tickets per 100 orders in all
CSAT_ANSWERED = 0.3  # invented
CSAT = {"wismo": [0.16, 0.14, 0.2, 0.28, 0.22], "damaged or wrong": [0.24, 0.18, 0.18, 0.24, 0.16]}  # 1 to 5; invented
CSAT_USUAL = [0.05, 0.06, 0.13, 0.34, 0.42]
FILED = {"lost": 0.92, "damaged": 0.60}  # of what could be claimed; invented
PAID = {"lost": 0.82, "damaged": 0.55}  # of what was decided; invented
POOR_PACKING = 0.12  # the same for damage of parcels that the cheapest operator packed; invented
FEE_USD = (5.40, 1.60, 0.06)  # a seller's fee: an order, a further unit, and a share of sales; invented


def returned_at(flow: Flow, orders: pd.DataFrame) -> pd.Series:
    """When each returned line reaches the center again; missing for lines that are not returned.

    A return drawn for an order that arrived too late for it follows the delivery by four days.
    """
    rng = stream("returned")
    lines = flow.lines
    ordered = lines["order"].map(orders["ordered_at"]).dt.normalize()
    at = ordered + pd.to_timedelta(lines["lag"], unit="D")
    at = at + pd.to_timedelta(rng.integers(6 * 60, 11 * 60, len(lines)), unit="min")
    delivered = lines["order"].map(orders["delivered_at"])
    at = at.where(at >= delivered + pd.Timedelta(days=4), delivered + pd.Timedelta(days=4))
    return at.where(lines["returned"] & delivered.notna())


def returns(lines: pd.DataFrame, orders: pd.DataFrame, places: pd.DataFrame, skus: pd.DataFrame) -> pd.DataFrame:
    """The returns asked for by the end of the year, with every step that had happened by then.

    Parameters
    ----------
    lines : with ``returned_at``, ``restocked``, ``place``, ``pick_error``.
    """
    rng = stream("returns")
    back = lines[lines["returned_at"].notna()].reset_index(drop=True)
    order = orders.loc[back["order"]].reset_index(drop=True)
    size = len(back)
    gap = back["returned_at"] - order["delivered_at"]
    requested = (order["delivered_at"] + gap * rng.uniform(0.6, 0.9, size)).dt.floor("min")
    late = order["delivered_at"] > order["deliver_by"]
    reason = pd.Series(sample(rng, REASONS, size)).mask(late & (rng.random(size) < 0.3), "late")
    reason = reason.mask(order["damaged"].eq(True), "damaged").mask(back["pick_error"].eq(True), "wrong item")
    received = known_by_as_of(back["returned_at"])
    refunded = known_by_as_of(
        back["returned_at"] + pd.to_timedelta((rng.gamma(2.0, 1.6, size) * 24 * 60).astype(int), unit="min")
    )
    value = (back["units"] * back["unit_price_usd"]).round(2)
    cost = back["units"] * back["sku_id"].map(skus.set_index("sku_id")["unit_cost_usd"])
    scrap = pd.Series(rng.random(size) < DESTROYED)
    disposition = pd.Series("liquidated", range(size)).mask(scrap, "destroyed").mask(back["restocked"], "restocked")
    proceeds = (value * rng.uniform(*LIQUIDATED, size)).mask(scrap, 0).mask(back["restocked"], cost)
    median, spread = RETURN_LABEL_USD
    table = pd.DataFrame(
        {
            "order_id": order["order_id"],
            "line_number": back["line_number"],
            "sku_id": back["sku_id"],
            "units": back["units"],
            "reason": reason,
            "requested_at": known_by_as_of(requested),
            "center_id": back["place"].map(places["center_id"]),
            "received_at": received,
            "refunded_at": refunded,
            "refund_usd": value.where(refunded.notna()),
            "label_usd": (median * np.exp(rng.normal(0, spread, size))).round(2),
            "handling_usd": pd.Series(rng.uniform(*RETURN_HANDLING_USD, size).round(2)).where(received.notna()),
            "disposition": disposition.where(received.notna()),
            "recovered_usd": proceeds.round(2).where(received.notna()),
        }
    )
    table = table.dropna(subset="requested_at").sort_values("requested_at", kind="stable", ignore_index=True)
    return table.assign(return_id=[f"RT{n:05}" for n in range(1, len(table) + 1)])


def contacts(orders: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Buyers' contacts: where their order is, what came damaged or wrong, their return, and other questions."""
    rng, size = stream("contacts"), len(orders)
    kept = orders["cancelled_at"].isna()
    late = kept & ~(orders["delivered_at"] <= orders["deliver_by"]) & (orders["deliver_by"] <= AS_OF)
    asks = kept & (rng.random(size) < np.where(late, WISMO["late"], WISMO["on time"]))
    bad = orders["delivered_at"].notna() & (orders["damaged"].eq(True) | orders["in_full"].eq(False))
    hours = pd.to_timedelta((rng.gamma(2.0, 12, size) * 60).astype(int), unit="min")
    parts = [
        orders[asks].assign(
            topic="wismo", opened_at=orders["deliver_by"].where(late, orders["ordered_at"] + 4 * hours)
        ),
        orders[bad & (rng.random(size) < WRONG_CONTACT)].assign(
            topic="damaged or wrong", opened_at=orders["delivered_at"] + hours
        ),
        orders[kept & (rng.random(size) < OTHER_CONTACT)].assign(topic="other", opened_at=orders["ordered_at"] + hours),
        returns[rng.random(len(returns)) < 0.1].assign(topic="return", opened_at=lambda rows: rows["requested_at"]),
    ]
    table = pd.concat([part[["order_id", "topic", "opened_at"]] for part in parts])
    table = table[table["opened_at"] <= AS_OF].sort_values("opened_at", kind="stable", ignore_index=True)
    size = len(table)
    solved = table["opened_at"] + pd.to_timedelta((rng.gamma(1.3, 14, size) * 60).astype(int), unit="min")
    stars = np.array([rng.choice(5, p=CSAT.get(topic, CSAT_USUAL)) + 1 for topic in table["topic"]])
    answered = (rng.random(size) < CSAT_ANSWERED) & known_by_as_of(solved).notna()
    return table.assign(
        contact_id=[f"Q{n:05}" for n in range(1, size + 1)],
        resolved_at=known_by_as_of(solved),
        csat=pd.Series(stars).astype("Int64").where(answered),
    )


def parcel_claims(parcels: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Claims against carriers for lost and damaged parcels, at the sales value of what was in them."""
    rng = stream("claims")
    worth = (lines["shipped_units"] * lines["unit_price_usd"]).groupby(lines["shipment_id"]).sum().round(2)
    reason = pd.Series(None, parcels.index, dtype=object).mask(parcels["damaged"].eq(True), "damaged")
    table = parcels.assign(reason=reason.mask(parcels["lost"], "lost")).dropna(subset="reason").reset_index(drop=True)
    size = len(table)
    base = table["delivered_at"].fillna(table["dispatched_at"] + pd.Timedelta(days=10)).dt.normalize()
    filed = base + pd.to_timedelta(rng.integers(3, 25, size), unit="D")
    keep = (rng.random(size) < table["reason"].map(FILED)) & (filed <= END)
    closed = filed + pd.to_timedelta(rng.integers(10, 50, size), unit="D")
    chance = (
        table["reason"].map(PAID).where(~(table["reason"].eq("damaged") & table["center_id"].eq("FC6")), POOR_PACKING)
    )
    paid = (rng.random(size) < chance) & (closed <= END)
    claimed = table["shipment_id"].map(worth)
    table = table.assign(
        supplier_id=table["carrier_id"],
        invoice_id=None,
        filed_on=filed,
        claimed_usd=claimed,
        status=np.where(closed > END, "open", np.where(paid, "paid", "rejected")),
        closed_on=closed.where(closed <= END),
        paid_usd=claimed.where(paid, 0.0),
    )
    return table[keep]


def claims(parcel_claims: pd.DataFrame, billing_claims: pd.DataFrame) -> pd.DataFrame:
    """All claims in order of filing."""
    columns = ["supplier_id", "shipment_id", "invoice_id", "reason", "filed_on", "claimed_usd", "status"]
    columns += ["closed_on", "paid_usd"]
    table = pd.concat([parcel_claims[columns], billing_claims[columns]])
    table = table.sort_values(["filed_on", "supplier_id"], kind="stable", ignore_index=True)
    return table.assign(claim_id=[f"CL{n:04}" for n in range(1, len(table) + 1)])


def seller_statements(orders: pd.DataFrame) -> pd.DataFrame:
    """What each seller is billed for the orders dispatched in a month, collected from its sales."""
    rng = stream("statements")
    order, unit, share = FEE_USD
    sent = orders[orders["dispatched_at"].notna()]
    sent = sent.assign(
        month=sent["dispatched_at"].dt.to_period("M").dt.start_time,
        fee=order + unit * (sent["units"] - 1) + share * sent["value_usd"],
    )
    table = sent.groupby(["month", "seller_id"], as_index=False).agg(
        orders=("order_id", "size"), sales_usd=("value_usd", "sum"), fees_usd=("fee", "sum")
    )
    issued = table["month"] + pd.offsets.MonthEnd(0)
    settled = issued + pd.to_timedelta(rng.integers(5, 24, len(table)), unit="D")
    money = table[["sales_usd", "fees_usd"]].round(2)
    return table.assign(issued_on=issued, settled_on=settled.where(settled <= END), **money)
