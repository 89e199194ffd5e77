"""Every table of the program, once: columns in order, type, unit, meaning, key and range, as pandera schemas.

``data/network/datapackage.json`` and the tables of ``data/README.md`` are written from here. A column's metadata holds its
pandas ``type`` and, where it has one, ``unit``, ``date`` (a day without a time) and ``to`` (the table whose key it holds).
"""

from typing import Any

import pandera.pandas as pa

TIME = "datetime64[us]"


def _column(dtype: str, meaning: str, checks: Any, missing: bool, **metadata: Any) -> pa.Column:
    return pa.Column(dtype, checks, nullable=missing, description=meaning, metadata={"type": dtype, **metadata})


def text(meaning: str, *, to: str = "", one_of: tuple[str, ...] = (), missing: bool = False) -> pa.Column:
    """A text column; with ``one_of``, one of these; with ``to``, the key of another table."""
    return _column("str", meaning, pa.Check.isin(one_of) if one_of else None, missing, to=to)


def time(meaning: str, *, missing: bool = False) -> pa.Column:
    """A moment, Pacific time, to the minute."""
    return _column(TIME, meaning, None, missing)


def day(meaning: str, *, missing: bool = False) -> pa.Column:
    """A date."""
    return _column(TIME, meaning, None, missing, date=True)


def count(
    meaning: str, unit: str = "", low: int | None = 0, high: int | None = None, *, missing: bool = False
) -> pa.Column:
    """A whole number from ``low`` to ``high``."""
    return _column("Int64" if missing else "int64", meaning, _range(low, high), missing, unit=unit)


def number(
    meaning: str, unit: str, low: float | None = 0, high: float | None = None, *, missing: bool = False
) -> pa.Column:
    """A number from ``low`` to ``high``."""
    return _column("float64", meaning, _range(low, high), missing, unit=unit)


def money(meaning: str, low: float | None = 0, *, missing: bool = False) -> pa.Column:
    """An amount in USD, at least ``low``."""
    return number(meaning, "USD", low, missing=missing)


def share(meaning: str, *, missing: bool = False) -> pa.Column:
    """A fraction from 0 to 1."""
    return number(meaning, "fraction", 0, 1, missing=missing)


def flag(meaning: str, *, missing: bool = False) -> pa.Column:
    """True or false."""
    return _column("boolean", meaning, None, missing)


def _range(low: float | None, high: float | None) -> list[pa.Check]:
    bounds = [] if low is None else [pa.Check.ge(low)]
    return bounds if high is None else [*bounds, pa.Check.le(high)]


def table(row: str, key: str, note: str = "", /, **columns: pa.Column) -> pa.DataFrameSchema:
    """A table: what one row is, the columns that identify it, and how it was made or should be read."""
    return pa.DataFrameSchema(
        columns,
        unique=key.split(),
        strict=True,
        ordered=True,
        title=row,
        description=note,
        metadata={"key": key.split()},
    )


