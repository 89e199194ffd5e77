"""Cost: parts sum, carriers' rules hold by their dates, an invoice's errors are found."""

import datetime as dt
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fulfillment import data, tradeoffs
from fulfillment.costing import break_even, cost_drivers, cost_to_serve
from fulfillment.data import reference
from fulfillment.freight import auditing, rating

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
    bridge = cost_drivers.price_volume_mix(old, new)
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
    more = cost_drivers.price_volume_mix(old, old * growth).sum()
    assert more["mix_usd"] == pytest.approx(0, abs=1e-6)
    assert more["price_usd"] == pytest.approx(0, abs=1e-6)
    dearer = cost_drivers.price_volume_mix(old, old.assign(cost_usd=old["cost_usd"] * (1 + rise))).sum()
    assert dearer["price_usd"] == pytest.approx(dearer["change_usd"])
    assert dearer["volume_usd"] == 0 == dearer["mix_usd"]


def test_a_segment_that_is_new_is_mix_and_not_price():
    old = pd.DataFrame({"orders": [100], "cost_usd": [600.0]}, index=["zone 2"])
    new = pd.DataFrame({"orders": [90, 10], "cost_usd": [540.0, 120.0]}, index=["zone 2", "zone 8"])
    bridge = cost_drivers.price_volume_mix(old, new)
    assert bridge.sum().to_dict() == {"volume_usd": 0, "mix_usd": 60, "price_usd": 0, "change_usd": 60}
    assert cost_drivers.price_volume_mix(new, old)["mix_usd"].sum() == pytest.approx(-60)


@given(
    lines=st.dictionaries(st.sampled_from("ABCD"), st.tuples(st.integers(0, 100_000), st.integers(1, 100)), min_size=2),
    volume=st.integers(0, 10_000),
)
def test_options_cost_the_same_where_they_cross(lines, volume):
    found = tradeoffs.break_even_points(break_even.cost_volume(lines, [0, 200_000])).set_index(["first", "second"])
    for (first, second), row in found.dropna().iterrows():
        before, at, after = break_even.cost_volume(lines, row["at"] * np.array([0.9, 1, 1.1]))[
            [first, second]
        ].to_numpy()
        assert at[0] == pytest.approx(at[1])
        assert before.argmin() == [first, second].index(row["below"])
        assert after.argmin() == [first, second].index(row["above"])
    for first, second in combinations(lines, 2):
        (low, slope), (high, other) = lines[first], lines[second]
        crossed = (high - low) * (slope - other) > 0
        assert found.loc[(first, second), "at"] == pytest.approx(
            (high - low) / (slope - other) if crossed else np.nan, nan_ok=True
        )
    totals = break_even.cost_volume(lines, [volume])
    assert totals.iloc[0].to_dict() == {name: fixed + variable * volume for name, (fixed, variable) in lines.items()}


# Carriers' rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", reference.PUBLISHED)
def test_published_figures_carry_source_date_and_confidence(name):
    table = reference.load_reference_table(name)
    assert table["source_url"].str.startswith("http").all()
    assert table["source_date"].notna().all()
    assert table["confidence"].isin(["high", "medium", "low"]).all()
    for column in reference.PUBLISHED[name]:
        assert pd.api.types.is_datetime64_any_dtype(table[column])


def parcels(length: float, width: float, height: float, weight: float, day: str) -> pd.DataFrame:
    sizes = {"length_in": length, "width_in": width, "height_in": height, "weight_lb": weight}
    return pd.DataFrame(sizes, index=[0]).assign(shipped_on=pd.Timestamp(day))


@pytest.mark.parametrize(
    ("sides", "weight", "day", "billed"),
    [
        ((12, 12, 12), 2, "2026-07-11", 2),  # a cubic foot, not more
        ((12, 12, 12.4), 2.1, "2026-07-11", 3),  # nearest inch: still a cubic foot
        ((12, 12, 12.4), 2.1, "2026-07-12", 14),  # rounded up: 1,872 in³ by 139
        ((12, 12, 13), 2, "2026-07-11", 12),  # 1,872 in³ by 166
        ((12, 12, 13), 20, "2026-07-12", 20),
    ],
)
def test_the_post_bills_size_above_a_cubic_foot_alone(sides, weight, day, billed):
    """Postal Explorer, DMM Advisory of October 30, 2006: 1,728 in³ or less, after rounding, is billed by weight."""
    assert rating.billable_weight(parcels(*sides, weight, day), "USPS").tolist() == [billed]


