"""A question that two pages answer has one answer: the values that they record for it are equal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose
from typing import Any

import pytest

from fulfillment.data.givens import givens
from studykit.published import load_values
from tests.conftest import BOOK

TOLERANCE = 1e-6  # relative: processors differ in the last digits


@dataclass(frozen=True)
class Question:
    """A question, and where it is answered: ``page/name`` of a recorded value, or ``given/name``.

    ``scale`` turns an answer recorded in another unit into that of the first (``{"a-page/name": 1000}``); with
    ``digits`` the answers are compared as so many decimals print them.
    """

    asked: str
    answers: tuple[str, ...]
    scale: Mapping[str, float] = field(default_factory=dict)
    digits: int | None = None


QUESTIONS = [
    # the program's year
    Question(
        "How many items did January's move leave in one center?",
        ("cost-management/narrowed_items", "rising-cost/narrowed", "order-fulfillment/moved_items"),
    ),
    Question(
        "By how much did parcel cost per order rise from July to May?",
        ("cost-management/rise_share", "rising-cost/parcel_rise"),
    ),
    Question("What does a traced order cost?", ("cost-management/traced_cost", "category-strategy/cost_program")),
    Question(
        "What did the carrier that applied its increase twice bill too much in base?",
        ("cost-management/doubled_base", "choosing-a-3pl/doubled_modeled"),
    ),
    Question(
        "What credit does the carrier that delivers late owe for the year?",
        ("performance-tracking/slow_credit", "performance-tracking/year_credit", "cost-management/owed_credit"),
    ),
    Question(
        "How much of what it scanned in time did that carrier deliver on time?",
        ("performance-tracking/slow_rate", "negotiation/slow_soon"),
    ),
    Question(
        "What share of its orders does the 3PL with the cheapest pick damage or pack wrong?",
        ("order-fulfillment/bad_share", "procurement-and-suppliers/bad_share"),
    ),
    Question(
        "What does that 3PL bill for an order with its first pick?",
        ("order-fulfillment/fee_low", "procurement-and-suppliers/pick_rate"),
    ),
    Question(
        "Within how many hours are nineteen in twenty receipts away at Ostrelle's dock?",
        ("order-fulfillment/fast_p95", "choosing-a-3pl/quick"),
    ),
    # the last peak
    Question(
        "How many of its orders did the center without a peak commitment dispatch late?",
        (
            "peak-season/seen_late",
            "peak-season/flooded_late",
            "logistics-bottleneck/real_late",
            "choosing-a-3pl/late_peak_q",
            "performance-tracking/spell_late",
        ),
    ),
    Question(
        "By how much at least did the other centers have their commitment raised?",
        ("peak-season/raised", "performance-tracking/least_step"),
    ),
    Question(
        "How much of its commitment did that center process in Thanksgiving week?",
        ("performance-tracking/thanksgiving_done", "logistics-bottleneck/thanks_did"),
    ),
    Question(
        "How far above the stated forecast was its first week?",
        ("performance-tracking/first_over", "logistics-bottleneck/thanks_sent"),
    ),
    Question(
        "What is an hour of overtime paid?",
        ("peak-season/overtime", "logistics-bottleneck/over_wage", "cross-functional/overtime"),
    ),
    Question(
        "By how much do orders grow to next November?", ("peak-season/own_growth", "given/november_growth"), digits=2
    ),
    # the sourcing round
    Question("What is a Canadian dollar worth?", ("procurement-and-suppliers/cad", "given/cad_usd")),
    Question(
        "What should an order cost to fulfill, by our own estimate?",
        ("procurement-and-suppliers/own_total", "choosing-a-3pl/should_cost"),
    ),
    Question(
        "What does the bidder with the cheapest pick ask for it?",
        ("procurement-and-suppliers/lead_pick", "choosing-a-3pl/cheap_pick_usd"),
    ),
    Question(
        "What does an order cost on that bidder's card with the whole region?",
        ("choosing-a-3pl/low_total", "contract-terms/terms_whole"),
    ),
    # the parcel contract
    Question(
        "What is the lower of the two divisors in the carriers' contracts?",
        ("negotiation/new", "choosing-a-3pl/divisor_low", "contract-terms/terms_low"),
    ),
    Question(
        "What is the higher of them?", ("negotiation/old", "choosing-a-3pl/divisor_high", "contract-terms/terms_high")
    ),
]


def answers_of(question: Question, values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The recorded answers by place, in the unit of the first.

    Raises
    ------
    ValueError naming the question and each place that records no such value.
    """
    missing = [place for place in question.answers if place not in values]
    if missing:
        raise ValueError(f"{question.asked} Not recorded: {', '.join(missing)}")
    found = {place: values[place]["value"] for place in question.answers}
    return {
        place: value if isinstance(value, str) else value * question.scale.get(place, 1)
        for place, value in found.items()
    }


def same(one: Any, other: Any, digits: int | None) -> bool:
    """Whether two answers are one: numbers within `TOLERANCE` or as printed, texts to the letter."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if digits is not None:
        return f"{one:.{digits}f}" == f"{other:.{digits}f}"
    return isclose(one, other, rel_tol=TOLERANCE)


def different(question: Question, values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The answers by place where they are not all one; nothing where they are."""
    found = answers_of(question, values)
    first = next(iter(found.values()))
    return {} if all(same(first, other, question.digits) for other in found.values()) else found


@pytest.fixture(scope="module")
def values():
    held = {f"given/{name}": {"value": given["value"]} for name, given in givens().items()}
    return load_values(BOOK) | held


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_every_page_gives_one_answer(question, values):
    assert different(question, values) == {}


def test_a_question_names_each_place_once_and_two_pages_at_least():
    for question in QUESTIONS:
        assert len(set(question.answers)) == len(question.answers)
        assert len({place.partition("/")[0] for place in question.answers}) >= 2, question.asked
        assert question.scale.keys() <= set(question.answers)
    assert len({question.asked for question in QUESTIONS}) == len(QUESTIONS)


HELD = {
    "a/orders": {"value": 117},
    "b/orders": {"value": 119},
    "b/exact": {"value": 117.00001},
    "c/usd": {"value": 0.117},
    "a/name": {"value": "Ostrelle"},
    "b/name": {"value": "Ostrelle Logistics"},
}


def test_two_answers_to_one_question_are_found():
    assert different(Question("How many?", ("a/orders", "b/orders")), HELD) == {"a/orders": 117, "b/orders": 119}
    assert different(Question("Who?", ("a/name", "b/name")), HELD) == {
        "a/name": "Ostrelle",
        "b/name": "Ostrelle Logistics",
    }
    assert different(Question("Who?", ("a/name", "a/orders")), HELD)
    assert different(Question("How much?", ("a/orders", "c/usd")), HELD)
    assert different(Question("How many?", ("a/orders", "b/orders"), digits=0), HELD)


def test_equal_answers_are_one():
    assert different(Question("How many?", ("a/orders", "b/exact")), HELD) == {}
    assert different(Question("How much?", ("a/orders", "c/usd"), scale={"c/usd": 1000}), HELD) == {}
    assert different(Question("How much?", ("a/orders", "b/exact"), digits=2), HELD) == {}


def test_an_answer_that_no_page_records_is_named():
    with pytest.raises(ValueError, match=r"^How many\? Not recorded: c/orders, d/orders$"):
        different(Question("How many?", ("a/orders", "c/orders", "d/orders")), HELD)
