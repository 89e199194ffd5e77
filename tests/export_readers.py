"""Readers of the bank's exports, written from the formats' descriptions: what a system would ask, and how it would grade.

An answer is given in the bank's words: a choice's text or a list of them, a number, right sides or rows in order, words.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from xml.etree import ElementTree as ET

from studykit.bank.exports.shared import html

Answer = str | float | list[str]


@dataclass(frozen=True)
class Asked:
    """A question as read: its kind in that format, its text, the share that an answer gets (0 to 1) and what it is told."""

    kind: str
    stem: str
    grade: Callable[[Answer], float]
    told: Callable[[Answer], list[str]]


# GIFT: https://docs.moodle.org/en/GIFT_format --------------------------------------------------------------------------


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _cut(text: str, mark: str) -> tuple[str, str]:
    """``text`` before and after the first ``mark`` that is not escaped."""
    parts = re.split(rf"(?<!\\){mark}", text, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def gift(text: str) -> dict[str, Asked]:
    """The questions of a GIFT file by name; raises AssertionError where a block is none."""
    found = {}
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.startswith("$CATEGORY: "):
            assert "\n" not in block
            continue
        head = re.fullmatch(
            r"::((?:\\.|[^:\\])+)::\[markdown\]((?:\\.|[^{}\\])*)\{((?:\\.|[^{}\\])*)\}", block, re.DOTALL
        )
        assert head, block
        found[_plain(head[1])] = _gift_question(_plain(head[2]), *_cut(head[3], "####"))
    return found


def _gift_question(stem: str, body: str, general: str) -> Asked:
    if body.startswith("#"):
        return _gift_numbers(stem, body[1:])
    rows = []
    for token in filter(str.strip, re.split(r"(?<!\\)(?=[=~])", body)):
        text, feedback = _cut(token.strip()[1:], "#")
        weight = re.match(r"%(-?[\d.]+)%", text)
        share = float(weight[1]) / 100 if weight else float(token.strip()[0] == "=")
        rows.append((_plain(text[weight.end() :] if weight else text), share, _plain(feedback), bool(weight)))
    if not rows:
        assert general.strip()
        return Asked("essay", stem, lambda _: 0.0, lambda _: [_plain(general)])
    if all(" -> " in f" {text}" for text, *_ in rows):
        pairs = [text.split("->") for text, *_ in rows]
        wanted = [right.strip() for left, right in pairs if left.strip()]
        return Asked("matching", stem, lambda given: float(given == wanted), lambda _: [])
    kind = "several" if rows[0][3] else "short" if all(share for _, share, *_ in rows) else "one"
    return _weighted(kind, stem, [row[:3] for row in rows])


def _weighted(kind: str, stem: str, rows: list[tuple[str, float, str]]) -> Asked:
    def chosen(given: Answer) -> list[tuple[str, float, str]]:
        names = [given] if isinstance(given, str) else given
        return [row for row in rows if row[0] in names]

    return Asked(
        kind, stem, lambda given: sum(row[1] for row in chosen(given)), lambda given: [row[2] for row in chosen(given)]
    )


def _gift_numbers(stem: str, body: str) -> Asked:
    rows = []
    for token in filter(str.strip, re.split(r"(?<!\\)=", body)):
        text, feedback = _cut(token, "#")
        parts = re.fullmatch(r"\s*(?:%(\d+)%)?(-?[\d.e+-]+):([\d.e+-]+)\s*", text)
        assert parts, token
        rows.append((float(parts[2]), float(parts[3]), float(parts[1] or 100) / 100, _plain(feedback)))
    return _numbers("number", stem, rows)


def _numbers(kind: str, stem: str, rows: list[tuple[float, float, float, str]]) -> Asked:
    """The first row that holds the number decides."""

    def first(given: Any) -> list[Any]:
        return [row for row in rows if abs(given - row[0]) <= row[1]][:1]

    return Asked(kind, stem, lambda given: sum(r[2] for r in first(given)), lambda given: [r[3] for r in first(given)])


# Moodle XML: https://docs.moodle.org/en/Moodle_XML_format ---------------------------------------------------------------

#: What each kind holds, in any order, and how often it may.
MOODLE = {
    "multichoice": {"single": 1, "shuffleanswers": 1, "answernumbering": 1, "answer": 9, "hint": 9},
    "numerical": {"answer": 9, "unitgradingtype": 1, "unitpenalty": 1, "showunits": 1, "unitsleft": 1, "hint": 9},
    "matching": {"shuffleanswers": 1, "subquestion": 9, "hint": 9},
    "cloze": {"hint": 9},
    "essay": {"responseformat": 1, "responserequired": 1, "attachments": 1, "graderinfo": 1},
}
COMMON = {"name": 1, "questiontext": 1, "generalfeedback": 1, "defaultgrade": 1, "penalty": 1, "hidden": 1}


def moodle(text: str) -> dict[str, Asked]:
    """The questions of a Moodle file by name; raises AssertionError for an element that the format does not have there."""
    quiz = ET.fromstring(text)
    assert quiz.tag == "quiz"
    found = {}
    for node in quiz:
        kind = node.get("type")
        if kind == "category":
            assert node.findtext("category/text", "").startswith("$course$/top/")
            continue
        allowed = COMMON | MOODLE[kind]
        for child in node:
            assert len(node.findall(child.tag)) <= allowed[child.tag], (child.tag, allowed)
        assert {name for name in COMMON if node.find(name) is None} == set()
        for formatted in node.iter():
            if formatted.tag in ("questiontext", "generalfeedback", "feedback", "hint", "graderinfo"):
                assert formatted.get("format") == "html"
                assert [part.tag for part in formatted] == ["text"]
                ET.fromstring(f"<p>{formatted.findtext('text')}</p>")  # its HTML is sound
        found[node.findtext("name/text")] = _moodle_question(kind, node)
    return found


def _moodle_question(kind: str, node: ET.Element) -> Asked:
    stem = node.findtext("questiontext/text", "")
    rows = [
        (part.findtext("text", ""), float(part.get("fraction", "")) / 100, part.findtext("feedback/text", ""))
        for part in node.findall("answer")
    ]
    if kind == "multichoice":
        assert (node.findtext("single") == "true") == (sorted(share for _, share, _ in rows)[-2:-1] == [0])
        named = _weighted(kind, stem, rows)

        def texts(given: Answer) -> list[str]:
            return [html(one) for one in ([given] if isinstance(given, str) else given)]

        return Asked(kind, stem, lambda given: named.grade(texts(given)), lambda given: named.told(texts(given)))
    if kind == "numerical":
        within = [float(part.findtext("tolerance", "")) for part in node.findall("answer")]
        held = [(float(text), off, share, told) for (text, share, told), off in zip(rows, within, strict=True)]
        return _numbers(kind, stem, held)
    if kind == "matching":
        pairs = [(row.findtext("text", ""), row.findtext("answer/text")) for row in node.findall("subquestion")]
        wanted = [right for left, right in pairs if left]
        assert len(wanted) >= 2
        assert len({right for _, right in pairs}) >= 3
        return Asked(kind, stem, lambda given: float(given == wanted), lambda _: [])
    if kind == "cloze":
        codes = re.findall(r"\{1:SHORTANSWER:((?:\\.|[^}\\])+)\}", stem)
        accept = [
            [_plain(_cut(part[1:], "#")[0]) for part in re.split(r"(?<!\\)~", code) if part.startswith("=")]
            for code in codes
        ]
        return Asked(kind, stem, lambda given: sum(map(list.__contains__, accept, given)) / len(accept), lambda _: [])
    return Asked(kind, stem, lambda _: 0.0, lambda _: [node.findtext("generalfeedback/text", "")])


# QTI 2.1: https://www.imsglobal.org/question/index.html -----------------------------------------------------------------

NAMESPACES = {"i": "http://www.imsglobal.org/xsd/imsqti_v2p1", "p": "http://www.imsglobal.org/xsd/imscp_v1p1"}
#: Children of an item, in the order of its binding.
ORDER = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
#: Attributes that the binding requires, by element.
REQUIRED = {
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality"},
    "outcomeDeclaration": {"identifier", "cardinality"},
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "orderInteraction": {"responseIdentifier", "shuffle"},
    "matchInteraction": {"responseIdentifier", "shuffle", "maxAssociations"},
    "textEntryInteraction": {"responseIdentifier"},
    "extendedTextInteraction": {"responseIdentifier"},
    "simpleChoice": {"identifier"},
    "simpleAssociableChoice": {"identifier", "matchMax"},
    "modalFeedback": {"outcomeIdentifier", "identifier", "showHide"},
    "setOutcomeValue": {"identifier"},
    "baseValue": {"baseType"},
    "equal": {"toleranceMode"},
    "stringMatch": {"caseSensitive"},
}
IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]*")


def qti(archive: bytes) -> dict[str, Asked]:
    """The items of a package by identifier; raises AssertionError where manifest, files or items do not fit together."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.testzip() is None
        held = {name: files.read(name) for name in files.namelist()}
    manifest = ET.fromstring(held.pop("imsmanifest.xml"))
    assert [part.tag.rpartition("}")[2] for part in manifest] == ["metadata", "organizations", "resources"]
    assert manifest.findtext("p:metadata/p:schema", namespaces=NAMESPACES) == "QTIv2.1 Package"
    found = {}
    for resource in manifest.iterfind("p:resources/p:resource", NAMESPACES):
        assert resource.get("type") == "imsqti_item_xmlv2p1"
        assert [part.get("href") for part in resource] == [resource.get("href")]
        root = ET.fromstring(held.pop(resource.get("href")))
        assert root.get("identifier") == resource.get("identifier")
        found[root.get("identifier")] = _qti_item(root)
    assert held == {}, "files that the manifest does not name"
    return found


