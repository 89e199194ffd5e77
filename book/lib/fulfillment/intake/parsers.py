"""One column of a reader's file: texts read as numbers, times, flags or text, and every cell that is not as expected."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

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
FLAGS = dict.fromkeys(("yes", "y", "true", "t", "1"), True) | dict.fromkeys(("no", "n", "false", "f", "0"), False)
#: Spaces at the ends of a cell, the no-break and the zero-width ones among them.
_SPACES = " \t\r\n\f\v\u00a0\u2007\u202f\u3000\u200b\ufeff"
#: A longer text is no number and no time.
LONGEST = 40
DAY_END = timedelta(hours=23, minutes=59, seconds=59)


@dataclass(frozen=True)
class Finding:
    """Cells that are not as expected: the texts by row, what was ``found``, what was ``expected``, what was done."""

    cells: pd.Series
    found: str
    expected: str
    action: str = MISSING


Read = tuple[pd.Series, list[Finding]]


def _findings(cells: pd.Series, tagged: Iterable[tuple[str, tuple[str, str, str]]]) -> list[Finding]:
    """A finding for each (found, expected, action), from the texts that have it."""
    groups: dict[tuple[str, str, str], set[str]] = {}
    for text, what in tagged:
        groups.setdefault(what, set()).add(text)
    return [Finding(cells[cells.isin(members)], *what) for what, members in groups.items()]


def strip_nulls(cells: pd.Series, nulls: Iterable[str] = NULLS, may_be_empty: bool = False) -> Read:
    """Cells that hold something, without the spaces around them.

    Parameters
    ----------
    cells : texts by row.
    nulls : spellings of "no value", in lower case.
    may_be_empty : True where a cell without a value is no finding.

    Returns
    -------
    the cells that are left, and findings.

    >>> left, findings = strip_nulls(pd.Series(["12 ", "n/a", "7"], index=[2, 3, 4]))
    >>> left.tolist(), [(finding.found, finding.cells.index.tolist()) for finding in findings]
    (['12', '7'], [('spaces around the value', [2]), ('no value', [3])])
    """
    bare = cells.map({text: text.strip(_SPACES) for text in cells.unique()})
    empty = bare.str.lower().isin(set(nulls))
    findings = [
        Finding(cells[(bare != cells) & ~empty], "spaces around the value", "none", KEPT),
        Finding(cells[empty & (not may_be_empty)], "no value", "a value in every row"),
    ]
    return bare[~empty], [finding for finding in findings if len(finding.cells)]


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
class _Number:
    """A text taken apart; ``mark`` is the decimal mark that it proves, as in ``_MARKS``."""

    body: str
    mark: str | None
    negative: bool
    currency: str
    grouped: bool

    def value(self, decimal: str) -> float:
        number = float(self.body.replace(OTHER_MARK[decimal], "").replace(decimal, "."))
        return -number if self.negative else number


def _number(text: str) -> _Number | None:
    found = _NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if not found or bool(found["open"]) != bool(found["close"]) or (found["before"] and found["after"]):
        return None
    minus = [found["minus"] in ("-", "−"), found["inner"], found["trailing"], found["open"]]
    body = re.sub(r"['’\s]", "", found["body"])
    proven = [mark for pattern, mark in _MARKS if pattern.fullmatch(body)]
    if not proven or sum(map(bool, minus)) > 1:
        return None
    grouped = body != found["body"] or len(re.findall("[.,]", body)) > 1
    sign = found["before"] or found["after"] or ""
    return _Number(body + (found["power"] or ""), proven[0], any(minus), sign, grouped)


def numbers(
    cells: pd.Series,
    decimal: str = ".",
    currency: str | None = None,
    whole: bool = False,
    minimum: float | None = 0,
    maximum: float = 1e12,
) -> Read:
    """Numbers as people write them: currency signs, thousands separators, decimal commas, brackets for a minus.

    ``1,234`` is a thousand, or one and a bit. It is read by ``decimal``, unless another cell of the column proves the
    other mark (``12,5``): then nobody can tell, and it is missing.

    Parameters
    ----------
    cells : texts by row, none empty.
    decimal : the file's decimal mark, ``"."`` or ``","``.
    currency : code of the column's currency: a sign of another one is a finding. None: any sign is.
    whole : True where a fraction is a finding.
    minimum, maximum : bounds; no lower one where ``minimum`` is None.

    Returns
    -------
    Series of floats (whole: of integers), missing where there is no number as expected, and findings.

    >>> values, findings = numbers(pd.Series(["$1,250.50", "980", "see invoice"]), currency="USD")
    >>> values.tolist(), [finding.found for finding in findings]
    ([1250.5, 980.0, nan], ['a currency sign', 'thousands separators', 'text'])
    """
    unit = f"a {'whole ' if whole else ''}number{f' in {currency}' if currency else ''}"
    forms = {text: _number(text) for text in cells.unique()}
    contrary = OTHER_MARK[decimal] in {form.mark for form in forms.values() if form}
    values: dict[str, float] = {}
    tagged = []
    for text, form in forms.items():
        if form is None:
            refused = ("text", unit)
        elif form.currency and currency not in SIGNS.get(form.currency, {form.currency}):
            refused = ("the sign of another currency", unit)
        elif form.mark is None and contrary:
            refused = ("a separator that may be the decimal mark", "one decimal mark in the whole column")
        else:
            refused = _bounds(form.value(form.mark or decimal), whole, minimum, maximum, unit)
        if refused:
            tagged.append((text, (*refused, MISSING)))
            continue
        values[text] = form.value(form.mark or decimal)
        if form.currency:
            tagged.append((text, ("a currency sign", "digits only", KEPT)))
        if form.mark == OTHER_MARK[decimal]:
            tagged.append((text, (f"decimal mark {form.mark!r}", f"decimal mark {decimal!r}", KEPT)))
        if form.grouped or (form.mark is None and OTHER_MARK[decimal] in form.body):
            tagged.append((text, ("thousands separators", "digits only", KEPT)))
    read = cells.map(values).astype("float64")
    return read.astype("Int64") if whole else read, _findings(cells, tagged)


def _bounds(value: float, whole: bool, minimum: float | None, maximum: float, unit: str) -> tuple[str, str] | None:
    if minimum is not None and value < minimum:
        return f"a number below {minimum:,.15g}", f"{unit} of at least {minimum:,.15g}"
    if not abs(value) <= maximum:
        return f"a number beyond {maximum:,.15g}", f"{unit} of at most {maximum:,.15g}"
    if whole and value != int(value):
        return "a fraction", unit
    return None


# Times ----------------------------------------------------------------------------------------------------------------

_CLOCK = (
    r"(?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_YEAR = r"(?P<year>\d{4}|\d{2})"
_FORMS = {
    form: re.compile(day + _CLOCK)
    for form, day in {
        "year first": r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        "numbers": rf"(?P<one>\d{{1,2}})(?P<mark>[-/.])(?P<two>\d{{1,2}})(?P=mark){_YEAR}",
        "day, month's name": rf"(?P<day>\d{{1,2}})[-\s/.]*(?P<name>[A-Za-z]{{3,9}})[-\s/.,]*{_YEAR}",
        "month's name, day": rf"(?P<name>[A-Za-z]{{3,9}})\.?\s*(?P<day>\d{{1,2}}),?\s+{_YEAR}",
        "eight digits": r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    }.items()
}
_FULL = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name: number for number, full in enumerate(_FULL, 1) for name in (full, full[:3])} | {"sept": 9}
_SERIAL = re.compile(r"\d{5}(\.\d+)?")  # days since 1900, as a spreadsheet stores a date


@dataclass(frozen=True)
class _Time:
    """A text taken apart: its ``form``; the ``pair`` of numbers of which one is the day, where it has them; whether the
    day is ``day_first`` as they prove it (None: they do not); what else to build the time from."""

    form: str
    parts: dict[str, str | None]
    pair: tuple[int, int] | None
    day_first: bool | None

    @property
    def either(self) -> bool:
        return self.pair is not None and self.pair[0] != self.pair[1] and max(self.pair) <= 12

    def value(self, day_first: bool) -> datetime:
        """ValueError where there is no such day or hour."""
        part = self.parts
        if "name" in part:
            day, month = part["day"], _MONTHS[part["name"].lower()]
        elif self.pair:
            day, month = self.pair if day_first else reversed(self.pair)
        else:
            day, month = part["day"], part["month"]
        year = int(part["year"])
        if len(part["year"]) == 2:
            year += 2000 if year < 70 else 1900
        hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
        if part["half"]:
            if not 1 <= hour <= 12:
                raise ValueError(f"hour: {hour}, expected 1 to 12 beside am or pm")
            hour = hour % 12 + 12 * part["half"].lower().startswith("p")
        moment = datetime(year, int(month), int(day), hour, minute, second)
        if (part["offset"] or "Z") in ("Z", "UTC"):
            return moment
        sign, offset = part["offset"][0], part["offset"][1:].replace(":", "")
        ahead = timedelta(hours=int(offset[:2]), minutes=int(offset[2:]))
        return moment - ahead if sign == "+" else moment + ahead


def _time(text: str) -> _Time | None:
    for form, pattern in _FORMS.items():
        if len(text) <= LONGEST and (found := pattern.fullmatch(text)):
            parts = found.groupdict()
            if "name" in parts and parts["name"].lower() not in _MONTHS:
                return None
            mark = f" with {parts['mark']!r}" if "mark" in parts else ""
            name = f"{form}{mark}{', time of day' if parts['hour'] else ''}"
            if "one" not in parts:
                return _Time(name, parts, None, None)
            one, two = int(parts["one"]), int(parts["two"])
            return _Time(name, parts, (one, two), None if (one > 12) == (two > 12) else one > 12)
    return None


def times(cells: pd.Series, day_first: bool | None = None, deadline: bool = False) -> Read:
    """Times as people write them. Two numbers before a year are told apart by the column, never by a guess.

    ``3/4/2025`` is read as ``day_first`` says; where that is None, as the other cells of the column prove it
    (``25/4/2025``). Where none does, or they contradict each other, it is missing.

    Parameters
    ----------
    cells : texts by row, none empty.
    day_first : True where the file has the day before the month, False where after it, None where you do not know.
    deadline : True where a day without a time of day lasts until its end (11:59:59 pm).

    Returns
    -------
    Series of datetimes (one with a UTC offset in UTC), missing where there is no time as expected, and findings.

    >>> values, findings = times(pd.Series(["7/25/2025", "7/4/2025", "2025-07-06", "asap"]))
    >>> values.astype(str).tolist()
    ['2025-07-25', '2025-07-04', '2025-07-06', nan]
    >>> [(finding.found, finding.cells.tolist()) for finding in findings]
    [("another form of date: year first with '-'", ['2025-07-06']), ('text', ['asap'])]
    """
    forms = {text: _time(text) for text in cells.unique()}
    proofs = {form.day_first for form in forms.values() if form} - {None}
    mixed = len(proofs) == 2 and day_first is None
    order = next(iter(proofs)) if len(proofs) == 1 and day_first is None else day_first
    counted = cells.map({text: form.form for text, form in forms.items() if form}).value_counts()
    usual = counted.index[0] if len(counted) else ""
    values: dict[str, datetime] = {}
    tagged = []
    for text, form in forms.items():
        value, *refused = _read_time(text, form, order, day_first)
        if refused:
            tagged.append((text, (*refused, MISSING)))
            continue
        values[text] = value
        if form.form != usual:
            tagged.append((text, (f"another form of date: {form.form}", f"one form: {usual}", KEPT)))
        if mixed and form.day_first is not None:
            found = "the day first in some cells, the month first in others"
            tagged.append((text, (found, "one order in the whole column", KEPT)))
        if form.pair and len(form.parts["year"]) == 2:
            tagged.append((text, ("a year of two digits", "four digits, or it may be the day", KEPT)))
        if form.parts["offset"]:
            tagged.append((text, ("a UTC offset", "times of one zone, without offset", "read as UTC")))
    if deadline:
        days_only = all(value.time() == value.min.time() for value in values.values())
        to_end = {text for text in values if days_only or not forms[text].parts["hour"]}
        values = {text: value + DAY_END if text in to_end else value for text, value in values.items()}
    return pd.to_datetime(cells.map(values)).astype("datetime64[us]"), _findings(cells, tagged)


def _read_time(
    text: str, form: _Time | None, order: bool | None, stated: bool | None
) -> tuple[datetime | str | None, ...]:
    """The time alone; or None, what was found and what was expected."""
    if form is None:
        return None, "a number, perhaps a spreadsheet's date" if _SERIAL.fullmatch(text) else "text", "a date"
    if form.either and order is None:
        return None, "day or month first: the column does not say", "day_first in the mapping, or dates as 2025-07-31"
    if None not in (stated, form.day_first) and form.day_first != stated:
        return None, "a date in the other order", f"day_first={stated}, as the mapping says"
    try:
        value = form.value(order if form.day_first is None else form.day_first)
    except (ValueError, OverflowError):
        return None, "no such day or hour", "a date of the calendar"
    if not YEARS[0] <= value.year <= YEARS[1]:
        return None, "a year out of bounds", f"a year from {YEARS[0]} to {YEARS[1]}"
    return (value,)


# Flags and text -------------------------------------------------------------------------------------------------------


def flags(cells: pd.Series) -> Read:
    """Yes and no, in the usual spellings.

    Parameters
    ----------
    cells : texts by row, none empty.

    Returns
    -------
    Series of booleans, missing where a text is neither, and findings.

    >>> flags(pd.Series(["Yes", "0", "perhaps"]))[0].tolist()
    [True, False, <NA>]
    """
    values = {text: FLAGS[text.lower()] for text in cells.unique() if text.lower() in FLAGS}
    wrong = cells[~cells.isin(list(values))]
    findings = [Finding(wrong, "neither yes nor no", f"one of {', '.join(FLAGS)}")] if len(wrong) else []
    return cells.map(values).astype("boolean"), findings


_DAMAGE = {
    "letters damaged by a wrong encoding": (
        re.compile(r"[ÂÃ][\u0080-\u00bf]|â€|\ufffd"),
        "the file saved again as UTF-8",
    ),
    "a long number cut short by a spreadsheet": (re.compile(r"\d(\.\d+)?[eE]\+\d+"), "all digits, as text"),
    "a line break in a cell": (re.compile(r"[\r\n]"), "one line"),
}


def texts(cells: pd.Series) -> Read:
    """Text as it stands, with what damage can be seen in it.

    Parameters
    ----------
    cells : texts by row, none empty.

    Returns
    -------
    Series of texts, and findings.

    >>> values, findings = texts(pd.Series(["Air", "air", "Air"]))
    >>> [(finding.found, finding.cells.tolist()) for finding in findings]
    [('a spelling that differs only in case or spaces', ['air'])]
    """
    tagged = []
    usual: dict[str, str] = {}
    for value in cells.value_counts().index:
        for found, (pattern, expected) in _DAMAGE.items():
            matches = pattern.fullmatch if "number" in found else pattern.search
            if matches(value):
                tagged.append((value, (found, expected, KEPT)))
        first = usual.setdefault(" ".join(value.lower().split()), value)
        if first != value:
            tagged.append((value, ("a spelling that differs only in case or spaces", "one spelling", KEPT)))
    return cells.astype("str"), _findings(cells, tagged)
