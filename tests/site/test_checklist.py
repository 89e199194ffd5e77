"""The plan's checklists: real boxes, counted in words, kept in the log, and working where nothing is kept."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

PLAN = "practice/today.html"


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + PLAN)
    page.wait_for_selector("#two-hours .sk-ticks, section:has(> #two-hours) .sk-ticks")
    return page


@pytest.fixture
def page(context, address):
    return opened(context, address)


def first(page: Page):
    return page.locator(".checklist").first


def test_every_item_is_a_box_with_its_text_as_name(page):
    for group in page.locator(".checklist").all():
        boxes = group.get_by_role("checkbox")
        assert boxes.count() == group.locator("li").count() >= 7
        assert boxes.evaluate_all("all => all.every((box) => !box.disabled)")
        expect(group.get_by_role("status")).to_have_text(f"0 of {boxes.count()} done.")
    expect(page.get_by_role("checkbox", name=re.compile("^Forty minutes. Fill the slots"))).to_have_count(1)
    texts = page.locator(".checklist li").all_inner_texts()
    assert len(texts) == len(set(texts)), "a tick is kept by the item's text"


def test_ticks_stay_and_are_cleared_and_put_back(context, address, page):
    count = first(page).get_by_role("checkbox").count()
    first(page).get_by_role("checkbox").nth(1).focus()
    page.keyboard.press("Space")
    first(page).get_by_text("Fill the slots of four answers").click()
    said = first(page).get_by_role("status")
    expect(said).to_have_text(f"2 of {count} done.")
    again = opened(context, address)
    expect(first(again).get_by_role("status")).to_have_text(f"2 of {count} done.")
    expect(first(again).get_by_role("checkbox").nth(1)).to_be_checked()
    expect(again.locator(".checklist").nth(1).get_by_role("status")).to_contain_text("0 of")
    button = first(again).get_by_role("button")
    button.focus()
    again.keyboard.press("Enter")
    expect(first(again).get_by_role("status")).to_have_text(f"0 of {count} done.")
    expect(button).to_have_text("Put the ticks back")
    again.keyboard.press("Enter")
    expect(first(again).get_by_role("status")).to_have_text(f"2 of {count} done.")
    expect(first(opened(context, address)).get_by_role("checkbox").nth(1)).to_be_checked()


def test_a_link_in_an_item_leads_on_and_ticks_nothing(page):
    first(page).get_by_role("link", name="one-page table").click()
    page.wait_for_url("**/start/process.html#*")
    page.go_back()
    expect(first(page).get_by_role("status")).to_contain_text("0 of")


@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError'); }})",
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    ],
)
def test_without_storage_it_works_and_says_so(context, address, broken):
    context.add_init_script(broken)
    page = opened(context, address)
    box = first(page).get_by_role("checkbox").first
    box.check()
    expect(first(page).get_by_role("status")).to_have_text(
        re.compile(r"^1 of \d+ done\. This browser keeps nothing: the ticks last until you leave the page\.$")
    )
    expect(box).to_be_checked()
