"""Neighbours and the network on a real week of 95 stations; what they find is reckoned a second time with numpy."""

import random
from math import acos, cos, radians, sin

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from quality.conftest import run_clean

from weather_assets.quality.hourly import COMPARED, hours_sql
from weather_assets.quality.neighbours import distance_km, neighbour_failures_sql, neighbours_of
from weather_assets.quality.network import network_failures_sql
from weather_assets.quality.rules import RULES
from weather_assets.stations import STATIONS, Station

TEMPERATURE = "air_temperature_c"
Hours = set[tuple[int, pd.Timestamp]]


def connected(raw: pa.Table) -> duckdb.DuckDBPyConnection:
    """A connection with the table `around`, the hours of all stations."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Seoul'")
    connection.register("raw", raw)
    connection.execute(f"CREATE TABLE around AS {hours_sql('raw', COMPARED)}")
    return connection


def with_error(
    raw: pa.Table, shift_c: float, share: float = 0.002, seed: int = 5
) -> tuple[pa.Table, set[tuple[int, pd.Timestamp]]]:
    """The week with some temperatures shifted, and which."""
    frame = raw.to_pandas()
    generator = random.Random(seed)  # noqa: S311  # a seeded test, nothing secret
    chosen = [row for row in frame.index if generator.random() < share and frame.at[row, "ta"]]
    frame.loc[chosen, "ta"] = [f"{float(text) + shift_c:.1f}" for text in frame.loc[chosen, "ta"]]
    keys = {(frame.at[row, "station_id"], frame.at[row, "observed_at"]) for row in chosen}
    return pa.Table.from_pandas(frame, schema=raw.schema, preserve_index=False), keys


def oracle(raw: pa.Table) -> Hours:
    """Stations and hours more than 12 degrees and 3 median deviations from their neighbours, by numpy."""
    frame = raw.to_pandas().assign(ta=lambda f: pd.to_numeric(f["ta"]))
    wide = frame.pivot(index="observed_at", columns="station_id", values="ta")
    found = set()
    for station in wide:
        here = STATIONS[station]
        near = sorted(
            (by_cosines(here, other), other.station_id)
            for other in STATIONS.values()
            if other is not here and abs(other.elevation_m - here.elevation_m) <= 250 and by_cosines(here, other) <= 100
        )[:6]
        beside = [STATIONS[other] for _, other in near if other in wide]
        columns = [wide[one.station_id] - 0.0065 * (here.elevation_m - one.elevation_m) for one in beside]
        if columns:
            around = np.stack(columns, axis=1)
            middle = np.nanmedian(around, axis=1)
            spread = np.nanmedian(np.abs(around - middle[:, None]), axis=1)
            enough = (~np.isnan(around)).sum(axis=1) >= 3
            wrong = enough & (np.abs(wide[station].to_numpy() - middle) > 12 + 3 * spread)
            found |= {(station, hour) for hour in wide.index[wrong]}
    return found


def by_cosines(one: Station, other: Station) -> float:
    """Great-circle distance in km by the spherical law of cosines."""
    lat, other_lat = radians(one.latitude_deg), radians(other.latitude_deg)
    east = radians(one.longitude_deg - other.longitude_deg)
    return 6371 * acos(min(1, sin(lat) * sin(other_lat) + cos(lat) * cos(other_lat) * cos(east)))


def test_distances_are_those_of_another_formula() -> None:
    for other in (112, 159, 184, 90):
        assert distance_km(STATIONS[108], STATIONS[other]) == pytest.approx(by_cosines(STATIONS[108], STATIONS[other]))
    assert distance_km(STATIONS[108], Station(1, "", "", None, None, None)) == float("inf")


def test_an_island_has_no_neighbours_and_a_mountain_none_in_the_valleys() -> None:
    assert neighbours_of(STATIONS[115]) == []
    assert {one.station_id for one in neighbours_of(STATIONS[100])} <= {216}
    assert {one.station_id for one in neighbours_of(STATIONS[108])} >= {99, 112, 119}


@pytest.mark.slow
def test_shifted_temperatures_are_found_as_numpy_finds_them(week_raw: pa.Table) -> None:
    raw, shifted = with_error(week_raw, 16.0)
    failures = neighbour_failures_sql(TEMPERATURE, 12, "around", "around")
    rows = connected(raw).execute(f"SELECT station_id, observed_at FROM ({failures})").fetchall()
    found = {(station, pd.Timestamp(hour)) for station, hour in rows}
    assert found == oracle(raw)
    assert len(found & shifted) > 0.7 * len(shifted) > 10
    assert found <= shifted


@pytest.mark.slow
@pytest.mark.parametrize("element", [element.name for element in COMPARED])
def test_a_real_week_passes(week_raw: pa.Table, element: str) -> None:
    rules = RULES[element]
    assert rules.neighbour is not None
    for failures in (
        neighbour_failures_sql(element, rules.neighbour, "around", "around"),
        network_failures_sql(element, rules.step, "around", "around"),
    ):
        assert connected(week_raw).execute(failures).fetchall() == []


@pytest.mark.slow
def test_when_all_stations_jump_the_network_tells(week_raw: pa.Table) -> None:
    frame = week_raw.to_pandas()
    at = frame["observed_at"] == pd.Timestamp("2022-08-10 15:00+09:00")
    frame.loc[at, "ta"] = [None if text is None else f"{float(text) - 12:.1f}" for text in frame.loc[at, "ta"]]
    raw = pa.Table.from_pandas(frame, schema=week_raw.schema, preserve_index=False)
    failures = network_failures_sql(TEMPERATURE, RULES[TEMPERATURE].step, "around", "around")
    hours = connected(raw).execute(f"SELECT hour(observed_at), count(*) FROM ({failures}) GROUP BY 1").fetchall()
    # The return in the hour after is supported by the hours before.
    assert hours == [(15, pytest.approx(at.sum(), abs=6))]


@pytest.mark.slow
def test_rows_of_other_stations_and_their_order_change_no_test_of_one_station(week_raw: pa.Table) -> None:
    some = week_raw.filter(pa.array(np.isin(week_raw["station_id"].to_numpy(), (108, 112, 155))))
    shuffled = some.take(np.random.default_rng(3).permutation(some.num_rows))
    query = "FROM clean WHERE station_id = 108 ORDER BY observed_at"
    alone = some.filter(pa.array(some["station_id"].to_numpy() == 108))
    assert run_clean(shuffled).execute(query).fetchall() == run_clean(alone).execute(query).fetchall()
