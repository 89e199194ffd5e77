"""Orders priced again, against invoices, contract prices computed parcel by parcel, and hand-made stock."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from fulfillment.cases import rising_cost
from fulfillment.costing import cost_drivers
from fulfillment.data import load
from fulfillment.freight import auditing, rating
from fulfillment.freight.cartonization import cartonize

FIRST, LAST, DAY = "2026-05-01", "2026-05-31", "2026-05-15"
FILLING_USD = 0.062 + 0.048  # filling and tape
GIVEN = rising_cost.Assumptions(
    volume=rising_cost.VolumeShift("CR2", "CR5", max_zone=5),
    skipping=rising_cost.ZoneSkipping("FC1"),
    cheapest_carrier_id="CR3",
)


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in rising_cost.REQUIRED_TABLES}


@pytest.fixture(scope="module")
def narrowed(tables):
    return rising_cost.narrowed_items(
        tables["inventory_weekly"], ("2025-08-04", "2025-12-22"), ("2026-06-01", "2026-06-22")
    )


@pytest.fixture(scope="module")
def repricing(tables, narrowed):
    return rising_cost.build_repricing(tables, FIRST, LAST, narrowed, DAY, GIVEN)


@pytest.fixture(scope="module")
def may(tables):
    sent = tables["shipments"]
    orders = tables["orders"]
    ids = orders.loc[orders["dispatched_at"].dt.to_period("M") == "2026-05", "order_id"]
    return sent[sent["order_id"].isin(ids)].reset_index(drop=True)


@pytest.fixture(scope="module")
def fees(tables):
    """The operators' contracts: a row per center, a column per charge."""
    rates = tables["rate_cards"].drop_duplicates(["supplier_id", "charge"])
    by_operator = rates.pivot(index="supplier_id", columns="charge", values="rate_usd")
    return by_operator.loc[tables["centers"]["operator_id"]].set_axis(tables["centers"]["center_id"])


@pytest.fixture(scope="module")
def stock(tables):
    """May's weeks: mean units on hand and aged by item, the item's cost, and storage of a unit for a month."""
    weeks = tables["inventory_weekly"]
    weeks = weeks[weeks["week"].dt.to_period("M") == "2026-05"]
    table = weeks.groupby("sku_id")[["closing_units", "aged_units"]].sum() / weeks["week"].nunique()
    table = table.join(tables["skus"].set_index("sku_id")["unit_cost_usd"])
    bills = tables["invoice_lines"].merge(tables["invoices"][["invoice_id", "period_start"]], on="invoice_id")
    stored = bills[(bills["charge"] == "storage") & (bills["period_start"].dt.to_period("M") == "2026-05")]
    return table.assign(month_usd=stored["billed_usd"].sum() / table["closing_units"].sum())


@pytest.fixture(scope="module")
def audit(tables, may):
    bills = tables["invoice_lines"].dropna(subset="shipment_id")
    return auditing.freight_audit(bills[bills["shipment_id"].isin(may["shipment_id"])], may, tables["rate_cards"])


def test_with_no_lever_it_is_what_was_billed(repricing, tables, may, fees):
    ledgers, size = repricing.reprice().ledgers, len(repricing.orders)
    assert size == may["order_id"].nunique()
    lines = tables["invoice_lines"]
    freight = lines.loc[lines["shipment_id"].isin(may["shipment_id"]), "billed_usd"].sum()
    assert ledgers["parcels"] == pytest.approx(freight / size, abs=2e-4)
    terms = fees.loc[may["center_id"]].reset_index(drop=True)
    handling = terms["order handling"] + terms["packaging"] + terms["additional pick"] * (may["units"] - 1)
    assert ledgers["operators"] == pytest.approx(handling.sum() / size)
    carton = tables["packaging_items"].set_index("packaging_id")["standard_price_usd"]
    assert ledgers["cartons"] == pytest.approx((carton[may["packaging_id"]] + FILLING_USD).sum() / size)
    back = tables["returns"][tables["returns"]["order_id"].isin(may["order_id"])]
    assert ledgers["returns"] == pytest.approx(back[["label_usd", "handling_usd"]].sum().sum() / size)
    start = lines["invoice_id"].map(tables["invoices"].set_index("invoice_id")["period_start"])
    service = lines[lines["charge"].isin(["storage", "receiving"]) & start.between(FIRST, LAST)]
    assert ledgers["storage and receiving"] == pytest.approx(service["billed_usd"].sum() / size)
    assert repricing.cost() == pytest.approx(ledgers.drop(["late orders", "sellers"]).sum())
    assert ledgers["late orders"] == pytest.approx(5 * repricing.reprice().late_share)
    assert repricing.reprice().parcels_per_order == pytest.approx(len(may) / size)


