"""Strong answers sound like a manager who speaks: short enough, few figures, contractions, the trade's words."""

import re

import pytest

from studykit.bank import load
from studykit.bank.speech import TRADE, Measures, measure, spoken
from studykit.sphinx.glossary import spellings, terms
from tests.conftest import ROOT

MEASURES = [measure(item) for item in spoken(load().values())]
REPORTED = {item["id"] for item in load().values() if item.get("reported")}

FIGURES = 8  # in an answer
DENSITY = 5  # figures in a hundred words
FULL = 0.7  # of the seconds that an answer at least fills
CONTRACTED = 60  # words to one contraction at most
SEMICOLONS = 1

#: What one answer may do and fourteen may not: how it sounds, and in how many of the article's answers at most.
DEVICES = {
    "a refusal": (r"\b(?:said no|turned \w+ down|won't (?:buy|do|sign|pay)|refused?)\b", 6),
    "a question at the end": (r"\?\"\s*$", 6),
    "a question put to oneself": (
        r"(?:^|\n)\"?[^.!?\n]*\b(?:did I|Why leave|why here|What's it worth|did it)\b[^.!?\n]*\?",
        4,
    ),
    "heard it from me": (r"heard (?:it|that) from me|told the owner|took that to them myself", 2),
}
FOREIGN = re.compile(r"\b(?:lovely|dearer|customer care|in a hundred|nine in ten|four in five|fix(?:ed)? a campaign)\b")


def over(texts: list[str]) -> list[str]:
    """Devices that more of ``texts`` use than a panel hears as chance."""
    uses = {name: sum(bool(re.search(how, text)) for text in texts) for name, (how, _most) in DEVICES.items()}
    return [f"{name} in {count} answers" for name, count in uses.items() if count > DEVICES[name][1]]


def faults(m: Measures) -> list[str]:
    """What of an answer does not sound spoken."""
    found = {
        f"{m.words} words, of {m.allowed:.0f} that {m.seconds} seconds hold": m.words > m.allowed,
        f"{m.words} words fill less than {FULL:.0%} of {m.seconds} seconds": m.words < FULL * m.allowed,
        f"{m.figures} figures, at most {FIGURES}": m.figures > FIGURES,
        f"{m.figures} figures in {m.words} words": 100 * m.figures > DENSITY * m.words,
        f"{m.contractions} contractions in {m.words} words": CONTRACTED * m.contractions < m.words,
        f"{m.semicolons} semicolons": m.semicolons > SEMICOLONS,
        f"labels inside the speech: {m.labels}": bool(m.labels),
    }
    return [fault for fault, is_there in found.items() if is_there]


def own_faults(m: Measures) -> list[str]:
    """What of an own-story version cannot be spoken in the plan's seconds once its slots are filled."""
    if FULL * m.allowed <= m.own <= m.allowed:
        return []
    return [f"filled, the own-story version has {m.own} words, of {FULL * m.allowed:.0f} to {m.allowed:.0f}"]


@pytest.mark.parametrize("m", MEASURES, ids=lambda m: m.id)
def test_a_strong_answer_sounds_spoken(m):
    assert faults(m) == []


@pytest.mark.parametrize("m", MEASURES, ids=lambda m: m.id)
def test_an_own_story_fills_the_plan(m):
    assert own_faults(m) == [] if m.own else m.id not in REPORTED


def test_the_articles_answers_do_not_share_their_devices():
    texts = [item["model"]["text"] for item in load().values() if item.get("reported")]
    assert over(texts) == []
    assert [word for text in texts for word in FOREIGN.findall(text)] == []


@pytest.mark.parametrize("said", ["I said no.", '"Which is it?"', "What did I learn?", "She heard it from me."])
def test_a_shared_device_is_found(said):
    assert len(over([said] * len(REPORTED))) == 1


@pytest.mark.parametrize("word", TRADE)
def test_a_word_of_the_trade_is_said_and_explained(word):
    assert [m.id for m in MEASURES if word in m.trade] != []
    known = {
        form.lower().replace("-", " ") for entry in terms(ROOT / "data" / "glossary.yaml") for form in spellings(entry)
    }
    assert word.lower() in known


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ({"words": 400}, "400 words, of 350"),
        ({"words": 200}, "fill less than 70%"),
        ({"figures": 9}, "9 figures, at most"),
        ({"words": 250, "figures": 13}, "figures in 250 words"),
        ({"contractions": 2}, "2 contractions"),
        ({"semicolons": 3}, "3 semicolons"),
        ({"labels": ["as of"]}, "labels"),
    ],
)
def test_a_fault_is_found(damage, fault):
    sound = {"id": "x", "words": 300, "seconds": 150, "figures": 5, "contractions": 8}
    sound |= {"semicolons": 0, "labels": [], "trade": [], "own": 300}
    assert faults(Measures(**sound)) == own_faults(Measures(**sound)) == []
    assert any(fault in found for found in faults(Measures(**sound | damage)))
    assert own_faults(Measures(**sound | {"own": 90})) != []
