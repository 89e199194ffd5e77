"""Rules of the house: who may import whom."""

import ast
from pathlib import Path

import pytest

LIB = Path(__file__).parents[2] / "book" / "lib"
FORBIDDEN = {
    "fulfillment": {"studykit", "sphinx", "docutils", "myst_nb", "ipywidgets", "anywidget", "IPython", "jupyter_book"},
    "studykit": {"fulfillment"},
    "studykit/bank": {"fulfillment", "sphinx", "docutils", "myst_nb", "ipywidgets", "anywidget", "IPython", "pandas"},
    "studykit/widgets": {"fulfillment", "sphinx", "docutils", "myst_nb"},
    "studykit/sphinx": {"fulfillment", "ipywidgets", "anywidget", "pandas"},
}


def imported(path: Path) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_stay_in_the_house(package):
    modules = sorted((LIB / package).rglob("*.py"))
    assert modules
    breaches = {path.name: sorted(imported(path) & FORBIDDEN[package]) for path in modules}
    assert {name: names for name, names in breaches.items() if names} == {}
