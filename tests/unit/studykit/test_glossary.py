"""The glossary: complete entries, terms that the book uses, and one quiet link a page for each."""

import json
import re
from collections import Counter

import pytest
import yaml
from docutils import nodes

from studykit import bank
from studykit.sphinx.glossary import anchor, link_first_uses, matcher, spellings, terms
from tests.book.pages import cells, markdown, sources
from tests.conftest import BOOK, ROOT

FILE = ROOT / "data" / "glossary.yaml"
ENTRIES = terms(FILE)
OWN = {"glossary"}


def texts() -> dict[str, str]:
    """Everything that each page says: its prose, its interview questions, its code and what its outputs print."""
    found, items = {}, bank.load()
    for path in sources(BOOK):
        name = path.relative_to(BOOK).with_suffix("").as_posix()
        found[name] = markdown(path)
        asked = re.findall(r"\{question\} ([^\n]*)", found[name])
        found[name] += "\n".join(str(items[item]) for line in asked for item in line.split() if item in items)
        if path.suffix == ".ipynb":
            found[name] += "\n".join(cell["source"] + json.dumps(cell.get("outputs", [])) for cell in cells(path))
    kpis = FILE.parent / "facts" / "kpis.yaml"
    found["reference/kpi-catalog"] += kpis.read_text(encoding="utf-8")
    for path in (FILE.parent / "facts").glob("*.yaml"):
        found["facts"] = found.get("facts", "") + path.read_text(encoding="utf-8")
    return found


TEXTS = texts()


def test_there_are_enough_terms():
    assert len(ENTRIES) >= 110


def test_anchors_are_unique():
    assert [name for name, count in Counter(anchor(entry["term"]) for entry in ENTRIES).items() if count > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: anchor(entry["term"]))
def test_entry(entry):
    assert 1 <= len(re.findall(r"[.?!](?: |$)", entry["text"])) <= 3
    assert len(entry["text"]) <= 260
    assert re.search(r"[\u4e00-\u9fff]", entry["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", entry["es"])
    pattern = "|".join(r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", form))) for form in spellings(entry))
    assert any(
        re.search(rf"(?<!\w)(?:{pattern})(?:s|es)?(?!\w)", text, re.IGNORECASE)
        for name, text in TEXTS.items()
        if name.rpartition("/")[2] not in OWN
    ), "no page uses it"
    page, _, mark = entry["used"].partition("#")
    assert page in TEXTS
    assert not mark or f"({mark})=" in TEXTS[page] or f"- id: {mark}\n" in TEXTS[page]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "glossary.yaml"
    common = {"text": "It is.", "used": "a", "zh": "词", "es": "palabra"}
    words = [
        {"term": "Rate"},
        {"term": "Base rate"},
        {"term": "Fill rate", "link": False},
        {"term": "SLA", "also": ["service level"]},
    ]
    path.write_text(yaml.safe_dump([word | common for word in words]))
    return path


def page(*children: nodes.Node) -> nodes.document:
    from docutils.utils import new_document

    document = new_document("page")
    document += children
    return document


def test_the_longest_term_is_linked_once_and_only_in_prose(file):
    document = page(
        nodes.section(
            "",
            nodes.title("", "The rate"),
            nodes.paragraph("", "The fill rate, and a Base\nrates deal. A rate; a rate."),
        ),
        nodes.paragraph(
            "", "", nodes.literal("", "SLA"), nodes.reference("", "the SLA", refuri="x"), nodes.Text(" pre-SLA")
        ),
        nodes.paragraph("", "Two Service levels."),
    )
    assert link_first_uses(document, file, "g.html") == ["Base rate", "Rate", "SLA"]
    made = [node for node in document.findall(nodes.reference) if "sk-term" in node["classes"]]
    assert [node.astext() for node in made] == ["Base\nrates", "rate", "Service levels"]
    assert [node["refuri"] for node in made] == ["g.html#term-base-rate", "g.html#term-rate", "g.html#term-sla"]
    assert document.astext().replace("\n\n", "\n").count("A rate; a rate.") == 1


def test_a_heading_of_a_table_and_a_quotation_stay_as_they_are(file):
    head = nodes.thead("", nodes.row("", nodes.entry("", nodes.paragraph("", "Rate"))))
    document = page(
        head, nodes.block_quote("", nodes.paragraph("", "Rate")), nodes.admonition("", nodes.title("", "Rate"))
    )
    assert link_first_uses(document, file, "g.html") == []


def test_a_spelling_of_two_terms_is_refused(file):
    file.write_text(file.read_text() + "- {term: sla, text: It is., used: a, zh: 词, es: palabra}\n")
    with pytest.raises(ValueError, match="'sla' belongs to 'SLA' and to 'sla'"):
        terms(file)


@pytest.mark.parametrize(("field", "said"), [("zh", "lacks zh"), ("es", "lacks es"), ("used", "lacks used")])
def test_a_missing_field_is_named(file, field, said):
    entry = {"term": "A", "text": "It is.", "used": "a", "zh": "词", "es": "palabra"}
    file.write_text(yaml.safe_dump([{name: value for name, value in entry.items() if name != field}]))
    with pytest.raises(ValueError, match=said):
        terms(file)


def test_without_a_glossary_nothing_is_linked(tmp_path):
    pattern, found = matcher(tmp_path / "none.yaml")
    assert pattern.search("An SLA, a rate and 3PL") is None
    assert found == {}
