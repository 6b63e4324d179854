"""Daily PM10: which hours count, how many are needed, the old cut-offs, and six years of Seoul against pandas."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.clock import HOUR, KST
from weather_assets.quality.pm10 import pm10_daily_sql

MIDNIGHT = datetime(2021, 3, 29, tzinfo=KST)
Hour = tuple[datetime, str | None, str | None]
"""Instant, value and flag as received."""

Day = tuple[float | None, float | None, float | None, int]
"""Mean, highest, lowest, hours."""


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Seoul'")
        yield connection


def daily(duck: duckdb.DuckDBPyConnection, hours: Sequence[Hour], *, legacy_cutoffs: bool = False) -> dict[date, Day]:
    instants, values, flags = zip(*hours, strict=True)
    table = pa.table(
        {
            "station_id": pa.array([108] * len(hours), pa.int32()),
            "observed_at": pa.array([instant.astimezone(UTC) for instant in instants], pa.timestamp("us", "UTC")),
            "pm10": pa.array(values, pa.string()),
            "pm10_qc": pa.array(flags, pa.string()),
        }
    )
    duck.register("newest", table)
    query = pm10_daily_sql("newest", legacy_cutoffs=legacy_cutoffs)
    columns = "observed_on, mean_pm10_ugm3, max_pm10_ugm3, min_pm10_ugm3, hours"
    rows = duck.execute(f"SELECT {columns} FROM ({query})").fetchall()
    found: dict[date, Day] = {row[0]: row[1:] for row in rows}
    assert len(found) == len(rows)
    return found


def day_of(texts: Sequence[str | None], flag: str | None = None) -> list[Hour]:
    return [(MIDNIGHT + place * HOUR, text, flag) for place, text in enumerate(texts)]


@pytest.mark.parametrize(("hours", "counts"), [(24, True), (18, True), (17, False), (1, False), (0, False)])
def test_a_day_counts_from_18_hours_on(duck: duckdb.DuckDBPyConnection, hours: int, counts: bool) -> None:
    texts = [str(10 + place) if place < hours else None for place in range(24)]
    (found,) = daily(duck, day_of(texts)).values()
    assert found == ((10 + (hours - 1) / 2, 9.0 + hours, 10.0, hours) if counts else (None, None, None, hours))


@pytest.mark.parametrize(
    ("text", "flag", "counts"),
    [
        ("0", None, True),
        ("59.0", None, True),
        (".5", None, True),
        ("3000", None, True),
        ("3000.1", None, False),
        ("-1", None, False),
        ("-999", None, False),
        ("-", None, False),
        ("nan", None, False),
        (None, None, False),
        ("59", "0", True),
        ("59", "1", False),
        ("59", "9", False),
        ("59", "장비점검", False),
        ("59", "000000", True),
    ],
)
def test_which_hours_count(duck: duckdb.DuckDBPyConnection, text: str | None, flag: str | None, counts: bool) -> None:
    hours = [*day_of(["20"] * 18), (MIDNIGHT + 18 * HOUR, text, flag)]
    (found,) = daily(duck, hours).values()
    assert found[3] == 18 + counts
    assert found[0] == pytest.approx((18 * 20 + float(text or 0)) / 19 if counts else 20.0)


def test_a_day_is_a_day_in_korea(duck: duckdb.DuckDBPyConnection) -> None:
    stamps = [datetime(2021, 3, 28, 15, tzinfo=UTC) + hour * HOUR for hour in range(-1, 25)]
    found = daily(duck, [(stamp, "7", None) for stamp in stamps])
    assert {day: cells[3] for day, cells in found.items()} == {
        date(2021, 3, 28): 1,
        date(2021, 3, 29): 24,
        date(2021, 3, 30): 1,
    }


@pytest.mark.parametrize(
    ("texts", "off", "on"),
    [
        (["90"] * 24, (90.0, 90.0), (90.0, 90.0)),
        (["91"] * 24, (91.0, 91.0), (None, 91.0)),
        (["10"] * 23 + ["775"], (10 + 765 / 24, 775.0), (10 + 765 / 24, 160.5)),
        (["300"] * 24, (300.0, 300.0), (None, 160.5)),
        (["300"] * 17, (None, None), (None, None)),
    ],
)
def test_the_old_cut_offs_hide_bad_air_only_when_asked(
    duck: duckdb.DuckDBPyConnection,
    texts: list[str],
    off: tuple[float | None, float | None],
    on: tuple[float | None, float | None],
) -> None:
    (plain,), (cut,) = (daily(duck, day_of(texts), legacy_cutoffs=legacy).values() for legacy in (False, True))
    assert plain[:2] == pytest.approx(off)
    assert cut[:2] == pytest.approx(on)
    assert plain[2:] == cut[2:]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.one_of(st.none(), st.integers(-10, 3100).map(str)), min_size=1, max_size=24))
def test_the_mean_lies_between_lowest_and_highest_or_there_is_none(
    duck: duckdb.DuckDBPyConnection, texts: list[str | None]
) -> None:
    (found,) = daily(duck, day_of(texts)).values()
    mean, highest, lowest, hours = found
    good = [int(text) for text in texts if text is not None and 0 <= int(text) <= 3000]
    assert hours == len(good)
    if len(good) < 18:
        assert (mean, highest, lowest) == (None, None, None)
    else:
        assert (mean, highest, lowest) == (pytest.approx(sum(good) / len(good)), max(good), min(good))


def plain_hours(folder: Path) -> pd.Series:
    """PM10 of the files by KST hour, through nothing but pandas; an hour that two files hold counts once."""
    parts: list[pd.DataFrame] = []
    for path in sorted(folder.rglob("*.csv")):
        content = path.read_bytes()
        encoding = "utf-8" if content.startswith("지점".encode()) else "cp949"
        part = pd.read_csv(io.StringIO(content.decode(encoding)))
        parts.append(part.set_axis(["station", "time", "pm10"], axis=1))
    rows = pd.concat(parts).drop_duplicates("time", keep="last")
    return pd.Series(rows["pm10"].to_numpy(), index=pd.to_datetime(rows["time"]))


def test_six_years_of_seoul_agree_with_pandas(duck: duckdb.DuckDBPyConnection, shared_data: Path) -> None:
    hours = plain_hours(shared_data / "pm10_hourly")
    assert len(hours) == 51_416
    instants = [stamp.to_pydatetime().replace(tzinfo=KST) for stamp in hours.index]
    received = [None if pd.isna(value) else str(value) for value in hours]
    found = daily(duck, [(at, text, None) for at, text in zip(instants, received, strict=True)])
    by_day = hours.groupby(hours.index.date)
    assert sorted(found) == sorted(by_day.groups)
    assert {day: cells[3] for day, cells in found.items()} == by_day.count().to_dict()
    enough = by_day.count() >= 18
    assert int(enough.sum()) == 1_999
    for place, expected in enumerate((by_day.mean(), by_day.max(), by_day.min())):
        ours = pd.Series({day: cells[place] for day, cells in found.items()}, dtype=float).sort_index()
        pd.testing.assert_series_equal(ours, expected.where(enough), check_names=False, check_index_type=False)
    # The two worst days of these years were yellow dust, which the old cut-offs would have removed.
    worst = sorted(found, key=lambda day: found[day][0] or 0.0)[-2:]
    assert all((found[day][0] or 0.0) > 200 for day in worst)
    assert found[date(2021, 3, 29)][1] == hours[hours.index.date == date(2021, 3, 29)].max() > 500
    assert max(found) - min(found) == timedelta(days=366 * 2 + 365 * 4 - 1)
