"""`formula_sheet`: closed forms on one sheet, with signs, units and source, as MathML."""

from collections.abc import Iterable
from html import escape
from typing import Protocol

from latex2mathml.converter import convert

from studykit.widgets.show import Html


class Symbol(Protocol):
    """One input of a formula: its ``sign`` in print (LaTeX), its ``label`` and its ``unit``."""

    sign: str
    label: str
    unit: str


class Formula(Protocol):
    """What the sheet prints of a formula."""

    title: str
    latex: str
    symbols: tuple[Symbol, ...]
    unit: str
    source: str


def _meaning(symbol: Symbol) -> str:
    unit = f" ({escape(symbol.unit)})" if symbol.unit else ""
    return f"{convert(symbol.sign)} {escape(symbol.label[0].lower() + symbol.label[1:])}{unit}"


def formula_sheet(formulas: Iterable[Formula]) -> Html:
    """The formulas in the order given, in columns: title, formula, result's unit, signs, source.

    Parameters
    ----------
    formulas : with ``title``, ``latex``, ``symbols``, ``unit`` and ``source``.

    Raises
    ------
    ValueError if there are none.
    """
    entries, titles = [], []
    for formula in formulas:
        titles.append(f"{formula.title}: {formula.latex} [{formula.unit}]")
        entries.append(
            f"<li><h2>{escape(formula.title)}</h2>"
            f'<div class="math">{convert(formula.latex, display="block")}</div>'
            f"<p>in {escape(formula.unit)}; {'; '.join(map(_meaning, formula.symbols))}</p>"
            f'<p class="sk-source">{escape(formula.source)}</p></li>'
        )
    if not entries:
        raise ValueError("formula_sheet: no formulas, expected at least one")
    return Html('<ul class="sk-formulas">\n' + "\n".join(entries) + "\n</ul>", "\n".join(titles))
