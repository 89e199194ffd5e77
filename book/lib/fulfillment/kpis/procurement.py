"""Procurement KPIs: spend, prices, purchase orders and suppliers, invoices and claims."""

import pandas as pd

from fulfillment import validate
from fulfillment.kpis.base import (
    LINE,
    KpiValue,
    among,
    at_most,
    days,
    hours,
    is_internal,
    is_true,
    lookup,
    quantile,
    ratio,
    ratio_of_sums,
    reads,
    share,
)


@reads(
    invoices=("supplier_id", "contract_id", "amount_usd"),
    suppliers=("supplier_id", "addressable"),
    contracts=("contract_id", "kind"),
)
def spend_under_management(invoices: pd.DataFrame, suppliers: pd.DataFrame, contracts: pd.DataFrame) -> KpiValue:
    """Share of the spend that procurement could influence that is invoiced on a contract.

    In the denominator: invoices of addressable suppliers (no taxes and fees) outside the platform (no internal
    charges).

    Parameters
    ----------
    invoices : DataFrame, one row per invoice; ``supplier_id``, ``contract_id`` (missing: off contract), ``amount_usd``.
    suppliers : DataFrame, one row per supplier; ``supplier_id``, boolean ``addressable``.
    contracts : DataFrame, one row per contract; ``contract_id``, ``kind`` (``internal``: the platform with itself).

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts invoices.

    >>> invoices = pd.DataFrame({"supplier_id": ["A", "A", "T", "P"], "contract_id": ["K1", None, None, "K2"],
    ...                          "amount_usd": [300.0, 100.0, 900.0, 700.0]})
    >>> suppliers = pd.DataFrame({"supplier_id": ["A", "T", "P"], "addressable": [True, False, True]})
    >>> contracts = pd.DataFrame({"contract_id": ["K1", "K2"], "kind": ["parcel", "internal"]})
    >>> spend_under_management(invoices, suppliers, contracts)
    0.75
    """
    addressable = lookup(invoices["supplier_id"], suppliers, "supplier_id", "addressable")
    spend = invoices[is_true(addressable & ~is_internal(invoices["contract_id"], contracts))]
    managed = spend["amount_usd"].where(spend["contract_id"].notna(), 0)
    return ratio_of_sums(managed, spend["amount_usd"], "spend_under_management")


