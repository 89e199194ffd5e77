"""The program's own orders priced again as if something had been done otherwise: the model behind a set of levers.

A lever is a transform of the tables of a `Scenario`: its parcels, its stock, the terms on which both are paid.
`build_repricing` reads a period once; `OrderRepricing.reprice` applies any set of `LEVERS` and prices what comes out, so
that levers which touch the same parcel are never counted twice.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import validate
from fulfillment.calendar import DELIVERY_DAYS, week_of
from fulfillment.costing.cost_to_serve import (
    ORDER_TABLES,
    RETURNED,
    filling_cost,
    handling_costs,
    parcel_costs,
    return_costs,
)
from fulfillment.data import NATIONAL
from fulfillment.freight.auditing import freight_audit
from fulfillment.freight.cartonization import CARTONS, SIDES, cartonize
from fulfillment.freight.rating import PARCEL_COLUMNS, RATE_COLUMNS, billable_weight, contract_price

_PLACED: dict[str, arg.Gate] = {"week": arg.times(), "center_id": arg.names(), "sku_id": arg.names()}
STOCKED = _PLACED | dict.fromkeys(["closing_units", "shipped_units"], arg.amounts(0))
FREE = _PLACED | {"available_units": arg.amounts()}
_LINKED: dict[str, arg.Gate] = dict.fromkeys(["order_id", "sku_id"], arg.names())
_DIMENSIONS = [*SIDES, "weight_lb"]
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
        "seller_id": arg.names(),
        **dict.fromkeys(_DIMENSIONS, arg.amounts(arg.ABOVE_0)),
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
    "inventory_weekly": FREE | STOCKED | {"aged_units": arg.amounts(0)},
    "inbound_receipts": {
        "sku_id": arg.names(),
        "arrived_at": arg.times(gaps=True),
        "expected_units": arg.amounts(0),
    },
}
FILLED: dict[str, arg.Gate] = {
    **dict.fromkeys(["order_id", "shipment_id", "sku_id", "center_id"], arg.names()),
    "zone": arg.amounts(),
    "shipped_units": arg.amounts(0),
}

#: Where a ledger's money shows: on the program's invoices, in its contacts and vouchers, or with the sellers.
LEDGERS = {
    "parcels": "invoices",
    "operators": "invoices",
    "cartons": "invoices",
    "returns": "invoices",
    "storage and receiving": "invoices",
    "late orders": "service",
    "sellers": "sellers",
}
#: The ledgers that invoices show.
INVOICED_LEDGERS = [name for name, where in LEDGERS.items() if where == "invoices"]
REQUIRED_TABLES = tuple(READ)
KEYS = {
    "orders": "order_id",
    "shipments": "shipment_id",
    "skus": "sku_id",
    "invoices": "invoice_id",
}
AS_SHIPPED, RESTOCKED, WHOLE = range(3)  # shipping plans
ZONES, MAX_WEIGHT_LB = np.arange(2, 9), 40
#: Codes of a zone that the data do not name: a mix of zones from the nearest center, and that mix once far ones skip.
NEAR, NEAR_SKIPPED = 0, 1


# Assumptions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VolumeShift:
    """Parcels up to a zone that one carrier hands to another, until the other carries twice what it does."""

    from_: str
    to: str
    max_zone: int


@dataclass(frozen=True, slots=True)
class ZoneSkipping:
    """A trailer on each delivery day that takes a center's parcels of ``min_zone`` and beyond to where they are near.

    ``trailer_usd`` is a trip's cost (national; the program has its `Assumptions.scale`-th part), ``sort_usd`` that of
    sorting a parcel.
    """

    center_id: str
    min_zone: int = 6
    to_zone: int = 3
    trailer_usd: float = 3600.0
    sort_usd: float = 0.30

    def __post_init__(self) -> None:
        zones = dict.fromkeys(["min_zone", "to_zone"], arg.count(2, 8))
        arg.fields(self, center_id=arg.text, **zones, **dict.fromkeys(["trailer_usd", "sort_usd"], arg.amount(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What no table of the program holds.

    ``volume``: what goes to the regional carrier. ``skipping``: how zones are skipped. ``cheapest_carrier_id``: who would
    get every parcel. ``late_usd``: contacts and vouchers of an order that arrives late. ``capital_rate``: sellers' cost of
    capital a year. ``inbound_usd``: a seller's cost, a unit, of delivering an item to several centers rather than one.
    ``aged_loss``: what a seller loses on a unit that must leave, as a share of its cost. ``audit_won``: part of other
    billing errors that a check before payment keeps. ``capped_residential_rate``: USD a parcel under the contracts' cap.
    ``divisor``: dimensional, of the contracts, in³ per lb. ``scale``: national orders that an order stands for.
    """

    volume: VolumeShift
    skipping: ZoneSkipping
    cheapest_carrier_id: str
    late_usd: float = 5.0
    capital_rate: float = 0.08
    inbound_usd: float = 0.30
    aged_loss: float = 0.10
    audit_won: float = 0.75
    capped_residential_rate: float = 1.15 * 1.05
    divisor: float = 166
    scale: int = NATIONAL

    def __post_init__(self) -> None:
        usd = ("late_usd", "capital_rate", "inbound_usd", "capped_residential_rate")
        arg.fields(
            self,
            volume=arg.a(VolumeShift),
            skipping=arg.a(ZoneSkipping),
            cheapest_carrier_id=arg.text,
            **dict.fromkeys(usd, arg.amount(0)),
            **dict.fromkeys(["audit_won", "aged_loss"], arg.share),
            divisor=arg.amount(1),
            scale=arg.count(1),
        )


