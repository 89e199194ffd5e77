"""Decision trees against a published example, enumeration in normal form, and a fine grid of probabilities."""

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.planning.decision_trees import Chance, Decision, Node, flips, perfect_information, rollback, strategies


def survey() -> Decision:
    """Goferbroke with its seismic survey (Hillier and Lieberman, decision analysis), thousand USD, gains negative."""

    def drill(oil: float, paid: float) -> Decision:
        chance = Chance("oil", {"oil": (oil, paid - 700), "dry": (1 - oil, paid + 100)})
        return Decision("drill?", {"drill": chance, "sell": paid - 90})

    seismic = Chance("survey", {"unfavorable": (0.7, drill(1 / 7, 30)), "favorable": (0.3, drill(1 / 2, 30))})
    return Decision("survey?", {"survey": seismic, "no survey": drill(0.25, 0)})


def test_rollback_gives_the_published_plan() -> None:
    tree = survey()
    assert rollback(tree) == pytest.approx(-123)
    assert rollback(tree.options["no survey"]) == pytest.approx(-100)
    plans = strategies(tree).set_index("strategy")["expected"]
    assert plans.idxmin() == "survey; sell; drill"
    assert len(plans) == 2 * 2 + 2
    # expected value of the survey itself: 153 without its price against 100
    assert -plans["survey; sell; drill"] + 30 == pytest.approx(153)


def test_perfect_information_has_the_published_value() -> None:
    assert perfect_information(survey().options["no survey"], ["oil"]) == pytest.approx(142.5)


def chance(nodes: list) -> Chance:
    """What follows may happen with odds of 1, 2, 3..."""
    odds = range(1, len(nodes) + 1)
    return Chance("news", {f"{n}": (n / sum(odds), node) for n, node in zip(odds, nodes, strict=True)})


def choice(nodes: list) -> Decision:
    return Decision("now?", {f"{n}": node for n, node in enumerate(nodes)})


def changed(node: Node, how: Callable[[float], float]) -> Node:
    """The tree with other costs at its ends."""
    match node:
        case Chance():
            return Chance(node.event, {name: (p, changed(after, how)) for name, (p, after) in node.branches.items()})
        case Decision():
            return Decision(node.question, {name: changed(after, how) for name, after in node.options.items()})
    return how(node)


COST = st.integers(-1000, 1000).map(float)
TREES = st.recursive(
    COST,
    lambda nodes: (
        st.lists(nodes, min_size=1, max_size=3).map(chance) | st.lists(nodes, min_size=1, max_size=3).map(choice)
    ),
    max_leaves=8,
)


@given(TREES, st.integers(-100, 100), st.integers(1, 10))
def test_a_rollback_is_the_cheapest_strategy_in_any_unit(tree, more, factor):
    value = rollback(tree)
    table = strategies(tree)
    assert value == pytest.approx(table["expected"].min(), abs=1e-6)
    assert table["least"].min() - 1e-6 <= value <= table["greatest"].max() + 1e-6
    assert rollback(changed(tree, lambda cost: factor * cost + more)) == pytest.approx(factor * value + more, abs=1e-6)


@given(st.lists(st.tuples(COST, COST, COST), min_size=1, max_size=4))
def test_knowing_is_worth_nothing_only_where_one_option_is_always_best(rows):
    tree = choice([chance(list(row)) for row in rows])
    costs = np.array(rows)
    odds = np.array([1, 2, 3]) / 6
    worth = perfect_information(tree, ["news"])
    assert worth == pytest.approx((costs @ odds).min() - costs.min(axis=0) @ odds, abs=1e-6)
    always = (costs == costs.min(axis=0)).all(axis=1).any()
    assert (worth < 1e-6) == always


def test_an_event_whose_odds_depend_on_the_path_is_refused() -> None:
    with pytest.raises(ValueError, match="'oil' has 3 distributions, expected the same on every path"):
        perfect_information(survey(), ["oil"])
    with pytest.raises(ValueError, match="'rain' is not in the tree"):
        perfect_information(survey(), ["rain"])


