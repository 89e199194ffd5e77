"""Why a cost changed: price, volume and mix, and shares of causes that act together."""

from collections.abc import Callable, Collection, Sequence
from itertools import combinations, product
from math import factorial

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.freight.rating import PARCEL_COLUMNS, RATE_COLUMNS, billable_weight, contract_price

PERIOD_COLUMNS: dict[str, arg.Gate] = {
    "order_id": arg.names(),
    **dict.fromkeys(["length_in", "width_in", "height_in", "weight_lb"], arg.amounts(arg.ABOVE_0)),
    "billed_usd": arg.amounts(),
    **PARCEL_COLUMNS,
}


@arg.takes(
    before=arg.table({"orders": arg.amounts(0), "cost_usd": arg.amounts(0)}, keyed=True),
    after=arg.table({"orders": arg.amounts(0), "cost_usd": arg.amounts(0)}, keyed=True),
)
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


@arg.takes(
    before=arg.table(PERIOD_COLUMNS),
    after=arg.table(PERIOD_COLUMNS),
    rates=arg.table(RATE_COLUMNS),
    rates_on=arg.each(arg.moment, 2),
    carrier=arg.text,
    divisor=arg.amount(1),
)
def parcel_cost_model(
    before: pd.DataFrame,
    after: pd.DataFrame,
    rates: pd.DataFrame,
    rates_on: tuple[pd.Timestamp | str, pd.Timestamp | str],
    carrier: str = "UPS",
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
    - ``base rates`` and ``surcharges``: of the contracts, on the first or the second day of ``rates_on``;
    - ``billing errors``: what was billed beyond the contracts, USD per order.

    Parameters
    ----------
    before, after : DataFrame, a row per parcel of a period: the columns of `contract_price`, ``order_id``,
        ``length_in``, ``width_in``, ``height_in``, ``weight_lb``, ``billed_usd`` (what the carrier billed for it).
    rates : as `contract_price`.
    rates_on : a day of each period; its rates and its rounding rule stand for the period.
    carrier, divisor : as of `billable_weight`.

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
    >>> cost = parcel_cost_model(july, may, rates, ("2025-07-15", "2026-05-15"))
    >>> cost([]), cost(["split shipments"]), cost(["base rates"])
    (4.0, 8.0, 4.0)
    """
    periods, days = (before, after), list(rates_on)
    if set(before["zone"]) != set(after["zone"]):
        raise ValueError(f"after: zones {sorted(set(after['zone']))}, expected {sorted(set(before['zone']))}")
    parcels_per_order = [len(period) / period["order_id"].nunique() for period in periods]
    zone_mix = [period["zone"].value_counts(normalize=True) for period in periods]
    price = _zone_prices(periods, days, rates, carrier, divisor)

    def contract_cost(changed: Collection[str]) -> float:
        zone, carton, rule, other, split, base, surcharges = (int(cause in changed) for cause in PARCEL_CAUSES[:7])
        by_scale = price[other, None, base, surcharges]
        by_dimensions = price[carton, rule, base, surcharges] - price[carton, None, base, surcharges]
        return float(parcels_per_order[split] * ((by_scale + by_dimensions) * zone_mix[zone]).sum())

    errors = [
        float(period["billed_usd"].sum() / period["order_id"].nunique()) - contract_cost(PARCEL_CAUSES if later else ())
        for later, period in enumerate(periods)
    ]

    def cost(changed: Collection[str]) -> float:
        unknown = set(changed) - set(PARCEL_CAUSES)
        if unknown:
            raise ValueError(f"changed: {unknown.pop()!r} is not a cause, expected some of {', '.join(PARCEL_CAUSES)}")
        return round(contract_cost(changed) + errors["billing errors" in changed], 9)

    return cost


def _zone_prices(
    periods: Sequence[pd.DataFrame],
    days: Sequence[pd.Timestamp],
    rates: pd.DataFrame,
    carrier: str,
    divisor: float | None,
) -> dict[tuple, pd.Series]:
    """Mean contract price by zone, for (period, day of the rounding rule, of base rates, of surcharges): 0 or 1 each.

    Where the day of the rounding rule is None, parcels are priced by their scale weight alone.
    """
    prices = {}
    for period, parcels in enumerate(periods):
        weights = {None: np.ceil(parcels["weight_lb"].round(6))}
        for rule, day in enumerate(days):
            weights[rule] = billable_weight(parcels.assign(shipped_on=day), carrier, divisor)
        for (rule, weight_lb), base, surcharges in product(weights.items(), (0, 1), (0, 1)):
            weighed = parcels.assign(billable_weight_lb=weight_lb.astype(int))
            price = contract_price(weighed, rates, days[base], days[surcharges]).sum(axis=1)
            prices[period, rule, base, surcharges] = price.groupby(parcels["zone"]).mean()
    return prices


@arg.takes(cost=arg.function, causes=arg.labels)
def shapley_attribution(cost: Callable[[Collection[str]], float], causes: Sequence[str]) -> pd.DataFrame:
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
    >>> shapley_attribution(cost, ["price", "quantity"]).loc["price"].tolist()
    [20.0, 40.0, 20.0, 40.0, 30.0]
    """
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
