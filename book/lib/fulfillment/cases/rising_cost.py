"""The program's own orders priced again as if something had been done otherwise: the model behind a set of levers.

`open_book` reads a period once. The `Book` it returns prices every order of the period under any set of `LEVERS`, so
that levers which touch the same parcel are never counted twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fulfillment.calendar import DELIVERY_DAYS
from fulfillment.data import NATIONAL
from fulfillment.freight.auditing import freight_audit
from fulfillment.freight.cartonization import cartons
from fulfillment.freight.rating import billed_weight, contract_price
from fulfillment.validate import numbers, positive, require

#: What `Book.ledgers` can be asked to change.
LEVERS = (
    "ship whole",
    "slow items home",
    "two cartons back",
    "right rate",
    "audit before payment",
    "regional carrier",
    "zone skipping",
    "home charge at the cap",
    "aged stock out",
    "all to the cheapest carrier",
)
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
INVOICED = [name for name, where in LEDGERS.items() if where == "invoices"]
TABLES = (
    "orders",
    "order_lines",
    "shipments",
    "skus",
    "invoice_lines",
    "invoices",
    "rate_cards",
    "centers",
    "packaging_items",
    "returns",
    "inventory_weekly",
    "inbound_receipts",
)
_SIDES = ["length_in", "width_in", "height_in"]
_ZONES, _POUNDS = range(2, 9), 40
_NEAR = 0  # zone of a parcel that leaves from the nearest center, where the data do not say which: a mix of zones


@dataclass(frozen=True)
class Givens:
    """What no table of the program holds; each is an assumption of the reader's.

    ``late_usd``: contacts and vouchers of an order that arrives late. ``capital_rate``: sellers' cost of capital a year.
    ``inbound_usd``: a seller's cost, a unit, of delivering an item to several centers rather than one. ``aged_loss``:
    what a seller loses on a unit that must leave, as a share of its cost. ``audit_won``: part of other billing errors
    that a check before payment keeps. ``volume``: from whom, to whom, farthest zone of the regional carrier. ``skip_center``,
    ``skip_from``, ``skip_to``: from which center, and which zones become which. ``trailer_usd`` and ``sort_usd``: a trip
    on each delivery day (national; the program is a 300th of it) and the sorting of a parcel. ``home_usd``: the home
    surcharge at the cap. ``cheapest``: the carrier that would get everything.
    """

    late_usd: float = 5.0
    capital_rate: float = 0.08
    inbound_usd: float = 0.30
    aged_loss: float = 0.10
    audit_won: float = 0.75
    volume: tuple[str, str, int] = ("CR2", "CR5", 5)
    skip_center: str = "FC1"
    skip_from: int = 6
    skip_to: int = 3
    trailer_usd: float = 3600.0
    sort_usd: float = 0.30
    home_usd: float = 1.15 * 1.05
    cheapest: str = "CR3"
    scale: int = NATIONAL

    def __post_init__(self) -> None:
        for name in ("late_usd", "capital_rate", "inbound_usd", "trailer_usd", "sort_usd", "home_usd"):
            numbers(name, [getattr(self, name)])
        for name in ("audit_won", "aged_loss"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: {getattr(self, name)}, expected a share from 0 to 1")
        positive(scale=self.scale)


# Second homes ---------------------------------------------------------------------------------------------------------


def second_homes(inventory_weekly: pd.DataFrame, before: tuple[str, str], now: tuple[str, str]) -> pd.DataFrame:
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
    DataFrame, indexed by item: ``homes_before``, ``homes_now`` (centers with stock, the most in any week),
    ``units_before`` (mean on hand, at today's volume), ``units_now``, ``extra_units``, ``weekly_units`` (shipped a week
    now).

    Raises
    ------
    ValueError if a column is missing or a period holds no week.

    An item in two centers, twelve units each, and later in one with sixteen; the program ships as much as before:

    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2025-12-01", "2025-12-01", "2026-06-01"]),
    ...     "center_id": ["FC1", "FC2", "FC1"], "sku_id": "K", "closing_units": [12, 12, 16], "shipped_units": [4, 4, 8]})
    >>> second_homes(weeks, ("2025-12-01",) * 2, ("2026-06-01",) * 2).iloc[0].tolist()
    [2.0, 1.0, 24.0, 16.0, 8.0, 8.0]
    """
    require("inventory_weekly", inventory_weekly, ["week", "center_id", "sku_id", "closing_units", "shipped_units"])
    old, new = (inventory_weekly[inventory_weekly["week"].between(*map(pd.Timestamp, span))] for span in (before, now))
    for name, rows, span in (("before", old, before), ("now", new, now)):
        if rows.empty:
            raise ValueError(f"{name}: no week from {span[0]} to {span[1]}, expected at least one")

    def a_week(rows: pd.DataFrame, column: str) -> pd.Series:
        return rows.groupby("sku_id")[column].sum() / rows["week"].nunique()

    def homes(rows: pd.DataFrame) -> pd.Series:
        held = rows[rows["closing_units"] > 0].groupby(["sku_id", "week"])["center_id"].nunique()
        return held.groupby("sku_id").max()

    growth = a_week(new, "shipped_units").sum() / a_week(old, "shipped_units").sum()
    table = pd.DataFrame({"homes_before": homes(old), "homes_now": homes(new)}).dropna()
    table = table[table["homes_now"] < table["homes_before"]]
    table["units_before"] = growth * a_week(old, "closing_units").reindex(table.index)
    table["units_now"] = a_week(new, "closing_units").reindex(table.index)
    table["extra_units"] = (table["units_before"] - table["units_now"]).clip(lower=0)
    table["weekly_units"] = a_week(new, "shipped_units").reindex(table.index)
    return table


