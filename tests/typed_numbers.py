"""Numbers as people type them, read and graded as the page reads and grades them (``number.mjs``); tests hold the two together."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_GROUPED = re.compile(r"[1-9]\d{0,2}([ ,'])\d{3}(?:\1\d{3})*(?:\.\d*)?", re.ASCII)
_POINT = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_COMMA = re.compile(r"\d*,\d\d?", re.ASCII)
_CONTINENTAL = re.compile(r"[1-9]\d{0,2}([ .'])\d{3}(?:\1\d{3})*,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_LONG_COMMA = re.compile(r"0?,\d{3,}", re.ASCII)
_POINT_OR_GROUP = re.compile(r"[1-9]\d{0,2}\.\d00", re.ASCII)
_FRACTION = re.compile(r"(?:(\d+) +)?(\d+) *\/ *(\d+)", re.ASCII)
_FORM = re.compile(
    r"(?P<minus>[-+])? *(?P<money>US\$|[$€£]|USD|EUR|GBP)? *(?P<after>[-+])? *"
    r"(?P<body>(?:\d+ +)?\d+ *\/ *\d+|[\d.,][\d.,' ]*?) *(?P<power>e[-+]?\d+)? *"
    r"(?P<rest>[$€£¢]|[%a-zµ°/][a-zµ°/%. -]*)?",
    re.IGNORECASE | re.ASCII,
)
_FACTOR = re.compile(r"(k|M|thousand|million|billion)(?![a-z])", re.IGNORECASE)
_CODES = {"US$": "$", "USD": "$", "DOLLAR": "$", "DOLLARS": "$", "EUR": "€", "GBP": "£"}
_TIMES = {"k": 1e3, "K": 1e3, "thousand": 1e3, "M": 1e6, "million": 1e6, "billion": 1e9}
_SCALES = {"thousand": 1e3, "million": 1e6}


class AskBack(ValueError):
    """What may be meant, where a typed number reads in another way than the usual one."""

    def __init__(self, *asks: str) -> None:
        self.asks = [*asks]
        super().__init__(f"Do you mean {' or '.join(asks)}?")


@dataclass(frozen=True)
class Typed:
    """A number that was typed: its ``value`` (12.5% is 0.125), whether it was a percentage, its unit as typed, and
    whether a factor such as the k of 51k is in the value."""

    value: float
    percent: bool
    unit: str
    times: bool = False


def _readings(body: str) -> list[str]:
    """What digits may mean, where it is to be asked."""
    if _CONTINENTAL.fullmatch(body):
        return [re.sub(r"[ .']", "", body).replace(",", ".")]
    if _LONG_COMMA.fullmatch(body):
        return [f"0.{body.partition(',')[2]}"]
    if _POINT_OR_GROUP.fullmatch(body):
        return [f"{float(body):g}", body.replace(".", "")]
    return []


def _digits(body: str) -> float | None:
    if fraction := _FRACTION.fullmatch(body):
        whole, above, below = (int(part or 0) for part in fraction.groups())
        return whole + above / below if below else None
    if _GROUPED.fullmatch(body):
        return float(re.sub(r"[ ,']", "", body))
    if _POINT.fullmatch(body):
        return float(body)
    return float(body.replace(",", ".")) if _COMMA.fullmatch(body) else None


def parse(text: str) -> Typed:
    """The number in ``text``.

    Raises
    ------
    ValueError with the text where it does not read as one number, and `AskBack` where it reads as several.

    >>> parse("$1,200.50 per order"), parse("12,5 %").value, parse("1½ h").unit
    (Typed(value=1200.5, percent=False, unit='$', times=False), 0.125, 'h')
    """
    plain = re.sub(r"(\d)([¼-¾⅐-⅞])", r"\1 \2", text)
    plain = unicodedata.normalize("NFKC", re.sub("[\u00b2\u00b3\u00b9\u2070-\u209c]", "^", plain))
    plain = re.sub("[‐-―−]", "-", plain).replace("⁄", "/").replace("’", "'").strip()
    plain = re.sub(r" *[×x*] *10 *\^ *(?=[-+]?\d)", "e", re.sub("^[=~≈] *", "", plain), count=1, flags=re.IGNORECASE)
    found = _FORM.fullmatch(plain)
    size = None
    if found and not (found["minus"] and found["after"]):
        body = found["body"].strip()
        if readings := _readings(body):
            raise AskBack(*(plain.replace(body, reading) for reading in readings))
        size = _digits(body)
    if size is None:
        raise ValueError(f"{text!r} does not read as one number")
    rest = found["rest"] or ""
    factor = (_FACTOR.match(rest) or [""])[0]
    times = _TIMES[factor.lower() if len(factor) > 1 else factor] if factor not in ("", "m") else 0
    factor = factor if times else ""
    unit = rest[len(factor) :].strip()
    percent = bool(re.match(r"(%|percent\b|per cent\b|pct\b)", unit, re.IGNORECASE))
    symbol = found["money"] or (unit if re.fullmatch(r"[$€£]|USD|EUR|GBP|dollars?", unit, re.IGNORECASE) else "")
    currency = _CODES.get(symbol.upper(), symbol)
    try:
        value = float(f"{size!r}{found['power'] or ''}") if found["power"] and "e" not in repr(size) else size
    except OverflowError:
        value = math.inf
    value *= times or 1
    if not math.isfinite(value):
        raise ValueError(f"{text!r} does not read as one number")
    value = -value if "-" in (found["minus"], found["after"]) else value
    suffix = "%" if percent else "" if currency and not found["money"] else unit
    return Typed(value / 100 if percent else value, percent, currency or suffix, bool(times))


def same_unit(typed: str, wanted: str) -> bool:
    """Whether a typed unit means the wanted one.

    >>> same_unit("$", "USD per order"), same_unit("day", "days"), same_unit("kg", "lb")
    (True, True, False)
    """

    def plain(unit: str) -> str:
        signs = unit.lower().replace("$", "usd").replace("¢", "cent")
        return re.sub(r"s\b", "", re.sub(r" (?:an?|per) | ?/ ?", " per ", signs)).strip()

    return f"{plain(wanted)} ".startswith(f"{plain(typed)} ")


def read(item: dict[str, Any], text: str) -> float:
    """What was typed as an answer to a numeric item (as `studykit.bank.payload` gives it), in the item's unit.

    Raises
    ------
    ValueError for what is no number and for a unit that the item does not take, and `AskBack` for a number that may
    be meant otherwise: 0.05 where a percentage is wanted, 51,000 where thousands are.
    """
    wanted, plain = item["unit"], text.strip()
    named = plain.lower().endswith(f" {wanted}".lower())  # a unit may hold digits: claims per 100 returns
    try:
        typed = parse(plain[: -len(wanted)] if named else plain)
    except AskBack as asked:
        asks = [
            text for ask in asked.asks for text in meanings(item, _with_unit(ask.strip(), wanted) if named else ask)
        ]
        raise AskBack(*{read(item, text): text for text in asks}.values()) from None
    if not typed.unit and not named:
        return _bare(typed, wanted)
    worth = {wanted: 1} | item["units"]
    found = [factor for name, factor in worth.items() if not typed.unit or same_unit(typed.unit, name)]
    if not found:
        raise ValueError(f"the answer is wanted in {wanted}, got {typed.unit!r}")
    return (typed.value * 100 if typed.percent else typed.value) * found[0]


def meanings(item: dict[str, Any], text: str) -> list[str]:
    """What is typed, or what it may mean where that is asked back."""
    try:
        read(item, text)
    except AskBack as asked:
        return asked.asks
    return [text]


def _with_unit(text: str, unit: str) -> str:
    return text + unit if unit == "%" else f"{text} {unit}"


def _bare(typed: Typed, wanted: str) -> float:
    """A number without a unit, in the wanted one."""
    scale = _SCALES.get(wanted.partition(" ")[0], 1)
    if typed.times:
        return typed.value / scale  # 51k is 51 thousand
    size = abs(typed.value)
    if wanted == "%" and 0 < size < 1:
        raise AskBack(*(_with_unit(f"{number:.12g}", wanted) for number in (typed.value, 100 * typed.value)))
    if scale > 1 and size >= 1000:
        raise AskBack(*(_with_unit(f"{number:.12g}", wanted) for number in (typed.value / scale, typed.value)))
    return typed.value


def grade(item: dict[str, Any], text: str, version: int = 0) -> bool:
    """Whether what was typed answers this version of a numeric item.

    Raises
    ------
    ValueError as `read` does.
    """
    key = item["variants"][version]["answer"]
    return abs(read(item, text) - key["value"]) <= key["tolerance"]
