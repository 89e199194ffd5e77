"""Logistics KPIs: what moving, handling and serving costs, and how carriers perform."""

import pandas as pd

from fulfillment.data.schemas import CARRIER_CHARGES, OPERATOR_CHARGES
from fulfillment.kpis.base import KpiValue, complete, is_true, lookup, ratio, ratio_of_sums, reads, share, total

#: What fulfilling orders costs: carriers, operators, and the packaging bought ("goods").
FULFILLMENT_CHARGES = (*CARRIER_CHARGES, *OPERATOR_CHARGES, "goods")
RESIDENTIAL_CHARGES = ("residential", "peak surcharge")
CENT = 0.01


def _billed(invoice_lines: pd.DataFrame, charges: tuple[str, ...], name: str) -> float:
    """What the lines of these charges come to."""
    charge = complete(invoice_lines["charge"], f"{name}: invoice_lines")
    return total(invoice_lines.loc[charge.isin(charges), "billed_usd"], f"{name}: invoice_lines")


@reads(invoice_lines=("charge", "billed_usd"), orders=("dispatched_at", "value_usd"))
def freight_share_of_sales(invoice_lines: pd.DataFrame, orders: pd.DataFrame) -> KpiValue:
    """What carriers billed, surcharges included, as a share of the sales value of the orders dispatched.

    Parameters
    ----------
    invoice_lines : DataFrame, one row per line; ``charge``, ``billed_usd``.
    orders : DataFrame, one row per order of the same period; ``dispatched_at``, ``value_usd``.

    Returns
    -------
    KpiValue; ``n`` counts orders dispatched.

    >>> freight_share_of_sales(
    ...     pd.DataFrame({"charge": ["base transport", "fuel", "storage"], "billed_usd": [8.0, 1.0, 50.0]}),
    ...     pd.DataFrame({"dispatched_at": pd.to_datetime(["2025-07-01", None]), "value_usd": [36.0, 20.0]}))
    0.25
    """
    sold = orders.loc[orders["dispatched_at"].notna(), "value_usd"]
    freight = _billed(invoice_lines, CARRIER_CHARGES, "freight_share_of_sales")
    return ratio(freight, total(sold, "freight_share_of_sales: orders"), len(sold), "freight_share_of_sales")


@reads(invoice_lines=("charge", "billed_usd"), orders=("dispatched_at",))
def fulfillment_cost_per_order(invoice_lines: pd.DataFrame, orders: pd.DataFrame) -> KpiValue:
    """What carriers, operators and packaging suppliers billed for each order dispatched, in USD.

    Transport with its surcharges, handling, picks, packaging, storage, receiving, returns and minimums.

    Parameters
    ----------
    invoice_lines : DataFrame, one row per line; ``charge``, ``billed_usd``.
    orders : DataFrame, one row per order of the same period; ``dispatched_at``.

    Returns
    -------
    KpiValue, USD per order; ``n`` counts orders dispatched.

    Source: SCOR CO.2.4, in part.

    >>> fulfillment_cost_per_order(
    ...     pd.DataFrame({"charge": ["base transport", "storage", "service"], "billed_usd": [8.0, 4.0, 99.0]}),
    ...     pd.DataFrame({"dispatched_at": pd.to_datetime(["2025-07-01", "2025-07-02", None])}))
    6.0
    """
    sent = int(orders["dispatched_at"].notna().sum())
    cost = _billed(invoice_lines, FULFILLMENT_CHARGES, "fulfillment_cost_per_order")
    return ratio(cost, sent, sent, "fulfillment_cost_per_order")


@reads(invoice_lines=("shipment_id", "billed_usd"))
def cost_per_parcel(invoice_lines: pd.DataFrame) -> KpiValue:
    """What carriers billed, surcharges and corrections included, for each parcel billed, in USD.

    In the denominator: parcels that an invoice line names, each once. A parcel billed twice costs twice and counts once.

    Parameters
    ----------
    invoice_lines : DataFrame, one row per line; ``shipment_id`` (missing: not for a parcel), ``billed_usd``.

    Returns
    -------
    KpiValue, USD per parcel; ``n`` counts parcels.

    >>> cost_per_parcel(pd.DataFrame({"shipment_id": ["A", "A", "B", None], "billed_usd": [8.0, 1.0, 7.0, 90.0]}))
    8.0
    """
    parcels = invoice_lines.groupby("shipment_id")["billed_usd"].sum(skipna=False).dropna()
    return ratio(parcels.sum(), len(parcels), len(parcels), "cost_per_parcel")


