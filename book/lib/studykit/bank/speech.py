"""How the bank's strong answers sound: figures heard, length against the plan's seconds, contractions, the trade's words.

An answer is heard, not read. So a figure counts whether it is written in digits or in words, and a number phrase counts
once: "two hundred and sixty thousand", "six point two percent" and "nine in ten" are one figure each.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from studykit.published import resolve_roles

PACE = 140  #: words a minute of a calm speaker

#: What the trade says, and how it looks in an answer.
TRADE = {
    **{
        word: re.compile(rf"\b{word}s?\b")
        for word in "SLA RFP RFQ SKU GMV GRI QBR MSA SOW TCO OTIF 3PL 4PL DSP gainshare".split()  # noqa: SIM905
    },
    **{
        word: re.compile(word.replace(" ", "[ -]"), re.IGNORECASE)
        for word in ("line haul", "first mile", "last mile", "cost avoidance")
    },
}

#: What belongs beside the quotation marks: a source, a date as a label, an example that nobody in the room knows.
LABEL = re.compile(
    r"\{fact\}|\(|\bas of\b|\bexample program\b|\bworked through\b|\bsynthetic\b|\bsimulated\b"
    r"|\bby (?:a|one) (?:vendor|estimate|forecaster|copy)\b",
    re.IGNORECASE,
)

_ONES = "one two three four five six seven eight nine".split()  # noqa: SIM905
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_SMALL = dict(zip(["zero", *_ONES, *_TEENS], range(20), strict=True)) | dict(
    zip(_TENS, range(20, 100, 10), strict=True)
)
_LARGE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}


def _any(names: Iterable[str]) -> str:
    return f"(?:{'|'.join(names)})"


_BELOW = rf"(?:\$?\d[\d,]*(?:\.\d+)?|{_any(_TENS)}(?:[- ]{_any(_ONES)})?\b|{_any(['zero', *_TEENS, *_ONES])}\b)"
_SCALE = rf"(?:hundred(?:(?: and)? {_BELOW})?|{_any(list(_LARGE)[1:])}s?)\b"
_WHOLE = rf"(?:a(?= {_any(_LARGE)}\b)|{_BELOW}(?: point {_any(_ONES)})?)(?:[- ]{_SCALE})*(?: and a (?:half|quarter)\b(?: {_SCALE})?)?"
_PART = rf"(?:a|one)[ -]{_any(list(_PARTS)[1:])}\b"
_TIMES = _any("second minute hour day week month quarter year state place market wave step".split())  # noqa: SIM905

#: Number phrases by form, the longer first.
_HEARD = re.compile(
    rf"\b(?P<of>(?:half|a quarter of) a (?:{_any(_LARGE)}))\b"
    rf"|(?<![\w$.])(?P<ratio>{_WHOLE}(?: [a-z]+){{0,2}} in {_WHOLE})(?![\w-])(?! {_TIMES})"
    rf"|\b(?P<parts>(?:two|three|four|five)[ -](?:{_any(list(_PARTS)[1:])})s)\b"
    rf"|\b(?P<part>(?:(?:by|about|nearly|roughly|under|over|almost|than|below|above|only) {_PART})"
    rf"|{_PART}(?= (?:of|more|less|fewer|higher|lower|off|too|cheaper|longer)\b)|half)\b"
    rf"|(?<![\w$.])(?P<whole>{_WHOLE})(?P<unit>%| percent\b| points?\b| cents?\b| dollars?\b)?",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\bAlways Day (?:1|One)\b|\b\d+[A-Za-z]\w*|\b[A-Za-z]+\d\w*|\bthird[ -]party\b|\*\[[^\]]*\]\*")


@dataclass(frozen=True)
class Figure:
    """A figure as it is heard.

    Attributes
    ----------
    text : its words.
    value : what they come to; a share as a fraction, cents in dollars.
    kind : ``share``, ``money``, or ``number`` where neither a share nor a currency is said.
    unit : what its last digit that is no trailing zero is worth.
    """

    text: str
    value: float
    kind: str
    unit: float


def last_digit(value: float) -> float:
    """What the last digit of a value that is no trailing zero is worth.

    >>> last_digit(48000), last_digit(6.2), last_digit(0)
    (1000.0, 0.1, 1.0)
    """
    whole, _, part = f"{value:.6f}".rstrip("0").partition(".")
    power = -len(part) if part else len(whole) - len(whole.rstrip("0")) if value else 0
    return float(f"1e{power}")


def _value(phrase: str) -> float:
    """The number that a phrase of number words and digits names.

    >>> _value("two hundred and sixty thousand"), _value("two and a half million"), _value("six point two")
    (260000.0, 2500000.0, 6.2)
    """
    phrase = re.sub(r" and a (half|quarter)", lambda m: f" {1 / _PARTS[m[1]]}", phrase.lower())
    phrase = re.sub(r" point (\w+)", lambda m: f" {_SMALL[m[1]] / 10}", phrase)
    total = current = 0.0
    for word in re.findall(r"[a-z]+|\d[\d,]*(?:\.\d+)?", phrase):
        large = _LARGE.get(word.removesuffix("s"))
        if large is None:
            current += _SMALL.get(word, 0) if word.isalpha() else float(word.replace(",", ""))
        elif large == _LARGE["hundred"]:
            current = max(current, 1.0) * large
        else:
            total, current = total + max(current, 1.0) * large, 0.0
    return total + current


def figures(text: str) -> list[Figure]:
    """The figures that a listener hears in ``text``, in its order.

    "One" alone is an article, "first" to "tenth" are places in a list, "a quarter later" is a time; none is a figure.
    Names that hold digits (3PL, Always Day 1) and the slots of an own-story version are none either.

    >>> [figure.text for figure in figures("It took six percent out of nine million, in ten weeks.")]
    ['six percent', 'nine million', 'ten']
    """
    found = (_figure(match) for match in _HEARD.finditer(_NAMES.sub(" ", text)))
    return [figure for figure in found if figure]


def _figure(match: re.Match[str]) -> Figure | None:
    """What a number phrase says; None for a "one" that counts nothing."""
    form, text = match.lastgroup, match[0]
    if match["of"]:
        part, _, whole = text.lower().rpartition(" a ")
        value = _LARGE[whole] / _PARTS[re.findall(r"half|quarter", part)[0]]
        return Figure(text, value, "number", last_digit(value))
    if match["ratio"]:
        count, _, base = text.lower().rpartition(" in ")
        value = _value(re.match(_WHOLE, count)[0]) / _value(base)  # type: ignore[index]
        return Figure(text, value, "share", last_digit(round(value, 2)))
    if match["parts"] or match["part"]:
        words = re.findall(r"[a-z]+", text.lower())
        value = _SMALL.get(words[-2] if len(words) > 1 else "", 1) / _PARTS[words[-1].removesuffix("s")]
        return Figure(text, value, "share", 0.1)
    value, unit = _value(match["whole"]), (match["unit"] or "").strip().rstrip("s").lower()
    if form == "whole" and match["whole"].lower() == "one":
        return None
    kind = {"": "number", "%": "share", "percent": "share", "point": "share"}.get(unit, "money")
    kind = "money" if "$" in match["whole"] else kind
    scale = 100 if kind == "share" or unit == "cent" else 1
    return Figure(text, value / scale, kind, last_digit(value) / scale)


def words(text: str) -> int:
    """Words of ``text`` as they are spoken: a figure in digits is one word.

    >>> words('"It\\'s nine-to-five work, and I don\\'t mind."')
    7
    """
    return len(re.findall(r"[^\s]*\w[^\s]*", text))


_CONTRACTION = re.compile(
    r"\b(?:\w+n['’]t|(?:I|you|he|she|it|we|they|who|that|this|there|here|what|where|how|let|nobody|somebody|everybody)"
    r"['’](?:m|re|ve|ll|d|s))\b",
    re.IGNORECASE,
)


def contractions(text: str) -> int:
    """How often ``text`` contracts as people do when they speak.

    >>> contractions("It's ours, they didn't know, and the carrier's bill isn't.")
    3
    """
    return len(_CONTRACTION.findall(text))


#: Words that a slot of an own-story version is filled with, by what it asks for.
SLOT_WORDS = {"in a sentence": 15, "in two sentences": 30, "in three sentences": 45}
SLOT = 4  # any other


def filled_words(skeleton: str) -> int:
    """Words of an own-story version once its slots are filled.

    A slot that says "in a sentence", "in two sentences" or "in three sentences" takes fifteen words a sentence, any other four.

    >>> filled_words("I bought *[what]* because *[your reason, in a sentence]*.")
    22
    """
    slots = re.findall(r"\*\[([^\]]*)\]\*", skeleton)
    filled = sum(next((n for text, n in SLOT_WORDS.items() if text in slot), SLOT) for slot in slots)
    return filled + words(re.sub(r"\*\[[^\]]*\]\*", " ", skeleton))


@dataclass(frozen=True)
class Measures:
    """What a strong answer measures; ``seconds`` are those of its plan, ``own`` the words of the filled own-story version."""

    id: str
    words: int
    seconds: int
    figures: int
    contractions: int
    semicolons: int
    labels: list[str]
    trade: list[str]
    own: int

    @property
    def allowed(self) -> float:
        """Words that the plan's seconds hold at `PACE`."""
        return self.seconds * PACE / 60


