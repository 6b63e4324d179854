"""A span of real readings lived through by the platform's own schedules and sensors, on a clock that is set. Markdown.

python benchmarks/replay_year.py --data ../shared/data --home /somewhere/new --from 2021-01-01 --to 2021-12-31

Readings come from files as if from a service: at each moment those that were published by then. Before the span
`--history-days` of readings are loaded. A day has its night's and morning's schedules and the hourly cycle at
`--hours`, 05:12 alone by default (what the other hours brought is fetched by the schedule of 11:00); in the first
`--hourly-days` the hourly cycle runs every hour. Every sensor ticks in each lull after a run, until none asks for more.
Evaluations, whose tables nothing else is made from, run one by one in processes of their own while life goes on, and
read the lake as it is when their turn comes; those that had not ended when it was stopped run again.
With `--degrade TARGET` the champion of the target is one that was trained on shuffled observations and promises what an
honest one does: its skill is lost from the first day on. `--webhook URL` is told what people would be told.
What was stopped goes on when it is called again with the same home: with the day after the last whole one. The
day in which it was stopped is lived again, and what it had done by then stays; ask for the same span as before.
To look at it, serve the home with dagster-webserver alone: a daemon would tidy away ticks that are that old.
"""

import argparse
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._utils.schedules import schedule_execution_time_iterator
from life import Life, processes_beside, set_clock
from replay_report import tell
from spoilt_champion import degrade

from weather_assets.assets import resources as resources_module
from weather_assets.automation import maintenance as maintenance_module
from weather_assets.automation.instance import open_instance
from weather_assets.automation.jobs import (
    DAILY_FEATURES_JOB,
    DAILY_JOB,
    HOURLY_JOB,
    LOAD_JOBS,
    PM10_JOB,
)
from weather_assets.automation.runs import Runner
from weather_assets.clock import DAY, KST, kst_midnight
from weather_assets.settings import Settings
from weather_assets.sources.kma_csv import KmaCsvSource

SHORT_LULL, LONG_LULL = timedelta(minutes=30), DAY
"""Without a schedule for so long the sensors have their turn: hour by hour, and on a plain day."""


def take_snapshots_for_old(life: Life) -> None:
    """Snapshots bear the real time, so by the clock that is set maintenance would keep them all.

    While evaluations read it keeps them, for they would lose the files under their hands.
    """
    tidy = maintenance_module.tidy
    maintenance_module.tidy = lambda lake, pinned, _, **more: tidy(
        lake, pinned, datetime.now(UTC) + (0 if life.is_evaluating else 30) * DAY, **more
    )


def main() -> None:
    """Live through the span and tell what came of it."""
    asked = arguments()
    source = KmaCsvSource(asked.data)
    resources_module.make_source = lambda _: source
    settings = Settings(
        _env_file=None,
        home=asked.home,
        source="kma_api_hub",
        stations=(108,),
        alert_webhook_url=asked.webhook,
    )
    with processes_beside() as beside, open_instance(settings.home) as instance:
        set_clock(kst_midnight(asked.first) + timedelta(minutes=5))
        life = Life(settings, instance, beside)
        take_snapshots_for_old(life)
        if life.lived_through is None:
            load_history(Runner(life.definitions, instance), asked.first - asked.history_days * DAY, asked.first - DAY)
            if asked.degrade:
                degrade(life, asked.degrade)
        for day in days(asked.first if life.lived_through is None else life.lived_through + DAY, asked.last):
            hour_by_hour = (day - asked.first).days < asked.hourly_days
            due = ticks(life, day, range(24) if hour_by_hour else asked.hours)
            life.live_through(due, SHORT_LULL if hour_by_hour else LONG_LULL)
            life.end_day(day)
        life.take_evaluations(is_end=True)
        life.write_down()
    tell(life, asked.first, asked.last)


def load_history(runner: Runner, first: date, last: date) -> None:
    """Everything up to features, as `weather backfill --through features` does."""
    runner.days(LOAD_JOBS["features"], first, last)
    runner.years(DAILY_JOB, first.year, last.year)
    runner.days(PM10_JOB, first, last)
    runner.days(DAILY_FEATURES_JOB, first, last)


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Live through a span of real readings", allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    parser.add_argument("--history-days", type=int, default=3 * 365)
    parser.add_argument("--hourly-days", type=int, default=14)
    parser.add_argument("--hours", type=int, nargs="+", default=[5], metavar="HOUR", help="KST, of a plain day")
    parser.add_argument("--degrade", metavar="TARGET")
    parser.add_argument("--webhook", metavar="URL")
    return parser.parse_args()


def days(first: date, last: date) -> Iterator[date]:
    """Every day of a span."""
    return (first + n * DAY for n in range((last - first).days + 1))


def ticks(life: Life, day: date, hours: Collection[int]) -> list[tuple[datetime, dg.ScheduleDefinition]]:
    """The ticks of a day in order of time, of the hourly cycle those of some hours."""
    start, end = kst_midnight(day), kst_midnight(day + DAY)
    found = []
    for definition in life.repository.schedule_defs:
        for due in schedule_execution_time_iterator(
            start.timestamp(), definition.cron_schedule, definition.execution_timezone
        ):
            if due >= end:
                break
            if definition.job_name != HOURLY_JOB or due.astimezone(KST).hour in hours:
                found.append((due, definition))
    return sorted(found, key=lambda pair: pair[0])


if __name__ == "__main__":
    main()