@reads(
    orders=("order_id", "seller_id", "dispatched_at", "value_usd"),
    shipments=("shipment_id", "order_id"),
    invoice_lines=("shipment_id", "billed_usd"),
    returns=("order_id", "label_usd", "handling_usd"),
)
def cost_to_serve(
    orders: pd.DataFrame,
    shipments: pd.DataFrame,
    invoice_lines: pd.DataFrame,
    returns: pd.DataFrame,
    seller_id: str = "S001",
) -> KpiValue:
    """What a seller's own parcels and returns cost, as a share of the sales value of its orders dispatched.

    Only cost that is traced to the seller's orders: no share of fixed cost is spread over it.

    Parameters
    ----------
    orders : DataFrame, one row per order; ``order_id``, ``seller_id``, ``dispatched_at``, ``value_usd``.
    shipments : DataFrame, one row per parcel; ``shipment_id``, ``order_id``.
    invoice_lines : DataFrame, one row per line; ``shipment_id`` (missing: not for a parcel), ``billed_usd``.
    returns : DataFrame, one row per return; ``order_id``, ``label_usd``, ``handling_usd`` (missing until received).
    seller_id : whose; the largest seller by default.

    Returns
    -------
    KpiValue; ``n`` counts the seller's orders dispatched.

    Source: SCOR CO.1.1, for one customer.

    >>> orders = pd.DataFrame({"order_id": ["A", "B"], "seller_id": ["S001", "S002"], "value_usd": 40.0,
    ...                        "dispatched_at": pd.to_datetime("2025-07-01")})
    >>> parcels = pd.DataFrame({"shipment_id": ["P", "Q"], "order_id": ["A", "B"]})
    >>> bill = pd.DataFrame({"shipment_id": ["P", "Q"], "billed_usd": [8.0, 9.0]})
    >>> returns = pd.DataFrame({"order_id": ["A"], "label_usd": [6.0], "handling_usd": [None]})
    >>> cost_to_serve(orders, parcels, bill, returns)
    0.35
    """
    own = orders[is_true(orders["seller_id"] == seller_id) & orders["dispatched_at"].notna()].dropna(subset="order_id")
    bills = invoice_lines.assign(order_id=lookup(invoice_lines["shipment_id"], shipments, "shipment_id", "order_id"))
    freight = bills.groupby("order_id")["billed_usd"].sum(skipna=False)
    back = returns["label_usd"] + returns["handling_usd"].fillna(0)
    sent_back = back.groupby(returns["order_id"]).sum(skipna=False)
    cost = freight.reindex(own["order_id"], fill_value=0) + sent_back.reindex(own["order_id"], fill_value=0)
    return ratio_of_sums(cost.set_axis(own.index), own["value_usd"], "cost_to_serve")


def _billed_as_agreed(bills: pd.DataFrame, rate_cards: pd.DataFrame) -> pd.Series:
    """The lines whose amount is the quantity times a rate for the parcel's carrier, day, zone and weight, to the cent."""
    for column in ("supplier_id", "charge", "rate_usd", "valid_from", "valid_to"):
        complete(rate_cards[column], "invoice_accuracy: rate_cards")
    rates = rate_cards.rename(columns={"supplier_id": "carrier_id", "weight_lb": "billable_weight_lb"})
    right = []
    for by in ([], ["zone"], ["billable_weight_lb"], ["zone", "billable_weight_lb"]):
        named = rates[["zone", "billable_weight_lb"]].notna() == [key in by for key in ("zone", "billable_weight_lb")]
        keys = ["carrier_id", "charge", *by]
        offers = bills.merge(rates.loc[named.all(axis=1), [*keys, "rate_usd", "valid_from", "valid_to"]], on=keys)
        held = offers["day"].between(offers["valid_from"], offers["valid_to"])
        exact = (offers["billed_usd"] - offers["quantity"] * offers["rate_usd"]).abs() < CENT
        right.append(offers.loc[held & exact, "line"])
    found: pd.Series = pd.concat(right)
    return found


