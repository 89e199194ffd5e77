"""The KPI catalog: each KPI in words, as a pandas function, as SQL and as a spreadsheet formula, with what is published.

The catalog itself is ``data/facts/kpis.yaml``. A statement is written once, for DuckDB; sqlglot translates it. Only the
dialects of ``DIALECTS`` are offered: in these every statement is executed and held against pandas, because a
translation can succeed and still compute something else.
"""

import ast
import importlib
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import sqlglot
import yaml
from sqlglot.expressions import Anonymous, Expression, PercentileCont, WithinGroup

from fulfillment import data
from fulfillment.kpis.base import READS, KpiValue, gate

FILE = data.FACTS / data.CATALOG
DIALECTS = ("duckdb", "spark")
ENGINES = ("pandas", "duckdb")
GROUPS = ("procurement", "fulfillment", "logistics", "inventory", "returns", "customer")
DIRECTIONS = ("higher", "lower", "band")


@dataclass(frozen=True)
class Benchmark:
    """A published level: what it is the level of, as printed, where it stands, and how far to trust it."""

    level: str
    show: str
    source_url: str
    year: int
    confidence: str
    note: str = ""
    conflict: str = ""

    @property
    def rule_of_thumb(self) -> bool:
        """Whether it is no more than that: a vendor's figure, or one without a survey behind it."""
        return self.confidence == "low"


@dataclass(frozen=True)
class Kpi:
    """A KPI; ``counts`` to ``spreadsheet`` are empty where the program's tables cannot carry it."""

    id: str
    name: str
    group: str
    question: str
    formula: str
    unit: str
    format: str
    direction: str
    benchmarks: tuple[Benchmark, ...]
    mistakes: tuple[str, ...]
    also_called: tuple[str, ...] = ()
    scor: str = ""
    note: str = ""
    tables: tuple[str, ...] = ()
    counts: str = ""
    pandas: str = ""
    sql: str = ""
    spreadsheet: str = ""

    @property
    def computed(self) -> bool:
        """Whether it has the three codes."""
        return bool(self.tables)

    @property
    def function(self) -> Callable[..., KpiValue]:
        """Its pandas function; its first parameters are the tables, by name.

        >>> kpi("late_dispatch_rate").function.__name__
        'late_dispatch_rate'
        """
        module, _, name = self.pandas.rpartition(".")
        function: Callable[..., KpiValue] = getattr(importlib.import_module(module), name)
        return function

    def spell(self, value: float) -> str:
        """A value as the catalog prints it.

        >>> kpi("loss_rate").spell(0.0018), kpi("cost_per_parcel").spell(9.351), kpi("dock_to_stock_time").spell(24.7)
        ('0.18%', '$9.35', '24.7 hours')
        """
        if self.format.startswith("$"):
            return f"{'−' if value < 0 else ''}${abs(value):{self.format[1:]}}"
        text = f"{value:{self.format}}".replace("-", "−")
        return text if self.format.endswith("%") or self.unit in ("ratio", "USD/USD", "zone") else f"{text} {self.unit}"


def _benchmark(owner: str, given: Mapping[str, Any]) -> Benchmark:
    if "fact" in given:
        fact = data.fact(given["fact"])
        return Benchmark(
            given["level"],
            fact["show"],
            fact["source_url"],
            int(str(fact["date"])[:4]),
            fact["confidence"],
            conflict=fact.get("conflict", ""),
        )
    made: Benchmark = _made(Benchmark, f"{owner}, benchmark", given)
    return made


def _made(kind: type, owner: str, given: Mapping[str, Any]) -> Any:
    known = {field.name for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is field.default_factory}
    for problem, names in (("unknown", given.keys() - known), ("missing", needed - given.keys())):
        if names:
            raise ValueError(f"{owner}: {problem} {', '.join(sorted(names))}; expected {', '.join(sorted(known))}")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


@cache
def catalog() -> dict[str, Kpi]:
    """Every KPI by id, in the order of the catalog. Read once; treat it as read-only.

    Raises
    ------
    ValueError naming KPI and field where the catalog lacks or misspells one.

    >>> len([kpi for kpi in catalog().values() if kpi.computed]) >= 45
    True
    """
    found: dict[str, Kpi] = {}
    for given in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["kpis"]:
        benchmarks = tuple(_benchmark(given["id"], item) for item in given["benchmarks"])
        made = _made(Kpi, given["id"], given | {"benchmarks": benchmarks})
        for field, choices in (("group", GROUPS), ("direction", DIRECTIONS)):
            if getattr(made, field) not in choices:
                raise ValueError(f"{made.id}: {field} {getattr(made, field)!r}, expected one of {', '.join(choices)}")
        if made.id in found:
            raise ValueError(f"{made.id}: used twice, expected once")
        found[made.id] = made
    return found


def kpi(id: str) -> Kpi:
    """One KPI.

    Raises
    ------
    ValueError if there is no such id.

    >>> kpi("loss_rate").name, kpi("loss_rate").tables
    ('Loss rate', ('shipments',))
    """
    if id not in catalog():
        raise ValueError(f"id: {id!r} is not a KPI of the catalog, expected one such as 'late_dispatch_rate'")
    return catalog()[id]


def _computed(id: str) -> Kpi:
    if not kpi(id).computed:
        raise ValueError(f"{id}: described, not computed: {kpi(id).note}")
    return kpi(id)


