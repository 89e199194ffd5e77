"""The story bank: written with mouse and keys, kept as it is written, tagged, printed, taken along, in two tabs."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.site.bench import OPEN, REFUSED, SAVED, again, bench, with_log
from tests.site.watch import Watched, until, violations

STATE = {
    "questions": [
        {"id": "hr-why", "name": "Why this role", "stage": "hr", "seconds": 85, "href": "stages/hr.html#hr-why"},
        {"id": "case-peak", "name": "Peak season", "stage": "case", "seconds": 150, "href": None},
        {"id": "final-cost", "name": "Cost against service", "stage": "final", "seconds": 120},
    ],
    "responsibilities": {"tracking": "Performance tracking"},
    "values": {"candid": "Be candid"},
    "stages": {"hr": "HR", "case": "Case", "final": "Final"},
}
NOTES = "async () => Object.values(Object.fromEntries((await log.read()).notes))"


@pytest.fixture
def page(context, workshop):
    yield from with_log(context, workshop, ("stories", STATE))


def write(page: Page, title: str, **parts: str) -> None:
    """Begin a story and fill its parts in, by their labels' first words."""
    page.get_by_role("button", name="Write a new story").click()
    story = page.locator(".sk-story").last
    story.get_by_label("Name of the story").fill(title)
    for label, text in parts.items():
        story.get_by_label(label.replace("_", " ").capitalize(), exact=False).first.fill(text)
    story.get_by_label("Name of the story").press("Tab")
    kept(page, "title", title)


def kept(page: Page, part: str, text: str) -> None:
    """Wait until a story is kept with such a part."""
    until(
        page,
        "async ([part, text]) => [...(await log.read()).notes.values()].some((story) => String(story[part]) === text)",
        [part, text],
    )


def test_a_story_is_kept_as_it_is_written_and_is_there_after_a_reload(page, workshop):
    expect(page.locator(".sk-stories")).to_contain_text("3 of 3 questions have no story yet")
    write(
        page,
        "The tender",
        situation="Our contract in Columbus ended.",
        what_you_did="I wrote the RFP and led both rounds.",
    )
    expect(page.locator(".sk-story")).to_contain_text("13 words, about 6 seconds: situation 5, what you did 8")
    expect(page.locator(".sk-story")).to_contain_text("carry 62%.")
    page.get_by_label("The tender: Peak season").check()
    expect(page.locator(".sk-stories")).to_contain_text("2 of 3 questions have no story yet")
    kept(page, "questions", "case-peak")
    again(page, workshop)
    page.get_by_text("The tender").first.click()
    assert page.get_by_label("What you did").input_value() == "I wrote the RFP and led both rounds."
    expect(page.get_by_label("The tender: Peak season")).to_be_checked()


def test_what_was_typed_last_is_kept_though_the_page_is_left_at_once(page, workshop):
    write(page, "The tender")
    page.get_by_label("What came of it").press_sequentially("Six percent")
    again(page, workshop)
    page.evaluate(OPEN)
    kept(page, "result", "Six percent")
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('draft'))") == []


def test_a_story_told_too_often_and_one_that_stays_in_its_situation_are_named(page):
    write(page, "The tender", situation="One two three four five six.", what_came_of_it="Seven.")
    expect(page.locator(".sk-story")).to_contain_text("carry 14%. Aim for half or more")
    for name in ("Why this role", "Peak season", "Cost against service"):
        page.get_by_label(f"The tender: {name}").check()
    expect(page.locator(".sk-stories")).to_contain_text("Each of the 3 questions has a story")
    expect(page.locator(".sk-stories")).to_contain_text("“The tender” answers 3 questions. Interviewers compare notes")


def test_a_deleted_story_can_be_put_back(page):
    write(page, "The tender", what_came_of_it="Six percent")
    page.get_by_role("button", name="Delete this story").click()
    expect(page.get_by_role("status")).to_contain_text("“The tender” is deleted")
    assert page.evaluate(NOTES) == []
    page.get_by_role("button", name="Put it back").click()
    kept(page, "title", "The tender")
    expect(page.locator(".sk-story")).to_have_count(1)


