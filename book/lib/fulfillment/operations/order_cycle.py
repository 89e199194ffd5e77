"""The clock from click to door: where an order's hours go, on which day it should leave, what a carrier adds to its plan."""

from itertools import pairwise

import pandas as pd

from fulfillment import arguments as arg
from fulfillment.calendar import delivery_days_between
from fulfillment.kpis.base import hours

SCANNED: dict[str, arg.Gate] = {"shipment_id": arg.names(), "event": arg.names(), "event_at": arg.times(gaps=True)}
SENT: dict[str, arg.Gate] = {
    "shipment_id": arg.names(),
    "order_id": arg.names(),
    **dict.fromkeys(["label_at", "dispatched_at", "delivered_at"], arg.times(gaps=True)),
}
LANE: dict[str, arg.Gate] = {"center_id": arg.names(), "carrier_id": arg.names(), "zone": arg.amounts()}


@arg.takes(
    shipments=arg.table({"shipment_id": arg.names(), "delivered_at": arg.times(gaps=True)}),
    scan_events=arg.table(SCANNED),
)
def first_attempts(shipments: pd.DataFrame, scan_events: pd.DataFrame) -> pd.Series:
    """When the carrier first stood at the door: its first failed attempt, else the delivery.

    Parameters
    ----------
    shipments : DataFrame, one row per parcel; ``shipment_id``, datetime ``delivered_at``.
    scan_events : DataFrame, one row per scan; ``shipment_id``, ``event``, datetime ``event_at``.

    Returns
    -------
    Series of datetimes, index as ``shipments``; missing for a parcel not delivered and not attempted.

    Raises
    ------
    ValueError if a column is missing or a table is empty.

    >>> parcels = pd.DataFrame({"shipment_id": ["P1"], "delivered_at": pd.to_datetime(["2025-07-03 12:00"])})
    >>> scans = pd.DataFrame({"shipment_id": ["P1"], "event": ["delivery attempted"],
    ...                       "event_at": pd.to_datetime(["2025-07-02 12:00"])})
    >>> first_attempts(parcels, scans).astype(str).tolist()
    ['2025-07-02 12:00:00']
    """
    failed = scan_events[scan_events["event"] == "delivery attempted"].groupby("shipment_id")["event_at"].min()
    return failed.reindex(shipments["shipment_id"]).set_axis(shipments.index).fillna(shipments["delivered_at"])


@arg.takes(
    orders=arg.table(
        {"order_id": arg.names(), "ordered_at": arg.times(gaps=True), "delivered_at": arg.times(gaps=True)},
        key=["order_id"],
    ),
    shipments=arg.table(SENT),
    scan_events=arg.table(SCANNED),
)
def cycle_time_segments(orders: pd.DataFrame, shipments: pd.DataFrame, scan_events: pd.DataFrame) -> pd.DataFrame:
    """Hours of each delivered order from click to door, in four parts that add up.

    An order is complete when its last parcel is, so a split order follows the parcel that arrived last.

    Parameters
    ----------
    orders : DataFrame, one row per order; ``order_id``, datetimes ``ordered_at``, ``delivered_at``.
    shipments : DataFrame, one row per parcel; ``shipment_id``, ``order_id``, datetimes ``label_at``, ``dispatched_at``,
        ``delivered_at``.
    scan_events : DataFrame, one row per scan; ``shipment_id``, ``event``, datetime ``event_at``.

    Returns
    -------
    DataFrame, indexed by ``order_id``, hours: ``order_to_label`` (order to packed), ``label_to_scan`` (packed to first carrier scan),
    ``scan_to_attempt`` (scan to first delivery attempt), ``attempt_to_delivery`` (first attempt to delivery), ``total``; and ``in_order``,
    whether no timestamp lies before the one it should follow.

    Raises
    ------
    ValueError if a column is missing or a table is empty.

    >>> def at(*times):
    ...     return pd.to_datetime([f"2025-07-0{time}" for time in times])
    >>> orders = pd.DataFrame({"order_id": ["O1"], "ordered_at": at("1 08:00"), "delivered_at": at("3 12:00")})
    >>> parcels = pd.DataFrame({"shipment_id": ["P1"], "order_id": ["O1"], "label_at": at("1 15:00"),
    ...                         "dispatched_at": at("1 18:00"), "delivered_at": at("3 12:00")})
    >>> scans = pd.DataFrame({"shipment_id": ["P1"], "event": ["delivered"], "event_at": at("3 12:00")})
    >>> cycle_time_segments(orders, parcels, scans).loc[:, :"total"].values.tolist()
    [[7.0, 3.0, 42.0, 0.0, 52.0]]
    """
    parcels = shipments.assign(attempted_at=first_attempts(shipments, scan_events)).sort_values(
        "delivered_at", kind="stable"
    )
    last = parcels.drop_duplicates("order_id", keep="last").set_index("order_id")
    done = orders[orders["delivered_at"].notna()].set_index("order_id")
    last = last.reindex(done.index)
    times = [done["ordered_at"], last["label_at"], last["dispatched_at"], last["attempted_at"], last["delivered_at"]]
    names = ["order_to_label", "label_to_scan", "scan_to_attempt", "attempt_to_delivery"]
    parts = [hours(end, start) for start, end in pairwise(times)]
    table = pd.DataFrame(dict(zip(names, parts, strict=True)))
    return table.assign(total=table.sum(axis=1, skipna=False), in_order=(table >= 0).all(axis=1))


