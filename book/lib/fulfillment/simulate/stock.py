"""Stock: where items are kept, which center fills a line, replenishment from dock to shelf, counts, and the ledger."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fulfillment.calendar import week_of
from fulfillment.simulate.demand import UNITS, VIRAL_SKU, seller_shares
from fulfillment.simulate.program import (
    AS_OF,
    CENTERS,
    DAYS,
    OPERATOR_OF,
    OPERATORS,
    ORDERS,
    START,
    WORKING_DAYS,
    stream,
    working_days_after,
)

#: Planted: from this day, slow items of sellers with several centers are replenished at one center only, to save
#: storage. Orders for them then leave from farther away, or in two parcels. invented
CONSOLIDATED_ON = pd.Timestamp("2026-01-05")
SLOW_RANK = 4  # items from this rank of their seller on are slow; invented
CYCLE_DAYS = 40  # demand that a replenishment covers; invented
LEAD_DAYS = (5, 10)  # from the seller's shipment to the dock, from and to; invented
SAFETY = 2.5  # standard deviations of demand over the lead time kept in reserve; invented
DOCK_SPREAD = 0.35  # log standard deviation of dock-to-stock time; invented
#: Planted: how long a receipt of an operator with a tail stands if it stands, in hours, from and to. invented
STUCK_HOURS = (400, 800)
SHORT_RECEIPT = 0.015  # receipts one unit short; invented
COUNTS_A_WEEK = 30  # items counted a week and center; invented
RETURNED = 0.09  # lines that come back; below the 15.8% of US retail sales, as few items here are sized; invented
RETURN_DAYS = (18, 42)  # from the order to the returned item's arrival, from and to; invented
RESTOCKED = 0.6  # returned items that go back to stock; invented
UNITS_A_LOCATION = 12  # nationally an item fills many locations, so they are not rounded up item by item; invented
WATCHED = 30  # best-selling items with a daily ledger; invented
UNITS_AN_ORDER = sum(units * share for units, share in UNITS.items())


@dataclass
class Flow:
    """What the year's allocation decided."""

    lines: pd.DataFrame  # the lines with ``place`` (position in ``places``, -1 if not filled) and the return drawn
    receipts: pd.DataFrame  # inbound: ``place``, ``day`` sent, times and units
    counts: pd.DataFrame  # ``day``, ``place``, units ``found`` (negative: lost)
    opening: np.ndarray  # units of each place at the start of the year


def placement(sellers: pd.DataFrame, skus: pd.DataFrame) -> pd.DataFrame:
    """Every item in every center that keeps it, with its expected units a day before and after consolidation.

    Returns
    -------
    DataFrame, one row a place: ``center_id``, ``sku_id``, ``rate``, ``rate_after`` (units a day on an average day).
    """
    shares = seller_shares(sellers) * [center.share for center in CENTERS]
    places = skus.merge(sellers[["seller_id", "centers"]], on="seller_id").explode("centers", ignore_index=True)
    places = places.rename(columns={"centers": "center_id"})
    share = shares.stack().rename("share")
    places = places.join(share, on=["seller_id", "center_id"])
    places["rate"] = ORDERS / len(DAYS) * UNITS_AN_ORDER * places["share"] * places["popularity"]
    of_item = places.groupby("sku_id")["rate"]
    turn = places["sku_id"].rank(method="dense").astype(int) % places.groupby("sku_id")["sku_id"].transform("size")
    hub = (places.groupby("sku_id").cumcount() == turn).to_numpy()  # centers take turns as the one that is left
    moved = places["rank"] >= SLOW_RANK
    places["rate_after"] = places["rate"].where(~moved, of_item.transform("sum") * hub)
    return places[["center_id", "sku_id", "rate", "rate_after"]].sort_values(
        ["center_id", "sku_id"], ignore_index=True, kind="stable"
    )


def dock_hours(rng: np.random.Generator, operator_ids: np.ndarray) -> np.ndarray:
    """Hours from check-in to available stock: lognormal, and for a share of an operator's receipts, days."""
    terms = {operator.operator_id: (operator.dock_hours, operator.dock_stuck) for operator in OPERATORS}
    median, stuck = np.array([terms[operator_id] for operator_id in operator_ids]).T
    usual = median * np.exp(rng.normal(0, DOCK_SPREAD, len(median)))
    return np.where(rng.random(len(median)) < stuck, rng.uniform(*STUCK_HOURS, len(median)), usual)


