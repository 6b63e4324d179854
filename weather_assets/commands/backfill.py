"""`weather backfill`, `weather train`, `weather replay`: running the graph, and saying what came of it."""

from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext, suppress
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from weather_assets import clock
from weather_assets.commands.progress import StepProgress, step_progress
from weather_assets.commands.span import FIRST_HOURLY_DAY, Layer, Span
from weather_assets.errors import WeatherError
from weather_assets.forecasting.estimators import estimator_for
from weather_assets.forecasting.products import PRODUCTS
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.open import lake_location
from weather_assets.lake.windows import condition_sql
from weather_assets.settings import Settings
from weather_assets.sources.choice import make_source
from weather_assets.tables import (
    CONTRACTS,
    FORECAST_DAILY,
    FORECAST_HOURLY,
    RAW_ASOS_DAILY,
    RAW_ASOS_HOURLY,
    RAW_PM10_HOURLY,
    VERIFICATION_DAILY,
)

if TYPE_CHECKING:
    from weather_assets.assets.resources import LakeStore
    from weather_assets.automation.days import OpsConfig
    from weather_assets.automation.runs import Runner

TRAIN_STEP, FORECAST_STEP = "models/trained", "forecast/hourly"
LONGEST_LEAD = timedelta(days=max(target.longest_lead_days for target in TARGETS.values()))
HUB_DUST_DAYS = 31
"""The longest span whose PM10 a backfill asks of the KMA API hub, hour by hour."""

_NO_DUST = f"PM10 left out: the hub gives one hour a call; load more than {HUB_DUST_DAYS} days from CSV"


def backfill(
    settings: Settings, span: Span, through: Layer, *, train: bool, console: Console, refetch: bool = False
) -> None:
    """Materialise the graph for the span: readings to features, models, the forecast of the last hour, scores."""
    # A wrong folder or a missing key is told before anything runs.
    source, hours = make_source(settings), span.hourly
    if hours is not None:
        source.asos_hourly(settings.stations, hours.start, hours.end)
    if span.first < FIRST_HOURLY_DAY:
        console.print(f"Hourly readings and PM10 begin on {FIRST_HOURLY_DAY}; before, daily values only are loaded")

    def work(runner: "Runner", store: "LakeStore") -> None:
        from weather_assets.automation import jobs
        from weather_assets.automation.days import refetch as again

        def config(table: TableContract) -> "OpsConfig | None":
            return again(table) if refetch else None

        if hours is not None:
            layer = through if through.value in jobs.LOAD_JOBS else Layer.FEATURES
            runner.days(jobs.LOAD_JOBS[layer.value], hours.first, hours.last, config(RAW_ASOS_HOURLY))
        runner.years(jobs.DAILY_JOB, span.first.year, span.last.year, config(RAW_ASOS_DAILY))
        if hours is not None:
            if _dust_takes_few_calls(settings, hours):
                runner.days(jobs.PM10_JOB, hours.first, hours.last, config(RAW_PM10_HOURLY))
            else:
                console.print(_NO_DUST)
            if through.reaches(Layer.CLEAN):
                _rebuild_what_follows(settings, runner, store)
            _follow(runner, hours, through, console, train=train)

    _run(settings, span, work, console)


def _dust_takes_few_calls(settings: Settings, span: Span) -> bool:
    return settings.source != "kma_api_hub" or (span.last - span.first).days < HUB_DUST_DAYS


def _follow(runner: "Runner", span: Span, through: Layer, console: Console, *, train: bool) -> None:
    """What is made of the readings: features of the mornings, models, the forecast of the last hour, scores."""
    from weather_assets.automation import jobs

    if through.reaches(Layer.FEATURES):
        runner.days(jobs.DAILY_FEATURES_JOB, span.first, span.last)
    if train and through.reaches(Layer.MODELS):
        _train_all(runner, [], span, console)
    if through.reaches(Layer.FORECAST):
        # Until five in the morning the newest daily forecast is yesterday's. Its features were built just now.
        issued_on = max(span.first, span.last - clock.DAY)
        runner.days(jobs.DAILY_FORECAST_JOB, issued_on, span.last, only=[FORECAST_DAILY, VERIFICATION_DAILY])
        runner.days(jobs.FORECAST_JOB, span.last, span.last)
    if through.reaches(Layer.MONITOR):
        runner.days(jobs.VERIFY_JOB, span.first, span.last)


