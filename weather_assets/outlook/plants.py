"""Plant care: heat and dry air that call for water or shade, and how much water the soil may want."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

Advice = Literal["water_now", "water_soon", "no_water"]

WET_ENOUGH_MM = 5.0
"""Rain of the last two days that spares a watering."""

RAIN_LIKELY = 0.6
"""Probability of rain in the next day from which on waiting is worth it."""


@dataclass(frozen=True, slots=True)
class PlantLimits:
    """From which air temperature up and which relative humidity down plants need care."""

    hot_from_c: float = 30.0
    dry_up_to_pct: float = 30.0


@dataclass(frozen=True, slots=True)
class PlantAlert:
    """What the hours hold for plants: the first hot or dry hour, None where there is none."""

    hot_at: datetime | None
    dry_at: datetime | None

    @property
    def is_raised(self) -> bool:
        """Whether any hour is too hot or too dry."""
        return self.hot_at is not None or self.dry_at is not None


def plant_alert(
    hours: Sequence[datetime],
    air_temperature_c: Sequence[float],
    relative_humidity_pct: Sequence[float],
    limits: PlantLimits,
) -> PlantAlert:
    """Compare each hour with the limits; the limits themselves count, unknown (NaN) hours do not."""
    hot = np.asarray(air_temperature_c, dtype=np.float64) >= limits.hot_from_c
    dry = np.asarray(relative_humidity_pct, dtype=np.float64) <= limits.dry_up_to_pct
    return PlantAlert(_first(hours, hot), _first(hours, dry))


def watering_advice(alert: PlantAlert, rain_last_2_days_mm: float, rain_probability: float) -> Advice:
    """Water now where it is hot or dry and no rain came or is likely; soon where nothing fell; else not.

    An unknown rain (NaN) counts as none.
    """
    came = rain_last_2_days_mm >= WET_ENOUGH_MM
    comes = rain_probability >= RAIN_LIKELY
    if came or comes:
        return "no_water"
    return "water_now" if alert.is_raised else "water_soon"


def _first(hours: Sequence[datetime], is_so: np.ndarray) -> datetime | None:
    found = np.flatnonzero(is_so)
    return hours[int(found[0])] if len(found) else None
