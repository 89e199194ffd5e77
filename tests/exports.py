"""The bank's exports, read by the programs they are made for: an Anki collection of a reader who comes back.

`make test-exports` runs it (Anki in a folder of its own). Not part of `make test`.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from fulfillment.formulas import FORMULAS
from studykit import bank
from studykit.bank.exports import anki
from studykit.bank.exports.anki_deck import EPOCH, card_sides
from studykit.bank.exports.shared import DECK

ITEMS = {name: item for name, item in bank.load().items() if not bank.is_exercise(item)}


class Reader:
    """Somebody's Anki collection."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        self.folder = folder
        self.collection = Collection(str(folder / "collection.anki2"))

    def load(self, items: dict[str, bank.Item], times: dict[str, int]) -> tuple[int, int, int]:
        """Import the bank as Anki does unless told otherwise; how many notes were new, updated, known already."""
        from anki.collection import ImportAnkiPackageRequest

        path = self.folder / "questions.apkg"
        path.write_bytes(anki(items, FORMULAS, times))
        log = self.collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path))).log
        return len(log.new), len(log.updated), len(log.duplicate)

    def review(self, *ratings: int) -> list[str]:
        """Answer the next cards; the ids of their items."""
        self.collection.decks.select(self.collection.decks.id(DECK))
        seen = []
        for rating in ratings:
            card = self.collection.sched.getCard()
            card.start_timer()
            self.collection.sched.answerCard(card, rating)
            seen.append(card.note()["Id"])
        return seen

    def history(self) -> list[Any]:
        """Every review, and where every card stands."""
        reviews = self.collection.db.all("SELECT id, cid, ease, ivl FROM revlog ORDER BY id")
        cards = self.collection.db.all("SELECT id, nid, queue, due, ivl, factor, reps, lapses FROM cards ORDER BY id")
        return [reviews, cards]

    def front(self, name: str) -> str:
        """What the card of an item asks."""
        (note,) = self.collection.find_notes(f"Id:{name}")
        return str(self.collection.get_note(note)["Front"])


def check_anki() -> str:
    """Import, review, reword a question, import again.

    Raises
    ------
    AssertionError where the wording does not arrive, a review is lost or a note is doubled.
    """
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(Path(folder))
        times = dict.fromkeys(ITEMS, EPOCH)
        assert reader.load(ITEMS, times) == (len(ITEMS), 0, 0)
        seen = reader.review(3, 1, 4)
        before = reader.history()
        assert len(before[0]) == 3
        assert reader.load(ITEMS, times) == (0, 0, len(ITEMS))
        reworded = ITEMS | {seen[1]: ITEMS[seen[1]] | {"stem": "What is asked in other words?"}}
        assert reader.load(reworded, times | {seen[1]: EPOCH + 1}) == (0, 1, len(ITEMS) - 1)
        assert "in other words" in reader.front(seen[1])
        assert reader.front(seen[0]) == card_sides(ITEMS[seen[0]], FORMULAS)[0]
        assert reader.history() == before
        assert reader.load(ITEMS, times) == (0, 0, len(ITEMS)), "an older deck takes nothing back"
        assert "in other words" in reader.front(seen[1])
        reader.collection.close()
    return f"Anki: {len(ITEMS)} notes; a reworded one is updated, its reviews are kept, none is doubled"


def main() -> int:
    """Print what each program made of the bank."""
    print(check_anki())
    return 0


if __name__ == "__main__":
    sys.exit(main())
