"""The Dagster instance of a home: same as the project's, in a folder of its own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._cli.utils import get_possibly_temporary_instance_for_cli
from dagster_shared.yaml_utils import safe_load_yaml

from weather_assets.automation import instance as instances
from weather_assets.automation.event_log import BATCH_SIZE_VARIABLE, BatchingSqliteEventLogStorage
from weather_assets.automation.instance import PROJECT_CONFIG, dagster_home, open_instance
from weather_assets.errors import WeatherError


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Dagster settings from outside, and those made here are undone."""
    for variable in ("DAGSTER_HOME", BATCH_SIZE_VARIABLE):
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with our dagster.yaml, and the working directory in it."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(PROJECT_CONFIG, folder)
    monkeypatch.chdir(folder)
    return folder


@dg.job
def nothing() -> None:
    pass


def folders_of(config: object) -> Iterator[str]:
    if isinstance(config, dict):
        for key, value in config.items():
            if key == "base_dir":
                yield value
            else:
                yield from folders_of(value)


def run_ids(instance: dg.DagsterInstance) -> list[str]:
    return [run.run_id for run in instance.get_runs()]


def test_the_copy_differs_from_the_projects_file_only_in_its_folders(tmp_path: Path) -> None:
    folder = dagster_home(tmp_path / "home")
    copy = safe_load_yaml((folder / "dagster.yaml").read_text(encoding="utf-8"))
    original = safe_load_yaml(PROJECT_CONFIG.read_text(encoding="utf-8"))
    assert folder == tmp_path / "home" / "dagster"
    assert list(copy) == list(original)
    expected = [str(tmp_path / "home" / name.removeprefix(".weather/")) for name in folders_of(original)]
    assert list(folders_of(copy)) == expected
    assert len(set(expected)) == 5
    assert copy["concurrency"] == original["concurrency"]


def test_the_copy_is_written_again_only_when_the_project_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = dagster_home(tmp_path) / "dagster.yaml"
    os.utime(copy, (1, 1))
    dagster_home(tmp_path)
    assert copy.stat().st_mtime == 1

    changed = tmp_path / "changed.yaml"
    changed.write_text(PROJECT_CONFIG.read_text(encoding="utf-8") + "\nschedules: {use_threads: true}\n", "utf-8")
    monkeypatch.setattr(instances, "PROJECT_CONFIG", changed)
    dagster_home(tmp_path)
    assert safe_load_yaml(copy.read_text(encoding="utf-8"))["schedules"] == {"use_threads": True}
    assert list(copy.parent.iterdir()) == [copy]


def test_a_folder_named_by_an_operator_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs.yaml"
    theirs.write_text("compute_logs:\n  config:\n    base_dir: /mnt/logs\n    port: 1\n", encoding="utf-8")
    monkeypatch.setattr(instances, "PROJECT_CONFIG", theirs)
    copy = dagster_home(tmp_path) / "dagster.yaml"
    assert safe_load_yaml(copy.read_text(encoding="utf-8")) == safe_load_yaml(theirs.read_text(encoding="utf-8"))


def test_a_missing_project_file_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "PROJECT_CONFIG", tmp_path / "gone.yaml")
    with pytest.raises(WeatherError, match=r"gone\.yaml is missing.*restore"):
        dagster_home(tmp_path / "home")


def test_an_opened_instance_batches_events_and_keeps_everything_in_its_home(project: Path) -> None:
    with open_instance(Path("home")) as instance:
        assert isinstance(instance.event_log_storage, BatchingSqliteEventLogStorage)
        assert nothing.execute_in_process(instance=instance).success
        assert instance.telemetry_enabled is False
        assert instance.run_retries_enabled is False
    assert os.environ["DAGSTER_HOME"] == str(project / "home" / "dagster")
    assert int(os.environ[BATCH_SIZE_VARIABLE]) > 1
    assert {path.name for path in project.iterdir()} == {"dagster.yaml", "home"}


def test_two_homes_share_nothing(tmp_path: Path) -> None:
    with open_instance(tmp_path / "one") as one, open_instance(tmp_path / "two") as two:
        done = nothing.execute_in_process(instance=one).run_id
        assert run_ids(one) == [done]
        assert run_ids(two) == []
        assert two.all_logs(done) == []


@pytest.mark.usefixtures("project")
def test_the_default_home_is_what_dagster_uses_in_the_project_folder() -> None:
    with get_possibly_temporary_instance_for_cli() as plain:
        done = nothing.execute_in_process(instance=plain).run_id
    with open_instance(Path(".weather")) as ours:
        assert run_ids(ours) == [done]
        assert ours.all_logs(done)
    assert not list(Path().glob(".tmp_dagster_home_*"))
