"""The whole graph on a small home: a provider that reads from a script, a clock that is set, ticks and runs by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa

from weather_assets.assets.resources import LakeStore
from weather_assets.automation.days import range_tags
from weather_assets.automation.jobs import all_jobs
from weather_assets.automation.maintenance import compaction, maintenance
from weather_assets.automation.rebuild import rebuild
from weather_assets.clock import KST
from weather_assets.definitions import ASSETS, SCHEDULES, SENSORS
from weather_assets.forecasting.issue import keep
from weather_assets.forecasting.registry import Version
from weather_assets.settings import Settings
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA
from weather_assets.tables import FORECAST_HOURLY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Built = Mapping[str, Sequence[str]]
"""Days of March 2021 that a run built, by table: {"clean/asos_hourly": ["11", "12"]}."""


_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of March 2021 in Korea; day 0 is the last of February."""
    return datetime(2021, 3, 1, hour, minute, tzinfo=KST) + (day - 1) * DAY


@dataclass
class ScriptedSource:
    """A provider with a reading for every hour, but those lost; failures are raised first, one per question."""

    changed: dict[tuple[int, datetime], str] = field(default_factory=dict)
    lost: set[tuple[int, datetime]] = field(default_factory=set)
    failures: list[Exception] = field(default_factory=list)
    asked: list[tuple[str, datetime | date, datetime | date]] = field(default_factory=list)
    name = "data_go_kr"
    simulated = False

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        self._answer("asos_hourly", start, end)
        hours = [start + n * HOUR for n in range(-(-(end - start) // HOUR))]
        keys = [(s, hour) for hour in hours for s in station_ids if (s, hour) not in self.lost]
        texts = [self.changed.get(key, f"{(key[1].day + key[1].hour) % 20}.5") for key in keys]
        columns: dict[str, Any] = {name: [None] * len(keys) for name in RAW_HOURLY_SCHEMA.names}
        columns |= {"station_id": [s for s, _ in keys], "observed_at": [hour for _, hour in keys], "ta": texts}
        yield pa.table(columns, schema=RAW_HOURLY_SCHEMA)

    def asos_daily(self, _: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        self._answer("asos_daily", start, end)
        yield RAW_DAILY_SCHEMA.empty_table()

    def pm10_hourly(self, _: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        self._answer("pm10_hourly", start, end)
        yield RAW_PM10_SCHEMA.empty_table()

    def _answer(self, question: str, start: datetime | date, end: datetime | date) -> None:
        self.asked.append((question, start, end))
        if self.failures:
            raise self.failures.pop(0)


@dataclass(frozen=True)
class ScriptedReadings:
    """Stands for the resource of the same use."""

    settings: Settings
    provider: ScriptedSource

    @property
    def station_ids(self) -> tuple[int, ...]:
        return self.settings.stations

    def source(self) -> ScriptedSource:
        return self.provider


@dataclass
class ScriptedRegistry:
    """Versions by target; stands for MLflow, which takes seconds to import."""

    of: dict[str, list[Version]] = field(default_factory=dict)

    def registry(self) -> "ScriptedRegistry":
        return self

    def exists(self) -> bool:
        return bool(self.of)

    def versions(self, target: str) -> list[Version]:
        return self.of.get(target, [])

    def with_alias(self, target: str, alias: str) -> Version | None:
        return next((version for version in self.versions(target) if alias in version.aliases), None)


class World:
    """A home, its Dagster instance and what stands outside: provider, registry, the time."""

    def __init__(self, home: Path, instance: dg.DagsterInstance, settings: Mapping[str, Any]) -> None:
        self.now = at(20, 12, 30)
        self.instance = instance
        self.settings = Settings(_env_file=None, home=home, **{"source": "data_go_kr", **settings})
        self.source = ScriptedSource()
        self.registry = ScriptedRegistry()
        self.cursor: str | None = None
        self.store = LakeStore(self.settings)
        self.resources = {
            "lake": self.store,
            "readings": ScriptedReadings(self.settings, self.source),
            "tracking": self.registry,
        }
        self.repository = dg.Definitions(
            assets=ASSETS,
            jobs=[*all_jobs(), rebuild, compaction, maintenance],
            schedules=SCHEDULES,
            sensors=SENSORS,
            resources=self.resources,
            executor=dg.in_process_executor,
        ).get_repository_def()

    # -- what people and the daemon do ------------------------------------------------------------------------------

    def run_days(self, job: str, first: int, last: int) -> str:
        """Run a job over days of March 2021, as the command line does."""
        return self.run(job, dg.RunRequest(tags=range_tags(f"{at(first):%Y-%m-%d}", f"{at(last):%Y-%m-%d}")))

    def build(self, first: int, last: int) -> None:
        """Load the days and build every table that is made of readings."""
        self.run_days("load_through_features", first, last)
        self.run_days("verify", first, last)

    def run(self, job: str, request: dg.RunRequest) -> str:
        """Execute a requested run in this process, a minute after what was done before; returns its id."""
        self.now += timedelta(minutes=1)
        tags = {**request.tags, **({"dagster/run_key": request.run_key} if request.run_key else {})}
        result = self.repository.get_job(request.job_name or job).execute_in_process(
            instance=self.instance,
            tags=tags,
            run_config={**_QUIET, **request.run_config},
            partition_key=request.partition_key,
            raise_on_error=False,
        )
        return result.run_id

    def schedule(self, name: str, due: datetime | None = None) -> list[dg.RunRequest] | str:
        """One tick of a schedule: what it requests, or its words for requesting nothing."""
        with dg.build_schedule_context(
            scheduled_execution_time=due or self.now, resources=self.resources, repository_def=self.repository
        ) as context:
            answer = self.repository.get_schedule_def(name).evaluate_tick(context)
        return list(answer.run_requests or []) or str(answer.skip_message)

    def corrections(self) -> list[dg.RunRequest] | str:
        """One tick of the sensor, which keeps its cursor and starts no two runs of one key, as the daemon sees to."""
        with dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, resources=self.resources, repository_def=self.repository
        ) as context:
            answer = self.repository.get_sensor_def("corrections").evaluate_tick(context)
        self.cursor = answer.cursor
        return [request for request in answer.run_requests or [] if self._is_new(request)] or str(answer.skip_message)

    def _is_new(self, request: dg.RunRequest) -> bool:
        return not self.instance.get_runs(dg.RunsFilter(tags={"dagster/run_key": str(request.run_key)}))

    # -- what came of it --------------------------------------------------------------------------------------------

    def built(self, run_id: str) -> Built:
        """Partitions that a run reports as made, by table, as days of the month."""
        made: dict[str, list[str]] = {}
        for entry in self.instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION):
            event = entry.get_dagster_event()
            assert event.asset_key is not None
            assert event.partition is not None
            made.setdefault("/".join(event.asset_key.path), []).append(event.partition.removeprefix("2021-03-"))
        return made

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Answer of the lake."""
        with self.store.reader() as lake:
            assert lake is not None
            return lake.query(query).fetchall()

    def day_hashes(self, table: str, time: str) -> dict[int, int]:
        """A number per day of the month that changes when any of its rows does."""
        query = (
            f"SELECT day({time}), bit_xor(hash(t)) FROM lake.{table} AS t WHERE month({time}) = 3 GROUP BY 1 ORDER BY 1"
        )
        return dict(self.rows(query))

    def issue(self, *issued_hours: datetime, station_id: int = 108) -> None:
        """Put live forecasts of 48 hours into the lake, as a champion would have issued them."""
        keys = [(hour, lead) for hour in issued_hours for lead in range(1, 49)]
        columns: dict[str, Any] = {
            "target": ["air_temperature_c"] * len(keys),
            "station_id": [station_id] * len(keys),
            "issued_at": [hour + timedelta(minutes=10) for hour, _ in keys],
            "valid_at": [hour + lead * HOUR for hour, lead in keys],
            "lead_hours": [lead for _, lead in keys],
            **{f"p{level}": [10.0 + level / 10] * len(keys) for level in (10, 25, 50, 75, 90)},
            "model_version": ["1"] * len(keys),
            "role": ["champion"] * len(keys),
            "kind": ["live"] * len(keys),
            "climatology": [9.0] * len(keys),
            "quantiles": [[10.0 + n / 2 for n in range(1, 20)]] * len(keys),
        }
        with self.store.writer() as lake:
            keep(lake, pa.table({name: columns[name] for name in FORECAST_HOURLY.column_names}))
