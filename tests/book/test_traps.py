"""What would catch a candidate out is said where a reader meets it: each trap, the page, and the words or facts there."""

from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from studykit.published import load_facts
from tests.book.test_seed import plain
from tests.conftest import ROOT, built_pages

FACTS = load_facts(ROOT / "data" / "facts")

#: The trap: pages, and what each must say; a name in braces is a fact's ``show``.
TRAPS = {
    "Seller Shipping stayed": (
        ["reference/platform-facts.html", "stages/technical.html"],
        ["{ful.us.mandate_reversed}"],
    ),
    "3PLs run the centers": (["reference/platform-facts.html", "stages/case-study.html"], ["{net.us.fbt_run_by_3pls}"]),
    "own line haul and last mile": (["reference/platform-facts.html"], ["{net.us.own_transport}"]),
    "sellers were told, twice": (
        ["reference/platform-facts.html", "stages/technical.html"],
        ["{ful.us.crossborder_must_use}", "{ful.us.usps_labels}"],
    ),
    "carriers of China parcels are ranked out": (
        ["reference/platform-facts.html"],
        ["the last in rank was to be removed"],
    ),
    "the article is a template": (["start/process.html"], ["{job.prep_article_template}"]),
    "postings are counted over what they show": (["start/role.html"], ["3 of 4", "4 of 4", "not seen"]),
    "USPS charges for fuel": (["reference/peers.html", "stages/case-study.html"], ["January 17, 2027"]),
    "the surcharge after the ruling has ended": (["reference/markets.html"], ["{trade.us.section122_expired}"]),
    "the dispatch clock stops at the first scan": (
        ["reference/platform-facts.html", "stages/technical.html", "stages/case-study.html"],
        ["{us.dispatch_sla}"],
    ),
    "not the upload of a number": (["reference/platform-facts.html"], ["not the upload of a tracking number"]),
    "3.58 is withdrawn": (
        ["reference/platform-facts.html"],
        ["{fbt.us.rate_jan2025}", "{fbt.us.rate_single_low_2026}", "1.56 USD a unit"],
    ),
    "the card's odd row": (["reference/platform-facts.html"], ["{fbt.us.rate_4plus_odd}", "check the row"]),
    "the joint venture does not run e-commerce": (
        [
            "reference/platform-facts.html",
            "reference/markets.html",
            "stages/hr-screening.html",
            "start/questions-to-ask.html",
        ],
        ["{own.us.ecommerce_outside_jv}"],
    ),
    "VTR": (["reference/platform-facts.html"], ["{trap.vtr_meaning}"]),
    "two missions": (
        ["reference/values.html", "stages/hr-screening.html", "start/process.html"],
        ["inspire creativity and bring joy", "Inspire Creativity, Enrich Life"],
    ),
    "de minimis stayed suspended": (
        ["reference/platform-facts.html", "reference/markets.html"],
        ["{trade.us.deminimis_after_ruling}"],
    ),
    "every fraction of an inch rounds up": (
        ["responsibilities/cost-management.html"],
        ["{parcel.dim_rounding}", "in whole pounds up"],
    ),
    "value is not units": (
        [
            "reference/markets.html",
            "reference/sources.html",
            "responsibilities/cross-functional.html",
            "stages/case-study.html",
        ],
        ["{peak.global.black_friday_2025_orders}"],
    ),
    "risk pooling": (["reference/sources.html"], ["{fig.risk_pooling}"]),
    "GMROI": (["reference/sources.html"], ["margin is a share of sales and the turns are of cost"]),
    "damage": (["reference/sources.html"], ["{fig.damage_test}"]),
    "rules of thumb": (["reference/kpi-catalog.html"], ["a rule of thumb", "use your own baseline"]),
    "copies are labeled": (["reference/platform-facts.html"], ["third-party copy of official page"]),
}

#: Prices and claims that are withdrawn or false, as they would be typed; no page may say them as they stand.
FALSE = [
    "FBT from 3.58",
    "starts at 3.58",
    "Seller Shipping ends",
    "nothing published on who runs",
    "annot simply be told",
    "tracking upload stops",
    "saves 36%",
    "36% less stock",
]


@cache
def text(site: Path, name: str) -> str:
    page = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
    return plain((page.find("article") or page).get_text(" ")).replace(" ,", ",").replace(" .", ".")


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_handled(site, trap):
    pages, words = TRAPS[trap]
    wanted = [plain(FACTS[word.strip("{}")]["show"]) if word.startswith("{") else word for word in words]
    assert {name: lost for name in pages if (lost := [word for word in wanted if word not in text(site, name)])} == {}


def test_no_page_states_what_is_withdrawn(site):
    assert [(name, said) for name in built_pages(site) for said in FALSE if said in text(site, name)] == []
