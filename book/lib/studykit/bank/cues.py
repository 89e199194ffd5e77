"""What a guesser gains who knows a bank's habits and not its subject: each rule of thumb against chance.

A rule scores the choices of a question by their wording or place and takes the highest; where several are highest, any
of them. What it finds above chance is told in standard errors, which come from drawing as many choices blindly.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from studykit.bank import Item, payload

Texts = list[str]
Rule = Callable[[str, Texts], list[float]]

REASON = r"\b(?:because|since|as|so that|so as|which is why|therefore|for (?:it|its|the|they|that|this))\b"
ABSOLUTE = (
    r"\b(?:all|always|alone|any|every|everyone|everything|never|no|nobody|none|nothing|only|whatever|entire|whole)\b"
)
HEDGE = r"\b(?:about|at least|at most|hardly|less likely|likely|may|might|mostly|often|perhaps|probably|rarely|some|usually|up to)\b"
CONDITION = r"\b(?:if|unless|until|where|whether|while|once|before|after)\b"
METHOD = (
    r"\b(?:ask|check|compare|compute|count|inspect|look|measure|price|recompute|reprice|see|solve|split|test|weigh)\b"
)
OPENER = r"^(?:yes|no|none|nothing|neither|never|both|agree|accept|decline|refuse|take it)\b"
NUMBER = r"\d[\d.,]*"
_SMALL = frozenset("and are for from has have its that the their they this was with you your".split())  # noqa: SIM905


def _words(text: str) -> set[str]:
    """The words of ``text`` that carry meaning, without the plural's s."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]{3,}", text.lower())} - _SMALL


def _holds(pattern: str, sign: int = 1) -> Rule:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda _stem, texts: [sign * len(found.findall(text)) for text in texts]


def _length(sign: int) -> Rule:
    return lambda _stem, texts: [sign * len(text) for text in texts]


def _shared(sign: int) -> Rule:
    return lambda stem, texts: [sign * len(_words(text) & _words(stem)) for text in texts]


def _alike(_stem: str, texts: Texts) -> list[float]:
    """Words shared with the other choices: a key is often the one that the others vary."""
    return [sum(len(_words(a) & _words(b)) for j, b in enumerate(texts) if j != i) for i, a in enumerate(texts)]


def _place(wanted: int) -> Rule:
    return lambda _stem, texts: [float(i == wanted % len(texts)) for i in range(len(texts))]


def _struck(_stem: str, texts: Texts) -> list[float]:
    """Strike what argues and what opens with a verdict; of the rest prefer what does two things."""
    argues, opens, both = (re.compile(p, re.IGNORECASE) for p in (REASON, OPENER, r"\band\b"))
    return [-2.0 * bool(argues.search(t) or opens.search(t)) + bool(both.search(t)) for t in texts]


RULES: dict[str, Rule] = {
    "longest": _length(1),
    "shortest": _length(-1),
    "first in print": _place(0),
    "second in print": _place(1),
    "third in print": _place(2),
    "last in print": _place(-1),
    "gives no reason": _holds(REASON, -1),
    "gives a reason": _holds(REASON),
    "opens with no verdict": _holds(OPENER, -1),
    "joins two parts with and": _holds(r"\band\b"),
    "has no and": _holds(r"\band\b", -1),
    "strikes reasons and verdicts, prefers and": _struck,
    "shares most words with the stem": _shared(1),
    "shares fewest words with the stem": _shared(-1),
    "most like the other choices": _alike,
    "least like the other choices": lambda stem, texts: [-score for score in _alike(stem, texts)],
    "holds a hedge": _holds(HEDGE),
    "holds no absolute word": _holds(ABSOLUTE, -1),
    "holds a condition": _holds(CONDITION),
    "holds a verb of method": _holds(METHOD),
    "most numbers": _holds(NUMBER),
    "fewest numbers": _holds(NUMBER, -1),
    "most marks": _holds(r"[,:;]"),
    "fewest marks": _holds(r"[,:;]", -1),
}


@dataclass(frozen=True)
class Guess:
    """What a rule found: the share of questions and what chance would find, and the distance in standard errors."""

    share: float
    chance: float
    errors: float


@dataclass(frozen=True)
class Closed:
    """One question as a guesser sees it, and which choices are right."""

    id: str
    stem: str
    texts: Texts
    right: tuple[bool, ...]


