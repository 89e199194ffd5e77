"""Room for a deal, and deals on several issues at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas
from fulfillment.tradeoffs import pareto_efficient
from fulfillment.validate import refuse


@dataclass(frozen=True, slots=True)
class Zopa:
    """Zone of possible agreement of two reservation prices, USD."""

    low: float
    """The least the seller would take."""
    high: float
    """The most the buyer would pay."""
    width: float
    """What there is to share; negative: the gap between them."""

    @property
    def exists(self) -> bool:
        """Whether a deal is possible: a zone of one point is one."""
        return self.width >= 0


@arg.takes(buyer_reservation=arg.amount(0), seller_reservation=arg.amount(0))
def zopa(buyer_reservation: float, seller_reservation: float) -> Zopa:
    """Zone of possible agreement: the prices that both sides would rather take than walk away.

    Parameters
    ----------
    buyer_reservation : the most the buyer would pay, USD (what its best alternative costs).
    seller_reservation : the least the seller would take, USD.

    Raises
    ------
    ValueError if a price is negative.

    Source: Raiffa, The Art and Science of Negotiation.

    >>> zopa(buyer_reservation=275_000, seller_reservation=250_000)
    Zopa(low=250000, high=275000, width=25000.0)
    """
    width = formulas.ZOPA_WIDTH(buyer_reservation=buyer_reservation, seller_reservation=seller_reservation)
    return Zopa(seller_reservation, buyer_reservation, width)


@arg.takes(issues=arg.each(arg.each(arg.each(arg.amount(), 2))))
def packages(issues: Mapping[str, Mapping[str, tuple[float, float]]]) -> pd.DataFrame:
    """Every package of terms, and what it is worth to each side.

    Parameters
    ----------
    issues : issue -> option -> its worth to the buyer and to the seller (USD a year, or points). Worths add up over
        issues: an issue that changes another's worth belongs into one issue with it.

    Returns
    -------
    DataFrame, a row per package: a column per issue with the option, ``buyer`` and ``seller`` (worth to each).

    Raises
    ------
    ValueError if there is no issue, an issue has no option, or an option has not two worths.

    >>> terms = {"payment": {"net 30": (0, 0), "net 60": (40, -25)}, "fuel cap": {"none": (0, 0), "15 %": (30, -50)}}
    >>> packages(terms)[["buyer", "seller"]].values.tolist()
    [[0, 0], [30, -50], [40, -25], [70, -75]]
    """
    for issue in issues:
        if issue in ("buyer", "seller"):
            raise ValueError(f"issues: {issue!r} is the name of a result, expected another")
    rows = []
    for choice in product(*(options.items() for options in issues.values())):
        worths = [worth for _, worth in choice]
        rows.append((*(option for option, _ in choice), *(sum(side) for side in zip(*worths, strict=True))))
    return pd.DataFrame(rows, columns=[*issues, "buyer", "seller"])


@arg.takes(packages=arg.table({"buyer": arg.amounts(), "seller": arg.amounts()}))
def efficient(packages: pd.DataFrame) -> pd.Series:
    """Which packages leave nothing on the table: no other is better for one side and as good for the other.

    Parameters
    ----------
    packages : DataFrame with ``buyer`` and ``seller``, as from `packages`.

    Returns
    -------
    Series of bool, as the rows.

    Raises
    ------
    ValueError if there is no package or a worth is missing.

    >>> efficient(pd.DataFrame({"buyer": [0, 30, 40, 70], "seller": [0, -50, -25, -75]})).tolist()
    [True, False, True, True]
    """
    return pd.Series(pareto_efficient(-packages["buyer"], -packages["seller"]), packages.index)


@arg.takes(
    packages=arg.table({"buyer": arg.amounts(), "seller": arg.amounts()}),
    buyer_walkaway=arg.amount(),
    seller_walkaway=arg.amount(),
)
def nash_package(packages: pd.DataFrame, buyer_walkaway: float, seller_walkaway: float) -> pd.Series:
    """The package with the greatest product of both sides' gains over walking away (Nash's bargaining solution).

    Parameters
    ----------
    packages : as `efficient`.
    buyer_walkaway, seller_walkaway : worth of each side's best alternative, in the packages' unit.

    Returns
    -------
    Series, the package's row; the first of several.

    Raises
    ------
    ValueError if there is no package that both sides prefer to walking away.

    Source: Nash 1950, Econometrica 18(2).

    >>> deals = pd.DataFrame({"buyer": [0, 30, 40, 70], "seller": [0, -50, -25, -75]})
    >>> nash_package(deals, buyer_walkaway=0, seller_walkaway=-60).to_dict()
    {'buyer': 40, 'seller': -25}
    """
    possible = packages[(packages["buyer"] >= buyer_walkaway) & (packages["seller"] >= seller_walkaway)]
    if possible.empty:
        raise ValueError(
            f"packages: none is worth {buyer_walkaway} to the buyer and {seller_walkaway} to the seller, expected one"
        )
    gains = (possible["buyer"] - buyer_walkaway) * (possible["seller"] - seller_walkaway)
    best = possible[gains == gains.max()]
    return best.loc[(best["buyer"] + best["seller"]).idxmax()]


# A counterpart to practice with ---------------------------------------------------------------------------------------

WHOLE = arg.count(-arg.MOST)
Package = tuple[int, ...]


@arg.takes(seed=WHOLE)
def mulberry32(seed: int) -> Iterator[int]:
    """Whole numbers below 2**32 that repeat by seed, the same in every language with 32-bit integers.

    Source: T. Ettinger, mulberry32 (public domain).

    >>> [number for number, _ in zip(mulberry32(7), range(3))]
    [50271532, 266108690, 4195786334]
    """
    whole = 0xFFFFFFFF
    state = seed & whole
    while True:
        state = (state + 0x6D2B79F5) & whole
        mixed = ((state ^ state >> 15) * (state | 1)) & whole
        mixed ^= (mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & whole)) & whole
        yield (mixed ^ mixed >> 14) & whole


@arg.takes(
    issues=arg.each(arg.each(arg.each(WHOLE, 2))),
    your_batna=WHOLE,
    their_batna=WHOLE,
    aspiration=arg.each(arg.each(arg.count(-1000, 1000), 2)),
    reserve=arg.each(arg.count(-1000, 1000), 2),
    because=arg.each(arg.text),
)
def negotiation_game(
    issues: Mapping[str, Mapping[str, tuple[int, int]]],
    your_batna: int,
    their_batna: int,
    aspiration: Sequence[tuple[int, int]] = ((80, 100), (35, 65)),
    reserve: tuple[int, int] = (-15, 15),
    because: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A negotiation of a few rounds as plain JSON: what a page, a notebook and `Counterpart` play from.

    Parameters
    ----------
    issues : issue -> option -> its worth to you and to them, whole numbers in one unit. The first option is what they
        open with, so it is worth 0 to both; their worths are your estimate.
    your_batna : worth to you of your best alternative, over their opening.
    their_batna : your estimate of what walking away is worth to them, over their opening; negative.
    aspiration : for each round but the last, the lowest and the highest percentage of the way from walking away to
        their opening that they hold out for. In the last round they hold out for nothing but their walk-away point.
    reserve : lowest and highest percentage by which their true walk-away point lies above your estimate.
    because : issue -> what they say when they do not move on it, a sentence; it changes no move.

    Returns
    -------
    dict of the arguments, ``issues`` as a list of ``name``, ``options`` (``text``, ``you``, ``them``) and, where there
    is one, ``because``.

    Raises
    ------
    ValueError if a worth is not whole, a first option is not worth 0, a range is upside down, a reason belongs to no
    issue, or they would rather sign their opening than walk away only by losing.

    >>> terms = {"rate": {"5.9 %": (0, 0), "2.9 %": (700, -700)}, "volume": {"free": (0, 0), "80 %": (-80, 340)}}
    >>> negotiation_game(terms, your_batna=300, their_batna=-500)["issues"][1]["options"][1]
    {'text': '80 %', 'you': -80, 'them': 340}
    """
    packages(issues)
    for issue, options in issues.items():
        if tuple(next(iter(options.values()))) != (0, 0):
            raise ValueError(f"issues: {issue} opens with {next(iter(options.items()))}, expected a worth of 0 to both")
    if their_batna >= 0:
        raise ValueError(f"their_batna: {their_batna}, expected a whole number below 0, the worth of their opening")
    for name, (low, high) in {
        "reserve": reserve,
        **{f"aspiration {n}": pair for n, pair in enumerate(aspiration, 1)},
    }.items():
        if not low <= high:
            raise ValueError(f"{name}: {(low, high)}, expected the lower percentage first")
    reasons = because or {}
    if unknown := reasons.keys() - issues.keys():
        raise ValueError(f"because: names {min(unknown)!r}, expected one of {', '.join(issues)}")
    listed = [
        {"name": issue, "options": [{"text": text, "you": you, "them": them} for text, (you, them) in options.items()]}
        | ({"because": reasons[issue]} if issue in reasons else {})
        for issue, options in issues.items()
    ]
    script = {"aspiration": [list(pair) for pair in aspiration], "reserve": list(reserve)}
    return {"issues": listed, "your_batna": your_batna, "their_batna": their_batna, **script}


