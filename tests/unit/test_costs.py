"""Cost: parts sum, carriers' rules hold by their dates, an invoice's errors are found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fulfillment import costs

SEGMENT = st.tuples(st.integers(0, 5000), st.integers(1, 100_000))
PERIOD = st.dictionaries(st.sampled_from(["zone 2", "zone 4", "zone 8", "AK and HI"]), SEGMENT, min_size=1)


def period(rows: dict) -> pd.DataFrame:
    """Orders and cost by segment; no cost where there are no orders."""
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["orders", "cost_usd"]).astype(float)
    table["cost_usd"] = (table["cost_usd"] / 100).where(table["orders"] > 0, 0)
    assume(table["orders"].sum() > 0)
    return table


@given(before=PERIOD, after=PERIOD)
def test_the_parts_of_a_bridge_sum_to_the_change(before, after):
    old, new = period(before), period(after)
    bridge = costs.price_volume_mix(old, new)
    parts = bridge[["volume_usd", "mix_usd", "price_usd"]]
    assert parts.sum(axis=1).to_numpy() == pytest.approx(bridge["change_usd"].to_numpy(), abs=1e-6)
    assert parts.to_numpy().sum() == pytest.approx(new["cost_usd"].sum() - old["cost_usd"].sum(), abs=1e-6)
    average = old["cost_usd"].sum() / old["orders"].sum()
    assert bridge["volume_usd"].sum() == pytest.approx((new["orders"].sum() - old["orders"].sum()) * average, abs=1e-6)
    dearer = new["cost_usd"].sum() / new["orders"].sum() - average
    assert (bridge["mix_usd"] + bridge["price_usd"]).sum() / new["orders"].sum() == pytest.approx(dearer, abs=1e-6)


@given(rows=PERIOD, growth=st.integers(1, 9), rise=st.floats(0, 2))
def test_each_cause_alone_fills_its_own_part(rows, growth, rise):
    old = period(rows)
    more = costs.price_volume_mix(old, old * growth).sum()
    assert more["mix_usd"] == pytest.approx(0, abs=1e-6)
    assert more["price_usd"] == pytest.approx(0, abs=1e-6)
    dearer = costs.price_volume_mix(old, old.assign(cost_usd=old["cost_usd"] * (1 + rise))).sum()
    assert dearer["price_usd"] == pytest.approx(dearer["change_usd"])
    assert dearer["volume_usd"] == 0 == dearer["mix_usd"]


def test_a_segment_that_is_new_is_mix_and_not_price():
    old = pd.DataFrame({"orders": [100], "cost_usd": [600.0]}, index=["zone 2"])
    new = pd.DataFrame({"orders": [90, 10], "cost_usd": [540.0, 120.0]}, index=["zone 2", "zone 8"])
    bridge = costs.price_volume_mix(old, new)
    assert bridge.sum().to_dict() == {"volume_usd": 0, "mix_usd": 60, "price_usd": 0, "change_usd": 60}
    assert costs.price_volume_mix(new, old)["mix_usd"].sum() == pytest.approx(-60)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 5000), st.integers(0, 5000)),
        min_size=1,
        max_size=40,
    )
)
def test_shares_of_orders_and_cost_sum_to_one(rows):
    orders = pd.DataFrame(rows, columns=["seller_id", "pick_usd", "parcel_usd"])
    table = costs.cost_to_serve(orders, "seller_id", ["pick_usd", "parcel_usd"])
    assert table["share_of_orders"].sum() == pytest.approx(1)
    assert table["share_of_cost"].sum() == pytest.approx(1)
    assert table["cost_usd"].sum() == pytest.approx(orders[["pick_usd", "parcel_usd"]].to_numpy().sum())
    assert table["cost_usd"].is_monotonic_decreasing
    assert (table["index"] * table["share_of_orders"]).sum() == pytest.approx(1)


@given(
    lines=st.dictionaries(st.sampled_from("ABCD"), st.tuples(st.integers(0, 100_000), st.integers(1, 100)), min_size=2),
    volume=st.integers(0, 10_000),
)
def test_options_cost_the_same_where_they_cross(lines, volume):
    for row in costs.crossovers(lines).itertuples():
        at = costs.cost_volume(lines, row.volume)
        assert at[row.below] == pytest.approx(at[row.above])
        assert at[row.below] == pytest.approx(row.cost_usd)
        before, after = costs.cost_volume(lines, row.volume * 0.9), costs.cost_volume(lines, row.volume * 1.1)
        assert before[row.below] < before[row.above]
        assert after[row.above] < after[row.below]
    totals = costs.cost_volume(lines, volume)
    assert totals.iloc[0] == min(fixed + variable * volume for fixed, variable in lines.values())


# Carriers' rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", costs.PUBLISHED)
def test_published_figures_carry_source_date_and_confidence(name):
    table = costs.published(name)
    assert table["source_url"].str.startswith("http").all()
    assert table["source_date"].notna().all()
    assert table["confidence"].isin(["high", "medium", "low"]).all()
    for column in costs.PUBLISHED[name]:
        assert pd.api.types.is_datetime64_any_dtype(table[column])


def parcels(length: float, width: float, height: float, weight: float, day: str) -> pd.DataFrame:
    sizes = {"length_in": length, "width_in": width, "height_in": height, "weight_lb": weight}
    return pd.DataFrame(sizes, index=[0]).assign(shipped_on=pd.Timestamp(day))


@pytest.mark.parametrize("carrier", ["UPS", "FedEx"])
@pytest.mark.parametrize(
    ("sides", "weight", "day", "billed"),
    [
        ((11.1, 8.5, 6.2), 2, "2025-08-17", 5),  # 11 x 9 x 6 = 594 / 139 = 4.27
        ((11.1, 8.5, 6.2), 2, "2025-08-18", 6),  # 12 x 9 x 7 = 756 / 139 = 5.44
        ((11.1, 8.5, 6.2), 7.1, "2025-08-18", 8),  # actual weight decides
        ((11.49, 8.49, 6.49), 1, "2025-07-01", 4),  # 11 x 8 x 6 = 528 / 139 = 3.80
        ((11, 10, 9), 1, "2026-03-01 23:59", 8),  # 990 / 139 = 7.12
        ((0.3, 10, 9), 0.2, "2025-08-01", 1),  # no side is less than an inch
        ((0.1 * 30, 139, 1), 1, "2026-03-01", 3),  # 3.0000000000000004 in is 3 in
    ],
)
def test_billed_weight_by_the_rule_of_the_day(carrier, sides, weight, day, billed):
    assert costs.billed_weight(parcels(*sides, weight, day), carrier).tolist() == [billed]


def test_a_negotiated_divisor_bills_less():
    box = parcels(20, 15, 10, 5, "2026-01-05")
    assert costs.billed_weight(box, "UPS").tolist() == [22]
    assert costs.billed_weight(box, "UPS", divisor=166).tolist() == [19]


@pytest.mark.parametrize(
    ("miles", "zone"), [(0, 2), (150, 2), (151, 3), (600, 4), (1000, 5), (1401, 7), (1801, 8), (2900, 8)]
)
def test_zone_edges(miles, zone):
    assert costs.parcel_zone(miles) == zone


def test_rate_increases_compound_between_their_days():
    assert costs.rate_increase("UPS", "2025-07-01", "2026-06-30") == pytest.approx(0.059)
    assert costs.rate_increase("UPS", "2024-12-22", "2025-12-22") == pytest.approx(1.059**2 - 1)
    assert costs.rate_increase("UPS", "2024-12-23", "2025-12-21") == 0
    assert costs.rate_increase("FedEx", "2023-01-01", "2026-12-31") == pytest.approx(1.069 * 1.059**3 - 1)


def test_peak_surcharges_begin_and_end_on_their_days():
    days = pd.Series(
        pd.to_datetime(["2025-09-27", "2025-09-28", "2025-11-22", "2025-11-23", "2026-01-17", "2026-01-18"])
        + pd.Timedelta(hours=18)
    )
    assert costs.peak_surcharge("UPS", "Additional handling", days).tolist() == [0, 8.25, 8.25, 10.8, 8.25, 0]


def test_no_published_surcharge_holds_twice_on_a_day():
    table = costs.published("peak_surcharges").sort_values(["carrier", "surcharge", "start"])
    before = table.groupby(["carrier", "surcharge"])["end"].shift()
    assert (table["start"] > before)[before.notna()].all()


# Invoices -------------------------------------------------------------------------------------------------------------


def invoice(count: int = 400) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, float]]:
    """Clean lines under a rate that rises by 5 % on 1 January, then errors of known size."""
    days = pd.date_range("2025-10-01", periods=count // 2, freq="h").repeat(2) + pd.Timedelta(days=60)
    lines = pd.DataFrame(
        {
            "shipment_id": np.arange(count) // 2,
            "charge": ["base", "residential"] * (count // 2),
            "zone": np.arange(count) // 2 % 3 + 2,
            "billed_on": days,
            "quantity": 1,
        }
    )
    rates = pd.DataFrame(
        [
            (charge, zone, round(rate * (1 + 0.2 * (zone - 2)) * rise, 2), start, end)
            for charge, rate in (("base", 8.0), ("residential", 4.0))
            for zone in (2, 3, 4)
            for rise, start, end in ((1, "2025-01-01", "2025-12-03"), (1.05, "2025-12-04", None))
        ],
        columns=["charge", "zone", "rate_usd", "valid_from", "valid_to"],
    ).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})
    clean = costs.invoice_audit(lines.assign(billed_usd=0.0), rates, keys=["charge", "zone"])
    lines["billed_usd"] = clean["expected_usd"]
    late = (lines["billed_on"] >= "2025-12-05") & (lines["charge"] == "base")
    twice = lines.index[late][:20]
    lines.loc[twice, "billed_usd"] = (lines.loc[twice, "billed_usd"] * 1.05).round(2)
    unknown = lines.iloc[[3]].assign(charge="address correction", billed_usd=18.0)
    lines = pd.concat([lines, lines.iloc[[10, 11, 12]], unknown], ignore_index=True)
    planted = {"over": 20, "duplicate": 3, "no rate": 1}
    return lines, rates, planted


def test_an_audit_finds_each_planted_error_and_nothing_else():
    lines, rates, planted = invoice()
    audited = costs.invoice_audit(lines, rates, keys=["charge", "zone"])
    counts = audited["finding"].value_counts().to_dict()
    assert counts == {**planted, "ok": len(lines) - sum(planted.values())}
    assert audited.index.equals(lines.index)
    over = audited[audited["finding"] == "over"]
    assert over["ratio"].to_numpy() == pytest.approx(np.full(20, 1.05), abs=0.001)
    duplicates = audited[audited["finding"] == "duplicate"]
    assert duplicates["over_usd"].sum() == pytest.approx(lines["billed_usd"].iloc[[10, 11, 12]].sum())
    assert audited.loc[audited["finding"] == "no rate", "expected_usd"].isna().all()


def test_an_audit_reads_the_rate_of_the_day_and_sees_what_was_billed_too_low():
    _, rates, _ = invoice()
    spring = pd.DataFrame(
        {"shipment_id": [9001, 9002], "charge": "base", "zone": 2, "quantity": [1, 3], "billed_usd": [8.40, 24.0]}
    ).assign(billed_on=pd.to_datetime(["2025-12-03", "2025-12-04"]))
    audited = costs.invoice_audit(spring, rates, keys=["charge", "zone"])
    assert audited["expected_usd"].tolist() == [8.0, 25.2]
    assert audited["finding"].tolist() == ["over", "under"]


GOOD = pd.DataFrame({"orders": [1], "cost_usd": [2.0]}, index=["a"])
LINES, RATES, _ = invoice()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: costs.published("rates"),
            "name: 'rates' is not a table of published figures, expected one of dim_rules",
        ),
        (lambda: costs.cost_to_serve(GOOD, "zone", ["cost_usd"]), "orders: no column zone, expected zone, cost_usd"),
        (lambda: costs.cost_to_serve(GOOD[:0], "orders", ["cost_usd"]), "orders: no rows, expected at least one"),
        (lambda: costs.cost_to_serve(GOOD.assign(z=None), "z", ["cost_usd"]), "orders: z is missing in 1 rows"),
        (lambda: costs.price_volume_mix(GOOD, GOOD * -1), "after orders: -1.0, expected a finite number"),
        (lambda: costs.price_volume_mix(pd.concat([GOOD, GOOD]), GOOD), "before: segment 'a' twice, expected once"),
        (lambda: costs.price_volume_mix(GOOD, GOOD.assign(orders=0)), "after: no orders, expected some"),
        (
            lambda: costs.price_volume_mix(GOOD, pd.concat([GOOD, GOOD.assign(orders=0).set_axis(["b"])])),
            "after: a segment has cost_usd and no orders",
        ),
        (lambda: costs.cost_volume({}, 1), "options: none"),
        (lambda: costs.cost_volume({"A": (1, 2)}, -1), "volume: -1.0, expected"),
        (lambda: costs.crossovers({"A": (1, -2)}), "options of A: -2.0, expected"),
        (lambda: costs.cash_to_cash(1, 1, 1, 0, 1), "revenue_usd: 0, expected a number above 0"),
        (lambda: costs.cash_to_cash(-1, 1, 1, 1, 1), "balance_usd = -1.0, expected 0"),
        (
            lambda: costs.billed_weight(parcels(1, 1, 1, 1, "2024-12-31"), "UPS"),
            "shipped_on: 2024-12-31, expected 2025-01",
        ),
        (lambda: costs.billed_weight(parcels(1, 1, 1, 1, "2026-01-01"), "USPS"), "'USPS' has no stated rounding rule"),
        (lambda: costs.billed_weight(parcels(0, 1, 1, 1, "2026-01-01"), "UPS"), "length_in: 0.0, expected"),
        (lambda: costs.parcel_zone(-1), "miles: -1.0, expected"),
        (lambda: costs.rate_increase("DHL", "2024-01-01", "2025-01-01"), "carrier: 'DHL', expected one of FedEx, UPS"),
        (
            lambda: costs.rate_increase("UPS", "2010-01-01", "2025-01-01"),
            "since: 2010-01-01, expected 2022-12-26 or later",
        ),
        (lambda: costs.rate_increase("UPS", "2025-01-02", "2025-01-01"), "not after until"),
        (
            lambda: costs.peak_surcharge("UPS", "Fuel", pd.Series(["2025-12-01"])),
            "surcharge: UPS 'Fuel' is not published",
        ),
        (
            lambda: costs.peak_surcharge("UPS", "Large package", pd.Series(pd.to_datetime(["2025-12-01", None]))),
            "shipped_on: missing in 1 rows",
        ),
        (lambda: costs.invoice_audit(LINES.drop(columns="quantity"), RATES), "lines: no column quantity"),
        (
            lambda: costs.invoice_audit(LINES, RATES, keys=["charge"]),
            "rates: two hold for .*'charge': 'base'.*, expected one",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
