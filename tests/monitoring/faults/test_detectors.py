"""Each detector on readings with one fault put in, and on readings without any."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fault_readings import quiet_month, real_year

from weather_assets.monitoring.faults.found import signals
from weather_assets.monitoring.faults.series import StationHours

PLACE = 700


def changed(station: StationHours, element: str, values: object, until: int | None = None) -> StationHours:
    """The element holds these values from PLACE on."""
    series = station[element].copy()
    series[PLACE:until] = values
    return replace(station, values={**station.values, element: series})


def seen(station: StationHours, *others: StationHours) -> dict[tuple[str, str], list[int]]:
    """Hours at which each fault is seen, by element and fault, as offsets from PLACE."""
    found: dict[tuple[str, str], list[int]] = {}
    for signal in signals(station, [station, *others]):
        places = (np.flatnonzero(signal.seen) - PLACE).tolist()
        if places:
            found.setdefault((signal.element, str(signal.fault)), []).extend(places)
    return found


def test_a_quiet_month_has_no_fault() -> None:
    assert seen(quiet_month()) == {}


@pytest.mark.parametrize("year", [2012, 2013])
def test_a_real_year_has_only_gaps(shared_data: Path, year: int) -> None:
    assert {fault for _, fault in seen(real_year(shared_data, year))} <= {"gap"}


def test_a_held_temperature_is_stuck_after_nine_hours() -> None:
    found = seen(changed(quiet_month(), "air_temperature_c", 31.7, PLACE + 20))
    assert found["air_temperature_c", "stuck"] == list(range(8, 20))


@pytest.mark.parametrize(("value", "hours"), [(0.0, 24), (3.4, 8)])
def test_calm_may_last_longer_than_wind_of_one_speed(value: float, hours: int) -> None:
    found = seen(changed(quiet_month(), "wind_speed_ms", value, PLACE + 30))
    assert found["wind_speed_ms", "stuck"][0] == hours - 1


def test_a_missing_hour_ends_a_run_of_equal_values() -> None:
    station = changed(quiet_month(), "air_temperature_c", 31.7, PLACE + 14)
    station["air_temperature_c"][PLACE + 7] = np.nan
    assert ("air_temperature_c", "stuck") not in seen(station)


def test_silence_is_a_gap_from_the_third_hour_on() -> None:
    found = seen(changed(quiet_month(), "relative_humidity_pct", np.nan, PLACE + 5))
    assert found == {("relative_humidity_pct", "gap"): [2, 3, 4]}


def test_an_element_that_was_never_measured_is_no_gap() -> None:
    station = quiet_month()
    station["ground_temperature_c"][:] = np.nan
    assert seen(station) == {}


@pytest.mark.parametrize(("factor", "offset"), [(1.8, 32.0), (1.0, 273.15)])
def test_another_unit_of_temperature_is_seen_in_its_first_hour_and_until_its_last(factor: float, offset: float) -> None:
    station = quiet_month()
    values = station["air_temperature_c"][PLACE : PLACE + 30] * factor + offset
    found = seen(changed(station, "air_temperature_c", values, PLACE + 30))
    assert sorted(set(found["air_temperature_c", "unit"])) == list(range(30))
    assert ("air_temperature_c", "bias") not in found


def test_a_winter_temperature_in_fahrenheit_is_seen_although_it_is_possible_in_celsius() -> None:
    station = quiet_month()
    cold = station["air_temperature_c"] - 28.0
    station = replace(station, values={**station.values, "air_temperature_c": cold})
    found = seen(changed(station, "air_temperature_c", cold[PLACE : PLACE + 3] * 1.8 + 32, PLACE + 3))
    assert found["air_temperature_c", "unit"] == [0, 1, 2]


@pytest.mark.parametrize("factor", [100.0, 0.1, 0.750062])
def test_another_unit_of_pressure_is_seen_in_its_first_hour(factor: float) -> None:
    station = quiet_month()
    values = station["station_pressure_hpa"][PLACE:] * factor
    assert seen(changed(station, "station_pressure_hpa", values))["station_pressure_hpa", "unit"][0] == 0


def test_after_a_long_silence_nothing_is_known_of_the_unit() -> None:
    station = changed(quiet_month(), "air_temperature_c", np.nan, PLACE + 20)
    station["air_temperature_c"][PLACE + 20 :] += 20.0
    assert ("air_temperature_c", "unit") not in seen(station)


def test_zero_humidity_is_a_code_in_its_first_hour() -> None:
    found = seen(changed(quiet_month(), "relative_humidity_pct", 0.0, PLACE + 2))
    assert found == {("relative_humidity_pct", "zero_coded"): [0, 1]}


def test_a_temperature_of_zero_is_a_code_only_where_the_humidity_says_otherwise() -> None:
    station = quiet_month()
    found = seen(changed(station, "air_temperature_c", 0.0, PLACE + 2))
    assert found["air_temperature_c", "zero_coded"] == [0, 1]
    frost = changed(station, "air_temperature_c", 0.0, PLACE + 2)
    for element, value in (("relative_humidity_pct", 100.0), ("dew_point_c", 0.0), ("vapor_pressure_hpa", 6.1)):
        frost = changed(frost, element, value, PLACE + 2)
    assert ("air_temperature_c", "zero_coded") not in seen(frost)


@pytest.mark.parametrize(
    ("element", "offset"), [("air_temperature_c", 1.5), ("air_temperature_c", -1.5), ("dew_point_c", 4.0)]
)
def test_a_column_that_contradicts_the_others_is_biased_within_six_hours(element: str, offset: float) -> None:
    station = quiet_month()
    found = seen(changed(station, element, station[element][PLACE:] + offset))
    assert found[element, "bias"][0] <= 5
    assert found[element, "bias"][-1] == len(station.hours) - 1 - PLACE


def test_a_constant_error_of_humidity_is_told_of_the_humidity() -> None:
    station = quiet_month()
    found = seen(changed(station, "relative_humidity_pct", station["relative_humidity_pct"][PLACE:] + 12.0))
    told_of_humidity = len(found["relative_humidity_pct", "bias"])
    assert told_of_humidity > 3 * len(found.get(("air_temperature_c", "bias"), []))


def test_a_sensor_that_leaves_its_neighbours_is_biased_within_a_week() -> None:
    # Suwon, Incheon and Ganghwa lie within 80 km of Seoul. The error is in dew point and vapour pressure too.
    station, neighbours = quiet_month(seed=1), [quiet_month(seed=n, station_id=n) for n in (119, 112, 201)]
    for element in ("air_temperature_c", "dew_point_c"):
        station = changed(station, element, station[element][PLACE:] + 1.5)
    vapor = 6.1094 * np.exp(17.625 * station["dew_point_c"] / (station["dew_point_c"] + 243.04))
    station = replace(station, values={**station.values, "vapor_pressure_hpa": vapor.round(1)})
    assert 72 <= seen(station, *neighbours)["air_temperature_c", "bias"][0] <= 168
    assert ("air_temperature_c", "bias") not in seen(neighbours[0], station, *neighbours[1:])
    assert ("air_temperature_c", "bias") not in seen(station, *neighbours[:2])  # two are not enough


@pytest.mark.parametrize("shift_h", [-1, 1])
def test_a_clock_an_hour_off_is_seen_within_three_days(shared_data: Path, shift_h: int) -> None:
    year = real_year(shared_data, 2015)
    first = 120 * 24
    window = slice(first, first + PLACE + 72)
    values = {name: series[window].copy() for name, series in year.values.items()}
    for name, series in values.items():
        series[PLACE:] = year[name][first + PLACE - shift_h : first + PLACE + 72 - shift_h]
    shifted = StationHours(108, year.first_hour + first, values)
    found = seen(shifted)
    assert found.keys() == {("solar_radiation_mj_m2", "clock")}
    assert 0 <= found["solar_radiation_mj_m2", "clock"][0] <= 71


def test_a_station_without_a_known_place_has_no_clock_to_judge() -> None:
    station = replace(quiet_month(), station_id=99999)
    station["solar_radiation_mj_m2"][:] = 1.0
    assert seen(station) == {}
