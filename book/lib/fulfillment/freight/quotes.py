"""Orders, months and a year on a rate card: a line per charge, with the rate and the rule that made it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fulfillment.data import load
from fulfillment.freight.rate_cards import Card
from fulfillment.freight.rating import billed_weight, parcel_zone
from fulfillment.validate import numbers, positive, require

SIZES = ["length_in", "width_in", "height_in", "weight_lb"]
LINES = ["charge", "basis", "quantity", "rate_usd", "amount_usd", "rate_id", "rule"]
ORDER_CHARGES = (
    "all-in order",
    "order handling",
    "additional pick",
    "packaging",
    "delivered parcel",
    "base transport",
    "fuel",
    "residential",
    "peak surcharge",
    "returns",
)
SOMETIMES = {"additional pick", "peak surcharge"}  # an order outside their tier or dates does not pay them
#: What a parcel carrier is paid for: no part of a monthly minimum, which is one of work and space.
TRANSPORT = {"base transport", "fuel", "residential", "peak surcharge", "delivered parcel"}
#: What the request states for the Southeast: pallets in, pallet-months in store (a share beyond 90 days), for an order.
#: The first two are those of `bid_items`; the share, a pallet's cubic feet and a container's pallets are invented.
PALLETS_IN, PALLET_MONTHS, AGED_SHARE = 0.012, 0.055, 0.04
CUBIC_FEET, PALLETS_A_CONTAINER = 50.0, 20.0
NEW_STOCK_DAYS, AGED_STOCK_DAYS = 30, 120


def to_cents(quantity: object, rate_usd: object) -> np.ndarray:
    """Quantity times rate, rounded to the cent, half a cent up: whole-number arithmetic, so 1.005 is not 1.00499….

    Parameters
    ----------
    quantity, rate_usd : numbers or arrays of at least 0; both are read to four decimals. NaN stays NaN.

    Returns
    -------
    array of USD.

    >>> to_cents([1, 3, 4.30], [1.005, 0.115, 0.1743]).tolist()
    [1.01, 0.35, 0.75]
    """
    many, price = (np.asarray(values, dtype=float) for values in (quantity, rate_usd))
    wrong = np.isnan(many * price)
    parts = [np.round(np.nan_to_num(values) * 1e4).astype(np.int64).astype(object) for values in (many, price)]
    cents = (parts[0] * parts[1] + 500_000) // 1_000_000
    return np.where(wrong, np.nan, np.asarray(cents, dtype=float) / 100)


def measured(orders: pd.DataFrame, card: Card, dim_on: pd.Timestamp | str | None = None) -> pd.DataFrame:
    """What a card looks an order up by: its zone, its weights, and its month's orders.

    Parameters
    ----------
    orders, dim_on : as `quote`.
    card : for its rounding rule and divisor.

    Returns
    -------
    DataFrame, as the rows of ``orders``: ``zone``, ``dimensional_lb`` (before rounding up to whole pounds; sides rounded
    by the rule of the day), ``billed_lb``, ``orders_a_month``.
    """
    require("orders", orders, ["shipped_on", *SIZES])
    days = orders["shipped_on"] if dim_on is None else pd.Series(pd.Timestamp(dim_on), orders.index)
    sized = orders[SIZES].assign(shipped_on=days)
    billed = billed_weight(sized, card.dim_carrier, card.dim_divisor)
    # sides are whole inches once rounded, so a divisor of 1 gives their exact volume
    volume = billed_weight(sized.assign(weight_lb=1e-6), card.dim_carrier, 1.0)
    if "zone" in orders:
        zone = orders["zone"].astype(float)
    else:
        require("orders", orders, ["miles"])
        zone = pd.Series(parcel_zone(orders["miles"]), orders.index, dtype=float)
    month = orders["shipped_on"].dt.to_period("M")
    return pd.DataFrame(
        {
            "zone": zone,
            "dimensional_lb": volume / card.dim_divisor,
            "billed_lb": billed,
            "orders_a_month": month.map(month.value_counts()).astype(float),
        },
        index=orders.index,
    )


def _chosen(rates: pd.DataFrame, orders: pd.DataFrame, keys: pd.DataFrame) -> np.ndarray:
    """Position of the rate that holds for each order; -1 where none does."""
    found = np.full(len(orders), -1)
    day, home = orders["shipped_on"].dt.normalize().to_numpy(), orders["residential"].to_numpy(dtype=bool)
    columns = {
        "billed weight, lb": keys["billed_lb"].to_numpy(),
        "orders a month": keys["orders_a_month"].to_numpy(),
        "units in the order": orders["units"].to_numpy(dtype=float),
    }
    zone = keys["zone"].to_numpy()
    for at, rate in enumerate(rates.itertuples()):
        held = day >= np.datetime64(rate.valid_from)
        if pd.notna(rate.valid_to):
            held &= day <= np.datetime64(rate.valid_to)
        if pd.notna(rate.zone):
            held &= zone == rate.zone
        if rate.applies_to == "home":
            held &= home
        if pd.notna(rate.tier):
            held &= columns[rate.tier] > rate.above
            if pd.notna(rate.up_to):
                held &= columns[rate.tier] <= rate.up_to
        found[held] = at
    return found


def _rule(rate: Any) -> str:
    """A rate's place on its card, in words."""
    parts = [f"zone {rate.zone:.0f}"] if pd.notna(rate.zone) else []
    if pd.notna(rate.tier):
        end = f", up to {rate.up_to:,.10g}" if pd.notna(rate.up_to) else ""
        parts.append(f"{rate.tier} above {rate.above:,.10g}{end}")
    if rate.applies_to == "home":
        parts.append("home address")
    end = f"to {rate.valid_to:%F}" if pd.notna(rate.valid_to) else "on"
    return "; ".join([*parts, f"{rate.valid_from:%F} {end}"])


