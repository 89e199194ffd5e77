"""Saved answers in a notebook: read whole or refused by name, and counted as the progress page counts them."""

import json

import pandas as pd
import pytest

from studykit import progress
from tests.conftest import ROOT

ITEMS = {
    name: {"stage": stage, "responsibility": responsibility, "rev": 1, "learn": f"page/{name}"}
    for name, stage, responsibility in [
        ("one", "technical", ["cost"]),
        ("two", "technical", ["cost", "tracking"]),
        ("three", "case", []),
        ("four", "case", ["tracking"]),
    ]
}


def entry(number, item="one", verdict="wrong", **more):
    return {
        "id": f"aaaaaaaaaa-{number}",
        "item": item,
        "rev": 1,
        "time": 1_780_000_000_000 + number * 40_000_000,
        "answer": "a",
        "verdict": verdict,
    } | more


@pytest.fixture
def save(tmp_path):
    def write(*entries, **changes):
        path = tmp_path / "saved.json"
        content = {"format": "studykit-log", "version": 2, "cleared": {}, "entries": list(entries)}
        path.write_text(json.dumps(content | changes), encoding="utf-8")
        return path

    return write


ANSWERS = [
    entry(1, certainty=3),
    entry(2, certainty=3, seconds=12),
    entry(3, "two", "right", certainty=1),
    entry(4, "three", "seen", scores={"own-part": 3}),
    entry(5, "four", "right", rev=2),
    entry(6, "two", "wrong", seed=4),
]


def test_reads_what_was_saved_in_the_order_of_time(save):
    answers = progress.read(save(*reversed(ANSWERS))).reviews
    assert answers.index.tolist() == [one["id"] for one in ANSWERS]
    assert answers["verdict"].tolist() == [one["verdict"] for one in ANSWERS]
    assert str(answers["time"].dt.tz) == "UTC"
    assert answers["certainty"].tolist()[:3] == [3, 3, 1]
    assert pd.isna(answers["seed"].iloc[0])
    assert progress.read(save()).reviews.empty


@pytest.mark.parametrize(
    ("entries", "changes", "words"),
    [
        ([entry(1), entry(2, verdict="maybe")], {}, "entry 2: verdict: 'maybe', expected one of right"),
        ([entry(1, certainty=4)], {}, "entry 1: certainty: 4, expected 1, 2 or 3"),
        ([entry(1, surprise=1)], {}, "entry 1: surprise: not a field"),
        ([entry(1) | {"id": "x"}], {}, "entry 1: id: 'x'"),
        ([{key: value for key, value in entry(1).items() if key != "rev"}], {}, "entry 1: rev: missing"),
        (["text"], {}, "entry 1: not an entry"),
        ([], {"version": 3}, "version"),
        ([], {"entries": {}}, "entries: expected a list"),
    ],
)
def test_a_bad_file_is_refused_by_name(save, entries, changes, words):
    with pytest.raises(ValueError, match=r"^saved\.json: ") as refusal:
        progress.read(save(*entries, **changes))
    assert words in str(refusal.value)


TABLE = json.loads((ROOT / "tests" / "unit" / "log_entries.json").read_text(encoding="utf-8"))


def made(row):
    """An entry of the table that the page's check is held to as well (``tests/js/entry.test.mjs``)."""
    if "entry" in row:
        return row["entry"]
    if "note" in row:
        return TABLE["note"] | row["note"]
    long = {name: row.get("sign", "a") * length for name, length in row.get("long", {}).items()}
    fields = TABLE["base"] | row.get("with", {}) | long
    return {name: value for name, value in fields.items() if name != row.get("without")}


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: row["name"])
def test_an_entry_is_accepted_or_refused_as_the_table_says(save, row):
    path = save(made(row))
    if "field" not in row:
        progress.read(path)
    else:
        with pytest.raises(ValueError, match=rf"^saved\.json: entry 1: {row['field']}(:|$)"):
            progress.read(path)


def test_what_is_no_json_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("nonsense")
    with pytest.raises(ValueError, match=r"^a\.json: not JSON"):
        progress.read(tmp_path / "a.json")


