"""The program's tables, their schemas, and the published facts."""

from fulfillment.data.reference import fact, facts, peak_demand, published
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
    "load",
    "path",
    "peak_demand",
    "published",
    "typed",
]
