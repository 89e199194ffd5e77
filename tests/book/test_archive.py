"""Every notebook as a reader gets it: plain Markdown, and at work where nothing of the checkout is.

Three of them run here, `make test-archive` runs all, in an environment made from the archive's own requirements.
"""

import json
import re

import pytest

from studykit.build.bundle import contents
from tests.archive import RUN, borrow, run, unpack
from tests.conftest import BOOK, ROOT

#: Tables, facts and a game; a reader's own files; a sheet of values and questions.
THREE = ("cases/negotiation", "reference/your-own-data", "reference/contract-terms")
CODE = re.compile(r"^( *(?:> ?)*)(`{3,}|~{3,}).*?^\1\2 *$|(`+)(?!`).+?(?<!`)\3(?!`)", re.DOTALL | re.MULTILINE)
MYST = re.compile(r"\{[\w:+-]+\}`|^[ >]*:::|^[ >]*\([\w-]+\)=\s*$|^\{[.#]|\]\{[.#]|^%|\.md[)#]", re.MULTILINE)
PAGES = sorted(
    path.relative_to(BOOK).as_posix() for path in BOOK.rglob("*/*.ipynb") if ".ipynb_checkpoints" not in path.parts
)


@pytest.fixture(scope="module", params=["", "https://example.org/guide/"], ids=["no address", "an address"])
def files(request) -> dict[str, bytes]:
    return contents(ROOT, request.param)


@pytest.mark.parametrize("page", PAGES)
def test_a_copy_holds_no_myst(files, page):
    cells = json.loads(files[f"book/{page}"])["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    texts += [
        "".join(output["data"]["text/markdown"])
        for cell in cells
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]
    assert texts
    assert [found[0] for text in texts for found in MYST.finditer(role_kept(text))] == []


def role_kept(text: str) -> str:
    """A text without its code; a role's backticks are no code."""
    return CODE.sub(lambda found: found[0] if text[found.start() - 1 : found.start()] == "}" else "", text)


@pytest.mark.parametrize(
    "text",
    ["a {value}`x`", "a {fact}`us.x`", "{ref}`b <c>`", ":::{tip}\nx", "> :::", "(here)=\n# H", "[a](b.md)", "{.lead}"],
)
def test_myst_is_found(text):
    assert MYST.search(role_kept(text))


@pytest.mark.parametrize("text", ["a `{value}` b", "```\n:::\n(x)=\n```", "$x_{a}$ (b) [c](d.html)"])
def test_code_and_math_are_no_myst(text):
    assert not MYST.search(role_kept(text))


def test_three_notebooks_run_from_the_unpacked_archive(tmp_path):
    guide = unpack(tmp_path)
    python = borrow(guide)
    assert run([python, "-c", RUN, *(f"book/{name}.ipynb" for name in THREE)], guide).split() == [
        f"book/{name}.ipynb" for name in THREE
    ]
    with pytest.raises(AssertionError, match="ModuleNotFoundError"):
        run([python, "-c", "import tests.conftest"], guide)
