"""Limits from earlier years against sorting by hand: what an empty space keeps apart is no climate."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from quality.conftest import hours_of

from weather_assets.quality.climatological_gap import limits_sql
from weather_assets.quality.hourly import judged_hours_sql, rejections_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY, CLIMATE_LIMITS

YEARS = (2014, 2015, 2016, 2017, 2018)


def limits(by_year: dict[int, Sequence[float]], year: int = 2019) -> dict[tuple[int, str], tuple[float, float]]:
    """Limits by month and element, of temperatures of June hours."""
    rows = [
        (datetime(of_year, 6, 1, tzinfo=UTC) + timedelta(hours=hour), value)
        for of_year, values in by_year.items()
        for hour, value in enumerate(values)
    ]
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Seoul'")
    connection.register("rows", pa.table({"hour": [at for at, _ in rows], "value": [value for _, value in rows]}))
    columns = ", ".join(f"NULL::{column.sql_type} AS {column.name}" for column in CLEAN_ASOS_HOURLY.columns)
    connection.execute(
        f"CREATE TABLE clean AS SELECT * REPLACE (108 AS station_id, hour AS observed_at, value AS air_temperature_c, "
        f"'ok' AS air_temperature_c_flag) FROM (SELECT rows.*, {columns} FROM rows)"
    )
    found = connection.execute(f"SELECT month, element, low, high FROM ({limits_sql('clean', year)})").fetchall()
    return {(month, element): (low, high) for month, element, low, high in found}


def month(low: int, high: int) -> list[float]:
    """700 hours between two temperatures, every tenth of them."""
    return [low + (high - low) * (hour % 100) / 99 for hour in range(700)]


JUNE = {year: month(10, 30) for year in YEARS}


def test_the_edges_are_put_out_by_one_and_a_half_times_the_interquartile_range() -> None:
    # Even values from 10 to 30: quartiles 10 apart.
    assert limits(JUNE)[6, "air_temperature_c"] == pytest.approx((10 - 15, 30 + 15), abs=0.4)


def test_a_value_beyond_a_gap_is_no_edge() -> None:
    apart = JUNE | {2018: [*month(10, 30), 52.0, 52.3, -8.0]}
    assert limits(apart)[6, "air_temperature_c"] == pytest.approx((10 - 15, 30 + 15), abs=0.4)


def test_a_record_within_the_gap_is_an_edge() -> None:
    record = JUNE | {2018: [*month(10, 30), 38.0]}
    assert limits(record)[6, "air_temperature_c"] == pytest.approx((10 - 15, 38 + 15), abs=0.4)


def test_fewer_than_five_years_judge_nothing() -> None:
    assert limits({year: JUNE[year] for year in YEARS[1:]}) == {}


def test_later_years_change_nothing() -> None:
    assert limits(JUNE | {2019: month(-30, 45), 2020: month(-30, 45)}) == limits(JUNE)


def test_only_the_month_and_year_of_the_limits_are_judged() -> None:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Seoul'")
    connection.register("raw", hours_of("air_temperature_c", [20.0, 20.3, 20.2]))
    columns = ", ".join(f"{column.name} {column.sql_type}" for column in CLIMATE_LIMITS.columns)
    connection.execute(f"CREATE TABLE climate ({columns})")
    for year, of_month, high in ((2021, 4, 20.1), (2021, 5, 0.0), (2020, 4, 0.0)):
        connection.execute(
            "INSERT INTO climate VALUES (108, ?, ?, 'air_temperature_c', -10, ?, 5000)",
            [date(year, 1, 1), of_month, high],
        )
    judged = f"({judged_hours_sql('raw', climate='climate')})"
    found = connection.execute(f"SELECT value, test, flag FROM ({rejections_sql(judged)}) ORDER BY 1").fetchall()
    assert found == [(20.2, "climate", "range"), (20.3, "climate", "range")]
