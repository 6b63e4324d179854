"""A home on a clock that is set: its schedules and sensors are ticked, and what they ask for is run.

Belongs here: what a day of the platform is, for replays. Does not: which days, and what is told of them.
"""

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.definitions.selector import InstigatorSelector
from dagster._core.definitions.sensor_definition import SensorExecutionData
from dagster._core.scheduler.instigation import TickData, TickStatus
from measuring import peak_mib

from weather_assets import clock
from weather_assets.automation.instance import open_instance
from weather_assets.automation.jobs import EVALUATE_JOB, TRAIN_JOB
from weather_assets.clock import KST
from weather_assets.definitions import build_definitions
from weather_assets.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
NEVER = datetime.max.replace(tzinfo=UTC)
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


def set_clock(instant: datetime) -> None:
    """Let the platform take this for the present."""
    clock.now = lambda: instant
