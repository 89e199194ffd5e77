"""How operators and carriers perform against what was agreed: scorecards, tails, credits, corrective action."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas
from fulfillment.calendar import BUSINESS_DAYS

CREDIT_TERMS = ["target", "better", "credit_per_point", "credit_cap"]
MEASURED: dict[str, arg.Gate] = {
    "month": arg.names(),
    "measure": arg.names(),
    "actual": arg.amounts(0),
    "fee_usd": arg.amounts(0),
}
TERMS: dict[str, arg.Gate] = {
    "target": arg.amounts(0),
    "better": arg.names("max", "min"),
    **dict.fromkeys(["credit_per_point", "credit_cap"], arg.amounts(0, 1)),
}
AGREED: dict[str, arg.Gate] = {
    "contract_id": arg.names(),
    "measure": arg.names(),
    "unit": arg.names(),
    "target": arg.amounts(0),
    "better": arg.names(),
    **dict.fromkeys(["credit_per_point", "credit_cap"], arg.amounts(0, 1, gaps=True)),
}
LANE: dict[str, arg.Gate] = {"center_id": arg.names(), "carrier_id": arg.names(), "zone": arg.amounts()}


@arg.takes(
    results=arg.a(pd.DataFrame),
    terms=arg.table({"floor": arg.amounts(), "target": arg.amounts(), "weight": arg.amounts(arg.ABOVE_0)}, keyed=True),
)
def scorecard(results: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Points of each partner on each measure, and in all.

    A measure earns no points at its floor, all at its target, and a share of them in between; which way is better
    follows from floor and target. Its unit does not matter.

    Parameters
    ----------
    results : DataFrame, a row per partner, a column per measure.
    terms : DataFrame, a row per measure: ``floor``, ``target``, ``weight``.

    Returns
    -------
    DataFrame, a row per partner: points per measure (0 to 1), ``score`` (weighted, 0 to 1), ``rank`` (1 is best), the
    best first.

    Raises
    ------
    ValueError if a measure or a result is missing, a floor equals its target, or a weight is not above 0.

    >>> results = pd.DataFrame({"late_rate": [0.02, 0.05], "accuracy": [0.995, 0.998]}, index=["OP1", "OP2"])
    >>> terms = pd.DataFrame({"floor": [0.06, 0.99], "target": [0.02, 0.998], "weight": [3, 1]}, index=results.columns)
    >>> scorecard(results, terms)["score"].round(3).to_dict()
    {'OP1': 0.906, 'OP2': 0.437}
    """
    results = arg.table(dict.fromkeys(terms.index, arg.amounts()), keyed=True)("results", results)
    weights = terms["weight"].to_numpy(float)
    span = terms["target"] - terms["floor"]
    if not span.abs().gt(0).all():
        raise ValueError(
            f"terms: floor and target of {span[~span.abs().gt(0)].index[0]} are not two numbers, expected two"
        )
    points = ((results[terms.index] - terms["floor"]) / span).clip(0, 1)
    table = points.assign(score=points @ (weights / weights.sum()))
    table["rank"] = table["score"].rank(ascending=False, method="min").astype(int)
    return table.sort_values("score", ascending=False, kind="stable")


