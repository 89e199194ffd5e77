"""A negotiation game played out in Python, to hold the page's against and to judge the script by."""

from collections.abc import Mapping, Sequence
from typing import Any

from fulfillment.procurement.negotiation import Counterpart, Package

Step = Mapping[str, Any]
"""``{"offer": package}``, ``{"accept": True}`` (what they offered last), ``{"walk": True}``, or once before one of these
in a round ``{"ask": issue}``."""


def play(game: Mapping[str, Any], seed: int, steps: Sequence[Step]) -> dict[str, Any]:
    """What happened (``events``), the ``deal`` (or None), and what it, or walking away, is worth to ``you`` and ``them``."""
    other, left = Counterpart(game, seed), iter(steps)
    standing, offers, events = other.packages[0], [], []

    def note(turn: int, by: str, did: str, **what: Any) -> None:
        events.append({"round": turn, "by": by, "did": did, **what})

    def result(deal: Package | None) -> dict[str, Any]:
        worths = (other.yours(deal), other.worth(deal)) if deal else (game["your_batna"], other.reserve)
        return {"events": events, "deal": list(deal) if deal else None, "you": worths[0], "them": worths[1]}

    for turn in range(1, len(other.aspirations) + 1):
        step = next(left)
        if "ask" in step:
            note(turn, "you", "ask", issue=step["ask"], rank=other.rank(step["ask"]))
            step = next(left)
        if step.get("accept"):
            note(turn, "you", "accept")
            return result(standing)
        if step.get("walk"):
            note(turn, "you", "walk")
            return result(None)
        offers.append(tuple(step["offer"]))
        note(turn, "you", "offer", package=list(offers[-1]))
        counter = other.reply(offers)
        if counter is None:
            note(turn, "them", "accept")
            return result(offers[-1])
        if turn < len(other.aspirations):
            standing = counter
            note(turn, "them", "counter", package=list(counter))
    note(turn, "them", "walk")
    return result(None)


def best_response(game: Mapping[str, Any], seed: int) -> list[Step]:
    """Steps of somebody who knows the other side's script: asks for everything, then for the most they would take."""
    other = Counterpart(game, seed)
    everything = max(other.packages, key=other.yours)
    return [*({"offer": everything} for _ in other.aspirations[1:]), {"offer": other.best(other.reserve)}]
