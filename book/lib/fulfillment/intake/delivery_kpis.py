"""KPIs of a table of deliveries or purchase-order lines, such as `fulfillment.intake.reader` reads, each with the rows it stands on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from fulfillment.procurement.spend_analysis import concentration
from fulfillment.validate import moment, number, number_column, require, time_columns


@dataclass(frozen=True)
class KpiResult:
    """A KPI's ``value`` in its ``unit`` (a share is a fraction), the ``n`` rows it stands on of the table's ``rows``,
    and the others by the reason why they are ``left_out``."""

    kpi: str
    value: float
    unit: str
    n: int
    rows: int
    left_out: dict[str, int]

    @property
    def text(self) -> str:
        """The value as people read it: ``88.51%``, ``48.5 days``."""
        if self.unit == "fraction":
            return f"{self.value:.2%}"
        return f"{round(self.value, 0 if self.unit == 'points' else 1):,.10g} {self.unit}"

    @property
    def gaps(self) -> str:
        """Why rows are left out, and how many each."""
        return "; ".join(f"{why}: {count:,}" for why, count in self.left_out.items())

    def __str__(self) -> str:
        base = f"{self.kpi}: {self.text} on {self.n:,} of {self.rows:,} rows"
        return f"{base} (left out: {self.gaps})" if self.left_out else base


def to_table(results: Iterable[KpiResult]) -> pd.DataFrame:
    """Results as a table.

    Returns
    -------
    DataFrame, a row a result: ``kpi``, ``value`` (text with its unit), ``n``, ``rows``, ``left_out`` (text).

    >>> to_table([KpiResult("lead time, median", 48.5, "days", 4, 8, {"no ordered_at": 4})]).to_numpy().tolist()
    [['lead time, median', '48.5 days', 4, 8, 'no ordered_at: 4']]
    """
    rows = [(result.kpi, result.text, result.n, result.rows, result.gaps) for result in results]
    return pd.DataFrame(rows, columns=["kpi", "value", "n", "rows", "left_out"])


def _standing(kpi: str, table: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Rows that hold all columns, and how many rows each column leaves out."""
    require(kpi, table, columns, rows=False)
    left_out, standing = {}, table
    for column in columns:
        empty = standing[column].isna()
        left_out[f"no {column}"] = int(empty.sum())
        standing = standing[~empty]
    if standing.empty:
        raise ValueError(f"{kpi}: no row has {' and '.join(columns)}, expected at least one")
    return standing, {why: count for why, count in left_out.items() if count}


def _read(kpi: str, table: pd.DataFrame, times: Sequence[str] = (), numbers: Sequence[str] = ()) -> pd.DataFrame:
    """The table with these columns as times on one clock, or as numbers."""
    require(kpi, table, [*times, *numbers], rows=False)
    clock = time_columns({name: table[name] for name in times})
    return table.assign(**clock, **{name: number_column(name, table[name]).astype(float) for name in numbers})


def on_time_delivery(deliveries: pd.DataFrame, as_of: pd.Timestamp | str | None = None) -> KpiResult:
    """Share of delivered rows that came by their deliver-by time; an early one counts as on time.

    In the denominator: rows with both times. A row not delivered yet is left out, late or not, unless you say ``as_of``
    which day the file was made: then an open row whose deliver-by time had passed by then counts as late.

    Parameters
    ----------
    deliveries : DataFrame, one row a delivery; datetimes ``deliver_by``, ``delivered_at``.
    as_of : when the table was made; None where open rows are to be left out.

    Returns
    -------
    KpiResult, a fraction.

    Raises
    ------
    ValueError if a column is missing or holds what is no time, or no row stands.

    >>> days = pd.to_datetime(pd.Series(["2025-07-01", "2025-07-03", None]))
    >>> table = pd.DataFrame({"deliver_by": pd.Timestamp("2025-07-02"), "delivered_at": days})
    >>> print(on_time_delivery(table))
    on-time delivery: 50.00% on 2 of 3 rows (left out: no delivered_at: 1)
    >>> print(on_time_delivery(table, as_of="2025-07-04"))
    on-time delivery, overdue as late: 33.33% on 3 of 3 rows
    """
    columns = ("deliver_by", "delivered_at")
    deliveries = _read("on-time delivery", deliveries, times=columns)
    if as_of is None:
        standing, left_out = _standing("on-time delivery", deliveries, columns)
        on_time = standing["delivered_at"] <= standing["deliver_by"]
        return KpiResult(
            "on-time delivery", float(on_time.mean()), "fraction", len(standing), len(deliveries), left_out
        )
    kpi, day = "on-time delivery, overdue as late", moment("as_of", as_of)
    standing, left_out = _standing(kpi, deliveries, ("deliver_by",))
    open_still = standing["delivered_at"].isna() & (standing["deliver_by"] >= day)
    if open_still.any():
        left_out["open, not due yet"] = int(open_still.sum())
        standing = standing[~open_still]
    if standing.empty:
        raise ValueError(f"{kpi}: no row was delivered or due, expected at least one")
    on_time = standing["delivered_at"] <= standing["deliver_by"]
    return KpiResult(kpi, float(on_time.mean()), "fraction", len(standing), len(deliveries), left_out)