# What an item costs ---------------------------------------------------------------------------------------------------


def item_costs(tables: Mapping[str, pd.DataFrame], first: str | pd.Timestamp, last: str | pd.Timestamp) -> pd.DataFrame:
    """Everything that the orders of a period cost, traced to the items in them.

    A parcel's freight (as billed), order fee, packing and carton are shared by its lines by volume, an additional pick
    belongs to its unit, a return to its line. Storage follows the units on hand, receiving the units announced.

    Parameters
    ----------
    tables : of the program by name, `TABLES`.
    first, last : days of dispatch, whole calendar months.

    Returns
    -------
    DataFrame, indexed by item: ``seller_id``, ``orders`` (in which it lies), ``units`` shipped, ``parcels``,
    ``operators``, ``cartons``, ``returns``, ``storage and receiving`` (USD of the period), ``cost_usd``, their sum.

    Raises
    ------
    ValueError if a table is missing or a parcel of the period is not billed.
    """
    lines, parcels = _period(tables, first, last)
    fee = _fees(tables)
    operator = parcels["center_id"].map(tables["centers"].set_index("center_id")["operator_id"])
    item = tables["packaging_items"].set_index("packaging_id")["standard_price_usd"]
    fixed = pd.DataFrame(
        {
            "parcels": parcels["billed_usd"],
            "operators": operator.map(fee["order handling"] + fee["packaging"])
            + operator.map(fee["additional pick"]) * (parcels["units"] - 1),
            "cartons": parcels["packaging_id"].map(item) + _material(tables),
        }
    ).set_axis(parcels["shipment_id"])
    volume = lines[_SIDES].prod(axis=1) * lines["shipped_units"]
    share = volume / volume.groupby(lines["shipment_id"]).transform("sum")
    table = fixed.loc[lines["shipment_id"]].mul(share.to_numpy(), axis=0).set_axis(lines["sku_id"])
    table = table.groupby(level=0).sum()
    table.insert(0, "units", lines.groupby("sku_id")["shipped_units"].sum())
    table.insert(0, "orders", lines.groupby("sku_id")["order_id"].nunique())
    back = tables["returns"][tables["returns"]["order_id"].isin(lines["order_id"])]
    paid = (back["label_usd"].fillna(0) + back["handling_usd"].fillna(0)).groupby(back["sku_id"]).sum()
    table["returns"] = paid.reindex(table.index).fillna(0)
    billed = _billed(tables, first, last)
    held, came = _held(tables, first, last), _received(tables, first, last)
    every = table.index.union(held.index).union(came.index)
    table = table.reindex(every).fillna(0)
    table["storage and receiving"] = (
        billed["storage"] * held.reindex(every).fillna(0) / held.sum()
        + billed["receiving"] * came.reindex(every).fillna(0) / came.sum()
    )
    table["cost_usd"] = table[INVOICED].sum(axis=1)
    table.insert(0, "seller_id", tables["skus"].set_index("sku_id")["seller_id"].reindex(every))
    return table.rename_axis("sku_id")


