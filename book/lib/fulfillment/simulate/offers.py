"""The last round of the request: four rate cards of different structure, and what each bidder can carry."""

from collections.abc import Iterator

import pandas as pd

from fulfillment.data.reference import load_reference_table
from fulfillment.simulate.buying import NEW_YEAR, PEAK_SURCHARGE, RFP
from fulfillment.simulate.program import END, START

# Best and final offers

#: The Southeast's orders of the year priced again, order by order: every card holds for the days of that year.
TAPE = (START, END)
#: Bidder -> what the four structures are made of. USD throughout: the request asked for it after the first round.
#: invented within data/facts: fees of work and space within 3pl_fees.csv (down to its lower end less the published 40%
#: negotiated discount), fuel and home surcharges within surcharges_base.csv less the same, peak within peak_surcharges.csv.
STRUCTURES = {
    "Quenbridge Fulfillment": "à la carte",
    "Ostrelle Logistics": "delivered price by zone",
    "Marrowfield 3PL": "minimum with volume tiers",
    "Brackenhall Distribution": "all-in by weight",
}
POUND_BANDS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 30, 40)  # upper ends of an à la carte card, lb
#: Base transport as in `BASE_USD`, at the upper end of each band. invented
OFFERED_BASE_USD = {
    "Quenbridge Fulfillment": (2.20, 0.30, 0.115, 0.026),
    "Marrowfield 3PL": (1.62, 0.31, 0.105, 0.027),
}
#: Fuel in 2025 and from `NEW_YEAR` in 2026, share of base transport; home surcharge; packaging. One passes fuel on at
#: 15% below the published ground surcharge, the other at the published one.
OFFERED_EXTRAS = {
    "Quenbridge Fulfillment": ((0.1743, 0.1849), 2.35, 0.55),
    "Marrowfield 3PL": ((0.2050, 0.2175), 2.60, 0.88),
}
#: Ostrelle's price of a parcel to the door, carton, fuel and home surcharge in it: bands (lb), price in zone 2 and for
#: each zone more. invented
DOOR_BANDS = ((2, 4.62, 0.42), (5, 5.36, 0.56), (10, 6.20, 0.78), (20, 7.95, 1.25), (40, 11.60, 2.10))
#: Brackenhall's price of an order, picked, packed and delivered to any zone, first three units in it. invented
ORDER_BANDS = (
    (1, 7.72),
    (2, 8.26),
    (3, 8.80),
    (5, 9.40),
    (8, 10.50),
    (12, 11.90),
    (16, 13.45),
    (20, 15.30),
    (40, 21.50),
)
#: Order with its first pick by orders a month, the month's whole volume at one rate. invented
HANDLING_TIERS = ((0, 150_000, 1.95), (150_000, 250_000, 1.72), (250_000, None, 1.60))
#: Charge, basis, rate, tier and its ends, by bidder: what is not a parcel's transport. invented within 3pl_fees.csv
OTHER_OFFERS = {
    "Quenbridge Fulfillment": [
        ("order handling", "order", 2.36, None, None, None),
        ("additional pick", "unit", 0.43, "units in the order", 1, None),
        ("returns", "return", 3.35, None, None, None),
        ("receiving", "pallet", 10.20, None, None, None),
        ("storage", "pallet month", 25.00, "days in storage", 0, 90),
        ("storage", "pallet month", 31.00, "days in storage", 90, None),
        ("account management", "month", 2600.00, None, None, None),
        ("onboarding", "seller account", 430.00, None, None, None),
        ("monthly minimum", "month", 240_000.00, None, None, None),
    ],
    "Ostrelle Logistics": [
        ("order handling", "order", 2.32, None, None, None),
        ("additional pick", "unit", 0.40, "units in the order", 1, None),
        ("returns", "return", 3.20, None, None, None),
        ("receiving", "container", 290.00, None, None, None),
        ("storage", "cubic foot month", 0.50, "days in storage", 0, 60),
        ("storage", "cubic foot month", 0.56, "days in storage", 60, 180),
        ("storage", "cubic foot month", 0.65, "days in storage", 180, None),
        ("account management", "month", 2400.00, None, None, None),
        ("onboarding", "seller account", 300.00, None, None, None),
    ],
    "Marrowfield 3PL": [
        ("additional pick", "unit", 0.29, "units in the order", 1, None),
        ("returns", "return", 4.60, None, None, None),
        ("receiving", "pallet", 13.50, None, None, None),
        ("storage", "pallet month", 30.00, "days in storage", 0, 90),
        ("storage", "pallet month", 38.00, "days in storage", 90, None),
        ("account management", "month", 1900.00, None, None, None),
        ("onboarding", "seller account", 300.00, None, None, None),
        ("monthly minimum", "month", 900_000.00, None, None, None),
    ],
    "Brackenhall Distribution": [
        ("additional pick", "unit", 0.45, "units in the order", 3, None),
        ("returns", "return", 3.25, None, None, None),
        ("receiving", "pallet", 10.00, None, None, None),
        ("storage", "pallet month", 22.00, "days in storage", 0, 90),
        ("storage", "pallet month", 27.00, "days in storage", 90, None),
        ("account management", "month", 2300.00, None, None, None),
        ("onboarding", "seller account", 350.00, None, None, None),
        ("monthly minimum", "month", 180_000.00, None, None, None),
    ],
}
#: Peak surcharge by calendar: for whom, first day, last day, USD a parcel. Quenbridge passes on the published
#: `PEAK_SURCHARGE` of homes; the others' windows are invented, their amounts within the published ones.
OFFERED_PEAKS = {
    "Ostrelle Logistics": [("all", "2025-10-26", "2026-01-17", 0.40)],
    "Marrowfield 3PL": [("all", "2025-10-26", "2025-11-22", 0.45), ("all", "2025-11-23", "2026-01-17", 0.65)],
    "Brackenhall Distribution": [("all", "2025-11-23", "2025-12-27", 0.65)],
}


