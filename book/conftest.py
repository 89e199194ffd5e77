"""Notebooks are tests: `pytest --nbval` runs each and compares every output with the committed one."""

import pytest
from nbval.plugin import IPyNbFile


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Leave stored drawings out: each is derived from the Plotly JSON beside it, and a test holds the two together."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = (*collector.skip_compare, "image/svg+xml")
