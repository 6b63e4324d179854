"""The main job on real readings: one backfill, run again, a training without the source, and an honest replay."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from weather_assets.commands.backfill import backfill, replay, train
from weather_assets.commands.span import FIRST_DAILY_VALUE, Layer, Span
from weather_assets.forecasting.registry import CHAMPION, Registry
from weather_assets.forecasting.targets import TARGETS, targets_of
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

SPAN = Span(date(2018, 1, 1), date(2020, 12, 31))
HOURS = (366 + 2 * 365) * 24
ISSUED = datetime(2020, 12, 31, 14, 10, tzinfo=UTC)


def settings_of(home: Path, source: str = "simulator") -> Settings:
    return Settings(_env_file=None, home=home, source=source, stations=(108,))


def state(settings: Settings) -> Mapping[str, object]:
    """What a second, needless run must leave as it was."""
    registry = Registry(settings)
    with open_lake(settings, read_only=True) as lake:
        return {
            "snapshot": lake.snapshot(),
            "forecasts": lake.query("SELECT * EXCLUDE (quantiles) FROM forecast.hourly ORDER BY ALL").fetchall(),
            "versions": [version.number for target in TARGETS for version in registry.versions(target)],
        }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("main_job")
    source = f"csv:{shared_data / 'asos_hourly' / '108'}"
    backfill(settings_of(folder, source), SPAN, Layer.FORECAST, train=True, console=Console(file=StringIO()))
    return folder


@pytest.mark.slow
@pytest.mark.xdist_group("main job")
def test_one_backfill_gives_tables_models_and_the_forecast_of_the_last_hour(home):
    settings = settings_of(home)
    with open_lake(settings, read_only=True) as lake:
        for table in ("raw.asos_hourly", "clean.asos_hourly", "features.hourly"):
            assert lake.query(f"SELECT count(*) FROM {table}").fetchone() == (HOURS,)
        issued = lake.query("SELECT DISTINCT issued_at, kind, role FROM forecast.hourly").fetchall()
        assert [(instant.astimezone(UTC), kind, role) for instant, kind, role in issued] == [(ISSUED, "live", CHAMPION)]
        wrong = lake.query(
            "SELECT count(*) FROM forecast.hourly WHERE NOT (p10 <= p25 AND p25 <= p50 AND p50 <= p75 AND p75 <= p90) "
            "OR valid_at <> date_trunc('hour', issued_at) + to_hours(lead_hours)"
        ).fetchone()
        assert wrong == (0,)
        assert lake.query("SELECT count(*) FROM forecast.hourly").fetchone() == (2 * 48,)
    registry = Registry(settings)
    assert all(registry.with_alias(target, CHAMPION) for target in targets_of("hourly"))
    # The folder has no daily values and no dust: there is nothing to learn of them.
    assert not any(registry.versions(target) for target in targets_of("daily"))


@pytest.mark.slow
@pytest.mark.xdist_group("main job")
def test_run_again_it_changes_nothing_and_a_training_needs_no_source(home, shared_data):
    settings = settings_of(home, f"csv:{shared_data / 'asos_hourly' / '108'}")
    before = state(settings)
    backfill(settings, SPAN, Layer.FORECAST, train=True, console=Console(file=StringIO()))
    train(settings_of(home), list(TARGETS), SPAN, Console(file=StringIO()))
    assert state(settings) == before


@pytest.mark.slow
@pytest.mark.xdist_group("main job")
def test_a_replayed_day_is_forecast_from_before_it_and_scored_at_every_lead(home):
    settings = settings_of(home)
    day = date(2020, 12, 20)
    replay(settings, Span(day, day), 90, Console(file=StringIO()))
    with open_lake(settings, read_only=True) as lake:
        scored = lake.query(
            "SELECT target, count(DISTINCT issued_at), count(DISTINCT lead_hours), any_value(model_version), "
            "avg(absolute_error) < avg(abs(persistence - observed)) FROM monitor.verification "
            "WHERE kind = 'replay' GROUP BY target ORDER BY target"
        ).fetchall()
    last_seen = datetime(2020, 12, 20) - timedelta(hours=1)  # noqa: DTZ001  # the name of a version, in Korean time
    version = f"replay-{last_seen:%Y-%m-%dT%H}"
    assert scored == [(target, 24, 48, version, True) for target in sorted(targets_of("hourly"))]


def test_daily_values_of_1907_are_loaded_and_the_hourly_part_is_said_to_begin_later(
    tmp_path: Path, shared_data: Path
) -> None:
    settings = settings_of(tmp_path / "home", f"csv:{shared_data / 'asos_daily'}")
    said = StringIO()
    span = Span(date(1907, 10, 1), date(1909, 12, 31), earliest=FIRST_DAILY_VALUE)
    backfill(settings, span, Layer.FORECAST, train=True, console=Console(file=said, width=200))
    assert "Hourly readings and PM10 begin on 2000-01-01" in said.getvalue()
    with open_lake(settings, read_only=True) as lake:
        rows = lake.query("SELECT count(*), min(observed_on), max(observed_on) FROM clean.asos_daily").fetchone()
        assert rows == (92 + 366 + 365, date(1907, 10, 1), date(1909, 12, 31))
        assert lake.query("SELECT count(*) FROM raw.asos_hourly").fetchone() == (0,)


def test_the_hourly_part_of_a_span_begins_in_2000() -> None:
    span = Span(date(1990, 5, 1), date(2001, 2, 3), earliest=FIRST_DAILY_VALUE)
    assert span.hourly is not None
    assert (span.hourly.first, span.hourly.last) == (date(2000, 1, 1), date(2001, 2, 3))
    assert Span(date(1990, 5, 1), date(1999, 12, 31), earliest=FIRST_DAILY_VALUE).hourly is None
