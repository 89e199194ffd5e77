"""Orders, months and a year on a rate card: a line per charge, with the rate and the rule that made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment.calendar import in_force
from fulfillment.data import load
from fulfillment.freight.rate_cards import RateCard
from fulfillment.freight.rating import billable_weight, parcel_zone
from fulfillment.validate import require

DIMENSIONS = ["length_in", "width_in", "height_in", "weight_lb"]
LINE_COLUMNS = ["charge", "basis", "quantity", "rate_usd", "amount_usd", "rate_id", "rule"]
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
CONDITIONAL_CHARGES = {"additional pick", "peak surcharge"}  # an order outside their tier or dates does not pay them
#: What a parcel carrier is paid for: no part of a monthly minimum, which is one of work and space.
TRANSPORT = {"base transport", "fuel", "residential", "peak surcharge", "delivered parcel"}
#: A pallet's cubic feet and a container's pallets are invented.
CUBIC_FEET, PALLETS_A_CONTAINER = 50.0, 20.0
NEW_STOCK_DAYS, AGED_STOCK_DAYS = 30, 120


@dataclass(frozen=True, slots=True)
class StockProfile:
    """What an order of the month brings into the center and keeps there."""

    pallets_in: float
    """Pallets received for an order."""
    pallet_months: float
    """Pallets in storage, averaged over the month, for an order."""
    aged_share: float
    """Of those in storage, fraction that is ``AGED_STOCK_DAYS`` old; the rest is ``NEW_STOCK_DAYS`` old."""

    def __post_init__(self) -> None:
        arg.fields(self, pallets_in=arg.amount(0), pallet_months=arg.amount(0), aged_share=arg.share)


#: What the request states for the Southeast; pallets are those of ``bid_items``, the aged share is invented.
REQUESTED_STOCK = StockProfile(pallets_in=0.012, pallet_months=0.055, aged_share=0.04)


SHIPPED: dict[str, arg.Gate] = {"shipped_on": arg.times(), **dict.fromkeys(DIMENSIONS, arg.amounts(arg.ABOVE_0))}
ORDERED: dict[str, arg.Gate] = {
    "order_id": arg.names(),
    "units": arg.amounts(1),
    "residential": arg.flags(),
    **SHIPPED,
}
#: Columns that orders may lack; one of the first two must be there
MEASURED: dict[str, arg.Gate] = {"zone": arg.amounts(), "miles": arg.amounts(0), "returns": arg.amounts(0)}


def _monthly(name: str, value: Any) -> Any:
    gate = arg.amount(0)
    return arg.each(gate)(name, value) if isinstance(value, Mapping) else gate(name, value)


@arg.takes(quantity=arg.any_amounts(-1e14, 1e14, gaps=True), rate_usd=arg.any_amounts(-1e14, 1e14, gaps=True))
def extended_amount(quantity: object, rate_usd: object) -> np.ndarray:
    """Quantity times rate, rounded to the cent, half a cent up: whole-number arithmetic, so 1.005 is not 1.00499….

    Parameters
    ----------
    quantity, rate_usd : numbers or arrays of at least 0; both are read to four decimals. NaN stays NaN.

    Returns
    -------
    array of USD.

    >>> extended_amount([1, 3, 4.30], [1.005, 0.115, 0.1743]).tolist()
    [1.01, 0.35, 0.75]
    """
    many, price = (np.asarray(values, dtype=float) for values in (quantity, rate_usd))
    wrong = np.isnan(many * price)
    parts = [np.round(np.nan_to_num(values) * 1e4).astype(np.int64).astype(object) for values in (many, price)]
    cents = (parts[0] * parts[1] + 500_000) // 1_000_000
    return np.where(wrong, np.nan, np.asarray(cents, dtype=float) / 100)


@arg.takes(orders=arg.table(SHIPPED, MEASURED), card=arg.a(RateCard), dim_rule_date=arg.moment)
def rating_inputs(
    orders: pd.DataFrame, card: RateCard, dim_rule_date: pd.Timestamp | str | None = None
) -> pd.DataFrame:
    """What a card looks an order up by: its zone, its weights, and its month's orders.

    Parameters
    ----------
    orders, dim_rule_date : as `quote`.
    card : for its rounding rule and divisor.

    Returns
    -------
    DataFrame, as the rows of ``orders``: ``zone``, ``dimensional_weight_lb`` (before rounding up to whole pounds; sides rounded
    by the rule of the day), ``billable_weight_lb``, ``monthly_orders``.
    """
    days = orders["shipped_on"] if dim_rule_date is None else pd.Series(dim_rule_date, orders.index)
    sized = orders[DIMENSIONS].assign(shipped_on=days)
    billed = billable_weight(sized, card.dim_carrier, card.dim_divisor)
    # sides are whole inches once rounded, so a divisor of 1 gives their exact volume
    volume = billable_weight(sized.assign(weight_lb=1e-6), card.dim_carrier, 1.0)
    if "zone" in orders:
        zone = orders["zone"].astype(float)
    else:
        require("orders", orders, ["miles"])
        zone = pd.Series(parcel_zone(orders["miles"]), orders.index, dtype=float)
    month = orders["shipped_on"].dt.to_period("M")
    return pd.DataFrame(
        {
            "zone": zone,
            "dimensional_weight_lb": volume / card.dim_divisor,
            "billable_weight_lb": billed,
            "monthly_orders": month.map(month.value_counts()).astype(float),
        },
        index=orders.index,
    )


def _chosen(rates: pd.DataFrame, orders: pd.DataFrame, keys: pd.DataFrame) -> np.ndarray:
    """Position of the rate that holds for each order; -1 where none does."""
    found = np.full(len(orders), -1)
    day, home = orders["shipped_on"].dt.normalize(), orders["residential"].to_numpy(dtype=bool)
    columns = {
        "billed weight, lb": keys["billable_weight_lb"].to_numpy(),
        "orders a month": keys["monthly_orders"].to_numpy(),
        "units in the order": orders["units"].to_numpy(dtype=float),
    }
    zone = keys["zone"].to_numpy()
    terms = rates[["valid_from", "valid_to"]].drop_duplicates().itertuples(index=False, name=None)
    in_time = {term: in_force(day, *term).to_numpy() for term in terms}  # most rates of a card share theirs
    for at, rate in enumerate(rates.itertuples()):
        held = in_time[rate.valid_from, rate.valid_to].copy()
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


@arg.takes(
    orders=arg.table(ORDERED, MEASURED),
    card=arg.a(RateCard),
    monthly_orders=_monthly,
    dim_rule_date=arg.moment,
    missing_rate=arg.text,
)
def quote(
    orders: pd.DataFrame,
    card: RateCard,
    monthly_orders: float | Mapping[pd.Period, float] | None = None,
    dim_rule_date: pd.Timestamp | str | None = None,
    missing_rate: str = "raise",
) -> pd.DataFrame:
    """Every charge that a card makes on each order.

    Parameters
    ----------
    orders : DataFrame, a row per parcel (an order in two parcels is handled and shipped twice): ``order_id``,
        ``shipped_on`` (datetime), ``units``, ``length_in``, ``width_in``, ``height_in``, ``weight_lb``, ``zone`` (or
        ``miles``, from which it follows), ``residential``; optional ``returns`` (times a unit came back; 0 without).
    card : of `load_rate_cards` or `build_rate_card`.
    monthly_orders : what a tier of monthly orders is picked by: a number, or month (``pd.Period``) -> number; by
        default the orders given, by month of shipping. The whole month's volume is charged at one tier's rate.
    dim_rule_date : weigh every parcel by the rounding rule of this day instead of its own.
    missing_rate : an order that the card has no rate for is refused with its reason (``"raise"``), or kept as a line
        with no amount (``"keep"``). It is never priced at zero.

    Returns
    -------
    DataFrame, a row per order and charge, orders in their order: ``order_id``, ``charge``, ``basis``, ``quantity``,
    ``rate_usd``, ``amount_usd`` (rounded by line, half a cent up), ``rate_id``, ``rule``.

    Raises
    ------
    ValueError if a column is missing, a value is none that can be priced, or the card has no rate for an order.

    >>> box = {"order_id": ["A"], "shipped_on": pd.to_datetime(["2025-12-01"]), "units": [2], "zone": [4],
    ...        "length_in": [10.3], "width_in": [8.3], "height_in": [4.3], "weight_lb": [2.2], "residential": [True]}
    >>> from fulfillment.freight.rate_cards import load_rate_cards
    >>> lines = quote(pd.DataFrame(box), load_rate_cards()["Ostrelle Logistics"])
    >>> lines[["charge", "quantity", "rate_usd", "amount_usd"]].values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['order handling', 1.0, 2.32, 2.32], ['additional pick', 1.0, 0.4, 0.4],
     ['delivered parcel', 1.0, 6.48, 6.48], ['peak surcharge', 1.0, 0.4, 0.4]]
    """
    if missing_rate not in ("raise", "keep"):
        raise ValueError(f"missing_rate: {missing_rate!r}, expected 'raise' or 'keep'")
    returned = orders.get("returns", 0.0)
    inputs = rating_inputs(orders, card, dim_rule_date)
    if monthly_orders is not None:
        months = orders["shipped_on"].dt.to_period("M")
        given = months.map(monthly_orders) if isinstance(monthly_orders, Mapping) else monthly_orders
        inputs["monthly_orders"] = arg.amounts(0)("monthly_orders", pd.Series(given, orders.index, dtype=float))
    parts, base_usd = [], None
    for charge in ORDER_CHARGES:
        rates = card.rates_of(charge)
        if rates.empty:
            continue
        parts.append(_charge_lines(charge, rates, orders.assign(returns=returned), inputs, base_usd))
        if charge == "base transport":
            base_usd = parts[-1]["amount_usd"].to_numpy()
    lines = pd.concat(parts).sort_values("_order", ignore_index=True, kind="stable")
    gaps = lines[lines["amount_usd"].isna()]
    if len(gaps) and missing_rate == "raise":
        gap = gaps.iloc[0]
        key, row = inputs.iloc[gap["_order"]], orders.iloc[gap["_order"]]
        raise ValueError(
            f"{card.bidder}: no rate of {gap['charge']} for order {gap['order_id']} (zone {key['zone']:g}, "
            f"{key['billable_weight_lb']:g} lb billed, {row['shipped_on']:%F}); expected one on the card"
        )
    return lines[["order_id", *LINE_COLUMNS]]


def _charge_lines(
    charge: str, rates: pd.DataFrame, orders: pd.DataFrame, inputs: pd.DataFrame, base_usd: np.ndarray | None
) -> pd.DataFrame:
    """One charge on every order that owes it; fuel is a share of ``base_usd``, the base transport of each order."""
    at = _chosen(rates, orders, inputs)
    on_card = at >= 0
    quantity, owed = np.ones(len(orders)), np.ones(len(orders), dtype=bool)
    if charge == "additional pick":
        quantity = orders["units"].to_numpy(dtype=float) - rates["above"].to_numpy(dtype=float)[at]
    elif charge == "returns":
        quantity = orders["returns"].to_numpy(dtype=float)
        owed = quantity > 0
    elif charge == "residential":
        owed = orders["residential"].to_numpy(dtype=bool)
    elif charge == "fuel":
        quantity = base_usd
    if charge in CONDITIONAL_CHARGES:
        owed = on_card
    rate_usd = np.where(on_card, rates["rate_usd"].to_numpy()[at], np.nan)
    rules = np.array([_rule(rate) for rate in rates.itertuples()], dtype=object)[at]
    if rates["tier"].eq("billed weight, lb").any():
        rules = rules + np.array([f"; billed {lb:.0f} lb" for lb in inputs["billable_weight_lb"]], dtype=object)
    lines = {
        "_order": np.arange(len(orders)),
        "order_id": orders["order_id"].to_numpy(),
        "charge": charge,
        "basis": rates["basis"].iloc[0],
        "quantity": quantity,
        "rate_usd": rate_usd,
        "amount_usd": extended_amount(quantity, rate_usd),
        "rate_id": np.where(on_card, rates["rate_id"].to_numpy(dtype=object)[at], None),
        "rule": np.where(on_card, rules, "not on the card"),
    }
    return pd.DataFrame(lines)[owed]


@arg.takes(lines=arg.table({"order_id": arg.names(), "amount_usd": arg.amounts(gaps=True)}))
def order_totals(lines: pd.DataFrame) -> pd.Series:
    """What each order costs: the sum of its lines, USD; missing where one of them is not on the card.

    >>> lines = pd.DataFrame({"order_id": ["A", "A", "B"], "amount_usd": [2.32, 0.4, np.nan]})
    >>> order_totals(lines).tolist()
    [2.72, nan]
    """
    groups = lines.groupby("order_id", sort=False)["amount_usd"]
    return groups.sum().where(groups.apply(lambda own: own.notna().all())).round(2)


@arg.takes(
    card=arg.a(RateCard),
    on=arg.moment,
    pallets_in=arg.amount(0),
    pallets_by_age=arg.each(arg.amount(0)),
    new_accounts=arg.amount(0),
    qualifying_fees_usd=arg.amount(0),
)
def quote_month(
    card: RateCard,
    on: pd.Timestamp | str,
    pallets_in: float,
    pallets_by_age: Mapping[float, float],
    new_accounts: float = 0,
    qualifying_fees_usd: float = 0,
) -> pd.DataFrame:
    """What a card charges for a month beside its orders: receiving, storage by age, account management, the minimum.

    Parameters
    ----------
    card : of `load_rate_cards` or `build_rate_card`.
    on : a day of the month.
    pallets_in : received.
    pallets_by_age : days in storage (above 0) -> pallets of that age, on average over the month. A card in cubic feet counts
        ``CUBIC_FEET`` to the pallet, one in containers ``PALLETS_A_CONTAINER`` to the container.
    new_accounts : seller accounts set up in the month.
    qualifying_fees_usd : the month's charges on orders that count toward the minimum: all but the carrier's (``TRANSPORT``).

    Returns
    -------
    DataFrame, a row per charge: as `quote` without ``order_id``. The minimum's line is what it adds, and is left out
    where the fees reach it.

    Raises
    ------
    ValueError if a number is negative or the card has no rate for a day in storage.

    >>> from fulfillment.freight.rate_cards import load_rate_cards
    >>> month = quote_month(load_rate_cards()["Marrowfield 3PL"], "2026-02-01", 2_850, {30: 12_500, 120: 500}, 0, 500_000)
    >>> month.set_index("charge")["amount_usd"].to_dict()
    ... # doctest: +NORMALIZE_WHITESPACE
    {'receiving': 38475.0, 'storage': 19000.0, 'account management': 1900.0}
    """
    held = card.rates[in_force(on, card.rates["valid_from"], card.rates["valid_to"])]
    lines = [_receiving_line(rate, pallets_in) for rate in held[held["charge"] == "receiving"].itertuples()]
    rates = held[held["charge"] == "storage"]
    for days, pallets in pallets_by_age.items():
        own = rates[(rates["above"].fillna(-1) < days) & (days <= rates["up_to"].fillna(np.inf))]
        if len(own) != 1:
            raise ValueError(f"{card.bidder}: {len(own)} rates of storage for {days:g} days on {on:%F}, expected one")
        lines.append(_storage_line(next(own.itertuples()), pallets))
    lines += [_month_line(rate, 1) for rate in held[held["charge"] == "account management"].itertuples()]
    counted_usd = qualifying_fees_usd + sum(line["amount_usd"] for line in lines)
    if new_accounts:
        lines += [_month_line(rate, new_accounts) for rate in held[held["charge"] == "onboarding"].itertuples()]
    for rate in held[held["charge"] == "monthly minimum"].itertuples():
        if counted_usd < rate.rate_usd:
            lines.append(_minimum_line(rate, counted_usd))
    return pd.DataFrame(lines, columns=LINE_COLUMNS)


def _month_line(rate: Any, quantity: float, note: str = "") -> dict[str, object]:
    """A line of `quote_month`: a quantity at a rate of the card."""
    quantity = round(float(quantity), 4)
    return {
        "charge": rate.charge,
        "basis": rate.basis,
        "quantity": quantity,
        "rate_usd": rate.rate_usd,
        "amount_usd": float(extended_amount(quantity, rate.rate_usd)),
        "rate_id": rate.rate_id,
        "rule": _rule(rate) + note,
    }


def _receiving_line(rate: Any, pallets: float) -> dict[str, object]:
    if "container" in rate.basis:
        return _month_line(rate, pallets / PALLETS_A_CONTAINER, f"; {PALLETS_A_CONTAINER:g} pallets to the container")
    return _month_line(rate, pallets)


def _storage_line(rate: Any, pallets: float) -> dict[str, object]:
    if "cubic" in rate.basis:
        return _month_line(rate, pallets * CUBIC_FEET, f"; {CUBIC_FEET:g} cubic feet to the pallet")
    return _month_line(rate, pallets)


def _minimum_line(rate: Any, counted_usd: float) -> dict[str, object]:
    """What the monthly minimum adds to a month that counts less toward it."""
    short = round(rate.rate_usd - counted_usd, 2)
    note = f"; {rate.rate_usd:,.2f} less the month's {counted_usd:,.2f} of work and space"
    return _month_line(rate, 1, note) | {"rate_usd": short, "amount_usd": short}


@arg.takes(
    orders=arg.table(ORDERED, MEASURED),
    card=arg.a(RateCard),
    scale=arg.amount(arg.ABOVE_0),
    accounts=arg.amount(0),
    dim_rule_date=arg.moment,
    stock=arg.a(StockProfile),
)
def quote_year(
    orders: pd.DataFrame,
    card: RateCard,
    scale: float = 1,
    accounts: float = 0,
    dim_rule_date: pd.Timestamp | str | None = None,
    stock: StockProfile = REQUESTED_STOCK,
) -> pd.DataFrame:
    """What a card charges for a sample of orders and their months, each order standing for ``scale`` of them.

    Parameters
    ----------
    orders, dim_rule_date : as `quote`.
    card : of `load_rate_cards` or `build_rate_card`.
    scale : orders that one of the sample stands for (300 for the program, less for a part of the volume). The volume
        tier and the minimum are those of the scaled month.
    accounts : seller accounts set up in the first month.
    stock : pallets received and stored for an order; what the request states by default.

    Returns
    -------
    DataFrame, a row per month and charge: ``month``, ``charge``, ``amount_usd`` (scaled), ``orders`` (scaled).

    Raises
    ------
    ValueError as `quote` and `quote_month`, and if ``scale`` is not above 0.
    """
    month = orders["shipped_on"].dt.to_period("M")
    volume = (month.value_counts() * scale).sort_index(kind="stable")
    numbered = orders.assign(order_id=np.arange(len(orders)))
    lines = quote(numbered, card, volume.to_dict(), dim_rule_date)
    lines = lines.assign(month=month.to_numpy()[lines["order_id"].to_numpy(dtype=int)])
    sums = lines.groupby(["month", "charge"])["amount_usd"].sum() * scale
    parts = [sums.reset_index()]
    for number, (at, size) in enumerate(volume.items()):
        fees = sums[at][lambda own: ~own.index.isin(TRANSPORT)].sum()
        pallets = size * stock.pallet_months
        by_age = {NEW_STOCK_DAYS: pallets * (1 - stock.aged_share), AGED_STOCK_DAYS: pallets * stock.aged_share}
        new = 0 if number else accounts
        rest = quote_month(card, at.start_time, size * stock.pallets_in, by_age, new, round(fees, 2))
        parts.append(rest.groupby("charge", sort=False)["amount_usd"].sum().reset_index().assign(month=at))
    table = pd.concat(parts, ignore_index=True).sort_values("month", kind="stable", ignore_index=True)
    return table.assign(orders=table["month"].map(volume))[["month", "charge", "amount_usd", "orders"]]


@arg.takes(center_id=arg.text)
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
    table = parcels.rename(columns={"order_id": "parent_order_id"}).assign(
        order_id=parcels["shipment_id"],
        shipped_on=parcels["dispatched_at"].dt.normalize(),
        residential=parcels["residential"].astype(bool),
        returns=parcels["order_id"].map(came_back).where(first).fillna(0).astype(int),
        value_usd=parcels["order_id"].map(orders["value_usd"] / orders["units"]) * parcels["units"],
    )
    columns = [
        "order_id",
        "parent_order_id",
        "shipped_on",
        "units",
        *DIMENSIONS,
        "zone",
        "residential",
        "returns",
        "value_usd",
    ]
    return table[columns].reset_index(drop=True)


@arg.takes(
    cards=arg.each(arg.a(RateCard)),
    zone=arg.amount(),
    weight_lb=arg.amount(arg.ABOVE_0),
    residential=arg.flag,
    peak=arg.flag,
    units=arg.count(1),
    sides_in=arg.each(arg.amount(arg.ABOVE_0), 3),
    monthly_orders=arg.amount(0),
)
def compare_parcel(
    cards: Mapping[str, RateCard],
    zone: int,
    weight_lb: float,
    residential: bool = True,
    peak: bool = False,
    units: int = 1,
    sides_in: tuple[float, float, float] = (10.3, 8.3, 4.3),
    monthly_orders: float = 237_500,
) -> pd.DataFrame:
    """One order on every card: a small table, made for ``studykit``'s ``explore`` (zone × weight × home × peak).

    Parameters
    ----------
    cards : of `load_rate_cards`.
    zone, weight_lb, residential, units, sides_in : the parcel; the weight is that of the scale.
    peak : shipped on December 1, 2025, instead of March 2, 2026.
    monthly_orders : for volume tiers.

    Returns
    -------
    DataFrame, a row per bidder: ``billable_weight_lb``, ``work_usd`` (handling, picks, carton), ``transport_usd``,
    ``surcharges_usd`` (fuel, home, peak), ``total_usd``. A price that holds several of them stands under the first: an
    all-in order under work, a delivered parcel under transport.

    >>> from fulfillment.freight.rate_cards import load_rate_cards
    >>> compare_parcel(load_rate_cards(), zone=3, weight_lb=1.5)["total_usd"].idxmin() in load_rate_cards()
    True
    """
    day = pd.Timestamp("2025-12-01" if peak else "2026-03-02")
    order = dict(zip(DIMENSIONS, [*sides_in, weight_lb], strict=True))
    order |= {"order_id": "one", "shipped_on": day, "units": units, "zone": zone, "residential": residential}
    orders = pd.DataFrame([order])
    groups = {"fuel": "surcharges", "residential": "surcharges", "peak surcharge": "surcharges"}
    groups |= {"base transport": "transport", "delivered parcel": "transport"}
    rows = {}
    for bidder, card in cards.items():
        lines = quote(orders, card, monthly_orders)
        sums = lines["amount_usd"].groupby(lines["charge"].map(groups).fillna("work")).sum()
        sums = sums.reindex(["work", "transport", "surcharges"], fill_value=0.0)
        billed = rating_inputs(orders, card)["billable_weight_lb"].iloc[0]
        rows[bidder] = [int(billed), *sums.round(2), round(sums.sum(), 2)]
    columns = ["billable_weight_lb", "work_usd", "transport_usd", "surcharges_usd", "total_usd"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("bidder")
