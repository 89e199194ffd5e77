"""Rate cards: rows of rates that are checked once, so that a quote cannot meet two rates, a hole or a wrong unit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.data import load
from fulfillment.freight.rating import rounding_rules

#: What each charge is counted in; what one parcel or order causes, and what a month does.
CHARGE_BASES = {
    "order handling": {"order"},
    "all-in order": {"order"},
    "additional pick": {"unit"},
    "packaging": {"parcel"},
    "base transport": {"parcel"},
    "delivered parcel": {"parcel"},
    "fuel": {"USD of base transport"},
    "residential": {"parcel"},
    "peak surcharge": {"parcel"},
    "returns": {"return"},
    "receiving": {"pallet", "container"},
    "storage": {"pallet month", "cubic foot month"},
    "account management": {"month"},
    "onboarding": {"seller account"},
    "monthly minimum": {"month"},
}
#: Which tiers a charge may have.
TIERED_CHARGES = {
    "billed weight, lb": {"base transport", "delivered parcel", "all-in order"},
    "orders a month": {"order handling", "all-in order"},
    "units in the order": {"additional pick"},
    "days in storage": {"storage"},
}
DELIVERY_CHARGES = ("base transport", "delivered parcel", "all-in order")  # a card has one of them
COLUMNS = ["rate_id", "charge", "basis", "applies_to", "zone", "tier", "above", "up_to", "rate_usd"]
DATES = ["valid_from", "valid_to"]
CARD_COLUMNS: dict[str, arg.Gate] = {
    **dict.fromkeys(["rate_id", "charge", "basis", "applies_to"], arg.names()),
    "tier": arg.names(gaps=True),
    **dict.fromkeys(["zone", "above", "up_to"], arg.amounts(gaps=True)),
    "rate_usd": arg.amounts(0),
    **dict.fromkeys(DATES, arg.times(gaps=True)),
}


@dataclass(frozen=True, eq=False)
class RateCard:
    """A checked rate card: whose, its rates, and how it weighs (whose rounding rule, which divisor in in³ per lb)."""

    bidder: str
    rates: pd.DataFrame
    dim_carrier: str
    dim_divisor: float

    def rates_of(self, charge: str) -> pd.DataFrame:
        """The card's rates of one charge; no rows if it has none."""
        return self.rates[self.rates["charge"] == charge]


@arg.takes(rows=arg.table(CARD_COLUMNS), bidder=arg.text, dim_carrier=arg.text, dim_divisor=arg.amount(1))
def build_rate_card(rows: pd.DataFrame, bidder: str, dim_carrier: str = "UPS", dim_divisor: float = 166) -> RateCard:
    """A rate card from its rows.

    Parameters
    ----------
    rows : DataFrame, a row per rate, as `bid_rates` in the data dictionary: ``rate_id``, ``charge``, ``basis``,
        ``applies_to`` (``"all"`` or ``"home"``), ``zone``, ``tier``, ``above``, ``up_to``, ``rate_usd``,
        ``valid_from``, ``valid_to``. A tier holds above its lower end, up to and with its upper end; no upper end:
        open. For ``"units in the order"`` the lower end is the number of units already paid for.
    bidder : whose.
    dim_carrier : whose rounding rule the card adopts: one that `fulfillment.freight.rating.billable_weight` knows.
    dim_divisor : in³ per lb.

    Returns
    -------
    Card.

    Raises
    ------
    ValueError naming the rate, the field and what was expected: an unknown charge, a wrong basis or tier, a rate that is
    negative or finer than a hundredth of a cent, ends or days in the wrong order, two rates that hold at once, a hole
    between two tiers, no price or two prices of delivery, fuel without base transport, a carrier whose rounding is not
    published.

    >>> offers = load("bid_rates").query("bidder == 'Ostrelle Logistics'")
    >>> build_rate_card(offers, "Ostrelle Logistics").rates_of("order handling")["rate_usd"].tolist()
    [2.32]
    >>> build_rate_card(offers, "Ostrelle Logistics", "DHL")
    Traceback (most recent call last):
    ValueError: dim_carrier: 'DHL' has no published rounding, expected one of UPS, FedEx
    """
    rules = rounding_rules()
    known = rules.loc[
        rules["larger_than_in3"] == 0, "carrier"
    ].unique()  # a quote shows every parcel's dimensional weight
    if dim_carrier not in known:
        raise ValueError(f"dim_carrier: {dim_carrier!r} has no published rounding, expected one of {', '.join(known)}")
    rates = rows[[*COLUMNS, *DATES]].reset_index(drop=True)
    for row in rates.itertuples():
        _check_row(row)
    for _, own in rates.groupby(["charge", "applies_to"]):
        _check_together(own)
    priced = [charge for charge in DELIVERY_CHARGES if (rates["charge"] == charge).any()]
    if len(priced) != 1:
        raise ValueError(
            f"charge: {priced or 'none'} price the delivery, expected one of {', '.join(DELIVERY_CHARGES)}"
        )
    if (rates["charge"] == "fuel").any() and priced != ["base transport"]:
        raise ValueError(f"charge: fuel beside {priced[0]}, expected it beside base transport only")
    return RateCard(bidder, rates, dim_carrier, float(dim_divisor))


