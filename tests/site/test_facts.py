"""The built pages: an old fact stands beside its date, and the page of sources links each source once."""

import html
import json
import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from studykit.published import format_date
from studykit.sources import OLD_MONTHS, facts_by_age, group_sources
from tests.conftest import ROOT, built_pages
from tests.unit.studykit.test_sources import KINDS

FOLDER = ROOT / "data" / "facts"
AGED = [fact for fact in facts_by_age(FOLDER) if fact["age"] > OLD_MONTHS]
SILENT = [fact for fact in AGED if fact["date"][:4] not in fact["show"] + fact["statement"]]
BLOCKS = ["tr", "p", "li", "dt", "dd", "figcaption", "h1", "h2", "h3", "h4"]  # a fact and its date stand in one of them


def plain(text: str) -> str:
    """Text as the fact files spell it: straight quotes, single spaces."""
    return " ".join(re.sub("[“”]", '"', re.sub("[‘’]", "'", html.unescape(text))).split())


#: What a fact says, whole: "5 USD" does not stand in "0.35 USD"
WORDS = {
    fact["id"]: [re.compile(rf"(?<![\d.,]){re.escape(plain(fact[part]))}(?!\w)") for part in ("show", "statement")]
    for fact in AGED
}


def said(page: str) -> Iterator[str]:
    """The text of every block of a page that holds no smaller one; a row of a table is one block."""
    soup = BeautifulSoup(page, "html.parser")
    article = soup.find("article") or soup
    for block in article.find_all(BLOCKS):
        inside = block.find_parent("tr") is not None
        if not inside and (block.name == "tr" or not block.find(BLOCKS)):
            yield plain(block.get_text())


def undated(texts: Iterator[str] | list[str]) -> list[str]:
    """Facts older than the limit that a text prints without their date, as ``id: text``."""
    return [
        f"{fact['id']}: {text[:160]}"
        for text in texts
        for fact in AGED
        if any(words.search(text) for words in WORDS[fact["id"]])
        and not (format_date(fact["date"]) in text or fact["date"] in text)
    ]


def test_no_old_fact_is_printed_without_its_date(site):
    texts = {name: list(said((site / name).read_text(encoding="utf-8"))) for name in built_pages(site)}
    assert {name: found for name, blocks in texts.items() if (found := undated(blocks))} == {}
    printed = "\n".join(text for blocks in texts.values() for text in blocks)
    shown = [name for name, words in WORDS.items() if any(words_of.search(printed) for words_of in words)]
    assert len(shown) > len(AGED) / 2, "the test sees what the pages print"


def test_no_old_fact_is_asked_without_its_date(site):
    def texts(content) -> Iterator[str]:
        if isinstance(content, dict | list):
            for part in content.values() if isinstance(content, dict) else content:
                yield from texts(part)
        elif isinstance(content, str):
            yield plain(content)

    files = list((site / "_bank").glob("*.json"))
    assert files
    assert [found for file in files for found in undated(texts(json.loads(file.read_text(encoding="utf-8"))))] == []


@pytest.mark.parametrize("fact", SILENT[:3], ids=lambda fact: fact["id"])
@pytest.mark.parametrize(
    "page", ["<p>It is {}.</p>", "<table><tr><th>It</th><td><p>{}</p></td></tr></table>", "<li><p>{}</p></li>"]
)
@pytest.mark.parametrize("part", ["show", "statement"])
def test_an_old_fact_without_its_date_is_found(fact, page, part):
    bare, dated = page.format(fact[part]), page.format(f"{fact[part]} (as of {format_date(fact['date'])})")
    assert undated(said(f"<article>{bare}</article>")) != []
    assert undated(said(f"<article>{dated}</article>")) == []


def test_the_page_of_sources_links_each_once(site):
    page = (site / "reference/sources.html").read_text(encoding="utf-8")
    article = page.split("<article", 1)[1].split("</article>")[0]
    addresses = [html.unescape(link) for link in re.findall(r'<a class="reference external" href="([^"]*)"', article)]
    listed = [source.address for group in group_sources(FOLDER, KINDS).values() for source in group if source.linked]
    assert sorted(addresses) == sorted(listed)
