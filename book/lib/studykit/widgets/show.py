"""Outputs that the site reads: values for prose (`record`) and tables that read well on a phone (`table`)."""

from html import escape
from typing import Any

import pandas as pd
from IPython.display import display

VALUE = "application/vnd.studykit.value.v1+json"


def format_value(value: float, spec: str, unit: str = "") -> str:
    """A number as prose prints it.

    >>> format_value(0.0312, ".1%"), format_value(1250, ",.0f", "orders"), format_value(4.28, "$.2f")
    ('3.1%', '1,250\\xa0orders', '$4.28')
    """
    currency, spec = ("$", spec[1:]) if spec.startswith("$") else ("", spec)
    text = currency + format(value, spec)
    return f"{text}\u00a0{unit}" if unit else text


def record(**values: tuple[Any, str] | tuple[Any, str, str]) -> None:
    """Register values for prose: ``record(late_share=(0.031, ".1%"), late_orders=(1250, ",.0f", "orders"))``.

    Each is ``(value, format)`` or ``(value, format, unit)``; a date or a text takes the format ``""``.
    Any page then prints one by the role ``{value}``. A number is kept to nine digits: processors differ in the last
    ones, most of all in a small difference of large numbers.
    """
    entries = []
    for name, (value, spec, *unit) in values.items():
        number = value.item() if hasattr(value, "item") else value
        text = format_value(number, spec, *unit) if isinstance(number, int | float) else str(number)
        kept = (
            number if isinstance(number, int) else float(f"{number:.9g}") if isinstance(number, float) else str(number)
        )
        entries.append({"name": name, "value": kept, "unit": "".join(unit), "format": spec, "text": text})
    plain = "\n".join(f"{entry['name']} = {entry['text']}" for entry in entries)
    display({VALUE: entries, "text/plain": plain}, raw=True)


class Html:
    """HTML for the page and for a notebook, with plain text where HTML does not show."""

    def __init__(self, html: str, plain: str) -> None:
        self._html, self._plain = html, plain

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._plain


def table(frame: pd.DataFrame, caption: str, columns: dict[str, tuple[str, str]]) -> Html:
    """Show columns of ``frame`` under headers with units: numbers right-aligned, sideways scroll inside the table only.

    Parameters
    ----------
    columns : column -> (header with its unit, format). A format in percent prints the number only: the header has
        the unit. An empty format prints text as it is. A missing value prints as a dash.

    Raises
    ------
    KeyError naming a column that ``frame`` lacks.
    """
    missing = set(columns) - set(frame.columns)
    if missing:
        raise KeyError(
            f"table {caption!r}: no column {', '.join(sorted(missing))}; there are {', '.join(map(str, frame))}"
        )

    def cell(value: Any, spec: str) -> str:
        if pd.isna(value):
            return "–"
        return format_value(value, spec).removesuffix("%") if spec else str(value)

    texts = {header: [cell(value, spec) for value in frame[name]] for name, (header, spec) in columns.items()}
    right = [' class="n"' if spec else "" for _, spec in columns.values()]
    head = "".join(f'<th scope="col"{side}>{escape(header)}</th>' for header, side in zip(texts, right, strict=True))
    rows = "\n".join(
        "<tr>" + "".join(f"<td{side}>{escape(text)}</td>" for text, side in zip(row, right, strict=True)) + "</tr>"
        for row in zip(*texts.values(), strict=True)
    )
    html = (
        f'<p class="sk-caption">{escape(caption)}</p>\n<div class="sk-table"><table aria-label="{escape(caption)}">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )
    return Html(html, f"{caption}\n{pd.DataFrame(texts).to_string(index=False)}")
