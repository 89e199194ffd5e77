"""Awards: the program's optimum equals brute force, chance repeats by seed, lines cross where the algebra says."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize

from fulfillment.procurement import award, award_risk, scoring

NAMES, LOTS = ["A", "B1", "B2", "C"], ["beauty", "home", "toys"]
PRICES = st.lists(st.integers(300, 900), min_size=12, max_size=12).map(
    lambda cents: pd.DataFrame(np.reshape(cents, (4, 3)) / 100, NAMES, LOTS)
)
ORDERS = st.lists(st.integers(20, 200), min_size=3, max_size=3).map(
    lambda orders: pd.DataFrame({"orders": orders, "load": [round(2.2 * n / 10, 1) for n in orders]}, index=LOTS)
)
FIXED = st.lists(st.integers(0, 300), min_size=4, max_size=4)
ROOM = st.lists(st.integers(5, 120), min_size=4, max_size=4)
SERVICE = [0.97, 0.90, 0.92, 0.95]


def offers(fixed: list[int], room: list[int]) -> pd.DataFrame:
    """Three operators; B offers two volume tiers, C wants 60 orders and 400 USD at least."""
    return pd.DataFrame(
        {
            "operator": ["A", "B", "B", "C"],
            "fixed_usd": [float(usd) for usd in fixed],
            "capacity": [float(units) for units in room],
            "min_orders": [0.0, 0.0, 100.0, 60.0],
            "max_orders": [np.inf, 100.0, np.inf, np.inf],
            "minimum_usd": [0.0, 0.0, 0.0, 400.0],
            "qualifying_share": [1.0, 1.0, 1.0, 0.6],
            "service": SERVICE,
        },
        index=NAMES,
    )


def cost_of(shares: np.ndarray, prices: pd.DataFrame, lots: pd.DataFrame, options: pd.DataFrame, rules: dict) -> float:
    """What a split costs, or infinity where it breaks a rule: written out, one option at a time."""
    orders, total = lots["orders"].to_numpy(), lots["orders"].sum()
    cost, service, by_operator, taken = 0.0, 0.0, {}, {}
    for name, part in zip(prices.index, shares, strict=True):
        option, awarded = options.loc[name], part @ orders
        if awarded == 0:
            continue
        if part @ lots["load"].to_numpy() > option["capacity"] + 1e-9:
            return np.inf
        if not option["min_orders"] <= awarded <= option["max_orders"]:
            return np.inf
        fees = (part * orders) @ prices.loc[name].to_numpy()
        cost += option["fixed_usd"] + fees + max(0, option["minimum_usd"] - option["qualifying_share"] * fees)
        service += option["service"] * awarded / total
        by_operator[option["operator"]] = by_operator.get(option["operator"], 0) + awarded
        taken[option["operator"]] = taken.get(option["operator"], 0) + 1
    if max(taken.values()) > 1 or max(by_operator.values()) > rules["max_share"] * total + 1e-9:
        return np.inf
    return cost if service >= rules["min_service"] - 1e-9 else np.inf


@given(
    prices=PRICES,
    lots=ORDERS,
    fixed=FIXED,
    room=ROOM,
    max_share=st.sampled_from([0.6, 0.8, 1.0]),
    floor=st.sampled_from([0.0, 0.93, 0.95]),
)
def test_whole_lots_are_split_as_brute_force_would(prices, lots, fixed, room, max_share, floor):
    options, rules = offers(fixed, room), {"max_share": max_share, "min_service": floor}
    every = (np.eye(4)[list(choice)].T for choice in product(range(4), repeat=3))
    best = min(cost_of(shares, prices, lots, options, rules) for shares in every)
    if np.isinf(best):
        with pytest.raises(ValueError, match="no split keeps every rule"):
            award.split_award(award.Offers(prices, lots, options), whole_lots=True, **rules)
        return
    plan = award.split_award(award.Offers(prices, lots, options), whole_lots=True, **rules)
    assert plan.total_cost_usd == pytest.approx(best, abs=1e-4)
    assert cost_of(plan.shares.to_numpy(), prices, lots, options, rules) == pytest.approx(best, abs=1e-4)


@given(prices=PRICES, lots=ORDERS, fixed=FIXED, room=ROOM, max_share=st.sampled_from([0.6, 1.0]))
def test_a_divided_award_equals_the_best_of_all_sets_of_options(prices, lots, fixed, room, max_share):
    """For every set of options, a linear program; the mixed-integer program must find the least of them."""
    options = offers(fixed, room).assign(minimum_usd=0.0)
    orders, load, total = lots["orders"].to_numpy(), lots["load"].to_numpy(), lots["orders"].sum()
    own, every = np.kron(np.eye(4), np.ones(3)), np.tile(np.eye(3), 4)
    held = np.array([(options["operator"] == operator).to_numpy() for operator in ("A", "B", "C")], float)
    rows = np.vstack(
        [own * np.tile(load, 4), own * np.tile(orders, 4), -own * np.tile(orders, 4), np.kron(held, orders)]
    )
    room, min_orders = options["capacity"].to_numpy(), options["min_orders"].to_numpy()
    most, fixed_usd = options["max_orders"].clip(upper=total).to_numpy(), options["fixed_usd"].to_numpy()
    each = prices.to_numpy() * orders
    sets = [np.array(chosen) for chosen in product([0, 1], repeat=4) if any(chosen) and not chosen[1] & chosen[2]]
    # no rule makes a set cheaper than its fixed costs and each lot at its lowest price: a dearer one needs no program
    bounds = [fixed_usd @ chosen + each[chosen > 0].min(axis=0).sum() for chosen in sets]
    best = np.inf
    for at in np.argsort(bounds):
        if bounds[at] > best + 1e-6:
            break
        chosen = sets[at]
        limits = [chosen * room, chosen * most, -chosen * min_orders, np.full(3, max_share * total)]
        plan = optimize.linprog(each.ravel(), rows, np.concatenate(limits), every, np.ones(3), bounds=(0, 1))
        if plan.success:
            best = min(best, plan.fun + fixed_usd @ chosen)
    assume(np.isfinite(best))
    plan = award.split_award(award.Offers(prices, lots, options), max_share=max_share)
    assert plan.total_cost_usd == pytest.approx(best, abs=1e-4)
    assert plan.shares.sum().to_numpy() == pytest.approx(np.ones(3))
    assert (plan.orders <= max_share * total + 1e-4).all()


UNIT = pd.DataFrame({"beauty": [4.0, 5.0], "home": [6.0, 6.5]}, index=["A", "B"])
TWO = pd.DataFrame({"orders": [100.0, 100.0]}, index=["beauty", "home"])
PAIR = pd.DataFrame({"operator": ["A", "B"], "capacity": [150.0, 200.0], "service": [0.9, 0.98]}, index=["A", "B"])


def test_the_value_of_a_unit_depends_on_how_many_come_with_it():
    """One more order of room at A saves half a dollar; fifty of them let B's fixed cost fall away too."""
    options = PAIR.assign(fixed_usd=[0.0, 40.0])
    assert award.split_award(award.Offers(UNIT, TWO, options)).total_cost_usd == 4 * 100 + 6 * 50 + 6.5 * 50 + 40
    one, fifty = (
        award.capacity_value(award.Offers(UNIT, TWO, options)),
        award.capacity_value(award.Offers(UNIT, TWO, options), step=50),
    )
    assert one["value_usd"].to_dict() == {"A": 0.5, "B": 0.0}
    assert fifty.loc["A", "saving_usd"] == 50 * 0.5 + 40
    assert fifty.loc["A", "value_usd"] == pytest.approx(1.3)


