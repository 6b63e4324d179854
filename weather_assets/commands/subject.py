"""What `weather why` is asked about: an asset of the graph and some of its partitions, in the user's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from weather_assets import clock
from weather_assets.automation.jobs import EVALUATE_JOB, REVIEW_JOB
from weather_assets.errors import UsageError

_BY_JOB = {"models/evaluation": EVALUATE_JOB, "monitor/promotion": REVIEW_JOB}
"""Assets that no command makes."""


@dataclass(frozen=True)
class Subject:
    """An asset and its partitions: days, longer spans, or targets."""

    key: dg.AssetKey
    scheme: dg.PartitionsDefinition[str]

    @property
    def name(self) -> str:
        """layer/name."""
        return self.key.to_user_string()

    @property
    def layer(self) -> str:
        """First part of the name."""
        return self.key.path[0]

    @property
    def is_timed(self) -> bool:
        """Whether the partitions are spans of time."""
        return isinstance(self.scheme, dg.TimeWindowPartitionsDefinition)

    def partition(self, text: str) -> str:
        """The partition a user means: a target, or the span that holds a day. Raises UsageError where there is none."""
        if self.scheme.has_partition_key(text):
            return text
        if not isinstance(self.scheme, dg.TimeWindowPartitionsDefinition):
            choices = ", ".join(self.scheme.get_partition_keys())
            raise UsageError(f"{self.name} has no partition {text}; choose among {choices}")
        try:
            day = clock.parse_day(text)
        except ValueError as error:
            raise UsageError(str(error)) from None
        today = clock.kst_date(clock.now())
        if day > today:
            raise UsageError(f"{day} lies in the future; today is {today} in Korea")
        first = clock.kst_date(self.window(self.scheme.get_partition_keys()[0])[0])
        if day < first:
            raise UsageError(f"{self.name} begins on {first}; choose a later day than {day}")
        return self.scheme.get_partition_key_for_timestamp(clock.kst_midnight(day).timestamp())

    def window(self, partition: str) -> tuple[datetime, datetime]:
        """First and past-the-end instant of a span of time."""
        if not isinstance(self.scheme, dg.TimeWindowPartitionsDefinition):
            raise TypeError(f"{self.name} is not partitioned by time")
        window = self.scheme.time_window_for_partition_key(partition)
        return window.start, window.end

    def days(self, partitions: Sequence[str]) -> tuple[date, date]:
        """First and last KST day of spans of time in order; the last is today at most."""
        last = clock.kst_date(self.window(partitions[-1])[1]) - clock.DAY
        return clock.kst_date(self.window(partitions[0])[0]), min(last, clock.kst_date(clock.now()))

    def ordered(self, partitions: Sequence[str]) -> list[str]:
        """Partitions in the order of the scheme; those that it no longer has are left out."""
        wanted = set(partitions)
        return [key for key in self.scheme.get_partition_keys() if key in wanted]

    def newest(self) -> list[str]:
        """The partition of now; all, where time is not what tells them apart."""
        keys = list(self.scheme.get_partition_keys())
        return keys[-1:] if self.is_timed else keys

    def gaps(self, partitions: Sequence[str]) -> list[str]:
        """Partitions of time that lie between the first and the last of these without being among them."""
        if not (self.is_timed and partitions):
            return []
        keys, there = self.scheme.get_partition_keys(), set(partitions)
        between = keys[keys.index(partitions[0]) : keys.index(partitions[-1])]
        return [key for key in between if key not in there]

    def is_replayed(self, partitions: Sequence[str]) -> bool:
        """Whether these are forecasts of hours that have passed, which only a replay issues."""
        return self.layer == "forecast" and self.days(partitions)[0] < clock.kst_date(clock.now())

    def remedy(self, partitions: Sequence[str]) -> str:
        """The command that makes these partitions anew."""
        if self.name in _BY_JOB:
            return f"launch the job {_BY_JOB[self.name]} in Dagster, partition {', '.join(partitions)}"
        if not self.is_timed:
            return f"weather train {' '.join(f'--target {partition}' for partition in partitions)}"
        if self.is_replayed(partitions):
            first, last = self.days(partitions)
            return f"weather replay --from {first} --to {last}"
        return self.backfill(partitions, self.layer)

    def backfill(self, partitions: Sequence[str], layer: str) -> str:
        """The command that brings the days of these partitions up to date, up to a layer."""
        first, last = self.days(partitions)
        return f"weather backfill --from {first} --to {last} --through {layer} --no-train"


def spelled(partitions: Sequence[str]) -> str:
    """Partitions in order, as few words as they take."""
    most_listed = 3
    if len(partitions) <= most_listed:
        return ", ".join(partitions)
    return f"{partitions[0]} .. {partitions[-1]} ({len(partitions):,} of them)"


def subject_of(graph: AssetGraph, text: str) -> Subject:
    """The asset a user names as layer/name or layer.name; raises UsageError, listing the assets, for any other."""
    subjects = {
        node.key.to_user_string(): Subject(node.key, node.partitions_def)
        for node in graph.asset_nodes
        if node.partitions_def is not None
    }
    subject = subjects.get(text.strip().replace(".", "/"))
    if subject is None:
        raise UsageError(f"there is no asset {text}; choose among {', '.join(sorted(subjects))}")
    return subject
