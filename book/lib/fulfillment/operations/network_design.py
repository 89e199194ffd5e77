"""Which center serves which demand: linear and mixed-integer programs, solved by HiGHS."""

from dataclasses import dataclass

import highspy
import numpy as np
import pandas as pd

from fulfillment.optimization import Program
from fulfillment.validate import numbers, require


def _matrix(name: str, costs: pd.DataFrame) -> np.ndarray:
    """Costs as floats; a missing one is a lane that is not offered."""
    array = costs.to_numpy(float)
    if not array.size or (array < 0).any():
        raise ValueError(f"{name}: {costs.shape}, least {np.nanmin(array, initial=0):g}, expected costs of at least 0")
    return array


@dataclass(frozen=True, slots=True, eq=False)
class TransportPlan:
    """Cheapest flows, and what a unit is worth at each end."""

    total_cost_usd: float
    flows: pd.DataFrame
    """Units, sources by destinations."""
    supply_value: pd.Series
    """USD that one more unit of a source's supply saves."""
    demand_value: pd.Series
    """USD that one more unit of a destination's demand costs."""
    dual_value: float
    """USD: demands at their values less supplies at theirs, which equals the total cost."""


def transportation(supply: pd.Series, demand: pd.Series, cost: pd.DataFrame) -> TransportPlan:
    """Cheapest flows from sources with limited supply to demands that must be met.

    Parameters
    ----------
    supply : units available, by source.
    demand : units wanted, by destination.
    cost : DataFrame, sources by destinations, USD per unit; missing where there is no lane.

    Raises
    ------
    ValueError if the tables do not match, a number is negative, or the demand cannot be met.

    Source: Dantzig 1963, Linear Programming and Extensions, ch. 3-3.

    >>> supply = pd.Series({"Seattle": 350, "San Diego": 600})
    >>> demand = pd.Series({"New York": 325, "Chicago": 300, "Topeka": 275})
    >>> miles = pd.DataFrame([[2.5, 1.7, 1.8], [2.5, 1.8, 1.4]], supply.index, demand.index)
    >>> plan = transportation(supply, demand, cost=miles * 90 / 1000)
    >>> round(plan.total_cost_usd, 3), round(plan.dual_value, 3)
    (153.675, 153.675)
    """
    if not (supply.index.equals(cost.index) and demand.index.equals(cost.columns)):
        raise ValueError(
            "cost: rows and columns differ from supply and demand, expected the same names in the same order"
        )
    limits, wants = numbers("supply", supply), numbers("demand", demand)
    prices = _matrix("cost", cost)
    if wants.sum() > limits.sum():
        raise ValueError(f"supply: {limits.sum():g} in all, expected at least the demand of {wants.sum():g}")
    program = Program()
    flow = program.variables(*prices.shape, most=np.where(np.isnan(prices), 0, wants))
    program.keep(flow.sum(axis=1) <= limits, flow.sum(axis=0) == wants)
    total_cost = program.minimize_cost((flow * np.nan_to_num(prices)).sum())
    if total_cost is None:
        raise ValueError("cost: the demand cannot be met over the lanes offered, expected lanes for it")

    # The dual program: what a unit is worth at each end, where no lane earns more than it costs
    dual = Program()
    at_source, at_sink = dual.variables(len(limits)), dual.variables(len(wants))
    for source, sink in np.argwhere(~np.isnan(prices)):
        dual.keep(at_sink[sink] - at_source[source] <= prices[source, sink])
    dual.minimize_cost((at_source * limits).sum() - (at_sink * wants).sum())
    supply_value = pd.Series(dual.values(at_source), cost.index)
    demand_value = pd.Series(dual.values(at_sink), cost.columns)
    return TransportPlan(
        total_cost_usd=total_cost,
        flows=pd.DataFrame(program.values(flow), cost.index, cost.columns),
        supply_value=supply_value,
        demand_value=demand_value,
        dual_value=float(demand_value @ wants - supply_value @ limits),
    )


EARTH_MILES = 3958.8


