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
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.definitions.selector import InstigatorSelector
from dagster._core.definitions.sensor_definition import SensorExecutionData
from dagster._core.scheduler.instigation import TickData, TickStatus
from dagster._utils.schedules import schedule_execution_time_iterator
from measuring import peak_mib

from weather_assets import clock
from weather_assets.assets import models as models_module
from weather_assets.assets import resources as resources_module
from weather_assets.automation import maintenance as maintenance_module
from weather_assets.automation.instance import open_instance
from weather_assets.automation.jobs import (
    DAILY_FEATURES_JOB,
    DAILY_JOB,
    EVALUATE_JOB,
    HOURLY_JOB,
    LOAD_JOBS,
    PM10_JOB,
    TRAIN_JOB,
)
from weather_assets.automation.runs import Runner
from weather_assets.clock import DAY, KST, kst_midnight
from weather_assets.definitions import build_definitions
from weather_assets.forecasting.by_hand import promote_by_hand
from weather_assets.forecasting.dataset import TrainingData
from weather_assets.forecasting.registry import PREVIOUS, SCORE_TAG, SKILL_TAG, Registry
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.kma_csv import KmaCsvSource

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
NEVER = datetime.max.replace(tzinfo=UTC)
SHORT_LULL, LONG_LULL = timedelta(minutes=30), DAY
"""Without a schedule for so long the sensors have their turn: hour by hour, and on a plain day."""
MOST_CAUSED = 20
"""Runs that one tick may lead to, by way of sensors, before something is called a loop."""


@dataclass(frozen=True)
class Evaluation:
    """What is asked of a process beside, and when (ISO 8601)."""

    partition_key: str | None
    tags: Mapping[str, str]
    asked_at: str


def evaluate_beside(settings: Settings, asked: Evaluation) -> tuple[bool, float]:
    """Run an evaluation by the clock as it was; whether it succeeded, and the most memory (MiB) of this process."""
    set_clock(datetime.fromisoformat(asked.asked_at))
    repository = build_definitions(settings).get_repository_def()
    request = dg.RunRequest(partition_key=asked.partition_key, tags=dict(asked.tags))
    with open_instance(settings.home) as instance:
        return execute(repository, instance, request, EVALUATE_JOB), peak_mib()


def execute(
    repository: dg.RepositoryDefinition, instance: dg.DagsterInstance, request: dg.RunRequest, job_name: str
) -> bool:
    """Run what was asked for in this process; whether it succeeded."""
    result = repository.get_job(job_name).execute_in_process(
        instance=instance,
        tags=dict(request.tags),
        run_config={**QUIET, **request.run_config},
        partition_key=request.partition_key,
        raise_on_error=False,
    )
    return result.success