def test_with_keys_alone(page):
    page.get_by_role("button", name="Write a new story").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("The tender")
    for text in ("Ended", "Mine", "I led", "Saved", "Earlier", "6%"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    kept(page, "figures", "6%")
    box = page.get_by_label("The tender: Why this role")
    box.focus()
    page.keyboard.press("Space")
    kept(page, "questions", "hr-why")
    expect(box).to_be_focused()
    assert page.evaluate(NOTES)[0]["hindsight"] == "Earlier"


def test_two_tabs_write_two_stories_and_see_both(page, workshop, context):
    other = context.new_page()
    again(other, workshop)
    other.evaluate(OPEN)
    write(page, "The tender")
    write(other, "The launch")
    for tab in (page, other):
        expect(tab.locator(".sk-story")).to_have_count(2)
        expect(tab.locator(".sk-stories thead")).to_contain_text("The launch")
    page.get_by_label("What you did").first.press_sequentially("I led")
    other.get_by_label("The tender: Peak season").check()
    kept(page, "questions", "case-peak")
    kept(page, "action", "I led")
    other.locator(".sk-story", has_text="The tender").locator("summary").click()
    other.locator(".sk-story", has_text="The tender").get_by_label("What came of it").fill("Six percent")
    kept(page, "result", "Six percent")
    page.get_by_label("What you did").first.press_sequentially(" it")
    kept(page, "action", "I led it")
    found = page.evaluate(NOTES)
    assert {(one["title"], one["action"], one["result"], *one["questions"]) for one in found} == {
        ("The tender", "I led it", "Six percent", "case-peak"),
        ("The launch", "", ""),
    }, "neither tab overwrites what the other wrote into the same story"


def test_saved_cleared_and_loaded_in_another_browser_it_is_the_same(page, workshop, browser):
    write(page, "The tender", what_came_of_it="Six percent <b>off</b>")
    saved = page.evaluate("() => log.exportText()")
    page.evaluate("() => document.activeElement.blur()")  # a story that somebody is in stays
    page.evaluate("() => log.clear()")
    expect(page.locator(".sk-story")).to_have_count(0)
    other = browser.new_context()
    tab = bench(other, workshop, ("stories", STATE)).page
    tab.evaluate(OPEN)
    tab.evaluate("(saved) => log.importText(saved)", saved)
    expect(tab.locator(".sk-story")).to_contain_text("The tender")
    assert tab.locator(".sk-stories b").count() == 0, "text stays text"
    assert tab.evaluate(SAVED)["entries"] == json.loads(saved)["entries"]
    other.close()


def test_markdown_and_paper_hold_the_stories(page):
    write(page, "The tender", what_came_of_it="Six percent")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as Markdown").click()
    assert download.value.suggested_filename == "my-stories.md"
    assert download.value.path().read_text(encoding="utf-8") == (
        "# My stories\n\n## The tender\n\n**What came of it.** Six percent\n"
    )
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".sk-paper")).to_contain_text("What came of it. Six percent")
    expect(page.locator(".sk-stories")).to_be_hidden()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".sk-paper")).to_have_count(0)


def test_a_refusing_store_is_said_and_the_stories_can_be_saved(context, workshop):
    context.add_init_script(REFUSED)
    watched = bench(context, workshop, ("stories", STATE))
    page = watched.page
    page.get_by_role("button", name="Write a new story").click()
    page.get_by_label("Name of the story").fill("The tender")
    page.get_by_label("Name of the story").press("Tab")
    expect(page.locator(".sk-notice")).to_contain_text("cannot be kept in this browser")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save them to a file").click()
    assert [note["value"]["title"] for note in json.loads(download.value.path().read_text())["entries"]] == [
        "The tender"
    ]
    assert not watched.problems


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out_in_any_state(browser, workshop, theme):
    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme=theme)
    watched: Watched = bench(context, workshop, ("stories", STATE))
    page = watched.page
    page.evaluate(OPEN)
    assert not violations(page), violations(page)
    write(page, "The tender", what_came_of_it="Six percent")
    page.get_by_label("The tender: Peak season").check()
    kept(page, "questions", "case-peak")
    assert not violations(page), violations(page)
    page.get_by_role("button", name="Delete this story").click()
    page.get_by_role("button", name="Put it back").wait_for()
    assert not violations(page), violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not watched.problems
    context.close()
