"""An exercise's answer in a notebook: right, a named slip, how far off; and what the page gets of it."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from studykit.widgets import check
from studykit.widgets.base import MIME
from tests.unit.studykit.test_bank import exercise, item, put, record, write


@pytest.fixture
def judged(tmp_path):
    """What `check` says to an answer: the key is 7,800 USD, its tolerance 0.1."""

    def judge(answer, one=None, name="some-exercise"):
        folder = write(record(tmp_path), one or exercise(hints=["Count the **parcels** in `frame`."]), item("mcq"))
        return repr(check(name, answer, folder=folder, root=tmp_path))

    return judge


@pytest.mark.parametrize(
    "answer", [7800, 7800.05, 7799.95, np.float64(7800), np.int32(7800), np.float32(7800), Fraction(15600, 2)]
)
def test_a_right_answer_is_told_so_with_the_key_as_printed(judged, answer):
    assert judged(answer) == "Right: 7,800.0 USD.\nWhy."


@pytest.mark.parametrize(("answer", "feedback"), [(6.45, "One parcel, $6.50."), (6999.95, "That was billed.")])
def test_a_slip_is_named(judged, answer, feedback):
    assert judged(answer) == f"Not right. {feedback}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (8580, "780.0 USD too high (10% of the answer)."),
        (3900, "3,900.0 USD too low (50% of the answer)."),
        (7800.2, "0.2 USD too high."),
        (7799.87, "0.1 USD too low."),
        (-7800, "15,600.0 USD too low (200% of the answer)."),
        (1e9, "999,992,200.0 USD too high."),
    ],
)
def test_another_answer_hears_how_far_off_and_to_which_side(judged, answer, words):
    assert judged(answer) == f"Not right: {words}\nCount the parcels in frame."


def test_a_distance_below_the_digits_shown_is_not_nothing(judged):
    fine = put(put(exercise(), {"abs": 0.001}, "answer", "tolerance"), ",.0f", "answer", "show")
    assert judged(7800.03, fine) == "Not right: 0.03 USD too high."


def test_the_right_amount_in_another_unit_is_told_apart(judged):
    thousands = put(put(exercise(), "thousand USD", "answer", "unit"), {"USD": 0.001}, "answer", "units")
    assert judged(7_800_000, thousands).endswith("in another unit, and the answer is wanted in thousand USD.")
    percent = put(put(exercise(), "mean", "answer", "value"), "%", "answer", "unit")
    percent = put(percent, "parcels", "slips", 0, "value")
    assert judged(6.5, percent) == "Right: 6.5%.\nWhy."
    assert judged(0.065, percent).endswith("in another unit, and the answer is wanted in %.")
    assert judged(8.5, percent).startswith("Not right: 2.0 percentage points too high")


def test_without_an_answer_nothing_need_be_recorded_yet(tmp_path):
    folder = write(tmp_path, exercise())
    said = repr(check("some-exercise", ..., folder=folder, root=tmp_path))
    assert said == "Exercise some-exercise: no answer yet. Put your number in place of ... and run the cell."


@pytest.mark.parametrize("answer", [..., 7800, 3])
def test_the_page_gets_a_quiz_of_this_item_whatever_was_answered(tmp_path, answer):
    folder = write(record(tmp_path), exercise())
    checked = check("some-exercise", answer, folder=folder, root=tmp_path)
    assert checked._repr_mimebundle_() == {
        "text/plain": repr(checked),
        MIME: {"kind": "quiz", "state": {"answers": {}, "ids": ["some-exercise"]}},
    }


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("some-exercize", 1, "check: id: no item 'some-exercize' in "),
        ("some-exercize", 1, "; did you mean 'some-exercise'?"),
        ("some-mcq", ..., "check: id: 'some-mcq' is of type 'mcq', expected a numeric item with `recorded`"),
        ("some-exercise", "7800", "check: answer: '7800', expected a number in USD"),
        ("some-exercise", None, "check: answer: None, expected a number in USD"),
        ("some-exercise", True, "check: answer: True, expected a number in USD"),
        ("some-exercise", np.True_, "check: answer: a bool, expected a number in USD"),
        ("some-exercise", Decimal(1), "check: answer: a Decimal, expected a number in USD"),
        ("some-exercise", pd.Series([7800.0]), "check: answer: a Series, expected a number in USD"),
        ("some-exercise", float("nan"), "check: answer: nan, expected a finite number in USD"),
        ("some-exercise", np.inf, "check: answer: inf, expected a finite number in USD"),
    ],
)
def test_refusals(judged, name, answer, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        judged(answer, name=name)


def test_an_item_that_draws_its_numbers_is_refused(judged):
    with pytest.raises(ValueError, match="'some-numeric' draws its numbers anew, expected"):
        judged(1, item("numeric"), "some-numeric")


def test_a_value_that_the_notebook_lacks_is_named(judged):
    with pytest.raises(ValueError, match=r"some\.yaml: item 'some-exercise': answer\.value: 'other' is not recorded"):
        judged(1, put(exercise(), "other", "answer", "value"))
