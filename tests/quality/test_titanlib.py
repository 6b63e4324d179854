"""MET Norway's titanlib, which shares no code with ours, on the same readings: range check and buddy check."""

import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import titanlib
from quality.conftest import rejected
from quality.test_neighbours import TEMPERATURE, connected, with_error

from weather_assets.elements import ELEMENTS
from weather_assets.quality.neighbours import neighbour_failures_sql
from weather_assets.stations import STATIONS

LIMIT_C, RADIUS_M, ELEVATION_M = 12.0, 100_000.0, 250.0


@pytest.mark.parametrize("name", ["air_temperature_c", "wind_speed_ms", "station_pressure_hpa"])
def test_the_range_check_agrees(name: str) -> None:
    low, high = next(element.limits for element in ELEMENTS if element.name == name)
    chance = random.Random(4)  # noqa: S311  # a seeded test, nothing secret
    values = [round(chance.uniform(low - 30, high + 30), 1) for _ in range(200)]
    flags = titanlib.range_check(values, [low] * 200, [high] * 200)
    ours = {hour for hour, test, _ in rejected(name, values) if test == "range"}
    assert ours == set(np.flatnonzero(flags))
    assert ours


def buddies(raw: pa.Table) -> set[tuple[int, pd.Timestamp]]:
    """What the buddy check flags, hour by hour, among stations with at least three others near."""
    frame = raw.to_pandas().assign(ta=lambda f: pd.to_numeric(f["ta"])).dropna(subset=["ta"])
    found = set()
    for hour, rows in frame.groupby("observed_at"):
        places = [STATIONS[station] for station in rows["station_id"]]
        points = titanlib.Points(
            [one.latitude_deg for one in places],
            [one.longitude_deg for one in places],
            [one.elevation_m for one in places],
        )
        count = len(rows)
        # At most three standard deviations, taken as 4 degrees at least: our limit of 12 degrees.
        flags = titanlib.buddy_check(
            points, rows["ta"].tolist(), [RADIUS_M] * count, [3] * count, 3, ELEVATION_M, -0.0065, LIMIT_C / 3, 1
        )
        found |= {(station, hour) for station, flag in zip(rows["station_id"], flags, strict=True) if flag}
    return found


@pytest.mark.slow
def test_the_buddy_check_finds_the_same_errors(week_raw: pa.Table) -> None:
    raw, shifted = with_error(week_raw, 20.0)
    query = f"SELECT station_id, observed_at FROM ({neighbour_failures_sql(TEMPERATURE, LIMIT_C, 'around', 'around')})"
    ours = {(station, pd.Timestamp(hour)) for station, hour in connected(raw).execute(query).fetchall()}
    theirs = buddies(raw)
    assert ours <= shifted
    assert theirs <= shifted
    # Stations on islands and mountains aside, which have no buddies, both find nearly all.
    assert len(ours & theirs) > 0.95 * len(ours | theirs)
    assert len(ours) > 15
