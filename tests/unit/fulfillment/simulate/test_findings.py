"""Every planted finding is recovered from the committed tables at the size it was planted."""

import numpy as np
import pandas as pd
import pytest

from fulfillment import data, kpis
from fulfillment.costing import cost_drivers
from fulfillment.freight import auditing
from fulfillment.kpis import control_charts
from fulfillment.simulate.buying import OPERATOR_RATES
from fulfillment.simulate.demand import VIRAL_CENTER, VIRAL_SKU
from fulfillment.simulate.findings import FINDINGS
from fulfillment.simulate.program import OPERATOR_OF

PEAK_ORDERS = slice("2025-11-24", "2025-12-12")  # orders placed
PEAK_WEEKS = pd.date_range("2025-11-24", "2025-12-15", freq="7D")
FULL_WEEKS = pd.date_range("2025-07-07", "2026-06-22", freq="7D")
OTHERS = ["FC1", "FC2", "FC4", "FC5", "FC6"]


class Tables(dict):
    """The committed tables, each read once."""

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = data.load(name)
        return self[name]


TABLES = Tables()


def late_weeks(orders: pd.DataFrame) -> pd.DataFrame:
    """Every full week of every center on its own p chart, its center line taken outside the peak."""
    card = kpis.weekly_scorecard(orders, by="center_id")
    card = card[card["week"].isin(FULL_WEEKS)].set_index(["center_id", "week"]).sort_index()
    card["peak"] = card.index.get_level_values("week").isin(PEAK_WEEKS)
    charts = [
        control_charts.p_chart(own["late_dispatch_count"], own["late_dispatch_n"], baseline=~own["peak"])
        for _, own in card.groupby("center_id")
    ]
    return card[["late_dispatch_rate", "late_dispatch_n", "peak"]].join(pd.concat(charts))


def peak() -> list[float]:
    orders, capacity = TABLES["orders"], TABLES["capacity"]
    placed = orders.set_index("ordered_at", drop=False).loc[PEAK_ORDERS]
    weeks = capacity[capacity["week"].isin(PEAK_WEEKS[:2])]
    use = weeks.groupby("center_id")[weeks.columns].apply(kpis.capacity_use)
    late = placed.groupby("center_id")[placed.columns].apply(kpis.late_dispatch_rate)
    causes = control_charts.pareto(placed.loc[placed["center_id"] == "FC3", "late_cause"]).set_index("cause")["share"]
    return [use["FC3"], late["FC3"], late[OTHERS].max(), causes["capacity"], kpis.late_dispatch_rate(orders)]


def noise() -> list[float]:
    weeks = late_weeks(TABLES["orders"])
    ordinary = weeks[~weeks["peak"]]
    red = ordinary.loc["FC6", "late_dispatch_rate"] > data.fact("us.ldr")["value"]
    return [red.sum(), ordinary["outside"].sum()]


def carrier() -> list[float]:
    orders = TABLES["orders"]
    on_time = orders.groupby("carrier_id")[orders.columns].apply(kpis.on_time_delivery_rate)
    return [on_time["CR3"], on_time.drop("CR3").min()]


def cost() -> list[float]:
    """Parcel cost per order of two months without peak surcharges, taken apart one cause at a time."""
    parcels = TABLES["shipments"]
    billed = TABLES["invoice_lines"].groupby("shipment_id")["billed_usd"].sum()
    parcels = parcels.assign(billed_usd=parcels["shipment_id"].map(billed))
    month = parcels["dispatched_at"].dt.to_period("M")
    divisor = TABLES["contracts"]["dim_divisor"].dropna().unique().item()
    paid = cost_drivers.parcel_cost_model(
        parcels[month == "2025-07"],
        parcels[month == "2026-05"],
        TABLES["rate_cards"],
        ("2025-07-15", "2026-05-15"),
        divisor=divisor,
    )
    level = [paid(cost_drivers.PARCEL_CAUSES[:done]) for done in range(len(cost_drivers.PARCEL_CAUSES) + 1)]
    step = dict(zip(cost_drivers.PARCEL_CAUSES, np.diff(level), strict=True))
    return [
        level[0],
        level[-1] - level[0],
        step["split shipments"],
        step["carton sizes"] + step["rounding rule"],
        step["surcharges"],
        step["base rates"],
        step["zone mix"],
        step["billing errors"],
    ]


