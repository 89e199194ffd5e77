"""Invoices as they come, errors included, and the weekly scorecards of partners."""

import numpy as np
import pandas as pd

from fulfillment.calendar import week_of
from fulfillment.kpis import weekly_scorecard
from fulfillment.simulate.buying import (
    CARRIER_SLAS,
    INCREASE,
    LABOR_USD,
    NEW_YEAR,
    OPERATOR_SLAS,
    OPERATOR_UNITS,
    OTHER_SUPPLIERS,
)
from fulfillment.simulate.program import DAYS, END, OPERATOR_OF, stream

#: Planted: this carrier's increase of January was applied twice.
DOUBLED = "CR2"
#: Planted: share of parcels billed wrongly at the start and at the end of the year. invented
ERRORS = {
    "billed twice": (0.003, 0.008),
    "zone too far": (0.006, 0.010),
    "weight too high": (0.006, 0.012),
    "home surcharge on a business": (0.030, 0.060),
}
LATE_PAYMENT_DAYS = (-3, 12)  # day of payment against the due day, from and to; invented
CLAIMED_BILLING = 0.45  # parcels billed twice that were noticed and claimed; invented


def rates_of(rate_cards: pd.DataFrame, charge: str) -> pd.DataFrame:
    """The rates of one charge."""
    return rate_cards[rate_cards["charge"] == charge]


def contract_rates(lines: pd.DataFrame, rate_cards: pd.DataFrame, charge: str, keys: list[str]) -> pd.Series:
    """The contract's rate of each line on its day; 0 where none holds.

    Parameters
    ----------
    lines : ``supplier_id``, ``on`` (day of service) and the columns of ``keys``.
    rate_cards : see `buying.rate_cards`.
    charge : which.
    keys : columns that pick the rate beside supplier and day.
    """
    keys = ["supplier_id", *keys]
    rates = rates_of(rate_cards, charge)[[*keys, "rate_usd", "valid_from", "valid_to"]]
    pairs = lines[[*keys, "on"]].reset_index(names="line").merge(rates.astype(lines[keys].dtypes), on=keys)
    held = pairs[(pairs["valid_from"] <= pairs["on"]) & (pairs["on"] <= pairs["valid_to"])]
    return held.set_index("line")["rate_usd"].reindex(lines.index, fill_value=0.0)


def parcel_lines(parcels: pd.DataFrame, rate_cards: pd.DataFrame) -> pd.DataFrame:
    """The lines of the carriers' weekly invoices.

    Returns
    -------
    DataFrame, one row a line: ``supplier_id``, ``week`` (of the invoice), ``shipment_id``, ``charge``, ``zone``,
    ``weight_lb``, ``quantity``, ``billed_usd``, ``twice`` (billed a second time).
    """
    rng, size = stream("billing"), len(parcels)
    bill = pd.DataFrame(
        {
            "supplier_id": parcels["carrier_id"],
            "shipment_id": parcels["shipment_id"],
            "on": parcels["dispatched_at"].dt.normalize(),
            "zone": parcels["zone"],
            "weight_lb": parcels["billable_weight_lb"],
        }
    )
    passed = (bill["on"] - DAYS[0]) / (DAYS[-1] - DAYS[0])
    wrong = {name: rng.random(size) < first + (last - first) * passed for name, (first, last) in ERRORS.items()}
    bill["zone"] = (bill["zone"] + wrong["zone too far"]).clip(upper=8)
    bill["weight_lb"] += wrong["weight too high"] * rng.integers(1, 4, size)
    bill["week"] = week_of(bill["on"])
    increase = np.where((bill["supplier_id"] == DOUBLED) & (bill["on"] >= NEW_YEAR), 1 + INCREASE[DOUBLED], 1.0)
    base = (contract_rates(bill, rate_cards, "base transport", ["zone", "weight_lb"]) * increase).round(2)
    fuel = (base * contract_rates(bill, rate_cards, "fuel", [])).round(2)
    home = parcels["residential"] | wrong["home surcharge on a business"]
    none = pd.Series(0.0, parcels.index)
    residential = contract_rates(bill, rate_cards, "residential", []).where(home, none)
    peak = contract_rates(bill, rate_cards, "peak surcharge", []).where(home, none)
    charges = {"base transport": (1.0, base), "fuel": (base, fuel), "residential": (1.0, residential)}
    charges["peak surcharge"] = (1.0, peak)
    parts = []
    for charge, (quantity, amount) in charges.items():
        part = bill.assign(charge=charge, quantity=quantity, billed_usd=amount, twice=False)
        if charge != "base transport":
            part[["zone", "weight_lb"]] = pd.NA
        parts.append(part[part["billed_usd"] > 0])
    lines = pd.concat(parts).astype({"zone": "Int64", "weight_lb": "Int64"})
    again = lines[lines["shipment_id"].isin(bill.loc[wrong["billed twice"], "shipment_id"])]
    again = again.assign(week=again["week"] + pd.Timedelta(days=7), twice=True)
    lines = pd.concat([lines, again]).sort_values(["supplier_id", "week", "shipment_id"], kind="stable")
    return lines[lines["week"] + pd.Timedelta(days=7) <= END].drop(columns="on").reset_index(drop=True)