# A scenario and its levers --------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Scenario:
    """What levers transform: the parcels, the stock, and the terms on which the program pays.

    ``parcels`` has a row per parcel that some plan sends: ``order`` (its position), ``plan`` (`AS_SHIPPED`, `RESTOCKED`
    where slow items lie near again, `WHOLE` where a split order leaves in one parcel), ``sent`` (whether the plan is
    open; where `WHOLE` is too, the cheaper counts), ``center_id``, ``carrier_id``, ``second_carrier_id`` and
    ``second_share`` (the chance that the second carrier has it), ``zone``, ``rated_zone`` (that freight is paid for),
    ``sorting_usd``, ``residential``, ``operator_usd``, ``billable_weight_lb``, ``carton_cost_usd``; ``refit_weight_lb``
    and ``refit_cost_usd``, the same in a carton chosen with the withdrawn ones.

    ``stock`` has a row per item: ``unit_cost_usd``, ``held_units``; ``extra_units`` and ``extra_inbound_units`` (what
    restocking takes), ``aged_units``; and what of these is done: ``added_units``, ``inbound_units``, ``removed_units``.
    """

    parcels: pd.DataFrame
    stock: pd.DataFrame
    residential_rate: float  # USD a parcel to a home
    days: int  # of delivery
    zone_shares: np.ndarray  # a row per code of a zone, a column per zone of ZONES
    assumptions: Assumptions
    tariff: str = "billed"  # or "contract"
    paid_errors: float = 1.0  # share of other billing errors that is paid
    trips: int = 0  # of the trailer that skips zones

    def with_parcels(self, **columns: Any) -> "Scenario":
        """The scenario with columns of its parcels replaced."""
        return replace(self, parcels=self.parcels.assign(**columns))

    def far(self) -> np.ndarray:
        """Chance that each parcel is one that zone skipping could take."""
        skipping, parcels = self.assumptions.skipping, self.parcels
        far = self.zone_shares @ (skipping.min_zone <= ZONES)
        return far[parcels["zone"]] * (parcels["center_id"] == skipping.center_id).to_numpy()


@arg.takes(scenario=arg.a(Scenario))
def ship_whole(scenario: Scenario) -> Scenario:
    """An order that left in several parcels may leave in one, from a center that held all of it; see `single_center_fill`."""
    return scenario.with_parcels(sent=scenario.parcels["sent"] | (scenario.parcels["plan"] == WHOLE))


@arg.takes(scenario=arg.a(Scenario))
def slow_items_near(scenario: Scenario) -> Scenario:
    """Narrowed items leave with the rest of the order from the nearest center; sellers hold and deliver the extra units.

    Where all of an order came from afar, its zone is the mix of zones of what left from the nearest centers.
    """
    plan, stock = scenario.parcels["plan"], scenario.stock
    stock = stock.assign(added_units=stock["extra_units"], inbound_units=stock["extra_inbound_units"])
    sent = (scenario.parcels["sent"] & (plan != AS_SHIPPED)) | (plan == RESTOCKED)
    return replace(scenario.with_parcels(sent=sent), stock=stock)


@arg.takes(scenario=arg.a(Scenario))
def two_cartons_back(scenario: Scenario) -> Scenario:
    """Each parcel is packed again with the two cartons that were withdrawn."""
    refit = scenario.parcels
    return scenario.with_parcels(billable_weight_lb=refit["refit_weight_lb"], carton_cost_usd=refit["refit_cost_usd"])


@arg.takes(scenario=arg.a(Scenario))
def right_rate(scenario: Scenario) -> Scenario:
    """The carrier that bills above its contract bills its contract."""
    return replace(scenario, tariff="contract")


@arg.takes(scenario=arg.a(Scenario))
def audit_before_payment(scenario: Scenario) -> Scenario:
    """``audit_won`` of the other billing errors is not paid."""
    return replace(scenario, paid_errors=1 - scenario.assumptions.audit_won)


@arg.takes(scenario=arg.a(Scenario))
def regional_carrier(scenario: Scenario) -> Scenario:
    """The regional carrier doubles, up to its farthest zone, with parcels of one other carrier."""
    volume, parcels = scenario.assumptions.volume, scenario.parcels
    today, theirs = parcels["plan"] == AS_SHIPPED, parcels["carrier_id"] == volume.from_
    carried = (today & (parcels["carrier_id"] == volume.to)).sum()
    on_offer = (today & theirs & (parcels["zone"] <= volume.max_zone)).sum()
    in_reach = scenario.zone_shares @ (volume.max_zone >= ZONES)
    share = min(1.0, carried / max(1, on_offer)) * in_reach[parcels["zone"]] * theirs
    return scenario.with_parcels(second_carrier_id=_filled(parcels["carrier_id"], volume.to), second_share=share)


@arg.takes(scenario=arg.a(Scenario))
def zone_skipping(scenario: Scenario) -> Scenario:
    """A trailer a day takes one center's far parcels near to their buyers."""
    skipping, zone = scenario.assumptions.skipping, scenario.parcels["zone"]
    near = np.select([zone == NEAR, zone >= skipping.min_zone], [NEAR_SKIPPED, skipping.to_zone], zone)
    rated = zone.mask(scenario.parcels["center_id"] == skipping.center_id, near)
    return replace(
        scenario.with_parcels(rated_zone=rated, sorting_usd=scenario.far() * skipping.sort_usd), trips=scenario.days
    )


