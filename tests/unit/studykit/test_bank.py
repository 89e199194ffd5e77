"""The question bank: what is wrong is refused by name, what is computed is right, and the house rules hold."""

import copy
import json
import math
import re

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.formulas import FORMULAS
from studykit import bank
from studykit.bank.exports.anki_deck import card_sides
from studykit.bank.expressions import evaluate, fill, names
from studykit.published import VALUE
from tests.conftest import ROOT

ITEMS = bank.load()


EXERCISE = {
    "type": "numeric",
    "stem": "{{parcels}} parcels; the mean is {{mean:.2f}}.",
    "recorded": "chapters/some-page",
    "derive": [{"total": "parcels * mean"}],
    "answer": {"value": "total", "unit": "USD", "tolerance": {"abs": 0.1}, "show": ",.1f"},
    "slips": [
        {"value": "mean", "feedback": "One parcel, {{mean}}.", "misconception": "mean-for-total"},
        {"value": "billed", "feedback": "That was billed.", "misconception": "billed-only"},
    ],
    "steps": ["{{parcels}} × {{mean}} = {{total:.1f}} by {{day}}"],
}
RECORDED = {
    "parcels": (1200, "1,200"),
    "mean": (6.5, "$6.50"),
    "billed": (7000.0, "$7,000"),
    "day": ("June 30", "June 30"),
}


def choice(name, correct=False, **extra):
    extra |= {"correct": True} if correct else {"misconception": "some-mistake"}
    return {"id": name, "text": f"Choice {name}", "feedback": "Why.", **extra}


BASE = {"rev": 1, "stage": "technical", "stem": "A question?", "explain": "Why.", "sources": [{"ref": "chapter:some"}]}
OPEN = {
    "kind": "case",
    "about": "A question",
    "plan": [{"beat": f"Say {part}", "seconds": 20} for part in ("this", "that", "more")],
    "rubric": [
        {"id": name, "name": name, "anchors": {"1": "a", "3": "b", "5": "c"}} for name in ("one", "two", "three")
    ],
    "probes": [{"ask": "Why?", "listens_for": "A reason"}] * 2,
}
SAMPLES = {
    "mcq": {"choices": [choice("a"), choice("b", True), choice("c")]},
    "multi": {"choices": [choice("a"), choice("b", True, missed="You left it out."), choice("c", True)]},
    "numeric": {
        "stem": "Add {{a}} and {{b}}.",
        "params": {"a": {"int": [10, 90], "step": 10}, "b": {"choice": [1.5, 2, 2.5]}},
        "derive": [{"total": "a + b"}],
        "seeds": list(range(8)),
        "answer": {"value": "total", "unit": "hours", "units": {"days": 24}, "tolerance": {"abs": 0.1}, "show": ".1f"},
        "slips": [
            {"value": "a - b", "feedback": "Subtracted {{b}}.", "misconception": "wrong-sign"},
            {"value": "a * b", "feedback": "Multiplied.", "misconception": "wrong-operation"},
        ],
        "steps": ["{{a}} + {{b}} = {{total:.1f}}"],
    },
    "order": {"sequence": [{"id": name, "text": f"Step {name}"} for name in ("a", "b", "c", "d")]},
    "match": {
        "pairs": [{"left": f"L{i}", "right": f"R{i}"} for i in range(3)],
        "extra_right": ["R3"],
    },
    "cloze": {"text": "Under {{x}} the seller pays.", "blanks": {"x": {"accept": ["DDP"]}}},
    "open": OPEN
    | {"listens_for": ["A reason"], "model": {"text": "Good."}, "weak": {"text": "Bad.", "why": ["No figure"]}},
    "card": {"front": "OTIF", "back": "On time, in full."},
}


def item(kind, **changes):
    return copy.deepcopy({"id": f"some-{kind}", "type": kind} | BASE | SAMPLES[kind] | changes)


def exercise(**changes):
    return copy.deepcopy({"id": "some-exercise"} | BASE | EXERCISE | changes)


def record(root, values=None, page="chapters/some-page"):
    """A notebook of ``root`` whose stored outputs hold ``values``."""
    entries = [
        {"name": name, "value": value, "text": text, "unit": "", "format": ""}
        for name, (value, text) in (RECORDED if values is None else values).items()
    ]
    path = root / "book" / f"{page}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [{"outputs": [{"data": {VALUE: entries}}]}]}))
    return root