def test_the_lateness_foretold_is_that_of_the_orders(repricing, tables):
    orders = tables["orders"].set_index("order_id").loc[repricing.orders]
    in_time = orders[orders["dispatched_at"] <= orders["dispatch_due_at"]]
    late = (~(in_time["delivered_at"] <= in_time["deliver_by"])).mean()
    assert repricing.reprice().late_share == pytest.approx(late, abs=3 * np.sqrt(late * (1 - late) / len(in_time)))


def test_the_right_rate_saves_what_the_audit_finds(repricing, audit):
    saved = (repricing.cost() - repricing.cost(["right rate"])) * len(repricing.orders)
    first_bill = audit[audit["finding"] != "billed twice"]
    assert saved == pytest.approx(first_bill["above_rate_usd"].sum(), rel=0.02)
    others = audit["over_usd"].sum() - audit["above_rate_usd"].sum()
    kept = (repricing.cost() - repricing.cost(["audit before payment"])) * len(repricing.orders)
    assert kept == pytest.approx(0.75 * others)


def test_cartons_brought_back_save_what_packing_each_parcel_again_saves(repricing, tables, may):
    lines = tables["order_lines"].merge(tables["skus"], on="sku_id")
    lines = lines[lines["shipment_id"].isin(may["shipment_id"])]
    lines = lines.assign(height_in=lines["height_in"] * lines["shipped_units"])
    content = lines.groupby("shipment_id").agg({"length_in": "max", "width_in": "max", "height_in": "sum"})
    content = content.loc[may["shipment_id"]].reset_index(drop=True)
    item = tables["packaging_items"].set_index("packaging_id")
    chosen = cartonize(content, pd.Series(pd.Timestamp("2025-11-02"), may.index), tables["packaging_items"])
    again = may.assign(
        weight_lb=(may["weight_lb"] - item["weight_lb"][may["packaging_id"]].to_numpy()
                   + item["weight_lb"][chosen].to_numpy()).round(2),
        **{side: item[side][chosen].to_numpy() for side in ("length_in", "width_in", "height_in")},
    )  # fmt: skip
    again["billable_weight_lb"] = rating.billable_weight(again.assign(shipped_on=pd.Timestamp(DAY)), "UPS", 166).astype(
        int
    )
    price_parcels = [rating.contract_price(rows, tables["rate_cards"]).sum(axis=1).sum() for rows in (may, again)]
    board = [item["standard_price_usd"][names].sum() for names in (may["packaging_id"], chosen)]
    by_hand = (price_parcels[0] - price_parcels[1] + board[0] - board[1]) / len(repricing.orders)
    # at the right rate, as contract_price knows no error
    assert repricing.cost(["right rate"]) - repricing.cost(["right rate", "two cartons back"]) == pytest.approx(
        by_hand, abs=1e-6
    )


def test_the_cheapest_carrier_costs_its_contract(repricing, tables, may):
    own, all_there = (
        rating.contract_price(rows, tables["rate_cards"]).sum(axis=1).sum()
        for rows in (may, may.assign(carrier_id="CR3"))
    )
    applied = ["right rate", "all to the cheapest carrier"]
    assert (repricing.cost(["right rate"]) - repricing.cost(applied)) * len(repricing.orders) == pytest.approx(
        own - all_there, abs=0.01
    )
    assert repricing.reprice(applied).late_share > repricing.reprice().late_share + 0.04


def test_the_residential_cap_is_a_difference_of_rates(repricing, may):
    saved = repricing.cost() - repricing.cost(["residential cap"])
    assert saved == pytest.approx(may["residential"].sum() * (1.35 - 1.15 * 1.05) / len(repricing.orders))


