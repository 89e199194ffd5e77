"""Expressions in questions: a small safe evaluator, and values written into text."""

import ast
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "ceil": math.ceil,
    "floor": math.floor,
    "round": round,
    "min": min,
    "max": max,
    "abs": abs,
}
SLOT = re.compile(r"\{\{\s*(?P<name>\w+)(?::(?P<spec>[^{}]+))?\s*\}\}")


def evaluate(
    expression: str | float, values: Mapping[str, float], functions: Mapping[str, Callable[..., Any]] | None = None
) -> float:
    """Value of an arithmetic expression over named ``values``.

    Parameters
    ----------
    expression : a number, or text such as ``sqrt(p * (1 - p) / n)``.
    values : name -> number.
    functions : name -> function, beside `FUNCTIONS`.

    Raises
    ------
    ValueError with the expression and its values when it does not give a finite number.

    >>> evaluate("p + 3 * sqrt(p * (1 - p) / n)", {"p": 0.02, "n": 400})
    0.041
    """
    if not isinstance(expression, str):
        return expression
    try:
        value: float = SimpleEval(functions=FUNCTIONS | dict(functions or {}), names=dict(values)).eval(expression)
        if math.isfinite(value):
            return value
    except (InvalidExpression, SyntaxError, ArithmeticError, TypeError, ValueError) as error:
        raise ValueError(f"{expression!r} at {dict(values)}: {error}") from error
    raise ValueError(f"{expression!r} at {dict(values)}: expected a finite number, got {value}")


def names(expression: str | float, functions: Mapping[str, Callable[..., Any]] | None = None) -> set[str]:
    """What an expression needs a value for; nothing where it does not read as one.

    Parameters
    ----------
    expression : as `evaluate` takes it.
    functions : names that are no values, beside `FUNCTIONS`.

    >>> sorted(names("max(billed, floor_usd) / orders"))
    ['billed', 'floor_usd', 'orders']
    """
    if not isinstance(expression, str):
        return set()
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {*FUNCTIONS, *(functions or {})}


def fill(text: str, values: Mapping[str, float], printed: Mapping[str, str] | None = None) -> str:
    """``text`` with ``{{name}}`` or ``{{name:.2f}}`` replaced by the value of that name.

    Parameters
    ----------
    text : with names in double braces.
    values : name -> number.
    printed : name -> how it reads where its slot has no format.

    Raises
    ------
    ValueError that names what has no value, or a format that does not fit it.

    >>> fill("{{n}} orders, limit {{upper:.1f}}%", {"n": 1200, "upper": 3.2125})
    '1,200 orders, limit 3.2%'
    """

    def put(slot: re.Match[str]) -> str:
        name, spec = slot["name"], slot["spec"]
        if name not in values:
            raise ValueError(f"{slot[0]} names no value; expected one of {', '.join(values)}")
        if not spec and printed and name in printed:
            return printed[name]
        return format(values[name], spec or ("," if isinstance(values[name], int) else ",.6g"))

    return SLOT.sub(put, text)


def slots(text: str) -> list[str]:
    """Names in ``{{...}}``, in the order of the text.

    >>> slots("Under {{a}} the seller pays; under {{b}} the buyer collects.")
    ['a', 'b']
    """
    return [slot["name"] for slot in SLOT.finditer(text)]


def blank(text: str) -> str:
    """``text`` with every ``{{...}}`` as dots.

    >>> blank("Under {{a}} the seller pays.")
    'Under … the seller pays.'
    """
    return SLOT.sub("…", text)
