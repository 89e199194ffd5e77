"""The schedule of cards: its memory model held to another implementation, its plans to the best possible ones."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean

import pytest
from fsrs import Card, Rating, Scheduler
from playwright.sync_api import Route

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
TRIED_IN_FULL = Path(__file__).parents[1] / "js"
REPLAY = """async (histories) => {
    const { recallOn, review } = await import(new URL("memory.mjs", location.href));
    return histories.map((history) => {
        let memory;
        return history.map(([day, grade]) => {
            const recall = recallOn(memory, day);
            memory = review(memory, day, grade);
            return [memory.stability, memory.difficulty, recall];
        });
    });
}"""
SHARES = """async ([count, seed]) => {
    const { shares } = await import(new URL("optimum.mjs", location.href));
    const [memory, schedule] = await Promise.all(
        ["memory.mjs", "schedule.mjs"].map((name) => import(new URL(name, location.href))));
    return shares({ ...memory, ...schedule }, count, seed);
}"""


def serve_module(path: Path, route: Route) -> None:
    route.fulfill(path=path, content_type="text/javascript")


@pytest.fixture
def page(context, workshop):
    """A page beside the site's modules, and those of the tests that try decks in full."""
    for name in ("optimum.mjs", "made.mjs"):
        context.route(f"**/{name}", partial(serve_module, TRIED_IN_FULL / name))
    opened = context.new_page()
    opened.goto(f"{workshop}_static/studykit/favicon.svg")
    return opened


def history(rng: random.Random) -> list[tuple[int, int]]:
    """Days and grades of up to twelve reviews, some of them on the same day, some a year apart."""
    day, reviews = rng.randint(0, 30), []
    for _ in range(rng.randint(1, 12)):
        reviews.append((day, rng.choices([1, 2, 3, 4], [3, 2, 5, 2])[0]))
        day += rng.choice([0, 0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 90, 365])
    return reviews


def replayed(reviews: list[tuple[int, int]]) -> list[list[float]]:
    """Stability and difficulty after each review and the recall predicted before it, by `fsrs`.

    Steps of learning are off (``()``): they set when a card is due, which nobody asks here. Neither implementation lets
    them into stability and difficulty; `memory.mjs` asks the model alone and has none. A review on the day of the one
    before it follows the short-term rule on both sides.
    """
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, found = Card(), []
    for day, grade in reviews:
        at = START + timedelta(days=day)
        recall = scheduler.get_card_retrievability(card, at)
        card, _ = scheduler.review_card(card, Rating(grade), at)
        found.append([card.stability, card.difficulty, recall])
    return found


def test_the_memory_model_computes_what_another_implementation_does(page):
    rng = random.Random(19)
    histories = [history(rng) for _ in range(500)]
    computed = page.evaluate(REPLAY, histories)
    assert max(len(reviews) for reviews in histories) == 12
    for reviews, ours in zip(histories, computed, strict=True):
        for place, (one, other) in enumerate(zip(ours, replayed(reviews), strict=True)):
            assert one == pytest.approx(other, rel=1e-6, abs=1e-6), f"review {place} of {reviews}"


def test_the_schedule_comes_within_one_percent_of_the_best_on_every_one_of_200_small_decks(page):
    shares = page.evaluate(SHARES, [200, 19])
    print(f"\nshare of the best possible recall: mean {mean(shares):.4f}, worst {min(shares):.4f}")
    assert len(shares) == 200
    assert max(shares) <= 1 + 1e-9, "nothing is better than the best"
    assert min(shares) >= 0.99
    assert mean(shares) >= 0.998
