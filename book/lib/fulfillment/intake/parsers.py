"""How people write numbers, times, flags and "no value": what the form of a text says, and what it leaves open.

A form is what is left of a text when its digits no longer differ: ``3/4/2025`` and ``9/7/2024`` are both ``0/0/0000``.
A year of orders has a million times and a handful of forms, so a form is taken apart once, here, and
`fulfillment.intake.casting` reads all cells that have it.
"""

import re
from dataclasses import dataclass

#: Spellings of "no value", compared without regard to case.
NULLS = (
    *("", "-", "--", "–", "?", ".", "n/a", "na", "n.a.", "#n/a", "nan", "nat", "null", "none", "nil", "(blank)", "\\n"),
    *("#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!"),
)
KEPT, MISSING = "kept", "read as missing"
#: Years in which a business date may lie; 1900 and 9999 are fillers.
YEARS = (1990, 2099)
#: Signs of currencies, and the currencies each may stand for; a code stands for itself.
SIGNS = {
    "$": {"USD", "AUD", "CAD", "MXN", "SGD"},
    "US$": {"USD"},
    "R$": {"BRL"},
    "€": {"EUR"},
    "£": {"GBP"},
    "¥": {"CNY", "JPY"},
}
CURRENCIES = {code for codes in SIGNS.values() for code in codes} | {"CHF", "IDR", "INR", "MYR", "PHP", "THB", "VND"}
_YES = ("yes", "y", "true", "t", "1", "x", "✓", "✔", "ja", "si", "sí", "oui", "sim", "wahr", "vrai", "是")
_NO = ("no", "n", "false", "f", "0", "nein", "non", "não", "falsch", "faux", "否")
FLAGS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
#: A mark that says yes by being there.
TICKS = ("x", "✓", "✔")
#: Spaces at the ends of a cell, the no-break and the zero-width ones among them.
SPACES = " \t\r\n\f\v\u00a0\u2007\u202f\u3000\u200b\ufeff"
#: A longer text is no number and no time.
LONGEST = 40
#: What a row of sums begins with, in the languages of many exports.
TOTAL = (
    r"(?i)(grand|sub|overall|gesamt|zwischen|suma|somme|importe)?[\s-]*"
    r"(totals?|sums?|average|mean|summe|gesamt|totale|totaux|total général|suma|soma|razem|итого|合计|总计|小计|合計|小計|総計)"
    r"(\s*([:=(]|\d{4}).*)?"
)

# Numbers --------------------------------------------------------------------------------------------------------------

OTHER_MARK = {".": ",", ",": "."}
_SIGN = "|".join(re.escape(sign) for sign in sorted([*SIGNS, *CURRENCIES], key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<minus>[-+−])?\s*(?P<before>{_SIGN})?\s*(?P<inner>[-−])?"
    rf"(?P<body>[\d.,]*\d[\d.,]*|\d{{1,3}}(?:['’\s]\d{{3}})+(?:[.,]\d*)?)(?P<power>[eE][+-]?\d+)?"
    rf"\s*(?P<after>{_SIGN})?(?P<trailing>[-−])?(?P<close>\))?"
)
#: What a number's separators prove about its decimal mark; None: one separator before three digits may be either.
_MARKS = (
    (re.compile(r"\d+"), ""),
    (re.compile(r"[1-9]\d{0,2}[.,]\d{3}"), None),
    (re.compile(r"\d*\.\d*|[1-9]\d{0,2}(,\d{3})+(\.\d*)?"), "."),
    (re.compile(r"\d*,\d*|[1-9]\d{0,2}(\.\d{3})+(,\d*)?"), ","),
)


@dataclass(frozen=True)
class NumberForm:
    """A form of number: where its body begins (from 1) and its ``length``; ``mark``: the decimal mark that it proves,
    ``""`` where it has none, None where its one ``separator`` may be either; its currency's sign; whether it groups
    thousands, and with what."""

    start: int
    length: int
    mark: str | None
    separator: str
    negative: bool
    brackets: bool
    currency: str
    grouped: bool
    spaced: bool


def number_form(form: str) -> NumberForm | None:
    """A number's form taken apart; digits are 0 where the number begins with a 0, else 9. None: no number.

    >>> number_form("$9,999.99").mark, number_form("9.999").mark, number_form("9 pcs")
    ('.', None, None)
    """
    found = _NUMBER.fullmatch(form) if len(form) <= LONGEST else None
    if not found or bool(found["open"]) != bool(found["close"]) or (found["before"] and found["after"]):
        return None
    minus = [found["minus"] in ("-", "−"), found["inner"], found["trailing"], found["open"]]
    body = re.sub(r"['’\s]", "", found["body"])
    proven = [mark for pattern, mark in _MARKS if pattern.fullmatch(body)]
    if not proven or sum(map(bool, minus)) > 1:
        return None
    spaced = body != found["body"]
    mark = next(iter(re.findall("[.,]", body)), "") if spaced and proven[0] is None else proven[0]
    separators = re.findall("[.,]", body)
    return NumberForm(
        found.start("body") + 1,
        len(found["body"] + (found["power"] or "")),
        mark,
        separators[0] if separators else "",
        any(minus),
        bool(found["open"]),
        found["before"] or found["after"] or "",
        spaced or len(separators) > 1,
        spaced,
    )


