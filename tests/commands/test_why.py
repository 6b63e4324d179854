"""`weather why` on a small simulated home in which one thing of each kind has happened."""

import io
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest
import typer
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG
from homes import files
from rich.console import Console

from weather_assets import clock
from weather_assets.automation.instance import open_instance
from weather_assets.automation.runs import Runner
from weather_assets.cli import app
from weather_assets.commands.finding import Finding, State
from weather_assets.commands.why import explain, show
from weather_assets.definitions import build_definitions
from weather_assets.errors import UsageError
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.simulator import SimulatorSource
from weather_assets.tables import CLEAN_ASOS_HOURLY

FIRST, LAST = date(2024, 1, 1), date(2024, 1, 14)
RELOADED, CORRECTED = date(2024, 1, 5), date(2024, 1, 10)
FAILED = date(2024, 1, 15)
WAITING = date(2024, 1, 17)
LOST_HOUR = clock.parse_instant("2024-01-08T07:00+09:00")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """FIRST..LAST loaded, then: raw of RELOADED again without news, one reading of CORRECTED changed, FAILED from a
    folder that is not there, WAITING not begun.
    """
    home = tmp_path_factory.mktemp("why") / "home"
    settings = Settings(home=home, source="simulator", stations=(108,))
    definitions = build_definitions(settings)
    with open_instance(home) as instance:
        runner = Runner(definitions, instance)
        runner.days("load_through_features", FIRST, LAST)
        runner.days("load_raw", RELOADED, RELOADED)
        absent = build_definitions(settings.model_copy(update={"source": "csv:nowhere"}))
        with pytest.raises(UsageError):
            Runner(absent, instance).days("load_through_clean", LAST, FAILED)
        day = WAITING.isoformat()
        instance.create_run_for_job(
            definitions.resolve_job_def("load_raw"),
            tags={ASSET_PARTITION_RANGE_START_TAG: day, ASSET_PARTITION_RANGE_END_TAG: day},
        )
    with open_lake(settings, simulated=True) as lake:
        nothing = "SELECT * FROM lake.clean.asos_hourly WHERE FALSE"
        lake.replace_window(CLEAN_ASOS_HOURLY, nothing, (108,), LOST_HOUR, LOST_HOUR + clock.HOUR)
        noon = clock.kst_midnight(CORRECTED) + 12 * clock.HOUR
        (reading,) = SimulatorSource().asos_hourly((108,), noon, noon + clock.HOUR)
        changed = reading.set_column(reading.column_names.index("ta"), "ta", [["-33.3"]])
        assert append_readings(lake, "simulator", changed, (108,), noon, noon + clock.HOUR) == 1
    return settings