@arg.takes(
    results=arg.table(MEASURED | {"partner_id": arg.names()}), terms=arg.table(TERMS, keyed=True), at_risk=arg.share
)
def service_credits(results: pd.DataFrame, terms: pd.DataFrame, at_risk: float) -> pd.DataFrame:
    """Credits an operator owes for the levels it missed, month by month.

    Parameters
    ----------
    results : DataFrame, a row per partner, month and measure: ``partner_id``, ``month``, ``measure``, ``actual``
        (share), ``fee_usd`` (the partner's fees of the month, the same in each of its rows).
    terms : DataFrame, a row per measure: ``target`` (share), ``better`` (``"max"`` or ``"min"``), ``credit_per_point``
        (share of the fees for each percentage point missed), ``credit_cap`` (share of the fees, of this measure).
    at_risk : the most that all credits of a month may come to, as a share of its fees.

    Returns
    -------
    ``results`` with ``missed_points`` (percentage points), ``uncapped_usd`` (before the month's cap), ``credit_usd``.

    Raises
    ------
    ValueError if a column or a measure's terms are missing, or a share is outside 0 to 1.

    >>> results = pd.DataFrame({"partner_id": "OP1", "month": "2025-12", "measure": ["late_rate", "accuracy"],
    ...                         "actual": [0.07, 0.985], "fee_usd": 100_000.0})
    >>> terms = pd.DataFrame({"target": [0.04, 0.995], "better": ["min", "max"], "credit_per_point": [0.02, 0.03],
    ...                       "credit_cap": [0.05, 0.06]}, index=["late_rate", "accuracy"])
    >>> service_credits(results, terms, at_risk=0.06)["credit_usd"].round(2).tolist()
    [3750.0, 2250.0]
    """
    unknown = set(results["measure"]) - set(terms.index)
    if unknown:
        raise ValueError(
            f"measure: no terms for {', '.join(sorted(unknown))}, expected one of {', '.join(terms.index)}"
        )
    agreed = terms.loc[results["measure"], CREDIT_TERMS].set_axis(results.index)
    up = agreed["better"] == "max"
    target, actual = agreed["target"].where(up, results["actual"]), results["actual"].where(up, agreed["target"])
    credit = formulas.SERVICE_CREDIT(
        fee_usd=results["fee_usd"],
        target=target,
        actual=actual,
        credit_per_point=agreed["credit_per_point"],
        credit_cap=agreed["credit_cap"],
    )
    table = results.assign(missed_points=100 * (target - actual).clip(lower=0), uncapped_usd=credit)
    month = table.groupby(["partner_id", "month"])
    if (month["fee_usd"].transform("nunique") > 1).any():
        raise ValueError("fee_usd: differs within a partner's month, expected the month's fees in each of its rows")
    owed = month["uncapped_usd"].transform("sum")
    share = (at_risk * table["fee_usd"] / owed.where(owed > 0, np.inf)).where(owed > 0, 1.0).clip(upper=1)
    return table.assign(credit_usd=table["uncapped_usd"] * share)


@arg.takes(met=arg.flags(), open_after=arg.count(1), close_after=arg.count(1))
def corrective_action(met: Sequence[bool] | pd.Series, open_after: int = 2, close_after: int = 4) -> pd.Series:
    """Status of a measure week by week: opened after misses in a row, closed only after weeks met in a row.

    Parameters
    ----------
    met : per week, in order: whether the level was met.
    open_after : misses in a row that open a corrective action, at least 1.
    close_after : weeks met in a row that close it, at least 1.

    Returns
    -------
    Series of ``"on target"``, ``"watch"`` (missed, not yet opened), ``"corrective action"`` (open and missed) and
    ``"recovering"`` (open and met, not yet closed).

    Raises
    ------
    ValueError if there is no week, one is unknown, or a number of weeks is below 1.

    >>> corrective_action([True, False, False, True, True], open_after=2, close_after=2).tolist()
    ['on target', 'watch', 'corrective action', 'recovering', 'on target']
    """
    weeks = pd.Series(met)
    if weeks.empty:
        raise ValueError("met: none, expected True or False for at least one week")
    status, run, opened = [], 0, False
    for this, before in zip(weeks, [None, *weeks[:-1]], strict=True):
        run = run + 1 if this == before else 1
        if not this and run >= open_after:
            opened = True
        if this and run >= close_after:
            opened = False
        names = ("recovering", "corrective action") if opened else ("on target", "watch")
        status.append(names[0 if this else 1])
    return pd.Series(status, weeks.index, name="status")


