"""Made-up stories are true to themselves: every sum holds, every figure is in a sum or given, stories agree.

And every figure of an answer that is no made-up story is a fact or a recorded value.
"""

import re
from collections.abc import Iterator

import pytest

from studykit import bank
from studykit.published import resolve_roles
from tests.book.pages import typed_figures
from tests.book.test_questions import OPEN, spoken
from tests.conftest import BOOK
from tests.unit.stories import SHARED, SUMS

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
ITEMS = bank.load()
ROUNDED = 0.04  # what rounding may change at most: a figure said to one digit is rounded by more than its reader thinks
INVENTED = [name for name, item in ITEMS.items() if item.get("model", {}).get("invented")]


def story(name: str) -> str:
    """The text of an item's model answer, or the givens of a page, without facts and identifiers such as 3PL."""
    if name.startswith("page "):
        page = (BOOK / f"{name.removeprefix('page ')}.md").read_text(encoding="utf-8")
        text = re.search(r"^:class: givens\n(.*?)^:::", page, re.DOTALL | re.MULTILINE)[1]
    else:
        text = ITEMS[name]["model"]["text"]
    return re.sub(r"\{\w+\}`[^`]*`|\b\d*[A-Za-z]+\d+\w*\b|\b\d+[A-Za-z]\w*\b", " ", text)


def figures(text: str) -> list[str]:
    return [found.rstrip(",") for found in FIGURE.findall(text)]


def amount(figure: str) -> float:
    """A figure as it is written: 6.2% is 0.062."""
    plain = float(figure.strip("[]").replace(",", "").rstrip("%"))
    return plain / 100 if figure.rstrip("]").endswith("%") else plain


def unit(figure: str) -> float:
    """What the last digit of a figure that is not a trailing zero is worth.

    >>> unit("3,000"), unit("10.4"), unit("0.9%"), unit("5.10")
    (1000.0, 0.1, 0.001, 0.01)
    """
    whole, _, part = figure.strip("[]%").replace(",", "").partition(".")
    power = -len(part) if part else len(whole) - len(whole.rstrip("0"))
    return 10.0**power / (100 if figure.endswith("%") else 1)


def wrong(total: str) -> str | None:
    """What is wrong with a sum such as ``48,000 * 6.2% = 3,000``, or None."""
    terms, result = total.split(" = ")
    made = eval(" ".join(t if t in "()+-*/" else repr(amount(t)) for t in terms.split()), {"__builtins__": {}})
    allowed = min(unit(result) / 2, ROUNDED * amount(result))
    return None if abs(made - amount(result)) <= allowed + 1e-9 else f"{total}: {made:,.6g}"


def used(entry: dict[str, list[str]]) -> Iterator[str]:
    """Every figure of a story that its entry accounts for."""
    yield from entry["given"]
    for total in entry["sums"]:
        yield from (term for term in total.split() if term[0].isdigit())


def problems(name: str, text: str, entry: dict[str, list[str]]) -> list[str]:
    """Sums that do not hold, figures that nobody accounts for, and figures of the entry that the text does not say."""
    said, known = figures(text), set(used(entry))
    return [
        *filter(None, map(wrong, entry["sums"])),
        *(f"{name}: {figure} is in no sum" for figure in dict.fromkeys(said) if figure not in known),
        *(f"{name}: {figure} is not said" for figure in sorted(known - set(said))),
    ]


def test_every_invented_story_has_its_sums():
    assert {name for name in SUMS if not name.startswith("page ")} == set(INVENTED), (
        "add the story to tests/unit/stories.py"
    )


@pytest.mark.parametrize("name", SUMS)
def test_a_story_adds_up(name):
    assert problems(name, story(name), SUMS[name]) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("48,000", "84,000", "is in no sum"),
        ("6,600", "9,600", "9,600 is in no sum"),
        ("1.8%", "2.8%", "2.8% is in no sum"),
        ("4,620 dollars", "some dollars", "4,620 is not said"),
    ],
)
def test_a_changed_figure_is_found(old, new, found):
    text = story("beh-cross-functional")
    assert old in text
    assert any(found in problem for problem in problems("x", text.replace(old, new), SUMS["beh-cross-functional"]))


@pytest.mark.parametrize(
    "total", ["48,000 * 6.2% = 2,990", "225,000 * 8% = 19,000", "15,000 * 31 / [100] = 4,560", "99 * 34 = 3,380"]
)
def test_a_wrong_sum_is_found(total):
    assert wrong(total)


@pytest.mark.parametrize("told", SHARED, ids=lambda told: told[0])
def test_stories_agree(told):
    for name in SHARED[told]:
        text = " ".join(ITEMS[name]["model"]["text"].split())
        assert [figure for figure in told if figure not in text] == [], name


@pytest.mark.parametrize("item", OPEN, ids=lambda item: item["id"])
def test_every_fact_and_value_of_an_answer_exists(item):
    shown = resolve_roles(item)
    assert not re.search(r"\{(?:fact|value)\}`", str(shown))


@pytest.mark.parametrize(
    "damage",
    [
        {"explain": "Late dispatch was 3.1%."},
        {"weak": {"text": "It saved 40,000 dollars.", "why": ["No base"]}},
        {"plan": [{"beat": "Cut cost by 12%", "seconds": 20}]},
        {"probes": [{"ask": "Why 7 days?", "listens_for": "A reason"}]},
    ],
)
def test_a_typed_figure_in_an_answer_is_found(damage):
    sound = next(item for item in OPEN if "model" in item and not item["model"].get("invented"))
    assert [figure for text in spoken(sound) for figure in typed_figures(text)] == []
    assert [figure for text in spoken(sound | damage) for figure in typed_figures(text)] != []


@pytest.mark.parametrize("name", ["{fact}`us.gone`", "{value}`cost-management/gone`"])
def test_a_name_that_leads_nowhere_is_refused(name):
    with pytest.raises(ValueError, match="gone"):
        resolve_roles({"model": {"text": name}})
