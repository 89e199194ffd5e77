"""Spend, bids and scores: units do not matter, shares sum, flips are where the algebra says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fulfillment.procurement import bids, purchase_cost, scoring, spend_analysis

DIRECTIONS = ["min", "max", "max"]
MATRIX = st.lists(st.tuples(*[st.integers(1, 1000)] * 3), min_size=2, max_size=6).map(
    lambda rows: pd.DataFrame(rows, columns=["cost", "on_time", "capacity"], dtype=float)
)
WEIGHTS = st.lists(st.integers(1, 100), min_size=3, max_size=3)
NORMALIZATION = st.sampled_from(["share", "range"])


@given(
    matrix=MATRIX,
    weights=WEIGHTS,
    normalization=NORMALIZATION,
    factor=st.floats(0.001, 1000),
    criterion=st.integers(0, 2),
)
def test_the_ranking_ignores_a_criterion_s_unit(matrix, weights, normalization, factor, criterion):
    scores = scoring.weighted_score(matrix, weights, DIRECTIONS, normalization)
    matrix.iloc[:, criterion] *= factor
    other = scoring.weighted_score(matrix, weights, DIRECTIONS, normalization)
    assert other.to_numpy() == pytest.approx(scores.to_numpy())
    closeness = scoring.topsis(matrix, weights, DIRECTIONS) if matrix.nunique().max() > 1 else None
    matrix.iloc[:, criterion] /= factor
    if closeness is not None:
        assert closeness.to_numpy() == pytest.approx(scoring.topsis(matrix, weights, DIRECTIONS).to_numpy())


@given(matrix=MATRIX, weights=WEIGHTS, normalization=NORMALIZATION, better=st.sampled_from([0, 1, 2]))
def test_an_option_that_gets_better_does_not_fall(matrix, weights, normalization, better):
    before = scoring.weighted_score(matrix, weights, DIRECTIONS, normalization)
    column = matrix.columns[better]
    matrix.loc[0, column] = matrix.loc[0, column] / 2 if DIRECTIONS[better] == "min" else matrix.loc[0, column] * 2
    after = scoring.weighted_score(matrix, weights, DIRECTIONS, normalization)
    assert after[0] - after.drop(0).max() >= before[0] - before.drop(0).max() - 1e-9 or normalization == "range"
    assert after[0] >= before[0] - 1e-9


def test_points_are_weighted_as_they_stand():
    """Heizer, Render and Munson, Operations Management, the factor rating of a theme park's two sites."""
    points = pd.DataFrame({"France": [70, 50, 85, 75, 60], "Denmark": [60, 60, 80, 70, 70]}).T
    scores = scoring.weighted_score(points, [0.25, 0.05, 0.10, 0.39, 0.21], ["max"] * 5, "points")
    assert scores.round(2).to_dict() == {"France": 70.35, "Denmark": 68.0}


@given(matrix=MATRIX, weights=WEIGHTS)
def test_share_scores_sum_to_one(matrix, weights):
    assert scoring.weighted_score(matrix, weights, DIRECTIONS).sum() == pytest.approx(1)


@given(matrix=MATRIX, weights=WEIGHTS, normalization=NORMALIZATION)
def test_the_winner_changes_at_the_flip_and_not_before(matrix, weights, normalization):
    scores = scoring.weighted_score(matrix, weights, DIRECTIONS, normalization).sort_values()
    assume(scores.iloc[-1] - scores.iloc[-2] > 1e-6)
    winner = scores.index[-1]
    flips = scoring.flip_weights(matrix, weights, DIRECTIONS, normalization)

    alone = [scoring.weighted_score(matrix, row, DIRECTIONS, normalization) for row in np.eye(3).tolist()]
    parts = pd.DataFrame(alone, index=matrix.columns)

    def lead(criterion: str, weight: float) -> float:
        now = flips["weight"] * (1 - weight) / (1 - flips.loc[criterion, "weight"])
        now[criterion] = weight
        others = now @ parts
        return others[winner] - others.drop(winner).max()

    for criterion, row in flips.iterrows():
        for flip, rival, end in (
            (row["flips_below"], row["winner_below"], 0),
            (row["flips_above"], row["winner_above"], 1),
        ):
            if pd.isna(flip):
                assert lead(criterion, end) >= -1e-9
            else:
                assert rival != winner
                assert lead(criterion, flip) == pytest.approx(0, abs=1e-9)
                assert lead(criterion, (flip + row["weight"]) / 2) > -1e-9
                assert lead(criterion, flip + 0.1 * (end - flip)) <= 1e-9


