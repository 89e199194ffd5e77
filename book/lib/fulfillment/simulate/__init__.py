"""The synthetic fulfillment program: ``python -m fulfillment.simulate`` writes ``data/network``, always the same bytes.

A marketplace buys fulfillment for a US program from operators of centers and from carriers. Orders meet the stock that
sellers keep and a center's daily capacity, first come, first served; lateness, split parcels, stock-outs and cost
follow from the queue, from replenishment, from contracts and from rare incidents, they are not painted on. One modeled
order stands for ``fulfillment.data.NATIONAL`` national ones; commitments, hours, stock and money are scaled alike.

Every company here is invented. A parameter names the fact that anchors it, or is marked ``invented``. Times are Pacific
time on a clock without daylight-saving jumps.
"""

import pandas as pd

from fulfillment.data import typed
from fulfillment.data.schemas import SCHEMAS
from fulfillment.simulate import billing, buying, demand, flow, offers, service, stock
from fulfillment.simulate.files import write
from fulfillment.simulate.flow import CANCELLATIONS, CAPACITY, INCIDENTS, queue
from fulfillment.simulate.program import (
    AS_OF,
    CARRIERS,
    CENTERS,
    END,
    OPERATORS,
    ORDERS,
    SEED,
    START,
    WORKING_DAYS,
    stream,
)

__all__ = [
    "AS_OF",
    "CANCELLATIONS",
    "CAPACITY",
    "END",
    "INCIDENTS",
    "ORDERS",
    "SEED",
    "START",
    "WORKING_DAYS",
    "dispatched_orders",
    "queue",
    "simulate",
    "write",
]

LOCATIONS_SPARE = 1.15  # usable locations over the most that a center used; invented


def dispatched_orders() -> tuple[pd.DataFrame, stock.Flow, dict[str, pd.DataFrame]]:
    """The year up to the carrier's first scan: what `simulate` builds on, and enough to look at late dispatch.

    Returns
    -------
    the orders, what allocation decided, and the tables behind them: ``calendar``, ``sellers``, ``skus``, ``places``.
    """
    calendar, sellers = demand.calendar(), demand.sellers()
    skus = demand.skus(sellers)
    places = stock.placement(sellers, skus)
    orders, lines = demand.placed(sellers, skus, calendar)
    orders = orders.join(flow.cancelled(orders))
    orders["nearest"] = orders["center_id"]
    orders["lost"] = stream("lost").random(len(orders)) < flow.LOST
    decided = stock.allocate(orders, lines, places, calendar["planned"])
    orders = flow.settled(orders, decided.lines, places)
    orders = orders.join(flow.dispatched(orders))
    return orders, decided, {"calendar": calendar, "sellers": sellers, "skus": skus, "places": places}


def simulate() -> dict[str, pd.DataFrame]:
    """Every table of the program, the same for every call.

    Returns
    -------
    dict, table name -> DataFrame with the columns and types of ``data.TABLES``.
    """
    orders, decided, base = dispatched_orders()
    skus, places, planned = base["skus"], base["places"], base["calendar"]["planned"]

    parcels = flow.shipped(orders, decided.lines, places, skus)
    lines = flow.picked(orders, decided.lines, parcels, places)
    orders = orders.join(flow.delivered(orders, lines, parcels))
    orders["review_stars"] = flow.reviewed(orders)
    lines["order_id"] = lines["order"].map(orders["order_id"])
    lines["returned_at"] = decided.lines["returned_at"] = service.returned_at(decided, orders)
    returns = service.returns(lines, orders, places, skus)

    book = stock.ledger(decided, orders)
    occupied = stock.occupied_locations(book, places)
    capacity = flow.weekly_capacity(orders, planned, occupied)
    centers = pd.DataFrame(CENTERS)
    usable = (occupied.max() * LOCATIONS_SPARE).round().astype(int)
    tables = {
        "operators": pd.DataFrame(OPERATORS),
        "carriers": pd.DataFrame(CARRIERS),
        "centers": centers.assign(
            opened=pd.to_datetime(centers["opened"]), usable_locations=centers["center_id"].map(usable)
        ),
        "suppliers": buying.suppliers(),
        "sellers": base["sellers"],
        "skus": skus,
        "lanes": flow.lanes(),
        "campaigns": demand.campaigns(base["calendar"]),
        "capacity": capacity,
        "labor": flow.labor(capacity),
        "orders": orders,
        "order_lines": lines,
        "shipments": parcels,
        "scan_events": flow.scan_events(parcels),
        "tenders": flow.tenders(parcels),
        "returns": returns,
        "contacts": service.contacts(orders, returns),
        "inbound_receipts": stock.inbound_receipts(decided, places),
        "inventory_weekly": stock.weekly(book, places),
        "inventory_daily": stock.daily(book, places),
        "cycle_counts": stock.cycle_counts(decided, book, places),
        "seller_statements": service.seller_statements(orders),
        "packaging_items": buying.PACKAGING_ITEMS,
        "contracts": buying.contracts(),
        **buying.packaging_orders(parcels),
        **buying.sourcing(),
        "bid_rates": offers.bid_rates(),
    }
    tables["bid_capacity"] = offers.bid_capacity(tables)
    tables["rate_cards"] = buying.rate_cards(tables["contracts"])
    tables["slas"] = buying.slas(tables["contracts"])
    monthly = pd.concat(
        [
            billing.operator_lines(tables, occupied, tables["rate_cards"]),
            billing.other_lines(tables["labor"]),
        ]
    )
    tables |= billing.invoices(
        billing.parcel_lines(parcels, tables["rate_cards"]),
        monthly,
        billing.goods_lines(tables),
        tables["suppliers"],
        tables["contracts"],
    )
    tables["claims"] = service.claims(
        service.parcel_claims(parcels, lines), billing.billing_claims(tables["invoice_lines"], tables["invoices"])
    )
    tables = {name: typed(name, tables[name]) for name in SCHEMAS if name != "scorecards"}
    return {**tables, "scorecards": typed("scorecards", billing.scorecards(tables))}