def dock() -> list[float]:
    receipts, stock = TABLES["inbound_receipts"], TABLES["inventory_weekly"]
    hours = (receipts["available_at"] - receipts["arrived_at"]) / pd.Timedelta(hours=1)
    operator = receipts["center_id"].map(OPERATOR_OF)
    mean, tail = hours.groupby(operator).mean(), hours.groupby(operator).quantile(0.99)
    days = stock.groupby(stock["center_id"].map(OPERATOR_OF) == "OP2")[["stockout_days", "days_listed"]].sum()
    out = days["stockout_days"] / days["days_listed"]
    daily = TABLES["inventory_daily"].assign(date=lambda rows: rows["date"] + pd.Timedelta(days=1))
    ready = receipts.assign(date=receipts["available_at"].dt.normalize(), late=hours > 168)[operator == "OP2"]
    ready = ready.merge(daily, on=["date", "center_id", "sku_id"])  # what was left the evening before
    empty = (ready["available_units"] == 0).groupby(ready["late"]).mean()
    others = [mean.drop("OP2").min(), tail.drop("OP2").max()]
    return [mean["OP2"], others[0], tail["OP2"], others[1], out[True], out[False], empty[True], empty[False]]


def pick() -> list[float]:
    orders, invoices = TABLES["orders"], TABLES["invoices"]
    first = pd.Series({operator: rates[0] for operator, rates in OPERATOR_RATES.items()})
    fees = invoices.groupby("supplier_id")["amount_usd"].sum()[list(OPERATOR_RATES)]
    arrived = orders[orders["delivered_at"].notna()]
    operator = arrived["center_id"].map(OPERATOR_OF)
    bad = arrived["damaged"] | ~arrived["in_full"]
    refunds = arrived["value_usd"].where(bad, 0).groupby(operator).sum()
    price = (fees + refunds) / (~bad).groupby(operator).sum()
    assert price.idxmax() == first.idxmin() == "OP3"
    return [
        first["OP3"] / first.drop("OP3").min(),
        price["OP3"],
        price.drop("OP3").max(),
        bad.groupby(operator).mean()["OP3"],
    ]


def viral() -> list[float]:
    stock = TABLES["inventory_daily"]
    stock = stock[(stock["sku_id"] == VIRAL_SKU) & (stock["center_id"] == VIRAL_CENTER)].set_index("date")
    left = stock.loc["2026-02-23":, "available_units"]
    usual = stock.loc["2026-01-05":"2026-02-22", "shipped_units"].mean()
    return [left.iloc[0], int(np.flatnonzero(left == 0)[0]), left.iloc[0] / usual]


def campaign() -> list[float]:
    days = TABLES["orders"].groupby(TABLES["orders"]["ordered_at"].dt.normalize()).size()
    moved = days["2026-04-14":"2026-04-17"]
    around = pd.concat([days[moved.index + pd.Timedelta(days=7 * week)] for week in (-3, -2, -1, 1, 2, 3)])
    labor = TABLES["labor"].groupby("week")[["regular_hours", "overtime_hours", "temporary_hours"]].sum()
    agency = labor["temporary_hours"] / labor.sum(axis=1)
    weeks = pd.to_datetime(["2026-03-30", "2026-04-06", "2026-04-20", "2026-04-27"])
    return [moved.mean() / around.mean(), agency["2026-04-13"], agency[weeks].mean()]