def _period(tables: Mapping[str, pd.DataFrame], first, last) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines (with the items' sizes) and parcels of the orders dispatched in the period, parcels with what was billed."""
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise ValueError(f"tables: {missing[0]} is missing, expected {', '.join(TABLES)}")
    first, last = pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=1)
    sent = tables["orders"]
    sent = sent.loc[(sent["dispatched_at"] >= first) & (sent["dispatched_at"] < last), "order_id"]
    if sent.empty:
        raise ValueError(f"first: no order left from {first:%F} before {last:%F}, expected some")
    parcels = tables["shipments"]
    parcels = parcels[parcels["order_id"].isin(sent)].reset_index(drop=True)
    paid = tables["invoice_lines"].groupby("shipment_id")["billed_usd"].sum()
    parcels = parcels.assign(billed_usd=parcels["shipment_id"].map(paid))
    if parcels["billed_usd"].isna().any():
        raise ValueError(f"last: {parcels['billed_usd'].isna().sum()} parcels are not billed yet, expected none")
    lines = tables["order_lines"]
    lines = lines[lines["shipment_id"].isin(parcels["shipment_id"])]
    return lines.merge(tables["skus"][["sku_id", *_SIDES, "weight_lb"]], on="sku_id"), parcels


def _fees(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rates of the operators' contracts: a row per operator, a column per charge, USD."""
    rates = tables["rate_cards"]
    rates = rates[rates["supplier_id"].isin(tables["centers"]["operator_id"])]
    return rates.drop_duplicates(["supplier_id", "charge"]).pivot(
        index="supplier_id", columns="charge", values="rate_usd"
    )


def _material(tables: Mapping[str, pd.DataFrame]) -> float:
    items = tables["packaging_items"]
    return float(items.loc[items["kind"] == "material", "standard_price_usd"].sum())


def _billed(tables: Mapping[str, pd.DataFrame], first, last) -> pd.Series:
    """What operators billed for service from the first to the last day, by charge."""
    bills = tables["invoices"].set_index("invoice_id")["period_start"]
    start = tables["invoice_lines"]["invoice_id"].map(bills)
    inside = start.between(pd.Timestamp(first), pd.Timestamp(last)) & tables["invoice_lines"]["center_id"].notna()
    billed = tables["invoice_lines"][inside].groupby("charge")["billed_usd"].sum()
    return billed.reindex(["storage", "receiving"]).fillna(0)


def _held(tables: Mapping[str, pd.DataFrame], first, last) -> pd.Series:
    """Mean units on hand by item over the weeks that begin in the period."""
    weeks = tables["inventory_weekly"]
    weeks = weeks[weeks["week"].between(pd.Timestamp(first), pd.Timestamp(last))]
    return weeks.groupby("sku_id")["closing_units"].sum() / weeks["week"].nunique()


def _received(tables: Mapping[str, pd.DataFrame], first, last) -> pd.Series:
    came = tables["inbound_receipts"]
    inside = came["arrived_at"].between(pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=1))
    return came[inside].groupby("sku_id")["expected_units"].sum()


# The book of orders ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Parcels:
    """One way to ship orders, as arrays with an element per parcel."""

    order: np.ndarray  # position of the order
    center: np.ndarray  # position of the center
    carrier: np.ndarray  # position of the carrier
    zone: np.ndarray  # 2 to 8, or _NEAR
    units: np.ndarray
    home: np.ndarray  # goes to a home
    pounds: tuple[np.ndarray, np.ndarray]  # billed, in today's cartons and with two brought back
    board: tuple[np.ndarray, np.ndarray]  # price of the carton, likewise


