"""What every part of the program shares: seed, scale, calendar, partners and random draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fulfillment.calendar import BUSINESS_DAYS, END_OF_DAY

SEED = 337  # chosen: see "The seed is chosen" in data/README.md
ORDERS = 60_000  # expected orders of the year, about 49,000 a day at national scale; invented
START, END = pd.Timestamp("2025-07-01"), pd.Timestamp("2026-06-30")
AS_OF = END + END_OF_DAY  # the tables are what was known at this minute
DAYS = pd.date_range(START, END)
WORKING_DAYS = np.busdaycalendar("1111110", BUSINESS_DAYS.holidays)  # Monday to Saturday, no federal holidays


@dataclass(frozen=True)
class Operator:
    """Who runs centers, and what its work is like. All invented unless read from a fact."""

    operator_id: str
    name: str
    kind: str
    dock_hours: float  # median from the dock to available stock
    dock_stuck: float  # share of receipts that stand for days
    damage: float  # share of parcels packed so that the product is damaged
    pick_error: float  # share of lines
    count_error: float  # share of counts that differ from the record


#: Damage over the program is that of a published test: the product damaged in 16 of 3,234 parcels (2013).
#: Dock-to-stock within the common 24 to 48 hours of data/facts/sla_levels.csv, the best at its 10 hours on average.
OPERATORS = [
    Operator("OP0", "The platform itself", "platform", 29.0, 0.0, 0.0032, 0.004, 0.03),
    Operator("OP1", "Quenbridge Fulfillment", "3PL", 31.0, 0.0, 0.0032, 0.005, 0.03),
    Operator("OP2", "Ostrelle Logistics", "3PL", 3.5, 0.036, 0.0032, 0.004, 0.03),
    Operator("OP3", "Marrowfield 3PL", "3PL", 33.0, 0.0, 0.0300, 0.015, 0.09),
]


@dataclass(frozen=True)
class Center:
    """A fulfillment center, its share of the program's orders and what it was bought for. All invented."""

    center_id: str
    name: str
    operator_id: str
    city: str
    state: str
    latitude: float  # of the town
    longitude: float
    time_zone: str
    opened: str
    share: float
    headroom: float  # commitment over an ordinary week's orders
    peak_headroom: float  # the same in the peak weeks
    flex: float  # the most it processes, as a multiple of its commitment
    orders_per_hour: float  # about the median of 10 that WERC is quoted with in 2025


CENTERS = [
    Center(*row)
    for row in [
        (
            "FC1",
            "Inland Empire",
            "OP0",
            "Riverside",
            "CA",
            33.95,
            -117.40,
            "America/Los_Angeles",
            "2023-03-06",
            0.24,
            1.20,
            1.55,
            1.30,
            11.5,
        ),
        (
            "FC2",
            "Lehigh Valley",
            "OP0",
            "Allentown",
            "PA",
            40.60,
            -75.47,
            "America/New_York",
            "2023-09-11",
            0.21,
            1.20,
            1.55,
            1.30,
            11.0,
        ),
        (
            "FC3",
            "North Dallas",
            "OP1",
            "Denton",
            "TX",
            33.21,
            -97.13,
            "America/Chicago",
            "2024-02-05",
            0.19,
            1.13,
            1.13,
            1.15,
            10.5,
        ),
        (
            "FC4",
            "West Atlanta",
            "OP2",
            "Douglasville",
            "GA",
            33.75,
            -84.75,
            "America/New_York",
            "2024-05-13",
            0.16,
            1.20,
            1.55,
            1.30,
            10.0,
        ),
        (
            "FC5",
            "Columbus South",
            "OP2",
            "Groveport",
            "OH",
            39.85,
            -82.88,
            "America/New_York",
            "2024-08-19",
            0.13,
            1.20,
            1.55,
            1.35,
            10.0,
        ),
        (
            "FC6",
            "Salt Lake",
            "OP3",
            "West Valley City",
            "UT",
            40.69,
            -112.00,
            "America/Denver",
            "2025-04-14",
            0.07,
            1.20,
            1.55,
            1.50,
            9.0,
        ),
    ]
]
CENTER_IDS = [center.center_id for center in CENTERS]
OPERATOR_OF = {center.center_id: center.operator_id for center in CENTERS}


@dataclass(frozen=True)
class Carrier:
    """A carrier, its share of parcels and how well it does. All invented."""

    carrier_id: str
    name: str
    network: str
    share: float
    exception: float  # chance of a delivery exception
    accepts: float  # chance that it accepts a pickup
    price: float  # its base rates over the program's mean card


CARRIERS = [
    Carrier("CR1", "Tarnwick Parcel", "national", 0.30, 0.030, 0.97, 1.02),
    Carrier("CR2", "Velloway Express", "national", 0.25, 0.040, 0.96, 1.00),
    Carrier("CR3", "Corriemoor Ground", "national", 0.20, 0.130, 0.90, 0.94),
    Carrier("CR4", "Pellgrove Post", "national", 0.15, 0.045, 0.95, 1.01),
    Carrier("CR5", "Harrowick Regional", "regional", 0.10, 0.035, 0.92, 0.97),
]


def stream(name: str) -> np.random.Generator:
    """The random numbers of one part of the program, the same whatever the other parts draw.

    >>> int(stream("orders").integers(1000)) == int(stream("orders").integers(1000))
    True
    """
    return np.random.default_rng([SEED, *name.encode()])


def sample(rng: np.random.Generator, shares: Mapping[Any, float], size: int) -> np.ndarray:
    """Keys of ``shares`` at random, in proportion to its values."""
    weights = np.array(list(shares.values()), dtype=float)
    return rng.choice(list(shares), size, p=weights / weights.sum())


def apply_events(
    rng: np.random.Generator, events: dict[str, tuple[float, int, int]], size: int
) -> tuple[np.ndarray, np.ndarray]:
    """At most one event per order, None for most, and how long it takes: a whole number between the event's bounds."""
    chances = {name: chance for name, (chance, _, _) in events.items()}
    event = sample(rng, {None: 1 - sum(chances.values()), **chances}, size)
    shortest, longest = np.array([events.get(name, (0, 0, 0))[1:] for name in event]).T
    return event, rng.integers(shortest, longest + 1)


def dates(times: pd.Series) -> np.ndarray:
    """The days of times without their hours."""
    return times.to_numpy().astype("datetime64[D]")


def working_days_after(times: pd.Series, days: int | np.ndarray) -> np.ndarray:
    """The working day that lies so many working days after each time's day."""
    return np.busday_offset(dates(times), days, roll="forward", busdaycal=WORKING_DAYS)


def at_minute(days: np.ndarray, minutes: np.ndarray) -> pd.Series:
    """Moments from days and minutes after midnight."""
    return pd.Series(pd.to_datetime(days) + pd.to_timedelta(minutes, unit="min"))


def known_by_as_of(times: pd.Series) -> pd.Series:
    """The times without those after the last minute that the tables know."""
    return times.where(times <= AS_OF)
