"""In which encoding a file's letters are: told where it can be told, proposed where it cannot."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from typing import IO

_CHUNK = 1 << 22
#: Encodings without a mark that exports have where they are not UTF-8, and what to call them.
LEGACY = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "gb18030": "GB18030",
}
_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
#: Letters that words are often written with, by encoding.
_AT_HOME = {
    "cp1252": "äöüßÄÖÜéèêëàâçîïôûùœæøåñáíóúãõìòÉÈÀÇÑØÅ€–—’‘“”„…°®™§£",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűöüŐŰäăâîşţßÄÖÜ€–—’‘“”„…°®™§",
    "cp1251": "".join(map(chr, range(0x410, 0x450))) + "ёЁіїєґІЇЄҐ№–—«»",
    "cp1253": "".join(map(chr, range(0x391, 0x3CF))) + "ΆΈΉΊΌΎΏ€–—’",
    "cp1254": "ğışöüçĞİŞÖÜÇâîû€–—’“”",
}
_LONG_RUNS = ("cp1251", "cp1253")


@dataclass(frozen=True)
class Encoding:
    """A file's encoding; ``stated`` by the mapping or ``marked`` by the file; the ``rivals`` that read as well."""

    name: str
    stated: bool = False
    marked: bool = False
    rivals: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The encoding as people call it."""
        return LEGACY.get(self.name, self.name.upper())


@dataclass
class Scan:
    """What a file's bytes say before they are read: its line ends, and where it is no UTF-8."""

    lines: int = 0
    simple_ends: bool = True
    quoted: bool = False
    bad_byte: tuple[int, int] | None = None
    zeros: int = 0
    size: int = 0
    start: bytes = b""


def scan(stream: IO[bytes]) -> Scan:
    """Go through a file once, a piece at a time.

    >>> import io
    >>> scan(io.BytesIO("a,b\\né,1".encode())).lines
    2
    """
    found, decoder = Scan(), codecs.getincrementaldecoder("utf-8")()
    returns = pairs = ends = done = 0
    last = b""
    while piece := stream.read(_CHUNK):
        if not found.size:
            found.start = piece
        found.quoted = found.quoted or b'"' in piece
        found.zeros += piece.count(0)
        if b"\r" in piece or last == b"\r":
            returns += piece.count(b"\r")
            pairs += piece.count(b"\r\n") + (last == b"\r" and piece[:1] == b"\n")
        if found.bad_byte is None and not (piece.isascii() and not decoder.getstate()[0]):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                at = error.start
                found.bad_byte = (ends + error.object.count(b"\n", 0, at) + 1, error.object[at])
        ends += piece.count(b"\n")
        found.size, last, done = found.size + len(piece), piece[-1:], done + 1
    if found.bad_byte is None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            found.bad_byte = (ends + 1, error.object[error.start])
    found.lines = ends + (found.size > 0 and last != b"\n")
    found.simple_ends = returns == pairs and pairs in (0, ends)
    return found


def find(file: str, found: Scan, data: bytes | None, stated: str | None) -> Encoding:
    """The encoding of a file.

    Parameters
    ----------
    file : its name, for messages.
    found : what `scan` saw.
    data : its bytes, where it is no UTF-8; else None.
    stated : what the mapping says.

    Raises
    ------
    ValueError naming row and byte where no encoding can be told, or the stated one does not read.
    """
    if stated:
        if data is not None:
            _decodes(file, data, stated)
        return Encoding(stated, stated=True)
    marked = next((encoding for mark, encoding in _MARKS.items() if found.start.startswith(mark)), None)
    if marked == "utf-16":
        return Encoding(marked, marked=True)
    if found.zeros:
        wide = _wide(found.start)
        if not wide:
            raise ValueError(f"{file}, row {_row_of_zero(found.start)}: a zero byte, expected text (CSV)")
        return Encoding(wide)
    if found.bad_byte is None:
        return Encoding(marked or "utf-8", marked=bool(marked))
    row, byte = found.bad_byte
    scores = {} if marked or data is None else _scores(data)
    best = max(scores, key=scores.__getitem__, default="")
    if not best or scores[best] < 0.4:
        raise ValueError(f"{file}, row {row}: byte 0x{byte:02x}, expected UTF-8, or its encoding in the mapping")
    rivals = [name for name, score in scores.items() if name != best and score > scores[best] - 0.25]
    text = _high(data or b"")
    return Encoding(best, rivals=tuple(name for name in rivals if text.decode(name) != text.decode(best)))


def _decodes(file: str, data: bytes, encoding: str) -> None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        row, byte = data.count(b"\n", 0, error.start) + 1, data[min(error.start, len(data) - 1)]
        raise ValueError(f"{file}, row {row}: byte 0x{byte:02x}, expected {encoding}, as the mapping says") from None


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its ASCII letters is zero."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    few, many = sorted((even, odd))
    if many < 0.05 * len(start) / 2 or few > 0.1 * many:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _row_of_zero(start: bytes) -> int:
    return start.count(b"\n", 0, max(start.find(b"\0"), 0)) + 1


def _high(data: bytes) -> bytes:
    """The lines that have letters beyond ASCII: the first few thousand of them."""
    return b"\n".join(islice((line for line in data.splitlines() if not line.isascii()), 5_000))


def _scores(data: bytes) -> dict[str, float]:
    """How much a file's letters look at home in each encoding that decodes it, from 0 to 1."""
    high = _high(data)
    scores = {}
    for name in LEGACY:
        try:
            text = high.decode(name)
        except UnicodeDecodeError:
            continue
        scores[name] = _chinese(text) if name == "gb18030" else _alphabetic(text, name)
    return scores


def _alphabetic(text: str, name: str) -> float:
    """The share of letters that words of these languages have: whole words of them in Cyrillic and Greek, single ones
    among ASCII letters elsewhere; a capital after a small letter is no word."""
    home, total, good = set(_AT_HOME[name]), 0, 0
    for word in re.findall(r"[A-Za-z\x80-\U0010ffff]+", text):
        beyond = [letter for letter in word if not letter.isascii()]
        total += len(beyond)
        whole = len(beyond) == len(word) > 1
        cased = not re.search(r"[a-zß-ÿа-яα-ω][A-ZÀ-ÞА-ЯΑ-Ω]", word)
        if cased and (whole if name in _LONG_RUNS else not whole or len(word) < 3):
            good += sum(letter in home for letter in beyond)
    return good / total if total else 0.0


def _chinese(text: str) -> float:
    """The share of common characters: the first level of GB 2312, by use."""
    letters = re.findall(r"[^\x00-\x7f]", text)
    common = 0
    for letter in letters:
        code = letter.encode("gb18030")
        common += len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or 0xA1 <= code[0] <= 0xA3) and code[1] >= 0xA1
    return common / len(letters) if letters else 0.0