def miles_between(places: pd.DataFrame) -> pd.DataFrame:
    """Great-circle distance of every pair of places.

    Parameters
    ----------
    places : DataFrame, a row per place; ``latitude``, ``longitude`` in degrees (north and east positive).

    Returns
    -------
    DataFrame, places by places, miles. Roads are longer; carrier zones are set by such distances.

    Raises
    ------
    ValueError if a column is missing, there are no rows, or a place is not on the globe.

    >>> towns = pd.DataFrame({"latitude": [40.71, 34.05], "longitude": [-74.01, -118.24]}, index=["NY", "LA"])
    >>> int(miles_between(towns).loc["NY", "LA"].round(-1))
    2450
    """
    require("places", places, ["latitude", "longitude"])
    for column, most in {"latitude": 90, "longitude": 180}.items():
        off = ~places[column].abs().le(most)
        if off.any():
            raise ValueError(f"{column}: {places.loc[off, column].iloc[0]}, expected from -{most} to {most} degrees")
    latitude, longitude = np.radians(places[["latitude", "longitude"]].to_numpy(float)).T
    down, across = np.subtract.outer(latitude, latitude) / 2, np.subtract.outer(longitude, longitude) / 2
    chord = np.sin(down) ** 2 + np.multiply.outer(np.cos(latitude), np.cos(latitude)) * np.sin(across) ** 2
    return pd.DataFrame(2 * EARTH_MILES * np.arcsin(np.sqrt(chord)), places.index, places.index)


def transferable_orders(lines: pd.DataFrame, stock: pd.Series, room: pd.Series) -> pd.DataFrame:
    """The most orders that other centers could take whole, given what lies there and what they have room for.

    Parameters
    ----------
    lines : DataFrame, a row per item of an order; ``order_id``, ``sku_id``, ``units``.
    stock : units that can be promised, indexed by center and item.
    room : orders that each center can still take, by center.

    Returns
    -------
    DataFrame, a row per order: ``stocked`` (some center has all its items, taken alone) and ``to_center`` (the one that
    takes it in a plan that moves the most orders, and among those the first in the table; missing if it stays). No unit is
    promised twice.

    Raises
    ------
    ValueError if a column is missing, there are no rows, or a number is negative.

    Three orders for an item of which the other center has two:

    >>> lines = pd.DataFrame({"order_id": ["A", "B", "C"], "sku_id": "K1", "units": 1})
    >>> plan = transferable_orders(lines, pd.Series({("East", "K1"): 2}), pd.Series({"East": 10}))
    >>> int(plan["stocked"].sum()), int(plan["to_center"].notna().sum())
    (3, 2)
    """
    require("lines", lines, ["order_id", "sku_id", "units"])
    numbers("units", lines["units"])
    numbers("stock", stock)
    places = numbers("room", room)
    need = lines.groupby(["order_id", "sku_id"], sort=False)["units"].sum().reset_index()
    names = need["order_id"].unique()
    need["order"] = need["order_id"].map({name: n for n, name in enumerate(names)})
    need = need.merge(pd.DataFrame({"place": range(len(room)), "center": room.index}), how="cross")
    keys = pd.MultiIndex.from_frame(need[["center", "sku_id"]])
    need["has"] = stock.reindex(keys).fillna(0).to_numpy(float)
    whole = (need["has"] >= need["units"]).groupby([need["order"], need["place"]]).all()
    pairs = pd.Series(range(whole.sum()), whole[whole].index, name="pair")
    plan = pd.DataFrame({"stocked": whole.groupby("order").any().to_numpy()}, pd.Index(names, name="order_id"))
    plan["to_center"] = pd.Series([None] * len(plan), plan.index, dtype=object)
    if pairs.empty:
        return plan
    used = need.join(pairs, on=["order", "place"]).dropna(subset="pair")
    rows, shelves = pd.factorize(pd.MultiIndex.from_frame(used[["center", "sku_id"]]))
    order, place = (pairs.index.get_level_values(name).to_numpy() for name in ("order", "place"))
    held = stock.reindex(shelves).to_numpy(float)

    def program(at_least: float) -> tuple[Program, highspy.HighspyArray]:
        model = Program()
        moved = model.variables(len(pairs), most=1, whole=True)
        units = moved[used["pair"].to_numpy(int)] * used["units"].to_numpy(float)
        model.keep(*(moved[order == number].sum() <= 1 for number in np.unique(order)))
        model.keep(*(moved[place == number].sum() <= places[number] for number in np.unique(place)))
        model.keep(*(units[rows == shelf].sum() <= held[shelf] for shelf in range(len(shelves))))
        model.keep(moved.sum() >= at_least)
        return model, moved

    model, moved = program(0)
    most = round(-model.minimize_cost(-moved.sum()))
    model, moved = program(most)
    model.minimize_cost((moved * (10.0 * order)).sum())
    taken = model.values(moved) > 0.5
    plan.iloc[order[taken], 1] = room.index.to_numpy()[place[taken]]
    return plan