PARTNERS = "`operators`, `carriers` and packaging suppliers alike"
WEEK = "Monday of the week"
FAULTS = ("buyer", "operator", "platform")
CAUSES = ("capacity", "stock not found", "carrier missed pickup", "cut-off missed", "system outage")
CATEGORIES = ("beauty", "home", "apparel", "health", "electronics", "toys")
CARRIER_CHARGES = ("base transport", "fuel", "residential", "peak surcharge")
OPERATOR_CHARGES = (
    "order handling",
    "additional pick",
    "packaging",
    "storage",
    "receiving",
    "return handling",
    "monthly minimum",
)
OTHER_CHARGES = ("goods", "service")
BID_CHARGES = (
    *CARRIER_CHARGES,
    "delivered parcel",
    "all-in order",
    "order handling",
    "additional pick",
    "packaging",
    "returns",
    "receiving",
    "storage",
    "account management",
    "onboarding",
    "monthly minimum",
)
BID_BASES = (
    "parcel",
    "USD of base transport",
    "order",
    "unit",
    "return",
    "pallet",
    "container",
    "pallet month",
    "cubic foot month",
    "month",
    "seller account",
)
BID_TIERS = ("billed weight, lb", "orders a month", "units in the order", "days in storage")
CHARGES = (*CARRIER_CHARGES, *OPERATOR_CHARGES, *OTHER_CHARGES)

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    # Partners, sellers and what they sell
    "operators": table(
        "an operator of centers",
        "operator_id",
        operator_id=text("Operator; `OP0` is the platform itself"),
        name=text("Name, invented"),
        kind=text("Who it is", one_of=("platform", "3PL")),
    ),
    "carriers": table(
        "a parcel carrier",
        "carrier_id",
        carrier_id=text("Carrier"),
        name=text("Name, invented"),
        network=text("Where it delivers", one_of=("national", "regional")),
    ),
    "centers": table(
        "a fulfillment center",
        "center_id",
        center_id=text("Center"),
        name=text("Name, invented"),
        operator_id=text("Who runs it", to="operators"),
        city=text("City"),
        state=text("State"),
        latitude=number("Latitude of the town", "degrees north", -90, 90),
        longitude=number("Longitude of the town", "degrees east", -180, 180),
        time_zone=text("Local time zone (times in the tables are Pacific)"),
        opened=day("First day of operation"),
        usable_locations=count("Storage locations that can hold stock", "locations", 1),
    ),
    "suppliers": table(
        "a company that sends invoices",
        "supplier_id",
        f"Lists {PARTNERS}: an operator's or carrier's id is its supplier id.",
        supplier_id=text("Supplier: an `operator_id`, a `carrier_id` or `SU…`"),
        name=text("Name, invented"),
        category=text(
            "Spend category",
            one_of=("fulfillment", "parcel", "packaging", "temporary labor", "equipment", "services", "taxes and fees"),
        ),
        country=text("Country of the company"),
        payment_terms_days=count("Agreed days from invoice to payment", "days"),
        addressable=flag("Whether procurement can influence the spend (taxes and fees it cannot)"),
    ),
    "sellers": table(
        "a seller, a customer of the program",
        "seller_id",
        seller_id=text("Seller: `S001`, by expected sales, largest first"),
        name=text("Name, invented"),
        category=text("What it mainly sells", one_of=CATEGORIES),
        tier=text("Size by expected orders", one_of=("large", "mid", "small")),
        joined_on=day("First day in the program"),
    ),
    "skus": table(
        "an item that a seller keeps in the program",
        "sku_id",
        sku_id=text("Item"),
        seller_id=text("Seller", to="sellers"),
        name=text("Name, invented"),
        category=text("Category", one_of=CATEGORIES),
        length_in=number("Longest side, packed by the maker", "in", 0.1),
        width_in=number("Second side", "in", 0.1),
        height_in=number("Shortest side", "in", 0.1),
        weight_lb=number("Weight of one unit", "lb", 0.01),
        hazmat=flag("Regulated: lithium battery, aerosol or flammable"),
        unit_cost_usd=money("What a unit costs the seller, the value of stock", 0.01),
        price_usd=money("List price", 0.01),
    ),
    "lanes": table(
        "a carrier's service from a center to a zone",
        "center_id carrier_id zone",
        center_id=text("Origin", to="centers"),
        carrier_id=text("Carrier", to="carriers"),
        zone=count("Parcel zone, 2 (near) to 8 (far)", "zone", 2, 8),
        transit_days=count("Published transit time, in delivery days (Monday to Saturday, no holidays)", "days", 1),
    ),
    "campaigns": table(
        "an event that moves demand",
        "campaign_id",
        "The marketing calendar as it was known afterwards.",
        campaign_id=text("Campaign"),
        name=text("Name"),
        kind=text("What it is", one_of=("platform event", "season", "live stream", "seller campaign")),
        owner=text("Team that runs it", one_of=("marketing", "creators", "category management")),
        starts_on=day("First day"),
        ends_on=day("Last day"),
        planned_uplift=number(
            "Planned orders over an ordinary day's; missing if nobody planned", "ratio", missing=True
        ),
        told_procurement_on=day("Day on which procurement was told; missing if it never was", missing=True),
    ),
    # Capacity and labor
    "capacity": table(
        "a week and center",
        "week center_id",
        "The weeks of June 30, 2025 and June 29, 2026 hold only their days within the year; commitments are cut alike.",
        week=day(WEEK),
        center_id=text("Center", to="centers"),
        committed_orders=count("What the contract commits the center to process in the week", "orders"),
        forecast_orders=count("What the platform told the center to expect, four weeks ahead", "orders"),
        received_orders=count("Orders placed in the week and never canceled", "orders"),
        processed_orders=count("Orders dispatched in the week", "orders"),
        backlog_orders=count("Received and not yet dispatched at the end of the week", "orders"),
        labor_hours=number("Paid direct hours", "hours"),
        occupied_locations=count("Storage locations in use at the end of the week", "locations"),
    ),
    "labor": table(
        "a week and center",
        "week center_id",
        "Regular, overtime and temporary hours add up to `labor_hours` of `capacity`.",
        week=day(WEEK),
        center_id=text("Center", to="centers"),
        planned_hours=number("Hours planned on the forecast", "hours"),
        regular_hours=number("Own staff, regular", "hours"),
        overtime_hours=number("Own staff, overtime", "hours"),
        temporary_hours=number("Agency staff", "hours"),
        cost_usd=money("Wages and agency fees of the hours"),
    ),
    # Orders
    "orders": table(
        "an order, in order of time",
        "order_id",
        order_id=text("Order"),
        ordered_at=time("The buyer placed the order"),
        center_id=text("The center it was routed to", to="centers"),
        carrier_id=text("The carrier it was given to", to="carriers"),
        seller_id=text("The seller", to="sellers"),
        source=text("Where the sale was made", one_of=("video", "live", "product_card")),
        units=count("Units in the order", "units", 1),
        lines=count("Different items in the order, at most `units`", "lines", 1),
        value_usd=money("Sales value: the sum of its lines", 0.01),
        zone=count("Parcel zone from center to buyer, 2 (near) to 8 (far)", "zone", 2, 8),
        dispatch_due_at=time("Deadline for the first carrier scan: 2 business days (`us.dispatch_sla`)"),
        dispatched_at=time("First carrier scan; missing if canceled or not yet dispatched", missing=True),
        deliver_by=time("Deadline for delivery: 6 business days (`us.deliver_by_sla`)"),
        delivered_at=time("Delivery of the last parcel; missing if not dispatched, on its way or lost", missing=True),
        tracking_valid=flag("The carrier knows the tracking number; missing if not dispatched", missing=True),
        in_full=flag("All units arrived; missing if not delivered", missing=True),
        damaged=flag("The product arrived damaged; missing if not delivered", missing=True),
        cancelled_at=time("Cancellation; missing for most. A canceled order is never dispatched", missing=True),
        cancel_fault=text("Who canceled; missing if not canceled", one_of=FAULTS, missing=True),
        cancel_reason=text(
            "Why; missing if not canceled",
            one_of=("changed mind", "cannot be packed", "payment or address", "out of stock"),
            missing=True,
        ),
        late_cause=text(
            "Root cause recorded by the center; missing unless dispatched late", one_of=CAUSES, missing=True
        ),
        review_stars=count("Stars, where the buyer wrote a review", "stars", 1, 5, missing=True),
    ),
    "order_lines": table(
        "an item of an order",
        "order_id line_number",
        order_id=text("Order", to="orders"),
        line_number=count("Line, from 1", "", 1),
        sku_id=text("Item", to="skus"),
        units=count("Units ordered", "units", 1),
        unit_price_usd=money("Price paid for a unit", 0.01),
        filled_units=count(
            "Units that the center the order was routed to had and released at once; 0 if the order was canceled",
            "units",
        ),
        backordered=flag("Released later than it should, because the stock on record was not found"),
        shipment_id=text("Shipment it left in; missing if it has not left", to="shipments", missing=True),
        shipped_units=count("Units that left", "units"),
        pick_error=flag("A wrong item or number was picked; missing if it has not left", missing=True),
    ),
    "shipments": table(
        "a parcel",
        "shipment_id",
        "An order has one, or more if it was split between centers.",
        shipment_id=text("Parcel"),
        order_id=text("Order", to="orders"),
        center_id=text("Center it left from", to="centers"),
        carrier_id=text("Carrier", to="carriers"),
        zone=count("Zone from the center it left from to the buyer", "zone", 2, 8),
        units=count("Units in the parcel", "units", 1),
        packaging_id=text("Carton or mailer", to="packaging_items"),
        length_in=number("Outer length", "in", 0.1),
        width_in=number("Outer width", "in", 0.1),
        height_in=number("Outer height", "in", 0.1),
        weight_lb=number("Scale weight", "lb", 0.01),
        billable_weight_lb=count(
            "Greater of scale and dimensional weight in whole pounds up, by the contract's rule of the day", "lb", 1
        ),
        residential=flag("The address is a home"),
        label_at=time("Label printed: the parcel is packed"),
        dispatched_at=time("First carrier scan"),
        delivered_at=time("Delivery; missing if on its way or lost", missing=True),
        delivery_attempts=count("Delivery attempts so far", "attempts"),
        lost=flag("The carrier has declared it lost (no scan for 10 days)"),
        damaged=flag("The product arrived damaged; missing if not delivered", missing=True),
    ),
    "scan_events": table(
        "a carrier's scan of a parcel",
        "shipment_id event_at event",
        shipment_id=text("Parcel", to="shipments"),
        event_at=time("When"),
        event=text(
            "What",
            one_of=("picked up", "in transit", "exception", "delivery attempted", "delivered", "lost"),
        ),
    ),
    "tenders": table(
        "a pickup offered to a carrier",
        "tender_id",
        tender_id=text("Offer"),
        center_id=text("Center", to="centers"),
        carrier_id=text("Carrier", to="carriers"),
        tendered_at=time("When it was offered"),
        pickup_on=day("Day of the pickup"),
        parcels=count("Parcels offered", "parcels", 1),
        accepted=flag("Accepted; otherwise picked up late in the day as an exception, at the same rate"),
        responded_at=time("When the carrier answered"),
    ),
    "returns": table(
        "an item that a buyer sends back",
        "return_id",
        "Known at the end of the year: later steps are missing.",
        return_id=text("Return"),
        order_id=text("Order", to="orders"),
        line_number=count("Line of the order", "", 1),
        sku_id=text("Item", to="skus"),
        units=count("Units sent back", "units", 1),
        reason=text("Reason", one_of=("changed mind", "not as described", "damaged", "wrong item", "late")),
        requested_at=time("The buyer asked for it"),
        center_id=text("Center that receives it", to="centers"),
        received_at=time("Arrival at the center; missing if on its way", missing=True),
        refunded_at=time("Refund; missing if not yet", missing=True),
        refund_usd=money("Refund; missing if not yet", missing=True),
        label_usd=money("Return label"),
        handling_usd=money("Inspection, repacking and care", missing=True),
        disposition=text(
            "What was done with it; missing if not received",
            one_of=("restocked", "liquidated", "destroyed"),
            missing=True,
        ),
        recovered_usd=money("Net proceeds: cost value if restocked, sale price if liquidated", missing=True),
    ),
    "contacts": table(
        "a buyer's contact with customer service",
        "contact_id",
        contact_id=text("Contact"),
        order_id=text("Order", to="orders"),
        opened_at=time("When it was opened"),
        topic=text('Topic; `wismo` is "where is my order"', one_of=("wismo", "damaged or wrong", "return", "other")),
        resolved_at=time("When it was solved; missing if open", missing=True),
        csat=count("Answer to the survey, 1 to 5; missing for most", "points", 1, 5, missing=True),
    ),
    "claims": table(
        "a claim for a lost or damaged parcel, or for a billing error",
        "claim_id",
        claim_id=text("Claim"),
        supplier_id=text("Against whom", to="suppliers"),
        shipment_id=text("Parcel; missing for a billing error", to="shipments", missing=True),
        invoice_id=text("Invoice, for a billing error", to="invoices", missing=True),
        reason=text("Reason", one_of=("lost", "damaged", "billing error")),
        filed_on=day("Day it was filed"),
        claimed_usd=money("Claimed", 0.01),
        status=text("Where it stands", one_of=("paid", "rejected", "open")),
        closed_on=day("Day it was paid or rejected; missing if open", missing=True),
        paid_usd=money("Paid so far"),
    ),
    # Stock
    "inbound_receipts": table(
        "a delivery of one item to a center",
        "receipt_id",
        receipt_id=text("Receipt"),
        center_id=text("Center", to="centers"),
        sku_id=text("Item", to="skus"),
        shipped_on=day("The seller sent it"),
        arrived_at=time("Truck checked in at the dock"),
        available_at=time("Stock available to sell; missing if it still stands on the dock", missing=True),
        expected_units=count("Units announced", "units", 1),
        received_units=count("Units counted into stock; missing if it still stands on the dock", "units", missing=True),
    ),
    "inventory_weekly": table(
        "a week, center and item",
        "week center_id sku_id",
        "Every item in every center that keeps it. Opening + received − shipped + returned + adjusted = closing.",
        week=day(WEEK),
        center_id=text("Center", to="centers"),
        sku_id=text("Item", to="skus"),
        opening_units=count("On hand at the start of the week", "units"),
        received_units=count("Received into stock", "units"),
        shipped_units=count("Shipped", "units"),
        returned_units=count("Returned to stock", "units"),
        adjusted_units=count("Found or lost at a count", "units", None),
        closing_units=count("On hand at the end of the week", "units"),
        available_units=count("On hand and not allocated to an order at the end of the week", "units"),
        aged_units=count("On hand for more than 90 days, first in, first out", "units"),
        days_listed=count("Days of the week on which the center kept the item", "days", 0, 7),
        stockout_days=count("Of these, days that ended with nothing available", "days", 0, 7),
    ),
    "inventory_daily": table(
        "a day, center and item, for the items that matter",
        "date center_id sku_id",
        "The thirty items that sell most and the one that went viral. The columns are those of `inventory_weekly`.",
        date=day("Day"),
        center_id=text("Center", to="centers"),
        sku_id=text("Item", to="skus"),
        opening_units=count("On hand at the start of the day", "units"),
        received_units=count("Received into stock", "units"),
        shipped_units=count("Shipped", "units"),
        returned_units=count("Returned to stock", "units"),
        adjusted_units=count("Found or lost at a count", "units", None),
        closing_units=count("On hand at the end of the day", "units"),
        available_units=count("On hand and not allocated to an order at the end of the day", "units"),
    ),
    "cycle_counts": table(
        "a count of an item at a center",
        "counted_on center_id sku_id",
        counted_on=day("Day of the count"),
        center_id=text("Center", to="centers"),
        sku_id=text("Item", to="skus"),
        system_units=count("Units on record", "units"),
        counted_units=count("Units found; the difference is booked as an adjustment", "units"),
    ),
    # Contracts and sourcing
    "contracts": table(
        "a contract",
        "contract_id",
        contract_id=text("Contract"),
        supplier_id=text("With whom", to="suppliers"),
        kind=text(
            "What it buys",
            one_of=("fulfillment", "parcel", "packaging", "temporary labor", "equipment", "services", "internal"),
        ),
        signed_on=day("Signed"),
        valid_from=day("First day"),
        valid_to=day("Last day"),
        annual_value_usd=money("Expected spend in a year"),
        increase_cap=share("Most by which rates may rise in a year; missing if not agreed", missing=True),
        increase_on=day("Day of the agreed increase; missing if none falls into the year", missing=True),
        increase=share("The agreed increase; missing if none", missing=True),
        credit_at_risk=share(
            "Most that service credits of a month may come to, of its fees; missing if none", missing=True
        ),
        dim_divisor=count("Dimensional divisor; missing if nothing is weighed", "in³ per lb", 1, missing=True),
    ),
    "rate_cards": table(
        "a rate of a contract",
        "rate_id",
        "A line is billed at quantity × rate. Fuel's quantity is the base charge in USD, and its rate a share of it.",
        rate_id=text("Rate"),
        contract_id=text("Contract", to="contracts"),
        supplier_id=text("Who bills it", to="suppliers"),
        charge=text("Charge", one_of=CHARGES),
        unit=text(
            "What one unit of quantity is",
            one_of=("parcel", "USD of base transport", "order", "unit", "location month", "return", "month"),
        ),
        zone=count("Zone; missing if the charge does not depend on it", "zone", 2, 8, missing=True),
        weight_lb=count("Billable weight; missing if the charge does not depend on it", "lb", 1, missing=True),
        rate_usd=number("Rate for a unit", "USD"),
        valid_from=day("First day of shipping, or of the month of service"),
        valid_to=day("Last day"),
    ),
    "slas": table(
        "a service level of a contract",
        "contract_id measure",
        contract_id=text("Contract", to="contracts"),
        measure=text("Measure, as in `scorecards`"),
        unit=text("Unit of the target", one_of=("fraction", "hours")),
        target=number("Target", "`unit`"),
        floor=number("Level at which a scorecard gives no points", "`unit`"),
        better=text("Which way is better", one_of=("max", "min")),
        weight=share("Weight in the scorecard"),
        credit_per_point=share("Credit for each percentage point (or hour) missed, of the month's fees"),
        credit_cap=share("Most for this measure, of the month's fees"),
    ),
    "scorecards": table(
        "a week, partner and measure",
        "week supplier_id measure",
        week=day(WEEK),
        supplier_id=text("Partner", to="suppliers"),
        measure=text("Measure"),
        actual=number("Result", "fraction or hours, as in `slas`"),
        n=count("Orders, parcels, lines, receipts, pickups or counts behind it", "", 1),
        target=number("Target of the contract", "fraction or hours"),
        met=flag("Whether the target was met"),
    ),
    "sourcing_events": table(
        "a request for proposals",
        "rfp_id",
        rfp_id=text("Request"),
        title=text("Title"),
        region=text("Region"),
        annual_orders=count("Orders a year in scope, national", "orders", 1),
        issued_on=day("Sent out"),
        due_on=day("Bids due"),
        award_by=day("Award planned"),
        start_on=day("Start of operation planned"),
        incumbent_id=text("Who serves it today", to="suppliers"),
    ),
    "bid_items": table(
        "an item of the price sheet",
        "rfp_id item",
        rfp_id=text("Request", to="sourcing_events"),
        item=text("Item"),
        unit=text("Unit that was asked for"),
        quantity_per_order=number("Quantity for an order, in that unit: the request's own base", "`unit` per order"),
        should_cost_usd=money("The platform's own estimate for a unit"),
        required=flag("Whether a bid must price it"),
    ),
    "bids": table(
        "a bidder's price for an item, as received",
        "rfp_id bidder item",
        "As dirty as they come: other units, another currency, missing lines.",
        rfp_id=text("Request", to="sourcing_events"),
        bidder=text("Bidder"),
        item=text("Item of the price sheet"),
        price=number("Price; missing if left out", "`currency` for a `unit`", missing=True),
        currency=text("Currency"),
        unit=text("Unit in which the bidder priced"),
        note=text("What the bidder wrote", missing=True),
    ),
    "bid_assumptions": table(
        "an assumption or a promise of a bid",
        "rfp_id bidder assumption",
        rfp_id=text("Request", to="sourcing_events"),
        bidder=text("Bidder"),
        assumption=text("What is assumed or promised"),
        unit=text("Unit"),
        bid_value=number("In the bid", "`unit`"),
        request_value=number("In the request, or measured in the program", "`unit`"),
    ),
    "bid_rates": table(
        "a rate of a bidder's best and final offer",
        "rate_id",
        "The request asks each bidder to price the Southeast's orders of the program's year again, so every card holds "
        "for that year. A tier holds above its lower end, up to and with its upper end. A charge that a card does not "
        "name is not part of the offer, or is part of a price that includes it: see `fulfillment.freight`.",
        rate_id=text("Rate"),
        rfp_id=text("Request", to="sourcing_events"),
        bidder=text("Bidder"),
        charge=text("Charge", one_of=BID_CHARGES),
        basis=text("What one unit of quantity is", one_of=BID_BASES),
        applies_to=text("Which parcels pay it", one_of=("all", "home")),
        zone=count("Zone; missing if the charge does not depend on it", "zone", 2, 8, missing=True),
        tier=text("What the tier is of; missing if there is none", one_of=BID_TIERS, missing=True),
        above=number("Lower end, not in the tier", "that of `tier`", missing=True),
        up_to=number("Upper end, in the tier; missing if open", "that of `tier`", missing=True),
        rate_usd=number("Rate for a unit", "USD"),
        valid_from=day("First day of shipping"),
        valid_to=day("Last day"),
    ),
    "bid_capacity": table(
        "a bidder: what it can carry and how it has worked",
        "rfp_id bidder",
        "Quality is measured over the program's year, all of an operator's centers together; for a bidder that is new, "
        "as two of its customers told. National orders.",
        rfp_id=text("Request", to="sourcing_events"),
        bidder=text("Bidder"),
        operator_id=text("Operator, where it works for the program today", to="operators", missing=True),
        structure=text("How its rate card is built"),
        site=text("Site that it offers"),
        orders_a_day=count("Most on an ordinary day", "orders", 1),
        peak_orders_a_day=count("Most on a peak day", "orders", 1),
        fixed_usd_per_year=money("What another operator costs the platform: integration, governance, stock kept twice"),
        dim_carrier=text("Whose rounding rule the card adopts", one_of=("UPS", "FedEx")),
        dim_divisor=count("Dimensional divisor of the card", "in³ per lb", 1),
        claims_paid_share=share("Share of a damage claim's value that the offer pays"),
        claims_days=count("Days until a claim is paid", "days"),
        damage_rate=share("Parcels whose product arrived damaged"),
        wrong_order_rate=share("Orders with a wrong item or number"),
        late_dispatch_rate=share("Orders dispatched late"),
        late_dispatch_rate_ordinary=share("The same without orders placed November 24 to December 12, 2025"),
        dock_to_stock_hours=number("Mean from the dock to available stock", "hours"),
        dock_to_stock_p99_hours=number("99th percentile of it", "hours"),
        inventory_accuracy=share("Counts that found what the record says"),
        quality_source=text(
            "Where the figures of quality come from", one_of=("measured in the program", "two references")
        ),
    ),
    # Packaging
    "packaging_items": table(
        "a carton, mailer or other packaging item",
        "packaging_id",
        packaging_id=text("Item"),
        name=text("Name"),
        kind=text("Kind", one_of=("carton", "mailer", "material")),
        length_in=number("Outer length; missing for material", "in", 0.1, missing=True),
        width_in=number("Outer width", "in", 0.1, missing=True),
        height_in=number("Outer height", "in", 0.1, missing=True),
        weight_lb=number("Weight", "lb"),
        standard_price_usd=money("Standard price of the year", 0.001),
        baseline_price_usd=money("Price paid in the year before", 0.001),
        withdrawn_on=day("Day from which it was no longer used; missing if in use", missing=True),
    ),
    "purchase_orders": table(
        "a purchase order",
        "po_id",
        po_id=text("Purchase order"),
        supplier_id=text("Supplier", to="suppliers"),
        center_id=text("Center that receives it", to="centers"),
        contract_id=text("Contract it was placed on; missing if off contract", to="contracts", missing=True),
        approved_at=time("Requisition approved"),
        sent_at=time("Order sent to the supplier"),
    ),
    "po_lines": table(
        "a line of a purchase order",
        "po_id line_number",
        po_id=text("Purchase order", to="purchase_orders"),
        line_number=count("Line, from 1", "", 1),
        packaging_id=text("Item", to="packaging_items"),
        quantity=count("Ordered", "units", 1),
        unit_price_usd=money("Price paid", 0.001),
        standard_price_usd=money("Standard price", 0.001),
        baseline_price_usd=money("Price in the year before", 0.001),
        quoted_price_usd=money("Price that the supplier asked first", 0.001),
        contract_price_usd=money(
            "Price of the contract in force; missing if none covers the item", 0.001, missing=True
        ),
        promised_on=day("Promised day of receipt"),
    ),
    "po_receipts": table(
        "a receipt of a purchase order's line",
        "po_id line_number received_on",
        po_id=text("Purchase order", to="purchase_orders"),
        line_number=count("Line", "", 1),
        received_on=day("Received and available"),
        quantity=count("Received", "units", 1),
        defective_quantity=count("Of these, found defective", "units"),
    ),
    # Money
    "invoices": table(
        "an invoice",
        "invoice_id",
        "Carriers bill each week, operators and services each month, packaging suppliers each receipt.",
        invoice_id=text("Invoice"),
        supplier_id=text("Who sent it", to="suppliers"),
        contract_id=text("Contract; missing if off contract", to="contracts", missing=True),
        period_start=day("First day of service billed"),
        period_end=day("Last day of service billed"),
        issued_on=day("Day of the invoice"),
        due_on=day("Due for payment"),
        paid_on=day("Paid; missing if open", missing=True),
        amount_usd=money("Amount: the sum of its lines", 0.01),
    ),
    "invoice_lines": table(
        "a line of an invoice",
        "invoice_id line_number",
        "As billed, errors included. A parcel's lines name the parcel; an operator's the center; a supplier's the "
        "purchase order's line.",
        invoice_id=text("Invoice", to="invoices"),
        line_number=count("Line, from 1", "", 1),
        charge=text("Charge", one_of=CHARGES),
        shipment_id=text("Parcel", to="shipments", missing=True),
        center_id=text("Center", to="centers", missing=True),
        po_id=text("Purchase order", to="purchase_orders", missing=True),
        po_line_number=count("Its line", "", 1, missing=True),
        zone=count("Zone as billed", "zone", 2, 8, missing=True),
        weight_lb=count("Weight as billed", "lb", 1, missing=True),
        quantity=number("Quantity as billed, in the rate's unit", "`unit` of `rate_cards`"),
        billed_usd=money("Amount as billed"),
    ),
    "seller_statements": table(
        "a month's fees billed to a seller",
        "month seller_id",
        month=day("First day of the month"),
        seller_id=text("Seller", to="sellers"),
        orders=count("Orders dispatched for the seller", "orders", 1),
        sales_usd=money("Sales value of these orders"),
        fees_usd=money("Fulfillment fees billed"),
        issued_on=day("Day of the statement"),
        settled_on=day("Day on which the fees were collected; missing if open", missing=True),
    ),
}
