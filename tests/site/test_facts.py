"""The built pages: an old fact stands beside its date, and the page of sources links each source once."""

import html
import re

from studykit.published import read, spell
from studykit.sources import OLD, by_age, gather
from tests.conftest import ROOT, built_pages
from tests.unit.test_sources import KINDS

FOLDER = ROOT / "data" / "facts"


def links(site, name: str) -> list[tuple[str, str]]:
    """Address and text of each link to a fact's source on a page."""
    text = (site / name).read_text(encoding="utf-8")
    found = re.findall(r'<a class="[^"]*fact-source[^"]*" href="([^"]*)">(.*?)</a>', text, re.DOTALL)
    return [(html.unescape(address), html.unescape(re.sub(r"<[^>]+>", "", said))) for address, said in found]


def test_no_old_fact_is_printed_without_its_date(site):
    old = [fact for fact in by_age(FOLDER) if fact["age"] > OLD]
    shown = 0
    for name in built_pages(site):
        text = html.unescape(re.sub(r"<[^>]+>", "", (site / name).read_text(encoding="utf-8")))
        linked = links(site, name)
        for fact in old:
            at = [said for address, said in linked if address == fact["source_url"]]
            if not at or fact["show"] not in text:
                continue
            shown += 1
            dates = {
                spell(other["date"]) for other in read(FOLDER).values() if other["source_url"] == fact["source_url"]
            }
            dated = [said for said in at if any(date in said for date in dates)]
            assert dated or spell(fact["date"]) in text, f"{name}: {fact['id']}"
    assert shown


def test_the_page_of_sources_links_each_once(site):
    page = (site / "reference/sources.html").read_text(encoding="utf-8")
    article = page.split("<article", 1)[1].split("</article>")[0]
    addresses = [html.unescape(link) for link in re.findall(r'<a class="reference external" href="([^"]*)"', article)]
    listed = [source.address for group in gather(FOLDER, KINDS).values() for source in group if source.linked]
    assert sorted(addresses) == sorted(listed)
