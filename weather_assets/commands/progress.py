"""Progress of Dagster runs on the terminal: a line per step, with what it is doing and how long it took."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@dataclass
class StepProgress:
    """Listens to the events of runs; keeps seconds and failures of each step for the closing table."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    _tasks: dict[str, TaskID] = field(default_factory=dict)

    def __call__(self, entry: dg.EventLogEntry) -> None:
        """Take in one event."""
        event, step = entry.dagster_event, entry.step_key
        if step is None:
            return
        if event is None:
            self._say(step, entry.user_message)
        elif event.event_type == dg.DagsterEventType.STEP_START:
            self._tasks[step] = self.progress.add_task(_asset_name(step), total=None, note="")
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            name, seconds = _asset_name(step), event.step_success_data.duration_ms / 1000
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds
            self._finish(step, "done")
        elif event.event_type == dg.DagsterEventType.STEP_FAILURE:
            self.failures[_asset_name(step)] += 1
            self._finish(step, "[red]failed")

    def ran(self, step: str) -> bool:
        """Whether a step ended, well or not."""
        return step in self.seconds or step in self.failures

    def _say(self, step: str, note: str) -> None:
        if step in self._tasks:
            self.progress.update(self._tasks[step], note=note)

    def _finish(self, step: str, note: str) -> None:
        if step in self._tasks:
            self.progress.update(self._tasks[step], total=1, completed=1, note=note)


@contextmanager
def step_progress(console: Console) -> Iterator[StepProgress]:
    """Show the steps of the runs started inside the block."""
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as progress:
        yield StepProgress(progress)


def _asset_name(step_key: str) -> str:
    """raw__asos_hourly -> raw/asos_hourly."""
    return step_key.replace("__", "/", 1)
