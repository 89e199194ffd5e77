"""The tables of the fulfillment program and the published facts, read from the repository's ``data`` folder."""

from pathlib import Path

import pandas as pd
from pandera.errors import SchemaError
from pandera.pandas import Check

from fulfillment.data.schemas import SCHEMAS, TIME
from fulfillment.validate import require

DATA = Path(__file__).resolve().parents[4] / "data"
NETWORK = DATA / "network"
FACTS = DATA / "facts"
CATALOG = "kpis.yaml"  # lies among the facts and has a form of its own: see `fulfillment.kpis.catalog`

#: National orders that one order of the program stands for; stock, hours and money are scaled alike. Invented.
NATIONAL = 300

#: Every table with its columns, in order, and their types. Times are Pacific time.
TABLES: dict[str, dict[str, str]] = {
    name: {column: field.metadata["type"] for column, field in schema.columns.items()}
    for name, schema in SCHEMAS.items()
}
#: Tables that stand as gzip.
COMPRESSED = {
    "orders",
    "order_lines",
    "shipments",
    "scan_events",
    "tenders",
    "returns",
    "inbound_receipts",
    "inventory_weekly",
    "inventory_daily",
    "cycle_counts",
    "invoice_lines",
    "contacts",
}
#: What pandera's checks of a whole column ask for.
BROKEN = {"multiple_fields_uniqueness": "each key once", "not_nullable": "a value"}


def typed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns and types that ``TABLES`` gives it.

    Parameters
    ----------
    name : a key of ``TABLES``.
    table : DataFrame holding at least the table's columns.

    Returns
    -------
    DataFrame, columns in the order of ``TABLES[name]``.

    Raises
    ------
    ValueError if a column is missing.

    >>> typed("operators", pd.DataFrame({"kind": ["3PL"], "name": ["Quenbridge"], "operator_id": ["OP1"]})).columns[0]
    'operator_id'
    """
    columns = TABLES[name]
    require(name, table, columns, rows=False)
    return table[list(columns)].astype(columns)


def check(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table, if it keeps its schema: no value missing where one must stand, out of range, or a key twice.

    Parameters
    ----------
    name : a key of ``TABLES``.
    table : DataFrame as `typed` gives it.

    Returns
    -------
    ``table``.

    Raises
    ------
    ValueError naming the column, the value and its row, and what was expected.

    >>> check("operators", pd.DataFrame({"operator_id": ["OP1"], "name": ["Quenbridge"], "kind": ["4PL"]}))
    Traceback (most recent call last):
    ValueError: operators: kind '4PL' in row 0, expected isin(('platform', '3PL'))
    """
    try:
        return SCHEMAS[name].validate(table)
    except SchemaError as error:
        case = error.failure_cases.iloc[0]
        expected = error.check.error if isinstance(error.check, Check) else BROKEN.get(error.check, error.check)
        column = error.schema.name or ", ".join(SCHEMAS[name].metadata["key"])
        raise ValueError(
            f"{name}: {column} {case['failure_case']!r} in row {int(case['index'])}, expected {expected}"
        ) from None


def path(name: str, folder: Path = NETWORK) -> Path:
    """Where a table stands: a long one compressed, every other as plain CSV.

    >>> path("orders").name, path("centers").name
    ('orders.csv.gz', 'centers.csv')
    """
    return folder / f"{name}.csv{'.gz' if name in COMPRESSED else ''}"


def load(name: str, folder: Path = NETWORK) -> pd.DataFrame:
    """A table of the synthetic fulfillment program, checked against its schema.

    Parameters
    ----------
    name : a key of ``TABLES``, for example ``"orders"``.
    folder : where the files stand; the repository's ``data/network`` by default.

    Returns
    -------
    DataFrame; columns, units and meaning in ``data/README.md``, types in ``TABLES``.

    Raises
    ------
    ValueError if ``name`` is no table or the file breaks its schema; FileNotFoundError, with the command that makes the
    file, if it is missing.

    >>> load("operators")["operator_id"].tolist()
    ['OP0', 'OP1', 'OP2', 'OP3']
    """
    if name not in TABLES:
        raise ValueError(f"name: {name!r} is not a table, expected one of {', '.join(TABLES)}")
    file = path(name, folder)
    if not file.exists():
        raise FileNotFoundError(f"{file} is missing; `make data` (python -m fulfillment.simulate) writes it")
    texts = {column: "str" if kind == TIME else kind for column, kind in TABLES[name].items()}
    return check(name, typed(name, pd.read_csv(file, dtype=texts)))
