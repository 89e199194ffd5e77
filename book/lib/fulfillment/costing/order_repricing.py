"""A month's own orders priced again as if something had been done otherwise, so that levers are never counted twice.

`build_repricing` reads a period once: the parcels of each order as they left, as they would leave if slow items lay near
again, and as one parcel where a center held all of a split order. `OrderRepricing` prices them under any set of `LEVERS`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import validate
from fulfillment.costing.cost_to_serve import (
    ORDER_TABLES,
    RETURNED,
    filling_cost,
    handling_costs,
    parcel_costs,
    return_costs,
)
from fulfillment.data import given
from fulfillment.freight.auditing import freight_audit
from fulfillment.freight.cartonization import CARTONS, SIDES, cartonize
from fulfillment.freight.rating import PARCEL_COLUMNS, RATE_COLUMNS, billable_weight, contract_price
from fulfillment.planning.placement import FREE, STOCKED, single_center_fill, weekly_mean

#: What can be changed, and what it does to the orders of the period.
LEVERS = {
    "right rate": "the carrier that bills above its contract bills its contract",
    "ship whole": "a split order leaves in one parcel where a center held all of it and that is cheaper",
    "slow items near": "narrowed items leave from the nearest center again; sellers hold and deliver the extra units",
    "two cartons back": "each parcel is packed again with the two cartons that were withdrawn",
    "audit before payment": "a part of the other billing errors is not paid",
    "residential cap": "the residential surcharge falls to what the cap would allow",
    "all to the cheapest carrier": "every parcel goes with one carrier",
}
#: Ledgers that the program's invoices show; besides them stand ``late orders`` and ``sellers``.
INVOICED_LEDGERS = ["parcels", "operators", "cartons", "returns", "storage and receiving"]
_LINKED: dict[str, arg.Gate] = dict.fromkeys(["order_id", "sku_id"], arg.names())
#: Tables of the program that are read, and what their columns hold.
READ: dict[str, dict[str, arg.Gate]] = ORDER_TABLES | {
    "orders": ORDER_TABLES["orders"]
    | {"ordered_at": arg.times(), **dict.fromkeys(["dispatch_due_at", "deliver_by"], arg.times(gaps=True))},
    "order_lines": _LINKED
    | {
        "shipment_id": arg.names(gaps=True),
        **dict.fromkeys(["shipped_units", "filled_units"], arg.amounts(0)),
        "backordered": arg.flags(),
    },
    "shipments": ORDER_TABLES["shipments"] | PARCEL_COLUMNS | {"delivered_at": arg.times(gaps=True)},
    "skus": {
        "sku_id": arg.names(),
        **dict.fromkeys([*SIDES, "weight_lb"], arg.amounts(arg.ABOVE_0)),
        "unit_cost_usd": arg.amounts(0),
    },
    "invoice_lines": ORDER_TABLES["invoice_lines"]
    | {
        "invoice_id": arg.names(),
        "charge": arg.names(),
        "center_id": arg.names(gaps=True),
        **dict.fromkeys(["zone", "weight_lb"], arg.amounts(gaps=True)),
    },
    "invoices": {"invoice_id": arg.names(), "supplier_id": arg.names(), "period_start": arg.times()},
    "rate_cards": RATE_COLUMNS,
    "packaging_items": ORDER_TABLES["packaging_items"] | CARTONS | {"weight_lb": arg.amounts(0, gaps=True)},
    "returns": RETURNED | _LINKED,
    "inventory_weekly": FREE | STOCKED,
    "contracts": {"dim_divisor": arg.amounts(arg.ABOVE_0, gaps=True)},
}
REQUIRED_TABLES = tuple(READ)
_KEYS = {"orders": "order_id", "shipments": "shipment_id", "skus": "sku_id", "invoices": "invoice_id"}
AS_SHIPPED, RESTOCKED, WHOLE = range(3)  # shipping plans
ZONES, MAX_WEIGHT_LB = np.arange(2, 9), 40
NEAR = 0  # zone of what all came from afar and would leave near: the mix of zones from nearest centers


@dataclass(frozen=True, slots=True, eq=False)
class PeriodPrices:
    """What a period's parcels and stock cost, whichever levers are applied; money in USD."""

    freight: Mapping[str, np.ndarray]  # base and fuel: "billed" or "contract" -> by carrier, zone and pound
    late: np.ndarray  # chance of arriving after the order's deadline, by carrier and zone
    error: float  # billing errors other than a rate above contract, a parcel
    material: float  # filling and tape, a parcel
    returns: float  # of the period
    service: float  # storage and receiving as billed for the period
    unit_month: float  # storage of a unit for a month
    months: int
    home: Mapping[bool, float]  # residential surcharge, a parcel: as in the contract, and under its cap (True)


