"""Partners: a score without units, tails that averages hide, credits within their caps, actions that open and close."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import kpis
from fulfillment.data import load
from fulfillment.procurement import scorecards

SHARE = st.floats(0, 1)
RESULTS = pd.DataFrame(
    {"late_rate": [0.02, 0.05, 0.09], "accuracy": [0.995, 0.998, 0.985]}, index=["OP1", "OP2", "OP3"]
)
TERMS = pd.DataFrame({"floor": [0.06, 0.99], "target": [0.02, 0.998], "weight": [3, 1]}, index=RESULTS.columns)


@given(
    values=st.lists(st.tuples(SHARE, SHARE), min_size=2, max_size=6),
    factor=st.floats(0.01, 100),
    shift=st.floats(-10, 10),
)
def test_a_score_ignores_a_measure_s_unit(values, factor, shift):
    results = pd.DataFrame(values, columns=["late_rate", "accuracy"])
    scores = scorecards.scorecard(results, TERMS)["score"].sort_index()
    other = TERMS.copy()
    other.loc["late_rate", ["floor", "target"]] = TERMS.loc["late_rate", ["floor", "target"]] * factor + shift
    results["late_rate"] = results["late_rate"] * factor + shift
    assert scorecards.scorecard(results, other)["score"].sort_index().to_numpy() == pytest.approx(
        scores.to_numpy(), abs=1e-9
    )
    assert scores.between(0, 1).all()


def test_points_run_from_floor_to_target_whichever_way_is_better():
    card = scorecards.scorecard(RESULTS, TERMS)
    assert card.loc["OP1", ["late_rate", "accuracy"]].tolist() == pytest.approx([1, 0.625])
    assert card.loc["OP2", ["late_rate", "accuracy"]].tolist() == pytest.approx([0.25, 1])
    assert card.loc["OP3", ["late_rate", "accuracy", "score"]].tolist() == [0, 0, 0]
    assert card["rank"].to_dict() == {"OP1": 1, "OP2": 2, "OP3": 3}


CREDITS = pd.DataFrame(
    {
        "target": [0.04, 0.995],
        "better": ["min", "max"],
        "credit_per_point": [0.02, 0.03],
        "credit_cap": [0.05, 0.06],
    },
    index=["late_rate", "accuracy"],
)


def month(late: float, accuracy: float, fee: float, name: str = "2025-12") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "partner_id": "OP1",
            "month": name,
            "measure": ["late_rate", "accuracy"],
            "actual": [late, accuracy],
            "fee_usd": fee,
        }
    )


@given(late=SHARE, accuracy=SHARE, fee=st.floats(0, 1e6), at_risk=SHARE)
def test_credits_stay_within_every_cap(late, accuracy, fee, at_risk):
    owed = scorecards.service_credits(month(late, accuracy, fee), CREDITS, at_risk)
    assert owed["credit_usd"].sum() <= at_risk * fee * (1 + 1e-9) + 1e-9
    assert (owed["credit_usd"] <= owed["uncapped_usd"] + 1e-9).all()
    assert (owed["uncapped_usd"].to_numpy() <= CREDITS["credit_cap"].to_numpy() * fee + 1e-9).all()
    assert (owed["credit_usd"] >= 0).all()
    assert late > 0.04 or owed["credit_usd"].iloc[0] == 0
    assert accuracy < 0.995 or owed["credit_usd"].iloc[1] == 0


def test_credits_worked_by_hand():
    owed = scorecards.service_credits(month(0.055, 0.985, 200_000), CREDITS, at_risk=1)
    assert owed["missed_points"].tolist() == pytest.approx([1.5, 1.0])
    assert owed["credit_usd"].tolist() == pytest.approx([6000, 6000])
    capped = scorecards.service_credits(month(0.10, 0.985, 200_000), CREDITS, at_risk=0.05)
    assert capped["uncapped_usd"].tolist() == pytest.approx([10_000, 6000])
    assert capped["credit_usd"].tolist() == pytest.approx([6250, 3750])
    both = pd.concat([month(0.10, 1, 1000, "2025-11"), month(0.05, 1, 3000)], ignore_index=True)
    assert scorecards.service_credits(both, CREDITS, at_risk=0.04)["credit_usd"].tolist() == pytest.approx(
        [40, 0, 60, 0]
    )


@pytest.mark.parametrize(
    ("weeks", "status"),
    [
        ("++++", "tttt"),
        ("+-+-", "twtw"),
        ("--+++-", "wcrrtw"),
        ("---+-+++", "wccrcrrt"),
        ("--++-++", "wcrrcrr"),
    ],
)
def test_an_action_opens_after_two_misses_and_closes_after_three_weeks_met(weeks, status):
    names = {"t": "on target", "w": "watch", "c": "corrective action", "r": "recovering"}
    found = scorecards.corrective_action([week == "+" for week in weeks], open_after=2, close_after=3)
    assert found.tolist() == [names[letter] for letter in status]


@given(
    late=st.lists(st.integers(0, 50), min_size=1, max_size=12),
    weeks=st.integers(1, 6),
    sigmas=st.sampled_from([0, 2, 3]),
)
def test_accuracy_is_judged_as_its_opposite(late, weeks, sigmas):
    n, share = pd.Series([50] * len(late)), pd.Series(late) / 50
    low = scorecards.meets_target_statistically(share, n, 0.2531, "min", weeks, sigmas)
    high = scorecards.meets_target_statistically(1 - share, n, 1 - 0.2531, "max", weeks, sigmas)
    assert low.tolist() == high.tolist()


def test_without_a_margin_one_week_is_judged_by_its_target():
    share, n = pd.Series([0.01, 0.05, 0.02]), pd.Series([100, 100, 100])
    assert scorecards.meets_target_statistically(share, n, 0.03, "min", weeks=1, sigmas=0).tolist() == [
        True,
        False,
        True,
    ]


def test_small_weeks_are_forgiven_and_large_ones_are_not():
    share = pd.Series([0.06])
    assert scorecards.meets_target_statistically(share, pd.Series([50]), 0.03, "min").all()
    assert not scorecards.meets_target_statistically(share, pd.Series([5000]), 0.03, "min").any()


def test_a_week_counts_with_its_orders():
    share, n = pd.Series([0.20, 0.0]), pd.Series([10, 990])
    assert scorecards.meets_target_statistically(share, n, 0.01, "min", weeks=2, sigmas=0).tolist() == [False, True]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: scorecards.meets_target_statistically(pd.Series([0.1]), pd.Series([9], index=[5]), 0.1, "min"),
            "n: index differs",
        ),
        (
            lambda: scorecards.meets_target_statistically(pd.Series([0.1]), pd.Series([9]), 0.1, "low"),
            "better: 'low', expected 'max'",
        ),
        (
            lambda: scorecards.meets_target_statistically(pd.Series([0.1]), pd.Series([9]), 0.1, "min", weeks=0),
            "weeks: 0, expected",
        ),
        (
            lambda: scorecards.meets_target_statistically(pd.Series([1.1]), pd.Series([9]), 0.1, "min"),
            "actual: 1.1 in row 0, expected a number from 0 to 1",
        ),
        (
            lambda: scorecards.meets_target_statistically(pd.Series([0.1]), pd.Series([9]), 2, "min"),
            "target: 2, expected a number from 0 to 1",
        ),
        (
            lambda: scorecards.meets_target_statistically(pd.Series([0.1]), pd.Series([0]), 0.1, "min"),
            "n: 0 in row 0, expected a finite number of at least 1",
        ),
        (lambda: scorecards.scorecard(RESULTS, TERMS.drop(columns="floor")), "terms: no column floor, expected floor"),
        (lambda: scorecards.scorecard(RESULTS[["late_rate"]], TERMS), "results: no column accuracy"),
        (lambda: scorecards.scorecard(RESULTS, TERMS.assign(floor=TERMS["target"])), "floor and target of late_rate"),
        (
            lambda: scorecards.scorecard(RESULTS, TERMS.assign(weight=0)),
            "terms: weight: 0 in row late_rate, expected a finite number above 0",
        ),
        (
            lambda: scorecards.scorecard(RESULTS.assign(accuracy=None), TERMS),
            "results: accuracy: nan in row OP1, expected a finite number",
        ),
        (lambda: scorecards.service_credits(month(0.1, 1, 1), CREDITS[:1], 0.1), "measure: no terms for accuracy"),
        (
            lambda: scorecards.service_credits(month(0.1, 1, 1), CREDITS.assign(better="up"), 0.1),
            "terms: better: 'up' in row late_rate, expected max or min$",
        ),
        (
            lambda: scorecards.service_credits(month(0.1, 1, 1), CREDITS, at_risk=6),
            "at_risk: 6, expected a number from 0 to 1",
        ),
        (lambda: scorecards.service_credits(month(7, 1, 1), CREDITS, 0.1), "= 7.0, expected 0 to 1"),
        (
            lambda: scorecards.service_credits(month(0.1, 1, 1).assign(fee_usd=[1, 2]), CREDITS, 0.1),
            "fee_usd: differs within a partner's month",
        ),
        (lambda: scorecards.corrective_action([]), "met: none, expected True or False for at least one week"),
        (lambda: scorecards.corrective_action([True, None]), "met: nothing in row 1, expected yes or no in each"),
        (
            lambda: scorecards.corrective_action([True], open_after=0),
            "open_after: 0, expected a whole number of at least 1",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_pooled_weeks_weigh_by_what_stands_behind_them():
    weeks = pd.DataFrame(
        {
            "week": pd.to_datetime(["2025-11-24", "2025-12-01", "2025-12-29", "2026-01-05"]),
            "supplier_id": "OP1",
            "measure": "late_dispatch_rate",
            "actual": [0.5, 0.1, 0.4, 0.02],
            "n": [10, 90, 10, 50],
        }
    )
    months = scorecards.pool_weeks(weeks).set_index("month")
    assert months["n"].tolist() == [10, 100, 50]
    assert months.loc["2025-12-01", "actual"] == pytest.approx((9 + 4) / 100)
    assert scorecards.pool_weeks(weeks, "Q")["n"].tolist() == [110, 50]
    with pytest.raises(ValueError, match="n"):
        scorecards.pool_weeks(weeks.assign(n=0))


def test_pooled_scorecards_agree_with_the_orders():
    month = scorecards.pool_weeks(load("scorecards")).set_index(["supplier_id", "month", "measure"])
    card = kpis.weekly_scorecard(load("orders"), by="carrier_id")
    card = card[(card["carrier_id"] == "CR3") & (card["week"].dt.to_period("M") == "2025-12")]
    share = card["on_time_delivery_count"].sum() / card["on_time_delivery_n"].sum()
    stated = month.loc[("CR3", "2025-12-01", "on_time_delivery_rate")]
    assert stated["n"] == card["on_time_delivery_n"].sum()
    assert stated["actual"] == pytest.approx(share, abs=1e-4)  # the table holds weekly shares of four decimals


def test_contract_credits_keep_both_caps_and_leave_out_who_has_none():
    results = scorecards.pool_weeks(load("scorecards")).assign(fee_usd=10_000.0)
    contracts, slas = load("contracts"), load("slas")
    owed = scorecards.contract_credits(results, slas, contracts)
    assert "OP0" not in set(owed["supplier_id"])  # the platform owes itself nothing
    caps = slas.merge(contracts[["contract_id", "supplier_id", "credit_at_risk"]])
    owed = owed.merge(caps[["supplier_id", "measure", "credit_cap", "credit_at_risk"]])
    assert (owed["credit_usd"] <= owed["credit_cap"] * owed["fee_usd"] + 1e-9).all()
    by_month = owed.groupby(["supplier_id", "month"])
    assert (by_month["credit_usd"].sum() <= by_month["credit_at_risk"].first() * 10_000 + 1e-9).all()
    assert owed["actual"].max() > 1  # hours come back as hours


def test_an_hour_missed_counts_as_the_contract_says():
    results = pd.DataFrame(
        {
            "supplier_id": ["OP2"],
            "month": ["2025-08"],
            "measure": ["dock_to_stock_mean_hours"],
            "actual": [41.0],
            "fee_usd": [5000.0],
        }
    )
    owed = scorecards.contract_credits(results, load("slas"), load("contracts"))
    assert owed["missed_points"].tolist() == pytest.approx([5])
    assert owed["credit_usd"].tolist() == pytest.approx([5000 * 5 * 0.001])
    with pytest.raises(ValueError, match="contracts: none with credits"):
        scorecards.contract_credits(results.assign(supplier_id="OP0"), load("slas"), load("contracts"))


def test_transit_counts_delivery_days_only():
    def days(scanned, delivered):
        parcel = pd.DataFrame(
            {
                "center_id": ["FC1"],
                "carrier_id": ["CR1"],
                "zone": [2],
                "dispatched_at": pd.to_datetime([scanned]),
                "delivered_at": pd.to_datetime([delivered]),
            }
        )
        return scorecards.transit_time(parcel, LANE)["actual_days"].tolist()

    assert days("2025-11-26 20:00", "2025-11-28 09:00") == [1]  # Thanksgiving is no delivery day
    assert days("2025-12-05 20:00", "2025-12-08 09:00") == [2]  # Saturday is one, Sunday is not
    assert days("2025-12-05 20:00", None) == []
    with pytest.raises(ValueError, match="1 parcels have no lane"):
        scorecards.transit_time(
            pd.DataFrame({**PARCEL, "zone": [9]}),
            LANE,
        )


LANE = pd.DataFrame({"center_id": ["FC1"], "carrier_id": ["CR1"], "zone": [2], "transit_days": [1]})
PARCEL = {
    "center_id": ["FC1"],
    "carrier_id": ["CR1"],
    "dispatched_at": pd.to_datetime(["2025-12-05"]),
    "delivered_at": pd.to_datetime(["2025-12-08"]),
}
