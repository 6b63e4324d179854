"""The schedules that fetch, tick by tick, with the runs they ask for executed. Expected days are written by hand."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
from small_world import DAY, HOUR, World, at

from weather_assets.assets import failures
from weather_assets.clock import KST
from weather_assets.sources.failures import Origin, PermanentFailure, QuotaExceeded, TransientFailure

ORIGIN = Origin("data.go.kr", "getWthrDataList", "DATA_GO_KR_KEY", "DATA_GO_KR_URL")
TRANSIENT, PERMANENT = TransientFailure(ORIGIN, "no answer in time"), PermanentFailure(ORIGIN, "key refused", "mend it")


def requested(world: World, schedule: str) -> tuple[str, str]:
    """First and last partition that the tick asks for, in one run."""
    requests = world.schedule(schedule)
    assert isinstance(requests, list), requests
    assert len(requests) == 1
    tags = requests[0].tags
    return tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"]


def cycle(world: World) -> str:
    """One tick of the hourly cycle and its run; returns the run's id."""
    requests = world.schedule("hourly_cycle")
    assert isinstance(requests, list), requests
    return world.run("hourly_cycle", requests[0])


def status(world: World, run_id: str) -> dg.DagsterRunStatus:
    run = world.instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def clean_hours(world: World, day: int) -> list[int]:
    query = "SELECT hour(observed_at) FROM lake.clean.asos_hourly WHERE observed_at::DATE = '2021-03-{:02d}' ORDER BY 1"
    return [hour for (hour,) in world.rows(query.format(day))]


def test_a_first_start_loads_today_only(world: World) -> None:
    assert requested(world, "hourly_cycle") == ("2021-03-20", "2021-03-20")
    assert world.built(cycle(world)) == {
        table: ["20"]
        for table in (
            "raw/asos_hourly",
            "clean/asos_hourly",
            "features/hourly",
            "forecast/hourly",
            "forecast/rain",
            "forecast/outlook",
            "predictions/latest",
            "monitor/data_quality",
            "monitor/verification",
            "monitor/verification_rain",
            "monitor/sensor_faults",
        )
    }


def test_hours_that_were_missed_are_loaded_by_the_next_tick(world: World) -> None:
    world.now = at(20, 3, 12)
    cycle(world)
    assert clean_hours(world, 20) == [0, 1, 2, 3]
    world.now = at(20, 9, 12)
    cycle(world)
    assert clean_hours(world, 20) == list(range(10))


@pytest.mark.slow
def test_days_that_were_missed_are_loaded_by_the_next_tick(world: World) -> None:
    world.now = at(20, 21, 12)
    cycle(world)
    world.now = at(23, 9, 12)
    assert requested(world, "hourly_cycle") == ("2021-03-20", "2021-03-23")
    cycle(world)
    assert [len(clean_hours(world, day)) for day in (20, 21, 22, 23)] == [24, 24, 24, 10]
    world.now = at(23, 10, 12)
    assert requested(world, "hourly_cycle") == ("2021-03-23", "2021-03-23")


def test_yesterday_is_finished_after_midnight_and_then_left_alone(world: World) -> None:
    world.now = at(20, 23, 12)
    cycle(world)
    world.now = at(21, 0, 12)
    assert requested(world, "hourly_cycle") == ("2021-03-20", "2021-03-21")
    cycle(world)
    world.now = at(21, 1, 12)
    assert requested(world, "hourly_cycle") == ("2021-03-21", "2021-03-21")


def test_a_cycle_that_failed_half_way_is_made_up_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.now = at(20, 21, 12)
    cycle(world)
    world.now = at(21, 9, 12)
    with monkeypatch.context() as patch:
        patch.setattr("weather_assets.assets.builds.readings_sql", lambda *_: "no query")
        assert status(world, cycle(world)) == dg.DagsterRunStatus.FAILURE
    world.now = at(21, 10, 12)
    assert requested(world, "hourly_cycle") == ("2021-03-20", "2021-03-21")