def test_shipping_whole_is_what_the_rate_cards_say_order_by_order(repricing, tables, may, fees, audit):
    """Every split order that some center held whole, priced by hand at the right rate."""
    both = repricing.order_costs(["right rate"]) - repricing.order_costs(["right rate", "ship whole"])
    assert both.min() > -1e-9  # never dearer
    changed = both[both > 1e-9]
    assert set(changed.index) <= set(repricing.fill_center.dropna().index)
    lines = tables["order_lines"].merge(tables["skus"], on="sku_id")
    item = tables["packaging_items"].set_index("packaging_id")
    error = (audit["over_usd"].sum() - audit["above_rate_usd"].sum()) / len(may)
    for order_id, saved in changed.iloc[:60].items():
        split = may[may["order_id"] == order_id]
        own = lines[(lines["order_id"] == order_id) & lines["shipment_id"].notna()]
        stack = pd.DataFrame({"length_in": [own["length_in"].max()], "width_in": [own["width_in"].max()],
                              "height_in": [(own["height_in"] * own["shipped_units"]).sum()]})  # fmt: skip
        box = item.loc[cartonize(stack, pd.Series([pd.Timestamp(DAY)]), tables["packaging_items"])].iloc[0]
        weight = round((own["weight_lb"] * own["shipped_units"]).sum() + box["weight_lb"], 2)
        options = []
        for parcel in split.itertuples():
            one = pd.DataFrame({"carrier_id": [parcel.carrier_id], "zone": [parcel.zone],
                                "residential": [parcel.residential], "dispatched_at": [pd.Timestamp(DAY)],
                                "shipped_on": [pd.Timestamp(DAY)], "length_in": [box["length_in"]],
                                "width_in": [box["width_in"]], "height_in": [box["height_in"]],
                                "weight_lb": [weight]})  # fmt: skip
            one["billable_weight_lb"] = rating.billable_weight(one, "UPS", 166).astype(int)
            terms = fees.loc[parcel.center_id]
            handling = (
                terms["order handling"]
                + terms["packaging"]
                + terms["additional pick"] * (own["shipped_units"].sum() - 1)
            )
            freight = rating.contract_price(one, tables["rate_cards"]).sum(axis=1).iloc[0]
            options.append(freight + handling + box["standard_price_usd"] + FILLING_USD + error)
        today = repricing.order_costs(["right rate"])[order_id]
        assert any(today - saved == pytest.approx(option, abs=1e-6) for option in options)


def test_an_order_stays_split_where_one_parcel_is_dearer(repricing):
    parcels, saved = repricing.scenario.parcels, repricing.order_costs() - repricing.order_costs(["ship whole"])
    one_cent_more = parcels["carton_cost_usd"] + saved.to_numpy()[parcels["order"]] + 0.01
    dear = parcels["carton_cost_usd"].mask(parcels["plan"] == rising_cost.WHOLE, one_cent_more)
    dearer = replace(repricing, scenario=repricing.scenario.with_parcels(carton_cost_usd=dear))
    assert dearer.order_costs(["ship whole"]).equals(repricing.order_costs())
    assert dearer.cost(["ship whole"]) == repricing.cost()


def test_no_unit_is_promised_twice(tables):
    """Two orders want the last unit of the same item at the hub; the earlier one gets it."""
    lines = pd.DataFrame(
        {
            "order_id": ["A", "A", "B", "B"],
            "shipment_id": ["P1", "P2", "P3", "P4"],
            "sku_id": ["slow", "fast"] * 2,
            "center_id": ["FC1", "FC2"] * 2,
            "zone": [6, 3, 5, 2],
            "shipped_units": 1,
        }
    )
    weeks = pd.DataFrame(
        {
            "week": pd.to_datetime(["2026-05-04", "2026-05-11"]),
            "center_id": "FC1",
            "sku_id": "fast",
            "available_units": [1, 7],
        }
    )
    orders = pd.DataFrame({"order_id": ["A", "B"], "ordered_at": pd.to_datetime(["2026-05-13", "2026-05-12"])})
    found = rising_cost.single_center_fill(lines, orders, weeks)
    assert found.loc["B"].tolist() == ["FC1", 5]
    assert pd.isna(found.loc["A", "center_id"])