def _bought(po_lines: pd.DataFrame, po_receipts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Lines of which something was received, with ``units`` received: what was bought is what came."""
    units = po_receipts.groupby(LINE)["quantity"].sum(skipna=False).rename("units")
    bought = po_lines.join(units, on=LINE, how="inner").dropna()
    if bought.empty:
        raise ValueError(f"{name}: no line was received, expected at least one")
    return bought


@reads(po_lines=(*LINE, "unit_price_usd", "standard_price_usd"), po_receipts=(*LINE, "quantity"))
def purchase_price_variance(po_lines: pd.DataFrame, po_receipts: pd.DataFrame) -> KpiValue:
    """What was paid above (positive) or below (negative) standard prices, on the units received, in USD.

    Parameters
    ----------
    po_lines : DataFrame, one row per purchase-order line; ``po_id``, ``line_number``, ``unit_price_usd``,
        ``standard_price_usd``.
    po_receipts : DataFrame, one row per receipt of a line; ``po_id``, ``line_number``, ``quantity``.

    Returns
    -------
    KpiValue, USD; ``n`` counts lines of which something was received.

    >>> line = pd.DataFrame({"po_id": ["P1"], "line_number": [1], "unit_price_usd": [0.5], "standard_price_usd": [0.4]})
    >>> round(purchase_price_variance(line, line[["po_id", "line_number"]].assign(quantity=1000)), 2)
    100.0
    """
    bought = _bought(po_lines, po_receipts, "purchase_price_variance")
    variance = (bought["unit_price_usd"] - bought["standard_price_usd"]) * bought["units"]
    return KpiValue(variance.sum(), len(bought))


@reads(po_lines=(*LINE, "unit_price_usd", "baseline_price_usd"), po_receipts=(*LINE, "quantity"))
def realized_savings_rate(po_lines: pd.DataFrame, po_receipts: pd.DataFrame) -> KpiValue:
    """What the units received cost less than at last year's prices, as a share of last year's prices.

    Parameters
    ----------
    po_lines : DataFrame, one row per purchase-order line; ``po_id``, ``line_number``, ``unit_price_usd``,
        ``baseline_price_usd`` (paid in the year before).
    po_receipts : DataFrame, one row per receipt of a line; ``po_id``, ``line_number``, ``quantity``.

    Returns
    -------
    KpiValue, negative where prices rose; ``n`` counts lines of which something was received.

    >>> line = pd.DataFrame({"po_id": ["P1"], "line_number": [1], "unit_price_usd": [0.9], "baseline_price_usd": [1.0]})
    >>> round(realized_savings_rate(line, line[["po_id", "line_number"]].assign(quantity=1000)), 2)
    0.1
    """
    bought = _bought(po_lines, po_receipts, "realized_savings_rate")
    before = bought["baseline_price_usd"] * bought["units"]
    return ratio_of_sums(before - bought["unit_price_usd"] * bought["units"], before, "realized_savings_rate")


@reads(
    po_lines=(*LINE, "unit_price_usd", "baseline_price_usd", "quoted_price_usd"),
    po_receipts=(*LINE, "quantity"),
)
def cost_avoidance(po_lines: pd.DataFrame, po_receipts: pd.DataFrame) -> KpiValue:
    """Price increases that suppliers asked for and did not get, on the units received, in USD.

    Counted from the quote down to the price paid, but not below last year's price: what lies below that is a saving
    and is counted there.

    Parameters
    ----------
    po_lines : DataFrame, one row per purchase-order line; ``po_id``, ``line_number``, ``unit_price_usd``,
        ``baseline_price_usd``, ``quoted_price_usd`` (what the supplier asked first).
    po_receipts : DataFrame, one row per receipt of a line; ``po_id``, ``line_number``, ``quantity``.

    Returns
    -------
    KpiValue, USD; ``n`` counts lines of which something was received.

    >>> line = pd.DataFrame({"po_id": ["P1"], "line_number": [1], "unit_price_usd": [0.9], "baseline_price_usd": [1.0],
    ...                      "quoted_price_usd": [1.2]})
    >>> round(cost_avoidance(line, line[["po_id", "line_number"]].assign(quantity=1000)), 2)
    200.0
    """
    bought = _bought(po_lines, po_receipts, "cost_avoidance")
    floor = bought[["unit_price_usd", "baseline_price_usd"]].max(axis=1)
    return KpiValue(((bought["quoted_price_usd"] - floor).clip(lower=0) * bought["units"]).sum(), len(bought))


@reads(purchase_orders=("approved_at", "sent_at"))
def purchase_order_cycle_time(purchase_orders: pd.DataFrame, at: float = 0.5) -> KpiValue:
    """Hours from the approved requisition to the order sent; the median unless asked for another quantile.

    Parameters
    ----------
    purchase_orders : DataFrame, one row per purchase order; datetimes ``approved_at``, ``sent_at``.
    at : quantile, 0.5 for the median, 0.9 for the tail.

    Returns
    -------
    KpiValue, hours; ``n`` counts purchase orders sent.

    Source: SCOR RS.2.1, in part.

    >>> purchase_order_cycle_time(pd.DataFrame({"approved_at": pd.to_datetime(["2025-07-01 08:00"] * 2),
    ...                                         "sent_at": pd.to_datetime(["2025-07-01 10:00", "2025-07-02 08:00"])}))
    13.0
    """
    return quantile(hours(purchase_orders["sent_at"], purchase_orders["approved_at"]), at, "purchase_order_cycle_time")


@reads(po_lines=(*LINE, "quantity", "promised_on"), po_receipts=(*LINE, "quantity", "received_on"))
def supplier_on_time_in_full(
    po_lines: pd.DataFrame, po_receipts: pd.DataFrame, as_of: pd.Timestamp | str | None = None
) -> KpiValue:
    """Share of the purchase-order lines due of which everything ordered had come by the promised day.

    In the denominator: lines whose promised day has come, received or not.

    Parameters
    ----------
    po_lines : DataFrame, one row per line; ``po_id``, ``line_number``, ``quantity``, date ``promised_on`` (the first
        promise, not a later one).
    po_receipts : DataFrame, one row per receipt of a line; ``po_id``, ``line_number``, ``quantity``, date
        ``received_on``.
    as_of : day up to which lines are due; by default the last day on which a receipt is recorded.

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines due.

    >>> lines = pd.DataFrame({"po_id": ["P1", "P2"], "line_number": 1, "quantity": 100,
    ...                       "promised_on": pd.to_datetime("2025-07-10")})
    >>> receipts = pd.DataFrame({"po_id": ["P1", "P1", "P2"], "line_number": 1, "quantity": [60, 40, 90],
    ...                          "received_on": pd.to_datetime(["2025-07-08", "2025-07-10", "2025-07-10"])})
    >>> supplier_on_time_in_full(lines, receipts)
    0.5
    """
    last = po_receipts["received_on"].max() if as_of is None else validate.moment("as_of", as_of)
    due = po_lines[po_lines["promised_on"] <= last].dropna(subset=LINE)
    came = due[[*LINE, "promised_on"]].merge(po_receipts, on=LINE, how="left", indicator=True)
    late = ~at_most(came["received_on"], came["promised_on"])
    units = came["quantity"].mask(late.isna()).mask(is_true(late) | (came["_merge"] == "left_only"), 0)
    in_time = came.assign(in_time=units).groupby(LINE)["in_time"].sum(skipna=False)
    return share(due.join(in_time, on=LINE)["in_time"] >= due["quantity"], "supplier_on_time_in_full")


def _lead_days(purchase_orders: pd.DataFrame, po_lines: pd.DataFrame, po_receipts: pd.DataFrame) -> pd.Series:
    """Calendar days from the day an order was sent to the receipt that completed each line."""
    dated = po_receipts.assign(quantity=po_receipts["quantity"].mask(po_receipts["received_on"].isna()))
    came = dated.groupby(LINE).agg(last=("received_on", "max"))
    came["units"] = dated.groupby(LINE)["quantity"].sum(skipna=False)
    lines = po_lines.join(came, on=LINE, how="inner")
    lines = lines[is_true(lines["units"] >= lines["quantity"])]
    sent = lookup(lines["po_id"], purchase_orders, "po_id", "sent_at").dt.normalize()
    return days(lines["last"], sent).dropna()


@reads(
    purchase_orders=("po_id", "sent_at"),
    po_lines=(*LINE, "quantity"),
    po_receipts=(*LINE, "quantity", "received_on"),
)
def supplier_lead_time(purchase_orders: pd.DataFrame, po_lines: pd.DataFrame, po_receipts: pd.DataFrame) -> KpiValue:
    """Calendar days from the order sent to the receipt that completed the line, on average.

    In the denominator: lines received in full. Open and short lines are missing, so count what is overdue beside it.

    Parameters
    ----------
    purchase_orders : DataFrame, one row per purchase order; ``po_id``, datetime ``sent_at``.
    po_lines : DataFrame, one row per line; ``po_id``, ``line_number``, ``quantity``.
    po_receipts : DataFrame, one row per receipt; ``po_id``, ``line_number``, ``quantity``, date ``received_on``.

    Returns
    -------
    KpiValue, days; ``n`` counts lines received in full.

    Source: SCOR RS.2.1.

    >>> orders = pd.DataFrame({"po_id": ["P1"], "sent_at": pd.to_datetime(["2025-07-01 15:00"])})
    >>> lines = pd.DataFrame({"po_id": ["P1"], "line_number": [1], "quantity": [100]})
    >>> supplier_lead_time(orders, lines, lines.assign(received_on=pd.to_datetime("2025-07-08")))
    7.0
    """
    lead = _lead_days(purchase_orders, po_lines, po_receipts)
    return ratio(lead.sum(), len(lead), len(lead), "supplier_lead_time")


@reads(
    purchase_orders=("po_id", "sent_at"),
    po_lines=(*LINE, "quantity"),
    po_receipts=(*LINE, "quantity", "received_on"),
)
def lead_time_variability(purchase_orders: pd.DataFrame, po_lines: pd.DataFrame, po_receipts: pd.DataFrame) -> KpiValue:
    """Standard deviation of the lead time over its mean (coefficient of variation).

    In the denominator: lines received in full. Over several suppliers it also holds the differences between them: hand
    in the orders of one to see that one's reliability.

    Parameters
    ----------
    purchase_orders, po_lines, po_receipts : as in ``supplier_lead_time``.

    Returns
    -------
    KpiValue; ``n`` counts lines received in full.

    >>> orders = pd.DataFrame({"po_id": ["P1", "P2"], "sent_at": pd.to_datetime(["2025-07-01", "2025-07-01"])})
    >>> lines = pd.DataFrame({"po_id": ["P1", "P2"], "line_number": 1, "quantity": 100})
    >>> receipts = lines.assign(received_on=pd.to_datetime(["2025-07-07", "2025-07-15"]))
    >>> round(lead_time_variability(orders, lines, receipts), 4)
    0.5657
    """
    lead = _lead_days(purchase_orders, po_lines, po_receipts)
    if len(lead) < 2:
        raise ValueError(f"lead_time_variability: {len(lead)} lines in its denominator, expected at least two")
    return ratio(lead.std(), lead.mean(), len(lead), "lead_time_variability")


@reads(po_receipts=("quantity", "defective_quantity"))
def supplier_defect_ppm(po_receipts: pd.DataFrame) -> KpiValue:
    """Defective units for each million units received.

    Parameters
    ----------
    po_receipts : DataFrame, one row per receipt; ``quantity``, ``defective_quantity``.

    Returns
    -------
    KpiValue, parts per million; ``n`` counts receipts.

    >>> supplier_defect_ppm(pd.DataFrame({"quantity": [4000, 6000], "defective_quantity": [5, 0]}))
    500.0
    """
    return ratio_of_sums(po_receipts["defective_quantity"] * 1_000_000, po_receipts["quantity"], "supplier_defect_ppm")


@reads(
    purchase_orders=("po_id", "contract_id"),
    po_lines=("po_id", "quantity", "unit_price_usd", "contract_price_usd"),
)
def contract_compliance(purchase_orders: pd.DataFrame, po_lines: pd.DataFrame) -> KpiValue:
    """Share of the spend that a contract covers that was ordered on the contract, at its price or less.

    In the denominator: lines for an item that a contract in force covers, wherever they were bought.

    Parameters
    ----------
    purchase_orders : DataFrame, one row per purchase order; ``po_id``, ``contract_id`` (missing: off contract).
    po_lines : DataFrame, one row per line; ``po_id``, ``quantity``, ``unit_price_usd``, ``contract_price_usd``
        (missing: no contract covers the item).

    Returns
    -------
    KpiValue in [0, 1]; ``n`` counts lines that a contract covers.

    >>> orders = pd.DataFrame({"po_id": ["P1", "P2"], "contract_id": ["K1", None]})
    >>> lines = pd.DataFrame({"po_id": ["P1", "P1", "P2"], "quantity": 100, "unit_price_usd": [1.0, 1.2, 0.8],
    ...                       "contract_price_usd": 1.0})
    >>> round(contract_compliance(orders, lines), 4)
    0.3333
    """
    covered = po_lines[po_lines["contract_price_usd"].notna() & among(po_lines["po_id"], purchase_orders["po_id"])]
    spend = covered["quantity"] * covered["unit_price_usd"]
    on_contract = lookup(covered["po_id"], purchase_orders, "po_id", "contract_id").notna()
    kept = on_contract & (covered["unit_price_usd"] <= covered["contract_price_usd"])
    return ratio_of_sums(spend.where(is_true(kept), 0), spend, "contract_compliance")


@reads(invoices=("supplier_id", "amount_usd"), suppliers=("supplier_id", "category"))
def supplier_concentration(invoices: pd.DataFrame, suppliers: pd.DataFrame, category: str = "parcel") -> KpiValue:
    """Herfindahl-Hirschman index of a category's spend: the sum of the squared shares, in percent, of its suppliers.

    Parameters
    ----------
    invoices : DataFrame, one row per invoice; ``supplier_id``, ``amount_usd``.
    suppliers : DataFrame, one row per supplier; ``supplier_id``, ``category``.
    category : spend category; suppliers of different things do not compete, so an index over all of them says nothing.

    Returns
    -------
    KpiValue, 10,000 over the number of equal suppliers up to 10,000 for a single one; ``n`` counts suppliers.

    Source: US Department of Justice and Federal Trade Commission, Merger Guidelines (2023), Guideline 1.

    >>> invoices = pd.DataFrame({"supplier_id": ["C1", "C2", "C2"], "amount_usd": [100.0, 200.0, 100.0]})
    >>> supplier_concentration(invoices, pd.DataFrame({"supplier_id": ["C1", "C2"], "category": "parcel"}))
    6250.0
    """
    inside = suppliers.loc[is_true(suppliers["category"] == category), "supplier_id"]
    known = invoices[among(invoices["supplier_id"], inside)].dropna(subset="amount_usd")
    spend = known.groupby("supplier_id")["amount_usd"].sum()
    if (spend < 0).any():
        raise ValueError(f"supplier_concentration: spend {spend.min():g} with {spend.idxmin()}, expected at least 0")
    return ratio(10_000 * (spend**2).sum(), spend.sum() ** 2, len(spend), "supplier_concentration")


@reads(claims=("status", "claimed_usd", "paid_usd"))
def claims_recovery(claims: pd.DataFrame) -> KpiValue:
    """Share of the amounts claimed for lost and damaged parcels and billing errors that was paid.

    In the denominator: claims that are decided. An open one is neither won nor lost.

    Parameters
    ----------
    claims : DataFrame, one row per claim; ``status`` (``paid``, ``rejected`` or ``open``), ``claimed_usd``,
        ``paid_usd``.

    Returns
    -------
    KpiValue; ``n`` counts decided claims.

    >>> claims_recovery(pd.DataFrame({"status": ["paid", "rejected", "open"], "claimed_usd": [60.0, 40.0, 50.0],
    ...                               "paid_usd": [60.0, 0.0, 0.0]}))
    0.6
    """
    decided = claims[claims["status"].isin(["paid", "rejected"])]
    return ratio_of_sums(decided["paid_usd"], decided["claimed_usd"], "claims_recovery")
