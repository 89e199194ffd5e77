"""Every page of the built site in a real browser: quiet, self-contained, accessible, in both themes and on a phone."""

import re
from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Browser, Page, expect

from studykit.build.drawings import figure_of
from tests.book.pages import cells, sources
from tests.conftest import BOOK, built_pages
from tests.site.watch import Watched, violations

ELEMENTS = 3000
PAGES = [path.relative_to(BOOK).with_suffix(".html").as_posix() for path in sources(BOOK)]


def test_every_source_has_its_page(site):
    assert {*PAGES, "404.html", "search.html"} <= set(built_pages(site))


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)], ids=["light-1280", "dark-390"])
@pytest.mark.parametrize("name", [*PAGES, "search.html", "404.html"])
def test_page(browser: Browser, address: str, name: str, theme: str, width: int):
    """Colors depend on the theme alone, so one look a theme does; the frame of all pages is looked at in every way."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)
    watched = Watched(context, address)
    page = watched.open(name)
    assert page.locator("*").count() <= ELEMENTS, "a slow phone lays out every element"
    watched.scroll()
    weight, most = watched.weight, 150_000 if name == "index.html" else 250_000
    found = violations(page)
    if name == "index.html":
        page.emulate_media(color_scheme="dark" if theme == "light" else "light")
        found += violations(page)
    assert not watched.problems, "\n".join(watched.problems)
    assert not watched.shifts(), "\n".join(watched.shifts())
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    assert not found, "\n".join(found)
    assert weight <= most, f"{weight:,} bytes"
    context.close()


def test_one_faint_word_among_many_is_found(context, address):
    """The look that is tried is not the first of its kind by tag, class or place."""
    page = Watched(context, address).open("reference/kpi-catalog.html")
    assert not violations(page)
    word = page.locator("article p").last
    word.evaluate("(element) => { element.innerHTML = '<b style=\"color: #999\">faint</b>'; }")
    assert [line.split(":")[0] for line in violations(page)] == ["color-contrast"]


@pytest.mark.parametrize("name", PAGES)
def test_head(site, name):
    html = (site / name).read_text(encoding="utf-8")
    description = re.search(
        r'<meta (?:name="description" content="([^"]*)"|content="([^"]*)" name="description")', html
    )
    assert description, "a description for search engines"
    said = description[1] or description[2]
    assert 70 <= len(said) <= 200
    assert not said.startswith("This page"), "what the page promises comes first, not how to run it"
    for name in ("og:title", "og:type", "og:url", "og:site_name", "og:description", "og:image"):
        assert f'property="{name}"' in html, name
    assert 'rel="icon"' in html or 'rel="shortcut icon"' in html


def test_one_file_tells_search_engines_all_pages(site):
    listed = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert sorted(re.findall(r"<loc>http://localhost:8000/(.*?)</loc>", listed)) == PAGES


def test_an_unknown_address_gets_our_page(context, address):
    page = context.new_page()
    assert page.goto(f"{address}no/such/page.html").status == 404
    assert "not found" in page.inner_text("main, article").lower()


def test_search_finds_a_word_without_another_host(context, address):
    watched = Watched(context, address)
    page = watched.open("search.html?q=dispatch")
    page.locator("ul.search li a[href*='performance-tracking']").first.wait_for()  # results come one by one
    assert not watched.problems, "\n".join(watched.problems)


def test_searched_words_are_marked_and_a_key_leads_to_the_search(context, address):
    watched = Watched(context, address)
    page = watched.open("reference/contract-terms.html?highlight=supplier")
    page.wait_for_selector("article .highlighted")
    watched.settle()  # the shortcuts come with a script of their own
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


@pytest.mark.parametrize("name", [name for name in PAGES if (BOOK / name).with_suffix(".ipynb").exists()])
def test_a_notebook_page_offers_its_notebook(context, site, address, name):
    (archive,) = site.glob("_static/*.zip")
    page = context.new_page()
    page.goto(address + name)
    with page.expect_download() as download:
        page.evaluate("document.querySelector('.sk-download').setAttribute('download', '')")
        page.click(".sk-download")
    assert download.value.suggested_filename == PurePosixPath(name).with_suffix(".ipynb").name
    assert f"({archive.stat().st_size / 1e6:.1f}\u00a0MB)" in page.inner_text(".sk-notebook")


def test_code_of_more_than_five_lines_is_folded(context, address):
    page = context.new_page()
    page.goto(address + "responsibilities/performance-tracking.html")
    open_cells = page.locator("div.cell > div.cell_input pre").all_inner_texts()
    assert open_cells
    assert all(len(text.strip().splitlines()) <= 5 for text in open_cells)
    folded = page.locator("div.cell > details > div.cell_input pre")
    assert folded.count()
    assert not folded.first.is_visible()
    text = folded.first.text_content()
    page.locator("div.cell > details > summary").first.click()
    assert folded.first.is_visible()
    expect(
        folded.first.locator("span.k, span.kn").first
    ).to_be_visible()  # colored when it is opened, and the same text
    assert folded.first.text_content() == text


def held(name: str) -> tuple[int, int, list[str]]:
    """What a notebook holds for its page: drawings, rows of tables, and the code that shows."""
    found = [cell for cell in cells((BOOK / name).with_suffix(".ipynb")) if cell["cell_type"] == "code"]
    outputs = [
        output for cell in found if not tags(cell) & {"remove-cell", "remove-output"} for output in cell["outputs"]
    ]
    rows = sum("".join(output.get("data", {}).get("text/html", "")).count("<tr>") for output in outputs)
    shown = [cell["source"] for cell in found if not tags(cell) & {"remove-cell", "remove-input"}]
    return sum(figure_of(output) is not None for output in outputs), rows, shown


def tags(cell: dict) -> set[str]:
    return set(cell["metadata"].get("tags", []))


def shows_all(page: Page, name: str) -> None:
    """Every drawing with a text in its place, every row and all code of a notebook are to be seen."""
    drawings, rows, code = held(name)
    expect(page.locator(".output tr:visible")).to_have_count(rows)
    pictures = page.locator(".sk-plot img:visible")
    expect(pictures).to_have_count(drawings)
    for picture in pictures.all():
        assert picture.get_attribute("alt")
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth"), picture.get_attribute("src")
    seen = page.locator("pre:visible").all_inner_texts()
    assert [text for text in code if text.strip() not in {part.strip() for part in seen}] == []


@pytest.mark.parametrize("name", ["cases/choosing-a-3pl.html", "responsibilities/performance-tracking.html"])
def test_without_a_script_and_in_print_everything_is_there(browser: Browser, address: str, name: str):
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(address + name)
    for summary in page.locator("details > summary:visible").all():
        summary.click()
    shows_all(page, name)
    assert not page.locator(".sk-more:visible, .sk-explore:visible").count(), "buttons that nothing listens to"
    plain.close()
    context = browser.new_context()
    watched = Watched(context, address)
    page = watched.open(name)
    watched.settle()
    page.emulate_media(media="print")
    shows_all(page, name)
    context.close()


def test_a_question_opens_by_keyboard_and_is_printed_whole(context, address):
    page = context.new_page()
    page.goto(address + "stages/final.html")
    folded = page.locator("details.sk-fold", has_text="Rubric")
    first, second = (folded.nth(place).get_by_text("Rubric", exact=True) for place in (0, 1))
    expect(first).to_be_hidden()
    folded.first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    page.emulate_media(media="print")
    expect(second).to_be_visible()


def test_a_long_table_shows_the_rest_by_keyboard(context, address):
    page = Watched(context, address).open("cases/choosing-a-3pl.html")
    button = page.locator(".sk-more").first
    count = int(re.search(r"\d+", button.inner_text())[0])
    rows = button.locator("xpath=preceding-sibling::*[1]").locator("tbody tr")
    few = rows.count()
    assert few < count
    table = rows.first.locator("xpath=ancestor::table").element_handle()
    button.focus()
    page.keyboard.press("Enter")
    assert len(table.query_selector_all("tbody tr")) == count
    place = "table => [...table.tBodies[0].rows].indexOf(document.activeElement)"
    assert table.evaluate(place) == few, "the reader goes on at the first row that is new"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_finds_its_section(browser: Browser, address: str, width: int):
    """Widgets above it are taller than what held their place."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = Watched(context, address).open("responsibilities/performance-tracking.html#in-the-room")
    for widget in page.locator('.sk-widget:not([data-kind="quiz"])').all():
        widget.and_(page.locator("[data-ready]")).wait_for()
    page.wait_for_function("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < 110")
    context.close()
