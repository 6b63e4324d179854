"""The asset of sensor faults in the graph: from readings as received to rows of the days asked for."""

import pytest
from small_world import DAY, HOUR, World, at

STUCK = [at(12, 20) + n * HOUR for n in range(12)]


@pytest.fixture
def stuck_world(world: World) -> World:
    """Temperature stands still from 12 March 20:00 on for 12 hours, at a value that quality control takes out."""
    world.source.changed = {(108, hour): "-80.0" for hour in STUCK}
    world.run_days("load_through_clean", 10, 14)
    return world


def test_a_fault_has_a_row_on_its_days(stuck_world: World) -> None:
    stuck_world.run_days("verify", 12, 14)
    rows = stuck_world.rows("FROM lake.monitor.sensor_faults")
    began, detected, ended = STUCK[0], STUCK[8], STUCK[-1] + HOUR
    assert rows == [
        (108, at(13).date(), "air_temperature_c", "stuck", began, detected, ended, "-80 for 12 hours in a row")
    ]


def test_a_fault_that_is_corrected_is_gone_when_its_day_is_looked_at_again(stuck_world: World) -> None:
    stuck_world.run_days("verify", 12, 14)
    stuck_world.source.changed = {(108, hour): f"{hour.hour}.0" for hour in STUCK}
    stuck_world.now += DAY
    stuck_world.run_days("load_through_clean", 12, 13)
    stuck_world.run_days("verify", 12, 14)
    assert stuck_world.rows("FROM lake.monitor.sensor_faults") == []


def test_the_event_tells_how_many_last(stuck_world: World) -> None:
    run_id = stuck_world.run_days("verify", 13, 13)
    (event,) = [
        entry.get_dagster_event().materialization
        for entry in stuck_world.instance.all_logs(run_id)
        if entry.get_dagster_event().asset_key
        and entry.get_dagster_event().is_step_materialization
        and entry.get_dagster_event().asset_key.path[-1] == "sensor_faults"
    ]
    assert event.metadata["rows"].value == 1
    assert event.metadata["lasting"].value == 0
    assert "| 108 | 2021-03-13 | air_temperature_c | stuck |" in event.metadata["faults"].value
