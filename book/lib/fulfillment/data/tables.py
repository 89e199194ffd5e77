"""The tables of the fulfillment program and the published facts, read from the repository's ``data`` folder."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from pandera.errors import SchemaError
from pandera.pandas import Check

from fulfillment import validate
from fulfillment.data.schemas import SCHEMAS, TIME


def find_data() -> Path:
    """The folder ``data``: the checkout's, else the nearest one in or above the working directory.

    The package as installed from a wheel has no checkout around it: its notebooks stand beside their ``data``.
    """
    checkout, here = Path(__file__).resolve().parents[4], Path.cwd()
    places = (checkout, here, *here.parents)
    return next((place / "data" for place in places if (place / "data" / "network").is_dir()), checkout / "data")


DATA = find_data()
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
#: How the cells of a type are read: see `fulfillment.validate`.
GATES: dict[str, Callable[[str, pd.Series], pd.Series]] = {
    "str": validate.key_column,
    "boolean": validate.flag_column,
    "float64": validate.number_column,
    "int64": lambda name, column: validate.count_column(name, column, -np.inf),
    "Int64": lambda name, column: validate.count_column(name, column, -np.inf),
    TIME: validate.time_column,
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
    ValueError if a column is missing, or naming the first cell that is not what its column holds.

    >>> typed("operators", pd.DataFrame({"kind": ["3PL"], "name": ["Quenbridge"], "operator_id": ["OP1"]})).columns[0]
    'operator_id'
    """
    columns = TABLES[name]
    validate.require(name, table, columns, rows=False)
    times = {
        column: _read(f"{name}: {column}", table[column], TIME) for column, kind in columns.items() if kind == TIME
    }
    try:
        return table[list(columns)].assign(**times).astype(columns)
    except (TypeError, ValueError):
        read = {column: _read(f"{name}: {column}", table[column], kind) for column, kind in columns.items()}
        return pd.DataFrame(read).astype(columns)


def _read(place: str, cells: pd.Series, kind: str) -> pd.Series:
    """Cells as what is plainly meant; pandas by itself takes "7/10/2025" for a day in July."""
    read = GATES[kind](place, cells)
    if kind == "int64" and read.isna().any():
        raise ValueError(f"{place}: nothing in row {read.index[read.isna()][0]}, expected a whole number")
    return read


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
    try:
        table = pd.read_csv(file, dtype=texts)
    except ValueError:  # a cell is not what its column holds: as text, it can be named
        table = pd.read_csv(file, dtype="str")
    return check(name, typed(name, table))
