"""When two runs of a notebook say the same: what a reader sees is alike to the letter, numbers to a millionth.

Another processor adds the same numbers in another order, so the last digits of a sum differ. Text, tables and whatever
else is printed must be equal; in what holds numbers as numbers (a figure's data, a recorded value, the states of an
explorer) two numbers are the same within `TOLERANCE`.
"""

import base64
import math
from typing import Any

import numpy as np

#: Relative difference up to which two numbers behind a figure, a widget or a recorded value are the same
TOLERANCE = 1e-6
#: What counts as nothing beside zero, where a relative difference means nothing
ZERO = 1e-9
NUMERIC = (
    "application/vnd.plotly.v1+json",
    "application/vnd.studykit.value.v1+json",
    "application/vnd.studykit.widget.v1+json",
)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _array(value: dict[str, Any]) -> np.ndarray:
    """An array as Plotly packs it: little-endian bytes in base64."""
    return np.frombuffer(base64.b64decode(value["bdata"]), np.dtype(value["dtype"]).newbyteorder("<"))


def _same_array(stored: dict[str, Any], fresh: dict[str, Any]) -> bool:
    if (stored["dtype"], stored.get("shape")) != (fresh["dtype"], fresh.get("shape")):
        return False
    old, new = _array(stored), _array(fresh)
    return len(old) == len(new) and np.allclose(new, old, rtol=TOLERANCE, atol=ZERO, equal_nan=True)


def keep_equal_numbers(stored: Any, fresh: Any) -> Any:
    """A fresh JSON value with the stored number wherever the two are the same.

    >>> keep_equal_numbers({"y": [1 / 3, 2.0]}, {"y": [0.333333333, 2.1]})
    {'y': [0.3333333333333333, 2.1]}
    >>> keep_equal_numbers([1.0, "74%"], [1.0001, "73%"])
    [1.0001, '73%']
    """
    if _number(stored) and _number(fresh):
        return stored if math.isclose(stored, fresh, rel_tol=TOLERANCE, abs_tol=ZERO) else fresh
    if isinstance(stored, dict) and isinstance(fresh, dict):
        if "bdata" in stored and "bdata" in fresh and _same_array(stored, fresh):
            return stored
        return type(fresh)({key: keep_equal_numbers(stored.get(key), value) for key, value in fresh.items()})
    if isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        return [keep_equal_numbers(old, new) for old, new in zip(stored, fresh, strict=True)]
    return fresh


def keep_equal_outputs(stored: list[Any], fresh: list[Any]) -> list[Any]:
    """A cell's fresh outputs with the stored numbers wherever the two are the same; what is shown stays as it is."""
    for old, new in zip(stored, fresh, strict=False):
        for kind in NUMERIC:
            if kind in old.get("data", {}) and kind in new.get("data", {}):
                new["data"][kind] = keep_equal_numbers(old["data"][kind], new["data"][kind])
    return fresh