def _check_row(row: Any) -> None:
    """Refuse a rate that contradicts itself."""
    name = f"{row.rate_id}"
    if row.charge not in CHARGE_BASES:
        raise ValueError(f"{name}: charge {row.charge!r}, expected one of {', '.join(CHARGE_BASES)}")
    if row.basis not in CHARGE_BASES[row.charge]:
        raise ValueError(
            f"{name}: basis {row.basis!r} of {row.charge}, expected {' or '.join(sorted(CHARGE_BASES[row.charge]))}"
        )
    if row.applies_to not in ("all", "home"):
        raise ValueError(f"{name}: applies_to {row.applies_to!r}, expected 'all' or 'home'")
    if abs(row.rate_usd * 1e4 - round(row.rate_usd * 1e4)) > 1e-6:
        raise ValueError(f"{name}: rate_usd {row.rate_usd:g}, expected at most four decimals")
    if pd.notna(row.zone) and row.charge not in ("base transport", "delivered parcel"):
        raise ValueError(f"{name}: zone {row.zone:g} of {row.charge}, expected none")
    if pd.notna(row.tier) and row.charge not in TIERED_CHARGES.get(row.tier, ()):
        raise ValueError(f"{name}: tier {row.tier!r} of {row.charge}, expected one that fits the charge or none")
    if pd.isna(row.tier) != pd.isna(row.above):
        raise ValueError(f"{name}: above {row.above:g} with tier {row.tier!r}, expected both or neither")
    if pd.notna(row.up_to) and not row.above < row.up_to:
        raise ValueError(f"{name}: above {row.above:g} and up_to {row.up_to:g}, expected the first below the second")
    if pd.notna(row.above) and row.above < 0:
        raise ValueError(f"{name}: above {row.above:g}, expected 0 or more")
    if pd.isna(row.valid_from) or (pd.notna(row.valid_to) and row.valid_to < row.valid_from):
        raise ValueError(f"{name}: valid_from {row.valid_from} and valid_to {row.valid_to}, expected days in order")


def _check_together(own: pd.DataFrame) -> None:
    """Refuse two rates of a charge that hold at once, and a hole between its tiers."""
    if own["tier"].nunique(dropna=False) > 1:
        raise ValueError(f"{own['rate_id'].iloc[0]}: {own['charge'].iloc[0]} has tiers of two kinds, expected one kind")
    own = own.sort_values(["zone", "valid_from", "above"], na_position="first", kind="stable")
    above, up_to = own["above"].fillna(-np.inf), own["up_to"].fillna(np.inf)
    last = own["valid_to"].fillna(pd.Timestamp.max)
    for (at, row), low, high in zip(own.iterrows(), above, up_to, strict=True):
        same = own["zone"].isna() | pd.isna(row["zone"]) | (own["zone"] == row["zone"])
        held = (own["valid_from"] <= last[at]) & (last >= row["valid_from"])
        both = same & held & (above < high) & (up_to > low) & (own.index != at)
        if both.any():
            raise ValueError(f"{row['rate_id']}: holds together with {own.loc[both, 'rate_id'].iloc[0]}, expected one")
    for _, tiers in own.groupby(["zone", *DATES], dropna=False):
        after = tiers["above"].iloc[1:].to_numpy(dtype=float)
        before = tiers["up_to"].iloc[:-1].to_numpy(dtype=float)
        if len(tiers) > 1 and not (after == before).all():
            rate = tiers["rate_id"].iloc[1:][after != before].iloc[0]
            raise ValueError(f"{rate}: a hole below above = {after[after != before][0]:g}, expected the end of a tier")


@arg.takes(rfp_id=arg.text)
def load_rate_cards(rfp_id: str = "RFP-2026-02") -> dict[str, RateCard]:
    """The rate cards of a request's bidders.

    Returns
    -------
    dict, bidder -> Card, in the order of ``bid_capacity``.

    Raises
    ------
    ValueError if there is no such request.

    >>> {bidder: len(card.rates) for bidder, card in load_rate_cards().items()}["Brackenhall Distribution"]
    18
    """
    rates, terms = load("bid_rates"), load("bid_capacity")
    terms = terms[terms["rfp_id"] == rfp_id]
    if terms.empty:
        raise ValueError(f"rfp_id: {rfp_id!r} has no bidders, expected one of {', '.join(rates['rfp_id'].unique())}")
    return {
        row.bidder: build_rate_card(
            rates[(rates["rfp_id"] == rfp_id) & (rates["bidder"] == row.bidder)],
            row.bidder,
            row.dim_carrier,
            row.dim_divisor,
        )
        for row in terms.itertuples()
    }
