"""A year of orders through the intake, beside what reads it faster and knows less: `python tests/benchmarks/intake_scale.py [ROWS]`.

Each reader takes the same file in a process of its own and reports its time and its peak memory: `pandas.read_csv` with
dates, DuckDB's reader with its sniffer, the intake up to its tables in pandas, and the intake up to the KPIs of the
catalog as SQL. Linux only: the peak is read from /proc. `make bench` holds the ratio and the memory to their limits.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TIMES = ["Created", "Due", "Shipped", "Delivered"]
READERS = ("pandas", "duckdb", "intake", "intake and KPIs")
#: Times the time of `pandas.read_csv` (which checks and reports nothing), and megabytes at the peak. DuckDB's own reader
#: takes twice the time of pandas on this file; the checks read every cell again.
LIMITS = (8.0, 600)


def generate(rows: int, file: Path) -> None:
    """Orders of a year, ten columns, as a seller center exports them."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    created = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 365 * 86_400, rows), unit="s")
    table = pd.DataFrame(
        {
            "Order ID": np.char.add("5769", np.char.zfill(np.arange(rows).astype(str), 14)),
            "Seller": rng.choice(["Alder", "Birch", "Cedar Mill"], rows),
            "Created": created,
            "Due": (created + pd.Timedelta(days=5)).strftime("%F"),
            "Shipped": created + pd.to_timedelta(rng.integers(3_600, 200_000, rows), unit="s"),
            "Delivered": created + pd.to_timedelta(rng.integers(200_000, 700_000, rows), unit="s"),
            "Units": rng.integers(1, 9, rows),
            "Value": rng.gamma(2, 20, rows).round(2),
            "Freight": rng.gamma(2, 3, rows).round(2),
            "In full": rng.choice(["yes", "no"], rows),
        }
    )
    table.to_csv(file, index=False)


def by_pandas(file: str) -> Callable[[], int]:
    import pandas as pd

    return lambda: len(pd.read_csv(file, parse_dates=TIMES))


def by_duckdb(file: str) -> Callable[[], int]:
    import duckdb

    def read() -> int:
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE orders AS SELECT * FROM '{file}'")
            return len(connection.sql("SELECT * FROM orders").df())

    return read


def by_intake(file: str, kpis: bool = False) -> Callable[[], int]:
    from fulfillment.intake import kpi_report, reader
    from fulfillment.intake.mapping import Column, Source

    columns = {
        "order_id": Column("Order ID"),
        "vendor": Column("Seller"),
        "ordered_at": Column("Created", "time"),
        "deliver_by": Column("Due", "deadline"),
        "dispatched_at": Column("Shipped", "time"),
        "delivered_at": Column("Delivered", "time"),
        "quantity": Column("Units", "whole"),
        "value_usd": Column("Value", "money"),
        "freight_usd": Column("Freight", "money"),
        "in_full": Column("In full", "flag"),
    }
    source = Source(Path(file).name, columns, key=("order_id",), sequences=[("ordered_at", "delivered_at")])

    def read() -> int:
        result = reader.read({"orders": source}, file)
        if kpis:
            kpi_report.catalog_lines(result)
            return result.report.counts[source.file]["kept"]
        return len(result.tables["orders"])

    return read


def measure(name: str, file: str) -> None:
    """Read the file in this process; print rows, seconds, processor seconds and peak memory in MB."""
    ways = {"pandas": by_pandas, "duckdb": by_duckdb, "intake": by_intake}
    read = by_intake(file, kpis=True) if name == READERS[3] else ways[name](file)
    start, spent = time.perf_counter(), time.process_time()
    rows = read()
    took, spent = time.perf_counter() - start, time.process_time() - spent
    # of this process alone, imports included; getrusage would carry over the parent's
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    print(rows, took, spent, peak)


def compare(rows: int) -> dict[str, tuple[float, float]]:
    """Print the readers side by side; name -> times pandas' time, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "orders.csv")
        generate(rows, file)
        print(f"\n{rows:,} rows, 10 columns, {file.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
        best: dict[str, tuple[float, float, float]] = {}
        for name in READERS * 2:  # the better of two runs, by turns
            output = subprocess.run(
                [sys.executable, __file__, name, str(file)], check=True, capture_output=True, text=True
            )
            read, took, spent, peak = (float(part) for part in output.stdout.split())
            assert read == rows
            best[name] = min(best.get(name, (took, spent, peak)), (took, spent, peak))
    for name, (took, spent, peak) in best.items():
        print(
            f"{name:16} {took:6.1f} s  {spent:6.1f} s of processor  {peak:6,.0f} MB  {took / best['pandas'][0]:4.1f} times pandas"
        )
    return {name: (took / best["pandas"][0], peak) for name, (took, _, peak) in best.items()}


def test_a_year_of_orders_is_read_within_its_limits():
    found = compare(1_000_000)
    for name in READERS[2:]:
        times, peak = found[name]
        assert times <= LIMITS[0]
        assert peak <= LIMITS[1]


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], sys.argv[2])
    else:
        compare(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
