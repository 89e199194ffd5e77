"""The negotiation: the same games in both languages, played with the mouse and with keys, and nothing told too early."""

import json
import random
import re
from functools import cache

import pytest
from playwright.sync_api import Page, expect

from fulfillment.procurement import negotiation
from tests.book.pages import cells
from tests.conftest import BOOK
from tests.site.bench import bench
from tests.site.watch import Watched, violations
from tests.unit.fulfillment.procurement.games import best_response, play

CHAPTER = "cases/negotiation.html"
WIDGET = "application/vnd.studykit.widget.v1+json"
STATE = next(
    output["data"][WIDGET]["state"]
    for cell in cells((BOOK / CHAPTER).with_suffix(".ipynb"))
    for output in cell.get("outputs", [])
    if output.get("data", {}).get(WIDGET, {}).get("kind") == "negotiate"
)
GAME = STATE["game"]
ISSUES = len(GAME["issues"])
EVERYTHING = [
    max(range(len(issue["options"])), key=lambda at, issue=issue: issue["options"][at]["you"])
    for issue in GAME["issues"]
]
SEEDS = range(1, 61)


def wild(seed: int) -> list[dict]:
    """Steps of somebody who asks, offers, accepts and walks by dice."""
    dice, steps = random.Random(seed), []
    for _ in range(3):
        if dice.random() < 0.6:
            steps.append({"ask": dice.randrange(ISSUES)})
        chance = dice.random()
        offer = {"offer": [dice.randrange(len(issue["options"])) for issue in GAME["issues"]]}
        steps.append({"accept": True} if chance < 0.05 else {"walk": True} if chance < 0.1 else offer)
    return steps


@cache
def best_reply(seed: int) -> list[dict]:
    return best_response(GAME, seed)


WAYS = {
    "never": lambda seed: [{"offer": EVERYTHING}] * 3,
    "split": lambda seed: [{"offer": [1] * ISSUES}] * 3,
    "price": lambda seed: [{"offer": [2] + [0] * (ISSUES - 1)}] * 3,
    "best": lambda seed: [{"offer": list(step["offer"])} for step in best_reply(seed)],
    "wild": wild,
}


@cache
def frontier(seed: int) -> list[tuple[int, int]]:
    """Worths of every package that no other beats, by the seed's true worths."""
    other = negotiation.Counterpart(GAME, seed)
    pairs = sorted({(other.yours(one), other.worth(one)) for one in other.packages}, reverse=True)
    kept, most = [], -(10**9)
    for you, them in pairs:
        if them > most:
            kept.append((you, them))
            most = them
    return kept


def test_a_seed_plays_one_game_in_python_and_on_the_page(context, workshop):
    games = [(seed, steps(seed)) for steps in WAYS.values() for seed in SEEDS]
    games += [(2**31 + seed, wild(seed + 500)) for seed in range(20)]
    expected = []
    for seed, steps in games:
        end = play(GAME, seed, steps)
        expected.append([end, negotiation.deal_review(GAME, seed, end["deal"])])
    assert len(games) >= 300
    page = bench(context, workshop).page
    found = page.evaluate(
        """async ([game, games]) => {
            const { play, debrief } = await import(new URL("_static/studykit/negotiate.mjs", location.href));
            return games.map(([seed, steps]) => {
                const end = play(game, seed, steps);
                return [end, debrief(game, seed, end.deal)];
            });
        }""",
        [GAME, games],
    )
    assert found == json.loads(json.dumps(expected))


def test_the_chapters_counterpart_can_be_beaten_and_lost_to():
    for seed in SEEDS:
        best = play(GAME, seed, WAYS["best"](seed))
        assert (best["you"], best["them"]) in frontier(seed)
        assert best["you"] > GAME["your_batna"]
        for way in ("split", "price"):
            naive = play(GAME, seed, WAYS[way](seed))
            assert (naive["you"], naive["them"]) not in frontier(seed)
            assert naive["you"] < best["you"]
        assert play(GAME, seed, WAYS["never"](seed))["deal"] is None


# On the page


@pytest.fixture
def watched(context, workshop):
    watch = bench(context, workshop, ("negotiate", STATE))
    yield watch
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page(watched) -> Page:
    return watched.page


def put(page: Page, package: list[int], keys: bool = False) -> None:
    """Choose an option for each issue."""
    for at, option in enumerate(package):
        field = page.locator(".sk-negotiate .sk-field select").nth(at)
        if keys:
            field.focus()
            page.keyboard.press("Home")
            for _ in range(option):
                page.keyboard.press("ArrowDown")
            assert field.evaluate("list => list.selectedIndex") == option
        else:
            field.select_option(index=option)


def press(page: Page, name: str, keys: bool = False) -> None:
    button = page.get_by_role("button", name=re.compile(name))
    if keys:
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()


