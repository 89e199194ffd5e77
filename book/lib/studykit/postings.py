"""What job postings ask for, counted over ``data/facts/postings.csv``."""

import csv
from pathlib import Path

#: What is counted, in this order: label, column, and whether only texts that show their requirements can tell.
ASKED = [
    ("At least 5 years in the field", "years", True),
    ("A bachelor's degree, or equal experience", "degree", True),
    ("Excel", "excel", True),
    ("BI tools", "bi_tools", True),
    ("SQL", "sql", True),
    ("Mandarin", "mandarin", True),
    ("Travel", "travel", True),
    ("Work with 3PLs, carriers or other logistics partners", "partners", False),
    ("Negotiation with them", "negotiation", False),
]
YEARS = 5


def postings(path: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of the table by group, in the order of the file.

    A row is one posting, as far as its text could be read: ``requirements`` is ``yes``, ``partly`` or empty, ``years``
    the fewest that it asks for, every other column of `ASKED` ``yes`` where the visible text names it.

    Raises
    ------
    ValueError naming the file, the posting and the column where a cell holds something else.
    """
    groups: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for column in ["requirements", *(column for _, column, _ in ASKED)]:
                allowed = {"yes", "partly", ""} if column == "requirements" else {"yes", ""}
                if not (row[column] in allowed or (column == "years" and row[column].isdigit())):
                    raise ValueError(
                        f"{path.name}: {column} of {row['source_title']!r} is {row[column]!r}, expected yes or empty"
                    )
            groups.setdefault(row["group"], []).append(row)
    return groups


def shown(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The postings whose requirements can be read, at least in part."""
    return [row for row in rows if row["requirements"]]


def count(rows: list[dict[str, str]], column: str, required: bool) -> tuple[int, int]:
    """How many postings name what ``column`` stands for, and of how many.

    Parameters
    ----------
    rows : as `postings` gives a group.
    column : a column of `ASKED`.
    required : count only among the postings that show their requirements.

    >>> rows = [{"requirements": "yes", "years": "6"}, {"requirements": "partly", "years": "2"}, {"requirements": ""}]
    >>> count(rows, "years", required=True)
    (1, 2)
    """
    able = shown(rows) if required else rows
    named = [int(row["years"] or 0) >= YEARS if column == "years" else row[column] == "yes" for row in able]
    return sum(named), len(able)
