"""The bank in Moodle's own XML, which keeps what GIFT cannot: hints, blanks in a text, choices that are not shuffled."""

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from studykit.bank import Item
from studykit.bank.exports.shared import DECK, answer_text, by_category, html, listed, share
from studykit.bank.expressions import SLOT
from studykit.bank.numeric import Functions

ESSAYS = ("open", "card")
TYPES = {
    "mcq": "multichoice",
    "multi": "multichoice",
    "numeric": "numerical",
    "order": "matching",
    "match": "matching",
    "cloze": "cloze",
    "open": "essay",
    "card": "essay",
}


def moodle(items: Mapping[str, Item], functions: Functions = None) -> str:
    """The bank as a Moodle quiz: a category for each stage; a numeric item has its own, with all variants to draw from.

    An order becomes a matching of step and place; an open question and a card become essays, whose good answer stands
    in the feedback.
    """
    quiz = ET.Element("quiz")
    for category, tasks in by_category(items, functions):
        _text(ET.SubElement(quiz, "question", type="category"), "category", f"$course$/top/{DECK}/{category}")
        quiz.extend(map(_question, tasks))
    ET.indent(quiz)
    return ET.tostring(quiz, encoding="unicode", xml_declaration=True) + "\n"


def _question(task: Item) -> ET.Element:
    node = ET.Element("question", type=TYPES[task["type"]])
    _text(node, "name", f"{task['id']}/{task['seed']}" if "seed" in task else task["id"])
    _text(node, "questiontext", _stem(task), format="html")
    _text(node, "generalfeedback", html(answer_text(task)), format="html")
    for name, value in _settings(task).items():
        ET.SubElement(node, name).text = value
    for part in _parts(task):
        node.append(part)
    for hint in task.get("hints", []):
        if task["type"] not in ESSAYS:
            _text(node, "hint", html(hint), format="html")
    return node


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    """An element that holds a text in Moodle's way."""
    node = ET.SubElement(parent, tag, attributes)
    ET.SubElement(node, "text").text = text
    return node


def _answer(text: str, fraction: str, feedback: str = "", form: str = "html", **fields: str) -> ET.Element:
    node = ET.Element("answer", fraction=fraction, format=form)
    ET.SubElement(node, "text").text = text
    for name, value in fields.items():
        ET.SubElement(node, name).text = value
    _text(node, "feedback", html(feedback), format="html")
    return node


def _stem(task: Item) -> str:
    stem = html(task["front"] if task["type"] == "card" else task["stem"])
    match task["type"]:
        case "numeric":
            return f"<p>{stem} (in {html(task['unit'])})</p>"
        case "order":
            return f"<p>{stem} Choose the place of each.</p>"
        case "cloze":
            blanks = {
                name: _embedded(blank["accept"], blank.get("feedback", "")) for name, blank in task["blanks"].items()
            }
            return f"<p>{stem}</p><p>{SLOT.sub(lambda slot: blanks[slot['name']], html(task['text']))}</p>"
    return f"<p>{stem}</p>"


def _embedded(accept: list[str], feedback: str) -> str:
    r"""A blank in a text, in Moodle's code, in which ``} # ~ / " \`` are marks.

    >>> _embedded(["1/2", "half"], "Of {a}.")
    '{1:SHORTANSWER:=1\\/2~=half~*#Of {a\\}.}'
    """

    def escaped(text: str) -> str:
        return "".join(f"\\{sign}" if sign in '}#~/"\\' else sign for sign in html(text))

    told = f"~*#{escaped(feedback)}" if feedback else ""
    return f"{{1:SHORTANSWER:{'~'.join(f'={escaped(text)}' for text in accept)}{told}}}"


def _settings(task: Item) -> dict[str, str]:
    """What Moodle asks of a kind beside its answers."""
    settings = {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0"}
    match task["type"]:
        case "mcq" | "multi":
            single = str(task["type"] == "mcq").lower()
            shuffled = str(not task.get("keep_order", False)).lower()
            return settings | {"single": single, "shuffleanswers": shuffled, "answernumbering": "abc"}
        case "match":
            return settings | {"shuffleanswers": "true"}
        case "order":
            return settings | {"shuffleanswers": "false"}
        case "numeric":
            return settings | {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": "3", "unitsleft": "0"}
        case "open" | "card":
            return settings | {"penalty": "0", "responseformat": "editor", "responserequired": "1", "attachments": "0"}
    return settings


def _parts(task: Item) -> Iterator[ET.Element]:
    """Answers, or the rows to match; for an essay what a grader looks for."""
    match task["type"]:
        case "mcq" | "multi":
            right = [bool(choice.get("correct")) for choice in task["choices"]]
            bad = len(right) - sum(right)
            wrong = "0" if task["type"] == "mcq" or not bad else f"-{share(bad)}"
            for choice, good in zip(task["choices"], right, strict=True):
                yield _answer(html(choice["text"]), share(sum(right)) if good else wrong, choice["feedback"])
        case "numeric":
            key = task["answer"]
            for part, fraction in [(key, "100"), *((slip, "0") for slip in task["slips"])]:
                tolerance = f"{part['tolerance']:.12g}"
                feedback = part.get("feedback", "")
                yield _answer(f"{part['value']:.12g}", fraction, feedback, "moodle_auto_format", tolerance=tolerance)
        case "match":
            used = {pair["right"] for pair in task["pairs"]}
            spare = [("", right) for right in task["rights"] if right not in used]
            yield from (
                _row(left, right) for left, right in [*((p["left"], p["right"]) for p in task["pairs"]), *spare]
            )
        case "order":
            places = {name: place for place, name in enumerate(task["solution"], 1)}
            yield from (_row(row["text"], str(places[row["id"]])) for row in task["rows"])
        case "open":
            looked_for = [f"<b>{html(row['name'])}</b>: {html(row['anchors']['5'])}" for row in task["rubric"]]
            node = ET.Element("graderinfo", format="html")
            ET.SubElement(node, "text").text = listed("ul", looked_for)
            yield node


def _row(left: str, right: str) -> ET.Element:
    node = ET.Element("subquestion", format="html")
    ET.SubElement(node, "text").text = html(left)
    _text(node, "answer", right)
    return node
