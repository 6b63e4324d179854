"""The days and the rain ahead, as the command line tells them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from weather_assets.clock import KST
from weather_assets.commands.ahead import days_table, newest_rows, rain_in_words
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.tables import FORECAST_DAILY

ISSUED = datetime(2021, 3, 1, 5, 10, tzinfo=KST)


def block(hour: int, probability: float) -> dict[str, object]:
    begins = datetime(2021, 3, 1, tzinfo=KST) + timedelta(hours=hour)
    return {"valid_from": begins, "valid_to": begins + timedelta(hours=3), "probability": probability}


def test_the_first_likely_block_is_named() -> None:
    rows = [block(6, 0.2), block(9, 0.6), block(12, 0.9)]
    assert rain_in_words(rows) == "Rain is likely 03-01 09:00 to 12:00 (60%)."


def test_without_a_likely_block_the_likeliest_is_named() -> None:
    rows = [block(6, 0.2), block(21, 0.3), block(24, 0.1)]
    assert rain_in_words(rows) == "Rain in the next 48 h: most likely 03-01 21:00 to 00:00 (30%)."


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with open_lake(Settings(_env_file=None, home=tmp_path), simulated=True) as lake:
        yield lake


def forecast(lake: Lake, issued: datetime, p50: float, role: str = "champion", kind: str = "live") -> None:
    values = dict.fromkeys(FORECAST_DAILY.column_names, "NULL") | {
        "target": "'max_temperature_c'",
        "station_id": "108",
        "issued_at": f"TIMESTAMPTZ '{issued}'",
        "valid_on": f"DATE '{issued.date() + timedelta(days=1)}'",
        "lead_days": "1",
        **{name: str(p50 + place) for place, name in enumerate(("p10", "p25", "p50", "p75", "p90"), start=-2)},
        "role": f"'{role}'",
        "kind": f"'{kind}'",
    }
    lake.append(FORECAST_DAILY, "SELECT " + ", ".join(f"{value} AS {name}" for name, value in values.items()))


def test_the_champions_newest_live_forecast_is_shown(lake: Lake) -> None:
    forecast(lake, ISSUED, 11.0)
    forecast(lake, ISSUED, 12.0, kind="replay")
    forecast(lake, ISSUED, 13.0, role="challenger")
    forecast(lake, ISSUED - timedelta(days=1), 14.0)
    (row,) = newest_rows(lake, "daily", 108, None)
    assert (row["p50"], row["valid_on"], row["lead_days"]) == (11.0, date(2021, 3, 2), 1)
    (earlier,) = newest_rows(lake, "daily", 108, ISSUED - timedelta(hours=1))
    assert earlier["p50"] == 14.0
    assert newest_rows(lake, "daily", 129, None) == []


def test_a_day_is_a_line_of_the_table(lake: Lake) -> None:
    forecast(lake, ISSUED, 11.0)
    out = Console(file=StringIO(), width=120)
    out.print(days_table(newest_rows(lake, "daily", 108, None)))
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert "issued 03-01 05:10" in text
    assert "03-02" in text
    assert "11.0  [9.0 .. 13.0]" in text
