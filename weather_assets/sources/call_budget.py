"""How many calls each provider was sent on a KST day, kept where all processes that share a lake see it.

That is a small file in the home, or the catalogue's database where that is PostgreSQL: there the other processes may
run on other machines. Belongs here: counting and refusing. Does not: what a refusal means for the caller (see `http`).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from weather_assets import clock
from weather_assets.settings import Settings, is_postgres

_WAIT_FOR_OTHERS_S = 30.0
_CREATE = "CREATE TABLE IF NOT EXISTS calls (provider TEXT, day TEXT, calls INTEGER, PRIMARY KEY (provider, day))"
# One statement both compares and counts, so two processes cannot take the same last call.
_TAKE = """
INSERT INTO calls SELECT :provider, :day, 1 WHERE :limit > 0
ON CONFLICT (provider, day) DO UPDATE SET calls = calls + 1 WHERE calls < :limit
RETURNING calls"""


class Budget(Protocol):
    """A count of calls by provider and KST day."""

    def take(self, provider: str, limit: int) -> bool:
        """Count one more call of today and tell whether it may be made; at the limit nothing is counted."""

    def spent(self, provider: str) -> int:
        """Calls made today."""


def shared_budget(settings: Settings) -> Budget:
    """The count that every process of the settings' lake shares."""
    if is_postgres(settings.catalog):
        from weather_assets.sources.call_budget_postgres import PostgresCallBudget

        return PostgresCallBudget(settings.catalog)
    return CallBudget(settings.home / "calls.sqlite")


@dataclass(frozen=True, slots=True)
class CallBudget:
    """The count of calls in the SQLite file `path`, by provider and day of `now`."""

    path: Path
    now: Callable[[], datetime] = lambda: clock.now()  # noqa: PLW0108  # the clock of the call, not of the import

    def take(self, provider: str, limit: int) -> bool:
        """Count one more call of today and tell whether it may be made; at the limit nothing is counted."""
        with self._connection() as connection:
            row = connection.execute(_TAKE, {"provider": provider, "day": self._today(), "limit": limit}).fetchone()
        return row is not None

    def spent(self, provider: str) -> int:
        """Calls made today."""
        if not self.path.exists():
            return 0
        with self._connection() as connection:
            query = "SELECT calls FROM calls WHERE provider = ? AND day = ?"
            row = connection.execute(query, (provider, self._today())).fetchone()
        return int(row[0]) if row else 0

    def _today(self) -> str:
        return clock.kst_date(self.now()).isoformat()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=_WAIT_FOR_OTHERS_S)) as connection, connection:
            connection.execute(_CREATE)
            yield connection
