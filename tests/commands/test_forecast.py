"""`weather forecast` where the targets' newest issues differ."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from shown_lake import put_forecast, put_rain

from weather_assets.clock import DAY, HOUR, KST
from weather_assets.commands.forecast import show_forecast
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

NEWEST = datetime(2021, 3, 10, 5, tzinfo=KST)


def told(home: Path, lag_hours: int) -> str:
    """What is printed where humidity was issued hours before the temperature, and rain three weeks before."""
    settings = Settings(_env_file=None, home=home)
    with open_lake(settings, simulated=True) as lake:
        put_forecast(lake, 108, NEWEST - lag_hours * HOUR)
        # A value for each hour of validity: that hour of the day.
        lake.connection.execute(
            "UPDATE lake.forecast.hourly SET p50 = hour(timezone('Asia/Seoul', valid_at)) + 0.25; "
            "DELETE FROM lake.forecast.hourly WHERE target = 'air_temperature_c'"
        )
        put_forecast(lake, 108, NEWEST)
        lake.connection.execute(
            "DELETE FROM lake.forecast.hourly WHERE target = 'relative_humidity_pct' "
            f"AND issued_at > TIMESTAMPTZ '{NEWEST}'"
        )
        put_rain(lake, 108, NEWEST - 21 * DAY, 0.9)
    out = StringIO()
    show_forecast(settings, 108, None, as_json=False, console=Console(file=out, width=160))
    return out.getvalue()


def test_each_row_holds_what_is_valid_at_its_hour(tmp_path: Path) -> None:
    text = told(tmp_path, lag_hours=4)
    (row,) = (line for line in text.splitlines() if "03-10 08:00" in line)
    assert "3 h" in row
    assert "11.0  [" in row
    assert "8.2  [" in row
    (last,) = (line for line in text.splitlines() if "03-12 05:00" in line)
    assert last.count("[") == 1


@pytest.mark.parametrize(("lag_hours", "is_told"), [(47, True), (49, False)])
def test_what_was_issued_long_before_the_newest_issue_is_not_ahead(
    tmp_path: Path, lag_hours: int, *, is_told: bool
) -> None:
    text = told(tmp_path, lag_hours)
    assert "issued 2021-03-10 05:10" in text
    assert ("umidity" in text) is is_told
    assert "ain is likely" not in text
