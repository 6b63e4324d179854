"""The `corrections` sensor: readings that came or changed after their day was built have the days built again.

It reads every materialisation of raw/asos_hourly once, by storage id, so nothing is lost while it is off. What an event
says only tells where to look: which days are behind is asked of the lake.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import dagster as dg

from weather_assets.assets.describe import asset_key
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.upkeep import behind
from weather_assets.automation.rebuild import (
    REBUILD_JOB,
    described,
    rebuild_request,
    rebuilds_at_work,
    unfinished,
)
from weather_assets.tables import RAW_ASOS_HOURLY

EVENTS_PER_PAGE = 1000
PAGES_PER_TICK = 10


@dataclass(frozen=True)
class Seen:
    """The cursor: the last event read, and the days of runs that are not decided on, by run id."""

    after: int = 0
    undecided: Mapping[str, tuple[date, date]] = field(default_factory=dict)

    @staticmethod
    def read(cursor: str | None) -> "Seen":
        """From the text that the last tick left."""
        if cursor is None:
            return Seen()
        facts = json.loads(cursor)
        spans = facts["undecided"].items()
        return Seen(facts["after"], {key: (date.fromisoformat(a), date.fromisoformat(b)) for key, (a, b) in spans})

    @property
    def cursor(self) -> str:
        """The text to leave for the next tick."""
        return json.dumps({"after": self.after, "undecided": {k: list(map(str, v)) for k, v in self.undecided.items()}})


@dg.sensor(job_name=REBUILD_JOB, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def corrections(
    context: dg.SensorEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.SensorResult:
    """After a load: build the days again that were built before and are now behind. Issued forecasts stay."""
    seen = _take_in(context.instance, Seen.read(context.cursor))
    if not seen.undecided:
        return _skip(seen, "no readings were loaded since the last tick")
    rebuilds = rebuilds_at_work(context.instance)
    loads = unfinished(context.instance, dg.RunsFilter(run_ids=list(seen.undecided)))
    ended = {run_id: days for run_id, days in seen.undecided.items() if run_id not in loads}
    if rebuilds or not ended:
        return _skip(seen, f"waits until run {(rebuilds or loads)[0][:8]} has ended: it may build what is behind")
    first, last = min(first for first, _ in ended.values()), max(last for _, last in ended.values())
    with lake.reader() as opened:
        found = behind(opened, readings.station_ids, (first, last)) if opened else []
    decided = Seen(seen.after, {run_id: days for run_id, days in seen.undecided.items() if run_id not in ended})
    if not found:
        return _skip(decided, f"nothing that was built before depends on what was loaded for {first} .. {last}")
    # The same decision made twice, after a crash, is one run; the rest of a run's events is a decision of its own.
    request = rebuild_request(found, described(found), run_key=f"{list(ended)[-1]}:{seen.after}")
    return dg.SensorResult(run_requests=[request], cursor=decided.cursor)


def _skip(seen: Seen, reason: str) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=reason, cursor=seen.cursor)


def _take_in(instance: dg.DagsterInstance, seen: Seen) -> Seen:
    """Add the events after the cursor: per run its first and its last day."""
    after, undecided = seen.after, dict(seen.undecided)
    for record in _events(instance, after):
        after = record.storage_id
        if record.partition_key is not None:
            day = date.fromisoformat(record.partition_key)
            first, last = undecided.get(record.run_id, (day, day))
            undecided[record.run_id] = min(first, day), max(last, day)
    return Seen(after, undecided)


def _events(instance: dg.DagsterInstance, after: int) -> Iterator[dg.EventLogRecord]:
    """Materialisations of raw/asos_hourly after a storage id, oldest first; the rest of very many is left for later."""
    for _ in range(PAGES_PER_TICK):
        chosen = dg.AssetRecordsFilter(asset_key(RAW_ASOS_HOURLY), after_storage_id=after)
        records = instance.fetch_materializations(chosen, limit=EVENTS_PER_PAGE, ascending=True).records
        yield from records
        if len(records) < EVENTS_PER_PAGE:
            return
        after = records[-1].storage_id
