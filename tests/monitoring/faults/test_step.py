"""A thermometer that steps: found where it stepped and by how much, alone and with a station nearby, never before."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from fault_readings import real_years, two_years

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.monitoring.faults.found import find_faults
from weather_assets.monitoring.faults.humid_air import saturated_at_c, saturation_pressure_hpa
from weather_assets.monitoring.faults.series import NONE, StationHours
from weather_assets.monitoring.faults.signal import Signal
from weather_assets.monitoring.faults.step import JUDGED_AFTER_DAYS, REMEMBERED_DAYS, stepped

BEFORE_END_H = 20 * 24 - 13
"""The step comes at 13:00 KST, twenty days before the readings end."""
JUDGED_H = 30 * 24


def with_step(station: StationHours, size_c: float, place: int) -> StationHours:
    """The thermometer is off from a place on, and dew point and vapour pressure with it."""
    temperature = station["air_temperature_c"].copy()
    temperature[place:] += size_c
    vapor = saturation_pressure_hpa(temperature) * station["relative_humidity_pct"] / 100
    off = {"air_temperature_c": temperature, "vapor_pressure_hpa": vapor, "dew_point_c": saturated_at_c(vapor)}
    return replace(station, values={**station.values, **off})


def until(station: StationHours, end: int) -> StationHours:
    """What was known of a station before a place."""
    return replace(station, values={name: series[:end] for name, series in station.values.items()})


def signal_of(station: StationHours, *others: StationHours, hours: int = JUDGED_H) -> Signal:
    """The word on the last `hours` hours of a station."""
    (signal,) = stepped(station, [station, *others], int(station.hours[-1]) + 1 - hours)
    return signal


@pytest.mark.parametrize("size_c", [1.5, -1.5, 2.5])
def test_a_step_is_told_of_once_six_days_bear_it_out_and_for_a_week(size_c: float) -> None:
    station = two_years()
    place = len(station.hours) - BEFORE_END_H
    signal = signal_of(with_step(station, size_c, place))
    told = np.flatnonzero(signal.seen)
    assert signal.began[told[0]] == place
    # From the end of the sixth full day (13:00 + 6 days, told at 23:00) to that of the last within REMEMBERED_DAYS.
    first = place + 24 * JUDGED_AFTER_DAYS + 10
    assert told[:8].tolist() == list(range(first, place + 24 * REMEMBERED_DAYS, 24))
    assert first - place + 1 <= 168
    size = float(signal.evidence(told[0]).split()[3])
    assert size == pytest.approx(size_c, abs=0.3)
    assert "other instruments of the station imply" in signal.evidence(told[0])


def test_readings_without_a_step_are_not_told_of() -> None:
    assert not signal_of(two_years()).seen.any()
    assert not signal_of(two_years(seed=2), two_years(seed=3, station_id=129)).seen.any()


def test_a_station_nearby_is_named_and_its_own_step_is_not_blamed_on_others() -> None:
    station, nearby = two_years(seed=2), two_years(seed=3, station_id=129)
    place = len(station.hours) - BEFORE_END_H
    signal = signal_of(with_step(station, 1.5, place), nearby)
    assert signal.began.max() == place
    assert "and a station nearby imply" in signal.evidence(int(np.flatnonzero(signal.seen)[0]))
    assert not signal_of(nearby, with_step(station, 1.5, place)).seen.any()


def test_where_the_station_nearby_is_silent_the_own_instruments_judge() -> None:
    station, nearby = two_years(seed=2), two_years(seed=3, station_id=129)
    place = len(station.hours) - BEFORE_END_H
    nearby["air_temperature_c"][place - 48 :] = np.nan
    assert signal_of(with_step(station, 1.5, place), nearby).began.max() == place


def test_a_change_of_the_weather_that_does_not_last_is_no_step() -> None:
    station = two_years()
    place = len(station.hours) - BEFORE_END_H
    warm_spell = with_step(with_step(station, 3.0, place), -3.0, place + 12)
    assert not signal_of(warm_spell).seen.any()


def test_a_slow_drift_is_no_step() -> None:
    station = two_years()
    station["air_temperature_c"][-BEFORE_END_H:] += np.linspace(0, 2, BEFORE_END_H)
    assert not signal_of(station).seen.any()


@pytest.mark.parametrize("element", ["ground_temperature_c", "air_temperature_c"])
def test_nothing_is_said_without_a_thermometer_in_the_air_and_on_the_ground(element: str) -> None:
    station = two_years()
    station[element][:] = np.nan
    assert list(stepped(station, [station], int(station.hours[-1]) - JUDGED_H)) == []


def test_nothing_is_said_from_less_than_eleven_months() -> None:
    station = two_years(days=330)
    assert list(stepped(station, [station], int(station.hours[-1]) - JUDGED_H)) == []


def test_what_comes_later_changes_no_earlier_word() -> None:
    station = two_years()
    place = len(station.hours) - BEFORE_END_H
    faulty = with_step(station, 1.5, place)
    end = place + 24 * JUDGED_AFTER_DAYS + 11
    other = with_step(faulty, -9.0, end)
    other["ground_temperature_c"][end:] = 40.0
    other["relative_humidity_pct"][end:] = np.nan
    words = [signal_of(one).began[:end] for one in (faulty, other)]
    np.testing.assert_array_equal(*words)
    assert words[0].max() == place


def test_a_day_judged_by_itself_gives_the_rows_it_gives_among_others() -> None:
    station = two_years(days=860)
    place = len(station.hours) - BEFORE_END_H
    faulty = with_step(station, 1.5, place)
    last = date(1970, 1, 1) + timedelta(days=int(faulty.hours[-1] + STAMP_OFFSET_H) // 24)
    together = find_faults([], last - timedelta(days=19), last, [faulty])
    assert len(together) == REMEMBERED_DAYS - JUDGED_AFTER_DAYS
    assert set(together["element"]) == {"air_temperature_c"}
    assert together["ended_at"].isna().all()
    for day in together["observed_on"].iloc[[0, -1]]:
        end = len(faulty.hours) - (last - day).days * 24
        alone = find_faults([], day, day, [until(faulty, end)])
        expected = together[together["observed_on"] == day]
        assert alone.to_numpy().tolist() == expected.to_numpy().tolist()


def test_a_day_that_is_not_over_is_not_judged() -> None:
    station = two_years()
    faulty = with_step(station, 1.5, len(station.hours) - BEFORE_END_H)
    known = until(faulty, len(faulty.hours) - 1)
    assert signal_of(known, hours=23).began.tolist() == [NONE] * len(known.hours)


@pytest.fixture(scope="module")
def seoul(shared_data: Path) -> StationHours:
    """2010-2012."""
    return real_years(shared_data, 2010, 2012)


def test_real_steps_are_found_within_a_week(seoul: StationHours) -> None:
    """In 2012; of all hours of 2012-2017 92 % of such steps are found."""
    year = np.flatnonzero(seoul.hours >= int(np.datetime64("2012-02-01", "h").astype(np.int64)))
    found = []
    for place in np.random.default_rng(1).choice(year[: -10 * 24], 4, replace=False):
        signal = signal_of(until(with_step(seoul, 2.0, int(place)), int(place) + 168), hours=24)
        found.append(bool((np.abs(signal.began[signal.seen] - place) <= 24).any()))
    assert sum(found) >= 3


def test_of_a_real_spring_nothing_is_told(seoul: StationHours) -> None:
    """Days of March to May 2012."""
    assert not signal_of(until(seoul, len(seoul.hours) - 214 * 24), hours=80 * 24).seen.any()
