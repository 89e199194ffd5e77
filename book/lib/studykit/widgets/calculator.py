"""`calculator`: one SymPy formula for the page, the notebook, the browser and the spreadsheet."""

import re
from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

import sympy
import traitlets
from latex2mathml.converter import convert

from studykit.widgets.base import Widget

_TREE = {
    sympy.Add: "add",
    sympy.Mul: "mul",
    sympy.Pow: "pow",
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.Min: "min",
    sympy.Max: "max",
    sympy.ceiling: "ceil",
    sympy.floor: "floor",
    sympy.Abs: "abs",
}
_SPREADSHEET = {"exp": "EXP", "log": "LN", "min": "MIN", "max": "MAX", "floor": "INT", "abs": "ABS"}


class Symbol(Protocol):
    """One input of a formula: ``name``, ``label``, ``unit`` and the range in which the formula holds."""

    name: str
    label: str
    unit: str
    lower: float | None
    upper: float | None


class Level(Protocol):
    """A published level: what it is the level of, as printed, where it stands, of which year, and how far to trust it."""

    level: str
    show: str
    source_url: str
    year: int
    confidence: str


class Formula(Protocol):
    """What `calculator` needs of a formula: a SymPy ``expression``, its ``symbols`` and its ``latex``, all with units."""

    title: str
    expression: sympy.Expr
    symbols: tuple[Symbol, ...]
    unit: str
    latex: str


def expression_tree(expression: sympy.Expr) -> Any:
    """The expression as nested lists that a browser can walk: number, symbol name or ``[operation, ...parts]``.

    >>> expression_tree(sympy.sqrt(sympy.Symbol("n")) + 1)
    ['add', 1.0, ['pow', 'n', 0.5]]
    """
    if expression.is_Symbol:
        return expression.name
    if expression.is_number and not expression.args:
        return float(expression)
    for kind, name in _TREE.items():
        if isinstance(expression, kind):
            return [name, *(expression_tree(part) for part in expression.args)]
    raise ValueError(
        f"calculator: {expression.func.__name__} has no form in the browser; use one of {sorted(_TREE.values())}"
    )


def spreadsheet_formula(expression: sympy.Expr) -> str:
    """The expression as a spreadsheet formula over named cells.

    >>> spreadsheet_formula(sympy.sqrt(sympy.Symbol("n")) / 2)
    '=SQRT(n)/2'
    """

    def text(part: sympy.Expr) -> str:
        if part.is_Symbol or not part.args:
            return str(part)
        if part == sympy.sqrt(part.args[0]) and part.is_Pow:
            return f"SQRT({text(part.args[0])})"
        if isinstance(part, sympy.ceiling):
            return f"-INT(-({text(part.args[0])}))"
        for kind, name in _TREE.items():
            if isinstance(part, kind) and name in _SPREADSHEET:
                return f"{_SPREADSHEET[name]}({','.join(map(text, part.args))})"
        # operators, brackets and signs are SymPy's; only the functions inside have other names here
        names = {inner: sympy.Symbol(text(inner)) for inner in part.atoms(sympy.Function, sympy.Max, sympy.Min)}
        roots = {inner: sympy.Symbol(text(inner)) for inner in part.atoms(sympy.Pow) if inner.exp == sympy.S.Half}
        return str(sympy.sstr(part.xreplace(names | roots))).replace("**", "^").replace(" ", "")

    return "=" + text(expression)


_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_LEVEL = re.compile(
    rf"(?P<bound>at most|under|up to|at least|over|more than)? ?(?P<money>\$)?(?P<low>{_NUMBER})"
    rf"(?:[–-](?P<high>{_NUMBER}))?(?P<plus>\+)? ?(?P<unit>%|×|[a-z]+(?: of [a-z ]+)?)?"
)
_SIGNS = {"%": "%", "×": "USD of margin a year per USD of inventory"}


