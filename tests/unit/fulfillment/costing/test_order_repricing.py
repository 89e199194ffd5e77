"""Orders priced again, against invoices, contract prices computed parcel by parcel, and hand-made stock."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fulfillment.costing import cost_drivers, order_repricing
from fulfillment.data import given, load
from fulfillment.freight import auditing, rating
from fulfillment.freight.cartonization import cartonize
from fulfillment.planning.placement import narrowed_items

FIRST, LAST, DAY = "2026-05-01", "2026-05-31", "2026-05-15"
FILLING_USD = 0.062 + 0.048  # filling and tape
CAPPED_USD = 1.15 * 1.05  # last July's residential surcharge and the cap


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in order_repricing.REQUIRED_TABLES}


@pytest.fixture(scope="module")
def narrowed(tables):
    return narrowed_items(tables["inventory_weekly"])


@pytest.fixture(scope="module")
def repricing(tables, narrowed):
    return order_repricing.build_repricing(tables, FIRST, LAST, narrowed, capped_home_usd=CAPPED_USD)


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
    ledgers, size = repricing.ledgers(), len(repricing.orders)
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
    assert ledgers["late orders"] == pytest.approx(given("late_order_usd") * repricing.late_share())
    assert repricing.price_orders()["count"].mean() == pytest.approx(len(may) / size)


def test_the_lateness_foretold_is_that_of_the_orders(repricing, tables):
    orders = tables["orders"].set_index("order_id").loc[repricing.orders]
    in_time = orders[orders["dispatched_at"] <= orders["dispatch_due_at"]]
    late = (~(in_time["delivered_at"] <= in_time["deliver_by"])).mean()
    assert repricing.late_share() == pytest.approx(late, abs=3 * np.sqrt(late * (1 - late) / len(in_time)))


def test_the_right_rate_saves_what_the_audit_finds(repricing, audit):
    saved = (repricing.cost() - repricing.cost(["right rate"])) * len(repricing.orders)
    first_bill = audit[audit["finding"] != "billed twice"]
    assert saved == pytest.approx(first_bill["above_rate_usd"].sum(), rel=0.02)
    others = audit["over_usd"].sum() - audit["above_rate_usd"].sum()
    kept = (repricing.cost() - repricing.cost(["audit before payment"])) * len(repricing.orders)
    assert kept == pytest.approx(given("audit_won") * others)


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
    assert repricing.late_share(applied) > repricing.late_share() + 0.04


def test_the_residential_cap_is_a_difference_of_rates(repricing, may):
    saved = repricing.cost() - repricing.cost(["residential cap"])
    assert saved == pytest.approx(may["residential"].sum() * (1.35 - CAPPED_USD) / len(repricing.orders))


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


def test_items_stocked_near_again_leave_in_one_parcel_and_add_stock(repricing, narrowed, stock):
    near, today, size = ["slow items near"], repricing.ledgers(), len(repricing.orders)
    assert repricing.price_orders(near)["count"].mean() < 1.005 < repricing.price_orders()["count"].mean()
    more = repricing.ledgers(near) - today
    added = narrowed["extra_units"]
    assert more["storage and receiving"] == pytest.approx((added * stock["month_usd"].iloc[0]).sum() / size)
    capital = (added * stock["unit_cost_usd"].reindex(added.index)).sum() * given("capital_rate") / 12
    assert more["sellers"] == pytest.approx(
        (capital + narrowed["weekly_units"].sum() * 31 / 7 * given("second_home_usd")) / size
    )
    assert today["sellers"] == pytest.approx(
        stock["closing_units"] @ stock["unit_cost_usd"] * given("capital_rate") / 12 / size
    )


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
    freight = repricing.ledgers()["parcels"] - repricing.ledgers(["slow items near"])["parcels"]
    assert freight == pytest.approx(parts["zone mix"] + parts["split shipments"], abs=0.08)


def test_levers_that_share_parcels_save_less_together(repricing):
    pair = ["ship whole", "slow items near"]
    single = sum(repricing.cost() - repricing.cost([name]) for name in pair)
    assert repricing.cost() - repricing.cost(pair) < 0.85 * single
    assert repricing.cost() - repricing.cost(pair) > max(repricing.cost() - repricing.cost([name]) for name in pair)


def test_the_hub_packed_a_part_of_each_order_that_it_could_fill(repricing, may):
    assert set(repricing.fill_center.index) == set(
        may.groupby("order_id").size().loc[lambda parcels: parcels > 1].index
    )
    packed = may.groupby("order_id")["center_id"].agg(set)
    assert all(center in packed[order_id] for order_id, center in repricing.fill_center.dropna().items())


def test_an_order_stays_split_where_one_parcel_is_dearer(repricing):
    saved = repricing.order_costs() - repricing.order_costs(["ship whole"])
    rows = repricing.parcels
    whole = (rows["plan"] == order_repricing.WHOLE) * (saved.to_numpy()[rows["order"]] + 0.01)
    dearer = replace(repricing, parcels=rows.assign(carton_usd=rows["carton_usd"] + whole))
    assert dearer.order_costs(["ship whole"]).equals(repricing.order_costs())


def test_only_homes_pay_the_residential_charge(repricing, may):
    """A dollar more a home: each order pays it once for each of its parcels to a home."""
    home = {capped: usd + 1 for capped, usd in repricing.prices.home.items()}
    dearer = replace(repricing, prices=replace(repricing.prices, home=home)).order_costs() - repricing.order_costs()
    homes = may.groupby("order_id")["residential"].sum()
    assert dearer.to_numpy() == pytest.approx(homes[dearer.index].to_numpy(float), abs=1e-9)
    assert (homes == 0).any()


def test_a_parcel_of_unknown_zone_pays_the_mean_of_what_each_zone_would(repricing, tables):
    near = repricing.parcels[repricing.parcels["zone"] == order_repricing.NEAR]
    assert len(near) > 50
    lines = tables["order_lines"].merge(tables["shipments"], on=["order_id", "shipment_id"])
    lines = lines[lines["order_id"].isin(repricing.orders)]
    far = ((lines["filled_units"] == 0) & ~lines["backordered"]).groupby(lines["shipment_id"]).any()
    zones = lines.groupby("shipment_id")["zone"].first()[~far]
    carriers = sorted(tables["shipments"]["carrier_id"].unique())
    row = near.iloc[[0]].assign(dispatched_at=pd.Timestamp(DAY), billable_weight_lb=near["weight_lb"].iloc[0])
    row["carrier_id"] = carriers[row["carrier"].iloc[0]]
    prices = [
        rating.contract_price(row.assign(zone=zone), tables["rate_cards"]).sum(axis=1).iloc[0] * share
        for zone, share in zones.value_counts(normalize=True).items()
    ]
    found = repricing.price_parcels(["right rate"])["parcels"][near.index[0]]
    assert found == pytest.approx(sum(prices) + repricing.prices.error)


@pytest.mark.parametrize("name", order_repricing.LEVERS)
def test_each_lever_saves_whatever_the_order_of_names(repricing, name):
    assert repricing.cost([name]) < repricing.cost()
    pair = [name, "right rate"]
    assert repricing.cost(pair) == repricing.cost(pair[::-1])


def test_bad_input_is_refused(tables, narrowed, repricing):
    build = order_repricing.build_repricing
    with pytest.raises(ValueError, match="levers: 'magic' is not one, expected some of right rate"):
        repricing.cost(["magic"])
    with pytest.raises(ValueError, match="tables: skus is missing, expected shipments"):
        build({name: table for name, table in tables.items() if name != "skus"}, FIRST, LAST, narrowed)
    with pytest.raises(ValueError, match=r"last: \d+ parcels are not billed yet, expected none"):
        build(tables, "2026-06-01", "2026-06-30", narrowed)
    with pytest.raises(ValueError, match="first: no order left from 2027-01-01"):
        build(tables, "2027-01-01", "2027-01-31", narrowed)
    with pytest.raises(ValueError, match="cheapest_carrier_id: 'CR9', expected one of CR1"):
        build(tables, FIRST, LAST, narrowed, "CR9")
    with pytest.raises(ValueError, match="capped_home_usd: -1, expected"):
        build(tables, FIRST, LAST, narrowed, capped_home_usd=-1)
    with pytest.raises(ValueError, match="last: a peak surcharge holds on 2025-12-31, expected a day without"):
        build(tables, "2025-12-01", "2025-12-31", narrowed)
