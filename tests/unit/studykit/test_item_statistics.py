"""Statistics of items from saved files: values computed by hand, one count a reader, and bad files left out by name."""

import json

import pytest

from studykit import bank
from studykit.bank.__main__ import main
from studykit.bank.item_statistics import by_reader, first_answers, statistics, table
from tests.unit.studykit.test_bank import item, write

BROWSERS = "abcdef"


@pytest.fixture
def items(tmp_path):
    made = [item("mcq", id=name) for name in ("one", "two", "three")]
    return bank.load(write(tmp_path, *made, item("multi"), item("numeric"), item("card"), item("open")))


def entry(reader: str, number: int, name: str, answer="b", verdict=None, **more):
    """The right choice of the samples is b."""
    told = verdict or ("right" if answer == "b" else "wrong")
    held = {"id": f"{reader * 10}-{number}", "item": name, "rev": 1, "time": 1_780_000_000_000 + number}
    return held | {"answer": answer, "verdict": told} | more


#: Four readers answer three items: right, wrong by a, wrong by c.
ANSWERS = {"a": "bbb", "b": "bba", "c": "bcb", "d": "aaa"}
FILES = [
    [entry(reader, n, name, answer) for n, (name, answer) in enumerate(zip(("one", "two", "three"), row, strict=True))]
    for reader, row in ANSWERS.items()
]


def test_difficulty_discrimination_and_choices_are_what_a_hand_computes(items):
    found = statistics(items, by_reader(FILES))
    assert list(found) == ["one", "two", "three"]
    one = found["one"]
    assert (one.readers, one.right, one.difficulty) == (4, 3, 0.75)
    # right 1, 1, 1, 0; shares on two and three 1, 1/2, 1/2, 0: covariance 1/8, variances 3/16 and 1/8
    assert one.discrimination == pytest.approx((1 / 8) / (3 / 16 * 1 / 8) ** 0.5)
    assert one.compared == 4
    assert one.taken == {"a": 1, "c": 0}
    # two: right 1, 1, 0, 0; shares on one and three 1, 1/2, 1, 0: covariance 1/16, variances 1/4 and 11/64
    assert found["two"].discrimination == pytest.approx((1 / 16) / (1 / 4 * 11 / 64) ** 0.5)
    assert found["two"].taken == {"a": 1, "c": 1}
    assert found["three"].taken == {"a": 2, "c": 0}


def test_a_reader_counts_once_with_the_first_answer_to_the_present_version(items):
    older = entry("a", 0, "one", "a", rev=2)
    first, second = entry("a", 1, "one", "c"), entry("a", 2, "one", "b")
    gone = entry("a", 3, "gone", "a")
    read = entry("a", 4, "some-open", "Words.", "seen")
    drawn = [entry("a", 5, "some-numeric", "1", "wrong", seed=99), entry("a", 6, "some-numeric", "2", "right", seed=3)]
    held = first_answers(items, [older, first, second, gone, read, *drawn])
    assert {name: one["id"][-1] for name, one in held.items()} == {"one": "1", "some-numeric": "6"}


def test_files_that_share_a_browser_are_of_one_reader():
    phone, desk = [entry("a", 1, "one")], [entry("b", 2, "two", "a")]
    merged = [*phone, *desk, entry("b", 3, "three")]
    other = [entry("c", 1, "one")]
    for files in ([phone, desk, other, merged], [merged, other, desk, phone], [merged, merged, other]):
        assert sorted(len(entries) for entries in by_reader(files)) == [1, 3]
    assert by_reader([[]]) == []


def test_what_does_not_vary_has_no_discrimination(items):
    right = [
        [entry(reader, 1, "one"), entry(reader, 2, "two", answer)] for reader, answer in zip("abc", "bac", strict=True)
    ]
    assert statistics(items, by_reader(right))["one"].discrimination is None
    alone = [[entry("a", 1, "one")], [entry("b", 1, "one", "a")]]
    one = statistics(items, by_reader(alone))["one"]
    assert (one.readers, one.discrimination, one.compared) == (2, None, 0)


def test_of_several_choices_each_wrong_one_is_counted(items):
    files = [
        [entry(reader, 1, "some-multi", given, "wrong")]
        for reader, given in zip("ab", (["a", "b"], ["b"]), strict=True)
    ]
    assert statistics(items, by_reader(files))["some-multi"].taken == {"a": 1}


def test_the_table_says_what_it_counted(items):
    lines = table(items, by_reader(FILES)).splitlines()
    assert lines[1].split() == ["one", "4", "3", "75%", "+0.82", "(4)", "a", "1;", "nobody:", "c"]
    assert lines[3].split() == ["three", "4", "2", "50%", "+0.30", "(4)", "a", "2;", "nobody:", "c"]
    assert lines[5].startswith("Readers: 4. Items: 3 of 7. Entries that count: 12 of 12, ")


def save(path, entries):
    content = {"format": "studykit-log", "version": 1, "cleared": {}, "entries": entries}
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_bad_files_are_named_and_left_out(tmp_path, capsys):
    name = next(name for name, one in bank.load().items() if one["type"] == "mcq")
    held = bank.load()[name]
    key = next(choice["id"] for choice in held["choices"] if choice.get("correct"))
    drawn = next(one for one in bank.load().values() if one["type"] == "numeric" and not bank.is_exercise(one))
    unseeded = entry("a", 2, drawn["id"], "1", "wrong", rev=drawn["rev"])
    good = save(tmp_path / "good.json", [entry("a", 1, name, key, "right", rev=held["rev"]), unseeded])
    broken = save(tmp_path / "broken.json", [{"id": "x"}])
    (tmp_path / "text.json").write_text("nonsense")
    main(["statistics", good, broken, str(tmp_path / "text.json"), str(tmp_path / "nowhere.json")])
    said, refused = capsys.readouterr()
    assert said.splitlines()[1].split()[:4] == [name, "1", "1", "100%"]
    assert "Entries that count: 1 of 2, " in said
    assert [line.split(":")[0] for line in refused.splitlines()] == [
        "skipped broken.json",
        "skipped text.json",
        "skipped nowhere.json",
    ]
    with pytest.raises(SystemExit, match="no file could be read"):
        main(["statistics", broken])
