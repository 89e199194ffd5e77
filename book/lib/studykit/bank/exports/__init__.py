"""The bank for other programs: an Anki deck, and what learning systems import. The same bank writes the same bytes."""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from studykit.bank import Item, is_exercise
from studykit.bank.exports.anki_deck import TIMES, anki, card_times
from studykit.bank.exports.gift_file import gift
from studykit.bank.numeric import Functions

NAME = "questions"


def load_functions(address: str = "") -> Functions:
    """The functions at ``module:attribute``, which is a mapping name -> function; none for an empty address.

    >>> load_functions() is None
    True
    """
    if not address:
        return None
    module, _, attribute = address.partition(":")
    functions: Mapping[str, Callable[..., Any]] = getattr(importlib.import_module(module), attribute)
    return functions


def write(folder: Path, items: Mapping[str, Item], functions: Functions = None, times: Path = TIMES) -> list[Path]:
    """Write ``questions.apkg`` and ``questions.gift`` to ``folder``, without exercises; returns their paths.

    ``times`` says when each card changed, as `note_times` writes it.
    """
    items = {name: item for name, item in items.items() if not is_exercise(item)}
    folder.mkdir(parents=True, exist_ok=True)
    deck, gift_file = folder / f"{NAME}.apkg", folder / f"{NAME}.gift"
    changed = {name: when for name, (_, when) in card_times(items, functions, times).items()}
    deck.write_bytes(anki(items, functions, changed))
    gift_file.write_text(gift(items, functions), encoding="utf-8")
    return [deck, gift_file]
