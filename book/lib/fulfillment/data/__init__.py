"""The program's tables, their schemas, and the published facts."""

from fulfillment.data.tables import (
    CATALOG,
    COMPRESSED,
    DATA,
    FACTS,
    NETWORK,
    TABLES,
    check,
    fact,
    facts,
    load,
    path,
    peak_demand,
    typed,
)

__all__ = [
    "CATALOG",
    "COMPRESSED",
    "DATA",
    "FACTS",
    "NETWORK",
    "TABLES",
    "check",
    "fact",
    "facts",
    "load",
    "path",
    "peak_demand",
    "typed",
]
