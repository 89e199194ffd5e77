"""Figures are counted as they are heard, and an answer is measured by what it says."""

import pytest

from studykit.bank.speech import contractions, figures, filled_words, last_digit, measure, words


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("six percent out of nine million", [("share", 0.06), ("number", 9e6)]),
        ("two hundred and sixty thousand dollars", [("money", 260e3)]),
        ("six point two percent of 48,000 orders", [("share", 0.062), ("number", 48000)]),
        ("one point two million", [("number", 1.2e6)]),
        ("two and a half million more", [("number", 2.5e6)]),
        ("half a million, a quarter of a million", [("number", 5e5), ("number", 2.5e5)]),
        ("a hundred and twenty thousand", [("number", 120e3)]),
        ("forty-eight thousand", [("number", 48e3)]),
        ("nine in ten, four western orders in five", [("share", 0.9), ("share", 0.8)]),
        ("five in a hundred", [("share", 0.05)]),
        ("two thirds, three quarters, half", [("share", 2 / 3), ("share", 0.75), ("share", 0.5)]),
        ("up by a third, and a quarter of it ours", [("share", 1 / 3), ("share", 0.25)]),
        ("fifteen of the twenty cents", [("number", 15), ("money", 0.2)]),
        ("$3.58 or 42 cents, 35% flex", [("money", 3.58), ("money", 0.42), ("share", 0.35)]),
        ("eighteen thousand times in two days", [("number", 18e3), ("number", 2)]),
        ("a two-week pilot in ten states", [("number", 2), ("number", 10)]),
        ("moved nine in five weekends", [("number", 9), ("number", 5)]),
        ("one percent, one million", [("share", 0.01), ("number", 1e6)]),
        ("a dozen trailers", [("number", 12)]),
        ("half of Texas", [("share", 0.5)]),
    ],
)
def test_figures_are_heard_in_words_and_digits(text, heard):
    assert [(figure.kind, pytest.approx(figure.value)) for figure in figures(text)] == heard


@pytest.mark.parametrize(
    "text",
    [
        "one lever that I refused, one after another",
        "a quarter later, and each quarter since",
        "the first, the second, the third year",
        "a third-party warehouse, a 3PL, a 4PL and P90",
        "Always Day 1 and Always Day One",
        "it doubled twice, once in May",
        "*[two of your figures, in two sentences]*",
        "someone often attends; the tenth floor",
    ],
)
def test_what_is_no_figure_is_not_counted(text):
    assert figures(text) == []


@pytest.mark.parametrize(
    ("value", "digit"), [(48000, 1000), (6.2, 0.1), (0.062, 0.001), (0, 1), (10, 10), (1.25, 0.01), (105, 1)]
)
def test_the_last_digit_that_counts(value, digit):
    assert last_digit(value) == pytest.approx(digit)


def test_contractions_are_those_of_speech():
    assert contractions("I'd say it isn't ours, they’ve paid, and nobody's there.") == 4
    assert contractions("The carrier's bill, sellers' stock, the 3PL's SLA") == 0


def test_slots_are_filled():
    assert filled_words("We *[did what, in two sentences]* at *[company]*.") == 2 + 30 + 4
    assert words("no slot - here") == 3


def test_an_answer_is_measured():
    item = {
        "id": "x",
        "type": "open",
        "plan": [{"beat": "a", "seconds": 20}, {"beat": "b", "seconds": 10}],
        "model": {
            "text": '"By one estimate it\'s {fact}`us.otdr`; we ran an RFP on line-haul."',
            "skeleton": "I *[what]*.",
        },
    }
    found = measure(item)
    assert found.seconds == 30
    assert found.allowed == 70
    assert found.figures == 3  # the fact's own, and the digits of its date
    assert (found.contractions, found.semicolons) == (1, 1)
    assert found.labels == ["By one estimate", "{fact}"]
    assert found.trade == ["RFP", "line haul"]
    assert found.own == 5