def lead_time(
    deliveries: pd.DataFrame, start: str = "ordered_at", end: str = "delivered_at", quantile: float = 0.5
) -> KpiResult:
    """Days from order to delivery: their median, or another quantile.

    In the denominator: rows with both times; those with reversed times too, as a negative lead time.

    Parameters
    ----------
    deliveries : DataFrame, one row a delivery.
    start, end : its datetimes at the two ends.
    quantile : 0 to 1, linear between two rows; 0.5 is the median.

    Returns
    -------
    KpiResult, days.

    Raises
    ------
    ValueError if a column is missing or holds text, no row has both times, or ``quantile`` is outside 0 to 1.

    >>> sent, come = pd.to_datetime(pd.Series(["2025-07-01"] * 3)), pd.to_datetime(pd.Series(["2025-07-05", "2025-07-11", None]))
    >>> print(lead_time(pd.DataFrame({"ordered_at": sent, "delivered_at": come})))
    lead time, median: 7 days on 2 of 3 rows (left out: no delivered_at: 1)
    """
    quantile = number("quantile", quantile, 0, 1)
    kpi = f"lead time, {'median' if quantile == 0.5 else f'P{100 * quantile:g}'}"
    deliveries = _read(kpi, deliveries, times=(start, end))
    standing, left_out = _standing(kpi, deliveries, (start, end))
    days = (standing[end] - standing[start]) / pd.Timedelta(days=1)
    return KpiResult(kpi, float(days.quantile(quantile)), "days", len(standing), len(deliveries), left_out)


def freight_share(lines: pd.DataFrame, freight: str = "freight_usd", value: str = "value_usd") -> KpiResult:
    """Freight as a share of goods value, over the rows whose freight is a number.

    Freight that a vendor has put into its price, or that stands on another row or invoice, is in neither figure: the
    share is that of the lines whose freight is seen.

    Parameters
    ----------
    lines : DataFrame, one row a line.
    freight, value : its columns, in one currency.

    Returns
    -------
    KpiResult, a fraction.

    Raises
    ------
    ValueError if a column is missing or holds text, no row has both, or the values do not add up to more than 0.

    >>> print(freight_share(pd.DataFrame({"freight_usd": [5.0, None], "value_usd": [100.0, 900.0]})))
    freight share of value: 5.00% on 1 of 2 rows (left out: no freight_usd: 1)
    """
    kpi = "freight share of value"
    lines = _read(kpi, lines, numbers=(freight, value))
    standing, left_out = _standing(kpi, lines, (freight, value))
    if not standing[value].sum() > 0:
        raise ValueError(f"{value}: sum {standing[value].sum()}, expected more than 0")
    share = float(standing[freight].sum() / standing[value].sum())
    return KpiResult(kpi, share, "fraction", len(standing), len(lines), left_out)


def vendor_concentration(
    lines: pd.DataFrame, vendor: str = "vendor", value: str = "value_usd", without: Iterable[str] = ()
) -> KpiResult:
    """Herfindahl-Hirschman index of value over vendors, 0 to 10,000 points.

    Parameters
    ----------
    lines : DataFrame, one row a line.
    vendor, value : its columns.
    without : vendors to leave out, such as your own stock: it is no supplier in a market.

    Returns
    -------
    KpiResult, points.

    Raises
    ------
    ValueError if a column is missing or holds text, no row is left, or a vendor's values add up to less than 0.

    Source: `fulfillment.procurement.bids.concentration`.

    >>> lines = pd.DataFrame({"vendor": ["A", "B", "own"], "value_usd": [30.0, 10.0, 60.0]})
    >>> print(vendor_concentration(lines, without=["own"]))
    vendor concentration (HHI): 6,250 points on 2 of 3 rows (left out: vendor own: 1)
    """
    kpi = "vendor concentration (HHI)"
    require(kpi, lines, (vendor,), rows=False)
    lines = _read(kpi, lines, numbers=(value,))
    names = list(without)
    standing, left_out = _standing(kpi, lines, (vendor, value))
    for name in names:
        if not (standing[vendor] == name).any():
            raise ValueError(f"without: {name!r} is in no row, expected a vendor of the table")
        left_out[f"{vendor} {name}"] = int((standing[vendor] == name).sum())
    standing = standing[~standing[vendor].isin(names)]
    if standing.empty:
        raise ValueError(f"without: {', '.join(names)} leaves no row, expected at least one")
    hhi = concentration(standing.groupby(vendor)[value].sum())["hhi"]
    return KpiResult(kpi, hhi, "points", len(standing), len(lines), left_out)


def by_group(kpi: Callable[[pd.DataFrame], KpiResult], table: pd.DataFrame, by: str) -> pd.DataFrame:
    """A KPI for each group of rows, with the rows it stands on.

    Parameters
    ----------
    kpi : a function of this module.
    table : what it takes.
    by : column that names the groups; rows without a name are a group too.

    Returns
    -------
    DataFrame, a row a group in the order of ``n``, greatest first: ``by``, ``value`` (missing where no row stands),
    ``n``, ``rows``.

    Raises
    ------
    ValueError if the column is missing, or as ``kpi`` on the whole table.

    >>> table = pd.DataFrame({"mode": ["Air", "Air", None], "freight_usd": [1.0, 3.0, 5.0], "value_usd": 10.0})
    >>> by_group(freight_share, table, "mode")["value"].tolist()
    [0.2, 0.5]
    """
    if by not in table.columns:
        raise ValueError(f"by: no column {by}; expected one of {', '.join(table.columns)}")
    kpi(table)
    rows = []
    for name, group in table.groupby(by, dropna=False):
        try:
            result = kpi(group)
            rows.append((name, result.value, result.n, result.rows))
        except ValueError:  # the whole table has what the KPI needs: it is this group that has no row for it
            rows.append((name, float("nan"), 0, len(group)))
    groups = pd.DataFrame(rows, columns=[by, "value", "n", "rows"])
    return groups.sort_values("n", ascending=False, kind="stable", ignore_index=True)