def test_a_box_of_fourteen_inches_at_the_post():
    """windycityparrot.com, dimensional shipping explained: 12 by 12 by 14 at the divisor of the time, 194."""
    assert rating.billable_weight(parcels(12, 12, 14, 2, "2016-06-01"), "USPS", divisor=194).tolist() == [11]
    with pytest.raises(ValueError, match="divisor: 0, expected a finite number above 0"):
        rating.billable_weight(parcels(12, 12, 14, 2, "2016-06-01"), "USPS", divisor=0)


@pytest.mark.parametrize("carrier", ["UPS", "FedEx"])
@pytest.mark.parametrize(
    ("sides", "weight", "day", "billed"),
    [
        ((11.1, 8.5, 6.2), 2, "2025-08-17", 5),  # 11 x 9 x 6 = 594 / 139 = 4.27
        ((11.1, 8.5, 6.2), 2, "2025-08-18", 6),  # 12 x 9 x 7 = 756 / 139 = 5.44
        ((11.1, 8.5, 6.2), 7.1, "2025-08-18", 8),  # actual weight decides
        ((11.49, 8.49, 6.49), 1, "2025-07-01", 4),  # 11 x 8 x 6 = 528 / 139 = 3.80
        ((11, 10, 9), 1, "2026-03-01 23:59", 8),  # 990 / 139 = 7.12
        ((0.3, 20, 20), 0.2, "2025-08-01", 3),  # no side is less than an inch: 1 x 20 x 20 = 400 / 139 = 2.88
        ((0.1 * 30, 139, 1), 1, "2026-03-01", 3),  # 3.0000000000000004 in is 3 in
    ],
)
def test_billable_weight_by_the_rule_of_the_day(carrier, sides, weight, day, billed):
    assert rating.billable_weight(parcels(*sides, weight, day), carrier).tolist() == [billed]


def test_a_negotiated_divisor_bills_less():
    box = parcels(20, 15, 10, 5, "2026-01-05")
    assert rating.billable_weight(box, "UPS").tolist() == [22]
    assert rating.billable_weight(box, "UPS", divisor=166).tolist() == [19]


@pytest.mark.parametrize(
    ("miles", "zone"), [(0, 2), (150, 2), (151, 3), (600, 4), (1000, 5), (1401, 7), (1801, 8), (2900, 8)]
)
def test_zone_edges(miles, zone):
    assert rating.parcel_zone(miles) == zone


def test_rate_increases_compound_between_their_days():
    assert rating.compound_gri("UPS", "2025-07-01", "2026-06-30") == pytest.approx(0.059)
    assert rating.compound_gri("UPS", "2024-12-22", "2025-12-22") == pytest.approx(1.059**2 - 1)
    assert rating.compound_gri("UPS", "2024-12-23", "2025-12-21") == 0
    assert rating.compound_gri("FedEx", "2023-01-01", "2026-12-31") == pytest.approx(1.069 * 1.059**3 - 1)


def test_peak_surcharges_begin_and_end_on_their_days():
    days = pd.Series(
        pd.to_datetime(["2025-09-27", "2025-09-28", "2025-11-22", "2025-11-23", "2026-01-17", "2026-01-18"])
        + pd.Timedelta(hours=18)
    )
    assert rating.peak_surcharge("UPS", "Additional handling", days).tolist() == [0, 8.25, 8.25, 10.8, 8.25, 0]


def test_no_published_surcharge_holds_twice_on_a_day():
    table = reference.load_reference_table("peak_surcharges").sort_values(["carrier", "surcharge", "start"])
    before = table.groupby(["carrier", "surcharge"])["end"].shift()
    assert (table["start"] > before)[before.notna()].all()


# Invoices -------------------------------------------------------------------------------------------------------------


#: What the contract asks by charge and zone: before December 4, 2025, and 5 % more from that day on.
CONTRACT = {
    ("base", 2): (8.00, 8.40),
    ("base", 3): (9.60, 10.08),
    ("base", 4): (11.20, 11.76),
    ("residential", 2): (4.00, 4.20),
    ("residential", 3): (4.80, 5.04),
    ("residential", 4): (5.60, 5.88),
}


