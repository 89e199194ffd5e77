"""The house rules of the question bank, held against every item of it."""

import math
import re

import mpmath
import pytest
import yaml

from fulfillment.formulas import FORMULAS
from studykit import bank
from studykit.bank import cues
from studykit.bank.expressions import FUNCTIONS, slots
from studykit.bank.numeric import draw_parameters, recorded_values
from tests.book.pages import cells, markdown, sources
from tests.conftest import BOOK, ROOT

ITEMS = bank.load()
NUMERIC = [item for item in ITEMS.values() if item["type"] == "numeric" and not bank.is_exercise(item)]
EXERCISES = [item for item in ITEMS.values() if bank.is_exercise(item)]
OPEN = [item for item in ITEMS.values() if item["type"] == "open"]
CLOSED = [item for item in ITEMS.values() if item["type"] in ("mcq", "multi")]
PAGES = {path.stem: path for path in sources(BOOK)}
STORY = re.compile(r"\bI (?:was|led|took|moved|found|called|asked|built|decided|negotiated|agreed|ran)\b")
QUOTED = 10  # words in a row that an item may not share with the page that teaches it


def named(items):
    return pytest.mark.parametrize("item", items, ids=lambda item: item["id"])


def exactly(expression, values):
    """The value at thirty digits, by Python's own grammar: not the evaluator that froze the variants."""
    if not isinstance(expression, str):
        return mpmath.mpf(str(expression))
    precise = {name: getattr(mpmath, name) for name in ("sqrt", "exp", "log", "ceil", "floor")}
    plain = {name: FUNCTIONS[name] for name in ("min", "max", "abs", "round")}
    called = {
        name: lambda _f=formula, **given: _f(**{k: float(v) for k, v in given.items()})
        for name, formula in FORMULAS.items()
    }
    return eval(expression, {"__builtins__": {}}, called | precise | plain | values)


@named(NUMERIC)
def test_keys_and_slips_equal_a_recomputation_and_stand_apart(item):
    frozen = bank.payload(item, FORMULAS)["variants"]
    for drawn, variant in zip(draw_parameters(item, FORMULAS), frozen, strict=True):
        with mpmath.workdps(30):
            values = {name: mpmath.mpf(str(drawn[name])) for name in item["params"]}
            for step in item.get("derive", []):
                for name, expression in step.items():
                    values[name] = exactly(expression, values)
                    assert float(values[name]) == pytest.approx(drawn[name], rel=1e-9, abs=1e-12)
            key = exactly(item["answer"]["value"], values)
            assert variant["answer"]["value"] == pytest.approx(float(key), rel=1e-9, abs=1e-12)
            for slip, held in zip(item["slips"], variant["slips"], strict=True):
                assert held["value"] == pytest.approx(float(exactly(slip["value"], values)), rel=1e-9, abs=1e-12)
                assert abs(held["value"] - variant["answer"]["value"]) > 2 * variant["answer"]["tolerance"]


@named(EXERCISES)
def test_an_exercise_equals_a_recomputation_from_what_its_notebook_recorded(item):
    held, _ = recorded_values(item, FORMULAS)
    (variant,) = bank.payload(item, FORMULAS)["variants"]
    with mpmath.workdps(30):
        derived = {name for step in item.get("derive", []) for name in step}
        values = {
            name: mpmath.mpf(str(value))
            for name, value in held.items()
            if name not in derived and not isinstance(value, str)
        }
        for step in item.get("derive", []):
            for name, expression in step.items():
                values[name] = exactly(expression, values)
        for part, frozen in [(item["answer"], variant["answer"]), *zip(item["slips"], variant["slips"], strict=True)]:
            assert frozen["value"] == pytest.approx(float(exactly(part["value"], values)), rel=1e-9, abs=1e-12)


@named(EXERCISES)
def test_an_exercise_is_asked_by_one_cell_of_its_notebook(item):
    source = "\n".join(cell["source"] for cell in cells(BOOK / f"{item['recorded']}.ipynb"))
    assert source.count(f'check("{item["id"]}"') == 1


