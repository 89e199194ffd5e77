"""Results that do not hang on the processor: no sort may leave the order of equal rows to the machine."""

import ast

import pytest

from tests.book.pages import cells, notebooks
from tests.conftest import BOOK

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