@dataclass(frozen=True, eq=False)
class Book:
    """A period's orders, ready to be priced under a set of levers; made by `open_book`."""

    orders: pd.Index
    homes: pd.DataFrame  # the items that "slow items home" puts back, see `second_homes`
    far_lines: pd.DataFrame  # lines of these items that left from another than the nearest center: order_id, sku_id
    whole: pd.Series  # split orders -> whether one of the centers that filled them held all of it
    hub: pd.Series  # the split orders that were held whole -> that center
    months: float
    days: int  # delivery days: Monday to Saturday, no federal holidays
    unit_month_usd: float  # storage of a unit for a month
    givens: Givens
    _ways: Mapping[str, _Parcels] = field(repr=False)
    _price: Mapping[str, np.ndarray] = field(repr=False)
    _late: np.ndarray = field(repr=False)
    _fee: np.ndarray = field(repr=False)
    _fixed: Mapping[str, float] = field(repr=False)

    def ledgers(self, levers: Collection[str] = ()) -> pd.Series:
        """Cost of the period under a set of levers.

        Parameters
        ----------
        levers : some of `LEVERS`.

        Returns
        -------
        Series, USD per order: `LEDGERS` in order.

        Raises
        ------
        ValueError if a lever is unknown.
        """
        found = self._run(levers)
        return found["ledgers"] / len(self.orders)

    def cost(self, levers: Collection[str] = ()) -> float:
        """What the invoices show, USD per order: `ledgers` without late orders and sellers. What levers are sized on."""
        ledgers = self.ledgers(levers)
        return float(ledgers[INVOICED].sum())

    def late_share(self, levers: Collection[str] = ()) -> float:
        """Expected share of orders of which a parcel arrives late, by the records of its carrier and of its zone."""
        return float(self._run(levers)["late"])

    def parcels_per_order(self, levers: Collection[str] = ()) -> float:
        """Parcels an order."""
        return float(self._run(levers)["count"] / len(self.orders))

    def order_costs(self, levers: Collection[str] = ()) -> pd.Series:
        """Freight, operators and cartons of each order, USD: what differs from one order to another."""
        return pd.Series(self._run(levers)["each"], self.orders, name="cost_usd")

    def far_parcels(self, levers: Collection[str] = ()) -> float:
        """Parcels a delivery day that zone skipping could take, at national scale."""
        return float(self._run(levers)["far"] / self.days * self.givens.scale)

    def _run(self, levers: Collection[str]) -> dict[str, object]:
        unknown = set(levers) - set(LEVERS)
        if unknown:
            raise ValueError(f"levers: {sorted(unknown)[0]!r} is not one, expected some of {', '.join(LEVERS)}")
        size, done = len(self.orders), set(levers)
        way = self._ways["home" if "slow items home" in done else "as shipped"]
        parts = self._priced(way, done)
        each = {name: np.bincount(way.order, values, size) for name, values in parts.items()}
        survive = np.exp(np.bincount(way.order, np.log1p(-self._lateness(way, done)), size))
        if "ship whole" in done:
            one = self._ways["whole"]
            single = self._priced(one, done)
            better = sum(single[name] for name in _MONEY) < sum(each[name][one.order] for name in _MONEY) - 1e-9
            places = one.order[better]
            for name, values in single.items():
                each[name][places] = values[better]
            survive[places] = 1 - self._lateness(one, done)[better]
        total = {name: float(values.sum()) for name, values in each.items()}
        late = float(1 - survive.mean())
        storage = self._fixed["storage"]
        sellers = self._fixed["sellers"]
        if "slow items home" in done:
            storage += self._fixed["home storage"]
            sellers += self._fixed["home sellers"]
        if "aged stock out" in done:
            storage -= self._fixed["aged storage"]
            sellers += self._fixed["aged sellers"]
        trailers = self.givens.trailer_usd / self.givens.scale * self.days if "zone skipping" in done else 0.0
        ledgers = {
            "parcels": total["parcels"] + total["errors"] + trailers,
            "operators": total["operators"],
            "cartons": total["cartons"],
            "returns": self._fixed["returns"],
            "storage and receiving": storage,
            "late orders": late * size * self.givens.late_usd,
            "sellers": sellers,
        }
        return {
            "ledgers": pd.Series(ledgers)[list(LEDGERS)],
            "late": late,
            "count": total["count"],
            "far": total["far"],
            "each": sum(each[name] for name in _MONEY),
        }

    def _priced(self, way: _Parcels, done: set[str]) -> dict[str, np.ndarray]:
        back = int("two cartons back" in done)
        pounds = way.pounds[back]
        table = self._price["right" if "right rate" in done else "billed"]
        skip = self._price["skip right" if "right rate" in done else "skip billed"]

        def base(carrier: np.ndarray) -> np.ndarray:
            price = table[carrier, way.zone, pounds]
            if "zone skipping" in done:
                price = np.where(way.center == self._fixed["skip center"], skip[carrier, way.zone, pounds], price)
            return price

        if "all to the cheapest carrier" in done:
            freight = base(np.full_like(way.carrier, self._fixed["cheapest"]))
        else:
            freight = base(way.carrier)
            if "regional carrier" in done:
                moved = self._moved(way)
                freight = freight + moved * (base(np.full_like(way.carrier, self._fixed["regional"])) - freight)
        home = self.givens.home_usd if "home charge at the cap" in done else self._fixed["home rate"]
        kept = self.givens.audit_won if "audit before payment" in done else 0.0
        far = (way.center == self._fixed["skip center"]) * self._price["far"][way.zone]
        return {
            "parcels": freight + way.home * home,
            "errors": np.full(len(way.order), self._fixed["errors"] * (1 - kept)),
            "operators": self._fee[way.center, 0] + self._fee[way.center, 1] * (way.units - 1),
            "cartons": way.board[back] + self._fixed["material"],
            "count": np.ones(len(way.order)),
            "far": far,
        }

    def _moved(self, way: _Parcels) -> np.ndarray:
        """Expected part of each parcel that goes to the regional carrier."""
        near = self._price["regional"][way.zone]
        return self._fixed["shift"] * near * (way.carrier == self._fixed["from"])

    def _lateness(self, way: _Parcels, done: set[str]) -> np.ndarray:
        if "all to the cheapest carrier" in done:
            return self._late[self._fixed["cheapest"], way.zone]
        late = self._late[way.carrier, way.zone]
        if "regional carrier" in done:
            late = late + self._moved(way) * (self._late[self._fixed["regional"], way.zone] - late)
        return late


