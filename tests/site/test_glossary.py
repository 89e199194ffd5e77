"""Quiet links: once a page for each term, never in headings, links or code, to an anchor that exists."""

import html
import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from studykit.sphinx.glossary import anchor, terms
from tests.conftest import ROOT, built_pages

ENTRIES = terms(ROOT / "data" / "glossary.yaml")
HOME = "reference/glossary.html"


class Links(HTMLParser):
    """Targets of a page's quiet links, each with the tags around it, and all ids of the page."""

    VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, set[str]]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if "sk-term" in (given.get("class") or "").split():
            self.found.append((html.unescape(given["href"]), set(self.open)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def read(site, name: str) -> Links:
    return Links((site / name).read_text(encoding="utf-8"))


def test_each_term_is_linked_at_most_once_a_page_and_in_prose(site):
    anchors = set(read(site, HOME).ids)
    linked = Counter()
    for name in built_pages(site):
        found = read(site, name).found
        marks = [target.partition("#")[2] for target, _ in found]
        assert len(marks) == len(set(marks)), name
        assert set(marks) <= anchors, name
        assert not [around for _, around in found if around & {"h1", "h2", "h3", "h4", "a", "code", "pre", "th", "nav"}]
        linked.update(marks)
    assert len(linked) >= 70
    assert not {anchor(entry["term"]) for entry in ENTRIES if not entry.get("link", True)} & linked.keys()


def test_the_glossary_holds_every_term_once_and_links_none(site):
    page = read(site, HOME)
    assert page.found == []
    for entry in ENTRIES:
        assert page.ids.count(anchor(entry["term"])) == 1
    text = (site / HOME).read_text(encoding="utf-8")
    assert len(re.findall(r'lang="zh-hans"', text, re.IGNORECASE)) == len(ENTRIES)


@pytest.mark.parametrize("name", [HOME, "stages/technical.html"])
def test_no_id_stands_twice(site, name):
    assert [mark for mark, count in Counter(read(site, name).ids).items() if count > 1] == []
