"""The same count of calls where the machines of one lake share no file: in the PostgreSQL of the lake's catalogue.

Belongs here: counting and refusing. Does not: what a refusal means for the caller (see `http`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg2

from weather_assets import clock
from weather_assets.errors import WeatherError

_CONNECT_TIMEOUT_S = 10
_SPENT = "SELECT calls FROM weather_calls WHERE provider = %(provider)s AND day = %(day)s"
# One takes at a time: without it two that make the table at once would fail, and a call takes far longer than this.
_MY_TURN = "SELECT pg_advisory_xact_lock(hashtext('weather_calls'))"
_CREATE = (
    "CREATE TABLE IF NOT EXISTS weather_calls (provider TEXT, day TEXT, calls INTEGER, PRIMARY KEY (provider, day))"
)
_TAKE = """
INSERT INTO weather_calls AS taken SELECT %(provider)s, %(day)s, 1 WHERE %(limit)s > 0
ON CONFLICT (provider, day) DO UPDATE SET calls = taken.calls + 1 WHERE taken.calls < %(limit)s
RETURNING calls"""


@dataclass(frozen=True, slots=True)
class PostgresCallBudget:
    """The count of calls in the database at `url`, by provider and day of `now`. Both methods raise WeatherError."""

    url: str = field(repr=False)
    now: Callable[[], datetime] = lambda: clock.now()  # noqa: PLW0108  # the clock of the call, not of the import

    def take(self, provider: str, limit: int) -> bool:
        """Count one more call of today and tell whether it may be made; at the limit nothing is counted."""
        return self._newest({"provider": provider, "limit": limit}, _MY_TURN, _CREATE, _TAKE) is not None

    def spent(self, provider: str) -> int:
        """Calls made today."""
        try:
            return self._newest({"provider": provider}, _SPENT) or 0
        except psycopg2.errors.UndefinedTable:
            return 0

    def _newest(self, values: Mapping[str, object], *statements: str) -> int | None:
        """Run statements in one transaction; gives the count that the last one returns, if any."""
        given = {"day": clock.kst_date(self.now()).isoformat(), **values}
        with self._cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, given)
            row = cursor.fetchone()
        return int(row[0]) if row else None

    @property
    def _parts(self) -> dict[str, str | int | None]:
        """The address as the lake reads it; libpq's own reading repeats a password that it cannot decode."""
        url = urlsplit(self.url)
        given = {"user": unquote(url.username or ""), "password": unquote(url.password or "")}
        return {
            "host": url.hostname,
            "port": url.port,
            "dbname": unquote(url.path.strip("/")),
            **given,
            **dict(parse_qsl(url.query)),
        }

    @contextmanager
    def _cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        try:
            with (
                closing(psycopg2.connect(connect_timeout=_CONNECT_TIMEOUT_S, **self._parts)) as connection,
                connection,
                connection.cursor() as cursor,
            ):
                yield cursor
        except psycopg2.OperationalError:
            # The words of the driver may repeat the address.
            raise WeatherError(
                "the count of calls in WEATHER_LAKE_CATALOG's database cannot be reached, so no provider is asked; "
                "weather doctor says whether the database answers"
            ) from None
