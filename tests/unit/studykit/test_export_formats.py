"""Each export is read by a reader of its format, which asks and grades as the bank does."""

from functools import cache

import pytest

from fulfillment.formulas import FORMULAS
from studykit import bank
from studykit.bank import exports
from studykit.bank.exports.shared import html, orders
from tests import export_readers as readers
from tests.unit.studykit.test_bank import SAMPLES, choice, item, put
from tests.unit.studykit.test_bank import write as write_bank

FORMATS = {
    "GIFT": (exports.gift, readers.gift, {"mcq": "one", "multi": "several", "numeric": "number", "cloze": "essay"}),
    "Moodle XML": (exports.moodle, readers.moodle, {"mcq": "multichoice", "cloze": "cloze", "order": "matching"}),
    "QTI": (exports.qti, readers.qti, {"mcq": "choiceInteraction", "order": "orderInteraction"}),
}
payload = cache(lambda name: bank.payload(OWN[name], FORMULAS))
OWN = {name: one for name, one in bank.load().items() if not bank.is_exercise(one)}


def answers(task: dict, orders_by_place: bool):
    """Answers to a task, each with its verdict and what it must be told; orders as places where a format has no other way."""
    match task["type"]:
        case "mcq":
            return [(one["text"], bool(one.get("correct")), one["feedback"]) for one in task["choices"]]
        case "multi":
            right = [one["text"] for one in task["choices"] if one.get("correct")]
            every = [one["text"] for one in task["choices"]]
            told = next(one["feedback"] for one in task["choices"] if one.get("correct"))
            return [(right, True, told), (every, right == every, told), (right[1:], False, "")]
        case "numeric":
            key = task["answer"]
            near = [key["value"] + 0.99 * key["tolerance"], key["value"] - 0.99 * key["tolerance"]]
            slips = [(slip["value"], False, slip["feedback"]) for slip in task["slips"]]
            return [(key["value"], True, ""), *((value, True, "") for value in near), *slips]
        case "match":
            rights = [pair["right"] for pair in task["pairs"]]
            return [(rights, True, ""), ([rights[1], rights[0], *rights[2:]], False, "")]
        case "order":
            text = {row["id"]: row["text"] for row in task["rows"]}
            if orders_by_place:
                places = [str(task["solution"].index(name) + 1) for name in text]
                return [(places, True, ""), (sorted(places), False, "")]
            right = [([text[name] for name in order], True, "") for order in orders(task)]
            return [*right, ([*text.values()], False, "")]
        case "cloze":
            blanks = task["blanks"].values()
            return [([one["accept"][-1] for one in blanks], True, ""), (["?" for _ in blanks], False, "")]
    return [("Words.", False, task["back"] if task["type"] == "card" else task["plan"][0]["beat"])]


def held(name: str, items: dict) -> None:
    write, read, _ = FORMATS[name]
    found = read(write(items, FORMULAS))
    wanted = {}
    for one in items.values():
        task = payload(one["id"]) if items is OWN else bank.payload(one)
        versions = task.get("variants", [{}])
        for variant in versions[:1] if name == "QTI" else versions:
            whole = task | variant
            wanted[
                f"q-{one['id']}" if name == "QTI" else f"{one['id']}/{variant['seed']}" if variant else one["id"]
            ] = whole
    assert sorted(found) == sorted(wanted)
    for key, task in wanted.items():
        asked = found[key]
        text = task["front"] if task["type"] == "card" else task["stem"]
        shown = (
            html(text) if name == "Moodle XML" else text.replace("**", "").replace("`", "") if name == "QTI" else text
        )
        assert " ".join(shown.split()) in " ".join(asked.stem.split()), key
        if asked.kind == "essay" and task["type"] == "cloze":
            continue
        for given, right, told in answers(task, name != "QTI"):
            assert (asked.grade(given) == pytest.approx(1, abs=1e-4)) == right, (key, given)
            said = (
                html(told)
                if name == "Moodle XML"
                else told.replace("**", "").replace("`", "")
                if name == "QTI"
                else told
            )
            assert any(
                " ".join(said.split()) in " ".join(part.split()) for part in [*asked.told(given), *[""] * (not said)]
            ), (key, given)


@pytest.fixture
def samples(tmp_path):
    """One of each kind, with marks of each format in its words."""
    odd = 'Is a = {b}: ~1 # `x < y` & **bold** \\ "z"?'
    made = [item(kind, stem=f"{odd} {{{{a}}}} {{{{b}}}}" if kind == "numeric" else odd) for kind in SAMPLES]
    made = [one for one in made if one["type"] != "numeric"] + [item("numeric")]
    kept = item("mcq", id="kept", keep_order=True, hints=["Think < twice."])
    all_right = item("multi", id="all-right", choices=[choice(name, True) for name in "abc"])
    free = put(item("order", id="free"), ["a"], "sequence", 3, "after")
    blanks = {"x": {"accept": ["1/2", "half ~ {so}"], "feedback": "Of }."}, "y": {"accept": ["DDP"]}}
    two = item("cloze", id="two-blanks", text="{{x}} under {{y}} **now**.", blanks=blanks)
    return bank.load(write_bank(tmp_path, *made, kept, all_right, free, two))


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_asks_and_grades_as_the_bank_does(name, samples):
    held(name, samples)
    write, read, kinds = FORMATS[name]
    found = read(write(samples))
    for kind, wanted in kinds.items():
        prefix = "q-" if name == "QTI" else ""
        names = [f"{prefix}some-{kind}", f"{prefix}some-{kind}/0"]
        shown = next(found[one].kind for one in names if one in found)
        assert shown == wanted or (kind == "cloze" and shown == "short")
    assert write(samples) == write(samples)


@pytest.mark.parametrize("name", FORMATS)
def test_the_guides_own_bank_is_read_whole(name):
    held(name, OWN)


def test_choices_that_keep_their_order_are_not_shuffled_elsewhere(samples):
    text = exports.moodle(samples)
    assert text.count("<shuffleanswers>true</shuffleanswers>") == 4  # three of choices, one to match
    archive = exports.qti({name: samples[name] for name in ("some-mcq", "kept")})
    assert {name: asked.kind for name, asked in readers.qti(archive).items()} == dict.fromkeys(
        ("q-some-mcq", "q-kept"), "choiceInteraction"
    )