def operator_lines(tables: dict[str, pd.DataFrame], occupied: pd.DataFrame, rate_cards: pd.DataFrame) -> pd.DataFrame:
    """The lines of the operators' monthly invoices, a center and charge at a time.

    Parameters
    ----------
    tables : with ``shipments``, ``inbound_receipts``, ``returns``.
    occupied : locations in use, days by centers.
    """

    def counted(rows: pd.DataFrame, time: str, quantity: str | None = None) -> pd.Series:
        groups = rows.groupby([rows[time].dt.to_period("M"), "center_id"])
        return groups.size() if quantity is None else groups[quantity].sum()

    parcels = tables["shipments"]
    units = parcels.assign(more=parcels["units"] - 1)
    quantities = {
        "order handling": counted(parcels, "dispatched_at"),
        "additional pick": counted(units, "dispatched_at", "more"),
        "packaging": counted(parcels, "dispatched_at"),
        "storage": occupied.groupby(DAYS.to_period("M")).mean().round(1).stack(),
        "receiving": counted(tables["inbound_receipts"], "arrived_at", "expected_units"),
        "return handling": counted(tables["returns"].dropna(subset="received_at"), "received_at"),
    }
    table = pd.concat({charge: series.rename("quantity") for charge, series in quantities.items()})
    table = table.rename_axis(["charge", "month", "center_id"]).reset_index()
    table["supplier_id"] = table["center_id"].map(OPERATOR_OF)
    rates = rate_cards.set_index(["supplier_id", "charge"])["rate_usd"].loc[lambda rate: ~rate.index.duplicated()]
    table["billed_usd"] = (
        table["quantity"] * rates.reindex(list(zip(table["supplier_id"], table["charge"], strict=True))).to_numpy()
    ).round(2)
    month = table.groupby(["supplier_id", "month"])["billed_usd"].sum()
    least = month.index.get_level_values("supplier_id").map(
        {key[0]: rate for key, rate in rates.items() if key[1] == "monthly minimum"}
    )
    short = (pd.Series(least, month.index) - month).dropna().clip(lower=0).round(2)
    extra = short[short > 0].rename("billed_usd").reset_index().assign(charge="monthly minimum", quantity=1.0)
    table = pd.concat([table[table["billed_usd"] > 0], extra])
    order = {charge: n for n, charge in enumerate(OPERATOR_UNITS)}
    return table.sort_values(
        ["supplier_id", "month", "center_id", "charge"],
        key=lambda c: c.map(order) if c.name == "charge" else c,
        kind="stable",
    ).reset_index(drop=True)