def _rebuild_what_follows(settings: Settings, runner: "Runner", store: "LakeStore") -> None:
    """Build the days again that were built before and look back on readings that came now: no sensor need find them."""
    from weather_assets.assets.upkeep import behind

    with store.writer() as lake:
        found = behind(lake, settings.stations)
    if found:
        runner.rebuild(found)


def train(
    settings: Settings, targets: Sequence[str], span: Span, console: Console, *, estimator: str | None = None
) -> None:
    """Train and gate the targets (none named: all) on the readings up to the end of the span.

    What was decided of each is printed. Raises UsageError for an estimator that does not fit a target.
    """
    for target in targets or TARGETS:
        estimator_for(TARGETS[target], estimator)
    _run(settings, span, lambda runner, _: _train_all(runner, targets, span, console, estimator), console)


def replay(settings: Settings, span: Span, retrain_every_days: int, console: Console) -> None:
    """Issue the forecasts of the span honestly, marked replay, and score them."""

    def work(runner: "Runner", _: "LakeStore") -> None:
        from weather_assets.automation import jobs

        how = {"replay": True, "retrain_every_days": retrain_every_days}
        config = {f"forecast__{kind}": how for kind in PRODUCTS}
        runner.days(jobs.DAILY_FEATURES_JOB, span.first, span.last)
        runner.days(jobs.REPLAY_JOB, span.first, span.last, config)
        # The last forecasts are for the days after the span.
        beyond = min(span.last + LONGEST_LEAD, clock.kst_date(clock.now()))
        if beyond > span.last:
            runner.days(jobs.VERIFY_JOB, span.last + clock.DAY, beyond)

    _run(settings, span, work, console)


def _train_all(
    runner: "Runner", targets: Sequence[str], span: Span, console: Console, estimator: str | None = None
) -> None:
    from weather_assets.automation import jobs

    for target in targets or TARGETS:
        config = {"models__trained": {"through": span.last_reading.isoformat(), "estimator": estimator}}
        run_id = runner.partition(jobs.TRAIN_JOB, target, config)
        for decision in runner.materialized(run_id, "decision"):
            console.print(f"{target}: {decision}", markup=False)


def _run(settings: Settings, span: Span, work: Callable[["Runner", "LakeStore"], None], console: Console) -> None:
    """Do the work on the home's Dagster instance with progress, then print what the tables hold for the span."""
    from weather_assets.assets.resources import LakeStore
    from weather_assets.automation.instance import open_instance
    from weather_assets.automation.runs import Runner
    from weather_assets.definitions import build_definitions

    began, store = monotonic(), LakeStore(settings)
    with open_instance(settings) as instance, closing(store):
        is_done = False
        try:
            with step_progress(console) as progress:
                work(Runner(build_definitions(settings, store), instance, progress), store)
            is_done = True
        finally:
            # What came of a failed run is of interest too, but not at the price of the reason.
            with nullcontext() if is_done else suppress(WeatherError):
                _print_summary(settings, store, span, progress, console)
    console.print(f"Done in {monotonic() - began:.1f} s.")


def _print_summary(
    settings: Settings, store: "LakeStore", span: Span, progress: StepProgress, console: Console
) -> None:
    """Rows per table for the span and stations, and seconds and failures of the steps that ran; no word of no lake."""
    if not lake_location(settings).exists():
        return
    table = Table(title=f"{span.first} .. {span.last}, stations {', '.join(map(str, settings.stations))}")
    for name in ("table", "rows", "seconds", "failures"):
        table.add_column(name, justify="left" if name == "table" else "right")
    with store.writer() as lake:
        for contract in CONTRACTS:
            condition = condition_sql(contract, settings.stations, span.start, span.end)
            rows = lake.query(f"SELECT count(*) FROM lake.{contract.qualified_name} WHERE {condition}").fetchall()[0][0]
            table.add_row(contract.qualified_name, f"{rows:,}", *_spent(progress, f"{contract.schema}/{contract.name}"))
            if contract is FORECAST_HOURLY and progress.ran(FORECAST_STEP) and not rows:
                console.print("[yellow]No forecast was issued: weather models tells whether a target has a champion.")
        simulated = lake.is_simulated()
    if progress.ran(TRAIN_STEP):
        table.add_row(TRAIN_STEP, "", *_spent(progress, TRAIN_STEP))
    console.print(table)
    if simulated:
        console.print("[yellow]The readings of this lake are SIMULATED (모의 자료).")


def _spent(progress: StepProgress, step: str) -> tuple[str, str]:
    """Seconds and failures of a step, blank where it did not run."""
    if not progress.ran(step):
        return "", ""
    return f"{progress.seconds.get(step, 0.0):.1f}", str(progress.failures[step])
