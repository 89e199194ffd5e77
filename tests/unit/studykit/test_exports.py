"""The bank for Anki and Moodle: every item is there, the same bank gives the same bytes, and guids outlive a rewording."""

import csv
import io
import re
import sqlite3
import zipfile

import pytest

from fulfillment.formulas import FORMULAS
from studykit import bank
from studykit.bank.__main__ import table
from studykit.bank.exports import anki, gift, load_functions, write
from studykit.bank.exports.anki_deck import EPOCH, TIMES, card_times, note_times
from tests.unit.studykit.test_bank import SAMPLES, exercise, item
from tests.unit.studykit.test_bank import write as write_bank

OWN = bank.load()


@pytest.fixture
def items(tmp_path):
    two = item(
        "cloze", id="two-blanks", text="{{x}} and {{y}}.", blanks={"x": {"accept": ["a"]}, "y": {"accept": ["b"]}}
    )
    return bank.load(write_bank(tmp_path, *map(item, SAMPLES), two))


def notes(deck: bytes, folder) -> dict[str, tuple[str, list[str]]]:
    """Guid and fields of every note by the item's id, as Anki would read them."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        assert archive.namelist() == ["collection.anki2", "media"]
        path = archive.extract("collection.anki2", folder)
    rows = sqlite3.connect(path).execute("SELECT guid, flds FROM notes").fetchall()
    fields = [(guid, text.split("\x1f")) for guid, text in rows]
    return {parts[2]: (guid, parts[:2]) for guid, parts in fields}


def test_every_item_is_a_note_and_the_same_bank_gives_the_same_bytes(items, tmp_path):
    deck = anki(items)
    assert deck == anki(items)
    held = notes(deck, tmp_path)
    assert list(held) == list(items)
    assert len({guid for guid, _ in held.values()}) == len(items)
    assert held["some-card"][1] == ["OTIF", "<p class=key><b>On time, in full.</b></p><p>Why.</p>"]
    assert "DDP" in held["some-cloze"][1][1]
    assert "DDP" not in held["some-cloze"][1][0]


def test_a_reworded_question_keeps_its_guid(items, tmp_path):
    before = notes(anki(items), tmp_path)
    after = notes(anki(items | {"some-mcq": items["some-mcq"] | {"stem": "Another wording?"}}), tmp_path)
    assert {name: guid for name, (guid, _) in before.items()} == {name: guid for name, (guid, _) in after.items()}
    assert before["some-mcq"][1] != after["some-mcq"][1]


def mods(deck: bytes, folder) -> dict[str, int]:
    """When each note was changed, by the item's id."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        path = archive.extract("collection.anki2", folder)
    rows = sqlite3.connect(path).execute("SELECT flds, mod FROM notes").fetchall()
    return {fields.split("\x1f")[2]: mod for fields, mod in rows}


def test_a_card_is_newer_once_its_text_has_changed_and_only_then(items, tmp_path, monkeypatch):
    times = tmp_path / "times.csv"

    def at(second: int, held: dict) -> dict[str, int]:
        monkeypatch.setattr("time.time", lambda: second + 0.5)
        note_times(held, path=times)
        return mods(write(tmp_path / "out", held, times=times)[0].read_bytes(), tmp_path)

    first = at(EPOCH + 100, items)
    assert first == dict.fromkeys(items, EPOCH + 100)
    assert at(EPOCH + 200, items) == first
    reworded = items | {"some-mcq": items["some-mcq"] | {"stem": "Another wording?"}}
    assert at(EPOCH + 300, reworded) == first | {"some-mcq": EPOCH + 300}
    tagged = reworded | {"some-card": items["some-card"] | {"responsibility": ["cost"]}}
    assert at(EPOCH + 400, tagged) == first | {"some-mcq": EPOCH + 300, "some-card": EPOCH + 400}
    fewer = {name: item for name, item in tagged.items() if name != "some-mcq"}
    assert "some-mcq" not in at(EPOCH + 500, fewer)
    assert times.read_text(encoding="utf-8").splitlines()[0] == "id,digest,changed"
    monkeypatch.setattr("time.time", lambda: EPOCH + 600)
    unnoted = fewer | {"some-card": items["some-card"] | {"back": "Anew."}}
    assert card_times(unnoted, path=times)["some-card"][1] == EPOCH + 600, "a build does not wait for the note"


def test_every_changed_card_of_the_guide_is_noted():
    """`make exports` notes them: without, a reader's deck would count the card as changed at each build."""
    asked = {name: one for name, one in OWN.items() if not bank.is_exercise(one)}
    with TIMES.open(encoding="utf-8", newline="") as lines:
        held = {row["id"]: row["digest"] for row in csv.DictReader(lines)}
    now = {name: digest for name, (digest, _) in card_times(asked, FORMULAS).items()}
    assert sorted(name for name in now.keys() | held.keys() if now.get(name) != held.get(name)) == []


