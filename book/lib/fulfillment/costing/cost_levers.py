"""Levers that cut a cost: sized together, chosen under effort and guardrails, and checked for cost that only moved.

A lever's size is a difference of a cost function (of the set of levers applied), so it depends on what else is applied.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.costing.cost_drivers import shapley_attribution
from fulfillment.tradeoffs import pareto_efficient

MAX_LEVERS = 12  # levers: 4,096 sets


def _names(levers: Sequence[str]) -> list[str]:
    names = list(levers)
    if len(set(names)) != len(names) or not 1 <= len(names) <= MAX_LEVERS:
        raise ValueError(f"levers: {names}, expected 1 to {MAX_LEVERS} different ones")
    return names


def _sets(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


@arg.takes(cost=arg.function, levers=arg.labels)
def shapley_savings(cost: Callable[[Collection[str]], float], levers: Sequence[str]) -> pd.DataFrame:
    """What each lever saves alone, after all others, and as its fair part of what all save together.

    Parameters
    ----------
    cost : function of the levers that are applied; any unit.
    levers : up to 12.

    Returns
    -------
    DataFrame, a row per lever, the largest part first: ``alone``, ``last``, ``part`` (average over all orders, the
    Shapley value; parts add up to the joint saving), ``overlap`` (``alone`` less ``part``: what the column of single
    sizes counts too often; negative where levers help one another).

    Raises
    ------
    ValueError if a lever stands twice, or there are none or more than 12.

    Shipping in one parcel saves 4 of 10, a nearer shelf 5; together they save 6:

    >>> cost = {(): 10, ("nearer shelf",): 5, ("one parcel",): 6, ("nearer shelf", "one parcel"): 4}
    >>> table = shapley_savings(lambda applied: cost[tuple(sorted(applied))], ["one parcel", "nearer shelf"])
    >>> table.loc["one parcel"].tolist(), table["part"].tolist()
    ([4.0, 1.0, 2.5, 1.5], [3.5, 2.5])
    """
    table = shapley_attribution(cost, _names(levers))
    found = pd.DataFrame({"alone": -table["first"], "last": -table["last"], "part": -table["average"]}) + 0.0
    found["overlap"] = found["alone"] - found["part"]
    return found.sort_values("part", ascending=False, kind="stable").rename_axis("lever")


@arg.takes(cost=arg.function, chances=arg.each(arg.share))
def scenario_tree(cost: Callable[[Collection[str]], float], chances: Mapping[str, float]) -> pd.DataFrame:
    """Every way in which a plan can turn out when each lever works or does not, independently of the others.

    Parameters
    ----------
    cost : as `shapley_savings`.
    chances : lever -> chance that it works, 0 to 1.

    Returns
    -------
    DataFrame, a row per set of levers that work: ``levers`` (tuple), ``probability``, ``saving``; the largest saving
    first.

    Raises
    ------
    ValueError as `shapley_savings`, or if a chance is outside 0 to 1.

    >>> cost = {(): 10, ("nearer shelf",): 5, ("one parcel",): 6, ("nearer shelf", "one parcel"): 4}
    >>> turns = scenario_tree(lambda applied: cost[tuple(sorted(applied))], {"one parcel": 0.9, "nearer shelf": 0.5})
    >>> round(float(turns["probability"] @ turns["saving"]), 2)  # not 0.9 * 4 + 0.5 * 5
    4.75
    """
    names = _names(list(chances))
    today = float(cost(()))
    rows = []
    for works in _sets(names):
        probability = np.prod([chances[name] if name in works else 1 - chances[name] for name in names])
        ordered = tuple(name for name in names if name in works)
        rows.append((ordered, float(probability), today - float(cost(ordered))))
    table = pd.DataFrame(rows, columns=["levers", "probability", "saving"])
    return table.sort_values("saving", ascending=False, kind="stable", ignore_index=True)


@arg.takes(value=arg.function, effort=arg.each(arg.amount(0)), allowed=arg.function, needs=arg.a(Mapping))
def frontier(
    value: Callable[[Collection[str]], float],
    effort: Mapping[str, float],
    allowed: Callable[[Collection[str]], bool] | None = None,
    needs: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The most that levers are worth together for each effort, found by trying every set.

    A ranking by size over effort is best only where levers do not overlap and effort can be divided. A plan under a
    budget is the last row whose effort it allows.

    Parameters
    ----------
    value : worth of a set of levers, any unit; it need not add up over levers.
    effort : lever -> effort (weeks), at least 0; up to 12 levers.
    allowed : whether a set keeps the guardrails; every set does by default. The empty set must.
    needs : lever -> the lever that must be applied with it.

    Returns
    -------
    DataFrame, a row per set that no other beats for its effort or less (of sets that are alike in both the first, with
    the fewest levers): ``effort``, ``value``, ``levers`` (tuple in the order of ``effort``); effort and value both rise.

    Raises
    ------
    ValueError as `shapley_savings`, if an effort is negative, ``needs`` names an unknown lever, or doing nothing is not allowed.

    Two weeks buy the larger lever, three both of the others:

    >>> worth = {"carton": 5.0, "audit": 3.0, "rate": 4.0}
    >>> frontier(lambda applied: sum(worth[name] for name in applied), {"carton": 2, "audit": 1, "rate": 2})[
    ...     ["effort", "value"]].values.tolist()
    [[0.0, 0.0], [1.0, 3.0], [2.0, 5.0], [3.0, 8.0], [4.0, 9.0], [5.0, 12.0]]
    """
    names = _names(list(effort))
    pairs = dict(needs or {})
    unknown = (set(pairs) | set(pairs.values())) - set(names)
    if unknown:
        raise ValueError(f"needs: {sorted(unknown)[0]!r} is no lever, expected some of {', '.join(names)}")
    rows = []
    for chosen in _sets(names):
        ordered = tuple(name for name in names if name in chosen)
        whole = all(wanted in chosen for name, wanted in pairs.items() if name in chosen)
        if whole and (allowed is None or allowed(ordered)):
            rows.append((sum(effort[name] for name in ordered), float(value(ordered)), ordered))
    if not any(not ordered for _, _, ordered in rows):
        raise ValueError("allowed: it refuses the empty set, expected that doing nothing keeps the guardrails")
    table = pd.DataFrame(rows, columns=["effort", "value", "levers"]).astype({"effort": float})
    measures = table["effort"].round(9), table["value"].round(9)
    alike = pd.concat(measures, axis=1).duplicated()
    efficient = pareto_efficient(measures[0], -measures[1])
    return table[efficient & ~alike].sort_values("effort", kind="stable", ignore_index=True)


