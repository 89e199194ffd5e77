"""Today's page: the date and the minutes are kept, the list follows them and the log, and the plan goes into a calendar."""

import re
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.site.bench import OPEN, REFUSED, SAVED, again, bench, with_log
from tests.site.watch import Watched, violations

PAGES = {name: f"practice/{name}.html" for name in ("practice", "cards", "stories", "kit")}


def item(name: str, stage: str, kind: str = "mcq", **more) -> dict:
    return {"id": name, "rev": 1, "bank": stage, "type": kind, "stage": stage, "level": "apply"} | more


STATE = {
    "index": [
        *(item(f"{stage}-{letter}", stage, learn="page/part") for stage in ("hr", "case") for letter in "abcdef"),
        item("hr-why", "hr", "open", about="Why this role", reported=True, href="stages/hr.html#hr-why"),
        item("case-peak", "case", "open", about="Peak season", reported=True, href="stages/case.html#case-peak"),
    ],
    "stages": {"hr": "HR screening", "case": "Case study"},
    "places": {"page/part": {"href": "page.html#part", "title": "The part to read"}},
    "pages": PAGES,
}


@pytest.fixture
def page(context, workshop):
    yield from with_log(context, workshop, ("today", STATE))


def day(page: Page, ahead: int) -> str:
    """A day of the browser's calendar as a date field takes it."""
    return page.evaluate(
        "(ahead) => { const at = new Date(); at.setDate(at.getDate() + ahead); return at.toLocaleDateString('sv'); }",
        ahead,
    )


def answer(page: Page, name: str, verdict: str, **more) -> None:
    page.evaluate(
        "([item, verdict, more]) => log.add({ item, rev: 1, answer: 'a', verdict, ...more })", [name, verdict, more]
    )


def test_a_date_is_counted_down_and_kept(page, workshop):
    expect(page.locator(".sk-today")).to_contain_text("No date is set, so this plans for thirty days")
    expect(page.get_by_role("link", name="tick it off below")).to_have_attribute("href", "#four-weeks")
    for ahead, words, plan in (
        (12, "12 days left until", "ten-days"),
        (3, "3 days left until", "two-days"),
        (1, "One day left until", "two-hours"),
        (0, "Your interview is today", "day-of"),
    ):
        page.get_by_label("Your next interview").fill(day(page, ahead))
        expect(page.locator(".sk-today")).to_contain_text(words)
        expect(page.get_by_role("link", name="tick it off below")).to_have_attribute("href", f"#{plan}")
    expect(page.locator(".sk-agenda li").first).to_contain_text("Fill in and print the sheet for the day")
    page.get_by_label("Minutes a day").select_option("90")
    page.get_by_label("Which round").select_option("Case study")
    expect(page.locator(".sk-agenda")).to_contain_text("Case study is your next round")
    again(page, workshop)
    assert page.get_by_label("Your next interview").input_value() == day(page, 0)
    assert page.get_by_label("Minutes a day").input_value() == "90"
    assert page.get_by_label("Which round").input_value() == "case"


def test_the_list_leads_where_it_says(page):
    links = page.locator(".sk-agenda a")
    expect(links).to_have_text(
        [re.compile("Review 12 cards"), "Why this role", "Why this role", "Ten questions: HR screening"]
    )
    assert [link.get_attribute("href") for link in links.all()] == [
        PAGES["cards"],
        "stages/hr.html#hr-why",
        PAGES["stories"],
        f"{PAGES['practice']}?stage=hr",
    ]


def test_the_list_follows_the_answers_of_another_tab(page, workshop, context):
    other = context.new_page()
    again(other, workshop)
    other.evaluate(OPEN)
    answer(other, "hr-a", "wrong", certainty=3)
    answer(other, "hr-why", "seen", scores={"own": 5, "sum": 3})
    table = page.get_by_role("table", name="How ready you are, by stage")
    expect(table.get_by_role("row", name="HR screening")).to_contain_text("0 right of 1 answered, of 6")
    expect(table.get_by_role("row", name="HR screening")).to_contain_text("1 of 1; 4.0 of 5 in 1 score")
    expect(page.locator(".sk-agenda")).to_contain_text("The part to read")


def test_the_plan_as_a_calendar_reads_it(page):
    page.get_by_role("button", name="Put it into my calendar").click()
    expect(page.get_by_role("status")).to_contain_text("Set the date of your interview first")
    page.get_by_label("Your next interview").fill(day(page, 3))
    expect(page.locator(".sk-today")).to_contain_text("3 days left")
    page.get_by_label("Study at").fill("20:30")
    with page.expect_download() as download:
        page.get_by_role("button", name="Put it into my calendar").click()
    assert download.value.suggested_filename == "interview-plan.ics"
    calendar = Calendar.from_ical(download.value.path().read_bytes())
    events = calendar.walk("VEVENT")
    first = date.fromisoformat(day(page, 0))
    assert [event.decoded("DTSTART") for event in events[:-1]] == [
        datetime.combine(first + timedelta(days=n), datetime.strptime("20:30", "%H:%M").time()) for n in range(3)
    ]
    assert {event.decoded("DURATION") for event in events[:-1]} == {timedelta(minutes=45)}
    assert events[-1].decoded("DTSTART") == first + timedelta(days=3)
    assert len({str(event["UID"]) for event in events}) == len(events) == 4
    assert str(events[0]["DESCRIPTION"]).startswith("Today's list: http")


def test_saved_cleared_and_loaded_it_is_the_same(page):
    page.get_by_label("Your next interview").fill(day(page, 9))
    expect(page.locator(".sk-today")).to_contain_text("9 days left")
    saved = page.evaluate(SAVED)
    assert [entry["note"] for entry in saved["entries"]] == ["plan"]
    page.evaluate("() => log.clear()")
    expect(page.locator(".sk-today")).to_contain_text("No date is set")


def test_a_refusing_store_is_said_and_the_list_stands(context, workshop):
    context.add_init_script(REFUSED)
    watched = bench(context, workshop, ("today", STATE))
    expect(watched.page.locator(".sk-notice")).to_contain_text("cannot be kept in this browser")
    watched.page.get_by_label("Your next interview").fill(day(watched.page, 9))
    expect(watched.page.locator(".sk-today")).to_contain_text("9 days left")
    assert not watched.problems


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out(browser, workshop, theme):
    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme=theme)
    watched: Watched = bench(context, workshop, ("today", STATE))
    page = watched.page
    page.evaluate(OPEN)
    assert not violations(page), violations(page)
    answer(page, "hr-a", "wrong", certainty=3)
    page.get_by_label("Your next interview").fill(day(page, 1))
    expect(page.locator(".sk-agenda")).to_contain_text("Fill in and print")
    assert not violations(page), violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not watched.problems
    context.close()
