"""The order KPIs on millions of rows, in pandas and in DuckDB SQL: `python tests/benchmarks/kpi_scale.py [ROWS]`.

Each engine runs in a process of its own on the same Parquet file and reports its time and its peak memory: pandas reads
the columns it needs, DuckDB queries the file. Linux only: the peak is read from /proc.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from fulfillment import data
from fulfillment.kpis.catalog import catalog, run

SCORECARD = [kpi.id for kpi in catalog().values() if kpi.tables == ("orders",)]


def generate(rows: int, file: str) -> None:
    """The program's orders, drawn again and again with times moved by whole weeks."""
    orders = data.load("orders")
    rng = np.random.default_rng(1)
    with duckdb.connect() as connection:
        for part in range(-(-rows // 500_000)):
            size = min(500_000, rows - part * 500_000)
            drawn = orders.iloc[rng.integers(0, len(orders), size)].reset_index(drop=True)
            shift = pd.to_timedelta(7 * rng.integers(-26, 1, size), unit="D")
            for column in drawn.select_dtypes("datetime"):
                drawn[column] += shift
            connection.register("part", drawn)
            into = "CREATE TABLE orders AS" if part == 0 else "INSERT INTO orders"
            connection.execute(f"{into} SELECT * FROM part")
        connection.execute(f"COPY orders TO '{file}' (FORMAT parquet)")


def measure(engine: str, file: str) -> None:
    """Run the scorecard in this process; print seconds, peak memory in MB and the sum of the values."""
    start = time.perf_counter()
    total = 0.0
    with duckdb.connect() as connection:
        if engine == "duckdb":
            connection.execute(f"CREATE VIEW orders AS SELECT * FROM '{file}'")
            total = sum(connection.execute(catalog()[id].sql).fetchone()[0] for id in SCORECARD)
        else:
            needed = {"order_id", "ordered_at", "dispatch_due_at", "dispatched_at", "deliver_by", "delivered_at"}
            needed |= {"tracking_valid", "in_full", "damaged", "cancelled_at", "cancel_fault", "review_stars"}
            tables = {"orders": connection.sql(f"SELECT {', '.join(sorted(needed))} FROM '{file}'").df()}
            total = sum(run(id, tables) for id in SCORECARD)
    # of this process alone, imports included; getrusage would carry over the parent's
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    print(time.perf_counter() - start, peak, total)


def main(rows: int) -> None:
    """Generate, measure both engines, and print them side by side."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "orders.parquet").as_posix()
        generate(rows, file)
        print(
            f"{rows:,} orders, {len(SCORECARD)} KPIs, {os.cpu_count()} cores, {Path(file).stat().st_size / 1e6:,.0f} MB on disk"
        )
        told = {}
        for engine in ("pandas", "duckdb"):
            output = subprocess.run(
                [sys.executable, __file__, engine, file], check=True, capture_output=True, text=True
            )
            told[engine] = [float(part) for part in output.stdout.split()]
            seconds, peak, _ = told[engine]
            print(f"{engine:7} {seconds:6.1f} s  {peak:7,.0f} MB at the peak")
        (slow, large, one), (fast, small, other) = told["pandas"], told["duckdb"]
        print(f"pandas over DuckDB: {slow / fast:.1f} times the time, {large / small:.1f} times the memory; "
              f"values differ by {abs(one - other) / abs(one):.0e}")  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000)
