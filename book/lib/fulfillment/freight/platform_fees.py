"""What the platform charges its sellers, as published: the US card of Fulfilled by TikTok by its effective dates.

The official page shows its tables as images; the rows of ``data/facts/fbt_rate_card.csv`` are third-party
transcriptions, some with an inferred date. They are what a seller pays the platform for an order picked, packed and
delivered, not what the platform pays an operator: a benchmark from outside, not a bid. A date, a weight or a number of
units without a row is refused, never priced at zero.
"""

from functools import cache

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.calendar import in_force
from fulfillment.data import FACTS
from fulfillment.freight.quotes import extended_amount

CARD_OF_2026 = pd.Timestamp("2026-07-13")
HEAVY = " (the card has tiers of 16-50 lb and 50-150 lb, whose amounts were not found)"
UNIT_ROWS = {"1": lambda units: units == 1, "2": lambda units: units == 2, "3": lambda units: units == 3}
UNIT_ROWS |= {"2+": lambda units: units >= 2, "4+": lambda units: units >= 4, "any": lambda units: units >= 1}


@cache
def _card() -> pd.DataFrame:
    return pd.read_csv(
        FACTS / "fbt_rate_card.csv",
        parse_dates=["effective_from", "effective_to"],
        dtype={"units_per_order": "str", "size": "str", "amount_text": "str", "warning": "str"},
        keep_default_na=False,
        na_values={column: [""] for column in ("tier_from", "tier_to", "amount", "per_lb", "over_lb")},
    )


def _held(on: pd.Timestamp, fee: str) -> pd.DataFrame:
    """The US rows of a fee on a day; an error that says which days it has."""
    card = _card()
    own = card[(card["market"] == "US") & (card["fee_type"] == fee)]
    if own.empty:
        known = sorted(card.loc[card["market"] == "US", "fee_type"].unique())
        raise ValueError(f"fee: {fee!r} is not on the US card, expected one of {', '.join(known)}")
    held = own[in_force(on, own["effective_from"], own["effective_to"])]
    if held.empty:
        known = own.dropna(subset="effective_from")
        days = " or ".join(
            f"{row.effective_from:%F} {'on' if pd.isna(row.effective_to) else f'to {row.effective_to:%F}'}"
            for row in known[["effective_from", "effective_to"]]
            .drop_duplicates()
            .sort_values(["effective_from", "effective_to"], kind="stable")
            .itertuples()
        )
        raise ValueError(f"on: {on:%F}, no row of {fee}, expected {days or 'none: its start is not known'}: not priced")
    return held


def _spans(rows: pd.DataFrame) -> str:
    """The weights that tiers cover, in words."""
    spans: list[list[float]] = []
    for low, high in (
        rows.sort_values("tier_from", kind="stable")[["tier_from", "tier_to"]].fillna(np.inf).itertuples(index=False)
    ):
        if spans and spans[-1][1] == low:
            spans[-1][1] = high
        else:
            spans.append([low, high])
    return " or ".join(
        f"above {low:g} up to {high:g} lb" if high < np.inf else f"above {low:g} lb" for low, high in spans
    )