def write(folder, *items, name="some"):
    content = {"schema": 1, "bank": name, "items": list(items)}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    return folder


def without(source, *path):
    """``source`` less the field at ``path``."""
    copied = copy.deepcopy(source)
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return copied


def put(source, value, *path):
    """``source`` with ``value`` at ``path``."""
    copied = copy.deepcopy(source)
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return copied


def test_schema_is_a_schema():
    schema = json.loads((ROOT / "book/lib/studykit/bank/item.schema.json").read_text())
    jsonschema_rs.meta.validate(schema)


def test_every_kind_loads_and_becomes_json(tmp_path):
    brief = without(without(without(item("open", id="some-brief"), "model"), "weak"), "listens_for")
    items = bank.load(write(tmp_path, *map(item, SAMPLES), brief))
    payloads = [bank.payload(loaded) for loaded in items.values()]
    assert [payload["type"] for payload in payloads] == [*SAMPLES, "open"]
    assert json.loads(json.dumps(payloads, allow_nan=False)) == payloads


REFUSED = {
    "no key": (without(item("mcq"), "choices", 1, "correct"), "choices", "exactly one"),
    "no key at all": (item("mcq", choices=[choice(name) for name in "abc"]), "choices", "exactly one"),
    "two keys": (item("mcq", choices=[choice("a", True), choice("b", True), choice("c")]), "choices", "exactly one"),
    "five choices": (
        item("mcq", choices=[choice("a", True), *map(choice, "bcde")]),
        "choices",
        "has more than 4 items",
    ),
    "nothing right": (item("multi", choices=[choice(name) for name in "abc"]), "choices", "at least one"),
    "choice without feedback": (
        without(item("mcq"), "choices", 0, "feedback"),
        "choices.0",
        '"feedback" is a required',
    ),
    "distractor without misconception": (
        without(item("mcq"), "choices", 0, "misconception"),
        "choices.0",
        '"misconception" is a required',
    ),
    "choice id twice": (put(item("mcq"), "a", "choices", 1, "id"), "choices", "a is used twice"),
    "no answer": (without(item("numeric"), "answer"), "", '"answer" is a required'),
    "no unit": (without(item("numeric"), "answer", "unit"), "answer", '"unit" is a required'),
    "no seeds": (without(item("numeric"), "seeds"), "", "'seeds'"),
    "seven seeds": (item("numeric", seeds=[1, 2, 3, 4, 5, 6, 7]), "seeds", "has less than"),
    "one slip": (item("numeric", slips=SAMPLES["numeric"]["slips"][:1]), "slips", "has less than"),
    "slip without name": (
        without(item("numeric"), "slips", 1, "misconception"),
        "slips.1",
        '"misconception" is a required',
    ),
    "two tolerances": (
        put(item("numeric"), {"abs": 1, "rel": 0.1}, "answer", "tolerance"),
        "answer.tolerance",
        "has more than 1",
    ),
    "float without step": (put(item("numeric"), {"float": [1, 2]}, "params", "a"), "params.a", "expected int"),
    "seeds beside recorded": (exercise(seeds=list(range(8))), "", "or 'recorded' alone"),
    "neither": (without(exercise(), "recorded"), "", "or 'recorded' alone"),
    "recorded by a notebook without its folder": (exercise(recorded="page"), "recorded", "does not match"),
    "open, half full": (without(item("open"), "weak"), "", "full (listens_for, model and weak) or brief"),
    "open without a plan": (without(item("open"), "plan"), "", '"plan" is a required'),
    "a beat without its seconds": (without(item("open"), "plan", 0, "seconds"), "plan.0", '"seconds" is a required'),
    "an invented story without its skeleton": (
        put(item("open"), True, "model", "invented"),
        "model",
        '"skeleton" is a required',
    ),
    "two rubric rows": (put(item("open"), OPEN["rubric"][:2], "rubric"), "rubric", "has less than"),
    "rubric without an anchor": (
        without(item("open"), "rubric", 2, "anchors", "3"),
        "rubric.2.anchors",
        '"3" is a required',
    ),
    "one probe": (put(item("open"), OPEN["probes"][:1], "probes"), "probes", "has less than"),
    "after what is not listed before": (
        put(item("order"), ["d"], "sequence", 1, "after"),
        "sequence.1.after",
        "d is not",
    ),
    "two equal right sides": (put(item("match"), "R1", "extra_right", 0), "pairs", "the same"),
    "blank without an entry": (item("cloze", text="{{x}} and {{y}}"), "blanks", "['x', 'y']"),
    "another kind's field": (item("card", choices=[choice("a")]), "", "'choices' was unexpected"),
    "unknown kind": (item("mcq", type="riddle"), "type", '"riddle"'),
    "no source": (item("card", sources=[]), "sources", "less than 1 item"),
    "fact without an id": (item("card", sources=[{"ref": "fact: us.ldr"}]), "sources.0.ref", "does not match"),
    "learn without an anchor": (item("card", learn="performance-tracking"), "learn", "does not match"),
}


