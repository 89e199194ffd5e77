"""What is written from the schemas: the Frictionless descriptor, and the tables of the data dictionary."""

import json
from pathlib import Path
from typing import Any

import pandera.pandas as pa

from fulfillment.data import COMPRESSED, path
from fulfillment.data.schemas import SCHEMAS, TIME

START, END = "<!-- tables: written by make data -->", "<!-- end of tables -->"
FRICTIONLESS = {"str": "string", "int64": "integer", "Int64": "integer", "float64": "number", "boolean": "boolean"}
WORDS = {"string": "text", "boolean": "true/false", "datetime": "time"}
LIMITS = {"greater_than_or_equal_to": "minimum", "less_than_or_equal_to": "maximum", "isin": "enum"}


def field(name: str, column: pa.Column) -> dict[str, Any]:
    """A column as a Frictionless field.

    >>> field("zone", SCHEMAS["lanes"].columns["zone"])["constraints"]
    {'required': True, 'minimum': 2, 'maximum': 8}
    """
    kind = column.metadata["type"]
    made: dict[str, Any] = {
        "name": name,
        "type": FRICTIONLESS.get(kind, "date" if column.metadata.get("date") else "datetime"),
    }
    if kind == TIME:
        made["format"] = "%Y-%m-%d" if column.metadata.get("date") else "%Y-%m-%d %H:%M"
    if kind == "boolean":
        made |= {"trueValues": ["True"], "falseValues": ["False"]}
    made["description"] = column.description
    if column.metadata.get("unit"):
        made["unit"] = column.metadata["unit"]
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    for check in column.checks:
        value = next(iter(check.statistics.values()))
        constraints[LIMITS[check.name]] = list(value) if check.name == "isin" else value
    return made | ({"constraints": constraints} if constraints else {})


def references(columns: dict[str, pa.Column]) -> list[dict[str, Any]]:
    """The foreign keys of a table: each points to the key of its table."""
    return [
        {
            "fields": [name],
            "reference": {"resource": column.metadata["to"], "fields": SCHEMAS[column.metadata["to"]].metadata["key"]},
        }
        for name, column in columns.items()
        if column.metadata.get("to")
    ]


def data_package() -> dict[str, Any]:
    """The Frictionless data package of ``data/network``."""
    resources = []
    for name, schema in SCHEMAS.items():
        resource = {
            "name": name,
            "path": path(name).name,
            "profile": "tabular-data-resource",
            "title": f"One row: {schema.title}",
            "format": "csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [field(column, details) for column, details in schema.columns.items()],
                "primaryKey": schema.metadata["key"],
                "foreignKeys": references(schema.columns),
                "missingValues": [""],
            },
        }
        if schema.description:
            resource["description"] = schema.description
        if name in COMPRESSED:
            resource["compression"] = "gz"
        resources.append(resource)
    return {
        "name": "fulfillment-program",
        "title": "A synthetic fulfillment program",
        "description": "Made up: no row describes a real order, seller, center, operator or carrier. See data/README.md.",
        "profile": "tabular-data-package",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": resources,
    }


def dictionary() -> str:
    """The tables of the data dictionary in Markdown."""
    parts = []
    for name, schema in SCHEMAS.items():
        parts.append(f"### `{path(name).name}`: one row {schema.title}\n")
        if schema.description:
            parts.append(f"{schema.description}\n")
        parts.append("| Column | Type | Unit | Meaning |\n|---|---|---|---|")
        for column, details in schema.columns.items():
            made = field(column, details)
            title = f"**`{column}`**" if column in schema.metadata["key"] else f"`{column}`"
            meaning = details.description
            values = made.get("constraints", {}).get("enum")
            if values:
                meaning += ": " + ", ".join(f"`{value}`" for value in values)
            if details.metadata.get("to"):
                meaning += f" → `{details.metadata['to']}`"
            unit = details.metadata.get("unit", "")
            parts.append(f"| {title} | {WORDS.get(made['type'], made['type'])} | {unit} | {meaning} |")
        parts.append("")
    return "\n".join(parts)


def describe(folder: Path) -> None:
    """Write ``network/datapackage.json`` and the tables of ``README.md`` in the data folder.

    Raises
    ------
    ValueError if the README has not the two marks between which the tables stand.
    """
    text = json.dumps(data_package(), indent=1, ensure_ascii=False) + "\n"
    (folder / "network" / "datapackage.json").write_text(text, encoding="utf-8")
    readme = folder / "README.md"
    before, mark, rest = readme.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{readme.name}: no marks, expected {START} and {END}")
    readme.write_text(f"{before}{mark}\n\n{dictionary()}\n{end}{after}", encoding="utf-8")
