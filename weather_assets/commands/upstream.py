"""What partitions of an asset are made from: which of it was never made, and which was made again since. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from weather_assets.commands.history import History
from weather_assets.commands.subject import Subject


@dataclass(frozen=True)
class Upstream:
    """One asset that others are made from, as some partitions of those see it."""

    subject: Subject
    needed: Sequence[str]
    missing: Sequence[str]
    behind: Mapping[str, Sequence[str]]
    """Partition that was made before what it is made from -> what was made after it."""

    @property
    def newer(self) -> Sequence[str]:
        """Everything that was made after what is made from it."""
        return self.subject.ordered([key for keys in self.behind.values() for key in keys])


def upstreams(graph: AssetGraph, history: History, subject: Subject, partitions: Sequence[str]) -> Iterator[Upstream]:
    """Each direct upstream of the partitions, in the order of the graph."""
    own = history.orders(subject.key)
    for key in graph.toposorted_asset_keys:
        scheme = graph.get(key).partitions_def
        if key not in graph.get(subject.key).parent_keys or scheme is None:
            continue
        parent, made = Subject(key, scheme), history.orders(key)
        needed = {partition: _needed(graph, subject, parent, partition, made) for partition in partitions}
        behind = {
            partition: [other for other in others if partition in own and made.get(other, 0) > own[partition]]
            for partition, others in needed.items()
        }
        every = parent.ordered([other for others in needed.values() for other in others])
        yield Upstream(
            subject=parent,
            needed=every,
            missing=[other for other in every if other not in made],
            behind={partition: others for partition, others in behind.items() if others},
        )


def _needed(
    graph: AssetGraph, subject: Subject, parent: Subject, partition: str, made: Mapping[str, int]
) -> Sequence[str]:
    """Upstream partitions of one partition. What reads a whole table needs the days it holds, whichever they are."""
    mapping = graph.get_partition_mapping(subject.key, parent.key)
    if parent.is_timed and isinstance(mapping, dg.AllPartitionMapping):
        return list(made)
    result = graph.get_parent_partition_keys_for_child(partition, parent.key, subject.key)
    return list(result.partitions_subset.get_partition_keys())