@dataclass(frozen=True, eq=False)
class OrderRepricing:
    """A period's orders, ready to be priced under a set of levers; made by `build_repricing`.

    ``parcels`` has a row per parcel that a plan sends: ``order`` (its position), ``plan``, ``center_id``, ``carrier``
    (its code), ``zone``, ``residential``, ``operator_usd``, and for today's cartons and the withdrawn ones
    ``weight_lb``, ``carton_usd``, ``refit_weight_lb``, ``refit_carton_usd``.
    """

    orders: pd.Index
    far_lines: pd.DataFrame  # lines of narrowed items that left from afar: order_id, sku_id
    fill_center: pd.Series  # split order -> the center that held all of it; missing if none did
    parcels: pd.DataFrame = field(repr=False)
    stock: pd.DataFrame = field(repr=False)  # a row an item: held_units, extra_units, inbound_units, unit_cost_usd
    prices: PeriodPrices = field(repr=False)
    cheapest: int = field(repr=False)  # code of the carrier that would get every parcel

    def price_parcels(self, levers: Collection[str] = ()) -> pd.DataFrame:
        """Each parcel of each plan priced under a set of levers, whether or not it is sent.

        Returns
        -------
        DataFrame, a row per row of ``parcels``: ``parcels``, ``operators``, ``cartons`` (USD), ``log_in_time``
        (logarithm of the chance that it is not late).

        Raises
        ------
        ValueError if a lever is unknown.
        """
        unknown = set(levers) - set(LEVERS)
        if unknown:
            raise ValueError(f"levers: {sorted(unknown)[0]!r} is not one, expected some of {', '.join(LEVERS)}")
        rows, prices = self.parcels, self.prices
        carton = "refit_" if "two cartons back" in levers else ""
        carrier = np.full(len(rows), self.cheapest) if "all to the cheapest carrier" in levers else rows["carrier"]
        freight = prices.freight["contract" if "right rate" in levers else "billed"]
        paid_errors = 1 - given("audit_won") if "audit before payment" in levers else 1.0
        home = prices.home["residential cap" in levers]
        usd = freight[carrier, rows["zone"], rows[f"{carton}weight_lb"]] + rows["residential"] * home
        return pd.DataFrame(
            {
                "parcels": usd + prices.error * paid_errors,
                "operators": rows["operator_usd"],
                "cartons": rows[f"{carton}carton_usd"] + prices.material,
                "log_in_time": np.log1p(-prices.late[carrier, rows["zone"]]),
            }
        )

    def price_orders(self, levers: Collection[str] = ()) -> pd.DataFrame:
        """Each order priced under a set of levers, by its plan or whole where that is open and cheaper.

        Returns
        -------
        DataFrame, indexed by order: ``parcels``, ``operators``, ``cartons`` and their sum ``cost_usd`` (USD), ``count``
        of parcels, ``late`` (the chance that one of them is).

        Raises
        ------
        ValueError if a lever is unknown.
        """
        priced = self.price_parcels(levers).assign(count=1.0)
        plan, sums = self.parcels["plan"], {}
        for name in (AS_SHIPPED, RESTOCKED, WHOLE):
            sums[name] = priced[plan == name].groupby(self.parcels["order"]).sum()
            sums[name]["cost_usd"] = sums[name][["parcels", "operators", "cartons"]].sum(axis=1)
        found = sums[RESTOCKED if "slow items near" in levers else AS_SHIPPED].copy()
        if "ship whole" in levers:
            whole = sums[WHOLE]
            cheaper = whole["cost_usd"] < found["cost_usd"].reindex(whole.index) - 1e-9
            found.loc[cheaper.index[cheaper]] = whole[cheaper]
        found["late"] = 1 - np.exp(found["log_in_time"])
        return found.drop(columns="log_in_time").set_axis(self.orders[found.index])

    def order_costs(self, levers: Collection[str] = ()) -> pd.Series:
        """Freight, operators and cartons of each order, USD: what differs from one order to another."""
        return self.price_orders(levers)["cost_usd"]

    def late_share(self, levers: Collection[str] = ()) -> float:
        """Expected share of orders of which a parcel arrives late."""
        return float(self.price_orders(levers)["late"].mean())

    def ledgers(self, levers: Collection[str] = ()) -> pd.Series:
        """Everything that an order costs under a set of levers, USD per order by ledger.

        Returns
        -------
        Series over `INVOICED_LEDGERS`, ``late orders`` and ``sellers`` (capital in stock and inbound work).
        """
        orders, prices, stock = self.price_orders(levers), self.prices, self.stock
        near = "slow items near" in levers
        added, inbound = (stock[name] * near for name in ("extra_units", "inbound_units"))
        capital = ((stock["held_units"] + added) * stock["unit_cost_usd"]).sum() * given("capital_rate") / 12
        usd = pd.Series(
            {
                **orders[["parcels", "operators", "cartons"]].sum(),
                "returns": prices.returns,
                "storage and receiving": prices.service + added.sum() * prices.unit_month * prices.months,
                "late orders": orders["late"].sum() * given("late_order_usd"),
                "sellers": capital * prices.months + inbound.sum() * given("second_home_usd"),
            }
        )
        return usd / len(orders)

    def cost(self, levers: Collection[str] = ()) -> float:
        """What the invoices show under a set of levers, USD per order: what levers are sized on."""
        return float(self.ledgers(levers)[INVOICED_LEDGERS].sum())


