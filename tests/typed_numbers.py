"""Numbers as people type them, read and graded as the page reads and grades them (``number.mjs``); tests hold the two together."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_GROUPED = re.compile(r"[1-9]\d{0,2}([ ,'])\d{3}(?:\1\d{3})*(?:\.\d*)?", re.ASCII)
_CONTINENTAL = re.compile(r"[1-9]\d{0,2}([ .'])\d{3}(?:\1\d{3})*,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_POINT = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_COMMA = re.compile(r"\d*,\d\d?|0?,\d+", re.ASCII)
_FRACTION = re.compile(r"(?:(\d+) +)?(\d+) *\/ *(\d+)", re.ASCII)
_FORM = re.compile(
    r"(?P<minus>[-+])? *(?P<money>[$€£]|USD|EUR|GBP)? *(?P<after>[-+])? *"
    r"(?P<body>(?:\d+ +)?\d+ *\/ *\d+|[\d.,][\d.,' ]*?) *(?P<power>e[-+]?\d+)? *"
    r"(?P<rest>[$€£]|[%a-zµ°/][a-zµ°/%. -]*)?",
    re.IGNORECASE | re.ASCII,
)
_FACTOR = re.compile(r"(k|M|million)(?![a-z])", re.IGNORECASE)
_CODES = {"USD": "$", "EUR": "€", "GBP": "£"}
_TIMES = {"k": 1e3, "K": 1e3, "M": 1e6, "million": 1e6}


@dataclass(frozen=True)
class Typed:
    """A number that was typed: its ``value`` (12.5% is 0.125), whether it was a percentage, and its unit as typed."""

    value: float
    percent: bool
    unit: str


def _digits(body: str) -> float | None:
    if fraction := _FRACTION.fullmatch(body):
        whole, above, below = (int(part or 0) for part in fraction.groups())
        return whole + above / below if below else None
    if _GROUPED.fullmatch(body):
        return float(re.sub(r"[ ,']", "", body))
    if _CONTINENTAL.fullmatch(body):
        return float(re.sub(r"[ .']", "", body).replace(",", "."))
    if _POINT.fullmatch(body):
        return float(body)
    return float(body.replace(",", ".")) if _COMMA.fullmatch(body) else None


def parse(text: str) -> Typed:
    """The number in ``text``.

    Raises
    ------
    ValueError with the text where it does not read as one number.

    >>> parse("$1,200.50 per order"), parse("12,5 %").value, parse("1½ h").unit
    (Typed(value=1200.5, percent=False, unit='$'), 0.125, 'h')
    """
    plain = re.sub(r"(\d)([¼-¾⅐-⅞])", r"\1 \2", text)
    plain = unicodedata.normalize("NFKC", re.sub("[\u00b2\u00b3\u00b9\u2070-\u209c]", "^", plain))
    plain = re.sub("[‒–−]", "-", plain).replace("⁄", "/").replace("’", "'").strip()
    plain = re.sub(r" *[×x*] *10 *\^ *(?=[-+]?\d)", "e", re.sub("^[=~≈] *", "", plain), count=1, flags=re.IGNORECASE)
    found = _FORM.fullmatch(plain)
    size = None
    if found and not (found["minus"] and found["after"]):
        size = _digits(found["body"].strip())
    if size is None:
        raise ValueError(f"{text!r} does not read as one number")
    rest = found["rest"] or ""
    factor = (_FACTOR.match(rest) or [""])[0]
    factor = factor if factor in _TIMES else ""
    unit = rest[len(factor) :].strip()
    percent = bool(re.match(r"(%|percent\b|per cent\b|pct\b)", unit, re.IGNORECASE))
    symbol = found["money"] or (unit if re.fullmatch(r"[$€£]|USD|EUR|GBP", unit, re.IGNORECASE) else "")
    currency = _CODES.get(symbol.upper(), symbol)
    try:
        value = float(f"{size!r}{found['power'] or ''}") if found["power"] and "e" not in repr(size) else size
    except OverflowError:
        value = math.inf
    value *= _TIMES.get(factor, 1)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} does not read as one number")
    value = -value if "-" in (found["minus"], found["after"]) else value
    suffix = "%" if percent else "" if currency and not found["money"] else unit
    return Typed(value / 100 if percent else value, percent, currency or suffix)


def same_unit(typed: str, wanted: str) -> bool:
    """Whether a typed unit means the wanted one.

    >>> same_unit("$", "USD per order"), same_unit("day", "days"), same_unit("kg", "lb")
    (True, True, False)
    """

    def plain(unit: str) -> str:
        return re.sub(r"s\b", "", unit.lower().replace("$", "usd")).strip()

    return f"{plain(wanted)} ".startswith(f"{plain(typed)} ")


def read(item: dict[str, Any], text: str) -> float:
    """What was typed as an answer to a numeric item (as `studykit.bank.payload` gives it), in the item's unit.

    Raises
    ------
    ValueError for what is no number and for a unit that the item does not take.
    """
    plain = text.strip()
    if plain.lower().endswith(f" {item['unit']}".lower()):  # a unit may hold digits: claims per 100 returns
        plain = plain[: -len(item["unit"])]
    elif item["unit"].startswith("thousand "):  # 51k is 51 thousand
        plain = re.sub(r"^([-+]?[\d.,' ]*\d) *k$", r"\1", plain, flags=re.IGNORECASE | re.ASCII)
    typed = parse(plain)
    units = item["units"]
    if not typed.unit or same_unit(typed.unit, item["unit"]):
        factor = 1
    elif typed.unit.lower() in units:
        factor = units[typed.unit.lower()]
    else:
        raise ValueError(f"the answer is wanted in {item['unit']}, got {typed.unit!r}")
    return (typed.value * 100 if typed.percent else typed.value) * factor


def grade(item: dict[str, Any], text: str, version: int = 0) -> bool:
    """Whether what was typed answers this version of a numeric item.

    Raises
    ------
    ValueError as `read` does.
    """
    key = item["variants"][version]["answer"]
    return abs(read(item, text) - key["value"]) <= key["tolerance"]
