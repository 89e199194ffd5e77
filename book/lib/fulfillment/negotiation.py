"""Room for a deal, and deals on several issues at once."""

from collections.abc import Mapping
from itertools import product

import pandas as pd

from fulfillment import formulas


def zopa(buyer_reservation: float, seller_reservation: float) -> dict[str, object]:
    """Zone of possible agreement: the prices that both sides would rather take than walk away.

    Parameters
    ----------
    buyer_reservation : the most the buyer would pay, USD (what its best alternative costs).
    seller_reservation : the least the seller would take, USD.

    Returns
    -------
    dict: ``exists``, ``zopa`` (from, to, in USD; None where there is none), ``width`` (USD; negative: the gap).

    Raises
    ------
    ValueError if a price is negative.

    Source: Raiffa, The Art and Science of Negotiation.

    >>> zopa(buyer_reservation=275_000, seller_reservation=250_000)
    {'exists': True, 'zopa': (250000, 275000), 'width': 25000.0}
    """
    width = formulas.ZOPA_WIDTH(buyer_reservation=buyer_reservation, seller_reservation=seller_reservation)
    zone = (seller_reservation, buyer_reservation) if width >= 0 else None
    return {"exists": width >= 0, "zopa": zone, "width": width}


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
    if not issues:
        raise ValueError("issues: none, expected at least one")
    for issue, options in issues.items():
        if issue in ("buyer", "seller"):
            raise ValueError(f"issues: {issue!r} is the name of a result, expected another")
        if not options or any(len(worths) != 2 for worths in options.values()):
            raise ValueError(f"issues: {issue} has {dict(options)}, expected options with two worths each")
    rows = []
    for choice in product(*(options.items() for options in issues.values())):
        worths = [worth for _, worth in choice]
        rows.append((*(option for option, _ in choice), *(sum(side) for side in zip(*worths, strict=True))))
    return pd.DataFrame(rows, columns=[*issues, "buyer", "seller"])


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
    _check(packages)
    best = packages.groupby("buyer")["seller"].transform("max")
    ranked = packages.groupby("buyer")["seller"].max().sort_index(ascending=False)
    of_dearer = ranked.cummax().shift(fill_value=float("-inf"))
    return (packages["seller"] == best) & (packages["seller"] > packages["buyer"].map(of_dearer))


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
    _check(packages)
    possible = packages[(packages["buyer"] >= buyer_walkaway) & (packages["seller"] >= seller_walkaway)]
    if possible.empty:
        raise ValueError(
            f"packages: none is worth {buyer_walkaway} to the buyer and {seller_walkaway} to the seller, expected one"
        )
    gains = (possible["buyer"] - buyer_walkaway) * (possible["seller"] - seller_walkaway)
    best = possible[gains == gains.max()]
    return best.loc[(best["buyer"] + best["seller"]).idxmax()]


def _check(packages: pd.DataFrame) -> None:
    missing = [side for side in ("buyer", "seller") if side not in packages or packages[side].isna().any()]
    if missing or packages.empty:
        raise ValueError(f"packages: no worth to the {' and '.join(missing) or 'sides'}, expected rows with both")