def test_counts(save):
    answers = progress.read(save(*ANSWERS)).reviews
    assert progress.item_status(answers, ITEMS).to_dict() == {
        "one": "wrong", "two": "wrong", "three": "seen", "four": "changed",
    }  # fmt: skip
    assert progress.by_certainty(answers)[["answers", "right"]].to_dict("index") == {
        "Not sure": {"answers": 1, "right": 1},
        "Sure": {"answers": 2, "right": 0},
    }
    cells = progress.coverage(answers, ITEMS | {"five": ITEMS["four"] | {"recorded": "chapters/page"}})
    assert cells.loc[("technical", "cost")].tolist() == [2, 2, 0]
    assert cells.loc[("case", "tracking")].tolist() == [1, 0, 0]
    weak = progress.weak_spots(answers, ITEMS)
    assert weak["missed"].to_dict() == {"one": 2, "two": 1}
    assert progress.by_day(answers)["answers"].sum() == 5
    assert progress.weak_spots(answers[:0], ITEMS).empty


def test_charts_say_what_they_show(save):
    answers = progress.read(save(*ANSWERS)).reviews
    assert progress.accuracy_chart(answers).layout.title.text == "40% of 5 graded answers were right"
    assert progress.calibration_chart(answers).layout.title.text == "Right answers: not sure 100%, sure 0%"
    chart = progress.coverage_chart(answers, ITEMS)
    assert chart.layout.title.text == "3 of 4 questions answered, 0 right the last time"
    assert list(chart.data[0].x) == [100, 50]
    with pytest.raises(ValueError, match="certainty: no answer has one"):
        progress.calibration_chart(answers[3:])


def test_an_answer_to_a_merged_item_counts_for_the_one_that_stayed(save):
    items = ITEMS | {"four": ITEMS["four"] | {"rev": 3, "replaces": ["five"]}}
    old, new = entry(1, "five"), entry(2, "four", "wrong", rev=3)
    assert progress.item_status(progress.read(save(old)).reviews, items)["four"] == "changed"
    assert progress.item_status(progress.read(save(old, new)).reviews, items)["four"] == "wrong"
    assert progress.weak_spots(progress.read(save(old, new)).reviews, items).loc["four", "missed"] == 2


def note(number, name, value, **more):
    return {"id": f"aaaaaaaaaa-{number}", "time": 1_780_000_000_000 + number, "note": name, "value": value} | more


def test_spoken_answers_scores_and_stories_are_tables_of_their_own(save):
    given = progress.read(
        save(
            entry(1, "three", "seen", answer="I led the tender", round="r-1", seconds=90, scores={"own": 5, "sum": 3}),
            entry(2, "four", "seen", round="r-1", delivery={"spoken": 61.5, "pauses": 2}),
            entry(3, "three", "seen", scores={"own": 1}),
            note(4, "story-tender", {"title": "A tender", "action": "I led it.", "questions": ["three"]}),
            note(5, "plan", {"day": "2026-12-10", "minutes": 45}),
            note(7, "story-tender", {"title": "The tender"}),
            note(6, "story-tender", {"title": "Tender"}),
            note(8, "story-gone", {"title": "Gone"}),
            note(9, "story-gone", None),
        )
    )
    assert len(given.reviews) == 3
    assert given.spoken["words"].tolist() == [4, 1]
    assert given.spoken.loc["aaaaaaaaaa-2", ["round", "spoken", "pauses"]].tolist() == ["r-1", 61.5, 2]
    assert pd.isna(given.spoken.loc["aaaaaaaaaa-1", "spoken"])
    assert given.scores[["item", "row", "score"]].to_numpy().tolist() == [
        ["three", "own", 5],
        ["three", "sum", 3],
        ["three", "own", 1],
    ]
    assert given.stories["title"].to_dict() == {"story-tender": "The tender"}, "of a note the latest counts"
    assert given.stories.columns.tolist() == progress.STORY_PARTS
    assert given.notes["plan"] == {"day": "2026-12-10", "minutes": 45}


def test_a_file_of_the_first_version_is_read(save):
    assert len(progress.read(save(*ANSWERS, version=1)).reviews) == len(ANSWERS)