def closed(items: Iterable[Item]) -> list[Closed]:
    """Questions with choices, these in the order of print; one whose choices are all right tells nothing."""
    found = []
    for item in items:
        if item["type"] in ("mcq", "multi") and not all(choice.get("correct") for choice in item["choices"]):
            shown = payload(item)
            choices = shown["choices"]
            right = tuple(bool(choice.get("correct")) for choice in choices)
            found.append(Closed(item["id"], shown["stem"], [choice["text"] for choice in choices], right))
    return found


def _drawn(question: Closed, scores: Iterable[float]) -> tuple[float, float, float]:
    """Chance that a choice of the highest score is right, chance of any choice, and the variance of the former."""
    given = np.asarray(list(scores), dtype=float)
    right = np.array(question.right)
    best = np.isclose(given, given.max())
    n, drawn, chance = len(right), int(best.sum()), right.mean()
    return right[best].mean(), chance, chance * (1 - chance) / drawn * (n - drawn) / (n - 1)


def _guess(drawn: list[tuple[float, float, float]]) -> Guess:
    hit, chance, variance = np.array(drawn).T
    spread = float(np.sqrt(variance.sum()))
    return Guess(float(hit.mean()), float(chance.mean()), float((hit - chance).sum() / spread) if spread else 0.0)


def by_rule(questions: list[Closed]) -> dict[str, Guess]:
    """What each rule finds over ``questions``."""
    return {
        name: _guess([_drawn(question, rule(question.stem, question.texts)) for question in questions])
        for name, rule in RULES.items()
    }


def _scored(questions: list[Closed]) -> list[np.ndarray]:
    """For each question its choices by rule, centered and scaled within the question, shape (choices, rules)."""
    found = []
    for question in questions:
        scores = np.array([rule(question.stem, question.texts) for rule in RULES.values()], dtype=float).T
        centered = scores - scores.mean(axis=0)
        found.append(centered / np.maximum(np.abs(centered).max(axis=0), 1))
    return found


def _worded(questions: list[Closed], least: int = 8) -> list[np.ndarray]:
    """For each question which of the words and marks that at least ``least`` choices hold stand in a choice, centered."""
    held = [[set(re.findall(r"[a-z']+|\d+|[,:;]", text.lower())) for text in question.texts] for question in questions]
    counts = Counter(word for texts in held for words in texts for word in words)
    known = sorted(word for word, count in counts.items() if count >= least)
    rows = [np.array([[word in words for word in known] for words in texts], dtype=float) for texts in held]
    return [row - row.mean(axis=0) for row in rows]


def _fit(rows: np.ndarray, right: np.ndarray, ridge: float, rounds: int = 40) -> np.ndarray:
    """Weights of a logistic regression of ``right`` on ``rows`` by Newton's method, with a penalty ``ridge``."""
    weights = np.zeros(rows.shape[1])
    level = np.log(right.mean() / (1 - right.mean()))
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-(rows @ weights + level)))
        slope = rows.T @ (right - chance) - ridge * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + ridge * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return weights


LEARNED = {
    "all rules, learned on the other half": (_scored, 4.0),
    "single words, learned on the other half": (_worded, 10.0),
}


def learned(questions: list[Closed], rows: list[np.ndarray], ridge: float, splits: int = 20) -> Guess:
    """What a logistic regression on ``rows`` finds in the half of ``questions`` on which it was not fitted.

    The mean over ``splits`` ways to halve them, each half in turn; the standard error is that of one way.
    """
    found = np.zeros((len(questions), 3))
    for split in range(splits):
        order = np.random.default_rng(split).permutation(len(questions))
        middle = len(order) // 2
        for fitted, tried in ((order[:middle], order[middle:]), (order[middle:], order[:middle])):
            right = np.concatenate([questions[i].right for i in fitted]).astype(float)
            weights = _fit(np.concatenate([rows[i] for i in fitted]), right, ridge)
            for i in tried:
                found[i] += np.array(_drawn(questions[i], rows[i] @ weights)) / splits
    return _guess(list(map(tuple, found)))


def guesses(questions: list[Closed]) -> dict[str, Guess]:
    """What each rule finds, and what can be learned from one half of the bank for the other."""
    both = {name: learned(questions, rows(questions), ridge) for name, (rows, ridge) in LEARNED.items()}
    return by_rule(questions) | both


def table(items: Mapping[str, Item]) -> str:
    """All guesses over the bank as plain text."""
    questions = closed(items.values())
    lines = [f"{len(questions)} questions with choices{'':20}found  chance  standard errors"]
    lines += [
        f"{name:42}  {guess.share:6.1%}  {guess.chance:6.1%}  {guess.errors:+.1f}"
        for name, guess in guesses(questions).items()
    ]
    return "\n".join(lines)