def _qti_item(root: ET.Element) -> Asked:
    names = {node: node.tag.removeprefix(f"{{{NAMESPACES['i']}}}") for node in root.iter()}
    for node, name in names.items():
        assert "}" not in name, "another namespace"
        assert REQUIRED.get(name, set()) <= node.attrib.keys(), name
        for attribute in ("identifier", "responseIdentifier", "outcomeIdentifier"):
            assert IDENTIFIER.fullmatch(node.get(attribute, "ok")), node.get(attribute)
    tags = [names[node] for node in root]
    assert tags == sorted(tags, key=ORDER.index)
    declared = {node.get("identifier"): node for node, name in names.items() if name.endswith("Declaration")}
    for node, name in names.items():
        for attribute in ("responseIdentifier", "outcomeIdentifier"):
            assert node.get(attribute) is None or node.get(attribute) in declared
        assert name not in ("variable", "correct", "setOutcomeValue") or node.get("identifier") in declared
    asked = [node for node, name in names.items() if name.endswith("Interaction")]
    assert {node.get("responseIdentifier") for node in asked} == {
        name for name, node in declared.items() if names[node] == "responseDeclaration"
    }
    body = next(node for node in root if names[node] == "itemBody")

    def outcomes(given: Answer) -> dict[str, Any]:
        return _processed(root, names, declared, _responses(asked, names, given))

    def told(given: Answer) -> list[str]:
        values = outcomes(given)
        return [
            "".join(node.itertext())
            for node in root
            if names[node] == "modalFeedback"
            and node.get("identifier") in _several(values.get(node.get("outcomeIdentifier")))
        ]

    return Asked(names[asked[0]], " ".join(body.itertext()), lambda given: outcomes(given).get("SCORE", 0.0), told)


