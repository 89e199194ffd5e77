"""The buying side: contracts with rates and service levels, packaging and its orders, and a round of dirty bids."""

import numpy as np
import pandas as pd

from fulfillment.data.reference import load_reference_table
from fulfillment.simulate.program import CARRIERS, END, OPERATORS, stream

# Suppliers

#: Supplier, name, category, country, payment terms (days), addressable, monthly spend (USD, modeled), share of months.
OTHER_SUPPLIERS = [
    ("SU01", "Bramlock Packaging", "packaging", "United States", 45, True, 0, 0),
    ("SU02", "Fenwold Paper", "packaging", "United States", 30, True, 0, 0),
    ("SU03", "Ashcombe Mailers", "packaging", "Mexico", 60, True, 0, 0),
    ("SU04", "Kettlemere Supply", "packaging", "United States", 15, True, 0, 0),
    ("SU05", "Holmcastle Staffing", "temporary labor", "United States", 15, True, 0, 0),
    ("SU06", "Rushwick Material Handling", "equipment", "United States", 30, True, 900, 1.0),
    ("SU07", "Dunmarrow Pallets", "equipment", "United States", 30, True, 350, 0.8),
    ("SU08", "Wexcombe Software", "services", "Ireland", 30, True, 1100, 1.0),
    ("SU09", "Thornbury Advisory", "services", "United States", 30, True, 1400, 0.4),
    ("SU10", "Property tax offices", "taxes and fees", "United States", 30, False, 900, 1.0),
]
PAYMENT_DAYS = {"OP0": 0, "OP1": 30, "OP2": 30, "OP3": 15, "CR1": 15, "CR2": 15, "CR3": 21, "CR4": 15, "CR5": 30}


def suppliers() -> pd.DataFrame:
    """Everybody who sends invoices: operators, carriers, packaging suppliers and the rest."""
    partners = [(o.operator_id, o.name, "fulfillment") for o in OPERATORS]
    partners += [(c.carrier_id, c.name, "parcel") for c in CARRIERS]
    rows = [(*row, "United States", PAYMENT_DAYS[row[0]], True) for row in partners]
    rows += [row[:6] for row in OTHER_SUPPLIERS]
    return pd.DataFrame(
        rows, columns=["supplier_id", "name", "category", "country", "payment_terms_days", "addressable"]
    )


# Contracts

#: Planted: fuel and residential surcharges rise with the year. A negotiated 15% below the published ground fuel
#: surcharge (20.5% in August 2025, 21.75% after January 5, 2026); the home surcharge is invented, list is 4 to 6.
FUEL_DISCOUNT = 0.15
NEW_YEAR = pd.Timestamp("2026-01-05")  # rates and surcharges of the carriers change; the day FedEx's did
RESIDENTIAL_USD = (1.15, 1.35)  # before and after
INCREASE = {"CR1": 0.035, "CR2": 0.049, "CR3": 0.030, "CR4": 0.035, "CR5": 0.025}  # agreed for 2026, capped; invented
DIM_RULE, DIM_DIVISOR = "UPS", 166  # the published rounding rule by date, with a negotiated divisor
MOST_POUNDS = 40
#: Base transport of a pound in zone 2, per zone more, per pound more, and per pound and zone more, USD. invented, tuned
#: to a mean parcel, surcharges included, 30% below the published carrier revenue of 9.09 USD (surcharges_base.csv)
BASE_USD = (2.98, 0.36, 0.14, 0.030)
PEAK_SURCHARGE = ("UPS", "Ground residential", 2025)  # the published rows that the contracts adopt, with their season
FUEL = [  # the published rows before and after `NEW_YEAR`: item, carrier, year
    ("Fuel surcharge, ground", "UPS & FedEx", 2025),
    ("Fuel surcharge, ground at diesel 3.85 USD/gal", "UPS", 2026),
]