def quote(
    orders: pd.DataFrame,
    card: Card,
    orders_a_month: float | Mapping[pd.Period, float] | None = None,
    dim_on: pd.Timestamp | str | None = None,
    uncovered: str = "refuse",
) -> pd.DataFrame:
    """Every charge that a card makes on each order.

    Parameters
    ----------
    orders : DataFrame, a row per parcel (an order in two parcels is handled and shipped twice): ``order_id``,
        ``shipped_on`` (datetime), ``units``, ``length_in``, ``width_in``, ``height_in``, ``weight_lb``, ``zone`` (or
        ``miles``, from which it follows), ``residential``; optional ``returns`` (times a unit came back; 0 without).
    card : of `load_cards` or `read_card`.
    orders_a_month : what a tier of monthly orders is picked by: a number, or month (``pd.Period``) -> number; by
        default the orders given, by month of shipping. The whole month's volume is charged at one tier's rate.
    dim_on : weigh every parcel by the rounding rule of this day instead of its own.
    uncovered : an order that the card has no rate for is ``"refuse"``\\ d with its reason, or ``"list"``\\ ed: a line
        with no amount. It is never priced at zero.

    Returns
    -------
    DataFrame, a row per order and charge, orders in their order: ``order_id``, ``charge``, ``basis``, ``quantity``,
    ``rate_usd``, ``amount_usd`` (rounded by line, half a cent up), ``rate_id``, ``rule``.

    Raises
    ------
    ValueError if a column is missing, a value is none that can be priced, or the card has no rate for an order.

    >>> box = {"order_id": ["A"], "shipped_on": pd.to_datetime(["2025-12-01"]), "units": [2], "zone": [4],
    ...        "length_in": [10.3], "width_in": [8.3], "height_in": [4.3], "weight_lb": [2.2], "residential": [True]}
    >>> from fulfillment.freight.rate_cards import load_cards
    >>> lines = quote(pd.DataFrame(box), load_cards()["Ostrelle Logistics"])
    >>> lines[["charge", "quantity", "rate_usd", "amount_usd"]].values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['order handling', 1.0, 2.32, 2.32], ['additional pick', 1.0, 0.4, 0.4],
     ['delivered parcel', 1.0, 6.48, 6.48], ['peak surcharge', 1.0, 0.4, 0.4]]
    """
    require("orders", orders, ["order_id", "shipped_on", "units", *SIZES, "residential"])
    if uncovered not in ("refuse", "list"):
        raise ValueError(f"uncovered: {uncovered!r}, expected 'refuse' or 'list'")
    units = numbers("units", orders["units"], 1)
    returned = numbers("returns", orders["returns"]) if "returns" in orders else np.zeros(len(orders))
    if orders["residential"].isna().any():
        raise ValueError(f"residential: missing in {orders['residential'].isna().sum()} rows, expected True or False")
    keys = measured(orders, card, dim_on)
    if orders_a_month is not None:
        months = orders["shipped_on"].dt.to_period("M")
        given = months.map(orders_a_month) if isinstance(orders_a_month, Mapping) else orders_a_month
        keys["orders_a_month"] = numbers("orders_a_month", pd.Series(given, orders.index, dtype=float))
    ones, home = np.ones(len(orders)), orders["residential"].to_numpy(dtype=bool)
    parts, base = [], None
    for order, charge in enumerate(ORDER_CHARGES):
        rates = card.of(charge)
        if rates.empty:
            continue
        at = _chosen(rates, orders, keys)
        due = np.ones(len(orders), dtype=bool)
        quantity = ones
        if charge == "additional pick":
            quantity = units - rates["above"].to_numpy(dtype=float)[at]
        elif charge == "returns":
            quantity, due = returned, returned > 0
        elif charge == "residential":
            due = home
        elif charge == "fuel":
            quantity = base
        if charge in SOMETIMES:
            due = at >= 0
        price = np.where(at >= 0, rates["rate_usd"].to_numpy()[at], np.nan)
        rules = np.array([_rule(rate) for rate in rates.itertuples()], dtype=object)[at]
        if rates["tier"].eq("billed weight, lb").any():
            rules = rules + np.array([f"; billed {pounds:.0f} lb" for pounds in keys["billed_lb"]], dtype=object)
        amount = to_cents(quantity, price)
        if charge == "base transport":
            base = amount
        parts.append(
            pd.DataFrame(
                {
                    "_order": np.arange(len(orders)),
                    "_charge": order,
                    "order_id": orders["order_id"].to_numpy(),
                    "charge": charge,
                    "basis": rates["basis"].iloc[0],
                    "quantity": quantity,
                    "rate_usd": price,
                    "amount_usd": amount,
                    "rate_id": np.where(at >= 0, rates["rate_id"].to_numpy(dtype=object)[at], None),
                    "rule": np.where(at >= 0, rules, "not on the card"),
                }
            )[due]
        )
    lines = pd.concat(parts).sort_values(["_order", "_charge"], ignore_index=True, kind="stable")
    gaps = lines[lines["amount_usd"].isna()]
    if len(gaps) and uncovered == "refuse":
        gap = gaps.iloc[0]
        key, row = keys.iloc[gap["_order"]], orders.iloc[gap["_order"]]
        raise ValueError(
            f"{card.bidder}: no rate of {gap['charge']} for order {gap['order_id']} (zone {key['zone']:g}, "
            f"{key['billed_lb']:g} lb billed, {row['shipped_on']:%F}); expected one on the card"
        )
    return lines[["order_id", *LINES]]


