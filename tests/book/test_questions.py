"""What the bank's questions point at exists: the section that teaches an item, the facts it stands on."""

import pytest

from fulfillment.data import facts
from studykit.bank import load
from tests.book.pages import markdown, sources
from tests.conftest import BOOK

PAGES = {path.stem: markdown(path) for path in sources(BOOK)}


@pytest.mark.parametrize("item", load().values(), ids=lambda item: item["id"])
def test_an_item_points_at_what_exists(item):
    if "learn" in item:
        page, anchor = item["learn"].split("/")
        assert f"({anchor})=" in PAGES[page]
    for source in item["sources"]:
        kind, _, name = source["ref"].partition(":")
        if kind == "https":
            continue
        assert kind in ("fact", "chapter"), source
        assert name in (facts() if kind == "fact" else PAGES), source