def measure(item: Mapping[str, Any]) -> Measures:
    """Measure the strong answer of an open item, its facts and recorded values printed as a page prints them."""
    raw = item["model"]["text"]
    text = resolve_roles(raw)
    labels = [match[0] for match in LABEL.finditer(raw)]
    return Measures(
        id=item["id"],
        words=words(text),
        seconds=sum(beat["seconds"] for beat in item["plan"]),
        figures=len(figures(text)),
        contractions=contractions(text),
        semicolons=text.count(";"),
        labels=labels,
        trade=[word for word, pattern in TRADE.items() if pattern.search(text)],
        own=filled_words(item["model"].get("skeleton", "")),
    )


def spoken(items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The open items that have a strong answer."""
    return (item for item in items if item["type"] == "open" and "model" in item)


def table(items: Iterable[Mapping[str, Any]]) -> str:
    """The measures of every strong answer as plain text, then the trade's words and how many answers use each."""
    measures = [measure(item) for item in spoken(items)]
    rows = [["answer", "words", "of", "own", "figures", "per 100", "contr.", "semic.", "labels", "trade"]]
    rows += [_row(m.id, [m], " ".join(m.trade)) for m in measures]
    rows.append(_row("all", measures, ""))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    used = ", ".join(f"{word} {sum(word in m.trade for m in measures)}" for word in TRADE)
    return "\n".join([*lines, "", f"answers that use each of the trade's words: {used}"])


def _row(name: str, measures: list[Measures], trade: str) -> list[str]:
    """One row of the table: the sums over some answers."""
    said, heard = sum(m.words for m in measures), sum(m.figures for m in measures)
    counts = [sum(m.own for m in measures), heard]
    rest = [sum(m.contractions for m in measures), sum(m.semicolons for m in measures)]
    allowed = f"{sum(m.allowed for m in measures):.0f}"
    labels = str(sum(len(m.labels) for m in measures))
    return [name, str(said), allowed, *map(str, counts), f"{100 * heard / said:.1f}", *map(str, rest), labels, trade]