def invoice(count: int = 400) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, float]]:
    """Clean lines under `CONTRACT`, then errors of known size; its rates; how many errors of each kind."""
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
            (*key, rate, start, end)
            for key, (before, after) in CONTRACT.items()
            for rate, start, end in ((before, "2025-01-01", "2025-12-03"), (after, "2025-12-04", None))
        ],
        columns=["charge", "zone", "rate_usd", "valid_from", "valid_to"],
    ).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})
    raised = (lines["billed_on"] >= "2025-12-04").astype(int)
    keys = zip(lines["charge"], lines["zone"], raised, strict=True)
    lines["billed_usd"] = [CONTRACT[charge, zone][after] for charge, zone, after in keys]
    late = (lines["billed_on"] >= "2025-12-05") & (lines["charge"] == "base")
    twice = lines.index[late][:20]
    lines.loc[twice, "billed_usd"] = (lines.loc[twice, "billed_usd"] * 1.05).round(2)
    unknown = lines.iloc[[3]].assign(charge="address correction", billed_usd=18.0)
    lines = pd.concat([lines, lines.iloc[[10, 11, 12]], unknown], ignore_index=True)
    planted = {"over": 20, "duplicate": 3, "no rate": 1}
    return lines, rates, planted


def test_an_audit_finds_each_planted_error_and_nothing_else():
    lines, rates, planted = invoice()
    audited = auditing.invoice_audit(lines, rates, keys=["charge", "zone"])
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
    audited = auditing.invoice_audit(spring, rates, keys=["charge", "zone"])
    assert audited["expected_usd"].tolist() == [8.0, 25.2]
    assert audited["finding"].tolist() == ["over", "under"]


