"""What a station usually has on a day of the year, from the newest years of its series up to the end of training."""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.daily.days import harmonics, year_angle
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Integers
from weather_assets.forecasting.series import ObservedSeries

ORDERS = 3
NEWEST_YEARS = 20
"""Older days are of another climate: Seoul's are more than a degree colder."""

_DAYS_PER_YEAR = 365.2425
_DAYS_TO_KNOW_SEASONS = 330
# Equals some days of readings: keeps a harmonic that a short span cannot tell near zero.
_PENALTY = 10.0


@dataclass(frozen=True)
class DailyClimatology:
    """Least-squares harmonics of the year per station; `coefficients` is (stations, 1 + 2 ORDERS)."""

    station_ids: Integers
    coefficients: Floats

    def at(self, station_ids: Integers, days: Integers) -> Floats:
        """Return the usual value on days (N,) or (N, L) of stations (N,); a station unknown gets the mean station."""
        terms = harmonics(year_angle(days), ORDERS)
        values = np.asarray(terms @ self.coefficients.mean(axis=0))
        for station, coefficients in zip(self.station_ids, self.coefficients, strict=True):
            rows = station_ids == station
            values[rows] = terms[rows] @ coefficients
        return values


def fit_climatology(series: ObservedSeries) -> DailyClimatology:
    """Fit every station of a series in days; without most of a year the season is held at nothing."""
    coefficients = [_fit_station(*series.readings(station)) for station in series.station_ids]
    return DailyClimatology(np.array(series.station_ids, dtype=np.int64), np.stack(coefficients))


def _fit_station(days: Integers, values: Floats) -> Floats:
    recent = days > days[-1] - NEWEST_YEARS * _DAYS_PER_YEAR
    days, values = days[recent], values[recent]
    orders = ORDERS if days[-1] - days[0] >= _DAYS_TO_KNOW_SEASONS else 0
    terms = harmonics(year_angle(days), orders)
    centre = values.mean()
    gram = terms.T @ terms + _PENALTY * np.eye(terms.shape[1])
    coefficients = np.zeros(1 + 2 * ORDERS)
    coefficients[: terms.shape[1]] = np.linalg.solve(gram, terms.T @ (values - centre))
    coefficients[0] += centre
    return coefficients
