"""The synthetic program repeats byte for byte, is consistent in itself, and stands on what its facts say."""

import gzip
import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import calendar, data, kpis, simulate
from fulfillment.data.schemas import SCHEMAS, TIME
from fulfillment.simulate import describe, flow, program


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return simulate.simulate()


@pytest.fixture(scope="module")
def orders(tables) -> pd.DataFrame:
    return tables["orders"]


@pytest.fixture(scope="module")
def lines(tables) -> pd.DataFrame:
    """Order lines with their order's and their item's columns."""
    return tables["order_lines"].merge(tables["orders"], on="order_id", suffixes=("", "_order"))


@pytest.fixture(scope="module")
def bills(tables) -> pd.DataFrame:
    """Invoice lines with their invoice's columns."""
    return tables["invoice_lines"].merge(tables["invoices"], on="invoice_id")


# Repeats


def digest(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    return {
        name: hashlib.sha256(pd.util.hash_pandas_object(table).to_numpy().tobytes()).hexdigest()
        for name, table in tables.items()
    }


def test_a_second_run_makes_the_same_tables(tables):
    assert digest(simulate.simulate()) == digest(tables)


@pytest.mark.parametrize("name", data.TABLES)
def test_the_committed_files_are_what_a_run_writes(tables, tmp_path, name):
    simulate.write_tables({name: tables[name]}, tmp_path)
    made, kept = data.path(name, tmp_path).read_bytes(), data.path(name).read_bytes()
    if name in data.COMPRESSED:  # another zlib may pack the same text otherwise
        made, kept = gzip.decompress(made), gzip.decompress(kept)
    assert made == kept


def test_the_same_tables_are_the_same_bytes(tables, tmp_path):
    for run in ("one", "two"):
        simulate.write_tables({"returns": tables["returns"]}, tmp_path / run)
    assert data.path("returns", tmp_path / "one").read_bytes() == data.path("returns", tmp_path / "two").read_bytes()


@pytest.mark.parametrize("name", data.TABLES)
def test_what_was_written_is_read_back(tables, name):
    pd.testing.assert_frame_equal(data.load(name), tables[name])


def test_the_files_stay_small():
    assert sum(file.stat().st_size for file in data.NETWORK.iterdir()) < 10_000_000


# Described


def test_the_descriptor_and_the_dictionary_are_those_of_the_schemas(tmp_path):
    (tmp_path / "network").mkdir()
    (tmp_path / "README.md").write_text((data.DATA / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    describe.describe(tmp_path)
    for name in ("README.md", "network/datapackage.json"):
        assert (tmp_path / name).read_text(encoding="utf-8") == (data.DATA / name).read_text(encoding="utf-8")


def test_a_dictionary_without_marks_is_refused(tmp_path):
    (tmp_path / "network").mkdir()
    (tmp_path / "README.md").write_text("# Data\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md: no marks, expected"):
        describe.describe(tmp_path)


def test_the_descriptor_names_every_file_and_column():
    package = json.loads((data.NETWORK / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {data.path(name).name for name in data.TABLES}
    for resource in package["resources"]:
        assert [field["name"] for field in resource["schema"]["fields"]] == list(data.TABLES[resource["name"]])
        assert (data.NETWORK / resource["path"]).exists()


@pytest.mark.parametrize("name", data.TABLES)
def test_every_column_says_what_it_means(name):
    assert SCHEMAS[name].title
    assert all(column.description for column in SCHEMAS[name].columns.values())


# Consistent


@pytest.mark.parametrize("name", data.TABLES)
def test_a_table_keeps_its_schema(tables, name):
    assert len(data.check(name, tables[name]))


@pytest.mark.parametrize(
    ("name", "column", "other"),
    [
        (name, column, field.metadata["to"])
        for name, schema in SCHEMAS.items()
        for column, field in schema.columns.items()
        if field.metadata.get("to")
    ],
)
def test_foreign_keys_hold(tables, name, column, other):
    (key,) = SCHEMAS[other].metadata["key"]
    held = tables[name][column].dropna()
    assert len(held)
    assert held.isin(tables[other][key]).all()


@pytest.mark.parametrize(
    ("name", "other", "keys"),
    [
        ("returns", "order_lines", ["order_id", "line_number"]),
        ("po_receipts", "po_lines", ["po_id", "line_number"]),
        ("shipments", "lanes", ["center_id", "carrier_id", "zone"]),
        ("labor", "capacity", ["week", "center_id"]),
        ("inventory_daily", "inventory_weekly", ["center_id", "sku_id"]),
        ("cycle_counts", "inventory_weekly", ["center_id", "sku_id"]),
        ("bids", "bid_items", ["rfp_id", "item"]),
    ],
)
def test_keys_of_two_columns_hold(tables, name, other, keys):
    found = tables[name][keys].merge(tables[other][keys].drop_duplicates(), on=keys, how="left", indicator=True)
    assert (found["_merge"] == "both").all()


@pytest.mark.parametrize(
    ("name", "earlier", "later"),
    [
        ("orders", "ordered_at", "dispatched_at"),
        ("orders", "dispatched_at", "delivered_at"),
        ("orders", "ordered_at", "cancelled_at"),
        ("orders", "ordered_at", "dispatch_due_at"),
        ("orders", "dispatch_due_at", "deliver_by"),
        ("shipments", "label_at", "dispatched_at"),
        ("shipments", "dispatched_at", "delivered_at"),
        ("tenders", "tendered_at", "responded_at"),
        ("returns", "requested_at", "received_at"),
        ("returns", "received_at", "refunded_at"),
        ("contacts", "opened_at", "resolved_at"),
        ("claims", "filed_on", "closed_on"),
        ("inbound_receipts", "shipped_on", "arrived_at"),
        ("inbound_receipts", "arrived_at", "available_at"),
        ("contracts", "signed_on", "valid_from"),
        ("contracts", "valid_from", "valid_to"),
        ("rate_cards", "valid_from", "valid_to"),
        ("purchase_orders", "approved_at", "sent_at"),
        ("invoices", "period_start", "period_end"),
        ("invoices", "period_end", "issued_on"),
        ("invoices", "issued_on", "paid_on"),
        ("seller_statements", "issued_on", "settled_on"),
        ("campaigns", "told_procurement_on", "starts_on"),
        ("campaigns", "starts_on", "ends_on"),
    ],
)
def test_time_runs_forward(tables, name, earlier, later):
    both = tables[name].dropna(subset=[earlier, later])
    assert len(both)
    assert (both[earlier] <= both[later]).all()


FORWARD = {  # what may lie after the last minute: plans and terms
    "contracts": ["valid_to"],
    "rate_cards": ["valid_to"],
    "orders": ["dispatch_due_at", "deliver_by"],
    "invoices": ["due_on"],
    "po_lines": ["promised_on"],
    "sourcing_events": ["start_on"],
}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (name, column)
        for name, columns in data.TABLES.items()
        for column, kind in columns.items()
        if kind == TIME and column not in FORWARD.get(name, [])
    ],
)
def test_the_tables_end_with_what_was_known(tables, name, column):
    assert tables[name][column].max() <= simulate.AS_OF


def test_orders_of_the_year_in_order_of_time(orders):
    assert orders["ordered_at"].is_monotonic_increasing
    assert orders["ordered_at"].min() >= simulate.START


def test_nothing_leaves_or_arrives_on_a_sunday_or_holiday(orders):
    for time in ("dispatched_at", "delivered_at"):
        days = orders[time].dropna().to_numpy().astype("datetime64[D]")
        assert np.is_busday(days, busdaycal=simulate.WORKING_DAYS).all()


def test_deadlines_are_the_platforms(orders):
    for column, fact in {"dispatch_due_at": "us.dispatch_sla", "deliver_by": "us.deliver_by_sla"}.items():
        due = calendar.business_day_deadline(orders["ordered_at"], data.fact(fact)["value"])
        assert (orders[column] == due).all()


def test_values_are_missing_where_they_cannot_be_known(orders):
    sent, arrived, ended = (orders[time].notna() for time in ("dispatched_at", "delivered_at", "cancelled_at"))
    late = orders["dispatched_at"] > orders["dispatch_due_at"]
    assert not (sent & ended).any()
    assert not (arrived & ~sent).any()
    assert orders["cancel_fault"].notna().equals(ended)
    assert orders["cancel_reason"].notna().equals(ended)
    assert orders["late_cause"].notna().equals(late)
    assert orders["tracking_valid"].notna().equals(sent)
    assert orders["in_full"].notna().equals(arrived)
    assert orders["damaged"].notna().equals(arrived)
    assert not (orders["review_stars"].notna() & ~arrived).any()
    assert set(orders["late_cause"].dropna()) == {*simulate.INCIDENTS, simulate.CAPACITY}
    assert set(orders["cancel_fault"].dropna()) == set(simulate.CANCELLATIONS)


def test_capacity_reconciles_with_orders(tables, orders):
    capacity = tables["capacity"].groupby("center_id")
    kept = orders[orders["cancelled_at"].isna()].groupby("center_id")
    assert (capacity["received_orders"].sum() == kept.size()).all()
    assert (capacity["processed_orders"].sum() == kept["dispatched_at"].count()).all()
    waiting = kept["dispatched_at"].apply(lambda times: times.isna().sum())
    assert (capacity["backlog_orders"].last() == waiting).all()


def test_hours_by_kind_are_the_hours_paid(tables):
    hours = tables["labor"].merge(tables["capacity"], on=["week", "center_id"])
    kinds = hours[["regular_hours", "overtime_hours", "temporary_hours"]].sum(axis=1)
    assert (kinds - hours["labor_hours"]).abs().max() < 0.051
    assert (tables["capacity"]["labor_hours"] > 0).mean() > 0.98


def test_an_order_is_the_sum_of_its_lines(orders, lines):
    lines = lines.assign(value=lines["units"] * lines["unit_price_usd"])
    sums = lines.groupby("order_id")[["units", "value"]].sum()
    counted = lines.groupby("order_id").size()
    orders = orders.set_index("order_id")
    assert (sums["units"] == orders["units"]).all()
    assert (counted == orders["lines"]).all()
    assert (sums["value"] - orders["value_usd"]).abs().max() < 0.006


def test_an_order_holds_items_of_its_seller(tables, lines):
    owner = lines["sku_id"].map(tables["skus"].set_index("sku_id")["seller_id"])
    assert (owner == lines["seller_id"]).all()


def test_parcels_hold_what_the_lines_say_has_left(tables, orders, lines):
    parcels = tables["shipments"].set_index("shipment_id")
    assert (lines.groupby("shipment_id")["shipped_units"].sum() == parcels["units"]).all()
    assert set(parcels["order_id"]) == set(orders.loc[orders["dispatched_at"].notna(), "order_id"])
    left = lines["shipped_units"] > 0
    assert left.equals(lines["shipment_id"].notna())
    assert lines.loc[left, "shipped_units"].equals(lines.loc[left, "units"])
    assert not (left & lines["cancelled_at"].notna()).any()


def test_an_order_is_dispatched_and_delivered_with_its_last_parcel(tables, orders):
    parcels = tables["shipments"].groupby("order_id")
    orders = orders.set_index("order_id").loc[list(parcels.groups)]
    assert (parcels["dispatched_at"].max() == orders["dispatched_at"]).all()
    complete = parcels["delivered_at"].count() == parcels.size()
    assert complete.equals(orders["delivered_at"].notna())
    assert (parcels["delivered_at"].max()[complete] == orders.loc[complete, "delivered_at"]).all()
    damaged = tables["shipments"]["damaged"].fillna(False).groupby(tables["shipments"]["order_id"]).any()
    assert damaged[complete].eq(orders.loc[complete, "damaged"]).all()


def test_an_order_is_in_full_when_every_line_left_as_ordered(orders, lines):
    good = (lines["shipped_units"] == lines["units"]) & lines["pick_error"].eq(False)
    full = good.groupby(lines["order_id"]).all()
    orders = orders[orders["delivered_at"].notna()].set_index("order_id")
    assert full[orders.index].eq(orders["in_full"]).all()


def test_scans_tell_the_parcels_story(tables):
    scans = tables["scan_events"].pivot(index="shipment_id", columns="event", values="event_at")
    parcels = tables["shipments"].set_index("shipment_id")
    assert (scans["picked up"] == parcels["dispatched_at"]).all()
    assert scans["delivered"].dropna().equals(parcels["delivered_at"].dropna().rename("delivered"))
    assert scans["lost"].notna().equals(parcels["lost"].astype(bool).rename("lost"))
    assert (scans["delivery attempted"].notna() == (parcels["delivery_attempts"] > 1)).all()


@pytest.mark.parametrize("name", ["inventory_weekly", "inventory_daily"])
def test_stock_balances(tables, name):
    stock = tables[name]
    moved = stock["received_units"] - stock["shipped_units"] + stock["returned_units"] + stock["adjusted_units"]
    assert (stock["opening_units"] + moved == stock["closing_units"]).all()
    assert (stock["available_units"] <= stock["closing_units"]).all()
    after = stock.groupby(["center_id", "sku_id"])["closing_units"].shift()
    assert (after.dropna() == stock.loc[after.notna(), "opening_units"]).all()


def test_orders_take_stock_and_never_bring_it(tables):
    stock = tables["inventory_daily"].sort_values(["center_id", "sku_id", "date"], kind="stable")
    came = stock[["received_units", "returned_units", "adjusted_units"]].sum(axis=1)
    before = stock.groupby(["center_id", "sku_id"])["available_units"].shift()
    assert (before + came - stock["available_units"]).min() == 0


def test_stock_moves_as_receipts_parcels_returns_and_counts_say(tables, lines):
    stock = tables["inventory_weekly"]
    receipts, returns, counts = tables["inbound_receipts"], tables["returns"], tables["cycle_counts"]
    assert stock["received_units"].sum() == receipts["received_units"].sum()
    assert stock["shipped_units"].sum() == lines["shipped_units"].sum()
    restocked = returns[returns["disposition"] == "restocked"]
    assert stock["returned_units"].sum() == restocked["units"].sum()
    assert stock["adjusted_units"].sum() == (counts["counted_units"] - counts["system_units"]).sum()


def test_an_invoice_is_the_sum_of_its_lines(bills):
    sums = bills.groupby("invoice_id").agg(lines=("billed_usd", "sum"), amount=("amount_usd", "first"))
    assert (sums["lines"] - sums["amount"]).abs().max() < 0.006


def test_every_invoice_line_traces_to_a_parcel_a_center_or_an_order(tables, bills):
    by = tables["suppliers"].set_index("supplier_id")["category"][bills["supplier_id"]].to_numpy()
    assert (bills["shipment_id"].notna() == (by == "parcel")).all()
    assert bills.loc[by == "packaging", ["po_id", "po_line_number"]].notna().all(axis=None)
    works = (by == "fulfillment") & (bills["charge"] != "monthly minimum")
    assert bills.loc[works | (by == "temporary labor"), "center_id"].notna().all()
    parcels = tables["shipments"].set_index("shipment_id")
    own = bills.dropna(subset="shipment_id")
    assert (own["shipment_id"].map(parcels["carrier_id"]) == own["supplier_id"]).all()
    keys = ["po_id", "line_number"]
    goods = (
        bills.dropna(subset="po_id")[["po_id", "po_line_number"]].set_axis(keys, axis=1).astype({"line_number": int})
    )
    assert goods.merge(tables["po_lines"][keys], on=keys).shape == goods.shape


def test_operators_bill_what_happened(tables, bills):
    own = bills[bills["charge"].isin(["order handling", "receiving", "return handling"])]
    billed = own.groupby("charge")["quantity"].sum()
    assert billed["order handling"] == len(tables["shipments"])
    assert billed["receiving"] == tables["inbound_receipts"]["expected_units"].sum()
    assert billed["return handling"] == tables["returns"]["received_at"].notna().sum()


def test_all_parcels_but_those_of_the_open_week_are_billed(tables, bills):
    parcels = tables["shipments"]
    billed = parcels["shipment_id"].isin(bills["shipment_id"])
    assert billed.eq(calendar.week_of(parcels["dispatched_at"]) + pd.Timedelta(days=7) <= simulate.END).all()


def test_every_table_of_rates_names_one_rate_at_a_time(tables):
    rates = tables["rate_cards"].sort_values("valid_from")
    keys = ["contract_id", "charge", "zone", "weight_lb"]
    before = rates.groupby(keys, dropna=False)["valid_to"].shift()
    assert (before.dropna() < rates.loc[before.notna(), "valid_from"]).all()


# Anchored


def test_the_scale_is_the_stated_one(orders):
    assert len(orders) == pytest.approx(simulate.ORDERS, rel=0.01)
    assert 40_000 < len(orders) / 365 * data.NATIONAL < 60_000


@given(st.lists(st.integers(0, 19), max_size=80), st.lists(st.integers(0, 6), min_size=20, max_size=20))
def test_a_queue_serves_in_turn_and_within_capacity(released, capacity):
    released = np.sort(np.array(released, dtype=int))
    day = simulate.queue(released, np.array(capacity))
    served = np.bincount(day, minlength=21)[:20]
    assert (day >= released).all()
    assert (np.diff(day) >= 0).all()
    assert (served <= capacity).all()
    for today in np.flatnonzero(served < capacity):  # capacity is left over only where nobody waits
        assert not ((released <= today) & (day > today)).any()


def test_speed_is_the_published_one(orders):
    published = data.fact("fbt.us.speed_heavy_users")["value"]
    taken = (orders["delivered_at"] - orders["ordered_at"]) / pd.Timedelta(hours=1)
    assert taken.mean() == pytest.approx(published["mean_hours"], abs=1)
    assert kpis.delivered_within(orders, 3) == pytest.approx(published["within_3_days"], abs=0.01)


def test_sales_come_from_the_published_sources(orders):
    share = orders.groupby("source")["value_usd"].sum() / orders["value_usd"].sum()
    assert share.to_dict() == pytest.approx(data.fact("mkt.us.creator_split_h1_2025")["value"], abs=0.015)


def test_damage_is_that_of_the_published_test(orders):
    assert kpis.damage_rate(orders) == pytest.approx(16 / 3234, abs=0.001)


def test_first_attempts_succeed_as_published(tables):
    attempts = tables["shipments"].query("delivery_attempts > 0")["delivery_attempts"]
    assert (attempts == 1).mean() == pytest.approx(1 - flow.FAILED_ATTEMPT, abs=0.01)


def test_a_parcel_costs_thirty_percent_less_than_carriers_are_said_to_earn(bills):
    published = pd.read_csv(data.FACTS / "surcharges_base.csv", index_col="item")["value"][
        "Carrier revenue per US parcel"
    ]
    own = bills.dropna(subset="shipment_id")
    assert own["billed_usd"].sum() / own["shipment_id"].nunique() == pytest.approx(0.7 * published, abs=0.1)


@pytest.mark.parametrize("fee", ["order handling", "return handling"])
def test_operators_fees_lie_within_published_ranges(tables, fee):
    low, high = {"order handling": (1.5, 5), "return handling": (3, 10)}[fee]
    rates = tables["rate_cards"].query("charge == @fee")["rate_usd"]
    assert len(rates) == len(program.OPERATORS)
    assert rates.between(low, high).all()


def test_cyber_monday_is_the_largest_day_and_grows_more_in_value_than_in_orders(orders):
    days = orders.groupby(orders["ordered_at"].dt.normalize())["value_usd"].agg(["sum", "size"])
    growth = days.loc["2025-12-01"] / days.loc["2025-10-01":"2025-10-31"].mean()
    assert days["sum"].idxmax() == days["size"].idxmax() == pd.Timestamp("2025-12-01")
    assert growth["sum"] > growth["size"] > 2


def test_published_facts_name_their_source():
    for name in ("3pl_fees", "sla_levels"):
        rows = pd.read_csv(data.FACTS / f"{name}.csv")
        assert rows[["source_url", "source_date", "confidence"]].notna().all(axis=None)
        assert rows["source_url"].str.startswith("http").all()
