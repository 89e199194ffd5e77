"""Every KPI that a reader's columns allow, and for each other one the column that it lacks.

The KPIs of the catalog run as SQL on the tables that were read, so that a year of orders takes seconds.
"""

import math
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from fulfillment.data.tables import TABLES
from fulfillment.intake import delivery_kpis
from fulfillment.intake.delivery_kpis import KpiResult
from fulfillment.intake.reader import ImportResult
from fulfillment.kpis.catalog import Kpi, catalog


@dataclass(frozen=True)
class Line:
    """A KPI's ``name``, its ``value`` as text, what it stands on (``n`` rows, ``note``), or what it ``lacks``."""

    name: str
    value: str = ""
    n: int = 0
    note: str = ""
    lacks: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.lacks:
            return f"{self.name}: lacks {', '.join(self.lacks)}"
        base = f"{self.name}: {self.value}"
        return (
            f"{base} on {self.n:,} rows{f' ({self.note})' if self.note else ''}" if self.n else f"{base} ({self.note})"
        )


@cache
def columns(id: str) -> tuple[str, ...]:
    """The columns that a KPI of the catalog reads, as ``table.column``.

    >>> columns("late_dispatch_rate")
    ('orders.dispatch_due_at', 'orders.dispatched_at')
    """
    kpi = catalog()[id]
    schema: dict[str, object] = {table: dict(TABLES[table]) for table in kpi.tables}
    statement = qualify(sqlglot.parse_one(kpi.sql, read="duckdb"), schema=schema, dialect="duckdb")
    read = set()
    for scope in traverse_scope(statement):
        for column in scope.columns:
            table = scope.sources.get(column.table)
            if isinstance(table, exp.Table):
                read.add(f"{table.name}.{column.name}")
    return tuple(sorted(read))


def catalog_lines(result: ImportResult) -> list[Line]:
    """The KPIs of the catalog, in its order: a value each, or the columns that it lacks."""
    found = result.connection.execute(
        "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal"
    )
    there = {name for (name,) in found.fetchall()}
    return [_line(result, kpi, there) for kpi in catalog().values() if kpi.computed]


def _line(result: ImportResult, kpi: Kpi, there: set[str]) -> Line:
    wanted = columns(kpi.id)
    if lacks := [name for name in wanted if name not in there]:
        return Line(kpi.name, lacks=_lacking(lacks, {name.split(".")[0] for name in there}))
    value, n = result.connection.execute(kpi.sql).fetchone() or (None, 0)
    if value is None or not math.isfinite(value):
        return Line(kpi.name, "none", note="no row in its denominator")
    return Line(kpi.name, kpi.spell(value), n, kpi.counts)


def _lacking(names: list[str], tables: set[str]) -> tuple[str, ...]:
    """Columns that are not there; those of a table that is not there stand together."""
    parts = [name.split(".") for name in names]
    whole = [table for table in dict.fromkeys(table for table, _ in parts) if table not in tables]
    of = {table: ", ".join(column for owner, column in parts if owner == table) for table in whole}
    return (
        *(f"{table}.{column}" for table, column in parts if table in tables),
        *(f"the table {table} ({columns})" for table, columns in of.items()),
    )


_DELIVERY = (
    (delivery_kpis.on_time_delivery, ("deliver_by", "delivered_at")),
    (delivery_kpis.lead_time, ("ordered_at", "delivered_at")),
    (delivery_kpis.freight_share, ("freight_usd", "value_usd")),
    (delivery_kpis.vendor_concentration, ("vendor", "value_usd")),
)


def delivery_lines(result: ImportResult, table: str) -> list[Line]:
    """The KPIs of `fulfillment.intake.delivery_kpis` on one table: a value each, or the columns that it lacks."""
    quoted = '"' + table.replace('"', '""') + '"'
    described = result.connection.execute(f"SELECT column_name FROM (DESCRIBE {quoted})").fetchall()
    there = {name for (name,) in described}
    lines = []
    for kpi, needs in _DELIVERY:
        name = f"{table}, {kpi.__name__.replace('_', ' ')}"
        if lacks := tuple(f"{table}.{column}" for column in needs if column not in there):
            lines.append(Line(name, lacks=lacks))
            continue
        rows = result.connection.execute(f"SELECT {', '.join(needs)} FROM {quoted}").df()
        try:
            lines.append(_told(table, kpi(rows)))
        except ValueError as error:
            lines.append(Line(name, "none", note=str(error)))
    return lines


def _told(table: str, result: KpiResult) -> Line:
    return Line(f"{table}, {result.kpi}", result.text, result.n, result.gaps and f"left out: {result.gaps}")


def write(result: ImportResult) -> str:
    """The report on a reader's files as text: how many rows, what is to be settled, the problems, the KPIs.

    A KPI without a value says which column it lacks.
    """
    report = result.report
    counts, problems = str(report).splitlines()[: len(report.counts)], report.problems
    asked = [str(problem) for problem in report.questions]
    others = [str(problem) for problem in problems if not problem.asks]
    lines = [*(line for table in result.tables for line in delivery_lines(result, table)), *catalog_lines(result)]
    parts = {
        "Rows": counts,
        "To be settled in the mapping": asked or ["nothing"],
        "Problems": others or ["none"],
        "KPIs": [str(line) for line in lines if not line.lacks] or ["none"],
        "KPIs that lack a column": [str(line) for line in lines if line.lacks] or ["none"],
    }
    return "\n\n".join("\n".join([title, *(f"  {line}" for line in body)]) for title, body in parts.items())
