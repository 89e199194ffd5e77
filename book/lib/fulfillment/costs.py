"""What fulfillment costs, why it changed, and whether the invoice is right.

Published carrier figures stand in ``data/facts`` with source, date and confidence; `published` shows them.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from fulfillment import formulas
from fulfillment.data import FACTS
from fulfillment.formulas import numbers, positive, require

#: Tables of published figures and their columns of dates.
PUBLISHED = {
    "dim_rules": ["effective_from", "effective_to"],
    "gri_history": ["effective_date"],
    "peak_surcharges": ["start", "end"],
    "surcharges_base": [],
    "zones": [],
    "market_sizes": [],
}


def published(name: str) -> pd.DataFrame:
    """A table of published figures, each row with source, date and confidence.

    Parameters
    ----------
    name : ``"dim_rules"``, ``"gri_history"``, ``"peak_surcharges"``, ``"surcharges_base"``, ``"zones"`` or
        ``"market_sizes"``.

    Returns
    -------
    DataFrame; units stand in the columns' names, or in ``unit``.

    Raises
    ------
    ValueError if there is no such table.

    >>> published("zones")[["zone", "miles_from", "miles_to"]].head(2).values.tolist()
    [[2.0, 0.0, 150.0], [3.0, 151.0, 300.0]]
    """
    if name not in PUBLISHED:
        raise ValueError(f"name: {name!r} is not a table of published figures, expected one of {', '.join(PUBLISHED)}")
    return pd.read_csv(FACTS / f"{name}.csv", parse_dates=PUBLISHED[name])


# What an order costs, and why it changed ------------------------------------------------------------------------------


def cost_to_serve(orders: pd.DataFrame, by: str | Sequence[str], costs: Sequence[str]) -> pd.DataFrame:
    """Cost of the orders of each segment (zone, seller, SKU, center), the dearest segment in total first.

    Parameters
    ----------
    orders : DataFrame, a row per order: the columns of ``by`` and of ``costs``.
    by : column or columns that name the segment.
    costs : columns of cost, USD per order.

    Returns
    -------
    DataFrame, a row per segment: ``orders``, each column of ``costs`` in USD per order, ``cost_per_order_usd``,
    ``cost_usd``, ``share_of_orders``, ``share_of_cost``, ``index`` (cost per order over the average: 1.2 is 20 % more).

    Raises
    ------
    ValueError if a column or all rows are missing, or a cost or a segment is missing in a row.

    >>> orders = pd.DataFrame({"zone": [2, 2, 8], "pick_usd": [1.0, 1.0, 1.0], "parcel_usd": [5.0, 6.0, 12.0]})
    >>> zones = cost_to_serve(orders, "zone", ["pick_usd", "parcel_usd"])
    >>> zones[["cost_per_order_usd", "index"]].round(2).values.tolist()
    [[6.5, 0.75], [13.0, 1.5]]
    """
    keys, costs = [by] if isinstance(by, str) else list(by), list(costs)
    require("orders", orders, [*keys, *costs])
    for column in (*keys, *costs):
        if orders[column].isna().any():
            raise ValueError(f"orders: {column} is missing in {orders[column].isna().sum()} rows, expected none")
    groups = orders.groupby(by, observed=True)[costs]
    table = groups.mean()
    table.insert(0, "orders", groups.size())
    table["cost_per_order_usd"] = table[costs].sum(axis=1)
    table["cost_usd"] = table["cost_per_order_usd"] * table["orders"]
    table["share_of_orders"] = table["orders"] / table["orders"].sum()
    table["share_of_cost"] = table["cost_usd"] / table["cost_usd"].sum()
    table["index"] = table["share_of_cost"] / table["share_of_orders"]
    return table.sort_values("cost_usd", ascending=False)


def price_volume_mix(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Bridge of cost between two periods: more orders, other orders, dearer orders.

    Volume: the change in orders at the old average cost. Mix: the change in orders times how far the segment's old cost
    stood from that average. Price: the new orders times the change in the segment's cost per order. A segment that is
    in one period only has no change of price; all of it is volume and mix. The parts sum to the change of each segment.
    Mix and price together, over the new orders, are the change of cost per order.

    Parameters
    ----------
    before, after : DataFrame, a row per segment (index): ``orders`` and ``cost_usd``.

    Returns
    -------
    DataFrame, a row per segment: ``volume_usd``, ``mix_usd``, ``price_usd``, ``change_usd``.

    Raises
    ------
    ValueError if a column is missing, a segment stands twice, a number is negative, or a period has no orders.

    Cost per order rises from 7 to 8.40 USD: 0.60 because more orders go to zone 8, 0.80 because both zones cost more:

    >>> before = pd.DataFrame({"orders": [80, 20], "cost_usd": [480.0, 220.0]}, index=["zone 2", "zone 8"])
    >>> after = pd.DataFrame({"orders": [68, 32], "cost_usd": [448.8, 391.2]}, index=["zone 2", "zone 8"])
    >>> price_volume_mix(before, after).sum().round(2).to_dict()
    {'volume_usd': 0.0, 'mix_usd': 60.0, 'price_usd': 80.0, 'change_usd': 140.0}
    """
    for name, period in (("before", before), ("after", after)):
        require(name, period, ["orders", "cost_usd"])
        if period.index.has_duplicates:
            raise ValueError(f"{name}: segment {period.index[period.index.duplicated()][0]!r} twice, expected once")
        for column in ("orders", "cost_usd"):
            numbers(f"{name} {column}", period[column])
        if not period["orders"].any():
            raise ValueError(f"{name}: no orders, expected some")
        if ((period["orders"] == 0) & (period["cost_usd"] > 0)).any():
            raise ValueError(f"{name}: a segment has cost_usd and no orders, expected orders where there is cost")
    segments = before.index.union(after.index, sort=False)
    old, new = (period.reindex(segments, fill_value=0).astype(float) for period in (before, after))
    old_rate, new_rate = (period["cost_usd"] / period["orders"].where(period["orders"] > 0) for period in (old, new))
    old_rate, new_rate = old_rate.fillna(new_rate).fillna(0), new_rate.fillna(old_rate).fillna(0)
    average = old["cost_usd"].sum() / old["orders"].sum()
    more = new["orders"] - old["orders"]
    return pd.DataFrame(
        {
            "volume_usd": more * average,
            "mix_usd": more * (old_rate - average),
            "price_usd": new["orders"] * (new_rate - old_rate),
            "change_usd": new["cost_usd"] - old["cost_usd"],
        }
    )