@reads(
    invoice_lines=("invoice_id", "line_number", "charge", "shipment_id", "quantity", "billed_usd"),
    shipments=("shipment_id", "carrier_id", "zone", "billable_weight_lb", "residential", "dispatched_at"),
    rate_cards=("supplier_id", "charge", "zone", "weight_lb", "rate_usd", "valid_from", "valid_to"),
)
def invoice_accuracy(invoice_lines: pd.DataFrame, shipments: pd.DataFrame, rate_cards: pd.DataFrame) -> KpiValue:
    """Share of the carriers' invoice lines that bill a parcel as the contract says, to the cent.

    A line is right if a rate of the carrier for its charge, on the day of the first scan, at the parcel's own zone and
    billable weight, times the quantity billed gives the amount; if a surcharge on homes is on a home; and if the same
    charge was not billed for the parcel before. An error in the base charge is counted there, not again in its fuel.

    In the denominator: lines that name a parcel.

    Parameters
    ----------
    invoice_lines : DataFrame, one row per line; ``invoice_id``, ``line_number``, ``charge``, ``shipment_id``,
        ``quantity``, ``billed_usd``.
    shipments : DataFrame, one row per parcel; ``shipment_id``, ``carrier_id``, ``zone``, ``billable_weight_lb``,
        ``residential``, ``dispatched_at``.
    rate_cards : DataFrame, one row per rate; ``supplier_id``, ``charge``, ``zone`` and ``weight_lb`` (missing: any),
        ``rate_usd``, dates ``valid_from``, ``valid_to``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines that name a parcel.

    >>> lines = pd.DataFrame({"invoice_id": "I1", "line_number": [1, 2, 3], "charge": "base transport",
    ...                       "shipment_id": ["A", "B", "B"], "quantity": 1.0, "billed_usd": [8.0, 8.0, 8.0]})
    >>> parcels = pd.DataFrame({"shipment_id": ["A", "B"], "carrier_id": "CR1", "zone": [2, 2], "residential": True,
    ...                         "billable_weight_lb": 1, "dispatched_at": pd.to_datetime("2025-07-01 17:00")})
    >>> rates = pd.DataFrame({"supplier_id": "CR1", "charge": "base transport", "zone": [2], "weight_lb": [1],
    ...     "rate_usd": [8.0], "valid_from": pd.to_datetime("2025-01-01"), "valid_to": pd.to_datetime("2025-12-31")})
    >>> round(invoice_accuracy(lines, parcels, rates), 4)
    0.6667
    """
    lines = invoice_lines.sort_values(["invoice_id", "line_number"], kind="stable")
    again = lines.duplicated(["shipment_id", "charge"])
    bills = lines.assign(first=~again).dropna().merge(shipments.dropna(), on="shipment_id")
    bills = bills.assign(line=range(len(bills)), day=bills["dispatched_at"].dt.normalize())
    home = bills["residential"] | ~bills["charge"].isin(RESIDENTIAL_CHARGES)
    right = _billed_as_agreed(bills, rate_cards)
    return share(bills["first"].astype("boolean") & home & bills["line"].isin(right), "invoice_accuracy")


@reads(shipments=("delivered_at", "delivery_attempts"))
def first_attempt_rate(shipments: pd.DataFrame) -> KpiValue:
    """Share of the parcels that a carrier tried to deliver that were delivered at the first attempt.

    In the denominator: parcels with at least one attempt.

    Parameters
    ----------
    shipments : DataFrame, one row per parcel; ``delivered_at``, ``delivery_attempts``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts parcels attempted.

    >>> first_attempt_rate(pd.DataFrame({"delivery_attempts": [1, 2, 1, 0],
    ...                                  "delivered_at": pd.to_datetime(["2025-07-03", "2025-07-04", None, None])}))
    0.3333333333333333
    """
    tried = shipments[is_true(shipments["delivery_attempts"] >= 1)]
    return share((tried["delivery_attempts"] == 1) & tried["delivered_at"].notna(), "first_attempt_rate")


@reads(shipments=("dispatched_at", "lost"))
def loss_rate(shipments: pd.DataFrame) -> KpiValue:
    """Share of the parcels handed to carriers that were declared lost.

    In the denominator: parcels dispatched, the latest included, which cannot have been declared lost yet.

    Parameters
    ----------
    shipments : DataFrame, one row per parcel; ``dispatched_at``, boolean ``lost``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts parcels dispatched.

    >>> loss_rate(pd.DataFrame({"dispatched_at": pd.to_datetime("2025-07-01"), "lost": [True, False, False, False]}))
    0.25
    """
    return share(shipments.loc[shipments["dispatched_at"].notna(), "lost"], "loss_rate")


@reads(shipments=("zone",))
def average_zone(shipments: pd.DataFrame) -> KpiValue:
    """Mean parcel zone, 2 (near) to 8 (far).

    Parameters
    ----------
    shipments : DataFrame, one row per parcel; ``zone``.

    Returns
    -------
    KpiValue; ``n`` counts parcels.

    >>> average_zone(pd.DataFrame({"zone": [2, 2, 5]}))
    3.0
    """
    zones = shipments["zone"].dropna()
    return ratio(zones.sum(), len(zones), len(zones), "average_zone")


@reads(shipments=("billable_weight_lb", "weight_lb"))
def billable_weight_ratio(shipments: pd.DataFrame) -> KpiValue:
    """Billable weight over scale weight, all parcels together: what size and rounding add to the weight.

    Parameters
    ----------
    shipments : DataFrame, one row per parcel; ``billable_weight_lb``, ``weight_lb``.

    Returns
    -------
    KpiValue, at least 1 where billing is right; ``n`` counts parcels.

    >>> billable_weight_ratio(pd.DataFrame({"billable_weight_lb": [2, 4], "weight_lb": [1.5, 2.5]}))
    1.5
    """
    return ratio_of_sums(shipments["billable_weight_lb"], shipments["weight_lb"], "billable_weight_ratio")


@reads(tenders=("accepted",))
def tender_acceptance(tenders: pd.DataFrame) -> KpiValue:
    """Share of the pickups offered to carriers that they accepted.

    Parameters
    ----------
    tenders : DataFrame, one row per pickup offered; boolean ``accepted``.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts pickups offered.

    >>> tender_acceptance(pd.DataFrame({"accepted": [True, True, True, False]}))
    0.75
    """
    return share(tenders["accepted"], "tender_acceptance")