def level_bounds(show: str, unit: str) -> tuple[float | None, float | None] | None:
    """Lowest and highest value of a published level in a formula's unit, a percentage as a fraction; None where it is not in it.

    >>> level_bounds("20–30%", "%"), level_bounds("at most 33.2 days", "days"), level_bounds("$9.09", "USD per parcel"), level_bounds("24 hours", "days")
    ((0.2, 0.3), (None, 33.2), (9.09, 9.09), None)
    """
    found = _LEVEL.fullmatch(show)
    if not found:
        return None
    named = "USD" if found["money"] else _SIGNS.get(found["unit"], found["unit"] or "")
    if not named or not f"{unit} ".startswith(f"{named} "):
        return None
    scale = 100 if named == "%" else 1
    low = float(found["low"].replace(",", "")) / scale
    high = float((found["high"] or found["low"]).replace(",", "")) / scale
    match found["bound"]:
        case "at most" | "under" | "up to":
            return None, high
        case "at least" | "over" | "more than":
            return low, None
    return low, None if found["plus"] else high


class Calculator(Widget):
    """Inputs, a formula and its result; made by `calculator`. ``values`` and ``answer`` follow what the reader types.

    ``levels`` are published levels of the result, the ones in its unit with ``low`` and ``high``.
    """

    kind = "calculator"
    title = traitlets.Unicode().tag(sync=True)
    inputs: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    answer = traitlets.Float(allow_none=True, default_value=None).tag(sync=True)
    tree: traitlets.List[Any] = traitlets.List().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    mathml = traitlets.Unicode().tag(sync=True)
    forms = traitlets.Dict().tag(sync=True)
    levels: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def page_state(self) -> dict[str, Any]:
        state = super().page_state()
        return state if state["levels"] else {name: part for name, part in state.items() if name != "levels"}

    def describe(self) -> str:
        return f"{self.title}: {self.forms['Python']}"


def calculator(formula: Formula, *, digits: int = 2, benchmarks: Iterable[Level] = (), **start: float) -> Calculator:
    """A calculator for ``formula``, with or without a kernel.

    Parameters
    ----------
    formula : SymPy expression with labeled symbols; a unit of ``"%"`` shows and takes a fraction as a percentage.
    digits : decimals of the result.
    benchmarks : published levels of the result, shown beside it.
    **start : value of every symbol at the start, in the formula's own unit (rates as fractions).

    Raises
    ------
    ValueError when a symbol has no start value or one outside its range, and when the start gives no finite result.
    """
    names = [symbol.name for symbol in formula.symbols]
    if sorted(names) != sorted(start):
        raise ValueError(f"calculator {formula.title!r}: expected start values for {names}, got {sorted(start)}")
    for symbol in formula.symbols:
        low, high = symbol.lower, symbol.upper
        if (low is not None and start[symbol.name] < low) or (high is not None and start[symbol.name] > high):
            raise ValueError(
                f"calculator {formula.title!r}: {symbol.name} = {start[symbol.name]}, expected {low} to {high}"
            )
    bound = {sympy.Symbol(name): value for name, value in start.items()}
    plain = formula.expression.xreplace(
        {symbol: sympy.Symbol(symbol.name) for symbol in formula.expression.free_symbols}
    )
    result = plain.subs(bound)
    if not (result.is_number and result.is_finite):
        raise ValueError(
            f"calculator {formula.title!r}: {', '.join(f'{name} = {value}' for name, value in start.items())} give no "
            "finite result, expected start values that do"
        )
    inputs = [
        {key: getattr(symbol, key) for key in ("name", "label", "unit", "lower", "upper")} for symbol in formula.symbols
    ]
    return Calculator(
        title=formula.title,
        inputs=inputs,
        values=start,
        answer=round(float(result), 12),
        tree=expression_tree(plain),
        result={"label": "Result", "unit": formula.unit, "digits": digits},
        mathml=convert(formula.latex, display="block"),
        forms={
            "Python": sympy.pycode(plain),
            "JavaScript": sympy.jscode(plain),
            "Spreadsheet": spreadsheet_formula(plain),
            "LaTeX": formula.latex,
        },
        levels=[_level(level, formula.unit) for level in benchmarks],
    )


def _level(level: Level, unit: str) -> dict[str, Any]:
    host = urlsplit(level.source_url).netloc.removeprefix("www.")
    source = f"{host}, {level.year}{', a rule of thumb' if level.confidence == 'low' else ''}"
    kept: dict[str, Any] = {"level": level.level, "show": level.show, "url": level.source_url, "source": source}
    if within := level_bounds(level.show, unit):
        kept |= {"low": within[0], "high": within[1]}
    return kept