@arg.takes(weeks=arg.amounts(0), start=arg.amount(0), length=arg.amount(0))
def ramp(weeks: Sequence[float], start: float, length: float) -> np.ndarray:
    """Share of a lever's full effect in each week: none before it starts, then rising in a straight line.

    Parameters
    ----------
    weeks : numbers of the weeks, from 1; a week is taken at its middle.
    start : weeks until the first effect.
    length : weeks from there to the full effect; 0 for all at once.

    Returns
    -------
    array of shares, 0 to 1.

    Raises
    ------
    ValueError if a number is negative.

    >>> ramp([1, 2, 3, 4], start=1, length=2).tolist()
    [0.0, 0.25, 0.75, 1.0]
    """
    middle = np.asarray(weeks, float) - 0.5
    if length == 0:
        return (middle >= start).astype(float)
    return np.clip((middle - start) / length, 0, 1)


@arg.takes(before=arg.by_name(), after=arg.by_name(), claimed=arg.labels)
def ledger_change(before: pd.Series, after: pd.Series, claimed: Collection[str]) -> pd.DataFrame:
    """Where a saving shows and where cost came back: every ledger before and after, on the same orders.

    Parameters
    ----------
    before, after : cost by ledger, the same ledgers in both, USD per order.
    claimed : the ledgers in which the saving is claimed. All others are elsewhere.

    Returns
    -------
    DataFrame, a row per ledger: ``before``, ``after``, ``saved`` (positive: less cost), ``side`` (``"claimed"`` or
    ``"elsewhere"``).

    Raises
    ------
    ValueError if the ledgers differ, a cost is missing, or a claimed ledger is unknown.

    >>> before = pd.Series({"storage": 0.90, "freight": 5.00, "contacts": 0.20})
    >>> after = pd.Series({"storage": 0.78, "freight": 5.58, "contacts": 0.22})
    >>> ledger_change(before, after, ["storage"])["saved"].round(2).to_dict()
    {'storage': 0.12, 'freight': -0.58, 'contacts': -0.02}
    """
    if set(before.index) != set(after.index) or before.index.has_duplicates:
        raise ValueError(f"after: ledgers {sorted(after.index)}, expected those of before, {sorted(before.index)}")
    unknown = set(claimed) - set(before.index)
    if unknown or not claimed:
        raise ValueError(f"claimed: {sorted(claimed)}, expected some of {', '.join(map(str, before.index))}")
    table = pd.DataFrame({"before": before, "after": after.reindex(before.index)})
    table["saved"] = table["before"] - table["after"]
    table["side"] = np.where(table.index.isin(list(claimed)), "claimed", "elsewhere")
    return table.rename_axis("ledger")


