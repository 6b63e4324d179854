"""Dagster's tables in PostgreSQL and what steps print in S3, by two settings; no secret lands in a file."""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster_aws.s3.compute_log_manager import S3ComputeLogManager
from dagster_shared.yaml_utils import safe_load_yaml
from services import HUSH, PostgresServer, S3Server
from stacks import server_settings

from weather_assets.automation.event_log import BATCH_SIZE_VARIABLE
from weather_assets.automation.event_log_postgres import BatchingPostgresEventLogStorage
from weather_assets.automation.instance import PROJECT_CONFIG, STORAGE_VARIABLE, dagster_home, open_instance
from weather_assets.commands.check_services import check_dagster
from weather_assets.commands.reading import instance_for_reading
from weather_assets.errors import UsageError
from weather_assets.settings import Settings, load_settings

_SET = ("DAGSTER_HOME", STORAGE_VARIABLE, BATCH_SIZE_VARIABLE, "AWS_REQUEST_CHECKSUM_CALCULATION",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3")  # fmt: skip


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What opening an instance sets is undone."""
    for variable in _SET:
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)


@pytest.fixture
def settings(tmp_path: Path, postgres_server: PostgresServer, s3_server: S3Server) -> Iterator[Settings]:
    made = server_settings(tmp_path / "home", postgres_server, s3_server)
    yield made
    for url in (made.catalog, made.dagster_storage, made.tracking_uri):
        postgres_server.drop(str(url))


@dg.op
def talk() -> None:
    print("said by a step")  # noqa: T201  # it is what is to be found again


@dg.job
def talking() -> None:
    talk()


def test_runs_are_kept_in_postgres_and_what_they_print_in_s3(settings: Settings, s3_server: S3Server) -> None:
    with open_instance(settings) as instance:
        assert isinstance(instance.event_log_storage, BatchingPostgresEventLogStorage)
        assert isinstance(instance.compute_log_manager, S3ComputeLogManager)
        run_id = talking.execute_in_process(instance=instance).run_id
    assert not (settings.home / "dagster" / "history").exists()
    stored = [path.read_text() for path in (s3_server.folder / "home").rglob("*.out")]
    assert stored == ["said by a step\n"]
    with open_instance(settings) as again:
        (captured,) = [
            event.dagster_event.logs_captured_data
            for event in again.all_logs(run_id, of_type=dg.DagsterEventType.LOGS_CAPTURED)
            if event.dagster_event
        ]
        log = again.compute_log_manager.get_log_data([run_id, "compute_logs", captured.file_key])
        assert log.stdout == b"said by a step\n"


def test_no_password_is_written_and_all_else_is_the_projects(settings: Settings) -> None:
    text = (dagster_home(settings) / "dagster.yaml").read_text(encoding="utf-8")
    ours, project = safe_load_yaml(text), safe_load_yaml(PROJECT_CONFIG.read_text(encoding="utf-8"))
    assert HUSH not in text + repr(settings)
    elsewhere = {"run_storage", "event_log_storage", "schedule_storage", "compute_logs"}
    assert {name for name in project if ours[name] != project[name]} - {"local_artifact_storage", "python_logs"} == (
        elsewhere
    )


def test_another_machine_reads_the_same_runs_and_writes_nothing(settings: Settings, tmp_path: Path) -> None:
    with open_instance(settings) as instance:
        talking.execute_in_process(instance=instance)
    elsewhere = settings.model_copy(update={"home": tmp_path / "other"})
    with instance_for_reading(elsewhere) as instance:
        assert instance is not None
        assert instance.get_runs_count() == 1
    assert not elsewhere.home.exists()
    assert "last run talking" in next(iter(check_dagster(elsewhere))).text


def test_a_server_that_is_gone_is_told_with_the_setting(settings: Settings) -> None:
    gone = settings.model_copy(update={"dagster_storage": f"postgresql://weather:{HUSH}@127.0.0.1:1/dagster"})
    (check,) = check_dagster(gone)
    assert "WEATHER_DAGSTER_STORAGE" in str(check.remedy)
    assert HUSH not in f"{check.text} {check.remedy}"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("dagster_storage", "sqlite:///dagster.db", "write it as postgresql://user:password@host:port/database"),
        ("dagster_storage", f"mysql://weather:{HUSH}@host/dagster", "write it as postgresql://"),
        ("dagster_logs", "/var/log/dagster", "is not s3://bucket/prefix"),
        ("dagster_logs", "s3://bucket", "is not s3://bucket/prefix"),
    ],
)
def test_another_kind_of_place_is_refused_by_name(name: str, value: str, words: str) -> None:
    with pytest.raises(UsageError, match=f"setting WEATHER_{name.upper()}: .*{words}") as raised:
        load_settings(_env_file=None, **{name: value})
    assert HUSH not in str(raised.value)


def test_both_names_of_postgres_are_understood() -> None:
    settings = load_settings(_env_file=None, dagster_storage="postgres://weather@host/dagster", dagster_logs="")
    assert (settings.dagster_storage, settings.dagster_logs) == ("postgresql://weather@host/dagster", None)
    assert os.environ.get(STORAGE_VARIABLE) is None
