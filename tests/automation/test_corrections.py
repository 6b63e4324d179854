"""The `corrections` sensor, tick by tick, with the runs it asks for executed. Expected days are written by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import dagster as dg
import pytest
from small_world import HOUR, World, at

from weather_assets.assets.builds import Build
from weather_assets.automation import corrections as module
from weather_assets.automation.rebuild import LONGEST_WAIT, unfinished

NINE_DAYS_AGO = at(11, 9)

pytestmark = pytest.mark.slow


def days(first: int, last: int) -> list[str]:
    return [f"{day:02d}" for day in range(first, last + 1)]


def correct(world: World, hour: datetime, station: int = 108) -> None:
    world.source.changed[station, hour] = "18.3"


def complete_yesterday(world: World) -> None:
    requests = world.schedule("complete_yesterday")
    assert isinstance(requests, list)
    for request in requests:
        world.run("load_raw", request)


WATCHED = ("clean/asos_hourly", "monitor/data_quality", "features/hourly", "monitor/verification")
"""One table for each way to depend on readings; the others follow the same rule."""


def rebuilt(world: World) -> dict[str, list[str]]:
    """One tick and the run that it asks for: the days of the watched tables."""
    requests = world.corrections()
    assert isinstance(requests, list), requests
    assert len(requests) == 1
    built = world.built(world.run("rebuild", requests[0]))
    return {table: list(days) for table, days in built.items() if table in WATCHED}


@pytest.fixture
def before_building(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], None]], None]:
    """Do something once, in the middle of a run: just before it builds a table."""
    build = Build.run

    def arrange(table: str, act: Callable[[], None]) -> None:
        todo = [act]

        def run(self: Build, *arguments: Any) -> int:
            if self.name == table and todo:
                todo.pop()()
            return build(self, *arguments)

        monkeypatch.setattr(Build, "run", run)

    return arrange


def test_nothing_was_ever_loaded(world: World) -> None:
    assert "no readings were loaded" in world.corrections()


def test_a_finished_load_of_raw_starts_no_run(world: World) -> None:
    world.run_days("load_raw", 1, 19)
    assert "nothing that was built before" in world.corrections()
    assert "no readings were loaded" in world.corrections()
    assert "every day that was built" in world.schedule("sweep")


def test_a_finished_load_through_features_starts_no_run(world: World) -> None:
    world.build(1, 20)
    assert "nothing that was built before" in world.corrections()


@pytest.mark.parametrize("how", ["corrected", "arrived late"])
def test_a_reading_nine_days_old_rebuilds_the_days_that_depend_on_it(world: World, how: str) -> None:
    if how == "arrived late":
        world.source.lost.add((108, NINE_DAYS_AGO))
    world.build(1, 20)
    world.issue(at(10, 9), at(13, 9))
    world.run_days("verify", 1, 20)
    world.corrections()
    features, forecasts = (world.day_hashes("features.hourly", "issued_at"), world.rows("FROM lake.forecast.hourly"))
    if how == "arrived late":
        world.source.lost.clear()
    else:
        correct(world, NINE_DAYS_AGO)
    complete_yesterday(world)
    assert rebuilt(world) == {
        "clean/asos_hourly": days(11, 14),
        "monitor/data_quality": days(11, 14),
        "features/hourly": days(11, 20),
        "monitor/verification": days(11, 16),
    }
    assert world.rows("FROM lake.forecast.hourly") == forecasts
    now = world.day_hashes("features.hourly", "issued_at")
    assert {day for day, number in now.items() if number != features[day]} == set(range(11, 21))
    assert "no readings were loaded" in world.corrections()
    assert "every day that was built" in world.schedule("sweep")


def test_the_new_value_reaches_the_scores(world: World) -> None:
    world.build(1, 20)
    world.issue(at(10, 9))
    world.run_days("verify", 1, 20)
    correct(world, NINE_DAYS_AGO)
    complete_yesterday(world)
    rebuilt(world)
    scored = world.rows("SELECT observed FROM lake.monitor.verification WHERE lead_hours = 24")
    assert scored == [(18.3,)]


def test_quality_control_looks_back_three_days_features_ten_and_scores_two(world: World) -> None:
    world.build(1, 20)
    correct(world, at(5, 9))
    world.run_days("load_raw", 5, 5)
    assert rebuilt(world) == {
        "clean/asos_hourly": days(5, 8),
        "monitor/data_quality": days(5, 8),
        "features/hourly": days(5, 18),
        "monitor/verification": days(5, 10),
    }


def test_a_day_that_was_never_built_stays_so(world: World) -> None:
    world.build(1, 13)
    world.build(15, 20)
    world.run_days("load_raw", 14, 14)
    world.corrections()
    correct(world, NINE_DAYS_AGO)
    complete_yesterday(world)
    assert rebuilt(world) == {
        "clean/asos_hourly": [*days(11, 13), *days(15, 17)],
        "monitor/data_quality": [*days(11, 13), *days(15, 17)],
        "features/hourly": [*days(11, 13), *days(15, 20)],
        "monitor/verification": [*days(11, 13), *days(15, 19)],
    }


@pytest.mark.settings(stations=(108, 159))
def test_only_the_station_whose_reading_changed_is_built_again(world: World) -> None:
    world.build(1, 20)
    correct(world, NINE_DAYS_AGO, station=159)
    complete_yesterday(world)
    requests = world.corrections()
    assert isinstance(requests, list)
    config = requests[0].run_config["ops"]["rebuild_days"]["config"]["rebuilds"]
    assert {tuple(one["station_ids"]) for one in config} == {(159,)}


def test_a_correction_that_comes_while_the_first_rebuild_runs(
    world: World, before_building: Callable[[str, Callable[[], None]], None]
) -> None:
    world.build(1, 20)
    correct(world, at(11, 9))
    complete_yesterday(world)
    requests = world.corrections()
    assert isinstance(requests, list)
    said: list[object] = []

    def correct_again() -> None:
        correct(world, at(12, 9))
        complete_yesterday(world)
        said.append(world.corrections())

    before_building("features.hourly", correct_again)
    first = world.run("rebuild", requests[0])
    assert said == [f"waits until run {first[:8]} has ended: it may build what is behind"]
    assert world.built(first)["clean/asos_hourly"] == days(11, 14)
    assert rebuilt(world) == {
        "clean/asos_hourly": days(12, 15),
        "monitor/data_quality": days(12, 15),
        "features/hourly": days(12, 20),
        "monitor/verification": days(12, 17),
    }
    assert "every day that was built" in world.schedule("sweep")


def test_nothing_is_lost_while_the_daemon_is_off(world: World) -> None:
    world.build(1, 20)
    for hour in (at(5, 9), at(8, 9)):
        correct(world, hour)
        world.run_days("load_raw", hour.day, hour.day)
    assert rebuilt(world) == {
        "clean/asos_hourly": days(5, 11),
        "monitor/data_quality": days(5, 11),
        "features/hourly": days(5, 20),
        "monitor/verification": days(5, 13),
    }


def test_very_many_events_are_read_over_several_ticks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVENTS_PER_PAGE", 4)
    monkeypatch.setattr(module, "PAGES_PER_TICK", 2)
    world.build(1, 20)
    while "no readings were loaded" not in world.corrections():
        pass
    correct(world, at(1, 9))
    correct(world, at(20, 9))
    world.run_days("load_raw", 1, 20)
    assert rebuilt(world)["clean/asos_hourly"] == days(1, 4)
    assert "2021-03-09 .. 2021-03-16" in world.corrections()
    assert rebuilt(world)["clean/asos_hourly"] == ["20"]


def test_a_load_that_has_not_ended_is_waited_for(
    world: World, before_building: Callable[[str, Callable[[], None]], None]
) -> None:
    world.build(1, 20)
    world.corrections()
    world.now = at(20, 13, 12)
    requests = world.schedule("hourly_cycle")
    assert isinstance(requests, list)
    said: list[object] = []
    before_building("clean.asos_hourly", lambda: said.append(world.corrections()))
    run_id = world.run("hourly_cycle", requests[0])
    assert said == [f"waits until run {run_id[:8]} has ended: it may build what is behind"]
    assert "nothing that was built before" in world.corrections()


def test_a_run_that_was_killed_is_not_waited_for_forever(world: World) -> None:
    job = world.repository.get_job("load_raw")
    world.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    chosen = dg.RunsFilter(job_name="load_raw")
    record = world.instance.get_run_records(chosen)[0]
    world.now = record.create_timestamp + LONGEST_WAIT - HOUR
    assert unfinished(world.instance, chosen) == [record.dagster_run.run_id]
    world.now = record.create_timestamp + LONGEST_WAIT + HOUR
    assert unfinished(world.instance, chosen) == []
