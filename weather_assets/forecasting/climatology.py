"""The harmonic climatology: what a station usually reads at an hour of the day and a day of the year.

It is fitted on the training span of the model that owns it and on nothing else.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weather_assets.forecasting.hours import Floats, Hours, day_angle, season_angle
from weather_assets.forecasting.series import ObservedSeries

ANNUAL_HARMONICS = 4
DIURNAL_HARMONICS = 4
_HOURS_PER_YEAR = 8766
# Less than a year says nothing of the seasons it lacks; less than two take noise for fine detail.
_YEARS_TO_KNOW_SEASONS, _YEARS_TO_KNOW_DETAIL = 0.9, 1.9
# Equals some days of readings: keeps a harmonic that a short span cannot tell near zero.
_PENALTY = 100.0


@dataclass(frozen=True)
class Climatology:
    """Least-squares harmonics per station; `coefficients` is (stations, annual x diurnal terms)."""

    station_ids: NDArray[np.int64]
    coefficients: Floats

    def at(self, station_ids: NDArray[np.int64], hours: Hours) -> Floats:
        """Return the usual value at hours (N,) or (N, L) of stations (N,); a station unknown gets the mean station."""
        mean_station = self.coefficients.mean(axis=0)
        values = np.empty(hours.shape)
        for station in np.unique(station_ids):
            known = np.flatnonzero(self.station_ids == station)
            coefficients = self.coefficients[known[0]] if known.size else mean_station
            rows = station_ids == station
            # Neighbouring issue hours share most valid hours: each hour is worked out once.
            distinct, place = np.unique(hours[rows], return_inverse=True)
            values[rows] = (_terms(distinct) @ coefficients)[place].reshape(hours[rows].shape)
        return values


def fit_climatology(series: ObservedSeries) -> Climatology:
    """Fit every station of the series; harmonics of the year only as far as the span can tell them apart."""
    coefficients = [_fit_station(*series.readings(station)) for station in series.station_ids]
    return Climatology(np.array(series.station_ids, dtype=np.int64), np.stack(coefficients))


def knowing_seasons(series: ObservedSeries) -> ObservedSeries:
    """Return the stations that have been read for a year or so; where there is none, all.

    Beside stations with a climatology of the seasons, the anomalies of one without would be no anomalies.
    """
    known = {
        station: series.axes[station]
        for station in series.station_ids
        if _years(series.readings(station)[0]) >= _YEARS_TO_KNOW_SEASONS
    }
    return ObservedSeries(known) if known else series


def _years(hours: Hours) -> float:
    return float(hours[-1] - hours[0]) / _HOURS_PER_YEAR


def _fit_station(hours: Hours, values: Floats) -> Floats:
    terms = _terms(hours)
    years = _years(hours)
    annual = 0 if years < _YEARS_TO_KNOW_SEASONS else 2 if years < _YEARS_TO_KNOW_DETAIL else ANNUAL_HARMONICS
    used = (1 + 2 * annual) * (1 + 2 * DIURNAL_HARMONICS)
    terms = terms[:, :used]
    centre = values.mean()
    gram = terms.T @ terms + _PENALTY * np.eye(used)
    coefficients = np.zeros((1 + 2 * ANNUAL_HARMONICS) * (1 + 2 * DIURNAL_HARMONICS))
    coefficients[:used] = np.linalg.solve(gram, terms.T @ (values - centre))
    coefficients[0] += centre
    return coefficients


def _terms(hours: Hours) -> Floats:
    """Return (N, terms): products of annual and diurnal harmonics, annual order slowest."""
    annual = _harmonics(season_angle(hours), ANNUAL_HARMONICS)
    diurnal = _harmonics(day_angle(hours), DIURNAL_HARMONICS)
    return (annual[:, :, None] * diurnal[:, None, :]).reshape(len(hours), -1)


def _harmonics(angle: Floats, orders: int) -> Floats:
    waves = [wave(order * angle) for order in range(1, orders + 1) for wave in (np.sin, np.cos)]
    return np.stack([np.ones_like(angle), *waves], axis=1)
