"""``python -m fulfillment.kpis.workbook FILE.xlsx``: every KPI as a live formula over a small sample of the program.

The first sheet lists the KPIs; each other sheet is a table, each of its columns a named range (``table_column``). Every
formula carries the value that pandas gives on the same sample, so that a viewer that does not calculate shows it too.
The same tables give the same bytes.
"""

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from fulfillment import data
from fulfillment.data.schemas import SCHEMAS
from fulfillment.kpis.catalog import catalog, ranges, run

COMPUTED = [kpi for kpi in catalog().values() if kpi.computed]
TABLES = sorted({table for kpi in COMPUTED for table in kpi.tables})
ROWS = 40  # of a table that stands alone
FIRST = 3  # row of the first KPI, from 0
CREATED = dt.datetime(2026, 7, 1)
NOTE = (
    "Live formulas over a small sample of a synthetic program: the values are the sample's, not the program's. "
    "The other sheets hold the sample; each column is a named range, table_column. Paste your own rows over them. "
    "A row whose value is missing is left out; where that cannot be, the formula shows an error."
)


def _spread(table: pd.DataFrame, rows: int = ROWS) -> pd.DataFrame:
    """At most so many rows, evenly over the table, first and last among them."""
    return table.iloc[np.unique(np.linspace(0, len(table) - 1, rows).astype(int))]