def per_order(lines: pd.DataFrame) -> pd.Series:
    """What each order costs: the sum of its lines, USD; missing where one of them is not on the card.

    >>> lines = pd.DataFrame({"order_id": ["A", "A", "B"], "amount_usd": [2.32, 0.4, np.nan]})
    >>> per_order(lines).tolist()
    [2.72, nan]
    """
    groups = lines.groupby("order_id", sort=False)["amount_usd"]
    return groups.sum().where(groups.apply(lambda own: own.notna().all())).round(2)


def quote_month(
    card: Card,
    on: pd.Timestamp | str,
    pallets_in: float,
    stored: Mapping[float, float],
    new_accounts: float = 0,
    fees_usd: float = 0,
) -> pd.DataFrame:
    """What a card charges for a month beside its orders: receiving, storage by age, account management, the minimum.

    Parameters
    ----------
    card : of `load_cards` or `read_card`.
    on : a day of the month.
    pallets_in : received.
    stored : days in storage (above 0) -> pallets of that age, on average over the month. A card in cubic feet counts
        ``CUBIC_FEET`` to the pallet, one in containers ``PALLETS_A_CONTAINER`` to the container.
    new_accounts : seller accounts set up in the month.
    fees_usd : the month's charges on orders that count toward the minimum: all but the carrier's (``TRANSPORT``).

    Returns
    -------
    DataFrame, a row per charge: as `quote` without ``order_id``. The minimum's line is what it adds, and is left out
    where the fees reach it.

    Raises
    ------
    ValueError if a number is negative or the card has no rate for a day in storage.

    >>> from fulfillment.freight.rate_cards import load_cards
    >>> month = quote_month(load_cards()["Marrowfield 3PL"], "2026-02-01", 2_850, {30: 12_500, 120: 500}, 0, 500_000)
    >>> month.set_index("charge")["amount_usd"].to_dict()
    ... # doctest: +NORMALIZE_WHITESPACE
    {'receiving': 38475.0, 'storage': 19000.0, 'account management': 1900.0}
    """
    day = pd.Timestamp(on)
    numbers("pallets_in, new_accounts, fees_usd", [pallets_in, new_accounts, fees_usd])
    numbers("stored", list(stored.values()))
    last = card.rates["valid_to"].fillna(pd.Timestamp.max)
    held = card.rates[(card.rates["valid_from"] <= day) & (day <= last)]
    rows = []

    def add(rate: Any, quantity: float, rule: str) -> None:
        quantity = round(float(quantity), 4)
        amount = float(to_cents(quantity, rate.rate_usd))
        rows.append((rate.charge, rate.basis, quantity, rate.rate_usd, amount, rate.rate_id, rule))

    for rate in held[held["charge"] == "receiving"].itertuples():
        by = "container" in rate.basis
        note = f"; {PALLETS_A_CONTAINER:g} pallets to the container" if by else ""
        add(rate, pallets_in / PALLETS_A_CONTAINER if by else pallets_in, _rule(rate) + note)
    rates = held[held["charge"] == "storage"]
    for days, pallets in stored.items():
        own = rates[(rates["above"].fillna(-1) < days) & (days <= rates["up_to"].fillna(np.inf))]
        if len(own) != 1:
            raise ValueError(f"{card.bidder}: {len(own)} rates of storage for {days:g} days on {day:%F}, expected one")
        for rate in own.itertuples():
            by = "cubic" in rate.basis
            note = f"; {CUBIC_FEET:g} cubic feet to the pallet" if by else ""
            add(rate, pallets * CUBIC_FEET if by else pallets, _rule(rate) + note)
    for rate in held[held["charge"] == "account management"].itertuples():
        add(rate, 1, _rule(rate))
    counted = fees_usd + sum(row[4] for row in rows)
    for rate in held[(held["charge"] == "onboarding") & bool(new_accounts)].itertuples():
        add(rate, new_accounts, _rule(rate))
    for rate in held[held["charge"] == "monthly minimum"].itertuples():
        if counted < rate.rate_usd:
            short = round(rate.rate_usd - counted, 2)
            rule = f"{_rule(rate)}; {rate.rate_usd:,.2f} less the month's {counted:,.2f} of work and space"
            rows.append((rate.charge, rate.basis, 1.0, short, short, rate.rate_id, rule))
    return pd.DataFrame(rows, columns=LINES)


