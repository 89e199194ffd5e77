"""The book of orders against invoices, contract prices computed parcel by parcel, and hand-made stock."""

import numpy as np
import pandas as pd
import pytest

from fulfillment.cases import rising_cost
from fulfillment.costing import cost_drivers, cost_to_serve
from fulfillment.data import load
from fulfillment.freight import auditing, rating
from fulfillment.freight.cartonization import cartons

FIRST, LAST, DAY = "2026-05-01", "2026-05-31", "2026-05-15"


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in rising_cost.TABLES}


@pytest.fixture(scope="module")
def homes(tables):
    return rising_cost.second_homes(
        tables["inventory_weekly"], ("2025-08-04", "2025-12-22"), ("2026-06-01", "2026-06-22")
    )


@pytest.fixture(scope="module")
def book(tables, homes):
    return rising_cost.open_book(tables, FIRST, LAST, homes, DAY)


@pytest.fixture(scope="module")
def may(tables):
    sent = tables["shipments"]
    orders = tables["orders"]
    ids = orders.loc[orders["dispatched_at"].dt.to_period("M") == "2026-05", "order_id"]
    return sent[sent["order_id"].isin(ids)].reset_index(drop=True)


@pytest.fixture(scope="module")
def audit(tables, may):
    bills = tables["invoice_lines"].dropna(subset="shipment_id")
    return auditing.freight_audit(bills[bills["shipment_id"].isin(may["shipment_id"])], may, tables["rate_cards"])


def test_with_no_lever_the_book_is_what_was_billed(book, tables, may):
    ledgers, size = book.ledgers(), len(book.orders)
    assert size == may["order_id"].nunique()
    lines = tables["invoice_lines"]
    freight = lines.loc[lines["shipment_id"].isin(may["shipment_id"]), "billed_usd"].sum()
    assert ledgers["parcels"] == pytest.approx(freight / size, abs=2e-4)
    traced = cost_to_serve.order_costs(tables).set_index("order_id").loc[book.orders]
    assert ledgers["operators"] == pytest.approx(traced["handling_usd"].mean())
    assert ledgers["cartons"] == pytest.approx(traced["packaging_usd"].mean())
    assert ledgers["returns"] == pytest.approx(traced["returns_usd"].mean())
    start = lines["invoice_id"].map(tables["invoices"].set_index("invoice_id")["period_start"])
    service = lines[lines["charge"].isin(["storage", "receiving"]) & start.between(FIRST, LAST)]
    assert ledgers["storage and receiving"] == pytest.approx(service["billed_usd"].sum() / size)
    assert book.cost() == pytest.approx(ledgers.drop(["late orders", "sellers"]).sum())
    assert ledgers["late orders"] == pytest.approx(5 * book.late_share())
    assert book.parcels_per_order() == pytest.approx(len(may) / size)


def test_the_lateness_foretold_is_that_of_the_orders(book, tables):
    orders = tables["orders"].set_index("order_id").loc[book.orders]
    in_time = orders[orders["dispatched_at"] <= orders["dispatch_due_at"]]
    late = (~(in_time["delivered_at"] <= in_time["deliver_by"])).mean()
    assert book.late_share() == pytest.approx(late, abs=3 * np.sqrt(late * (1 - late) / len(in_time)))


def test_the_right_rate_saves_what_the_audit_finds(book, audit):
    saved = (book.cost() - book.cost(["right rate"])) * len(book.orders)
    first_bill = audit[audit["finding"] != "billed twice"]
    assert saved == pytest.approx(first_bill["above_rate_usd"].sum(), rel=0.02)
    others = audit["over_usd"].sum() - audit["above_rate_usd"].sum()
    kept = (book.cost() - book.cost(["audit before payment"])) * len(book.orders)
    assert kept == pytest.approx(0.75 * others)


def test_cartons_brought_back_save_what_packing_each_parcel_again_saves(book, tables, may):
    lines = tables["order_lines"].merge(tables["skus"], on="sku_id")
    lines = lines[lines["shipment_id"].isin(may["shipment_id"])]
    lines = lines.assign(height_in=lines["height_in"] * lines["shipped_units"])
    content = lines.groupby("shipment_id").agg({"length_in": "max", "width_in": "max", "height_in": "sum"})
    content = content.loc[may["shipment_id"]].reset_index(drop=True)
    item = tables["packaging_items"].set_index("packaging_id")
    chosen = cartons(content, pd.Series(pd.Timestamp("2025-11-02"), may.index), tables["packaging_items"])
    again = may.assign(
        weight_lb=(may["weight_lb"] - item["weight_lb"][may["packaging_id"]].to_numpy()
                   + item["weight_lb"][chosen].to_numpy()).round(2),
        **{side: item[side][chosen].to_numpy() for side in ("length_in", "width_in", "height_in")},
    )  # fmt: skip
    again["billable_weight_lb"] = rating.billed_weight(again.assign(shipped_on=pd.Timestamp(DAY)), "UPS", 166).astype(
        int
    )
    price = [rating.contract_price(rows, tables["rate_cards"]).sum(axis=1).sum() for rows in (may, again)]
    board = [item["standard_price_usd"][names].sum() for names in (may["packaging_id"], chosen)]
    by_hand = (price[0] - price[1] + board[0] - board[1]) / len(book.orders)
    # at the right rate, as contract_price knows no error
    assert book.cost(["right rate"]) - book.cost(["right rate", "two cartons back"]) == pytest.approx(by_hand, abs=1e-6)