class StockPositions:
    """Stock of every place through the year: what can be sold now, what is coming, and what was counted.

    A day is taken in steps: `arrive`, `take` for each line, `count` on Saturdays, `replenish` on working days.
    """

    def __init__(self, rng: np.random.Generator, places: pd.DataFrame, planned: pd.Series) -> None:
        self.rng = rng
        self.ahead = planned[::-1].rolling(21, min_periods=1).mean()[::-1].to_numpy() / (ORDERS / len(DAYS))
        self.rate, self.rate_after = places["rate"].to_numpy(), places["rate_after"].to_numpy()
        self.operators = places["center_id"].map(OPERATOR_OF).to_numpy()
        errors = {operator.operator_id: operator.count_error for operator in OPERATORS}
        self.count_error = np.array([errors[operator] for operator in self.operators])
        self.at = {place: n for n, place in enumerate(zip(places["center_id"], places["sku_id"], strict=True))}
        self.of_item = places.groupby("sku_id").indices
        self.of_center = places.groupby("center_id").indices
        self.lead = np.mean(LEAD_DAYS) + 1
        cover = rng.uniform(0.3, 1, len(places)) * CYCLE_DAYS + self.lead
        self.available = np.ceil(self.rate * self.ahead[0] * cover + 1).astype(int)
        self.opening = self.available.copy()
        self.inbound = np.zeros(len(places), dtype=int)
        self.coming: dict[int, list[tuple[int, int]]] = defaultdict(list)  # day -> (place, units) of receipts
        self.back: dict[int, list[tuple[int, int]]] = defaultdict(list)  # the same of returns
        self.receipts: list[tuple] = []
        self.counts: list[tuple[int, int, int]] = []

    def arrive(self, today: int) -> None:
        """Receipts and returns that can be sold from today."""
        for n, units in self.coming.pop(today, []):
            self.available[n] += units
            self.inbound[n] -= units
        for n, units in self.back.pop(today, []):
            self.available[n] += units

    def take(self, center_id: str, sku_id: str, units: int) -> int:
        """The place that fills a line: the nearest center's, else the one with most of the item; -1 if none can."""
        n = self.at[center_id, sku_id]
        if self.available[n] < units:
            others = self.of_item[sku_id]
            n = others[np.argmax(self.available[others])]
        if self.available[n] < units:
            return -1
        self.available[n] -= units
        return n

    def count(self, today: int) -> None:
        """Cycle counts at every center; a difference is booked at once."""
        for own in self.of_center.values():
            for n in self.rng.choice(own, COUNTS_A_WEEK, replace=False):
                found = int(self.rng.choice([-1, 1], p=[0.7, 0.3])) if self.rng.random() < self.count_error[n] else 0
                found = max(found, -self.available[n])
                self.available[n] += found
                self.counts.append((today, n, found))

    def replenish(self, today: int) -> None:
        """A place whose stock covers less than the lead time's demand and a reserve gets ``CYCLE_DAYS`` of it."""
        need = (self.rate if DAYS[today] < CONSOLIDATED_ON else self.rate_after) * self.ahead[today]
        reorder = need * self.lead + SAFETY * np.sqrt(need * self.lead) + 1
        for n in np.flatnonzero((self.available + self.inbound <= reorder) & (need > 0)):
            units = int(np.ceil(reorder[n] + need[n] * CYCLE_DAYS - self.available[n] - self.inbound[n]))
            days = int(self.rng.integers(*LEAD_DAYS))
            dock = working_days_after(pd.Series(DAYS[today : today + 1]), days)[0]
            arrived = pd.Timestamp(dock) + pd.Timedelta(minutes=int(self.rng.integers(6 * 60, 17 * 60)))
            ready = arrived + pd.Timedelta(minutes=int(60 * dock_hours(self.rng, self.operators[[n]])[0]))
            got = units - int(units > 2 and self.rng.random() < SHORT_RECEIPT)
            self.inbound[n] += got
            self.coming[(ready + pd.Timedelta(hours=12) - START).days].append((n, got))
            self.receipts.append((n, today, arrived, ready, units, got))


