"""What waits for what in Dagster's queue: long work bounds itself, and the live forecast never waits behind it."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.tags import BACKFILL_ID_TAG
from dagster._daemon.run_coordinator import QueuedRunCoordinatorDaemon

from weather_assets.automation.instance import open_instance
from weather_assets.automation.pools import register_pools
from weather_assets.definitions import build_definitions
from weather_assets.errors import WeatherError
from weather_assets.settings import Settings


def _origin(job: str) -> RemoteJobOrigin:
    """Where the daemon would ask for the job."""
    location = GrpcServerCodeLocationOrigin("127.0.0.1", port=9, location_name="weather_assets")
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job)


class Queue:
    """The queue of a home: runs of the real jobs are put into it, and the daemon's own choice is taken out."""

    def __init__(self, instance: dg.DagsterInstance, home: Path) -> None:
        self.instance = instance
        self.definitions = build_definitions(Settings(_env_file=None, home=home))

    def put(self, job: str, **tags: str) -> str:
        """Queue a run; tags by names with _ for /."""
        definition = self.definitions.resolve_job_def(job)
        given = {**definition.tags, **{name.replace("_", "/"): value for name, value in tags.items()}}
        run = self.instance.create_run_for_job(
            definition,
            run_config={"ops": {"rebuild_days": {"config": {"rebuilds": []}}}} if job == "rebuild" else {},
            status=dg.DagsterRunStatus.QUEUED,
            tags=given,
            remote_job_origin=_origin(job),
        )
        return run.run_id

    def launched(self) -> list[str]:
        """Jobs of the runs that the daemon would launch now, in order."""
        daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)
        runs = daemon._get_runs_to_dequeue(self.instance, self.instance.get_concurrency_config(), None)
        return [run.job_name for run in runs]


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("DAGSTER_HOME", "restored afterwards")
    register_pools(tmp_path / "home")
    with open_instance(tmp_path / "home") as instance:
        yield Queue(instance, tmp_path / "home")


def test_backfills_go_one_after_another_and_the_live_forecast_passes_them(queue):
    for number in range(6):
        queue.put("load_through_features", dagster_backfill=f"backfill{number}")
    queue.put("load_daily")
    queue.put("hourly_cycle")
    assert BACKFILL_ID_TAG == "dagster/backfill"
    assert queue.launched() == ["hourly_cycle", "load_through_features", "load_daily"]


def test_trainings_go_one_after_another_on_however_many_machines(queue):
    for _ in range(4):
        queue.put("train")
    queue.put("evaluate")
    queue.put("hourly_cycle")
    assert queue.launched() == ["hourly_cycle", "train"]


def test_a_place_is_left_for_the_live_forecast_beside_all_that_is_long(queue):
    for job in ("load_raw", "load_raw"):
        queue.put(job, dagster_backfill=job)
    for job in ("train", "train", "rebuild"):
        queue.put(job)
    queue.put("hourly_cycle")
    assert sorted(queue.launched()) == ["hourly_cycle", "load_raw", "rebuild", "train"]


def test_pools_are_registered_where_the_settings_alone_name_the_database(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a line of .env does: no variable is set before."""
    monkeypatch.setenv("DAGSTER_HOME", "restored afterwards")
    # Set first, so that it is taken away again in the end.
    monkeypatch.setenv("WEATHER_DAGSTER_STORAGE", "")
    monkeypatch.delenv("WEATHER_DAGSTER_STORAGE")
    register_pools(Settings(_env_file=None, home=tmp_path / "home", dagster_storage=postgres_url))
    away = "postgresql://weather:hush@127.0.0.1:9/dagster"
    with pytest.raises(WeatherError, match="Dagster's database does not answer") as raised:
        register_pools(Settings(_env_file=None, home=tmp_path / "other", dagster_storage=away))
    assert "hush" not in str(raised.value)


def test_what_the_hour_runs_is_in_no_pool(queue):
    """Else it would wait there for hours, behind a backfill of the same assets."""
    for job in ("hourly_cycle", "daily_forecast"):
        nodes = queue.definitions.resolve_job_def(job).graph.nodes
        assert {node.definition.pool for node in nodes} == {None}
