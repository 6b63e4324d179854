"""`weather doctor` against healthy, empty and broken surroundings."""

import io
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest
from dagster._daemon.types import DaemonHeartbeat
from homes import files
from pydantic import SecretStr
from rich.console import Console
from services import S3Server, free_port

from weather_assets import clock
from weather_assets.automation.instance import open_instance
from weather_assets.automation.runs import Runner
from weather_assets.commands.check import Check, Verdict
from weather_assets.commands.check_lake import check_lake, check_s3
from weather_assets.commands.check_services import check_dagster, check_mlflow
from weather_assets.commands.check_surroundings import check_disk, check_keys, check_settings, check_source
from weather_assets.commands.doctor import diagnose, show
from weather_assets.definitions import build_definitions
from weather_assets.errors import WeatherError
from weather_assets.forecasting.targets import TARGETS
from weather_assets.settings import Settings, load_settings
from weather_assets.sources.call_budget import CallBudget

pytestmark = pytest.mark.slow

TARGET = "air_temperature_c"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow's client writes its address into the environment, where the next settings would find it."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    monkeypatch.delenv("MLFLOW_TRACKING_URI")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with yesterday and today, one champion without a model behind it, and a daemon that beat just now."""
    import mlflow

    settings = Settings(home=tmp_path_factory.mktemp("doctor") / "home", source="simulator", stations=(108,))
    today = clock.kst_date(clock.now())
    with open_instance(settings.home) as instance:
        Runner(build_definitions(settings), instance).days("load_through_features", today - clock.DAY, today)
        instance.add_daemon_heartbeat(DaemonHeartbeat(clock.now().timestamp(), "SENSOR", "one", []))
    client = mlflow.MlflowClient(settings.tracking_uri, registry_uri=settings.tracking_uri)
    client.create_registered_model(TARGET)
    client.create_model_version(TARGET, source=str(settings.home))
    client.set_registered_model_alias(TARGET, "champion", "1")
    return settings


def verdicts(checks: Sequence[Check]) -> Mapping[str, set[Verdict]]:
    return {one.subject: {check.verdict for check in checks if check.subject == one.subject} for one in checks}


def only(checks: Sequence[Check], subject: str) -> Check:
    (found,) = (check for check in checks if check.subject == subject)
    return found


def printed(checks: Sequence[Check]) -> str:
    console = Console(file=io.StringIO(), width=80)
    try:
        show(checks, console)
    except WeatherError as error:
        console.print(str(error))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_healthy_home_has_nothing_to_mend_but_the_untrained_targets(settings: Settings) -> None:
    checks = diagnose(settings)
    wrong = [check for check in checks if check.verdict is not Verdict.OK and check.subject != "disk"]
    assert [(check.subject, check.remedy) for check in wrong] == [
        ("models", f"weather train --target {target}") for target in TARGETS if target != TARGET
    ]
    assert f"{TARGET}: 1 versions; champion = version 1" in printed(checks)
    assert "simulated readings" in only(checks, "lake").text
    assert only(checks, "dagster").text.startswith("last run load_through_features of ")


def test_looking_changes_no_file(settings: Settings) -> None:
    before = files(settings.home)
    diagnose(settings)
    assert files(settings.home) == before


def test_a_home_that_is_not_there_yet_is_no_failure_and_is_not_made(tmp_path: Path) -> None:
    checks = diagnose(Settings(home=tmp_path / "home"))
    assert Verdict.FAIL not in {check.verdict for check in checks if check.subject != "disk"}
    assert {check.subject for check in checks if check.verdict is Verdict.WARN} >= {"lake", "mlflow", "dagster"}
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_a_folder_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = only(list(check_settings(Settings(home=tmp_path / "file" / "home"))), "home")
    assert failed.verdict is Verdict.FAIL
    assert "is not a folder" in failed.text


def test_an_unlisted_station_is_a_warning(tmp_path: Path) -> None:
    checks = list(check_settings(Settings(home=tmp_path, stations=(108, 9999))))
    assert [check.text for check in checks[1:]] == ["108 서울", "9999: not in the catalogue of ASOS stations"]


def test_keys_are_named_but_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KMA_API_HUB_KEY", "AWS_SECRET_ACCESS_KEY", "SLACK_WEBHOOK_URL"):
        monkeypatch.setenv(name, f"hidden-{name}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_port()}")
    checks = diagnose(load_settings(home=tmp_path / "home", source="kma_api_hub", lake_data="s3://bucket/x"))
    assert "set: KMA_API_HUB_KEY, SLACK_WEBHOOK_URL, AWS_SECRET_ACCESS_KEY;" in only(checks, "keys").text
    assert "hidden-" not in printed(checks)


def test_an_empty_key_is_not_set(tmp_path: Path) -> None:
    (check,) = check_keys(Settings(home=tmp_path, data_go_kr_key=SecretStr("")))
    assert "set: none" in check.text


def test_a_source_that_lacks_its_key_fails_with_the_variable(tmp_path: Path) -> None:
    (failed,) = check_source(Settings(home=tmp_path, source="data_go_kr"))
    assert failed.verdict is Verdict.FAIL
    assert "DATA_GO_KR_KEY" in failed.text


def test_a_folder_without_files_fails(tmp_path: Path) -> None:
    (failed,) = check_source(Settings(home=tmp_path, source=f"csv:{tmp_path}"))
    assert failed.verdict is Verdict.FAIL
    assert "holds no csv file" in failed.text