_MONEY = ("parcels", "errors", "operators", "cartons")


def open_book(
    tables: Mapping[str, pd.DataFrame],
    first: str | pd.Timestamp,
    last: str | pd.Timestamp,
    homes: pd.DataFrame,
    rates_on: str | pd.Timestamp,
    givens: Givens | None = None,
    divisor: float = 166,
) -> Book:
    """Read a period's orders so that they can be priced under any set of `LEVERS`.

    With no lever the book gives what was billed for the period: freight with its errors, the operators' fees, cartons
    and filling at standard prices, returns so far, storage and receiving. Each lever changes one thing:

    - ``ship whole``: an order that left in several parcels leaves in one, from a center that filled a part of it and
      held the rest at the end of the week before and of its own week; a unit is promised once. Only where it is cheaper.
    - ``slow items home``: lines of the items in ``homes`` leave with the rest of the order from the nearest center. Where
      all of an order came from afar, its zone is the mix of zones of what left from the nearest centers. Its storage, and
      the sellers' capital and inbound work, are added.
    - ``two cartons back``: each parcel is packed again with the two cartons that were withdrawn.
    - ``right rate``: the carrier that bills above contract bills its contract.
    - ``audit before payment``: ``audit_won`` of the other billing errors is not paid.
    - ``regional carrier``: it doubles, up to its farthest zone, with parcels of one other carrier.
    - ``zone skipping``: a trailer a day takes one center's far parcels near to their buyers.
    - ``home charge at the cap``: the home surcharge falls to ``home_usd``.
    - ``aged stock out``: units older than 90 days leave; sellers lose ``aged_loss`` of their cost, a twelfth a
      month.
    - ``all to the cheapest carrier``: every parcel.

    Parameters
    ----------
    tables : of the program by name, `TABLES`.
    first, last : days of dispatch, whole calendar months with one set of rates; all parcels billed.
    homes : as `second_homes`: the items that may go back.
    rates_on : a day whose contract rates hold for the period.
    givens : see `Givens`.
    divisor : of the contracts.

    Returns
    -------
    Book.

    Raises
    ------
    ValueError if a table is missing, the period has no orders, or a parcel of it is not billed.
    """
    givens = givens or Givens()
    lines, parcels = _period(tables, first, last)
    day = pd.Timestamp(rates_on)
    orders = pd.Index(parcels["order_id"].unique(), name="order_id")
    centers = tables["centers"]["center_id"].tolist()
    carriers = sorted(tables["shipments"]["carrier_id"].unique())
    at = parcels.set_index("shipment_id")
    lines = lines.join(at[["center_id", "zone"]], on="shipment_id")
    lines["far"] = (lines["filled_units"] == 0) & ~lines["backordered"]
    back_home = lines["far"] & lines["sku_id"].isin(homes.index)
    whole = _held_whole(lines, tables)

    # three ways to ship
    as_shipped = lines.assign(place=lines["shipment_id"])
    near = lines[~lines["far"]].drop_duplicates("order_id").set_index("order_id")[["center_id", "zone"]]
    first_parcel = parcels.drop_duplicates("order_id").set_index("order_id")
    moved = lines.assign(place=lines["center_id"])
    is_near = back_home | ~lines["far"]
    moved.loc[is_near, "place"] = "near"
    moved.loc[is_near, "zone"] = lines.loc[is_near, "order_id"].map(near["zone"]).fillna(_NEAR).astype(int)
    left_from = lines["order_id"].map(near["center_id"]).fillna(lines["order_id"].map(first_parcel["center_id"]))
    moved.loc[is_near, "center_id"] = left_from[is_near]
    chosen = whole.dropna(subset="center_id")
    single = lines[lines["order_id"].isin(chosen.index)].assign(place="whole")
    single["center_id"] = single["order_id"].map(chosen["center_id"])
    single["zone"] = single["order_id"].map(chosen["zone"]).astype(int)

    def way(rows: pd.DataFrame) -> _Parcels:
        return _packed(rows, orders, centers, carriers, first_parcel, tables, day, divisor)

    ways = {"as shipped": way(as_shipped), "home": way(moved), "whole": way(single)}

    # prices by carrier, zone and pounds
    near_zones = parcels.loc[~parcels["shipment_id"].isin(lines.loc[lines["far"], "shipment_id"]), "zone"]
    mix = near_zones.value_counts(normalize=True).reindex(_ZONES).fillna(0).to_numpy()
    audit = _audited(tables, parcels)
    above = audit.loc[audit["above_rate_usd"] != 0]
    doubled = above["supplier_id"].unique().tolist()
    step = _step(above)
    price, home_rate = _price_tables(carriers, tables["rate_cards"], day, mix, doubled, step, givens)
    fee = _fees(tables).reindex(tables["centers"]["operator_id"])
    fees = np.column_stack([fee["order handling"] + fee["packaging"], fee["additional pick"]]).astype(float)

    # what does not differ by order
    months = len(pd.period_range(first, last, freq="M"))
    held, billed = _held(tables, first, last), _billed(tables, first, last)
    unit_month = float(billed["storage"] / months / held.sum())
    worth = tables["skus"].set_index("sku_id")["unit_cost_usd"]
    weeks = tables["inventory_weekly"]
    weeks = weeks[weeks["week"].between(pd.Timestamp(first), pd.Timestamp(last))]
    aged = weeks.groupby("sku_id")["aged_units"].sum() / weeks["week"].nunique()
    back = tables["returns"][tables["returns"]["order_id"].isin(orders)]
    end = pd.Timestamp(last) + pd.Timedelta(days=1)
    days = int(np.busday_count(pd.Timestamp(first).date(), end.date(), busdaycal=DELIVERY_DAYS))
    capital = givens.capital_rate / 12 * months
    extra = homes["extra_units"].sum()
    more = (homes["extra_units"] * worth.reindex(homes.index)).sum() * capital
    weeks_long = (pd.Timestamp(last) - pd.Timestamp(first)).days / 7 + 1 / 7
    more += homes["weekly_units"].sum() * weeks_long * givens.inbound_usd
    sellers = (held * worth.reindex(held.index)).sum() * capital
    shift_from, shift_to, _ = givens.volume
    has = parcels["carrier_id"].value_counts()
    reach = parcels.loc[(parcels["carrier_id"] == shift_from) & (parcels["zone"] <= givens.volume[2])]
    total_over = audit["over_usd"].sum() - above["above_rate_usd"].sum()
    fixed = {
        "errors": float(total_over / len(parcels)),
        "material": _material(tables),
        "returns": float(back["label_usd"].fillna(0).sum() + back["handling_usd"].fillna(0).sum()),
        "storage": float(billed.sum()),
        "sellers": float(sellers),
        "home storage": float(extra * unit_month * months),
        "home sellers": float(more),
        "aged storage": float(aged.sum() * unit_month * months),
        "aged sellers": float((aged * worth.reindex(aged.index)).sum() * givens.aged_loss / 12 * months),
        "home rate": home_rate,
        "skip center": centers.index(givens.skip_center),
        "cheapest": carriers.index(givens.cheapest),
        "regional": carriers.index(shift_to),
        "from": carriers.index(shift_from),
        "shift": min(1.0, float(has.get(shift_to, 0) / max(1, len(reach)))),
    }
    return Book(
        orders=orders,
        homes=homes,
        far_lines=lines.loc[back_home, ["order_id", "sku_id"]].reset_index(drop=True),
        whole=whole["center_id"].notna().rename("whole"),
        hub=chosen["center_id"].rename("hub"),
        months=months,
        days=days,
        unit_month_usd=unit_month,
        givens=givens,
        _ways=ways,
        _price=price,
        _late=_late_table(tables, carriers, mix),
        _fee=fees,
        _fixed=fixed,
    )


