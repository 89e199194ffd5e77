"""Every KPI on a table small enough to count by hand: value and denominator, in any order of rows, with every column."""

import inspect
import re
from math import sqrt

import pandas as pd
import pytest

from fulfillment import kpis

TIMES = re.compile(r".*_(at|on|by|from|to)|week")


def typed(column: pd.Series) -> pd.Series:
    """Cells as what they are: times within 2025, y and n, numbers, text."""
    if TIMES.fullmatch(column.name):
        return pd.to_datetime(column.map(lambda day: f"2025-{day}", na_action="ignore"))
    if column.dropna().isin(["y", "n"]).all():
        return column.map({"y": True, "n": False}).astype("boolean")
    if column.dropna().str.fullmatch(r"-?[\d.]+").all():
        return pd.to_numeric(column)
    return column


def table(text: str) -> pd.DataFrame:
    """A table as it is drawn: a header, then a row a line."""
    head, *rows = ([cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines())
    return pd.DataFrame(rows, columns=head).apply(typed)


TABLES: dict[str, dict[str, pd.DataFrame]] = {}
#: group -> KPI -> its value and the rows in its denominator
COUNTED: dict[str, dict[str, tuple[float, int]]] = {}

# Orders ---------------------------------------------------------------------------------------------------------------
# The last record is of July 11. What was due by the end of that day is due: all but G, H and K; to ship, G as well.

TABLES["orders"] = {
    "orders": table("""
order_id | ordered_at  | dispatch_due_at | dispatched_at | deliver_by  | delivered_at | cancelled_at | cancel_fault | tracking_valid | in_full | damaged | review_stars
A        | 07-01 08:00 | 07-03 23:59     | 07-01 18:00   | 07-10 23:59 | 07-04 08:00  |              |              | y              | y       | n       | 5
B        | 07-01 23:59 | 07-03 23:59     | 07-03 23:59   | 07-10 23:59 | 07-10 23:59  |              |              | y              | n       | n       | 2
C        | 07-01 08:00 | 07-03 23:59     | 07-05 08:00   | 07-10 23:59 | 07-11 08:00  |              |              | y              | y       | n       | 1
D        | 07-02 08:00 | 07-07 23:59     | 07-02 20:00   | 07-11 23:59 |              |              |              | n              |         |         |
E        | 07-02 08:00 | 07-07 23:59     |               | 07-11 23:59 |              | 07-03 09:00  | operator     |                |         |         |
F        | 07-02 08:00 | 07-07 23:59     |               | 07-11 23:59 |              | 07-02 09:00  | buyer        |                |         |         |
G        | 07-09 08:00 | 07-11 23:59     |               | 07-18 23:59 |              |              |              |                |         |         |
H        | 07-10 08:00 | 07-14 23:59     | 07-10 14:00   | 07-21 23:59 | 07-11 08:00  |              |              | y              | y       | n       |
I        | 07-01 08:00 | 07-03 23:59     | 07-02 08:00   | 07-10 23:59 | 07-05 08:00  |              |              | y              | y       | y       |
J        | 07-02 08:00 | 07-07 23:59     |               | 07-11 23:59 |              | 07-03 09:00  | platform     |                |         |         |
K        | 07-11 08:00 | 07-15 23:59     |               | 07-22 23:59 |              |              |              |                |         |         |
"""),
}
COUNTED["orders"] = {
    "late_dispatch_rate": (1 / 6, 6),  # C of the dispatched A B C D H I; B leaves in the last minute
    "on_time_shipment_rate": (4 / 6, 6),  # A B D I of A B C D G I: due and not canceled, G still waits
    "on_time_delivery_rate": (3 / 5, 5),  # A B I of A B C D I: due and not canceled, D is not there
    "perfect_order_rate": (1 / 7, 7),  # A of A B C D E I J: due and not canceled by the buyer
    "on_time_in_full_rate": (2 / 7, 7),  # A I of the same; B is not in full
    "valid_tracking_rate": (5 / 6, 6),  # all dispatched but D
    "fault_cancellation_rate": (2 / 11, 11),  # E J of all
    "damage_rate": (1 / 5, 5),  # I of the delivered A B C H I
    "negative_review_rate": (2 / 5, 5),  # B C of the delivered
    "click_to_ship_time": ((12 + 24) / 2, 6),  # hours: H 6, A 10, D 12, I 24, B 48, C 96
    "order_cycle_time": (4, 5),  # days: H 1, A 3, I 4, B 9, C 10
    "delivery_time_p90": (9 + 0.6 * (10 - 9), 5),  # of the same; nine tenths of the way is at 3.6 of 4 steps
}

# Warehouse ------------------------------------------------------------------------------------------------------------

TABLES["warehouse"] = {
    "inbound_receipts": table("""
arrived_at  | available_at
07-01 08:00 | 07-01 12:00
07-01 08:00 | 07-02 08:00
07-02 06:00 | 07-02 16:00
07-03 08:00 |
"""),
    "orders": table("""
order_id | cancel_fault
A        |
B        |
C        | buyer
D        | operator
E        |
"""),
    "order_lines": table("""
order_id | units | filled_units | pick_error | backordered
A        | 2     | 2            | n          | n
A        | 3     | 1            | n          | y
B        | 1     | 1            | y          | n
B        | 4     | 4            | n          | n
C        | 5     | 5            |            | n
D        | 2     | 0            |            | y
E        | 1     | 1            | n          | n
"""),
    "capacity": table("""
center_id | received_orders | committed_orders | processed_orders | labor_hours | occupied_locations
FC1       | 900             | 1000             | 880              | 80          | 400
FC1       | 1200            | 1000             | 1100             | 110         | 450
FC2       | 300             | 500              | 300              | 50          | 90
"""),
    "centers": table("""
center_id | usable_locations
FC1       | 500
FC2       | 100
FC3       | 700
"""),
}
COUNTED["warehouse"] = {
    "dock_to_stock_time": (10, 3),  # hours: 4, 24, 10; the last is still on the dock
    "picking_accuracy": (4 / 5, 5),  # all lines that left but the first of B
    "order_accuracy": (2 / 3, 3),  # A E of A B E
    "line_fill_rate": (4 / 6, 6),  # not the second of A and not D; C is the buyer's
    "unit_fill_rate": ((2 + 1 + 1 + 4 + 0 + 1) / (2 + 3 + 1 + 4 + 2 + 1), 6),  # the same lines
    "order_fill_rate": (2 / 4, 4),  # B E of A B D E
    "backorder_rate": (2 / 7, 7),  # the second of A, and D, of all lines
    "warehouse_use": ((400 + 450 + 90) / (500 + 500 + 100), 3),  # a center counts once a week
    "orders_per_labor_hour": ((880 + 1100 + 300) / (80 + 110 + 50), 3),
    "capacity_use": ((900 + 1200 + 300) / (1000 + 1000 + 500), 3),
}

# Inventory ------------------------------------------------------------------------------------------------------------
# Ten days, of which the second week has three. Stock at cost: K1 500 USD for 7 days and 400 for 3, K2 none and then 100:
# (3,500 + 1,200 + 300) / 10 = 500 USD on average. Shipped at cost: 90 x 5 + 15 x 20 = 750 USD.

TABLES["inventory"] = {
    "skus": table("""
sku_id | unit_cost_usd
K1     | 5
K2     | 20
"""),
    "inventory_weekly": table("""
week  | sku_id | shipped_units | closing_units | days_listed | stockout_days | aged_units
07-07 | K1     | 70            | 100           | 7           | 0             | 10
07-07 | K2     | 10            | 0             | 7           | 3             | 0
07-14 | K1     | 20            | 80            | 3           | 0             | 30
07-14 | K2     | 5             | 5             | 3           | 1             | 5
"""),
    "order_lines": table("""
sku_id | shipped_units | unit_price_usd
K1     | 90            | 8
K2     | 15            | 30
K1     | 0             | 9
"""),
    "cycle_counts": table("""
system_units | counted_units
10           | 10
5            | 4
0            | 0
7            | 8
"""),
    "invoices": table("""
contract_id | issued_on | paid_on | amount_usd
K1          | 07-01     | 07-31   | 300
K1          | 07-10     | 08-29   | 100
            | 07-05     | 07-25   | 100
K9          | 07-01     | 07-02   | 1000
K1          | 07-20     |         | 900
"""),
    "contracts": table("""
contract_id | kind
K1          | parcel
K9          | internal
"""),
    "seller_statements": table("""
issued_on | settled_on | fees_usd
07-01     | 07-11      | 60
07-15     | 07-29      | 30
07-31     |            | 500
"""),
}
COUNTED["inventory"] = {
    "inventory_turns": (365 * (750 / 10) / 500, 4),
    "days_of_inventory": (500 / (750 / 10), 4),
    "stockout_rate": ((3 + 1) / (7 + 7 + 3 + 3), 4),
    "gmroi": (365 * ((90 * (8 - 5) + 15 * (30 - 20)) / 10) / 500, 4),
    "inventory_record_accuracy": (2 / 4, 4),  # the first and the third count
    "aged_stock_share": ((30 * 5 + 5 * 20) / (80 * 5 + 5 * 20), 2),  # of July 14
    "cash_to_cash_time": (  # two statements after 10 and 14 days, three bills after 30, 50 and 20; K9 is the platform's
        (60 * 10 + 30 * 14) / (60 + 30) - (300 * 30 + 100 * 50 + 100 * 20) / (300 + 100 + 100),
        2 + 3,
    ),
}

# Logistics ------------------------------------------------------------------------------------------------------------
# Billed for P1 18.10 (8.00 of it twice, on I2), for P2 12.10, for P3 9.70, for P4 12.00: 51.90 USD.

TABLES["logistics"] = {
    "orders": table("""
order_id | seller_id | dispatched_at | value_usd
A        | S001      | 07-01 17:00   | 100
B        | S001      | 07-02 17:00   | 60
C        | S001      |               | 90
D        | S002      | 07-02 17:00   | 240
"""),
    "shipments": table("""
shipment_id | order_id | carrier_id | zone | weight_lb | billable_weight_lb | residential | dispatched_at | delivered_at | delivery_attempts | lost
P1          | A        | CR1        | 2    | 2.5       | 3                  | y           | 07-01 17:00   | 07-03 10:00  | 1                 | n
P2          | A        | CR1        | 4    | 1.0       | 2                  | y           | 07-01 17:00   | 07-05 10:00  | 2                 | n
P3          | B        | CR1        | 2    | 3.0       | 3                  | n           | 07-02 17:00   |              | 1                 | n
P4          | D        | CR1        | 8    | 1.5       | 4                  | n           | 07-02 17:00   |              | 0                 | y
P5          | C        | CR1        | 3    | 2.0       | 2                  | y           |               |              | 0                 | n
"""),
    "rate_cards": table("""
supplier_id | charge         | zone | weight_lb | rate_usd | valid_from | valid_to
CR1         | base transport | 2    | 3         | 8.00     | 01-01      | 07-01
CR1         | base transport | 2    | 3         | 8.40     | 07-02      | 12-31
CR1         | base transport | 4    | 2         | 9.00     | 01-01      | 12-31
CR1         | base transport | 8    | 4         | 12.00    | 01-01      | 12-31
CR1         | fuel           |      |           | 0.10     | 01-01      | 12-31
CR1         | residential    |      |           | 1.30     | 01-01      | 12-31
"""),
    "invoice_lines": table("""
invoice_id | line_number | charge         | shipment_id | quantity | billed_usd
I1         | 1           | base transport | P1          | 1        | 8.00
I1         | 2           | fuel           | P1          | 8.00     | 0.80
I1         | 3           | residential    | P1          | 1        | 1.30
I1         | 4           | base transport | P2          | 1        | 11.00
I1         | 5           | fuel           | P2          | 11.00    | 1.10
I1         | 6           | base transport | P3          | 1        | 8.40
I1         | 7           | residential    | P3          | 1        | 1.30
I1         | 8           | base transport | P4          | 1        | 12.00
I2         | 1           | base transport | P1          | 1        | 8.00
I2         | 2           | storage        |             | 1        | 50.00
I2         | 3           | order handling |             | 4        | 10.00
I2         | 4           | service        |             | 1        | 5.00
I2         | 5           | goods          |             | 1        | 6.10
"""),
    "returns": table("""
order_id | label_usd | handling_usd
A        | 6         | 3
B        | 6         |
D        | 6         | 3
"""),
    "tenders": table("""
accepted
y
y
n
"""),
}
COUNTED["logistics"] = {
    "freight_share_of_sales": (51.90 / (100 + 60 + 240), 3),  # A B D
    "fulfillment_cost_per_order": ((51.90 + 50 + 10 + 6.10) / 3, 3),  # a service is none of it
    "cost_per_parcel": (51.90 / 4, 4),  # P1 to P4
    "cost_to_serve": ((18.10 + 12.10 + 9.70 + 6 + 3 + 6) / (100 + 60), 2),  # P1 P2 P3, returns of A B
    "invoice_accuracy": (
        6 / 9,
        9,
    ),  # not I1 4 (9.00), I1 7 (a business) and I2 1 (billed before); the fuel of I1 5 is right
    "first_attempt_rate": (1 / 3, 3),  # P1 of P1 P2 P3; P3 was tried once and is not there
    "loss_rate": (1 / 4, 4),  # P4 of P1 to P4
    "average_zone": ((2 + 4 + 2 + 8 + 3) / 5, 5),
    "billable_weight_ratio": ((3 + 2 + 3 + 4 + 2) / (2.5 + 1.0 + 3.0 + 1.5 + 2.0), 5),
    "tender_acceptance": (2 / 3, 3),
}

# Procurement ----------------------------------------------------------------------------------------------------------
# Received of the lines: P1/1 all 100, P1/2 45 of 50, P2/1 all 200, P3/1 all 10, P3/2 nothing. The last receipt is of
# July 22.

TABLES["procurement"] = {
    "invoices": table("""
supplier_id | contract_id | amount_usd
C1          | K1          | 300
C2          | K2          | 100
C2          |             | 100
A1          |             | 100
T1          |             | 900
OP0         | K9          | 700
"""),
    "suppliers": table("""
supplier_id | category  | addressable
C1          | parcel    | y
C2          | parcel    | y
C3          | parcel    | y
A1          | packaging | y
T1          | taxes     | n
OP0         | handling  | y
"""),
    "contracts": table("""
contract_id | kind
K1          | parcel
K2          | parcel
K9          | internal
"""),
    "purchase_orders": table("""
po_id | contract_id | approved_at | sent_at
P1    | K1          | 07-01 08:00 | 07-01 10:00
P2    |             | 07-01 08:00 | 07-02 08:00
P3    | K1          | 07-02 08:00 | 07-02 14:00
P4    | K1          | 07-10 08:00 |
"""),
    "po_lines": table("""
po_id | line_number | quantity | unit_price_usd | standard_price_usd | baseline_price_usd | quoted_price_usd | contract_price_usd | promised_on
P1    | 1           | 100      | 1.00           | 1.10               | 1.20               | 1.30             | 1.00               | 07-08
P1    | 2           | 50       | 2.00           | 1.80               | 1.60               | 2.50             | 1.90               | 07-08
P2    | 1           | 200      | 0.50           | 0.50               | 0.60               | 0.55             | 0.45               | 07-10
P3    | 1           | 10       | 10.00          | 9.00               | 10.00              | 12.00            |                    | 07-20
P3    | 2           | 40       | 3.00           | 2.00               | 2.00               | 5.00             | 3.20               | 08-30
"""),
    "po_receipts": table("""
po_id | line_number | quantity | defective_quantity | received_on
P1    | 1           | 60       | 0                  | 07-05
P1    | 1           | 40       | 2                  | 07-08
P1    | 2           | 45       | 0                  | 07-07
P2    | 1           | 200      | 5                  | 07-12
P3    | 1           | 4        | 0                  | 07-20
P3    | 1           | 6        | 0                  | 07-22
"""),
    "claims": table("""
status   | claimed_usd | paid_usd
paid     | 100         | 80
rejected | 50          | 0
open     | 500         | 0
"""),
}
COUNTED["procurement"] = {
    "spend_under_management": ((300 + 100) / (300 + 100 + 100 + 100), 4),  # no taxes, and not the platform's own
    "supplier_concentration": (60**2 + 40**2, 2),  # C1 300 and C2 200 of 500 USD
    "purchase_order_cycle_time": (6, 3),  # hours: 2, 24, 6; P4 is not sent
    "purchase_price_variance": (-0.10 * 100 + 0.20 * 45 + 0 * 200 + 1 * 10, 4),
    "realized_savings_rate": (
        (0.20 * 100 - 0.40 * 45 + 0.10 * 200 + 0 * 10) / (1.20 * 100 + 1.60 * 45 + 0.60 * 200 + 10 * 10),
        4,
    ),
    "cost_avoidance": (0.10 * 100 + 0.50 * 45 + 0 * 200 + 2 * 10, 4),  # P2/1: asked for less than last year's price
    "supplier_on_time_in_full": (1 / 4, 4),  # P1/1 on its day; P1/2 is short, P2/1 and P3/1 late, P3/2 not due
    "supplier_lead_time": ((7 + 10 + 20) / 3, 3),  # P1/1, P2/1, P3/1 from the day of sending to the last of it
    "lead_time_variability": (sqrt(417) / 3 / (37 / 3), 3),  # of 7, 10, 20: squares (16² + 7² + 23²) / 9 over 3 - 1
    "supplier_defect_ppm": ((2 + 5) / (60 + 40 + 45 + 200 + 4 + 6) * 1_000_000, 6),
    "contract_compliance": (
        (100 + 120) / (100 + 100 + 100 + 120),
        4,
    ),  # P1/1 P3/2; P1/2 is dearer, P2/1 is off contract
    "claims_recovery": (80 / (100 + 50), 2),
}

# Service --------------------------------------------------------------------------------------------------------------
# The last record is of July 15: what was delivered by the end of June 15 is 30 days old, A and B, and C is not.

TABLES["service"] = {
    "orders": table("""
order_id | ordered_at  | dispatched_at | delivered_at
A        | 06-01 10:00 | 06-02 17:00   | 06-05 10:00
B        | 06-10 10:00 | 06-11 17:00   | 06-15 12:00
C        | 06-11 10:00 | 06-12 17:00   | 06-16 08:00
D        | 07-15 10:00 |               |
E        | 06-12 10:00 | 06-13 17:00   |
"""),
    "order_lines": table("""
order_id | shipped_units
A        | 2
A        | 2
B        | 3
C        | 4
D        | 0
E        | 1
"""),
    "skus": table("""
sku_id | unit_cost_usd
K1     | 10
K2     | 15
"""),
    "returns": table("""
order_id | sku_id | units | label_usd | handling_usd | recovered_usd | disposition | requested_at | refunded_at
A        | K1     | 1     | 6         | 3            | 8             | restocked   | 06-10 08:00  | 06-14 08:00
B        | K2     | 2     | 7         | 4            | 10            | liquidated  | 06-20 08:00  | 06-30 08:00
C        | K1     | 1     | 6         | 3            | 0             | destroyed   | 06-25 08:00  | 06-27 08:00
C        | K1     | 1     | 6         |              |               |             | 07-10 08:00  |
"""),
    "contacts": table("""
topic  | csat
wismo  | 5
wismo  |
return | 4
damage | 2
wismo  | 1
"""),
}
COUNTED["service"] = {
    "return_rate": ((1 + 2) / (2 + 2 + 3), 3),  # units of A B; lines of A A B
    "cost_per_return": ((6 + 7 + 6 + 3 + 4 + 3 + 10 + 2 * 15 + 10 - 8 - 10 - 0) / 3, 3),  # the first three
    "refund_time": (4, 3),  # days: 4, 10, 2
    "recovery_rate": ((8 + 10 + 0) / (10 + 2 * 15 + 10), 3),
    "csat": (2 / 4, 4),  # 5 and 4 of four answers
    "wismo_per_100_orders": (3 / 4 * 100, 4),  # orders A B C E
}

# --------------------------------------------------------------------------------------------------------------------

EACH = [(group, name) for group, counted in COUNTED.items() for name in counted]


def measure(name: str, tables: dict[str, pd.DataFrame]) -> kpis.KpiValue:
    """A KPI on those of the tables that it asks for by name."""
    function = getattr(kpis, name)
    return function(**{asked: tables[asked] for asked in asked_for(name, tables)})


def asked_for(name: str, tables: dict[str, pd.DataFrame]) -> list[str]:
    return [asked for asked in inspect.signature(getattr(kpis, name)).parameters if asked in tables]


def outcome(name: str, tables: dict[str, pd.DataFrame]) -> kpis.KpiValue | str:
    """A KPI, or the words in which it is refused."""
    try:
        return measure(name, tables)
    except ValueError as error:
        return str(error)


def test_every_kpi_is_counted_by_hand_in_its_group():
    functions = {name: getattr(kpis, name) for name in kpis.__all__ if inspect.isfunction(getattr(kpis, name))}
    measured = {name for name, f in functions.items() if inspect.signature(f).return_annotation is kpis.KpiValue}
    assert measured == {name for _, name in EACH}
    assert all(functions[name].__module__ == f"fulfillment.kpis.{group}" for group, name in EACH)


@pytest.mark.parametrize(("group", "name"), EACH)
def test_a_kpi_is_what_was_counted(group, name):
    value, rows = COUNTED[group][name]
    measured = measure(name, TABLES[group])
    assert measured == pytest.approx(value, rel=1e-12)
    assert measured.n == rows


@pytest.mark.parametrize(("group", "name"), EACH)
def test_the_order_of_rows_changes_no_kpi(group, name):
    value, rows = COUNTED[group][name]
    measured = measure(name, {table: rows[::-1] for table, rows in TABLES[group].items()})
    assert (measured, measured.n) == (pytest.approx(value, rel=1e-12), rows)


@pytest.mark.parametrize(("group", "name"), EACH)
def test_a_kpi_of_nothing_is_refused(group, name):
    empty = {table: rows.iloc[:0] for table, rows in TABLES[group].items()}
    assert re.search("expected (at least|more than)", outcome(name, empty))


@pytest.mark.parametrize(("group", "name"), EACH)
def test_a_column_that_is_missing_is_named_or_was_not_needed(group, name):
    value, needed = COUNTED[group][name][0], 0
    for asked in asked_for(name, TABLES[group]):
        for column in TABLES[group][asked]:
            without = TABLES[group] | {asked: TABLES[group][asked].drop(columns=column)}
            found = outcome(name, without)
            if isinstance(found, str):
                assert found.startswith(f"{asked}: no column {column}, expected")
                needed += 1
            else:
                assert found == pytest.approx(value, rel=1e-12)
    assert needed
