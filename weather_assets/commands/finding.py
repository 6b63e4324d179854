"""What `weather why` found out: a state, a sentence, and the command that mends it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What became of partitions of an asset."""

    FINE = "fine"
    RUNNING = "running"
    STALE = "stale"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    OFF = "off"
    FAILED = "failed"
    MISSING = "missing"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One reason. `remedy` is what to do, where something is to be done."""

    state: State
    text: str
    remedy: str | None = None
