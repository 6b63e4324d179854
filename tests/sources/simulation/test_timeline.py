from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from weather_assets.clock import KST
from weather_assets.sources.simulation.timeline import Timeline, first_hour_from

YEAR = Timeline(350_640, 350_640 + 8_766)


def test_the_calendar_is_that_of_kst() -> None:
    stamps = pd.to_datetime(YEAR.hours, unit="h", utc=True).tz_convert("Asia/Seoul")
    assert (YEAR.kst_month == stamps.month).all()
    assert (YEAR.kst_hour == stamps.hour).all()


def test_first_hour_rounds_up() -> None:
    assert first_hour_from(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert first_hour_from(datetime(1970, 1, 1, 9, 0, 1, tzinfo=KST)) == 1
    assert first_hour_from(datetime(1969, 12, 31, 23, 30, tzinfo=UTC)) == 0


def test_annual_cycle_keeps_the_mean_and_the_extremes() -> None:
    monthly = (-2.4, 0.4, 5.7, 12.5, 17.8, 22.2, 24.9, 25.7, 21.2, 14.8, 7.2, 0.4)
    cycle = YEAR.annual_cycle(monthly)
    assert cycle.mean() == pytest.approx(np.mean(monthly), abs=0.05)
    for month in (1, 4, 7, 10):
        assert cycle[YEAR.kst_month == month].mean() == pytest.approx(monthly[month - 1], abs=0.8)
