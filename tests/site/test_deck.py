"""The cards: turned and graded by mouse and by keys, scheduled to the day, and counted with the quiz."""

import pytest
from playwright.sync_api import Page, expect

from studykit import bank
from tests.site.bench import SAVED, again, bench, with_log
from tests.site.watch import Watched, until, violations
from tests.unit.studykit.test_bank import item, write

KINDS = ("card", "cloze", "match", "mcq", "multi", "numeric", "order")


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    loaded = bank.load(write(tmp_path_factory.mktemp("bank"), *(item(kind, id=f"the-{kind}") for kind in KINDS)))
    return {name: bank.payload(one) for name, one in loaded.items()}


@pytest.fixture(scope="module")
def state(items):
    fields = ("id", "rev", "type", "learn")
    rows = [
        {field: one[field] for field in fields if field in one} | {"stage": "case", "bank": "all", "level": "apply"}
        for one in items.values()
    ]
    return {
        "index": rows,
        "files": {"all": "_bank/all.json"},
        "stages": {"case": "Case study"},
        "places": {},
        "pages": {"today": "practice/today.html"},
    }


@pytest.fixture
def page(context, workshop, items, state):
    yield from with_log(context, workshop, ("deck", state), files={"_bank/all.json": items})


def entries(page: Page, count: int) -> list[dict]:
    until(page, "async (count) => (await log.read()).entries.length >= count", count)
    return page.evaluate(SAVED)["entries"]


def test_every_kind_is_a_card_that_hides_its_key_until_it_is_turned(page, items):
    for n in range(1, len(KINDS) + 1):
        face = page.locator(".sk-card-face")
        expect(face).to_contain_text(f"Card {n} of {len(KINDS)}, Case study. New.")
        expect(page.locator(".sk-turned")).to_have_count(0)
        page.get_by_role("button", name="Show the answer").click()
        expect(page.locator(".sk-turned strong").first).not_to_be_empty()
        page.get_by_role("button", name="Knew it (3)").click()
    expect(page.locator(".sk-card-face")).to_contain_text(f"Done for today: {len(KINDS)} cards.")
    expect(page.locator(".sk-card-face")).to_contain_text("You have seen every card.")
    found = entries(page, len(KINDS))
    assert {one["item"] for one in found} == set(items)
    assert {(one["verdict"], one["grade"]) for one in found} == {("right", 3)}
    assert [("seed" in one) for one in found if one["item"] == "the-numeric"] == [True]


def test_with_keys_alone(page):
    for mark in "1234":
        before = page.locator(".sk-card-face").inner_text()
        page.keyboard.press("Space")
        page.locator(".sk-turned").wait_for()
        page.keyboard.press(mark)
        expect(page.locator(".sk-card-face")).not_to_have_text(before)
        page.get_by_role("button", name="Show the answer").wait_for()
    found = entries(page, 4)
    assert sorted(one["grade"] for one in found) == [1, 2, 3, 4]
    assert [one["verdict"] for one in found if one["grade"] == 1] == ["wrong"]


def test_a_reload_goes_on_where_the_reader_was(page, workshop):
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Knew it (3)").click()
    entries(page, 1)
    again(page, workshop)
    expect(page.locator(".sk-card-face")).to_contain_text(f"of {len(KINDS) - 1}, Case study")


def test_what_is_forgotten_though_sure_comes_first(page, workshop):
    page.evaluate(
        """async () => {
            const entry = { id: "aaaaaaaaaa-1", item: "the-mcq", rev: 1, time: Date.now() - 3 * 86400000, answer: "a",
                verdict: "wrong", certainty: 3 };
            await log.importText(JSON.stringify({ format: "studykit-log", version: 2, cleared: {}, entries: [entry] }));
        }"""
    )
    again(page, workshop)
    expect(page.locator(".sk-card-face")).to_contain_text("You missed it though you were sure.")


def test_the_page_says_what_the_plan_lets_expect_and_how_it_did(page, workshop):
    expect(page.locator(".sk-deck")).to_contain_text(
        f"Of {len(KINDS)} cards you'd recall 0% in thirty days (no date is set) without another review"
    )
    expect(page.locator(".sk-deck")).to_contain_text("Once cards have come back on a later day")
    page.evaluate(
        """async () => {
            const entry = (number, days) => ({ id: `aaaaaaaaaa-${number}`, item: "the-mcq", rev: 1,
                time: Date.now() - days * 86400000, answer: "", verdict: "right", grade: 3 });
            const entries = [entry(1, 6), entry(2, 2)];
            await log.importText(JSON.stringify({ format: "studykit-log", version: 2, cleared: {}, entries }));
        }"""
    )
    again(page, workshop)
    table = page.get_by_role("table", name="Cards that came back: expected and known")
    expect(table.get_by_role("row").nth(1)).to_contain_text("100%")


def test_a_card_that_does_not_load_can_be_tried_again(context, workshop, items, state):
    watched = bench(context, workshop, ("deck", state))
    expect(watched.page.get_by_role("status")).to_contain_text("The card did not load.")
    context.route("**/_bank/all.json", lambda route: route.fulfill(json=items))
    watched.page.get_by_role("button", name="Try again").click()
    expect(watched.page.get_by_role("button", name="Show the answer")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out_in_any_state(browser, workshop, items, state, theme):
    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme=theme)
    watched: Watched = bench(context, workshop, ("deck", state), files={"_bank/all.json": items})
    page = watched.page
    assert not violations(page), violations(page)
    for _ in KINDS:
        page.get_by_role("button", name="Show the answer").click()
        page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Easy (4)").wait_for()
        assert not violations(page, ".sk-deck"), violations(page, ".sk-deck")
        page.get_by_role("button", name="Knew it (3)").click()
    expect(page.locator(".sk-card-face")).to_contain_text("Done for today")
    assert not violations(page), violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not watched.problems
    context.close()
