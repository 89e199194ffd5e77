"""Every KPI's statement, translated by sqlglot, executed on Spark in local mode and held against pandas.

`make test-spark` runs it (pyspark in a folder of its own, Java 17 from the system's packages). Not part of `make test`.
"""

import sys
import tempfile
import time
from pathlib import Path

import duckdb

from fulfillment import data
from fulfillment.kpis.catalog import catalog, run, sql

TOLERANCE = 1e-9


def main() -> int:
    """Print what was executed, how long it took and the largest difference; 1 if one is above ``TOLERANCE``."""
    from pyspark.sql import SparkSession

    computed = [kpi for kpi in catalog().values() if kpi.computed]
    tables = {name: data.load(name) for name in sorted({name for kpi in computed for name in kpi.tables})}
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", False)
        .config("spark.ui.showConsoleProgress", False)
        .config("spark.sql.shuffle.partitions", 4)
        .config("spark.sql.session.timeZone", "America/Los_Angeles")  # one with daylight saving: times must not shift
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    worst, failed = 0.0, []
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        for name, table in tables.items():
            file = Path(folder, f"{name}.parquet").as_posix()
            connection.register("moved", table)
            connection.execute(f"COPY moved TO '{file}' (FORMAT parquet)")
            spark.read.parquet(file).createOrReplaceTempView(name)
        start = time.monotonic()
        for kpi in computed:
            expected = run(kpi.id, tables)
            (row,) = spark.sql(sql(kpi.id, "spark")).collect()
            difference = abs(float(row["value"]) - expected) / max(1.0, abs(expected))
            worst = max(worst, difference)
            if difference > TOLERANCE or row["n"] != expected.n:
                failed.append(kpi.id)
                print(f"{kpi.id}: Spark {row['value']} on {row['n']}, pandas {expected} on {expected.n}")
        seconds = time.monotonic() - start
        version = spark.version
        spark.stop()
    print(
        f"Spark {version}: {len(computed) - len(failed)} of {len(computed)} statements equal to pandas, "
        f"largest relative difference {worst:.1e}, {seconds:.0f} s"
    )
    return min(len(failed), 1)


if __name__ == "__main__":
    sys.exit(main())
