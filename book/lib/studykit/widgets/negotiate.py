"""`negotiate`: a few rounds against a scripted counterpart, the same on the page and in a notebook."""

from collections.abc import Mapping
from typing import Any

import traitlets

from studykit.widgets.base import Widget

_GAME_KEYS = ("issues", "your_batna", "their_batna", "aspiration", "reserve")


class Negotiate(Widget):
    """A negotiation, made by `negotiate`.

    Synced traits: ``title``, ``party`` (who sits opposite), ``unit`` (of the worths), ``game`` (as `negotiate` takes it);
    ``seed`` of the counterpart; and what the reader did: ``events`` (each with ``round``, ``by``, ``did`` and what
    belongs to it) and, at the end, ``outcome`` (``deal``: the option of each issue by position, or None; ``you`` and
    ``them``: its worth).
    """

    kind = "negotiate"
    title = traitlets.Unicode().tag(sync=True)
    party = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    game = traitlets.Dict().tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    events: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    outcome = traitlets.Dict().tag(sync=True)

    def describe(self) -> str:
        issues = ", ".join(issue["name"] for issue in self.game["issues"])
        return f"{self.title} (a game of {len(self.game['aspiration']) + 1} rounds on {issues})"


def negotiate(game: Mapping[str, Any], *, title: str, party: str, unit: str, seed: int = 1) -> Negotiate:
    """Let a reader trade packages of terms with a counterpart that concedes by a script.

    Parameters
    ----------
    game : ``issues`` (each a ``name`` and ``options`` of ``text``, ``you`` and ``them``: whole numbers, the first
        option what the other side opens with), ``your_batna`` (worth of the reader's alternative), ``their_batna``
        (estimate of theirs, below 0), ``aspiration`` (for each round but the last, a lowest and a highest percentage of
        the way from walking away to their opening) and ``reserve`` (the same for the error of ``their_batna``).
    title : what the reader is asked to do.
    party : name of the other side.
    unit : of the worths, as a plural.
    seed : whole number; it draws what the reader cannot know of the other side.

    Raises
    ------
    ValueError if ``game`` lacks a part or an option has not two whole numbers.
    """
    missing = [key for key in _GAME_KEYS if key not in game]
    if missing:
        raise ValueError(f"negotiate {title!r}: game has no {missing[0]}, expected {', '.join(_GAME_KEYS)}")
    for issue in game["issues"]:
        for option in issue["options"]:
            if not all(isinstance(option.get(side), int) for side in ("you", "them")):
                raise ValueError(
                    f"negotiate {title!r}: {issue['name']} has {option}, expected whole numbers for you and them"
                )
    return Negotiate(game=dict(game), title=title, party=party, unit=unit, seed=seed)
