"""Twelve real years of Seoul: what has to survive, counted straight from the files."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from quality.conftest import run_clean

from weather_assets.elements import ELEMENTS, Element

KST = timezone(timedelta(hours=9))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seoul(seoul_raw: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """The clean table of Seoul."""
    with run_clean(seoul_raw) as connection:
        yield connection


@pytest.fixture(scope="module")
def files(shared_data: Path) -> pd.DataFrame:
    """The rows of the files as text, blank = "", with the KST stamp."""
    folder = shared_data / "asos_hourly" / "108"
    frame = pd.concat([read_text(path) for path in sorted(folder.glob("*.csv"))])
    frame["stamp"] = pd.to_datetime(frame["일시"])
    return frame.drop_duplicates("stamp", keep="last")


def read_text(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    except UnicodeDecodeError:
        return pd.read_csv(path, encoding="cp949", dtype=str, keep_default_na=False)


def test_every_hour_of_the_files_is_there_once(seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame) -> None:
    row = seoul.execute("SELECT count(*), count(DISTINCT observed_at) FROM clean").fetchone()
    assert row == (len(files), len(files)) == (105_191, 105_191)


def test_every_real_minus_nine_survives(seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame) -> None:
    written = files.loc[pd.to_numeric(files["기온(°C)"], errors="coerce") == -9.0, "stamp"]
    kept = seoul.execute(
        "SELECT observed_at AT TIME ZONE 'Asia/Seoul' FROM clean WHERE air_temperature_c = -9.0 ORDER BY 1"
    ).fetchall()
    assert [stamp for (stamp,) in kept] == sorted(written.tolist())
    assert len(kept) == 60


def test_the_missing_hour_stays_missing(seoul: duckdb.DuckDBPyConnection) -> None:
    missing = datetime(2012, 11, 29, 2, tzinfo=KST)
    around = seoul.execute(
        "SELECT observed_at FROM clean WHERE abs(epoch(observed_at) - ?) <= 3600 ORDER BY 1", [missing.timestamp()]
    ).fetchall()
    assert [hour for (hour,) in around] == [missing - timedelta(hours=1), missing + timedelta(hours=1)]


def test_winter_rain_is_a_three_hour_total(seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame) -> None:
    periods = seoul.execute(
        "SELECT DISTINCT month(observed_at), precipitation_period_h FROM clean ORDER BY 1"
    ).fetchall()
    assert periods == [(month, 3 if month in (1, 2, 3, 11, 12) else 1) for month in range(1, 13)]
    wet = seoul.execute(
        "SELECT hour(observed_at) % 3, count(*) FROM clean "
        "WHERE precipitation_period_h = 3 AND precipitation_mm > 0 GROUP BY 1"
    ).fetchall()
    winter = files["stamp"].dt.month.isin([11, 12, 1, 2, 3])
    wet_in_files = (winter & (pd.to_numeric(files["강수량(mm)"], errors="coerce") > 0)).sum()
    assert wet == [(0, wet_in_files)] == [(0, 1004)]


def test_a_dry_hour_is_zero_and_an_unreported_one_is_missing(
    seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame
) -> None:
    total = pd.to_numeric(files["강수량(mm)"], errors="coerce").sum()
    row = seoul.execute("SELECT sum(precipitation_mm) FROM clean").fetchone()
    assert row is not None
    assert row[0] == pytest.approx(total, abs=1e-6)
    months, hours = files["stamp"].dt.month, files["stamp"].dt.hour
    silent = months.isin([11, 12, 1, 2, 3]) & (hours % 3 != 0) & (files["강수량(mm)"] == "")
    flags = dict(seoul.execute("SELECT precipitation_mm_flag, count(*) FROM clean GROUP BY 1").fetchall())
    assert flags == {"ok": len(files) - silent.sum(), "missing": silent.sum()}


# What twelve years hold of wrong readings: a cloud base below zero, a dew point and its vapour pressure that fall from
# 14.8 to -10.5 degrees for an hour, and soil temperatures that jump by degrees for an hour (autumn 2013 above all).
REJECTED = {
    "cloud_base_m": 1,
    "dew_point_c": 1,
    "vapor_pressure_hpa": 1,
    "soil_temperature_20cm_c": 9,
    "soil_temperature_30cm_c": 7,
}


@pytest.mark.parametrize("element", [e for e in ELEMENTS if not e.blank_means_zero], ids=lambda e: e.name)
def test_every_reading_is_kept_but_for_a_known_few(
    seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame, element: Element
) -> None:
    name, header = element.name, element.portal_header
    column = next(column for column in files.columns if column.replace(" ", "") == header.replace(" ", ""))
    written = int(pd.to_numeric(files[column], errors="coerce").notna().sum())
    kept = seoul.execute(f"SELECT count(*) FROM clean WHERE {name}_flag = 'ok' AND {name} IS NOT NULL").fetchone()
    rejected = seoul.execute("SELECT count(*) FROM rejections WHERE element = ?", [name]).fetchone()
    assert (kept, rejected) == ((written - REJECTED.get(name, 0),), (REJECTED.get(name, 0),))


@pytest.mark.parametrize(
    ("hour", "element", "value"),
    [
        ("2018-08-01 16:00", "air_temperature_c", 39.4),
        ("2021-01-08 08:00", "air_temperature_c", -18.5),
        ("2018-01-26 08:00", "air_temperature_c", -17.8),
        ("2013-03-09 15:00", "air_temperature_c", 23.3),
        ("2011-07-27 10:00", "precipitation_mm", 57.5),
        ("2010-09-21 15:00", "precipitation_mm", 71.0),
        ("2012-04-06 13:00", "wind_speed_ms", 11.4),
        ("2012-08-28 23:00", "wind_speed_ms", 11.4),
        ("2017-05-30 17:00", "relative_humidity_pct", 7.0),
        # Black clouds: the day that turned to night.
        ("2013-08-06 12:00", "solar_radiation_mj_m2", 0.0),
        ("2016-08-11 13:00", "ground_temperature_c", 65.1),
    ],
)
def test_a_real_extreme_survives(seoul: duckdb.DuckDBPyConnection, hour: str, element: str, value: float) -> None:
    at = datetime.fromisoformat(f"{hour}+09:00")
    found = seoul.execute(f"SELECT {element}, {element}_flag FROM clean WHERE observed_at = ?", [at]).fetchone()
    assert found == (value, "ok")


def test_false_flags_are_rare(seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame) -> None:
    """At most 0.1 % of the values of any element, all tests together, even were none of the rejected values wrong."""
    counts = dict(seoul.execute("SELECT element, count(*) FROM rejections GROUP BY 1").fetchall())
    assert max(counts.values()) / len(files) < 0.001