def quote_year(
    orders: pd.DataFrame,
    card: Card,
    scale: float = 1,
    accounts: float = 0,
    dim_on: pd.Timestamp | str | None = None,
    pallets_in: float = PALLETS_IN,
    pallet_months: float = PALLET_MONTHS,
    aged_share: float = AGED_SHARE,
) -> pd.DataFrame:
    """What a card charges for a sample of orders and their months, each order standing for ``scale`` of them.

    Parameters
    ----------
    orders, dim_on : as `quote`.
    card : of `load_cards` or `read_card`.
    scale : orders that one of the sample stands for (300 for the program, less for a part of the volume). The volume
        tier and the minimum are those of the scaled month.
    accounts : seller accounts set up in the first month.
    pallets_in, pallet_months : received, and in storage on average, for an order of the month.
    aged_share : of the stored pallets, those of ``AGED_STOCK_DAYS``; the rest is ``NEW_STOCK_DAYS`` old.

    Returns
    -------
    DataFrame, a row per month and charge: ``month``, ``charge``, ``amount_usd`` (scaled), ``orders`` (scaled).

    Raises
    ------
    ValueError as `quote` and `quote_month`, and if ``scale`` is not above 0.
    """
    positive(scale=scale)
    numbers("accounts, pallets_in, pallet_months, aged_share", [accounts, pallets_in, pallet_months, aged_share])
    month = orders["shipped_on"].dt.to_period("M")
    volume = (month.value_counts() * scale).sort_index(kind="stable")
    numbered = orders.assign(order_id=np.arange(len(orders)))
    lines = quote(numbered, card, volume.to_dict(), dim_on)
    lines = lines.assign(month=month.to_numpy()[lines["order_id"].to_numpy(dtype=int)])
    sums = lines.groupby(["month", "charge"])["amount_usd"].sum() * scale
    parts = [sums.reset_index()]
    for number, (at, size) in enumerate(volume.items()):
        fees = sums[at][lambda own: ~own.index.isin(TRANSPORT)].sum()
        stock = {
            NEW_STOCK_DAYS: size * pallet_months * (1 - aged_share),
            AGED_STOCK_DAYS: size * pallet_months * aged_share,
        }
        rest = quote_month(card, at.start_time, size * pallets_in, stock, 0 if number else accounts, round(fees, 2))
        parts.append(rest.groupby("charge", sort=False)["amount_usd"].sum().reset_index().assign(month=at))
    table = pd.concat(parts, ignore_index=True).sort_values("month", kind="stable", ignore_index=True)
    return table.assign(orders=table["month"].map(volume))[["month", "charge", "amount_usd", "orders"]]