def _matching(table: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """The rows whose values in the columns of ``keys`` occur there."""
    return table.merge(keys.drop_duplicates(), on=list(keys.columns))


def sample(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """A small sample of each table that a KPI needs, whole where tables are joined: an order comes with what hangs on it.

    Parameters
    ----------
    tables : the program's tables by name, at least ``TABLES``.

    Returns
    -------
    dict, table name -> DataFrame in the order of its key.
    """
    orders, lines = tables["orders"], tables["order_lines"]
    told = [_spread(orders), _spread(orders[orders["cancelled_at"].notna()], 8)]
    told += [orders[orders["order_id"].isin(_spread(tables[name], 12)["order_id"])] for name in ("returns", "contacts")]
    told += [
        orders[orders["order_id"].isin(_spread(tables["shipments"].query(which), 4)["order_id"])]
        for which in ("lost", "delivery_attempts > 1")
    ]
    told += [
        orders[orders["order_id"].isin(_spread(lines[lines[flag].eq(True)], 4)["order_id"])]
        for flag in ("pick_error", "backordered")
    ]
    order_ids = pd.concat(told)[["order_id"]]
    chosen = {
        name: _matching(tables[name], order_ids)
        for name in ("orders", "order_lines", "shipments", "returns", "contacts")
    }

    bills, parcels = tables["invoice_lines"], chosen["shipments"]
    others = bills[bills["shipment_id"].isna()].sort_values("billed_usd", kind="stable").drop_duplicates("charge")
    chosen["invoice_lines"] = pd.concat([_matching(bills, parcels[["shipment_id"]]), others])
    sizes = parcels[["carrier_id", "zone", "billable_weight_lb"]].set_axis(["supplier_id", "zone", "weight_lb"], axis=1)
    rates = tables["rate_cards"]
    flat = rates[rates["zone"].isna() & rates["supplier_id"].isin(sizes["supplier_id"])]
    sized = _matching(rates[rates["zone"].notna()], sizes)
    chosen["rate_cards"] = pd.concat([flat, sized])

    bought = tables["purchase_orders"]
    spot = bought[bought["contract_id"].isna()]
    chosen["purchase_orders"] = pd.concat([_spread(bought, 12), _spread(spot, 4)]).drop_duplicates("po_id")
    for name in ("po_lines", "po_receipts"):
        chosen[name] = _matching(tables[name], chosen["purchase_orders"][["po_id"]])

    stock = tables["inventory_weekly"]
    weeks = stock["week"].drop_duplicates().nlargest(3)
    last = stock[stock["week"] == weeks.max()]
    places = pd.concat([_spread(last, 12), _spread(last[last["aged_units"] > 0], 6)])[["center_id", "sku_id"]]
    chosen["inventory_weekly"] = _matching(stock[stock["week"].isin(weeks)], places)
    used = pd.concat([chosen[name]["sku_id"] for name in ("order_lines", "returns", "inventory_weekly")])
    chosen["skus"] = tables["skus"][tables["skus"]["sku_id"].isin(used)]

    counts = tables["cycle_counts"]
    off = counts[counts["system_units"] != counts["counted_units"]]
    chosen["cycle_counts"] = pd.concat([_spread(counts), _spread(off, 4)]).drop_duplicates()

    for name in TABLES:
        if name not in chosen:
            chosen[name] = tables[name] if len(tables[name]) <= ROWS else _spread(tables[name])
    return {
        name: chosen[name].sort_values(SCHEMAS[name].metadata["key"], ignore_index=True, kind="stable")
        for name in TABLES
    }


def _number_format(spec: str) -> str:
    """Python's format as a spreadsheet's.

    >>> _number_format("$,.2f"), _number_format(".1%"), _number_format(",.0f")
    ('$#,##0.00', '0.0%', '#,##0')
    """
    decimals = int(spec.split(".")[1][0])
    digits = ("#,##0" if "," in spec else "0") + ("." + "0" * decimals if decimals else "")
    return ("$" if spec.startswith("$") else "") + digits + ("%" if spec.endswith("%") else "")


def write(file: Path, tables: Mapping[str, pd.DataFrame], cached: bool = True) -> None:
    """Write the workbook.

    Parameters
    ----------
    file : where to.
    tables : the sample, see `sample`.
    cached : store each formula's value beside it; without, a reader must calculate to see one.
    """
    book = xlsxwriter.Workbook(file, {"use_future_functions": True})
    book.set_properties({"title": "KPI workbook", "created": CREATED})
    bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    shown = {spec: book.add_format({"num_format": _number_format(spec)}) for spec in {kpi.format for kpi in COMPUTED}}
    times = {day: book.add_format({"num_format": "yyyy-mm-dd" + ("" if day else " hh:mm")}) for day in (True, False)}

    front = book.add_worksheet("KPIs")
    front.set_column(0, 0, 14)
    front.set_column(1, 1, 38)
    front.set_column(2, 3, 16)
    front.set_column(4, 5, 60)
    front.merge_range(0, 0, 0, 5, NOTE, wrap)
    front.set_row(0, 34)
    front.write_row(2, 0, ["Group", "KPI", "Value", "Unit", "Formula in words", "Tables"], bold)
    front.freeze_panes(FIRST, 2)
    for row, kpi in enumerate(COMPUTED, start=FIRST):
        value = float(run(kpi.id, tables)) if cached else -1
        front.write_row(row, 0, [kpi.group, kpi.name])
        front.write_array_formula(row, 2, row, 2, f"{{{kpi.spreadsheet}}}", shown[kpi.format], value)
        front.write_row(row, 3, [kpi.unit, kpi.formula, ", ".join(kpi.tables)])

    needed = {name for kpi in COMPUTED for name in ranges(kpi.spreadsheet)}
    for name, table in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        key = SCHEMAS[name].metadata["key"]
        columns = [column for column in SCHEMAS[name].columns if column in key or f"{name}_{column}" in needed]
        for position, column in enumerate(columns):
            sheet.set_column(position, position, max(12, len(column) + 2))
            sheet.write_string(0, position, column, bold)
            day = bool(SCHEMAS[name].columns[column].metadata.get("date"))
            for row, value in enumerate(table[column], start=1):
                if pd.isna(value):
                    continue
                if isinstance(value, pd.Timestamp):
                    sheet.write_datetime(row, position, value.to_pydatetime(), times[day])
                else:
                    sheet.write(row, position, value.item() if hasattr(value, "item") else value)
            letter = xlsxwriter.utility.xl_col_to_name(position)
            book.define_name(f"{name}_{column}", f"={name}!${letter}$2:${letter}${len(table) + 1}")
    book.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), sample({name: data.load(name) for name in TABLES}))