@dataclass(frozen=True, eq=False)
class _Period:
    """The orders dispatched from one day to another: lines with the items' sizes, parcels with what was billed."""

    first: pd.Timestamp
    last: pd.Timestamp
    lines: pd.DataFrame
    parcels: pd.DataFrame

    @property
    def months(self) -> int:
        return len(pd.period_range(self.first, self.last, freq="M"))

    @property
    def first_parcels(self) -> pd.DataFrame:
        """The first parcel of each order, indexed by order."""
        return self.parcels.drop_duplicates("order_id").set_index("order_id")


@arg.takes(
    tables=arg.program(READ),
    first=arg.moment,
    last=arg.moment,
    narrowed=arg.table({"extra_units": arg.amounts(), "weekly_units": arg.amounts()}, keyed=True),
    cheapest_carrier_id=arg.text,
    capped_home_usd=arg.amount(0),
)
def build_repricing(
    tables: Mapping[str, pd.DataFrame],
    first: str | pd.Timestamp,
    last: str | pd.Timestamp,
    narrowed: pd.DataFrame,
    cheapest_carrier_id: str = "CR3",
    capped_home_usd: float = 0.0,
) -> OrderRepricing:
    """Read a period's orders so that they can be priced under any set of `LEVERS`.

    With no lever it gives what was billed for the period: freight with its errors, the operators' fees, cartons and
    filling at standard prices, returns so far, storage and receiving.

    Parameters
    ----------
    tables : of the program by name, `REQUIRED_TABLES`.
    first, last : days of dispatch, whole calendar months with one set of rates and no peak surcharge; all parcels billed.
        Prices are those of ``last``.
    narrowed : as `planning.placement.narrowed_items`: the items that may go back.
    cheapest_carrier_id : who would get every parcel.
    capped_home_usd : residential surcharge of a parcel under the contracts' cap, USD.

    Returns
    -------
    OrderRepricing.

    Raises
    ------
    ValueError if a table is missing, the period has no orders, a parcel of it is not billed, the carrier is unknown, the
    surcharge is negative, or a peak surcharge holds on ``last``.

    >>> from fulfillment.data import load
    >>> from fulfillment.planning.placement import narrowed_items
    >>> tables = {name: load(name) for name in REQUIRED_TABLES}
    >>> may = build_repricing(tables, "2026-05-01", "2026-05-31", narrowed_items(tables["inventory_weekly"]))
    >>> round(may.cost(), 2), round(may.cost(["ship whole", "two cartons back"]), 2)
    (12.61, 11.99)
    """
    period = _read_period(tables, first, last)
    carriers = sorted(tables["shipments"]["carrier_id"].unique())
    if cheapest_carrier_id not in carriers:
        raise ValueError(f"cheapest_carrier_id: {cheapest_carrier_id!r}, expected one of {', '.join(carriers)}")
    lines = _locate_lines(period, narrowed)
    held = single_center_fill(lines, tables["orders"], tables["inventory_weekly"])
    orders = pd.Index(period.parcels["order_id"].unique(), name="order_id")
    parcels = _pack(_plan_lines(lines, period.first_parcels, held), tables, period.last)
    own = period.first_parcels.loc[parcels["order_id"]].set_axis(parcels.index)
    parcels = parcels.assign(
        order=orders.get_indexer(parcels["order_id"]),
        carrier=pd.Index(carriers).get_indexer(own["carrier_id"]),
        residential=own["residential"].astype(bool),
        operator_usd=handling_costs(parcels, tables["rate_cards"], tables["centers"]),
    ).drop(columns=["order_id", "place", "units"])
    contract = _contract_prices(tables["rate_cards"], carriers, period.last)
    near = lines.groupby("shipment_id").agg({"zone": "first", "far": "any"})
    mix = near.loc[~near["far"], "zone"].value_counts(normalize=True).reindex(ZONES).fillna(0).to_numpy()
    weeks = tables["inventory_weekly"]
    weeks = weeks[weeks["week"].between(period.first, period.last)]
    return OrderRepricing(
        orders=orders,
        far_lines=lines.loc[lines["restocked"], ["order_id", "sku_id"]].reset_index(drop=True),
        fill_center=held["center_id"],
        parcels=parcels,
        stock=_stock(weeks, narrowed, tables["skus"], len(pd.date_range(period.first, period.last))),
        prices=_period_prices(
            tables, period, contract, mix, weekly_mean(weeks, "closing_units").sum(), capped_home_usd
        ),
        cheapest=carriers.index(cheapest_carrier_id),
    )


