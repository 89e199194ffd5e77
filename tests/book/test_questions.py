"""What the bank's questions point at exists, and no figure is typed into an interview question's answer."""

import pytest

from fulfillment.data import facts
from studykit.bank import load
from tests.book.pages import markdown, sources, typed_figures
from tests.conftest import BOOK

PAGES = {path.stem: markdown(path) for path in sources(BOOK)}


@pytest.mark.parametrize("item", load().values(), ids=lambda item: item["id"])
def test_an_item_points_at_what_exists(item):
    for place in [*([item["learn"]] if "learn" in item else []), *item.get("read", [])]:
        page, anchor = place.split("/")
        assert f"({anchor})=" in PAGES[page]
    for source in item["sources"]:
        kind, _, name = source["ref"].partition(":")
        if kind == "https":
            continue
        assert kind in ("fact", "chapter"), source
        assert name in (facts() if kind == "fact" else PAGES), source


OPEN = [item for item in load().values() if item["type"] == "open"]


def spoken(item):
    """What an answer to the question would say: all of it but a story that is marked as invented."""
    yield from (beat["beat"] for beat in item["plan"])
    yield from item.get("listens_for", [])
    if "model" in item:
        yield item["model"].get("skeleton", "")
        yield "" if item["model"].get("invented") else item["model"]["text"]
        yield item["weak"]["text"]
    yield from (text for probe in item["probes"] for text in probe.values())
    yield from (text for row in item["rubric"] for text in row["anchors"].values())
    yield item["explain"]


@pytest.mark.parametrize("item", OPEN, ids=lambda item: item["id"])
def test_an_answers_figures_are_facts_or_values(item):
    assert [figure for text in spoken(item) for figure in typed_figures(text)] == []