#: USD by operator: an order with its first pick, additional pick, packing of a parcel (the platform buys the cartons), storage of a location
#: and month, receiving of a unit, return, least a month. invented within data/facts/3pl_fees.csv. Planted: OP3 is cheapest per pick.
OPERATOR_RATES = {
    "OP0": (2.35, 0.42, 0.25, 4.50, 0.20, 3.20, 0),
    "OP1": (2.45, 0.45, 0.25, 4.80, 0.21, 3.40, 0),
    "OP2": (2.40, 0.40, 0.26, 4.60, 0.19, 3.30, 0),
    "OP3": (1.75, 0.30, 0.45, 5.40, 0.28, 4.20, 1290),
}
OPERATOR_UNITS = {
    "order handling": "order",
    "additional pick": "unit",
    "packaging": "parcel",
    "storage": "location month",
    "receiving": "unit",
    "return handling": "return",
    "monthly minimum": "month",
}
LABOR_USD = 29.0  # agency hour; as in `flow.WAGES_USD`

#: Measure, unit, target, floor, better, weight, credit a point (or hour), cap. invented; pick accuracy and dock-to-stock as in sla_levels.csv
OPERATOR_SLAS = [
    ("late_dispatch_rate", "fraction", 0.03, 0.06, "min", 0.35, 0.01, 0.05),
    ("pick_accuracy", "fraction", 0.995, 0.98, "max", 0.25, 0.02, 0.04),
    ("damage_rate", "fraction", 0.006, 0.03, "min", 0.15, 0.01, 0.03),
    ("dock_to_stock_mean_hours", "hours", 36.0, 60.0, "min", 0.15, 0.001, 0.02),
    ("inventory_accuracy", "fraction", 0.96, 0.90, "max", 0.10, 0.005, 0.02),
]
CARRIER_SLAS = [
    ("on_time_delivery_rate", "fraction", 0.95, 0.85, "max", 0.50, 0.01, 0.05),
    ("first_attempt_rate", "fraction", 0.965, 0.93, "max", 0.15, 0.0, 0.0),
    ("loss_rate", "fraction", 0.004, 0.02, "min", 0.15, 0.01, 0.03),
    ("tender_acceptance_rate", "fraction", 0.93, 0.80, "max", 0.20, 0.005, 0.02),
]


def contracts() -> pd.DataFrame:
    """Contracts in force in the year: one a partner, packaging with three of four suppliers, agency labor."""
    rows = []
    values = {"OP0": 105_000, "OP1": 45_000, "OP2": 70_000, "OP3": 19_000}
    for o in OPERATORS:
        kind = "internal" if o.kind == "platform" else "fulfillment"
        risk = None if o.kind == "platform" else 0.10
        rows.append((o.operator_id, kind, "2024-11-18", "2025-01-01", "2026-12-31", values[o.operator_id], None, risk))
    for c in CARRIERS:
        rows.append((c.carrier_id, "parcel", "2025-01-20", "2025-02-01", "2027-01-31", 385_000 * c.share, 0.05, 0.06))
    for supplier, value in (("SU01", 28_000), ("SU02", 6_500), ("SU03", 4_000)):
        rows.append((supplier, "packaging", "2025-05-12", "2025-07-01", "2026-06-30", value, 0.04, None))
    rows.append(("SU05", "temporary labor", "2025-06-02", "2025-07-01", "2026-06-30", 1_500, 0.04, None))
    rows.append(("SU06", "equipment", "2024-06-10", "2024-07-01", "2027-06-30", 11_000, 0.03, None))
    rows.append(("SU08", "services", "2025-03-03", "2025-04-01", "2028-03-31", 13_000, 0.05, None))
    columns = ["supplier_id", "kind", "signed_on", "valid_from", "valid_to", "annual_value_usd", "increase_cap"]
    table = pd.DataFrame(rows, columns=[*columns, "credit_at_risk"])
    for column in ("signed_on", "valid_from", "valid_to"):
        table[column] = pd.to_datetime(table[column])
    table["increase"] = table["supplier_id"].map(INCREASE)
    table["increase_on"] = pd.Series(NEW_YEAR, table.index).where(table["increase"].notna())
    table["dim_divisor"] = pd.Series(DIM_DIVISOR, table.index).where(table["kind"] == "parcel")
    return table.assign(contract_id="C-" + table["supplier_id"])


