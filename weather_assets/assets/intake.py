"""Readings from the provider into a raw table: the same for every kind of reading.

Belongs here: ask for what is missing, append what is new, tell how much. Does not: which asset, table or partitions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import dagster as dg
import pyarrow as pa

from weather_assets import clock
from weather_assets.assets.describe import row_metadata
from weather_assets.assets.failures import retried_if_transient
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import window_of
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.ingest import append_readings, count_corrections
from weather_assets.lake.missing import missing_stretches, note_absences
from weather_assets.sources.protocol import (
    Answer,
    CountedSource,
    Observer,
    Progress,
    ReadingsSource,
    Series,
    Stretch,
    whole,
)

TOLD_EVERY = timedelta(seconds=3)
"""How often a long fetch says how far it has come."""


class IntakeConfig(dg.Config):
    """Configuration of a load."""

    refetch: bool = False
    """Ask a service again for what the lake holds already, to see corrections; else only for what is missing."""


@dataclass
class Intake:
    """Readings of one series on their way into its raw table: each answer is appended when it comes.

    So whatever ends a fetch, a spent quota as well as SIGKILL, what came before is kept and is not asked for again.
    """

    store: LakeStore
    table: TableContract
    series: Series
    station_ids: tuple[int, ...]
    received: int = 0
    appended: int = 0
    corrections: int = 0

    @property
    def described(self) -> str:
        """How much came and what of it was news."""
        news = f"{self.appended:,} of them new or changed, {self.corrections:,} corrections"
        return f"{self.received:,} rows received, {news}"

    def run(self, source: ReadingsSource, start: datetime, end: datetime, *, refetch: bool, observe: Observer) -> None:
        """Take in start <= time < end. Raises what the source raises."""
        if not isinstance(source, CountedSource):
            self._keep(source, self._all_of(source, start, end))
            return
        wanted = whole(self.station_ids, start, end) if refetch else self._missing(source, start, end)
        for answer in source.answers(self.series, wanted, observe):
            self._keep(source, answer)

    def _all_of(self, source: ReadingsSource, start: datetime, end: datetime) -> Answer:
        """All of a source that is at hand, in one piece: reading it again costs less than asking what is missing."""
        tables = self.series.read(source, self.station_ids, start, end)
        return Answer(self.station_ids, start, end, pa.concat_tables([self.series.schema.empty_table(), *tables]))

    def _missing(self, source: ReadingsSource, start: datetime, end: datetime) -> list[Stretch]:
        with self.store.writer() as lake:
            found = missing_stretches(lake, self.table, source.name, self.station_ids, start, end)
        return [Stretch(*stretch) for stretch in found]

    def _keep(self, source: ReadingsSource, answer: Answer) -> None:
        now, of_answer = clock.now(), (answer.station_ids, answer.start, answer.end)
        with self.store.writer() as lake:
            lake.claim(simulated=source.simulated)
            appended = append_readings(lake, source.name, answer.table, *of_answer, table=self.table, fetched_at=now)
            self.corrections += count_corrections(lake, self.table, now) if appended else 0
            if isinstance(source, CountedSource):
                delivered = answer.table.column("station_id").unique().to_pylist()
                note_absences(lake, self.table, source.name, *of_answer, delivered=delivered, asked_at=now)
        self.received += answer.table.num_rows
        self.appended += appended


def take_in(
    context: dg.AssetExecutionContext,
    config: IntakeConfig,
    lake: LakeStore,
    readings: Readings,
    table: TableContract,
    series: Series,
) -> dg.MaterializeResult[None]:
    """Load the partitions of this run, as far as they can be published by now, and append what says something new.

    A failure of the source that may pass is retried (see `retried_if_transient`); what came before it is kept.
    """
    start, end = window_of(context)
    end = min(end, clock.now() - clock.PUBLICATION_DELAY)
    intake = Intake(lake, table, series, readings.station_ids)
    with retried_if_transient(context):
        source = readings.source()
        try:
            if start < end:
                intake.run(source, start, end, refetch=config.refetch, observe=_teller(context.log.info))
        finally:
            context.log.info(f"{source.name}: {intake.described}")
    with lake.writer() as opened:
        snapshot = opened.snapshot()
    more = {"calls_today": _usage(source)} if isinstance(source, CountedSource) else {}
    metadata = row_metadata(intake.received, snapshot, appended=intake.appended, corrections=intake.corrections, **more)
    return dg.MaterializeResult(metadata=metadata)


def _teller(say: Callable[[str], None]) -> Observer:
    """Tells of the first call, of the last one and, in between, now and then."""
    told_at = clock.now()

    def tell(progress: Progress) -> None:
        nonlocal told_at
        is_end = progress.calls_done in {1, progress.calls_planned}
        if is_end or clock.now() - told_at >= TOLD_EVERY:
            told_at = clock.now()
            say(f"{progress.provider}: {progress.calls_done:,} of {progress.calls_planned:,} calls made")

    return tell


def _usage(source: CountedSource) -> str:
    """Today's calls in words, of the providers that were sent some."""
    usages = [usage for usage in source.usage() if usage.spent]
    return ", ".join(f"{usage.provider} {usage.spent:,} of {usage.allowed:,}" for usage in usages) or "none"