def test_of_two_that_tie_the_first_wins_and_loses_on_one_side_only():
    tie = pd.DataFrame({"cost": [2.0, 1.0], "on_time": [1.0, 2.0]}, index=["A", "B"])
    flips = scoring.flip_weights(tie, [1, 1], ["max", "max"])
    assert flips["flips_below"].to_dict() == pytest.approx({"cost": 0.5, "on_time": np.nan}, nan_ok=True)
    assert flips["flips_above"].to_dict() == pytest.approx({"cost": np.nan, "on_time": 0.5}, nan_ok=True)
    assert flips.loc["cost", "winner_below"] == "B" == flips.loc["on_time", "winner_above"]


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDE"), st.integers(1, 10_000)),
        min_size=1,
        max_size=40,
    )
)
def test_concentration_keeps_its_bounds(rows):
    by_supplier = pd.DataFrame(rows, columns=["supplier", "spend_usd"]).groupby("supplier")["spend_usd"].sum()
    found = spend_analysis.concentration(by_supplier)
    assert 10_000 / len(by_supplier) <= found["hhi"] * (1 + 1e-12)
    assert found["hhi"] <= 10_000 * (1 + 1e-12)
    assert found["equal_suppliers"] <= len(by_supplier) * (1 + 1e-12)
    assert found["top_1"] <= found["top_3"] <= 1 + 1e-12


@given(st.lists(st.floats(0.2, 5), min_size=2, max_size=7))
def test_consistent_comparisons_give_back_their_weights(importance):
    items = [f"criterion {number}" for number in range(len(importance))]
    pairs = [
        (items[i], items[j], importance[i] / importance[j]) for i in range(len(items)) for j in range(i + 1, len(items))
    ]
    weights, ratio = scoring.ahp_weights(items, pairs)
    assert weights.to_numpy() == pytest.approx(np.array(importance) / sum(importance))
    assert ratio == pytest.approx(0, abs=1e-9)


def test_comparisons_that_contradict_themselves_show():
    _, ratio = scoring.ahp_weights(["a", "b", "c"], [("a", "b", 5), ("b", "c", 5), ("a", "c", 1 / 5)])
    assert ratio > 0.1


BIDS = pd.DataFrame(
    [
        ("North", "pick", 1.50, "USD", "per order"),
        ("North", "storage", 20.0, "USD", "per 100 orders"),
        ("East", "pick", 200.0, "CAD", "per 100 orders"),
        ("East", "storage", 0.30, "USD", "per order"),
        ("West", "pick", 1.20, "USD", "per order"),
        ("West", "storage", None, "USD", "per order"),
    ],
    columns=["bidder", "item", "price", "currency", "unit"],
)
USD, UNITS = {"USD": 1, "CAD": 0.75}, {"per order": 1, "per 100 orders": 100}


def test_bids_in_one_unit_with_each_adjustment_on_record():
    table, log = bids.normalize_bids(BIDS, USD, UNITS)
    assert table.loc["North"].tolist() == pytest.approx([1.5, 0.2, 1.7])
    assert table.loc["East"].tolist() == pytest.approx([1.5, 0.3, 1.8])
    assert table.loc["West"].tolist() == pytest.approx([1.2, 0.3, 1.5])
    assert log[["bidder", "adjustment"]].to_numpy().tolist() == [
        ["North", "unit"],
        ["East", "currency"],
        ["East", "unit"],
        ["West", "left out: highest of the other bids"],
    ]
    assert log.loc[1, "usd_per_order"] == pytest.approx(-0.5)
    assert log.loc[3, "usd_per_order"] == pytest.approx(0.3)


def test_nobody_wins_by_leaving_an_item_out():
    table, _ = bids.normalize_bids(BIDS, USD, UNITS, missing="median")
    assert table.loc["West", "storage"] == pytest.approx(0.25)
    alone = bids.normalize_bids(BIDS[:5], USD, UNITS)[0]
    assert alone.loc["West", "storage"] == pytest.approx(0.30)


def test_an_item_left_out_takes_the_buyer_s_own_estimate():
    table, log = bids.normalize_bids(BIDS, USD, UNITS, missing={"pick": 9.0, "storage": 0.28})
    assert table.loc["West", "storage"] == pytest.approx(0.28)
    assert table.loc["West", "pick"] == pytest.approx(1.2), "an item that was priced keeps its price"
    assert log.iloc[-1][["adjustment", "to"]].tolist() == ["left out: own estimate", "0.28 USD per order"]


