"""From a station's forecast to the rows of forecast.outlook: which periods lie ahead, and what each is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from weather_assets.clock import KST
from weather_assets.outlook.advisories import advisories
from weather_assets.outlook.air import pm10_grade
from weather_assets.outlook.commute import DUST_LEVELS, PERIODS, Scenarios, comfort_of
from weather_assets.outlook.feels_like import FloatArray, feels_like_c
from weather_assets.outlook.plants import PlantLimits
from weather_assets.outlook.reasons import reasons

AIR = ("air_temperature_c", "relative_humidity_pct")
LEVELS = 19
_Records = list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Frames an outlook is made of; any but `forecast` may be empty.

    forecast: target, station_id, issued_at, valid_at, p50, quantiles (19), climatology; one issue per station.
    readings: station_id, observed_at, air_temperature_c, relative_humidity_pct, wind_speed_ms; of the last days.
    rain: station_id, valid_from, valid_to, probability. dust: station_id, valid_on (date), p10, p25, p50, p75, p90.
    """

    forecast: pd.DataFrame
    readings: pd.DataFrame
    rain: pd.DataFrame
    dust: pd.DataFrame


def outlook_rows(ingredients: Ingredients) -> pd.DataFrame:
    """Rows of forecast.outlook: every morning and evening whose hours are all forecast, one row per station."""
    hours = _hours_ahead(ingredients)
    rows = _periods(hours)
    if rows.empty:
        return rows
    rows["rain_probability"] = _rain(rows, ingredients.rain)
    rows = rows.merge(ingredients.dust, how="left", on=["station_id", "valid_on"])
    days = _days(hours, ingredients.readings)
    rows = rows.merge(days, how="left", left_on=["station_id", "valid_on"], right_on=["station_id", "day"])
    rows["mean_pm10_ugm3"] = rows["p50"]
    rows["pm10_grade"] = [pm10_grade(value) for value in rows["p50"]]
    rows = pd.concat([rows, comfort_of(_scenarios(rows))], axis=1)
    for language in ("ko", "en"):
        rows[f"reason_{language}"] = [reasons(row, language) for row in cast("_Records", rows.to_dict("records"))]
    return rows


def _hours_ahead(ingredients: Ingredients) -> pd.DataFrame:
    """One row per station and hour: <element> (median), <element>_levels (19), wind, normal, with KST day and hour."""
    forecast = ingredients.forecast
    first, second = (forecast[forecast["target"] == name] for name in AIR)
    hours = first[["station_id", "issued_at", "valid_at", "p50", "quantiles", "climatology"]].rename(
        columns={"p50": AIR[0], "quantiles": f"{AIR[0]}_levels"}
    )
    humid = second[["station_id", "valid_at", "p50", "quantiles"]].rename(
        columns={"p50": AIR[1], "quantiles": f"{AIR[1]}_levels"}
    )
    hours = hours.merge(humid, how="left", on=["station_id", "valid_at"])
    local = hours["valid_at"].dt.tz_convert(KST)
    hours["valid_on"], hours["hour"] = local.dt.date, local.dt.hour
    hours = hours.merge(_usual(ingredients.readings), how="left", on=["station_id", "hour"])
    # Where humidity has no champion yet, its usual value stands in, as certain as nothing better is known.
    lacking = hours[AIR[1]].isna()
    hours.loc[lacking, AIR[1]] = hours.loc[lacking, "usual_humidity"]
    return hours


def _usual(readings: pd.DataFrame) -> pd.DataFrame:
    """Mean wind_speed_ms and usual_humidity of the last days by station_id and KST hour."""
    by_hour = readings.assign(hour=readings["observed_at"].dt.tz_convert(KST).dt.hour).groupby(["station_id", "hour"])
    means = by_hour[["wind_speed_ms", AIR[1]]].mean().reset_index()
    return means.rename(columns={AIR[1]: "usual_humidity"})


def _periods(hours: pd.DataFrame) -> pd.DataFrame:
    """One row per station, day and period with all of its hours ahead; <element>_levels hold (hours, 19) each."""
    found = [_period(hours, period, clock_hours) for period, clock_hours in PERIODS.items()]
    return pd.concat(found, ignore_index=True)


