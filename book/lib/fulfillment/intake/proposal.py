"""A mapping proposed from the headers of files: a beginning to be corrected, saved, and used again next month."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from fulfillment.data.schemas import SCHEMAS
from fulfillment.data.tables import TABLES
from fulfillment.intake import casting, files, reader
from fulfillment.intake.files import plain
from fulfillment.intake.mapping import Column, Source, dump

#: What other systems call our columns, beside our own names: their headers in lower case.
SYNONYMS: dict[str, dict[str, str]] = {
    "orders": {
        "order_id": "order|order no|order no.|order number|order #|order id|amazon-order-id|bestellnummer|no.",
        "seller_id": "seller|seller id|shop id|merchant id|store",
        "ordered_at": "created time|created at|order date|order placed|purchase-date|purchase date|paid time|created",
        "dispatch_due_at": "ship by|ship by date|rts sla|dispatch by|latest-ship-date|latest ship date",
        "dispatched_at": "shipped time|shipped at|ship date|shipped|rts time|dispatched|dispatch date|shipment-date",
        "deliver_by": "promised|promised date|estimated delivery|estimated delivery date|due|due date|deliver by|latest-delivery-date",
        "delivered_at": "delivered time|delivered at|delivered|delivery date|received|actual delivery",
        "cancelled_at": "cancelled time|canceled time|cancelled at|canceled at|cancellation date|cancelled|canceled",
        "value_usd": "order amount|order value|value|total|amount|order total|item-price|sales",
        "tracking_valid": "tracking valid|valid tracking",
        "in_full": "in full|complete",
        "damaged": "damaged",
        "review_stars": "stars|rating|review stars",
    },
    "lines": {
        "line_id": "po line|line|line id|po / so #|line no.|line number",
        "vendor": "vendor|supplier|supplier name|vendor name",
        "shipment_mode": "mode|shipment mode|transport mode",
        "ordered_at": "po sent|po date|order date|po sent to vendor date|ordered",
        "deliver_by": "promised|promised date|scheduled delivery date|due|due date|need by",
        "delivered_at": "received|delivered|delivered to client date|receipt date|goods receipt",
        "quantity": "units|quantity|qty|line item quantity",
        "value_usd": "goods value (usd)|goods value|line item value|value|amount",
        "freight_usd": "freight (usd)|freight|freight cost (usd)|freight cost",
    },
    "shipments": {
        "shipment_id": "shipment|shipment id|tracking number|tracking id|tracking no.",
        "order_id": "order|order id|order number|order no.",
        "carrier_id": "carrier|carrier name",
        "zone": "zone",
        "weight_lb": "weight (lb)|weight lb|actual weight",
        "billable_weight_lb": "billed weight|billable weight|billed weight (lb)",
        "dispatched_at": "ship date|shipped|shipped at|pickup date",
        "delivered_at": "delivered|delivered at|delivery date",
        "delivery_attempts": "attempts|delivery attempts",
        "lost": "lost",
        "residential": "residential",
    },
}
_EXTRA = {"lines": {"line_id": "text", "vendor": "text", "shipment_mode": "text", "quantity": "whole"}}
_DEADLINES = ("deliver_by", "dispatch_due_at", "promised_on")


def propose(paths: Iterable[Path | str]) -> dict[str, Source]:
    """A mapping for files, from their headers.

    A file becomes the table most of whose columns it has; columns that nobody knows stay unmapped. Read with it and look
    at the report's questions: what a file does not say by itself is not filled in.

    Raises
    ------
    ValueError if no header is known.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "july.csv")
    ...     _ = path.write_text("Order ID,Created Time,Order Amount,Buyer\\n1,2025-07-01 08:00,$5,Kim\\n")
    ...     print(dump(propose([path])))
    orders:
      file: july.csv
      key: [order_id]
      columns:
        order_id: Order ID
        ordered_at: {header: Created Time, kind: time}
        value_usd: {header: Order Amount, kind: money}
    <BLANKLINE>
    """
    mapping: dict[str, Source] = {}
    for path in map(Path, paths):
        header, row = headers(path)
        table, found = _best(header)
        if not found:
            raise ValueError(_unknown(path))
        name = table if table not in mapping else f"{table}_{len(mapping) + 1}"
        key = tuple(ours for ours in _keys(table) if ours in found)
        order = [("ordered_at", "dispatched_at"), ("ordered_at", "delivered_at"), ("dispatched_at", "delivered_at")]
        sequences = tuple(pair for pair in order if set(pair) <= found.keys())
        columns = {ours: Column(text, _kind(table, ours)) for ours, text in found.items()}
        mapping[name] = Source(path.name, columns, key=key, sequences=sequences, header_row=None if row == 1 else row)
    return mapping


def _unknown(path: Path) -> str:
    return f"{path.name}: no header that is known, expected columns such as Order ID or Created Time"


def headers(path: Path) -> tuple[list[str], int]:
    """The header of a file and its row: the row with the most known headers.

    Raises
    ------
    ValueError if the file is no table.
    """
    known = sorted({text for names in _names().values() for texts in names.values() for text in texts})
    wanted = Source(path.name, {str(at): Column(text, optional=True) for at, text in enumerate(known)})
    with duckdb.connect() as connection:
        casting.prepare(connection)
        try:
            opened = files.load(connection, path, wanted)
        except ValueError as error:
            if "none of the mapped headers" not in str(error):
                raise
            raise ValueError(_unknown(path)) from None
    return opened.header, opened.header_row


def _names() -> dict[str, dict[str, list[str]]]:
    """Table -> our column -> the headers it may have."""
    names = {}
    for table in {**SYNONYMS, **TABLES}:
        ours = [*SYNONYMS.get(table, {}), *(column for column in TABLES.get(table, {}))]
        names[table] = {
            column: [
                column,
                column.replace("_", " "),
                *filter(None, SYNONYMS.get(table, {}).get(column, "").split("|")),
            ]
            for column in dict.fromkeys(ours)
        }
    return names


def _best(header: list[str]) -> tuple[str, dict[str, str]]:
    """The table most of whose columns stand in a header, and our name of each -> the header's text."""
    texts = {plain(text): text for text in header}
    best: tuple[str, dict[str, str]] = ("", {})
    for table, names in _names().items():
        found: dict[str, str] = {}
        for ours, candidates in names.items():
            match = next(
                (texts[text] for text in candidates if text in texts and texts[text] not in found.values()), None
            )
            if match is not None:
                found[ours] = match
        if len(found) > len(best[1]):
            best = (table, found)
    return best


def _keys(table: str) -> list[str]:
    return list(SCHEMAS[table].metadata["key"]) if table in SCHEMAS else ["line_id"]


def _kind(table: str, ours: str) -> str:
    """What our column holds: from the table's schema, or its name."""
    if ours in _DEADLINES:
        return "deadline"
    if ours.endswith("_usd"):
        return "money"
    if kind := _EXTRA.get(table, {}).get(ours):
        return kind
    kinds = {"str": "text", "datetime64[us]": "time", "boolean": "flag", "float64": "number"}
    kinds |= {"int64": "whole", "Int64": "whole"}
    return kinds.get(TABLES.get(table, TABLES["orders"]).get(ours, "str"), "text")


def written(paths: Iterable[Path | str]) -> str:
    """A proposed mapping as YAML, after what its files leave open, each as a comment."""
    given = [Path(path) for path in paths]
    mapping = propose(given)
    asked = [str(problem) for problem in reader.read(mapping, given).report.questions]
    notes = [f"# To settle: {' '.join(line.split())}" for line in asked]
    return "\n".join([*notes, dump(mapping)])