@arg.takes(
    actual=arg.amounts(0, 1),
    n=arg.amounts(1),
    target=arg.share,
    better=arg.text,
    weeks=arg.count(1),
    sigmas=arg.amount(0),
)
def meets_target_statistically(
    actual: pd.Series, n: pd.Series, target: float, better: str, weeks: int = 4, sigmas: float = 3
) -> pd.Series:
    """Whether a share, pooled over the last weeks, may still come from a partner that keeps its target.

    A week of few orders misses a target by chance; several weeks pooled, with limits for their orders, do not.

    Parameters
    ----------
    actual : share of each week, in order, 0 to 1.
    n : orders, parcels or lines behind each week, same index, above 0.
    target : the share agreed.
    better : ``"max"`` if more of it is better (accuracy), ``"min"`` if less is (damage).
    weeks : weeks to pool, at least 1; the first weeks pool those there are.
    sigmas : width of the limit around the target, standard errors.

    Returns
    -------
    Series of bool, as the weeks: False where the pooled share misses the target by more than chance explains.

    Raises
    ------
    ValueError if the indexes differ, a share or the target is outside 0 to 1, a week has no orders, ``better`` is
    unknown or ``weeks`` is below 1.

    Source: as the limits of a p chart (`fulfillment.formulas`), with the target as its center line.

    >>> damage, orders = pd.Series([0.02, 0.02, 0.02, 0.02]), pd.Series([100, 100, 100, 100])
    >>> meets_target_statistically(damage, orders, target=0.006, better="min").tolist()
    [True, True, False, False]
    """
    if not (isinstance(actual, pd.Series) and isinstance(n, pd.Series) and actual.index.equals(n.index)):
        raise ValueError("n: index differs from actual, expected a count for each week")
    if better not in ("max", "min"):
        raise ValueError(f"better: {better!r}, expected 'max' or 'min'")
    counts = n.astype(float)
    share, allowed = (1 - actual, 1 - target) if better == "max" else (actual, target)
    pooled = counts.rolling(weeks, min_periods=1).sum()
    missed = (share * counts).rolling(weeks, min_periods=1).sum() / pooled
    return missed <= formulas.P_CHART_UPPER(p=allowed, n=pooled, k=sigmas)


@arg.takes(
    scorecards=arg.table(
        {
            "week": arg.times(),
            "supplier_id": arg.names(),
            "measure": arg.names(),
            "actual": arg.amounts(),
            "n": arg.amounts(1),
        }
    ),
    period=arg.text,
)
def pool_weeks(scorecards: pd.DataFrame, period: str = "M") -> pd.DataFrame:
    """Weekly results put together over a longer period, each week with the weight of what stands behind it.

    Parameters
    ----------
    scorecards : DataFrame, a row per week, partner and measure: ``week``, ``supplier_id``, ``measure``, ``actual``,
        ``n`` (orders, parcels, receipts or counts behind it).
    period : of pandas, ``"M"`` month or ``"Q"`` quarter. A week belongs to the period in which it begins.

    Returns
    -------
    DataFrame, a row per partner, period and measure: ``supplier_id``, ``month`` (first day of the period),
    ``measure``, ``actual``, ``n``.

    Raises
    ------
    ValueError if a column is missing or a week has nothing behind it.

    Two weeks of a bad share, one of them with ten times the orders:

    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2025-12-01", "2025-12-08"]), "supplier_id": "OP1",
    ...                       "measure": "late", "actual": [0.10, 0.02], "n": [100, 1000]})
    >>> pool_weeks(weeks)["actual"].round(4).tolist()
    [0.0273]
    """
    if period not in ("M", "Q", "Y", "W"):
        raise ValueError(f"period: {period!r}, expected 'M' for months or 'Q' for quarters")
    month = scorecards["week"].dt.to_period(period).dt.to_timestamp()
    summed = scorecards.assign(month=month, actual=scorecards["actual"] * scorecards["n"])
    table = summed.groupby(["supplier_id", "month", "measure"], as_index=False)[["actual", "n"]].sum()
    return table.assign(actual=table["actual"] / table["n"])


