"""Decisions under uncertainty: trees rolled back, every strategy listed, what knowing would be worth, where a choice flips."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fulfillment import arguments as arg
from fulfillment.tradeoffs import cheapest
from fulfillment.validate import refuse


def _node(name: str, value: Any) -> Any:
    """A decision, a chance, or the cost at the end of a path."""
    return value if isinstance(value, Chance | Decision) else arg.amount()(name, value)


def _branch(name: str, value: Any) -> tuple[float, "Node"]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        refuse(name, value, "a probability and what follows")
    return arg.amount(0)(name, value[0]), _node(name, value[1])


@dataclass(frozen=True)
class Chance:
    """Something that happens: ``branches`` maps each outcome to its probability and what follows (a node or a cost)."""

    event: str
    branches: Mapping[str, tuple[float, "Node"]]

    def __post_init__(self) -> None:
        arg.fields(self, event=arg.text, branches=arg.each(_branch))
        shares = [share for share, _ in self.branches.values()]
        if not math.isclose(sum(shares), 1, abs_tol=1e-9):
            raise ValueError(f"{self.event}: probabilities {shares}, expected at least 0 each and 1 in all")


@dataclass(frozen=True)
class Decision:
    """Something you choose: ``options`` maps each option to what follows (a node or a cost)."""

    question: str
    options: Mapping[str, "Node"]

    def __post_init__(self) -> None:
        arg.fields(self, question=arg.text, options=arg.each(_node))


#: A decision, a chance, or the cost at the end of a path.
Node = float | Chance | Decision


@arg.takes(node=_node)
def rollback(node: Node) -> float:
    """Expected cost of the best play from a node on: mean at a chance, least at a decision.

    Parameters
    ----------
    node : tree whose ends are costs, all in one unit (gains are negative costs).

    Returns
    -------
    float, in that unit.

    Source: Raiffa 1968, Decision Analysis, "averaging out and folding back".

    Drill for oil or sell the land (Hillier and Lieberman, Introduction to Operations Research, decision analysis),
    thousand USD; a gain of 100 is best:

    >>> drill = Chance("oil", {"oil": (0.25, -700), "dry": (0.75, 100)})
    >>> rollback(Decision("drill?", {"drill": drill, "sell": -90}))
    -100.0
    """
    match node:
        case Chance():
            return float(sum(share * rollback(after) for share, after in node.branches.values()))
        case Decision():
            return min(rollback(after) for after in node.options.values())
    return float(node)


def _plays(node: Node) -> Iterator[tuple[tuple[str, ...], list[tuple[float, float]]]]:
    """Every pure strategy of a tree: what it chooses, in the order met, and its probabilities and costs."""
    match node:
        case Decision():
            for option, after in node.options.items():
                for chosen, ends in _plays(after):
                    yield (option, *chosen), ends
        case Chance():
            mixed: list[tuple[tuple[str, ...], list[tuple[float, float]]]] = [((), [])]
            for share, after in node.branches.values():
                mixed = [
                    (before + chosen, known + [(share * p, cost) for p, cost in ends])
                    for before, known in mixed
                    for chosen, ends in _plays(after)
                ]
            yield from mixed
        case _:
            yield (), [(1.0, float(node))]


@arg.takes(tree=_node)
def strategies(tree: Node) -> pd.DataFrame:
    """Every strategy of a tree with its expected, least and greatest cost; the cheapest expected cost is `rollback`.

    Parameters
    ----------
    tree : as `rollback`. The number of strategies multiplies with each decision.

    Returns
    -------
    DataFrame, a row per strategy in order of the tree: ``strategy`` (its choices in the order met, joined by "; "),
    ``expected``, ``least``, ``greatest`` (of the ends that can happen).

    >>> drill = Chance("oil", {"oil": (0.25, -700), "dry": (0.75, 100)})
    >>> strategies(Decision("drill?", {"drill": drill, "sell": -90})).values.tolist()
    [['drill', -100.0, -700.0, 100.0], ['sell', -90.0, -90.0, -90.0]]
    """
    rows = []
    for chosen, ends in _plays(tree):
        possible = [cost for share, cost in ends if share > 0]
        rows.append(("; ".join(chosen), sum(share * cost for share, cost in ends), min(possible), max(possible)))
    return pd.DataFrame(rows, columns=["strategy", "expected", "least", "greatest"])


def _shares(node: Node, event: str) -> set[tuple[tuple[str, float], ...]]:
    """The distributions that an event has in a tree."""
    match node:
        case Chance() if node.event == event:
            return {tuple((name, share) for name, (share, _) in node.branches.items())}
        case Chance():
            return set().union(*(_shares(after, event) for _, after in node.branches.values()))
        case Decision():
            return set().union(*(_shares(after, event) for after in node.options.values()))
    return set()


def _known(node: Node, event: str, outcome: str) -> Node:
    """The tree once the outcome of an event is known."""
    match node:
        case Chance() if node.event == event:
            return node.branches[outcome][1]
        case Chance():
            after = {name: (p, _known(child, event, outcome)) for name, (p, child) in node.branches.items()}
            return Chance(node.event, after)
        case Decision():
            options = {name: _known(child, event, outcome) for name, child in node.options.items()}
            return Decision(node.question, options)
    return node


@arg.takes(tree=_node, events=arg.labels)
def perfect_information(tree: Node, events: Iterable[str]) -> float:
    """What it would be worth to know events before the first decision: the most to pay for any forecast of them.

    Parameters
    ----------
    tree : as `rollback`.
    events : names of its chances; one that follows another only on some paths comes after it.

    Returns
    -------
    float of at least 0, in the unit of the costs: `rollback` now less its mean when the events are known.

    Raises
    ------
    ValueError if an event is not in the tree, or has other probabilities on another path: then what you do, or what
    you have learned, moves them, and knowing it beforehand is not defined by the tree.

    Source: Raiffa 1968, Decision Analysis; the example's published value is 142.5 thousand USD.

    >>> drill = Chance("oil", {"oil": (0.25, -700), "dry": (0.75, 100)})
    >>> perfect_information(Decision("drill?", {"drill": drill, "sell": -90}), ["oil"])
    142.5
    """
    names = list(events)
    missing = [name for name in names if not _shares(tree, name)]
    if missing:
        raise ValueError(f"events: {missing[0]!r} is not in the tree, expected the name of a chance")

    def knowing(node: Node, rest: list[str]) -> float:
        if not rest:
            return rollback(node)
        found = _shares(node, rest[0])
        if len(found) > 1:
            raise ValueError(f"events: {rest[0]!r} has {len(found)} distributions, expected the same on every path")
        if not found:  # an earlier outcome has settled it
            return knowing(node, rest[1:])
        return sum(share * knowing(_known(node, rest[0], name), rest[1:]) for name, share in next(iter(found)))

    return rollback(tree) - knowing(tree, names)


@arg.takes(costs=arg.matrix(), weights=arg.by_name(0), state=arg.label)
def flips(costs: pd.DataFrame, weights: pd.Series, state: str) -> pd.DataFrame:
    """Which option is cheapest as the probability of one state runs from 0 to 1, and where the choice flips.

    Expected costs are straight lines over that probability: `fulfillment.tradeoffs.cheapest` finds where they cross.

    Parameters
    ----------
    costs : DataFrame, options by states, one unit.
    weights : by state; the others keep these proportions among themselves. That of ``state`` is not used.
    state : whose probability runs.

    Returns
    -------
    DataFrame, a row per stretch: ``above`` and ``to`` (probability of ``state``), ``option`` (the cheapest there; of
    two alike the first).

    Raises
    ------
    ValueError if the weights do not name the states, are negative, or leave nothing to the other states.

    The oil example: sell until oil is as likely as 190 in 800, the published crossover.

    >>> costs = pd.DataFrame({"oil": [-700, -90], "dry": [100, -90]}, index=["drill", "sell"])
    >>> flips(costs, pd.Series({"oil": 0.25, "dry": 0.75}), "oil").values.tolist()
    [[0.0, 0.2375, 'sell'], [0.2375, 1.0, 'drill']]
    """
    if state not in costs or sorted(weights.index) != sorted(costs.columns):
        raise ValueError(f"weights: {list(weights.index)} for {state!r}, expected the states {', '.join(costs)}")
    others = weights.drop(state)
    if not others.sum() > 0:
        raise ValueError("weights: nothing is left to the other states, expected one of them above 0")
    rest = costs[others.index] @ (others / others.sum())
    return cheapest(pd.DataFrame([rest, costs[state]], index=[0.0, 1.0]))
