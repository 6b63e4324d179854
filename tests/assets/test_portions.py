"""Portions cover what was asked, each hour once and few at a time, and change no bit of what is built."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.features.readings import readings
from weather_assets.assets.builds import FEATURES
from weather_assets.assets.portions import Portion, Portions, at_once, of_hours
from weather_assets.clock import kst_midnight
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

START, END = kst_midnight(date(2015, 5, 3)), kst_midnight(date(2021, 2, 1))
STATIONS = tuple(range(101, 196))
DAY = timedelta(days=1)


def station_days(portions: list[Portion]) -> list[tuple[int, datetime]]:
    return [
        (station, start + number * DAY)
        for stations, start, end in portions
        for station in stations
        for number in range((end - start).days)
    ]


@pytest.mark.parametrize("count", [1, 10, 95])
@pytest.mark.parametrize("cut", [of_hours(50_000), of_hours(900_000), of_hours(300_000, most_years=1), at_once])
def test_each_station_and_day_is_in_one_portion(cut: Portions, count: int) -> None:
    found = station_days(list(cut(STATIONS[:count], START, END)))
    assert len(found) == len(set(found)) == count * (END - START).days


@pytest.mark.parametrize("count", [1, 10, 95])
def test_no_portion_is_larger_than_asked(count: int) -> None:
    sizes = [len(s) * (end - start).days * 24 for s, start, end in of_hours(300_000)(STATIONS[:count], START, END)]
    assert max(sizes) <= 300_000


def test_few_hours_are_one_portion_and_many_end_with_the_year() -> None:
    assert list(of_hours(900_000)((108,), START, END)) == [((108,), START, END)]
    ends = [end for _, _, end in of_hours(900_000)(STATIONS, START, END)]
    assert ends == [*(kst_midnight(date(year, 1, 1)) for year in range(2016, 2022)), END]
    assert len(list(of_hours(300_000, most_years=1)((108,), START, END))) == 7


@pytest.mark.parametrize("most", [1_000, 900_000])
def test_no_station_gives_nothing_to_build(most: int) -> None:
    assert station_days(list(of_hours(most)((), START, END))) == []


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """Clean hours of two stations around a new year, with gaps and wrong values."""
    with open_lake(Settings(_env_file=None, home=tmp_path), simulated=True) as opened:
        clean = readings(60 * 24)
        clean["observed_at"] += kst_midnight(date(2020, 12, 1)) - clean["observed_at"].min()
        opened.connection.register("clean_readings", clean)
        opened.connection.execute("INSERT INTO lake.clean.asos_hourly BY NAME FROM clean_readings")
        yield opened


def built(lake: Lake, cut: Portions) -> dict[tuple[int, datetime], int]:
    start, end = kst_midnight(date(2020, 12, 15)), kst_midnight(date(2021, 1, 25))
    lake.connection.execute("DELETE FROM lake.features.hourly")
    assert replace(FEATURES, portions=cut).run(lake, (108, 129), start, end) > 0
    rows = lake.query("SELECT station_id, issued_at, hash(one) FROM lake.features.hourly AS one").fetchall()
    return {(station, issued_at): bits for station, issued_at, bits in rows}


def weekly(stations: tuple[int, ...], start: datetime, end: datetime) -> Iterator[Portion]:
    """Each station by itself, a week at a time."""
    while start < end:
        for station in stations:
            yield (station,), start, min(end, start + 7 * DAY)
        start += 7 * DAY


def test_features_have_the_same_bits_however_they_are_cut(lake: Lake) -> None:
    whole = built(lake, at_once)
    assert built(lake, of_hours(24)) == whole
    assert built(lake, weekly) == whole