def doubled() -> list[float]:
    parcels = TABLES["shipments"][["shipment_id", "dispatched_at"]]
    lines = TABLES["invoice_lines"].merge(TABLES["invoices"][["invoice_id", "contract_id"]], on="invoice_id")
    lines = lines.merge(parcels, on="shipment_id").assign(billed_on=lambda rows: rows["dispatched_at"].dt.normalize())
    audit = auditing.invoice_audit(lines, TABLES["rate_cards"], keys=["contract_id", "charge", "zone", "weight_lb"])
    base = audit[(audit["charge"] == "base transport") & (audit["finding"] != "duplicate")]
    over = base[base["finding"] == "over"]
    assert set(over["contract_id"]) == {"C-CR2"}
    since = base[(base["contract_id"] == "C-CR2") & (base["billed_on"] >= "2026-01-05")]
    return [over["ratio"].median(), over["over_usd"].sum(), (since["finding"] == "over").mean()]


RECOVERED = {f.__name__: f for f in (peak, noise, carrier, cost, dock, pick, viral, campaign, doubled)}


@pytest.fixture(scope="module")
def recovered() -> dict[str, list[float]]:
    return {}


@pytest.mark.parametrize(
    ("name", "position", "measure"),
    [(name, n, measure) for name, finding in FINDINGS.items() for n, measure in enumerate(finding.sizes)],
)
def test_a_finding_has_its_planted_size(recovered, name, position, measure):
    if name not in recovered:
        recovered[name] = RECOVERED[name]()
        assert len(recovered[name]) == len(FINDINGS[name].sizes)
    size, tolerance = FINDINGS[name].sizes[measure]
    assert recovered[name][position] == pytest.approx(size, abs=tolerance)


def test_each_finding_has_a_recovery():
    assert list(RECOVERED) == list(FINDINGS)


def test_the_parts_of_the_cost_make_up_its_change(recovered):
    total, *parts = (recovered.get("cost") or cost())[1:]
    assert sum(parts) == pytest.approx(total, abs=0.05)
    assert max(parts) < 0.3 * total


# Around the findings


def test_only_one_center_received_more_than_committed():
    capacity = TABLES["capacity"]
    weeks = capacity[capacity["week"].isin(PEAK_WEEKS[:2])]
    use = weeks.groupby("center_id")[weeks.columns].apply(kpis.capacity_use)
    assert (use[OTHERS] < 1).all()
    committed = capacity.pivot(index="week", columns="center_id", values="committed_orders")
    raised = committed.loc["2025-12-01"] / committed.loc["2025-11-10"]
    assert raised["FC3"] == 1
    assert (raised[OTHERS] > 1.25).all()


def test_the_cause_there_is_not_the_years_first():
    orders = TABLES["orders"]
    assert control_charts.pareto(orders["late_cause"]).loc[0, "cause"] == "stock not found"
    assert set(orders.loc[orders["late_cause"] == "capacity", "center_id"]) == {"FC3"}


def test_the_year_hides_the_peak():
    orders, limit = TABLES["orders"], data.fact("us.ldr")["value"]
    rest = orders[~orders["ordered_at"].between("2025-11-24", "2025-12-13", inclusive="left")]
    assert kpis.late_dispatch_rate(rest) == pytest.approx(0.020, abs=0.001)
    assert kpis.late_dispatch_rate(orders) < limit


def test_the_chart_flags_the_peak_and_nothing_else():
    weeks = late_weeks(TABLES["orders"])
    flagged = weeks.index[weeks["outside"]].tolist()
    assert flagged == [("FC3", week) for week in pd.to_datetime(["2025-12-01", "2025-12-08"])]


def test_the_smallest_center_has_the_worst_ordinary_week():
    weeks = late_weeks(TABLES["orders"])
    ordinary = weeks[~weeks["peak"]]
    worst = ordinary["late_dispatch_rate"].idxmax()
    assert worst[0] == "FC6"
    assert ordinary.loc[worst, "late_dispatch_rate"] > data.fact("us.ldr")["value"]
    assert ordinary.groupby("center_id")["late_dispatch_n"].sum().idxmin() == "FC6"