@arg.takes(
    shipments=arg.table(
        {
            "shipment_id": arg.names(),
            "dispatched_at": arg.times(gaps=True),
            "delivered_at": arg.times(gaps=True),
            **LANE,
        }
    ),
    scan_events=arg.table(SCANNED),
    lanes=arg.table({**LANE, "transit_days": arg.amounts(0)}, key=LANE),
)
def transit_delay_days(shipments: pd.DataFrame, scan_events: pd.DataFrame, lanes: pd.DataFrame) -> pd.Series:
    """Delivery days from the first scan to the first delivery attempt, less what the carrier publishes for the lane.

    Parameters
    ----------
    shipments : DataFrame, one row per parcel; ``shipment_id``, ``center_id``, ``carrier_id``, ``zone``, datetimes
        ``dispatched_at``, ``delivered_at``.
    scan_events : see `first_attempts`.
    lanes : DataFrame, one row per lane; ``center_id``, ``carrier_id``, ``zone``, ``transit_days``.

    Returns
    -------
    Series, index as ``shipments``; below 0 is early, missing for a parcel not delivered.

    Raises
    ------
    ValueError if a column is missing, a table is empty, or a parcel moved on a lane that ``lanes`` lacks.

    >>> parcel = {"shipment_id": "P1", "center_id": "FC1", "carrier_id": "CR1", "zone": 4}
    >>> times = {"dispatched_at": pd.Timestamp("2025-07-11 18:00"), "delivered_at": pd.Timestamp("2025-07-15 12:00")}
    >>> scans = pd.DataFrame({"shipment_id": ["P1"], "event": ["delivered"], "event_at": [times["delivered_at"]]})
    >>> plan = pd.DataFrame({"center_id": ["FC1"], "carrier_id": ["CR1"], "zone": [4], "transit_days": [2]})
    >>> transit_delay_days(pd.DataFrame([parcel | times]), scans, plan).tolist()
    [1.0]
    """
    keys = list(LANE)
    plan = shipments[keys].merge(lanes, on=keys, how="left")["transit_days"].set_axis(shipments.index)
    if plan.isna().any():
        lane = " ".join(map(str, shipments.loc[plan.isna(), keys].iloc[0]))
        raise ValueError(f"lanes: no transit days for {lane}, expected every lane that a parcel used")
    attempted = first_attempts(shipments, scan_events)
    return delivery_days_between(shipments["dispatched_at"], attempted) - plan.astype(float)