class Counterpart:
    """The other side of a `negotiation_game`: scripted, and the same for the same seed.

    The seed draws what you cannot know: the issue they care for twice as much as you estimate (``cares``), their true
    walk-away point (``reserve``), and how much of the way to it they go in each round (``aspirations``, what a package
    must be worth to them; their walk-away point in the last round).

    Parameters
    ----------
    game : as `negotiation_game` returns it.
    seed : whole number.

    >>> terms = {"rate": {"5.9 %": (0, 0), "2.9 %": (700, -700)}, "volume": {"free": (0, 0), "80 %": (-80, 340)}}
    >>> other = Counterpart(negotiation_game(terms, your_batna=300, their_batna=-500), seed=3)
    >>> other.cares, other.reserve, other.aspirations, other.rank(1)
    (0, -545, [-32, -212, -545], 2)
    """

    def __init__(self, game: Mapping[str, Any], seed: int) -> None:
        numbers = mulberry32(seed)

        def draw(low: int, high: int) -> int:
            return low + next(numbers) % (high - low + 1)

        self._issues = game["issues"]
        self.cares = draw(0, len(self._issues) - 1)
        self.reserve = game["their_batna"] - game["their_batna"] * draw(*game["reserve"]) // 100
        held = [draw(*pair) for pair in game["aspiration"]]
        self.aspirations = [self.reserve - self.reserve * share // 100 for share in held] + [self.reserve]
        self.packages = list(product(*(range(len(issue["options"])) for issue in self._issues)))
        yours = product(*([option["you"] for option in issue["options"]] for issue in self._issues))
        self._you = dict(zip(self.packages, map(sum, yours), strict=True))
        self._them = dict(zip(self.packages, self.worths(), strict=True))

    def worths(self, cares: int | None = None) -> list[int]:
        """What each of ``packages`` is worth to them (if they cared for the issue ``cares``)."""
        cares = self.cares if cares is None else cares
        each = [
            [option["them"] * (2 if at == cares else 1) for option in issue["options"]]
            for at, issue in enumerate(self._issues)
        ]
        return [sum(chosen) for chosen in product(*each)]

    def worth(self, package: Package) -> int:
        """What a package is worth to them."""
        return self._them[tuple(package)]

    def yours(self, package: Package) -> int:
        """What a package is worth to you."""
        return self._you[tuple(package)]

    def rank(self, issue: int, cares: int | None = None) -> int:
        """Answer to "how much does this one matter to you?": 1 for the issue whose options differ most to them."""
        cares = self.cares if cares is None else cares
        spans = []
        for at, one in enumerate(self._issues):
            worths = [option["them"] for option in one["options"]]
            spans.append((max(worths) - min(worths)) * (2 if at == cares else 1))
        return 1 + sum(span > spans[issue] or (span == spans[issue] and at < issue) for at, span in enumerate(spans))

    def reply(self, offers: Sequence[Package]) -> Package | None:
        """Their counter-offer to the last of your offers, or None where they take it.

        They take what is worth their aspiration of the round. Otherwise they answer with the package that is worth as
        much and lies nearest to your offer: an option further away counts once for each time you have asked for
        the same on that issue, since what you hold on to must matter to you. In the last round there is no answer but
        yes or no.
        """
        wanted, offer = self.aspirations[len(offers) - 1], offers[-1]
        if self.worth(offer) >= wanted:
            return None
        held = [sum(earlier[at] == option for earlier in offers) for at, option in enumerate(offer)]

        def farther(package: Package) -> tuple[int, int]:
            steps = sum(w * abs(a - b) for w, a, b in zip(held, package, offer, strict=True))
            return steps, -self.worth(package)

        return min((package for package in self.packages if self.worth(package) >= wanted), key=farther)

    def best(self, least: int) -> Package:
        """The package that is worth most to you among those worth ``least`` to them; of several the best for them."""
        enough = (package for package in self.packages if self._them[package] >= least)
        return max(enough, key=lambda package: (self._you[package], self._them[package]))


def _game(name: str, value: Any) -> Any:
    """A game as `negotiation_game` returns it, with whole numbers."""
    wanted = ("issues", "your_batna", "their_batna", "aspiration", "reserve")
    if not isinstance(value, Mapping) or any(part not in value for part in wanted):
        refuse(name, value, "a game as negotiation_game returns it")
    pair = arg.each(WHOLE, 2)
    read = {"your_batna": WHOLE, "their_batna": WHOLE, "aspiration": arg.each(pair), "reserve": pair}
    return {
        **value,
        **{part: gate(part, value[part]) for part, gate in read.items()},
        "issues": _issues(value["issues"]),
    }


def _issues(issues: Any) -> list[dict[str, Any]]:
    read = []
    for issue in arg.each(arg.a(Mapping))("issues", issues):
        options = arg.each(arg.a(Mapping))("issues: options", issue.get("options"))
        for option in options:
            arg.text("issues: text", option.get("text"))
        worths = [{side: WHOLE(f"issues: {side}", option.get(side)) for side in ("you", "them")} for option in options]
        arg.text("issues: name", issue.get("name"))
        if "because" in issue:
            arg.text("issues: because", issue["because"])
        read.append({**issue, "options": [{**old, **new} for old, new in zip(options, worths, strict=True)]})
    return read


@arg.takes(game=_game, seed=WHOLE, deal=arg.maybe(arg.each(arg.count())))
def deal_review(game: Mapping[str, Any], seed: int, deal: Sequence[int] | None) -> dict[str, Any]:
    """What a deal left on the table, now that their worths are known.

    Parameters
    ----------
    game : as `negotiation_game` returns it.
    seed : of the `Counterpart`.
    deal : package, or None where there was none.

    Returns
    -------
    dict: ``you`` and ``them`` (worth of the deal, or of walking away); ``could`` (the best package for you that leaves
    them as well off) and ``gap`` (how much more it is worth to you: 0 on the frontier); ``best`` (the best they would
    ever have taken) and ``best_you``; ``trades`` (issues on which ``could`` differs: ``issue``, ``option``, ``you`` and
    ``them``, the change of worth).

    Raises
    ------
    ValueError if the deal names an unknown option.

    >>> terms = {"rate": {"5.9 %": (0, 0), "2.9 %": (700, -700)}, "volume": {"free": (0, 0), "80 %": (-80, 340)}}
    >>> after = deal_review(negotiation_game(terms, your_batna=300, their_batna=-500), 2, [0, 0])
    >>> after["could"], after["gap"], after["best_you"]
    ([0, 0], 0, 620)
    """
    other = Counterpart(game, seed)
    if deal is not None and tuple(deal) not in other.packages:
        raise ValueError(f"deal: {deal}, expected an option of each issue by its position")
    you, them = (other.yours(deal), other.worth(deal)) if deal else (game["your_batna"], other.reserve)
    could, best = other.best(them), other.best(other.reserve)
    trades = []
    for at, (issue, option) in enumerate(zip(game["issues"], could, strict=True)):
        if deal and option != deal[at]:
            before, after = issue["options"][deal[at]], issue["options"][option]
            times = 2 if at == other.cares else 1
            change = {"you": after["you"] - before["you"], "them": times * (after["them"] - before["them"])}
            trades.append({"issue": at, "option": option, **change})
    return {
        "you": you,
        "them": them,
        "could": list(could),
        "gap": other.yours(could) - you,
        "best": list(best),
        "best_you": other.yours(best),
        "trades": trades,
    }