@arg.takes(
    results=arg.table(MEASURED | {"supplier_id": arg.names()}),
    slas=arg.table(AGREED, key=["contract_id", "measure"]),
    contracts=arg.table(
        {"contract_id": arg.names(), "supplier_id": arg.names(), "credit_at_risk": arg.amounts(0, 1, gaps=True)},
        key=["contract_id"],
    ),
)
def contract_credits(results: pd.DataFrame, slas: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """Service credits that each partner owes by its own contract: `service_credits` with the terms looked up.

    Parameters
    ----------
    results : DataFrame, a row per partner, month and measure: ``supplier_id``, ``month``, ``measure``, ``actual``
        (share, or hours for a measure in hours), ``fee_usd`` (the partner's fees of the month, in each of its rows).
    slas : the program's table: ``contract_id``, ``measure``, ``unit``, ``target``, ``better``, ``credit_per_point``
        (share of the fees a percentage point, or an hour), ``credit_cap``.
    contracts : the program's table: ``contract_id``, ``supplier_id``, ``credit_at_risk``. One without credits
        (missing) owes none and is left out.

    Returns
    -------
    DataFrame, a row per partner, month and measure: ``results`` with ``missed_points`` (percentage points or hours),
    ``uncapped_usd`` (before the month's cap) and ``credit_usd``.

    Raises
    ------
    ValueError if a column or a measure's terms are missing.

    Two points over a target of 3 %, at 1 % of the fees a point:

    >>> results = pd.DataFrame({"supplier_id": ["OP1"], "month": ["2025-12"], "measure": ["late_dispatch_rate"],
    ...                         "actual": [0.05], "fee_usd": [4000.0]})
    >>> slas = pd.DataFrame({"contract_id": ["C"], "measure": ["late_dispatch_rate"], "unit": ["fraction"],
    ...                      "target": [0.03], "better": ["min"], "credit_per_point": [0.01], "credit_cap": [0.05]})
    >>> contracts = pd.DataFrame({"contract_id": ["C"], "supplier_id": ["OP1"], "credit_at_risk": [0.10]})
    >>> contract_credits(results, slas, contracts)["credit_usd"].round(2).tolist()
    [80.0]
    """
    owed = []
    for contract in contracts[contracts["credit_at_risk"].notna()].itertuples():
        rows = results[results["supplier_id"] == contract.supplier_id].rename(columns={"supplier_id": "partner_id"})
        terms = slas[slas["contract_id"] == contract.contract_id].set_index("measure")
        if rows.empty or terms.empty:
            continue
        hours = terms.index[terms["unit"] == "hours"]  # an hour counts as a percentage point does
        terms = terms.assign(target=terms["target"].mask(terms["unit"] == "hours", terms["target"] / 100))
        actual = rows["actual"].mask(rows["measure"].isin(hours), rows["actual"] / 100)
        credit = service_credits(rows.assign(actual=actual), terms, contract.credit_at_risk)
        owed.append(credit.assign(actual=rows["actual"]).rename(columns={"partner_id": "supplier_id"}))
    if not owed:
        raise ValueError("contracts: none with credits among the partners of results, expected at least one")
    return pd.concat(owed)


@arg.takes(
    parcels=arg.table({**LANE, "dispatched_at": arg.times(gaps=True), "delivered_at": arg.times(gaps=True)}),
    lanes=arg.table({**LANE, "transit_days": arg.counts()}, key=LANE),
)
def transit_time(parcels: pd.DataFrame, lanes: pd.DataFrame) -> pd.DataFrame:
    """A carrier on its own clock: days from its first scan to delivery, against the days it publishes for the lane.

    Parameters
    ----------
    parcels : DataFrame, one row per parcel: ``center_id``, ``carrier_id``, ``zone``, ``dispatched_at`` (first scan),
        ``delivered_at``. Parcels not scanned or not delivered are left out: lost ones are another measure.
    lanes : DataFrame: ``center_id``, ``carrier_id``, ``zone``, ``transit_days`` (published, delivery days).

    Returns
    -------
    The delivered parcels with ``transit_days`` (published), ``actual_days`` (delivery days: Monday to Saturday
    without US federal holidays) and ``missed`` (True where it took longer).

    Raises
    ------
    ValueError if a column is missing or a delivered parcel has no lane.

    Scanned on Friday and delivered on Monday is two delivery days, Saturday and Monday:

    >>> parcels = pd.DataFrame({"center_id": "FC1", "carrier_id": "CR1", "zone": [4, 4],
    ...     "dispatched_at": pd.to_datetime(["2025-09-05 18:00", "2025-09-12 18:00"]),
    ...     "delivered_at": pd.to_datetime(["2025-09-09 12:00", "2025-09-15 12:00"])})
    >>> lanes = pd.DataFrame({"center_id": ["FC1"], "carrier_id": ["CR1"], "zone": [4], "transit_days": [2]})
    >>> transit_time(parcels, lanes)[["actual_days", "missed"]].values.tolist()
    [[3, True], [2, False]]
    """
    lane = list(LANE)
    arrived = parcels[parcels["dispatched_at"].notna() & parcels["delivered_at"].notna()]
    days = lanes.set_index(lane)["transit_days"]
    published = days.reindex(pd.MultiIndex.from_frame(arrived[lane])).to_numpy()
    if pd.isna(published).any():
        raise ValueError(f"lanes: {pd.isna(published).sum()} parcels have no lane, expected one for each")
    first, last = (arrived[time].to_numpy().astype("datetime64[D]") for time in ("dispatched_at", "delivered_at"))
    took = np.busday_count(first, last, weekmask="1111110", holidays=BUSINESS_DAYS.holidays)
    return arrived.assign(transit_days=published.astype(int), actual_days=took, missed=took > published)
