"""What a reader waits for, in milliseconds: `make bench`, on a machine with nothing else to do. No part of `make test`.

The limits are those of a machine of two cores; the tests hold the same to yardsticks that a busy machine slows down too.
"""

from functools import partial

from playwright.sync_api import expect

from tests.site.test_log import items, page, reading  # noqa: F401 (fixtures)
from tests.site.test_practice import QUESTION, on_a_slow_phone
from tests.site.test_schedule import TRIED_IN_FULL, serve_module
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


#: A deck of 300 cards, a quarter of them new, the others answered up to four times in the last weeks; its first schedule
SCHEDULE = """async () => {
    const { reviewsToday } = await import(new URL("schedule.mjs", location.href));
    const { random } = await import(new URL("made.mjs", location.href));
    const [next, now, day] = [random(1), Date.now(), 86_400_000];
    const deck = Array.from({ length: 300 }, (_, i) => ({ id: `card-${i}`, rev: 1 }));
    const entries = deck.flatMap(({ id }) => (next() < 0.25 ? [] : Array.from({ length: 1 + 4 * next() }, (_, i) => (
        { item: id, rev: 1, time: now - day * (1 + i * 6 + Math.floor(5 * next())), verdict: next() < 0.3 ? "wrong" : "right" }
    )))).sort((a, b) => a.time - b.time);
    const start = performance.now();
    const { cards } = reviewsToday({ deck, entries, now, minutes: 10, seconds: 20 });
    return [performance.now() - start, cards.length];
}"""


def test_on_a_slow_phone_the_reviews_of_a_day_are_chosen_within_a_twentieth_of_a_second(browser, workshop):
    """The first time on a page, the slowest: nothing is compiled yet."""
    times = []
    for _ in range(9):
        context = browser.new_context()
        context.route("**/made.mjs", partial(serve_module, TRIED_IN_FULL / "made.mjs"))
        opened = context.new_page()
        opened.goto(f"{workshop}_static/studykit/favicon.svg")
        context.new_cdp_session(opened).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        took, chosen = opened.evaluate(SCHEDULE)
        assert chosen == 30
        times.append(took)
        context.close()
    print(f"\nthe reviews of a day from 300 cards on a slow phone: {min(times):.0f} ms (limit 50)")
    assert min(times) < 50