def test_a_day_that_was_skipped_is_made_up_for(world: World) -> None:
    world.run_days("load_through_features", 16, 17)
    world.run_days("load_through_features", 19, 19)
    assert requested(world, "hourly_cycle") == ("2021-03-18", "2021-03-20")


def test_a_provider_that_lags_is_asked_for_its_newest_day(world: World) -> None:
    world.source.lost |= {(108, at(20) + n * HOUR) for n in range(24)}
    world.run_days("load_through_features", 19, 19)
    cycle(world)
    assert requested(world, "hourly_cycle") == ("2021-03-19", "2021-03-20")


def test_a_long_pause_is_made_up_for_as_far_back_as_31_days(world: World) -> None:
    world.run_days("load_through_features", 1, 1)
    world.now = at(20, 12, 30) + 30 * DAY
    assert requested(world, "hourly_cycle") == ("2021-03-19", "2021-04-19")


@pytest.mark.settings(start=date(2021, 3, 10))
def test_nothing_is_loaded_before_the_first_day_of_the_settings(world: World) -> None:
    world.run_days("load_through_features", 8, 8)
    assert requested(world, "hourly_cycle") == ("2021-03-10", "2021-03-20")


@pytest.mark.settings(stations=(108, 159))
def test_a_new_station_does_not_have_its_past_loaded_by_the_way(world: World) -> None:
    world.run_days("load_through_features", 15, 19)
    with world.store.writer() as lake:
        lake.query("DELETE FROM lake.meta.builds WHERE station_id = 159")
    assert requested(world, "hourly_cycle") == ("2021-03-19", "2021-03-20")


def test_a_finished_load_of_raw_leaves_the_cycle_at_today(world: World) -> None:
    world.run_days("load_raw", 1, 20)
    assert requested(world, "hourly_cycle") == ("2021-03-20", "2021-03-20")


@pytest.mark.settings(source="csv:readings")
@pytest.mark.parametrize("schedule", ["hourly_cycle", "complete_yesterday", "daily_load", "pm10_load"])
def test_a_folder_of_files_is_not_fetched_from(world: World, schedule: str) -> None:
    assert "weather backfill" in world.schedule(schedule)


@pytest.mark.parametrize(
    ("schedule", "period"),
    [(name, DAY) for name in ("complete_yesterday", "daily_load", "pm10_load", "training_check", "sweep")]
    + [("hourly_cycle", HOUR)],
)
def test_of_several_missed_ticks_the_last_does_the_work(world: World, schedule: str, period: timedelta) -> None:
    assert "was missed and a later one does its work" in world.schedule(schedule, due=world.now - period)
    assert "was missed" not in world.schedule(schedule, due=world.now - period + timedelta(seconds=1))


def test_completion_appends_only_what_changed_and_counts_corrections(world: World) -> None:
    world.source.lost.add((108, at(12, 5)))
    world.run_days("load_raw", 1, 20)
    world.source.lost.clear()
    world.source.changed[108, at(11, 9)] = "-33.3"
    assert requested(world, "complete_yesterday") == ("2021-03-10", "2021-03-19")
    requests = world.schedule("complete_yesterday")
    assert isinstance(requests, list)
    run_id = world.run("load_raw", requests[0])
    (event, *others) = world.instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert len(others) == 9
    metadata = event.get_dagster_event().step_materialization_data.materialization.metadata
    assert (metadata["appended"].value, metadata["corrections"].value) == (2, 1)
    twice = "SELECT observed_at, count(*) FROM lake.raw.asos_hourly GROUP BY 1 HAVING count(*) > 1"
    assert world.rows(twice) == [(at(11, 9), 2)]


def test_daily_values_are_asked_for_the_years_that_are_being_completed(world: World) -> None:
    assert requested(world, "daily_load") == ("2021", "2021")
    world.now = datetime(2021, 1, 31, 4, tzinfo=KST)
    assert requested(world, "daily_load") == ("2020", "2021")
    world.now = datetime(2021, 2, 1, 4, tzinfo=KST)
    assert requested(world, "daily_load") == ("2021", "2021")