GOOD = pd.DataFrame({"orders": [1], "cost_usd": [2.0]}, index=["a"])
LINES, RATES, _ = invoice()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: reference.load_reference_table("rates"),
            "name: 'rates' is not a table of published figures, expected one of dim_rules",
        ),
        (
            lambda: cost_drivers.price_volume_mix(GOOD, GOOD * -1),
            "after: orders: -1 in row a, expected a finite number of at least 0",
        ),
        (
            lambda: cost_drivers.price_volume_mix(pd.concat([GOOD, GOOD]), GOOD),
            "before: 'a' appears twice, expected each name once",
        ),
        (lambda: cost_drivers.price_volume_mix(GOOD, GOOD.assign(orders=0)), "after: no orders, expected some"),
        (
            lambda: cost_drivers.price_volume_mix(GOOD, pd.concat([GOOD, GOOD.assign(orders=0).set_axis(["b"])])),
            "after: a segment has cost_usd and no orders",
        ),
        (lambda: break_even.cost_volume({}, [1]), r"options: \{\}, expected one value or more, each with its name"),
        (
            lambda: break_even.cost_volume({"A": (1, 2)}, [-1]),
            "volumes: -1 in row 0, expected a finite number of at least 0",
        ),
        (
            lambda: break_even.cost_volume({"A": (1, -2)}, [1]),
            "options of A: -2, expected a finite number of at least 0",
        ),
        (lambda: break_even.cash_to_cash(1, 1, 1, 0, 1), "revenue_usd: 0, expected a finite number above 0"),
        (lambda: break_even.cash_to_cash(-1, 1, 1, 1, 1), "inventory_usd: -1, expected a finite number of at least 0"),
        (
            lambda: rating.billable_weight(parcels(1, 1, 1, 1, "2024-12-31"), "UPS"),
            "shipped_on: 2024-12-31, expected 2025-01",
        ),
        (
            lambda: rating.billable_weight(parcels(1, 1, 1, 1, "2026-01-01"), "DHL"),
            "'DHL' has no published rounding, expected one of UPS, FedEx, USPS",
        ),
        (
            lambda: rating.billable_weight(parcels(0, 1, 1, 1, "2026-01-01"), "UPS"),
            "parcels: length_in: 0 in row 0, expected a finite number above 0",
        ),
        (lambda: rating.parcel_zone(-1), "miles: -1, expected a finite number of at least 0"),
        (lambda: rating.compound_gri("DHL", "2024-01-01", "2025-01-01"), "carrier: 'DHL', expected one of DHL Express"),
        (
            lambda: rating.compound_gri("UPS", "2010-01-01", "2025-01-01"),
            "since: 2010-01-01, expected 2022-12-26 or later",
        ),
        (lambda: rating.compound_gri("UPS", "2025-01-02", "2025-01-01"), "not after until"),
        (
            lambda: rating.peak_surcharge("UPS", "Fuel", pd.Series(["2025-12-01"])),
            "surcharge: UPS 'Fuel' is not published",
        ),
        (
            lambda: rating.peak_surcharge("UPS", "Large package", pd.Series(pd.to_datetime(["2025-12-01", None]))),
            "shipped_on: nothing in row 1, expected a time in each",
        ),
        (lambda: auditing.invoice_audit(LINES.drop(columns="quantity"), RATES), "lines: no column quantity"),
        (
            lambda: auditing.invoice_audit(LINES, RATES, keys=["charge"]),
            "rates: two hold for .*'charge': 'base'.*, expected one",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# Parcels at contract prices, the bridge and the freight audit -----------------------------------------------------------

DAY = pd.Timestamp("2026-02-02")


@cache
def rate_table() -> pd.DataFrame:
    """Base rates of carrier A by zone and pound, raised on January 5, with fuel, a home surcharge and one of the peak."""
    rows = [
        ("A", "base transport", zone, pounds, (3 + zone / 2 + pounds / 4) * raised, start, end)
        for zone in (2, 3, 4)
        for pounds in range(1, 21)
        for raised, start, end in ((1, "2025-01-01", "2026-01-04"), (1.04, "2026-01-05", "2026-12-31"))
    ]
    for fuel, home, start, end in ((0.18, 1.1, "2025-01-01", "2026-01-04"), (0.2, 1.3, "2026-01-05", "2026-12-31")):
        rows += [("A", "fuel", None, None, fuel, start, end), ("A", "residential", None, None, home, start, end)]
    rows.append(("A", "peak surcharge", None, None, 0.6, "2025-11-23", "2025-12-27"))
    columns = ["supplier_id", "charge", "zone", "weight_lb", "rate_usd", "valid_from", "valid_to"]
    table = pd.DataFrame(rows, columns=columns).astype({"valid_from": "datetime64[ns]", "valid_to": "datetime64[ns]"})
    return table.assign(rate_usd=table["rate_usd"].round(2))


def sent(on: str = "2026-02-02", **columns: list) -> pd.DataFrame:
    """Parcels of carrier A, with their price at contract as what was billed."""
    size = len(next(iter(columns.values())))
    table = pd.DataFrame(
        {
            "shipment_id": [f"P{n}" for n in range(size)],
            "order_id": [f"O{n}" for n in range(size)],
            "carrier_id": "A",
            "zone": 2,
            "billable_weight_lb": 3,
            "residential": True,
            "length_in": 4.0,
            "width_in": 4.0,
            "height_in": 4.0,
            "weight_lb": 2.5,
            "dispatched_at": pd.Timestamp(on),
        }
        | columns
    )
    return table.assign(billed_usd=rating.contract_price(table, rate_table()).sum(axis=1))


def carrier_lines(parcels: pd.DataFrame) -> pd.DataFrame:
    """The lines of a right invoice."""
    price = rating.contract_price(parcels, rate_table())
    base = parcels.assign(
        charge="base transport", weight_lb=parcels["billable_weight_lb"], billed_usd=price["base_usd"]
    )
    empty = parcels.assign(zone=pd.NA, weight_lb=pd.NA)
    fuel = empty.assign(charge="fuel", billed_usd=price["fuel_usd"])
    home = empty.assign(charge="residential", billed_usd=price["residential_usd"])
    peak = empty.assign(charge="peak surcharge", billed_usd=price["peak_usd"])
    asked = pd.concat([home, peak])
    lines = pd.concat([base, fuel, asked[asked["billed_usd"] > 0]], ignore_index=True)
    return lines[["shipment_id", "charge", "zone", "weight_lb", "billed_usd"]]


def test_a_parcel_is_priced_on_its_own_day_or_on_another():
    parcels = sent(zone=[2, 4], residential=[True, False])
    assert rating.contract_price(parcels, rate_table()).to_numpy().tolist() == [
        [4.94, 0.99, 1.3, 0.0],
        [5.98, 1.2, 0.0, 0.0],
    ]
    before = rating.contract_price(parcels, rate_table(), "2025-07-15", "2025-07-15")
    assert before.iloc[0].tolist() == [4.75, 0.86, 1.1, 0.0]
    mixed = rating.contract_price(parcels, rate_table(), surcharges_on="2025-07-15")
    assert mixed.iloc[0].tolist() == [4.94, 0.89, 1.1, 0.0]


#: For a law whose every example prices many parcels.
FEW = settings(max_examples=min(25, settings().max_examples))
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)).map(pd.Timestamp)
DURATIONS = st.integers(0, 400).map(lambda days: pd.Timedelta(days=days))
CLOCK = st.integers(0, 24 * 60 - 1).map(lambda minutes: pd.Timedelta(minutes=minutes))


