"""The book of builds against a plain Python model of what was built from what."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weather_assets import clock
from weather_assets.assets.builds import CLEAN, FEATURES, QUALITY, VERIFIED, Build
from weather_assets.assets.upkeep import Rebuild, behind, unfinished_since
from weather_assets.clock import KST, kst_midnight
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.tables import ALL_TABLES

DAY = timedelta(days=1)
FIRST = date(2020, 12, 20)
STATIONS = (108, 159)
LOOKBACK = {"clean.asos_hourly": 3, "monitor.data_quality": 0, "features.hourly": 10, "monitor.verification": 2}
BY_NAME = {"clean": CLEAN, "quality": QUALITY, "features": FEATURES, "verified": VERIFIED}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    home = tmp_path_factory.mktemp("lake")
    location = LakeLocation(catalog=str(home / "catalog.sqlite"), data=str(home / "data"))
    with Lake(location, ALL_TABLES, simulated=False) as opened:
        yield opened


@pytest.fixture(autouse=True)
def empty(lake: Lake) -> None:
    forget_everything(lake)


def forget_everything(lake: Lake) -> None:
    for table in ("raw.asos_hourly", "clean.rejections", "meta.builds", *LOOKBACK):
        lake.query(f"DELETE FROM lake.{table}")


def add_reading(lake: Lake, station: int, day: date, number: int) -> None:
    hour = kst_midnight(day).astimezone(UTC)
    fetched = datetime(2021, 3, 1, tzinfo=UTC) + number * timedelta(seconds=1)
    columns = "station_id, observed_at, ta, source, fetched_at, available_at"
    lake.query(
        f"INSERT INTO lake.raw.asos_hourly ({columns}) VALUES (?, ?, ?, 'kma_csv', ?, ?)",
        [station, hour, str(number), fetched, hour],
    )


def build(lake: Lake, what: Build, first: date, last: date, stations: tuple[int, ...] = STATIONS) -> None:
    what.run(lake, stations, kst_midnight(first), kst_midnight(last + DAY))


Readings = dict[tuple[int, date], frozenset[int]]
"""Numbers of readings by station and day."""


@dataclass
class Model:
    """What the tables were made of, remembered reading by reading."""

    raw: dict[tuple[int, date], set[int]] = field(default_factory=dict)
    made_of: dict[str, Readings] = field(default_factory=lambda: {name: {} for name in LOOKBACK})

    def ingredients(
        self, name: str, station: int, day: date, clean: dict[tuple[int, date], frozenset[int]]
    ) -> frozenset[int]:
        made_of: Mapping[tuple[int, date], Iterable[int]] = self.raw if name == "clean.asos_hourly" else clean
        looked_at = [made_of.get((station, day - n * DAY), ()) for n in range(LOOKBACK[name] + 1)]
        return frozenset[int]().union(*looked_at)

    def build(self, name: str, first: date, last: date, stations: tuple[int, ...]) -> None:
        for station in stations:
            for day in days(first, last):
                read = self.ingredients(name, station, day, self.made_of["clean.asos_hourly"])
                self.made_of[name][station, day] = read

    def behind(self) -> set[tuple[str, date, int]]:
        clean = {key: self.ingredients("clean.asos_hourly", *key, {}) for key in self.made_of["clean.asos_hourly"]}
        return {
            (name, day, station)
            for name, built in self.made_of.items()
            for (station, day), read in built.items()
            if read != self.ingredients(name, station, day, clean)
        }


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def unfolded(rebuilds: list[Rebuild]) -> set[tuple[str, date, int]]:
    return {(r.table, day, station) for r in rebuilds for day in days(r.first, r.last) for station in r.station_ids}


some_days = st.tuples(st.integers(0, 16), st.integers(0, 8)).map(
    lambda pair: (FIRST + pair[0] * DAY, FIRST + (pair[0] + pair[1]) * DAY)
)
some_stations = st.sampled_from([(108,), (159,), STATIONS])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("raw"), some_days, some_stations),
        st.tuples(st.sampled_from(list(BY_NAME)), some_days, some_stations),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_behind_is_what_was_built_of_other_readings(
    lake: Lake, steps: list[tuple[str, tuple[date, date], tuple[int, ...]]]
) -> None:
    forget_everything(lake)
    model, number = Model(), 0
    for what, (first, last), stations in steps:
        if what == "raw":
            number += 1
            for station in stations:
                add_reading(lake, station, first, number)
                model.raw.setdefault((station, first), set()).add(number)
        else:
            build(lake, BY_NAME[what], first, last, stations)
            model.build(BY_NAME[what].name, first, last, stations)
    found = behind(lake, STATIONS)
    assert unfolded(found) == model.behind()
    for one in found:
        start, end = kst_midnight(one.first), kst_midnight(one.last + DAY)
        next(b for b in BY_NAME.values() if b.name == one.table).run(lake, one.station_ids, start, end)
    assert behind(lake, STATIONS) == []


def test_days_in_a_row_are_one_rebuild_and_other_stations_another(lake: Lake) -> None:
    last = FIRST + 9 * DAY
    build(lake, CLEAN, FIRST, last)
    for day, stations in ((0, (108,)), (1, (108,)), (2, STATIONS), (8, (159,))):
        for station in stations:
            add_reading(lake, station, FIRST + day * DAY, 1)
    assert behind(lake, STATIONS) == [
        Rebuild("clean.asos_hourly", FIRST, FIRST + DAY, (108,)),
        Rebuild("clean.asos_hourly", FIRST + 2 * DAY, FIRST + 5 * DAY, (108, 159)),
        Rebuild("clean.asos_hourly", FIRST + 8 * DAY, last, (159,)),
    ]


def test_only_the_days_that_may_have_changed_are_looked_at(lake: Lake) -> None:
    build(lake, CLEAN, FIRST, FIRST + 20 * DAY)
    build(lake, FEATURES, FIRST, FIRST + 20 * DAY)
    for day in (2, 12):
        add_reading(lake, 108, FIRST + day * DAY, 1)
    changed = FIRST + 1 * DAY, FIRST + 3 * DAY
    assert behind(lake, STATIONS, changed) == [
        Rebuild("clean.asos_hourly", FIRST + 2 * DAY, FIRST + 5 * DAY, (108,)),
        Rebuild("features.hourly", FIRST + 2 * DAY, FIRST + 15 * DAY, (108,)),
    ]


def test_without_stations_nothing_is_behind(lake: Lake) -> None:
    assert behind(lake, ()) == []
    assert unfinished_since(lake, (), FIRST, FIRST) == FIRST


def test_building_the_same_again_writes_nothing(lake: Lake) -> None:
    add_reading(lake, 108, FIRST, 1)
    build(lake, CLEAN, FIRST, FIRST)
    before = lake.snapshot()
    build(lake, CLEAN, FIRST, FIRST)
    assert lake.snapshot() == before


def test_a_reading_that_comes_while_a_day_is_built_leaves_it_behind(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_reading(lake, 108, FIRST, 1)
    stage = lake._staged

    def reading_comes_before_the_rows(
        table: TableContract, *arguments: str, is_at_hand: bool
    ) -> AbstractContextManager[int]:
        if table is CLEAN.table:
            add_reading(lake, 108, FIRST, 2)
        return stage(table, *arguments, is_at_hand=is_at_hand)

    with monkeypatch.context() as patch:
        patch.setattr(lake, "_staged", reading_comes_before_the_rows)
        build(lake, CLEAN, FIRST, FIRST)
    assert behind(lake, STATIONS) == [Rebuild("clean.asos_hourly", FIRST, FIRST, (108,))]


def test_a_day_is_finished_when_built_after_its_last_reading_was_out(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = FIRST + 5 * DAY
    for now, expected in (
        (datetime(2020, 12, 24, 23, 12, tzinfo=KST), date(2020, 12, 24)),
        (datetime(2020, 12, 25, 0, 9, tzinfo=KST), date(2020, 12, 24)),
        (datetime(2020, 12, 25, 0, 10, tzinfo=KST), today),
    ):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        build(lake, CLEAN, FIRST, date(2020, 12, 24))
        assert unfinished_since(lake, STATIONS, FIRST, today) == expected