def staged(costs: np.ndarray, first: float, second: float) -> Decision:
    """Act now, at the first news, at the second, or never; the outage ends before the first, the second, or later."""
    now, once, twice, never = costs

    def later() -> Decision:
        return Decision("second", {"act": twice[2], "stay": never[2]})

    def act(row: np.ndarray, tail: float) -> Chance:
        return Chance("b", {"back": (second, row[1]), "down": (1 - second, tail)})

    wait = Chance("b", {"back": (second, never[1]), "down": (1 - second, later())})
    at_first = Decision("first", {"act": act(once, once[2]), "wait": wait})
    return Decision(
        "now",
        {
            "act": Chance("a", {"back": (first, now[0]), "down": (1 - first, act(now, now[2]))}),
            "wait": Chance("a", {"back": (first, never[0]), "down": (1 - first, at_first)}),
        },
    )


@pytest.mark.parametrize("seed", range(30))
def test_rollback_and_information_agree_with_the_normal_form(seed: int) -> None:
    rng = np.random.default_rng(seed)
    costs = rng.uniform(0, 100, (4, 3))
    costs[1:, 0], costs[2:, 1] = costs[3, 0], costs[3, 1]  # whoever has not acted by then pays as one who never does
    first, second = rng.uniform(0, 1, 2)
    odds = np.array([first, (1 - first) * second, (1 - first) * (1 - second)])
    tree = staged(costs, first, second)
    expected = costs @ odds
    assert rollback(tree) == pytest.approx(expected.min())
    found = strategies(tree)
    assert sorted(found["expected"]) == pytest.approx(sorted(expected))
    assert found["greatest"].max() == pytest.approx(costs.max())
    assert perfect_information(tree, ["a", "b"]) == pytest.approx(expected.min() - costs.min(axis=0) @ odds)


@pytest.mark.parametrize("seed", range(30))
def test_flips_agree_with_a_fine_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    costs = pd.DataFrame(rng.integers(0, 50, (5, 3)).astype(float), list("abcde"), ["short", "week", "long"])
    weights = pd.Series({"short": 0.5, "week": 0.3, "long": 0.2})
    found = flips(costs, weights, "long")
    assert found["above"].iloc[0] == 0
    assert found["to"].iloc[-1] == 1
    assert (found["above"].iloc[1:].to_numpy() == found["to"].iloc[:-1].to_numpy()).all()
    for share in np.linspace(0, 1, 201):
        mix = pd.Series({"short": 0.625 * (1 - share), "week": 0.375 * (1 - share), "long": share})
        row = found[(found["above"] <= share) & (share <= found["to"])].iloc[0]
        assert (costs @ mix)[row["option"]] == pytest.approx((costs @ mix).min())


def test_one_option_flips_nowhere_and_a_certain_state_is_refused() -> None:
    costs = pd.DataFrame({"x": [1.0], "y": [2.0]}, index=["only"])
    assert flips(costs, pd.Series({"x": 1, "y": 1}), "x").values.tolist() == [[0.0, 1.0, "only"]]
    with pytest.raises(ValueError, match="nothing is left to the other states"):
        flips(costs, pd.Series({"x": 1.0, "y": 0.0}), "x")
    with pytest.raises(ValueError, match="expected the states x, y"):
        flips(costs, pd.Series({"x": 1.0}), "x")


def test_bad_nodes_are_refused_when_they_are_made() -> None:
    with pytest.raises(ValueError, match=r"rain: probabilities \[0.5, 0.4\], expected at least 0 each and 1 in all"):
        Chance("rain", {"yes": (0.5, 1.0), "no": (0.4, 2.0)})
    with pytest.raises(ValueError, match=r"options: \{\}, expected one value or more, each with its name"):
        Decision("go", {})


def test_strategies_of_independent_decisions_multiply() -> None:
    parts = {str(n): (1 / 3, Decision(f"d{n}", {"l": float(n), "r": 2.0 - n})) for n in range(3)}
    found = strategies(Chance("which", parts))
    by_hand = [np.mean(ends) for ends in itertools.product((0, 2), (1, 1), (2, 0))]
    assert sorted(found["expected"]) == pytest.approx(sorted(by_hand))
    assert rollback(Chance("which", parts)) == pytest.approx(min(by_hand))