def bid_rates() -> pd.DataFrame:
    """The best and final rate cards of the four bidders, a row per rate."""
    windows = load_reference_table("peak_surcharges")
    windows = windows[(windows[["carrier", "surcharge", "season"]] == PEAK_SURCHARGE).all(axis=1)]
    passed_on = [("home", row.start, row.end, row.amount_usd) for row in windows.itertuples()]
    surcharges = {bidder: OFFERED_PEAKS.get(bidder, passed_on) for bidder in STRUCTURES}
    rows = [{"bidder": bidder} | rate for bidder in STRUCTURES for rate in _card_rates(bidder, surcharges[bidder])]
    columns = ["bidder", "charge", "basis", "applies_to", "zone", "tier", "above", "up_to", "rate_usd"]
    table = pd.DataFrame(rows)[[*columns, "valid_from", "valid_to"]]
    return table.assign(rfp_id=RFP, rate_id=[f"BR{n:03}" for n in range(1, len(table) + 1)])


def _card_rates(bidder: str, surcharges: list[tuple]) -> Iterator[dict[str, object]]:
    """The rates of a bidder's card in their order: handling, other offers, transport, peak surcharges."""
    if bidder == "Marrowfield 3PL":
        for above, to, rate in HANDLING_TIERS:
            yield _rate("order handling", "order", rate, tier="orders a month", above=above, up_to=to)
    if bidder == "Brackenhall Distribution":
        for above, (to, rate) in zip([0, *(band[0] for band in ORDER_BANDS)], ORDER_BANDS, strict=False):
            yield _rate("all-in order", "order", rate, tier="billed weight, lb", above=above, up_to=to)
    for charge, basis, rate, tier, above, to in OTHER_OFFERS[bidder]:
        yield _rate(charge, basis, rate, tier=tier, above=above, up_to=to)
    if bidder in OFFERED_BASE_USD:
        yield from _transport_rates(OFFERED_BASE_USD[bidder], OFFERED_EXTRAS[bidder])
    if bidder == "Ostrelle Logistics":
        for zone in range(2, 9):
            for above, (to, near, step) in zip([0, *(band[0] for band in DOOR_BANDS)], DOOR_BANDS, strict=False):
                terms = {"zone": zone, "tier": "billed weight, lb", "above": above, "up_to": to}
                yield _rate("delivered parcel", "parcel", round(near + step * (zone - 2), 2), **terms)
    for who, start, end, amount in surcharges:
        yield _rate("peak surcharge", "parcel", amount, applies_to=who, valid_from=start, valid_to=end)


def _transport_rates(
    base_usd: tuple[float, float, float, float], extras: tuple[tuple[float, float], float, float]
) -> Iterator[dict[str, object]]:
    """Base by zone and pound, fuel before and after New Year, homes, and packing."""
    (start, zone_step, pound, zone_pound), (fuel, home, packaging) = base_usd, extras
    yield _rate("packaging", "parcel", packaging)
    for zone in range(2, 9):
        for above, to in zip((0, *POUND_BANDS), POUND_BANDS, strict=False):
            base = start + zone_step * (zone - 2) + (pound + zone_pound * (zone - 2)) * (to - 1)
            terms = {"zone": zone, "tier": "billed weight, lb", "above": above, "up_to": to}
            yield _rate("base transport", "parcel", round(base, 2), **terms)
    yield _rate("fuel", "USD of base transport", fuel[0], valid_to=NEW_YEAR - pd.Timedelta(days=1))
    yield _rate("fuel", "USD of base transport", fuel[1], valid_from=NEW_YEAR)
    yield _rate("residential", "parcel", home, applies_to="home")


