"""Instants and windows as SQL."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from lakes import READINGS

from weather_assets.clock import kst_midnight
from weather_assets.lake.windows import condition_sql, instant_sql, spans


@pytest.mark.parametrize(
    ("instant", "utc"),
    [
        (kst_midnight(date(2021, 1, 1)), datetime(2020, 12, 31, 15, tzinfo=UTC)),
        (datetime(2021, 1, 1, 0, 0, 0, 123456, tzinfo=UTC), datetime(2021, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)),
        # Seoul's own mean time, 8:27:52 ahead of Greenwich, held until April 1908.
        (kst_midnight(date(1907, 10, 1)), datetime(1907, 9, 30, 15, 32, 8, tzinfo=UTC)),
    ],
)
def test_duckdb_reads_the_same_instant(instant: datetime, utc: datetime) -> None:
    row = duckdb.execute(f"SELECT {instant_sql(instant)}").fetchone()
    assert row is not None
    assert row[0] == utc


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        instant_sql(datetime(2021, 1, 1))  # noqa: DTZ001


def test_a_window_takes_its_start_and_not_its_end() -> None:
    start = datetime(2021, 1, 1, tzinfo=UTC)
    condition = condition_sql(READINGS, [108, 129], start, start + timedelta(hours=2))
    rows = duckdb.execute(
        "SELECT station_id, hour FROM (SELECT unnest([100, 108, 129]) AS station_id), range(-1, 4) AS r(hour), "
        f"LATERAL (SELECT {instant_sql(start)} + hour * INTERVAL 1 HOUR AS observed_at) WHERE {condition} ORDER BY ALL"
    ).fetchall()
    assert rows == [(108, 0), (108, 1), (129, 0), (129, 1)]


def test_spans_cover_without_overlap() -> None:
    start = datetime(2021, 1, 1, tzinfo=UTC)
    day = timedelta(days=1)
    assert list(spans(start, start + 2.5 * day, day)) == [
        (start, start + day),
        (start + day, start + 2 * day),
        (start + 2 * day, start + 2.5 * day),
    ]
    assert list(spans(start, start, day)) == []
