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
class FacilityPlan:
    """Sites to open and what each serves."""

    total_cost_usd: float
    open_sites: list
    served: pd.DataFrame
    """Customers by sites, share of each customer's demand."""


def facility_location(
    fixed_cost: pd.Series,
    service_cost: pd.DataFrame,
    demand: pd.Series | None = None,
    capacity: pd.Series | None = None,
    max_open: int | None = None,
) -> FacilityPlan:
    """Which sites to open and which of them serves each customer, at the least fixed and service cost.

    Parameters
    ----------
    fixed_cost : USD of an open site, by site.
    service_cost : DataFrame, customers by sites, USD to serve all of a customer's demand; missing where not possible.
    demand : units, by customer; needed with ``capacity``.
    capacity : units an open site can serve, by site; without it, sites are unlimited.
    max_open : the most sites to open.

    Raises
    ------
    ValueError if the tables do not match, a number is negative, or not all customers can be served.

    Source: mixed-integer program of Daskin, Network and Discrete Location; strong formulation, solved to optimality.

    >>> service = pd.DataFrame({"East": [10, 60, 90], "West": [90, 60, 10]}, index=["NY", "IL", "CA"])
    >>> plan = facility_location(pd.Series({"East": 50, "West": 50}), service)
    >>> plan.total_cost_usd, plan.open_sites
    (180.0, ['East', 'West'])
    """
    if not fixed_cost.index.equals(service_cost.columns):
        raise ValueError("service_cost: columns differ from fixed_cost, expected the same sites in the same order")
    fixed, prices = numbers("fixed_cost", fixed_cost), _matrix("service_cost", service_cost)
    program = Program()
    share = program.variables(*prices.shape, most=~np.isnan(prices))
    opened = program.variables(len(fixed), most=1, whole=True)
    program.keep(share.sum(axis=1) == 1, *(of_customer <= opened for of_customer in share))
    if capacity is not None:
        if demand is None or not (capacity.index.equals(fixed_cost.index) and demand.index.equals(service_cost.index)):
            raise ValueError("capacity: expected by site as in fixed_cost, with demand by customer as in service_cost")
        room, wants = numbers("capacity", capacity), numbers("demand", demand)
        program.keep((share * wants[:, None]).sum(axis=0) <= room * opened)
    if max_open is not None:
        if max_open < 1:
            raise ValueError(f"max_open: {max_open}, expected at least 1")
        program.keep(opened.sum() <= max_open)
    total_cost = program.minimize_cost((share * np.nan_to_num(prices)).sum() + (opened * fixed).sum())
    if total_cost is None:
        raise ValueError("service_cost: not all customers can be served, expected enough sites")
    return FacilityPlan(
        total_cost_usd=total_cost,
        open_sites=fixed_cost.index[program.values(opened) > 0.5].tolist(),
        served=pd.DataFrame(program.values(share), service_cost.index, service_cost.columns),
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