def test_markup_in_a_question_is_text_in_a_note(items, tmp_path):
    changed = items["some-card"] | {"front": "<b>a</b> & **bold** `code`"}
    front = notes(anki({"some-card": changed}), tmp_path)["some-card"][1][0]
    assert front == "&lt;b&gt;a&lt;/b&gt; &amp; <b>bold</b> <code>code</code>"


def blocks(text: str) -> list[str]:
    return [part for part in text.strip().split("\n\n") if not part.startswith("$CATEGORY")]


def test_gift_holds_every_item_and_every_variant(items):
    parts = blocks(gift(items))
    names = [re.match(r"::(.+?)::\[markdown\]", part)[1] for part in parts]
    numeric = [f"some-numeric/{seed}" for seed in items["some-numeric"]["seeds"]]
    assert sorted(names) == sorted([*(set(items) - {"some-numeric"}), *numeric])
    assert "$CATEGORY: Interview guide/technical/some-numeric" in gift(items)
    for part in parts:
        bare = re.sub(r"\\.", "", part)
        assert bare.count("{") == bare.count("}") == 1, part
        assert part.endswith("}")


def test_gift_grades_as_the_bank_does(items):
    parts = {re.match(r"::(.+?)::", part)[1]: part for part in blocks(gift(items))}
    assert parts["some-mcq"].count("\n\t=") == 1
    assert parts["some-mcq"].count("\n\t~") == 2
    weights = [float(weight) for weight in re.findall(r"~%(-?[\d.]+)%", parts["some-multi"])]
    assert sum(weight for weight in weights if weight > 0) == pytest.approx(100)
    variant = bank.payload(items["some-numeric"])["variants"][0]
    key = f"={variant['answer']['value']:.12g}:0.1"
    assert key in parts["some-numeric/0"]
    assert "=%0%" in parts["some-numeric/0"]
    assert "= -> R3" in parts["some-match"]
    assert "=Step a -> 1" in parts["some-order"]
    assert "=DDP" in parts["some-cloze"]
    assert re.search(r"\{\n\t####", parts["two-blanks"])


def test_a_question_whose_choices_are_all_right_exports(tmp_path):
    choices = [{"id": name, "text": f"Choice {name}", "feedback": "Why.", "correct": True} for name in "abcd"]
    held = bank.load(write_bank(tmp_path, item("multi", choices=choices)))
    assert re.findall(r"~%(-?[\d.]+)%", gift(held)) == ["25"] * 4


def test_the_guides_own_bank_exports(tmp_path):
    paths = write(tmp_path, OWN, FORMULAS)
    assert [path.name for path in paths] == [f"questions{end}" for end in (".apkg", ".gift", ".xml", "-qti21.zip")]
    asked = {name: one for name, one in OWN.items() if not bank.is_exercise(one)}
    assert list(notes(paths[0].read_bytes(), tmp_path)) == list(asked)
    assert paths[1].read_text(encoding="utf-8") == gift(asked, FORMULAS)


def test_an_exercise_needs_its_tables_and_goes_into_no_deck(tmp_path):
    held = bank.load(write_bank(tmp_path, item("mcq"), exercise()))
    deck, *texts, package = write(tmp_path / "out", held)
    assert list(notes(deck.read_bytes(), tmp_path)) == ["some-mcq"]
    assert not any("some-exercise" in text.read_text(encoding="utf-8") for text in texts)
    assert zipfile.ZipFile(package).namelist() == ["imsmanifest.xml", "items/some-mcq.xml"]
    assert table(tmp_path).endswith("2 items: mcq 1, numeric 1\n1 of them exercises: chapters/some-page 1")


def test_functions_are_found_by_their_address():
    assert load_functions("fulfillment.formulas:FORMULAS") is FORMULAS


def test_the_coverage_table_counts_what_the_bank_holds(tmp_path):
    write_bank(
        tmp_path,
        item("mcq", id="a", responsibility=["cost", "tracking"]),
        item("mcq", id="b", responsibility=["cost"]),
        item("card", id="c", stage="final"),
    )
    lines = table(tmp_path).splitlines()
    assert lines[0].split() == [*bank.RESPONSIBILITIES, "none", "items"]
    assert lines[2].split() == ["technical", "-", "-", "-", "mcq", "2", "mcq", "1", "-", "2"]
    assert lines[5].split() == ["final", "-", "-", "-", "-", "-", "card", "1", "1"]
    assert lines[-1] == "3 items: mcq 2, card 1"