def rate_cards(contracts: pd.DataFrame) -> pd.DataFrame:
    """Every rate of every contract with the days on which it holds."""
    rows = []
    end = dict(zip(contracts["supplier_id"], contracts["valid_to"], strict=True))
    start = dict(zip(contracts["supplier_id"], contracts["valid_from"], strict=True))
    eve = NEW_YEAR - pd.Timedelta(days=1)
    surcharges = load_reference_table("surcharges_base").set_index(["item", "carrier", "year"])["value"] / 100
    first, zone_step, pound, zone_pound = BASE_USD
    windows = load_reference_table("peak_surcharges")
    windows = windows[(windows[["carrier", "surcharge", "season"]] == PEAK_SURCHARGE).all(axis=1)]
    for c in CARRIERS:
        own = c.carrier_id
        periods = [(start[own], eve, 0), (NEW_YEAR, end[own], 1)]
        for zone in range(2, 9):
            for pounds in range(1, MOST_POUNDS + 1):
                base = first + zone_step * (zone - 2) + (pound + zone_pound * (zone - 2)) * (pounds - 1)
                base = round(base * c.price, 2)
                rows += [
                    (own, "base transport", "parcel", zone, pounds, round(base * (1 + INCREASE[own] * later), 2), a, b)
                    for a, b, later in periods
                ]
        for a, b, later in periods:
            share = round(float(surcharges[FUEL[later]]) * (1 - FUEL_DISCOUNT), 4)
            rows.append((own, "fuel", "USD of base transport", None, None, share, a, b))
            rows.append((own, "residential", "parcel", None, None, RESIDENTIAL_USD[later], a, b))
        rows += [
            (own, "peak surcharge", "parcel", None, None, row.amount_usd, row.start, row.end)
            for row in windows.itertuples()
        ]
    for operator, rates in OPERATOR_RATES.items():
        for (charge, unit), rate in zip(OPERATOR_UNITS.items(), rates, strict=True):
            if rate:
                rows.append((operator, charge, unit, None, None, rate, start[operator], end[operator]))
    columns = ["supplier_id", "charge", "unit", "zone", "weight_lb", "rate_usd", "valid_from", "valid_to"]
    table = pd.DataFrame(rows, columns=columns)
    ids = [f"RC{n:04}" for n in range(1, len(table) + 1)]
    return table.assign(contract_id="C-" + table["supplier_id"], rate_id=ids)


def slas(contracts: pd.DataFrame) -> pd.DataFrame:
    """Service levels of operators' and carriers' contracts."""
    columns = ["measure", "unit", "target", "floor", "better", "weight", "credit_per_point", "credit_cap"]
    rows = {"internal": OPERATOR_SLAS, "fulfillment": OPERATOR_SLAS, "parcel": CARRIER_SLAS}
    tables = [
        pd.DataFrame(rows[contract.kind], columns=columns).assign(contract_id=contract.contract_id)
        for contract in contracts.itertuples()
        if contract.kind in rows
    ]
    return pd.concat(tables, ignore_index=True)


# Packaging

