"""The bank as a package of QTI 2.1, which most assessment systems import: a manifest and an item a file.

Elements and their order follow the binding of the specification: https://www.imsglobal.org/question/index.html
"""

from collections.abc import Callable, Iterable, Mapping
from xml.etree import ElementTree as ET

from studykit.bank import Item, payload
from studykit.bank.exports.shared import DECK, MARK, answer_text, orders, zipped
from studykit.bank.expressions import SLOT
from studykit.bank.numeric import Functions

ITEM = "http://www.imsglobal.org/xsd/imsqti_v2p1"
ITEM_SCHEMA = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
PACKAGE_SCHEMA = "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

Node = ET.Element


def qti(items: Mapping[str, Item], functions: Functions = None) -> bytes:
    """The bank as a zip archive; a numeric item comes with its first variant.

    Each choice, slip and explanation is a feedback. An open question and a card are texts to write, whose feedback
    holds a good answer and which nothing scores.
    """
    files = {f"items/{name}.xml": _serialized(_item(_task(item, functions)), ITEM) for name, item in items.items()}
    return zipped({"imsmanifest.xml": _serialized(_manifest(items), PACKAGE)} | files)


def _task(item: Item, functions: Functions) -> Item:
    task = payload(item, functions)
    return task | task["variants"][0] if "variants" in task else task


def _serialized(root: Node, namespace: str) -> bytes:
    """A file of one namespace, with nothing added to the texts."""
    root.set("xmlns", namespace)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _manifest(items: Iterable[str]) -> Node:
    root = ET.Element("manifest", {"identifier": "studykit", _SCHEMA_LOCATION: f"{PACKAGE} {PACKAGE_SCHEMA}"})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = "1.0.0"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for name in items:
        place = f"items/{name}.xml"
        resource = ET.SubElement(resources, "resource", identifier=_id(name), type="imsqti_item_xmlv2p1", href=place)
        ET.SubElement(resource, "file", href=place)
    return root


def _id(name: str) -> str:
    """An identifier: it may not begin with a digit."""
    return f"q-{name}"


