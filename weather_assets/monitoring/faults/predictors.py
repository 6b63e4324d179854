"""What the air temperature of an hour, and of a day, is expected from: predictors for the relations of expected.py."""

from collections.abc import Iterator, Sequence

import numpy as np

from weather_assets.forecasting.hours import Floats, day_angle, season_angle
from weather_assets.monitoring.faults.instruments import SOIL, Around, Instruments
from weather_assets.monitoring.faults.series import Places, day_means
from weather_assets.thermodynamics import MAGNUS_C, MAGNUS_SLOPE


def hour_ahead(readings: Instruments, places: Places) -> Floats:
    """Predictors (P, 120) of the temperature at an hour: earlier temperatures, and the other instruments up to then."""
    at, hours = Around(places), readings.station.hours[places]
    day, season = day_angle(hours), season_angle(hours)
    plain = [
        *(at.ago(readings.temperature_c, hours) for hours in (1, 2, 3, 23, 24, 25)),
        *(at.ago(readings.ground_c, hours) for hours in (0, 1, 2, 24)),
        *(at.ago(readings.radiation_mj_m2, hours) for hours in (0, 1, 2)),
        *(at.ago(readings.radiation_mj_m2 * readings.wind, hours) for hours in (0, 1)),
        *(at.ago(readings.station["station_pressure_hpa"], hours) for hours in (0, 1, 2, 3)),
        *(at.ago(readings.wind, hours) for hours in (0, 1)),
        *(at.ago(part, hours) for part in readings.wind_vector_ms for hours in (0, 1)),
    ]
    return np.column_stack(
        [*plain, *_calendar(day, season), *_moist(readings, at), *_products(readings, at, day, season)]
    )


def _calendar(day: Floats, season: Floats) -> Iterator[Floats]:
    """Harmonics of the day, each turning with the season."""
    ones = np.ones_like(day)
    of_day = [ones, *(turn(number * day) for number in (1, 2, 3) for turn in (np.cos, np.sin))]
    for number, of_year in enumerate((ones, np.cos(season), np.sin(season))):
        yield from (of_year * harmonic for harmonic in of_day[number == 0 :])


def _dew_c(readings: Instruments, at: Around) -> Floats:
    """Return (P,) by how many °C air cools while its relative humidity grows by a factor e and no vapour is added."""
    return (at.ago(readings.temperature_c, 1) + MAGNUS_C) ** 2 / (MAGNUS_SLOPE * MAGNUS_C)


def _moist(readings: Instruments, at: Around) -> list[Floats]:
    humidity, dew_c = readings.log_humidity, _dew_c(readings, at)
    change = at.change(humidity)
    return [*(at.ago(humidity, hours) * dew_c for hours in (0, 1, 2)), change, change * at.ago(humidity, 0) * dew_c]


def _products(readings: Instruments, at: Around, day: Floats, season: Floats) -> Iterator[Floats]:
    """What a change means depends on the hour, the season and the wind."""
    warmed = at.change(readings.temperature_c, 1)
    dried = at.change(readings.log_humidity) * _dew_c(readings, at)
    ground = at.change(readings.ground_c)
    over_air = at.ago(readings.ground_c, 0) - at.ago(readings.temperature_c, 1)
    sun, wind = at.ago(readings.radiation_mj_m2, 0), at.ago(readings.wind, 0)
    brightened, yesterday = at.change(readings.radiation_mj_m2), at.change(readings.temperature_c, 24)
    turns = (np.cos(day), np.sin(day), np.cos(2 * day), np.sin(2 * day), np.cos(season), np.sin(season))
    for term in (warmed, yesterday, dried, ground, brightened, over_air, wind, at.ago(readings.wind, 1), sun):
        yield from (term * turn for turn in turns)
    for term in (warmed, dried, ground, over_air):
        yield term * wind
        yield term * np.abs(term)
    yield from (dried * at.ago(readings.log_humidity, 0), dried * sun, warmed * sun, over_air * sun)
    yield from (dried * warmed, np.maximum(dried, 0), np.maximum(warmed, 0), np.minimum(over_air, 0))


def unsteadiness(readings: Instruments, places: Places) -> Floats:
    """Predictors (P, 34) of how far an hour's temperature may be from what is expected: showers, fronts, the hour."""
    at, hours = Around(places), readings.station.hours[places]
    day, season = day_angle(hours), season_angle(hours)
    humidity, pressure = readings.station["relative_humidity_pct"], readings.station["station_pressure_hpa"]
    changing = (humidity, pressure, readings.ground_c, readings.radiation_mj_m2)
    rain = [at.ago(readings.rain, hours) for hours in (-1, 0, 1)]
    east, north = readings.wind_vector_ms
    return np.column_stack(
        [
            *(np.abs(np.nan_to_num(at.change(values, hours))) for values in changing for hours in (-1, 0)),
            *(np.nan_to_num(np.hypot(at.change(east, hours), at.change(north, hours))) for hours in (-1, 0, 1)),
            *(np.nan_to_num(values) for values in rain),
            *((values > 0).astype(np.float64) for values in rain),
            np.abs(at.ago(pressure, 0) - at.ago(pressure, 3)),
            np.abs(at.change(pressure) - at.change(pressure, 1)),
            np.abs(at.change(readings.temperature_c, 1)),
            np.abs(at.change(humidity, 1)),
            at.ago(humidity, 0),
            at.ago(readings.radiation_mj_m2, 0),
            at.ago(readings.wind, 0),
            *(turn(number * day) for number in (1, 2, 3, 4) for turn in (np.cos, np.sin)),
            np.cos(season),
            np.sin(season),
        ]
    )


def day_level(readings: Instruments, nearby_c: Sequence[Floats], places: Places) -> Floats:
    """Predictors (P, F) of the mean temperature of the 24 hours up to each place.

    Means of the same 24 hours and of those a day before, of the ground and soil and of the air at stations nearby
    (N,) each; what they mean for the air turns with the season.
    """
    at, season = Around(places), season_angle(readings.station.hours[places])
    turns = np.cos(season), np.sin(season)
    columns = [turn(number * season) for number in (1, 2, 3) for turn in (np.cos, np.sin)]
    for values in (readings.ground_c, *(readings.station[element] for element in SOIL), *nearby_c):
        mean = day_means(values)
        for term in (at.ago(mean, 0), at.ago(mean, 24)):
            columns += [term, *(term * turn for turn in turns)]
    for values in _of_the_day(readings):
        term = at.ago(day_means(values), 0)
        columns += [term, *(term * turn for turn in turns)]
    return np.column_stack(columns)


def _of_the_day(readings: Instruments) -> list[Floats]:
    """Whatever changes how far the air is from the ground: sun, wind, moisture, snow."""
    ground, sun = readings.ground_c, readings.radiation_mj_m2
    return [
        sun,
        sun * readings.wind,
        readings.station["wind_speed_ms"],
        *readings.wind_vector_ms,
        readings.log_humidity,
        readings.station["station_pressure_hpa"],
        (ground - day_means(ground)) ** 2,
        np.maximum(ground, 0.0),
        np.log1p(np.nan_to_num(readings.station["snow_depth_cm"])),
    ]
