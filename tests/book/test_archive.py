"""Every notebook as a reader gets it: plain Markdown, and at work where nothing of the checkout is.

Three of them run here, `make test-archive` runs all, in an environment made from the archive's own requirements.
"""

import json
import re

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from studykit.build.bundle import contents
from tests.archive import RUN, borrow, run, unpack
from tests.conftest import BOOK, ROOT

#: Tables, facts and a game; a reader's own files; a sheet of values and questions.
THREE = ("cases/negotiation", "reference/your-own-data", "reference/contract-terms")
#: Questions find their facts, and the exercises what notebooks had recorded.
ASK = """
from fulfillment.formulas import FORMULAS
from studykit import bank

assert all(bank.payload(item, FORMULAS) for item in bank.load().values())
print("every key computed")
"""
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


#: Plain Markdown as notebook programs read it: CommonMark with tables and math.
PLAIN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
BLOCKS = ["h1", "h2", "h3", "h4", "p", "li", "th", "td"]
TYPESET = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def words(tag) -> str:
    """What a reader sees of an element in one line, without math, and with quotes and dashes as they are typed."""
    text = re.sub(r"\s+", " ", tag.get_text()).replace("…", "...").translate(TYPESET)
    return re.sub(r"-+", "-", text).strip()


def without_math(html: str) -> BeautifulSoup:
    soup = BeautifulSoup(html, "html.parser")
    for math in soup.select(".math, math, eq, eqn, .headerlink"):
        math.extract()
    return soup


@pytest.mark.parametrize("page", PAGES)
def test_a_copy_says_what_its_page_says(site, page):
    shown = words(without_math((site / page).with_suffix(".html").read_text(encoding="utf-8")).find("article"))
    cells = json.loads((site / page).read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    found = [tag for text in texts for tag in without_math(PLAIN.render(text))(BLOCKS) if not tag.find(["p", "li"])]
    assert found
    assert [words(tag) for tag in found if words(tag) not in shown] == []


def test_three_notebooks_run_from_the_unpacked_archive(tmp_path):
    guide = unpack(tmp_path)
    python = borrow(guide)
    assert run([python, "-c", RUN, *(f"book/{name}.ipynb" for name in THREE)], guide).split() == [
        f"book/{name}.ipynb" for name in THREE
    ]
    assert run([python, "-c", ASK], guide / "book").strip() == "every key computed"
    with pytest.raises(AssertionError, match="ModuleNotFoundError"):
        run([python, "-c", "import tests.conftest"], guide)
