"""Literals in a notebook that repeat a given of ``data/assumptions.yaml``, in code and in prose.

A number repeats a given where it has the given's value *and* a name that means it: of a variable, an argument, a default, a
key or a column that it is bound to. 0.25 as ``burden_rate`` does, 0.25 as ``duty_rate`` or as a quantile does not.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.book.pages import cells

YEAR = {12, 52, 365}  # what a yearly rate is divided by


@dataclass(frozen=True)
class Rule:
    """How a given shows itself: names that mean it (whole, in small letters), and its number in prose, as group 1."""

    names: str
    prose: str
    percent: bool = False  # in prose it is a percentage
    factor: bool = False  # one plus the value is the value as well
    near: bool = False  # any number in the plausible range counts: there is no other quantity of this name


RULES = {
    "cad_usd": Rule(
        names=r"(?:usd_per_|from_)?(?:cad|canadian(?:_dollar)?)(?:_usd|_rate)?",
        prose=r"Canadian dollar\D{0,30}(\d\.\d+)",
        near=True,
    ),
    "payroll_burden": Rule(
        names=r"(?:payroll_)?burden(?:_rate|_share)?",
        prose=r"(\d+(?:\.\d+)?) ?% (?:payroll )?burden|burden of (\d+(?:\.\d+)?) ?%",
        percent=True,
        factor=True,
    ),
    "late_order_usd": Rule(
        names=r"(?:usd_per_|cost_of_|price_of_)?(?:a_)?late(?:_orders?|_delivery)?(?:_usd|_cost|_price)?",
        prose=r"\blate\b[^.]{0,40}?\bcosts? (?:you )?(\d+(?:\.\d+)?) (?:USD|dollars)",
    ),
    "capital_rate": Rule(
        names=r"(?:annual_)?(?:cost_of_)?(?:capital|money|cash|interest)(?:_rate|_cost|_costs)?",
        prose=r"\b(?:[Cc]apital|[Mm]oney|[Cc]ash)\b[^.]{0,20}?\b(\d+(?:\.\d+)?) ?% (?:a|per) year",
        percent=True,
    ),
    "november_growth": Rule(
        names=r"(?:\w+_)?growth(?:_rate|_factor)?", prose=r"\bgrow\w*\b[^.]{0,30}?(\d+) ?%", percent=True, factor=True
    ),
    "volume_growth": Rule(
        names=r"(?:\w+_)?growth(?:_rate|_factor)?", prose=r"\bgrow\w*\b[^.]{0,30}?(\d+) ?%", percent=True, factor=True
    ),
    "pallet_move_usd": Rule(
        names=r"(?:pallet|moving_pallet|move)(?:_move|_moved|_pallet)?(?:_usd|_cost)|(?:usd|cost)_per_pallet",
        prose=r"(\d+(?:\.\d+)?) (?:USD|dollars) (?:a|per) pallet",
    ),
    "audit_won": Rule(
        names=r"(?:audit|disputes?|claims?)_(?:won|kept)(?:_share|_rate)?",
        prose=r"\baudit\w*\b[^.]{0,30}?\bkeeps? (\d+) ?%",
        percent=True,
    ),
    "second_home_usd": Rule(
        names=r"(?:second_home|inbound_work|extra_delivery)(?:_usd|_cost)?",
        prose=r"second home[^.]{0,30}?\bcosts? (\d+(?:\.\d+)?) (?:USD|dollars)",
    ),
    "trailer_trip_usd": Rule(
        names=r"(?:trailer|trip|trailer_trip|truckload)(?:_usd|_cost)?",
        prose=r"([\d,]+) (?:USD|dollars) (?:a|per) trip",
    ),
    "trailer_sort_usd": Rule(
        names=r"(?:trailer_|parcel_)?(?:sort|sorting)(?:_usd|_cost)?",
        prose=r"\b[Ss]ort\w*\b[^.]{0,30}?(\d+\.\d+) (?:USD|dollars)",
    ),
}

Givens = dict[str, dict[str, object]]


def _meets(rule: Rule, held: dict[str, object], number: float) -> bool:
    value = held["value"]
    if rule.near:
        low, high = held["range"]
        return low <= number <= high
    return number == value or (rule.factor and abs(number - 1 - value) < 1e-9)


def _number(node: ast.AST) -> float | None:
    """A literal number, with its sign."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    return None


def _operands(node: ast.expr) -> Iterator[float]:
    """Numbers that stand as such in a product, a quotient, a sum or a difference, and no deeper."""
    if isinstance(node, ast.BinOp):
        yield from _operands(node.left)
        yield from _operands(node.right)
    elif (number := _number(node)) is not None:
        yield number


def _name(node: ast.AST) -> str:
    """What a target is called: a variable, an attribute, or the text in brackets."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
        case ast.Subscript(slice=inner):
            return _name(inner)
        case ast.Tuple(elts=[*_, last]):  # frame.loc[rows, "column"]
            return _name(last)
    return ""


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)
    else:
        yield _name(target), value


def bindings(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every name that a value is bound to, with the value."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _pairs(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                yield _name(target), value
            case ast.keyword(arg=str(name), value=value):
                yield name, value
            case ast.Dict(keys=keys, values=values):
                yield from ((_name(key), value) for key, value in zip(keys, values, strict=True) if key)
            case ast.arguments():
                plain = [*node.posonlyargs, *node.args]
                late = plain[len(plain) - len(node.defaults) :]
                yield from ((one.arg, value) for one, value in zip(late, node.defaults, strict=True))
                yield from (
                    (one.arg, value) for one, value in zip(node.kwonlyargs, node.kw_defaults, strict=True) if value
                )


def _yearly(tree: ast.AST) -> Iterator[float]:
    """Numbers of a product that is divided by the days, weeks or months of a year."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _number(node.right) in YEAR:
            yield from _operands(node.left)


def in_code(source: str, givens: Givens) -> list[str]:
    """Names of givens that a literal of ``source`` repeats, each with the name it is bound to."""
    tree, found = ast.parse(source), []
    for given, rule in RULES.items():
        held = givens[given]
        for name, value in bindings(tree):
            if re.fullmatch(rule.names, name.lower()) and any(_meets(rule, held, n) for n in _operands(value)):
                found.append(f"{given}: {name} = {ast.unparse(value)}")
    if givens["capital_rate"]["value"] in _yearly(tree):
        found.append(f"capital_rate: {givens['capital_rate']['value']} over the days, weeks or months of a year")
    return found


def in_prose(text: str, givens: Givens) -> list[str]:
    """Givens that a number typed in Markdown repeats, beside the words of their unit."""
    plain = re.sub(r"\{[\w:-]+\}`[^`]*`", "", text).replace("`", "").replace("\u00a0", " ")
    found = []
    for given, rule in RULES.items():
        for match in re.finditer(rule.prose, plain):
            number = float(next(filter(None, match.groups())).replace(",", "")) / (100 if rule.percent else 1)
            if _meets(rule, givens[given], number):
                found.append(f"{given}: {match[0]}")
    return found


def breaches(path: Path, givens: Givens) -> list[str]:
    """Every literal of a notebook that repeats a given, with its cell."""
    look = {"code": in_code, "markdown": in_prose}
    return [
        f"cell {cell['id']}: {found}"
        for cell in cells(path)
        if cell["cell_type"] in look
        for found in look[cell["cell_type"]](cell["source"], givens)
    ]
