"""`weather maintain`: the weekly maintenance, now."""

import dagster as dg
from rich.console import Console

from weather_assets.automation.instance import open_instance
from weather_assets.automation.maintenance import MAINTENANCE_JOB
from weather_assets.automation.runs import Runner
from weather_assets.commands.progress import step_progress
from weather_assets.definitions import build_definitions
from weather_assets.errors import WeatherError
from weather_assets.lake.open import lake_location
from weather_assets.settings import Settings


def maintain(settings: Settings, *, console: Console, progress: Console) -> None:
    """Run the maintenance job in this process and print what it did."""
    if not lake_location(settings).exists():
        raise WeatherError(f"no lake in {settings.home} to maintain; make one with weather backfill or weather demo")
    with open_instance(settings) as instance:
        with step_progress(progress) as listener:
            run_id = Runner(build_definitions(settings), instance, listener).job(MAINTENANCE_JOB)
        for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_OUTPUT):
            for name, value in entry.get_dagster_event().step_output_data.metadata.items():
                console.print(f"{name}: {value.value}")