@arg.takes(ledgers=arg.table({"saved": arg.amounts(), "side": arg.names("claimed", "elsewhere")}))
def net_of_shifted_cost(ledgers: pd.DataFrame) -> dict[str, float]:
    """What is left of a claimed saving once cost that only shifted to another ledger is taken off.

    Parameters
    ----------
    ledgers : as `ledger_change` returns it.

    Returns
    -------
    dict, USD per order: ``claimed`` (saved in the claimed ledgers), ``elsewhere`` (what the other ledgers lost;
    negative where they saved too), ``removed`` (the difference, which is the change of the total) and ``shifted_share``
    (``elsewhere`` over ``claimed``; missing where nothing was saved).

    Raises
    ------
    ValueError if a column is missing.

    >>> before = pd.Series({"storage": 0.90, "freight": 5.00})
    >>> {name: round(usd, 2) for name, usd in net_of_shifted_cost(ledger_change(before, pd.Series({"storage": 0.78, "freight": 5.58}),
    ...     ["storage"])).items()}
    {'claimed': 0.12, 'elsewhere': 0.58, 'removed': -0.46, 'shifted_share': 4.83}
    """
    mine = ledgers["side"] == "claimed"
    claimed, elsewhere = float(ledgers.loc[mine, "saved"].sum()), float(-ledgers.loc[~mine, "saved"].sum())
    share = elsewhere / claimed if claimed > 0 else float("nan")
    return {"claimed": claimed, "elsewhere": elsewhere, "removed": claimed - elsewhere, "shifted_share": share}


@arg.takes(before=arg.amounts(), after=arg.amounts())
def standard_error(before: pd.Series, after: pd.Series) -> float:
    """Standard error of a mean saving on the same orders, priced twice.

    Parameters
    ----------
    before, after : cost of each order, USD, on the same index.

    Returns
    -------
    float, USD per order.

    Raises
    ------
    ValueError if the orders differ or there are fewer than two.

    >>> standard_error(pd.Series([10.0, 12.0, 9.0, 9.0]), pd.Series([8.0, 12.0, 9.0, 7.0])).__round__(3)
    0.577
    """
    if not before.index.equals(after.index):
        raise ValueError("after: index differs from before, expected the same orders")
    if len(before) < 2:
        raise ValueError(f"before: {len(before)} order, expected at least two")
    return float((before - after).std() / np.sqrt(len(before)))