def allocate(orders: pd.DataFrame, lines: pd.DataFrame, places: pd.DataFrame, planned: pd.Series) -> Flow:
    """Fill each line in turn, day by day, while sellers replenish on the forecast.

    Parameters
    ----------
    orders : in order of time; a canceled order takes no stock.
    lines : see ``demand.order_lines``.
    places : see ``placement``.
    planned : planned orders of each day.
    """
    rng = stream("stock")
    positions = StockPositions(rng, places, planned)
    kept = lines[orders["cancelled_at"].isna().to_numpy()[lines["order"]]]
    order, size = kept["order"], len(kept)
    day = (orders["ordered_at"] - START).dt.days.to_numpy()[order]
    returned = (rng.random(size) < RETURNED) & ~orders["lost"].to_numpy()[order]
    restocked = rng.random(size) < RESTOCKED
    lag = rng.integers(RETURN_DAYS[0], RETURN_DAYS[1] + 1, size)
    wanted = list(zip(orders["center_id"].to_numpy()[order], kept["sku_id"], kept["units"], strict=True))
    starts = np.searchsorted(day, np.arange(len(DAYS) + 1))
    working = np.is_busday(DAYS.values.astype("datetime64[D]"), busdaycal=WORKING_DAYS)
    place = np.full(size, -1)
    for today, date in enumerate(DAYS):
        positions.arrive(today)
        for n in range(starts[today], starts[today + 1]):
            place[n] = positions.take(*wanted[n])
            if place[n] >= 0 and returned[n] and restocked[n]:
                positions.back[today + lag[n]].append((place[n], wanted[n][2]))
        if date.day_of_week == 5:
            positions.count(today)
        if working[today]:
            positions.replenish(today)

    drawn = pd.DataFrame({"place": place, "returned": returned, "restocked": restocked, "lag": lag}, kept.index)
    drawn["returned"] &= drawn["place"] >= 0
    filled = lines.join(drawn).fillna({"place": -1, "returned": False, "restocked": False, "lag": 0})
    columns = ["place", "day", "arrived_at", "available_at", "expected_units", "received_units"]
    return Flow(
        filled.astype(drawn.dtypes.to_dict()),
        pd.DataFrame(positions.receipts, columns=columns),
        pd.DataFrame(positions.counts, columns=["day", "place", "found"]),
        positions.opening,
    )


# The ledger


@dataclass
class Ledger:
    """Units of each place (row) and day (column): what moved, what was on hand, and what of it was spoken for."""

    opening: np.ndarray
    received: np.ndarray
    shipped: np.ndarray
    returned: np.ndarray
    adjusted: np.ndarray
    closing: np.ndarray
    available: np.ndarray
    aged: np.ndarray


def build_ledger(flow: Flow, orders: pd.DataFrame) -> Ledger:
    """The physical stock that follows from receipts, shipments, returns and counts.

    Parameters
    ----------
    flow : see `allocate`; its lines with ``returned_at`` (arrival of a return at the center).
    orders : with ``dispatched_at``.
    """
    shape = (len(flow.opening), len(DAYS))

    def moved(place: pd.Series, times: pd.Series, units: pd.Series) -> np.ndarray:
        table = np.zeros(shape, dtype=int)
        seen = (times <= AS_OF).to_numpy()
        np.add.at(table, (place[seen], (times[seen] - START).dt.days), units[seen])
        return table

    lines = flow.lines[flow.lines["place"] >= 0]
    received = moved(flow.receipts["place"], flow.receipts["available_at"], flow.receipts["received_units"])
    allocated = moved(lines["place"], lines["order"].map(orders["ordered_at"]), lines["units"])
    shipped = moved(lines["place"], lines["order"].map(orders["dispatched_at"]), lines["units"])
    back = lines[lines["restocked"] & lines["returned_at"].notna()]
    returned = moved(back["place"], back["returned_at"], back["units"])
    adjusted = moved(flow.counts["place"], START + pd.to_timedelta(flow.counts["day"], unit="D"), flow.counts["found"])
    closing = flow.opening[:, None] + np.cumsum(received - shipped + returned + adjusted, axis=1)
    opening = np.column_stack([flow.opening, closing[:, :-1]])
    available = closing - np.cumsum(allocated - shipped, axis=1)
    inflow = np.cumsum(received + returned, axis=1) + flow.opening[:, None]
    older = np.column_stack([np.zeros((shape[0], 90), dtype=int), inflow[:, :-90]])
    aged = np.clip(closing - (inflow - older), 0, None)
    return Ledger(opening, received, shipped, returned, adjusted, closing, available, aged)