@contextmanager
def processes_beside() -> Iterator[ProcessPoolExecutor]:
    """Where evaluations run, each in a process of its own, for its memory to be free again and its lake closed."""
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass
class Life:
    """A home on a clock that is set: its schedules and sensors are ticked and what they ask for is run."""

    settings: Settings
    instance: dg.DagsterInstance
    beside: ProcessPoolExecutor
    evaluating: list[tuple[Evaluation, Future[tuple[bool, float]]]] = field(default_factory=list)
    cursors: dict[str, str | None] = field(default_factory=dict)
    run_keys: set[str] = field(default_factory=set)
    succeeded: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    seconds: float = 0.0
    peak_gib: float = 0.0
    peak_beside_gib: float = 0.0
    lived_through: date | None = None

    def __post_init__(self) -> None:
        """Make the graph once, and go on where a life in this home was stopped."""
        self.definitions = build_definitions(self.settings)
        self.repository = self.definitions.get_repository_def()
        self.resources = dict(self.definitions.resources or {})
        self.began = time.perf_counter()
        if self.book.exists():
            kept = json.loads(self.book.read_text(encoding="utf-8"))
            self.cursors, self.run_keys, self.told = kept["cursors"], set(kept["run_keys"]), kept["told"]
            self.succeeded, self.failed = Counter(kept["succeeded"]), Counter(kept["failed"])
            self.seconds, self.peak_gib = kept["seconds"], kept["peak_gib"]
            self.peak_beside_gib = kept["peak_beside_gib"]
            self.lived_through = date.fromisoformat(kept["lived_through"])
            for asked in kept["evaluating"]:
                self.evaluate(Evaluation(**asked))

    @property
    def book(self) -> Path:
        """Where a life is written down day by day."""
        return self.settings.home / "replay.json"

    def end_day(self, day: date) -> None:
        """Note what the day came to."""
        self.take_evaluations()
        self.lived_through = day
        self.write_down()

    def write_down(self) -> None:
        """Keep all that the next day needs."""
        now = time.perf_counter()
        self.seconds, self.began = self.seconds + now - self.began, now
        self.peak_gib = max(self.peak_gib, peak_mib() / 1024)
        names = ("cursors", "told", "succeeded", "failed", "seconds", "peak_gib", "peak_beside_gib")
        kept = {name: getattr(self, name) for name in names} | {"run_keys": sorted(self.run_keys)}
        kept["evaluating"] = [asdict(asked) for asked, _ in self.evaluating]
        written = self.book.with_suffix(".new")
        written.write_text(json.dumps(kept | {"lived_through": str(self.lived_through)}), encoding="utf-8")
        written.replace(self.book)

    def live_through(self, due: Sequence[tuple[datetime, dg.ScheduleDefinition]], lull: timedelta) -> None:
        """Tick the schedules in order and, where something was run and a lull follows, the sensors."""
        is_changed = False
        instants = [instant for instant, _ in due]
        for (instant, definition), following in zip(due, [*instants[1:], NEVER], strict=True):
            is_changed |= self.tick_schedule(definition, instant)
            if is_changed and following - instant > lull:
                self.settle()
                is_changed = False

    def tick_schedule(self, definition: dg.ScheduleDefinition, due: datetime) -> bool:
        """What a schedule does when it is due; whether it ran anything."""
        set_clock(due)
        with dg.build_schedule_context(
            instance=self.instance,
            scheduled_execution_time=due,
            resources=self.resources,
            repository_def=self.repository,
        ) as context:
            # Else each tick opens the instance anew and checks the migrations of its databases.
            context._instance = self.instance  # noqa: SLF001
            requests = list(definition.evaluate_tick(context).run_requests or [])
        for request in requests:
            self.run(request, definition.job_name)
        return bool(requests)

    def settle(self) -> None:
        """Tick every sensor until none asks for a run any more."""
        for _ in range(MOST_CAUSED):
            asked = [pair for sensor in self.repository.sensor_defs for pair in self.tick_sensor(sensor)]
            for request, job_name in asked:
                self.run(request, job_name)
            if not asked:
                return
        raise RuntimeError(f"the sensors ask for runs without end at {clock.now()}")

    def tick_sensor(self, definition: dg.SensorDefinition) -> list[tuple[dg.RunRequest, str]]:
        """The runs that a sensor asks for, each run key once."""
        with dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursors.get(definition.name),
            resources=self.resources,
            repository_def=self.repository,
        ) as context:
            answer = definition.evaluate_tick(context)
        self.cursors[definition.name] = answer.cursor
        words = str(answer.skip_message or "")
        new = [one for one in answer.run_requests or [] if one.run_key is None or one.run_key not in self.run_keys]
        self.run_keys.update(one.run_key for one in new if one.run_key)
        is_news = any(word in words for word in ("raised", "resolved", "drifted", "lost its skill"))
        if is_news:
            self.told.append(f"{clock.now().astimezone(KST):%Y-%m-%d %H:%M} {definition.name}: {words}")
        if is_news or new:
            self.keep_tick(definition.name, answer, new)
        return [(one, definition.job_name) for one in new]

    def keep_tick(self, name: str, answer: SensorExecutionData, new: Sequence[dg.RunRequest]) -> None:
        """Note a tick that told something where the sensor's page in Dagster looks for it."""
        selector = InstigatorSelector(location_name="weather_assets", repository_name=self.repository.name, name=name)
        self.instance.create_tick(
            TickData(
                instigator_origin_id=name,
                instigator_name=name,
                instigator_type=InstigatorType.SENSOR,
                status=TickStatus.SUCCESS if new else TickStatus.SKIPPED,
                timestamp=clock.now().timestamp(),
                end_timestamp=clock.now().timestamp(),
                run_ids=[],
                run_keys=[one.run_key for one in new if one.run_key],
                skip_reason=answer.skip_message,
                cursor=answer.cursor,
                selector_id=selector.get_id(),
            )
        )

    def run(self, request: dg.RunRequest, job_name: str) -> None:
        """Run what was asked for, a minute later."""
        set_clock(clock.now() + timedelta(minutes=1))
        name = request.job_name or job_name
        if name == EVALUATE_JOB:
            self.evaluate(Evaluation(request.partition_key, dict(request.tags), clock.now().isoformat()))
            return
        self.count(name, is_success=execute(self.repository, self.instance, request, name))
        if name == TRAIN_JOB:
            why = request.tags.get("weather/reason", "due")
            self.told.append(f"{clock.now().astimezone(KST):%Y-%m-%d %H:%M} train {request.partition_key}: {why}")

    def count(self, job_name: str, *, is_success: bool) -> None:
        """Note how a run ended."""
        (self.succeeded if is_success else self.failed)[job_name] += 1

    def evaluate(self, asked: Evaluation) -> None:
        """Have it run beside."""
        self.evaluating.append((asked, self.beside.submit(evaluate_beside, self.settings, asked)))

    @property
    def is_evaluating(self) -> bool:
        """Whether any has not ended yet."""
        return any(not future.done() for _, future in self.evaluating)

    def take_evaluations(self, *, is_end: bool = False) -> None:
        """Note how those ended that have; at the end all are waited for."""
        ended = [future for _, future in self.evaluating if is_end or future.done()]
        self.evaluating = [pair for pair in self.evaluating if pair[1] not in ended]
        for future in ended:
            error = future.exception()
            is_success, mib = (False, 0.0) if error else future.result()
            self.count(EVALUATE_JOB, is_success=is_success)
            self.peak_beside_gib = max(self.peak_beside_gib, mib / 1024)
            if error:
                self.told.append(f"an evaluation came to nothing: {error!r}")