@arg.takes(scenario=arg.a(Scenario))
def residential_cap(scenario: Scenario) -> Scenario:
    """The residential surcharge falls to ``capped_residential_rate``."""
    return replace(scenario, residential_rate=scenario.assumptions.capped_residential_rate)


@arg.takes(scenario=arg.a(Scenario))
def aged_stock_out(scenario: Scenario) -> Scenario:
    """Units older than 90 days leave; sellers lose ``aged_loss`` of their cost, a twelfth a month."""
    return replace(scenario, stock=scenario.stock.assign(removed_units=scenario.stock["aged_units"]))


@arg.takes(scenario=arg.a(Scenario))
def cheapest_carrier(scenario: Scenario) -> Scenario:
    """Every parcel goes with ``cheapest_carrier_id``."""
    carrier_id = _filled(scenario.parcels["carrier_id"], scenario.assumptions.cheapest_carrier_id)
    return scenario.with_parcels(carrier_id=carrier_id, second_carrier_id=carrier_id, second_share=0.0)


def _filled(carriers: pd.Series, carrier_id: str) -> pd.Series:
    same = carriers.copy()
    same[:] = carrier_id
    return same


#: What can be changed: a name, and the transform that it stands for. Applied in this order.
LEVERS: dict[str, Callable[[Scenario], Scenario]] = {
    "ship whole": ship_whole,
    "slow items near": slow_items_near,
    "two cartons back": two_cartons_back,
    "right rate": right_rate,
    "audit before payment": audit_before_payment,
    "regional carrier": regional_carrier,
    "zone skipping": zone_skipping,
    "residential cap": residential_cap,
    "aged stock out": aged_stock_out,
    "all to the cheapest carrier": cheapest_carrier,
}


# Prices ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class PeriodRates:
    """What a period's parcels and stock cost, whichever levers are applied."""

    freight_usd: Mapping[str, np.ndarray]  # base and fuel: tariff -> by carrier, zone's code and pound
    late: np.ndarray  # chance of arriving after the order's deadline, by carrier and zone's code
    error_usd: float  # billing errors other than a rate above contract, a parcel
    material_usd: float  # filling and tape, a parcel
    returns_usd: float  # of the period
    service_usd: float  # storage and receiving as billed for the period
    unit_month_usd: float  # storage of a unit for a month
    months: int


@dataclass(frozen=True, slots=True, eq=False)
class RepricedPeriod:
    """A period priced under a set of levers."""

    ledgers: pd.Series  # USD per order: LEDGERS in order
    late_share: float  # expected share of orders of which a parcel arrives late
    parcels_per_order: float
    far_parcels: float  # that zone skipping could take, a delivery day, national