@pytest.mark.parametrize(("wrong", "field", "words"), REFUSED.values(), ids=REFUSED)
def test_refusal_names_file_item_and_field(tmp_path, wrong, field, words):
    with pytest.raises(ValueError, match=r"some\.yaml") as refusal:
        bank.load(write(tmp_path, item("card", id="fine"), wrong))
    lines = str(refusal.value).splitlines()
    where = ": ".join(part for part in ["some.yaml", f"item {wrong['id']!r}", field] if part)
    assert any(line.startswith(f"{where}: ") and words in line for line in lines), lines
    assert not any("'fine'" in line for line in lines)


UNCOMPUTED = {
    "unknown name": (put(item("numeric"), "a + c", "answer", "value"), "answer.value", "'c' is not defined"),
    "unknown function": (put(item("numeric"), "eoq(a)", "answer", "value"), "answer.value", "'eoq' not defined"),
    "no syntax": (put(item("numeric"), "a +", "derive", 0, "total"), "derive.0", "'a +'"),
    "not a number": (put(item("numeric"), "'a' * 3", "answer", "value"), "answer.value", "'a'"),
    "division by zero": (put(item("numeric"), "a / (b - b)", "slips", 0, "value"), "slips.0.value", "division"),
    "reaches for Python": (put(item("numeric"), "a.__class__", "answer", "value"), "answer.value", "__class__"),
    "name in a text": (put(item("numeric"), "{{d}}", "steps", 0), "steps.0", "{{d}} names no value"),
    "empty range": (put(item("numeric"), {"int": [5, 5]}, "params", "a"), "params.a", "low < high"),
    "fewer variants than seeds": (
        item("numeric", params={"a": {"int": [1, 2]}, "b": {"choice": [30, 40]}}),
        "seeds",
        "no new variant",
    ),
    "slip on the key": (put(item("numeric"), "a + b + 0.15", "slips", 0, "value"), "slips.0.value", "of the key"),
    "slip on a slip": (put(item("numeric"), "a - b + 0.01", "slips", 1, "value"), "slips.1.value", "of slips.0.value"),
    "rounding not accepted": (put(item("numeric"), ",.0f", "answer", "show"), "answer.tolerance", "is not accepted"),
}


@pytest.mark.parametrize(("wrong", "field", "words"), UNCOMPUTED.values(), ids=UNCOMPUTED)
def test_numeric_refusal_names_file_item_and_field(tmp_path, wrong, field, words):
    loaded = bank.load(write(tmp_path, wrong))["some-numeric"]
    with pytest.raises(ValueError, match=rf"^some\.yaml: item 'some-numeric': {re.escape(field)}: ") as refusal:
        bank.payload(loaded)
    assert words in str(refusal.value)


UNRECORDED = {
    "missing in the key": (put(exercise(), "billd", "answer", "value"), "answer.value", "did you mean 'billed'"),
    "missing in a slip": (put(exercise(), "zone", "slips", 1, "value"), "slips.1.value", "'zone' is not recorded by"),
    "missing in a step": (put(exercise(), "{{zone}}", "steps", 0), "steps.0", "'zone' is not recorded by"),
    "missing in what is derived": (put(exercise(), [{"a": "zone"}], "derive"), "derive.0", "'zone' is not recorded"),
    "text in the key": (put(exercise(), "day * mean", "answer", "value"), "answer.value", "'day * mean'"),
    "a format that does not fit": (put(exercise(), "{{day:.1f}}", "steps", 0), "steps.0", "'f'"),
    "no notebook": (exercise(recorded="chapters/other"), "recorded", "no notebook book/chapters/other.ipynb"),
    "no value in it": (exercise(recorded="chapters/empty"), "recorded", "hold no recorded value"),
    "slip on the key": (put(exercise(), "total + 0.1", "slips", 0, "value"), "slips.0.value", "of the key"),
}


