"""What fulfillment costs, why it changed, and whether the invoice is right.

Published carrier figures stand in ``data/facts`` with source, date and confidence; `published` shows them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations
from math import factorial

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
    return table.sort_values("cost_usd", ascending=False, kind="stable")


#: Columns of `order_costs` that hold cost, USD per order.
TRACED_COSTS = ["parcel_usd", "handling_usd", "packaging_usd", "returns_usd"]


def order_costs(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What can be traced to each order that left and whose parcels are all billed.

    Parcels as billed; handling (the order fee of each parcel, additional picks, packing) at the contract's rates of the
    operator that packed it; carton, filling and tape at standard prices; label and care of each return known so far.
    Storage, receiving and a monthly minimum belong to no single order and are left out; so are refunds and what
    returned goods bring in.

    Parameters
    ----------
    tables : of the program by name: ``orders``, ``shipments``, ``invoice_lines``, ``rate_cards``, ``centers``,
        ``packaging_items``, ``returns``; see the data dictionary.

    Returns
    -------
    DataFrame, a row per order: ``order_id``, ``center_id``, ``seller_id``, ``zone``, ``value_usd``, ``dispatched_at``,
    ``parcels``, ``billable_weight_lb`` (of all its parcels), `TRACED_COSTS` in USD and ``cost_usd``, their sum.

    Raises
    ------
    ValueError if a table is missing.

    >>> from fulfillment.data import load
    >>> names = ["orders", "shipments", "invoice_lines", "rate_cards", "centers", "packaging_items", "returns"]
    >>> order_costs({name: load(name) for name in names})[["parcels", "cost_usd"]].mean().round(2).to_dict()
    {'parcels': 1.02, 'cost_usd': 10.83}
    """
    names = ["orders", "shipments", "invoice_lines", "rate_cards", "centers", "packaging_items", "returns"]
    missing = [name for name in names if name not in tables]
    if missing:
        raise ValueError(f"tables: {missing[0]} is missing, expected {', '.join(names)}")
    operator = tables["centers"].set_index("center_id")["operator_id"]
    fee = (
        tables["rate_cards"].drop_duplicates(["supplier_id", "charge"]).set_index(["supplier_id", "charge"])["rate_usd"]
    )
    item = tables["packaging_items"].set_index("packaging_id")
    material = item.loc[item["kind"] == "material", "standard_price_usd"].sum()
    parcels = tables["shipments"]
    at = parcels["center_id"].map(operator)
    packed, more, label = (at.map(fee.xs(name, level=1)) for name in ("order handling", "additional pick", "packaging"))
    parcels = parcels.assign(
        parcel_usd=parcels["shipment_id"].map(tables["invoice_lines"].groupby("shipment_id")["billed_usd"].sum()),
        handling_usd=packed + label + more * (parcels["units"] - 1),
        packaging_usd=parcels["packaging_id"].map(item["standard_price_usd"]) + material,
        parcels=1,
    )
    sums = ["parcels", "billable_weight_lb", "parcel_usd", "handling_usd", "packaging_usd"]
    costs = parcels.groupby("order_id")[sums].sum(min_count=1)
    costs = costs[~parcels["parcel_usd"].isna().groupby(parcels["order_id"]).any()]
    back = tables["returns"]
    cost_of_return = back["label_usd"].fillna(0) + back["handling_usd"].fillna(0)
    costs["returns_usd"] = cost_of_return.groupby(back["order_id"]).sum().reindex(costs.index, fill_value=0.0)
    costs["cost_usd"] = costs[TRACED_COSTS].sum(axis=1)
    kept = tables["orders"][["order_id", "center_id", "seller_id", "zone", "value_usd", "dispatched_at"]]
    return kept.merge(costs.reset_index(), on="order_id")


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
    return pd.Series({name: fixed + variable * volume for name, (fixed, variable) in lines.items()}).sort_values(
        kind="stable"
    )


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
    return table.sort_values("volume", ignore_index=True, kind="stable")


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


# What parcels should cost, and why they cost more ----------------------------------------------------------------------