def test_one_carrier_is_worse_and_yet_inside_the_yardstick():
    orders = TABLES["orders"]
    on_time = orders.groupby("carrier_id")[orders.columns].apply(kpis.on_time_delivery_rate)
    assert on_time.drop("CR3").between(0.96, 0.98).all()
    assert on_time["CR3"] > data.fact("us.otdr")["value"]


def test_only_one_campaign_was_never_told():
    campaigns = TABLES["campaigns"]
    untold = campaigns[campaigns["told_procurement_on"].isna()]
    assert untold[["starts_on", "ends_on"]].to_numpy().tolist() == [
        [pd.Timestamp("2026-04-14"), pd.Timestamp("2026-04-17")]
    ]
    assert untold["planned_uplift"].isna().all()


def test_the_viral_item_then_leaves_from_farther_away():
    lines, parcels = TABLES["order_lines"], TABLES["shipments"]
    own = parcels[parcels["shipment_id"].isin(lines.loc[lines["sku_id"] == VIRAL_SKU, "shipment_id"])]
    after = own[own["dispatched_at"].between("2026-02-27", "2026-03-07")]
    usual = own[own["dispatched_at"].between("2026-01-05", "2026-02-23")]
    assert VIRAL_CENTER not in set(after["center_id"])
    assert after["zone"].mean() > usual["zone"].mean() + 0.5


def test_slow_items_of_one_center_split_orders():
    per_order = TABLES["shipments"].groupby("order_id").agg(parcels=("zone", "size"), at=("dispatched_at", "max"))
    split = (per_order["parcels"] > 1).groupby(per_order["at"].dt.to_period("Q")).mean()
    assert (split[["2025Q3", "2025Q4"]] < 0.01).all()
    assert split["2026Q2"] > 0.05


def test_carriers_reject_most_claims_for_poor_packing():
    claims = TABLES["claims"].merge(TABLES["shipments"][["shipment_id", "center_id"]], on="shipment_id")
    decided = claims[claims["reason"].eq("damaged") & claims["status"].ne("open")]
    paid = decided["status"].eq("paid").groupby(decided["center_id"] == "FC6").mean()
    assert paid[True] < 0.25 < 0.4 < paid[False]


def test_the_bids_are_dirty():
    bids = TABLES["bids"].merge(TABLES["bid_items"], on=["rfp_id", "item"], suffixes=("", "_asked"))
    assert bids["price"].isna().sum() == 4
    assert bids["price"].isna().groupby(bids["bidder"]).sum()["Ostrelle Logistics"] == 2
    assert set(bids["currency"]) == {"USD", "CAD"}
    assert (bids["unit"] != bids["unit_asked"]).sum() == 3
    promises = TABLES["bid_assumptions"].set_index(["assumption", "bidder"])
    orders = promises.loc["orders a day in an ordinary week"]
    assert orders["bid_value"].idxmax() == "Marrowfield 3PL"


def test_the_smaller_things_of_the_dictionary():
    """Packaging in two receipts is billed after the second, in full; every center buys some of it off contract."""
    lines, receipts, orders = TABLES["po_lines"], TABLES["po_receipts"], TABLES["purchase_orders"]
    got = receipts.groupby(["po_id", "line_number"]).agg(
        n=("quantity", "size"), units=("quantity", "sum"), last=("received_on", "max")
    )
    assert (len(lines), (got["n"] > 1).sum()) == (597, 41)
    billed = TABLES["invoice_lines"].dropna(subset="po_id").merge(TABLES["invoices"], on="invoice_id")
    billed = billed.merge(got, left_on=["po_id", "po_line_number"], right_index=True)
    assert len(billed) == len(lines)
    assert (billed["quantity"] == billed["units"]).all()
    assert (billed["issued_on"] >= billed["last"]).all()
    off = orders[orders["contract_id"].isna()]
    assert (len(off), len(orders), off["center_id"].nunique(), off["supplier_id"].nunique()) == (9, 216, 6, 1)
    spend = (lines["quantity"] * lines["unit_price_usd"]).groupby(lines["po_id"]).sum()
    assert spend[off["po_id"]].sum() / spend.sum() == pytest.approx(0.1, abs=0.005)
