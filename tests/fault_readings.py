"""Readings of an imaginary month, and real ones, on the axis that the detectors of sensor faults work on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from weather_assets.elements import BY_NAME
from weather_assets.forecasting.hours import hours_of
from weather_assets.monitoring.faults.found import ELEMENTS, HISTORY_ELEMENTS
from weather_assets.monitoring.faults.series import StationHours

FIRST_HOUR = int(pd.Timestamp("2021-05-31 15:00", tz="UTC").timestamp()) // 3600  # 1 June 00:00 KST


def quiet_month(days: int = 40, seed: int = 1, station_id: int = 108) -> StationHours:
    """Hours without a fault: temperature and humidity wander, dew point and vapour pressure follow from them."""
    random = np.random.default_rng(seed)
    hours = np.arange(days * 24)
    temperature = 20 + 5 * np.sin(2 * np.pi * (hours % 24 - 9) / 24) + random.normal(0, 0.4, len(hours))
    humidity = np.clip(60 - 3 * (temperature - 20) + random.normal(0, 2, len(hours)), 5, 100).round()
    temperature = temperature.round(1)
    vapor = humidity / 100 * 6.1094 * np.exp(17.625 * temperature / (temperature + 243.04))
    logarithm = np.log(vapor / 6.1094)
    pressure = 1000 + np.cumsum(random.normal(0, 0.3, len(hours)))
    values = {
        "air_temperature_c": temperature,
        "relative_humidity_pct": humidity,
        "dew_point_c": (243.04 * logarithm / (17.625 - logarithm)).round(1),
        "vapor_pressure_hpa": vapor.round(1),
        "station_pressure_hpa": pressure.round(1),
        "sea_level_pressure_hpa": (pressure + 10).round(1),
        "wind_speed_ms": np.abs(random.normal(2, 1, len(hours))).round(1),
        "ground_temperature_c": (temperature + random.normal(0, 1, len(hours))).round(1),
        "solar_radiation_mj_m2": np.full(len(hours), np.nan),
    }
    return StationHours(station_id, FIRST_HOUR, {name: values[name] for name in ELEMENTS})


def two_years(seed: int = 1, station_id: int = 108, days: int = 800) -> StationHours:
    """Hours up to the end of a KST day in June whose ground, soil and humidity follow the air, each with an error."""
    random = np.random.default_rng(seed)
    number = days * 24
    first_hour = FIRST_HOUR + 30 * 24 - number
    hours = first_hour + 9 + np.arange(number)
    season, day = 2 * np.pi * hours / (24 * 365.2425), 2 * np.pi * (hours % 24 - 9) / 24
    sun = np.maximum(np.sin(day + np.pi / 6), 0.0)
    weather = np.random.default_rng(0).normal(0, 3, days + 2)  # the same at all stations
    temperature = (
        12 - 12 * np.cos(season) + 4 * np.sin(day) + np.interp(np.arange(number) / 24, range(days + 2), weather)
    )
    smooth = np.convolve(np.pad(temperature, (48, 0), mode="edge"), np.ones(49) / 49, mode="valid")
    pressure = 1010 + np.cumsum(random.normal(0, 0.1, number))
    values = {name: np.full(number, np.nan) for name in HISTORY_ELEMENTS} | {
        "air_temperature_c": temperature + random.normal(0, 0.2, number),
        "relative_humidity_pct": 60 - 2 * (temperature - smooth) + random.normal(0, 2, number),
        "station_pressure_hpa": pressure,
        "wind_speed_ms": np.abs(random.normal(2, 1, number)),
        "wind_direction_deg": random.uniform(0, 360, number).round(-1),
        "solar_radiation_mj_m2": np.where(sun > 0, 2 * sun, np.nan),
        "ground_temperature_c": temperature + 5 * sun + random.normal(0, 1, number),
        "soil_temperature_10cm_c": smooth + random.normal(0, 0.3, number),
    }
    return StationHours(station_id, first_hour, {name: values[name] for name in HISTORY_ELEMENTS})


def real_years(shared_data: Path, first: int, last: int) -> StationHours:
    """Seoul as the portal delivered it, whole years one after the other."""
    years = [real_year(shared_data, year, HISTORY_ELEMENTS) for year in range(first, last + 1)]
    values = {name: np.full(years[-1].hours[-1] - years[0].first_hour + 1, np.nan) for name in HISTORY_ELEMENTS}
    for year in years:
        for name, axis in values.items():
            axis[year.hours - years[0].first_hour] = year[name]
    return StationHours(108, years[0].first_hour, values)


def real_year(shared_data: Path, year: int, elements: Sequence[str] = ELEMENTS) -> StationHours:
    """Seoul as the portal delivered it."""
    (file,) = (shared_data / "asos_hourly" / "108").glob(f"*{year}*.csv")
    table = pd.read_csv(file, encoding="cp949")
    table = table[table["지점"] == 108].drop_duplicates("일시")
    hours = hours_of(pd.to_datetime(table["일시"]).dt.tz_localize("Asia/Seoul"))
    values = {name: np.full(int(hours[-1] - hours[0]) + 1, np.nan) for name in elements}
    for name, axis in values.items():
        header = next(h for h in table.columns if h.replace(" ", "") == BY_NAME[name].portal_header.replace(" ", ""))
        axis[hours - hours[0]] = table[header]
    return StationHours(108, int(hours[0]), values)