def test_knock_outs_fail_what_is_missing():
    options = pd.DataFrame({"capacity": [900, 1500, None], "price": [2.0, 3.5, 2.0]}, index=["A", "B", "C"])
    failures = bids.knock_outs(options, minimum={"capacity": 1000}, maximum={"price": 3})
    assert failures[["option", "criterion"]].to_numpy().tolist() == [
        ["A", "capacity"],
        ["C", "capacity"],
        ["B", "price"],
    ]
    assert options.drop(failures["option"]).empty


def test_kraljic_reads_a_scale_of_risk_when_it_is_turned_around():
    items = pd.DataFrame({"x_supply": [1.5, 4.5], "y_profit": [8, 2]}, index=["labels", "tape"])
    weights = {"x": 0.5, "y": 0.5}
    supply = spend_analysis.kraljic(items, (1, 5), (1, 10), 0.2, 0.2, weights)
    risk = spend_analysis.kraljic(items.assign(x_supply=6 - items["x_supply"]), (5, 1), (1, 10), -0.2, 0.2, weights)
    pd.testing.assert_frame_equal(supply, risk)
    assert supply["quadrant"].tolist() == ["Strategic", "Non-critical"]


def test_an_item_on_the_middle_of_a_scale_is_risky_and_dear():
    # a scale this long values its first point at 1 - exp(-rho), one half where rho is log 2
    items = pd.DataFrame({"x_supply": [1, 1, 1.1, 0.9], "y_profit": [1, 0.9, 1, 1]}, index=list("abcd"))
    places = spend_analysis.kraljic(items, (0, 100), (0, 100), np.log(2), np.log(2), {"x": 0.5, "y": 0.5})
    assert places.loc["a", ["x_score", "y_score"]].tolist() == [0.5, 0.5]
    assert places["quadrant"].tolist() == ["Strategic", "Bottleneck", "Leverage", "Strategic"]


@given(
    offers=st.dictionaries(
        st.tuples(st.sampled_from(["North", "East", "West"]), st.sampled_from(["pick", "pack", "storage"])),
        st.tuples(st.none() | st.integers(0, 10_000), st.sampled_from(["USD", "CAD"]), st.sampled_from(list(UNITS))),
        min_size=1,
    ),
    rate=st.floats(0.01, 100),
    missing=st.sampled_from(["highest", "median"]),
)
def test_bids_in_another_currency_at_its_rate_are_the_same_bids(offers, rate, missing):
    rows = [(*key, *offer) for key, offer in offers.items()]
    table = pd.DataFrame(rows, columns=["bidder", "item", "price", "currency", "unit"]).astype({"price": float})
    assume(table.groupby("item")["price"].count().min() > 0)
    plain, log = bids.normalize_bids(table, USD, UNITS, missing)

    dearer = {currency: usd * rate for currency, usd in USD.items()}  # the dollar of another country
    abroad = bids.normalize_bids(table.assign(price=table["price"] / rate), dearer, UNITS, missing)
    same = ["bidder", "item", "adjustment"]
    kept, other = (entries[entries["adjustment"] != "currency"].reset_index(drop=True) for entries in (log, abroad[1]))
    pd.testing.assert_frame_equal(abroad[0], plain)
    effects = [*same, "usd_per_order"]
    pd.testing.assert_frame_equal(other[effects], kept[effects], check_dtype=False)  # a log may be empty

    scaled = bids.normalize_bids(table.assign(price=table["price"] * rate), USD, UNITS, missing)[0]
    pd.testing.assert_frame_equal(scaled, plain * rate)
    turned = bids.normalize_bids(table[::-1], USD, UNITS, missing)[0]
    pd.testing.assert_frame_equal(turned, plain, check_like=True)


def test_ownership_cost_discounts_each_year():
    costs = pd.DataFrame(
        [
            ("A", "setup", 0, 1000),
            ("A", "fees", 1, 550),
            ("A", "fees", 2, 605),
            ("A", "rebate", 2, -121),
            ("B", "fees", 0, 1800),
        ],
        columns=["option", "element", "year", "cost_usd"],
    )
    table = purchase_cost.total_cost_of_ownership(costs, 0.10)
    assert table["total"].to_dict() == pytest.approx({"B": 1800, "A": 1900})
    assert table.loc["A", "fees"] == pytest.approx(1000)
    assert table.index[0] == "B"


