"""`weather evaluate`: scores on hours that the model never saw, beside the baselines. Writes nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from weather_assets.commands.output import print_json
from weather_assets.commands.span import Span
from weather_assets.errors import TooFewReadingsError, WeatherError
from weather_assets.forecasting.dataset import newest_reading
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

_SHOWN = ("rmse", "rmse_persistence", "rmse_climatology", "rmse_ridge", "bias", "crps", "coverage_50", "coverage_80")


def evaluate(
    settings: Settings,
    targets: Sequence[str],
    span: Span,
    train_through: Span | None,
    leads: Sequence[int],
    *,
    console: Console,
    progress: Console,
    as_json: bool,
) -> None:
    """Print one row per target, station and lead, and one for the mean over all leads.

    Where none is named all targets are scored, and one with too few readings is left out, which `progress` tells.
    Raises TooFewReadingsError for one that was named, or where nothing is left.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=progress, transient=True) as bar:
        task = bar.add_task("reading the lake", total=None)

        def say(text: str) -> None:
            bar.update(task, description=text)

        rows, error = list[dict[str, Any]](), None
        for target in targets or TARGETS:
            try:
                rows += _scores(settings, target, span, train_through, leads, say)
            except TooFewReadingsError as raised:
                if targets:
                    raise
                progress.print(f"[yellow]{target} is left out: {raised}")
                error = raised
    if error is not None and not rows:
        raise error
    if as_json:
        print_json(console, rows)
    else:
        console.print(_table(rows))


def _scores(
    settings: Settings,
    name: str,
    span: Span,
    train_through: Span | None,
    leads: Sequence[int],
    say: Callable[[str], None],
) -> list[dict[str, Any]]:
    from weather_assets.forecasting.backtest import backtest, backtest_data
    from weather_assets.forecasting.evaluation import evaluation_rows

    target = TARGETS[name]
    with open_lake(settings, read_only=True) as lake:
        if newest_reading(lake) < span.start:
            message = f"no readings from {span.first} on to score against; load them with weather backfill"
            raise WeatherError(message)
        features, observations = backtest_data(lake, target, span.end)
    through = train_through.last_reading if train_through else None
    scored = backtest(target, features, observations, span.start, span.end, train_through=through, progress=say)
    # The leads asked for are hours; of days and blocks there are few.
    shown = leads if target.kind == "hourly" else target.leads
    rows = evaluation_rows(target, scored, shown, span.start, span.end)
    days = {"from": span.first.isoformat(), "to": span.last.isoformat()}
    return [row | days for row in rows if row["station_id"] in settings.stations]


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table("target", "station", "lead", title="Scores on hours the model never saw")
    for name in ("n", *_SHOWN):
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        lead = "mean of all" if row["lead_hours"] is None else f"{row['lead_hours']} h"
        table.add_row(
            row["target"], str(row["station_id"]), lead, f"{row['n']:,}", *(f"{row[name]:.3f}" for name in _SHOWN)
        )
    return table
