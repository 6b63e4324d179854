"""`weather demo`: the whole graph on simulated stations, in a home of its own, then everything served."""

from datetime import timedelta
from pathlib import Path

from rich.console import Console

from weather_assets import clock
from weather_assets.commands.backfill import backfill, replay
from weather_assets.commands.forecast import show_forecast
from weather_assets.commands.skill import show_skill
from weather_assets.commands.span import Layer, Span
from weather_assets.forecasting.registry import Registry
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.open import open_lake
from weather_assets.lake.windows import condition_sql
from weather_assets.settings import Settings, load_settings
from weather_assets.tables import VERIFICATION

HOME = Path(".weather-demo")
STATIONS = (108, 129)
YEARS_OF_READINGS = 4
REPLAY_DAYS = 30


def demo_settings() -> Settings:
    """The embedded default in a home of its own, whatever lake or MLflow the environment names."""
    return load_settings(
        home=HOME,
        source="simulator",
        stations=STATIONS,
        lake_catalog=str(HOME / "catalog.sqlite"),
        lake_data=str(HOME / "data"),
        mlflow_tracking_uri=f"sqlite:///{(HOME / 'mlflow.db').absolute()}",
    )


def demo(settings: Settings, *, console: Console) -> None:
    """Load simulated readings up to now, train what never was, forecast, and score a replay of the last month.

    Run again it only adds the hours that have passed.
    """
    today = clock.kst_date(clock.now())
    span = Span(today - timedelta(days=365 * YEARS_OF_READINGS), today)
    registry = Registry(settings)
    trained = registry.exists() and all(registry.versions(target) for target in TARGETS)
    backfill(settings, span, Layer.FORECAST, train=not trained, console=console)
    past = Span(today - timedelta(days=REPLAY_DAYS), today - timedelta(days=1))
    if not _is_replayed(settings, past):
        replay(settings, past, REPLAY_DAYS, console)
    show_forecast(settings, settings.stations[0], None, as_json=False, console=console)
    show_skill(settings, console=console)


def _is_replayed(settings: Settings, span: Span) -> bool:
    with open_lake(settings, read_only=True) as lake:
        condition = condition_sql(VERIFICATION, settings.stations, span.start, span.end)
        sql = f"SELECT 1 FROM lake.{VERIFICATION.qualified_name} WHERE {condition} AND kind = 'replay' LIMIT 1"
        return lake.first_row(sql) is not None
