"""`weather why`: why an asset is stale, failed, skipped, missing or fine, and what to do. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from rich.console import Console
from rich.text import Text

from weather_assets import clock
from weather_assets.commands.finding import Finding, State
from weather_assets.commands.history import Attempt, Failure, History
from weather_assets.commands.lake_rows import is_in_the_book, lake_findings
from weather_assets.commands.reading import instance_for_reading
from weather_assets.commands.subject import Subject, spelled, subject_of
from weather_assets.commands.switched_off import switched_off
from weather_assets.commands.upstream import Upstream, upstreams
from weather_assets.settings import Settings

_COLOURS = {
    State.FINE: "green",
    State.RUNNING: "cyan",
    State.STALE: "yellow",
    State.SKIPPED: "yellow",
    State.BLOCKED: "red",
    State.OFF: "yellow",
    State.FAILED: "red",
    State.MISSING: "red",
    State.NOTE: "dim",
}

_WANTS_A_TICK = {State.STALE, State.RUNNING}
"""What the sweep and the queue of runs would see to by themselves."""


def explain(settings: Settings, asset: str, partition: str | None = None) -> list[Finding]:
    """Say what became of an asset, as layer/name: for the partition of a day or a target, or without one for all.

    Raises UsageError for an asset or a partition that there is not.
    """
    from weather_assets.definitions import build_definitions

    definitions = build_definitions(settings)
    graph = definitions.resolve_asset_graph()
    subject = subject_of(graph, asset)
    asked = [subject.partition(partition)] if partition is not None else None
    with instance_for_reading(settings) as instance:
        if instance is None:
            text = f"nothing was run yet in {settings.home}"
            return [Finding(State.MISSING, text, subject.remedy(asked or subject.newest()))]
        found = _Inquiry(settings, graph, History(instance), subject).findings(asked)
        waits = any(finding.state in _WANTS_A_TICK for finding in found)
        return [*found, *switched_off(definitions, instance, subject.key, waits=waits)]


def show(asset: str, partition: str | None, findings: Sequence[Finding], console: Console) -> None:
    """Print the findings, each with its remedy below."""
    console.print(Text(f"{asset} {partition or ''}".rstrip(), style="bold"), soft_wrap=True)
    for finding in findings:
        line = Text.assemble((f"{finding.state.value:>8}", _COLOURS[finding.state]), "  ", finding.text)
        console.print(line, soft_wrap=True)
        if finding.remedy:
            console.print(Text.assemble(" " * 10, ("do: ", "bold"), finding.remedy), soft_wrap=True)


@dataclass(frozen=True)
class _Inquiry:
    settings: Settings
    graph: AssetGraph
    history: History
    subject: Subject

    def findings(self, asked: Sequence[str] | None) -> list[Finding]:
        """All findings on the partitions asked for; on None, on all that were made or tried and those between them."""
        subject = self.subject
        known = subject.ordered([*self.history.orders(subject.key), *self.history.tried(subject.key)])
        partitions = asked or subject.ordered([*known, *subject.gaps(known)]) or subject.newest()
        made = [partition for partition in partitions if partition in self.history.orders(subject.key)]
        sources = list(upstreams(self.graph, self.history, subject, partitions))
        found = [*self._attempts(subject, partitions), *self._stale(sources), *self._missing(partitions, sources)]
        found += lake_findings(self.settings, subject, made)
        return [*self._made(made, is_fine=all(finding.state is State.NOTE for finding in found)), *found]

    def _made(self, made: Sequence[str], *, is_fine: bool) -> Iterator[Finding]:
        if not made:
            return
        last = self.history.made(self.subject.key, made[-1])
        if last is None:
            return
        which = "" if len(made) == 1 else f"{spelled(made)}; the last "
        text = f"{which}made {_kst(last.at)} in run {last.run_id}"
        failed = [check for check in self.history.failed_checks(last.run_id) if check.key == self.subject.key]
        yield Finding(State.FINE if is_fine and not failed else State.NOTE, text)
        for check in failed:
            text = f"what that run made did not pass {check.words}; what is made from it was held back"
            yield Finding(State.FAILED, text, f"mend that, then {self.subject.remedy(made[-1:])}")

    def _attempts(self, subject: Subject, partitions: Sequence[str]) -> Iterator[Finding]:
        """Runs under way, and runs that came to nothing since the partitions were last made."""
        tried = self.history.tried(subject.key)
        by_run: dict[str, list[str]] = {}
        for partition in partitions:
            if partition in tried:
                by_run.setdefault(tried[partition], []).append(partition)
        for run_id, of_run in by_run.items():
            yield self._attempt(subject, of_run, self.history.attempt(run_id))

    def _attempt(self, subject: Subject, partitions: Sequence[str], attempt: Attempt) -> Finding:
        what, run = f"{subject.name} {spelled(partitions)}", f"run {attempt.run_id}"
        if attempt.is_waiting:
            return Finding(State.RUNNING, f"{what} waits to be started as {run}", "weather up")
        if attempt.is_running:
            return Finding(State.RUNNING, f"{what} is being made since {_kst(attempt.began_at)} in {run}")
        remedy = subject.remedy(partitions)
        failures = self.history.failures(attempt.run_id)
        own = next((failure for failure in failures if failure.is_of(subject.key)), None)
        if own is not None:
            return Finding(State.FAILED, f"{what} failed in {run}: {own.reason}", f"mend that, then {remedy}")
        before = self.graph.get_ancestor_asset_keys(subject.key)
        checks = [check for check in self.history.failed_checks(attempt.run_id) if check.key in before]
        if checks:
            text = f"{what} was held back in {run} by {checks[0].words}"
            return Finding(State.BLOCKED, text, f"mend that, then {remedy}")
        if failures:
            return Finding(State.SKIPPED, f"{what} {_skipped_by(failures[0])} in {run}", f"mend that, then {remedy}")
        how = attempt.status.value.lower() if attempt.status else "no longer in Dagster's books"
        return Finding(State.SKIPPED, f"{what} was not made by {run}, which is {how}", remedy)

    def _missing(self, partitions: Sequence[str], sources: Sequence[Upstream]) -> Iterator[Finding]:
        """Partitions never made nor tried, and what they lack; partitions made although something lacked."""
        made, tried = self.history.orders(self.subject.key), self.history.tried(self.subject.key)
        absent = [partition for partition in partitions if partition not in made and partition not in tried]
        # A replay trains models of its own.
        is_replayed = bool(absent) and self.subject.is_replayed(absent)
        lacking = [source for source in sources if source.missing and (source.subject.is_timed or not is_replayed)]
        if absent:
            yield Finding(State.MISSING, f"never made: {spelled(absent)}", self._remedy(absent, lacking))
        elif any(partition not in made for partition in partitions):
            return
        for source in lacking:
            link = "it needs" if absent else "made without"
            state = State.MISSING if absent else State.NOTE
            yield Finding(state, f"{link} {source.subject.name} {spelled(source.missing)}, never made")
            yield from self._attempts(source.subject, source.missing) if absent else ()

    def _remedy(self, absent: Sequence[str], lacking: Sequence[Upstream]) -> str:
        """Commands for the partitions and for what they need: from the first day that is needed on."""
        if not self.subject.is_timed:
            return self.subject.remedy(absent)
        timed = [source for source in lacking if source.subject.is_timed]
        days = [min([absent[0], *(source.missing[0] for source in timed)]), absent[-1]]
        maker = next((source.subject for source in timed if source.subject.layer == "forecast"), self.subject)
        if maker.is_replayed(days):
            # A replay trains its own models and scores its forecasts; it needs features.
            has_features = all(source.subject.key == maker.key for source in timed)
            first = [] if has_features else [maker.backfill(days, "features")]
        else:
            first = [source.subject.remedy(source.missing) for source in lacking if not source.subject.is_timed]
        return "; then ".join([*first, maker.remedy(days)])

    def _stale(self, sources: Sequence[Upstream]) -> Iterator[Finding]:
        """What was made before what it is made from. Of tables in the book of builds the lake knows better."""
        for source in sources if not is_in_the_book(self.subject) else ():
            behind = [partition for partition in self.subject.ordered([*source.behind]) if self._follows(partition)]
            if behind and (source.subject.is_timed or self.subject.layer != "forecast"):
                newer = self.history.made(source.subject.key, source.newer[-1])
                when = f", the last {_kst(newer.at)}" if newer else ""
                text = f"{spelled(behind)}: {source.subject.name} {spelled(source.newer)} was made again since{when}"
                yield Finding(State.STALE, text, self.subject.remedy(behind))

    def _follows(self, partition: str) -> bool:
        """Whether a partition is made again when what it is made from changes: a forecast once issued never is."""
        return self.subject.layer != "forecast" or self.subject.window(partition)[1] > clock.now()


def _skipped_by(failure: Failure) -> str:
    who = failure.step.replace("__", "/", 1) if failure.step else "the run"
    return f"was skipped because {who} failed ({failure.reason})"


def _kst(instant: datetime | None) -> str:
    return f"{instant.astimezone(clock.KST):%Y-%m-%d %H:%M} KST" if instant else "a time unknown"
