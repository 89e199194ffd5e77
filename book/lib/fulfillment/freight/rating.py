"""What a parcel costs: dimensional weight, zones, general rate increases, surcharges, a carrier's contract."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas
from fulfillment.calendar import in_force
from fulfillment.data.reference import load_reference_table
from fulfillment.validate import number_column

#: What a contract is looked up by, of a parcel; and what its rates hold. Gates of `fulfillment.arguments`.
PARCEL_COLUMNS: dict[str, arg.Gate] = {
    "carrier_id": arg.names(),
    "zone": arg.amounts(),
    "billable_weight_lb": arg.amounts(0),
    "residential": arg.flags(),
    "dispatched_at": arg.times(),
}
_DATED: dict[str, arg.Gate] = {
    "rate_usd": arg.amounts(),
    "valid_from": arg.times(),
    "valid_to": arg.times(gaps=True),
}
RATE_COLUMNS: dict[str, arg.Gate] = {
    "supplier_id": arg.names(),
    "charge": arg.names(),
    "zone": arg.amounts(gaps=True),
    "weight_lb": arg.amounts(gaps=True),
    **_DATED,
}
SIDES = ["length_in", "width_in", "height_in"]
#: Where a rule begins whose first day is not known
BEFORE_ANY = pd.Timestamp("1900-01-01")
SIZED: dict[str, arg.Gate] = {
    **dict.fromkeys([*SIDES, "weight_lb"], arg.amounts(arg.ABOVE_0)),
    "shipped_on": arg.times(),
}

# Carriers' rules by date ----------------------------------------------------------------------------------------------


def rounding_rules() -> pd.DataFrame:
    """Carriers' rules of dimensional weight whose rounding is published, a row per carrier and time.

    Source: `load_reference_table` ``"dim_rules"``.

    >>> sorted(rounding_rules()["carrier"].unique())
    ['FedEx', 'UPS', 'USPS']
    """
    rules = load_reference_table("dim_rules")
    return rules[rules["rounding"].notna()]


@arg.takes(parcels=arg.table(SIZED), carrier=arg.text, divisor=arg.amount(arg.ABOVE_0))
def billable_weight(parcels: pd.DataFrame, carrier: str, divisor: float | None = None) -> pd.Series:
    """Weight a carrier bills, by the rule of the day: the greater of actual and dimensional weight, in whole pounds up.

    Parameters
    ----------
    parcels : DataFrame, a row per parcel: ``length_in``, ``width_in``, ``height_in``, ``weight_lb``, ``shipped_on``
        (datetime).
    carrier : one of `rounding_rules`. USPS bills dimensional weight only above one cubic foot, of the sides as rounded.
    divisor : a negotiated dimensional divisor, in³ per lb; the carrier's own by default.

    Returns
    -------
    Series of whole pounds.

    Raises
    ------
    ValueError if a column is missing, a number or the divisor is not above 0, or no rule of the carrier holds on a day.

    Source: `rounding_rules`. Sides were rounded to the nearest inch until 17 August 2025, and up since.

    >>> box = {"length_in": 11.1, "width_in": 8.5, "height_in": 6.2, "weight_lb": 2.0}
    >>> days = pd.to_datetime(["2025-08-17", "2025-08-18"])
    >>> billable_weight(pd.DataFrame(box, index=[0, 1]).assign(shipped_on=days), "UPS").tolist()
    [5.0, 6.0]
    """
    known = rounding_rules()
    rules = known[known["carrier"] == carrier]
    if rules.empty:
        names = ", ".join(known["carrier"].unique())
        raise ValueError(f"carrier: {carrier!r} has no published rounding, expected one of {names}")
    sizes = parcels[[*SIDES, "weight_lb"]].astype(float).round(6)  # 0.1 * 30 is 3, not a hair above it
    day = parcels["shipped_on"].dt.normalize()
    billed = pd.Series(np.nan, parcels.index, name="billable_weight_lb")
    for rule in rules.itertuples():
        start = BEFORE_ANY if pd.isna(rule.effective_from) else rule.effective_from
        held = in_force(day, start, rule.effective_to)
        sides = sizes.loc[held, SIDES]
        sides = np.floor(sides + 0.5).clip(lower=1) if rule.rounding == "nearest" else np.ceil(sides)
        actual = sizes.loc[held, "weight_lb"]
        dimensional = formulas.BILLABLE_WEIGHT(
            **{column: sides[column] for column in sides},
            actual_weight_lb=actual,
            divisor=rule.divisor_in3_per_lb if divisor is None else divisor,
        )
        billed[held] = np.where(sides.prod(axis=1) > rule.larger_than_in3, dimensional, np.ceil(actual))
    if billed.isna().any():
        wrong = day[billed.isna()].min()
        raise ValueError(f"shipped_on: {wrong:%F}, expected {rules['effective_from'].min():%F} or later")
    return billed


@arg.takes(miles=arg.any_amounts(0))
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

    Source: `load_reference_table` ``"zones"``; a carrier's own chart decides by ZIP code.

    >>> parcel_zone([150, 150.5, 2400]).tolist()
    [2, 3, 8]
    """
    distance = np.atleast_1d(np.asarray(miles, float))
    zones = load_reference_table("zones")
    return (
        zones["zone"].to_numpy()[np.searchsorted(zones["miles_to"].to_numpy()[:-1], distance)].reshape(np.shape(miles))
    )


