"""Made-up stories are true to themselves: every sum holds, and every figure that an answer speaks is one of its story's.

And every figure of an answer that is no made-up story is a fact or a recorded value.
"""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from studykit import bank
from studykit.bank.speech import Figure, figures, last_digit
from studykit.published import load_facts, load_values, resolve_roles
from tests.book.pages import typed_figures
from tests.book.test_questions import OPEN, spoken
from tests.conftest import BOOK, ROOT

FILE = yaml.safe_load((ROOT / "data" / "stories.yaml").read_text(encoding="utf-8"))
SPEAKER, STORIES, PAGES = FILE["speaker"] | {"id": "speaker"}, FILE["stories"], FILE["pages"]
ESTIMATES = FILE["estimates"]
ITEMS = bank.load()
INVENTED = [name for name, item in ITEMS.items() if item.get("model", {}).get("invented")]
ROUNDED = 0.1  # what rounding may change at most: "about a hundred thousand" is no way to say eighty-five thousand
VAGUE = 0.13  # what "half" or "a quarter" may be off, since people say them of what is near
COMPARE_NOTES = [("hr", "behavioral", "final"), ("technical", "case")]  # rounds whose interviewers talk to each other


def values(story: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, (value, _unit) in story["figures"].items()}


def wrong(total: str, known: dict[str, float]) -> str | None:
    """What is wrong with a sum such as ``baseline * cut = saved``, or None.

    It holds to half of the result's last digit that is no trailing zero, and to four percent.
    """
    left, result = total.split(" = ")
    made = eval(left, {"__builtins__": {}}, known)
    allowed = min(last_digit(known[result]) / 2, 0.04 * known[result])
    return None if abs(made - known[result]) <= allowed + 1e-9 else f"{total}: {made:,.6g}, not {known[result]:,.6g}"


def near(heard: Figure, value: float) -> bool:
    """Whether a figure is what people say of ``value``."""
    if re.search(r"half|third|quarter|fifth|tenth", heard.text) and heard.kind == "share":
        return abs(heard.value - value) <= VAGUE * heard.value
    return abs(heard.value - value) <= min(heard.unit / 2, ROUNDED * abs(value)) + 1e-9


def is_told(heard: Figure, story: dict[str, Any]) -> bool:
    """Whether a story has a figure of that kind and size. "From six percent to two" says the second share as a number."""
    for value, unit in story["figures"].values():
        kind = "share" if unit.startswith("share") else "money" if unit.startswith("USD") else "number"
        sizes = {kind: value}
        if kind != "number":
            sizes["number"] = value * 100 if value < 1 else value
        if heard.kind in sizes and near(heard, sizes[heard.kind]):
            return True
    return False


def untold(text: str, stories: list[dict[str, Any]]) -> list[str]:
    """Figures of ``text`` that neither the stories nor the speaker has."""
    told = [*stories, SPEAKER]
    return [heard.text for heard in figures(text) if not any(is_told(heard, story) for story in told)]


def told_by(name: str) -> list[dict[str, Any]]:
    return [story for story in [*STORIES, *ESTIMATES] if name in story["answers"]]


@pytest.mark.parametrize("story", [SPEAKER, *STORIES, *ESTIMATES, *PAGES], ids=lambda story: story["id"])
def test_a_story_adds_up(story):
    known = values(story)
    assert list(filter(None, (wrong(total, known) for total in story["sums"]))) == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_stories_agree_on_what_they_share(story):
    shared = {"late_cost": "late_cost", "late_counted": "late_counted"}
    known, common = values(story), values(SPEAKER)
    assert {name: known[name] for name in shared if name in known} == {
        name: common[name] for name in shared if name in known
    }


def test_the_buildings_of_the_stories_are_the_speakers():
    known = {story["id"]: values(story) for story in STORIES}
    tender, launch, leaving, renewal = (known[name] for name in ("tender", "launch", "exit", "renewal"))
    common = values(SPEAKER)
    assert tender["signed"] == common["columbus_cost"]
    assert tender["orders"] == common["columbus_orders"]
    assert launch["contract"] == common["reno_cost"]
    assert launch["orders"] == common["reno_orders"]
    assert leaving["contract"] == common["atlanta_cost"]
    assert renewal["orders"] == common["orders"]
    assert renewal["now"] == common["cost_per_order"]