def _several(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _responses(asked: list[ET.Element], names: dict[ET.Element, str], given: Answer) -> dict[str, Any]:
    """What a candidate's answer is to the item's variables."""
    kind = names[asked[0]]
    if kind == "textEntryInteraction":
        values = given if isinstance(given, list) else [given]
        return {node.get("responseIdentifier"): value for node, value in zip(asked, values, strict=True)}
    options = [(node, "".join(node.itertext())) for node in asked[0].iter() if node.get("identifier")]
    place = {text: node.get("identifier") for node, text in options}
    if kind == "matchInteraction":
        lefts = [node.get("identifier") for node in list(asked[0])[1]]
        return {"RESPONSE": [f"{left} {place[right]}" for left, right in zip(lefts, given, strict=True)]}
    if kind == "extendedTextInteraction":
        return {"RESPONSE": given}
    return {"RESPONSE": place[given] if isinstance(given, str) else [place[text] for text in given]}


def _processed(
    root: ET.Element, names: dict[ET.Element, str], declared: dict[str, ET.Element], responses: dict[str, Any]
) -> dict[str, Any]:
    """Outcomes after response processing, by the rules and expressions that the export uses."""
    values: dict[str, Any] = {"SCORE": 0.0} | responses

    def same(first: Any, second: Any, name: str) -> bool:
        ordered = declared[name].get("cardinality") == "ordered"
        return first == second if ordered else sorted(_several(first)) == sorted(_several(second))

    def value(node: ET.Element) -> Any:
        parts = list(node)
        match names[node]:
            case "baseValue":
                return float(node.text) if node.get("baseType") == "float" else node.text
            case "variable":
                return values.get(node.get("identifier"))
            case "correct":
                return [part.text for part in declared[node.get("identifier")].iter() if names[part] == "value"]
            case "ordered":
                return [value(part) for part in parts]
            case "match":
                return same(value(parts[0]), value(parts[1]), parts[0].get("identifier"))
            case "equal":
                low, high = map(float, node.get("tolerance").split())
                center = value(parts[1])
                return center - low <= value(parts[0]) <= center + high
            case "stringMatch":
                return value(parts[0]).lower() == value(parts[1]).lower()
            case "and":
                return all(map(value, parts))
            case "or":
                return any(map(value, parts))
        raise AssertionError(names[node])

    def run(nodes: list[ET.Element]) -> None:
        for node in nodes:
            if names[node] == "setOutcomeValue":
                values[node.get("identifier")] = value(node[0])
                continue
            assert names[node] == "responseCondition"
            branches = list(node)
            assert [names[branch] for branch in branches] == ["responseIf"] + ["responseElseIf"] * (len(branches) - 1)
            passed = list(takewhile(lambda branch: not value(branch[0]), branches))
            if len(passed) < len(branches):
                run(list(branches[len(passed)])[1:])

    run(next(list(node) for node in root if names[node] == "responseProcessing"))
    return values