def _rate(charge: str, basis: str, rate_usd: float, **terms: object) -> dict[str, object]:
    """A row of `bid_rates`: for all addresses, zones and tiers and the whole year, unless terms say otherwise."""
    rate = {"applies_to": "all", "zone": None, "tier": None, "above": None, "up_to": None}
    rate |= {"valid_from": TAPE[0], "valid_to": TAPE[1]} | terms
    dates = {name: pd.Timestamp(rate[name]) for name in ("valid_from", "valid_to")}
    return {"charge": charge, "basis": basis, "rate_usd": rate_usd} | rate | dates


#: Bidder -> operator, site offered, orders on an ordinary day and on the most a peak day takes, what the platform pays
#: a year to run another operator (integration, governance, stock in a second place), whose rounding rule and which
#: divisor, share of a damage claim's value that the contract pays, days after which it pays. invented
OFFERS = {
    "Quenbridge Fulfillment": ("OP1", "Ellenwood, GA", 6000, 13_200, 380_000, "UPS", 166, 0.50, 45),
    "Ostrelle Logistics": ("OP2", "Douglasville, GA", 6500, 13_000, 160_000, "UPS", 166, 0.50, 40),
    "Marrowfield 3PL": ("OP3", "McDonough, GA", 11_500, 16_100, 420_000, "UPS", 139, 0.15, 90),
    "Brackenhall Distribution": (None, "Union City, GA", 4500, 9900, 520_000, "FedEx", 166, 0.75, 30),
}
PEAK_WEEKS = ("2025-11-24", "2025-12-12")  # orders placed from and to: the weeks in which one center drowned
#: What two customers of Brackenhall told: damaged, wrong, late, dock-to-stock (mean, 99th percentile), counts right. invented
REFERENCES = (0.0045, 0.0060, 0.0240, 0.0240, 22.0, 60.0, 0.968)


def bid_capacity(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What each bidder can carry and how it has worked: measured in the program, for the newcomer told by references.

    Parameters
    ----------
    tables : with ``centers``, ``orders``, ``shipments``, ``order_lines``, ``inbound_receipts``, ``cycle_counts``.
    """
    operator = tables["centers"].set_index("center_id")["operator_id"]
    orders = tables["orders"].dropna(subset="dispatched_at")
    late = orders["dispatched_at"] > orders["dispatch_due_at"]
    days = orders["ordered_at"].dt.normalize()
    ordinary = ~days.between(*PEAK_WEEKS)
    parcels = tables["shipments"].dropna(subset="damaged")
    lines = tables["order_lines"].merge(tables["shipments"][["shipment_id", "center_id"]], on="shipment_id")
    wrong = lines.groupby("order_id").agg(center_id=("center_id", "first"), wrong=("pick_error", "max"))
    receipts = tables["inbound_receipts"].dropna(subset="available_at")
    hours = (receipts["available_at"] - receipts["arrived_at"]) / pd.Timedelta(hours=1)
    docks = hours.groupby(receipts["center_id"].map(operator))
    counts = tables["cycle_counts"]
    right = counts["system_units"] == counts["counted_units"]
    measured = pd.DataFrame(
        {
            "damage_rate": parcels["damaged"].astype(float).groupby(parcels["center_id"].map(operator)).mean(),
            "wrong_order_rate": wrong["wrong"].astype(float).groupby(wrong["center_id"].map(operator)).mean(),
            "late_dispatch_rate": late.groupby(orders["center_id"].map(operator)).mean(),
            "late_dispatch_rate_ordinary": late[ordinary].groupby(orders["center_id"].map(operator)).mean(),
            "dock_to_stock_hours": docks.mean(),
            "dock_to_stock_p99_hours": docks.quantile(0.99),
            "inventory_accuracy": right.groupby(counts["center_id"].map(operator)).mean(),
        }
    ).round(4)
    rows = []
    for bidder, (operator_id, *offer) in OFFERS.items():
        told = operator_id is None
        quality = REFERENCES if told else measured.loc[operator_id].tolist()
        source = "two references" if told else "measured in the program"
        rows.append((RFP, bidder, operator_id, STRUCTURES[bidder], *offer, *quality, source))
    columns = ["rfp_id", "bidder", "operator_id", "structure", "site", "orders_a_day", "peak_orders_a_day"]
    columns += ["fixed_usd_per_year", "dim_carrier", "dim_divisor", "claims_paid_share", "claims_days"]
    return pd.DataFrame(rows, columns=[*columns, *measured.columns, "quality_source"])
