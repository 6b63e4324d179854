"""Counts of missing and rejected hours against a day made by hand."""

from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from quality.conftest import raw_table, run_clean

from weather_assets.monitoring.data_quality import data_quality_sql

SUMMER, WINTER = datetime(2021, 7, 1, 15, tzinfo=UTC), datetime(2021, 1, 1, 15, tzinfo=UTC)


def counts(midnight: datetime, texts: list[dict[str, str] | None]) -> dict[str, tuple[int, int, int]]:
    """Hours, missing and flagged by element; None is an hour that did not come."""
    rows = [
        {"station_id": 108, "observed_at": midnight + timedelta(hours=hour), "source": "kma_csv", **text}
        for hour, text in enumerate(texts)
        if text is not None
    ]
    connection: duckdb.DuckDBPyConnection = run_clean(raw_table(rows))
    table: pa.Table = connection.execute(data_quality_sql("clean", "rejections")).fetch_arrow_table()
    return {row["element"]: (row["hours"], row["missing"], row["flagged"]) for row in table.to_pylist()}


def test_missing_absent_and_rejected_hours_are_told_apart() -> None:
    hours: list[dict[str, str] | None] = [{"ta": f"{20 + n % 7}.5", "hm": "50"} for n in range(20)]
    hours[3] = None
    hours[5] = {"hm": "50"}
    hours[8] = {"ta": "99", "hm": "0"}
    found = counts(SUMMER, hours)
    assert found["air_temperature_c"] == (20, 2, 1)
    assert found["relative_humidity_pct"] == (20, 1, 1)
    assert found["snow_depth_cm"] == (20, 20, 0)
    assert found["precipitation_mm"] == (20, 1, 0)


def test_a_rebuilt_value_counts_as_what_it_replaced() -> None:
    together = {"ta": "3.6", "hm": "76", "td": "-0.2", "pv": "6.0"}
    hours: list[dict[str, str] | None] = [
        together,
        together | {"hm": "0"},
        {k: v for k, v in together.items() if k != "hm"},
    ]
    assert counts(WINTER, hours)["relative_humidity_pct"] == (3, 1, 1)


@pytest.mark.parametrize(("last", "due"), [(0, 1), (2, 1), (3, 2), (23, 8)])
def test_winter_rain_is_due_every_third_hour(last: int, due: int) -> None:
    hours: list[dict[str, str] | None] = [{"ta": "1.0"}] * (last + 1)
    assert counts(WINTER, hours)["precipitation_mm"] == (due, 0, 0)
