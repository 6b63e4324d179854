"""Heat and cold advisories by KMA's criteria."""

from datetime import date, timedelta

import pandas as pd
import pytest

from weather_assets.outlook.advisories import advisories

NAN = float("nan")
JULY, JANUARY, MAY = date(2024, 7, 1), date(2024, 1, 10), date(2024, 5, 1)


def days(first: date, felt: list[float], lowest: list[float], normal: float = NAN, station: int = 108) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "station_id": station,
            "day": [first + n * timedelta(days=1) for n in range(len(felt))],
            "max_feels_like_c": felt,
            "min_temperature_c": lowest,
            "normal_min_c": normal,
        }
    )


@pytest.mark.parametrize(
    ("felt", "expected"),
    [
        ([32.9, 32.9, 32.9], ["", "", ""]),
        ([33.0, 30.0, 33.0], ["", "", ""]),
        ([33.0, 33.5, 30.0], ["heat_advisory", "heat_advisory", ""]),
        ([35.0, 33.0, 30.0], ["heat_advisory", "heat_advisory", ""]),
        ([35.0, 36.0, 33.0], ["heat_warning", "heat_warning", "heat_advisory"]),
    ],
)
def test_heat_lasts_two_days(felt: list[float], expected: list[str]) -> None:
    assert advisories(days(JULY, felt, [22.0] * 3)).tolist() == expected


@pytest.mark.parametrize(
    ("lowest", "normal", "expected"),
    [
        ([-12.0, -11.0, -12.0], NAN, ["", "", ""]),
        ([-12.0, -13.0, -5.0], NAN, ["cold_advisory", "cold_advisory", ""]),
        ([-15.0, -16.0, -12.0], NAN, ["cold_warning", "cold_warning", "cold_advisory"]),
        ([8.0, -2.0, -2.0], 1.5, ["", "cold_advisory", ""]),  # falls 10 °C, to 3.5 °C below normal
        ([8.0, -2.0, -2.0], 0.0, ["", "", ""]),  # but only 2 °C below normal
        ([14.0, 4.0, 4.0], 9.0, ["", "", ""]),  # falls to more than 3 °C
        ([10.0, -5.0, -5.0], 0.0, ["", "cold_warning", ""]),
    ],
)
def test_cold_lasts_or_falls(lowest: list[float], normal: float, expected: list[str]) -> None:
    assert advisories(days(JANUARY, [5.0] * 3, lowest, normal)).tolist() == expected


def test_cold_has_its_season_and_stations_do_not_mix() -> None:
    assert advisories(days(MAY, [10.0] * 2, [-13.0] * 2)).tolist() == ["", ""]
    one, other = days(JULY, [34.0], [20.0]), days(JULY + timedelta(days=1), [34.0], [20.0], station=159)
    assert advisories(pd.concat([one, other], ignore_index=True)).tolist() == ["", ""]


def test_a_day_that_is_not_there_is_no_neighbour_and_order_is_kept() -> None:
    frame = days(JULY, [34.0, 20.0, 34.0, 34.0], [20.0] * 4).drop(index=1).iloc[::-1]
    assert advisories(frame).to_dict() == {3: "heat_advisory", 2: "heat_advisory", 0: ""}
