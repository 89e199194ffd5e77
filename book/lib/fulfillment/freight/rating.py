"""What a parcel costs: dimensional weight, zones, general rate increases, surcharges, a carrier's contract."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fulfillment import formulas
from fulfillment.data.reference import load_reference_table
from fulfillment.validate import numbers, require

# Carriers' rules by date ----------------------------------------------------------------------------------------------


def billed_weight(parcels: pd.DataFrame, carrier: str, divisor: float | None = None) -> pd.Series:
    """Weight a carrier bills, by the rule of the day: the greater of actual and dimensional weight, in whole pounds up.

    Parameters
    ----------
    parcels : DataFrame, a row per parcel: ``length_in``, ``width_in``, ``height_in``, ``weight_lb``, ``shipped_on``
        (datetime).
    carrier : ``"UPS"`` or ``"FedEx"``: the carriers whose rounding is published without conflict.
    divisor : a negotiated dimensional divisor, in³ per lb; the carrier's own by default.

    Returns
    -------
    Series of whole pounds.

    Raises
    ------
    ValueError if a column is missing, a number is not above 0, or no rule of the carrier holds on a day.

    Source: `published` ``"dim_rules"``. Sides were rounded to the nearest inch until 17 August 2025, and up since.

    >>> box = {"length_in": 11.1, "width_in": 8.5, "height_in": 6.2, "weight_lb": 2.0}
    >>> days = pd.to_datetime(["2025-08-17", "2025-08-18"])
    >>> billed_weight(pd.DataFrame(box, index=[0, 1]).assign(shipped_on=days), "UPS").tolist()
    [5.0, 6.0]
    """
    columns = ["length_in", "width_in", "height_in", "weight_lb"]
    require("parcels", parcels, [*columns, "shipped_on"])
    for column in columns:
        numbers(column, parcels[column], np.finfo(float).tiny)
    rules = load_reference_table("dim_rules")
    rules = rules[(rules["carrier"] == carrier) & rules["rounding"].notna()]
    if rules.empty:
        known = load_reference_table("dim_rules").dropna(subset="rounding")["carrier"].unique()
        raise ValueError(f"carrier: {carrier!r} has no stated rounding rule, expected one of {', '.join(known)}")
    sizes = parcels[columns].astype(float).round(6)  # 0.1 * 30 is 3, not a hair above it
    day = parcels["shipped_on"].dt.normalize()
    billed = pd.Series(np.nan, parcels.index, name="billed_weight_lb")
    for rule in rules.itertuples():
        held = (day >= rule.effective_from) & ((day <= rule.effective_to) | pd.isna(rule.effective_to))
        sides = sizes.loc[held, columns[:3]]
        if rule.rounding == "nearest":
            sides = np.floor(sides + 0.5).clip(lower=1)
        billed[held] = formulas.BILLED_WEIGHT(
            **{column: sides[column] for column in sides},
            actual_weight_lb=sizes.loc[held, "weight_lb"],
            divisor=divisor or rule.divisor_in3_per_lb,
        )
    if billed.isna().any():
        wrong = day[billed.isna()].min()
        raise ValueError(f"shipped_on: {wrong:%F}, expected {rules['effective_from'].min():%F} or later")
    return billed


def parcel_zone(miles: float | Sequence[float] | pd.Series) -> np.ndarray:
    """Carrier zone of a distance (UPS and FedEx in the contiguous US).

    Parameters
    ----------
    miles : between the centers of origin and destination, at least 0.

    Returns
    -------
    array of zones, 2 to 8, in the shape of ``miles``.

    Raises
    ------
    ValueError if a distance is negative or missing.

    Source: `published` ``"zones"``; a carrier's own chart decides by ZIP code.

    >>> parcel_zone([150, 150.5, 2400]).tolist()
    [2, 3, 8]
    """
    distance = numbers("miles", np.atleast_1d(miles))
    zones = load_reference_table("zones")
    return (
        zones["zone"].to_numpy()[np.searchsorted(zones["miles_to"].to_numpy()[:-1], distance)].reshape(np.shape(miles))
    )


def rate_increase(carrier: str, since: pd.Timestamp | str, until: pd.Timestamp | str) -> float:
    """Announced general rate increases between two days, compounded; light and far parcels rise more.

    Parameters
    ----------
    carrier : ``"UPS"``, ``"FedEx"`` or ``"USPS"``.
    since, until : the increases that took effect after ``since``, up to and with ``until``.

    Returns
    -------
    float, 0.059 for one increase of 5.9 %; 0 where there was none.

    Raises
    ------
    ValueError if the carrier is unknown, ``until`` is before ``since``, or the history begins after ``since``.

    Source: `published` ``"gri_history"``.

    >>> round(rate_increase("UPS", "2023-12-01", "2026-01-31"), 4)
    0.1876
    """
    history = load_reference_table("gri_history")
    own = history[history["carrier"] == carrier]
    if own.empty:
        raise ValueError(f"carrier: {carrier!r}, expected one of {', '.join(sorted(history['carrier'].unique()))}")
    since, until = pd.Timestamp(since), pd.Timestamp(until)
    first = own["effective_date"].min() - pd.Timedelta(days=1)
    if not first <= since <= until:
        raise ValueError(f"since: {since:%F}, expected {first:%F} or later and not after until ({until:%F})")
    held = own[(own["effective_date"] > since) & (own["effective_date"] <= until)]
    return float(np.prod(1 + held["headline_increase_pct"] / 100) - 1)


def peak_surcharge(carrier: str, surcharge: str, shipped_on: pd.Series) -> pd.Series:
    """Published peak-season surcharge of each parcel by its day.

    Parameters
    ----------
    carrier, surcharge : as in `published` ``"peak_surcharges"``, for example ``"UPS"``, ``"Ground residential"``.
    shipped_on : Series of datetimes.

    Returns
    -------
    Series of USD per parcel; 0 outside the published dates.

    Raises
    ------
    ValueError if the carrier has no such surcharge or a day is missing.

    Source: `published` ``"peak_surcharges"``.

    >>> days = pd.Series(pd.to_datetime(["2025-10-25", "2025-10-26", "2025-12-01"]))
    >>> peak_surcharge("UPS", "Ground residential", days).tolist()
    [0.0, 0.4, 0.6]
    """
    table = load_reference_table("peak_surcharges")
    own = table[(table["carrier"] == carrier) & (table["surcharge"] == surcharge)]
    if own.empty:
        known = sorted(table.loc[table["carrier"] == carrier, "surcharge"].unique())
        raise ValueError(f"surcharge: {carrier} {surcharge!r} is not published, expected one of {known}")
    if shipped_on.isna().any():
        raise ValueError(f"shipped_on: missing in {shipped_on.isna().sum()} rows, expected none")
    day = shipped_on.dt.normalize()
    amount = pd.Series(0.0, shipped_on.index, name="peak_surcharge_usd")
    for row in own.itertuples():
        amount[(day >= row.start) & (day <= row.end)] = row.amount_usd
    return amount


# What parcels should cost, and why they cost more ----------------------------------------------------------------------


def _rate(asked: pd.DataFrame, rates: pd.DataFrame, charge: str, keys: Sequence[str]) -> pd.Series:
    """The rate of ``charge`` that holds for each row on its ``_day``; missing where none holds."""
    own = rates.loc[rates["charge"] == charge, [*keys, "rate_usd", "valid_from", "valid_to"]]
    for key in keys:
        own = own[own[key].notna()].astype({key: asked[key].dtype})
    pairs = asked[[*keys, "_day"]].reset_index(drop=True).reset_index(names="_row").merge(own, on=list(keys))
    held = pairs[(pairs["valid_from"] <= pairs["_day"]) & ~(pairs["valid_to"] < pairs["_day"])]
    if held["_row"].duplicated().any():
        twice = held[held["_row"].duplicated()].iloc[0]
        raise ValueError(f"rates: two of {charge} hold for {twice[list(keys)].to_dict()} on {twice['_day']:%F}")
    return held.set_index("_row")["rate_usd"].reindex(range(len(asked))).set_axis(asked.index)


def contract_price(
    parcels: pd.DataFrame,
    rates: pd.DataFrame,
    base_on: pd.Timestamp | str | None = None,
    surcharges_on: pd.Timestamp | str | None = None,
) -> pd.DataFrame:
    """What the carriers' contracts ask for each parcel, on its own day or at the rates of another day.

    Parameters
    ----------
    parcels : DataFrame, a row per parcel: ``carrier_id``, ``zone``, ``billable_weight_lb`` (whole pounds),
        ``residential``, ``dispatched_at`` (datetime).
    rates : DataFrame as the table ``rate_cards``: ``supplier_id``, ``charge``, ``zone``, ``weight_lb``, ``rate_usd``,
        ``valid_from``, ``valid_to``.
    base_on : day whose base rates hold; the parcel's own by default.
    surcharges_on : day whose fuel, residential and peak surcharges hold; the parcel's own by default.

    Returns
    -------
    DataFrame, USD in whole cents: ``base_usd``, ``fuel_usd``, ``residential_usd``, ``peak_usd``. A home pays the last
    two; a surcharge without a rate on the day is 0.

    Raises
    ------
    ValueError if a column is missing, no base rate holds for a parcel, or two do.

    >>> parcels = pd.DataFrame({"carrier_id": ["A"], "zone": [2], "billable_weight_lb": [3], "residential": [True],
    ...                         "dispatched_at": pd.to_datetime(["2026-02-01"])})
    >>> rates = pd.DataFrame({"supplier_id": "A", "charge": ["base transport", "base transport", "fuel", "residential"],
    ...     "zone": [2, 2, None, None], "weight_lb": [3, 3, None, None], "rate_usd": [4.0, 4.2, 0.2, 1.3],
    ...     "valid_from": pd.to_datetime(["2025-01-01", "2026-01-01", "2025-01-01", "2025-01-01"]),
    ...     "valid_to": pd.to_datetime(["2025-12-31", "2026-12-31", "2026-12-31", "2026-12-31"])})
    >>> contract_price(parcels, rates).iloc[0].tolist()
    [4.2, 0.84, 1.3, 0.0]
    >>> contract_price(parcels, rates, base_on="2025-07-15").iloc[0].tolist()
    [4.0, 0.8, 1.3, 0.0]
    """
    require("parcels", parcels, ["carrier_id", "zone", "billable_weight_lb", "residential", "dispatched_at"])
    require("rates", rates, ["supplier_id", "charge", "zone", "weight_lb", "rate_usd", "valid_from", "valid_to"])
    own = parcels["dispatched_at"].dt.normalize()
    asked = parcels[["zone"]].assign(supplier_id=parcels["carrier_id"], weight_lb=parcels["billable_weight_lb"])
    at_base = asked.assign(_day=own if base_on is None else pd.Timestamp(base_on))
    at_surcharges = asked.assign(_day=own if surcharges_on is None else pd.Timestamp(surcharges_on))
    base = _rate(at_base, rates, "base transport", ["supplier_id", "zone", "weight_lb"])
    if base.isna().any():
        lost = at_base[base.isna()].iloc[0].to_dict()
        raise ValueError(f"rates: no base transport for {lost}, expected one for every parcel")
    home = parcels["residential"].astype(bool)
    fuel, residential, peak = (
        _rate(at_surcharges, rates, charge, ["supplier_id"]).fillna(0.0)
        for charge in ("fuel", "residential", "peak surcharge")
    )
    return pd.DataFrame(
        {
            "base_usd": base,
            "fuel_usd": (base * fuel).round(2),
            "residential_usd": residential.where(home, 0.0),
            "peak_usd": peak.where(home, 0.0),
        }
    )
