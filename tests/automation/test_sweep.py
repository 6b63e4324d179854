"""The nightly sweep: it finds what is behind, whatever the reason, and nothing else."""

import dagster as dg
import pytest
from small_world import World, at

pytestmark = pytest.mark.slow


def swept(world: World) -> dict[str, list[str]]:
    requests = world.schedule("sweep")
    assert isinstance(requests, list), requests
    assert len(requests) == 1
    built = world.built(world.run("rebuild", requests[0]))
    return {table: list(days) for table, days in built.items() if table != "monitor/verification_rain"}


def test_nothing_was_ever_loaded(world: World) -> None:
    assert "every day that was built" in world.schedule("sweep")


def test_what_no_sensor_saw_is_found_and_nothing_else(world: World) -> None:
    world.build(1, 20)
    world.source.changed[108, at(18, 9)] = "-33.3"
    world.run_days("load_raw", 18, 18)
    assert swept(world) == {
        "clean/asos_hourly": ["18", "19", "20"],
        "monitor/data_quality": ["18", "19", "20"],
        "features/hourly": ["18", "19", "20"],
        "monitor/verification": ["18", "19", "20"],
    }
    assert "every day that was built" in world.schedule("sweep")


def test_a_rebuild_that_broke_off_is_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.build(1, 20)
    world.source.changed[108, at(18, 9)] = "-33.3"
    world.run_days("load_raw", 18, 18)
    requests = world.corrections()
    assert isinstance(requests, list)
    with monkeypatch.context() as patch:
        patch.setattr("weather_assets.assets.builds.readings_sql", lambda *_: "no query")
        assert world.built(world.run("rebuild", requests[0])) == {
            "clean/asos_hourly": ["18", "19", "20"],
            "monitor/data_quality": ["18", "19", "20"],
        }
    assert swept(world) == {
        "features/hourly": ["18", "19", "20"],
        "monitor/verification": ["18", "19", "20"],
    }


def test_days_before_the_first_that_was_built_change_what_looks_back_on_them(world: World) -> None:
    world.build(11, 20)
    world.run_days("load_through_clean", 9, 10)
    assert swept(world) == {
        "clean/asos_hourly": ["11", "12", "13"],
        "monitor/data_quality": ["11", "12", "13"],
        "features/hourly": [f"{day}" for day in range(11, 21)],
        "monitor/verification": [f"{day}" for day in range(11, 16)],
    }


@pytest.mark.settings(stations=(108, 159))
def test_a_station_that_was_taken_out_is_left_as_it_is(world: World) -> None:
    world.build(18, 20)
    with world.store.writer() as lake:
        lake.query("UPDATE lake.meta.builds SET raw_rows = 0 WHERE station_id = 159")
    requests = world.schedule("sweep")
    assert isinstance(requests, list)
    object.__setattr__(world.settings, "stations", (108,))
    assert "every day that was built" in world.schedule("sweep")


def test_it_waits_for_a_rebuild_that_is_under_way(world: World) -> None:
    world.build(18, 20)
    world.source.changed[108, at(18, 9)] = "-33.3"
    world.run_days("load_raw", 18, 18)
    requests = world.corrections()
    assert isinstance(requests, list)
    run = world.instance.create_run_for_job(
        world.repository.get_job("rebuild"), run_config=requests[0].run_config, status=dg.DagsterRunStatus.STARTED
    )
    assert f"rebuild run {run.run_id[:8]} has not ended" in world.schedule("sweep")