def cost_volume(options: Mapping[str, tuple[float, float]], volume: float) -> pd.Series:
    """Total cost of each option at a volume, the cheapest first.

    Parameters
    ----------
    options : name of each with its fixed cost (USD) and its variable cost (USD per unit).
    volume : units.

    Returns
    -------
    Series of USD.

    Raises
    ------
    ValueError if there is no option or a number is negative.

    Source: Heizer, Render and Munson, Operations Management, locational cost-volume analysis.

    >>> cost_volume({"Athens": (30_000, 75), "Brussels": (60_000, 45), "Lisbon": (110_000, 25)}, 2000).to_dict()
    {'Brussels': 150000.0, 'Lisbon': 160000.0, 'Athens': 180000.0}
    """
    numbers("volume", [volume])
    lines = {name: numbers(f"options of {name}", line) for name, line in options.items()}
    if not lines:
        raise ValueError("options: none, expected at least one")
    return pd.Series({name: fixed + variable * volume for name, (fixed, variable) in lines.items()}).sort_values()


def crossovers(options: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """Volumes at which two options cost the same: below, the one with less fixed cost is cheaper; above, the other.

    Parameters
    ----------
    options : as `cost_volume`.

    Returns
    -------
    DataFrame, a row per pair that crosses, by volume: ``below``, ``above`` (the cheaper option of the pair on each
    side), ``volume`` (units), ``cost_usd`` (of both, there).

    Raises
    ------
    ValueError if a number is negative.

    >>> sites = {"Athens": (30_000, 75), "Brussels": (60_000, 45), "Lisbon": (110_000, 25)}
    >>> crossovers(sites)[["below", "volume"]].values.tolist()
    [['Athens', 1000.0], ['Athens', 1600.0], ['Brussels', 2500.0]]
    """
    lines = {name: numbers(f"options of {name}", line) for name, line in options.items()}
    rows = []
    for pair in combinations(lines, 2):
        low, high = sorted(pair, key=lambda name: lines[name][0])
        (fixed, variable), (more_fixed, less_variable) = lines[low], lines[high]
        if more_fixed > fixed and variable > less_variable:
            volume = formulas.MAKE_OR_BUY(
                make_fixed=more_fixed - fixed, make_variable=less_variable, buy_price=variable
            )
            rows.append((low, high, volume, fixed + variable * volume))
    table = pd.DataFrame(rows, columns=["below", "above", "volume", "cost_usd"])
    return table.sort_values("volume", ignore_index=True)


def cash_to_cash(
    inventory_usd: float, receivables_usd: float, payables_usd: float, revenue_usd: float, cogs_usd: float
) -> dict[str, float]:
    """Days between paying suppliers and being paid by customers.

    Parameters
    ----------
    inventory_usd, receivables_usd, payables_usd : average balances, USD.
    revenue_usd, cogs_usd : of the year, USD.

    Returns
    -------
    dict, days: ``days_inventory``, ``days_receivable``, ``days_payable``, ``cash_to_cash`` (negative where suppliers
    finance the business).

    Raises
    ------
    ValueError if a balance is negative or a flow is not above 0.

    Source: SCOR, cash-to-cash cycle time.

    >>> {name: round(days, 1) for name, days in cash_to_cash(2e6, 0.5e6, 1.5e6, 20e6, 12e6).items()}
    {'days_inventory': 60.8, 'days_receivable': 9.1, 'days_payable': 45.6, 'cash_to_cash': 24.3}
    """
    positive(revenue_usd=revenue_usd, cogs_usd=cogs_usd)
    days = {
        "days_inventory": formulas.DAYS_OUTSTANDING(balance_usd=inventory_usd, annual_flow_usd=cogs_usd),
        "days_receivable": formulas.DAYS_OUTSTANDING(balance_usd=receivables_usd, annual_flow_usd=revenue_usd),
        "days_payable": formulas.DAYS_OUTSTANDING(balance_usd=payables_usd, annual_flow_usd=cogs_usd),
    }
    return {**days, "cash_to_cash": formulas.CASH_TO_CASH(**days)}


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
    rules = published("dim_rules")
    rules = rules[(rules["carrier"] == carrier) & rules["rounding"].notna()]
    if rules.empty:
        known = published("dim_rules").dropna(subset="rounding")["carrier"].unique()
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
    zones = published("zones")
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
    history = published("gri_history")
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
    table = published("peak_surcharges")
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


# Invoices -------------------------------------------------------------------------------------------------------------


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
    keys : columns that pick a rate (charge, zone, service, weight band).
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
    require("lines", lines, [*keys, *once_per, "billed_on", "quantity", "billed_usd"])
    require("rates", rates, [*keys, "rate_usd", "valid_from", "valid_to"])
    numbered = lines.assign(_line=np.arange(len(lines)), _day=lines["billed_on"].dt.normalize())
    terms = rates[[*keys, "rate_usd", "valid_from", "valid_to"]]
    pairs = numbered[[*keys, "_line", "_day"]].merge(terms, on=keys)
    held = (pairs["valid_from"] <= pairs["_day"]) & ~(pairs["valid_to"] < pairs["_day"])
    pairs = pairs[held]
    if pairs["_line"].duplicated().any():
        twice = pairs[pairs["_line"].duplicated()].iloc[0]
        raise ValueError(f"rates: two hold for {twice[keys].to_dict()} on {twice['_day']:%F}, expected one")
    rate = numbered["_line"].map(pairs.set_index("_line")["rate_usd"])
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
