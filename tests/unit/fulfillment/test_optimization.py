"""A program has one answer: the cheapest, and among the cheapest always the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from fulfillment.optimization import Program

SEEDS = st.integers(0, 10_000)


def shipped(cost: np.ndarray, wants: np.ndarray, room: np.ndarray, whole: bool) -> tuple[float | None, np.ndarray]:
    """Flows from sources with room to demands, whole numbers or not."""
    program = Program()
    flow = program.variables(*cost.shape, most=wants, whole=whole)
    program.keep(flow.sum(axis=1) <= room, flow.sum(axis=0) == wants)
    least = program.minimize_cost((flow * cost).sum())
    return least, program.values(flow)


def drawn(seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray, np.ndarray]:
    """Costs of few whole dollars, so that many plans cost the same, with demand and room enough for it."""
    rng = np.random.default_rng(seed)
    sources, sinks = rng.integers(2, 5, 2)
    wants = rng.integers(1, 9, sinks).astype(float)
    room = rng.integers(1, 9, sources).astype(float)
    room[0] += max(0.0, wants.sum() - room.sum())
    return rng, rng.integers(1, 4, (sources, sinks)).astype(float), wants, room


@given(SEEDS, st.booleans())
def test_the_last_digit_of_a_price_changes_nothing(seed, whole):
    rng, cost, wants, room = drawn(seed)
    least, flow = shipped(cost, wants, room, whole)
    other, again = shipped(cost * (1 + rng.uniform(-1e-14, 1e-14, cost.shape)), wants, room, whole)
    assert other == pytest.approx(least, abs=1e-9)
    np.testing.assert_allclose(again, flow, atol=1e-7)


@given(SEEDS)
def test_no_answer_is_cheaper(seed):
    _, cost, wants, room = drawn(seed)
    sources, sinks = cost.shape
    found = optimize.linprog(
        cost.ravel(),
        A_ub=np.kron(np.eye(sources), np.ones(sinks)),
        b_ub=room,
        A_eq=np.kron(np.ones(sources), np.eye(sinks)),
        b_eq=wants,
    )
    least, flow = shipped(cost, wants, room, whole=False)
    assert least == pytest.approx(found.fun, abs=1e-7) == pytest.approx((flow * cost).sum(), abs=1e-7)


def test_whole_numbers_that_cost_the_same_are_settled():
    program = Program()
    crews = program.variables(4, most=1, whole=True)
    program.keep(crews.sum() >= 2)
    assert program.minimize_cost(1000 * crews.sum()) == pytest.approx(2000)
    assert program.values(crews).tolist() == [1, 0, 1, 0]  # weights 1, 1.618, 1.236, 1.854


def test_constraints_that_contradict_each_other_have_no_answer():
    program = Program()
    made = program.variables(2, most=1)
    program.keep(made.sum() >= 3)
    assert program.minimize_cost(made.sum()) is None


def test_terms_that_cancel_are_no_constraint():
    program = Program()
    made = program.variables(1)[0]
    program.keep(0.1 * made + 0.2 * made - 0.3 * made <= 0, made >= 2)  # leaves 5.6e-17
    assert program.minimize_cost(made * 1.0) == pytest.approx(2)