@pytest.mark.parametrize(("wrong", "field", "words"), UNRECORDED.values(), ids=UNRECORDED)
def test_an_exercise_whose_values_are_not_recorded_is_refused_by_field(tmp_path, wrong, field, words):
    record(tmp_path, {}, "chapters/empty")
    loaded = bank.load(write(record(tmp_path), wrong))["some-exercise"]
    with pytest.raises(ValueError, match=rf"^some\.yaml: item 'some-exercise': {re.escape(field)}: ") as refusal:
        bank.payload(loaded, root=tmp_path)
    assert words in str(refusal.value)


def test_an_exercise_has_one_version_made_of_what_its_notebook_recorded(tmp_path):
    loaded = bank.load(write(record(tmp_path), exercise()))["some-exercise"]
    (only,) = bank.payload(loaded, root=tmp_path)["variants"]
    assert only["stem"] == "1,200 parcels; the mean is 6.50."
    assert only["answer"] == {"value": 7800, "tolerance": 0.1, "text": "7,800.0"}
    assert [slip["value"] for slip in only["slips"]] == [6.5, 7000]
    assert only["slips"][0]["feedback"] == "One parcel, $6.50."
    assert only["steps"] == ["1,200 × $6.50 = 7800.0 by June 30"]
    record(tmp_path, RECORDED | {"unused": (1, "1")})
    assert bank.payload(loaded, root=tmp_path)["variants"] == [only]
    record(tmp_path, RECORDED | {"mean": (7.5, "$7.50")})
    (changed,) = bank.payload(loaded, root=tmp_path)["variants"]
    assert changed["answer"]["value"] == 9000
    assert changed["seed"] != only["seed"], "an answer to the older key is no answer to this one"


def test_only_its_name_brings_an_exercise_into_a_quiz(tmp_path):
    folder = write(tmp_path, item("mcq", learn="page/one"), exercise(learn="page/one"))
    for asked in ({"bank": "some"}, {"learn": "page"}):
        assert [one["id"] for one in bank.choose(**asked, folder=folder)] == ["some-mcq"]
    assert [one["id"] for one in bank.choose("some-exercise", folder=folder)] == ["some-exercise"]
    with pytest.raises(ValueError, match="expected items with bank 'some'"):
        bank.choose(bank="some", folder=write(tmp_path, exercise()))


def test_names_of_an_expression():
    assert names("round(a * b / max(c, 2)) + eoq(d)", {"eoq": abs}) == {"a", "b", "c", "d"}
    assert names("a +") == names(3) == set()


def test_a_file_that_is_no_bank_is_refused_by_name(tmp_path):
    write(tmp_path, item("card"))
    (tmp_path / "some.yaml").write_text("bank: [")
    with pytest.raises(ValueError, match=r"some\.yaml: not YAML"):
        bank.load(tmp_path)
    write(tmp_path, item("card"))
    (tmp_path / "some.yaml").rename(tmp_path / "other.yaml")
    with pytest.raises(ValueError, match=r"other\.yaml: bank: 'some', expected 'other'"):
        bank.load(tmp_path)
    write(tmp_path, item("card"), name="another")
    write(tmp_path, item("card"), name="other")
    with pytest.raises(ValueError, match=r"other\.yaml: item 'some-card': id: used in another\.yaml too"):
        bank.load(tmp_path)
    with pytest.raises(ValueError, match="found none"):
        bank.load(tmp_path / "nowhere")


def test_a_merged_item_has_one_place_and_the_kept_one_asks_anew(tmp_path):
    kept = item("mcq", id="kept", rev=2, replaces=["gone", "older"])
    loaded = bank.load(write(tmp_path, kept))
    assert bank.retired(loaded) == {"gone": "kept", "older": "kept"}
    assert bank.payload(loaded["kept"])["replaces"] == ["gone", "older"]
    with pytest.raises(ValueError, match="'gone' was merged into 'kept'"):
        bank.choose("gone", folder=tmp_path)
    with pytest.raises(ValueError, match="item 'kept': replaces: 'gone' is still an item"):
        bank.load(write(tmp_path, kept, item("mcq", id="gone")))
    with pytest.raises(ValueError, match="item 'other': replaces: 'older' is replaced by 'kept' too"):
        bank.load(write(tmp_path, kept, item("mcq", id="other", rev=2, replaces=["older"])))
    with pytest.raises(ValueError, match="item 'kept': rev: expected at least 2"):
        bank.load(write(tmp_path, kept | {"rev": 1}))


