"""`calculator`: one SymPy formula for the page, the notebook, the browser and the spreadsheet."""

from typing import Any, Protocol

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


class Formula(Protocol):
    """What `calculator` needs of a formula: a SymPy ``expression``, its ``symbols`` and its ``latex``, all with units."""

    title: str
    expression: sympy.Expr
    symbols: tuple[Symbol, ...]
    unit: str
    latex: str


def tree(expression: sympy.Expr) -> Any:
    """The expression as nested lists that a browser can walk: number, symbol name or ``[operation, ...parts]``.

    >>> tree(sympy.sqrt(sympy.Symbol("n")) + 1)
    ['add', 1.0, ['pow', 'n', 0.5]]
    """
    if expression.is_Symbol:
        return expression.name
    if expression.is_number and not expression.args:
        return float(expression)
    for kind, name in _TREE.items():
        if isinstance(expression, kind):
            return [name, *(tree(part) for part in expression.args)]
    raise ValueError(
        f"calculator: {expression.func.__name__} has no form in the browser; use one of {sorted(_TREE.values())}"
    )


def spreadsheet(expression: sympy.Expr) -> str:
    """The expression as a spreadsheet formula over named cells.

    >>> spreadsheet(sympy.sqrt(sympy.Symbol("n")) / 2)
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
        return sympy.sstr(part.xreplace(names | roots)).replace("**", "^").replace(" ", "")

    return "=" + text(expression)


class Calculator(Widget):
    """Inputs, a formula and its result; made by `calculator`. ``values`` and ``answer`` follow what the reader types."""

    kind = "calculator"
    title = traitlets.Unicode().tag(sync=True)
    inputs = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    answer = traitlets.Float(allow_none=True, default_value=None).tag(sync=True)
    tree = traitlets.List().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    mathml = traitlets.Unicode().tag(sync=True)
    forms = traitlets.Dict().tag(sync=True)

    def describe(self) -> str:
        return f"{self.title}: {self.forms['Python']}"


def calculator(formula: Formula, *, digits: int = 2, **start: float) -> Calculator:
    """A calculator for ``formula``, with or without a kernel.

    Parameters
    ----------
    formula : SymPy expression with labeled symbols; a unit of ``"%"`` shows and takes a fraction as a percentage.
    digits : decimals of the result.
    **start : value of every symbol at the start, in the formula's own unit (rates as fractions).

    Raises
    ------
    ValueError when a symbol has no start value or one outside its range.
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
    inputs = [
        {key: getattr(symbol, key) for key in ("name", "label", "unit", "lower", "upper")} for symbol in formula.symbols
    ]
    return Calculator(
        title=formula.title,
        inputs=inputs,
        values=start,
        answer=round(float(plain.subs(bound)), 12),
        tree=tree(plain),
        result={"label": "Result", "unit": formula.unit, "digits": digits},
        mathml=convert(formula.latex, display="block"),
        forms={"Python": sympy.pycode(plain), "Spreadsheet": spreadsheet(plain), "LaTeX": formula.latex},
    )
