"""Dagster's own event log against ours, one run over many days (see `benchmarks/event_log.py`)."""

from benchmarks import event_log
from benchmarks.inputs import Place
from benchmarks.measuring import OURS, SIDE_COLUMNS, Section, interleaved, side_figures, side_rows

DAYS, ASSETS = 800, 3


def run(name: str) -> None:
    """One run of a chain of assets that do nothing on a fresh storage."""
    event_log.measure(name, event_log.chain_of_assets(ASSETS), DAYS)


def compare(_: Place, rounds: int = 1) -> Section:
    """Seconds of both."""
    sides = interleaved({OURS: (run, "ours"), "Dagster's SqliteEventLogStorage": (run, "stock")}, rounds)
    return Section(
        "Event log",
        f"One run over {DAYS} daily partitions of {ASSETS} assets that do nothing.",
        SIDE_COLUMNS,
        side_rows(sides),
        figures={"runs": side_figures(sides)},
    )