def weekly(ledger: Ledger, places: pd.DataFrame) -> pd.DataFrame:
    """``inventory_weekly``: the ledger by week, for every place."""
    weeks = week_of(pd.Series(DAYS))
    first = np.flatnonzero(~weeks.duplicated())
    last = np.append(first[1:], len(DAYS)) - 1
    table = {
        "week": np.tile(weeks[first], len(places)),
        **{key: np.repeat(places[key].to_numpy(), len(first)) for key in ("center_id", "sku_id")},
        "opening_units": ledger.opening[:, first].ravel(),
    }
    for column in ("received", "shipped", "returned", "adjusted"):
        table[f"{column}_units"] = np.add.reduceat(getattr(ledger, column), first, axis=1).ravel()
    for column in ("closing", "available", "aged"):
        table[f"{column}_units"] = getattr(ledger, column)[:, last].ravel()
    empty = ledger.available <= 0
    dropped = (places["rate_after"] == 0).to_numpy()[:, None] & (DAYS >= CONSOLIDATED_ON) & empty
    table["days_listed"] = np.add.reduceat(~dropped, first, axis=1).ravel()
    table["stockout_days"] = np.add.reduceat(empty & ~dropped, first, axis=1).ravel()
    weeks = pd.DataFrame(table)
    moved = weeks[["opening_units", "received_units", "returned_units", "closing_units", "days_listed"]]
    return weeks[moved.gt(0).any(axis=1)].reset_index(drop=True)


def daily(ledger: Ledger, places: pd.DataFrame) -> pd.DataFrame:
    """``inventory_daily``: the ledger by day, for the items that sell most and the one that went viral."""
    rates = places.groupby("sku_id")["rate"].sum()
    watched = places["sku_id"].isin([*rates.nlargest(WATCHED).index, VIRAL_SKU]).to_numpy()
    keys = places.loc[watched, ["center_id", "sku_id"]]
    table = {"date": np.tile(DAYS, watched.sum()), **{k: np.repeat(keys[k].to_numpy(), len(DAYS)) for k in keys}}
    for column in ("opening", "received", "shipped", "returned", "adjusted", "closing", "available"):
        table[f"{column}_units"] = getattr(ledger, column)[watched].ravel()
    return pd.DataFrame(table)


def inbound_receipts(flow: Flow, places: pd.DataFrame) -> pd.DataFrame:
    """``inbound_receipts`` in order of arrival; what has not arrived by the end of the year is left out."""
    table = flow.receipts.join(places[["center_id", "sku_id"]], on="place")
    table = table[table["arrived_at"] <= AS_OF].sort_values("arrived_at", kind="stable", ignore_index=True)
    stocked = table["available_at"] <= AS_OF
    return table.assign(
        receipt_id=[f"R{n:05}" for n in range(1, len(table) + 1)],
        shipped_on=START + pd.to_timedelta(table["day"], unit="D"),
        available_at=table["available_at"].where(stocked),
        received_units=table["received_units"].astype("Int64").where(stocked),
    )


def cycle_counts(flow: Flow, ledger: Ledger, places: pd.DataFrame) -> pd.DataFrame:
    """``cycle_counts``: the record before a count, and what was found."""
    table = flow.counts.join(places[["center_id", "sku_id"]], on="place")
    counted = ledger.closing[table["place"], table["day"]]
    return table.assign(
        counted_on=START + pd.to_timedelta(table["day"], unit="D"),
        counted_units=counted,
        system_units=counted - table["found"],
    )


def occupied_locations(ledger: Ledger, places: pd.DataFrame) -> pd.DataFrame:
    """Locations in use at the end of each day (row) at each center (column)."""
    units = pd.DataFrame(ledger.closing.T, DAYS).T.groupby(places["center_id"].to_numpy()).sum().T
    return np.ceil(units / UNITS_A_LOCATION).astype(int)