def _packed(rows, orders, centers, carriers, first_parcel, tables, day, divisor) -> _Parcels:
    """The parcels that lines make, grouped by ``order_id`` and ``place``."""
    rows = rows.assign(
        height_in=rows["height_in"] * rows["shipped_units"], weight_lb=rows["weight_lb"] * rows["shipped_units"]
    )
    made = rows.groupby(["order_id", "place"], sort=False).agg(
        center_id=("center_id", "first"),
        zone=("zone", "first"),
        units=("shipped_units", "sum"),
        length_in=("length_in", "max"),
        width_in=("width_in", "max"),
        height_in=("height_in", "sum"),
        weight_lb=("weight_lb", "sum"),
    )
    made = made.reset_index()
    items = tables["packaging_items"].set_index("packaging_id")
    pounds, board = [], []
    for packed_on in (day, items["withdrawn_on"].min() - pd.Timedelta(days=1)):
        carton = cartons(made, pd.Series(packed_on, made.index), tables["packaging_items"])
        outer = items.loc[carton, [*_SIDES, "weight_lb"]].set_axis(made.index)
        outer["weight_lb"] = (outer["weight_lb"] + made["weight_lb"]).round(2)
        weighed = billed_weight(outer.assign(shipped_on=day), "UPS", divisor)
        pounds.append(weighed.clip(upper=_POUNDS).astype(int).to_numpy())
        board.append(items["standard_price_usd"][carton].to_numpy())
    own = first_parcel.loc[made["order_id"]]
    return _Parcels(
        order=orders.get_indexer(made["order_id"]),
        center=pd.Index(centers).get_indexer(made["center_id"]),
        carrier=pd.Index(carriers).get_indexer(own["carrier_id"]),
        zone=made["zone"].to_numpy(int),
        units=made["units"].to_numpy(int),
        home=own["residential"].to_numpy(bool),
        pounds=(pounds[0], pounds[1]),
        board=(board[0], board[1]),
    )