def program_orders(center_id: str = "FC4") -> pd.DataFrame:
    """The parcels of a center in the form that `quote` takes; FC4, West Atlanta, is the Southeast of the request.

    Returns
    -------
    DataFrame, a row per parcel (``order_id`` is the parcel's id, so that each row is quoted by itself): the columns of
    `quote`, ``returns`` (received back, on the order's first parcel) and ``value_usd`` (the order's sales value, shared
    by units).

    Raises
    ------
    ValueError if no parcel left that center.

    >>> program_orders()[["units", "zone", "residential"]].shape
    (9454, 3)
    """
    parcels = load("shipments").query("center_id == @center_id")
    if parcels.empty:
        raise ValueError(f"center_id: {center_id!r} shipped nothing, expected one such as 'FC4'")
    came_back = load("returns").dropna(subset="received_at").groupby("order_id").size()
    orders = load("orders").set_index("order_id")
    first = ~parcels.duplicated("order_id")
    table = parcels.rename(columns={"order_id": "of_order"}).assign(
        order_id=parcels["shipment_id"],
        shipped_on=parcels["dispatched_at"].dt.normalize(),
        residential=parcels["residential"].astype(bool),
        returns=parcels["order_id"].map(came_back).where(first).fillna(0).astype(int),
        value_usd=parcels["order_id"].map(orders["value_usd"] / orders["units"]) * parcels["units"],
    )
    columns = ["order_id", "of_order", "shipped_on", "units", *SIZES, "zone", "residential", "returns", "value_usd"]
    return table[columns].reset_index(drop=True)


def compare_parcel(
    cards: Mapping[str, Card],
    zone: int,
    weight_lb: float,
    residential: bool = True,
    peak: bool = False,
    units: int = 1,
    sides_in: tuple[float, float, float] = (10.3, 8.3, 4.3),
    orders_a_month: float = 237_500,
) -> pd.DataFrame:
    """One order on every card: a small table, made for ``studykit``'s ``explore`` (zone × weight × home × peak).

    Parameters
    ----------
    cards : of `load_cards`.
    zone, weight_lb, residential, units, sides_in : the parcel; the weight is that of the scale.
    peak : shipped on December 1, 2025, instead of March 2, 2026.
    orders_a_month : for volume tiers.

    Returns
    -------
    DataFrame, a row per bidder: ``billed_lb``, ``work_usd`` (handling, picks, carton), ``transport_usd``,
    ``surcharges_usd`` (fuel, home, peak), ``total_usd``. A price that holds several of them stands under the first: an
    all-in order under work, a delivered parcel under transport.

    >>> from fulfillment.freight.rate_cards import load_cards
    >>> compare_parcel(load_cards(), zone=3, weight_lb=1.5)["total_usd"].idxmin() in load_cards()
    True
    """
    day = pd.Timestamp("2025-12-01" if peak else "2026-03-02")
    order = dict(zip(SIZES, [*sides_in, weight_lb], strict=True))
    order |= {"order_id": "one", "shipped_on": day, "units": units, "zone": zone, "residential": residential}
    orders = pd.DataFrame([order])
    groups = {"fuel": "surcharges", "residential": "surcharges", "peak surcharge": "surcharges"}
    groups |= {"base transport": "transport", "delivered parcel": "transport"}
    rows = {}
    for bidder, card in cards.items():
        lines = quote(orders, card, orders_a_month)
        sums = lines["amount_usd"].groupby(lines["charge"].map(groups).fillna("work")).sum()
        sums = sums.reindex(["work", "transport", "surcharges"], fill_value=0.0)
        billed = measured(orders, card)["billed_lb"].iloc[0]
        rows[bidder] = [int(billed), *sums.round(2), round(sums.sum(), 2)]
    columns = ["billed_lb", "work_usd", "transport_usd", "surcharges_usd", "total_usd"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("bidder")
