"""The reference pages: the cards' finder, the tabs on a card, the workbook to download, the sheet on one sheet of paper."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fulfillment.formulas import FORMULAS
from fulfillment.kpis.catalog import catalog
from tests.site.watch import Watched

CATALOG, SHEET = "reference/kpi-catalog.html", "reference/formula-sheet.html"
GROUP = [kpi for kpi in catalog().values() if kpi.group == "returns"]


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + CATALOG)
    page.wait_for_selector(".sk-finder")
    return page


def cards(page: Page):
    return page.locator(".sk-card:not([hidden])")


def test_every_kpi_has_its_card_without_a_script(browser, address):
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + CATALOG)
    for kpi in catalog().values():
        card = plain.locator(f"#{kpi.id}")
        assert kpi.name in card.locator("h3").inner_text()
        assert card.locator("pre").count() == 3 * kpi.computed
        assert card.locator("a").count() == len(kpi.benchmarks)
        if kpi.computed:
            assert re.search(r"This program\s+.*\d.*\(n = [\d,]+ ", card.locator("dl").inner_text())
    context.close()


def test_a_search_narrows_the_cards_and_says_so(page):
    said = page.get_by_role("status")
    assert said.inner_text() == ""
    page.get_by_label("Search", exact=True).last.fill("dock stock")
    expect(said).to_have_text(f"1 of {len(catalog())} shown.")
    expect(cards(page)).to_have_attribute("id", "dock_to_stock_time")
    assert [text.strip("#¶ ") for text in page.locator("article h2:visible").all_inner_texts()] == ["Fulfillment"]
    page.get_by_label("Search", exact=True).last.fill("no such thing")
    expect(said).to_contain_text("None fits")
    page.get_by_label("Search", exact=True).last.fill("")
    expect(said).to_have_text(f"All {len(catalog())} shown.")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_finder_works_by_keyboard_alone(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.get_by_label("Search", exact=True).last.focus()
    page.keyboard.type("rate")
    page.keyboard.press("Tab")
    page.keyboard.type("returns")  # a select takes the option that starts with what is typed
    expect(page.get_by_role("status")).to_have_text(re.compile(rf"^[1-{len(GROUP)}] of {len(catalog())} shown\.$"))
    assert {card.get_attribute("id") for card in cards(page).all()} <= {kpi.id for kpi in GROUP}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_code_changes_with_the_arrow_keys(page):
    card = page.locator("#loss_rate")
    card.locator("summary").first.click()
    shown = card.locator("pre:visible")
    expect(shown).to_contain_text("def loss_rate")
    card.get_by_role("radio", name="pandas").focus()
    page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("FROM shipments")
    page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("=COUNTIFS(shipments_lost,TRUE")


def test_an_address_opens_its_card(context, address):
    page = context.new_page()
    page.goto(f"{address}{CATALOG}#csat")
    expect(page.locator("#csat details").first).to_have_attribute("open", "")
    expect(page.locator("#csat h3")).to_be_in_viewport()


def test_the_workbook_is_downloaded(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="the KPI workbook").click()
    assert download.value.suggested_filename == "kpis.xlsx"
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as packed:
        assert "xl/workbook.xml" in packed.namelist()


def test_the_sites_search_finds_a_kpi(context, address):
    page = context.new_page()
    page.goto(f"{address}search.html?q=maverick")
    page.wait_for_selector("ul.search li a[href*='kpi-catalog']")


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_the_formulas_print_on_one_sheet_of_paper(context, address, paper):
    page = context.new_page()
    page.goto(address + SHEET)
    assert page.locator(".sk-formulas > li").count() == len(FORMULAS)
    margins = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
    printed = page.pdf(format=paper, margin=margins)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 2


@pytest.mark.parametrize("name", [CATALOG, SHEET])
def test_weight(context, address, name):
    watched = Watched(context, address)
    watched.open(name)
    watched.scroll()
    assert watched.weight <= 250_000, f"{watched.weight:,} bytes"