def test_portal_files_are_read_and_a_station_they_lack_fails(shared_data: Path, tmp_path: Path) -> None:
    source = f"csv:{shared_data / 'asos_hourly' / '129'}"
    (good,) = check_source(Settings(home=tmp_path, source=source, stations=(129,)))
    (bad,) = check_source(Settings(home=tmp_path, source=source, stations=(108,)))
    assert (good.verdict, bad.verdict) == (Verdict.OK, Verdict.FAIL)
    assert "108" in bad.text
    assert "129" in bad.text


@pytest.mark.parametrize(("free_gib", "verdict"), [(0.5, Verdict.FAIL), (3, Verdict.WARN), (50, Verdict.OK)])
def test_room_on_the_disk(free_gib: float, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_gib * 2**30))
    (check,) = check_disk(Settings(home=tmp_path))
    assert check.verdict is verdict


def test_real_readings_for_a_simulated_lake_fail(settings: Settings) -> None:
    failed = only(list(check_lake(settings.model_copy(update={"source": "csv:readings"}))), "lake")
    assert failed.verdict is Verdict.FAIL
    assert "holds simulated readings" in failed.text


def test_stations_and_the_age_of_their_readings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    both = settings.model_copy(update={"stations": (108, 129)})
    assert verdicts(list(check_lake(both)))["readings"] == {Verdict.OK, Verdict.WARN}
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=6))
    late = only(list(check_lake(settings)), "readings")
    assert late.verdict is Verdict.WARN
    files_end_somewhere = settings.model_copy(update={"source": "csv:readings"})
    assert only(list(check_lake(files_end_somewhere)), "readings").verdict is Verdict.OK


def test_a_catalogue_that_is_no_database_fails(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_text("not a database at all, but long enough to be read as one" * 50)
    failed = only(list(check_lake(Settings(home=tmp_path))), "lake")
    assert failed.verdict is Verdict.FAIL


def test_a_bucket_answers_or_fails_without_naming_the_secret(s3_server: S3Server, s3_prefix: str) -> None:
    settings = Settings(
        lake_data=s3_prefix,
        aws_access_key_id=s3_server.key_id,
        aws_secret_access_key=SecretStr(s3_server.secret),
        aws_endpoint_url_s3=s3_server.endpoint_url,
    )
    (empty,) = check_s3(settings)
    assert (empty.verdict, empty.text) == (Verdict.OK, f"{s3_prefix} answers and is empty")
    (refused,) = check_s3(settings.model_copy(update={"aws_secret_access_key": SecretStr("wrong-secret")}))
    assert refused.verdict is Verdict.FAIL
    assert "wrong-secret" not in refused.text
    (absent,) = check_s3(settings.model_copy(update={"lake_data": "s3://no-such-bucket/x"}))
    assert absent.verdict is Verdict.FAIL


def test_an_mlflow_that_is_not_there_fails_within_seconds(tmp_path: Path) -> None:
    began = monotonic()
    (failed,) = check_mlflow(Settings(home=tmp_path, mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}"))
    assert failed.verdict is Verdict.FAIL
    assert monotonic() - began < 30


def test_a_named_mlflow_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    (check,) = check_mlflow(Settings(home=tmp_path, mlflow_tracking_uri=f"sqlite:///{tmp_path / 'mine.db'}"))
    assert check.verdict is Verdict.WARN
    assert not list(tmp_path.iterdir())


def test_a_daemon_that_stopped_long_ago_is_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(list(check_dagster(settings)), "daemon").verdict is Verdict.OK
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=30))
    late = only(list(check_dagster(settings)), "daemon")
    assert (late.verdict, late.remedy) == (Verdict.WARN, "weather up")


def test_a_failed_last_run_is_a_warning(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, source="csv:nowhere")
    today = clock.kst_date(clock.now())
    with open_instance(settings.home) as instance, pytest.raises(WeatherError):
        Runner(build_definitions(settings), instance).days("load_raw", today, today)
    failed = only(list(check_dagster(settings)), "dagster")
    assert failed.verdict is Verdict.WARN
    assert "1 of the last 1 failed" in failed.text


def test_a_broken_dagster_configuration_fails(tmp_path: Path) -> None:
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster" / "dagster.yaml").write_text("run_storage: {module: 3}\n")
    (failed,) = check_dagster(Settings(home=tmp_path))
    assert failed.verdict is Verdict.FAIL


def test_failures_are_counted_and_every_remedy_is_printed() -> None:
    checks = [
        Check(Verdict.OK, "disk", "9 GiB free"),
        Check(Verdict.FAIL, "lake", "a very [long] line that must not be broken where the terminal ends", "mend it"),
        Check(Verdict.WARN, "daemon", "never ran", "weather up"),
    ]
    console = Console(file=io.StringIO(), width=40)
    with pytest.raises(WeatherError, match=r"^1 of the checks failed"):
        show(checks, console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "OK    disk      9 GiB free",
        "FAIL  lake      a very [long] line that must not be broken where the terminal ends",
        "                do: mend it",
        "WARN  daemon    never ran",
        "                do: weather up",
    ]


def test_calls_of_the_day_are_told_and_a_spent_budget_is_a_warning(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, home=tmp_path, source="kma_api_hub", kma_api_hub_key="a-key", kma_api_hub_daily_calls=3
    )

    def calls() -> Check:
        return next(check for check in check_source(settings) if check.subject == "calls")

    assert (calls().verdict, calls().text) == (Verdict.OK, "kma_api_hub: 0 of the 3 calls of today made")
    assert not list(tmp_path.iterdir())
    budget = CallBudget(tmp_path / "calls.sqlite")
    assert all(budget.take("kma_api_hub", 3) for _ in range(3))
    assert calls().verdict is Verdict.WARN
    assert "3 of the 3 calls" in calls().text