def test_the_cheapest_carrier_costs_its_contract(book, tables, may):
    own, all_there = (
        rating.contract_price(rows, tables["rate_cards"]).sum(axis=1).sum()
        for rows in (may, may.assign(carrier_id="CR3"))
    )
    pulled = ["right rate", "all to the cheapest carrier"]
    assert (book.cost(["right rate"]) - book.cost(pulled)) * len(book.orders) == pytest.approx(
        own - all_there, abs=0.01
    )
    assert book.late_share(pulled) > book.late_share() + 0.04


def test_the_home_charge_is_a_difference_of_rates(book, may):
    saved = book.cost() - book.cost(["home charge at the cap"])
    assert saved == pytest.approx(may["residential"].sum() * (1.35 - 1.15 * 1.05) / len(book.orders))


def test_shipping_whole_is_what_the_rate_cards_say_order_by_order(book, tables, may):
    """Every split order that some center held whole, priced by hand at the right rate."""
    both = book.order_costs(["right rate"]) - book.order_costs(["right rate", "ship whole"])
    changed = both[both > 1e-9]
    assert set(changed.index) <= set(book.whole.index[book.whole])
    lines = tables["order_lines"].merge(tables["skus"], on="sku_id")
    item = tables["packaging_items"].set_index("packaging_id")
    fee = rising_cost._fees(tables)
    operator = tables["centers"].set_index("center_id")["operator_id"]
    material, error = 0.062 + 0.048, book._fixed["errors"]
    for order_id, saved in changed.iloc[:60].items():
        split = may[may["order_id"] == order_id]
        own = lines[(lines["order_id"] == order_id) & lines["shipment_id"].notna()]
        stack = pd.DataFrame({"length_in": [own["length_in"].max()], "width_in": [own["width_in"].max()],
                              "height_in": [(own["height_in"] * own["shipped_units"]).sum()]})  # fmt: skip
        box = item.loc[cartons(stack, pd.Series([pd.Timestamp(DAY)]), tables["packaging_items"])].iloc[0]
        weight = round((own["weight_lb"] * own["shipped_units"]).sum() + box["weight_lb"], 2)
        options = []
        for parcel in split.itertuples():
            one = pd.DataFrame({"carrier_id": [parcel.carrier_id], "zone": [parcel.zone],
                                "residential": [parcel.residential], "dispatched_at": [pd.Timestamp(DAY)],
                                "shipped_on": [pd.Timestamp(DAY)], "length_in": [box["length_in"]],
                                "width_in": [box["width_in"]], "height_in": [box["height_in"]],
                                "weight_lb": [weight]})  # fmt: skip
            one["billable_weight_lb"] = rating.billed_weight(one, "UPS", 166).astype(int)
            terms = fee.loc[operator[parcel.center_id]]
            handling = (
                terms["order handling"]
                + terms["packaging"]
                + terms["additional pick"] * (own["shipped_units"].sum() - 1)
            )
            freight = rating.contract_price(one, tables["rate_cards"]).sum(axis=1).iloc[0]
            options.append(freight + handling + box["standard_price_usd"] + material + error)
        today = book.order_costs(["right rate"])[order_id]
        assert any(today - saved == pytest.approx(option, abs=1e-6) for option in options)


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
    found = rising_cost._held_whole(lines, {"orders": orders, "inventory_weekly": weeks})
    assert found.loc["B"].tolist() == ["FC1", 5]
    assert pd.isna(found.loc["A", "center_id"])


def test_items_at_home_leave_in_one_parcel_and_add_stock(book, homes):
    pulled, base = book.ledgers(["slow items home"]), book.ledgers()
    assert book.parcels_per_order(["slow items home"]) < 1.005 < book.parcels_per_order()
    storage = homes["extra_units"].sum() * book.unit_month_usd / len(book.orders)
    assert pulled["storage and receiving"] - base["storage and receiving"] == pytest.approx(storage)
    assert pulled["sellers"] > base["sellers"]