@arg.takes(scenario=arg.a(Scenario), rates=arg.a(PeriodRates))
def price_parcels(scenario: Scenario, rates: PeriodRates) -> dict[str, np.ndarray]:
    """Each parcel of a scenario priced, whether or not it is sent.

    Parameters
    ----------
    scenario : with levers applied.
    rates : of its period.

    Returns
    -------
    dict of arrays, an element per parcel: ``parcels``, ``operators``, ``cartons`` (USD), ``log_in_time`` (logarithm of
    the chance that it is not late).
    """
    parcels, freight = scenario.parcels, rates.freight_usd[scenario.tariff]
    first, second = (parcels[name].cat.codes.to_numpy() for name in ("carrier_id", "second_carrier_id"))
    names = ["zone", "rated_zone", "billable_weight_lb", "second_share"]
    zone, rated_zone, weight_lb, share = (parcels[name].to_numpy() for name in names)

    def expected(by_carrier: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        return (1 - share) * by_carrier(first) + share * by_carrier(second)

    paid = expected(lambda carrier: freight[carrier, rated_zone, weight_lb])
    late = expected(lambda carrier: rates.late[carrier, zone])
    surcharges = parcels["sorting_usd"] + parcels["residential"] * scenario.residential_rate
    return {
        "parcels": paid + surcharges + rates.error_usd * scenario.paid_errors,
        "operators": parcels["operator_usd"],
        "cartons": parcels["carton_cost_usd"] + rates.material_usd,
        "log_in_time": np.log1p(-late),
    }


@arg.takes(scenario=arg.a(Scenario), rates=arg.a(PeriodRates))
def price_orders(scenario: Scenario, rates: PeriodRates) -> dict[str, np.ndarray]:
    """Each order of a scenario priced by its plan, or whole where that is open and cheaper.

    Parameters
    ----------
    scenario, rates : as `price_parcels`.

    Returns
    -------
    dict of arrays, an element per order: those of `price_parcels` summed over parcels, ``count`` (parcels), ``far`` (those that
    zone skipping could take), ``cost_usd`` (parcels, operators and cartons).
    """
    order, plan, sent = (scenario.parcels[name].to_numpy() for name in ("order", "plan", "sent"))
    size = order.max() + 1
    row, columns = (
        order + size * (plan == WHOLE),
        {**price_parcels(scenario, rates), "count": 1.0, "far": scenario.far()},
    )
    plans = {name: np.bincount(row, column * sent, 2 * size) for name, column in columns.items()}
    plans["cost_usd"] = plans["parcels"] + plans["operators"] + plans["cartons"]
    whole = (plans["count"][size:] > 0) & (plans["cost_usd"][size:] < plans["cost_usd"][:size] - 1e-9)
    return {name: np.where(whole, column[size:], column[:size]) for name, column in plans.items()}


@arg.takes(scenario=arg.a(Scenario), rates=arg.a(PeriodRates))
def price_stock(scenario: Scenario, rates: PeriodRates) -> dict[str, float]:
    """The ledgers that stock decides, USD of the period: storage and receiving; sellers' capital, inbound work, losses."""
    held, cost, added, inbound, removed = (
        scenario.stock[column].to_numpy()
        for column in ("held_units", "unit_cost_usd", "added_units", "inbound_units", "removed_units")
    )
    given, years = scenario.assumptions, rates.months / 12
    storage = rates.service_usd + (added.sum() - removed.sum()) * rates.unit_month_usd * rates.months
    capital = (held + added) @ cost * given.capital_rate * years
    sellers = capital + inbound.sum() * given.inbound_usd + removed @ cost * given.aged_loss * years
    return {"storage and receiving": float(storage), "sellers": float(sellers)}


@dataclass(frozen=True, eq=False)
class OrderRepricing:
    """A period's orders, ready to be priced under a set of levers; made by `build_repricing`."""

    orders: pd.Index
    far_lines: (
        pd.DataFrame
    )  # lines of the narrowed items that left from another than the nearest center: order_id, sku_id
    fill_center: pd.Series  # split orders -> the center, of those that filled them, that held all; missing if none did
    scenario: Scenario = field(repr=False)
    rates: PeriodRates = field(repr=False)
    _repriced: dict[frozenset[str], RepricedPeriod] = field(default_factory=dict, init=False, repr=False)

    def apply(self, levers: Collection[str]) -> Scenario:
        """The period's scenario with a set of levers applied, some of `LEVERS`; ValueError if one is unknown."""
        unknown = set(levers) - set(LEVERS)
        if unknown:
            raise ValueError(f"levers: {sorted(unknown)[0]!r} is not one, expected some of {', '.join(LEVERS)}")
        scenario = self.scenario
        for name, lever in LEVERS.items():
            scenario = lever(scenario) if name in levers else scenario
        return scenario

    def reprice(self, levers: Collection[str] = ()) -> RepricedPeriod:
        """The period priced under a set of levers, some of `LEVERS`; ValueError if one is unknown."""
        applied = frozenset(levers)
        if applied not in self._repriced:
            self._repriced[applied] = self._priced(self.apply(applied))
        return self._repriced[applied]

    def cost(self, levers: Collection[str] = ()) -> float:
        """What the invoices show under a set of levers, USD per order: what levers are sized on."""
        return float(self.reprice(levers).ledgers[INVOICED_LEDGERS].sum())

    def order_costs(self, levers: Collection[str] = ()) -> pd.Series:
        """Freight, operators and cartons of each order, USD: what differs from one order to another."""
        return pd.Series(price_orders(self.apply(levers), self.rates)["cost_usd"], self.orders, name="cost_usd")

    def _priced(self, scenario: Scenario) -> RepricedPeriod:
        given, size = scenario.assumptions, len(self.orders)
        orders = price_orders(scenario, self.rates)
        total = {name: float(column.sum()) for name, column in orders.items()}
        late_share = float(1 - np.exp(orders["log_in_time"]).mean())
        usd = {
            "parcels": total["parcels"] + scenario.trips * given.skipping.trailer_usd / given.scale,
            "operators": total["operators"],
            "cartons": total["cartons"],
            "returns": self.rates.returns_usd,
            "late orders": late_share * size * given.late_usd,
            **price_stock(scenario, self.rates),
        }
        far_parcels = total["far"] / scenario.days * given.scale
        return RepricedPeriod(pd.Series(usd)[list(LEDGERS)] / size, late_share, total["count"] / size, far_parcels)


# Items in fewer centers -----------------------------------------------------------------------------------------------


@arg.takes(inventory_weekly=arg.table(STOCKED), before=arg.each(arg.moment, 2), now=arg.each(arg.moment, 2))
def narrowed_items(inventory_weekly: pd.DataFrame, before: tuple[str, str], now: tuple[str, str]) -> pd.DataFrame:
    """Items that lie in fewer centers than before, and what stock it would take to go back.

    Stock of ``before`` is raised by the growth in units shipped of the whole program between the two periods, and held
    against that of ``now``. Where an item needed no more than it needs now, nothing is added.

    Parameters
    ----------
    inventory_weekly : a row per week, center and item: ``week``, ``center_id``, ``sku_id``, ``closing_units``,
        ``shipped_units``.
    before, now : first and last Monday of each period.

    Returns
    -------
    DataFrame, indexed by item: ``stocked_in_before``, ``stocked_in_now`` (centers with stock, the most in any week),
    ``units_before`` (mean on hand, at today's volume), ``units_now``, ``extra_units``, ``weekly_units`` (shipped a week
    now).

    Raises
    ------
    ValueError if a column is missing or a period holds no week.

    An item in two centers, twelve units each, and later in one with sixteen; the program ships as much as before:

    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2025-12-01", "2025-12-01", "2026-06-01"]),
    ...     "center_id": ["FC1", "FC2", "FC1"], "sku_id": "K", "closing_units": [12, 12, 16], "shipped_units": [4, 4, 8]})
    >>> narrowed_items(weeks, ("2025-12-01",) * 2, ("2026-06-01",) * 2).iloc[0].tolist()
    [2.0, 1.0, 24.0, 16.0, 8.0, 8.0]
    """
    old, new = (inventory_weekly[inventory_weekly["week"].between(*span)] for span in (before, now))
    for name, rows, span in (("before", old, before), ("now", new, now)):
        if rows.empty:
            raise ValueError(f"{name}: no week from {span[0]:%F} to {span[1]:%F}, expected at least one")
    growth = _weekly_mean(new, "shipped_units").sum() / _weekly_mean(old, "shipped_units").sum()
    table = pd.DataFrame({"stocked_in_before": _stocked_in(old), "stocked_in_now": _stocked_in(new)}).dropna()
    table = table[table["stocked_in_now"] < table["stocked_in_before"]]
    table["units_before"] = growth * _weekly_mean(old, "closing_units").reindex(table.index)
    table["units_now"] = _weekly_mean(new, "closing_units").reindex(table.index)
    table["extra_units"] = (table["units_before"] - table["units_now"]).clip(lower=0)
    table["weekly_units"] = _weekly_mean(new, "shipped_units").reindex(table.index)
    return table


def _weekly_mean(weeks: pd.DataFrame, column: str) -> pd.Series:
    """Mean of a column over the weeks, by item."""
    return weeks.groupby("sku_id")[column].sum() / weeks["week"].nunique()


def _stocked_in(weeks: pd.DataFrame) -> pd.Series:
    """Centers with stock of an item, the most in any week."""
    held = weeks[weeks["closing_units"] > 0].groupby(["sku_id", "week"])["center_id"].nunique()
    return held.groupby("sku_id").max()


# A period of the tables -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Period:
    """The orders dispatched from one day to another: lines with the items' sizes, parcels with what was billed."""

    tables: Mapping[str, pd.DataFrame]
    first: pd.Timestamp
    last: pd.Timestamp
    lines: pd.DataFrame
    parcels: pd.DataFrame

    @property
    def end(self) -> pd.Timestamp:
        return self.last + pd.Timedelta(days=1)

    @property
    def months(self) -> int:
        return len(pd.period_range(self.first, self.last, freq="M"))

    @property
    def weeks(self) -> pd.DataFrame:
        """Stock by week, for the weeks that begin in the period."""
        weeks = self.tables["inventory_weekly"]
        return weeks[weeks["week"].between(self.first, self.last)]

    @property
    def first_parcels(self) -> pd.DataFrame:
        """The first parcel of each order, indexed by order."""
        return self.parcels.drop_duplicates("order_id").set_index("order_id")

    @property
    def returns(self) -> pd.Series:
        """Label and care of the orders' returns so far, USD by item."""
        back = self.tables["returns"]
        back = back[back["order_id"].isin(self.parcels["order_id"])]
        return return_costs(back).groupby(back["sku_id"]).sum()

    @property
    def service(self) -> pd.Series:
        """What operators billed for storage and receiving, USD by charge."""
        lines = self.tables["invoice_lines"]
        start = lines["invoice_id"].map(self.tables["invoices"].set_index("invoice_id")["period_start"])
        inside = lines[start.between(self.first, self.last) & lines["center_id"].notna()]
        return inside.groupby("charge")["billed_usd"].sum().reindex(["storage", "receiving"]).fillna(0)


def _read_period(tables: Mapping[str, pd.DataFrame], first: pd.Timestamp, last: pd.Timestamp) -> _Period:
    for name, key in KEYS.items():
        validate.require(name, tables[name], [key])
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
    return _Period(
        tables, first, last, lines.merge(tables["skus"][["sku_id", *SIDES, "weight_lb"]], on="sku_id"), parcels
    )


@arg.takes(tables=arg.program(READ), first=arg.moment, last=arg.moment)
def item_costs(tables: Mapping[str, pd.DataFrame], first: str | pd.Timestamp, last: str | pd.Timestamp) -> pd.DataFrame:
    """Everything that the orders of a period cost, traced to the items in them.

    A parcel's freight (as billed), order fee, packing and carton are shared by its lines by volume, an additional pick
    belongs to its unit, a return to its line. Storage follows the units on hand, receiving the units announced.

    Parameters
    ----------
    tables : of the program by name, `REQUIRED_TABLES`.
    first, last : days of dispatch, whole calendar months.

    Returns
    -------
    DataFrame, indexed by item: ``seller_id``, ``orders`` (in which it lies), ``units`` shipped, ``parcels``,
    ``operators``, ``cartons``, ``returns``, ``storage and receiving`` (USD of the period), ``cost_usd``, their sum.

    Raises
    ------
    ValueError if a table is missing or a parcel of the period is not billed.
    """
    period = _read_period(tables, first, last)
    by_item = period.lines.groupby("sku_id")
    space = _shelf_costs(period)
    every = space.index.union(period.lines["sku_id"].unique())
    table = pd.DataFrame(
        {
            "seller_id": tables["skus"].set_index("sku_id")["seller_id"].reindex(every),
            "orders": by_item["order_id"].nunique().reindex(every, fill_value=0),
            "units": by_item["shipped_units"].sum().reindex(every, fill_value=0),
            **_parcel_costs(period).reindex(every, fill_value=0),
            "returns": period.returns.reindex(every, fill_value=0),
            "storage and receiving": space.reindex(every, fill_value=0),
        }
    )
    return table.assign(cost_usd=table[INVOICED_LEDGERS].sum(axis=1)).rename_axis("sku_id")


def _parcel_costs(period: _Period) -> pd.DataFrame:
    """Freight, operators' fees and cartons of the parcels, shared by volume: USD by item."""
    lines, names = period.lines, {"parcel_usd": "parcels", "handling_usd": "operators", "packaging_usd": "cartons"}
    usd = period.parcels.set_index("shipment_id")[list(names)].rename(columns=names)
    volume = lines[SIDES].prod(axis=1) * lines["shipped_units"]
    share = volume / volume.groupby(lines["shipment_id"]).transform("sum")
    return usd.loc[lines["shipment_id"]].mul(share.to_numpy(), axis=0).groupby(lines["sku_id"].to_numpy()).sum()


def _shelf_costs(period: _Period) -> pd.Series:
    """Storage by units on hand and receiving by units announced: USD by item."""
    came = period.tables["inbound_receipts"]
    came = came[came["arrived_at"].between(period.first, period.end)].groupby("sku_id")["expected_units"].sum()
    held, billed = _weekly_mean(period.weeks, "closing_units"), period.service
    storage, receiving = billed["storage"] * held / held.sum(), billed["receiving"] * came / came.sum()
    return storage.add(receiving, fill_value=0)


# A repricing from the tables ------------------------------------------------------------------------------------------


@arg.takes(
    tables=arg.program(READ),
    first=arg.moment,
    last=arg.moment,
    narrowed=arg.table({"extra_units": arg.amounts(), "weekly_units": arg.amounts()}, keyed=True),
    rates_on=arg.moment,
    assumptions=arg.a(Assumptions),
)
def build_repricing(
    tables: Mapping[str, pd.DataFrame],
    first: str | pd.Timestamp,
    last: str | pd.Timestamp,
    narrowed: pd.DataFrame,
    rates_on: str | pd.Timestamp,
    assumptions: Assumptions,
) -> OrderRepricing:
    """Read a period's orders so that they can be priced under any set of `LEVERS`.

    With no lever it gives what was billed for the period: freight with its errors, the operators' fees, cartons and
    filling at standard prices, returns so far, storage and receiving.

    Parameters
    ----------
    tables : of the program by name, `REQUIRED_TABLES`.
    first, last : days of dispatch, whole calendar months with one set of rates and no peak surcharge; all parcels billed.
    narrowed : as `narrowed_items`: the items that may go back.
    rates_on : a day whose contract rates hold for the period.
    assumptions : what no table holds.

    Returns
    -------
    OrderRepricing.

    Raises
    ------
    ValueError if a table is missing, the period has no orders, a parcel of it is not billed, the assumptions name an
    unknown carrier or center, or a peak surcharge holds on ``rates_on``.

    >>> from fulfillment.data import load
    >>> tables = {name: load(name) for name in REQUIRED_TABLES}
    >>> narrowed = narrowed_items(tables["inventory_weekly"], ("2025-08-04", "2025-12-22"), ("2026-06-01", "2026-06-22"))
    >>> given = Assumptions(volume=VolumeShift("CR2", "CR5", max_zone=5), skipping=ZoneSkipping("FC1"),
    ...                     cheapest_carrier_id="CR3")
    >>> may = build_repricing(tables, "2026-05-01", "2026-05-31", narrowed, "2026-05-15", given)
    >>> round(may.cost(), 2), round(may.cost(["ship whole", "two cartons back"]), 2)
    (12.61, 11.99)
    """
    period, day = _read_period(tables, first, last), rates_on
    carriers = sorted(tables["shipments"]["carrier_id"].unique())
    _check_ids(assumptions, carriers, tables["centers"]["center_id"].tolist())
    lines = _locate_lines(period, narrowed)
    held = single_center_fill(lines, tables["orders"], tables["inventory_weekly"])
    planned = _plan_lines(lines, period.first_parcels, held)
    packed = _pack(planned, tables["packaging_items"], day, assumptions.divisor)
    orders = pd.Index(period.parcels["order_id"].unique(), name="order_id")
    contract, zone_shares = (
        _contract_prices(tables["rate_cards"], carriers, day),
        _zone_shares(lines, assumptions.skipping),
    )
    scenario = Scenario(
        parcels=_scenario_parcels(packed, period, orders, carriers),
        stock=_scenario_stock(period, narrowed),
        residential_rate=float(contract["residential_usd"].iloc[0]),
        days=int(np.busday_count(period.first.date(), period.end.date(), busdaycal=DELIVERY_DAYS)),
        zone_shares=zone_shares,
        assumptions=assumptions,
    )
    far_lines = lines.loc[lines["restocked"], ["order_id", "sku_id"]].reset_index(drop=True)
    return OrderRepricing(orders, far_lines, held["center_id"], scenario, _period_rates(period, contract, zone_shares))


def _check_ids(assumptions: Assumptions, carriers: list[str], centers: list[str]) -> None:
    volume, skipping = assumptions.volume, assumptions.skipping
    for name, value, known in (
        ("volume.from_", volume.from_, carriers),
        ("volume.to", volume.to, carriers),
        ("cheapest_carrier_id", assumptions.cheapest_carrier_id, carriers),
        ("skipping.center_id", skipping.center_id, centers),
    ):
        if value not in known:
            raise ValueError(f"{name}: {value!r} is unknown, expected one of {', '.join(known)}")


def _locate_lines(period: _Period, narrowed: pd.DataFrame) -> pd.DataFrame:
    """Lines with center and zone of their parcel; which came from afar, and which of these restocking brings near."""
    lines = period.lines.join(period.parcels.set_index("shipment_id")[["center_id", "zone"]], on="shipment_id")
    far = (lines["filled_units"] == 0) & ~lines["backordered"]
    return lines.assign(far=far, restocked=far & lines["sku_id"].isin(narrowed.index))


@arg.takes(
    lines=arg.table(FILLED),
    orders=arg.table({"order_id": arg.names(), "ordered_at": arg.times()}, key=["order_id"]),
    inventory_weekly=arg.table(FREE, key=["week", "center_id", "sku_id"], rows=False),
)
def single_center_fill(lines: pd.DataFrame, orders: pd.DataFrame, inventory_weekly: pd.DataFrame) -> pd.DataFrame:
    """For each split order the center, among those that filled it, that held all of it.

    What lies at a center is the least of its available units at the end of the week before the order and of its week.
    Orders are taken in turn, and a unit is promised once. The nearest center is asked first.

    Parameters
    ----------
    lines : a row per line: ``order_id``, ``shipment_id``, ``sku_id``, ``shipped_units``; ``center_id`` and ``zone`` of
        its parcel.
    orders : ``order_id``, ``ordered_at``.
    inventory_weekly : ``week`` (its Monday), ``center_id``, ``sku_id``, ``available_units``.

    Returns
    -------
    DataFrame, indexed by split order: ``center_id`` and ``zone``, missing if no center held all.

    Raises
    ------
    ValueError if a column is missing.

    >>> lines = pd.DataFrame({"order_id": "A", "shipment_id": ["P1", "P2"], "sku_id": ["slow", "fast"],
    ...     "center_id": ["FC1", "FC2"], "zone": [6, 3], "shipped_units": 1})
    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2026-05-04", "2026-05-11"]), "center_id": "FC1",
    ...     "sku_id": "fast", "available_units": [1, 7]})
    >>> orders = pd.DataFrame({"order_id": ["A"], "ordered_at": pd.to_datetime(["2026-05-12"])})
    >>> single_center_fill(lines, orders, weeks)["center_id"].to_dict()
    {'A': 'FC1'}
    """
    split = lines[lines.groupby("order_id")["shipment_id"].transform("nunique") > 1]
    when = split["order_id"].map(orders.set_index("order_id")["ordered_at"])
    split = split.assign(when=when, week=week_of(when)).sort_values(["when", "order_id"], kind="stable")
    free = _free_units(inventory_weekly[inventory_weekly["sku_id"].isin(split["sku_id"])])
    found = {order_id: _reserve(own, free) for order_id, own in split.groupby("order_id", sort=False)}
    return pd.DataFrame.from_dict(found, orient="index", columns=["center_id", "zone"]).rename_axis("order_id")


def _free_units(inventory_weekly: pd.DataFrame) -> dict[tuple, float]:
    """The least of what was available at the end of a week and of the week before, by week, center and item."""
    keys = ["week", "center_id", "sku_id"]
    later = inventory_weekly.assign(week=inventory_weekly["week"] + pd.Timedelta(days=7))
    ends = (weeks.set_index(keys)["available_units"] for weeks in (inventory_weekly, later))
    return pd.concat(ends, axis=1, join="inner").min(axis=1).to_dict()


def _reserve(own: pd.DataFrame, free: dict[tuple, float]) -> tuple[str | None, float]:
    """The nearest center that can fill all lines of an order, and its zone; what it adds is no longer free."""
    options = own.drop_duplicates("center_id").sort_values(["zone", "center_id"], kind="stable")
    for center_id, zone in zip(options["center_id"], options["zone"], strict=True):
        needs = own[own["center_id"] != center_id].groupby("sku_id")["shipped_units"].sum()
        units = {(own["week"].iloc[0], center_id, sku_id): count for sku_id, count in needs.items()}
        if all(free.get(key, 0) >= count for key, count in units.items()):
            free.update({key: free[key] - count for key, count in units.items()})
            return center_id, zone
    return None, np.nan


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


def _pack(lines: pd.DataFrame, packaging_items: pd.DataFrame, day: pd.Timestamp, divisor: float) -> pd.DataFrame:
    """The parcels that planned lines make, in today's cartons and with the withdrawn ones: units stacked by height."""
    stacked = lines[["height_in", "weight_lb"]].mul(lines["shipped_units"], axis=0)
    stack = {"length_in": "max", "width_in": "max", "height_in": "sum", "weight_lb": "sum", "shipped_units": "sum"}
    places = lines.assign(**stacked).groupby(["plan", "order_id", "place"], sort=False)
    parcels = places.agg({"center_id": "first", "zone": "first", **stack}).reset_index()
    before = packaging_items["withdrawn_on"].min() - pd.Timedelta(days=1)
    fitted, refit = (_fit_cartons(parcels, packaging_items, on).assign(shipped_on=day) for on in (day, before))
    return parcels.assign(
        units=parcels["shipped_units"],
        billable_weight_lb=billable_weight(fitted, "UPS", divisor).clip(upper=MAX_WEIGHT_LB).astype(int),
        carton_cost_usd=fitted["standard_price_usd"],
        refit_weight_lb=billable_weight(refit, "UPS", divisor).clip(upper=MAX_WEIGHT_LB).astype(int),
        refit_cost_usd=refit["standard_price_usd"],
    )


def _fit_cartons(parcels: pd.DataFrame, packaging_items: pd.DataFrame, packed_on: pd.Timestamp) -> pd.DataFrame:
    """Sides, weight and price of each parcel in the carton that a day's choice gives it."""
    chosen = cartonize(parcels, pd.Series(packed_on, parcels.index), packaging_items)
    outer = packaging_items.set_index("packaging_id").loc[chosen].set_axis(parcels.index)
    return outer.assign(weight_lb=(outer["weight_lb"] + parcels["weight_lb"]).round(2))


def _scenario_parcels(packed: pd.DataFrame, period: _Period, orders: pd.Index, carriers: list[str]) -> pd.DataFrame:
    """The parcels of a `Scenario` on which nothing has been done: packed, with carrier and address of the order's first."""
    own = period.first_parcels.loc[packed["order_id"]].set_axis(packed.index)
    carrier_id = own["carrier_id"].astype(pd.CategoricalDtype(carriers))
    return packed.assign(
        order=orders.get_indexer(packed["order_id"]),
        sent=packed["plan"] == AS_SHIPPED,
        center_id=packed["center_id"].astype("category"),
        carrier_id=carrier_id,
        second_carrier_id=carrier_id,
        second_share=0.0,
        rated_zone=packed["zone"],
        sorting_usd=0.0,
        residential=own["residential"].astype(bool),
        operator_usd=handling_costs(packed, period.tables["rate_cards"], period.tables["centers"]),
    ).drop(columns=["order_id", "place", *SIDES, "weight_lb", "units"])


def _scenario_stock(period: _Period, narrowed: pd.DataFrame) -> pd.DataFrame:
    """The stock of a `Scenario` on which nothing has been done."""
    units = {
        "held_units": _weekly_mean(period.weeks, "closing_units"),
        "aged_units": _weekly_mean(period.weeks, "aged_units"),
        "extra_units": narrowed["extra_units"],
        "extra_inbound_units": narrowed["weekly_units"] * (period.end - period.first).days / 7,
    }
    stock = pd.DataFrame(units).fillna(0)
    unit_cost = period.tables["skus"].set_index("sku_id")["unit_cost_usd"].reindex(stock.index).fillna(0)
    return stock.assign(unit_cost_usd=unit_cost, added_units=0.0, inbound_units=0.0, removed_units=0.0)


def _zone_shares(lines: pd.DataFrame, skipping: ZoneSkipping) -> np.ndarray:
    """What a zone's code stands for: NEAR, NEAR_SKIPPED, then each zone itself; a row each, a column per zone."""
    parcels = lines.groupby("shipment_id").agg({"zone": "first", "far": "any"})
    mix = parcels.loc[~parcels["far"], "zone"].value_counts(normalize=True).reindex(ZONES).fillna(0).to_numpy()
    far = skipping.min_zone <= ZONES
    skipped = np.where(far, 0.0, mix) + (skipping.to_zone == ZONES) * mix[far].sum()
    return np.vstack([mix, skipped, np.eye(len(ZONES))])


def _contract_prices(rate_cards: pd.DataFrame, carriers: list[str], day: pd.Timestamp) -> pd.DataFrame:
    """Contract prices of a parcel to a home, by carrier, zone and pound."""
    grid = pd.MultiIndex.from_product([carriers, ZONES, range(1, MAX_WEIGHT_LB + 1)])
    grid = grid.set_names(["carrier_id", "zone", "billable_weight_lb"]).to_frame(index=False)
    priced = contract_price(grid.assign(residential=True, dispatched_at=day), rate_cards)
    if priced["peak_usd"].any():
        raise ValueError(f"rates_on: a peak surcharge holds on {day:%F}, expected a day without")
    return priced.set_index(pd.MultiIndex.from_frame(grid))


def _period_rates(period: _Period, contract: pd.DataFrame, zone_shares: np.ndarray) -> PeriodRates:
    audit, storage_usd = _audit_period(period), period.service["storage"]
    other_usd = audit["over_usd"].sum() - audit["above_rate_usd"].sum()
    carriers = contract.index.levels[0]
    held_units = _weekly_mean(period.weeks, "closing_units").sum()
    return PeriodRates(
        freight_usd={
            "contract": _freight_prices(contract, np.ones(len(carriers)), zone_shares),
            "billed": _freight_prices(contract, _billing_ratio(audit, carriers), zone_shares),
        },
        late=_late_probability(period.tables, carriers) @ zone_shares.T,
        error_usd=float(other_usd / len(period.parcels)),
        material_usd=filling_cost(period.tables["packaging_items"]),
        returns_usd=float(period.returns.sum()),
        service_usd=float(period.service.sum()),
        unit_month_usd=float(storage_usd / period.months / held_units),
        months=period.months,
    )


def _audit_period(period: _Period) -> pd.DataFrame:
    lines = period.tables["invoice_lines"]
    lines = lines[lines["shipment_id"].isin(period.parcels["shipment_id"])]
    lines = lines.merge(period.tables["invoices"][["invoice_id", "supplier_id"]], on="invoice_id")
    return freight_audit(lines, period.parcels, period.tables["rate_cards"])


def _billing_ratio(audit: pd.DataFrame, carriers: pd.Index) -> np.ndarray:
    """Base rate billed over the contract's, by carrier: one ratio for all that bill above it, 1 for the others."""
    above = audit[audit["above_rate_usd"] != 0]
    base = above[above["charge"] == "base transport"]
    owed = (base["billed_usd"] - base["above_rate_usd"]).sum()
    ratio = 1 + base["above_rate_usd"].sum() / owed if owed else 1.0
    return np.where(carriers.isin(above["supplier_id"]), ratio, 1.0)


def _freight_prices(contract: pd.DataFrame, over: np.ndarray, zone_shares: np.ndarray) -> np.ndarray:
    """Base and fuel in whole cents, by carrier, zone's code and pound; fuel follows its base."""
    shape = (len(over), len(ZONES), MAX_WEIGHT_LB)
    base, fuel = (contract[column].to_numpy().reshape(shape) for column in ("base_usd", "fuel_usd"))
    billed = (base * over[:, None, None]).round(2)
    usd = zone_shares @ (billed + (billed * fuel / base).round(2))
    return np.pad(usd, ((0, 0), (0, 0), (1, 0)))  # no parcel of 0 lb


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