@named(NUMERIC)
def test_the_question_says_every_number_that_its_answer_needs(item):
    said = set(slots(item["stem"]))
    for step in reversed(item.get("derive", [])):
        for name, expression in step.items():
            if name in said:
                said |= set(re.findall(r"[a-z_]\w*", str(expression)))
    assert set(item["params"]) <= said


@named(NUMERIC)
def test_a_number_in_the_question_is_printed_whole(item):
    """A parameter that is rounded in the stem would make the key unreachable."""
    found = re.findall(r"\{\{\s*(\w+)\s*(?::([^{}]+))?\}\}", item["stem"])
    for drawn in draw_parameters(item, FORMULAS):
        for name, spec in found:
            if name in item["params"] and spec:
                text = format(drawn[name], spec)
                shown = float(text.replace(",", "").rstrip("%")) / (100 if text.endswith("%") else 1)
                assert shown == pytest.approx(drawn[name], rel=1e-9), (name, text, drawn[name])


def test_keys_stand_in_every_place():
    places = [
        [choice.get("correct", False) for choice in bank.payload(item)["choices"]].index(True)
        for item in CLOSED
        if item["type"] == "mcq" and not item.get("keep_order")
    ]
    for place in set(places):
        expected = sum(
            1 / len(item["choices"]) for item in CLOSED if item["type"] == "mcq" and len(item["choices"]) > place
        )
        assert places.count(place) <= expected + 3 * math.sqrt(expected) + 1


@named(CLOSED)
def test_numbers_to_choose_from_rise_and_stay_so(item):
    opening = [
        re.match(r"(?:about |up to )?\$?(\d[\d,.]*)(?=[ :,%]|$)", choice["text"], re.I) for choice in item["choices"]
    ]
    numbers = [float(found[1].rstrip(".,").replace(",", "")) for found in opening if found]
    if len(set(numbers)) > 1:
        assert item.get("keep_order"), f"numbers, and no keep_order: {numbers}"
        assert numbers == sorted(numbers)


SINGLE = [item for item in CLOSED if item["type"] == "mcq"]
SURE = 2  # standard errors over chance that a guesser may reach


@pytest.mark.parametrize("items", [SINGLE, CLOSED], ids=["one right choice", "with those of several"])
def test_a_guesser_who_knows_the_habits_and_not_the_subject_gains_nothing(items):
    found = cues.guesses(cues.closed(items))
    assert len(found) > 20
    assert {name: guess for name, guess in found.items() if guess.errors > SURE} == {}


def told(number, key, others):
    """A made-up question whose key is ``key``."""
    right = number % 4
    texts = [key if place == right else f"{others} {place}" for place in range(4)]
    return cues.Closed(f"made-up-{number}", "Which one?", texts, tuple(place == right for place in range(4)))


def test_each_way_to_give_the_key_away_is_found():
    for rule, key, others in [
        ("longest", "A rather long choice with many words in it", "Short"),
        ("gives no reason", "Ship it today, by the rule of the house", "Wait, because it costs less by far"),
        ("opens with no verdict", "Look at the dock for an hour", "No, look at the dock for an hour"),
        ("joins two parts with and", "Ask the carrier and wait", "Ask the carrier, then wait"),
        ("holds a hedge", "It usually pays", "It always pays"),
        ("holds no absolute word", "It usually pays", "It always pays"),
        ("holds a verb of method", "Compare them first", "Leave them first"),
        ("most numbers", "3 of 100 orders", "Some of the orders"),
    ]:
        found = cues.guesses([told(number, key, others) for number in range(40)])
        assert found[rule].errors > SURE, rule
        for name in cues.LEARNED:
            assert found[name].share == pytest.approx(1), (rule, name)


