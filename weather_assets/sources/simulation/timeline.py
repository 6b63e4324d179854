"""The hours that are simulated, and what the calendar says of each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from weather_assets.clock import HOUR, STAMP_OFFSET_H
from weather_assets.sources.simulation.noise import FloatArray, IntArray

HOURS_PER_DAY = 24
HOURS_PER_WEEK = 168
_HOURS_PER_YEAR = 365.2425 * HOURS_PER_DAY
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_hour_from(instant: datetime) -> int:
    """Whole UTC hours since 1970 of the first full hour at or after an instant."""
    return -((_EPOCH - instant) // HOUR)


@dataclass(frozen=True)
class Timeline:
    """Consecutive hours as UTC hours since 1970, first <= hour < end; arrays have one entry per hour."""

    first: int
    end: int

    @cached_property
    def hours(self) -> IntArray:
        """UTC hours since 1970."""
        return np.arange(self.first, self.end, dtype=np.int64)

    @cached_property
    def kst_hour(self) -> IntArray:
        """Hour of the KST day, 0..23."""
        return (self.hours + STAMP_OFFSET_H) % HOURS_PER_DAY

    @cached_property
    def kst_month(self) -> IntArray:
        """Month of the KST stamp, 1..12."""
        months = (self.hours + STAMP_OFFSET_H).astype("datetime64[h]").astype("datetime64[M]")
        return months.astype(np.int64) % 12 + 1

    @cached_property
    def year_fraction(self) -> FloatArray:
        """Share of the year gone by, 0..1 (within a day)."""
        return (self.hours / _HOURS_PER_YEAR) % 1.0

    def annual_cycle(self, monthly: tuple[float, ...]) -> FloatArray:
        """A smooth year through twelve monthly means: their first three harmonics, mid-month on the mean."""
        coefficients = np.fft.rfft(monthly) / len(monthly)
        angle = 2.0 * np.pi * (self.year_fraction - 0.5 / len(monthly))
        total = np.full(angle.shape, coefficients[0].real)
        for harmonic in (1, 2, 3):
            coefficient = 2.0 * coefficients[harmonic]
            total += coefficient.real * np.cos(harmonic * angle) - coefficient.imag * np.sin(harmonic * angle)
        return total

    @cached_property
    def winter(self) -> FloatArray:
        """1 in mid-January, 0 in mid-July."""
        return 0.5 + 0.5 * np.cos(2.0 * np.pi * (self.year_fraction - 0.04))

    def daily_wave(self, peak_kst_hour: float, per_day: int = 1) -> FloatArray:
        """Cosine of the KST hour, 1 at the peak, `per_day` waves a day."""
        return np.cos(2.0 * np.pi * per_day * (self.kst_hour - peak_kst_hour) / HOURS_PER_DAY)