def test_a_rule_has_a_price():
    free = award.split_award(award.Offers(UNIT, TWO, PAIR.assign(capacity=np.inf)))
    assert free.total_cost_usd == 1000
    assert free.service == pytest.approx(0.9)
    dual = award.split_award(award.Offers(UNIT, TWO, PAIR.assign(capacity=np.inf)), max_share=0.75)
    assert dual.total_cost_usd == 1000 + 0.5 * 50
    assert dual.orders.to_dict() == {"A": 150, "B": 50}
    floor = award.split_award(award.Offers(UNIT, TWO, PAIR.assign(capacity=np.inf)), min_service=0.94)
    assert floor.service == pytest.approx(0.94)
    assert floor.total_cost_usd == pytest.approx(1000 + 0.5 * 100)


def test_what_is_not_offered_is_not_awarded_and_a_minimum_is_paid():
    only = UNIT.copy()
    only.loc["A", "home"] = np.nan
    plan = award.split_award(award.Offers(only, TWO, PAIR))
    assert plan.shares.loc["A"].tolist() == [1, 0]
    assert plan.total_cost_usd == 4 * 100 + 6.5 * 100
    # B is paid 900 in any case, so it gets orders worth 900 and A the other 50
    plan = award.split_award(award.Offers(only, TWO, PAIR.assign(minimum_usd=[0.0, 900.0])))
    assert plan.shares.loc["A"].tolist() == [0.5, 0]
    assert plan.total_cost_usd == 4 * 50 + 900