def test_the_daily_loads_run(world: World) -> None:
    for schedule, job, question in (
        ("daily_load", "load_daily", "asos_daily"),
        ("pm10_load", "load_pm10", "pm10_hourly"),
    ):
        requests = world.schedule(schedule)
        assert isinstance(requests, list)
        assert status(world, world.run(job, requests[0])) == dg.DagsterRunStatus.SUCCESS
        assert world.source.asked[-1][0] == question
    assert world.source.asked[-1][1] == at(10)


def test_a_permanent_error_is_tried_once_and_again_at_the_next_tick(world: World) -> None:
    world.source.failures = [PERMANENT]
    run_id = cycle(world)
    assert status(world, run_id) == dg.DagsterRunStatus.FAILURE
    assert len(world.source.asked) == 1
    (failed,) = world.instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    reason = failed.get_dagster_event().step_failure_data.user_failure_data
    assert reason is not None
    assert reason.description == "data.go.kr getWthrDataList: key refused; mend it"
    assert status(world, cycle(world)) == dg.DagsterRunStatus.SUCCESS


def test_a_spent_quota_is_respected_until_midnight(world: World) -> None:
    world.source.failures = [QuotaExceeded(ORIGIN, "the calls are used up", "wait", at=world.now)]
    run_id = cycle(world)
    assert len(world.source.asked) == 1
    assert f"run {run_id[:8]} met the end of today's quota" in world.schedule("hourly_cycle")
    assert isinstance(world.schedule("pm10_load"), list)
    world.now = at(21, 0, 12)
    assert isinstance(world.schedule("hourly_cycle"), list)


def test_a_transient_error_is_retried_and_given_up_at_last(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "RETRIES", dg.RetryPolicy(max_retries=2, delay=0))
    world.source.failures = [TRANSIENT, TRANSIENT]
    assert status(world, cycle(world)) == dg.DagsterRunStatus.SUCCESS
    assert len(world.source.asked) == 3
    world.source.failures = [TRANSIENT] * 5
    assert status(world, cycle(world)) == dg.DagsterRunStatus.FAILURE
    assert len(world.source.asked) == 6


def test_waits_grow_from_half_a_minute() -> None:
    bounds = [(0, 60), (60, 120), (180, 240)]
    for attempt, (low, high) in enumerate(bounds, start=1):
        assert low <= failures.RETRIES.calculate_delay(attempt) <= high


def test_times_are_those_of_korea_and_everything_is_on(world: World) -> None:
    crons = {one.name: (one.cron_schedule, one.execution_timezone) for one in world.repository.schedule_defs}
    assert crons == {
        "hourly_cycle": ("12 * * * *", "Asia/Seoul"),
        "training_check": ("0 2 * * *", "Asia/Seoul"),
        "sweep": ("30 3 * * *", "Asia/Seoul"),
        "daily_load": ("0 4 * * *", "Asia/Seoul"),
        "pm10_load": ("5 4 * * *", "Asia/Seoul"),
        "complete_yesterday": ("0 11 * * *", "Asia/Seoul"),
        "daily_forecast": ("20 5-11 * * *", "Asia/Seoul"),
        "drift_report": ("30 5 * * 1", "Asia/Seoul"),
        "monthly_evaluation": ("0 3 1 * *", "Asia/Seoul"),
        "promotion_review": ("30 6 * * *", "Asia/Seoul"),
        "regular_compaction": ("40 4,10,16,22 * * *", "Asia/Seoul"),
        "weekly_maintenance": ("50 4 * * 0", "Asia/Seoul"),
    }
    assert {one.default_status for one in world.repository.schedule_defs} == {dg.DefaultScheduleStatus.RUNNING}
    assert {one.default_status for one in world.repository.sensor_defs} == {dg.DefaultSensorStatus.RUNNING}
    assert "corrections" in {one.name for one in world.repository.sensor_defs}


def test_the_day_of_a_tick_is_that_of_korea(world: World) -> None:
    world.now = datetime(2021, 3, 20, 15, 12, tzinfo=UTC)
    assert requested(world, "hourly_cycle") == ("2021-03-21", "2021-03-21")