#: Causes that `parcel_cost_model` can switch from the earlier to the later period, in a usual order of telling.
PARCEL_CAUSES = (
    "zone mix",
    "carton sizes",
    "rounding rule",
    "other mix",
    "split shipments",
    "base rates",
    "surcharges",
    "billing errors",
)


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


def parcel_cost_model(
    before: pd.DataFrame,
    after: pd.DataFrame,
    rates: pd.DataFrame,
    before_on: pd.Timestamp | str,
    after_on: pd.Timestamp | str,
    rule: str = "UPS",
    divisor: float | None = None,
) -> Callable[[Collection[str]], float]:
    """Parcel cost per order as a function of the causes that have already changed: the model behind a bridge.

    With no cause it gives the earlier period's billed cost per order, with all of `PARCEL_CAUSES` the later one's. Each
    cause switches one input, whatever the others are:

    - ``zone mix``: the share of parcels by zone;
    - ``carton sizes``: what dimensions add to a zone's parcels beyond their scale weight;
    - ``rounding rule``: how the sides are rounded before the divisor, on the parcels chosen by ``carton sizes``;
    - ``other mix``: scale weights, carriers and homes among a zone's parcels;
    - ``split shipments``: parcels an order;
    - ``base rates`` and ``surcharges``: of the contracts, on ``before_on`` or ``after_on``;
    - ``billing errors``: what was billed beyond the contracts, USD per order.

    Parameters
    ----------
    before, after : DataFrame, a row per parcel of a period: the columns of `contract_price`, ``order_id``,
        ``length_in``, ``width_in``, ``height_in``, ``weight_lb``, ``billed_usd`` (what the carrier billed for it).
    rates : as `contract_price`.
    before_on, after_on : a day of each period; its rates and its rounding rule stand for the period.
    rule, divisor : as ``carrier`` and ``divisor`` of `billed_weight`.

    Returns
    -------
    function of a collection of causes, USD per order.

    Raises
    ------
    ValueError if a column or all rows are missing, the periods differ in zones, or a cause is unknown.

    Two periods that differ in nothing but their parcels an order (1 and 2, at 4 USD each):

    >>> box = {"carrier_id": "A", "zone": 2, "billable_weight_lb": 3, "residential": False, "length_in": 4.0,
    ...        "width_in": 4.0, "height_in": 4.0, "weight_lb": 2.5, "billed_usd": 4.0}
    >>> july = pd.DataFrame(box | {"order_id": ["X", "Y"], "dispatched_at": pd.to_datetime("2025-07-15")})
    >>> may = pd.DataFrame(box | {"order_id": ["Z", "Z"], "dispatched_at": pd.to_datetime("2026-05-15")})
    >>> rates = pd.DataFrame({"supplier_id": ["A"], "charge": "base transport", "zone": 2, "weight_lb": 3,
    ...     "rate_usd": 4.0, "valid_from": pd.to_datetime("2025-01-01"), "valid_to": pd.to_datetime("2026-12-31")})
    >>> cost = parcel_cost_model(july, may, rates, "2025-07-15", "2026-05-15")
    >>> cost([]), cost(["split shipments"]), cost(["base rates"])
    (4.0, 8.0, 4.0)
    """
    columns = ["order_id", "length_in", "width_in", "height_in", "weight_lb", "billed_usd"]
    periods, days = (before, after), (pd.Timestamp(before_on), pd.Timestamp(after_on))
    for name, period in (("before", before), ("after", after)):
        require(name, period, columns)
    if set(before["zone"]) != set(after["zone"]):
        raise ValueError(f"after: zones {sorted(set(after['zone']))}, expected {sorted(set(before['zone']))}")
    each = [len(period) / period["order_id"].nunique() for period in periods]
    zones = [period["zone"].value_counts(normalize=True) for period in periods]

    def by_zone(period: int, pounds: pd.Series, base: int, surcharges: int) -> pd.Series:
        parcels = periods[period].assign(billable_weight_lb=pounds.astype(int))
        price = contract_price(parcels, rates, days[base], days[surcharges]).sum(axis=1)
        return price.groupby(parcels["zone"]).mean()

    weighed = {}  # (period, rule) -> pounds billed; rule None: the scale alone
    for period, parcels in enumerate(periods):
        weighed[period, None] = np.ceil(parcels["weight_lb"].round(6))
        for day in (0, 1):
            weighed[period, day] = billed_weight(parcels.assign(shipped_on=days[day]), rule, divisor)
    price = {
        (*key, base, surcharges): by_zone(key[0], pounds, base, surcharges)
        for key, pounds in weighed.items()
        for base in (0, 1)
        for surcharges in (0, 1)
    }

    def agreed(changed: Collection[str]) -> float:
        zone, carton, rounded, other, split, base, surcharges = (int(cause in changed) for cause in PARCEL_CAUSES[:7])
        scale = price[other, None, base, surcharges]
        added = price[carton, rounded, base, surcharges] - price[carton, None, base, surcharges]
        return float(each[split] * ((scale + added) * zones[zone]).sum())

    beyond = [
        float(period["billed_usd"].sum() / period["order_id"].nunique()) - agreed(PARCEL_CAUSES if later else ())
        for later, period in enumerate(periods)
    ]

    def cost(changed: Collection[str]) -> float:
        unknown = set(changed) - set(PARCEL_CAUSES)
        if unknown:
            raise ValueError(f"changed: {unknown.pop()!r} is not a cause, expected some of {', '.join(PARCEL_CAUSES)}")
        return round(agreed(changed) + beyond["billing errors" in changed], 9)

    return cost