def test_items_stocked_near_again_leave_in_one_parcel_and_add_stock(repricing, narrowed, stock):
    near, today, size = repricing.reprice(["slow items near"]), repricing.reprice(), len(repricing.orders)
    assert near.parcels_per_order < 1.005 < today.parcels_per_order
    more = near.ledgers - today.ledgers
    added = narrowed["extra_units"]
    assert more["storage and receiving"] == pytest.approx((added * stock["month_usd"].iloc[0]).sum() / size)
    capital = (added * stock["unit_cost_usd"].reindex(added.index)).sum() * 0.08 / 12
    assert more["sellers"] == pytest.approx((capital + narrowed["weekly_units"].sum() * 31 / 7 * 0.30) / size)
    assert today.ledgers["sellers"] == pytest.approx(stock["closing_units"] @ stock["unit_cost_usd"] * 0.08 / 12 / size)


def test_aged_stock_saves_its_storage_and_costs_sellers_a_part_of_its_value(repricing, stock):
    more = repricing.reprice(["aged stock out"]).ledgers - repricing.reprice().ledgers
    size = len(repricing.orders)
    assert more["storage and receiving"] == pytest.approx(-stock["aged_units"] @ stock["month_usd"] / size)
    assert more["sellers"] == pytest.approx(stock["aged_units"] @ stock["unit_cost_usd"] * 0.10 / 12 / size)
    assert set(more.index[more.abs() > 1e-9]) == {"storage and receiving", "sellers"}


def test_the_regional_carrier_doubles_at_its_contract(repricing, tables, may):
    theirs = may[(may["carrier_id"] == "CR2") & (may["zone"] <= 5)]
    own, moved = (
        rating.contract_price(rows, tables["rate_cards"]).sum(axis=1).sum()
        for rows in (theirs, theirs.assign(carrier_id="CR5"))
    )
    share = (may["carrier_id"] == "CR5").sum() / len(theirs)
    assert share < 1
    saved = repricing.cost(["right rate"]) - repricing.cost(["right rate", "regional carrier"])
    assert saved * len(repricing.orders) == pytest.approx(share * (own - moved))


def test_zone_skipping_pays_the_near_zone_sorting_and_the_trailer(repricing, tables, may):
    far = may[(may["center_id"] == "FC1") & (may["zone"] >= 6)]
    own, near = (
        rating.contract_price(rows, tables["rate_cards"]).sum(axis=1).sum() for rows in (far, far.assign(zone=3))
    )
    saved = repricing.cost(["right rate"]) - repricing.cost(["right rate", "zone skipping"])
    by_hand = own - near - 0.30 * len(far) - 25 * 3600 / 300
    assert saved * len(repricing.orders) == pytest.approx(by_hand)
    assert (
        repricing.reprice(["zone skipping"]).late_share == repricing.reprice().late_share
    )  # by the carrier's own zone


def test_a_parcel_of_unknown_zone_pays_the_mean_of_what_each_zone_would(repricing, tables):
    """By contract, those of the center that skips zones; far zones are paid as zone 3, and sorted."""
    scenario = repricing.apply(["right rate", "zone skipping"])
    rows = scenario.parcels[(scenario.parcels["zone"] == rising_cost.NEAR) & (scenario.parcels["center_id"] == "FC1")]
    assert len(rows) > 50
    mix = repricing.scenario.zone_shares[0]
    expected = pd.Series(repricing.rates.error_usd, rows.index)
    for zone, share in zip(range(2, 9), mix, strict=True):
        asked = rows.assign(
            zone=zone if zone < 6 else 3, dispatched_at=pd.Timestamp(DAY), carrier_id=rows["carrier_id"].astype(str)
        )
        expected += share * (rating.contract_price(asked, tables["rate_cards"]).sum(axis=1) + 0.30 * (zone >= 6))
    assert rising_cost.price_parcels(scenario, repricing.rates)["parcels"][rows.index].to_numpy() == pytest.approx(
        expected.to_numpy()
    )


def test_a_zone_that_is_not_known_is_a_mix_of_zones_and_skips_its_far_part(repricing, may):
    mix, skipped, *known = repricing.scenario.zone_shares
    assert np.array_equal(known, np.eye(7))
    assert [mix.sum(), skipped.sum()] == pytest.approx([1, 1])
    assert skipped[:4].tolist() == pytest.approx([mix[0], mix[1] + mix[4:].sum(), mix[2], mix[3]])
    assert not skipped[4:].any()
    assert mix @ np.arange(2, 9) < may["zone"].mean()  # without what came from afar


