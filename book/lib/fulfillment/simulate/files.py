"""The tables as files, the same bytes for the same tables."""

import gzip
import io
from pathlib import Path

import pandas as pd

from fulfillment.data import NETWORK, path
from fulfillment.data.schemas import SCHEMAS, TIME


def write_tables(tables: dict[str, pd.DataFrame], folder: Path = NETWORK) -> None:
    """Write the tables as CSV, the same bytes for the same tables.

    Parameters
    ----------
    tables : table name -> DataFrame.
    folder : where to; made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        times = {
            column: table[column].dt.strftime("%Y-%m-%d" if field.metadata.get("date") else "%Y-%m-%d %H:%M")
            for column, field in SCHEMAS[name].columns.items()
            if table[column].dtype == TIME
        }
        text = table.assign(**times).to_csv(index=False, lineterminator="\n").encode()
        if path(name).suffix == ".gz":
            packed = io.BytesIO()
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=packed, mtime=0) as file:
                file.write(text)
            text = packed.getvalue()
        path(name, folder).write_bytes(text)