#: Id, name, kind, outer length, width, height (in), weight (lb), standard price, last year's price (USD), withdrawn,
#: contract's supplier and price. Prices invented. Planted: two cartons were withdrawn to buy fewer sizes; what they
#: held now travels in the next larger one.
PACKAGING = [
    ("PK01", "Padded mailer S", "mailer", 9.0, 6.0, 2.4, 0.06, 0.210, 0.216, None, "SU03", 0.205),
    ("PK02", "Padded mailer M", "mailer", 12.2, 9.2, 2.2, 0.10, 0.290, 0.300, None, "SU03", 0.284),
    ("PK03", "Carton A 8 × 6 × 4", "carton", 8.3, 6.3, 4.3, 0.25, 0.385, 0.400, None, "SU01", 0.378),
    ("PK04", "Carton B 10 × 8 × 4", "carton", 10.3, 8.3, 4.3, 0.34, 0.445, 0.470, "2025-11-03", "SU01", 0.438),
    ("PK05", "Carton C 12 × 9 × 6", "carton", 12.3, 9.3, 6.3, 0.48, 0.590, 0.610, None, "SU01", 0.575),
    ("PK06", "Carton D 14 × 10 × 7", "carton", 14.2, 10.3, 7.2, 0.62, 0.720, 0.750, "2025-11-03", "SU01", 0.706),
    ("PK07", "Carton E 16 × 12 × 9", "carton", 16.3, 12.3, 9.3, 0.85, 0.930, 0.960, None, "SU01", 0.910),
    ("PK08", "Carton F 20 × 16 × 12", "carton", 20.4, 16.4, 12.4, 1.30, 1.480, 1.520, None, "SU01", 1.455),
    ("PK09", "Void fill, paper, for a parcel", "material", None, None, None, 0.05, 0.062, 0.060, None, "SU02", 0.061),
    ("PK10", "Tape and label, for a parcel", "material", None, None, None, 0.01, 0.048, 0.049, None, "SU02", 0.047),
]
COLUMNS = ["packaging_id", "name", "kind", "length_in", "width_in", "height_in", "weight_lb"]
PACKAGING_ITEMS = pd.DataFrame(
    PACKAGING,
    columns=[*COLUMNS, "standard_price_usd", "baseline_price_usd", "withdrawn_on", "supplier_id", "contract_price_usd"],
).assign(withdrawn_on=lambda items: pd.to_datetime(items["withdrawn_on"]))
CARTONS = PACKAGING_ITEMS[PACKAGING_ITEMS["kind"] != "material"].set_index("packaging_id")


#: Packaging suppliers: lead time (days) and its log standard deviation, chance of a short receipt, defective units.
DELIVERY = {
    "SU01": (9, 0.18, 0.05, 0.0012),
    "SU02": (6, 0.15, 0.03, 0.0008),
    "SU03": (21, 0.45, 0.14, 0.0060),
    "SU04": (3, 0.25, 0.02, 0.0040),
}
PROMISED_DAYS = {"SU01": 11, "SU02": 8, "SU03": 26, "SU04": 4}
OFF_CONTRACT = 0.09  # months and centers in which a center buys from the spot supplier instead; invented
SPOT_PREMIUM = (1.08, 1.30)  # its prices over the standard; invented
ASKED = (1.00, 1.08)  # what a supplier asks first over what is paid; invented
PAID = (0.985, 1.045)  # contract buys: price paid over the contract's, from and to; most pay it; invented
SPARE = 1.04  # bought over used; invented
SPOT_SUPPLIER = "SU04"


