"""Notebooks are tests: `pytest --nbval` runs each and compares every output with the committed one.

`studykit.build.compare` says what "the same" means.
"""

from functools import partial
from typing import Any

import pytest
from nbval.plugin import IPyNbCell

from studykit.build.compare import keep_equal_outputs


def pytest_itemcollected(item: pytest.Item) -> None:
    if isinstance(item, IPyNbCell):
        item.compare_outputs = partial(_compare, item.compare_outputs)


def _compare(compare: Any, fresh: list[Any], stored: list[Any], skip: Any = None) -> bool:
    return compare(keep_equal_outputs(stored, fresh), stored, skip)
