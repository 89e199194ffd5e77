"""Bills held against contracts: what was charged, what was owed, and why they differ."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.freight.rating import PARCEL_COLUMNS, RATE_COLUMNS, contract_price, rate_on

#: A carrier's line: of base transport with the zone and the weight that it bills
BILLED: dict[str, arg.Gate] = {
    "shipment_id": arg.names(),
    "charge": arg.names(),
    "zone": arg.amounts(gaps=True),
    "weight_lb": arg.amounts(gaps=True),
    "billed_usd": arg.amounts(),
}


@arg.takes(
    lines=arg.a(pd.DataFrame),
    rates=arg.a(pd.DataFrame),
    keys=arg.labels,
    once_per=arg.labels,
    tolerance_usd=arg.amount(0),
)
def invoice_audit(
    lines: pd.DataFrame,
    rates: pd.DataFrame,
    keys: Sequence[str] = ("charge",),
    once_per: Sequence[str] = ("shipment_id", "charge"),
    tolerance_usd: float = 0.005,
) -> pd.DataFrame:
    """Each invoice line against the contract: what should have been billed, and what is wrong.

    Parameters
    ----------
    lines : DataFrame, a row per invoice line: the columns of ``keys`` and ``once_per``, ``billed_on`` (datetime),
        ``quantity``, ``billed_usd``.
    rates : DataFrame, the contract: the columns of ``keys``, ``rate_usd`` (per unit of quantity), ``valid_from`` and
        ``valid_to`` (datetime; missing: until further notice).
    keys : columns that pick a rate (charge, zone, service, weight band); see `fulfillment.freight.rating.rate_on`.
    once_per : columns of which a combination is billed only once.
    tolerance_usd : a difference up to this is rounding.

    Returns
    -------
    ``lines`` with ``expected_usd`` (missing without a rate, 0 for a duplicate), ``over_usd`` (billed less expected),
    ``ratio`` (billed over expected: a rate increase applied twice shows as one number) and ``finding``: ``"ok"``,
    ``"over"``, ``"under"``, ``"duplicate"`` or ``"no rate"``.

    Raises
    ------
    ValueError if a column is missing, or two rates hold for a line.

    >>> lines = pd.DataFrame({"shipment_id": [1, 2, 2], "charge": "base", "billed_on": pd.to_datetime("2026-02-01"),
    ...                       "quantity": 1, "billed_usd": [8.0, 8.4, 8.4]})
    >>> rates = pd.DataFrame({"charge": ["base"], "rate_usd": [8.0], "valid_from": pd.to_datetime(["2026-01-01"]),
    ...                       "valid_to": [pd.NaT]})
    >>> invoice_audit(lines, rates)[["over_usd", "finding"]].round(2).values.tolist()
    [[0.0, 'ok'], [0.4, 'over'], [8.4, 'duplicate']]
    """
    keys, once_per = list(keys), list(once_per)
    billed = {"billed_on": arg.times(), "quantity": arg.amounts(), "billed_usd": arg.amounts()}
    named = dict.fromkeys(keys, arg.names(gaps=True)) | dict.fromkeys(once_per, arg.names())
    lines = arg.table(named | billed)("lines", lines)
    rate = rate_on(lines["billed_on"].dt.normalize(), lines, rates, keys)
    expected = (rate * lines["quantity"]).round(2)
    duplicate = lines.duplicated(once_per)
    audited = lines.assign(expected_usd=expected.mask(duplicate, 0.0))
    audited["over_usd"] = lines["billed_usd"] - audited["expected_usd"]
    audited["ratio"] = lines["billed_usd"] / audited["expected_usd"].where(audited["expected_usd"] > 0)
    audited["finding"] = np.select(
        [
            duplicate,
            expected.isna(),
            audited["over_usd"] > tolerance_usd,
            audited["over_usd"] < -tolerance_usd,
        ],
        ["duplicate", "no rate", "over", "under"],
        "ok",
    )
    return audited


#: What `freight_audit` finds, and the column that holds its amount.
FREIGHT_FINDINGS = {
    "billed twice": "twice_usd",
    "zone too far": "zone_usd",
    "weight too high": "weight_usd",
    "surcharge not owed": "not_owed_usd",
    "rate above contract": "above_rate_usd",
}


@arg.takes(
    lines=arg.table(BILLED, keyed=True),
    parcels=arg.table({"shipment_id": arg.names(), **PARCEL_COLUMNS}, key=["shipment_id"]),
    rates=arg.table(RATE_COLUMNS),
)
def freight_audit(lines: pd.DataFrame, parcels: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Each carrier's line against the shipper's own record of the parcel: what is too much, and why.

    `invoice_audit` asks whether the rate is right for the zone and weight that a line states. This asks whether the
    parcel had that zone and weight, whether it went to a home, and whether it was billed before. The difference is
    taken apart in that order: own zone and weight at the contract's rate, the billed zone, the billed weight, the
    billed rate. Fuel follows its base: a wrong base carries wrong fuel.

    Parameters
    ----------
    lines : DataFrame, a row per line that names a parcel, in the order of billing: ``shipment_id``, ``charge``,
        ``zone`` and ``weight_lb`` (as billed; missing unless base transport), ``billed_usd``.
    parcels : the shipper's record, a row per parcel: ``shipment_id`` and the columns of `contract_price`.
    rates : as `contract_price`.

    Returns
    -------
    ``lines`` with ``expected_usd``, the columns of `FREIGHT_FINDINGS` in USD, ``over_usd`` (billed less expected, their
    sum) and ``finding``: the cause with the largest amount, or ``"ok"``.

    Raises
    ------
    ValueError if a column is missing, a line names an unknown parcel or charge, a parcel has no base transport, or no
    rate holds for what was billed.

    A parcel of zone 2 billed at zone 3, then billed again:

    >>> parcels = pd.DataFrame({"shipment_id": ["P"], "carrier_id": ["A"], "zone": [2], "billable_weight_lb": [1],
    ...                         "residential": [False], "dispatched_at": pd.to_datetime(["2026-02-01"])})
    >>> rates = pd.DataFrame({"supplier_id": "A", "charge": "base transport", "zone": [2, 3], "weight_lb": 1,
    ...     "rate_usd": [4.0, 4.5], "valid_from": pd.Timestamp("2026-01-01"), "valid_to": pd.Timestamp("2026-12-31")})
    >>> lines = pd.DataFrame({"shipment_id": "P", "charge": "base transport", "zone": [3, 3], "weight_lb": 1,
    ...                       "billed_usd": [4.5, 4.5]})
    >>> freight_audit(lines, parcels, rates)[["expected_usd", "over_usd", "finding"]].values.tolist()
    [[4.0, 0.5, 'zone too far'], [0.0, 4.5, 'billed twice']]
    """
    charges = {
        "base transport": "base_usd",
        "fuel": "fuel_usd",
        "residential": "residential_usd",
        "peak surcharge": "peak_usd",
    }
    for column, known in (("charge", charges), ("shipment_id", parcels["shipment_id"].tolist())):
        unknown = lines.loc[~lines[column].isin(known), column]
        if len(unknown):
            raise ValueError(f"lines: {column} {unknown.iloc[0]!r} is not known, expected one of a parcel's own")
    duplicate = lines.duplicated(["shipment_id", "charge"])
    base = lines[(lines["charge"] == "base transport") & ~duplicate].set_index("shipment_id")
    for column in ("zone", "weight_lb"):
        if base[column].isna().any():
            lost = base.index[base[column].isna()][0]
            raise ValueError(f"lines: {column} of base transport of {lost!r} is missing, expected what was billed")
    own = parcels[parcels["shipment_id"].isin(lines["shipment_id"])].set_index("shipment_id")
    if not own.index.isin(base.index).all():
        raise ValueError(f"lines: no base transport of {own.index[~own.index.isin(base.index)][0]!r}, expected one")
    zone, weight = base["zone"].reindex(own.index), base["weight_lb"].reindex(own.index)
    at_zone = own.assign(zone=zone.astype(own["zone"].dtype))
    at_weight = at_zone.assign(billable_weight_lb=weight.astype(own["billable_weight_lb"].dtype))
    keys = pd.MultiIndex.from_frame(lines[["shipment_id", "charge"]].replace({"charge": charges}))
    expected, with_zone, with_weight = (
        contract_price(state, rates).stack().reindex(keys).set_axis(lines.index) for state in (own, at_zone, at_weight)
    )
    billed, owed = lines["billed_usd"], (expected > 0) | lines["charge"].isin(["base transport", "fuel"])
    parts = {
        "twice_usd": billed.where(duplicate, 0.0),
        "zone_usd": (with_zone - expected).mask(duplicate, 0.0),
        "weight_usd": (with_weight - with_zone).mask(duplicate, 0.0),
        "not_owed_usd": billed.mask(duplicate | owed, 0.0),
        "above_rate_usd": (billed - with_weight).where(owed & ~duplicate, 0.0),
    }
    parts = pd.DataFrame(parts).round(2) + 0.0  # no negative zero
    names = {column: name for name, column in FREIGHT_FINDINGS.items()}
    audited = lines.assign(expected_usd=expected.mask(duplicate, 0.0)).join(parts)
    audited["over_usd"] = parts.sum(axis=1).round(2)
    audited["finding"] = parts.abs().idxmax(axis=1).map(names).where(parts.abs().max(axis=1) > 0.005, "ok")
    return audited
