"""What a return is worth, and what letting the buyer keep it saves."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import data
from fulfillment.operations import returns

TWO = pd.DataFrame({"refund_usd": [20.0, 40.0], "label_usd": 6.0, "handling_usd": 4.0, "recovered_usd": [2.0, 25.0]})


def test_the_refund_is_not_part_of_the_net_value():
    assert returns.net_value(TWO).tolist() == [-8, 15]


def test_only_refunds_up_to_the_limit_are_covered():
    assert returns.returnless_refund(TWO, 20).returns == 1
    assert returns.returnless_refund(TWO, 20).saved_usd == 8
    assert returns.returnless_refund(TWO, 40).saved_usd == -7


def test_nothing_is_left_at_break_even():
    share = returns.returnless_refund(TWO, 20).break_even
    assert returns.returnless_refund(TWO, 20, share).net_usd == pytest.approx(0)


def test_no_return_covered_saves_nothing():
    assert returns.returnless_refund(TWO, 5) == returns.ReturnlessRefund(0, 0, 0, 0, 0)


def test_returns_with_a_step_to_come_are_left_out():
    assert returns.returnless_refund(TWO.assign(refund_usd=[None, 40.0]), 50).returns == 1
    assert returns.net_value(TWO.assign(recovered_usd=[None, 1.0])).isna().tolist() == [True, False]


USD = st.integers(0, 10_000).map(lambda cents: cents / 100)
RETURNED = st.lists(st.tuples(USD, USD, USD, st.none() | USD), min_size=1, max_size=12).map(
    lambda rows: pd.DataFrame(rows, columns=["refund_usd", "label_usd", "handling_usd", "recovered_usd"], dtype=float)
)


@given(RETURNED, USD, st.floats(0, 1))
def test_what_is_saved_is_the_sum_over_the_returns_covered(table, limit, more):
    kept = returns.returnless_refund(table, limit, more)
    covered = [row for row in table.itertuples() if row.refund_usd <= limit and row.recovered_usd >= 0]
    assert kept.returns == len(covered)
    assert kept.saved_usd == pytest.approx(
        sum(row.label_usd + row.handling_usd - row.recovered_usd for row in covered), abs=1e-6
    )
    assert kept.claims_usd == pytest.approx(more * sum(row.refund_usd for row in covered))
    assert kept.net_usd == pytest.approx(kept.saved_usd - kept.claims_usd)
    if kept.break_even > 0:
        assert returns.returnless_refund(table, limit, kept.break_even).net_usd == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((-1, 0), "limit_usd: -1, expected a finite number of at least 0"),
        ((10, -0.1), "extra_claim_rate: -0.1, expected a finite number of at least 0"),
        ((10, float("nan")), "extra_claim_rate: nan, expected a finite number of at least 0"),
    ],
)
def test_numbers_below_zero_are_refused(given, words):
    with pytest.raises(ValueError, match=words):
        returns.returnless_refund(TWO, *given)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="no column refund_usd"):
        returns.returnless_refund(TWO.drop(columns="refund_usd"), 10)


def test_on_the_program_cheap_items_are_not_worth_their_label():
    table = data.load("returns")
    net = returns.net_value(table)
    assert net[table["refund_usd"] <= 15].mean() < 0 < net[table["refund_usd"] > 40].mean()
