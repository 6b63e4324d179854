"""Elements of one hour that cannot go together."""

from datetime import datetime, timedelta, timezone

import pytest
from quality.conftest import raw_table, run_clean

KST = timezone(timedelta(hours=9))


def found(hours: list[dict[str, str]], station_id: int = 108) -> set[tuple[str, str]]:
    """Element and test of what is rejected in the last of some hours of a winter day."""
    first = datetime(2021, 1, 5, 3, tzinfo=KST)
    rows = [
        {"station_id": station_id, "observed_at": first + timedelta(hours=n), "source": "kma_csv", **texts}
        for n, texts in enumerate(hours)
    ]
    last = rows[-1]["observed_at"]
    cursor = run_clean(raw_table(rows)).execute("SELECT element, test FROM rejections WHERE observed_at = ?", [last])
    return set(cursor.fetchall())


BOTH = {("station_pressure_hpa", "pressures"), ("sea_level_pressure_hpa", "pressures")}


@pytest.mark.parametrize(
    ("station_id", "pa", "ps", "expected"),
    [
        # Readings of 2022-08-08, Seoul and Daegwallyeong (772 m), then swapped.
        (108, "995.1", "1004.8", set()),
        (108, "1004.8", "995.1", BOTH),
        (100, "923.4", "1007.7", set()),
        (100, "1007.7", "923.4", BOTH),
        (100, "1007.7", "1007.7", BOTH),
        (9999, "1004.8", "900.0", set()),
    ],
)
def test_pressures_and_elevation(station_id: int, pa: str, ps: str, expected: set[tuple[str, str]]) -> None:
    assert found([{"pa": pa, "ps": ps, "ta": "-2.0"}], station_id) == expected


def test_the_pressure_that_jumped_is_the_wrong_one() -> None:
    before = {"pa": "1009.0", "ps": "1020.0", "ta": "-2.0"}
    assert found([before, before | {"ps": "1029.5"}]) >= {("sea_level_pressure_hpa", "pressures")}
    assert ("station_pressure_hpa", "pressures") not in found([before, before | {"ps": "1029.5"}])


@pytest.mark.parametrize(
    ("ws", "wd", "is_wrong"),
    [("0.0", "0", False), ("0.0", "230", True), ("0.4", "0", False), ("2.1", "0", True), ("2.1", "360", False)],
)
def test_direction_without_wind(ws: str, wd: str, is_wrong: bool) -> None:
    assert found([{"ws": ws, "wd": wd}]) == ({("wind_direction_deg", "direction")} if is_wrong else set())


@pytest.mark.parametrize(
    ("before", "now", "temperature", "is_wrong"),
    [
        ("1.1", "0.8", "9.5", False),
        ("4.0", "3.9", "19.0", True),
        ("1.0", "2.5", "9.0", True),
        ("1.0", "4.0", "1.3", False),
    ],
)
def test_snow_in_heat(before: str, now: str, temperature: str, is_wrong: bool) -> None:
    hours = [{"dsnw": before, "ta": temperature}, {"dsnw": now, "ta": temperature}]
    assert found(hours) == ({("snow_depth_cm", "snow in heat")} if is_wrong else set())
