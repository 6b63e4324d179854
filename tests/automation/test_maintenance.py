"""The maintenance job and the pruning of Dagster's books, on a Dagster home with files."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from small_world import World, at

from weather_assets import clock
from weather_assets.automation.instance import open_instance
from weather_assets.automation.pruning import RUNS_KEPT, prune_runs

DAYS = dg.DailyPartitionsDefinition(start_date="2021-03-01")


@dg.asset(partitions_def=DAYS)
def by_day() -> None:
    """Made again and again."""


@dg.asset
def whole() -> None:
    """Without partitions."""


@dg.op
def failing() -> None:
    """Never made anything."""
    raise RuntimeError("as always")


@dg.job
def failing_job() -> None:
    failing()


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with open_instance(tmp_path / "home") as opened:
        yield opened


def make(instance: dg.DagsterInstance, asset: dg.AssetsDefinition, partition: str | None = None) -> str:
    return dg.materialize([asset], instance=instance, partition_key=partition).run_id


def books(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def test_only_what_was_made_again_is_forgotten(instance: dg.DagsterInstance) -> None:
    first, second = make(instance, by_day, "2021-03-01"), make(instance, by_day, "2021-03-01")
    other_day = make(instance, by_day, "2021-03-02")
    whole_before, whole_now = make(instance, whole), make(instance, whole)
    failed = failing_job.execute_in_process(instance=instance, raise_on_error=False).run_id
    done = prune_runs(instance, clock.now() + RUNS_KEPT + timedelta(hours=1))
    assert books(instance) == {second, other_day, whole_now}
    assert done.runs == len({first, whole_before, failed})
    assert instance.get_materialized_partitions(by_day.key) == {"2021-03-01", "2021-03-02"}
    assert instance.get_latest_materialization_event(by_day.key).run_id == other_day
    assert instance.get_latest_materialization_event(whole.key).run_id == whole_now


def test_the_files_of_old_runs_are_gone(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    runs = [make(instance, by_day, "2021-03-01") for _ in range(3)]
    databases = tmp_path / "home" / "dagster" / "history" / "runs"
    assert all((databases / f"{run_id}.db").exists() for run_id in runs)
    prune_runs(instance, clock.now() + RUNS_KEPT + timedelta(hours=1))
    assert [file for run_id in runs[:2] for file in databases.glob(f"{run_id}.db*")] == []
    with sqlite3.connect(databases / "index.db") as index:
        (left,) = index.execute("SELECT count(DISTINCT run_id) FROM event_logs WHERE run_id IS NOT NULL").fetchone()
    assert left == 1
    assert instance.get_materialized_partitions(by_day.key) == {"2021-03-01"}
    assert instance.all_logs(runs[-1]) == []  # read as empty, without an error


def test_young_runs_stay(instance: dg.DagsterInstance) -> None:
    runs = {make(instance, by_day, "2021-03-01") for _ in range(2)}
    assert prune_runs(instance, clock.now() + RUNS_KEPT - timedelta(hours=1)).runs == 0
    assert books(instance) == runs


def test_the_job_tells_sizes_and_leaves_what_is_there(world: World) -> None:
    world.build(18, 20)
    before = world.day_hashes("clean.asos_hourly", "observed_at")
    result = world.repository.get_job("maintenance").execute_in_process(
        instance=world.instance, run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    )
    told = {
        name: value.value
        for entry in world.instance.all_logs(result.run_id, of_type=dg.DagsterEventType.STEP_OUTPUT)
        for name, value in entry.get_dagster_event().step_output_data.metadata.items()
    }
    assert told["files"] <= told["files before"]
    assert told["snapshots of models"] == 0
    assert told["home MiB"] > 0
    assert world.day_hashes("clean.asos_hourly", "observed_at") == before


@pytest.mark.parametrize("name", ["regular_compaction", "weekly_maintenance"])
def test_the_schedule_runs_on_a_lake_only(world: World, name: str) -> None:
    assert world.schedule(name) == "there is no lake yet: nothing to keep small"
    world.run_days("load_raw", 20, 20)
    (request,) = world.schedule(name)
    assert request.tags.get("dagster/partition") is None
    assert "was missed" in world.schedule(name, at(10))


def test_compaction_makes_few_files_of_many_hours(world: World) -> None:
    for hour in range(6):
        world.now = at(20, hour, 12)
        (request,) = world.schedule("hourly_cycle")
        world.run("load_raw", request)
    before = world.day_hashes("raw.asos_hourly", "observed_at")
    count = (
        "SELECT file_count FROM ducklake_table_info('lake') WHERE table_name = 'asos_hourly' ORDER BY 1 DESC LIMIT 1"
    )
    ((many,),) = world.rows(count)
    assert many >= 6
    world.run("compaction", dg.RunRequest())
    ((few,),) = world.rows(count)
    assert few == 1
    assert world.day_hashes("raw.asos_hourly", "observed_at") == before
