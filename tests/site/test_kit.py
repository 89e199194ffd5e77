"""The kit: sheets that are kept as they are written, filled from stories, printed alone; and the reader's own versions."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.bench import OPEN, REFUSED, SAVED, again, bench, with_log
from tests.site.watch import Watched, until, violations

SHEETS = [
    ("kit", {"sheet": sheet, "pages": {"stories": "practice/stories.html"}})
    for sheet in ("day-of", "stories", "rounds")
]
NOTE = "async (name) => (await log.read()).notes.get(name)"
STORY = {
    "title": "The tender",
    "action": "I led it.",
    "figures": "6% of nine million, 2025",
    "questions": ["hr-why"],
    "made": 1,
}


@pytest.fixture
def page(context, workshop):
    yield from with_log(context, workshop, *SHEETS)


def wait_for_note(page: Page, name: str, part: str, text: str) -> None:
    until(page, "async ([name, part, text]) => (await log.read()).notes.get(name)?.[part] === text", [name, part, text])


def test_the_sheet_for_the_day_is_kept_and_filled_from_stories(page, workshop):
    page.get_by_label("Who: names").fill("Dana Reyes")
    wait_for_note(page, "day-of", "people", "Dana Reyes")
    fill = page.get_by_role("button", name="Fill what is empty")
    fill.click()
    expect(page.get_by_role("status").first).to_contain_text("Your stories offer nothing")
    page.evaluate("(story) => log.note('story-a', story)", STORY)
    page.evaluate("() => log.note('own-hr-why-this-role', { text: \"Because it's my job. And more.\" })")
    fill.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Filled: figures, stories, first.")
    again(page, workshop)
    assert page.get_by_label("Three figures of your own").input_value() == "6% of nine million, 2025"
    assert page.get_by_label("Your first sentence").input_value() == "Because it's my job."
    assert page.get_by_label("Who: names").input_value() == "Dana Reyes"


def test_a_round_is_noted_and_begins_its_thank_you(page, workshop):
    page.get_by_role("button", name="Note a round").click()
    page.get_by_label("Which round, and when").fill("Recruiter, Monday")
    page.get_by_label("Whom you spoke with").fill("Kim Park, recruiter")
    page.get_by_label("What you learned").fill("The team is <b>new</b>.")
    expect(page.locator(".sk-mail")).to_contain_text(
        "Hi Kim Park,\n\nThank you for your time today. The team is <b>new</b>."
    )
    page.get_by_label("What you learned").press("Tab")
    until(page, "async () => [...(await log.read()).notes.values()].some((note) => note.learned)")
    again(page, workshop)
    title = page.locator("summary", has_text="Recruiter, Monday")
    title.click()
    assert page.get_by_label("Whom you spoke with").input_value() == "Kim Park, recruiter"
    page.evaluate(OPEN)
    page.get_by_role("button", name="Delete this round").click()
    expect(title).to_have_count(0)
    assert [entry["value"] for entry in page.evaluate(SAVED)["entries"]] == [None]


def test_stories_stand_on_their_sheet_as_they_are_written_elsewhere(page):
    part = page.locator("#part-2")
    expect(part).to_contain_text("No story is written yet")
    page.evaluate("(story) => log.note('story-a', story)", STORY)
    expect(part).to_contain_text("The tender")
    expect(part).to_contain_text("What you did. I led it.")


def test_one_sheet_prints_alone(page):
    page.evaluate("() => { window.print = () => (window.printed = (window.printed ?? 0) + 1); }")
    page.get_by_label("Who: names").fill("Dana Reyes")
    page.get_by_role("button", name="Print this sheet").first.click()
    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    paper = page.locator("#part-1 .sk-on-paper", has_text="Dana Reyes")
    expect(paper).to_be_visible()
    expect(page.locator("#part-1 textarea").first).to_be_hidden()
    expect(page.locator("#part-2 .sk-kit")).to_be_hidden()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#part-2 .sk-kit")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out(browser, workshop, theme):
    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme=theme)
    watched: Watched = bench(context, workshop, *SHEETS)
    page = watched.page
    page.evaluate(OPEN)
    page.evaluate("(story) => log.note('story-a', story)", STORY)
    page.get_by_role("button", name="Note a round").click()
    page.get_by_role("button", name="Fill what is empty").click()
    expect(page.get_by_role("status").first).to_contain_text("Filled")
    assert not violations(page), violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not watched.problems
    context.close()


def test_a_refusing_store_is_said_and_what_is_written_can_be_saved(context, workshop):
    context.add_init_script(REFUSED)
    watched = bench(context, workshop, SHEETS[0])
    expect(watched.page.locator(".sk-notice")).to_contain_text("cannot be kept in this browser")
    watched.page.get_by_label("Who: names").fill("Dana Reyes")
    watched.page.get_by_label("Who: names").press("Tab")
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Save them to a file").click()
    assert "Dana Reyes" in download.value.path().read_text(encoding="utf-8")
    assert not watched.problems


# Below a question's slots, on the built site


def test_a_readers_own_version_stands_below_the_slots_and_is_counted(context, address):
    watched = Watched(context, address)
    page = watched.open("stages/hr-screening.html")
    fold = page.locator("#hr-why-this-role details", has_text="with your own story")
    fold.locator("summary").click()
    expect(fold).to_contain_text("No story of yours is tagged with this question")
    page.evaluate(
        """async () => {
            const { Log } = await import(new URL("../_static/studykit/log.mjs", location.href));
            window.log = new Log("studykit /");
        }"""
    )
    page.evaluate("(story) => log.note('story-a', { ...story, questions: ['hr-why-this-role'] })", STORY)
    expect(fold).to_contain_text("The tender")
    own = fold.get_by_label("Your version, as you'd say it")
    own.fill("Because it's the job I do now.")
    expect(fold).to_contain_text(re.compile(r"7 words; 85 seconds hold about 198\. Kept in this browser\."))
    wait_for_note(page, "own-hr-why-this-role", "text", "Because it's the job I do now.")
    expect(fold.get_by_role("link", name="your story bank")).to_have_attribute(
        "href", re.compile(r"practice/stories\.html$")
    )
    page.reload()
    fold.locator("summary").click()
    expect(own).to_have_value("Because it's the job I do now.")
    assert not watched.problems, "\n".join(watched.problems)
