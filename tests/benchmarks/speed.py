"""What a reader waits for, in milliseconds: `make bench`, on a machine with nothing else to do. No part of `make test`.

The limits are those of a machine of two cores; the tests hold the same to yardsticks that a busy machine slows down too.
"""

from playwright.sync_api import expect

from tests.site.test_log import items, page, reading  # noqa: F401 (fixtures)
from tests.site.test_practice import QUESTION, on_a_slow_phone
from tests.site.test_widgets import CHAPTER
from tests.site.watch import Watched


def test_ten_thousand_entries_are_read_within_a_tenth_of_a_second(page):  # noqa: F811
    times = reading(page, 30)
    print(
        f"\nten thousand entries: log {min(times['log']):.0f} ms, store alone {min(times['store']):.0f} ms (limit 100)"
    )
    assert min(times["log"]) < 100


def test_on_a_slow_phone_the_first_question_stands_within_a_second_and_a_half(browser, address):
    took = min(on_a_slow_phone(browser, address, "practice/quiz.html", QUESTION) for _ in range(5))
    print(f"\nfirst question on a slow phone: {took:.0f} ms (limit 1,500)")
    assert took <= 1500


def test_a_figure_that_is_touched_comes_alive_within_five_seconds(context, address):
    chapter = Watched(context, address).open(CHAPTER)
    figure = chapter.locator(".sk-figure[data-figure]").first
    start = chapter.evaluate("performance.now()")
    figure.get_by_role("button", name="Explore this chart").click()
    expect(figure.locator(".sk-canvas .main-svg").first).to_be_visible()
    took = chapter.evaluate("performance.now()") - start
    print(f"\na figure comes alive: {took:.0f} ms (limit 5,000)")
    assert took < 5000
