"""The `weather` command: what can be asked of the platform. What a command does is in `commands/`."""

import sys
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console

from weather_assets.clock import kst_date, now, parse_day, parse_instant
from weather_assets.commands.span import FIRST_DAILY_VALUE, FIRST_HOURLY_DAY, Layer, Span
from weather_assets.errors import UsageError, WeatherError
from weather_assets.settings import load_settings

app = typer.Typer(
    name="weather",
    help="Weather-station readings into forecasts people can trust. Settings come from WEATHER_* variables or .env.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
MAX_LEAD_H = 48

out = Console()
log = Console(stderr=True)

From = Annotated[str, typer.Option("--from", metavar="DATE", help="First day (KST), YYYY-MM-DD.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="Last day (KST), YYYY-MM-DD.")]
Source = Annotated[
    str | None,
    typer.Option(metavar="SOURCE", help="simulator, csv:DIR, kma_api_hub or data_go_kr; else WEATHER_SOURCE."),
]
Stations = Annotated[
    str | None, typer.Option(metavar="IDS", help="Station numbers such as 108,129; else WEATHER_STATIONS.")
]
Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="NAME", help="Target, may be repeated; without it all targets.")
]
DagsterPort = Annotated[int, typer.Option(help="Port of Dagster.")]
MlflowPort = Annotated[int, typer.Option(help="Port of MLflow.")]
AppPort = Annotated[int, typer.Option(help="Port of the app.")]
ApiPort = Annotated[int, typer.Option(help="Port of the HTTP API.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only, on standard output.")]


def _day(option: str, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _span(first: str, last: str, earliest: date = FIRST_HOURLY_DAY) -> Span:
    return Span(_day("--from", first), _day("--to", last), earliest=earliest)


def _through(option: str, text: str) -> Span:
    day = _day(option, text)
    return Span(day, day, options=(option, option))


def _targets(names: list[str] | None) -> list[str]:
    """Return the targets named, none where none was; raises UsageError for an unknown one."""
    from weather_assets.forecasting.targets import TARGETS

    for name in names or []:
        if name not in TARGETS:
            message = f"--target {name} is unknown; choose among {', '.join(TARGETS)}"
            raise UsageError(message)
    return names or []


@app.command()
def backfill(
    first: From,
    last: To,
    source: Source = None,
    stations: Stations = None,
    through: Annotated[Layer, typer.Option(help="Last layer to bring up to date.")] = Layer.FORECAST,
    train: Annotated[bool, typer.Option("--train/--no-train", help="Train models; else use the champions.")] = True,
    refetch: Annotated[
        bool, typer.Option("--refetch", help="Ask a service for all readings again, to see corrections.")
    ] = False,
) -> None:
    """Bring the graph up to date for a range of days: one run per partition scheme, in order.

    A service is asked only for readings that the lake lacks, so a range that broke off goes on where it was. Hourly
    readings begin in 2000, daily values in 1907. Models are trained through the end of the range and forecasts issued
    from its last hour.

    Example: weather backfill --from 2010-01-01 --to 2021-12-31 --source csv:readings --stations 108
    """
    from weather_assets.commands import backfill as command

    settings = load_settings(source=source, stations=stations)
    span = _span(first, last, FIRST_DAILY_VALUE)
    command.backfill(settings, span, through, train=train, refetch=refetch, console=log)


@app.command()
def replay(
    first: From,
    last: To,
    stations: Stations = None,
    retrain_every: Annotated[str, typer.Option(metavar="DAYS", help="How long a model is used, such as 90d.")] = "90d",
) -> None:
    """Issue the past's forecasts honestly, with models trained only before them, and score them.

    Example: weather replay --from 2021-01-01 --to 2021-03-31 --retrain-every 90d
    """
    from weather_assets.commands import backfill as command

    days = retrain_every.removesuffix("d")
    if not days.isdecimal() or int(days) < 1:
        message = f"--retrain-every {retrain_every} is not a number of days; write for example 90d"
        raise UsageError(message)
    command.replay(load_settings(stations=stations), _span(first, last), int(days), console=log)


@app.command()
def train(
    target: Targets = None,
    through: Annotated[str | None, typer.Option(metavar="DATE", help="Last day to learn from; else today.")] = None,
    estimator: Annotated[str | None, typer.Option(help="How the model is made; else the usual of its kind.")] = None,
) -> None:
    """Train the targets on the readings up to a day, gate them and register what passes.

    Example: weather train --target air_temperature_c --through 2020-12-31
    """
    from weather_assets.commands import backfill as command

    last = through or str(kst_date(now()))
    command.train(load_settings(), _targets(target), _through("--through", last), console=log, estimator=estimator)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT on the lake's tables.")], as_json: AsJson = False
) -> None:
    """Run a read-only query on the lake.

    Example: weather sql "SELECT station_id, max(observed_at) FROM clean.asos_hourly GROUP BY 1"

    Which readings were rejected last week, and why:
    weather sql "FROM clean.rejections WHERE observed_at > now() - INTERVAL 7 DAY ORDER BY observed_at"
    """
    from weather_assets.commands.query import query as command

    command(load_settings(), query, as_json=as_json, console=out)


@app.command()
def evaluate(
    first: From,
    last: To,
    target: Targets = None,
    train_through: Annotated[
        str | None, typer.Option(metavar="DATE", help="One model trained up to this day; else retrained in blocks.")
    ] = None,
    leads: Annotated[str, typer.Option(metavar="HOURS", help="Lead hours to show.")] = "1,6,24,48",
    stations: Stations = None,
    as_json: AsJson = False,
) -> None:
    """Score forecasts on days that the model never saw, beside persistence, climatology and ridge.

    Example: weather evaluate --from 2021-01-01 --to 2021-12-31 --train-through 2020-12-31 --json
    """
    from weather_assets.commands.evaluate import evaluate as command

    until = _through("--train-through", train_through) if train_through else None
    command(
        load_settings(stations=stations),
        _targets(target),
        _span(first, last),
        until,
        _leads(leads),
        console=out,
        progress=log,
        as_json=as_json,
    )


@app.command()
def forecast(
    station: Annotated[int | None, typer.Option(help="Station number; else the first of WEATHER_STATIONS.")] = None,
    at: Annotated[str | None, typer.Option(metavar="ISO8601", help="The forecast that stood at this instant.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the latest forecast, or the one that stood at an instant, in words and numbers.

    Example: weather forecast --station 108
    """
    from weather_assets.commands.forecast import show_forecast

    settings = load_settings()
    show_forecast(settings, station or settings.stations[0], _instant("--at", at), as_json=as_json, console=out)


@app.command()
def models(as_json: AsJson = False) -> None:
    """List the registered versions of every target and who is champion.

    Example: weather models --json
    """
    from weather_assets.commands.models import show_models

    show_models(load_settings(), as_json=as_json, console=out)


Target = Annotated[str, typer.Argument(help="Target, such as air_temperature_c.")]


@app.command()
def promote(target: Target, version: Annotated[int, typer.Argument(help="Number of the version.")]) -> None:
    """Make a registered version the champion.

    Example: weather promote air_temperature_c 3
    """
    from weather_assets.commands import models as command

    command.promote(load_settings(), _targets([target])[0], version, out)


@app.command()
def rollback(target: Target) -> None:
    """Make the previous champion champion again.

    Example: weather rollback air_temperature_c
    """
    from weather_assets.commands import models as command

    command.roll_back(load_settings(), _targets([target])[0], out)


@app.command()
def reproduce(target: Target, version: Annotated[int, typer.Argument(help="Number of the version.")]) -> None:
    """Train a version again from the snapshot of the lake that it names and compare the forecasts bit for bit.

    Example: weather reproduce air_temperature_c 3
    """
    from weather_assets.commands.reproduce import show_reproduction

    show_reproduction(load_settings(), _targets([target])[0], version, console=out, progress=log)


@app.command()
def why(
    asset: Annotated[str, typer.Argument(help="Asset, such as clean/asos_hourly.")],
    day: Annotated[str | None, typer.Argument(metavar="[DAY]", help="Day (KST), or target of models/trained.")] = None,
) -> None:
    """Tell why an asset is stale, failed, skipped or missing, and what to do.

    Example: weather why features/hourly 2021-12-31
    """
    from weather_assets.commands import why as command

    command.show(asset, day, command.explain(load_settings(), asset, day), out)


@app.command()
def doctor() -> None:
    """Check settings, keys (never printed), lake, MLflow, Dagster and source; say what to do.

    Example: weather doctor
    """
    from weather_assets.commands import doctor as command

    command.show(command.diagnose(load_settings()), out)


@app.command()
def up(
    dagster_port: DagsterPort = 3000,
    mlflow_port: MlflowPort = 5000,
    app_port: AppPort = 8501,
    api_port: ApiPort = 8000,
) -> None:
    """Serve Dagster, MLflow, the app and the HTTP API until Ctrl-C, all on 127.0.0.1.

    Example: weather up --dagster-port 3001
    """
    from weather_assets.commands.serve import up as command
    from weather_assets.commands.services import Ports

    command(load_settings(), log, Ports(dagster_port, mlflow_port, app_port, api_port))


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve everything afterwards.")] = True,
) -> None:
    """Run the whole graph on simulated stations, show the forecast and its skill, then serve.

    Example: weather demo --no-serve
    """
    from weather_assets.commands import demo as command
    from weather_assets.commands.serve import refuse_taken
    from weather_assets.commands.serve import up as serve_all
    from weather_assets.commands.services import Ports

    settings = command.demo_settings()
    if serve:
        refuse_taken(Ports())  # told now, not after minutes of work
    command.demo(settings, console=out)
    if serve:
        serve_all(settings, log)


@app.command()
def maintain() -> None:
    """Keep the lake, Dagster's books and MLflow small: merge, expire, prune. Runs weekly by itself.

    Example: weather maintain
    """
    from weather_assets.commands import maintain as command

    command.maintain(load_settings(), console=out, progress=log)


@app.command("kma-service")
def kma_service(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8900,
    source: Source = None,
    key: Annotated[str, typer.Option(help="Key that callers must give; it protects nothing.")] = "local-key",
    fault: Annotated[
        list[str] | None, typer.Option(metavar="FAULT", help="Such as quota:endpoint=kma_sfctm3,times=always.")
    ] = None,
    starts_at: Annotated[
        str | None, typer.Option(metavar="ISO8601", help="Where the service's clock begins, for files of the past.")
    ] = None,
) -> None:
    """Serve simulated or CSV readings in the formats of data.go.kr and the KMA API hub, to try clients without a key.

    Example: weather kma-service --port 8900 --source csv:readings --starts-at 2021-12-31T12:00
    """
    from weather_assets.sources.choice import make_source
    from weather_assets.sources.kma_service import run_service

    run_service(
        make_source(load_settings(source=source)),
        port=port,
        key=key,
        announce=log.print,
        faults=fault or [],
        starts_at=_instant("--starts-at", starts_at),
    )


def _instant(option: str, text: str | None) -> datetime | None:
    try:
        return parse_instant(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _leads(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and 1 <= int(part) <= MAX_LEAD_H for part in parts):
        message = f"--leads {text}: write whole hours from 1 to {MAX_LEAD_H}, for example 1,6,24,48"
        raise UsageError(message)
    return [int(part) for part in parts]


def main() -> None:
    """Entry point: errors a user can mend become one line on standard error; 1 failed, 2 wrong usage or settings."""
    try:
        app()
    except UsageError as error:
        log.print(f"weather: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(2)
    except WeatherError as error:
        log.print(f"weather: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
