"""What is not known leaves numerator and denominator, alike in pandas and SQL; what cannot be read is refused by name."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.api.types import is_datetime64_dtype, is_float_dtype

from fulfillment import data, kpis
from fulfillment.data.schemas import TIME
from fulfillment.kpis import workbook
from fulfillment.kpis.base import READS
from fulfillment.kpis.catalog import catalog, kpi, run
from tests.unit.fulfillment.kpis.made_up import made_up

COMPUTED = [id for id, kpi in catalog().items() if kpi.computed]
CELLS = [(id, table, column) for id in COMPUTED for table, columns in READS[id].items() for column in columns]
Tables = dict[str, pd.DataFrame]


def outcome(id: str, tables: Tables, engine: str) -> tuple[float, int] | str:
    """Value and n, or that the KPI is refused in words of ours."""
    try:
        value = run(id, tables, engine)
    except ValueError as error:
        return "refused" if "expected" in str(error) else f"{engine}: {error}"
    return float(value), value.n


def alike(one: tuple[float, int] | str, other: tuple[float, int] | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other == "refused"
    return other == pytest.approx(one, rel=1e-9, abs=1e-9)


# One column with gaps -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Tables:
    return workbook.sample({name: data.load(name) for name in workbook.TABLES})


@pytest.mark.parametrize(("id", "table", "column"), CELLS)
def test_a_column_with_gaps_gives_one_figure(sample, id, table, column):
    rng = np.random.default_rng(len(column))
    cells = sample[table][column].astype("object")
    for part in (0.02, 0.4):
        gaps = rng.random(len(cells)) < part
        gaps[rng.integers(len(cells))] = True
        tables = sample | {table: sample[table].assign(**{column: cells.mask(gaps, None)})}
        told, counted = outcome(id, tables, "pandas"), outcome(id, tables, "duckdb")
        assert alike(told, counted), f"{told} {counted}"


@pytest.mark.parametrize("id", COMPUTED)
def test_a_kpi_reads_the_columns_that_it_names(sample, id):
    tables = {table: sample[table][list(dict.fromkeys(columns))] for table, columns in READS[id].items()}
    assert set(tables) == set(kpi(id).tables)
    assert outcome(id, tables, "pandas") == outcome(id, sample, "pandas")


# Whatever stands in the columns ---------------------------------------------------------------------------------------

MISSING = {"none": None, "nan": float("nan"), "NA": pd.NA, "NaT": pd.NaT, "blank": " "}
WRONG = {"str": 1.5, TIME: "7/10/2025", "boolean": "X", "int64": "far", "Int64": "1,234", "float64": float("inf")}
HARMLESS = ("text", "object", "zone")
KINDS = (*MISSING, *HARMLESS, "wrong", "doubled", "unknown", "negative", "seconds")


@cache
def odd(seed: int, rows: int) -> Tables:
    return made_up(seed, rows)


def as_text(value: object) -> object:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)


def damaged(column: pd.Series, type: str, kind: str, hit: np.ndarray) -> pd.Series:
    """The column with another form, or with something else where it is hit."""
    cells = column.astype("object")
    if kind in MISSING:
        return cells.mask(hit, MISSING[kind])
    if kind == "text":
        return cells.map(as_text)
    if kind == "zone":
        return column.dt.tz_localize("Asia/Tokyo") if is_datetime64_dtype(column) else cells
    if kind == "wrong":
        return cells.mask(hit, WRONG[type])
    if kind == "doubled":
        return cells.mask(hit, cells.iloc[0]) if len(cells) else cells
    if kind == "unknown" and type == "str":
        return cells.mask(hit, "nowhere")
    if kind == "negative" and is_float_dtype(column):
        return column.mask(hit, -column)
    if kind == "seconds" and is_datetime64_dtype(column):
        return column.mask(hit, column + pd.Timedelta(seconds=59))
    return cells if kind == "object" else column


DAMAGES = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from(KINDS), st.sampled_from([0.1, 0.5, 1.0])), min_size=1, max_size=4
)


@pytest.mark.parametrize("id", COMPUTED)
@given(seed=st.integers(0, 7), rows=st.sampled_from([0, 1, 7, 30]), damages=DAMAGES)
@settings(max_examples=25)
def test_two_engines_tell_the_same_or_both_refuse(id, seed, rows, damages):
    whole = odd(seed, rows)
    tables = {name: whole[name] for name in kpi(id).tables}
    places = [(table, column) for table, columns in READS[id].items() for column in dict.fromkeys(columns)]
    rng = np.random.default_rng(seed)
    for place, kind, part in damages:
        table, column = places[place % len(places)]
        hit = rng.random(len(tables[table])) < part
        type = data.TABLES[table][column]
        tables[table] = tables[table].assign(**{column: damaged(tables[table][column], type, kind, hit)})
    told, counted = outcome(id, tables, "pandas"), outcome(id, tables, "duckdb")
    assert alike(told, counted), f"{told} {counted}"
    if all(kind in HARMLESS for _, kind, _ in damages):
        assert alike(outcome(id, whole, "pandas"), told)


# Counted by hand ------------------------------------------------------------------------------------------------------


def day(*days: str | None) -> pd.Series:
    return pd.to_datetime(pd.Series([day and f"2025-07-{day}" for day in days]))


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


BILLS = frame(shipment_id=["P", "Q", None], billed_usd=[8.0, 9.0, 90.0])
OWN = frame(order_id=["A", "B"], seller_id="S001", value_usd=40.0, dispatched_at=pd.Timestamp("2025-07-01"))
NOTHING_BACK = frame(order_id=["A"], label_usd=[0.0], handling_usd=[None])
STOCK = frame(sku_id=["K1", "K1"], closing_units=[7, 7], days_listed=7)
SKUS = frame(sku_id=["K1"], unit_cost_usd=[5.0])


@pytest.mark.parametrize(
    ("id", "tables", "value", "n"),
    [
        ("average_zone", {"shipments": frame(zone=[2, None, 4])}, 3, 2),
        (
            "late_dispatch_rate",  # the second has no deadline
            {"orders": frame(dispatched_at=day("02", "02", "09"), dispatch_due_at=day("03", None, "03"))},
            1 / 2,
            2,
        ),
        ("tender_acceptance", {"tenders": frame(accepted=["yes", None, "no", "Yes"])}, 2 / 3, 3),
        ("orders_per_labor_hour", {"capacity": frame(processed_orders=[10, 30], labor_hours=["5", None])}, 2, 1),
        ("cost_per_parcel", {"invoice_lines": BILLS.assign(billed_usd=[8.0, None, 90.0])}, 8, 1),
        (
            "cost_to_serve",  # a parcel without an id is nobody's, and a line without one is for no parcel
            {
                "orders": OWN,
                "shipments": frame(shipment_id=["P", None], order_id=["A", "B"]),
                "invoice_lines": BILLS,
                "returns": NOTHING_BACK,
            },
            8 / 80,
            2,
        ),
        ("claims_recovery", {"claims": frame(status=["paid", None], claimed_usd=[60, 40], paid_usd=[30, 0])}, 0.5, 1),
        (
            "purchase_price_variance",  # what came of the second line is not known
            {
                "po_lines": frame(po_id=["P1", "P2"], line_number=1, unit_price_usd=2.0, standard_price_usd=1.0),
                "po_receipts": frame(po_id=["P1", "P2", "P2"], line_number=1, quantity=[5, 7, None]),
            },
            5,
            1,
        ),
    ],
)
def test_a_gap_is_left_out(id, tables, value, n):
    for engine in ("pandas", "duckdb"):
        assert outcome(id, tables, engine) == (pytest.approx(value), n)


def test_an_order_fails_whatever_else_of_it_is_not_known():
    orders = frame(
        ordered_at=day("01", "01", "01"), dispatched_at=day("02", "02", "02"), deliver_by=day("08", "08", "08"),
        delivered_at=day("09", "07", "07"), in_full=[None, None, True], damaged=[None, False, False],
        tracking_valid=True, cancel_fault=None,
    )  # fmt: skip
    for engine in ("pandas", "duckdb"):  # the first is late; of the second nobody knows whether it was complete
        assert outcome("perfect_order_rate", {"orders": orders}, engine) == (1 / 2, 2)


def test_seconds_count():
    receipts = frame(arrived_at=["2025-07-01 08:00:59"], available_at=["2025-07-01 09:00:00"])
    for engine in ("pandas", "duckdb"):
        value, n = outcome("dock_to_stock_time", {"inbound_receipts": receipts}, engine)
        assert (round(value, 3), n) == (0.984, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: kpis.fulfillment_cost_per_order(
                frame(charge=["fuel", "fuel"], billed_usd=[1.0, None]), frame(dispatched_at=day("01"))
            ),
            "fulfillment_cost_per_order: invoice_lines: billed_usd of row 1 is not known",
        ),
        (
            lambda: kpis.gmroi(frame(sku_id=["K9"], shipped_units=[1], unit_price_usd=[9.0]), STOCK, SKUS),
            "gmroi: order_lines: margin of row 0 is not known",
        ),
        (
            lambda: kpis.days_of_inventory(STOCK.assign(shipped_units=1), pd.concat([SKUS, SKUS])),
            "skus: sku_id 'K1' in row 1, expected each key once",
        ),
        (
            lambda: kpis.supplier_concentration(
                frame(supplier_id=["C1", "C2"], amount_usd=[300, -100]),
                frame(supplier_id=["C1", "C2"], category="parcel"),
            ),
            "supplier_concentration: spend -100 with C2, expected at least 0",
        ),
        (
            lambda: kpis.late_dispatch_rate(frame(dispatched_at=["7/9/2025"], dispatch_due_at=["7/10/2025"])),
            "orders: dispatched_at: '7/9/2025' in row 0, expected a time such as 2025-07-10 13:30",
        ),
        (
            lambda: kpis.refund_time(
                frame(requested_at=day("01").dt.tz_localize("UTC"), refunded_at=day("02").dt.tz_localize("Asia/Tokyo"))
            ),
            "returns: refunded_at: times of zone Asia/Tokyo beside returns: requested_at of UTC, expected one zone",
        ),
        (lambda: kpis.average_zone(frame(zone=["2", "far"])), "shipments: zone: 'far' in row 1, expected a whole"),
        (
            lambda: kpis.fault_cancellation_rate(frame(ordered_at=day("01"), cancel_fault=["Operator"])),
            "orders: cancel_fault: 'Operator' in row 0, expected buyer, operator or platform, or nothing",
        ),
        (
            lambda: kpis.on_time_shipment_rate(
                frame(dispatch_due_at=day("03"), dispatched_at=day("02"), cancelled_at=None, ordered_at=day("01"))
            ),
            "orders: no column delivered_at, expected",
        ),
        (lambda: kpis.average_zone([2, 4]), r"shipments: \[2, 4\], expected a table \(DataFrame\)"),
        (
            lambda: kpis.average_zone(pd.DataFrame([[2, 4]], columns=["zone", "zone"])),
            "shipments: column zone stands there more than once",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_plainly_meant_is_read():
    orders = frame(
        deliver_by=["2025-07-10", "2025-07-10"],
        delivered_at=["2025-07-09T20:00:00-07:00", None],
        cancelled_at=None,
    )
    assert kpis.on_time_delivery_rate(orders, as_of="2025-07-11") == 0.5
    ids = {"invoices": frame(supplier_id=[1.0, 2.0, None], amount_usd=["30", "10", "5"])}
    suppliers = frame(supplier_id=["1", "2"], category="parcel")
    assert kpis.supplier_concentration(ids["invoices"], suppliers) == 6250