@given(
    minutes_per_order=st.floats(0.1, 30),
    wage_usd=st.floats(10, 60),
    burden_rate=st.floats(0, 0.6),
    packaging_usd=st.floats(0, 5),
    space_usd=st.floats(0, 5),
    overhead_rate=st.floats(0, 0.5),
    margin_rate=st.floats(0, 0.5),
)
def test_the_lines_of_a_should_cost_sum_to_its_price(**inputs):
    lines = purchase_cost.should_cost(**inputs)
    assert lines.drop("price").sum() == pytest.approx(lines["price"])
    assert lines["margin"] / lines["price"] == pytest.approx(inputs["margin_rate"])


ITEMS = pd.DataFrame({"units": [20, 20], "unit_cost_usd": [20.0, 5.0], "unit_volume_ft3": [4.0, 2.0]}, ["X", "Y"])


def test_a_charge_shared_by_value_is_the_textbook_s():
    """An invoice of 500, discounted to 460 with its shipping, lands at 2,300: 92 a piece of X and 23 a piece of Y.

    allinterview.com, question 112970: goods at 4.5 a dollar come to 2,070 in the ratio 400 to 100, other costs are 230.
    """
    goods = ITEMS.assign(unit_cost_usd=ITEMS["unit_cost_usd"] * 2070 / 500)
    table = purchase_cost.allocate_landed_cost(goods, {"other": 230})
    assert table["other"].tolist() == pytest.approx([184, 46])
    assert table["landed_unit_usd"].tolist() == pytest.approx([92, 23])


def test_a_charge_shared_by_volume_is_the_maker_s():
    """QNE Software, how landing cost by volume works: two of each item, volumes 4 and 2."""
    items = ITEMS.assign(units=2)
    charges = {"customs duty": 10, "insurance": 30, "freight": 20, "local charges": 40}
    table = purchase_cost.allocate_landed_cost(items, charges, "volume")
    assert table[list(charges)].round(2).to_numpy().tolist() == [[6.67, 20, 13.33, 26.67], [3.33, 10, 6.67, 13.33]]


@given(
    units=st.lists(st.integers(1, 999), min_size=3, max_size=3),
    sizes=st.lists(st.floats(0.01, 99), min_size=3, max_size=3),
    charge=st.floats(0, 1e6),
    basis=st.sampled_from(["value", "weight", "volume", "units"]),
)
def test_shared_charges_sum_to_the_charge(units, sizes, charge, basis):
    columns = ("unit_cost_usd", "unit_weight_lb", "unit_volume_ft3")
    items = pd.DataFrame({"units": units} | dict.fromkeys(columns, sizes))
    table = purchase_cost.allocate_landed_cost(items, {"freight": charge}, basis)
    assert table["freight"].sum() == pytest.approx(charge)
    assert (table["landed_unit_usd"] * units).sum() == pytest.approx(charge + table["goods"].sum())