@pytest.fixture(scope="module")
def held_back(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose raw table holds a row twice, as its check found; and the hourly cycle switched off."""
    home = tmp_path_factory.mktemp("held back") / "home"
    settings = Settings(home=home, source="simulator", stations=(108,))
    definitions = build_definitions(settings)
    with open_instance(home) as instance:
        runner = Runner(definitions, instance)
        runner.days("load_raw", FIRST, FIRST)
        with open_lake(settings, simulated=True) as lake:
            first_hour = (
                "FROM lake.raw.asos_hourly WHERE observed_at = (SELECT min(observed_at) FROM lake.raw.asos_hourly)"
            )
            lake.connection.execute(f"INSERT INTO lake.raw.asos_hourly {first_hour}")
        with pytest.raises(dg.DagsterError, match="unique_keys"):
            runner.days("load_through_features", FIRST, FIRST)
        # As a user does it; opening the instance has set DAGSTER_HOME.
        stop = [sys.executable, "-m", "dagster", "schedule", "stop", "hourly_cycle", "-w", "workspace.yaml"]
        subprocess.run(stop, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    return settings


def of_state(findings: list[Finding], state: State) -> list[Finding]:
    return [finding for finding in findings if finding.state is state]


def only(findings: list[Finding], state: State) -> Finding:
    (found,) = of_state(findings, state)
    return found


def run_ids(settings: Settings) -> Mapping[str, dg.DagsterRunStatus]:
    with open_instance(settings.home) as instance:
        return {run.run_id: run.status for run in instance.get_runs()}


def test_a_day_that_was_made_and_lacks_nothing_is_fine(settings: Settings) -> None:
    (fine,) = explain(settings, "raw/asos_hourly", "2024-01-12")
    assert fine.state is State.FINE
    assert fine.remedy is None
    assert any(run_id in fine.text for run_id in run_ids(settings))


def test_an_asset_may_be_named_as_its_table(settings: Settings) -> None:
    assert explain(settings, "raw.asos_hourly", "2024-01-12") == explain(settings, "raw/asos_hourly", "2024-01-12")


def test_a_day_is_stale_when_a_reading_changed_after_it_was_built(settings: Settings) -> None:
    stale = only(explain(settings, "clean/asos_hourly", CORRECTED.isoformat()), State.STALE)
    assert stale.text == "2024-01-10: readings came or changed after it was built"
    assert stale.remedy == "weather backfill --from 2024-01-10 --to 2024-01-10 --through clean --no-train"
    assert "2024-01-10 .. 2024-01-14" in only(explain(settings, "features/hourly"), State.STALE).text


def test_a_load_that_brought_nothing_new_makes_no_day_stale(settings: Settings) -> None:
    assert not of_state(explain(settings, "clean/asos_hourly", RELOADED.isoformat()), State.STALE)
    assert not of_state(explain(settings, "features/hourly", RELOADED.isoformat()), State.STALE)


def test_a_failed_day_tells_the_error_and_the_run(settings: Settings) -> None:
    failed = only(explain(settings, "raw/asos_hourly", FAILED.isoformat()), State.FAILED)
    (run_id,) = (run for run, status in run_ids(settings).items() if status is dg.DagsterRunStatus.FAILURE)
    assert run_id in failed.text
    assert "nowhere: is not a folder" in failed.text
    assert failed.remedy is not None
    assert failed.remedy.endswith("--from 2024-01-15 --to 2024-01-15 --through raw --no-train")


def test_a_day_whose_upstream_failed_in_the_same_run_was_skipped(settings: Settings) -> None:
    skipped = only(explain(settings, "clean/asos_hourly", FAILED.isoformat()), State.SKIPPED)
    assert "because raw/asos_hourly failed" in skipped.text
    assert "nowhere: is not a folder" in skipped.text


def test_a_day_behind_a_failed_check_tells_the_check_and_what_it_found(held_back: Settings) -> None:
    for asset in ("clean/asos_hourly", "features/hourly"):
        blocked = only(explain(held_back, asset, FIRST.isoformat()), State.BLOCKED)
        assert f"{asset} 2024-01-01 was held back in run " in blocked.text
        assert "by the check unique_keys of raw/asos_hourly, which found: 108, 2024-01-01 00:00" in blocked.text
    findings = explain(held_back, "raw/asos_hourly", FIRST.isoformat())
    assert "did not pass the check unique_keys" in only(findings, State.FAILED).text
    assert not of_state(findings, State.FINE)


def test_a_schedule_that_is_switched_off_is_named(held_back: Settings, settings: Settings) -> None:
    off = only(explain(held_back, "raw/asos_hourly", FIRST.isoformat()), State.OFF)
    assert off.text == "the schedule hourly_cycle, which brings it up to date, is switched off"
    assert off.remedy == "in Dagster: Automation, hourly_cycle, switch it on"
    # What no schedule of that job makes is not held up by it.
    assert not [one for one in explain(held_back, "raw/pm10_hourly") if "hourly_cycle" in one.text]
    assert not of_state(explain(settings, "raw/asos_hourly", "2024-01-12"), State.OFF)


@pytest.mark.parametrize(("asset", "day"), [("raw/asos_hourly", WAITING), ("clean/asos_hourly", CORRECTED)])
def test_where_a_tick_would_help_a_daemon_that_does_not_run_is_named(settings: Settings, asset: str, day: date) -> None:
    off = only(explain(settings, asset, day.isoformat()), State.OFF)
    assert off.text == "Dagster's daemon is not running: no schedule or sensor ticks"
    assert off.remedy == "weather up"


def test_a_failed_attempt_is_told_of_a_day_that_was_made_before(settings: Settings) -> None:
    findings = explain(settings, "raw/asos_hourly", LAST.isoformat())
    assert "2024-01-14 failed in run" in only(findings, State.FAILED).text
    assert only(findings, State.NOTE).text.startswith("made ")


def test_a_day_whose_run_has_not_begun_waits_for_the_daemon(settings: Settings) -> None:
    waiting = only(explain(settings, "raw/asos_hourly", WAITING.isoformat()), State.RUNNING)
    assert "waits to be started" in waiting.text
    assert waiting.remedy == "weather up"


def test_a_missing_day_names_what_it_needs_and_the_span_to_load(settings: Settings) -> None:
    findings = explain(settings, "features/hourly", "2024-01-16")
    missing = of_state(findings, State.MISSING)
    assert missing[0].text == "never made: 2024-01-16"
    # Features look back over the days before, and 15 January failed.
    assert missing[0].remedy == "weather backfill --from 2024-01-15 --to 2024-01-16 --through features --no-train"
    assert "clean/asos_hourly 2024-01-15, 2024-01-16, never made" in missing[1].text
    assert "because raw/asos_hourly failed" in only(findings, State.SKIPPED).text


def test_the_first_days_note_that_nothing_lies_before_them(settings: Settings) -> None:
    findings = explain(settings, "features/hourly", FIRST.isoformat())
    assert findings[0].state is State.FINE
    assert "made without clean/asos_hourly 2023-12-22 .. 2023-12-31 (10 of them)" in only(findings, State.NOTE).text


def test_an_hour_without_a_row_is_named(settings: Settings) -> None:
    note = only(explain(settings, "clean/asos_hourly", "2024-01-08")[1:], State.NOTE)
    assert "station 108 has 23 of 24 hours; none at 07:00" in note.text


def test_a_station_that_was_never_loaded_is_named(settings: Settings) -> None:
    both = settings.model_copy(update={"stations": (108, 129)})
    missing = only(explain(both, "raw/asos_hourly", "2024-01-12"), State.MISSING)
    assert "station 129 was never loaded" in missing.text
    assert missing.remedy is not None
    assert missing.remedy.endswith("--stations 129")


def test_no_row_of_any_station_is_told_even_where_dagster_says_it_was_made(settings: Settings) -> None:
    other = settings.model_copy(update={"stations": (129,)})
    assert "holds no row of station 129" in only(explain(other, "raw/asos_hourly", "2024-01-12"), State.SKIPPED).text


def test_a_past_forecast_is_made_by_a_replay_that_needs_no_model(settings: Settings) -> None:
    findings = explain(settings, "forecast/hourly", "2024-01-12")
    assert [finding.text for finding in findings] == ["never made: 2024-01-12"]
    assert findings[0].remedy == "weather replay --from 2024-01-12 --to 2024-01-12"


def test_todays_forecast_needs_models_and_features(settings: Settings) -> None:
    today = clock.kst_date(clock.now()).isoformat()
    findings = explain(settings, "forecast/hourly", today)
    assert findings[0].remedy is not None
    train, load = findings[0].remedy.split("; then ")
    assert train.startswith("weather train --target air_temperature_c")
    assert load == f"weather backfill --from {today} --to {today} --through forecast --no-train"
    assert any("models/trained air_temperature_c" in finding.text for finding in findings)


def test_verification_without_forecasts_asks_for_a_replay(settings: Settings) -> None:
    findings = explain(settings, "monitor/verification", "2024-01-12")
    # What was issued two days before reaches the day with a lead of 48 h.
    assert findings[0].remedy == "weather replay --from 2024-01-10 --to 2024-01-12"


def test_a_target_stands_where_a_day_would(settings: Settings) -> None:
    (missing,) = explain(settings, "models/trained", "relative_humidity_pct")
    assert missing == Finding(
        State.MISSING, "never made: relative_humidity_pct", "weather train --target relative_humidity_pct"
    )


def test_without_a_day_all_that_happened_is_told(settings: Settings) -> None:
    findings = explain(settings, "raw/asos_hourly")
    assert "2024-01-01 .. 2024-01-14 (14 of them)" in findings[0].text
    assert "2024-01-14, 2024-01-15 failed" in only(findings, State.FAILED).text
    assert "2024-01-17" in only(findings, State.RUNNING).text
    missing = only(findings, State.MISSING)
    assert missing.text == "never made: 2024-01-16"


@pytest.mark.parametrize(
    ("asset", "day", "words"),
    [
        ("raw/snow", None, r"no asset raw/snow; choose among clean/.*raw/asos_hourly"),
        ("raw/asos_hourly", "1999-12-31", "begins on 2000-01-01"),
        ("raw/asos_hourly", "2024-1-5", "write it as YYYY-MM-DD"),
        ("models/trained", "2024-01-05", "choose among air_temperature_c, relative_humidity_pct"),
    ],
)
def test_what_there_is_not_is_refused(asset: str, day: str | None, words: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=words):
        explain(Settings(home=tmp_path / "home"), asset, day)


def test_tomorrow_is_refused(tmp_path: Path) -> None:
    tomorrow = clock.kst_date(clock.now()) + timedelta(days=1)
    with pytest.raises(UsageError, match="lies in the future"):
        explain(Settings(home=tmp_path / "home"), "raw/asos_hourly", tomorrow.isoformat())


def test_a_home_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (finding,) = explain(Settings(home=home), "clean/asos_hourly", "2024-01-05")
    assert finding.text == f"nothing was run yet in {home}"
    assert finding.remedy == "weather backfill --from 2024-01-05 --to 2024-01-05 --through clean --no-train"
    assert not home.exists()


def test_asking_changes_no_file(settings: Settings) -> None:
    before = files(settings.home)
    explain(settings, "features/hourly")
    explain(settings, "clean/asos_hourly", "2024-01-08")
    assert files(settings.home) == before


def remedies(settings: Settings) -> Iterator[str]:
    questions = [
        ("clean/asos_hourly", None),
        ("raw/asos_hourly", FAILED.isoformat()),
        ("forecast/hourly", "2024-01-12"),
        ("forecast/hourly", clock.kst_date(clock.now()).isoformat()),
        ("forecast/hourly", "2024-01-16"),
        ("models/trained", None),
    ]
    for asset, day in questions:
        for finding in explain(settings, asset, day):
            yield from (finding.remedy or "").replace("mend that, then ", "").split("; then ")


def test_every_remedy_is_a_command_that_the_command_line_takes(settings: Settings) -> None:
    command_line = typer.main.get_command(app)
    checked = {remedy for remedy in remedies(settings) if remedy}
    assert len(checked) > 4
    for remedy in checked:
        program, name, *arguments = shlex.split(remedy)
        assert program == "weather"
        command = command_line.commands[name]  # type: ignore[attr-defined]
        command.make_context(name, arguments)


def test_findings_are_printed_with_what_to_do() -> None:
    console = Console(file=io.StringIO(), width=60)
    show("raw/asos_hourly", "2024-01-05", [Finding(State.FAILED, "it broke [here]", "weather doctor")], console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "raw/asos_hourly 2024-01-05",
        "  failed  it broke [here]",
        "          do: weather doctor",
    ]
