"""Checks of MLflow and Dagster. Reads only: neither is made where there is none yet."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from weather_assets import clock
from weather_assets.commands.check import Check, fail, first_line, ok, warn
from weather_assets.commands.reading import instance_for_reading
from weather_assets.errors import WeatherError
from weather_assets.settings import Settings

_RUNS_LOOKED_AT = 20
_HEARTBEAT_AGE = timedelta(minutes=5)
_SQLITE = "sqlite:///"


def check_mlflow(settings: Settings) -> Iterator[Check]:
    """Whether it answers, and which version of each target bears which alias."""
    uri = settings.tracking_uri
    if uri.startswith(_SQLITE) and not Path(uri.removeprefix(_SQLITE)).exists():
        yield warn("mlflow", f"none yet at {uri.removeprefix(_SQLITE)}: no model was trained", "weather train")
        return
    # One try within seconds; by default MLflow's client tries for minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
    from weather_assets.forecasting.mlflow_access import MlflowError
    from weather_assets.forecasting.registry import CHAMPION, Registry
    from weather_assets.forecasting.targets import TARGETS

    try:
        registry = Registry(settings)
        versions = {target: registry.versions(target) for target in TARGETS}
    except MlflowError as error:
        yield fail("mlflow", first_line(error), "check MLFLOW_TRACKING_URI and that it runs")
        return
    yield ok("mlflow", "answers")
    for target, of_target in versions.items():
        borne = [f"{alias} = version {version.number}" for version in of_target for alias in version.aliases]
        text = f"{target}: {len(of_target)} versions; {', '.join(borne) or 'no alias set'}"
        if any(CHAMPION in version.aliases for version in of_target):
            yield ok("models", text)
        else:
            yield warn("models", f"{text}; without a champion nothing is forecast", f"weather train --target {target}")


def check_dagster(settings: Settings) -> Iterator[Check]:
    """Whether the instance opens, what became of the last runs, and whether a daemon is at work."""
    try:
        with instance_for_reading(settings) as instance:
            if instance is None:
                yield warn("dagster", f"nothing was run yet in {settings.home}", "weather demo, or weather backfill")
                return
            yield _last_runs(instance)
            yield _daemon(instance)
    except (dg.DagsterError, SQLAlchemyError) as error:
        yield fail("dagster", f"its storage does not open: {first_line(error)}", "check dagster.yaml of the project")
    except WeatherError as error:
        yield fail("dagster", first_line(error), "check WEATHER_DAGSTER_STORAGE")


def _last_runs(instance: dg.DagsterInstance) -> Check:
    records = instance.get_run_records(limit=_RUNS_LOOKED_AT)
    if not records:
        return ok("dagster", "opens; no run yet")
    last = records[0].dagster_run
    failed = [record for record in records if record.dagster_run.is_failure]
    when = f"{records[0].create_timestamp.astimezone(clock.KST):%Y-%m-%d %H:%M} KST"
    share = f"{len(failed)} of the last {len(records)} failed"
    text = f"last run {last.job_name} of {when}: {last.status.value.lower()}; {share}"
    if last.is_failure:
        return warn("dagster", f"{text} (run {last.run_id})", "weather why ASSET DAY says why")
    return ok("dagster", text)


def _daemon(instance: dg.DagsterInstance) -> Check:
    beats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
    if not beats:
        return warn("daemon", "never ran: schedules and queued runs wait for it", "weather up")
    newest = datetime.fromtimestamp(max(beats), tz=UTC)
    text = f"last heartbeat {newest.astimezone(clock.KST):%Y-%m-%d %H:%M:%S} KST"
    if clock.now() - newest > _HEARTBEAT_AGE:
        return warn("daemon", f"{text}: schedules and queued runs wait for it", "weather up")
    return ok("daemon", text)