def attribute_change(cost: Callable[[Collection[str]], float], causes: Sequence[str]) -> pd.DataFrame:
    """What each cause adds to a change, over every order in which the causes can be taken.

    A bridge takes its causes one after another, and where causes multiply, the order moves the bars. The average over
    all orders (the Shapley value) depends on none and adds up to the change.

    Parameters
    ----------
    cost : function of the causes that have changed, as `parcel_cost_model` returns it; any unit.
    causes : up to 12.

    Returns
    -------
    DataFrame, a row per cause: ``first`` (taken before all others), ``last`` (after all others), ``least``, ``most``
    (over all orders), ``average`` (adds up to ``cost(causes) - cost([])``).

    Raises
    ------
    ValueError if a cause stands twice, or there are none or more than 12.

    Source: Shapley 1953, A value for n-person games.

    Price doubles from 2 to 4 and quantity from 10 to 20: alone either adds 20, together 60.

    >>> def cost(changed):
    ...     return (4 if "price" in changed else 2) * (20 if "quantity" in changed else 10)
    >>> attribute_change(cost, ["price", "quantity"]).loc["price"].tolist()
    [20.0, 40.0, 20.0, 40.0, 30.0]
    """
    causes = list(causes)
    if len(set(causes)) != len(causes) or not 1 <= len(causes) <= 12:
        raise ValueError(f"causes: {causes}, expected 1 to 12 different ones")
    sets = [frozenset(chosen) for size in range(len(causes) + 1) for chosen in combinations(causes, size)]
    value = {chosen: float(cost(chosen)) for chosen in sets}
    rows = {}
    for cause in causes:
        without = [chosen for chosen in sets if cause not in chosen]
        adds = np.array([value[chosen | {cause}] - value[chosen] for chosen in without])
        orders = [factorial(len(chosen)) * factorial(len(causes) - len(chosen) - 1) for chosen in without]
        rows[cause] = (
            adds[0],
            adds[-1],
            adds.min(),
            adds.max(),
            float(adds @ np.array(orders)) / factorial(len(causes)),
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["first", "last", "least", "most", "average"])


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


#: What `freight_audit` finds, and the column that holds its amount.
FREIGHT_FINDINGS = {
    "billed twice": "twice_usd",
    "zone too far": "zone_usd",
    "weight too high": "weight_usd",
    "surcharge not owed": "not_owed_usd",
    "rate above contract": "above_rate_usd",
}


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
    require("lines", lines, ["shipment_id", "charge", "zone", "weight_lb", "billed_usd"])
    require("parcels", parcels, ["shipment_id"])
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