def sql(id: str, dialect: str = "duckdb") -> str:
    """The KPI's statement, which gives one row: ``value`` and ``n``.

    Parameters
    ----------
    id : KPI.
    dialect : one of ``DIALECTS``.

    Raises
    ------
    ValueError if the KPI is not computed, or the dialect is one in which the statements have not been executed.

    >>> print(sql("average_zone", "spark"))
    SELECT
      AVG(zone) AS value,
      COUNT(zone) AS n
    FROM shipments
    """
    if dialect not in DIALECTS:
        raise ValueError(f"dialect: {dialect!r}, expected one that is tested: {', '.join(DIALECTS)}")
    statement = _computed(id).sql.strip()
    if dialect == "duckdb":
        return statement
    return sqlglot.parse_one(statement, read="duckdb").transform(_exact).sql(dialect, pretty=True)


def _exact(node: Expression) -> Expression:
    """Spark's exact ``percentile`` for a quantile: sqlglot by itself writes ``percentile_approx``, which is another figure."""
    if isinstance(node, WithinGroup) and isinstance(node.this, PercentileCont):
        return Anonymous(this="PERCENTILE", expressions=[node.expression.expressions[0].this, node.this.this])
    return node


def run(id: str, tables: Mapping[str, pd.DataFrame] | None = None, engine: str = "pandas") -> KpiValue:
    """The KPI's value on the tables, with ``n``, the rows it stands on.

    Parameters
    ----------
    id : KPI.
    tables : table name -> DataFrame, at least those that the KPI names; by default the program's.
    engine : ``"pandas"`` calls its function, ``"duckdb"`` executes its statement; both on the columns that it reads, as
        ``kpis.base.gate`` hands them on.

    Returns
    -------
    KpiValue, in the KPI's unit (a ``%`` is a fraction); what ``n`` counts is the KPI's ``counts``.

    Raises
    ------
    ValueError if the KPI is not computed, the engine unknown, a table missing, or nothing stands in the denominator.

    >>> shipments = pd.DataFrame({"zone": [2, 4, 6]})
    >>> run("average_zone", {"shipments": shipments}), run("average_zone", {"shipments": shipments}, "duckdb").n
    (4.0, 3)
    """
    wanted = _computed(id)
    if engine not in ENGINES:
        raise ValueError(f"engine: {engine!r}, expected one of {', '.join(ENGINES)}")
    if tables is None:
        tables = {name: data.load(name) for name in wanted.tables}
    if missing := [name for name in wanted.tables if name not in tables]:
        raise ValueError(f"{id}: no table {', '.join(missing)}; expected {', '.join(wanted.tables)}")
    if engine == "pandas":
        return wanted.function(**{name: tables[name] for name in wanted.tables})
    with _database().cursor() as connection:  # what it registers, no other cursor sees
        for name, table in gate(tables, READS[id]).items():
            connection.register(name, table)
        row = connection.execute(wanted.sql).fetchone()
    if row is None or row[0] is None or not math.isfinite(row[0]):
        raise ValueError(f"{id}: no value: nothing in its denominator, or a gap in a total; expected at least one row")
    return KpiValue(*row)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One empty database in memory a process: to open it takes ten times as long as a statement."""
    return duckdb.connect()


def source(id: str) -> str:
    """The KPI's pandas function as it is written, without docstrings, after the helpers of its module that it calls.

    A share of orders is a rule in ``kpis.RATES``: of these, the rule.

    >>> print(source("average_zone"))
    @reads(shipments=("zone",))
    def average_zone(shipments: pd.DataFrame) -> KpiValue:
        zones = shipments["zone"].dropna()
        return ratio(zones.sum(), len(zones), len(zones), "average_zone")
    """
    function = _computed(id).function
    text = Path(inspect.getfile(inspect.unwrap(function))).read_text(encoding="utf-8")
    body = ast.parse(text).body
    parts: dict[str, ast.FunctionDef | ast.expr] = {
        node.name: node for node in body if isinstance(node, ast.FunctionDef)
    }
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            rules = zip(node.value.keys, node.value.values, strict=True)
            parts |= {str(key.value): rule for key, rule in rules if isinstance(key, ast.Constant)}

    def written(name: str) -> list[str]:
        part = parts[name]
        called = dict.fromkeys(node.id for node in ast.walk(part) if isinstance(node, ast.Name))
        before = [line for other in called if other.startswith("_") and other in parts for line in written(other)]
        return [*before, *_without_docstring(name, part, text.splitlines()), ""]

    return "\n".join(written(function.__name__)).rstrip()


def _without_docstring(name: str, part: ast.FunctionDef | ast.expr, lines: list[str]) -> list[str]:
    """A function as it stands in the lines of its module, its docstring left out, or a rule of ``RATES`` by its name."""
    if isinstance(part, ast.FunctionDef):
        first = min([part.lineno, *(decorator.lineno for decorator in part.decorator_list)])
        docstring = range(0)
        if ast.get_docstring(part):
            docstring = range(part.body[0].lineno, (part.body[0].end_lineno or 0) + 1)
        return [lines[n - 1] for n in range(first, (part.end_lineno or 0) + 1) if n not in docstring]
    rule = textwrap.dedent("\n".join(lines[part.lineno - 1 : part.end_lineno])).removesuffix(",")
    return rule.replace(f'"{name}":', f"{name} =", 1).splitlines()


def ranges(formula: str) -> list[str]:
    """The named ranges (``table_column``) that a spreadsheet formula reads, each once, in order.

    >>> ranges('=COUNTIF(tenders_accepted,TRUE)/COUNTA(tenders_tender_id)')
    ['tenders_accepted', 'tenders_tender_id']
    """
    words = re.findall(r"[a-z][a-z0-9_]*", re.sub(r'"[^"]*"', "", formula))
    return list(dict.fromkeys(words))
