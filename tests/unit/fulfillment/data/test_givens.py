"""Givens are whole, and a name that is none of them is refused."""

import pytest

from fulfillment.data import given, given_table, givens


def test_a_name_that_is_no_given_is_refused_with_those_that_are():
    with pytest.raises(ValueError, match=r"name: 'burden' is not a given, expected one of .*payroll_burden"):
        given("burden")


def test_every_given_says_why_and_whence():
    table = given_table()
    assert table["name"].is_unique
    assert not table.isna().to_numpy().any()
    assert (table["why"].str.len() > 20).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("wage: {value: 50, unit: USD, range: [10, 40], why: w, source: s}", "wage: value 50 lies outside its range"),
        ("wage: {value: 5, unit: USD, why: w, source: s}", "wage: fields value, unit, why, source, expected value"),
    ],
)
def test_a_given_that_is_not_whole_is_named(tmp_path, monkeypatch, text, says):
    (tmp_path / "assumptions.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(givens, "DATA", tmp_path)
    with pytest.raises(ValueError, match=says):
        givens.givens.__wrapped__()