def _held_whole(lines: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """For each split order the center, among those that filled it, that held all of it, and its zone; missing if none.

    What lies at a center is the least of its available units at the end of the week before the order and of its week.
    Orders are taken in turn, and a unit is promised once.
    """
    count = lines.groupby("order_id")["shipment_id"].nunique()
    split = lines[lines["order_id"].isin(count.index[count > 1])]
    when = split["order_id"].map(tables["orders"].set_index("order_id")["ordered_at"])
    split = split.assign(week=(when - pd.to_timedelta(when.dt.day_of_week, unit="D")).dt.normalize(), when=when)
    weeks = tables["inventory_weekly"]
    weeks = weeks[weeks["sku_id"].isin(split["sku_id"])]
    stock = weeks.set_index(["week", "center_id", "sku_id"])["available_units"].to_dict()
    free: dict[tuple, float] = {}
    found = {}
    for order_id, own in split.sort_values(["when", "order_id"], kind="stable").groupby("order_id", sort=False):
        week = own["week"].iloc[0]
        found[order_id] = (None, np.nan)
        options = own.drop_duplicates("center_id").sort_values(["zone", "center_id"], kind="stable")
        for center_id, zone in zip(options["center_id"], options["zone"], strict=True):
            needs = own[own["center_id"] != center_id].groupby("sku_id")["shipped_units"].sum()
            keys = [(week, center_id, sku) for sku in needs.index]
            for key in keys:
                before = (week - pd.Timedelta(days=7), *key[1:])
                free.setdefault(key, min(stock.get(before, 0), stock.get(key, 0)))
            if all(free[key] >= units for key, units in zip(keys, needs, strict=True)):
                for key, units in zip(keys, needs, strict=True):
                    free[key] -= units
                found[order_id] = (center_id, zone)
                break
    return pd.DataFrame.from_dict(found, orient="index", columns=["center_id", "zone"]).rename_axis("order_id")


def _audited(tables: Mapping[str, pd.DataFrame], parcels: pd.DataFrame) -> pd.DataFrame:
    lines = tables["invoice_lines"]
    lines = lines[lines["shipment_id"].isin(parcels["shipment_id"])]
    lines = lines.merge(tables["invoices"][["invoice_id", "supplier_id"]], on="invoice_id")
    return freight_audit(lines, parcels, tables["rate_cards"])


def _step(above: pd.DataFrame) -> float:
    """How far above contract a base rate is billed, as a share of it; 0 if none is."""
    base = above[above["charge"] == "base transport"]
    owed = (base["billed_usd"] - base["above_rate_usd"]).sum()
    return float(base["above_rate_usd"].sum() / owed) if owed else 0.0


def _price_tables(
    carriers: Sequence[str], rates: pd.DataFrame, day, mix, doubled, step, givens: Givens
) -> tuple[dict[str, np.ndarray], float]:
    """Base and fuel by carrier, zone and pounds: as billed, at the right rate, and each with zone skipping."""
    grid = pd.MultiIndex.from_product([carriers, _ZONES, range(1, _POUNDS + 1)]).to_frame(index=False)
    grid.columns = ["carrier_id", "zone", "billable_weight_lb"]
    price = contract_price(grid.assign(residential=True, dispatched_at=day), rates)
    shape = (len(carriers), len(_ZONES), _POUNDS)
    base, fuel = (price[column].to_numpy().reshape(shape) for column in ("base_usd", "fuel_usd"))
    over = np.where(np.isin(carriers, doubled), 1 + step, 1.0)[:, None, None]
    skipped = np.array([givens.skip_to if zone >= givens.skip_from else zone for zone in _ZONES])
    sort = np.where(np.array(_ZONES) >= givens.skip_from, givens.sort_usd, 0.0)[None, :, None]

    def full(paid: np.ndarray) -> np.ndarray:
        table = np.zeros((len(carriers), 9, _POUNDS + 1))
        table[:, 2:, 1:] = paid
        table[:, _NEAR] = np.tensordot(mix, table[:, 2:], axes=(0, 1))
        return table

    def near_share(flags: np.ndarray) -> np.ndarray:
        return np.r_[float(mix @ flags), 0.0, flags.astype(float)]

    zones = np.array(_ZONES)
    tables = {}
    for name, factor in (("right", 1.0), ("billed", over)):
        raised = (base * factor).round(2)
        paid = raised + np.where(np.ones_like(raised) * factor == 1.0, fuel, (raised * fuel / base).round(2))
        tables[name] = full(paid)
        tables[f"skip {name}"] = full(paid[:, skipped - 2] + sort)
    tables["far"] = near_share(zones >= givens.skip_from)
    tables["regional"] = near_share(zones <= givens.volume[2])
    return tables, float(price["residential_usd"].iloc[0])


def _late_table(tables: Mapping[str, pd.DataFrame], carriers: Sequence[str], mix: np.ndarray) -> np.ndarray:
    """Chance that a parcel arrives after the order's deadline, by carrier and zone.

    A carrier's share of the year, times a zone's share over the mean: parcels of orders that were scanned in time, whose
    deadline has passed.
    """
    orders = tables["orders"]
    due = orders.loc[
        (orders["dispatched_at"] <= orders["dispatch_due_at"]) & (orders["deliver_by"] <= orders["ordered_at"].max()),
        ["order_id", "deliver_by"],
    ]
    sent = tables["shipments"].merge(due, on="order_id")
    late = ~(sent["delivered_at"] <= sent["deliver_by"])
    by_zone = late.groupby(sent["zone"]).mean().reindex(_ZONES).fillna(late.mean()).to_numpy() / late.mean()
    by_carrier = late.groupby(sent["carrier_id"]).mean().reindex(carriers).to_numpy()
    table = np.zeros((len(carriers), 9))
    table[:, 2:] = np.clip(by_carrier[:, None] * by_zone[None, :], 0, 0.999)
    table[:, _NEAR] = table[:, 2:] @ mix
    return table