def test_only_homes_pay_the_residential_charge(repricing, may):
    """A dollar more a home: each order pays it once for each of its parcels to a home."""
    dearer = replace(repricing.scenario, residential_rate=repricing.scenario.residential_rate + 1)
    orders = replace(repricing, scenario=dearer).order_costs() - repricing.order_costs()
    homes = may.groupby("order_id")["residential"].sum()
    assert orders.to_numpy() == pytest.approx(homes[orders.index].to_numpy(float), abs=1e-9)
    assert (homes == 0).any()


def same(one: rising_cost.Scenario, other: rising_cost.Scenario) -> bool:
    return not changed(one, other)


def changed(one: rising_cost.Scenario, other: rising_cost.Scenario) -> set[str]:
    """Terms, and columns of parcels and stock, in which two scenarios differ."""
    found = {
        name for name in ("tariff", "residential_rate", "paid_errors", "trips") if vars(one)[name] != vars(other)[name]
    }
    for table, after in ((one.parcels, other.parcels), (one.stock, other.stock)):
        assert list(table) == list(after)
        found |= {column for column in table if not (table[column].to_numpy() == after[column].to_numpy()).all()}
    return found


@pytest.mark.parametrize("name", rising_cost.LEVERS)
def test_each_lever_is_idempotent_and_changes_something(repricing, name):
    lever = rising_cost.LEVERS[name]
    once = lever(repricing.scenario)
    assert changed(repricing.scenario, once)
    assert same(lever(once), once)


def test_levers_commute_unless_both_say_who_carries(repricing):
    """Those that touch different columns, and the two that open shipping plans."""
    base, carriers = repricing.scenario, {"regional carrier", "all to the cheapest carrier"}
    touched = {name: changed(base, lever(base)) for name, lever in rising_cost.LEVERS.items()}
    shared = [pair for pair in combinations(touched, 2) if touched[pair[0]] & touched[pair[1]]]
    assert shared == [("ship whole", "slow items near"), ("regional carrier", "all to the cheapest carrier")]
    for pair in combinations(rising_cost.LEVERS, 2):
        one, other = (rising_cost.LEVERS[name] for name in pair)
        assert same(one(other(base)), other(one(base))) or set(pair) == carriers


def test_what_is_known_of_a_set_does_not_depend_on_what_was_asked_before(repricing, tables, narrowed):
    pair = ["ship whole", "zone skipping"]
    fresh = rising_cost.build_repricing(tables, FIRST, LAST, narrowed, DAY, GIVEN).reprice(pair)
    known = repricing.reprice(pair[::-1])
    assert known is repricing.reprice(pair)
    assert known.ledgers.equals(fresh.ledgers)


def test_the_placement_agrees_with_the_bridge_of_period_means(repricing, tables, may):
    """Another method: Shapley values on the means of July 2025 and May 2026 (see the chapter on cost)."""
    sent = tables["shipments"]
    sent = sent.assign(
        billed_usd=sent["shipment_id"].map(tables["invoice_lines"].groupby("shipment_id")["billed_usd"].sum())
    )
    month = sent["dispatched_at"].dt.to_period("M")
    model = cost_drivers.parcel_cost_model(
        sent[month == "2025-07"], sent[month == "2026-05"], tables["rate_cards"], ("2025-07-15", DAY), divisor=166
    )
    parts = cost_drivers.shapley_attribution(model, cost_drivers.PARCEL_CAUSES)["average"]
    freight = repricing.reprice().ledgers["parcels"] - repricing.reprice(["slow items near"]).ledgers["parcels"]
    assert freight == pytest.approx(parts["zone mix"] + parts["split shipments"], abs=0.08)


def test_levers_that_share_parcels_save_less_together(repricing):
    pair = ["ship whole", "slow items near"]
    single = sum(repricing.cost() - repricing.cost([name]) for name in pair)
    assert repricing.cost() - repricing.cost(pair) < 0.85 * single
    assert repricing.cost() - repricing.cost(pair) > max(repricing.cost() - repricing.cost([name]) for name in pair)


def test_every_lever_but_skipping_saves_and_the_order_of_names_does_not_matter(repricing):
    for lever in set(rising_cost.LEVERS) - {"zone skipping"}:
        assert repricing.cost([lever]) < repricing.cost()
    assert repricing.cost(list(rising_cost.LEVERS)) == repricing.cost(list(rising_cost.LEVERS)[::-1])
    daily = repricing.reprice().far_parcels
    assert daily > repricing.reprice(["slow items near"]).far_parcels > 0


