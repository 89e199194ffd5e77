"""Rules of the house: who may import whom."""

import ast
from pathlib import Path

import pytest

from tests.book.pages import cells, notebooks
from tests.conftest import BOOK

LIB = Path(__file__).parents[2] / "book" / "lib"
FORBIDDEN = {
    "fulfillment": {"studykit", "sphinx", "docutils", "myst_nb", "ipywidgets", "anywidget", "IPython", "jupyter_book"},
    "studykit": {"fulfillment"},
    "studykit/bank": {"fulfillment", "sphinx", "docutils", "myst_nb", "ipywidgets", "anywidget", "IPython", "pandas"},
    "studykit/build": {"fulfillment", "sphinx", "docutils", "myst_nb", "ipywidgets", "anywidget", "pandas"},
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


#: Rooms of `fulfillment` by floor: a module imports from its own room and from lower floors
FLOORS = [
    {"validate"},
    {"arguments"},
    {"calendar", "formulas", "optimization"},
    {"data", "tradeoffs"},
    {"freight", "kpis", "planning", "procurement"},
    {"charts", "costing", "intake", "operations"},
    {"cases"},
    {"simulate"},
    {"__main__"},
]


def rooms_imported(path: Path) -> set[str]:
    """Rooms of `fulfillment` that a module imports from."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module.split(".")[0] == "fulfillment":
            inner = node.module.split(".")[1:2]
            rooms |= set(inner) or {alias.name for alias in node.names}
    return rooms


def room_of(path: Path) -> str:
    return path.relative_to(LIB / "fulfillment").parts[0].removesuffix(".py")


MODULES = [path for path in sorted((LIB / "fulfillment").rglob("*.py")) if path != LIB / "fulfillment" / "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(LIB).as_posix())
def test_a_module_imports_from_its_room_and_from_below(path):
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    own = room_of(path)
    above = {room for room in rooms_imported(path) if room != own and floor[room] >= floor[own]}
    assert above == set()


def test_every_room_is_on_the_map():
    rooms = {room_of(path) for path in MODULES}
    assert rooms == set().union(*FLOORS)
    described = (LIB / "fulfillment" / "__init__.py").read_text(encoding="utf-8")
    assert [room for room in sorted(rooms) if f"``{room}``" not in described] == []


def test_nothing_imports_the_simulator():
    """It can be replaced by a company's tables: chapters and analyses take what the tables hold."""
    chapters = "\n".join(
        cell["source"] for path in notebooks(BOOK) for cell in cells(path) if cell["cell_type"] == "code"
    )
    assert "fulfillment.simulate" not in chapters
    assert [path.name for path in MODULES if room_of(path) != "simulate" and "simulate" in rooms_imported(path)] == []