@given(first=DAYS, duration=DURATIONS, clock=CLOCK)
@FEW
def test_a_rate_holds_from_its_first_day_to_the_end_of_its_last(first, duration, clock):
    day, last = pd.Timedelta(days=1), first + duration
    spans = {1.0: (first - 30 * day, first - day), 2.0: (first, last), 3.0: (last + day, pd.NaT)}
    rates = pd.DataFrame(
        [
            ("A", charge, zone, pounds, rate, *span)
            for rate, span in spans.items()
            for charge, zone, pounds in (
                ("base transport", 2, 3),
                ("fuel", None, None),
                ("residential", None, None),
                ("peak surcharge", None, None),
            )
        ],
        columns=["supplier_id", "charge", "zone", "weight_lb", "rate_usd", "valid_from", "valid_to"],
    )
    for on, rate in ((first - day, 1), (first, 2), (last, 2), (last + day, 3), (last + 999 * day, 3)):
        parcel = pd.DataFrame(
            {"carrier_id": ["A"], "zone": 2, "billable_weight_lb": 3, "residential": True, "dispatched_at": on + clock}
        )
        assert rating.contract_price(parcel, rates).iloc[0].tolist() == [rate, rate * rate, rate, rate]


#: The first and the last days of the rates in `rate_table`.
EDGES = ["2025-01-01", "2025-11-22", "2025-11-23", "2025-12-27", "2025-12-28", "2026-01-04", "2026-01-05", "2026-12-31"]
SENT = st.builds(pd.Timestamp.__add__, st.sampled_from(EDGES).map(pd.Timestamp), CLOCK)
#: Parcels of carrier A: zone, pounds, whether to a home, and when it was sent.
PARCEL = st.tuples(st.integers(2, 4), st.integers(1, 20), st.booleans(), SENT)
PARCELS = st.lists(PARCEL, min_size=4, max_size=20)


def parcels_of(rows: list[tuple]) -> pd.DataFrame:
    zone, pounds, home, day = (list(column) for column in zip(*rows, strict=True))
    return sent(zone=zone, billable_weight_lb=pounds, residential=home, dispatched_at=day)


@given(PARCELS)
@FEW
def test_only_homes_pay_for_being_homes(rows):
    parcels = parcels_of(rows)
    home, business = (rating.contract_price(parcels.assign(residential=to), rate_table()) for to in (True, False))
    pd.testing.assert_frame_equal(home[["base_usd", "fuel_usd"]], business[["base_usd", "fuel_usd"]])
    assert business[["residential_usd", "peak_usd"]].eq(0).all(axis=None)
    assert home["residential_usd"].isin([1.1, 1.3]).all()
    peak = parcels["dispatched_at"].between("2025-11-23", "2025-12-27 23:59")
    assert home["peak_usd"].tolist() == [0.6 if high else 0.0 for high in peak]


def test_a_parcel_without_a_rate_or_with_two_is_refused():
    with pytest.raises(ValueError, match="no base transport"):
        rating.contract_price(sent(zone=[2]).assign(zone=8), rate_table())
    with pytest.raises(ValueError, match=r"two hold for .*zone.*, expected one"):
        rating.contract_price(sent(zone=[2]), pd.concat([rate_table(), rate_table()]))
    with pytest.raises(ValueError, match="residential"):
        rating.contract_price(sent(zone=[2]).drop(columns="residential"), rate_table())


