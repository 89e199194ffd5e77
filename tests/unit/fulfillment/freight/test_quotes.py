"""Orders priced by hand equal the engine to the cent; cards keep their rules; the platform's card gives its own rows."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import formulas
from fulfillment.data import FACTS, load
from fulfillment.data.reference import load_reference_table
from fulfillment.freight import platform_fees, quotes, rate_cards
from fulfillment.simulate import buying

CARDS = rate_cards.load_rate_cards()
QUEN, OSTR, MARR, BRAC = (CARDS[name] for name in CARDS)
SMALL = {"length_in": 8.3, "width_in": 6.3, "height_in": 4.3, "weight_lb": 0.8}  # 9 × 7 × 5 = 315 in³: at most 3 lb
ROUNDED = {"length_in": 11.1, "width_in": 8.5, "height_in": 6.2, "weight_lb": 2.0}


def order(**values: object) -> pd.DataFrame:
    """One order: 1 unit, zone 2, business address, March 2, 2026, unless told otherwise."""
    row = {"order_id": "A", "shipped_on": "2026-03-02", "units": 1, "zone": 2, "residential": False, **SMALL, **values}
    return pd.DataFrame([row]).assign(shipped_on=lambda table: pd.to_datetime(table["shipped_on"]))


def priced(card: rate_cards.RateCard, monthly_orders: float = 200_000, **values: object) -> dict[str, float]:
    lines = quotes.quote(order(**values), card, monthly_orders)
    assert lines["amount_usd"].sum() == pytest.approx(quotes.order_totals(lines).iloc[0])
    return lines.set_index("charge")["amount_usd"].to_dict()


# Ten orders by hand. Quenbridge's base is 2.20 + 0.30 a zone beyond 2 + (0.115 + 0.026 a zone beyond 2) a pound beyond 1,
# at the upper end of its band; Marrowfield's 1.62 + 0.31 + (0.105 + 0.027). Fuel is rounded after base.

HAND = [
    # 1 a light parcel to a business, July 2025: 8 × 6 × 4 = 192 in³ over 166 = 1.2, so 2 lb; base 2.20 + 0.115 = 2.315,
    #   on the card 2.32 (half a cent up); fuel 2.32 × 0.1743 = 0.404
    (
        QUEN,
        {"shipped_on": "2025-07-10"},
        {"order handling": 2.36, "packaging": 0.55, "base transport": 2.32, "fuel": 0.40},
    ),
    # 2 the last day of the old rounding: 11 × 9 × 6 = 594 in³ / 166 = 3.58, so 4 lb; zone 3: 2.50 + 0.141 × 3 = 2.923;
    #   fuel 2.92 × 0.1743 = 0.509; home 2.35
    (
        QUEN,
        {**ROUNDED, "shipped_on": "2025-08-17", "zone": 3, "residential": True},
        {"order handling": 2.36, "packaging": 0.55, "base transport": 2.92, "fuel": 0.51, "residential": 2.35},
    ),
    # 3 a day later every fraction rounds up: 12 × 9 × 7 = 756 / 166 = 4.55, so 5 lb; 2.50 + 0.141 × 4 = 3.064;
    #   fuel 3.06 × 0.1743 = 0.533
    (
        QUEN,
        {**ROUNDED, "shipped_on": "2025-08-18", "zone": 3, "residential": True},
        {"order handling": 2.36, "packaging": 0.55, "base transport": 3.06, "fuel": 0.53, "residential": 2.35},
    ),
    # 4 the same box where the divisor is 139: 756 / 139 = 5.44, so 6 lb; 1.62 + 0.31 + 0.132 × 5 = 2.59;
    #   fuel 2.59 × 0.2050 = 0.531; 200,000 orders a month: 1.72
    (
        MARR,
        {**ROUNDED, "shipped_on": "2025-08-18", "zone": 3, "residential": True},
        {"order handling": 1.72, "packaging": 0.88, "base transport": 2.59, "fuel": 0.53, "residential": 2.60},
    ),
    # 5 between two bands: 6.4 lb on the scale is 7 billed and pays the band above 6 up to 8; zone 4, January 5, 2026:
    #   2.20 + 0.60 + (0.115 + 0.052) × 7 = 3.969; fuel 3.97 × 0.1849 = 0.734; three units: 2 × 0.43
    (
        QUEN,
        {"shipped_on": "2026-01-05", "weight_lb": 6.4, "zone": 4, "units": 3},
        {"order handling": 2.36, "additional pick": 0.86, "packaging": 0.55, "base transport": 3.97, "fuel": 0.73},
    ),
    # 6 the edge of a band of delivered prices: 5 lb is inside; zone 6: 5.36 + 4 × 0.56 = 7.60
    (OSTR, {"weight_lb": 5.0, "zone": 6}, {"order handling": 2.32, "delivered parcel": 7.60}),
    # 7 an ounce more is 6 lb, the next band: 6.20 + 4 × 0.78 = 9.32; and a peak day: 0.40
    (
        OSTR,
        {"weight_lb": 5.0625, "zone": 6, "shipped_on": "2025-10-26"},
        {"order handling": 2.32, "delivered parcel": 9.32, "peak surcharge": 0.40},
    ),
    # 8 all-in: zone 8 costs what zone 2 does, three units are in it, two more are 2 × 0.45; 2 lb; one came back
    (
        BRAC,
        {"zone": 8, "units": 5, "returns": 1},
        {"all-in order": 8.26, "additional pick": 0.90, "returns": 3.25},
    ),
    # 9 Cyber Monday at home: published peak 0.60; 2 lb in zone 5: 2.20 + 0.90 + (0.115 + 0.078) = 3.293;
    #   fuel 3.29 × 0.1743 = 0.573
    (
        QUEN,
        {"shipped_on": "2025-12-01", "zone": 5, "residential": True},
        {
            "order handling": 2.36,
            "packaging": 0.55,
            "base transport": 3.29,
            "fuel": 0.57,
            "residential": 2.35,
            "peak surcharge": 0.60,
        },
    ),
    # 10 the same address as a business pays neither; Marrowfield's peak is for all, its returns 4.60 each;
    #   315 in³ / 139 = 2.27, so 3 lb: 1.62 + 0.93 + (0.105 + 0.081) × 2 = 2.922; fuel 2.92 × 0.2050 = 0.5986
    (
        MARR,
        {"shipped_on": "2025-12-01", "zone": 5, "returns": 2},
        {
            "order handling": 1.72,
            "packaging": 0.88,
            "base transport": 2.92,
            "fuel": 0.60,
            "peak surcharge": 0.65,
            "returns": 9.20,
        },
    ),
]


@pytest.mark.parametrize(("card", "values", "lines"), HAND, ids=range(1, len(HAND) + 1))
def test_an_order_costs_what_it_costs_by_hand(card, values, lines):
    assert priced(card, **values) == lines


@pytest.mark.parametrize(
    ("monthly_orders", "rate"),
    [(1, 1.95), (150_000, 1.95), (150_001, 1.72), (250_000, 1.72), (250_001, 1.60)],
)
def test_a_tier_holds_up_to_and_with_its_upper_end(monthly_orders, rate):
    assert priced(MARR, monthly_orders)["order handling"] == rate


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("2025-10-25", None),
        ("2025-10-26", 0.45),
        ("2025-11-22", 0.45),
        ("2025-11-23", 0.65),
        ("2026-01-17", 0.65),
        ("2026-01-18", None),
    ],
)
def test_peak_days_are_those_of_the_calendar(day, amount):
    assert priced(MARR, shipped_on=day).get("peak surcharge") == amount


def test_a_minimum_tops_up_work_and_space_only():
    # 100,000 orders a month: 285 pallets × 13.50 = 3,847.50; 10,000 × 30 + 1,000 × 38 = 338,000; account 1,900;
    # work on orders 400,000. 900,000 less 743,747.50 is 156,252.50. Set-up of 10 accounts, 3,000, does not count
    month = quotes.quote_month(MARR, "2026-02-01", 285, {30: 10_000, 120: 1000}, 10, 400_000)
    assert month.groupby("charge")["amount_usd"].sum().to_dict() == {
        "account management": 1900.0,
        "monthly minimum": 156_252.50,
        "onboarding": 3000.0,
        "receiving": 3847.50,
        "storage": 338_000.0,
    }
    full = quotes.quote_month(MARR, "2026-02-01", 285, {30: 10_000, 120: 1000}, 10, 400_000 + 156_252.50)
    assert "monthly minimum" not in set(full["charge"])


def test_containers_and_cubic_feet_are_counted_from_pallets():
    # 285 pallets are 14.25 containers × 290 = 4,132.50; 1,000 pallets × 50 cubic feet: 25,000, 28,000 and 32,500
    month = quotes.quote_month(OSTR, "2026-02-01", 285, {60: 1000, 61: 1000, 181: 1000})
    assert month["amount_usd"].tolist() == [4132.50, 25_000.0, 28_000.0, 32_500.0, 2400.0]


def test_a_year_is_its_orders_and_its_months():
    orders = pd.concat([order(order_id="A"), order(order_id="B", shipped_on="2026-04-02", zone=3)])
    year = quotes.quote_year(orders, BRAC, scale=1000, accounts=2)
    assert set(year["month"].astype(str)) == {"2026-03", "2026-04"}
    lines = year.set_index(["month", "charge"])["amount_usd"]
    march = pd.Period("2026-03")
    # 1,000 orders: 8.26 each; 12 pallets in, 55 stored, 52.8 new and 2.2 aged; below the minimum of 180,000
    assert lines[march, "all-in order"] == 8260
    assert lines[march, "receiving"] == 120
    assert lines[march, "storage"] == pytest.approx(52.8 * 22 + 2.2 * 27)
    assert lines[march, "onboarding"] == 700
    counted = 8260 + 120 + 52.8 * 22 + 2.2 * 27 + 2300
    assert lines[march, "monthly minimum"] == pytest.approx(180_000 - counted)
    assert (pd.Period("2026-04"), "onboarding") not in lines.index


def test_half_a_volume_moves_the_tier_and_the_minimum():
    orders = quotes.program_orders().query("shipped_on >= '2026-03-01' and shipped_on < '2026-04-01'")
    whole, half = (quotes.quote_year(orders, MARR, scale=scale).set_index("charge") for scale in (300, 150))
    assert "monthly minimum" not in whole.index
    assert half.loc["monthly minimum", "amount_usd"] > 0
    assert whole.loc["order handling", "amount_usd"] / whole["orders"].iloc[0] == pytest.approx(1.72)
    assert half.loc["order handling", "amount_usd"] / half["orders"].iloc[0] == pytest.approx(1.95)


def test_a_zone_follows_from_the_distance():
    near = quotes.quote(order().drop(columns="zone").assign(miles=150.0), QUEN, 1)
    far = quotes.quote(order().drop(columns="zone").assign(miles=151.0), QUEN, 1)
    rates = [lines.set_index("charge")["rate_usd"]["base transport"] for lines in (near, far)]
    assert rates == [2.32, 2.64]  # zone 3, 2 lb: 2.50 + 0.141 = 2.641


def test_every_parcel_can_be_weighed_by_one_days_rule():
    assert quotes.rating_inputs(order(**ROUNDED), QUEN)["billable_weight_lb"].tolist() == [5]
    assert quotes.rating_inputs(order(**ROUNDED), QUEN, dim_rule_date="2025-08-01")["billable_weight_lb"].tolist() == [
        4
    ]
    assert quotes.rating_inputs(order(**ROUNDED), QUEN)["dimensional_weight_lb"].tolist() == [756 / 166]


def test_the_rule_names_zone_band_and_days():
    lines = quotes.quote(order(zone=4, residential=True), QUEN, 1).set_index("charge")
    assert lines.loc["base transport", "rule"] == (
        "zone 4; billed weight, lb above 1, up to 2; 2025-07-01 to 2026-06-30; billed 2 lb"
    )
    assert lines.loc["residential", "rule"] == "home address; 2025-07-01 to 2026-06-30"
    assert set(lines["rate_id"]) <= set(load("bid_rates")["rate_id"])


# Not on the card


def test_an_order_without_a_rate_is_refused_or_listed_never_free():
    with pytest.raises(ValueError, match=r"Quenbridge.*no rate of base transport for order A \(zone 2, 41 lb billed"):
        priced(QUEN, weight_lb=40.5)
    lines = quotes.quote(order(weight_lb=40.5), QUEN, 1, missing_rate="keep")
    assert lines.loc[lines["amount_usd"].isna(), "charge"].tolist() == ["base transport", "fuel"]
    assert quotes.order_totals(lines).isna().all()


@pytest.mark.parametrize("day", ["2025-06-30", "2026-07-01"])
def test_a_card_ends_with_its_days(day):
    with pytest.raises(ValueError, match="no rate of"):
        priced(OSTR, shipped_on=day)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"units": 0}, "units: 0"),
        ({"weight_lb": 0.0}, "weight_lb"),
        ({"length_in": np.nan}, "length_in"),
        ({"returns": -1}, "returns: -1"),
        ({"residential": None}, "orders: residential: nothing in row 0, expected yes or no in each"),
    ],
)
def test_an_order_that_cannot_be_priced_is_named(values, message):
    with pytest.raises(ValueError, match=message):
        priced(QUEN, **values)


def test_columns_are_asked_for_by_name():
    with pytest.raises(ValueError, match="orders: no column units"):
        quotes.quote(order().drop(columns="units"), QUEN)
    with pytest.raises(ValueError, match="orders: no column miles"):
        quotes.quote(order().drop(columns="zone"), QUEN)
    with pytest.raises(ValueError, match="missing_rate: 'skip'"):
        quotes.quote(order(), QUEN, missing_rate="skip")
    with pytest.raises(ValueError, match="center_id: 'FC9'"):
        quotes.program_orders("FC9")
    with pytest.raises(ValueError, match="rfp_id: 'RFP-1'"):
        rate_cards.load_rate_cards("RFP-1")


def test_an_age_without_a_rate_is_refused():
    with pytest.raises(ValueError, match="0 rates of storage for 0 days"):
        quotes.quote_month(QUEN, "2026-02-01", 0, {0: 10})


# Malformed cards

ROWS = load("bid_rates").query("bidder == 'Quenbridge Fulfillment'").reset_index(drop=True)
FIRST = {charge: int(ROWS.index[ROWS["charge"] == charge][0]) for charge in ROWS["charge"].unique()}


def changed(of: str, /, **values: object) -> pd.DataFrame:
    table = ROWS.copy().astype({"tier": object})
    for column, value in values.items():
        table.loc[FIRST[of], column] = value
    return table


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (changed("packaging", charge="gift wrap"), "charge 'gift wrap', expected one of"),
        (changed("packaging", basis="pallet"), "basis 'pallet' of packaging, expected parcel"),
        (changed("packaging", applies_to="some"), "applies_to 'some', expected 'all' or 'home'"),
        (changed("packaging", rate_usd=-0.1), "rate_usd: -0.1"),
        (changed("packaging", rate_usd=np.nan), "rate_usd"),
        (changed("packaging", rate_usd=0.12345), "expected at most four decimals"),
        (changed("packaging", zone=3), "BR010: zone 3 of packaging, expected none"),
        (changed("packaging", tier="days in storage", above=0.0), "tier 'days in storage' of packaging"),
        (changed("packaging", above=1.0), "expected both or neither"),
        (changed("base transport", above=2.0), "expected the first below the second"),
        (changed("base transport", up_to=0.5), "a hole below above = 1"),
        (changed("base transport", up_to=1.5), "holds together with"),
        (changed("base transport", above=-1.0), "above -1, expected 0 or more"),
        (changed("packaging", valid_to=pd.Timestamp("2025-01-01")), "expected days in order"),
        (pd.concat([ROWS, ROWS.loc[[FIRST["packaging"]]].assign(rate_id="X")]), "holds together with"),
        (ROWS[ROWS["charge"] != "base transport"], "none price the delivery, expected one of"),
        (ROWS.drop(columns="zone"), "rows: no column zone"),
        (ROWS.iloc[:0], "rows: no rows"),
    ],
)
def test_a_malformed_card_is_refused_by_its_rate_and_field(rows, message):
    with pytest.raises(ValueError, match=message):
        rate_cards.build_rate_card(rows, "Quenbridge Fulfillment")


def test_a_card_with_two_prices_of_delivery_is_refused():
    more = load("bid_rates").query("charge == 'all-in order'")
    with pytest.raises(ValueError, match="price the delivery"):
        rate_cards.build_rate_card(pd.concat([ROWS, more]), "both")
    fuel = pd.concat([more, ROWS[ROWS["charge"] == "fuel"]])
    with pytest.raises(ValueError, match="fuel beside all-in order"):
        rate_cards.build_rate_card(fuel, "both")


@pytest.mark.parametrize("carrier", ["USPS", "ShipHero Fulfillment", "DHL"])
def test_a_carrier_whose_rounding_is_not_published_is_refused(carrier):
    with pytest.raises(ValueError, match=f"dim_carrier: '{carrier}' has no published rounding"):
        rate_cards.build_rate_card(ROWS, "Quenbridge Fulfillment", carrier)


# Laws

PARCELS = {
    "length_in": st.floats(1, 19),
    "width_in": st.floats(1, 15),
    "height_in": st.floats(1, 11),
    "weight_lb": st.floats(0.05, 20),
    "zone": st.integers(2, 8),
    "units": st.integers(1, 9),
    "residential": st.booleans(),
    "returns": st.integers(0, 2),
    "shipped_on": st.dates(pd.Timestamp("2025-07-01").date(), pd.Timestamp("2026-06-30").date()),
}


@given(st.sampled_from(list(CARDS.values())), st.fixed_dictionaries(PARCELS), st.floats(0, 19))
def test_no_line_is_negative_and_a_heavier_or_farther_parcel_costs_no_less(card, parcel, more):
    changes = [
        {},
        {"weight_lb": min(parcel["weight_lb"] + more, 20.0)},
        {"zone": min(parcel["zone"] + 1, 8)},
        {"residential": True},
        {"units": parcel["units"] + 1},
    ]
    orders = [order(**parcel | change, order_id=str(at)) for at, change in enumerate(changes)]
    lines = quotes.quote(pd.concat(orders), card, 200_000)
    assert (lines["amount_usd"] >= 0).all()
    now, *others = quotes.order_totals(lines)
    assert min(others) >= now


@given(st.integers(0, 10**9), st.integers(0, 10**7))
def test_money_is_rounded_half_a_cent_up_as_in_decimal_arithmetic(quantity, rate):
    exact = Decimal(quantity) / 10_000 * Decimal(rate) / 10_000
    expected = float(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    assert quotes.extended_amount(quantity / 10_000, rate / 10_000).item() == expected


def test_a_line_is_its_quantity_times_its_rate():
    for card in CARDS.values():
        lines = quotes.quote(quotes.program_orders(), card, 200_000)
        assert (lines["amount_usd"] - lines["quantity"] * lines["rate_usd"]).abs().max() < 0.00501
        assert lines["amount_usd"].notna().all()


def test_one_parcel_on_every_card():
    table = quotes.compare_parcel(CARDS, zone=5, weight_lb=1.0, residential=True, peak=True)
    # Quenbridge: 11 × 9 × 5 = 495 in³ / 166 = 2.98, so 3 lb; 2.20 + 0.90 + 0.193 × 2 = 3.486; fuel 3.49 × 0.1743 = 0.61
    assert table.loc["Quenbridge Fulfillment"].tolist() == [3, 2.91, 3.49, round(0.61 + 2.35 + 0.60, 2), 9.96]
    assert (table["total_usd"] - table[["work_usd", "transport_usd", "surcharges_usd"]].sum(axis=1)).abs().max() < 1e-9


def test_the_formula_of_a_parcel_is_the_engine_s():
    lines = quotes.quote(order(**ROUNDED, zone=3, residential=True), QUEN, 1).set_index("charge")["amount_usd"]
    sides = {name: ROUNDED[name] for name in ("length_in", "width_in", "height_in")}
    charge = formulas.PARCEL_CHARGE(
        **sides,
        actual_weight_lb=2.0,
        divisor=166,
        base_usd=2.50,
        pound_usd=0.141,
        fuel_rate=0.1849,
        home_usd=2.35,
        peak_usd=0,
    )
    assert charge == pytest.approx(lines[["base transport", "fuel", "residential"]].sum(), abs=0.01)


# The offers

FEES = pd.read_csv(FACTS / "3pl_fees.csv")
DISCOUNT = FEES.set_index("fee").loc["Negotiated discount off list", "high"] / 100
#: Charge and basis -> the published rows (fee, basis) between whose lowest and highest amount the rate lies.
RANGES = {
    ("onboarding", "seller account"): [("Account set-up", "one-off")],
    ("receiving", "pallet"): [("Inbound receiving", "per pallet")],
    ("receiving", "container"): [("Inbound receiving", "per container")],
    ("storage", "pallet month"): [("Storage", "per pallet month")],
    ("storage", "cubic foot month"): [("Storage", "per cubic foot month")],
    ("order handling", "order"): [("Pick & pack", "per pick")],
    ("additional pick", "unit"): [
        ("Additional pick", "per unit after third"),
        ("Per-item fulfillment incl. storage", "per item"),
    ],
    ("packaging", "parcel"): [("FBA prep: poly bag", "per item"), ("Packaging: re-box", "per carton")],
    ("returns", "return"): [("Returns processing", "per return")],
}
ELSEWHERE = {"base transport", "delivered parcel", "all-in order", "fuel", "residential", "peak surcharge"}
UNPUBLISHED = {"account management", "monthly minimum"}


@pytest.mark.parametrize(
    "rate", load("bid_rates").query("charge not in @ELSEWHERE").itertuples(), ids=lambda row: row[1]
)
def test_a_fee_lies_in_its_published_range(rate):
    """From the lowest published amount less the published 40% negotiated discount up to the highest."""
    if rate.charge in UNPUBLISHED:
        assert not FEES["fee"].str.contains("minimum|account management", case=False).any()
        return
    rows = [FEES[(FEES["fee"] == fee) & (FEES["basis"] == basis)] for fee, basis in RANGES[rate.charge, rate.basis]]
    assert all(len(own) for own in rows)
    found = pd.concat(rows)
    assert found["low"].min() * (1 - DISCOUNT) <= rate.rate_usd <= found["high"].max()


def test_surcharges_lie_in_their_published_ranges():
    rates, base = load("bid_rates"), load_reference_table("surcharges_base").query("year <= 2026")
    ground = base.set_index(["item", "carrier", "year"]).loc[buying.FUEL, "value"] / 100
    assert rates.query("charge == 'fuel'")["rate_usd"].between(ground.min() * (1 - DISCOUNT), ground.max()).all()
    home = base[base["item"].str.startswith("Residential surcharge") & (base["value"] > 0)]["value"]
    assert rates.query("charge == 'residential'")["rate_usd"].between(home.min() * (1 - DISCOUNT), home.max()).all()
    peak = load_reference_table("peak_surcharges").query(
        "season == 2025 and surcharge.str.startswith('Ground residential')"
    )
    assert rates.query("charge == 'peak surcharge'")["rate_usd"].between(*peak["amount_usd"].agg(["min", "max"])).all()
    days = rates.query("charge == 'peak surcharge'")
    assert (days["valid_from"] >= peak["start"].min()).all()
    assert (days["valid_to"] <= peak["end"].max()).all()


def test_an_all_in_order_takes_a_published_share_of_sales():
    orders = quotes.program_orders()
    share = quotes.quote(orders, BRAC, 1)["amount_usd"].sum() / orders["value_usd"].sum()
    row = FEES.set_index("fee").loc["All-in 3PL"]
    assert row["low"] / 100 <= share <= row["high"] / 100


def test_the_carrier_part_of_a_parcel_is_below_what_carriers_earn_on_one():
    revenue = load_reference_table("surcharges_base").set_index("item").loc["Carrier revenue per US parcel", "value"]
    orders = quotes.program_orders()
    for card in (QUEN, OSTR, MARR):
        lines = quotes.quote(orders, card, 200_000)
        carried = lines[
            lines["charge"].isin({"base transport", "fuel", "residential", "peak surcharge", "delivered parcel"})
        ]
        assert 0.6 * revenue < carried["amount_usd"].sum() / len(orders) < 0.75 * revenue


def test_the_cheapest_pick_and_invoice_is_not_the_cheapest_good_order():
    orders = quotes.program_orders()
    terms = load("bid_capacity").set_index("bidder")
    cost, pick = {}, {}
    for bidder, card in CARDS.items():
        year = quotes.quote_year(orders, card, scale=300, accounts=51)
        cost[bidder] = year["amount_usd"].sum() / (300 * len(orders))
        pick[bidder] = (
            card.rates_of("order handling")["rate_usd"].min() if len(card.rates_of("order handling")) else np.inf
        )
    assert min(pick, key=pick.get) == min(cost, key=cost.get) == "Marrowfield 3PL"
    assert max(cost.values()) / min(cost.values()) < 1.04  # no offer stands out
    lost = orders["value_usd"].mean() * (1 - terms["claims_paid_share"]) * terms["damage_rate"]
    good = (pd.Series(cost) + lost) / (1 - terms["damage_rate"] - terms["wrong_order_rate"])
    assert good.idxmax() == "Marrowfield 3PL"
    assert good.drop("Marrowfield 3PL").max() < good["Marrowfield 3PL"] - 1


def test_no_bidder_carries_the_region_alone_on_a_peak_day():
    asked = load("bid_assumptions").query("bidder == 'Quenbridge Fulfillment'").set_index("assumption")["request_value"]
    need = asked["orders a day in an ordinary week"] * asked["peak day over ordinary day"]
    ceilings = load("bid_capacity").set_index("bidder")["peak_orders_a_day"]
    assert ceilings.max() < need < ceilings.nlargest(2).sum()


def test_measured_quality_is_the_program_s():
    terms = load("bid_capacity").set_index("operator_id")
    owner = load("centers").set_index("center_id")["operator_id"]
    parcels = load("shipments").dropna(subset="damaged")
    damaged = parcels["damaged"].astype(float).groupby(parcels["center_id"].map(owner)).mean()
    for operator in ("OP1", "OP2", "OP3"):
        assert terms.loc[operator, "damage_rate"] == pytest.approx(damaged[operator], abs=5e-5)
    assert terms["quality_source"].value_counts().to_dict() == {"measured in the program": 3, "two references": 1}


# The platform's card

CARD = pd.read_csv(
    FACTS / "fbt_rate_card.csv",
    parse_dates=["effective_from", "effective_to"],
    dtype={"units_per_order": "str", "size": "str", "amount_text": "str", "warning": "str"},
    keep_default_na=False,
    na_values={name: [""] for name in ("tier_from", "tier_to", "amount", "per_lb", "over_lb")},
)
SOLD = CARD[(CARD["market"] == "US") & CARD["effective_from"].notna()]
TODAY = pd.Timestamp("2026-11-23")
UNITS = {"1": [1], "2": [2], "3": [3], "2+": [2, 7], "4+": [4, 30], "any": [1, 5]}


def test_the_card_is_normalized():
    assert len(CARD) == 213
    assert CARD["market"].value_counts().to_dict() == {"US": 205, "UK": 8}
    for column in ("amount", "tier_from", "tier_to", "per_lb", "over_lb"):
        assert CARD[column].dtype == float
    assert CARD["amount"].notna().all()
    assert (
        CARD["effective_to"].dropna() >= CARD["effective_from"][CARD["effective_to"].notna()].fillna(pd.Timestamp.min)
    ).all()
    assert CARD["amount_is"].value_counts().to_dict() == {"exact": 205, "formula": 4, "at least": 4}
    assert CARD["warning"].ne("").sum() == 2
    assert CARD["source_url"].str.startswith("https://").all()
    assert CARD["confidence"].ne("").all()


@pytest.mark.parametrize("at", SOLD[SOLD["tier_unit"].str.contains("weight|^lb", regex=True)].index)
def test_a_row_by_weight_is_reproduced(at):
    row = CARD.loc[at]
    last = row["effective_to"] if pd.notna(row["effective_to"]) else TODAY
    heaviest = row["tier_to"] if pd.notna(row["tier_to"]) else row["tier_from"] + 40
    for day in (row["effective_from"], last):
        for weight in (row["tier_from"] + 0.01, (row["tier_from"] + heaviest) / 2, heaviest):
            for units in UNITS[row["units_per_order"]]:
                if row["amount_is"] == "at least":
                    with pytest.raises(ValueError, match="only a starting price was found"):
                        platform_fees.platform_fee(day, weight, units, row["fee_type"])
                    continue
                found = platform_fees.platform_row(day, weight, units, row["fee_type"])
                assert found.name == at
                more = max(0.0, weight - row["over_lb"]) * row["per_lb"] if row["amount_is"] == "formula" else 0.0
                fee = platform_fees.platform_fee(day, weight, units, row["fee_type"])
                assert fee == pytest.approx(row["amount"] + more, abs=0.00501 if more else 1e-12)


@pytest.mark.parametrize("at", SOLD[SOLD["tier_unit"] == "days in storage"].index)
def test_a_row_by_age_is_reproduced(at):
    row = CARD.loc[at]
    last = row["effective_to"] if pd.notna(row["effective_to"]) else TODAY
    oldest = row["tier_to"] if pd.notna(row["tier_to"]) else 2000
    for day in (row["effective_from"], last):
        for age in (row["tier_from"], oldest):
            assert platform_fees.platform_storage(day, int(age)) == row["amount"]


@pytest.mark.parametrize("at", SOLD[SOLD["tier_unit"] == ""].index)
def test_a_row_without_tiers_is_reproduced(at):
    row = CARD.loc[at]
    assert platform_fees.platform_fee(row["effective_from"], fee=row["fee_type"]) == row["amount"]


def test_the_rows_that_are_not_priced_are_those_without_a_start():
    assert set(CARD.loc[CARD["effective_from"].isna(), "fee_type"]) == {"customer_return_handling_flat", "cffs_subsidy"}
    for fee in ("customer_return_handling_flat", "cffs_subsidy"):
        with pytest.raises(ValueError, match="its start is not known: not priced"):
            platform_fees.platform_fee("2025-05-01", fee=fee)


def test_the_fee_that_falls_carries_its_warning():
    before, after = (platform_fees.platform_row("2026-07-13", weight, 4) for weight in (7.5, 8.5))
    assert (before["amount"], after["amount"]) == (6.70, 6.59)
    assert before["warning"] == after["warning"] != ""
    assert platform_fees.platform_row("2026-07-13", 6.5, 4)["warning"] == ""


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"on": "2024-12-31", "weight_lb": 1},
            "on: 2024-12-31, no row of fulfillment, expected 2025-01-16 to 2025-06-15",
        ),
        (
            {"on": "2026-07-13", "weight_lb": 16.01},
            "expected above 0 up to 16 lb .the card has tiers of 16-50 lb and 50",
        ),
        ({"on": "2026-07-13", "weight_lb": 120}, "whose amounts were not found.: not priced"),
        ({"on": "2026-02-01", "weight_lb": 1, "units": 2}, "in an order of 2 units on 2026-02-01, expected above 4"),
        ({"on": "2026-06-01", "weight_lb": 18}, "weight_lb: 18 .* expected above 0 up to 16 lb or above 51 lb"),
        ({"on": "2025-02-01", "weight_lb": 1, "units": 2}, "rows found are for 1 units: not priced"),
        ({"on": "2026-07-13", "weight_lb": 0}, "weight_lb"),
        ({"on": "2026-07-13", "weight_lb": -1}, "weight_lb"),
        ({"on": "2026-07-13", "weight_lb": 1, "units": 0}, "units"),
        ({"on": "2026-07-13"}, "weight_lb: missing, expected the chargeable weight"),
        ({"on": "2026-07-13", "fee": "gift wrap"}, "fee: 'gift wrap' is not on the US card"),
    ],
)
def test_what_the_card_does_not_price_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        platform_fees.platform_fee(**values)


@pytest.mark.parametrize(("on", "days"), [("2025-01-31", 10), ("2026-07-13", 0), ("2026-07-13", 1.5)])
def test_a_day_in_storage_without_a_row_is_refused(on, days):
    with pytest.raises(ValueError, match=r"storage|days_stored"):
        platform_fees.platform_storage(on, days)


def test_the_lightest_fees_are_the_published_ones():
    assert platform_fees.platform_fee("2026-07-13", 0.25, 1) == 4.28
    assert platform_fees.platform_fee("2026-07-13", 0.25, 4) == 1.56