def _item(task: Item) -> Node:
    root = ET.Element(
        "assessmentItem",
        {
            _SCHEMA_LOCATION: f"{ITEM} {ITEM_SCHEMA}",
            "identifier": _id(task["id"]),
            "title": f"{DECK}: {task['id']}",
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
    body, rules = ET.Element("itemBody"), ET.Element("responseProcessing")
    feedback = KINDS[task["type"]](task, root, body, rules)
    many = "multiple" if task["type"] == "multi" else "single"
    if rules.find(".//setOutcomeValue[@identifier='SCORE']") is not None:
        score = _declaration(root, "outcomeDeclaration", "SCORE", "single", "float")
        _values(ET.SubElement(score, "defaultValue"), ["0"])
    if feedback:
        _declaration(root, "outcomeDeclaration", "FEEDBACK", many, "identifier")
    _declaration(root, "outcomeDeclaration", "EXPLANATION", "single", "identifier")
    _set(rules, "EXPLANATION", _base("identifier", "shown"))
    root.extend([body, rules])
    for outcome, name, text in [*(("FEEDBACK", *row) for row in feedback), ("EXPLANATION", "shown", answer_text(task))]:
        shown = ET.SubElement(root, "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show")
        _marked(ET.SubElement(shown, "p"), text)
    return root


# Parts ----------------------------------------------------------------------------------------------------------------


def _marked(parent: Node, text: str) -> Node:
    """``parent`` with a text in it, bold and code as elements."""
    parent.text, last = "", None
    at = 0
    for mark in [*MARK.finditer(text), None]:
        plain = text[at : mark.start() if mark else len(text)]
        if last is None:
            parent.text += plain
        else:
            last.tail = plain
        if mark:
            last, at = ET.SubElement(parent, "strong" if mark[1] else "code"), mark.end()
            last.text = mark[1] or mark[2]
    return parent


def _declaration(root: Node, tag: str, name: str, cardinality: str, kind: str) -> Node:
    return ET.SubElement(root, tag, identifier=name, cardinality=cardinality, baseType=kind)


def _response(root: Node, name: str, cardinality: str, kind: str, right: Iterable[str] = ()) -> None:
    declaration = _declaration(root, "responseDeclaration", name, cardinality, kind)
    if values := list(right):
        _values(ET.SubElement(declaration, "correctResponse"), values)


def _values(parent: Node, values: Iterable[str]) -> None:
    for value in values:
        ET.SubElement(parent, "value").text = value


def _base(kind: str, value: str) -> Node:
    node = ET.Element("baseValue", baseType=kind)
    node.text = value
    return node


def _of(tag: str, *parts: Node, **attributes: str) -> Node:
    node = ET.Element(tag, attributes)
    node.extend(parts)
    return node


def _variable(name: str = "RESPONSE") -> Node:
    return ET.Element("variable", identifier=name)


def _set(parent: Node, outcome: str, value: Node) -> None:
    ET.SubElement(parent, "setOutcomeValue", identifier=outcome).append(value)


def _score_if(rules: Node, right: Node) -> Node:
    """The rule that gives the point; further branches may follow in it."""
    condition = ET.SubElement(rules, "responseCondition")
    branch = ET.SubElement(condition, "responseIf")
    branch.append(right)
    _set(branch, "SCORE", _base("float", "1"))
    return condition


def _interaction(body: Node, tag: str, prompt: str, **attributes: str) -> Node:
    node = ET.SubElement(body, tag, {"responseIdentifier": "RESPONSE"} | attributes)
    _marked(ET.SubElement(node, "prompt"), prompt)
    return node


# Kinds: each adds declarations to the item, what is asked to its body and the rules; gives feedback by identifier -----

Feedback = list[tuple[str, str]]


def _choices(task: Item, root: Node, body: Node, rules: Node) -> Feedback:
    one = task["type"] == "mcq"
    right = [f"c-{choice['id']}" for choice in task["choices"] if choice.get("correct")]
    _response(root, "RESPONSE", "single" if one else "multiple", "identifier", right)
    shuffle = str(not task.get("keep_order", False)).lower()
    asked = _interaction(body, "choiceInteraction", task["stem"], shuffle=shuffle, maxChoices="1" if one else "0")
    for choice in task["choices"]:
        _marked(ET.SubElement(asked, "simpleChoice", identifier=f"c-{choice['id']}"), choice["text"])
    _score_if(rules, _of("match", _variable(), ET.Element("correct", identifier="RESPONSE")))
    _set(rules, "FEEDBACK", _variable())
    return [(f"c-{choice['id']}", choice["feedback"]) for choice in task["choices"]]


def _numeric(task: Item, root: Node, body: Node, rules: Node) -> Feedback:
    key = task["answer"]
    _response(root, "RESPONSE", "single", "float", [f"{key['value']:.12g}"])
    _marked(ET.SubElement(body, "p"), task["stem"])
    field = ET.SubElement(body, "p")
    ET.SubElement(
        field, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12"
    ).tail = f" {task['unit']}"

    def near(part: Item) -> Node:
        within = f"{part['tolerance']:.12g}"
        value = _base("float", f"{part['value']:.12g}")
        return _of("equal", _variable(), value, toleranceMode="absolute", tolerance=f"{within} {within}")

    condition = _score_if(rules, near(key))
    for number, slip in enumerate(task["slips"], 1):
        branch = ET.SubElement(condition, "responseElseIf")
        branch.append(near(slip))
        _set(branch, "FEEDBACK", _base("identifier", f"slip-{number}"))
    return [(f"slip-{number}", slip["feedback"]) for number, slip in enumerate(task["slips"], 1)]


def _order(task: Item, root: Node, body: Node, rules: Node) -> Feedback:
    _response(root, "RESPONSE", "ordered", "identifier", [f"c-{name}" for name in task["solution"]])
    asked = _interaction(body, "orderInteraction", task["stem"], shuffle="false")  # as listed, which is never right
    for row in task["rows"]:
        _marked(ET.SubElement(asked, "simpleChoice", identifier=f"c-{row['id']}"), row["text"])
    right = [
        _of("match", _variable(), _of("ordered", *(_base("identifier", f"c-{name}") for name in order)))
        for order in orders(task)
    ]
    _score_if(rules, _of("or", *right))
    return []


def _match(task: Item, root: Node, body: Node, rules: Node) -> Feedback:
    place = {right: f"r-{number}" for number, right in enumerate(task["rights"], 1)}
    pairs = [f"l-{number} {place[pair['right']]}" for number, pair in enumerate(task["pairs"], 1)]
    _response(root, "RESPONSE", "multiple", "directedPair", pairs)
    count = str(len(pairs))
    asked = _interaction(body, "matchInteraction", task["stem"], shuffle="true", maxAssociations=count)
    lefts, rights = ET.SubElement(asked, "simpleMatchSet"), ET.SubElement(asked, "simpleMatchSet")
    for number, pair in enumerate(task["pairs"], 1):
        _marked(ET.SubElement(lefts, "simpleAssociableChoice", identifier=f"l-{number}", matchMax="1"), pair["left"])
    for right, name in place.items():
        _marked(ET.SubElement(rights, "simpleAssociableChoice", identifier=name, matchMax=count), right)
    _score_if(rules, _of("match", _variable(), ET.Element("correct", identifier="RESPONSE")))
    return []


def _cloze(task: Item, root: Node, body: Node, rules: Node) -> Feedback:
    names = {slot: f"BLANK-{number}" for number, slot in enumerate(task["blanks"], 1)}
    for slot, name in names.items():
        _response(root, name, "single", "string", task["blanks"][slot]["accept"][:1])
    _marked(ET.SubElement(body, "p"), task["stem"])
    asked = ET.SubElement(body, "p")
    parts = SLOT.split(task["text"])[::3]
    _marked(ET.SubElement(asked, "span"), parts[0])
    for slot, after in zip(SLOT.finditer(task["text"]), parts[1:], strict=True):
        ET.SubElement(asked, "textEntryInteraction", responseIdentifier=names[slot["name"]], expectedLength="20")
        _marked(ET.SubElement(asked, "span"), after)

    def accepted(slot: str) -> Node:
        texts = [
            _of("stringMatch", _variable(names[slot]), _base("string", text), caseSensitive="false", substring="false")
            for text in task["blanks"][slot]["accept"]
        ]
        return _of("or", *texts)

    _score_if(rules, _of("and", *(accepted(slot) for slot in names)))
    return []


def _written(task: Item, root: Node, body: Node, _rules: Node) -> Feedback:
    _response(root, "RESPONSE", "single", "string")
    prompt = task["front"] if task["type"] == "card" else task["stem"]
    _interaction(body, "extendedTextInteraction", prompt, expectedLines="6")
    return []


KINDS: dict[str, Callable[[Item, Node, Node, Node], Feedback]] = {
    "mcq": _choices,
    "multi": _choices,
    "numeric": _numeric,
    "order": _order,
    "match": _match,
    "cloze": _cloze,
    "open": _written,
    "card": _written,
}
