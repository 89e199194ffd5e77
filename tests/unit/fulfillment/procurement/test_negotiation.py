"""Deals: the zone, the frontier and the bargaining solution against brute force."""

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.procurement import negotiation
from tests.unit.fulfillment.procurement.games import best_response, play

DEALS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=25).map(
    lambda rows: pd.DataFrame(rows, columns=["buyer", "seller"])
)
TERMS = {
    "rate": {"list": (0, 0), "less 3 %": (300, -300), "less 6 %": (600, -650)},
    "commitment": {"none": (0, 0), "80 % of volume": (-120, 260)},
    "payment": {"net 30": (0, 0), "net 60": (90, -40)},
}


@given(DEALS)
def test_the_frontier_is_what_no_other_deal_dominates(deals):
    rows = deals.to_numpy().tolist()
    by_hand = [
        not any(b >= buyer and s >= seller and (b > buyer or s > seller) for b, s in rows) for buyer, seller in rows
    ]
    assert negotiation.efficient(deals).tolist() == by_hand


@given(deals=DEALS, buyer=st.integers(-50, 0), seller=st.integers(-50, 0))
def test_the_bargaining_solution_is_efficient_and_leaves_nobody_worse_off(deals, buyer, seller):
    possible = deals[(deals["buyer"] >= buyer) & (deals["seller"] >= seller)]
    if possible.empty:
        with pytest.raises(ValueError, match=f"packages: none is worth {buyer} to the buyer"):
            negotiation.nash_package(deals, buyer, seller)
        return
    best = negotiation.nash_package(deals, buyer, seller)
    gains = (possible["buyer"] - buyer) * (possible["seller"] - seller)
    assert (best["buyer"] - buyer) * (best["seller"] - seller) == gains.max()
    assert best["buyer"] >= buyer
    assert best["seller"] >= seller
    if gains.max() > 0:
        assert negotiation.efficient(deals)[best.name]


def test_the_bargaining_package_is_the_one_worked_by_hand():
    deals = negotiation.packages(TERMS)
    assert len(deals) == 3 * 2 * 2
    assert deals.columns.tolist() == ["rate", "commitment", "payment", "buyer", "seller"]
    best = negotiation.nash_package(deals, buyer_walkaway=0, seller_walkaway=-150)
    assert best[["rate", "commitment", "payment"]].tolist() == ["less 3 %", "80 % of volume", "net 30"]
    assert (best["buyer"], best["seller"]) == (180, -40)  # gains 180 x 110; with net 60 270 x 70