@arg.takes(on=arg.moment, weight_lb=arg.amount(arg.ABOVE_0), units=arg.count(1), fee=arg.text)
def platform_row(
    on: pd.Timestamp | str, weight_lb: float | None = None, units: int = 1, fee: str = "fulfillment"
) -> pd.Series:
    """The row of the card that prices a unit.

    Parameters
    ----------
    on : the day.
    weight_lb : chargeable weight of the unit, lb (fact ``fbt.us.light_rule``); of fees by weight only. A tier holds above
        its lower end, up to and with its upper end.
    units : in the order, which picks the column of the card.
    fee : ``fee_type`` of the card.

    Returns
    -------
    Series, the row; its ``name`` is its line in the file, from 0.

    Raises
    ------
    ValueError if the card has no row for that fee, day, weight and number of units, saying which is missing.

    >>> platform_row("2026-07-13", 8.5, 4)["warning"][:49]
    'From 7-8 lb to 8-9 lb the fee for 4 and more unit'
    """
    held = _held(on, fee)
    fits = held["units_per_order"].map(lambda of: of in UNIT_ROWS and bool(UNIT_ROWS[of](units)))
    by_units = held[fits]
    if held["tier_unit"].str.contains("lb").any():
        if weight_lb is None:
            raise ValueError(f"weight_lb: missing, expected the chargeable weight: {fee} is priced by it")
        found = by_units[(by_units["tier_from"] < weight_lb) & ~(by_units["tier_to"] < weight_lb)]
    else:
        found = by_units
    if by_units.empty:
        known = ", ".join(sorted(held["units_per_order"].unique()))
        raise ValueError(f"units: {units} on {on:%F}, the {fee} rows found are for {known} units: not priced")
    if found.empty:
        heavy = on >= CARD_OF_2026 and fee == "fulfillment" and weight_lb > by_units["tier_to"].max()
        raise ValueError(
            f"weight_lb: {weight_lb:g} in an order of {units} units on {on:%F}, expected {_spans(by_units)}"
            f"{HEAVY if heavy else ''}: not priced"
        )
    if len(found) > 1:
        raise ValueError(f"{fee}: {len(found)} rows for {weight_lb} lb, {units} units on {on:%F}, expected one")
    return found.iloc[0]


@arg.takes(on=arg.moment, weight_lb=arg.amount(arg.ABOVE_0), units=arg.count(1), fee=arg.text)
def platform_fee(
    on: pd.Timestamp | str, weight_lb: float | None = None, units: int = 1, fee: str = "fulfillment"
) -> float:
    """What the card charges for one unit, USD; negative for a discount.

    Parameters
    ----------
    on, weight_lb, units, fee : as `platform_row`.

    Returns
    -------
    float, USD per unit: the order pays it for each of its units. Of a row that is a formula (heavy units of the 2025
    card), its value at this weight to the cent.

    Raises
    ------
    ValueError as `platform_row`; for a row of which only a starting price was found.

    >>> platform_fee("2026-07-13", 0.25), platform_fee("2026-07-13", 0.26), platform_fee("2026-07-13", 0.2, units=4)
    (4.28, 4.52, 1.56)
    >>> platform_fee("2025-07-01", 24)  # 18.00 + 0.40 a pound over 21
    19.2
    >>> platform_fee("2026-07-13", 20)
    Traceback (most recent call last):
    ValueError: weight_lb: 20 in an order of 1 units on 2026-07-13, expected above 0 up to 16 lb (the card has tiers \
of 16-50 lb and 50-150 lb, whose amounts were not found): not priced
    """
    row = platform_row(on, weight_lb, units, fee)
    if row["amount_is"] == "at least":
        raise ValueError(
            f"{fee}: only a starting price was found, {row['amount_text']}, on {row['effective_from']:%F}: not priced"
        )
    if row["amount_is"] == "formula":
        more = max(0.0, float(weight_lb) - row["over_lb"])
        return float(row["amount"] + extended_amount(more, row["per_lb"]).item())
    return float(row["amount"])


@arg.takes(on=arg.moment, days_stored=arg.amount(0))
def platform_storage(on: pd.Timestamp | str, days_stored: int) -> float:
    """What the card charges for a cubic foot of stock on a day, USD per day.

    Parameters
    ----------
    on : the day.
    days_stored : how long the unit has been in store: whole days; a tier holds from its first to its last day.

    Raises
    ------
    ValueError if the card has no row for that day or age.

    >>> platform_storage("2026-07-13", 60), platform_storage("2026-07-13", 61)
    (0.0, 0.03)
    """
    held = _held(on, "storage")
    found = held[(held["tier_from"] <= days_stored) & ~(held["tier_to"] < days_stored)]
    if len(found) != 1 or days_stored != int(days_stored):
        raise ValueError(
            f"days_stored: {days_stored} on {on:%F}, expected a whole number of {held['tier_from'].min():g} or more"
        )
    return float(found["amount"].iloc[0])