def periods() -> tuple[pd.DataFrame, pd.DataFrame]:
    """A period before and one after in which everything changed, with an error of 0.50 USD on one parcel."""
    before = sent("2025-07-15", zone=[2, 2, 3, 3, 4], residential=[True, True, False, True, True])
    after = sent(zone=[2, 3, 4, 4, 4, 4], residential=[True, False, True, True, True, True])
    after = after.assign(
        order_id=list("XXYZWV"), length_in=9.2, width_in=8.4, height_in=6.3, weight_lb=3.4, billable_weight_lb=4
    )
    agreed = rating.contract_price(after, rate_table()).sum(axis=1)
    return before, after.assign(billed_usd=agreed.add(np.where(after.index == 0, 0.5, 0)))


def test_the_model_of_a_bridge_ends_where_the_invoices_do():
    before, after = periods()
    cost = cost_drivers.parcel_cost_model(before, after, rate_table(), ("2025-07-15", "2026-02-02"), divisor=166)
    assert cost([]) == pytest.approx(before["billed_usd"].sum() / 5)
    assert cost(cost_drivers.PARCEL_CAUSES) == pytest.approx(after["billed_usd"].sum() / 5)
    table = cost_drivers.shapley_attribution(cost, cost_drivers.PARCEL_CAUSES)
    assert table["average"].sum() == pytest.approx(cost(cost_drivers.PARCEL_CAUSES) - cost([]))
    assert ((table["least"] <= table["average"] + 1e-9) & (table["average"] <= table["most"] + 1e-9)).all()
    assert table.loc["billing errors", "average"] > 0
    assert table.loc["split shipments", "first"] == pytest.approx(cost([]) * 0.2, abs=0.02)


def test_the_model_names_what_is_wrong():
    before, after = periods()
    with pytest.raises(ValueError, match="before: no rows"):
        cost_drivers.parcel_cost_model(before.head(0), after, rate_table(), ("2025-07-15", "2026-02-02"))
    with pytest.raises(ValueError, match="zones"):
        cost_drivers.parcel_cost_model(before, after[after["zone"] > 2], rate_table(), ("2025-07-15", "2026-02-02"))
    cost = cost_drivers.parcel_cost_model(before, after, rate_table(), ("2025-07-15", "2026-02-02"))
    with pytest.raises(ValueError, match="'weather' is not a cause"):
        cost(["weather"])


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=5), st.floats(0, 5))
def test_causes_that_only_add_have_one_size_whatever_the_order(sizes, start):
    names = [f"cause {n}" for n in range(len(sizes))]
    adds = dict(zip(names, sizes, strict=True))
    table = cost_drivers.shapley_attribution(lambda changed: start + sum(adds[name] for name in changed), names)
    for column in table.columns:
        assert table[column].tolist() == pytest.approx(sizes, abs=1e-9)


def test_causes_are_named_once_and_few():
    for causes in ([], ["a", "a"], [str(n) for n in range(13)]):
        with pytest.raises(ValueError, match="causes"):
            cost_drivers.shapley_attribution(len, causes)


def test_a_right_invoice_passes_the_audit():
    parcels = sent(zone=[2, 3, 4], residential=[True, False, True])
    audit = auditing.freight_audit(carrier_lines(parcels), parcels, rate_table())
    assert set(audit["finding"]) == {"ok"}
    assert audit["over_usd"].eq(0).all()


def test_each_error_of_an_invoice_is_found_with_its_fuel():
    parcels = sent(zone=[2, 2, 2, 2, 2], residential=[True, True, False, True, True])
    wrong = parcels.assign(zone=[3, 2, 2, 2, 2], billable_weight_lb=[3, 5, 3, 3, 3], residential=True)
    lines = carrier_lines(wrong)
    lines.loc[(lines["shipment_id"] == "P3") & (lines["charge"] == "base transport"), "billed_usd"] = 5.14
    lines = pd.concat([lines, lines[lines["shipment_id"] == "P4"]], ignore_index=True)
    audit = auditing.freight_audit(lines, parcels, rate_table())
    found = audit[audit["finding"] != "ok"].groupby("finding")["over_usd"].sum().round(2).to_dict()
    assert found == {
        "zone too far": round(0.52 + 0.10, 2),
        "weight too high": round(0.52 + 0.10, 2),
        "surcharge not owed": 1.3,
        "rate above contract": 0.2,
        "billed twice": round(4.94 + 0.99 + 1.3, 2),
    }
    parts = audit[list(auditing.FREIGHT_FINDINGS.values())].sum(axis=1)
    assert parts.to_numpy() == pytest.approx((audit["billed_usd"] - audit["expected_usd"]).to_numpy(), abs=1e-9)


