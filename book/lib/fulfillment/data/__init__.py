"""The program's tables, their schemas, the published facts, and what the chapters take as given."""

from fulfillment.data.givens import given, given_table
from fulfillment.data.reference import fact, facts, load_reference_table, peak_demand
from fulfillment.data.tables import (
    CATALOG,
    COMPRESSED,
    DATA,
    FACTS,
    NATIONAL,
    NETWORK,
    TABLES,
    check,
    load,
    path,
    typed,
)

__all__ = [
    "CATALOG",
    "COMPRESSED",
    "DATA",
    "FACTS",
    "NATIONAL",
    "NETWORK",
    "TABLES",
    "check",
    "fact",
    "facts",
    "given",
    "given_table",
    "load",
    "load_reference_table",
    "path",
    "peak_demand",
    "typed",
]