@pytest.mark.parametrize("name", INVENTED)
def test_every_figure_of_an_invented_answer_is_its_storys(name):
    assert told_by(name), "list the question under `answers` of the story in data/stories.yaml that it tells"
    assert untold(resolve_roles(ITEMS[name]["model"]["text"]), told_by(name)) == []


@pytest.mark.parametrize("estimate", ESTIMATES, ids=lambda estimate: estimate["id"])
def test_every_figure_of_an_answer_that_estimates_is_its_estimates(estimate):
    for name in estimate["answers"]:
        assert untold(resolve_roles(ITEMS[name]["model"]["text"]), told_by(name)) == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_no_story_is_told_too_often(story):
    told = [ITEMS[name] for name in story["answers"]]
    assert [item["id"] for item in told if not item["model"].get("invented")] == []
    reported = [item["stage"] for item in told if item.get("reported")]
    assert len(reported) <= 2
    for rounds in COMPARE_NOTES:
        assert sum(stage in rounds for stage in reported) <= 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["id"])
def test_the_figures_of_a_pages_example_are_those_of_its_sums(page):
    text = (BOOK / f"{page['page']}.md").read_text(encoding="utf-8")
    givens = re.search(r"^:class: givens\n(.*?)^:::", text, re.DOTALL | re.MULTILINE)[1]
    assert untold(givens, [page]) == []
    said = [heard.value for heard in figures(givens)]
    assert Counter(said)[page["figures"]["queue"][0]] > 0


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("hr-why-this-role", "nine million", "nineteen million"),
        ("beh-cross-functional", "six percent", "sixteen percent"),
        ("final-short-vs-long", "twenty cents", "sixty cents"),
        ("hr-values-mission", "sixty days", "seventy days"),
        ("beh-align-with-goals", "less than half", "less than a quarter"),
    ],
)
def test_a_changed_figure_is_found(name, old, new):
    text = " ".join(ITEMS[name]["model"]["text"].split())
    assert old in text
    assert untold(text.replace(old, new), told_by(name)) != []


@pytest.mark.parametrize("total", ["a * b = c", "a + b = c"])
def test_a_wrong_sum_is_found(total):
    assert wrong(total, {"a": 48000, "b": 0.062, "c": 2990})
    assert not wrong("a * b = c", {"a": 48000, "b": 0.062, "c": 3000})


#: What an answer says of the platform in round words, and the fact it rounds.
ROUND = [
    ("tech-optimize-speed", "three", "fbt.us.delivery_promise"),
    ("final-three-to-five-years", "eighty percent", "fbt.us.speed_heavy_users"),
    ("final-three-to-five-years", "forty percent", "fbt.us.speed_light_users"),
    ("final-motivation-trends", "eight percent", "parcel.usps_fuel_2026"),
]


@pytest.mark.parametrize(("name", "said", "fact"), ROUND)
def test_a_round_word_about_the_platform_is_near_its_fact(name, said, fact):
    heard = next(heard for heard in figures(ITEMS[name]["model"]["text"]) if heard.text.lower() == said)
    shown = figures(load_facts(ROOT / "data" / "facts")[fact]["show"])
    assert any(abs(heard.value - known.value) <= max(0.07, heard.unit / 2) for known in shown)
    assert f"fact:{fact}" in str(ITEMS[name]["sources"])


def test_the_delayed_suppliers_counts_round_those_of_the_case():
    known = values(next(estimate for estimate in ESTIMATES if estimate["id"] == "delayed-site"))
    case = {name: load_values(BOOK)[f"supplier-delay/{name}"]["value"] for name in ("arrivals", "down", "gap")}
    assert [round(case[name], -3) for name in ("arrivals", "down", "gap")] == [
        known[k] for k in ("comes", "goes", "grows")
    ]
    heard = [figure.value for figure in figures(ITEMS["case-supplier-delay"]["model"]["text"])]
    assert {known[name] for name in ("comes", "goes", "waits", "move")} <= set(heard)


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
