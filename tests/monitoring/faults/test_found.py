"""Rows of stations x days: a fault on each day it is seen, as it was known at the day's end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from fault_readings import FIRST_HOUR, quiet_month

from weather_assets.monitoring.faults.found import COLUMNS, find_faults
from weather_assets.monitoring.faults.series import StationHours, station_hours

PLACE = 34 * 24 + 20
"""5 July, 20:00 KST."""
FAULT_BEGAN = datetime(2021, 5, 31, 15, tzinfo=UTC) + timedelta(hours=PLACE)


@pytest.fixture
def stuck_station() -> StationHours:
    """Pressure stands still from 5 July 20:00 up to 7 July 05:00 KST, both included."""
    station = quiet_month(days=40)
    station["station_pressure_hpa"][PLACE : PLACE + 34] = 991.3
    return station


def test_a_fault_has_a_row_on_each_day_that_it_is_seen(stuck_station: StationHours) -> None:
    rows = find_faults([stuck_station], date(2021, 7, 1), date(2021, 7, 9))
    assert rows["observed_on"].tolist() == [date(2021, 7, 6), date(2021, 7, 7)]
    assert set(rows["began_at"]) == {FAULT_BEGAN}
    assert set(rows["detected_at"]) == {FAULT_BEGAN + timedelta(hours=8)}
    assert rows["ended_at"].isna().tolist() == [True, False]
    assert rows["ended_at"].iloc[1] == FAULT_BEGAN + timedelta(hours=34)
    assert rows["evidence"].tolist() == ["991.3 for 28 hours in a row", "991.3 for 34 hours in a row"]


def test_a_day_by_itself_gives_the_rows_it_gives_among_others(stuck_station: StationHours) -> None:
    together = find_faults([stuck_station], date(2021, 7, 1), date(2021, 7, 9))
    for day in (date(2021, 7, 5), date(2021, 7, 6), date(2021, 7, 7)):
        end = ((day - date(2021, 6, 1)).days + 1) * 24
        known = {name: series[:end] for name, series in stuck_station.values.items()}
        alone = find_faults([replace(stuck_station, values=known)], day, day)
        expected = together[together["observed_on"] == day].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, expected, check_dtype=False)


def test_a_lull_of_less_than_a_day_does_not_make_two_faults(stuck_station: StationHours) -> None:
    stuck_station["station_pressure_hpa"][PLACE + 15] = 990.0
    rows = find_faults([stuck_station], date(2021, 7, 6), date(2021, 7, 7))
    assert set(rows["began_at"]) == {FAULT_BEGAN}


def test_a_long_fault_is_dated_back_thirty_days() -> None:
    station = quiet_month(days=40)
    station["station_pressure_hpa"][24:] = 991.3
    rows = find_faults([station], date(2021, 7, 9), date(2021, 7, 9))
    assert rows["began_at"].tolist() == [datetime(2021, 6, 8, 15, tzinfo=UTC)]


def test_no_readings_give_no_rows() -> None:
    rows = find_faults([], date(2021, 7, 9), date(2021, 7, 9))
    assert rows.empty
    assert list(rows.columns) == list(COLUMNS)


def test_readings_are_put_on_a_complete_axis() -> None:
    times = pd.to_datetime(["2021-06-01 02:00", "2021-06-01 00:00"]).tz_localize("Asia/Seoul")
    readings = pd.DataFrame({"station_id": [108, 108], "observed_at": times, "air_temperature_c": [2.0, 0.0]})
    (station,) = station_hours(readings, ["air_temperature_c"])
    assert station.first_hour == FIRST_HOUR
    np.testing.assert_array_equal(station["air_temperature_c"], [0.0, np.nan, 2.0])
