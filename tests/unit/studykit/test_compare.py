"""Two runs of a notebook are the same as a reader sees them: shown text to the letter, numbers to a millionth."""

import base64

import numpy as np
import pytest

from studykit.build.compare import NUMERIC, keep_equal_numbers, keep_equal_outputs


def packed(*values: float) -> dict[str, str]:
    return {"dtype": "f8", "bdata": base64.b64encode(np.array(values).tobytes()).decode()}


@pytest.mark.parametrize("kind", NUMERIC)
@pytest.mark.parametrize(("factor", "same"), [(1 + 1e-9, True), (1 - 4e-7, True), (1 + 1e-4, False), (1 + 3e-6, False)])
def test_numbers_are_the_same_within_a_millionth(kind, factor, same):
    stored = [{"output_type": "display_data", "data": {kind: {"data": [{"y": [0.25, 3.0]}], "value": 1553.16441}}}]
    fresh = [
        {"output_type": "display_data", "data": {kind: {"data": [{"y": [0.25, 3.0]}], "value": 1553.16441 * factor}}}
    ]
    assert (keep_equal_outputs(stored, fresh) == stored) == same


@pytest.mark.parametrize(
    ("stored", "fresh"),
    [
        ("74%", "73%"),  # what is shown is compared to the letter
        (0, 1e-6),
        ([1.0, 2.0], [1.0]),
        ({"a": 1.0}, {"b": 1.0}),
        (True, 1.0000001),
        (1.0, None),
        (packed(1.0, 2.0), packed(1.0, 2.0002)),
        (packed(1.0, 2.0), packed(1.0)),
    ],
)
def test_a_difference_stays(stored, fresh):
    assert keep_equal_numbers(stored, fresh) == fresh != stored


def test_packed_arrays_are_compared_as_numbers():
    stored = packed(1 / 3, 2.0, np.nan)
    assert keep_equal_numbers(stored, packed(0.33333333333, 2.0, np.nan)) == stored


def test_shown_text_is_never_settled():
    stored = [{"data": {"text/html": "<td>0.25</td>"}}]
    fresh = [{"data": {"text/html": "<td>0.250000001</td>"}}]
    assert keep_equal_outputs(stored, fresh) == [{"data": {"text/html": "<td>0.250000001</td>"}}]