@given(buyer=st.integers(0, 1000), seller=st.integers(0, 1000))
def test_a_zone_exists_where_the_buyer_can_pay_what_the_seller_needs(buyer, seller):
    zone = negotiation.zopa(buyer, seller)
    assert zone.exists is (buyer >= seller)
    assert (zone.low, zone.high, zone.width) == (seller, buyer, buyer - seller)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: negotiation.zopa(-1, 5), "buyer_reservation: -1, expected a finite number of at least 0"),
        (lambda: negotiation.packages({}), r"issues: \{\}, expected one value or more, each with its name"),
        (
            lambda: negotiation.packages({"fuel": {}}),
            r"issues of fuel: \{\}, expected one value or more, each with its name",
        ),
        (lambda: negotiation.packages({"fuel": {"cap": (1,)}}), r"issues of fuel, cap: \(1,\), expected 2 values"),
        (lambda: negotiation.packages({"buyer": {"a": (1, 2)}}), "issues: 'buyer' is the name of a result"),
        (
            lambda: negotiation.efficient(pd.DataFrame({"buyer": [1]})),
            "packages: no column seller, expected buyer, seller",
        ),
        (
            lambda: negotiation.efficient(pd.DataFrame({"buyer": [1], "seller": [None]})),
            "packages: seller: nan in row 0, expected a finite number",
        ),
        (
            lambda: negotiation.nash_package(pd.DataFrame(columns=["buyer", "seller"]), 0, 0),
            "packages: no rows, expected at least one",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# The counterpart --------------------------------------------------------------------------------------------------

LEVERS = {
    "rate": {"5.9 %": (0, 0), "4.4 %": (370, -370), "2.9 %": (740, -740)},
    "fuel": {"index": (0, 0), "cap": (140, -210)},
    "divisor": {"139": (0, 0), "152": (300, -250), "166": (840, -670)},
    "volume": {"free": (0, 0), "80 %": (-80, 340)},
    "payment": {"day 15": (0, 0), "day 7": (-90, 160)},
}
TABLE = negotiation.negotiation_game(LEVERS, your_batna=700, their_batna=-1100)
SEEDS = range(1, 101)
EVERYTHING = [2, 1, 2, 0, 0]
SPLIT = [1, 1, 1, 1, 1]


def truth(seed):
    """Every package with its true worths, from the table and the issue that the seed doubles, by plain loops."""
    other = negotiation.Counterpart(TABLE, seed)
    found = {}
    for package in itertools.product(*(range(len(options)) for options in LEVERS.values())):
        you = them = 0
        for at, (options, chosen) in enumerate(zip(LEVERS.values(), package, strict=True)):
            mine, theirs = list(options.values())[chosen]
            you, them = you + mine, them + theirs * (2 if at == other.cares else 1)
        found[package] = (you, them)
    return other, found


def test_the_numbers_are_those_of_the_published_generator():
    # the reference C code's arithmetic, in unbounded integers cut to 32 bits at each step
    def reference(a):
        def cut(x):
            return x % 2**32

        while True:
            a = cut(a + 0x6D2B79F5)
            t = cut((a ^ (a >> 15)) * (a | 1))
            t = t ^ cut(t + cut((t ^ (t >> 7)) * (t | 61)))
            yield t ^ (t >> 14)

    for seed in (0, 1, 7, 2**31, 2**32 - 1):
        assert list(itertools.islice(negotiation.mulberry32(seed), 20)) == list(itertools.islice(reference(seed), 20))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_draws_within_the_script_and_there_is_room_for_a_deal(seed):
    other, found = truth(seed)
    assert -1265 <= other.reserve <= -935
    first, second, last = other.aspirations
    assert last == other.reserve
    assert 0 >= first >= other.reserve * 0.2 - 1
    assert first >= second >= last
    assert all(other.worth(package) == them for package, (_, them) in found.items())
    assert any(you >= 700 and them >= other.reserve for you, them in found.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_counter_offer_is_the_nearest_that_is_good_enough(seed):
    other, found = truth(seed)
    offers = [(2, 1, 2, 0, 0), (2, 0, 2, 1, 0)]
    for turn in (1, 2):
        counter = other.reply(offers[:turn])
        held = [sum(offer[at] == offers[turn - 1][at] for offer in offers[:turn]) for at in range(5)]

        def far(package, turn=turn, held=held):
            return sum(held[at] * abs(package[at] - offers[turn - 1][at]) for at in range(5))

        enough = [package for package in found if found[package][1] >= other.aspirations[turn - 1]]
        if found[offers[turn - 1]][1] >= other.aspirations[turn - 1]:
            assert counter is None
            continue
        nearest = min(map(far, enough))
        assert far(counter) == nearest
        assert found[counter][1] == max(found[package][1] for package in enough if far(package) == nearest)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_script_can_be_beaten(seed):
    other, found = truth(seed)
    end = play(TABLE, seed, best_response(TABLE, seed))
    assert end["you"] == max(you for you, them in found.values() if them >= other.reserve)
    after = negotiation.deal_review(TABLE, seed, end["deal"])
    assert (after["gap"], after["you"]) == (0, after["best_you"])
    frontier = negotiation.efficient(pd.DataFrame(found.values(), columns=["buyer", "seller"]))
    assert frontier[list(found).index(tuple(end["deal"]))]


def test_the_script_can_be_lost_to():
    for seed in SEEDS:
        never = play(TABLE, seed, [{"offer": EVERYTHING}] * 3)
        assert (never["deal"], never["you"]) == (None, 700)
        assert [event["did"] for event in never["events"]] == ["offer", "counter", "offer", "counter", "offer", "walk"]
    split = [play(TABLE, seed, [{"offer": SPLIT}] * 3) for seed in SEEDS]
    gaps = [
        negotiation.deal_review(TABLE, seed, end["deal"])["gap"]
        for seed, end in zip(SEEDS, split, strict=True)
        if end["deal"]
    ]
    assert min(gaps) > 0
    price = [play(TABLE, seed, [{"offer": [1, 0, 0, 0, 0]}] * 3) for seed in SEEDS]
    assert all(end["you"] < 700 for end in price)  # signed, and worse than walking away


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deal_review_names_trades_that_cost_them_nothing(seed):
    other, found = truth(seed)
    for deal in (SPLIT, [0] * 5, EVERYTHING, [1, 0, 2, 1, 0]):
        after = negotiation.deal_review(TABLE, seed, deal)
        you, them = found[tuple(deal)]
        assert (after["you"], after["them"]) == (you, them)
        assert after["gap"] == max(mine for mine, theirs in found.values() if theirs >= them) - you
        assert sum(trade["you"] for trade in after["trades"]) == after["gap"]
        assert sum(trade["them"] for trade in after["trades"]) >= 0
    nothing = negotiation.deal_review(TABLE, seed, None)
    assert (nothing["you"], nothing["them"], nothing["trades"]) == (700, other.reserve, [])


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_rank_counts_the_issues_that_differ_more_to_them(seed):
    other, _ = truth(seed)
    spans = []
    for at, options in enumerate(LEVERS.values()):
        theirs = [them for _, them in options.values()]
        spans.append((max(theirs) - min(theirs)) * (2 if at == other.cares else 1))
    assert [other.rank(at) for at in range(5)] == [sorted(spans, reverse=True).index(span) + 1 for span in spans]


def test_accepting_and_walking_end_a_game():
    taken = play(TABLE, 5, [{"ask": 2}, {"accept": True}])
    assert (taken["deal"], taken["you"], taken["them"]) == ([0] * 5, 0, 0)  # their opening
    assert [event["did"] for event in taken["events"]] == ["ask", "accept"]
    left = play(TABLE, 5, [{"offer": EVERYTHING}, {"walk": True}])
    assert (left["deal"], left["you"], left["them"]) == (None, 700, negotiation.Counterpart(TABLE, 5).reserve)


def test_a_reason_is_said_and_changes_no_move():
    issue = next(iter(LEVERS))
    told = negotiation.negotiation_game(
        LEVERS, TABLE["your_batna"], TABLE["their_batna"], because={issue: "It costs us more."}
    )
    assert [one.get("because") for one in told["issues"]] == ["It costs us more."] + [None] * (len(LEVERS) - 1)
    for one in told["issues"]:
        one.pop("because", None)
    assert told == negotiation.negotiation_game(LEVERS, TABLE["your_batna"], TABLE["their_batna"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: negotiation.negotiation_game({"a": {"b": (0, 0), "c": (1.5, 2)}}, 1, -1),
            "issues of a, c: 1.5, expected a whole number",
        ),
        (
            lambda: negotiation.negotiation_game({"a": {"b": (1, 0)}}, 1, -1),
            "issues: a opens with .*expected a worth of 0",
        ),
        (lambda: negotiation.negotiation_game(LEVERS, 1.5, -1), "your_batna: 1.5, expected a whole number"),
        (lambda: negotiation.negotiation_game(LEVERS, 1, 0), "their_batna: 0, expected a whole number below 0"),
        (
            lambda: negotiation.negotiation_game(LEVERS, 1, -1, reserve=(5, -5)),
            r"reserve: \(5, -5\), expected the lower",
        ),
        (
            lambda: negotiation.negotiation_game(LEVERS, 1, -1, aspiration=[(90, 80)]),
            r"aspiration 1: \(90, 80\), expected the lower",
        ),
        (
            lambda: negotiation.negotiation_game(LEVERS, 1, -1, because={"tone": "No."}),
            "because: names 'tone', expected one of",
        ),
        (lambda: negotiation.deal_review(TABLE, 1, [9, 0, 0, 0, 0]), "deal: .*expected an option of each issue"),
    ],
)
def test_a_wrong_game_or_deal_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