def _read_period(tables: Mapping[str, pd.DataFrame], first: pd.Timestamp, last: pd.Timestamp) -> _Period:
    for name, key in _KEYS.items():
        validate.unique(name, tables[name], [key])
    sent, end = tables["orders"], last + pd.Timedelta(days=1)
    sent = sent.loc[(sent["dispatched_at"] >= first) & (sent["dispatched_at"] < end), "order_id"]
    if sent.empty:
        raise ValueError(f"first: no order left from {first:%F} before {end:%F}, expected some")
    parcels = parcel_costs(tables)
    parcels = parcels[parcels["order_id"].isin(sent)].reset_index(drop=True)
    if parcels["parcel_usd"].isna().any():
        raise ValueError(f"last: {parcels['parcel_usd'].isna().sum()} parcels are not billed yet, expected none")
    lines = tables["order_lines"]
    lines = lines[lines["shipment_id"].isin(parcels["shipment_id"])]
    for key, name in (("order_id", "orders"), ("sku_id", "skus")):
        lost = lines[~lines[key].isin(tables[name][key])]
        if len(lost):
            validate.refuse(f"order_lines: {key}", lost[key].iloc[0], f"one of {name}", lost.index[0])
    lines = lines.merge(tables["skus"][["sku_id", *SIDES, "weight_lb"]], on="sku_id")
    return _Period(first, last, lines, parcels)


def _locate_lines(period: _Period, narrowed: pd.DataFrame) -> pd.DataFrame:
    """Lines with center and zone of their parcel; which came from afar, and which of these restocking brings near."""
    lines = period.lines.join(period.parcels.set_index("shipment_id")[["center_id", "zone"]], on="shipment_id")
    far = (lines["filled_units"] == 0) & ~lines["backordered"]
    return lines.assign(far=far, restocked=far & lines["sku_id"].isin(narrowed.index))


