"""Levers: joint sizes against all permutations, the frontier against dynamic programming, the ledger's identity."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.costing import cost_levers

NAMES = ["whole", "home", "carton", "rate"]
TABLES = st.lists(st.integers(0, 60), min_size=2 ** len(NAMES), max_size=2 ** len(NAMES))


def costed(values):
    """A cost function with an arbitrary value for each set of levers."""
    sets = [frozenset(c) for size in range(len(NAMES) + 1) for c in combinations(NAMES, size)]
    table = dict(zip(sets, values, strict=True))
    return lambda applied: float(table[frozenset(applied)])


@given(TABLES)
def test_a_part_is_the_mean_over_all_orders_and_parts_add_up(values):
    cost = costed(values)
    found = cost_levers.shapley_savings(cost, NAMES)
    steps = {name: [] for name in NAMES}
    for order in permutations(NAMES):
        for place, name in enumerate(order):
            steps[name].append(cost(order[:place]) - cost(order[: place + 1]))
    for name in NAMES:
        assert found.loc[name, "part"] == pytest.approx(np.mean(steps[name]))
        assert found.loc[name, "alone"] == cost([]) - cost([name])
        assert found.loc[name, "last"] == cost([other for other in NAMES if other != name]) - cost(NAMES)
    assert found["part"].sum() == pytest.approx(cost([]) - cost(NAMES))
    assert found["overlap"].sum() == pytest.approx(found["alone"].sum() - (cost([]) - cost(NAMES)))
    assert found["part"].is_monotonic_decreasing


@given(TABLES, st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_outcomes_are_all_draws_of_independent_levers(values, chances):
    cost = costed(values)
    turns = cost_levers.scenario_tree(cost, dict(zip(NAMES, chances, strict=True)))
    assert len(turns) == 16
    assert turns["probability"].sum() == pytest.approx(1)
    assert turns["saving"].is_monotonic_decreasing
    expected = 0.0
    for bits in np.ndindex(2, 2, 2, 2):
        works = [name for name, bit in zip(NAMES, bits, strict=True) if bit]
        weight = np.prod([c if bit else 1 - c for c, bit in zip(chances, bits, strict=True)])
        expected += weight * (cost([]) - cost(works))
    assert turns["probability"] @ turns["saving"] == pytest.approx(expected)


def test_where_levers_add_up_the_expectation_is_that_of_each():
    worth = {"whole": 4.0, "home": 5.0, "carton": 2.0, "rate": 1.0}
    turns = cost_levers.scenario_tree(
        lambda applied: 20 - sum(worth[name] for name in applied), dict.fromkeys(worth, 0.5)
    )
    assert turns["probability"] @ turns["saving"] == pytest.approx(6.0)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=1, max_size=7),
    st.integers(0, 30),
)
def test_the_frontier_solves_the_knapsack_problem(items, budget):
    effort = {f"L{n}": weeks for n, (weeks, _) in enumerate(items)}
    worth = {f"L{n}": usd for n, (_, usd) in enumerate(items)}
    found = cost_levers.frontier(lambda applied: sum(worth[name] for name in applied), effort)
    best = [0] * (budget + 1)  # dynamic programming over whole weeks
    for name in effort:
        for room in range(budget, effort[name] - 1, -1):
            best[room] = max(best[room], best[room - effort[name]] + worth[name])
    affordable = found[found["effort"] <= budget].iloc[-1]
    assert affordable["value"] == best[budget]
    assert sum(worth[name] for name in affordable["levers"]) == affordable["value"]
    assert found["effort"].is_monotonic_increasing
    assert (found["value"].diff().dropna() > 0).all()


@given(TABLES, st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_the_frontier_holds_levers_that_overlap_and_every_rule(values, weeks):
    cost, effort = costed(values), dict(zip(NAMES, weeks, strict=True))
    keeps = lambda applied: not {"carton", "rate"} <= set(applied)  # noqa: E731
    found = cost_levers.frontier(lambda p: cost([]) - cost(p), effort, allowed=keeps, needs={"whole": "home"})
    for budget in range(sum(weeks) + 1):
        best = max(
            cost([]) - cost(chosen)
            for size in range(5)
            for chosen in combinations(NAMES, size)
            if sum(effort[name] for name in chosen) <= budget
            and ("whole" not in chosen or "home" in chosen)
            and keeps(chosen)
        )
        assert found[found["effort"] <= budget].iloc[-1]["value"] == best


@given(st.lists(st.tuples(st.integers(-90, 90), st.integers(-90, 90)), min_size=2, max_size=8), st.data())
def test_what_is_claimed_less_what_comes_back_is_the_change_of_the_total(rows, data):
    names = [f"ledger {n}" for n in range(len(rows))]
    before, after = (pd.Series([row[side] for row in rows], names) for side in (0, 1))
    claimed = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    table = cost_levers.ledger_change(before, after[::-1], claimed)
    told = cost_levers.net_of_shifted_cost(table)
    assert told["claimed"] == pytest.approx(sum(before[name] - after[name] for name in claimed))
    assert told["claimed"] - told["elsewhere"] == pytest.approx(before.sum() - after.sum())
    assert told["removed"] == pytest.approx(before.sum() - after.sum())
    if told["claimed"] > 0:
        assert told["shifted_share"] == pytest.approx(told["elsewhere"] / told["claimed"])
    else:
        assert np.isnan(told["shifted_share"])


@given(start=st.integers(0, 12), length=st.integers(1, 12))
def test_a_ramp_is_the_mean_of_a_straight_line(start, length):
    weeks = np.arange(1, 53)
    shares = cost_levers.ramp(weeks, start, length)
    fine = np.linspace(0, 52, 52 * 1000, endpoint=False) + 0.0005
    line = np.clip((fine - start) / length, 0, 1).reshape(52, 1000).mean(axis=1)
    assert shares == pytest.approx(line, abs=1e-3)
    assert cost_levers.ramp([1, 2, 3], start=1, length=0).tolist() == [0.0, 1.0, 1.0]


def test_a_standard_error_is_that_of_the_differences():
    rng = np.random.default_rng(5)
    before = pd.Series(rng.normal(12, 4, 400))
    after = before - rng.gamma(0.2, 2, 400)
    drawn = [(before - after).sample(400, replace=True, random_state=n).mean() for n in range(2000)]
    assert cost_levers.standard_error(before, after) == pytest.approx(np.std(drawn), rel=0.06)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cost_levers.shapley_savings(len, []), "levers: \\[\\], expected a list of one name or more"),
        (lambda: cost_levers.shapley_savings(len, ["a", "a"]), "levers: \\['a', 'a'\\], expected"),
        (lambda: cost_levers.scenario_tree(len, {"a": 1.2}), "chances of a: 1.2, expected a number from 0 to 1"),
        (lambda: cost_levers.frontier(len, {"a": -1}), "effort of a: -1, expected a finite number of at least 0"),
        (lambda: cost_levers.frontier(len, {"a": 1}, needs={"a": "b"}), "needs: 'b' is no lever, expected some of a"),
        (lambda: cost_levers.frontier(len, {"a": 1}, allowed=bool), "allowed: it refuses the empty set"),
        (lambda: cost_levers.ramp([1], -1, 2), "start: -1, expected a finite number of at least 0"),
        (
            lambda: cost_levers.ledger_change(pd.Series({"a": 1}), pd.Series({"b": 1}), ["a"]),
            "after: ledgers \\['b'\\]",
        ),
        (
            lambda: cost_levers.ledger_change(pd.Series({"a": 1}), pd.Series({"a": 1}), ["b"]),
            "claimed: \\['b'\\], expected",
        ),
        (lambda: cost_levers.ledger_change(pd.Series({"a": 1}), pd.Series({"a": 1}), []), "claimed: \\[\\], expected"),
        (
            lambda: cost_levers.ledger_change(pd.Series({"a": 1}), pd.Series({"a": np.nan}), ["a"]),
            "after: nan in row a, expected a finite number",
        ),
        (lambda: cost_levers.net_of_shifted_cost(pd.DataFrame({"saved": [1]})), "ledgers: no column side"),
        (lambda: cost_levers.standard_error(pd.Series([1, 2]), pd.Series([1], [5])), "after: index differs"),
        (lambda: cost_levers.standard_error(pd.Series([1]), pd.Series([1])), "before: 1 order, expected at least two"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