# Chance

SHARES = {"A": pd.DataFrame({"beauty": [1.0, 0.0], "home": [1.0, 0.0]}, UNIT.index)}
SHARES["half"] = SHARES["A"] * 0 + 0.5


def test_chance_repeats_by_seed_and_has_the_mean_asked_for():
    drawn = [award_risk.demand_scenarios(4000, 0.15, (1.6, 2.2, 3.1), seed) for seed in (5, 5, 6)]
    assert drawn[0].equals(drawn[1])
    assert not drawn[0].equals(drawn[2])
    assert drawn[0]["volume"].mean() == pytest.approx(1, abs=0.01)
    assert drawn[0]["volume"].std() == pytest.approx(0.15, abs=0.01)
    assert drawn[0]["peak"].between(1.6, 3.1).all()
    assert drawn[0]["peak"].mean() == pytest.approx((1.6 + 2.2 + 3.1) / 3, abs=0.02)
    grown = award_risk.demand_scenarios(4000, 0.0, (2.2, 2.2, 2.2), 5, growth=0.1)
    assert grown.to_numpy().tolist() == [[pytest.approx(1.1), 2.2]] * 4000


@given(
    volume=st.floats(0.5, 2), peak=st.floats(1, 4), days=st.lists(st.floats(0.5, 2), min_size=2, max_size=5).map(sorted)
)
def test_a_year_costs_what_its_days_add_up_to(volume, peak, days):
    """The simulation against one year written out day by day."""
    profile = [*days, 2.5]
    options = PAIR.assign(capacity=[30.0, 25.0], fixed_usd=[10.0, 20.0], minimum_usd=[0.0, 700.0], qualifying_share=0.8)
    years = pd.DataFrame({"volume": [volume], "peak": [peak]})
    found = award_risk.simulate_awards(SHARES, award.Offers(UNIT, TWO, options), years, profile, unserved_usd=3)
    ratio = [1 + (day - 1) * (peak - 1) / 1.5 if day > 1 else day for day in profile]
    for name, shares in SHARES.items():
        expected = 0.0
        for operator in "AB":
            awarded = 200 * shares.loc[operator, "home"] * volume
            if not awarded:
                continue
            fees = awarded / 2 * UNIT.loc[operator].sum()
            over = sum(max(0, awarded * day / sum(ratio) - options.loc[operator, "capacity"]) for day in ratio)
            expected += options.loc[operator, "fixed_usd"] + fees + 3 * over
            expected += max(0, options.loc[operator, "minimum_usd"] - 0.8 * fees)
        assert found.loc[0, name] == pytest.approx(expected)


