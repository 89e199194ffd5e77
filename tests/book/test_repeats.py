"""Results that do not hang on the machine: no sort leaves the order of equal rows to it, no test waits without waiting."""

import ast

import pytest

from tests.book.pages import cells, notebooks
from tests.conftest import BOOK, ROOT

SORTS = {"sort_values", "sort_index", "argsort"}
STABLE = {"stable", "mergesort"}
SOURCES = [
    *(
        pytest.param(path.read_text(encoding="utf-8"), id=path.relative_to(BOOK).as_posix())
        for path in sorted((BOOK / "lib").rglob("*.py"))
    ),
    *(
        pytest.param("\n".join(cell["source"] for cell in cells(path) if cell["cell_type"] == "code"), id=path.stem)
        for path in notebooks(BOOK)
    ),
]


def unstable(source: str) -> list[str]:
    """Sorts without ``kind="stable"``: numpy's default orders equal keys as the processor's vectors happen to fall."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in SORTS
        and not any(word.arg == "kind" and getattr(word.value, "value", "") in STABLE for word in call.keywords)
    ]


@pytest.mark.parametrize("source", SOURCES)
def test_sorts_are_stable(source):
    assert unstable(source) == []


def test_an_unstable_sort_is_found():
    source = 'a.sort_values("x")\nnp.argsort(b, kind="quicksort")\nc.sort_index()\nd.sort_values("y", kind="stable")\nsorted(e)'
    assert unstable(source) == ["a.sort_values('x')", "np.argsort(b, kind='quicksort')", "c.sort_index()"]


def impatient(source: str) -> list[str]:
    """Waits for an asynchronous function: Playwright takes its promise for a true answer and goes on at once."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "wait_for_function"
        and "async" in ast.unparse(call.args[0])
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.stem)
def test_a_wait_waits(path):
    assert impatient(path.read_text(encoding="utf-8")) == [], "use tests.site.watch.until"


def test_a_wait_that_does_not_is_found():
    assert impatient('page.wait_for_function("async () => false")\npage.wait_for_function("() => seen")')