def test_the_placement_agrees_with_the_bridge_of_period_means(book, tables, may):
    """Another method: Shapley values on the means of July 2025 and May 2026 (see the chapter on cost)."""
    sent = tables["shipments"]
    sent = sent.assign(
        billed_usd=sent["shipment_id"].map(tables["invoice_lines"].groupby("shipment_id")["billed_usd"].sum())
    )
    month = sent["dispatched_at"].dt.to_period("M")
    model = cost_drivers.parcel_cost_model(
        sent[month == "2025-07"], sent[month == "2026-05"], tables["rate_cards"], "2025-07-15", DAY, divisor=166
    )
    parts = cost_drivers.attribute_change(model, cost_drivers.PARCEL_CAUSES)["average"]
    freight = book.ledgers()["parcels"] - book.ledgers(["slow items home"])["parcels"]
    assert freight == pytest.approx(parts["zone mix"] + parts["split shipments"], abs=0.08)


def test_levers_that_share_parcels_save_less_together(book):
    pair = ["ship whole", "slow items home"]
    single = sum(book.cost() - book.cost([name]) for name in pair)
    assert book.cost() - book.cost(pair) < 0.85 * single
    assert book.cost() - book.cost(pair) > max(book.cost() - book.cost([name]) for name in pair)


def test_every_lever_but_skipping_saves_and_the_order_of_names_does_not_matter(book):
    for lever in set(rising_cost.LEVERS) - {"zone skipping"}:
        assert book.cost([lever]) < book.cost()
    assert book.cost(rising_cost.LEVERS) == book.cost(rising_cost.LEVERS[::-1])
    daily = book.far_parcels()
    assert daily > book.far_parcels(["slow items home"]) > 0


def test_days_are_those_on_which_parcels_leave(book, may):
    """May 2026 has 26 days from Monday to Saturday, of which Memorial Day is one."""
    assert book.days == may["dispatched_at"].dt.normalize().nunique() == 25
    far = may[(may["center_id"] == "FC1") & (may["zone"] >= 6)]
    assert book.far_parcels() == pytest.approx(len(far) / 25 * 300)


def test_the_hub_packed_a_part_of_each_order_that_was_held_whole(book, may):
    assert set(book.hub.index) == set(book.whole.index[book.whole])
    packed = may.groupby("order_id")["center_id"].agg(set)
    assert all(center in packed[order_id] for order_id, center in book.hub.items())


def test_items_carry_all_of_the_cost_once(tables, book):
    items = rising_cost.item_costs(tables, FIRST, LAST)
    assert items["cost_usd"].sum() == pytest.approx(book.cost() * len(book.orders), rel=1e-4)
    assert items["seller_id"].notna().all()
    lines, parcels = rising_cost._period(tables, FIRST, LAST)
    alone = lines[lines.groupby("shipment_id")["sku_id"].transform("size") == 1]
    only = alone.groupby("sku_id").size()
    lone = only.index[only == lines.groupby("sku_id").size().reindex(only.index)][0]  # never shared a parcel
    own = parcels[parcels["shipment_id"].isin(alone.loc[alone["sku_id"] == lone, "shipment_id"])]
    assert items.loc[lone, "parcels"] == pytest.approx(own["billed_usd"].sum())


def test_second_homes_are_the_items_of_the_chapter(tables, homes):
    stock = tables["inventory_weekly"].query("closing_units > 0")
    lie = stock.groupby(["sku_id", "week"])["center_id"].nunique().unstack()
    fewer = lie.index[
        lie.loc[:, "2026-06-01":"2026-06-22"].max(axis=1) < lie.loc[:, "2025-12-01":"2025-12-22"].max(axis=1)
    ]
    assert set(homes.index) == set(fewer)
    assert (homes["extra_units"] >= 0).all()


def test_bad_input_is_refused(tables, homes, book):
    with pytest.raises(ValueError, match="levers: 'magic' is not one, expected some of ship whole"):
        book.cost(["magic"])
    with pytest.raises(ValueError, match="tables: skus is missing, expected orders"):
        rising_cost.item_costs({name: table for name, table in tables.items() if name != "skus"}, FIRST, LAST)
    with pytest.raises(ValueError, match=r"last: \d+ parcels are not billed yet, expected none"):
        rising_cost.open_book(tables, "2026-06-01", "2026-06-30", homes, "2026-06-15")
    with pytest.raises(ValueError, match="first: no order left from 2027-01-01"):
        rising_cost.item_costs(tables, "2027-01-01", "2027-01-31")
    with pytest.raises(ValueError, match="before: no week from 2020-01-06 to 2020-01-06, expected at least one"):
        rising_cost.second_homes(tables["inventory_weekly"], ("2020-01-06",) * 2, ("2026-06-01",) * 2)
    with pytest.raises(ValueError, match=r"audit_won: 1\.5, expected a share"):
        rising_cost.Givens(audit_won=1.5)
    with pytest.raises(ValueError, match=r"trailer_usd: -1\.0, expected"):
        rising_cost.Givens(trailer_usd=-1)
