"""KPIs of delivery tables, counted by hand, each with the rows it stands on."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.intake import delivery_kpis

DAYS = {
    "ordered_at": ["2025-07-01", "2025-07-01", None, "2025-07-10", "2025-07-01"],
    "deliver_by": ["2025-07-08", "2025-07-08", "2025-07-08", "2025-07-20", None],
    "delivered_at": ["2025-07-08", "2025-07-09", "2025-07-01", None, "2025-07-05"],
}


@pytest.fixture
def lines() -> pd.DataFrame:
    times = {name: pd.to_datetime(pd.Series(days)) for name, days in DAYS.items()}
    money = {"value_usd": [100.0, 300.0, 400.0, 200.0, None], "freight_usd": [4.0, None, 20.0, 5.0, 9.0]}
    return pd.DataFrame(
        {**times, **money, "vendor": ["A", "A", "own", "B", "B"], "mode": ["air", "air", "sea", "sea", None]}
    )


def test_on_time_counts_rows_with_both_times(lines):
    result = delivery_kpis.on_time_delivery(lines)
    assert (result.value, result.n, result.rows) == (2 / 3, 3, 5)
    assert result.left_out == {"no deliver_by": 1, "no delivered_at": 1}


def test_overdue_rows_count_as_late_from_the_day_that_is_said(lines):
    result = delivery_kpis.on_time_delivery(lines, as_of="2025-07-19")  # the open row is due on the 20th
    assert (result.value, result.n, result.left_out) == (2 / 3, 3, {"no deliver_by": 1, "open, not due yet": 1})
    result = delivery_kpis.on_time_delivery(lines, as_of="2025-07-21")
    assert (result.value, result.n, result.left_out) == (2 / 4, 4, {"no deliver_by": 1})
    with pytest.raises(ValueError, match="no row was delivered or due, expected at least one"):
        delivery_kpis.on_time_delivery(lines[lines["delivered_at"].isna()], as_of="2025-07-01")


@pytest.mark.parametrize(
    ("kpi", "column", "message"),
    [
        (delivery_kpis.on_time_delivery, "deliver_by", "deliver_by: '7/10/2025' in row 0, expected a time such as"),
        (delivery_kpis.lead_time, "ordered_at", "ordered_at: '7/10/2025' in row 0, expected a time such as"),
        (delivery_kpis.freight_share, "freight_usd", "freight_usd: '7/10/2025' in row 0, expected a finite number"),
        (delivery_kpis.vendor_concentration, "value_usd", "value_usd: '7/10/2025' in row 0, expected a finite number"),
    ],
)
def test_text_is_refused_by_name(lines, kpi, column, message):
    with pytest.raises(ValueError, match=message):
        kpi(lines.assign(**{column: "7/10/2025"}))


def test_iso_text_is_read_as_the_times_that_it_means(lines):
    text = lines.assign(deliver_by=lines["deliver_by"].astype("string"))
    assert delivery_kpis.on_time_delivery(text) == delivery_kpis.on_time_delivery(lines)


def test_lead_time_is_a_quantile_of_days(lines):
    result = delivery_kpis.lead_time(lines)  # 7, 8 and 4 days
    assert (result.value, result.n, result.left_out) == (7, 3, {"no ordered_at": 1, "no delivered_at": 1})
    assert delivery_kpis.lead_time(lines, quantile=0.9).value == pytest.approx(7.8)
    assert delivery_kpis.lead_time(lines, "ordered_at", "deliver_by").value == 7
    reversed_dates = lines.assign(delivered_at=pd.Timestamp("2025-06-30"))
    assert delivery_kpis.lead_time(reversed_dates).value == -1
    assert delivery_kpis.lead_time(reversed_dates).n == 4


def test_freight_is_a_share_of_the_value_it_stands_beside(lines):
    result = delivery_kpis.freight_share(lines)  # rows 1, 3, 4: 29 of 700
    assert (result.value, result.n) == (29 / 700, 3)
    assert result.left_out == {"no freight_usd": 1, "no value_usd": 1}


def test_concentration_counts_vendors_not_rows(lines):
    result = delivery_kpis.vendor_concentration(lines)  # A 400, own 400, B 200
    assert result.value == pytest.approx(3600)
    assert (result.n, result.left_out) == (4, {"no value_usd": 1})
    market = delivery_kpis.vendor_concentration(lines, without=["own"])  # A 400, B 200
    assert market.value == pytest.approx(5555.5556)
    assert (market.n, market.left_out) == (3, {"no value_usd": 1, "vendor own": 1})


def test_a_split_shows_every_group_with_its_n(lines):
    table = delivery_kpis.by_group(delivery_kpis.on_time_delivery, lines, "mode")
    assert table["mode"].fillna("none").tolist() == ["air", "sea", "none"]
    assert table[["n", "rows"]].to_numpy().tolist() == [[2, 2], [1, 2], [0, 1]]
    assert table["value"].tolist()[:2] == [0.5, 1]
    assert pd.isna(table["value"][2])


def test_a_result_says_what_it_stands_on(lines):
    said = str(delivery_kpis.freight_share(lines))
    assert said == "freight share of value: 4.14% on 3 of 5 rows (left out: no freight_usd: 1; no value_usd: 1)"
    assert str(delivery_kpis.vendor_concentration(lines)).startswith(
        "vendor concentration (HHI): 3,600 points on 4 of 5 rows"
    )


KPIS = [
    (delivery_kpis.on_time_delivery, ["deliver_by", "delivered_at"]),
    (delivery_kpis.lead_time, ["ordered_at", "delivered_at"]),
    (delivery_kpis.freight_share, ["freight_usd", "value_usd"]),
    (delivery_kpis.vendor_concentration, ["vendor", "value_usd"]),
]


@pytest.mark.parametrize(("kpi", "column"), [(kpi, column) for kpi, columns in KPIS for column in columns])
def test_a_column_that_lacks_or_is_empty_is_named(lines, kpi, column):
    with pytest.raises(ValueError, match=rf": no column {column}, expected"):
        kpi(lines.drop(columns=column))
    with pytest.raises(ValueError, match=rf"no row has .*{column}.*, expected at least one"):
        kpi(lines.assign(**{column: lines[column].mask(lines.index >= 0)}))
    with pytest.raises(ValueError, match="no row has"):
        kpi(lines.iloc[:0])


def test_what_cannot_be_answered_is_refused(lines):
    with pytest.raises(ValueError, match="quantile: 2, expected a number from 0 to 1"):
        delivery_kpis.lead_time(lines, quantile=2)
    with pytest.raises(ValueError, match=r"value_usd: sum 0\.0, expected more than 0"):
        delivery_kpis.freight_share(lines.assign(value_usd=0.0))
    with pytest.raises(ValueError, match="without: 'C' is in no row"):
        delivery_kpis.vendor_concentration(lines, without=["C"])
    with pytest.raises(ValueError, match="without: A, B, own leaves no row"):
        delivery_kpis.vendor_concentration(lines, without=["A", "B", "own"])
    with pytest.raises(ValueError, match="by: no column color"):
        delivery_kpis.by_group(delivery_kpis.on_time_delivery, lines, "color")
    with pytest.raises(ValueError, match="no column deliver_by"):
        delivery_kpis.by_group(delivery_kpis.on_time_delivery, lines.drop(columns="deliver_by"), "mode")


ROWS = st.tuples(*(st.one_of(st.none(), st.integers(0, 50)) for _ in range(4)), st.sampled_from(["A", "B", "C", None]))


@settings(max_examples=300, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=12))
def test_rows_in_are_rows_counted_and_rows_left_out(rows):
    table = pd.DataFrame(rows, columns=["ordered_at", "delivered_at", "value_usd", "freight_usd", "vendor"])
    start = pd.Timestamp("2025-01-01")
    times = {
        name: start + pd.to_timedelta(table[name].astype("float64"), "D") for name in ("ordered_at", "delivered_at")
    }
    table = table.assign(**times, deliver_by=start).astype({"value_usd": float, "freight_usd": float, "vendor": "str"})
    for kpi, columns in KPIS:
        standing = table[table[columns].notna().all(axis=1)]
        worthless = "value_usd" in columns and not standing["value_usd"].sum()
        if standing.empty or worthless:
            with pytest.raises(ValueError, match=r"no row has|value_usd: sum 0|spend: all zero"):
                kpi(table)
        else:
            result = kpi(table)
            assert result.n == len(standing)
            assert result.n + sum(result.left_out.values()) == result.rows == len(rows)