def packaging_orders(parcels: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``purchase_orders``, ``po_lines``, ``po_receipts``: each month each center buys what the next one will use.

    Parameters
    ----------
    parcels : shipments, for what was used.
    """
    rng = stream("packaging")
    months = parcels["dispatched_at"].dt.to_period("M")
    used = parcels.groupby([months, "center_id", "packaging_id"]).size().unstack(fill_value=0)
    for material in ("PK09", "PK10"):
        used[material] = used[CARTONS.index].sum(axis=1)
    items = PACKAGING_ITEMS.set_index("packaging_id")
    orders, lines, receipts = [], [], []
    for (month, center_id), quantities in used.iterrows():
        spot = rng.random() < OFF_CONTRACT
        bought = (quantities[quantities > 0] * SPARE).apply(np.ceil).astype(int)
        suppliers = items["supplier_id"].mask(items["supplier_id"].eq("SU01") & spot, SPOT_SUPPLIER)[bought.index]
        for supplier, own in bought.groupby(suppliers):
            approved, sent = _order_times(rng, month, supplier)
            promised = sent.normalize() + pd.Timedelta(days=PROMISED_DAYS[supplier])
            po_id, contract = f"PO{len(orders) + 1:04}", None if supplier == SPOT_SUPPLIER else f"C-{supplier}"
            orders.append((po_id, supplier, center_id, contract, approved, sent))
            median, spread = DELIVERY[supplier][:2]
            arrival = sent.normalize() + pd.Timedelta(days=max(1, round(median * np.exp(rng.normal(0, spread)))))
            for number, (item, quantity) in enumerate(own.items(), start=1):
                prices = _prices(rng, items.loc[item], contract is not None)
                lines.append((po_id, number, item, quantity, *prices, promised))
                received = _receipts(rng, supplier, quantity, arrival)
                receipts += [(po_id, number, *receipt) for receipt in received]
    money = ["unit_price_usd", "standard_price_usd", "baseline_price_usd", "quoted_price_usd", "contract_price_usd"]
    return {
        "purchase_orders": pd.DataFrame(
            orders, columns=["po_id", "supplier_id", "center_id", "contract_id", "approved_at", "sent_at"]
        ),
        "po_lines": pd.DataFrame(
            lines, columns=["po_id", "line_number", "packaging_id", "quantity", *money, "promised_on"]
        ),
        "po_receipts": pd.DataFrame(
            receipts, columns=["po_id", "line_number", "received_on", "quantity", "defective_quantity"]
        ),
    }


def _order_times(rng: np.random.Generator, month: pd.Period, supplier: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """When an order for a month is approved and sent: early enough for what the supplier promises."""
    needed = month.start_time - pd.Timedelta(days=int(rng.integers(3, 9)))
    sent = needed - pd.Timedelta(days=PROMISED_DAYS[supplier]) + pd.Timedelta(minutes=int(rng.integers(480, 1020)))
    return sent - pd.Timedelta(minutes=int(60 * 14 * np.exp(rng.normal(0, 0.9)))), sent


def _prices(rng: np.random.Generator, item: pd.Series, on_contract: bool) -> tuple[float, ...]:
    """Paid, standard, baseline, asked at first, by contract: USD a unit."""
    standard, contract = item[["standard_price_usd", "contract_price_usd"]]
    paid = standard * rng.uniform(*SPOT_PREMIUM)
    if on_contract:
        paid = contract if rng.random() < 0.93 else contract * rng.uniform(*PAID)
    asked = paid * rng.uniform(*ASKED)
    return round(paid, 4), standard, item["baseline_price_usd"], round(asked, 4), contract


def _receipts(rng: np.random.Generator, supplier: str, quantity: int, arrival: pd.Timestamp) -> list[tuple]:
    """Day, units and defective ones of each delivery by the end of the year; a short one is followed by the rest."""
    _, _, short, defective = DELIVERY[supplier]
    first = quantity if rng.random() >= short else max(1, int(quantity * rng.uniform(0.6, 0.95)))
    parts = ((first, 0), (quantity - first, int(rng.integers(4, 15))))
    days = [(arrival + pd.Timedelta(days=later), part) for part, later in parts]
    return [(day, part, int(rng.binomial(part, defective))) for day, part in days if part and day <= END]


# A round of bids

RFP = "RFP-2026-02"
#: Item, unit asked for, quantity for an order, the platform's own estimate (USD), required. invented
BID_ITEMS = [
    ("receiving", "per pallet", 0.012, 11.00, True),
    ("storage", "per pallet month", 0.055, 24.00, True),
    ("order with first pick", "per order", 1.0, 2.35, True),
    ("additional pick", "per unit", 0.36, 0.42, True),
    ("packaging", "per order", 1.0, 0.55, True),
    ("returns", "per return", 0.08, 3.30, True),
    ("account management", "per month", 0.000005, 2400.00, False),
    ("onboarding", "one-off", 0.0000004, 18000.00, True),
]
#: Bidder -> item -> price, currency, unit, note; an item that is not here was left out. invented
BIDS = {
    "Quenbridge Fulfillment": {
        "receiving": (10.50, "USD", "per pallet", None),
        "storage": (25.50, "USD", "per pallet month", None),
        "order with first pick": (2.42, "USD", "per order", None),
        "additional pick": (0.44, "USD", "per unit", None),
        "packaging": (0.56, "USD", "per order", "own cartons"),
        "returns": (3.40, "USD", "per return", None),
        "account management": (2600.00, "USD", "per month", None),
        "onboarding": (22000.00, "USD", "one-off", None),
    },
    "Ostrelle Logistics": {
        "receiving": (295.00, "USD", "per container", "about 20 pallets to the container"),
        "storage": (0.86, "USD", "per square foot month", "about 28 square feet to the pallet, with aisles"),
        "order with first pick": (239.00, "USD", "per 100 orders", None),
        "additional pick": (0.41, "USD", "per unit", None),
        "returns": (3.25, "USD", "per return", None),
        "onboarding": (15000.00, "USD", "one-off", "waived at 36 months"),
    },
    "Marrowfield 3PL": {
        "receiving": (14.00, "USD", "per pallet", None),
        "storage": (31.00, "USD", "per pallet month", "first month free"),
        "order with first pick": (1.69, "USD", "per order", "pick rate held for 12 months"),
        "additional pick": (0.29, "USD", "per unit", None),
        "packaging": (0.95, "USD", "per order", None),
        "account management": (1900.00, "USD", "per month", None),
        "onboarding": (9500.00, "USD", "one-off", None),
    },
    "Brackenhall Distribution": {
        "receiving": (13.80, "CAD", "per pallet", None),
        "storage": (29.90, "CAD", "per pallet month", None),
        "order with first pick": (2.98, "CAD", "per order", "first three picks included"),
        "packaging": (0.71, "CAD", "per order", None),
        "returns": (4.40, "CAD", "per return", None),
        "account management": (3200.00, "CAD", "per month", None),
        "onboarding": (19000.00, "CAD", "one-off", None),
    },
}
#: Assumption, unit, value in the request or measured -> values by bidder, in the order of `BIDS`. invented
ASSUMPTIONS = [
    ("orders a day in an ordinary week", "orders", 7800, (7800, 7800, 11500, 8000)),
    ("units an order", "units", 1.36, (1.36, 1.36, 1.10, 1.40)),
    ("peak day over ordinary day", "ratio", 2.2, (2.2, 2.0, 1.4, 2.2)),
    ("return rate", "fraction", 0.09, (0.09, 0.08, 0.03, 0.10)),
    ("pick accuracy promised", "fraction", 0.996, (0.997, 0.998, 0.9995, 0.997)),
    ("dock-to-stock promised", "hours", 24, (24, 8, 24, 20)),
    ("orders an hour and worker", "orders", 10.5, (10.5, 11.0, 16.0, 10.0)),
    ("annual price increase", "fraction", 0.03, (0.03, 0.035, 0.06, 0.03)),
]


def sourcing() -> dict[str, pd.DataFrame]:
    """``sourcing_events``, ``bid_items``, ``bids``, ``bid_assumptions``: one request and the bids as received."""
    event = {
        "rfp_id": RFP,
        "title": "Fulfillment for the Southeast",
        "region": "Southeast",
        "annual_orders": 2_850_000,
        "issued_on": pd.Timestamp("2026-02-09"),
        "due_on": pd.Timestamp("2026-03-13"),
        "award_by": pd.Timestamp("2026-05-15"),
        "start_on": pd.Timestamp("2026-09-01"),
        "incumbent_id": "OP2",
    }
    items = ["item", "unit", "quantity_per_order", "should_cost_usd", "required"]
    nothing = (None, "USD", None, "left blank")
    bids = []
    for bidder, prices in BIDS.items():
        for item, unit, *_ in BID_ITEMS:
            price, currency, priced_in, note = prices.get(item, nothing)
            bids.append((RFP, bidder, item, price, currency, priced_in or unit, note))
    assumptions = [
        (RFP, bidder, name, unit, value, requested)
        for name, unit, requested, values in ASSUMPTIONS
        for bidder, value in zip(BIDS, values, strict=True)
    ]
    return {
        "sourcing_events": pd.DataFrame([event]),
        "bid_items": pd.DataFrame(BID_ITEMS, columns=items).assign(rfp_id=RFP),
        "bids": pd.DataFrame(bids, columns=["rfp_id", "bidder", "item", "price", "currency", "unit", "note"]),
        "bid_assumptions": pd.DataFrame(
            assumptions, columns=["rfp_id", "bidder", "assumption", "unit", "bid_value", "request_value"]
        ),
    }