def test_days_are_those_on_which_parcels_leave(repricing, may):
    """May 2026 has 26 days from Monday to Saturday, of which Memorial Day is one."""
    assert repricing.scenario.days == may["dispatched_at"].dt.normalize().nunique() == 25
    far = may[(may["center_id"] == "FC1") & (may["zone"] >= 6)]
    assert repricing.reprice().far_parcels == pytest.approx(len(far) / 25 * 300)


def test_the_hub_packed_a_part_of_each_order_that_it_could_fill(repricing, may):
    assert set(repricing.fill_center.index) == set(
        may.groupby("order_id").size().loc[lambda parcels: parcels > 1].index
    )
    packed = may.groupby("order_id")["center_id"].agg(set)
    assert all(center in packed[order_id] for order_id, center in repricing.fill_center.dropna().items())


def test_items_carry_all_of_the_cost_once(tables, repricing, may):
    items = rising_cost.item_costs(tables, FIRST, LAST)
    assert items["cost_usd"].sum() == pytest.approx(repricing.cost() * len(repricing.orders), rel=1e-4)
    assert items["seller_id"].notna().all()
    sent = tables["order_lines"][tables["order_lines"]["shipment_id"].isin(may["shipment_id"])]
    alone = sent[~sent["shipment_id"].duplicated(keep=False)]
    only = alone.groupby("sku_id").size()
    lone = only.index[only == sent.groupby("sku_id").size().reindex(only.index)][0]  # never shared a parcel
    bills = tables["invoice_lines"]
    own = bills["shipment_id"].isin(alone.loc[alone["sku_id"] == lone, "shipment_id"])
    assert items.loc[lone, "parcels"] == pytest.approx(bills.loc[own, "billed_usd"].sum())


def test_narrowed_items_are_those_of_the_chapter(tables, narrowed):
    stock = tables["inventory_weekly"].query("closing_units > 0")
    lie = stock.groupby(["sku_id", "week"])["center_id"].nunique().unstack()
    fewer = lie.index[
        lie.loc[:, "2026-06-01":"2026-06-22"].max(axis=1) < lie.loc[:, "2025-12-01":"2025-12-22"].max(axis=1)
    ]
    assert set(narrowed.index) == set(fewer)
    assert (narrowed["extra_units"] >= 0).all()


def test_bad_input_is_refused(tables, narrowed, repricing):
    with pytest.raises(ValueError, match="levers: 'magic' is not one, expected some of ship whole"):
        repricing.cost(["magic"])
    with pytest.raises(ValueError, match=r"tables: skus is missing, expected .*order_lines, skus, invoices"):
        rising_cost.item_costs({name: table for name, table in tables.items() if name != "skus"}, FIRST, LAST)
    with pytest.raises(ValueError, match=r"last: \d+ parcels are not billed yet, expected none"):
        rising_cost.build_repricing(tables, "2026-06-01", "2026-06-30", narrowed, "2026-06-15", GIVEN)
    with pytest.raises(ValueError, match="first: no order left from 2027-01-01"):
        rising_cost.item_costs(tables, "2027-01-01", "2027-01-31")
    with pytest.raises(ValueError, match="before: no week from 2020-01-06 to 2020-01-06, expected at least one"):
        rising_cost.narrowed_items(tables["inventory_weekly"], ("2020-01-06",) * 2, ("2026-06-01",) * 2)
    with pytest.raises(ValueError, match=r"audit_won: 1\.5, expected a number from 0 to 1"):
        replace(GIVEN, audit_won=1.5)
    with pytest.raises(ValueError, match="trailer_usd: -1, expected a finite number of at least 0"):
        rising_cost.ZoneSkipping("FC1", trailer_usd=-1)
    unknown = replace(GIVEN, volume=rising_cost.VolumeShift("CR2", "CR9", 5))
    with pytest.raises(ValueError, match=r"volume.to: 'CR9' is unknown, expected one of CR1"):
        rising_cost.build_repricing(tables, FIRST, LAST, narrowed, DAY, unknown)
    with pytest.raises(ValueError, match="rates_on: a peak surcharge holds on 2025-12-01, expected a day without"):
        rising_cost.build_repricing(tables, FIRST, LAST, narrowed, "2025-12-01", GIVEN)
