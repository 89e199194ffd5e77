"""Links on the built pages: every internal address and anchor exists."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from tests.conftest import built_pages


class Page(HTMLParser):
    """Collects a page's links and the ids that links may point at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.links += [given[name] for name in ("href", "src") if name in given and not given[name].startswith("data:")]


def problems(site: Path) -> list[str]:
    """Every internal link that leads nowhere, as ``page -> link``."""
    pages = {name: Page((site / name).read_text(encoding="utf-8")) for name in built_pages(site)}
    found = []
    for name, page in pages.items():
        if name == "404.html":  # its links are absolute: it is shown at any address
            continue
        for link in page.links:
            if urlsplit(link).scheme:
                continue
            address, anchor = urldefrag(link)
            target = (site / name).parent / unquote(urlsplit(address).path) if address else site / name
            target = target.resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                found.append(f"{name} -> {link}")
            elif anchor and target.suffix == ".html":
                held = pages[target.relative_to(site.resolve()).as_posix()].ids
                if unquote(anchor) not in held and anchor != "top":
                    found.append(f"{name} -> {link}")
    return found


def test_internal_links_lead_somewhere(site):
    assert problems(site) == []


@pytest.mark.parametrize("broken", ['<a href="gone.html">x</a>', '<a href="#gone">x</a>', '<img src="gone.png">'])
def test_a_broken_link_is_found(tmp_path, broken):
    (tmp_path / "page.html").write_text(broken)
    assert len(problems(tmp_path)) == 1