def test_a_guess_among_equals_is_chance():
    same = cues.Closed("made-up", "Which one?", ["Same text"] * 4, (True, False, False, False))
    guess = cues.by_rule([same] * 20)["longest"]
    assert (guess.share, guess.chance, guess.errors) == (0.25, 0.25, 0)


@named(CLOSED)
def test_every_choice_explains_itself(item):
    assert 3 <= len(item["choices"]) <= (4 if item["type"] == "mcq" else 6)
    for choice in item["choices"]:
        assert len(choice["feedback"].split()) >= 4, choice["id"]
        assert not re.search(r"\b(?:all|none|both|neither) of (?:the above|these)\b", choice["text"], re.IGNORECASE)
    texts = [choice["text"].strip().lower() for choice in item["choices"]]
    assert len(set(texts)) == len(texts)


@named(OPEN)
def test_a_story_that_was_made_up_says_so(item):
    model = item.get("model")
    if model and (item["kind"] == "behavioral" or STORY.search(model["text"])):
        assert model.get("invented"), "a model answer that tells what somebody did is invented and says so"


@named(OPEN)
def test_the_rubric_tells_its_levels_apart(item):
    for row in item["rubric"]:
        assert len({row["anchors"][level].strip().lower() for level in ("1", "3", "5")}) == 3, row["id"]
        for pattern in row.get("detect", []):
            re.compile(pattern)


SKILLS = yaml.safe_load((ROOT / "data" / "skills.yaml").read_text(encoding="utf-8"))


@named(list(ITEMS.values()))
def test_an_item_names_skills_of_the_list(item):
    assert item.get("skills"), "expected at least one"
    assert set(item["skills"]) <= SKILLS.keys()
    assert len(set(item["skills"])) == len(item["skills"])


@pytest.mark.parametrize("skill", SKILLS)
def test_a_skill_says_what_it_is_and_has_three_items(skill):
    assert SKILLS[skill].endswith(".")
    assert len(SKILLS[skill].split()) >= 6
    assert sum(skill in item["skills"] for item in ITEMS.values()) >= 3


CLOSED_IN_EACH_STAGE = 12


@pytest.mark.parametrize("stage", bank.STAGES)
def test_each_stage_has_closed_questions_enough_for_an_exam(stage):
    kinds = [item["type"] for item in ITEMS.values() if item["stage"] == stage]
    assert sum(kind not in ("open", "card") for kind in kinds) >= CLOSED_IN_EACH_STAGE


def test_several_right_choices_are_from_one_to_all():
    """Somebody who knows how many choices are usually right learns nothing from that."""
    shares = [
        (sum(bool(choice.get("correct")) for choice in item["choices"]), len(item["choices"]))
        for item in CLOSED
        if item["type"] == "multi"
    ]
    assert min(right for right, _ in shares) == 1
    assert sum(right == listed for right, listed in shares) >= 3
    assert all("Choose all" in item["stem"] for item in CLOSED if item["type"] == "multi")


def test_a_number_may_need_its_method_chosen_first():
    unnamed = [item for item in NUMERIC if item["file"] == "choose-the-method.yaml"]
    titles = [formula.title.lower() for formula in FORMULAS.values()]
    assert len(unnamed) >= 20
    for item in unnamed:
        assert not [title for title in titles if title in item["stem"].lower()], item["id"]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"\{[\w:-]+\}`[^`]*`", " ", text).lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + QUOTED]) for i in range(len(found) - QUOTED + 1)}


@named([item for item in ITEMS.values() if "learn" in item])
def test_an_item_does_not_quote_the_page_that_teaches_it(item):
    taught = runs(markdown(PAGES[item["learn"].split("/")[0]]))
    texts = [item["stem"], *(choice["text"] for choice in item.get("choices", []))]
    texts += [item[field] for field in ("text",) if field in item]  # a card says what the page says
    for text in texts:
        assert not (runs(text) & taught), text


def test_at_most_two_in_five_ask_for_recall():
    levels = [item["level"] for item in ITEMS.values() if "level" in item]
    assert levels.count("recall") <= 0.4 * len(levels)