def _plan_lines(lines: pd.DataFrame, first_parcels: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Lines under each plan, with the ``place`` that makes a parcel of an order's lines."""
    order, near = lines["order_id"], lines["restocked"] | ~lines["far"]
    local = lines[~lines["far"]].drop_duplicates("order_id").set_index("order_id")
    near_zone = order.map(local["zone"]).fillna(NEAR).astype(int)
    near_center = order.map(local["center_id"]).fillna(order.map(first_parcels["center_id"]))
    restocked = lines.assign(
        place=lines["center_id"].mask(near, "near"),
        zone=lines["zone"].mask(near, near_zone),
        center_id=lines["center_id"].mask(near, near_center),
    )
    held = held.dropna(subset="center_id").astype({"zone": int})
    whole = lines.drop(columns=["center_id", "zone"]).merge(held, left_on="order_id", right_index=True)
    plans = {
        AS_SHIPPED: lines.assign(place=lines["shipment_id"]),
        RESTOCKED: restocked,
        WHOLE: whole.assign(place="whole"),
    }
    return pd.concat(plans, names=["plan"]).reset_index("plan")


def _pack(lines: pd.DataFrame, tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> pd.DataFrame:
    """The parcels that planned lines make, in today's cartons and with the withdrawn ones: units stacked by height."""
    stacked = lines[["height_in", "weight_lb"]].mul(lines["shipped_units"], axis=0)
    stack = {"length_in": "max", "width_in": "max", "height_in": "sum", "weight_lb": "sum", "shipped_units": "sum"}
    places = lines.assign(**stacked).groupby(["plan", "order_id", "place"], sort=False)
    parcels = places.agg({"center_id": "first", "zone": "first", **stack}).reset_index()
    cartons, divisor = tables["packaging_items"], tables["contracts"]["dim_divisor"].dropna().iloc[0]
    sizes = cartons.set_index("packaging_id")
    found = parcels[["plan", "order_id", "place", "center_id", "zone"]].assign(units=parcels["shipped_units"])
    for prefix, packed_on in (("", day), ("refit_", cartons["withdrawn_on"].min() - pd.Timedelta(days=1))):
        chosen = cartonize(parcels, pd.Series(packed_on, parcels.index), cartons)
        outer = sizes.loc[chosen].set_axis(parcels.index)
        outer["weight_lb"] = (outer["weight_lb"] + parcels["weight_lb"]).round(2)
        pounds = billable_weight(outer.assign(shipped_on=day), "UPS", divisor)
        found[f"{prefix}weight_lb"] = pounds.clip(upper=MAX_WEIGHT_LB).astype(int)
        found[f"{prefix}carton_usd"] = outer["standard_price_usd"]
    return found


def _stock(weeks: pd.DataFrame, narrowed: pd.DataFrame, skus: pd.DataFrame, days: int) -> pd.DataFrame:
    units = {
        "held_units": weekly_mean(weeks, "closing_units"),
        "extra_units": narrowed["extra_units"],
        "inbound_units": narrowed["weekly_units"] * days / 7,
    }
    stock = pd.DataFrame(units).fillna(0)
    return stock.assign(unit_cost_usd=skus.set_index("sku_id")["unit_cost_usd"].reindex(stock.index).fillna(0))


def _contract_prices(rate_cards: pd.DataFrame, carriers: list[str], day: pd.Timestamp) -> pd.DataFrame:
    """Contract prices of a parcel to a home, by carrier, zone and pound."""
    grid = pd.MultiIndex.from_product([carriers, ZONES, range(1, MAX_WEIGHT_LB + 1)])
    grid = grid.set_names(["carrier_id", "zone", "billable_weight_lb"]).to_frame(index=False)
    priced = contract_price(grid.assign(residential=True, dispatched_at=day), rate_cards)
    if priced["peak_usd"].any():
        raise ValueError(f"last: a peak surcharge holds on {day:%F}, expected a day without")
    return priced.set_index(pd.MultiIndex.from_frame(grid))


def _period_prices(
    tables: Mapping[str, pd.DataFrame],
    period: _Period,
    contract: pd.DataFrame,
    mix: np.ndarray,
    held_units: float,
    capped_home_usd: float,
) -> PeriodPrices:
    invoices, ids = tables["invoices"].set_index("invoice_id"), period.parcels[["order_id", "shipment_id"]]
    bills = tables["invoice_lines"].join(invoices[["supplier_id", "period_start"]], on="invoice_id")
    own = bills[bills["shipment_id"].isin(ids["shipment_id"])]
    audit = freight_audit(own, period.parcels, tables["rate_cards"])
    inside = bills[bills["period_start"].between(period.first, period.last) & bills["center_id"].notna()]
    service = inside.groupby("charge")["billed_usd"].sum().reindex(["storage", "receiving"]).fillna(0)
    carriers = contract.index.levels[0]
    late = _late_probability(tables, carriers)
    return PeriodPrices(
        freight={
            "contract": _freight_prices(contract, np.ones(len(carriers)), mix),
            "billed": _freight_prices(contract, _billing_ratio(audit, carriers), mix),
        },
        late=np.column_stack([late @ mix, np.zeros(len(late)), late]),
        error=float((audit["over_usd"].sum() - audit["above_rate_usd"].sum()) / len(period.parcels)),
        material=filling_cost(tables["packaging_items"]),
        returns=float(return_costs(tables["returns"])[tables["returns"]["order_id"].isin(ids["order_id"])].sum()),
        service=float(service.sum()),
        unit_month=float(service["storage"] / period.months / held_units),
        months=period.months,
        home={False: float(contract["residential_usd"].iloc[0]), True: capped_home_usd},
    )


def _billing_ratio(audit: pd.DataFrame, carriers: pd.Index) -> np.ndarray:
    """Base rate billed over the contract's, by carrier: one ratio for all that bill above it, 1 for the others."""
    above = audit[audit["above_rate_usd"] != 0]
    base = above[above["charge"] == "base transport"]
    owed = (base["billed_usd"] - base["above_rate_usd"]).sum()
    ratio = 1 + base["above_rate_usd"].sum() / owed if owed else 1.0
    return np.where(carriers.isin(above["supplier_id"]), ratio, 1.0)


def _freight_prices(contract: pd.DataFrame, over: np.ndarray, mix: np.ndarray) -> np.ndarray:
    """Base and fuel in whole cents, by carrier, zone (`NEAR` and 2 to 8) and pound; fuel follows its base."""
    shape = (len(over), len(ZONES), MAX_WEIGHT_LB)
    base, fuel = (contract[column].to_numpy().reshape(shape) for column in ("base_usd", "fuel_usd"))
    billed = (base * over[:, None, None]).round(2)
    usd = billed + (billed * fuel / base).round(2)
    table = np.zeros((len(over), ZONES.max() + 1, MAX_WEIGHT_LB + 1))
    table[:, ZONES, 1:], table[:, NEAR, 1:] = usd, np.einsum("z,czw->cw", mix, usd)
    return table


def _late_probability(tables: Mapping[str, pd.DataFrame], carriers: pd.Index) -> np.ndarray:
    """Chance that a parcel arrives after the order's deadline, by carrier and zone.

    A carrier's share of the year, times a zone's share over the mean: parcels of orders that were scanned in time, whose
    deadline has passed.
    """
    orders = tables["orders"]
    in_time = orders["dispatched_at"] <= orders["dispatch_due_at"]
    due = orders.loc[in_time & (orders["deliver_by"] <= orders["ordered_at"].max()), ["order_id", "deliver_by"]]
    sent = tables["shipments"].merge(due, on="order_id")
    late = ~(sent["delivered_at"] <= sent["deliver_by"])
    by_zone = late.groupby(sent["zone"]).mean().reindex(ZONES).fillna(late.mean()).to_numpy() / late.mean()
    by_carrier = late.groupby(sent["carrier_id"]).mean().reindex(carriers).to_numpy()
    return np.clip(np.outer(by_carrier, by_zone), 0, 0.999)