def degrade(life: Life, target: str) -> None:
    """Let a model of shuffled observations be champion with the promise of an honest one, as if its file was spoilt."""
    request, registry = dg.RunRequest(partition_key=target), Registry(life.settings)
    life.run(request, TRAIN_JOB)
    honest = registry.versions(target)[0]
    with shuffled_observations():
        life.run(request, TRAIN_JOB)
    spoilt = registry.versions(target)[0]
    registry.tag(spoilt, {name: honest.tags[name] for name in (SKILL_TAG, SCORE_TAG)})
    promote_by_hand(registry, target, spoilt.number)
    # Else the review would go back to the honest one.
    registry.remove_alias(target, PREVIOUS)


@contextmanager
def shuffled_observations() -> Iterator[None]:
    """Whatever is trained inside the block learns from observations of other hours."""
    honest = models_module.training_data

    def shuffled(*args: object, **more: object) -> TrainingData:
        data = honest(*args, **more)
        values = data.observations["value"].sample(frac=1, random_state=1).to_numpy()
        observations = data.observations.assign(value=values)
        return replace(data, observations=observations, fingerprint=f"shuffled {data.fingerprint}")

    models_module.training_data = shuffled
    try:
        yield
    finally:
        models_module.training_data = honest


def take_snapshots_for_old(life: Life) -> None:
    """Snapshots bear the real time, so by the clock that is set maintenance would keep them all.

    While evaluations read it keeps them, for they would lose the files under their hands.
    """
    tidy = maintenance_module.tidy
    maintenance_module.tidy = lambda lake, pinned, _, **more: tidy(
        lake, pinned, datetime.now(UTC) + (0 if life.is_evaluating else 30) * DAY, **more
    )


def set_clock(instant: datetime) -> None:
    """Let the platform take this for the present."""
    clock.now = lambda: instant


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


def tell(life: Life, first: date, last: date) -> None:
    """What came of the span."""
    start, end = kst_midnight(first), kst_midnight(last + DAY)
    with open_lake(life.settings, read_only=True) as lake:
        missed = lake.query(
            "SELECT count(*) FROM generate_series(?::DATE, ?::DATE, INTERVAL 1 DAY) AS t(day) WHERE day::DATE NOT IN "
            "(SELECT CAST(issued_at AS DATE) FROM lake.forecast.hourly WHERE kind = 'live')",
            [first, last],
        ).fetchall()[0][0]
        due = lake.query(
            "SELECT count(*) FROM lake.forecast.hourly AS f JOIN lake.clean.asos_hourly AS c "
            "ON c.station_id = f.station_id AND c.observed_at = f.valid_at WHERE kind = 'live' AND valid_at < ? AND "
            "if(target = 'air_temperature_c', air_temperature_c_flag, relative_humidity_pct_flag) = 'ok'",
            [end],
        ).fetchall()[0][0]
        verified = lake.query(
            "SELECT count(*) FROM lake.monitor.verification WHERE kind = 'live' AND valid_at < ?", [end]
        ).fetchall()[0][0]
        promotions = lake.query(
            "SELECT decision, count(*) FROM lake.monitor.promotion WHERE decided_at >= ? GROUP BY 1 ORDER BY 1", [start]
        ).fetchall()
        changes = lake.query(
            "SELECT strftime(decided_at, '%Y-%m-%d'), target, decision, reason FROM lake.monitor.promotion "
            "WHERE decided_at >= ? AND decision NOT IN ('wait', 'none') ORDER BY ALL",
            [start],
        ).fetchall()
    total = life.succeeded.total() + life.failed.total()
    size = sum(f.stat().st_size for f in (life.settings.home / "data").rglob("*") if f.is_file()) / (1 << 20)
    print(f"| {first} .. {last} | |\n|---|---|")
    print(f"| days without a live forecast | {missed} |")
    print(f"| runs | {total}, {life.succeeded.total() / total:.2%} succeeded |")
    print(f"| succeeded | {', '.join(f'{name} {n}' for name, n in sorted(life.succeeded.items()))} |")
    print(f"| failed | {', '.join(f'{name} {n}' for name, n in sorted(life.failed.items())) or 'none'} |")
    print(f"| hourly forecasts verified | {verified} of {due} due |\n| reviews | {dict(promotions)} |")
    print(f"| wall time | {life.seconds:.0f} s |\n| lake | {size:.0f} MiB |")
    print(f"| peak memory | {life.peak_gib:.1f} GiB, and {life.peak_beside_gib:.1f} GiB of evaluations beside |")
    print("\nChanges of champions and challengers:\n" + "\n".join(f"* {' '.join(change)}" for change in changes))
    print("\nTold:\n" + "\n".join(f"* {line}" for line in life.told))


if __name__ == "__main__":
    main()