TWO = pd.DataFrame({"cost": [1.0, 2.0], "on_time": [0.9, 0.8]}, index=["A", "B"])
PAIR = pd.DataFrame({"x_supply": [1.0], "y_profit": [6.0]}, index=["tape"])
SWING = {"x": 0.5, "y": 0.5}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: spend_analysis.concentration([0, 0]), "spend: all zero"),
        (lambda: spend_analysis.concentration([1, None]), "spend: nan, expected a finite number"),
        (lambda: spend_analysis.kraljic(PAIR, (2, 5), (1, 10), 1, 1, SWING), "x_supply: 1.0 of tape, expected 2 to 5"),
        (lambda: spend_analysis.kraljic(PAIR, (1, 5), (1, 10), 1, 1, {"x": 1, "y": 1}), "swing_weights: .*sum to 1"),
        (lambda: spend_analysis.kraljic(PAIR, (1, 5), (1, 10), 0, 1, SWING), "no finite result"),
        (
            lambda: bids.normalize_bids(BIDS, {"USD": 1}, UNITS),
            "currency: 'CAD' of East for pick, expected one of USD",
        ),
        (lambda: bids.normalize_bids(BIDS, USD, {"per order": 1}), "unit: 'per 100 orders' of North for storage"),
        (
            lambda: bids.normalize_bids(BIDS.assign(price="$1.50"), USD, UNITS),
            "bids: price: '\\$1.50' in row 0, expected a finite number of at least 0",
        ),
        (
            lambda: bids.normalize_bids(BIDS.assign(price=-1.0), USD, UNITS),
            "bids: price: -1.0 in row 0, expected a finite number of at least 0",
        ),
        (lambda: bids.normalize_bids(pd.concat([BIDS, BIDS]), USD, UNITS), "bids: North prices pick twice"),
        (lambda: bids.normalize_bids(BIDS[5:], USD, UNITS), "price: nobody bid for storage"),
        (lambda: bids.normalize_bids(BIDS, USD, UNITS, missing="zero"), "missing: 'zero', expected 'highest'"),
        (lambda: bids.normalize_bids(BIDS, USD, UNITS, missing={"pick": 1}), "estimate of storage: None, expected"),
        (lambda: bids.normalize_bids(BIDS, USD, UNITS, missing={"storage": -1}), "estimate of storage: -1, expected"),
        (lambda: bids.knock_outs(TWO), "minimum, maximum: no limit"),
        (lambda: bids.knock_outs(TWO, minimum={"capacity": 1}), "options: no column capacity"),
        (lambda: scoring.weighted_score(TWO, [1], ["min", "max"]), "weights: .*expected 2 numbers"),
        (lambda: scoring.weighted_score(TWO, [1, 1], ["min", "max"], "points"), "directions .*expected 'max'"),
        (lambda: scoring.weighted_score(TWO * 1e3, [1, 1], ["max", "max"], "points"), "matrix .*expected .*100"),
        (lambda: scoring.weighted_score(TWO, {"cost": 1}, ["min", "max"]), "weights: .'cost'., expected one for each"),
        (lambda: scoring.weighted_score(TWO, [1, 1], ["low", "max"]), "directions: .*expected 'max' or 'min'"),
        (lambda: scoring.weighted_score(TWO * -1, [1, 1], ["min", "max"]), "matrix: a value is not above 0"),
        (lambda: scoring.weighted_score(TWO, [1, 1], ["min", "max"], "vector"), "normalization: 'vector', expected"),
        (
            lambda: scoring.weighted_score(TWO.assign(cost=None), [1, 1], ["min", "max"]),
            "matrix: cost: nan in row A, expected a finite number",
        ),
        (lambda: scoring.flip_weights(TWO, [1, 0], ["min", "max"]), "matrix: expected at least two options"),
        (
            lambda: scoring.topsis(TWO.iloc[[0, 0]].set_axis(["A", "B"]), [1, 1], ["min", "max"]),
            "matrix: the options do not differ",
        ),
        (
            lambda: scoring.ahp_weights(["a", "b", "c"], [("a", "b", 2)]),
            "comparisons: none of a with c, expected every",
        ),
        (
            lambda: scoring.ahp_weights(["a", "b"], [("a", "b", 2), ("b", "a", 2)]),
            "comparisons: 'b' with 'a', expected each",
        ),
        (lambda: scoring.ahp_weights(["a", "b"], [("a", "b", 0)]), "ratio of a to b: 0, expected a number above 0"),
        (lambda: scoring.ahp_weights(["a"], []), "items: .'a'., expected 2 to 10"),
        (lambda: purchase_cost.total_cost_of_ownership(PAIR), "costs: no column option, element, year, cost_usd"),
        (lambda: purchase_cost.landed_cost(1, 1, 0.1, duty_base="DDP"), "duty_base: 'DDP', expected 'FOB' or 'CIF'"),
        (lambda: purchase_cost.landed_cost(-1, 1, 0.1), "goods: -1, expected a finite number of at least 0"),
        (lambda: purchase_cost.allocate_landed_cost(ITEMS, {}, "price"), "basis: 'price', expected one of value"),
        (lambda: purchase_cost.allocate_landed_cost(ITEMS, {}, "weight"), "items: no column unit_weight_lb"),
        (lambda: purchase_cost.allocate_landed_cost(ITEMS * 0, {}), "units"),
        (lambda: purchase_cost.allocate_landed_cost(ITEMS, {"duty": -1.0}), "duty"),
        (lambda: purchase_cost.allocate_landed_cost(ITEMS.assign(unit_cost_usd=0), {}), "unit_cost_usd: 0 in all"),
        (lambda: purchase_cost.should_cost(3, 20, 0.2, 1, 1, 0.1, margin_rate=1), "no finite result"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