@given(days=st.lists(st.integers(0, 400), min_size=1, max_size=30), capacity=st.integers(1, 200))
def test_unserved_orders_are_what_a_queue_of_single_orders_leaves_undone(days, capacity):
    queue, late = [], 0
    for today, count in enumerate(days):
        queue = (queue + [today] * count)[capacity:]  # the oldest leave first
        kept = queue[:capacity]  # tomorrow's work; whatever stands behind it could not leave by tomorrow
        late += len(queue) - len(kept)
        queue = kept
        assert all(order >= today for order in queue)
    column = np.array(days, float)[:, None]
    assert award_risk.unserved_orders(column, capacity, next_day=True).tolist() == [late]
    assert award_risk.unserved_orders(column, capacity)[0] == sum(max(0, day - capacity) for day in days) >= late


def test_regret_is_what_another_award_would_have_saved():
    costs = pd.DataFrame({"x": [3.0, 9.0], "y": [5.0, 5.0], "z": [6.0, 7.0]})
    table = award_risk.regret(costs)
    assert table.index.tolist() == ["y", "x", "z"]
    assert table["mean_regret_usd"].tolist() == [1, 2, 2.5]
    assert table["best"].tolist() == [0.5, 0.5, 0]
    assert table["max_regret_usd"].tolist() == [2, 4, 3]


# Volumes


@given(weights=st.lists(st.integers(0, 5), min_size=3, max_size=30).filter(any))
def test_a_reweighted_sample_holds_each_order_as_often_as_asked(weights):
    orders = pd.DataFrame({"number": range(len(weights))})
    drawn = award.reweighted_sample(orders, pd.Series(weights), size=10 * sum(weights))["number"].value_counts()
    assert drawn.reindex(range(len(weights)), fill_value=0).tolist() == [10 * weight for weight in weights]


# Scores and failures


@given(
    rows=st.lists(st.tuples(*[st.integers(1, 1000)] * 3), min_size=2, max_size=5),
    weights=st.lists(st.integers(1, 100), min_size=3, max_size=3),
    normalization=st.sampled_from(["share", "range"]),
    criterion=st.sampled_from(["cost", "on_time", "capacity"]),
)
def test_the_lines_drawn_cross_where_the_algebra_says(rows, weights, normalization, criterion):
    matrix = pd.DataFrame(rows, columns=["cost", "on_time", "capacity"], dtype=float)
    directions = ["min", "max", "max"]
    scores = scoring.weighted_score(matrix, weights, directions, normalization)
    top = scores.sort_values()
    assume(top.iloc[-1] - top.iloc[-2] > 1e-6)
    row = scoring.flip_weights(matrix, weights, directions, normalization).loc[criterion]
    lines = scoring.score_lines(matrix, weights, directions, criterion, normalization, at=[row["weight"]])
    assert lines.iloc[0].to_numpy() == pytest.approx(scores.to_numpy())
    for flip, rival in ((row["flips_below"], row["winner_below"]), (row["flips_above"], row["winner_above"])):
        if pd.notna(flip):
            there = scoring.score_lines(matrix, weights, directions, criterion, normalization, at=[flip]).iloc[0]
            assert there[rival] == pytest.approx(there[scores.idxmax()], abs=1e-9)
            assert there[rival] == pytest.approx(there.max(), abs=1e-9)


@given(
    price=st.floats(1, 20),
    damaged=st.floats(0, 0.2),
    late=st.floats(0, 0.2),
    loss=st.floats(0, 50),
    good=st.floats(0.5, 1),
)
def test_a_good_order_costs_no_less_than_an_order(price, damaged, late, loss, good):
    rates = pd.DataFrame({"damaged": [damaged], "late": [late]}, index=["A"])
    table = award.cost_per_good_order(
        pd.Series({"A": price}), rates, {"damaged": loss, "late": 2.0}, pd.Series({"A": good})
    )
    assert table.loc["A", "per_order_usd"] == pytest.approx(price + damaged * loss + late * 2)
    assert table.loc["A", "per_good_order_usd"] == pytest.approx(table.loc["A", "per_order_usd"] / good)