def finish(page: Page, keys: bool) -> dict:
    """Play a whole game on the page: a question, two offers for the record, and the best last offer."""
    steps = best_response(GAME, STATE["seed"])
    page.get_by_label("Ask how much it matters to them").select_option(index=3)
    press(page, "^Ask$", keys)
    rank = negotiation.Counterpart(GAME, STATE["seed"]).rank(3)
    expect(page.locator(".sk-negotiate [role=status]")).to_contain_text(f"is number {rank} for us")
    press(page, "^Ask$", keys)
    expect(page.locator(".sk-negotiate [role=status]")).to_contain_text("You have asked in this round")
    for turn, step in enumerate(steps):
        expect(page.locator(".sk-negotiate")).to_contain_text(f"round {turn + 1} of 3")
        put(page, list(step["offer"]), keys)
        press(page, "^Send", keys)
    return play(GAME, STATE["seed"], [{"ask": 3}, *steps])


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_a_game_is_played_to_its_debrief(page, keys):
    assert page.locator(".sk-negotiate [role=status]").inner_text() == ""
    end = finish(page, keys)
    box = page.locator(".sk-negotiate")
    expect(page.locator(".sk-negotiate [role=status]")).to_contain_text("We can sign that")
    expect(box).to_contain_text("On the frontier")
    expect(box.get_by_role("table").first).to_contain_text(f"+{end['you']:,}")
    assert page.evaluate("document.activeElement.innerText").startswith("On the frontier")
    assert not page.get_by_role("button", name="Send").is_visible()
    press(page, "Another counterpart", keys)
    expect(box).to_contain_text(f"Counterpart {STATE['seed'] + 1}, round 1 of 3")
    expect(page.locator(".sk-negotiate [role=status]")).to_be_empty()


def test_accepting_walking_and_losing_are_said_in_words(page):
    box = page.locator(".sk-negotiate")
    for _ in range(3):
        put(page, EVERYTHING)
        press(page, "^Send")
    expect(box).to_contain_text("No deal. The best package was worth")
    end = negotiation.Counterpart(GAME, STATE["seed"])
    over = end.reserve - end.worth(tuple(EVERYTHING))
    expect(box).to_contain_text(f"Your last offer asked {over:,} more of them than they could give.")
    press(page, "Play again")
    put(page, EVERYTHING)
    press(page, "^Send")
    press(page, "Accept their offer")
    expect(box).to_contain_text("Short of the frontier by")
    expect(box).to_contain_text("Trades left on the table")
    press(page, "Play again")
    press(page, "Walk away")
    expect(page.locator(".sk-negotiate [role=status]")).to_have_text("You walk away.")
    expect(box).to_contain_text("No deal")


def test_a_counter_offer_names_what_moved_what_stays_and_why(page):
    put(page, EVERYTHING)
    press(page, "^Send")
    other = negotiation.Counterpart(GAME, STATE["seed"])
    counter = other.reply([tuple(EVERYTHING)])
    said = page.locator(".sk-negotiate [role=status]").inner_text()
    for issue, option in zip(GAME["issues"], counter, strict=True):
        if issue["options"][option]["them"] < 0:
            assert f"{issue['name'].lower()}: {issue['options'][option]['text']}" in said
    stays = [issue for issue, option in zip(GAME["issues"], counter, strict=True) if option == 0]
    assert any(f"{issue['name'].lower()}: {issue['options'][0]['text']} has to stay" in said for issue in stays)
    assert any(issue["because"] in said for issue in stays)


def test_an_offer_is_added_up_against_the_walk_away_point(page):
    put(page, [2] + [0] * (ISSUES - 1))
    you = GAME["issues"][0]["options"][2]["you"]
    expect(page.locator(".sk-negotiate output")).to_have_text(
        f"This offer: +{you:,} to you, {GAME['your_batna'] - you:,} short of your walk-away point."
    )


def test_their_worths_are_not_in_the_page_before_the_debrief(context, workshop):
    odd = json.loads(json.dumps(STATE))
    secret = {-1717, 1919, -2323}
    for option, worth in zip((odd["game"]["issues"][at]["options"][1] for at in range(3)), secret, strict=True):
        option["them"] = worth
    page = bench(context, workshop, ("negotiate", odd)).page
    box = page.locator(".sk-negotiate")

    def tells() -> bool:
        html = box.inner_html().replace(",", "")
        return any(str(abs(n)) in html for worth in secret for n in (worth, 2 * worth)) or "twice" in html

    assert not tells()
    for _ in range(2):
        put(page, EVERYTHING)
        press(page, "^Send")
        assert not tells()
    press(page, "Walk away")
    expect(box).to_contain_text("was worth twice your estimate to them")
    page.reload()
    page.locator(".sk-widget").scroll_into_view_if_needed()
    page.locator(".sk-widget[data-ready]").wait_for()
    assert not tells()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible_while_playing_and_after(browser, workshop, theme, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)
    page = bench(context, workshop, ("negotiate", STATE)).page
    for _ in range(2):
        put(page, EVERYTHING)
        press(page, "^Send")
        assert not violations(page, ".sk-negotiate")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    press(page, "Accept their offer")
    page.locator("summary", has_text="What was said").click()
    assert not violations(page, ".sk-negotiate")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_the_built_page_plays(context, address, keys):
    watched = Watched(context, address)
    watched.open(CHAPTER)
    watched.mount()
    end = finish(watched.page, keys)
    expect(watched.page.locator(".sk-negotiate").get_by_role("table").first).to_contain_text(f"+{end['you']:,}")
    assert not watched.problems, "\n".join(watched.problems)