def test_variants_are_drawn_once_and_hold_their_numbers(tmp_path):
    loaded = bank.load(write(tmp_path, item("numeric", require=["a > 2 * b", "a != 30"])))["some-numeric"]
    drawn = [tuple(map(float, re.findall(r"\d+(?:\.\d+)?", one["stem"]))) for one in bank.payload(loaded)["variants"]]
    assert len(set(drawn)) == len(loaded["seeds"])
    for (a, b), one in zip(drawn, bank.payload(loaded)["variants"], strict=True):
        assert a != 30
        assert b in (1.5, 2, 2.5)
        assert one["answer"] == {"value": a + b, "tolerance": 0.1, "text": f"{a + b:.1f}"}
        assert [slip["value"] for slip in one["slips"]] == [a - b, a * b]
        assert one["steps"] == [f"{a:g} + {b:g} = {a + b:.1f}"]
    longer = loaded | {"seeds": [*loaded["seeds"], 99]}
    assert bank.payload(longer)["variants"][:-1] == bank.payload(loaded)["variants"]


def test_expressions_may_call_what_the_caller_hands_in(tmp_path):
    called = put(item("numeric"), "hypot(a, y=b)", "answer", "value")
    loaded = bank.load(write(tmp_path, called))["some-numeric"]
    payload = bank.payload(loaded, functions={"hypot": lambda x, y: math.sqrt(x * x + y * y)})
    a, b = map(float, re.findall(r"\d+(?:\.\d+)?", payload["variants"][0]["stem"]))
    assert payload["variants"][0]["answer"]["value"] == pytest.approx(math.hypot(a, b), rel=1e-11)


def test_units_that_may_be_typed(tmp_path):
    loaded = bank.load(write(tmp_path, item("numeric")))["some-numeric"]
    assert bank.payload(loaded)["units"] == {"hours": 1, "hour": 1, "days": 24, "day": 24}
    dollars = put(loaded, "USD", "answer", "unit")
    assert bank.payload(dollars)["units"]["$"] == 1


def test_evaluate_refuses_what_is_not_finite():
    with pytest.raises(ValueError, match="expected a finite number, got inf"):
        evaluate("x * 10", {"x": 1e308})
    assert fill("{{x}} of {{y}}, {{z:.1f}}", {"x": 1200, "y": 0.1 + 0.2, "z": 2}) == "1,200 of 0.3, 2.0"


def right_order(rows, ids):
    return all(ids.index(before) < ids.index(row["id"]) for row in rows for before in row["after"])


@pytest.mark.parametrize("number", range(40))
def test_an_order_is_never_shown_in_a_right_order(tmp_path, number):
    free = put(item("order", id=f"order-{number}"), ["a"], "sequence", 3, "after")
    strict = item("order", id=f"strict-{number}")
    for loaded in bank.load(write(tmp_path, free, strict)).values():
        payload = bank.payload(loaded)
        assert right_order(payload["rows"], payload["solution"])
        assert not right_order(payload["rows"], [row["id"] for row in payload["rows"]])


def test_keys_fall_on_every_place(tmp_path):
    loaded = bank.load(write(tmp_path, *(item("mcq", id=f"mcq-{i}") for i in range(300))))
    places = [[c.get("correct", False) for c in bank.payload(one)["choices"]].index(True) for one in loaded.values()]
    assert all(70 < places.count(place) < 130 for place in range(3))


def test_choices_that_keep_their_order_say_so_to_the_page_and_print_as_listed(tmp_path):
    plain = item("mcq", choices=[choice("c"), choice("a", True), choice("b")])
    loaded = bank.load(write(tmp_path, plain, plain | {"id": "kept", "keep_order": True}))
    assert "keep_order" not in bank.payload(loaded["some-mcq"])
    kept = bank.payload(loaded["kept"])
    assert kept["keep_order"] is True
    assert [one["id"] for one in kept["choices"]] == ["c", "a", "b"]
    for name in loaded:
        front, _ = card_sides(loaded[name])
        assert re.findall(r"Choice (\w)", front) == [one["id"] for one in bank.payload(loaded[name])["choices"]]


@pytest.fixture(scope="session")
def banks(tmp_path_factory):
    """Makes a new folder for each bank."""
    return lambda: tmp_path_factory.mktemp("bank")