# Times ----------------------------------------------------------------------------------------------------------------

#: Orders of day, month and year in a date of three numbers.
ORDERS = ("dmy", "mdy", "ymd")
#: Minutes that a clock with this name is ahead of UTC. CST, IST and BST name several clocks and stand for none here.
ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480}
ZONES |= {"PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "CET": 60, "CEST": 120, "JST": 540, "SGT": 480}
AMBIGUOUS_ZONES = ("CST", "IST", "BST")
_NAMES = "|".join(sorted([*ZONES, *AMBIGUOUS_ZONES], key=len, reverse=True))
_CLOCK = (
    r"(?:(?:[T\s]|,\s)\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?"
    rf"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<offset>{_NAMES}|[+-]\d{{2}}(?::?\d{{2}})?)?)?"
)
_YEAR = r"(?P<year>\d{4}|\d{2})"
_FORMS = {
    form: re.compile(day + _CLOCK)
    for form, day in {
        "year first": r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        "numbers": r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<three>\d{4}|\d{2})",
        "day, month's name": rf"(?P<day>\d{{1,2}})[-\s/.]*(?P<name>[A-Za-z]{{3,9}})[-\s/.,]*{_YEAR}",
        "month's name, day": rf"(?P<name>[A-Za-z]{{3,9}})\.?\s*(?P<day>\d{{1,2}}),?\s+{_YEAR}",
        "eight digits": r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    }.items()
}
_FULL = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name: number for number, full in enumerate(_FULL, 1) for name in (full, full[:3])} | {"sept": 9}
SERIAL = re.compile(r"0{5}(\.0+)?")  # days since 1900, as a spreadsheet stores a date
Span = tuple[int, int]


@dataclass(frozen=True)
class TimeForm:
    """A form of time: its ``name``; its parts' places (from 1) and lengths; ``month`` where a name says it; ``half``:
    ``"a"``, ``"p"`` or ``""``; ``offset``: its minutes ahead of UTC, where a name says them; ``orders``: those its
    three numbers may stand in."""

    name: str
    spans: dict[str, Span]
    month: int
    half: str
    offset: int | None
    zone: str
    orders: tuple[str, ...]

    @property
    def short_year(self) -> bool:
        """Whether its year has two digits."""
        return self.spans["three" if self.orders else "year"][1] == 2


def time_form(form: str) -> TimeForm | None:
    """A time's form, digits as 0, taken apart. None: no time.

    >>> time_form("0/0/0000 00:00").name, time_form("00-00-00").orders, time_form("0000-00")
    ("numbers with '/', time of day", ('dmy', 'mdy', 'ymd'), None)
    """
    if len(form) > LONGEST:
        return None
    for name, pattern in _FORMS.items():
        found = pattern.fullmatch(form)
        if not found:
            continue
        parts = {part: text for part, text in found.groupdict().items() if text}
        if "name" in parts and parts["name"].lower() not in _MONTHS:
            return None
        mark = f" with {parts['mark']!r}" if "mark" in parts else ""
        spans = {part: (found.start(part) + 1, len(text)) for part, text in parts.items()}
        offset = parts.get("offset", "")
        orders: tuple[str, ...] = ()
        if "one" in parts:
            orders = ORDERS if len(parts["one"]) == len(parts["three"]) == 2 else ORDERS[:2]
        return TimeForm(
            f"{name}{mark}{', time of day' if 'hour' in parts else ''}",
            spans,
            _MONTHS.get(parts.get("name", "").lower(), 0),
            parts.get("half", "")[:1].lower(),
            ZONES.get(offset),
            offset,
            orders,
        )
    return None


# Text -----------------------------------------------------------------------------------------------------------------

#: Damage that a text shows: what to call it, its pattern (RE2's), what was expected.
DAMAGE = (
    ("letters damaged by a wrong encoding", "[ÂÃ][\u0080-\u00bf]|â€|\ufffd", "the file saved again as UTF-8"),
    ("a long number cut short by a spreadsheet", r"^\d(\.\d+)?[eE]\+\d+$", "all digits, as text"),
    ("a line break in a cell", r"[\r\n]", "one line"),
)
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.\w+")
