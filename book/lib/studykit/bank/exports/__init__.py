"""The bank for other programs: an Anki deck, and what learning systems import. The same bank writes the same bytes."""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from studykit.bank import Item, is_exercise
from studykit.bank.exports.anki_deck import TIMES, anki, card_times
from studykit.bank.exports.gift_file import gift
from studykit.bank.exports.moodle_xml import moodle
from studykit.bank.exports.qti_package import qti
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
    """Write the bank without exercises to ``folder``, for Anki, Moodle and what reads QTI; returns the files' paths.

    ``times`` says when each card changed, as `studykit.bank.exports.anki_deck.note_times` writes it.
    """
    items = {name: item for name, item in items.items() if not is_exercise(item)}
    changed = {name: when for name, (_, when) in card_times(items, functions, times).items()}
    contents = {
        f"{NAME}.apkg": anki(items, functions, changed),
        f"{NAME}.gift": gift(items, functions).encode(),
        f"{NAME}.xml": moodle(items, functions).encode(),
        f"{NAME}-qti21.zip": qti(items, functions),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]