#: What may be wrong with the bill of a parcel, beside its zone, weight and amount.
WRONG = st.tuples(
    st.integers(2, 4),  # zone billed
    st.integers(1, 20),  # pounds billed
    st.integers(-200, 200),  # cents more on the base
    st.booleans(),  # billed as a home
    st.booleans(),  # billed twice
)
BILLS = st.lists(st.tuples(PARCEL, WRONG), min_size=4, max_size=20)


def bill(rows: list[tuple]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Parcels, and a bill with what is wrong for each."""
    parcels = parcels_of([parcel for parcel, _ in rows])
    zone, pounds, cents, home, twice = (list(column) for column in zip(*(wrong for _, wrong in rows), strict=True))
    lines = carrier_lines(parcels.assign(zone=zone, billable_weight_lb=pounds, residential=home))
    more = lines["shipment_id"].map(dict(zip(parcels["shipment_id"], cents, strict=True))) / 100
    lines["billed_usd"] = (lines["billed_usd"] + more.where(lines["charge"] == "base transport", 0)).round(2)
    again = lines[lines["shipment_id"].isin(parcels["shipment_id"][twice])]
    return parcels, pd.concat([lines, again], ignore_index=True)


@given(BILLS)
@FEW
def test_the_parts_of_an_audit_sum_to_what_was_billed_too_much(rows):
    parcels, lines = bill(rows)
    audit = auditing.freight_audit(lines, parcels, rate_table())
    agreed = carrier_lines(parcels).set_index(["shipment_id", "charge"])["billed_usd"].to_dict()
    due = [agreed.pop((line.shipment_id, line.charge), 0.0) for line in lines.itertuples()]  # the first time only
    assert audit["expected_usd"].tolist() == due
    over = audit[list(auditing.FREIGHT_FINDINGS.values())].sum(axis=1)
    assert over.to_numpy() == pytest.approx((lines["billed_usd"] - due).to_numpy(), abs=1e-9)
    assert over.to_numpy() == pytest.approx(audit["over_usd"].to_numpy(), abs=1e-9)


@given(PARCELS)
@FEW
def test_an_audit_of_a_right_bill_finds_nothing(rows):
    parcels = parcels_of(rows)
    audit = auditing.freight_audit(carrier_lines(parcels), parcels, rate_table())
    assert set(audit["finding"]) == {"ok"}
    assert audit[["over_usd", *auditing.FREIGHT_FINDINGS.values()]].eq(0).all(axis=None)


@given(rows=BILLS, random=st.randoms(use_true_random=False))
@FEW
def test_the_order_of_lines_and_of_parcels_changes_no_finding(rows, random):
    parcels, lines = bill(rows)
    audit = auditing.freight_audit(lines, parcels, rate_table())
    place = {key: random.random() for key in zip(lines["shipment_id"], lines["charge"], strict=True)}
    keys = pd.Series([place[key] for key in zip(lines["shipment_id"], lines["charge"], strict=True)])
    moved = lines.loc[keys.sort_values(kind="stable").index]  # of a line billed twice the first stays the first
    other = auditing.freight_audit(moved, parcels.sample(frac=1, random_state=1), rate_table())
    pd.testing.assert_frame_equal(other.loc[lines.index], audit)


def test_fuel_beyond_a_contract_is_a_rate_and_not_a_surcharge_of_homes():
    parcels = sent(zone=[2], residential=[False])
    lines = carrier_lines(parcels)
    without = rate_table().query("charge != 'fuel'")
    audit = auditing.freight_audit(lines, parcels, without).set_index("charge")
    assert audit.loc["fuel", ["expected_usd", "above_rate_usd", "not_owed_usd"]].tolist() == [0, 0.99, 0]
    assert audit.loc["fuel", "finding"] == "rate above contract"


def test_an_audit_needs_known_parcels_and_their_base():
    parcels = sent(zone=[2])
    lines = carrier_lines(parcels)
    with pytest.raises(ValueError, match="shipment_id 'P0' is not known"):
        auditing.freight_audit(lines, parcels.assign(shipment_id="Q"), rate_table())
    with pytest.raises(ValueError, match="charge 'storage' is not known"):
        auditing.freight_audit(lines.assign(charge="storage"), parcels, rate_table())
    with pytest.raises(ValueError, match="no base transport of 'P0'"):
        auditing.freight_audit(lines[lines["charge"] == "fuel"], parcels, rate_table())


# What can be traced to an order -----------------------------------------------------------------------------------------


def test_traced_costs_add_up_and_leave_unbilled_orders_out():
    names = ["orders", "shipments", "invoice_lines", "rate_cards", "centers", "packaging_items", "returns"]
    tables = {name: data.load(name) for name in names}
    table = cost_to_serve.order_costs(tables)
    parcels = tables["shipments"][tables["shipments"]["order_id"].isin(table["order_id"])]
    billed = tables["invoice_lines"]
    assert table["parcel_usd"].sum() == pytest.approx(
        billed.loc[billed["shipment_id"].isin(parcels["shipment_id"]), "billed_usd"].sum()
    )
    unbilled = tables["shipments"][~tables["shipments"]["shipment_id"].isin(billed["shipment_id"])]
    assert not table["order_id"].isin(unbilled["order_id"]).any()
    assert table["cost_usd"].to_numpy() == pytest.approx(table[cost_to_serve.TRACED_COSTS].sum(axis=1).to_numpy())
    single = table.loc[(table["parcels"] == 1) & (table["center_id"] == "FC6"), "handling_usd"].min()
    assert single == pytest.approx(1.75 + 0.45)
    with pytest.raises(ValueError, match="tables: returns is missing"):
        cost_to_serve.order_costs({name: tables[name] for name in names[:-1]})


def test_an_order_with_a_parcel_still_to_be_billed_is_left_out():
    orders = pd.DataFrame({"order_id": ["half", "whole"], "center_id": "FC1", "seller_id": "S1", "zone": 2})
    shipments = pd.DataFrame({"shipment_id": ["P1", "P2", "P3", "P4"], "order_id": ["half", "half", "whole", "whole"]})
    charges = {"order handling": 2.0, "additional pick": 0.5, "packaging": 0.25}
    tables = {
        "orders": orders.assign(value_usd=40.0, dispatched_at=DAY),
        "shipments": shipments.assign(center_id="FC1", packaging_id="B", units=[1, 1, 1, 3], billable_weight_lb=2),
        "invoice_lines": pd.DataFrame({"shipment_id": ["P1", "P3", "P4", "P4"], "billed_usd": [8.0, 7.0, 6.0, 1.0]}),
        "rate_cards": pd.DataFrame({"supplier_id": "OP1", "charge": charges.keys(), "rate_usd": charges.values()}),
        "centers": pd.DataFrame({"center_id": ["FC1"], "operator_id": "OP1"}),
        "packaging_items": pd.DataFrame(
            {"packaging_id": ["B", "T"], "kind": ["box", "material"], "standard_price_usd": [0.3, 0.1]}
        ),
        "returns": pd.DataFrame({"order_id": ["whole"], "label_usd": [6.0], "handling_usd": [None]}),
    }
    (order,) = cost_to_serve.order_costs(tables).to_dict("records")
    assert (order["order_id"], order["parcels"], order["billable_weight_lb"]) == ("whole", 2, 4)
    assert order["parcel_usd"] == 7 + 6 + 1
    assert order["handling_usd"] == 2 * (2 + 0.25) + 2 * 0.5  # two parcels, two picks more in the second
    assert order["packaging_usd"] == pytest.approx(2 * (0.3 + 0.1))
    assert order["returns_usd"] == 6
    assert order["cost_usd"] == pytest.approx(14 + 5.5 + 0.8 + 6)


def test_a_rate_without_a_zone_is_that_of_a_line_without_one_and_a_missing_name_matches_nothing():
    rates = pd.DataFrame(
        {"charge": ["fuel", "base", None], "zone": [None, 2.0, None], "rate_usd": [0.2, 8.0, 9.0], "valid_to": pd.NaT}
    ).assign(valid_from=pd.Timestamp("2026-01-01"))
    asked = pd.DataFrame({"charge": ["fuel", "base", "base", "fuel", None], "zone": ["", "2", None, 2, None]})
    days = pd.Series(pd.Timestamp("2026-02-01"), asked.index)
    found = rating.rate_on(days, asked, rates, ["charge", "zone"])
    assert found.fillna(-1).tolist() == [0.2, 8.0, -1, -1, -1]