RATES, PRICE = pd.DataFrame({"late": [0.1]}, index=["A"]), pd.Series({"A": 5.0})
GOOD, YEARS = pd.Series({"A": 0.9}), pd.DataFrame({"volume": [1.0], "peak": [2.0]})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: award.split_award(award.Offers(UNIT[::-1], TWO, PAIR)), "unit_cost: expected a row per option"),
        (
            lambda: award.split_award(award.Offers(UNIT - 9, TWO, PAIR)),
            "unit_cost: beauty: -5.0 in row A, expected a finite number of at least 0",
        ),
        (
            lambda: award.split_award(award.Offers(UNIT, TWO, PAIR.drop(columns="operator"))),
            "options: no column operator",
        ),
        (
            lambda: award.split_award(award.Offers(UNIT, TWO * 0, PAIR)),
            "lots: orders: 0.0 in row beauty, expected a finite number above 0",
        ),
        (
            lambda: award.split_award(award.Offers(UNIT, TWO, PAIR), max_share=0),
            "max_share: 0, expected above 0 and up to 1",
        ),
        (lambda: award.split_award(award.Offers(UNIT, TWO, PAIR), max_share=0.4), "options: no split keeps every rule"),
        (
            lambda: award.split_award(award.Offers(UNIT, TWO, PAIR.drop(columns="service")), min_service=0.9),
            "options: no column service",
        ),
        (
            lambda: award.capacity_value(award.Offers(UNIT, TWO, PAIR), step=0),
            "step: 0, expected a finite number above 0",
        ),
        (
            lambda: award_risk.demand_scenarios(0, 0.1, (1, 2, 3), 1),
            "draws: 0, expected a whole number from 1 to 10,000,000",
        ),
        (lambda: award_risk.demand_scenarios(9, -0.1, (1, 2, 3), 1), "volume_cv: -0.1, expected"),
        (lambda: award_risk.demand_scenarios(9, 0.1, (2, 1, 3), 1), "peak: .*expected least, likeliest and greatest"),
        (lambda: award_risk.peak_days([1, 1], 2), "profile: highest day 1, expected one above 1"),
        (lambda: award_risk.peak_days([1, 2], 0.5), "peak: 0.5, expected"),
        (
            lambda: award_risk.simulate_awards(
                {"half": SHARES["A"] / 2}, award.Offers(UNIT, TWO, PAIR), YEARS, [1, 2], 1
            ),
            "awards: 'half' gives out .*expected 1 of each lot",
        ),
        (
            lambda: award_risk.simulate_awards(SHARES, award.Offers(UNIT.where(UNIT > 4), TWO, PAIR), YEARS, [1, 2], 1),
            "awards: 'A' gives a lot to an option that does not offer it",
        ),
        (lambda: award_risk.unserved_orders(np.array([1.0]), 1), "day: 1 axis, expected days by operators"),
        (lambda: award.reweighted_sample(UNIT, GOOD, 5), "weights: index differs from orders"),
        (lambda: award.reweighted_sample(UNIT, UNIT["home"] * 0, 5), "weights: 0 in all, expected some above 0"),
        (lambda: award_risk.regret(pd.DataFrame({"x": [np.nan]})), "costs: x: nan in row 0, expected a finite number"),
        (lambda: award.cost_per_good_order(PRICE, RATES, {"damaged": 1}, GOOD), "loss_usd: .*expected one for each of"),
        (
            lambda: award.cost_per_good_order(PRICE, RATES, {"late": 1}, GOOD * 0),
            "good_share: 0.0 in row A, expected a number above 0 and at most 1",
        ),
        (
            lambda: award.cost_per_good_order(PRICE, RATES, {"late": 1}, GOOD.rename({"A": "B"})),
            "good_share: operators \\['B'\\], expected \\['A'\\]",
        ),
        (
            lambda: scoring.score_lines(UNIT, [1, 1], ["min", "min"], "price"),
            "criterion: 'price', expected one of beauty, home",
        ),
        (lambda: scoring.score_lines(UNIT, [1, 0], ["min", "min"], "beauty"), "weights: all on 'beauty'"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
