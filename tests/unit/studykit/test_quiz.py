"""The quiz widget: what it is asked for, what it shows the page, and one module for two hosts."""

import gzip
import json
import re

import pytest

from studykit.bank import QUESTIONS, is_exercise, load, payload, stems
from studykit.build.modules import bundle
from studykit.widgets.base import MIME
from studykit.widgets.quiz import quiz
from tests.conftest import ROOT

WIDGETS = ROOT / "book/lib/studykit/widgets/js"
PERFORMANCE = "performance-tracking"


def ids(widget):
    return [item["id"] for item in widget.items]


def test_items_by_id_bank_page_and_section():
    items = {name: item for name, item in load().items() if not is_exercise(item)}
    in_file = [name for name, item in items.items() if item["file"] == f"{PERFORMANCE}.yaml"]
    assert ids(quiz(*reversed(in_file))) == in_file[::-1]
    assert ids(quiz(bank=PERFORMANCE)) == in_file
    taught = [name for name, item in items.items() if item.get("learn", "").startswith(f"{PERFORMANCE}/")]
    assert ids(quiz(learn=PERFORMANCE)) == taught
    assert ids(quiz(learn=f"{PERFORMANCE}/pareto")) == ["perf-first-moves"]
    assert quiz("perf-rate-base").items == [payload(items["perf-rate-base"])]


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((), {}, "expected one of ids, learn and bank"),
        (("perf-rate-base",), {"bank": PERFORMANCE}, "expected one of ids, learn and bank"),
        (("perf-rate-bias",), {}, f"no item 'perf-rate-bias' in {QUESTIONS}; did you mean 'perf-rate-base'"),
        (("perf-rate-base", "perf-rate-base"), {}, "'perf-rate-base' stands twice"),
        ((), {"bank": "performance"}, "bank 'performance'"),
        ((), {"learn": "performance-track"}, "learn 'performance-track'"),
    ],
)
def test_refusals(arguments, options, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        quiz(*arguments, **options)


def test_page_gets_kind_and_state_and_nothing_that_differs_between_runs():
    first, second = quiz(bank=PERFORMANCE), quiz(bank=PERFORMANCE)
    bundles = [widget._repr_mimebundle_()[0] for widget in (first, second)]
    texts = [json.dumps({kind: bundle[kind] for kind in (MIME, "text/plain")}) for bundle in bundles]
    assert texts[0] == texts[1]
    assert not re.search(r"0x[0-9a-f]{6,}| object at ", texts[0])
    assert first.model_id not in texts[0]
    assert bundles[0][MIME] == {"kind": "quiz", "state": {"answers": {}, "ids": ids(first)}}


def test_a_notebook_names_its_questions_and_stores_none():
    bundle = quiz(bank=PERFORMANCE)._repr_mimebundle_()[0]
    assert bundle["text/plain"].split(": ")[1].split(", ") == bundle[MIME]["state"]["ids"]
    assert not any(item["stem"] in json.dumps(bundle[MIME]) for item in load().values())


def test_the_plain_line_of_a_page_asks_every_question_and_gives_no_answer():
    items = quiz(bank=PERFORMANCE).items
    text = stems(items)
    assert "\n" not in text
    assert "{{" not in text
    for item in load().values():
        if item["file"] == f"{PERFORMANCE}.yaml" and item["type"] != "numeric":
            assert item["stem"] in text
            assert item["explain"] not in text


def test_answers_from_the_browser_reach_python():
    widget = quiz("perf-rate-base")
    seen = []
    widget.observe(lambda change: seen.append(change["new"]), "answers")
    entry = {"rev": 1, "answer": ["A"], "verdict": "wrong", "tries": 1}
    widget.set_state({"answers": {"perf-rate-base": entry}})
    assert seen == [{"perf-rate-base": entry}] == [widget.answers]


def test_module_stands_alone_and_names_nothing_twice():
    source = bundle("quiz")
    assert not re.search(r"^import ", source, re.MULTILINE)
    assert len(re.findall(r"^export ", source, re.MULTILINE)) == 1
    names = re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", source, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {"parseNumber", "uniqueId", "render"} <= set(names)


def test_number_module_clashes_with_no_widget_that_uses_it():
    for path in WIDGETS.glob("*.mjs"):
        names = re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", bundle(path.stem), re.MULTILINE)
        assert len(names) == len(set(names)), path.name


def test_weight():
    names = ("quiz", "question", "set_summary", "number", "dom", "log")
    sources = [(WIDGETS / f"{name}.mjs").read_bytes() for name in names]
    assert sum(len(gzip.compress(source)) for source in sources) < 25_000


def test_typed_forms_are_many_and_different():
    table = json.loads((ROOT / "tests" / "unit" / "numbers.json").read_text(encoding="utf-8"))
    assert len({row["typed"] for row in table["numbers"]}) == len(table["numbers"]) >= 180
    assert len({(row["typed"], row["wanted"]) for row in table["answers"]}) == len(table["answers"]) >= 110
    for row in table["numbers"]:
        assert row.keys() in ({"typed", "error"}, {"typed", "ask"}, {"typed", "value", "read", "unit"})
