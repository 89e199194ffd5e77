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
from fulfillment.simulate.files import write_tables
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
    "write_tables",
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
    orders, lines = demand.place_orders(sellers, skus, calendar)
    orders = orders.join(flow.cancellations(orders))
    orders["nearest"] = orders["center_id"]
    orders["lost"] = stream("lost").random(len(orders)) < flow.LOST
    decided = stock.allocate(orders, lines, places, calendar["planned"])
    orders = flow.assign_centers(orders, decided.lines, places)
    orders = orders.join(flow.dispatch(orders))
    return orders, decided, {"calendar": calendar, "sellers": sellers, "skus": skus, "places": places}


def simulate() -> dict[str, pd.DataFrame]:
    """Every table of the program, the same for every call.

    Returns
    -------
    dict, table name -> DataFrame with the columns and types of ``data.TABLES``.
    """
    orders, decided, base = dispatched_orders()
    places = base["places"]
    fulfilled = _fulfilled(orders, decided, base)
    ledger = stock.build_ledger(decided, fulfilled["orders"])
    occupied = stock.occupied_locations(ledger, places)
    tables = {
        **_network(base, occupied),
        **fulfilled,
        **_weeks(fulfilled["orders"], base["calendar"]["planned"], occupied),
        "inbound_receipts": stock.inbound_receipts(decided, places),
        "inventory_weekly": stock.weekly(ledger, places),
        "inventory_daily": stock.daily(ledger, places),
        "cycle_counts": stock.cycle_counts(decided, ledger, places),
        **_purchases(fulfilled["shipments"]),
    }
    tables["bid_capacity"] = offers.bid_capacity(tables)
    tables |= _bills(tables, occupied)
    tables = {name: typed(name, tables[name]) for name in SCHEMAS if name != "scorecards"}
    return {**tables, "scorecards": typed("scorecards", billing.scorecards(tables))}


def _fulfilled(orders: pd.DataFrame, decided: stock.Flow, base: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Orders, lines and parcels up to the door, and what comes back; ``decided`` learns when its returns arrive."""
    skus, places = base["skus"], base["places"]
    parcels = flow.ship_parcels(orders, decided.lines, places, skus)
    lines = flow.pick_lines(orders, decided.lines, parcels, places)
    orders = orders.join(flow.order_deliveries(orders, lines, parcels))
    orders["review_stars"] = flow.review_stars(orders)
    lines["order_id"] = lines["order"].map(orders["order_id"])
    lines["returned_at"] = decided.lines["returned_at"] = service.returned_at(decided, orders)
    returns = service.returns(lines, orders, places, skus)
    return {
        "orders": orders,
        "order_lines": lines,
        "shipments": parcels,
        "scan_events": flow.scan_events(parcels),
        "tenders": flow.tenders(parcels),
        "returns": returns,
        "contacts": service.contacts(orders, returns),
        "seller_statements": service.seller_statements(orders),
    }


def _network(base: dict[str, pd.DataFrame], occupied: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Partners, centers, sellers and what they sell."""
    centers = pd.DataFrame(CENTERS)
    usable = (occupied.max() * LOCATIONS_SPARE).round().astype(int)
    return {
        "operators": pd.DataFrame(OPERATORS),
        "carriers": pd.DataFrame(CARRIERS),
        "centers": centers.assign(
            opened=pd.to_datetime(centers["opened"]), usable_locations=centers["center_id"].map(usable)
        ),
        "sellers": base["sellers"],
        "skus": base["skus"],
        "lanes": flow.lanes(),
        "campaigns": demand.campaigns(base["calendar"]),
    }


def _weeks(orders: pd.DataFrame, planned: pd.Series, occupied: pd.DataFrame) -> dict[str, pd.DataFrame]:
    capacity = flow.weekly_capacity(orders, planned, occupied)
    return {"capacity": capacity, "labor": flow.labor(capacity)}


def _purchases(parcels: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Suppliers, contracts, what was bought from them, and a round of bids."""
    contracts = buying.contracts()
    return {
        "suppliers": buying.suppliers(),
        "packaging_items": buying.PACKAGING_ITEMS,
        "contracts": contracts,
        "rate_cards": buying.rate_cards(contracts),
        "slas": buying.slas(contracts),
        **buying.packaging_orders(parcels),
        **buying.sourcing(),
        "bid_rates": offers.bid_rates(),
    }


def _bills(tables: dict[str, pd.DataFrame], occupied: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Invoices, their lines, and claims against carriers and bills."""
    by_operator = billing.operator_lines(tables, occupied, tables["rate_cards"])
    invoices = billing.invoices(
        billing.parcel_lines(tables["shipments"], tables["rate_cards"]),
        pd.concat([by_operator, billing.other_lines(tables["labor"])]),
        billing.goods_lines(tables),
        tables["suppliers"],
        tables["contracts"],
    )
    claims = service.claims(
        service.parcel_claims(tables["shipments"], tables["order_lines"]),
        billing.billing_claims(invoices["invoice_lines"], invoices["invoices"]),
    )
    return {**invoices, "claims": claims}