def goods_lines(purchases: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The lines of packaging invoices: one invoice an order, after its last receipt."""
    got = (
        purchases["po_receipts"]
        .groupby(["po_id", "line_number"], as_index=False)
        .agg(received=("quantity", "sum"), on=("received_on", "max"))
    )
    table = purchases["po_lines"].merge(got, on=["po_id", "line_number"])
    table = table.merge(purchases["purchase_orders"][["po_id", "supplier_id", "contract_id"]], on="po_id")
    table["quantity"] = table["received"].astype(float)
    table["billed_usd"] = (table["quantity"] * table["unit_price_usd"]).round(2)
    table["on"] = table.groupby("po_id")["on"].transform("max")
    return table.rename(columns={"line_number": "po_line_number"}).assign(charge="goods")


def other_lines(labor: pd.DataFrame) -> pd.DataFrame:
    """Monthly lines of agency labor at the platform's own centers, and of equipment, services, taxes."""
    rng = stream("services")
    own = labor[labor["center_id"].map(OPERATOR_OF).eq("OP0") & (labor["temporary_hours"] > 0)]
    hours = own.groupby([own["week"].dt.to_period("M"), "center_id"])["temporary_hours"].sum().rename("quantity")
    agency = hours.rename_axis(["month", "center_id"]).reset_index().assign(supplier_id="SU05")
    agency["billed_usd"] = (agency["quantity"] * LABOR_USD).round(2)
    rows = []
    for supplier, _, _, _, _, _, spend, months in OTHER_SUPPLIERS:
        for month in pd.period_range(DAYS[0], DAYS[-1], freq="M"):
            if spend and rng.random() < months:
                rows.append((supplier, month, 1.0, round(spend * float(rng.uniform(0.85, 1.2)), 2)))
    table = pd.concat([agency, pd.DataFrame(rows, columns=["supplier_id", "month", "quantity", "billed_usd"])])
    return table.assign(charge="service").sort_values(["supplier_id", "month"], kind="stable", ignore_index=True)


def invoices(
    parcel: pd.DataFrame,
    monthly: pd.DataFrame,
    goods: pd.DataFrame,
    suppliers: pd.DataFrame,
    contracts: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """``invoices`` and ``invoice_lines`` from the lines of carriers, of monthly suppliers and of goods."""
    lines = _billed_lines(parcel, monthly, goods)
    heads = _invoice_heads(lines)
    lines["invoice_id"] = lines["invoice_id"].map(heads["invoice_id"])
    heads = _paid(heads.reset_index(drop=True), suppliers, contracts)
    lines = lines.sort_values("invoice_id", kind="stable", ignore_index=True)
    lines["line_number"] = lines.groupby("invoice_id").cumcount() + 1
    columns = ["charge", "shipment_id", "center_id", "po_id", "po_line_number", "zone", "weight_lb", "quantity"]
    return {"invoices": heads, "invoice_lines": lines[["invoice_id", "line_number", *columns, "billed_usd", "twice"]]}


def _billed_lines(parcel: pd.DataFrame, monthly: pd.DataFrame, goods: pd.DataFrame) -> pd.DataFrame:
    """All lines with the period that they bill and the day of their invoice; ``invoice_id`` numbers the invoices."""
    week_end = parcel["week"] + pd.Timedelta(days=6)
    parcel = parcel.assign(start=parcel["week"], end=week_end, issued=week_end + pd.Timedelta(days=1))
    month = monthly["month"].dt
    month_end = month.end_time.dt.normalize()
    monthly = monthly.assign(start=month.start_time, end=month_end, issued=month_end)
    goods = goods.assign(start=goods["on"], end=goods["on"], issued=goods["on"] + pd.Timedelta(days=2))
    lines = pd.concat([parcel, monthly, goods], ignore_index=True)
    lines = lines[lines["issued"] <= END].reset_index(drop=True)
    group = ["supplier_id", "issued", "start", "po_id"]
    return lines.assign(invoice_id=lines.groupby(group, dropna=False, sort=False).ngroup())


def _invoice_heads(lines: pd.DataFrame) -> pd.DataFrame:
    """An invoice a row, indexed by its number among the lines, with its name in order of issue."""
    heads = lines.groupby("invoice_id").agg(
        supplier_id=("supplier_id", "first"),
        period_start=("start", "first"),
        period_end=("end", "first"),
        issued_on=("issued", "first"),
        amount_usd=("billed_usd", "sum"),
    )
    heads = heads.sort_values(["issued_on", "supplier_id"], kind="stable")
    return heads.assign(invoice_id=[f"I{n:05}" for n in range(1, len(heads) + 1)])


def _paid(heads: pd.DataFrame, suppliers: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """Invoices with contract, due day and, where it has come, the day of payment."""
    rng = stream("payments")
    terms = heads["supplier_id"].map(suppliers.set_index("supplier_id")["payment_terms_days"])
    due = heads["issued_on"] + pd.to_timedelta(terms, unit="D")
    late = rng.integers(LATE_PAYMENT_DAYS[0], LATE_PAYMENT_DAYS[1] + 1, len(heads))
    paid = np.maximum(due + pd.to_timedelta(late, unit="D"), heads["issued_on"])
    return heads.assign(
        contract_id=heads["supplier_id"].map(contracts.set_index("supplier_id")["contract_id"]),
        due_on=due,
        paid_on=paid.where(paid <= END),
        amount_usd=heads["amount_usd"].round(2),
    )


def billing_claims(lines: pd.DataFrame, heads: pd.DataFrame) -> pd.DataFrame:
    """Claims for parcels billed twice, where somebody noticed."""
    rng = stream("billing claims")
    twice = lines[lines["twice"].eq(True)].groupby(["invoice_id", "shipment_id"], as_index=False)["billed_usd"].sum()
    twice = twice.merge(heads[["invoice_id", "supplier_id", "issued_on"]], on="invoice_id")
    size = len(twice)
    filed = twice["issued_on"] + pd.to_timedelta(rng.integers(5, 40, size), unit="D")
    closed = filed + pd.to_timedelta(rng.integers(7, 35, size), unit="D")
    noticed = (rng.random(size) < CLAIMED_BILLING) & (filed <= END)
    paid = (rng.random(size) < 0.9) & (closed <= END)
    claimed = twice["billed_usd"].round(2)
    return twice.assign(
        reason="billing error",
        filed_on=filed,
        claimed_usd=claimed,
        status=np.where(closed > END, "open", np.where(paid, "paid", "rejected")),
        closed_on=closed.where(closed <= END),
        paid_usd=claimed.where(paid, 0.0),
    )[noticed]


# Scorecards


def scorecards(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Each week's result of each operator and carrier on the measures of its contract, with what it stands on."""
    orders, parcels = tables["orders"], tables["shipments"]
    results = []

    def add(measure: str, rows: pd.DataFrame, partner: pd.Series, time: str, value: pd.Series) -> None:
        table = pd.DataFrame({"week": week_of(rows[time]), "supplier_id": partner, "value": value.astype(float)})
        table = table.dropna().groupby(["week", "supplier_id"])["value"].agg(["mean", "size"])
        results.append(table.set_axis(["actual", "n"], axis=1).reset_index().assign(measure=measure))

    def owner(rows: pd.DataFrame) -> pd.Series:
        return rows["center_id"].map(OPERATOR_OF)

    late = weekly_scorecard(orders.assign(supplier_id=owner(orders)), "supplier_id")
    on_time = weekly_scorecard(orders.assign(supplier_id=orders["carrier_id"]), "supplier_id")
    for card, measure in ((late, "late_dispatch"), (on_time, "on_time_delivery")):
        part = card[["week", "supplier_id", f"{measure}_rate", f"{measure}_n"]].set_axis(
            ["week", "supplier_id", "actual", "n"], axis=1
        )
        results.append(part[part["n"] > 0].assign(measure=f"{measure}_rate"))
    lines = tables["order_lines"].merge(parcels[["shipment_id", "center_id", "dispatched_at"]], on="shipment_id")
    add("pick_accuracy", lines, owner(lines), "dispatched_at", 1 - lines["pick_error"].astype(float))
    arrived = parcels[parcels["delivered_at"].notna()]
    add("damage_rate", arrived, owner(arrived), "delivered_at", arrived["damaged"].astype(float))
    receipts = tables["inbound_receipts"]
    hours = (receipts["available_at"] - receipts["arrived_at"]) / pd.Timedelta(hours=1)
    add("dock_to_stock_mean_hours", receipts, owner(receipts), "available_at", hours)
    counts = tables["cycle_counts"]
    add("inventory_accuracy", counts, owner(counts), "counted_on", counts["system_units"] == counts["counted_units"])
    add("first_attempt_rate", arrived, arrived["carrier_id"], "delivered_at", arrived["delivery_attempts"] == 1)
    old = parcels[parcels["dispatched_at"] + pd.Timedelta(days=10) <= END]
    add("loss_rate", old, old["carrier_id"], "dispatched_at", old["lost"])
    tenders = tables["tenders"]
    add("tender_acceptance_rate", tenders, tenders["carrier_id"], "pickup_on", tenders["accepted"])
    table = pd.concat(results, ignore_index=True)
    targets = {row[0]: (row[2], row[4]) for row in [*OPERATOR_SLAS, *CARRIER_SLAS]}
    table["target"] = table["measure"].map({measure: target for measure, (target, _) in targets.items()})
    low_is_good = table["measure"].map({measure: better == "min" for measure, (_, better) in targets.items()})
    table["actual"] = table["actual"].round(4)
    table["met"] = np.where(low_is_good, table["actual"] <= table["target"], table["actual"] >= table["target"])
    return table.sort_values(["week", "supplier_id", "measure"], ignore_index=True, kind="stable")