def _period(hours: pd.DataFrame, period: str, clock_hours: Sequence[int]) -> pd.DataFrame:
    mine = hours[hours["hour"].isin(clock_hours)].sort_values(["station_id", "valid_at"])
    by_day = mine.groupby(["station_id", "valid_on"])
    mine = mine[by_day["hour"].transform("size") == len(clock_hours)]
    rows = mine.iloc[:: len(clock_hours)][["station_id", "issued_at", "valid_on"]].reset_index(drop=True)
    rows["period"] = period
    rows["begins_at"] = mine["valid_at"].to_numpy()[:: len(clock_hours)]
    rows["ends_at"] = mine["valid_at"].to_numpy()[len(clock_hours) - 1 :: len(clock_hours)]
    rows["wind_speed_ms"] = (
        mine["wind_speed_ms"].to_numpy(dtype=np.float64).reshape(len(rows), len(clock_hours)).mean(axis=1)
    )
    for name in AIR:
        levels = _levels(mine, name).reshape(len(rows), len(clock_hours), LEVELS)
        rows[f"{name}_levels"] = pd.Series(list(levels), dtype=object)
    return rows


def _levels(hours: pd.DataFrame, name: str) -> FloatArray:
    """(rows, 19): the stored quantiles, or the one value there is at every level."""
    pairs = zip(hours[f"{name}_levels"], hours[name], strict=True)
    rows = [levels if isinstance(levels, np.ndarray) else np.full(LEVELS, value) for levels, value in pairs]
    return np.array(rows, dtype=np.float64)


def _rain(rows: pd.DataFrame, rain: pd.DataFrame) -> FloatArray:
    """The highest probability of the 3-hour blocks that overlap each period; NaN where none is forecast."""
    places = rows[["station_id", "begins_at", "ends_at"]].reset_index(names="place")
    pairs = places.merge(rain, on="station_id")
    overlapping = pairs[(pairs["valid_from"] < pairs["ends_at"]) & (pairs["valid_to"] > pairs["begins_at"])]
    chances = overlapping.groupby("place")["probability"].max().reindex(rows.index)
    return chances.to_numpy(dtype=np.float64)


def _scenarios(rows: pd.DataFrame) -> Scenarios:
    temperature, humidity = (np.stack(rows[f"{name}_levels"].tolist()) for name in AIR)
    return Scenarios(
        air_temperature_c=temperature,
        relative_humidity_pct=humidity[:, :, ::-1],
        wind_speed_ms=rows["wind_speed_ms"].to_numpy(dtype=np.float64),
        rain_probability=rows["rain_probability"].to_numpy(dtype=np.float64),
        mean_pm10_ugm3=rows[list(DUST_LEVELS)].to_numpy(dtype=np.float64),
        month=np.array([day.month for day in rows["valid_on"]], dtype=np.float64),
    )


def _days(hours: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """station_id, day, alerts, plant_alert: extremes of what was read and what is forecast, beside the limits."""
    local = readings["observed_at"].dt.tz_convert(KST)
    read = readings.assign(day=local.dt.date, normal_c=np.nan)
    ahead = hours.rename(columns={"valid_on": "day", "climatology": "normal_c"})
    columns = ["station_id", "day", *AIR, "wind_speed_ms", "normal_c"]
    every = pd.concat([frame[columns] for frame in (read, ahead) if not frame.empty], ignore_index=True)
    months = pd.to_datetime(every["day"]).dt.month
    # An unknown wind is taken as calm: the air then feels as it is.
    every["felt"] = feels_like_c(every[AIR[0]], every[AIR[1]], every["wind_speed_ms"].fillna(0.0), months)
    days = every.groupby(["station_id", "day"], as_index=False).agg(
        max_feels_like_c=("felt", "max"),
        min_temperature_c=(AIR[0], "min"),
        normal_min_c=("normal_c", "min"),
        hottest=(AIR[0], "max"),
        driest=(AIR[1], "min"),
    )
    days["alerts"] = advisories(days)
    limits = PlantLimits()
    days["plant_alert"] = (days["hottest"] >= limits.hot_from_c) | (days["driest"] <= limits.dry_up_to_pct)
    return days[["station_id", "day", "alerts", "plant_alert"]]
