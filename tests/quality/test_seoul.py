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


# The one real reading beyond a limit: a cloud base written as if it were in metres.
BEYOND_LIMITS = {"cloud_base_m": 1}


@pytest.mark.parametrize("element", [e for e in ELEMENTS if not e.blank_means_zero], ids=lambda e: e.name)
def test_no_reading_is_lost(seoul: duckdb.DuckDBPyConnection, files: pd.DataFrame, element: Element) -> None:
    name, header = element.name, element.portal_header
    column = next(column for column in files.columns if column.replace(" ", "") == header.replace(" ", ""))
    written = int(pd.to_numeric(files[column], errors="coerce").notna().sum())
    beyond = BEYOND_LIMITS.get(name, 0)
    row = seoul.execute(
        f"SELECT count({name}), count(*) FILTER ({name}_flag = 'missing'), "
        f"count(*) FILTER ({name}_flag = 'range') FROM clean"
    ).fetchone()
    assert row == (written - beyond, len(files) - written, beyond)