@arg.takes(carrier=arg.text, since=arg.moment, until=arg.moment)
def compound_gri(carrier: str, since: pd.Timestamp | str, until: pd.Timestamp | str) -> float:
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

    Source: `load_reference_table` ``"gri_history"``.

    >>> round(compound_gri("UPS", "2023-12-01", "2026-01-31"), 4)
    0.1876
    """
    history = load_reference_table("gri_history")
    own = history[history["carrier"] == carrier]
    if own.empty:
        raise ValueError(f"carrier: {carrier!r}, expected one of {', '.join(sorted(history['carrier'].unique()))}")
    first = own["effective_date"].min() - pd.Timedelta(days=1)
    if not first <= since <= until:
        raise ValueError(f"since: {since:%F}, expected {first:%F} or later and not after until ({until:%F})")
    held = own[(own["effective_date"] > since) & (own["effective_date"] <= until)]
    return float(np.prod(1 + held["headline_increase_pct"] / 100) - 1)


@arg.takes(carrier=arg.text, surcharge=arg.text, shipped_on=arg.times())
def peak_surcharge(carrier: str, surcharge: str, shipped_on: pd.Series) -> pd.Series:
    """Published peak-season surcharge of each parcel by its day.

    Parameters
    ----------
    carrier, surcharge : as in `load_reference_table` ``"peak_surcharges"``, for example ``"UPS"``, ``"Ground residential"``.
    shipped_on : Series of datetimes.

    Returns
    -------
    Series of USD per parcel; 0 outside the published dates.

    Raises
    ------
    ValueError if the carrier has no such surcharge or a day is missing.

    Source: `load_reference_table` ``"peak_surcharges"``.

    >>> days = pd.Series(pd.to_datetime(["2025-10-25", "2025-10-26", "2025-12-01"]))
    >>> peak_surcharge("UPS", "Ground residential", days).tolist()
    [0.0, 0.4, 0.6]
    """
    table = load_reference_table("peak_surcharges")
    own = table[(table["carrier"] == carrier) & (table["surcharge"] == surcharge)]
    if own.empty:
        known = sorted(table.loc[table["carrier"] == carrier, "surcharge"].unique())
        raise ValueError(f"surcharge: {carrier} {surcharge!r} is not published, expected one of {known}")
    day = shipped_on.dt.normalize()
    amount = pd.Series(0.0, shipped_on.index, name="peak_surcharge_usd")
    for row in own.itertuples():
        amount[in_force(day, row.start, row.end)] = row.amount_usd
    return amount


# What parcels should cost, and why they cost more ----------------------------------------------------------------------


@arg.takes(days=arg.times(gaps=True), asked=arg.a(pd.DataFrame), rates=arg.a(pd.DataFrame), keys=arg.labels)
def rate_on(days: pd.Series, asked: pd.DataFrame, rates: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """The dated rate that holds for each row on its day.

    Parameters
    ----------
    days : Series of datetimes at midnight, as the rows of ``asked``.
    asked : DataFrame with the columns of ``keys``.
    rates : DataFrame: the columns of ``keys``, ``rate_usd``, ``valid_from``, ``valid_to`` (missing: until further notice).
    keys : columns that pick a rate. A number that is blank on both sides is the same: fuel has no zone. A missing name
        matches nothing.

    Returns
    -------
    Series, as the rows of ``asked``; missing where no rate holds.

    Raises
    ------
    ValueError if two rates hold for a row.

    >>> rates = pd.DataFrame({"charge": "base", "rate_usd": [8.0, 8.4], "valid_from": pd.to_datetime(["2025-01-01",
    ...                       "2026-01-01"]), "valid_to": pd.to_datetime(["2025-12-31", None])})
    >>> days = pd.Series(pd.to_datetime(["2025-12-31", "2026-01-01", "2024-12-31"]))
    >>> rate_on(days, pd.DataFrame({"charge": ["base"] * 3}), rates, ["charge"]).tolist()
    [8.0, 8.4, nan]
    """
    if len(days) != len(asked):
        raise ValueError(f"days: {len(days)}, expected one for each of {len(asked)} rows of asked")
    rates = arg.table({**dict.fromkeys(keys, arg.names(gaps=True)), **_DATED}, rows=False)("rates", rates)
    asked = arg.table(dict.fromkeys(keys, arg.names(gaps=True)), rows=False)("asked", asked)
    numbers = [key for key in keys if any(map(pd.api.types.is_numeric_dtype, (asked[key].dtype, rates[key].dtype)))]
    asked, rates = (  # a key that is a number on one side is compared as one
        table.assign(**{key: number_column(f"{name}: {key}", table[key]).astype(float) for key in numbers})
        for name, table in (("asked", asked), ("rates", rates))
    )
    rates = rates.dropna(subset=[key for key in keys if key not in numbers])
    numbered = asked[keys].assign(_row=np.arange(len(asked)), _day=days.to_numpy())
    pairs = numbered.merge(rates[[*keys, "rate_usd", "valid_from", "valid_to"]], on=keys)
    held = pairs[in_force(pairs["_day"], pairs["valid_from"], pairs["valid_to"])]
    if held["_row"].duplicated().any():
        twice = held[held["_row"].duplicated()].iloc[0]
        raise ValueError(f"rates: two hold for {twice[keys].to_dict()} on {twice['_day']:%F}, expected one")
    return held.set_index("_row")["rate_usd"].reindex(range(len(asked))).set_axis(asked.index)


@arg.takes(
    parcels=arg.table(PARCEL_COLUMNS), rates=arg.table(RATE_COLUMNS), base_on=arg.moment, surcharges_on=arg.moment
)
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
    own = parcels["dispatched_at"].dt.normalize()
    at_base, at_surcharges = (own if day is None else pd.Series(day, parcels.index) for day in (base_on, surcharges_on))
    asked = parcels[["zone"]].assign(supplier_id=parcels["carrier_id"], weight_lb=parcels["billable_weight_lb"])
    by_size = rates[(rates["charge"] == "base transport") & rates[["zone", "weight_lb"]].notna().all(axis=1)]
    by_size = by_size.astype(asked[["zone", "weight_lb"]].dtypes)
    base = rate_on(at_base, asked, by_size, ["supplier_id", "zone", "weight_lb"])
    if base.isna().any():
        lost = asked[base.isna()].iloc[0].to_dict() | {"day": f"{at_base[base.isna()].iloc[0]:%F}"}
        raise ValueError(f"rates: no base transport for {lost}, expected one for every parcel")
    home = parcels["residential"]
    fuel, residential, peak = (
        rate_on(at_surcharges, asked, rates[rates["charge"] == charge], ["supplier_id"]).fillna(0.0)
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