@settings(max_examples=min(40, settings().max_examples))
@given(kinds=st.permutations(list(SAMPLES)), cut=st.integers(1, len(SAMPLES) - 1), random=st.randoms())
def test_where_an_item_stands_in_the_files_changes_nothing_of_it(banks, kinds, cut, random):
    plain = bank.load(write(banks(), *map(item, SAMPLES)))
    moved = {kind: item(kind) for kind in kinds}
    for kind in ("mcq", "multi"):
        random.shuffle(moved[kind]["choices"])
    folder = banks()
    write(folder, *(moved[kind] for kind in kinds[:cut]), name="one")
    write(folder, *(moved[kind] for kind in kinds[cut:]), name="two")
    for name, loaded in bank.load(folder).items():
        assert bank.payload(loaded) == bank.payload(plain[name])


@pytest.mark.parametrize("by", [{"bank": "some"}, {"learn": "a-page"}])
def test_an_item_chosen_and_mixed_in_is_asked_once(banks, by):
    folder = write(banks(), item("mcq", learn="a-page/a-part"), item("card", learn="a-page/a-part"))
    write(folder, item("cloze", id="older"), name="other")
    chosen = bank.choose(**by, also=["older", "some-mcq"], folder=folder)
    assert [one["id"] for one in chosen] == ["some-mcq", "some-card", "older"]
    with pytest.raises(ValueError, match="'some-mcq' stands twice"):
        bank.choose("some-mcq", also=["some-mcq"], folder=folder)


# The guide's own items


def test_payloads_repeat():
    again = bank.load()
    for name, loaded in ITEMS.items():
        assert json.dumps(bank.payload(loaded, FORMULAS)) == json.dumps(bank.payload(again[name], FORMULAS))


def test_p_chart_keys_equal_the_formula_of_the_library():
    variants = bank.payload(ITEMS["perf-p-chart-limit"])["variants"]
    assert len(variants) >= 8
    for one in variants:
        percent, orders = re.search(r"averaged ([\d.]+)% .* dispatches ([\d,]+) orders", one["stem"]).groups()
        p, n = float(percent) / 100, int(orders.replace(",", ""))
        key = 100 * FORMULAS["p_chart_upper"](p=p, n=n, k=3)
        assert one["answer"]["value"] == pytest.approx(key, rel=1e-10)
        assert one["answer"]["value"] == pytest.approx(100 * (p + 3 * (p * (1 - p) / n) ** 0.5), rel=1e-10)
        fraction, two_sigma, no_root, width = (slip["value"] for slip in one["slips"])
        assert fraction == pytest.approx(key / 100)
        assert width == pytest.approx(key - 100 * p)
        assert two_sigma == pytest.approx(key - (key - 100 * p) / 3)
        assert no_root < 101 * p


@pytest.mark.parametrize("name", [name for name, one in ITEMS.items() if one["type"] == "numeric"])
def test_slips_stand_clear_of_the_key(name):
    for one in bank.payload(ITEMS[name], FORMULAS)["variants"]:
        for slip in one["slips"]:
            assert abs(slip["value"] - one["answer"]["value"]) > 2 * one["answer"]["tolerance"]


def test_figures_in_signal_or_noise_are_right():
    one = ITEMS["perf-signal-or-noise"]
    p, north, late_north, rate_north, south, late_south, rate_south = (
        float(number.replace(",", "")) for number in re.findall(r"[\d.,]*\d", one["stem"])
    )
    assert (rate_north, rate_south) == (round(100 * late_north / north, 1), round(100 * late_south / south, 1))
    sds = [
        (late - n * p / 100) / math.sqrt(n * p / 100 * (1 - p / 100))
        for n, late in ((north, late_north), (south, late_south))
    ]
    assert round(sds[0]) == 1
    assert round(sds[1]) == 5
    feedback = next(c["feedback"] for c in one["choices"] if c["id"] == "south")
    usual, spread, moved = (
        int(part) for part in re.search(r"(\d+) late .* by (\d+) or so.* by (\d+)", feedback).groups()
    )
    assert usual == south * p / 100
    assert moved == late_south - usual
    assert spread == round(math.sqrt(usual * (1 - p / 100)))


def test_facts_cited_exist():
    files = [yaml.safe_load(path.read_text()) for path in (ROOT / "data/facts").glob("*.yaml")]
    known = {fact["id"] for facts in files if isinstance(facts, list) for fact in facts}
    cited = {
        s["ref"].removeprefix("fact:") for one in ITEMS.values() for s in one["sources"] if s["ref"].startswith("fact:")
    }
    assert cited
    assert cited <= known
