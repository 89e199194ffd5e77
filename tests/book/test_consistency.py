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
    Question(
        "How many of the flooded center's late dispatches were late at the door?",
        ("peak-season/door_share", "choosing-a-3pl/door_share", "performance-tracking/door_share"),
    ),
    Question("What does shipping whole save per order?", ("cost-management/whole_usd", "rising-cost/whole_usd")),
    Question(
        "What does undoing the move save per order, taken alone?",
        ("cost-management/near_alone", "rising-cost/near_alone"),
    ),
    Question(
        "How many of the split orders could one center have shipped whole?",
        ("order-fulfillment/held_whole", "rising-cost/held_whole"),
        digits=2,  # of the moved items' orders there, of a month's here
    ),
    Question(
        "How much of what it scanned in time did the slowest carrier deliver on time?",
        ("performance-tracking/slow_rate", "cost-management/cheap_on_time"),
        digits=2,
    ),
    Question(
        "Which carrier is that?",
        ("performance-tracking/slow_carrier", "cost-management/cheap_carrier", "order-fulfillment/worst_carrier"),
    ),
    Question(
        "What share of its orders does the 3PL with the cheapest pick damage or pack wrong?",
        ("procurement-and-suppliers/bad_share", "choosing-a-3pl/bad_share"),
    ),
    # the last peak, and the next
    Question(
        "Which center had no peak commitment?",
        ("peak-season/flooded", "performance-tracking/worst_center", "order-fulfillment/flooded"),
    ),
    Question(
        "How many of its orders did it dispatch late?",
        (
            "peak-season/flooded_late",
            "logistics-bottleneck/late",
            "choosing-a-3pl/late_peak_q",
            "performance-tracking/spell_late",
        ),
    ),
    Question(
        "By how much at least did the other centers have their commitment raised?",
        ("peak-season/raised", "performance-tracking/least_step"),
    ),
    Question(
        "How far above the stated forecast was its first week?",
        ("performance-tracking/first_over", "logistics-bottleneck/thanks_sent"),
    ),
    Question(
        "How many orders did all centers dispatch late in the year?",
        ("performance-tracking/late_year", "peak-season/year_late"),
        digits=3,
    ),
    Question(
        "Which late share does the contract allow?",
        ("peak-season/allowed", "cross-functional/allowed", "supplier-delay/sla_target"),
    ),
    Question("What is an hour of regular pay?", ("peak-season/regular", "cross-functional/regular")),
    Question(
        "What is an hour of overtime paid?",
        ("peak-season/overtime", "logistics-bottleneck/over_wage", "cross-functional/overtime"),
    ),
    Question(
        "What does an agency bill for an hour?",
        ("peak-season/agency", "logistics-bottleneck/agency", "cross-functional/temporary"),
    ),
    Question(
        "By how much do orders grow to next November?",
        ("peak-season/own_growth", "choosing-a-3pl/november", "given/november_growth"),
        digits=2,
    ),
    Question("By how much does volume grow a year?", ("choosing-a-3pl/yearly", "given/volume_growth")),
    # the sourcing round
    Question("When was the RFP issued?", ("procurement-and-suppliers/issued", "choosing-a-3pl/issued")),
    Question("By when is the award due?", ("procurement-and-suppliers/award", "choosing-a-3pl/award_by")),
    Question("When does the new contract start?", ("procurement-and-suppliers/start", "choosing-a-3pl/start_on")),
    Question("What is a Canadian dollar worth?", ("choosing-a-3pl/cad", "given/cad_usd")),
    Question("At what is a blank line carried?", ("choosing-a-3pl/blank_rule", "given/blank_line")),
    Question(
        "At what is Ostrelle's blank packing line carried?",
        ("procurement-and-suppliers/high_carton", "choosing-a-3pl/blank_pack"),
    ),
    Question(
        "What does Brackenhall's blank pick add to its order?",
        ("procurement-and-suppliers/twice", "choosing-a-3pl/blank_pick"),
    ),
    Question(
        "What does the bidder with the cheapest pick ask for it?",
        ("procurement-and-suppliers/lead_pick", "choosing-a-3pl/cheap_pick_usd"),
    ),
    Question(
        "How many orders an hour does that bidder claim?",
        ("procurement-and-suppliers/said_pace", "choosing-a-3pl/claimed"),
    ),
    Question(
        "How many does its own center do?",
        ("procurement-and-suppliers/small_pace", "choosing-a-3pl/measured"),
        digits=1,
    ),
    Question(
        "How many times an ordinary day is the peak that the RFP plans?",
        ("procurement-and-suppliers/true_peak", "choosing-a-3pl/planned_peak"),
    ),
    Question(
        "What does an order cost on that bidder's card with the whole region?",
        ("choosing-a-3pl/low_total", "contract-terms/terms_whole"),
    ),
    Question(
        "What does a late order cost?",
        (
            "choosing-a-3pl/late_usd",
            "negotiation/late_usd",
            "peak-season/late_usd",
            "supplier-delay/given_measured",
            "given/late_order_usd",
        ),
    ),
    Question(
        "What does capital cost a year?", ("choosing-a-3pl/capital", "negotiation/own_capital", "given/capital_rate")
    ),
    Question("What comes on top of a wage?", ("peak-season/burden", "given/payroll_burden")),
    Question("What does moving a pallet cost?", ("choosing-a-3pl/move_pallet", "given/pallet_move_usd")),
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
